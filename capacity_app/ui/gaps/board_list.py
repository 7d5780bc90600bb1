"""One list of the board of priorities: its gaps, to be moved by keyboard or dragged from and to it."""

from collections.abc import Iterable

from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication

from capacity_app.ui.look.lines import LineList
from capacity_app.ui.look.painting import paint_focus
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, font_for

MIME = "application/x-capacity-gaps"
"""What is dragged: addresses of gaps, one per line."""
_LINES = 6
"""The least height of a list, in lines of text."""


class BoardList(LineList):
    """The gaps of one place. ``moved`` carries addresses and how far to move them, ``dropped`` addresses alone.

    ``entered_key`` carries the address of a gap to go to.
    """

    moved = Signal(object, int)
    dropped = Signal(object)
    entered_key = Signal(str)

    def __init__(self, name: str, label: str, empty: str) -> None:
        super().__init__(name, label)
        self._empty, self._pressed_at, self._is_target = empty, QPoint(), False
        self.setSelectionMode(LineList.SelectionMode.ExtendedSelection)
        self.setAcceptDrops(True)
        self.setMinimumHeight(_LINES * self.fontMetrics().height())

    def chosen(self) -> tuple[str, ...]:
        """Give the addresses of the chosen gaps."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.lines.lines[row].key for row in rows)

    def choose(self, key: str) -> None:
        """Choose one gap alone, whatever keys are held down meanwhile."""
        row = self.lines.row_of(key)
        if row >= 0:
            self.selectionModel().setCurrentIndex(
                self.lines.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def choose_too(self, keys: Iterable[str]) -> None:
        """Choose more gaps beside the current one."""
        for row in (self.lines.row_of(key) for key in keys):
            if row >= 0:
                self.selectionModel().select(self.lines.index(row), QItemSelectionModel.SelectionFlag.Select)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in steps:
            side = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
            self.moved.emit(self.chosen(), steps[Qt.Key(event.key())] * side)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_key.emit(self.current_key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_down = bool(event.buttons() & Qt.MouseButton.LeftButton)
        far = (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if is_down and far and self.chosen():
            self._drag()
        elif not is_down:
            super().mouseMoveEvent(event)

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(as_dragged(self.chosen()))
        drag.setPixmap(self.viewport().grab(self._dragged_area()))
        drag.exec(Qt.DropAction.MoveAction)

    def _dragged_area(self) -> QRect:
        return self.visualRect(self.currentIndex()) & self.viewport().rect()

    def _point_at(self, *, is_target: bool) -> None:
        self._is_target = is_target
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            self._point_at(is_target=True)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._point_at(is_target=False)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._point_at(is_target=False)
        text = bytes(event.mimeData().data(MIME).data()).decode()
        event.acceptProposedAction()
        self.dropped.emit(tuple(text.splitlines()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.lines.lines and not self._is_target:
            return
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        if not self.lines.lines:
            painter.setFont(font_for(Role.CAPTION))
            painter.setPen(QColor(colours().muted))
            room = area.adjusted(MEDIUM, SMALL, -MEDIUM, -SMALL)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty)
        if self._is_target:
            paint_focus(painter, area)
        painter.end()


def as_dragged(addresses: Iterable[str]) -> QMimeData:
    """Pack addresses of gaps for a drag."""
    data = QMimeData()
    data.setData(MIME, "\n".join(addresses).encode())
    return data
