"""Wherever one goes, the cell in focus is seen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect

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
