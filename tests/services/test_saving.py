"""When saving fails: the sentence says what to do, what was typed stays, and a copy can be saved elsewhere."""

import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType

import pytest
from sqlite_utils import Database

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerKey, AnswerState, Content
from capacity_app.domain.problems import KnownError
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import Saved, SaveFailed
from capacity_app.storage import assessment_file, opening
from tests.builders import file_of, open_session, small_dossier
from tests.places import small_disk

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
WHY = AnswerKey(Address("i.why"), respondent="agency-nso")


class News:
    """Collects what the session tells."""

    def __init__(self) -> None:
        self.told: list[Saved | SaveFailed] = []

    def __call__(self, news: Saved | SaveFailed) -> None:
        self.told.append(news)

    @property
    def last_sentence(self) -> str:
        failed = self.told[-1]
        assert isinstance(failed, SaveFailed)
        return failed.error.text()


@pytest.fixture
def news() -> News:
    return News()


@pytest.fixture
def session(tmp_path: Path, news: News) -> Iterator[AssessmentSession]:
    """A session whose test lets saving fail, and mends it before it ends."""
    with open_session(file_of(tmp_path), on_saved=news) as opened:
        yield opened


def _level(value: int) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value)


def _saved_level(file: Path) -> Content:
    with open_session(file, read_only=True) as other:
        return other.content(PLAN)


def test_a_file_that_vanished_keeps_the_queue_until_it_is_back(session: AssessmentSession, news: News) -> None:
    elsewhere = session.file.with_name("elsewhere")
    session.file.rename(elsewhere)
    session.record(PLAN, _level(0))
    assert not session.flush()
    assert "no longer where it was" in news.last_sentence
    assert news.told[-1].waiting == 1
    assert session.content(PLAN) == _level(0)
    elsewhere.rename(session.file)
    session.retry()
    assert session.flush()
    assert isinstance(news.told[-1], Saved)
    assert _saved_level(session.file) == _level(0)


def test_the_next_answer_tries_again_what_failed(session: AssessmentSession, news: News) -> None:
    elsewhere = session.file.with_name("elsewhere")
    session.file.rename(elsewhere)
    session.record(PLAN, _level(0))
    assert not session.flush()
    elsewhere.rename(session.file)
    session.record(PLAN, _level(1))
    assert session.flush()
    assert news.told[-1] == Saved(news.told[-1].time, 0, 2)  # type: ignore[union-attr]


def test_a_file_replaced_under_us_is_never_written_and_our_work_can_be_copied(tmp_path: Path, news: News) -> None:
    file, theirs = file_of(tmp_path), tmp_path / "theirs"
    shutil.copy(file, theirs)
    session = open_session(file, on_saved=news)
    session.record(PLAN, _level(0))
    assert session.flush()
    theirs.replace(file)
    session.record(WHY, Content(note="after the swap"))
    assert not session.flush()
    assert "replaced or changed by another program" in news.last_sentence
    session.save_copy(tmp_path / "recovered.assessment")
    with pytest.raises(KnownError, match="replaced or changed by another program"):
        session.close()
    assert _saved_level(file) == _level(2)
    with open_session(tmp_path / "recovered.assessment") as recovered:
        assert recovered.content(PLAN) == _level(0)
        assert recovered.content(WHY).note == "after the swap"
        assert recovered.dossier() == session.dossier()


def test_a_swap_between_the_check_and_the_commit_is_noticed_before_saved_is_told(
    tmp_path: Path, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, theirs = file_of(tmp_path), tmp_path / "theirs"
    shutil.copy(file, theirs)
    content = theirs.read_bytes()
    applied = assessment_file.apply_write

    def swap_while_applying(target: Database, write: assessment_file.Write) -> None:
        applied(target, write)
        if theirs.exists():
            theirs.replace(file)

    session = open_session(file, on_saved=news)
    monkeypatch.setattr(assessment_file, "apply_write", swap_while_applying)
    session.record(PLAN, _level(0))
    assert not session.flush()
    assert all(isinstance(told, SaveFailed) for told in news.told)
    assert file.read_bytes() == content
    with pytest.raises(KnownError):
        session.close()
    session.save_copy(tmp_path / "recovered.assessment")
    assert _saved_level(tmp_path / "recovered.assessment") == _level(0)


def test_a_program_that_holds_the_file_is_named_as_the_reason(
    tmp_path: Path, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    file = file_of(tmp_path)
    with open_session(file, on_saved=news) as session, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        session.record(PLAN, _level(0))
        assert not session.flush()
        assert "Another program is using" in news.last_sentence
        other.execute("ROLLBACK")
        assert session.flush()


def test_a_full_disk_keeps_the_old_state_and_the_queue_and_copies_elsewhere(tmp_path: Path, news: News) -> None:
    with small_disk(400) as disk:
        file = file_of(disk)
        session = open_session(file, on_saved=news)
        for number in range(40):
            session.record(WHY, Content(note=f"{number} " * 3_000))
            if not session.flush():
                break
        assert "The disk is full" in news.last_sentence
        assert "copy elsewhere" in news.last_sentence
        waiting = session.content(WHY)
        assert waiting.note.startswith(str(number))
        _expect_whole(file)
        session.save_copy(tmp_path / "elsewhere.assessment")
        with open_session(tmp_path / "elsewhere.assessment") as copied:
            assert copied.dossier() == session.dossier()
            assert copied.history(WHY.address) == session.history(WHY.address)
        with pytest.raises(KnownError, match="The disk is full"):
            session.save_copy(disk / "copy.assessment")
        with pytest.raises(KnownError, match="The disk is full"):
            session.close()
        _expect_whole(file)


def test_a_disk_with_room_again_takes_what_waited(news: News) -> None:
    with small_disk(400) as disk:
        file, ballast = file_of(disk), disk / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(disk).free))
        with open_session(file, on_saved=news) as session:
            session.record(PLAN, _level(0))
            session.record(WHY, Content(note="room?"))
            assert not session.flush()
            assert news.told[-1].waiting == 2
            ballast.unlink()
            assert session.flush()
        assert _saved_level(file) == _level(0)


