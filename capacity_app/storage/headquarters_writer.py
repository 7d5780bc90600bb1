"""Headquarters' repository, written: one writer, one commit per batch, so that a killed run goes on where it was.

What stands in the tables depends on the files alone and not on when or in which order they were read.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from operator import attrgetter
from pathlib import Path

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.codebook import codebook_rows
from capacity_app.domain.headquarters.selection import settle_files
from capacity_app.domain.headquarters.synthesis import SUMMARY_TABLES, SummaryValue, summary_rows
from capacity_app.domain.headquarters.tidy_tables import (
    TABLES,
    CountryRow,
    FileRows,
    RecordedDigests,
    TidyRow,
    all_countries,
)
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import move_into_place, sync_file, temp_path
from capacity_app.storage import file_errors, headquarters_database
from capacity_app.storage.assessment_file import translate_sqlite_errors
from capacity_app.storage.database import ClosedAfterUse
from capacity_app.storage.file_lock import LockOwner, WriteLock
from capacity_app.storage.headquarters_database import (
    COMPLETE,
    READER,
    HeadquartersDatabase,
    column_names,
    connect_headquarters,
    expect_headquarters_database,
    expect_own_schema,
)
from capacity_app.storage.schema import schema_parts

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
        names = column_names(TABLES[table][0])
        places = ", ".join("?" * len(names))
        statement = f"INSERT OR REPLACE INTO {table} VALUES ({places})"  # noqa: S608 - our own names
        self._connection.executemany(statement, map(attrgetter(*names), rows))

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
    if version >= headquarters_database.VERSION:
        return
    ours = {name for _, name, _ in headquarters_database.expected_database_parts()}
    connection.execute("BEGIN IMMEDIATE")
    for kind, name, _ in schema_parts(connection):
        if name in ours:
            connection.execute(f"DROP {kind} {name}")
    for statement in headquarters_database.schema_statements():
        connection.execute(statement)
    connection.execute("COMMIT")


def _make_empty(path: Path) -> None:
    """Make an empty repository beside and put it in place, so that a killed run leaves all of it or nothing."""
    with temp_path(path) as temp:
        with closing(sqlite3.connect(temp, isolation_level=None)) as connection:
            for statement in headquarters_database.schema_statements():
                connection.execute(statement)
        sync_file(temp)
        move_into_place(temp, path)
