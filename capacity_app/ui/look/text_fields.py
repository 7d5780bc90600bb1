"""Fields one types into: plain text, grown to what is in them, that leave finished undoing to the window."""

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from capacity_app.ui.questionnaire import keys

_LEAST_LINES = 2
_MOST_LINES = 16


def _is_undo_for_window(event: QEvent, *, can_undo: bool, can_redo: bool) -> bool:
    """Return whether Ctrl+Z or its opposite finds nothing left to do in the field."""
    if event.type() != QEvent.Type.ShortcutOverride:
        return False
    pressed = event
    assert isinstance(pressed, QKeyEvent), "a shortcut override is a key event"
    is_undo, is_redo = pressed.matches(QKeySequence.StandardKey.Undo), pressed.matches(QKeySequence.StandardKey.Redo)
    return (is_undo and not can_undo) or (is_redo and not can_redo)


def _leads_out(event: QKeyEvent) -> bool:
    """Return whether a key is for the question rather than for the text."""
    is_way_out = keys.is_next(event) or keys.is_back(event) or event.key() == Qt.Key.Key_Escape
    return is_way_out or bool(keys.function_act(event))


class LineField(QLineEdit):
    """One line. ``left`` tells that the focus went elsewhere."""

    left = Signal()
    entered = Signal()

    def event(self, event: QEvent) -> bool:
        if _is_undo_for_window(event, can_undo=self.isUndoAvailable(), can_redo=self.isRedoAvailable()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event) or _leads_out(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class TextField(QPlainTextEdit):
    """Several lines, as high as its text up to a limit; Tab leaves it.

    Where ``leaves_on_enter`` is set, as in a cell, Enter leaves too and Shift+Enter begins a new line.
    """

    left = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.leaves_on_enter = False
        self.setTabChangesFocus(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.document().setDocumentMargin(6)
        self._high = 0
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def _line(self) -> int:
        return ceil(QFontMetricsF(self.font()).lineSpacing())

    def _text_height(self) -> int:
        """Return the height of the text as laid out, up to the limit; other scripts have higher lines than our own."""
        layout, most = self.document().documentLayout(), _MOST_LINES * self._line()
        block, high = self.document().firstBlock(), 0.0
        while block.isValid() and high < most:
            high += layout.blockBoundingRect(block).height()
            block = block.next()
        return min(ceil(high), most)

    def _grow(self) -> None:
        high = self._text_height()
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def _margins(self) -> int:
        return round(2 * (self.document().documentMargin() + self.frameWidth())) + 2

    def _with_margins(self, high: int) -> int:
        return max(high, _LEAST_LINES * self._line()) + self._margins()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width == self.width() and self._high:
            return self._with_margins(self._high)
        room = QRect(0, 0, max(width - self._margins(), 40), 1_000_000)
        # A limit on what is measured: beyond the most lines the height no longer changes.
        text = self.toPlainText()[: _MOST_LINES * 400]
        metrics = self.fontMetrics()
        lines = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height() / metrics.height()
        return self._with_margins(min(ceil(lines), _MOST_LINES) * self._line())

    def sizeHint(self) -> QSize:
        return QSize(240, self._with_margins(self._high))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._with_margins(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def event(self, event: QEvent) -> bool:
        document = self.document()
        if _is_undo_for_window(event, can_undo=document.isUndoAvailable(), can_redo=document.isRedoAvailable()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _leads_out(event) or (self.leaves_on_enter and keys.is_enter(event)):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


if TYPE_CHECKING:
    Field = LineField | TextField


def set_quietly(field: LineField | TextField, text: str) -> None:
    """Show text without telling it as typed."""
    blocked = field.blockSignals(True)
    if isinstance(field, LineField):
        field.setText(text)
    else:
        field.setPlainText(text)
    field.blockSignals(blocked)


def text_in(field: LineField | TextField) -> str:
    return field.text() if isinstance(field, LineField) else field.toPlainText()
