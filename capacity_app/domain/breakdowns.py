"""By what a statistic is broken down, read from the answers of a grid: sex, age, country of birth and so on.

A breakdown is an option that a scored checklist asks for ("Disaggregation available: sex, age …"), or a column or
option whose id is one of the usual names ("by_sex", "age-sex"): permanent ids are part of an instrument's contract.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_uppercase

from capacity_app.domain.answers import State
from capacity_app.domain.effective import Effective
from capacity_app.domain.instrument import Column, Kind, Option, Question, Row
from capacity_app.domain.sheet import ONE, ZERO, Item, Standing, points_of

SEX, AGE = "sex", "age"
USUAL: Mapping[str, tuple[str, ...]] = {
    **{
        key: (key,)
        for key in (
            SEX, AGE, "birth", "citizenship", "residence", "subnational", "parents", "generation", "education",
            "labour", "reason", "duration", "arrival", "disability",
        )
    },
    "parents-birth": ("parents",),
    "age-sex": (SEX, AGE),
    "sex-age": (SEX, AGE),
}  # fmt: skip
"""The usual names of breakdowns, without "by", and what each shows."""
_SAYING = {Kind.YES_NO, Kind.YES_PARTLY_NO, Kind.CHOICE}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way a grid may break its statistics down: an option of a checklist, or a column of its own."""

    keys: tuple[str, ...]
    column: Column
    option: Option | None = None

    def is_wanted(self, row: Row | None) -> bool:
        """Return whether a row earns points by it."""
        if self.option is None:
            return self.column.is_scored
        wanted = row.required.get(self.column.id) if row else None
        return self.option.id in wanted if wanted else self.option.required

    def share(self, answer: Effective) -> Fraction:
        """Return how far an answer has it: 1, a part, or 0."""
        if answer.state is not State.ANSWERED:
            return ZERO
        if self.option is not None:
            return ONE if isinstance(answer.value, tuple) and self.option.id in answer.value else ZERO
        if self.column.kind is Kind.CHOICE:
            chosen = self.column.option_by_id.get(str(answer.value))
            return (chosen.points or ZERO) if chosen else ZERO
        return points_of(self.column, answer.value) or ZERO


def _usual(part_id: str) -> tuple[str, ...]:
    return USUAL.get(part_id.casefold().replace("_", "-").removeprefix("by-"), ())


def _of_column(column: Column) -> Iterator[Breakdown]:
    if column.kind is Kind.CHECKLIST:
        for option in column.options:
            keys = _usual(option.id) or ((option.id,) if column.is_scored else ())
            if keys and not option.exclusive:
                yield Breakdown(keys, column, option)
    elif column.kind in _SAYING and (keys := _usual(column.id)):
        yield Breakdown(keys, column)


def breakdowns_of(question: Question) -> tuple[Breakdown, ...]:
    """Return all ways a grid may break its statistics down, in printed order."""
    return tuple(found for column in question.columns for found in _of_column(column))


def keys_of(question: Question) -> tuple[str, ...]:
    """Return by what a grid may break its statistics down, each once."""
    return tuple(dict.fromkeys(key for breakdown in breakdowns_of(question) for key in breakdown.keys))


def shares(breakdowns: Iterable[Breakdown], items: Mapping[str, Item]) -> dict[str, Fraction]:
    """Return by key how far a row has each breakdown, the best of what says so; only what it has."""
    found: dict[str, Fraction] = {}
    for breakdown in breakdowns:
        item = items[breakdown.column.id]
        share = breakdown.share(item.answer) if item.standing is Standing.WANTED else ZERO
        for key in breakdown.keys if share else ():
            found[key] = max(share, found.get(key, ZERO))
    return found


def is_unsaid(item: Item) -> bool:
    """Return whether a place may still show breakdowns: it is asked for and not settled."""
    return item.standing is Standing.WANTED and item.answer.is_open


def letters_for(keys: Iterable[str]) -> dict[str, str]:
    """Assign every key one capital of its own, the first of its letters that is free."""
    given: dict[str, str] = {}
    for key in keys:
        if key not in given:
            candidates = [*(letter for letter in key.upper() if letter in ascii_uppercase), *ascii_uppercase]
            free = (letter for letter in candidates if letter not in given.values())
            given[key] = next(free, f"{len(given) + 1}")
    return given
