"""Section weights are changed in place: kept exactly, undone, refused in words, dropped again."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from PySide6.QtWidgets import QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import assessment_results
from capacity_app.ui.pages.analyse.score_text import weight_text
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from tests.ui.analyse.test_scores import words_in
from tests.ui.office import Office

AtWork = Callable[..., Office]


@pytest.fixture
def office(at_work: AtWork) -> Office:
    return at_work()


def weights(office: Office) -> list[str]:
    return list(office.session.mission.weights)


def write_weight(office: Office, section: str, text: str) -> ScoresPage:
    page = office.page(ScoresPage, "scores")
    field = page.weights.fields[section]
    field.setFocus()
    field.selectAll()
    office.write(text)
    return page


def test_a_weight_is_taken_with_enter_and_changes_the_overall_score(office: Office) -> None:
    before = office.session.scorecard().overall.value
    page = write_weight(office, "iii", "2.5")
    assert weights(office) == [], "not while one is typing"
    office.press("Return")
    assert weights(office) == ["iii=5/2"]
    assert office.session.scorecard().overall.value != before
    assert assessment_results(office.session).own == {"iii": Fraction(5, 2)}
    assert "weight 2.5" in words_in(page.sections.rows["iii"].head)
    assert "weight 1" in words_in(page.sections.rows["i"].head)


def test_leaving_the_field_or_the_page_takes_the_weight(office: Office) -> None:
    write_weight(office, "iii", "3")
    office.press("Tab")
    assert weights(office) == ["iii=3"]
    write_weight(office, "i", "1/3")
    office.page(QWidget, "questionnaire")
    assert weights(office) == ["iii=3", "i=1/3"]


@pytest.mark.check
def test_a_weight_is_undone_and_redone_in_one_step(office: Office) -> None:
    page = write_weight(office, "iii", "2")
    office.press("Return")
    office.desk.controller.undo()
    office.settle()
    assert weights(office) == []
    assert page.weights.fields["iii"].text() == "1"
    office.desk.controller.redo()
    office.settle()
    assert weights(office) == ["iii=2"]
    assert page.weights.fields["iii"].text() == "2"


@pytest.mark.parametrize("text", ["twice", "-1", "1e9", "1/0"])
def test_what_cannot_be_read_is_refused_in_place_and_nothing_changes(office: Office, text: str) -> None:
    page = write_weight(office, "iii", text)
    office.press("Return")
    advice = page.weights.advice["iii"]
    assert advice.isVisible()
    assert "2, 0.5 or 1/2" in advice.text()
    assert page.weights.fields["iii"].accessibleDescription() == advice.text()
    assert page.weights.fields["iii"].text() == text, "what was typed stays to be mended"
    assert weights(office) == []
    write_weight(office, "iii", "0.5")
    office.press("Return")
    assert not advice.isVisible()
    assert weights(office) == ["iii=1/2"]


def test_the_last_section_that_counts_cannot_be_left_out(office: Office) -> None:
    write_weight(office, "i", "0")
    office.press("Return")
    page = write_weight(office, "iii", "0")
    office.press("Return")
    assert "At least one part must count" in page.weights.advice["iii"].text()
    assert weights(office) == ["i=0"]


def test_all_weights_are_dropped_at_once_and_come_back_with_undo(office: Office) -> None:
    page = office.page(ScoresPage, "scores")
    assert not page.weights.reset.isEnabled()
    for section in ("i", "iii"):
        write_weight(office, section, "2")
        office.press("Return")
    page.weights.reset.click()
    office.settle()
    assert weights(office) == []
    assert page.weights.fields["iii"].text() == "1"
    office.desk.controller.undo()
    office.settle()
    assert weights(office) == ["i=2", "iii=2"]


@pytest.mark.check
def test_weights_are_there_again_another_day(office: Office) -> None:
    write_weight(office, "iii", "1/3")
    office.press("Return")
    file = office.session.file
    office.come_back()
    office.open(file)
    assert office.page(ScoresPage, "scores").weights.fields["iii"].text() == "1/3"


@pytest.mark.parametrize(
    ("weight", "said"),
    [(Fraction(2), "2"), (Fraction(1, 2), "0.5"), (Fraction(1, 4), "0.25"), (Fraction(1, 3), "1/3")],
)
def test_weights_read_as_a_person_types_them(weight: Fraction, said: str) -> None:
    assert weight_text(Translator(), weight) == said
