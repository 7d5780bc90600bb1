"""Where something is written to: a name is suggested until somebody gives one, and its suffix follows the format."""

import os
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import Role
from capacity_app.ui.shell.file_dialogs import with_ending


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What is said of a file: the field's name, the title of the dialog, and that an old file will be replaced."""

    label: str
    title: str
    replaces: str


class FilePlace(LineField):
    """A field for a file. ``remark`` tells that there is one of this name; ``endings`` are those that give way."""

    def __init__(self, name: str, words: PlaceWords, endings: AbstractSet[str]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words.label)
        self._words, self._endings = words, frozenset(endings)
        self._is_own = False
        self.remark = Words(words.replaces, role=Role.CAPTION, is_muted=True)
        self.remark.hide()
        self.textEdited.connect(self._keep_own)
        self.textChanged.connect(self._warn_of_replacing)

    @property
    def path(self) -> Path:
        return Path(self.text().strip())

    def _keep_own(self, text: str) -> None:
        self._is_own = bool(text.strip())

    def _warn_of_replacing(self, text: str) -> None:
        self.remark.setVisible(os.path.isfile(text.strip()))  # noqa: PTH113 - a Path raises where a name is too long

    def suggest(self, file: Path) -> None:
        """Suggest a file; one that somebody has named only takes its suffix."""
        if self._is_own:
            self.choose(Path(self.text()), file.suffix)
        else:
            self.setText(str(file))

    def choose(self, file: Path, suffix: str) -> None:
        """Take a file, with the suffix of the format (".pdf")."""
        self._is_own = True
        self.setText(str(with_ending(file, suffix, self._endings)))

    def browse(self, suffix: str) -> None:
        """Let the person find a place for a file of this format (".pdf")."""
        chosen, _ = QFileDialog.getSaveFileName(self.window(), self._words.title, self.text(), f"*{suffix}")
        if chosen:
            self.choose(Path(chosen), suffix)
