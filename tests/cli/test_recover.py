"""The command line with damaged, swapped and newer files: recovered, brought to safety, or read and not changed."""

import json
import re
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.services.session.assessment_session import AssessmentSession
from tests.builders import file_of, open_session, small_dossier
from tests.places import names_in
from tests.storage.test_newer import NOVELTIES, _change

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")


def test_recover_writes_a_new_file_and_says_what_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = file_of(tmp_path), tmp_path / "recovered.assessment"
    file.write_bytes(damaged := file.read_bytes()[:-9_000])
    code = main(["recover", str(file), str(out), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["answers"] == len(small_dossier().answers)
    assert told["instrument_from"] == "file"
    assert (told["lost"], told["is_complete"], code) == ({}, False, 1)
    assert file.read_bytes() == damaged
    with open_session(out, read_only=True) as session:
        assert session.dossier().answers == small_dossier().answers


def test_recover_says_in_words_what_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = file_of(tmp_path), tmp_path / "recovered.assessment"
    assert main(["recover", str(file), str(out)]) == 0
    said = capsys.readouterr().out
    assert "Can be read: 15 answers" in said
    assert "Nothing is known to be lost." in said
    assert main(["recover", str(file), str(out)]) == 1
    assert "There is already a file" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"Dear colleague, " * 900])
def test_recover_of_what_holds_nothing_makes_no_file(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "nothing.assessment", tmp_path / "recovered.assessment"
    file.write_bytes(content)
    assert main(["recover", str(file), str(out)]) == 1
    assert "Nothing of an assessment can be read" in capsys.readouterr().err
    assert names_in(tmp_path) == [file.name]


def test_a_command_whose_file_is_swapped_says_where_its_work_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path)
    theirs = tmp_path / "theirs"
    theirs.write_bytes(swapped := file.read_bytes())
    closed = AssessmentSession.close

    def swap_and_close(session: AssessmentSession) -> None:
        if theirs.exists() and not session.is_read_only:
            theirs.replace(file)
        closed(session)

    monkeypatch.setattr(AssessmentSession, "close", swap_and_close)
    assert main(["register", "rename", str(file), "agencies", "agency-nso", "Office of Statistics"]) == 1
    said = capsys.readouterr().err
    kept = re.search(r"All that stood in memory is in “(small \(recovered .*\)\.assessment)”", said)
    assert kept
    assert "was replaced or changed by another program" in said
    assert file.read_bytes() == swapped
    with open_session(tmp_path / kept[1], read_only=True) as session:
        assert "Office of Statistics" in str(session.entry("agencies", "agency-nso"))


def test_a_newer_file_is_read_by_commands_and_not_changed_by_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path)
    _change(file, *NOVELTIES)
    before = file.read_bytes()
    assert main(["score", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    (tmp_path / "other").mkdir()
    other = file_of(tmp_path / "other")
    with open_session(other) as session:
        session.record(PLAN, Content(state=AnswerState.ANSWERED, value=0))
    for writing in (
        ["register", "rename", str(file), "agencies", "agency-nso", "Office of Statistics"],
        ["import", str(file), str(other)],
        ["merge", str(file), str(other), "-o", str(tmp_path / "both.assessment")],
        ["migrate", str(file), str(tmp_path / "migrated.assessment")],
    ):
        assert main(writing) == 1, writing
        assert "newer version" in capsys.readouterr().err or writing[0] == "migrate", writing
        assert file.read_bytes() == before, writing
    assert names_in(tmp_path) == ["other", file.name]
