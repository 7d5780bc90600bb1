"""A drive that is pulled out leaves an empty folder, where recovered work would be out of sight once it is back."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.services.recovered_copies import save_recovered_copy
from capacity_app.storage import file_errors
from tests.builders import file_of, open_session

GONE = KnownError(file_errors.VANISHED, file="small.assessment")


@pytest.fixture
def drive() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        mount = (shutil.which("mount") or "false", "-t", "tmpfs", "none", folder)
        if not sys.platform.startswith("linux") or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("a drive can only be mounted by root on Linux")
        try:
            yield Path(folder)
        finally:
            subprocess.run((shutil.which("umount") or "false", folder), check=False, capture_output=True)


def test_recovered_work_goes_to_the_persons_own_folder_when_the_drive_is_gone(drive: Path) -> None:
    with open_session(file_of(drive)) as session:
        subprocess.run((shutil.which("umount") or "false", "-l", str(drive)), check=True)
        recovered = save_recovered_copy(session, GONE)
        session.continue_in_file(recovered.file)
        said = session.dossier()
    assert recovered.file.parent == paths.recovered_folder()
    assert list(drive.iterdir()) == []
    with open_session(recovered.file) as again:
        assert again.dossier() == said


def test_it_goes_beside_the_file_while_the_drive_is_there(drive: Path) -> None:
    with open_session(file_of(drive)) as session:
        assert save_recovered_copy(session, GONE).file.parent == drive
