"""Translation sheets on the command line: written, listed, applied, signed off; and who reviewed what."""

import json
from pathlib import Path

import pytest

from capacity_app.questionnaires.translations import program_key
from capacity_app.services.exchange.translation_sheet import write_translation_sheet
from tests.commands import run
from tests.translators import fill, own_po, small_library

TYPED = {"r|title": "მკითხველები", "r.survey|text": "ეკითხებიან?"}


def sheet(folder: Path, typed: dict[str, str] = TYPED) -> Path:
    small_library()
    file = folder / "sheet.xlsx"
    write_translation_sheet("small", "ka", file)
    return fill(file, folder / "filled.xlsx", typed)


def test_a_sheet_is_written_filled_listed_and_applied_only_once_somebody_agrees(tmp_path: Path) -> None:
    small_library()
    out = tmp_path / "small.xlsx"
    assert "Wrote" in run("instrument", "sheet", "small", out, "--language", "ka")
    filled = fill(out, tmp_path / "filled.xlsx", {**TYPED, "r.survey|anchor 0": "{x}"})
    shown = run("instrument", "import-sheet", filled, code=1)
    lines = shown.splitlines()
    assert lines[1:3] == ["2 translations change.", "1 error"]
    assert lines[3].startswith("Translation, E")
    assert "is translated as “მკითხველები”" in lines[3]
    assert "is translated as “ეკითხებიან?”" in lines[4]
    assert lines[5].startswith("Translation, E")
    assert "{x}" in lines[5]
    assert "Nothing was written" in lines[6]
    assert not own_po().exists()
    shown = run("instrument", "import-sheet", filled, "--yes", "--by", "Nino K.", code=1)
    assert "2 translations were written" in shown
    assert "Last-Translator: Nino K., unreviewed" in own_po().read_text("utf-8")
    again = fill(out, tmp_path / "again.xlsx", {"r|title": "სხვა"})
    assert "“მკითხველები” becomes “სხვა”" in run("instrument", "import-sheet", again)


def test_a_sign_off_is_listed_with_name_date_and_version(tmp_path: Path) -> None:
    filled = sheet(tmp_path)
    data = json.loads(run("instrument", "import-sheet", filled, "--yes", "--by", "Nino K.", "--sign-off", "--json"))
    assert data["written"] == str(own_po())
    assert (data["changes"], data["errors"], len(data["lines"])) == (2, 0, 2)
    assert "Signed off by Nino K." in data["outcome"]
    listed = run("languages")
    assert "ქართული – Georgian (ka)" in listed
    assert "Small: reviewed by Nino K. on" in listed
    found = json.loads(run("languages", "--json"))["languages"]
    part = next(part for one in found if one["language"] == "ka" for part in one["parts"] if part["subject"] == "small")
    assert (part["standing"], part["by"], part["reviewed_version"]) == ("reviewed", "Nino K.", "1.0")


def test_what_the_world_refuses_ends_in_a_sentence(tmp_path: Path) -> None:
    small_library()
    out = tmp_path / "a.xlsx"
    assert "no language" in run("instrument", "sheet", "small", out, "--language", "xx", code=1)
    assert "no questionnaire" in run("instrument", "sheet", "nothing", out, "--language", "ka", code=1)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04broken")
    assert "broken.xlsx" in run("instrument", "import-sheet", tmp_path / "broken.xlsx", code=1)
    assert "none.xlsx" in run("instrument", "import-sheet", tmp_path / "none.xlsx", "--json", code=1)
    filled = sheet(tmp_path)
    assert "signed off by name" in run("instrument", "import-sheet", filled, "--yes", "--sign-off", code=1)
    assert not own_po().exists()


@pytest.mark.check
def test_a_translation_of_the_program_is_spoken_at_once(tmp_path: Path) -> None:
    out = tmp_path / "uk.xlsx"
    run("instrument", "sheet", "interface", out, "--language", "uk")
    filled = fill(out, tmp_path / "filled.xlsx", {program_key("List the questionnaires."): "Показати анкети."})
    run("instrument", "import-sheet", filled, "--yes", "--by", "Olena")
    assert "українська – Ukrainian (uk)" in run("languages")
