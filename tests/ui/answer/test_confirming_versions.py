"""Answers of an earlier version of the questions: shown with the changed wording, confirmed, let go, never counted."""

from collections.abc import Callable

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState
from capacity_app.domain.assessment.findings import FindingKind
from capacity_app.domain.assessment.quality import check_quality
from capacity_app.domain.assessment.registers import RetiredAnswerStatus
from capacity_app.domain.problems import KnownError
from capacity_app.services.session.assessment_session import OPENED_TO_READ
from capacity_app.services.session.change_sets import kept_answers
from capacity_app.ui.pages.answer.tree_model import FilteredQuestions, QuestionFilter
from capacity_app.ui.question_widgets.earlier_answers import ConfirmStrip
from capacity_app.ui.question_widgets.panel_cards import RetiredAnswerCard
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.running_text import TextRunTone
from tests.libraries import answered_first, as_migrated, lay_out_versions
from tests.ui.driving import Desk

Open = Callable[..., Desk]


@pytest.fixture
def desk(desk_on: Open) -> Desk:
    lay_out_versions()
    made = desk_on(as_migrated(answered_first()))
    made.controller.respondent = "agency-nl"
    return made


def strip(desk: Desk, where: str) -> ConfirmStrip:
    found = desk.card(where).offer.strip
    assert found is not None
    return found


def cards(desk: Desk) -> list[RetiredAnswerCard]:
    """Show the panel with the answers and give the cards of the earlier version."""
    desk.page.inspector.tabs.setCurrentIndex(1)
    desk.page.inspector.follow_now()
    return desk.page.inspector.answers.findChildren(RetiredAnswerCard)


def button(card: RetiredAnswerCard, name: str) -> FlatButton:
    return next(one for one in card.findChildren(FlatButton) if one.objectName().startswith(name))


def test_the_strip_shows_the_old_answer_and_what_is_worded_differently(desk: Desk) -> None:
    desk.go("r.survey")
    shown = strip(desk, "r.survey")
    assert shown.isVisible()
    assert shown.said.text() == ("To confirm, answered under version 1.0: 2 – A survey every few years. Still so?")
    (wording,) = [one for one in shown.differences if one.isVisible()]
    added = [run.text for run in wording._runs if run.tone is TextRunTone.ADDED]
    assert "".join(added).strip() == ", and people who never come,"
    assert "Are readers asked what they need?" in wording.accessibleName()
    assert [one.isVisible() for one in shown.buttons] == [True, True]


def test_c_confirms_with_note_and_evidence_and_one_undo_brings_it_back(desk: Desk) -> None:
    desk.go("r.survey")
    before = set(kept_answers(desk.session))
    desk.press("C")
    said = desk.said("r.survey", "agency-nl")
    assert (said.value, said.note, said.evidence) == (2, "Last one in 2015", ("evidence-1",))
    assert len(kept_answers(desk.session)) == len(before) - 1
    assert not strip(desk, "r.survey").isVisible()
    assert desk.controller.undo_stack.count() == 1
    desk.controller.undo()
    assert desk.said("r.survey", "agency-nl").is_empty
    assert set(kept_answers(desk.session)) == before
    assert strip(desk, "r.survey").isVisible()


def test_nothing_counts_before_it_is_confirmed(desk: Desk) -> None:
    desk.go("r.survey")
    section = desk.session.instrument.sections[0]
    answered = desk.controller.session.sheet.section_counts(section).answered
    desk.press("C")
    assert desk.controller.session.sheet.section_counts(section).answered == answered + 1


def test_another_answer_takes_the_offer_away_and_loses_nothing(desk: Desk) -> None:
    desk.go("r.survey")
    before = kept_answers(desk.session)
    desk.press("3")
    assert not strip(desk, "r.survey").isVisible()
    assert kept_answers(desk.session) == before
    assert [len(card.findChildren(FlatButton)) for card in cards(desk)] == [2, 2, 0]
    desk.controller.undo()
    assert strip(desk, "r.survey").isVisible()


