"""The headquarters' database (“repository”) of many countries' assessments: its schema, reading and writing it.

Somebody else's SQLite file is refused, whatever its name; nothing but our own tables and views is ever read.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.codebook import WHOSE_COLUMNS, codebook_rows, exported_columns
from capacity_app.domain.headquarters.selection import SynthesisOptions, select_participants, settle_files
from capacity_app.domain.headquarters.synthesis import (
    SUMMARY_TABLES,
    AnswerCount,
    SummaryValue,
    Synthesis,
    SynthesisTables,
    summary_rows,
    synthesize,
)
from capacity_app.domain.headquarters.tidy_tables import (
    EFFECTIVE,
    TABLES,
    ActionRow,
    AnswerRow,
    AssessmentRow,
    BreakdownRow,
    CountryRow,
    FileRow,
    FileRows,
    FileStatus,
    GapRow,
    ProblemRow,
    QuestionRow,
    RecordedDigests,
    ScoreRow,
    TidyRow,
    all_countries,
    column_types,
)
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import move_into_place, sync_file, temp_path
from capacity_app.storage import database, file_errors
from capacity_app.storage.assessment_file import translate_sqlite_errors
from capacity_app.storage.database import ClosedAfterUse
from capacity_app.storage.file_lock import LockOwner, WriteLock
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
    return tuple(column_types(shape))


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
    lines = [_column(column, kind) for column, kind in column_types(shape).items()]
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
        return self._rows("answers", _row_builder(AnswerRow), question=questions)

    def scores(self) -> tuple[ScoreRow, ...]:
        return tuple(self._rows("scores", _row_builder(ScoreRow)))

    def gaps(self) -> Iterator[GapRow]:
        return self._rows("gaps", _row_builder(GapRow))

    def breakdowns(self, names: Iterable[str] | None = None) -> Iterator[BreakdownRow]:
        """Go through the breakdowns of statistics, some of them ("sex") if asked."""
        return self._rows("breakdowns", _row_builder(BreakdownRow), breakdown=names)

    def problems(self, file_hash: str | None = None) -> tuple[ProblemRow, ...]:
        """Return what could not be read, of one file if asked."""
        wanted = None if file_hash is None else (file_hash,)
        return tuple(self._rows("problems", _row_builder(ProblemRow), file_hash=wanted))

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
            scores=tuple(self._rows("scores", _row_builder(ScoreRow), file_hash=newest)),
            gaps=tuple(self._rows("gaps", _row_builder(GapRow), file_hash=newest)),
            breakdowns=tuple(
                self._rows("breakdowns", _row_builder(BreakdownRow), file_hash=both, breakdown=_BREAKDOWNS)
            ),
            actions=tuple(self._rows("actions", _row_builder(ActionRow), file_hash=newest)),
            questions=self.questions(),
            answers=tuple(self._answer_counts(newest)),
        )
        return synthesize(tables, choice)

    def _rows(
        self, table: str, make: Callable[[Sequence[Any]], _Made], **wanted: Iterable[str] | None
    ) -> Iterator[_Made]:
        """Go through a table, of some columns only the ``wanted`` values."""
        shape, key = TABLES[table]
        asked = {column: json.dumps(sorted(values)) for column, values in wanted.items() if values is not None}
        where = " AND ".join(f"{column} IN (SELECT value FROM json_each(?))" for column in asked) or "TRUE"  # noqa: S608 - the names of parameters
        columns, order = ", ".join(column_names(shape)), ", ".join(key)
        select = f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}"  # noqa: S608 - our own names
        with (
            translate_sqlite_errors(self.path),
            closing(self._connection.execute(select, tuple(asked.values()))) as found,
        ):
            yield from map(make, found)


def _row_builder(shape: type[_Shape]) -> Callable[[Sequence[Any]], _Shape]:
    names = column_names(shape)
    takes_places = issubclass(shape, tuple)
    build: Callable[..., _Shape] = shape

    def make(values: Sequence[Any]) -> _Shape:
        return build(*values) if takes_places else build(**dict(zip(names, values, strict=True)))

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


# Headquarters' repository, written: one writer, one commit per batch, so that a killed run goes on where it was.

IN_USE = N_("Another run is writing “{file}” ({who} on {where}): wait for its end, or choose another name.")
NOT_HERE = N_("No file “{file}” was read. Give its name as in the list of files.")
_PREFERRED = "preferred"
"""The note of the files that a person chose where files conflict, by ``file_hash``, joined by blanks."""
_TABLES_OF_A_FILE = ("answers", "scores", "gaps", "actions", "breakdowns", "problems")
"""The tables whose rows belong to the assessment with the same ``file_hash``."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """By what a file is known again without being read: bytes, and when it was changed (nanoseconds)."""

    size: int
    modified_ns: int


class HeadquartersWriter(ClosedAfterUse):
    """A repository open for writing, made if there is none; nobody else may write it meanwhile, everybody may read.

    ``reader`` says which program reads the files and with which instruments: what another one read is forgotten.
    Raises KnownError if the file is not ours, or in use.
    """

    def __init__(self, path: Path, owner: LockOwner, reader: str) -> None:
        self.path = path
        self._ownership = WriteLock(path.resolve(), owner)
        if not path.absolute().parent.is_dir():
            raise KnownError(file_errors.NO_FOLDER, folder=str(path.absolute().parent))
        with translate_sqlite_errors(path):
            other = self._ownership.take()
            if other is not None:
                raise KnownError(IN_USE, file=path.name, who=other.who, where=other.where)
            try:
                self._connection = _open_for_writing(path)
            except BaseException:
                self._ownership.release()
                raise
        self.rows = HeadquartersDatabase(path, self._connection)
        """What stands in the repository so far."""
        if self.rows.note(READER) != reader:
            self._begin_anew(reader)

    def close(self) -> None:
        """Close the file; everything committed stays."""
        self._connection.close()
        self._ownership.release()

    def _begin_anew(self, reader: str) -> None:
        with self._transaction():
            preferred = self.rows.note(_PREFERRED)
            for table in (*TABLES, "seen_files", "about", "recorded"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            self._note(READER, reader)
            self._note(_PREFERRED, preferred)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with translate_sqlite_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # Does nothing where a full disk has ended the transaction already.
                self._connection.rollback()
                raise

    def _note(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def seen(self) -> dict[str, FileStamp]:
        """Return the files that have been read, by path."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute("SELECT path, size, modified_ns FROM seen_files")
            return {path: FileStamp(size, modified) for path, size, modified in rows}

    def paths(self) -> frozenset[str]:
        """Return the paths of all files that have a row."""
        with translate_sqlite_errors(self.path):
            return frozenset(path for (path,) in self._connection.execute("SELECT path FROM files"))

    def known_instruments(self) -> frozenset[str]:
        """Return the hashes of the instruments whose questions are here."""
        with translate_sqlite_errors(self.path):
            found = self._connection.execute("SELECT DISTINCT instrument_hash FROM questions")
            return frozenset(digest for (digest,) in found)

    def put(self, parcels: Iterable[tuple[FileRows, FileStamp | None]]) -> None:
        """Store what some files contributed, all or nothing; one without ``FileStamp`` is read again the next time."""
        with self._transaction():
            self._note(COMPLETE, "0")
            for parcel, seen in parcels:
                self._put(parcel, seen)

    def _put(self, parcel: FileRows, seen: FileStamp | None) -> None:
        path = parcel.file.path
        self._insert("files", (parcel.file,))
        self._connection.execute("DELETE FROM seen_files WHERE path = ?", (path,))
        if seen is not None:
            self._connection.execute("INSERT INTO seen_files VALUES (?, ?, ?)", (path, seen.size, seen.modified_ns))
        if parcel.assessment is None or self._holds(parcel.file.file_hash):
            return
        self._insert("assessments", (parcel.assessment,))
        made = (parcel.file.file_hash, parcel.recorded.revisions, parcel.recorded.answers)
        self._connection.execute("INSERT OR REPLACE INTO recorded VALUES (?, ?, ?)", made)
        for table in _TABLES_OF_A_FILE:
            self._insert(table, getattr(parcel, table))
        self._insert("questions", parcel.questions)

    def _holds(self, file_hash: str) -> bool:
        select = "SELECT 1 FROM assessments WHERE file_hash = ?"
        return self._connection.execute(select, (file_hash,)).fetchone() is not None

    def _insert(self, table: str, rows: Collection[TidyRow]) -> None:
        if not rows:
            return
        shape = TABLES[table][0]
        names = column_names(shape)
        places = ", ".join("?" * len(names))
        statement = f"INSERT OR REPLACE INTO {table} VALUES ({places})"  # noqa: S608 - our own names
        # Rows that are tuples are made plain ones: of any other sequence sqlite3 takes the items one by one.
        plain: Callable[[Any], tuple[Any, ...]] = tuple if issubclass(shape, tuple) else attrgetter(*names)
        self._connection.executemany(statement, map(plain, rows))

    def remove(self, paths: Iterable[str]) -> None:
        """Forget files that are no longer there."""
        gone = [(path,) for path in paths]
        with self._transaction():
            self._note(COMPLETE, "0")
            self._connection.executemany("DELETE FROM files WHERE path = ?", gone)
            self._connection.executemany("DELETE FROM seen_files WHERE path = ?", gone)

    def finish(self, countries: Mapping[str, CountryRow]) -> None:
        """Tell all files apart, drop what belongs to no file any more, and note that everything has been read.

        ``countries`` are those of M49 by alpha-3 code.
        """
        with self._transaction():
            self._sweep()
            files = self.rows.files()
            assessments = {row.file_hash: row for row in self.rows.assessments()}
            preferred = self.rows.note(_PREFERRED).split()
            decided, settled = settle_files(files, assessments, self._recorded(), preferred)
            known = set(files)
            self._insert("files", [row for row in decided if row not in known])
            self._insert("assessments", [row for row in settled if row != assessments[row.file_hash]])
            self._connection.execute("DELETE FROM countries")
            self._insert("countries", all_countries(countries, settled))
            made = self.rows.synthesis()
            figures: dict[str, Iterable[Sequence[SummaryValue]]] = {**summary_rows(made)}
            figures["codebook"] = codebook_rows(self.rows.questions())
            for table, rows in figures.items():
                places = ", ".join("?" * len(SUMMARY_TABLES[table]))
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
                self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608
            self._note("synthesis_instrument", f"{made.who.edition.instrument} {made.who.edition.major}".strip())
            self._note("synthesis_basis", made.who.basis)
            self._note("synthesis_minimum", str(made.choice.minimum))
            self._note(COMPLETE, "1")

    def _recorded(self) -> dict[str, RecordedDigests]:
        """Read what files record, where several are of one assessment."""
        select = """SELECT r.file_hash, r.revisions, r.answers FROM recorded r JOIN assessments a USING (file_hash)
            WHERE a.assessment IN (SELECT assessment FROM assessments GROUP BY assessment HAVING count(*) > 1)"""
        return {
            digest: RecordedDigests(revisions, answers)
            for digest, revisions, answers in self._connection.execute(select)
        }

    def prefer(self, paths: Iterable[str]) -> None:
        """Note which files count where files conflict; raises KnownError for one that is not in the repository."""
        known = {file.path: file.file_hash for file in self.rows.files()}
        hashes = set(self.rows.note(_PREFERRED).split())
        for path in paths:
            if not known.get(path):
                raise KnownError(NOT_HERE, file=path)
            hashes.add(known[path])
        with self._transaction():
            self._note(COMPLETE, "0")
            self._note(_PREFERRED, " ".join(sorted(hashes)))

    def _sweep(self) -> None:
        select = "SELECT file_hash FROM assessments WHERE file_hash NOT IN (SELECT file_hash FROM files)"
        gone = self._connection.execute(select).fetchall()
        for table in (*_TABLES_OF_A_FILE, "recorded", "assessments"):
            self._connection.executemany(f"DELETE FROM {table} WHERE file_hash = ?", gone)  # noqa: S608 - our own names
        self._connection.execute(
            "DELETE FROM questions WHERE instrument_hash NOT IN (SELECT instrument_hash FROM assessments)"
        )


def _open_for_writing(path: Path) -> sqlite3.Connection:
    if not path.exists():
        _make_empty(path)
    expect_headquarters_database(path)
    connection = connect_headquarters(path, mode="rw")
    try:
        _replace_older(connection)
        expect_own_schema(connection, path)
        connection.execute("PRAGMA cache_size = -32768")
    except BaseException:
        connection.close()
        raise
    return connection


def _replace_older(connection: sqlite3.Connection) -> None:
    """Empty a repository of an earlier version: everything in it comes from files, which are read again."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version >= VERSION:
        return
    ours = {name for _, name, _ in expected_database_parts()}
    connection.execute("BEGIN IMMEDIATE")
    for kind, name, _ in schema_parts(connection):
        if name in ours:
            connection.execute(f"DROP {kind} {name}")
    for statement in schema_statements():
        connection.execute(statement)
    connection.execute("COMMIT")


def _make_empty(path: Path) -> None:
    """Make an empty repository beside and put it in place, so that a killed run leaves all of it or nothing."""
    with temp_path(path) as temp:
        with closing(sqlite3.connect(temp, isolation_level=None)) as connection:
            for statement in schema_statements():
                connection.execute(statement)
        sync_file(temp)
        move_into_place(temp, path)
