"""A translator's sheet: made, filled in, read back, taken over and signed off."""

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app import __version__, catalogues
from capacity_app.catalogues import PROGRAM, Standing
from capacity_app.domain.problems import KnownError
from capacity_app.instruments.translating.preview import Fate, Preview
from capacity_app.services.translating import preview_sheet, share_of, subject_of, take, write_sheet
from capacity_app.services.translation_reading import read_sheet
from capacity_app.texts import Texts
from tests.translators import (
    FIRST_ROW,
    KEY,
    NOTE,
    NUMBER,
    SOURCE,
    TEXT,
    fill,
    own_po,
    rows_by_key,
    shuffled,
    small_library,
    texts_of,
)

TORTURE = os.environ.get("CAPACITY_TORTURE") == "1"
TYPED = {"r|title": "მკითხველები", "r.survey|text": "ეკითხებიან მკითხველებს?", "r.survey|anchor 2": "ხანდახან."}
_SPEAKABLE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n"), max_size=60)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    small_library()
    file = tmp_path / "small-ka.xlsx"
    write_sheet("small", "ka", file)
    return file


def fates(found: Preview) -> dict[str, Fate]:
    return {one.passage.key: one.fate for one in found.outcomes if one.passage}


def codes(found: Preview) -> set[str]:
    return {problem.code for one in found.outcomes for problem in one.problems}


# -- the sheet -----------------------------------------------------------------------------------------------------


def test_the_sheet_holds_every_text_with_its_key_place_and_context(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    assert book.sheetnames[:3] == ["Read me", "Texts", "Glossary"]
    assert book["_translation"].sheet_state == "hidden"
    texts = texts_of(book)
    assert set(rows_by_key(texts)) == set(subject_of("small").by_key)
    assert texts.column_dimensions["A"].hidden
    assert texts.row_dimensions[1].hidden
    assert texts.freeze_panes == "A3"
    assert texts.auto_filter.ref is not None
    row = rows_by_key(texts)["r.survey|anchor 2"]
    assert texts.cell(row, SOURCE).value == "A survey every few years."
    assert not texts.cell(row, TEXT).protection.locked
    assert texts.cell(row, SOURCE).protection.locked
    assert texts.cell(row, TEXT).alignment.wrap_text
    choices = book["Read me"].data_validations.dataValidation[0].formula1
    assert "yes" in choices


def test_a_language_written_leftwards_is_written_from_the_right(tmp_path: Path) -> None:
    small_library()
    file = tmp_path / "ar.xlsx"
    write_sheet("small", "ar", file)
    texts = texts_of(openpyxl.load_workbook(file))
    alignment = texts.cell(FIRST_ROW, TEXT).alignment
    assert (alignment.horizontal, alignment.readingOrder) == ("right", 2)
    assert texts.cell(FIRST_ROW, SOURCE).alignment.horizontal == "left"


def test_the_programs_sentences_have_a_row_for_each_form(tmp_path: Path) -> None:
    file = tmp_path / "ru.xlsx"
    write_sheet(PROGRAM, "ru", file)
    texts = texts_of(openpyxl.load_workbook(file))
    whats = {str(texts.cell(row, 5).value) for row in range(FIRST_ROW, texts.max_row + 1)}
    assert any("for 2 to 4" in what for what in whats)
    assert preview_sheet(file).counts[Fate.REFUSED] == 0
    assert not preview_sheet(file).taken


@pytest.mark.parametrize(
    ("wanted", "language", "name"), [("small", "en", "a.xlsx"), ("small", "xx", "a.xlsx"), ("small", "ka", "a.csv"),
                                     ("no-such", "ka", "a.xlsx"), (PROGRAM, "en", "a.xlsx")]
)  # fmt: skip
def test_what_cannot_be_translated_is_said_and_nothing_written(
    tmp_path: Path, wanted: str, language: str, name: str
) -> None:
    small_library()
    with pytest.raises(KnownError):
        write_sheet(wanted, language, tmp_path / name)
    assert not (tmp_path / name).exists()


# -- reading it back -----------------------------------------------------------------------------------------------


@pytest.mark.promise("a sheet gives back what was typed", "any text, rows in any order")
@settings(max_examples=400 if TORTURE else 20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([" a ", "=1+1", "_x0041_", "<r>b</r>", "\n", "\u2067نص\u2069", "1", "TRUE"], 1)
@given(texts=st.lists(_SPEAKABLE, min_size=3, max_size=8), seed=st.integers(0, 1_000))
def test_what_was_typed_comes_back_exactly_in_any_order(sheet: Path, texts: list[str], seed: int) -> None:
    keys = list(subject_of("small").by_key)
    typed = dict(zip(keys, texts, strict=False))
    filled = fill(sheet, sheet.with_name("filled.xlsx"), typed)
    shuffled(filled, seed)
    read = {row.key: row.text for row in read_sheet(filled).rows}
    assert {key: read[key] for key in typed} == typed
    assert set(read) == set(keys)


def test_a_sheet_is_previewed_taken_over_and_shown(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("filled.xlsx"), TYPED, said={"@by": "Nino K.", "@on": "2026-05-06"})
    found = preview_sheet(filled)
    assert found.counts[Fate.NEW] == 3
    assert found.counts[Fate.MISSING] == len(found.subject.passages) - 3
    assert not own_po().exists()
    assert take(found).file == own_po()
    assert "# Nino K., 2026-05-06" in own_po().read_text("utf-8")
    assert Texts("ka").wording("small", "r|title", "Readers") == TYPED["r|title"]
    assert preview_sheet(filled).counts[Fate.SAME] == 3
    assert take(preview_sheet(filled)).file is None


def test_an_empty_cell_and_a_deleted_row_change_nothing(sheet: Path) -> None:
    take(preview_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED)))
    again = sheet.with_name("again.xlsx")
    write_sheet("small", "ka", again)
    book = openpyxl.load_workbook(again)
    texts = texts_of(book)
    rows = rows_by_key(texts)
    texts.cell(rows["r|title"], TEXT).value = None
    texts.delete_rows(rows["r.survey|anchor 2"])
    book.save(again)
    found = preview_sheet(again)
    assert not found.taken
    assert found.counts[Fate.SAME] == 3


