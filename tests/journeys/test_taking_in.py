"""Work that comes back, through the whole window and by keyboard: a real workbook, and a real second officer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.registers import Agency, ReturnedFile
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import export_assessment
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.widgets.cards import Label
from tests.builders import file_of
from tests.outputs.workbook.editing import filled
from tests.ui.office import Office

PLACE = "i.law"
"""A question that the ministry answers with a level."""


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    settings = Settings(tmp_path / "settings.ini")
    settings.folder = settings.assessments_folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    made.open(file_of(tmp_path))
    yield made
    made.leave()


def page(office: Office) -> ImportPage:
    shown = office.desk.page("exchange")
    assert isinstance(shown, ImportPage)
    return shown


def choose_file(office: Office, *files: Path) -> None:
    """Name files in the dialog that has opened."""
    (dialog,) = page(office).findChildren(QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(" ".join(f'"{file}"' for file in files) if len(files) > 1 else str(files[0]))
    dialog.accept()
    office.window.activateWindow()
    office.settle()


def ministry(office: Office) -> Agency:
    agency = office.session.entries("agencies")[1]
    assert isinstance(agency, Agency)
    return agency


def key(office: Office) -> AnswerKey:
    return AnswerKey(Address.parse(PLACE), respondent=ministry(office).id)


def export_and_fill_in(office: Office, folder: Path) -> Path:
    """Export a workbook; the ministry answers otherwise, adds a note and a remark, and sends it back."""
    file = folder / "small from the ministry.xlsx"
    export_assessment(office.session, file, Translator())
    edits = {PLACE: 2, f"{PLACE} @note": "The new decree takes access away.", "i.plan @remarks": "Whose training?"}
    return filled(file, edits, sender=(ministry(office).name, "Nino B.", "2026-05-03"), strays={"B2": "Call us."})


@pytest.mark.check
def test_a_ministry_s_workbook_is_taken_in_by_keyboard(office: Office, tmp_path: Path) -> None:
    file = export_and_fill_in(office, tmp_path)
    before = office.session.content(key(office))
    office.press("Ctrl+Shift+I")
    assert office.desk.page_name == "exchange"
    choose_file(office, file)
    office.until(lambda: page(office).view is not None, 60_000)
    assert office.part(Label, "intake_counts").text().endswith("1 not placed")
    office.tab_to("differences")
    while page(office).view.board.current.id != PLACE:  # type: ignore[union-attr]
        office.press("Down")
    office.press("A")
    assert office.session.content(key(office)) == before
    office.tab_to("intake_take")
    office.press("Space")
    said = office.session.content(key(office))
    assert (said.value, said.note) == (2, "The new decree takes access away.")
    assert office.focused().objectName() == "returned_answers"
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert str(office.desk.address) == PLACE
    office.press("Ctrl+Z")
    assert office.session.content(key(office)) == before
    assert undone(office)


@pytest.mark.check
def test_what_was_taken_in_is_listed_the_next_day(office: Office, tmp_path: Path) -> None:
    file = export_and_fill_in(office, tmp_path)
    office.press("Ctrl+Shift+I")
    choose_file(office, file)
    office.until(lambda: page(office).view is not None, 60_000)
    office.tab_to("intake_take")
    office.press("Space")
    office.come_back()
    office.open(tmp_path / "small.assessment")
    office.press("Ctrl+Shift+E")
    (entry,) = office.session.entries("returns")
    assert isinstance(entry, ReturnedFile)
    assert page(office).overview.list.current_key == entry.id
    assert [line.title for line in page(office).overview.detail.texts.lines.rows if not line.is_heading] == [
        "Whose training?",
        "Our figures, B2: Call us.",
    ]
    office.tab_to("returned_undo")
    office.press("Space", "Space")
    assert undone(office)


def undone(office: Office) -> bool:
    """Return whether the one returned file is still listed, and its import was undone."""
    (entry,) = office.session.entries("returns")
    return isinstance(entry, ReturnedFile) and bool(entry.undone)


def test_reading_can_be_stopped(office: Office, tmp_path: Path) -> None:
    file = export_and_fill_in(office, tmp_path)
    office.press("Ctrl+Shift+I")
    choose_file(office, file)
    assert page(office).reading.is_running
    assert office.focused().objectName() == "exchange_cancel"
    office.press("Space")
    office.until(lambda: not page(office).reading.is_running)
    assert page(office).view is None
    assert office.focused().objectName() == "exchange_take"


@pytest.mark.check
def test_a_damaged_file_is_refused_in_a_sentence(office: Office, tmp_path: Path) -> None:
    file = export_and_fill_in(office, tmp_path)
    file.write_bytes(file.read_bytes()[:9_000])
    office.press("Ctrl+Shift+I")
    choose_file(office, file)
    office.until(lambda: bool(page(office).banners.sentences()), 60_000)
    (sentence,) = page(office).banners.sentences()
    assert file.name in sentence
    assert "Traceback" not in sentence
    assert page(office).view is None


@pytest.mark.check
def test_another_officer_s_file_is_merged_by_keyboard(office: Office, tmp_path: Path) -> None:
    office.until_saved()
    other = tmp_path / "small boris.assessment"
    shutil.copy(office.session.file, other)
    with AssessmentSession(other, device="laptopboris", author="Boris") as session:
        session.record(key(office), Content(state=AnswerState.ANSWERED, value=0))
    office.desk.controller.record(key(office), Content(state=AnswerState.ANSWERED, value=2))
    office.press("Ctrl+Shift+M")
    choose_file(office, other)
    office.until(lambda: page(office).view is not None, 60_000)
    assert "1 to decide" in office.part(Label, "merge_counts").text()
    assert office.focused().objectName() == "differences"
    office.press("A")
    office.tab_to("merge_act")
    office.press("Space")
    assert office.session.content(key(office)).value == 0
    assert office.focused().objectName() == "banner_close"
    office.press("Shift+Tab")
    assert office.focused().objectName() == "outcome_undo"
    office.press("Space")
    assert office.session.content(key(office)).value == 2
