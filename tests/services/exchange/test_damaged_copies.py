"""A copy damaged in any way is refused or merged, and whatever was answered here is saved, copied and kept."""

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.revisions import Revision, RevisionId
from capacity_app.domain.problems import KnownError
from capacity_app.services.exchange.merge import apply_merge, plan_merge
from capacity_app.services.session.assessment_session import WITHOUT_CHANGES, AssessmentSession
from capacity_app.services.session.file_writing import UNSTORABLE_CHANGE
from capacity_app.services.session.revision_log import Saved, SaveFailed
from capacity_app.storage.assessment_file import AnswerWrite
from tests.builders import file_of, open_session, small_dossier

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
WHY = AnswerKey(Address("i.why"), respondent="agency-nso")
ODD_TEXTS = (
    '"\\ud800"', '["\\udfff"]', '"a\\u0000b"', "[[[", "{}", "1e999", str(10**30), "-1", '""', "null", "true",
    json.dumps("x" * 20_001), json.dumps(["x"] * 20_001), "\ufffe", "\ud7ff\u202e", "", "[7]", '["a:1","a:1"]',
    '["evil\\ud800:1"]', f'["a:{10**40}"]', '{"id":"\\ud800"}', '{"id":"mission","round":"\\udc00"}',
    '{"id":"return-1","size":1000000000000000000000000000000}', '{"id":"return-1","size":-1}',
)  # fmt: skip


def _copy_of(session: AssessmentSession, name: str) -> Path:
    copy = session.file.with_name(name)
    session.save_copy(copy, replace=True)
    return copy


def _without_guards(file: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    """Change what the tables guard against changes, and put the guards back, as somebody with ill will does."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        change(connection)
        for _, text in guards:
            connection.execute(text)


def _work_on(session: AssessmentSession, *copies: Path) -> None:
    """Merge copies, answer, save, write a copy, and find every answer of one's own in it and in the file."""
    plan = plan_merge(session, copies)
    for source in plan.sources:
        assert source.problem is None or source.file in source.problem.text()
    with suppress(KnownError):  # where a document cannot be read any more
        apply_merge(session, plan)
    session.record(PLAN, Content(state=AnswerState.ANSWERED, value=3))
    session.record(WHY, Content(state=AnswerState.ANSWERED, value="My own words."))
    assert session.flush()
    session.save_copy(session.file.with_name("saved.assessment"), replace=True)
    session.close()
    for file in (session.file, session.file.with_name("saved.assessment")):
        with open_session(file) as again:
            assert again.content(PLAN).value == 3
            assert again.content(WHY).value == "My own words."
            assert again.check_file() == ()
            again.dossier()


def test_a_lone_surrogate_in_a_merged_copy_never_stops_saving(tmp_path: Path) -> None:
    session = open_session(file_of(tmp_path))
    copy = _copy_of(session, "poisoned.assessment")
    columns = "question, grid_row, grid_column, layer, respondent, state"
    statement = (
        f"INSERT INTO answer_revisions SELECT 'zz.evil', 1000, {columns}, '\"\\ud800\"', reason, note, evidence, "
        "'Colleague', time, language, '[]' FROM answer_revisions WHERE question = 'i.why'"
    )
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount == 1
    _work_on(session, copy)


@pytest.mark.parametrize("odd", ODD_TEXTS)
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (
            "answer_revisions",
            ("value", "reason", "note", "evidence", "author", "time", "parents", "device", "question"),
        ),
        ("entry_revisions", ("content", "author", "time", "parents", "device", "entry", "register")),
    ],
)
def test_no_row_of_a_copy_stops_saving(tmp_path: Path, table: str, columns: tuple[str, ...], odd: str) -> None:
    copies = []
    with open_session(file_of(tmp_path)) as session:
        for column in columns:
            copies.append(_copy_of(session, f"{column}.assessment"))
            statement = (
                f"UPDATE {table} SET device = 'other', {column} = ? WHERE counter = (SELECT max(counter) FROM {table})"
            )
            _without_guards(copies[-1], partial(_changed, statement, odd))
        _work_on(session, *copies)


