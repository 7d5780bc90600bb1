"""A translation sheet: written, filled in, read, applied and signed off."""

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from capacity_app import __version__
from capacity_app.domain.problems import KnownError, ProblemSeverity
from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import PROGRAM, ReviewStatus
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.translations import read_translations, review_status
from capacity_app.services.exchange.translation_sheet import (
    TranslationPreview,
    apply_translation_sheet,
    preview_translation_sheet,
    read_translation_sheet,
    translation_subject,
    write_translation_sheet,
)
from tests.translators import (
    CONTEXT,
    FIRST_ROW,
    GLOSSARY,
    QUESTIONS,
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
    write_translation_sheet("small", "ka", file)
    return file


def changed(found: TranslationPreview) -> dict[str, tuple[str, ...]]:
    return {change.text.key: change.after for change in found.changes}


def codes(found: TranslationPreview) -> list[str]:
    return [problem.code.removeprefix("translation.") for problem in found.problems]


# -- the sheet -----------------------------------------------------------------------------------------------------


def test_the_sheet_holds_every_text_with_its_key_place_and_context(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    assert book.sheetnames == ["Translation"]
    texts = texts_of(book)
    assert list(rows_by_key(texts)) == [text.key for text in translation_subject("small").texts]
    assert texts.row_dimensions[1].hidden
    assert texts.freeze_panes == "A3"
    assert texts.auto_filter.ref is not None
    assert texts.protection.sheet
    row = rows_by_key(texts)["r.survey|anchor 2"]
    assert texts.cell(row, SOURCE).value == "A survey every few years."
    assert texts.cell(row, CONTEXT).value == "1.1 Are readers asked what they need?"
    assert not texts.cell(row, TEXT).protection.locked
    assert texts.cell(row, TEXT).alignment.wrap_text
    assert all(texts.cell(row, column).protection.locked for column in range(1, TEXT))
    row = rows_by_key(texts)["r.visits|column frequency option never"]
    assert texts.cell(row, CONTEXT).value == "1.2 How often are visits counted?\nFrequency"


@pytest.mark.check
def test_words_of_the_glossary_are_shown_beside_the_texts_that_have_them(tmp_path: Path) -> None:
    terms = {term.english: term.translation for term in catalogues.glossary("fr")}
    file = tmp_path / "fr.xlsx"
    write_translation_sheet("unsd-nmdc", "fr", file)
    texts = texts_of(openpyxl.load_workbook(file))
    hints = [
        (str(texts.cell(row, SOURCE).value), str(texts.cell(row, GLOSSARY).value or ""))
        for row in range(FIRST_ROW, texts.max_row + 1)
    ]
    shown = f"national statistical office – {terms['national statistical office']}"
    assert any(shown in hint for _source, hint in hints)
    assert all("national statistical office" in source.casefold() for source, hint in hints if shown in hint)


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    small_library(QUESTIONS.replace("Are readers asked what they need?", "=1+1 is how much?"))
    file = tmp_path / "small.xlsx"
    write_translation_sheet("small", "ka", file)
    texts = texts_of(openpyxl.load_workbook(file))
    cell = texts.cell(rows_by_key(texts)["r.survey|text"], SOURCE)
    assert (cell.value, cell.data_type) == ("=1+1 is how much?", "s")


def test_a_language_written_leftwards_is_written_from_the_right(tmp_path: Path) -> None:
    small_library()
    file = tmp_path / "ar.xlsx"
    write_translation_sheet("small", "ar", file)
    texts = texts_of(openpyxl.load_workbook(file))
    alignment = texts.cell(FIRST_ROW, TEXT).alignment
    assert (alignment.horizontal, alignment.readingOrder) == ("right", 2)
    assert texts.cell(FIRST_ROW, SOURCE).alignment.horizontal == "left"


@pytest.mark.check
def test_the_programs_sentences_have_a_row_for_each_form(tmp_path: Path) -> None:
    file = tmp_path / "ru.xlsx"
    write_translation_sheet(PROGRAM, "ru", file)
    texts = texts_of(openpyxl.load_workbook(file))
    contexts = {str(texts.cell(row, CONTEXT).value) for row in range(FIRST_ROW, texts.max_row + 1)}
    assert any("Plural form for 2, 3, 4, 22 …" in context for context in contexts)
    assert any("ui/pages/questionnaires/questionnaires_page.py" in context for context in contexts)
    found = preview_translation_sheet(file)
    assert (found.changes, found.problems) == ((), ())


@pytest.mark.parametrize(
    ("wanted", "language", "name"), [("small", "en", "a.xlsx"), ("small", "xx", "a.xlsx"), ("small", "ka", "a.csv"),
                                     ("no-such", "ka", "a.xlsx"), (PROGRAM, "en", "a.xlsx")]
)  # fmt: skip
def test_what_cannot_be_translated_is_said_and_nothing_written(
    tmp_path: Path, wanted: str, language: str, name: str
) -> None:
    small_library()
    with pytest.raises(KnownError):
        write_translation_sheet(wanted, language, tmp_path / name)
    assert not (tmp_path / name).exists()


# -- reading it back -----------------------------------------------------------------------------------------------


@pytest.mark.check
@pytest.mark.promise("a sheet gives back what was typed", "any text, rows in any order")
@settings(max_examples=400 if TORTURE else 20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([" a ", "=1+1", "_x0041_", "<r>b</r>", "\n", "\u2067نص\u2069", "1", "TRUE"], 1)
@given(texts=st.lists(_SPEAKABLE, min_size=3, max_size=8), seed=st.integers(0, 1_000))
def test_what_was_typed_comes_back_exactly_in_any_order(sheet: Path, texts: list[str], seed: int) -> None:
    keys = [text.key for text in translation_subject("small").texts]
    typed = dict(zip(keys, texts, strict=False))
    filled = fill(sheet, sheet.with_name("filled.xlsx"), typed)
    shuffled(filled, seed)
    read = {row.key: row.typed for row in read_translation_sheet(filled).rows}
    assert read == {key: text for key, text in typed.items() if text.strip()}


def test_a_sheet_is_previewed_applied_and_shown(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("filled.xlsx"), TYPED)
    found = preview_translation_sheet(filled)
    assert changed(found) == {key: (text,) for key, text in TYPED.items()}
    assert not own_po().exists()
    assert apply_translation_sheet(found, "Nino K.") == own_po()
    assert "Last-Translator: Nino K., unreviewed" in own_po().read_text("utf-8")
    assert Translator("ka").wording("small", "r|title", "Readers") == TYPED["r|title"]
    assert not preview_translation_sheet(filled).changes
    assert apply_translation_sheet(preview_translation_sheet(filled)) is None


def test_an_empty_cell_and_a_deleted_row_change_nothing(sheet: Path) -> None:
    apply_translation_sheet(preview_translation_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED)))
    again = sheet.with_name("again.xlsx")
    write_translation_sheet("small", "ka", again)
    book = openpyxl.load_workbook(again)
    texts = texts_of(book)
    rows = rows_by_key(texts)
    assert texts.cell(rows["r|title"], TEXT).value == TYPED["r|title"]
    texts.cell(rows["r|title"], TEXT).value = None
    texts.delete_rows(rows["r.survey|anchor 2"])
    book.save(again)
    found = preview_translation_sheet(again)
    assert (found.changes, found.problems) == ((), ())


def test_a_changed_translation_shows_the_old_and_the_new(sheet: Path) -> None:
    apply_translation_sheet(preview_translation_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED)))
    found = preview_translation_sheet(fill(sheet, sheet.with_name("2.xlsx"), {"r|title": "სხვა"}))
    assert [(one.before, one.after) for one in found.changes] == [((TYPED["r|title"],), ("სხვა",))]
    apply_translation_sheet(found)
    assert len(read_translations(translation_subject("small"), "ka").forms) == 3


