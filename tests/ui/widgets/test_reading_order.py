"""Labels in a mirrored window: what is not written from right to left keeps its order."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

LTR, RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


def _drawn(app: QApplication, text: str, direction: Qt.LayoutDirection) -> QImage:
    image = QImage(200, 40, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setLayoutDirection(direction)
    flags = int(Qt.AlignmentFlag.AlignCenter)
    app.style().drawItemText(painter, QRect(0, 0, 200, 40), flags, app.palette(), True, text)
    painter.end()
    return image


@pytest.mark.parametrize("text", ["Which ones?", "61.4 – 65.1", "Ministry of Labo…"])
def test_latin_text_and_ranges_look_alike_in_both_directions(qapp: QApplication, text: str) -> None:
    assert _drawn(qapp, text, RTL) == _drawn(qapp, text, LTR)


def test_a_sentence_with_a_letter_from_the_right_is_left_as_the_window_has_it(qapp: QApplication) -> None:
    assert _drawn(qapp, "NSO ב?", RTL) != _drawn(qapp, "NSO ב?", LTR)
