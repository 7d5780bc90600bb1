"""One sheet for people while it is written: lines of cells, titles, print set-up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from datetime import UTC, datetime
from itertools import zip_longest
from typing import IO, Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import parse_moment
from capacity_app.i18n.translator import LATIN_DIGITS
from capacity_app.outputs.workbook import formats as workbook_formats
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.formats import (
    count_lines,
    most_lines,
    needs_care,
    remove_invalid_characters,
    sheet_name,
    shorten_to_units,
    split_into_cells,
)

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": dict(workbook_formats.FONT),
}
_WINDOW = (1440, 900)
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_FIRST_COLUMN = sheet_marks.MARK_COLUMN + 1
_TALLEST = 409.0
_A4 = 9
_A4_UNITS = 235.0
"""Column units that are still readable on A4 across; wider sheets take two pages across."""
_FOOTER_LIMIT = 80
_TITLE_HEIGHT, _THIN_LINE = 30.0, 8.0


class RichText(NamedTuple):
    """A text whose beginning is strong, followed by quieter lines."""

    strong: str
    quiet: str


SheetValue = str | int | float | RichText | None


class SheetCell(NamedTuple):
    """One cell: what it says and the name of its look."""

    value: SheetValue = None
    look: str = "label"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a table: its heading, its width, what it says of an entry, and the look where no cell has its own."""

    heading: str
    width: float
    value: Callable[[Any], SheetValue | SheetCell]
    look: str = "label"

    def cell(self, entry: object) -> SheetCell:
        value = self.value(entry)
        return value if isinstance(value, SheetCell) else SheetCell(value, self.look)


