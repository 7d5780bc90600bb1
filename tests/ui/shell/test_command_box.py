"""The command box: one field for questions, answers, entries, pages and commands."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from capacity_app.domain.assessment.answers import Address, AnswerState, Content
from capacity_app.ui.pages.answer.tree_model import QuestionFilter
from capacity_app.ui.shell.command_box import CommandBox
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.menus import without_access_key
from capacity_app.ui.shell.page_table import PAGES, Task, pages_of
from tests.ui.deliver.returning import exchange_page, sent_back
from tests.ui.office import Office

AtWork = Callable[..., Office]


def opened(office: Office, typed: str = "") -> CommandBox:
    """Open the box with Ctrl+K and type."""
    office.press("Ctrl+K")
    office.write(typed)
    return next(box for box in office.window.findChildren(CommandBox) if box.isVisible())


def titles(box: CommandBox) -> list[str]:
    return [line.title for line in box.list.lines.rows]


@pytest.mark.parametrize("key", ["Ctrl+K", "Ctrl+J", "Ctrl+F"])
def test_a_question_is_found_by_its_number(at_work: AtWork, key: str) -> None:
    office = at_work()
    office.desk.show_page("scores")
    office.press(key)
    office.write("iistaff")
    office.press("Return")
    assert (office.desk.page_name, office.desk.address) == ("questionnaire", Address("ii.staff"))


def test_a_question_found_by_its_number_is_listed_once(at_work: AtWork) -> None:
    found = [title for title in titles(opened(at_work(), "ii.staff")) if title.startswith("ii.staff ")]
    assert len(found) == 1


def test_answers_and_entries_are_found_by_their_words(at_work: AtWork) -> None:
    office = at_work()
    key = office.desk.controller.key(Address("ii.name"))
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="Walrus Bureau"))
    box = opened(office, "walrus")
    assert "Answers and notes" in titles(box)
    office.press("Return")
    assert office.desk.address == Address("ii.name")
    box = opened(office, "interior")
    assert titles(box)[titles(box).index("Entries") + 1] == "Ministry of the Interior"


def test_an_entry_leads_to_its_register(at_work: AtWork) -> None:
    office = at_work()
    box = opened(office, "Ministry of the Interior")
    while box.list.lines.rows[box.list.currentIndex().row()].title != "Ministry of the Interior":
        office.press("Down")
    office.press("Return")
    assert office.desk.page_name == "agencies"


def test_the_name_of_a_command_is_found_before_words_of_answers(at_work: AtWork) -> None:
    office = at_work()
    key = office.desk.controller.key(Address("ii.name"))
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="They merge two registers"))
    found = titles(opened(office, "merge"))
    assert found.index("Merge with another officer’s file") < found.index("Answers and notes")


def test_a_list_of_questions_is_found_by_its_name(at_work: AtWork) -> None:
    office = at_work()
    office.desk.show_page("scores")
    box = opened(office, "disagree")
    assert titles(box) == ["Lists of questions", "Agencies disagree"]
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.questionnaire().tree.filter is QuestionFilter.CONFLICT
    assert office.focused() is office.desk.questionnaire().tree.lines


def test_lists_of_questions_come_before_questions_unless_a_number_is_typed(at_work: AtWork) -> None:
    office = at_work()
    found = titles(opened(office, "question"))
    assert found[:3] == ["Lists of questions", "All questions", "Open questions"]
    office.press("Esc")
    found = titles(opened(office, "open"))
    assert found[:2] == ["Lists of questions", "Open questions"]
    office.press("Esc")
    assert titles(opened(office, "i"))[0] == "Questions"


def test_escape_goes_back_to_the_question(at_work: AtWork) -> None:
    office = at_work()
    office.desk.show_address(Address("ii.staff"))
    before = office.focused()
    box = opened(office, "zzzz")
    assert box.nothing.isVisible()
    office.press("Esc")
    assert not office.window.findChildren(CommandBox)
    assert office.focused() is before


@pytest.mark.parametrize(
    ("place", "before"),
    [
        ("i.law", ()),
        ("i.why", ("x",)),
        ("ii.staff", ()),
        ("ii.lead", ("N",)),
        ("iii.topics/a/available", ()),
        ("iii.topics/a/available", ("Return",)),
        ("iii.topics/a/remark", ("x",)),
        ("ii.lead", ("Ctrl+K",)),
    ],
)
def test_the_box_opens_right_behind_enter(at_work: AtWork, place: str, before: tuple[str, ...]) -> None:
    office = at_work()
    office.desk.show_address(Address.parse(place))
    office.settle()
    office.press(*before)
    QTest.keyClick(office.focused(), Qt.Key.Key_Return)
    QTest.keyClick(office.focused(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.qWait(150)
    (box,) = (one for one in office.window.findChildren(CommandBox) if one.isVisible())
    assert office.focused() is box.field


def test_a_file_that_has_been_read_does_not_close_the_box(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office)
    page = exchange_page(office)
    page.take_in(file)
    box = opened(office, "scores")
    office.until(lambda: page.view is not None)
    office.settle()
    assert office.focused() is box.field
    office.press("Return")
    assert office.desk.page_name == "scores"


def test_a_click_chooses(at_work: AtWork) -> None:
    office = at_work()
    box = opened(office, "availability")
    row = titles(box).index("Availability")
    place = box.list.visualRect(box.list.lines.index(row, 0)).center()
    QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert office.desk.page_name == "availability"


def test_every_page_and_command_is_found(at_work: AtWork) -> None:
    office = at_work()
    box = opened(office)
    missing = []
    for command in COMMANDS:
        label = without_access_key(command.label)
        box.field.setText(label)
        if office.window.menus.actions[command.name].isEnabled() and label not in titles(box):
            missing.append(command.name)
    assert missing == []


def test_every_page_and_command_is_in_a_menu(at_work: AtWork) -> None:
    office = at_work()
    offered = {action.objectName() for menu in office.window.menus.menus.values() for action in menu.actions()}
    assert {f"action_{command.name}" for command in COMMANDS} <= offered
    for page in PAGES:
        is_alone = page.task is not None and len(pages_of(Task(page.task))) == 1
        assert is_alone or f"action_{page.name}" in offered


def test_without_a_file_the_box_offers_what_needs_none(office: Office) -> None:
    box = opened(office, "new assessment")
    assert "New assessment" in titles(box)
    assert "Scores" not in titles(box)
