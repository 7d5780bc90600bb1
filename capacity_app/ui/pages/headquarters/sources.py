"""Which folders are read into which repository, and the jobs that aggregate them and read the result."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.headquarters.selection import SynthesisOptions
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.protection import keyring_from_lines
from capacity_app.ui.session.file_dialogs import SavePathField, ask_file, ask_folder, file_pattern
from capacity_app.ui.session.jobs import CommandJob
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, LabelledField
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import holder_of, lay_out, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.text_fields import TextField

# The work of headquarters beside the window: a repository read in a thread, files gathered in child processes.


_FOR_EVER = -1


class AggregationJob(CommandJob):
    """One run at a time. Ends with ``gathered`` (repository), ``made`` (file), ``failed`` or ``cancelled``.

    ``is_reading`` tells whether files are or were being read. What was read before it was cancelled is kept.
    """

    gathered = Signal(str)
    made = Signal(str)

    def __init__(self, texts: Translator, parent: QObject | None = None) -> None:
        # Refused files are an outcome like others: the command ends with 1, and the repository is whole.
        unknown = texts.gettext("The reading stopped. The files read so far are kept. Try again.")
        super().__init__(texts.tag, parent, unknown=unknown, outcomes=frozenset({0, 1}))
        self._texts = texts
        self.is_reading = False
        self.done.connect(self._tell_done)

    def _tell_done(self, file: str) -> None:
        (self.gathered if self.is_reading else self.made).emit(file)

    def gather(self, folders: Sequence[Path], repository: Path, keys: Keyring = NO_KEYS, preferred: str = "") -> None:
        """Read what is new below the folders into a repository; a run that was stopped goes on.

        ``keys`` open protected files; ``preferred`` is the path of a file that counts where files conflict.
        """
        chosen = ["--prefer", preferred] if preferred else []
        command = ["aggregate", *map(str, folders), "--out", str(repository), *chosen, "--progress"]
        self._start(command, keys, is_reading=True)

    def make(self, repository: Path, out: Path, choice: SynthesisOptions) -> None:
        chosen = ["--minimum", str(choice.minimum), "--basis", choice.basis.value]
        language = ["--language", self._texts.language]
        self._start(
            ["synthesis", str(repository), str(out), *chosen, *language, "--progress"], NO_KEYS, is_reading=False
        )

    def _start(self, arguments: Sequence[str], keys: Keyring, *, is_reading: bool) -> None:
        if self.is_running:
            return
        self.is_reading = is_reading
        self.progressed.emit(self._texts.gettext("Preparing…"), 0.0)
        self.start(arguments, keys)


def locate_file(path: str, folders: Sequence[Path]) -> Path | None:
    """Find a file of the board; of several folders its path begins with the folder’s name, as in ``aggregate``."""
    for folder, rest in _candidates(path, folders):
        found = folder / rest
        if _is_inside(found, folder) and _is_file(found):
            return found
    return None


def _candidates(path: str, folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    if len(folders) == 1:
        yield folders[0], path
        return
    first, _, rest = path.partition("/")
    seen: Counter[str] = Counter()
    for folder in folders:
        seen[folder.name] += 1
        number = seen[folder.name]
        if first == (folder.name if number == 1 else f"{folder.name} ({number})"):
            yield folder, rest


def _is_inside(file: Path, folder: Path) -> bool:
    """Return whether a path that somebody else wrote stays within the folder."""
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


class RepositoryReader(QObject):
    """Reads one repository after the other; only the last one asked for is told.

    ``read`` carries its file (``Path``) and ``Synthesis``, ``failed`` a sentence, ``problems_read`` the hash of a file
    and what could not be read in it.
    """

    read = Signal(object, object)
    failed = Signal(str)
    problems_read = Signal(str, object)

    def __init__(self, texts: Translator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(_FOR_EVER)
        self._turn = 0

    def start(self, file: Path, choice: SynthesisOptions) -> None:
        self._turn += 1
        turn = self._turn
        self._pool.start(lambda: self._read(file, choice, turn))

    def want_problems(self, file: Path, file_hash: str) -> None:
        self._pool.start(lambda: self._read_problems(file, file_hash, self._turn))

    def stop(self) -> None:
        """Read nothing more, and wait for what is being read."""
        self._turn += 1
        self._pool.clear()
        self._pool.waitForDone()

    def _read(self, file: Path, choice: SynthesisOptions, turn: int) -> None:
        from capacity_app.services.headquarters.synthesis import read_synthesis  # noqa: PLC0415 - the window starts without it

        if turn != self._turn:
            return
        try:
            made = read_synthesis(file, choice)
        except KnownError as error:
            if turn == self._turn:
                self.failed.emit(error.text(self._texts.gettext))
            return
        if turn == self._turn:
            self.read.emit(file, made)

    def _read_problems(self, file: Path, file_hash: str, turn: int) -> None:
        from capacity_app.services.headquarters.synthesis import read_problems  # noqa: PLC0415 - as above

        try:
            found = read_problems(file, file_hash)
        except KnownError:
            return  # the board stands; the repository was moved away meanwhile
        if turn == self._turn:
            self.problems_read.emit(file_hash, found)


REPOSITORY_SUFFIX = ".sqlite"
_MOST_LINES = 4


class ProtectedFilesField(QWidget):
    """A box, and below it a line for each passphrase or recovery key; nothing of it is remembered."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        say = texts.gettext
        self.box = with_name(QCheckBox(say("Open protected files too")), "headquarters_protected")
        self.lines = TextField()
        with_name(self.lines, "headquarters_passphrases", say("Passphrases and recovery keys, one in each line"))
        self._hint = Label(
            say(
                "Enter one passphrase or recovery key in each line. The repository holds the content of the files "
                "and is not protected. Keep it in a safe place."
            ),
            TextRole.CAPTION,
            is_muted=True,
        )
        lay_out(QVBoxLayout(self), self.box, self.lines, self._hint, margins=0, spacing=SMALL)
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
        return keyring_from_lines(self.lines.toPlainText()) if self.box.isChecked() else NO_KEYS


