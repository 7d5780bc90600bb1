"""The schema of an assessment file, as migrations from top to bottom, each exactly as it was released.

The statements are our own text and never made by sqlite-utils: a file's schema is compared literally with what they
give, and what sqlite-utils writes for the same table differs from version to version.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from capacity_app.storage.database import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database


APPLICATION_ID = 0x4341_5341
"""Marks our files for ``file`` and for ourselves ("CASA")."""

Migration = tuple[str, ...]
"""The statements from one version to the next; a released one is never edited."""
_HASHED_SINCE = 4
"""The version that keeps a hash with each previous round; an older file gets them when it is brought up to date."""


def _register(name: str, columns: str) -> str:
    """Write the table of a register: one column per field, lists as JSON text."""
    fields = (column.partition(":") for column in columns.split())
    lines = ",\n".join(f'    "{field}" {kind or "TEXT"} NOT NULL' for field, _, kind in fields)
    return f"CREATE TABLE {name} (\n    id TEXT PRIMARY KEY,\n{lines}\n) STRICT"


def _guard(table: str, action: str) -> str:
    """Write the trigger that keeps a table append-only."""
    return (
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _keep(table: str, key: str) -> str:
    """Write the trigger that keeps INSERT OR REPLACE from replacing a row, for which other programs fire no DELETE."""
    columns = " AND ".join(f"{column} = NEW.{column}" for column in key.split())
    there = f"SELECT 1 FROM {table} WHERE {columns}"  # noqa: S608 - our own names
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({there}) "
        "BEGIN SELECT RAISE(IGNORE); END"
    )


_FIRST_VERSION: Migration = (
    """CREATE TABLE assessment (
    id TEXT PRIMARY KEY,
    created TEXT NOT NULL
) STRICT""",
    """CREATE TABLE instrument (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT""",
    """CREATE TABLE answer_revisions (
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    question TEXT NOT NULL,
    grid_row TEXT NOT NULL,
    grid_column TEXT NOT NULL,
    layer TEXT NOT NULL,
    respondent TEXT NOT NULL,
    state TEXT NOT NULL,
    value TEXT,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    author TEXT NOT NULL,
    time TEXT NOT NULL,
    language TEXT NOT NULL,
    parents TEXT NOT NULL,
    PRIMARY KEY (device, counter)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE answers (
    question TEXT NOT NULL,
    grid_row TEXT NOT NULL,
    grid_column TEXT NOT NULL,
    layer TEXT NOT NULL,
    respondent TEXT NOT NULL,
    state TEXT NOT NULL,
    value TEXT,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    author TEXT NOT NULL,
    time TEXT NOT NULL,
    language TEXT NOT NULL,
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (question, grid_row, grid_column, layer, respondent),
    FOREIGN KEY (device, counter) REFERENCES answer_revisions (device, counter)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE entry_revisions (
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    register TEXT NOT NULL,
    entry TEXT NOT NULL,
    content TEXT,
    author TEXT NOT NULL,
    time TEXT NOT NULL,
    parents TEXT NOT NULL,
    PRIMARY KEY (device, counter)
) STRICT, WITHOUT ROWID""",
    _register("mission", "country m49 country_name round language status start end project team purpose "
              "method limits reviewed_by validated_by validated_on weights"),
    _register("agencies", "name short kind roles contact note"),
    _register("people", "name agency position contact note"),
    _register("meetings", "date title place agencies people note"),
    _register("sources", "name type agency legal_basis coverage unit person_identifier periodicity last_date "
              "electronic_share access_terms microdata_access defects note"),
    _register("evidence", "title link document file_name media_type size:INTEGER checked_against added_on "
              "note"),
    _register("actions", "title gaps type responsible partners start end cost funding indicator depends_on "
              "progress note"),
    _register("ratings", "feasibility note"),
    """CREATE TABLE documents (
    hash TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT""",
    """CREATE TABLE previous_rounds (
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    content TEXT
) STRICT""",
    _guard("answer_revisions", "UPDATE"),
    _guard("answer_revisions", "DELETE"),
    _guard("entry_revisions", "UPDATE"),
    _guard("entry_revisions", "DELETE"),
)  # fmt: skip

_SECOND_VERSION: Migration = (
    _register("remarks", "address text agency author date returned place"),
    _register("returns", "file_name document media_type size:INTEGER agency person date taken_in signature unplaced "
              "revisions note"),
    _register("kept", "fate address layer respondent state value reason note evidence author time language number "
              "wording answered target version"),
)  # fmt: skip

_THIRD_VERSION: Migration = (
    """CREATE TABLE links (
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    log TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (device, counter, log)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE seals (
    signature TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    counter INTEGER NOT NULL,
    hash TEXT NOT NULL,
    public_key TEXT NOT NULL,
    time TEXT NOT NULL,
    parents TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    _guard("links", "UPDATE"),
    _guard("links", "DELETE"),
    _guard("seals", "UPDATE"),
    _guard("seals", "DELETE"),
    _keep("answer_revisions", "device counter"),
    _keep("entry_revisions", "device counter"),
    _keep("links", "device counter log"),
    _keep("seals", "signature"),
)

_FOURTH_VERSION: Migration = ("ALTER TABLE previous_rounds ADD COLUMN hash TEXT NOT NULL DEFAULT ''",)

# The links of a hash chain and its seals proved nothing: whoever holds a file can compute them anew.
_FIFTH_VERSION: Migration = (
    "DROP TABLE links",
    "DROP TABLE seals",
    "ALTER TABLE returns ADD COLUMN undone TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE returns ADD COLUMN undone_by TEXT NOT NULL DEFAULT ''",
)

_SIXTH_VERSION: Migration = (
    "ALTER TABLE mission ADD COLUMN contact TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE mission ADD COLUMN decisions TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE agencies ADD COLUMN form_sections TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE meetings ADD COLUMN start TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE meetings ADD COLUMN sections TEXT NOT NULL DEFAULT '[]'",
)

_SEVENTH_VERSION: Migration = (
    "ALTER TABLE actions ADD COLUMN amount TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE actions ADD COLUMN currency TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE actions ADD COLUMN funded TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE actions ADD COLUMN funding_source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE mission ADD COLUMN main_messages TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE mission ADD COLUMN authority_comments TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE mission ADD COLUMN profile TEXT NOT NULL DEFAULT ''",
    *(
        f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT {empty}"
        for table in ("actions", "ratings")
        for column, empty in (("commitments", "'[]'"), ("strategy_item", "''"))
    ),
    _register("validations", "name position agency sections date reservations"),
)

MIGRATIONS = (
    _FIRST_VERSION,
    _SECOND_VERSION,
    _THIRD_VERSION,
    _FOURTH_VERSION,
    _FIFTH_VERSION,
    _SIXTH_VERSION,
    _SEVENTH_VERSION,
)
"""A file of version n has been through the first n."""

VERSION = len(MIGRATIONS)


def migrate(database: "Database", migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring a file up to date, in one transaction: after a kill it has the old schema or the new one."""
    with transaction(database):
        (version,) = database.execute("PRAGMA user_version").fetchone()
        # One by one: executescript commits first and leaves half a schema when killed.
        for statement in _statements(migrations[version:]):
            database.execute(statement)
        if version < _HASHED_SINCE <= len(migrations):
            _hash_rounds(database)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {len(migrations)}")


def _hash_rounds(database: "Database") -> None:
    """Note what a bit that flips in a previous round would change."""
    for number, content in database.execute("SELECT number, content FROM previous_rounds").fetchall():
        database.table("previous_rounds").update(number, {"hash": round_hash(content)})


def round_hash(content: str | None) -> str:
    return hashlib.sha256((content or "").encode("utf-8", "surrogateescape")).hexdigest()


def _statements(migrations: tuple[Migration, ...]) -> Iterator[str]:
    return chain.from_iterable(migrations)


SchemaParts = frozenset[tuple[str, str, str]]
"""Type, name and text of everything in a schema."""


def schema_parts(connection: sqlite3.Connection) -> SchemaParts:
    """List what a file's schema is made of, without SQLite's own statistics and indexes."""
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema")
    return frozenset((kind, name, text) for kind, name, text in rows if not name.startswith("sqlite_"))


def hash_of_schema(parts: SchemaParts) -> str:
    return hashlib.sha256(repr(sorted(parts)).encode()).hexdigest()


NEWEST_SCHEMA_HASH = "822a421d7437e8a23d3acb2b4ddeb51c17e54e27a98e33e5bd1493acb9100e78"
"""Of what ``expected_schema_parts`` gives for this version: to make that takes 4 ms of every opening."""


@cache
def expected_schema_parts(version: int, migrations: tuple[Migration, ...] = MIGRATIONS) -> SchemaParts:
    """Return what the schema of that version looks like; anything else in a file is a stranger's."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in _statements(migrations[:version]):
            connection.execute(statement)
        return schema_parts(connection)
    finally:
        connection.close()
