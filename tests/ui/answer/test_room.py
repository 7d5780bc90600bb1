"""One key away: the question, its answers and its terms, large, in the language of the people across the table."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.ui.pages.answer.presentation_view import LargeLabel, PresentationView
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.guide import shortcuts
from tests.builders import file_of, small_dossier
from tests.ui.answer.test_inspector_guidance import taught
from tests.ui.office import Office
from tests.wordings import word

AtWork = Callable[[Dossier | None], Office]
ARABIC = {
    "i.law|text": "هل يوجد قانون للهجرة؟",
    "migrant|label": "المهاجر",
    "migrant|definition": "من يغيّر بلد إقامته المعتادة.",
}


@pytest.fixture
def interview(at_work: AtWork) -> Office:
    """Ask in Arabic, with a window in English."""
    word(paths.user_instruments_folder(), taught(), "ar", ARABIC)
    dossier = small_dossier(taught())
    return at_work(replace(dossier, mission=replace(dossier.mission, language="ar")))


def room(office: Office) -> PresentationView:
    office.settle()
    return office.part(PresentationView, "room")


def read(view: PresentationView) -> list[str]:
    return [words.text() for words in view.sheet.findChildren(LargeLabel)]


def point_size(view: PresentationView) -> float:
    return max(words.font().pointSizeF() for words in view.sheet.findChildren(LargeLabel))


def test_a_key_shows_the_question_and_its_terms_in_the_language_of_the_interview(interview: Office) -> None:
    interview.desk.show_address(Address("i.law"))
    interview.press("F12")
    view = room(interview)
    said = read(view)
    assert {"هل يوجد قانون للهجرة؟", "المهاجر", "من يغيّر بلد إقامته المعتادة."} <= set(said)
    assert {"0", "3"} <= set(said)
    assert view.sheet.isRightToLeft()
    assert not interview.window.isRightToLeft()
    assert point_size(view) >= 2 * interview.window.font().pointSizeF()
    view.reject()


def test_the_same_key_switches_to_the_officers_language_and_back_and_escape_closes(interview: Office) -> None:
    interview.desk.show_address(Address("i.law"))
    before = interview.focused()
    interview.press("F12", "F12")
    view = room(interview)
    assert "Migrant" in read(view)
    assert not view.sheet.isRightToLeft()
    interview.press("F12")
    assert "المهاجر" in read(view)
    interview.press("Esc")
    interview.until(lambda: interview.window.findChild(PresentationView) is None)
    interview.until(lambda: interview.focused() is before)


def test_the_letters_grow_and_shrink_by_the_usual_keys(interview: Office) -> None:
    interview.desk.show_address(Address("i.law"))
    interview.press("F12")
    view = room(interview)
    first, zoom = point_size(view), interview.settings.zoom
    interview.press("Ctrl++", "Ctrl++")
    assert point_size(view) > first
    interview.press("Ctrl+0")
    assert point_size(view) == first
    interview.press("Ctrl+-")
    assert point_size(view) < first
    assert interview.settings.zoom == zoom, "the window behind stays as it is"
    view.reject()


def test_a_row_of_a_table_shows_its_own_wording_and_its_answers(at_work: AtWork) -> None:
    office = at_work(None)
    item = next(item for item in office.session.sheet.items() if item.row is not None and item.field is not None)
    office.desk.show_address(item.address)
    office.press("F12")
    view = room(office)
    said = read(view)
    wording = office.desk.questionnaire().wording
    assert item.row is not None
    assert wording.question(item.question) in said
    assert wording.row(item.question, item.row) in said
    assert len(said) > 3
    view.reject()


def test_what_is_not_worded_in_the_language_is_said_to_the_officer(at_work: AtWork) -> None:
    dossier = small_dossier()
    office = at_work(replace(dossier, mission=replace(dossier.mission, language="ka")))
    office.press("F12")
    view = room(office)
    assert view.notice.isVisible()
    assert "Georgian" in view.notice.text()
    assert view.languages == ("ka", "en")
    view.reject()


def test_the_overview_of_keys_names_the_key(interview: Office) -> None:
    keys = dict(line for lines in shortcuts(interview.texts, COMMANDS).values() for line in lines)
    assert keys["F12"] == "Show to respondents"


def test_what_is_typed_is_kept_while_the_room_looks(interview: Office) -> None:
    interview.desk.show_address(Address("i.law"))
    interview.press("F4")
    interview.write("Seen in")
    interview.press("F12")
    view = room(interview)
    assert view.windowModality() == Qt.WindowModality.WindowModal
    interview.press("Esc")
    interview.until_saved()
    key = interview.desk.controller.key(Address("i.law"))
    assert interview.session.content(key).note.startswith("Seen in")


@pytest.mark.check
def test_the_view_follows_a_change_of_file_and_no_press_is_lost(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work(None)
    other = tmp_path / "other"
    other.mkdir()
    office.desk.show_address(Address("i.law"))
    office.press("0")
    old = office.desk
    office.window.open_file(file_of(other))
    assert office.window.workspace is old, "the disk is still waited for"
    office.window.menus.actions["room"].trigger()
    seen: list[object] = []
    while office.window.workspace is old:
        QApplication.processEvents()
        seen.append(office.window.workspace)
    assert None not in seen, "between the two files nothing was open, and a press would have done nothing"
    (view,) = (view for view in office.window.findChildren(PresentationView) if view.isVisible())
    assert view.session is office.desk.session
    QTest.keyClick(view.sheet, Qt.Key.Key_Escape)
    office.until(lambda: office.window.findChild(PresentationView) is None)
    office.window.menus.actions["room"].trigger()
    room(office).reject()


def test_the_view_goes_with_the_file_that_is_closed(at_work: AtWork) -> None:
    office = at_work(None)
    office.press("F12")
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None)
    office.until(lambda: office.window.findChild(PresentationView) is None)
