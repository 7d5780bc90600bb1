"""Wherever one goes, the cell in focus is seen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.services.session.demonstration import demonstration
from tests.ui.driving import Desk


@pytest.mark.check
@pytest.mark.parametrize("row", ["1", "7", "12", "20"])
def test_a_cell_one_goes_to_is_seen_as_a_whole(desk_on: Callable[..., Desk], row: str) -> None:
    desk = desk_on(demonstration()[0])
    question = desk.session.instrument.question_by_id["iii.statistics"]
    place = next(known for known in question.rows if known.number == row)
    desk.go(f"iii.statistics/{place.id}/produced")
    desk.rest()
    view = desk.table("iii.statistics").view
    cell = view.visualRect(view.currentIndex())
    assert view.viewport().rect().contains(cell)
    page = desk.page.page()
    shown = QRect(view.viewport().mapTo(page.viewport(), QPoint(cell.topLeft())), cell.size())
    assert page.viewport().rect().contains(shown)


def test_tab_brings_the_whole_question_into_sight(desk_on: Callable[..., Desk], blank: Dossier) -> None:
    desk = desk_on(blank)
    desk.page.resize(900, 430)
    desk.rest()
    desk.go("i.law")
    visited = []
    for key in ["Tab"] * 5 + ["Shift+Tab"] * 5:
        desk.press(key)
        visited.append(desk.here())
        card, page = desk.card(desk.here()), desk.page.page()
        top = card.mapTo(page.viewport(), QPoint()).y()
        assert page.viewport().rect().contains(0, top), visited
        assert page.viewport().rect().contains(0, top + card.height() - 1), visited
    assert len(set(visited)) == 6


def test_the_first_question_is_shown_under_the_title_of_its_part(desk_on: Callable[..., Desk]) -> None:
    desk = desk_on()
    desk.page.resize(1300, 260)
    desk.go("i.law")
    assert desk.page.page().verticalScrollBar().value() > 0, "there is no room for both"
    desk.page.resize(1300, 900)
    desk.rest()
    assert desk.page.page().verticalScrollBar().value() == 0
