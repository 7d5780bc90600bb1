"""``verify`` as a person and as a program use it: what a file is, whether it holds, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from capacity_app import paths
from capacity_app.cli.commands import main
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.domain.content_hash import format_hash
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import write_report
from tests.builders import file_of, small_dossier
from tests.outputs.forging import FORGERIES
from tests.tampering import tampered

Output = pytest.CaptureFixture[str]
DIGITS = small_dossier().content_hash


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    return file_of(tmp_path)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    file = tmp_path / "geo.xlsx"
    write_report(small_dossier(), file, texts=Translator())
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
    assert any(line.endswith(format_hash(DIGITS)) for line in lines)
    assert DIGITS not in told
    assert "27 November 2018, 09:14 UTC" in told
    assert "✓ The content is the same as in small.assessment." in lines
    assert "• Colours, fonts, layout and the lines of charts were not compared." in lines


@pytest.mark.check
def test_changed_numbers_are_listed_by_place_and_answers_apart(
    assessment: Path, workbook: Path, capsys: Output
) -> None:
    book = load_workbook(workbook)
    places = []
    for name in ("scores", "gaps"):
        for cell in (cell for row in book[name].iter_rows(min_row=2) for cell in row):
            if isinstance(cell.value, int | float):
                cell.value = 99.5
                places.append(f"{name}, {cell.coordinate}")
    typed = next(
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and cell.value is None
    )
    typed.value = "Typed by an agency"
    book.save(workbook)
    told = asked(capsys, workbook, assessment, code=1)
    assert f"✗ Printed texts and numbers that were changed: {len(places)} of " in told
    assert "• Answers and notes that were filled in or changed: 1." in told
    assert all(f"  {place}: “99.5” instead of " in told for place in places)
    data = as_data(capsys, workbook, assessment, code=1)
    assert (data["match"], data["printed"]["changed"], data["printed"]["filled"]) == ("claimed", len(places), 1)
    assert [one["place"] for one in data["printed"]["places"] if not one["is_answer"]] == places


def test_what_was_not_compared_is_said(capsys: Output) -> None:
    for suffix in ("docx", "html", "xlsx"):
        told = asked(capsys, Path(__file__).parents[1] / "expected" / "version-0.6.0" / f"small.{suffix}")
        assert "• Printed texts and numbers were not compared. The file does not carry the content" in told
        assert "as exported" not in told


def test_another_content_ends_with_1_and_say_which_is_newer(tmp_path: Path, workbook: Path, capsys: Output) -> None:
    told = asked(capsys, workbook, changed(tmp_path / "other"), code=1)
    assert "✗ The content is not the same as in small.assessment." in told


def test_programs_get_json_with_the_documented_names(
    tmp_path: Path, assessment: Path, workbook: Path, capsys: Output
) -> None:
    data = as_data(capsys, workbook, assessment)
    names = {"file", "kind", "ok", "match", "signature", "stamp", "facts", "observations", "damage", "printed"}
    assert set(data) == names
    assert (data["kind"], data["ok"], data["match"]) == ("workbook", True, "same")
    assert data["stamp"]["content_hash"] == DIGITS
    assert [one["code"] for one in data["observations"]] == ["content.same", "print.same", "print.scope"]
    assert {"name": "round", "label": "Round", "text": "2018"} in data["facts"]
    other = as_data(capsys, workbook, changed(tmp_path / "other"), code=1)
    assert (other["ok"], other["match"]) == (False, "different")


def test_an_assessment_alone_is_checked_for_damage(assessment: Path, capsys: Output) -> None:
    data = as_data(capsys, assessment)
    assert (data["kind"], data["match"], data["ok"]) == ("assessment", None, True)
    assert [one["code"] for one in data["observations"]] == [
        "file.readable", "file.consistent", "file.history", "questionnaire.unpublished",
    ]  # fmt: skip


def test_a_change_made_by_another_program_is_named(assessment: Path, capsys: Output) -> None:
    tampered(assessment, "UPDATE answer_revisions SET author = 'Mallory' WHERE question = 'ii.staff'")
    data = as_data(capsys, assessment, code=1)
    assert not data["ok"]
    assert data["observations"][0]["code"] == "file.damaged"
    assert ("file.answers", "ii.staff") in [(one["code"], one["place"]) for one in data["damage"]]
    assert "ii.staff: " in asked(capsys, assessment, code=1)


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
    marks = mark.format("content_hash", DIGITS) + mark.format("round", "{file} \x1b[31m %s {0}")
    page.write_text(f"<!DOCTYPE html><html>{marks}</html>", encoding="utf-8")
    told = asked(capsys, page)
    assert "\x1b" not in told
    assert "{file}" in told


def test_the_certificate_is_said_in_the_digits_that_a_signed_report_names(
    tmp_path: Path, assessment: Path, capsys: Output
) -> None:
    assert main(["key"]) == 0
    assert "no certificate yet" in capsys.readouterr().out
    assert main(["report", str(assessment), str(tmp_path / "report.pdf"), "--profile", "brief"]) == 0
    assert main(["key"]) == 0
    short, _, digits = capsys.readouterr().out.splitlines()[-1].partition(" · ")
    assert (short.replace(" ", ""), len(digits)) == (digits[:16], 64)
    told = asked(capsys, tmp_path / "report.pdf", assessment)
    assert f"since this computer signed it with the certificate {short}." in told
    assert as_data(capsys, tmp_path / "report.pdf")["signature"]["certificate"] == digits


def test_a_changed_report_gets_no_good_word_and_ends_with_1(tmp_path: Path, assessment: Path, capsys: Output) -> None:
    file = tmp_path / "report.pdf"
    write_report(small_dossier(), file, texts=Translator(), profile=ReportProfile(ReportVolume.BRIEF))
    for forge in FORGERIES.values():
        (tmp_path / "forged.pdf").write_bytes(forge(file.read_bytes()))
        told = asked(capsys, tmp_path / "forged.pdf", assessment, code=1)
        assert "✓" not in told
        assert told.count("✗") == 1


def test_where_no_certificate_can_be_kept_the_report_is_written_and_said_to_be_unsigned(
    tmp_path: Path, assessment: Path, capsys: Output
) -> None:
    folder = paths.signing_certificate_file().parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    assert main(["report", str(assessment), str(tmp_path / "report.pdf"), "--profile", "brief"]) == 0
    assert "The PDF file is not signed" in capsys.readouterr().out
    assert "✗ This PDF file has no signature" in asked(capsys, tmp_path / "report.pdf", code=1)
