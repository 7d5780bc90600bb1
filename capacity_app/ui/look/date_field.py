"""A line for a date, month or year, with a calendar that opens under it by key or by its button."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea

from capacity_app.texts import Texts
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.calendar import CalendarSheet, days_later, month_later
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM

_DAYS, _MONTHS = 7, 12


class DateLine(LineField):
    """A line for a date, month or year; Alt+Down opens the calendar. ``picked`` tells that one was picked there."""

    picked = Signal()

    def __init__(self, texts: Texts, read: Callable[[str], str]) -> None:
        """``read`` gives what is typed as an ISO date, month or year, empty if it is none."""
        super().__init__()
        self._texts, self._read = texts, read
        self.sheet: CalendarSheet | None = None
        self.setMinimumWidth(MEDIUM * 8)
        self.setAccessibleDescription(texts.gettext("Alt+Down opens a calendar"))
        self.left.connect(self.close_calendar)
        self.textEdited.connect(lambda _text: self._follow())

    @property
    def is_calendar_open(self) -> bool:
        return self.sheet is not None and not self.sheet.isHidden()

    def open_calendar(self) -> None:
        """Open the calendar at what is typed, or at today."""
        if self.isReadOnly():
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.sheet is None:
            self.sheet = CalendarSheet(self.window(), self._texts)
            self.sheet.picked.connect(self._take)
            self.destroyed.connect(self.sheet.deleteLater)
            above = self.parentWidget()
            while above is not None:
                if isinstance(above, QAbstractScrollArea):
                    above.verticalScrollBar().valueChanged.connect(self._stay_under)
                above = above.parentWidget()
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
        self.setText(date)
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
        sheet = self.sheet
        assert sheet is not None, "it is open"
        key, forward = Qt.Key(event.key()), -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        months = _MONTHS if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: sheet.move_days(-forward),
            Qt.Key.Key_Right: lambda: sheet.move_days(forward),
            Qt.Key.Key_Up: lambda: sheet.move_days(-_DAYS),
            Qt.Key.Key_Down: lambda: sheet.move_days(_DAYS),
            Qt.Key.Key_PageUp: lambda: sheet.move_months(-months),
            Qt.Key.Key_PageDown: lambda: sheet.move_months(months),
            Qt.Key.Key_Home: lambda: sheet.show_day(sheet.day.replace(day=1)),
            Qt.Key.Key_End: lambda: sheet.show_day(days_later(month_later(sheet.day.replace(day=1), 1), -1)),
            Qt.Key.Key_Return: sheet.pick_day,
            Qt.Key.Key_Enter: sheet.pick_day,
            Qt.Key.Key_M: sheet.pick_month,
            Qt.Key.Key_Y: sheet.pick_year,
            Qt.Key.Key_Escape: self.close_calendar,
        }
        act = acts.get(key)
        if act is None:
            return False
        act()
        if self.is_calendar_open:
            self._tell()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_calendar()


def calendar_button(line: DateLine, label: str, texts: Texts) -> SignTool:
    """Make the button that opens and closes a line's calendar; ``label`` is what the line is called."""
    button = SignTool("calendar", texts.gettext("Pick a date for “{field}”").format(field=label))

    def turn() -> None:
        if line.is_calendar_open:
            line.close_calendar()
        else:
            line.open_calendar()

    button.clicked.connect(lambda _checked: turn())
    return button
