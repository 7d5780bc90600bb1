"""Pairs of timings and how they are printed."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One line of the table: medians in milliseconds, ratio against the floor or the time itself against a limit."""

    name: str
    ours: float
    floor: float | None
    ratio: float | None
    goal: float
    unit: str

    @property
    def is_met(self) -> bool:
        return (self.ours if self.ratio is None else self.ratio) <= self.goal


def _settle() -> None:
    """Exclude what earlier figures left from garbage collection, as the program excludes what its start made."""
    gc.collect()
    gc.freeze()


def milliseconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def paired(name: str, ours: Work, floor: Work, goal: float, *, pairs: int = 7) -> Figure:
    """Time both in turn after one warm-up each."""
    ours()
    floor()
    _settle()
    times = [(milliseconds(ours), milliseconds(floor)) for _ in range(pairs)]
    return from_times(name, times, goal)


def from_times(name: str, times: Iterable[tuple[float, float]], goal: float) -> Figure:
    known = list(times)
    return Figure(
        name,
        statistics.median(mine for mine, _ in known),
        statistics.median(bare for _, bare in known),
        statistics.median(mine / bare for mine, bare in known),
        goal,
        "×",
    )


def alone(name: str, work: Work, goal: float, *, runs: int = 9) -> Figure:
    """Time work that has no floor, against a limit in milliseconds."""
    work()
    _settle()
    return Figure(name, statistics.median(milliseconds(work) for _ in range(runs)), None, None, goal, "ms")


def line(figure: Figure) -> str:
    floor = "" if figure.floor is None else f"{figure.floor:10.2f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:6.2f}"
    verdict = "met" if figure.is_met else "MISSED"
    return f"{figure.name:<58}{figure.ours:10.2f}{floor:>11}{ratio:>7}   ≤ {figure.goal:g} {figure.unit:<3}{verdict}"


HEADING = f"{'what (medians, milliseconds)':<58}{'ours':>10}{'floor':>11}{'ratio':>7}   goal"
