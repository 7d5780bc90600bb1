"""Power cuts: traces a workload once, and lays out what may be left after each of its events."""

import hashlib
import os
import random
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from unittest.mock import patch

from capacity_app.domain.encryption_keys import EncryptionKey
from tests.power.disk import Chance, Disk, Everything, Files, Nothing
from tests.power.trace import Event, Said, traced
from tests.power.workloads import KEY, WORKLOADS, Judged, Workload, files_in, home_in

MOST_ROUNDS = 400
_BEGUN = re.compile(r"(^|/)\.[^/]*\.(new|capacity-app-[^/]*)(-journal)?$")
"""New files that have not got their name: they stay beside, and nothing opens them."""


@dataclass
class Outcome:
    """What became of the power cuts: moments, different states, and what was lost or broken in which."""

    moments: int = 0
    states: int = 0
    cut_off: int = 0
    """States in which a commit had to be taken back."""
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def figure(self, name: str) -> str:
        """Say it in a line."""
        return (
            f"{name}: {self.states:,} states of {self.moments:,} moments ({self.cut_off:,} with a commit cut off), "
            f"{len(self.lost)} lost, {len(self.broken)} corrupt"
        )


@dataclass(frozen=True)
class Recording:
    """A workload as it was seen once: the files before, and every event."""

    name: str
    key: EncryptionKey | None
    live: Path
    before: Files
    events: Sequence[Event]

    @property
    def workload(self) -> Workload:
        return WORKLOADS[self.name]

    @cached_property
    def acknowledged(self) -> list[int]:
        """What had been acknowledged before each event, and at the end."""
        found = [0]
        for event in self.events:
            is_said = isinstance(event, Said) and event.words.startswith("saved ")
            found.append(int(event.words.split()[1]) if is_said and isinstance(event, Said) else found[-1])
        return found

    def moments(self) -> Iterator[tuple[int, Disk]]:
        """Go through the moments between the events; the disk is the same one each time, further on."""
        disk = Disk(self.before)
        yield 0, disk
        for number, event in enumerate(self.events, 1):
            disk.play(event)
            yield number, disk


def record(
    name: str, folder: Path, *, is_protected: bool = False, before: Files | None = None, weak: Sequence[str] = ()
) -> Recording:
    """Run a workload in a new folder under strace; the disk model must end with exactly the real files."""
    live, key = folder / "live", KEY if is_protected else None
    live.mkdir(parents=True)
    (live / "home").mkdir()
    if before is None:
        with patch.dict(os.environ, home_in(live)):
            WORKLOADS[name].prepare(live, key)
    else:
        lay_out(before, live)
    there = files_in(live)
    command = [sys.executable, "-m", "tests.power.child", name, str(live), *(["--protected"] if key else []), *weak]
    events = traced(command, live, folder / "trace", {**os.environ, **home_in(live)})
    made = Recording(name, key, live, there, events)
    *_, (_, disk) = made.moments()
    assert disk.after_a_cut(Everything()) == files_in(live), "the trace does not lead to what is there"
    assert made.acknowledged[-1] > 0, "nothing was acknowledged"
    return made


def lay_out(files: Files, folder: Path) -> None:
    """Write files below a folder."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def replay(recording: Recording, folder: Path, states: int, seed: int = 0) -> Outcome:
    """Cut the power at every moment until so many different states have been looked at."""
    dice = random.Random(seed)  # noqa: S311 - nobody is to guess it, and a failure must come again
    chance, judge = Chance(dice), _Judge(recording, folder)
    judge.outcome.moments = len(recording.events) + 1
    for moment, disk in recording.moments():
        judge.look(moment, disk.after_a_cut(Nothing()))
        judge.look(moment, disk.after_a_cut(Everything()))
    for _ in range(MOST_ROUNDS):
        for moment, disk in recording.moments():
            if judge.outcome.states >= states:
                return judge.outcome
            if not disk.is_settled:
                chance.again()
                judge.look(moment, disk.after_a_cut(chance))
    return judge.outcome


class _Judge:
    """Opens each different state once, and compares what is found with what had been acknowledged."""

    def __init__(self, recording: Recording, folder: Path) -> None:
        self._recording = recording
        self._folder = folder / "state"
        self._states: set[bytes] = set()
        self._known: dict[bytes, int | None] = {}
        self.outcome = Outcome()

    def look(self, moment: int, files: Files) -> None:
        files = {str(Path(path).relative_to(self._recording.live)): content for path, content in files.items()}
        state, read = _digest(files), _digest({path: files[path] for path in files if not _BEGUN.search(path)})
        if state not in self._states:
            self._states.add(state)
            self.outcome.states += 1
            self.outcome.cut_off += any(path.endswith("-journal") for path in files)
        if read not in self._known:
            self._known[read] = self._recovered(moment, files)
        found, acknowledged = self._known[read], self._recording.acknowledged[moment]
        if found is not None and found < acknowledged:
            self.outcome.lost.append(f"moment {moment}: {acknowledged} acknowledged, {found} found")

    def _recovered(self, moment: int, files: Files) -> int | None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        lay_out(files, self._folder)
        try:
            with patch.dict(os.environ, home_in(self._folder)):
                return self._recording.workload.recovered(self._folder, self._recording.key)
        except Judged as error:
            self.outcome.broken.append(f"moment {moment}: {type(error).__name__} {error}")
            return None


def _digest(files: Files) -> bytes:
    made = hashlib.blake2b(digest_size=16)
    for path, content in sorted(files.items()):
        made.update(f"{path}\0{len(content)}\0".encode())
        made.update(content)
    return made.digest()
