"""What a stranger's file may be before anything in it is read: its kind by its first bytes, its size, its parts.

``inspect_content`` is for files that came back and are about to be parsed: what is refused here is never given to a
library.

For a process that has no assessment open: closing a file takes away the locks this process holds on it.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from xml.parsers import expat

from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.encryption_keys import SALT_BYTES
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import KnownError, Problem, ProblemSeverity
from capacity_app.services.untrusted import refusals, submission_tables, zip_limits
from capacity_app.services.untrusted.refusals import (
    DAMAGED,
    IS_FOLDER,
    NO_FILE,
    NOT_OUR_KIND,
    OLD_OFFICE,
    TOO_BIG,
    printable_names,
    refusal,
)
from capacity_app.services.untrusted.zip_limits import MEGABYTE, PackagePart, unpack
from capacity_app.storage import file_errors
from capacity_app.storage.opening import looks_protected

# What kind of file came back, told by its first bytes and the names of its parts, and what to do with a wrong one.

_KIND_BYTES = 2_048
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_LOCKED, _OLE_WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
_TEMPORARY_PREFIXES = ("~$", "._", ".~lock.")
"""How the names of files begin that Excel, macOS and LibreOffice keep beside another file."""
WORKBOOK_PART, WORD_PART, _MIMETYPE_PART = "xl/workbook.xml", "word/document.xml", "mimetype"
_SPREADSHEETS = {"xl/workbook.bin": ".xlsb", "index/document.iwa": ".numbers"}
_OPEN_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
_USER_FILE_SUFFIXES = (".xlsx", ".docx", ".xls", ".doc", ".pdf", ".assessment", ".json", ".ods", ".odt", ".csv")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<table")
_OLD_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_SEPARATORS = (b",", b";", b"\t")
_LINES = 3
_FIRST_PRINTED, _BREAKS = 32, b"\t\r\n"


def expect_zip(content: bytes, file: str) -> None:
    """Expect an archive, as Office files are; raises KnownError saying what to do with anything else."""
    if file.startswith(_TEMPORARY_PREFIXES):
        raise refusal(refusals.TEMPORARY_FILE, file)
    if not content:
        raise refusal(file_errors.EMPTY, file)
    if not content.startswith(_ZIP_SIGNATURES):
        raise _refusal_by_content(content, file)


def _refusal_by_content(content: bytes, file: str) -> KnownError:
    head = content[:_KIND_BYTES]
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if content.startswith(_OLE_SIGNATURE):
        return refusal(_old_office_message(content), file)
    if b"%PDF-" in head[:1_024]:
        return refusal(refusals.IS_PDF, file)
    if _OLD_XML in head:
        return refusal(refusals.OTHER_WORKBOOK, file, kind="XML 2003")
    if text.startswith(_HTML_STARTS):
        return refusal(refusals.OTHER_WORKBOOK, file, kind="HTML")
    return refusal(refusals.PLAIN_TABLE if _is_plain_table(head, file) else refusals.NEITHER_WORKBOOK_NOR_WORD, file)


def _old_office_message(content: bytes) -> str:
    if _OLE_LOCKED in content:
        return refusals.WITH_PASSWORD
    return refusals.OLD_WORD if _OLE_WORD in content else refusals.OLD_EXCEL


def _is_plain_table(head: bytes, file: str) -> bool:
    """Return whether each of the first lines has the same sign between its cells."""
    if file.casefold().endswith((".csv", ".tsv")):
        return True
    lines = head.split(b"\n")[:_LINES]
    is_text = not any(byte < _FIRST_PRINTED and byte not in _BREAKS for byte in head)
    return is_text and len(lines) > 1 and any(all(sign in line for line in lines if line) for sign in _SEPARATORS)


def is_plain_archive_of_files(parts: Sequence[PackagePart]) -> bool:
    """Return whether an archive is no office file, so that files of people may be in it."""
    names = {part.name.casefold() for part in parts}
    return not names & {WORKBOOK_PART, WORD_PART, _MIMETYPE_PART, *_SPREADSHEETS}


def medium_of(content: bytes, parts: Sequence[PackagePart], file: str) -> FileMedium:
    """Tell a workbook from a Word file; raises KnownError for an archive that is neither."""
    names = {part.name.casefold(): part for part in parts}
    if WORKBOOK_PART in names:
        return FileMedium.WORKBOOK
    if WORD_PART in names:
        return FileMedium.WORD
    for name, kind in _SPREADSHEETS.items():
        if name in names:
            raise refusal(refusals.OTHER_WORKBOOK, file, kind=kind)
    kind_said = unpack(content, names[_MIMETYPE_PART], file) if _MIMETYPE_PART in names else b""
    if kind_said.startswith(_OPEN_SPREADSHEET):
        raise refusal(refusals.OTHER_WORKBOOK, file, kind=".ods")
    if kind_said.startswith(_OPEN_TEXT):
        raise refusal(refusals.OTHER_DOCUMENT, file, kind=".odt")
    inside = [part.name for part in parts if part.name.casefold().endswith(_USER_FILE_SUFFIXES)]
    if inside:
        raise refusal(refusals.ARCHIVE_OF_FILES, file, names=refusals.printable_names(inside))
    raise refusal(refusals.NEITHER_WORKBOOK_NOR_WORD, file)


# What an office file holds besides its text: programs and objects, for which it is refused, and what is never opened.
#
# A part may have any name; what it is stands in the list of content types and in the relations between parts.

_CONTENT_TYPES = "[content_types].xml"
_PROGRAMS = ("vbaproject", "vbadata", "macroenabled", "macrosheet", "mswordvba", "attachedtoolbars")
_OBJECTS = ("oleobject", "activex", "/relationships/control", "ctrlprop")
_EMBEDDED = ("/relationships/package", "/relationships/afchunk", "/relationships/subdocument")
_EXTERNAL = ("externallink", "/relationships/connections", "querytable")
_SERVERS = ("http:", "https:", "ftp:", "\\\\", "file://\\\\")
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET_NAME_PARTS = (_WORKBOOK_RELATIONS, WORKBOOK_PART)
"""The parts that say what sheets are called."""
_HARMLESS_TARGETS = ("/relationships/hyperlink",)
_OBJECT_ELEMENTS = (b"oleObject", b"OLEObject")
"""Looked for where their rarest letter is: one letter is found thirty times as fast."""


@dataclass(slots=True)
class PackageContents:
    """What was found while the parts of a file went by, by name."""

    file: str
    programs: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    """Where each sheet of a workbook lies, by the id of its relation."""
    titles: dict[str, str] = field(default_factory=dict)
    """What each sheet is called, by the same id."""

    def inspect_name(self, name: str) -> None:
        said = name.casefold()
        self._sort(said, name)
        if "/embeddings/" in said and not said.endswith("/") and name not in self.objects:
            self.files.append(name)

    def inspect_text(self, name: str, markup: bytes) -> None:
        """Take an XML part; raises KnownError where it cannot be parsed."""
        said = name.casefold()
        if said == _CONTENT_TYPES or said.endswith(".rels"):
            self._take_relations(name, markup)
        elif said == WORKBOOK_PART:
            self._take_titles(markup)
        elif b"j" in markup and any(word in markup for word in _OBJECT_ELEMENTS):
            self.objects.append(name)

    def _take_relations(self, name: str, markup: bytes) -> None:
        for attributes in _element_attributes(markup, self.file):
            target = attributes.get("Target", attributes.get("PartName", attributes.get("Extension", "")))
            said = " ".join((attributes.get("Type", ""), attributes.get("ContentType", ""))).casefold()
            self._sort(said, target)
            is_elsewhere = attributes.get("TargetMode", "").casefold() == "external"
            if is_elsewhere and not _is_harmless_target(said, target):
                self.outside.append(target)
            if name.casefold() == _WORKBOOK_RELATIONS and said.strip().endswith("/worksheet"):
                self.sheets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def _take_titles(self, markup: bytes) -> None:
        for attributes in _element_attributes(markup, self.file):
            related = next((text for key, text in attributes.items() if key.endswith(":id")), "")
            if related and "sheetId" in attributes:
                self.titles[related] = attributes.get("name", "")

    def title_of(self, part: str) -> str:
        """Return what people call a part: the name of a sheet, where it is one."""
        found = (self.titles.get(one, "") for one, place in self.sheets.items() if place.casefold() == part.casefold())
        return next(found, "") or part

    def _sort(self, said: str, name: str) -> None:
        for words, found in (
            (_PROGRAMS, self.programs),
            (_OBJECTS, self.objects),
            (_EMBEDDED, self.files),
            (_EXTERNAL, self.outside),
        ):
            if any(word in said for word in words):
                found.append(name)

    def expect_sheets(self, names: Iterable[str]) -> None:
        """Raise KnownError if a sheet is not there that the list of sheets names."""
        there = {name.casefold() for name in names}
        if any(self.sheets[one].casefold() not in there for one in self.titles if one in self.sheets):
            raise refusal(refusals.DAMAGED, self.file)

    def expect_harmless(self) -> None:
        """Raise KnownError if the file holds programs, or objects of other programs."""
        if self.programs:
            raise refusal(refusals.MACROS, self.file)
        if self.objects:
            raise refusal(refusals.OBJECTS, self.file, names=printable_names(sorted(set(self.objects))))

    def notes(self) -> tuple[Problem, ...]:
        return tuple(self._notes())

    def _notes(self) -> Iterator[Problem]:
        for code, found, message, advice in (
            ("file.links-out", self.outside, refusals.EXTERNAL_LINKS, refusals.EXTERNAL_LINKS_ADVICE),
            ("file.files-inside", self.files, refusals.EMBEDDED_FILES, refusals.EMBEDDED_FILES_ADVICE),
        ):
            if found:
                values = (("file", self.file), ("names", printable_names(sorted(set(found)))))
                yield Problem(code, self.file, message, advice, values, ProblemSeverity.WARNING)


def _is_harmless_target(said: str, target: str) -> bool:
    """Return whether a target outside is a link to click on, or the template that Word names in nearly every file."""
    is_template = "/relationships/attachedtemplate" in said and not target.casefold().startswith(_SERVERS)
    return is_template or any(word in said for word in _HARMLESS_TARGETS)


def _element_attributes(markup: bytes, file: str) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda _tag, attributes: found.append(attributes)
    try:
        parser.Parse(markup, True)
    except expat.ExpatError as error:
        raise refusal(refusals.DAMAGED, file) from error
    return found


MAX_BYTES = 200 * MEGABYTE
MAX_DOSSIER_BYTES = 600 * MEGABYTE
"""A dossier holds its documents, a third larger than they are."""
_HEAD = 2_048


class FileKind(StrEnum):
    """What the first bytes of a file say it is."""

    ASSESSMENT = "assessment"
    PDF = "pdf"
    PACKAGE = "package"
    HTML = "html"
    DOSSIER = "dossier"


def kind_of(file: Path) -> FileKind:
    """Look at a file from outside; raises KnownError with one sentence if it is nothing we read."""
    size = _file_size(file)
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise refusal_of_error(error, file) from error
    kind = _kind_of_head(head, file)
    most = MAX_DOSSIER_BYTES if kind is FileKind.DOSSIER else MAX_BYTES
    if size > most and kind is not FileKind.ASSESSMENT:
        raise KnownError(TOO_BIG, file=file.name, most=str(most // MEGABYTE))
    return kind


def _file_size(file: Path) -> int:
    try:
        found = file.stat()
    except (OSError, ValueError) as error:
        raise refusal_of_error(error, file) from error
    if stat.S_ISDIR(found.st_mode):
        raise KnownError(IS_FOLDER, file=file.name)
    if not stat.S_ISREG(found.st_mode):
        raise KnownError(NO_FILE, file=file.name)
    if not found.st_size:
        raise KnownError(file_errors.EMPTY, file=file.name)
    return found.st_size


def refusal_of_error(error: Exception, file: Path) -> KnownError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return KnownError(file_errors.MISSING, file=file.name)
    if isinstance(error, PermissionError):
        return KnownError(file_errors.UNREADABLE, file=file.name)
    if isinstance(error, OSError):
        return file_errors.from_os_error(error, file)
    return KnownError(NO_FILE, file=file.name)


def _kind_of_head(head: bytes, file: Path) -> FileKind:
    if head.startswith(b"SQLite format 3\0"):
        return FileKind.ASSESSMENT
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileKind.PACKAGE
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise KnownError(OLD_OFFICE, file=file.name)
    if b"%PDF-" in head[:1_024]:
        return FileKind.PDF
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return FileKind.HTML
    if text.startswith(b"{"):
        return FileKind.DOSSIER
    if looks_protected(head[:SALT_BYTES], file):
        return FileKind.ASSESSMENT  # one under a passphrase; opening it tells
    raise KnownError(NOT_OUR_KIND, file=file.name)


def read_content(file: Path) -> bytes:
    """Read a file whose kind and size have been looked at; raises KnownError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise refusal_of_error(error, file) from error


