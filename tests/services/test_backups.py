"""Backups as a person meets them: made by themselves, listed whatever became of the file, restored without a loss."""

import shutil
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services import backups
from capacity_app.services.exchange.merge import apply_merge, merge_into_new, plan_merge
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage.assessment_file import AssessmentFile
from capacity_app.storage.recovery import restore_backup, save_backup_as
from tests.builders import file_of, open_session, small_dossier

KEY = EncryptionKey(bytes(range(16)), bytes(range(32)))
on_both_drivers = pytest.mark.parametrize("key", [None, KEY], ids=["plain", "protected"])


def made_of(folder: Path, key: EncryptionKey | None = None) -> Path:
    """Make an assessment file, protected if there is a key."""
    file = file_of(folder)
    if key is None:
        return file
    with open_session(file) as session:
        session.key = key
        session.save_copy(file.with_name("protected.assessment"))
    file.unlink()
    return file.with_name("protected.assessment")


def work(file: Path, key: EncryptionKey | None = None, failures: list[KnownError] | None = None) -> AssessmentSession:
    """Open a session as the window does, which keeps backups."""
    told = [] if failures is None else failures
    return open_session(file, keys=keyring_of(key), on_backup_failed=told.append)


def write(session: AssessmentSession, note: str, place: str = "i.why") -> None:
    key = AnswerKey(Address.parse(place), respondent="agency-nso")
    session.record(key, Content(state=AnswerState.ANSWERED, value="No staff.", note=note))


def notes(file: Path, key: EncryptionKey | None = None) -> list[str]:
    """Return what the file says and said about why, sorted."""
    with AssessmentFile(file, read_only=True, keys=keyring_of(key)) as opened:
        said = opened.read().revisions
    return sorted(one.content.note for one in said if str(one.key.address) == "i.why" and one.content.note)


def made(file: Path, key: EncryptionKey | None = None) -> list[tuple[int, BackupReason]]:
    return [(one.number, one.made.reason) for one in backups.backups_of(file, keyring_of(key))]


# -- made by themselves ------------------------------------------------------------------------------------------------


@on_both_drivers
def test_closing_keeps_a_backup_of_what_was_changed_and_none_of_what_was_not(
    tmp_path: Path, key: EncryptionKey | None
) -> None:
    file = made_of(tmp_path, key)
    with work(file, key):
        pass
    assert made(file, key) == []
    with work(file, key) as session:
        write(session, "first")
    (backup,) = backups.backups_of(file, keyring_of(key))
    assert backup.made.reason is BackupReason.CLOSED
    assert notes(backup.file, key) == ["first"]


