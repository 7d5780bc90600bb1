"""Where entries are used, which look alike, and two made one: seen before it is done, one step, everything follows."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.domain.assessment.registers import Agency, DataSource, Evidence
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.pages.prepare.duplicates import MergeDuplicatesCard
from capacity_app.ui.pages.prepare.registers_page import RegisterPane, RegistersPage
from tests.builders import small_dossier
from tests.domain.making import say
from tests.ui.office import Office

AtWork = Callable[..., Office]
TWICE = small_dossier(
    agencies=(
        Agency(id="agency-nso", name="National Statistical Office", short="NSO"),
        Agency(id="agency-moi", name="Ministry of the Interior", short="MoI"),
        Agency(id="agency-int", name="MINISTRY OF INTERIOR", contact="tel. 7"),
    )
)


def pane_of(office: Office, register: str, entry: str = "") -> RegisterPane:
    pane = office.page(RegistersPage, register).pane
    if entry:
        pane.show_entry(entry)
    office.settle()
    return pane


def titles(pane: RegisterPane) -> list[str]:
    return [line.title for line in pane.list.lines.rows]


def used(pane: RegisterPane) -> list[str]:
    return [line.title for line in pane.uses.list.lines.rows if not line.is_heading]


def sentences(office: Office) -> tuple[str, ...]:
    return office.page(RegistersPage, "agencies").banners.sentences()


# -- where used -------------------------------------------------------------------------------------------------------


def test_every_use_of_an_agency_is_listed_and_leads_there(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-nso")
    assert "14 uses" in pane.list.lines.rows[0].detail
    assert {"B. Officer", "Census 2014", "Amend the act"} <= set(used(pane))
    assert any("ii.staff" in line for line in used(pane))
    line = next(line for line in pane.uses.list.lines.rows if "ii.staff" in line.title)
    assert line.detail == "12"
    pane.uses.list.opened.emit(line.key)
    office.settle()
    assert office.desk.page_name == "questionnaire"
    assert office.page(QuestionnairePage, "questionnaire").isVisible()
    assert office.desk.address == Address("ii.staff")


def test_a_use_by_another_entry_leads_to_it(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-nso")
    line = next(line for line in pane.uses.list.lines.rows if line.title == "B. Officer")
    pane.uses.list.setFocus()
    pane.uses.list.choose(line.key)
    office.press("Return")
    assert office.desk.page_name == "people"
    assert office.page(RegistersPage, "people").pane.entry_id == "person-1"


def test_uses_follow_what_is_answered_meanwhile(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "sources", "source-1")
    assert used(pane) == []
    key = AnswerKey(Address("ii.sources"), respondent="agency-nso")
    office.desk.controller.record(key, say("ii.sources", ("source-1",)).content)
    office.settle()
    assert len(used(pane)) == 1
    office.desk.controller.undo()
    office.settle()
    assert used(pane_of(office, "sources")) == []


def test_removing_a_used_entry_says_what_leads_nowhere_and_is_undone_in_place(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-moi")
    pane.remove_button.click()
    office.settle()
    assert "3 places still refer to it" in sentences(office)[0]
    office.page(RegistersPage, "agencies").banners.button("Undo").click()
    office.settle()
    assert office.session.entry("agencies", "agency-moi") is not None
    assert sentences(office) == ()


# -- finding ----------------------------------------------------------------------------------------------------------


def test_a_register_is_searched(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies")
    pane.side.search.setFocus()
    office.write("interior")
    assert titles(pane) == ["Ministry of the Interior"]
    office.press("Down")
    assert office.focused() is pane.list
    pane.side.search.setText("nobody")
    assert titles(pane) == []
    pane.side.search.setFocus()
    office.press("Escape")
    assert len(titles(pane)) == 2


def test_a_new_entry_is_seen_whatever_was_searched(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies")
    pane.side.search.setText("interior")
    pane.add_button.click()
    assert pane.side.search.text() == ""
    assert pane.list.current_key == pane.entry_id == office.session.entries("agencies")[-1].id


# -- alike ------------------------------------------------------------------------------------------------------------


def test_an_entry_entered_twice_is_hinted_at_until_one_says_they_differ(at_work: AtWork) -> None:
    office = at_work(TWICE)
    pane = pane_of(office, "agencies", "agency-int")
    assert pane.hint.isVisible()
    assert "Ministry of the Interior" in pane.hint.sentence.text()
    assert "looks like" in pane.list.lines.rows[2].detail
    office.part(QPushButton, "hint_dismiss", pane).click()
    office.settle()
    assert not pane.hint.isVisible()
    assert "looks like" not in pane.list.lines.rows[2].detail


# -- joining ----------------------------------------------------------------------------------------------------------


def joining_of(office: Office, entry: str, *, keeps_other: bool = False) -> tuple[RegisterPane, MergeDuplicatesCard]:
    pane = pane_of(office, "agencies", entry)
    pane.join_button.click()
    office.settle()
    pane.join.sides[int(keeps_other)].click()
    return pane, pane.join


def test_joining_is_shown_before_it_is_done_and_undone_as_one_step(at_work: AtWork) -> None:
    office = at_work(TWICE)
    before = office.session.dossier()
    steps = office.desk.controller.undo_stack.count()
    pane, card = joining_of(office, "agency-int", keeps_other=True)
    assert card.other.currentData() == "agency-moi", "what looks the same stands first"
    card.other.setCurrentIndex(card.other.findData("agency-nso"))
    assert "National Statistical Office” receives: Contact" in card.preview.text()
    card.other.setCurrentIndex(card.other.findData("agency-moi"))
    office.part(QPushButton, "join_act", card).click()
    office.settle()
    assert [entry.id for entry in office.session.entries("agencies")] == ["agency-nso", "agency-moi"]
    assert pane.entry_id == "agency-moi"
    assert not card.isVisible()
    assert "is now part of" in sentences(office)[0]
    assert office.desk.controller.undo_stack.count() == steps + 1
    assert "joining of" in office.desk.controller.undo_stack.undoText()
    office.desk.controller.undo()
    assert office.session.dossier() == before
    office.desk.controller.redo()
    assert office.session.entry("agencies", "agency-int") is None


def test_what_both_answered_differently_is_listed_with_both_answers(at_work: AtWork) -> None:
    office = at_work()
    pane, card = joining_of(office, "agency-nso")
    assert "What leads to “Ministry of the Interior” will lead to “National Statistical Office”" in card.preview.text()
    assert [line.title for line in card.clashes.lines.rows] == ["i.law"]
    assert "3 – all" in card.clashes.lines.rows[0].detail
    assert "1 – some" in card.clashes.lines.rows[0].detail
    card.sides[1].click()
    assert card.clashes.lines.rows[0].detail.index("1 – some") < card.clashes.lines.rows[0].detail.index("3 – all")
    office.part(QPushButton, "join_cancel", card).click()
    assert office.session.dossier() == small_dossier()
    assert office.focused() is pane.join_button


def test_whoever_answers_in_the_name_of_the_gone_agency_goes_on_in_that_of_the_kept_one(at_work: AtWork) -> None:
    office = at_work(TWICE)
    questionnaire = office.page(QuestionnairePage, "questionnaire")
    office.desk.controller.respondent = "agency-moi"
    _, card = joining_of(office, "agency-int")
    card.act.click()
    office.settle()
    assert office.desk.controller.respondent == "agency-int"
    assert questionnaire is office.page(QuestionnairePage, "questionnaire")
    key = AnswerKey(Address("i.law"), respondent="agency-int")
    assert office.session.content(key).value == 1


def test_two_documents_are_not_joined_and_the_card_says_why(at_work: AtWork) -> None:
    held = tuple(Evidence(id=f"e-{n}", title="Act", document=str(n) * 64, file_name="a.pdf", size=9) for n in (1, 2))
    office = at_work(small_dossier(evidence=held))
    pane = pane_of(office, "evidence", "e-1")
    pane.join_button.click()
    assert "document" in pane.join.preview.text()
    assert not pane.join.act.isEnabled()


def test_a_card_left_open_follows_what_happens_to_its_entries(at_work: AtWork) -> None:
    office = at_work(TWICE)
    _, card = joining_of(office, "agency-int")
    office.desk.controller.put(Agency(id="agency-moi", name="Interior Ministry"))
    office.settle()
    assert "Interior Ministry" in card.preview.text()
    office.desk.controller.remove("agencies", "agency-moi")
    office.settle()
    assert not card.isVisible()


def test_joining_by_keyboard_alone(at_work: AtWork) -> None:
    office = at_work(TWICE)
    pane = pane_of(office, "agencies", "agency-int")
    pane.join_button.setFocus()
    office.press("Space")
    assert office.focused().objectName() == "join_other"
    office.press("Escape")
    assert office.focused() is pane.join_button
    office.press("Space")
    office.tab_to("join_act")
    office.press("Space")
    assert office.session.entry("agencies", "agency-moi") is None


# -- renaming ---------------------------------------------------------------------------------------------------------


def test_a_new_name_is_shown_wherever_the_entry_is_used(at_work: AtWork) -> None:
    office = at_work()
    questionnaire = office.page(QuestionnairePage, "questionnaire")
    questionnaire.show_address(Address("ii.lead"))
    pane = pane_of(office, "agencies", "agency-nso")
    for name, text in (("name", "Statistics Examplia"), ("short", "StatEx")):
        pane.form.editor(name).setFocus()
        office.press("Ctrl+A")
        office.write(text)
    office.desk.controller.request_flush()
    office.settle()
    assert pane.list.lines.rows[0].title == "Statistics Examplia"
    assert "Statistics Examplia" in pane_of(office, "people").list.lines.rows[0].detail
    assert "Statistics Examplia" in pane_of(office, "sources").list.lines.rows[0].detail
    assert office.desk.respondent == "StatEx"
    assert office.desk.rail is not None
    questionnaire = office.page(QuestionnairePage, "questionnaire")
    chips = [button.text() for button in questionnaire.findChildren(QPushButton) if button.isVisible()]
    assert not any("NSO" in text for text in chips)


def test_a_source_made_one_is_picked_once(at_work: AtWork) -> None:
    sources = (DataSource(id="source-1", name="Census 2014"), DataSource(id="source-2", name="census 2014"))
    answers = (say("ii.sources", ("source-1", "source-2"), who="agency-nso"),)
    office = at_work(small_dossier(sources=sources, answers=answers))
    pane = pane_of(office, "sources", "source-1")
    office.part(QPushButton, "hint_join", pane).click()
    office.settle()
    pane.join.act.click()
    office.settle()
    key = AnswerKey(Address("ii.sources"), respondent="agency-nso")
    assert office.session.content(key).value == ("source-1",)
