"""Editing a workbook as a spreadsheet does, in its XML, so fast that a thousand edits are a test and not an afternoon.

Where the cells are is found by openpyxl and the marks, as ``tests.outputs.workbook.reading`` has it: not by the
reader under test.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.sheet_marks import RETURN_MARKS, ColumnSlot
from capacity_app.outputs.workbook.writer import workbook_bytes
from tests.outputs.workbook.reading import answer_cells, sheet_of

Where = tuple[str, str]
"""A sheet's name and a cell: ("IV Data needs", "F12")."""


@dataclass(frozen=True)
class Raw:
    """A cell's XML between its tags, with the attributes of the cell: an error, a formula, a logical value."""

    inside: str
    kind: str = ""


def formula(text: str, result: str = "") -> Raw:
    return Raw(f"<f>{escape(text)}</f><v>{result}</v>")


def error(text: str) -> Raw:
    return Raw(f"<v>{text}</v>", "e")


def logical(*, is_true: bool) -> Raw:
    return Raw(f"<v>{int(is_true)}</v>", "b")


class Sent:
    """A workbook that was sent out, of which edited copies are made."""

    def __init__(self, dossier: Dossier, language: str = "en", content: bytes = b"", **more: ReportProfile) -> None:
        self.dossier = dossier
        self.content = content or workbook_bytes(dossier, texts=Translator(language), **more)
        with zipfile.ZipFile(io.BytesIO(self.content)) as package:
            self._files = {info.filename: package.read(info) for info in package.infolist()}
        book = load_workbook(io.BytesIO(self.content))
        self._parts = {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(book.sheetnames, start=1)}
        self.cells = dict(_cells(book))
        self._book = book

    def where(self, address: str, slot: str = "") -> Where:
        """Find a cell by "question/row/column" and slot ("@answer" if none, "#option" for one of a checklist)."""
        wanted = f"{ColumnSlot.ANSWER}{slot}" if not slot or slot.startswith("#") else slot
        return self.cells[address, wanted][0]

    def place(self, where: str) -> Where:
        """Find a cell by "address" or "address slot"."""
        return self.where(*re.split(" (?=[@#])", where, maxsplit=1))

    def register_cells(self, name: str) -> Iterator[tuple[str, str]]:
        """Go through the lines of a register: mark, and the cell for remarks, which is the last one."""
        sheet = self._book[name]
        for row in sheet.iter_rows():
            if str(row[0].value).startswith("@") and " " in str(row[0].value):
                yield str(row[0].value), row[-1].coordinate

    def edited(self, edits: Mapping[Where, Any], more: Mapping[str, bytes] | None = None) -> bytes:
        """Return a copy with other cells; ``more`` are parts of the package that are replaced."""
        changed = dict(self._files) | dict(more or {})
        for (sheet, cell), value in edits.items():
            part = self._parts[sheet]
            changed[part] = _patched(changed[part], cell, value)
        return packed(changed)

    def path(self, sheet: str) -> str:
        """Return where in the package a sheet is."""
        return self._parts[sheet]

    def part(self, path: str) -> str:
        """Return a part of the package."""
        return self._files[path].decode()

    def xml(self, sheet: str) -> str:
        """Return the XML of a sheet."""
        return self.part(self.path(sheet))

    def with_xml(self, sheet: str, xml: str) -> bytes:
        """Return a copy with another XML of one sheet."""
        return self.edited({}, {self._parts[sheet]: xml.encode()})

    def said(self, edits: Mapping[str, Any]) -> ReturnedContent:
        """Edit cells by "address" or "address slot", and read what came back."""
        return self.read(self.edited({self.place(where): value for where, value in edits.items()}))

    def read(self, content: bytes | None = None) -> ReturnedContent:
        """Read a copy, the unedited one if none is given."""
        return read_returned(content or self.content, "returned.xlsx", self.dossier.instrument)


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _cells(book: Workbook) -> Iterator[tuple[tuple[str, str], list[Where]]]:
    for address, slots in answer_cells(book).items():
        for slot, cells in slots.items():
            yield (str(address), str(slot)), [(cell.parent.title, cell.coordinate) for cell in cells]
    first = sheet_of(book, "readme")
    for row in first.iter_rows():
        if row[0].value in RETURN_MARKS:
            yield (str(row[0].value), str(ColumnSlot.ANSWER)), [(first.title, row[3].coordinate)]


def _patched(xml: bytes, cell: str, value: Any) -> bytes:
    """Put another value into one cell; its style stays."""
    pattern = re.compile(rf'<c r="{cell}"((?: s="\d+")?)(?: t="\w+")?(?:/>|>.*?</c>)'.encode(), re.DOTALL)
    made = pattern.sub(lambda found: _cell(cell, found[1].decode(), value).encode(), xml, count=1)
    assert made != xml or value is None, f"{cell} is not there"
    return made


def _cell(cell: str, style: str, value: Any) -> str:
    if value is None:
        return f'<c r="{cell}"{style}/>'
    if isinstance(value, Raw):
        kind = f' t="{value.kind}"' if value.kind else ""
        return f'<c r="{cell}"{style}{kind}>{value.inside}</c>'
    if isinstance(value, int | float):
        return f'<c r="{cell}"{style}><v>{value}</v></c>'
    return f'<c r="{cell}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def changes(returned: ReturnedContent) -> dict[str, tuple[Any, Any]]:
    """Return what was edited, by address: state and value before and after."""
    return {
        str(one.address): ((one.before.state, one.before.value), (one.now.state, one.now.value))
        for one in returned.edited
    }


def nothing_else(returned: ReturnedContent) -> bool:
    """Return whether a file says nothing that it did not say when it was made."""
    return not (returned.edited or returned.remarks or returned.unplaced or returned.problems)
