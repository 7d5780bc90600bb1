"""The focus stays near when the control that has it is disabled, hidden or removed."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, ReadingColumn
from capacity_app.ui.widgets.focus_keeper import FocusKeeper
from capacity_app.ui.widgets.layouts import discard, lay_out, side_by_side, with_name


class Window(QMainWindow):
    """A rail, and a page of three cards that scrolls: two buttons in the middle one, one far below."""

    def __init__(self) -> None:
        super().__init__()
        self._keeper = FocusKeeper(self)
        self.rail, self.make, self.cancel = Button("Rail"), Button("Make"), Button("Cancel")
        self.other, self.far = Button("Other"), Button("Far")
        self.page = ReadingColumn(name="page")
        self.buttons = QWidget()
        self.buttons.setLayout(side_by_side(self.make, self.cancel))
        self.card = Card(self.buttons, self.other)
        high = QWidget()
        high.setMinimumHeight(1000)
        lay_out(self.page.body, self.card, high, Card(self.far))
        centre = QWidget()
        lay_out(QVBoxLayout(centre), self.rail, (self.page, 1))
        self.setCentralWidget(centre)
        for name in ("rail", "make", "cancel", "other", "far"):
            with_name(getattr(self, name), name)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's name and parameter
        return self._keeper.keeps() or super().focusNextPrevChild(is_next)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.make.setFocus()
    return made


def focus_after(window: Window, act: Callable[[], object]) -> str:
    act()
    QTest.qWait(10)
    focused = window.focusWidget()
    return focused.objectName() if focused is not None else ""


def test_it_goes_to_the_next_button_beside_one_that_is_disabled(window: Window) -> None:
    assert focus_after(window, lambda: window.make.setEnabled(False)) == "cancel"


def test_it_goes_to_what_appears_in_the_same_moment(window: Window) -> None:
    window.cancel.hide()

    def start() -> None:
        window.make.setEnabled(False)
        window.cancel.show()

    assert focus_after(window, start) == "cancel"


def test_it_goes_to_what_the_program_focuses_itself(window: Window) -> None:
    def start() -> None:
        window.make.hide()
        window.other.setFocus()

    assert focus_after(window, start) == "other"


def test_it_leaves_what_the_program_focuses_before_it_is_shown(window: Window) -> None:
    outcome = QWidget(window.card)
    opens = with_name(Button("Open"), "open")
    opens.setParent(outcome)

    def end() -> None:
        window.make.hide()
        opens.setFocus()

    assert focus_after(window, end) == "open"
    outcome.show()
    assert opens.hasFocus()


@pytest.mark.parametrize("lose", [QWidget.hide, discard, lambda widget: widget.setEnabled(False)])
def test_it_stays_in_the_card_when_all_beside_it_is_gone(window: Window, lose: Callable[[QWidget], object]) -> None:
    assert focus_after(window, lambda: lose(window.buttons)) == "other"


@pytest.mark.parametrize("lose", [QWidget.hide, discard, lambda widget: widget.setEnabled(False)])
def test_it_never_scrolls_to_a_far_card(window: Window, lose: Callable[[QWidget], object]) -> None:
    assert focus_after(window, lambda: lose(window.card)) == "page"
    assert window.page.verticalScrollBar().value() == 0


def test_tab_goes_on_as_usual(window: Window) -> None:
    assert focus_after(window, lambda: window.focusNextPrevChild(True)) == "cancel"
    window.cancel.clearFocus()
    assert focus_after(window, lambda: None) != "other"
