"""Somebody who changes a file with any SQLite tool: takes the triggers away, does what they want, puts them back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def tampering(file: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that may change anything, and leave a file that looks untouched."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, text in guards:
            connection.execute(text)
        connection.execute("COMMIT")


def tampered(file: Path, *statements: str) -> Path:
    """Execute statements that the triggers would have refused."""
    with tampering(file) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, statement
    return file
