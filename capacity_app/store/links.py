"""Links and seals in a file: every revision gets its link in the transaction it is written in."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from capacity_app.domain import chain
from capacity_app.domain.chain import Link, Log, Name, Row, Seal, Trail
from capacity_app.store import rows

if TYPE_CHECKING:
    from sqlite_utils import Database

_INSERT_LINK = "INSERT INTO links VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_INSERT_SEAL = "INSERT INTO seals VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_LAST = """SELECT counter, hash FROM links WHERE device = ? AND hash <> '' AND log IN ('answer', 'entry')
ORDER BY counter DESC, log DESC LIMIT 1"""
_SELECT = {Log.ANSWER: rows.SELECT_REVISIONS, Log.ENTRY: rows.SELECT_ENTRY_REVISIONS}


class Links:
    """Binds what is appended to what its device made before; knows the last link of every device it has met."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._last: dict[str, str] = {}

    def append(self, log: Log, row: Row) -> None:
        """Link a revision that has just been inserted; one that has its link already keeps it."""
        device, counter = str(row[0]), row[1]
        previous = self._last.get(device)
        if previous is None:
            previous = self._found(device)
        made = chain.link(previous, log, row)
        inserted = self._database.execute(_INSERT_LINK, (device, counter, log.value, previous, made))
        if inserted.rowcount == 1:
            self._last[device] = made
        else:
            self._last.pop(device, None)

    def take(self, link: Link) -> None:
        """Take over a link as it is in another file."""
        self._database.execute(_INSERT_LINK, link)
        self._last.pop(link.device, None)

    def seal(self, seal: Seal) -> None:
        """Add a seal; one that is there already stays as it is."""
        parents = rows.json_text(seal.parents)
        made = (seal.signature, seal.device, seal.counter, seal.hash, seal.public_key, seal.time, parents)
        self._database.execute(_INSERT_SEAL, made)

    @contextmanager
    def whole_or_forgotten(self) -> Iterator[None]:
        """Surround a transaction: one that is taken back takes the links with it, and the file is asked again."""
        try:
            yield
        except BaseException:
            self._last.clear()
            raise

    def _found(self, device: str) -> str:
        found = self._database.execute(_LAST, (device,)).fetchone()
        return str(found[1]) if found else ""


def fill(database: "Database") -> None:
    """Link all revisions of a file that was made before there were links."""
    connection = database.conn
    known = sorted(((name, row) for name, row in _rows(connection)), key=lambda one: one[0])
    links = Links(database)
    for name, row in known:
        links.append(Log(name.log), row)


def read_trail(connection: sqlite3.Connection) -> Trail:
    """Read what a file says of its changes, byte for byte even where it is no text any more; raises DamagedRow."""
    with _bytes_kept(connection):
        links = tuple(map(Link._make, connection.execute("SELECT device, counter, log, previous, hash FROM links")))
        return Trail(dict(_rows(connection)), links, tuple(read_seals(connection)))


def last_of(connection: sqlite3.Connection, device: str) -> tuple[int, str] | None:
    """Give the number and hash of the last link of a device, None if it has none."""
    found = connection.execute(_LAST, (device,)).fetchone()
    return (int(found[0]), str(found[1])) if found else None


def read_seals(connection: sqlite3.Connection) -> Iterator[Seal]:
    """Read all seals."""
    statement = "SELECT device, counter, hash, time, parents, public_key, signature FROM seals"
    for device, counter, digest, time, parents, public_key, signature in connection.execute(statement):
        yield Seal(device, counter, digest, time, _parents(parents), public_key, signature)


def _parents(text: str) -> tuple[str, ...]:
    """Read the seals that a seal names; what this program would not have written so is a name that nothing has."""
    try:
        named = rows.texts(text)
    except (ValueError, RecursionError):
        return (text,)
    return named if rows.json_text(named) == text else (text,)


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[Name, Row]]:
    for log, statement in _SELECT.items():
        for row in connection.execute(statement):
            yield Name(row[1], row[0], log.value), tuple(row)


@contextmanager
def _bytes_kept(connection: sqlite3.Connection) -> Iterator[None]:
    before = connection.text_factory
    connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before
