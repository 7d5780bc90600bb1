"""The headquarters' database (“repository”) of many countries' assessments: its schema, and reading it.

Somebody else's SQLite file is refused, whatever its name; nothing but our own tables and views is ever read.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from capacity_app.domain.headquarters.codebook import WHOSE_COLUMNS, exported_columns
from capacity_app.domain.headquarters.selection import SynthesisOptions, select_participants
from capacity_app.domain.headquarters.synthesis import (
    SUMMARY_TABLES,
    AnswerCount,
    Synthesis,
    SynthesisTables,
    synthesize,
)
from capacity_app.domain.headquarters.tidy_tables import (
    EFFECTIVE,
    TABLES,
    ActionRow,
    AnswerRow,
    AssessmentRow,
    BreakdownRow,
    FileRow,
    FileStatus,
    GapRow,
    ProblemRow,
    QuestionRow,
    ScoreRow,
    TidyRow,
)
from capacity_app.domain.problems import N_, KnownError
from capacity_app.storage import database, file_errors
from capacity_app.storage.assessment_file import translate_sqlite_errors
from capacity_app.storage.opening import is_writable
from capacity_app.storage.schema import SchemaParts, schema_parts

# The schema of headquarters' repository: the tidy tables as they are, our own notes, and views for common questions.
#
# Every table is sorted by what tells its rows apart and has no row number, so that the same files give the same tables
# byte for byte, in whatever order they were read. The views need nothing but SQL: they serve Datasette, DuckDB, R and
# Stata as they serve us. What needs more than SQL (medians, bands, the minimum of countries) stands in tables that are
# filled from the synthesis (``summary_rows``), so that there is one definition of every figure.

APPLICATION_ID = 0x4341_4851
"""Marks repositories for ``file`` and for ourselves ("CAHQ")."""
VERSION = 6

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


_WHOSE = (
    "a.country, a.country_name, a.m49, a.region, a.subregion, a.round, a.round_number, a.is_newest, a.instrument, "
    "a.status AS assessment_status"
)


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


def schema_statements() -> Iterator[str]:
    """Yield the statements that make an empty repository."""
    yield from map(_table, TABLES)
    yield from _NOTES
    for name, columns in SUMMARY_TABLES.items():
        yield f"CREATE TABLE {name} ({', '.join(columns)})"
    yield from _VIEWS
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {VERSION}"


@cache
def expected_database_parts() -> SchemaParts:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for statement in schema_statements():
            made.execute(statement)
        return schema_parts(made)


FOREIGN = N_("“{file}” is not a repository of this program. Choose another name, or a file that “aggregate” wrote.")
NEWER = N_("“{file}” was made by a newer version of this program: install the newer version, or choose another name.")
OLDER = N_("“{file}” was made by an earlier version of this program. Read the files again: that makes it new.")
STRANGE = N_("“{file}” has parts that this program did not put there ({parts}): aggregate into a new file.")
COMPLETE = "is_complete"
"""The note that is "1" once all files have been read and told apart."""
READER = "reader"
"""The note that says which program read the files, with which instruments."""
_BREAKDOWNS = ("sex", "birth", "citizenship", "parents")
_SECONDS = 10.0
_HEAD, _MARK = 100, slice(68, 72)
"""SQLite's header, and where in it the mark of the program stands."""

_Shape = TypeVar("_Shape", bound=TidyRow)
_Made = TypeVar("_Made")


def open_headquarters_database(path: Path) -> "HeadquartersDatabase":
    """Open a repository for reading; raises KnownError if it is none, or damaged."""
    with translate_sqlite_errors(path):
        expect_headquarters_database(path)
        if is_writable(path) and database.companion_file(path, "journal").exists():
            # A commit that a kill cut off is taken back, which a reader may not; one going on is left alone.
            with closing(connect_headquarters(path, mode="rw")) as connection:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        connection = connect_headquarters(path, mode="ro")
        try:
            expect_own_schema(connection, path)
        except BaseException:
            connection.close()
            raise
    return HeadquartersDatabase(path, connection)


