"""Opening a file that may be anybody's: asked what it is, then compared with ours, then checked.

Problem: what lies beside a database is SQLite's business, and a stranger's may be there to do harm. Decision: a journal
that names another file is refused (``database.connect``); a file that is only read, and beside which a commit was cut
off, is copied with its journal into a private folder and read there; only who opens a file to write plays its journal
back in place.

Never with ``open``: closing a file takes away, on POSIX, all locks this process holds on it, and a reader
elsewhere would then take back a commit that is going on here. SQLite knows about that; we leave it to SQLite. Only a
file that nobody can be writing is read otherwise: one beside which a commit was cut off is copied, and one that is
opened to write, whose only writer we are, is read at once. On a slow network drive each page would be a journey.
"""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, SALT_BYTES, EncryptionKey, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import KnownError
from capacity_app.files.private_folders import private_folder
from capacity_app.storage import database, file_errors, rows, schema
from capacity_app.storage.backups import back_up

MOST_BYTES = 1_000_000_000
"""Bytes of an assessment: all its documents together have a quarter."""
BUSY_SECONDS = 5.0
"""How long a commit waits for another program's lock before it is reported."""
_CHECKED_TABLES_EXCEPT = frozenset({"documents"})
"""Held documents are checked by their hash when they are read: 250 MB on a slow stick would take seconds."""
_MOST_AT_ONCE = 16_000_000
"""Bytes of a file that is read whole; a larger one holds documents, which nobody waits for."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What a file was found to be: the key that opens it, None for a plain one, and the version of its tables.

    ``resolved`` is its place without links.
    """

    key: EncryptionKey | None
    version: int
    resolved: Path

    @property
    def is_newer(self) -> bool:
        """Return whether a newer version of this program made the file, which can then only be read."""
        return self.version > schema.VERSION


def identify_file(path: Path, keys: Keyring = NO_KEYS) -> FileFormat:
    """Refuse whatever is not one of our files, without changing it; raises KnownError.

    Raises FileProtected for a protected file that no key on the ring opens.
    """
    expect_readable(path)
    try:
        resolved = database.resolve_path(path)
        with _open_to_identify(resolved) as connection:
            return FileFormat(None, _expect_our_version(connection, path), resolved)
    except database.sqlite_errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
            return _find_key(path, resolved, keys)
        raise file_errors.from_sqlite_error(error, path) from error
    except UnicodeDecodeError as error:
        raise KnownError(file_errors.DAMAGED, file=path.name) from error
    except OSError as error:
        raise file_errors.from_os_error(error, path) from error


def expect_assessment_file(path: Path, keys: Keyring = NO_KEYS) -> EncryptionKey | None:
    """Return the key that opens one of our files, None for a plain one; raises what ``identify_file`` raises."""
    return identify_file(path, keys).key


@contextmanager
def _open_to_identify(resolved: Path) -> Iterator[sqlite3.Connection]:
    """Open to read the first page, which says what a file is; with locks only where something lies beside it."""
    if any(database.beside(resolved, ending).exists() for ending in _LOGS):
        with open_readonly(resolved) as connection:
            yield connection
    else:
        with closing(database.connect_immutable(resolved)) as connection:
            yield connection


# Whether something a person typed opens a protected file, without opening the file for work.


def is_locked(file: Path, keys: Keyring) -> bool:
    """Whether a file is protected and nothing on the ring opens it; other refusals are left to whoever opens it."""
    try:
        expect_assessment_file(file, keys)
    except file_errors.FileProtected:
        return True
    except KnownError:
        return False
    return False


def key_opening(file: Path, keys: Keyring) -> EncryptionKey | None:
    """Return the key that opens an assessment, None for a plain one or another kind of file."""
    try:
        return expect_assessment_file(file, keys)
    except file_errors.FileProtected:
        raise
    except KnownError:
        return None


def keyring_opening(file: Path, keys: Keyring) -> Keyring:
    """Return the ring with the key that opens a file on it, so that it is derived once; raises KnownError."""
    key = expect_assessment_file(file, keys)
    return keys.with_key(key) if key else keys


