"""Backups: verified copies of an assessment, kept elsewhere than the assessment itself.

Problem: copies of one assessment are continued at several places, clocks are wrong, and a list of backups that lives in
a file of its own is lost when it is needed most. Decision: every backup says by its own name what it is, in a folder
named by its assessment: ``000012 2026-11-21 22-55-03 closed 3fa9c1d2.assessment`` is the twelfth, made then (UTC), when
the file was closed that stands at the place with those letters. ``places.txt`` says which place that is, for people;
nothing depends on it. The number alone says what is newer. Anything else in the folders is left alone.
"""

import errno
import hashlib
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.backup_retention import BackupReason, BackupRecord, backups_to_keep
from capacity_app.domain.encryption_keys import EncryptionKey
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import sync_file, sync_folder, write_atomically
from capacity_app.storage import database, file_errors
from capacity_app.storage.integrity import is_sound_copy

NO_ROOM = N_(
    "No backup of “{file}” was made: there is not enough room in {folder}. Your answers are saved in the file itself; "
    "make room there, or save a copy elsewhere."
)
NOT_EQUAL = N_(
    "No backup of “{file}” was made: the copy in {folder} was not like the original. Your answers are saved in the "
    "file itself; save a copy elsewhere."
)
NOT_KEPT = N_(
    "No backup of “{file}” was made in {folder}. Your answers are saved in the file itself; look whether "
    "that folder can be written, or save a copy elsewhere."
)

SUFFIX = ".assessment"
PLACES = "places.txt"
_NAME = (
    r"(?P<number>\d{6,9}) (?P<time>\d{4}-\d\d-\d\d \d\d-\d\d-\d\d) "
    rf"(?P<reason>{'|'.join(BackupReason)})(?: (?P<place>[0-9a-f]{{8}}))?\{SUFFIX}"
)
_TIME = "%Y-%m-%d %H-%M-%S"
_OLD_NAME = rf"(?s).+ \(version (\d+)(?:, (\d+))?\)\{SUFFIX}"
"""What version 0.4 called a copy kept before a migration, all in one folder."""
_FOLDER_NAME = r"[A-Za-z0-9-]{1,64}"
_SPARE_ROOM = 16 * 1024 * 1024
"""What a backup leaves free: the answers to come are worth more than a copy of those before."""
_FORGOTTEN_SECONDS = 3_600
"""When what was begun is surely not being written any more."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup; ``place`` are the letters of where the original stood, empty where nobody knows; ``size`` in bytes.

    Numbers are of one assessment, that is of one folder.
    """

    file: Path
    made: BackupRecord
    place: str = ""
    size: int = 0

    @property
    def number(self) -> int:
        return self.made.number


# -- finding -----------------------------------------------------------------------------------------------------------


def backup_folder(assessment_id: str) -> Path:
    """Return the folder with the backups of an assessment; it may not exist. The id may be anybody's."""
    is_plain = re.fullmatch(_FOLDER_NAME, assessment_id)
    name = assessment_id if is_plain else hashlib.sha256(assessment_id.encode("utf-8", "replace")).hexdigest()[:32]
    return paths.backups_folder() / name


def path_digest(file: Path) -> str:
    """Return the letters that stand for a file's place."""
    place = os.path.normcase(file.resolve()).encode("utf-8", "surrogateescape")
    return hashlib.sha256(place).hexdigest()[:8]


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """List the backups in a folder, newest first; a folder that cannot be read has none."""
    _adopt_old_backups()
    return _listed(folder)


def backup_folders_for(place: str) -> tuple[Path, ...]:
    """Find the folders with backups of the file at a place, whichever assessments it held."""
    _adopt_old_backups()
    return tuple(folder for folder in _folders() if any(one.place == place for one in _listed(folder)))


def original_path(folder: Path, place: str) -> str:
    """Return where the original of a backup stood, empty if nobody has noted it."""
    return dict(_read_notes(folder)).get(place, "")


def _folders() -> list[Path]:
    try:
        return sorted(found for found in paths.backups_folder().iterdir() if found.is_dir())
    except OSError:
        return []


def _listed(folder: Path) -> tuple[Backup, ...]:
    try:
        found = [_read_name(file) for file in folder.iterdir()]
    except OSError:
        return ()
    return tuple(sorted(filter(None, found), key=lambda one: (one.number, one.file.name), reverse=True))


def _read_name(file: Path) -> Backup | None:
    """Read what a file's name says; None for a stranger's."""
    named = re.fullmatch(_NAME, file.name)
    if named is None:
        return None
    try:
        made = datetime.strptime(named["time"], _TIME).replace(tzinfo=UTC)
        size = file.stat().st_size if file.is_file() else -1
    except (OSError, ValueError):
        return None
    if size < 0:
        return None
    return Backup(
        file, BackupRecord(int(named["number"]), made, BackupReason(named["reason"])), named["place"] or "", size
    )


# -- making ------------------------------------------------------------------------------------------------------------


def back_up(connection: sqlite3.Connection, path: Path, key: EncryptionKey | None, reason: BackupReason) -> Backup:
    """Keep a copy of an open file, protected alike, and let go of those not needed any more; raises KnownError.

    The copy is compared with the original before it gets its name; older ones go only after that, and
    none while somebody is looking for the right one to restore.
    """
    folder = paths.backups_folder()
    try:
        assessment_id = str(connection.execute("SELECT id FROM assessment").fetchone()[0])
        folder = backup_folder(assessment_id)
        made = _write_backup(folder, connection, path, key, reason)
    except database.sqlite_errors() as error:
        raise _backup_error(error, path, folder, reason) from error
    except (OSError, TypeError) as error:
        raise _backup_error(error, path, folder, reason) from error
    if reason is not BackupReason.RESTORE:
        _remove_unneeded(folder, made.place)
    return made


