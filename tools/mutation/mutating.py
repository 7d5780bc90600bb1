"""One area mutated by mutmut, in a copy of its own under ``build/mutation``."""

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mutmut.configuration import reset_config
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name

from tools.mutation.areas import Area

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "mutation"
PROCESSES = 2
_SEED = 20
_KILLED = ("killed", "timeout", "segfault")
_STATUS = {1: "killed", 3: "killed", 0: "survived", 5: "no tests", 33: "no tests", 36: "timeout", 24: "timeout",
           -24: "timeout", 152: "timeout", 255: "timeout", -11: "segfault", -9: "segfault"}  # fmt: skip
"""What mutmut's numbers mean; any other is suspicious and counts as survived."""
_SETTINGS = """\
[tool.mutmut]
source_paths = ["capacity_app"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = [
    "-p", "tools.mutation.plugin", "--hypothesis-profile=mutation",
    "-p", "no:xdist", "-p", "no:cov", "-p", "no:pytest-qt", "-p", "no:cacheprovider",
]
timeout_multiplier = 5.0
timeout_constant = 6.0
track_dependencies = false
use_git_change_detection = false

[tool.pytest.ini_options]
filterwarnings = ["error"]
markers = ["check: needs other programs", "long: minutes long", "promise: what a law shows"]
"""


@dataclass(frozen=True)
class Mutated:
    """What became of each mutant."""

    statuses: dict[str, str]
    seconds: int
    noticed = _KILLED

    @property
    def counts(self) -> Counter[str]:
        """How often each came out."""
        return Counter(self.statuses.values())

    @property
    def share(self) -> float:
        """The part the tests noticed; what no test reaches was not noticed."""
        killed = sum(status in _KILLED for status in self.statuses.values())
        return killed / len(self.statuses) if self.statuses else 1.0


def mutate(area: Area, *, sample: int | None = None, is_again: bool = False) -> Mutated:
    """Mutate an area and run its tests against each mutant, or against a sample or those that survived."""
    began = time.monotonic()
    folder = BUILD / area.name
    survivors = [name for name, status in _read(folder).items() if status not in _KILLED] if is_again else []
    _lay_out(folder, area)
    names = survivors
    if sample is not None:
        names = _sampled(folder, sample)
    _run(folder, names)
    statuses = _read(folder)
    wanted = {name: statuses[name] for name in names if name in statuses} if names else statuses
    return Mutated(wanted, round(time.monotonic() - began))


def _lay_out(folder: Path, area: Area) -> None:
    """Copy what is mutated and what tests it; what only is read is linked."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "mutants").mkdir(parents=True)
    bare = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "capacity_app", folder / "capacity_app", ignore=bare)
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=bare)
    for name in ("assessments", "resources", "tools"):
        (folder / "mutants" / name).symlink_to(ROOT / name)
    (folder / "reached").mkdir()
    shutil.copy(Path(__file__).with_name("sitecustomize.py"), folder / "mutants")
    modules = json.dumps([f"capacity_app/{module}" for module in area.modules])
    settings = _SETTINGS.format(modules=modules, tests=json.dumps(area.tests))
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")


def _mutmut(folder: Path, *arguments: str) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "mutants"),
        "REACHED_FOLDER": str(folder / "reached"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [str(Path(sys.executable).parent / "mutmut"), *arguments]
    with (folder / "log.txt").open("wb") as log:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
    if done.returncode:
        said = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
        sys.exit(f"{folder.name}: mutmut ended with {done.returncode}\n{said[-4_000:]}")


def _run(folder: Path, names: list[str]) -> None:
    _mutmut(folder, "run", "--max-children", str(PROCESSES), *names)


def _sampled(folder: Path, count: int) -> list[str]:
    """Choose mutants of an area, always the same ones as long as its modules are the same."""
    with contextlib.chdir(folder):
        reset_config()
        every = [
            get_mutant_name(module, name)
            for module in sorted(walk_mutatable_files())
            for name in mutate_file_contents(str(module), module.read_text(encoding="utf-8")).mutant_names
        ]
    # Nothing is secret here: the same mutants each time are the point.
    return sorted(random.Random(_SEED).sample(every, min(count, len(every))))  # noqa: S311


def _read(folder: Path) -> dict[str, str]:
    """Read what mutmut wrote down for each mutant it tried."""
    found: dict[str, int | None] = {}
    for kept in sorted((folder / "mutants").rglob("*.py.meta")):
        found.update(json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"])
    return {name: _STATUS.get(code, "suspicious") for name, code in found.items() if code is not None}
