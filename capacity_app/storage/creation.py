"""Assessment files written whole and then put in place: new ones, or the same under another key."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.files.atomic import move_into_place, remove_temporary, sync_file, temp_path
from capacity_app.storage import database, file_errors, schema
from capacity_app.storage.assessment_file import (
    UNSTORABLE_ERRORS,
    AssessmentFile,
    AssessmentFileHeader,
    Write,
    apply_write,
    translate_sqlite_errors,
)
from capacity_app.storage.integrity import is_sound_copy
from capacity_app.storage.opening import BUSY_SECONDS

if TYPE_CHECKING:
    from sqlite_utils import Database


def write_new_assessment(
    destination: Path,
    label: AssessmentFileHeader,
    writes: Iterable[Write],
    *,
    replace: bool = False,
    key: EncryptionKey | None = None,
) -> int:
    """Write a whole assessment into a new file and count what no database can hold, which is left out.

    Raises KnownError, and then there is no new file at all. With a key the file is protected. An existing file is only
    replaced when asked to, and only once the new one is complete.
    """
    if not replace:
        expect_free_path(destination)
    with atomic_assessment(destination, replace=replace, key=key) as temp, translate_sqlite_errors(destination):
        return _fill(temp, label, writes, key)


def expect_free_path(destination: Path) -> None:
    """Refuse to write over anything, or where SQLite would take a file for the journal of ours; raises KnownError."""
    for place in (destination, *(database.companion_file(destination, ending) for ending in ("journal", "wal"))):
        if os.path.lexists(place):
            raise KnownError(file_errors.ALREADY_THERE, file=place.name)


@contextmanager
def atomic_assessment(destination: Path, *, replace: bool = False, key: EncryptionKey | None = None) -> Iterator[Path]:
    """Yield a path to make an assessment at, which is read and then takes its place; raises KnownError.

    Whoever makes it waits for the disk.
    """
    with temp_path(destination) as temp:
        yield temp
        with translate_sqlite_errors(destination):
            with AssessmentFile(temp, read_only=True, keys=keyring_of(key)) as written:
                written.read()
            _move_into_place(temp, destination, replace=replace)


def _fill(path: Path, label: AssessmentFileHeader, writes: Iterable[Write], key: EncryptionKey | None) -> int:
    # Made by us first: SQLite answers "unable to open" to a missing folder as to a forbidden one.
    path.open("xb").close()
    connection = database.connect(path, key)
    try:
        connection.execute("PRAGMA synchronous = EXTRA")
        made = database.wrap_connection(connection)
        schema.migrate(made)
        with database.transaction(made):
            made.table("assessment").insert({"id": label.assessment_id, "created": label.created})
            made.table("instrument").insert(asdict(label.instrument))
            return sum(not _is_applied(made, write) for write in writes)
    finally:
        connection.close()


def _is_applied(made: "Database", write: Write) -> bool:
    try:
        apply_write(made, write)
    except UNSTORABLE_ERRORS:  # which must not cost everything else
        return False
    return True


def _move_into_place(temp: Path, destination: Path, *, replace: bool) -> None:
    if replace:
        # What was cut off belongs to what stood there, and would be played into what stands there next.
        for ending in ("journal", "wal"):
            database.companion_file(destination, ending).unlink(missing_ok=True)
    try:
        move_into_place(temp, destination, overwrite=replace)
    except FileExistsError:
        raise KnownError(file_errors.ALREADY_THERE, file=destination.name) from None


# Putting a file under a key, under another one, or under none: written anew beside, compared whole, then exchanged.


def change_key(file: Path, key: EncryptionKey | None, new_key: EncryptionKey | None) -> None:
    """Exchange a file, which nobody has open, for one with the same content under another key; raises KnownError.

    Whenever this is cut off, the file is the old one or the new one. Its times and permissions stay.
    """
    real = file.resolve()
    remove_temporary(real)  # an earlier attempt that was cut off may be a plain copy
    with atomic_assessment(real, replace=True, key=new_key) as temp, translate_sqlite_errors(file):
        before = real.stat()
        database.rewrite_under_key(real, key, temp, new_key, timeout=BUSY_SECONDS)
        sync_file(temp)
        with (
            closing(database.connect(real, key, mode="ro", timeout=BUSY_SECONDS)) as original,
            closing(database.connect(temp, new_key, mode="ro")) as copy,
        ):
            if not is_sound_copy(original, copy):
                raise KnownError(file_errors.DISK_FAILS, file=file.name)
        if database.companion_file(real, "journal").exists():
            # Of a program that is writing, or was cut off: it belongs to the file as it is, never to another.
            raise file_errors.FileBusy(file_errors.LOCKED, file=file.name)
        with suppress(OSError):
            shutil.copymode(real, temp)
            os.utime(temp, ns=(before.st_atime_ns, before.st_mtime_ns))
