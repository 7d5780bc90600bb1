"""A sync client overwrites the open file in place with a copy that made equally many commits: nothing of it is lost."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, derive_key, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services import recovered_copies
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import Saved, SaveFailed
from capacity_app.storage import database, file_errors
from tests.builders import file_of, open_session, small_dossier

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
WHY = AnswerKey(Address("i.why"), respondent="agency-nso")
KEY = derive_key("velmora", bytes(range(200, 216)))


@pytest.fixture(params=[NO_KEYS, keyring_of(KEY)], ids=["plain", "protected"])
def keys(request: pytest.FixtureRequest) -> Keyring:
    found: Keyring = request.param
    return found


@pytest.fixture
def file(tmp_path: Path, keys: Keyring) -> Path:
    plain, made = file_of(tmp_path), tmp_path / "open.assessment"
    if not keys:
        return plain
    database.rewrite_under_key(plain, None, made, KEY)
    return made


def _note(session: AssessmentSession, key: AnswerKey, text: str) -> None:
    session.record(key, Content(note=text))
    assert session.flush()


def _look(session: AssessmentSession) -> None:
    """Have the file looked at as it is, so that what is read then could be taken for what is there later."""
    session.look()
    assert session.check_file() == ()  # comes after the look, on the same thread


def _overwrite(file: Path, content: bytes, *, keep_time: bool) -> None:
    """Write over a file in place, as some sync clients do, and perhaps give it the time it had."""
    stood = file.stat()
    with file.open("r+b") as stream:
        stream.write(content)
        stream.truncate()
    if keep_time:
        os.utime(file, ns=(stood.st_atime_ns, stood.st_mtime_ns))


def _colleague(file: Path, keys: Keyring, *notes: str) -> bytes:
    """Return the bytes of a copy in which a colleague made as many commits as there are notes."""
    copy = file.with_name("colleague.assessment")
    shutil.copy(file, copy)
    with open_session(copy, author="B. Officer", keys=keys) as session:
        for text in notes:
            _note(session, PLAN, text)
    return copy.read_bytes()


@pytest.mark.parametrize("keep_time", [True, False])
def test_the_next_save_notices_it_and_both_works_are_kept(file: Path, keys: Keyring, keep_time: bool) -> None:  # noqa: FBT001
    theirs = _colleague(file, keys, "theirs 1", "theirs 2")
    told: list[Saved | SaveFailed] = []
    session = open_session(file, author="A. Officer", keys=keys, on_saved=told.append)
    _note(session, PLAN, "ours 1")
    _note(session, WHY, "ours 2")
    if not keys:
        assert file.read_bytes()[24:40] == theirs[24:40], "SQLite's own counters tell nothing"
    assert file.stat().st_size == len(theirs)
    _look(session)
    _overwrite(file, theirs, keep_time=keep_time)
    session.record(PLAN, Content(note="ours 3"))
    assert not session.flush()
    (failed,) = [one for one in told[2:] if not isinstance(one, Saved)][:1]
    assert failed.error.message == file_errors.REPLACED
    assert file.read_bytes() == theirs
    recovered = recovered_copies.continue_in_recovered_copy(session, failed.error)
    session.close()
    assert file.read_bytes() == theirs
    with open_session(recovered.file, keys=keys) as found:
        assert (found.content(PLAN).note, found.content(WHY).note) == ("ours 3", "ours 2")
        assert found.check_file() == ()


@pytest.mark.parametrize(
    "notice",
    [AssessmentSession.look, lambda session: session.back_up(BackupReason.CLOSED), None],
    ids=["by looking", "by a backup", "by closing"],
)
def test_it_is_noticed_when_nothing_was_typed_since(
    file: Path, keys: Keyring, notice: Callable[[AssessmentSession], None] | None
) -> None:
    theirs = _colleague(file, keys, "theirs")
    told: list[Saved | SaveFailed] = []
    refused: list[KnownError] = []
    session = open_session(file, keys=keys, on_saved=told.append, on_backup_failed=refused.append)
    _note(session, PLAN, "ours")
    assert file.stat().st_size == len(theirs)
    _look(session)
    _overwrite(file, theirs, keep_time=True)
    if notice is not None:
        notice(session)
    with pytest.raises(KnownError, match="replaced or changed by another program"):
        session.close()
    assert refused
    assert isinstance(told[-1], SaveFailed if notice == AssessmentSession.look else Saved)


def test_a_copy_with_other_revisions_is_noticed_before_the_first_save(file: Path, keys: Keyring) -> None:
    theirs = _colleague(file, keys, "theirs")
    with open_session(file, keys=keys) as session:
        _note(session, PLAN, "ours")
    session = open_session(file, keys=keys)
    _overwrite(file, theirs, keep_time=False)
    session.record(WHY, Content(note="first here"))
    assert not session.flush()
    with pytest.raises(KnownError, match="replaced or changed by another program"):
        session.close()
    assert file.read_bytes() == theirs


def test_own_work_is_never_taken_for_somebody_elses(file: Path, keys: Keyring) -> None:
    told: list[Saved | SaveFailed] = []
    refused: list[KnownError] = []
    with open_session(file, keys=keys, on_saved=told.append, on_backup_failed=refused.append) as session:
        for number in range(6):
            _note(session, PLAN, f"note {number}")
            # A drive that keeps times to two seconds, one that writes them late, a program that only touches the file.
            os.utime(file, ns=(0, (file.stat().st_mtime_ns // 2_000_000_000 + number % 2) * 2_000_000_000))
            session.look()
            session.back_up(BackupReason.CLOSED)
            session.remove("evidence", "evidence-law") if number == 3 else None
            session.set_previous(small_dossier(id=f"earlier {number}"))
    assert refused == []
    assert all(isinstance(one, Saved) for one in told)


def test_after_an_error_of_the_disk_saving_goes_on(file: Path, keys: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_session(file, keys=keys) as session:
        _note(session, PLAN, "before")
        with monkeypatch.context() as patch:
            patch.setattr("capacity_app.storage.assessment_file.apply_write", _fail)
            session.record(PLAN, Content(note="while the disk fails"))
            assert not session.flush()
        assert session.flush()
        session.record(WHY, Content(state=AnswerState.UNKNOWN))
    with open_session(file, keys=keys) as found:
        assert found.content(PLAN).note == "while the disk fails"
        assert found.content(WHY).state is AnswerState.UNKNOWN


def _fail(target: object, write: object) -> None:
    import sqlite3  # noqa: PLC0415 - one use

    error = sqlite3.OperationalError(f"disk I/O error: {target}, {write}")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    raise error