def test_it_can_be_kept_as_what_was_said_then(desk: Desk) -> None:
    desk.go("r.survey")
    strip(desk, "r.survey").buttons[1].click()
    desk.settle()
    assert not strip(desk, "r.survey").isVisible()
    own = [one for one in kept_answers(desk.session) if one.respondent == "agency-nl" and one.address == "r.survey"]
    assert [(one.fate, one.target) for one in own] == [(RetiredAnswerStatus.RETIRED, "")]
    desk.controller.undo()
    assert strip(desk, "r.survey").isVisible()


def test_what_others_said_is_confirmed_in_the_panel_in_their_name(desk: Desk) -> None:
    desk.go("r.survey")
    assert "Assessor’s judgement, MoC" in desk.card("r.survey")._lines["others"].text()
    found = {card.findChildren(FlatButton)[0].accessibleName(): card for card in cards(desk)}
    button(found["Confirm the earlier answer of MoC"], "confirm_kept").click()
    desk.settle()
    assert desk.said("r.survey", "agency-moc").value == 1
    assert desk.said("r.survey", "agency-nl").is_empty
    found = {card.findChildren(FlatButton)[0].accessibleName(): card for card in cards(desk)}
    button(found["Confirm the earlier answer of Assessor’s judgement"], "confirm_kept").click()
    judged = desk.session.content(AnswerKey(Address("r.survey"), AnswerLayer.JUDGEMENT))
    assert (judged.value, judged.reason) == (2, "Seen the report")


def test_of_two_offers_a_person_chooses_one_and_the_other_is_kept(desk: Desk) -> None:
    desk.go("r.visits/central/frequency")
    assert strip(desk, "r.visits").said.text() == "To confirm, one of 2 under version 1.0: Once a year. Is it this one?"
    second = cards(desk)[1]
    button(second, "confirm_kept").click()
    desk.settle()
    assert desk.said("r.visits/central/frequency", "agency-nl").value == "often"
    rest = [one for one in kept_answers(desk.session) if one.address == "r.visits/main/frequency"]
    assert [one.fate for one in rest] == [RetiredAnswerStatus.RETIRED]


def test_confirming_all_leaves_out_where_a_choice_is_to_be_made(desk: Desk) -> None:
    desk.go("r.survey")
    page = desk.page.page()
    ask = page.findChild(FlatButton, "confirm_all")
    assert ask is not None
    assert ask.isVisible()
    page._confirm_all()
    desk.settle()
    assert desk.said("r.survey", "agency-nl").value == 2
    assert desk.said("r.visits/central/frequency", "agency-nl").state is AnswerState.NOT_ASKED


def test_the_filter_keeps_the_questions_where_something_waits(desk: Desk) -> None:
    sieve = FilteredQuestions(desk.controller)
    assert QuestionFilter.TO_CONFIRM in sieve.offered()
    assert sieve.kept(QuestionFilter.TO_CONFIRM) == {"r.survey", "r.visits"}
    desk.controller.respondent = "agency-moc"
    assert "r.survey" in sieve.kept(QuestionFilter.TO_CONFIRM)


def test_the_check_counts_each_answer_that_waits_once(desk: Desk) -> None:
    found = check_quality(desk.session.dossier(), desk.session.sheet)
    (finding,) = [one for one in found if one.kind is FindingKind.CONFIRM]
    assert dict(finding.problem.values)["count"] == "4"
    assert finding.address == Address("r.survey")


def test_a_file_that_may_not_be_changed_offers_nothing(desk: Desk) -> None:
    desk.go("r.survey")
    desk.session.read_only_reason = KnownError(OPENED_TO_READ)
    desk.page.page().mark_stale()
    assert not strip(desk, "r.survey").isVisible()
    desk.page.inspector.answers.mark_stale()
    shown = cards(desk)
    assert len(shown) == 3
    assert [one for card in shown for one in card.findChildren(FlatButton)] == []