def test_a_changed_translation_shows_the_old_and_the_new(sheet: Path) -> None:
    take(preview_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED)))
    found = preview_sheet(fill(sheet, sheet.with_name("2.xlsx"), {"r|title": "სხვა"}))
    one = next(one for one in found.outcomes if one.fate is Fate.CHANGED)
    assert (one.before, one.after) == (TYPED["r|title"], "სხვა")
    take(found)
    assert share_of(subject_of("small"), "ka").done == 3


def test_formulas_wrong_places_and_copies_are_refused_with_their_cell(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    texts = texts_of(book)
    rows = rows_by_key(texts)
    texts.cell(rows["r|title"], TEXT).value = '=HYPERLINK("https://example.org","x")'
    texts.cell(rows["r.survey|text"], TEXT).value = "{count}"
    texts.cell(rows["r.survey|anchor 0"], TEXT).value = "ა"
    texts.append([texts.cell(rows["r.survey|anchor 0"], column).value for column in range(1, 11)])
    texts.cell(texts.max_row, TEXT).value = "ბ"
    texts.append([None, None, None, None, None, "My own row", None, "ჩემი"])
    texts.cell(rows["r.survey|anchor 1"], SOURCE).value = "Somebody typed here."
    texts.cell(rows["r.survey|anchor 1"], TEXT).value = "გ"
    book.save(sheet)
    found = preview_sheet(sheet)
    assert found.counts[Fate.REFUSED] == 5
    assert codes(found) == {f"translation.{code}" for code in ("formula", "places", "twice", "unknown", "source")}
    assert not found.taken
    for one in found.outcomes:
        assert one.fate is not Fate.REFUSED or one.place.startswith("Texts, H")


def test_a_text_that_has_changed_since_is_told_and_not_taken(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("1.xlsx"), TYPED)
    folder = small_library()
    part = folder / "1.toml"
    part.write_text(
        part.read_text("utf-8").replace("A survey every few years.", "A survey every three years."), "utf-8"
    )
    found = preview_sheet(filled)
    assert fates(found)["r.survey|anchor 2"] is Fate.REFUSED
    assert found.counts[Fate.NEW] == 2
    assert found.problems
    assert found.problems[0].code == "translation.version"


def test_an_earlier_wording_is_shown_beside_a_changed_text(sheet: Path) -> None:
    take(preview_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED)))
    part = small_library() / "1.toml"
    part.write_text(
        part.read_text("utf-8").replace("A survey every few years.", "A survey every three years."), "utf-8"
    )
    catalogues.forget()
    write_sheet("small", "ka", sheet)
    texts = texts_of(openpyxl.load_workbook(sheet))
    row = rows_by_key(texts)["r.survey|anchor 2"]
    assert texts.cell(row, TEXT).value is None
    assert "ხანდახან." in str(texts.cell(row, 7).value)
    assert str(texts.cell(row, 10).value).startswith("changed")


