"""The short form on the command line: made, filled in by workbook, reported, and grown."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.commands import run
from tests.outputs.reading import pdf_text, squeezed
from tests.outputs.workbook.editing import filled


@pytest.fixture
def short(tmp_path: Path) -> Path:
    file = tmp_path / "short.assessment"
    run("new", file, "--country", "geo", "--round", "2026", "--profile", "short")
    run("register", "add", file, "agencies", "Statistics Office")
    return file


def imported(file: Path, form: Path, *, code: int = 0) -> str:
    return run("import", file, form, "--agency", "Statistics Office", "--accept", "all", code=code)


@pytest.mark.check
def test_the_short_form_goes_out_comes_back_and_is_reported(short: Path, tmp_path: Path) -> None:
    assert "uses the short form: 35 of " in run("profile", short)
    form, report = tmp_path / "form.xlsx", tmp_path / "report.pdf"
    run("blank", form, "--from", short)
    told = imported(short, filled(form, {"v.staff": "2", "ix.mechanism": "2"}))
    assert "2 answers were imported." in told
    assert "missing" not in told
    sections = {one["id"]: one for one in json.loads(run("score", short, "--json"))["sections"]}
    assert sections["ix"]["coverage"] > 0
    run("report", short, report)
    printed = squeezed(pdf_text(report))
    assert squeezed("This assessment uses the short form: 35 of ") in printed
    assert squeezed("Not in the short form: V.3") in printed


@pytest.mark.check
def test_a_selection_is_changed_as_long_as_no_answer_is_left_out(short: Path, tmp_path: Path) -> None:
    assert "There is no selection" in run("profile", short, "long", code=1)
    assert "asks all questions" in run("profile", short, "all")
    assert "uses the short form" in run("profile", short, "short")
    run("profile", short, "all")
    form = tmp_path / "form.xlsx"
    run("blank", form, "--from", short)
    imported(short, filled(form, {"ix.terms-of-reference": "Yes"}))
    assert "Nothing was changed" in run("profile", short, "short", code=1)
    assert "asks all questions" in run("profile", short)


@pytest.mark.check
def test_an_answer_to_what_is_left_out_is_not_taken_and_told(short: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    run("blank", form)
    told = imported(short, filled(form, {"ix.terms-of-reference": "Yes", "ix.mechanism": "2"}), code=1)
    assert "a selection of the questions that leaves this one out" in told
    assert "1 answer was imported" in told
    assert "missing" not in told


@pytest.mark.check
def test_a_form_of_the_short_form_serves_an_assessment_that_has_grown(short: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    run("blank", form, "--from", short)
    run("profile", short, "all")
    told = imported(short, filled(form, {"ix.mechanism": "2"}))
    assert "1 answer was imported" in told
    assert "missing" not in told


@pytest.mark.check
def test_headquarters_says_whose_scores_rest_on_the_short_form(short: Path, tmp_path: Path) -> None:
    whole, folder = tmp_path / "in" / "whole.assessment", tmp_path / "in"
    folder.mkdir()
    run("new", whole, "--country", "fra", "--round", "2026")
    for file in (short, whole):
        form = tmp_path / f"{file.stem}.xlsx"
        run("register", "add", whole, "agencies", "Statistics Office") if file == whole else None
        run("blank", form, "--from", file)
        imported(file, filled(form, {"ix.mechanism": "2"}))
    # A workbook says as well which questions it asks.
    run("export", short, folder / "short.xlsx")
    repository, sheet = tmp_path / "repository.sqlite", tmp_path / "synthesis.pdf"
    run("aggregate", folder, "-o", repository)
    with sqlite3.connect(repository) as database:
        rows = database.execute("SELECT country, questions FROM assessments ORDER BY country").fetchall()
        (wordings,) = database.execute(
            "SELECT count(*) FROM questions WHERE question = 'ix.terms-of-reference'"
        ).fetchone()
    assert rows == [("FRA", ""), ("GEO", "short")]
    assert wordings == 1
    run("synthesis", repository, sheet, "--minimum", "1", "--basis", "all")
    printed = squeezed(pdf_text(sheet))
    assert squeezed("Only some of the questions were asked in Georgia (a short form).") in printed
    assert squeezed("1.1 (short)") in printed
