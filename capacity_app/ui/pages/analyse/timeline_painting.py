"""How the timeline is painted: its axis, the titles of its rows, and the bars."""

from collections.abc import Callable

from PySide6.QtCore import QLineF, QLocale, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStyle, QWidget

from capacity_app.domain.assessment.registers import ActionProgress
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.analyse.plan_model import AxisTick, TimeAxis, TimelineBar, TimelineModel
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole, font_for
from capacity_app.ui.theme.painting import leading_alignment, paint_rounded, paint_severity, paint_tick
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.heat_map import break_lines
from capacity_app.ui.widgets.lists_and_tables import fill_below_rows

BAR_CORNER = 4.0
_STRIPE = 7.0


def paint_bar(painter: QPainter, box: QRectF, progress: ActionProgress) -> None:
    """Paint a bar: empty while planned, striped once started, full with a tick when done, dashed when dropped."""
    shades = colours()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if progress is ActionProgress.DROPPED:
        painter.setPen(QPen(QColor(shades.muted), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), BAR_CORNER, BAR_CORNER)
    elif progress is ActionProgress.DONE:
        paint_rounded(painter, box, fill=shades.accent, corner=BAR_CORNER)
        if box.width() >= box.height():
            side = box.height()
            paint_tick(painter, QRectF(box.center().x() - side / 2, box.y(), side, side), shades.on_accent)
    else:
        paint_rounded(painter, box, fill=shades.accent_tint, edge=shades.accent, width=1.6, corner=BAR_CORNER)
        if progress is ActionProgress.STARTED:
            _paint_stripes(painter, box.adjusted(2, 2, -2, -2), shades.accent)
    painter.restore()


def _paint_stripes(painter: QPainter, box: QRectF, colour: str) -> None:
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(colour), 2.2))
    # From a fixed grid, so that stripes do not crawl while the view scrolls.
    steps = int((box.width() + box.height()) / _STRIPE) + 2
    start = box.x() - box.height()
    for step in range(steps):
        x = start + step * _STRIPE
        painter.drawLine(QLineF(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top())))
    painter.restore()


