"""Getting an assessment back: a backup put back, and what can still be read of a corrupted file.

SQLite ends a query at the first page that it cannot read. The rows after that page are read from the other end of the
table, and those between several such pages by ever smaller ranges of their numbers.
"""

import os.path
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import move_into_place, new_file, temp_path
from capacity_app.storage import backups, database, file_errors, opening
from capacity_app.storage.assessment_file import AssessmentFile, translate_sqlite_errors
from capacity_app.storage.backups import SUFFIX, Backup
from capacity_app.storage.creation import atomic_assessment, expect_free_path
from capacity_app.storage.file_lock import WriteLock, current_owner
from capacity_app.storage.opening import open_immutable
from capacity_app.storage.rows import SqlRow

# Putting a backup back: what stands there is kept first, then exchanged for a verified copy of the backup.

OPEN_ELSEWHERE = N_(
    "{who} has “{file}” open on {where} since {since}: have it closed there, then restore the backup. Nothing was "
    "changed."
)
OPEN_SOMEWHERE = N_("“{file}” is open in another window or on another computer: close it there. Nothing was changed.")
NOT_AS_WRITTEN = N_(
    "The disk did not give back what was written to “{file}”: choose another disk. Nothing was changed."
)


def restore_backup(backup: Backup, file: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Put a backup in the place of a file that nobody has open; raises KnownError, and then the file is as it was.

    What stands there is kept first, as a backup or, damaged as it is, byte for byte beside the backups: its path is
    given, None where there was nothing.
    """
    file = file.absolute().resolve()
    key = opening.expect_assessment_file(backup.file, keys)
    with write_locked(file, OPEN_ELSEWHERE, OPEN_SOMEWHERE):
        left = back_up_present_file(file, backup.file.parent, keys)
        with atomic_assessment(file, replace=True, key=key) as temp, translate_sqlite_errors(file):
            _copy(backup.file, temp)
            with suppress(OSError):
                shutil.copymode(file, temp)
    return left


def save_backup_as(backup: Backup, destination: Path, keys: Keyring = NO_KEYS, *, replace: bool = False) -> None:
    """Copy a backup to a new file, as protected as it is; raises KnownError, and then there is no new file."""
    key = opening.expect_assessment_file(backup.file, keys)
    destination = destination.absolute()
    if not replace:
        expect_free_path(destination)
    with atomic_assessment(destination, replace=replace, key=key) as temp, translate_sqlite_errors(destination):
        _copy(backup.file, temp)


@contextmanager
def write_locked(file: Path, elsewhere: str, somewhere: str) -> Iterator[None]:
    """Keep everybody else from writing a file; raises KnownError, with one of the two messages if somebody does."""
    ownership = WriteLock(file.resolve(), current_owner("", datetime.now(UTC).isoformat(timespec="seconds")))
    try:
        owner = ownership.take()
    except OSError as error:
        raise file_errors.from_os_error(error, file) from error
    if owner and owner.who:
        raise KnownError(elsewhere, file=file.name, who=owner.who, where=owner.where, since=owner.since_local)
    if owner:
        raise KnownError(somewhere, file=file.name)
    try:
        yield
    finally:
        ownership.release()


def back_up_present_file(file: Path, folder: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Keep what stands in a place: as a backup if it can be opened, byte for byte in a folder if not.

    None where nothing stands. Raises KnownError where it could not be kept.
    """
    if not os.path.lexists(file):
        return None
    try:
        with AssessmentFile(file, read_only=True, keys=keys) as found:
            key = found.key
            found.read()
    except file_errors.FileBusy:
        raise
    except KnownError:
        with translate_sqlite_errors(file):
            return _keep_bytes(file, folder)
    return back_up_closed(file, key, BackupReason.RESTORE).file


def back_up_closed(file: Path, key: EncryptionKey | None, reason: BackupReason) -> Backup:
    """Make a backup of a file as it is on the disk, whatever its version; raises KnownError."""
    with translate_sqlite_errors(file), opening.open_readonly(file, key) as connection:
        return backups.back_up(connection, file, key, reason)


def _keep_bytes(file: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    moment = f"{datetime.now(UTC):%Y-%m-%d %H-%M-%S}"
    names = (f"{file.stem} (damaged, {moment}{(number and f', {number}') or ''}){SUFFIX}" for number in count())
    kept = next(found for name in names if not os.path.lexists(found := folder / name))
    # Its journal first: with it somebody may yet mend the file. One that names another file is nobody's work.
    for part, there in (
        (database.companion_file(file, "journal"), database.companion_file(kept, "journal")),
        (file, kept),
    ):
        if part.exists() and not (part != file and database.names_super_journal(part)):
            with temp_path(there) as temp:
                _copy(part, temp)
                move_into_place(temp, there)
    return kept


def _copy(source: Path, destination: Path) -> None:
    """Copy bytes, wait for the disk, and read them back; raises OSError or KnownError, and the caller cleans up."""
    with source.open("rb") as read, new_file(destination, 0o666) as written:
        shutil.copyfileobj(read, written, 1024 * 1024)
    _expect_equal_bytes(source, destination)


def _expect_equal_bytes(one: Path, other: Path) -> None:
    with one.open("rb") as first, other.open("rb") as second:
        while (part := first.read(1024 * 1024)) == second.read(1024 * 1024):
            if not part:
                return
    raise KnownError(NOT_AS_WRITTEN, file=other.name)


_MOST_DOCUMENTS = 1_000
"""The highest number looked for where SQLite cannot tell the highest number of a document."""


class CorruptedFileReader(database.ClosedAfterUse):
    """A corrupted file open for reading; ``is_partial`` once SQLite could not read something of it."""

    def __init__(self, path: Path, key: EncryptionKey | None) -> None:
        self._path, self._key = path, key
        self.is_partial = False
        self._connection = open_immutable(path, key)
        self._set_up()
        self.tables = frozenset(
            name
            for name, text in self._read("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")[0]
            if isinstance(text, str) and "VIRTUAL" not in text.upper().split()[:2]
        )

    def close(self) -> None:
        self._connection.close()

    def _set_up(self) -> None:
        # With the first setting SQLite opens a file that is shorter than it should be; nothing is ever written.
        for setting in ("writable_schema = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            self._connection.execute(f"PRAGMA {setting}")

    def _read(self, statement: str, *values: object) -> tuple[list[SqlRow], bool]:
        """Return the rows up to the first that cannot be read, and whether these are all."""
        found: list[SqlRow] = []
        with suppress(UnicodeDecodeError, *database.sqlite_errors()):
            found.extend(self._connection.execute(statement, values))
            return found, True
        self.is_partial = True
        # SQLCipher reads nothing more on a connection on which a page did not fit.
        self._connection.close()
        self._connection = open_immutable(self._path, self._key)
        self._set_up()
        return found, False

    def all_of(self, table: str, select: str, order: str) -> tuple[list[SqlRow], bool]:
        """Read a table from both ends, and say whether that is all of it; ``order`` are the columns of its key."""
        if table not in self.tables:
            self.is_partial = True
            return [], False
        found, is_whole = self._read(f"{select} ORDER BY {order}")
        if not is_whole:
            backwards = ", ".join(f"{column} DESC" for column in order.split(", "))
            found += self._read(f"{select} ORDER BY {backwards}")[0]
        return found, is_whole

    def log(self, table: str, select: str, hints: Iterable[SqlRow]) -> list[SqlRow]:
        """Read a table of revisions; ``hints`` are devices and numbers that may be found between unreadable pages."""
        known, is_whole = self.all_of(table, select, "device, counter")
        found = {row[:2]: row for row in known}
        if not is_whole and table in self.tables:
            pairs = [(device, counter) for device, counter in (*found, *hints) if isinstance(counter, int)]
            highest = max((counter for _, counter in pairs), default=0)
            ranged = f"{select} WHERE device = ? AND counter BETWEEN ? AND ? ORDER BY counter"
            for device in dict.fromkeys(device for device, _ in pairs):
                found |= {row[:2]: row for row in self._between(ranged, 1, 1, highest, device)}
        return list(found.values())

    def _between(self, ranged: str, number: int, low: int, high: int, *fixed: object) -> Iterator[SqlRow]:
        """Read the rows of a range from both ends, then the halves of what is left; ``number`` is their column."""
        if low > high:
            return
        found, is_whole = self._read(ranged, *fixed, low, high)
        yield from found
        if is_whole:
            return
        low = found[-1][number] + 1 if found else low
        found, _ = self._read(f"{ranged} DESC", *fixed, low, high)
        yield from found
        high = found[-1][number] - 1 if found else high
        if low < high:
            middle = (low + high) // 2
            yield from self._between(ranged, number, low, middle, *fixed)
            yield from self._between(ranged, number, middle + 1, high, *fixed)

    def one(self, table: str, columns: str, order: str = "rowid") -> SqlRow | None:
        """Read the last row of a table from the table itself, None if it cannot be read."""
        found = self._read(f"SELECT {columns} FROM {table} NOT INDEXED ORDER BY {order} DESC LIMIT 1")[0]  # noqa: S608
        return found[0] if found and table in self.tables else None

    def documents(self) -> dict[str, int]:
        """List the documents whose rows can be found: their numbers by SHA-256."""
        if "documents" not in self.tables:
            return {}
        last = self.one("documents", "rowid")
        ranged = "SELECT rowid, hash FROM documents NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        return {digest: number for number, digest in self._between(ranged, 0, 1, last[0] if last else _MOST_DOCUMENTS)}

    def document(self, number: int) -> bytes | None:
        """Read a document, None if it cannot be read whole."""
        found = self._read("SELECT content FROM documents NOT INDEXED WHERE rowid = ?", number)[0]
        return found[0][0] if found and isinstance(found[0][0], bytes) else None


def is_plausible(row: SqlRow, nullable: int) -> bool:
    """Return whether a row of a log has the types of its columns; ``nullable`` is the one that may be empty."""
    texts = (value for column, value in enumerate(row) if column != 1 and (column != nullable or value is not None))
    return isinstance(row[1], int) and row[1] > 0 and all(isinstance(value, str) for value in texts)
