"""The optional radar: one fixed axis from 0 to 100 per core section, in the instrument's order, gaps left open.

A radar flatters: areas grow with the square of the score, and another order gives another shape. So it is never
the only picture, its axes never move, and every figure stands in words below it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from capacity_app.domain.scoring import HUNDRED
from capacity_app.ui.look.painting import paint_focus
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, font_for, is_font_change
from capacity_app.ui.scores.score_bars import Bar

LEAST_AXES = 3
"""With fewer axes there is no figure to see."""
_RINGS = (Fraction(25), Fraction(50), Fraction(75), HUNDRED)
_ALONG: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Axis:
    """One section: its id, the short label beside the axis, what a screen reader says, and its figures."""

    section: str
    label: str
    spoken: str
    bar: Bar


class Radar(QWidget):
    """Paints the axes; arrows go round them, Enter or a click asks for the section's arithmetic (``opened``)."""

    opened = Signal(str)

    def __init__(self, label: str, number: Callable[[int], str] = str) -> None:
        super().__init__()
        self._number = number
        self._axes: tuple[Axis, ...] = ()
        self._current = 0
        self.setObjectName("radar")
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self._axes

    @property
    def current(self) -> Axis | None:
        return self._axes[self._current] if self._axes else None

    def show_axes(self, axes: Sequence[Axis]) -> None:
        """Show other figures; the order is the caller's and never changes with them."""
        self._axes = tuple(axes)
        self._current = min(self._current, max(len(axes) - 1, 0))
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Say the axis in focus first, then all."""
        here = [self.current.spoken] if self.current and self.hasFocus() else []
        self.setAccessibleDescription("\n".join([*here, *(axis.spoken for axis in self._axes)]))

    # -- measures -------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() * 26
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _label_size(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(axis.label) for axis in self._axes), default=0)
        return QSize(widest + SMALL, metrics.height())

    @property
    def _centre(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    @property
    def _radius(self) -> float:
        label = self._label_size()
        across = self.width() / 2 - label.width() - MEDIUM
        return max(min(across, self.height() / 2 - label.height() - MEDIUM), 40.0)

    def _direction(self, place: int) -> QPointF:
        """Return the unit vector of an axis: the first upwards, the others in reading direction around."""
        turn = 2 * pi * place / max(len(self._axes), 1)
        across = -sin(turn) if self.isRightToLeft() else sin(turn)
        return QPointF(across, -cos(turn))

    def point(self, place: int, value: Fraction) -> QPointF:
        """Return where a value (0-100) lies on an axis."""
        return self._centre + self._direction(place) * (self._radius * float(value / HUNDRED))

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grid(painter)
        self._paint_bands(painter)
        self._paint_earlier(painter)
        self._paint_scores(painter)
        self._paint_targets(painter)
        self._paint_labels(painter)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _paint_grid(self, painter: QPainter) -> None:
        shades = colours()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in _RINGS:
            painter.setPen(QPen(QColor(shades.edge if ring == HUNDRED else shades.line), 1))
            radius = self._radius * float(ring / HUNDRED)
            painter.drawEllipse(self._centre, radius, radius)
        for place in range(len(self._axes)):
            is_current = place == self._current and self.hasFocus()
            painter.setPen(QPen(QColor(shades.accent if is_current else shades.line), 3 if is_current else 1))
            painter.drawLine(self._centre, self.point(place, HUNDRED))

    def _neighbours(self) -> list[tuple[int, int]]:
        count = len(self._axes)
        return [(place, (place + 1) % count) for place in range(count)]

    def _paint_bands(self, painter: QPainter) -> None:
        """Shade between the bounds of neighbours, and close each axis with ends, as the whiskers of the bars."""
        shades = colours()
        tint = QColor(shades.accent)
        tint.setAlphaF(0.22)
        for one, other in self._neighbours():
            first, second = self._axes[one].bar, self._axes[other].bar
            if first.lower is None or first.upper is None or second.lower is None or second.upper is None:
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            corners = ((one, first.lower), (one, first.upper), (other, second.upper), (other, second.lower))
            painter.drawPolygon(QPolygonF([self.point(place, value) for place, value in corners]))
        painter.setPen(QPen(QColor(shades.text), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for place, axis in enumerate(self._axes):
            if axis.bar.lower is not None and axis.bar.upper is not None and axis.bar.lower != axis.bar.upper:
                self._paint_whisker(painter, place, axis.bar.lower, axis.bar.upper)

    def _paint_whisker(self, painter: QPainter, place: int, lower: Fraction, upper: Fraction) -> None:
        along = self._direction(place)
        aside = QPointF(-along.y(), along.x()) * 4.5
        painter.drawLine(self.point(place, lower), self.point(place, upper))
        for end in (self.point(place, lower), self.point(place, upper)):
            painter.drawLine(end - aside, end + aside)

    def _paint_earlier(self, painter: QPainter) -> None:
        """Paint the earlier round in dashes with diamonds."""
        shades = colours()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(shades.muted), 1.6, Qt.PenStyle.DashLine))
        for one, other in self._neighbours():
            first, second = self._axes[one].bar.before, self._axes[other].bar.before
            if first is not None and second is not None:
                painter.drawLine(self.point(one, first), self.point(other, second))
        painter.setPen(QPen(QColor(shades.muted), 1.6))
        painter.setBrush(QColor(shades.surface))
        for place, axis in enumerate(self._axes):
            if axis.bar.before is not None:
                at, side = self.point(place, axis.bar.before), 4.6
                painter.drawPolygon(QPolygonF(
                    [at + QPointF(0, -side), at + QPointF(side, 0), at + QPointF(0, side), at + QPointF(-side, 0)]
                ))  # fmt: skip

    def _paint_scores(self, painter: QPainter) -> None:
        """Join the scores of neighbours; where one is missing the line stays open."""
        shades = colours()
        painter.setPen(QPen(QColor(shades.accent), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for one, other in self._neighbours():
            first, second = self._axes[one].bar.value, self._axes[other].bar.value
            if first is not None and second is not None:
                painter.drawLine(self.point(one, first), self.point(other, second))
        painter.setPen(QPen(QColor(shades.surface), 1.5))
        painter.setBrush(QColor(shades.accent))
        for place, axis in enumerate(self._axes):
            if axis.bar.value is not None:
                painter.drawEllipse(self.point(place, axis.bar.value), 4.8, 4.8)

    def _paint_targets(self, painter: QPainter) -> None:
        """Point to each target from outside."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().muted))
        for place, axis in enumerate(self._axes):
            if axis.bar.target is None:
                continue
            tip, along = self.point(place, axis.bar.target), self._direction(place)
            base, aside = tip + along * 6, QPointF(-along.y(), along.x()) * 4.5
            painter.drawPolygon(QPolygonF([tip, base - aside, base + aside]))

    def _paint_labels(self, painter: QPainter) -> None:
        shades, size = colours(), self._label_size()
        centred = int(Qt.AlignmentFlag.AlignCenter)
        reach = self._radius + SMALL
        for place, axis in enumerate(self._axes):
            along = self._direction(place)
            is_current = place == self._current and self.hasFocus()
            painter.setFont(font_for(Role.STRONG if is_current else Role.BODY))
            painter.setPen(QColor(shades.text))
            # Labels to the sides begin at the circle, those above and below are centred over their axis.
            middle = self._centre + QPointF(
                along.x() * (reach + size.width() / 2), along.y() * (reach + size.height() / 2)
            )
            painter.drawText(_around(middle, size), centred, axis.label)
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.muted))
        for ring in (Fraction(0), *_RINGS):
            number = self._number(int(ring))
            width, height = painter.fontMetrics().horizontalAdvance(number), painter.fontMetrics().height()
            aside = QPointF((width / 2 + 5) * (-1 if self.isRightToLeft() else 1), height / 2)
            box = _around(self.point(0, ring) + aside, QSize(width + 2, height))
            painter.drawText(box, centred, number)

    # -- reaching -------------------------------------------------------------------------------------------------

    def _nearest(self, at: QPointF) -> int:
        """Return the axis in whose direction a point lies."""
        away = at - self._centre
        return max(
            range(len(self._axes)), key=lambda place: QPointF.dotProduct(away, self._direction(place)), default=0
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._axes and self.rect().contains(event.position().toPoint()):
            self._move(self._nearest(event.position()))
            self.opened.emit(self._axes[self._current].section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ALONG and self._axes:
            step = _ALONG[key]
            is_across = key in {Qt.Key.Key_Left, Qt.Key.Key_Right}
            step = -step if self.isRightToLeft() and is_across else step
            self._move((self._current + step) % len(self._axes))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.current:
            self.opened.emit(self.current.section)
        else:
            super().keyPressEvent(event)

    def _move(self, place: int) -> None:
        self._current = place
        self._describe()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.updateGeometry()


def _around(middle: QPointF, size: QSize) -> QRectF:
    return QRectF(middle.x() - size.width() / 2, middle.y() - size.height() / 2, size.width(), size.height())
