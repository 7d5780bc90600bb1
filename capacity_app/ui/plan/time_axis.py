"""The axis of a timeline: days to pixels and back, and where years, quarters and months begin. No painting.

All months are equally wide, so that the marks stand evenly; positions count from the leading edge.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from capacity_app.domain.planning import Span
from capacity_app.domain.problems import N_

_MONTHS = 12
_QUARTER = 3
_NEAR_DAYS = 550
"""Today belongs on the axis if it is at most so many days away from it."""


class Scale(StrEnum):
    """Everything, or so much that years, quarters or months have room for their names."""

    FIT = "fit"
    YEARS = "years"
    QUARTERS = "quarters"
    MONTHS = "months"


SCALE_WORDS: dict[Scale, str] = {
    Scale.FIT: N_("All in sight"),
    Scale.YEARS: N_("Years"),
    Scale.QUARTERS: N_("Quarters"),
    Scale.MONTHS: N_("Months"),
}
STEPS = (Scale.YEARS, Scale.QUARTERS, Scale.MONTHS)
"""The scales from coarse to fine."""


def finer(scale: Scale, step: int) -> Scale:
    """Return the next finer (1) or coarser (-1) scale."""
    place = STEPS.index(scale) if scale in STEPS else (-1 if step > 0 else 1)
    return STEPS[min(max(place + step, 0), len(STEPS) - 1)]


def _month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


@dataclass(frozen=True, slots=True)
class Tick:
    """A year, quarter or month: where it begins, how wide it is (pixels), and its year and month or quarter."""

    start: float
    width: float
    year: int
    part: int


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Months ``first`` to ``last`` (counted from year zero), each ``month_width`` pixels wide."""

    first: int
    last: int
    month_width: float

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def width(self) -> float:
        return self.months * self.month_width

    def start_of(self, day: date) -> float:
        share = (day.day - 1) / monthrange(day.year, day.month)[1]
        return (_month(day) - self.first + share) * self.month_width

    def end_of(self, day: date) -> float:
        share = day.day / monthrange(day.year, day.month)[1]
        return (_month(day) - self.first + share) * self.month_width

    def has(self, day: date) -> bool:
        return self.first <= _month(day) <= self.last

    def ticks(self, months: int) -> Iterator[Tick]:
        """Go through the periods of so many months, cut where the axis begins and ends."""
        for period in range(self.first // months, self.last // months + 1):
            first = max(period * months, self.first)
            after = min((period + 1) * months, self.last + 1)
            year, month = divmod(period * months, _MONTHS)
            yield Tick(
                (first - self.first) * self.month_width,
                (after - first) * self.month_width,
                year,
                month // months + 1 if months < _MONTHS else 0,
            )


def months_of(spans: Iterable[Span], today: date) -> tuple[int, int]:
    """Return the first and last month of an axis for some spans, in whole quarters; today's year without any."""
    known = tuple(spans)
    first = min((span.first for span in known), default=date(today.year, 1, 1))
    last = max((span.last for span in known), default=date(today.year, 12, 31))
    near = timedelta(days=_NEAR_DAYS)
    if first.toordinal() - near.days <= today.toordinal() <= last.toordinal() + near.days:
        first, last = min(first, today), max(last, today)
    return _month(first) // _QUARTER * _QUARTER, _month(last) // _QUARTER * _QUARTER + _QUARTER - 1
