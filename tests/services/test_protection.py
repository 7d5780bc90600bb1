"""Protecting a file: nothing of it is lost, nothing of it is readable, and a wrong passphrase changes nothing."""

import hashlib
import multiprocessing
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from sqlcipher3 import dbapi2 as sqlcipher

from capacity_app import paths
from capacity_app.domain import encryption_keys
from capacity_app.domain.assessment.answers import AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services import protection
from capacity_app.services.protection import protect, recovery_words, unprotect
from capacity_app.storage import file_errors
from tests.builders import file_of, open_session
from tests.conftest import Promise
from tests.domain.making import say
from tests.dossiers import dossiers
from tests.places import names_in
from tests.services.protecting_child import RING, protect_until_killed

FIRST, SECOND = "correct horse battery", "Buchstaben, ÄÖÜ и пароль"
DOCUMENT = b"%PDF-1.7\n an act of parliament"
KILLS = 250 if os.environ.get("CAPACITY_TORTURE") else 12


def ring(*typed: str) -> Keyring:
    return Keyring(passphrases=typed)


def everything(file: Path, keys: Keyring = NO_KEYS) -> tuple[Any, ...]:
    """Return all a file says: the dossier, the whole history, and the documents' bytes."""
    with open_session(file, keys=keys, read_only=True) as session:
        known = session.known
        documents = {digest: session.document(digest) for digest in sorted(session._documents)}
        # A generated assessment may name documents that nobody attached.
        assert [one for one in session.check_file() if one.code != "file.no_document"] == []
        return session.dossier(), tuple(known.answers.all()), tuple(known.entries.all()), documents


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a history and a document."""
    made = file_of(tmp_path, documents={hashlib.sha256(DOCUMENT).hexdigest(): DOCUMENT})
    with open_session(made) as session:
        for level in (0, 1, 2):
            session.record(say("i.law", who="agency-nso").key, Content(state=AnswerState.ANSWERED, value=level))
    return made


@pytest.mark.check
def test_protected_changed_and_plain_again_it_says_the_same(file: Path) -> None:
    before, plain = everything(file), file.read_bytes()
    first = protect(file, FIRST)
    assert first.key
    protected = file.read_bytes()
    assert not protected.startswith(b"SQLite format 3")
    assert b"i.law" not in protected
    assert b"act of parliament" not in protected
    assert everything(file, ring(FIRST)) == before
    second = protect(file, SECOND, ring(FIRST))
    assert second.key
    assert second.key.salt != first.key.salt
    assert everything(file, ring(SECOND)) == everything(file, keyring_of(second.key)) == before
    for old in (ring(FIRST), keyring_of(first.key), Keyring(recovery_keys=(first.key.raw,))):
        with pytest.raises(file_errors.FileProtected):
            everything(file, old)
    assert unprotect(file, Keyring(recovery_keys=(second.key.raw,))).key is None
    assert everything(file) == before
    assert b"act of parliament" in plain
    assert names_in(file.parent) == [file.name]


@pytest.mark.check
@settings(max_examples=40 if os.environ.get("CAPACITY_TORTURE") else 4)
@given(dossier=dossiers(rounds=2))
def test_any_assessment_comes_through(tmp_path_factory: pytest.TempPathFactory, dossier: Dossier) -> None:
    made = file_of(tmp_path_factory.mktemp("any"), dossier)
    before = everything(made)
    protect(made, FIRST)
    assert everything(made, ring(FIRST)) == before
    unprotect(made, ring(FIRST))
    assert everything(made) == before


def test_a_passphrase_alone_opens_it_in_any_program_that_knows_the_format(file: Path) -> None:
    protect(file, SECOND)
    with closing(sqlcipher.connect(str(file))) as opened:
        opened.execute("PRAGMA key = '" + encryption_keys.normalize_passphrase(SECOND) + "'")
        (count,) = opened.execute("SELECT count(*) FROM answer_revisions").fetchone()
        assert opened.execute("PRAGMA cipher_integrity_check").fetchall() == []
    unprotect(file, ring(SECOND))
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("SELECT count(*) FROM answer_revisions").fetchone() == (count,)


@pytest.mark.parametrize("wrong", [NO_KEYS, ring("correct horse Battery"), Keyring(recovery_keys=(bytes(32),))])
def test_a_wrong_passphrase_changes_not_one_byte(file: Path, wrong: Keyring) -> None:
    protect(file, FIRST)
    before, moment = file.read_bytes(), file.stat().st_mtime_ns
    for attempt in (
        lambda: protect(file, SECOND, wrong),
        lambda: unprotect(file, wrong),
        lambda: everything(file, wrong),
    ):
        with pytest.raises(file_errors.FileProtected):
            attempt()
        assert file.read_bytes() == before
        assert file.stat().st_mtime_ns == moment
        assert names_in(file.parent) == [file.name]


@pytest.mark.parametrize("bad", ["", "short", " at the edge", "nul\0nul\0nul"])
def test_what_is_no_passphrase_changes_nothing(file: Path, bad: str) -> None:
    before = file.read_bytes()
    with pytest.raises(KnownError):
        protect(file, bad)
    assert file.read_bytes() == before


def test_a_plain_file_has_no_passphrase_to_take_away(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(KnownError) as refused:
        unprotect(file, NO_KEYS)
    assert refused.value.message == protection.NOT_PROTECTED
    assert file.read_bytes() == before


def test_a_file_that_is_open_elsewhere_is_left_alone(file: Path) -> None:
    with open_session(file, author="Amina"):
        before = file.read_bytes()
        with pytest.raises(KnownError) as refused:
            protect(file, FIRST)
        assert "“small.assessment” is open by Amina" in str(refused.value)
        assert file.read_bytes() == before
    assert protect(file, FIRST).key


def test_permissions_times_and_links_stay(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.assessment"
    link.symlink_to(file)
    file.chmod(0o640)
    moment = file.stat().st_mtime_ns
    protect(link, FIRST)
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.stat().st_mtime_ns == moment
    everything(link, ring(FIRST))


@pytest.mark.check
def test_work_goes_on_under_the_passphrase(file: Path) -> None:
    protect(file, FIRST)
    with open_session(file, keys=ring(FIRST)) as session:
        assert not session.is_read_only
        session.record(
            say("i.law", who="agency-nso").key, Content(state=AnswerState.ANSWERED, value=3, note="secret note")
        )
        copy = file.with_name("copy.assessment")
        session.save_copy(copy)
    assert b"secret note" not in file.read_bytes() + copy.read_bytes()
    assert everything(file, ring(FIRST)) == everything(copy, ring(FIRST))


# -- backups -----------------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_backups_are_protected_with_it_and_those_of_others_stay(file: Path, tmp_path: Path) -> None:
    folder = paths.backups_folder()
    own_folder = folder / everything(file)[0].id
    own_folder.mkdir(parents=True)
    own, flat, other = (
        own_folder / "2026-01-01.assessment",
        folder / "small (version 1).assessment",
        folder / "x.assessment",
    )
    for backup in (own, flat):
        shutil.copy(file, backup)
    (tmp_path / "other").mkdir()
    shutil.copy(file_of(tmp_path / "other", Dossier(**{**_fields(file), "id": "another"})), other)
    (own_folder / "broken.assessment").write_bytes(b"SQLite format 3\0 and no more")
    before, theirs = everything(own), other.read_bytes()
    done = protect(file, FIRST)
    assert sorted(done.backups) == sorted([own, flat])
    assert [one.file.name for one in done.left] == ["broken.assessment"]
    assert done.left[0].reason.message == file_errors.FOREIGN
    assert everything(own, ring(FIRST)) == everything(flat, keyring_of(done.key)) == before
    assert other.read_bytes() == theirs
    again = protect(file, SECOND, ring(FIRST))
    assert len(again.backups) == 2
    assert everything(own, ring(SECOND)) == before
    assert len(unprotect(file, ring(SECOND)).backups) == 2
    assert everything(flat) == before


def _fields(file: Path) -> dict[str, Any]:
    dossier = everything(file)[0]
    return {name: getattr(dossier, name) for name in dossier.__dataclass_fields__}


# -- the key is derived once, and a kill leaves the old or the new -----------------------------------------------------


def test_a_key_is_derived_once_per_opening(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    protect(file, FIRST)
    derived: list[bytes] = []
    real = hashlib.pbkdf2_hmac

    def counting(*given: Any) -> bytes:
        derived.append(given[2])
        return real(*given)

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", counting)
    with open_session(file, keys=ring(FIRST)) as session:
        session.record(say("i.law", who="agency-nso").key, Content(state=AnswerState.ANSWERED, value=0))
        session.flush()
        assert session.check_file() == ()
    assert len(derived) == 1


@pytest.mark.long
def test_a_kill_while_protecting_leaves_the_old_or_the_new(file: Path, promise: Promise) -> None:
    backup = paths.backups_folder() / "small.assessment"
    backup.parent.mkdir(parents=True)
    shutil.copy(file, backup)
    before, context, moments = everything(file), _context(), random.Random()  # noqa: S311 - different every time
    kinds = set()
    for _ in range(KILLS):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=protect_until_killed, args=(file, theirs, moments.randrange(3)))
        child.start()
        theirs.close()
        with ours:
            assert ours.poll(60)
            time.sleep(moments.uniform(0, 0.8))
            child.kill()
            child.join()
        for one in (file, backup):
            assert everything(one, RING) == before
        kinds.add(file.read_bytes()[:6] == b"SQLite")
    unfinished = [name for name in names_in(file.parent) if name.startswith(".")]
    done = protect(file, FIRST, RING)
    assert names_in(file.parent) == [file.name], unfinished
    assert done.backups == (backup,)
    assert everything(file, ring(FIRST)) == everything(backup, ring(FIRST)) == before
    assert KILLS < 100 or kinds == {True, False}
    promise("a file is put under a passphrase whole or not at all", f"{KILLS} kills, 0 lost")


def _context() -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.services.protecting_child", "sqlite_utils", "sqlcipher3"])
    return context


def test_the_recovery_key_of_a_file_is_its_key(file: Path) -> None:
    done = protect(file, FIRST)
    assert done.key
    assert len(recovery_words(done.key.raw)) == 24
