"""The real window is killed while somebody types without a rest: what it showed as saved is there."""

import multiprocessing
import os
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import AnswerKey
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from tests.builders import file_of, open_session, small_dossier
from tests.conftest import Promise
from tests.power.trace import traced_lines
from tests.power.window import LETTER_MS, WHY, letter, until_killed
from tests.power.workloads import KEY, protect

IS_FULL = bool(os.environ.get("CAPACITY_TORTURE"))
KILLS = 30 if IS_FULL else 3
LETTERS = 200 if IS_FULL else 60
SECOND = 1000 // LETTER_MS
"""Letters typed in a second, by the window's own clock."""
DELAY_MS = 150
ANSWER = AnswerKey(WHY, respondent="agency-nso")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks and traces as on Linux"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    answers = small_dossier().answers
    return file_of(tmp_path, replace(small_dossier(), answers=tuple(one for one in answers if one.key != ANSWER)))


@dataclass
class Seen:
    """What a window had told when it was killed."""

    began: int = 0
    typed: int = 0
    saved: int = 0
    is_saved: bool = False

    def hear(self, words: str) -> None:
        """Take one line."""
        *what, number = words.split()
        match what:
            case ["began"]:
                self.began = self.saved = int(number)
            case ["typed"]:
                self.typed = int(number)
            case ["shown", state]:
                self.is_saved = state == "saved"
                self.saved = int(number) if self.is_saved else self.saved


def _killed(
    context: multiprocessing.context.ForkServerContext,
    file: Path,
    key: EncryptionKey | None,
    letters: int,
    seconds: float,
) -> Seen:
    """Let a window type so many letters, and kill it a little later."""
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=until_killed, args=(file, theirs, key))
    child.start()
    theirs.close()
    seen = Seen()
    with ours:
        try:
            while seen.typed < letters:
                assert ours.poll(60), "the window did not come up"
                seen.hear(ours.recv())
            time.sleep(seconds)
            child.kill()
            child.join()
            while True:
                seen.hear(ours.recv())
        except (EOFError, OSError):
            child.join()
            return seen


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "protected"])
def test_what_the_window_showed_as_saved_survives_its_end(
    file: Path, key: EncryptionKey | None, promise: Promise
) -> None:
    if key:
        protect(file, key)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.power.window"])
    chance = random.Random()  # noqa: S311 - different moments every time
    # Counted in letters: a busy machine is slow at everything. The last one comes when something must have been saved.
    moments = (*(chance.randint(2, 3 * SECOND) for _ in range(KILLS - 1)), 4 * SECOND)
    lost, text = [], ""
    for moment in moments:
        seen = _killed(context, file, key, moment, chance.uniform(0, LETTER_MS / 1000))
        typed = text + "".join(map(letter, range(seen.typed + 1)))
        with open_session(file, keys=keyring_of(key)) as session:
            # The dead owner's lock does not keep anybody out.
            assert not session.is_read_only
            text = str(session.content(ANSWER).value or "")
        assert seen.began <= seen.saved <= len(text)
        assert typed.startswith(text)
        lost.append(max(0, seen.began + seen.typed - len(text)))
        assert lost[-1] <= SECOND or not seen.is_saved
    assert text, "nothing was ever saved"
    figure = f"{KILLS} kills, 0 lost that was shown as saved; of what was not, {max(lost) * LETTER_MS} ms of typing"
    promise(f"the window is killed{' (protected)' if key else ''}", figure)


# -- a slow disk -------------------------------------------------------------------------------------------------------

_CHANGES = re.compile(r"(\d+)\s+(pwrite64|write|fsync|fdatasync|ftruncate|unlink|rename)\((?:\d+<|\")([^>\"]*)")


def test_only_the_writer_thread_waits_for_the_disk(file: Path, tmp_path: Path, promise: Promise) -> None:
    """Every wait for the disk takes 150 ms longer, as on a USB stick."""
    command = (sys.executable, "-m", "tests.power.window", str(file), str(LETTERS))
    slow = ("-e", f"inject=fsync,fdatasync:delay_exit={DELAY_MS * 1000}")
    lines, said = traced_lines(command, tmp_path / "trace", os.environ, slow)
    begun, done = (
        next(n for n, line in enumerate(lines) if _hexed(f"{words}\n") in line) for words in ("typed 1", "done")
    )
    window = lines[begun].split()[0]
    changes = [found.groups() for line in lines[begun:done] if (found := _CHANGES.match(line))]
    calls = Counter((thread, call) for thread, call, path in changes if path.startswith(_hexed(str(file.parent))))
    # One thread touches the file, its journal and its folder; the window's waits for no disk at all.
    assert len({thread for thread, _ in calls} | {window}) == 2
    assert window not in {thread for thread, _ in calls}
    assert not [call for thread, call, _ in changes if thread == window and call in {"fsync", "fdatasync"}]
    waits = sum(number for (_, call), number in calls.items() if call in {"fsync", "fdatasync"})
    assert waits >= LETTERS * LETTER_MS // 5_000, "nothing was saved meanwhile"
    (gap,) = (line.split()[-1] for line in said if line.startswith("longest gap"))
    promise("a save never holds the window", f"{gap} ms at most, typing with {waits} waits of {DELAY_MS} ms, traced")
    with open_session(file, read_only=True) as session:
        assert session.content(ANSWER).value == "".join(map(letter, range(LETTERS)))


def _hexed(words: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in words.encode())
