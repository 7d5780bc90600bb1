"""New files: whole or not at all, and never over another one."""

import os
from pathlib import Path

import pytest
from sqlite_utils import Database

from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.domain.problems import KnownError
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_assessment, create_from_dossier
from capacity_app.storage import creation
from tests.builders import DEVICE, file_of, small_dossier, small_instrument
from tests.places import folder_of_a_mortal, names_in, small_disk


def test_a_new_assessment_is_empty_and_complete(tmp_path: Path) -> None:
    file = tmp_path / "new.assessment"
    create_assessment(file, small_instrument(), Mission(country="GEO"), author="A", device=DEVICE)
    assert names_in(tmp_path) == ["new.assessment"]
    with AssessmentSession(file, device=DEVICE) as session:
        assert session.mission == Mission(country="GEO")
        assert session.instrument == small_instrument()
        assert session.dossier().answers == ()


def test_two_new_assessments_are_two(tmp_path: Path) -> None:
    ids = set()
    for name in ("a", "b"):
        create_assessment(tmp_path / name, small_instrument(), Mission(), device=DEVICE)
        with AssessmentSession(tmp_path / name, device=DEVICE) as session:
            ids.add(session.assessment_id)
    assert len(ids) == 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "small.assessment"
    file.write_text("somebody's")
    with pytest.raises(KnownError, match="There is already a file"):
        file_of(tmp_path, small_dossier())
    assert file.read_text() == "somebody's"
    assert names_in(tmp_path) == ["small.assessment"]


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "small.assessment"
    exists = os.path.lexists

    def arriving(path: Path) -> bool:
        found = exists(path)
        file.write_text("somebody's")
        return found

    monkeypatch.setattr(os.path, "lexists", arriving)
    with pytest.raises(KnownError, match="There is already a file"):
        file_of(tmp_path, small_dossier())
    assert file.read_text() == "somebody's"
    assert names_in(tmp_path) == ["small.assessment"]


def test_where_there_are_no_hard_links_files_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    with AssessmentSession(file_of(tmp_path, small_dossier()), device=DEVICE) as session:
        assert session.dossier() == small_dossier()
    with pytest.raises(KnownError, match="There is already a file"):
        file_of(tmp_path, small_dossier())


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"The folder “.*nowhere” does not exist"):
        file_of(tmp_path / "nowhere", small_dossier())


def test_a_folder_that_may_not_be_written_is_refused() -> None:
    with folder_of_a_mortal() as folder:
        folder.chmod(0o500)
        with pytest.raises(KnownError, match="may not be written"):
            file_of(folder, small_dossier())
        folder.chmod(0o700)


def test_a_full_disk_leaves_nothing_behind() -> None:
    large = small_dossier(agencies=tuple(Agency(id=f"agency-{n}", note="n" * 9_000) for n in range(50)))
    with small_disk(300) as disk:
        with pytest.raises(KnownError, match="The disk is full"):
            create_from_dossier(disk / "large.assessment", large, device=DEVICE)
        assert names_in(disk) == []
        file = file_of(disk, small_dossier())
        with AssessmentSession(file, device=DEVICE) as session:
            assert session.dossier() == small_dossier()


def test_a_file_that_cannot_be_read_back_never_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_nonsense(target: Database, *_: object) -> None:
        target.execute("INSERT OR IGNORE INTO entry_revisions VALUES ('d', 1, 'no register', 'x', '{}', '', '', '[]')")

    monkeypatch.setattr(creation, "apply_write", write_nonsense)
    with pytest.raises(KnownError, match="damaged"):
        file_of(tmp_path, small_dossier())
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", ["a#b", "a%20b", "a b é", "移民", "a'b&c;d"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    file = folder / f"{name}.assessment"
    create_from_dossier(file, small_dossier(), device=DEVICE)
    with AssessmentSession(file, device=DEVICE) as session:
        assert not session.is_read_only
        assert session.dossier() == small_dossier()
    assert names_in(folder) == [file.name]
