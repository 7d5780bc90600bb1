"""Scores, gaps and problems as plain data for other programs, with the names of ``exchange.md``."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from capacity_app.domain.gaps import Gap
from capacity_app.domain.problems import Problem, Translate
from capacity_app.domain.scoring import Band, Overall, Scorecard, SectionScore, Sensitivity
from capacity_app.texts import rounded


def _points(value: Fraction | None) -> float | None:
    return None if value is None else float(rounded(value, 1))


def _share(value: Fraction | None) -> float | None:
    return None if value is None else float(rounded(value, 3))


def _band(bands: tuple[Band, ...]) -> str | None:
    return " to ".join(bands) or None


def _section(entry: SectionScore) -> dict[str, Any]:
    return {
        "id": entry.section.id,
        "score": _points(entry.published),
        "lower": _points(entry.score.lower),
        "upper": _points(entry.score.upper),
        "coverage": _share(entry.score.coverage),
        "na_share": _share(entry.score.na_share),
        "band": _band(entry.bands),
        "status": entry.status.value,
        "verified": _points(entry.score.verified if entry.published is not None else None),
        "evidence_index": _share(entry.score.evidence_index),
    }


def _sensitivity(sensitivity: Sensitivity) -> dict[str, Any]:
    return {
        "equal_sections": _points(sensitivity.equal_sections),
        "equal_items": _points(sensitivity.equal_items),
        "geometric": _points(sensitivity.geometric),
        "own_weights": _points(sensitivity.own_weights),
        "spread": _points(sensitivity.spread),
    }


def _overall(overall: Overall) -> dict[str, Any]:
    return {
        "score": _points(overall.value),
        "lower": _points(overall.lower),
        "upper": _points(overall.upper),
        "coverage": _share(overall.coverage),
        "band": _band(overall.bands),
        "status": overall.status.value,
        "verified": _points(overall.verified),
        "evidence_index": _share(overall.evidence_index),
        "sensitivity": _sensitivity(overall.sensitivity),
        "robust": overall.is_robust,
        "lowest": overall.lowest or None,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "address": str(gap.address),
        "steps": gap.steps,
        "importance": gap.importance,
        "severity": gap.severity,
        "class": gap.severity_class.value,
        "priority": gap.priority.value,
    }


def _to_verify(gap: Gap) -> dict[str, Any]:
    return {"address": str(gap.address), "worst_steps": gap.steps, "importance": gap.importance}


def score_data(scorecard: Scorecard, gaps: Iterable[Gap], to_verify: Iterable[Gap]) -> dict[str, Any]:
    """Give all scores and gaps; percentages to one decimal, shares to three, undefined is None."""
    core = [entry for entry in scorecard.sections if not entry.section.supplement]
    return {
        "sections": [_section(entry) for entry in core],
        "supplements": [_section(entry) for entry in scorecard.sections if entry.section.supplement],
        "overall": _overall(scorecard.overall),
        "gaps": [_gap(gap) for gap in gaps],
        "to_verify": [_to_verify(gap) for gap in to_verify],
    }


def problem_data(problem: Problem, translate: Translate = str) -> dict[str, str]:
    """Give one problem with its sentence."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": problem.place,
        "message": problem.text(translate),
    }