def read_dossier_text(file: Path) -> str:
    """Read the text of a JSON dossier; raises KnownError."""
    if _file_size(file) > MAX_DOSSIER_BYTES:
        raise KnownError(TOO_BIG, file=file.name, most=str(MAX_DOSSIER_BYTES // MEGABYTE))
    try:
        return read_content(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError(DAMAGED, file=file.name) from None


@contextmanager
def open_package(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an office file that ``inspect_content`` lets pass; raises KnownError, also for later damage."""
    content = read_returned_content(file)
    inspect_content(content, file.name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as error:
        raise KnownError(DAMAGED, file=file.name) from error


# -- files that came back ------------------------------------------------------------------------------------------

MAX_RETURNED_BYTES = 100 * MEGABYTE


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A workbook or Word file that may be parsed; ``notes`` say what in it will not be looked at."""

    medium: FileMedium
    content: bytes
    notes: tuple[Problem, ...] = ()
    unpacked: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """The parts of a small workbook but for pictures, so that nobody unpacks them again."""


_MOST_KEPT = 20 * MEGABYTE
"""Larger workbooks are unpacked part by part, so that they never lie in the memory as a whole."""


def read_workbook_content(file: Path) -> bytes:
    """Return the bytes of a workbook that may be parsed; raises KnownError with one sentence."""
    looked = inspect_content(read_returned_content(file), file.name)
    if looked.medium is not FileMedium.WORKBOOK:
        raise refusal(refusals.NO_WORKBOOK, file.name)
    return looked.content


def read_returned_content(file: Path) -> bytes:
    """Read a file that came back, unless it is too large to be one; raises KnownError."""
    if _file_size(file) > MAX_RETURNED_BYTES:
        raise refusal(TOO_BIG, file.name, most=str(MAX_RETURNED_BYTES // MEGABYTE))
    return read_content(file)


def inspect_content(content: bytes, file: str) -> InspectedFile:
    """Look at a workbook or Word file before anything in it is parsed; raises KnownError with one sentence."""
    if len(content) > MAX_RETURNED_BYTES:
        raise refusal(TOO_BIG, file, most=str(MAX_RETURNED_BYTES // MEGABYTE))
    if submission_tables.is_export(content, file):
        return InspectedFile(FileMedium.SUBMISSIONS, content)
    expect_zip(content, file)
    parts = zip_limits.parts_of(content, file)
    if is_plain_archive_of_files(parts) and submission_tables.is_export_archive(content, parts, file):
        return InspectedFile(FileMedium.SUBMISSIONS, content)
    medium = medium_of(content, parts, file)
    is_kept = medium is FileMedium.WORKBOOK and sum(part.size for part in parts) <= _MOST_KEPT
    unpacked: dict[str, bytes] | None = {} if is_kept else None
    return InspectedFile(medium, content, _inspect_parts(content, parts, medium, file, unpacked), unpacked or {})


def _inspect_parts(
    content: bytes,
    parts: Sequence[zip_limits.PackagePart],
    medium: FileMedium,
    file: str,
    unpacked: dict[str, bytes] | None,
) -> tuple[Problem, ...]:
    found, cells = PackageContents(file), 0
    for part in parts:
        found.inspect_name(part.name)
    found.expect_harmless()
    # What sheets are called is known before they are looked at.
    ordered = sorted(parts, key=lambda part: part.name.casefold() not in SHEET_NAME_PARTS)
    for name, data in zip_limits.text_parts(content, ordered, file):
        if unpacked is not None:
            unpacked[name] = data
        text = zip_limits.xml_as_utf8(name, data, file)
        if text is None:
            continue
        found.inspect_text(name, text)
        if medium is FileMedium.WORKBOOK:
            cells += _count_cells(found, name, text, file)
    found.expect_harmless()
    found.expect_sheets(part.name for part in parts)
    if cells > zip_limits.MAX_CELLS:
        raise refusal(refusals.TOO_MANY_CELLS, file, count=str(cells))
    return found.notes()


def _count_cells(found: PackageContents, name: str, text: bytes, file: str) -> int:
    if name.casefold() == WORKBOOK_PART:
        zip_limits.expect_few_sheets(text, file)
    zip_limits.expect_few_texts(name, text, file)
    return zip_limits.sheet_cell_count(found.title_of(name), text, file) if zip_limits.is_sheet(text) else 0
