"""A grid question as a Qt table: lines are rows and their headings, cells are addresses."""

from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from capacity_app.domain.answers import OPEN_STATES, Address, Content, State
from capacity_app.domain.instrument import Column, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.marks import MARK_WORDS, Mark, mark_of
from capacity_app.ui.questionnaire.pairs import NO_SECOND, Second, second_of
from capacity_app.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = Qt.ItemDataRole.UserRole
"""The role under which the painter finds a ``Cell``."""

_WHY_NOT = {
    Standing.ROW_OUT: N_("The row does not apply: {reason}"),
    Standing.SETTLED: N_("Settled by the answer in “{column}”: nothing more to ask"),
    Standing.SPARE: N_("A spare row: it counts once “{column}” is answered"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a row of the grid, or the heading of a group of rows (``row`` is None)."""

    row: Row | None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows: text, the level 0-3 if it is one, how it stands, and what is attached to it.

    ``is_others`` marks an answer of another agency where the present one has said nothing, ``is_offered`` one of the
    earlier round where nobody has.
    """

    text: str = ""
    level: int | None = None
    mark: Mark = Mark.OPEN
    standing: Standing = Standing.WANTED
    is_others: bool = False
    is_offered: bool = False
    has_note: bool = False
    has_evidence: bool = False
    is_heading: bool = False


def plain_tip(text: str) -> str:
    """Make a tool tip that wraps and shows text as it is."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if text else ""


def lines_of(question: Question, wording: Wording) -> list[Line]:
    """Lay out the rows with a line for every heading."""
    lines: list[Line] = []
    for row in question.rows:
        if row.heading:
            lines.append(Line(None, wording.row_part(question, row, "heading")))
        lines.append(Line(row))
    return lines


class GridModel(QAbstractTableModel):
    """Shows what the session says; changes go through the bridge, never through the model."""

    def __init__(self, bridge: Bridge, wording: Wording, question: Question, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._wording, self.question = bridge, wording, question
        self.lines = lines_of(question, wording)
        self.line_of = {line.row.id: number for number, line in enumerate(self.lines) if line.row}
        self.place_of = {column.id: number for number, column in enumerate(question.columns)}
        self._cells: dict[tuple[int, int], Cell] = {}
        self._rows = {row.id: number for number, row in enumerate(question.rows)}
        self.second: Wording | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.question.columns)

    # -- places ---------------------------------------------------------------------------------------------------

    def column(self, index: Index) -> Column:
        return self.question.columns[index.column()]

    def address(self, index: Index) -> Address | None:
        """Return the address of a cell, None for a heading."""
        row = self.lines[index.row()].row if index.isValid() else None
        return Address(self.question.id, row.id, self.column(index).id) if row else None

    def index_of(self, address: Address) -> QModelIndex:
        """Find the cell of an address; the first cell of the row if only a row is named."""
        line = self.line_of.get(address.row)
        return QModelIndex() if line is None else self.index(line, self.place_of.get(address.column, 0))

    def block(self) -> Block:
        return self._bridge.session.sheet.blocks[self.question.id]

    def item(self, address: Address) -> Item:
        return self.block().strips[self._rows[address.row]].items[self.place_of[address.column]]

    def offered(self, address: Address) -> Content | None:
        """Return what the earlier round said in a cell, or of a whole row, if that may be confirmed."""
        if self._bridge.session.is_read_only:
            return None
        return self._bridge.carried.in_question(self.question.id).get(address)

    # -- showing --------------------------------------------------------------------------------------------------

    def cell(self, line: int, place: int) -> Cell:
        known = self._cells.get((line, place))
        if known is None:
            known = self._cells[line, place] = self._make_cell(line, place)
        return known

    def _make_cell(self, line: int, place: int) -> Cell:
        row = self.lines[line].row
        if row is None:
            return Cell(is_heading=True)
        column = self.question.columns[place]
        address = Address(self.question.id, row.id, column.id)
        item = self.item(address)
        own = self._bridge.content(address)
        shown, is_others = self._shown(item, own)
        offered = self.offered(address) if shown.state is State.NOT_ASKED else None
        shown = offered or shown
        level = shown.value if column.kind == "level" and isinstance(shown.value, int) else None
        return Cell(
            text=self._wording.content(self.question, column, shown, is_short=True),
            level=level,
            mark=mark_of(item.answer),
            standing=item.standing,
            is_others=is_others,
            is_offered=offered is not None,
            has_note=bool(own.note),
            has_evidence=bool(own.evidence or item.answer.evidence),
        )

    @staticmethod
    def _shown(item: Item, own: Content) -> tuple[Content, bool]:
        if own.state is not State.NOT_ASKED:
            return own, False
        answer = item.answer
        if answer.state is State.NOT_ASKED or answer.conflict:
            return own, False
        value = None if answer.state in OPEN_STATES else answer.value
        return Content(state=answer.state, value=value, reason=answer.reason), True

    def why_not(self, address: Address) -> str:
        """Return why nothing is wanted in a cell; empty where an answer is wanted."""
        item = self.item(address)
        pattern = _WHY_NOT.get(item.standing)
        if pattern is None:
            return ""
        reason = self.row_reason(address.row)
        column = ""
        if item.standing is Standing.SETTLED and self.question.gate:
            column = self._column_label(self.question.gate.column)
        elif item.standing is Standing.SPARE:
            column = self._column_label(self.question.key_column)
        return self._wording.texts.gettext(pattern).format(reason=reason, column=column)

    def _column_label(self, column_id: str) -> str:
        column = self.question.column_by_id.get(column_id)
        return self._wording.column(self.question, column) if column else ""

    def row_reason(self, row_id: str) -> str:
        """Return the reason why a row does not apply; empty if it applies."""
        block = self.block()
        state = block.rows[row_id]
        if state.standing is not Standing.ROW_OUT:
            return ""
        row = self.question.row_by_id[row_id]
        if state.reason and state.reason == row.preset_reason:
            return self._wording.row_part(self.question, row, "preset_reason")
        return state.reason or block.whole.reason or self._weighed_out(row_id)

    def _weighed_out(self, row_id: str) -> str:
        column = self.question.importance_column
        if column is None:
            return ""
        value = self.item(Address(self.question.id, row_id, column.id)).answer.value
        return self._wording.value(self.question, column, value)

    def tip(self, line: int, place: int) -> str:
        """Say a cell in full: column, answer with its whole sentence, standing."""
        row = self.lines[line].row
        if row is None:
            return ""
        column = self.question.columns[place]
        address = Address(self.question.id, row.id, column.id)
        own = self._bridge.content(address)
        said = [self._wording.column(self.question, column), self._wording.content(self.question, column, own)]
        said += [self.why_not(address), own.note, self.offer_in_words(address)]
        cell = self.cell(line, place)
        if cell.mark is Mark.CONFLICT:
            said.append(self._wording.texts.gettext(MARK_WORDS[Mark.CONFLICT]))
        return "\n".join(part for part in said if part)

    def offer_in_words(self, address: Address) -> str:
        """Return what the earlier round said, of a cell or a whole row; empty if there is nothing to confirm."""
        content = self.offered(address)
        if content is None:
            return ""
        texts = self._wording.texts
        said = self._wording.content(self.question, self.question.column_by_id.get(address.column), content)
        whence = self._bridge.carried.whence(texts, (address,))
        return texts.gettext("{round}: {answer}").format(round=whence, answer=said)

    def _spoken(self, line: int, place: int) -> str:
        row = self.lines[line].row
        if row is None:
            return self.lines[line].heading
        cell = self.cell(line, place)
        said = cell.text or self._wording.texts.gettext(MARK_WORDS[cell.mark])
        address = Address(self.question.id, row.id, self.question.columns[place].id)
        if cell.is_offered:
            pattern = self._wording.texts.gettext("{answer}, to confirm from {round}")
            said = pattern.format(answer=said, round=self._bridge.carried.whence(self._wording.texts, (address,)))
        place_said = f"{row.number} {self._wording.row(self.question, row)}".strip()
        column = self._wording.column(self.question, self.question.columns[place])
        return self._wording.texts.listed(part for part in (place_said, column, said, self.why_not(address)) if part)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        if not index.isValid():
            return None
        line, place = index.row(), index.column()
        if role == CELL_ROLE:
            return self.cell(line, place)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(line, place).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.tip(line, place))
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole}:
            return self._spoken(line, place)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._wording.column(self.question, self.question.columns[section])
        line = self.lines[section]
        return f"{line.row.number} {self._wording.row(self.question, line.row)}".strip() if line.row else line.heading

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.lines[index.row()].row is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    # -- changes --------------------------------------------------------------------------------------------------

    def refresh_row(self, row_id: str) -> int:
        """Show one row anew; gives its line, -1 if the grid has no such row."""
        line = self.line_of.get(row_id, -1)
        if line >= 0:
            last = len(self.question.columns) - 1
            for place in range(last + 1):
                self._cells.pop((line, place), None)
            self.dataChanged.emit(self.index(line, 0), self.index(line, last))
        return line

    def show_second(self, second: Wording | None) -> None:
        """Show rows and columns in a second wording too, or no longer."""
        self.second = second
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.question.columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, max(0, len(self.lines) - 1))

    def second_column(self, place: int) -> Second:
        """Return the second wording of a column's label."""
        if self.second is None:
            return NO_SECOND
        column = self.question.columns[place]
        first = self._wording.column(self.question, column)
        return second_of(first, self.second.column(self.question, column), self.second)

    def second_line(self, line: int) -> Second:
        """Return the second wording of a row's label or of a heading."""
        if self.second is None:
            return NO_SECOND
        row = self.lines[line].row
        if row is not None:
            return second_of(self._wording.row(self.question, row), self.second.row(self.question, row), self.second)
        headed = self.lines[line + 1].row if line + 1 < len(self.lines) else None
        said = self.second.row_heading(self.question, headed) if headed else ""
        return second_of(self.lines[line].heading, said, self.second)

    def refresh(self) -> None:
        self._cells.clear()
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, len(self.question.columns) - 1))
