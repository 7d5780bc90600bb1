"""Backups: verified copies of an assessment, kept elsewhere than the assessment itself."""

import itertools
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.keys import Key
from capacity_app.domain.problems import KnownError
from capacity_app.store import database, refusals


def back_up(connection: sqlite3.Connection, path: Path, key: Key | None, version: int) -> Path:
    """Keep a copy, protected alike, of a file of an older version before it is brought up to date; raises KnownError.

    The copy is a file like the original, checked before it gets its name, and stays until a person removes it.
    """
    folder = paths.backups_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = _free_name(folder, path, version)
        beside = kept.with_name(f".{kept.name}.new")
        try:
            connection.execute("VACUUM INTO ?", (str(beside),))
            _expect_equal(connection, beside, key)
            beside.rename(kept)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise KnownError(refusals.NO_BACKUP, file=path.name, folder=str(folder)) from error
    return kept


def _free_name(folder: Path, path: Path, version: int) -> Path:
    numbers = itertools.chain([""], (f", {number}" for number in itertools.count(2)))
    names = (folder / f"{path.stem} (version {version}{number}){path.suffix}" for number in numbers)
    return next(name for name in names if not name.exists())


_TABLES = ("answer_revisions", "entry_revisions", "documents", "previous_rounds")


def _expect_equal(original: sqlite3.Connection, copy: Path, key: Key | None) -> None:
    """Raise sqlite3.Error unless the copy is sound and holds as much as the original."""
    with closing(database.connect(str(copy), key)) as made:
        is_sound = made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in _TABLES:
            count = f"SELECT count(*) FROM {table}"  # noqa: S608 - our own names
            is_sound = is_sound and made.execute(count).fetchone() == original.execute(count).fetchone()
    if not is_sound:
        raise sqlite3.DatabaseError
