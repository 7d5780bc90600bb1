import os
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.services.headquarters.aggregation import find_files


def files(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def found(*sources: Path, leaving_out: Path | None = None) -> list[str]:
    return [one.path for one in find_files(sources, leaving_out=leaving_out)]


def test_files_are_found_by_their_ending_whatever_its_case_and_in_order(tmp_path: Path) -> None:
    files(tmp_path, "b/x.JSON", "a.Assessment", "B.xlsx", "b/c/d/deep.XLSX", "notes.txt", "old.xls", "report.docx")
    assert found(tmp_path) == ["B.xlsx", "a.Assessment", "b/c/d/deep.XLSX", "b/x.JSON"]


def test_hidden_and_temporary_files_are_passed_over(tmp_path: Path) -> None:
    files(tmp_path, ".hidden.json", "~$geo.xlsx", ".~lock.geo.xlsx#", "._geo.xlsx", ".git/a.json", "__MACOSX/a.xlsx")
    files(tmp_path, "geo.xlsx", ".geo.assessment.lock")
    assert found(tmp_path) == ["geo.xlsx"]


def test_a_folder_that_leads_back_to_itself_is_looked_into_once(tmp_path: Path) -> None:
    files(tmp_path, "a/x.json")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b").symlink_to(tmp_path / "a", target_is_directory=True)
    assert found(tmp_path) == ["a/x.json"]


def test_a_linked_file_is_read_where_it_is_linked(tmp_path: Path) -> None:
    files(tmp_path, "elsewhere/x.json", "here/y.json")
    (tmp_path / "here" / "x.json").symlink_to(tmp_path / "elsewhere" / "x.json")
    assert found(tmp_path / "here") == ["x.json", "y.json"]


def test_a_link_that_leads_nowhere_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    files(tmp_path, "y.json")
    (tmp_path / "x.json").symlink_to(tmp_path / "gone.json")
    broken, whole = find_files([tmp_path])
    assert broken.refusal is not None
    assert broken.refusal.text() == "There is no file “x.json”: check whether it was moved or renamed."
    assert whole.refusal is None


def test_several_folders_keep_their_names_apart(tmp_path: Path) -> None:
    files(tmp_path, "2018/in/a.json", "2023/in/a.json", "single.json")
    assert found(tmp_path / "2018" / "in", tmp_path / "2023" / "in", tmp_path / "single.json") == [
        "in (2)/a.json",
        "in/a.json",
        "single.json",
    ]


def test_the_file_that_is_written_is_not_read(tmp_path: Path) -> None:
    files(tmp_path, "a.json", "synthesis.xlsx", "below/synthesis.xlsx")
    assert found(tmp_path, leaving_out=tmp_path / "synthesis.xlsx") == ["a.json", "below/synthesis.xlsx"]


def test_a_name_that_is_no_text_is_shown_and_found(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/caf\xe9.json"
    try:
        with open(place, "wb") as stream:  # noqa: PTH123 - a name that no text can say
            stream.write(b"x")
    except OSError:
        pytest.skip("this file system takes no such names")
    (one,) = find_files([tmp_path])
    assert one.path == "caf\\xe9.json"
    assert Path(one.location).exists()


def test_what_is_not_there_or_nothing_for_us_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="is not there: check its name"):
        find_files([tmp_path / "nothing"])
    with pytest.raises(KnownError, match="is not a folder, an assessment, a workbook or a dossier"):
        find_files([files(tmp_path, "a.txt") / "a.txt"])
    assert found(tmp_path) == []
