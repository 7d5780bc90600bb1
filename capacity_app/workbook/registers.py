"""The registers as tables: each field a column, and room for remarks."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Entry
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import REGISTER_INFO, FieldKind, RegisterField, fields_of
from capacity_app.wording import Wording
from capacity_app.workbook.layout import FIELDS_MARK, Slot, entry_mark
from capacity_app.workbook.measuring import wide_enough
from capacity_app.workbook.page import Book, Cell, Page

REMARKS_WIDTH = 26.0
_HEADING = 2
"""The line of the headings, below the ruler and the title."""
_WIDTHS = {
    FieldKind.PARAGRAPH: 24.0,
    FieldKind.TEXT: 30.0,
    FieldKind.LINES: 36.0,
    FieldKind.NUMBER: 12.0,
    FieldKind.CHOICE: 14.0,
    FieldKind.ENTRIES: 34.0,
    FieldKind.GAPS: 38.0,
}
_WIDTH, _NAME_WIDTH = 18.0, 36.0
"""Widths of the columns by what they hold, of all others, and of the name of an entry."""
Heading = tuple[str, float]
"""A column's name and width."""


def open_register(book: Book, words: Wording, sheet_id: str, title: str, headings: Sequence[Heading]) -> Page:
    """Begin a sheet with a title and headings; a last column takes remarks."""
    named = (*headings, (words.say(N_("Your remarks")), REMARKS_WIDTH))
    page = Page(book, book.add_sheet(sheet_id, title), [wide_enough(name, width) for name, width in named])
    page.ruler(FIELDS_MARK, (*[""] * len(headings), Slot.REMARKS))
    page.title(title)
    write_headings(page, [name for name, _ in named])
    return page


def write_headings(page: Page, names: Iterable[str], figures: Iterable[str] = ()) -> None:
    """Write the line of headings; those of ``figures`` stand at the end of theirs, as the figures do."""
    cells = [Cell(name, "header") for name in names] + [Cell(name, "header_end") for name in figures]
    page.line(cells, least=20)


def close_register(page: Page) -> None:
    """Lock the sheet; title and headings stay in sight and are printed on every page."""
    page.finish(top=_HEADING + 1, left=3, repeated=range(1, _HEADING + 1))


def end_entries(page: Page, words: Wording, entries: Sequence[object]) -> None:
    """Let people filter the entries written below the headings, or say that there are none."""
    if entries:
        page.filtered(_HEADING)
    else:
        page.paragraph(words.say(N_("Nothing has been entered yet.")))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register's table: its heading, its width, and the cell of an entry."""

    heading: str
    width: float
    cell: Callable[[Any], Cell]


def field_column(words: Wording, register: str, field: RegisterField) -> Column:
    """Make the column of a field; one that names the entry has the id of an entry without a name."""
    is_name = field.name in REGISTER_INFO[register].names[:1]

    def cell(entry: Entry) -> Cell:
        value = getattr(entry, field.name)
        if field.kind is FieldKind.NUMBER:
            return Cell(value or None, "count")
        text = words.field_text(field, value, "\n")
        return Cell(text or entry.id, "label_strong") if is_name else Cell(text)

    return Column(words.texts.gettext(field.label), _NAME_WIDTH if is_name else _WIDTHS.get(field.kind, _WIDTH), cell)


def field_columns(words: Wording, register: str, without: Container[str] = ()) -> list[Column]:
    return [field_column(words, register, field) for field in fields_of(register) if field.name not in without]


def number_column(words: Wording, numbers: Callable[[Any], str | int]) -> Column:
    return Column(words.say(N_("No.")), 6, lambda entry: Cell(numbers(entry), "number"))


def _write_entries(page: Page, register: str, entries: Iterable[Entry], columns: Sequence[Column], spare: int) -> None:
    for entry in entries:
        cells = [column.cell(entry) for column in columns]
        page.line([*cells, *[Cell()] * spare, Cell(None, "input")], entry_mark(register, entry.id))


def open_entries(
    book: Book,
    words: Wording,
    register: str,
    entries: Sequence[Entry],
    columns: Sequence[Column],
    *,
    sheet_id: str = "",
    title: str = "",
) -> Page:
    """Begin the sheet of a register with its entries; ``sheet_id`` and ``title`` where they are not the register's."""
    headings = [(column.heading, column.width) for column in columns]
    title = title or words.say(REGISTER_INFO[register].title)
    page = open_register(book, words, sheet_id or register, title, headings)
    _write_entries(page, register, entries, columns, 0)
    end_entries(page, words, entries)
    return page


def source_code(number: int) -> str:
    return f"S{number}"


def write_sources(appraisal: Appraisal, words: Wording, book: Book) -> None:
    sources = appraisal.dossier.sources
    codes = {source.id: source_code(number) for number, source in enumerate(sources, start=1)}
    columns = [number_column(words, lambda source: codes[source.id]), *field_columns(words, "sources")]
    close_register(open_entries(book, words, "sources", sources, columns))


def write_agencies(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the agencies, and the people met unless names are withheld."""
    dossier, columns, people = appraisal.dossier, field_columns(words, "agencies"), field_columns(words, "people")
    title = words.say(N_("Agencies and people")) if appraisal.with_names else ""
    page = open_entries(book, words, "agencies", dossier.agencies, columns, title=title)
    if appraisal.with_names and dossier.people:
        page.skip()
        spare = len(columns) - len(people)
        names = [*(column.heading for column in people), *[""] * spare, words.say(N_("Your remarks"))]
        write_headings(page, names)
        _write_entries(page, "people", dossier.people, people, spare)
    close_register(page)


def write_meetings(appraisal: Appraisal, words: Wording, book: Book) -> None:
    meetings = appraisal.dossier.meetings
    close_register(open_entries(book, words, "meetings", meetings, field_columns(words, "meetings")))


def write_evidence(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the evidence, each entry with its grade and where it is used."""

    def used(entry: Entry) -> Cell:
        return Cell("; ".join(map(words.place, appraisal.places_of_evidence.get(entry.id, ()))))

    title, *fields = field_columns(words, "evidence")
    columns = [
        number_column(words, lambda entry: f"[{appraisal.evidence_numbers[entry.id]}]"),
        title,
        Column(words.say(N_("Grade")), 20, lambda entry: Cell(words.evidence_grade(entry.grade))),
        *fields,
        Column(words.say(N_("Used for")), 30, used),
    ]
    close_register(open_entries(book, words, "evidence", appraisal.dossier.evidence, columns))
