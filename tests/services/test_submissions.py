"""Answers collected on phones: exports of ODK Central and KoboToolbox, as a ministry gets them, and damaged ones."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.merging import DiffKind
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.services.exchange import returned_files
from capacity_app.services.session.change_sets import store_change_set
from capacity_app.services.untrusted.returned_file import read_returned_file
from tests.builders import file_of, open_session, small_instrument
from tests.domain.making import choice, question
from tests.questionnaires.xlsform import forms
from tests.questionnaires.xlsform.holding import read_back

NSO = "agency-nso"
CENTRAL = {
    "SubmissionDate": "2026-03-04T10:00:00.000Z",
    "SENDER-SENDER_AGENCY": NSO,
    "SENDER-SENDER_PERSON": "C. Clerk",
    "SENDER_DATE": "2026-03-03",
    "CAPACITY_INSTRUMENT": "test",
    "i-i_law": "2",
    "meta-instanceID": "uuid:1",
    "SubmitterID": "7",
    "SubmitterName": "phone 3",
    "AttachmentsPresent": "0",
    "Status": "",
    "KEY": "uuid:1",
}


def csv_of(*rows: Mapping[str, str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows([row.get(name, "") for name in headings] for row in rows)
    return stream.getvalue().encode(encoding)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def xlsx_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - one test alone

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content: bytes, file: str = "export.csv", instrument: Instrument | None = None) -> ReturnedContent:
    return read_returned_file(file, content, lambda _: instrument or small_instrument())


def told(returned: ReturnedContent) -> dict[str, Content]:
    return {str(one.address): one.now for one in returned.answers}


def values(returned: ReturnedContent) -> dict[str, object]:
    return {address: content.value for address, content in told(returned).items()}


def test_an_export_of_odk_central_says_who_answered_what() -> None:
    returned = read(csv_of(CENTRAL | {"i-i_contents": "stocks labour", "i-i_law__NOTE": "Since May."}))
    assert returned.medium is FileMedium.SUBMISSIONS
    assert (returned.agency, returned.person, returned.date) == (NSO, "C. Clerk", "2026-03-03")
    assert told(returned) == {
        "i.law": Content(state=AnswerState.ANSWERED, value=2, note="Since May."),
        "i.contents": Content(state=AnswerState.ANSWERED, value=("stocks", "labour")),
    }
    assert returned.answers[0].place == "export.csv, 2, i-i_law"
    assert not returned.unplaced
    assert not returned.problems


def test_an_export_of_kobotoolbox_with_semicolons_groups_and_a_column_for_each_choice() -> None:
    row = {
        "start": "2026-03-04T10:00:00", "_id": "12", "_uuid": "abc", "_submission_time": "2026-03-05T08:00:00",
        "_submitted_by": "enumerator", "__version__": "v9", "i/i_published": "no", "i/i_why": "No staff",
        "i/i_contents": "stocks flows", "i/i_contents/stocks": "1", "i/i_contents/flows": "1",
        "i/i_contents/labour": "0",
    }  # fmt: skip
    returned = read(csv_of(row, delimiter=";", encoding="utf-8-sig"))
    assert values(returned) == {"i.published": "no", "i.contents": ("stocks", "flows"), "i.why": "No staff"}
    assert (returned.person, returned.date) == ("enumerator", "2026-03-05")
    split = {name: text for name, text in row.items() if name != "i/i_contents"}
    assert values(read(csv_of(split)))["i.contents"] == ("stocks", "flows")
    assert not returned.unplaced


def test_a_workbook_of_kobotoolbox_is_read_as_its_table_is() -> None:
    content = xlsx_of({"Small": [["_id", "_uuid", "ii_staff", "ii_share", "i_law"], [1, "u", 15.0, 12.5, 3]]})
    assert values(read(content, "small.xlsx")) == {"ii.staff": 15, "ii.share": "12.5", "i.law": 3}


def test_labels_instead_of_names_find_their_questions_and_choices() -> None:
    instrument = small_instrument()
    text = instrument.question_by_id["i.published"].text
    number = instrument.question_by_id["i.published"].number
    unique = replace(instrument.question_by_id["i.published"], text="Are the tables published?")
    sections = tuple(
        replace(s, questions=tuple(unique if q.id == unique.id else q for q in s.questions))
        for s in instrument.sections
    )
    assert text
    instrument = replace(instrument, sections=sections)
    row = {"_id": "1", "_uuid": "u", f"{number} Are the tables published?": "Yes"}
    assert values(read(csv_of(row), instrument=instrument)) == {"i.published": "yes"}


def test_what_stands_in_place_of_an_answer_is_kept_as_such() -> None:
    returned = read(csv_of(CENTRAL | {
        "i-i_plan": "UNKNOWN", "i-i_how": "NOT_APPLICABLE", "i-i_how__REASON": "No data.", "ii-ii_staff": "",
        "ii-ii_staff__STATE": "DECLINED", "i-i_contents": "NONE",
    }))  # fmt: skip
    assert told(returned) | {"i.law": Content()} == {
        "i.law": Content(),
        "i.plan": Content(state=AnswerState.UNKNOWN),
        "i.how": Content(state=AnswerState.NOT_APPLICABLE, reason="No data."),
        "ii.staff": Content(state=AnswerState.DECLINED),
        "i.contents": Content(state=AnswerState.ANSWERED, value=()),
    }


def test_lines_of_a_table_are_answered_left_out_and_made_applicable() -> None:
    returned = read(csv_of(CENTRAL | {
        "iii-iii_topics-iii_topics__a-iii_topics__a__available": "3",
        "iii-iii_topics-iii_topics__b-iii_topics__b__STATE": "UNKNOWN",
        "iii-iii_topics-iii_topics__c-iii_topics__c__available": "1",
        "iii-iii_topics__NOTE": "Of last year.",
    }))  # fmt: skip
    found = told(returned)
    assert found["iii.topics"].note == "Of last year."
    assert found["iii.topics/a/available"].value == 3
    assert {found[f"iii.topics/b/{column}"].state for column in ("available", "demand", "remark")} == {
        AnswerState.UNKNOWN
    }
    assert found["iii.topics/c"] == Content(state=AnswerState.ANSWERED)
    preset = {"iii_topics__c__STATE": "NOT_APPLICABLE", "iii_topics__c__REASON": "Counted by another agency."}
    assert "iii.topics/c" not in told(read(csv_of(CENTRAL | preset)))


def test_what_fits_nowhere_is_kept_with_its_row_and_column() -> None:
    returned = read(csv_of(CENTRAL | {
        "i-i_law": "high", "ii-ii_staff": "about 12", "ii-ii_next": "03/04/2026", "ii-ii_lead": "Ministry of Interior",
        "grp-favourite_colour": "green", "ii-ii_site": "our site",
    }))  # fmt: skip
    assert not returned.answers
    lost = {(one.place, one.text) for one in returned.unplaced}
    assert ("export.csv, 2, i-i_law", "high") in lost
    assert ("export.csv, 2, grp-favourite_colour", "green") in lost
    assert {text for _, text in lost} == {
        "high", "about 12", "03/04/2026", "Ministry of Interior", "green", "our site"
    }  # fmt: skip
    assert all(one.reason and "{" not in one.reason for one in returned.unplaced)


def test_several_submissions_are_several_files_each_with_its_row() -> None:
    other = CENTRAL | {"KEY": "uuid:2", "SENDER-SENDER_AGENCY": "agency-moi", "i-i_law": "1"}
    returned = read(csv_of(CENTRAL, other))
    (second,) = returned.others
    assert (returned.file, second.file) == ("export-2.csv", "export-3.csv")
    assert (second.agency, values(second)) == ("agency-moi", {"i.law": 1})
    assert second.sha256 == returned.sha256


def test_an_archive_brings_the_entries_of_a_repeat() -> None:
    members = replace(
        question("i.law"),
        id="i.members",
        **{name: value for name, value in vars(_repeat()).items() if name in {"kind", "columns", "rows", "key_column"}},
    )
    small = small_instrument()
    first = replace(small.sections[0], questions=(*small.sections[0].questions, members))
    instrument = replace(small, sections=(first, *small.sections[1:]))
    entries = [{"members-name": name, "PARENT_KEY": "uuid:1", "KEY": f"uuid:1/{name}"} for name in ("Ana", "Bo", "Cy")]
    content = zip_of({"form.csv": csv_of(CENTRAL), "form-members.csv": csv_of(*entries)})
    returned = read(content, "form.csv.zip", instrument)
    assert values(returned) == {"i.law": 2, "i.members/1/name": "Ana", "i.members/2/name": "Bo"}
    assert [(one.place, one.text) for one in returned.unplaced] == [("form-members.csv, 4, members-name", "Cy")]


def _repeat() -> object:
    return question(
        "i.members",
        AnswerKind.GRID,
        columns=(GridColumn(id="name", label="Name", kind=AnswerKind.TEXT),),
        rows=(GridRow(id="1", label="1", spare=True), GridRow(id="2", label="2", spare=True)),
        key_column="name",
    )


def test_an_entry_of_a_repeat_belongs_to_the_submission_that_its_own_column_names() -> None:
    """“_parent_index” 2 is the second submission, even if the first one has the “_id” 2."""
    instrument = _with_repeat()
    form: list[list[object]] = [["_id", "_uuid", "_index", "i_law"], [2, "a", 1, "1"], [7, "b", 2, "3"]]
    entries: list[list[object]] = [
        ["name", "langs", "langs/fr", "langs/x", "_index", "_parent_table_name", "_parent_index"],
        ["Ana", "fr", 1, 0, 1, "Form", 2],
        ["Bo", "x", 0, 1, 2, "Form", 9],
    ]
    first = read(xlsx_of({"Form": form, "members": entries}), "form.xlsx", instrument)
    (second,) = first.others
    assert values(first) == {"i.law": 1}
    assert values(second) == {"i.law": 3, "i.members/1/name": "Ana", "i.members/1/langs": ("fr",)}
    assert [(one.place, one.text) for one in first.unplaced] == [
        ("members, 3, name", "Bo"), ("members, 3, langs", "x"), ("members, 3, langs/fr", "0"),
        ("members, 3, langs/x", "1"),
    ]  # fmt: skip


def _with_repeat() -> Instrument:
    options = (ChoiceOption(id="fr", label="French"), ChoiceOption(id="x", label="Other"))
    members = replace(
        question("i.members", AnswerKind.GRID),
        columns=(
            GridColumn(id="name", label="Name", kind=AnswerKind.TEXT),
            GridColumn(id="langs", label="Languages", kind=AnswerKind.CHECKLIST, options=options),
        ),
        rows=(GridRow(id="1", label="1", spare=True), GridRow(id="2", label="2", spare=True)),
        key_column="name",
    )
    small = small_instrument()
    first = replace(small.sections[0], questions=(*small.sections[0].questions, members))
    return replace(small, sections=(first, *small.sections[1:]))


def _foreign(*ids: str) -> Instrument:
    """Make an instrument as it is read from somebody else's form, with a checklist in it."""
    small = small_instrument()
    asked = [replace(question(name, AnswerKind.TEXT), anchors=(), actions=()) for name in ids]
    langs = replace(
        question("hh.langs", AnswerKind.CHECKLIST, options=choice(fr=None, name=None)), anchors=(), actions=()
    )
    return replace(small, sections=(replace(small.sections[0], id="hh", questions=(*asked, langs)),))


