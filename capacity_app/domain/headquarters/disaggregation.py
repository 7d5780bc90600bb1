"""Of how many countries statistics show women and men, and indicators show migrants, from the tidy breakdowns."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.selection import ParticipatingCountry
from capacity_app.domain.headquarters.tidy_tables import LIST_SEPARATOR, BreakdownRow, QuestionRow
from capacity_app.domain.questionnaire.instrument import SDG_TAG
from capacity_app.domain.scoring.data_availability import SEX

BIRTH, CITIZENSHIP, PARENTS = "birth", "citizenship", "parents"
_STATUS = (BIRTH, CITIZENSHIP)

StatisticKey = tuple[str, str]
"""A row of a table by the ids of question and row."""
StatisticShares = Mapping[StatisticKey, Mapping[str, float | None]]
"""What one assessment says of its statistics: 1, a part or 0 by breakdown, None while nobody has said."""
QuestionWordings = Mapping[tuple[str, str, str], QuestionRow]
"""Questions, rows and columns by their ids, in printed order."""


@dataclass(frozen=True, slots=True)
class SexTrendLine:
    """A statistic: ``before`` and ``after`` count the countries, of the same ``of``, in which it shows sex.

    ``lost`` and ``gained`` count those that changed. Not ``is_shown``, and all 0, where ``of`` is below the minimum.
    """

    question: str
    row: str
    number: str
    before: int
    after: int
    lost: int
    gained: int
    of: int
    is_shown: bool

    @property
    def is_alert(self) -> bool:
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class SexTrend:
    """Disaggregation by sex in two rounds of the same ``of`` countries; ``rounds`` are (before, after, countries)."""

    of: int
    rounds: tuple[tuple[str, str, int], ...]
    lines: tuple[SexTrendLine, ...]


@dataclass(frozen=True, slots=True)
class IndicatorBreakdown:
    """An indicator: of ``of`` countries that say, how many break it down by birth or citizenship.

    ``full`` and ``partly`` count by the better of the two; the others count each breakdown by itself, in full or in
    part. ``open`` countries do not say, for ``out`` it does not apply; not ``is_shown`` if too few say.
    """

    question: str
    row: str
    number: str
    full: int
    partly: int
    birth: int
    citizenship: int
    parents: int
    sex: int
    of: int
    open: int
    out: int
    is_shown: bool


def _by_file(rows: Iterable[BreakdownRow]) -> dict[str, dict[StatisticKey, dict[str, float | None]]]:
    found: dict[str, dict[StatisticKey, dict[str, float | None]]] = {}
    for row in rows:
        statistics = found.setdefault(row.file_hash, {})
        statistics.setdefault((row.question, row.grid_row), {})[row.breakdown] = row.share
    return found


def _indicator_tables(wordings: QuestionWordings) -> set[str]:
    return {row.question for row in wordings.values() if SDG_TAG in row.tags.split(LIST_SEPARATOR)}


def _number_of(wordings: QuestionWordings, statistic: StatisticKey) -> str:
    asked = wordings.get((*statistic, "")) or wordings.get((statistic[0], "", ""))
    return asked.number if asked else ""


def _ordered(statistics: Iterable[StatisticKey], wordings: QuestionWordings) -> list[StatisticKey]:
    order = {place: number for number, place in enumerate(wordings)}
    return sorted(statistics, key=lambda one: (order.get((*one, ""), len(order)), one))


# -- the trend of disaggregation by sex ---------------------------------------------------------------------------


def _shows_sex(shares: StatisticShares, statistic: StatisticKey) -> bool | None:
    """Tell whether a statistic shows sex, at least in part; None where nobody has said, or it does not apply."""
    share = shares.get(statistic, {}).get(SEX)
    return None if share is None else share > 0


def _trend_line(
    statistic: StatisticKey,
    pairs: Sequence[tuple[StatisticShares, StatisticShares]],
    wordings: QuestionWordings,
    minimum: int,
) -> SexTrendLine:
    both = [(_shows_sex(before, statistic), _shows_sex(after, statistic)) for before, after in pairs]
    known = [(was, is_now) for was, is_now in both if was is not None and is_now is not None]
    shown = known if len(known) >= minimum else []
    return SexTrendLine(
        question=statistic[0],
        row=statistic[1],
        number=_number_of(wordings, statistic),
        before=sum(was for was, _ in shown),
        after=sum(is_now for _, is_now in shown),
        lost=sum(was and not is_now for was, is_now in shown),
        gained=sum(is_now and not was for was, is_now in shown),
        of=len(known),
        is_shown=bool(shown),
    )


def compare_sex_trend(
    participants: Iterable[ParticipatingCountry], rows: Iterable[BreakdownRow], wordings: QuestionWordings, minimum: int
) -> SexTrend | None:
    """Compare the two last rounds of the countries that have two; None if there are none.

    Indicators are left to their own table, which shows sex as well.
    """
    by_file = _by_file(rows)
    pairs: list[tuple[StatisticShares, StatisticShares]] = []
    rounds: Counter[tuple[str, str]] = Counter()
    for entry in participants:
        if entry.earlier is not None:
            pairs.append((by_file.get(entry.earlier.file_hash, {}), by_file.get(entry.newest.file_hash, {})))
            rounds[entry.earlier.round, entry.newest.round] += 1
    if not pairs:
        return None
    found = {statistic for pair in pairs for shares in pair for statistic, own in shares.items() if SEX in own}
    other = _indicator_tables(wordings)
    asked = _ordered((statistic for statistic in found if statistic[0] not in other), wordings)
    lines = (_trend_line(statistic, pairs, wordings, minimum) for statistic in asked)
    named = tuple((before, after, count) for (before, after), count in sorted(rounds.items()))
    return SexTrend(len(pairs), named, tuple(line for line in lines if line.of))


# -- indicators by migratory status -------------------------------------------------------------------------------


def _is_known(said: Mapping[str, float | None]) -> bool:
    """Return whether a country says how far it shows migrants: one way is shown, or no way is left open."""
    shares = [said[key] for key in _STATUS if key in said]
    return any(shares) or (bool(shares) and None not in shares)


def _indicator(
    statistic: StatisticKey, countries: Sequence[StatisticShares], wordings: QuestionWordings, minimum: int
) -> IndicatorBreakdown:
    applying = [said for said in (shares.get(statistic) for shares in countries) if said is not None]
    known = [said for said in applying if _is_known(said)]
    shown = known if len(known) >= minimum else []
    best = [max(said.get(key) or 0 for key in _STATUS) for said in shown]

    def count(key: str) -> int:
        return sum(1 for said in shown if said.get(key))

    return IndicatorBreakdown(
        question=statistic[0],
        row=statistic[1],
        number=_number_of(wordings, statistic),
        full=best.count(1),
        partly=sum(1 for share in best if 0 < share < 1),
        birth=count(BIRTH),
        citizenship=count(CITIZENSHIP),
        parents=count(PARENTS),
        sex=count(SEX),
        of=len(known),
        open=len(applying) - len(known),
        out=len(countries) - len(applying),
        is_shown=bool(shown),
    )


def count_indicators(
    participants: Iterable[ParticipatingCountry], rows: Iterable[BreakdownRow], wordings: QuestionWordings, minimum: int
) -> tuple[IndicatorBreakdown, ...]:
    """Count, for every indicator that is asked for by migratory status, the countries that can show it."""
    by_file = _by_file(rows)
    countries = [by_file.get(entry.newest.file_hash, {}) for entry in participants]
    status = {statistic for one in countries for statistic, said in one.items() if any(key in said for key in _STATUS)}
    tables = _indicator_tables(wordings)
    asked = _ordered((one for one in status if one[0] in tables), wordings)
    return tuple(_indicator(statistic, countries, wordings, minimum) for statistic in asked)
