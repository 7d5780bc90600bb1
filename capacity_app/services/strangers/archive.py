"""The parts of an office file as it lies there: where each begins and ends, and what it unpacks to.

A zip file says the same thing in several places, and programs believe different ones. Only a file in which all of them
agree is read: one directory, every part once, none inside another, each as long as announced. Parts are unpacked here
and not by ``zipfile``, which stops where a part should end, while other libraries go on.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.sentences import refused

MEGABYTE = 1_000_000
MOST_UNPACKED = 100 * MEGABYTE
MOST_PARTS = 2_000
MOST_TIMES = 200
"""So many times its packed size a large part may have: what people write packs to a tenth."""
_LARGE = 4 * MEGABYTE
_ENCRYPTED = 0x1
_HEAD = struct.Struct("<4s22xHH")
_HEAD_MARK, _END_MARK, _END_SIZE, _LONGEST_COMMENT = b"PK\x03\x04", b"PK\x05\x06", 22, 0xFFFF
_PACKED_WINDOW = -15
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, OSError, EOFError, struct.error)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an archive: its name, where its packed bytes lie, and what they should unpack to."""

    name: str
    start: int
    packed: int
    size: int
    checksum: int
    is_packed: bool


def parts_of(content: bytes, file: str) -> list[Part]:
    """Look at the directory of an archive, unpacking nothing; raises KnownError."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries, directory = archive.infolist(), archive.start_dir
    except _BROKEN as error:
        raise refused(sentences.DAMAGED, file) from error
    # A second directory behind the first would show other programs another file.
    if content.count(_END_MARK, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT)) != 1:
        raise refused(sentences.DAMAGED, file)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise refused(sentences.WITH_PASSWORD, file)
    if len(entries) > MOST_PARTS:
        raise refused(sentences.TOO_MANY_PARTS, file, count=str(len(entries)))
    _expect_names([entry.filename for entry in entries], file)
    _expect_sizes(entries, file)
    parts = [_part(entry, content, file) for entry in entries]
    _expect_apart(parts, entries, directory, file)
    return parts


def _expect_names(names: Sequence[str], file: str) -> None:
    seen: set[str] = set()
    for name in names:
        steps = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in steps or ":" in steps[0] or not name.isprintable():
            raise refused(sentences.BAD_NAME, file, part=name)
        known = "/".join(steps).casefold()
        if known in seen:
            raise refused(sentences.TWICE, file, part=name)
        seen.add(known)


def _expect_sizes(entries: Sequence[zipfile.ZipInfo], file: str) -> None:
    for entry in entries:
        if entry.file_size > _LARGE and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            raise refused(sentences.BOMB, file, part=entry.filename)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise refused(sentences.UNPACKS_TOO_BIG, file, most=str(MOST_UNPACKED // MEGABYTE))


def _part(entry: zipfile.ZipInfo, content: bytes, file: str) -> Part:
    """Find the bytes of a part: what stands before them repeats its name."""
    try:
        mark, name_size, extra_size = _HEAD.unpack_from(content, entry.header_offset)
    except struct.error as error:
        raise refused(sentences.DAMAGED, file) from error
    head = entry.header_offset + _HEAD.size
    name = content[head : head + name_size]
    is_named = name.decode("utf-8" if entry.flag_bits & 0x800 else "cp437", "replace") == entry.orig_filename
    if mark != _HEAD_MARK or not is_named or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refused(sentences.UNUSUAL, file, part=entry.filename)
    is_packed = entry.compress_type == zipfile.ZIP_DEFLATED
    start = head + name_size + extra_size
    return Part(entry.filename, start, entry.compress_size, entry.file_size, entry.CRC, is_packed)


def _expect_apart(parts: Sequence[Part], entries: Sequence[zipfile.ZipInfo], directory: int, file: str) -> None:
    """Expect each part to end before the next one begins, the first at the beginning of the file."""
    ordered = sorted(zip(entries, parts, strict=True), key=lambda pair: pair[0].header_offset)
    free = 0
    for entry, part in ordered:
        if entry.header_offset < free:
            raise refused(sentences.OVERLAPPING, file, part=part.name)
        free = part.start + part.packed
    if ordered and (ordered[0][0].header_offset or free > directory):
        raise refused(sentences.DAMAGED, file)


def unpacked(content: bytes, part: Part, file: str) -> bytes:
    """Unpack a part, hardly to more than it announces; raises KnownError where it is anything else."""
    packed = content[part.start : part.start + part.packed]
    if not part.is_packed:
        return _whole(packed, part, file)
    unpacking = zlib.decompressobj(_PACKED_WINDOW)
    most = part.size + _LARGE
    try:
        data = unpacking.decompress(packed, most)
    except zlib.error as error:
        raise refused(sentences.DAMAGED, file) from error
    # A little more than announced is a bad copy, much more was made so.
    if len(data) == most:
        raise refused(sentences.BOMB, file, part=part.name)
    if not unpacking.eof:
        raise refused(sentences.DAMAGED, file)
    return _whole(data, part, file)


def _whole(data: bytes, part: Part, file: str) -> bytes:
    if len(data) != part.size or zlib.crc32(data) != part.checksum:
        raise refused(sentences.DAMAGED, file)
    return data


def texts_of(content: bytes, parts: Sequence[Part], file: str) -> Iterator[tuple[str, bytes]]:
    """Unpack every part that is no picture, one after the other; raises KnownError."""
    for part in parts:
        if part.size and not _is_picture(part.name):
            yield part.name, unpacked(content, part, file)


def _is_picture(name: str) -> bool:
    return "/media/" in name.casefold() and not name.casefold().endswith((".xml", ".rels", ".svg"))
