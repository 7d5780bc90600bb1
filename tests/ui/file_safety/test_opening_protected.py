"""A protected file in the window: its passphrase is asked for wherever it is opened, and nothing is told before."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QProcess, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit

from capacity_app.domain.assessment.answers import AnswerState, Content
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.services.protection import protect, recovery_words
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from capacity_app.ui.session.settings import RecentAssessment
from tests.builders import MISSION, file_of, open_session, small_dossier
from tests.domain.making import say
from tests.ui.office import Office, front

PASSPHRASE, OTHER = "correct horse battery", "another pass phrase"
AtWork = Callable[..., Office]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A protected file."""
    made = file_of(tmp_path)
    protect(made, PASSPHRASE)
    return made


def wait_for(office: Office, file: Path) -> None:
    office.window.open_file(file)
    office.settle()
    assert office.window.workspace is None
    unlock = front(office.window, UnlockPage)
    assert unlock is not None
    assert office.focused().objectName() == "unlock_passphrase"


def typed(office: Office, *letters: str) -> None:
    for text in letters:
        office.write(text)
        office.press("Return")


@pytest.mark.check
def test_it_opens_with_its_passphrase_by_keyboard_alone(office: Office, file: Path) -> None:
    before = file.read_bytes()
    wait_for(office, file)
    assert office.window.windowTitle() == "small.assessment"
    typed(office, "")
    problem = front(office.window, UnlockPage).card.problem  # type: ignore[union-attr]
    assert problem.text() == "Type the passphrase first."
    typed(office, "Correct Horse Battery")
    assert "does not open “small.assessment”" in problem.text()
    assert office.focused().objectName() == "unlock_passphrase"
    assert file.read_bytes() == before
    typed(office, PASSPHRASE)  # what was wrong is selected, and typed over
    assert office.session.file == file
    assert front(office.window, UnlockPage) is None
    assert not office.session.is_read_only


@pytest.mark.check
def test_it_opens_with_the_recovery_key(office: Office, file: Path) -> None:
    with open_session(file, keys=Keyring(passphrases=(PASSPHRASE,))) as session:
        assert session.key
        words = recovery_words(session.key.raw)
    wait_for(office, file)
    office.tab_to("unlock_other_way")
    office.press("Space")
    assert office.focused().objectName() == "unlock_words"
    card = front(office.window, UnlockPage).card  # type: ignore[union-attr]
    typed(office, " ".join(words[:-1]))
    assert card.problem.text() == (
        "The recovery key has 24 words. You entered 23. Look for a missing or repeated word."
    )
    typed(office, f" {words[-1].upper()}")
    assert office.session.file == file


def test_escape_leads_back_and_nothing_stays_typed(office: Office, file: Path) -> None:
    wait_for(office, file)
    office.write("half of it")
    office.press("Escape")
    assert front(office.window, UnlockPage) is None
    assert office.window.windowTitle() == "Capacity assessments"
    wait_for(office, file)
    assert office.part(QLineEdit, "unlock_passphrase").text() == ""


def test_what_is_typed_is_hidden_until_it_is_to_be_shown_and_a_caps_lock_is_noticed(office: Office, file: Path) -> None:
    wait_for(office, file)
    field = front(office.window, UnlockPage).card.passphrase  # type: ignore[union-attr]
    assert field.line.echoMode() is QLineEdit.EchoMode.Password
    field.shower.click()
    assert field.line.echoMode() is QLineEdit.EchoMode.Normal
    field.line.setFocus()
    office.write("a")
    assert field.capitals.isHidden()
    office.write("B")  # a capital without the shift key
    assert not field.capitals.isHidden()


@pytest.mark.check
def test_only_its_path_is_remembered_and_shown(office: Office, file: Path) -> None:
    wait_for(office, file)
    typed(office, PASSPHRASE)
    office.desk.show_page("scores")
    assert office.window.windowTitle() == "small.assessment"
    assert "Protected by a passphrase" in office.window.top_bar.state.accessibleName()
    office.press("Ctrl+W")
    office.until(lambda: office.window.workspace is None)
    (remembered,) = office.settings.recent()
    assert remembered == RecentAssessment(file=str(file), is_protected=True)
    office.leave()
    stored = office.settings_file.read_text()
    assert "Examplia" not in stored
    assert "XXA" not in stored
    office.come()
    office.press("Return")  # the cursor is on it
    unlock = front(office.window, UnlockPage)
    assert unlock is not None


