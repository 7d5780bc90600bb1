"""One open assessment file: opened with suspicion, read whole, appended to in whole transactions."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import KnownError, Problem
from capacity_app.storage import backups, database, file_errors, integrity, rows
from capacity_app.storage.opening import (
    BUSY_SECONDS,
    FileFormat,
    accepts_writes,
    connect_checked,
    identify_file,
    newer_file_errors,
)
from capacity_app.storage.schema import VERSION, round_hash

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class StoredInstrument:
    """The embedded instrument as text, with its content hash."""

    id: str
    version: str
    hash: str
    content: str


@dataclass(frozen=True, slots=True)
class AnswerWrite:
    """A revision to append, and whether it is the answer from then on."""

    revision: Revision
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class EntryWrite:
    """An entry's revision to append, and whether it is the one that counts from then on."""

    revision: EntryRevision
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class CurrentAnswerWrite:
    """What several heads, appended before, say together from then on: the last of them, saying it."""

    revision: Revision


@dataclass(frozen=True, slots=True)
class CurrentEntryWrite:
    """What several heads of an entry, appended before, say together from then on: the last of them, saying it."""

    revision: EntryRevision


@dataclass(frozen=True, slots=True)
class DocumentWrite:
    """The bytes of a held document and their SHA-256."""

    hash: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PreviousRound:
    """The previous round as JSON text, None if there is none any more; ``time`` is UTC, ISO 8601."""

    time: str
    content: str | None


Write = AnswerWrite | EntryWrite | CurrentAnswerWrite | CurrentEntryWrite | DocumentWrite | PreviousRound


@dataclass(frozen=True, slots=True)
class AssessmentFileHeader:
    """What never changes in a file: whose it is, when it was made (UTC, ISO 8601), and its instrument."""

    assessment_id: str
    created: str
    instrument: StoredInstrument


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """Everything in a file but the documents' bytes; ``documents`` are sizes by SHA-256."""

    label: AssessmentFileHeader
    revisions: tuple[Revision, ...]
    entries: tuple[EntryRevision, ...]
    documents: dict[str, int]
    previous: PreviousRound | None


UNSTORABLE_ERRORS = (UnicodeError, OverflowError, TypeError)
"""What is raised by values that no database can hold; by a mistake of ours, for what is recorded or read is checked."""


def apply_write(target: "Database", write: Write) -> RevisionId | None:
    """Execute one write inside the caller's transaction; return the id of a revision that was not there yet."""
    match write:
        case AnswerWrite():
            return _append_answer(target, write)
        case EntryWrite():
            return _append_entry(target, write)
        case CurrentAnswerWrite(revision):
            _show_answer(target, revision)
        case CurrentEntryWrite(revision):
            _show_entry(target, revision)
        case DocumentWrite(digest, content):
            held = {"hash": digest, "size": len(content), "content": content}
            # Without ``pk``, with which the content would be read back after each insert.
            target.table("documents").insert(held, ignore=True)
        case PreviousRound(time, content):
            target.table("previous_rounds").insert({"time": time, "content": content, "hash": round_hash(content)})
    return None


def _append_answer(target: "Database", write: AnswerWrite) -> RevisionId | None:
    # SQL, because every answer comes this way, and table() asks the file seven things before it inserts.
    log_row, answer_row = rows.revision_rows(write.revision)
    appended = target.execute(rows.INSERT_REVISION, log_row).rowcount
    if write.is_current:
        _put_answer(target, write.revision, answer_row)
    return write.revision.id if appended else None


def _show_answer(target: "Database", shown: Revision) -> None:
    _put_answer(target, shown, rows.revision_rows(shown)[1])


def _put_answer(target: "Database", shown: Revision, row: rows.SqlRow) -> None:
    if shown.content.is_empty:
        target.execute(rows.REMOVE_ANSWER, rows.key_row(shown.key))
    else:
        target.execute(rows.PUT_ANSWER, row)


def _append_entry(target: "Database", write: EntryWrite) -> RevisionId | None:
    # SQL, because insert(ignore=True) looks for a rowid when the row is there, and logs have none.
    appended = target.execute(rows.INSERT_ENTRY_REVISION, rows.entry_revision_row(write.revision)).rowcount
    if write.is_current:
        _show_entry(target, write.revision)
    return write.revision.id if appended else None


def _show_entry(target: "Database", shown: EntryRevision) -> None:
    table = target.table(shown.register)
    if shown.content is None:
        table.delete_where("id = ?", [shown.entry])
    else:
        table.upsert(rows.entry_record(shown.register, shown.content), pk="id")


_COUNT_REVISIONS = """SELECT device, max(counter), count(*) FROM (
SELECT device, counter FROM answer_revisions UNION ALL SELECT device, counter FROM entry_revisions)
GROUP BY device"""
_HAS_REVISION = """SELECT EXISTS (SELECT 1 FROM answer_revisions WHERE device = ?1 AND counter = ?2)
OR EXISTS (SELECT 1 FROM entry_revisions WHERE device = ?1 AND counter = ?2)"""


