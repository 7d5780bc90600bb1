"""The page of forms for ODK and KoboToolbox in the window: made, read, used, and the way to the answers."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.questionnaires.xlsform.sheet_reader import read_sheets
from capacity_app.services.exchange.xlsforms import read_form, template_form, write_form
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.deliver.import_preview import ImportPreview
from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage
from capacity_app.ui.pages.questionnaires.xlsform_tab import XlsformTab, questionnaire_id
from tests.builders import file_of
from tests.questionnaires.xlsform import forms
from tests.questionnaires.xlsform.filling import Spreadsheet
from tests.services.test_submissions import CENTRAL, csv_of
from tests.ui.office import Office, front

PATIENCE_MS = 60_000
MOI = "agency-moi"


def tab_of(office: Office, wanted: str = "unsd-nmdc") -> XlsformTab:
    office.window.show_window_page("library")
    library = front(office.window, QuestionnairesPage)
    assert library is not None
    library.refresh(wanted)
    library.tabs.setCurrentIndex(2)
    office.settle()
    tab = library.views[2]
    assert isinstance(tab, XlsformTab)
    return tab


@pytest.mark.check
def test_a_form_is_made_in_the_chosen_languages(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "form"), ""))
    tab = tab_of(office)
    assert set(tab.form.supplements.boxes) == {"T", "LB", "CH"}
    for code, box in tab.form.languages.boxes.items():
        box.setChecked(code == "fr")
    tab.form.button.click()
    office.until(lambda: not tab.is_running and bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome == f"The form is ready: {tmp_path / 'form.xlsx'}"
    assert read_sheets((tmp_path / "form.xlsx").read_bytes(), "f").languages == ("English (en)", "Français (fr)")
    assert tab.form.notes.isVisible()


@pytest.mark.check
def test_a_form_of_somebody_else_is_read_listed_and_used(office: Office, tmp_path: Path) -> None:
    tab = tab_of(office)
    file = tmp_path / "household.xlsx"
    file.write_bytes(forms.workbook_of(forms.KOBO_HOUSEHOLD))
    tab.read_file(file)
    office.until(lambda: not tab.is_running, PATIENCE_MS)
    assert "Household survey, version 3" in tab.read.summary.text()
    assert "remarks" in tab.read.counted.text()
    assert tab.read.use.isVisible()
    tab.read.use.click()
    office.until(lambda: not tab.is_running and bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome == "“Household survey” was added to this computer. You can choose it for new assessments."
    assert (paths.user_instruments_folder() / "hh2024" / "instrument.toml").is_file()
    library = front(office.window, QuestionnairesPage)
    assert library is not None
    assert library.entry is not None
    assert library.entry.id == "hh2024"


@pytest.mark.parametrize(
    ("title", "name"),
    [("Library self-assessment", "library-self-assessment"), ("Évaluation n° 2", "evaluation-n-2"), ("图", "")],
)
def test_a_short_name_is_suggested(title: str, name: str) -> None:
    assert questionnaire_id(title) == name


@pytest.mark.check
@pytest.mark.parametrize(("kind", "name", "base"), [(0, "farm-check", ""), (1, "xx-farm-check", "unsd-nmdc")])
def test_a_template_is_made_and_read_back(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: int, name: str, base: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "new"), ""))
    tab = tab_of(office)
    assert not tab.template.button.isEnabled()
    tab.template.kind.setCurrentIndex(kind)
    tab.template.title.setFocus()
    office.write("Farm check")
    assert tab.template.id.text() == name
    tab.template.button.click()
    office.until(lambda: not tab.is_running and bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome == f"The form is ready: {tmp_path / 'new.xlsx'}"
    reading = read_form(tmp_path / "new.xlsx")
    assert not reading.has_errors
    assert (reading.base.id if reading.base else "") == base


@pytest.mark.check
def test_an_error_is_listed_with_its_row_and_nothing_can_be_used(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "farms.xlsx"
    write_form(template_form("farm-check", "Farm check"), file)
    sheet = Spreadsheet(file)
    sheet.put("survey", "example_users", "capacity_kind", "levl")
    sheet.save()
    tab = tab_of(office)
    tab.read_file(file)
    office.until(lambda: not tab.is_running, PATIENCE_MS)
    line = tab.read.problems.lines.rows[0]
    assert "Did you mean “level”?" in line.title
    assert line.detail == f"Sheet survey, row {sheet.row_of('survey', 'example_users')}: example_users"
    assert tab.read.use.isHidden()


@pytest.mark.check
def test_a_dropped_form_is_read_shown_and_used(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "farms.xlsx"
    write_form(template_form("farm-check", "Farm check"), file)
    tab = tab_of(office)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    tab.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    office.until(lambda: not tab.is_running, PATIENCE_MS)
    assert tab.read.summary.text() == "Farm check, version 1.0 · 1 part · 16 questions · Languages: English"
    assert tab.read.changes.text() == "It is not on this computer yet."
    assert tab.read.counted.text() == "No errors."
    assert not paths.user_instruments_folder().exists()
    heard: list[str] = []
    tab.changed.connect(heard.append)
    tab.read.use.click()
    office.until(lambda: not tab.is_running and bool(tab.outcome), PATIENCE_MS)
    assert heard == ["farm-check"]
    assert tab.read.use.isHidden()


@pytest.mark.check
def test_what_is_no_form_is_said_in_a_sentence(office: Office, tmp_path: Path) -> None:
    tab = tab_of(office)
    file = tmp_path / "letter.xlsx"
    file.write_bytes(b"Dear Sir or Madam")
    tab.read_file(file)
    office.until(lambda: not tab.is_running and bool(tab.outcome), PATIENCE_MS)
    assert "letter.xlsx" in tab.outcome


@pytest.mark.check
def test_collected_answers_are_taken_in_one_submission_after_the_other(office: Office, tmp_path: Path) -> None:
    office.open(file_of(tmp_path))
    page = office.page(ImportPage, "exchange")
    about = {"CAPACITY_INSTRUMENT": office.session.instrument.id, "i-i_law": ""}
    rows = [
        CENTRAL | about | {"SENDER-SENDER_AGENCY": who, "ii-ii_name": f"Office {who}"} for who in ("agency-nso", MOI)
    ]
    file = tmp_path / "export.csv"
    file.write_bytes(csv_of(*rows))
    page.take_in(file)
    office.until(lambda: isinstance(page.view, ImportPreview), PATIENCE_MS)
    assert "1 more submission" in " ".join(page.banners.sentences())
    first = page.view
    office.part(QPushButton, "intake_leave", first).click()
    office.until(lambda: isinstance(page.view, ImportPreview) and page.view is not first, PATIENCE_MS)
    assert not page.banners.sentences()
    office.part(QPushButton, "intake_take", page.view).click()
    office.until(lambda: page.view is None, PATIENCE_MS)
    key = AnswerKey(Address("ii.name"), respondent=MOI)
    assert office.session.content(key).value == f"Office {MOI}"
    office.desk.controller.undo()
    assert office.session.content(key).value is None
