"""Searching by keyboard: typing, choosing among what was found, going there and on."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.answer.tree_model import NODE_ROLE, QuestionFilter, TreeNode, TreeNodeKind, match_nodes
from tests.builders import small_dossier
from tests.domain.making import instrument, question, say, section
from tests.ui.driving import Desk
from tests.ui.office import Office
from tests.wordings import word

Open = Callable[..., Desk]


def search(desk: Desk, typed: str) -> list[TreeNode]:
    """Type what to find, and give the places found."""
    desk.page.find()
    desk.press("Ctrl+A")
    desk.write(typed)
    desk.page.tree.rebuild()
    return list(match_nodes(desk.page.tree.model.roots))


def current(desk: Desk) -> TreeNode:
    node = desk.page.tree.lines.currentIndex().data(NODE_ROLE)
    assert isinstance(node, TreeNode)
    return node


def test_the_match_is_marked_where_it_stands(desk_on: Open) -> None:
    (hit,) = search(desk_on(), "ADOPTEE")
    assert [hit.text[start:end] for start, end in hit.spans] == ["adoptée"]
    assert hit.number == "i.law · Note · NSO"


def test_arrows_choose_without_leaving_the_typing_and_enter_goes_there(desk_on: Open) -> None:
    desk = desk_on()
    found = search(desk, "i.s")
    assert current(desk) is found[0]
    desk.press("Down")
    assert current(desk) is found[1]
    assert desk.focused() is desk.page.tree.find_field
    assert found[1].text in desk.page.tree.find_field.accessibleDescription()
    desk.press("Up", "Return")
    assert desk.here() == str(found[0].address)


def test_a_number_goes_to_the_question_that_has_it(desk_on: Open) -> None:
    made = instrument(section("iv", question("iv.1")), section("v", question("v.1")))
    desk = desk_on(replace(small_dossier(made), answers=(), actions=(), ratings=()))
    assert len(search(desk, "V.1")) == 2
    desk.press("Return")
    assert desk.here() == "v.1"


def test_f3_goes_on_to_the_next_place_and_back(desk_on: Open) -> None:
    desk = desk_on()
    places = [str(node.address) for node in search(desk, "flows")]
    assert len(places) > 2
    desk.press("Return")
    seen = [current(desk).address]
    desk.press("F3")
    seen.append(current(desk).address)
    desk.press("Shift+F3")
    assert [str(address) for address in seen] == places[:2]
    assert str(current(desk).address) == places[0]


def test_f3_without_anything_searched_begins_to_search(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    desk.press("F3")
    assert desk.focused() is desk.page.tree.find_field


def test_what_is_typed_later_is_found_at_once(desk_on: Open) -> None:
    desk = desk_on()
    assert search(desk, "cadastre") == []
    desk.go("iii.topics/a/remark")
    desk.write("Cadastre")
    desk.press("Return")
    (hit,) = search(desk, "cadastre")
    assert hit.address == Address("iii.topics", "a", "remark")
    desk.controller.undo()
    assert search(desk, "cadastre") == []


def test_a_renamed_agency_is_found_by_its_new_name(desk_on: Open) -> None:
    desk = desk_on()
    assert search(desk, "insee") == []
    desk.controller.put(Agency(id="agency-nso", name="INSEE", short="INSEE"))
    assert [str(node.address) for node in search(desk, "insee")] == ["ii.lead"]


def test_searching_keeps_to_the_filter_and_says_so_when_nothing_is_left(desk_on: Open) -> None:
    desk = desk_on()
    desk.page.tree.set_filter(QuestionFilter.CONFLICT)
    assert [str(node.address) for node in search(desk, "i.law")] == ["i.law"]
    search(desk, "budget")
    said = desk.page.tree.nothing.text()
    assert "No result for “budget”" in said
    assert "Searched only: Agencies disagree." in said


def test_the_second_wording_is_searched_too(desk_on: Open) -> None:
    dossier = small_dossier()
    word(paths.user_instruments_folder(), dossier.instrument, "fr", {"iii.topics|row c label": "Réfugiés"})
    desk = desk_on()
    assert search(desk, "refugies") == []
    desk.page.show_second(Translator("fr"))
    desk.page.tree.rebuild()
    assert [str(node.address) for node in match_nodes(desk.page.tree.model.roots)] == ["iii.topics/c"]
    desk.page.show_second(None)
    assert list(match_nodes(desk.page.tree.model.roots)) == []


def test_of_very_many_places_the_first_are_listed_and_all_are_counted(desk_on: Open) -> None:
    columns = tuple(GridColumn(id=f"c{n}", label=f"C{n}", kind=AnswerKind.TEXT) for n in range(10))
    rows = tuple(GridRow(id=f"r{n}", label=f"R{n}") for n in range(50))
    made = instrument(section("g", question("g.g", AnswerKind.GRID, columns=columns, rows=rows)))
    said = tuple(say(f"g.g/{row.id}/{column.id}", "some words") for row in rows for column in columns)
    desk = desk_on(replace(small_dossier(made), answers=said, actions=(), ratings=()))
    hits = [node for node in search(desk, "words") if node.kind is TreeNodeKind.HIT]
    assert len(hits) == 300
    assert desk.page.tree.count.text() == "500 places, the first 300 shown. Type more letters."


def test_finding_leads_to_the_cell_in_the_window(at_work: Callable[[None], Office]) -> None:
    office = at_work(None)
    page = office.desk.questionnaire()
    office.window.menus.actions["find"].trigger()
    office.write("refugees")
    office.press("Return")
    assert page.page().section.id == "iii"
    assert office.desk.address == Address("iii.topics", "c", "available")
    assert office.focused().objectName() == "grid iii.topics"
    assert office.focused().focusPolicy() != Qt.FocusPolicy.NoFocus
