"""Heavy work as our own command line in a child process: a crash or a cancel there cannot take the window along."""

import base64
import json
import logging
from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.services.key_passing import OPTION, line_of
from capacity_app.services.limits import CHECK_TIME_LIMIT, TIME_LIMIT
from capacity_app.services.own_command import own_command

_LOG = logging.getLogger(__name__)
_STOP_MS = 3000
_GRACE = 30
"""Seconds a child has to end itself with a sentence, once its time is up."""
_LONGEST_ANSWER = 16_000_000
_LONGEST_LINE = 300_000_000
"""Bytes: the largest report as base64, and far more than any other message."""


def _message(line: bytes) -> dict[str, object]:
    """Read one line of progress; anything that is not ours is no message."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _bytes_in(message: dict[str, object]) -> bytes:
    """Take the bytes that a message carries; none if they are garbled."""
    with suppress(ValueError):
        return base64.b64decode(str(message.get("content", "")))
    return b""


class _Run(QObject):
    """One run of the command line at a time; exactly one signal ends it.

    ``language`` (BCP 47) is the one its sentences are in. A child that has said nothing for ``patience``
    seconds is ended: it hangs where its own limits do not reach. An empty sentence in ``failed`` means that the child
    died, or was ended, without a word; ``was_silent`` tells which.
    """

    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, language: str, parent: QObject | None, patience: float) -> None:
        super().__init__(parent)
        self.was_silent = False
        self._is_cancelled = False
        self._sentence = ""
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(round(patience * 1000))
        self._silence.timeout.connect(self._lose_patience)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment(language))
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def is_running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, arguments: Sequence[str], keys: Keyring = NO_KEYS, typed: str = "") -> None:
        """Start the command line with these arguments.

        ``keys`` open protected assessments; they and a line ``typed`` go over a pipe, where no other program reads.
        """
        self._sentence = ""
        self.was_silent = self._is_cancelled = False
        self._forget()
        program, *full = own_command((*([OPTION] if keys else []), *arguments))
        self._silence.start()
        self._process.start(program, full)
        if keys or typed:
            self._process.write((line_of(keys) if keys else b"") + (f"{typed}\n".encode() if typed else b""))
        self._process.closeWriteChannel()

    def cancel(self) -> None:
        """Stop the child at once; what it was writing never appears under its final name."""
        if self.is_running:
            self._is_cancelled = True
            self._process.kill()

    def stop(self) -> None:
        """Stop the child and wait until it has gone; for closing the window."""
        self.cancel()
        self._process.waitForFinished(_STOP_MS)

    def _lose_patience(self) -> None:
        if self.is_running:
            self.was_silent = True
            self._process.kill()

    def _hear(self) -> None:
        if not self.was_silent:
            self._silence.start()
        self._read()

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._silence.stop()
        words = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if words:
            # Not its words: they may quote an answer.
            _LOG.info("The child process complained, and ended with %d", code)
        if self._is_cancelled:
            self.cancelled.emit()
        elif self.was_silent or status is not QProcess.ExitStatus.NormalExit:
            self.failed.emit("" if self.was_silent else self._sentence)
        elif not self._succeed(code):
            self.failed.emit(self._sentence or words.rpartition("\n")[2] if code in {1, 2} else self._sentence)

    def _fail(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by "finished"; a child that never started is not.
        if error is QProcess.ProcessError.FailedToStart:
            self._silence.stop()
            QTimer.singleShot(0, self, lambda: self.failed.emit(self._sentence))

    def _forget(self) -> None:
        raise NotImplementedError

    def _read(self) -> None:
        raise NotImplementedError

    def _succeed(self, code: int) -> bool:
        """Tell the outcome of a child that ended by itself with this exit code; False if there is none."""
        raise NotImplementedError


class Job(_Run):
    """Something made by the command line. Ends with one of ``done`` (file), ``failed`` (sentence), ``cancelled``.

    ``content_hash`` is what the file carries, ``content`` what a file that was never written holds, as soon
    as it is done. ``outcomes`` are the exit codes that
    do not say that it failed.
    """

    progressed = Signal(str, float)
    done = Signal(str)

    def __init__(
        self,
        language: str = "",
        parent: QObject | None = None,
        *,
        patience: float = TIME_LIMIT + _GRACE,
        outcomes: frozenset[int] = frozenset({0}),
    ) -> None:
        super().__init__(language, parent, patience)
        self._outcomes = outcomes
        self._forget()

    def _forget(self) -> None:
        self._file = self.content_hash = ""
        self.content = b""
        self._share = 0.0

    def _read(self) -> None:
        while self._process.canReadLine():
            self._take(_message(bytes(self._process.readLine().data())))
        if self._process.bytesAvailable() > _LONGEST_LINE:
            self._process.kill()  # it would talk until our memory is full

    def _take(self, message: dict[str, object]) -> None:
        if "share" in message:
            share = message["share"]
            # A step may be announced late; a bar never goes backwards.
            self._share = max(self._share, float(share) if isinstance(share, int | float) else 0.0)
            self.progressed.emit(str(message.get("step", "")), self._share)
        if message.get("done"):
            self._file = str(message.get("file", ""))
            self.content_hash = str(message.get("content_hash", ""))
            self.content = _bytes_in(message)
        if "error" in message:
            self._sentence = str(message["error"])

    def _succeed(self, code: int) -> bool:
        if code in self._outcomes and self._file:
            self.done.emit(self._file)
            return True
        return False


class Inquiry(_Run):
    """Something asked of the command line, whose answer is one JSON object; problems found are an answer too.

    Ends with one of ``answered`` (the object), ``failed`` (sentence), ``cancelled``.
    """

    answered = Signal(object)

    def __init__(
        self, language: str = "", parent: QObject | None = None, *, patience: float = CHECK_TIME_LIMIT + _GRACE
    ) -> None:
        super().__init__(language, parent, patience)
        self._forget()

    def _forget(self) -> None:
        self._said = b""

    def _read(self) -> None:
        self._said = (self._said + bytes(self._process.readAllStandardOutput().data()))[:_LONGEST_ANSWER]

    def _succeed(self, code: int) -> bool:
        answer = _message(self._said)
        if code in {0, 1} and answer:
            self.answered.emit(answer)
            return True
        return False


def _environment(language: str) -> QProcessEnvironment:
    """Have the child speak the window's language, and write what it says at once."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONIOENCODING", "utf-8")
    environment.insert("PYTHONUNBUFFERED", "1")
    if language:
        environment.insert("LANGUAGE", language.replace("-", "_"))
    return environment
