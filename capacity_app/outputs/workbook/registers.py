"""The sheets of the registers and of what came back."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.migration import published_answers
from capacity_app.domain.assessment.register_fields import (
    REGISTER_INFO,
    RETIRED_ANSWER_LABELS,
    FieldKind,
    RegisterField,
    register_field,
    register_fields,
)
from capacity_app.domain.assessment.registers import RegisterEntry, RetiredAnswerStatus
from capacity_app.domain.planning.costs import plain_amount
from capacity_app.domain.problems import N_
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.registers import source_codes
from capacity_app.outputs.workbook.answer_cells import DropDownLists
from capacity_app.outputs.workbook.formats import width_for_heading
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot, entry_mark
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetColumn, SheetWriter, WorkbookWriter, open_sheet

REMARKS_WIDTH = 26.0
_HEADING = 2
"""The line of the headings, below the ruler and the title."""
_WIDTHS = {
    FieldKind.PARAGRAPH: 24.0,
    FieldKind.TEXT: 30.0,
    FieldKind.LINES: 36.0,
    FieldKind.NUMBER: 12.0,
    FieldKind.AMOUNT: 14.0,
    FieldKind.CURRENCY: 11.0,
    FieldKind.CHOICE: 14.0,
    FieldKind.ENTRIES: 34.0,
    FieldKind.GAPS: 38.0,
}
_WIDTH, _NAME_WIDTH = 18.0, 36.0
"""Widths of the columns by what they hold, of all others, and of the name of an entry."""


def open_register_sheet(
    book: WorkbookWriter,
    formatter: Formatter,
    sheet_id: str,
    title: str,
    columns: Sequence[SheetColumn],
    asked: Mapping[ColumnSlot, tuple[str, float]] = MappingProxyType({}),
) -> SheetWriter:
    """Begin a sheet with a title and headings; ``asked`` are the columns to fill in, and a last one takes remarks."""
    to_fill_in = {**asked, ColumnSlot.REMARKS: (formatter.say(N_("Your remarks")), REMARKS_WIDTH)}
    named = [*((column.heading, column.width) for column in columns), *to_fill_in.values()]
    widths = [width_for_heading(name, width) for name, width in named]
    # Where something is asked, a column without a name would be one that somebody inserted.
    slots = [ColumnSlot.SAID if asked else ""] * len(columns)
    page = open_sheet(book, sheet_id, title, widths, (*slots, *to_fill_in))
    page.headings(name for name, _ in named)
    return page


def close_register_sheet(page: SheetWriter) -> None:
    """Lock the sheet; title and headings stay in sight and are printed on every page."""
    page.finish(top=_HEADING + 1, left=3, repeated=range(1, _HEADING + 1))


def write_entries(
    page: SheetWriter,
    register: str,
    entries: Iterable[Any],
    columns: Sequence[SheetColumn],
    id_of: Callable[[Any], str] = lambda entry: entry.id,
) -> None:
    """Write a line for every entry, with room for remarks in the sheet's last column."""
    spare = [SheetCell()] * (len(page.widths) - len(columns) - 1)
    for entry in entries:
        cells = [column.cell(entry) for column in columns]
        page.line([*cells, *spare, SheetCell(None, "input")], entry_mark(register, id_of(entry)))


def end_entries(page: SheetWriter, formatter: Formatter, entries: Sequence[object]) -> None:
    """Let people filter the entries written below the headings, or say that there are none."""
    if entries:
        page.filtered(_HEADING)
    else:
        page.paragraph(formatter.say(N_("Nothing has been entered yet.")))


def field_column(formatter: Formatter, register: str, field: RegisterField, heading: str = "") -> SheetColumn:
    """Make the column of a field; one that names the entry has the id of an entry without a name."""
    heading, width = formatter.texts.gettext(heading or field.label), _WIDTHS.get(field.kind, _WIDTH)

    def text(entry: RegisterEntry) -> str:
        return formatter.field_text(field, getattr(entry, field.name), "\n")

    if field.name in REGISTER_INFO[register].names[:1]:
        return SheetColumn(heading, _NAME_WIDTH, lambda entry: text(entry) or entry.id, "label_strong")
    if field.kind is FieldKind.AMOUNT:
        return SheetColumn(heading, width, lambda entry: amount_cell(plain_amount(getattr(entry, field.name))))
    if field.kind is FieldKind.NUMBER:
        return SheetColumn(heading, width, lambda entry: getattr(entry, field.name) or None, "count")
    return SheetColumn(heading, width, text)


def amount_cell(amount: float | str, weight: str = "") -> SheetCell:
    """Make the cell of an amount, with cents where it has any; ``weight`` is "_strong" for a total."""
    if isinstance(amount, str):
        return SheetCell(amount)
    return SheetCell(amount, f"{'count' if amount.is_integer() else 'cents'}{weight}")