def test_formulas_wrong_placeholders_and_copies_are_refused_with_their_cell(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    texts = texts_of(book)
    rows = rows_by_key(texts)
    texts.cell(rows["r|title"], TEXT).value = '=HYPERLINK("https://example.org","x")'
    texts.cell(rows["r.survey|text"], TEXT).value = "{count}"
    texts.cell(rows["r.survey|anchor 0"], TEXT).value = "ა"
    texts.append([texts.cell(rows["r.survey|anchor 0"], column).value for column in range(1, TEXT)])
    texts.cell(texts.max_row, TEXT).value = "ბ"
    texts.append([None, "My own row", None, None, "ჩემი"])
    texts.cell(rows["r.survey|anchor 1"], SOURCE).value = "Somebody typed here."
    texts.cell(rows["r.survey|anchor 1"], TEXT).value = "გ"
    book.save(sheet)
    found = preview_translation_sheet(sheet)
    assert sorted(codes(found)) == ["formula", "placeholders", "source", "twice", "unknown"]
    assert found.errors == 5
    assert not found.changes
    by_code = {problem.code: problem.place for problem in found.problems}
    assert by_code["translation.placeholders"] == f"Translation, E{rows['r.survey|text']}"
    assert by_code["translation.unknown"] == f"Translation, E{texts.max_row}"
    assert all(problem.text() for problem in found.problems)


def test_a_text_that_has_changed_since_is_named_and_not_applied(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("1.xlsx"), TYPED)
    reword("A survey every few years.", "A survey every three years.")
    found = preview_translation_sheet(filled)
    assert codes(found) == ["source"]
    assert found.problems[0].place.startswith("Translation, E")
    assert set(changed(found)) == {"r|title", "r.survey|text"}


def test_a_sheet_of_another_version_is_read_with_a_warning(sheet: Path) -> None:
    book = openpyxl.load_workbook(fill(sheet, sheet, TYPED))
    texts_of(book).cell(1, 3).value = "0.9"
    book.save(sheet)
    found = preview_translation_sheet(sheet)
    assert [(one.code, one.severity) for one in found.problems] == [("translation.version", ProblemSeverity.WARNING)]
    assert set(changed(found)) == set(TYPED)


def reword(old: str, new: str) -> None:
    part = small_library() / "1.toml"
    part.write_text(part.read_text("utf-8").replace(old, new), "utf-8")
    catalogues.clear_cache()


def test_an_earlier_wording_is_shown_beside_a_changed_text(sheet: Path) -> None:
    apply_translation_sheet(preview_translation_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED)))
    reword("A survey every few years.", "A survey every three years.")
    write_translation_sheet("small", "ka", sheet)
    texts = texts_of(openpyxl.load_workbook(sheet))
    row = rows_by_key(texts)["r.survey|anchor 2"]
    assert texts.cell(row, TEXT).value is None
    assert "Before: “A survey every few years.” – “ხანდახან.”" in str(texts.cell(row, CONTEXT).value)


