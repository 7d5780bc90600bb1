"""A person at the whole window, for tests: opens files, presses keys, looks, closes and comes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.main_window import MainWindow
from capacity_app.ui.shell.workspace import Workspace
from tests.builders import DEVICE

SomeWidget = TypeVar("SomeWidget", bound=QWidget)
PATIENCE_MS = 10_000


def front(window: MainWindow, kind: type[SomeWidget]) -> SomeWidget | None:
    """Return the page of a kind beside an open assessment, in the window or in one of its own, if any."""
    pages = (*window.stack.pages.values(), *(tool.page for tool in window.tools.values()))
    return next((page for page in pages if isinstance(page, kind)), None)


@dataclass
class Office:
    """A window on settings of its own."""

    qtbot: QtBot
    settings_file: Path
    texts: Translator = field(default_factory=Translator)

    def __post_init__(self) -> None:
        self.window: MainWindow
        self.is_open = False
        self.come()

    def come(self) -> None:
        """Open the window."""
        self.settings = Settings(self.settings_file)
        self.window = MainWindow(self.texts, self.settings, DEVICE, COMMANDS)
        self.window.resize(1280, 820)
        self.window.show()
        self.qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.is_open = True
        self.settle()

    def leave(self) -> None:
        """Close the window and wait until it is gone."""
        if not self.is_open:
            return
        self.is_open = False
        self.window.close()
        self.qtbot.waitUntil(lambda: not self.window.isVisible(), timeout=PATIENCE_MS)
        self.window.deleteLater()
        app = QApplication.instance()
        assert app is not None
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def come_back(self) -> None:
        """Close the window and open it again, as on another day."""
        self.leave()
        self.come()

    def settle(self) -> None:
        """Let what waits for the event loop happen."""
        QApplication.sendPostedEvents()
        QTest.qWait(1)

    def open(self, file: Path) -> Workspace:
        """Open an assessment, once the one that is open is closed and a backup of it made."""
        before = self.window.workspace
        self.window.open_file(file)
        self.settle()
        self.until(lambda: self.window.workspace is not before)
        self.until(lambda: self.window.workspace is not None)
        return self.desk

    @property
    def desk(self) -> Workspace:
        """What is open."""
        assert self.window.workspace is not None, "no assessment is open"
        return self.window.workspace

    @property
    def session(self) -> AssessmentSession:
        """The session of what is open."""
        return self.desk.session

    def page(self, kind: type[SomeWidget], name: str) -> SomeWidget:
        """Show a page and give it."""
        self.desk.show_page(name)
        self.settle()
        page = self.desk.page(name)
        assert isinstance(page, kind)
        return page

    def part(self, kind: type[SomeWidget], name: str, within: QWidget | None = None) -> SomeWidget:
        """Find a widget by its object name."""
        places = [within] if within is not None else [self.window, *self.window.tools.values()]
        found = next((part for place in places if (part := place.findChild(kind, name)) is not None), None)
        assert found is not None, name
        return found

    def press(self, *names: str) -> None:
        """Press keys by name ("2", "Ctrl+Down", "Return") where the focus is."""
        for name in names:
            stroke = QKeySequence(name)[0]  # type: ignore[index]  # the stubs forget that it is a sequence
            QTest.keyClick(self.focused(), stroke.key(), stroke.keyboardModifiers())
            self.settle()

    def write(self, text: str) -> None:
        """Type letters where the focus is."""
        for letter in text:
            QTest.keyClicks(self.focused(), letter)
        self.settle()

    def focused(self) -> QWidget:
        """Return the widget that has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def tab_to(self, name: str) -> None:
        """Press Tab until a widget has the focus."""
        for _ in range(120):
            if self.focused().objectName() == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never came to {name}")

    def until(self, holds: Callable[[], bool], patience: int = PATIENCE_MS) -> None:
        """Wait until something holds."""
        self.qtbot.waitUntil(holds, timeout=patience)

    def until_saved(self) -> None:
        """Wait until everything is on disk and the window says so."""
        self.until(lambda: self.desk.state.is_safe)
