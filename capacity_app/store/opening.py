"""Opening a file that may be anybody's: asked for its name first, then compared with ours, then checked.

Never opened with ``open``: closing such a file takes away, on POSIX, all locks that this process holds on it,
and a reader elsewhere would take a commit going on here for one that a crash cut off.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from capacity_app.domain.problems import KnownError
from capacity_app.store import refusals, schema

_CHECKED_TABLES_EXCEPT = frozenset({"documents"})
"""Held documents are checked by their hash when they are read: 250 MB on a slow stick would take seconds."""


def expect_assessment_file(path: Path) -> None:
    """Refuse whatever is not one of our files, without touching it."""
    name = path.name
    try:
        if path.is_dir():
            raise KnownError(refusals.A_FOLDER, file=name)
        if path.stat().st_size == 0:
            raise KnownError(refusals.EMPTY, file=name)
    except FileNotFoundError:
        raise KnownError(refusals.MISSING, file=name) from None
    except OSError as error:
        raise refusals.of_system(error, path) from error
    if not _may(os.R_OK, path):
        raise KnownError(refusals.UNREADABLE, file=name)
    # A commit that a crash cut off cannot be read; it is taken back when the file is opened, and asked again.
    with suppress(_CutOff), closing(_open(path, read_only=True, busy_seconds=_PATIENCE)) as connection:
        _expect_ours(connection, path)


def is_writable(path: Path) -> bool:
    """Whether the file and its folder (for the journal) may be written."""
    as_we_are = os.access in os.supports_effective_ids
    return all(os.access(place, os.W_OK, effective_ids=as_we_are) for place in (path, path.parent))


def connect(path: Path, *, read_only: bool, busy_seconds: float) -> sqlite3.Connection:
    """Open with our settings, check and bring up to date; raises KnownError, sqlite3.Error or OSError."""
    if read_only:
        _finish_interrupted(path, busy_seconds)
    connection = _open(path, read_only=read_only, busy_seconds=busy_seconds)
    try:
        _set_up(connection)
        version = _expect_own_parts(connection, path)
        _expect_sound(connection, path)
        if version < schema.VERSION:
            connection = _brought_up_to_date(connection, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path, *, read_only: bool, busy_seconds: float) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    place = path.resolve().as_posix()
    # Path.as_uri writes a network share (//server/share) with an authority, which SQLite refuses.
    uri = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None)


def _finish_interrupted(path: Path, busy_seconds: float) -> None:
    """Take back a commit that a crash cut off, which a reader is not allowed to do; a commit going on is left alone."""
    real = path.resolve()
    if is_writable(real) and real.with_name(f"{real.name}-journal").exists():
        with closing(_open(path, read_only=False, busy_seconds=busy_seconds)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


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


def _expect_own_parts(connection: sqlite3.Connection, path: Path) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not 1 <= version <= schema.VERSION:
        raise KnownError(refusals.DAMAGED if version < 1 else refusals.NEWER, file=path.name)
    found, expected = schema.parts_of(connection), schema.expected_parts(version)
    if expected - found:
        raise KnownError(refusals.DAMAGED, file=path.name)
    if found - expected:
        strange = ", ".join(sorted(name for _, name, _ in found - expected))
        raise KnownError(refusals.STRANGE_PARTS, file=path.name, parts=strange[:200])
    return int(version)


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


def _brought_up_to_date(connection: sqlite3.Connection, *, read_only: bool) -> sqlite3.Connection:
    """Migrate in place, or, where nothing may be written, a copy in memory."""
    if not read_only:
        schema.migrate(connection)
        return connection
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    connection.close()
    schema.migrate(copy)
    _set_up(copy)
    return copy
