"""Results of an open assessment: scores, weak points, plan and answers as plain data and tables for other programs."""

import csv
import io
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import Answer, AnswerValue
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import Finding, FindingKind
from capacity_app.domain.assessment.quality import check_quality
from capacity_app.domain.assessment.registers import Action, Evidence, ReturnedFile, register_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import plain_points, plain_share, write_amount
from capacity_app.domain.planning.action_plan import PlannedAction
from capacity_app.domain.planning.costs import CostLine, CurrencyCosts, PlanCosts, plan_costs
from capacity_app.domain.planning.training import TrainingNeed, TrainingNeeds
from capacity_app.domain.problems import N_, KnownError, Problem, Translate, problem_data
from capacity_app.domain.questionnaire.instrument import OFFICER_NOTE_KEY, Instrument, wording_places
from capacity_app.domain.questionnaire.versions import publication_problems
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, ScoredPart
from capacity_app.domain.scoring.gaps import Gap, gap_figures
from capacity_app.domain.scoring.round_comparison import AssessmentComparison, SectionChange, compare_laid_out
from capacity_app.domain.scoring.scores import (
    SENSITIVITY_METHOD_LABELS,
    OverallScore,
    Scorecard,
    SectionScore,
    Sensitivity,
    counted_sections,
    overall_target,
    score_figures,
    section_targets,
    section_weights,
    unsupported_parts,
)
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage.integrity import missing_document


@dataclass(frozen=True)
class Results:
    """Scores with what stands beside them: targets, own weights, and the previous round over matched items.

    ``own`` are the user's section weights by section id, ``round`` names the previous round; ``comparison`` is
    None where there is none, and ``problem`` says why if the previous round cannot be read.
    """

    scorecard: Scorecard
    sheet: AnswerSheet
    targets: Mapping[str, Fraction | None]
    target: Fraction | None
    own: Mapping[str, Fraction]
    comparison: AssessmentComparison | None
    round: str
    problem: KnownError | None = None

    def weight(self, entry: SectionScore) -> Fraction:
        return self.own.get(entry.section.id, entry.section.weight)

    def change(self, section_id: str) -> SectionChange | None:
        """Return a section's score then and now over what both rounds answered; None where nothing matches."""
        sections = self.comparison.sections if self.comparison else ()
        return next((c for c in sections if c.section.id == section_id and c.before is not None), None)

    @property
    def unsupported(self) -> tuple[ScoredPart, ...]:
        """The highest levels of the core that rest on a statement alone."""
        return tuple(part for entry in counted_sections(self.scorecard) for part in unsupported_parts(entry.parts))


def assessment_results(session: "AssessmentSession") -> Results:
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
        comparison=compare_laid_out(earlier, session.sheet) if earlier else None,
        round=previous.mission.round if previous else "",
        problem=problem,
    )