class _LastKnownState:
    """What a file held after our last commit, to notice that another program wrote to it or overwrote it in place.

    SQLite compares a counter of commits only, and two copies of a file may have had equally many. So a connection that
    keeps nothing it has read is asked for the newest revision we know of; and, where the size or time of the file is
    not what we left, for all of them. The time alone proves nothing: some drives keep it coarsely, or write it late.
    """

    def __init__(self, path: Path, key: EncryptionKey | None, connection: sqlite3.Connection) -> None:
        self._path, self._key, self._connection = path, key, connection
        self._version: int | None = None
        self._made: dict[str, tuple[int, int]] = {}
        self._size_and_time = (0, 0)
        self._forgetful: sqlite3.Connection | None = None

    def note(self) -> None:
        """Note what is in the file."""
        self._made = _revision_counts(self._connection)
        self._version, self._size_and_time = self._seen(), _size_and_time(self._path)

    def note_copy(self, copy: sqlite3.Connection, data_version: int, size_and_time: tuple[int, int]) -> None:
        """Note what a copy in memory holds, read when the file had this number, size and time."""
        self._made, self._version, self._size_and_time = _revision_counts(copy), data_version, size_and_time

    def note_commit(self, appended: Iterable[RevisionId]) -> None:
        """Note what a commit of ours, before which the file was as expected, appended; it changes no ``_seen``."""
        for made in appended:
            last, count = self._made.get(made.device, (0, 0))
            self._made[made.device] = max(last, made.counter), count + 1
        self._size_and_time = _size_and_time(self._path)

    def forget(self) -> None:
        """Take the file as it is now: after an error of the disk nobody knows whether a commit succeeded."""
        self._version, self._made = None, {}
        self.close()
        with suppress(OSError, *database.sqlite_errors()):
            self.note()

    def expect(self) -> None:
        """Raise FileMoved if the file is not as we left it."""
        if self._version is None:
            self.note()
        if self._seen() != self._version or not self._holds_ours():
            raise file_errors.FileMoved(file_errors.REPLACED, file=self._path.name)

    def close(self) -> None:
        if self._forgetful is not None:
            self._forgetful.close()
            self._forgetful = None

    def _holds_ours(self) -> bool:
        found = _size_and_time(self._path)
        if self._forgetful is None:
            self._forgetful = _connect_forgetful(self._path, self._key)
        if found != self._size_and_time and _revision_counts(self._forgetful) != self._made:
            return False
        self._size_and_time = found
        newest = max(((counter, device) for device, (counter, _) in self._made.items()), default=None)
        return newest is None or self._forgetful.execute(_HAS_REVISION, (newest[1], newest[0])).fetchone() == (1,)

    def _seen(self) -> int:
        """Return SQLite's number of what we have seen, which differs once anybody else has written."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def _connect_forgetful(path: Path, key: EncryptionKey | None) -> sqlite3.Connection:
    """Open a connection that reads each page from the file whenever it is asked; only the schema is kept."""
    connection = database.connect(path, key, mode="ro", timeout=BUSY_SECONDS)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()  # reads the schema, which sets the cache's size
        connection.execute("PRAGMA cache_size = 0")
    except BaseException:
        connection.close()
        raise
    return connection


def _revision_counts(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Give, by device, the number of its last revision and how many there are."""
    return {device: (last, count) for device, last, count in connection.execute(_COUNT_REVISIONS)}


