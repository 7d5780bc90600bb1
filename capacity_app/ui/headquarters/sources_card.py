"""Which folders are read, and into which repository; or a repository that is there already."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.services.recovery_key import ring_of_lines
from capacity_app.texts import Texts
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, beside
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.lines import Line, LineList
from capacity_app.ui.look.text_fields import TextField
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.report.file_place import FilePlace, PlaceWords
from capacity_app.ui.shell.new_assessment import Field, is_in_a_folder
from capacity_app.ui.shell.settings import Settings

SUFFIX = ".sqlite"
_MOST_LINES = 4


class ProtectedField(QWidget):
    """A box, and below it a line for each passphrase or recovery key; nothing of it is remembered."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        say = texts.gettext
        self.box = QCheckBox(say("Open protected files, too"))
        self.box.setObjectName("headquarters_protected")
        self.lines = TextField()
        self.lines.setObjectName("headquarters_passphrases")
        self.lines.setAccessibleName(say("Passphrases and recovery keys, one in each line"))
        self._hint = Words(
            say(
                "Write one passphrase or recovery key in each line. The repository holds what stands in the files, and "
                "is not protected itself: keep it as carefully."
            ),
            Role.CAPTION,
            is_muted=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        for widget in (self.box, self.lines, self._hint):
            column.addWidget(widget)
        self.box.toggled.connect(self._follow)
        self._follow(is_ticked=False)

    def _follow(self, is_ticked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.lines.clear()
        for widget in (self.lines, self._hint):
            widget.setVisible(is_ticked)
        if is_ticked:
            self.lines.setFocus()

    @property
    def keys(self) -> Keyring:
        return ring_of_lines(self.lines.toPlainText()) if self.box.isChecked() else NO_KEYS


class FolderList(LineList):
    """The folders that are read; Delete takes the current one off. ``removed`` carries it."""

    removed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.current_key:
            self.removed.emit(self.current_key)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        shown = min(self.lines.rowCount(), _MOST_LINES)
        high = sum(self.sizeHintForRow(row) for row in range(shown))
        return QSize(super().sizeHint().width(), high + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())


class SourcesCard(Card):
    """The form. ``wanted`` asks to read (folders, repository), ``open_wanted`` to open a repository (``Path``)."""

    wanted = Signal(object, object)
    open_wanted = Signal(object)

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(margin=LARGE)
        self._texts, self._settings = texts, settings
        self.setObjectName("headquarters_sources")
        self.folders: tuple[Path, ...] = ()
        say = texts.gettext
        self.list = FolderList("headquarters_folders", say("Folders to read"))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.removed.connect(self._remove)
        self.list.picked.connect(lambda _key: self._offer())
        self.none = Words(say("No folder chosen yet. Choose the one into which the countries’ files are put, as they "
                              "come: assessments, returned workbooks and dossiers, in subfolders too."),
                          is_muted=True)  # fmt: skip
        self.add = self._button("headquarters_add", "folder", say("Add a folder …"), self.ask_folder)
        self.remove = self._button("headquarters_remove", "remove", say("Take off the list"),
                                   lambda: self._remove(self.list.current_key))  # fmt: skip
        self.file = FilePlace("headquarters_repository", PlaceWords(
            say("Repository"),
            say("Where to keep the repository"),
            say("There is a repository of this name: only what has changed since is read."),
        ), frozenset({SUFFIX}))  # fmt: skip
        self.protected = ProtectedField(texts)
        self.read = QPushButton(say("Read the files"))
        self.read.setObjectName("headquarters_read")
        self.read.setDefault(True)
        self.read.clicked.connect(lambda _checked: self.start())
        self.open = self._button(
            "headquarters_open_repository", "open", say("Open a repository …"), self.ask_repository
        )
        self._lay_out()
        self._suggest()

    def _button(self, name: str, sign: str, label: str, act: object) -> SignButton:
        button = SignButton(sign, label)
        button.setObjectName(name)
        button.clicked.connect(lambda _checked: act())  # type: ignore[operator]  # one of our own methods
        return button

    def _lay_out(self) -> None:
        say = self._texts.gettext
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(self.list)
        column.addWidget(self.none)
        ways = Flow(SMALL)
        ways.place(self.add)
        ways.place(self.remove)
        column.addWidget(ways)
        browse = QPushButton(say("Choose …"))
        browse.setObjectName("headquarters_browse")
        browse.clicked.connect(lambda _checked: self.file.browse(SUFFIX))
        what = say("One file with all tables; other programs can read it too")
        self._fields = {
            "folders": Field(say("Folders with the countries’ files"), holder),
            "file": Field(say("Repository"), beside(self.file, browse), what),
        }
        self.body.setSpacing(LARGE)
        self.body.addWidget(self._fields["folders"])
        self.body.addWidget(self._fields["file"])
        self.body.addWidget(self.file.remark)
        self.body.addWidget(self.protected)
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        line.addWidget(self.read)
        line.addWidget(self.open)
        line.addStretch(1)
        self.body.addLayout(line)
        hint = say("Files are only read, never changed. One bad file never stops the rest; each gets its reason.")
        self.body.addWidget(Words(hint, Role.CAPTION, is_muted=True))

    def _suggest(self) -> None:
        last = next(iter(self._settings.repositories().items()), None)
        if last is not None:
            self.show_sources(Path(last[0]), tuple(map(Path, last[1])))
        else:
            self.file.suggest(self._settings.folder / f"repository{SUFFIX}")
        self._show()

    def show_sources(self, repository: Path, folders: Sequence[Path]) -> None:
        """Show a repository with the folders it was read from."""
        self.folders = tuple(folders)
        self.file.choose(repository, SUFFIX)
        self._show()

    def complaints(self) -> dict[str, str]:
        """Return what is said to be wrong, by the name of the field."""
        return {name: said for name, field in self._fields.items() if (said := field.problem.text())}

    # -- folders --------------------------------------------------------------------------------------------------

    def ask_folder(self) -> None:
        title = self._texts.gettext("Folder with the countries’ files")
        start = self.folders[-1].parent if self.folders else self._settings.folder
        chosen = QFileDialog.getExistingDirectory(self.window(), title, str(start))
        if chosen:
            self.add_folder(Path(chosen))

    def add_folder(self, folder: Path) -> None:
        """Add a folder to those that are read."""
        if folder not in self.folders:
            self.folders = (*self.folders, folder)
            self._fields["folders"].complain("")
        self._show()

    def _remove(self, key: str) -> None:
        self.folders = tuple(folder for folder in self.folders if str(folder) != key)
        self._show()

    def _show(self) -> None:
        self.list.show_lines(
            [Line(str(folder), folder.name or str(folder), str(folder), "▸") for folder in self.folders]
        )
        self.list.setVisible(bool(self.folders))
        self.list.updateGeometry()
        self.none.setVisible(not self.folders)
        self._offer()

    def _offer(self) -> None:
        self.remove.setVisible(bool(self.folders))
        self.remove.setEnabled(bool(self.list.current_key))

    # -- repository -----------------------------------------------------------------------------------------------

    def ask_repository(self) -> None:
        """Ask for a repository that is there already."""
        say = self._texts.gettext
        named = say("Repositories")
        pattern = f"{named} (*{SUFFIX})"
        start = self.file.path.parent if self.file.text().strip() else self._settings.folder
        chosen, _ = QFileDialog.getOpenFileName(self.window(), say("Open a repository"), str(start), pattern)
        if chosen:
            self.open_wanted.emit(Path(chosen))

    def start(self) -> None:
        """Ask to read, or say what is missing."""
        say = self._texts.gettext
        self._fields["folders"].complain("" if self.folders else say("Add the folder with the countries’ files."))
        is_named = bool(self.file.text().strip()) and is_in_a_folder(self.file.path)
        self._fields["file"].complain(
            "" if is_named else say("Say where to keep the repository, in a folder that is there.")
        )
        if self.folders and is_named:
            self.file.choose(self.file.path, SUFFIX)
            self.wanted.emit(self.folders, self.file.path)
        else:
            (self.add if not self.folders else self.file).setFocus(Qt.FocusReason.OtherFocusReason)