def test_what_nobody_changed_after_the_last_backup_is_not_kept_twice(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    with work(file) as session:
        write(session, "first")
        session.back_up(BackupReason.BY_HAND)
    assert made(file) == [(1, BackupReason.BY_HAND)]


def test_a_backup_holds_what_was_said_before_it_and_nothing_that_was_said_after(tmp_path: Path) -> None:
    """Nobody waits for it: it stands in the queue of what is to be written."""
    file = made_of(tmp_path)
    with work(file) as session:
        for number in range(20):
            write(session, f"before {number}")
        session.back_up(BackupReason.MERGE)
        for number in range(20):
            write(session, f"after {number}")
    last, first = backups.backups_of(file)
    assert notes(first.file) == sorted(f"before {number}" for number in range(20))
    assert len(notes(last.file)) == 40


def test_a_backup_that_cannot_be_made_is_told_and_costs_no_answer(tmp_path: Path) -> None:
    file, failures = made_of(tmp_path), list[KnownError]()
    paths.backups_folder().parent.mkdir(parents=True, exist_ok=True)
    paths.backups_folder().write_text("in the way")
    with work(file, failures=failures) as session:
        write(session, "first")
        session.back_up(BackupReason.MERGE)
        write(session, "second")
        assert session.flush()
        (failure,) = failures
        folder = paths.backups_folder() / session.assessment_id
        assert str(failure).startswith(f"No backup of “{file.name}” was made in {folder}")
    assert notes(file) == ["first", "second"]


def test_a_session_that_only_reads_keeps_nothing(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    with open_session(file, read_only=True, on_backup_failed=pytest.fail) as session:
        session.back_up(BackupReason.MERGE)
    assert made(file) == []


def test_merging_keeps_what_was_here_before(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    other = Path(shutil.copy(file, tmp_path / "other.assessment"))
    with open_session(other) as theirs:
        write(theirs, "of the other officer")
    with work(file) as session:
        write(session, "mine")
        apply_merge(session, plan_merge(session, (other,)))
    after, before = backups.backups_of(file)
    assert (before.made.reason, after.made.reason) == (BackupReason.MERGE, BackupReason.CLOSED)
    assert notes(before.file) == ["mine"]
    assert sorted(notes(after.file)) == ["mine", "of the other officer"]


def test_merging_into_a_new_file_keeps_nothing_for_nothing_is_changed(tmp_path: Path) -> None:
    file = made_of(tmp_path)
    other = Path(shutil.copy(file, tmp_path / "other.assessment"))
    with open_session(other) as theirs:
        write(theirs, "of the other officer")
    with work(file) as session:
        merge_into_new(session, plan_merge(session, (other,)), tmp_path / "both.assessment", author="A. Officer")
    assert made(file) == []


# -- found, whatever became of the file --------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Make a file with two backups: of "first", and of "first" and "second"."""
    file = made_of(tmp_path)
    for note in ("first", "second"):
        with work(file) as session:
            write(session, note)
    return file


def test_backups_are_found_for_a_file_that_is_gone_damaged_or_no_file_of_ours(kept: Path) -> None:
    found = backups.backups_of(kept)
    assert [one.number for one in found] == [2, 1]
    for content in (b"", b"half a page", kept.read_bytes()[:5_000], b"PK\x03\x04 something else"):
        kept.write_bytes(content)
        assert backups.backups_of(kept) == found
    kept.unlink()
    assert backups.backups_of(kept) == found
    kept.mkdir()
    assert backups.backups_of(kept) == found


def test_a_copy_that_was_moved_finds_the_backups_of_its_assessment(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    moved = kept.rename(tmp_path / "elsewhere" / "renamed.assessment")
    assert [one.number for one in backups.backups_of(moved)] == [2, 1]
    assert {backups.original_location(one) for one in backups.backups_of(moved)} == {str(kept)}


@pytest.mark.usefixtures("kept")
def test_another_assessment_has_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = file_of(tmp_path / "elsewhere", small_dossier(id="another"))
    assert backups.backups_of(other) == ()
    assert backups.newest_readable_backup(other) is None


def test_the_newest_good_one_is_the_newest_that_can_be_read(kept: Path) -> None:
    newest, first = backups.backups_of(kept)
    kept.unlink()
    assert backups.newest_readable_backup(kept) == newest
    spoilt = bytearray(newest.file.read_bytes())
    spoilt[4096 : 4096 * 6] = bytes(4096 * 5)
    newest.file.write_bytes(spoilt)
    assert backups.newest_readable_backup(kept) == first
    first.file.write_bytes(b"")
    assert backups.newest_readable_backup(kept) is None


def test_what_is_in_a_backup_and_how_it_differs_from_now(kept: Path) -> None:
    with work(kept) as session:
        write(session, "third")
        session.record(
            AnswerKey(Address("i.plan"), respondent="agency-moi"), Content(state=AnswerState.ANSWERED, value=0)
        )
    now = backups.current_content(kept)
    last, _, first = (backups.read_backup_contents(one, now=now) for one in backups.backups_of(kept))
    assert (last.answers, last.differing, last.problem) == (16, 0, None)
    assert (first.answers, first.differing) == (15, 2)
    assert first.last_change < last.last_change or first.last_change[:10] == last.last_change[:10]


def test_a_protected_backup_says_without_its_key_that_it_is_protected(tmp_path: Path) -> None:
    file = made_of(tmp_path, KEY)
    with work(file, KEY) as session:
        write(session, "first")
    (backup,) = backups.backups_of(file, NO_KEYS)
    problem = backups.read_backup_contents(backup).problem
    assert problem is not None
    assert "is protected" in str(problem)
    assert backups.read_backup_contents(backup, keyring_of(KEY)).answers == 15


# -- restored ----------------------------------------------------------------------------------------------------------


@on_both_drivers
def test_restoring_puts_the_old_state_back_and_keeps_the_present_one(tmp_path: Path, key: EncryptionKey | None) -> None:
    file, ring = made_of(tmp_path, key), keyring_of(key)
    for note in ("first", "second"):
        with work(file, key) as session:
            write(session, note)
    first = backups.find_backup(file, 1, ring)
    left = restore_backup(first, file, ring)
    assert file.read_bytes() == first.file.read_bytes()
    assert notes(file, key) == ["first"]
    assert left is not None
    assert notes(left, key) == ["first", "second"]
    assert made(file, key) == [(3, BackupReason.RESTORE), (2, BackupReason.CLOSED), (1, BackupReason.CLOSED)]
    assert [found.name for found in tmp_path.iterdir()] == [file.name]


def test_while_somebody_looks_for_the_right_one_none_is_thinned_away(tmp_path: Path) -> None:
    """Keeping the present state each time would have made too many of one day."""
    file = made_of(tmp_path)
    for note in ("first", "second", "third"):
        with work(file) as session:
            write(session, note)
    for backup, known in zip(backups.backups_of(file), (3, 2, 1), strict=True):
        restore_backup(backup, file)
        assert len(notes(file)) == known
    assert [number for number, _ in made(file)] == [6, 5, 4, 3, 2, 1]
    with work(file) as session:
        write(session, "fourth")
    assert [number for number, _ in made(file)] == [7, 6, 5]


def test_restoring_where_nothing_stands_any_more_keeps_nothing(kept: Path) -> None:
    kept.unlink()
    newest = backups.newest_readable_backup(kept)
    assert newest is not None
    assert restore_backup(newest, kept) is None
    assert notes(kept) == ["first", "second"]


def test_a_damaged_file_is_kept_byte_for_byte(kept: Path) -> None:
    damaged = kept.read_bytes()[:6_000]
    kept.write_bytes(damaged)
    journal = kept.with_name(f"{kept.name}-journal")
    journal.write_bytes(b"what was cut off")
    newest = backups.newest_readable_backup(kept)
    assert newest is not None
    left = restore_backup(newest, kept)
    assert left is not None
    assert left.name.startswith("small (damaged, ")
    assert left.read_bytes() == damaged
    # Played into the restored file it would spoil it.
    assert not journal.exists()
    assert notes(kept) == ["first", "second"]
    assert backups.backups_of(kept)[0] == newest


def test_a_file_somebody_has_open_is_not_restored_and_says_who(kept: Path) -> None:
    before = kept.read_bytes()
    newest = backups.newest_readable_backup(kept)
    assert newest is not None
    with (
        open_session(kept, author="B. Officer"),
        pytest.raises(KnownError, match="B\\. Officer has “small\\.assessment” open"),
    ):
        restore_backup(newest, kept)
    assert kept.read_bytes() == before


def test_a_backup_that_is_damaged_is_not_restored(kept: Path) -> None:
    before, newest = kept.read_bytes(), backups.backups_of(kept)[0]
    newest.file.write_bytes(newest.file.read_bytes()[:20_000])
    with pytest.raises(KnownError, match="is damaged"):
        restore_backup(newest, kept)
    assert kept.read_bytes() == before
    assert [found.name for found in kept.parent.iterdir()] == [kept.name]


def test_what_was_said_after_the_restored_state_comes_back_by_merging_the_backup_made_before(kept: Path) -> None:
    left = restore_backup(backups.find_backup(kept, 1), kept)
    assert left is not None
    with work(kept) as session:
        write(session, "another way")
        apply_merge(session, plan_merge(session, (left,)))
    assert sorted(notes(kept)) == ["another way", "first", "second"]


def test_a_backup_of_an_older_version_of_the_program_can_be_restored(tmp_path: Path) -> None:
    expected = Path(__file__).parent.parent / "expected" / "assessments" / "version-1.assessment"
    old = Path(shutil.copy(expected, tmp_path / "old.assessment"))
    with work(old) as session:
        assert not session.is_read_only
    (backup,) = backups.backups_of(old)
    assert backup.made.reason is BackupReason.MIGRATION
    restore_backup(backup, old)
    assert old.read_bytes() == backup.file.read_bytes()
    with work(old) as session:
        assert session.dossier().answers


def test_a_backup_is_saved_elsewhere_and_replaces_nothing_unasked(kept: Path, tmp_path: Path) -> None:
    first, out = backups.find_backup(kept, 1), tmp_path / "then.assessment"
    save_backup_as(first, out)
    assert notes(out) == ["first"]
    with pytest.raises(KnownError, match="There is already a file"):
        save_backup_as(first, out)
    save_backup_as(backups.find_backup(kept, 2), out, replace=True)
    assert notes(out) == ["first", "second"]


def test_a_number_there_is_not_says_which_there_are(kept: Path) -> None:
    with pytest.raises(KnownError, match="with the number 9\\. There are: 2, 1\\."):
        backups.find_backup(kept, 9)
