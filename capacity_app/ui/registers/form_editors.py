"""The editors of a form's fields: each shows a value, gives it back, and tells when a person changed it."""

from itertools import count

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.registers import RegisterField
from capacity_app.ui.look.find_field import FindField
from capacity_app.ui.look.text_fields import LineField, TextField, set_quietly
from capacity_app.ui.look.theme import SMALL, TIGHT
from capacity_app.ui.look.typing_rest import TypingRest
from capacity_app.ui.registers.entry_words import Vocabulary

_RUNS = count(1)


class FieldEditor(QWidget):
    """One field's editor. ``edited`` tells that a person changed the value; showing a value is silent."""

    edited = Signal()

    @property
    def typing(self) -> str:
        """The mark of what is typed in one go, empty where a change is a step of its own."""
        return ""

    def value(self) -> object:
        raise NotImplementedError

    def show_value(self, value: object) -> None:
        raise NotImplementedError

    def flush(self) -> None:
        """Commit what is being typed at once."""

    def refresh(self) -> None:
        """Take new choices from the registers."""

    def _hold(self, inner: QWidget, field: RegisterField, label: str) -> None:
        inner.setObjectName(f"field_{field.name}")
        inner.setAccessibleName(label)
        self.setFocusProxy(inner)


class TypedEditor(FieldEditor):
    """Typed text: committed when typing rests, when the field is left, and on request.

    What is typed until the field is left is one step to undo, however often it rests.
    """

    def __init__(self) -> None:
        super().__init__()
        self._run = 0
        self._rest = TypingRest(self)
        self._rest.timeout.connect(self._store)

    def flush(self) -> None:
        """Commit what is being typed at once."""
        if self._rest.isActive():
            self._store()

    def _store(self) -> None:
        self._rest.stop()
        self.edited.emit()
        self._rest.stored()

    def _listen(self, field: LineField | TextField) -> None:
        field.left.connect(self.flush)
        field.entered.connect(self._begin)
        field.textChanged.connect(self._rest.typed)
        self._begin()

    def _begin(self) -> None:
        self._run = next(_RUNS)

    @property
    def typing(self) -> str:
        return f"typing-{self._run}"

    @property
    def is_typing(self) -> bool:
        return self._rest.isActive()


def column_in(owner: QWidget) -> QVBoxLayout:
    """Give an editor a layout without margins."""
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(TIGHT)
    return column


class LineEditor(TypedEditor):
    """One line of text."""

    def __init__(self, field: RegisterField, words: Vocabulary) -> None:
        super().__init__()
        self.line = self._field(words)
        self.line.setPlaceholderText(words.texts.gettext(field.hint))
        self._listen(self.line)
        column_in(self).addWidget(self.line)
        self._hold(self.line, field, words.texts.gettext(field.label))

    def _field(self, _words: Vocabulary) -> LineField:
        return LineField()

    def value(self) -> object:
        return self.line.text().strip()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.line.text().strip() != value:
            set_quietly(self.line, str(value))
            self.line.setCursorPosition(0)


class NameEditor(LineEditor):
    """The name of a person: typed, or found among the people met and the team."""

    def _field(self, words: Vocabulary) -> LineField:
        finder = FindField(words.names)
        finder.picked.connect(self._take)
        return finder

    def _take(self, name: str) -> None:
        self.line.setText(name)
        self.flush()


class FormText(TextField):
    """A text field in a form. Layouts remember what was measured for a width: at another one they ask again."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class ParagraphField(FormText):
    """A text field of one line that grows with its words; Enter does not break them."""

    def __init__(self) -> None:
        super().__init__()
        self.leaves_on_enter = True

    def _spare(self, width: int) -> int:
        """Return the height that a text of a single line does not need."""
        metrics = self.fontMetrics()
        room = width - 2 * round(self.document().documentMargin() + self.frameWidth()) - SMALL
        text = self.toPlainText() or self.placeholderText()
        is_short = "\n" not in text and metrics.horizontalAdvance(text) <= room
        return metrics.lineSpacing() if is_short else 0

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(width) - self._spare(width)

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width(), size.height() - self._spare(self.width()))

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(size.width(), size.height() - self.fontMetrics().lineSpacing())


class LongEditor(TypedEditor):
    """Text of several lines."""

    def __init__(self, field: RegisterField, words: Vocabulary) -> None:
        super().__init__()
        self.text = self._field()
        self.text.setPlaceholderText(words.texts.gettext(field.hint))
        self._listen(self.text)
        column = column_in(self)
        column.addWidget(self.text)
        column.addStretch(1)
        self._hold(self.text, field, words.texts.gettext(field.label))

    def _field(self) -> TextField:
        return FormText()

    def value(self) -> object:
        return self.text.toPlainText()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.text.toPlainText() != value:
            set_quietly(self.text, str(value))


class WrapEditor(LongEditor):
    """One paragraph, seen whole however long it is."""

    def _field(self) -> TextField:
        return ParagraphField()

    def value(self) -> object:
        return self.text.toPlainText().strip()


class LinesEditor(LongEditor):
    """A list of texts, one per line."""

    def value(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text.toPlainText().splitlines() if line.strip())

    def show_value(self, value: object) -> None:
        """Show the texts, unless they are being typed."""
        if isinstance(value, tuple) and self.value() != value:
            set_quietly(self.text, "\n".join(value))
