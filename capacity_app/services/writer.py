"""The one thread that writes: it owns the file's only connection and reports after the commit, never before."""

import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from threading import Condition, Thread
from typing import TypeVar

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.domain.thinning import Reason
from capacity_app.services.changes import Report, Saved, SaveFailed
from capacity_app.store import refusals
from capacity_app.store.assessment_file import (
    UNSTORABLE,
    AnswerWrite,
    AssessmentFile,
    Document,
    EntryWrite,
    Stored,
    Write,
)

UNWRITABLE = N_(
    "A change could not be saved in “{file}” because of an error in this program. All other changes are saved. Enter "
    "that answer again."
)

Unit = tuple[Write, ...]
"""Writes that are committed together or not at all."""
_Answer = TypeVar("_Answer")
_News = TypeVar("_News")
BackupReport = Callable[[KnownError], None]
_Errand = Callable[[AssessmentFile], None]


def _count(units: tuple[Unit, ...]) -> int:
    return sum(isinstance(write, AnswerWrite | EntryWrite) for unit in units for write in unit)


def _touched(file: AssessmentFile) -> KnownError | None:
    """Return what somebody else did to a file that is written here; whoever only reads lets others write."""
    if file.is_read_only:
        return None
    try:
        file.expect_untouched()
    except KnownError as error:
        return error
    return None


