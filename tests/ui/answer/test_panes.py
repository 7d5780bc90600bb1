"""Tree, questions and panel in any width: three side by side, or the panel over the rest."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets.buttons import FlatButton
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def narrow(desk: Desk) -> None:
    desk.page.resize(760, 700)
    desk.settle()


def test_in_a_wide_window_all_three_stand_side_by_side(desk_on: Open) -> None:
    desk = desk_on()
    assert not desk.page.panes.is_narrow
    assert desk.page.inspector.isVisible()
    assert desk.part(FlatButton, "open_panel").isHidden()


def test_in_a_narrow_window_the_panel_comes_over_the_questions_and_goes_with_the_focus(desk_on: Open) -> None:
    desk = desk_on()
    narrow(desk)
    desk.go("i.law")
    assert desk.page.panes.is_narrow
    assert not desk.page.inspector.isVisible()
    wide = desk.page.pages.width()
    desk.press("F9")
    assert desk.page.inspector.isVisible()
    assert desk.page.pages.width() == wide, "nothing moves under it"
    desk.press("Esc")
    assert not desk.page.inspector.isVisible()
    assert desk.here() == "i.law"


def test_a_button_opens_the_panel_for_who_has_no_keyboard_at_hand(desk_on: Open) -> None:
    desk = desk_on()
    narrow(desk)
    desk.go("i.law")
    desk.part(FlatButton, "open_panel").click()
    assert desk.page.inspector.isVisible()
    desk.page.tree.find_field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not desk.page.inspector.isVisible()


def test_a_panel_hidden_on_purpose_stays_away_when_there_is_room_again(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    desk.press("Shift+F9")
    narrow(desk)
    desk.page.resize(1400, 700)
    desk.settle()
    assert not desk.page.inspector.isVisible()
    assert desk.part(FlatButton, "open_panel").isVisible()
    desk.press("Shift+F9")
    narrow(desk)
    desk.page.resize(1400, 700)
    desk.settle()
    assert desk.page.inspector.isVisible()


def test_at_200_percent_the_questionnaire_fits_a_small_screen(desk_on: Open, qapp: QApplication) -> None:
    desk = desk_on()
    set_zoom(qapp, 200)
    desk.settle()
    assert desk.page.minimumSizeHint().width() <= 1100
    assert desk.page.minimumSizeHint().height() <= 500
    desk.page.resize(1180, 620)
    desk.go("i.law")
    assert desk.page.width() == 1180
    card = desk.card("i.law")
    assert card.width() > desk.page.width() // 2


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_panel_comes_from_the_trailing_side(
    desk_on: Open, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    qapp.setLayoutDirection(direction)
    try:
        desk = desk_on()
        narrow(desk)
        desk.go("i.law")
        desk.press("F9")
        spot = desk.page.inspector.mapTo(desk.page, QPoint(0, 0)).x()
        is_at_end = spot > desk.page.width() // 4
        assert is_at_end is (direction == Qt.LayoutDirection.LeftToRight)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
