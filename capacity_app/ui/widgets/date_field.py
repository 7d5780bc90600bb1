"""A line for a date, month or year, with a calendar that opens under it by key or by its button.

The calendar is a child of the window and the field keeps the focus: a window of its own would grab the keyboard and
could be left behind. Months and years can be picked too: many dates in statistics have no day.
"""

import datetime as dt
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QDate, QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHideEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QTableView, QToolButton, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, is_font_change
from capacity_app.ui.theme.painting import make_icon
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button, IconToolButton
from capacity_app.ui.widgets.cards import Card
from capacity_app.ui.widgets.layouts import lay_out, place_under, when_scrolled, with_name
from capacity_app.ui.widgets.text_fields import LineField

_KEYS = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    }
)
"""What the calendar does with its own keys."""


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


class DateEdit(LineField):
    """A line for a date, month or year; Alt+Down opens the calendar. ``picked`` tells that one was picked there."""

    picked = Signal()

    def __init__(self, texts: Translator, read: Callable[[str], str]) -> None:
        """``read`` gives what is typed as an ISO date, month or year, empty if it is none."""
        super().__init__()
        self._texts, self._read = texts, read
        self.sheet: CalendarPopup | None = None
        self.setMinimumWidth(MEDIUM * 8)
        self.setAccessibleDescription(texts.gettext("Alt+Down opens a calendar"))
        self.left.connect(self.close_calendar)
        self.textEdited.connect(lambda _text: self._follow())

    @property
    def is_calendar_open(self) -> bool:
        return self.sheet is not None and not self.sheet.isHidden()

    def open_calendar(self) -> None:
        if self.isReadOnly():
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.sheet is None:
            self.sheet = CalendarPopup(self.window(), self._texts)
            self.sheet.picked.connect(self._take)
            self.destroyed.connect(self.sheet.deleteLater)
            when_scrolled(self, self._stay_under)
        self._follow()
        self.sheet.open_under(self)
        self._tell()

    def _stay_under(self) -> None:
        """Let the calendar move with the field while the page scrolls."""
        if self.is_calendar_open and self.sheet is not None:
            self.sheet.open_under(self)

    def close_calendar(self) -> None:
        if self.sheet is not None and not self.sheet.isHidden():
            self.sheet.hide()
            self.setAccessibleDescription(self._texts.gettext("Alt+Down opens a calendar"))

    def _follow(self) -> None:
        """Show in the calendar what is typed."""
        typed = self._read(self.text())
        if self.sheet is not None and typed:
            self.sheet.show_day(dt.date.fromisoformat(f"{typed}-01-01"[:10]))

    def _take(self, date: str) -> None:
        self.close_calendar()
        self.setText(self._texts.short_date(date))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picked.emit()

    def _tell(self) -> None:
        """Let who cannot see the calendar hear which day is marked."""
        if self.sheet is not None:
            self.setAccessibleDescription(self.sheet.said())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_opening = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if is_opening and not self.is_calendar_open:
            self.open_calendar()
        elif not (self.is_calendar_open and self._take_calendar_key(event)):
            super().keyPressEvent(event)

    def _take_calendar_key(self, event: QKeyEvent) -> bool:
        sheet, key = self.sheet, Qt.Key(event.key())
        assert sheet is not None, "it is open"
        is_year = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown} and is_year:
            years = 1 if key == Qt.Key.Key_PageDown else -1
            sheet.calendar.setSelectedDate(sheet.calendar.selectedDate().addYears(years))
        elif key in _KEYS:
            QCoreApplication.sendEvent(sheet.days, event)
        elif key == Qt.Key.Key_M:
            sheet.pick_month()
        elif key == Qt.Key.Key_Y:
            sheet.pick_year()
        elif key == Qt.Key.Key_Escape:
            self.close_calendar()
        else:
            return False
        if self.is_calendar_open:
            self._tell()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_calendar()


def calendar_button(line: DateEdit, label: str, texts: Translator) -> IconToolButton:
    """Make the button that opens and closes a line's calendar; ``label`` is what the line is called."""
    button = IconToolButton("calendar", texts.gettext("Pick a date for “{field}”").format(field=label))

    def turn() -> None:
        if line.is_calendar_open:
            line.close_calendar()
        else:
            line.open_calendar()

    button.clicked.connect(lambda _checked: turn())
    # Tab goes to the next field: Alt+Down opens the calendar from the line.
    button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return button