def test_keys_and_columns_that_were_lost_are_found_again(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("1.xlsx"), TYPED)
    for spoil in (lambda texts: texts.delete_rows(1), lambda texts: texts.insert_cols(6), _without_keys):
        book = openpyxl.load_workbook(filled)
        spoil(texts_of(book))
        book.save(sheet)
        assert preview_sheet(sheet).counts[Fate.NEW] == 3, spoil


def _without_keys(texts: object) -> None:
    assert isinstance(texts, Worksheet)
    for row in range(FIRST_ROW, texts.max_row + 1):
        assert texts.cell(row, NUMBER).value
        texts.cell(row, KEY).value = None


def test_sheets_may_be_renamed_and_split(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("1.xlsx"), TYPED)
    book = openpyxl.load_workbook(filled)
    texts_of(book).title = "ტექსტები"
    book.copy_worksheet(book["ტექსტები"])
    book.save(filled)
    assert preview_sheet(filled).counts[Fate.NEW] == 3


def test_the_form_of_a_sentence_that_is_missing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "uk.xlsx"
    write_sheet(PROGRAM, "uk", file)
    plural = next(one for one in subject_of(PROGRAM).passages if one.plural and "{count}" in one.plural)
    some = {f"{plural.key}#0": "{count} раз"}
    found = preview_sheet(fill(file, tmp_path / "1.xlsx", some))
    assert codes(found) == {"translation.forms"}
    forms = {f"{plural.key}#{number}": f"{{count}} x{number}" for number in range(3)}
    found = preview_sheet(fill(file, tmp_path / "2.xlsx", forms))
    assert found.counts[Fate.NEW] == 1
    take(found, "Olena")
    assert "uk" in catalogues.program_languages()
    assert Texts("uk").ngettext(plural.source, plural.plural, 3) == "{count} x1"
    assert catalogues.program_review("uk").standing(__version__) is Standing.UNREVIEWED


# -- signing off ---------------------------------------------------------------------------------------------------


def test_a_sheet_that_is_signed_off_is_so_in_the_name_it_gives(sheet: Path) -> None:
    said = {"@by": "Nino K.", "@on": "2026-05-06", "@signed-off": "yes"}
    found = preview_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED, said=said))
    assert take(found).is_signed_off
    share = share_of(subject_of("small"), "ka")
    assert (share.standing, share.review.by, share.review.on) == (Standing.REVIEWED, "Nino K.", "2026-05-06")


