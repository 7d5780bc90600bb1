"""Gaps and actions: the order, the filters, planning, and what is still wrong with the plan."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Action, Rating
from capacity_app.domain.gaps import CLASSES, Priority
from capacity_app.domain.instrument import Feasibility
from capacity_app.ui.gaps.gap_model import Part
from capacity_app.ui.gaps.gaps_page import GapsPage
from capacity_app.ui.registers.form_editors import WrapEditor
from capacity_app.ui.registers.form_pickers import PickMany
from tests.builders import small_dossier
from tests.ui.shell.office import Office

AtWork = Callable[..., Office]


def gaps_page(office: Office) -> GapsPage:
    return office.page(GapsPage, "gaps")


def numbers(page: GapsPage) -> list[str]:
    return [line.gap.number for line in page.gaps.table.gaps.lines]


def cell(page: GapsPage, row: int, part: Part) -> str:
    return str(page.gaps.table.gaps.index(row, part).data())


def test_gaps_stand_most_severe_first_with_all_their_columns(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gaps, to_verify = office.session.gaps()
    shown = [line.gap for line in page.gaps.table.gaps.lines]
    assert shown == list(gaps)
    grades = [CLASSES.index(gap.severity_class) for gap in shown]
    assert grades == sorted(grades, reverse=True)
    assert [line.gap for line in page.to_verify.table.gaps.lines] == list(to_verify)
    for row, gap in enumerate(shown):
        assert cell(page, row, Part.NUMBER) == gap.number
        assert cell(page, row, Part.LEVEL) == f"{gap.level} → {gap.target}"
        assert cell(page, row, Part.IMPORTANCE) == str(gap.importance)


def test_a_filter_shows_one_section_or_what_has_no_action(at_work: AtWork) -> None:
    planned = Action(id="action-2", title="Agree on a plan", gaps=("i.plan",))
    office = at_work(replace(small_dossier(), actions=(planned,)))
    page = gaps_page(office)
    combo = office.part(QComboBox, "gaps_section", page)
    combo.setCurrentIndex(combo.findData("iii"))
    assert {line.gap.section.id for line in page.gaps.table.gaps.lines} == {"iii"}
    page.gaps.filter.clear()
    office.part(QCheckBox, "gaps_unplanned", page).click()
    assert all(not line.actions for line in page.gaps.table.gaps.lines)
    assert len(page.gaps.table.gaps.lines) < len(office.session.gaps()[0])


def test_a_quadrant_shows_its_gaps_alone_and_all_again(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    whole = numbers(page)
    chosen = office.session.gaps()[0][0].priority
    page.gaps.quadrants[chosen].click()
    assert {line.gap.priority for line in page.gaps.table.gaps.lines} == {chosen}
    page.gaps.quadrants[chosen].click()
    assert numbers(page) == whole


def test_enter_on_a_gap_leads_to_its_question(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gap = page.gaps.table.gaps.lines[0].gap
    page.gaps.table.setFocus()
    page.gaps.table.setCurrentIndex(page.gaps.table.gaps.index(0, Part.TEXT))
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address is not None
    assert office.desk.address.question == gap.address.question


def test_another_feasibility_moves_the_gap_to_another_quadrant_and_can_be_undone(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    address = str(office.session.gaps()[0][0].address)
    model = page.gaps.table.gaps
    model.setData(model.index(0, Part.FEASIBILITY), Feasibility.EASY)
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
    gap = page.gaps.table.gaps.lines[0].gap
    page.gaps.table.choose(str(gap.address))
    page.gaps.detail.note.setFocus()
    office.write("Waits for the new law")
    office.desk.bridge.request_flush()
    entry = office.session.entry("ratings", str(gap.address))
    assert entry == Rating(id=str(gap.address), feasibility=gap.feasibility, note="Waits for the new law")


def test_an_action_is_planned_from_a_gap_with_the_suggested_text(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    address = next(str(gap.address) for gap in office.session.gaps()[0] if gap.suggested_action)
    page.gaps.choose(address)
    before = len(office.session.entries("actions"))
    office.part(QPushButton, "gap_plan", page.gaps).click()
    made = office.session.entries("actions")[-1]
    assert isinstance(made, Action)
    assert len(office.session.entries("actions")) == before + 1
    assert made.gaps == (address,)
    assert made.title
    assert page.tabs.currentIndex() == 2
    assert page.plan.list.current_key == made.id


def test_an_action_is_edited_in_place_and_typing_is_kept(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    page.show_action(office.session.entries("actions")[0].id)
    title = page.plan.form.editor("title")
    assert isinstance(title, WrapEditor)
    title.text.setFocus()
    title.text.selectAll()
    office.write("Pass the law")
    office.press("Ctrl+1")
    action = office.session.entries("actions")[0]
    assert isinstance(action, Action)
    assert action.title == "Pass the law"


def test_gaps_are_picked_and_taken_away_by_keyboard(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    action = office.session.entries("actions")[0]
    assert isinstance(action, Action)
    page.show_action(action.id)
    picker = page.plan.form.editor("gaps")
    assert isinstance(picker, PickMany)
    picker.finder.setFocus()
    office.press("Down", "Return")
    more = office.session.entry("actions", action.id)
    assert isinstance(more, Action)
    assert len(more.gaps) == len(action.gaps) + 1
    office.press("Backspace")
    assert office.session.entry("actions", action.id) == action


def test_warnings_name_gaps_without_action_and_actions_without_agency(at_work: AtWork) -> None:
    lonely = Action(id="action-lonely", title="Lonely")
    dossier = small_dossier()
    office = at_work(replace(dossier, actions=(*dossier.actions, lonely)))
    page = gaps_page(office)
    said = [line.title + line.detail for line in page.plan.warnings.lines.lines]
    assert any("Nobody is responsible for the action “Lonely”" in sentence for sentence in said)
    assert any("“Lonely” closes no present gap" in sentence for sentence in said)


def test_actions_that_wait_for_each_other_are_named(at_work: AtWork) -> None:
    circle = (
        Action(id="action-a", title="First", depends_on=("action-b",)),
        Action(id="action-b", title="Second", depends_on=("action-a",)),
    )
    office = at_work(replace(small_dossier(), actions=circle))
    page = gaps_page(office)
    said = [line.title for line in page.plan.warnings.lines.lines]
    assert any("wait for each other" in sentence and "First" in sentence for sentence in said)


def test_a_warning_about_an_action_opens_it(at_work: AtWork) -> None:
    dossier = small_dossier()
    office = at_work(replace(dossier, actions=(*dossier.actions, Action(id="action-lonely", title="Lonely"))))
    page = gaps_page(office)
    key = next(line.key for line in page.plan.warnings.lines.lines if "Lonely" in line.title)
    page.tabs.setCurrentIndex(2)
    page.plan.warnings.opened.emit(key)
    assert page.plan.list.current_key == "action-lonely"


def test_a_removed_action_comes_back_with_undo(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    action = office.session.entries("actions")[0]
    page.show_action(action.id)
    office.part(QPushButton, "remove_action", page).click()
    assert office.session.entry("actions", action.id) is None
    office.window.menus.actions["undo"].trigger()
    assert office.session.entry("actions", action.id) == action


def test_a_gap_of_the_plan_leads_back_to_the_list(at_work: AtWork) -> None:
    office = at_work()
    page = gaps_page(office)
    gap = office.session.gaps()[0][-1]
    page.plan.wanted.emit(Address.parse(str(gap.address)))
    assert page.tabs.currentIndex() == 0
    assert page.gaps.table.chosen() == (gap,)
