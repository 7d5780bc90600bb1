"""Limits for zip files (zip bombs, overlapping or repeated parts), and the parts of an office file within them.

A zip file says the same thing in several places, and programs believe different ones. Only a file in which all of them
agree is read: one directory, every part once, none inside another, each as long as announced. Parts are unpacked here
and not by ``zipfile``, which stops where a part should end, while other libraries go on.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from string import ascii_uppercase
from xml.parsers import expat

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.services.untrusted import refusals
from capacity_app.services.untrusted.refusals import refusal

MEGABYTE = 1_000_000
MAX_UNPACKED = 100 * MEGABYTE
MAX_PARTS = 2_000
MAX_COMPRESSION_RATIO = 200
"""So many times its packed size a large part may have: what people write packs to a tenth."""
_LARGE = 4 * MEGABYTE
_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_HEAD_MARK, _END_MARK, _END_SIZE, _LONGEST_COMMENT = b"PK\x03\x04", b"PK\x05\x06", 22, 0xFFFF
_PACKED_WINDOW = -15
_ARCHIVE_ERRORS = (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, OSError, EOFError, struct.error)


@dataclass(frozen=True, slots=True)
class PackagePart:
    """One part of an archive: its name, where its packed bytes lie, and what they should unpack to."""

    name: str
    start: int
    packed: int
    size: int
    checksum: int
    is_packed: bool


def parts_of(content: bytes, file: str) -> list[PackagePart]:
    """Look at the directory of an archive, unpacking nothing; raises KnownError."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries, directory = archive.infolist(), archive.start_dir
    except _ARCHIVE_ERRORS as error:
        raise refusal(refusals.DAMAGED, file) from error
    # A second directory behind the first would show other programs another file.
    if content.count(_END_MARK, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT)) != 1:
        raise refusal(refusals.DAMAGED, file)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise refusal(refusals.WITH_PASSWORD, file)
    if len(entries) > MAX_PARTS:
        raise refusal(refusals.TOO_MANY_PARTS, file, count=str(len(entries)))
    _expect_names([entry.filename for entry in entries], file)
    _expect_sizes(entries, file)
    parts = [_locate_part(entry, content, file) for entry in entries]
    _expect_no_overlap(parts, entries, directory, file)
    return parts


def _expect_names(names: Sequence[str], file: str) -> None:
    seen: set[str] = set()
    for name in names:
        steps = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in steps or ":" in steps[0] or not name.isprintable():
            raise refusal(refusals.BAD_NAME, file, part=name)
        known = "/".join(steps).casefold()
        if known in seen:
            raise refusal(refusals.DUPLICATE_PART, file, part=name)
        seen.add(known)