SCORE_KEYS: dict[str, str] = {
    "questions": N_("the selection of questions that is asked, such as short; empty for all"),
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
    "verified": N_("the score with every highest level without evidence counted as one level less"),
    "unsupported": N_("how many such levels there are"),
    "evidence_index": N_("share of the answered weight with a document held or checked"),
    "target": N_("the score if every item stood at its target"),
    "weight": N_("the section’s weight in the overall score, as a fraction in text"),
    "previous": N_("the previous round over what both rounds answered, null without one"),
    "before": N_("the score then"),
    "after": N_("the score now, over the same items"),
    "matched": N_("how many items both rounds answered"),
    "weight_share": N_("their share of the section’s weight"),
    "round": N_("the name of the previous round"),
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


def _previous_data(change: SectionChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "before": plain_points(change.before),
        "after": plain_points(change.after),
        "matched": change.matched,
        "weight_share": plain_share(change.weight_share),
    }


def _section_data(results: Results, entry: SectionScore) -> dict[str, Any]:
    figures = score_figures(entry)
    return {
        "id": entry.section.id,
        **figures,
        "band": figures["band"] or None,
        "unsupported": len(unsupported_parts(entry.parts)),
        "target": plain_points(results.targets[entry.section.id]),
        "weight": str(results.weight(entry)),
        "previous": _previous_data(results.change(entry.section.id)),
    }


def _sensitivity_data(sensitivity: Sensitivity | None) -> dict[str, Any] | None:
    if sensitivity is None:
        return None
    return {name: plain_points(getattr(sensitivity, name)) for name in (*SENSITIVITY_METHOD_LABELS, "spread")}


def _overall_data(results: Results, overall: OverallScore) -> dict[str, Any]:
    figures = {name: figure for name, figure in score_figures(overall).items() if name != "na_share"}
    return {
        **figures,
        "band": figures["band"] or None,
        "unsupported": len(results.unsupported),
        "target": plain_points(results.target),
        "sensitivity": _sensitivity_data(overall.sensitivity),
        "robust": overall.is_robust,
        "lowest": overall.lowest or None,
    }


def _gap_data(gap: Gap) -> dict[str, Any]:
    figures = gap_figures(gap) | {"class": gap.severity_class.value}
    return {name: figures[name] for name in ("address", "steps", "importance", "severity", "class", "priority")}


def _to_verify_data(gap: Gap) -> dict[str, Any]:
    return {"address": str(gap.address), "worst_steps": gap.steps, "importance": gap.importance}


def score_data(results: Results, gaps: Iterable[Gap], to_verify: Iterable[Gap]) -> dict[str, Any]:
    """Return all scores and gaps under the names of ``SCORE_KEYS``; percentages to one decimal, shares to three."""
    sections = results.scorecard.sections
    profile = results.sheet.instrument.profile
    return {
        "questions": profile.id if profile else "",
        "sections": [_section_data(results, entry) for entry in sections if not entry.section.supplement],
        "supplements": [_section_data(results, entry) for entry in sections if entry.section.supplement],
        "overall": _overall_data(results, results.scorecard.overall),
        "round": results.round or None,
        "gaps": [_gap_data(gap) for gap in gaps],
        "to_verify": [_to_verify_data(gap) for gap in to_verify],
    }


# The action plan and the training needs as plain data and tables for other programs.

_COMPUTED_COLUMNS = {"gaps": ("severity",), "end": ("first_day", "last_day"), "note": ("warnings",)}
"""What is worked out of an action, by the field it stands behind."""
PLAN_COLUMNS = (
    "number",
    *(name for one in fields(Action) for name in (one.name, *_COMPUTED_COLUMNS.get(one.name, ()))),
)
"""The columns of the plan as a table, which are also the names of its data."""


def _action_data(one: PlannedAction, warnings: Sequence[str]) -> dict[str, Any]:
    return {
        "number": one.number,
        **{name: list(value) if isinstance(value, tuple) else str(value) for name, value in asdict(one.action).items()},
        "severity": one.severity.value,
        "first_day": one.span.first.isoformat() if one.span else None,
        "last_day": one.span.last.isoformat() if one.span else None,
        "warnings": list(warnings),
    }


def plan_data(plan: Sequence[PlannedAction], findings: Iterable[Finding], translate: Translate = str) -> dict[str, Any]:
    """Return every action with its inherited severity and days, and what is still wrong with the plan."""
    found = tuple(findings)
    said: dict[str, list[str]] = {}
    for finding in found:
        if finding.entry:
            said.setdefault(finding.entry, []).append(finding.problem.text(translate))
    return {
        "actions": [_action_data(one, said.get(one.action.id, ())) for one in plan],
        "costs": _costs_data(plan_costs(one.action for one in plan)),
        "warnings": [
            problem_data(finding.problem, translate)
            | {"action": finding.entry or None, "gap": str(finding.address) if finding.address else None}
            for finding in found
        ],
    }


def _costs_data(costs: PlanCosts) -> dict[str, Any]:
    """Return the totals of a plan; amounts are decimals in text."""

    def sums(line: CostLine | CurrencyCosts) -> dict[str, str]:
        return {name: write_amount(getattr(line, name)) for name in ("amount", "funded", "gap")}

    def divided(lines: tuple[CostLine, ...]) -> list[dict[str, str]]:
        return [{"key": line.key} | sums(line) for line in lines]

    return {
        "currencies": [
            {"currency": one.currency, "actions": one.actions}
            | sums(one)
            | {name: divided(getattr(one, name)) for name in ("by_year", "by_source", "by_funding")}
            for one in costs.currencies
        ],
        "with_amount": costs.with_amount,
        "without_amount": costs.without_amount,
        "left_out": list(costs.left_out),
    }


def _cell_text(value: Any) -> str:  # noqa: ANN401 - anything an action holds
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def plan_rows(data: dict[str, Any]) -> list[list[str]]:
    """Return the actions of ``plan_data`` as a table, in the order of ``PLAN_COLUMNS``."""
    return [[_cell_text(action[name]) for name in PLAN_COLUMNS] for action in data["actions"]]


def _need_data(need: TrainingNeed) -> dict[str, Any]:
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
    return {"has_supplement": found.question is not None, "topics": [_need_data(need) for need in found.needs]}


# All answers of an assessment as one plain table, for statistics programs.

ANSWER_TABLE_COLUMNS = (
    "country", "round", "instrument", "version", "question", "row", "column", "layer", "respondent", "state",
    "value", "reason", "note", "evidence", "author", "time", "language",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def value_text(value: AnswerValue) -> str:
    """Write a value as language-free text; lists are joined by semicolons."""
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, tuple) else str(value)


def escape_formula(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula: an apostrophe in front, as people write it there."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _answer_row(dossier: Dossier, answer: Answer) -> tuple[str, ...]:
    key, content = answer.key, answer.content
    return (
        dossier.mission.country, dossier.mission.round, dossier.instrument.id, dossier.instrument.version,
        key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent,
        content.state.value, value_text(content.value), content.reason, content.note, ";".join(content.evidence),
        answer.author, answer.time, answer.language,
    )  # fmt: skip


def answer_table_rows(dossier: Dossier) -> Iterator[tuple[str, ...]]:
    """Go through all answers, one row per address, layer and respondent, in the order of ``ANSWER_TABLE_COLUMNS``."""
    return (_answer_row(dossier, answer) for answer in dossier.answers)


def to_csv(rows: Iterable[Sequence[str]], headings: Sequence[str] = ANSWER_TABLE_COLUMNS) -> bytes:
    """Write rows under their headings as CSV (UTF-8 with the mark that makes Excel read it right)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([escape_formula(heading) for heading in headings])
    writer.writerows(tuple(escape_formula(cell) for cell in row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


# Everything weak in an open assessment, wherever it is shown: window, command line, report.

_OFFICER_TEXTS = (OFFICER_NOTE_KEY, "officer_introduction", "evidence_hint", "action ")
"""Parts of the wording respondents never see: they may stay in the instrument's own language."""


def _is_for_respondents(part: str) -> bool:
    return not any(part.startswith(name) or f" {name}" in part for name in _OFFICER_TEXTS)


def count_untranslated(instrument: Instrument, language: str) -> Mapping[str, int]:
    """Count, by question id, the sentences respondents read that have no wording in a language (BCP 47)."""
    if language == instrument.language:
        return {}
    texts, missing = Translator(language), Counter[str]()
    for key, text in wording_places(instrument):
        owner, _, part = key.partition("|")
        if owner in instrument.question_by_id and _is_for_respondents(part):
            missing[owner] += not texts.has_wording(instrument.id, key, text)
    return +missing


def weak_points(session: AssessmentSession, missing: Mapping[str, int] | None = None) -> tuple[Finding, ...]:
    """List everything weak, kind by kind in printed order; ``missing``: ``count_untranslated``, if kept."""
    if missing is None:
        missing = count_untranslated(session.instrument, session.mission.language)
    of_file = (Finding(FindingKind.FILE, problem) for problem in publication_problems(session.instrument))
    return (*of_file, *check_quality(session.dossier(), session.sheet, session.gaps(), missing, session.conflicts()))


def _entries_with_documents(dossier: Dossier) -> Iterator[Evidence | ReturnedFile]:
    yield from (entry for entry in dossier.evidence if entry.document)
    yield from (entry for entry in dossier.returns if entry.document)


def named_documents(dossier: Dossier) -> frozenset[str]:
    """Return the documents (SHA-256) that evidence and returned files name."""
    return frozenset(entry.document for entry in _entries_with_documents(dossier))


def missing_documents(dossier: Dossier, held: Container[str]) -> Iterator[Problem]:
    """Name the evidence and the returned files whose document is not in a dossier."""
    for entry in _entries_with_documents(dossier):
        if entry.document not in held:
            yield missing_document(register_of(entry), entry)
