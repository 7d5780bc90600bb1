"""Every revision gets its link with it, in every way a revision comes into a file; and no tool can take it back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain import chain
from capacity_app.domain.answers import Answer, Content
from capacity_app.domain.keys import Key, ring_of
from capacity_app.domain.problems import KnownError
from capacity_app.domain.revisions import Revision, RevisionId
from capacity_app.store import database, schema
from capacity_app.store.assessment_file import AnswerWrite, AssessmentFile, PreviousRound, Write
from capacity_app.store.creation import write_new
from tests.builders import file_of, open_session, small_dossier
from tests.domain.making import say
from tests.store.kept import FOLDER
from tests.tampering import tampered

TABLES = ("answer_revisions", "entry_revisions", "links", "seals")
KEY = Key(bytes(range(1, 17)), bytes(range(32)))


def _revision(counter: int, answer: Answer, device: str = "other.session") -> Revision:
    return Revision(id=RevisionId(device, counter), key=answer.key, content=answer.content, author="C. Officer")


def _trail(file: Path, key: Key | None = None) -> chain.Trail:
    with AssessmentFile(file, read_only=True, keys=ring_of(key)) as opened:
        return opened.trail()


def _expect_whole(trail: chain.Trail) -> None:
    assert chain.first_break(trail, lambda _: True) is None
    assert {link.name for link in trail.links} == trail.rows.keys()
    assert all(link.hash for link in trail.links)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in which a session worked: every table that only grows has rows."""
    made = file_of(tmp_path)
    with open_session(made) as session:
        session.record(say("i.plan", 0, who="agency-nso").key, Content(note="later"))
        session.remove("agencies", "agency-moi")
    return made


def test_a_new_file_is_linked_whole(tmp_path: Path) -> None:
    trail = _trail(file_of(tmp_path))
    _expect_whole(trail)
    assert len(trail.rows) == len(small_dossier().answers) + 9


def test_a_session_goes_on_with_a_chain_of_its_own_and_seals_it(file: Path) -> None:
    trail = _trail(file)
    _expect_whole(trail)
    (seal,) = trail.seals
    (end,) = [link for link in trail.links if link.hash == seal.hash]
    assert (
        (end.device, end.counter)
        == (seal.device, seal.counter)
        == max((link.device, link.counter) for link in trail.links if link.device == seal.device)
    )
    assert chain.unsealed(trail) == 1


def test_a_session_in_which_nothing_was_changed_leaves_no_trace(file: Path) -> None:
    before = file.read_bytes()
    with open_session(file) as session:
        session.dossier()
    assert file.read_bytes() == before


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("read_only", [True, False])
def test_an_older_file_is_linked_when_it_is_brought_up_to_date(
    tmp_path: Path,
    version: int,
    read_only: bool,  # noqa: FBT001 - both ways
) -> None:
    file = tmp_path / "old.assessment"
    file.write_bytes((FOLDER / f"version-{version}.assessment").read_bytes())
    with AssessmentFile(file, read_only=read_only) as opened:
        trail = opened.trail()
    _expect_whole(trail)
    assert trail.rows


def test_a_protected_file_is_linked_alike(tmp_path: Path, file: Path) -> None:
    with AssessmentFile(file, read_only=True) as plain:
        stored, trail = plain.read(), plain.trail()
    writes: list[Write] = [*trail.links, *map(AnswerWrite, stored.revisions[:3])]
    write_new(tmp_path / "protected.assessment", stored.label, writes, key=KEY)
    with AssessmentFile(tmp_path / "protected.assessment", keys=ring_of(KEY)) as protected:
        protected.append((AnswerWrite(_revision(900, say("i.plan", 3, who="agency-moi"))),))
        found = protected.trail()
    assert set(trail.links) < set(found.links)
    assert next(one for one in found.links if one.counter == 900).previous == ""


def test_a_commit_whose_success_went_unseen_is_not_linked_twice(file: Path) -> None:
    writes = [AnswerWrite(_revision(counter, say("i.plan", 3, who="agency-moi"))) for counter in (700, 701)]
    with AssessmentFile(file) as opened:
        opened.append(writes)
        opened.append((*writes, AnswerWrite(_revision(702, say("i.plan", 1, who="agency-moi")))))
    _expect_whole(_trail(file))


def test_a_transaction_that_fails_takes_its_links_back(file: Path) -> None:
    made = AnswerWrite(_revision(700, say("i.plan", 3, who="agency-moi")))
    too_large = AnswerWrite(_revision(2**63 - 1, say("i.plan", 3, who="agency-moi")))
    with AssessmentFile(file) as opened:
        with pytest.raises(KnownError):
            opened.append((made, PreviousRound(None, None)))  # type: ignore[arg-type]
        assert "other.session" not in {link.device for link in opened.trail().links}
        opened.append((too_large,))
        opened.append((AnswerWrite(_revision(701, say("i.plan", 3, who="agency-moi"), "third.session")), made))
    _expect_whole(_trail(file))


def test_what_comes_late_is_bound_to_what_is_there(file: Path) -> None:
    with AssessmentFile(file) as opened:
        for counter in (705, 701, 703):
            opened.append((AnswerWrite(_revision(counter, say("i.plan", 3, who="agency-moi"))),))
    _expect_whole(_trail(file))


def test_a_copy_keeps_links_and_seals_even_of_what_was_tampered_with(file: Path, tmp_path: Path) -> None:
    tampered(
        file,
        "UPDATE answer_revisions SET author = 'somebody' WHERE question = 'ii.staff'",
        "DELETE FROM links WHERE counter = 12",
        "DELETE FROM answer_revisions WHERE question = 'ii.share'",
    )
    before = _trail(file)
    with open_session(file) as session:
        session.record(say("ii.staff", 0, who="agency-nso").key, Content(note="again"))
        session.save_copy(tmp_path / "copy.assessment")
    after = _trail(tmp_path / "copy.assessment")
    assert list(chain.breaks(before, lambda _: True)) == list(chain.breaks(after, lambda _: True))
    assert set(before.links) < set(after.links)
    assert before.seals == after.seals


# -- append-only ---------------------------------------------------------------------------------------------------


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
    key = {"links": 3, "seals": 1}.get(table, 2)
    shown = [column if number < key else f"'x' AS {column}" for number, column in enumerate(columns)]
    shown = [f"7 AS {column}" if column == "counter" and number >= key else said
             for number, (column, said) in enumerate(zip(columns, shown, strict=True))]  # fmt: skip
    plain.execute(f"{verb} INTO {table} SELECT {', '.join(shown)} FROM {table}")
    assert plain.execute(f"SELECT * FROM {table}").fetchall() == before


def test_a_migration_that_fails_while_linking_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "old.assessment"
    file.write_bytes((FOLDER / "version-2.assessment").read_bytes())
    # No text: nobody can say what its canonical bytes are until somebody has looked at it.
    tampered(file, "UPDATE answer_revisions SET note = CAST(x'ff' AS TEXT) WHERE question = 'ii.staff'")
    before = file.read_bytes()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection, pytest.raises(sqlite3.OperationalError):
        schema.migrate(database.wrap(connection))
    assert file.read_bytes() == before
