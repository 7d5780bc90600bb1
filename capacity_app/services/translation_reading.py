"""A translator's sheet read back: found by its hidden line and keys, whatever became of rows, columns and sheets."""

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.instruments.translating.files import expect_language, plain_name
from capacity_app.instruments.translating.preview import Filled, Returned
from capacity_app.services import guard
from capacity_app.services.strangers.sentences import DAMAGED, refused
from capacity_app.services.translation_sheet import (
    BY_MARK,
    FORMAT,
    META_SHEET,
    ON_MARK,
    ROW_KEY,
    SIGNED_MARK,
    YES,
    Column,
)
from capacity_app.workbook.reader.sheets import (
    Book,
    Place,
    Raw,
    Sheet,
    TooManyCellsError,
    open_book,
    place_of,
    shown_text,
)

NO_SHEET = N_("{file} is no sheet for translators, or its hidden sheet was removed. Make a new one and copy the texts.")
NEWER = N_("{file} was made by a newer version of this program. Install that version to read it.")
NO_TEXTS = N_("{file} has no sheet with texts: its hidden first line and its keys were removed.")
TOO_MANY = N_("{file} has far too many cells. Delete in it what does not belong to the sheet.")
_DATE_LOST = N_("The date “{date}” on the first sheet is not written as year-month-day: today’s date is used.")
_LONGEST = 40_000
_MOST_ROWS = 60_000
_ID = re.compile(r"[\w-]{1,80}(?:\.[\w-]{1,80})*")
_VALUE_COLUMN = 2
"""Where the translator answers on the first sheet."""


def read_sheet(file: Path) -> Returned:
    """Read a sheet that came back; raises KnownError with one sentence."""
    content = guard.expect_workbook(file)
    try:
        book = open_book(content)
        return _Reader(book, file.name).read()
    except TooManyCellsError as error:
        raise refused(TOO_MANY, file.name) from error
    except (ValueError, ET.ParseError, KeyError, OverflowError) as error:
        raise refused(DAMAGED, file.name) from error


class _Reader:
    def __init__(self, book: Book, file: str) -> None:
        self._book, self._file = book, file
        self._meta: dict[str, str] = {}

    def read(self) -> Returned:
        """Read everything; raises KnownError."""
        if META_SHEET not in self._book.names:
            raise KnownError(NO_SHEET, file=self._file)
        self._meta = {
            shown_text(line[0]): shown_text(line[1])
            for line in self._book.sheet(META_SHEET).rows[:_MOST_ROWS]
            if len(line) > 1
        }
        self._expect_ours()
        sheets = [self._book.sheet(name) for name in self._book.names if name != META_SHEET]
        rows = [row for sheet in sheets for row in self._rows(sheet)]
        if not rows and not any(_ruler(sheet) for sheet in sheets):
            raise KnownError(NO_TEXTS, file=self._file)
        said = self._said(sheets)
        on, problems = _date(said.get(ON_MARK, ""), self._file)
        return Returned(
            file=self._file,
            subject=self._meta["subject"],
            version=self._meta.get("version", "")[:40],
            language=expect_language(self._meta.get("language", "")[:40]),
            hash=self._meta.get("hash", ""),
            by=plain_name(said.get(BY_MARK, "")),
            on=on,
            is_signed_off=self._is_yes(said.get(SIGNED_MARK, "")),
            rows=tuple(rows),
            problems=problems,
        )

    def _expect_ours(self) -> None:
        written = self._meta.get("format", "")
        if not written.isdecimal() or not _ID.fullmatch(self._meta.get("subject", "")):
            raise KnownError(NO_SHEET, file=self._file)
        if int(written[:9]) > int(FORMAT):
            raise KnownError(NEWER, file=self._file)

    def _is_yes(self, said: str) -> bool:
        return said.strip().casefold() in {
            part.strip().casefold() for part in (YES, *self._meta.get(YES, YES).split("/"), self._meta.get(YES, YES))
        }

    def _said(self, sheets: Sequence[Sheet]) -> dict[str, str]:
        """Give what the translator says of the sheet, by the marks of the lines."""
        found: dict[str, str] = {}
        for sheet in sheets:
            for line in sheet.rows[:200]:
                mark = _cell(line, 0)
                if mark in {BY_MARK, ON_MARK, SIGNED_MARK}:
                    found.setdefault(mark, _cell(line, _VALUE_COLUMN).strip())
        return found

    def _rows(self, sheet: Sheet) -> Iterator[Filled]:
        """Read the texts of a sheet, if it has any."""
        columns = _ruler(sheet) or self._usual_columns(sheet)
        if not columns:
            return
        place_of_text = columns.get(Column.TRANSLATION)
        if place_of_text is None:
            return
        odd = _formulas(sheet)
        for number, line in enumerate(sheet.rows):
            key = _cell(line, columns.get(Column.KEY)).strip()
            text = _text(line, place_of_text)
            is_formula = (number, place_of_text) in odd
            if key.startswith("@") or _cell(line, columns.get(Column.NUMBER)).startswith("@"):
                continue
            key = key or self._key_by_number(_cell(line, columns.get(Column.NUMBER)))
            note = _text(line, columns.get(Column.NOTE))
            if not key and not text.strip() and not is_formula:
                continue
            yield Filled(
                key=key,
                source=_text(line, columns.get(Column.SOURCE)),
                text=text,
                place=place_of(sheet.name, number, place_of_text),
                note=note,
                is_formula=is_formula,
            )

    def _key_by_number(self, number: str) -> str:
        """Find the key of a row that has lost it, by its number."""
        return self._meta.get(f"{ROW_KEY}{number}", "")

    def _usual_columns(self, sheet: Sheet) -> dict[Column, int]:
        """Give the columns as they were written, if the hidden line was deleted and the keys are still there."""
        keys = {value for name, value in self._meta.items() if name.startswith(ROW_KEY)}
        if any(_cell(line, 0) in keys for line in sheet.rows):
            return {slot: column for column, slot in enumerate(Column)}
        return {}


