"""Appending: all or nothing, once, and never into a file that was swapped."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.revisions import Revision, RevisionId
from capacity_app.domain.problems import KnownError
from capacity_app.storage import opening
from capacity_app.storage.assessment_file import AnswerWrite, AssessmentFile, DocumentWrite, EntryWrite
from tests.builders import file_of

KEY = AnswerKey(Address("ii.census"), respondent="agency-nso")


def _write(number: int, value: int | None = 7) -> AnswerWrite:
    content = Content(state=AnswerState.ANSWERED, value=value) if value is not None else Content()
    return AnswerWrite(Revision(id=RevisionId("other", number), key=KEY, content=content))


def _answers(file: Path) -> list[str | None]:
    with closing(sqlite3.connect(file)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM answers WHERE question = 'ii.census'")]


def test_an_appended_answer_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened:
        opened.append([_write(100, 7), _write(101, 8)])
    assert _answers(file) == ["8"]
    with AssessmentFile(file) as opened:
        found = [r.content.value for r in opened.read().revisions if r.id.device == "other"]
    assert found == [7, 8]


def test_an_answer_taken_back_is_gone_from_the_answers_and_kept_in_the_revisions(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened:
        opened.append([_write(100, 7)])
        opened.append([_write(101, None)])
        assert sum(r.id.device == "other" for r in opened.read().revisions) == 2
    assert _answers(file) == []


def test_a_commit_whose_success_went_unseen_may_be_repeated(tmp_path: Path) -> None:
    with AssessmentFile(file_of(tmp_path)) as opened:
        opened.append([_write(100)])
        before = opened.read()
        opened.append([_write(100)])
        assert opened.read() == before


def test_of_writes_that_belong_together_none_is_kept_when_one_fails(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened:
        before = opened.read()
        opened._connection.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON documents BEGIN SELECT RAISE(FAIL, 'no'); END"
        )
        with pytest.raises(KnownError):
            opened.append([_write(100), DocumentWrite("0" * 64, b"x")])
        assert opened.read() == before
        opened.append([_write(100)])
    assert _answers(file) == ["7"]


def test_a_document_is_found_by_its_hash(tmp_path: Path) -> None:
    with AssessmentFile(file_of(tmp_path)) as opened:
        opened.append([DocumentWrite("ab" * 32, b"content")])
        assert opened.document("ab" * 32) == b"content"
        assert opened.document("cd" * 32) is None
        assert opened.read().documents == {"ab" * 32: 7}


def test_a_file_replaced_under_us_is_left_alone(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    theirs = tmp_path / "theirs"
    shutil.copy(file, theirs)
    with AssessmentFile(file) as opened:
        theirs.replace(file)
        content = file.read_bytes()
        with pytest.raises(KnownError, match="was replaced or changed by another program"):
            opened.append([_write(100)])
        assert file.read_bytes() == content
    assert _answers(file) == []


def test_a_file_changed_by_another_program_is_left_alone(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened:
        with closing(sqlite3.connect(file)) as other, other:
            other.execute("UPDATE answers SET note = 'by hand' WHERE question = 'i.plan'")
        content = file.read_bytes()
        with pytest.raises(KnownError, match="was replaced or changed by another program"):
            opened.append([_write(100)])
        assert file.read_bytes() == content


def test_a_file_that_vanished_can_come_back(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    with AssessmentFile(file) as opened:
        file.rename(elsewhere)
        with pytest.raises(KnownError, match="no longer where it was"):
            opened.append([_write(100)])
        elsewhere.rename(file)
        opened.append([_write(100)])
    assert _answers(file) == ["7"]


def test_a_reader_in_the_middle_delays_a_commit_and_does_not_break_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened, closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answers").fetchone()
        with pytest.raises(KnownError, match="Another program is using"):
            opened.append([_write(100)])
        reader.execute("COMMIT")
        opened.append([_write(100)])
    assert _answers(file) == ["7"]


def test_an_entry_put_and_removed_leaves_the_plain_table(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened:
        known = next(r for r in opened.read().entries if r.entry == "agency-moi")
        gone = type(known)(id=RevisionId("other", 100), register="agencies", entry="agency-moi", content=None)
        opened.append([EntryWrite(gone)])
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT id FROM agencies").fetchall() == [("agency-nso",)]


def test_a_file_is_written_with_the_settings_that_survive_a_power_cut(tmp_path: Path) -> None:
    expected = {"journal_mode": "delete", "synchronous": 3, "foreign_keys": 1, "trusted_schema": 0, "mmap_size": 0}
    with AssessmentFile(file_of(tmp_path)) as opened:
        for name, value in expected.items():
            assert opened._connection.execute(f"PRAGMA {name}").fetchone() == (value,), name
