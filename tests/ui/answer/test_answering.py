"""Answering single questions by keyboard, one of every kind."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address, AnswerState, AnswerValue, Content
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.bilingual_text import RadioRow
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.text_fields import TextField
from tests.builders import DEVICE, small_dossier
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def empty_desk(desk_on: Open) -> Desk:
    return desk_on(replace(small_dossier(), answers=()))


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("i.law", "0", 0),
        ("i.law", "3", 3),
        ("i.published", "Y", "yes"),
        ("i.published", "N", "no"),
        ("i.shared", "P", "partly"),
        ("i.how", "1", "mixed"),
        ("i.contents", "1", ("stocks",)),
        ("i.contents", "0", ()),
    ],
)
def test_one_key_answers_a_question_that_is_chosen_from_a_list(
    desk_on: Open, where: str, key: str, value: AnswerValue
) -> None:
    desk = empty_desk(desk_on)
    desk.go(where)
    desk.press(key)
    assert desk.said(where).value == value


@pytest.mark.parametrize(
    ("where", "text", "value"),
    [
        ("ii.name", "Statistics Act", "Statistics Act"),
        ("ii.staff", "12", 12),
        ("ii.staff", "1,200", 1200),
        ("ii.staff", "٤٢", 42),
        ("ii.share", "12.50 %", "12.5"),
        ("ii.share", "12,5", "12.5"),
        ("ii.census", "2014", 2014),
        ("ii.next", "2018-11", "2018-11"),
        ("ii.next", "29.11.2018", "2018-11-29"),
        ("ii.next", "11/29/2018", "2018-11-29"),
        ("ii.site", "www.example.org", "https://www.example.org"),
    ],
)
def test_what_is_typed_is_stored_when_the_field_is_left(
    desk_on: Open, where: str, text: str, value: AnswerValue
) -> None:
    desk = empty_desk(desk_on)
    desk.go(where)
    desk.write(text)
    desk.press("Tab")
    assert desk.said(where).value == value


def test_typed_text_is_stored_after_a_rest_without_leaving_the_field(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.name")
    desk.write("Act")
    assert desk.said("ii.name").value is None
    desk.rest()
    assert desk.said("ii.name").value == "Act"


def test_a_picker_finds_by_a_few_letters_and_enter(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.lead")
    desk.write("inter")
    desk.press("Return")
    assert desk.said("ii.lead").value == ("agency-moi",)


def test_a_picker_makes_a_new_agency_from_a_name_it_does_not_know(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.lead")
    desk.write("Ministry of Tourism")
    desk.press("Down", "Return")
    names = [entry.name for entry in desk.session.entries("agencies")]  # type: ignore[union-attr]  # agencies only
    assert names[-1] == "Ministry of Tourism"
    assert desk.said("ii.lead").value == (desk.session.entries("agencies")[-1].id,)


def test_several_countries_are_picked_and_the_last_taken_back(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.origins")
    for letters in ("georg", "peru"):
        desk.write(letters)
        desk.press("Return")
    assert desk.said("ii.origins").value == ("268", "604")
    desk.press("Backspace")
    assert desk.said("ii.origins").value == ("268",)


def test_more_countries_than_allowed_are_refused_in_a_sentence(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.origins")
    for letters in ("georg", "peru", "jordan", "mexico"):
        desk.write(letters)
        desk.press("Return")
    assert desk.said("ii.origins").value == ("268", "604", "400")
    assert "At most 3" in visible_text(desk, "ii.origins")


def test_ticking_several_elements_and_none_of_these(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.contents")
    desk.press("1", "3")
    assert desk.said("i.contents").value == ("stocks", "labour")
    desk.press("0")
    assert desk.said("i.contents").value == ()
    desk.press("2")
    assert desk.said("i.contents").value == ("flows",)


def test_taking_the_last_tick_away_opens_the_question_again(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.contents")
    desk.press("1", "1")
    assert desk.said("i.contents").state is AnswerState.NOT_ASKED


def test_arrows_go_through_the_answers_and_space_chooses(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("Down", "Down")
    assert desk.said("i.law").value is None
    desk.press("Space")
    assert desk.said("i.law").value == 2


def test_unknown_and_declined_by_letter_and_again_to_take_them_back(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("U")
    assert desk.said("i.law").state is AnswerState.UNKNOWN
    desk.press("D")
    assert desk.said("i.law").state is AnswerState.DECLINED
    desk.press("D")
    assert desk.said("i.law").state is AnswerState.NOT_ASKED


@pytest.mark.check
def test_in_a_text_letters_are_text_and_function_keys_set_the_state(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.name")
    desk.write("uxd")
    desk.rest()
    assert desk.said("ii.name").value == "uxd"
    desk.press("F6")
    assert desk.said("ii.name").state is AnswerState.UNKNOWN


def test_not_applicable_asks_for_the_reason_in_place_and_enter_goes_on(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("X")
    assert desk.said("i.law").state is AnswerState.NOT_ASKED
    desk.write("No such law is needed")
    desk.press("Return")
    assert desk.said("i.law").state is AnswerState.NOT_APPLICABLE
    assert desk.said("i.law").reason == "No such law is needed"
    assert desk.here() == "i.plan"


def test_not_applicable_without_a_reason_is_not_stored_and_says_so(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("X", "Return")
    assert desk.said("i.law").state is AnswerState.NOT_ASKED
    assert "needs a reason" in visible_text(desk, "i.law")


def test_delete_clears_the_answer_and_keeps_the_note(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("3", "F4")
    desk.write("Seen on site")
    desk.press("Esc", "Del")
    assert desk.said("i.law").state is AnswerState.NOT_ASKED
    assert desk.said("i.law").note == "Seen on site"


def test_a_note_is_opened_by_key_and_kept(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("F4")
    desk.write("ask again")
    desk.press("Ctrl+Down")
    assert desk.said("i.law").note == "ask again"
    assert desk.said("i.law").state is AnswerState.NOT_ASKED


def test_enter_goes_to_the_next_open_question_over_sections(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    seen = []
    for key in ("2", "1", "Y", "P", "1", "1"):
        seen.append(desk.here())
        desk.press(key, "Return")
    assert seen == ["i.law", "i.plan", "i.published", "i.shared", "i.how", "i.contents"]
    assert desk.here() == "ii.name"


def test_a_number_that_is_none_stays_in_the_field_with_a_sentence_and_in_the_file(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.staff")
    desk.write("about twelve")
    desk.press("Tab")
    assert desk.said("ii.staff").unread == "about twelve"
    assert "whole number" in visible_text(desk, "ii.staff")
    desk.come_back()
    assert desk.said("ii.staff") == Content(value="about twelve")
    desk.go("ii.staff")
    assert "whole number" in visible_text(desk, "ii.staff")
    desk.press("Ctrl+A")
    desk.write("12")
    desk.press("Tab")
    assert desk.said("ii.staff") == Content(state=AnswerState.ANSWERED, value=12)


def test_an_answer_out_of_range_is_refused_with_the_range(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("ii.staff")
    desk.write("100001")
    desk.press("Tab")
    assert desk.said("ii.staff").unread == "100001"
    assert "0–100000" in visible_text(desk, "ii.staff")


def test_a_hidden_question_says_when_it_is_asked_and_appears_when_it_is(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.published")
    assert "It is asked when i.published is “No”" in visible_text(desk, "i.why")
    desk.press("N")
    assert "It is asked when" not in visible_text(desk, "i.why")
    desk.go("i.why")
    desk.write("No budget")
    desk.press("Ctrl+Down")
    assert desk.said("i.why").value == "No budget"
    desk.go("i.published")
    desk.press("Y")
    assert "It is asked when" in visible_text(desk, "i.why")


def visible_text(desk: Desk, question: str) -> str:
    card = desk.card(question)
    return "\n".join(words.text() for words in card.findChildren(Label) if not words.isHidden())


@pytest.mark.check
def test_a_text_that_is_too_long_is_kept_in_the_field_and_never_cut(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.published")
    desk.press("N")
    desk.go("i.why")
    field = desk.focused()
    assert isinstance(field, TextField)
    field.setPlainText("x" * (TEXT_LIMIT + 1))
    desk.rest()
    assert desk.said("i.why").value is None
    assert "20,001 characters; 20000 are allowed" in visible_text(desk, "i.why").replace("20001", "20,001")
    assert desk.unsaved() == (Address("i.why"),)
    field.setPlainText("x" * TEXT_LIMIT)
    desk.rest()
    assert len(str(desk.said("i.why").value)) == TEXT_LIMIT
    assert desk.unsaved() == ()


def test_a_long_text_counts_its_characters(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.published")
    desk.press("N")
    desk.go("i.why")
    desk.write("No staff")
    assert "8 of 20,000 characters" in visible_text(desk, "i.why")


def test_tab_leaves_a_long_text(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.published")
    desk.press("N")
    desk.go("i.why")
    field = desk.focused()
    desk.press("Tab")
    assert desk.focused() is not field


@pytest.mark.check
def test_in_a_file_opened_for_reading_nothing_can_be_changed(desk_on: Open, qtbot: QtBot) -> None:
    first = desk_on()
    second = Desk(first.file, DEVICE, Translator(), qtbot)
    try:
        assert second.session.is_read_only
        before = second.session.dossier()
        for where, key in (("i.law", "0"), ("ii.name", "z"), ("iii.topics/a/available", "0"), ("i.plan", "U")):
            second.go(where)
            second.press(key)
        second.rest()
        assert second.session.dossier() == before
    finally:
        second.leave()


def test_the_buttons_under_a_question_do_the_same_as_the_keys_and_keep_the_focus(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("Shift+F10", "Space")
    assert desk.said("i.law").state is AnswerState.UNKNOWN
    desk.press("Right", "Right", "Return")
    assert desk.said("i.law").state is AnswerState.DECLINED
    desk.press("Right", "Return")
    assert desk.said("i.law").state is AnswerState.NOT_ASKED
    assert desk.here() == "i.law"
    desk.press("Esc", "1")
    assert desk.said("i.law").value == 1


def test_after_a_digit_one_may_correct_and_tab_leads_to_the_next_answer(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("2", "3")
    assert (desk.here(), desk.said("i.law").value) == ("i.law", 3)
    desk.press("Tab", "1")
    assert (desk.here(), desk.said("i.law").value, desk.said("i.plan").value) == ("i.plan", 3, 1)
    assert [card.question.id for card in desk.page.page().cards.values() if card.is_active] == ["i.plan"]
    desk.press("Shift+Tab", "0")
    assert (desk.said("i.law").value, desk.said("i.plan").value) == (0, 1)


@pytest.mark.parametrize(("where", "key"), [("i.published", "2"), ("i.law", "7"), ("i.law", "é")])
def test_a_key_that_is_no_answer_says_so_until_something_else_is_pressed(desk_on: Open, where: str, key: str) -> None:
    offered = "Y, N" if where == "i.published" else "0, 1, 2, 3"
    desk = empty_desk(desk_on)
    desk.go(where)
    desk.write(key)
    assert desk.said(where) == Content()
    assert f"The key “{key}” is not an answer here. Press one of these: {offered}." in visible_text(desk, where)
    desk.press("U")
    assert "is not an answer here" not in visible_text(desk, where)


def test_an_answer_of_which_one_is_chosen_is_a_radio_button_to_screen_readers(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("i.law")
    desk.press("3", "1", "Del", "2")
    chosen = [QAccessible.queryAccessibleInterface(row) for row in desk.card("i.law").findChildren(RadioRow)]
    assert {one.role() for one in chosen} == {QAccessible.Role.RadioButton}
    assert [one.text(QAccessible.Text.Name) for one in chosen if one.state().checked] == [desk.focused().text()]  # type: ignore[attr-defined]
