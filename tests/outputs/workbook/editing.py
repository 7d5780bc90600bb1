"""A workbook filled in as a ministry does, with another library than the one that wrote it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from capacity_app.domain.assessment.answers import Address
from capacity_app.outputs.workbook.sheet_marks import MARK_COLUMN, RETURN_MARKS, ColumnSlot
from tests.outputs.workbook.reading import answer_cells


def filled(
    file: Path,
    edits: Mapping[str, Any],
    *,
    sender: tuple[str, str, str] = ("", "", ""),
    strays: Mapping[str, str] | None = None,
) -> Path:
    """Edit a workbook in place.

    Cells are found by their marks: ``edits`` are new values by "address" or "address slot" ("i.law @note"). ``strays``
    are texts by the cells of a new sheet of the ministry's own.
    """
    book = load_workbook(file)
    cells = answer_cells(book)
    for where, value in edits.items():
        address, _, slot = where.partition(" ")
        found = cells[Address.parse(address)][slot or ColumnSlot.ANSWER]
        found[0].value = value
    _sign(book, sender)
    if strays:
        sheet = book.create_sheet("Our figures")
        for place, text in strays.items():
            sheet[place] = text
    book.save(file)
    return file


def _sign(book: Workbook, sender: tuple[str, str, str]) -> None:
    """Write who sends the file back, where the first sheet asks for it."""
    said = dict(zip(RETURN_MARKS, sender, strict=True))
    for row in book.worksheets[0].iter_rows():
        text = said.get(str(row[MARK_COLUMN].value))
        if text:
            row[3].value = text
