"""What a stranger's file may be before anything in it is read: its kind by its first bytes, its size, its parts.

``look_at`` is for files that came back and are about to be parsed: what ``services.strangers`` refuses is never given
to a library.

For a process that has no assessment open: closing a file takes away the locks this process holds on it.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from capacity_app.domain.keys import SALT_BYTES
from capacity_app.domain.problems import KnownError, Problem
from capacity_app.domain.verification import Medium
from capacity_app.services.strangers import archive, contents, kinds, markup, sentences, sheets
from capacity_app.services.strangers.archive import MEGABYTE
from capacity_app.services.strangers.sentences import (
    A_FOLDER,
    DAMAGED,
    FOREIGN,
    NO_FILE,
    OLD_OFFICE,
    TOO_BIG,
    WITH_PASSWORD,
    refused,
)
from capacity_app.services.submissions import tables
from capacity_app.store import refusals
from capacity_app.store.opening import looks_protected

__all__ = ["DAMAGED", "FOREIGN", "WITH_PASSWORD", "Kind", "Looked", "content_of", "dossier_text", "expect_word",
           "expect_workbook", "kind_of", "look_at", "package_of", "returned_content"]  # fmt: skip

MOST_BYTES = 200 * MEGABYTE
MOST_BYTES_OF_DOSSIER = 600 * MEGABYTE
"""A dossier holds its documents, a third larger than they are."""
_HEAD = 2_048


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
    if looks_protected(head[:SALT_BYTES], file):
        return Kind.ASSESSMENT  # one under a passphrase; opening it tells
    raise KnownError(FOREIGN, file=file.name)


def content_of(file: Path) -> bytes:
    """Read a file whose kind and size have been looked at; raises KnownError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise _refusal(error, file) from error


def dossier_text(file: Path) -> str:
    """Read the text of a JSON dossier; raises KnownError."""
    if _size(file) > MOST_BYTES_OF_DOSSIER:
        raise KnownError(TOO_BIG, file=file.name, most=str(MOST_BYTES_OF_DOSSIER // MEGABYTE))
    try:
        return content_of(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError(DAMAGED, file=file.name) from None


@contextmanager
def package_of(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an office file that ``look_at`` lets pass; raises KnownError, also for later damage."""
    content = returned_content(file)
    look_at(content, file.name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as error:
        raise KnownError(DAMAGED, file=file.name) from error


# -- files that came back ------------------------------------------------------------------------------------------

MOST_RETURNED = 100 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Looked:
    """A workbook or Word file that may be parsed; ``notes`` say what in it will not be looked at."""

    medium: Medium
    content: bytes
    notes: tuple[Problem, ...] = ()


def expect_workbook(file: Path) -> bytes:
    """Return the bytes of a workbook that may be parsed; raises KnownError with one sentence."""
    looked = look_at(returned_content(file), file.name)
    if looked.medium is not Medium.WORKBOOK:
        raise refused(sentences.NO_WORKBOOK, file.name)
    return looked.content


def expect_word(file: Path) -> bytes:
    """Return the bytes of a Word file that may be parsed; raises KnownError with one sentence."""
    looked = look_at(returned_content(file), file.name)
    if looked.medium is not Medium.WORD:
        raise refused(sentences.NO_WORD, file.name)
    return looked.content


def returned_content(file: Path) -> bytes:
    """Read a file that came back, unless it is too large to be one; raises KnownError."""
    if _size(file) > MOST_RETURNED:
        raise refused(TOO_BIG, file.name, most=str(MOST_RETURNED // MEGABYTE))
    return content_of(file)


def look_at(content: bytes, file: str) -> Looked:
    """Look at a workbook or Word file before anything in it is parsed; raises KnownError with one sentence."""
    if len(content) > MOST_RETURNED:
        raise refused(TOO_BIG, file, most=str(MOST_RETURNED // MEGABYTE))
    if tables.is_export(content, file):
        return Looked(Medium.SUBMISSIONS, content)
    kinds.expect_package(content, file)
    parts = archive.parts_of(content, file)
    if kinds.is_plain_archive(parts) and tables.is_archive_of_exports(content, parts, file):
        return Looked(Medium.SUBMISSIONS, content)
    medium = kinds.medium_of(content, parts, file)
    return Looked(medium, content, _look_inside(content, parts, medium, file))


def _look_inside(content: bytes, parts: Sequence[archive.Part], medium: Medium, file: str) -> tuple[Problem, ...]:
    found, cells = contents.Contents(file), 0
    for part in parts:
        found.look_at_name(part.name)
    found.expect_harmless()
    # What sheets are called is known before they are looked at.
    ordered = sorted(parts, key=lambda part: part.name.casefold() not in contents.FIRST)
    for name, data in archive.texts_of(content, ordered, file):
        text = markup.expected_markup(name, data, file)
        if text is None:
            continue
        found.look_at_text(name, text)
        if medium is Medium.WORKBOOK:
            cells += _cells(found, name, text, file)
    found.expect_harmless()
    found.expect_sheets(part.name for part in parts)
    if cells > sheets.MOST_CELLS_OF_ALL:
        raise refused(sentences.TOO_MANY_CELLS, file, count=str(cells))
    return found.notes()


def _cells(found: contents.Contents, name: str, text: bytes, file: str) -> int:
    """Count the cells that a part reaches over."""
    if name.casefold() == kinds.WORKBOOK:
        sheets.expect_few_sheets(text, file)
    sheets.expect_few_texts(name, text, file)
    return sheets.expect_near(found.title_of(name), text, file) if sheets.is_sheet(text) else 0
