"""New assessment files, and the one thread that writes to an open file and reports after the commit, never before."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition, Thread
from types import MappingProxyType
from typing import TypeVar
from uuid import uuid4

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS, Mission, RegisterEntry
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument, instrument_text_hash
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.session.revision_log import RevisionLog, Saved, SaveFailed, SaveListener
from capacity_app.storage import file_errors
from capacity_app.storage.assessment_file import (
    UNSTORABLE_ERRORS,
    AnswerWrite,
    AssessmentFile,
    AssessmentFileHeader,
    CurrentAnswerWrite,
    CurrentEntryWrite,
    DocumentWrite,
    EntryWrite,
    PreviousRound,
    StoredAssessment,
    StoredInstrument,
    Write,
)
from capacity_app.storage.creation import write_new_assessment
from capacity_app.storage.opening import FileFormat

# New assessment files: an empty one, one from a dossier, and a copy of what a session holds.


def now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def to_stored_instrument(instrument: Instrument) -> StoredInstrument:
    """Return the copy of an instrument that travels inside an assessment; raises KnownError if it could not be read."""
    text = encode_instrument(instrument)
    decode_instrument(text)
    return StoredInstrument(instrument.id, instrument.version, instrument_text_hash(text), text)


def create_assessment(
    file: Path,
    instrument: Instrument,
    mission: Mission,
    *,
    author: str = "",
    device: str,
    key: EncryptionKey | None = None,
) -> None:
    """Make a new, empty assessment, protected if there is a key.

    Raises KnownError, in particular if there is already such a file.
    """
    reviser = RevisionLog(instrument, entries_and_documents.session_id(device))
    reviser.entry(mission, author, now())
    label = AssessmentFileHeader(str(uuid4()), now(), to_stored_instrument(instrument))
    write_new_assessment(file, label, all_writes(reviser, (), None), key=key)


def create_from_dossier(
    file: Path,
    dossier: Dossier,
    documents: Mapping[str, bytes] = MappingProxyType({}),
    *,
    author: str = "",
    device: str,
    key: EncryptionKey | None = None,
) -> None:
    """Make a new assessment that says what a dossier says, with authors, times and languages as they are.

    ``author`` is who makes the register entries; with a key the file is protected. Raises KnownError, and Refused if
    an answer or entry may not be stored.
    """
    reviser = RevisionLog(dossier.instrument, entries_and_documents.session_id(device))
    time = now()
    for entry in all_entries(dossier):
        reviser.entry(entry, author, time)
    for answer in dossier.answers:
        reviser.answer(answer)
    held = (DocumentWrite(digest, content) for digest, content in documents.items())
    earlier = PreviousRound(time, dossier_to_json(dossier.previous, {})) if dossier.previous else None
    label = AssessmentFileHeader(dossier.id or str(uuid4()), time, to_stored_instrument(dossier.instrument))
    write_new_assessment(file, label, all_writes(reviser, held, earlier), key=key)


def all_entries(dossier: Dossier) -> Iterator[RegisterEntry]:
    """Go through all register entries, the mission first."""
    yield dossier.mission
    for name in REGISTERS:
        if name != "mission":
            yield from getattr(dossier, name)


def all_writes(
    known: RevisionLog, documents: Iterable[DocumentWrite], earlier: PreviousRound | None
) -> Iterator[Write]:
    """Write everything anew: documents, every revision, and what counts of them."""
    yield from documents
    yield from revision_writes(known, tuple(known.answers.all()), tuple(known.entries.all()))
    if earlier:
        yield earlier


def revision_writes(
    known: RevisionLog, revisions: Sequence[Revision], entries: Sequence[EntryRevision]
) -> Iterator[Write]:
    """Write revisions that are known already, and what counts at their places."""
    shared: dict[tuple[type, RevisionId], Write] = {}
    for entry in entries:
        all_say = known.entries.united((entry.register, entry.entry))
        yield EntryWrite(entry, is_current=all_say is not None and all_say.shown is entry)
        if all_say and len(all_say.heads) > 1:
            shared[EntryRevision, all_say.shown.id] = CurrentEntryWrite(all_say.shown)
    for revision in revisions:
        said = known.answers.united(revision.key)
        yield AnswerWrite(revision, is_current=said is not None and said.shown is revision)
        if said and len(said.heads) > 1:
            shared[Revision, said.shown.id] = CurrentAnswerWrite(said.shown)
    yield from shared.values()


UNSTORABLE_CHANGE = N_(
    "A change could not be saved in “{file}” because of an error in this program. All other changes are saved. Enter "
    "that answer again."
)

WriteUnit = tuple[Write, ...]
"""Writes that are committed together or not at all."""
_Answer = TypeVar("_Answer")
_News = TypeVar("_News")
BackupReport = Callable[[KnownError], None]
_FileTask = Callable[[AssessmentFile], None]


def _count_revisions(units: tuple[WriteUnit, ...]) -> int:
    return sum(isinstance(write, AnswerWrite | EntryWrite) for unit in units for write in unit)


def _outside_change(file: AssessmentFile) -> KnownError | None:
    """Return what somebody else did to a file that is written here; whoever only reads lets others write."""
    if file.is_read_only:
        return None
    try:
        file.expect_untouched()
    except KnownError as error:
        return error
    return None


class WriterThread:
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
        known: FileFormat | None = None,
        on_saved: SaveListener | None = None,
        on_backup_failed: BackupReport | None = None,
    ) -> None:
        self._file = file
        self._keys = keys
        self._report = on_saved
        self._report_no_backup = on_backup_failed
        self._queue: deque[WriteUnit | BackupReason] = deque()
        self._set_aside: list[WriteUnit] = []
        self._errands: deque[_FileTask] = deque()
        self._news = Condition()
        self._error: KnownError | None = None
        self._astray: KnownError | None = None
        self._is_busy = False
        self._is_closing = False
        self.is_read_only = read_only
        opened: Future[StoredAssessment] = Future()
        # A daemon, so that a program that ends without closing ends; close() is what waits for the disk.
        self._thread = Thread(
            target=self._run, args=(read_only, known, opened), name=f"writer of {file.name}", daemon=True
        )
        try:
            self._thread.start()
        except RuntimeError as error:
            raise KnownError(file_errors.NO_MEMORY) from error  # for another thread
        try:
            self.stored = opened.result()
        except BaseException:
            self._thread.join()
            raise

    @property
    def waiting(self) -> tuple[WriteUnit, ...]:
        """What is not on disk yet, oldest first."""
        with self._news:
            return (*self._set_aside, *(unit for unit in self._queue if not isinstance(unit, BackupReason)))

    def put(self, unit: WriteUnit) -> None:
        """Queue writes; returns at once."""
        with self._news:
            self._queue.append(unit)
            self._error = None
            self._news.notify_all()

    def back_up(self, reason: BackupReason) -> None:
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
            if error := _outside_change(file):
                self._tell(SaveFailed(error, _count_revisions(self.waiting)))

        with self._news:
            if not self._is_closing:
                self._errands.append(see)
                self._news.notify_all()

    def check(self) -> tuple[Problem, ...]:
        return self._ask(AssessmentFile.check)

    def document(self, digest: str) -> bytes | None:
        """Read a held document on the writer's connection, or from the queue; None if there is no such document."""
        for write in (write for unit in self.waiting for write in unit):
            if isinstance(write, DocumentWrite) and write.hash == digest:
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

    def _run(self, read_only: bool, known: FileFormat | None, opened: Future[StoredAssessment]) -> None:  # noqa: FBT001 - the thread's own arguments
        try:
            file = AssessmentFile(self._file, read_only=read_only, keys=self._keys, known=known)
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
            self._astray = _outside_change(file)

    def _next(self) -> _FileTask | None:
        """Wait for something to do; None once there is nothing left to do or to try."""
        with self._news:
            self._news.wait_for(lambda: self._errands or self._is_closing or (self._queue and not self._error))
            if self._errands:
                return self._errands.popleft()
            if self._queue and not self._error:
                self._is_busy = True
                return self._keep_backup if isinstance(self._queue[0], BackupReason) else self._commit
            return None

    def _commit(self, file: AssessmentFile) -> None:
        units = self._before_backup()
        error, done = self._appended(file, units)
        with self._news:
            for _ in range(done):
                self._queue.popleft()
            # A retry asked for while this attempt ran is answered by this attempt.
            self._error = error
            waiting = _count_revisions(self.waiting)
            told = error or self._unwritable
        self._tell(
            SaveFailed(told, waiting) if told else Saved(datetime.now().astimezone(), waiting, _count_revisions(units))
        )
        with self._news:
            self._is_busy = False
            self._news.notify_all()

    def _before_backup(self) -> tuple[WriteUnit, ...]:
        """Return what is to be committed before a backup may be made, and all if none is waiting."""
        units: list[WriteUnit] = []
        with self._news:
            for unit in self._queue:
                if isinstance(unit, BackupReason):
                    break
                units.append(unit)
        return tuple(units)

    def _keep_backup(self, file: AssessmentFile) -> None:
        """Make the backup that is next; whether it can be made or not, what comes after it goes on."""
        with self._news:
            reason = self._queue[0]
        assert isinstance(reason, BackupReason), "a backup is next"
        error = self._backed_up(file, reason)
        if error is not None and self._report_no_backup is not None:
            self._tell_safely(self._report_no_backup, error)
        with self._news:
            self._queue.popleft()
            self._is_busy = False
            self._news.notify_all()

    def _backed_up(self, file: AssessmentFile, reason: BackupReason) -> KnownError | None:
        try:
            file.back_up(reason)
        except KnownError as error:
            return error
        except Exception as error:  # noqa: BLE001 - our bug: reported as one, and saving goes on
            sys.excepthook(type(error), error, error.__traceback__)
            return KnownError(file_errors.UNEXPECTED, file=self._file.name, reason=type(error).__name__)
        return None

    def _appended(self, file: AssessmentFile, units: Sequence[WriteUnit]) -> tuple[KnownError | None, int]:
        """Commit all at once, or, where one cannot be stored, one by one; gives how many are done with."""
        try:
            file.append([write for unit in units for write in unit])
        except KnownError as error:
            return error, 0
        except UNSTORABLE_ERRORS as error:
            if len(units) == 1:
                sys.excepthook(type(error), error, error.__traceback__)
                with self._news:
                    self._set_aside += units
                return None, 1
        except Exception as error:  # noqa: BLE001 - our bug: reported as one, and the answers stay queued
            sys.excepthook(type(error), error, error.__traceback__)
            return KnownError(file_errors.UNEXPECTED, file=self._file.name, reason=type(error).__name__), 0
        else:
            return None, len(units)
        for number, unit in enumerate(units):
            refused, _ = self._appended(file, (unit,))
            if refused:
                return refused, number
        return None, len(units)

    @property
    def _unwritable(self) -> KnownError | None:
        return KnownError(UNSTORABLE_CHANGE, file=self._file.name) if self._set_aside else None

    def _tell(self, news: Saved | SaveFailed) -> None:
        if self._report is not None:
            self._tell_safely(self._report, news)

    def _tell_safely(self, report: Callable[[_News], None], news: _News) -> None:
        try:
            report(news)
        except Exception as error:  # noqa: BLE001 - a listener's bug must not stop saving
            sys.excepthook(type(error), error, error.__traceback__)
