"""A calendar that opens under a field, inside the window, and leaves the keys with the field.

A calendar that is a window of its own would grab the keyboard and could be left behind. Months and years can be
picked too: many dates in statistics have no day.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from babel import dates
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.painting import paint_chevron, rounded
from capacity_app.ui.look.palette import Colours, colours
from capacity_app.ui.look.theme import RADIUS, SMALL, TARGET, Role, font_for, is_font_change

_DAYS, _WEEKS = 7, 6
_ROWS = _WEEKS + 4
"""Title, names of days, six weeks, and two lines for a month and a year without a day."""
_FIRST, _LAST = dt.date(1, 1, 1), dt.date(9999, 12, 31)
_MONTHS = 12


def month_later(day: dt.date, months: int) -> dt.date:
    """Give the same day some months later, the last of the month where it has fewer days."""
    count = min(max(day.year * _MONTHS + day.month - 1 + months, _MONTHS), 9999 * _MONTHS + _MONTHS - 1)
    year, month = divmod(count, _MONTHS)
    for last in range(day.day, 0, -1):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    return day


def days_later(day: dt.date, days: int) -> dt.date:
    """Give a day some days later, within the years a date can have."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, _FIRST.toordinal()), _LAST.toordinal()))


def shown_days(day: dt.date, first_of_week: int) -> list[dt.date]:
    """Give the 42 days a sheet shows for the month of a day; weeks begin with ``first_of_week`` (0 is Monday)."""
    start = day.replace(day=1)
    before = (start.weekday() - first_of_week) % _DAYS
    return [days_later(start, place - before) for place in range(_DAYS * _WEEKS)]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Something one can click: where, and what it picks or does."""

    room: QRect
    act: Callable[[], None]


class CalendarSheet(QWidget):
    """One month, painted; it takes no focus. ``picked`` carries a date, month or year (ISO 8601)."""

    picked = Signal(str)

    def __init__(self, window: QWidget, texts: Texts) -> None:
        super().__init__(window)
        self._texts = texts
        self.day = dt.datetime.now(tz=dt.UTC).astimezone().date()
        self.setObjectName("calendar")
        self.setAccessibleName(texts.gettext("Calendar"))
        self.setMouseTracking(True)
        self._spots: list[_Spot] = []
        self.hide()

    def show_day(self, day: dt.date) -> None:
        """Show the month of a day, the day marked."""
        self.day = day
        self.update()

    def said(self) -> str:
        """Say the marked day in words."""
        name = dates.get_day_names("wide", locale=self._texts.locale)[self.day.weekday()]
        return f"{name}, {self._texts.date(self.day.isoformat())}"

    # -- places ---------------------------------------------------------------------------------------------------

    def _cell(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(max(TARGET + 4, round(line * 1.9)), max(TARGET, round(line * 1.5)))

    def sizeHint(self) -> QSize:
        cell = self._cell()
        lines = max(QFontMetrics(font_for(Role.CAPTION)).horizontalAdvance(text) for text in self._coarse_words())
        width = max(cell.width() * _DAYS, lines + 4 * SMALL)
        return QSize(width + 2 * SMALL, cell.height() * _ROWS + 2 * SMALL)

    def open_under(self, field: QWidget) -> None:
        """Open under a field, or over it where the window ends."""
        window = self.parentWidget() or self
        room = window.rect().adjusted(SMALL, SMALL, -SMALL, -SMALL)
        at, size = field.mapTo(window, QPoint(0, 0)), self.sizeHint().boundedTo(room.size())
        under = at.y() + field.height() + 2
        top = under if under + size.height() <= room.bottom() else max(room.y(), at.y() - size.height() - 2)
        start = at.x()
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            start = at.x() + field.width() - size.width()
        self.setGeometry(QRect(QPoint(min(max(start, room.x()), room.right() - size.width()), top), size))
        self.show()
        self.raise_()

    def _room(self, row: int, column: float = 0, columns: float = _DAYS) -> QRect:
        cell = self._cell()
        wide = (self.width() - 2 * SMALL) / _DAYS
        spot = QRect(round(SMALL + column * wide), SMALL + row * cell.height(), round(columns * wide), cell.height())
        return self.style().visualRect(self.layoutDirection(), self.rect(), spot)

    def _coarse_words(self) -> tuple[str, str]:
        say = self._texts.gettext
        month, year = self._texts.date(f"{self.day:%Y-%m}"), str(self.day.year)
        return say("Only {month} (M)").format(month=month), say("Only {year} (Y)").format(year=year)

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), fill=shades.surface, edge=shades.accent, width=2, corner=RADIUS)
        self._spots = []
        self._paint_title(painter, shades)
        self._paint_names(painter, shades)
        for place, day in enumerate(shown_days(self.day, self._texts.locale.first_week_day)):
            self._paint_day(painter, self._room(2 + place // _DAYS, place % _DAYS, 1), day, shades)
        acts = (self.pick_month, self.pick_year)
        for row, (text, act) in enumerate(zip(self._coarse_words(), acts, strict=True), 2 + _WEEKS):
            self._paint_line(painter, self._room(row), text, act, shades)
        painter.end()

    def _paint_title(self, painter: QPainter, shades: Colours) -> None:
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(shades.text))
        title = self._texts.date(f"{self.day:%Y-%m}")
        painter.drawText(self._room(0, 1, _DAYS - 2), int(Qt.AlignmentFlag.AlignCenter), title)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for column, step, turn in ((0, -1, 90), (_DAYS - 1, 1, -90)):
            room = self._room(0, column, 1)
            self._spots.append(_Spot(room, lambda step=step: self.move_months(step)))  # type: ignore[misc]
            painter.save()
            painter.translate(QRectF(room).center())
            painter.rotate(-turn if is_mirrored else turn)
            paint_chevron(painter, QRectF().center(), shades.accent, size=room.height() / 6)
            painter.restore()

    def _paint_names(self, painter: QPainter, shades: Colours) -> None:
        names = dates.get_day_names("short", locale=self._texts.locale)
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.muted))
        for column in range(_DAYS):
            name = names[(column + self._texts.locale.first_week_day) % _DAYS]
            painter.drawText(self._room(1, column, 1), int(Qt.AlignmentFlag.AlignCenter), name)

    def _paint_day(self, painter: QPainter, room: QRect, day: dt.date, shades: Colours) -> None:
        is_marked, is_here = day == self.day, day.month == self.day.month
        area = QRectF(room).adjusted(2, 1, -2, -1)
        if is_marked:
            rounded(painter, area, fill=shades.accent)
        elif day == dt.datetime.now(tz=dt.UTC).astimezone().date():
            rounded(painter, area, edge=shades.edge, width=1.4)
        painter.setFont(font_for(Role.STRONG if is_marked else Role.BODY))
        painter.setPen(QColor(shades.on_accent if is_marked else (shades.text if is_here else shades.muted)))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), self._texts.number(day.day))
        self._spots.append(_Spot(room, lambda: self._pick(day.isoformat())))

    def _paint_line(self, painter: QPainter, room: QRect, text: str, act: Callable[[], None], shades: Colours) -> None:
        rounded(painter, QRectF(room).adjusted(2, 2, -2, -2), fill=shades.raised, edge=shades.line)
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.text))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)
        self._spots.append(_Spot(room, act))

    # -- choosing -------------------------------------------------------------------------------------------------

    def move_days(self, days: int) -> None:
        self.show_day(days_later(self.day, days))

    def move_months(self, months: int) -> None:
        self.show_day(month_later(self.day, months))

    def pick_day(self) -> None:
        self._pick(self.day.isoformat())

    def pick_month(self) -> None:
        self._pick(f"{self.day:%Y-%m}")

    def pick_year(self) -> None:
        self._pick(f"{self.day:%Y}")

    def _pick(self, date: str) -> None:
        self.picked.emit(date)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        spot = next((spot for spot in self._spots if spot.room.contains(at)), None)
        if spot is not None:
            spot.act()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.hide()