def field_columns(formatter: Formatter, register: str, without: Container[str] = ()) -> list[SheetColumn]:
    return [
        field_column(formatter, register, field) for field in register_fields(register) if field.name not in without
    ]


def number_column(formatter: Formatter, numbers: Callable[[Any], str | int]) -> SheetColumn:
    return SheetColumn(formatter.say(N_("No.")), 6, numbers, "number")


def write_register(
    book: WorkbookWriter,
    formatter: Formatter,
    register: str,
    entries: Sequence[RegisterEntry],
    columns: Sequence[SheetColumn],
) -> None:
    """Write the sheet of a register."""
    page = open_register_sheet(book, formatter, register, formatter.say(REGISTER_INFO[register].title), columns)
    write_entries(page, register, entries, columns)
    end_entries(page, formatter, entries)
    close_register_sheet(page)


def write_sources(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    codes = source_codes(appraisal)
    columns = [number_column(formatter, lambda source: codes[source.id]), *field_columns(formatter, "sources")]
    write_register(book, formatter, "sources", appraisal.dossier.sources, columns)


def write_agencies(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the agencies, and the people met unless names are withheld."""
    dossier, columns, people = (
        appraisal.dossier,
        field_columns(formatter, "agencies"),
        field_columns(formatter, "people"),
    )
    title = formatter.say(N_("Agencies and people") if appraisal.with_names else REGISTER_INFO["agencies"].title)
    page = open_register_sheet(book, formatter, "agencies", title, columns)
    write_entries(page, "agencies", dossier.agencies, columns)
    end_entries(page, formatter, dossier.agencies)
    if appraisal.with_names and dossier.people:
        page.skip()
        spare = [""] * (len(columns) - len(people))
        page.headings([*(column.heading for column in people), *spare, formatter.say(N_("Your remarks"))])
        write_entries(page, "people", dossier.people, people)
    close_register_sheet(page)


def write_meetings(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    write_register(book, formatter, "meetings", appraisal.dossier.meetings, field_columns(formatter, "meetings"))


def write_validations(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write who confirmed what; nothing before somebody has."""
    if entries := appraisal.dossier.validations:
        write_register(book, formatter, "validations", entries, field_columns(formatter, "validations"))


def write_published(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter, choices: DropDownLists) -> None:
    """Ask for the confirmation of answers from published sources; nothing where there are none."""
    entries = published_answers(appraisal.dossier)
    if not entries:
        return
    columns = [
        field_column(formatter, "kept", register_field("kept", name), heading) for name, heading in _PUBLISHED.items()
    ]
    asked = {ColumnSlot.ANSWER: (formatter.say(N_("Is this right? (yes or no)")), 16.0)}
    title = formatter.texts.gettext(RETIRED_ANSWER_LABELS[RetiredAnswerStatus.PUBLISHED])
    page = open_register_sheet(book, formatter, "published", title, columns, asked)
    for entry in entries:
        cells = [*(column.cell(entry) for column in columns), SheetCell(None, "input"), SheetCell(None, "input")]
        rows = page.line(cells, entry_mark("published", entry.id))
        page.rule(choices.tick_rule, rows[0], rows[0], len(columns) + 1)
    close_register_sheet(page)


_PUBLISHED = {
    "number": "", "wording": N_("Question"), "answered": N_("Published answer"), "reason": "", "note": "",
    "evidence": "", "respondent": "", "author": "", "time": "",
}  # fmt: skip
"""The fields of an answer from published sources, and their headings where these differ from the register's."""


def write_evidence(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the evidence, each entry with its grade and where it is used."""
    title, *fields = field_columns(formatter, "evidence")
    columns = [
        number_column(formatter, lambda entry: f"[{appraisal.evidence_numbers[entry.id]}]"),
        title,
        SheetColumn(formatter.say(N_("Grade")), 20, lambda entry: formatter.evidence_grade(entry.grade)),
        *fields,
        SheetColumn(formatter.say(N_("Used for")), 30,
                    lambda entry: "; ".join(map(formatter.place, appraisal.places_of_evidence.get(entry.id, ())))),
    ]  # fmt: skip
    write_register(book, formatter, "evidence", appraisal.dossier.evidence, columns)


_INTERNAL = frozenset({"signature", "revisions"})
"""Fields of a returned file that say nothing to people."""


def write_returned(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write what came back: files, remarks and answers of an earlier version; an empty sheet is left out."""
    address = SheetColumn(formatter.say(N_("Address")), 24, lambda remark: remark.address)
    for register, more in (("returns", ()), ("remarks", (address,)), ("kept", ())):
        entries = getattr(appraisal.dossier, register)
        # A form has its answers from published sources on a sheet of their own.
        if entries and appraisal.dossier.id:
            write_register(book, formatter, register, entries, (*field_columns(formatter, register, _INTERNAL), *more))
