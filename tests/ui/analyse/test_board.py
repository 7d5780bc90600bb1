"""The board of priorities: quadrants, and moving gaps between them by keyboard and by a list."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from capacity_app.domain.assessment.registers import FeasibilityRating
from capacity_app.domain.questionnaire.instrument import Feasibility
from capacity_app.domain.scoring.gaps import Gap, Priority, priority_of
from capacity_app.ui.pages.analyse.gap_board import GapBoard, QuadrantList
from capacity_app.ui.pages.analyse.gap_table import gap_lines
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage, PlanView
from capacity_app.ui.session.formatters import EntryFormatter
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]
ORDER = tuple(Feasibility)


def board_page(office: Office) -> GapsAndPlanPage:
    page = office.page(GapsAndPlanPage, "gaps")
    page.tabs.setCurrentIndex(PlanView.BOARD)
    office.settle()
    return page


def shown(place: QuadrantList) -> set[str]:
    return {line.key for line in place.lines.rows}


def gap_at(office: Office, address: str) -> Gap:
    return next(gap for gap in office.session.gaps()[0] if str(gap.address) == address)


@pytest.mark.check
def test_every_gap_stands_once_where_severity_and_feasibility_put_it(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    placed = [(place, line.key) for place, made in page.board.lists.items() for line in made.lines.rows]
    gaps = office.session.gaps()[0]
    assert sorted(key for _, key in placed) == sorted(str(gap.address) for gap in gaps)
    for place, key in placed:
        gap = gap_at(office, key)
        assert place == (gap.is_serious, gap.feasibility)
    for priority, quadrant in page.board.quadrants.items():
        inside = sum(made.lines.rowCount() for made in quadrant.lists.values())
        assert quadrant.count.text() == str(inside)
        assert inside == sum(1 for gap in gaps if gap.priority is priority)


@pytest.mark.check
def test_ctrl_and_an_arrow_move_a_gap_and_the_focus_goes_along(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    gap = next(gap for gap in office.session.gaps()[0] if gap.feasibility is Feasibility.EFFORT)
    address = str(gap.address)
    page.choose_gap(address)
    office.press("Ctrl+Left")
    assert gap_at(office, address).feasibility is Feasibility.EASY
    easy = page.board.lists[gap.is_serious, Feasibility.EASY]
    assert office.focused() is easy
    assert easy.current_key == address
    office.press("Ctrl+Left")
    assert gap_at(office, address).feasibility is Feasibility.EASY
    office.press("Ctrl+Right", "Ctrl+Right")
    assert gap_at(office, address).feasibility is Feasibility.HARD


@pytest.mark.check
def test_in_a_mirrored_window_the_arrows_follow_the_eye(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    gap = next(gap for gap in office.session.gaps()[0] if gap.feasibility is Feasibility.EFFORT)
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    page.choose_gap(str(gap.address))
    office.press("Ctrl+Right")
    assert gap_at(office, str(gap.address)).feasibility is Feasibility.EASY


@pytest.mark.check
def test_a_moved_gap_keeps_its_note_and_severity(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    gap = office.session.gaps()[0][0]
    address = str(gap.address)
    office.desk.controller.put(FeasibilityRating(id=address, feasibility=Feasibility.EASY, note="Draft exists."))
    page.choose_gap(address)
    office.press("Ctrl+Right", "Ctrl+Right")
    rated = office.session.entry("ratings", address)
    assert rated == FeasibilityRating(id=address, feasibility=Feasibility.HARD, note="Draft exists.")
    assert address in shown(page.board.lists[gap.is_serious, Feasibility.HARD])


@pytest.mark.check
def test_several_chosen_gaps_move_together_and_again(at_work: AtWork) -> None:
    dossier = replace(small_dossier(), ratings=())
    office = at_work(dossier)
    page = board_page(office)
    made = next(made for made in page.board.lists.values() if made.lines.rowCount() > 1)
    made.choose(made.lines.rows[0].key)
    made.setFocus()
    office.press("Shift+Down", "Ctrl+Left", "Ctrl+Right", "Ctrl+Right")
    hard = [gap for gap in office.session.gaps()[0] if gap.feasibility is Feasibility.HARD]
    assert len(hard) == 2


@pytest.mark.check
def test_the_list_beside_the_board_moves_a_gap_too(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    gap = next(gap for gap in office.session.gaps()[0] if gap.feasibility is not Feasibility.HARD)
    page.choose_gap(str(gap.address))
    combo = office.part(QComboBox, "gap_feasibility", page)
    combo.setCurrentIndex(combo.findData(Feasibility.HARD.value))
    combo.activated.emit(combo.currentIndex())
    office.settle()
    assert gap_at(office, str(gap.address)).feasibility is Feasibility.HARD


@pytest.mark.check
def test_one_gap_is_chosen_in_the_whole_board(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    lists = [made for made in page.board.lists.values() if made.lines.rowCount()]
    for made in lists:
        made.setFocus()
        made.choose(made.lines.rows[0].key)
        office.settle()
        assert [other for other in lists if other.chosen()] == [made]
        assert [str(gap.address) for gap in page.chosen()] == [made.current_key]


@pytest.mark.check
def test_enter_on_the_board_leads_to_the_question(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    gap = office.session.gaps()[0][0]
    page.choose_gap(str(gap.address))
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address is not None
    assert office.desk.address.question == gap.address.question


@pytest.mark.check
def test_a_gap_stays_chosen_from_the_list_to_the_board_and_back(at_work: AtWork) -> None:
    office = at_work()
    page = board_page(office)
    page.tabs.setCurrentIndex(PlanView.GAPS)
    gap = office.session.gaps()[0][-1]
    page.choose_gap(str(gap.address))
    for tab in (PlanView.BOARD, PlanView.GAPS):
        page.tabs.setCurrentIndex(tab)
        office.settle()
        assert page.chosen() == (gap,)


def test_a_board_that_is_only_read_takes_no_drop(at_work: AtWork) -> None:
    office = at_work()
    board = GapBoard(EntryFormatter(office.texts, office.session), is_editable=False)
    rated: list[object] = []
    board.rated.connect(lambda *said: rated.append(said))
    board.show_lines(gap_lines(office.session.gaps()[0], (), EntryFormatter(office.texts, office.session)))
    for made in board.lists.values():
        made.moved.emit(tuple(line.key for line in made.lines.rows), 1)
    assert rated == []


@pytest.mark.check
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(Feasibility)), min_size=1, max_size=6))
def test_moving_gaps_and_undoing_it_changes_nothing(
    at_work: AtWork, office: Office, steps: list[tuple[int, Feasibility]]
) -> None:
    if office.window.workspace is None:
        at_work()
    page = board_page(office)
    before = {rating.id: rating for rating in office.session.entries("ratings")}
    gaps = office.session.gaps()
    count = office.desk.controller.undo_stack.index()
    for which, feasibility in steps:
        gap = gaps[0][which % len(gaps[0])]
        page.board.rated.emit((str(gap.address),), feasibility)
        moved = gap_at(office, str(gap.address))
        assert moved.priority is priority_of(gap.severity_class, feasibility)
        assert isinstance(moved.priority, Priority)
    while office.desk.controller.undo_stack.index() > count:
        office.desk.controller.undo()
    assert {rating.id: rating for rating in office.session.entries("ratings")} == before
    assert office.session.gaps() == gaps
