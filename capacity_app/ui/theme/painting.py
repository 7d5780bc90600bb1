"""Small things painted the same way everywhere: grounds, focus ring, arrows, ticks, icons, the marks of answers."""

import unicodedata
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTextBoundaryFinder
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyleOption

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import break_thai
from capacity_app.ui.theme.palette import Colours, colours

if TYPE_CHECKING:  # the first paint needs no more of the domain than names
    from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
    from capacity_app.domain.scoring.gaps import GapSeverity

CORNER_RADIUS = 5.0
"""Corner of a field or button, in pixels."""


def has_state(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)


def paint_area(painter: QPainter, rect: QRect | QRectF, colour: str) -> None:
    """Fill a rectangle; unlike ``QPainter.fillRect`` without making the names of all gradients Qt knows."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRect(rect)
    painter.restore()


def paint_rounded(
    painter: QPainter, rect: QRectF, *, fill: str = "", edge: str = "", width: float = 1, corner: float = CORNER_RADIUS
) -> None:
    """Paint a rounded rectangle; an empty colour leaves fill or edge out."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    inset = width / 2 if edge else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), corner, corner)
    painter.restore()


def leading_alignment(direction: Qt.LayoutDirection, *, is_wrapped: bool = False, is_top: bool = False) -> int:
    """Return the flags that set text where reading begins in the window, whatever language the text itself is in.

    Use with a painter whose direction is automatic: a Latin name in an Arabic window keeps its own order.
    """
    is_mirrored = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
    level = Qt.AlignmentFlag.AlignTop if is_top else Qt.AlignmentFlag.AlignVCenter
    flags = int(side | level | Qt.AlignmentFlag.AlignAbsolute)
    return flags | int(Qt.TextFlag.TextWordWrap) if is_wrapped else flags


def begins_right_to_left(text: str) -> bool:
    """Return whether a text begins in a script that is written from right to left."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"})
    return next(strong, "L") != "L"


_LINE_SEPARATOR = "\u2028"
"""Where ``QTextLayout`` begins a new line; at "\n" it does not."""


def draw_paragraph(
    painter: QPainter, room: QRect, text: str, direction: Qt.LayoutDirection, *, is_top: bool = False
) -> None:
    """Draw a wrapped text where reading begins in ``direction``, a word wider than the room broken."""
    text = break_thai(text)
    option = QTextOption(Qt.AlignmentFlag(leading_alignment(direction, is_top=is_top)))
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if not begins_right_to_left(text):
        painter.drawText(QRectF(room), text, option)
        return
    # Drawn as one text, lines from right to left would each begin with the space that ends them.
    layout = QTextLayout(text.replace("\n", _LINE_SEPARATOR), painter.font())
    layout.setTextOption(option)
    layout.beginLayout()
    high = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, high))
        high += line.height()
    layout.endLayout()
    above = 0.0 if is_top else (room.height() - high) / 2
    layout.draw(painter, QPointF(room.x(), room.y() + above))


def break_lines(text: str, metrics: QFontMetrics, width: int, most: int, *, breaks_words: bool = False) -> list[str]:
    """Break a text into at most so many lines; what is too wide or too long is ended by "…".

    With ``breaks_words`` a word wider than a line goes on in the next one.
    """
    rest, lines = " ".join(break_thai(text).split()), list[str]()
    while rest and len(lines) < most - 1 and metrics.horizontalAdvance(rest) > width:
        end = _line_end(rest, metrics, width, QTextBoundaryFinder.BoundaryType.Line)
        line = rest[:end].rstrip()
        if metrics.horizontalAdvance(line) > width:
            if breaks_words:
                end = _line_end(rest, metrics, width, QTextBoundaryFinder.BoundaryType.Grapheme)
                line = rest[:end]
            else:
                line = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
        lines.append(line)
        rest = rest[end:].lstrip()
    return [*lines, metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)]


def _line_end(text: str, metrics: QFontMetrics, width: int, kind: QTextBoundaryFinder.BoundaryType) -> int:
    """Return where a line ends: at the last boundary that fits, else at the first one."""
    finder, end = QTextBoundaryFinder(kind, text), 0
    while (following := finder.toNextBoundary()) > 0:
        if end and metrics.horizontalAdvance(text[:following].rstrip()) > width:
            break
        end = following
    return end or len(text)


def paint_focus(painter: QPainter, rect: QRect, *, corner: float = CORNER_RADIUS) -> None:
    """Paint the focus ring just inside ``rect``."""
    paint_rounded(painter, QRectF(rect), edge=colours().accent, width=2, corner=corner)


def paint_dashed(painter: QPainter, area: QRectF, *, corner: float = 5) -> None:
    """Paint the outline of what has not been given yet."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colours().edge), 1.2)
    pen.setDashPattern([3, 2.5])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), corner, corner)
    painter.restore()


