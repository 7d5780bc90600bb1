"""A date typed as people write it, or picked from a calendar."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.date_field import DateLine, calendar_button
from capacity_app.ui.look.text_fields import set_quietly
from capacity_app.ui.look.theme import TIGHT, Role
from capacity_app.ui.questionnaire.reading import DATE, date_in, example, read_typed
from capacity_app.ui.questionnaire.remark_fields import RemarkField


class DateField(QWidget):
    """A labelled date (ISO 8601). ``written`` tells that another one stands there, with the mark of the typing."""

    written = Signal(str, str)

    def __init__(self, label: str, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        line_field = DateLine(texts, lambda typed: date_in(typed, texts))
        self.typed = RemarkField(label, texts, is_long=False, field=line_field)
        self.typed.field.setPlaceholderText(example(DATE, texts))
        self.typed.written.connect(self._read)
        line_field.picked.connect(self.typed.flush)
        self.picker = calendar_button(line_field, label, texts)
        self.picker.setObjectName("pick_date")
        self.advice = Words("", Role.CAPTION)
        self.advice.set_colour("danger")
        self.advice.hide()
        self._date = ""
        line = QHBoxLayout()
        line.setSpacing(TIGHT)
        line.addWidget(self.typed, 1)
        line.addWidget(self.picker, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(line)
        column.addWidget(self.advice)
        self.setFocusProxy(self.typed)

    def _read(self, text: str, typing: str) -> None:
        value, problem = read_typed(DATE, text, self._texts)
        self.advice.setText(problem)
        self.advice.setVisible(bool(problem))
        if problem:
            self.typed.not_stored()
            return
        self._take(str(value or ""), typing)

    def _take(self, date: str, typing: str) -> None:
        if date != self.typed.text().strip() and not self.typed.field.hasFocus():
            set_quietly(self.typed.field, date)
        if date != self._date:
            self._date = date
            self.written.emit(date, typing)

    def text(self) -> str:
        """Give the date; what is typed and cannot be read is no date yet."""
        return self._date

    def show_text(self, date: str) -> None:
        """Show a date, unless another one is being typed."""
        self._date = date
        self.typed.show_text(date)

    def flush(self) -> None:
        self.typed.flush()