def test_a_ticked_option_is_no_answer_of_the_question_that_is_named_like_it() -> None:
    instrument = _foreign("hh.name", "hh.mother")
    marks = {"_id": "1", "_uuid": "u"}
    for groups in ("", "hh/", "survey/hh/"):
        row = {f"{groups}langs/fr": "1", f"{groups}langs/name": "1", f"{groups}name": "Ana"}
        assert values(read(csv_of(marks | row), instrument=instrument)) == {
            "hh.name": "Ana", "hh.langs": ("fr", "name")
        }  # fmt: skip
    central = {"KEY": "1", "meta-instanceID": "1", "hh-langs/name": "1", "hh-adults-mother": "Bo"}
    assert values(read(csv_of(central), instrument=instrument)) == {"hh.langs": ("name",), "hh.mother": "Bo"}


def test_a_column_is_found_by_its_whole_name_alone() -> None:
    instrument = _foreign("hh.name", "hh.age", "hh.age-2")
    row = {"_id": "1", "_uuid": "u", "hh/name": "Ana", "mother-name": "Bo", "hh/a/age": "5", "x.name": "Cy"}
    returned = read(csv_of(row), instrument=instrument)
    assert values(returned) == {"hh.name": "Ana"}
    assert {one.text for one in returned.unplaced} == {"Bo", "5", "Cy"}
    ours = CENTRAL | {"i-i_law": "", "my-i_law": "3", "i.x-i_law": "3"}
    returned = read(csv_of(ours | {"i_plan": "1"}))
    assert set(values(returned)) == {"i.plan"}
    assert [one.text for one in returned.unplaced] == ["3", "3"]


