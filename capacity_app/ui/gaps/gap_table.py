"""The table of gaps: how its cells are painted and edited, and the keys that work in it."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
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

from capacity_app.domain.gaps import FEASIBILITY_WORDS, Gap
from capacity_app.domain.instrument import Feasibility
from capacity_app.ui.gaps.gap_lines import GapLine
from capacity_app.ui.gaps.gap_model import GAP_ROLE, GapModel, Index, Part
from capacity_app.ui.look.headings import Headings
from capacity_app.ui.look.painting import at_start, has, paint_chevron, paint_focus
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.severity import paint_severity
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.registers.entry_words import Vocabulary

_WRAP = int(Qt.TextFlag.TextWordWrap)
_TEXT_LETTERS = 28
"""The least width of the wording, in letters; below it the table scrolls sideways."""


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
