"""A list as high as its lines: the page around it follows the keyboard."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.ui.widgets.cards import Label, scroll_area_of
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine

COUNT = 40


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_page_scrolls_to_the_line_in_focus(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    lines = FullHeightList("places", "Places")
    lines.show_lines([ListLine(str(number), f"Place {number}") for number in range(COUNT)])
    page = QWidget()
    column = QVBoxLayout(page)
    first = QPushButton("Go on")
    for widget in (first, *(Label(f"Something else {number}") for number in range(30)), lines):
        column.addWidget(widget)
    area = scroll_area_of(page)
    area.setLayoutDirection(direction)
    area.resize(300, 200)
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    QTest.qWait(20)
    first.setFocus()
    lines.choose(str(COUNT - 1))
    assert area.verticalScrollBar().value() == 0, "what happens without the focus does not move the page"
    lines.setFocus()
    for key, steps in ((Qt.Key.Key_Home, 1), (Qt.Key.Key_Down, 12), (Qt.Key.Key_Up, 4), (Qt.Key.Key_End, 1)):
        for _ in range(steps):
            QTest.keyClick(lines, key)
        spot = lines.visualRect(lines.currentIndex())
        seen = QRect(lines.viewport().mapTo(area.viewport(), spot.topLeft()), spot.size())
        assert area.viewport().rect().contains(seen), (key, seen)
