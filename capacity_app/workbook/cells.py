"""Cells: formats, texts that are never anything but text, and long texts that go on in the next row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capacity_app import palette
from capacity_app.domain.answers import clean_text
from capacity_app.workbook.layout import CELL_LIMIT, FORBIDDEN_IN_SHEET_NAMES, OWN_SHEETS, SHEET_NAME_LIMIT

_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "valign": "top", "font_color": palette.INK}
_LOOKS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "line": {},
    "title": {"bold": True, "font_size": 18, "font_color": palette.ACCENT},
    "subtitle": {"font_size": 11, "font_color": palette.MUTED, "text_wrap": True},
    "heading": {
        "bold": True, "text_wrap": True, "valign": "bottom", "font_color": "#ffffff", "bg_color": palette.ACCENT,
        "border": 1, "border_color": palette.LINE,
    },
    "cell": {"text_wrap": True, "border": 1, "border_color": palette.LINE},
    "bold": {"text_wrap": True, "bold": True, "border": 1, "border_color": palette.LINE},
    "quiet": {"text_wrap": True, "font_color": palette.MUTED, "border": 1, "border_color": palette.LINE},
    "input": {"text_wrap": True, "bg_color": "#fffdf5", "border": 1, "border_color": "#c9b98a", "locked": False},
    "group": {"bold": True, "bg_color": palette.ACCENT_TINT, "font_color": palette.ACCENT, "text_wrap": True},
    "row": {"bold": True, "bg_color": palette.TINT, "text_wrap": True},
    "number": {"border": 1, "border_color": palette.LINE, "num_format": "0", "align": "right"},
    "points": {"border": 1, "border_color": palette.LINE, "num_format": "0.0", "align": "right"},
    "share": {"border": 1, "border_color": palette.LINE, "num_format": "0%", "align": "right"},
    "machine": {"font_size": 9, "font_color": palette.MUTED},
}  # fmt: skip

Value = str | int | float | None


@dataclass
class Book:
    """A workbook being written, with its formats made once."""

    workbook: Workbook
    formats: dict[str, Format] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def look(self, name: str) -> Format:
        """Give a format by the name of its look."""
        if name not in self.formats:
            self.formats[name] = self.workbook.add_format(_BASE | _LOOKS[name])
        return self.formats[name]

    def plain(self, **properties: object) -> Format:
        """Make a format for conditional colours, which take nothing but what differs."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]

    def add_sheet(self, title: str) -> Worksheet:
        """Add a sheet under a name that spreadsheets accept and that neither another sheet nor the contract has."""
        name = title if title in OWN_SHEETS else sheet_name(title, self.names | OWN_SHEETS)
        self.names.add(name.casefold())
        return self.workbook.add_worksheet(name)


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """Make a valid sheet name: short, without forbidden signs, different from all others whatever their case."""
    plain = "".join(" " if c in FORBIDDEN_IN_SHEET_NAMES else c for c in " ".join(clean_text(title).split()))
    base = _whole_words(plain.strip()) or "-"
    used = set(taken)
    number, name = 1, base
    while name.casefold() in used:
        number += 1
        ending = f" {number}"
        name = _first_units(base, SHEET_NAME_LIMIT - len(ending)) + ending
    return name


def _whole_words(text: str) -> str:
    """Cut a sheet name at a word's end, if that leaves enough of it."""
    kept = _first_units(text, SHEET_NAME_LIMIT)
    end = kept.rfind(" ") if len(kept) < len(text) and not text[len(kept)].isspace() else -1
    return (kept[:end] if end > SHEET_NAME_LIMIT // 2 else kept).strip()


def _units(text: str) -> int:
    """Count as spreadsheets do: letters beyond the first plane count twice."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)  # noqa: PLR2004 - the first plane's end


def _first_units(text: str, limit: int) -> str:
    if _units(text) <= limit:
        return text
    kept = text[:limit]
    while _units(kept) > limit:
        kept = kept[:-1]
    return kept


def parts_of(text: str, limit: int = CELL_LIMIT) -> tuple[str, ...]:
    """Cut a text into pieces that fit a cell; joined they are the text."""
    text = clean_text(text)
    pieces: list[str] = []
    while _units(text) > limit:
        piece = _first_units(text, limit)
        pieces.append(piece)
        text = text[len(piece) :]
    return (*pieces, text)


def continued(values: Sequence[Value], repeated: Iterable[int] = ()) -> Iterator[tuple[Value, ...]]:
    """Give one row, and further rows for what did not fit; columns ``repeated`` stand in all of them."""
    pieces = [parts_of(value) if isinstance(value, str) else (value,) for value in values]
    for number, part in enumerate(zip_longest(*pieces)):
        if number == 0:
            yield part
        else:
            again = set(repeated)
            yield tuple(values[place] if place in again else value for place, value in enumerate(part))


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    """Write one cell: text as a string, whatever it looks like; numbers as numbers."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def put_row(sheet: Worksheet, row: int, values: Sequence[Value], looks: Sequence[Format]) -> None:
    """Write a row of cells."""
    for column, (value, look) in enumerate(zip(values, looks, strict=True)):
        put(sheet, row, column, value, look)
