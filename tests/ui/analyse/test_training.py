"""Training needs on the page: the table, what stands behind a topic, and an action made of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action
from capacity_app.services.session.demonstration import demonstration
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage, PlanView
from capacity_app.ui.pages.analyse.training_needs import TrainingColumn, TrainingList
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.lists_and_tables import FullHeightList
from tests.ui.office import Office

AtWork = Callable[..., Office]


def training(office: Office) -> TrainingList:
    page = office.page(GapsAndPlanPage, "gaps")
    page.tabs.setCurrentIndex(PlanView.TRAINING)
    office.settle()
    return page.training


def velmora(*, has_supplement: bool = True) -> Dossier:
    dossier = replace(demonstration()[0], previous=None, evidence=())
    if has_supplement:
        return dossier
    sections = tuple(section for section in dossier.instrument.sections if not section.supplement)
    known = {question.id for section in sections for question in section.questions}
    return replace(
        dossier,
        instrument=replace(dossier.instrument, sections=sections, supplements=(), contradictions=()),
        answers=tuple(answer for answer in dossier.answers if answer.key.address.question in known),
    )


def cell(tab: TrainingList, topic: str, part: TrainingColumn) -> str:
    model = tab.table.lines
    row = next(row for row, need in enumerate(model.rows) if need.topic.id == topic)
    return str(model.index(row, part).data())


def choose(tab: TrainingList, topic: str) -> None:
    model = tab.table.lines
    row = next(row for row, need in enumerate(model.rows) if need.topic.id == topic)
    tab.table.setCurrentIndex(model.index(row, TrainingColumn.TOPIC))


@pytest.mark.check
def test_a_topic_shows_where_it_is_what_is_wanted_and_for_whom(at_work: AtWork) -> None:
    tab = training(at_work(velmora()))
    assert cell(tab, "integration", TrainingColumn.LEVEL) == "0 → 2"
    assert cell(tab, "integration", TrainingColumn.PRIORITY) == "High"
    assert cell(tab, "integration", TrainingColumn.HELP) == "Training, Technical assistance, Equipment"
    assert cell(tab, "integration", TrainingColumn.WHO) == "StatVel"
    assert cell(tab, "integration", TrainingColumn.COURSE) == "no"
    assert cell(tab, "concepts", TrainingColumn.COURSE) == "yes"
    assert cell(tab, "estimation", TrainingColumn.COURSE) == "–"
    assert not office_advice(tab).isVisible()


def office_advice(tab: TrainingList) -> Card:
    found = tab.findChild(Card, "training_advice")
    assert isinstance(found, Card)
    return found


@pytest.mark.check
def test_without_the_supplement_the_page_says_how_to_get_it_and_what_is_known(at_work: AtWork) -> None:
    tab = training(at_work(velmora(has_supplement=False)))
    assert office_advice(tab).isVisible()
    assert any("Supplement T" in words.text() for words in office_advice(tab).findChildren(Label))
    assert all(
        tab.table.isColumnHidden(part)
        for part in (TrainingColumn.LEVEL, TrainingColumn.PRIORITY, TrainingColumn.HELP, TrainingColumn.WHO)
    )
    assert int(cell(tab, "estimation", TrainingColumn.POINTS)) > 0
    assert cell(tab, "census", TrainingColumn.COURSE) == "yes"


@pytest.mark.check
def test_an_action_is_made_of_a_need(at_work: AtWork) -> None:
    office = at_work(velmora())
    tab = training(office)
    choose(tab, "remittances")
    need = tab.table.current
    assert need is not None
    office.part(QPushButton, "training_plan").click()
    made = office.session.entries("actions")[-1]
    assert isinstance(made, Action)
    assert made.title.startswith("Remittances under BPM6 or BPM7: Have an adviser work with the team")
    assert made.type == "training"
    assert made.gaps == tuple(str(gap.address) for gap in need.gaps)
    assert made.note.startswith("For: ")
    page = office.desk.page("gaps")
    assert isinstance(page, GapsAndPlanPage)
    assert page.tabs.currentIndex() == PlanView.ACTIONS
    assert page.detail.action.current == made.id
    page.tabs.setCurrentIndex(PlanView.TRAINING)
    assert cell(tab, "remittances", TrainingColumn.ACTIONS) == "1"


@pytest.mark.check
def test_the_answers_behind_a_topic_are_one_key_away(at_work: AtWork) -> None:
    office = at_work(velmora())
    tab = training(office)
    choose(tab, "surveys")
    tab.table.setFocus()
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert str(office.desk.address) == "t.topics/surveys/level"


@pytest.mark.check
def test_a_low_answer_and_a_planned_action_lead_to_their_places(at_work: AtWork) -> None:
    office = at_work(velmora())
    tab = training(office)
    choose(tab, "integration")
    links = office.part(FullHeightList, "training_gaps")
    links.setFocus()
    links.choose(links.lines.rows[0].key)
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert str(office.desk.address) == "vii.integration"
    training(office)
    actions = office.part(FullHeightList, "training_actions")
    actions.setFocus()
    actions.choose("linkage-pilot")
    office.press("Return")
    page = office.desk.page("gaps")
    assert isinstance(page, GapsAndPlanPage)
    assert page.detail.action.current == "linkage-pilot"


@pytest.mark.check
def test_without_the_supplement_the_answers_are_the_record_of_courses(at_work: AtWork) -> None:
    office = at_work(velmora(has_supplement=False))
    training(office)
    office.part(QPushButton, "training_go").click()
    assert str(office.desk.address) == "v.training"
