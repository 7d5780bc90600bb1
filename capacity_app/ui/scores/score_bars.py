"""Painted figures of the scores page: bars with their interval, and the strip that compares methods."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from capacity_app.domain.scoring import HUNDRED, band
from capacity_app.ui.look.painting import rounded
from capacity_app.ui.look.palette import band_colour, colours

_CUTS = (HUNDRED / 6, HUNDRED / 2, HUNDRED * 5 / 6)
"""Where one band ends and the next begins, in points."""
METHOD_SIGNS = ("●", "■", "▲", "◆")
"""One sign per way to put sections together, in the order of ``arithmetic.methods``."""
_LANE = 14
"""Height of the lane below a bar, in which the earlier round stands."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a bar shows, in points 0-100; ``value`` is None where the score is withheld.

    ``before`` and ``after`` are both rounds' scores over what both answered: only these two may be compared.
    """

    value: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None
    target: Fraction | None = None
    before: Fraction | None = None
    after: Fraction | None = None


class _Axis(QWidget):
    """Something painted along 0 to 100, mirrored with the language."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _x(self, points: Fraction) -> float:
        margin = 2.0
        along = margin + float(points / HUNDRED) * (self.width() - 2 * margin)
        return self.width() - along if self.isRightToLeft() else along

    def _paint_cuts(self, painter: QPainter, top: float, bottom: float) -> None:
        painter.setPen(QPen(QColor(colours().surface), 2))
        for cut in _CUTS:
            painter.drawLine(QPointF(self._x(cut), top), QPointF(self._x(cut), bottom))

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

    def _span(self, start: Fraction, end: Fraction, top: float, height: float) -> QRectF:
        left, right = sorted((self._x(start), self._x(end)))
        return QRectF(left, top, right - left, height)


class ScoreBar(_Axis):
    """A score as a bar in its band's colour: interval as whiskers, target as a mark above, two rounds in a lane below.

    The lane is there where ``has_lane`` says so, so that all bars of a page are equally high.
    """

    def __init__(self, height: int = 14) -> None:
        super().__init__()
        self._bar = Bar()
        self._thick = height
        self._has_lane = False

    def show_bar(self, bar: Bar, *, has_lane: bool = False) -> None:
        if has_lane != self._has_lane:
            self._has_lane = has_lane
            self.updateGeometry()
        self._bar = bar
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._thick + 12 + (_LANE if self._has_lane else 0))

    @property
    def _top(self) -> float:
        lane = _LANE if self._has_lane else 0
        return (self.height() - self._thick - lane) / 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, bar, top = colours(), self._bar, self._top
        painter = QPainter(self)
        groove = self._span(Fraction(0), HUNDRED, top, self._thick)
        rounded(painter, groove, fill=shades.raised, edge=shades.line, corner=3)
        if bar.value is not None:
            fill = band_colour(shades, band(bar.value))
            rounded(painter, self._span(Fraction(0), bar.value, top, self._thick), fill=fill, corner=3)
        self._paint_cuts(painter, top, top + self._thick)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if bar.lower is not None and bar.upper is not None:
            self._paint_whiskers(painter, bar.lower, bar.upper)
        if bar.target is not None:
            self._paint_target(painter, bar.target)
        if self._has_lane and bar.before is not None and bar.after is not None:
            self._paint_lane(painter, bar.before, bar.after)
        painter.end()

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

    def _paint_lane(self, painter: QPainter, before: Fraction, after: Fraction) -> None:
        self._paint_rounds(painter, before, after, self._top + self._thick + 4 + _LANE / 2)

    def _paint_target(self, painter: QPainter, target: Fraction) -> None:
        # At the very end of the axis the mark would be cut off.
        x = min(max(self._x(target), 5.0), self.width() - 5.0)
        tip = self._top - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().muted))
        painter.drawPolygon(QPolygonF([QPointF(x - 4.5, tip - 5), QPointF(x + 4.5, tip - 5), QPointF(x, tip)]))


class RoundsBar(_Axis):
    """A score in two rounds, over what both answered: a ring for then, a dot for now, on an axis from 0 to 100."""

    def __init__(self) -> None:
        super().__init__()
        self._rounds: tuple[Fraction, Fraction] | None = None

    def show_rounds(self, before: Fraction, after: Fraction) -> None:
        self._rounds = before, after
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, middle = colours(), self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = self._span(Fraction(0), HUNDRED, middle - 5, 10)
        rounded(painter, groove, fill=shades.raised, edge=shades.line, corner=3)
        self._paint_cuts(painter, middle - 5, middle + 5)
        if self._rounds:
            self._paint_rounds(painter, *self._rounds, middle)
        painter.end()


class SensitivityStrip(_Axis):
    """The overall score under several methods, one sign each on an axis from 0 to 100."""

    def __init__(self) -> None:
        super().__init__()
        self._values: tuple[Fraction | None, ...] = ()

    def show_values(self, values: Sequence[Fraction | None]) -> None:
        """Show other figures, in the order of the signs."""
        self._values = tuple(values)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.fontMetrics().height() * 2 + 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        rounded(painter, self._span(Fraction(0), HUNDRED, middle - 3, 6), fill=shades.raised, corner=3)
        known = [value for value in self._values if value is not None]
        if known:
            rounded(painter, self._span(min(known), max(known), middle - 3, 6), fill=shades.accent, corner=3)
        self._paint_cuts(painter, middle - 3, middle + 3)
        self._paint_signs(painter, middle)
        painter.end()

    def _paint_signs(self, painter: QPainter, middle: float) -> None:
        painter.setPen(QColor(colours().text))
        side = self.fontMetrics().height()
        for place, (sign, value) in enumerate(zip(METHOD_SIGNS, self._values, strict=False)):
            if value is None:
                continue
            # Signs alternate above and below the axis, so that close values stay apart.
            top = middle - 4 - side if place % 2 == 0 else middle + 4
            painter.drawText(
                QRectF(self._x(value) - side, top, 2 * side, side), int(Qt.AlignmentFlag.AlignCenter), sign
            )
