"""Backups: verified, protected alike, named by what they are; a file of an older version is kept before it changes."""

import os
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services.session.dossier_json import dossier_from_json
from capacity_app.storage.assessment_file import AssessmentFile, StoredAssessment
from capacity_app.storage.backups import (
    PLACES,
    Backup,
    back_up,
    backup_folder,
    backup_folders_for,
    list_backups,
    original_path,
    path_digest,
)
from capacity_app.storage.integrity import hold_equal_content
from tests.builders import file_of, open_session, small_dossier
from tests.storage.kept import FOLDER


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(FOLDER / "version-1.assessment", tmp_path / "old.assessment"))


def kept() -> list[Path]:
    return sorted(paths.backups_folder().rglob("*.assessment")) if paths.backups_folder().exists() else []


def test_the_copy_says_what_the_file_said(old: Path) -> None:
    with AssessmentFile(old) as opened:
        said = opened.read()
    (copy,) = kept()
    assert copy.parent.name == said.label.assessment_id
    assert copy.name.startswith("000001 ")
    assert " migration " in copy.name
    with AssessmentFile(copy, read_only=True) as backup:
        assert backup.read() == said


def test_a_second_file_of_that_name_gets_a_copy_of_its_own(old: Path) -> None:
    with AssessmentFile(old):
        pass
    shutil.copy(FOLDER / "version-1.assessment", old)
    with AssessmentFile(old):
        pass
    assert [file.name[:6] for file in kept()] == ["000001", "000002"]


def test_reading_keeps_no_copy_and_neither_does_a_file_of_this_version(old: Path, tmp_path: Path) -> None:
    with AssessmentFile(old, read_only=True):
        pass
    with AssessmentFile(file_of(tmp_path)):
        pass
    assert kept() == []


def test_where_no_copy_can_be_kept_the_file_stays_as_it_is_and_can_still_be_read(old: Path) -> None:
    paths.backups_folder().parent.mkdir(parents=True, exist_ok=True)
    paths.backups_folder().write_text("in the way")
    before = old.read_bytes()
    with pytest.raises(KnownError, match="a copy is kept, and that could not be written"):
        AssessmentFile(old)
    assert old.read_bytes() == before
    expected, _, _ = dossier_from_json((FOLDER / "version-1.json").read_text(encoding="utf-8"))
    with open_session(old, read_only=True) as session:
        assert session.dossier() == expected


# -- one way to make a backup ------------------------------------------------------------------------------------------

KEY = EncryptionKey(bytes(range(16)), bytes(range(32)))
on_both_drivers = pytest.mark.parametrize("key", [None, KEY], ids=["plain", "protected"])


def made_of(folder: Path, key: EncryptionKey | None = None, **more: Any) -> Path:
    """Make an assessment file, protected if there is a key."""
    file = file_of(folder, small_dossier(**more))
    if key is None:
        return file
    with open_session(file) as session:
        session.key = key
        session.save_copy(file.with_name("protected.assessment"))
    return file.with_name("protected.assessment")


def backed_up(file: Path, key: EncryptionKey | None = None, reason: BackupReason = BackupReason.BY_HAND) -> Backup:
    with AssessmentFile(file, keys=keyring_of(key)) as opened:
        return opened.back_up(reason)


def folder(**more: Any) -> Path:
    return backup_folder(small_dossier(**more).id)


def everything(file: Path, key: EncryptionKey | None) -> StoredAssessment:
    with AssessmentFile(file, read_only=True, keys=keyring_of(key)) as opened:
        return opened.read()


@on_both_drivers
def test_a_backup_is_equal_protected_alike_and_says_by_its_name_what_it_is(
    tmp_path: Path, key: EncryptionKey | None
) -> None:
    file = made_of(tmp_path, key)
    backup = backed_up(file, key, BackupReason.MERGE)
    assert everything(backup.file, key) == everything(file, key)
    assert backup.file.read_bytes()[:16] == (key.salt if key else b"SQLite format 3\0")
    assert backup.file.parent == folder()
    assert (backup.number, backup.made.reason, backup.place) == (1, BackupReason.MERGE, path_digest(file))
    assert abs(backup.made.time - datetime.now(UTC)) < timedelta(hours=1)
    assert original_path(folder(), backup.place) == str(file)


def test_nobody_else_on_this_computer_may_read_a_backup(tmp_path: Path) -> None:
    backup = backed_up(made_of(tmp_path))
    assert stat.S_IMODE(backup.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.file.parent.stat().st_mode) == 0o700


