"""A heat map: a table of tiles told by sign, words and shade, its headings fixed while it scrolls.

What it shows is a plain ``HeatTable``; every tile is a cell of a table view, so that the keyboard and screen readers
find it where the eye does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from capacity_app.ui.look.heat_painting import HEAT_ROLE, ColumnHeads, Head, Heat, RowHeads, TilePainter
from capacity_app.ui.look.theme import SMALL, Role, font_for, is_font_change

Index = QModelIndex | QPersistentModelIndex
Place = tuple[str, str]
"""A tile by the keys of its row and column."""
_NO_PARENT = QModelIndex()
_LEAST_LETTERS, _MOST_LETTERS = 8, 22
"""How narrow and how wide a column may be, in average letters."""
_MARKS = 7
"""So many marks find room in the narrowest column; the words have all of them."""
_LETTERS = 12
"""Words of a column's heading are broken only if they are longer than this."""
_LEAST_ROWS = 6
_ROW_HEAD = 0.34
_ROW_HEAD_LETTERS = (18, 44)


@dataclass(frozen=True)
class HeatTable:
    """Rows and columns with what stands where they meet; a tile is asked for when it is first shown.

    ``corner`` heads the rows where the table is copied.
    """

    rows: Sequence[Head] = ()
    columns: Sequence[Head] = ()
    tile: Callable[[int, int], Heat] = field(default=lambda _row, _column: Heat())
    corner: str = ""


