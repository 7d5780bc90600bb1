"""Whatever somebody may choose by mistake or put in the way: refused at once in a sentence, and left as it is."""

import contextlib
import os
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.services import corrupted_file, recovered_copies
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage.file_lock import WriteLock, current_owner
from tests.builders import DEVICE, file_of, small_dossier

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
ODD_NAMES = (
    "é ü 移民 المغرب.assessment",
    "a?b#c%41&d=e.assessment",
    "line\nbreak\ttab.assessment",
    "quote'\"`$(x);.assessment",
    "\u202etxt.assessment",
    "-rf.assessment",
    "{file}.assessment",
    ".assessment",
    "n" * 220 + ".assessment",
)


def _jpeg(file: Path) -> None:
    file.write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + os.urandom(20_000))


def _zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "x" * 9_000)


def _other_database(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE assessment (id, created)")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()


def _other_in_wal(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmarks (url)")


def _sparse(file: Path) -> None:
    file.touch()
    os.truncate(file, 10_000_000_000)


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "jpeg": (_jpeg, "is not an assessment file"),
    "zip": (_zip, "is not an assessment file"),
    "text": (lambda file: file.write_text("Dear colleague,\n" * 999), "is not an assessment file"),
    "utf-16": (lambda file: file.write_text("Dear colleague,\n" * 999, "utf-16"), "is not an assessment file"),
    "one byte": (lambda file: file.write_bytes(b"S"), "is not an assessment file"),
    "empty": (lambda file: file.touch(), "is empty"),
    "database": (_other_database, "is not an assessment file"),
    "database in WAL": (_other_in_wal, "is not an assessment file"),
    "folder": (lambda file: file.mkdir(), "is a folder"),
    "sparse": (_sparse, "is larger than 1000 MB"),
    "pipe": (os.mkfifo, "is not an assessment file"),
    "device": (lambda file: file.symlink_to("/dev/zero"), "is not an assessment file"),
    "terminal": (lambda file: file.symlink_to("/dev/tty"), "is not an assessment file"),
    "loop": (lambda file: file.symlink_to(file), "could not be used"),
    "dangling": (lambda file: file.symlink_to(file.with_name("gone")), "There is no file"),
}
_ON_POSIX = {"pipe", "device", "terminal", "loop", "dangling"}


def _refusal(file: Path, keys: Keyring = NO_KEYS) -> str:
    with pytest.raises(KnownError) as refusal:
        AssessmentSession(file, device=DEVICE, keys=keys)
    return refusal.value.text()


@pytest.mark.parametrize("keys", [NO_KEYS, Keyring(recovery_keys=(b"k" * 32,))], ids=["", "with a key"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_files_are_refused_in_a_sentence(tmp_path: Path, kind: str, keys: Keyring) -> None:
    if sys.platform == "win32" and kind in _ON_POSIX:
        pytest.skip("no such files on Windows")
    make, sentence = FOREIGN[kind]
    file = tmp_path / "foreign.assessment"
    make(file)
    stood = file.lstat()
    assert sentence in _refusal(file, keys)
    assert (file.lstat().st_size, file.lstat().st_mtime_ns) == (stood.st_size, stood.st_mtime_ns)


@pytest.mark.parametrize("kind", ["jpeg", "zip", "text", "one byte", "empty", "database", "folder", "pipe", "loop"])
def test_of_a_foreign_file_nothing_can_be_recovered(tmp_path: Path, kind: str) -> None:
    if sys.platform == "win32" and kind in _ON_POSIX:
        pytest.skip("no such files on Windows")
    file = tmp_path / "foreign.assessment"
    FOREIGN[kind][0](file)
    with pytest.raises(KnownError):
        corrupted_file.read_corrupted(file)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_assessment_of_an_odd_name_opens_is_written_and_comes_back(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    try:
        file_of(tmp_path).rename(file)
    except OSError:
        pytest.skip("this system does not take such a name")
    with AssessmentSession(file, device=DEVICE) as session:
        assert session.dossier() == small_dossier()
        session.record(PLAN, Content(state=AnswerState.ANSWERED, value=0))
        assert session.flush()
        kept = recovered_copies.save_recovered_copy(session, KnownError("")).file
    with AssessmentSession(kept, device=DEVICE) as session:
        assert session.content(PLAN).value == 0


def test_a_name_too_long_for_a_journal_beside_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 240 + ".assessment")
    try:
        file_of(tmp_path).rename(file)
    except OSError:
        pytest.skip("this system does not take such a name")
    assert "too long" in _refusal(file)


def test_a_name_no_system_knows_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "There is no file" in _refusal(tmp_path / "null\0.assessment")


@pytest.mark.parametrize("ending", ["lock", "owner"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "dangling", "loop", "sparse", "jpeg"])
def test_whatever_lies_where_lock_and_note_belong_the_file_opens(tmp_path: Path, ending: str, kind: str) -> None:
    if sys.platform == "win32":
        pytest.skip("no such files on Windows")
    file, target = file_of(tmp_path), tmp_path / "gone"
    FOREIGN[kind][0](tmp_path / f".{file.name}.{ending}")
    with AssessmentSession(file, device=DEVICE) as session:
        assert session.dossier() == small_dossier()
        assert session.read_only_reason is None or "cannot keep two people" in session.read_only_reason.text()
        with AssessmentSession(file, device=DEVICE) as second:
            assert second.is_read_only
    assert not target.exists(), "nothing is written through a link"


@pytest.mark.parametrize(
    "note",
    ['{"who": "A\\u202e\\u0007\\nB", "where": "x", "since": "never"}', '{"who": {"a": [1]}}', "[" * 9_000, "\0\xff"],
)
def test_a_hostile_note_is_told_as_plain_text_or_not_at_all(tmp_path: Path, note: str) -> None:
    file = file_of(tmp_path)
    first = WriteLock(file, current_owner("A. Officer", "2026-11-21T10:00:00+00:00"))
    assert first.take() is None
    tmp_path.joinpath(f".{file.name}.owner").write_text(note, encoding="utf-8")
    with AssessmentSession(file, device=DEVICE) as second:
        assert second.read_only_reason is not None
        sentence = second.read_only_reason.text()
        assert "can be read here, not changed" in sentence
        assert sentence.isprintable()
        assert len(sentence) < 400
    first.release()


def test_the_note_and_lock_of_somebody_who_is_gone_keep_nobody_out(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    for ending, content in (("lock", ""), ("owner", '{"who": "A", "where": "ANOTHER-COMPUTER", "since": "2001"}')):
        (tmp_path / f".{file.name}.{ending}").write_text(content)
    with AssessmentSession(file, device=DEVICE) as session:
        assert not session.is_read_only
