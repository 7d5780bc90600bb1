"""What the tests of the window share: our look, a questionnaire on a real file, and no window left behind."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.qt_locale import set_qt_language
from capacity_app.ui.theme.fonts_and_sizes import apply_theme, set_zoom
from tests.builders import DEVICE, file_of, small_dossier
from tests.ui.desktop import Desktop
from tests.ui.driving import Desk
from tests.ui.office import Office


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The off-screen plugin complains about windows with a least size and about pop-ups; that is no fault of ours."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def _our_look(qapp: QApplication) -> Iterator[None]:
    """Test what is shown, and leave no window open for the next test."""
    apply_theme(qapp, "light")
    set_zoom(qapp, 100)
    set_qt_language(Translator(), qapp)  # an earlier test may have opened a window in another language
    yield
    # What Python has read from the clipboard of this platform would be deleted after Python has ended, which crashes.
    qapp.clipboard().clear()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget.objectName() or type(widget).__name__ for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert left == [], "windows left open"


@pytest.fixture
def desk_on(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Open the questionnaire on a file made of a dossier (the small one if none is given)."""
    desks: list[Desk] = []

    def open_desk(dossier: Dossier | None = None, texts: Translator | None = None) -> Desk:
        desk = Desk(file_of(tmp_path, dossier), DEVICE, texts or Translator(), qtbot)
        desks.append(desk)
        if dossier is not None and dossier.previous is not None:
            # Earlier answers are offered just before the panel is made.
            qtbot.waitUntil(lambda: desk.page._inspector is not None)
        return desk

    yield open_desk
    for desk in desks:
        desk.leave()


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    """Open a window without an assessment."""
    settings = Settings(tmp_path / "settings.ini")
    settings.folder = settings.assessments_folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


@pytest.fixture
def at_work(tmp_path: Path, office: Office) -> Callable[[Dossier | None], Office]:
    """Open a window on a file made of a dossier (the small one if none is given)."""

    def open_on(dossier: Dossier | None = None) -> Office:
        office.open(file_of(tmp_path, dossier))
        return office

    return open_on


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Take what would be opened with other programs."""
    made = Desktop()
    for scheme in ("file", "https"):
        QDesktopServices.setUrlHandler(scheme, made, "show")  # type: ignore[arg-type]  # the stubs want bytes
    yield made
    for scheme in ("file", "https"):
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def blank() -> Dossier:
    """Return an assessment nobody has answered anything in."""
    return replace(small_dossier(), answers=(), actions=(), ratings=(), previous=None)
