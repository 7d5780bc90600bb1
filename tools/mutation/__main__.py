"""Mutate scoring, revisions, migration and the guard, and print how many mutants the tests notice.

``python -m tools.mutation [areas] [--sample N] [--survivors]``: all four areas if none is named; ``--sample`` takes so
many mutants of each, always the same; ``--survivors`` tries only those again that were not noticed the last time.
"""

import argparse
import sys

from tools.mutation.areas import AREAS, Area
from tools.mutation.mutating import Mutated, mutate

ENOUGH = 0.85


def main() -> int:
    """Mutate, print the figures, and fail if an area has fewer than enough killed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("areas", nargs="*", choices=[[], *(area.name for area in AREAS)])
    parser.add_argument("--sample", type=int, help="so many mutants of each area, always the same")
    parser.add_argument("--survivors", action="store_true", help="only those that survived the last time")
    given = parser.parse_args()
    wanted = [area for area in AREAS if area.name in given.areas or not given.areas]
    found = [mutate(area, sample=given.sample, is_again=given.survivors) for area in wanted]
    for area, mutated in zip(wanted, found, strict=True):
        _print(area, mutated)
    return int(any(mutated.share < ENOUGH for mutated in found))


def _print(area: Area, mutated: Mutated) -> None:
    figures = ", ".join(f"{count} {status}" for status, count in sorted(mutated.counts.items()))
    print(f"{area.name}: {len(mutated.statuses)} mutants, {mutated.share:.1%} killed ({figures}), {mutated.seconds} s")
    for name, status in sorted(mutated.statuses.items()):
        if status not in mutated.noticed:
            print(f"    {status}: {name}")


if __name__ == "__main__":
    sys.exit(main())
