"""Every output in every language: nothing in English, nothing without a shape, nothing clipped, and the same data.

Three languages of three scripts, and fewer parts, unless CAPACITY_LANGUAGES=1.
"""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it publishes no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # as above
import pytest
from openpyxl import load_workbook

from capacity_app.cli.commands import command_line
from capacity_app.cli.options import display_width, wrap_text
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.rendering import html_for_paper
from capacity_app.services.reports import BlankFormRequest, blank_form_bytes, report_bytes
from tests.journeys.outputs import (
    EVERY,
    HERE,
    IS_LONG,
    dossier,
    english,
    html_lines,
    plain,
    printed_numbers,
    typed,
    without_typed,
    word_lines,
    workbook_lines,
)
from tests.outputs.boxes import SHEET, escaped, lay_out, overlaps, pieces
from tests.outputs.chapters import view_of
from tests.outputs.workbook import reading as workbook_reading

ON_PAPER = "full" if IS_LONG else "report"
PAIRS = (("ar", "en"), ("zh", "en"), ("th", "en"))
LEFTWARDS = frozenset({"ar"})
WITH_OWN_DIGITS = (("ar-u-nu-arab", "٠١٢٣٤٥٦٧٨٩"), ("th-u-nu-thai", "๐๑๒๓๔๕๖๗๘๙"))
CODES = re.compile(
    r"\b[IVXT]+\.[\w.]*(?: [\d.]+| \([\d., ]+\))?|\b\d+\.[\w.]+|\[\d+\]|\bE[0-3]\b|\bS\d+\b"
    r"|[0-9a-f]{4}(?: [0-9a-f]{4})+|\b[0-9a-f]{8,}\b|[\w.-]*\.(?:toml|pdf|xlsx|docx)"
    r"|\b\w+-[\w.-]*\d[\w.-]*|https?://\S+|SHA-256|Ed25519|BIP 39|PDF/\S+|[A-Z]+\d+|\d+[A-Z]\b"
)
"""What keeps 0-9: printed numbers of questions, codes, content hashes, names of files, versions and addresses."""


@cache
def _paper(language: str, second: str = "") -> str:
    return html_for_paper(view_of(dossier(), Translator(language), ON_PAPER, second), Translator(language))


@cache
def _laid(language: str, second: str = "") -> Any:
    return pieces(lay_out(_paper(language, second)))


@cache
def _made(language: str, ending: str) -> bytes:
    profile = ReportProfile.parse(ON_PAPER if ending == ".pdf" else "full")
    return report_bytes(dossier(), ending, texts=Translator(language), profile=profile)


@cache
def _blank(language: str, ending: str) -> bytes:
    blank = BlankFormRequest(instrument=dossier().instrument, sections=() if IS_LONG else ("III", "IV"))
    return blank_form_bytes(blank, ending, texts=Translator(language))


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("language", HERE)
def test_no_sentence_is_left_in_english_on_the_web_page(language: str) -> None:
    lines = html_lines(_made(language, ".html").decode())
    assert english(language).left_in(lines, typed()) == []


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("language", HERE)
def test_no_sentence_is_left_in_english_on_paper(language: str) -> None:
    # What runs along the pages comes from no template.
    lines = [*html_lines(_paper(language)), *(piece.text for piece in _laid(language) if piece.holders[0][0] == SHEET)]
    assert english(language).left_in(lines, typed()) == []


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("language", HERE)
def test_no_sentence_is_left_in_english_in_the_word_file(language: str) -> None:
    assert english(language).left_in(word_lines(_made(language, ".docx")), typed()) == []


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("language", HERE)
def test_no_sentence_is_left_in_english_in_the_workbook(language: str) -> None:
    # Names in the data sheets are for programs.
    left = english(language).left_in(workbook_lines(_made(language, ".xlsx")), typed() | {"actions"})
    assert left == []


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("language", HERE)
def test_no_sentence_is_left_in_english_in_the_blank_form(language: str) -> None:
    assert english(language).left_in(workbook_lines(_blank(language, ".xlsx")), frozenset()) == []
    text = _pdf_text(_blank(language, ".pdf"))
    long_ones = (one for one in english(language).texts if len(one) > 24)
    assert [one for one in long_ones if "".join(one.split()) in text] == []


def _pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def test_english_that_is_left_is_found() -> None:
    lines = ["Summary", "ملخص", "Table 3", "Validated on 3 May by nobody"]
    assert english("ar").left_in(lines, frozenset()) == ["Summary", "Validated on 3 May by nobody"]
    assert english("ar").left_in(lines, frozenset({"Summary"})) == ["Validated on 3 May by nobody"]


# -- letters and places -----------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(("language", "second"), [*((one, "") for one in HERE), *(PAIRS if IS_LONG else PAIRS[:1])])
def test_no_letter_is_without_a_shape_and_nothing_leaves_its_place(language: str, second: str) -> None:
    assert "‹U+" not in _paper(language, second)
    found = _laid(language, second)
    wrong = [*escaped(found), *overlaps(found)]
    assert not wrong, "\n".join([f"{len(wrong)} times:", *wrong[:20]])


