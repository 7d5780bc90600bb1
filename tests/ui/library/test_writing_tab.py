"""Writing a questionnaire in Excel, in the window: templates, workbooks, and reading them back."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from capacity_app import paths
from capacity_app.services import writing
from capacity_app.texts import Texts
from capacity_app.ui.library.writing_cards import id_of
from capacity_app.ui.library.writing_tab import WritingTab
from tests.instruments.books.filling import Spreadsheet
from tests.ui.office import Office

PATIENCE_MS = 60_000


@pytest.fixture
def tab(office: Office) -> WritingTab:
    office.window.show_library()
    page = office.window.library
    assert page is not None
    page.tabs.setCurrentIndex(2)
    office.settle()
    found = page.views[2]
    assert isinstance(found, WritingTab)
    return found


def done(office: Office, tab: WritingTab) -> None:
    office.until(lambda: not tab.is_running, PATIENCE_MS)
    office.settle()


def template(tmp_path: Path) -> Spreadsheet:
    file = tmp_path / "farms.xlsx"
    writing.write_template("farm-check", file, "Farm check", Texts("en"))
    return Spreadsheet(file)


def chosen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the desktop's file dialogs."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))


@pytest.mark.parametrize(
    ("title", "name"),
    [("Library self-assessment", "library-self-assessment"), ("Évaluation n° 2", "evaluation-n-2"), ("图", "")],
)
def test_a_short_name_is_suggested(title: str, name: str) -> None:
    assert id_of(title) == name


def test_a_template_is_made_and_offered_to_be_opened(
    office: Office, tab: WritingTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(tmp_path / "new", monkeypatch)
    assert not tab.template.button.isEnabled()
    tab.template.title.setFocus()
    office.write("Farm check")
    assert tab.template.id.text() == "farm-check"
    tab.template.button.click()
    done(office, tab)
    assert "The workbook is ready" in tab.outcome
    reading = writing.read_book(tmp_path / "new.xlsx")
    assert (reading.name, reading.has_errors) == ("farm-check", False)


def test_a_template_of_a_supplement_belongs_to_the_chosen_questionnaire(
    office: Office, tab: WritingTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(tmp_path / "own.xlsx", monkeypatch)
    tab.template.kind.setCurrentIndex(1)
    tab.template.title.setText("Georgia")
    assert tab.template.id.text() == "xx-georgia"
    tab.template.button.click()
    done(office, tab)
    reading = writing.read_book(tmp_path / "own.xlsx")
    assert reading.base is not None
    assert reading.base.id == "unsd-nmdc"


def test_the_chosen_questionnaire_is_saved_as_a_workbook(
    office: Office, tab: WritingTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(tmp_path / "n.xlsx", monkeypatch)
    tab.take.button.click()
    done(office, tab)
    assert (tmp_path / "n.xlsx").is_file()
    assert "n.xlsx" in tab.outcome


def test_mistakes_are_listed_with_their_place_and_nothing_can_be_used(
    office: Office, tab: WritingTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = template(tmp_path)
    sheet.put("Questions", sheet.row_of("Questions", "example.level"), "type", "levl")
    chosen(sheet.save(), monkeypatch)
    tab.read.button.click()
    done(office, tab)
    line = tab.read.problems.lines.lines[0]
    assert "Did you mean “level”?" in line.title
    assert line.detail == "Sheet Questions, row 2, column type"
    assert tab.read.counted.text() == "1 mistake to mend · 1 remark"
    assert tab.read.use.isHidden()


def test_a_dropped_workbook_is_read_shown_and_used(office: Office, tab: WritingTab, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(template(tmp_path).file))])
    tab.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    done(office, tab)
    assert tab.read.summary.text() == "Farm check, version 1.0 · 1 section · 16 questions · Worded in: English"
    assert tab.read.changes.text() == "It is not on this computer yet."
    assert not paths.user_instruments_folder().exists()
    heard: list[str] = []
    tab.changed.connect(heard.append)
    tab.read.use.click()
    done(office, tab)
    assert heard == ["farm-check"]
    assert "is now on this computer" in tab.outcome
    assert (paths.user_instruments_folder() / "farm-check" / "instrument.toml").is_file()
    assert office.window.library is not None
    assert office.window.library.entry is not None
    assert office.window.library.entry.id == "farm-check"
    assert tab.read.use.isHidden()


def test_what_is_no_workbook_is_refused_in_a_sentence(office: Office, tab: WritingTab, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"%PDF-1.7 not a workbook")
    tab.read_file(file)
    done(office, tab)
    assert "x.xlsx" in tab.outcome
    assert tab.read.result.isHidden()
