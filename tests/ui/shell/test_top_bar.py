"""The top bar: whose answers are recorded, what is safe, the menu of the country, and texts that are shortened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Agency
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from capacity_app.ui.shell.floating_card import AgencyChooser
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets.banners import Banner
from capacity_app.ui.widgets.text_fields import LineField
from tests.builders import file_of, small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]


def press_pill(office: Office) -> AgencyChooser:
    """Click on the agency in the top bar."""
    QTest.mouseClick(office.window.top_bar.agency, Qt.MouseButton.LeftButton)
    office.settle()
    return office.part(AgencyChooser, "agency_chooser")


def banner_buttons(office: Office) -> dict[str, QPushButton]:
    banners = office.window.findChildren(Banner)
    return {b.text(): b for banner in banners for b in banner.findChildren(QPushButton) if b.isVisible()}


def on_an_earlier_day(office: Office, file: Path) -> None:
    """Have the settings remember that the file was open yesterday."""
    office.leave()
    yesterday = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011 - a day of this computer
    office.settings.update(file, opened=yesterday)
    office.settings.sync()
    office.come()


def test_an_agency_is_chosen_by_keyboard_and_the_cursor_is_back_in_the_question(at_work: AtWork) -> None:
    office = at_work()
    office.desk.show_address(Address("ii.staff"))
    before = office.focused()
    press_pill(office)
    office.press("Down", "Return")
    assert office.desk.controller.respondent == "agency-moi"
    assert office.window.top_bar.agency.full_text == "Recording for: MoI"
    assert office.focused() is before


def test_a_new_agency_is_added_or_cancelled(at_work: AtWork) -> None:
    office = at_work()
    count = len(office.session.entries("agencies"))
    chooser = press_pill(office)
    chooser.add.click()
    office.write("Border Guard")
    office.part(QPushButton, "agency_cancel").click()
    assert chooser.list.isVisible()
    assert len(office.session.entries("agencies")) == count
    chooser.add.click()
    office.part(LineField, "agency_name").clear()
    office.write("Border Guard")
    office.press("Return")
    assert office.session.entries("agencies")[-1].id == office.desk.controller.respondent
    assert office.window.top_bar.agency.full_text == "Recording for: Border Guard"


def test_without_an_agency_the_pill_asks_for_the_first(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), agencies=(), answers=()))
    assert office.window.top_bar.agency.full_text == "Choose an agency"
    press_pill(office)
    office.write("Census Office")
    office.press("Return")
    assert office.window.top_bar.agency.full_text == "Recording for: Census Office"


def test_after_the_first_agency_is_added_the_cursor_is_in_the_page_and_in_sight(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), agencies=(), answers=()))
    office.focused().clearFocus()
    press_pill(office)
    office.write("Census Office")
    office.press("Return")
    office.settle()
    assert office.desk.questionnaire().isAncestorOf(office.focused())
    assert not office.focused().visibleRegion().isEmpty()
    office.desk.controller.remove("agencies", office.desk.controller.respondent)
    office.desk.show_page("report")
    last = office.part(QPushButton, "report_browse")
    last.setFocus()
    press_pill(office)
    office.write("Border Guard")
    office.press("Return")
    assert office.focused() is last
    assert not last.visibleRegion().isEmpty()


def test_many_agencies_are_found_by_name(at_work: AtWork) -> None:
    agencies = tuple(Agency(id=f"agency-{number}", name=f"Office {number}") for number in range(12))
    office = at_work(replace(small_dossier(), agencies=agencies, answers=()))
    press_pill(office)
    office.write("office 11")
    office.press("Return")
    assert office.desk.controller.respondent == "agency-11"


def test_escape_and_a_click_elsewhere_change_nothing(at_work: AtWork) -> None:
    office = at_work()
    press_pill(office)
    office.press("Esc")
    assert not office.window.findChildren(AgencyChooser)
    press_pill(office)
    office.desk.show_page("mission")
    office.settle()
    assert not office.window.findChildren(AgencyChooser)
    assert office.desk.controller.respondent == "agency-nso"


def test_the_agency_is_remembered_and_another_day_asks_once(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    office.desk.record_for("agency-moi")
    office.come_back()
    office.open(file)
    assert office.desk.controller.respondent == "agency-moi"
    assert office.desk.banners.sentences() == ()
    on_an_earlier_day(office, file)
    office.open(file)
    assert office.desk.controller.respondent == "agency-moi"
    assert office.desk.banners.sentences() == ("Who answers now? Answers are recorded for MoI.",)
    banner_buttons(office)["Choose another agency…"].click()
    office.settle()
    office.press("Up", "Return")
    assert office.desk.controller.respondent == "agency-nso"
    assert office.desk.banners.sentences() == ()


def test_a_change_of_agency_nobody_chose_is_told_with_the_way_back(at_work: AtWork) -> None:
    office = at_work()
    office.desk.controller.respondent = "agency-moi"
    assert office.desk.banners.sentences() == ("Answers are now recorded for MoI.",)
    banner_buttons(office)["Record for NSO"].click()
    assert office.desk.controller.respondent == "agency-nso"
    assert office.desk.banners.sentences() == ()


def test_an_agency_that_is_removed_is_not_recorded_for(at_work: AtWork) -> None:
    office = at_work()
    office.desk.controller.remove("agencies", "agency-nso")
    assert office.desk.controller.respondent == "agency-moi"


@pytest.mark.check
def test_the_menu_of_the_country_leads_to_what_concerns_the_file(at_work: AtWork) -> None:
    office = at_work()
    menu = office.window.top_bar.menu
    for action in menu.actions():
        if action.objectName() in {"action_mission", "action_protection", "action_backups", "action_everything"}:
            action.trigger()
            assert f"action_{office.desk.page_name}" == action.objectName()
    assert office.session.file.name in menu.actions()[0].text()
    assert {"action_save_copy", "action_show_folder", "action_blank", "action_versions"} < {
        action.objectName() for action in menu.actions()
    }


@pytest.mark.parametrize(("language", "zoom"), [("en", 100), ("en", 200), (PSEUDO, 200)])
def test_no_part_of_the_bar_is_clipped(
    tmp_path: Path, office: Office, qapp: QApplication, language: str, zoom: int
) -> None:
    office.leave()
    office.texts = Translator(language)
    office.come()
    set_zoom(qapp, zoom)
    office.window.resize(1366, 740)
    office.open(file_of(tmp_path))
    office.settle()
    bar = office.window.top_bar
    buttons = [button for button in bar.findChildren(QAbstractButton) if button.isVisible()]
    assert len(buttons) == 6
    if language == "en":
        assert bar.search.text() == "Search or command"
    for before, after in pairwise(buttons):
        assert not before.geometry().intersects(after.geometry())
    for button in buttons:
        assert bar.rect().contains(button.geometry()), button.objectName()
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width()
        assert button.accessibleName()


@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_the_search_field_shows_its_key_where_there_is_room(office: Office, language: str) -> None:
    office.leave()
    office.texts = Translator(language)
    office.come()
    search = office.window.top_bar.search
    search.resize(400, search.height())
    assert search.shows_key
    with_key = search.grab().toImage()
    key, search.key = search.key, ""
    assert search.grab().toImage() != with_key
    assert "Ctrl+K" in key
    search.key = key
    search.resize(search.full_width() + 4, search.height())
    assert not search.shows_key


def test_on_the_start_page_only_search_and_name_are_shown(office: Office) -> None:
    bar = office.window.top_bar
    shown = {button.objectName() for button in bar.findChildren(QAbstractButton) if button.isVisible()}
    assert shown == {"bar_search", "bar_author"}


def test_the_bar_and_the_title_follow_a_change_of_the_mission(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(MissionPage, "mission")
    line = page.form.editor("round").findChild(QLineEdit) or page.form.editor("round")
    line.setFocus()
    office.press("Ctrl+A")
    office.write("2031")
    office.press("Tab")
    assert office.session.mission.round == "2031"
    assert "2031" in office.window.windowTitle()
    assert "2031" in office.window.top_bar.country.toolTip()
