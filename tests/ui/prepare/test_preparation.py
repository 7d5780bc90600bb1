"""The checklist before the first meeting: true of the file, and each line leads to its page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QPushButton

from capacity_app.domain.assessment.registers import Meeting, PreparationDecision
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]


def marks(page: MissionPage) -> str:
    return "".join(line.text()[0] for line in page.preparation.lines.values())


@pytest.mark.check
def test_a_step_is_done_once_the_file_says_so(at_work: AtWork) -> None:
    office = at_work(small_dossier(agencies=(), people=(), meetings=(), previous=None))
    page = office.page(MissionPage, "mission")
    assert marks(page) == "○○○○○○○"
    assert page.preparation.title.text() == "Before the first meeting: 0 of 7 steps done"


@pytest.mark.check
def test_the_agenda_is_done_when_every_part_is_planned(at_work: AtWork) -> None:
    met = Meeting(id="a", agencies=("agency-nso",), sections=("i", "ii"))
    office = at_work(small_dossier(meetings=(met,)))
    page = office.page(MissionPage, "mission")
    assert marks(page)[3] == "○"
    office.desk.controller.put(Meeting(id="b", agencies=("agency-moi",), sections=("iii",)))
    office.settle()
    assert marks(page)[3] == "✓"


@pytest.mark.check
def test_to_go_without_a_passphrase_is_a_decision_that_the_file_keeps_and_undo_takes_back(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(MissionPage, "mission")
    assert marks(page)[6] == "○"
    office.part(QPushButton, "decide_passphrase").click()
    assert office.session.mission.decisions == (PreparationDecision.NO_PASSPHRASE,)
    assert marks(page)[6] == "✓"
    office.desk.controller.undo()
    office.settle()
    assert marks(page)[6] == "○"


@pytest.mark.check
@pytest.mark.parametrize(
    ("name", "where"),
    [("agencies", "agencies"), ("agenda", "agenda"), ("forms", "agenda"), ("passphrase", "protection")],
)
def test_each_line_leads_to_its_page(at_work: AtWork, name: str, where: str) -> None:
    office = at_work()
    office.page(MissionPage, "mission")
    office.part(QPushButton, f"go_{name}").click()
    office.settle()
    assert office.desk.page_name == where


@pytest.mark.check
def test_the_previous_round_is_chosen_below_on_the_same_page(at_work: AtWork) -> None:
    office = at_work(small_dossier(previous=None))
    page = office.page(MissionPage, "mission")
    office.part(QPushButton, "go_previous").click()
    assert QApplication.focusWidget() is page.earlier.choose


@pytest.mark.check
def test_the_dates_of_the_visit_are_typed_below_and_then_the_step_is_done(at_work: AtWork) -> None:
    mission = replace(small_dossier().mission, start="", end="")
    office = at_work(replace(small_dossier(), mission=mission))
    page = office.page(MissionPage, "mission")
    office.part(QPushButton, "go_visit").click()
    office.write("30.11.2026")
    page.form.editor("end").setFocus()
    office.write("4.12.2026")
    page.form.editor("team").setFocus()
    office.settle()
    assert (office.session.mission.start, office.session.mission.end) == ("2026-11-30", "2026-12-04")
    assert marks(page)[0] == "✓"


@pytest.mark.check
def test_forms_are_written_for_all_agencies_once_each_has_its_own(at_work: AtWork) -> None:
    met = Meeting(id="a", agencies=("agency-nso",), sections=("i",))
    nso, other = (replace(one, form_sections=()) for one in small_dossier().agencies[:2])
    office = at_work(small_dossier(agencies=(replace(nso, form_sections=("i",)), other), meetings=(met,)))
    page = office.page(MissionPage, "mission")
    assert page.preparation.lines["forms"].text() == "○  Forms and letters are written for all agencies · 1 of 2"
    office.desk.controller.put(replace(met, agencies=(nso.id, other.id)))
    office.desk.controller.put(replace(other, form_sections=("i",)))
    office.settle()
    assert page.preparation.lines["forms"].text() == "✓  Forms and letters are written for all agencies"


@pytest.mark.check
def test_the_list_names_the_date_that_is_missing_and_leads_to_it_in_sight(at_work: AtWork) -> None:
    mission = replace(small_dossier().mission, start="2026-11-30", end="")
    office = at_work(replace(small_dossier(), mission=mission))
    office.window.resize(1366, 768)
    page = office.page(MissionPage, "mission")
    assert page.preparation.lines["visit"].text().endswith("Missing: End of the visit")
    office.part(QPushButton, "go_visit").click()
    editor = page.form.editor("end")
    assert office.focused() is editor.focusProxy()
    place = QRect(editor.mapTo(page.viewport(), QPoint(0, 0)), editor.size())
    assert page.viewport().rect().contains(place)


def test_tab_goes_from_one_date_of_the_visit_to_the_other(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(MissionPage, "mission")
    page.form.editor("start").setFocus()
    office.press("Tab")
    assert office.focused() is page.form.editor("end").focusProxy()
