"""The real program in a process of its own, driven through a whole session on a protected assessment.

``python -m tests.journeys.canary_child ASSESSMENT WORKBOOK ENDING``: what could be seen of it outside the assessment
comes out as lines of JSON. ENDING is "close", or "type": after a short session go on typing until somebody ends the
process.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.problems import KnownError
from capacity_app.ui import application
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.deliver.import_preview import ImportPreview
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from capacity_app.ui.shell.dialogs import UnexpectedErrorDialog
from capacity_app.ui.shell.page_table import PAGES
from capacity_app.ui.shell.workspace import Workspace
from tests.ui.office import front

CANARY = "Zyxkanariq"
PASSPHRASE = "correct horse battery"  # noqa: S105 - of an assessment made for the test
PATIENCE = 120


def say(kind: str, what: str) -> None:
    """Tell the test something."""
    print(json.dumps([kind, what]), flush=True)  # noqa: T201 - how a child speaks


class Driven(application.WindowHolder):
    """The program's own shell, with somebody at the keyboard."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._doing = "starting"
        self._left = self._steps()
        QTimer.singleShot(0, self, self._act)

    def _steps(self) -> Iterator[Callable[[], None]]:
        yield from (self._unlock, self._type_and_undo, self._search)
        if sys.argv[3] == "type":
            yield self._type_for_ever
            return
        yield from (self._visit, self._preview, self._take_in)
        for stumble in (_stumble_over_text, _stumble_twice):
            yield lambda stumble=stumble: QTimer.singleShot(0, stumble)  # type: ignore[misc]
            yield self._look_at_report
        yield from (self._speak_french, self._leave)

    def _act(self) -> None:
        """Do one step, and the next one from the program's own loop: it is there that slots come upon mistakes."""
        try:
            step = next(self._left)
            self._doing = getattr(step, "__name__", "")
            step()
            self._look()
        except BaseException:  # noqa: BLE001 - told to the test, not to the program's own watch
            say("broken", f"{self._doing}: {traceback.format_exc()}")
            QApplication.exit(3)
            return
        if step != self._leave:
            QTimer.singleShot(0, self, self._act)

    def _leave(self) -> None:
        self.window.close()

    @property
    def _desk(self) -> Workspace:
        assert self.window.workspace is not None, "nothing is open"
        return self.window.workspace

    def _until(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, self._doing
            QTest.qWait(20)

    def _look(self) -> None:
        """Tell what others can see from outside: the titles of windows."""
        for widget in QApplication.topLevelWidgets():
            say("title", widget.windowTitle())
        say("title", QApplication.applicationDisplayName())

    def _focused(self) -> QWidget:
        self.window.activateWindow()
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def _write(self, text: str) -> None:
        QTest.keyClicks(self._focused(), text)
        QTest.qWait(20)

    def _press(self, name: str) -> None:
        stroke = QKeySequence(name)[0]  # type: ignore[index]  # the stubs forget that it is a sequence
        QTest.keyClick(self._focused(), stroke.key(), stroke.keyboardModifiers())
        QTest.qWait(20)

    def _unlock(self) -> None:
        self._until(lambda: front(self.window, UnlockPage) is not None and QApplication.focusWidget() is not None)
        self._look()
        self._write(PASSPHRASE)
        self._press("Return")
        self._until(lambda: self.window.workspace is not None)

    def _visit(self) -> None:
        for name in (page.name for page in PAGES):
            self._desk.show_page(name)
            QTest.qWait(50)
            self._look()

    def _type_and_undo(self) -> None:
        self._desk.show_address(Address("ii.name"))
        self._until(lambda: QApplication.focusWidget() is not None)
        self._write(f"{CANARY} typed and taken back")
        self._desk.controller.request_flush()
        self._desk.controller.undo()
        QTest.qWait(50)
        self._desk.show_address(Address("ii.name"))
        self._press("Ctrl+A")
        self._write(f"{CANARY} typed and kept")
        self._desk.controller.request_flush()
        assert self._holds("typed and kept")
        self._until(lambda: self._desk.state.is_safe)

    def _holds(self, words: str) -> bool:
        return any(f"{CANARY} {words}" == answer.content.value for answer in self._desk.session.dossier().answers)

    def _search(self) -> None:
        self._desk.show_page("questionnaire")
        self.window.open_command_box()
        self._write(CANARY)
        self._press("Return")

    def _preview(self) -> None:
        self._desk.show_page("report")
        page = self._desk.page("report")
        assert isinstance(page, ReportPage)
        page.report.volume.setCurrentIndex(page.report.volume.findData(ReportVolume.FULL.value))
        page.preview.show_button.click()
        self._until(lambda: page.preview.view.is_sharp)

    def _take_in(self) -> None:
        page = self._desk.exchange()
        assert isinstance(page, ImportPage)
        self._desk.show_page("exchange")
        page.take_in(Path(sys.argv[2]))
        self._until(lambda: isinstance(page.view, ImportPreview) or page.banners.sentences())
        assert isinstance(page.view, ImportPreview), page.banners.sentences()
        page.view.take.click()
        self._until(lambda: self._desk.session.entries("returns"))
        self._until(lambda: self._desk.state.is_safe)

    def _look_at_report(self) -> None:
        """See what is said of a mistake of the program's own whose message quotes an answer."""
        self._until(lambda: self.window.findChild(UnexpectedErrorDialog))
        dialog = self.window.findChild(UnexpectedErrorDialog)
        assert dialog is not None
        say("bug", dialog.report.toPlainText())
        self._look()
        dialog.accept()
        self._until(lambda: self.window.findChild(UnexpectedErrorDialog) is None)

    def _speak_french(self) -> None:
        old = self.window
        self._settings.language = "fr"
        old.language_wanted.emit()
        self._until(lambda: self.window is not old and self.window.workspace is not None)

    def _type_for_ever(self) -> None:
        self._desk.show_address(Address("i.why"))
        while True:
            self._write(f" {CANARY}")
            say("typed", "")


def _stumble_over_text() -> None:
    raise ValueError(f"invalid literal: {CANARY}")


def _stumble_twice() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise KnownError("{text} is no number", text=CANARY) from error


if __name__ == "__main__":
    application.WindowHolder = Driven  # type: ignore[misc,assignment]
    sys.exit(application.run(Path(sys.argv[1])))