def connect_headquarters(path: Path, *, mode: str) -> sqlite3.Connection:
    """Open a file that exists with our settings; ``mode`` is "ro" or "rw"; raises what ``database.connect`` does."""
    connection = database.connect(path, mode=mode, timeout=_SECONDS)
    for setting in ("trusted_schema = OFF", "cell_size_check = ON", "journal_mode = DELETE", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    return connection


def expect_own_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a repository of a newer program, or with parts that are not ours; raises KnownError."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise KnownError(NEWER, file=path.name)
    if version < VERSION:
        raise KnownError(OLDER, file=path.name)
    strange = schema_parts(connection) ^ expected_database_parts()
    if strange:
        raise KnownError(STRANGE, file=path.name, parts=", ".join(sorted(name for _, name, _ in strange))[:200])


class HeadquartersDatabase(database.ClosedAfterUse):
    """An open repository; every method gives the rows of a table in the order of its key (``TABLES``)."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def close(self) -> None:
        self._connection.close()

    @property
    def is_complete(self) -> bool:
        """Whether the last run came to its end; else files are missing and none is told apart from its copies."""
        return self.note(COMPLETE) == "1"

    def note(self, name: str) -> str:
        """Return what the repository notes of itself, empty if nothing."""
        with translate_sqlite_errors(self.path):
            found = self._connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def fates(self) -> dict[FileStatus, int]:
        """Count the files by what became of them."""
        with translate_sqlite_errors(self.path):
            counted = self._connection.execute("SELECT fate, count(*) FROM files GROUP BY fate ORDER BY fate")
            return {FileStatus(fate): count for fate, count in counted}

    def files(self) -> tuple[FileRow, ...]:
        """Return all files that were found, with what became of each."""
        return tuple(map(_file_row, self._rows("files", tuple)))

    def assessments(self) -> tuple[AssessmentRow, ...]:
        """Return the assessments that were read, those that count nowhere too (``round_number`` 0)."""
        return tuple(self._rows("assessments", _row_builder(AssessmentRow)))

    def answers(self, questions: Iterable[str] | None = None) -> Iterator[AnswerRow]:
        """Go through the answers, to some questions if asked; there may be millions."""
        return self._rows("answers", _row_builder(AnswerRow), "question", questions)

    def scores(self) -> tuple[ScoreRow, ...]:
        return tuple(self._rows("scores", _row_builder(ScoreRow)))

    def gaps(self) -> Iterator[GapRow]:
        return self._rows("gaps", _row_builder(GapRow))

    def breakdowns(self, names: Iterable[str] | None = None) -> Iterator[BreakdownRow]:
        """Go through the breakdowns of statistics, some of them ("sex") if asked."""
        return self._rows("breakdowns", _row_builder(BreakdownRow), "breakdown", names)

    def problems(self, file_hash: str | None = None) -> tuple[ProblemRow, ...]:
        """Return what could not be read, of one file if asked."""
        wanted = None if file_hash is None else (file_hash,)
        return tuple(self._rows("problems", _row_builder(ProblemRow), "file_hash", wanted))

    def questions(self) -> tuple[QuestionRow, ...]:
        """Return what was asked, instrument by instrument, in printed order."""
        found = self._rows("questions", _row_builder(QuestionRow))
        return tuple(sorted(found, key=lambda row: (row.instrument_hash, row.position)))

    def table(self, name: str) -> Iterator[tuple[Any, ...]]:
        """Go through a table as plain values, for writing it elsewhere."""
        return self._rows(name, tuple)

    def exported(self, name: str) -> Iterator[tuple[Any, ...]]:
        """Go through a table as it goes out to other programs, the rows of a file with their country and round."""
        if name in SUMMARY_TABLES or exported_columns(name) == column_names(TABLES[name][0]):
            order = "" if name in SUMMARY_TABLES else f" ORDER BY {', '.join(TABLES[name][1])}"
            select = f"SELECT * FROM {name}{order}"  # noqa: S608 - our own names
        else:
            key = ", ".join(f"t.{column}" for column in TABLES[name][1])
            whose = ", ".join(f"a.{column}" for column in WHOSE_COLUMNS)
            select = f"SELECT {whose}, t.* FROM {name} t LEFT JOIN assessments a USING (file_hash) ORDER BY {key}"  # noqa: S608 - the same
        with translate_sqlite_errors(self.path), closing(self._connection.execute(select)) as found:
            yield from found

    def _answer_counts(self, newest: Iterable[str]) -> Iterator[AnswerCount]:
        """Count equal answers of the assessments that take part, of places that are not hidden."""
        select = """SELECT question, grid_row, grid_column,
                CASE WHEN number IS NULL THEN text ELSE CAST(CAST(number AS INTEGER) AS TEXT) END AS said, count(*)
            FROM answers WHERE file_hash IN (SELECT value FROM json_each(?)) AND layer = ? AND state = 'answered'
                AND standing IN ('wanted', 'settled')
            GROUP BY question, grid_row, grid_column, said"""
        hashes = json.dumps(sorted(newest))
        with (
            translate_sqlite_errors(self.path),
            closing(self._connection.execute(select, (hashes, EFFECTIVE))) as found,
        ):
            yield from (AnswerCount(*row) for row in found)

    def synthesis(self, choice: SynthesisOptions | None = None) -> Synthesis:
        """Make the synthesis; of gaps and breakdowns only those of assessments that take part are read."""
        choice, files, assessments = choice or SynthesisOptions(), self.files(), self.assessments()
        taking = select_participants(files, assessments, choice).participants
        newest = {entry.newest.file_hash for entry in taking}
        both = newest | {entry.earlier.file_hash for entry in taking if entry.earlier}
        tables = SynthesisTables(
            files=files,
            assessments=assessments,
            scores=tuple(row for row in self.scores() if row.file_hash in newest),
            gaps=tuple(row for row in self.gaps() if row.file_hash in newest),
            breakdowns=tuple(row for row in self.breakdowns(_BREAKDOWNS) if row.file_hash in both),
            actions=tuple(row for row in self._rows("actions", _row_builder(ActionRow)) if row.file_hash in newest),
            questions=self.questions(),
            answers=tuple(self._answer_counts(newest)),
        )
        return synthesize(tables, choice)

    def _rows(
        self, table: str, make: Callable[[Sequence[Any]], _Made], column: str = "", wanted: Iterable[str] | None = None
    ) -> Iterator[_Made]:
        shape, key = TABLES[table]
        values = None if wanted is None else tuple(dict.fromkeys(wanted))
        where = "" if values is None else f" WHERE {column} IN ({', '.join('?' * len(values))})"
        select = f"SELECT {', '.join(column_names(shape))} FROM {table}{where} ORDER BY {', '.join(key)}"  # noqa: S608 - our own names
        with translate_sqlite_errors(self.path), closing(self._connection.execute(select, values or ())) as found:
            yield from map(make, found)


def _row_builder(shape: type[_Shape]) -> Callable[[Sequence[Any]], _Shape]:
    names = column_names(shape)

    def make(values: Sequence[Any]) -> _Shape:
        return shape(**dict(zip(names, values, strict=True)))

    return make


def _file_row(values: Sequence[Any]) -> FileRow:
    named: dict[str, Any] = dict(zip(column_names(FileRow), values, strict=True))
    try:
        fate = FileStatus(str(named.pop("fate")))
    except ValueError as error:
        raise KnownError(file_errors.DAMAGED, file=str(named["path"])) from error
    return FileRow(**named, fate=fate)


def expect_headquarters_database(path: Path) -> None:
    """Refuse what is no repository by the first bytes of the file, without SQLite; raises KnownError or OSError."""
    if path.is_dir():
        raise KnownError(file_errors.IS_FOLDER, file=path.name)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError:
        raise KnownError(file_errors.MISSING, file=path.name) from None
    if not head.startswith(b"SQLite format 3\0") or head[_MARK] != APPLICATION_ID.to_bytes(4, "big"):
        raise KnownError(FOREIGN, file=path.name)
