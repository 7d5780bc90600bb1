"""Files that nobody thought of: a fuzzer invents them, and whatever reads them gives a value or a sentence."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Promise
from tests.fuzz import running
from tests.fuzz.running import Fuzzed
from tests.fuzz.targets import TARGETS

IS_LONG = bool(os.environ.get("CAPACITY_TORTURE"))
SECONDS = 300 if IS_LONG else 15
"""Seconds for each half of the targets: two processes fuzz ten minutes in all, in the long run."""
KEPT = Path(os.environ.get("CAPACITY_FINDINGS", "build/findings"))
HALVES = {"packages": ("workbook", "guard"), "texts": ("word", "dossier", "instrument", "copy", "wording", "verify")}


@pytest.mark.long
@pytest.mark.skipif(bool(running.MISSING), reason=running.MISSING)
@pytest.mark.parametrize("half", HALVES)
def test_whatever_the_fuzzer_invents_is_read_or_refused_with_a_sentence(
    half: str, tmp_path: Path, promise: Promise
) -> None:
    names = HALVES[half]
    whole = sum(TARGETS[name].weight for name in names)
    found: list[str] = []
    for name, fuzzed in running.fuzz(
        {name: SECONDS * TARGETS[name].weight / whole for name in names}, tmp_path
    ).items():
        found += _kept(name, fuzzed)
        figure = f"{fuzzed.executions:,} inputs, {fuzzed.covered:,} branches, {len(fuzzed.findings)} findings"
        promise(f"a fuzzer finds nothing that breaks reading ({name})", figure)
        assert fuzzed.executions > 0
    assert found == []


def _kept(name: str, fuzzed: Fuzzed) -> Iterator[str]:
    """Copy what was found to where it outlives the test, and say what it is."""
    for file in fuzzed.findings:
        KEPT.mkdir(parents=True, exist_ok=True)
        copy = KEPT / f"{name}-{file.name}"
        shutil.copyfile(file, copy)
        yield f"{copy.absolute()}\n{fuzzed.raised_by(file)}"


def test_every_target_is_fuzzed() -> None:
    assert sorted(name for names in HALVES.values() for name in names) == sorted(TARGETS)


_PLANTED = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.fuzz import __main__ as fuzzer
from tests.fuzz.targets import TARGETS

copy = TARGETS["copy"]
honest = copy.seeds()["small"]

def stumble(data, folder):
    if data != honest and b"sections" in data:
        raise KeyError("planted")
    copy.read(data, folder)

TARGETS["copy"] = replace(copy, read=stumble)
fuzzer.main(Path(sys.argv[1]), ["copy=5"])
"""


@pytest.mark.long
@pytest.mark.skipif(bool(running.MISSING), reason=running.MISSING)
@pytest.mark.skipif(not IS_LONG, reason="starts the fuzzer once more: in the long run")
def test_a_mistake_that_was_put_there_is_found_and_kept(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", _PLANTED, str(tmp_path)], cwd=running.ROOT, check=True)
    found = sorted((tmp_path / "copy").glob("finding-KeyError-*"))
    assert found
    assert "planted" in Fuzzed().raised_by(found[0])
