"""A damaged file: what happened is said, and the newest backup or what can be read is a click or two away."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.encryption_keys import derive_key
from capacity_app.services import backups, corrupted_file
from capacity_app.storage import database
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from capacity_app.ui.pages.file_safety.rescue_page import RescuePage
from tests.builders import file_of, open_session, small_dossier
from tests.places import names_in
from tests.ui.office import Office, front

PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
WORDS = "eleven winters in Velmora"


def _damage(file: Path) -> bytes:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) - 9_000])
    return file.read_bytes()


def _page(office: Office, file: Path) -> RescuePage:
    office.window.open_file(file)
    office.until(lambda: front(office.window, RescuePage) is not None)
    rescue = front(office.window, RescuePage)
    assert rescue is not None
    return rescue


def _button(page: RescuePage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def test_a_damaged_file_shows_what_happened_and_is_left_as_it_is(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    damaged = _damage(file)
    page = _page(office, file)
    assert page.isVisible()
    office.until(lambda: "There is no backup" in page.backup_words.text())
    assert not page.restore.isVisible()
    assert office.focused().objectName() == "rescue_see"
    _button(page, "rescue_back").click()
    assert front(office.window, RescuePage) is None
    assert office.window.start.isVisible()
    assert file.read_bytes() == damaged


def test_the_newest_backup_is_restored_with_one_click_and_the_damaged_file_kept(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    with open_session(file) as session:
        session.record(PLAN, Content(state=AnswerState.ANSWERED, value=0))
    backups.make_backup(file)
    damaged = _damage(file)
    page = _page(office, file)
    office.until(page.restore.isVisible)
    assert "15 answers" in page.backup_words.text()
    page.restore.click()
    office.until(lambda: office.window.workspace is not None)
    assert office.session.content(PLAN).value == 0
    kept = [path for path in backups.backups_of(file)[0].file.parent.iterdir() if path.read_bytes() == damaged]
    assert len(kept) == 1


def test_what_can_be_read_is_shown_first_and_then_saved_and_opened(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    damaged = _damage(file)
    page = _page(office, file)
    page.see.click()
    office.until(page.save_button.isVisible)
    assert page.rescue_words.text().startswith("Can be read: 15 answers")
    assert names_in(tmp_path) == ["settings.ini", file.name], "nothing is written before it was seen"
    out = corrupted_file.suggested_file(file)
    page.save(out)
    office.until(lambda: office.window.workspace is not None)
    assert office.session.file == out
    assert office.session.dossier().answers == small_dossier().answers
    assert file.read_bytes() == damaged


def test_what_cannot_be_rescued_is_said_in_place(tmp_path: Path, office: Office) -> None:
    file = tmp_path / "small.assessment"
    file.touch()
    page = _page(office, file)
    page.see.click()
    office.until(lambda: "Nothing of an assessment can be read" in page.rescue_words.text())
    assert not page.save_button.isVisible()
    page.see.click()
    office.until(lambda: "Nothing of an assessment can be read" in page.rescue_words.text())


@pytest.fixture
def protected(tmp_path: Path) -> Path:
    key = derive_key(WORDS, bytes(range(200, 216)))
    plain, file = file_of(tmp_path), tmp_path / "protected.assessment"
    database.rewrite_under_key(plain, None, file, key)
    plain.unlink()
    content = bytearray(file.read_bytes())
    content[40_000] ^= 1
    file.write_bytes(content)
    return file


@pytest.mark.check
def test_a_damaged_protected_file_asks_for_its_passphrase_and_is_rescued_into_a_protected_one(
    protected: Path, office: Office
) -> None:
    office.window.open_file(protected)
    unlock = front(office.window, UnlockPage)
    assert unlock is not None
    field = unlock.card.field
    field.setFocus()
    office.write(WORDS)
    office.press("Return")
    office.until(lambda: front(office.window, RescuePage) is not None)
    page = front(office.window, RescuePage)
    assert page is not None
    page.see.click()
    office.until(page.save_button.isVisible)
    out = protected.with_name("rescued.assessment")
    page.save(out)
    office.until(lambda: office.window.workspace is not None)
    assert office.session.key is not None
    assert not out.read_bytes().startswith(b"SQLite format 3")
    assert len(office.session.dossier().answers) >= 15


def test_the_file_suggested_is_free_and_says_what_it_is(tmp_path: Path) -> None:
    first = corrupted_file.suggested_file(tmp_path / "velmora.assessment")
    first.touch()
    second = corrupted_file.suggested_file(tmp_path / "velmora.assessment")
    assert first.name.startswith("velmora (recovered 20")
    assert second != first


def test_leaving_while_the_file_is_read_waits_for_it(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    _damage(file)
    page = _page(office, file)
    page.see.click()
    office.window.show_start()
    assert front(office.window, RescuePage) is None
