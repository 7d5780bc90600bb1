"""What the desktop opens with its own programs: files, and the folders they lie in."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Choice


def open_outside(path: Path) -> bool:
    """Open a file or folder with the desktop's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def ways_to(file: Path, texts: Texts, label: str = N_("Open the file")) -> tuple[Choice, Choice]:
    """Offer to open a file that was made, under this label, and to show its folder."""
    return (
        (texts.gettext(label), lambda: open_outside(file)),
        (texts.gettext("Show the folder"), lambda: open_outside(file.parent)),
    )
