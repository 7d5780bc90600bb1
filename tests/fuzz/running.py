"""Runs the fuzzer as a child process, and tries in the product's own way whatever ended one of its own."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from capacity_app.services.child_process import own_command_line
from capacity_app.services.untrusted.reading_process import read_in_child
from tests.builders import small_instrument
from tests.fuzz.laws import BrokenError, obeyed
from tests.fuzz.targets import TARGETS

MISSING = "" if importlib.util.find_spec("atheris") else "atheris is not installed: it is made for Linux only"
ROOT = Path(__file__).parents[2]
_STARTING = 600
"""Seconds for what is no fuzzing: to begin, and to end."""
_SAMPLE = 2
_COUNTS = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: ", re.MULTILINE)


@dataclass(slots=True)
class Fuzzed:
    """What came of fuzzing a target: findings are files, each with what was raised in a text beside it."""

    executions: int = 0
    covered: int = 0
    deaths: int = 0
    """Processes ended by a library on a file that does the product no harm: it reads in a child of its own."""
    findings: list[Path] = field(default_factory=list)

    def raised_by(self, finding: Path) -> str:
        """Return what a finding raised."""
        said = finding.with_name(f"{finding.stem.replace('finding', 'raised', 1)}.txt")
        return said.read_text() if said.exists() else "it ended the process, or the product read it with a mistake"


def fuzz(shares: Mapping[str, float], folder: Path) -> dict[str, Fuzzed]:
    """Fuzz each target for its seconds, beginning anew where an input ended the process; a few go the long way too."""
    fuzzed = {name: Fuzzed() for name in shares}
    left = dict(shares)
    while left:
        _run(left, folder)
        for name in tuple(left):
            ended = json.loads((folder / name / "ended.json").read_text())
            _count(name, folder / name, fuzzed[name], code=ended["code"])
            left[name] -= ended["seconds"]
            if left[name] < 1 or ended["code"] == 0:
                del left[name]
    for name, one in fuzzed.items():
        place = folder / name
        one.findings = sorted((*place.glob("ended-*"), *place.glob("finding-*"), *_broken_sample(name, place)))
    return fuzzed


def _run(shares: Mapping[str, float], folder: Path) -> None:
    wanted = [f"{name}={max(1, round(seconds))}" for name, seconds in shares.items()]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.fuzz", str(folder), *wanted],
        cwd=ROOT, capture_output=True, check=False, timeout=sum(shares.values()) + _STARTING,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3_000:]


def _count(name: str, place: Path, fuzzed: Fuzzed, *, code: int) -> None:
    """Add up what a child told, and put aside what ended it if the product survives that."""
    log = place / "log"
    said = log.read_text(errors="replace")
    log.unlink()
    counts = [(int(one), int(branches)) for one, branches in _COUNTS.findall(said)]
    ended = list(place.glob("ended-*"))
    assert counts or ended, f"the fuzzer itself failed ({code}):\n{said[-3_000:]}"
    fuzzed.executions += counts[-1][0] if counts else 0
    fuzzed.covered = max([fuzzed.covered, *(branches for _, branches in counts)])
    fuzzed.deaths += sum(1 for file in ended if _survives(name, file))


def _survives(name: str, ended: Path) -> bool:
    """Return whether the product survives what ended a process; such a file is no finding, and is put aside."""
    if not TARGETS[name].retried or not _obeys_in_child(name, ended):
        return False
    ended.rename(ended.with_name(f"survived-{ended.name}"))
    return True


def _obeys_in_child(name: str, file: Path) -> bool:
    """Have the product read a file as it does: in a child process, which may be lost."""
    if name == "verify":
        done = subprocess.run(
            own_command_line(["verify", "--", str(file)]), capture_output=True, check=False, timeout=300
        )
        return done.returncode in {0, 1} and b"Traceback" not in done.stderr
    try:
        obeyed(lambda: read_in_child(file, small_instrument()))
    except BrokenError:
        return False
    return True


def _broken_sample(name: str, place: Path) -> Iterator[Path]:
    """Let a few of the files that were found worth keeping go the product's own way."""
    if TARGETS[name].retried:
        found = islice(sorted((place / "corpus").iterdir()), _SAMPLE)
        yield from (file for file in found if not _obeys_in_child(name, file))
