"""Translators' sheets from the command line: made, listed, taken over, signed off; and who stands for what."""

import json
from pathlib import Path

from capacity_app.services.translating import write_sheet
from tests.test_command_line import run
from tests.translators import fill, own_po, small_library

TYPED = {"r|title": "მკითხველები", "r.survey|text": "ეკითხებიან?"}


def sheet(folder: Path, typed: dict[str, str] = TYPED, **said: str) -> Path:
    small_library()
    file = folder / "sheet.xlsx"
    write_sheet("small", "ka", file)
    return fill(file, folder / "filled.xlsx", typed, said=said)


def test_a_sheet_is_written_filled_listed_and_taken_over_only_once_somebody_says_so(tmp_path: Path) -> None:
    small_library()
    out = tmp_path / "small.xlsx"
    assert "Wrote" in run("instrument", "sheet", "small", out, "--language", "ka")
    filled = fill(out, tmp_path / "filled.xlsx", {**TYPED, "r.survey|anchor 0": "{x}"})
    shown = run("instrument", "take-sheet", filled, code=1)
    assert "New, Texts, H" in shown
    assert "Refused, Texts, H" in shown
    assert "2 new, 0 changed, 0 the same, 1 refused" in shown
    assert "Nothing was written" in shown
    assert not own_po().exists()
    shown = run("instrument", "take-sheet", filled, "--yes", "--by", "Nino K.", code=1)
    assert "2 translations were taken over" in shown
    assert "# Nino K., " in own_po().read_text("utf-8")


def test_a_sign_off_is_listed_with_name_date_and_version(tmp_path: Path) -> None:
    filled = sheet(tmp_path)
    data = json.loads(run("instrument", "take-sheet", filled, "--yes", "--by", "Nino K.", "--sign-off", "--json"))
    assert data["taken"]["is_signed_off"]
    assert data["counts"]["new"] == 2
    assert all(one["fate"] != "same" for one in data["texts"])
    listed = run("languages")
    assert "ქართული – Georgian (ka)" in listed
    assert "Small: 2 of 17 texts; reviewed by Nino K. on" in listed
    found = json.loads(run("languages", "--json"))["languages"]
    part = next(part for one in found if one["language"] == "ka" for part in one["parts"] if part["subject"] == "small")
    assert (part["done"], part["standing"], part["by"], part["reviewed_version"]) == (2, "reviewed", "Nino K.", "1.0")


def test_what_the_world_refuses_ends_in_a_sentence(tmp_path: Path) -> None:
    small_library()
    out = tmp_path / "a.xlsx"
    assert "no language" in run("instrument", "sheet", "small", out, "--language", "xx", code=1)
    assert "no instrument" in run("instrument", "sheet", "nothing", out, "--language", "ka", code=1)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04broken")
    assert "broken.xlsx" in run("instrument", "take-sheet", tmp_path / "broken.xlsx", code=1)
    said = json.loads(run("instrument", "take-sheet", tmp_path / "none.xlsx", "--progress", code=1))
    assert "none.xlsx" in said["error"]
    filled = sheet(tmp_path)
    assert "who signs" in run("instrument", "take-sheet", filled, "--yes", "--sign-off", code=1)


def test_a_translation_of_the_program_is_spoken_at_once(tmp_path: Path) -> None:
    from capacity_app.instruments.translating.program import key_of  # noqa: PLC0415 - only here

    out = tmp_path / "uk.xlsx"
    run("instrument", "sheet", "interface", out, "--language", "uk")
    filled = fill(out, tmp_path / "filled.xlsx", {key_of("List the instruments."): "Показати анкети."})
    run("instrument", "take-sheet", filled, "--yes", "--by", "Olena")
    assert "українська – Ukrainian (uk)" in run("languages")
