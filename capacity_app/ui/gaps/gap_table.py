"""The table of gaps: how its cells are painted and edited, and the keys that work in it."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, Gap
from capacity_app.domain.instrument import Feasibility
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.gaps.gap_lines import GapLine, planned_words
from capacity_app.ui.look.lines import forward
from capacity_app.ui.look.marks import paint_severity
from capacity_app.ui.look.painting import at_start, paint_chevron
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.rows import ROW_ROLE, CellPainter, Headings, Index, ReadingTable, RowsModel
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.registers.entry_words import FEASIBILITY_SHORT, Vocabulary

_TEXT_LETTERS = 28
"""The least width of the wording, in letters; below it the table scrolls sideways."""


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


class GapModel(RowsModel[GapLine]):
    """Gaps as rows. ``rated`` asks to give a gap (its address as text) another feasibility."""

    rated = Signal(str, object)

    def __init__(self, words: Vocabulary, *, is_editable: bool) -> None:
        columns = [(words.texts.gettext(_HEADINGS[part]), partial(_CELLS[part], words)) for part in Part]
        super().__init__(columns, lambda line: line.gap.address)
        self._is_editable = is_editable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.EditRole and index.column() == Part.FEASIBILITY:
            return self.rows[index.row()].gap.feasibility
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_editable = self._is_editable and index.column() == Part.FEASIBILITY
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line = self.rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or not isinstance(value, Feasibility) or value is line.gap.feasibility:
            return False
        self.rated.emit(str(line.gap.address), value)
        return True


class GapDelegate(CellPainter):
    """Wraps the wording, paints severity as bars and word, and edits feasibility by a list."""

    def __init__(self, words: Vocabulary, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words

    def _sign_width(self, option: QStyleOptionViewItem) -> int:
        return round(option.fontMetrics.height() * 1.1)

    def extra_width(self, option: QStyleOptionViewItem, column: int) -> int:
        if column == Part.SEVERITY:
            return self._sign_width(option) + SMALL
        return option.fontMetrics.height() if column == Part.FEASIBILITY else 0

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        shades, column = colours(), Part(index.column())
        line: GapLine = index.data(ROW_ROLE)
        # A Latin sentence in an Arabic window keeps its own order; “0 → 3” is read as the window is.
        is_sum = column is Part.LEVEL
        painter.setLayoutDirection(option.direction if is_sum else Qt.LayoutDirection.LayoutDirectionAuto)
        if column is Part.SEVERITY:
            room = self._paint_sign(painter, option, line, room)
        is_quiet = column is Part.ACTION and not line.actions
        painter.setPen(QColor(shades.muted if is_quiet else shades.text))
        painter.drawText(room, at_start(option.direction, is_wrapped=True, is_top=True), str(index.data()))
        if column is Part.FEASIBILITY and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._paint_arrow(painter, option)

    def _paint_arrow(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        side = option.fontMetrics.height()
        place = QRect(option.rect.right() - side - 2, option.rect.y() + SMALL, side, side)
        spot = QStyle.visualRect(option.direction, option.rect, place)
        paint_chevron(painter, QRectF(spot).center(), colours().muted, size=side / 5)

    def _paint_sign(self, painter: QPainter, option: QStyleOptionViewItem, line: GapLine, room: QRect) -> QRect:
        side = self._sign_width(option)
        top = room.y() + (option.fontMetrics.height() - side * 3 // 4) // 2
        sign = QRect(room.x(), top, side, side * 3 // 4)
        paint_severity(painter, QRectF(QStyle.visualRect(option.direction, room, sign)), line.gap.severity_class)
        rest = QRect(room.x() + side + SMALL, room.y(), room.width() - side - SMALL, room.height())
        return QStyle.visualRect(option.direction, room, rest)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        combo = QComboBox(parent)
        combo.setObjectName("feasibility_editor")
        for feasibility, label in FEASIBILITY_WORDS.items():
            combo.addItem(self._words.texts.gettext(label), feasibility.value)
        combo.activated.connect(lambda _index: self._commit(combo))
        return combo

    def _commit(self, combo: QWidget) -> None:
        self.commitData.emit(combo)
        self.closeEditor.emit(combo, QStyledItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            line: GapLine = index.data(ROW_ROLE)
            editor.setCurrentIndex(editor.findData(line.gap.feasibility.value))
            editor.showPopup()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        if isinstance(editor, QComboBox) and isinstance(model, GapModel):
            model.setData(index, Feasibility(editor.currentData()))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        width = max(option.rect.width(), editor.sizeHint().width())
        place = QRect(option.rect.topLeft(), QSize(width, editor.sizeHint().height()))
        editor.setGeometry(QStyle.visualRect(option.direction, option.rect, place))


class GapTable(ReadingTable):
    """The table. ``wanted`` carries the address of a gap to go to, ``picked`` the current gap's address as text."""

    wanted = Signal(object)
    picked = Signal(str)

    def __init__(self, words: Vocabulary, name: str, label: str, *, is_editable: bool) -> None:
        super().__init__({Part.TEXT: 1}, _TEXT_LETTERS)
        self.gaps = GapModel(words, is_editable=is_editable)
        self.setModel(self.gaps)
        self.setItemDelegate(GapDelegate(words, self))
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setHorizontalHeader(Headings(self))
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda index, _old: self._pick(index))
        self.gaps.modelReset.connect(self.fit)
        self.gaps.dataChanged.connect(self.fit)

    def _pick(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(str(self.gaps.rows[index.row()].gap.address))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and index.column() != Part.FEASIBILITY:
            self.wanted.emit(self.gaps.rows[index.row()].gap.address)

    def chosen(self) -> tuple[Gap, ...]:
        """Return the gaps of the selected rows, in their order."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self.gaps.rows[row].gap for row in rows)

    def choose(self, address: str) -> bool:
        """Choose one gap alone, whatever keys are held down meanwhile; False if it is not shown."""
        flags = QItemSelectionModel.SelectionFlag
        for row, line in enumerate(self.gaps.rows):
            if str(line.gap.address) == address:
                place = self.gaps.index(row, Part.TEXT)
                self.selectionModel().setCurrentIndex(place, flags.ClearAndSelect | flags.Rows)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        is_list = self.currentIndex().column() == Part.FEASIBILITY
        if is_list and (is_enter or event.key() == Qt.Key.Key_Space):
            self.edit(self.currentIndex())
        elif is_enter:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
