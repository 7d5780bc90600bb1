"""What a person may choose about the window as a whole, and the two boxes that tell about it."""

from PySide6.QtWidgets import QApplication, QWidget

from capacity_app import paths
from capacity_app.texts import Texts
from capacity_app.ui.look.theme import ZOOMS, apply_theme, set_zoom
from capacity_app.ui.shell.settings import Settings


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication), "there is no window without an application"
    return app


def zoom(settings: Settings, steps: int) -> None:
    """Show text some sizes larger or smaller; no step is the normal size."""
    place = ZOOMS.index(settings.zoom) + steps if steps else 0
    settings.zoom = ZOOMS[min(max(place, 0), len(ZOOMS) - 1)]
    set_zoom(_application(), settings.zoom)


def choose_scheme(settings: Settings, scheme: str) -> None:
    """Use other colours from now on."""
    settings.scheme = scheme
    apply_theme(_application(), scheme)


def show_guide(texts: Texts, window: QWidget, chapter: str = "") -> None:
    """Open the guide at a chapter ("keyboard" is the overview of all keys), at its beginning without one."""
    from capacity_app.ui.shell.guide import Guide  # noqa: PLC0415 - rarely wanted

    guide = window.findChild(Guide) or Guide(texts, window)
    guide.show_chapter(chapter)


def show_about(texts: Texts, window: QWidget) -> None:
    """Open the few lines about the program."""
    from capacity_app.ui.shell.about import AboutBox  # noqa: PLC0415 - rarely wanted

    AboutBox(texts, str(paths.log_file()), window).open()
