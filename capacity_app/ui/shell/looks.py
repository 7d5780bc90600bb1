"""What a person may choose about the window as a whole, and the two boxes that tell about it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QVBoxLayout, QWidget

from capacity_app import __version__, paths
from capacity_app.domain.content_hash import grouped, printed
from capacity_app.services.certificate import own_certificate
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words, row
from capacity_app.ui.look.theme import MEDIUM, WIDE, ZOOMS, Role, apply_theme, set_zoom
from capacity_app.ui.shell.settings import Settings


class AboutBox(QDialog):
    """A few lines about the program."""

    def __init__(self, texts: Texts, log: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.gettext("About this program"))
        self.setMinimumWidth(480)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(MEDIUM)
        column.addWidget(Words(texts.gettext("Capacity assessments"), Role.TITLE))
        column.addWidget(Words(texts.gettext("Version {version}").format(version=__version__), is_muted=True))
        column.addWidget(Words(texts.gettext(
            "It works without a network. Every assessment is one file that you can copy and mail; nothing leaves this "
            "computer unless you send it."
        )))  # fmt: skip
        for line in _certificate_lines(texts):
            column.addWidget(line)
        line = Words(texts.gettext("Log for reports of mistakes: {file}").format(file=log), Role.CAPTION, is_muted=True)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(line)
        close = QPushButton(texts.gettext("Close"))
        close.setObjectName("about_close")
        close.setDefault(True)
        close.clicked.connect(lambda _checked: self.accept())
        column.addLayout(row(close))


def _certificate_lines(texts: Texts) -> Iterator[Words]:
    """Say which certificate PDF files made here are signed with: the digits to compare, then all of them."""
    known = own_certificate()
    said = texts.gettext("This computer signs PDF files with the certificate {certificate}.")
    none = texts.gettext("This computer has no certificate yet. The program makes one with the first report as PDF.")
    first = Words(said.format(certificate=printed(known)) if known else none)
    first.setObjectName("about_certificate")
    every = Words(texts.gettext("All digits: {digits}").format(digits=grouped(known)), Role.CAPTION, is_muted=True)
    for line in (first, every) if known else (first,):
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        yield line


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
    AboutBox(texts, str(paths.log_file()), window).open()
