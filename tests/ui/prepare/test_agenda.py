"""The agenda at the window: meetings planned, forms and letters written, a filled form imported, interviews started."""

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Meeting
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.pages.prepare.agenda_page import AgendaPage
from capacity_app.ui.pages.prepare.entry_form import MultiPicker
from capacity_app.ui.pages.prepare.registers_page import RegistersPage
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.builders import ASSESSMENT_ID, small_dossier
from tests.outputs.workbook.editing import filled
from tests.ui.deliver.returning import previewed
from tests.ui.desktop import Desktop
from tests.ui.office import Office

AtWork = Callable[..., Office]
WRITING_MS = 60_000


def page_of(office: Office) -> AgendaPage:
    return office.page(AgendaPage, "agenda")


def meetings(office: Office) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (one.date, one.agencies, one.sections) for one in office.session.entries("meetings") if isinstance(one, Meeting)
    ]


def plan(office: Office, agency: str, day: str, *sections: str) -> None:
    """Plan a meeting with the keyboard: agency, day, parts."""
    page = page_of(office)
    page.add.click()
    assert office.focused() is picker_of(page).finder
    office.write(agency)
    office.press("Return")
    page.form.editor("date").setFocus()
    office.press("Ctrl+A")
    office.write(day)
    for section in sections:
        office.part(QCheckBox, f"field_sections_{section}", page.form).setFocus()
        office.press("Space")
    office.desk.controller.request_flush()
    office.settle()


def picker_of(page: AgendaPage) -> MultiPicker:
    picker = page.form.editor("agencies")
    assert isinstance(picker, MultiPicker)
    return picker


def lines(page: AgendaPage) -> list[str]:
    return [f"{line.title} | {line.detail}".removesuffix(" | ") for line in page.list.lines.rows]


def test_the_form_of_a_meeting_is_not_cut_off_on_a_laptop_with_large_letters(
    at_work: AtWork, qapp: QApplication
) -> None:
    instrument, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert instrument is not None
    office = at_work(Dossier(id=ASSESSMENT_ID, instrument=instrument, agencies=small_dossier().agencies))
    set_zoom(qapp, 150)
    office.window.resize(1326, 720)
    page = page_of(office)
    page.add.click()
    office.settle()
    picker = picker_of(page)
    assert picker.visibleRegion().boundingRect().width() == picker.width()


def test_an_agency_is_found_by_its_short_name_and_not_entered_twice(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=()))
    known = office.session.entries("agencies")
    plan(office, "NSO", "2018-11-26", "i")
    assert meetings(office) == [("2018-11-26", ("agency-nso",), ("i",))]
    picker_of(page_of(office)).finder.setFocus()
    office.write("moi")
    office.press("Down")
    office.press("Down")
    office.press("Return")
    assert meetings(office)[0][1] == ("agency-nso", "agency-moi")
    assert office.session.entries("agencies") == known


def test_two_agencies_are_planned_on_two_days_and_what_is_missing_is_named(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=()))
    page = page_of(office)
    assert not page.unplanned.text(), "while nothing is planned, only the first step is named"
    plan(office, "statistic", "2018-11-26", "i", "iii")
    plan(office, "interior", "2018-11-27", "i")
    assert meetings(office) == [
        ("2018-11-26", ("agency-nso",), ("i", "iii")),
        ("2018-11-27", ("agency-moi",), ("i",)),
    ]
    assert page.unplanned.text() == "Not planned yet: ii (15 min)"
    shown = lines(page)
    assert shown[0].startswith("Monday, 26 November 2018 · ")
    assert shown[1].startswith("National Statistical Office | Parts i, iii · ")
    assert "Ministry of the Interior | Part i · 15 min · No form and letter yet" in shown
    assert office.session.entries("meetings")[0].title == "Meeting with National Statistical Office"  # type: ignore[union-attr]


def test_a_new_meeting_is_on_the_day_of_the_one_shown_and_delete_removes_it(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=()))
    page = page_of(office)
    page.add.click()
    assert meetings(office)[0][0] == "2018-11-26", "as the visit starts"
    plan(office, "interior", "2018-11-28", "ii")
    page.add.click()
    assert meetings(office)[-1][0] == "2018-11-28"
    page.list.setFocus()
    office.press("Delete")
    assert len(meetings(office)) == 2
    office.desk.controller.undo()
    assert len(meetings(office)) == 3