def _expect_sizes(entries: Sequence[zipfile.ZipInfo], file: str) -> None:
    for entry in entries:
        if entry.file_size > _LARGE and entry.file_size > MAX_COMPRESSION_RATIO * max(entry.compress_size, 1):
            raise refusal(refusals.DECOMPRESSION_BOMB, file, part=entry.filename)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise refusal(refusals.UNPACKS_TOO_BIG, file, most=str(MAX_UNPACKED // MEGABYTE))


def _locate_part(entry: zipfile.ZipInfo, content: bytes, file: str) -> PackagePart:
    """Find the bytes of a part: what stands before them repeats its name."""
    try:
        mark, name_size, extra_size = _LOCAL_HEADER.unpack_from(content, entry.header_offset)
    except struct.error as error:
        raise refusal(refusals.DAMAGED, file) from error
    head = entry.header_offset + _LOCAL_HEADER.size
    name = content[head : head + name_size]
    is_named = name.decode("utf-8" if entry.flag_bits & 0x800 else "cp437", "replace") == entry.orig_filename
    if mark != _HEAD_MARK or not is_named or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refusal(refusals.UNUSUAL_MARKUP, file, part=entry.filename)
    is_packed = entry.compress_type == zipfile.ZIP_DEFLATED
    start = head + name_size + extra_size
    return PackagePart(entry.filename, start, entry.compress_size, entry.file_size, entry.CRC, is_packed)


def _expect_no_overlap(
    parts: Sequence[PackagePart], entries: Sequence[zipfile.ZipInfo], directory: int, file: str
) -> None:
    """Expect each part to end before the next one begins, the first at the beginning of the file."""
    ordered = sorted(zip(entries, parts, strict=True), key=lambda pair: pair[0].header_offset)
    free = 0
    for entry, part in ordered:
        if entry.header_offset < free:
            raise refusal(refusals.OVERLAPPING, file, part=part.name)
        free = part.start + part.packed
    if ordered and (ordered[0][0].header_offset or free > directory):
        raise refusal(refusals.DAMAGED, file)


def unpack(content: bytes, part: PackagePart, file: str) -> bytes:
    """Unpack a part, hardly to more than it announces; raises KnownError where it is anything else."""
    packed = content[part.start : part.start + part.packed]
    if not part.is_packed:
        return _expect_whole(packed, part, file)
    unpacking = zlib.decompressobj(_PACKED_WINDOW)
    most = part.size + _LARGE
    try:
        data = unpacking.decompress(packed, most)
    except zlib.error as error:
        raise refusal(refusals.DAMAGED, file) from error
    # A little more than announced is a bad copy, much more was made so.
    if len(data) == most:
        raise refusal(refusals.DECOMPRESSION_BOMB, file, part=part.name)
    if not unpacking.eof:
        raise refusal(refusals.DAMAGED, file)
    return _expect_whole(data, part, file)


def _expect_whole(data: bytes, part: PackagePart, file: str) -> bytes:
    if len(data) != part.size or zlib.crc32(data) != part.checksum:
        raise refusal(refusals.DAMAGED, file)
    return data


def text_parts(content: bytes, parts: Sequence[PackagePart], file: str) -> Iterator[tuple[str, bytes]]:
    """Unpack every part that is no picture, one after the other; raises KnownError."""
    for part in parts:
        if part.size and not _is_picture(part.name):
            yield part.name, unpack(content, part, file)


def _is_picture(name: str) -> bool:
    return "/media/" in name.casefold() and not name.casefold().endswith((".xml", ".rels", ".svg"))


# What an XML part of an office file may begin with: no declarations of its own, letters every program reads alike.

MAX_MILLION_ELEMENTS = 4
"""Million elements and ends of elements in one part."""
_MILLION = 1_000_000
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Atomic: whoever writes ten thousand comments must not make us try all ways of reading them.
_FIRST_TAG = re.compile(rb"(?:\s++|<!--(?>.*?-->)|<\?(?>.*?\?>))*+<([^?\s>/]{1,9})", re.DOTALL)
_ENCODING = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"})
_DECLARATION = b"!DOCTYPE"


def xml_as_utf8(name: str, data: bytes, file: str) -> bytes | None:
    """Give an XML part as UTF-8, None for a part that is no XML; raises KnownError for what could mislead a parser."""
    must_be = name.casefold().endswith((".xml", ".rels", ".vml"))
    text = _to_utf8(data)
    begins = text.lstrip()[:1] == b"<" if text is not None else False
    if text is None or not begins:
        if must_be:
            raise refusal(refusals.UNUSUAL_MARKUP, file, part=name)
        return None
    _expect_beginning(name, text, file)
    most = MAX_MILLION_ELEMENTS * _MILLION
    if len(text) > most and text.count(b"<") > most:
        raise refusal(refusals.TOO_MANY_ENTRIES, file, part=name, most=str(MAX_MILLION_ELEMENTS))
    return text


def _to_utf8(data: bytes) -> bytes | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            content = data[len(mark) :]
            return content if encoding == "utf-8" else _decode_as(content, encoding)
    return None if b"\0" in data[:4] else data


def _decode_as(content: bytes, encoding: str) -> bytes | None:
    try:
        return content.decode(encoding).encode()
    except UnicodeError:
        return None


def _expect_beginning(name: str, text: bytes, file: str) -> None:
    encoding = _ENCODING.match(text)
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise refusal(refusals.UNUSUAL_MARKUP, file, part=name)
    first = _FIRST_TAG.match(text)
    if first and first[1].upper() == _DECLARATION:
        raise refusal(refusals.XML_ENTITIES, file, part=name)
    if first is None or first[1].startswith(b"!"):
        raise refusal(refusals.UNUSUAL_MARKUP, file, part=name)


# How far a sheet of a workbook reaches: two cells can make a program ask for seventeen thousand million.
#
# Cells are found as every office program writes them, which takes a millisecond; a sheet in which cells are written in
# any other way is measured by a parser.

MOST_ROWS, MOST_COLUMNS = 200_000, 8_000
"""KoboToolbox gives every choice of the whole toolkit a column of its own: 3,700."""
MAX_SHEET_CELLS = 4_000_000
"""Cells that a sheet, or everything merged in it, may spread over."""
MAX_CELLS = 10_000_000
MAX_SHEETS = 250
_EXCEL_ROWS = 1_048_576
_ALPHABET_SIZE = 26
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_FAR_OR_ODD_CELL = re.compile(rb'<c(?! r="[A-Z][0-9]{1,3}")[\s/>]')
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]{1,3}[0-9]{1,7}")[\s/>]')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_DIMENSION = re.compile(rb"dimension\s[^<>]*?\bref\s*=\s*[\"']([^\"']*)[\"']")
_MERGED = re.compile(rb"mergeCell\s[^<>]*?\bref\s*=\s*[\"']([^\"']*)[\"']")
_CELL_REFERENCE = re.compile(r"\s*\$?([A-Za-z]{1,3})\$?([0-9]{1,9})\s*")
_ANNOUNCED = re.compile(rb"uniqueCount\s*=\s*[\"']([^\"']*)[\"']")
_COUNT_TEXT = re.compile(rb"[0-9]{1,7}")
_SHEET_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?sheet[\s/>]")


@dataclass(frozen=True, slots=True)
class SheetExtent:
    """How far something reaches, in rows and columns counted from 1."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns


_SMALL_EXTENT = SheetExtent(999, _ALPHABET_SIZE)
"""What a sheet reaches at most in which no cell lies farther; measuring that is not worth the time."""


def is_sheet(markup: bytes) -> bool:
    return b"sheetData" in markup


def expect_few_sheets(markup: bytes, file: str) -> None:
    """Look at the list of sheets; raises KnownError if there are more than anybody needs."""
    if len(_SHEET_TAG.findall(markup)) > MAX_SHEETS:
        raise refusal(refusals.TOO_MANY_SHEETS, file, most=str(MAX_SHEETS))


def expect_few_texts(name: str, markup: bytes, file: str) -> None:
    """Look how many texts a part announces: calamine asks for the memory at once, and ends the process without it."""
    # Few parts have the letter, which is found thirty times as fast as the word.
    for announced in _ANNOUNCED.findall(markup) if b"q" in markup else ():
        if not _COUNT_TEXT.fullmatch(announced):
            raise refusal(refusals.TOO_MANY_TEXTS, file, part=name, count=announced.decode("utf-8", "replace"))


def sheet_cell_count(name: str, markup: bytes, file: str) -> int:
    """Look how far a sheet reaches and give how many cells that are; raises KnownError if it is too far."""
    said = [end for ref in _DIMENSION.findall(markup) for end in _parse_range(ref)]
    # Once a line was deleted, LibreOffice says that a sheet has all rows there are; no reader makes room for them.
    ends = [end for end in said if end.rows != _EXCEL_ROWS or end.columns > MOST_COLUMNS]
    reach = _largest_extent([_extent_of_cells(name, markup, file), *ends])
    if reach.rows > MOST_ROWS or reach.columns > MOST_COLUMNS or reach.cells > MAX_SHEET_CELLS:
        raise refusal(refusals.SHEET_TOO_LARGE, file, part=name, cell=f"{_column_letters(reach.columns)}{reach.rows}")
    merged = sum(_cells_in_range(_parse_range(ref)) for ref in _MERGED.findall(markup))
    if merged > MAX_SHEET_CELLS:
        raise refusal(refusals.TOO_MANY_MERGED_CELLS, file, part=name, count=str(merged))
    return reach.cells


def _largest_extent(reaches: Iterable[SheetExtent]) -> SheetExtent:
    known = list(reaches)
    return SheetExtent(max(one.rows for one in known), max(one.columns for one in known))


def _column_number(letters: str) -> int:
    """Return the number of a column: "A" is 1, "XFD" is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * _ALPHABET_SIZE + ascii_uppercase.index(letter) + 1
    return number


def _column_letters(number: int) -> str:
    """Return the letters of a column: 1 is "A", 16384 is "XFD"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _ALPHABET_SIZE)
        letters = ascii_uppercase[rest] + letters
    return letters


def _parse_cell(ref: str) -> SheetExtent | None:
    found = _CELL_REFERENCE.fullmatch(ref)
    return SheetExtent(int(found[2]), _column_number(found[1])) if found else None


def _parse_range(ref: bytes) -> list[SheetExtent]:
    """Read the places of the first and last cell of a range."""
    ends = (_parse_cell(end) for end in ref.decode("utf-8", "replace").split(":"))
    return [end for end in ends if end]


def _cells_in_range(corners: Sequence[SheetExtent]) -> int:
    if not corners:
        return 0
    first, last = corners[0], corners[-1]
    return (abs(last.rows - first.rows) + 1) * (abs(last.columns - first.columns) + 1)


def _extent_of_cells(name: str, markup: bytes, file: str) -> SheetExtent:
    has_prefix = _PREFIXED_CELL.search(markup)
    first = None if has_prefix else _FAR_OR_ODD_CELL.search(markup)
    if has_prefix or (first and _ODD_CELL.search(markup, first.start())):
        return _parse_extent(name, markup, file)
    if first is None:
        return _SMALL_EXTENT
    columns, rows = map(set, zip(*_CELL.findall(markup), strict=True))
    return SheetExtent(max(map(int, rows)), max(_column_number(column.decode()) for column in columns))


def _parse_extent(name: str, markup: bytes, file: str) -> SheetExtent:
    """Measure a sheet with a parser, as programs do that write cells without saying where they are."""
    measure = _ExtentParser()
    try:
        measure.parser.Parse(markup, True)
    except (expat.ExpatError, ValueError) as error:
        raise refusal(refusals.UNUSUAL_MARKUP, file, part=name) from error
    return SheetExtent(measure.most_rows, measure.most_columns)


class _ExtentParser:
    """Counts rows and cells while a sheet goes by."""

    def __init__(self) -> None:
        self.most_rows = self.most_columns = 0
        self._row = self._column = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif kind == "c":
            self._step(attributes.get("r", ""))

    def _step(self, ref: str) -> None:
        """Go to a cell: where it says it is, or to the next one."""
        place = _parse_cell(ref) if ref else SheetExtent(self._row, self._column + 1)
        if place is None:
            raise ValueError(ref)
        self._column = place.columns
        self.most_rows, self.most_columns = max(self.most_rows, place.rows), max(self.most_columns, place.columns)