@dataclass
class WorkbookWriter:
    """A workbook being written, with its formats made once."""

    workbook: Workbook
    is_right_to_left: bool
    footer: str = ""
    is_second_right_to_left: bool = False
    digits: str = LATIN_DIGITS
    formats: dict[str, Format] = field(default_factory=dict)
    flat: dict[str, Format] = field(default_factory=dict)
    tints: dict[str, Format] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.formats, self.flat = (
            workbook_formats.make_formats(
                self.workbook,
                is_right_to_left=self.is_right_to_left,
                is_second_right_to_left=self.is_second_right_to_left,
                is_flat=is_flat,
                digits=self.digits,
            )
            for is_flat in (False, True)
        )
        self.tints = workbook_formats.make_tint_formats(self.workbook, self.digits)

    def add_sheet(self, sheet_id: str, title: str) -> Worksheet:
        """Add a sheet under a name that spreadsheets accept; reserved names are given to nobody else."""
        is_reserved = title in sheet_marks.RESERVED_SHEETS
        name = title if is_reserved else sheet_name(title, (*self.names.values(), *sheet_marks.RESERVED_SHEETS))
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
    text = remove_invalid_characters(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own mark-up and would write it unescaped; in runs it does not.
        runs = (text[0], look, text[1:], look) if look else (text[0], text[1], text[2:])
        sheet.write_rich_string(row, column, *runs)
    else:
        sheet.write_string(row, column, text, look)


@dataclass
class SheetWriter:
    """A sheet for people, filled from top to bottom. ``widths`` are those of the columns from B on."""

    book: WorkbookWriter
    sheet: Worksheet
    widths: Sequence[float]
    row: int = 0
    rooms: dict[str, list[float]] = field(default_factory=dict)
    tinted: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    ruled: dict[int, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheet.set_column(sheet_marks.MARK_COLUMN, sheet_marks.MARK_COLUMN, 12, None, {"hidden": True})
        for column, width in enumerate(self.widths, start=_FIRST_COLUMN):
            self.sheet.set_column(column, column, width)

    def mark(self, text: str) -> None:
        """Say in the hidden column what the next line is about."""
        if text:
            put_text(self.sheet, self.row, sheet_marks.MARK_COLUMN, text)

    def ruler(self, mark: str, slots: Sequence[str]) -> None:
        """Write a hidden line that says what each column is."""
        self.mark(mark)
        for column, slot in enumerate(slots, start=_FIRST_COLUMN):
            if slot:
                self.sheet.write_string(self.row, column, slot)
        self.sheet.set_row(self.row, None, None, {"hidden": True})
        self.row += 1

    def skip(self) -> None:
        """Leave a thin empty line."""
        self.sheet.set_row(self.row, _THIN_LINE)
        self.row += 1

    def title(self, text: str) -> None:
        """Write the sheet's title; it runs over the empty cells beside it."""
        self.mark(sheet_marks.SAID_MARK)
        put_text(self.sheet, self.row, _FIRST_COLUMN, shorten_to_units(text, 250), self.book.formats["title"])
        self.sheet.set_row(self.row, _TITLE_HEIGHT)
        self.row += 1

    def heading(self, text: str) -> None:
        """Write a heading inside the sheet."""
        self.mark(sheet_marks.SAID_MARK)
        put_text(self.sheet, self.row, _FIRST_COLUMN, shorten_to_units(text, 250), self.book.formats["heading"])
        self.sheet.set_row(self.row, 24)
        self.row += 1

    def paragraph(self, text: str, look: str = "lead", *, span: int = 0, first: int = _FIRST_COLUMN) -> None:
        """Write running text across ``span`` columns, to the last one if it is 0."""
        last = min((first + span - 1) if span else len(self.widths), len(self.widths))
        width = workbook_formats.available_width(
            look, sum(self.widths[first - _FIRST_COLUMN : last - _FIRST_COLUMN + 1])
        )
        for number, part in enumerate(split_into_cells(remove_invalid_characters(text), width), start=1):
            self.mark(sheet_marks.continued(sheet_marks.SAID_MARK, number))
            if last > first:
                self.sheet.merge_range(self.row, first, self.row, last, "", self.book.formats[look])
            put_text(self.sheet, self.row, first, part, self.book.formats[look])
            self._set_height(count_lines(part, width) * workbook_formats.HEIGHTS[look])
            self.row += 1

    def pair(self, name: SheetCell, text: str, look: str, *, column: int, room: float = 1e9) -> None:
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

    def headings(self, names: Iterable[str], figures: Iterable[str] = ()) -> None:
        """Write the line of headings; those of ``figures`` stand at the end of theirs, as the figures do."""
        cells = [SheetCell(name, "header") for name in names] + [SheetCell(name, "header_end") for name in figures]
        self.line(cells, least=20)

    def group(self, text: str) -> None:
        """Write a line across the sheet that heads the lines below."""
        cells = [SheetCell(None, "group")] * len(self.widths)
        self.line([cells[0], SheetCell(text, "group"), *cells[2:]])

    def line(self, cells: Sequence[SheetCell], mark: str = sheet_marks.SAID_MARK, *, least: float = 0) -> range:
        """Write a line from column B on; what does not fit goes on in the next ones. Gives the rows written."""
        first, height = self.row, max(least, workbook_formats.LINE_HEIGHT)
        for place, (value, look) in enumerate(cells):
            if isinstance(value, str):
                room, size = self._room(look, place), workbook_formats.HEIGHTS[look]
                if most_lines(value, room) * size > height:
                    height = max(height, count_lines(value, room) * size)
            elif isinstance(value, RichText):
                height = max(height, self._rich_lines(value, place) * workbook_formats.LINE_HEIGHT)
        if height <= _TALLEST - workbook_formats.PADDING:
            self._write(cells, mark, height)
        else:
            self._write_parts(cells, [self._parts(cell, place) for place, cell in enumerate(cells)], mark)
        return range(first, self.row)

    def _room(self, look: str, place: int) -> float:
        """Return how much text fits a line of a column in a look."""
        rooms = self.rooms.get(look)
        if rooms is None:
            rooms = self.rooms[look] = [workbook_formats.available_width(look, width) for width in self.widths]
        return rooms[place]

    def _rich_lines(self, text: RichText, place: int) -> int:
        strong = count_lines(text.strong, self._room("label_strong", place)) if text.strong else 0
        return strong + (count_lines(text.quiet, self._room("label", place)) if text.quiet else 0)

    def _parts(self, cell: SheetCell, place: int) -> tuple[str, ...]:
        if isinstance(cell.value, RichText):
            return split_into_cells(remove_invalid_characters("\n".join(cell.value)), self._room("label_strong", place))
        if isinstance(cell.value, str):
            return split_into_cells(remove_invalid_characters(cell.value), self._room(cell.look, place))
        return ()

    def _write_parts(self, cells: Sequence[SheetCell], parts: Sequence[tuple[str, ...]], mark: str) -> None:
        for number, texts in enumerate(zip_longest(*parts), start=1):
            line, height = [], 0.0
            for place, (text, cell) in enumerate(zip(texts, cells, strict=True)):
                is_figure = number == 1 and isinstance(cell.value, int | float)
                line.append(cell if is_figure else SheetCell(text, cell.look))
                if text:
                    width = self._room(cell.look, place)
                    height = max(height, count_lines(text, width) * workbook_formats.HEIGHTS[cell.look])
            self._write(line, sheet_marks.continued(mark, number), height)

    def _write(self, cells: Sequence[SheetCell], mark: str, height: float) -> None:
        sheet, row = self.sheet, self.row
        formats = self.book.flat if height <= workbook_formats.LINE_HEIGHT else self.book.formats
        self.mark(mark)
        for column, (value, look) in enumerate(cells, start=_FIRST_COLUMN):
            if value is None or value == "":
                sheet.write_blank(row, column, None, formats[look])
            elif isinstance(value, str):
                put_text(sheet, row, column, value, formats[look])
            elif isinstance(value, RichText):
                self._write_rich(column, value, formats[look])
            else:
                sheet.write_number(row, column, value, formats[look])
        self._set_height(height)
        self.row += 1

    def _write_rich(self, column: int, text: RichText, look: Format) -> None:
        formats = self.book.formats
        strong, quiet = remove_invalid_characters(text.strong), remove_invalid_characters(text.quiet)
        if strong and quiet:
            runs = (formats["run_strong"], strong, formats["run_quiet"], "\n" + quiet)
            self.sheet.write_rich_string(self.row, column, *runs, look)
        else:
            put_text(self.sheet, self.row, column, strong or quiet, formats["label_strong"] if strong else look)

    def _set_height(self, height: float) -> None:
        self.sheet.set_row(
            self.row, min(_TALLEST, max(height, workbook_formats.LINE_HEIGHT) + workbook_formats.PADDING)
        )

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
            self.sheet.autofilter(heading, _FIRST_COLUMN, self.row - 1, len(self.widths))

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


def open_workbook(buffer: IO[bytes], title: str, changed: str) -> Workbook:
    """Begin a workbook; ``changed`` is the moment of the last answer (ISO 8601), since that of the clock would vary."""
    workbook = Workbook(buffer, _OPTIONS)
    created = (parse_moment(changed) or _EARLIEST).replace(tzinfo=None)
    workbook.set_size(*_WINDOW)
    workbook.set_properties({"title": title, "author": "", "created": created})
    return workbook


def open_sheet(
    book: WorkbookWriter, sheet_id: str, name: str, widths: Sequence[float], slots: Sequence[str] = (), title: str = ""
) -> SheetWriter:
    """Begin a sheet whose hidden ruler has ``slots``, with a title where that is not the sheet's name."""
    page = SheetWriter(book, book.add_sheet(sheet_id, name), widths)
    page.ruler(sheet_marks.FIELDS_MARK, slots)
    page.title(title or name)
    return page


def set_up_paper(sheet: Worksheet, footer: str, *, is_wide: bool) -> None:
    """Set a sheet across on A4, as wide as the page, or as two pages what is too wide to be read on one."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(2 if is_wide else 1, 0)
    sheet.set_footer(footer)


def footer_text(left: str, page: str, right: str) -> str:
    """Set a footer: ``left`` and ``right`` are plain text, ``page`` may hold &P and &N."""
    left, right = (shorten_to_units(text, _FOOTER_LIMIT).replace("&", "&&") for text in (left, right))
    return f'&L&"Arial,Regular"&8 {left}&C&"Arial,Regular"&8 {page}&R&"Arial,Regular"&8 {right}'
