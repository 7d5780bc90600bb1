"""A monkey at the whole window: thousands of random keys, clicks, texts and pages break nothing and lose nothing."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QDialog, QMenu, QTableView, QWidget

from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.shell.page_table import TASK_PAGES
from capacity_app.ui.theme.fonts_and_sizes import ZOOMS, apply_theme, set_zoom
from capacity_app.ui.theme.palette import Scheme
from tests.builders import DEVICE
from tests.ui.office import Office

IS_TORTURE = bool(os.environ.get("CAPACITY_TORTURE"))
ACTIONS = 20_000 if IS_TORTURE else 1_500
KEYS = (
    *("0", "1", "2", "3", "7", "Y", "P", "N", "U", "X", "D", "C", "A"),
    *("Del", "Backspace", "Return", "Space", "Esc", "Tab", "Shift+Tab", "Tab", "Tab"),
    *("Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Alt+Down"),
    *("Ctrl+Down", "Ctrl+Up", "Ctrl+Left", "Ctrl+Right", "Ctrl+Home", "Ctrl+End"),
    *("F2", "F4", "F6", "F7", "F8", "F9", "Shift+F9", "Shift+X", "Shift+Space"),
    *("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X"),
)
WORDS = (
    *("census", "2018-11", "-1", "999999999999", "نص عربي", "移民数据"),
    *("e\u0301te\u0301", "=SUM(A1)", "<b>x</b>", "a" * 300),
)
UNDONE = ("quit", "close", "open", "new", "demonstration", "save_copy")
"""Commands that leave the file or ask for another one: the monkey reopens by itself."""


class NoDesktop(QObject):
    """Takes what the window would have another program open."""

    @Slot(QUrl)
    def take(self, _url: QUrl) -> None:
        """Open nothing."""


@pytest.fixture
def no_desktop() -> Iterator[None]:
    """Keep the monkey from starting other programs."""
    taker = NoDesktop()
    for scheme in ("file", "http", "https"):
        QDesktopServices.setUrlHandler(scheme, taker, "take")  # type: ignore[arg-type]  # the stubs want bytes, Qt does not
    yield
    for scheme in ("file", "http", "https"):
        QDesktopServices.unsetUrlHandler(scheme)


class Monkey:
    """Does one random thing after another in a window."""

    def __init__(self, office: Office, file: Path, seed: int) -> None:
        self.office, self.file = office, file
        self.chance = random.Random(seed)  # noqa: S311 - not for secrets
        # A dialog that waits for an answer is left, as Esc would.
        self.guard = QTimer(office.window, interval=40)
        self.guard.timeout.connect(self.leave_dialogs)
        self.guard.start()

    def leave_dialogs(self) -> None:
        """Close what would wait for ever."""
        for box in (QApplication.activeModalWidget(), QApplication.activePopupWidget()):
            if isinstance(box, QDialog):
                box.reject()
            elif isinstance(box, QMenu):
                box.close()

    def act(self) -> None:
        """Do one thing."""
        acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (60, self.press),
            (20, self.click),
            (6, self.write),
            (5, self.go),
            (3, self.command),
            (1, self.change_look),
            (1, self.resize),
        )
        (act,) = self.chance.choices([a for _, a in acts], [w for w, _ in acts])
        act()
        if self.office.window.workspace is None and self.office.window.isVisible():
            self.office.window.open_file(self.file)

    def press(self) -> None:
        widget = QApplication.focusWidget() or self.office.window
        stroke = QKeySequence(self.chance.choice(KEYS))[0]  # type: ignore[index]  # the stubs forget that it is a sequence
        QTest.keyClick(widget, stroke.key(), stroke.keyboardModifiers())

    def write(self) -> None:
        QGuiApplication.clipboard().setText("\t".join(self.chance.choices(WORDS, k=2)))
        widget = QApplication.focusWidget() or self.office.window
        for letter in self.chance.choice(WORDS)[:40]:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, widget, Qt.Key.Key_unknown, letter, Qt.KeyboardModifier.NoModifier
            )

    def click(self) -> None:
        tops = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isEnabled()]
        widgets = [w for top in tops for w in top.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
        if not widgets:
            return
        widget = self.chance.choice(widgets)
        if isinstance(widget, QAbstractScrollArea):
            widget = widget.viewport()
        spot = QPoint(self.chance.randrange(max(widget.width(), 1)), self.chance.randrange(max(widget.height(), 1)))
        if widget.visibleRegion().contains(spot):
            click = QTest.mouseDClick if self.chance.random() < 0.1 else QTest.mouseClick
            click(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    def go(self) -> None:
        desk = self.office.window.workspace
        if desk is None:
            return
        items = [item.address for item in desk.session.sheet.items()]
        if self.chance.random() < 0.5:
            desk.show_page(self.chance.choice(TASK_PAGES).name)
        else:
            desk.show_address(self.chance.choice(items))
        views = desk.findChildren(QAbstractItemView)
        if views:
            view = self.chance.choice(views)
            self.choose_in(view)

    def choose_in(self, view: QAbstractItemView) -> None:
        model = view.model()
        rows = model.rowCount(QModelIndex()) if model is not None else 0
        if rows:
            columns = view.horizontalHeader().count() if isinstance(view, QTableView) else 1
            view.setCurrentIndex(model.index(self.chance.randrange(rows), self.chance.randrange(max(columns, 1))))

    def command(self) -> None:
        actions = {name: a for name, a in self.office.window.menus.actions.items() if a.isEnabled()}
        name = self.chance.choice(sorted(actions))
        if name not in UNDONE or self.chance.random() < 0.1:
            actions[name].trigger()

    def change_look(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, self.chance.choice(list(Scheme)))
        set_zoom(app, self.chance.choice(ZOOMS))

    def resize(self) -> None:
        self.office.window.resize(self.chance.randrange(700, 1900), self.chance.randrange(500, 1100))


@pytest.mark.long
@pytest.mark.usefixtures("no_desktop")
@pytest.mark.parametrize("seed", [int(os.environ.get("CAPACITY_MONKEY", "1"))])
def test_a_monkey_breaks_nothing_and_the_file_verifies(office: Office, tmp_path: Path, seed: int) -> None:
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office.open(file)
    monkey = Monkey(office, file, seed)
    for _ in range(ACTIONS):
        if not office.window.isVisible():
            office.come_back()
            monkey = Monkey(office, file, monkey.chance.randrange(10**6))
        monkey.act()
        if monkey.chance.random() < 0.2:
            office.settle()
    monkey.guard.stop()
    desk = office.window.workspace
    assert desk is not None
    desk.controller.request_close()
    before = desk.session.dossier()
    # The window would ask what becomes of a report that is being made.
    office.until(lambda: not desk.controller.jobs.holds_closing, 120_000)
    office.leave()
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        assert session.check_file() == ()
        assert session.dossier() == before
