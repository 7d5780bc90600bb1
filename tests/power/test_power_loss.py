"""A power cut at any moment loses nothing that was acknowledged, and leaves no file in pieces."""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from capacity_app.domain.encryption_keys import keyring_of
from capacity_app.storage import database
from tests.builders import file_of, open_session, small_dossier
from tests.conftest import Promise
from tests.power.disk import Chance, Files
from tests.power.replay import Outcome, Recording, record, replay
from tests.power.trace import strace
from tests.power.workloads import KEY, ONLY_WITH_KEY, WITHOUT_KEY, WORKLOADS, protect

IS_FULL = bool(os.environ.get("CAPACITY_TORTURE"))
STATES = {  # in the ordinary run, and at full size
    "typing": (330, 7_800),
    "coming back": (60, 1_000),
    "a new file": (150, 800),
    "a copy": (120, 700),
    "a copy over another": (50, 400),
    "a merge into a new file": (50, 400),
    "bringing an old file up to date": (40, 400),
    "a passphrase": (40, 300),
    "no passphrase any more": (40, 300),
    "a backup": (40, 300),
    "a backup restored": (40, 300),
    "a report over another": (150, 300),
    "a first report": (150, 300),
}
KINDS = [(name, False) for name in WORKLOADS if name not in ONLY_WITH_KEY]
KINDS += [(name, True) for name in WORKLOADS if name not in WITHOUT_KEY]
BRIEFLY_PLAIN = {"a copy", "a backup", "a passphrase"}
BRIEFLY_PROTECTED = {"a copy over another", "a merge into a new file", "a backup restored"}
"""What the ordinary run looks at with one driver only."""
if not IS_FULL:
    KINDS = [kind for kind in KINDS if kind[0] not in (BRIEFLY_PLAIN if kind[1] else BRIEFLY_PROTECTED)]

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="strace traces Linux"),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder in memory, where there is such a thing: the disk is in the model."""
    strace()
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made).resolve()


@pytest.mark.parametrize(("name", "is_protected"), KINDS)
def test_a_power_cut_loses_nothing_acknowledged(folder: Path, name: str, is_protected: bool, promise: Promise) -> None:  # noqa: FBT001 - both drivers
    recording = _recorded(folder, name, is_protected=is_protected)
    outcome = replay(recording, folder, STATES[name][IS_FULL], seed=is_protected)
    promise("a power cut loses nothing acknowledged", outcome.figure(f"{name}{' (protected)' * is_protected}"))
    assert outcome.lost[:5] == []
    assert outcome.broken[:5] == []
    # What is seen is enough to see something: a state for every moment, on average, and more.
    assert outcome.states > min(STATES[name][IS_FULL], outcome.moments) / 2


def _recorded(folder: Path, name: str, *, is_protected: bool) -> Recording:
    if name != "coming back":
        return record(name, folder, is_protected=is_protected)
    typed = record("typing", folder / "typed", is_protected=is_protected)
    return record(name, folder, is_protected=is_protected, before=_torn(typed))


def _torn(typed: Recording) -> Files:
    """Return a file in the midst of a commit, half written, with the journal that takes it back."""
    journal = str(typed.live / "small.assessment-journal")
    file = journal.removesuffix("-journal")
    chance = Chance(random.Random(1))  # noqa: S311 - any will do
    half = [
        files
        for _, disk in typed.moments()
        if disk.has_unsynced(file) and (files := disk.after_a_cut(chance)).get(journal, b"")[8:12] > bytes(4)
    ]
    found = half[len(half) // 2]
    return {str(Path(path).relative_to(typed.live)): content for path, content in found.items()}


# -- the harness can fail ----------------------------------------------------------------------------------------------


def _weakened(folder: Path, name: str, *weak: str, states: int = 200) -> Outcome:
    return replay(record(name, folder, weak=weak), folder, states)


def test_a_journal_whose_removal_is_not_waited_for_is_seen_to_lose_answers(folder: Path) -> None:
    assert _weakened(folder, "typing", "--settings", "synchronous = FULL").lost


def test_a_program_that_does_not_wait_for_the_disk_is_seen_to_corrupt(folder: Path) -> None:
    outcome = _weakened(folder, "typing", "--settings", "synchronous = OFF", states=900 if IS_FULL else 400)
    assert outcome.lost
    assert outcome.broken


def test_a_report_that_is_renamed_before_it_is_on_the_disk_is_seen_in_pieces(folder: Path) -> None:
    outcome = _weakened(folder, "a report over another", "--unsynced")
    assert outcome.lost
    assert outcome.broken


def test_a_trace_that_misses_a_write_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.power.trace._CALLS", "openat,close,write,lseek,fsync,fdatasync,unlink,rename")
    with pytest.raises(AssertionError, match="does not lead to what is there"):
        record("typing", folder)


# -- what it found -----------------------------------------------------------------------------------------------------


def test_a_protected_file_that_was_growing_is_still_known_as_one(tmp_path: Path) -> None:
    """Its last page is not whole: only the journal beside it tells that it is not somebody else's file."""
    file = file_of(tmp_path)
    protect(file, KEY)
    whole = file.read_bytes()
    connection = database.connect(str(file), KEY)
    try:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO documents VALUES ('x', 90000, zeroblob(90000))")
        journal = file.with_name(f"{file.name}-journal").read_bytes()
    finally:
        connection.close()
    file.write_bytes(whole + bytes(700))
    file.with_name(f"{file.name}-journal").write_bytes(journal)
    with open_session(file, keys=keyring_of(KEY)) as session:
        assert not session.is_read_only
        assert len(session.dossier().answers) == len(small_dossier().answers)
    assert file.stat().st_size == len(whole)
