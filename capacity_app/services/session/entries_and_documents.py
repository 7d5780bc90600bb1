"""Checks of register entries and documents before they are stored, and ids of devices, sessions and entries."""

import hashlib
import io
import re
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from capacity_app import paths
from capacity_app.domain.assessment.answer_rules import LARGEST_NUMBER
from capacity_app.domain.assessment.answers import TEXT_LIMIT, clean_text
from capacity_app.domain.assessment.registers import Evidence, Mission, RegisterEntry, register_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.files.atomic import write_atomically
from capacity_app.storage import file_errors
from capacity_app.storage.rows import LONGEST_ID

# Register entries before they are stored: cleaned, checked and given permanent ids.

_PREFIXES = {
    "agencies": "agency",
    "people": "person",
    "meetings": "meeting",
    "validations": "validation",
    "sources": "source",
    "evidence": "evidence",
    "actions": "action",
    "remarks": "remark",
    "returns": "return",
    "kept": "kept",
}
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is mistaken for something else when read aloud."""
_LETTERS_IN_ID = 7
"""Two laptops with 200 entries each collide once in a million merges."""


def random_letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def new_entry_id(register: str) -> str:
    """Draw an id for a register's next entry; mission and ratings have theirs already (KeyError)."""
    return f"{_PREFIXES[register]}-{random_letters(_LETTERS_IN_ID)}"


def _clean_value(value: Any) -> Any:  # noqa: ANN401 - any field of any register
    if type(value) is str:
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(_clean_value(part) for part in value)
    return value


def _entry_problem(register: str, entry_id: str, code: str, message: str, advice: str, **values: str) -> Problem:
    return Problem(
        f"entry.{code}", f"{register}/{clean_text(entry_id)[:LONGEST_ID]}", message, advice, tuple(values.items())
    )


def is_valid_id(text: str) -> bool:
    """Return whether a text can be an id: short, visible, without control characters."""
    return bool(text.strip()) and len(text) <= LONGEST_ID and clean_text(text) == text and "\n" not in text


def _expect_types(entry: RegisterEntry) -> None:
    """Stop our own bug here: what is stored with a wrong type could not be read back."""
    for field in fields(entry):
        shape: Any = field.type
        value = getattr(entry, field.name)
        parts = value if isinstance(value, tuple) else (value,)
        kind = shape if isinstance(shape, type) else shape.__args__[0]
        if isinstance(value, tuple) == isinstance(shape, type) or not all(type(part) is kind for part in parts):
            raise TypeError(f"{field.name} of {register_of(entry)} must be {shape}, not {value!r}")


def _longest_text(entry: RegisterEntry) -> int:
    longest = 0
    for field in fields(entry):
        value = getattr(entry, field.name)
        texts = value if isinstance(value, tuple) else (value,)
        longest = max(longest, *(len(text) for text in texts if isinstance(text, str)), len(texts) if value else 0)
    return longest


def clean_entry(entry: RegisterEntry) -> tuple[RegisterEntry, Problem | None]:
    """Clean and check an entry; with a problem, it may not be stored."""
    register = register_of(entry)
    _expect_types(entry)
    if not is_valid_id(entry.id) or (isinstance(entry, Mission) and entry.id != "mission"):
        advice = N_("Use letters, digits and hyphens.")
        return entry, _entry_problem(register, entry.id, "id", N_("The entry has no usable id."), advice)
    cleaned = replace(entry, **{field.name: _clean_value(getattr(entry, field.name)) for field in fields(entry)})
    if isinstance(entry, Evidence) and not 0 <= entry.size <= LARGEST_NUMBER:
        advice = N_("Attach the document again.")
        return entry, _entry_problem(
            register, entry.id, "size", N_("The size of the document is out of range."), advice
        )
    longest = _longest_text(cleaned)
    if longest > TEXT_LIMIT:
        return cleaned, _entry_problem(
            register,
            entry.id,
            "length",
            N_("The text has {length} characters; {longest} are allowed."),
            N_("Shorten it, or attach the long version as a document."),
            length=str(longest),
            longest=str(TEXT_LIMIT),
        )
    return cleaned, None


# Who made a revision: an installation's id, made once and kept, and a fresh part for every session.

_LETTERS_IN_DEVICE = 10
_LETTERS_IN_SESSION = 6


def device_id(file: Path | None = None) -> str:
    """Read this installation's id, or make one; where it cannot be kept, it lasts for this run."""
    file = file or paths.device_file()
    with suppress(OSError, UnicodeDecodeError):
        known = file.read_text(encoding="ascii").strip()
        if known.isalnum() and len(known) == _LETTERS_IN_DEVICE:
            return known
    made = random_letters(_LETTERS_IN_DEVICE)
    with suppress(OSError, KnownError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, f"{made}\n".encode("ascii"))
    return made


def session_id(device: str) -> str:
    """Return a session's own name among the devices.

    Two copies of one file may be continued on one laptop, and a backup restored: with the installation's id
    alone, both would call different answers "device:7", and merging would take them for one.
    """
    return f"{device}.{random_letters(_LETTERS_IN_SESSION)}"


MEGABYTE = 1_000_000
DOCUMENT_LIMIT = 25 * MEGABYTE
"""Bytes in one document."""
ALL_DOCUMENTS_LIMIT = 250 * MEGABYTE
"""Bytes in all documents of an assessment."""
_MAX_ARCHIVE_PARTS = 10_000
_TYPES, _TYPES_LIMIT = "[Content_Types].xml", 4_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError)
_CONTROL = r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_NO_FILE = N_("“{file}” is a folder or no file that can be read: choose another one.")


