"""The bridge: what the writer thread tells reaches the window, refusals are told, undo and redo are exact."""

from collections.abc import Callable
from dataclasses import replace

from pytestqt.qtbot import QtBot

from capacity_app.domain.answers import Address, AnswerKey, Content, State
from capacity_app.domain.assessment import Agency
from capacity_app.services.changes import Change, EntryChange, Saved
from tests.builders import small_dossier
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def test_a_commit_is_told_in_the_windows_thread(desk_on: Open, qtbot: QtBot) -> None:
    desk = desk_on()
    with qtbot.waitSignal(desk.bridge.saved) as told:
        desk.bridge.record(AnswerKey(Address("i.law")), Content(state=State.UNKNOWN))
    assert told.args is not None
    assert isinstance(told.args[0], Saved)


def test_a_refused_answer_changes_nothing_and_is_told(desk_on: Open, qtbot: QtBot) -> None:
    desk = desk_on()
    before = desk.session.dossier()
    with qtbot.waitSignal(desk.bridge.refused), qtbot.assertNotEmitted(desk.bridge.changed):
        assert not desk.bridge.record(AnswerKey(Address("i.law")), Content(state=State.ANSWERED, value=7))
    assert desk.session.dossier() == before
    assert desk.bridge.undo_stack.count() == 0
    assert desk.bridge.refusal is not None
    assert "0, 1, 2 or 3" in desk.bridge.refusal.text()


def test_the_same_answer_again_is_no_step(desk_on: Open, qtbot: QtBot) -> None:
    desk = desk_on()
    content = desk.said("i.law")
    with qtbot.assertNotEmitted(desk.bridge.changed):
        assert desk.bridge.record(desk.bridge.key(Address("i.law")), content)
    assert desk.bridge.undo_stack.count() == 0


def test_register_entries_are_put_removed_and_undone(desk_on: Open) -> None:
    desk = desk_on()
    heard: list[Change | EntryChange] = []
    desk.bridge.changed.connect(heard.append)
    agency = Agency(id=desk.session.new_id("agencies"), name="Ministry of Labour")
    assert desk.bridge.put(agency)
    assert desk.bridge.remove("agencies", agency.id)
    desk.bridge.undo()
    assert desk.session.entry("agencies", agency.id) == agency
    desk.bridge.undo()
    assert desk.session.entry("agencies", agency.id) is None
    desk.bridge.redo()
    assert desk.session.entry("agencies", agency.id) == agency
    assert len(heard) == 5


def test_the_respondent_who_is_removed_is_replaced(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=(), people=(), meetings=(), sources=(), actions=()))
    assert desk.bridge.respondent == "agency-nso"
    desk.bridge.remove("agencies", "agency-nso")
    assert desk.bridge.respondent == "agency-moi"


def test_a_mark_of_typing_joins_steps_only_at_one_place(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    for where, text in (("ii.name", "a"), ("ii.name", "ab"), ("ii.site", "https://a.org"), ("ii.name", "abc")):
        key = desk.bridge.key(Address(where))
        desk.bridge.record(key, Content(state=State.ANSWERED, value=text), "one run")
    assert desk.bridge.undo_stack.count() == 3


def test_typing_that_ends_where_it_began_leaves_no_step(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    key = desk.bridge.key(Address("ii.name"))
    desk.bridge.record(key, Content(state=State.ANSWERED, value="a"), "one run")
    desk.bridge.record(key, Content(), "one run")
    assert not desk.bridge.undo_stack.canUndo()


def test_whoever_hears_of_an_undo_may_record_at_once(desk_on: Open) -> None:
    """Recording while the stack undoes would free the very command that is at work."""
    desk = desk_on(replace(small_dossier(), answers=()))
    key, other = desk.bridge.key(Address("i.law")), desk.bridge.key(Address("i.plan"))
    for level in range(4):
        desk.bridge.record(key, Content(state=State.ANSWERED, value=level))
    noted: list[object] = []

    def note(change: Change) -> None:
        if change.key == key and len(noted) < 3:
            noted.append(change)
            desk.bridge.record(other, Content(note=f"heard {len(noted)}"))

    desk.bridge.changed.connect(note)
    desk.bridge.undo()
    desk.bridge.undo()
    desk.bridge.redo()
    assert desk.session.content(other).note == "heard 1"
    assert desk.said("i.law").value == 2


def test_a_step_in_which_everything_is_refused_leaves_nothing_to_undo(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    with desk.bridge.one_step():
        assert not desk.bridge.record(desk.bridge.key(Address("i.law")), Content(state=State.ANSWERED, value=9))
    assert desk.bridge.undo_stack.count() == 0


def test_many_cells_of_a_row_in_one_step_are_told_once(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    heard: list[Change] = []
    desk.bridge.changed.connect(heard.append)
    with desk.bridge.one_step():
        for column, value in (("available", 2), ("demand", "low"), ("remark", "x")):
            key = desk.bridge.key(Address("iii.topics", "a", column))
            desk.bridge.record(key, Content(state=State.ANSWERED, value=value))
        assert heard == []
    assert len(heard) == 1
    desk.bridge.undo()
    assert len(heard) == 2
    assert desk.session.dossier().answers == ()
