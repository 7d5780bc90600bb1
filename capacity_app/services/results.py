"""All results of an open assessment in one value, and the same as plain data with the names of ``exchange.md``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from capacity_app.domain.comparison import Comparison, SectionChange, compare_sheets
from capacity_app.domain.gaps import Gap
from capacity_app.domain.problems import N_, KnownError, Problem, Translate
from capacity_app.domain.scoring import (
    Band,
    Overall,
    Scorecard,
    SectionScore,
    Sensitivity,
    counted_sections,
    section_weights,
    unsupported,
)
from capacity_app.domain.sheet import Part, Sheet
from capacity_app.domain.targets import overall_target, section_targets
from capacity_app.texts import plain_points, plain_share

if TYPE_CHECKING:
    from capacity_app.services.assessment_session import AssessmentSession


@dataclass(frozen=True)
class Results:
    """Scores with what stands beside them: targets, own weights, and the earlier round over matched items.

    ``own`` are the user's section weights by section id, ``round`` names the earlier round; ``comparison`` is
    None where there is none, and ``problem`` says why if the earlier round cannot be read.
    """

    scorecard: Scorecard
    sheet: Sheet
    targets: Mapping[str, Fraction | None]
    target: Fraction | None
    own: Mapping[str, Fraction]
    comparison: Comparison | None
    round: str
    problem: KnownError | None = None

    def weight(self, entry: SectionScore) -> Fraction:
        return self.own.get(entry.section.id, entry.section.weight)

    def change(self, section_id: str) -> SectionChange | None:
        """Return a section's score then and now over what both rounds answered; None where nothing matches."""
        sections = self.comparison.sections if self.comparison else ()
        return next((c for c in sections if c.section.id == section_id and c.before is not None), None)

    @property
    def unsupported(self) -> tuple[Part, ...]:
        """The highest levels of the core that rest on a statement alone."""
        return tuple(part for entry in counted_sections(self.scorecard) for part in unsupported(entry.parts))


def results_of(session: "AssessmentSession") -> Results:
    """Take the results of an assessment as it stands now."""
    card, instrument, mission = session.scorecard(), session.instrument, session.mission
    targets = section_targets(instrument, card)
    own = section_weights(instrument, mission.weights)
    problem = None
    try:
        earlier, previous = session.previous_sheet, session.previous
    except KnownError as error:
        # The scores of this round stand, whatever became of the earlier one.
        earlier, previous, problem = None, None, error
    return Results(
        scorecard=card,
        sheet=session.sheet,
        targets=targets,
        target=overall_target(card, targets, own),
        own=own,
        comparison=compare_sheets(earlier, session.sheet) if earlier else None,
        round=previous.mission.round if previous else "",
        problem=problem,
    )


KEYS: dict[str, str] = {
    "sections": N_("the scored sections of the core, in printed order"),
    "supplements": N_("scored sections outside the overall score"),
    "id": N_("the section’s permanent id"),
    "score": N_("0 to 100, null while too little is answered for one"),
    "lower": N_("the least the score can still become, if every open answer earns nothing"),
    "upper": N_("the most it can still become"),
    "coverage": N_("share of the weight that is answered, 0 to 1"),
    "na_share": N_("share of the weight that does not apply"),
    "band": N_("the nearest level in words, or two between which the truth lies"),
    "status": N_("firm, provisional, withheld, not_applicable or unscored"),
    "verified": N_("the score with every level 3 without evidence counted as 2"),
    "unsupported": N_("how many such levels there are"),
    "evidence_index": N_("share of the answered weight with a document held or checked"),
    "target": N_("the score if every item stood at its target"),
    "weight": N_("the section’s weight in the overall score, as a fraction in text"),
    "previous": N_("the earlier round over what both rounds answered, null without one"),
    "before": N_("the score then"),
    "after": N_("the score now, over the same items"),
    "matched": N_("how many items both rounds answered"),
    "weight_share": N_("their share of the section’s weight"),
    "round": N_("the name of the earlier round"),
    "overall": N_("the mean of the core sections"),
    "lowest": N_("the id of the lowest section, null while the overall score is withheld"),
    "sensitivity": N_("the overall score under several methods, null while it is withheld"),
    "equal_sections": N_("every section counts the same"),
    "equal_items": N_("every question counts the same"),
    "geometric": N_("geometric mean, which a weak section pulls down"),
    "own_weights": N_("with the weights chosen for this assessment, null without any"),
    "spread": N_("how far the methods lie apart, in points"),
    "robust": N_("whether the spread is small enough, null while the overall score is withheld"),
    "gaps": N_("distances to the target, most severe first"),
    "address": N_("where in the questionnaire: question, or question/row"),
    "steps": N_("levels to the target, 1 to 3"),
    "importance": N_("1 to 3"),
    "severity": N_("steps × importance"),
    "class": N_("low, moderate, high or critical"),
    "priority": N_("quick_win, major_project, fill_in or later"),
    "to_verify": N_("open places, worst case first"),
    "worst_steps": N_("levels to the target if the answer turns out to be 0"),
}
"""What the names in the data mean, for those who read it with other programs."""


