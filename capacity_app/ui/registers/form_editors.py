"""The editors of a form's fields: each shows a value, gives it back, and tells when a person changed it."""

from functools import partial

from PySide6.QtCore import QDate, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from capacity_app.domain.instrument import Field, Kind
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField, TextField, set_quietly
from capacity_app.ui.look.theme import SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.reading import example, read_typed
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_shapes import Shape

REST_MS = 400
"""How long typing must rest before a text is committed."""
_DATE = Field(id="date", kind=Kind.DATE)


class FieldEditor(QWidget):
    """One field's editor. ``edited`` tells that a person changed the value; showing a value is silent."""

    edited = Signal()

    def value(self) -> object:
        """Give the value as the entry's attribute wants it."""
        raise NotImplementedError

    def show_value(self, value: object) -> None:
        """Show a value."""
        raise NotImplementedError

    def flush(self) -> None:
        """Commit what is being typed at once."""

    def refresh(self) -> None:
        """Take new choices from the registers."""

    def _hold(self, inner: QWidget, shape: Shape, label: str) -> None:
        inner.setObjectName(f"field_{shape.name}")
        inner.setAccessibleName(label)
        self.setFocusProxy(inner)


class TypedEditor(FieldEditor):
    """Typed text: committed when typing rests, when the field is left, and on request."""

    def __init__(self) -> None:
        super().__init__()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.edited)

    def flush(self) -> None:
        """Commit what is being typed at once."""
        if self._rest.isActive():
            self._rest.stop()
            self.edited.emit()

    def _listen(self, field: LineField | TextField) -> None:
        field.left.connect(self.flush)
        field.textChanged.connect(self._rest.start)

    @property
    def is_typing(self) -> bool:
        """Whether something typed has not been committed."""
        return self._rest.isActive()


def column_in(owner: QWidget) -> QVBoxLayout:
    """Give an editor a layout without margins."""
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(TIGHT)
    return column


class LineEditor(TypedEditor):
    """One line of text."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self.line = LineField()
        self.line.setPlaceholderText(words.texts.gettext(shape.hint))
        self._listen(self.line)
        column_in(self).addWidget(self.line)
        self._hold(self.line, shape, words.texts.gettext(shape.label))

    def value(self) -> object:
        """Give the text."""
        return self.line.text().strip()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.line.text().strip() != value:
            set_quietly(self.line, str(value))
            self.line.setCursorPosition(0)


class ParagraphField(TextField):
    """A text field of one line that grows with its words; Enter does not break them."""

    def __init__(self) -> None:
        super().__init__()
        self.leaves_on_enter = True

    def _spare(self, width: int) -> int:
        """Give the height that a text of a single line does not need."""
        metrics = self.fontMetrics()
        room = width - 2 * round(self.document().documentMargin() + self.frameWidth()) - SMALL
        text = self.toPlainText() or self.placeholderText()
        is_short = "\n" not in text and metrics.horizontalAdvance(text) <= room
        return metrics.lineSpacing() if is_short else 0

    def heightForWidth(self, width: int) -> int:
        """Give the height of the text at a width."""
        return super().heightForWidth(width) - self._spare(width)

    def sizeHint(self) -> QSize:
        """Give the height of the text at the present width."""
        size = super().sizeHint()
        return QSize(size.width(), size.height() - self._spare(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Give the height of one line."""
        size = super().minimumSizeHint()
        return QSize(size.width(), size.height() - self.fontMetrics().lineSpacing())


class LongEditor(TypedEditor):
    """Text of several lines."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self.text = self._field()
        self.text.setPlaceholderText(words.texts.gettext(shape.hint))
        self._listen(self.text)
        column = column_in(self)
        column.addWidget(self.text)
        column.addStretch(1)
        self._hold(self.text, shape, words.texts.gettext(shape.label))

    def _field(self) -> TextField:
        return TextField()

    def value(self) -> object:
        """Give the text."""
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
        """Give the text."""
        return self.text.toPlainText().strip()


class LinesEditor(LongEditor):
    """A list of texts, one per line."""

    def value(self) -> tuple[str, ...]:
        """Give the lines that say something."""
        return tuple(line.strip() for line in self.text.toPlainText().splitlines() if line.strip())

    def show_value(self, value: object) -> None:
        """Show the texts, unless they are being typed."""
        if isinstance(value, tuple) and self.value() != value:
            set_quietly(self.text, "\n".join(value))


class DateEditor(TypedEditor):
    """A date typed as people write it, or picked from a calendar; what cannot be read is kept with advice."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self._texts = words.texts
        label = words.texts.gettext(shape.label)
        self.line = LineField()
        self.line.setPlaceholderText(example(_DATE, words.texts))
        self._listen(self.line)
        self.picker = _calendar_button(shape, words.texts.gettext("Pick a date for “{field}”").format(field=label))
        self.picker.clicked.connect(self._pick)
        self._advice = Words(words.texts.gettext("Write the date as 2018-11-29, 2018-11 or 2018."), Role.CAPTION)
        self._advice.set_colour("danger")
        self._advice.hide()
        line = QHBoxLayout()
        line.setSpacing(TIGHT)
        line.addWidget(self.line, 1)
        line.addWidget(self.picker)
        column = column_in(self)
        column.addLayout(line)
        column.addWidget(self._advice)
        self._hold(self.line, shape, label)
        self.line.left.connect(self._show_read)

    @property
    def has_advice(self) -> bool:
        """Whether what was typed could not be read as a date, and the field says so."""
        return not self._advice.isHidden()

    def _read(self) -> tuple[object, str]:
        return read_typed(_DATE, self.line.text(), self._texts)

    def _show_read(self) -> None:
        """Show the date as it was understood, or advice."""
        value, problem = self._read()
        self._advice.setVisible(bool(problem))
        if value:
            set_quietly(self.line, str(value))

    def value(self) -> object:
        """Give the date (ISO 8601), or what was typed if it cannot be read: nothing typed is lost."""
        value, problem = self._read()
        return self.line.text().strip() if problem else str(value or "")

    def show_value(self, value: object) -> None:
        """Show a date, unless it is being typed."""
        if self.value() != value:
            set_quietly(self.line, str(value))
        if not self.line.hasFocus():
            self._show_read()

    def _pick(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        shown = QDate.fromString(self.line.text(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(shown if shown.isValid() else QDate.currentDate())
        calendar.activated.connect(partial(self._take, menu))
        calendar.clicked.connect(partial(self._take, menu))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.picker.mapToGlobal(QPoint(0, self.picker.height())))
        calendar.setFocus()

    def _take(self, menu: QMenu, day: QDate) -> None:
        menu.close()
        set_quietly(self.line, day.toString(Qt.DateFormat.ISODate))
        self._show_read()
        self.edited.emit()


def _calendar_button(shape: Shape, name: str) -> QToolButton:
    button = SignTool("calendar", name)
    button.setObjectName(f"calendar_{shape.name}")
    return button
