"""Documents held as evidence: of an allowed kind by name and by content, not too large, never opened by us."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from capacity_app.domain.answers import clean_text
from capacity_app.domain.problems import N_, KnownError
from capacity_app.store import refusals

MEGABYTE = 1_000_000
DOCUMENT_LIMIT = 25 * MEGABYTE
"""Bytes in one document."""
ALL_DOCUMENTS_LIMIT = 250 * MEGABYTE
"""Bytes in all documents of an assessment."""
_PARTS_LIMIT = 10_000
_TYPES, _TYPES_LIMIT = "[Content_Types].xml", 4_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_NO_FILE = N_("“{file}” is a folder or no file that can be read: choose another one.")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that may be held: its bytes, their SHA-256 and the media type its content bears out."""

    hash: str
    content: bytes
    media_type: str


def _has_signature(media_type: str) -> Callable[[bytes], bool]:
    def check(content: bytes) -> bool:
        import puremagic  # noqa: PLC0415 - its table of signatures costs 5 ms that a starting window does not need

        try:
            found = puremagic.magic_string(content)
        except (puremagic.PureError, ValueError):
            return False
        return any(match.mime_type == media_type for match in found)

    return check


def _is_office(main_part: str) -> Callable[[bytes], bool]:
    """Look into the tables of contents only; a file with macros is not what its suffix says."""

    def check(content: bytes) -> bool:
        names = _names(content)
        return _TYPES in names and main_part in names and not _has_programs(content, names)

    return check


def _has_programs(content: bytes, names: Iterable[str]) -> bool:
    """Return whether a part has the name or the type of a program; also where its types cannot be read."""
    from capacity_app.services.strangers.contents import Contents  # noqa: PLC0415 - only attaching needs it

    found = Contents("")
    for name in names:
        found.look_at_name(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_TYPES) as types:
            found.look_at_text(_TYPES, types.read(_TYPES_LIMIT))
    except (KnownError, *_BROKEN):
        return True
    return bool(found.programs)


def _is_open_document(media_type: str) -> Callable[[bytes], bool]:
    # The first part is stored uncompressed and names the type; that is how the format wants to be recognised.
    marker = b"mimetype" + media_type.encode()

    def check(content: bytes) -> bool:
        names = _names(content)
        has_macros = any(name.startswith("Basic/") for name in names)
        return marker in content[:200] and "content.xml" in names and not has_macros

    return check


def _names(content: bytes) -> frozenset[str]:
    """Return the names of an archive's parts; none if something else stands before them, or too many."""
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > _PARTS_LIMIT:
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except _BROKEN:
        return frozenset()


def _is_tables(content: bytes) -> bool:
    """Return whether an archive holds plain tables and nothing else, as ODK exports answers."""
    names = _names(content)
    return bool(names) and all(name.casefold().endswith(".csv") for name in names)


def _is_text(content: bytes) -> bool:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Old spreadsheets write national code pages: any byte is a letter there, but none is a control character.
        text = content.decode("latin-1")
    return _CONTROL.search(text) is None


_KINDS: Mapping[str, tuple[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        ".pdf": ("application/pdf", _has_signature("application/pdf")),
        ".docx": (f"{_OFFICE}.wordprocessingml.document", _is_office("word/document.xml")),
        ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _is_office("xl/workbook.xml")),
        ".pptx": (f"{_OFFICE}.presentationml.presentation", _is_office("ppt/presentation.xml")),
        ".odt": (f"{_OPEN}.text", _is_open_document(f"{_OPEN}.text")),
        ".ods": (f"{_OPEN}.spreadsheet", _is_open_document(f"{_OPEN}.spreadsheet")),
        ".odp": (f"{_OPEN}.presentation", _is_open_document(f"{_OPEN}.presentation")),
        ".csv": ("text/csv", _is_text),
        ".txt": ("text/plain", _is_text),
        ".zip": ("application/zip", _is_tables),
        ".png": ("image/png", _has_signature("image/png")),
        ".jpg": ("image/jpeg", _has_signature("image/jpeg")),
        ".jpeg": ("image/jpeg", _has_signature("image/jpeg")),
        ".gif": ("image/gif", _has_signature("image/gif")),
        ".tif": ("image/tiff", _has_signature("image/tiff")),
        ".tiff": ("image/tiff", _has_signature("image/tiff")),
        ".webp": ("image/webp", _has_signature("image/webp")),
    }
)


