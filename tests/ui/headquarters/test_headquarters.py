"""The page of headquarters in the window: board, regions, gaps, and what is handed on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from capacity_app.domain.headquarters.selection import ParticipationBasis
from capacity_app.domain.headquarters.synthesis import SynthesisTables
from capacity_app.domain.headquarters.tidy_tables import FileRow, FileStatus, ProblemRow
from capacity_app.i18n.translator import Translator
from capacity_app.services.headquarters import synthesis as service
from capacity_app.ui.pages.headquarters.file_table import FileColumn, file_board_rows
from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
from tests.domain.repository_rows import action_row, hash_of, some_tables
from tests.repositories import repository_of
from tests.services.headquarters.folders import country, put
from tests.ui.desktop import Desktop
from tests.ui.office import Office, front

PATIENCE_MS = 60_000


def page_of(office: Office) -> HeadquartersPage:
    office.window.menus.actions["headquarters"].trigger()
    office.settle()
    page = front(office.window, HeadquartersPage)
    assert page is not None
    return page


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return repository_of(tmp_path / "world.sqlite")


def shown(office: Office, repository: Path) -> HeadquartersPage:
    """Show a repository."""
    page = page_of(office)
    page.open_repository(repository)
    office.until(lambda: page.synthesis is not None, PATIENCE_MS)
    office.settle()
    return page


def keys(page: HeadquartersPage) -> list[str]:
    return [line.key for line in page.files.table.lines.rows]


def test_without_anything_open_the_page_teaches_and_asks_for_a_folder(office: Office) -> None:
    page = page_of(office)
    assert office.focused().objectName() == "headquarters_add"
    assert "No folder yet" in page.sources.none.text()
    page.sources.read.click()
    assert "Add the folder" in page.sources._fields["folders"].problem.text()
    assert not page.gathering.is_running


def test_the_board_counts_first_and_shows_what_needs_somebody(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    counts = {fate: tile.accessibleName() for fate, tile in page.files.fates.tiles.items()}
    assert counts[FileStatus.REFUSED].startswith("Refused: 2.")
    assert counts[FileStatus.DUPLICATE].startswith("Duplicate: 1.")
    assert keys(page)[:2] == ["Africa/broken.xlsx", "notes.xlsx"]
    assert page.files.card.reason.text() == "The file ends in the middle. Ask for it once more."
    assert "does not count" in page.files.card.advice.text()
    assert "38 files." in page.said.text()
    assert office.focused() is page.files.table


def test_a_tile_narrows_the_board_and_clicked_again_shows_all(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.files.fates.tiles[FileStatus.REFUSED].click()
    assert keys(page) == ["Africa/broken.xlsx", "notes.xlsx"]
    page.files.fates.tiles[FileStatus.SUPERSEDED].click()
    assert len(keys(page)) == 11
    page.files.fates.tiles[FileStatus.SUPERSEDED].click()
    assert len(keys(page)) == 38


def test_search_finds_reasons_and_escape_shows_all(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.files.search.setFocus()
    office.write("middle")
    assert keys(page) == ["Africa/broken.xlsx"]
    assert page.files.count.text() == "1 of 38 shown"
    office.press("Escape")
    assert len(keys(page)) == 38


def test_the_order_can_be_chosen_by_keyboard(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.files.order.setFocus()
    office.press("Down", "Down", "Down")
    assert page.files.order.currentIndex() == FileColumn.FILE
    assert keys(page) == sorted(keys(page), key=str.casefold)


def test_a_duplicate_leads_to_the_file_that_counts(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.files.fates.tiles[FileStatus.DUPLICATE].click()
    card = page.files.card
    assert card.line is not None
    assert "counts" in card.reason.text()
    other = card.line.file.other_file
    card.other.click()
    assert page.files.table.current is not None
    assert page.files.table.current.key == other
    assert page.files.fates.fate is None


def test_what_could_not_be_read_is_listed_with_the_file(office: Office, tmp_path: Path) -> None:
    tables = some_tables()
    row = tables.assessments[0]
    repository = repository_of(
        tmp_path / "world.sqlite",
        replace(tables, files=(replace(tables.files[0], problems=1), *tables.files[1:])),
        problems=(ProblemRow(file_hash=row.file_hash, problem=1, place="IV, F12", severity="error",
                             reason="“many” is no number."),),
    )  # fmt: skip
    page = shown(office, repository)
    page.files.go_to(tables.files[0].path)
    office.until(lambda: bool(page.files.card.problems.text()), PATIENCE_MS)
    assert "IV, F12: “many” is no number." in page.files.card.problems.text()
    page.files.go_to("notes.xlsx")
    assert page.files.card.problems.text() == ""


def test_a_file_that_lies_here_can_be_opened_and_its_folder_shown(
    office: Office, repository: Path, tmp_path: Path, desktop: Desktop
) -> None:
    folder = tmp_path / "in"
    file = folder / "Asia" / "THA-2023.assessment"
    file.parent.mkdir(parents=True)
    file.touch()
    office.settings.remember_repository(repository, [folder])
    page = shown(office, repository)
    page.files.go_to("Asia/THA-2023.assessment")
    wanted: list[Path] = []
    page.assessment_wanted.disconnect()
    page.assessment_wanted.connect(wanted.append)
    page.files.card.open.click()
    page.files.card.folder.click()
    assert wanted == [file]
    assert [url.toLocalFile() for url in desktop.opened] == [str(file.parent)]
    page.files.go_to("notes.xlsx")
    assert not page.files.card.folder.isEnabled()


def test_the_heat_map_says_each_tile_in_words(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.tabs.setCurrentIndex(1)
    heat = page.regions.map
    assert heat.choose(("002", "iii"))
    assert page.regions.tile.text() == (
        "Africa, III Basic statistics: median 70.0, established with gaps; 3 of 4 countries"
    )
    assert heat.choose(("009", "iii"))
    assert page.regions.tile.text().endswith("1 of 1 countries; too few for a figure")
    words = [heat.heat.tile(row, column).words for row in range(heat.heat.rowCount()) for column in range(3)]
    assert all("of" in said for said in words)


def test_another_minimum_or_basis_changes_the_figures(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    assert "validated assessments only, 20 of the 23" in page.regions.basis_said.text()
    choose(page.regions.basis, ParticipationBasis.ALL.value)
    office.until(lambda: page.synthesis is not None and page.synthesis.of == 23, PATIENCE_MS)
    choose(page.regions.minimum, "1")
    office.until(lambda: page.synthesis is not None and page.synthesis.choice.minimum == 1, PATIENCE_MS)
    chosen = page.regions.choice
    assert (chosen.minimum, chosen.basis) == (1, ParticipationBasis.ALL)
    assert page.synthesis == service.read_synthesis(repository, chosen)
    assert page.regions.map.choose(("009", "iii"))
    assert "median" in page.regions.tile.text()


def choose(combo: QComboBox, key: str) -> None:
    combo.setCurrentIndex(combo.findData(key))


def test_shared_gaps_stand_with_their_countries_and_the_loss_of_sex_is_told(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.tabs.setCurrentIndex(2)
    table = page.gaps.table
    cells = [str(table.lines.index(0, column).data()) for column in range(table.lines.columnCount())]
    assert cells == ["III.1 2", "Immigration of foreigners", "60%", "12 of 20", "5", "0"]
    assert "In 2 of 3 statistics, fewer" in page.gaps.trend.text()
    assert "1 gap of fewer countries" in page.gaps.note.text()


def test_overdue_actions_are_named(office: Office, tmp_path: Path) -> None:
    tables = some_tables()
    late = tuple(action_row(row.file_hash, "law", "2020-06-30", "started") for row in tables.assessments)
    page = shown(office, repository_of(tmp_path / "late.sqlite", replace(tables, actions=late)))
    page.tabs.setCurrentIndex(3)
    table = page.actions_tab.table
    cells = [str(table.lines.index(0, column).data()) for column in range(table.lines.columnCount())]
    assert cells[1:] == ["Action law", "30 June 2020", "started"]
    assert table.lines.rowCount() == page.synthesis.of  # type: ignore[union-attr]


def test_an_empty_repository_says_that_nothing_is_there(office: Office, tmp_path: Path) -> None:
    page = shown(office, repository_of(tmp_path / "empty.sqlite", SynthesisTables()))
    assert keys(page) == []
    assert page.files.card.title.text().startswith("Choose a file")
    assert "No assessment has a score yet" in page.regions.tile.text()


@pytest.mark.parametrize("kind", ["letter", "half", "nothing"])
def test_what_is_no_repository_is_refused_with_a_sentence(office: Office, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"{kind}.sqlite"
    if kind == "letter":
        file.write_text("Dear colleague", encoding="utf-8")
    elif kind == "half":
        repository_of(file, is_complete=False)
    page = page_of(office)
    page.open_repository(file)
    office.until(lambda: bool(page.outcome), PATIENCE_MS)
    assert file.name in page.outcome or "is not there" in page.outcome
    assert page.sources.isVisible()


@pytest.mark.check
def test_a_synthesis_is_made_of_what_is_shown(
    office: Office, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    page = shown(office, repository)
    page.exports[".csv"].click()
    assert not page.exports[".pdf"].isEnabled()
    office.until(lambda: bool(page.outcome), PATIENCE_MS)
    assert "The tables are ready" in page.outcome
    assert (out / "files.csv").is_file()
    assert page.exports[".pdf"].isEnabled()


def test_leaving_stops_what_is_at_work_and_the_page_comes_back_empty(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    page.export(repository.with_name("out.pdf"))
    assert page.gathering.is_running
    office.part(type(page.back), "headquarters_back").click()
    assert front(office.window, HeadquartersPage) is None
    assert office.window.start.isVisible()
    assert not repository.with_name("out.pdf").exists()


def test_the_last_repository_is_offered_again(office: Office, repository: Path, tmp_path: Path) -> None:
    office.settings.remember_repository(repository, [tmp_path / "in"])
    page = page_of(office)
    assert page.sources.file.path == repository
    assert page.sources.folders == (tmp_path / "in",)
    assert "Only new and changed files" in page.sources.file.remark.text()
    assert page.sources.file.remark.isVisible()
    page.sources.list.setFocus()
    page.sources.list.choose(str(tmp_path / "in"))
    office.press("Delete")
    assert not page.sources.folders


@pytest.mark.parametrize("stored", ["", "[]", '{"a": 1}', '{"a": [1, "x"]}', "{"])
def test_a_damaged_list_of_repositories_stops_nothing(office: Office, stored: str) -> None:
    office.settings._stored.setValue("repositories", stored)
    assert page_of(office).sources.isVisible()
    assert all(isinstance(folder, str) for kept in office.settings.repositories().values() for folder in kept)


def test_ten_thousand_files_are_shown_and_searched(office: Office) -> None:
    page = page_of(office)
    files = [
        FileRow(path=f"in/{place:05}.xlsx", file_hash=hash_of(str(place)), size=1,
                fate=tuple(FileStatus)[place % 5], reason="x" * 40)
        for place in range(10_000)
    ]  # fmt: skip
    table = page.files.table
    table.show_lines(file_board_rows(Translator(), files, ()))
    assert table.lines.rowCount() == 10_000
    table.choose(9_999)
    assert table.visualRect(table.currentIndex()).height() == table.verticalHeader().defaultSectionSize()
    assert table.current is not None
    assert table.current.key == "in/09999.xlsx"
    assert table.verticalScrollBar().maximum() > 0


def test_everything_on_the_page_has_a_name(office: Office, repository: Path) -> None:
    page = shown(office, repository)
    for tab in range(page.tabs.count()):
        page.tabs.setCurrentIndex(tab)
        office.settle()
        focusable = [
            widget
            for widget in page.findChildren(QWidget)
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert focusable
        assert [w.objectName() for w in focusable if not (w.accessibleName() or getattr(w, "text", str)())] == []


def test_the_settings_keep_repositories_as_text(office: Office, tmp_path: Path) -> None:
    for number in range(20):
        office.settings.remember_repository(tmp_path / f"{number}.sqlite", [tmp_path / str(number)])
    kept = office.settings.repositories()
    assert next(iter(kept)) == str(tmp_path / "19.sqlite")
    assert len(kept) == 12
    office.settings.remember_repository(tmp_path / "15.sqlite", [])
    assert office.settings.repositories()[str(tmp_path / "15.sqlite")] == (str(tmp_path / "15"),)
    json.dumps(dict(office.settings.repositories()))


@pytest.mark.check
def test_of_conflicting_files_a_person_chooses_one(office: Office, tmp_path: Path) -> None:
    one = country(1)
    changed = replace(one.answers[0], content=replace(one.answers[0].content, note="Written elsewhere"))
    other = replace(one, answers=(changed, *one.answers[1:]))
    put(tmp_path / "in" / "one.json", one)
    put(tmp_path / "in" / "other.json", other)
    page = page_of(office)
    page.gather([tmp_path / "in"], tmp_path / "world.sqlite")
    office.until(lambda: page.synthesis is not None and not page.gathering.is_running, PATIENCE_MS)
    page.files.fates.tiles[FileStatus.CONFLICT].click()
    assert sorted(keys(page)) == ["one.json", "other.json"]
    page.files.go_to("other.json")
    assert "neither counts" in page.files.card.reason.text()
    before = page.synthesis
    page.files.card.prefer.click()
    office.until(lambda: page.synthesis is not before and not page.gathering.is_running, PATIENCE_MS)
    page.files.go_to("other.json")
    assert page.files.card.line is not None
    assert page.files.card.line.file.fate is FileStatus.READ
    assert page.files.card.prefer.isHidden()
    page.files.go_to("one.json")
    assert "was chosen instead of this file" in page.files.card.reason.text()