class HeatModel(QAbstractTableModel):
    """A thin model over a table."""

    def __init__(self) -> None:
        super().__init__()
        self.table = HeatTable()
        self._tiles: dict[tuple[int, int], Heat] = {}

    def show(self, table: HeatTable) -> None:
        self.beginResetModel()
        self.table, self._tiles = table, {}
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def tile(self, row: int, column: int) -> Heat:
        place = (row, column)
        if place not in self._tiles:
            self._tiles[place] = Heat() if self.table.rows[row].is_group else self.table.tile(row, column)
        return self._tiles[place]

    def spoken(self, row: int, column: int) -> str:
        """Say one tile with its headings."""
        head = self.table.rows[row]
        if head.is_group:
            return head.title
        name = f"{head.number} {head.title}".strip()
        return f"{name}, {self.table.columns[column].title}: {self.tile(row, column).words}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role == HEAT_ROLE:
            return self.tile(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.tile(row, column).words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row, column)
        return _tip(self.spoken(row, column)) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_row = orientation == Qt.Orientation.Vertical
        head = (self.table.rows if is_row else self.table.columns)[section]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return " ".join(part for part in (head.number, head.title) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip("\n".join(part for part in (head.title, head.detail) if part))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Keep headings of groups from being chosen."""
        if not index.isValid() or self.table.rows[index.row()].is_group:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class HeatMap(QTableView):
    """The map. ``picked`` tells the keys of the current tile, ``opened`` of one entered or clicked twice.

    ``headed`` tells the key of a column whose heading was clicked.
    """

    picked = Signal(str, str)
    opened = Signal(str, str)
    headed = Signal(str)

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.heat = HeatModel()
        self.row_heads, self.column_heads = RowHeads(self), ColumnHeads(self)
        self.setModel(self.heat)
        self.setItemDelegate(TilePainter(self))
        self.setVerticalHeader(self.row_heads)
        self.setHorizontalHeader(self.column_heads)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda _index: self._open())
        self.column_heads.sectionClicked.connect(lambda section: self.headed.emit(self._table.columns[section].key))
        self.row_heads.sectionClicked.connect(self._choose_row)

    @property
    def _table(self) -> HeatTable:
        return self.heat.table

    # -- showing --------------------------------------------------------------------------------------------------

    def show_table(self, table: HeatTable) -> None:
        """Show another table; the current tile stays current where it still is, else the first one is."""
        kept, across, down = self.place, self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.clearSpans()
        self.heat.show(table)
        for row, head in enumerate(table.rows):
            if head.is_group and len(table.columns) > 1:
                self.setSpan(row, 0, 1, len(table.columns))
        self._fit()
        if kept is not None and self.choose(kept):
            self.horizontalScrollBar().setValue(across)
            self.verticalScrollBar().setValue(down)
        else:
            first = next((row for row, head in enumerate(table.rows) if not head.is_group), None)
            self._make_current(self.heat.index(first, 0) if first is not None else QModelIndex())

    @property
    def place(self) -> Place | None:
        """The keys of the current tile."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        return self._table.rows[index.row()].key, self._table.columns[index.column()].key

    def choose(self, place: Place) -> bool:
        """Make a tile current; False if it is not shown."""
        row = next((number for number, head in enumerate(self._table.rows) if head.key == place[0]), None)
        column = next((number for number, head in enumerate(self._table.columns) if head.key == place[1]), None)
        if row is None or column is None or self._table.rows[row].is_group:
            return False
        self._make_current(self.heat.index(row, column))
        return True

    def _make_current(self, index: QModelIndex) -> None:
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _choose_row(self, row: int) -> None:
        if not self._table.rows[row].is_group:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._make_current(self.heat.index(row, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self.row_heads.viewport().update()
        self.column_heads.viewport().update()
        place = self.place
        if place is not None:
            self.picked.emit(*place)

    # -- keys -----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        place = self.place
        if place is not None:
            self.opened.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the selected block with its headings on the clipboard; of a single tile, the whole table."""
        chosen = self.selectionModel().selectedIndexes()
        is_block = len(chosen) > 1
        rows = sorted({index.row() for index in chosen}) if is_block else range(len(self._table.rows))
        columns = sorted({index.column() for index in chosen}) if is_block else range(len(self._table.columns))
        lines = [[self._table.corner, *(self._table.columns[column].title for column in columns)]]
        for row in rows:
            head = self._table.rows[row]
            name = f"{head.number}  {head.title}".strip()
            lines.append([name, *("" if head.is_group else self.heat.tile(row, column).words for column in columns)])
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(_one_cell, line)) for line in lines))

    # -- measures -------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Give the row headings their part of the width, the columns the rest of it within limits."""
        letter = QFontMetrics(font_for(Role.BODY)).averageCharWidth()
        least, most = (letters * letter for letters in _ROW_HEAD_LETTERS)
        self.row_heads.fit(min(max(round(self.width() * _ROW_HEAD), least), most))
        count = len(self._table.columns)
        room = self.width() - self.row_heads.room - self.verticalScrollBar().sizeHint().width()
        least = max(_LEAST_LETTERS * letter, self._widest_words())
        width = min(max(room // count, least), max(_MOST_LETTERS * letter, least)) if count else 0
        for column in range(count):
            self.setColumnWidth(column, width)
        self.column_heads.fit()
        for row in range(len(self._table.rows)):
            self.setRowHeight(row, self.row_heads.height_of(row))
        self.updateGeometries()

    def _widest_words(self) -> int:
        """Return the room that marks, and the words of column headings, need."""
        metrics = QFontMetrics(font_for(Role.CAPTION))
        marks = {head.longest[:_MARKS] for head in self._table.rows}
        words = {word[:_LETTERS] for head in self._table.columns for word in head.title.split()}
        return max((metrics.horizontalAdvance(text) for text in marks | words), default=0) + 2 * SMALL

    def minimumSizeHint(self) -> QSize:
        high = self.column_heads.sizeHint().height() + _LEAST_ROWS * 2 * self.fontMetrics().height()
        return QSize(super().minimumSizeHint().width(), high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "row_heads"):
            self._fit()


def _tip(text: str) -> str:
    """Make a tool tip that wraps and shows text as it is."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"


def _one_cell(text: str) -> str:
    return " ".join(text.split())
