"""Our two drivers, one interface: Python's own for plain files, SQLCipher's for protected ones; and sqlite-utils.

Opening and reading need only a connection; whoever writes, makes, migrates or checks a file wraps it here.
"""

import os
import sqlite3
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import quote

from capacity_app.domain.encryption_keys import EncryptionKey
from capacity_app.domain.problems import KnownError
from capacity_app.storage import file_errors

if TYPE_CHECKING:
    from sqlite_utils import Database


class ClosedAfterUse(ABC):
    """Something open that a ``with`` closes."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def sqlite_errors() -> tuple[type[Exception], ...]:
    """Return what either driver raises, for ``except``; the second one's classes are not the first one's."""
    if "sqlcipher3" not in sys.modules:
        return (sqlite3.Error,)
    return (sqlite3.Error, _cipher().Error)


def _cipher() -> Any:  # noqa: ANN401 - a module without types, with the interface of sqlite3
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - 7 MB that only protected files need

    return dbapi2


MEMORY = "file::memory:"
IMMUTABLE = "ro&immutable=1"
"""To read a file as it is, and nothing that lies beside it."""


def connect(
    file: Path | str, key: EncryptionKey | None = None, *, mode: str = "rwc", timeout: float = 0.0
) -> sqlite3.Connection:
    """Open a connection in autocommit mode to a file, or to ``MEMORY``; ``mode`` is "ro", "rw", "rwc" or ``IMMUTABLE``.

    Raises one of ``sqlite_errors``, and KnownError for a journal that names another file, which SQLite would delete.
    """
    place = MEMORY
    if file != MEMORY:
        resolved = resolve_path(file)
        place = _resolved_uri(resolved, mode)
        if mode != IMMUTABLE:
            expect_own_journal(resolved)
    if key is None:
        return sqlite3.connect(place, uri=True, timeout=timeout, isolation_level=None)
    return _connect_with_cipher(place, key, timeout)


def connect_immutable(resolved: Path) -> sqlite3.Connection:
    """Open a plain file, whose links have been followed, as it is; raises one of ``sqlite_errors``."""
    return sqlite3.connect(_resolved_uri(resolved, IMMUTABLE), uri=True, isolation_level=None)


def resolve_path(file: Path | str) -> Path:
    """Follow links, as SQLite does; asks the system less than Path.resolve, on a slow drive."""
    return Path(os.path.realpath(file))


def sqlite_uri(file: Path | str, mode: str) -> str:
    """Write the place of a file as SQLite takes it."""
    return _resolved_uri(resolve_path(file), mode)


def _resolved_uri(file: Path, mode: str) -> str:
    place = file.as_posix()
    # Path.as_uri writes a network share (//server/share) with an authority, which SQLite refuses.
    return f"file://{'' if place.startswith('/') else '/'}{quote(os.fsencode(place))}?mode={mode}"


def companion_file(file: Path, ending: str) -> Path:
    """Return the place of what SQLite keeps beside a file: its "journal", "wal" or "shm"; links are followed."""
    return beside(resolve_path(file), ending)


def beside(resolved: Path, ending: str) -> Path:
    return resolved.with_name(f"{resolved.name}-{ending}")


_JOURNAL_MARK = bytes.fromhex("d9d505f920a163d7")
_TAIL = 16
"""What a journal that names another file ends with: the length of the name, its checksum and the mark."""


def expect_own_journal(resolved: Path) -> None:
    """Raise KnownError if the journal beside a file names another file, which SQLite would delete."""
    journal = beside(resolved, "journal")
    try:
        is_foreign = names_super_journal(journal)
    except OSError as error:
        raise file_errors.from_os_error(error, journal) from error
    if is_foreign:
        raise KnownError(file_errors.NAMES_ANOTHER, file=resolved.name, journal=journal.name)


def names_super_journal(journal: Path) -> bool:
    """Return whether a journal names a super-journal, as no commit of ours does; raises OSError.

    The rule is that of SQLite's readSuperJournal, without the checksum it also asks for.
    """
    try:
        if not stat.S_ISREG(journal.stat().st_mode):
            return False
        with journal.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL))
            tail = stream.read(_TAIL)
    except FileNotFoundError:
        return False
    return len(tail) == _TAIL and tail.endswith(_JOURNAL_MARK) and 0 < int.from_bytes(tail[:4], "big") <= size - _TAIL


def _connect_with_cipher(place: str, key: EncryptionKey | None, timeout: float = 0.0) -> sqlite3.Connection:
    """Open a connection of the second driver, which reads plain files as well."""
    opened = cast("sqlite3.Connection", _cipher().connect(place, uri=True, timeout=timeout, isolation_level=None))
    for setting in (
        "cipher_log_level = NONE",  # it writes to the terminal what we say in a sentence
        *([f"key = {_key_literal(key)}"] if key else []),
        "temp_store = MEMORY",
    ):
        opened.execute(f"PRAGMA {setting}").fetchall()
    return opened


def _key_literal(key: EncryptionKey | None) -> str:
    """Write a key as SQLCipher wants it, together with the salt; an empty one for a plain file."""
    return f"""\"x'{key.raw.hex()}{key.salt.hex()}'\"""" if key else "''"


