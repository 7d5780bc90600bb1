"""Asking for files with the desktop's own dialogs."""

from collections.abc import Collection
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.shell.settings import SUFFIX


def ask_assessment(parent: QWidget, texts: Texts, folder: Path) -> Path | None:
    """Ask which assessment to open; None if the person changed their mind."""
    title, pattern = texts.gettext("Open an assessment"), f"{texts.gettext('Assessments')} (*{SUFFIX})"
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), pattern)
    return Path(chosen) if chosen else None


def ask_place(parent: QWidget, texts: Texts, title: str, suggestion: Path, *, may_exist: bool = False) -> Path | None:
    """Ask where to put an assessment; ``may_exist`` spares the question whether to replace what is there."""
    options = QFileDialog.Option.DontConfirmOverwrite if may_exist else QFileDialog.Option(0)
    pattern = f"{texts.gettext('Assessments')} (*{SUFFIX})"
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), pattern, options=options)
    return with_ending(Path(chosen), SUFFIX) if chosen else None


def with_ending(file: Path, ending: str, instead_of: Collection[str] = ()) -> Path:
    """Add to a file the ending it lacks, in place of another of ours; dots in a name of its own stay ("geo.v2")."""
    if file.suffix == ending:
        return file
    return file.with_suffix(ending) if file.suffix in instead_of else file.with_name(file.name + ending)
