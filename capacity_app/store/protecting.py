"""Putting a file under a key, under another one, or under none: written anew beside, compared whole, then exchanged."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from itertools import zip_longest
from pathlib import Path

from capacity_app.domain.keys import Key
from capacity_app.domain.problems import KnownError
from capacity_app.files.atomic import remove_temporary, sync_file
from capacity_app.store import database, refusals
from capacity_app.store.assessment_file import plainly
from capacity_app.store.creation import atomic_assessment
from capacity_app.store.opening import BUSY_SECONDS


def put_under(file: Path, key: Key | None, new_key: Key | None) -> None:
    """Exchange a file, which nobody has open, for one with the same content under another key; raises KnownError.

    Whenever this is cut off, the file is the old one or the new one. Its times and permissions stay.
    """
    real = file.resolve()
    remove_temporary(real)  # an earlier attempt that was cut off may be a plain copy
    with atomic_assessment(real, replace=True, key=new_key) as temp, plainly(file):
        before = real.stat()
        database.rewrite(real, key, temp, new_key, timeout=BUSY_SECONDS)
        sync_file(temp)
        if not _are_equal(real, key, temp, new_key):
            raise KnownError(refusals.DISK_FAILS, file=file.name)
        if database.beside(real, "journal").exists():
            # Of a program that is writing, or was cut off: it belongs to the file as it is, never to another.
            raise refusals.FileBusy(refusals.LOCKED, file=file.name)
        with suppress(OSError):
            shutil.copymode(real, temp)
            os.utime(temp, ns=(before.st_atime_ns, before.st_mtime_ns))


def _are_equal(one: Path, key: Key | None, other: Path, other_key: Key | None) -> bool:
    """Compare all a file holds, row by row, with what was read back from another one."""
    with (
        closing(database.connect(one, key, mode="ro", timeout=BUSY_SECONDS)) as first,
        closing(database.connect(other, other_key, mode="ro")) as second,
    ):
        if second.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return False
        questions = [*_MARKS, _PARTS, *(f'SELECT * FROM "{table}" NOT INDEXED' for table in _tables(first))]  # noqa: S608 - names of our own tables
        return all(_say_the_same(first, second, question) for question in questions)


_MARKS = ("PRAGMA application_id", "PRAGMA user_version", "PRAGMA encoding")
_PARTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
_MISSING = object()


def _say_the_same(first: sqlite3.Connection, second: sqlite3.Connection, question: str) -> bool:
    rows = zip_longest(first.execute(question), second.execute(question), fillvalue=_MISSING)
    return all(one == other for one, other in rows)


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return [name.replace('"', '""') for (name,) in found]
