"""Painted scores: bars with their possible range, two rounds on an axis, and the radar.

A radar flatters: areas grow with the square of the score, and another order gives another shape. So it is never
the only picture, its axes never move, and every figure stands in words below it.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import cos, pi, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.scoring.scores import BAND_LIMITS, HUNDRED, band_of
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import paint_focus, paint_rounded
from capacity_app.ui.theme.palette import band_colour, colours
from capacity_app.ui.widgets.layouts import with_name

# Painted figures of the scores page: bars with their possible range.


_LANE = 14
"""Height of the lane below a bar, in which the earlier round stands."""


@dataclass(frozen=True, slots=True)
class ScoreBarFigures:
    """What a bar shows, in points 0-100; ``value`` is None where the score is withheld.

    ``before`` and ``after`` are both rounds' scores over what both answered: only these two may be compared.
    """

    value: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None
    target: Fraction | None = None
    before: Fraction | None = None
    after: Fraction | None = None


class ScoreBar(QWidget):
    """A score as a bar in its band's colour: interval as whiskers, target as a mark above, two rounds in a lane below.

    It stands along 0 to 100, mirrored with the language. The lane is there where ``has_lane`` says so, so that all bars
    of a page are equally high.
    """

    def __init__(self, height: int = 14) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bar = ScoreBarFigures()
        self._thick = height
        self._has_lane = False

    def show_bar(self, bar: ScoreBarFigures, *, has_lane: bool = False) -> None:
        if has_lane != self._has_lane:
            self._has_lane = has_lane
            self.updateGeometry()
        self._bar = bar
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._thick + 12 + (_LANE if self._has_lane else 0))

    def _x(self, points: Fraction) -> float:
        margin = 2.0
        along = margin + float(points / HUNDRED) * (self.width() - 2 * margin)
        return self.width() - along if self.isRightToLeft() else along

    def _up_to(self, points: Fraction) -> QRectF:
        left, right = sorted((self._x(Fraction(0)), self._x(points)))
        return QRectF(left, self._top, right - left, self._thick)

    @property
    def _top(self) -> float:
        lane = _LANE if self._has_lane else 0
        return (self.height() - self._thick - lane) / 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, bar, top = colours(), self._bar, self._top
        painter = QPainter(self)
        paint_rounded(painter, self._up_to(HUNDRED), fill=shades.raised, edge=shades.line, corner=3)
        if bar.value is not None:
            fill = band_colour(shades, band_of(bar.value))
            paint_rounded(painter, self._up_to(bar.value), fill=fill, corner=3)
        painter.setPen(QPen(QColor(shades.surface), 2))
        for cut in BAND_LIMITS:
            painter.drawLine(QPointF(self._x(cut), top), QPointF(self._x(cut), top + self._thick))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if bar.lower is not None and bar.upper is not None:
            self._paint_whiskers(painter, bar.lower, bar.upper)
        if bar.target is not None:
            self._paint_target(painter, bar.target)
        if bar.before is not None and bar.after is not None and (middle := self._rounds_middle) is not None:
            self._paint_rounds(painter, bar.before, bar.after, middle)
        painter.end()

    @property
    def _rounds_middle(self) -> float | None:
        """Where two rounds stand, None if they are not shown."""
        return self._top + self._thick + 4 + _LANE / 2 if self._has_lane else None

    def _paint_rounds(self, painter: QPainter, before: Fraction, after: Fraction, middle: float) -> None:
        """Paint a ring for then and a dot for now, joined: one basis, one line."""
        shades = colours()
        then, now = QPointF(self._x(before), middle), QPointF(self._x(after), middle)
        painter.setPen(QPen(QColor(shades.edge), 1.6))
        painter.drawLine(then, now)
        painter.setPen(QPen(QColor(shades.text), 1.6))
        painter.setBrush(QColor(shades.text))
        painter.drawEllipse(now, 3.2, 3.2)
        painter.setBrush(QColor(shades.surface))
        painter.drawEllipse(then, 4.2, 4.2)

    def _paint_whiskers(self, painter: QPainter, lower: Fraction, upper: Fraction) -> None:
        shades = colours()
        low, high, middle = self._x(lower), self._x(upper), self._top + self._thick / 2
        if abs(high - low) < 2:  # noqa: PLR2004 - pixels: everything is known, there is nothing to show
            return
        # A pale line under the dark one keeps whiskers visible on a bar of any colour.
        for ink, width in ((shades.surface, 4.5), (shades.text, 1.8)):
            painter.setPen(QPen(QColor(ink), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(low, middle), QPointF(high, middle))
            for end in (low, high):
                painter.drawLine(QPointF(end, middle - 5), QPointF(end, middle + 5))

    def _paint_target(self, painter: QPainter, target: Fraction) -> None:
        # At the very end of the axis the mark would be cut off.
        x = min(max(self._x(target), 5.0), self.width() - 5.0)
        tip = self._top - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().muted))
        painter.drawPolygon(QPolygonF([QPointF(x - 4.5, tip - 5), QPointF(x + 4.5, tip - 5), QPointF(x, tip)]))


class RoundsBar(ScoreBar):
    """A score in two rounds, over what both answered: a ring for then, a dot for now, on an axis from 0 to 100."""

    def __init__(self) -> None:
        super().__init__(height=10)

    def show_rounds(self, before: Fraction, after: Fraction) -> None:
        self.show_bar(ScoreBarFigures(before=before, after=after))

    def sizeHint(self) -> QSize:
        return QSize(240, 18)

    @property
    def _rounds_middle(self) -> float:
        return self.height() / 2


MIN_AXES = 3
"""With fewer axes there is no figure to see."""
_RINGS = (Fraction(25), Fraction(50), Fraction(75), HUNDRED)
_ALONG: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One section: its id, the short label beside the axis, what a screen reader says, and its figures."""

    section: str
    label: str
    spoken: str
    bar: ScoreBarFigures


