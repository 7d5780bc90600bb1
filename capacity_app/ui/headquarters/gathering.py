"""The work of headquarters in child processes: files brought together, and what is made of them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.participation import Choice
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Job


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
