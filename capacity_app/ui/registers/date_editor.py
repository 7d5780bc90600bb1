"""A date in a form: typed as people write it, or picked from a calendar."""

from PySide6.QtWidgets import QHBoxLayout

from capacity_app.domain.registers import RegisterField
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.date_field import DateLine, calendar_button
from capacity_app.ui.look.text_fields import set_quietly
from capacity_app.ui.look.theme import TIGHT, Role
from capacity_app.ui.questionnaire.reading import DATE, date_in, example, read_typed
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_editors import TypedEditor, column_in


class DateEditor(TypedEditor):
    """A date typed as people write it, or picked from a calendar; what cannot be read is kept with advice."""

    def __init__(self, field: RegisterField, words: Vocabulary) -> None:
        super().__init__()
        self._texts = words.texts
        label = words.texts.gettext(field.label)
        self.line = DateLine(words.texts, lambda typed: date_in(typed, words.texts))
        self.line.setPlaceholderText(example(DATE, words.texts))
        self._listen(self.line)
        self.picker = calendar_button(self.line, label, words.texts)
        self.picker.setObjectName(f"calendar_{field.name}")
        self.line.picked.connect(self._take)
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
        self._hold(self.line, field, label)
        self.line.left.connect(self._show_read)

    @property
    def has_advice(self) -> bool:
        """Return whether what was typed could not be read as a date, and the field says so."""
        return not self._advice.isHidden()

    def _read(self) -> tuple[object, str]:
        return read_typed(DATE, self.line.text(), self._texts)

    def _show_read(self) -> None:
        """Show the date as it was understood, or advice."""
        value, problem = self._read()
        self._advice.setVisible(bool(problem))
        if value:
            set_quietly(self.line, str(value))

    def value(self) -> object:
        """Return the date (ISO 8601), or what was typed if it cannot be read: nothing typed is lost."""
        value, problem = self._read()
        return self.line.text().strip() if problem else str(value or "")

    def show_value(self, value: object) -> None:
        """Show a date, unless it is being typed."""
        if self.value() != value:
            set_quietly(self.line, str(value))
        if not self.line.hasFocus():
            self._show_read()

    def _take(self) -> None:
        """Take what was picked at once."""
        self._show_read()
        self.flush()
