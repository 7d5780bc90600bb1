"""What a stranger's file may be before anything in it is read: its kind by its first bytes, its size, its parts.

For a process that has no assessment open: closing a file takes away the locks this process holds on it.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from capacity_app.domain.problems import N_, KnownError
from capacity_app.store import refusals

MEGABYTE = 1_000_000
MOST_BYTES = 200 * MEGABYTE
MOST_BYTES_OF_DOSSIER = 600 * MEGABYTE
"""A dossier holds its documents, a third larger than they are."""
MOST_UNPACKED = 300 * MEGABYTE
MOST_PARTS = 5_000
_HEAD = 2_048
_ENCRYPTED = 0x1

FOREIGN = N_("“{file}” is no report, workbook, dossier or assessment of this program: choose another file.")
A_FOLDER = N_("“{file}” is a folder: choose one file in it.")
NO_FILE = N_("“{file}” is no file that can be read: choose another one.")
TOO_BIG = N_("“{file}” is larger than {most} MB: no file of this kind is. It was not read.")
UNPACKS_TOO_BIG = N_("“{file}” would unpack to more than {most} MB: no file of this kind does. It was not read.")
DAMAGED = N_("“{file}” is damaged or was cut off: ask for it again.")
WITH_PASSWORD = N_("“{file}” is protected with a password: open it with its own program and save it without one.")
OLD_OFFICE = N_(
    "“{file}” is an old Office file, or one protected with a password: open it with its own program and save it as "
    ".docx or .xlsx without a password."
)


class Kind(StrEnum):
    """What the first bytes of a file say it is."""

    ASSESSMENT = "assessment"
    PDF = "pdf"
    PACKAGE = "package"
    HTML = "html"
    DOSSIER = "dossier"


def kind_of(file: Path) -> Kind:
    """Look at a file from outside; raises KnownError with one sentence if it is nothing we read."""
    size = _size(file)
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise _refusal(error, file) from error
    kind = _kind(head, file)
    most = MOST_BYTES_OF_DOSSIER if kind is Kind.DOSSIER else MOST_BYTES
    if size > most and kind is not Kind.ASSESSMENT:
        raise KnownError(TOO_BIG, file=file.name, most=str(most // MEGABYTE))
    return kind


def _size(file: Path) -> int:
    try:
        found = file.stat()
    except (OSError, ValueError) as error:
        raise _refusal(error, file) from error
    if stat.S_ISDIR(found.st_mode):
        raise KnownError(A_FOLDER, file=file.name)
    if not stat.S_ISREG(found.st_mode):
        raise KnownError(NO_FILE, file=file.name)
    if not found.st_size:
        raise KnownError(refusals.EMPTY, file=file.name)
    return found.st_size


def _refusal(error: Exception, file: Path) -> KnownError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return KnownError(refusals.MISSING, file=file.name)
    if isinstance(error, PermissionError):
        return KnownError(refusals.UNREADABLE, file=file.name)
    if isinstance(error, OSError):
        return refusals.of_system(error, file)
    return KnownError(NO_FILE, file=file.name)


def _kind(head: bytes, file: Path) -> Kind:
    if head.startswith(b"SQLite format 3\0"):
        return Kind.ASSESSMENT
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.PACKAGE
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise KnownError(OLD_OFFICE, file=file.name)
    if b"%PDF-" in head[:1_024]:
        return Kind.PDF
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    if text.startswith(b"{"):
        return Kind.DOSSIER
    raise KnownError(FOREIGN, file=file.name)


def content_of(file: Path) -> bytes:
    """Read a file whose kind and size have been looked at; raises KnownError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise _refusal(error, file) from error


@contextmanager
def package_of(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an office file, unpacking nothing before its sizes are known; raises KnownError, also for later damage."""
    try:
        with zipfile.ZipFile(file) as package:
            _expect_harmless(package.infolist(), file)
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as error:
        raise KnownError(DAMAGED, file=file.name) from error


def _expect_harmless(parts: list[zipfile.ZipInfo], file: Path) -> None:
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise KnownError(WITH_PASSWORD, file=file.name)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise KnownError(UNPACKS_TOO_BIG, file=file.name, most=str(MOST_UNPACKED // MEGABYTE))
