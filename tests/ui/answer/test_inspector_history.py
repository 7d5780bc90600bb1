"""The panel's history: who, when, before and after, word by word; bringing an answer back; a row's cells."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState, Content
from capacity_app.services.exchange.returned_files import import_change_set, propose_import
from capacity_app.ui.question_widgets.panel_cards import RevisionCard
from capacity_app.ui.widgets.running_text import RunningText, TextRunTone, diff_runs
from tests.builders import small_dossier
from tests.services.exchange.making import NSO, answered, came_back, workbook
from tests.ui.answer.looking import HISTORY, look_at, part, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def cards(tab: QWidget) -> list[str]:
    return [shown(card) for card in tab.findChildren(RevisionCard) if card.isVisible()]


def test_a_changed_text_is_shown_word_by_word(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    key = desk.controller.key(Address("i.law"))
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=1, note="The act of 2012 applies."))
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=1, note="The act of 2018 applies."))
    tab = look_at(desk, "i.law", HISTORY)
    newest = tab.findChildren(RevisionCard)[0]
    assert "Note: The act of 20122018 applies." in shown(newest)
    spoken = [text.accessibleName() for text in newest.findChildren(RunningText) if text.accessibleName()]
    assert spoken == ["Note before: The act of 2012 applies.; after: The act of 2018 applies."]


def test_what_was_taken_out_is_struck_through_and_what_was_put_in_underlined(desk_on: Open) -> None:
    runs = [(run.text, run.tone) for run in diff_runs("old law", "new law")]
    assert runs == [("old", TextRunTone.REMOVED), ("new", TextRunTone.ADDED), (" law", TextRunTone.PLAIN)]
    desk = desk_on()
    text = RunningText()
    text.setParent(desk.page)
    text.show_runs(diff_runs("old law", "new law"))
    fragments = [piece.fragment() for piece in text.document().firstBlock().begin()]  # type: ignore[attr-defined]
    formats = {one.text(): one.charFormat() for one in fragments}
    assert (formats["old"].fontStrikeOut(), formats["old"].fontUnderline()) == (True, False)
    assert (formats["new"].fontStrikeOut(), formats["new"].fontUnderline()) == (False, True)


def test_an_import_and_its_undo_are_named_with_the_person_who_undid_it(desk_on: Open) -> None:
    desk = desk_on()
    session = desk.controller.session
    proposal = propose_import(session, came_back(session, {"ii.staff": answered(15)}), NSO)
    desk.controller.store(import_change_set(session, proposal, {}, workbook()), "import")
    desk.controller.undo()
    undone, imported = cards(look_at(desk, "ii.staff", HISTORY))[:2]
    assert "Import undone: “back.xlsx”" in undone
    assert session.author in undone
    assert "Imported from “back.xlsx”" in imported
    assert "C. Clerk" in imported


def test_any_revision_is_brought_back_as_a_new_one_and_can_be_undone(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.law")
    desk.press("0", "1", "2")
    tab = look_at(desk, "i.law", HISTORY)
    assert [card.partition("· A. Officer\n")[2].splitlines()[0] for card in cards(tab)] == [
        "1 – some → 2 – much",
        "0 – none → 1 – some",
        "Unanswered → 0 – none",
    ]
    oldest = [one for one in tab.findChildren(QAbstractButton) if one.objectName().startswith("bring_back")][-1]
    assert oldest.accessibleName() == "Restore: 0 – none"
    oldest.click()
    desk.settle()
    assert desk.said("i.law").value == 0
    assert len(cards(tab)) == 4
    assert "2 – much → 0 – none" in cards(tab)[0]
    desk.controller.undo()
    assert desk.said("i.law").value == 2


@pytest.mark.check
def test_a_text_typed_in_several_goes_is_one_entry(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("ii.staff")
    for figures in ("1", "2", "0"):
        desk.write(figures)
        desk.rest()
    desk.press("F4")
    for letters in ("serie", "s seen."):
        desk.write(letters)
        desk.rest()
    note, value = cards(look_at(desk, "ii.staff", HISTORY))
    assert "Unanswered → 120" in value
    assert "Note: series seen." in note
    assert len(desk.session.history(Address("ii.staff"))) > 2, "the file keeps every change"


def test_a_row_shows_the_history_of_all_its_cells(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    for cell, value in (("available", 2), ("demand", "high"), ("remark", "Since 2012")):
        key = desk.controller.key(Address("iii.topics", "a", cell))
        desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=value))
    whole_row = desk.controller.key(Address("iii.topics", "a"))
    desk.controller.record(whole_row, Content(state=AnswerState.NOT_APPLICABLE, reason="No such flow"))
    tab = look_at(desk, "iii.topics/a/demand", HISTORY)
    assert len(cards(tab)) == 1
    desk.page.inspector.show_address(Address("iii.topics", "a"))
    desk.page.inspector.follow_now()
    desk.settle()
    newest, *others = cards(tab)
    assert "Unanswered → Not applicable: No such flow" in newest
    assert len(others) == 3
    assert "iii.topics Stock of migrants, Remark" in others[0]
    assert "Since 2012" in others[0]


@pytest.mark.check
def test_a_long_history_is_shown_bit_by_bit(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    key = desk.controller.key(Address("i.law"))
    for number in range(45):
        desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=number % 4))
    tab = look_at(desk, "i.law", HISTORY)
    assert len(cards(tab)) == 20
    more = part(tab, QPushButton, "more_history")
    assert more.text() == "Show 20 more of 25"
    more.click()
    desk.settle()
    assert len(cards(tab)) == 40
