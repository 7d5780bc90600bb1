"""The filters of the tree: what they keep, how many that is, and what an empty tree teaches."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from capacity_app.domain.assessment.answers import Address
from capacity_app.ui.pages.answer.tree_model import QuestionFilter
from capacity_app.ui.theme.painting import AnswerMark
from tests.builders import small_dossier
from tests.domain.making import say
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]


BY_NSO = ("i.law", "i.plan", "i.published", "i.contents", "i.why", "ii.staff", "ii.share", "ii.lead", "iii.topics")


def shown(desk: Desk) -> list[str]:
    """Return the questions the tree shows."""
    return [node.address.question for root in desk.page.tree.model.roots for node in root.children]


def filtered(desk: Desk, chosen: QuestionFilter) -> list[str]:
    desk.page.tree.set_filter(chosen)
    return shown(desk)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (QuestionFilter.CONFLICT, ["i.law"]),
        (QuestionFilter.TO_VERIFY, ["i.shared"]),
        (QuestionFilter.NO_EVIDENCE, ["iii.topics"]),
        (QuestionFilter.NOT_APPLICABLE, ["iii.topics"]),
        (QuestionFilter.MINE, [*BY_NSO]),
    ],
)  # fmt: skip
def test_every_filter_keeps_what_it_says(desk_on: Open, chosen: QuestionFilter, kept: list[str]) -> None:
    assert filtered(desk_on(), chosen) == kept


def test_a_level_with_evidence_or_below_two_needs_none(desk_on: Open) -> None:
    said = (say("i.law", 3, who="agency-nso", evidence=("evidence-law",)), say("i.plan", 1, who="agency-nso"))
    desk = desk_on(replace(small_dossier(), answers=said))
    assert filtered(desk, QuestionFilter.NO_EVIDENCE) == []
    desk.go("i.plan")
    desk.press("2")
    assert filtered(desk, QuestionFilter.ALL)
    assert filtered(desk, QuestionFilter.NO_EVIDENCE) == ["i.plan"]


def test_counts_stand_beside_the_filters_for_who_opens_the_list_or_comes_by_tab(desk_on: Open) -> None:
    desk = desk_on()
    box = desk.page.tree.filter_box
    box.setFocus(Qt.FocusReason.TabFocusReason)
    words = [box.itemText(place) for place in range(box.count())]
    assert "Agencies disagree (1)" in words
    assert "Answered by NSO (9)" in words
    before = len(desk.page.tree.sieve.kept(QuestionFilter.OPEN))
    assert f"Open questions ({before})" in words
    desk.go("i.plan")
    desk.go("i.how")
    desk.press("1")
    box.setFocus(Qt.FocusReason.TabFocusReason)
    assert f"Open questions ({before - 1})" in [box.itemText(place) for place in range(box.count())]


def test_answers_of_the_present_agency_follow_the_agency(desk_on: Open) -> None:
    desk = desk_on()
    filtered(desk, QuestionFilter.MINE)
    desk.controller.respondent = "agency-moi"
    assert shown(desk) == ["i.law", "i.shared", "ii.origins"]
    assert desk.page.tree.filter_box.currentText() == "Answered by MoI (3)"


def test_an_empty_filter_teaches_and_leads_back(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    tree = desk.page.tree
    filtered(desk, QuestionFilter.CONFLICT)
    assert not tree.lines.isVisible()
    assert "No agencies disagree" in tree.nothing.text()
    tree.all_again.click()
    assert tree.lines.isVisible()
    assert len(shown(desk)) > 10
    assert tree.filter is QuestionFilter.ALL


def test_a_filter_lets_the_sections_be_open_afterwards_that_were_open_before(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    tree = desk.page.tree
    before = [tree.lines.isExpanded(tree.model.index_of(root)) for root in tree.model.roots]
    filtered(desk, QuestionFilter.OPEN)
    assert all(tree.lines.isExpanded(tree.model.index_of(root)) for root in tree.model.roots)
    filtered(desk, QuestionFilter.ALL)
    assert [tree.lines.isExpanded(tree.model.index_of(root)) for root in tree.model.roots] == before


def test_marks_show_what_deserves_a_second_look_and_are_spoken(desk_on: Open) -> None:
    desk = desk_on()
    model = desk.page.tree.model

    def marks(where: str) -> tuple[AnswerMark, ...]:
        node = model.find(Address(where))
        assert node is not None
        return node.marks

    assert marks("i.law") == (AnswerMark.CONFLICT,)
    assert marks("i.shared") == (AnswerMark.TO_VERIFY,)
    assert marks("iii.topics") == (AnswerMark.UNSUPPORTED,)
    root = model.roots[0]
    assert root.marks == (AnswerMark.CONFLICT, AnswerMark.TO_VERIFY)
    spoken = model.data(model.index_of(root), Qt.ItemDataRole.AccessibleTextRole)
    assert "agencies disagree" in spoken
    assert "to verify: unknown or declined" in spoken


def test_marks_follow_the_answers(desk_on: Open) -> None:
    desk = desk_on()
    desk.controller.respondent = "agency-moi"
    desk.go("i.shared")
    desk.press("Y")
    node = desk.page.tree.model.find(Address("i.shared"))
    assert node is not None
    assert node.marks == ()
    assert node.parent is not None
    assert node.parent.marks == (AnswerMark.CONFLICT,)


def test_nothing_is_to_confirm_without_an_earlier_round(desk_on: Open) -> None:
    box = desk_on().page.tree.filter_box
    box.count_up()
    assert box.findData(QuestionFilter.TO_CONFIRM) == -1


def test_the_filter_is_chosen_by_keyboard_in_the_window(at_work: Callable[[None], Office]) -> None:
    office = at_work(None)
    page = office.desk.questionnaire()
    page.tree.filter_box.setFocus()
    office.press("Down")
    assert page.tree.filter is QuestionFilter.OPEN
    assert "i.law" in [node.address.question for root in page.tree.model.roots for node in root.children]
