"""A file of every released schema still says what it said."""

import shutil
from pathlib import Path

import pytest

from capacity_app.services.session.dossier_json import dossier_from_json
from capacity_app.storage.schema import VERSION
from tests.builders import open_session
from tests.storage.kept import FOLDER

VERSIONS = range(1, VERSION + 1)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_kept_file_says_what_it_said(tmp_path: Path, version: int, read_only: bool) -> None:  # noqa: FBT001 - both ways
    file = tmp_path / "old.assessment"
    shutil.copy(FOLDER / f"version-{version}.assessment", file)
    before = file.read_bytes()
    expected, _, problems = dossier_from_json((FOLDER / f"version-{version}.json").read_text(encoding="utf-8"))
    assert problems == ()
    with open_session(file, read_only=read_only) as session:
        assert session.dossier() == expected
    assert not read_only or file.read_bytes() == before
