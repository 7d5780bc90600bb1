"""Use the whole window as a person does, watched from outside: ``python -m tests.untrusted.window_child FOLDER``.

Every screen of the demonstration is visited, a file is taken in, officers' copies are merged, the guide is read, and a
report is made by the window's own child process.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.theme.fonts_and_sizes import apply_theme
from tests.builders import DEVICE, file_of
from tests.ui.office import Office
from tests.ui.screens import every_screen

REPORT_MS = 300_000


class _Waiting:
    """What an office needs of pytest-qt outside a test."""

    def wait(self, milliseconds: int) -> None:
        """Let the window work for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def waitUntil(self, holds: Callable[[], bool], timeout: int) -> None:  # noqa: N802 - as in pytest-qt
        """Wait until something holds."""
        for _ in range(timeout // 10):
            if holds():
                return
            self.wait(10)
        raise AssertionError("the window never came so far")

    def waitExposed(self, _widget: QWidget) -> None:  # noqa: N802 - as in pytest-qt
        """Show what was just opened."""
        self.wait(10)


def main(folder: Path) -> None:
    """Use the window; what was visited is printed."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    mission = folder / "mission"
    mission.mkdir()
    file = mission / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office = Office(_Waiting(), folder / "settings.ini", Translator())  # type: ignore[arg-type]
    office.settings.folder = folder
    office.open(file)
    for name, _screen in every_screen(office):
        sys.stdout.write(f"visited {name}\n")
    report = folder / "report"
    report.mkdir()
    office.open(file_of(report))
    page = office.page(ReportPage, "report")
    page.report.choose_file(report / "report.pdf")
    page.report.foot.make.click()
    office.until(lambda: bool(page.report.outcome), REPORT_MS)
    sys.stdout.write(f"{page.report.outcome}\n")
    office.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
