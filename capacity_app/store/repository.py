"""Headquarters' repository, read: the tidy rows of many countries, in their order.

Somebody else's SQLite file is refused, whatever its name; nothing but our own tables and views is ever read.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from capacity_app.domain.participation import Choice, take_part
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.synthesis import SUMMARIES, Synthesis, Tables, synthesize
from capacity_app.domain.tidy import (
    TABLES,
    ActionRow,
    AnswerRow,
    AssessmentRow,
    BreakdownRow,
    CountryRow,
    FileFate,
    FileRow,
    GapRow,
    ProblemRow,
    QuestionRow,
    Row,
    ScoreRow,
)
from capacity_app.store import database, refusals, repository_schema
from capacity_app.store.assessment_file import plainly
from capacity_app.store.opening import is_writable
from capacity_app.store.repository_schema import column_names

FOREIGN = N_("“{file}” is no repository of this program: choose another name, or a file that “aggregate” wrote.")
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

_Shape = TypeVar("_Shape", bound=Row)
_Made = TypeVar("_Made")


def open_repository(path: Path) -> "Repository":
    """Open a repository for reading; raises KnownError if it is none, or damaged."""
    with plainly(path):
        expect_repository(path)
        if is_writable(path) and database.beside(path, "journal").exists():
            # A commit that a kill cut off is taken back, which a reader may not; one going on is left alone.
            with closing(connect(path, mode="rw")) as connection:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        connection = connect(path, mode="ro")
        try:
            expect_ours(connection, path)
        except BaseException:
            connection.close()
            raise
    return Repository(path, connection)


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """Open a file that exists with our settings; ``mode`` is "ro" or "rw"; raises what ``database.connect`` does."""
    connection = database.connect(path, mode=mode, timeout=_SECONDS)
    for setting in ("trusted_schema = OFF", "cell_size_check = ON", "journal_mode = DELETE", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    return connection


def expect_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a repository of a newer program, or with parts that are not ours; raises KnownError."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > repository_schema.VERSION:
        raise KnownError(NEWER, file=path.name)
    if version < repository_schema.VERSION:
        raise KnownError(OLDER, file=path.name)
    strange = repository_schema.parts_of(connection) ^ repository_schema.expected_parts()
    if strange:
        raise KnownError(STRANGE, file=path.name, parts=", ".join(sorted(name for _, name, _ in strange))[:200])


class Repository:
    """An open repository; every method gives the rows of a table in the order of its key (``domain.tidy.TABLES``)."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def is_complete(self) -> bool:
        """Whether the last run came to its end; else files are missing and none is told apart from its copies."""
        return self.note(COMPLETE) == "1"

    def note(self, name: str) -> str:
        """Return what the repository notes of itself, empty if nothing."""
        with plainly(self.path):
            found = self._connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def fates(self) -> dict[FileFate, int]:
        """Count the files by what became of them."""
        with plainly(self.path):
            counted = self._connection.execute("SELECT fate, count(*) FROM files GROUP BY fate ORDER BY fate")
            return {FileFate(fate): count for fate, count in counted}

    def files(self) -> tuple[FileRow, ...]:
        """Return all files that were found, with what became of each."""
        return tuple(map(_file, self._rows("files", tuple)))

    def assessments(self) -> tuple[AssessmentRow, ...]:
        """Return the assessments that were read, those that count nowhere too (``round_number`` 0)."""
        return tuple(self._rows("assessments", _maker(AssessmentRow)))

    def answers(self, questions: Iterable[str] | None = None) -> Iterator[AnswerRow]:
        """Go through the answers, to some questions if asked; there may be millions."""
        return self._rows("answers", _maker(AnswerRow), "question", questions)

    def scores(self) -> tuple[ScoreRow, ...]:
        return tuple(self._rows("scores", _maker(ScoreRow)))

    def gaps(self) -> Iterator[GapRow]:
        return self._rows("gaps", _maker(GapRow))

    def actions(self) -> tuple[ActionRow, ...]:
        return tuple(self._rows("actions", _maker(ActionRow)))

    def breakdowns(self, names: Iterable[str] | None = None) -> Iterator[BreakdownRow]:
        """Go through the breakdowns of statistics, some of them ("sex") if asked."""
        return self._rows("breakdowns", _maker(BreakdownRow), "breakdown", names)

    def problems(self, file_hash: str | None = None) -> tuple[ProblemRow, ...]:
        """Return what could not be read, of one file if asked."""
        wanted = None if file_hash is None else (file_hash,)
        return tuple(self._rows("problems", _maker(ProblemRow), "file_hash", wanted))

    def questions(self) -> tuple[QuestionRow, ...]:
        """Return what was asked, instrument by instrument, in printed order."""
        found = self._rows("questions", _maker(QuestionRow))
        return tuple(sorted(found, key=lambda row: (row.instrument_hash, row.position)))

    def countries(self) -> tuple[CountryRow, ...]:
        """Return all countries of M49, and others that assessments name."""
        return tuple(self._rows("countries", _maker(CountryRow)))

    def table(self, name: str) -> Iterator[tuple[Any, ...]]:
        """Go through a table as plain values, for writing it elsewhere."""
        return self._rows(name, tuple)

    def synthesis(self, choice: Choice | None = None) -> Synthesis:
        """Make the synthesis; of gaps and breakdowns only those of assessments that take part are read."""
        choice, files, assessments = choice or Choice(), self.files(), self.assessments()
        taking = take_part(files, assessments, choice).participants
        newest = {entry.newest.file_hash for entry in taking}
        both = newest | {entry.earlier.file_hash for entry in taking if entry.earlier}
        tables = Tables(
            files=files,
            assessments=assessments,
            scores=tuple(row for row in self.scores() if row.file_hash in newest),
            gaps=tuple(row for row in self.gaps() if row.file_hash in newest),
            breakdowns=tuple(row for row in self.breakdowns(_BREAKDOWNS) if row.file_hash in both),
            questions=self.questions(),
        )
        return synthesize(tables, choice)

    def view(self, name: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Return the columns and rows of a view, or of a table filled from the synthesis."""
        views = {part for kind, part, _ in repository_schema.expected_parts() if kind == "view"}
        if name not in views | SUMMARIES.keys():
            raise KeyError(name)
        with plainly(self.path):
            found = self._connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - one of our own names
            return tuple(column[0] for column in found.description), found.fetchall()

    def _rows(
        self,
        table: str,
        make: Callable[[Sequence[Any]], _Made],
        column: str = "",
        wanted: Iterable[str] | None = None,
    ) -> Iterator[_Made]:
        shape, key = TABLES[table]
        values = None if wanted is None else tuple(dict.fromkeys(wanted))
        where = "" if values is None else f" WHERE {column} IN ({', '.join('?' * len(values))})"
        select = f"SELECT {', '.join(column_names(shape))} FROM {table}{where} ORDER BY {', '.join(key)}"  # noqa: S608 - our own names
        with plainly(self.path), closing(self._connection.execute(select, values or ())) as found:
            yield from map(make, found)


def _maker(shape: type[_Shape]) -> Callable[[Sequence[Any]], _Shape]:
    names = column_names(shape)

    def make(values: Sequence[Any]) -> _Shape:
        return shape(**dict(zip(names, values, strict=True)))

    return make


def _file(values: Sequence[Any]) -> FileRow:
    named: dict[str, Any] = dict(zip(column_names(FileRow), values, strict=True))
    try:
        fate = FileFate(str(named.pop("fate")))
    except ValueError as error:
        raise KnownError(refusals.DAMAGED, file=str(named["path"])) from error
    return FileRow(**named, fate=fate)


def expect_repository(path: Path) -> None:
    """Refuse what is no repository by the first bytes of the file, without SQLite; raises KnownError or OSError."""
    if path.is_dir():
        raise KnownError(refusals.A_FOLDER, file=path.name)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError:
        raise KnownError(refusals.MISSING, file=path.name) from None
    if not head.startswith(b"SQLite format 3\0") or head[_MARK] != repository_schema.APPLICATION_ID.to_bytes(4, "big"):
        raise KnownError(FOREIGN, file=path.name)
