"""The cells of a stranger's workbook: read fast by calamine, by openpyxl where that fails.

Both give an empty cell where a spreadsheet shows an error or a formula has no stored result. To a person that cell is
not empty, so the sheets' own XML is asked about them, and about merged cells.
"""

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from python_calamine import CalamineSheet, CalamineWorkbook

from capacity_app.domain.fast_dataclass import dataclass

RawCell = str | float | bool | dt.date | dt.time | dt.timedelta
"""What a cell holds; an empty one holds an empty text."""
CellPlace = tuple[int, int]
"""Row and column, counted from 0."""

ReadRows = Callable[[str], list[list[RawCell]]]
"""Gives a sheet's cells by its name."""

MOST_CELLS = 4_000_000
"""No sheet of ours comes near; empty cells count, because they are read too."""
_FORMULA, _DEFAULT_ERROR = "=", "#ERROR"
_ODD = ((b"f", (b"<f", b":f>", b":f ")), (b'"', (b't="e"',)), (b"'", (b"t='e'",)))
"""Signs of a formula or an error among the cells: a sheet of ours in which nobody has calculated has none of them.

They stand behind a letter of theirs, which is found thirty times as fast and is mostly not there either.
"""
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*?\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_STYLE = rb"""<(?:\w+:)?c\b(?=[^>]*\br=["']%s["'])[^>]*\bs=["'](\d+)["']"""
_QUOTED = re.compile(r'"[^"]*"|\\.|_.')
_BUILT_IN_PERCENT = frozenset({"9", "10"})


class TooManyCellsError(ValueError):
    """A sheet is larger than any of ours."""


class MergedArea(NamedTuple):
    """Cells that were merged into one, from the first to the last row and column."""

    top: int
    left: int
    bottom: int
    right: int


_letters = lru_cache(1_000)(get_column_letter)


