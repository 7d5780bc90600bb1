"""What the disk, the system or the file itself can refuse, each as one sentence that says what to do."""

import errno
import shutil
import sqlite3
from pathlib import Path

from capacity_app.domain.problems import N_, KnownError, windows_refusal


class FileMoved(KnownError):  # noqa: N818 - a KnownError like the others, named for what happened
    """The file was removed, renamed or replaced while it was open; writing on would damage somebody's work."""


class FileBusy(KnownError):  # noqa: N818
    """Another program holds the file; trying again later may help."""


class FileProtected(KnownError):  # noqa: N818
    """The file opens with a passphrase or recovery key that has not been given."""


MISSING = N_("There is no file “{file}”: check whether it was moved or renamed.")
IS_FOLDER = N_("“{file}” is a folder: choose the assessment file inside it.")
EMPTY = N_("The file “{file}” is empty: restore it from a copy or a backup.")
UNREADABLE = N_("You may not read the file “{file}”: ask its owner for permission, or copy it to a folder of yours.")
FOREIGN = N_(
    "“{file}” is not an assessment file: choose a file that this program made. A returned workbook or document is "
    "imported once its assessment is open."
)
PROTECTED = N_(
    "“{file}” is protected by a passphrase, or it is not an assessment. If it is an assessment, type its "
    "passphrase or its recovery key."
)
DOES_NOT_FIT = N_(
    "The passphrase or recovery key does not open “{file}”: check capital letters and the keyboard's language, and try "
    "again. Nothing was changed."
)
NEWER = N_("“{file}” was made by a newer version of this program: install the newer version to open it.")
NEWER_TO_READ = N_(
    "“{file}” was made by a newer version of this program. It can be read here, not changed: install the newer version."
)
NEWER_COPY = N_(
    "“{file}” was made by a newer version of this program. A copy made here would not have what is new in "
    "it. Copy the file itself, or install the newer version."
)
DAMAGED = N_("The file “{file}” is damaged and has been left as it is: open a copy or a backup of it.")
STRANGE_PARTS = N_(
    "“{file}” contains parts that this program did not put there ({parts}), and is not opened: open a copy or a backup."
)
NAMES_ANOTHER = N_(
    "“{file}” was not opened: the file “{journal}” beside it names another file, and SQLite would delete that file. "
    "This program never writes such a journal. If you trust your copy of the assessment, move it alone to an empty "
    "folder and open it there. Nothing was changed."
)
TOO_BIG = N_("“{file}” is larger than {most} MB, and no assessment is. The program did not read it.")
BEING_WRITTEN = N_("“{file}” was being written while the program read it: try again when that has finished.")
ALREADY_THERE = N_("There is already a file “{file}”: choose another name or folder.")
NAME_TOO_LONG = N_("The name “{file}” is too long to work with: give the file a shorter one.")
NO_FOLDER = N_("The folder “{folder}” does not exist: choose another one.")
VANISHED = N_(
    "The file “{file}” is no longer where it was (moved, deleted, or its drive is unplugged): put it back, or save a "
    "copy elsewhere."
)
REPLACED = N_(
    "The file “{file}” was replaced or changed by another program, which has been left alone: save a copy of your work "
    "elsewhere."
)
NO_BACKUP = N_(
    "“{file}” was made by an older version of this program. Before it is brought up to date a copy is kept, and that "
    "could not be written: make room in {folder}, or open the file for reading only."
)
DISK_FULL = N_("The disk is full: delete something and try again, or save a copy elsewhere.")
NOT_WRITABLE = N_("“{file}” may not be written: ask for permission and try again, or save a copy elsewhere.")
LOCKED = N_("Another program is using “{file}”: close it there and try again, or save a copy elsewhere.")
CANNOT_OPEN = N_(
    "“{file}” cannot be used now: check its drive, close other programs and try again, or save a copy elsewhere."
)
DISK_FAILS = N_("The disk reports an error with “{file}”: check its cable or drive, or save a copy elsewhere.")
TOO_MANY_FILES = N_("The computer has too many files open: close other programs and try again.")
NO_MEMORY = N_("The computer has run out of memory: close other programs and try again.")
UNEXPECTED = N_("“{file}” could not be used ({reason}): try again, or save a copy elsewhere.")

_ROOM_FOR_A_COMMIT = 65_536
_MESSAGE_OF_ERRNO = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), DISK_FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), NOT_WRITABLE),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), TOO_MANY_FILES),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR), NO_FOLDER),
    errno.ENOMEM: NO_MEMORY,
    errno.EIO: DISK_FAILS,
    errno.ENAMETOOLONG: NAME_TOO_LONG,
}


def from_os_error(error: OSError, file: Path) -> KnownError:
    """Return what a failed system call means for the person."""
    message = _MESSAGE_OF_ERRNO.get(error.errno or 0, UNEXPECTED)
    reason = error.strerror or type(error).__name__
    return windows_refusal(file) or KnownError(message, file=file.name, folder=str(file.parent), reason=reason)


def from_sqlite_error(error: Exception, file: Path) -> KnownError:
    """Return what a refusal by SQLite means for the person."""
    extended = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        # The driver's own complaints come without a code: text that is no UTF-8, a blob where text must be.
        return KnownError(DAMAGED, file=file.name)
    if extended & 0xFF == sqlite3.SQLITE_IOERR and _is_full(file.parent):
        return KnownError(DISK_FULL)
    if refusal := windows_refusal(file):
        return refusal
    kind, message = _ERROR_OF_CODE.get(extended) or _ERROR_OF_CODE.get(extended & 0xFF) or (KnownError, UNEXPECTED)
    if message == VANISHED and file.exists():
        message = REPLACED
    return kind(message, file=file.name, reason=str(error))


def _is_full(folder: Path) -> bool:
    """Return whether there is hardly room for a page: network drives report that late, as an error of the disk."""
    try:
        return shutil.disk_usage(folder).free < _ROOM_FOR_A_COMMIT
    except OSError:
        return False


_ERROR_OF_CODE: dict[int, tuple[type[KnownError], str]] = {
    sqlite3.SQLITE_READONLY_ROLLBACK: (FileBusy, LOCKED),
    sqlite3.SQLITE_READONLY_CANTLOCK: (FileBusy, LOCKED),
    sqlite3.SQLITE_READONLY_DBMOVED: (FileMoved, VANISHED),
    sqlite3.SQLITE_FULL: (KnownError, DISK_FULL),
    sqlite3.SQLITE_BUSY: (FileBusy, LOCKED),
    sqlite3.SQLITE_LOCKED: (FileBusy, LOCKED),
    sqlite3.SQLITE_CORRUPT: (KnownError, DAMAGED),
    sqlite3.SQLITE_NOTADB: (KnownError, DAMAGED),
    sqlite3.SQLITE_SCHEMA: (KnownError, DAMAGED),
    sqlite3.SQLITE_ERROR: (KnownError, DAMAGED),
    sqlite3.SQLITE_READONLY: (KnownError, NOT_WRITABLE),
    sqlite3.SQLITE_PERM: (KnownError, NOT_WRITABLE),
    sqlite3.SQLITE_AUTH: (KnownError, NOT_WRITABLE),
    sqlite3.SQLITE_CANTOPEN: (KnownError, CANNOT_OPEN),
    sqlite3.SQLITE_IOERR: (KnownError, DISK_FAILS),
    sqlite3.SQLITE_NOMEM: (KnownError, NO_MEMORY),
}
