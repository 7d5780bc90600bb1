"""Translation sheets in the window: saved, imported, looked at, applied, signed off."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import PROGRAM
from capacity_app.questionnaires.translations import program_key
from capacity_app.services.exchange.translation_sheet import write_translation_sheet
from capacity_app.ui.pages.questionnaires.questionnaires_page import (
    QuestionnairesPage,
    TranslationResultCard,
    TranslationTab,
)
from capacity_app.ui.shell.appearance import AppearanceSheet
from tests.translators import fill, own_po, small_library
from tests.ui.office import Office, front

pytestmark = pytest.mark.check

PATIENCE_MS = 60_000
TYPED = {"r|title": "მკითხველები", "r.survey|text": "ეკითხებიან?"}


def tab_of(office: Office) -> TranslationTab:
    """Show the page for the small instrument."""
    small_library()
    office.window.show_window_page("library")
    library = front(office.window, QuestionnairesPage)
    assert library is not None
    library.refresh("small")
    library.tabs.setCurrentIndex(1)
    office.settle()
    tab = library.views[1]
    assert isinstance(tab, TranslationTab)
    return tab


def choose_language(tab: TranslationTab, code: str) -> None:
    tab.sheet.language.setCurrentIndex(tab.sheet.language.findData(code))


def read(office: Office, tab: TranslationTab, file: Path) -> None:
    tab.read_file(file)
    office.until(lambda: not tab.work.is_running, PATIENCE_MS)
    office.settle()


def test_languages_that_are_there_stand_first_and_every_other_can_be_chosen(office: Office) -> None:
    tab = tab_of(office)
    language = tab.sheet.language
    codes = [language.itemData(place) for place in range(language.count())]
    assert len(codes) > 150
    assert len(set(codes)) == len(codes)
    assert "en" not in codes
    assert language.findText("German (de)") >= 0
    tab.sheet.what.setCurrentIndex(tab.sheet.what.findData(PROGRAM))
    assert language.itemData(0) in catalogues.program_languages()
    language.setCurrentIndex(0)
    assert tab.sheet.about.text() == "not reviewed"


def test_a_sheet_is_made_filled_read_looked_at_and_applied(office: Office, tmp_path: Path) -> None:
    tab = tab_of(office)
    choose_language(tab, "ka")
    assert tab.sheet.about.text() == "Nothing is translated into this language yet."
    out = tmp_path / "small.xlsx"
    tab.make(out)
    office.until(lambda: bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome.startswith("The translation sheet is ready")
    filled = fill(out, tmp_path / "filled.xlsx", {**TYPED, "r.survey|anchor 0": "{x}"})
    read(office, tab, filled)
    result = office.part(TranslationResultCard, "translation_result")
    assert result.isVisible()
    assert result.counts.text() == "2 translations change.\n1 error"
    assert [line.title for line in result.list.lines.rows][:2] == [
        "Translation, E5: “Readers” is translated as “მკითხველები”",
        "Translation, E6: “Are readers asked what they need?” is translated as “ეკითხებიან?”",
    ]
    assert result.list.lines.rows[2].title.startswith("Translation, E7: The placeholders")
    assert not result.sign.isEnabled()
    result.leave.click()
    assert not result.isVisible()
    assert not own_po().exists()
    read(office, tab, filled)
    result.apply.click()
    office.until(lambda: not tab.work.is_running and bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome.startswith("2 translations were written to")
    assert own_po().exists()
    assert tab.sheet.about.text() == "not reviewed"


def test_signing_off_needs_a_name_and_is_shown(office: Office, tmp_path: Path) -> None:
    small_library()
    sheet = tmp_path / "s.xlsx"
    write_translation_sheet("small", "ka", sheet)
    filled = fill(sheet, tmp_path / "filled.xlsx", TYPED)
    tab = tab_of(office)
    choose_language(tab, "ka")
    read(office, tab, filled)
    result = tab.result
    result.sign.setChecked(True)
    result.name.clear()
    assert not result.apply.isEnabled()
    assert result.hint.text() == "Enter the name of the person who reviewed the translation."
    result.name.setText("Nino K.")
    result.apply.click()
    office.until(lambda: "Signed off by Nino K." in tab.outcome, PATIENCE_MS)
    assert tab.sheet.about.text().startswith("reviewed by Nino K. on")
    about = office.part(QLabel, "library_about").text()
    assert "Georgian" in about
    assert "not reviewed" not in about


def test_a_dropped_sheet_is_read_and_a_broken_one_told(office: Office, tmp_path: Path, qtbot: QtBot) -> None:
    tab = tab_of(office)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(broken))])
    drop = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    tab.dropEvent(drop)
    qtbot.waitUntil(lambda: "broken.xlsx" in tab.outcome, timeout=PATIENCE_MS)
    assert not tab.result.isVisible()
    assert tab.sheet.read.isEnabled()


def test_a_language_that_is_new_is_offered_at_once(office: Office, tmp_path: Path) -> None:
    office.window.show_appearance()
    sheet_before = office.part(AppearanceSheet, "appearance")
    assert sheet_before.language.findData("uk") == -1
    sheet_before.reject()
    office.settle()
    sheet = tmp_path / "uk.xlsx"
    write_translation_sheet(PROGRAM, "uk", sheet)
    filled = fill(sheet, tmp_path / "filled.xlsx", {program_key("&File"): "&Файл"})
    tab = tab_of(office)
    read(office, tab, filled)
    tab.result.apply.click()
    office.until(lambda: "was written" in tab.outcome, PATIENCE_MS)
    assert "uk" in catalogues.program_languages()
    office.window.show_appearance()
    appearance = office.part(AppearanceSheet, "appearance")
    assert appearance.language.findData("uk") >= 0
    assert appearance.language.currentData() == "en"
    appearance.reject()
