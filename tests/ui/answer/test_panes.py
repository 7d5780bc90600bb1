"""Parts, questions and help in any width: side by side, or parts and help over the questions; folded and remembered."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from capacity_app.domain.assessment.answers import Address
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.builders import file_of
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]


def narrow(desk: Desk) -> None:
    desk.page.resize(760, 700)
    desk.settle()


def laptop(desk: Desk) -> None:
    desk.page.resize(1366, 700)
    desk.settle()


def test_in_a_wide_window_all_three_stand_side_by_side(desk_on: Open) -> None:
    desk = desk_on()
    assert not desk.page.panes.is_narrow
    assert desk.page.tree.isVisible()
    assert desk.page.inspector.isVisible()


def test_on_a_laptop_parts_and_help_are_closed_and_lie_over_the_questions(desk_on: Open) -> None:
    desk = desk_on()
    laptop(desk)
    desk.go("i.law")
    assert not desk.page.tree.isVisible()
    assert not desk.page.inspector.isVisible()
    before = desk.card("i.law").geometry()
    desk.part(QAbstractButton, "panel_handle").click()
    assert desk.page.inspector.isVisible()
    assert desk.card("i.law").geometry() == before, "nothing moves under it"
    desk.press("2")
    assert desk.page.inspector.isVisible(), "it covers no question: it stays while one answers"
    desk.part(QAbstractButton, "panel_handle").click()
    assert not desk.page.inspector.isVisible()


def test_on_a_laptop_the_help_covers_no_column_of_a_small_table(desk_on: Open) -> None:
    desk = desk_on()
    laptop(desk)
    desk.go("iii.topics")
    desk.press("F9")
    card, panel = desk.card("iii.topics"), desk.page.panes.panel
    assert panel.isVisible()
    assert card.mapTo(desk.page.panes, QPoint(card.width(), 0)).x() <= panel.x()


def test_the_parts_open_as_a_drawer_and_close_with_a_choice(desk_on: Open) -> None:
    desk = desk_on()
    laptop(desk)
    desk.go("i.law")
    desk.press("Ctrl+\\")
    assert desk.page.tree.isVisible()
    assert desk.focused() is desk.page.tree.lines
    node = desk.page.tree.model.find(Address("ii.staff"))
    assert node is not None
    desk.page.tree.lines.entered_line.emit(desk.page.tree.model.index_of(node))
    desk.settle()
    assert not desk.page.tree.isVisible()
    assert desk.here() == "ii.staff"


@pytest.mark.parametrize("key", ["Esc", "Ctrl+\\"])
def test_the_drawer_closes_by_key_and_the_focus_goes_back(desk_on: Open, key: str) -> None:
    desk = desk_on()
    laptop(desk)
    desk.go("i.plan")
    desk.part(QAbstractButton, "tree_handle").click()
    desk.press(key)
    assert not desk.page.tree.isVisible()
    assert desk.here() == "i.plan"


def test_in_a_narrow_window_the_panel_goes_with_the_focus(desk_on: Open) -> None:
    desk = desk_on()
    narrow(desk)
    desk.go("i.law")
    wide = desk.page.pages.width()
    desk.press("F9")
    assert desk.page.inspector.isVisible()
    assert desk.page.pages.width() == wide, "nothing moves under it"
    desk.press("Esc")
    assert not desk.page.inspector.isVisible()
    assert desk.here() == "i.law"
    desk.part(QAbstractButton, "panel_handle").click()
    assert desk.page.inspector.isVisible()
    desk.page.toggle_tree()
    assert not desk.page.inspector.isVisible()


def test_a_pane_folded_on_purpose_stays_away_when_there_is_room_again(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    desk.press("Shift+F9")
    narrow(desk)
    desk.page.resize(1600, 700)
    desk.settle()
    assert not desk.page.inspector.isVisible()
    assert desk.page.tree.isVisible()
    desk.press("Shift+F9")
    narrow(desk)
    desk.page.resize(1600, 700)
    desk.settle()
    assert desk.page.inspector.isVisible()


def test_what_is_folded_is_remembered_until_the_next_day(office: Office) -> None:
    office.window.resize(1700, 820)
    file = file_of(office.settings_file.parent)
    office.open(file)
    page = office.page(QuestionnairePage, "questionnaire")
    office.part(QAbstractButton, "tree_handle", page).click()
    assert not page.tree.isVisible()
    office.come_back()
    office.window.resize(1700, 820)
    office.open(file)
    page = office.page(QuestionnairePage, "questionnaire")
    assert not page.tree.isVisible()
    assert page.inspector.isVisible()
    office.press("Ctrl+\\")
    assert page.tree.isVisible()


def test_a_part_chosen_shows_its_first_question_everywhere(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    root = desk.page.tree.model.roots[1]
    desk.page.tree.lines.clicked.emit(desk.page.tree.model.index_of(root))
    desk.settle()
    desk.page.inspector.follow_now()
    assert desk.here() == root.children[0].address.question
    assert desk.page.inspector.heading.text().startswith(root.children[0].number)


def test_names_of_parts_take_two_lines_where_one_is_too_short(desk_on: Open) -> None:
    desk = desk_on()
    lines = desk.page.tree.lines
    root = lines.model().index(0, 0)
    one = lines.visualRect(root).height()
    node = desk.page.tree.model.roots[0]
    node.text = "A part with a name that is much too long for one line of the list of parts"
    lines.doItemsLayout()
    assert lines.visualRect(root).height() > one


def test_more_text_in_the_panel_moves_no_button(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    for page in desk.page.inspector.pages:
        assert page.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOn


def test_at_200_percent_the_questionnaire_fits_a_small_screen(desk_on: Open, qapp: QApplication) -> None:
    desk = desk_on()
    set_zoom(qapp, 200)
    desk.settle()
    assert desk.page.panes.is_narrow, "parts and help are drawers"
    assert desk.page.minimumSizeHint().width() <= 1100
    assert desk.page.minimumSizeHint().height() <= 500
    desk.page.resize(1180, 620)
    desk.go("i.law")
    assert desk.page.width() == 1180
    assert desk.card("i.law").width() > desk.page.width() // 2


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_parts_come_from_the_leading_and_the_panel_from_the_trailing_side(
    desk_on: Open, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    qapp.setLayoutDirection(direction)
    try:
        desk = desk_on()
        laptop(desk)
        desk.go("i.law")
        desk.press("F9")
        is_mirrored = direction == Qt.LayoutDirection.RightToLeft
        assert (desk.page.inspector.mapTo(desk.page, QPoint(0, 0)).x() > 400) is not is_mirrored
        desk.press("Esc", "Ctrl+\\")
        assert (desk.page.tree.mapTo(desk.page, QPoint(0, 0)).x() > 400) is is_mirrored
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
