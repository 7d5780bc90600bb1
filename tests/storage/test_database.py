"""sqlite-utils with its traps closed: no plugin, no probe, whole transactions, and no import before it is needed."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.domain.assessment.revisions import EntryRevision, RevisionId
from capacity_app.services.session.file_writing import create_assessment
from capacity_app.storage import database
from capacity_app.storage.assessment_file import AssessmentFile, DocumentWrite, EntryWrite, PreviousRound
from tests.builders import DEVICE, file_of, small_instrument
from tests.places import names_in

ROOT = Path(__file__).parents[2]
WRITES = (
    EntryWrite(EntryRevision(id=RevisionId("other", 1), register="agencies", entry="a", content=Agency(id="a"))),
    EntryWrite(EntryRevision(id=RevisionId("other", 2), register="agencies", entry="a", content=None)),
    DocumentWrite("ab" * 32, b"content"),
    PreviousRound("2018-11-26T00:00:00+00:00", None),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path)


def _child(script: str, *arguments: object, **environment: str) -> dict[str, bool]:
    """Run a script in a fresh interpreter; gives the JSON it prints."""
    command = (sys.executable, "-c", script, *map(str, arguments))
    search = os.pathsep.join(filter(None, (environment.get("PYTHONPATH"), str(ROOT))))
    run = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": search})
    assert run.returncode == 0, run.stderr
    found: dict[str, bool] = json.loads(run.stdout)
    return found


@pytest.mark.check
def test_opening_and_reading_do_without_the_import_that_the_first_answer_needs(file: Path) -> None:
    script = """
import json, sys
from pathlib import Path
from capacity_app.domain.assessment.answers import Address, AnswerKey, Content
from capacity_app.services.session.assessment_session import AssessmentSession

is_imported = lambda: "sqlite_utils" in sys.modules
found = {}
for mode in (True, False):
    with AssessmentSession(Path(sys.argv[1]), device="d", read_only=mode) as session:
        session.dossier(), session.scorecard(), session.gaps()
        found[f"read only {mode}"] = is_imported()
        if not mode:
            session.record(AnswerKey(Address("i.plan")), Content(note="the first"))
            session.flush()
            found["recorded"] = is_imported()
print(json.dumps(found))
"""
    assert _child(script, file) == {"read only True": False, "read only False": False, "recorded": True}


@pytest.mark.check
def test_an_import_the_system_refuses_is_told_and_the_next_try_saves(file: Path) -> None:
    script = """
import json, resource, sys
from pathlib import Path
from capacity_app.domain.assessment.answers import Address, AnswerKey, Content
from capacity_app.services.session.assessment_session import AssessmentSession

told, found = [], {}
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
with AssessmentSession(Path(sys.argv[1]), device="d", on_saved=told.append) as session:
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    session.record(AnswerKey(Address("i.plan")), Content(note="the first"))
    found["saved"] = session.flush()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    found["imported"] = "sqlite_utils" in sys.modules
    found["told"] = told[-1].error.text().startswith("The computer has too many files open")
    found["saved then"] = session.flush()
print(json.dumps(found))
"""
    assert _child(script, file) == {"saved": False, "imported": False, "told": True, "saved then": True}


@pytest.mark.check
def test_a_plugin_is_neither_loaded_nor_executed(tmp_path: Path, file: Path) -> None:
    plugins = tmp_path / "plugins"
    information = plugins / "spy-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: spy\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[sqlite_utils]\nspy = spy\n")
    (plugins / "spy.py").write_text(
        "import sqlite_utils\nused = []\n@sqlite_utils.hookimpl\ndef prepare_connection(conn): used.append(conn)\n"
    )
    script = """
import json, sys
from pathlib import Path
from sqlite_utils import Database
from capacity_app.storage.assessment_file import AssessmentFile
from tests.builders import file_of
from tests.storage.test_database import WRITES

file_of(Path(sys.argv[2]))
with AssessmentFile(Path(sys.argv[1])) as opened:
    opened.append(WRITES)
    opened.check()
