"""A sheet that is one table: hidden names, a title, headings, rows; ids in the hidden first column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

from capacity_app.texts import Texts
from capacity_app.workbook.cells import Book, Value, continued, put, put_row
from capacity_app.workbook.layout import ADDRESS_COLUMN, HIDDEN_ROW

_TITLE_ROW, _HEADING_ROW, FIRST_ROW = 1, 2, 3


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column: its name for machines, its heading (to be translated), its width in letters and its look."""

    name: str
    heading: str
    width: int = 24
    look: str = "cell"


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table with its title; the first value of each row is an id and stands in the hidden column."""

    title: str
    columns: Sequence[ColumnOf]
    rows: Iterable[Sequence[Value]]
    tints: dict[str, str] = field(default_factory=dict)
    tinted: str = ""


def _head(book: Book, sheet: Worksheet, table: SheetTable, texts: Texts) -> None:
    for place, column in enumerate(table.columns):
        put(sheet, HIDDEN_ROW, place, column.name, book.look("machine"))
        put(sheet, _HEADING_ROW, place, texts.gettext(column.heading), book.look("heading"))
        sheet.set_column(place, place, column.width, None, {"hidden": place == ADDRESS_COLUMN})
    sheet.set_row(HIDDEN_ROW, None, None, {"hidden": True})
    put(sheet, _TITLE_ROW, 1, table.title, book.look("title"))
    sheet.freeze_panes(FIRST_ROW, 2)


def _tint(book: Book, sheet: Worksheet, table: SheetTable, last: int) -> None:
    """Colour one column by its words."""
    if not table.tinted or last < FIRST_ROW:
        return
    place = [column.name for column in table.columns].index(table.tinted)
    for word, colour in table.tints.items():
        quoted = word.replace('"', '""')
        rule = {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": book.plain(bg_color=colour)}
        sheet.conditional_format(FIRST_ROW, place, last, place, rule)


def write_table(book: Book, sheet: Worksheet, table: SheetTable, texts: Texts) -> None:
    """Write a table into a sheet of its own."""
    _head(book, sheet, table, texts)
    looks = [book.look(column.look) for column in table.columns]
    row = FIRST_ROW
    for values in table.rows:
        for part in continued(values, repeated=(ADDRESS_COLUMN,)):
            put_row(sheet, row, part, looks)
            row += 1
    _tint(book, sheet, table, row - 1)
