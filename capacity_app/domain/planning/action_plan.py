"""The action plan as a whole: when each action runs, how serious it is and what waits for what.

Dates are ISO 8601 as people know them: a day, a month or a year alone. A vague date stands for every day in it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.scoring.gaps import Gap, GapSeverity, action_severity

_MONTHS = 12
_DATE = r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?"
FINISHED = frozenset({ActionProgress.DONE, ActionProgress.DROPPED})


@dataclass(frozen=True, slots=True, order=True)
class DateSpan:
    """The first and the last day of an action, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action with what follows from the plan: its printed number, inherited severity, known gaps and days.

    ``span`` is None while no date is known; ``find_prerequisites`` are the ids of actions that exist.
    """

    action: Action
    number: int
    severity: GapSeverity
    gaps: tuple[Gap, ...]
    span: DateSpan | None
    waits_for: tuple[str, ...]


# -- dates -------------------------------------------------------------------------------------------------------------


def first_day(iso: str) -> date | None:
    """Return the first day a date can mean; None for what is no date."""
    found = re.fullmatch(_DATE, iso)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def last_day(iso: str) -> date | None:
    """Return the last day a date can mean; None for what is no date."""
    first, found = first_day(iso), re.fullmatch(_DATE, iso)
    if first is None or found is None or found[3]:
        return first
    after = first.year * _MONTHS + (first.month if found[2] else _MONTHS)
    return _day_in(after, 1) - timedelta(days=1) if after < _LAST_MONTH else date.max


_LAST_MONTH = date.max.year * _MONTHS + _MONTHS


def _day_in(month: int, day: int) -> date:
    """Return a day of a month counted from year zero, the month's last day where it has no such day."""
    year, month = divmod(month, _MONTHS)
    for possible in range(day, 27, -1):
        try:
            return date(year, month + 1, possible)
        except ValueError:
            continue
    return date(year, month + 1, day)


def action_span(action: Action) -> DateSpan | None:
    """Return the days an action runs, as far as its dates tell; one date alone stands for both ends."""
    first = first_day(action.start or action.end) or first_day(action.end)
    last = last_day(action.end or action.start) or last_day(action.start)
    if first is None or last is None:
        return None
    return DateSpan(first, max(first, last))


def ends_before_start(action: Action) -> bool:
    first, last = first_day(action.start), last_day(action.end)
    return first is not None and last is not None and last < first


def open_actions(actions: Iterable[Action], agency: str) -> tuple[Action, ...]:
    """Return the actions of an agency (id) that are neither done nor dropped."""
    return tuple(one for one in actions if one.responsible == agency and one.progress not in FINISHED)


def is_late(action: Action, today: date) -> bool:
    """Return whether an action should be over by now and is not."""
    last = last_day(action.end)
    return last is not None and last < today and action.progress not in FINISHED


# -- the plan ----------------------------------------------------------------------------------------------------------


def build_plan(actions: Sequence[Action], gaps: Iterable[Gap]) -> tuple[PlannedAction, ...]:
    """Put every action together with its gaps, severity and days, in the order they were made."""
    by_address = {str(gap.address): gap for gap in gaps}
    known = {action.id for action in actions}
    return tuple(
        PlannedAction(
            action=action,
            number=number,
            severity=action_severity(action, (gap for gap in found if not gap.is_open)),
            gaps=found,
            span=action_span(action),
            waits_for=tuple(other for other in action.depends_on if other in known),
        )
        for number, action in enumerate(actions, start=1)
        for found in (tuple(by_address[address] for address in action.gaps if address in by_address),)
    )


def sort_by_time(plan: Iterable[PlannedAction]) -> tuple[PlannedAction, ...]:
    """Order actions by their days, undated ones last; the same order whichever was entered first."""
    far = DateSpan(date.max, date.max)
    return tuple(
        sorted(plan, key=lambda one: (one.span is None, one.span or far, one.action.title.casefold(), one.action.id))
    )


# -- what waits for what -----------------------------------------------------------------------------------------------


def find_prerequisites(actions: Iterable[Action], start: str) -> frozenset[str]:
    """Return the ids of everything that must be done before an action, directly or not."""
    needs = {action.id: action.depends_on for action in actions}
    found: set[str] = set()
    todo = list(needs.get(start, ()))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo.extend(needs.get(one, ()))
    return frozenset(found)


def action_titles(actions: Iterable[Action]) -> dict[str, str]:
    """Return the titles of actions by id; one without a title has its number in the plan."""
    return {action.id: action.title or str(number) for number, action in enumerate(actions, start=1)}


def find_refused_dependency(action: Action, actions: Iterable[Action]) -> Problem | None:
    """Return why an action may not be stored: it would newly wait for one that waits for it."""
    everything = tuple(actions)
    others = {one.id: one for one in everything}
    names = action_titles(everything)
    before = others.pop(action.id, None)
    for other in action.depends_on:
        is_new = before is None or other not in before.depends_on
        is_circle = other == action.id or action.id in find_prerequisites(others.values(), other)
        if is_new and is_circle:
            title = action.title or names.get(action.id, str(len(everything) + 1))
            return Problem(
                "entry.circle",
                f"actions/{action.id}",
                N_("“{title}” cannot wait for “{other}”, which itself waits for it."),
                N_("Decide which of the two comes first."),
                (("title", title), ("other", title if other == action.id else names[other])),
            )
    return None
