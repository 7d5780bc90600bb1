"""What kind of file came back, told by its first bytes and the names of its parts, and what to do with a wrong one."""

from collections.abc import Sequence

from capacity_app.domain.problems import KnownError
from capacity_app.domain.verification import Medium
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.archive import Part, unpacked
from capacity_app.services.strangers.sentences import refused
from capacity_app.store import refusals

_HEAD = 2_048
_PACKAGE = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_LOCKED, _OLE_WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
_LEFTOVERS = ("~$", "._", ".~lock.")
"""How the names of files begin that Excel, macOS and LibreOffice keep beside another file."""
WORKBOOK, WORD, _TYPE = "xl/workbook.xml", "word/document.xml", "mimetype"
_SPREADSHEETS = {"xl/workbook.bin": ".xlsb", "index/document.iwa": ".numbers"}
_OPEN_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
_FILES_OF_PEOPLE = (".xlsx", ".docx", ".xls", ".doc", ".pdf", ".assessment", ".json", ".ods", ".odt", ".csv")
_PAGES = (b"<!doctype html", b"<html", b"<table")
_OLD_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_SEPARATORS = (b",", b";", b"\t")
_LINES = 3
_FIRST_PRINTED, _BREAKS = 32, b"\t\r\n"


def expect_package(content: bytes, file: str) -> None:
    """Expect an archive, as Office files are; raises KnownError saying what to do with anything else."""
    if file.startswith(_LEFTOVERS):
        raise refused(sentences.LEFTOVER, file)
    if not content:
        raise refused(refusals.EMPTY, file)
    if not content.startswith(_PACKAGE):
        raise _other(content, file)


def _other(content: bytes, file: str) -> KnownError:
    head = content[:_HEAD]
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if content.startswith(_OLE):
        return refused(_of_old_office(content), file)
    if b"%PDF-" in head[:1_024]:
        return refused(sentences.A_PDF, file)
    if _OLD_XML in head:
        return refused(sentences.OTHER_WORKBOOK, file, kind="XML 2003")
    if text.startswith(_PAGES):
        return refused(sentences.OTHER_WORKBOOK, file, kind="HTML")
    return refused(sentences.PLAIN_TABLE if _is_plain_table(head, file) else sentences.NEITHER, file)


def _of_old_office(content: bytes) -> str:
    if _OLE_LOCKED in content:
        return sentences.WITH_PASSWORD
    return sentences.OLD_WORD if _OLE_WORD in content else sentences.OLD_EXCEL


def _is_plain_table(head: bytes, file: str) -> bool:
    """Return whether each of the first lines has the same sign between its cells."""
    if file.casefold().endswith((".csv", ".tsv")):
        return True
    lines = head.split(b"\n")[:_LINES]
    is_text = not any(byte < _FIRST_PRINTED and byte not in _BREAKS for byte in head)
    return is_text and len(lines) > 1 and any(all(sign in line for line in lines if line) for sign in _SEPARATORS)


def is_plain_archive(parts: Sequence[Part]) -> bool:
    """Return whether an archive is no office file, so that files of people may be in it."""
    names = {part.name.casefold() for part in parts}
    return not names & {WORKBOOK, WORD, _TYPE, *_SPREADSHEETS}


def medium_of(content: bytes, parts: Sequence[Part], file: str) -> Medium:
    """Tell a workbook from a Word file; raises KnownError for an archive that is neither."""
    names = {part.name.casefold(): part for part in parts}
    if WORKBOOK in names:
        return Medium.WORKBOOK
    if WORD in names:
        return Medium.WORD
    for name, kind in _SPREADSHEETS.items():
        if name in names:
            raise refused(sentences.OTHER_WORKBOOK, file, kind=kind)
    kind_said = unpacked(content, names[_TYPE], file) if _TYPE in names else b""
    if kind_said.startswith(_OPEN_SPREADSHEET):
        raise refused(sentences.OTHER_WORKBOOK, file, kind=".ods")
    if kind_said.startswith(_OPEN_TEXT):
        raise refused(sentences.OTHER_DOCUMENT, file, kind=".odt")
    inside = [part.name for part in parts if part.name.casefold().endswith(_FILES_OF_PEOPLE)]
    if inside:
        raise refused(sentences.ZIPPED, file, names=sentences.named(inside))
    raise refused(sentences.NEITHER, file)
