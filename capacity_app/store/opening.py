"""Opening a file that may be anybody's: asked what it is, then compared with ours, then checked.

Never with ``open``: closing a file takes away, on POSIX, all locks this process holds on it, and a reader
elsewhere would then take back a commit that is going on here. SQLite knows about that; we leave it to SQLite.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from capacity_app.domain.keys import NO_KEYS, SALT_BYTES, Key, Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.store import database, refusals, schema
from capacity_app.store.backups import back_up

BUSY_SECONDS = 5.0
"""How long a commit waits for another program's lock before it is reported."""
_CHECKED_TABLES_EXCEPT = frozenset({"documents"})
"""Held documents are checked by their hash when they are read: 250 MB on a slow stick would take seconds."""


def expect_assessment_file(path: Path, keys: Keyring = NO_KEYS) -> Key | None:
    """Refuse whatever is not one of our files, without changing it; raises KnownError.

    Gives the key on the ring that opens a protected file (Protected if there is none), None for a plain one.
    """
    _expect_readable(path)
    try:
        with closing(_open(path, None, read_only=True)) as connection:
            _expect_our_version(connection, path)
    except database.errors() as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF == sqlite3.SQLITE_NOTADB or code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return _fitting(path, keys, code)
        raise refusals.of_sqlite(error, path) from error
    except UnicodeDecodeError as error:
        raise KnownError(refusals.DAMAGED, file=path.name) from error
    return None


def _fitting(path: Path, keys: Keyring, code: int) -> Key | None:
    """Find the key of a file that is no plain database, or of which a commit was cut off."""
    salt = database.first_bytes(_uri(path, "ro"))
    if not _looks_protected(salt, path):
        if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return None  # who opens the file takes the commit back first, and asks again
        raise KnownError(refusals.FOREIGN, file=path.name)
    if not keys:
        raise refusals.Protected(refusals.PROTECTED, file=path.name)
    for key in keys.for_salt(salt):
        if _opens(path, key):
            return key
    raise refusals.Protected(refusals.DOES_NOT_FIT, file=path.name)


