"""The fixed edges of the timeline: the axis on top, the actions at the leading edge."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from capacity_app.domain.gaps import SeverityClass
from capacity_app.texts import Texts
from capacity_app.ui.look.marks import paint_severity
from capacity_app.ui.look.painting import at_start
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role, font_for
from capacity_app.ui.plan.time_axis import Tick, TimeAxis
from capacity_app.ui.plan.timeline_model import Bar, TimelineModel

MONTH, QUARTER, YEAR, DECADE = 1, 3, 12, 120
_TITLE_LINES = 2


class AxisHeader(QHeaderView):
    """Years, and below them quarters or months where there is room for their names."""

    def __init__(self, texts: Texts, axis: Callable[[], TimeAxis], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._texts, self._axis = texts, axis
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def month_names(self) -> tuple[str, ...]:
        """Return the short names of the twelve months."""
        locale = QLocale(self._texts.language)
        return tuple(locale.standaloneMonthName(month, QLocale.FormatType.ShortFormat) for month in range(1, 13))

    def quarter_name(self, quarter: int) -> str:
        return self._texts.gettext("Q{quarter}").format(quarter=self._texts.number(quarter))

    def least_month(self, period: int) -> float:
        """Return the least width of a month at which the names of such periods fit."""
        metrics = QFontMetrics(font_for(Role.CAPTION))
        names = {
            MONTH: self.month_names(),
            QUARTER: tuple(self.quarter_name(quarter) for quarter in range(1, 5)),
            YEAR: ("2088",),
            DECADE: ("2088",),
        }[period]
        widest = max(metrics.horizontalAdvance(name) for name in names)
        return (widest + 2 * TIGHT + 2) / period

    def periods(self) -> tuple[int, int]:
        """Return how many months the upper and the lower marks stand for; 0 where there are none."""
        width = self._axis().month_width
        if width < self.least_month(YEAR):
            return DECADE, 0
        lower = next((period for period in (MONTH, QUARTER) if width >= self.least_month(period)), 0)
        return YEAR, lower

    def sizeHint(self) -> QSize:
        return QSize(0, 2 * (QFontMetrics(font_for(Role.CAPTION)).height() + SMALL))

    def paintSection(self, painter: QPainter, area: QRect, _section: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        painter.save()
        painter.fillRect(area, QColor(shades.raised))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, QColor(shades.line))
        upper, lower = self.periods()
        half = area.height() // 2 if lower else area.height()
        for tick in self._axis().ticks(upper):
            self._paint_tick(painter, area, tick, (0, half), Role.STRONG, self._texts.in_digits(str(tick.year)))
        for tick in self._axis().ticks(lower) if lower else ():
            name = self.month_names()[tick.part - 1] if lower == MONTH else self.quarter_name(tick.part)
            self._paint_tick(painter, area, tick, (half, area.height() - half), Role.CAPTION, name)
        painter.restore()

    def _paint_tick(
        self, painter: QPainter, area: QRect, tick: Tick, line: tuple[int, int], role: Role, name: str
    ) -> None:
        shades = colours()
        place = QRect(area.x() + round(tick.start), area.y() + line[0], round(tick.width), line[1])
        spot = QStyle.visualRect(self.layoutDirection(), area, place)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        edge = spot.right() if is_mirrored else spot.left()
        painter.setPen(QColor(shades.line))
        painter.drawLine(edge, spot.top(), edge, spot.bottom())
        painter.setFont(font_for(role))
        painter.setPen(QColor(shades.text if role is Role.STRONG else shades.muted))
        room = spot.adjusted(TIGHT, 0, -TIGHT, 0)
        if painter.fontMetrics().horizontalAdvance(name) <= room.width():
            painter.drawText(room, at_start(self.layoutDirection()), name)


class ActionHeader(QHeaderView):
    """The titles of the actions with their severity, and the headings of groups."""

    def __init__(self, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._timeline = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def row_height(self, bar: Bar) -> int:
        """Return the height of a row: two lines of title and one of detail, or one line of heading."""
        line = QFontMetrics(font_for(Role.BODY)).height()
        if bar.planned is None:
            return line + 2 * SMALL
        return _TITLE_LINES * line + QFontMetrics(font_for(Role.CAPTION)).height() + 2 * SMALL

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        bar = self._timeline.rows[section]
        shades = colours()
        painter.save()
        current = self.selectionModel().currentIndex().row()
        ground = shades.accent_tint if section == current and bar.planned else shades.surface
        painter.fillRect(area, QColor(shades.raised if bar.planned is None else ground))
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        edge = area.left() if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else area.right()
        painter.drawLine(edge, area.top(), edge, area.bottom())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if bar.planned is None:
            painter.setFont(font_for(Role.STRONG))
            painter.setPen(QColor(shades.text))
            painter.drawText(area.adjusted(MEDIUM, 0, -SMALL, 0), at_start(self.layoutDirection()), bar.title)
        else:
            self._paint_action(painter, area.adjusted(MEDIUM, SMALL, -SMALL, -SMALL), bar)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        below = self.viewport().rect().adjusted(0, self.length() - self.offset(), 0, 0)
        if below.isValid():
            painter.fillRect(below, QColor(colours().surface))
        painter.end()

    def _paint_action(self, painter: QPainter, room: QRect, bar: Bar) -> None:
        shades, direction = colours(), self.layoutDirection()
        body, caption = font_for(Role.BODY), font_for(Role.CAPTION)
        line = QFontMetrics(body).height()
        grade = bar.planned.severity if bar.planned else SeverityClass.NONE
        sign = QRect(room.x(), room.y() + line // 6, line, line * 3 // 4)
        paint_severity(painter, QRectF(QStyle.visualRect(direction, room, sign)), grade)
        inner = QRect(room.x() + line + SMALL, room.y(), room.width() - line - SMALL, room.height())
        painter.setFont(body)
        painter.setPen(QColor(shades.text))
        shown = _two_lines(QFontMetrics(body), bar.title, inner.width())
        for number, text in enumerate(shown):
            place = QRect(inner.x(), inner.y() + number * line, inner.width(), line)
            painter.drawText(QStyle.visualRect(direction, room, place), at_start(direction), text)
        painter.setFont(caption)
        painter.setPen(QColor(shades.muted))
        detail = QFontMetrics(caption).elidedText(bar.detail, Qt.TextElideMode.ElideRight, inner.width())
        below = QRect(inner.x(), inner.y() + len(shown) * line, inner.width(), QFontMetrics(caption).height())
        painter.drawText(QStyle.visualRect(direction, room, below), at_start(direction), detail)


def _two_lines(metrics: QFontMetrics, text: str, width: int) -> tuple[str, ...]:
    """Break a title into at most two lines, the second shortened with "…"."""
    if metrics.horizontalAdvance(text) <= width:
        return (text,)
    words = text.split(" ")
    taken = 1
    while taken < len(words) and metrics.horizontalAdvance(" ".join(words[: taken + 1])) <= width:
        taken += 1
    first, rest = " ".join(words[:taken]), " ".join(words[taken:])
    if not rest:
        return (metrics.elidedText(first, Qt.TextElideMode.ElideRight, width),)
    return (
        metrics.elidedText(first, Qt.TextElideMode.ElideRight, width),
        metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width),
    )


def arrow_head(tip: QPointF, towards: float, size: float) -> QPolygonF:
    """Return the head of an arrow whose tip lies at a point and that looks along the line (1 right, -1 left)."""
    back = tip.x() - towards * size
    return QPolygonF([tip, QPointF(back, tip.y() - size * 0.6), QPointF(back, tip.y() + size * 0.6)])
