"""How far a sheet of a workbook reaches: two cells can make a program ask for seventeen thousand million.

Cells are found as every office program writes them, which takes a millisecond; a sheet in which cells are written in
any other way is measured by a parser.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from xml.parsers import expat

from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.sentences import refused

MOST_ROWS, MOST_COLUMNS = 200_000, 8_000
"""KoboToolbox gives every choice of the whole toolkit a column of its own: 3,700."""
MOST_CELLS = 4_000_000
"""Cells that a sheet, or everything merged in it, may spread over."""
MOST_CELLS_OF_ALL = 10_000_000
MOST_SHEETS = 250
_ALL_ROWS = 1_048_576
_LETTERS = 26
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_FAR_CELL = re.compile(rb'<c r="[A-Z](?:[A-Z]|[0-9]{4})')
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]{1,3}[0-9]{1,7}")[\s/>]')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_DIMENSION = re.compile(rb"dimension\s[^<>]*?\bref\s*=\s*[\"']([^\"']*)[\"']")
_MERGED = re.compile(rb"mergeCell\s[^<>]*?\bref\s*=\s*[\"']([^\"']*)[\"']")
_REF = re.compile(r"\s*\$?([A-Za-z]{1,3})\$?([0-9]{1,9})\s*")
_ANNOUNCED = re.compile(rb"uniqueCount\s*=\s*[\"']([^\"']*)[\"']")
_COUNT = re.compile(rb"[0-9]{1,7}")
_SHEET = re.compile(rb"<(?:[^\s<>/:]+:)?sheet[\s/>]")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far something reaches, in rows and columns counted from 1."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns


_NEAR = Reach(999, _LETTERS)
"""What a sheet reaches at most in which no cell lies farther; measuring that is not worth the time."""


def is_sheet(markup: bytes) -> bool:
    return b"sheetData" in markup


def expect_few_sheets(markup: bytes, file: str) -> None:
    """Look at the list of sheets; raises KnownError if there are more than anybody needs."""
    if len(_SHEET.findall(markup)) > MOST_SHEETS:
        raise refused(sentences.TOO_MANY_SHEETS, file, most=str(MOST_SHEETS))


def expect_few_texts(name: str, markup: bytes, file: str) -> None:
    """Look how many texts a part announces: calamine asks for the memory at once, and ends the process without it."""
    for announced in _ANNOUNCED.findall(markup):
        if not _COUNT.fullmatch(announced):
            raise refused(sentences.ANNOUNCED, file, part=name, count=announced.decode("utf-8", "replace"))


def expect_near(name: str, markup: bytes, file: str) -> int:
    """Look how far a sheet reaches and give how many cells that are; raises KnownError if it is too far."""
    said = [end for ref in _DIMENSION.findall(markup) for end in _corners(ref)]
    # Once a line was deleted, LibreOffice says that a sheet has all rows there are; no reader makes room for them.
    ends = [end for end in said if end.rows != _ALL_ROWS or end.columns > MOST_COLUMNS]
    reach = _united([_reach_of_cells(name, markup, file), *ends])
    if reach.rows > MOST_ROWS or reach.columns > MOST_COLUMNS or reach.cells > MOST_CELLS:
        raise refused(sentences.TOO_FAR, file, part=name, cell=f"{_letters(reach.columns)}{reach.rows}")
    merged = sum(_covered(_corners(ref)) for ref in _MERGED.findall(markup))
    if merged > MOST_CELLS:
        raise refused(sentences.MERGED, file, part=name, count=str(merged))
    return reach.cells


def _united(reaches: Iterable[Reach]) -> Reach:
    known = list(reaches)
    return Reach(max(one.rows for one in known), max(one.columns for one in known))


def _column_number(letters: str) -> int:
    """Return the number of a column: "A" is 1, "XFD" is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ascii_uppercase.index(letter) + 1
    return number


def _letters(number: int) -> str:
    """Return the letters of a column: 1 is "A", 16384 is "XFD"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = ascii_uppercase[rest] + letters
    return letters


def _corner(ref: str) -> Reach | None:
    """Read the place of one cell."""
    found = _REF.fullmatch(ref)
    return Reach(int(found[2]), _column_number(found[1])) if found else None


def _corners(ref: bytes) -> list[Reach]:
    """Read the places of the first and last cell of a range."""
    ends = (_corner(end) for end in ref.decode("utf-8", "replace").split(":"))
    return [end for end in ends if end]


def _covered(corners: Sequence[Reach]) -> int:
    """Count the cells of a range."""
    if not corners:
        return 0
    first, last = corners[0], corners[-1]
    return (abs(last.rows - first.rows) + 1) * (abs(last.columns - first.columns) + 1)


def _reach_of_cells(name: str, markup: bytes, file: str) -> Reach:
    if _ODD_CELL.search(markup) or _PREFIXED_CELL.search(markup):
        return _measured(name, markup, file)
    if not _FAR_CELL.search(markup):
        return _NEAR
    columns, rows = map(set, zip(*_CELL.findall(markup), strict=True))
    return Reach(max(map(int, rows)), max(_column_number(column.decode()) for column in columns))


def _measured(name: str, markup: bytes, file: str) -> Reach:
    """Measure a sheet with a parser, as programs do that write cells without saying where they are."""
    measure = _Measure()
    try:
        measure.parser.Parse(markup, True)
    except (expat.ExpatError, ValueError) as error:
        raise refused(sentences.UNUSUAL, file, part=name) from error
    return Reach(measure.most_rows, measure.most_columns)


class _Measure:
    """Counts rows and cells while a sheet goes by."""

    def __init__(self) -> None:
        self.most_rows = self.most_columns = 0
        self._row = self._column = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif kind == "c":
            self._step(attributes.get("r", ""))

    def _step(self, ref: str) -> None:
        """Go to a cell: where it says it is, or to the next one."""
        place = _corner(ref) if ref else Reach(self._row, self._column + 1)
        if place is None:
            raise ValueError(ref)
        self._column = place.columns
        self.most_rows, self.most_columns = max(self.most_rows, place.rows), max(self.most_columns, place.columns)