def test_an_agency_that_is_booked_twice_is_named_on_the_page(at_work: AtWork) -> None:
    twice = (
        Meeting(id="a", date="2018-11-26", start="09:00", agencies=("agency-nso",), sections=("i",)),
        Meeting(id="b", date="2018-11-26", start="09:10", agencies=("agency-nso",), sections=("ii",)),
    )
    page = page_of(at_work(small_dossier(meetings=twice)))
    assert "National Statistical Office has two meetings at the same time." in lines(page)


def planned(at_work: AtWork) -> Office:
    met = (
        Meeting(id="a", date="2018-11-26", agencies=("agency-nso",), sections=("i", "ii")),
        Meeting(id="b", date="2018-11-27", agencies=("agency-moi",), sections=("i",)),
    )
    return at_work(small_dossier(meetings=met))


def write_all(office: Office, folder: Path) -> AgendaPage:
    page = page_of(office)
    page.write.click()
    page.invitations.folder.setText(str(folder))
    page.invitations.foot.make.setFocus()
    office.press("Return")
    office.until(
        lambda: not page.invitations.job.is_running and bool(page.invitations.foot.outcome.sentence), WRITING_MS
    )
    return page


@pytest.mark.check
def test_forms_and_letters_of_all_agencies_are_written_and_a_filled_form_is_imported(
    at_work: AtWork, tmp_path: Path
) -> None:
    office, folder = planned(at_work), tmp_path / "out"
    folder.mkdir()
    page = write_all(office, folder)
    assert page.invitations.foot.outcome.sentence == f"The forms and letters for 2 agencies are in {folder}."
    names = sorted(file.name for file in folder.iterdir())
    assert names == [
        "XXA-2018-MoI-en-agency-form.xlsx",
        "XXA-2018-MoI-en-letter.docx",
        "XXA-2018-NSO-en-agency-form.xlsx",
        "XXA-2018-NSO-en-letter.docx",
    ]
    letter = "\n".join(one.text for one in Document(str(folder / names[1])).paragraphs)
    assert "Tuesday, 27 November 2018" in letter
    sent = {one.id: one.form_sections for one in office.session.entries("agencies") if isinstance(one, Agency)}
    assert sent["agency-nso"] == ("i", "ii")
    assert sent["agency-moi"] == ("i",)
    form = filled(folder / names[0], {"i.plan": 3}, sender=("agency-moi", "B. Clerk", "2018-11-28"))
    view = previewed(office, form)
    view.head.agency.setCurrentIndex(view.head.agency.findData("agency-moi"))
    view.take.click()
    office.settle()
    answer = next(
        one
        for one in office.session.dossier().answers
        if str(one.key.address) == "i.plan" and one.key.respondent == "agency-moi"
    )
    assert answer.content.value == 3


@pytest.mark.check
def test_one_agency_gets_its_form_from_its_line_and_a_changed_agenda_asks_for_a_new_one(
    at_work: AtWork, tmp_path: Path
) -> None:
    office, folder = planned(at_work), tmp_path / "out"
    folder.mkdir()
    page = page_of(office)
    page.list.choose("agency agency-moi")
    page.list.setFocus()
    office.press("Return")
    assert page.invitations.chosen == ("agency-moi",)
    page.invitations.folder.setText(str(folder))
    page.invitations.start()
    office.until(
        lambda: not page.invitations.job.is_running and bool(page.invitations.foot.outcome.sentence), WRITING_MS
    )
    office.part(QPushButton, "invitations_back").click()
    assert "Ministry of the Interior | Part i · 15 min · Form and letter written" in lines(page)
    page.list.choose("meeting b")
    office.part(QCheckBox, "field_sections_iii", page.form).click()
    office.settle()
    assert any(line.startswith("Ministry") and "No form and letter yet" in line for line in lines(page))


def test_what_is_missing_is_said_beside_its_field(at_work: AtWork, tmp_path: Path) -> None:
    office = planned(at_work)
    page = page_of(office)
    page.write.click()
    for agency in page.invitations.chosen:
        office.part(QCheckBox, f"invite_{agency}").click()
    page.invitations.folder.setText(str(tmp_path / "missing"))
    page.invitations.start()
    said = [field.problem.text() for field in page.invitations._fields.values() if field.problem.text()]
    assert said == ["Tick at least one agency.", "There is no such folder. Choose one that exists."]
    assert not page.invitations.job.is_running


