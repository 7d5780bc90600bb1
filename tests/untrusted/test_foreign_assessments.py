"""Assessment files from strangers: refused in a sentence or read harmlessly; nothing in them is run or changed."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import all_writes
from capacity_app.storage import database, schema
from capacity_app.storage.assessment_file import AssessmentFile
from capacity_app.storage.creation import write_new_assessment
from tests.builders import DEVICE, file_of, small_dossier
from tests.places import names_in

KEY = EncryptionKey(bytes(range(1, 17)), bytes(range(32)))
NEWER = schema.VERSION + 96

Harm = Callable[[sqlite3.Connection], object]


def _statements(*statements: str) -> Harm:
    def execute(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return execute


def _written_into_the_schema(*statements: str) -> Harm:
    """Change the schema's own table, as no statement could."""

    def execute(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            assert connection.execute(statement).rowcount == 1, statement
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute(f"PRAGMA schema_version = {version + 1}")
        connection.execute("PRAGMA writable_schema = OFF")

    return execute


_CANARY = "INSERT INTO documents VALUES ('canary', 1, x'00')"
_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS hash, i AS size FROM n"

STRANGE: dict[str, Harm] = {
    "a trigger that writes when an answer is saved": _statements(
        f"CREATE TRIGGER spy AFTER INSERT ON answers BEGIN {_CANARY}; END"
    ),
    "a trigger that writes when a revision is saved": _statements(
        f"CREATE TRIGGER spy BEFORE INSERT ON answer_revisions BEGIN {_CANARY}; END"
    ),
    "a guard that lets everything pass": _statements(
        "DROP TRIGGER answer_revisions_no_update",
        "CREATE TRIGGER answer_revisions_no_update BEFORE UPDATE ON answer_revisions BEGIN SELECT 1; END",
    ),
    "a view": _statements("CREATE VIEW looks AS SELECT * FROM answers"),
    "a view that loads a library": _statements("CREATE VIEW looks AS SELECT load_extension('/tmp/canary.so')"),
    "a view that writes a file": _statements("CREATE VIEW looks AS SELECT writefile('/tmp/canary', 'x')"),
    "a view that never ends": _statements(f"CREATE VIEW looks AS {_ENDLESS}"),
    "a view in place of a table": _statements(
        "DROP TABLE documents", "CREATE VIEW documents AS SELECT load_extension('/tmp/canary.so') AS hash, 1 AS size"
    ),
    "an endless view in place of a table": _statements("DROP TABLE documents", f"CREATE VIEW documents AS {_ENDLESS}"),
    "another table in place of one": _statements("DROP TABLE kept", "CREATE TABLE kept (id, note)"),
    "one more table": _statements("CREATE TABLE mine (id)"),
    "a table with a name like ours": _statements('CREATE TABLE "answers " (id)'),
    "a virtual table": _statements("CREATE VIRTUAL TABLE found USING fts5(text)"),
    "a virtual table in place of one": _statements("DROP TABLE kept", "CREATE VIRTUAL TABLE kept USING fts5(id, note)"),
    "an index on an expression": _statements("CREATE INDEX clever ON answers (abs(counter))"),
    "an index on a part": _statements("CREATE INDEX clever ON answers (note) WHERE note <> ''"),
    "one more column": _statements("ALTER TABLE answers ADD COLUMN mark TEXT"),
    "a computed column": _statements("ALTER TABLE people ADD COLUMN mark TEXT AS (upper(name)) VIRTUAL"),
    "a column with another default": _written_into_the_schema(
        """UPDATE sqlite_schema SET sql = replace(sql, '"note" TEXT', '"note" TEXT DEFAULT (abs(1))') """
        "WHERE name = 'people'"
    ),
    "a table that is not strict any more": _written_into_the_schema(
        "UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '') WHERE name = 'documents'"
    ),
    "two names for one table's pages": _written_into_the_schema(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'people') "
        "WHERE name = 'agencies'"
    ),
    "a table without pages": _written_into_the_schema("UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'agencies'"),
    "a schema that is no SQL": _written_into_the_schema(
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE agencies (((' WHERE name = 'agencies'"
    ),
    "a table called as SQLite's own": _written_into_the_schema(
        "UPDATE sqlite_schema SET sql = replace(sql, 'TABLE kept', 'TABLE sqlite_kept'), name = 'sqlite_kept', "
        "tbl_name = 'sqlite_kept' WHERE name = 'kept'"
    ),
    "no tables at all": lambda connection: [
        connection.execute(f"DROP TABLE {name}")
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    ],
    "a blob where text belongs": lambda connection: [
        _written_into_the_schema("UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '') WHERE name = 'people'")(
            connection
        ),
        connection.execute("UPDATE people SET note = zeroblob(1000)"),
        _written_into_the_schema("UPDATE sqlite_schema SET sql = sql || ' STRICT' WHERE name = 'people'")(connection),
    ],
    "an answer that is no text": _statements(
        "DROP TRIGGER answer_revisions_no_update",
        "UPDATE answer_revisions SET note = CAST(x'c328ff' AS TEXT)",
        "CREATE TRIGGER answer_revisions_no_update BEFORE UPDATE ON answer_revisions "
        "BEGIN SELECT RAISE(ABORT, 'answer_revisions is append-only'); END",
    ),
    "an instrument that is no text": _statements("UPDATE instrument SET content = CAST(x'c328ff' AS TEXT)"),
    "an instrument of 40 megabytes": _statements("UPDATE instrument SET content = printf('%.*c', 40000000, '[')"),
    "no instrument": _statements("DELETE FROM instrument"),
    "two assessments": _statements("INSERT INTO assessment VALUES ('another', '')"),
    "no version": _statements("PRAGMA user_version = 0"),
    "a version below nothing": _statements("PRAGMA user_version = -1"),
    "an older version than it is": _statements("PRAGMA user_version = 2"),
    "the oldest version": _statements("PRAGMA user_version = 1"),
    "somebody else's mark": _statements("PRAGMA application_id = 7"),
}
HARMLESS: dict[str, Harm] = {
    "statistics of another tool": _statements("ANALYZE"),
    "a document of 30 megabytes that nothing names": _statements(
        "INSERT INTO documents VALUES ('huge', 30000000, zeroblob(30000000))"
    ),
    "large pages": _statements("PRAGMA page_size = 65536", "VACUUM"),
    "small pages": _statements("PRAGMA page_size = 512", "VACUUM"),
    "pages that are taken back": _statements("PRAGMA auto_vacuum = FULL", "VACUUM"),
}


@pytest.fixture(params=[None, KEY], ids=["plain", "protected"])
def key(request: pytest.FixtureRequest) -> EncryptionKey | None:
    found: EncryptionKey | None = request.param
    return found


def _file(folder: Path, key: EncryptionKey | None, harm: Harm) -> Path:
    """Make a file, protected or not, and let a stranger change it."""
    file = file_of(folder)
    if key is not None:
        with AssessmentFile(file) as opened, AssessmentSession(file, device=DEVICE, read_only=True) as session:
            label, writes = opened.read().label, tuple(all_writes(session.known, (), None))
        write_new_assessment(file, label, writes, key=key, replace=True)
    with closing(database.connect(str(file), key)) as connection:
        harm(connection)
    return file


def _sentence(file: Path, key: EncryptionKey | None, *, read_only: bool) -> str:
    """Open a file as a window does and read all of it; give the refusal, empty if there was none."""
    try:
        keys = keyring_of(key) if key else NO_KEYS
        with AssessmentSession(file, device=DEVICE, read_only=read_only, keys=keys) as session:
            session.dossier()
            session.check_file()
    except KnownError as error:
        return error.text()
    return ""


@pytest.mark.parametrize("read_only", [True, False], ids=["to read", "to write"])
@pytest.mark.parametrize("harm", STRANGE)
def test_a_strange_file_is_refused_in_a_sentence_and_stays_as_it_is(
    tmp_path: Path,
    key: EncryptionKey | None,
    harm: str,
    read_only: bool,  # noqa: FBT001 - both ways
) -> None:
    file = _file(tmp_path, key, STRANGE[harm])
    before, beside = file.read_bytes(), names_in(tmp_path)
    sentence = _sentence(file, key, read_only=read_only)
    assert file.name in sentence
    assert sentence.endswith((".", ":"))
    assert file.read_bytes() == before
    assert names_in(tmp_path) == beside


@pytest.mark.parametrize("harm", STRANGE)
def test_a_strange_file_that_claims_to_be_newer_is_read_harmlessly_or_refused(
    tmp_path: Path, key: EncryptionKey | None, harm: str
) -> None:
    file = _file(tmp_path, key, STRANGE[harm])
    with closing(database.connect(str(file), key)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWER}")
    before, beside = file.read_bytes(), names_in(tmp_path)
    sentence = _sentence(file, key, read_only=False)
    assert not sentence or file.name in sentence
    assert file.read_bytes() == before
    assert names_in(tmp_path) == beside


def test_an_earlier_round_that_is_none_is_told_and_the_answers_can_be_read(
    tmp_path: Path, key: EncryptionKey | None
) -> None:
    statement = "INSERT INTO previous_rounds (number, time, content) VALUES (1, '', '[[[[')"
    file = _file(tmp_path, key, _statements(statement))
    with AssessmentSession(file, device=DEVICE, keys=keyring_of(key) if key else NO_KEYS) as session:
        assert session.content(small_dossier().answers[0].key) == small_dossier().answers[0].content
        with pytest.raises(KnownError, match="JSON"):
            session.dossier()


@pytest.mark.parametrize("harm", HARMLESS)
def test_what_does_no_harm_is_opened(tmp_path: Path, harm: str) -> None:
    file = _file(tmp_path, None, HARMLESS[harm])
    before = file.read_bytes()
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        assert session.dossier().answers == small_dossier().answers
    assert file.read_bytes() == before


def test_a_file_of_another_program_with_our_mark_is_refused(tmp_path: Path, key: EncryptionKey | None) -> None:
    file = tmp_path / "bookmarks.assessment"
    with closing(database.connect(str(file), key)) as connection:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("CREATE TABLE bookmarks (url)")
    before = file.read_bytes()
    assert "damaged" in _sentence(file, key, read_only=False)
    assert file.read_bytes() == before


def test_text_in_another_encoding_is_refused_or_read_right(tmp_path: Path) -> None:
    file = tmp_path / "wide.assessment"
    with closing(sqlite3.connect(file_of(tmp_path))) as source, closing(sqlite3.connect(file)) as wide:
        wide.execute("PRAGMA encoding = 'UTF-16'")
        for line in source.iterdump():
            wide.execute(line)
        wide.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        wide.execute(f"PRAGMA user_version = {schema.VERSION}")
    before = file.read_bytes()
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        assert session.dossier().answers == small_dossier().answers
        assert session.check_file() == ()
    assert file.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False], ids=["to read", "to write"])
def test_a_file_another_tool_left_in_write_ahead_mode_says_what_it_said(
    tmp_path: Path,
    read_only: bool,  # noqa: FBT001 - both ways
) -> None:
    file = _file(tmp_path, None, _statements("PRAGMA journal_mode = WAL"))
    assert file.read_bytes()[18:20] == b"\x02\x02"
    with AssessmentSession(file, device=DEVICE, read_only=read_only) as session:
        assert session.dossier().answers == small_dossier().answers
    assert names_in(tmp_path) == [file.name]


def test_a_write_ahead_log_that_was_left_behind_is_not_lost(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("INSERT INTO previous_rounds (number, time, content) VALUES (1, '2018', NULL)")
        left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert f"{file.name}-wal" in left
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    with AssessmentSession(file, device=DEVICE) as session:
        assert session.earlier is not None
        assert session.earlier.time == "2018"
