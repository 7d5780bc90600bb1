"""Opening a file that may be anybody's: asked what it is, then compared with ours, then checked.

Never with ``open``: closing a file takes away, on POSIX, all locks this process holds on it, and a reader
elsewhere would then take back a commit that is going on here. SQLite knows about that; we leave it to SQLite.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from capacity_app.domain.problems import KnownError
from capacity_app.store import database, refusals, schema
from capacity_app.store.backups import back_up

BUSY_SECONDS = 5.0
"""How long a commit waits for another program's lock before it is reported."""
_CHECKED_TABLES_EXCEPT = frozenset({"documents"})
"""Held documents are checked by their hash when they are read: 250 MB on a slow stick would take seconds."""


def expect_assessment_file(path: Path) -> None:
    """Refuse whatever is not one of our files, without changing it; raises KnownError."""
    _expect_readable(path)
    try:
        with closing(_open(path, read_only=True)) as connection:
            _expect_our_version(connection, path)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return  # a commit was cut off; who opens the file takes it back first, and asks again
        if code & 0xFF == sqlite3.SQLITE_NOTADB:
            raise KnownError(refusals.FOREIGN, file=path.name) from error
        raise refusals.of_sqlite(error, path) from error
    except UnicodeDecodeError as error:
        raise KnownError(refusals.DAMAGED, file=path.name) from error


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


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open with our settings, check and bring up to date; raises KnownError, sqlite3.Error or OSError."""
    if read_only:
        _finish_interrupted(path)
    connection = _open(path, read_only=read_only)
    try:
        version = _expect_our_version(connection, path)
        _set_up(connection)
        _expect_own_parts(connection, path, version)
        _expect_sound(connection, path)
        if version < schema.VERSION:
            connection = _brought_up_to_date(connection, path, version, read_only=read_only)
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
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in refused
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def _open(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    place = path.resolve().as_posix()
    # Path.as_uri writes a network share (//server/share) with an authority, which SQLite refuses.
    uri = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _finish_interrupted(path: Path) -> None:
    """Take back a commit that a crash cut off, which a reader may not; a commit going on is left alone."""
    real = path.resolve()
    if is_writable(real) and real.with_name(f"{real.name}-journal").exists():
        with closing(_open(path, read_only=False)) as connection:
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
    if path.stat().st_size < pages * page_size:
        raise KnownError(refusals.DAMAGED, file=path.name)
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if table in _CHECKED_TABLES_EXCEPT:
            continue
        if connection.execute(f"PRAGMA quick_check('{table}')").fetchone() != ("ok",):
            raise KnownError(refusals.DAMAGED, file=path.name)


def _brought_up_to_date(
    connection: sqlite3.Connection, path: Path, version: int, *, read_only: bool
) -> sqlite3.Connection:
    """Migrate in place, once a copy is kept, or, where nothing may be written, a copy in memory."""
    if not read_only:
        back_up(connection, path, version)
        schema.migrate(database.wrap(connection))
        return connection
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    connection.close()
    schema.migrate(database.wrap(copy))
    _set_up(copy)
    return copy
