"""A statistician with a spreadsheet, played by openpyxl: reads lines, writes and deletes them, and saves."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app.instruments.writing.layout import SHEET


class Spreadsheet:
    """An open workbook."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.book = load_workbook(file)

    def sheet(self, name: str) -> Worksheet:
        sheet = self.book[name]
        assert isinstance(sheet, Worksheet)
        return sheet

    def column(self, sheet: str, key: str) -> int:
        return [column.key for column in SHEET[sheet].columns].index(key) + 1

    def row_of(self, sheet: str, wanted: str) -> int:
        """Find the first line in which a cell says something."""
        found = (row[0].row for row in self.sheet(sheet).iter_rows() if any(cell.value == wanted for cell in row))
        row = next(found)
        assert row is not None
        return row

    def put(self, sheet: str, row: int, key: str, value: object) -> None:
        self.sheet(sheet).cell(row, self.column(sheet, key)).value = value  # type: ignore[assignment]

    def add(self, sheet: str, *lines: Mapping[str, object]) -> list[int]:
        """Type lines below the last one; gives their rows."""
        rows = []
        for line in lines:
            row = self._free(sheet)
            for key, value in line.items():
                self.put(sheet, row, key, value)
            rows.append(row)
        return rows

    def _free(self, sheet: str) -> int:
        page = self.sheet(sheet)
        filled = [row[0].row for row in page.iter_rows() if any(cell.value not in {None, ""} for cell in row)]
        return max(row for row in filled if row is not None) + 1

    def fact(self, key: str, value: object) -> None:
        """Write a value on the sheet Instrument."""
        page = self.sheet("Instrument")
        for row in range(1, page.max_row + 1):
            if str(page.cell(row, 1).value or "").rstrip(" *").replace(" ", "_") == key:
                page.cell(row, 2).value = value  # type: ignore[assignment]
                return
        raise AssertionError(key)

    def delete(self, sheet: str, wanted: str) -> None:
        """Delete the line in which a cell says something."""
        self.sheet(sheet).delete_rows(self.row_of(sheet, wanted))

    def save(self) -> Path:
        self.book.save(self.file)
        return self.file


def level_lines(of: str, sentences: Iterable[str]) -> list[dict[str, object]]:
    """Give the lines of a level on the sheet Anchors."""
    lines: list[dict[str, object]] = []
    for level, sentence in enumerate(sentences):
        lines.append({"of": of, "level": str(level), "sentence": sentence})
        if level:
            lines[-1]["action"] = f"Do step {level}."
    return lines
