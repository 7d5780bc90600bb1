"""Deciding on differences: counted by kind, by keyboard, one by one and many at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.merging import DecisionSide, DifferenceVersion, DiffKind, MergeDifference
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.problems import Problem
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.deliver import import_preview, merge_page
from capacity_app.ui.pages.deliver.decision_board import DecisionBoard
from capacity_app.ui.pages.deliver.difference_card import DifferenceSideCard
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.running_text import RunningText
from tests.builders import file_of, open_session

MINE, THEIRS = DecisionSide.MINE, DecisionSide.THEIRS


def level(value: int, note: str = "") -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, note=note)


def text(value: str) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value)


def difference(at: str, fate: DiffKind, mine: Content, theirs: Content, **more: object) -> MergeDifference:
    made = MergeDifference(
        id=at,
        fate=fate,
        mine=DifferenceVersion(content=mine, author="A. Officer", time="2018-11-27T09:00:00+00:00"),
        theirs=DifferenceVersion(content=theirs, author="B. Clerk", time="2018-12-03", file="moi.xlsx"),
        key=AnswerKey(Address.parse(at), respondent="agency-moi"),
        place=f"sheet of {at}, F12",
    )
    return replace(made, **more)  # type: ignore[arg-type]


NEW = difference("i.plan", DiffKind.NEW, EMPTY_CONTENT, level(2))
CHANGED = difference("i.law", DiffKind.CHANGED, level(1), level(2, "Adopted in May"))
CONTESTED = difference(
    "i.why",
    DiffKind.CHANGED,
    text("No budget and no staff this year."),
    text("No budget and two staff next year."),
    base=DifferenceVersion(content=text("No budget and one staff.")),
    is_contested=True,
    field="value",
)
CLEARED = difference("ii.staff", DiffKind.CLEARED, Content(state=AnswerState.ANSWERED, value=12), EMPTY_CONTENT)
REFUSED = difference(
    "ii.share",
    DiffKind.REFUSED,
    EMPTY_CONTENT,
    text("150"),
    problem=Problem("answer.range", "II, F9", "A share is at most 100 %.", "Write 0 to 100."),
)
ALL = (NEW, CHANGED, CONTESTED, CLEARED, REFUSED)
BoardOf = Callable[..., DecisionBoard]


@pytest.fixture
def board_of(tmp_path: Path, qtbot: QtBot) -> Iterator[BoardOf]:
    with open_session(file_of(tmp_path)) as session:
        formatter = EntryFormatter(Translator(), session)

        def make(
            differences: tuple[MergeDifference, ...] = ALL,
            decisions: Mapping[str, DecisionSide] = MappingProxyType({}),
            *,
            is_merge: bool = False,
            **more: object,
        ) -> DecisionBoard:
            told = merge_page.merge_difference_formatter if is_merge else import_preview.import_difference_formatter
            sides = merge_page.merge_side_labels if is_merge else import_preview.import_side_labels
            board = DecisionBoard(
                told(formatter),
                sides(formatter.texts),
                differences,
                decisions,
                bulks=import_preview.import_bulk_decisions(formatter.texts),
                **more,  # type: ignore[arg-type]
            )
            qtbot.addWidget(board)
            board.resize(1100, 700)
            board.show()
            board.list.setFocus()
            return board

        yield make


def press(board: DecisionBoard, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(board.list, key, held)


def tabs(board: DecisionBoard) -> list[str]:
    return [board.tabs.tabText(number) for number in range(board.tabs.count())]


def titles(board: DecisionBoard) -> list[str]:
    return [line.title for line in board.list.lines.rows]


def told(board: DecisionBoard) -> str:
    """Return all words on the card."""
    words = [label.text() for label in board.card.findChildren(Label)]
    return "\n".join(words + [shown.text() for shown in board.card.findChildren(RunningText)])


def test_the_tabs_count_every_difference_exactly_once(board_of: BoardOf) -> None:
    assert tabs(board_of()) == [
        "All differences (5)", "To decide (1)", "New (1)", "Changed (1)", "Cleared (1)", "Invalid (1)"
    ]  # fmt: skip


def test_a_tab_shows_its_kind_only(board_of: BoardOf) -> None:
    board = board_of()
    board.tabs.setCurrentIndex(1)
    assert board.shown() == (CONTESTED,)
    assert board.current is CONTESTED


def test_letters_decide_and_lead_to_the_next_open_one(board_of: BoardOf) -> None:
    board = board_of()
    press(board, Qt.Key.Key_A, Qt.Key.Key_K, Qt.Key.Key_A)
    assert board.decisions == {NEW.id: THEIRS, CHANGED.id: MINE, CONTESTED.id: THEIRS}
    assert board.current is CLEARED


def test_arrows_go_through_the_list_without_deciding(board_of: BoardOf) -> None:
    board = board_of()
    press(board, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert board.current is CHANGED
    assert board.decisions == {}


def test_a_decision_can_be_taken_back(board_of: BoardOf) -> None:
    board = board_of()
    press(board, Qt.Key.Key_A, Qt.Key.Key_Up, Qt.Key.Key_Delete)
    assert board.decisions == {}
    assert board.current is NEW


def test_all_shown_are_accepted_at_once_and_no_others(board_of: BoardOf) -> None:
    board = board_of()
    board.tabs.setCurrentIndex(2)
    press(board, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert board.decisions == {NEW.id: THEIRS}


def test_what_cannot_be_stored_is_never_accepted(board_of: BoardOf) -> None:
    board = board_of()
    press(board, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert set(board.decisions) == {NEW.id, CHANGED.id, CONTESTED.id, CLEARED.id}
    board.list.choose(REFUSED.id)
    press(board, Qt.Key.Key_A)
    assert REFUSED.id not in board.decisions
    assert not board.card.accept.isEnabled()
    assert "A share is at most 100 %. Write 0 to 100." in told(board)
    assert REFUSED not in board.undecided


def test_a_cell_that_cannot_be_read_is_not_said_to_be_unanswered(board_of: BoardOf) -> None:
    problem = Problem("answer.range", "II, F9", "This is not a number.", "Ask what is meant.")
    board = board_of((difference("ii.share", DiffKind.REFUSED, EMPTY_CONTENT, EMPTY_CONTENT, problem=problem),))
    assert "\nIn the file\nCannot be read as an answer" in told(board)
    quoted = replace(problem, values=(("said", "some"),))
    board = board_of((difference("ii.share", DiffKind.REFUSED, EMPTY_CONTENT, EMPTY_CONTENT, problem=quoted),))
    assert "\nIn the file\n“some” cannot be read as an answer." in told(board)


def test_bulk_decisions_take_what_they_say(board_of: BoardOf) -> None:
    board = board_of()
    button = board.findChild(FlatButton, "accept_changed")
    assert button is not None
    assert button.text() == "Import all changed (1)"
    button.click()
    assert board.decisions == {CHANGED.id: THEIRS}
    assert board.undecided == (NEW, CONTESTED, CLEARED)


def test_the_line_says_in_words_what_was_decided(board_of: BoardOf) -> None:
    board = board_of()
    assert board.list.lines.rows[0].detail.startswith("New · not decided yet · 2")
    press(board, Qt.Key.Key_A)
    assert board.list.lines.rows[0].detail.startswith("New · will be imported · 2")
    assert board.list.lines.rows[0].mark == "✓"


def test_a_contested_text_shows_all_three_sides_compared_word_by_word(board_of: BoardOf) -> None:
    board = board_of()
    board.list.choose(CONTESTED.id)
    sides = {name: board.card.findChild(DifferenceSideCard, f"side_{name}") for name in ("base", "mine", "theirs")}
    assert all(side is not None for side in sides.values())
    shown = [passage.text() for passage in board.card.findChildren(RunningText)]
    assert "No budget and one staff." in shown
    assert any("one" in text and "two" in text and "next year" in text for text in shown), shown
    assert "sheet of i.why, F12" in told(board)
    assert "B. Clerk" in told(board)
    assert "moi.xlsx" in told(board)


def test_an_answer_decided_on_is_marked_with_a_word_not_by_colour_alone(board_of: BoardOf) -> None:
    board = board_of((CHANGED,))
    assert "✓ Will be imported" not in told(board)
    press(board, Qt.Key.Key_A)
    assert "✓ Will be imported" in told(board)


def test_a_note_that_came_with_a_value_is_seen_too(board_of: BoardOf) -> None:
    board = board_of((CHANGED,))
    assert "Adopted in May" in told(board)
    assert "≠ Note" in told(board)


def test_changes_of_one_author_can_be_decided_on_together(board_of: BoardOf) -> None:
    other = replace(CHANGED, theirs=replace(CHANGED.theirs, author="C. Officer"))
    board = board_of((NEW, other), is_merge=True)
    board.author.setCurrentIndex(board.author.findData("=C. Officer"))
    assert board.shown() == (other,)
    press(board, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert board.decisions == {other.id: THEIRS}


def test_one_contested_field_of_a_register_entry_is_shown_alone(board_of: BoardOf) -> None:
    here = Agency(id="agency-moi", name="Ministry of the Interior", short="MoI", contact="Old street 1")
    there = replace(here, contact="New street 2", short="MIA")
    entry = MergeDifference(
        id="agencies agency-moi contact",
        fate=DiffKind.CHANGED,
        mine=DifferenceVersion(entry=here),
        theirs=DifferenceVersion(entry=there, author="B. Clerk"),
        register="agencies",
        entry_id="agency-moi",
        field="contact",
        is_contested=True,
    )
    board = board_of((entry,), is_merge=True)
    assert titles(board) == ["Agencies · Contact  Ministry of the Interior"]
    assert [facet.text for facet in board._formatter.facets(entry, entry.theirs)] == ["New street 2"]
    assert "MIA" not in told(board)


def test_an_answer_that_is_invalid_says_why_it_cannot_be_imported(board_of: BoardOf) -> None:
    board = board_of((NEW, REFUSED))
    board.list.choose(REFUSED.id)
    press(board, Qt.Key.Key_A)
    said = "This answer is invalid and cannot be imported. A share is at most 100 %. Write 0 to 100."
    assert board.banners.sentences() == (said,)
    board.list.choose(NEW.id)
    press(board, Qt.Key.Key_A)
    assert board.banners.sentences() == ()


def test_letters_do_not_search_the_list(board_of: BoardOf) -> None:
    board = board_of()
    QTest.keyClicks(board.list, "iz")
    assert board.current is NEW


def test_hundreds_of_differences_are_shown_and_gone_through(board_of: BoardOf) -> None:
    many = tuple(replace(NEW, id=f"number {number}") for number in range(700))
    board = board_of(many)
    press(board, *[Qt.Key.Key_A] * 5)
    assert len(board.decisions) == 5
    assert board.current is many[5]


def test_of_several_values_of_one_place_only_one_can_stand(board_of: BoardOf) -> None:
    second = replace(CONTESTED, id="i.why again", theirs=replace(CONTESTED.theirs, author="C. Officer"))
    board = board_of((CONTESTED, second, NEW), is_merge=True)
    assert "The files hold 1 other value here" in told(board)
    press(board, Qt.Key.Key_A)
    assert board.decisions == {CONTESTED.id: THEIRS, second.id: MINE}
    board.list.choose(second.id)
    press(board, Qt.Key.Key_A)
    assert board.decisions == {CONTESTED.id: MINE, second.id: THEIRS}


def test_taking_all_does_not_choose_between_values_of_one_place(board_of: BoardOf) -> None:
    second = replace(CONTESTED, id="i.why again")
    board = board_of((CONTESTED, second, NEW), is_merge=True)
    press(board, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert board.decisions == {NEW.id: THEIRS}


def test_a_merge_decides_on_the_note_without_showing_the_value(board_of: BoardOf) -> None:
    note = replace(CHANGED, id="i.law note", field="note", is_contested=True)
    board = board_of((note,), is_merge=True)
    assert titles(board)[0].startswith("i.law · MoI · Note")
    assert "Adopted in May" in told(board)
    assert "2 – " not in told(board)


def test_taking_all_does_not_bring_back_what_was_replaced_here(board_of: BoardOf) -> None:
    board = board_of((CONTESTED, CHANGED), {CHANGED.id: MINE}, is_merge=True)
    press(board, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert board.decisions == {CONTESTED.id: THEIRS, CHANGED.id: MINE}
    board.tabs.setCurrentIndex(2)
    assert board.tabs.tabText(2) == "Replaced here since (1)"
    press(board, Qt.Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    assert board.decisions[CHANGED.id] is THEIRS