def _band(bands: tuple[Band, ...]) -> str | None:
    return " to ".join(bands) or None


def _previous(change: SectionChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "before": plain_points(change.before),
        "after": plain_points(change.after),
        "matched": change.matched,
        "weight_share": plain_share(change.weight_share),
    }


def _section(results: Results, entry: SectionScore) -> dict[str, Any]:
    return {
        "id": entry.section.id,
        "score": plain_points(entry.published),
        "lower": plain_points(entry.score.lower),
        "upper": plain_points(entry.score.upper),
        "coverage": plain_share(entry.score.coverage),
        "na_share": plain_share(entry.score.na_share),
        "band": _band(entry.bands),
        "status": entry.status.value,
        "verified": plain_points(entry.score.verified if entry.published is not None else None),
        "unsupported": len(unsupported(entry.parts)),
        "evidence_index": plain_share(entry.score.evidence_index),
        "target": plain_points(results.targets[entry.section.id]),
        "weight": str(results.weight(entry)),
        "previous": _previous(results.change(entry.section.id)),
    }


def _sensitivity(sensitivity: Sensitivity | None) -> dict[str, Any] | None:
    if sensitivity is None:
        return None
    return {
        "equal_sections": plain_points(sensitivity.equal_sections),
        "equal_items": plain_points(sensitivity.equal_items),
        "geometric": plain_points(sensitivity.geometric),
        "own_weights": plain_points(sensitivity.own_weights),
        "spread": plain_points(sensitivity.spread),
    }


def _overall(results: Results, overall: Overall) -> dict[str, Any]:
    return {
        "score": plain_points(overall.value),
        "lower": plain_points(overall.lower),
        "upper": plain_points(overall.upper),
        "coverage": plain_share(overall.coverage),
        "band": _band(overall.bands),
        "status": overall.status.value,
        "verified": plain_points(overall.verified),
        "unsupported": len(results.unsupported),
        "evidence_index": plain_share(overall.evidence_index),
        "target": plain_points(results.target),
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


def score_data(results: Results, gaps: Iterable[Gap], to_verify: Iterable[Gap]) -> dict[str, Any]:
    """Return all scores and gaps under the names of ``KEYS``; percentages to one decimal, shares to three."""
    sections = results.scorecard.sections
    return {
        "sections": [_section(results, entry) for entry in sections if not entry.section.supplement],
        "supplements": [_section(results, entry) for entry in sections if entry.section.supplement],
        "overall": _overall(results, results.scorecard.overall),
        "round": results.round or None,
        "gaps": [_gap(gap) for gap in gaps],
        "to_verify": [_to_verify(gap) for gap in to_verify],
    }


def problem_data(problem: Problem, translate: Translate = str) -> dict[str, str]:
    """Return one problem with its sentence."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": problem.place,
        "message": problem.text(translate),
    }
