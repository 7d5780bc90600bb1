"""The board of files as plain lines: what they say, how they are filtered and sorted, and where files lie."""

from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.headquarters.tidy_tables import FileRow, FileStatus
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.headquarters.file_table import (
    FileBoardRow,
    FileColumn,
    file_advice,
    file_board_rows,
    filtered_rows,
    sorted_rows,
    status_counts,
)
from capacity_app.ui.pages.headquarters.sources import locate_file
from tests.domain.repository_rows import assessment_row, file_row, some_tables

ENGLISH = Translator("en")


@pytest.fixture(scope="module")
def lines() -> tuple[FileBoardRow, ...]:
    tables = some_tables()
    return file_board_rows(ENGLISH, tables.files, tables.assessments)


def test_a_line_says_what_is_known_of_a_file() -> None:
    row = replace(assessment_row("KEN"), completeness=0.714)
    file = file_row(row, FileStatus.READ_WITH_PROBLEMS, edited_cells=1_204)
    (line,) = file_board_rows(ENGLISH, (file,), (row,))
    assert line.cells == (
        "Read with problems", "Kenya", "2023", "Africa/KEN-2023.assessment", "validated", "1.0", "71%", "1,204",
    )  # fmt: skip


def test_a_refused_file_says_nothing_of_an_assessment() -> None:
    file = FileRow(path="x.xlsx", file_hash="0", size=1, fate=FileStatus.REFUSED, reason="Too large.")
    (line,) = file_board_rows(ENGLISH, (file,), ())
    assert line.cells == ("Refused", "", "", "x.xlsx", "", "", "", "")
    assert not line.is_assessment


def test_what_needs_somebody_stands_first(lines: tuple[FileBoardRow, ...]) -> None:
    found = [line.file.fate for line in sorted_rows(lines, FileColumn.FATE)]
    assert found[:3] == [FileStatus.REFUSED, FileStatus.REFUSED, FileStatus.READ_WITH_PROBLEMS]
    assert found[-1] is FileStatus.READ


@pytest.mark.parametrize("column", FileColumn)
def test_every_column_sorts_and_loses_no_line(lines: tuple[FileBoardRow, ...], column: FileColumn) -> None:
    found = sorted_rows(lines, column)
    assert {line.key for line in found} == {line.key for line in lines}
    if column not in {FileColumn.FATE, FileColumn.ASKED, FileColumn.EDITED}:
        filled = [line.cells[column].casefold() for line in found if line.cells[column]]
        assert filled == sorted(filled)
        assert all(not line.cells[column] for line in found[len(filled) :])


def test_numbers_sort_as_numbers(lines: tuple[FileBoardRow, ...]) -> None:
    made = file_board_rows(
        ENGLISH,
        [replace(lines[0].file, path=str(cells), edited_cells=cells) for cells in (9, 100, 20)],
        (),
    )
    assert [line.file.edited_cells for line in sorted_rows(made, FileColumn.EDITED)] == [9, 20, 100]


def test_lines_are_narrowed_by_fate_and_by_words_of_any_column(lines: tuple[FileBoardRow, ...]) -> None:
    assert {line.file.fate for line in filtered_rows(lines, FileStatus.DUPLICATE, "")} == {FileStatus.DUPLICATE}
    assert [line.key for line in filtered_rows(lines, None, "ends MIDDLE")] == ["Africa/broken.xlsx"]
    assert len(filtered_rows(lines, None, "kenya 2018")) == 1
    assert filtered_rows(lines, FileStatus.REFUSED, "kenya") == ()
    assert sum(status_counts(lines).values()) == len(lines)


@pytest.mark.parametrize("fate", FileStatus)
def test_every_fate_says_what_to_do(fate: FileStatus) -> None:
    file = replace(file_row(assessment_row("KEN")), fate=fate)
    assert file_advice(ENGLISH, file)
    edited = replace(file, edited_cells=14)
    assert len(file_advice(ENGLISH, edited)) == 2
    assert "14" in file_advice(ENGLISH, edited)[1]


# -- where files lie ---------------------------------------------------------------------------------------------------


def test_a_file_is_found_below_the_folder_that_was_read(tmp_path: Path) -> None:
    file = tmp_path / "in" / "Africa" / "a.assessment"
    file.parent.mkdir(parents=True)
    file.touch()
    assert locate_file("Africa/a.assessment", [tmp_path / "in"]) == file
    assert locate_file("Africa/b.assessment", [tmp_path / "in"]) is None
    assert locate_file("Africa/a.assessment", []) is None


def test_of_several_folders_the_path_names_its_own(tmp_path: Path) -> None:
    for place in ("one/in", "two/in", "out"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "a.json").write_text(place, encoding="utf-8")
    folders = [tmp_path / "one" / "in", tmp_path / "out", tmp_path / "two" / "in"]
    assert locate_file("in/a.json", folders) == tmp_path / "one" / "in" / "a.json"
    assert locate_file("in (2)/a.json", folders) == tmp_path / "two" / "in" / "a.json"
    assert locate_file("out/a.json", folders) == tmp_path / "out" / "a.json"
    assert locate_file("other/a.json", folders) is None


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", "a/../../secret.txt", "x" * 5_000, "a\0b"])
def test_a_path_that_leads_elsewhere_is_not_followed(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").touch()
    (tmp_path / "in").mkdir()
    assert locate_file(path, [tmp_path / "in"]) is None
