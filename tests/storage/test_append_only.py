"""The tables of revisions only grow: no tool changes or removes a row without taking the triggers away first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Content
from capacity_app.domain.assessment.revisions import Revision, RevisionId
from capacity_app.domain.problems import KnownError
from capacity_app.storage import database, schema
from capacity_app.storage.assessment_file import AnswerWrite, AssessmentFile, PreviousRound
from tests.builders import file_of, open_session
from tests.domain.making import say
from tests.storage.kept import FOLDER
from tests.tampering import tampered

TABLES = ("answer_revisions", "entry_revisions")


def _revision(counter: int) -> AnswerWrite:
    answer = say("i.plan", 3, who="agency-moi")
    return AnswerWrite(Revision(id=RevisionId("other.session", counter), key=answer.key, content=answer.content))


def _count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT count(*) FROM answer_revisions WHERE device = 'other.session'").fetchone()
    return int(found[0])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in which a session worked."""
    made = file_of(tmp_path)
    with open_session(made) as session:
        session.record(say("i.plan", 0, who="agency-nso").key, Content(note="later"))
        session.remove("agencies", "agency-moi")
    return made


def test_a_session_in_which_nothing_was_changed_leaves_no_trace(file: Path) -> None:
    before = file.read_bytes()
    with open_session(file) as session:
        session.dossier()
    assert file.read_bytes() == before


def test_a_commit_whose_success_went_unseen_is_not_written_twice(file: Path) -> None:
    writes = [_revision(700), _revision(701)]
    with AssessmentFile(file) as opened:
        opened.append(writes)
        opened.append((*writes, _revision(702)))
    assert _count(file) == 3


def test_a_transaction_that_fails_leaves_nothing(file: Path) -> None:
    with AssessmentFile(file) as opened:
        with pytest.raises(KnownError):
            opened.append((_revision(700), PreviousRound(None, None)))  # type: ignore[arg-type]
        opened.append((_revision(701),))
    assert _count(file) == 1


@pytest.mark.parametrize("version", [3, 4])
def test_a_migration_drops_the_links_and_seals_of_older_files(tmp_path: Path, version: int) -> None:
    file = tmp_path / "old.assessment"
    file.write_bytes((FOLDER / f"version-{version}.assessment").read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM links").fetchone()[0] > 0
    with AssessmentFile(file) as opened:
        assert opened.check() == ()
    with closing(sqlite3.connect(file)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert not {name for name in names if name.startswith(("links", "seals"))}
    assert "answer_revisions_no_replace" in names


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "old.assessment"
    file.write_bytes((FOLDER / "version-3.assessment").read_bytes())
    # No text: the hash of the round cannot be made.
    tampered(file, "UPDATE previous_rounds SET content = CAST(x'ff' AS TEXT)")
    before = file.read_bytes()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection, pytest.raises(sqlite3.OperationalError):
        schema.migrate(database.wrap_connection(connection))
    assert file.read_bytes() == before


@pytest.fixture(params=[False, True], ids=["recursive triggers off", "recursive triggers on"])
def plain(file: Path, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """The file as any SQLite tool sees it; what REPLACE deletes fires a trigger only with recursive triggers."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {int(request.param)}")
        yield connection


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {table} SET device = 'x'",
        "UPDATE OR REPLACE {table} SET counter = counter + 1",
        "UPDATE OR IGNORE {table} SET device = 'x'",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE counter > 20",
        "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET device = 'x'",
    ],
)
def test_rows_that_are_there_can_be_neither_changed_nor_removed(
    plain: sqlite3.Connection, table: str, change: str
) -> None:
    before = plain.execute(f"SELECT * FROM {table}").fetchall()
    assert before
    try:
        plain.execute(change.format(table=table))
    except sqlite3.IntegrityError as error:
        assert "append-only" in str(error)  # noqa: PT017 - the upsert is ignored instead
    else:
        assert change.startswith("INSERT")
    assert plain.execute(f"SELECT * FROM {table}").fetchall() == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_a_row_that_is_there_is_never_replaced(plain: sqlite3.Connection, table: str, verb: str) -> None:
    before = plain.execute(f"SELECT * FROM {table}").fetchall()
    columns = _columns(plain, table)
    shown = [*columns[:2], *(f"'x' AS {column}" for column in columns[2:])]
    plain.execute(f"{verb} INTO {table} SELECT {', '.join(shown)} FROM {table}")
    assert plain.execute(f"SELECT * FROM {table}").fetchall() == before
