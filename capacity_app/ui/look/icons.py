"""The icons, drawn from lines on a grid of 24: they take any colour and any size, and need no files."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

GRID = 24
Shape = tuple[str, tuple[float, ...]]

_SHAPES: dict[str, tuple[Shape, ...]] = {
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
    "checks": (
        ("path", (3.5, 6, 5, 7.5, 7.8, 4.4)),
        ("path", (3.5, 12.5, 5, 14, 7.8, 10.9)),
        ("circle", (5.5, 18.7, 1.3)),
        ("path", (11, 6, 21, 6)),
        ("path", (11, 12.5, 21, 12.5)),
        ("path", (11, 18.7, 21, 18.7)),
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
    "outline": (
        ("path", (4, 6, 20, 6)),
        ("path", (8, 12, 20, 12)),
        ("path", (8, 18, 20, 18)),
    ),
    "previous": (("path", (6, 15, 12, 9, 18, 15)),),
    "next": (("path", (6, 9, 12, 15, 18, 9)),),
    "left": (("path", (15, 6, 9, 12, 15, 18)),),
    "right": (("path", (9, 6, 15, 12, 9, 18)),),
    "fit_width": (
        ("path", (3, 4, 3, 20)),
        ("path", (21, 4, 21, 20)),
        ("path", (7, 12, 17, 12)),
        ("path", (9.5, 9.5, 7, 12, 9.5, 14.5)),
        ("path", (14.5, 9.5, 17, 12, 14.5, 14.5)),
    ),
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


def _draw(painter: QPainter, kind: str, numbers: tuple[float, ...]) -> None:
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
    """Paint an icon into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / GRID, rect.height() / GRID)
    pen = QPen(QColor(colour), 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for kind, numbers in _SHAPES[name]:
        _draw(painter, kind, numbers)
    painter.restore()


def icon(name: str, colour: str, size: int = 20) -> QIcon:
    """Make an icon for a button, sharp on dense screens."""
    made = QIcon()
    for density in (1, 2):
        picture = QPixmap(QSize(size, size) * density)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, QRectF(0, 0, size * density, size * density), name, colour)
        painter.end()
        picture.setDevicePixelRatio(density)
        made.addPixmap(picture)
    return made
