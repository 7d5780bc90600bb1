"""From a gap to an action with a date, through the whole window and by keyboard; and what is left the next day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.planning.action_plan import build_plan, sort_by_time
from capacity_app.domain.questionnaire.instrument import Feasibility
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage, PlanView
from capacity_app.ui.session.settings import Settings
from tests.builders import DEVICE
from tests.ui.office import Office


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    settings = Settings(tmp_path / "settings.ini")
    settings.folder = settings.assessments_folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


def newest(office: Office) -> Action:
    action = office.session.entries("actions")[-1]
    assert isinstance(action, Action)
    return action


def turn_to(office: Office, bar: str, steps: int) -> None:
    """Go to the tabs of a page and some tabs on."""
    office.tab_to(bar)
    office.press(*["Right"] * steps)


def fill_in(office: Office, field: str, text: str) -> None:
    office.tab_to(f"field_{field}")
    office.write(text)
    office.press("Tab")


GAP = "iii.statistics/stateless"


def find_the_gap(office: Office) -> None:
    """Search a gap on the board, try out another feasibility, and plan an action for it."""
    office.desk.show_page("gaps")
    turn_to(office, "plan_view_0", 1)
    page = office.desk.page("gaps")
    assert isinstance(page, GapsAndPlanPage)
    office.tab_to("gaps_search")
    office.write("stateless")
    assert GAP in {str(gap.address) for gap in page.chosen()}
    office.tab_to("board_serious_effort")
    office.press("Ctrl+Left")
    rated = next(gap for gap in office.session.gaps()[0] if str(gap.address) == GAP)
    assert rated.feasibility is Feasibility.EASY
    office.press("Ctrl+Z")
    office.tab_to("gap_plan")
    office.press("Space")


def fill_the_form(office: Office) -> Action:
    """Return what is to be done, by whom and when."""
    assert newest(office).gaps == (GAP,)
    office.write("Count stateless persons in the census")
    combo = office.part(QComboBox, "field_responsible")
    office.tab_to("field_responsible")
    office.press("Down")
    assert newest(office).responsible == combo.currentData() != ""
    fill_in(office, "start", "2026-03-01")
    fill_in(office, "end", "2026-08-31")
    return newest(office)


def move_it_in_time(office: Office, made: Action) -> None:
    """Open the action from the timeline, let it end later and think better of it."""
    office.tab_to("plan_view_1")
    office.press("End", "Left", "Left")
    plan = office.desk.page("gaps")
    assert isinstance(plan, GapsAndPlanPage)
    office.tab_to("timeline")
    assert plan.timeline.current == made.id
    office.press("Return")
    assert plan.detail.action.current == made.id
    fill_in(office, "end", "2026-10-31")
    after = newest(office)
    assert (after.start, after.end) == ("2026-03-01", "2026-10-31")
    office.press("Ctrl+Z")
    assert newest(office) == made


@pytest.mark.check
def test_a_gap_becomes_an_action_on_the_timeline_and_is_there_the_next_day(tmp_path: Path, office: Office) -> None:
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office.open(file)
    find_the_gap(office)
    made = fill_the_form(office)
    assert made.title == "Count stateless persons in the census"
    assert (made.start, made.end) == ("2026-03-01", "2026-08-31")
    move_it_in_time(office, made)
    kept = office.session.entries("actions")

    office.come_back()
    office.press("Return")
    office.settle()
    assert office.session.entries("actions") == kept
    order = [
        one.action.id for one in sort_by_time(build_plan(office.session.dossier().actions, office.session.gaps()[0]))
    ]
    plan = office.page(GapsAndPlanPage, "gaps")
    plan.tabs.setCurrentIndex(PlanView.TIMELINE)
    turned = [bar.planned.action.id for bar in plan.timeline.rows.rows if bar.planned]
    assert turned == order