def rewrite_under_key(
    file: Path, key: EncryptionKey | None, destination: Path, new_key: EncryptionKey | None, *, timeout: float = 0.0
) -> None:
    """Write everything in a file into a new one, row by row, under another key or under none.

    Raises what ``connect`` raises. The caller waits for the disk.
    """
    expect_own_journal(resolve_path(file))
    opened = _connect_with_cipher(sqlite_uri(file, "rw"), key, timeout)
    try:
        opened.execute(f"ATTACH DATABASE ? AS copy KEY {_key_literal(new_key)}", (str(destination),))
        # It fills the new file in many transactions, and none of them counts before the file is whole.
        opened.execute("PRAGMA copy.journal_mode = MEMORY").fetchall()
        opened.execute("PRAGMA copy.synchronous = OFF").fetchall()
        opened.execute("SELECT sqlcipher_export('copy')").fetchall()
        for mark in ("application_id", "user_version"):
            (value,) = opened.execute(f"PRAGMA main.{mark}").fetchone()
            opened.execute(f"PRAGMA copy.{mark} = {value}").fetchall()
    finally:
        opened.close()


def read_first_bytes(file: Path) -> bytes:
    """Read the first 16 bytes of a file through SQLite; raises one of ``sqlite_errors``.

    Closing a file that was opened in any other way takes away the locks that this process holds on it.
    """
    opened = _cipher().connect(sqlite_uri(file, "ro"), uri=True)
    try:
        opened.execute("PRAGMA cipher_log_level = NONE").fetchall()
        # Any key will do: nothing is decrypted.
        opened.execute(f"""PRAGMA key = "x'{bytes(32).hex()}'\"""").fetchall()
        found = opened.execute("PRAGMA cipher_salt").fetchone()
        return bytes.fromhex(found[0]) if found else b""
    finally:
        opened.close()


def wrap_connection(connection: sqlite3.Connection) -> "Database":
    """Return sqlite-utils a connection: no plugin is run, and nothing is tried out by making tables in the file."""
    # It imports numpy where that is installed, and so would cost every start 0.1 s before anything is written.
    from sqlite_utils import Database  # noqa: PLC0415 - the reason above

    database = Database(connection, execute_plugins=False, use_counts_table=False, strict=True)
    # Left unset, the first use makes and drops a table in the person's file to see what this SQLite can do; ours are
    # STRICT, so SQLite is 3.37 or newer and can do both.
    database._supports_strict = database._supports_on_conflict = True  # noqa: SLF001 - there is no public switch
    database.execute("PRAGMA foreign_keys = ON")
    return database


@contextmanager
def transaction(database: "Database") -> Iterator[None]:
    """Commit all or nothing, holding the right to write from the start."""
    # sqlite-utils begins DEFERRED, and would find out at the first write that somebody else is writing; inside our
    # transaction every insert of its own is a savepoint.
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.commit()
    except BaseException:
        # Does nothing where a full disk has ended the transaction already.
        database.rollback()
        raise
