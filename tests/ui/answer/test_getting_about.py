"""finding, filtering, leaving and coming back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.ui.pages.answer.questionnaire_page import next_open, question_before
from capacity_app.ui.pages.answer.tree_model import QuestionFilter
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.text_fields import best_number_matches, matches_search
from tests.builders import small_dossier
from tests.domain.making import instrument, question, section
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def lines(desk: Desk) -> list[str]:
    """Write the tree as indented lines."""
    model = desk.page.tree.model
    return [
        f"{'  ' * depth}{node.number} {node.text}".rstrip()
        for root in model.roots
        for depth, node in [
            (0, root),
            *((d, n) for q in root.children for d, n in [(1, q), *((2, h) for h in q.children)]),
        ]
    ]


def test_the_open_filter_shows_open_questions_only(desk_on: Open) -> None:
    desk = desk_on()
    desk.page.tree.set_filter(QuestionFilter.OPEN)
    shown = "\n".join(lines(desk))
    assert "i.how" in shown
    assert "i.law" in shown, "a conflict is open"
    assert "ii.staff" not in shown


def test_the_conflict_filter(desk_on: Open) -> None:
    desk = desk_on()
    desk.page.tree.set_filter(QuestionFilter.CONFLICT)
    assert lines(desk) == ["i i", "  i.law i.law"]


def test_rings_follow_the_answers(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    node = desk.page.tree.model.find(Address("i.law"))
    assert node is not None
    assert node.parent is not None
    assert (node.done.answered, node.parent.done.answered) == (0, 0)
    desk.go("i.law")
    desk.press("2")
    assert (node.done.answered, node.parent.done.answered) == (1, 1)


def test_printed_numbers_are_found_as_people_type_them() -> None:
    numbers = [("a", "IV.1"), ("b", "IV.1 G"), ("c", "IV.10"), ("d", "VI.A1")]
    assert [entry for entry, _ in best_number_matches(numbers, "iv1")] == ["a", "b", "c"]
    assert [entry for entry, _ in best_number_matches(numbers, "IV.1 g")] == ["b"]
    assert [entry for entry, _ in best_number_matches(numbers, "vi a1")] == ["d"]
    assert best_number_matches(numbers, "  ") == []


def test_words_match_in_any_order_without_accents() -> None:
    assert matches_search("Ministère de l’Intérieur", "interieur minist")
    assert not matches_search("Ministère", "ministry")


def test_the_next_open_place_starts_again_at_the_top(desk_on: Open) -> None:
    sheet = desk_on(replace(small_dossier(), answers=())).session.sheet
    assert next_open(sheet, None) == Address("i.law")
    assert next_open(sheet, Address("i.contents")) == Address("ii.name")
    assert next_open(sheet, Address("iii.topics", "b", "remark")) == Address("i.law")


def test_ctrl_up_goes_to_the_question_before(desk_on: Open) -> None:
    desk = desk_on()
    assert question_before(desk.session.sheet, Address("i.law")) is None
    desk.go("ii.name")
    desk.press("Ctrl+Up")
    assert desk.here() == "i.why"


def test_text_is_stored_when_another_section_is_shown(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("ii.name")
    desk.write("Act")
    desk.page.show_section("i")
    assert desk.said("ii.name").value == "Act"


def test_text_is_stored_when_the_window_loses_the_focus(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("ii.name")
    desk.write("Act")
    QApplication.sendEvent(desk.page, QEvent(QEvent.Type.WindowDeactivate))
    desk.controller.request_flush()  # what the main window does
    assert desk.said("ii.name").value == "Act"


def test_text_is_stored_on_closing_and_there_on_coming_back(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.why")
    desk.go("ii.name")
    desk.write("Act of 2012")
    desk.come_back()
    assert desk.said("ii.name").value == "Act of 2012"
    desk.go("ii.name")
    assert desk.focused().text() == "Act of 2012"  # type: ignore[attr-defined]


@pytest.mark.check
def test_a_finished_questionnaire_says_so(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.law")
    for item in list(desk.session.sheet.items()):
        desk.go(str(item.address))
        if desk.session.sheet.blocks[item.question.id].is_hidden or not item.is_unanswered:
            continue
        desk.press("F6")
    assert next_open(desk.session.sheet, None) is None
    desk.page.focus_next_open()
    assert desk.page.notice.isVisible()
    assert desk.page.notice.text() == "All questions are answered."


def test_only_the_latest_pages_are_kept_and_what_was_typed_is_stored_before(desk_on: Open) -> None:

    many = instrument(*(section(f"s{n}", question(f"s{n}.a", AnswerKind.INTEGER)) for n in range(30)))
    desk = desk_on(replace(small_dossier(many), answers=(), actions=(), ratings=()))
    desk.go("s1.a")
    desk.write("some")
    for number in range(2, 30):
        desk.page.show_section(f"s{number}")
    assert len(desk.page._pages) <= 17
    assert desk.unsaved() == ()
    assert desk.said("s1.a").unread == "some"
    assert desk.card("s1.a").editor.field.text() == "some"  # type: ignore[union-attr]


def test_f9_goes_to_the_panel_and_back_to_the_cell(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("iii.topics/b/demand")
    desk.press("F9")
    assert desk.page.inspector.isAncestorOf(desk.focused())
    desk.press("Right")
    assert desk.page.inspector.tabs.currentIndex() == 1
    desk.press("F9")
    assert desk.here() == "iii.topics/b/demand"


def test_the_panel_can_be_hidden_and_shown(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    desk.press("Shift+F9")
    assert not desk.page.inspector.isVisible()
    desk.press("F9")
    assert desk.page.inspector.isVisible()


def test_escape_from_the_tree_goes_back_to_the_question(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.plan")
    desk.page.tree.lines.setFocus()
    desk.press("Esc")
    assert desk.here() == "i.plan"


def test_a_page_of_text_is_gone_to_and_the_questions_behind_it_are_answered(desk_on: Open) -> None:
    levels = question("a.six", anchors=tuple("abcdef"), heading="A", heading_text="About these levels.")
    made = instrument(section("t", introduction="Read this first."), section("a", replace(levels, number="")))
    desk = desk_on(small_dossier(made, answers=(), actions=(), ratings=()))
    desk.page.show_section("t")
    desk.settle()
    assert desk.page.page().heading.introduction.text() == "Read this first."
    desk.page.return_focus()
    desk.page.focus_next_open()
    desk.settle()
    assert desk.here() == "a.six"
    assert desk.part(Label, "heading_text").text() == "About these levels."
    desk.press("5")
    desk.rest()
    assert desk.said("a.six").value == 5
