"""The schema of headquarters' repository: the tidy tables as they are, our own notes, and views for common questions.

Every table is sorted by what tells its rows apart and has no row number, so that the same files give the same tables
byte for byte, in whatever order they were read. The views need nothing but SQL: they serve Datasette, DuckDB, R and
Stata as they serve us. What needs more than SQL (medians, bands, the minimum of countries) stands in tables that are
filled from the synthesis (``domain.synthesis.summaries``), so that there is one definition of every figure.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from functools import cache
from typing import Any

from capacity_app.domain.synthesis import SUMMARIES
from capacity_app.domain.tidy import TABLES

APPLICATION_ID = 0x4341_4851
"""Marks repositories for ``file`` and for ourselves ("CAHQ")."""
VERSION = 2

_TYPES = {str: "TEXT NOT NULL", int: "INTEGER NOT NULL", float: "REAL NOT NULL"}

_OPTIONAL_TYPES: dict[object, str] = {float | None: "REAL", int | None: "INTEGER"}

_NOTES = (
    """CREATE TABLE about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE seen_files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE recorded (
    file_hash TEXT PRIMARY KEY,
    revisions BLOB NOT NULL,
    answers BLOB NOT NULL
) STRICT, WITHOUT ROWID""",
)
"""What is no result: which program read the files, by what it knows a file again, and digests of what each records."""


def column_names(shape: type[Any]) -> tuple[str, ...]:
    """Return the columns of a table, which are the fields of its rows."""
    return tuple(field.name for field in fields(shape))


_WHOSE = "a.country, a.country_name, a.m49, a.region, a.subregion, a.round, a.round_number, a.is_newest, a.instrument"


def _with_country(view: str, table: str) -> str:
    columns = ", ".join(f"t.{name}" for name in column_names(TABLES[table][0]))
    return f"CREATE VIEW {view} AS SELECT {_WHOSE}, {columns} FROM {table} t JOIN assessments a USING (file_hash)"  # noqa: S608 - our own names


_VIEWS = (
    "CREATE VIEW newest_assessments AS SELECT * FROM assessments WHERE is_newest = 1",
    """CREATE VIEW problem_files AS
SELECT path, fate, reason, other_file, problems, edited_cells FROM files WHERE fate <> 'read'""",
    _with_country("country_answers", "answers"),
    _with_country("country_scores", "scores"),
    _with_country("country_gaps", "gaps"),
    _with_country("country_actions", "actions"),
    _with_country("country_breakdowns", "breakdowns"),
)


def _column(name: str, kind: object) -> str:
    plain = next((known for known in _TYPES if isinstance(kind, type) and issubclass(kind, known)), None)
    if plain:
        return f"{name} {_TYPES[plain]}"
    return f"{name} {_OPTIONAL_TYPES[kind]}"


def _table(name: str) -> str:
    shape, key = TABLES[name]
    lines = [_column(field.name, field.type) for field in fields(shape)]
    columns = ",\n    ".join((*lines, f"PRIMARY KEY ({', '.join(key)})"))
    return f"CREATE TABLE {name} (\n    {columns}\n) STRICT, WITHOUT ROWID"


def statements() -> Iterator[str]:
    """Yield the statements that make an empty repository."""
    yield from map(_table, TABLES)
    yield from _NOTES
    for name, columns in SUMMARIES.items():
        yield f"CREATE TABLE {name} ({', '.join(columns)})"
    yield from _VIEWS
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {VERSION}"


def parts_of(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """List the tables, views and whatever else a file has, with their definitions."""
    found = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    return frozenset(found)


@cache
def expected_parts() -> frozenset[tuple[str, str, str]]:
    """List the parts of a repository of ours."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for statement in statements():
            made.execute(statement)
        return parts_of(made)
