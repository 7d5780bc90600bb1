"""One open assessment file: opened with suspicion, read whole, appended to in whole transactions."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from capacity_app.domain.chain import Link, Log, Seal, Trail, unnamed
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import KnownError, Problem
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.domain.thinning import Reason
from capacity_app.store import backups, database, links, refusals, rows, soundness
from capacity_app.store.opening import as_of_newer, connect, expect_assessment_file, is_newer, takes_writes
from capacity_app.store.schema import round_hash

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
class ShownAnswer:
    """What several heads, appended before, say together from then on: the last of them, saying it."""

    revision: Revision


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """What several heads of an entry, appended before, say together from then on: the last of them, saying it."""

    revision: EntryRevision


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a held document and their SHA-256."""

    hash: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PreviousRound:
    """The earlier round as JSON text, None if there is none any more; ``time`` is UTC, ISO 8601."""

    time: str
    content: str | None


Write = AnswerWrite | EntryWrite | ShownAnswer | ShownEntry | Document | PreviousRound | Link | Seal
Sign = Callable[[bytes], tuple[str, str] | None]
"""Gives the public key and the signature of a message, None where there is no key."""


@dataclass(frozen=True, slots=True)
class Label:
    """What never changes in a file: whose it is, when it was made (UTC, ISO 8601), and its instrument."""

    assessment_id: str
    created: str
    instrument: StoredInstrument


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything in a file but the documents' bytes; ``documents`` are sizes by SHA-256."""

    label: Label
    revisions: tuple[Revision, ...]
    entries: tuple[EntryRevision, ...]
    documents: dict[str, int]
    previous: PreviousRound | None


def apply(target: "Database", write: Write, chains: links.Links) -> None:
    """Execute one write inside the caller's transaction; links from elsewhere come before their revisions."""
    match write:
        case AnswerWrite():
            _append_answer(target, write, chains)
        case EntryWrite():
            _append_entry(target, write, chains)
        case Link():
            chains.take(write)
        case Seal():
            chains.seal(write)
        case ShownAnswer(revision):
            _show_answer(target, revision)
        case ShownEntry(revision):
            _show_entry(target, revision)
        case Document(digest, content):
            held = {"hash": digest, "size": len(content), "content": content}
            # Without ``pk``, with which the content would be read back after each insert.
            target.table("documents").insert(held, ignore=True)
        case PreviousRound(time, content):
            target.table("previous_rounds").insert({"time": time, "content": content, "hash": round_hash(content)})


def _append_answer(target: "Database", write: AnswerWrite, chains: links.Links) -> None:
    # SQL, because every answer comes this way, and table() asks the file seven things before it inserts.
    log_row, answer_row = rows.revision_rows(write.revision)
    if target.execute(rows.INSERT_REVISION, log_row).rowcount == 1:
        chains.append(Log.ANSWER, log_row)
    if write.is_current:
        _put_answer(target, write.revision, answer_row)


def _show_answer(target: "Database", shown: Revision) -> None:
    _put_answer(target, shown, rows.revision_rows(shown)[1])


def _put_answer(target: "Database", shown: Revision, row: rows.Row) -> None:
    if shown.content.is_empty:
        target.execute(rows.REMOVE_ANSWER, rows.key_row(shown.key))
    else:
        target.execute(rows.PUT_ANSWER, row)


def _append_entry(target: "Database", write: EntryWrite, chains: links.Links) -> None:
    # SQL, because insert(ignore=True) looks for a rowid when the row is there, and logs have none.
    row = rows.entry_revision_row(write.revision)
    if target.execute(rows.INSERT_ENTRY_REVISION, row).rowcount == 1:
        chains.append(Log.ENTRY, row)
    if write.is_current:
        _show_entry(target, write.revision)


def _show_entry(target: "Database", shown: EntryRevision) -> None:
    table = target.table(shown.register)
    if shown.content is None:
        table.delete_where("id = ?", [shown.entry])
    else:
        table.upsert(rows.entry_record(shown.register, shown.content), pk="id")