class AssessmentFile(database.ClosedAfterUse):
    """An open file and its only connection; belongs to the thread that opened it; ``key`` opens it if it is protected.

    Every method raises KnownError with one sentence when the world refuses. Who opens it to write is its only writer;
    ``known`` is what it was found to be, if it has been asked already.
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, keys: Keyring = NO_KEYS, known: FileFormat | None = None
    ) -> None:
        self.path = path
        self.key = (known or identify_file(path, keys)).key
        self._read_at_once: StoredAssessment | None = None
        with self._translate_errors(), ExitStack() as undo:
            self._identity = _identity(path)
            opened = connect_checked(path, self.key, read_only=read_only)
            self._connection = undo.enter_context(closing(opened.connection))
            self._last = _LastKnownState(path, self.key, self._connection)
            if opened.copy is not None:
                self.is_newer = self.is_read_only = False
                with closing(opened.copy):
                    self._last.note_copy(opened.copy, opened.data_version, opened.size_and_time)
                    self._read_at_once = self._read_from(opened.copy)
            else:
                (version,) = self._connection.execute("PRAGMA user_version").fetchone()
                self.is_newer = version > VERSION
                self.is_read_only = read_only or self.is_newer or not accepts_writes(self._connection)
                if not self.is_read_only:
                    self._last.note()
            undo.pop_all()

    def expect_known_version(self) -> None:
        """Raise KnownError for a newer file: whoever takes everything over would lose what we do not know of."""
        if self.is_newer:
            raise KnownError(file_errors.NEWER, file=self.path.name)

    def read(self) -> StoredAssessment:
        """Read everything but the documents' bytes; a row we cannot have written means damage, or a newer program."""
        read_at_once, self._read_at_once = self._read_at_once, None
        if read_at_once is not None:
            return read_at_once
        with (
            newer_file_errors(self.path) if self.is_newer else nullcontext(),
            self._translate_errors(),
            _snapshot(self._connection),
        ):
            return self._read_from(self._connection)

    @staticmethod
    def _read_from(connection: sqlite3.Connection) -> StoredAssessment:
        assessment_id, created = _only_row(connection, "SELECT id, created FROM assessment")
        instrument = StoredInstrument(*_only_row(connection, "SELECT id, version, hash, content FROM instrument"))
        previous = connection.execute(
            "SELECT time, content FROM previous_rounds ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return StoredAssessment(
            label=AssessmentFileHeader(assessment_id, created, instrument),
            revisions=tuple(map(rows.read_revision, connection.execute(rows.SELECT_REVISIONS))),
            entries=tuple(map(rows.read_entry_revision, connection.execute(rows.SELECT_ENTRY_REVISIONS))),
            documents=dict(connection.execute("SELECT hash, size FROM documents")),
            previous=PreviousRound(*previous) if previous else None,
        )

    def document(self, digest: str) -> bytes | None:
        """Read a held document, None if there is none with that SHA-256."""
        with self._translate_errors():
            found = self._connection.execute("SELECT content FROM documents WHERE hash = ?", (digest,)).fetchone()
            return found[0] if found else None

    def check(self) -> tuple[Problem, ...]:
        """Look thoroughly for damage, and for tables that do not say what the revisions say."""
        stored = self.read()
        with self._translate_errors():
            return tuple(integrity.find_damage(self._database, stored.revisions, stored.entries))

    def expect_untouched(self) -> None:
        """Raise FileMoved if the file was taken away or replaced, or written to by anybody else since we last did."""
        self._expect_unmoved()
        with self._translate_errors():
            self._last.expect()

    def append(self, writes: Sequence[Write]) -> None:
        """Commit all writes or none; what is already there (a commit whose success went unseen) stays as it is."""
        self._read_at_once = None
        self._expect_unmoved()
        # A synchronised folder may have brought one meanwhile, and SQLite looks again before each commit.
        database.expect_own_journal(self._resolved)
        with self._translate_errors():
            try:
                self._last.note_commit(self._commit(writes))
            except database.sqlite_errors() as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                    self._last.forget()
                raise
        # Swapped between the check and the commit: the commit went into the file that was taken away.
        self._expect_unmoved()

    def _commit(self, writes: Sequence[Write]) -> list[RevisionId]:
        """Return the ids of the revisions that were not there yet."""
        with database.transaction(self._database):
            self._last.expect()
            return [made for write in writes if (made := apply_write(self._database, write))]

    def back_up(self, reason: BackupReason) -> backups.Backup:
        """Keep a verified copy elsewhere of the file as it is on the disk; raises KnownError."""
        if not self.is_read_only and self._is_in_place():
            with self._translate_errors():
                self._last.expect()
        return backups.back_up(self._connection, self.path, self.key, reason)

    def close(self) -> None:
        self._last.close()
        self._connection.close()

    @cached_property
    def _resolved(self) -> Path:
        """Where the file lies without links, which SQLite followed once, when it opened it."""
        return database.resolve_path(self.path)

    @cached_property
    def _database(self) -> "Database":
        """The connection as sqlite-utils knows it, wrapped when it is first needed."""
        return database.wrap_connection(self._connection)

    def _expect_unmoved(self) -> None:
        try:
            found = _identity(self.path)
        except FileNotFoundError:
            raise file_errors.FileMoved(file_errors.VANISHED, file=self.path.name) from None
        except OSError as error:
            raise file_errors.from_os_error(error, self.path) from error
        if found != self._identity:
            raise file_errors.FileMoved(file_errors.REPLACED, file=self.path.name)

    def _is_in_place(self) -> bool:
        """Whether the file is where it was; of one that was moved the open connection still reads what we wrote."""
        try:
            self._expect_unmoved()
        except KnownError:
            return False
        return True

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        with translate_sqlite_errors(self.path):
            yield


@contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what the world refuses into a sentence."""
    try:
        yield
    except database.sqlite_errors() as error:
        raise file_errors.from_sqlite_error(error, path) from error
    except (rows.DamagedRow, UnicodeDecodeError) as error:
        # SQLite's message about a damaged schema quotes it, and what it quotes may be no text any more.
        raise KnownError(file_errors.DAMAGED, file=path.name) from error
    except OSError as error:
        raise file_errors.from_os_error(error, path) from error


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the file, though another session may commit meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        # Damage may have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _only_row(connection: sqlite3.Connection, statement: str) -> tuple[str, ...]:
    found = connection.execute(statement).fetchall()
    if len(found) != 1:
        raise rows.DamagedRow(statement)
    return tuple(found[0])


def _size_and_time(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 - as below
    return found.st_size, found.st_mtime_ns


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 - half the time of Path.stat, on the way of every answer
    return found.st_dev, found.st_ino
