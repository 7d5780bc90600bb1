"""A field that finds while one types: the matches open under it, inside the window.

A list that is a window of its own grabs the keyboard, stands in the way of input methods and can be left
behind; this one is a child of the window that takes no focus.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QListWidget, QWidget

from capacity_app.ui.look.finding import best_first, folded
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL

Entries = Callable[[], list[tuple[str, str]]]
"""Gives what can be picked, as (id, name)."""

_MOST_SHOWN = 10


class _Matches(QListWidget):
    """The matches; a click picks, the keys stay with the field."""

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self.setObjectName("matches")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def open_under(self, field: QWidget) -> None:
        """Open under a field, or over it where the window ends."""
        window = self.parentWidget() or self
        room = window.rect().adjusted(SMALL, SMALL, -SMALL, -SMALL)
        at = field.mapTo(window, QPoint(0, 0))
        line = self.sizeHintForRow(0)
        high = min(self.count(), _MOST_SHOWN) * line + 2 * self.frameWidth() + 2
        letter = self.fontMetrics().averageCharWidth()
        width = min(max(field.width(), letter * 44), room.width())
        under = at.y() + field.height() + 2
        top = under if under + high <= room.bottom() else max(room.y(), at.y() - high - 2)
        start = at.x() + field.width() - width if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else at.x()
        start = min(max(start, room.x()), room.right() - width)
        self.setGeometry(QRect(start, top, width, high))
        self.show()
        self.raise_()


class FindField(LineField):
    """Finds among entries. ``picked`` carries an id, ``wanted_new`` a name that is not listed.

    ``took_back`` tells that Backspace was pressed in the empty field. ``add_pattern`` ("Add “{name}”") offers to
    make what is not there.
    """

    picked = Signal(str)
    wanted_new = Signal(str)
    took_back = Signal()

    def __init__(self, entries: Entries, add_pattern: str = "") -> None:
        super().__init__()
        self._entries, self._add = entries, add_pattern
        self._shown: list[tuple[str, str]] = []
        self._matches: _Matches | None = None
        self.textEdited.connect(lambda _text: self.offer())
        self.left.connect(self.close_list)
        self.setMinimumWidth(MEDIUM * 8)

    @property
    def is_list_open(self) -> bool:
        return self._matches is not None and self._matches.isVisible()

    def _list(self) -> _Matches:
        if self._matches is None:
            self._matches = _Matches(self.window(), self.accessibleName())
            self._matches.itemClicked.connect(lambda _item: self._pick())
            self.destroyed.connect(self._matches.deleteLater)
            above = self.parentWidget()
            while above is not None:
                if isinstance(above, QAbstractScrollArea):
                    above.verticalScrollBar().valueChanged.connect(self.close_list)
                above = above.parentWidget()
        return self._matches

    def offer(self) -> None:
        """Show the matches, and a line to add what matches nothing exactly."""
        typed = self.text().strip()
        self._shown = best_first(self._entries(), typed)
        lines = [name for _, name in self._shown]
        if self._add and typed and not any(folded(name) == folded(typed) for name in lines):
            self._shown.append(("", typed))
            lines.append(self._add.format(name=typed))
        matches = self._list()
        matches.clear()
        matches.addItems(lines)
        if lines:
            matches.setCurrentRow(0)
            matches.open_under(self)
            self.setAccessibleDescription(lines[0])
        else:
            matches.hide()

    def close_list(self) -> None:
        if self._matches is not None:
            self._matches.hide()

    def _pick(self) -> None:
        place = self._list().currentRow()
        self.close_list()
        if not 0 <= place < len(self._shown):
            return
        entry, name = self._shown[place]
        self.clear()
        if entry:
            self.picked.emit(entry)
        else:
            self.wanted_new.emit(name)

    def _go(self, step: int) -> None:
        matches = self._list()
        place = min(max(matches.currentRow() + step, 0), matches.count() - 1)
        matches.setCurrentRow(place)
        self.setAccessibleDescription(matches.item(place).text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        is_alone = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.is_list_open and is_alone and self._take_list_key(event, steps):
            return
        if event.key() == Qt.Key.Key_Down and is_alone:
            self.offer()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.took_back.emit()
        else:
            super().keyPressEvent(event)

    def _take_list_key(self, event: QKeyEvent, steps: dict[Qt.Key, int]) -> bool:
        key = Qt.Key(event.key())
        if key in steps:
            self._go(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._pick()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_list()
