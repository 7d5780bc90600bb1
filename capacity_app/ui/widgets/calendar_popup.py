"""The calendar that opens under a line for a date: one month, and buttons for what has no day."""

import datetime as dt
from typing import cast

from PySide6.QtCore import QDate, QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QTableView, QToolButton, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import SMALL, is_font_change
from capacity_app.ui.theme.painting import make_icon
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card
from capacity_app.ui.widgets.layouts import lay_out, place_under, with_name


class CalendarPopup(Card):
    """One month, and what has no day; it takes no focus. ``picked`` carries a date, month or year (ISO 8601)."""

    picked = Signal(str)

    def __init__(self, window: QWidget, texts: Translator) -> None:
        super().__init__(edge="accent", margin=SMALL, name="calendar_sheet")
        self.setParent(window)
        self._texts = texts
        self.calendar = with_name(QCalendarWidget(), "calendar", texts.gettext("Calendar"))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setDateEditEnabled(False)
        self.calendar.setDateRange(QDate(1, 1, 1), QDate(9999, 12, 31))
        if QLocale().language() != QLocale(texts.language).language():
            self.calendar.setLocale(QLocale(texts.language))
        self.days = cast("QTableView", self.calendar.findChild(QTableView))
        self.days.setAccessibleName(texts.gettext("Calendar"))
        for name, label in (("prevmonth", texts.gettext("Previous month")), ("nextmonth", texts.gettext("Next month"))):
            self._button(name).setAccessibleName(label)
        self.month, self.year = Button(), Button()
        self.month.clicked.connect(self.pick_month)
        self.year.clicked.connect(self.pick_year)
        lay_out(self.body, self.calendar, self.month, self.year)
        for inside in self.findChildren(QWidget):
            inside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for name in ("monthbutton", "yearbutton"):
            # What they open would take the focus from the field.
            self._button(name).setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.calendar.selectionChanged.connect(self._tell)
        for signal in (self.calendar.clicked, self.calendar.activated):
            signal.connect(lambda day: self.picked.emit(day.toString(Qt.DateFormat.ISODate)))
        self.hide()
        self._tell()

    def _button(self, name: str) -> QToolButton:
        return cast("QToolButton", self.calendar.findChild(QToolButton, f"qt_calendar_{name}"))

    @property
    def day(self) -> dt.date:
        day = self.calendar.selectedDate()
        return dt.date(day.year(), day.month(), day.day())

    def show_day(self, day: dt.date) -> None:
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))

    def said(self) -> str:
        from babel import dates  # noqa: PLC0415 - once a calendar is open

        name = dates.get_day_names("wide", locale=self._texts.locale)[self.day.weekday()]
        return f"{name}, {self._texts.short_date(self.day.isoformat())}"

    def _tell(self) -> None:
        say, day = self._texts.gettext, self.day
        self.month.setText(say("Only {month} (M)").format(month=self._texts.short_date(f"{day:%Y-%m}")))
        self.year.setText(say("Only {year} (Y)").format(year=str(day.year)))
        self._colour()

    def pick_month(self) -> None:
        self.picked.emit(f"{self.day:%Y-%m}")

    def pick_year(self) -> None:
        self.picked.emit(f"{self.day:%Y}")

    def _colour(self) -> None:
        """Paint the marked day bold, today in the accent, and the weekend like any other day."""
        shades, selected = colours(), self.calendar.selectedDate()
        usual, today, marked = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        usual.setForeground(QColor(shades.text))
        today.setForeground(QColor(shades.accent))
        marked.setFontWeight(QFont.Weight.Bold)
        self.calendar.setHeaderTextFormat(usual)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, usual)
        self.calendar.setDateTextFormat(QDate(), usual)
        self.calendar.setDateTextFormat(QDate.currentDate(), today)
        self.calendar.setDateTextFormat(selected, marked)
        signs = ("right", "left") if self.isRightToLeft() else ("left", "right")
        for name, sign in zip(("prevmonth", "nextmonth"), signs, strict=True):
            button, side = self._button(name), self.fontMetrics().height()
            button.setIconSize(QSize(side, side))
            button.setIcon(make_icon(sign, shades.on_accent, side))

    def open_under(self, field: QWidget) -> None:
        """Open under a field, or over it where the window ends."""
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek(self._texts.locale.first_week_day + 1))
        self._colour()
        place_under(self, field, self.sizeHint())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.hide()
        elif event.type() == QEvent.Type.PaletteChange:
            self._colour()
