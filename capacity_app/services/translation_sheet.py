"""The sheet for a translator: one row for each text, in which only the translation can be typed.

A hidden first row says what the sheet is of. Every row has the permanent key of its text, so rows may be sorted,
filtered or deleted.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from xlsxwriter import Workbook

from capacity_app.catalogues import glossary
from capacity_app.domain.problems import N_, KnownError
from capacity_app.instruments.translations import (
    SourceText,
    Translations,
    TranslationSubject,
    expect_language,
    known_locale,
    plural_numbers,
)
from capacity_app.palette import LINE, TINT
from capacity_app.services import guard
from capacity_app.services.strangers.sentences import DAMAGED, refused
from capacity_app.workbook import looks
from capacity_app.workbook.measuring import cell_parts, clean
from capacity_app.workbook.page import put_text
from capacity_app.workbook.reader.sheets import Book, Raw, Sheet, TooManyCellsError, open_book, place_of, shown_text

FORMAT = 2
"""Version of the sheet; a higher one is refused."""
MARK = "capacity-app translation"
KEY, SOURCE, CONTEXT, GLOSSARY, TRANSLATION = COLUMNS = ("Key", "Source", "Context", "Glossary", "Translation")
_WIDTHS = (16, 50, 40, 30, 60)
_FIRST_ROW = 2
_NO_SHEET = N_("{file} is not a translation sheet, or its first two rows were removed. Nothing was changed.")
_NEWER = N_("{file} was made by a newer version of this program. Install that version to import it.")
_TOO_MANY = N_("{file} has too many cells. Delete the rows and columns that do not belong to the sheet.")
_MARK = re.compile(rf"{MARK} ([0-9]{{1,9}})")
_WORD = re.compile(r"[^\W_]+")
_ID = re.compile(r"[\w-]{1,80}(?:\.[\w-]{1,80})*")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What is typed in one row, and where ("Translation, E12"); ``is_formula`` also stands for an error."""

    key: str
    source: str
    typed: str
    place: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class TranslationSheet:
    """A sheet that was read: what it is of, its language, and its rows that are not empty."""

    subject: str
    version: str
    language: str
    rows: tuple[SheetRow, ...]


def keys_of(text: SourceText, language: str) -> tuple[str, ...]:
    """Return the keys of a text's rows: one, or one for each plural form of the language."""
    return tuple(f"{text.key}#{form}" for form in range(len(plural_numbers(language)))) if text.plural else (text.key,)


# -- writing -------------------------------------------------------------------------------------------------------


def sheet_bytes(subject: TranslationSubject, known: Translations) -> bytes:
    """Return the workbook for a translator, with what is translated already."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(looks.FONT),
    }
    with Workbook(out, options) as workbook:
        boxed = {"text_wrap": True, "valign": "top", "align": "left", "border": 1, "border_color": LINE}
        locked = workbook.add_format(boxed | {"bg_color": TINT})
        heading = workbook.add_format(boxed | {"bg_color": TINT, "bold": True})
        locale = known_locale(known.language)
        is_leftwards = locale is not None and locale.text_direction == "rtl"
        side = {"align": "right", "reading_order": 2} if is_leftwards else {}
        unlocked = workbook.add_format(boxed | {"locked": False, "num_format": "@"} | side)
        sheet = workbook.add_worksheet(TRANSLATION)
        for column, text in enumerate((f"{MARK} {FORMAT}", subject.id, subject.version, known.language)):
            sheet.write_string(0, column, text)
        sheet.set_row(0, None, None, {"hidden": True})
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.write_string(1, column, name, heading)
            sheet.set_column(column, column, width)
        row = 1
        for row, texts in enumerate(_rows(subject, known), start=_FIRST_ROW):
            for column, text in enumerate(texts):
                look = unlocked if COLUMNS[column] == TRANSLATION else locked
                if text:
                    put_text(sheet, row, column, cell_parts(clean(text))[0], look)
                else:
                    sheet.write_blank(row, column, None, look)
        sheet.autofilter(1, 0, row, len(COLUMNS) - 1)
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.protect("", dict.fromkeys(("format_columns", "format_rows", "delete_rows", "sort", "autofilter"), True))
    return out.getvalue()


def _rows(subject: TranslationSubject, known: Translations) -> Iterator[tuple[str, str, str, str, str]]:
    """Go through the rows in printed order."""
    labels = {text.key: text.source for text in subject.texts}
    own_terms = [(labels[key], known.forms[key][0]) for key in subject.terms if key in known.forms]
    terms = {_padded(one): (one, said) for one, said, *_note in (*glossary(known.language), *own_terms)}
    for text in subject.texts:
        forms = known.forms.get(text.key, ())
        context = [text.context]
        if was := known.earlier.get(text.key):
            context.append("Before: “{}” – “{}”".format(*was))
        words = _padded(text.source)
        hints = "\n".join(f"{one} – {said}" for term, (one, said) in terms.items() if term in words)
        for form, key in enumerate(keys_of(text, known.language)):
            numbers = plural_numbers(known.language)[form] if text.plural else ()
            told = [f"Plural form for {', '.join(map(str, numbers))} …"] if text.plural else []
            source = text.plural if text.plural and numbers != (1,) else text.source
            said = forms[form] if form < len(forms) else ""
            yield key, source, "\n".join(filter(None, (*told, *context))), hints, said


def _padded(text: str) -> str:
    """Return the words of a text between spaces, so that a word is found and not a part of one."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


# -- reading -------------------------------------------------------------------------------------------------------


def read_sheet(file: Path) -> TranslationSheet:
    """Read a sheet from outside; raises KnownError with one sentence."""
    content = guard.expect_workbook(file)
    try:
        return _read(open_book(content), file.name)
    except TooManyCellsError as error:
        raise refused(_TOO_MANY, file.name) from error
    except (ValueError, ET.ParseError, KeyError, OverflowError) as error:
        raise refused(DAMAGED, file.name) from error


def _read(book: Book, file: str) -> TranslationSheet:
    for sheet in map(book.sheet, book.names):
        first, headings = ([_text(cell) for cell in (*line, "", "", "", "")] for line in (*sheet.rows, [], [])[:2])
        mark = _MARK.fullmatch(first[0])
        if mark is None or not {KEY, SOURCE, TRANSLATION} <= set(headings) or not _ID.fullmatch(first[1]):
            continue
        if int(mark[1]) > FORMAT:
            raise KnownError(_NEWER, file=file)
        columns = [headings.index(name) for name in (KEY, SOURCE, TRANSLATION)]
        rows = tuple(_typed_rows(sheet, columns))
        return TranslationSheet(first[1], first[2][:40], expect_language(first[3][:40]), rows)
    raise KnownError(_NO_SHEET, file=file)


def _typed_rows(sheet: Sheet, columns: Sequence[int]) -> Iterator[SheetRow]:
    for number, line in enumerate(sheet.rows[_FIRST_ROW:], start=_FIRST_ROW):
        key, source, typed = (_text(line[column]) if column < len(line) else "" for column in columns)
        is_formula = (number, columns[-1]) in sheet.odd
        if typed.strip() or is_formula:
            yield SheetRow(key.strip(), source, typed, place_of(sheet.name, number, columns[-1]), is_formula)


def _text(raw: Raw) -> str:
    """Return a cell with line breaks as we write them."""
    return shown_text(raw).replace("\r\n", "\n").replace("\r", "\n")
