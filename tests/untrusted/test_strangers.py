"""Strangers' files, each made to do harm or simply the wrong one, are refused in plain words or read; nothing happens.

They are read one after the other in one process that is watched from outside: what it opens, writes and calls.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.untrusted.strangers import SECRET, SERVER, killer, tricks

pytestmark = pytest.mark.check

ROOT = Path(__file__).parents[2]
NAMES = tuple(tricks(Path("/nowhere/canary")))
CALLS = "open,openat,openat2,creat,connect,socket,execve,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat"
CHANGING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|unlink|rename|mkdir|creat\(")
MOST_MEGABYTES = 450
"""The largest trick unpacks to a hundred, and lies in memory packed, unpacked and in pieces."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How every trick ended, and every call of the process that read them from then on."""

    folder: Path
    canary: Path
    outcomes: dict[str, dict[str, Any]]
    calls: tuple[str, ...]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    folder, canary = tmp_path_factory.mktemp("strangers"), tmp_path_factory.mktemp("canary") / "secret.txt"
    canary.write_text(SECRET)
    for number, trick in enumerate(tricks(canary).values()):
        place = folder / "given" / f"{number:03d}"
        place.mkdir(parents=True)
        (place / trick.file).write_bytes(trick.make())
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(folder / "trace"),  # noqa: S607 - a package of the distribution
         sys.executable, "-m", "tests.untrusted.reading_child", str(folder)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    ended = json.loads((folder / "outcomes.json").read_text())
    # The first line is our own beginning.
    calls = tuple((folder / "trace").read_text(errors="replace").splitlines()[1:])
    return Watched(folder, canary, dict(zip(NAMES, ended.values(), strict=True)), calls)


@pytest.mark.parametrize("name", NAMES)
def test_a_trick_is_refused_in_plain_words_or_read(watched: Watched, name: str) -> None:
    trick, outcome = tricks(watched.canary)[name], watched.outcomes[name]
    assert outcome["is_read"] == trick.is_read, outcome["said"]
    assert trick.words in outcome["said"]
    for sentence in outcome["said"].splitlines():
        assert sentence.endswith(".")
        assert "Traceback" not in sentence
    if not trick.is_read:
        assert f"“{trick.file}”" in outcome["said"]
        assert "\n" not in outcome["said"]


@pytest.mark.parametrize("name", NAMES)
def test_a_trick_gets_nothing_to_sing(watched: Watched, name: str) -> None:
    outcome = watched.outcomes[name]
    assert SECRET not in outcome["said"] + outcome["told"]


def test_no_trick_takes_the_memory(watched: Watched) -> None:
    assert max(outcome["megabytes"] for outcome in watched.outcomes.values()) < MOST_MEGABYTES


def test_no_trick_calls_anybody(watched: Watched) -> None:
    assert [call for call in watched.calls if re.search(r"socket\(AF_(?!UNIX|LOCAL)|connect\(", call)] == []
    assert [call for call in watched.calls if SERVER in call or "execve(" in call] == []


def test_no_trick_has_a_file_opened_or_written(watched: Watched) -> None:
    # The watching itself works: the files are opened, and what became of them is written.
    assert [call for call in watched.calls if "given/000" in call]
    assert [call for call in watched.calls if "outcomes.json" in call]
    assert [call for call in watched.calls if str(watched.canary.parent) in call] == []
    changing = [call for call in watched.calls if CHANGING.search(call)]
    # Whoever measures the coverage writes too, elsewhere.
    ours = (f'"{watched.folder}/outcomes.json"', '"/dev/', "/build/coverage")
    outside = [call for call in changing if not any(place in call for place in ours)]
    assert outside == []
    assert sorted(file.name for file in watched.folder.iterdir()) == ["given", "outcomes.json", "trace"]


def test_without_the_guard_the_fast_library_would_end_the_process(tmp_path: Path) -> None:
    file = tmp_path / "killer.xlsx"
    file.write_bytes(killer())
    code = f"import python_calamine; python_calamine.CalamineWorkbook.from_path({str(file)!r}).sheet_names"
    assert len(file.read_bytes()) < 100_000
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode < 0


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(NAMES) >= 90
    made = [trick.make() for trick in tricks(Path("/nowhere/canary")).values() if "bomb" not in trick.words]
    assert len({content for content in made if content}) >= len(made) - 2
