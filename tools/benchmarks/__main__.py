"""Print all figures; with --strict a missed goal is an error."""

import sys
from collections.abc import Callable, Iterator

from tools.benchmarks import (
    aggregating,
    large_questionnaire,
    merging,
    pages,
    reporting,
    returned_workbook,
    saving,
    scoring,
    starting,
    word,
)
from tools.benchmarks.measuring import HEADING, Figure, line

SUITES: tuple[Callable[[], Iterator[Figure]], ...] = (
    starting.figures, saving.figures, pages.figures, large_questionnaire.figures, scoring.figures, reporting.figures,
    word.figures, merging.figures, returned_workbook.figures, aggregating.figures,
)  # fmt: skip


def main(arguments: list[str]) -> int:
    print(HEADING)
    missed = 0
    for suite in SUITES:
        for figure in suite():
            print(line(figure), flush=True)
            missed += not figure.is_met
    return 1 if missed and "--strict" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
