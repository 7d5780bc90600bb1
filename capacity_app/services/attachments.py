"""Documents held as evidence: of an allowed kind by name and by content, not too large, never opened by us."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
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
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


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
    """Look into the table of contents only; a file with macros is not what its suffix says."""

    def check(content: bytes) -> bool:
        names = _names(content)
        has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and main_part in names and not has_macros

    return check


def _is_open_document(media_type: str) -> Callable[[bytes], bool]:
    # The first part is stored uncompressed and names the type; that is how the format wants to be recognised.
    marker = b"mimetype" + media_type.encode()

    def check(content: bytes) -> bool:
        names = _names(content)
        has_macros = any(name.startswith("Basic/") for name in names)
        return marker in content[:200] and "content.xml" in names and not has_macros

    return check


def _names(content: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()
    return frozenset(names) if len(names) <= _PARTS_LIMIT else frozenset()


def _is_text(content: bytes) -> bool:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Old spreadsheets write national code pages: any byte is a letter there, but none is a control character.
        text = content.decode("latin-1")
    return not any(ord(character) < ord(" ") and character not in "\t\n\r\f\x1a" for character in text)


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
    """Say how many bytes of documents may still be added beside ``held`` bytes of others."""
    return max(0, ALL_DOCUMENTS_LIMIT - held)


def in_megabytes(size: int, *, is_rounded_up: bool = False) -> str:
    """Write a number of bytes as megabytes with one decimal; never more than there is, unless rounded up."""
    tenths = -(-size * 10 // MEGABYTE) if is_rounded_up else size * 10 // MEGABYTE
    return f"{tenths // 10}.{tenths % 10}"


def read_document(file: Path, held: int) -> ReadDocument:
    """Read a document that is to be held beside ``held`` bytes of others; raises KnownError if it may not be."""
    _kind(file.name)
    content = _read(file)
    media_type = check_document(file.name, content)
    if len(content) > room_left(held):
        message = N_(
            "“{file}” has {size} MB, and of {most} MB for all documents {left} MB are left: "
            "attach only the relevant part, or name its link instead."
        )
        raise KnownError(
            message,
            file=clean_text(file.name),
            size=in_megabytes(len(content), is_rounded_up=True),
            left=in_megabytes(room_left(held)),
            most=str(ALL_DOCUMENTS_LIMIT // MEGABYTE),
        )
    return ReadDocument(hashlib.sha256(content).hexdigest(), content, media_type)


def check_document(file_name: str, content: bytes) -> str:
    """Give the media type that name and content agree on; raises KnownError if they do not, or it is too large."""
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
        with file.open("rb") as stream:
            return stream.read(DOCUMENT_LIMIT + 1)
    except FileNotFoundError:
        raise KnownError(refusals.MISSING, file=name) from None
    except PermissionError:
        raise KnownError(refusals.UNREADABLE, file=name) from None
    except OSError as error:
        raise refusals.of_system(error, file) from error