@pytest.mark.long
@pytest.mark.parametrize("language", HERE)
def test_every_font_of_the_pdf_is_inside_it_and_every_letter_can_be_read(language: str, tmp_path: Path) -> None:
    for content in (_made(language, ".pdf"), _blank(language, ".pdf")):
        file = tmp_path / "report.pdf"
        file.write_bytes(content)
        listed = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout  # noqa: S607 - the distribution's poppler
        fonts = [line.split() for line in listed.splitlines()[2:]]
        assert fonts
        assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts), listed
        assert "\ufffd" not in _pdf_text(content)


# -- language and direction -------------------------------------------------------------------------------------------


def _pdf_language(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
        buffer = (pdfium.FPDF_WCHAR * (size // 2))()
        pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
        return bytes(buffer).decode("utf-16-le").rstrip("\0")
    finally:
        document.close()


@pytest.mark.long
@pytest.mark.parametrize("language", HERE)
def test_every_format_says_its_language_and_direction(language: str) -> None:
    is_leftwards = language in LEFTWARDS
    direction = "rtl" if is_leftwards else "ltr"
    assert _pdf_language(_made(language, ".pdf")) == language
    assert _pdf_language(_blank(language, ".pdf")) == language
    assert f'<html lang="{language}" dir="{direction}">' in _made(language, ".html").decode()
    with zipfile.ZipFile(io.BytesIO(_made(language, ".docx"))) as package:
        styles, body = (package.read(f"word/{name}.xml").decode() for name in ("styles", "document"))
    attribute = {"ar": "w:bidi", "th": "w:bidi", "zh": "w:eastAsia"}.get(language, "w:val")
    assert re.search(rf'<w:lang [^>]*{attribute}="{language}-', styles)
    assert ("<w:bidi/>" in body) == is_leftwards
    for content in (_made(language, ".xlsx"), _blank(language, ".xlsx")):
        book = load_workbook(io.BytesIO(content))
        assert workbook_reading.identity(book)["language"] == language
        assert all(bool(sheet.sheet_view.rightToLeft) == is_leftwards for sheet in book.worksheets)


# -- figures ----------------------------------------------------------------------------------------------------------


def _figures(lines: list[str]) -> list[str]:
    """Return the lines in which figures 0-9 stand that belong to no code and to no document that is cited."""
    instrument = dossier().instrument
    cited = {instrument.framework_version, *(source.text for source in instrument.sources)}
    found = []
    for line in dict.fromkeys(map(plain, lines)):
        if line in printed_numbers() | cited or not re.search(r"[0-9]", line):
            continue
        if re.search(r"[0-9]", CODES.sub("", without_typed(line))):
            found.append(line)
    return found


@pytest.mark.translations  # a text that is not translated yet keeps its own figures
@pytest.mark.parametrize(("language", "digits"), WITH_OWN_DIGITS)
def test_figures_are_written_with_the_digits_that_were_chosen(language: str, digits: str) -> None:
    profile = ReportProfile()  # the glossary of the full volume cites books
    page = report_bytes(dossier(), ".html", texts=Translator(language), profile=profile).decode()
    assert _figures(html_lines(page)) == []
    assert any(digit in page for digit in digits)
    word = report_bytes(dossier(), ".docx", texts=Translator(language), profile=profile)
    # An amount that may be edited stands as it comes back.
    assert set(_figures(word_lines(word))) <= {action.amount for action in dossier().actions}


@pytest.mark.long
@pytest.mark.parametrize(("language", "digits"), WITH_OWN_DIGITS)
def test_pages_are_counted_with_the_digits_that_were_chosen(language: str, digits: str) -> None:
    view = view_of(dossier(), Translator(language), "brief")
    laid = pieces(lay_out(html_for_paper(view, Translator(language))))
    feet = [piece.text for piece in laid if piece.is_at_foot]
    assert any(digits[2] in text for text in feet)
    assert not [
        text for text in feet if re.search(r"\b[0-9]{1,2}\b(?! [0-9a-f])", CODES.sub("", text)) and "·" not in text
    ]


def _is_hidden(sheet: Any, column: int) -> bool:
    return any(one.hidden and one.min <= column <= one.max for one in sheet.column_dimensions.values())


@pytest.mark.long
@pytest.mark.parametrize(("language", "digits"), WITH_OWN_DIGITS)
def test_cells_show_their_numbers_with_the_digits_that_were_chosen(language: str, digits: str) -> None:
    content = report_bytes(dossier(), ".xlsx", texts=Translator(language))
    book = load_workbook(io.BytesIO(content))
    begins = {"٠": "[$-2000401]", "๐": "[$-D00041E]"}[digits[0]]
    formats = {
        cell.number_format
        for sheet in workbook_reading.people_sheets(book)
        for row in sheet.iter_rows(min_col=2)
        for cell in row
        if isinstance(cell.value, int | float)
        and not isinstance(cell.value, bool)
        and not _is_hidden(sheet, cell.column)
    }
    assert formats
    assert {one for one in formats if not one.startswith(begins)} == set()


# -- the same data ----------------------------------------------------------------------------------------------------

CHILD = [sys.executable, "-m", "capacity_app"]


def _run(language: str, *arguments: object, encoding: str = "utf-8") -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"LANGUAGE": language, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [*CHILD, *map(str, arguments)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


_LABEL_COLUMNS = {"label", "meaning", "number", "question_text", "row_text", "column_text"}


def _cells(content: bytes, names: set[str]) -> str:
    """Write the cells of sheets, without the columns whose texts are in the language of the file."""
    book: Any = load_workbook(io.BytesIO(content), read_only=True)
    cells = {}
    for name in sorted(names):
        heading, *lines = book[name].iter_rows(values_only=True)
        kept = [column for column, title in enumerate(heading) if title not in _LABEL_COLUMNS]
        cells[name] = [heading, *([line[column] for column in kept] for line in lines)]
    return json.dumps(cells)


@pytest.mark.long
def test_the_same_answers_give_the_same_data_in_every_language(tmp_path: Path) -> None:
    file = tmp_path / "demo.assessment"
    assert _run("en", "demo", file).returncode == 0
    made: dict[str, dict[str, bytes]] = {}
    for language in ("en", *EVERY):
        folder = tmp_path / language
        folder.mkdir()
        for name in ("answers.csv", "dossier.json", "book.xlsx", "all.zip"):
            done = _run(language, "export", file, folder / name)
            assert done.returncode == 0, done.stderr
        with zipfile.ZipFile(folder / "all.zip") as archive:
            inside = {name: archive.read(name) for name in archive.namelist() if name.endswith((".csv", ".json"))}
        book = _cells((folder / "book.xlsx").read_bytes(), workbook_reading.MACHINE)
        data = {name: (folder / name).read_bytes() for name in ("answers.csv", "dossier.json")}
        made[language] = data | inside | {"sheets": book.encode()}
    for language in EVERY:
        assert made[language].keys() == made["en"].keys()
        assert [name for name in made["en"] if made[language][name] != made["en"][name]] == [], language


@pytest.mark.long
def test_the_language_of_the_report_changes_no_data(tmp_path: Path) -> None:
    file = tmp_path / "demo.assessment"
    assert _run("en", "demo", file).returncode == 0
    sheets = {}
    for language in ("en", *HERE, "ar-u-nu-arab"):
        out = tmp_path / f"{language}.xlsx"
        done = _run("fr", "report", file, out, "--language", language)
        assert done.returncode == 0, done.stderr
        sheets[language] = _cells(out.read_bytes(), workbook_reading.MACHINE)
    assert len(set(sheets.values())) == 1


# -- the command line ------------------------------------------------------------------------------------------------

COMMANDS = ("", "report", "blank", "export", "synthesis", "instrument", "backup", "register", "merge", "import")


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("language", HERE)
def test_help_is_in_the_language_and_fits_the_terminal(language: str) -> None:
    for command in COMMANDS if IS_LONG else COMMANDS[:4]:
        done = _run(language, *filter(None, (command,)), "--help")
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        # Only the name of an option with all its choices may be longer than a line.
        assert [line for line in lines if display_width(line) > 80 and "|" not in line] == []
        ours = [word for word in ("Usage:", "Options", "Commands") if Translator(language).gettext(word) != word]
        assert [line for line in lines for word in ours if line.startswith(word)] == []
        names = frozenset(command_line().commands)
        assert english(language).left_in(_sentences(done.stdout), names) == []


def _sentences(shown: str) -> list[str]:
    """Return the paragraphs of a help page: what hangs below a name belongs together."""
    found: list[str] = []
    for line in shown.splitlines():
        if line.startswith(" " * 8) and found:
            found[-1] = f"{found[-1]} {line.strip()}"
        else:
            found += [part for part in re.split(r" {2,}", line.strip()) if part]
    return found


@pytest.mark.check
@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        pytest.param(language, encoding, marks=() if (language, encoding) == ("zh", "ascii") else pytest.mark.check)
        for language in ("ar", "zh", "fr")
        for encoding in ("ascii", "latin-1", "cp1252")
    ],
)
def test_a_terminal_that_cannot_print_a_language_is_no_reason_to_stop(language: str, encoding: str) -> None:
    for arguments in (("--help",), ("report",), ("score", "no such file.assessment")):
        done = _run(language, *arguments, encoding=encoding)
        assert "Traceback" not in done.stderr + done.stdout
        assert done.stdout + done.stderr
        assert done.returncode == (0 if arguments == ("--help",) else done.returncode)


def test_mistakes_are_told_in_the_language() -> None:
    done = _run("zh", "report", "--nothing-like-it")
    assert done.returncode == 2
    assert Translator("zh").gettext("No such option {name!r}.").partition("{")[0] in done.stderr


def test_columns_are_counted_as_they_are_shown() -> None:
    assert [display_width(text) for text in ("abc", "中文", "ที่", "é", "e\u0301")] == [3, 4, 1, 1, 1]
    assert wrap_text("中文，中文中文", 6) == ["中文，", "中文中", "文"]
    assert all(display_width(line) <= 10 for line in wrap_text("การประเมินขีดความสามารถ และ word", 10))
    assert "".join(wrap_text("one two three", 7)) == "one twothree"
