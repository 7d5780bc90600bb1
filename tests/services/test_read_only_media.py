"""A stick with its lock on, a disc, a folder of somebody else: read and said so, and nothing is left there."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, derive_key, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services import recovered_copies
from capacity_app.storage import database
from tests.builders import file_of, open_session, small_dossier
from tests.places import names_in

KEY = derive_key("velmora", bytes(range(200, 216)))


@contextmanager
def locked_stick(folder: Path) -> Iterator[Path]:
    """Give a folder again, as it is on a medium that takes no writes, whoever asks; skips where none can be mounted."""
    mount, umount = shutil.which("mount") or "false", shutil.which("umount") or "false"
    with tempfile.TemporaryDirectory() as place:
        made = subprocess.run((mount, "--bind", str(folder), place), check=False, capture_output=True)
        if not sys.platform.startswith("linux") or made.returncode:
            pytest.skip("a medium for reading only can only be mounted by root on Linux")
        try:
            subprocess.run((mount, "-o", "remount,bind,ro", place), check=True)
            yield Path(place)
        finally:
            subprocess.run((umount, place), check=True)


@pytest.mark.parametrize("keys", [NO_KEYS, keyring_of(KEY)], ids=["plain", "protected"])
def test_a_file_on_a_medium_for_reading_only_is_read_and_leaves_nothing_there(tmp_path: Path, keys: Keyring) -> None:
    file = file_of(tmp_path)
    if keys:
        database.rewrite_under_key(file, None, tmp_path / "protected", KEY)
        (tmp_path / "protected").replace(file)
    before = file.read_bytes()
    with locked_stick(tmp_path) as stick, open_session(stick / file.name, keys=keys) as session:
        assert session.read_only_reason is not None
        assert "may not be written: it can be read here" in session.read_only_reason.text()
        assert session.dossier() == small_dossier()
        with pytest.raises(KnownError):
            session.record(AnswerKey(Address("i.plan")), Content(state=AnswerState.ANSWERED, value=0))
        session.look()
        assert not recovered_copies.sibling_copies(session.file)
        assert names_in(stick) == [file.name]
    assert file.read_bytes() == before


def test_a_file_with_a_cut_off_commit_is_read_on_a_medium_for_reading_only(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO documents VALUES (?, 1, ?)", ((str(n), b"x" * 3000) for n in range(50)))
        left = {path.name: path.read_bytes() for path in (file, tmp_path / f"{file.name}-journal")}
        connection.execute("ROLLBACK")
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    with locked_stick(tmp_path) as stick, open_session(stick / file.name) as session:
        assert session.is_read_only
        assert session.documents == ()
        assert session.dossier() == small_dossier()
    assert {name: (tmp_path / name).read_bytes() for name in left} == left
