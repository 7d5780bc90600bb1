"""The work of headquarters beside the window: a repository read in a thread, files gathered in child processes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.participation import Choice
from capacity_app.domain.problems import KnownError
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Job

_FOR_EVER = -1


class Gathering(QObject):
    """One run at a time. Ends with ``gathered`` (repository), ``made`` (file), ``failed`` or ``cancelled``.

    ``failed`` carries a sentence, ``cancelled`` whether files were being read.
    """

    progressed = Signal(str, float)
    gathered = Signal(str)
    made = Signal(str)
    failed = Signal(str)
    cancelled = Signal(bool)
    running_changed = Signal()

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.is_reading = False
        # Refused files are an outcome like others: the command ends with 1, and the repository is whole.
        self.job = Job(texts.tag, self, outcomes=frozenset({0, 1}))
        self.job.progressed.connect(self.progressed)
        self.job.done.connect(self._finish)
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(lambda: self.cancelled.emit(self.is_reading))
        for end in (self.gathered, self.made, self.failed, self.cancelled):
            end.connect(lambda *_: self.running_changed.emit())

    @property
    def is_running(self) -> bool:
        return self.job.is_running

    def gather(self, folders: Sequence[Path], repository: Path, keys: Keyring = NO_KEYS, preferred: str = "") -> None:
        """Read what is new below the folders into a repository; a run that was stopped goes on.

        ``keys`` open protected files; ``preferred`` is the path of a file that counts where files conflict.
        """
        chosen = ["--prefer", preferred] if preferred else []
        command = ["aggregate", *map(str, folders), "--out", str(repository), *chosen, "--progress"]
        self._start(command, keys, is_reading=True)

    def make(self, repository: Path, out: Path, choice: Choice) -> None:
        """Make a synthesis, by the ending of ``out``."""
        chosen = ["--minimum", str(choice.minimum), "--basis", choice.basis.value]
        language = ["--language", self._texts.language]
        self._start(
            ["synthesis", str(repository), str(out), *chosen, *language, "--progress"], NO_KEYS, is_reading=False
        )

    def _start(self, arguments: Sequence[str], keys: Keyring, *, is_reading: bool) -> None:
        if self.is_running:
            return
        self.is_reading = is_reading
        self.progressed.emit(self._texts.gettext("Starting …"), 0.0)
        self.job.start(arguments, keys)
        self.running_changed.emit()

    def _finish(self, file: str) -> None:
        (self.gathered if self.is_reading else self.made).emit(file)

    def _fail(self, sentence: str) -> None:
        unknown = self._texts.gettext("The program that does this stopped. Try once more; what was read is kept.")
        self.failed.emit(sentence or unknown)

    def cancel(self) -> None:
        """Stop; what was read so far is kept, and what was there before stays as it was."""
        self.job.cancel()

    def stop(self) -> None:
        """Stop and wait until the child has gone; for leaving the page."""
        self.job.stop()


def locate(path: str, folders: Sequence[Path]) -> Path | None:
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

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(_FOR_EVER)
        self._turn = 0

    def start(self, file: Path, choice: Choice) -> None:
        """Read a repository; an earlier wish is forgotten."""
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

    # -- beside the window ----------------------------------------------------------------------------------------

    def _read(self, file: Path, choice: Choice, turn: int) -> None:
        from capacity_app.services.synthesis import read_synthesis  # noqa: PLC0415 - the window starts without it

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
        from capacity_app.services.synthesis import read_problems  # noqa: PLC0415 - as above

        try:
            found = read_problems(file, file_hash)
        except KnownError:
            return  # the board stands; the repository was moved away meanwhile
        if turn == self._turn:
            self.problems_read.emit(file_hash, found)
