"""Forms: what is typed in one go is one step, entries are made where they are wanted, dates have a calendar."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from capacity_app.domain.assessment.registers import Agency, Meeting, Person
from capacity_app.ui.pages.prepare.entry_form import ComboEditor, MultiPicker
from capacity_app.ui.pages.prepare.field_editors import DateEditor, LineEditor, PersonNameEditor
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from capacity_app.ui.pages.prepare.registers_page import RegisterPane, RegistersPage
from capacity_app.ui.widgets.text_fields import DEBOUNCE_MS
from tests.ui.office import Office

AtWork = Callable[..., Office]


def pane_of(office: Office, register: str, entry: str = "") -> RegisterPane:
    pane = office.page(RegistersPage, register).pane
    if entry:
        pane.show_entry(entry)
    office.settle()
    return pane


@pytest.mark.check
def test_what_is_typed_in_one_go_is_one_step_however_often_it_rests(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-moi")
    stack = office.desk.controller.undo_stack
    contact = pane.form.editor("contact")
    assert isinstance(contact, LineEditor)
    contact.line.setFocus()
    for text in ("tel.", " 7", " 42"):
        office.write(text)
        office.until(lambda: not contact.is_typing)
    assert stack.count() == 1
    office.press("Tab")
    contact.line.setFocus()
    office.press("End")
    office.write("!")
    office.press("Tab")
    assert stack.count() == 2
    office.desk.controller.undo()
    entry = office.session.entry("agencies", "agency-moi")
    assert isinstance(entry, Agency)
    assert entry.contact == "tel. 7 42"
    office.desk.controller.undo()
    office.settle()
    assert contact.line.text() == ""


@pytest.mark.check
def test_two_fields_are_two_steps(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-moi")
    for name in ("contact", "short"):
        pane.form.editor(name).setFocus()
        office.write("x")
    office.desk.controller.request_flush()
    assert office.desk.controller.undo_stack.count() == 2


@pytest.mark.check
def test_what_changes_elsewhere_while_one_types_is_not_overwritten(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-moi")
    pane.form.editor("contact").setFocus()
    office.write("tel. 7")
    office.desk.controller.put(Agency(id="agency-moi", name="Interior", short="MoI"))
    office.desk.controller.request_flush()
    assert office.session.entry("agencies", "agency-moi") == Agency(
        id="agency-moi", name="Interior", short="MoI", contact="tel. 7"
    )


@pytest.mark.check
def test_a_new_agency_is_made_from_a_picker_in_one_step(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "people", "person-1")
    agency = pane.form.editor("agency")
    assert isinstance(agency, ComboEditor)
    agency.combo.setFocus()
    office.press("End")
    office.part(QLineEdit, "new_agency", pane)
    assert office.focused().objectName() == "new_agency"
    office.write("Ministry of Health")
    office.press("Return")
    person = office.session.entry("people", "person-1")
    assert isinstance(person, Person)
    made = office.session.entry("agencies", person.agency)
    assert isinstance(made, Agency)
    assert made.name == "Ministry of Health"
    assert agency.combo.currentText() == "Ministry of Health"
    assert office.focused() is agency.combo
    office.desk.controller.undo()
    assert office.session.entries("agencies")[-1].id == "agency-moi"
    assert office.session.entry("people", "person-1") == Person(
        id="person-1", name="B. Officer", agency="agency-nso", position="Head of unit"
    )


def test_giving_a_new_agency_up_leaves_what_was_chosen(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "people", "person-1")
    agency = pane.form.editor("agency")
    assert isinstance(agency, ComboEditor)
    agency.combo.setFocus()
    office.press("End")
    office.write("Minis")
    office.press("Escape")
    assert agency.value() == "agency-nso"
    assert agency.combo.currentText() == "National Statistical Office"
    assert len(office.session.entries("agencies")) == 2


def test_a_new_person_is_made_while_a_meeting_is_written(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "meetings", "meeting-1")
    people = pane.form.editor("people")
    assert isinstance(people, MultiPicker)
    known = len(office.session.entries("people"))
    people.finder.setFocus()
    office.write("Tamar B.")
    office.press("Return")
    assert len(office.session.entries("people")) == known, "Enter alone makes nobody new"
    office.press("Down", "Return")
    meeting = office.session.entry("meetings", "meeting-1")
    assert isinstance(meeting, Meeting)
    assert len(meeting.people) == 2
    made = office.session.entry("people", meeting.people[-1])
    assert isinstance(made, Person)
    assert made.name == "Tamar B."


def test_a_calendar_opens_with_alt_down_and_enter_picks(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "meetings", "meeting-1")
    date = pane.form.editor("date")
    assert isinstance(date, DateEditor)
    date.line.setFocus()
    office.press("Alt+Down")
    assert date.line.sheet is not None
    assert date.line.sheet.day.isoformat() == "2018-11-27"
    office.press("Right", "Return")
    meeting = office.session.entry("meetings", "meeting-1")
    assert isinstance(meeting, Meeting)
    assert meeting.date == "2018-11-28"
    assert office.focused() is date.line
    assert not date.line.is_calendar_open


@pytest.mark.check
def test_a_calendar_left_with_escape_changes_nothing(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "meetings", "meeting-1")
    date = pane.form.editor("date")
    assert isinstance(date, DateEditor)
    date.line.setFocus()
    office.press("Alt+Down", "Left", "Escape")
    assert office.focused() is date.line
    assert not date.line.is_calendar_open
    assert date.value() == "2018-11-27"


def test_the_button_opens_the_calendar_and_closes_it_and_a_month_without_a_day_is_picked(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "meetings", "meeting-1")
    date = pane.form.editor("date")
    assert isinstance(date, DateEditor)
    for is_open in (True, False, True):
        date.picker.click()
        assert date.line.is_calendar_open is is_open
    assert office.focused() is date.line
    office.press("M")
    assert not date.line.is_calendar_open
    meeting = office.session.entry("meetings", "meeting-1")
    assert isinstance(meeting, Meeting)
    assert meeting.date == "2018-11"


@pytest.mark.check
def test_a_calendar_closes_when_one_goes_on_elsewhere_or_to_another_page(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "meetings", "meeting-1")
    date = pane.form.editor("date")
    assert isinstance(date, DateEditor)
    date.line.setFocus()
    office.press("Alt+Down")
    title = pane.form.editor("title").focusProxy()
    assert isinstance(title, QWidget)
    title.setFocus()
    office.settle()
    assert not date.line.is_calendar_open
    assert office.focused() is title
    date.line.setFocus()
    office.press("Alt+Down")
    office.desk.show_page("scores")
    office.settle()
    assert not date.line.is_calendar_open


@pytest.mark.check
def test_who_validated_is_found_among_the_people_met(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(MissionPage, "mission")
    editor = page.form.editor("validated_by")
    assert isinstance(editor, PersonNameEditor)
    editor.line.setFocus()
    office.write("offi")
    office.press("Return")
    assert office.session.mission.validated_by == "B. Officer"
    office.press("Ctrl+A")
    office.write("Somebody else")
    office.press("Escape", "Tab")
    assert office.session.mission.validated_by == "Somebody else"


@pytest.mark.check
def test_typing_rests_without_help(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies", "agency-moi")
    pane.form.editor("contact").setFocus()
    office.write("x")
    QTest.qWait(DEBOUNCE_MS)
    office.until(lambda: getattr(office.session.entry("agencies", "agency-moi"), "contact", "") == "x")


@pytest.mark.check
@pytest.mark.parametrize("page", ["gaps", "mission"])
def test_every_choice_of_a_form_can_be_chosen(at_work: AtWork, page: str) -> None:
    office = at_work()
    if page == "gaps":
        office.desk.show_entry("action-1")
    editors = office.page(QWidget, page).findChildren(ComboEditor)
    assert editors
    for editor in editors:
        for index in range(editor.combo.count()):
            editor.combo.setCurrentIndex(index)
            editor.combo.activated.emit(index)
            office.settle()
            assert office.desk.controller.refusal is None
    assert office.desk.controller.undo_stack.count() > 1
