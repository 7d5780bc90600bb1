"""``import`` of a workbook or Word file that came back, as a person and as a program use it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.answers import Address, AnswerKey, Content, State
from capacity_app.domain.assessment import KeptAnswer, Mission, Remark, ReturnedFile
from capacity_app.services.reporting import write_report
from capacity_app.texts import Texts
from tests.builders import ASSESSMENT_ID, file_of, open_session, small_dossier
from tests.workbook.editing import filled

Output = pytest.CaptureFixture[str]
NSO, MOI = "agency-nso", "agency-moi"
SENDER = ("National Statistical Office", "C. Clerk", "2018-12-10")
EDITS = {"i.law": 2, "ii.staff": 15, "ii.staff @note": "As of May.", "ii.name": "Office of Statistics"}


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    return file_of(tmp_path)


Send = Callable[..., Path]


@pytest.fixture
def returned(assessment: Path, tmp_path: Path) -> Send:
    """Give what sends the assessment as a workbook and gets it back edited."""

    def send(edits: Mapping[str, Any] = EDITS, name: str = "back.xlsx", **more: Any) -> Path:
        file = tmp_path / name
        with open_session(assessment, read_only=True) as session:
            write_report(session.dossier(), file, texts=Texts("en"))
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


def test_a_trial_run_counts_shows_and_changes_nothing(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned()
    before = assessment.read_bytes()
    told = asked(capsys, assessment, file, "--dry-run")
    assert assessment.read_bytes() == before
    lines = told.splitlines()
    assert lines[0] == "From: National Statistical Office, C. Clerk, December 10, 2018"
    assert " 1 new, 2 changed, 0 cleared, 0 refused, 0 without a place." in told
    staff = next(number for number, line in enumerate(lines) if "(ii.staff)" in line)
    assert lines[staff].endswith(": changed")
    sides = [line.strip() for line in lines[staff + 1 : staff + 3]]
    assert sides == ["here  12", "file  [-12-]{+15+} · Note: {+As of May.+}"]
    assert "Office of Statistics" in told
    assert told.endswith("Nothing was changed: this was a trial run.\n")


def test_answers_are_taken_in_and_the_file_is_kept(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned()
    told = asked(capsys, assessment, file)
    assert "3 answers were taken in, the file is kept as return-" in told
    assert (said(assessment, "i.law"), said(assessment, "ii.staff")) == (2, 15)
    with open_session(assessment, read_only=True) as session:
        (entry,) = session.entries("returns")
        assert isinstance(entry, ReturnedFile)
        assert (entry.file_name, entry.agency, entry.person, entry.date) == ("back.xlsx", NSO, *SENDER[1:])
        assert session.document(entry.document) == file.read_bytes()
        assert session.check_file() == ()


def test_data_for_programs_say_every_fate_and_what_was_done(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned(EDITS | {"i.plan": "perhaps", "i.published": None}, strays={"B2": "See our letter."})
    trial = as_data(capsys, assessment, file, "--dry-run", code=1)
    shown = as_data(capsys, assessment, file, code=1)
    parts = ("same", "new", "changed", "cleared", "refused", "unplaced")
    assert shown["given"] == sum(shown[part] for part in parts)
    assert [shown[part] for part in parts[1:]] == [1, 2, 1, 1, 1]
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
            f"{shown['without_place'][0]['place']}: See our letter.", f"{refused['place']}: perhaps",
        )  # fmt: skip


def test_remarks_become_entries_of_their_own(assessment: Path, returned: Send, capsys: Output) -> None:
    asked(capsys, assessment, returned({"i.law @remarks": "Who decides on this?"}))
    with open_session(assessment, read_only=True) as session:
        (remark,) = session.entries("remarks")
        assert isinstance(remark, Remark)
        assert (remark.address, remark.text, remark.agency) == ("i.law", "Who decides on this?", NSO)
        assert (remark.author, remark.date) == (SENDER[1], SENDER[2])


@pytest.fixture
def contested(assessment: Path, returned: Send) -> Path:
    """Give a file whose answer on the law was changed here too since it left, one of whose answers was deleted."""
    file = returned({"i.law": 2, "ii.staff": None, "ii.name": "Office"})
    with open_session(assessment) as session:
        key = AnswerKey(Address("i.law"), respondent=NSO)
        session.record(key, Content(state=State.ANSWERED, value=0))
    return file


@pytest.mark.parametrize(
    ("options", "values", "code"),
    [
        ([], (0, 12, "Office"), 1),
        (["--accept", "new"], (0, 12, "Office"), 0),
        (["--accept", "none"], (0, 12, None), 0),
        (["--accept", "all"], (2, None, "Office"), 0),
        (["--accept", "none", "--take", "i.law"], (2, 12, None), 0),
        (["--take", "i.law", "--take", "ii.staff"], (2, None, "Office"), 0),
    ],
)
def test_what_is_accepted_is_what_was_asked_for(
    options: list[str], values: tuple[Any, ...], code: int, assessment: Path, contested: Path, capsys: Output
) -> None:
    asked(capsys, assessment, contested, *options, code=code)
    assert tuple(said(assessment, where) for where in ("i.law", "ii.staff", "ii.name")) == values


def test_what_is_contested_is_said_with_all_three_sides(assessment: Path, contested: Path, capsys: Output) -> None:
    told = asked(capsys, assessment, contested, "--dry-run", code=1)
    assert "1 was changed on both sides and is to be decided." in told
    start = told.index("(i.law)")
    block = told[start : told.index("\n", start + 400) if len(told) > start + 400 else None].splitlines()[:4]
    assert block[0].endswith("changed on both sides, to decide")
    assert [line.split()[0] for line in block[1:4]] == ["before", "here", "file"]
    assert "2 answers stay as they are here until somebody decides" in told


def test_a_place_the_file_does_not_change_cannot_be_taken(assessment: Path, contested: Path, capsys: Output) -> None:
    told = asked(capsys, assessment, contested, "--take", "i.plan", code=1)
    assert "The file changes nothing at “i.plan”" in told
    assert said(assessment, "ii.name") is None


def test_a_file_that_does_not_say_whose_it_is_needs_an_agency(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned(sender=("", "", ""))
    assert "--agency" in asked(capsys, assessment, file, code=1)
    assert "Known are: agency-nso (NSO), agency-moi (MoI)" in asked(
        capsys, assessment, file, "--agency", "Ministry of Health", code=1
    )
    asked(capsys, assessment, file, "--agency", "MoI")
    assert said(assessment, "ii.staff", MOI) == 15
    assert said(assessment, "ii.staff", NSO) == 12


def test_the_same_file_is_recognised(assessment: Path, returned: Send, capsys: Output) -> None:
    file = returned()
    asked(capsys, assessment, file)
    told = asked(capsys, assessment, file, code=1)
    assert "taken in before" in told
    assert "brings nothing that is not known already" in told


def test_a_file_is_taken_back(assessment: Path, returned: Send, capsys: Output) -> None:
    with open_session(assessment, read_only=True) as session:
        before = session.dossier()
    data = as_data(capsys, assessment, returned())
    assert "trial run" in asked(capsys, assessment, "--take-back", data["return"], "--dry-run")
    assert said(assessment, "ii.staff") == 15
    told = asked(capsys, assessment, "--take-back", "back.xlsx")
    assert told == "3 answers are as they were before the file was taken in.\n"
    with open_session(assessment, read_only=True) as session:
        assert session.dossier() == before
    assert "names no returned file" in asked(capsys, assessment, "--take-back", data["return"], code=1)


def test_what_was_changed_since_is_listed_when_a_file_is_taken_back(
    assessment: Path, returned: Send, capsys: Output
) -> None:
    asked(capsys, assessment, returned())
    with open_session(assessment) as session:
        key = AnswerKey(Address("ii.staff"), respondent=NSO)
        session.record(key, Content(state=State.ANSWERED, value=99))
    assert as_data(capsys, assessment, "--take-back", "back.xlsx", code=1)["left"] == ["ii.staff"]
    assert said(assessment, "ii.staff") == 99
    assert said(assessment, "ii.name") is None


def test_a_file_of_another_assessment_is_refused(tmp_path: Path, returned: Send, capsys: Output) -> None:
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = file_of(other, small_dossier(id=f"{0:08}{ASSESSMENT_ID[8:]}", mission=Mission(country="XXB")))
    assert "another country (XXA instead of XXB)" in asked(capsys, elsewhere, returned(), code=1)


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
        ["IN", "--take-back", "return-x"],
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
        KeptAnswer(id="kept-1", number="I.9", answered="Yes"),
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
