"""A returned file is taken in as one step: answers, remarks and the file itself, undone exactly, taken back later."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, TEXT_LIMIT, Address, AnswerKey, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.merging import Decisions, DecisionSide, DiffKind
from capacity_app.domain.assessment.registers import Agency, Remark, ReturnedFile
from capacity_app.domain.assessment.returned_files import ImportProposal, ReturnedContent, ReturnedRemark, UnplacedText
from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.problems import KnownError, ProblemSeverity
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.services.exchange.returned_files import (
    AgencySuggestion,
    import_change_set,
    imported_before,
    propose_import,
    recognised_agency,
    suggested_agency,
    undo_import,
)
from capacity_app.services.exports import export_assessment
from capacity_app.services.reports import blank_form_bytes, blank_form_request
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import inverse_change_set, store_change_set
from capacity_app.services.session.dossier_json import dossier_from_json
from tests.builders import file_of, open_session
from tests.outputs.workbook.reading import part_sheets
from tests.services.exchange.making import MOI, NSO, answered, came_back, workbook

LAW = AnswerKey(Address("i.law"), respondent=NSO)
STAFF = AnswerKey(Address("ii.staff"), respondent=NSO)
PLAN = AnswerKey(Address("i.plan"), respondent=NSO)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path), author="A. Officer") as opened:
        yield opened


def taken(session: AssessmentSession, returned: ReturnedContent, decisions: Decisions | None = None) -> ReturnedFile:
    """Take a file in and give its entry."""
    proposal = propose_import(session, returned, NSO)
    store_change_set(session, import_change_set(session, proposal, decisions or {}, workbook()))
    entry = session.entries("returns")[-1]
    assert isinstance(entry, ReturnedFile)
    return entry


EDITS = {"i.law": answered(2, note="Amended in 2019."), "ii.staff": answered(15), "i.shared": answered("partly")}


def test_answers_remarks_and_the_file_are_stored_and_read_again(session: AssessmentSession) -> None:
    remark = ReturnedRemark(address=Address("i.law"), text="See the act.", place="Part I, J4")
    lost = UnplacedText(place="Sheet9, A1", text="by the way", reason="No place.")
    entry = taken(session, came_back(session, EDITS, remarks=(remark,), unplaced=(lost,)))
    session.close()
    with open_session(session.file) as again:
        law = next(one for one in again.answers_at(Address("i.law")) if one.key == LAW)
        assert (law.content.value, law.content.note) == (2, "Amended in 2019.")
        assert (law.author, law.time, law.language) == ("C. Clerk", entry.taken_in, "en")
        assert again.content(STAFF) == answered(15)
        (kept,) = again.entries("remarks")
        assert kept == Remark(
            id=kept.id, address="i.law", text="See the act.", agency=NSO, author="C. Clerk", date="2018-12-10",
            returned=entry.id, place="Part I, J4",
        )  # fmt: skip
        assert again.entries("returns") == (entry,)
        assert entry.unplaced == ("Sheet9, A1: by the way",)
        assert (entry.file_name, entry.agency, entry.person, entry.date) == (
            "back.xlsx", NSO, "C. Clerk", "2018-12-10",
        )  # fmt: skip
        assert again.document(entry.document) == workbook()
        assert entry.document == hashlib.sha256(workbook()).hexdigest()
        assert len(entry.revisions) == 3
        assert again.check_file() == ()


def test_what_nobody_decided_on_stays_and_what_was_refused_too(session: AssessmentSession) -> None:
    left = session.dossier()
    session.record(LAW, answered(0))
    edits = {"i.law": answered(2), "ii.staff": EMPTY_CONTENT, "i.plan": answered(9), "ii.name": answered("Office")}
    proposal = propose_import(session, came_back(session, edits, dossier=left), NSO)
    fates = {str(one.key.address): (one.fate, one.is_contested) for one in proposal.differences if one.key}
    assert fates == {
        "i.law": (DiffKind.CHANGED, True),
        "ii.staff": (DiffKind.CLEARED, False),
        "i.plan": (DiffKind.REFUSED, False),
        "ii.name": (DiffKind.NEW, False),
    }
    store_change_set(session, import_change_set(session, proposal, {}, workbook()))
    assert session.content(LAW) == answered(0)
    assert session.content(STAFF) == answered(12)
    assert session.content(PLAN) == answered(2)
    assert session.content(AnswerKey(Address("ii.name"), respondent=NSO)) == answered("Office")


def test_what_was_decided_is_done(session: AssessmentSession) -> None:
    left = session.dossier()
    session.record(LAW, answered(0))
    edits = {"i.law": answered(2), "ii.staff": EMPTY_CONTENT, "ii.name": answered("Office")}
    returned = came_back(session, edits, dossier=left)
    taken(
        session, returned, {"i.law": DecisionSide.THEIRS, "ii.staff": DecisionSide.THEIRS, "ii.name": DecisionSide.MINE}
    )
    assert session.content(LAW).value == 2
    assert session.content(STAFF) == EMPTY_CONTENT
    assert session.content(AnswerKey(Address("ii.name"), respondent=NSO)) == EMPTY_CONTENT


def test_the_intake_is_undone_and_done_again_as_one_step(session: AssessmentSession) -> None:
    before = session.dossier()
    remark = ReturnedRemark(address=Address("i.law"), text="See the act.")
    bundle = import_change_set(
        session, propose_import(session, came_back(session, EDITS, remarks=(remark,)), NSO), {}, workbook()
    )
    back = inverse_change_set(session, bundle)
    store_change_set(session, bundle)
    after = session.dossier()
    store_change_set(session, back)
    assert said(session) == said_in(before)
    assert session.dossier().remarks == ()
    store_change_set(session, bundle)
    again = session.dossier()
    # Recorded anew: the entry knows the new revisions, everything else is as the first time.
    assert replace(again, returns=()) == replace(after, returns=())
    assert again.returns[0].revisions != after.returns[0].revisions
    assert not again.returns[0].undone
    store_change_set(session, undo_import(session, again.returns[0].id).bundle)
    assert said(session) == said_in(before)


def said_in(dossier: Dossier) -> dict[AnswerKey, Content]:
    return {answer.key: answer.content for answer in dossier.answers}


def said(session: AssessmentSession) -> dict[AnswerKey, Content]:
    return said_in(session.dossier())


def test_undoing_an_import_is_recorded_with_the_person_and_time_of_the_undo(session: AssessmentSession) -> None:
    before = session.answers_at(Address("ii.staff"))
    entry = taken(session, came_back(session, {"ii.staff": answered(15)}))
    session.close()
    with open_session(session.file, author="B. Supervisor") as again:
        store_change_set(again, undo_import(again, entry.id).bundle)
        (undone,) = again.entries("returns")
        assert isinstance(undone, ReturnedFile)
        assert (undone.undone_by, undone.revisions) == ("B. Supervisor", entry.revisions)
        last = again.history(Address("ii.staff"))[0]
        assert (last.content, last.author, last.time) == (answered(12), "B. Supervisor", undone.undone)
        assert last.author not in {one.author for one in before}
        with pytest.raises(KnownError, match="undone before"):
            undo_import(again, entry.id)


def test_undoing_the_undo_of_an_import_makes_it_stand_again(session: AssessmentSession) -> None:
    entry = taken(session, came_back(session, EDITS))
    bundle = undo_import(session, entry.id).bundle
    back = inverse_change_set(session, bundle)
    store_change_set(session, bundle)
    store_change_set(session, back)
    assert session.content(STAFF) == answered(15)
    (again,) = session.entries("returns")
    assert isinstance(again, ReturnedFile)
    assert not again.undone
    assert len(undo_import(session, again.id).restored) == 3


def test_a_file_whose_import_was_undone_can_be_imported_again(session: AssessmentSession) -> None:
    returned = came_back(session, EDITS)
    store_change_set(session, undo_import(session, taken(session, returned).id).bundle)
    assert imported_before(session, returned) is None
    taken(session, returned)
    assert session.content(STAFF) == answered(15)
    assert len(session.entries("returns")) == 2


def test_a_file_is_taken_back_after_closing(session: AssessmentSession) -> None:
    before = session.dossier()
    entry = taken(session, came_back(session, EDITS, remarks=(ReturnedRemark(address=Address("i.law"), text="Yes."),)))
    session.close()
    with open_session(session.file) as again:
        found = undo_import(again, entry.id)
        assert (len(found.restored), found.left) == (3, ())
        store_change_set(again, found.bundle)
        assert said(again) == said_in(before)
        assert again.entries("remarks") == ()
        assert again.check_file() == ()


def test_what_was_changed_since_stays_when_a_file_is_taken_back(session: AssessmentSession) -> None:
    entry = taken(session, came_back(session, EDITS))
    session.record(LAW, answered(1))
    found = undo_import(session, entry.id)
    assert found.left == (LAW,)
    assert STAFF in found.restored
    store_change_set(session, found.bundle)
    assert session.content(LAW) == answered(1)
    assert session.content(STAFF) == answered(12)


def test_taking_back_the_first_of_two_files_leaves_what_the_second_said(session: AssessmentSession) -> None:
    first = taken(session, came_back(session, {"i.law": answered(2), "ii.staff": answered(15)}))
    taken(session, came_back(session, {"i.law": answered(1)}))
    store_change_set(session, undo_import(session, first.id).bundle)
    assert session.content(LAW).value == 1
    assert session.content(STAFF) == answered(12)


def test_there_is_nothing_to_take_back_of_a_file_nobody_took_in(session: AssessmentSession) -> None:
    with pytest.raises(KnownError, match="not the name of one returned file"):
        undo_import(session, "return-x")


def test_revisions_that_are_no_revisions_take_nothing_back(session: AssessmentSession) -> None:
    session.put(ReturnedFile(id="return-1", revisions=("nonsense", "laptop:77")))
    found = undo_import(session, "return-1")
    assert (found.restored, found.left) == ((), ())
    assert found.bundle.removed == ()


def test_the_same_file_is_recognised_and_brings_nothing_twice(session: AssessmentSession) -> None:
    returned = came_back(session, EDITS)
    assert imported_before(session, returned) is None
    entry = taken(session, returned)
    assert imported_before(session, returned) == entry
    proposal = propose_import(session, returned, NSO)
    assert (proposal.counts.same, proposal.differences) == (proposal.counts.given, ())
    assert "imported before" in proposal.problems[0].text()
    with pytest.raises(KnownError, match="brings nothing"):
        import_change_set(session, proposal, {}, workbook())


def test_what_was_left_the_first_time_can_be_taken_the_second(session: AssessmentSession) -> None:
    returned = came_back(session, {"i.law": answered(2), "ii.staff": answered(15)})
    taken(session, returned, {"ii.staff": DecisionSide.MINE})
    taken(session, returned)
    assert session.content(STAFF) == answered(15)
    assert len(session.entries("returns")) == 2


def test_a_document_is_held_once_however_often_its_file_comes(session: AssessmentSession) -> None:
    returned = came_back(session, {"i.law": answered(2), "ii.staff": answered(15)})
    taken(session, returned, {"ii.staff": DecisionSide.MINE})
    size = session.documents_size
    taken(session, returned)
    assert session.documents_size == size == len(workbook())


def test_texts_longer_than_a_register_takes_are_kept_in_pieces(session: AssessmentSession) -> None:
    long = "word " * 6_000
    remark = ReturnedRemark(address=Address("i.law"), text=long)
    lost = UnplacedText(place="Sheet9, A1", text=long, reason="No place.")
    entry = taken(session, came_back(session, {}, remarks=(remark,), unplaced=(lost,)))
    assert "".join(entry.unplaced) == f"Sheet9, A1: {long}"
    remarks = [one for one in session.entries("remarks") if isinstance(one, Remark)]
    assert "".join(one.text for one in remarks) == long
    assert all(len(one.text) <= TEXT_LIMIT for one in remarks)


def test_what_was_refused_is_kept_as_it_was_written(session: AssessmentSession) -> None:
    edits = {"i.plan": answered(9), "i.how": answered("by pigeon", note="every week"), "ii.staff": answered(15)}
    entry = taken(session, came_back(session, edits))
    assert entry.unplaced == ("i.plan (Part I, i.plan): 9", "i.how (Part I, i.how): by pigeon · every week")


def test_the_dossier_carries_the_file_with_it(session: AssessmentSession, tmp_path: Path) -> None:
    entry = taken(session, came_back(session, EDITS))
    export_assessment(session, tmp_path / "out.json", Translator("en"))
    dossier, documents, problems = dossier_from_json((tmp_path / "out.json").read_text())
    assert (dossier.returns, problems) == ((entry,), ())
    assert documents[entry.document] == workbook()


def test_a_name_without_its_ending_gets_one(session: AssessmentSession) -> None:
    entry = taken(session, came_back(session, EDITS, file="answers (2)"))
    assert entry.file_name == "answers (2).xlsx"


# -- whose it is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "agency"),
    [
        ("agency-moi", MOI),
        ("MoI", MOI),
        ("  ministry of the interior ", MOI),
        ("Ministry of Interior", MOI),
        ("Min. of the Interior", MOI),
        ("NSO", NSO),
        ("National Statistical Ofice", NSO),
        ("Ministry of Health", ""),
        ("", ""),
    ],
)
def test_the_agency_is_recognised_by_what_was_written(session: AssessmentSession, written: str, agency: str) -> None:
    assert recognised_agency(session, came_back(session, {}, agency=written)) == agency


def test_of_two_agencies_that_fit_none_is_chosen(session: AssessmentSession) -> None:
    session.put(Agency(id="agency-moi2", name="Ministry of Interior"))
    assert recognised_agency(session, came_back(session, {}, agency="Min. of Interior")) == ""


def test_an_exact_name_counts_more_than_a_likely_one(session: AssessmentSession) -> None:
    session.put(Agency(id="agency-moi2", name="Ministry of Interior"))
    assert recognised_agency(session, came_back(session, {}, agency="ministry of interior")) == "agency-moi2"


def test_a_file_that_names_nobody_is_the_only_agencys(session: AssessmentSession) -> None:
    session.remove("agencies", MOI)
    assert recognised_agency(session, came_back(session, {}, agency=" ")) == NSO


def test_answers_of_no_agency_are_not_taken_in(session: AssessmentSession) -> None:
    proposal = propose_import(session, came_back(session, EDITS), "agency-unknown")
    with pytest.raises(KnownError, match="Choose the agency"):
        import_change_set(session, proposal, {}, workbook())


def test_the_agency_whose_answers_are_repeated_most_is_suggested(session: AssessmentSession) -> None:
    session.record(AnswerKey(Address("ii.name"), respondent=MOI), answered("Office", note="Since May."))
    blank = replace(session.dossier(), answers=())
    edits = {"ii.name": answered("Bureau", note="Since May."), "i.law": answered(1), "ii.staff": answered(12)}
    assert suggested_agency(session, came_back(session, edits, agency="", dossier=blank)) == AgencySuggestion(MOI, 2, 3)


@pytest.mark.parametrize(
    "edits",
    [
        {"ii.name": answered("Office")},
        {"i.law": answered(2), "ii.staff": answered(15)},
        {"i.law": answered(1), "ii.staff": answered(12)},
    ],
)
def test_no_agency_is_suggested_where_none_stands_out(session: AssessmentSession, edits: dict[str, Content]) -> None:
    blank = replace(session.dossier(), answers=())
    assert suggested_agency(session, came_back(session, edits, agency="", dossier=blank)) is None


# -- what it is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stamp", "message"),
    [
        ({"instrument": "other"}, "another questionnaire"),
        ({"assessment": "x", "country": "XXB"}, "another country"),
        ({"assessment": "", "country": "XXB"}, "another country"),
        ({"assessment": "x", "round": "2030"}, "another round"),
    ],
)
def test_a_file_of_something_else_is_refused(session: AssessmentSession, stamp: dict[str, str], message: str) -> None:
    with pytest.raises(KnownError, match=message):
        propose_import(session, came_back(session, EDITS, stamp=stamp), NSO)


def doubts(proposal: ImportProposal) -> list[str]:
    return [one.code for one in proposal.problems if one.severity is ProblemSeverity.WARNING]


@pytest.mark.parametrize(
    ("stamp", "more", "codes"),
    [
        ({}, {}, []),
        ({"assessment": "", "country": "", "round": ""}, {}, []),
        ({"country": "XXB"}, {}, []),
        ({"assessment": "other"}, {}, ["returned.assessment"]),
        ({"instrument_version": "0.9"}, {"instrument_hash": "other"}, ["returned.version"]),
        ({}, {"instrument_hash": "other"}, ["returned.questions"]),
    ],
)
def test_what_is_doubtful_is_said(
    session: AssessmentSession, stamp: dict[str, str], more: dict[str, Any], codes: list[str]
) -> None:
    assert doubts(propose_import(session, came_back(session, EDITS, stamp=stamp, **more), NSO)) == codes


def test_a_file_changed_between_reading_and_taking_in_is_refused(session: AssessmentSession) -> None:
    proposal = propose_import(session, came_back(session, EDITS), NSO)
    with pytest.raises(KnownError, match="changed while"):
        import_change_set(session, proposal, {}, workbook() + b" ")


def test_a_file_that_is_not_of_its_kind_is_not_kept(session: AssessmentSession) -> None:
    proposal = propose_import(session, came_back(session, EDITS, medium=FileMedium.WORD, file="back.docx"), NSO)
    with pytest.raises(KnownError, match="not what its name says"):
        import_change_set(session, proposal, {}, workbook())


def test_a_file_there_is_no_room_for_is_refused(session: AssessmentSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capacity_app.services.session.entries_and_documents.ALL_DOCUMENTS_LIMIT", 1_000)
    proposal = propose_import(session, came_back(session, EDITS), NSO)
    with pytest.raises(KnownError, match="cannot keep the file"):
        import_change_set(session, proposal, {}, workbook())


def test_proposing_changes_nothing(session: AssessmentSession) -> None:
    before = session.dossier()
    propose_import(session, came_back(session, {"i.law": Content(note="only a note")}), NSO)
    assert session.dossier() is before


def test_a_form_of_one_part_names_its_agency_and_misses_no_other_part(session: AssessmentSession) -> None:
    request = blank_form_request(session.dossier(), ("ii",), MOI)
    content = blank_form_bytes(request, ".xlsx", texts=Translator("en"))
    book = load_workbook(io.BytesIO(content))
    (part,) = part_sheets(book)
    assert book.sheetnames[:4] == ["Read me", part.title, "Guidance", "answers"]
    returned = read_returned(content, "form.xlsx", session.instrument)
    assert (returned.problems, returned.edited) == ((), ())
    assert recognised_agency(session, returned) == MOI
