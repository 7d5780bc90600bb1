"""How a row of the timeline is painted: the lines of the axis, the bar, and the words beside it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from capacity_app.domain.assessment import Progress
from capacity_app.ui.look.painting import at_start, has, paint_focus, paint_tick, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.rows import ROW_ROLE, Index
from capacity_app.ui.look.theme import SMALL, TIGHT, Role, font_for
from capacity_app.ui.plan.timeline_model import Bar

if TYPE_CHECKING:
    from capacity_app.ui.plan.timeline_view import TimelineView


CORNER = 4.0
_STRIPE = 7.0


def paint_bar(painter: QPainter, box: QRectF, progress: Progress) -> None:
    """Paint a bar: empty while planned, striped once started, full with a tick when done, dashed when dropped."""
    shades = colours()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if progress is Progress.DROPPED:
        painter.setPen(QPen(QColor(shades.muted), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), CORNER, CORNER)
    elif progress is Progress.DONE:
        rounded(painter, box, fill=shades.accent, corner=CORNER)
        if box.width() >= box.height():
            side = box.height()
            paint_tick(painter, QRectF(box.center().x() - side / 2, box.y(), side, side), shades.on_accent)
    else:
        rounded(painter, box, fill=shades.accent_tint, edge=shades.accent, width=1.6, corner=CORNER)
        if progress is Progress.STARTED:
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


class BarSample(QWidget):
    """A small bar for the legend; its word stands beside it."""

    def __init__(self, progress: Progress) -> None:
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


class BarDelegate(QStyledItemDelegate):
    """Paints a row: its ground, the lines of the axis, the bar and the words beside it."""

    def __init__(self, view: "TimelineView") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bar: Bar = index.data(ROW_ROLE)
        shades, area = colours(), option.rect
        painter.save()
        is_chosen = has(option, QStyle.StateFlag.State_Selected)
        ground = shades.raised if bar.planned is None else shades.accent_tint if is_chosen else ""
        if ground:
            painter.fillRect(area, QColor(ground))
        self._paint_grid(painter, area)
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if bar.planned is not None:
            self._paint_bar(painter, area, bar)
        painter.restore()
        if bar.planned is not None and has(option, QStyle.StateFlag.State_HasFocus) and self._view.hasFocus():
            paint_focus(painter, area & self._view.viewport().rect())

    def _paint_grid(self, painter: QPainter, area: QRect) -> None:
        upper, lower = self._view.axis_header.periods()
        painter.setPen(QColor(colours().line))
        for tick in self._view.axis.ticks(lower or upper):
            x = round(self._view.spot_of(tick.start))
            painter.drawLine(x, area.top(), x, area.bottom())
        if self._view.axis.has(self._view.today):
            x = round(self._view.spot_of(self._view.axis.start_of(self._view.today)))
            painter.setPen(today_pen())
            painter.drawLine(x, area.top(), x, area.bottom())

    def _paint_bar(self, painter: QPainter, area: QRect, bar: Bar) -> None:
        view, shades = self._view, colours()
        direction = view.layoutDirection()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setFont(font_for(Role.CAPTION))
        box = view.box_of(area, bar)
        if box is None:
            painter.setPen(QColor(shades.muted))
            said = QRect(area.x() + SMALL, area.y(), view.viewport().width() - 2 * SMALL, area.height())
            painter.drawText(QStyle.visualRect(direction, area, said), at_start(direction), bar.label)
            return
        paint_bar(painter, box, bar.planned.action.progress if bar.planned else Progress.PLANNED)
        width = painter.fontMetrics().horizontalAdvance(bar.label) + SMALL
        x = box.left() - width - TIGHT if direction == Qt.LayoutDirection.RightToLeft else box.right() + TIGHT + 2
        painter.setPen(QColor(shades.text))
        painter.drawText(QRectF(x, area.y(), width, area.height()), at_start(direction), bar.label)
