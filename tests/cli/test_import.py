"""``import`` of a workbook or Word file that came back, as a person and as a program use it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Mission, Remark, RetiredAnswer, ReturnedFile
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from tests.builders import ASSESSMENT_ID, file_of, open_session, small_dossier, small_instrument
from tests.outputs.word_tree import with_body_changed
from tests.outputs.workbook.editing import filled

Output = pytest.CaptureFixture[str]
NSO, MOI = "agency-nso", "agency-moi"
SENDER = ("National Statistical Office", "C. Clerk", "2018-12-10")
EDITS = {"i.law": 2, "ii.staff": 15, "ii.staff @note": "As of May.", "ii.name": "Office of Statistics"}


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    return file_of(tmp_path)


Send = Callable[..., Path]


@cache
def sent(assessment: bytes) -> bytes:
    """Return the workbook of an assessment file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.assessment"
        file.write_bytes(assessment)
        with open_session(file, read_only=True) as session:
            return report_bytes(session.dossier(), ".xlsx", texts=Translator("en"))


@pytest.fixture
def returned(assessment: Path, tmp_path: Path) -> Send:
    """Return what sends the assessment as a workbook and gets it back edited."""

    def send(edits: Mapping[str, Any] = EDITS, name: str = "back.xlsx", **more: Any) -> Path:
        file = tmp_path / name
        file.write_bytes(sent(assessment.read_bytes()))
        return filled(file, edits, **{"sender": SENDER} | more)

    return send


def asked(output: Output, *arguments: object, code: int = 0) -> str:
    assert main(["import", *map(str, arguments)]) == code, output.readouterr()
    told = output.readouterr()
    return told.out + told.err


def as_data(output: Output, *arguments: object, code: int = 0) -> Any:
    return json.loads(asked(output, *arguments, "--json", code=code))


def said(assessment: Path, where: str, who: str = NSO) -> Any:
    with open_session(assessment, read_only=True) as session:
        return session.content(AnswerKey(Address.parse(where), respondent=who)).value


