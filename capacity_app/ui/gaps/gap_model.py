"""Gaps as the rows of a table: a thin model, its columns and what every cell says."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from capacity_app.domain.gaps import CLASS_WORDS
from capacity_app.domain.instrument import Feasibility
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.gaps.gap_lines import GapLine, planned_words
from capacity_app.ui.look.lines import forward
from capacity_app.ui.registers.entry_words import FEASIBILITY_SHORT, Vocabulary

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
GAP_ROLE = int(Qt.ItemDataRole.UserRole)


class Part(IntEnum):
    """The columns of the table, in reading order."""

    SEVERITY = 0
    NUMBER = 1
    TEXT = 2
    LEVEL = 3
    FEASIBILITY = 4
    ACTION = 5


_HEADINGS = {
    Part.SEVERITY: N_("Severity"),
    Part.NUMBER: N_("Number"),
    Part.TEXT: N_("Gap"),
    Part.LEVEL: N_("Level"),
    Part.FEASIBILITY: N_("Feasibility"),
    Part.ACTION: N_("Actions"),
}


def _level(texts: Texts, line: GapLine) -> str:
    level = "?" if line.gap.level is None else texts.number(line.gap.level)
    return f"{level} {forward(texts)} {texts.number(line.gap.target)}"


def _wording(words: Vocabulary, line: GapLine) -> str:
    said = words.wording.gap(line.gap)
    prerequisite = words.texts.gettext("Prerequisite")
    return f"{said}\n{prerequisite}" if line.gap.is_prerequisite else said


_CELLS: Mapping[Part, Callable[[Vocabulary, GapLine], str]] = {
    Part.SEVERITY: lambda words, line: words.texts.gettext(CLASS_WORDS[line.gap.severity_class]),
    Part.NUMBER: lambda _words, line: line.gap.number,
    Part.TEXT: _wording,
    Part.LEVEL: lambda words, line: _level(words.texts, line),
    Part.FEASIBILITY: lambda words, line: words.texts.gettext(FEASIBILITY_SHORT[line.gap.feasibility]),
    Part.ACTION: lambda words, line: planned_words(words.texts, line),
}
"""What every cell says."""


class GapModel(QAbstractTableModel):
    """Gaps as rows. ``rated`` asks to give a gap (its address as text) another feasibility."""

    rated = Signal(str, object)

    def __init__(self, words: Vocabulary, *, is_editable: bool) -> None:
        super().__init__()
        self._words, self._is_editable = words, is_editable
        self._lines: tuple[GapLine, ...] = ()

    @property
    def lines(self) -> tuple[GapLine, ...]:
        return self._lines

    def show(self, lines: Sequence[GapLine]) -> None:
        """Show other rows; where only cells differ, choice and place stay."""
        fresh = tuple(lines)
        if [line.gap.address for line in fresh] == [line.gap.address for line in self._lines]:
            self._lines = fresh
            if fresh:
                self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(Part) - 1))
            return
        self.beginResetModel()
        self._lines = fresh
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._words.texts.gettext(_HEADINGS[Part(section)])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        if role == GAP_ROLE:
            return line
        if role == Qt.ItemDataRole.EditRole and index.column() == Part.FEASIBILITY:
            return line.gap.feasibility
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return _CELLS[Part(index.column())](self._words, line)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_editable = self._is_editable and index.column() == Part.FEASIBILITY
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line = self._lines[index.row()]
        if role != Qt.ItemDataRole.EditRole or not isinstance(value, Feasibility) or value is line.gap.feasibility:
            return False
        self.rated.emit(str(line.gap.address), value)
        return True
