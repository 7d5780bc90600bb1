"""Painted scores: bars with their possible range, and two rounds below it."""

from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.scoring.scores import BAND_LIMITS, HUNDRED, band_of
from capacity_app.ui.theme.painting import paint_rounded
from capacity_app.ui.theme.palette import band_colour, colours

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
        if bar.before is not None and bar.after is not None and self._has_lane:
            self._paint_rounds(painter, bar.before, bar.after)
        painter.end()

    def _paint_rounds(self, painter: QPainter, before: Fraction, after: Fraction) -> None:
        """Paint a ring for then and a dot for now, joined: one basis, one line."""
        shades = colours()
        middle = self._top + self._thick + 4 + _LANE / 2
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
