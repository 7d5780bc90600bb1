"""Which backups stay: never the newest lost, whatever the clock says; the same by whatever way one comes to it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.backup_retention import (
    DAYS_KEPT,
    MONTHS_KEPT,
    NEWEST_KEPT,
    WEEKS_KEPT,
    BackupReason,
    BackupRecord,
    backups_to_keep,
)

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
TIMES = st.datetimes(datetime(2016, 1, 1), datetime(2036, 12, 31)).map(lambda time: time.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis wants naive limits


@st.composite
def backups(draw: st.DrawFn) -> list[BackupRecord]:
    """Draw backups of a year or so: several a day, pauses, and a clock that jumps ten years now and then."""
    made: list[BackupRecord] = []
    time, number = START, 0
    for hours in draw(st.lists(st.integers(1, 400), max_size=80)):
        number += draw(st.integers(1, 3))
        time += timedelta(hours=hours)
        jump = timedelta(days=365 * draw(st.sampled_from([0] * 12 + [-10, 10])))
        made.append(
            BackupRecord(number, time + jump, draw(st.sampled_from([BackupReason.CLOSED] * 9 + list(BackupReason))))
        )
    return made


def daily(days: int, times_a_day: int = 1) -> list[BackupRecord]:
    """Make backups on so many days in a row."""
    moments = [START + timedelta(days=day, hours=hour) for day in range(days) for hour in range(times_a_day)]
    return [BackupRecord(number, moment, BackupReason.CLOSED) for number, moment in enumerate(moments, 1)]


def of(made: list[BackupRecord], numbers: frozenset[int]) -> list[BackupRecord]:
    return [one for one in made if one.number in numbers]


def test_of_three_years_of_days_twelve_days_ten_weeks_and_nine_months_stay() -> None:
    made = daily(3 * 365, times_a_day=3)
    stays = of(made, backups_to_keep(made))
    days = {one.time.date() for one in stays}
    assert days >= {one.time.date() for one in made[-12 * 3 :]}
    assert len({one.time.isocalendar()[:2] for one in stays}) >= 10
    assert len({(one.time.year, one.time.month) for one in stays}) == 9
    # The newest of each day, and where days, weeks and months meet it is one backup for all of them.
    assert all(one.time.hour == 11 for one in stays[:-NEWEST_KEPT])
    assert len(stays) <= DAYS_KEPT + WEEKS_KEPT + MONTHS_KEPT + NEWEST_KEPT


def test_of_a_few_days_everything_stays_that_is_the_last_of_its_day_and_the_newest_three() -> None:
    made = daily(2, times_a_day=5)
    assert sorted(backups_to_keep(made)) == [5, 8, 9, 10]


def test_one_and_none_stay() -> None:
    assert backups_to_keep([]) == frozenset()
    assert backups_to_keep(daily(1)) == {1}


@given(backups())
def test_the_newest_and_all_from_before_a_migration_stay_and_no_more_than_promised(made: list[BackupRecord]) -> None:
    stays = backups_to_keep(made)
    newest = [one.number for one in made[-NEWEST_KEPT:]]
    migrations = {one.number for one in made if one.reason is BackupReason.MIGRATION}
    assert stays >= {*newest, *migrations}
    assert stays <= {one.number for one in made}
    assert len(stays - migrations) <= DAYS_KEPT + WEEKS_KEPT + MONTHS_KEPT + NEWEST_KEPT


@given(backups())
def test_the_last_of_the_twelve_latest_days_stays(made: list[BackupRecord]) -> None:
    latest: dict[object, int] = {}
    for one in reversed(made):
        latest.setdefault(one.time.date(), one.number)
    assert backups_to_keep(made) >= set(list(latest.values())[:DAYS_KEPT])


@given(backups())
def test_thinning_twice_is_thinning_once(made: list[BackupRecord]) -> None:
    stays = backups_to_keep(made)
    assert backups_to_keep(of(made, stays)) == stays


@given(backups(), st.randoms(use_true_random=False))
def test_the_order_they_are_listed_in_does_not_matter(made: list[BackupRecord], chance: object) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert backups_to_keep(shuffled) == backups_to_keep(made)


@given(backups())
def test_thinning_after_every_backup_is_thinning_once_at_the_end(made: list[BackupRecord]) -> None:
    """What was let go is never missed later."""
    left: list[BackupRecord] = []
    for one in made:
        left.append(one)
        left = of(left, backups_to_keep(left))
    assert {one.number for one in left} == backups_to_keep(made)


@given(backups(), st.lists(TIMES, min_size=1, max_size=20))
def test_whatever_the_clock_says_the_newest_by_number_stays(made: list[BackupRecord], odd: list[datetime]) -> None:
    last = made[-1].number if made else 0
    more = [*made, *(BackupRecord(last + number, time, BackupReason.CLOSED) for number, time in enumerate(odd, 1))]
    assert more[-1].number in backups_to_keep(more)
    assert backups_to_keep(more) >= {one.number for one in more[-NEWEST_KEPT:]}


def test_a_clock_ten_years_ahead_for_a_day_does_not_cost_the_days_after_it() -> None:
    made = daily(20)
    jumped = BackupRecord(made[9].number, made[9].time + timedelta(days=3650), BackupReason.CLOSED)
    stays = backups_to_keep([*made[:9], jumped, *made[10:]])
    assert stays >= {one.number for one in made[10:]}
