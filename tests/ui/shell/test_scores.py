"""The scores page shows what was computed, opens every number, follows answers and explains what is missing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.answers import Address, AnswerKey, Content, Layer, State
from capacity_app.domain.comparison import compare
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Thresholds
from capacity_app.domain.scoring import Band, Status, score
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.scores.score_words import band_text, interval_text, section_sentence
from capacity_app.ui.scores.scores_page import ScoresPage
from tests.builders import small_dossier
from tests.domain.making import instrument, laid, question, say, section
from tests.ui.shell.office import Office

AtWork = Callable[..., Office]


def words_in(widget: object) -> str:
    assert hasattr(widget, "findChildren")
    return "\n".join(label.text() for label in widget.findChildren(Words) if label.isVisible())


def test_every_scored_section_stands_with_its_numbers(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    for entry in office.session.scorecard().sections:
        row = page.sections.rows[entry.section.id]
        name = row.head.accessibleName()
        assert entry.section.title in name
        if entry.published is not None:
            assert Texts().number(entry.published, 1) in name


def test_a_section_opens_to_its_arithmetic_by_keyboard_and_closes_again(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    row = page.sections.rows["i"]
    row.head.setFocus()
    office.press("Return")
    assert row.panel is not None
    assert row.panel.isVisible()
    shown = words_in(row.panel)
    assert "S = 100 × P ÷ A" in shown
    assert "C = A ÷ W" in shown
    office.press("Space")
    assert not row.panel.isVisible()


def test_a_part_leads_to_its_question(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    row = page.sections.rows["i"]
    row.head.click()
    assert row.panel is not None
    tree = row.panel.tree
    tree.setFocus()
    tree.setCurrentIndex(tree.model().index(1, 0))
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address == Address("i.plan")


@pytest.mark.parametrize("name", ["overall", "coverage", "verified", "evidence"])
def test_every_overall_figure_opens_to_its_arithmetic(at_work: AtWork, name: str) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    page.overall.figures[name].click()
    office.settle()
    assert "Σ w" in words_in(page.overall)
    page.overall.figures[name].click()
    office.settle()
    assert "Σ w" not in words_in(page.overall)


def test_the_lowest_section_opens_that_section(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    lowest = office.session.scorecard().overall.lowest
    page.overall.figures["lowest"].click()
    assert page.sections.rows[lowest].head.isChecked()


def test_an_answer_changes_the_numbers_while_they_are_shown(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    before = page.sections.rows["i"].head.accessibleName()
    key = AnswerKey(Address("i.how"), respondent="agency-nso")
    office.desk.bridge.record(key, Content(state=State.ANSWERED, value="online"))
    office.settle()
    assert page.sections.rows["i"].head.accessibleName() != before


def test_an_unanswered_assessment_says_how_scores_come_about(at_work: AtWork, blank: Dossier) -> None:
    office = at_work(blank)
    page = office.page(ScoresPage, "scores")
    assert "No scores yet" in words_in(page)
    office.part(QPushButton, "go_to_questionnaire", page).click()
    assert office.desk.page_name == "questionnaire"


def test_one_band_is_named_alone_and_two_as_a_range() -> None:
    texts = Texts()
    assert band_text(texts, (Band.EMERGING,)) == "◔  emerging"
    assert band_text(texts, (Band.EMERGING, Band.SUSTAINED)) == "◔ – ●  emerging to sustained"
    assert band_text(texts, ()) == ""


def test_no_interval_is_printed_where_nothing_is_open() -> None:
    texts = Texts()
    whole = laid(instrument(section("a", question("a.one"))), [say("a.one", 3)])
    entry = score(whole).sections[0]
    assert interval_text(texts, entry.score.lower, entry.score.upper) == ""


@pytest.mark.parametrize(
    ("answered", "status", "said"),
    [
        (4, Status.FIRM, "Firm: everything"),
        (3, Status.PROVISIONAL, "Provisional: 75%"),
        (1, Status.WITHHELD, "No score yet: 25%"),
    ],
)
def test_a_sentence_says_how_sure_a_score_is(answered: int, status: Status, said: str) -> None:
    names = [f"a.{number}" for number in range(4)]
    whole = instrument(section("a", *(question(name) for name in names)))
    entry = score(laid(whole, [say(name, 2) for name in names[:answered]])).sections[0]
    assert entry.status is status
    assert section_sentence(Texts(), Thresholds(), entry).startswith(said)


def test_a_section_that_does_not_apply_says_so() -> None:
    answers = [say("a.one", state=State.NOT_APPLICABLE, reason="No border.")]
    entry = score(laid(instrument(section("a", question("a.one"))), answers)).sections[0]
    assert "Nothing in this section applies" in section_sentence(Texts(), Thresholds(), entry)


def test_unfolding_a_grid_makes_room_for_its_cells(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    row = page.sections.rows["iii"]
    row.head.click()
    assert row.panel is not None
    tree = row.panel.tree
    folded = tree.sizeHint().height()
    tree.expand(tree.model().index(0, 0))
    assert tree.sizeHint().height() > folded
    assert tree.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def test_an_earlier_round_is_compared_over_what_both_answered(at_work: AtWork) -> None:
    dossier = small_dossier()
    key = AnswerKey(Address("i.plan"), Layer.JUDGEMENT)
    earlier_answers = tuple(
        replace(a, content=replace(a.content, value=0)) if a.key == key else a for a in dossier.answers
    )
    earlier = replace(dossier, answers=earlier_answers, mission=replace(dossier.mission, round="2012"))
    office = at_work(replace(dossier, previous=earlier))
    page = office.page(ScoresPage, "scores")
    row = page.sections.rows["i"]
    row.head.click()
    office.settle()
    assert row.panel is not None
    said = words_in(row.panel)
    assert "in round 2012" in said
    comparison = compare(earlier, office.session.dossier())
    change = next(change for change in comparison.sections if change.section.id == "i")
    assert change.before is not None
    assert change.after is not None
    assert change.before < change.after
    assert f"{Texts().number(change.before, 1)} in round 2012, {Texts().number(change.after, 1)} now" in said
