"""Our two drivers, one interface: Python's own for plain files, SQLCipher's for protected ones; and sqlite-utils.

Opening and reading need only a connection; whoever writes, makes, migrates or checks a file wraps it here.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from capacity_app.domain.keys import Key

if TYPE_CHECKING:
    from sqlite_utils import Database


def errors() -> tuple[type[Exception], ...]:
    """Give what either driver raises, for ``except``; the second one's classes are not the first one's."""
    if "sqlcipher3" not in sys.modules:
        return (sqlite3.Error,)
    return (sqlite3.Error, _cipher().Error)


def _cipher() -> Any:  # noqa: ANN401 - a module without types, with the interface of sqlite3
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - 7 MB that only protected files need

    return dbapi2


def connect(place: str, key: Key | None = None, *, timeout: float = 0.0) -> sqlite3.Connection:
    """Open a connection in autocommit mode, to a file (a path or URI) or ":memory:"; raises one of ``errors``."""
    is_uri = place.startswith("file:")
    if key is None:
        return sqlite3.connect(place, uri=is_uri, timeout=timeout, isolation_level=None)
    return _with_cipher(place, key, timeout)


def _with_cipher(place: str, key: Key | None, timeout: float = 0.0) -> sqlite3.Connection:
    """Open a connection of the second driver, which reads plain files as well."""
    is_uri = place.startswith("file:")
    opened = cast("sqlite3.Connection", _cipher().connect(place, uri=is_uri, timeout=timeout, isolation_level=None))
    for setting in (
        "cipher_log_level = NONE",  # it writes to the terminal what we say in a sentence
        *([f"key = {_spelt(key)}"] if key else []),
        "temp_store = MEMORY",
    ):
        opened.execute(f"PRAGMA {setting}").fetchall()
    return opened


def _spelt(key: Key | None) -> str:
    """Write a key as SQLCipher wants it, together with the salt; an empty one for a plain file."""
    return f"""\"x'{key.raw.hex()}{key.salt.hex()}'\"""" if key else "''"


def rewrite(place: str, key: Key | None, destination: Path, new_key: Key | None, *, timeout: float = 0.0) -> None:
    """Write everything in a file into a new one, row by row, under another key or under none.

    Raises one of ``errors``. The caller waits for the disk.
    """
    opened = _with_cipher(place, key, timeout)
    try:
        opened.execute(f"ATTACH DATABASE ? AS copy KEY {_spelt(new_key)}", (str(destination),))
        # It fills the new file in many transactions, and none of them counts before the file is whole.
        opened.execute("PRAGMA copy.journal_mode = MEMORY").fetchall()
        opened.execute("PRAGMA copy.synchronous = OFF").fetchall()
        opened.execute("SELECT sqlcipher_export('copy')").fetchall()
        for mark in ("application_id", "user_version"):
            (value,) = opened.execute(f"PRAGMA main.{mark}").fetchone()
            opened.execute(f"PRAGMA copy.{mark} = {value}").fetchall()
    finally:
        opened.close()


def first_bytes(place: str) -> bytes:
    """Read the first 16 bytes of a file through SQLite; raises one of ``errors``.

    Closing a file that was opened in any other way takes away the locks that this process holds on it.
    """
    opened = _cipher().connect(place, uri=place.startswith("file:"))
    try:
        opened.execute("PRAGMA cipher_log_level = NONE").fetchall()
        # Any key will do: nothing is decrypted.
        opened.execute(f"""PRAGMA key = "x'{bytes(32).hex()}'\"""").fetchall()
        found = opened.execute("PRAGMA cipher_salt").fetchone()
        return bytes.fromhex(found[0]) if found else b""
    finally:
        opened.close()


def wrap(connection: sqlite3.Connection) -> "Database":
    """Give sqlite-utils a connection: no plugin is run, and nothing is tried out by making tables in the file."""
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
    # atomic() by itself begins DEFERRED, and would find out at the first write that somebody else is writing; inside
    # our transaction it is a savepoint, as is every insert of sqlite-utils inside it.
    database.execute("BEGIN IMMEDIATE")
    try:
        with database.atomic():
            yield
        database.commit()
    except BaseException:
        # Does nothing where a full disk has ended the transaction already.
        database.rollback()
        raise
