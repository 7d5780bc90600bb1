"""Each system call on the way of an answer fails in turn: a sentence, and nothing acknowledged is lost."""

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import file_of, open_session
from tests.services.faulty_child import ANSWERS, KEY

CALLS = ("openat", "pwrite64", "fdatasync", "unlink")
TIMES = range(1, 25) if os.environ.get("CAPACITY_TORTURE") else (2, 5, 6, 9)
ERRORS = ("EIO", "ENOSPC", "EACCES", "EMFILE") if os.environ.get("CAPACITY_TORTURE") else ("EIO",)

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def strace() -> str:
    """Find strace; skips where it is not installed or may not look."""
    found = shutil.which("strace")
    if not found or subprocess.run((found, "-o", os.devnull, "true"), check=False, capture_output=True).returncode:
        pytest.skip("strace is not there or not allowed")
    return found


def _news(strace: str, file: Path, fault: str) -> Iterator[dict[str, object]]:
    """Run the child with a fault in a call on the file, its journal or its folder; give what it said."""
    call, _, _ = fault.partition(":")
    places = itertools.chain.from_iterable(("-P", str(p)) for p in (file, f"{file}-journal", file.parent))
    traced = (strace, "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={fault}", *places)
    child = (sys.executable, "-m", "tests.services.faulty_child", str(file))
    run = subprocess.run((*traced, *child), check=False, capture_output=True, text=True, timeout=60)
    assert run.stderr == "", run.stderr
    return map(json.loads, run.stdout.splitlines())


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("error", ERRORS)
def test_a_failing_system_call_costs_nothing_that_was_acknowledged(
    tmp_path: Path, strace: str, call: str, error: str
) -> None:
    whole = file_of(tmp_path).read_bytes()
    refused = 0
    for time in TIMES:
        file = tmp_path / f"{time}" / "small.assessment"
        file.parent.mkdir()
        file.write_bytes(whole)
        news = list(_news(strace, file, f"{call}:error={error}:when={time}"))
        said = [line for line in news if "refused" in line]
        refused += bool(said)
        assert all(str(line["refused"]).endswith(".") for line in said)
        acknowledged = sum(int(str(line["saved"])) for line in news if "saved" in line)
        found = _found(file)
        assert found == list(range(len(found)))
        assert len(found) >= acknowledged
        # The call fails once: either nothing was begun, or all is well in the end.
        assert len(news) == 1 or news[-1] == {"closed": True}
        assert len(found) == (ANSWERS if news[-1] == {"closed": True} else 0)
    assert refused


def _found(file: Path) -> list[int]:
    with open_session(file) as session:
        mine = [int(r.content.note) for r in reversed(session.history(KEY.address)) if r.key == KEY]
        assert session.content(KEY).note == (str(mine[-1]) if mine else "")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return mine
