"""Tabs and buttons whose words are all seen: they go on in the next line."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from capacity_app.ui.widgets.buttons import WrappingButton
from capacity_app.ui.widgets.flow import TabRow

NAMES = ("Agencies  6", "People met  11", "Meetings  9", "Data sources  15", "Evidence  18")
WIDE, NARROW = 900, 300


@pytest.fixture
def row(qtbot: QtBot) -> TabRow:
    made = TabRow()
    for name in NAMES:
        made.addTab(name)
    qtbot.addWidget(made)
    made.resize(WIDE, made.heightForWidth(WIDE))
    made.show()
    made.activateWindow()
    made.setFocus()
    return made


def tabs(row: TabRow) -> list[QAbstractButton]:
    return row.findChildren(QAbstractButton)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_all_tabs_are_seen_whole_and_none_lies_on_another(row: TabRow, width: int) -> None:
    row.resize(width, row.heightForWidth(width))
    spots = [QRect(tab.mapTo(row, QPoint(0, 0)), tab.size()) for tab in tabs(row)]
    assert all(row.rect().contains(spot) for spot in spots)
    assert all(tab.width() >= tab.sizeHint().width() for tab in tabs(row))
    assert not any(one.intersects(two) for one in spots for two in spots if one is not two)
    assert len({spot.y() for spot in spots}) == (1 if width == WIDE else 3)


def test_arrows_choose_and_go_round_the_other_way_when_mirrored(row: TabRow) -> None:
    told: list[int] = []
    row.currentChanged.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(tabs(row)[row.currentIndex()], key)
    assert told == [1, 4, 0, 4, 0]
    row.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QTest.keyClick(tabs(row)[0], Qt.Key.Key_Left)
    assert row.currentIndex() == 1
    assert [tab.hasFocus() for tab in tabs(row)] == [False, True, False, False, False]


def test_tab_goes_to_the_chosen_tab_alone(row: TabRow) -> None:
    row.setCurrentIndex(3)
    stops = [tab.text() for tab in tabs(row) if tab.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [NAMES[3]]


def test_choosing_the_chosen_tab_tells_nothing(row: TabRow) -> None:
    told: list[int] = []
    row.currentChanged.connect(told.append)
    tabs(row)[0].click()
    assert told == []
    assert tabs(row)[0].isChecked()


def test_a_screen_reader_hears_which_one_is_chosen(row: TabRow) -> None:
    row.setCurrentIndex(2)
    heard = [QAccessible.queryAccessibleInterface(tab) for tab in tabs(row)]
    assert [one.text(QAccessible.Text.Name) for one in heard if one] == list(NAMES)
    assert [bool(one.state().checked) for one in heard if one] == [False, False, True, False, False]
    assert {one.role() for one in heard if one} == {QAccessible.Role.RadioButton}


def test_a_tab_called_otherwise_gets_the_room(row: TabRow) -> None:
    row.setTabText(1, "People who were met by the team  11")
    tab = tabs(row)[1]
    assert tab.width() >= tab.fontMetrics().horizontalAdvance(tab.text())


def test_a_label_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    button = WrappingButton("Go on with II Information about completing the questionnaire")
    qtbot.addWidget(button)
    one_line = button.heightForWidth(button.sizeHint().width())
    assert button.heightForWidth(200) > 2 * button.fontMetrics().height() > one_line / 2
    button.resize(200, button.heightForWidth(200))
    picture = button.grab().toImage()
    inked = {
        y for y in range(8, picture.height() - 8) for x in range(20, 180) if picture.pixelColor(x, y).lightness() < 90
    }
    assert max(inked) - min(inked) > 2 * button.fontMetrics().height() - 10