@pytest.mark.check
def test_a_plain_file_that_becomes_protected_is_forgotten_but_for_its_path(office: Office, tmp_path: Path) -> None:
    plain = file_of(tmp_path)
    office.open(plain)
    office.come_back()
    assert office.settings.recent_of(plain).country_name == "Examplia"
    protect(plain, PASSPHRASE)
    wait_for(office, plain)
    typed(office, PASSPHRASE)
    office.leave()
    assert office.settings.recent_of(plain).country_name == ""


def test_it_can_be_dropped_on_the_window(office: Office, file: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    spot, copy = QPointF(QPoint(50, 50)), Qt.DropAction.CopyAction
    office.window.dropEvent(QDropEvent(spot, copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    office.settle()
    unlock = front(office.window, UnlockPage)
    assert unlock is not None
    assert unlock.file == file


def test_a_closed_file_asks_again(office: Office, file: Path) -> None:
    wait_for(office, file)
    typed(office, PASSPHRASE)
    office.press("Ctrl+W")
    office.until(lambda: office.window.workspace is None)
    wait_for(office, file)


# -- other protected files while one works -------------------------------------------------------------------------


@pytest.mark.check
def test_another_officers_protected_copy_is_merged_after_its_passphrase(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    copy = tmp_path / "amina.assessment"
    office.session.save_copy(copy)
    with open_session(copy, author="Amina") as session:
        session.record(
            say("i.plan", who="agency-moi").key, Content(state=AnswerState.ANSWERED, value=1, note="from Amina")
        )
    protect(copy, OTHER)
    page = office.page(ImportPage, "exchange")
    page.merge_with([copy])
    office.until(page.unlock.isVisible)
    assert office.focused().objectName() == "unlock_passphrase"
    typed(office, "not this one")
    assert "does not open “amina.assessment”" in page.unlock.problem.text()
    typed(office, OTHER)
    office.until(lambda: page.view is not None)
    page.view.act.click()  # type: ignore[union-attr]
    assert office.session.content(say("i.plan", who="agency-moi").key).note == "from Amina"
    # It is not asked for again.
    page.merge_with([copy])
    office.until(lambda: page.view is not None)


def test_a_merge_goes_on_without_a_file_nobody_can_open(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    copy = tmp_path / "amina.assessment"
    office.session.save_copy(copy)
    protect(copy, OTHER)
    page = office.page(ImportPage, "exchange")
    page.merge_with([copy])
    office.until(page.unlock.isVisible)
    office.press("Escape")
    assert page.view is not None


@pytest.mark.check
def test_a_protected_earlier_round_is_opened_in_place(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    (tmp_path / "earlier").mkdir()
    earlier = _earlier_round(tmp_path / "earlier")
    card = office.page(MissionPage, "mission").earlier
    card.take(earlier)
    office.settle()
    assert card.unlock.isVisible()
    typed(office, PASSPHRASE)
    assert not card.unlock.isVisible()
    assert office.session.previous is not None
    assert office.session.previous.mission.round == "2010"


def _earlier_round(folder: Path) -> Path:
    made = file_of(folder, small_dossier(id="earlier-one", mission=replace(MISSION, round="2010")))
    protect(made, PASSPHRASE)
    return made


@pytest.mark.check
def test_a_protected_copy_is_checked_after_its_passphrase(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    copy = tmp_path / "copy.assessment"
    office.session.save_copy(copy)
    protect(copy, OTHER)
    page = office.page(ImportPage, "exchange")
    page.check_card.check(copy)
    office.settle()
    typed(office, OTHER)
    office.until(lambda: bool(page.check_card.outcome), 60_000)
    assert page.check_card.outcome == "The content is the same as in this assessment."


@pytest.mark.check
def test_children_of_the_window_open_a_protected_file_without_anybody_seeing_the_key(
    office: Office, file: Path
) -> None:
    wait_for(office, file)
    typed(office, PASSPHRASE)
    page = office.page(ImportPage, "exchange")
    page.check_card.check(file)
    office.until(lambda: page.check_card.outcome != "", 60_000)
    child = page.file_check.findChild(QProcess)
    assert child is not None
    assert "--keys-from-stdin" in child.arguments()
    assert office.session.key is not None
    told = " ".join((*child.arguments(), *child.processEnvironment().toStringList()))
    assert PASSPHRASE not in told
    assert office.session.key.raw.hex() not in told