@pytest.mark.parametrize(
    "names",
    [
        "head_name HH_Size migrated why why/work why/Family",
        "Household/head_name Household/HH_Size Household/migrated Household/why/work Household/why/Family",
        "Household-head_name Household-HH_Size Household-migrated Household-why Household-why/Family",
        "Name of the head|How many live here?|Has anybody moved abroad?|Why?|Why?/Work|Why?/Family",
        "Household/Name of the head|Household/How many live here?|Household/Has anybody moved abroad?|Household/Why?",
    ],
)
def test_answers_to_a_form_of_somebody_else_arrive_in_every_layout(names: str, tmp_path: Path) -> None:
    instrument, _ = read_back(forms.workbook_of(forms.KOBO_HOUSEHOLD), tmp_path / "made")
    headings = names.split("|" if "|" in names else " ")
    several = {"why": "work Family", "Why?": "Work Family"}
    last = {name: name.rpartition("-")[2].rpartition("/")[2] for name in headings}
    cells = ["Ana", "4", "yes", *(several.get(last[name], "1") for name in headings[3:])]
    returned = read(
        csv_of({"_id": "1", "_uuid": "u", **dict(zip(headings, cells, strict=True))}), instrument=instrument
    )
    assert values(returned) == {
        "household.head_name": "Ana", "household.hh_size": 4, "household.migrated": "yes",
        "household.why": ("work", "family"),
    }  # fmt: skip
    assert not returned.unplaced


