"""New files: written beside, verified, then put in place whole; a full disk leaves nothing behind."""

import glob
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.keys import Key, ring_of
from capacity_app.domain.problems import KnownError
from capacity_app.store import database, refusals, schema
from capacity_app.store.assessment_file import UNSTORABLE, AssessmentFile, Label, Write, apply, plainly
from capacity_app.store.leftovers import sweep
from capacity_app.store.syncing import sync_folder

if TYPE_CHECKING:
    from sqlite_utils import Database


def write_new(
    destination: Path, label: Label, writes: Iterable[Write], *, replace: bool = False, key: Key | None = None
) -> int:
    """Write a whole assessment into a new file and count what no database can hold, which is left out.

    Raises KnownError, and then there is no new file at all. With a key the file is protected. An existing file is only
    replaced when asked to, and only once the new one is complete.
    """
    if not replace:
        expect_nothing_there(destination)
    with written_beside(destination, replace=replace, key=key) as beside, plainly(destination):
        return _fill(beside, label, writes, key)


def expect_nothing_there(destination: Path) -> None:
    """Refuse to write over anything, or where SQLite would take a file for the journal of ours; raises KnownError."""
    for place in (destination, *(database.beside(destination, ending) for ending in ("journal", "wal"))):
        if os.path.lexists(place):
            raise KnownError(refusals.ALREADY_THERE, file=place.name)


@contextmanager
def written_beside(destination: Path, *, replace: bool = False, key: Key | None = None) -> Iterator[Path]:
    """Give a place beside to make a file at, which is read and put in place whole; raises KnownError."""
    sweep(destination.parent, f".{glob.escape(destination.name)}.*.new*")
    beside = destination.with_name(f".{destination.name}.{secrets.token_hex(4)}.new")
    try:
        yield beside
        with plainly(destination):
            with AssessmentFile(beside, read_only=True, keys=ring_of(key)) as written:
                written.read()
            _put_in_place(beside, destination, replace=replace)
    finally:
        for leftover in (beside, beside.with_name(beside.name + "-journal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _fill(path: Path, label: Label, writes: Iterable[Write], key: Key | None) -> int:
    # Made by us first: SQLite answers "unable to open" to a missing folder as to a forbidden one.
    path.open("xb").close()
    connection = database.connect(path, key)
    try:
        connection.execute("PRAGMA synchronous = EXTRA")
        made = database.wrap(connection)
        schema.migrate(made)
        with database.transaction(made):
            made.table("assessment").insert({"id": label.assessment_id, "created": label.created})
            made.table("instrument").insert(asdict(label.instrument))
            return sum(not _applied(made, write) for write in writes)
    finally:
        connection.close()


def _applied(made: "Database", write: Write) -> bool:
    try:
        apply(made, write)
    except UNSTORABLE:  # which must not cost everything else
        return False
    return True


def _put_in_place(beside: Path, destination: Path, *, replace: bool) -> None:
    if replace:
        # What was cut off belongs to what stood there, and would be played into what stands there next.
        for ending in ("journal", "wal"):
            database.beside(destination, ending).unlink(missing_ok=True)
        beside.replace(destination)
    else:
        _rename_without_overwriting(beside, destination)
    sync_folder(destination.parent)


def _rename_without_overwriting(beside: Path, destination: Path) -> None:
    try:
        os.link(beside, destination)
    except FileExistsError:
        raise KnownError(refusals.ALREADY_THERE, file=destination.name) from None
    except OSError:
        # No hard links on this drive (FAT, some network shares): Windows refuses to overwrite by itself.
        if os.path.lexists(destination):
            raise KnownError(refusals.ALREADY_THERE, file=destination.name) from None
        beside.rename(destination)
    else:
        beside.unlink()
