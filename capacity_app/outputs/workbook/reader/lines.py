"""The lines of a workbook by what they are about, wherever they stand, with their cells by what the columns are.

Nothing is known by its place: a line by the mark in the hidden column, which is found by its ruler, and a column by
the ruler of the questions or of its table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import NamedTuple

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.returned_files import UnplacedText
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import normalize_typed
from capacity_app.domain.problems import N_
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader.decoding import ERROR, FORMULA, UnreadableCellError, is_empty, same_text
from capacity_app.outputs.workbook.reader.sheets import (
    CellPlace,
    MergedArea,
    ParsedSheet,
    RawCell,
    cell_place_name,
    shown_text,
)
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot, LineMark

NO_MARK = N_("This line belongs to no question: it was typed in, or its hidden mark is missing.")
NO_COLUMN = N_("This column belongs to no question: it was inserted, or it is outside the table.")
NO_ANSWER_HERE = N_("This cell takes no answer.")
ADDED_SHEET = N_("This sheet was added to the file.")
NO_PLACE = N_("The questionnaire has no such place.")
MERGED = N_("Cells were merged here, so that nobody can say which of them is answered.")
TWO_COLUMNS = N_("This column stands in the file twice, with different contents.")
PART_MISSING = N_("A part of this long text is missing: a line of the file was deleted.")
_COLUMNS = sheet_marks.columns_mark("")
_NOTHING_ASKED = frozenset({sheet_marks.FIELDS_MARK, sheet_marks.TOTAL_MARK})
_ASKED = frozenset({ColumnSlot.NUMBER, ColumnSlot.TEXT, ColumnSlot.SECOND, ColumnSlot.WHO})
"""Slots that say something and take nothing."""
_JOINT = " · "
ColumnRuler = Mapping[str, tuple[int, ...]]
"""Columns by slot; more than one where somebody has copied a column."""


class LinePart(NamedTuple):
    """One line of a sheet: the first of what it is about, or a further one with the rest of long texts."""

    sheet: "MarkedSheet"
    row: int
    ruler: ColumnRuler

    def raw(self, column: int) -> RawCell:
        cells = self.sheet.sheet.rows[self.row]
        return cells[column] if column < len(cells) else ""

    def place(self, column: int) -> str:
        return cell_place_name(self.sheet.sheet.name, self.row, column)


@dataclass
class MarkedSheet:
    """A sheet with its rulers: that of the questions under an empty name, those of tables under their question's."""

    sheet: ParsedSheet
    column: int
    rulers: dict[str, ColumnRuler]
    answer_rows: set[int] = field(default_factory=set)
    merged: dict[CellPlace, MergedArea] = field(default_factory=dict)
    _strange: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def width(self) -> int:
        return max(map(len, self.sheet.rows), default=0)

    def unnamed(self, *rulers: ColumnRuler) -> tuple[int, ...]:
        """Return the columns that rulers do not name."""
        named = {column for ruler in rulers for columns in ruler.values() for column in columns} | {self.column}
        return tuple(column for column in range(self.width) if column not in named)

    def strange_to(self, ruler: ColumnRuler) -> tuple[int, ...]:
        """Return the columns that one ruler does not name; worked out once."""
        if id(ruler) not in self._strange:
            self._strange[id(ruler)] = self.unnamed(ruler)
        return self._strange[id(ruler)]

    @cached_property
    def is_plain(self) -> bool:
        """Whether every cell of lines about answers says what it seems to say; asked once merged cells are known."""
        return not self.merged and not self.sheet.odd


