"""The table of gaps: how its cells are painted and edited, and the keys that work in it."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, Gap
from capacity_app.domain.instrument import Feasibility
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.gaps.gap_lines import GapLine, planned_words
from capacity_app.ui.look.headings import Headings
from capacity_app.ui.look.lines import forward
from capacity_app.ui.look.marks import paint_severity
from capacity_app.ui.look.painting import at_start, has, paint_chevron, paint_focus
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.registers.entry_words import FEASIBILITY_SHORT, Vocabulary

_WRAP = int(Qt.TextFlag.TextWordWrap)
_TEXT_LETTERS = 28
"""The least width of the wording, in letters; below it the table scrolls sideways."""


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
    said = words.gap_wording(line.gap)
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


class GapDelegate(QStyledItemDelegate):
    """Wraps the wording, paints severity as bars and word, and edits feasibility by a list."""

    def __init__(self, words: Vocabulary, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words

    def _sign_width(self, option: QStyleOptionViewItem) -> int:
        return round(option.fontMetrics.height() * 1.1)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        table = option.widget
        text = str(index.data())
        line = option.fontMetrics.height()
        width = option.fontMetrics.horizontalAdvance(text) + 2 * SMALL + 2
        if index.column() == Part.TEXT and isinstance(table, QTableView):
            room = QRect(0, 0, max(table.columnWidth(index.column()) - 2 * SMALL, 60), 100_000)
            return QSize(width, option.fontMetrics.boundingRect(room, _WRAP, text).height() + 2 * SMALL)
        if index.column() == Part.SEVERITY:
            width += self._sign_width(option) + SMALL
        if index.column() == Part.FEASIBILITY:
            width += line
        return QSize(width, line + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shades = colours()
        line: GapLine = index.data(GAP_ROLE)
        column = Part(index.column())
        if has(option, QStyle.StateFlag.State_Selected):
            painter.fillRect(option.rect, QColor(shades.accent_tint))
        painter.fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, QColor(shades.line))
        room = option.rect.adjusted(SMALL, SMALL, -SMALL, -SMALL)
        painter.save()
        # A Latin sentence in an Arabic window keeps its own order; “0 → 3” is read as the window is.
        is_sum = column is Part.LEVEL
        painter.setLayoutDirection(option.direction if is_sum else Qt.LayoutDirection.LayoutDirectionAuto)
        if column is Part.SEVERITY:
            room = self._paint_sign(painter, option, line, room)
        is_quiet = column is Part.ACTION and not line.actions
        painter.setFont(option.font)
        painter.setPen(QColor(shades.muted if is_quiet else shades.text))
        painter.drawText(room, at_start(option.direction, is_wrapped=True, is_top=True), str(index.data()))
        painter.restore()
        if column is Part.FEASIBILITY and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._paint_arrow(painter, option)
        if has(option, QStyle.StateFlag.State_HasFocus):
            paint_focus(painter, option.rect.adjusted(1, 1, -1, -2))

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
            line: GapLine = index.data(GAP_ROLE)
            editor.setCurrentIndex(editor.findData(line.gap.feasibility.value))
            editor.showPopup()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        if isinstance(editor, QComboBox) and isinstance(model, GapModel):
            model.setData(index, Feasibility(editor.currentData()))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        width = max(option.rect.width(), editor.sizeHint().width())
        place = QRect(option.rect.topLeft(), QSize(width, editor.sizeHint().height()))
        editor.setGeometry(QStyle.visualRect(option.direction, option.rect, place))


class GapTable(QTableView):
    """The table. ``wanted`` carries the address of a gap to go to, ``picked`` the current gap's address as text."""

    wanted = Signal(object)
    picked = Signal(str)

    def __init__(self, words: Vocabulary, name: str, label: str, *, is_editable: bool) -> None:
        super().__init__()
        self.gaps = GapModel(words, is_editable=is_editable)
        self.setModel(self.gaps)
        self.setItemDelegate(GapDelegate(words, self))
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.setWordWrap(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)
        self.setHorizontalHeader(Headings(self))
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda index, _old: self._pick(index))
        self.gaps.modelReset.connect(self._fit)
        self.gaps.dataChanged.connect(self._fit)

    def _pick(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(str(self.gaps.lines[index.row()].gap.address))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and index.column() != Part.FEASIBILITY:
            self.wanted.emit(self.gaps.lines[index.row()].gap.address)

    def chosen(self) -> tuple[Gap, ...]:
        """Give the gaps of the selected rows, in their order."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self.gaps.lines[row].gap for row in rows)

    def choose(self, address: str) -> bool:
        """Choose one gap alone, whatever keys are held down meanwhile; False if it is not shown."""
        flags = QItemSelectionModel.SelectionFlag
        for row, line in enumerate(self.gaps.lines):
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

    def _fit(self) -> None:
        """Give every column the room it needs, and the wording what is left."""
        header = self.horizontalHeader()
        for part in Part:
            if part is not Part.TEXT:
                header.setSectionResizeMode(part, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(part, max(self.sizeHintForColumn(part), header.sectionSizeHint(part)) + SMALL)
        taken = sum(header.sectionSize(part) for part in Part if part is not Part.TEXT)
        header.resizeSection(
            Part.TEXT, max(self.viewport().width() - taken, _TEXT_LETTERS * self.fontMetrics().averageCharWidth())
        )
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