def paint_chevron(painter: QPainter, centre: QPointF, colour: str, *, size: float = 4) -> None:
    """Paint a small arrow that points down."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    x, y = centre.x(), centre.y()
    painter.drawPolyline(
        QPolygonF([QPointF(x - size, y - size / 2), QPointF(x, y + size / 2), QPointF(x + size, y - size / 2)])
    )
    painter.restore()


def paint_tick(painter: QPainter, box: QRectF, colour: str) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    shares = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.31))
    points = [QPointF(box.x() + box.width() * x, box.y() + box.height() * y) for x, y in shares]
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


# The icons, drawn from lines on a grid of 24: they take any colour and any size, and need no files.


ICON_GRID = 24
IconShape = tuple[str, tuple[float, ...]]

_SHAPES: dict[str, tuple[IconShape, ...]] = {
    "questionnaire": (
        ("box", (5, 4, 14, 17, 2)),
        ("box", (9, 2, 6, 4, 1)),
        ("path", (8, 11, 9.5, 12.5, 12, 9.5)),
        ("path", (14, 11, 16, 11)),
        ("path", (8, 16, 16, 16)),
    ),
    "scores": (
        ("path", (3, 3, 3, 21, 21, 21)),
        ("path", (7, 7, 15, 7)),
        ("path", (7, 12, 19, 12)),
        ("path", (7, 17, 12, 17)),
    ),
    "gaps": (("path", (5, 21, 5, 4, 14, 4, 13, 6, 19, 6, 17.5, 10.5, 19, 15, 12, 15, 12.5, 13, 5, 13)),),
    "availability": (
        ("box", (3, 4, 18, 16, 2)),
        ("path", (3, 9.3, 21, 9.3)),
        ("path", (3, 14.7, 21, 14.7)),
        ("path", (9, 4, 9, 20)),
        ("path", (15, 4, 15, 20)),
        ("circle", (12, 12, 0.9)),
        ("circle", (18, 17.3, 0.9)),
    ),
    "plan": (
        ("path", (3, 3, 3, 21, 21, 21)),
        ("box", (5.5, 5, 8, 3, 1)),
        ("box", (9, 10, 8, 3, 1)),
        ("box", (13, 15, 7, 3, 1)),
    ),
    "registers": (
        ("circle", (9, 8, 3.4)),
        ("arc", (2.5, 14.5, 13, 13, 0, 180)),
        ("arc", (14, 4.6, 6.8, 6.8, -90, 180)),
        ("arc", (14, 14.5, 8, 13, 0, 90)),
    ),
    "mission": (("circle", (12, 12, 9)), ("path", (15.6, 8.4, 13.6, 13.6, 8.4, 15.6, 10.4, 10.4, 15.6, 8.4))),
    "report": (
        ("path", (14, 2.5, 6, 2.5, 6, 21.5, 18, 21.5, 18, 6.5, 14, 2.5)),
        ("path", (14, 2.5, 14, 6.5, 18, 6.5)),
        ("path", (9, 12, 15, 12)),
        ("path", (9, 16, 15, 16)),
    ),
    "exchange": (
        ("path", (3, 8.5, 20, 8.5)),
        ("path", (16, 4.5, 20, 8.5, 16, 12.5)),
        ("path", (21, 16, 4, 16)),
        ("path", (8, 12, 4, 16, 8, 20)),
    ),
    "new": (("path", (12, 5, 12, 19)), ("path", (5, 12, 19, 12))),
    "open": (("path", (3, 19, 3, 5, 9, 5, 11, 8, 21, 8, 21, 19, 3, 19)),),
    "demonstration": (("circle", (12, 12, 9)), ("path", (10, 8.2, 16, 12, 10, 15.8, 10, 8.2))),
    "close": (("path", (6, 6, 18, 18)), ("path", (18, 6, 6, 18))),
    "warning": (
        ("path", (12, 3.5, 22, 20.5, 2, 20.5, 12, 3.5)),
        ("path", (12, 10, 12, 14.5)),
        ("circle", (12, 17.4, 0.4)),
    ),
    "danger": (("circle", (12, 12, 9)), ("path", (12, 7, 12, 13)), ("circle", (12, 16.3, 0.4))),
    "information": (("circle", (12, 12, 9)), ("path", (12, 11, 12, 16.5)), ("circle", (12, 7.7, 0.4))),
    "good": (("circle", (12, 12, 9)), ("path", (8, 12.3, 11, 15.2, 16, 9.4))),
    "locked": (
        ("box", (5, 11, 14, 10, 2)),
        ("arc", (8, 3.5, 8, 9, 0, 180)),
        ("path", (8, 8, 8, 11)),
        ("path", (16, 8, 16, 11)),
    ),
    "pdf": (
        ("path", (14, 2.5, 5, 2.5, 5, 21.5, 19, 21.5, 19, 7.5, 14, 2.5)),
        ("path", (14, 2.5, 14, 7.5, 19, 7.5)),
        ("path", (8.5, 13, 15.5, 13)),
        ("path", (8.5, 17, 13, 17)),
    ),
    "docx": (
        ("path", (14, 2.5, 5, 2.5, 5, 21.5, 19, 21.5, 19, 7.5, 14, 2.5)),
        ("path", (14, 2.5, 14, 7.5, 19, 7.5)),
        ("path", (8, 12, 9.6, 18, 12, 13, 14.4, 18, 16, 12)),
    ),
    "html": (("path", (8, 7, 3, 12, 8, 17)), ("path", (16, 7, 21, 12, 16, 17)), ("path", (13.5, 5, 10.5, 19))),
    "xlsx": (
        ("box", (3, 4, 18, 16, 2)),
        ("path", (3, 9.5, 21, 9.5)),
        ("path", (3, 14.7, 21, 14.7)),
        ("path", (9.5, 4, 9.5, 20)),
    ),
    "previous": (("path", (6, 15, 12, 9, 18, 15)),),
    "next": (("path", (6, 9, 12, 15, 18, 9)),),
    "left": (("path", (15, 6, 9, 12, 15, 18)),),
    "right": (("path", (9, 6, 15, 12, 9, 18)),),
    "fit_page": (
        ("box", (6, 3, 12, 18, 1)),
        ("path", (9, 8, 15, 8)),
        ("path", (9, 12, 15, 12)),
        ("path", (9, 16, 13, 16)),
    ),
    "remove": (
        ("path", (4, 7, 20, 7)),
        ("path", (6, 7, 7, 21, 17, 21, 18, 7)),
        ("path", (9, 7, 9, 3.5, 15, 3.5, 15, 7)),
    ),
    "join": (
        ("path", (4, 5.5, 8, 5.5, 13.5, 12, 20, 12)),
        ("path", (4, 18.5, 8, 18.5, 13.5, 12)),
        ("path", (16.5, 8.5, 20, 12, 16.5, 15.5)),
    ),
    "round": (("arc", (4, 4, 16, 16, 100, 290)), ("path", (12, 1, 8.6, 4.3, 12, 7.6))),
    "language": (("circle", (12, 12, 9)), ("path", (3, 12, 21, 12)), ("arc", (8, 3, 8, 18, 0, 360))),
    "search": (("circle", (10.5, 10.5, 6.5)), ("path", (15.3, 15.3, 21, 21))),
    "calendar": (
        ("box", (3.5, 5, 17, 16, 2)),
        ("path", (3.5, 10, 20.5, 10)),
        ("path", (8, 2.5, 8, 6.5)),
        ("path", (16, 2.5, 16, 6.5)),
    ),
    "folder": (("path", (3, 19, 3, 5, 9, 5, 11, 8, 21, 8, 21, 19, 3, 19)),),
}


def _draw_icon_shape(painter: QPainter, kind: str, numbers: tuple[float, ...]) -> None:
    if kind == "box":
        x, y, width, height, corner = numbers
        painter.drawRoundedRect(QRectF(x, y, width, height), corner, corner)
    elif kind == "circle":
        x, y, radius = numbers
        painter.drawEllipse(QPointF(x, y), radius, radius)
    elif kind == "arc":
        x, y, width, height, start, span = numbers
        painter.drawArc(QRectF(x, y, width, height), round(start * 16), round(span * 16))
    else:
        points = [QPointF(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        painter.drawPolyline(QPolygonF(points))


def paint_icon(painter: QPainter, rect: QRectF, name: str, colour: str) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / ICON_GRID, rect.height() / ICON_GRID)
    pen = QPen(QColor(colour), 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for kind, numbers in _SHAPES[name]:
        _draw_icon_shape(painter, kind, numbers)
    painter.restore()


def make_icon(name: str, colour: str, size: int = 20) -> QIcon:
    """Return an icon in a colour, and as muted as its label where it cannot be pressed."""
    made = QIcon()
    modes = ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, colours().muted))
    for density, (mode, ink) in product((1, 2), modes):
        picture = QPixmap(QSize(size, size) * density)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, QRectF(0, 0, size * density, size * density), name, ink)
        painter.end()
        picture.setDevicePixelRatio(density)
        made.addPixmap(picture, mode)
    return made


# How an answer stands, as a small sign told by shape first and colour second, and rings of completeness.


_STEPS = 4


def _steps_filled(grade: "GapSeverity") -> int:
    return tuple(type(grade)).index(grade)


def severity_colour(shades: Colours, grade: "GapSeverity") -> str:
    by_steps = (shades.muted, shades.muted, shades.warning, shades.danger, shades.danger)
    return by_steps[_steps_filled(grade)]


def paint_severity(painter: QPainter, box: QRectF, grade: "GapSeverity") -> None:
    """Paint four bars of growing height; as many are filled as the gap is serious."""
    shades = colours()
    filled = _steps_filled(grade)
    width = box.width() / (_STEPS + (_STEPS - 1) * 0.4)
    for step in range(_STEPS):
        height = box.height() * (0.4 + 0.2 * step)
        bar = QRectF(box.x() + step * width * 1.4, box.bottom() - height, width, height)
        is_filled = step < filled
        paint_rounded(painter, bar, fill=severity_colour(shades, grade) if is_filled else shades.line, corner=1)


class AnswerMark(StrEnum):
    """How an answer stands."""

    OPEN = "open"
    ANSWERED = "answered"
    OF_OTHERS = "of_others"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    DECLINED = "declined"
    CONFLICT = "conflict"
    HIDDEN = "hidden"
    UNSUPPORTED = "unsupported"
    TO_VERIFY = "to_verify"


MARK_LABELS: dict[AnswerMark, str] = {
    AnswerMark.OPEN: N_("unanswered"),
    AnswerMark.ANSWERED: N_("answered"),
    AnswerMark.OF_OTHERS: N_("answered by another agency"),
    AnswerMark.UNKNOWN: N_("unknown"),
    AnswerMark.NOT_APPLICABLE: N_("not applicable"),
    AnswerMark.DECLINED: N_("declined"),
    AnswerMark.CONFLICT: N_("agencies disagree"),
    AnswerMark.HIDDEN: N_("not needed, given other answers"),
    AnswerMark.UNSUPPORTED: N_("high level without evidence"),
    AnswerMark.TO_VERIFY: N_("to verify: unknown or declined"),
}
_SIGNS = {
    AnswerMark.UNKNOWN: "?",
    AnswerMark.NOT_APPLICABLE: "–",
    AnswerMark.DECLINED: "×",
    AnswerMark.UNSUPPORTED: "!",
    AnswerMark.TO_VERIFY: "?",
}


def answer_mark_of(answer: "EffectiveAnswer", *, is_hidden: bool = False) -> AnswerMark:
    """Return how an effective answer stands."""
    if is_hidden:
        return AnswerMark.HIDDEN
    if answer.conflict:
        return AnswerMark.CONFLICT
    return AnswerMark.OPEN if answer.state == "not_asked" else AnswerMark(answer.state.value)


def _inks(mark: AnswerMark, shades: Colours) -> tuple[str, str, str]:
    """Return fill, edge and ink of a mark."""
    if mark is AnswerMark.ANSWERED:
        return shades.accent, shades.accent, shades.on_accent
    if mark in {AnswerMark.CONFLICT, AnswerMark.UNSUPPORTED}:
        return shades.warning_tint, shades.warning, shades.warning
    if mark in {AnswerMark.UNKNOWN, AnswerMark.DECLINED, AnswerMark.NOT_APPLICABLE, AnswerMark.TO_VERIFY}:
        return shades.raised, shades.edge, shades.text
    return "", shades.edge, shades.muted


def paint_mark(painter: QPainter, box: QRectF, mark: AnswerMark) -> None:
    """Paint a mark into a square box."""
    fill, edge, ink = _inks(mark, colours())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    style = Qt.PenStyle.DotLine if mark is AnswerMark.HIDDEN else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(edge), 1.4, style))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    if mark in {AnswerMark.ANSWERED, AnswerMark.OF_OTHERS}:
        paint_tick(painter, box.adjusted(1, 1, -1, -1), ink)
    elif mark is AnswerMark.CONFLICT:
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
    """Paint how much of something is answered: an arc from the top, a tick when everything is."""
    shades = colours()
    if share >= 1:
        paint_mark(painter, box, AnswerMark.ANSWERED)
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
