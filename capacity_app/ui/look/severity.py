"""How serious a gap is, told by shape, word and colour; what to do first, in the same words everywhere."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from capacity_app.domain.gaps import CLASSES, SeverityClass
from capacity_app.ui.look.painting import rounded
from capacity_app.ui.look.palette import Colours, colours

_STEPS = 4


def severity_colour(shades: Colours, grade: SeverityClass) -> str:
    """Give the colour of a severity class."""
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