def _cell(line: Sequence[Raw], column: int | None) -> str:
    if column is None or column >= len(line):
        return ""
    raw = line[column]
    return (raw.isoformat() if isinstance(raw, dt.date) else shown_text(raw))[:_LONGEST]


def _text(line: Sequence[Raw], column: int | None) -> str:
    """Give a text with line breaks as we write them, whichever signs the computer uses."""
    return _cell(line, column).replace("\r\n", "\n").replace("\r", "\n")


def _ruler(sheet: Sheet) -> dict[Column, int]:
    """Find the hidden line and give the columns it names; empty if there is none."""
    for line in sheet.rows:
        if any(cell == Column.TRANSLATION for cell in line):
            named = {str(cell): place for place, cell in reversed(list(enumerate(line)))}
            return {slot: named[slot] for slot in Column if slot in named}
    return {}


def _date(said: str, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Give the date on the first sheet, empty if it is none."""
    try:
        return dt.date.fromisoformat(said[:10]).isoformat(), ()
    except ValueError:
        values = (("date", said[:40]),)
        complaint = Problem("translation.date", file, _DATE_LOST, "", values, Severity.WARNING)
        return "", (complaint,) if said else ()


def _formulas(sheet: Sheet) -> frozenset[Place]:
    """Find the cells that calculate or show an error."""
    xml = sheet.xml
    end = xml.rfind(b"sheetData>")
    if not any(xml.find(sign, 0, end) >= 0 for sign in (b"<f>", b"<f ", b"<f/", b":f>", b":f ")):
        return frozenset(sheet.odd)
    return frozenset(sheet.odd) | frozenset(_cells_with_formula(xml))


def _cells_with_formula(xml: bytes) -> Iterator[Place]:
    row, column = -1, -1
    # The guard has refused files with declared entities beforehand.
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):  # noqa: S314 - as above
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "start" and name == "c":
            letters = re.match(r"[A-Z]{1,3}", element.get("r", ""))
            column = _column(letters[0]) if letters else column + 1
        elif event == "end" and name == "c":
            if any(part.tag.rpartition("}")[2] == "f" for part in element):
                yield row, column
        elif event == "end" and name == "row":
            element.clear()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