ours = "spy" in sys.modules
Database(memory=True)
print(json.dumps({"ours": ours, "without our settings": bool(sys.modules["spy"].used)}))
"""
    found = _child(script, file, plugins, PYTHONPATH=str(plugins))
    assert found == {"ours": False, "without our settings": True}


def _schema(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT * FROM sqlite_master").fetchall()


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA schema_version").fetchone()[0])


def test_nothing_is_tried_out_in_the_file(file: Path) -> None:
    with AssessmentFile(file) as opened:
        schema, version = _schema(opened._connection), _version(opened._connection)
        said: list[str] = []
        opened._connection.set_trace_callback(said.append)
        opened.append(WRITES)
        opened.append(WRITES)
        opened.check()
        opened._connection.set_trace_callback(None)
        assert any('INSERT INTO "agencies"' in statement for statement in said)
        assert [statement for statement in said if statement.lower().startswith(("create", "drop"))] == []
        assert _schema(opened._connection) == schema
        # SQLite counts the changes of a schema: a table that came and went would show.
        assert _version(opened._connection) == version


def test_checking_a_file_opened_for_reading_changes_not_one_byte(tmp_path: Path, file: Path) -> None:
    before = file.read_bytes()
    with AssessmentFile(file, read_only=True) as opened:
        assert opened.check() == ()
        assert names_in(tmp_path) == [file.name]
    assert file.read_bytes() == before


@pytest.fixture
def made() -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield database.wrap_connection(connection)


def test_foreign_keys_are_watched(made: Database) -> None:
    made.execute("CREATE TABLE parent (id TEXT PRIMARY KEY) STRICT")
    made.execute("CREATE TABLE child (parent TEXT REFERENCES parent (id)) STRICT")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        made.table("child").insert({"parent": "nobody"})


def test_a_new_file_is_written_with_foreign_keys_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    begin = database.transaction

    def asking(target: Database) -> object:
        asked.extend(target.execute("PRAGMA foreign_keys").fetchone())
        return begin(target)

    monkeypatch.setattr(database, "transaction", asking)
    create_assessment(tmp_path / "new", small_instrument(), Mission(), device=DEVICE)
    assert asked
    assert set(asked) == {1}


def test_a_table_made_through_it_is_strict(made: Database) -> None:
    made.table("things").insert({"number": 1})
    assert made.table("things").strict
    assert made.table_names() == ["things"]
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        made.table("things").insert({"number": "many"})


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """A database with one table of one row, and another program's connection that does not wait."""
    path = tmp_path / "shared.sqlite"
    with (
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as ours,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other,
    ):
        other.execute("CREATE TABLE things (id TEXT PRIMARY KEY) STRICT")
        other.execute("INSERT INTO things VALUES ('old')")
        yield database.wrap_connection(ours), other


def _things(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT id FROM things ORDER BY id")]


def _write_twice_and_fail(target: Database) -> None:
    target.execute("INSERT INTO things VALUES ('by hand')")
    target.table("things").upsert({"id": "by table"}, pk="id")
    target.table("things").insert({"id": "old"})


def test_a_failing_write_leaves_nothing_of_what_was_written_with_it(pair: tuple[Database, sqlite3.Connection]) -> None:
    ours, other = pair
    with pytest.raises(sqlite3.IntegrityError), database.transaction(ours):
        _write_twice_and_fail(ours)
    assert not ours.conn.in_transaction
    assert _things(other) == ["old"]


def test_nobody_sees_a_part_of_a_transaction(pair: tuple[Database, sqlite3.Connection]) -> None:
    ours, other = pair
    with database.transaction(ours):
        for name in "ab":
            ours.table("things").insert({"id": name})
            assert _things(other) == ["old"]
    assert _things(other) == ["a", "b", "old"]


def test_the_right_to_write_is_held_from_the_start(pair: tuple[Database, sqlite3.Connection]) -> None:
    ours, other = pair
    with database.transaction(ours), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    begun = False
    with pytest.raises(sqlite3.OperationalError, match="locked"), database.transaction(ours):
        begun = True
    assert not begun


def test_a_commit_that_is_refused_is_taken_back_and_may_be_tried_again(
    pair: tuple[Database, sqlite3.Connection],
) -> None:
    ours, other = pair
    other.execute("BEGIN")
    assert _things(other) == ["old"]
    with pytest.raises(sqlite3.OperationalError, match="locked"), database.transaction(ours):
        ours.table("things").insert({"id": "new"})
    assert not ours.conn.in_transaction
    other.execute("COMMIT")
    with database.transaction(ours):
        ours.table("things").insert({"id": "new"})
    assert _things(other) == ["new", "old"]
