"""What the window says: toasts go by themselves, banners wait, and neither moves the page."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.i18n.translator import Translator
from capacity_app.ui.widgets import messages
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.cards import Card
from capacity_app.ui.widgets.layouts import lay_out
from capacity_app.ui.widgets.messages import BannerArea, ToastCorner, over_page, toast_corner
from capacity_app.ui.widgets.text_fields import LineField
from tests.ui.office import Office


class Page(Card):
    """A page with a field and its own messages."""

    def __init__(self) -> None:
        super().__init__()
        self.field = LineField()
        lay_out(self.body, self.field, 1)


class Window(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.page, self.banners = Page(), BannerArea(Translator())
        self.setCentralWidget(over_page(self.page, self.banners))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.page.field.setFocus()
    QCursor.setPos(made.mapToGlobal(QPoint(5, 5)))
    return made


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have toasts stay for a moment only."""
    monkeypatch.setattr(messages, "TOAST_MS", 50)
    monkeypatch.setattr(messages, "_READING_MS", 0)


def test_a_new_banner_takes_the_focus_though_another_one_is_there(window: Window) -> None:
    window.banners.tell("one", BannerTone.WARNING, "One.", [("First", lambda: None)])
    QApplication.processEvents()
    window.banners.tell("two", BannerTone.WARNING, "Two.", [("Second", lambda: None)])
    assert window.banners.focus_newest()
    assert focused() is window.banners.button("Second")


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def place_of(window: Window) -> QPoint:
    return window.page.field.mapTo(window, QPoint(0, 0))


@pytest.mark.usefixtures("short")
def test_information_is_a_toast_that_goes_by_itself(window: Window, qtbot: QtBot) -> None:
    window.banners.tell("copy", BannerTone.GOOD, "The copy is written.")
    assert toast_corner(window).toasts[0].sentence == "The copy is written."
    qtbot.waitUntil(lambda: not toast_corner(window).toasts)
    assert window.banners.sentences() == ()


@pytest.mark.usefixtures("short")
def test_a_toast_stays_while_the_mouse_is_on_it(window: Window, qtbot: QtBot) -> None:
    window.banners.tell("copy", BannerTone.GOOD, "The copy is written.")
    corner = toast_corner(window)
    QCursor.setPos(corner.mapToGlobal(corner.rect().center()))
    qtbot.waitUntil(corner.toasts[0].underMouse)
    qtbot.wait(200)
    assert len(corner.toasts) == 1


@pytest.mark.usefixtures("short")
def test_a_toast_stays_while_it_has_the_focus(window: Window, qtbot: QtBot) -> None:
    window.banners.tell("copy", BannerTone.GOOD, "The copy is written.", [("Undo", lambda: None)])
    toast_corner(window).focus_newest()
    qtbot.wait(200)
    assert len(toast_corner(window).toasts) == 1
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not toast_corner(window).toasts
    assert window.page.field.hasFocus()


def test_a_toast_acts_once_and_goes(window: Window) -> None:
    acts: list[str] = []
    window.banners.tell("joined", BannerTone.GOOD, "The entries are joined.", [("Undo", lambda: acts.append("undo"))])
    toast_corner(window).focus_newest()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert acts == ["undo"]
    assert not toast_corner(window).toasts
    assert window.page.field.hasFocus()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_toast_is_in_the_trailing_corner_above_the_foot(window: Window, direction: Qt.LayoutDirection) -> None:
    window.setLayoutDirection(direction)
    window.banners.tell("copy", BannerTone.GOOD, "The copy is written. " * 8, [("Work on the copy", lambda: None)])
    corner = window.findChild(ToastCorner)
    assert corner is not None
    assert window.rect().contains(corner.geometry())
    middle = window.rect().center()
    assert corner.geometry().center().y() > middle.y()
    assert (corner.geometry().center().x() > middle.x()) == (direction == Qt.LayoutDirection.LeftToRight)


def test_a_warning_waits_over_the_page_without_moving_it(window: Window, qtbot: QtBot) -> None:
    before = place_of(window)
    window.banners.tell("save", BannerTone.DANGER, "The file cannot be saved.", [("Try again", lambda: None)])
    qtbot.wait(10)
    assert place_of(window) == before
    assert window.banners.isVisible()
    assert window.banners.button("Try again").isVisible()
    assert not toast_corner(window).toasts


def test_no_more_than_three_toasts_are_shown(window: Window) -> None:
    for number in range(5):
        window.banners.tell(str(number), BannerTone.INFORMATION, f"Message {number}")
    assert [toast.sentence for toast in toast_corner(window).toasts] == [f"Message {n}" for n in (2, 3, 4)]
    assert window.banners.sentences() == tuple(f"Message {n}" for n in (2, 3, 4))


def test_a_key_leads_to_the_newest_message_of_the_window_and_back(office: Office) -> None:
    before = office.focused()
    office.window.banners.tell("drop", BannerTone.INFORMATION, "Open the assessment first.", [("Open", lambda: None)])
    office.press("Ctrl+.")
    assert office.focused().objectName() == "banner_button"
    office.press("Escape")
    assert office.focused() is before


def test_a_file_that_did_not_open_is_not_told_on_the_next_page(office: Office, tmp_path: Path) -> None:
    broken = tmp_path / "broken.assessment"
    broken.write_text("nothing")
    office.window.banners.tell("open", BannerTone.DANGER, f"{broken} cannot be opened.")
    office.window.show_window_page("blank")
    assert office.window.banners.sentences() == ()