class WorkbookLine(NamedTuple):
    """What stands about one address (or one option of a checklist): the parts of one line, in order.

    Of a line that is not whole a part is missing between others, or the first one.
    """

    parts: tuple[LinePart, ...]
    is_whole: bool = True

    @property
    def first(self) -> LinePart:
        return self.parts[0]

    def has(self, slot: str) -> bool:
        return slot in self.first.ruler

    def place(self, slot: str) -> str:
        """Return where a cell is; where a line has no such column, where the line is."""
        columns = self.first.ruler.get(slot)
        return self.first.place(columns[0] if columns else self.first.sheet.column)

    def is_percent(self, slot: str) -> bool:
        """Return whether a cell shows its number times a hundred."""
        return self.first.sheet.sheet.is_percent((self.first.row, self.first.ruler[slot][0]))

    def raw(self, slot: str, shown: str = "") -> RawCell:
        """Return what stands in a cell, its parts joined; raises Unreadable.

        What was typed below the end of the text that was ``shown`` begins on a line of its own.
        """
        columns = self.first.ruler.get(slot, ())
        if not columns:
            return ""
        if len(columns) == 1 and len(self.parts) == 1:
            return self.first.raw(columns[0]) if self.first.sheet.is_plain else self._checked(self.first, columns[0])
        found = [self._joined(column, shown) for column in columns]
        filled = {shown_text(raw): raw for raw in found if not is_empty(raw)}
        if len(filled) > 1:
            raise UnreadableCellError("columns", TWO_COLUMNS)
        return next(iter(filled.values()), "")

    def _joined(self, column: int, shown: str) -> RawCell:
        found = [raw for part in self.parts if (raw := self._checked(part, column)) != ""]
        if len(found) < 2:  # noqa: PLR2004 - one part is the whole
            return found[0] if found else ""
        joined = ""
        for raw in found:
            joined += f"\n{shown_text(raw)}" if joined and same_text(joined, shown) else shown_text(raw)
        return joined

    def _checked(self, part: LinePart, column: int) -> RawCell:
        place = (part.row, column)
        if place in part.sheet.merged:
            raise UnreadableCellError("merged", MERGED)
        raw = part.raw(column)
        odd = part.sheet.sheet.odd
        if odd and place in odd:
            raise UnreadableCellError("formula", FORMULA) if odd[place] == "=" else UnreadableCellError("error", ERROR)
        return raw

    def said(self, slot: str) -> str:
        """Return what a person sees in a cell, for messages, whatever is wrong with it."""
        seen = [
            shown_text(self._merged_raw(part, column)) or part.sheet.sheet.odd.get((part.row, column), "")
            for part in self.parts
            for column in part.ruler.get(slot, ())
        ]
        return _JOINT.join(text for text in seen if normalize_typed(text))

    def _merged_raw(self, part: LinePart, column: int) -> RawCell:
        area = part.sheet.merged.get((part.row, column))
        if area is None:
            return part.raw(column)
        cells = part.sheet.sheet.rows[area.top] if area.top < len(part.sheet.sheet.rows) else []
        return cells[area.left] if area.left < len(cells) else ""


@dataclass(slots=True)
class WorkbookLines:
    """All lines of a workbook: those about answers, those about anything else by its mark, and what has no place."""

    answers: dict[tuple[Address, str], list[WorkbookLine]] = field(default_factory=dict)
    others: list[tuple[str, LinePart]] = field(default_factory=list)
    unplaced: list[UnplacedText] = field(default_factory=list)
    without_ruler: dict[str, str] = field(default_factory=dict)
    """Tables whose ruler is gone, and the sheet where their lines stand."""


def find_rulers(sheet: ParsedSheet) -> MarkedSheet | None:
    """Find the hidden column and the rulers of a sheet; None if it has none, and so is none of ours."""
    for row in sheet.rows:
        if sheet_marks.FIELDS_MARK in row:
            column = row.index(sheet_marks.FIELDS_MARK)
            return MarkedSheet(sheet, column, dict(_find_ruler_lines(sheet, column)))
    return None


def _find_ruler_lines(sheet: ParsedSheet, column: int) -> Iterator[tuple[str, ColumnRuler]]:
    for row in sheet.rows:
        mark = row[column] if column < len(row) else ""
        if isinstance(mark, str) and (mark == sheet_marks.FIELDS_MARK or mark.startswith(_COLUMNS)):
            slots: dict[str, tuple[int, ...]] = {}
            for place, slot in enumerate(row):
                if place != column and isinstance(slot, str) and slot:
                    slots[slot] = (*slots.get(slot, ()), place)
            yield ("" if mark == sheet_marks.FIELDS_MARK else mark.removeprefix(_COLUMNS)), slots