class LegendBar(QWidget):
    """A small bar for the legend; its word stands beside it."""

    def __init__(self, progress: ActionProgress) -> None:
        super().__init__()
        self._progress = progress
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        high = self.fontMetrics().height()
        return QSize(2 * high, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bar(painter, QRectF(self.rect()).adjusted(1, 3, -1, -3), self._progress)
        painter.end()


def today_pen() -> QPen:
    return QPen(QColor(colours().danger), 1.6, Qt.PenStyle.DashDotLine)


MONTH, QUARTER, YEAR = 1, 3, 12
_TITLE_LINES = 2


class TimeAxisHeader(QHeaderView):
    """Years, and below them quarters or months where there is room for their names."""

    def __init__(self, texts: Translator, axis: Callable[[], TimeAxis], parent: QWidget) -> None:
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
        metrics = QFontMetrics(font_for(TextRole.CAPTION))
        names = {
            MONTH: self.month_names(),
            QUARTER: tuple(self.quarter_name(quarter) for quarter in range(1, 5)),
            YEAR: ("2088",),
        }[period]
        return (max(metrics.horizontalAdvance(name) for name in names) + 2 * TIGHT + 2) / period

    def periods(self) -> tuple[int, int]:
        """Return how many months the upper and the lower marks stand for; 0 where there are none."""
        width = self._axis().month_width
        lower = next((period for period in (MONTH, QUARTER) if width >= self.least_month(period)), 0)
        return YEAR, lower

    def sizeHint(self) -> QSize:
        return QSize(0, 2 * (QFontMetrics(font_for(TextRole.CAPTION)).height() + SMALL))

    def paintSection(self, painter: QPainter, area: QRect, _section: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        painter.save()
        painter.fillRect(area, QColor(shades.raised))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, QColor(shades.line))
        upper, lower = self.periods()
        half = area.height() // 2 if lower else area.height()
        for tick in self._axis().ticks(upper):
            self._paint_tick(painter, area, tick, (0, half), TextRole.STRONG, self._texts.in_digits(str(tick.year)))
        for tick in self._axis().ticks(lower) if lower else ():
            name = self.month_names()[tick.part - 1] if lower == MONTH else self.quarter_name(tick.part)
            self._paint_tick(painter, area, tick, (half, area.height() - half), TextRole.CAPTION, name)
        painter.restore()

    def _paint_tick(
        self, painter: QPainter, area: QRect, tick: AxisTick, line: tuple[int, int], role: TextRole, name: str
    ) -> None:
        shades = colours()
        place = QRect(area.x() + round(tick.start), area.y() + line[0], round(tick.width), line[1])
        spot = QStyle.visualRect(self.layoutDirection(), area, place)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        edge = spot.right() if is_mirrored else spot.left()
        painter.setPen(QColor(shades.line))
        painter.drawLine(edge, spot.top(), edge, spot.bottom())
        painter.setFont(font_for(role))
        painter.setPen(QColor(shades.text if role is TextRole.STRONG else shades.muted))
        room = spot.adjusted(TIGHT, 0, -TIGHT, 0)
        if painter.fontMetrics().horizontalAdvance(name) <= room.width():
            painter.drawText(room, leading_alignment(self.layoutDirection()), name)


class ActionTitlesHeader(QHeaderView):
    """The titles of the actions with their severity, and the headings of groups."""

    def __init__(self, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._timeline = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def row_height(self, bar: TimelineBar) -> int:
        """Return the height of a row: two lines of title and one of detail, or one line of heading."""
        line = QFontMetrics(font_for(TextRole.BODY)).height()
        if bar.planned is None:
            return line + 2 * SMALL
        return _TITLE_LINES * line + QFontMetrics(font_for(TextRole.CAPTION)).height() + 2 * SMALL

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
            painter.setFont(font_for(TextRole.STRONG))
            painter.setPen(QColor(shades.text))
            painter.drawText(area.adjusted(MEDIUM, 0, -SMALL, 0), leading_alignment(self.layoutDirection()), bar.title)
        else:
            self._paint_action(painter, area.adjusted(MEDIUM, SMALL, -SMALL, -SMALL), bar)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        fill_below_rows(self)

    def _paint_action(self, painter: QPainter, room: QRect, bar: TimelineBar) -> None:
        shades, direction = colours(), self.layoutDirection()
        body, caption = font_for(TextRole.BODY), font_for(TextRole.CAPTION)
        line = QFontMetrics(body).height()
        grade = bar.planned.severity if bar.planned else GapSeverity.NONE
        sign = QRect(room.x(), room.y() + line // 6, line, line * 3 // 4)
        paint_severity(painter, QRectF(QStyle.visualRect(direction, room, sign)), grade)
        inner = QRect(room.x() + line + SMALL, room.y(), room.width() - line - SMALL, room.height())
        painter.setFont(body)
        painter.setPen(QColor(shades.text))
        shown = break_lines(bar.title, body, inner.width(), _TITLE_LINES)
        for number, text in enumerate(shown):
            place = QRect(inner.x(), inner.y() + number * line, inner.width(), line)
            painter.drawText(QStyle.visualRect(direction, room, place), leading_alignment(direction), text)
        painter.setFont(caption)
        painter.setPen(QColor(shades.muted))
        detail = QFontMetrics(caption).elidedText(bar.detail, Qt.TextElideMode.ElideRight, inner.width())
        below = QRect(inner.x(), inner.y() + len(shown) * line, inner.width(), QFontMetrics(caption).height())
        painter.drawText(QStyle.visualRect(direction, room, below), leading_alignment(direction), detail)


def arrow_head(tip: QPointF, towards: float, size: float) -> QPolygonF:
    """Return the head of an arrow whose tip lies at a point and that looks along the line (1 right, -1 left)."""
    back = tip.x() - towards * size
    return QPolygonF([tip, QPointF(back, tip.y() - size * 0.6), QPointF(back, tip.y() + size * 0.6)])
