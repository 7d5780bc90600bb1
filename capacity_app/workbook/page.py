"""One sheet for people while it is written: lines of cells with fitting heights, titles, print set-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from capacity_app.texts import LATIN
from capacity_app.workbook import layout, looks
from capacity_app.workbook.measuring import clean, lines_of, most_lines, needs_care, parts_of, sheet_name, shortened

_FIRST = layout.MARK_COLUMN + 1
_TALLEST = 409.0
_A4, _A3 = 9, 8
_A4_UNITS = 235.0
"""Column units that are still readable on A4 across; wider sheets are set for A3."""
_FOOTER_LIMIT = 80
_TITLE_HEIGHT = 30.0


class Rich(NamedTuple):
    """A text whose beginning is strong, followed by quieter lines."""

    strong: str
    quiet: str


Value = str | int | float | Rich | None


class Cell(NamedTuple):
    """One cell: what it says and the name of its look."""

    value: Value = None
    look: str = "label"


@dataclass
class Book:
    """A workbook being written, with its formats made once."""

    workbook: Workbook
    is_right_to_left: bool
    footer: str = ""
    is_second_right_to_left: bool = False
    digits: str = LATIN
    formats: dict[str, Format] = field(default_factory=dict)
    flat: dict[str, Format] = field(default_factory=dict)
    tints: dict[str, Format] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.formats, self.flat = (
            looks.make_looks(
                self.workbook,
                is_right_to_left=self.is_right_to_left,
                is_second_right_to_left=self.is_second_right_to_left,
                is_flat=is_flat,
                digits=self.digits,
            )
            for is_flat in (False, True)
        )
        self.tints = looks.make_tints(self.workbook, self.digits)

    def add_sheet(self, sheet_id: str, title: str) -> Worksheet:
        """Add a sheet under a name that spreadsheets accept; reserved names are given to nobody else."""
        is_reserved = title in layout.RESERVED_SHEETS
        name = title if is_reserved else sheet_name(title, (*self.names.values(), *layout.RESERVED_SHEETS))
        self.names[sheet_id] = name
        sheet = self.workbook.add_worksheet(name)
        if self.is_right_to_left:
            sheet.right_to_left()
        return sheet


def put_text(sheet: Worksheet, row: int, column: int, text: str, look: Format | None = None) -> None:
    """Write a text as a string, whatever it looks like."""
    if not needs_care(text):
        sheet.write_string(row, column, text, look)
        return
    text = clean(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own mark-up and would write it unescaped; in runs it does not.
        runs = (text[0], look, text[1:], look) if look else (text[0], text[1], text[2:])
        sheet.write_rich_string(row, column, *runs)
    else:
        sheet.write_string(row, column, text, look)


@dataclass
class Page:
    """A sheet for people, filled from top to bottom. ``widths`` are those of the columns from B on."""

    book: Book
    sheet: Worksheet
    widths: Sequence[float]
    row: int = 0
    rooms: dict[str, list[float]] = field(default_factory=dict)
    tinted: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    ruled: dict[int, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheet.set_column(layout.MARK_COLUMN, layout.MARK_COLUMN, 12, None, {"hidden": True})
        for column, width in enumerate(self.widths, start=_FIRST):
            self.sheet.set_column(column, column, width)

    def mark(self, text: str) -> None:
        """Say in the hidden column what the next line is about."""
        if text:
            put_text(self.sheet, self.row, layout.MARK_COLUMN, text)

    def ruler(self, mark: str, slots: Sequence[str]) -> None:
        """Write a hidden line that says what each column is."""
        self.mark(mark)
        for column, slot in enumerate(slots, start=_FIRST):
            if slot:
                self.sheet.write_string(self.row, column, slot)
        self.sheet.set_row(self.row, None, None, {"hidden": True})
        self.row += 1

    def skip(self, height: float = 8.0) -> None:
        """Leave a thin empty line."""
        self.sheet.set_row(self.row, height)
        self.row += 1

    def title(self, text: str) -> None:
        """Write the sheet's title; it runs over the empty cells beside it."""
        self.mark(layout.SAID_MARK)
        put_text(self.sheet, self.row, _FIRST, shortened(text, 250), self.book.formats["title"])
        self.sheet.set_row(self.row, _TITLE_HEIGHT)
        self.row += 1

    def heading(self, text: str) -> None:
        """Write a heading inside the sheet."""
        self.mark(layout.SAID_MARK)
        put_text(self.sheet, self.row, _FIRST, shortened(text, 250), self.book.formats["heading"])
        self.sheet.set_row(self.row, 24)
        self.row += 1

    def paragraph(self, text: str, look: str = "lead", *, span: int = 0, first: int = _FIRST) -> None:
        """Write running text across ``span`` columns, to the last one if it is 0."""
        last = min((first + span - 1) if span else len(self.widths), len(self.widths))
        width = looks.room(look, sum(self.widths[first - _FIRST : last - _FIRST + 1]))
        for number, part in enumerate(parts_of(clean(text), width), start=1):
            self.mark(layout.continued(layout.SAID_MARK, number))
            if last > first:
                self.sheet.merge_range(self.row, first, self.row, last, "", self.book.formats[look])
            put_text(self.sheet, self.row, first, part, self.book.formats[look])
            self._set_height(lines_of(part, width) * looks.HEIGHTS[look])
            self.row += 1

    def pair(self, name: Cell, text: str, look: str, *, column: int, room: float = 1e9) -> None:
        """Write a short cell in ``column`` and running text in the columns after it, up to ``room`` units wide."""
        row, span = self.row, 1
        widths = self.widths[column:]
        while span < len(widths) and sum(widths[: span + 1]) <= room:
            span += 1
        self.paragraph(text, look, first=column + 1, span=span)
        if isinstance(name.value, str):
            put_text(self.sheet, row, column, name.value, self.book.formats[name.look])
        else:
            self.sheet.write_blank(row, column, None, self.book.formats[name.look])

    def line(self, cells: Sequence[Cell], mark: str = layout.SAID_MARK, *, least: float = 0) -> range:
        """Write a line from column B on; what does not fit goes on in the next ones. Gives the rows written."""
        first, height = self.row, max(least, looks.LINE_HEIGHT)
        for place, (value, look) in enumerate(cells):
            if isinstance(value, str):
                room, size = self._room(look, place), looks.HEIGHTS[look]
                if most_lines(value, room) * size > height:
                    height = max(height, lines_of(value, room) * size)
            elif isinstance(value, Rich):
                height = max(height, self._rich_lines(value, place) * looks.LINE_HEIGHT)
        if height <= _TALLEST - looks.PADDING:
            self._write(cells, mark, height)
        else:
            self._write_parts(cells, [self._parts(cell, place) for place, cell in enumerate(cells)], mark)
        return range(first, self.row)

    def _room(self, look: str, place: int) -> float:
        """Return how much text fits a line of a column in a look."""
        rooms = self.rooms.get(look)
        if rooms is None:
            rooms = self.rooms[look] = [looks.room(look, width) for width in self.widths]
        return rooms[place]

    def _rich_lines(self, text: Rich, place: int) -> int:
        strong = lines_of(text.strong, self._room("label_strong", place)) if text.strong else 0
        return strong + (lines_of(text.quiet, self._room("label", place)) if text.quiet else 0)

    def _parts(self, cell: Cell, place: int) -> tuple[str, ...]:
        if isinstance(cell.value, Rich):
            return parts_of(clean("\n".join(cell.value)), self._room("label_strong", place))
        if isinstance(cell.value, str):
            return parts_of(clean(cell.value), self._room(cell.look, place))
        return ()

    def _write_parts(self, cells: Sequence[Cell], parts: Sequence[tuple[str, ...]], mark: str) -> None:
        for number, texts in enumerate(zip_longest(*parts), start=1):
            line, height = [], 0.0
            for place, (text, cell) in enumerate(zip(texts, cells, strict=True)):
                is_figure = number == 1 and isinstance(cell.value, int | float)
                line.append(cell if is_figure else Cell(text, cell.look))
                if text:
                    width = self._room(cell.look, place)
                    height = max(height, lines_of(text, width) * looks.HEIGHTS[cell.look])
            self._write(line, layout.continued(mark, number), height)

    def _write(self, cells: Sequence[Cell], mark: str, height: float) -> None:
        sheet, row = self.sheet, self.row
        formats = self.book.flat if height <= looks.LINE_HEIGHT else self.book.formats
        self.mark(mark)
        for column, (value, look) in enumerate(cells, start=_FIRST):
            if value is None or value == "":
                sheet.write_blank(row, column, None, formats[look])
            elif isinstance(value, str):
                put_text(sheet, row, column, value, formats[look])
            elif isinstance(value, Rich):
                self._write_rich(column, value, formats[look])
            else:
                sheet.write_number(row, column, value, formats[look])
        self._set_height(height)
        self.row += 1

    def _write_rich(self, column: int, text: Rich, look: Format) -> None:
        formats = self.book.formats
        strong, quiet = clean(text.strong), clean(text.quiet)
        if strong and quiet:
            runs = (formats["run_strong"], strong, formats["run_quiet"], "\n" + quiet)
            self.sheet.write_rich_string(self.row, column, *runs, look)
        else:
            put_text(self.sheet, self.row, column, strong or quiet, formats["label_strong"] if strong else look)

    def _set_height(self, height: float) -> None:
        self.sheet.set_row(self.row, min(_TALLEST, max(height, looks.LINE_HEIGHT) + looks.PADDING))

    def rule(self, rule: dict[str, Any] | None, first_row: int, last_row: int, column: int) -> None:
        """Remember what cells take; cells with the very same rule share it."""
        if rule:
            cells = xl_range(first_row, column, last_row, column)
            self.ruled.setdefault(id(rule), (rule, []))[1].append(cells)

    def _set_rules(self) -> None:
        for rule, cells in self.ruled.values():
            # The first range is given twice because the library wants one besides all of them.
            self.sheet.data_validation(cells[0], rule | {"multi_range": " ".join(cells)})

    def tint(self, name: str, first_row: int, last_row: int, column: int, last_column: int = 0) -> None:
        """Remember cells that are coloured by what they say, by the column where they begin.

        Programs differ in which cell of a scattered range a formula starts from; in one column they agree.
        """
        cells = xl_range(first_row, column, last_row, last_column or column)
        self.tinted.setdefault(name, {}).setdefault(column, []).append(cells)

    def filtered(self, heading: int) -> None:
        """Let people filter the lines written below a heading."""
        if self.row > heading + 1:
            self.sheet.autofilter(heading, _FIRST, self.row - 1, len(self.widths))

    def finish(self, *, top: int, left: int = 0, repeated: Iterable[int] = ()) -> None:
        """Freeze what stands above ``top`` and before column ``left``, lock the rest, and set up the paper."""
        sheet = self.sheet
        self._set_rules()
        sheet.hide_gridlines(2)
        sheet.freeze_panes(top, left)
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        set_up_paper(sheet, self.book.footer, is_wide=sum(self.widths) > _A4_UNITS)
        kept = tuple(repeated)
        if kept:
            sheet.repeat_rows(min(kept), max(kept))


def set_up_paper(sheet: Worksheet, footer: str, *, is_wide: bool) -> None:
    """Set a sheet across, as wide as the page, on A4 or what is too wide for it on A3."""
    sheet.set_landscape()
    sheet.set_paper(_A3 if is_wide else _A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(footer)


def footer_text(left: str, page: str, right: str) -> str:
    """Set a footer: ``left`` and ``right`` are plain text, ``page`` may hold &P and &N."""
    left, right = (shortened(text, _FOOTER_LIMIT).replace("&", "&&") for text in (left, right))
    return f'&L&"Arial,Regular"&8 {left}&C&"Arial,Regular"&8 {page}&R&"Arial,Regular"&8 {right}'
