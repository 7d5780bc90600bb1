"""Answers of the previous round: shown where they stand, confirmed one by one, by row, table or part, never counted."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from capacity_app.domain.assessment.answers import Address, Answer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.quality import check_quality
from capacity_app.domain.assessment.registers import RetiredAnswerStatus
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, SkipRule
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.services.session.change_sets import kept_answers
from capacity_app.ui.pages.answer.tree_model import QuestionFilter
from capacity_app.ui.question_widgets.earlier_answers import ConfirmStrip
from capacity_app.ui.question_widgets.grid_model import CELL_ROLE
from capacity_app.ui.widgets.keys import KEY_OVERVIEW
from tests.builders import MISSION, small_dossier
from tests.domain.making import choice, instrument, question, say, section
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]
EARLIER = (
    say("i.law", 2, who="agency-nso", note="old note"),
    say("i.published", "yes", who="agency-nso"),
    say("i.contents", ("stocks", "flows"), who="agency-nso"),
    say("ii.name", "Act of 2012", who="agency-nso"),
    say("ii.staff", 12, who="agency-nso"),
    say("iii.topics/a/available", 2, who="agency-nso"),
    say("iii.topics/a/demand", "high", who="agency-nso"),
    say("iii.topics/a/remark", "Census", who="agency-nso"),
    say("iii.topics/b", state=AnswerState.NOT_APPLICABLE, reason="No such flows.", who="agency-nso"),
)


def second_round(*answers: Answer) -> Dossier:
    """Make an assessment that follows a round of 2013 and in which next to nobody has been asked."""
    blank = replace(small_dossier(), answers=(), actions=(), ratings=(), previous=None)
    earlier = replace(
        blank, answers=tuple(sorted(EARLIER, key=lambda a: a.key)), mission=replace(MISSION, round="2013")
    )
    return replace(blank, answers=answers, previous=earlier)


def strip(desk: Desk, where: str) -> ConfirmStrip:
    found = desk.card(where).offer.strip
    assert found is not None
    return found


def test_the_earlier_answer_stands_on_the_card_with_its_round(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    assert strip(desk, "i.law").isVisible()
    assert strip(desk, "i.law").said.text() == "2013: 2 – much. Still so?"


def test_c_confirms_in_the_name_of_the_present_agency(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.controller.respondent = "agency-moi"
    desk.go("i.law")
    desk.press("C")
    said = desk.said("i.law", "agency-moi")
    assert (said.state, said.value, said.note) == (AnswerState.ANSWERED, 2, "")
    assert desk.said("i.law", "agency-nso").is_empty
    assert not strip(desk, "i.law").isVisible()


def test_the_button_confirms_and_leaves_the_focus_with_the_question(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    strip(desk, "i.law").buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    desk.press("Space")
    assert desk.said("i.law").value == 2
    assert desk.here() == "i.law"


def test_a_note_written_meanwhile_stays(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    desk.press("F4")
    desk.write("to ask again")
    desk.press("Esc", "C")
    assert (desk.said("i.law").value, desk.said("i.law").note) == (2, "to ask again")


def test_where_letters_are_typed_f5_confirms_and_c_is_a_letter(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("ii.name")
    desk.press("F5")
    assert desk.said("ii.name").value == "Act of 2012"
    desk.go("ii.staff")
    desk.write("c")
    assert desk.said("ii.staff").value is None


def test_nothing_is_counted_before_it_is_confirmed(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    done = desk.controller.session.sheet.section_counts(desk.session.instrument.sections[0])
    assert done.answered == 0
    assert desk.session.dossier().answers == ()
    desk.press("C")
    assert desk.controller.session.sheet.section_counts(desk.session.instrument.sections[0]).answered == 1


def test_any_answer_takes_the_offer_away(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    desk.press("0")
    assert not strip(desk, "i.law").isVisible()
    desk.controller.undo()
    assert strip(desk, "i.law").isVisible()


def test_the_row_the_earlier_round_chose_is_outlined(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    rows = desk.card("i.law").editor.rows  # type: ignore[union-attr]
    assert [row.is_offered for row in rows] == [False, False, True, False]
    desk.press("C")
    assert not any(row.is_offered for row in rows)
    ticks = desk.card("i.contents").editor.rows  # type: ignore[union-attr]
    assert [row.is_offered for row in ticks] == [True, True, False, False]


def test_a_cell_shows_the_earlier_answer_as_not_given(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("iii.topics/a/available")
    grid = desk.table("iii.topics").view.grid
    index = grid.index_of(Address("iii.topics", "a", "available"))
    cell = index.data(CELL_ROLE)
    assert (cell.is_offered, cell.text) == (True, "Level 2")
    assert "to confirm from 2013" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    desk.press("Ctrl+C", "Down", "Ctrl+V")
    assert desk.session.dossier().answers == (), "what is only offered cannot be copied as an answer"


def test_c_in_a_cell_confirms_the_cell_and_shift_c_its_row(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("iii.topics/a/available")
    desk.press("C")
    assert [str(a.key.address) for a in desk.session.dossier().answers] == ["iii.topics/a/available"]
    desk.press("Shift+C")
    assert desk.said("iii.topics/a/demand").value == "high"
    assert desk.said("iii.topics/a/remark").value == "Census"
    desk.controller.undo()
    assert desk.said("iii.topics/a/demand").is_empty
    assert desk.said("iii.topics/a/remark").is_empty
    assert desk.said("iii.topics/a/available").value == 2


def test_a_whole_row_that_did_not_apply_is_confirmed_from_its_cells(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("iii.topics/b/available")
    labels = desk.table("iii.topics").view.rows_header
    assert "No such flows." in labels.texts(labels_line(desk, "b")).offered
    desk.press("C")
    assert desk.said("iii.topics/b").reason == "No such flows."
    assert labels.texts(labels_line(desk, "b")).offered == ""


def labels_line(desk: Desk, row: str) -> int:
    return desk.table("iii.topics").view.grid.line_of[row]


def test_several_selected_cells_are_confirmed_together(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("iii.topics/a/available")
    desk.press("Shift+Right", "C")
    said = {str(answer.key.address) for answer in desk.session.dossier().answers}
    assert said == {"iii.topics/a/available", "iii.topics/a/demand"}


def test_the_table_is_confirmed_by_a_button_that_says_how_many(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("iii.topics/a/available")
    buttons = {button.text(): button for button in strip(desk, "iii.topics").buttons if button.isVisible()}
    assert list(buttons) == ["Confirm", "Confirm the row", "Confirm all 4 answers of the table"]
    buttons["Confirm all 4 answers of the table"].click()
    assert len(desk.session.dossier().answers) == 4
    assert not strip(desk, "iii.topics").isVisible()
    assert desk.focused().objectName() == "grid iii.topics"
    desk.controller.undo()
    assert desk.session.dossier().answers == ()


def test_a_part_is_confirmed_after_its_count_was_shown_as_one_step(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    whole = desk.page.page().heading.confirm_all
    assert whole.ask.text() == "3 answers of 2013 to confirm"
    whole.ask.click()
    assert desk.session.dossier().answers == ()
    assert whole.strip.said.text() == "3 answers of 2013 become answers of NSO. One undo takes them all back."
    desk.press("Space")
    assert len(desk.session.dossier().answers) == 3
    assert not whole.isVisible()
    assert desk.here() == "i.law"
    desk.controller.undo()
    assert desk.session.dossier().answers == ()
    assert whole.isVisible()


def test_a_part_is_left_alone_with_escape(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    whole = desk.page.page().heading.confirm_all
    whole.ask.click()
    desk.press("Esc")
    assert whole.ask.isVisible()
    assert desk.focused() is whole.ask
    assert desk.session.dossier().answers == ()


def test_the_filter_gathers_what_is_to_confirm(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.page.tree.set_filter(QuestionFilter.TO_CONFIRM)
    shown = [node.address.question for root in desk.page.tree.model.roots for node in root.children]
    assert shown == ["i.law", "i.published", "i.contents", "ii.name", "ii.staff", "iii.topics"]


def test_another_agency_is_offered_its_own_earlier_answers(desk_on: Open) -> None:
    earlier = replace(
        small_dossier(), previous=None, answers=(say("i.law", 1, who="agency-moi"), say("i.law", 3, who="agency-nso"))
    )
    desk = desk_on(replace(small_dossier(), answers=(), actions=(), ratings=(), previous=earlier))
    desk.go("i.law")
    assert "3 – all" in strip(desk, "i.law").said.text()
    desk.controller.respondent = "agency-moi"
    assert "1 – some" in strip(desk, "i.law").said.text()


def test_tab_comes_to_the_offer_where_one_reads_it(desk_on: Open) -> None:
    desk = desk_on(second_round())
    desk.go("i.law")
    desk.press("Shift+Tab")
    assert desk.focused() is strip(desk, "i.law").buttons[0]
    desk.go("iii.topics/c/remark")
    desk.press("Tab")
    assert desk.focused() is strip(desk, "iii.topics").buttons[0]


def test_the_key_is_in_the_overview() -> None:
    assert any(key.startswith("C") and "previous round" in said for key, said in KEY_OVERVIEW)


@pytest.mark.parametrize("where", ["i.law", "ii.name"])
def test_without_an_earlier_round_there_is_no_strip(desk_on: Open, where: str) -> None:
    desk = desk_on(replace(small_dossier(), answers=(), previous=None))
    desk.go(where)
    assert desk.card(where).offer.strip is None
    desk.press("F5")
    assert desk.session.dossier().answers == ()


def test_an_officer_confirms_and_goes_on_in_the_window(at_work: Callable[[Dossier], Office]) -> None:
    office = at_work(second_round())
    office.until(lambda: office.desk.questionnaire()._inspector is not None)
    office.desk.show_address(Address("i.law"))
    office.settle()
    office.press("C", "Return")
    assert office.session.sheet.blocks["i.law"].whole.value == 2
    assert office.desk.address == Address("i.plan")
    assert office.focused().isVisible()


def test_what_a_confirmed_answer_settles_is_left_out(desk_on: Open) -> None:
    columns = (
        GridColumn(id="made", label="Made", kind=AnswerKind.CHOICE, options=choice(no=0, yes=1)),
        GridColumn(id="regular", label="Regular", kind=AnswerKind.YES_NO),
    )
    gate = SkipRule(column="made", answers=("no",), settles=("regular",))
    rows = (GridRow(id="a", label="A"), GridRow(id="b", label="B"))
    made = instrument(section("g", question("g.g", AnswerKind.GRID, columns=columns, rows=rows, gate=gate)))
    blank = replace(small_dossier(made), answers=(), actions=(), ratings=(), previous=None)
    said = (say("g.g/a/made", "no"), say("g.g/a/regular", "yes"), say("g.g/b/made", "yes"), say("g.g/b/regular", "no"))
    desk = desk_on(replace(blank, previous=replace(blank, answers=said)))
    desk.go("g.g/a/made")
    desk.press("Shift+C")
    assert desk.said("g.g/a/made").value == "no"
    assert desk.said("g.g/a/regular").is_empty, "nothing is asked there any more"
    desk.go("g.g/b/made")
    desk.press("Shift+C")
    assert desk.said("g.g/b/regular").value == "no"


def test_what_published_sources_say_waits_for_the_agency(desk_on: Open) -> None:
    desk = desk_on(small_dossier())
    desk.controller.respondent = "agency-nso"
    said = desk.said("i.law", "agency-nso")
    assert desk.controller.mark_published("agency-nso") == 9
    desk.go("i.law")
    shown = strip(desk, "i.law")
    assert shown.said.text() == "From published sources, to confirm: 3 – all. Is this right?"
    assert [one.text() for one in shown.buttons] == ["Confirm", "Not confirmed"]
    desk.press("C")
    assert desk.said("i.law", "agency-nso") == said
    desk.controller.undo()
    desk.go("i.law")
    shown.buttons[1].click()
    desk.settle()
    assert desk.said("i.law", "agency-nso").is_empty
    assert [one.fate for one in kept_answers(desk.session) if one.address == "i.law"] == [
        RetiredAnswerStatus.NOT_CONFIRMED
    ]
    for _step in range(2):
        desk.controller.undo()
    assert desk.said("i.law", "agency-nso") == said
    assert not kept_answers(desk.session)


def test_review_says_how_many_answers_from_published_sources_wait(desk_on: Open) -> None:
    desk = desk_on(small_dossier())
    desk.controller.mark_published("agency-nso")
    found = check_quality(desk.session.dossier(), desk.session.sheet)
    told = [
        dict(one.problem.values)["count"]
        for one in found
        if one.problem.message.startswith("Answers from published sources")
    ]
    assert told == ["4", "3", "1"]
