"""The board as a table: thin model, painted cells of one height, headings that sort; thousands of lines scroll."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from capacity_app.texts import Texts, in_own_order
from capacity_app.ui.headquarters.board import FATE_SIGNS, HEADINGS, NUMBERS, BoardLine, Column
from capacity_app.ui.look.painting import paint_chevron
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.rows import ROW_ROLE, CellPainter, Headings, Index, ReadingTable, RowsModel
from capacity_app.ui.look.theme import SMALL, TARGET, Role, font_for, is_font_change

_FILE_LETTERS, _MOST_LETTERS = 24, 26
"""The least width of the file's name, and the most of any other column, in letters."""
_MEASURED = 200
"""So many lines are measured for the widths: thousands would take as long to measure as to read."""


def _cell(column: Column, line: BoardLine) -> str:
    return line.cells[column]


class BoardModel(RowsModel[BoardLine]):
    """Files as rows."""

    def __init__(self, texts: Texts) -> None:
        super().__init__([(texts.gettext(HEADINGS[column]), partial(_cell, column)) for column in Column])

    def spoken(self, row: BoardLine, column: int) -> str:
        return f"{self.columns[column][0]}: {row.cells[column]}"


class BoardPainter(CellPainter):
    """Paints cells of one line; what does not fit ends in "…", the chosen line has it in full."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = option.fontMetrics
        sign = metrics.height() if index.column() == Column.FATE else 0
        return QSize(metrics.horizontalAdvance(str(index.data())) + sign + 2 * SMALL + 4, metrics.height() + SMALL)

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        room = room.adjusted(0, -SMALL, 0, SMALL)
        if index.column() == Column.FATE:
            room = self._paint_sign(painter, option, room, index.data(ROW_ROLE))
        self._paint_words(painter, option, room, index)

    @staticmethod
    def _paint_sign(painter: QPainter, option: QStyleOptionViewItem, room: QRect, line: BoardLine) -> QRect:
        sign, colour = FATE_SIGNS[line.file.fate]
        side = option.fontMetrics.height()
        place = QStyle.visualRect(option.direction, room, QRect(room.x(), room.y(), side, room.height()))
        painter.setPen(QColor(getattr(colours(), colour)))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), sign)
        rest = QRect(room.x() + side + SMALL // 2, room.y(), room.width() - side - SMALL // 2, room.height())
        return QStyle.visualRect(option.direction, room, rest)

    @staticmethod
    def _paint_words(painter: QPainter, option: QStyleOptionViewItem, room: QRect, index: Index) -> None:
        column, is_mirrored = Column(index.column()), option.direction == Qt.LayoutDirection.RightToLeft
        is_end = column in NUMBERS
        side = Qt.AlignmentFlag.AlignRight if is_end != is_mirrored else Qt.AlignmentFlag.AlignLeft
        # Of a path its end says most.
        where = Qt.TextElideMode.ElideMiddle if column is Column.FILE else Qt.TextElideMode.ElideRight
        text = option.fontMetrics.elidedText(str(index.data()), where, room.width())
        painter.setPen(QColor(colours().text))
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(room, flags, in_own_order(text) if is_mirrored else text)


class SortHeadings(Headings):
    """Headings that sort when they are clicked; an arrow stands at the one that does."""

    sorted_by = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, frozenset(NUMBERS))
        self._column, self._is_descending = Column.FATE, False
        self.setSectionsClickable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sectionClicked.connect(self.sorted_by)

    def show_order(self, column: Column, *, is_descending: bool) -> None:
        """Show by which column lines are sorted."""
        self._column, self._is_descending = column, is_descending
        self.viewport().update()

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's name
        size = super().sectionSizeFromContents(section)
        return QSize(size.width() + self.fontMetrics().height(), max(size.height(), TARGET))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        super().paintSection(painter, rect, section)
        if section != self._column:
            return
        words = QFontMetrics(font_for(Role.CAPTION)).horizontalAdvance(self._words(section)) + SMALL
        side = self.fontMetrics().height()
        is_number = section in NUMBERS
        # Numbers are headed at their end: the arrow stands before the words.
        along = rect.width() - SMALL - words - side // 2 if is_number else SMALL + words + side // 3
        logical = QRect(rect.x() + along, rect.center().y(), 1, 1)
        spot = QStyle.visualRect(self.layoutDirection(), rect, logical).topLeft()
        painter.save()
        painter.translate(spot)
        painter.rotate(0 if self._is_descending else 180)
        paint_chevron(painter, QPointF(0, 0), colours().accent, size=side / 5)
        painter.restore()


class BoardTable(ReadingTable):
    """The table. ``picked`` carries the current line or None, ``opened`` one that was entered or clicked twice.

    ``sorted_by`` carries the place of a heading that was clicked.
    """

    picked = Signal(object)
    opened = Signal(object)
    sorted_by = Signal(int)

    def __init__(self, texts: Texts) -> None:
        super().__init__({})
        self.board = BoardModel(texts)
        self.setModel(self.board)
        self.setItemDelegate(BoardPainter(self))
        self.setObjectName("headquarters_board")
        self.setAccessibleName(texts.gettext("Files that were found"))
        self.setWordWrap(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.heads = SortHeadings(self)
        self.setHorizontalHeader(self.heads)
        self.heads.sorted_by.connect(self.sorted_by)
        self.heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _index: self._open())
        self.selectionModel().currentRowChanged.connect(lambda index, _old: self._pick(index))
        self._set_height()

    @property
    def current(self) -> BoardLine | None:
        index = self.currentIndex()
        return self.board.rows[index.row()] if index.isValid() else None

    def show_lines(self, lines: Sequence[BoardLine]) -> None:
        """Show other lines; the current one stays current where it still is, else the first one is."""
        kept = self.current.key if self.current else ""
        self.board.show(lines)
        self.fit()
        row = next((place for place, line in enumerate(self.board.rows) if line.key == kept), 0)
        self.choose(row)

    def choose(self, row: int) -> None:
        """Make a line current; without lines, nothing is."""
        if row < len(self.board.rows):
            self.setCurrentIndex(self.board.index(row, max(self.currentIndex().column(), 0)))
        else:
            self.picked.emit(None)

    def choose_key(self, key: str) -> bool:
        """Make the line of a file current; False if it is not shown."""
        row = next((place for place, line in enumerate(self.board.rows) if line.key == key), -1)
        if row >= 0:
            self.choose(row)
        return row >= 0

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(self.board.rows[index.row()] if index.isValid() else None)

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    # -- measures -------------------------------------------------------------------------------------------------

    def _set_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(max(TARGET, self.fontMetrics().height() + SMALL))

    def _width(self, column: Column) -> int:
        letter, metrics = self.fontMetrics().averageCharWidth(), self.fontMetrics()
        own = (metrics.horizontalAdvance(line.cells[column]) for line in self.board.rows[:_MEASURED])
        sign = metrics.height() + SMALL // 2 if column is Column.FATE else 0
        words = min(max(own, default=0), _MOST_LETTERS * letter) + sign + 2 * SMALL + 4
        return max(words, self.heads.sectionSizeFromContents(column).width())

    def fit(self) -> None:
        """Give every column the room of its words, and the file's name what is left."""
        widths = {column: self._width(column) for column in Column if column is not Column.FILE}
        for column, width in widths.items():
            self.heads.resizeSection(column, width)
        rest = self.viewport().width() - sum(widths.values())
        self.heads.resizeSection(Column.FILE, max(rest, _FILE_LETTERS * self.fontMetrics().averageCharWidth()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if is_font_change(event) and hasattr(self, "heads"):
            self._set_height()
            super().changeEvent(event)