@pytest.mark.check
def test_a_trial_run_counts_shows_and_changes_nothing(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned()
    before = assessment.read_bytes()
    told = asked(capsys, assessment, file, "--dry-run")
    assert assessment.read_bytes() == before
    lines = told.splitlines()
    assert lines[0] == "From: National Statistical Office, C. Clerk, 10 December 2018"
    assert " the same as here, 1 new, 2 changed, 0 cleared, 0 invalid.\n" in told
    staff = next(number for number, line in enumerate(lines) if "(ii.staff)" in line)
    assert lines[staff].endswith(": changed")
    sides = [line.strip() for line in lines[staff + 1 : staff + 3]]
    assert sides == ["here  12", "file  [-12-]{+15+} · Note: {+As of May.+}"]
    assert "Office of Statistics" in told
    assert told.endswith("Nothing was changed: this was a trial run.\n")


@pytest.mark.check
def test_answers_are_taken_in_and_the_file_is_kept(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned()
    told = asked(capsys, assessment, file)
    assert "3 answers were imported. The file is kept as return-" in told
    assert (said(assessment, "i.law"), said(assessment, "ii.staff")) == (2, 15)
    with open_session(assessment, read_only=True) as session:
        (entry,) = session.entries("returns")
        assert isinstance(entry, ReturnedFile)
        assert (entry.file_name, entry.agency, entry.person, entry.date) == ("back.xlsx", NSO, *SENDER[1:])
        assert session.document(entry.document) == file.read_bytes()
        assert session.check_file() == ()


@pytest.mark.check
def test_a_file_of_version_0_6_says_that_its_print_was_not_compared(assessment: Path, capsys: Output) -> None:
    old = Path(__file__).parents[1] / "expected" / "version-0.6.0" / "small.xlsx"
    told = asked(capsys, assessment, old, "--agency", NSO, "--dry-run", code=1)
    assert "Printed texts and numbers were not compared. The file does not carry the content" in told


@pytest.mark.check
def test_data_for_programs_say_every_fate_and_what_was_done(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned(EDITS | {"i.plan": "perhaps", "i.published": None}, strays={"B2": "See our letter."})
    trial = as_data(capsys, assessment, file, "--dry-run", code=1)
    shown = as_data(capsys, assessment, file, code=1)
    parts = ("same", "new", "changed", "cleared", "refused", "unplaced", "outdated", "others")
    assert shown["given"] == sum(shown[part] for part in parts)
    assert [shown[part] for part in parts[1:]] == [1, 2, 1, 1, 1, 0, 0]
    assert {one["address"]: one["fate"] for one in shown["differences"]} == {
        "i.law": "changed", "i.plan": "refused", "i.published": "cleared", "ii.name": "new", "ii.staff": "changed",
    }  # fmt: skip
    refused = next(one for one in shown["differences"] if one["fate"] == "refused")
    assert refused["problem"]["place"] == refused["place"]
    assert shown["undecided"] == ["i.published"]
    assert [one["text"] for one in shown["without_place"]] == ["See our letter."]
    assert (trial["return"], trial["taken"], shown["taken"]) == (None, 3, 3)
    assert shown | {"return": None} == trial
    with open_session(assessment, read_only=True) as session:
        (entry,) = session.entries("returns")
        assert isinstance(entry, ReturnedFile)
        assert entry.id == shown["return"]
        # What was typed where nothing could be made of it is kept as well.
        assert entry.unplaced == (
            f"{shown['without_place'][0]['place']}: See our letter.", f"i.plan ({refused['place']}): perhaps",
        )  # fmt: skip


@pytest.mark.check
def test_remarks_become_entries_of_their_own(assessment: Path, returned: Send, capsys: Output) -> None:
    asked(capsys, assessment, returned({"i.law @remarks": "Who decides on this?"}))
    with open_session(assessment, read_only=True) as session:
        (remark,) = session.entries("remarks")
        assert isinstance(remark, Remark)
        assert (remark.address, remark.text, remark.agency) == ("i.law", "Who decides on this?", NSO)
        assert (remark.author, remark.date) == (SENDER[1], SENDER[2])


@pytest.fixture
def contested(assessment: Path, returned: Send) -> Path:
    """Return a file whose answer on the law was changed here too since it left, one of whose answers was deleted."""
    file = returned({"i.law": 2, "ii.staff": None, "ii.name": "Office"})
    with open_session(assessment) as session:
        key = AnswerKey(Address("i.law"), respondent=NSO)
        session.record(key, Content(state=AnswerState.ANSWERED, value=0))
    return file


@pytest.mark.check
@pytest.mark.parametrize(
    ("options", "values", "code"),
    [
        ([], (0, 12, "Office"), 1),
        pytest.param(["--accept", "new"], (0, 12, "Office"), 0, marks=pytest.mark.check),
        pytest.param(["--accept", "none"], (0, 12, None), 0, marks=pytest.mark.check),
        (["--accept", "all"], (2, None, "Office"), 0),
        pytest.param(["--accept", "none", "--take", "i.law"], (2, 12, None), 0, marks=pytest.mark.check),
        (["--take", "i.law", "--take", "ii.staff"], (2, None, "Office"), 0),
    ],
)
def test_what_is_accepted_is_what_was_asked_for(
    options: list[str], values: tuple[Any, ...], code: int, assessment: Path, contested: Path, capsys: Output
) -> None:
    asked(capsys, assessment, contested, *options, code=code)
    assert tuple(said(assessment, where) for where in ("i.law", "ii.staff", "ii.name")) == values


@pytest.mark.check
def test_what_is_contested_is_said_with_all_three_sides(assessment: Path, contested: Path, capsys: Output) -> None:
    told = asked(capsys, assessment, contested, "--dry-run", code=1)
    assert "1 differs from the answer given here and waits for your decision." in told
    start = told.index("(i.law)")
    block = told[start : told.index("\n", start + 400) if len(told) > start + 400 else None].splitlines()[:4]
    assert block[0].endswith("changed, differs from the answer here, to decide")
    assert [line.split()[0] for line in block[1:4]] == ["before", "here", "file"]
    assert "2 answers are not imported until you decide" in told


@pytest.mark.check
def test_a_place_the_file_does_not_change_cannot_be_taken(assessment: Path, contested: Path, capsys: Output) -> None:
    told = asked(capsys, assessment, contested, "--take", "i.plan", code=1)
    assert "The file changes nothing at “i.plan”" in told
    assert said(assessment, "ii.name") is None


@pytest.mark.check
def test_a_file_that_does_not_say_whose_it_is_needs_an_agency(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned(sender=("", "", ""))
    told = asked(capsys, assessment, file, code=1)
    assert "--agency" in told
    assert f"capacity-app register add {assessment.name} agencies NAME" in told
    assert "Known are: agency-nso (NSO), agency-moi (MoI)" in asked(
        capsys, assessment, file, "--agency", "Ministry of Health", code=1
    )
    likely = "Ministry of the Interior is likely: 1 of 2 edited answers repeat an answer or a note of it."
    repeating = returned({"i.law": 1, "ii.staff": 15}, "repeating.xlsx", sender=("", "", ""))
    assert likely in asked(capsys, assessment, repeating, code=1)
    asked(capsys, assessment, file, "--agency", "MoI")
    assert said(assessment, "ii.staff", MOI) == 15
    assert said(assessment, "ii.staff", NSO) == 12


@pytest.mark.check
def test_the_same_file_is_recognised(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned()
    asked(capsys, assessment, file)
    told = asked(capsys, assessment, file, code=1)
    assert "imported before" in told
    assert "brings nothing new" in told


def test_a_dossier_makes_a_new_file_with_the_supplements_it_needs(tmp_path: Path, capsys: Output) -> None:
    first, dossier, second = (tmp_path / name for name in ("a.assessment", "a.json", "b.assessment"))
    assert main(["new", str(first), "--country", "GEO", "--round", "2018", "--supplement", "T"]) == 0
    with open_session(first) as session:
        section = next(one for one in session.instrument.sections if one.supplement)
        key = AnswerKey(Address(section.questions[0].id), respondent=NSO)
        session.put(Agency(id=NSO, name="Office"))
        session.record(key, Content(note="In the supplement."))
    assert main(["export", str(first), str(dossier)]) == 0
    capsys.readouterr()
    assert f"Made {second}." in asked(capsys, second, dossier)
    with open_session(first, read_only=True) as before, open_session(second, read_only=True) as after:
        assert after.instrument == before.instrument
        assert after.dossier().answers == before.dossier().answers


@pytest.mark.check
def test_an_import_is_undone(assessment: Path, returned: Send, capsys: Output) -> None:
    with open_session(assessment, read_only=True) as session:
        before = [(one.key, one.content) for one in session.dossier().answers]
    data = as_data(capsys, assessment, returned())
    assert "trial run" in asked(capsys, assessment, "--undo", data["return"], "--dry-run")
    assert said(assessment, "ii.staff") == 15
    told = asked(capsys, assessment, "--undo", "back.xlsx")
    assert told == "3 answers are as they were before the import.\n"
    with open_session(assessment, read_only=True) as session:
        assert [(one.key, one.content) for one in session.dossier().answers] == before
    assert "was undone before" in asked(capsys, assessment, "--undo", data["return"], code=1)
    assert main(["register", "list", str(assessment), "returns"]) == 0
    assert "import undone 20" in capsys.readouterr().out


@pytest.mark.check
def test_what_was_changed_since_is_listed_when_a_file_is_taken_back(
    assessment: Path, returned: Send, capsys: Output
) -> None:
    asked(capsys, assessment, returned())
    with open_session(assessment) as session:
        key = AnswerKey(Address("ii.staff"), respondent=NSO)
        session.record(key, Content(state=AnswerState.ANSWERED, value=99))
    assert as_data(capsys, assessment, "--undo", "back.xlsx", code=1)["left"] == ["ii.staff"]
    assert said(assessment, "ii.staff") == 99
    assert said(assessment, "ii.name") is None


@pytest.mark.check
def test_a_file_of_another_assessment_is_refused(tmp_path: Path, returned: Send, capsys: Output) -> None:
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = file_of(other, small_dossier(id=f"{0:08}{ASSESSMENT_ID[8:]}", mission=Mission(country="XXB")))
    assert "another country (XXA instead of XXB)" in asked(capsys, elsewhere, returned(), code=1)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return an assessment of the same country and round, begun anew on another computer: it has nothing yet."""
    other = tmp_path / "other"
    other.mkdir()
    begun = Dossier(id=f"{0:08}{ASSESSMENT_ID[8:]}", instrument=small_instrument(), mission=small_dossier().mission)
    return file_of(other, begun)


def entered(assessment: Path, capsys: Output, name: str = "National Statistical Office", short: str = "NSO") -> str:
    """Enter an agency and give its id."""
    assert main(["register", "add", str(assessment), "agencies", name, "--short", short, "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)["id"])


PARTS = ("same", "new", "changed", "cleared", "refused", "outdated", "others", "unplaced")


@pytest.mark.check
def test_another_assessment_gets_all_answers_of_the_agency_that_the_file_holds(
    elsewhere: Path, returned: Send, capsys: Output
) -> None:
    file = returned({})
    assert f"register add {elsewhere.name} agencies" in asked(capsys, elsewhere, file, code=1)
    agency = entered(elsewhere, capsys)
    mine = [one for one in small_dossier().answers if one.key.respondent == NSO]
    data = as_data(capsys, elsewhere, file, "--accept", "all", code=1)
    assert [data[part] for part in PARTS] == [0, len(mine), 0, 0, 0, 0, 4, 0]
    assert (data["given"], data["taken"]) == (len(mine) + 4, len(mine))
    with open_session(elsewhere, read_only=True) as session:
        found = {one.key: one.content for one in session.dossier().answers}
        assert {key.respondent for key in found} == {agency}
        law = AnswerKey(Address("i.law"), respondent=agency)
        # Its evidence is in the other assessment only.
        assert found[law] == Content(state=AnswerState.ANSWERED, value=3, note="Loi n° 12 – «adoptée»")
        assert found[AnswerKey(Address("ii.lead"), respondent=agency)].value == (agency,)
    told = asked(capsys, elsewhere, returned({}), code=1)
    assert f"{len(mine)} the same as here, 0 new, 0 changed, 0 cleared, 0 invalid, 4 not of this agency." in told
    assert "judgements of the assessor (1) and validated answers (0) that are not here" in told
    assert "evidence that this assessment does not have (1)" in told


@pytest.mark.check
def test_one_answer_of_another_assessment_can_be_taken(elsewhere: Path, returned: Send, capsys: Output) -> None:
    entered(elsewhere, capsys)
    asked(capsys, elsewhere, returned({"ii.staff": 15}), "--accept", "none", "--take", "ii.staff", code=1)
    with open_session(elsewhere, read_only=True) as session:
        (answer,) = session.dossier().answers
    assert (answer.key.address, answer.content.value) == (Address("ii.staff"), 15)


@pytest.mark.check
def test_an_answer_of_another_assessment_never_replaces_one_without_a_decision(
    elsewhere: Path, returned: Send, capsys: Output
) -> None:
    file = returned({})
    agency = entered(elsewhere, capsys)
    key = AnswerKey(Address("ii.staff"), respondent=agency)
    with open_session(elsewhere) as session:
        session.record(key, Content(state=AnswerState.ANSWERED, value=9, note="In 2017."))
    data = as_data(capsys, elsewhere, file, code=1)
    assert (data["changed"], data["contested"], data["undecided"]) == (1, 1, ["ii.staff"])
    assert said(elsewhere, "ii.staff", agency) == 9
    asked(capsys, elsewhere, file, "--accept", "all", code=1)
    with open_session(elsewhere, read_only=True) as session:
        staff = session.content(key)
    assert (staff.value, staff.note) == (12, "In 2017.")


@pytest.mark.check
def test_agencies_that_imported_answers_name_are_entered_with_them(
    elsewhere: Path, returned: Send, capsys: Output
) -> None:
    agency = entered(elsewhere, capsys)
    file = returned({"ii.lead": "MoI"})
    assert "MoI" in asked(capsys, elsewhere, file, "--dry-run", code=1)
    data = as_data(capsys, elsewhere, file, code=1)
    with open_session(elsewhere, read_only=True) as session:
        assert [(one.id, one.name) for one in session.dossier().agencies][1:] == [(MOI, "MoI")]
    assert said(elsewhere, "ii.lead", agency) == (MOI,)
    asked(capsys, elsewhere, "--undo", data["return"])


@pytest.mark.check
def test_three_cells_edited_in_the_demonstration_are_three_differences(tmp_path: Path, capsys: Output) -> None:
    """The cells of V.5 showed the assessor's judgement and reason; the ministry repeats what it says already."""
    file, workbook = tmp_path / "demo.assessment", tmp_path / "back.xlsx"
    assert main(["demo", str(file)]) == 0
    assert main(["export", str(file), str(workbook)]) == 0
    capsys.readouterr()
    edits = {"v.access": 3, "v.staff": 1, "v.staff @note": "One post is vacant.", "v.budget": 3, "v.mandate": 1}
    filled(workbook, edits, sender=("Ministry of the Interior", "", ""))
    data = as_data(capsys, file, workbook, "--dry-run")
    assert len(data["differences"]) == 3
    assert (data["new"] + data["changed"], data["contested"]) == (3, 0)
    assert {one["address"] for one in data["differences"]} == {"v.staff", "v.budget", "v.mandate"}
    assert all(not one["theirs"]["reason"] and not one["theirs"]["evidence"] for one in data["differences"])


def test_a_copy_of_the_assessment_itself_brings_nothing_new(assessment: Path, tmp_path: Path, capsys: Output) -> None:
    other = tmp_path / "copy.assessment"
    other.write_bytes(assessment.read_bytes())
    assert "24 are here already and 0 are new" in asked(capsys, assessment, other)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7\n", "back.pdf"), (b"hello", "back.xlsx"), (b"", "back.xlsx"), (b"PK\x03\x04 cut off", "back.xlsx")],
)
def test_what_is_no_workbook_is_refused_in_a_sentence(
    content: bytes, name: str, assessment: Path, tmp_path: Path, capsys: Output
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    before = assessment.read_bytes()
    told = asked(capsys, assessment, file, code=1)
    assert name in told
    assert "Traceback" not in told
    assert assessment.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["IN", "--undo", "return-x"],
        ["IN", "--accept", "everything"],
        ["DOSSIER", "--agency", "NSO"],
    ],
)
def test_what_makes_no_sense_together_is_a_mistake_of_usage(
    arguments: list[str], assessment: Path, tmp_path: Path, capsys: Output
) -> None:
    dossier = tmp_path / "a.json"
    dossier.write_text("{}")
    named = {"IN": str(tmp_path / "back.xlsx"), "DOSSIER": str(dossier)}
    asked(capsys, assessment, *(named.get(one, one) for one in arguments), code=2)


def test_returned_files_and_remarks_are_listed(assessment: Path, capsys: Output) -> None:
    entries = (
        ReturnedFile(id="return-1", file_name="back.xlsx", person="B. Clerk", taken_in="2018-12-12T08:30:00+00:00"),
        Remark(id="remark-1", address="i.law", text="Since when?", author="B. Clerk", returned="return-1"),
        RetiredAnswer(id="kept-1", number="I.9", answered="Yes"),
    )
    with open_session(assessment) as session:
        for entry in entries:
            session.put(entry)
    said = []
    for register in ("returns", "remarks", "kept"):
        assert main(["register", "list", str(assessment), register]) == 0
        said.append(" ".join(capsys.readouterr().out.split()))
    assert said == [
        "return-1 back.xlsx · B. Clerk · 2018-12-12 1 use",
        "remark-1 i.law · B. Clerk · Since when? 0 uses",
        "kept-1 I.9 · retired · Yes 0 uses",
    ]


@pytest.mark.check
def test_undo_of_a_word_report_restores_its_texts_too(assessment: Path, tmp_path: Path, capsys: Output) -> None:
    with open_session(assessment) as session:
        session.put(replace(session.mission, main_messages="The law is in force."))
        dossier = session.dossier()
    content = report_bytes(dossier, ".docx", texts=Translator("en"))
    file = tmp_path / "back.docx"
    file.write_bytes(with_body_changed(content, {">The law is in force.<": ">The law is not in force.<"}))
    asked(capsys, assessment, file, "--agency", NSO)
    with open_session(assessment) as session:
        assert session.mission.main_messages == "The law is not in force."
    assert "Main messages is as it was before the import." in asked(capsys, assessment, "--undo", "back.docx")
    with open_session(assessment) as session:
        assert session.mission.main_messages == "The law is in force."
