"""Small things painted the same way everywhere: rounded grounds, the focus ring, arrows and ticks."""

import unicodedata

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOption

from capacity_app.ui.look.palette import colours

CORNER = 5.0
"""Corner of a field or button, in pixels."""


def has(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)


def rounded(
    painter: QPainter, rect: QRectF, *, fill: str = "", edge: str = "", width: float = 1, corner: float = CORNER
) -> None:
    """Paint a rounded rectangle; an empty colour leaves fill or edge out."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else QBrush(Qt.BrushStyle.NoBrush))
    inset = width / 2 if edge else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), corner, corner)
    painter.restore()


def at_start(direction: Qt.LayoutDirection, *, is_wrapped: bool = False, is_top: bool = False) -> int:
    """Return the flags that set text where reading begins in the window, whatever language the text itself is in.

    Use with a painter whose direction is automatic: a Latin name in an Arabic window keeps its own order.
    """
    is_mirrored = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
    level = Qt.AlignmentFlag.AlignTop if is_top else Qt.AlignmentFlag.AlignVCenter
    flags = int(side | level | Qt.AlignmentFlag.AlignAbsolute)
    return flags | int(Qt.TextFlag.TextWordWrap) if is_wrapped else flags


def reads_leftwards(text: str) -> bool:
    """Return whether a text begins in a script that is written from right to left."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"})
    return next(strong, "L") != "L"


def draw_paragraph(
    painter: QPainter, room: QRect, text: str, direction: Qt.LayoutDirection, *, is_top: bool = False
) -> None:
    """Draw a wrapped text where reading begins in ``direction``, a word wider than the room broken."""
    option = QTextOption(Qt.AlignmentFlag(at_start(direction, is_top=is_top)))
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if not reads_leftwards(text):
        painter.drawText(QRectF(room), text, option)
        return
    # Drawn as one text, lines from right to left would each begin with the space that ends them.
    layout = QTextLayout(text, painter.font())
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


def paint_focus(painter: QPainter, rect: QRect, *, corner: float = CORNER) -> None:
    """Paint the focus ring just inside ``rect``."""
    rounded(painter, QRectF(rect), edge=colours().accent, width=2, corner=corner)


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
    """Paint a tick into a box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    shares = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.31))
    points = [QPointF(box.x() + box.width() * x, box.y() + box.height() * y) for x, y in shares]
    painter.drawPolyline(QPolygonF(points))
    painter.restore()
