"""The commands instrument book, new and from-book, as a person and as a program use them."""

import json
import subprocess
import sys
from pathlib import Path

from capacity_app import paths
from tests.instruments.books.filling import Spreadsheet


def run(*arguments: object, expected: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "capacity_app", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_from_a_template_to_an_assessment(tmp_path: Path) -> None:
    file = tmp_path / "farms.xlsx"
    assert "Wrote" in run("instrument", "new", "farm-check", file, "--title", "Farm check")
    said = run("instrument", "from-book", file)
    assert "Farm check, version 1.0: 16 questions in 1 sections." in said
    assert "It is not on this computer yet." in said
    assert "add --yes" in said
    assert not paths.user_instruments_folder().exists()
    assert "Wrote" in run("instrument", "from-book", file, "--yes")
    assert "farm-check" in run("instrument", "list")
    run("new", tmp_path / "a.assessment", "--instrument", "farm-check", "--country", "GEO", "--round", "2026")


def test_mistakes_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "farms.xlsx"
    run("instrument", "new", "farm-check", file, "--title", "Farm check")
    sheet = Spreadsheet(file)
    row = sheet.row_of("Questions", "example.level")
    sheet.put("Questions", row, "type", "levl")
    sheet.save()
    said = run("instrument", "from-book", file, tmp_path / "out", "--yes", expected=1)
    assert f"Sheet Questions, row {row}, column type: “levl” is not a known value" in said
    assert "nothing was written" in said
    assert not (tmp_path / "out").exists()
    data = json.loads(run("instrument", "from-book", file, "--json", expected=1))
    assert data["state"] == "mistaken"
    first = data["problems"][0]
    assert (first["sheet"], first["row"], first["column"], first["severity"]) == ("Questions", row, "type", "error")


def test_the_toolkit_goes_out_and_comes_back_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "n.xlsx"
    assert "134 questions in 13 sections" in run("instrument", "book", "unsd-nmdc", file)
    assert "Its questions are those that are here already." in run("instrument", "from-book", file)
    assert "no supplement “ZZ”" in run("instrument", "book", "unsd-nmdc", file, "--supplement", "ZZ", expected=1)
    assert "must end in .xlsx" in run("instrument", "book", "unsd-nmdc", tmp_path / "n.ods", expected=1)


def test_a_supplement_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    run("instrument", "new", "xx-geo", file, "--title", "Georgia", "--supplement-of", "unsd-nmdc")
    assert "Wrote" in run("instrument", "from-book", file, tmp_path / "own", "--yes")
    own = tmp_path / "own" / "xx-example.toml"
    run("new", tmp_path / "a.assessment", "--country", "GEO", "--round", "2026", "--supplement", own)
