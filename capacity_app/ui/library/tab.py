"""What every tab about a questionnaire has."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.look.theme import LARGE
from capacity_app.ui.shell.settings import Settings


class LibraryTab(QWidget):
    """Shows the chosen questionnaire, None if there is none.

    ``changed`` tells that the questionnaires of this computer are others now, with the id of the one to show.
    """

    changed = Signal(str)

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__()
        self.texts, self.settings = texts, settings
        self.entry: Entry | None = None
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(LARGE)

    def show_entry(self, entry: Entry | None) -> None:
        """Show a questionnaire."""
        self.entry = entry

    def stop(self) -> None:
        """Stop what runs, as the page is left."""
