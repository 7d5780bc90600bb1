"""The page of translators' sheets in the window: made, read back, looked at, taken over, signed off."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from capacity_app import catalogues
from capacity_app.catalogues import PROGRAM
from capacity_app.instruments.translating.program import key_of
from capacity_app.services.translating import write_sheet
from capacity_app.ui.library.translation_result import TranslationResult
from capacity_app.ui.library.translation_tab import TranslationTab
from tests.translators import fill, own_po, small_library
from tests.ui.office import Office

PATIENCE_MS = 60_000
TYPED = {"r|title": "მკითხველები", "r.survey|text": "ეკითხებიან?"}


def tab_of(office: Office) -> TranslationTab:
    """Show the page for the small instrument."""
    small_library()
    office.window.show_library()
    library = office.window.library
    assert library is not None
    library.refresh("small")
    library.tabs.setCurrentIndex(1)
    office.settle()
    tab = library.views[1]
    assert isinstance(tab, TranslationTab)
    office.until(lambda: bool(tab.states_reading.languages), PATIENCE_MS)
    office.until(lambda: bool(tab.choice.names.names), PATIENCE_MS)
    return tab


def read(office: Office, tab: TranslationTab, file: Path) -> None:
    tab.read_file(file)
    office.until(lambda: not tab.work.is_running, PATIENCE_MS)
    office.settle()


def test_languages_that_are_there_stand_first_and_every_other_can_be_chosen(office: Office) -> None:
    tab = tab_of(office)
    names = [tab.choice.language.itemText(place) for place in range(tab.choice.language.count())]
    codes = [tab.choice.language.itemData(place) for place in range(tab.choice.language.count())]
    assert len(names) > 150
    assert "en" not in codes
    assert any(name.startswith("Deutsch – German") for name in names)
    tab.choice.what.setCurrentIndex(tab.choice.what.findData(PROGRAM))
    assert "texts" in tab.choice.language.itemText(0)
    assert tab.states.list.lines.rowCount() >= 1
    assert "not reviewed" in tab.states.list.lines.lines[0].detail


def test_a_sheet_is_made_filled_read_looked_at_and_taken_over(office: Office, tmp_path: Path) -> None:
    tab = tab_of(office)
    tab.choice.choose_language("ka")
    assert tab.choice.about.text() == "Nothing is translated into this language yet."
    out = tmp_path / "small.xlsx"
    tab.make(out)
    office.until(lambda: bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome.startswith("The sheet is ready")
    filled = fill(out, tmp_path / "filled.xlsx", {**TYPED, "r.survey|anchor 0": "{x}"}, said={"@by": "Nino K."})
    read(office, tab, filled)
    result = office.part(TranslationResult, "translation_result")
    assert result.isVisible()
    assert "2 new, 0 changed, 0 the same, 1 refused" in result.counts.text()
    assert result.kinds.tabText(0) == "Refused: 1"
    assert "{x}" in result.list.lines.lines[0].detail or "{x}" in result.list.lines.lines[0].title
    result.kinds.setCurrentIndex(2)
    assert [line.title for line in result.list.lines.lines] == ["მკითხველები", "ეკითხებიან?"]
    assert not result.sign.isEnabled()
    assert result.name.text() == "Nino K."
    result.take.click()
    office.until(lambda: not tab.work.is_running and bool(tab.outcome), PATIENCE_MS)
    assert tab.outcome == "2 translations were taken over."
    assert own_po().exists()
    office.until(lambda: ("small", "ka") in tab.states_reading.states, PATIENCE_MS)


def test_signing_off_needs_a_name_and_is_shown(office: Office, tmp_path: Path) -> None:
    small_library()
    sheet = tmp_path / "s.xlsx"
    write_sheet("small", "ka", sheet)
    filled = fill(sheet, tmp_path / "filled.xlsx", TYPED)
    tab = tab_of(office)
    read(office, tab, filled)
    result = tab.result
    result.sign.setChecked(True)
    result.name.clear()
    assert not result.take.isEnabled()
    assert result.hint.text() == "Write the name of whoever signs it off."
    result.name.setText("Nino K.")
    result.take.click()
    office.until(lambda: "Signed off by Nino K." in tab.outcome, PATIENCE_MS)
    office.until(lambda: bool(tab.states.list.lines.rowCount()), PATIENCE_MS)
    assert "reviewed by Nino K. on" in tab.states.list.lines.lines[0].detail
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
    assert tab.read_back.isEnabled()


def test_a_language_that_is_new_stands_in_the_menu_at_once(office: Office, tmp_path: Path) -> None:
    menu = office.part(QMenu, "menu_language")
    menu.aboutToShow.emit()
    before = [action.data() for action in menu.actions()]
    assert "uk" not in before
    sheet = tmp_path / "uk.xlsx"
    write_sheet(PROGRAM, "uk", sheet)
    filled = fill(sheet, tmp_path / "filled.xlsx", {key_of("&File"): "&Файл"})
    tab = tab_of(office)
    read(office, tab, filled)
    tab.result.take.click()
    office.until(lambda: "taken over" in tab.outcome, PATIENCE_MS)
    assert "uk" in catalogues.program_languages()
    menu.aboutToShow.emit()
    actions = menu.actions()
    assert "uk" in [action.data() for action in actions]
    assert [action.data() for action in actions if action.isChecked()] == ["en"]
