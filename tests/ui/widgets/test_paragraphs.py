"""Texts that are painted into cells, in scripts from right to left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from capacity_app.ui.theme.painting import draw_paragraph

_WIDTH, _HEIGHT, _WHITE, _DARK = 400, 120, 255, 128


def _inked_rows(text: str) -> int:
    """Return over how many rows of pixels a text in a wide cell leaves ink."""
    image = QImage(_WIDTH, _HEIGHT, QImage.Format.Format_Grayscale8)
    image.fill(_WHITE)
    painter = QPainter(image)
    draw_paragraph(painter, image.rect(), text, Qt.LayoutDirection.RightToLeft)
    painter.end()
    inked = [y for y in range(_HEIGHT) if any(image.pixelColor(x, y).lightness() < _DARK for x in range(_WIDTH))]
    return inked[-1] - inked[0]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("words", [("المولودين في", "الخارج"), ("כל שנה", "או יותר"), ("born", "abroad")])
def test_each_line_of_a_shortened_text_is_a_line_of_its_own(words: tuple[str, str]) -> None:
    assert _inked_rows("\n".join(words)) > _inked_rows(" ".join(words)) + QApplication.font().pointSize()
