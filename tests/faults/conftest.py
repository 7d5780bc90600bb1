"""Disks for tests, made and taken away again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disks import Disk, SmallDisk, limited_files, small_disk


@pytest.fixture
def usb_stick(tmp_path: Path) -> Iterator[SmallDisk]:
    """Mount a disk of 300 KB; skips where that is not allowed."""
    with small_disk(tmp_path / "stick") as disk:
        if disk is None:
            pytest.skip("nothing may be mounted here")
        yield disk


@pytest.fixture(params=["small disk", "limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """Yield a disk that can be full, of both kinds in turn; the first skips where nothing may be mounted."""
    if request.param == "limit":
        with limited_files(tmp_path / "disk") as limited:
            yield limited
        return
    with small_disk(tmp_path / "disk") as small:
        if small is None:
            pytest.skip("nothing may be mounted here")
        yield small
