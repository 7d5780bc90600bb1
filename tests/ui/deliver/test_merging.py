"""Merging another officer's file: counted first, conflicts decided on, stored as one step, undone exactly."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.merging import DecisionSide
from capacity_app.domain.assessment.registers import Agency
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.pages.deliver.merge_page import ConflictsPage
from capacity_app.ui.pages.prepare.registers_page import RegistersPage
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label
from tests.builders import file_of, small_dossier
from tests.ui.deliver.returning import exchange_page, merge_previewed
from tests.ui.office import Office

AtWork = Callable[..., Office]
NSO = "agency-nso"


def answered(value: object) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value)  # type: ignore[arg-type]


def key(at: str) -> AnswerKey:
    return AnswerKey(Address.parse(at), respondent=NSO)


def continued(
    office: Office, answers: Mapping[str, Content], name: str = "boris.assessment", *, agency: str = ""
) -> Path:
    """Copy the open assessment, and have another officer go on in the copy."""
    office.until_saved()
    copy = office.session.file.parent / name
    shutil.copy(office.session.file, copy)
    with AssessmentSession(copy, device=name.removesuffix(".assessment"), author="B. Officer") as session:
        for at, content in answers.items():
            session.record(key(at), content)
        if agency:
            session.put(Agency(id=session.new_id("agencies"), name=agency))
    return copy


def record(office: Office, at: str, content: Content) -> None:
    office.desk.controller.record(key(at), content)
    office.settle()


def value(office: Office, at: str) -> object:
    return office.session.content(key(at)).value


def without_heads(dossier: Dossier) -> Dossier:
    return replace(dossier, heads={})


def act(page: ConflictsPage, office: Office) -> None:
    page.act.click()
    office.settle()


def test_the_preview_counts_every_change_and_stores_nothing(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.staff": answered(20), "ii.census": answered(2014)})
    before = office.session.dossier()
    page = merge_previewed(office, other)
    assert office.part(Label, "merge_counts").text().startswith("Changes in the files: 2 new")
    page.board.tabs.setCurrentIndex(page.board.tabs.count() - 1)
    assert office.session.dossier() == before
    assert not office.desk.controller.undo_stack.canUndo()


def test_what_only_the_other_officer_wrote_is_taken_over(at_work: AtWork) -> None:
    office = at_work()
    page = merge_previewed(office, continued(office, {"ii.census": answered(2014)}))
    assert page.board.differences == ()
    assert [page.board.tabs.tabText(place) for place in range(2)] == ["What changes here (1)", "Files (1)"]
    (line,) = page.board._notes[0].lines
    assert (line.title.split()[0], line.detail.split(" · ")[-1]) == ("ii.census", "Answer: – → 2014")
    act(page, office)
    assert value(office, "ii.census") == 2014
    outcome = exchange_page(office).overview.outcome
    assert outcome is not None
    assert outcome.sentence == "1 change was merged. Changed here: ii.census."


def test_what_changes_is_told_part_by_part_for_answers_and_entries(at_work: AtWork) -> None:
    office = at_work()
    record(office, "ii.staff", answered(20))
    assert office.desk.controller.put(Agency(id="agency-1", name="Census office"))
    other = continued(office, {"ii.staff": replace(answered(20), note="as counted")}, agency="Border police")
    with AssessmentSession(other, device="boris", author="B. Officer") as session:
        session.put(Agency(id="agency-1", name="Bureau of the Census"))
    lines = {line.title: line.detail for line in merge_previewed(office, other).board._notes[0].lines}
    assert [detail for title, detail in lines.items() if title.startswith("ii.staff")] == ["NSO · Note: – → as counted"]
    assert lines["Bureau of the Census"] == "Agencies · Name: Census office → Bureau of the Census"
    assert lines["Border police"] == "Agencies · New"


@pytest.mark.check
def test_undo_makes_it_exactly_as_before_and_redo_merges_again(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.census": answered(2014), "ii.staff": answered(20)})
    record(office, "ii.staff", answered(30))
    before = office.session.dossier()
    act(merge_previewed(office, other), office)
    merged = office.session.dossier()
    office.part(QPushButton, "outcome_undo").click()
    office.settle()
    assert without_heads(office.session.dossier()) == without_heads(before)
    office.desk.controller.redo()
    assert without_heads(office.session.dossier()) == without_heads(merged)


def test_after_a_merge_is_undone_the_focus_is_in_the_page_and_in_sight(at_work: AtWork) -> None:
    office = at_work()
    act(merge_previewed(office, continued(office, {"ii.census": answered(2014)})), office)
    assert office.focused().objectName() == "banner_close", "a second Enter undoes nothing"
    undo = office.part(QPushButton, "outcome_undo")
    undo.setFocus()
    office.press("Return")
    office.settle()
    assert exchange_page(office).overview.isAncestorOf(office.focused())
    assert not office.focused().visibleRegion().isEmpty()


def test_ctrl_z_says_what_it_took_back_where_several_answers_changed(at_work: AtWork) -> None:
    office = at_work()
    act(merge_previewed(office, continued(office, {"ii.census": answered(2014), "ii.staff": answered(20)})), office)
    merged = office.session.dossier()
    office.window.menus.actions["undo"].trigger()
    office.settle()
    assert office.desk.banners.sentences()[-1] == "Undone: merging"
    office.desk.banners.button("Redo").click()
    office.settle()
    assert without_heads(office.session.dossier()) == without_heads(merged)


@pytest.mark.check
def test_a_conflict_is_decided_with_the_keyboard(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.staff": answered(20)})
    record(office, "ii.staff", answered(30))
    page = merge_previewed(office, other)
    assert len(page.board.differences) == 1
    page.board.list.setFocus()
    office.press("A")
    act(page, office)
    assert value(office, "ii.staff") == 20
    assert exchange_page(office).overview.settle.isHidden()


@pytest.mark.check
def test_keeping_mine_settles_a_conflict_too(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.staff": answered(20)})
    record(office, "ii.staff", answered(30))
    page = merge_previewed(office, other)
    page.board.decide(DecisionSide.MINE)
    act(page, office)
    assert value(office, "ii.staff") == 30
    assert exchange_page(office).overview.settle.isHidden()


@pytest.mark.check
def test_what_is_left_open_can_be_decided_on_later(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.staff": answered(20)})
    record(office, "ii.staff", answered(30))
    act(merge_previewed(office, other), office)
    page = exchange_page(office)
    assert page.overview.settle.text() == "Decide on 1 open conflict"
    office.part(Button, "exchange_settle").click()
    office.settle()
    assert isinstance(page.view, ConflictsPage)
    page.view.board.decide(DecisionSide.THEIRS)
    act(page.view, office)
    assert {value(office, "ii.staff")} <= {20, 30}
    assert page.overview.settle.isHidden()
    office.desk.controller.undo()
    office.settle()
    assert page.overview.settle.text() == "Decide on 1 open conflict"


@pytest.mark.check
def test_the_same_file_again_brings_nothing(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.census": answered(2014)})
    act(merge_previewed(office, other), office)
    page = merge_previewed(office, other)
    assert office.part(Label, "merge_counts", page).text().startswith("Changes in the files: 0 new")
    assert not page.act.isEnabled()


@pytest.mark.check
def test_several_files_are_merged_at_once(at_work: AtWork) -> None:
    office = at_work()
    one = continued(office, {"ii.census": answered(2014)}, "anna.assessment")
    other = continued(office, {"ii.share": answered("40")}, "boris.assessment")
    act(merge_previewed(office, one, other), office)
    assert (value(office, "ii.census"), value(office, "ii.share")) == (2014, "40")


@pytest.mark.check
def test_a_file_that_cannot_be_merged_says_why_and_stops_no_other(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    good = continued(office, {"ii.census": answered(2014)})
    broken = tmp_path / "broken.assessment"
    broken.write_bytes(b"no assessment at all")
    page = merge_previewed(office, broken, good)
    lines = [line for note in page.board._notes for line in note.lines]
    assert [line.mark for line in lines] == ["!", "✓", ""]
    assert lines[0].detail
    act(page, office)
    assert value(office, "ii.census") == 2014


@pytest.mark.check
def test_what_was_begun_separately_is_merged_only_when_asked(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    folder = tmp_path / "separate"
    folder.mkdir()
    apart = replace(small_dossier(), id="11111111-2222-3333-4444-555555555555", answers=())
    other = file_of(folder, apart)
    with AssessmentSession(other, device="boris", author="B. Officer") as session:
        session.record(key("ii.census"), answered(2014))
    page = merge_previewed(office, other)
    assert not page.act.isEnabled()
    office.part(QPushButton, "banner_button", exchange_page(office).banners).click()
    office.until(lambda: exchange_page(office).view not in {None, page})
    view = exchange_page(office).view
    assert isinstance(view, ConflictsPage)
    act(view, office)
    assert value(office, "ii.census") == 2014


@pytest.mark.check
def test_an_agency_typed_twice_can_be_joined_from_the_outcome(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {}, agency="Border Guard Service")
    office.desk.controller.put(Agency(id=office.session.new_id("agencies"), name="Border guard service"))
    office.settle()
    act(merge_previewed(office, other), office)
    office.part(QPushButton, "outcome_join_0").click()
    office.settle()
    assert office.desk.page_name == "agencies"
    page = office.desk.page("agencies")
    assert isinstance(page, RegistersPage)
    assert page.pane.join.isVisible()


@pytest.mark.check
def test_typing_on_while_files_are_compared_loses_nothing(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.census": answered(2014)})
    page = exchange_page(office)
    page.merge_with([other])
    record(office, "ii.name", answered("typed meanwhile"))
    office.until(lambda: page.view is not None)
    assert isinstance(page.view, ConflictsPage)
    act(page.view, office)
    assert (value(office, "ii.name"), value(office, "ii.census")) == ("typed meanwhile", 2014)


@pytest.mark.check
def test_leaving_while_files_are_compared_leaves_no_thread(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {"ii.census": answered(2014)})
    exchange_page(office).merge_with([other])
    office.leave()
    assert not other.with_name("boris.assessment-journal").exists()


@pytest.mark.check
def test_an_older_answer_of_the_other_file_can_be_taken_again(at_work: AtWork) -> None:
    office = at_work()
    other = continued(office, {})
    record(office, "ii.staff", answered(30))
    page = merge_previewed(office, other)
    assert not page.act.isEnabled()
    assert [line.detail.startswith("Replaced here since · mine is kept") for line in page.board.list.lines.rows] == [
        True
    ]
    page.board.decide(DecisionSide.THEIRS)
    assert page.act.isEnabled()
    act(page, office)
    assert value(office, "ii.staff") == 12