def test_columns_may_be_added_and_the_sheet_renamed_and_moved(sheet: Path) -> None:
    filled = fill(sheet, sheet.with_name("1.xlsx"), TYPED)
    book = openpyxl.load_workbook(filled)
    texts = texts_of(book)
    texts.insert_cols(3)
    for column in range(4, 6):
        texts.cell(1, column - 1).value = texts.cell(1, column).value
    texts.title = "ტექსტები"
    book.create_sheet("My notes", 0).append(["Ask about row 5"])
    book.save(sheet)
    assert set(changed(preview_translation_sheet(sheet))) == set(TYPED)


@pytest.mark.check
def test_a_missing_plural_form_is_named(tmp_path: Path) -> None:
    file = tmp_path / "uk.xlsx"
    write_translation_sheet(PROGRAM, "uk", file)
    plural = next(one for one in translation_subject(PROGRAM).texts if one.plural and "{count}" in one.plural)
    some = {f"{plural.key}#0": "{count} раз"}
    found = preview_translation_sheet(fill(file, tmp_path / "1.xlsx", some))
    assert codes(found) == ["forms"]
    forms = {f"{plural.key}#{number}": f"{{count}} x{number}" for number in range(3)}
    found = preview_translation_sheet(fill(file, tmp_path / "2.xlsx", forms))
    assert changed(found) == {plural.key: tuple(forms.values())}
    apply_translation_sheet(found, "Olena")
    assert "uk" in catalogues.program_languages()
    assert Translator("uk").ngettext(plural.source, plural.plural, 3) == "{count} x1"
    assert catalogues.program_review("uk").standing(__version__) is ReviewStatus.UNREVIEWED


