"""What a killed program left under hidden names goes with the next file written there; what is new stays."""

import os
import time
from pathlib import Path

from capacity_app.services.reporting import put_in_place
from tests.builders import file_of, open_session

HOURS = 7_200


def begun(file: Path, *, is_old: bool) -> Path:
    file.write_bytes(b"half a fi")
    if is_old:
        then = time.time() - HOURS
        os.utime(file, (then, then))
    return file


def test_half_a_report_is_removed_by_the_next_one(tmp_path: Path) -> None:
    old = begun(tmp_path / ".capacity-app-17-abc", is_old=True)
    new = begun(tmp_path / ".capacity-app-18-def", is_old=False)
    put_in_place(tmp_path / "report.pdf", b"whole")
    assert (old.exists(), new.exists()) == (False, True)


def test_half_a_copy_is_removed_by_the_next_one(tmp_path: Path) -> None:
    copy = tmp_path / "small [1].assessment"
    old = begun(tmp_path / f".{copy.name}.0badcafe.new", is_old=True)
    new = begun(tmp_path / f".{copy.name}.1badcafe.new", is_old=False)
    others = begun(tmp_path / ".other.assessment.0badcafe.new", is_old=True)
    with open_session(file_of(tmp_path)) as session:
        session.save_copy(copy)
    assert (old.exists(), new.exists(), others.exists(), copy.exists()) == (False, True, True, True)
