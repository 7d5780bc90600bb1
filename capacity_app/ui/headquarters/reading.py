"""Reads a repository beside the window, in one thread of its own: thousands of files take a second or more."""

from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from capacity_app.domain.participation import Choice
from capacity_app.domain.problems import KnownError
from capacity_app.texts import Texts

_FOR_EVER = -1


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
