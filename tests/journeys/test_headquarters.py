"""Headquarters through the whole window: folders of files from many countries, read by the real command line."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from capacity_app.domain.headquarters.tidy_tables import FileStatus
from capacity_app.services.headquarters.synthesis import read_synthesis
from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
from capacity_app.ui.session.settings import Settings
from tests import countries
from tests.ui.office import Office, front

PATIENCE_MS = 240_000


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    settings = Settings(tmp_path / "settings.ini")
    settings.folder = settings.assessments_folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write files of a few countries, a copy, a previous round and a letter."""
    made = tmp_path / "in"
    made.mkdir()
    for number in range(1, 4):
        countries.write_file(made / f"country-{number}{countries.ENDINGS[number % 3]}", countries.dossier(number))
    countries.write_file(made / "country-1 before.json", countries.dossier(1, "2018"))
    shutil.copy(made / "country-2.xlsx", made / "country-2 copy.xlsx")
    (made / "letter.xlsx").write_text("Dear colleague", encoding="utf-8")
    return made


def run(office: Office, page: HeadquartersPage) -> None:
    """Read the files, and wait for the board."""
    page.synthesis = None
    page.sources.read.click()
    assert page.gathering.is_running
    office.until(lambda: page.synthesis is not None or bool(page.outcome), PATIENCE_MS)
    assert page.outcome == ""


def fates(page: HeadquartersPage) -> dict[str, FileStatus]:
    return {line.key: line.file.fate for line in page.files.table.lines.rows}


@pytest.mark.check
def test_from_the_start_page_to_the_synthesis(
    office: Office, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.tab_to("start_headquarters")
    office.press("Return")
    page = front(office.window, HeadquartersPage)
    assert page is not None
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    office.tab_to("headquarters_add")
    office.press("Space")
    run(office, page)
    found = fates(page)
    # Which of two equal files counts is not for this test.
    twins = [found.pop(name) for name in ("country-2.xlsx", "country-2 copy.xlsx")]
    assert twins.count(FileStatus.DUPLICATE) == 1
    assert found == {
        "country-1.json": FileStatus.READ,
        "country-1 before.json": FileStatus.SUPERSEDED,
        "country-3.assessment": FileStatus.READ,
        "letter.xlsx": FileStatus.REFUSED,
    }
    assert page.repository == tmp_path / "repository.sqlite"
    assert page.files.card.line is not None
    assert page.files.card.line.key == "letter.xlsx"
    assert page.files.card.reason.text()

    # What comes later is read with the rest; everything else is known.
    countries.write_file(folder / "country-4.json", countries.dossier(4))
    page.again.click()
    office.until(lambda: len(page.files.table.lines.rows) == 7, PATIENCE_MS)
    assert page.synthesis == read_synthesis(tmp_path / "repository.sqlite", page.regions.choice)

    out = tmp_path / "synthesis.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    page.exports[".xlsx"].click()
    office.until(lambda: bool(page.outcome), PATIENCE_MS)
    assert str(out) in page.outcome
    assert load_workbook(out)["participants"].max_row == 1 + page.synthesis.of

    # The assessment of a country opens from the board, and headquarters stays as it was left.
    page.files.go_to("country-3.assessment")
    page.files.table.setFocus()
    office.press("Return")
    office.until(lambda: office.window.workspace is not None, PATIENCE_MS)
    assert office.session.file == folder / "country-3.assessment"
    office.window.menus.actions["headquarters"].trigger()
    assert front(office.window, HeadquartersPage) is page
    assert page.files.table.isVisible()


@pytest.mark.check
def test_reading_can_be_cancelled_and_goes_on(office: Office, folder: Path) -> None:
    office.window.menus.actions["headquarters"].trigger()
    page = front(office.window, HeadquartersPage)
    assert page is not None
    page.sources.add_folder(folder)
    page.sources.read.click()
    office.part(type(page.cancel), "headquarters_cancel").click()
    office.until(lambda: bool(page.outcome), PATIENCE_MS)
    assert "Cancelled" in page.outcome
    run(office, page)
    assert len(fates(page)) == 6
