"""A damaged file page by page, without SQLite: every row that can still be read, whatever became of the others.

SQLite finds a row from the first page downwards, and gives up where one page on the way is broken. Here every page is
looked at for itself (https://www.sqlite.org/fileformat2.html), so that the loss of a page loses no more than what
stood on it. Pages of a protected file are decrypted one by one; one whose seal (HMAC) does not fit is lost.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

from capacity_app.domain.keys import SALT_BYTES, Key, Keyring

PAGE = 4_096
"""The size of a page in every file this program made."""
MAGIC = b"SQLite format 3\0"
_FIRST_HEADER = 100
_RESERVED = 80
"""What SQLCipher keeps of a page: 16 bytes to begin with and the 64 of the seal."""
_SEAL = 64
_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE = 2, 10, 13
_HEADER_SIZES = {_INTERIOR_INDEX: 12, _LEAF_INDEX: 8, _LEAF_TABLE: 8}
_LONGEST = 1 << 30
"""No row is longer; a length beyond is damage."""

Values = tuple[Any, ...]


class Row(NamedTuple):
    """A row as it is stored, with its rowid if its table has them. Of a cut one the first values are left."""

    rowid: int | None
    values: Values
    is_whole: bool = True


@dataclass
class Losses:
    """Counts what was looked at and what could not be read; ``cut`` counts rows of which a part was missing."""

    pages: int = 0
    unreadable: int = 0
    cut: int = 0


class _Broken(Exception):  # noqa: N818 - nothing went wrong here, but in the file
    """A page or row that is not what it should be."""


class Pages:
    """A file opened to be read page by page; with a key, each is decrypted."""

    def __init__(self, path: Path, key: Key | None) -> None:
        self._stream: BinaryIO = path.open("rb")
        self._cipher = _Cipher(key) if key else None
        size = path.stat().st_size
        self.count = -(-size // PAGE)
        self.usable = PAGE - (_RESERVED if key else 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()

    def raw(self, number: int) -> bytes:
        """Read a page as it is in the file; the last one may be cut."""
        self._stream.seek((number - 1) * PAGE)
        return self._stream.read(PAGE)

    def page(self, number: int) -> bytes:
        """Read a page, the first being 1; raises _Broken."""
        if not 1 <= number <= self.count:
            raise _Broken
        content = self.raw(number)
        if self._cipher:
            return self._cipher.opened(number, content)
        return content.ljust(PAGE, b"\0")

    def fits(self) -> bool:
        """Whether the key opens any page; of a large file only some are tried."""
        step = max(1, self.count // 64)
        return any(self._opens(number) for number in range(1, self.count + 1, step))

    def _opens(self, number: int) -> bool:
        try:
            self.page(number)
        except _Broken:
            return False
        return True


class _Cipher:
    """Opens pages as SQLCipher 4 writes them (https://www.zetetic.net/sqlcipher/design/)."""

    def __init__(self, key: Key) -> None:
        self._key = key.raw
        salt = bytes(byte ^ 0x3A for byte in key.salt)
        self._seal_key = hashlib.pbkdf2_hmac("sha512", key.raw, salt, 2, len(key.raw))

    def opened(self, number: int, content: bytes) -> bytes:
        """Decrypt a page; raises _Broken if its seal does not fit."""
        from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415 - only damaged protected files need it
            Cipher,
            algorithms,
            modes,
        )

        if len(content) != PAGE:
            raise _Broken
        start = SALT_BYTES if number == 1 else 0
        sealed, seal = content[start:-_SEAL], content[-_SEAL:]
        made = hmac.digest(self._seal_key, sealed + number.to_bytes(4, "little"), "sha512")
        if not hmac.compare_digest(made, seal):
            raise _Broken
        body, begin = content[start:-_RESERVED], content[-_RESERVED:-_SEAL]
        decryptor = Cipher(algorithms.AES256(self._key), modes.CBC(begin)).decryptor()
        plain = decryptor.update(body) + decryptor.finalize()
        return (MAGIC if number == 1 else b"") + plain + bytes(_RESERVED)


def fitting_key(path: Path, keys: Keyring, other_salts: tuple[bytes, ...] = ()) -> Key | None:
    """Find the key that opens pages of a file, None if none does; the salts of its backups are tried too."""
    with path.open("rb") as stream:
        salts = dict.fromkeys((stream.read(SALT_BYTES), *other_salts))
    for salt in salts:
        for key in keys.for_salt(salt) if len(salt) == SALT_BYTES else ():
            with Pages(path, key) as pages:
                if pages.fits():
                    return key
    return None


