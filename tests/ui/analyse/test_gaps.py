"""Gaps: the order, the filters, what stands behind one, and planning from them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, Commitment, FeasibilityRating
from capacity_app.domain.questionnaire.instrument import Feasibility
from capacity_app.domain.scoring.gaps import SEVERITY_ORDER, Priority
from capacity_app.services.session.demonstration import demonstration
from capacity_app.ui.pages.analyse.gap_table import GapColumn
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage, PlanView
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.lists_and_tables import LineList
from capacity_app.ui.widgets.text_fields import FilterTextField
from tests.builders import small_dossier
from tests.domain.making import say
from tests.ui.office import Office

AtWork = Callable[..., Office]


def gaps_page(office: Office) -> GapsAndPlanPage:
    return office.page(GapsAndPlanPage, "gaps")


def numbers(page: GapsAndPlanPage) -> list[str]:
    return [line.gap.number for line in page.table.lines.rows]


def cell(page: GapsAndPlanPage, row: int, part: GapColumn) -> str:
    return str(page.table.lines.index(row, part).data())


def test_gaps_stand_most_severe_first_with_all_their_columns(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gaps, to_verify = office.session.gaps()
    shown = [line.gap for line in page.table.lines.rows]
    assert shown == list(gaps)
    grades = [SEVERITY_ORDER.index(gap.severity_class) for gap in shown]
    assert grades == sorted(grades, reverse=True)
    for row, gap in enumerate(shown):
        assert cell(page, row, GapColumn.NUMBER) == gap.number
        assert cell(page, row, GapColumn.POINTS) == f"{gap.steps} × {gap.importance} = {gap.severity}"
    page.tabs.setCurrentIndex(PlanView.TO_VERIFY)
    assert [line.gap for line in page.table.lines.rows] == list(to_verify)


def test_the_heading_of_the_points_says_why_the_gaps_stand_in_this_order(at_work: AtWork) -> None:
    model = gaps_page(at_work()).table.lines
    said = model.headerData(GapColumn.POINTS, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "Steps to the target × importance." in str(said)
    assert "Equal gaps follow the order of the questionnaire." in str(said)


@pytest.mark.check
def test_at_the_design_size_ten_gaps_and_the_first_button_are_seen(at_work: AtWork) -> None:
    office = at_work(replace(demonstration()[0], previous=None, evidence=()))
    office.window.resize(1366, 768)
    page = gaps_page(office)
    office.settle()
    assert page.table.rowAt(page.table.viewport().height() - 1) >= 10
    assert not page.table.horizontalScrollBar().isVisible()
    assert not office.part(QPushButton, "gap_plan").visibleRegion().isEmpty()


def test_a_filter_shows_one_section_or_what_has_no_action(at_work: AtWork) -> None:
    planned = Action(id="action-2", title="Agree on a plan", gaps=("i.plan",))
    office = at_work(replace(small_dossier(), actions=(planned,)))
    page = gaps_page(office)
    combo = office.part(QComboBox, "gaps_section", page)
    combo.setCurrentIndex(combo.findData("iii"))
    assert {line.gap.section.id for line in page.table.lines.rows} == {"iii"}
    page.filter.clear()
    office.part(QCheckBox, "gaps_unplanned", page).click()
    assert all(not line.actions for line in page.table.lines.rows)
    assert len(page.table.lines.rows) < len(office.session.gaps()[0])


def test_a_priority_shows_its_gaps_alone_and_all_again(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    whole = numbers(page)
    chosen = office.session.gaps()[0][0].priority
    combo = office.part(QComboBox, "gaps_priority", page)
    combo.setCurrentIndex(combo.findData(chosen.value))
    assert {line.gap.priority for line in page.table.lines.rows} == {chosen}
    combo.setCurrentIndex(0)
    assert numbers(page) == whole


def test_enter_on_a_gap_leads_to_its_question(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gap = page.table.lines.rows[0].gap
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.lines.index(0, GapColumn.TEXT))
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address is not None
    assert office.desk.address.question == gap.address.question


def test_another_feasibility_moves_the_gap_to_another_quadrant_and_can_be_undone(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    address = str(office.session.gaps()[0][0].address)
    combo = office.part(QComboBox, "gap_feasibility", page)
    combo.setCurrentIndex(combo.findData(Feasibility.EASY.value))
    combo.activated.emit(combo.currentIndex())
    office.settle()
    rated = next(gap for gap in office.session.gaps()[0] if str(gap.address) == address)
    assert rated.feasibility is Feasibility.EASY
    assert rated.priority in {Priority.QUICK_WIN, Priority.FILL_IN}
    office.window.menus.actions["undo"].trigger()
    again = next(gap for gap in office.session.gaps()[0] if str(gap.address) == address)
    assert again.feasibility is not Feasibility.EASY


def test_a_note_on_a_gap_is_kept_beside_its_feasibility(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gap = page.table.lines.rows[0].gap
    page.table.choose(str(gap.address))
    page.detail.gap.note.setFocus()
    office.write("Waits for the new law")
    office.desk.controller.request_flush()
    entry = office.session.entry("ratings", str(gap.address))
    assert entry == FeasibilityRating(id=str(gap.address), feasibility=gap.feasibility, note="Waits for the new law")


def test_what_a_gap_refers_to_is_kept_whatever_else_is_changed(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gap = page.table.lines.rows[0].gap
    page.table.choose(str(gap.address))
    page.detail.gap.form.change("commitments", (Commitment.SDG_17_18,))
    page.detail.gap.form.editor("strategy_item").setFocus()
    office.write("4.2")
    office.desk.controller.request_flush()
    page.detail.gap.note.setFocus()
    office.write("Waits")
    office.desk.controller.request_flush()
    page.detail.gap.rated.emit(str(gap.address), Feasibility.HARD)
    kept = FeasibilityRating(
        id=str(gap.address),
        feasibility=Feasibility.HARD,
        note="Waits",
        commitments=(Commitment.SDG_17_18,),
        strategy_item="4.2",
    )
    assert office.session.entry("ratings", kept.id) == kept
    office.desk.controller.undo()
    assert office.session.entry("ratings", kept.id) == replace(kept, feasibility=gap.feasibility)


def test_an_action_is_planned_from_a_gap_with_the_suggested_text(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    address = next(str(gap.address) for gap in office.session.gaps()[0] if gap.next_step)
    page.choose_gap(address)
    before = len(office.session.entries("actions"))
    office.part(QPushButton, "gap_plan", page).click()
    office.settle()
    made = office.session.entries("actions")[-1]
    assert isinstance(made, Action)
    assert len(office.session.entries("actions")) == before + 1
    assert made.gaps == (address,)
    assert made.title
    assert page.tabs.currentIndex() == PlanView.GAPS
    assert page.detail.action.current == made.id
    assert page.detail.action.form.isAncestorOf(office.focused())
    assert not office.focused().visibleRegion().isEmpty()


def test_a_gap_stays_chosen_while_an_action_for_it_is_written_though_the_filter_would_hide_it(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    office.part(QCheckBox, "gaps_unplanned", page).click()
    gap = page.chosen()[0]
    office.part(QPushButton, "gap_plan", page).click()
    office.settle()
    assert page.chosen() == (gap,)
    page.filter.clear()
    office.part(QCheckBox, "gaps_unplanned", page).click()
    assert gap.number not in numbers(page)


def test_several_chosen_gaps_become_one_action(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.lines.index(0, GapColumn.TEXT))
    office.press("Shift+Down")
    button = office.part(QPushButton, "gap_plan", page)
    assert button.text() == "Plan one action for 2 gaps"
    button.click()
    made = office.session.entries("actions")[-1]
    assert isinstance(made, Action)
    assert made.gaps == tuple(str(gap.address) for gap in office.session.gaps()[0][:2])


def test_words_typed_into_the_search_leave_the_gaps_that_say_them(at_work: AtWork) -> None:
    planned = Action(id="action-2", title="Agree on a plan", gaps=("i.plan",))
    office = at_work(replace(small_dossier(), actions=(planned,)))
    page = gaps_page(office)
    office.part(FilterTextField, "gaps_search", page).setFocus()
    office.write("AGREE")
    assert numbers(page) == ["i.plan"]
    office.press("Escape")
    assert len(numbers(page)) == len(office.session.gaps()[0])


def test_the_arithmetic_of_a_severity_and_a_prerequisite_stand_in_words(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), answers=(say("i.law", 1, who="agency-nso"),)))
    page = gaps_page(office)
    page.choose_gap("i.law")
    said = " ".join(words.text() for words in page.detail.findChildren(Label))
    assert "2 steps to the target × importance 3 = 6: high." in said
    assert "A prerequisite, on which other items build, is one class higher: critical." in said
    assert "Prerequisite: " in cell(page, 0, GapColumn.TEXT)


def test_every_step_to_the_target_is_suggested(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), answers=(say("i.law", 1, who="agency-nso"),)))
    page = gaps_page(office)
    page.choose_gap("i.law")
    said = " ".join(words.text() for words in page.detail.findChildren(Label))
    assert "To level 2: Pass it." in said
    assert "To level 3: Apply it." in said
    assert "To level 1" not in said


def test_the_actions_of_a_gap_are_edited_beside_it(at_work: AtWork) -> None:
    planned = tuple(Action(id=f"action-{n}", title="Agree on a plan", gaps=("i.plan",)) for n in (2, 3))
    office = at_work(replace(small_dossier(), actions=planned))
    page = gaps_page(office)
    page.choose_gap("i.plan")
    assert page.detail.action.current == "action-2"
    office.part(LineList, "gap_actions", page.detail).setFocus()
    office.press("Down")
    assert page.detail.action.current == "action-3"
    office.part(QWidget, "field_title").setFocus()
    office.write("Now: ")
    office.desk.controller.request_flush()
    found = office.session.entry("actions", "action-3")
    assert isinstance(found, Action)
    assert "Now:" in found.title


def test_a_place_to_verify_says_its_worst_case(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    page.tabs.setCurrentIndex(PlanView.TO_VERIFY)
    said = " ".join(words.text() for words in page.detail.findChildren(Label))
    assert "At worst, if the answer turns out to be level 0:" in said
    assert "Open: ask, then the gap shows." in said


def test_an_assessment_without_answers_says_when_gaps_appear(at_work: AtWork, blank: Dossier) -> None:
    office = at_work(blank)
    page = gaps_page(office)
    said = [words.text() for words in page.findChildren(Label) if words.isVisible()]
    assert any(sentence.startswith("No gap yet.") for sentence in said)


def test_a_file_left_at_the_former_action_plan_opens_at_gaps_and_plan(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    office.leave()
    Settings(office.settings_file).update(file, page="plan")
    office.come()
    office.open(file)
    assert office.desk.page_name == "gaps"


def test_a_screen_reader_finds_every_cell_of_a_gap_with_its_role_and_words(at_work: AtWork) -> None:
    planned = Action(id="action-2", title="Agree on a plan", gaps=("i.plan",))
    office = at_work(replace(small_dossier(), actions=(planned,)))
    page = gaps_page(office)
    page.choose_gap("i.plan")
    interface = QAccessible.queryAccessibleInterface(page.table)
    cells = [interface.child(place) for place in range(interface.childCount())]
    row = [cell.text(QAccessible.Text.Name) for cell in cells if cell.role() is QAccessible.Role.Cell]
    assert "1 action" in row
    assert any(" × " in name for name in row)
    heads = [cell.text(QAccessible.Text.Name) for cell in cells if cell.role() is QAccessible.Role.ColumnHeader]
    assert heads == ["Severity", "Points", "Number", "Gap", "Feasibility", "Actions"]
    page.tabs.setCurrentIndex(PlanView.BOARD)
    office.settle()
    made = page.board.list_of("i.plan")
    lines = QAccessible.queryAccessibleInterface(made)
    spoken = [lines.child(place).text(QAccessible.Text.Name) for place in range(lines.childCount())]
    assert any(said.startswith("i.plan") and "1 action" in said for said in spoken)
    assert lines.role() is QAccessible.Role.List
