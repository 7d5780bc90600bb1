"""The actions of the plan: their form, what is said about them, groups, warnings and refusals."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.scoring.gaps import find_dependency_cycle
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage, PlanView
from capacity_app.ui.pages.prepare.entry_form import MultiPicker
from capacity_app.ui.pages.prepare.field_editors import AmountEditor, ParagraphEditor
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.lists_and_tables import FullHeightList
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]


def plan_page(office: Office) -> GapsAndPlanPage:
    page = office.page(GapsAndPlanPage, "gaps")
    page.tabs.setCurrentIndex(PlanView.ACTIONS)
    office.settle()
    return page


def with_actions(*more: Action) -> Dossier:
    dossier = small_dossier()
    return replace(dossier, actions=(*dossier.actions, *more))


def action_of(office: Office, action_id: str) -> Action:
    found = office.session.entry("actions", action_id)
    assert isinstance(found, Action)
    return found


def titles(page: GapsAndPlanPage) -> list[str]:
    return [line.title for line in page.action_list.lines.rows]


def shown_words(page: GapsAndPlanPage) -> str:
    return " ".join(words.text() for words in page.detail.action.findChildren(Label) if words.isVisible())


def test_an_action_is_edited_in_place_and_typing_is_kept(at_work: AtWork) -> None:
    office = at_work()
    page = plan_page(office)
    page.show_action("action-1")
    title = page.detail.action.form.editor("title")
    assert isinstance(title, ParagraphEditor)
    title.text.setFocus()
    title.text.selectAll()
    office.write("Pass the law")
    office.press("Ctrl+2")
    assert action_of(office, "action-1").title == "Pass the law"


@pytest.mark.check
def test_gaps_are_picked_and_taken_away_by_keyboard(at_work: AtWork) -> None:
    office = at_work()
    page = plan_page(office)
    before = action_of(office, "action-1")
    page.show_action("action-1")
    office.settle()
    picker = page.detail.action.form.editor("gaps")
    assert isinstance(picker, MultiPicker)
    picker.finder.setFocus()
    office.press("Down", "Return")
    assert len(action_of(office, "action-1").gaps) == len(before.gaps) + 1
    office.press("Backspace")
    assert action_of(office, "action-1") == before


def test_an_action_says_from_which_gap_it_has_its_severity(at_work: AtWork) -> None:
    office = at_work(with_actions(Action(id="action-2", title="Plan", gaps=("i.plan", "i.shared"))))
    page = plan_page(office)
    page.show_action("action-2")
    assert "inherited from i.plan." in shown_words(page)
    page.show_action("action-1")
    assert "Its gaps are still to be verified: no severity yet." in shown_words(page)


def test_a_suggestion_becomes_the_title_by_one_click(at_work: AtWork) -> None:
    office = at_work(with_actions(Action(id="action-2", gaps=("i.plan",))))
    page = plan_page(office)
    page.show_action("action-2")
    office.part(QPushButton, "use_suggestion", page).click()
    office.settle()
    assert action_of(office, "action-2").title == "Pass it."
    assert not any(
        button.objectName() == "use_suggestion" for button in page.findChildren(QPushButton) if button.isVisible()
    )


def test_what_is_to_be_completed_stands_below_the_fields_and_is_counted_in_the_list(at_work: AtWork) -> None:
    early = Action(id="action-early", title="Early", start="2024-01-01", end="2023-01-01", depends_on=("action-late",))
    late = Action(id="action-late", title="Late", start="2024-03-01", end="2024-06-30", responsible="agency-nso")
    office = at_work(with_actions(early, late))
    page = plan_page(office)
    page.show_action("action-early")
    office.settle()
    expected = (
        "Nobody is responsible for the action “Early”.",
        "The action “Early” closes no present gap.",
        "The action “Early” ends before it starts.",
        "The action “Early” starts before “Late” ends, for which it waits.",
    )
    for sentence in expected:
        assert sentence in shown_words(page)
    line = next(line for line in page.action_list.lines.rows if line.key == "action-early")
    assert line.detail.endswith(f"{len(expected)} points to complete")
    page.show_action("action-late")
    office.settle()
    assert "closes no present gap" in shown_words(page)
    assert "Nobody is responsible" not in shown_words(page)


def test_a_new_action_is_complained_of_only_once_it_has_been_left(at_work: AtWork) -> None:
    office = at_work()
    page = plan_page(office)
    office.part(QPushButton, "add_action", page).click()
    office.settle()
    made = office.session.entries("actions")[-1].id
    assert page.detail.action.current == made
    assert "Nobody is responsible" not in shown_words(page)
    page.show_action("action-1")
    page.show_action(made)
    office.settle()
    said = shown_words(page)
    assert "Nobody is responsible" in said
    assert made not in said


def test_an_action_leads_to_its_gaps_and_a_gap_shows_its_action(at_work: AtWork) -> None:
    office = at_work(with_actions(Action(id="action-2", title="Plan", gaps=("i.plan", "i.shared"))))
    page = plan_page(office)
    page.show_action("action-2")
    links = office.part(FullHeightList, "action_gaps", page)
    links.setFocus()
    links.choose("i.plan")
    office.press("Return")
    assert page.tabs.currentIndex() == PlanView.GAPS
    assert [str(gap.address) for gap in page.chosen()] == ["i.plan"]
    assert page.detail.action.current == "action-2"


def test_a_circle_is_refused_with_a_sentence_and_the_form_shows_what_is_stored(at_work: AtWork) -> None:
    second = Action(id="action-2", title="Hire staff", depends_on=("action-1",))
    office = at_work(with_actions(second))
    page = plan_page(office)
    page.show_action("action-1")
    office.settle()
    picker = page.detail.action.form.editor("depends_on")
    assert isinstance(picker, MultiPicker)
    picker.finder.setFocus()
    office.press("Down", "Return")
    office.settle()
    (said,) = office.desk.banners.sentences()
    assert said.startswith("“Amend the act” cannot wait for “Hire staff”, which itself waits for it.")
    assert action_of(office, "action-1").depends_on == ()
    assert picker.value() == ()
    assert find_dependency_cycle([action_of(office, "action-1"), action_of(office, "action-2")]) == ()


def test_an_action_is_not_offered_to_wait_for_itself(at_work: AtWork) -> None:
    office = at_work(with_actions(Action(id="action-2", title="Hire staff")))
    page = plan_page(office)
    page.show_action("action-2")
    office.settle()
    picker = page.detail.action.form.editor("depends_on")
    assert isinstance(picker, MultiPicker)
    picker.finder.setFocus()
    office.press("Down", "Return")
    assert action_of(office, "action-2").depends_on == ("action-1",)


def test_a_circle_that_came_from_elsewhere_is_named(at_work: AtWork) -> None:
    circle = (
        Action(id="action-a", title="First", depends_on=("action-b",)),
        Action(id="action-b", title="Second", depends_on=("action-a",)),
    )
    office = at_work(replace(small_dossier(), actions=circle))
    page = plan_page(office)
    page.show_action("action-a")
    office.settle()
    assert "These actions wait for each other: First – Second" in shown_words(page)


def test_a_removed_action_comes_back_with_undo(at_work: AtWork) -> None:
    office = at_work()
    page = plan_page(office)
    action = action_of(office, "action-1")
    page.show_action("action-1")
    office.part(QPushButton, "remove_action", page).click()
    assert office.session.entry("actions", "action-1") is None
    office.window.menus.actions["undo"].trigger()
    assert action_of(office, "action-1") == action


def test_an_empty_plan_says_where_to_begin_and_leads_there(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), actions=()))
    page = plan_page(office)
    said = [words.text() for words in page.findChildren(Label) if words.isVisible()]
    assert any(sentence.startswith("No action yet.") for sentence in said)
    office.part(QPushButton, "go_to_gaps", page).click()
    assert page.tabs.currentIndex() == PlanView.GAPS


def test_an_amount_typed_with_signs_is_stored_exactly_and_takes_the_currency_last_used(at_work: AtWork) -> None:
    priced = Action(id="action-2", title="Plan", amount="100", currency="USD")
    office = at_work(with_actions(priced, Action(id="action-3", title="Then")))
    page = plan_page(office)
    page.show_action("action-3")
    amount = page.detail.action.form.editor("amount")
    assert isinstance(amount, AmountEditor)
    amount.line.setFocus()
    office.write("12,500.50")
    page.detail.action.form.editor("funded").setFocus()
    office.write("20000")
    page.detail.action.form.editor("title").setFocus()
    office.settle()
    stored = action_of(office, "action-3")
    assert (stored.amount, stored.currency, stored.funded) == ("12500.5", "USD", "20000")
    assert amount.line.text() == "12,500.50"
    assert "More is funded than the action “Then” costs." in shown_words(page)


def test_an_amount_that_cannot_be_read_is_kept_as_typed_with_advice(at_work: AtWork) -> None:
    office = at_work()
    page = plan_page(office)
    page.show_action("action-1")
    amount = page.detail.action.form.editor("amount")
    amount.setFocus()
    office.write("about 5000")
    page.detail.action.form.editor("title").setFocus()
    office.settle()
    assert action_of(office, "action-1").amount == amount.value() == "about 5000"
    assert "“about 5000” in the action" in shown_words(page)


def test_the_costs_are_added_up_by_currency_year_and_source(at_work: AtWork) -> None:
    priced = Action(
        id="action-2", title="Plan", amount="1000", funded="400", currency="EUR", funding_source="IOM", start="2024",
        end="2025",
    )  # fmt: skip
    office = at_work(with_actions(priced, Action(id="action-3", amount="5", title="No currency")))
    page = plan_page(office)
    page.tabs.setCurrentIndex(PlanView.COSTS)
    office.settle()
    said = " ".join(words.text() for words in page.costs.findChildren(Label))
    assert "EUR\u00a01,000 in all: EUR\u00a0400 is funded, EUR\u00a0600 is still to be funded." in said
    assert "1 of 3 has a cost. 1 is not counted: its amounts contain an error." in said
    table = page.costs.rows
    shown = [[table.columns[column][1](row) for column in range(4)] for row in table.rows]
    assert shown[:3] == [
        ["Total in EUR", "EUR\u00a01,000", "EUR\u00a0400", "EUR\u00a0600"],
        ["Year: 2024", "EUR\u00a0500", "EUR\u00a0200", "EUR\u00a0300"],
        ["Year: 2025", "EUR\u00a0500", "EUR\u00a0200", "EUR\u00a0300"],
    ]
    assert [row[0] for row in shown[3:]] == ["Source: IOM", "Funding: not stated"]
