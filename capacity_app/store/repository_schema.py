"""The schema of headquarters' repository: the tidy tables as they are, our own notes, and views for common questions.

Every table is sorted by what tells its rows apart and has no row number, so that the same files give the same tables
byte for byte, in whatever order they were read. The views need nothing but SQL: they serve Datasette, DuckDB, R and
Stata as they serve us.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from functools import cache
from typing import Any

from capacity_app.domain.regions import WORLD
from capacity_app.domain.tidy import TABLES

APPLICATION_ID = 0x4341_4851
"""Marks repositories for ``file`` and for ourselves ("CAHQ")."""
VERSION = 1

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
)
"""What is no result: which program read the files, and by what it knows a file again without reading it."""


def column_names(shape: type[Any]) -> tuple[str, ...]:
    """Give the columns of a table, which are the fields of its rows."""
    return tuple(field.name for field in fields(shape))


_WHOSE = "a.country, a.country_name, a.m49, a.region, a.subregion, a.round, a.round_number, a.is_newest, a.instrument"


def _with_country(view: str, table: str) -> str:
    columns = ", ".join(f"t.{name}" for name in column_names(TABLES[table][0]))
    return f"CREATE VIEW {view} AS SELECT {_WHOSE}, {columns} FROM {table} t JOIN assessments a USING (file_hash)"  # noqa: S608 - our own names


_MEMBERS = f"""members AS (
    SELECT file_hash, instrument, instrument_hash, region_m49, region FROM assessments WHERE is_newest = 1
    UNION ALL
    SELECT file_hash, instrument, instrument_hash, '{WORLD}', 'World' FROM assessments WHERE is_newest = 1
)"""  # noqa: S608 - our own names

_REGION_SCORES = f"""CREATE VIEW region_scores AS WITH {_MEMBERS}
SELECT m.instrument, m.region_m49, m.region, s.section, s.is_core,
    count(s.score) AS scored, count(*) AS countries,
    round(avg(s.score), 1) AS mean, min(s.score) AS lowest, max(s.score) AS highest,
    sum(coalesce(s.score < 25, 0)) AS below_25,
    sum(coalesce(s.score >= 25 AND s.score < 50, 0)) AS from_25_to_50,
    sum(coalesce(s.score >= 50 AND s.score < 75, 0)) AS from_50_to_75,
    sum(coalesce(s.score >= 75, 0)) AS from_75
FROM members m JOIN scores s ON s.file_hash = m.file_hash
GROUP BY m.instrument, m.region_m49, m.region, s.section, s.is_core"""  # noqa: S608 - our own names

_ASKED = """asked AS (
    SELECT q.instrument, q.question, q.grid_row, min(q.wording) AS wording, min(q.tags) AS tags, count(*) AS countries
    FROM assessments a JOIN questions q ON q.instrument_hash = a.instrument_hash AND q.grid_column = ''
    WHERE a.is_newest = 1
    GROUP BY q.instrument, q.question, q.grid_row
)"""

_FREQUENT_GAPS = f"""CREATE VIEW frequent_gaps AS WITH {_ASKED}
SELECT a.instrument, g.section, g.number, k.wording,
    sum(g.is_open = 0) AS gaps,
    sum(g.is_open = 0 AND g.severity_class IN ('high', 'critical')) AS serious_gaps,
    sum(g.is_open = 0 AND g.actions > 0) AS gaps_with_actions,
    sum(g.is_open) AS not_known,
    k.countries, g.question, g.grid_row
FROM assessments a
JOIN gaps g ON g.file_hash = a.file_hash
JOIN asked k ON k.instrument = a.instrument AND k.question = g.question AND k.grid_row = g.grid_row
WHERE a.is_newest = 1
GROUP BY a.instrument, g.question, g.grid_row, g.section, g.number, k.wording, k.countries
ORDER BY gaps DESC, serious_gaps DESC, a.instrument, g.question, g.grid_row"""  # noqa: S608 - our own names

_SDG = f"""CREATE VIEW sdg_disaggregation AS WITH {_ASKED}
SELECT a.instrument, k.wording, b.breakdown,
    sum(b.share = 1) AS in_full, sum(b.share > 0 AND b.share < 1) AS in_part, sum(b.share = 0) AS not_at_all,
    sum(b.share IS NULL) AS not_known, count(*) AS applies, k.countries, b.question, b.grid_row
FROM assessments a
JOIN breakdowns b ON b.file_hash = a.file_hash
JOIN asked t ON t.instrument = a.instrument AND t.question = b.question AND t.grid_row = ''
JOIN asked k ON k.instrument = a.instrument AND k.question = b.question AND k.grid_row = b.grid_row
WHERE a.is_newest = 1 AND '; ' || t.tags || '; ' LIKE '%; sdg-disaggregation; %'
    AND b.breakdown IN ('birth', 'citizenship', 'parents', 'sex')
GROUP BY a.instrument, b.question, b.grid_row, b.breakdown, k.wording, k.countries"""  # noqa: S608 - our own names

_SEX = f"""CREATE VIEW sex_disaggregation AS WITH {_ASKED}
SELECT now.instrument, k.wording,
    sum(earlier.share > 0) AS earlier, sum(later.share > 0) AS later,
    sum(earlier.share > 0 AND later.share = 0) AS lost, sum(earlier.share = 0 AND later.share > 0) AS gained,
    count(*) AS countries, later.question, later.grid_row
FROM assessments now
JOIN assessments past ON past.country = now.country AND past.country_name = now.country_name
    AND past.instrument = now.instrument AND past.round_number = now.round_number - 1
JOIN breakdowns later ON later.file_hash = now.file_hash AND later.breakdown = 'sex'
JOIN breakdowns earlier ON earlier.file_hash = past.file_hash AND earlier.breakdown = 'sex'
    AND earlier.question = later.question AND earlier.grid_row = later.grid_row
JOIN asked k ON k.instrument = now.instrument AND k.question = later.question AND k.grid_row = later.grid_row
WHERE now.is_newest = 1 AND past.round_number > 0 AND earlier.share IS NOT NULL AND later.share IS NOT NULL
GROUP BY now.instrument, later.question, later.grid_row, k.wording"""  # noqa: S608 - our own names

_VIEWS = (
    "CREATE VIEW newest_assessments AS SELECT * FROM assessments WHERE is_newest = 1",
    """CREATE VIEW problem_files AS
SELECT path, fate, reason, other_file, problems, edited_cells, signature FROM files WHERE fate <> 'read'""",
    _with_country("country_answers", "answers"),
    _with_country("country_scores", "scores"),
    _with_country("country_gaps", "gaps"),
    _with_country("country_actions", "actions"),
    _with_country("country_breakdowns", "breakdowns"),
    _REGION_SCORES,
    _FREQUENT_GAPS,
    _SDG,
    _SEX,
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
    """Give the statements that make an empty repository."""
    yield from map(_table, TABLES)
    yield from _NOTES
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