def test_numbers_go_on_whatever_the_clock_says_and_whatever_was_removed(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    first = backed_up(file)
    ahead = first.file.with_name("000007 2099-01-01 00-00-00 closed.assessment")
    first.file.rename(ahead)
    assert backed_up(file).number == 8
    assert [one.number for one in list_backups(folder())] == [8, 7]


def test_what_strangers_put_into_the_folder_is_no_backup_and_stays(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    backup = backed_up(file)
    strange = (
        "notes.txt", "000002 yesterday closed.assessment", "000003 2026-13-41 00-00-00 closed.assessment",
        "000004 2026-01-01 00-00-00 whim.assessment", "desktop.ini", "small (damaged, 2026-01-01 00-00-00).assessment",
    )  # fmt: skip
    for name in strange:
        (folder() / name).write_text("mine")
    (folder() / "000009 2026-01-01 00-00-00 closed.assessment").mkdir()
    assert list_backups(folder()) == (backup,)
    assert backed_up(file).number == 2
    assert all((folder() / name).read_text() == "mine" for name in strange)


def test_a_list_of_places_that_is_lost_or_nonsense_costs_nothing(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    backup = backed_up(file)
    (folder() / PLACES).write_bytes(b"\xff\xfe\x00 nonsense\nshort\n")
    assert original_path(folder(), backup.place) == ""
    assert backup_folders_for(backup.place) == (folder(),)
    again = backed_up(file)
    assert again.place == backup.place
    assert original_path(folder(), again.place) == str(file)


@pytest.mark.parametrize("assessment_id", ["../../up", "a/b", "", "CON.", "x" * 300, "ünï\n"])
def test_whatever_a_file_calls_itself_its_backups_stay_in_their_folder(assessment_id: str) -> None:
    assert backup_folder(assessment_id).parent == paths.backups_folder()
    assert re.fullmatch("[A-Za-z0-9-]+", backup_folder(assessment_id).name)


def test_two_copies_of_one_assessment_are_thinned_each_by_itself(tmp_path: Path) -> None:
    """Whoever closes one copy all day long does not lose the only backup of the other."""
    (tmp_path / "stick").mkdir()
    here = made_of(tmp_path)
    there = Path(shutil.copy(here, tmp_path / "stick" / here.name))
    of_there = backed_up(there)
    for _ in range(6):
        backed_up(here)
    assert of_there in list_backups(folder())
    assert [one.number for one in list_backups(folder()) if one.place == path_digest(here)] == [7, 6, 5]


def test_an_old_one_goes_only_once_a_new_one_is_whole(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    for _ in range(3):
        backed_up(file)
    before = list_backups(folder())
    # A copy that does not open with the key it is to have is none.
    with closing(sqlite3.connect(file)) as connection, pytest.raises(KnownError, match="No backup of"):
        back_up(connection, file, KEY, BackupReason.BY_HAND)
    assert list_backups(folder()) == before
    assert not list(folder().glob(".*.new*"))


def test_a_copy_that_lacks_a_row_or_has_another_word_is_not_taken_for_equal(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    for number, damage in enumerate((
        "DELETE FROM answers WHERE question = 'i.law'",
        "UPDATE answers SET note = note || '.' WHERE question = 'i.law'",
        "UPDATE instrument SET content = content || ' '",
        "CREATE TABLE strange (a)",
        "PRAGMA user_version = 1",
    )):  # fmt: skip
        copy = Path(shutil.copy(file, tmp_path / f"copy-{number}.assessment"))
        with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(copy, isolation_level=None)) as other:
            assert hold_equal_content(one, other)
            other.execute(damage)
            assert not hold_equal_content(one, other), damage


def test_without_room_for_answers_to_come_there_is_a_sentence_and_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made_of(tmp_path)
    before = file.read_bytes()
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(KnownError, match="not enough room"):
        backed_up(file)
    assert list_backups(folder()) == ()
    assert file.read_bytes() == before


def test_what_a_killed_program_began_is_removed_after_an_hour(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    backed_up(file)
    dead, fresh = folder() / ".000044.new", folder() / ".000045.new"
    for left in (dead, fresh):
        left.write_bytes(b"half")
    os.utime(dead, (0, 0))
    assert backed_up(file).number == 2
    assert not dead.exists()
    assert fresh.exists()


def test_a_number_somebody_is_writing_is_not_given_twice(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    backed_up(file)
    (folder() / ".000002.new").touch()
    assert backed_up(file).number == 3


# -- what version 0.4 kept ---------------------------------------------------------------------------------------------


def test_copies_that_version_0_4_kept_get_a_number_and_a_folder(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    paths.backups_folder().mkdir(parents=True)
    for name in ("small (version 1).assessment", "small (version 1, 2).assessment"):
        shutil.copy(file, paths.backups_folder() / name)
    (paths.backups_folder() / "empty (version 1).assessment").touch()
    found = list_backups(folder())
    assert [(one.number, one.made.reason, one.place) for one in found] == [
        (2, BackupReason.MIGRATION, ""),
        (1, BackupReason.MIGRATION, ""),
    ]
    assert [file.name for file in paths.backups_folder().glob("*.assessment")] == ["empty (version 1).assessment"]
    assert backed_up(file).number == 3
