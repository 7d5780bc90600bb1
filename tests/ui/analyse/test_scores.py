"""The scores page shows what was computed, opens every number, follows answers and explains what is missing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import ScoreThresholds
from capacity_app.domain.scoring.round_comparison import compare_rounds
from capacity_app.domain.scoring.scores import Band, ScoreStatus, score_sheet
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import assessment_results
from capacity_app.ui.pages.analyse.score_text import band_text, interval_text, needed_sentence, section_sentence
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from capacity_app.ui.widgets.cards import Label
from tests.builders import small_dossier, small_instrument
from tests.domain.making import instrument, laid, question, say, section
from tests.ui.office import Office

AtWork = Callable[..., Office]
FAR_APART: dict[str, AnswerValue] = {"i.law": 3, "i.plan": 3, "i.published": "yes", "iii.topics": 0}
LAW_CONFLICT = AnswerKey(Address("i.law"), AnswerLayer.JUDGEMENT)


def words_in(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if label.isVisible())


def with_earlier_round(version: str = "1.0") -> Dossier:
    """Return the small assessment with a previous round in which the plan stood at 0."""
    dossier = small_dossier()
    key = AnswerKey(Address("i.plan"), AnswerLayer.JUDGEMENT)
    answers = tuple(replace(a, content=replace(a.content, value=0)) if a.key == key else a for a in dossier.answers)
    mission = replace(dossier.mission, round="2012")
    earlier = replace(dossier, answers=answers, mission=mission, instrument=small_instrument(version))
    return replace(dossier, previous=earlier)


def test_every_scored_section_stands_with_its_numbers(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    results = assessment_results(office.session)
    for entry in results.scorecard.sections:
        head = page.sections.rows[entry.section.id].head
        target = results.targets[entry.section.id]
        assert entry.section.title in head.accessibleName()
        assert target is not None
        assert f"target {Translator().number(target, 1)}" in words_in(head)
        if entry.published is not None:
            assert Translator().number(entry.published, 1) in head.accessibleName()


def test_the_score_says_out_of_what_and_where_its_level_begins_and_ends(at_work: AtWork) -> None:
    page = at_work().page(ScoresPage, "scores")
    assert "Score out of 100" in words_in(page.overall)
    levels = "Bands, out of 100: ○  absent (0.0–16.7) · ◔  emerging (16.7–50.0)"
    assert levels in words_in(page.overall)
    head = page.sections.rows["i"].head
    assert head.toolTip().startswith(levels)
    assert "emerging to established with gaps (limit: 50.0)" in words_in(head)


def test_a_formula_stands_below_its_sentence_and_its_letters_are_explained(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    page.overall.figures["overall"].click()
    office.settle()
    shown = words_in(page.overall)
    assert shown.index("Overall score: the mean") < shown.index("Σ w × S ÷ Σ w")
    assert "w: weight of a part" in shown


def test_a_section_opens_to_its_arithmetic_by_keyboard_and_closes_again(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    row = page.sections.rows["i"]
    row.head.setFocus()
    office.press("Return")
    assert row.panel is not None
    assert row.panel.isVisible()
    shown = words_in(row.panel)
    assert "100 × Σ w × T÷3 ÷ W" in shown
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


@pytest.mark.parametrize("name", ["overall", "interval", "coverage", "verified", "evidence"])
def test_every_overall_figure_opens_to_its_arithmetic_and_closes_again(at_work: AtWork, name: str) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    page.overall.figures[name].setFocus()
    office.press("Return")
    assert "Σ w" in words_in(page.overall)
    office.press("Return")
    assert "Σ w" not in words_in(page.overall)


def test_every_method_stands_with_its_arithmetic(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    shown = words_in(page.method)
    for formula in ("Σ S ÷ n", "Σ C × S ÷ Σ C", "(S₁ × … × Sₙ) ^ (1 ÷ n)"):
        assert formula in shown
    assert "3 ways" in shown
    assert "Σ w × S ÷ Σ w" not in shown, "nobody has chosen weights"


def test_methods_far_apart_are_said_to_be_not_robust(at_work: AtWork, blank: Dossier) -> None:
    office = at_work(replace(blank, answers=answered(small_dossier(), FAR_APART)))
    page = office.page(ScoresPage, "scores")
    assert not office.session.scorecard().overall.is_robust
    assert "The overall score is not robust." in page.method.sentence.text()


def test_the_lowest_section_opens_that_section(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    lowest = office.session.scorecard().overall.lowest
    page.overall.figures["lowest"].click()
    assert page.sections.rows[lowest].head.isChecked()


def test_level_three_without_evidence_is_counted_named_and_leads_to_its_answer(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    office.desk.controller.record(LAW_CONFLICT, Content(state=AnswerState.ANSWERED, value=3, reason="Passed."))
    law = small_dossier().evidence[0]
    office.desk.controller.remove("evidence", law.id)
    office.settle()
    assert "1 highest level lacks evidence" in words_in(page.overall.figures["verified"])
    assert "verified " in words_in(page.sections.rows["i"].head)
    page.overall.figures["verified"].click()
    office.settle()
    page.overall.unsupported.setFocus()
    page.overall.unsupported.choose("i.law")
    office.press("Return")
    assert office.desk.address == Address("i.law")


def test_with_evidence_for_every_level_three_nothing_is_listed(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    page.overall.figures["verified"].click()
    office.settle()
    assert not page.overall.unsupported.isVisible()
    assert "no highest level lacks evidence" in words_in(page.overall.figures["verified"])


def test_nothing_is_said_of_evidence_while_there_is_no_verified_score(at_work: AtWork, blank: Dossier) -> None:
    page = at_work(blank).page(ScoresPage, "scores")
    assert "evidence" not in words_in(page.overall.figures["verified"])


def test_an_answer_changes_the_numbers_while_they_are_shown(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ScoresPage, "scores")
    before = page.sections.rows["i"].head.accessibleName()
    key = AnswerKey(Address("i.how"), respondent="agency-nso")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="online"))
    office.settle()
    assert page.sections.rows["i"].head.accessibleName() != before


def test_an_unanswered_assessment_says_how_scores_come_about(at_work: AtWork, blank: Dossier) -> None:
    office = at_work(blank)
    page = office.page(ScoresPage, "scores")
    assert "No scores yet" in words_in(page)
    assert "when 50% of its weight is answered" in words_in(page)
    office.part(QPushButton, "go_to_questionnaire", page).click()
    assert office.desk.page_name == "questionnaire"


def test_before_the_first_answer_each_section_says_what_it_needs_and_leads_there(
    at_work: AtWork, blank: Dossier
) -> None:
    office = at_work(blank)
    page = office.page(ScoresPage, "scores")
    lines = {line.key: line.detail for line in page.empty.list.lines.rows}
    assert lines["i"] == "3 answers needed for a score."
    page.empty.list.setFocus()
    page.empty.list.choose("iii")
    office.press("Return")
    assert office.desk.address == Address("iii.topics", "a", "available")


def test_a_section_without_a_score_says_how_many_answers_it_needs(at_work: AtWork, blank: Dossier) -> None:
    office = at_work(replace(blank, answers=answered(small_dossier(), {"i.plan": 2, "iii.topics": 2})))
    page = office.page(ScoresPage, "scores")
    assert "2 more answers needed for a score" in words_in(page.sections.rows["i"].head)
    assert page.method.sentence.text() == "There is no overall score yet, so there is nothing to compare."
    assert "÷ n" not in words_in(page.method)
    assert words_in(page.overall.figures["lowest"]).split("\n")[1:] == ["–"]
    assert "Still without a score, with the answers they need: i (2)." in words_in(page.overall)


def answered(dossier: Dossier, values: dict[str, AnswerValue]) -> tuple[Answer, ...]:
    """Return these answers; a table's rows all get the same."""
    places = {"iii.topics": ("iii.topics/a/available", "iii.topics/b/available")}
    one = dossier.answers[0]
    given = (say(place, value) for name, value in values.items() for place in places.get(name, (name,)))
    made = [replace(answer, time=one.time, author=one.author, language="en") for answer in given]
    return tuple(sorted(made, key=lambda answer: answer.key))


