"""Quality checks of the action plan and of the mission: who, for what, in which order, validated by whom and when."""

import re
from collections.abc import Iterable, Iterator

from capacity_app.domain.answers import Answer, Layer
from capacity_app.domain.assessment import Action, Progress, Status
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.findings import Finding, FindingKind, answer_finding, entry_finding
from capacity_app.domain.gaps import CLASSES, Gap, SeverityClass, dependency_circle
from capacity_app.domain.planning import check_dates
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Sheet

_DATED = re.compile(r"\(\d{4}(-\d{2}){0,2}\)$")
"""How the reason of a validated answer ends that says when: "Statistics Office (2018-11-29)"."""


def _action_findings(action: Action, known: frozenset[str]) -> Iterator[Finding]:
    title = action.title or action.id
    if not action.responsible:
        yield entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("Nobody is responsible for the action “{title}”."),
            N_("Name the agency that will carry it out."),
            title=title,
        )
    if not known.intersection(action.gaps):
        yield entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("The action “{title}” closes no present gap."),
            N_("Name the gap it closes, or drop it."),
            title=title,
        )


def _circle(dossier: Dossier) -> Iterator[Finding]:
    circle = dependency_circle(dossier.actions)
    if circle:
        titles = {action.id: action.title or action.id for action in dossier.actions}
        yield entry_finding(
            FindingKind.ACTION,
            circle[0],
            N_("These actions wait for each other: {titles}."),
            N_("Decide which of them comes first."),
            titles=" – ".join(titles.get(action, action) for action in circle),
        )


def check_plan(dossier: Dossier, sheet: Sheet, found: Iterable[Gap], to_verify: Iterable[Gap]) -> Iterator[Finding]:
    """Find actions without an owner or a gap, circles among them, and serious gaps nobody closes."""
    gaps = tuple(found)
    known = frozenset(str(gap.address) for gap in (*gaps, *to_verify))
    active = [action for action in dossier.actions if action.progress is not Progress.DROPPED]
    for action in active:
        yield from _action_findings(action, known)
    yield from check_dates(dossier.actions)
    yield from _circle(dossier)
    covered = {address for action in active for address in action.gaps}
    for gap in gaps:
        is_serious = CLASSES.index(gap.severity_class) >= CLASSES.index(SeverityClass.HIGH)
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
    if answer.key.layer is not Layer.VALIDATED or answer.content.is_empty:
        return False
    reason = answer.content.reason.strip()
    return not _DATED.search(reason) if reason else not (answer.author and answer.time)


def check_validation(dossier: Dossier, sheet: Sheet) -> Iterator[Finding]:
    """Find a validation, of the mission or of one answer, that does not say by whom and when."""
    mission = dossier.mission
    if mission.status is Status.VALIDATED and not (mission.validated_by and mission.validated_on):
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
