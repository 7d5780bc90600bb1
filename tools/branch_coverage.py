"""How much of what must not fail the tests go through, branch by branch: ``make coverage`` prints it and may fail.

Reads what pytest-cov left in ``build/coverage``, child processes included.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage import Coverage

ENOUGH = 0.95
_WORST = 10
_REPORT = Path("build/coverage/report.json")
AREAS: Mapping[str, tuple[str, ...]] = {
    "domain": ("capacity_app/domain/",),
    "store": ("capacity_app/storage/",),
    "services": ("capacity_app/services/",),
    "workbook intake": (
        "capacity_app/outputs/workbook/reader/",
        "capacity_app/outputs/workbook/registers.py",
        "capacity_app/outputs/workbook/readme_and_guidance.py",
    ),
}


@dataclass(frozen=True)
class Covered:
    """How many statements and branches a file or an area has, how many of them were run, and where one was not."""

    name: str
    statements: int
    run: int
    branches: int
    taken: int
    lacking: str = ""

    @property
    def share(self) -> float:
        """The part of all statements and branches that was run."""
        whole = self.statements + self.branches
        return (self.run + self.taken) / whole if whole else 1.0

    @property
    def branch_share(self) -> float:
        """The part of all branches that was taken."""
        return self.taken / self.branches if self.branches else 1.0


def covered_files() -> list[Covered]:
    """Return the counts of every file that was measured."""
    coverage = Coverage()
    coverage.load()
    coverage.json_report(outfile=str(_REPORT))
    files: dict[str, Any] = json.loads(_REPORT.read_text(encoding="utf-8"))["files"]
    return [_covered(Path(file).as_posix(), found) for file, found in files.items()]


def _covered(file: str, found: Mapping[str, Any]) -> Covered:
    counts = found["summary"]
    lines = [str(line) for line in found["missing_lines"]]
    arrows = [f"{start}→{end if end > 0 else 'end'}" for start, end in found["missing_branches"]]
    return Covered(
        file,
        counts["num_statements"],
        counts["covered_lines"],
        counts["num_branches"],
        counts["covered_branches"],
        ", ".join((*lines, *arrows)),
    )


def area_of(name: str, files: Iterable[Covered]) -> Covered:
    """Add the counts of an area's files up."""
    known = [one for one in files if one.name.startswith(AREAS[name])]
    statements, run = sum(one.statements for one in known), sum(one.run for one in known)
    return Covered(name, statements, run, sum(one.branches for one in known), sum(one.taken for one in known))


def main() -> int:
    """Print the figures of the areas and the worst files; give 1 if an area has too little."""
    files = covered_files()
    areas = [area_of(name, files) for name in AREAS]
    for area in areas:
        print(f"{area.name}: {area.branch_share:.1%} of {area.branches} branches, {area.share:.1%} with statements")
    print("least covered:")
    for one in sorted(files, key=lambda one: one.share)[:_WORST]:
        print(f"    {one.share:.1%} {one.name}: {one.lacking}")
    return int(any(area.branch_share < ENOUGH for area in areas))


if __name__ == "__main__":
    sys.exit(main())
