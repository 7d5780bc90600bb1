"""Files of a newer version of this program: read as far as they can be understood, and never changed by one byte."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.encryption_keys import EncryptionKey, derive_key, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services.exchange.merge import plan_merge
from capacity_app.storage import database, schema
from capacity_app.storage.assessment_file import AssessmentFile, DocumentWrite
from tests.builders import file_of, open_session, small_dossier
from tests.places import names_in

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
KEY = derive_key("velmora", bytes(range(200, 216)))
NOVELTIES = (
    "ALTER TABLE answer_revisions ADD COLUMN mood TEXT",
    "CREATE TABLE moods (id TEXT PRIMARY KEY)",
    "CREATE INDEX by_author ON answer_revisions (author)",
    "CREATE TRIGGER moody AFTER INSERT ON answers BEGIN INSERT INTO moods VALUES (NEW.question); END",
    "CREATE VIEW happy AS SELECT * FROM moods",
    "DROP TABLE kept",
    "DROP TRIGGER answer_revisions_no_update",
)
HEARSAY = """INSERT INTO answer_revisions SELECT 'd', 99, 'q', '', '', 'hearsay', '', state, value, reason, note,
    evidence, author, time, language, parents FROM answer_revisions LIMIT 1"""
"""An answer in a layer that this version does not know."""


def _change(file: Path, *statements: str, key: EncryptionKey | None = None) -> None:
    with closing(database.connect(str(file), key)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")


@pytest.fixture(params=[None, KEY], ids=["plain", "protected"])
def key(request: pytest.FixtureRequest) -> EncryptionKey | None:
    found: EncryptionKey | None = request.param
    return found


@pytest.fixture
def newer(tmp_path: Path, key: EncryptionKey | None) -> Iterator[Path]:
    """A newer file with everything a newer version may add; afterwards nothing of it or beside it has changed."""
    plain, file = file_of(tmp_path), tmp_path / "newer.assessment"
    if key:
        database.rewrite_under_key(plain, None, file, key)
    else:
        plain.rename(file)
    plain.unlink(missing_ok=True)
    _change(file, *NOVELTIES, key=key)
    before, stood = file.read_bytes(), file.stat().st_mtime_ns
    yield file
    assert file.read_bytes() == before
    assert file.stat().st_mtime_ns == stood
    assert names_in(tmp_path) == ["newer.assessment"]


def test_a_newer_file_is_read_whatever_was_added_to_it(newer: Path, key: EncryptionKey | None) -> None:
    with open_session(newer, keys=keyring_of(key)) as session:
        assert session.dossier() == small_dossier()
        assert session.is_newer
        assert names_in(newer.parent) == [newer.name], "no lock beside what is not written"


def test_nothing_can_be_changed_in_it_and_why_is_said(newer: Path, key: EncryptionKey | None) -> None:
    with open_session(newer, keys=keyring_of(key)) as session:
        with pytest.raises(KnownError, match=r"newer version of this program. It can be read here, not changed"):
            session.record(PLAN, Content(state=AnswerState.ANSWERED, value=0))
        with pytest.raises(KnownError, match="would not have what is new"):
            session.save_copy(newer.with_name("copy.assessment"))
        session.look()
        assert session.flush()
    with AssessmentFile(newer, keys=keyring_of(key)) as opened, pytest.raises(KnownError, match="may not be written"):
        opened.append((DocumentWrite("0" * 64, b"x"),))


def test_what_would_lose_its_news_on_the_way_refuses_it(
    newer: Path, key: EncryptionKey | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with open_session(file_of(elsewhere), keys=keyring_of(key)) as session:
        (source,) = plan_merge(session, (newer,)).sources
    assert source.problem is not None
    if key is None:
        assert "install the newer version" in source.problem.text()


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE previous_rounds",),
        ("DROP TABLE previous_rounds", "CREATE VIEW previous_rounds AS SELECT 1 AS number, '' AS time, '' AS content"),
        ("DROP TABLE documents", "CREATE VIRTUAL TABLE documents USING fts5(hash, size, content)"),
        ("ALTER TABLE entry_revisions RENAME COLUMN author TO writer",),
        ("ALTER TABLE assessment DROP COLUMN created", "ALTER TABLE assessment ADD COLUMN created TEXT AS (id)"),
        ("INSERT INTO entry_revisions VALUES ('d', 9, 'moods', 'mood-1', '{}', '', '', '[]')",),
        (HEARSAY,),
        ("UPDATE instrument SET content = 'x'",),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_asks_for_the_newer_program(tmp_path: Path, statements: tuple[str, ...]) -> None:
    file = file_of(tmp_path)
    _change(file, *statements)
    before = file.read_bytes()
    with pytest.raises(KnownError, match="install the newer version") as refusal:
        open_session(file)
    assert "damaged" not in refusal.value.text()
    assert file.read_bytes() == before
    assert names_in(tmp_path) == [file.name]


def test_a_damaged_newer_file_is_damaged(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    _change(file)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(KnownError, match="damaged"):
        open_session(file)


def test_a_newer_file_is_read_as_it_was_before_a_commit_that_was_cut_off_and_stays_as_it_is(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    _change(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM")  # what stands in unused pages is not taken back
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO documents VALUES (?, 1, ?)", ((str(n), b"x" * 3000) for n in range(50)))
        left = {path.name: path.read_bytes() for path in (file, tmp_path / f"{file.name}-journal")}
        connection.execute("ROLLBACK")
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    with open_session(file) as session:
        assert session.is_newer
        assert session.dossier() == small_dossier()
        assert session.documents == ()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == left
