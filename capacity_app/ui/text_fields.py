"""Fields one types into: plain text, grown to what is in them, that leave finished undoing to the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from capacity_app.ui import keys

_LEAST_LINES = 2
_MOST_LINES = 16


def _is_undo_for_window(event: QEvent, *, can_undo: bool, can_redo: bool) -> bool:
    """Tell whether Ctrl+Z or its opposite finds nothing left to do in the field."""
    if event.type() != QEvent.Type.ShortcutOverride:
        return False
    pressed = event
    assert isinstance(pressed, QKeyEvent), "a shortcut override is a key event"
    is_undo, is_redo = pressed.matches(QKeySequence.StandardKey.Undo), pressed.matches(QKeySequence.StandardKey.Redo)
    return (is_undo and not can_undo) or (is_redo and not can_redo)


def _leads_out(event: QKeyEvent) -> bool:
    """Tell whether a key is for the question rather than for the text."""
    is_way_out = keys.is_next(event) or keys.is_back(event) or event.key() == Qt.Key.Key_Escape
    return is_way_out or bool(keys.function_act(event))


class LineField(QLineEdit):
    """One line. ``left`` tells that the focus went elsewhere."""

    left = Signal()
    entered = Signal()

    def event(self, event: QEvent) -> bool:
        """Leave undo to the window once the field's own is used up."""
        if _is_undo_for_window(event, can_undo=self.isUndoAvailable(), can_redo=self.isRedoAvailable()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter, Escape, the function keys and the ways out to the question."""
        if keys.is_enter(event) or _leads_out(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing may begin."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that typing is over."""
        super().focusOutEvent(event)
        self.left.emit()


class TextField(QPlainTextEdit):
    """Several lines, as high as its text up to a limit; Tab leaves it."""

    left = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(6)
        self._lines = 0
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def _grow(self) -> None:
        lines = round(self.document().size().height())
        lines = min(max(lines, _LEAST_LINES), _MOST_LINES)
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the text."""
        lines = max(self._lines, _LEAST_LINES)
        margins = round(2 * (self.document().documentMargin() + self.frameWidth())) + 6
        return QSize(240, lines * self.fontMetrics().lineSpacing() + margins)

    def minimumSizeHint(self) -> QSize:
        """Never lower than its text, but as narrow as need be."""
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Leave undo to the window once the field's own is used up."""
        document = self.document()
        if _is_undo_for_window(event, can_undo=document.isUndoAvailable(), can_redo=document.isRedoAvailable()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Escape, the function keys and the step to the next question to the question."""
        if _leads_out(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing may begin."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that typing is over."""
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
    """Give what stands in a field."""
    return field.text() if isinstance(field, LineField) else field.toPlainText()
