"""Putting a backup back: what stands there is kept first, then exchanged for a verified copy of the backup."""

import os.path
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from capacity_app.domain.keys import NO_KEYS, Key, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.thinning import Reason
from capacity_app.files.atomic import move_into_place, new_file, temp_path
from capacity_app.store import backups, database, opening, refusals
from capacity_app.store.assessment_file import AssessmentFile, plainly
from capacity_app.store.backups import SUFFIX, Backup
from capacity_app.store.creation import atomic_assessment, expect_nothing_there
from capacity_app.store.ownership import Ownership, here

OPEN_ELSEWHERE = N_(
    "{who} has “{file}” open on {where} since {since}: have it closed there, then restore the backup. Nothing was "
    "changed."
)
OPEN_SOMEWHERE = N_("“{file}” is open in another window or on another computer: close it there. Nothing was changed.")
NOT_AS_WRITTEN = N_(
    "The disk did not give back what was written to “{file}”: choose another disk. Nothing was changed."
)


def put_back(backup: Backup, file: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Put a backup in the place of a file, which nobody may have open; gives where what stood there is kept, if it did.

    Raises KnownError, and then the file is as it was.
    """
    file = file.absolute().resolve()
    key = opening.expect_assessment_file(backup.file, keys)
    with _owned(file):
        left = keep_present(file, backup.file.parent, keys)
        with atomic_assessment(file, replace=True, key=key) as temp, plainly(file):
            _copy(backup.file, temp)
            with suppress(OSError):
                shutil.copymode(file, temp)
    return left


def save_elsewhere(backup: Backup, destination: Path, keys: Keyring = NO_KEYS, *, replace: bool = False) -> None:
    """Copy a backup to a new file, as protected as it is; raises KnownError, and then there is no new file."""
    key = opening.expect_assessment_file(backup.file, keys)
    destination = destination.absolute()
    if not replace:
        expect_nothing_there(destination)
    with atomic_assessment(destination, replace=replace, key=key) as temp, plainly(destination):
        _copy(backup.file, temp)


@contextmanager
def _owned(file: Path) -> Iterator[None]:
    ownership = Ownership(file, here("", datetime.now(UTC).isoformat(timespec="seconds")))
    try:
        owner = ownership.take()
    except OSError as error:
        raise refusals.of_system(error, file) from error
    if owner and owner.who:
        raise KnownError(OPEN_ELSEWHERE, file=file.name, who=owner.who, where=owner.where, since=owner.since_here)
    if owner:
        raise KnownError(OPEN_SOMEWHERE, file=file.name)
    try:
        yield
    finally:
        ownership.release()


def keep_present(file: Path, folder: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Keep what stands in a place: as a backup if it can be opened, byte for byte in a folder if not.

    None where nothing stands. Raises KnownError where it could not be kept.
    """
    if not os.path.lexists(file):
        return None
    try:
        with AssessmentFile(file, read_only=True, keys=keys) as found:
            key = found.key
            found.read()
    except refusals.FileBusy:
        raise
    except KnownError:
        with plainly(file):
            return _kept_as_bytes(file, folder)
    return back_up_closed(file, key, Reason.RESTORE).file


def back_up_closed(file: Path, key: Key | None, reason: Reason) -> Backup:
    """Make a backup of a file as it is on the disk, whatever its version; raises KnownError."""
    with plainly(file), opening.peeked(file, key) as connection:
        return backups.back_up(connection, file, key, reason)


def _kept_as_bytes(file: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    moment = f"{datetime.now(UTC):%Y-%m-%d %H-%M-%S}"
    names = (f"{file.stem} (damaged, {moment}{(number and f', {number}') or ''}){SUFFIX}" for number in count())
    kept = next(found for name in names if not os.path.lexists(found := folder / name))
    # Its journal first: with it somebody may yet mend the file. One that names another file is nobody's work.
    for part, there in ((database.beside(file, "journal"), database.beside(kept, "journal")), (file, kept)):
        if part.exists() and not (part != file and database.names_another(part)):
            with temp_path(there) as temp:
                _copy(part, temp)
                move_into_place(temp, there)
    return kept


def _copy(source: Path, destination: Path) -> None:
    """Copy bytes, wait for the disk, and read them back; raises OSError or KnownError, and the caller cleans up."""
    with source.open("rb") as read, new_file(destination, 0o666) as written:
        shutil.copyfileobj(read, written, 1024 * 1024)
    _expect_equal(source, destination)


def _expect_equal(one: Path, other: Path) -> None:
    with one.open("rb") as first, other.open("rb") as second:
        while (part := first.read(1024 * 1024)) == second.read(1024 * 1024):
            if not part:
                return
    raise KnownError(NOT_AS_WRITTEN, file=other.name)