class AssessmentFile:
    """An open file and its only connection; belongs to the thread that opened it; ``key`` opens it if it is protected.

    Every method raises KnownError with one sentence when the world refuses.
    """

    def __init__(self, path: Path, *, read_only: bool = False, keys: Keyring = NO_KEYS) -> None:
        self.path = path
        self.key = expect_assessment_file(path, keys)
        with self._plainly(), ExitStack() as undo:
            self._identity = _identity(path)
            self._connection = undo.enter_context(closing(connect(path, self.key, read_only=read_only)))
            self.is_newer = is_newer(path, self.key)
            self.is_read_only = read_only or self.is_newer or not takes_writes(self._connection)
            self._data_version: int | None = self._seen()
            undo.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def expect_known_version(self) -> None:
        """Raise KnownError for a newer file: whoever takes everything over would lose what we do not know of."""
        if self.is_newer:
            raise KnownError(refusals.NEWER, file=self.path.name)

    def read(self) -> Stored:
        """Read everything but the documents' bytes; a row we cannot have written means damage, or a newer program."""
        with as_of_newer(self.path) if self.is_newer else nullcontext():
            return self._read()

    def _read(self) -> Stored:
        with self._plainly(), _snapshot(self._connection):
            assessment_id, created = self._row("SELECT id, created FROM assessment")
            instrument = StoredInstrument(*self._row("SELECT id, version, hash, content FROM instrument"))
            previous = self._connection.execute(
                "SELECT time, content FROM previous_rounds ORDER BY number DESC LIMIT 1"
            ).fetchone()
            return Stored(
                label=Label(assessment_id, created, instrument),
                revisions=tuple(map(rows.read_revision, self._connection.execute(rows.SELECT_REVISIONS))),
                entries=tuple(map(rows.read_entry_revision, self._connection.execute(rows.SELECT_ENTRY_REVISIONS))),
                documents=dict(self._connection.execute("SELECT hash, size FROM documents")),
                previous=PreviousRound(*previous) if previous else None,
            )

    def document(self, digest: str) -> bytes | None:
        """Read a held document, None if there is none with that SHA-256."""
        with self._plainly():
            found = self._connection.execute("SELECT content FROM documents WHERE hash = ?", (digest,)).fetchone()
            return found[0] if found else None

    def check(self) -> tuple[Problem, ...]:
        """Look thoroughly for damage, and for tables that do not say what the revisions say."""
        stored = self.read()
        with self._plainly():
            return tuple(soundness.find_problems(self._database, stored.revisions, stored.entries))

    def trail(self) -> Trail:
        """Read all that the file says of its changes, row by row as it stands there, with links and seals."""
        with self._plainly(), _snapshot(self._connection):
            return links.read_trail(self._connection)

    def seal(self, device: str, time: str, sign: Sign) -> None:
        """Sign the end of a device's chain; nothing is done where there is none, no key, or a seal already."""
        with self._plainly():
            end = links.last_of(self._connection, device)
            seals = tuple(links.read_seals(self._connection)) if end else ()
        if end is None or any((one.device, one.counter) == (device, end[0]) for one in seals):
            return
        made = Seal(device, *end, time, unnamed(seals))
        if signed := sign(made.message):
            public_key, signature = signed
            self.append((made._replace(public_key=public_key, signature=signature),))

    def expect_untouched(self) -> None:
        """Raise FileMoved if the file was taken away or replaced, or written to by anybody else since we last did."""
        self._expect_unmoved()
        with self._plainly():
            if self._data_version is not None and self._seen() != self._data_version:
                raise refusals.FileMoved(refusals.REPLACED, file=self.path.name)

    def append(self, writes: Sequence[Write]) -> None:
        """Commit all writes or none; what is already there (a commit whose success went unseen) stays as it is."""
        self._expect_unmoved()
        with self._plainly():
            if self._data_version is None:
                self._data_version = self._seen()
            try:
                self._commit(writes)
            except database.errors() as error:
                self._look_again_after(error)
                raise
        # Swapped between the check and the commit: the commit went into the file that was taken away.
        self._expect_unmoved()

    def _commit(self, writes: Sequence[Write]) -> None:
        with self._links.whole_or_forgotten(), database.transaction(self._database):
            if self._seen() != self._data_version:
                raise refusals.FileMoved(refusals.REPLACED, file=self.path.name)
            for write in writes:
                apply(self._database, write, self._links)

    def _look_again_after(self, error: Exception) -> None:
        """Note where we stand: after an error of the disk, SQLite counts as after a stranger's change."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return
        self._data_version = None
        with suppress(*database.errors()):
            self._data_version = self._seen()

    def back_up(self, reason: Reason) -> backups.Backup:
        """Keep a verified copy elsewhere of the file as it is on the disk; raises KnownError."""
        return backups.back_up(self._connection, self.path, self.key, reason)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @cached_property
    def _database(self) -> "Database":
        """The connection as sqlite-utils knows it, wrapped when it is first needed."""
        return database.wrap(self._connection)

    @cached_property
    def _links(self) -> links.Links:
        return links.Links(self._database)

    def _expect_unmoved(self) -> None:
        try:
            found = _identity(self.path)
        except FileNotFoundError:
            raise refusals.FileMoved(refusals.VANISHED, file=self.path.name) from None
        except OSError as error:
            raise refusals.of_system(error, self.path) from error
        if found != self._identity:
            raise refusals.FileMoved(refusals.REPLACED, file=self.path.name)

    def _row(self, statement: str) -> tuple[str, ...]:
        found = self._connection.execute(statement).fetchall()
        if len(found) != 1:
            raise rows.DamagedRow(statement)
        return tuple(found[0])

    def _seen(self) -> int:
        """Give SQLite's number of what we have seen, which differs once anybody else has written."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        with plainly(self.path):
            yield


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn what the world refuses into a sentence."""
    try:
        yield
    except database.errors() as error:
        raise refusals.of_sqlite(error, path) from error
    except (rows.DamagedRow, UnicodeDecodeError) as error:
        # SQLite's message about a damaged schema quotes it, and what it quotes may be no text any more.
        raise KnownError(refusals.DAMAGED, file=path.name) from error
    except OSError as error:
        raise refusals.of_system(error, path) from error


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


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 - half the time of Path.stat, on the way of every answer
    return found.st_dev, found.st_ino
