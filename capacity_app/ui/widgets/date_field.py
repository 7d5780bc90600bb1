"""A line for a date, month or year, with a calendar that opens under it by key or by its button.

The calendar is a child of the window and the field keeps the focus: a window of its own would grab the keyboard and
could be left behind. Months and years can be picked too: many dates in statistics have no day.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM
from capacity_app.ui.widgets.buttons import IconToolButton
from capacity_app.ui.widgets.layouts import when_scrolled
from capacity_app.ui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from capacity_app.ui.widgets.calendar_popup import CalendarPopup

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
            from capacity_app.ui.widgets.calendar_popup import CalendarPopup  # noqa: PLC0415 - once it is wanted

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