@dataclass(frozen=True, slots=True)
class CheckedDocument:
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
        names = _archive_names(content)
        return _TYPES in names and main_part in names and not _has_programs(content, names)

    return check


def _has_programs(content: bytes, names: Iterable[str]) -> bool:
    """Return whether a part has the name or the type of a program; also where its types cannot be read."""
    from capacity_app.services.untrusted.inspection import PackageContents  # noqa: PLC0415 - only attaching needs it

    found = PackageContents("")
    for name in names:
        found.inspect_name(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_TYPES) as types:
            found.inspect_text(_TYPES, types.read(_TYPES_LIMIT))
    except (KnownError, *_BROKEN):
        return True
    return bool(found.programs)


def _is_open_document(media_type: str) -> Callable[[bytes], bool]:
    # The first part is stored uncompressed and names the type; that is how the format wants to be recognised.
    marker = b"mimetype" + media_type.encode()

    def check(content: bytes) -> bool:
        names = _archive_names(content)
        has_macros = any(name.startswith("Basic/") for name in names)
        return marker in content[:200] and "content.xml" in names and not has_macros

    return check


def _archive_names(content: bytes) -> frozenset[str]:
    """Return the names of an archive's parts; none if something else stands before them, or too many."""
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > _MAX_ARCHIVE_PARTS:
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except _BROKEN:
        return frozenset()


def _is_tables(content: bytes) -> bool:
    """Return whether an archive holds plain tables and nothing else, as ODK exports answers."""
    names = _archive_names(content)
    return bool(names) and all(name.casefold().endswith(".csv") for name in names)


def _is_text(content: bytes) -> bool:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Old spreadsheets write national code pages: any byte is a letter there, but none is a control character.
        text = content.decode("latin-1")
    return re.search(_CONTROL, text) is None


_DOCUMENT_KINDS: Mapping[str, tuple[str, Callable[[bytes], bool]]] = MappingProxyType(
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


def allowed_document_suffixes() -> tuple[str, ...]:
    """List the suffixes of documents that may be held, for a file dialog."""
    return tuple(_DOCUMENT_KINDS)


def free_document_bytes(held: int) -> int:
    """Return how many bytes of documents may still be added beside ``held`` bytes of others."""
    return max(0, ALL_DOCUMENTS_LIMIT - held)


def format_megabytes(size: int, *, is_rounded_up: bool = False) -> str:
    """Write a number of bytes as megabytes with one decimal; never more than there is, unless rounded up."""
    tenths = -(-size * 10 // MEGABYTE) if is_rounded_up else size * 10 // MEGABYTE
    return f"{tenths // 10}.{tenths % 10}"


def read_document(file: Path, held: int) -> CheckedDocument:
    """Read a document that is to be held beside ``held`` bytes of others; raises KnownError if it may not be."""
    _document_kind(file.name)
    return make_document(file.name, _read_bytes(file), held)


def make_document(file_name: str, content: bytes, held: int) -> CheckedDocument:
    """Take bytes as a document that is to be held beside ``held`` others; raises KnownError if it may not be."""
    media_type = check_document(file_name, content)
    if len(content) > free_document_bytes(held):
        message = N_(
            "“{file}” has {size} MB, and of {most} MB for all documents {left} MB are left: "
            "attach only the relevant part, or name its link instead."
        )
        raise KnownError(
            message,
            file=clean_text(file_name),
            size=format_megabytes(len(content), is_rounded_up=True),
            left=format_megabytes(free_document_bytes(held)),
            most=str(ALL_DOCUMENTS_LIMIT // MEGABYTE),
        )
    return CheckedDocument(hashlib.sha256(content).hexdigest(), content, media_type)


def check_document(file_name: str, content: bytes) -> str:
    """Return the media type that name and content agree on; raises KnownError if they do not, or it is too large."""
    name = clean_text(file_name)
    media_type, is_of_kind = _document_kind(name)
    if len(content) > DOCUMENT_LIMIT:
        message = N_("“{file}” is larger than {most} MB: attach the relevant part, or name its link instead.")
        raise KnownError(message, file=name, most=str(DOCUMENT_LIMIT // MEGABYTE))
    if not content or not is_of_kind(content):
        message = N_("“{file}” is not what its name says (or holds macros): open it and save it again as {kind}.")
        raise KnownError(message, file=name, kind=Path(name).suffix[1:].lower())
    return media_type


def _document_kind(file_name: str) -> tuple[str, Callable[[bytes], bool]]:
    kind = _DOCUMENT_KINDS.get(Path(file_name).suffix.lower())
    if kind is None:
        message = N_("“{file}” is of a kind that cannot be attached: attach one of {kinds}.")
        raise KnownError(message, file=clean_text(file_name), kinds=", ".join(suffix[1:] for suffix in _DOCUMENT_KINDS))
    return kind


def _read_bytes(file: Path) -> bytes:
    name = clean_text(file.name)
    try:
        # Anything but a regular file could be a pipe that never ends.
        if not file.is_file() and file.exists():
            raise KnownError(_NO_FILE, file=name)
        with file.open("rb") as stream:
            return stream.read(DOCUMENT_LIMIT + 1)
    except FileNotFoundError:
        raise KnownError(file_errors.MISSING, file=name) from None
    except PermissionError:
        raise KnownError(file_errors.UNREADABLE, file=name) from None
    except OSError as error:
        raise file_errors.from_os_error(error, file) from error
