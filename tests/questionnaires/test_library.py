"""Finding instruments: the bundled ones, the user's own, and what is said if there is none."""

from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.questionnaires.library import find_instrument, list_instruments, version_key
from tests.questionnaires.test_mistakes import QUESTION
from tests.questionnaires.writing import HEAD, write


def add(parent: Path, name: str, version: str = "1.0", instrument_id: str = "small") -> Path:
    folder = parent / name
    folder.mkdir(parents=True)
    head = HEAD.replace('"1.0"', f'"{version}"').replace('"small"', f'"{instrument_id}"')
    return write(folder, QUESTION + "--- instrument.toml\n" + head)


def test_the_catalogue_lists_instruments_folder_by_folder(tmp_path: Path) -> None:
    add(tmp_path / "bundled", "b", instrument_id="b")
    add(tmp_path / "bundled", "a", instrument_id="a")
    add(tmp_path / "own", "c", instrument_id="c")
    (tmp_path / "bundled" / "README.md").write_text("no instrument")
    (tmp_path / "bundled" / "empty").mkdir()
    entries = list_instruments([tmp_path / "bundled", tmp_path / "own", tmp_path / "nowhere"])
    assert [(entry.id, entry.title, entry.folder.name) for entry in entries] == [
        ("a", "Small", "a"),
        ("b", "Small", "b"),
        ("c", "Small", "c"),
    ]


def test_an_instrument_that_cannot_be_read_is_listed_with_its_problems(tmp_path: Path) -> None:
    folder = add(tmp_path, "broken")
    (folder / "instrument.toml").write_text("broken")
    (entry,) = list_instruments([tmp_path])
    assert (entry.id, entry.title) == ("broken", "")
    assert [problem.code for problem in entry.problems] == ["instrument.syntax"]


def test_an_instrument_is_found_by_id_by_folder_and_by_file(tmp_path: Path) -> None:
    folder = add(tmp_path / "own", "folder")
    own = [tmp_path / "own"]
    assert find_instrument("small", own).folder == folder
    assert find_instrument(folder, []).id == "small"
    assert find_instrument(str(folder), own).id == "small"
    assert find_instrument(str(folder / "instrument.toml"), []).id == "small"


def test_the_highest_version_is_found_and_of_equal_ones_the_first(tmp_path: Path) -> None:
    add(tmp_path / "bundled", "old", "1.9")
    newest = add(tmp_path / "bundled", "new", "1.10")
    add(tmp_path / "own", "copy", "1.10")
    assert find_instrument("small", [tmp_path / "bundled", tmp_path / "own"]).folder == newest


def test_versions_sort_as_numbers() -> None:
    assert sorted(["1.10", "1.9", "10", "2.0-beta", "2.0"], key=version_key)[-3:] == ["2.0-beta", "2.0", "10"]
    assert version_key("nothing") == ()


def test_a_misspelt_id_is_answered_with_the_right_one(tmp_path: Path) -> None:
    add(tmp_path, "small")
    with pytest.raises(KnownError, match=r"There is no questionnaire “smal”\. Did you mean “small”\?"):
        find_instrument("smal", [tmp_path])


@pytest.mark.parametrize("name", ["xyz", "", "a\0b", "{name}", "x" * 10_000])
def test_a_name_that_resembles_nothing_is_answered_with_all_names(name: str, tmp_path: Path) -> None:
    add(tmp_path, "small")
    with pytest.raises(KnownError, match="Known are: small"):
        find_instrument(name, [tmp_path])


def test_the_newest_version_of_a_bundled_instrument_lies_in_the_folder_of_its_id() -> None:
    folders = [paths.instruments_folder()]
    for entry in list_instruments(folders):
        assert find_instrument(entry.id, folders).folder.name == entry.id
        assert entry.folder.name in {entry.id, f"{entry.id}-{entry.version}"}
    assert [entry.version for entry in list_instruments(folders) if entry.id == "unsd-nmdc"] == ["1.1", "1.0"]
