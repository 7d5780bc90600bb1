"""A question's card: actions on the current one only, what counts before all else, a disagreement resolved in place."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerState
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.answer.judgement_editor import JudgementEditor
from capacity_app.ui.question_widgets.bilingual_text import RadioRow, TickRow
from capacity_app.ui.question_widgets.choice_editors import RowsEditor
from capacity_app.ui.question_widgets.panel_parts import initials
from capacity_app.ui.question_widgets.question_parts import StateBar
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.text_fields import LineField
from tests.builders import DEVICE, dated, small_dossier
from tests.domain.making import say
from tests.ui.answer.looking import look_at, part, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def rows(desk: Desk, question: str) -> tuple[RadioRow | TickRow, ...]:
    editor = desk.card(question).editor
    assert isinstance(editor, RowsEditor)
    return editor.rows


def tags(desk: Desk, question: str) -> list[tuple[str, ...]]:
    """Return who is named on each answer, the one who counts with a tick."""
    return [tuple(f"✓{one.name}" if one.counts else one.name for one in row.speakers) for row in rows(desk, question)]


# -- actions -----------------------------------------------------------------------------------------------------------


def test_actions_appear_on_the_current_question_only_and_nothing_moves(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    law, plan = desk.card("i.law"), desk.card("i.plan")
    heights = law.height(), plan.height()
    assert [card.bar is not None and card.bar.isVisible() for card in (law, plan)] == [True, False]
    desk.go("i.plan")
    assert [card.bar is not None and card.bar.isVisible() for card in (law, plan)] == [False, True]
    assert (law.height(), plan.height()) == heights
    shown_bars = [bar for bar in desk.page.pages.findChildren(StateBar) if bar.isVisible()]
    assert len(shown_bars) == 1


def test_a_click_on_an_answer_of_another_question_hits_it(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.law")
    row = rows(desk, "i.plan")[2]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(12, row.height() // 2))
    desk.settle()
    assert desk.said("i.plan").value == 2


def test_evidence_is_one_click_or_key_away_from_the_question(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    bar = desk.card("i.law").bar
    assert bar is not None
    next(button for act, button in bar.buttons.items() if act == "evidence").click()
    desk.settle()
    inspector = desk.page.inspector
    assert inspector.tabs.currentWidget() is inspector.evidence
    inspector.tabs.setCurrentIndex(0)
    desk.go("i.plan")
    desk.press("Shift+F4")
    assert inspector.tabs.currentWidget() is inspector.evidence
    assert inspector.evidence.place is not None
    assert inspector.evidence.place.address == Address("i.plan")


def test_a_file_opened_for_reading_shows_no_actions(desk_on: Open, qtbot: QtBot) -> None:
    first = desk_on()
    second = Desk(first.file, DEVICE, Translator(), qtbot)
    try:
        second.go("i.law")
        card = second.card("i.law")
        assert card.bar is not None
        assert not card.bar.isVisible()
        assert [button.text() for button in card.findChildren(QPushButton) if button.isVisible()] == []
        assert "Agencies disagree" in shown(card)
    finally:
        second.leave()


# -- what counts -------------------------------------------------------------------------------------------------------


def test_in_a_disagreement_everybody_is_named_and_nothing_counts(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    assert tags(desk, "i.law") == [(), ("MoI",), (), ("NSO",)]
    assert [row.counts for row in rows(desk, "i.law")] == [False] * 4
    assert rows(desk, "i.law")[3].isChecked()
    assert rows(desk, "i.law")[1].accessibleDescription() == "MoI"


def test_the_validated_answer_counts_before_the_judgement_and_the_agency(desk_on: Open) -> None:
    answers = (
        say("i.law", 3, who="agency-nso"),
        say("i.law", 1, who="agency-moi"),
        say("i.law", 1, layer=AnswerLayer.JUDGEMENT, reason="As the law reads"),
        say("i.law", 2, layer=AnswerLayer.VALIDATED, reason="NSO (2018-11-29)"),
    )
    desk = desk_on(replace(small_dossier(), answers=dated(answers)))
    desk.go("i.law")
    assert tags(desk, "i.law") == [(), ("Judgement", "MoI"), ("✓Validated",), ("NSO",)]
    assert [row.counts for row in rows(desk, "i.law")] == [False, False, True, False]
    assert "Resolved by validation: “2 – much” counts." in shown(desk.card("i.law"))


def test_an_agency_that_answers_alone_needs_no_names(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.law")
    desk.press("2")
    assert tags(desk, "i.law") == [()] * 4
    assert [row.counts for row in rows(desk, "i.law")] == [False, False, True, False]


def test_beside_a_typed_answer_the_one_that_counts_stands_filled(desk_on: Open) -> None:
    answers = (
        say("ii.staff", 12, who="agency-nso"),
        say("ii.staff", 14, layer=AnswerLayer.VALIDATED, reason="NSO (2018-11-29)"),
    )
    desk = desk_on(replace(small_dossier(), answers=dated(answers)))
    desk.go("ii.staff")
    assert shown(part(desk.card("ii.staff"), QWidget, "counting_answer")) == "Validated answer: 14"


def test_what_another_agency_answered_is_grey_until_the_present_agency_answers(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated((say("i.law", 2, who="agency-nso"),))))
    desk.controller.respondent = "agency-moi"
    desk.go("i.law")
    card, row = desk.card("i.law"), rows(desk, "i.law")[2]
    assert tags(desk, "i.law") == [(), (), ("NSO answered",), ()]
    assert (row.isChecked(), row.counts, row.is_of_others) == (False, False, True)
    assert row.accessibleDescription() == "NSO answered"
    assert card.accessibleDescription().startswith("Answered by another agency.")
    desk.press("2")
    assert desk.said("i.law", who="agency-moi").value == 2
    assert tags(desk, "i.law") == [(), (), ("✓MoI", "✓NSO"), ()]
    assert (row.isChecked(), row.counts, row.is_of_others) == (True, True, False)
    assert card.accessibleDescription() == "Answered"


def test_what_another_agency_typed_stands_grey_under_an_empty_field(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated((say("ii.staff", 12, who="agency-nso"),))))
    desk.controller.respondent = "agency-moi"
    desk.go("ii.staff")
    card = desk.card("ii.staff")
    assert part(card, Label, "answer_of_others").text() == "NSO: 12"
    assert card.accessibleDescription().startswith("Answered by another agency.")
    desk.write("12")
    desk.press("Tab")
    assert desk.said("ii.staff", who="agency-moi").value == 12
    assert card.accessibleDescription() == "Answered"


def test_with_no_agency_chosen_what_an_agency_answered_stays_filled(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated((say("i.law", 2, who="agency-nso"),))))
    desk.controller.respondent = ""
    desk.go("i.law")
    assert tags(desk, "i.law") == [(), (), ("✓NSO",), ()]
    assert rows(desk, "i.law")[2].counts


def test_an_agency_that_does_not_know_is_named_under_the_answers(desk_on: Open) -> None:
    answers = (say("i.law", 3, who="agency-nso"), say("i.law", who="agency-moi", state=AnswerState.UNKNOWN))
    desk = desk_on(replace(small_dossier(), answers=dated(answers)))
    desk.go("i.law")
    assert "MoI: Unknown" in shown(desk.card("i.law"))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("StatVel", "StatVel"),
        ("Ministry of Internal Affairs", "MIA"),
        ("национальный комитет", "национальны…"),
    ],
)
def test_a_long_name_is_shortened_for_the_end_of_an_answer(name: str, short: str) -> None:
    assert initials(name) == short


# -- a disagreement resolved in place ----------------------------------------------------------------------------------


def test_a_disagreement_is_resolved_on_the_question_with_one_answer_and_its_reason(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    card = desk.card("i.law")
    part(card, QPushButton, "use agency-moi").click()
    desk.settle()
    desk.press("Return")
    assert part(card, Label, "reason_missing").text() == "Not saved: a reason is required."
    assert not part(card, Label, "reason_missing").visibleRegion().isEmpty()
    assert not part(card, QPushButton, "cancel_judgement").visibleRegion().isEmpty()
    desk.write("The law is a draft")
    desk.press("Return")
    judged = desk.said("i.law", layer=AnswerLayer.JUDGEMENT)
    assert (judged.value, judged.reason) == (1, "The law is a draft")
    assert "✓ Resolved by judgement: “1 – some” counts.\nReason: The law is a draft" in shown(card)
    assert card.findChild(QWidget, "disagreement") is None or "Agencies disagree" not in shown(card)
    assert desk.here() == "i.law", "the focus stays in the question"
    assert tags(desk, "i.law") == [(), ("✓Judgement", "MoI"), (), ("NSO",)]
    desk.controller.undo()
    desk.settle()
    assert "Agencies disagree" in shown(card)


def test_a_disagreement_is_resolved_by_keyboard_alone(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    for _ in range(12):
        if desk.focused().objectName() == "use agency-nso":
            break
        desk.press("Tab")
    desk.press("Return")
    assert desk.focused().objectName() == "judgement_reason"
    desk.write("Seen in print")
    desk.press("Esc")
    assert desk.said("i.law", layer=AnswerLayer.JUDGEMENT).is_empty
    part(desk.card("i.law"), QPushButton, "use agency-nso").click()
    desk.settle()
    desk.write("Seen in print")
    desk.press("Tab", "Return")
    assert desk.said("i.law", layer=AnswerLayer.JUDGEMENT).value == 3
    assert desk.here() == "i.law"


def test_tab_comes_to_a_disagreement_that_an_answer_has_just_made(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=(say("i.law", 3, who="agency-moi"),)))
    desk.go("i.law")
    desk.press("1")
    assert "Agencies disagree" in shown(desk.card("i.law"))
    desk.press("Tab")
    assert desk.focused().objectName() == "use agency-nso"
    desk.press("Tab", "Return")
    desk.write("The act is in force")
    desk.press("Return")
    assert desk.said("i.law", layer=AnswerLayer.JUDGEMENT).value == 3
    desk.press("Tab")
    assert desk.focused().objectName() == "change_judgement"
    desk.press("Return")
    desk.settle()
    assert desk.focused().objectName() == "use agency-nso"
    desk.press("Return")
    assert part(desk.card("i.law"), LineField, "judgement_reason").text() == ""
    desk.write("Read again")
    desk.press("Return")
    judged = desk.said("i.law", layer=AnswerLayer.JUDGEMENT)
    assert (judged.value, judged.reason) == (1, "Read again")


@pytest.mark.parametrize("layer", [AnswerLayer.JUDGEMENT, AnswerLayer.VALIDATED])
def test_an_answer_that_comes_after_a_judgement_and_differs_is_said(desk_on: Open, layer: AnswerLayer) -> None:
    answers = (say("i.law", 3, who="agency-moi"), say("i.law", 3, layer=layer, who="", reason="Seen in print"))
    desk = desk_on(replace(small_dossier(), answers=answers))
    desk.go("i.law")
    assert "gave a different answer later" not in shown(desk.card("i.law"))
    desk.press("1")
    kind = "judgement" if layer is AnswerLayer.JUDGEMENT else "validation"
    assert f"✓ Resolved by {kind}: “3 – all” counts." in shown(desk.card("i.law"))
    later = "NSO gave a different answer later. Check that the answer that counts is still right."
    assert later in shown(desk.card("i.law"))
    assert later in shown(look_at(desk, "i.law", 1))
    can_change = desk.card("i.law").findChildren(QAbstractButton, "change_judgement")
    assert bool(can_change) is (layer is AnswerLayer.JUDGEMENT)
    assert bool(desk.card("i.law").findChildren(QAbstractButton, "show_answers")) is (layer is AnswerLayer.VALIDATED)
    desk.press("Esc", "3")
    assert "gave a different answer later" not in shown(desk.card("i.law"))


def test_another_answer_is_judged_in_the_panel(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    part(desk.card("i.law"), QPushButton, "use_other").click()
    desk.settle()
    inspector = desk.page.inspector
    assert inspector.tabs.currentWidget() is inspector.answers
    editor = part(inspector.answers, JudgementEditor, "edit judgement")
    desk.press("2")
    editor.reason.field.setFocus()
    desk.write("Between both")
    desk.press("Tab")
    assert desk.said("i.law", layer=AnswerLayer.JUDGEMENT).value == 2
    assert "Resolved: the judgement counts." in shown(inspector.answers)


def test_a_reason_that_is_written_is_not_lost_when_one_leaves(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    part(desk.card("i.law"), QPushButton, "use agency-nso").click()
    desk.settle()
    part(desk.card("i.law"), LineField, "judgement_reason").setText("Published")
    desk.go("ii.staff")
    assert desk.said("i.law", layer=AnswerLayer.JUDGEMENT).reason == "Published"


def test_a_click_beside_the_reason_leaves_the_focus_in_it(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    before = desk.said("i.law")
    part(desk.card("i.law"), QPushButton, "use agency-moi").click()
    desk.settle()
    reason = part(desk.card("i.law"), LineField, "judgement_reason")
    strip = reason.parentWidget()
    assert strip is not None
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 5, strip.height() - 5))
    desk.write("Act of 2012")
    assert reason.text() == "Act of 2012"
    assert desk.said("i.law") == before, "no digit was taken for an answer"


def test_cells_of_a_table_are_resolved_in_the_same_way(desk_on: Open) -> None:
    answers = (
        say("iii.topics/a/available", 2, who="agency-nso"),
        say("iii.topics/a/available", 0, who="agency-moi"),
    )
    desk = desk_on(replace(small_dossier(), answers=dated(answers)))
    desk.go("iii.topics/a/available")
    part(desk.card("iii.topics"), QPushButton, "use agency-moi").click()
    desk.settle()
    desk.write("No table is published")
    desk.press("Return")
    assert desk.said("iii.topics/a/available", layer=AnswerLayer.JUDGEMENT).value == 0
    assert desk.here() == "iii.topics/a/available"
