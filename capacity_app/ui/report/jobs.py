"""Heavy work as our own command line in a child process: a crash or a cancel there cannot take the window along."""

import json
import logging
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

_LOG = logging.getLogger(__name__)
_STOP_MS = 3000


def command(arguments: Sequence[str], *, is_frozen: bool) -> tuple[str, list[str]]:
    """Give the program and arguments that start our command line, from a frozen build or an interpreter."""
    start = [] if is_frozen else ["-m", "capacity_app"]
    return sys.executable, [*start, *arguments]


def is_frozen() -> bool:
    """Whether this program was packed into an executable of its own (PyInstaller sets one mark, Nuitka the other)."""
    return bool(getattr(sys, "frozen", False)) or "__compiled__" in globals()


def _message(line: bytes) -> dict[str, object]:
    """Read one line of progress; anything that is not ours is no message."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


class Job(QObject):
    """One run of the command line. Exactly one of ``done`` (file), ``failed`` (sentence), ``cancelled`` ends it.

    ``language`` (BCP 47) is the one its sentences are in. An empty sentence in ``failed`` means that the
    child died without a word.
    """

    progressed = Signal(str, float)
    done = Signal(str)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, language: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = ""
        self._sentence = ""
        self._is_cancelled = False
        self._share = 0.0
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment(language))
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def is_running(self) -> bool:
        """Whether the child is at work."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, arguments: Sequence[str]) -> None:
        """Start the command line with these arguments."""
        self._file = self._sentence = ""
        self._is_cancelled = False
        self._share = 0.0
        program, full = command(arguments, is_frozen=is_frozen())
        self._process.start(program, full)

    def cancel(self) -> None:
        """Stop the child at once; what it was writing never appears under its final name."""
        if self.is_running:
            self._is_cancelled = True
            self._process.kill()

    def stop(self) -> None:
        """Stop the child and wait until it has gone; for closing the window."""
        self.cancel()
        self._process.waitForFinished(_STOP_MS)

    def _read(self) -> None:
        while self._process.canReadLine():
            self._take(_message(bytes(self._process.readLine().data())))

    def _take(self, message: dict[str, object]) -> None:
        if "share" in message:
            share = message["share"]
            # A step may be announced late; a bar never goes backwards.
            self._share = max(self._share, float(share) if isinstance(share, int | float) else 0.0)
            self.progressed.emit(str(message.get("step", "")), self._share)
        if message.get("done"):
            self._file = str(message.get("file", ""))
        if "error" in message:
            self._sentence = str(message["error"])

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        words = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if words:
            _LOG.info("The child process said: %s", words)
        if self._is_cancelled:
            self.cancelled.emit()
        elif code == 0 and status is QProcess.ExitStatus.NormalExit and self._file:
            self.done.emit(self._file)
        else:
            self.failed.emit(self._sentence or words.rpartition("\n")[2] if code in {1, 2} else self._sentence)

    def _fail(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by "finished"; a child that never started is not.
        if error is QProcess.ProcessError.FailedToStart:
            QTimer.singleShot(0, self, lambda: self.failed.emit(self._sentence))


def _environment(language: str) -> QProcessEnvironment:
    """Have the child speak the window's language, and write what it says at once."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONIOENCODING", "utf-8")
    environment.insert("PYTHONUNBUFFERED", "1")
    if language:
        environment.insert("LANGUAGE", language.replace("-", "_"))
    return environment