def test_two_columns_that_differ_answer_nothing() -> None:
    returned = read(csv_of(CENTRAL | {"i_law": "3"}))
    assert not returned.answers
    assert [(one.place, one.text) for one in returned.unplaced] == [
        ("export.csv, 2, i-i_law", "2"), ("export.csv, 2, i_law", "3")
    ]  # fmt: skip
    ticked = CENTRAL | {"i-i_law": "", "i_contents": "stocks", "i_contents/stocks": "0", "i_contents/flows": "1"}
    returned = read(csv_of(ticked))
    assert not returned.answers
    assert {one.text for one in returned.unplaced} == {"stocks", "flows"}


def test_countries_are_read_by_code_and_by_name() -> None:
    small = small_instrument()
    asked = replace(question("i.partners", AnswerKind.COUNTRY), many=True, anchors=(), actions=())
    first = replace(small.sections[0], questions=(*small.sections[0].questions, asked))
    instrument = replace(small, sections=(first, *small.sections[1:]))
    for said, codes in {
        "562 4": ("562", "004"), "Niger": ("562",), "Nigeria Niger": ("566", "562"), "Guinea Equatorial Guinea":
        ("324", "226")
    }.items():  # fmt: skip
        assert values(read(csv_of(CENTRAL | {"i-i_law": "", "i-i_partners": said}), instrument=instrument)) == {
            "i.partners": codes
        }, said
    returned = read(csv_of(CENTRAL | {"i-i_law": "", "i-i_partners": "Atlantis"}), instrument=instrument)
    assert [one.reason for one in returned.unplaced] == ["No entry of the list has this name."]