def test_one_band_is_named_alone_and_two_as_a_range() -> None:
    texts = Translator()
    assert band_text(texts, (Band.EMERGING,)) == "◔  emerging (16.7–50.0)"
    assert band_text(texts, (Band.EMERGING, Band.SUSTAINED)) == "◔ – ●  emerging to sustained (limit: 50.0, 83.3)"
    assert band_text(texts, ()) == ""


def test_no_interval_is_printed_where_nothing_is_open() -> None:
    texts = Translator()
    whole = laid(instrument(section("a", question("a.one"))), [say("a.one", 3)])
    entry = score_sheet(whole).sections[0]
    assert interval_text(texts, entry.score.lower, entry.score.upper) == ""


@pytest.mark.parametrize(
    ("answered", "status", "said", "needed"),
    [
        (4, ScoreStatus.FIRM, "Firm: everything", ""),
        (3, ScoreStatus.PROVISIONAL, "Provisional: 75%", "1 more answer needed for a firm score"),
        (1, ScoreStatus.WITHHELD, "No score yet: 25%", "1 more answer needed for a score"),
        (0, ScoreStatus.WITHHELD, "No score yet: 0%", "2 more answers needed for a score"),
    ],
)
def test_a_sentence_says_how_sure_a_score_is_and_what_it_needs(
    answered: int, status: ScoreStatus, said: str, needed: str
) -> None:
    names = [f"a.{number}" for number in range(4)]
    whole = instrument(section("a", *(question(name) for name in names)))
    entry = score_sheet(laid(whole, [say(name, 2) for name in names[:answered]])).sections[0]
    assert entry.status is status
    assert section_sentence(Translator(), ScoreThresholds(), entry).startswith(said)
    assert needed_sentence(Translator(), ScoreThresholds(), entry).startswith(needed)
    assert bool(needed) == bool(needed_sentence(Translator(), ScoreThresholds(), entry))


