"""Rows of one kind under headings: the model, the table, and how its cells are measured and painted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from capacity_app.ui.look.painting import has, paint_focus
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, Role, font_for, is_font_change

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_PARENT = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows as a table: ``columns`` are headings, each with what a row says under it.

    ``key`` tells rows apart: where the same ones are shown again, the choice and the place of the view stay.
    """

    def __init__(
        self, columns: Sequence[tuple[str, Callable[[R], str]]], key: Callable[[R], object] | None = None
    ) -> None:
        super().__init__()
        self.columns, self._key = tuple(columns), key
        self.rows: tuple[R, ...] = ()

    def show(self, rows: Sequence[R]) -> bool:
        """Show rows; False where they are the ones shown before."""
        key, before, fresh = self._key, self.rows, tuple(rows)
        if key is not None and [key(row) for row in fresh] == [key(row) for row in before]:
            self.rows = fresh
            if fresh and fresh != before:
                self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(self.columns) - 1))
            return False
        self.beginResetModel()
        self.rows = fresh
        self.endResetModel()
        return True

    def row_of(self, key: object) -> int:
        """Find a row by its key, -1 if there is none."""
        tell = self._key
        return next((place for place, row in enumerate(self.rows) if tell is not None and tell(row) == key), -1)

    def spoken(self, row: R, column: int) -> str:
        """Say a cell to who cannot see it."""
        return self.columns[column][1](row)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_heading = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.columns[section][0] if is_heading else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[index.column()][1](row)
        return self.spoken(row, index.column()) if role == Qt.ItemDataRole.AccessibleTextRole else None


class Headings(QHeaderView):
    """Quiet column headings with the same inset as the cells; numbers are headed at their trailing edge."""

    def __init__(self, parent: QWidget, numbers: frozenset[int] = frozenset()) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._numbers = numbers
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setStretchLastSection(False)

    def _words(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's name
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._words(section)) + 2 * SMALL + 2, metrics.height() + SMALL)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        painter.save()
        painter.fillRect(rect, QColor(shades.raised))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(shades.line))
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.muted))
        painter.setLayoutDirection(self.layoutDirection())
        is_number = section in self._numbers
        side = Qt.AlignmentFlag.AlignTrailing if is_number else Qt.AlignmentFlag.AlignLeading
        room = rect.adjusted(SMALL, 0, -SMALL, 0)
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), self._words(section))
        painter.restore()


class ReadingTable(QTableView):
    """A table without a grid and without frames, in which one row is chosen; it scrolls smoothly, and Tab leaves it.

    The columns of ``shares`` wrap, and share the room the others leave; each keeps ``letters`` at least.
    """

    def __init__(self, shares: Mapping[int, int], letters: int = 28) -> None:
        super().__init__()
        self.shares, self._letters = shares, letters
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()

    def fit(self) -> None:
        """Give every column the room it needs, and those that wrap what is left."""
        if self.model() is None:
            return
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        shown = [column for column in range(self.model().columnCount()) if not self.isColumnHidden(column)]
        wide = [column for column in shown if column in self.shares]
        rest = [column for column in shown if column not in self.shares]
        for column in rest:
            header.resizeSection(column, max(self.sizeHintForColumn(column), header.sectionSizeHint(column)) + SMALL)
        least = self._letters * self.fontMetrics().averageCharWidth() * len(wide)
        left = max(self.viewport().width() - sum(map(header.sectionSize, rest)), least)
        for column in wide:
            header.resizeSection(column, left * self.shares[column] // sum(self.shares[one] for one in wide))
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.fit()


class CellPainter(QStyledItemDelegate):
    """Measures and paints the cells of a ``ReadingTable``, a line under each row."""

    def extra_width(self, _option: QStyleOptionViewItem, _column: int) -> int:
        """Return how many pixels a cell takes beside its words."""
        return 0

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        """Paint what stands in a cell."""
        raise NotImplementedError

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text, metrics, table, column = str(index.data()), option.fontMetrics, option.widget, index.column()
        width = metrics.horizontalAdvance(text) + 2 * SMALL + 2
        if isinstance(table, ReadingTable) and column in table.shares:
            room = QRect(0, 0, max(table.columnWidth(column) - 2 * SMALL, 40), 100_000)
            high = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()
            return QSize(width, high + 2 * SMALL)
        return QSize(width + self.extra_width(option, column), metrics.height() + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if has(option, QStyle.StateFlag.State_Selected):
            painter.fillRect(option.rect, QColor(colours().accent_tint))
        painter.fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, QColor(colours().line))
        painter.save()
        painter.setFont(option.font)
        self.paint_cell(painter, option, index, option.rect.adjusted(SMALL, SMALL, -SMALL, -SMALL))
        painter.restore()
        if has(option, QStyle.StateFlag.State_HasFocus):
            paint_focus(painter, option.rect.adjusted(1, 1, -1, -2))