class LineCollector:
    """Goes through sheets and sorts their lines; ``tables`` are the questions that have rulers of their own."""

    def __init__(self, tables: frozenset[str], *, is_marked_throughout: bool) -> None:
        self.lines = WorkbookLines()
        self._tables = tables
        self._is_marked_throughout = is_marked_throughout
        self._parts: dict[tuple[Address, str], dict[int, list[LinePart]]] = {}

    def collect(self, sheets: Sequence[MarkedSheet]) -> WorkbookLines:
        """Collect the lines of all sheets with rulers."""
        rulers = {name: ruler for one in sheets for name, ruler in one.rulers.items() if name}
        for one in sheets:
            self._collect(one, rulers | one.rulers)
        self._join()
        return self.lines

    def _collect(self, one: MarkedSheet, rulers: Mapping[str, ColumnRuler]) -> None:
        strange = one.unnamed(*one.rulers.values()) if ColumnSlot.ANSWER in one.rulers[""] else ()
        for row, cells in enumerate(one.sheet.rows):
            text = cells[one.column] if one.column < len(cells) else ""
            mark = text.strip() if isinstance(text, str) else ""
            if mark.startswith(sheet_marks.SAID_MARK):
                if strange:
                    self.lines.unplaced += texts_outside(one, row, strange)
            elif mark.startswith("@"):
                if mark not in _NOTHING_ASKED and not mark.startswith(_COLUMNS):
                    self.lines.others.append((mark, LinePart(one, row, one.rulers[""])))
            elif not mark or not self._take_answer(one, row, mark, rulers):
                self._take_unmarked(one, row, cells)
        self._cover(one)

    def _take_answer(self, one: MarkedSheet, row: int, text: str, rulers: Mapping[str, ColumnRuler]) -> bool:
        try:
            mark = LineMark.parse(text)
        except ValueError:
            return False
        question = mark.address.question
        ruler = rulers.get(question)
        if ruler is None:
            if question in self._tables:
                self.lines.without_ruler[question] = one.sheet.name
                return True
            ruler = rulers[""]
        one.answer_rows.add(row)
        self._parts.setdefault((mark.address, mark.option), {}).setdefault(mark.part, []).append(
            LinePart(one, row, ruler)
        )
        return True

    def _take_unmarked(self, one: MarkedSheet, row: int, cells: Iterable[RawCell]) -> None:
        is_ours = ColumnSlot.ANSWER in one.rulers[""] or ColumnSlot.REMARKS in one.rulers[""]
        if is_ours and self._is_marked_throughout:
            self.lines.unplaced += line_of(one.sheet, row, cells, NO_MARK)

    def _cover(self, one: MarkedSheet) -> None:
        """Remember which cells of lines about answers were merged; titles and paragraphs are merged by us."""
        if not one.sheet.merged:
            return
        for area in one.sheet.merged:
            columns = range(area.left, min(area.right + 1, one.width))
            rows = [row for row in one.answer_rows if area.top <= row <= area.bottom]
            one.merged |= {(row, column): area for row in rows for column in columns}

    def _join(self) -> None:
        """Put the parts of each line together; the copies of a line are told apart by the order in which they stand."""
        for (address, option), numbered in self._parts.items():
            if len(numbered) == 1 and len(numbered.get(1, ())) == 1:
                self.lines.answers[address, option] = [WorkbookLine((numbered[1][0],))]
                continue
            numbers = sorted(numbered)
            is_whole = numbers == list(range(1, len(numbers) + 1))
            for copy in range(max(map(len, numbered.values()))):
                # Of a copy without its further lines those of the original are meant.
                parts = tuple(numbered[number][min(copy, len(numbered[number]) - 1)] for number in numbers)
                line = WorkbookLine(parts, is_whole)
                self.lines.answers.setdefault((address, option), []).append(line)


def texts_outside(one: MarkedSheet, row: int, columns: Iterable[int]) -> list[UnplacedText]:
    """Return the texts of a line in columns where nothing belongs."""
    cells = one.sheet.rows[row]
    return [
        UnplacedText(
            place=cell_place_name(one.sheet.name, row, column), text=shown_text(cells[column]).strip(), reason=NO_COLUMN
        )
        for column in columns
        if column < len(cells) and cells[column] != "" and not is_empty(cells[column])
    ]


def texts_inside(line: WorkbookLine, slots: Callable[[str], bool], reason: str) -> Iterator[UnplacedText]:
    """Go through the texts of a line in columns where nothing can be taken."""
    for slot, columns in line.first.ruler.items():
        if slot not in _ASKED and slots(slot):
            for part in line.parts:
                for column in columns:
                    if not is_empty(raw := part.raw(column)):
                        yield UnplacedText(place=part.place(column), text=shown_text(raw).strip(), reason=reason)


def line_of(sheet: ParsedSheet, row: int, cells: Iterable[RawCell], reason: str) -> Iterator[UnplacedText]:
    """Yield all a line says as one text, if it says anything."""
    filled = [(column, raw) for column, raw in enumerate(cells) if raw != "" and not is_empty(raw)]
    if filled:
        text = _JOINT.join(shown_text(raw).strip() for _, raw in filled)
        yield UnplacedText(place=cell_place_name(sheet.name, row, filled[0][0]), text=text, reason=reason)