def test_the_template_is_copied_once_and_opened(at_work: AtWork, desktop: Desktop) -> None:
    office = planned(at_work)
    page = page_of(office)
    page.write.click()
    office.part(QPushButton, "edit_template").click()
    own = paths.letter_template_file()
    assert [Path(url.toLocalFile()) for url in desktop.opened] == [own]
    changed = Document(str(own))
    changed.add_paragraph("Our own words")
    changed.save(str(own))
    before = own.read_bytes()
    office.part(QPushButton, "edit_template").click()
    assert own.read_bytes() == before
    own.unlink()


@pytest.mark.parametrize("where", ["agenda", "meetings"])
def test_an_interview_starts_at_the_first_planned_part_for_the_agency_of_the_meeting(
    at_work: AtWork, where: str
) -> None:
    office = planned(at_work)
    assert office.desk.controller.respondent == "agency-nso"
    if where == "agenda":
        page = page_of(office)
        page.list.choose("meeting b")
        button = page.interview
    else:
        pane = office.page(RegistersPage, "meetings").pane
        pane.show_entry("b")
        button = pane.interview
    assert button.isEnabled()
    button.click()
    office.settle()
    assert office.desk.controller.respondent == "agency-moi"
    assert isinstance(office.desk.page(office.desk.page_name), QuestionnairePage)
    assert office.desk.address is not None
    assert office.desk.address.question == "i.law"


def test_an_interview_with_two_agencies_asks_for_which_one(at_work: AtWork) -> None:
    both = Meeting(id="a", date="2018-11-26", agencies=("agency-moi", "agency-nso"), sections=("i",))
    office = at_work(small_dossier(meetings=(both,)))
    page = page_of(office)
    page.list.choose("meeting a")
    assert lines(page)[1].startswith("MoI, NSO | Part i · ")
    page.interview.click()
    office.settle()
    assert page.interview.agencies.isVisible()
    assert [one.text() for one in page.interview.agencies.actions()] == [
        "Recording for: Ministry of the Interior",
        "Recording for: National Statistical Office",
    ]
    QTest.keyClick(page.interview.agencies, Qt.Key.Key_Return)
    office.settle()
    assert office.desk.controller.respondent == "agency-moi"
    assert office.desk.address is not None
    assert office.desk.address.question == "i.law"


def test_a_click_on_the_current_meeting_leaves_forms_and_letters(at_work: AtWork) -> None:
    office = planned(at_work)
    page = page_of(office)
    page.list.choose("meeting b")
    page.write.click()
    office.settle()
    assert page.invitations.isVisible()
    row = page.list.visualRect(page.list.currentIndex())
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    office.settle()
    assert page.form.isVisible()
    assert not page.invitations.isVisible()


def test_a_meeting_that_has_no_agency_says_so(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=()))
    page = page_of(office)
    page.add.click()
    office.settle()
    assert "No agency yet | No parts" in lines(page)


@pytest.mark.check
def test_a_meeting_without_parts_starts_no_interview(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=(Meeting(id="a", agencies=("agency-nso",)),)))
    page = page_of(office)
    page.list.choose("meeting a")
    assert not page.interview.isEnabled()


def test_what_is_missing_for_forms_and_letters_is_said_at_the_buttons_and_beside_them(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=(Meeting(id="a", agencies=("agency-nso",)),)))
    page = page_of(office)
    page.list.choose("meeting a")
    needed = "To write forms and letters, first choose agencies and parts in a meeting."
    for button in (page.write, page.letter):
        assert (button.isEnabled(), button.toolTip(), button.accessibleDescription()) == (False, needed, needed)
    assert page.missing.isVisible()
    assert page.missing.text() == needed
    office.desk.controller.put(Meeting(id="a", agencies=("agency-nso",), sections=("i",)))
    office.settle()
    page.list.choose("meeting a")
    for button in (page.write, page.letter):
        assert (button.isEnabled(), button.toolTip(), button.accessibleDescription()) == (True, "", "")
    assert not page.missing.isVisible()


def test_the_parts_of_a_meeting_stay_where_they_are_when_an_agency_is_chosen(at_work: AtWork) -> None:
    office = at_work(small_dossier(meetings=()))
    page = page_of(office)
    page.add.click()
    office.settle()
    before = page.form.editor("sections").pos()
    office.write("NSO")
    office.press("Return")
    office.settle()
    assert picker_of(page).value() == ("agency-nso",)
    assert page.form.editor("sections").pos() == before
