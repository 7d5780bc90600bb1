"""A file that came back, read by our own command line in a child process: it may be anybody's."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from capacity_app.domain.instrument import Instrument
from capacity_app.services.limits import READING_TIME_LIMIT
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.child import Errand, result_in, told
from capacity_app.services.strangers.sentences import refused
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Job

_GRACE = 20
"""Seconds a child has to end itself with a sentence, once its time is up."""


class FileReading(QObject):
    """Reads one file at a time. Ends with ``read`` (a ``Returned``), ``failed`` (sentence) or ``cancelled``.

    A child that dies without a word, as the fast library for workbooks may, is started once more with the slow one.
    """

    progressed = Signal(str, float)
    read = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._errand: Errand | None = None
        self._told = ""
        self._is_careful = False
        self.job = Job(texts.tag, self, patience=READING_TIME_LIMIT + _GRACE)
        self.job.progressed.connect(self.progressed)
        self.job.done.connect(lambda _file: self._take())
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(self._cancelled)

    @property
    def is_running(self) -> bool:
        return self._errand is not None

    def start(self, file: Path, instrument: Instrument) -> None:
        """Read a file against an instrument."""
        self._errand = Errand(file)
        self._told = told(instrument)
        self._begin(is_careful=False)

    def _begin(self, *, is_careful: bool) -> None:
        assert self._errand is not None, "there is something to read"
        self._is_careful = is_careful
        self.job.start(self._errand.arguments(is_careful=is_careful), typed=self._told)

    def _take(self) -> None:
        returned = result_in(self.job.content)
        if returned is None:
            self._fail("")
            return
        self._forget()
        self.read.emit(returned)

    def _fail(self, sentence: str) -> None:
        if not sentence and not self._is_careful and not self.job.was_silent and self._errand is not None:
            self._begin(is_careful=True)
            return
        file = self._errand.file.name if self._errand is not None else ""
        reason = sentences.TOO_SLOW if self.job.was_silent else sentences.KILLED_READER
        self._forget()
        self.failed.emit(sentence or refused(reason, file).text(self._texts.gettext))

    def _cancelled(self) -> None:
        self._forget()
        self.cancelled.emit()

    def _forget(self) -> None:
        self._errand, self._told = None, ""

    def cancel(self) -> None:
        self.job.cancel()

    def stop(self) -> None:
        """Stop and wait until the child has gone; for closing the window."""
        self.job.stop()
        self._forget()
