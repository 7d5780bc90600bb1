"""A date typed as people write it, or picked from a calendar that opens under its button."""

from functools import partial

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QMenu, QVBoxLayout, QWidget, QWidgetAction

from capacity_app.domain.instrument import Field, Kind
from capacity_app.texts import Texts
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.text_fields import set_quietly
from capacity_app.ui.look.theme import TIGHT, Role
from capacity_app.ui.questionnaire.reading import example, read_typed
from capacity_app.ui.questionnaire.remark_fields import RemarkField

_DATE = Field(id="date", kind=Kind.DATE)


class DateField(QWidget):
    """A labelled date (ISO 8601). ``written`` tells that another one stands there, with the mark of the typing."""

    written = Signal(str, str)

    def __init__(self, label: str, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.typed = RemarkField(label, texts, is_long=False)
        self.typed.field.setPlaceholderText(example(_DATE, texts))
        self.typed.written.connect(self._read)
        self.picker = SignTool("calendar", texts.gettext("Pick a date for “{field}”").format(field=label))
        self.picker.setObjectName("pick_date")
        self.picker.clicked.connect(self.open_calendar)
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
        value, problem = read_typed(_DATE, text, self._texts)
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
        """Store what is typed now."""
        self.typed.flush()

    def open_calendar(self) -> None:
        """Open the calendar under the button; Enter takes the day, Escape leaves it."""
        menu = QMenu(self)
        menu.setObjectName("calendar")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setLocale(QLocale(self._texts.language.replace("-", "_")))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setAccessibleName(self.picker.accessibleName())
        plain = QTextCharFormat()
        plain.setForeground(QColor(colours().text))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, plain)
        shown = QDate.fromString(self._date, Qt.DateFormat.ISODate)
        calendar.setSelectedDate(shown if shown.isValid() else QDate.currentDate())
        calendar.activated.connect(partial(self._pick, menu))
        calendar.clicked.connect(partial(self._pick, menu))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.picker.mapToGlobal(QPoint(0, self.picker.height())))
        calendar.setFocus()

    def _pick(self, menu: QMenu, day: QDate) -> None:
        menu.close()
        self.advice.hide()
        date = day.toString(Qt.DateFormat.ISODate)
        set_quietly(self.typed.field, date)
        self.typed.forget()
        self._take(date, "")
        self.typed.field.setFocus(Qt.FocusReason.OtherFocusReason)
