"""What stands in a written workbook, read as a returned one will be: by marks and rulers, never by position."""

import dataclasses
import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.register_fields import (
    AGENCY_ROLE_LABELS,
    PREPARATION_DECISION_LABELS,
    RETIRED_ANSWER_LABELS,
)
from capacity_app.domain.assessment.registers import AgencyRole, PreparationDecision, RetiredAnswerStatus
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.writer import workbook_bytes

ENGLISH = Translator("en")
MACHINE = {*sheet_marks.DATA_SHEETS, sheet_marks.CODEBOOK_SHEET}
HIDDEN = {sheet_marks.META_SHEET, sheet_marks.HEADS_SHEET, sheet_marks.LISTS_SHEET}


def written(dossier: Dossier, language: str = "en", **more: ReportProfile) -> Workbook:
    """Write a dossier and open what came out; a warning of the reading library fails the test."""
    return opened(workbook_bytes(dossier, texts=Translator(language), **more))


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content), rich_text=False)


def identity(book: Workbook) -> dict[str, str]:
    rows = book[sheet_marks.META_SHEET].iter_rows(min_row=2, values_only=True)
    return {str(key): str(value or "") for key, value in rows}


def sheet_of(book: Workbook, sheet_id: str) -> Worksheet:
    """Find a sheet by its id, whatever it is called."""
    return book[identity(book)[f"sheet {sheet_id}"]]


def part_sheets(book: Workbook) -> list[Worksheet]:
    return [book[name] for key, name in identity(book).items() if key.startswith("sheet part ")]


def people_sheets(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if sheet.title not in MACHINE | HIDDEN]


def table(book: Workbook, name: str) -> list[dict[str, Any]]:
    """Read a machine sheet; parts of a long text are joined."""
    lines = book[name].iter_rows(values_only=True)
    heading = [str(cell) for cell in next(lines)]
    found: list[dict[str, Any]] = []
    for line in lines:
        row = dict(zip(heading, line, strict=True))
        if row.get("part", 1) == 1:
            found.append(row)
            continue
        for column, value in row.items():
            before = found[-1][column]
            if isinstance(value, str) and value != before:
                found[-1][column] = (before or "") + value
    return found


def answer_cells(book: Workbook) -> dict[Address, dict[str, list[Any]]]:
    """Collect the cells of every address by slot; the cells of a table stand under their own address and "@answer"."""
    return {address: slots for sheet in part_sheets(book) for address, slots in cells_of(sheet).items()}


def cells_of(sheet: Worksheet) -> dict[Address, dict[str, list[Any]]]:
    """Collect the cells of one sheet; parts of a long text in their order."""
    found: dict[Address, dict[str, list[Any]]] = {}
    if not (rulers := _rulers(sheet)):
        return found
    for address, slot, cell in _cells(sheet, rulers):
        found.setdefault(address, {}).setdefault(slot, []).append(cell)
    return found


def _cells(sheet: Worksheet, rulers: dict[str, dict[int, str]]) -> Iterator[tuple[Address, str, Any]]:
    for row in sheet.iter_rows():
        text = str(row[sheet_marks.MARK_COLUMN].value or "")
        if not text or text.startswith("@"):
            continue
        mark = sheet_marks.LineMark.parse(text)
        ruler = rulers.get(mark.address.question, rulers[""])
        for cell in row[1:]:
            slot = ruler.get(cell.column or 0, "")
            if slot and not slot.startswith("@"):
                if not mark.address.row:
                    continue
                yield Address(mark.address.question, mark.address.row, slot), sheet_marks.ColumnSlot.ANSWER, cell
            elif slot:
                yield mark.address, f"{slot}#{mark.option}" if mark.option else slot, cell


def _rulers(sheet: Worksheet) -> dict[str, dict[int, str]]:
    """Read the rulers: that of the questions under "", those of tables under their question."""
    found: dict[str, dict[int, str]] = {}
    for row in sheet.iter_rows():
        text = str(row[sheet_marks.MARK_COLUMN].value or "")
        if text == sheet_marks.FIELDS_MARK or text.startswith("@columns "):
            slots = {cell.column: str(cell.value) for cell in row[1:] if cell.value}
            found[text.removeprefix("@columns ") if text != sheet_marks.FIELDS_MARK else ""] = slots
    return found


def strings(book: Workbook) -> str:
    """Return everything that stands in cells; a text that goes on in the next lines is joined."""
    joined: list[str] = []
    for sheet in book.worksheets:
        running: dict[int, str] = {}
        for row in sheet.iter_rows():
            is_continued = sheet.title not in MACHINE and "+" in str(row[0].value or "")
            for cell in row[1:] if is_continued else row:
                if cell.value is None:
                    continue
                before = running.get(cell.column, "") if is_continued else ""
                running[cell.column] = before + str(cell.value)
                joined.append(running[cell.column])
    for name in MACHINE & set(book.sheetnames):
        joined += [value for row in table(book, name) for value in row.values() if isinstance(value, str)]
    return "\0".join(joined)


def leaves(value: object) -> Iterator[str]:
    """Go through every string of a dossier except its instrument's, the previous round's and names of revisions.

    What earlier versions said of the signature of a returned file is kept and no longer printed.
    """
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from leaves(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in {"instrument", "previous", "revisions", "signature"}:
                yield from leaves(getattr(value, field.name))


def missing(dossier: Dossier, text: str, texts: Translator = ENGLISH) -> list[str]:
    """Return the strings of a dossier that do not occur, neither as typed nor as dates, codes or states in words."""
    formatter = Formatter(texts, dossier)
    lists = dossier.instrument.codes
    return [leaf for leaf in set(leaves(dossier)) if not any(form in text for form in _forms(formatter, lists, leaf))]


def _forms(formatter: Formatter, lists: Any, leaf: str) -> Iterator[str]:
    yield leaf
    yield formatter.texts.date(leaf)
    yield formatter.texts.language_name(leaf)
    yield formatter.moment(leaf)
    if leaf in set(RetiredAnswerStatus):
        yield formatter.texts.gettext(RETIRED_ANSWER_LABELS[RetiredAnswerStatus(leaf)])
    if leaf in set(AgencyRole):
        yield formatter.texts.gettext(AGENCY_ROLE_LABELS[AgencyRole(leaf)])
    if leaf in set(PreparationDecision):
        yield formatter.texts.gettext(PREPARATION_DECISION_LABELS[PreparationDecision(leaf)])
    for name, codes in lists.items():
        if any(code.id == leaf for code in codes):
            yield formatter.code(name, leaf)
    yield leaf.capitalize()
    yield formatter.texts.gettext(leaf)
    yield formatter.texts.gettext(leaf.capitalize())
