"""Small things painted the same way everywhere: rounded grounds, the focus ring, arrows and ticks."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOption

from capacity_app.ui.look.palette import colours

CORNER = 5.0
"""Corner of a field or button, in pixels."""


def has(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    """Tell whether a style option carries a state."""
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
    """Give the flags that set text where reading begins in the window, whatever language the text itself is in.

    Use with a painter whose direction is automatic: a Latin name in an Arabic window keeps its own order.
    """
    is_mirrored = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
    level = Qt.AlignmentFlag.AlignTop if is_top else Qt.AlignmentFlag.AlignVCenter
    flags = int(side | level | Qt.AlignmentFlag.AlignAbsolute)
    return flags | int(Qt.TextFlag.TextWordWrap) if is_wrapped else flags


def paint_focus(painter: QPainter, rect: QRect, *, corner: float = CORNER) -> None:
    """Paint the focus ring just inside ``rect``."""
    rounded(painter, QRectF(rect), edge=colours().accent, width=2, corner=corner)


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