def test_a_table_without_the_columns_of_a_server_says_which_ones_are_missing() -> None:
    without = {name: text for name, text in CENTRAL.items() if name not in {"KEY", "meta-instanceID"}}
    with pytest.raises(KnownError, match="KEY, or _id and _uuid"):
        read(csv_of({name: text for name, text in without.items() if name != "SubmissionDate"}))


@pytest.mark.parametrize(
    ("content", "file"),
    [
        (b"a,b\n1,2\n", "other.csv"),
        (csv_of({"KEY": "1", "meta-instanceID": "1", "age": "5"}), "other.csv"),
        (csv_of(CENTRAL).split(b"\n")[0] + b"\n", "empty.csv"),
        (csv_of(CENTRAL | {"i-i_law": "x\0y"}), "null.csv"),
        (csv_of(CENTRAL | {"i-i_law__NOTE": "y" * 200_000}), "huge.csv"),
        (zip_of({"form.csv": csv_of(CENTRAL), "run.exe": b"MZ"}), "form.zip"),
        (zip_of({"letter.csv": b"a,b\n"}), "form.zip"),
        (xlsx_of({"Sheet": [["a", "b"], [1, 2]]}), "other.xlsx"),
    ],
    ids=["plain", "other-form", "empty", "null", "huge-cell", "with-program", "no-export", "workbook"],
)
def test_what_is_no_export_is_refused_in_a_sentence(content: bytes, file: str) -> None:
    with pytest.raises(KnownError) as refusal:
        read(content, file)
    assert refusal.value.text().endswith(".")


def test_old_code_pages_and_wide_letters_are_read() -> None:
    note = CENTRAL | {"i-i_law__NOTE": "Décret"}
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert told(read(csv_of(note, encoding=encoding)))["i.law"].note == "Décret", encoding


def test_it_is_proposed_taken_in_kept_and_undone_as_a_returned_workbook_is(tmp_path: Path) -> None:
    content = csv_of(CENTRAL | {"i-i_law": "1", "i-i_published": "yes", "extra": "words"})
    with open_session(file_of(tmp_path)) as session:
        before = session.content(AnswerKey(Address("i.law"), respondent=NSO))
        returned = replace(
            read(content, instrument=session.instrument), stamp=replace(read(content).stamp, instrument="")
        )
        proposal = returned_files.propose_import(session, returned, NSO)
        assert proposal.is_conserved
        assert proposal.counts.unplaced == 1
        fates = {one.id: one.fate for one in proposal.differences}
        assert fates["i.law"] is DiffKind.CHANGED
        law = next(one for one in proposal.differences if one.id == "i.law")
        assert law.is_contested
        store_change_set(session, returned_files.import_change_set(session, proposal, {}, content))
        assert session.content(AnswerKey(Address("i.law"), respondent=NSO)) == before
        (entry,) = session.entries("returns")
        again = returned_files.imported_before(session, returned)
        assert again == entry
        store_change_set(session, returned_files.undo_import(session, entry.id).bundle)
        assert returned_files.imported_before(session, returned) is None


def test_a_choice_of_somebody_elses_form_is_found_by_what_became_of_its_name() -> None:
    small = small_instrument()
    how = replace(question("i.how2"), id="i.household-head", kind=small.question_by_id["i.how"].kind,
                  anchors=(), options=choice(not_known=None, head=None))  # fmt: skip
    first = replace(small.sections[0], questions=(*small.sections[0].questions, how))
    instrument = replace(small, sections=(first, *small.sections[1:]))
    row = {"_id": "1", "_uuid": "u", "grp/Household Head": "Not_Known"}
    assert values(read(csv_of(row), instrument=instrument)) == {"i.household-head": "not_known"}