def _find_key(path: Path, resolved: Path, keys: Keyring) -> FileFormat:
    """Find the key of a file that is no plain database."""
    salt = _read_head(path)
    if not looks_protected(salt, path):
        raise KnownError(file_errors.DAMAGED if _was_ours(salt, path) else file_errors.FOREIGN, file=path.name)
    if not keys:
        raise file_errors.FileProtected(file_errors.PROTECTED, file=path.name)
    for key in keys.for_salt(salt):
        if version := _version_under(path, key):
            return FileFormat(key, version, resolved)
    raise file_errors.FileProtected(file_errors.DOES_NOT_FIT, file=path.name)


def _read_head(path: Path) -> bytes:
    try:
        return database.read_first_bytes(path)
    except database.sqlite_errors() as error:
        raise file_errors.from_sqlite_error(error, path) from error
    except OSError as error:
        raise file_errors.from_os_error(error, path) from error


_PLAIN = b"SQLite format 3\0"
_KNOWN_KINDS = (b"PK", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"7z", b"Rar!", b"RIFF",
                b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x7fELF", b"MZ")  # fmt: skip
PROTECTED_PAGE = 4_096
_LEAST_VARIED = 6
"""Different bytes among the first 16 of a protected file: fewer than one in a billion has less."""
_LEAST_ALIKE = 8
_PAGE_AND_MORE = 2 * PROTECTED_PAGE


def looks_protected(head: bytes, path: Path) -> bool:
    """Return whether a file may be one of ours under a passphrase, which looks like noise from its first byte on.

    It has whole pages, except where a power cut has interrupted it growing; then the journal is still there.
    """
    is_text = all(byte in b"\t\n\r" or 0x20 <= byte < 0x7F for byte in head)  # noqa: PLR2004 - printable ASCII
    is_varied = len(head) == SALT_BYTES and len(set(head)) >= _LEAST_VARIED
    is_noise = is_varied and not head.startswith(_KNOWN_KINDS) and not _is_nearly_plain(head) and not is_text
    return is_noise and (path.stat().st_size % PROTECTED_PAGE == 0 or database.companion_file(path, "journal").exists())


def _is_nearly_plain(head: bytes) -> bool:
    return sum(one == other for one, other in zip(head, _PLAIN, strict=False)) >= _LEAST_ALIKE


def _was_ours(head: bytes, path: Path) -> bool:
    """Whether a file that is no database may be one of ours with a damaged beginning: whole pages, or nearly so."""
    has_pages = path.stat().st_size >= _PAGE_AND_MORE
    return has_pages and (_is_nearly_plain(head) or head == bytes(SALT_BYTES))


def _version_under(path: Path, key: EncryptionKey) -> int:
    """Return the version of a protected file's tables, 0 if the key does not open it."""
    try:
        with open_readonly(path, key) as connection:
            return _expect_our_version(connection, path)
    except database.sqlite_errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
            return 0
        raise file_errors.from_sqlite_error(error, path) from error
    except OSError as error:
        raise file_errors.from_os_error(error, path) from error


def expect_readable(path: Path) -> None:
    """Refuse by what the system says of it what is no file that can be read; raises KnownError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise KnownError(file_errors.MISSING, file=path.name) from None
    except OSError as error:
        raise file_errors.from_os_error(error, path) from error
    except ValueError:
        # A name with a null character, which no system knows.
        raise KnownError(file_errors.MISSING, file=path.name.replace("\0", "")) from None
    if stat.S_ISDIR(found.st_mode):
        raise KnownError(file_errors.IS_FOLDER, file=path.name)
    if not stat.S_ISREG(found.st_mode):
        # A pipe would be waited for, and a device read, for ever.
        raise KnownError(file_errors.FOREIGN, file=path.name)
    if found.st_size == 0:
        raise KnownError(file_errors.EMPTY, file=path.name)
    if found.st_size > MOST_BYTES:
        raise KnownError(file_errors.TOO_BIG, file=path.name, most=str(MOST_BYTES // 1_000_000))
    if not _has_access(os.R_OK, path):
        raise KnownError(file_errors.UNREADABLE, file=path.name)


def is_writable(path: Path) -> bool:
    """Return whether the file and its folder (for the journal) may be written, as far as the system says."""
    return _has_access(os.W_OK, path) and _has_access(os.W_OK, path.parent)


def _has_access(right: int, path: Path) -> bool:
    return os.access(path, right, effective_ids=os.access in os.supports_effective_ids)


@dataclass(frozen=True, slots=True)
class CheckedConnection:
    """A connection to a file, and, if it was read at once, a copy in memory.

    ``data_version`` and the file's size and time are those at which it was read.
    """

    connection: sqlite3.Connection
    copy: sqlite3.Connection | None = None
    data_version: int = 0
    size_and_time: tuple[int, int] = (0, 0)


def connect_checked(path: Path, key: EncryptionKey | None = None, *, read_only: bool) -> CheckedConnection:
    """Open with our settings, check and bring up to date; raises KnownError, one of ``sqlite_errors`` or OSError.

    To read, a file beside which a commit was cut off is read as it was before, into memory. To write, the caller is
    the file's only writer.
    """
    if not read_only:
        at_once = _connect_at_once(path) if key is None else None
        return at_once or CheckedConnection(_connected(path, key, read_only=False))
    with readable_path(path) as place:
        connection = _connected(place, key, read_only=True)
        return CheckedConnection(connection if place == path else _in_memory(connection, key))


def _connect_at_once(path: Path) -> CheckedConnection | None:
    """Open a plain file to write and check a copy of it in memory; None where it must be read page by page."""
    with ExitStack() as undo:
        connection = undo.enter_context(closing(_open(path, None, read_only=False)))
        _apply(connection, _SAFE_SETTINGS)
        found = _read_at_once(connection, path)
        if found is None:
            return None
        content, data_version, size_and_time = found
        copy = undo.enter_context(closing(database.connect(database.MEMORY)))
        copy.deserialize(content)
        _apply(copy, _SAFE_SETTINGS)
        if _expect_our_version(copy, path) != schema.VERSION:
            return None
        _expect_own_schema(copy, path, schema.VERSION)
        _expect_intact(copy, path, len(content))
        _apply(connection, _WRITING_SETTINGS)
        undo.pop_all()
    return CheckedConnection(connection, copy, data_version, size_and_time)


def _read_at_once(connection: sqlite3.Connection, path: Path) -> tuple[bytes, int, tuple[int, int]] | None:
    """Read a whole file while nobody can commit; None where that cannot be or the file may not be written.

    Returns its bytes with their ``data_version`` and the file's size and time.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Begun for a file that may only be read, it reads, without a word; this is refused, and writes nothing.
            connection.execute("DELETE FROM documents WHERE 0")
            (data_version,) = connection.execute("PRAGMA data_version").fetchone()
            found = os.fstat(descriptor)
            if found.st_size > _MOST_AT_ONCE:
                return None
            content = os.read(descriptor, found.st_size)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except database.sqlite_errors():
        return None
    finally:
        os.close(descriptor)  # last: it takes away the locks, on POSIX
    if len(content) != found.st_size or content[18:20] != _ROLLBACK_MODE:
        return None
    return content, data_version, (found.st_size, found.st_mtime_ns)


_ROLLBACK_MODE = b"\1\1"
"""The bytes of a header that say that a file has no write-ahead log."""


def _connected(path: Path, key: EncryptionKey | None, *, read_only: bool) -> sqlite3.Connection:
    connection = _open(path, key, read_only=read_only)
    try:
        _apply(connection, _SAFE_SETTINGS)
        connection.execute("BEGIN")
        version = _expect_our_version(connection, path)
        if version > schema.VERSION:
            connection.close()
            return _connect_to_newer(path, key)
        _expect_own_schema(connection, path, version)
        _expect_intact(connection, path, path.stat().st_size)
        connection.execute("ROLLBACK")
        _apply(connection, _WRITING_SETTINGS)
        if not read_only:
            # Out of the write-ahead mode another tool left it in, now that it is known to be ours.
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        if version < schema.VERSION:
            connection = _migrated(connection, path, key, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def newer_file_errors(path: Path) -> Iterator[None]:
    """Say of what cannot be understood in a newer file that it is newer, and not that it is damaged."""
    try:
        yield
    except KnownError as error:
        if error.message == file_errors.DAMAGED:
            raise KnownError(file_errors.NEWER, file=path.name) from error
        raise


def _connect_to_newer(path: Path, key: EncryptionKey | None) -> sqlite3.Connection:
    """Open a newer file for reading, whatever it has besides what we read; not a byte of it or beside it changes."""
    connection = _open(path, key, read_only=True)
    try:
        _apply(connection, _SAFE_SETTINGS)
        with newer_file_errors(path):
            _expect_readable_columns(connection, path)
        _expect_intact(connection, path, path.stat().st_size, rows.READ_COLUMNS)
    except BaseException:
        connection.close()
        raise
    return connection


def _expect_readable_columns(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a newer file in which what we read is no table, or lacks or computes a column; raises KnownError."""
    for table, columns in rows.READ_COLUMNS.items():
        found = connection.execute("SELECT type, sql FROM sqlite_schema WHERE name = ?", (table,)).fetchall()
        is_table = len(found) == 1 and found[0][0] == "table" and "VIRTUAL" not in str(found[0][1]).upper().split()[:2]
        if not is_table:
            raise KnownError(file_errors.DAMAGED, file=path.name)
        plain = {row[1] for row in connection.execute(f"PRAGMA table_xinfo('{table}')") if row[6] == 0}
        if columns - plain:
            raise KnownError(file_errors.DAMAGED, file=path.name)


@contextmanager
def open_readonly(path: Path, key: EncryptionKey | None = None) -> Iterator[sqlite3.Connection]:
    """Open for reading, as it is: nothing is checked or brought up to date.

    Raises KnownError, one of ``sqlite_errors`` or OSError.
    """
    with readable_path(path) as place, closing(_open(place, key, read_only=True)) as connection:
        yield connection


def open_immutable(path: Path, key: EncryptionKey | None = None) -> sqlite3.Connection:
    """Open for reading as it is, whatever lies beside it; nothing there is touched. Raises ``sqlite_errors``."""
    return database.connect(path, key, mode=database.IMMUTABLE)


def accepts_writes(connection: sqlite3.Connection) -> bool:
    """Whether a transaction could write; SQLite opens a file for reading when it may not be written, and says nothing.

    A full disk or another program's lock will pass, and counts as yes.
    """
    refused = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    except database.sqlite_errors() as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in refused
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def _open(path: Path, key: EncryptionKey | None, *, read_only: bool) -> sqlite3.Connection:
    return database.connect(path, key, mode="ro" if read_only else "rw", timeout=BUSY_SECONDS)


# -- what lies beside --------------------------------------------------------------------------------------------------

_LOGS = ("journal", "wal")
_TRIES = 3
_CHUNK = 1 << 20


@contextmanager
def readable_path(path: Path) -> Iterator[Path]:
    """Yield a file to be read: itself, or a private copy where something has to be played back into it first.

    Raises KnownError, one of ``sqlite_errors`` or OSError.
    """
    if not _has_unfinished_commit(path):
        yield path
        return
    with private_folder() as folder:
        copy_with_journal(path, folder / path.name)
        yield folder / path.name


def _has_unfinished_commit(path: Path) -> bool:
    """Return whether a commit was cut off, or another tool keeps a log; a commit that is going on is waited for."""
    try:
        with closing(_open(path, None, read_only=True)) as connection:
            # SQLite then refuses a file in the write-ahead mode, instead of making two files beside it.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
            connection.execute("PRAGMA schema_version").fetchone()
            return bool(connection.execute("PRAGMA journal_mode").fetchone() == ("wal",))
    except database.sqlite_errors() as error:
        refused = {sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_IOERR_LOCK}
        return getattr(error, "sqlite_errorcode", 0) in refused


def copy_with_journal(path: Path, copy: Path) -> str:
    """Copy a file, play back into the copy what was cut off, and give the SHA-256 of the file's own bytes.

    An earlier copy in the same place is written over. Raises KnownError, one of ``sqlite_errors`` or OSError.
    """
    for _ in range(_TRIES):
        before = _sizes_and_times(path)
        database.expect_own_journal(database.resolve_path(path))
        digest = _copy(path, copy)
        for ending in _LOGS:
            log = database.companion_file(path, ending)
            # What an earlier copy had must not be played into this one.
            _copy(log if log.is_file() else Path(os.devnull), database.companion_file(copy, ending))
        if before == _sizes_and_times(path):
            # Without a key: pages are put back as they are, and what they hold is for whoever opens the copy.
            with suppress(*database.sqlite_errors()), closing(database.connect(copy, mode="rw")) as connection:
                connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            return digest
    raise file_errors.FileBusy(file_errors.BEING_WRITTEN, file=path.name)


def _sizes_and_times(path: Path) -> tuple[tuple[int, int], ...]:
    places = (path, *(log for ending in _LOGS if (log := database.companion_file(path, ending)).is_file()))
    return tuple((found.st_size, found.st_mtime_ns) for found in map(Path.stat, places))


def _copy(source: Path, copy: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as stream, copy.open("wb") as target:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _expect_our_version(connection: sqlite3.Connection, path: Path) -> int:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != schema.APPLICATION_ID:
        raise KnownError(file_errors.FOREIGN, file=path.name)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < 1:
        raise KnownError(file_errors.DAMAGED, file=path.name)
    return int(version)


_SAFE_SETTINGS = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0")
_WRITING_SETTINGS = (
    "foreign_keys = ON",
    "recursive_triggers = ON",
    # EXTRA lost nothing in thousands of simulated power cuts; FULL with a deleted journal, and WAL, did.
    "synchronous = EXTRA",
)


def _apply(connection: sqlite3.Connection, settings: Iterable[str]) -> None:
    for setting in settings:
        connection.execute(f"PRAGMA {setting}").fetchall()


def _expect_own_schema(connection: sqlite3.Connection, path: Path, version: int) -> None:
    found = schema.schema_parts(connection)
    if version == schema.VERSION and schema.hash_of_schema(found) == schema.NEWEST_SCHEMA_HASH:
        return
    expected = schema.expected_schema_parts(version)
    if expected - found:
        raise KnownError(file_errors.DAMAGED, file=path.name)
    if found - expected:
        strange = ", ".join(sorted(name for _, name, _ in found - expected))
        raise KnownError(file_errors.STRANGE_PARTS, file=path.name, parts=strange[:200])


def _expect_intact(connection: sqlite3.Connection, path: Path, size: int, only: Collection[str] = ()) -> None:
    (pages,), (page_size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    # SQLCipher gives the size of a page as text.
    if size < pages * int(page_size):
        raise KnownError(file_errors.DAMAGED, file=path.name)
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if table in _CHECKED_TABLES_EXCEPT or (only and table not in only):
            continue
        if connection.execute(f"PRAGMA quick_check('{table}')").fetchone() != ("ok",):
            raise KnownError(file_errors.DAMAGED, file=path.name)


def _migrated(
    connection: sqlite3.Connection, path: Path, key: EncryptionKey | None, *, read_only: bool
) -> sqlite3.Connection:
    """Migrate in place, once a copy is kept, or, where nothing may be written, a copy in memory."""
    if not read_only:
        back_up(connection, path, key, BackupReason.MIGRATION)
        schema.migrate(database.wrap_connection(connection))
        return connection
    copy = _in_memory(connection, key)
    schema.migrate(database.wrap_connection(copy))
    return copy


def _in_memory(connection: sqlite3.Connection, key: EncryptionKey | None) -> sqlite3.Connection:
    """Read a whole file into memory, and close it."""
    with closing(connection):
        copy = database.connect(database.MEMORY, key)
        connection.backup(copy)
    _apply(copy, (*_SAFE_SETTINGS, *_WRITING_SETTINGS))
    return copy
