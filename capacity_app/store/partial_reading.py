"""Reading what SQLite can still read of a corrupted file: whole tables, else the rows around its unreadable pages.

SQLite ends a query at the first page that it cannot read. The rows after that page are read from the other end of the
table, and those between several such pages by ever smaller ranges of their numbers.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from capacity_app.domain.keys import Key
from capacity_app.store import database
from capacity_app.store.opening import open_immutable

Row = tuple[Any, ...]
_MOST_DOCUMENTS = 1_000
"""The highest number looked for where SQLite cannot tell the highest number of a document."""


class PartialReader:
    """A corrupted file open for reading; ``is_partial`` once SQLite could not read something of it."""

    def __init__(self, path: Path, key: Key | None) -> None:
        self._path, self._key = path, key
        self.is_partial = False
        self._connection = open_immutable(path, key)
        self._set_up()
        self.tables = frozenset(
            name
            for name, text in self._read("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")[0]
            if isinstance(text, str) and "VIRTUAL" not in text.upper().split()[:2]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def _set_up(self) -> None:
        # With the first setting SQLite opens a file that is shorter than it should be; nothing is ever written.
        for setting in ("writable_schema = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            self._connection.execute(f"PRAGMA {setting}")

    def _read(self, statement: str, *values: object) -> tuple[list[Row], bool]:
        """Return the rows up to the first that cannot be read, and whether these are all."""
        found: list[Row] = []
        with suppress(UnicodeDecodeError, *database.errors()):
            found.extend(self._connection.execute(statement, values))
            return found, True
        self.is_partial = True
        # SQLCipher reads nothing more on a connection on which a page did not fit.
        self._connection.close()
        self._connection = open_immutable(self._path, self._key)
        self._set_up()
        return found, False

    def all_of(self, table: str, select: str, order: str) -> tuple[list[Row], bool]:
        """Read a table from both ends, and say whether that is all of it; ``order`` are the columns of its key."""
        if table not in self.tables:
            self.is_partial = True
            return [], False
        found, is_whole = self._read(f"{select} ORDER BY {order}")
        if not is_whole:
            backwards = ", ".join(f"{column} DESC" for column in order.split(", "))
            found += self._read(f"{select} ORDER BY {backwards}")[0]
        return found, is_whole

    def log(self, table: str, select: str, hints: Iterable[Row]) -> list[Row]:
        """Read a table of revisions; ``hints`` are devices and numbers that may be found between unreadable pages."""
        known, is_whole = self.all_of(table, select, "device, counter")
        found = {row[:2]: row for row in known}
        if not is_whole and table in self.tables:
            pairs = [(device, counter) for device, counter in (*found, *hints) if isinstance(counter, int)]
            highest = max((counter for _, counter in pairs), default=0)
            ranged = f"{select} WHERE device = ? AND counter BETWEEN ? AND ? ORDER BY counter"
            for device in dict.fromkeys(device for device, _ in pairs):
                found |= {row[:2]: row for row in self._between(ranged, 1, 1, highest, device)}
        return list(found.values())

    def _between(self, ranged: str, number: int, low: int, high: int, *fixed: object) -> Iterator[Row]:
        """Read the rows of a range from both ends, then the halves of what is left; ``number`` is their column."""
        if low > high:
            return
        found, is_whole = self._read(ranged, *fixed, low, high)
        yield from found
        if is_whole:
            return
        low = found[-1][number] + 1 if found else low
        found, _ = self._read(f"{ranged} DESC", *fixed, low, high)
        yield from found
        high = found[-1][number] - 1 if found else high
        if low < high:
            middle = (low + high) // 2
            yield from self._between(ranged, number, low, middle, *fixed)
            yield from self._between(ranged, number, middle + 1, high, *fixed)

    def one(self, table: str, columns: str, order: str = "rowid") -> Row | None:
        """Read the last row of a table from the table itself, None if it cannot be read."""
        found = self._read(f"SELECT {columns} FROM {table} NOT INDEXED ORDER BY {order} DESC LIMIT 1")[0]  # noqa: S608
        return found[0] if found and table in self.tables else None

    def documents(self) -> dict[str, int]:
        """List the documents whose rows can be found: their numbers by SHA-256."""
        if "documents" not in self.tables:
            return {}
        last = self.one("documents", "rowid")
        ranged = "SELECT rowid, hash FROM documents NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        return {digest: number for number, digest in self._between(ranged, 0, 1, last[0] if last else _MOST_DOCUMENTS)}

    def document(self, number: int) -> bytes | None:
        """Read a document, None if it cannot be read whole."""
        found = self._read("SELECT content FROM documents NOT INDEXED WHERE rowid = ?", number)[0]
        return found[0][0] if found and isinstance(found[0][0], bytes) else None


def is_plausible(row: Row, nullable: int) -> bool:
    """Return whether a row of a log has the types of its columns; ``nullable`` is the one that may be empty."""
    texts = (value for column, value in enumerate(row) if column != 1 and (column != nullable or value is not None))
    return isinstance(row[1], int) and row[1] > 0 and all(isinstance(value, str) for value in texts)