def allowed_suffixes() -> tuple[str, ...]:
    """List the suffixes of documents that may be held, for a file dialog."""
    return tuple(_KINDS)


def room_left(held: int) -> int:
    """Return how many bytes of documents may still be added beside ``held`` bytes of others."""
    return max(0, ALL_DOCUMENTS_LIMIT - held)


def in_megabytes(size: int, *, is_rounded_up: bool = False) -> str:
    """Write a number of bytes as megabytes with one decimal; never more than there is, unless rounded up."""
    tenths = -(-size * 10 // MEGABYTE) if is_rounded_up else size * 10 // MEGABYTE
    return f"{tenths // 10}.{tenths % 10}"


def read_document(file: Path, held: int) -> ReadDocument:
    """Read a document that is to be held beside ``held`` bytes of others; raises KnownError if it may not be."""
    _kind(file.name)
    return document_of(file.name, _read(file), held)


def document_of(file_name: str, content: bytes, held: int) -> ReadDocument:
    """Take bytes as a document that is to be held beside ``held`` others; raises KnownError if it may not be."""
    media_type = check_document(file_name, content)
    if len(content) > room_left(held):
        message = N_(
            "“{file}” has {size} MB, and of {most} MB for all documents {left} MB are left: "
            "attach only the relevant part, or name its link instead."
        )
        raise KnownError(
            message,
            file=clean_text(file_name),
            size=in_megabytes(len(content), is_rounded_up=True),
            left=in_megabytes(room_left(held)),
            most=str(ALL_DOCUMENTS_LIMIT // MEGABYTE),
        )
    return ReadDocument(hashlib.sha256(content).hexdigest(), content, media_type)


def check_document(file_name: str, content: bytes) -> str:
    """Return the media type that name and content agree on; raises KnownError if they do not, or it is too large."""
    name = clean_text(file_name)
    media_type, is_of_kind = _kind(name)
    if len(content) > DOCUMENT_LIMIT:
        message = N_("“{file}” is larger than {most} MB: attach the relevant part, or name its link instead.")
        raise KnownError(message, file=name, most=str(DOCUMENT_LIMIT // MEGABYTE))
    if not content or not is_of_kind(content):
        message = N_("“{file}” is not what its name says (or holds macros): open it and save it again as {kind}.")
        raise KnownError(message, file=name, kind=Path(name).suffix[1:].lower())
    return media_type


def _kind(file_name: str) -> tuple[str, Callable[[bytes], bool]]:
    kind = _KINDS.get(Path(file_name).suffix.lower())
    if kind is None:
        message = N_("“{file}” is of a kind that cannot be attached: attach one of {kinds}.")
        raise KnownError(message, file=clean_text(file_name), kinds=", ".join(suffix[1:] for suffix in _KINDS))
    return kind


def _read(file: Path) -> bytes:
    name = clean_text(file.name)
    try:
        # Anything but a regular file could be a pipe that never ends.
        if not file.is_file() and file.exists():
            raise KnownError(_NO_FILE, file=name)
        with file.open("rb") as stream:
            return stream.read(DOCUMENT_LIMIT + 1)
    except FileNotFoundError:
        raise KnownError(refusals.MISSING, file=name) from None
    except PermissionError:
        raise KnownError(refusals.UNREADABLE, file=name) from None
    except OSError as error:
        raise refusals.of_system(error, file) from error
