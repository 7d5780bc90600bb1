"""Setting, changing and taking away a passphrase in the window, and the recovery key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from capacity_app.domain.encryption_keys import Keyring
from capacity_app.services.protection import parse_recovery_key, protect
from capacity_app.storage import file_errors
from capacity_app.ui.application import UnexpectedErrorWatch, WindowHolder
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from capacity_app.ui.pages.file_safety.protection_page import ProtectionPage, ProtectionProgressPage
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.session.settings import Settings
from tests.builders import file_of, open_session
from tests.ui.office import Office, front

PASSPHRASE, OTHER = "correct horse battery", "another pass phrase"
CHILD_MS = 60_000
AtWork = Callable[..., Office]


def page_of(office: Office) -> ProtectionPage:
    return office.page(ProtectionPage, "protection")


def opens(file: Path, *passphrases: str) -> bool:
    try:
        with open_session(file, keys=Keyring(passphrases=passphrases), read_only=True):
            return True
    except file_errors.FileProtected:
        return False


def change(office: Office, act: Callable[[], object]) -> ProtectionPage:
    """Do what has the file written anew, and wait until it is open again."""
    before = office.desk
    act()
    office.until(
        lambda: office.window.workspace not in {None, before} and front(office.window, ProtectionProgressPage) is None,
        CHILD_MS,
    )
    office.settle()
    page = office.desk.page("protection")
    assert isinstance(page, ProtectionPage)
    return page


@pytest.mark.check
def test_a_file_is_protected_by_keyboard(at_work: AtWork) -> None:
    office = at_work()
    file, dossier = office.session.file, office.session.dossier()
    office.desk.show_page("protection")
    office.settle()
    page = page_of(office)
    assert page.state.text() == "“small.assessment” is not protected. Everybody who has the file can read it."
    assert office.focused().objectName() == "protection_first"
    office.write("short")
    assert page.fields.worth.text() == "Too short: 5 of at least 8 letters."
    office.press("Return")
    assert "A passphrase has at least 8 letters, and this one has 5" in page.fields.problem.text()
    office.press("Ctrl+A")
    office.write(PASSPHRASE)
    assert page.fields.worth.text().startswith("Good")
    office.tab_to("protection_second")
    office.write("correct horse batterz")
    office.press("Return")
    assert page.fields.problem.text() == "The two do not say the same: type the passphrase again, both times."
    assert office.focused().objectName() == "protection_second"
    office.press("Ctrl+A")
    office.write(PASSPHRASE)
    page = change(office, lambda: office.press("Return"))
    assert page.state.text() == "“small.assessment” is protected."
    assert not opens(file)
    assert opens(file, PASSPHRASE)
    assert office.session.dossier() == dossier
    assert page.recovery is not None
    assert page.recovery.is_shown
    assert office.focused().objectName() == "recovery_save"
    assert office.session.key is not None
    assert parse_recovery_key(" ".join(page.recovery.words)) == office.session.key.raw


@pytest.mark.check
def test_a_passphrase_is_changed_and_taken_away_by_keyboard(at_work: AtWork) -> None:
    office = _at_protected(at_work)
    file, dossier, page = office.session.file, office.session.dossier(), page_of(office)
    assert page.recovery is not None
    first = page.recovery.words
    page.fields.first.line.setFocus()
    office.write(OTHER)
    office.tab_to("protection_second")
    office.write(OTHER)
    office.tab_to("protection_protect")
    page = change(office, lambda: office.press("Space"))
    assert page.recovery is not None
    assert page.recovery.words != first
    assert not opens(file, PASSPHRASE)
    assert opens(file, OTHER)

    office.tab_to("protection_remove")
    office.press("Space")
    assert office.focused().objectName() == "protection_keep"
    office.press("Space")
    assert office.focused().objectName() == "protection_remove"
    office.press("Space")
    office.press("Shift+Tab")
    assert office.focused().objectName() == "protection_remove_really"
    page = change(office, lambda: office.press("Space"))
    assert page.recovery is None
    assert opens(file)
    assert office.session.dossier() == dossier
    assert "is no longer protected" in page.banners.sentences()[0]


@pytest.mark.check
def test_stopping_leaves_a_file_that_opens(at_work: AtWork) -> None:
    office = at_work()
    file, before = office.session.file, office.session.dossier()
    page = page_of(office)
    for field in (page.fields.first, page.fields.second):
        field.line.setText(PASSPHRASE)

    def start_and_stop() -> None:
        page.submit()
        conversion = front(office.window, ProtectionProgressPage)
        assert conversion is not None
        conversion.cancel.click()

    page = change(office, start_and_stop)
    assert page.banners.sentences() == ("Cancelled. See below whether the file is protected.",)
    assert page.is_protected is not opens(file)
    assert office.session.dossier() == before


@pytest.mark.check
def test_the_recovery_key_is_hidden_until_asked_for(at_work: AtWork) -> None:
    office = _at_protected(at_work)
    card = page_of(office).recovery
    assert card is not None
    shown = []
    for _ in range(3):
        shown.append(card.is_shown)
        card.shower.click()
    assert shown == [False, True, False]


@pytest.mark.check
def test_a_sheet_beside_the_file_is_written_only_after_a_warning(at_work: AtWork, tmp_path: Path) -> None:
    office = _at_protected(at_work)
    card, sheet = page_of(office).recovery, tmp_path / "sheet.pdf"
    assert card is not None
    card.save(sheet)
    assert "would be on the same disk as the assessment" in card.banners.sentences()[0]
    assert not sheet.exists()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    card.save(elsewhere / "sheet.pdf")
    office.until((elsewhere / "sheet.pdf").exists, CHILD_MS)
    office.until(lambda: any("Print it" in one for one in card.banners.sentences()), CHILD_MS)
    assert (elsewhere / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    assert not sheet.exists()


def _at_protected(at_work: AtWork) -> Office:
    office = at_work()
    file = office.session.file
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None)
    protect(file, PASSPHRASE)
    office.window.keys = Keyring(passphrases=(PASSPHRASE,))
    office.open(file)
    return office


@pytest.mark.check
def test_a_file_for_reading_only_is_not_changed(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None)
    with open_session(file, author="Amina"):
        office.open(file)
        page = page_of(office)
        assert not page.protect.isEnabled()
        assert "Amina has this file open" in page.banners.sentences()[0]
        office.leave()


@pytest.fixture
def form(office: Office) -> NewAssessmentPage:
    """The form for a new assessment."""
    office.window.show_new()
    office.settle()
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    return form


@pytest.mark.check
def test_a_new_assessment_is_protected_from_its_first_byte(
    office: Office, form: NewAssessmentPage, tmp_path: Path
) -> None:
    form.country.show_country("GEO", "268", "Georgia")
    form.file.setText(str(tmp_path / "georgia.assessment"))
    office.part(QCheckBox, "new_protect").click()
    assert office.focused().objectName() == "new_passphrase_first"
    office.write(PASSPHRASE)
    office.press("Return")
    assert (
        form._fields["protection"].problem.text()
        == "The two do not say the same: type the passphrase again, both times."
    )
    assert not (tmp_path / "georgia.assessment").exists()
    assert office.focused().objectName() == "new_passphrase_second"
    office.write(PASSPHRASE)
    office.press("Return")
    assert office.session.key is not None
    page = office.desk.page("protection")
    assert isinstance(page, ProtectionPage)
    assert page.recovery is not None
    assert page.recovery.is_shown
    assert not opens(office.session.file)
    assert opens(office.session.file, PASSPHRASE)


@pytest.mark.check
def test_the_next_round_of_a_protected_one_is_protected_alike(
    office: Office, form: NewAssessmentPage, tmp_path: Path
) -> None:
    earlier = file_of(tmp_path)
    protect(earlier, PASSPHRASE)
    form.continue_from(str(earlier))
    office.settle()
    assert office.focused().objectName() == "unlock_passphrase"
    office.write(PASSPHRASE)
    office.press("Return")
    assert form.earlier.dossier is not None
    form.round.setText("2024")
    form.file.setText(str(tmp_path / "next.assessment"))
    form.submit()
    assert office.session.key is not None
    assert office.session.previous is not None
    assert opens(office.session.file, PASSPHRASE)
    assert not opens(office.session.file)


@pytest.mark.check
def test_another_language_asks_nobody_again(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    file = file_of(tmp_path)
    protect(file, PASSPHRASE)
    settings = Settings(tmp_path / "settings.ini")
    shell = WindowHolder(qapp, settings, UnexpectedErrorWatch())
    shell.window.show()
    shell.window.keys = Keyring(passphrases=(PASSPHRASE,))
    shell.window.open_file(file)
    old = shell.window
    assert old.workspace is not None
    settings.language = "qps"
    old.language_wanted.emit()
    qtbot.waitUntil(lambda: shell.window is not old and shell.window.workspace is not None)
    assert front(shell.window, UnlockPage) is None
    shell.window.close()
    qtbot.waitUntil(lambda: not shell.window.isVisible())
    shell.window.deleteLater()
    shell.deleteLater()


@pytest.mark.check
def test_a_recent_protected_file_is_named_by_its_file(office: Office, tmp_path: Path) -> None:
    office.window.show_new()
    file = file_of(tmp_path)
    protect(file, PASSPHRASE)
    office.window.keys = Keyring(passphrases=(PASSPHRASE,))
    office.open(file)
    office.leave()
    office.come()
    office.window.show_new()
    office.settle()
    chosen = office.part(QComboBox, "new_earlier")
    assert [chosen.itemText(at) for at in range(chosen.count())][1] == "small – small.assessment"