def rows_in(pages: Pages, losses: Losses) -> Iterator[Row]:
    """Go through all rows on all pages that hold any; those of which a part is missing are counted as cut."""
    losses.pages = pages.count
    for number in range(1, pages.count + 1):
        try:
            content = pages.page(number)
        except _Broken:
            losses.unreadable += 1
            continue
        yield from _rows_on(pages, content, _FIRST_HEADER if number == 1 else 0, losses)


def _rows_on(pages: Pages, content: bytes, start: int, losses: Losses) -> Iterator[Row]:
    kind = content[start]
    if kind not in _HEADER_SIZES:
        return
    cells = int.from_bytes(content[start + 3 : start + 5], "big")
    pointers = start + _HEADER_SIZES[kind]
    if pointers + 2 * cells > pages.usable:
        losses.unreadable += 1
        return
    for cell in range(pointers, pointers + 2 * cells, 2):
        try:
            found = _row(pages, content, kind, int.from_bytes(content[cell : cell + 2], "big"))
            losses.cut += not found.is_whole
            yield found
        except (_Broken, IndexError, UnicodeDecodeError):
            losses.cut += 1


def _row(pages: Pages, content: bytes, kind: int, place: int) -> Row:
    if not 0 < place < pages.usable:
        raise _Broken
    if kind == _INTERIOR_INDEX:
        place += 4
    size, place = _number(content, place)
    rowid = None
    if kind == _LEAF_TABLE:
        rowid, place = _number(content, place)
    payload = _payload(pages, content, place, size, is_table=kind == _LEAF_TABLE)
    is_whole = len(payload) == size
    return Row(rowid, _values(payload, is_whole=is_whole), is_whole)


def _payload(pages: Pages, content: bytes, place: int, size: int, *, is_table: bool) -> bytes:
    """Put a row together from its page and those it goes on in, as far as they are there; raises _Broken."""
    if size > min(_LONGEST, pages.count * PAGE):
        raise _Broken
    usable = pages.usable
    most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
    if size <= most:
        return _part(content, place, size)
    least = (usable - 12) * 32 // 255 - 23
    here = least + (size - least) % (usable - 4)
    here = here if here <= most else least
    parts, missing = [_part(content, place, here)], size - here
    following = int.from_bytes(_part(content, place + here, 4), "big")
    while missing > 0:
        try:
            page = pages.page(following)
        except _Broken:
            break
        parts.append(page[4 : 4 + min(missing, usable - 4)])
        missing -= len(parts[-1])
        following = int.from_bytes(page[:4], "big")
    return b"".join(parts)


def _part(content: bytes, place: int, size: int) -> bytes:
    part = content[place : place + size]
    if len(part) != size:
        raise _Broken
    return part


def _number(content: bytes, place: int) -> tuple[int, int]:
    """Read a number of one to nine bytes, and say where it ends."""
    value = 0
    for taken in range(8):
        byte = content[place + taken]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return value, place + taken + 1
    return value << 8 | content[place + 8], place + 9


def _values(payload: bytes, *, is_whole: bool) -> Values:
    """Take a row apart into its values; raises _Broken, IndexError or UnicodeDecodeError."""
    end, place = _number(payload, 0)
    if end > len(payload):
        raise _Broken
    kinds = []
    while place < end:
        kind, place = _number(payload, place)
        kinds.append(kind)
    values = []
    for kind in kinds:
        try:
            value, place = _value(payload, place, kind)
        except _Broken:
            if is_whole:
                raise
            break
        values.append(value)
    if is_whole and place != len(payload):
        raise _Broken
    return tuple(values)


_INTEGER_SIZES = (0, 1, 2, 3, 4, 6, 8)
_FIRST_BLOB = 12


def _value(payload: bytes, place: int, kind: int) -> tuple[Any, int]:
    if kind == 0:
        return None, place
    if kind in {8, 9}:
        return kind - 8, place
    if kind < len(_INTEGER_SIZES):
        size = _INTEGER_SIZES[kind]
        return int.from_bytes(_part(payload, place, size), "big", signed=True), place + size
    if kind < _FIRST_BLOB:
        raise _Broken  # a real number, or one kept for SQLite's own use: there are none in our files
    size = (kind - _FIRST_BLOB) // 2
    part = _part(payload, place, size)
    return (part.decode("utf-8") if kind % 2 else part), place + size
