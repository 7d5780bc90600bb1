"""The page that compares rounds shows what was lost first, and leads to every item that changed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.scoring.round_comparison import RoundChange, compare_rounds
from capacity_app.services.session.demonstration import demonstration
from capacity_app.ui.pages.analyse.comparison_page import ComparisonPage
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from tests.builders import small_dossier, small_instrument
from tests.domain.making import say
from tests.ui.office import Office

AtWork = Callable[[Dossier], Office]


def rounds(earlier: Dossier | None) -> Dossier:
    return small_dossier(previous=earlier)


def opened(office: Office) -> ComparisonPage:
    office.press("Ctrl+Shift+R")
    office.settle()
    return office.page(ComparisonPage, "comparison")


@pytest.mark.check
def test_counts_parts_and_items_are_those_of_the_comparison(at_work: AtWork) -> None:
    dossier = demonstration()[0]
    assert dossier.previous
    found = compare_rounds(dossier.previous, dossier)
    page = opened(at_work(dossier))
    assert str(found.matched) in page._sentence.text()
    assert len(page.sections.rows) == sum(1 for entry in found.sections if entry.before is not None)
    ways = (
        RoundChange.WORSE,
        RoundChange.LOST,
        RoundChange.NEWLY_NOT_APPLICABLE,
        RoundChange.IMPROVED,
        RoundChange.GAINED,
        RoundChange.SAME,
    )
    for place, way in enumerate(ways):
        page.items.tabs.setCurrentIndex(place)
        assert f"({found.count(way)})" in page.items.tabs.tabText(place)
        assert page.items.list.lines.rowCount() == found.count(way)
    assert page.alerts.lines.rowCount() == len(found.regressions) > 0


def test_a_person_goes_from_an_item_to_its_question_by_keyboard(at_work: AtWork) -> None:
    earlier = replace(small_dossier(id="earlier"), answers=(say("i.plan", 3, who="agency-nso"),))
    office = at_work(rounds(earlier))
    page = opened(office)
    assert page.items.tabs.currentIndex() == 0
    assert [line.key for line in page.items.list.lines.rows] == ["i.plan"]
    page.items.list.setFocus()
    page.items.list.choose("i.plan")
    office.press("Return")
    office.settle()
    assert office.desk.page_name == "questionnaire"
    assert str(office.desk.address) == "i.plan"
    assert office.page(QuestionnairePage, "questionnaire").isVisible()


def test_an_answer_changes_the_comparison_while_it_is_shown(at_work: AtWork) -> None:
    earlier = replace(small_dossier(id="earlier"), answers=(say("i.plan", 3, who="agency-nso"),))
    office = at_work(rounds(earlier))
    page = opened(office)
    key = say("i.plan", 3, layer=AnswerLayer.JUDGEMENT).key
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=3, reason="It was renewed."))
    office.settle()
    assert not any(line.key == "i.plan" for line in page.items.list.lines.rows)


def test_without_an_earlier_round_the_page_says_where_to_choose_one(at_work: AtWork) -> None:
    office = at_work(rounds(None))
    page = opened(office)
    button = page.findChild(QPushButton, "choose_earlier_round")
    assert button is not None
    assert button.isVisible()
    assert page._why_not.text() == "No previous round"
    button.click()
    office.settle()
    assert office.desk.page_name == "mission"


def test_a_round_of_another_main_version_is_not_compared_and_says_what_to_do(at_work: AtWork) -> None:
    office = at_work(rounds(small_dossier(small_instrument("2.0"), id="earlier")))
    page = opened(office)
    assert "cannot be compared" in page._why_not.text()
    assert "igrate" in page._what_then.text()
    assert not page.items.isVisible()