# -- signing off ---------------------------------------------------------------------------------------------------


def test_a_sign_off_needs_a_name_and_no_errors(sheet: Path) -> None:
    found = preview_translation_sheet(fill(sheet, sheet.with_name("1.xlsx"), TYPED))
    with pytest.raises(KnownError, match="signed off by name"):
        apply_translation_sheet(found, is_signed_off=True)
    found = preview_translation_sheet(fill(sheet, sheet.with_name("1.xlsx"), {**TYPED, "r|title": "{x}"}))
    with pytest.raises(KnownError, match=r"has errors \(1\)"):
        apply_translation_sheet(found, "Nino", is_signed_off=True)
    with pytest.raises(KnownError, match="no translation to sign off"):
        apply_translation_sheet(preview_translation_sheet(sheet), "Nino", is_signed_off=True)
    assert not own_po().exists()


@pytest.mark.check
def test_what_came_with_the_program_is_signed_off_with_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "fr.xlsx"
    write_translation_sheet("unsd-nmdc", "fr", file)
    version = translation_subject("unsd-nmdc").version
    assert review_status("unsd-nmdc", version, "fr")[0] is ReviewStatus.UNREVIEWED
    apply_translation_sheet(preview_translation_sheet(file), "Claire", is_signed_off=True)
    standing, review = review_status("unsd-nmdc", version, "fr")
    assert (standing, review.by) == (ReviewStatus.REVIEWED, "Claire")


# -- files from outside --------------------------------------------------------------------------------------------


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
            preview_translation_sheet(tmp_path / name)
    with pytest.raises(KnownError):
        preview_translation_sheet(tmp_path / "missing.xlsx")
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(KnownError, match="not a translation sheet"):
        preview_translation_sheet(tmp_path / "other.xlsx")


@pytest.mark.parametrize(
    ("column", "value"),
    [(1, "capacity-app translation 3"), (1, "capacity-app translation ²"), (1, None), (2, "../../etc"),
     (2, "no-such"), (2, None), (4, "../x"), (4, "en"), (4, None)],
)  # fmt: skip
def test_a_tampered_first_row_ends_in_a_sentence(sheet: Path, column: int, value: str | None) -> None:
    book = openpyxl.load_workbook(sheet)
    texts_of(book).cell(1, column).value = value
    book.save(sheet)
    with pytest.raises(KnownError):
        preview_translation_sheet(sheet)


def test_a_sheet_without_its_first_rows_ends_in_a_sentence(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    texts_of(book).delete_rows(1)
    book.save(sheet)
    with pytest.raises(KnownError, match="first two rows"):
        preview_translation_sheet(sheet)


def test_numbers_dates_and_errors_in_cells_do_no_harm(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    texts = texts_of(book)
    values: tuple[float | bool | str, ...] = (1.0, True, "#REF!", 1e20)
    for row, value in enumerate(values, start=FIRST_ROW):
        texts.cell(row, TEXT).value = value
    texts.cell(FIRST_ROW + 5, TEXT).value = "=1/0"
    texts.cell(FIRST_ROW + 6, GLOSSARY).value = "=1/0"
    book.save(sheet)
    found = preview_translation_sheet(sheet)
    assert len(found.changes) >= 2
    assert codes(found).count("formula") == 2


@pytest.mark.check
@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_sheet_saved_again_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    import subprocess  # noqa: PLC0415 - only here

    file, filled = tmp_path / "ru.xlsx", tmp_path / "filled.xlsx"
    write_translation_sheet(PROGRAM, "ru", file)
    odd = {"a": " spaces ", "b": "two\nlines", "c": "=text", "d": "_x0041_", "e": "\u2067نص\u2069"}
    keys = [row.key for row in read_translation_sheet(file).rows][: len(odd)]
    fill(file, filled, dict(zip(keys, odd.values(), strict=True)))
    before = read_translation_sheet(filled)
    again = tmp_path / "again"
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(again), str(filled)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    assert read_translation_sheet(again / "filled.xlsx") == before
    assert zipfile.is_zipfile(again / "filled.xlsx")
