"""An answer shown as saved survives ``kill -9``: a real session is killed at random moments, again and again."""

import multiprocessing
import os
import random
import time
from collections import defaultdict
from contextlib import closing
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.services.session.revision_log import AnswerLedger
from capacity_app.storage import database
from capacity_app.storage.assessment_file import AssessmentFile, StoredAssessment
from tests.builders import file_of, open_session
from tests.conftest import Promise
from tests.power.workloads import KEY, protect
from tests.services.typing_child import type_until_killed

pytestmark = pytest.mark.long
KILLS = 150 if os.environ.get("CAPACITY_TORTURE") else 40
"""With each driver."""


def _context() -> BaseContext:
    """Start children from a process that has imported everything, where the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.services.typing_child", "sqlite_utils"])
    return context


def _killed_while_typing(context: BaseContext, file: Path, key: EncryptionKey | None, seconds: float) -> int:
    """Let a child type for so many seconds after its first acknowledgement; give how much it said is saved."""
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=type_until_killed, args=(file, theirs, key))  # type: ignore[attr-defined]
    child.start()
    theirs.close()
    saved = 0
    with ours:
        if ours.poll(20):
            time.sleep(seconds)
        child.kill()
        child.join()
        try:
            while True:
                saved = ours.recv()
        except (EOFError, OSError):
            return saved


def _numbers_by_device(stored: StoredAssessment) -> dict[str, set[int]]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for revision in stored.revisions:
        if revision.content.note.isdecimal():
            numbers[revision.id.device].add(int(revision.content.note))
    for entry in stored.entries:
        if isinstance(entry.content, Agency) and entry.content.note.isdecimal():
            numbers[entry.id.device].add(int(entry.content.note))
    return numbers


def _expect_sound(file: Path, key: EncryptionKey | None, stored: StoredAssessment) -> None:
    with closing(database.connect(str(file), key)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        shown = connection.execute("SELECT device, counter, note FROM answers ORDER BY device, counter").fetchall()
    ledger = AnswerLedger(stored.revisions)
    heads = (ledger.heads(answer.key)[-1] for answer in ledger.current())
    assert shown == sorted((head.id.device, head.id.counter, head.content.note) for head in heads)


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "protected"])
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(
    tmp_path: Path, key: EncryptionKey | None, promise: Promise
) -> None:
    file, context = file_of(tmp_path), _context()
    if key:
        protect(file, key)
    moments = random.Random()  # noqa: S311 - different moments every time
    known: dict[str, set[int]] = {}
    acknowledged = 0
    for _ in range(KILLS):
        saved = _killed_while_typing(context, file, key, moments.uniform(0, 0.03))
        with AssessmentFile(file, keys=keyring_of(key)) as opened:
            stored = opened.read()
        found = _numbers_by_device(stored)
        assert all(found[device] == numbers for device, numbers in known.items())
        new = [numbers for device, numbers in found.items() if device not in known]
        assert new == [set(range(1, len(numbers) + 1)) for numbers in new]
        assert saved <= sum(map(len, new))
        known, acknowledged = dict(found), acknowledged + saved
    _expect_sound(file, key, stored)
    assert acknowledged > KILLS
    with open_session(file, keys=keyring_of(key)) as session:
        assert not session.is_read_only
    figure = f"{KILLS} kills, {acknowledged:,} answers shown as saved, 0 lost"
    promise(f"an answer shown as saved survives kill -9{' (protected)' if key else ''}", figure)
