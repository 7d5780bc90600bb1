"""New assessments: written beside, verified, then put in place whole; a full disk leaves nothing behind."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.keys import Key, ring_of
from capacity_app.domain.problems import KnownError
from capacity_app.files.atomic import move_into_place, temp_path
from capacity_app.store import database, refusals, schema
from capacity_app.store.assessment_file import UNSTORABLE, AssessmentFile, Label, Write, apply, plainly

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
    with atomic_assessment(destination, replace=replace, key=key) as temp, plainly(destination):
        return _fill(temp, label, writes, key)


def expect_nothing_there(destination: Path) -> None:
    """Refuse to write over anything, or where SQLite would take a file for the journal of ours; raises KnownError."""
    for place in (destination, *(database.beside(destination, ending) for ending in ("journal", "wal"))):
        if os.path.lexists(place):
            raise KnownError(refusals.ALREADY_THERE, file=place.name)


@contextmanager
def atomic_assessment(destination: Path, *, replace: bool = False, key: Key | None = None) -> Iterator[Path]:
    """Yield a path to make an assessment at, which is read and then takes its place; raises KnownError.

    Whoever makes it waits for the disk.
    """
    with temp_path(destination) as temp:
        yield temp
        with plainly(destination):
            with AssessmentFile(temp, read_only=True, keys=ring_of(key)) as written:
                written.read()
            _move_into_place(temp, destination, replace=replace)


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


def _move_into_place(temp: Path, destination: Path, *, replace: bool) -> None:
    if replace:
        # What was cut off belongs to what stood there, and would be played into what stands there next.
        for ending in ("journal", "wal"):
            database.beside(destination, ending).unlink(missing_ok=True)
    try:
        move_into_place(temp, destination, overwrite=replace)
    except FileExistsError:
        raise KnownError(refusals.ALREADY_THERE, file=destination.name) from None
