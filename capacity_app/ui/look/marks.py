"""How an answer stands, as a small sign told by shape first and colour second, and rings of completeness."""

from enum import StrEnum
from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from capacity_app.domain.answers import State
from capacity_app.domain.effective import Effective
from capacity_app.domain.gaps import CLASSES, SeverityClass
from capacity_app.domain.problems import N_
from capacity_app.ui.look.painting import paint_tick, rounded
from capacity_app.ui.look.palette import Colours, colours

_STEPS = 4


def severity_colour(shades: Colours, grade: SeverityClass) -> str:
    """Return the colour of a severity class."""
    if grade in {SeverityClass.CRITICAL, SeverityClass.HIGH}:
        return shades.danger
    return shades.warning if grade is SeverityClass.MODERATE else shades.muted


def paint_severity(painter: QPainter, box: QRectF, grade: SeverityClass) -> None:
    """Paint four bars of growing height; as many are filled as the gap is serious."""
    shades = colours()
    filled = CLASSES.index(grade)
    width = box.width() / (_STEPS + (_STEPS - 1) * 0.4)
    for step in range(_STEPS):
        height = box.height() * (0.4 + 0.2 * step)
        x = box.x() + step * width * 1.4
        bar = QRectF(x, box.bottom() - height, width, height)
        is_filled = step < filled
        rounded(painter, bar, fill=severity_colour(shades, grade) if is_filled else shades.line, corner=1)


class Mark(StrEnum):
    """How an answer stands."""

    OPEN = "open"
    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    DECLINED = "declined"
    CONFLICT = "conflict"
    HIDDEN = "hidden"
    UNSUPPORTED = "unsupported"
    TO_VERIFY = "to_verify"


MARK_WORDS: dict[Mark, str] = {
    Mark.OPEN: N_("open: not asked yet"),
    Mark.ANSWERED: N_("answered"),
    Mark.UNKNOWN: N_("unknown"),
    Mark.NOT_APPLICABLE: N_("not applicable"),
    Mark.DECLINED: N_("declined"),
    Mark.CONFLICT: N_("answers differ"),
    Mark.HIDDEN: N_("not asked, given other answers"),
    Mark.UNSUPPORTED: N_("level 2 or 3 without evidence"),
    Mark.TO_VERIFY: N_("to verify: unknown or declined"),
}
_SIGNS = {
    Mark.UNKNOWN: "?",
    Mark.NOT_APPLICABLE: "–",
    Mark.DECLINED: "×",
    Mark.UNSUPPORTED: "!",
    Mark.TO_VERIFY: "?",
}
_MARKS = {
    State.ANSWERED: Mark.ANSWERED,
    State.UNKNOWN: Mark.UNKNOWN,
    State.NOT_APPLICABLE: Mark.NOT_APPLICABLE,
    State.DECLINED: Mark.DECLINED,
    State.NOT_ASKED: Mark.OPEN,
}


def mark_of(answer: Effective, *, is_hidden: bool = False) -> Mark:
    """Return how an effective answer stands."""
    if is_hidden:
        return Mark.HIDDEN
    return Mark.CONFLICT if answer.conflict else _MARKS[answer.state]


def _inks(mark: Mark, shades: Colours) -> tuple[str, str, str]:
    """Return fill, edge and ink of a mark."""
    if mark is Mark.ANSWERED:
        return shades.accent, shades.accent, shades.on_accent
    if mark in {Mark.CONFLICT, Mark.UNSUPPORTED}:
        return shades.warning_tint, shades.warning, shades.warning
    if mark in {Mark.UNKNOWN, Mark.DECLINED, Mark.NOT_APPLICABLE, Mark.TO_VERIFY}:
        return shades.raised, shades.edge, shades.text
    return "", shades.edge, shades.muted


def paint_mark(painter: QPainter, box: QRectF, mark: Mark) -> None:
    """Paint a mark into a square box."""
    fill, edge, ink = _inks(mark, colours())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    style = Qt.PenStyle.DotLine if mark is Mark.HIDDEN else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(edge), 1.4, style))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    if mark is Mark.ANSWERED:
        paint_tick(painter, box.adjusted(1, 1, -1, -1), ink)
    elif mark is Mark.CONFLICT:
        _paint_unequal(painter, box, ink)
    elif mark in _SIGNS:
        font = QFont(painter.font())
        font.setBold(True)
        font.setPixelSize(max(8, round(box.height() * 0.68)))
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), _SIGNS[mark])
    painter.restore()


def _paint_unequal(painter: QPainter, box: QRectF, ink: str) -> None:
    """Paint the sign of inequality, which our fonts do not have."""
    painter.setPen(QPen(QColor(ink), max(1.4, box.height() * 0.1), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for start, end in (((0.3, 0.42), (0.7, 0.42)), ((0.3, 0.6), (0.7, 0.6)), ((0.42, 0.74), (0.6, 0.28))):
        points = [QPointF(box.x() + box.width() * x, box.y() + box.height() * y) for x, y in (start, end)]
        painter.drawLine(*points)


def paint_ring(painter: QPainter, box: QRectF, share: Fraction) -> None:
    """Paint how much of something has been asked: an arc from the top, a tick when everything has."""
    shades = colours()
    if share >= 1:
        paint_mark(painter, box, Mark.ANSWERED)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ring = box.adjusted(2, 2, -2, -2)
    painter.setPen(QPen(QColor(shades.line), 3))
    painter.drawEllipse(ring)
    if share > 0:
        painter.setPen(QPen(QColor(shades.accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(ring, 90 * 16, -round(float(share) * 360 * 16))
    else:
        painter.setPen(QPen(QColor(shades.edge), 1.2))
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    painter.restore()