class Writer:
    """A queue of writes and the thread that commits them in order, several waiting ones in one transaction.

    Backups stand in the same queue: one holds what was put before it and nothing that was put after it. One that
    cannot be made is told to ``on_backup_failed`` on the writer's thread, and the work goes on.

    A failed commit keeps the queue; the next ``put``, ``retry`` or ``flush`` tries again. What no database can hold
    would fail for ever: it is set aside, stays unsaved, and what comes after it is committed.
    ``stored`` is what the file said when it was opened, ``is_read_only`` whether it turned out to take no writes.
    Opening raises KnownError.
    """

    def __init__(
        self,
        file: Path,
        *,
        read_only: bool = False,
        keys: Keyring = NO_KEYS,
        on_saved: Report | None = None,
        on_backup_failed: BackupReport | None = None,
    ) -> None:
        self._file = file
        self._keys = keys
        self._report = on_saved
        self._report_no_backup = on_backup_failed
        self._queue: deque[Unit | Reason] = deque()
        self._set_aside: list[Unit] = []
        self._errands: deque[_Errand] = deque()
        self._news = Condition()
        self._error: KnownError | None = None
        self._astray: KnownError | None = None
        self._is_busy = False
        self._is_closing = False
        self.is_read_only = read_only
        opened: Future[Stored] = Future()
        # A daemon, so that a program that ends without closing ends; close() is what waits for the disk.
        self._thread = Thread(target=self._run, args=(read_only, opened), name=f"writer of {file.name}", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            raise KnownError(refusals.NO_MEMORY) from error  # for another thread
        try:
            self.stored = opened.result()
        except BaseException:
            self._thread.join()
            raise

    @property
    def waiting(self) -> tuple[Unit, ...]:
        """What is not on disk yet, oldest first."""
        with self._news:
            return (*self._set_aside, *(unit for unit in self._queue if not isinstance(unit, Reason)))

    def put(self, unit: Unit) -> None:
        """Queue writes; returns at once."""
        with self._news:
            self._queue.append(unit)
            self._error = None
            self._news.notify_all()

    def back_up(self, reason: Reason) -> None:
        """Queue a backup of the file with all that was put so far; returns at once."""
        with self._news:
            self._queue.append(reason)
            self._news.notify_all()

    def retry(self) -> None:
        with self._news:
            self._error = None
            self._news.notify_all()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything is on disk, at most ``timeout`` seconds; whether it is."""
        self.retry()
        with self._news:
            self._news.wait_for(self._has_come_to_rest, timeout)
            return not self._queue and not self._is_busy and not self._set_aside

    def look(self) -> None:
        """Have the thread see whether the file is as it left it; tells ``SaveFailed`` if it is not. Returns at once."""

        def see(file: AssessmentFile) -> None:
            if error := _touched(file):
                self._tell(SaveFailed(error, _count(self.waiting)))

        with self._news:
            if not self._is_closing:
                self._errands.append(see)
                self._news.notify_all()

    def check(self) -> tuple[Problem, ...]:
        return self._ask(AssessmentFile.check)

    def document(self, digest: str) -> bytes | None:
        """Read a held document on the writer's connection, or from the queue; None if there is no such document."""
        for write in (write for unit in self.waiting for write in unit):
            if isinstance(write, Document) and write.hash == digest:
                return write.content
        return self._ask(lambda file: file.document(digest))

    def _ask(self, question: Callable[[AssessmentFile], _Answer]) -> _Answer:
        """Ask the file something on the writer's thread, or, once that has ended, by opening it again."""
        answer: Future[_Answer] = Future()

        def fetch(file: AssessmentFile) -> None:
            try:
                answer.set_result(question(file))
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
                answer.set_exception(error)

        with self._news:
            is_open = not self._is_closing
            if is_open:
                self._errands.append(fetch)
                self._news.notify_all()
        if not is_open:
            with AssessmentFile(self._file, read_only=True, keys=self._keys) as reopened:
                fetch(reopened)
        return answer.result()

    def close(self) -> None:
        """Try everything once more and end the thread; raises the last error if something is not on disk.

        That is also so if the file, with all that was saved in it, was taken away or replaced meanwhile.
        """
        with self._news:
            self._error = None
            self._is_closing = True
            self._news.notify_all()
        self._thread.join()
        if error := (self._error if self._queue else None) or self._unwritable or self._astray:
            raise error

    def abandon(self) -> None:
        """End the thread without trying again what failed, which is kept elsewhere by now; nothing more is told."""
        with self._news:
            self._report = None
            self._is_closing = True
            self._news.notify_all()
        self._thread.join()

    def _has_come_to_rest(self) -> bool:
        return not self._is_busy and (not self._queue or self._error is not None)

    def _run(self, read_only: bool, opened: Future[Stored]) -> None:  # noqa: FBT001 - the thread's own arguments
        try:
            file = AssessmentFile(self._file, read_only=read_only, keys=self._keys)
        except BaseException as error:  # noqa: BLE001 - handed to the opener's thread
            opened.set_exception(error)
            return
        with file:
            try:
                stored = file.read()
            except BaseException as error:  # noqa: BLE001 - handed to the opener's thread
                opened.set_exception(error)
                return
            self.is_read_only = file.is_read_only
            opened.set_result(stored)
            del stored, opened
            while errand := self._next():
                errand(file)
            self._astray = _touched(file)

    def _next(self) -> _Errand | None:
        """Wait for something to do; None once there is nothing left to do or to try."""
        with self._news:
            self._news.wait_for(lambda: self._errands or self._is_closing or (self._queue and not self._error))
            if self._errands:
                return self._errands.popleft()
            if self._queue and not self._error:
                self._is_busy = True
                return self._keep_backup if isinstance(self._queue[0], Reason) else self._commit
            return None

    def _commit(self, file: AssessmentFile) -> None:
        units = self._before_backup()
        error, done = self._appended(file, units)
        with self._news:
            for _ in range(done):
                self._queue.popleft()
            # A retry asked for while this attempt ran is answered by this attempt.
            self._error = error
            waiting = _count(self.waiting)
            told = error or self._unwritable
        self._tell(SaveFailed(told, waiting) if told else Saved(datetime.now().astimezone(), waiting, _count(units)))
        with self._news:
            self._is_busy = False
            self._news.notify_all()

    def _before_backup(self) -> tuple[Unit, ...]:
        """Return what is to be committed before a backup may be made, and all if none is waiting."""
        units: list[Unit] = []
        with self._news:
            for unit in self._queue:
                if isinstance(unit, Reason):
                    break
                units.append(unit)
        return tuple(units)

    def _keep_backup(self, file: AssessmentFile) -> None:
        """Make the backup that is next; whether it can be made or not, what comes after it goes on."""
        with self._news:
            reason = self._queue[0]
        assert isinstance(reason, Reason), "a backup is next"
        error = self._backed_up(file, reason)
        if error is not None and self._report_no_backup is not None:
            self._tell_safely(self._report_no_backup, error)
        with self._news:
            self._queue.popleft()
            self._is_busy = False
            self._news.notify_all()

    def _backed_up(self, file: AssessmentFile, reason: Reason) -> KnownError | None:
        try:
            file.back_up(reason)
        except KnownError as error:
            return error
        except Exception as error:  # noqa: BLE001 - our bug: reported as one, and saving goes on
            sys.excepthook(type(error), error, error.__traceback__)
            return KnownError(refusals.UNEXPECTED, file=self._file.name, reason=type(error).__name__)
        return None

    def _appended(self, file: AssessmentFile, units: Sequence[Unit]) -> tuple[KnownError | None, int]:
        """Commit all at once, or, where one cannot be stored, one by one; gives how many are done with."""
        try:
            file.append([write for unit in units for write in unit])
        except KnownError as error:
            return error, 0
        except UNSTORABLE as error:
            if len(units) == 1:
                sys.excepthook(type(error), error, error.__traceback__)
                with self._news:
                    self._set_aside += units
                return None, 1
        except Exception as error:  # noqa: BLE001 - our bug: reported as one, and the answers stay queued
            sys.excepthook(type(error), error, error.__traceback__)
            return KnownError(refusals.UNEXPECTED, file=self._file.name, reason=type(error).__name__), 0
        else:
            return None, len(units)
        for number, unit in enumerate(units):
            refused, _ = self._appended(file, (unit,))
            if refused:
                return refused, number
        return None, len(units)

    @property
    def _unwritable(self) -> KnownError | None:
        return KnownError(UNWRITABLE, file=self._file.name) if self._set_aside else None

    def _tell(self, news: Saved | SaveFailed) -> None:
        if self._report is not None:
            self._tell_safely(self._report, news)

    def _tell_safely(self, report: Callable[[_News], None], news: _News) -> None:
        try:
            report(news)
        except Exception as error:  # noqa: BLE001 - a listener's bug must not stop saving
            sys.excepthook(type(error), error, error.__traceback__)
