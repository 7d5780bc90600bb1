"""The action plan and the training needs as plain data and tables for other programs."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from capacity_app.domain.assessment import Action
from capacity_app.domain.findings import Finding
from capacity_app.domain.planning import Planned
from capacity_app.domain.problems import Translate
from capacity_app.domain.training import Need, TrainingNeeds
from capacity_app.services.results import problem_data

_DERIVED = {"gaps": ("severity",), "end": ("first_day", "last_day"), "note": ("warnings",)}
"""What is worked out of an action, by the field it stands behind."""
COLUMNS = ("number", *(name for one in fields(Action) for name in (one.name, *_DERIVED.get(one.name, ()))))
"""The columns of the plan as a table, which are also the names of its data."""


def _action(one: Planned, warnings: Sequence[str]) -> dict[str, Any]:
    return {
        "number": one.number,
        **{name: list(value) if isinstance(value, tuple) else str(value) for name, value in asdict(one.action).items()},
        "severity": one.severity.value,
        "first_day": one.span.first.isoformat() if one.span else None,
        "last_day": one.span.last.isoformat() if one.span else None,
        "warnings": list(warnings),
    }


def plan_data(plan: Iterable[Planned], findings: Iterable[Finding], translate: Translate = str) -> dict[str, Any]:
    """Return every action with its inherited severity and days, and what is still wrong with the plan."""
    found = tuple(findings)
    said: dict[str, list[str]] = {}
    for finding in found:
        if finding.entry:
            said.setdefault(finding.entry, []).append(finding.problem.text(translate))
    return {
        "actions": [_action(one, said.get(one.action.id, ())) for one in plan],
        "warnings": [
            problem_data(finding.problem, translate)
            | {"action": finding.entry or None, "gap": str(finding.address) if finding.address else None}
            for finding in found
        ],
    }


def _cell(value: Any) -> str:  # noqa: ANN401 - anything an action holds
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def plan_rows(data: dict[str, Any]) -> list[list[str]]:
    """Return the actions of ``plan_data`` as a table, in the order of ``COLUMNS``."""
    return [[_cell(action[name]) for name in COLUMNS] for action in data["actions"]]


def _need(need: Need) -> dict[str, Any]:
    return {
        "topic": need.topic.id,
        "address": str(need.address) if need.address else None,
        "applies": not need.is_out,
        "level": need.level,
        "target": need.target,
        "steps": need.steps,
        "priority": need.priority or None,
        "help": list(need.help),
        "who": list(need.who),
        "trained": need.trained,
        "points_to_it": [str(gap.address) for gap in need.gaps],
    }


def training_data(found: TrainingNeeds) -> dict[str, Any]:
    return {"has_supplement": found.question is not None, "topics": [_need(need) for need in found.needs]}
