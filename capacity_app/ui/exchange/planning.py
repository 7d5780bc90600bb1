"""Working out what merging would do, beside the window: files are read and compared on a thread of their own.

It reads the assessment from its file, not from the session in use: what is typed meanwhile changes nothing under it.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal

from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.merging.merge import MergePlan, plan_merge
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.report.maker import WhenSaved
from capacity_app.ui.shell.save_state import SaveState

_NOT_SAVED = N_("The last changes could not be saved, so the files cannot be compared with them.")
_BUG = N_("The files could not be compared: the program made a mistake. What stands here was not touched.")


class _Work(QObject):
    """One plan, worked out on a thread. ``ended`` carries itself; ``outcome`` is a plan, an error, None for a bug."""

    ended = Signal(object)

    def __init__(self, bridge: Bridge, files: Sequence[Path], parent: QObject, *, is_other_welcome: bool) -> None:
        super().__init__(parent)
        self._file, self._keys = bridge.session.file, bridge.keys
        self._files, self._is_other_welcome = tuple(files), is_other_welcome
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


class Planner(QObject):
    """Plans one merge at a time. Ends with ``planned`` (a ``MergePlan``) or ``failed`` (a KnownError)."""

    planned = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, state: SaveState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._files: tuple[Path, ...] = ()
        self._is_other_welcome = False
        self._work: _Work | None = None
        self._saving = WhenSaved(bridge, state, self)
        self._saving.ready.connect(self._begin)
        self._saving.failed.connect(lambda: self.failed.emit(KnownError(_NOT_SAVED)))

    def start(self, files: Sequence[Path], *, is_other_welcome: bool = False) -> None:
        """Plan to merge files into what is on disk by now and what is on its way there.

        ``is_other_welcome`` takes assessments of the same country and round too that were begun separately.
        """
        self.cancel()
        self._files, self._is_other_welcome = tuple(files), is_other_welcome
        self._saving.begin()
        self._saving.go_on()

    def _begin(self) -> None:
        work = _Work(self._bridge, self._files, self, is_other_welcome=self._is_other_welcome)
        work.ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._work = work
        work.thread_of_work.start()

    def _tell(self, work: _Work) -> None:
        work.thread_of_work.join()
        work.deleteLater()
        if work is not self._work:
            return  # nobody waits for it any more
        self._work = None
        if isinstance(work.outcome, MergePlan):
            self.planned.emit(work.outcome)
        else:
            self.failed.emit(work.outcome or KnownError(_BUG))

    def cancel(self) -> None:
        """Wait for nothing any more; a thread that is reading ends by itself."""
        self._saving.stop()
        self._work = None

    def stop(self) -> None:
        """Wait until every thread has ended; for closing the window."""
        self.cancel()
        for work in self.findChildren(_Work):
            if work.thread_of_work.is_alive():
                work.thread_of_work.join()