_PLAIN = b"SQLite format 3\0"
_KNOWN_KINDS = (b"PK", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"7z", b"Rar!", b"RIFF",
                b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x7fELF", b"MZ")  # fmt: skip
PROTECTED_PAGE = 4_096


def _looks_protected(head: bytes, path: Path) -> bool:
    """Whether a file may be one of ours under a passphrase, which looks like noise from its first byte on."""
    is_text = all(byte in b"\t\n\r" or 0x20 <= byte < 0x7F for byte in head)  # noqa: PLR2004 - printable ASCII
    is_noise = len(head) == SALT_BYTES and not head.startswith(_KNOWN_KINDS) and head != _PLAIN and not is_text
    return is_noise and path.stat().st_size % PROTECTED_PAGE == 0


def _opens(path: Path, key: Key) -> bool:
    """Whether a key fits; a commit that a crash cut off is taken back on the way, where that may be."""
    try:
        _finish_interrupted(path, key)
        with closing(_open(path, key, read_only=True)) as connection:
            _expect_our_version(connection, path)
    except database.errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
            return False
        raise refusals.of_sqlite(error, path) from error
    return True


def _expect_readable(path: Path) -> None:
    try:
        size = path.stat().st_size
        is_folder = path.is_dir()
    except FileNotFoundError:
        raise KnownError(refusals.MISSING, file=path.name) from None
    except OSError as error:
        raise refusals.of_system(error, path) from error
    if is_folder:
        raise KnownError(refusals.A_FOLDER, file=path.name)
    if size == 0:
        raise KnownError(refusals.EMPTY, file=path.name)
    if not _may(os.R_OK, path):
        raise KnownError(refusals.UNREADABLE, file=path.name)


def is_writable(path: Path) -> bool:
    """Whether the file and its folder (for the journal) may be written, as far as the system says."""
    return _may(os.W_OK, path) and _may(os.W_OK, path.parent)


def _may(right: int, path: Path) -> bool:
    return os.access(path, right, effective_ids=os.access in os.supports_effective_ids)


def connect(path: Path, key: Key | None = None, *, read_only: bool) -> sqlite3.Connection:
    """Open with our settings, check and bring up to date; raises KnownError, one of ``database.errors`` or OSError."""
    if read_only:
        _finish_interrupted(path, key)
    connection = _open(path, key, read_only=read_only)
    try:
        version = _expect_our_version(connection, path)
        _set_up(connection)
        _expect_own_parts(connection, path, version)
        _expect_sound(connection, path)
        if version < schema.VERSION:
            connection = _brought_up_to_date(connection, path, key, version, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def takes_writes(connection: sqlite3.Connection) -> bool:
    """Whether a transaction could write; SQLite opens a file for reading when it may not be written, and says nothing.

    A full disk or another program's lock will pass, and counts as yes.
    """
    refused = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    except database.errors() as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in refused
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def _open(path: Path, key: Key | None, *, read_only: bool) -> sqlite3.Connection:
    return database.connect(_uri(path, "ro" if read_only else "rw"), key, timeout=BUSY_SECONDS)


def _uri(path: Path, mode: str) -> str:
    place = path.resolve().as_posix()
    # Path.as_uri writes a network share (//server/share) with an authority, which SQLite refuses.
    return f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode={mode}"


def _finish_interrupted(path: Path, key: Key | None) -> None:
    """Take back a commit that a crash cut off, which a reader may not; a commit going on is left alone."""
    real = path.resolve()
    if is_writable(real) and real.with_name(f"{real.name}-journal").exists():
        with closing(_open(path, key, read_only=False)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _expect_our_version(connection: sqlite3.Connection, path: Path) -> int:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != schema.APPLICATION_ID:
        raise KnownError(refusals.FOREIGN, file=path.name)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > schema.VERSION:
        raise KnownError(refusals.NEWER, file=path.name)
    if version < 1:
        raise KnownError(refusals.DAMAGED, file=path.name)
    return int(version)


def _set_up(connection: sqlite3.Connection) -> None:
    for setting in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "mmap_size = 0",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        # EXTRA lost nothing in thousands of simulated power cuts; FULL with a deleted journal, and WAL, did.
        "journal_mode = DELETE",
        "synchronous = EXTRA",
    ):
        connection.execute(f"PRAGMA {setting}").fetchall()


def _expect_own_parts(connection: sqlite3.Connection, path: Path, version: int) -> None:
    found, expected = schema.parts_of(connection), schema.expected_parts(version)
    if expected - found:
        raise KnownError(refusals.DAMAGED, file=path.name)
    if found - expected:
        strange = ", ".join(sorted(name for _, name, _ in found - expected))
        raise KnownError(refusals.STRANGE_PARTS, file=path.name, parts=strange[:200])


def _expect_sound(connection: sqlite3.Connection, path: Path) -> None:
    (pages,), (page_size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    # SQLCipher gives the size of a page as text.
    if path.stat().st_size < pages * int(page_size):
        raise KnownError(refusals.DAMAGED, file=path.name)
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if table in _CHECKED_TABLES_EXCEPT:
            continue
        if connection.execute(f"PRAGMA quick_check('{table}')").fetchone() != ("ok",):
            raise KnownError(refusals.DAMAGED, file=path.name)


def _brought_up_to_date(
    connection: sqlite3.Connection, path: Path, key: Key | None, version: int, *, read_only: bool
) -> sqlite3.Connection:
    """Migrate in place, once a copy is kept, or, where nothing may be written, a copy in memory."""
    if not read_only:
        back_up(connection, path, key, version)
        schema.migrate(database.wrap(connection))
        return connection
    copy = database.connect(":memory:", key)
    connection.backup(copy)
    connection.close()
    schema.migrate(database.wrap(copy))
    _set_up(copy)
    return copy
