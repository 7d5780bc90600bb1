"""Checks of the action plan and of the mission: what is missing in an action, and what cannot be right.

Nothing is called wrong of a vague date that some of its days would make right.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from capacity_app.domain.assessment.answers import Answer, AnswerLayer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import Finding, FindingKind, answer_finding, entry_finding
from capacity_app.domain.assessment.registers import Action, ActionProgress, MissionStatus
from capacity_app.domain.planning.action_plan import action_titles, ends_before_start, first_day, last_day
from capacity_app.domain.planning.costs import CostError, cost_errors
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.answer_sheet import AnswerSheet
from capacity_app.domain.scoring.gaps import SEVERITY_ORDER, Gap, GapSeverity, find_dependency_cycle


def _unreadable(action: Action, name: str) -> Iterator[Finding]:
    for field, text in (("start", action.start), ("end", action.end)):
        if text and first_day(text) is None:
            yield entry_finding(
                FindingKind.ACTION,
                action.id,
                N_("“{date}” in the action “{title}” is not a date."),
                N_("Write the date as 2018-11-29, 2018-11 or 2018."),
                field=field,
                date=text,
                title=name,
            )


def _wrong_order(action: Action, name: str) -> Iterator[Finding]:
    if ends_before_start(action):
        yield entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("The action “{title}” ends before it starts."),
            N_("Correct one of the two dates."),
            field="end",
            title=name,
        )


def _too_early(action: Action, by_id: Mapping[str, Action], names: Mapping[str, str]) -> Iterator[Finding]:
    latest_start = last_day(action.start)
    for other in (by_id[one] for one in action.depends_on if one in by_id and one != action.id):
        if other.progress is ActionProgress.DROPPED:
            yield entry_finding(
                FindingKind.ACTION,
                action.id,
                N_("The action “{title}” waits for “{other}”, which has been dropped."),
                N_("Say what it needs instead, or take the condition away."),
                field="depends_on",
                title=names[action.id],
                other=names[other.id],
            )
            continue
        earliest_end = first_day(other.end)
        is_early = latest_start is not None and earliest_end is not None and latest_start < earliest_end
        if is_early and other.progress is not ActionProgress.DONE:
            yield entry_finding(
                FindingKind.ACTION,
                action.id,
                N_("The action “{title}” starts before “{other}” ends, for which it waits."),
                N_("Move one of them, or take the condition away."),
                field="start",
                title=names[action.id],
                other=names[other.id],
            )


def check_dates(actions: Sequence[Action]) -> Iterator[Finding]:
    """Find dates that cannot be read, that stand in the wrong order, or that do not fit what an action waits for."""
    by_id, names = {action.id: action for action in actions}, action_titles(actions)
    for action in actions:
        if action.progress is not ActionProgress.DROPPED:
            yield from _unreadable(action, names[action.id])
            yield from _wrong_order(action, names[action.id])
            yield from _too_early(action, by_id, names)


_COST_ERRORS: Mapping[CostError, tuple[str, str, str]] = {
    CostError.AMOUNT_UNREADABLE: (
        "amount",
        N_("“{amount}” in the action “{title}” is not an amount."),
        N_("Write the cost as one number, and words under “Note on cost”."),
    ),
    CostError.AMOUNT_NEGATIVE: (
        "amount",
        N_("The cost of the action “{title}” is below zero."),
        N_("Write the cost as a number from zero upwards."),
    ),
    CostError.NO_CURRENCY: (
        "currency",
        N_("The cost of the action “{title}” has no currency."),
        N_("Choose the currency."),
    ),
    CostError.UNKNOWN_CURRENCY: (
        "currency",
        N_("“{currency}” in the action “{title}” is not a currency of ISO 4217."),
        N_("Choose the currency from the list."),
    ),
    CostError.FUNDED_UNREADABLE: (
        "funded",
        N_("“{funded}” in the action “{title}” is not an amount."),
        N_("Write the funded amount as one number."),
    ),
    CostError.FUNDED_NEGATIVE: (
        "funded",
        N_("The funded amount of the action “{title}” is below zero."),
        N_("Write the funded amount as a number from zero upwards."),
    ),
    CostError.FUNDED_ALONE: (
        "amount",
        N_("The action “{title}” has a funded amount and no cost."),
        N_("Enter the cost of the action."),
    ),
    CostError.FUNDED_ABOVE_AMOUNT: (
        "funded",
        N_("More is funded than the action “{title}” costs."),
        N_("Correct the cost or the funded amount."),
    ),
}


def check_costs(actions: Iterable[Action]) -> Iterator[Finding]:
    """Find amounts that cannot be counted; the action is not in the totals until they are corrected."""
    actions = tuple(actions)
    names = action_titles(actions)
    for action in actions:
        for error in cost_errors(action) if action.progress is not ActionProgress.DROPPED else ():
            field, message, advice = _COST_ERRORS[error]
            values = {"amount": action.amount, "currency": action.currency, "funded": action.funded}
            named = {name: value for name, value in values.items() if f"{{{name}}}" in message}
            title = names[action.id]
            yield entry_finding(FindingKind.ACTION, action.id, message, advice, field=field, title=title, **named)


# Quality checks of the action plan and of the mission: who, for what, in which order, validated by whom and when.

_DATED = re.compile(r"\(\d{4}(-\d{2}){0,2}\)$")
"""How the reason of a validated answer ends that says when: "Statistics Office (2018-11-29)"."""


def _action_findings(action: Action, name: str, known: frozenset[str]) -> Iterator[Finding]:
    if not action.responsible:
        yield entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("Nobody is responsible for the action “{title}”."),
            N_("Name the agency that will carry it out."),
            field="responsible",
            title=name,
        )
    if not known.intersection(action.gaps):
        yield entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("The action “{title}” closes no present gap."),
            N_("Name the gap it closes, or drop it."),
            field="gaps",
            title=name,
        )


def _circle(dossier: Dossier) -> Iterator[Finding]:
    circle = find_dependency_cycle(dossier.actions)
    if circle:
        names = action_titles(dossier.actions)
        yield entry_finding(
            FindingKind.ACTION,
            circle[0],
            N_("These actions wait for each other: {titles}."),
            N_("Decide which of them comes first."),
            field="depends_on",
            titles=" – ".join(names.get(action, action) for action in circle),
        )


def check_plan(
    dossier: Dossier, sheet: AnswerSheet, found: Iterable[Gap], to_verify: Iterable[Gap]
) -> Iterator[Finding]:
    """Find actions without an owner or a gap, circles among them, and serious gaps nobody closes."""
    gaps = tuple(found)
    known = frozenset(str(gap.address) for gap in (*gaps, *to_verify))
    active = [action for action in dossier.actions if action.progress is not ActionProgress.DROPPED]
    names = action_titles(dossier.actions)
    for action in active:
        yield from _action_findings(action, names[action.id], known)
    yield from check_dates(dossier.actions)
    yield from check_costs(dossier.actions)
    yield from _circle(dossier)
    covered = {address for action in active for address in action.gaps}
    for gap in gaps:
        is_serious = SEVERITY_ORDER.index(gap.severity_class) >= SEVERITY_ORDER.index(GapSeverity.HIGH)
        if is_serious and str(gap.address) not in covered:
            yield answer_finding(
                sheet,
                FindingKind.GAP,
                gap.address,
                N_("The gap is serious and no action closes it."),
                N_("Plan an action, or say in the gap's note why not."),
            )


def _is_undated(answer: Answer) -> bool:
    """Whether a validated answer says neither in its reason nor by its author and time who validated it and when."""
    if answer.key.layer is not AnswerLayer.VALIDATED or answer.content.is_empty:
        return False
    reason = answer.content.reason.strip()
    return not _DATED.search(reason) if reason else not (answer.author and answer.time)


def check_validation(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    """Find a validation, of the mission or of one answer, that does not say by whom and when."""
    mission = dossier.mission
    if mission.status is MissionStatus.VALIDATED and not (mission.validated_by and mission.validated_on):
        yield entry_finding(
            FindingKind.VALIDATION,
            mission.id,
            N_("The assessment is validated, but not by whom and when."),
            N_("Enter who validated it and on which day."),
        )
    places = {question.id: number for number, question in enumerate(sheet.instrument.questions())}
    undated = (answer.key.address for answer in dossier.answers if _is_undated(answer))
    for address in sorted(undated, key=lambda place: (places.get(place.question, len(places)), place)):
        yield answer_finding(
            sheet,
            FindingKind.VALIDATION,
            address,
            N_("The answer is validated, but not by whom and when."),
            N_("Enter who validated it and on which day."),
        )
