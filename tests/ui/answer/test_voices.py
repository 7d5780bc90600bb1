"""Several agencies, the assessor's judgement, the country's validation, evidence, history and undo."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import AnswerLayer, AnswerState
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.ui.pages.answer.evidence_card import OfferedEvidence
from capacity_app.ui.pages.answer.judgement_editor import JudgementEditor, format_validation, parse_validation
from capacity_app.ui.theme.painting import AnswerMark
from capacity_app.ui.widgets.text_fields import AutocompleteField, LineField
from tests.builders import small_dossier
from tests.domain.making import say
from tests.ui.answer.looking import button, look_at, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def test_answers_are_given_in_the_name_of_the_chosen_agency(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.controller.respondent = "agency-moi"
    desk.go("i.law")
    desk.press("2")
    assert desk.said("i.law", who="agency-moi").value == 2
    assert desk.said("i.law", who="agency-nso").state is AnswerState.NOT_ASKED


def test_without_any_agency_answers_are_still_kept(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=(), agencies=(), people=(), meetings=(), sources=(), actions=()))
    desk.go("i.law")
    desk.press("1")
    assert desk.said("i.law", who="").value == 1


def test_a_conflict_is_marked_on_the_question(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    card = desk.card("i.law")
    assert "Agencies disagree\nNSO: 3 – all\nNote of NSO: Loi n° 12 – «adoptée»\nMoI: 1 – some" in shown(card)
    assert card.mark_shown is AnswerMark.CONFLICT
    assert "Agencies disagree" in card.accessibleDescription()


def test_changing_the_agency_shows_its_answers(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    editor = desk.card("i.law").editor
    assert editor is not None
    assert [row.isChecked() for row in editor.rows] == [False, False, False, True]  # type: ignore[attr-defined]
    desk.controller.respondent = "agency-moi"
    assert [row.isChecked() for row in editor.rows] == [False, True, False, False]  # type: ignore[attr-defined]


def test_half_typed_text_stays_with_the_agency_that_was_answering(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("ii.staff")
    desk.write("a dozen")
    desk.controller.respondent = "agency-moi"
    assert desk.said("ii.staff", who="agency-nso").unread == "a dozen"
    assert desk.said("ii.staff", who="agency-moi").is_empty


def test_a_conflict_is_settled_by_a_judgement_with_its_reason(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", 1)
    assert "Agencies disagree" in shown(tab)
    button(tab, "Record a judgement").click()
    desk.settle()
    desk.press("2")
    editor = tab.findChild(JudgementEditor)
    assert editor is not None
    editor.reason.field.setFocus()
    desk.write("The act is in force but not applied")
    desk.press("Tab")
    judged = desk.said("i.law", layer=AnswerLayer.JUDGEMENT)
    assert (judged.value, judged.reason) == (2, "The act is in force but not applied")
    assert desk.session.sheet.blocks["i.law"].whole.conflict == ()
    assert "Agencies disagree" not in shown(desk.card("i.law"))
    assert "Resolved by judgement: “2 – much” counts." in shown(desk.card("i.law"))


def test_the_country_confirms_an_answer_with_who_and_when(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", 1)
    button(tab, "Mark as validated").click()
    desk.settle()
    desk.write("NSO, letter 12/4")
    desk.press("Tab")
    desk.write("2018-11-30")
    desk.press("Tab")
    said = desk.said("i.plan", layer=AnswerLayer.VALIDATED)
    assert (said.value, said.reason) == (1, "NSO, letter 12/4 (2018-11-30)")
    desk.come_back()
    tab = look_at(desk, "i.plan", 1)
    editor = tab.findChild(JudgementEditor, "edit validated")
    assert editor is not None
    assert (editor.reason.text(), editor.date.text()) == ("NSO, letter 12/4", "2018-11-30")


def test_who_and_when_are_written_as_one_reason_and_read_back() -> None:
    for by, date in (("NSO", "2018-11-30"), ("NSO (unit 3)", "2018"), ("NSO (unit 3)", ""), ("", "")):
        assert parse_validation(format_validation(by, date)) == (by, date)


def test_a_judgement_is_taken_back(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", 1)
    editor = tab.findChild(JudgementEditor)
    assert editor is not None
    editor.bar.buttons[next(act for act in editor.bar.buttons if act == "clear")].click()
    desk.settle()
    assert desk.said("i.plan", layer=AnswerLayer.JUDGEMENT).is_empty
    assert button(tab, "Record a judgement").isVisible()


def test_a_file_is_attached_and_its_grade_is_said_in_words(desk_on: Open, tmp_path: Path) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", 2)
    file = tmp_path / "plan.txt"
    file.write_text("Plan of action", encoding="utf-8")
    desk.page.inspector.evidence.take(OfferedEvidence(files=(file,)))
    desk.settle()
    (entry,) = desk.said("i.plan").evidence
    assert desk.session.entry("evidence", entry).file_name == "plan.txt"  # type: ignore[union-attr]
    assert "E2, document held" in shown(tab)
    desk.controller.undo()
    assert desk.said("i.plan").evidence == ()


def test_a_file_that_may_not_be_held_is_refused_in_a_sentence(desk_on: Open, tmp_path: Path) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", 2)
    file = tmp_path / "tool.exe"
    file.write_bytes(b"MZ")
    desk.page.inspector.evidence.take(OfferedEvidence(files=(file,)))
    assert "tool.exe" in shown(tab)
    assert desk.said("i.plan").evidence == ()


def test_a_link_is_pasted_and_what_is_no_link_is_refused(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", 2)
    field = tab.findChild(LineField, "link")
    assert field is not None
    field.setFocus()
    desk.write("somewhere")
    desk.press("Return")
    assert desk.said("i.plan").evidence == ()
    assert "must be a link" in shown(tab)
    field.clear()
    desk.write("https://example.org/plan")
    desk.press("Return")
    (entry,) = desk.said("i.plan").evidence
    assert desk.session.entry("evidence", entry).link == "https://example.org/plan"  # type: ignore[union-attr]


def test_evidence_that_is_there_is_picked_checked_and_taken_off(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", 2)
    finder = tab.findChild(AutocompleteField, "pick_evidence")
    assert finder is not None
    finder.setFocus()
    desk.write("stat")
    desk.press("Return")
    assert desk.said("i.plan").evidence == ("evidence-law",)
    assert desk.focused().objectName() == "pick_evidence", "the focus stays where one was"
    card = desk.page.inspector.evidence.cards[0]
    card.show_details()
    card.field("checked_against").field.setFocus()
    desk.write("Official gazette")
    desk.press("Tab")
    assert desk.session.entry("evidence", "evidence-law").grade == 3  # type: ignore[union-attr]
    assert "E3, checked against an independent source" in shown(tab)
    button(tab, "Remove from answer").click()
    assert desk.said("i.plan").evidence == ()
    assert isinstance(desk.session.entry("evidence", "evidence-law"), Evidence)


def test_history_says_who_when_before_and_after_and_brings_back(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    desk.press("0")
    tab = look_at(desk, "i.law", 3)
    said = shown(tab)
    assert "3 – all → 0 – none" in said
    assert "A. Officer" in said
    back = button(tab, "Restore this answer")
    back.setFocus()
    back.click()
    desk.settle()
    assert tab.isAncestorOf(desk.focused()) or desk.focused() is tab
    assert desk.said("i.law").value == 3


def test_the_answer_of_the_round_before_is_shown(desk_on: Open) -> None:
    earlier = replace(small_dossier(), id="1b2f4f6e-0000-4000-8000-000000000001", answers=(say("i.law", 1),))
    earlier = replace(earlier, mission=replace(earlier.mission, round="2015"))
    desk = desk_on(replace(small_dossier(), previous=earlier))
    assert "1 – some" in shown(look_at(desk, "i.law", 1)).partition("Previous round (2015)")[2]


def test_undo_and_redo_go_back_to_where_the_answer_stands(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.law")
    desk.press("2")
    desk.go("ii.staff")
    desk.controller.undo()
    desk.settle()
    assert desk.said("i.law").state is AnswerState.NOT_ASKED
    assert desk.here() == "i.law"
    desk.controller.redo()
    assert desk.said("i.law").value == 2


@pytest.mark.check
def test_a_text_typed_in_one_go_is_one_step(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("ii.name")
    desk.write("Statistics")
    desk.rest()
    desk.write(" Act")
    desk.rest()
    assert desk.controller.undo_stack.count() == 1
    desk.controller.undo()
    assert desk.said("ii.name").value is None


def test_two_visits_to_a_text_are_two_steps(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("ii.name")
    desk.write("Act")
    desk.go("ii.staff")
    desk.go("ii.name")
    desk.press("End")
    desk.write(" 2012")
    desk.go("ii.staff")
    desk.controller.undo()
    assert desk.said("ii.name").value == "Act"


def test_a_disagreement_that_an_answer_makes_is_scrolled_into_view(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    first, second = (agency.id for agency in desk.session.dossier().agencies[:2])
    desk.controller.respondent = first
    desk.go("i.plan")
    desk.press("2")
    desk.controller.respondent = second
    desk.go("i.plan")
    card, page = desk.card("i.plan"), desk.page.page()
    desk.page.resize(1200, 450)
    desk.settle()
    page.verticalScrollBar().setValue(card.y() + card.height() - page.viewport().height())
    desk.press("1")
    assert desk.here() == "i.plan"
    assert card.voices is not None
    assert card.voices.is_disagreement
    top = card.voices.mapTo(page.viewport(), card.voices.rect().topLeft()).y()
    assert top >= 0
    assert top + card.voices.height() <= page.viewport().height()
