"""sqlite-utils, our way to write into SQLite: imported at the first write, and with its traps closed.

Opening and reading need only ``sqlite3``; whoever writes, makes, migrates or checks a file wraps its connection here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def wrap(connection: sqlite3.Connection) -> "Database":
    """Give sqlite-utils a connection: no plugin is run, and nothing is tried out by making tables in the file."""
    # It imports numpy where that is installed, and so would cost every start 0.1 s before anything is written.
    from sqlite_utils import Database  # noqa: PLC0415 - the reason above

    database = Database(connection, execute_plugins=False, use_counts_table=False, strict=True)
    # Left unset, the first use makes and drops a table in the person's file to see what this SQLite can do; ours are
    # STRICT, so SQLite is 3.37 or newer and can do both.
    database._supports_strict = database._supports_on_conflict = True  # noqa: SLF001 - there is no public switch
    database.execute("PRAGMA foreign_keys = ON")
    return database


@contextmanager
def transaction(database: "Database") -> Iterator[None]:
    """Commit all or nothing, holding the right to write from the start."""
    # atomic() by itself begins DEFERRED, and would find out at the first write that somebody else is writing; inside
    # our transaction it is a savepoint, as is every insert of sqlite-utils inside it.
    database.execute("BEGIN IMMEDIATE")
    try:
        with database.atomic():
            yield
        database.commit()
    except BaseException:
        # Does nothing where a full disk has ended the transaction already.
        database.rollback()
        raise
