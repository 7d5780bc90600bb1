"""Backups in the window: made by themselves without holding it up, restored in two clicks, told when they fail."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.services import backups
from capacity_app.ui.pages.deliver.archive_export import ArchiveExportPage
from capacity_app.ui.pages.file_safety.backups_page import BackupsPage
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from tests.builders import file_of, open_session
from tests.ui.office import Office, front

AtWork = Callable[[Dossier | None], Office]
WHY = AnswerKey(Address("i.why"), respondent="agency-nso")
CHILD_MS = 60_000
"""A child process on a busy machine."""


def say(office: Office, text: str) -> None:
    office.desk.controller.record(WHY, Content(state=AnswerState.ANSWERED, value=text))


def said(office: Office) -> object:
    return office.session.content(WHY).value


def made(file: Path) -> list[tuple[int, BackupReason]]:
    return [(one.number, one.made.reason) for one in backups.backups_of(file)]


def close_file(office: Office) -> None:
    office.window.menus.actions["close"].trigger()
    office.until(lambda: office.window.workspace is None)


def backups_page(office: Office) -> BackupsPage:
    page = office.page(BackupsPage, "backups")
    office.until(lambda: not page.listing.is_running, CHILD_MS)
    return page


def reopened(office: Office, before: object) -> bool:
    return office.window.workspace is not None and office.window.workspace is not before


def test_closing_after_a_change_keeps_a_backup_and_closing_without_one_does_not(at_work: AtWork) -> None:
    office = at_work(None)
    file = office.session.file
    close_file(office)
    assert made(file) == []
    office.open(file)
    say(office, "first")
    close_file(office)
    assert made(file) == [(1, BackupReason.CLOSED)]


def test_the_window_stays_until_the_backup_is_there(at_work: AtWork) -> None:
    office = at_work(None)
    file = office.session.file
    say(office, "first")
    office.leave()
    assert made(file) == [(1, BackupReason.CLOSED)]


@pytest.mark.check
def test_two_clicks_restore_the_newest_and_what_was_there_before_is_kept(at_work: AtWork) -> None:
    office = at_work(None)
    file, before = office.session.file, office.desk
    say(office, "first")
    office.session.back_up(BackupReason.BY_HAND)
    say(office, "second")
    office.until_saved()
    page = backups_page(office)
    (row,) = page.rows.values()
    assert row.contents.text().startswith("✓ 15 answers, 1 is not as now")
    row.restore.click()
    assert said(office) == "second"
    row.really.click()
    office.until(lambda: reopened(office, before), CHILD_MS)
    assert said(office) == "first"
    assert not office.desk.controller.undo_stack.canUndo()
    assert made(file) == [(3, BackupReason.RESTORE), (2, BackupReason.CLOSED), (1, BackupReason.BY_HAND)]
    (sentence,) = (one for one in office.desk.banners.sentences() if "was restored from the backup of" in one)
    assert "The former content is kept" in sentence


@pytest.mark.check
def test_leaving_the_question_restores_nothing(at_work: AtWork) -> None:
    office = at_work(None)
    office.session.back_up(BackupReason.BY_HAND)
    office.session.flush()
    (row,) = backups_page(office).rows.values()
    row.restore.click()
    assert row.restore.isHidden()
    row.leave.click()
    assert row.really.isHidden()
    assert front(office.window, BackupsPage) is None


@pytest.mark.check
def test_everything_by_keyboard(at_work: AtWork) -> None:
    office = at_work(None)
    say(office, "first")
    office.press("Ctrl+Shift+B")
    before, page = office.desk, office.page(BackupsPage, "backups")
    office.tab_to("backups_make")
    office.press("Space")
    office.until(lambda: len(page.rows) == 1)
    say(office, "second")
    office.tab_to("backups_make")
    office.press("Space")
    office.until(lambda: len(page.rows) == 2)
    office.until(lambda: not page.listing.is_running, CHILD_MS)
    office.tab_to("backup_restore_1")
    assert office.focused().objectName() == "backup_restore_1"
    office.press("Space")
    assert office.focused().objectName() == "backup_really_1"
    office.press("Space")
    office.until(lambda: reopened(office, before), CHILD_MS)
    assert said(office) == "first"


@pytest.mark.check
def test_a_backup_that_is_damaged_says_so_and_cannot_be_restored(at_work: AtWork) -> None:
    office = at_work(None)
    for _ in range(2):
        office.session.back_up(BackupReason.BY_HAND)
    office.session.flush()
    newest, _ = backups.backups_of(office.session.file)
    newest.file.write_bytes(newest.file.read_bytes()[:9_000])
    good, spoilt = (backups_page(office).rows[number] for number in (1, 2))
    assert spoilt.contents.text() == "✗ This backup is damaged and cannot be used."
    assert not spoilt.restore.isEnabled()
    assert good.restore.isEnabled()


@pytest.mark.check
def test_a_copy_of_a_backup_is_saved_elsewhere(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work(None)
    office.session.back_up(BackupReason.BY_HAND)
    office.session.flush()
    page, out = backups_page(office), tmp_path / "then.assessment"
    page.save_copy(backups.backups_of(office.session.file)[0], out)
    office.until(lambda: bool(page.banners.sentences()), CHILD_MS)
    assert page.banners.sentences() == (f"The backup was copied to {out}.",)
    with open_session(out, read_only=True) as session:
        assert session.assessment_id == office.session.assessment_id


@pytest.mark.check
def test_a_file_that_is_gone_is_restored_from_the_start_page(at_work: AtWork) -> None:
    office = at_work(None)
    file = office.session.file
    say(office, "first")
    close_file(office)
    file.unlink()
    office.window.show_start()
    office.part(QPushButton, "recent_backups").click()
    page = front(office.window, BackupsPage)
    assert isinstance(page, BackupsPage)
    office.until(lambda: not page.listing.is_running, CHILD_MS)
    (row,) = page.rows.values()
    row.restore.click()
    row.really.click()
    office.until(lambda: office.window.workspace is not None, CHILD_MS)
    assert said(office) == "first"


@pytest.mark.check
def test_the_backups_of_a_protected_file_ask_for_its_passphrase_first(office: Office, tmp_path: Path) -> None:
    key = EncryptionKey(bytes(range(16)), bytes(range(32)))
    with open_session(file_of(tmp_path)) as session:
        session.key = key
        session.save_copy(tmp_path / "protected.assessment")
    file = tmp_path / "protected.assessment"
    backups.make_backup(file, keyring_of(key))
    file.unlink()
    office.window.show_backups(file)
    unlock = front(office.window, UnlockPage)
    assert unlock is not None
    unlock.opened.emit(keyring_of(key))
    page = front(office.window, BackupsPage)
    assert isinstance(page, BackupsPage)
    office.until(lambda: not page.listing.is_running, CHILD_MS)
    (row,) = page.rows.values()
    assert row.contents.text().startswith("✓ 15 answers")


def test_a_backup_that_cannot_be_made_is_told_once_and_the_work_goes_on(at_work: AtWork) -> None:
    paths.backups_folder().parent.mkdir(parents=True, exist_ok=True)
    paths.backups_folder().write_text("in the way")
    office = at_work(None)
    file = office.session.file
    say(office, "first")
    office.window.menus.actions["close"].trigger()
    office.until(lambda: any("No backup of" in one for one in office.desk.banners.sentences()))
    # It stays open this once, so that somebody reads it.
    assert office.window.workspace is not None
    close = next(one for one in office.desk.banners.findChildren(QPushButton) if one.text() == "Close all the same")
    close.click()
    office.until(lambda: office.window.workspace is None)
    with open_session(file, read_only=True) as session:
        assert session.content(WHY).value == "first"


@pytest.mark.check
def test_everything_is_exported_and_a_protected_file_is_warned_of(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work(None)
    page = office.page(ArchiveExportPage, "everything")
    assert page.findChild(QWidget, "everything_warning") is None
    office.tab_to("everything_file")
    page.file.setText(str(tmp_path / "all"))
    office.tab_to("everything_make")
    office.press("Space")
    office.until(lambda: bool(page.foot.outcome.sentence), CHILD_MS)
    assert page.foot.outcome.sentence == f"Everything was exported to {tmp_path / 'all.zip'}."
    assert (tmp_path / "all.zip").read_bytes()[:2] == b"PK"
    assert QApplication.focusWidget() is not None


@pytest.mark.check
def test_the_zip_of_a_protected_file_is_said_not_to_be(office: Office, tmp_path: Path) -> None:
    key = EncryptionKey(bytes(range(16)), bytes(range(32)))
    with open_session(file_of(tmp_path)) as session:
        session.key = key
        session.save_copy(tmp_path / "protected.assessment")
    office.window.keys = keyring_of(key)
    office.open(tmp_path / "protected.assessment")
    page = office.page(ArchiveExportPage, "everything")
    assert page.findChild(QWidget, "everything_warning") is not None
    assert page.foot.make.text() == "Export without protection"
    page.file.setText(str(tmp_path / "all.zip"))
    page.foot.make.click()
    office.until(lambda: bool(page.foot.outcome.sentence), CHILD_MS)
    assert page.foot.outcome.sentence == f"Everything was exported to {tmp_path / 'all.zip'}."
