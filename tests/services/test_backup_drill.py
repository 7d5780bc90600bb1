"""The restore drill, and backups and restorations that are killed: the old or the new, never half a file."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from capacity_app import paths
from capacity_app.domain import backup_retention
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.services import backups
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.storage.assessment_file import AssessmentFile, StoredAssessment
from capacity_app.storage.recovery import restore_backup
from tests.builders import DEVICE, file_of, open_session, small_dossier
from tests.conftest import Promise
from tests.dossiers import answers, dossiers
from tests.services.backup_child import back_up_until_killed, restore_until_killed

IS_TORTURE = bool(os.environ.get("CAPACITY_TORTURE"))
DRILLS = 100 if IS_TORTURE else 8
KILLS = 60 if IS_TORTURE else 8
KEY = EncryptionKey(bytes(range(16)), bytes(range(32)))


def everything(file: Path, key: EncryptionKey | None) -> StoredAssessment:
    with AssessmentFile(file, read_only=True, keys=keyring_of(key)) as opened:
        return opened.read()


def made_of(file: Path, dossier: Dossier, key: EncryptionKey | None) -> None:
    """Make an assessment file, protected if there is a key."""
    create_from_dossier(file, dossier, device=DEVICE)
    if key:
        with open_session(file) as session:
            session.key = key
            session.save_copy(file.with_suffix(".protected"))
        file.with_suffix(".protected").replace(file)


@pytest.mark.long
def test_every_backup_of_a_hundred_assessments_gives_back_what_was_said_then(
    tmp_path_factory: pytest.TempPathFactory, promise: Promise
) -> None:
    drilled: list[int] = []

    @settings(
        max_examples=DRILLS,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(dossiers(rounds=0), st.lists(st.lists(answers(), min_size=1, max_size=3), min_size=2, max_size=4))
    def drill(dossier: Dossier, changes: list[list[object]]) -> None:
        key = KEY if len(drilled) % 2 else None
        file = tmp_path_factory.mktemp("drill") / "drill.assessment"
        made_of(file, dossier, key)
        before = {backup.number for backup in backups.backups_of(file, keyring_of(key))}
        said = []
        for change in changes:
            with open_session(file, keys=keyring_of(key), on_backup_failed=pytest.fail) as session:
                session.adopt(change)  # type: ignore[arg-type]
                session.back_up(backup_retention.BackupReason.BY_HAND)
                assert session.flush()
            said.append(everything(file, key))
        made = [one for one in backups.backups_of(file, keyring_of(key)) if one.number not in before]
        # Of so many on one day the newest three stay.
        for backup, then in zip(made, reversed(said), strict=False):
            assert restore_backup(backup, file, keyring_of(key)) is not None
            assert everything(file, key) == then
        assert len(made) == min(len(changes), 3)
        drilled.append(len(made))

    drill()
    assert len(drilled) == DRILLS
    promise("restore drill", f"{DRILLS} assessments, plain and protected: {sum(drilled)} backups restored, all equal")


def seconds_of(act: Callable[[], object]) -> float:
    """Return how long something takes, so that a kill comes in the middle of it."""
    start = time.monotonic()
    act()
    return time.monotonic() - start


def _context() -> BaseContext:
    """Start children from a process that has imported everything, where the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.services.backup_child", "sqlite_utils", "sqlcipher3"])
    return context


def _kill(child: object, ours: object, seconds: float, after: int) -> int:
    """Kill a child so long after it said that it has done so much; gives how much it said it has done."""
    child.start()  # type: ignore[attr-defined]
    done = 0
    for _ in range(after + 1):
        assert ours.poll(60)  # type: ignore[attr-defined]
        done = ours.recv()  # type: ignore[attr-defined]
    time.sleep(seconds)
    child.kill()  # type: ignore[attr-defined]
    child.join()  # type: ignore[attr-defined]
    with suppress(EOFError, OSError):
        while ours.poll(0):  # type: ignore[attr-defined]
            done = ours.recv()  # type: ignore[attr-defined]
    return int(done)


@pytest.mark.long
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "protected"])
def test_a_backup_that_is_killed_is_whole_or_not_there(
    tmp_path: Path, key: EncryptionKey | None, promise: Promise
) -> None:
    file = tmp_path / "small.assessment"
    made_of(file, small_dossier(), key)
    context, moments, seen = _context(), random.Random(), 0  # noqa: S311 - different moments every time
    said = everything(file, key)
    longest = 3 * seconds_of(lambda: backups.make_backup(file, keyring_of(key)))
    for number in range(KILLS):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=back_up_until_killed, args=(file, key, str(paths.backups_folder()), theirs))  # type: ignore[attr-defined]
        done = _kill(child, ours, moments.uniform(0, longest), after=number % 2)
        made = backups.backups_of(file, keyring_of(key))
        assert (made[0].number if made else 0) >= done
        for backup in made:
            assert everything(backup.file, key) == said
        seen = max(seen, done)
    assert seen
    # What the killed ones began is in nobody's way.
    assert backups.make_backup(file, keyring_of(key)).number > seen
    promise(
        "a backup that is killed is whole or not there", f"{KILLS} kills ({'protected' if key else 'plain'}), 0 half"
    )


@pytest.mark.long
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "protected"])
def test_a_restoration_that_is_killed_leaves_the_old_or_the_new(
    tmp_path: Path, key: EncryptionKey | None, promise: Promise
) -> None:
    file = tmp_path / "small.assessment"
    made_of(file, small_dossier(), key)
    states = []
    for dossier in (small_dossier(actions=()), small_dossier(meetings=())):
        made_of(file.with_name("other.assessment"), dossier, key)
        file.with_name("other.assessment").replace(file)
        backups.make_backup(file, keyring_of(key))
        states.append(everything(file, key))
    context, moments = _context(), random.Random()  # noqa: S311 - different moments every time
    longest = 3 * seconds_of(
        lambda: restore_backup(backups.backups_of(file, keyring_of(key))[0], file, keyring_of(key))
    )
    looked_at: set[Path] = set()
    for number in range(KILLS):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=restore_until_killed, args=(file, key, str(paths.backups_folder()), theirs))  # type: ignore[attr-defined]
        _kill(child, ours, moments.uniform(0, longest), after=number % 2)
        assert everything(file, key) in states
        made = {one.file for one in backups.backups_of(file, keyring_of(key))}
        assert all(everything(one, key) in states for one in made - looked_at)
        looked_at = made
    newest = backups.newest_readable_backup(file, keyring_of(key))
    assert newest is not None
    restore_backup(newest, file, keyring_of(key))
    promise("a restoration that is killed leaves the old or the new",
            f"{KILLS} kills ({'protected' if key else 'plain'}), 0 half")  # fmt: skip


def test_the_drill_finds_a_backup_that_says_something_else(tmp_path: Path) -> None:
    """The comparison of the drill can fail."""
    file = file_of(tmp_path)
    one = everything(file, None)
    file.unlink()
    assert everything(file_of(tmp_path, small_dossier(actions=())), None) != one