class RadarChart(QWidget):
    """Paints the axes; arrows go round them, Enter or a click asks for the section's arithmetic (``opened``)."""

    opened = Signal(str)

    def __init__(self, label: str, number: Callable[[int], str] = str) -> None:
        super().__init__()
        self._number = number
        self.axes: tuple[RadarAxis, ...] = ()
        self._current = 0
        with_name(self, "radar", label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def current(self) -> RadarAxis | None:
        return self.axes[self._current] if self.axes else None

    def show_axes(self, axes: Sequence[RadarAxis]) -> None:
        self.axes = tuple(axes)
        self._current = min(self._current, max(len(axes) - 1, 0))
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Say the axis in focus first, then all."""
        here = [self.current.spoken] if self.current and self.hasFocus() else []
        self.setAccessibleDescription("\n".join([*here, *(axis.spoken for axis in self.axes)]))

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() * 26
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _label_size(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(axis.label) for axis in self.axes), default=0)
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
        turn = 2 * pi * place / max(len(self.axes), 1)
        across = -sin(turn) if self.isRightToLeft() else sin(turn)
        return QPointF(across, -cos(turn))

    def point(self, place: int, value: Fraction) -> QPointF:
        """Return where a value (0-100) lies on an axis."""
        return self._centre + self._direction(place) * (self._radius * float(value / HUNDRED))

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
        for place in range(len(self.axes)):
            is_current = place == self._current and self.hasFocus()
            painter.setPen(QPen(QColor(shades.accent if is_current else shades.line), 3 if is_current else 1))
            painter.drawLine(self._centre, self.point(place, HUNDRED))

    def _neighbours(self) -> list[tuple[int, int]]:
        count = len(self.axes)
        return [(place, (place + 1) % count) for place in range(count)]

    def _paint_bands(self, painter: QPainter) -> None:
        """Shade between the bounds of neighbours, and close each axis with ends, as the whiskers of the bars."""
        shades = colours()
        tint = QColor(shades.accent)
        tint.setAlphaF(0.22)
        for one, other in self._neighbours():
            first, second = self.axes[one].bar, self.axes[other].bar
            if first.lower is None or first.upper is None or second.lower is None or second.upper is None:
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            corners = ((one, first.lower), (one, first.upper), (other, second.upper), (other, second.lower))
            painter.drawPolygon(QPolygonF([self.point(place, value) for place, value in corners]))
        painter.setPen(QPen(QColor(shades.text), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for place, axis in enumerate(self.axes):
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
            first, second = self.axes[one].bar.before, self.axes[other].bar.before
            if first is not None and second is not None:
                painter.drawLine(self.point(one, first), self.point(other, second))
        painter.setPen(QPen(QColor(shades.muted), 1.6))
        painter.setBrush(QColor(shades.surface))
        for place, axis in enumerate(self.axes):
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
            first, second = self.axes[one].bar.value, self.axes[other].bar.value
            if first is not None and second is not None:
                painter.drawLine(self.point(one, first), self.point(other, second))
        painter.setPen(QPen(QColor(shades.surface), 1.5))
        painter.setBrush(QColor(shades.accent))
        for place, axis in enumerate(self.axes):
            if axis.bar.value is not None:
                painter.drawEllipse(self.point(place, axis.bar.value), 4.8, 4.8)

    def _paint_targets(self, painter: QPainter) -> None:
        """Point to each target from outside."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().muted))
        for place, axis in enumerate(self.axes):
            if axis.bar.target is None:
                continue
            tip, along = self.point(place, axis.bar.target), self._direction(place)
            base, aside = tip + along * 6, QPointF(-along.y(), along.x()) * 4.5
            painter.drawPolygon(QPolygonF([tip, base - aside, base + aside]))

    def _paint_labels(self, painter: QPainter) -> None:
        shades, size = colours(), self._label_size()
        centred = int(Qt.AlignmentFlag.AlignCenter)
        reach = self._radius + SMALL
        for place, axis in enumerate(self.axes):
            along = self._direction(place)
            is_current = place == self._current and self.hasFocus()
            painter.setFont(font_for(TextRole.STRONG if is_current else TextRole.BODY))
            painter.setPen(QColor(shades.text))
            # Labels to the sides begin at the circle, those above and below are centred over their axis.
            middle = self._centre + QPointF(
                along.x() * (reach + size.width() / 2), along.y() * (reach + size.height() / 2)
            )
            painter.drawText(_around(middle, size), centred, axis.label)
        painter.setFont(font_for(TextRole.CAPTION))
        painter.setPen(QColor(shades.muted))
        for ring in (Fraction(0), *_RINGS):
            number = self._number(int(ring))
            width, height = painter.fontMetrics().horizontalAdvance(number), painter.fontMetrics().height()
            aside = QPointF((width / 2 + 5) * (-1 if self.isRightToLeft() else 1), height / 2)
            box = _around(self.point(0, ring) + aside, QSize(width + 2, height))
            painter.drawText(box, centred, number)

    def _nearest(self, at: QPointF) -> int:
        away = at - self._centre
        return max(range(len(self.axes)), key=lambda place: QPointF.dotProduct(away, self._direction(place)), default=0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.axes and self.rect().contains(event.position().toPoint()):
            self._move(self._nearest(event.position()))
            self.opened.emit(self.axes[self._current].section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ALONG and self.axes:
            step = _ALONG[key]
            is_across = key in {Qt.Key.Key_Left, Qt.Key.Key_Right}
            step = -step if self.isRightToLeft() and is_across else step
            self._move((self._current + step) % len(self.axes))
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
