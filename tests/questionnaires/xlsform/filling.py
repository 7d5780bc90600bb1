"""An author with a spreadsheet, played by openpyxl: adds rows to a form, changes and deletes them, and saves."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

LABEL = "label::English (en)"


class Spreadsheet:
    """An open form."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.book = load_workbook(file)

    def sheet(self, name: str) -> Worksheet:
        sheet = self.book[name]
        assert isinstance(sheet, Worksheet)
        return sheet

    def column(self, sheet: str, heading: str) -> int:
        """Find a column, or add it at the end."""
        page = self.sheet(sheet)
        headings = [cell.value for cell in page[1]]
        if heading not in headings:
            page.cell(1, len(headings) + 1).value = heading
            headings.append(heading)
        return headings.index(heading) + 1

    def row_of(self, sheet: str, wanted: str) -> int:
        """Find the first row in which a cell says something."""
        rows = self.sheet(sheet).iter_rows()
        return next(place for place, row in enumerate(rows, 1) if any(cell.value == wanted for cell in row))

    def put(self, sheet: str, wanted: str | int, heading: str, value: object) -> None:
        row = wanted if isinstance(wanted, int) else self.row_of(sheet, wanted)
        self.sheet(sheet).cell(row, self.column(sheet, heading)).value = value  # type: ignore[assignment]

    def add(self, sheet: str, *lines: Mapping[str, object]) -> None:
        """Type lines below the last one."""
        for line in lines:
            row = self.sheet(sheet).max_row + 1
            for heading, value in line.items():
                self.put(sheet, row, heading, value)

    def clear(self, *sheets: str) -> None:
        """Delete everything below the headings, as an author does with the examples."""
        for name in sheets:
            page = self.sheet(name)
            page.delete_rows(2, page.max_row)

    def save(self) -> Path:
        self.book.save(self.file)
        return self.file


def farms(file: Path) -> Spreadsheet:
    """Write a small questionnaire in a template, in place of its examples."""
    sheet = Spreadsheet(file)
    sheet.clear("survey", "choices", "capacity")
    sheet.add(
        "survey",
        {"type": "begin_group", "name": "f", LABEL: "Farms"},
        {"type": "select_one f_register", "name": "f_register", LABEL: "Is there a register of farms?",
         "capacity_kind": "level"},
        {"type": "select_multiple f_use", "name": "f_use", LABEL: "What is it used for?",
         "relevant": "${f_register} >= 1"},
        {"type": "end_group"},
    )  # fmt: skip
    anchors = ["None.", "A list.", "A register.", "A register kept up to date."]
    sheet.add("choices", *level_lines("f_register", anchors))
    sheet.add(
        "choices",
        {"list_name": "f_use", "name": "sample", LABEL: "Samples", "capacity_required": "yes"},
        {"list_name": "f_use", "name": "none", LABEL: "Nothing", "capacity_exclusive": "yes"},
    )
    return sheet


def level_lines(of: str, sentences: Iterable[str]) -> list[dict[str, object]]:
    """Return the choices of a level."""
    lines: list[dict[str, object]] = []
    for level, sentence in enumerate(sentences):
        if level:
            lines[-1]["capacity_action_en"] = f"Do step {level}."
        lines.append({"list_name": of, "name": level, LABEL: sentence})
    return lines
