"""Whether two open databases hold the same: schema, marks and every row of every table."""

import sqlite3
from collections.abc import Iterator
from itertools import zip_longest

_MARKS = ("application_id", "user_version")
_MISSING = object()


def hold_the_same(one: sqlite3.Connection, other: sqlite3.Connection) -> bool:
    """Compare everything, row by row; raises one of ``database.errors`` where something cannot be read."""
    return all(_say_the_same(one, other, question) for question in _questions(one))


def _questions(connection: sqlite3.Connection) -> Iterator[str]:
    yield from (f"PRAGMA {mark}" for mark in _MARKS)
    yield "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (table,) in tables.fetchall():
        # A copy may number the rows anew; the primary key orders them alike.
        columns = connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY pk = 0, pk, cid", (table,))
        order = ", ".join(_quoted(name) for (name,) in columns.fetchall())
        yield f"SELECT * FROM {_quoted(table)} ORDER BY {order}"  # noqa: S608 - names from the schema, quoted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _say_the_same(one: sqlite3.Connection, other: sqlite3.Connection, question: str) -> bool:
    pairs = zip_longest(one.execute(question), other.execute(question), fillvalue=_MISSING)
    return all(first == second for first, second in pairs)