def _changed(statement: str, value: object, connection: sqlite3.Connection) -> None:
    assert connection.execute(statement, (value,)).rowcount == 1


@pytest.mark.parametrize("counter", [-1, 0, 2**63 - 1, 10**12, 10**12 + 1])
@pytest.mark.parametrize("table", ["answer_revisions", "entry_revisions"])
def test_no_number_of_a_change_stops_saving(tmp_path: Path, table: str, counter: int) -> None:
    with open_session(file_of(tmp_path)) as session:
        copy = _copy_of(session, "odd.assessment")
        _without_guards(
            copy,
            lambda connection: connection.execute(
                f"UPDATE {table} SET device = 'other', counter = ? WHERE counter = (SELECT max(counter) FROM {table})",
                (counter,),
            ),
        )
        _work_on(session, copy)


@pytest.mark.check
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(["bits", "zeros", "cut", "swap"]))
def test_no_damaged_bytes_of_a_copy_stop_saving(tmp_path_factory: pytest.TempPathFactory, seed: int, kind: str) -> None:
    places = random.Random(seed)  # noqa: S311 - a repeatable test
    with open_session(file_of(tmp_path_factory.mktemp("damaged"))) as session:
        copy = _copy_of(session, "damaged.assessment")
        content = bytearray(copy.read_bytes())
        match kind:
            case "bits":
                for _ in range(places.choice((1, 1, 3, 30))):
                    content[places.randrange(100, len(content))] ^= 1 << places.randrange(8)
            case "zeros":
                start = places.randrange(len(content))
                content[start : start + 512] = bytes(len(content[start : start + 512]))
            case "cut":
                del content[places.randrange(1, len(content)) :]
            case "swap":
                one, other = (places.randrange(len(content) // 512) * 512 for _ in "ab")
                content[one : one + 512], content[other : other + 512] = (
                    content[other : other + 512],
                    content[one : one + 512],
                )
        copy.write_bytes(content)
        _work_on(session, copy)


def test_what_cannot_be_written_is_set_aside_and_everything_else_is_saved_and_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[type[BaseException]] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: reported.append(kind))
    news: list[Saved | SaveFailed] = []
    session = open_session(file_of(tmp_path), on_saved=news.append)
    bad = Revision(
        id=RevisionId("other", 1_000),
        key=AnswerKey(Address("ii.name"), AnswerLayer.RESPONSE, "agency-nso"),
        content=Content(state=AnswerState.ANSWERED, value="\ud800"),
    )
    session.known.unite([bad], [])
    session.take([AnswerWrite(bad)])
    session.record(PLAN, Content(state=AnswerState.ANSWERED, value=3))
    assert not session.flush()
    assert reported == [UnicodeEncodeError]
    last = news[-1]
    assert isinstance(last, SaveFailed)
    assert (last.error.message, last.waiting) == (UNSTORABLE_CHANGE, 1)
    copy = tmp_path / "copy.assessment"
    with pytest.raises(KnownError) as left_out:
        session.save_copy(copy)
    assert (left_out.value.message, left_out.value.values["count"]) == (WITHOUT_CHANGES, "1")
    with pytest.raises(KnownError) as unsaved:
        session.close()
    assert unsaved.value.message == UNSTORABLE_CHANGE
    for file in (session.file, copy):
        with open_session(file) as again:
            assert again.content(PLAN).value == 3
            assert len(again.dossier().answers) == len(small_dossier().answers)


def test_a_file_whose_numbers_are_used_up_is_read_and_not_changed(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    _without_guards(
        file,
        lambda connection: connection.execute(
            "UPDATE answer_revisions SET counter = 9223372036854775807 WHERE counter = "
            "(SELECT max(counter) FROM answer_revisions)"
        ),
    )
    with open_session(file) as session:
        assert session.read_only_reason is not None
        assert "no assessment reaches" in session.read_only_reason.text()
        with pytest.raises(KnownError, match="no assessment reaches"):
            session.record(PLAN, Content(state=AnswerState.ANSWERED, value=3))
        session.save_copy(tmp_path / "copy.assessment")
