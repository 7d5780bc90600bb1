"""What every tab about a questionnaire has."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.ui.session.file_dialogs import ask_file, ask_place
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE
from capacity_app.ui.widgets.banners import BannerTone, OutcomeBanner, actions_to_open
from capacity_app.ui.widgets.layouts import lay_out

_SUFFIX = ".xlsx"


class QuestionnaireTab(QWidget):
    """Shows the chosen questionnaire, None if there is none, and at its top how the last piece of work ended.

    ``changed`` tells that the questionnaires of this computer are others now, with the id of the one to show.
    """

    changed = Signal(str)

    def __init__(self, texts: Translator, settings: Settings, name: str) -> None:
        super().__init__()
        self.texts, self.settings = texts, settings
        self.entry: LibraryEntry | None = None
        self.body = lay_out(QVBoxLayout(self), margins=0, spacing=LARGE)
        self._outcome = OutcomeBanner(texts, f"{name}_outcome", self._place_outcome)

    def _place_outcome(self, banner: QWidget) -> None:
        self.body.insertWidget(0, banner)

    @property
    def outcome(self) -> str:
        """What the last piece of work ended with, empty while none has."""
        return self._outcome.sentence

    def _tell_failure(self, sentence: str) -> None:
        """Say why nothing came of it; the sentence is empty where the child died without a word."""
        unknown = self.texts.gettext("The program stopped. Nothing was changed. Try again.")
        self._outcome.tell(BannerTone.DANGER, sentence or unknown)

    def show_entry(self, entry: LibraryEntry | None) -> None:
        self.entry = entry

    def stop(self) -> None:
        """Stop what runs, as the page is left."""


class WorkbookTab(QuestionnaireTab):
    """A tab that makes workbooks and reads them; a workbook may also be dropped on it."""

    def __init__(self, texts: Translator, settings: Settings, name: str) -> None:
        super().__init__(texts, settings, name)
        self.setAcceptDrops(True)

    def read_file(self, file: Path) -> None:
        """Read a workbook and show what it holds; nothing is changed."""
        raise NotImplementedError

    def _ask_place(self, title: str, name: str) -> Path | None:
        """Ask where to save a workbook for which a name is suggested; None if the person changed their mind."""
        return ask_place(self.window(), title, self.settings.folder / f"{name}{_SUFFIX}", _SUFFIX)

    def _ask_file(self, title: str) -> Path | None:
        """Ask which workbook to read; None if the person changed their mind."""
        return ask_file(self.window(), title, self.settings.folder, f"*{_SUFFIX}")

    def _tell_ready(self, sentence: str, file: str) -> None:
        """Say that a workbook is ready, and offer the ways to it."""
        self._outcome.tell(BannerTone.GOOD, sentence.format(file=file), actions_to_open(Path(file), self.texts))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = _dropped(event)
        if file is not None:
            event.acceptProposedAction()
            self.read_file(file)


def _dropped(event: QDropEvent) -> Path | None:
    """Return the workbook somebody drops, None if it is something else."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((file for file in files if file.suffix.casefold() == _SUFFIX), None)
