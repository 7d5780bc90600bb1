"""The installation's id: made once, kept, and never a reason to fail."""

from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.services.session.entries_and_documents import device_id, session_id


def test_an_installation_keeps_its_id(tmp_path: Path) -> None:
    file = tmp_path / "settings" / "device.txt"
    assert device_id(file) == device_id(file)
    assert device_id() == device_id()
    assert paths.device_file().is_file()
    assert device_id() != device_id(file)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"short", b"with spaces", b"x" * 5000])
def test_a_garbled_id_is_made_anew(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "device.txt"
    file.write_bytes(content)
    made = device_id(file)
    assert made.isalnum()
    assert device_id(file) == made


def test_where_nothing_can_be_kept_there_is_an_id_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a file, no folder"
    file.touch()
    assert device_id(file / "device.txt").isalnum()


def test_a_session_is_named_after_its_installation() -> None:
    assert session_id("laptop").startswith("laptop.")
    assert session_id("laptop") != session_id("laptop")
