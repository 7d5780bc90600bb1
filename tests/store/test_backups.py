"""A file of an older version is copied before it is brought up to date; without a copy it stays as it is."""

import shutil
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.services.dossier_json import dossier_from_json
from capacity_app.store.assessment_file import AssessmentFile
from capacity_app.store.schema import VERSION
from tests.builders import open_session
from tests.store.kept import FOLDER


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(FOLDER / "version-1.assessment", tmp_path / "old.assessment"))


def kept() -> list[Path]:
    return sorted(paths.backups_folder().iterdir()) if paths.backups_folder().exists() else []


def test_the_copy_says_what_the_file_said(old: Path) -> None:
    with AssessmentFile(old) as opened:
        said = opened.read()
    (copy,) = kept()
    assert copy.name == "old (version 1).assessment"
    with AssessmentFile(copy, read_only=True) as backup:
        assert backup.read() == said


def test_a_second_file_of_that_name_gets_a_copy_of_its_own(old: Path) -> None:
    with AssessmentFile(old):
        pass
    shutil.copy(FOLDER / "version-1.assessment", old)
    with AssessmentFile(old):
        pass
    assert [file.name for file in kept()] == ["old (version 1).assessment", "old (version 1, 2).assessment"]


def test_reading_keeps_no_copy_and_neither_does_a_file_of_this_version(old: Path, tmp_path: Path) -> None:
    with AssessmentFile(old, read_only=True):
        pass
    shutil.copy(FOLDER / f"version-{VERSION}.assessment", tmp_path / "new.assessment")
    with AssessmentFile(tmp_path / "new.assessment"):
        pass
    assert kept() == []


def test_where_no_copy_can_be_kept_the_file_stays_as_it_is_and_can_still_be_read(old: Path) -> None:
    paths.backups_folder().parent.mkdir(parents=True, exist_ok=True)
    paths.backups_folder().write_text("in the way")
    before = old.read_bytes()
    with pytest.raises(KnownError, match="a copy is kept, and that could not be written"):
        AssessmentFile(old)
    assert old.read_bytes() == before
    expected, _, _ = dossier_from_json((FOLDER / "version-1.json").read_text(encoding="utf-8"))
    with open_session(old, read_only=True) as session:
        assert session.dossier() == expected
