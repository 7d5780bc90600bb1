"""A date in a form: typed as people write it, or picked from a calendar with the mouse or with Alt+Down."""

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton

from capacity_app.domain.instrument import Field, Kind
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField, set_quietly
from capacity_app.ui.look.theme import TIGHT, Role
from capacity_app.ui.questionnaire.reading import example, read_typed
from capacity_app.ui.registers.calendar_box import CalendarBox
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_editors import TypedEditor, column_in
from capacity_app.ui.registers.form_shapes import Shape

_DATE = Field(id="date", kind=Kind.DATE)


class DateLine(LineField):
    """A line for a date. ``calendar_wanted`` tells that Alt+Down was pressed."""

    calendar_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the calendar with Alt+Down."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.calendar_wanted.emit()
        else:
            super().keyPressEvent(event)


class DateEditor(TypedEditor):
    """A date typed as people write it, or picked from a calendar; what cannot be read is kept with advice."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self._texts = words.texts
        self._box: CalendarBox | None = None
        label = words.texts.gettext(shape.label)
        self.line = DateLine()
        self.line.setPlaceholderText(example(_DATE, words.texts))
        self._listen(self.line)
        self.picker = _calendar_button(shape, words.texts.gettext("Pick a date for “{field}”").format(field=label))
        self.picker.clicked.connect(self._pick)
        self.line.calendar_wanted.connect(self._pick)
        self.line.setAccessibleDescription(words.texts.gettext("Alt+Down opens a calendar"))
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
        """Open the calendar, or close it if it is open."""
        if self._box is not None:
            self._box.close_box()
            return
        shown = QDate.fromString(self.line.text(), Qt.DateFormat.ISODate)
        day = shown if shown.isValid() else QDate.currentDate()
        self._box = CalendarBox(self.window(), self._texts, self.line.accessibleName(), day)
        self._box.picked.connect(self._take)
        self._box.left.connect(self._forget_box)
        self._box.open_under(self.line)

    def _forget_box(self, had_keyboard: object) -> None:
        """Come back to the field unless the keyboard has gone elsewhere."""
        self._box = None
        if had_keyboard:
            self.line.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the calendar along."""
        super().hideEvent(event)
        if self._box is not None:
            self._box.close_box()

    def _take(self, day: QDate) -> None:
        set_quietly(self.line, day.toString(Qt.DateFormat.ISODate))
        self._show_read()
        self.edited.emit()
        self.line.setFocus()


def _calendar_button(shape: Shape, name: str) -> QToolButton:
    button = SignTool("calendar", name)
    button.setObjectName(f"calendar_{shape.name}")
    return button
