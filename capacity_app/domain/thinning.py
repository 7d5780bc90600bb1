"""Which backups stay: one for each of the last days, weeks and months, and those nobody can make again.

Problem: a backup at every close fills a disk in a year, and a rule that asks the clock throws the wrong ones away on
the day the clock is wrong. Decision: every backup has a running number, and only that says which is newer. Days, weeks
and months are names that group backups; which groups are the latest follows from the numbers in them, so a clock that
jumps by years makes odd groups for a while and never costs the newest backup. Thinning after every backup gives the
same as thinning once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DAYS, WEEKS, MONTHS = 12, 10, 9
NEWEST = 3
"""So many of the newest stay, whatever day they are of."""


class Reason(StrEnum):
    """Why a backup was made."""

    CLOSED = "closed"
    MIGRATION = "migration"
    MERGE = "merge"
    INTAKE = "intake"
    RESTORE = "restore"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Made:
    """When (UTC) and why a backup was made; a higher ``number`` is newer."""

    number: int
    time: datetime
    reason: Reason


def kept(backups: Iterable[Made]) -> frozenset[int]:
    """Return the numbers of the backups that stay."""
    newest_first = sorted(backups, key=lambda one: one.number, reverse=True)
    return frozenset(
        one.number
        for chosen in (
            newest_first[:NEWEST],
            [one for one in newest_first if one.reason is Reason.MIGRATION],
            _newest_of_each(newest_first, _day, DAYS),
            _newest_of_each(newest_first, _week, WEEKS),
            _newest_of_each(newest_first, _month, MONTHS),
        )
        for one in chosen
    )


def _newest_of_each(newest_first: Sequence[Made], group: Callable[[datetime], str], most: int) -> list[Made]:
    """Return the newest backup of each of the latest groups."""
    newest: dict[str, Made] = {}
    for one in newest_first:
        newest.setdefault(group(one.time), one)
    return list(newest.values())[:most]


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"


def _week(time: datetime) -> str:
    year, week, _ = time.isocalendar()
    return f"{year}-{week}"


def _month(time: datetime) -> str:
    return f"{time:%Y-%m}"
