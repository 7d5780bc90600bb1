"""Buttons: one height, pressed by Enter and Space alike, and an icon that is as readable as its label."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.buttons import Button, ComboBox, FlatButton, IconToolButton, WrappingButton

KINDS: dict[str, Callable[[], QAbstractButton]] = {
    "primary": lambda: Button("Save", is_main=True),
    "primary with icon": lambda: Button("Open", "open", is_main=True),
    "secondary": lambda: Button("Cancel"),
    "link": lambda: FlatButton("Withdraw"),
    "link with key": lambda: FlatButton("Unknown", "U"),
    "wrapping": lambda: WrappingButton("Next section"),
}


@pytest.mark.parametrize("zoom", [100, 200])
def test_all_buttons_and_fields_of_one_line_are_equally_high(qapp: QApplication, qtbot: QtBot, zoom: int) -> None:
    set_zoom(qapp, zoom)
    made = [make() for make in KINDS.values()]
    fields = [QLineEdit(), ComboBox((("a", "A"),))]
    for widget in (*made, *fields):
        qtbot.addWidget(widget)
    high = {widget.sizeHint().height() for widget in (*made, *fields)}
    assert len(high) == 1
    assert (high == {36}) == (zoom == 100)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize(
    "make", [*KINDS.values(), lambda: IconToolButton("close", "Close"), lambda: Disclosure("block")]
)
def test_enter_and_space_press_a_button(qtbot: QtBot, make: Callable[[], QAbstractButton], key: Qt.Key) -> None:
    button = make()
    qtbot.addWidget(button)
    button.show()
    presses: list[bool] = []
    button.clicked.connect(lambda _checked=False: presses.append(True))
    keypad = Qt.KeyboardModifier.KeypadModifier if key == Qt.Key.Key_Enter else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(button, key, keypad)
    assert len(presses) == 1


def test_a_disabled_icon_is_as_dark_as_its_label(qtbot: QtBot) -> None:
    button = Button("Open", "open", is_main=True)
    qtbot.addWidget(button)
    picture = button.icon().pixmap(QSize(20, 20), QIcon.Mode.Disabled).toImage()
    inks = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert inks == {QColor(colours().muted).name()}


def test_no_page_makes_buttons_of_its_own() -> None:
    package = Path(__file__).parents[3] / "capacity_app" / "ui"
    elsewhere = [
        file.name
        for file in package.rglob("*.py")
        if file.name != "buttons.py" and "QPushButton" in file.read_text("utf-8")
    ]
    assert elsewhere == []
