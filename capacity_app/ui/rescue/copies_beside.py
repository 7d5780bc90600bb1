"""Looking for copies of the open assessment that a sync client left beside it, on a thread of its own."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal

from capacity_app.domain.keys import Keyring, ring_of
from capacity_app.domain.revisions import RevisionId
from capacity_app.services import recovery
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.store.assessment_file import Label


class CopiesBeside(QObject):
    """Looks once. ``found`` carries the files that hold changes which are not here; nothing is told if there are none.

    Files are told by their names first, and read only if these are alike.
    """

    found = Signal(object)
    _ended = Signal(object)

    def __init__(self, session: AssessmentSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._thread: Thread | None = None
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Begin, unless there is nothing of a name alike."""
        copies = recovery.alike_beside(self._session.file)
        if copies:
            known, keys = recovery.known_ids(self._session), ring_of(self._session.key)
            arguments = (copies, self._session.label, known, keys)
            self._thread = Thread(target=self._look, args=arguments, name="looking at copies beside")
            self._thread.start()

    def _look(self, copies: tuple[Path, ...], label: Label, known: AbstractSet[RevisionId], keys: Keyring) -> None:
        news: tuple[Path, ...] = ()
        try:
            news = tuple(copy for copy in copies if recovery.news_in(copy, label, known, keys))
        finally:
            self._ended.emit(news)

    def _tell(self, news: tuple[Path, ...]) -> None:
        self.stop()
        if news:
            self.found.emit(news)

    def stop(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
