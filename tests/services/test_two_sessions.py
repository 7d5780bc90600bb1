"""Two windows on one file: the second reads, is told who writes, and takes over when the first is dead."""

import json
import multiprocessing
import re
import socket
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.problems import KnownError
from capacity_app.services.session import assessment_session
from capacity_app.storage import file_lock, opening
from tests.builders import file_of, open_session, small_dossier
from tests.places import folder_of_a_mortal, names_in

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
LEVEL = Content(state=AnswerState.ANSWERED, value=0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path)


def test_the_second_session_reads_and_is_told_who_where_and_since_when(file: Path) -> None:
    with open_session(file, author="A. Officer") as first, open_session(file, author="B. Officer") as second:
        assert not first.is_read_only
        assert second.read_only_reason
        sentence = second.read_only_reason.text()
        assert sentence.startswith("A. Officer has this file open on ")
        assert re.search(r"since 20\d\d-\d\d-\d\d \d\d:\d\d:", sentence)
        assert second.dossier() == small_dossier()


def test_a_session_for_reading_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    with open_session(file, read_only=True) as session:
        for change in (
            lambda: session.record(PLAN, LEVEL),
            lambda: session.put(Agency(id="agency-x")),
            lambda: session.remove("agencies", "agency-nso"),
            lambda: session.set_previous(None),
            lambda: session.adopt(()),
            lambda: session.attach(file),
        ):
            with pytest.raises(KnownError, match="opened for reading only"):
                change()
        assert session.flush()
        assert session.dossier() == small_dossier()
    assert file.read_bytes() == before


def test_a_session_for_reading_sees_what_the_first_has_saved_and_takes_no_lock(file: Path) -> None:
    with open_session(file, read_only=True), open_session(file) as first:
        assert not first.is_read_only
        first.record(PLAN, LEVEL)
        assert first.flush()
        with open_session(file, read_only=True) as later:
            assert later.content(PLAN) == LEVEL


def test_the_file_is_free_again_after_closing_and_nothing_is_left_beside_it(file: Path) -> None:
    for _ in range(2):
        with open_session(file) as session:
            assert not session.is_read_only
            assert len(names_in(file.parent)) == 3
        assert names_in(file.parent) == [file.name]


def test_another_way_to_the_same_file_is_the_same_file(file: Path) -> None:
    link = file.with_name("link.assessment")
    try:
        link.symlink_to(file)
    except OSError:
        pytest.skip("no symbolic links here")
    with open_session(file), open_session(link) as second:
        assert second.is_read_only


@pytest.mark.parametrize("note", ["", "[]", "{", '{"who": "' + "x" * 9_000 + '"}'])
def test_a_garbled_note_of_the_owner_does_no_harm(file: Path, note: str) -> None:
    with open_session(file):
        file.with_name(f".{file.name}.owner").write_text(note)
        with open_session(file) as second:
            assert second.read_only_reason
            assert "can be read here, not changed" in second.read_only_reason.text()


def test_where_no_lock_can_be_made_the_file_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: file_lock.WriteLock) -> None:
        raise OSError("no locks on this drive")

    monkeypatch.setattr(file_lock.WriteLock, "take", refuse)
    with open_session(file) as session:
        assert session.read_only_reason
        assert "cannot keep two people" in session.read_only_reason.text()


@pytest.mark.parametrize("told", [True, False], ids=["as the system says", "though the system says otherwise"])
def test_a_file_or_folder_that_may_not_be_written_is_read(
    told: bool,  # noqa: FBT001 - both ways
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not told:
        # Windows answers for a folder's own mark only, and SQLite then opens for reading without a word.
        monkeypatch.setattr(assessment_session, "is_writable", lambda _: True)
    with folder_of_a_mortal() as folder:
        file = file_of(folder)
        for path, mode in ((file, 0o400), (folder, 0o500)):
            normal = path.stat().st_mode
            path.chmod(mode)
            assert not opening.is_writable(file)
            with open_session(file) as session:
                assert session.read_only_reason
                assert "read here, not changed" in session.read_only_reason.text()
                assert session.dossier() == small_dossier()
            path.chmod(normal)
        with open_session(file) as session:
            assert not session.is_read_only


def _hold(file: Path, opened: Connection) -> None:
    session = open_session(file, author="The dead")
    session.record(PLAN, LEVEL)
    session.flush()
    opened.send(session.is_read_only)
    opened.recv()


def test_the_lock_of_a_dead_owner_is_taken_over(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    owner = context.Process(target=_hold, args=(file, theirs))
    owner.start()
    assert ours.recv() is False
    with open_session(file) as second:
        assert second.read_only_reason
        assert second.read_only_reason.text().startswith("The dead has this file open")
    owner.kill()
    owner.join()
    ours.close()
    theirs.close()
    assert file.with_name(f".{file.name}.owner").exists()
    with open_session(file, author="The heir") as third:
        assert not third.is_read_only
        assert third.content(PLAN) == LEVEL
        note = json.loads(file.with_name(f".{file.name}.owner").read_text())
        assert note["who"] == "The heir"
        assert note["where"] == socket.gethostname()
    assert names_in(file.parent) == [file.name]