def test_a_sign_off_needs_a_name_and_nothing_refused(sheet: Path) -> None:
    found = preview_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED))
    with pytest.raises(KnownError, match="who signs"):
        take(found, sign_off=True)
    found = preview_sheet(fill(sheet, sheet.with_name("1.xlsx"), {**TYPED, "r|title": "{x}"}))
    with pytest.raises(KnownError, match="refused"):
        take(found, "Nino", sign_off=True)
    assert not own_po().exists()


def test_what_came_with_the_program_is_signed_off_with_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "fr.xlsx"
    write_sheet("unsd-nmdc", "fr", file)
    assert Texts("fr").standing("unsd-nmdc", "1.0") is Standing.UNREVIEWED
    take(preview_sheet(file), "Claire", sign_off=True)
    assert Texts("fr").standing("unsd-nmdc", subject_of("unsd-nmdc").version) is Standing.REVIEWED


# -- strangers' files ----------------------------------------------------------------------------------------------


def test_damaged_and_foreign_files_end_in_a_sentence(sheet: Path, tmp_path: Path) -> None:
    content = sheet.read_bytes()
    files = {
        "half.xlsx": content[: len(content) // 2],
        "empty.xlsx": b"",
        "text.xlsx": b"hello",
        "zip.xlsx": b"PK\x03\x04" + b"\0" * 100,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(KnownError):
            preview_sheet(tmp_path / name)
    with pytest.raises(KnownError):
        preview_sheet(tmp_path / "missing.xlsx")
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(KnownError, match="no sheet for translators"):
        preview_sheet(tmp_path / "other.xlsx")


@pytest.mark.parametrize(
    ("name", "value"),
    [("format", "2"), ("format", "x"), ("subject", "../../etc"), ("subject", "no-such"), ("language", "../x"),
     ("language", "en"), ("subject", ""), ("format", "²")],
)  # fmt: skip
def test_a_tampered_hidden_sheet_ends_in_a_sentence(sheet: Path, name: str, value: str) -> None:
    book = openpyxl.load_workbook(sheet)
    for line in book["_translation"].iter_rows():
        if line[0].value == name:
            line[1].value = value
    book.save(sheet)
    with pytest.raises(KnownError):
        preview_sheet(sheet)


def test_a_sheet_without_texts_and_an_endless_one_end_in_a_sentence(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    del book["Texts"]
    book.save(sheet)
    with pytest.raises(KnownError, match="no sheet with texts"):
        preview_sheet(sheet)


def test_numbers_dates_and_errors_in_cells_do_no_harm(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    texts = texts_of(book)
    values: tuple[float | bool | str, ...] = (1.0, True, "#REF!", 1e20)
    for row, value in enumerate(values, start=FIRST_ROW):
        texts.cell(row, TEXT).value = value
    texts.cell(FIRST_ROW + 5, TEXT).value = "=1/0"
    texts.cell(FIRST_ROW + 6, NOTE).value = "=1/0"
    book.save(sheet)
    found = preview_sheet(sheet)
    assert found.counts[Fate.NEW] >= 2


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_sheet_saved_again_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    import subprocess  # noqa: PLC0415 - only here

    file, filled = tmp_path / "ru.xlsx", tmp_path / "filled.xlsx"
    write_sheet(PROGRAM, "ru", file)
    odd = {"a": " spaces ", "b": "two\nlines", "c": "=text", "d": "_x0041_", "e": "\u2067نص\u2069"}
    keys = [row.key for row in read_sheet(file).rows][: len(odd)]
    fill(file, filled, dict(zip(keys, odd.values(), strict=True)))
    before = {row.key: (row.source, row.text) for row in read_sheet(filled).rows}
    again = tmp_path / "again"
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(again), str(filled)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    after = {row.key: (row.source, row.text) for row in read_sheet(again / "filled.xlsx").rows}
    assert after == before
    assert zipfile.is_zipfile(again / "filled.xlsx")
