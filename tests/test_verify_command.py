"""``verify`` as a person and as a program use it: what a file is, whether it holds, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain import fingerprint
from capacity_app.services.reporting import write_report
from capacity_app.texts import Texts
from capacity_app.wording import spoken
from tests.builders import file_of, small_dossier
from tests.tampering import tampered

Output = pytest.CaptureFixture[str]
DIGITS = fingerprint.of_answers(small_dossier())


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    return file_of(tmp_path)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    file = tmp_path / "geo.xlsx"
    write_report(small_dossier(), file, texts=Texts())
    return file


def changed(folder: Path) -> Path:
    folder.mkdir()
    return file_of(folder, small_dossier(answers=small_dossier().answers[1:]))


def asked(output: Output, *arguments: object, code: int = 0) -> str:
    assert main(["verify", *map(str, arguments)]) == code
    told = output.readouterr()
    return told.out + told.err


def as_data(output: Output, *arguments: object, code: int = 0) -> Any:
    return json.loads(asked(output, *arguments, "--json", code=code))


def test_a_workbook_is_described_in_words(assessment: Path, workbook: Path, capsys: Output) -> None:
    told = asked(capsys, workbook, assessment)
    lines = [line.strip() for line in told.splitlines()]
    assert lines[0] == "geo.xlsx"
    assert [line.split(maxsplit=1)[0] for line in lines[1:5]] == ["Kind", "Title", "Country", "Round"]
    assert any(line.endswith(spoken(DIGITS)) for line in lines)
    assert any(line.endswith(fingerprint.grouped(DIGITS)) for line in lines)
    assert "November 27, 2018, 09:14 UTC" in told
    assert "✓ The answers are the same as in small.assessment." in lines


def test_other_answers_end_with_1_and_say_which_is_newer(tmp_path: Path, workbook: Path, capsys: Output) -> None:
    told = asked(capsys, workbook, changed(tmp_path / "other"), code=1)
    assert "✗ The answers are not the same as in small.assessment." in told


def test_programs_get_json_with_the_documented_names(
    tmp_path: Path, assessment: Path, workbook: Path, capsys: Output
) -> None:
    data = as_data(capsys, workbook, assessment)
    assert set(data) == {"file", "kind", "ok", "match", "stamp", "words", "facts", "observations", "damage"}
    assert (data["kind"], data["ok"], data["match"]) == ("workbook", True, "same")
    assert data["stamp"]["fingerprint"] == DIGITS
    assert data["words"] == spoken(DIGITS)
    assert [one["code"] for one in data["observations"]] == [
        "text.equal", "signature.valid", "answers.same", "copy.editable",
    ]  # fmt: skip
    assert {"name": "round", "label": "Round", "text": "2018"} in data["facts"]
    other = as_data(capsys, workbook, changed(tmp_path / "other"), code=1)
    assert (other["ok"], other["match"]) == (False, "different")


def test_an_assessment_alone_is_checked_for_damage(assessment: Path, capsys: Output) -> None:
    data = as_data(capsys, assessment)
    assert (data["kind"], data["match"], data["ok"]) == ("assessment", None, True)
    assert [one["code"] for one in data["observations"]] == ["file.sound", "history.whole", "history.unsealed"]


def test_the_first_change_made_by_another_program_is_named(assessment: Path, capsys: Output) -> None:
    tampered(assessment, "UPDATE answer_revisions SET author = 'Mallory' WHERE question = 'ii.staff'")
    data = as_data(capsys, assessment, code=1)
    assert not data["ok"]
    assert [one["code"] for one in data["observations"]][:2] == ["file.damaged", "history.changed"]
    places = [(one["code"], one["place"]) for one in data["damage"]]
    assert places == [("history.changed", "ii.staff"), ("file.answers", "ii.staff")]
    assert "by Mallory at 2018-11-27T09:08:00+00:00, was changed after it was written" in data["damage"][0]["message"]
    assert "ii.staff: This change, number " in asked(capsys, assessment, code=1)


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_what_cannot_be_read_gets_one_sentence(tmp_path: Path, capsys: Output, option: list[str]) -> None:
    told = asked(capsys, tmp_path / "gone.pdf", *option, code=1)
    assert told == "There is no file “gone.pdf”: check whether it was moved or renamed.\n"


@pytest.mark.parametrize("arguments", [[], ["a", "b", "c"], ["a", "--time-limit", "-1"], ["a", "--no-such-option"]])
def test_wrong_use_ends_with_2(capsys: Output, arguments: list[str]) -> None:
    assert "Usage" in asked(capsys, *arguments, code=2)


def test_what_a_file_says_of_itself_is_no_markup_and_no_command(tmp_path: Path, capsys: Output) -> None:
    page = tmp_path / "evil.html"
    mark = '<meta name="capacity-app:{}" content="{}">'
    marks = mark.format("fingerprint", DIGITS) + mark.format("round", "{file} \x1b[31m %s {0}")
    page.write_text(f"<!DOCTYPE html><html>{marks}</html>", encoding="utf-8")
    told = asked(capsys, page)
    assert "\x1b" not in told
    assert "{file}" in told


def test_the_key_is_said_in_the_words_that_a_signed_file_names(workbook: Path, capsys: Output) -> None:
    assert main(["key"]) == 0
    words, _, digits = capsys.readouterr().out.strip().partition(" · ")
    assert asked(capsys, workbook).count(f"“{words}”") == 1
    assert len(digits) == 64