class SourceFoldersList(LineList):
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

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__(margin=LARGE, name="headquarters_sources")
        self._texts, self._settings = texts, settings
        self.folders: tuple[Path, ...] = ()
        say = texts.gettext
        self.list = SourceFoldersList("headquarters_folders", say("Folders to read"))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.removed.connect(self._remove)
        self.list.picked.connect(lambda _key: self._offer())
        self.none = Label(say("No folder yet. Add the folder with the countries’ files: assessments, workbooks, "
                              "dossiers. Subfolders are read too."),
                          is_muted=True)  # fmt: skip
        self.add = with_action(Button(say("Add folder…"), "folder"), "headquarters_add", self.ask_folder)
        remove = Button(say("Remove from list"), "remove")
        self.remove = with_action(remove, "headquarters_remove", lambda: self._remove(self.list.current_key))
        self.file = SavePathField(
            self._texts,
            "headquarters_repository",
            say("Repository"),
            say("Choose the place of the repository"),
            say("A repository of this name exists. Only new and changed files are read."),
            frozenset({REPOSITORY_SUFFIX}),
        )
        self.protected = ProtectedFilesField(texts)
        self.read = with_action(Button(say("Read files"), is_main=True), "headquarters_read", self.start)
        opener = Button(say("Open repository…"), "open")
        self.open = with_action(opener, "headquarters_open_repository", self.ask_repository)
        self._lay_out()
        self._suggest()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        ways = Flow(SMALL, self.add, self.remove)
        holder = holder_of(QVBoxLayout(), self.list, self.none, ways, spacing=SMALL)
        what = say("One file with all tables. Other programs can read it too.")
        self._fields = {
            "folders": LabelledField(say("Folders with the countries’ files"), holder),
            "file": self.file.with_label(say("Repository"), what),
        }
        lay_out(
            self.body, self._fields["folders"], self._fields["file"], self.file.remark, self.protected, spacing=LARGE
        )
        self.body.addLayout(lay_out(QHBoxLayout(), self.read, self.open, 1, spacing=MEDIUM))
        hint = say("The program reads the files and never changes them. One bad file does not stop the others.")
        self.body.addWidget(Label(hint, TextRole.CAPTION, is_muted=True))

    def _suggest(self) -> None:
        last = next(iter(self._settings.repositories().items()), None)
        if last is not None:
            self.show_sources(Path(last[0]), tuple(map(Path, last[1])))
        else:
            self.file.suggest(self._settings.folder / f"repository{REPOSITORY_SUFFIX}")
        self._show()

    def show_sources(self, repository: Path, folders: Sequence[Path]) -> None:
        """Show a repository with the folders it was read from."""
        self.folders = tuple(folders)
        self.file.choose(repository, REPOSITORY_SUFFIX)
        self._show()

    def ask_folder(self) -> None:
        title = self._texts.gettext("Folder with the countries’ files")
        start = self.folders[-1].parent if self.folders else self._settings.folder
        if (folder := ask_folder(self.window(), title, start)) is not None:
            self.add_folder(folder)

    def add_folder(self, folder: Path) -> None:
        if folder not in self.folders:
            self.folders = (*self.folders, folder)
            self._fields["folders"].complain("")
        self._show()

    def _remove(self, key: str) -> None:
        self.folders = tuple(folder for folder in self.folders if str(folder) != key)
        self._show()

    def _show(self) -> None:
        self.list.show_lines(
            [ListLine(str(folder), folder.name or str(folder), str(folder), "▸") for folder in self.folders]
        )
        self.list.setVisible(bool(self.folders))
        self.list.updateGeometry()
        self.none.setVisible(not self.folders)
        self._offer()

    def _offer(self) -> None:
        self.remove.setVisible(bool(self.folders))
        self.remove.setEnabled(bool(self.list.current_key))

    def ask_repository(self) -> None:
        say = self._texts.gettext
        pattern = file_pattern(say("Repositories"), (REPOSITORY_SUFFIX,))
        start = self.file.path.parent if self.file.text().strip() else self._settings.folder
        if (file := ask_file(self.window(), say("Open repository"), start, pattern)) is not None:
            self.open_wanted.emit(file)

    def start(self) -> None:
        """Ask to read, or say what is missing."""
        say = self._texts.gettext
        self._fields["folders"].complain("" if self.folders else say("Add the folder with the countries’ files."))
        is_named = self.file.is_writable(say)
        if self.folders and is_named:
            self.file.choose(self.file.path, REPOSITORY_SUFFIX)
            self.wanted.emit(self.folders, self.file.path)
        elif not self.folders:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