def _expect_whole(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with open_session(file, read_only=True) as other:
        assert other.dossier().mission == small_dossier().mission


def test_closing_with_unsaved_answers_says_so_and_a_copy_is_still_possible(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    session = open_session(file)
    file.rename(tmp_path / "elsewhere")
    session.record(PLAN, _level(0))
    with pytest.raises(KnownError, match="no longer where it was"):
        session.close()
    session.save_copy(tmp_path / "copy.assessment")
    assert _saved_level(tmp_path / "copy.assessment") == _level(0)


def test_closing_tries_once_more(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    session = open_session(file)
    file.rename(tmp_path / "elsewhere")
    session.record(PLAN, _level(0))
    assert not session.flush()
    (tmp_path / "elsewhere").rename(file)
    session.close()
    assert _saved_level(file) == _level(0)


def test_a_copy_without_documents_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    file, paper = file_of(tmp_path), tmp_path / "act.txt"
    paper.write_text("Article 1")
    session = open_session(file)
    session.attach(paper)
    assert session.flush()
    file.unlink()
    session.record(PLAN, _level(0))
    with pytest.raises(KnownError):
        session.close()
    with pytest.raises(KnownError, match="could not be read from the old file: 1"):
        session.save_copy(tmp_path / "copy.assessment")
    with open_session(tmp_path / "copy.assessment") as copied:
        assert copied.dossier() == session.dossier()


def test_many_waiting_answers_go_into_few_commits_in_order(tmp_path: Path, news: News) -> None:
    file = file_of(tmp_path)
    is_open = threading.Event()

    def wait_then_tell(told: Saved | SaveFailed) -> None:
        is_open.wait(10)
        news(told)

    with open_session(file, on_saved=wait_then_tell) as session:
        for value in (0, 1, 2, 3) * 25:
            session.record(PLAN, _level(value))
        is_open.set()
        assert session.flush()
        commits = [told.written for told in news.told if isinstance(told, Saved)]
        assert sum(commits) == 100
        assert len(commits) <= 3
        written = [r.content for r in session.history(PLAN.address) if r.key == PLAN]
    with open_session(file) as session:
        assert [r.content for r in session.history(PLAN.address) if r.key == PLAN] == written


def test_flushing_gives_up_after_its_time(tmp_path: Path) -> None:
    is_open = threading.Event()
    with open_session(file_of(tmp_path), on_saved=lambda _: is_open.wait(10) and None) as session:
        session.record(PLAN, _level(0))
        assert not session.flush(timeout=0.01)
        is_open.set()
        assert session.flush()


def test_a_listener_that_breaks_does_not_stop_saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bugs: list[BaseException] = []

    def note(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        assert isinstance(error, kind)
        assert at
        bugs.append(error)

    def break_down(_: Saved | SaveFailed) -> None:
        raise RuntimeError("a bug in the window")

    monkeypatch.setattr(sys, "excepthook", note)
    file = file_of(tmp_path)
    with open_session(file, on_saved=break_down) as session:
        session.record(PLAN, _level(0))
        assert session.flush()
        session.record(PLAN, _level(1))
        assert session.flush()
    assert _saved_level(file) == _level(1)
    assert len(bugs) == 2


def test_a_bug_of_ours_while_saving_is_reported_as_one_and_keeps_the_queue(
    tmp_path: Path, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _at: bugs.append(error))
    file = file_of(tmp_path)
    with open_session(file, on_saved=news) as session:
        with monkeypatch.context() as broken:
            broken.setattr(assessment_file, "apply_write", lambda *_: 1 // 0)
            session.record(PLAN, _level(0))
            assert not session.flush()
            assert isinstance(bugs[0], ZeroDivisionError)
            assert "ZeroDivisionError" in news.last_sentence
        assert session.flush()
    assert _saved_level(file) == _level(0)


def test_an_empty_session_closes_without_a_commit(tmp_path: Path, news: News) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    with open_session(file, on_saved=news) as session:
        session.record(AnswerKey(Address("i.law")), EMPTY_CONTENT)
        session.retry()
        assert session.flush()
    assert news.told == []
    assert file.read_bytes() == before
