"""The panel's answers: every agency beside the others, settling a conflict, signing, the round before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.ui.pages.answer.answers_tab import PreviousRoundCard
from capacity_app.ui.pages.answer.judgement_editor import JudgementEditor
from capacity_app.ui.question_widgets.panel_cards import SpeakerCard
from tests.builders import dated, small_dossier
from tests.domain.making import say
from tests.ui.answer.looking import ANSWERS, button, look_at, part, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def card(tab: QWidget, agency: str) -> SpeakerCard:
    return part(tab, SpeakerCard, f"voice response {agency}")


def earlier(*answers: Answer, **more: object) -> Dossier:
    before = replace(small_dossier(), id="1b2f4f6e-0000-4000-8000-000000000001", answers=dated(answers, "P. Before"))
    return replace(before, mission=replace(before.mission, round="2015"), **more)  # type: ignore[arg-type]


def test_every_agency_stands_beside_the_others_with_who_when_note_and_grade(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", ANSWERS)
    nso, moi = shown(card(tab, "agency-nso")), shown(card(tab, "agency-moi"))
    assert "3 – all" in nso
    assert "≠ Differs from: MoI" in nso
    assert "Note: Loi n° 12 – «adoptée»" in nso
    assert "E1, document or link named: Statistics Act" in nso
    assert "A. Officer" in nso
    assert "27 Nov 2018" in nso
    assert "≠ Differs from: NSO" in moi
    assert "E0, statement only" in moi
    assert part(tab, QWidget, "conflict").isVisible()


def test_an_answer_is_adopted_and_counts_only_with_its_reason(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", ANSWERS)
    button(card(tab, "agency-moi"), "Use this answer").click()
    desk.settle()
    assert "Not saved: a reason is required" in shown(tab)
    assert desk.said("i.law", layer=AnswerLayer.JUDGEMENT).is_empty
    assert desk.session.sheet.blocks["i.law"].whole.conflict == (1, 3)
    desk.write("Only a draft exists")
    desk.press("Tab")
    judged = desk.said("i.law", layer=AnswerLayer.JUDGEMENT)
    assert (judged.value, judged.reason) == (1, "Only a draft exists")
    assert "Not saved" not in shown(tab)
    desk.go("i.plan")
    tab = look_at(desk, "i.law", ANSWERS)
    assert "= As: Assessor’s judgement" in shown(card(tab, "agency-moi"))
    assert "≠ Differs from: Assessor’s judgement" in shown(card(tab, "agency-nso"))
    assert tab.findChild(QWidget, "conflict") is None
    desk.controller.undo()
    assert desk.session.sheet.blocks["i.law"].whole.conflict == (1, 3)


def test_the_panel_advises_on_the_cell_and_not_on_the_whole_table(desk_on: Open) -> None:
    desk = desk_on()
    for agency, level in (("agency-nso", 2), ("agency-moi", 1)):
        for row in ("a", "c"):
            key = AnswerKey(Address("iii.topics", row, "available"), respondent=agency)
            desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=level))
    judged = AnswerKey(Address("iii.topics", "a", "available"), AnswerLayer.JUDGEMENT)
    desk.controller.record(judged, Content(state=AnswerState.ANSWERED, value=1, reason="Seen on paper."))
    advice = desk.page.inspector.advice
    desk.go("iii.topics/c/available")
    desk.page.inspector.follow_now()
    assert "Agencies disagree" in advice.text()
    desk.go("iii.topics/a/available")
    desk.page.inspector.follow_now()
    assert "Agencies disagree" not in advice.text()


def test_a_draft_waits_for_its_reason_while_one_looks_elsewhere(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", ANSWERS)
    button(card(tab, "agency-nso"), "Use this answer").click()
    look_at(desk, "i.published", ANSWERS)
    tab = look_at(desk, "i.law", ANSWERS)
    assert "Not saved" in shown(tab)
    editor = part(tab, JudgementEditor, "edit judgement")
    assert editor.content().value == 3
    button(editor, "Withdraw").click()
    desk.settle()
    assert "Not saved" not in shown(tab)
    assert part(tab, QPushButton, "begin judgement").isVisible()


def test_a_recorded_judgement_does_not_lose_its_reason(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", ANSWERS)
    editor = part(tab, JudgementEditor, "edit judgement")
    editor.reason.field.setFocus()
    desk.press("Ctrl+A", "Backspace", "Tab")
    assert desk.said("i.plan", layer=AnswerLayer.JUDGEMENT).reason == "The plan has expired."
    assert "needs a reason" in shown(editor)


def test_what_was_typed_into_an_unsigned_judgement_is_in_the_note_after_closing(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "ii.name", ANSWERS)
    button(tab, "Record a judgement").click()
    desk.settle()
    desk.write("Statistics Act")
    desk.come_back()
    judged = desk.said("ii.name", layer=AnswerLayer.JUDGEMENT)
    assert (judged.state, judged.note) == (AnswerState.NOT_ASKED, "Statistics Act")


def test_an_agency_withdraws_and_the_note_stays(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", ANSWERS)
    part(card(tab, "agency-nso"), QAbstractButton, "take_back agency-nso").click()
    desk.settle()
    said = desk.said("i.law", who="agency-nso")
    assert (said.state, said.note) == (AnswerState.NOT_ASKED, "Loi n° 12 – «adoptée»")
    assert desk.session.sheet.blocks["i.law"].whole.value == 1
    desk.controller.undo()
    assert desk.said("i.law", who="agency-nso").value == 3


def test_an_answer_is_changed_in_its_agencys_name_in_the_question(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", ANSWERS)
    button(card(tab, "agency-moi"), "Change").click()
    desk.settle()
    assert desk.controller.respondent == "agency-moi"
    assert desk.here() == "i.law"
    desk.press("3")
    assert desk.said("i.law", who="agency-moi").value == 3


# -- rows and tables ---------------------------------------------------------------------------------------------------

DIFFERING = (
    say("iii.topics/a/available", 2, who="agency-nso"),
    say("iii.topics/a/available", 0, who="agency-moi"),
    say("iii.topics/b/remark", "Since 2012", who="agency-nso"),
)


def test_a_table_names_where_agencies_differ_and_leads_there(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated(DIFFERING)))
    look_at(desk, "iii.topics/a/available", ANSWERS)
    desk.page.inspector.show_address(Address("iii.topics"))
    desk.page.inspector.follow_now()
    desk.settle()
    tab = desk.page.inspector.answers
    said = shown(tab)
    assert "≠ Agencies disagree in 1 place:" in said
    assert "2 of 6 answers are given." in said
    part(tab, QAbstractButton, "cell iii.topics/a/available").click()
    desk.settle()
    assert desk.here() == "iii.topics/a/available"
    desk.page.inspector.follow_now()
    desk.settle()
    assert "≠ Agencies disagree" in shown(tab)


def test_a_row_says_who_answered_what_in_each_column(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated(DIFFERING)))
    look_at(desk, "iii.topics/a/available", ANSWERS)
    desk.page.inspector.show_address(Address("iii.topics", "a"))
    desk.page.inspector.follow_now()
    desk.settle()
    said = shown(desk.page.inspector.answers)
    assert "MoI: Level 0" in said
    assert "NSO: Level 2" in said
    assert "Since 2012" not in said


# -- the round before --------------------------------------------------------------------------------------------------


def test_the_round_before_tells_who_said_what_then_and_what_has_become_of_it(desk_on: Open) -> None:
    before = earlier(
        say("i.law", 1, who="agency-nso", note="A bill", evidence=("evidence-law",)),
        say("i.law", 2, layer=AnswerLayer.JUDGEMENT, reason="The bill was passed"),
    )
    now = (say("i.law", 3, who="agency-nso"),)
    desk = desk_on(replace(small_dossier(), previous=before, answers=dated(now)))
    tab = look_at(desk, "i.law", ANSWERS)
    shown_card = part(tab, PreviousRoundCard, "earlier_round")
    assert "2 – much" in shown(shown_card)
    assert "↑ Since then: improved" in shown(shown_card)
    assert "A bill" not in shown(shown_card)
    part(shown_card, QAbstractButton, "earlier_voices").click()
    desk.settle()
    said = shown(shown_card)
    for expected in ("1 – some", "Note: A bill", "document or link named: Statistics Act", "The bill was passed"):
        assert expected in said
    assert "P. Before" in said


@pytest.mark.parametrize(("value", "word"), [(1, "↓ Since then: worse"), (2, "= Since then: same")])
def test_what_has_become_of_an_answer_is_said_in_words(desk_on: Open, value: int, word: str) -> None:
    now = (say("i.law", value, who="agency-nso"),)
    before = earlier(say("i.law", 2, who="agency-nso"))
    desk = desk_on(replace(small_dossier(), previous=before, answers=dated(now)))
    assert word in shown(look_at(desk, "i.law", ANSWERS))


def test_an_earlier_answer_is_confirmed_as_unchanged(desk_on: Open) -> None:
    before = earlier(say("i.law", 2, who="agency-nso", note="Then"))
    desk = desk_on(replace(small_dossier(), previous=before, answers=()))
    tab = look_at(desk, "i.law", ANSWERS)
    part(tab, QPushButton, "confirm_unchanged").click()
    desk.settle()
    said = desk.said("i.law", who="agency-nso")
    assert (said.value, said.note) == (2, "")
    assert tab.findChild(QPushButton, "confirm_unchanged") is None
    assert "= Since then: same" in shown(tab)
    desk.controller.undo()
    assert desk.said("i.law").state is AnswerState.NOT_ASKED


def test_a_row_of_the_round_before_is_confirmed_in_one_step(desk_on: Open) -> None:
    said = (say("iii.topics/a/available", 1), say("iii.topics/a/demand", "high"), say("iii.topics/b/available", 3))
    desk = desk_on(replace(small_dossier(), previous=earlier(*said), answers=()))
    look_at(desk, "iii.topics/a/available", ANSWERS)
    desk.page.inspector.show_address(Address("iii.topics", "a"))
    desk.page.inspector.follow_now()
    desk.settle()
    confirm = part(desk.page.inspector.answers, QPushButton, "confirm_unchanged")
    assert confirm.text() == "Confirm 2 answers as unchanged"
    confirm.click()
    desk.settle()
    assert (desk.said("iii.topics/a/available").value, desk.said("iii.topics/a/demand").value) == (1, "high")
    assert desk.said("iii.topics/b/available").value is None
    desk.controller.undo()
    assert desk.said("iii.topics/a/demand").value is None


def test_nothing_is_offered_for_what_was_not_asked_then(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), previous=earlier(), answers=()))
    tab = look_at(desk, "i.law", ANSWERS)
    assert tab.findChild(QPushButton, "confirm_unchanged") is None
    assert "Previous round (2015)\nUnanswered" in shown(tab)
