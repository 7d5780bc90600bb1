"""The action plan as a whole: when each action runs, how serious it is and what waits for what.

Dates are ISO 8601 as people know them: a day, a month or a year alone. A vague date stands for every day in it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.scoring.gaps import Gap, GapSeverity, action_severity

_MONTHS = 12
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
FINISHED = frozenset({ActionProgress.DONE, ActionProgress.DROPPED})


class SpanEdge(StrEnum):
    """Which end of an action is moved."""

    BOTH = "both"
    START = "start"
    END = "end"


class PlanGrouping(StrEnum):
    """By what the actions of a plan are put together."""

    NONE = "none"
    AGENCY = "agency"
    PARTNER = "partner"
    FUNDING = "funding"
    PROGRESS = "progress"


PLAN_GROUPING_LABELS: dict[PlanGrouping, str] = {
    PlanGrouping.NONE: N_("Not grouped"),
    PlanGrouping.AGENCY: N_("By responsible agency"),
    PlanGrouping.PARTNER: N_("By partner"),
    PlanGrouping.FUNDING: N_("By funding"),
    PlanGrouping.PROGRESS: N_("By progress"),
}


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
    found = _DATE.fullmatch(iso)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def last_day(iso: str) -> date | None:
    """Return the last day a date can mean; None for what is no date."""
    first, found = first_day(iso), _DATE.fullmatch(iso)
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


def shift_date(iso: str, months: int, *, is_end: bool = False) -> str:
    """Move a date by months, to the day or the month as before; the end of a month stays one.

    A year alone becomes a month of it, the last for the end of an action. What cannot be moved comes back as it is.
    """
    found = _DATE.fullmatch(iso)
    first = first_day(iso)
    if found is None or first is None:
        return iso
    month = first.year * _MONTHS + first.month - 1 + months
    if not found[2] and is_end:
        month += _MONTHS - 1
    if not date.min.year * _MONTHS <= month < _LAST_MONTH - 1:
        return iso
    if not found[3]:
        return _day_in(month, 1).isoformat()[:7]
    is_last = (first + timedelta(days=1)).month != first.month
    return _day_in(month, 31 if is_last else first.day).isoformat()


def action_span(action: Action) -> DateSpan | None:
    """Return the days an action runs, as far as its dates tell; one date alone stands for both ends."""
    first = first_day(action.start or action.end) or first_day(action.end)
    last = last_day(action.end or action.start) or last_day(action.start)
    if first is None or last is None:
        return None
    return DateSpan(first, max(first, last))


def move_action(action: Action, edge: SpanEdge, months: int) -> Action:
    """Move an action, its start or its end by months; one that would end before it starts comes back as it is."""
    start, end = action.start, action.end
    if edge is not SpanEdge.END:
        start = shift_date(start, months)
    if edge is not SpanEdge.START:
        end = shift_date(end, months, is_end=True)
    after = replace(action, start=start, end=end)
    is_new_error = ends_before_start(after) and not ends_before_start(action)
    return action if is_new_error else after


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


def plan_groups_of(action: Action, grouping: PlanGrouping) -> tuple[str, ...]:
    """Name the groups an action stands in: ids or codes, "" for none; with several partners it stands in several."""
    if grouping is PlanGrouping.PARTNER:
        return action.partners or ("",)
    keys: Mapping[PlanGrouping, str] = {
        PlanGrouping.AGENCY: action.responsible,
        PlanGrouping.FUNDING: action.funding,
        PlanGrouping.PROGRESS: action.progress.value,
    }
    return (keys.get(grouping, ""),)


def group_plan(
    plan: Iterable[PlannedAction], grouping: PlanGrouping, order: Sequence[str]
) -> dict[str, tuple[PlannedAction, ...]]:
    """Put actions together by group, in the given order of groups, what is not named there after it, none last."""
    found: dict[str, list[PlannedAction]] = {key: [] for key in order if key}
    rest: dict[str, list[PlannedAction]] = {}
    for one in plan:
        for key in plan_groups_of(one.action, grouping):
            (found[key] if key in found else rest.setdefault(key, [])).append(one)
    without = rest.pop("", [])
    whole = {**found, **dict(sorted(rest.items())), "": without}
    return {key: tuple(members) for key, members in whole.items() if members}


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