def _write_backup(
    folder: Path, connection: sqlite3.Connection, path: Path, key: EncryptionKey | None, reason: BackupReason
) -> Backup:
    # Answers of an unpublished assessment are nobody else's business on a shared computer.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _adopt_old_backups()
    _remove_unfinished(folder)
    _expect_room(folder, connection)
    place = path_digest(path)
    number, beside = _reserve_number(folder)
    try:
        connection.execute("VACUUM INTO ?", (str(beside),))
        sync_file(beside)
        _expect_equal_copy(connection, beside, key)
        named = folder / _name(number, datetime.now(UTC), reason, place)
        beside.rename(named)
    finally:
        for left in (beside, beside.with_name(f"{beside.name}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    sync_folder(folder)
    _write_note(folder, place, path)
    made = _read_name(named)
    if made is None:
        raise FileNotFoundError(named)
    return made


def _name(number: int, moment: datetime, reason: BackupReason, place: str) -> str:
    return f"{number:06} {moment:{_TIME}} {reason}{place and f' {place}'}{SUFFIX}"


def _reserve_number(folder: Path) -> tuple[int, Path]:
    """Take the next number, which nobody else has, by an empty file under a name that is no backup's."""
    number = max((one.number for one in _listed(folder)), default=0)
    while True:
        number += 1
        beside = folder / f".{number:06}.new"
        try:
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        if all(one.number != number for one in _listed(folder)):
            return number, beside
        beside.unlink()


def _expect_room(folder: Path, connection: sqlite3.Connection) -> None:
    (pages,), (page_size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    # SQLCipher gives the size of a page as text.
    if shutil.disk_usage(folder).free < pages * int(page_size) + _SPARE_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _CopyDiffers(sqlite3.DatabaseError):
    """The copy is not what the original is."""


def _expect_equal_copy(original: sqlite3.Connection, copy: Path, key: EncryptionKey | None) -> None:
    with closing(database.connect(copy, key, mode="ro")) as made:
        if not is_sound_copy(original, made):
            raise _CopyDiffers


def _backup_error(error: Exception, path: Path, folder: Path, reason: BackupReason) -> KnownError:
    return KnownError(_failure_message(error, reason), file=path.name, folder=str(folder))


def _failure_message(error: Exception, reason: BackupReason) -> str:
    if reason is BackupReason.MIGRATION:
        return file_errors.NO_BACKUP
    if isinstance(error, _CopyDiffers):
        return NOT_EQUAL
    is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL or getattr(error, "errno", 0) == errno.ENOSPC
    return NO_ROOM if is_full else NOT_KEPT


def _remove_unfinished(folder: Path) -> None:
    """Remove what a killed program had begun; a clock that has jumped may take away what another one is writing.

    That one then tells that it could make no backup.
    """
    for left in folder.glob(".*.new*"):
        with suppress(OSError):
            if abs(time.time() - left.stat().st_mtime) > _FORGOTTEN_SECONDS:
                left.unlink()


def _remove_unneeded(folder: Path, place: str) -> None:
    """Let go of the backups of one place that are not needed any more; what cannot be removed now goes later."""
    known = [one for one in _listed(folder) if one.place == place]
    stays = backups_to_keep(one.made for one in known)
    for one in known:
        if one.number not in stays:
            with suppress(OSError):
                one.file.unlink()


# -- places ------------------------------------------------------------------------------------------------------------


def _read_notes(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = (folder / PLACES).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    yield from ((line[:8], line[10:]) for line in lines if line[8:10] == "  ")


def _write_note(folder: Path, place: str, path: Path) -> None:
    """Note in words which place the letters stand for; without the note everything still works."""
    known = dict(_read_notes(folder))
    real = str(path.resolve())
    if known.get(place) == real or "\n" in real:
        return
    lines = "".join(f"{letters}  {file}\n" for letters, file in (known | {place: real}).items())
    with suppress(KnownError):
        write_atomically(folder / PLACES, lines.encode("utf-8", "surrogateescape"))


# -- what version 0.4 kept ---------------------------------------------------------------------------------------------


def _adopt_old_backups() -> None:
    """Give copies that version 0.4 kept before a migration their number, in the folder of their assessment.

    They are plain files all; one that cannot be read or moved stays where it is.
    """
    for file in _old_backups(paths.backups_folder()):
        with suppress(*database.sqlite_errors(), KnownError, OSError, TypeError):
            with closing(database.connect(file, mode="rw")) as connection:
                assessment_id = str(connection.execute("SELECT id FROM assessment").fetchone()[0])
            folder = backup_folder(assessment_id)
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            number, beside = _reserve_number(folder)
            moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            try:
                file.rename(folder / _name(number, moment, BackupReason.MIGRATION, ""))
            finally:
                beside.unlink(missing_ok=True)
            sync_folder(folder)


def _old_backups(folder: Path) -> Iterable[Path]:
    """List them in the order they were made."""
    try:
        found = [(named, file) for file in folder.iterdir() if (named := re.fullmatch(_OLD_NAME, file.name))]
    except OSError:
        return ()
    ordered = sorted(found, key=lambda one: (int(one[0][1]), int(one[0][2] or 1), one[1].name))
    return [file for _, file in ordered if file.is_file()]
