"""How an action looks on the timeline: progress by pattern and sign, never by colour alone; and the legend of it."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capacity_app.domain.assessment import Progress
from capacity_app.ui.look.painting import paint_tick, rounded
from capacity_app.ui.look.palette import colours

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
