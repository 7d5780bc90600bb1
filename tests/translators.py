"""A translator with a spreadsheet, for tests: an instrument of two questions, and sheets filled in by hand."""

import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app import paths
from tests.questionnaires.writing import write

FIRST_ROW = 3
KEY, SOURCE, CONTEXT, GLOSSARY, TEXT = 1, 2, 3, 4, 5
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would take for a sign of its own, such as _x0041_."""
QUESTIONS = """
[[question]]
id = "r.survey"
number = "1.1"
text = "Are readers asked what they need?"
type = "level"
provenance = "P"
officer_note = "Ask for the last survey."
anchors = ["Nobody asks.", "Staff ask now and then.", "A survey every few years.", "A survey every year."]
actions = ["Ask fifty readers.", "Plan a survey.", "Publish results."]

[[question]]
id = "r.visits"
number = "1.2"
text = "How often are visits counted?"
type = "grid"
provenance = "P"
    [[question.column]]
    id = "frequency"
    label = "Frequency"
    type = "choice"
    options = [{ id = "never", label = "Never" }, { id = "yearly", label = "Once a year" }]
    [[question.row]]
    id = "main"
    label = "Main branch"
    number = "A"
"""


def small_library(text: str = QUESTIONS) -> Path:
    """Put an instrument called "small" among the person's own."""
    folder = paths.user_instruments_folder() / "small"
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder, text)


def own_po(language: str = "ka") -> Path:
    """Return where the person's own translation of "small" lies."""
    return paths.user_instruments_folder() / "small" / f"{language}.po"


def put(cell: Cell, text: str) -> None:
    """Type a text into a cell as a spreadsheet stores it, whatever it looks like."""
    cell.value = _ESCAPE.sub("_x005F_", text) if text else None
    if text:
        cell.data_type = "s"


def texts_of(book: openpyxl.Workbook) -> Worksheet:
    """Return the sheet of texts."""
    found = book["Translation"]
    assert isinstance(found, Worksheet)
    return found


def rows_by_key(sheet: Worksheet) -> dict[str, int]:
    """Return the row of each key."""
    return {str(sheet.cell(row, KEY).value): row for row in range(FIRST_ROW, sheet.max_row + 1)}


def fill(file: Path, out: Path, typed: Mapping[str, str]) -> Path:
    """Fill in translations by key."""
    book = openpyxl.load_workbook(file)
    sheet = texts_of(book)
    rows = rows_by_key(sheet)
    for key, text in typed.items():
        put(_cell(sheet, rows[key], TEXT), text)
    book.save(out)
    return out


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    found = sheet.cell(row, column)
    assert isinstance(found, Cell)
    return found


def shuffled(file: Path, seed: int) -> None:
    """Put the rows of a sheet in another order and hide some of them, as sorting and filtering do."""
    book = openpyxl.load_workbook(file)
    sheet = texts_of(book)
    rows: list[list[Any]] = [
        [sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)]
        for row in range(FIRST_ROW, sheet.max_row + 1)
    ]
    chance = random.Random(seed)  # noqa: S311 - no secret
    chance.shuffle(rows)
    for row, values in enumerate(rows, start=FIRST_ROW):
        for column, value in enumerate(values, start=1):
            cell = _cell(sheet, row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        sheet.row_dimensions[row].hidden = chance.random() < 0.3
    book.save(file)
