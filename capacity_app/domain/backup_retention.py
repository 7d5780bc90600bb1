"""Which backups stay: one for each of the last days, weeks and months, and those nobody can make again.

Problem: a backup at every close fills a disk in a year, and a rule that asks the clock throws the wrong ones away on
the day the clock is wrong. Decision: every backup has a running number, and only that says which is newer. Days, weeks
and months are names that group backups; which groups are the latest follows from the numbers in them, so a clock that
jumps by years makes odd groups for a while and never costs the newest backup. Thinning after every backup gives the
same as thinning once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from capacity_app.domain.fast_dataclass import dataclass

DAYS_KEPT, WEEKS_KEPT, MONTHS_KEPT = 12, 10, 9
NEWEST_KEPT = 3
"""So many of the newest stay, whatever day they are of."""


class BackupReason(StrEnum):
    """Why a backup was made."""

    CLOSED = "closed"
    MIGRATION = "migration"
    MERGE = "merge"
    INTAKE = "intake"
    RESTORE = "restore"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """When (UTC) and why a backup was made; a higher ``number`` is newer."""

    number: int
    time: datetime
    reason: BackupReason


def backups_to_keep(backups: Iterable[BackupRecord]) -> frozenset[int]:
    newest_first = sorted(backups, key=lambda one: one.number, reverse=True)
    return frozenset(
        one.number
        for chosen in (
            newest_first[:NEWEST_KEPT],
            [one for one in newest_first if one.reason is BackupReason.MIGRATION],
            _newest_of_each(newest_first, "{:%Y-%m-%d}".format, DAYS_KEPT),
            _newest_of_each(newest_first, _week, WEEKS_KEPT),
            _newest_of_each(newest_first, "{:%Y-%m}".format, MONTHS_KEPT),
        )
        for one in chosen
    )


def _newest_of_each(
    newest_first: Sequence[BackupRecord], group: Callable[[datetime], str], most: int
) -> list[BackupRecord]:
    newest: dict[str, BackupRecord] = {}
    for one in newest_first:
        newest.setdefault(group(one.time), one)
    return list(newest.values())[:most]


def _week(time: datetime) -> str:
    year, week, _ = time.isocalendar()
    return f"{year}-{week}"
