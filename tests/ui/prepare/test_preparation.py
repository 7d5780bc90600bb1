"""The checklist before the first meeting: true of the file, and each line leads to its page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
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