def test_a_section_that_does_not_apply_says_so() -> None:
    answers = [say("a.one", state=AnswerState.NOT_APPLICABLE, reason="No border.")]
    entry = score_sheet(laid(instrument(section("a", question("a.one"))), answers)).sections[0]
    assert "Nothing in this part applies" in section_sentence(Translator(), ScoreThresholds(), entry)


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
    dossier = with_earlier_round()
    office = at_work(dossier)
    page = office.page(ScoresPage, "scores")
    assert dossier.previous is not None
    comparison = compare_rounds(dossier.previous, office.session.dossier())
    change = next(change for change in comparison.sections if change.section.id == "i")
    assert change.before is not None
    assert change.after is not None
    assert change.before < change.after
    then, now = Translator().number(change.before, 1), Translator().number(change.after, 1)
    assert f"round 2012: {then}, now {now}, over the {change.matched} items" in words_in(page.sections.rows["i"].head)
    page.sections.rows["i"].head.click()
    office.settle()
    assert page.sections.rows["i"].panel is not None
    assert "Round 2012, over what both rounds answered" in words_in(page.sections.rows["i"].panel)


def test_a_round_that_cannot_be_compared_is_not_drawn_and_says_why(at_work: AtWork) -> None:
    office = at_work(with_earlier_round("2.0"))
    page = office.page(ScoresPage, "scores")
    assert "Round 2012 answered another version of the questionnaire" in words_in(page.sections)
    assert "round 2012:" not in words_in(page.sections.rows["i"].head)


def test_an_earlier_round_that_cannot_be_read_does_not_take_the_scores_away(
    at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at_work(with_earlier_round())
    stored = office.session._earlier.stored
    assert stored is not None
    damaged = replace(office.session._earlier, stored=replace(stored, content="{not json"))
    monkeypatch.setattr(office.session, "_earlier", damaged)
    page = office.page(ScoresPage, "scores")
    problem = assessment_results(office.session).problem
    assert problem is not None
    assert problem.text() in words_in(page.sections)
    assert "target" in words_in(page.sections.rows["i"].head)
