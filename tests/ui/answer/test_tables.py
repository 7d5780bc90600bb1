"""Answering a grid by keyboard: cells, rows, copying and pasting."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton

from capacity_app.domain.assessment.answers import (
    Address,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Instrument, SkipRule
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from capacity_app.services.session.revision_log import AnswerChange
from capacity_app.ui.question_widgets.choice_editors import PickEditor
from capacity_app.ui.question_widgets.grid_editing import CellEditor, GridView
from capacity_app.ui.widgets.cards import Label
from tests.builders import small_dossier
from tests.domain.making import choice, instrument, question, section
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]


def empty_desk(desk_on: Open, the_instrument: Instrument | None = None) -> Desk:
    return desk_on(replace(small_dossier(the_instrument), answers=(), actions=(), ratings=()))


def gated_instrument() -> Instrument:
    columns = (
        GridColumn(id="produced", label="Produced", kind=AnswerKind.CHOICE, options=choice(no=0, yes=1)),
        GridColumn(id="regular", label="Regular", kind=AnswerKind.YES_PARTLY_NO),
        GridColumn(id="by", label="Produced by", kind=AnswerKind.AGENCY, many=True),
        GridColumn(id="items", label="Items", kind=AnswerKind.CHECKLIST, options=choice(age=None, sex=None)),
        GridColumn(id="since", label="Since", kind=AnswerKind.YEAR),
        GridColumn(id="remark", label="Remark", kind=AnswerKind.LONG_TEXT),
    )
    rows = (
        GridRow(id="a", number="A", label="Stock", heading="Stocks and flows"),
        GridRow(id="b", number="B", label="Inflows"),
        GridRow(id="c", number="C", label="Refugees", heading="Groups", preset_reason="Counted elsewhere."),
    )
    gate = SkipRule(column="produced", answers=("no",), settles=("regular",))
    return instrument(section("g", question("g.topics", AnswerKind.GRID, columns=columns, rows=rows, gate=gate)))


def standing(desk: Desk, row: str) -> ItemStatus:
    return desk.session.sheet.blocks["iii.topics"].rows[row].standing


def test_a_digit_answers_a_level_cell_at_once_and_goes_down(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("2", "0")
    assert desk.said("iii.topics/a/available").value == 2
    assert desk.said("iii.topics/b/available").value == 0
    assert desk.here() == "iii.topics/a/demand", "under the last row comes the next column"


def test_tab_after_a_digit_goes_on_in_the_row_that_was_answered(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("2", "Tab")
    assert desk.here() == "iii.topics/a/demand"
    desk.go("iii.topics/a/available")
    desk.press("2", "Right", "Left", "Tab")
    assert desk.here() == "iii.topics/b/demand", "who moved on by hand goes on from there"


@pytest.mark.parametrize(("chosen", "row"), [(("Return", "1"), "a"), (("Return", "Return"), "b")])
def test_tab_goes_on_in_the_row_of_a_key_and_in_the_next_row_after_enter(
    desk_on: Open, chosen: tuple[str, ...], row: str
) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press(*chosen, "Tab")
    assert desk.here() == f"iii.topics/{row}/demand"


def test_an_open_cell_shows_the_agencies_and_enter_alone_takes_none(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/by")
    desk.press("Return")
    matches = desk.focused().window().findChild(QListWidget, "matches")
    assert matches is not None
    assert [matches.item(line).text()[:3] for line in range(matches.count())] == ["NSO", "MoI"]
    desk.press("Return")
    assert desk.said("g.topics/a/by").is_empty
    assert desk.here() == "g.topics/b/by"
    desk.press("Up", "Return", "Esc")
    assert desk.table("g.topics").view.editing is None, "one Esc leaves what nobody has chosen in"
    desk.press("Return", "Down", "Return", "Tab")
    assert desk.said("g.topics/a/by").value == ("agency-nso",)
    assert desk.here() == "g.topics/b/items"


def test_the_line_lists_ticks_in_the_order_of_the_list(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/items")
    assert desk.page.answer_line.legend.text() == "1 age · 2 sex · 0 None of these"


def test_states_are_set_by_letter_in_a_cell_and_delete_clears(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("U")
    assert desk.said("iii.topics/a/available").state is AnswerState.UNKNOWN
    desk.press("Up", "D")
    assert desk.said("iii.topics/a/available").state is AnswerState.DECLINED
    desk.press("Up", "Del")
    assert desk.said("iii.topics/a/available").state is AnswerState.NOT_ASKED


def test_choices_yes_no_and_ticks_are_answered_by_key(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/produced")
    desk.press("1", "Up", "Right", "P", "Up", "Right", "Right", "1", "2")
    assert desk.said("g.topics/a/produced").value == "yes"
    assert desk.said("g.topics/a/regular").value == "partly"
    assert desk.said("g.topics/a/items").value == ("age", "sex")


def test_enter_opens_the_answers_of_a_cell_with_their_wording(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("Return")
    editor = desk.table("iii.topics").view.editing
    assert editor is not None
    assert [row.text() for row in editor.editor.rows] == ["none", "some", "much", "all"]  # type: ignore[attr-defined]
    desk.press("Down", "Return")
    assert desk.said("iii.topics/a/available").value == 1
    assert desk.table("iii.topics").view.editing is None
    assert desk.here() == "iii.topics/b/available"


def test_typing_begins_a_text_cell_and_enter_goes_down(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/remark")
    desk.write("Census only")
    desk.press("Return")
    assert desk.said("iii.topics/a/remark").value == "Census only"
    assert desk.here() == "iii.topics/b/remark"


def test_escape_in_a_text_cell_brings_the_text_before_back(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/remark")
    desk.write("first")
    desk.press("Return", "Up")
    desk.write("second")
    desk.rest()
    assert desk.said("iii.topics/a/remark").value == "second"
    desk.press("Esc")
    assert desk.said("iii.topics/a/remark").value == "first"


def test_what_escape_took_back_comes_back_by_undo(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/remark")
    desk.write("a long sentence")
    desk.press("Esc")
    assert desk.said("iii.topics/a/remark").is_empty
    desk.controller.undo()
    assert desk.said("iii.topics/a/remark").value == "a long sentence"


def test_a_long_text_cell_takes_new_lines_and_grows(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/remark")
    desk.write("one")
    editor = desk.table("g.topics").view.editing
    assert editor is not None
    low = editor.height()
    for word in ("two", "three", "four", "five"):
        desk.press("Shift+Return")
        desk.write(word)
    assert editor.height() > low
    desk.press("Return")
    assert desk.said("g.topics/a/remark").value == "one\ntwo\nthree\nfour\nfive"
    assert desk.here() == "g.topics/b/remark"


def test_an_open_cell_stays_open_while_its_text_is_stored_and_the_row_grows(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/remark")
    desk.write("many words that make the row of the table higher than it was before they were typed " * 2)
    desk.rest()
    assert desk.table("g.topics").view.editing is not None
    desk.write("and on")
    desk.press("Return")
    assert str(desk.said("g.topics/a/remark").value).endswith("and on")


def test_tab_in_an_open_cell_goes_to_the_cell_beside(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/since")
    desk.write("2014")
    desk.press("Tab")
    assert desk.said("g.topics/a/since").value == 2014
    assert desk.here() == "g.topics/a/remark"


def test_tab_goes_through_the_cells_and_leaves_the_table_after_the_last(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("Shift+Tab")
    view = desk.table("iii.topics").view
    assert desk.focused() is not view, "from the first cell back out of the table"
    desk.go("iii.topics/a/available")
    columns = len(view.question.columns)
    desk.press(*["Tab"] * columns)
    assert desk.here() == "iii.topics/b/available"
    desk.press("Shift+Tab")
    assert desk.here() == "iii.topics/a/remark"
    desk.press(*["Tab"] * (2 * columns + 1))
    assert desk.focused() is not view


def test_no_key_after_leaving_a_table_changes_its_answers(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/c/remark")
    desk.press("Shift+X")
    desk.go("iii.topics/c/remark")
    desk.write("Kept")
    desk.press("Tab", "Return", "Space")
    assert desk.said("iii.topics/c/remark").value == "Kept"


def test_a_second_click_opens_a_cell(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    view = desk.table("iii.topics").view
    spot = view.visualRect(view.grid.index_of(Address("iii.topics", "b", "available"))).center()
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(view.viewport(), left, plain, spot)
    assert desk.here() == "iii.topics/b/available"
    assert view.editing is None
    QTest.mouseClick(view.viewport(), left, plain, spot)
    assert view.editing is not None


def test_ctrl_d_fills_the_selected_cells_with_the_first_row_in_one_step(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    table = desk.table("g.topics")
    table.view.record_value(Address("g.topics", "a", "since"), 2014)
    table.view.record_value(Address("g.topics", "a", "remark"), "Census")
    desk.go("g.topics/c/since")
    desk.press("Shift+X")
    desk.go("g.topics/a/since")
    desk.press("Shift+Right", "Shift+Down", "Shift+Down", "Ctrl+D")
    assert [desk.said(f"g.topics/{row}/since").value for row in "abc"] == [2014] * 3
    assert [desk.said(f"g.topics/{row}/remark").value for row in "abc"] == ["Census"] * 3
    desk.controller.undo()
    assert [desk.said(f"g.topics/{row}/remark").value for row in "abc"] == ["Census", None, None]
    assert desk.said("g.topics/b/since").value is None


def test_ctrl_d_in_one_cell_takes_the_answer_above(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("2", "Ctrl+D")
    assert desk.said("iii.topics/b/available").value == 2


def test_an_agency_is_picked_in_a_cell(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/by")
    desk.write("stat")
    desk.press("Return")
    assert desk.said("g.topics/a/by").value == ("agency-nso",)
    assert desk.here() == "g.topics/b/by", "Enter takes the entry and goes on"


def test_several_agencies_are_picked_in_one_cell(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/by")
    desk.write("stat")
    desk.press("Shift+Return")
    desk.write("min")
    desk.press("Return")
    assert desk.said("g.topics/a/by").value == ("agency-nso", "agency-moi")


def test_enter_makes_no_agency_of_a_name_that_is_not_there(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    before = desk.session.entries("agencies")
    desk.go("g.topics/a/by")
    desk.write("Zz")
    desk.press("Return", "Return")
    assert desk.session.entries("agencies") == before
    editor = desk.table("g.topics").view.editing
    assert editor is not None
    assert isinstance(editor.editor, PickEditor)
    hint, matches = editor.editor.hint, editor.window().findChild(QListWidget, "matches")
    assert "“Zz” is not on the list" in hint.text()
    assert matches is not None
    assert not matches.geometry().intersects(QRect(hint.mapTo(editor.window(), QPoint()), hint.size()))
    desk.press("Ctrl+Return")
    assert [getattr(one, "name", "") for one in desk.session.entries("agencies")][-1] == "Zz"
    assert desk.table("g.topics").view.editing is None


def test_a_key_that_is_no_answer_in_a_cell_says_which_are(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("7")
    said = desk.page.answer_line.legend.text()
    assert said.startswith("The key “7” is not an answer here. Press one of these: 0, 1, 2")


def test_a_word_typed_where_nothing_is_typed_answers_by_its_first_letter_at_most_and_says_so(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.write("undocumented")
    told = desk.page.answer_line.legend.text()
    assert "The key “d” is not an answer here." in told
    assert told.startswith("The first key answered “Unknown”. Ctrl+Z takes it back.")
    recorded = {str(one.key.address): one.content.state for one in desk.session.dossier().answers}
    assert recorded == {"iii.topics/a/available": AnswerState.UNKNOWN}


def test_enter_ends_a_cell_that_was_ticked_by_digits_as_it_ends_any_other(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/items")
    desk.press("1", "2", "Return", "2")
    assert (desk.said("g.topics/a/items").value, desk.said("g.topics/b/items").value) == (("age", "sex"), ("sex",))
    desk.press("Up", "Return")
    assert desk.table("g.topics").view.editing is not None, "Enter opens a cell in which nothing was ticked just now"


@pytest.mark.parametrize("layer", [AnswerLayer.JUDGEMENT, AnswerLayer.VALIDATED])
def test_an_answer_that_does_not_count_is_said_though_the_cell_stays(desk_on: Open, layer: AnswerLayer) -> None:
    desk = empty_desk(desk_on)
    place = "iii.topics/a/available"
    content = Content(state=AnswerState.ANSWERED, value=3, reason="Seen in print")
    desk.controller.record(AnswerKey(Address.parse(place), layer), content)
    desk.go(place)
    desk.press("1")
    said = desk.page.answer_line.legend.text()
    counts = "The judgement still counts." if layer is AnswerLayer.JUDGEMENT else "The validated answer still counts."
    assert said == f"iii.topics Stock of migrants, Available: {counts} “Level 1” is recorded for NSO."
    desk.press("2")
    assert counts not in desk.page.answer_line.legend.text()
    desk.go(place)
    desk.press("Del")
    assert "is recorded" not in desk.page.answer_line.legend.text(), "what was cleared is no answer"


def test_a_change_at_a_question_of_another_version_is_nothing_to_say(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    gone = AnswerKey(Address("q.gone"), respondent="agency-moi")
    desk.controller.changed.emit(AnswerChange(gone, Content(), Content(state=AnswerState.ANSWERED, value=1)))
    desk.go("iii.topics/a/available")
    assert "q.gone" not in desk.page.answer_line.legend.text()


def test_tab_takes_the_marked_agency_and_goes_on(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/by")
    desk.write("stat")
    desk.press("Tab")
    assert desk.said("g.topics/a/by").value == ("agency-nso",)
    assert desk.table("g.topics").view.editing is None


@pytest.mark.parametrize("again", [(), ("F2",)])
def test_a_name_that_was_left_behind_is_added_by_the_key_its_message_names(
    desk_on: Open, again: tuple[str, ...]
) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/by")
    desk.write("Zz")
    desk.press("Tab")
    desk.go("g.topics/a/by")
    assert "To add it, press Ctrl+Enter" in desk.page.answer_line.legend.text()
    desk.press(*again, "Ctrl+Return")
    added = desk.session.entries("agencies")[-1]
    assert getattr(added, "name", "") == "Zz"
    assert desk.said("g.topics/a/by").value == (added.id,)
    assert desk.here() == "g.topics/b/by"


def test_a_half_typed_agency_stays_in_its_cell(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/by")
    desk.write("Minis of Xx")
    desk.press("Tab")
    assert desk.said("g.topics/a/by").unread == "Minis of Xx"
    desk.go("g.topics/a/by")
    desk.press("F2", "Ctrl+A", "Backspace", "Tab")
    assert desk.said("g.topics/a/by").is_empty


def test_a_number_that_is_none_stays_in_its_cell_until_it_is_corrected(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/since")
    desk.write("about 2014")
    desk.press("Return")
    assert desk.said("g.topics/a/since").unread == "about 2014"
    assert desk.said("g.topics/a/since").note == ""
    assert desk.here() == "g.topics/b/since"
    grid = desk.table("g.topics").view.grid
    index = grid.index_of(Address("g.topics", "a", "since"))
    assert grid.cell(index.row(), index.column()).is_unread
    assert "whole number" in grid.tip(index.row(), index.column())
    desk.come_back()
    assert desk.said("g.topics/a/since").unread == "about 2014", "kept in the file"
    desk.go("g.topics/a/since")
    desk.write("2014")
    desk.press("Return")
    assert desk.said("g.topics/a/since") == Content(state=AnswerState.ANSWERED, value=2014)


def test_a_text_that_cannot_be_read_replaces_the_answer_and_undo_brings_it_back(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/since")
    desk.write("2014")
    desk.press("Return", "Up")
    desk.write("2o15")
    desk.press("Return")
    assert desk.said("g.topics/a/since") == Content(value="2o15")
    desk.controller.undo()
    assert desk.said("g.topics/a/since").value == 2014


def test_a_cell_does_not_apply_with_a_reason(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("X")
    desk.write("No such topic")
    desk.press("Return")
    assert desk.said("iii.topics/a/available").state is AnswerState.NOT_APPLICABLE
    assert desk.said("iii.topics/a/available").reason == "No such topic"
    assert desk.here() == "iii.topics/a/available"


def test_a_row_does_not_apply_with_a_reason_and_applies_again(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/b/available")
    desk.press("Shift+X")
    desk.write("No inflows")
    desk.press("Return")
    assert desk.said("iii.topics/b").state is AnswerState.NOT_APPLICABLE
    assert standing(desk, "b") is ItemStatus.ROW_OUT
    desk.press("2")
    assert desk.said("iii.topics/b/available").value is None, "a row that is out takes no answers"
    desk.press("Shift+X")
    assert standing(desk, "b") is ItemStatus.WANTED


def test_a_row_preset_as_not_applicable_shows_its_reason_and_can_be_made_applicable(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/c/available")
    table = desk.table("iii.topics")
    assert "Counted by another agency." in table.view.rows_header.texts(table.view.grid.line_of["c"]).reason
    desk.press("Shift+X")
    assert standing(desk, "c") is ItemStatus.WANTED
    desk.press("1")
    assert desk.said("iii.topics/c/available").value == 1


def test_the_whole_table_does_not_apply(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    act = desk.page.findChild(QAction, "line_table")
    assert act is not None
    act.trigger()
    desk.write("Nothing is produced")
    desk.press("Return")
    assert desk.said("iii.topics").reason == "Nothing is produced"
    assert desk.session.scorecard().section("iii") is not None


def test_a_gate_answer_settles_cells_and_says_why(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/produced")
    desk.press("0")
    desk.go("g.topics/a/regular")
    desk.press("Y")
    assert desk.said("g.topics/a/regular").value is None
    view = desk.table("g.topics").view
    assert "Settled by the answer in “Produced”" in view.grid.tip(view.grid.line_of["a"], 1)


def test_arrows_pass_over_headings(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/b/produced")
    desk.press("Down")
    assert desk.here() == "g.topics/c/produced"


def test_ctrl_down_goes_to_the_next_open_cell(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("2", "Up", "Ctrl+Down")
    assert desk.here() == "iii.topics/a/demand"


def test_a_note_belongs_to_the_cell(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("2", "Up", "F4")
    desk.write("since 2014")
    desk.press("Esc")
    desk.go("iii.topics/b/available")
    assert desk.said("iii.topics/a/available").note == "since 2014"
    assert desk.said("iii.topics/b/available").note == ""


def paste(desk: Desk, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    desk.press("Ctrl+V")


def test_a_block_is_pasted_as_one_step_and_undone_as_one(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    paste(desk, "2\tHigh\tCensus\n1\tlow\tRegister")
    assert desk.said("iii.topics/a/available").value == 2
    assert desk.said("iii.topics/b/demand").value == "low"
    assert desk.said("iii.topics/b/remark").value == "Register"
    desk.controller.undo()
    assert desk.session.dossier().answers == ()
    desk.controller.redo()
    assert desk.said("iii.topics/a/remark").value == "Census"


def test_what_is_copied_is_pasted_back_the_same(desk_on: Open) -> None:
    desk = empty_desk(desk_on, gated_instrument())
    desk.go("g.topics/a/produced")
    first: tuple[AnswerValue, ...] = (
        "yes",
        "partly",
        ("agency-nso", "agency-moi"),
        ("age", "sex"),
        2014,
        'two\nlines "quoted"\tand a tab',
    )
    table = desk.table("g.topics")
    for column, value in zip(table.question.columns, first, strict=True):
        table.view.record_value(Address("g.topics", "a", column.id), value)
    desk.press("Shift+Space", "Ctrl+C", "Down")
    desk.go("g.topics/b/produced")
    desk.press("Ctrl+V")
    again = tuple(desk.said(f"g.topics/b/{column.id}").value for column in desk.table("g.topics").question.columns)
    assert again == first


@pytest.mark.parametrize("state", [AnswerState.UNKNOWN, AnswerState.DECLINED, AnswerState.NOT_APPLICABLE])
def test_states_survive_copy_and_paste(desk_on: Open, state: AnswerState) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press({AnswerState.UNKNOWN: "U", AnswerState.DECLINED: "D", AnswerState.NOT_APPLICABLE: "X"}[state])
    if state is AnswerState.NOT_APPLICABLE:
        desk.write("Not here")
        desk.press("Return", "Down")
    desk.press("Up", "Ctrl+C", "Down", "Ctrl+V")
    assert desk.said("iii.topics/b/available") == desk.said("iii.topics/a/available")


def test_a_paste_that_does_not_fit_stores_nothing_until_asked(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/demand")
    paste(desk, "high\tfine\tlost\nvery\tfine too")
    assert desk.session.dossier().answers == ()
    said = "\n".join(words.text() for words in desk.table("iii.topics").findChildren(Label))
    assert "2 cells do not fit" in said
    assert "“lost” has no place in the table" in said
    assert "“very” is not on the list" in said
    button = next(b for b in desk.table("iii.topics").findChildren(QPushButton) if "3 cells that fit" in b.text())
    button.click()
    assert desk.said("iii.topics/a/demand").value == "high"
    assert desk.said("iii.topics/b/remark").value == "fine too"
    desk.controller.undo()
    assert desk.session.dossier().answers == ()


def test_a_paste_that_does_not_fit_can_be_dropped(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/demand")
    paste(desk, "very")
    button = next(b for b in desk.table("iii.topics").findChildren(QPushButton) if "Do not paste" in b.text())
    button.click()
    desk.settle()
    assert desk.session.dossier().answers == ()
    assert desk.focused() is desk.table("iii.topics").view


def test_empty_pasted_cells_leave_answers_as_they_are(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("3", "Up")
    paste(desk, "\tlow")
    assert desk.said("iii.topics/a/available").value == 3
    assert desk.said("iii.topics/a/demand").value == "low"


def test_every_cell_says_its_row_column_and_answer(desk_on: Open) -> None:
    desk = empty_desk(desk_on)
    desk.go("iii.topics/a/available")
    desk.press("2", "Up")
    view = desk.table("iii.topics").view
    spoken = view.grid.data(view.currentIndex(), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Stock of migrants, Available, Level 2"


def test_the_editor_of_a_cell_goes_with_its_file(at_work: Callable[[Dossier | None], Office]) -> None:
    office = at_work(replace(small_dossier(), answers=(), actions=(), ratings=()))
    office.desk.show_address(Address.parse("iii.topics/a/available"))
    office.settle()
    office.desk.questionnaire().findChildren(GridView)[0].open_editor()
    assert office.window.findChildren(CellEditor)
    office.press("F1")  # the focus goes to another window, so the editor stays open
    office.until(lambda: office.focused().window() is not office.window)
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None)
    office.settle()
    assert [one for one in office.window.findChildren(CellEditor) if one.isVisible()] == []
