"""The action plan as a whole: when each action runs, how serious it is, what waits for what, and what cannot be right.

Dates are ISO 8601 as people know them: a day, a month or a year alone. A vague date stands for every day in it, and
nothing is called wrong that some of those days would make right.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.findings import Finding, FindingKind, entry_finding
from capacity_app.domain.gaps import Gap, SeverityClass, action_class
from capacity_app.domain.problems import N_, Problem

_MONTHS = 12
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_OVER = frozenset({Progress.DONE, Progress.DROPPED})


class Edge(StrEnum):
    """Which end of an action is moved."""

    BOTH = "both"
    START = "start"
    END = "end"


class Grouping(StrEnum):
    """By what the actions of a plan are put together."""

    NONE = "none"
    AGENCY = "agency"
    PARTNER = "partner"
    FUNDING = "funding"
    PROGRESS = "progress"


GROUPING_WORDS: dict[Grouping, str] = {
    Grouping.NONE: N_("Not grouped"),
    Grouping.AGENCY: N_("By responsible agency"),
    Grouping.PARTNER: N_("By partner"),
    Grouping.FUNDING: N_("By funding"),
    Grouping.PROGRESS: N_("By progress"),
}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The first and the last day of an action, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Planned:
    """An action with what follows from the plan: its printed number, inherited severity, known gaps and days.

    ``span`` is None while no date is known; ``waits_for`` are the ids of actions that exist.
    """

    action: Action
    number: int
    severity: SeverityClass
    gaps: tuple[Gap, ...]
    span: Span | None
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


def shifted(iso: str, months: int, *, is_end: bool = False) -> str:
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


def span_of(action: Action) -> Span | None:
    """Return the days an action runs, as far as its dates tell; one date alone stands for both ends."""
    first = first_day(action.start or action.end) or first_day(action.end)
    last = last_day(action.end or action.start) or last_day(action.start)
    if first is None or last is None:
        return None
    return Span(first, max(first, last))


def moved(action: Action, edge: Edge, months: int) -> Action:
    """Move an action, its start or its end by months; one that would end before it starts comes back as it is."""
    start, end = action.start, action.end
    if edge is not Edge.END:
        start = shifted(start, months)
    if edge is not Edge.START:
        end = shifted(end, months, is_end=True)
    after = replace(action, start=start, end=end)
    is_new_error = _ends_before_start(after) and not _ends_before_start(action)
    return action if is_new_error else after


def _ends_before_start(action: Action) -> bool:
    first, last = first_day(action.start), last_day(action.end)
    return first is not None and last is not None and last < first


def is_late(action: Action, today: date) -> bool:
    """Return whether an action should be over by now and is not."""
    last = last_day(action.end)
    return last is not None and last < today and action.progress not in _OVER


# -- the plan ----------------------------------------------------------------------------------------------------------


def plan_of(actions: Sequence[Action], gaps: Iterable[Gap]) -> tuple[Planned, ...]:
    """Put every action together with its gaps, severity and days, in the order they were made."""
    by_address = {str(gap.address): gap for gap in gaps}
    known = {action.id for action in actions}
    return tuple(
        Planned(
            action=action,
            number=number,
            severity=action_class(action, (gap for gap in found if not gap.is_open)),
            gaps=found,
            span=span_of(action),
            waits_for=tuple(other for other in action.depends_on if other in known),
        )
        for number, action in enumerate(actions, start=1)
        for found in (tuple(by_address[address] for address in action.gaps if address in by_address),)
    )


def by_time(plan: Iterable[Planned]) -> tuple[Planned, ...]:
    """Order actions by their days, undated ones last; the same order whichever was entered first."""
    far = Span(date.max, date.max)
    return tuple(
        sorted(plan, key=lambda one: (one.span is None, one.span or far, one.action.title.casefold(), one.action.id))
    )


def groups_of(action: Action, grouping: Grouping) -> tuple[str, ...]:
    """Name the groups an action stands in: ids or codes, "" for none; with several partners it stands in several."""
    if grouping is Grouping.PARTNER:
        return action.partners or ("",)
    keys: Mapping[Grouping, str] = {
        Grouping.AGENCY: action.responsible,
        Grouping.FUNDING: action.funding,
        Grouping.PROGRESS: action.progress.value,
    }
    return (keys.get(grouping, ""),)


def grouped(plan: Iterable[Planned], grouping: Grouping, order: Sequence[str]) -> dict[str, tuple[Planned, ...]]:
    """Put actions together by group, in the given order of groups, what is not named there after it, none last."""
    found: dict[str, list[Planned]] = {key: [] for key in order if key}
    rest: dict[str, list[Planned]] = {}
    for one in plan:
        for key in groups_of(one.action, grouping):
            (found[key] if key in found else rest.setdefault(key, [])).append(one)
    without = rest.pop("", [])
    whole = {**found, **dict(sorted(rest.items())), "": without}
    return {key: tuple(members) for key, members in whole.items() if members}


# -- what waits for what -----------------------------------------------------------------------------------------------


def waits_for(actions: Iterable[Action], start: str) -> frozenset[str]:
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


def refused_dependency(action: Action, actions: Iterable[Action]) -> Problem | None:
    """Return why an action may not be stored: it would newly wait for one that waits for it."""
    others = {one.id: one for one in actions}
    before = others.pop(action.id, None)
    for other in action.depends_on:
        is_new = before is None or other not in before.depends_on
        is_circle = other == action.id or action.id in waits_for(others.values(), other)
        if is_new and is_circle:
            title = others[other].title if other in others else action.title
            return Problem(
                "entry.circle",
                f"actions/{action.id}",
                N_("“{title}” cannot wait for “{other}”, which itself waits for it."),
                N_("Decide which of the two comes first."),
                (("title", action.title or action.id), ("other", title or other)),
            )
    return None


# -- what cannot be right ----------------------------------------------------------------------------------------------


def _name(action: Action) -> str:
    return action.title or action.id


def _unreadable(action: Action) -> Iterator[Finding]:
    for text in (action.start, action.end):
        if text and first_day(text) is None:
            yield entry_finding(
                FindingKind.ACTION,
                action.id,
                N_("“{date}” in the action “{title}” is no date."),
                N_("Write the date as 2018-11-29, 2018-11 or 2018."),
                date=text,
                title=_name(action),
            )


def _wrong_order(action: Action) -> Iterator[Finding]:
    if _ends_before_start(action):
        yield entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("The action “{title}” ends before it starts."),
            N_("Correct one of the two dates."),
            title=_name(action),
        )


def _too_early(action: Action, by_id: Mapping[str, Action]) -> Iterator[Finding]:
    latest_start = last_day(action.start)
    for other in (by_id[one] for one in action.depends_on if one in by_id and one != action.id):
        if other.progress is Progress.DROPPED:
            yield entry_finding(
                FindingKind.ACTION,
                action.id,
                N_("The action “{title}” waits for “{other}”, which has been dropped."),
                N_("Say what it needs instead, or take the condition away."),
                title=_name(action),
                other=_name(other),
            )
            continue
        earliest_end = first_day(other.end)
        is_early = latest_start is not None and earliest_end is not None and latest_start < earliest_end
        if is_early and other.progress is not Progress.DONE:
            yield entry_finding(
                FindingKind.ACTION,
                action.id,
                N_("The action “{title}” starts before “{other}” ends, for which it waits."),
                N_("Move one of them, or take the condition away."),
                title=_name(action),
                other=_name(other),
            )


def check_dates(actions: Sequence[Action]) -> Iterator[Finding]:
    """Find dates that cannot be read, that stand in the wrong order, or that do not fit what an action waits for."""
    by_id = {action.id: action for action in actions}
    for action in actions:
        if action.progress is not Progress.DROPPED:
            yield from _unreadable(action)
            yield from _wrong_order(action)
            yield from _too_early(action, by_id)
