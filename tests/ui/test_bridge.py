"""The bridge: what the writer thread tells reaches the window, refusals are told, undo and redo are exact."""

from collections.abc import Callable
from dataclasses import replace

from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.registers import Agency
from capacity_app.services.session.revision_log import AnswerChange, EntryChange, Saved
from tests.builders import small_dossier
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]
AtWork = Callable[..., Office]


def test_a_commit_is_told_in_the_windows_thread(desk_on: Open, qtbot: QtBot) -> None:
    desk = desk_on()
    with qtbot.waitSignal(desk.controller.saved) as told:
        desk.controller.record(AnswerKey(Address("i.law")), Content(state=AnswerState.UNKNOWN))
    assert told.args is not None
    assert isinstance(told.args[0], Saved)


def test_a_refused_answer_changes_nothing_and_is_told(desk_on: Open, qtbot: QtBot) -> None:
    desk = desk_on()
    before = desk.session.dossier()
    with qtbot.waitSignal(desk.controller.refused), qtbot.assertNotEmitted(desk.controller.changed):
        assert not desk.controller.record(AnswerKey(Address("i.law")), Content(state=AnswerState.ANSWERED, value=7))
    assert desk.session.dossier() == before
    assert desk.controller.undo_stack.count() == 0
    assert desk.controller.refusal is not None
    assert "0, 1, 2, 3" in desk.controller.refusal.text()


def test_the_same_answer_again_is_no_step(desk_on: Open, qtbot: QtBot) -> None:
    desk = desk_on()
    content = desk.said("i.law")
    with qtbot.assertNotEmitted(desk.controller.changed):
        assert desk.controller.record(desk.controller.key(Address("i.law")), content)
    assert desk.controller.undo_stack.count() == 0


def test_register_entries_are_put_removed_and_undone(desk_on: Open) -> None:
    desk = desk_on()
    heard: list[AnswerChange | EntryChange] = []
    desk.controller.changed.connect(heard.append)
    agency = Agency(id=desk.session.new_id("agencies"), name="Ministry of Labour")
    assert desk.controller.put(agency)
    assert desk.controller.remove("agencies", agency.id)
    desk.controller.undo()
    assert desk.session.entry("agencies", agency.id) == agency
    desk.controller.undo()
    assert desk.session.entry("agencies", agency.id) is None
    desk.controller.redo()
    assert desk.session.entry("agencies", agency.id) == agency
    assert len(heard) == 5


def test_the_respondent_who_is_removed_is_replaced(at_work: AtWork) -> None:
    desk = at_work(replace(small_dossier(), answers=(), people=(), meetings=(), sources=(), actions=())).desk
    assert desk.controller.respondent == "agency-nso"
    desk.controller.remove("agencies", "agency-nso")
    assert desk.controller.respondent == "agency-moi"


def test_a_mark_of_typing_joins_steps_only_at_one_place(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    for where, text in (("ii.name", "a"), ("ii.name", "ab"), ("ii.site", "https://a.org"), ("ii.name", "abc")):
        key = desk.controller.key(Address(where))
        desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=text), "one run")
    assert desk.controller.undo_stack.count() == 3


def test_typing_that_ends_where_it_began_leaves_no_step(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    key = desk.controller.key(Address("ii.name"))
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="a"), "one run")
    desk.controller.record(key, Content(), "one run")
    assert not desk.controller.undo_stack.canUndo()


def test_whoever_hears_of_an_undo_may_record_at_once(desk_on: Open) -> None:
    """Recording while the stack undoes would free the very command that is at work."""
    desk = desk_on(replace(small_dossier(), answers=()))
    key, other = desk.controller.key(Address("i.law")), desk.controller.key(Address("i.plan"))
    for level in range(4):
        desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=level))
    noted: list[object] = []

    def note(change: AnswerChange) -> None:
        if change.key == key and len(noted) < 3:
            noted.append(change)
            desk.controller.record(other, Content(note=f"heard {len(noted)}"))

    desk.controller.changed.connect(note)
    desk.controller.undo()
    desk.controller.undo()
    desk.controller.redo()
    assert desk.session.content(other).note == "heard 1"
    assert desk.said("i.law").value == 2


def test_a_step_in_which_everything_is_refused_leaves_nothing_to_undo(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    with desk.controller.one_step():
        assert not desk.controller.record(
            desk.controller.key(Address("i.law")), Content(state=AnswerState.ANSWERED, value=9)
        )
    assert desk.controller.undo_stack.count() == 0


def test_many_cells_of_a_row_in_one_step_are_told_once(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    heard: list[AnswerChange] = []
    desk.controller.changed.connect(heard.append)
    with desk.controller.one_step():
        for column, value in (("available", 2), ("demand", "low"), ("remark", "x")):
            key = desk.controller.key(Address("iii.topics", "a", column))
            desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=value))
        assert heard == []
    assert len(heard) == 1
    desk.controller.undo()
    assert len(heard) == 2
    assert desk.session.dossier().answers == ()
