"""The schema: plain columns, append-only revisions, migrations that happen whole or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import REGISTERS
from capacity_app.storage import database, schema
from tests.builders import file_of, small_dossier


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The small dossier's file, seen with any SQLite tool."""
    with closing(sqlite3.connect(file_of(tmp_path))) as connection:
        yield connection


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_is_a_plain_table_with_one_column_per_field(plain: sqlite3.Connection, register: str) -> None:
    columns = database.wrap_connection(plain).table(register).columns_dict
    assert columns == {field.name: int if field.type is int else str for field in fields(REGISTERS[register])}


def test_a_file_says_what_it_is(plain: sqlite3.Connection) -> None:
    assert plain.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
    assert plain.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert plain.execute("SELECT id FROM instrument").fetchone() == ("small",)


def test_every_table_is_strict(plain: sqlite3.Connection) -> None:
    tables = plain.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    assert {name for name, strict in tables if not strict} == {"sqlite_schema"}


def test_answers_can_be_read_with_plain_sql(plain: sqlite3.Connection) -> None:
    answers = plain.execute(
        "SELECT respondent, value ->> '$', note FROM answers WHERE question = 'i.law' ORDER BY respondent"
    ).fetchall()
    assert answers == [("agency-moi", 1, ""), ("agency-nso", 3, "Loi n° 12 – «adoptée»")]
    assert plain.execute("SELECT name, roles FROM agencies WHERE id = 'agency-nso'").fetchone() == (
        "National Statistical Office",
        '["producer","user"]',
    )


def test_every_answer_names_the_revision_it_follows_from(plain: sqlite3.Connection) -> None:
    joined = "SELECT count(*) FROM answers JOIN answer_revisions USING (device, counter, question, state, note)"
    assert plain.execute(joined).fetchone() == (len(small_dossier().answers),)


@pytest.mark.parametrize("table", ["answer_revisions", "entry_revisions"])
@pytest.mark.parametrize("change", ["UPDATE {} SET author = 'somebody else'", "DELETE FROM {}"])
def test_revisions_can_only_be_added(plain: sqlite3.Connection, table: str, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        plain.execute(change.format(table))


_NEXT = (
    "ALTER TABLE people ADD COLUMN shoe_size TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT",
)
_BROKEN = ("CREATE TABLE half (id TEXT PRIMARY KEY) STRICT",) * 2


def test_a_file_of_this_version_is_brought_up_to_date_with_all_it_says(tmp_path: Path) -> None:
    with closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as connection:
        people = connection.execute("SELECT * FROM people").fetchall()
        migrations = (*schema.MIGRATIONS, _NEXT)
        schema.migrate(database.wrap_connection(connection), migrations)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations),)
        assert connection.execute("SELECT * FROM people").fetchall() == [(*row, "") for row in people]
        assert schema.schema_parts(connection) == schema.expected_schema_parts(len(migrations), migrations)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        parts = schema.schema_parts(connection)
        with pytest.raises(sqlite3.OperationalError, match="half"):
            schema.migrate(database.wrap_connection(connection), (*schema.MIGRATIONS, _NEXT, _BROKEN))
        assert schema.schema_parts(connection) == parts
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert file.read_bytes() == before


def test_the_hash_of_the_newest_schema_is_known() -> None:
    assert schema.hash_of_schema(schema.expected_schema_parts(schema.VERSION)) == schema.NEWEST_SCHEMA_HASH


def test_a_released_migration_is_never_edited() -> None:
    # The tables as version 1 was released. A change of the schema is a new migration below the old ones.
    parts = schema.expected_schema_parts(1)
    assert {(kind, name) for kind, name, _ in parts} == {
        ("table", "assessment"),
        ("table", "instrument"),
        ("table", "answer_revisions"),
        ("table", "answers"),
        ("table", "entry_revisions"),
        *(("table", register) for register in REGISTERS if register not in _LATER),
        ("table", "documents"),
        ("table", "previous_rounds"),
        *(("trigger", f"{log}_no_{action}") for log in _LOGS for action in ("update", "delete")),
    }


_LOGS = ("answer_revisions", "entry_revisions")
_LATER = frozenset({"remarks", "returns", "kept", "validations"})
