"""The hints of the first day: one at a time, beside their control, never in the way of typing, and remembered."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.hints import HINTS, HintCallout, Hints
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets.banners import BannerTone
from tests.builders import DEVICE, file_of, small_dossier
from tests.ui.office import Office

AtWork = Callable[[Dossier | None], Office]


def shown(office: Office) -> HintCallout:
    """Return the hint that is shown."""
    hints = [hint for hint in office.window.findChildren(HintCallout) if hint.isVisible()]
    assert len(hints) == 1
    return hints[0]


def begin(office: Office) -> Hints:
    """Show the first hint at once."""
    hints = Hints(office.window, office.texts, office.settings, office.window.has_agencies)
    hints.look()
    office.settle()
    return hints


@pytest.mark.check
def test_each_hint_is_shown_once_beside_its_control_and_takes_no_focus(at_work: AtWork) -> None:
    office = at_work(None)
    hints, focused = begin(office), office.focused()
    for name in HINTS:
        hint, anchor = shown(office), office.part(QWidget, name)
        place = QRect(anchor.mapTo(office.window, QPoint(0, 0)), anchor.size())
        assert not hint.geometry().intersects(place)
        assert hint.geometry().adjusted(-8, -8, 8, 8).intersects(place)
        assert office.focused() is focused
        hint.buttons[0].click()
        office.settle()
        hints.look()
    assert office.window.findChildren(HintCallout) == []
    assert Settings(office.settings_file).hints_seen == set(HINTS)


@pytest.mark.check
def test_the_first_hint_leaves_the_first_question_in_sight(at_work: AtWork) -> None:
    office = at_work(None)
    begin(office)
    focused = office.focused()
    assert (
        not shown(office)
        .geometry()
        .intersects(QRect(focused.mapTo(office.window, QPoint(0, 0)), focused.size()).adjusted(0, -40, 0, 0))
    )


def test_a_hint_is_seen_beside_questions_only(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    hint = shown(office)
    office.desk.show_page("agencies")
    hints.look()
    assert not hint.isVisible()
    office.desk.show_page("questionnaire")
    hints.look()
    assert shown(office) is hint


def test_a_hint_waits_while_a_message_is_shown(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    hint = shown(office)
    office.window.banners.tell("told", BannerTone.WARNING, "Who answers now?")
    hints.look()
    assert not hint.isVisible()
    office.window.banners.clear("told")
    office.settle()
    hints.look()
    assert shown(office) is hint


def test_no_more_hints_is_remembered(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    shown(office).buttons[1].click()
    office.settle()
    hints.look()
    assert office.window.findChildren(HintCallout) == []
    assert office.settings.hints_seen == set(HINTS)


def test_a_hint_is_reached_and_left_by_keyboard(at_work: AtWork) -> None:
    office = at_work(None)
    begin(office)
    before = office.focused()
    office.press("Ctrl+.")
    assert office.focused() is shown(office).buttons[0]
    office.press("Return")
    assert office.focused() is before
    assert office.settings.hints_seen == {"bar_agency"}


@pytest.mark.check
def test_a_hint_goes_with_the_assessment_and_comes_with_the_next(at_work: AtWork) -> None:
    office = at_work(None)
    office.settings.hints_seen = {"bar_agency"}
    hints = begin(office)
    file = office.session.file
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None)
    office.settle()
    hints.look()
    assert not any(hint.isVisible() for hint in office.window.findChildren(HintCallout))
    office.open(file)
    hints.look()
    assert shown(office).name == "answer_line"


def test_no_hint_without_an_assessment(office: Office) -> None:
    begin(office)
    assert office.window.findChildren(HintCallout) == []


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 200])
def test_a_hint_stays_within_a_small_laptop(at_work: AtWork, qapp: QApplication, zoom: int) -> None:
    office = at_work(None)
    office.window.resize(1366, 768)
    set_zoom(qapp, zoom)
    office.settings.hints_seen = {"bar_agency"}
    begin(office)
    assert office.window.rect().contains(shown(office).geometry())


def test_the_first_hint_leaves_the_search_field_in_sight_where_the_page_begins_with_its_title(
    office: Office, tmp_path: Path, qapp: QApplication
) -> None:
    set_zoom(qapp, 100)
    office.window.resize(1366, 768)
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office.open(file)
    office.desk.show_address(office.desk.first_address)
    begin(office)
    hint, search = shown(office), office.window.top_bar.search
    assert hint.name == "bar_agency"
    assert not hint.geometry().intersects(QRect(search.mapTo(office.window, QPoint(0, 0)), search.size()))


def test_a_hint_stays_where_it_is_when_the_page_is_scrolled(office: Office, tmp_path: Path) -> None:
    office.window.resize(1366, 768)
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office.open(file)
    office.desk.show_address(office.desk.first_address)
    hints = begin(office)
    hints.look()
    hints.look()
    before = shown(office).geometry()
    office.page(QuestionnairePage, "questionnaire").page().verticalScrollBar().setValue(300)
    office.settle()
    hints.look()
    assert shown(office).geometry() == before


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_hint_about_the_respondents_leaves_the_agency_in_sight(
    tmp_path: Path, office: Office, qapp: QApplication, zoom: int, language: str
) -> None:
    office.leave()
    office.texts = Translator(language)
    office.come()
    office.window.resize(1366, 768)
    set_zoom(qapp, zoom)
    office.open(file_of(tmp_path))
    office.settings.hints_seen = {"bar_agency", "answer_line"}
    begin(office)
    hint, agency = shown(office), office.window.top_bar.agency
    assert not hint.geometry().intersects(QRect(agency.mapTo(office.window, QPoint(0, 0)), agency.size()))
    assert office.window.rect().contains(hint.geometry())


def test_a_hint_that_was_in_sight_for_a_while_does_not_come_again(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    for _ in range(10):
        hints.look()
    office.desk.show_page("agencies")
    hints.look()
    office.settle()
    assert office.settings.hints_seen == {"bar_agency"}
    office.desk.show_page("questionnaire")
    hints.look()
    assert shown(office).name == "answer_line"


def test_the_agency_is_hinted_at_once_there_are_agencies_and_leaves_the_other_button_in_sight(
    at_work: AtWork, qapp: QApplication
) -> None:
    set_zoom(qapp, 100)
    office = at_work(small_dossier(agencies=(), people=(), meetings=(), answers=()))
    office.window.resize(1366, 768)
    begin(office)
    hint = shown(office)
    assert hint.name == "answer_line"
    hint.buttons[0].click()
    office.desk.controller.put(Agency(id="agency-nso", name="National Statistics Office", short="NSO"))
    office.settle()
    begin(office).look()
    hint, button = shown(office), office.part(QWidget, "bar_present")
    assert hint.name == "bar_agency"
    assert not hint.geometry().intersects(QRect(button.mapTo(office.window, QPoint(0, 0)), button.size()))
    assert not hint.geometry().intersects(office.window.menuBar().actionGeometry(office.window.menuBar().actions()[-1]))
    bar = office.window.top_bar
    assert hint.geometry().bottom() <= bar.mapTo(office.window, QPoint(0, bar.height() + 40)).y()
