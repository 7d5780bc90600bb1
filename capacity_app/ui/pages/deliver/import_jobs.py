"""Returned files and files to merge, read beside the window: a file from elsewhere in a child process of its own."""

import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from threading import Thread
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import READING_TIME_LIMIT
from capacity_app.services.exchange.merge import MergePlan, plan_merge
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.untrusted import refusals
from capacity_app.services.untrusted.reading_process import ReadRequest, decode_returned, instrument_to_line
from capacity_app.services.untrusted.refusals import refusal
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.jobs import CommandJob
from capacity_app.ui.session.save_state import SaveBarrier, SaveState

_GRACE = 20
"""Seconds a child has to end itself with a sentence, once its time is up."""


_NOT_SAVED = N_("The last changes could not be saved, so the files cannot be compared with them.")
_BUG = N_("The files could not be compared because of an error in the program. Nothing was changed.")


class _MergePlanThread(QObject):
    """One plan, worked out on a thread. ``ended`` carries itself; ``outcome`` is a plan, an error, None for a bug."""

    ended = Signal(object)

    def __init__(
        self, controller: SessionController, files: Sequence[Path], parent: QObject, *, allow_other_assessment: bool
    ) -> None:
        super().__init__(parent)
        self._file, self._keys = controller.session.file, controller.keys
        self._files, self._is_other_welcome = tuple(files), allow_other_assessment
        self.outcome: MergePlan | KnownError | None = None
        self.thread_of_work = Thread(target=self._run, name="planning a merge")

    def _run(self) -> None:
        """Read and compare; our own mistakes go the way of all others, and whoever waits is told all the same."""
        try:
            self.outcome = self._plan()
        finally:
            self.ended.emit(self)

    def _plan(self) -> MergePlan | KnownError:
        try:
            with AssessmentSession(self._file, device="planning", read_only=True, keys=self._keys) as session:
                return plan_merge(session, self._files, different_assessments=self._is_other_welcome, keys=self._keys)
        except KnownError as error:
            return error


class MergePlanJob(QObject):
    """Plans one merge at a time. Ends with ``planned`` (a ``MergePlan``) or ``failed`` (a KnownError).

    It reads the assessment from its file, not from the session in use: typing meanwhile changes nothing under it.
    """

    planned = Signal(object)
    failed = Signal(object)
    running_changed = Signal()

    def __init__(self, controller: SessionController, state: SaveState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._files: tuple[Path, ...] = ()
        self._is_other_welcome = False
        self._work: _MergePlanThread | None = None
        self._saving = SaveBarrier(controller, state, self)
        self._saving.ready.connect(self._begin)
        self._saving.failed.connect(lambda: self.failed.emit(KnownError(_NOT_SAVED)))
        self._saving.failed.connect(self.running_changed)

    @property
    def is_running(self) -> bool:
        return self._work is not None or self._saving.is_waiting

    def start(self, files: Sequence[Path], *, allow_other_assessment: bool = False) -> None:
        """Plan to merge files into what is on disk by now and what is on its way there.

        ``is_other_welcome`` takes assessments of the same country and round too that were begun separately.
        """
        self.cancel()
        self._files, self._is_other_welcome = tuple(files), allow_other_assessment
        self._saving.begin()
        self.running_changed.emit()
        self._saving.go_on()

    def _begin(self) -> None:
        work = _MergePlanThread(self._controller, self._files, self, allow_other_assessment=self._is_other_welcome)
        work.ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._work = work
        work.thread_of_work.start()

    def _tell(self, work: _MergePlanThread) -> None:
        work.thread_of_work.join()
        work.deleteLater()
        if work is not self._work:
            return  # nobody waits for it any more
        self._work = None
        if isinstance(work.outcome, MergePlan):
            self.planned.emit(work.outcome)
        else:
            self.failed.emit(work.outcome or KnownError(_BUG))
        self.running_changed.emit()

    def cancel(self) -> None:
        """Wait for nothing any more; a thread that is reading ends by itself."""
        self._saving.stop()
        self._work = None
        self.running_changed.emit()

    def stop(self) -> None:
        self.cancel()
        for work in self.findChildren(_MergePlanThread):
            if work.thread_of_work.is_alive():
                work.thread_of_work.join()


class FileReadJob(QObject):
    """Reads one file at a time. Ends with ``read`` (a ``ReturnedContent``), ``failed`` (sentence) or ``cancelled``.

    A child that dies without a word, as the fast library for workbooks may, is started once more with the slow one.
    """

    progressed = Signal(str, float)
    read = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    running_changed = Signal()

    def __init__(self, texts: Translator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._errand: ReadRequest | None = None
        self._told = ""
        self._is_careful = False
        self.job = CommandJob(texts.tag, self, patience=READING_TIME_LIMIT + _GRACE)
        self.job.progressed.connect(self.progressed)
        self.job.done.connect(lambda _file: self._take())
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(self._cancelled)
        self.job.running_changed.connect(self.running_changed)

    @property
    def is_running(self) -> bool:
        return self._errand is not None

    def start(self, file: Path, instrument: Instrument) -> None:
        """Read a file against an instrument."""
        self._errand = ReadRequest(file)
        self._told = instrument_to_line(instrument)
        self._begin(is_careful=False)

    def _begin(self, *, is_careful: bool) -> None:
        assert self._errand is not None, "there is something to read"
        self._is_careful = is_careful
        self.job.start(self._errand.arguments(is_careful=is_careful), typed=self._told)

    def _take(self) -> None:
        returned = decode_returned(self.job.content)
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
        reason = refusals.TOO_SLOW if self.job.was_silent else refusals.READER_DIED
        self._forget()
        self.failed.emit(sentence or refusal(reason, file).text(self._texts.gettext))

    def _cancelled(self) -> None:
        self._forget()
        self.cancelled.emit()

    def _forget(self) -> None:
        self._errand, self._told = None, ""

    def cancel(self) -> None:
        self.job.cancel()

    def stop(self) -> None:
        self.job.stop()
        self._forget()


# Work on the window's own thread in slices so short that keys typed meanwhile are answered.


_SLICE_S = 0.02
"""Seconds after which the event loop has its turn."""
_Result = TypeVar("_Result")


class SlicedWork(QObject, Generic[_Result]):
    """Goes through steps, as many at a time as a slice has room for; then calls ``done`` or ``failed`` once.

    A step that gives True asks for a new slice: what follows it is long.
    The first slice is done at once, so that little work is done when ``start`` returns. A new start drops the old work.
    """

    def __init__(
        self, parent: QObject, done: Callable[[_Result], object], failed: Callable[[KnownError], object]
    ) -> None:
        super().__init__(parent)
        self._done, self._failed = done, failed
        self._steps: Generator[object, None, _Result] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        return self._steps is not None

    def start(self, steps: Generator[object, None, _Result]) -> None:
        self._steps = steps
        self._timer.start()
        self._go_on()

    def finish(self) -> None:
        """Do the rest now, for whoever cannot go on without it."""
        while self._steps is not None:
            self._go_on()

    def _go_on(self) -> None:
        end = time.monotonic() + _SLICE_S
        try:
            while self._steps is not None and time.monotonic() < end:
                if next(self._steps) is True:
                    break
        except StopIteration as result:
            self._stop()
            self._done(result.value)
        except KnownError as error:
            self._stop()
            self._failed(error)

    def _stop(self) -> None:
        self._steps = None
        self._timer.stop()
