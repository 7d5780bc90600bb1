"""Registers and mission: made once, changed in place, picked elsewhere, undone at will."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.migration import published_answers
from capacity_app.domain.assessment.register_fields import form_fields
from capacity_app.domain.assessment.registers import (
    REGISTERS,
    Agency,
    AgencyRole,
    DataSource,
    Evidence,
    Meeting,
    Person,
    Validation,
)
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.pages.prepare.entry_form import CheckBoxesEditor, ComboEditor, MultiPicker
from capacity_app.ui.pages.prepare.field_editors import DateEditor, LineEditor, MultilineEditor, TextListEditor
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from capacity_app.ui.pages.prepare.registers_page import RegisterPane, RegistersPage
from capacity_app.ui.session.formatters import REGISTER_TITLES
from tests.builders import DEVICE, file_of, small_dossier
from tests.ui.desktop import Desktop
from tests.ui.office import Office

AtWork = Callable[..., Office]
NOT_TYPED = {
    "profile",
    "id", "document", "file_name", "media_type", "size", "country", "m49", "language", "weights", "decisions",
    "form_sections",
}  # fmt: skip
"""What is kept with an entry without a person typing it into the form."""


def pane_of(office: Office, register: str) -> RegisterPane:
    return office.page(RegistersPage, register).pane


@pytest.mark.parametrize("register", ["mission", *REGISTER_TITLES, "actions"])
def test_a_form_has_a_field_for_everything_one_can_type(register: str) -> None:
    wanted = {field.name for field in fields(REGISTERS[register])} - NOT_TYPED
    assert {field.name for field in form_fields(register)} == wanted


@pytest.mark.parametrize("register", list(REGISTER_TITLES))
def test_an_entry_is_added_named_by_keyboard_and_removed(at_work: AtWork, register: str) -> None:
    office = at_work()
    pane = pane_of(office, register)
    before = office.session.entries(register)
    pane.add_button.click()
    office.write("Fresh one")
    office.desk.controller.request_flush()
    office.settle()
    made = office.session.entries(register)[-1]
    assert len(office.session.entries(register)) == len(before) + 1
    assert pane.list.lines.rows[-1].title == "Fresh one"
    assert pane.list.current_key == made.id
    pane.list.setFocus()
    office.press("Delete")
    assert office.session.entries(register) == before


@pytest.mark.check
@pytest.mark.parametrize("register", ["agencies", "people", "meetings"])
def test_the_list_follows_while_a_name_is_typed(at_work: AtWork, register: str) -> None:
    office = at_work()
    pane = pane_of(office, register)
    pane.add_button.click()
    office.write("Tam")
    office.until(lambda: pane.list.lines.rows[-1].title == "Tam")
    office.write("ar")
    office.until(lambda: pane.list.lines.rows[-1].title == "Tamar")


def test_every_change_of_an_entry_can_be_undone(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "agencies")
    pane.show_entry("agency-moi")
    before = office.session.entry("agencies", "agency-moi")
    ticks = pane.form.editor("roles")
    assert isinstance(ticks, CheckBoxesEditor)
    ticks.boxes[AgencyRole.DONOR].click()
    changed = office.session.entry("agencies", "agency-moi")
    assert isinstance(changed, Agency)
    assert AgencyRole.DONOR in changed.roles
    office.window.menus.actions["undo"].trigger()
    office.settle()
    assert office.session.entry("agencies", "agency-moi") == before
    assert not ticks.boxes[AgencyRole.DONOR].isChecked()


def test_a_new_agency_can_be_picked_in_other_registers_at_once(at_work: AtWork) -> None:
    office = at_work()
    people = pane_of(office, "people")
    people.add_button.click()
    office.write("Tamar B.")
    office.desk.controller.put(Agency(id="agency-health", name="Ministry of Health"))
    office.settle()
    agency = people.form.editor("agency")
    assert isinstance(agency, ComboEditor)
    place = agency.combo.findText("Ministry of Health")
    assert place >= 0
    agency.combo.setCurrentIndex(place)
    agency.combo.activated.emit(place)
    office.desk.controller.request_flush()
    person = office.session.entries("people")[-1]
    assert isinstance(person, Person)
    assert (person.name, person.agency) == ("Tamar B.", "agency-health")


def test_people_of_a_meeting_are_picked_by_typing_a_few_letters(at_work: AtWork) -> None:
    office = at_work()
    meetings = pane_of(office, "meetings")
    meetings.add_button.click()
    agencies = meetings.form.editor("agencies")
    assert isinstance(agencies, MultiPicker)
    agencies.finder.setFocus()
    office.write("interior")
    office.press("Return")
    meeting = office.session.entries("meetings")[-1]
    assert isinstance(meeting, Meeting)
    assert meeting.agencies == ("agency-moi",)


@pytest.mark.parametrize(
    ("typed", "kept", "has_advice"),
    [("29.11.2018", "2018-11-29", False), ("2018", "2018", False), ("next spring", "next spring", True)],
)
def test_dates_are_read_as_people_write_them_and_never_lost(
    at_work: AtWork, typed: str, kept: str, *, has_advice: bool
) -> None:
    office = at_work()
    pane = pane_of(office, "meetings")
    pane.add_button.click()
    date = pane.form.editor("date")
    assert isinstance(date, DateEditor)
    date.line.setFocus()
    office.write(typed)
    office.press("Tab")
    meeting = office.session.entries("meetings")[-1]
    assert isinstance(meeting, Meeting)
    assert meeting.date == kept
    assert date.has_advice is has_advice


def test_a_document_becomes_evidence_and_two_at_once_are_two(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "evidence")
    files = []
    for name in ("law.txt", "plan.txt"):
        (tmp_path / name).write_text(f"The {name}.", encoding="utf-8")
        files.append(tmp_path / name)
    before = len(office.session.entries("evidence"))
    pane.attach(files)
    added = office.session.entries("evidence")[before:]
    assert [entry.file_name for entry in added if isinstance(entry, Evidence)] == ["law.txt", "plan.txt"]
    assert pane.list.current_key == added[-1].id


def test_a_held_document_is_opened_as_a_copy_that_goes_with_the_window(
    tmp_path: Path, at_work: AtWork, desktop: Desktop
) -> None:
    office = at_work()
    pane = pane_of(office, "evidence")
    (tmp_path / "law.txt").write_text("The law.", encoding="utf-8")
    pane.attach([tmp_path / "law.txt"])
    office.part(QPushButton, "open_document", pane).click()
    (url,) = desktop.opened
    copy = Path(url.toLocalFile())
    assert (copy.name, copy.read_text(encoding="utf-8")) == ("law.txt", "The law.")
    office.leave()
    assert not copy.exists()


def test_a_document_that_is_not_what_its_name_says_is_not_opened(
    tmp_path: Path, at_work: AtWork, desktop: Desktop
) -> None:
    office = at_work()
    pane = pane_of(office, "evidence")
    (tmp_path / "law.txt").write_text("The law.", encoding="utf-8")
    pane.attach([tmp_path / "law.txt"])
    entry = office.session.entries("evidence")[-1]
    assert isinstance(entry, Evidence)
    office.desk.controller.put(replace(entry, file_name="law.pdf"))
    office.settle()
    page = office.page(RegistersPage, "evidence")
    office.part(QPushButton, "open_document", pane).click()
    assert desktop.opened == []
    assert len(page.banners.sentences()) == 1
    office.desk.controller.put(entry)
    office.settle()
    assert page.banners.sentences() == ()


def test_a_document_of_no_allowed_kind_is_refused_in_a_sentence(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "evidence")
    (tmp_path / "tool.exe").write_bytes(b"MZ\x90\x00")
    before = office.session.entries("evidence")
    pane.attach([tmp_path / "tool.exe"])
    assert office.session.entries("evidence") == before
    assert len(office.desk.banners.sentences()) == 1


@pytest.mark.check
def test_a_source_card_keeps_every_field(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "sources")
    pane.add_button.click()
    for field in form_fields("sources"):
        editor = pane.form.editor(field.name)
        if isinstance(editor, LineEditor | MultilineEditor):
            editor.setFocus()
            office.write(f"{field.name} x")
    office.desk.controller.request_flush()
    source = office.session.entries("sources")[-1]
    assert isinstance(source, DataSource)
    for field in form_fields("sources"):
        if isinstance(pane.form.editor(field.name), LineEditor | MultilineEditor):
            assert getattr(source, field.name) == f"{field.name} x"


def test_an_empty_register_says_what_to_do(at_work: AtWork) -> None:
    office = at_work()
    pane = pane_of(office, "meetings")
    for entry in office.session.entries("meetings"):
        office.desk.controller.remove("meetings", entry.id)
    office.settle()
    assert pane.is_register_empty


def test_the_mission_is_changed_in_place(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(MissionPage, "mission")
    team = page.form.editor("team")
    assert isinstance(team, TextListEditor)
    team.text.setPlainText("Nino K.\n\nPavel R.")
    office.desk.controller.request_flush()
    assert office.session.mission.team == ("Nino K.", "Pavel R.")
    office.window.menus.actions["undo"].trigger()
    assert office.session.mission.team != ("Nino K.", "Pavel R.")
    assert team.value() == office.session.mission.team


def test_nothing_can_be_changed_where_the_file_is_read_only(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    with AssessmentSession(file, author="Somebody", device=DEVICE):
        office.open(file)
        pane = pane_of(office, "agencies")
        assert not pane.add_button.isEnabled()
        assert not pane.form.isEnabled()
        assert not office.part(QPushButton, "remove_agencies", pane).isEnabled()
        office.window.leave_and(office.window.show_start)


def test_two_validations_cannot_be_joined(at_work: AtWork) -> None:
    """The parts that two people confirmed are never those of one."""
    office = at_work(small_dossier(validations=(Validation(id="a", name="Ana"), Validation(id="b", name="Li"))))
    pane = pane_of(office, "validations")
    assert pane.join_button.isHidden()
    assert not pane_of(office, "agencies").join_button.isHidden()


def test_the_answers_of_an_agency_wait_as_from_published_sources(at_work: AtWork) -> None:
    office = at_work(small_dossier())
    pane = pane_of(office, "agencies")
    before = office.session.dossier().answers
    pane.show_entry("agency-nso")
    office.part(QPushButton, "mark_published", pane).click()
    office.settle()
    page = office.page(RegistersPage, "agencies")
    assert page.banners.sentences() == (
        "9 answers of “National Statistical Office” wait for its confirmation. They do not count until then.",
    )
    assert pane.published_button.isHidden()
    pane.show_entry("agency-moi")
    assert not pane.published_button.isHidden()
    office.desk.controller.undo()
    assert office.session.dossier().answers == before


def test_the_answers_of_one_part_wait_alone(at_work: AtWork) -> None:
    office = at_work(small_dossier())
    pane = pane_of(office, "agencies")
    pane.show_entry("agency-nso")
    offered = [pane.published_part.itemData(index) for index in range(pane.published_part.count())]
    assert offered == ["", "i", "ii", "iii"]
    pane.published_part.setCurrentIndex(2)
    office.part(QPushButton, "mark_published", pane).click()
    office.settle()
    given = {one.key.address.question for one in office.session.dossier().answers if one.content.value is not None}
    assert {name.split(".")[0] for name in given} >= {"i"}
    waiting = {one.target.split(".")[0] for one in published_answers(office.session.dossier())}
    assert waiting == {"ii"}
