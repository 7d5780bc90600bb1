"""Availability as an officer meets it in the window: from a tile to its answer, to its source, and into words."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import DataSource
from capacity_app.domain.scoring.data_availability import ServiceStatus
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.ui.pages.analyse.availability_page import ALL_TOPICS, AvailabilityPage
from capacity_app.ui.pages.prepare.registers_page import RegistersPage
from capacity_app.ui.question_widgets.grid_table import GridTable
from tests.builders import small_dossier
from tests.domain.making import instrument, question, section
from tests.domain.test_availability import SOURCES, whole
from tests.ui.office import Office

AtWork = Callable[[Dossier | None], Office]


@pytest.fixture
def at_demonstration(office: Office, tmp_path: Path, demonstration_file: Path) -> Office:
    """Open the demonstration in the whole window."""
    file = tmp_path / "velmora.assessment"
    shutil.copy(demonstration_file, file)
    office.open(file)
    return office


def page_of(office: Office) -> AvailabilityPage:
    return office.page(AvailabilityPage, "availability")


def dossier_of(*sources: DataSource, **more: object) -> Dossier:
    return replace(small_dossier(), instrument=whole(), answers=(), actions=(), ratings=(), sources=sources, **more)  # type: ignore[arg-type]


def answer(office: Office, place: str, value: object) -> None:
    content = Content(state=AnswerState.ANSWERED, value=value)  # type: ignore[arg-type]
    assert office.desk.controller.record(AnswerKey(Address.parse(place), respondent="agency-nso"), content)
    office.settle()


def facts(page: AvailabilityPage) -> dict[str, str]:
    return dict(page.topics.detail.detail.facts)


@pytest.mark.check
def test_enter_on_a_tile_leads_to_its_answer(at_demonstration: Office) -> None:
    office = at_demonstration
    office.desk.show_page("availability")
    page = office.desk.page("availability")
    assert isinstance(page, AvailabilityPage)
    office.tab_to("availability_map")
    office.press("Down", "Down", "Right")
    assert page.topics.map.place == ("iii.statistics/foreign-citizens", "census-2021")
    assert page.topics.detail.lead.text().startswith("Partial, level 2 of 3; 2021.")
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    grid: QWidget | None = office.focused()
    while grid is not None and not isinstance(grid, GridTable):
        grid = grid.parentWidget()
    assert grid is not None, "the cursor is not in the table"
    assert grid.here() == Address("iii.statistics", "foreign-citizens", "sources")


@pytest.mark.check
def test_a_source_leads_to_its_register_entry_by_heading_total_and_button(at_demonstration: Office) -> None:
    office = at_demonstration
    page = page_of(office)
    page.topics.map.headed.emit("lfs")
    office.settle()
    assert office.desk.page_name == "sources"
    page = page_of(office)
    page.topics.map.choose((ALL_TOPICS, "permits"))
    page.topics.map.setFocus()
    office.press("Return")
    assert office.desk.page_name == "sources"
    assert isinstance(office.desk.page("sources"), RegistersPage)
    page = page_of(office)
    page.topics.map.choose(("iii.statistics/foreign-born", "census-2021"))
    office.part(QPushButton, "availability_detail_open", page).click()
    assert office.desk.page_name == "sources"


def test_the_tile_is_told_in_words(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    page.topics.map.choose(("iii.statistics/stateless", "census-2021"))
    said = facts(page)
    assert said["Produced"] == "Estimated or ad hoc"
    assert said["Not broken down by"] == "Country of birth"
    assert said["Agency"] == "StatVel"
    assert said["Evidence"] == "statement only"
    assert said["Type of source"] == "Population census"
    page.topics.map.choose(("iii.statistics/foreign-born", "lfs"))
    assert "Named are: Population and Housing Census 2021" in page.topics.detail.lead.text()


def test_what_stands_out_is_told_first(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    assert page.topics.map.place == (ALL_TOPICS, ALL_TOPICS)
    said = facts(page)
    assert "III.1 20  Temporary mobility" in said["Without a source"]
    assert "Multiple Indicator Cluster Survey 2019" in said["Sources that serve no topic"]


def test_a_figure_narrows_the_map_to_what_it_counts_and_back(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    view = page.topics
    everything = len(view.map.heat.table.rows)
    view.figures["lacking"].click()
    titles = [head.key for head in view.map.heat.table.rows if not head.is_group]
    assert titles == [ALL_TOPICS, "iii.statistics/second-generation", "iii.statistics/temporary-mobility"]
    view.figures["idle"].click()
    assert [head.number for head in view.map.heat.table.columns] == ["", "S4", "S11", "S13"]
    view.figures["idle"].click()
    assert len(view.map.heat.table.rows) == everything


def test_another_grid_is_a_choice_away_and_all_of_them_too(at_demonstration: Office) -> None:
    view = page_of(at_demonstration).topics
    labels = [view.grid.itemText(number) for number in range(view.grid.count())]
    assert [label.split("  ")[0] for label in labels[:3]] == ["III.1", "IV.1", "IV.2"]
    view.grid.setCurrentIndex(2)
    assert view.map.heat.table.rows[2].number == "1.3.1"
    outs = [head for head in view.map.heat.table.rows if head.detail.startswith("not applicable")]
    assert len(outs) == 5
    row = view.map.heat.table.rows.index(outs[0])
    assert {view.map.heat.tile(row, column).sign for column in range(5)} == {"–"}
    view.grid.setCurrentIndex(view.grid.count() - 1)
    assert sum(1 for head in view.map.heat.table.rows if head.is_group) > 10


def test_a_change_shows_at_once_and_the_tile_looked_at_stays(at_work: AtWork) -> None:
    office = at_work(dossier_of(*SOURCES))
    page = page_of(office)
    page.topics.map.choose(("s.statistics/stock", "census"))
    assert page.topics.detail.lead.text() == "Nobody has said yet which sources serve this topic."
    answer(office, "s.statistics/stock/sources", ("census", "lost"))
    assert page.topics.map.place == ("s.statistics/stock", "census")
    assert page.topics.detail.lead.text().startswith("Not known yet")
    assert page.topics.figures["unregistered"].accessibleName().startswith("Sources not registered: 1.")
    last = page.topics.map.heat.table.columns[-1]
    assert (last.title, last.is_odd) == ("lost (not in the register)", True)


def test_an_unregistered_source_leads_to_where_it_is_named(at_work: AtWork) -> None:
    office = at_work(dossier_of(*SOURCES))
    page = page_of(office)
    answer(office, "s.statistics/stock/sources", ("lost",))
    page.topics.map.choose((ALL_TOPICS, "lost"))
    page.topics.map.setFocus()
    office.press("Return")
    assert office.desk.page_name == "questionnaire"


def test_without_sources_the_page_says_what_to_do_and_leads_there(at_work: AtWork) -> None:
    office = at_work(dossier_of())
    page = page_of(office)
    start = office.part(QPushButton, "availability_start", page)
    assert start.isVisible()
    start.click()
    assert office.desk.page_name == "questionnaire"


def test_a_source_registered_brings_the_map(at_work: AtWork) -> None:
    office = at_work(dossier_of())
    page = page_of(office)
    assert not page.topics.isVisible()
    office.desk.controller.put(DataSource(id="census", name="Census"))
    office.settle()
    assert page.topics.isVisible()
    assert {one.service for one in page.topics._matrix.topics} == {ServiceStatus.OPEN, ServiceStatus.OUT}


def test_an_instrument_that_asks_for_no_source_says_so(at_work: AtWork) -> None:
    plain = instrument(section("s", question("s.one")))
    office = at_work(replace(dossier_of(), instrument=plain))
    page = page_of(office)
    assert not page.topics.isVisible()
    assert not office.part(QPushButton, "availability_start", page).isVisible()
    page.tabs.setCurrentIndex(1)
    assert page.children_view.isVisible()
    assert page.children_view.map.place is None


# -- children ---------------------------------------------------------------------------------------------------------


def test_without_the_supplement_the_core_tells_what_it_knows(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    page.tabs.setCurrentIndex(1)
    view = page.children_view
    assert view.note.isVisible()
    assert set(view.figures) == {"statistics", "answers"}
    assert view.figures["statistics"].accessibleName() == "Statistics by age and sex: 12 of 18. 67% of all"
    rows = view.map.heat.table.rows
    assert [rows[0].title, rows[1].number, rows[2].title] == [
        "Statistics on children",
        "III.1 18",
        "All other statistics",
    ]
    view.map.setFocus()
    at_demonstration.press("End", "Return")
    assert at_demonstration.desk.page_name == "questionnaire"


@pytest.mark.check
def test_with_the_supplement_age_groups_by_sex_lead_to_their_answers(at_work: AtWork) -> None:
    made, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc", ("CH",))
    assert made is not None
    office = at_work(replace(dossier_of(*SOURCES), instrument=made))
    page = page_of(office)
    page.tabs.setCurrentIndex(1)
    view = page.children_view
    assert not view.note.isVisible()
    for age, value in (("age-0-4", "by-sex"), ("age-5-9", "together"), ("age-10-14", "no")):
        answer(office, f"ch.age-sex/immigration/{age}", value)
    answer(office, "ch.age-cut", "under-18")
    answer(office, "ch.tabulations/latest/age-by-sex", 25)
    assert view.figures["groups"].accessibleName() == "Age groups by sex: 1 of 3. 0–17: persons under 18"
    row = next(n for n, head in enumerate(view.map.heat.table.rows) if head.key == "ch.age-sex/immigration")
    assert [view.map.heat.tile(row, column).sign for column in range(4)] == ["●", "◑", "○", "?"]
    view.map.choose(("ch.age-sex/immigration", "age-5-9"))
    assert view.detail.lead.text() == "Both sexes together."
    view.figures["answers"].click()
    assert view.list.isVisible()
    view.list.choose("ch.tabulations/latest")
    view.list.setFocus()
    office.press("Return")
    assert office.desk.page_name == "questionnaire"


def test_all_answers_about_children_are_a_list(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    page.tabs.setCurrentIndex(1)
    view = page.children_view
    view.figures["answers"].click()
    titles = [line.title for line in view.list.lines.rows]
    assert titles[0] == "III.1 18  Migrant children aged 0-17"
    assert len(titles) == 10


def test_in_a_narrow_window_the_words_stand_below_the_map(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    view = page.topics
    wide = view.detail.mapTo(page, view.detail.rect().topLeft())
    assert wide.x() > view.map.mapTo(page, view.map.rect().topRight()).x()
    at_demonstration.window.resize(820, 820)
    at_demonstration.settle()
    QTest.qWait(10)
    below = view.detail.mapTo(page, view.detail.rect().topLeft())
    assert below.y() > view.map.mapTo(page, view.map.rect().bottomLeft()).y()


@pytest.mark.check
def test_mirrored_the_words_stand_on_the_other_side(at_demonstration: Office) -> None:
    page = page_of(at_demonstration)
    at_demonstration.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    at_demonstration.settle()
    view = page.topics
    assert (
        view.detail.mapTo(page, view.detail.rect().topRight()).x() < view.map.mapTo(page, view.map.rect().topLeft()).x()
    )