def cell_name(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: "F12"."""
    return f"{_letters(column + 1)}{row + 1}"


def cell_place_name(sheet: str, row: int, column: int) -> str:
    """Return where a cell is: "IV Data needs, F12"."""
    return f"{sheet}, {cell_name(row, column)}"


def shown_text(raw: RawCell) -> str:
    """Return a cell as a person reads it."""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return format(Decimal(repr(raw + 0.0)), "f").removesuffix(".0")
    return raw if isinstance(raw, str) else str(raw)


@dataclass
class ParsedSheet:
    """One sheet: all its cells from A1 on, and what only its XML says, which is unpacked when it is asked for."""

    name: str
    rows: list[list[RawCell]]
    unpack: Callable[[], bytes] = bytes
    percent_styles: Callable[[], frozenset[str]] = frozenset

    @cached_property
    def xml(self) -> bytes:
        return self.unpack()

    @cached_property
    def odd(self) -> dict[CellPlace, str]:
        """The cells that look empty and are not: the error shown there, or "=" for a formula without a result."""
        start, end = self.xml.find(b"sheetData"), self.xml.rfind(b"sheetData>")
        is_suspect = any(
            self.xml.find(letter, start, end) >= 0 and any(self.xml.find(sign, start, end) >= 0 for sign in signs)
            for letter, signs in _ODD
        )
        return dict(_odd_cells(self.xml)) if is_suspect else {}

    @cached_property
    def merged(self) -> tuple[MergedArea, ...]:
        start = self.xml.find(b"mergeCells", max(self.xml.rfind(b"sheetData>"), 0))
        if start < 0:
            return ()
        return tuple(
            MergedArea(int(top) - 1, _column_index(left), int(bottom) - 1, _column_index(right))
            for left, top, right, bottom in _MERGED.findall(self.xml, start)
        )

    def is_percent(self, place: CellPlace) -> bool:
        """Return whether a cell shows its number times a hundred, as after typing "12.5 %"."""
        found = re.search(_STYLE % cell_name(*place).encode(), self.xml)
        return found is not None and found[1].decode() in self.percent_styles()


def _column_index(letters: bytes | str) -> int:
    return column_index_from_string(letters.decode() if isinstance(letters, bytes) else letters) - 1


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _odd_cells(xml: bytes) -> Iterator[tuple[CellPlace, str]]:
    row, column = -1, -1
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):  # noqa: S314 - as above
        name = _local_name(element.tag)
        if event == "start":
            if name == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
            elif name == "c":
                reference = _REFERENCE.fullmatch(element.get("r", ""))
                column = _column_index(reference[1]) if reference else column + 1
        elif name == "c":
            if word := _odd_cell_text(element):
                yield (row, column), word
        elif name == "row":
            element.clear()


def _odd_cell_text(cell: ET.Element) -> str:
    inside = {_local_name(part.tag): part.text or "" for part in cell}
    if cell.get("t") == "e":
        return inside.get("v") or _DEFAULT_ERROR
    return _FORMULA if "f" in inside and not inside.get("v") and cell.get("t") != "str" else ""


@dataclass
class ParsedWorkbook:
    """A workbook of which each sheet is read when it is asked for."""

    names: tuple[str, ...]
    read: ReadRows
    content: bytes
    unpacked: Mapping[str, bytes]
    _percent_styles: frozenset[str] | None = field(default=None, init=False)

    def sheet(self, name: str) -> ParsedSheet:
        return ParsedSheet(name, self.read(name), lambda: self._xml(name), self.percent_styles)

    def _xml(self, name: str) -> bytes:
        part = self._parts.get(name)
        return self._part(part) if part else b""

    def _part(self, name: str) -> bytes:
        return self.unpacked[name] if self.unpacked else self._package.read(name)

    @cached_property
    def _package(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.content))

    @cached_property
    def _parts(self) -> dict[str, str]:
        """Where in the package each sheet is."""
        targets = {one.get("Id", ""): one.get("Target", "") for one in self._tree("xl/_rels/workbook.xml.rels").iter()}
        found = {}
        for one in self._tree("xl/workbook.xml").iter():
            if _local_name(one.tag) == "sheet":
                related = next((value for key, value in one.attrib.items() if _local_name(key) == "id"), "")
                target = targets.get(related, "")
                found[one.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
        return {name: part for name, part in found.items() if part in self._in_package}

    @cached_property
    def _in_package(self) -> frozenset[str]:
        return frozenset(self.unpacked or self._package.namelist())

    def _tree(self, part: str) -> ET.Element:
        return ET.fromstring(self._part(part))  # noqa: S314 - the guard refuses declared entities beforehand

    def percent_styles(self) -> frozenset[str]:
        """Return the numbers of the styles that show percentages of one; found when first asked for."""
        if self._percent_styles is None:
            has_styles = "xl/styles.xml" in self._in_package
            self._percent_styles = _percent_styles(self._tree("xl/styles.xml")) if has_styles else frozenset()
        return self._percent_styles


def _percent_styles(styles: ET.Element) -> frozenset[str]:
    formats = {
        one.get("numFmtId", ""): _QUOTED.sub("", one.get("formatCode", ""))
        for one in styles.iter()
        if _local_name(one.tag) == "numFmt"
    }
    percents = {number for number, code in formats.items() if "%" in code} | _BUILT_IN_PERCENT
    used = next((one for one in styles if _local_name(one.tag) == "cellXfs"), ())
    return frozenset(str(number) for number, one in enumerate(used) if one.get("numFmtId", "") in percents)


def open_workbook(
    content: bytes, *, is_careful: bool = False, unpacked: Mapping[str, bytes] = MappingProxyType({})
) -> ParsedWorkbook:
    """Open a workbook, of which the parts may be ``unpacked`` already; raises ValueError if it cannot be read.

    The careful way is slower by far and by openpyxl alone, for a file that has ended a process before.
    """
    try:
        names, read = _open_with_openpyxl(content) if is_careful else _open_with_calamine(content)
        return ParsedWorkbook(names, read, content, unpacked)
    except BaseException as error:
        raise _as_value_error(error) from error


def _as_value_error(error: BaseException) -> BaseException:
    """Return what both libraries raise on a stranger's file as one error; calamine's panics are no exceptions."""
    is_failure = isinstance(error, Exception) or type(error).__name__ == "PanicException"
    return ValueError(f"{type(error).__name__}: {error}") if is_failure else error


def _open_with_calamine(content: bytes) -> tuple[tuple[str, ...], ReadRows]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except BaseException as error:
        if not isinstance(_as_value_error(error), ValueError):
            raise
        return _open_with_openpyxl(content)

    def read(name: str) -> list[list[RawCell]]:
        try:
            return _rows(book.get_sheet_by_name(name))
        except BaseException as error:
            if not isinstance(_as_value_error(error), ValueError) or isinstance(error, TooManyCellsError):
                raise
            return _open_with_openpyxl(content)[1](name)

    return tuple(book.sheet_names), read


def _rows(sheet: CalamineSheet) -> list[list[RawCell]]:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise TooManyCellsError(sheet.name)
    rows: list[list[RawCell]] = sheet.to_python(skip_empty_area=False)
    return rows


def _open_with_openpyxl(content: bytes) -> tuple[tuple[str, ...], ReadRows]:
    with warnings.catch_warnings():
        # What openpyxl does not carry over (drop-downs, colours) is none of our business here.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)

    def read(name: str) -> list[list[RawCell]]:
        rows: list[list[RawCell]] = []
        cells = empty = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line in islice(book[name].iter_rows(values_only=True), MOST_CELLS):
                if all(value is None for value in line):
                    # LibreOffice writes the very last row there can be once a line was deleted: a million empty ones.
                    empty += 1
                    continue
                cells += len(line) * (empty + 1)
                if cells > MOST_CELLS:
                    raise TooManyCellsError(name)
                rows += [[""] * len(line) for _ in range(empty)]
                rows.append([_as_calamine_value(value) for value in line])
                empty = 0
        return rows

    return tuple(book.sheetnames), read


def _as_calamine_value(value: object) -> RawCell:
    """Return a cell of openpyxl as calamine would: empty ones as texts, days without a time as dates."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, float | bool | str | dt.date | dt.time | dt.timedelta):
        return value
    return "" if value is None else str(value)
