"""Scores of sections and of the whole, exact and with their uncertainty. Method: ``scoring.md``.

All numbers are fractions; percentages (0-100) for scores and bounds, shares (0-1) for coverage. Rounding
happens only in display.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import plain_points, plain_share
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument, ScoreThresholds, Section
from capacity_app.domain.scoring.answer_sheet import (
    ONE,
    ZERO,
    AnswerSheet,
    QuestionBlock,
    ScoredPart,
    Tally,
    exact_sum,
    sum_tallies,
)

HUNDRED = Fraction(100)
_WEIGHT = r"\d{1,6}(?:\.\d{1,6}|/\d{1,6})?|\.\d{1,6}"


class ScoreStatus(StrEnum):
    """How much a score may be relied on."""

    FIRM = "firm"
    PROVISIONAL = "provisional"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not_applicable"
    UNSCORED = "unscored"


class Band(StrEnum):
    """The nearest level in words."""

    ABSENT = "absent"
    EMERGING = "emerging"
    ESTABLISHED = "established_with_gaps"
    SUSTAINED = "sustained"


BAND_LABELS: dict[Band, str] = {
    Band.ABSENT: N_("absent"),
    Band.EMERGING: N_("emerging"),
    Band.ESTABLISHED: N_("established with gaps"),
    Band.SUSTAINED: N_("sustained"),
}
SCORE_STATUS_LABELS: dict[ScoreStatus, str] = {
    ScoreStatus.FIRM: N_("firm"),
    ScoreStatus.PROVISIONAL: N_("provisional"),
    ScoreStatus.WITHHELD: N_("too little known for a score"),
    ScoreStatus.NOT_APPLICABLE: N_("not applicable"),
    ScoreStatus.UNSCORED: N_("not scored"),
}
SENSITIVITY_METHOD_LABELS: dict[str, str] = {
    "equal_sections": N_("Every part counts the same"),
    "equal_items": N_("Every question counts the same"),
    "geometric": N_("Geometric mean of the parts, at least one point each"),
    "own_weights": N_("The weights chosen for this assessment"),
}
"""The ways to put sections together, by their name in ``Sensitivity``; the last one only with own weights."""


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of a section: all percentages in [0, 100], shares in [0, 1], None where undefined."""

    tally: Tally
    value: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    coverage: Fraction | None
    na_share: Fraction
    verified: Fraction | None
    evidence_index: Fraction | None


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A section's score with its status, bands (one, or the lowest and highest possible) and parts."""

    section: Section
    score: Score
    status: ScoreStatus
    bands: tuple[Band, ...]
    is_mostly_not_applicable: bool
    parts: tuple[ScoredPart, ...]

    @property
    def published(self) -> Fraction | None:
        return self.score.value if self.status in {ScoreStatus.FIRM, ScoreStatus.PROVISIONAL} else None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The overall score under several methods, in points; None where undefined."""

    equal_sections: Fraction | None
    equal_items: Fraction | None
    geometric: Fraction | None
    own_weights: Fraction | None

    @property
    def by_method(self) -> dict[str, Fraction]:
        """The defined ones by their name in ``SENSITIVITY_METHOD_LABELS``: three, or four with own weights."""
        every = ((name, getattr(self, name)) for name in SENSITIVITY_METHOD_LABELS)
        return {name: value for name, value in every if value is not None}

    @property
    def values(self) -> tuple[Fraction, ...]:
        return tuple(self.by_method.values())

    @property
    def spread(self) -> Fraction:
        """The distance between the highest and the lowest, in points."""
        return max(self.values) - min(self.values) if self.values else ZERO


@dataclass(frozen=True, slots=True)
class OverallScore:
    """The overall score, printed only with its interval, its lowest section and its sensitivity.

    While it is withheld, so is what belongs to it: ``value``, ``lowest``, ``sensitivity`` and ``verified``.
    """

    value: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    coverage: Fraction | None
    status: ScoreStatus
    bands: tuple[Band, ...]
    lowest: str
    sensitivity: Sensitivity | None
    robust_spread: Fraction
    verified: Fraction | None
    evidence_index: Fraction | None

    @property
    def is_robust(self) -> bool | None:
        """Whether the methods agree well enough; None while the score is withheld."""
        return None if self.sensitivity is None else self.sensitivity.spread <= self.robust_spread


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of an assessment: every scored section (supplements too) and the overall over core sections."""

    sections: tuple[SectionScore, ...]
    overall: OverallScore

    @property
    def entries(self) -> tuple[SectionScore | OverallScore, ...]:
        """All scores, the overall one last."""
        return *self.sections, self.overall

    def section(self, section_id: str) -> SectionScore | None:
        """Return one section's score, None if the section is not scored."""
        return next((entry for entry in self.sections if entry.section.id == section_id), None)


def score_figures(entry: SectionScore | OverallScore) -> dict[str, float | str | None]:
    """Return a score for other programs, by name: points to one decimal, shares to three, None for what is not known.

    ``score`` and ``verified`` are None while the score is withheld, and ``na_share`` is None for the overall score.
    """
    value, found = (entry.published, entry.score) if isinstance(entry, SectionScore) else (entry.value, entry)
    return {
        "score": plain_points(value),
        "lower": plain_points(found.lower),
        "upper": plain_points(found.upper),
        "coverage": plain_share(found.coverage),
        "na_share": plain_share(found.na_share) if isinstance(found, Score) else None,
        "band": " to ".join(entry.bands),
        "status": entry.status.value,
        "verified": plain_points(found.verified) if value is not None else None,
        "evidence_index": plain_share(found.evidence_index),
    }


BAND_LIMITS = (HUNDRED / 6, HUNDRED / 2, HUNDRED * 5 / 6)
"""Where the second, third and fourth band begin: half-way between the levels 0, 33.3, 66.7 and 100."""


def band_of(percentage: Fraction) -> Band:
    """Name the nearest of the levels 0, 33.3, 66.7 and 100; midpoints belong to the higher one."""
    return tuple(Band)[sum(percentage >= limit for limit in BAND_LIMITS)]


def bands_between(lower: Fraction | None, upper: Fraction | None) -> tuple[Band, ...]:
    """Name the band, or the two bands between which the truth lies."""
    if lower is None or upper is None:
        return ()
    low, high = band_of(lower), band_of(upper)
    return (low,) if low is high else (low, high)


def score_of(tally: Tally) -> Score:
    """Turn sums into figures: S = 100·(P + M)/(A + D), C = A/W, L and U over W, N over everything.

    Disagreements (D) count for S at their midpoint (M); so S never leaves [L, U].
    """
    share = tally.out / tally.total if tally.total else ZERO
    if tally.weight == 0:
        return Score(tally, None, None, None, None, share, None, None)
    lower, upper = HUNDRED * tally.low / tally.weight, HUNDRED * tally.high / tally.weight
    coverage, heard = tally.answered / tally.weight, tally.answered + tally.disputed
    value = HUNDRED * (tally.points + tally.middle) / heard if heard else None
    verified = HUNDRED * (tally.verified + tally.middle) / heard if heard else None
    evidence = tally.supported / tally.answered if tally.answered else None
    return Score(tally, value, lower, upper, coverage, share, verified, evidence)


def status_of(score: Score, thresholds: ScoreThresholds) -> ScoreStatus:
    """Decide whether a score may be printed, from coverage alone."""
    if score.coverage is None:
        return ScoreStatus.NOT_APPLICABLE if score.na_share else ScoreStatus.UNSCORED
    if score.coverage >= thresholds.firm:
        return ScoreStatus.FIRM
    return ScoreStatus.PROVISIONAL if score.coverage >= thresholds.provisional else ScoreStatus.WITHHELD


def score_section(section: Section, blocks: Iterable[QuestionBlock], thresholds: ScoreThresholds) -> SectionScore:
    laid = tuple(blocks)
    score = score_of(sum_tallies(block.tally for block in laid if block.parts))
    return SectionScore(
        section=section,
        score=score,
        status=status_of(score, thresholds),
        bands=bands_between(score.lower, score.upper),
        is_mostly_not_applicable=score.na_share > thresholds.mostly_not_applicable,
        parts=tuple(part for block in laid for part in block.parts),
    )


def weighted_mean(pairs: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Return the mean of (weight, value) pairs; what has no value or no weight is left out."""
    known = [(weight, value) for weight, value in pairs if value is not None and weight > 0]
    whole = sum((weight for weight, _ in known), ZERO)
    return sum((weight * value for weight, value in known), ZERO) / whole if whole else None


def counted_sections(scorecard: Scorecard) -> tuple[SectionScore, ...]:
    """Return the sections the overall score is made of: of the core, and with something that applies."""
    return tuple(e for e in scorecard.sections if not e.section.supplement and e.score.coverage is not None)


def unsupported_parts(parts: Iterable[ScoredPart]) -> tuple[ScoredPart, ...]:
    """Return the parts the verified score caps: the highest level resting on a statement alone."""
    return tuple(part for part in parts if part.points is not None and part.verified < part.points)


def count_answers_needed(entry: SectionScore, share: Fraction) -> int:
    """Count the fewest open parts, heaviest first, whose answers bring the coverage to ``share`` (0-1)."""
    tally = entry.score.tally
    lacking = share * tally.weight - tally.answered
    open_weights = (part.weight for part in entry.parts if part.points is None and not part.is_out)
    count = 0
    for weight in sorted(open_weights, reverse=True):
        if lacking <= 0:
            break
        lacking -= weight
        count += 1
    return count


def geometric_mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the geometric mean with a floor of one point, to 20 digits (decimal, the same on every machine)."""
    if not values:
        return None
    with localcontext() as context:
        context.prec = 30
        logs = [(Decimal(v.numerator) / Decimal(v.denominator)).ln() for v in (max(value, ONE) for value in values)]
        mean = (sum(logs, Decimal(0)) / len(logs)).exp()
        context.prec = 20
        return Fraction(+mean)


@dataclass(frozen=True, slots=True)
class QuestionPool:
    """The questions of some sections, each weighing its coverage: how many, Σ C and Σ C × S ÷ 100 over them."""

    questions: int
    coverage: Fraction
    points: Fraction

    @property
    def value(self) -> Fraction | None:
        """The pooled score in points, None while nothing is answered."""
        return HUNDRED * self.points / self.coverage if self.coverage else None


def pool_questions(sheet: AnswerSheet, sections: Iterable[SectionScore]) -> QuestionPool:
    """Pool all questions of the sections, each weighing its coverage whatever its own weight and section."""
    blocks = [block for entry in sections for block in sheet.section(entry.section) if block.tally.weight]
    known = [block.pooled for block in blocks if block.pooled]
    return QuestionPool(len(blocks), exact_sum(c for c, _ in known), exact_sum(p for _, p in known))


def _sensitivity(
    sheet: AnswerSheet, counted: Sequence[SectionScore], own: Mapping[str, Fraction], weighed: Fraction | None
) -> Sensitivity:
    scores = [entry.published for entry in counted if entry.published is not None]
    has_own = any(entry.section.id in own for entry in counted)
    return Sensitivity(
        equal_sections=weighted_mean((ONE, score) for score in scores),
        equal_items=pool_questions(sheet, counted).value,
        geometric=geometric_mean(scores),
        own_weights=weighed if has_own else None,
    )


def _overall_status(counted: Sequence[SectionScore], *, is_scored: bool) -> ScoreStatus:
    if not counted:
        return ScoreStatus.NOT_APPLICABLE if is_scored else ScoreStatus.UNSCORED
    if any(entry.published is None for entry in counted):
        return ScoreStatus.WITHHELD
    is_firm = all(entry.status is ScoreStatus.FIRM for entry in counted)
    return ScoreStatus.FIRM if is_firm else ScoreStatus.PROVISIONAL


def _overall(sheet: AnswerSheet, sections: Sequence[SectionScore], own: Mapping[str, Fraction]) -> OverallScore:
    """Put the sections together; while a section that applies has no score, nothing but the interval is given."""
    counted = [entry for entry in sections if entry.status not in {ScoreStatus.NOT_APPLICABLE, ScoreStatus.UNSCORED}]

    def mean(which: str) -> Fraction | None:
        weights = (own.get(entry.section.id, entry.section.weight) for entry in counted)
        return weighted_mean(zip(weights, (getattr(entry.score, which) for entry in counted), strict=True))

    status, lower, upper = _overall_status(counted, is_scored=bool(sections)), mean("lower"), mean("upper")
    is_printed = status in {ScoreStatus.FIRM, ScoreStatus.PROVISIONAL}
    lowest = min(counted, key=lambda entry: entry.published or ZERO) if is_printed else None
    return OverallScore(
        value=mean("value") if is_printed else None,
        lower=lower,
        upper=upper,
        coverage=mean("coverage"),
        status=status,
        bands=bands_between(lower, upper),
        lowest=lowest.section.id if lowest else "",
        sensitivity=_sensitivity(sheet, counted, own, mean("value")) if is_printed else None,
        robust_spread=sheet.instrument.thresholds.robust_spread,
        verified=mean("verified") if is_printed else None,
        evidence_index=mean("evidence_index"),
    )


def read_weight(text: str) -> Fraction | None:
    """Read a weight as people write it ("2", "0.5", "0,5", "1/2"); None if it cannot be read or is too long.

    Exponents are no weights: "1e999999999" would take the memory of the machine.
    """
    plain = text.strip().replace(",", ".").replace("٫", ".")
    if not re.fullmatch(_WEIGHT, plain):
        return None
    try:
        return Fraction(plain)
    except ZeroDivisionError:
        return None


def section_weights(instrument: Instrument, own: Iterable[str]) -> dict[str, Fraction]:
    """Read the user's section weights ("iii=2", "v=1/2"); what is unreadable or negative is left out."""
    known = {section.id for section in instrument.sections}
    weights: dict[str, Fraction] = {}
    for text in own:
        section, _, number = text.partition("=")
        weight = read_weight(number)
        if section in known and weight is not None:
            weights[section] = weight
    return weights


def reweigh(own: Iterable[str], section: Section, weight: Fraction) -> tuple[str, ...]:
    """Return the user's section weights with another one for a section; the instrument's own needs no entry."""
    others = tuple(text for text in own if text.partition("=")[0] != section.id)
    return others if weight == section.weight else (*others, f"{section.id}={weight}")


def score_sheet(sheet: AnswerSheet, own_weights: Mapping[str, Fraction] | None = None) -> Scorecard:
    """Score every scored section; the overall score is over core sections only."""
    sections = tuple(
        score_section(section, sheet.section(section), sheet.instrument.thresholds)
        for section in sheet.instrument.sections
        if section.is_scored
    )
    core = [entry for entry in sections if not entry.section.supplement]
    return Scorecard(sections, _overall(sheet, core, own_weights or {}))


# Where a section is meant to come: the score it would have if every item stood at its target.


def part_target(instrument: Instrument, part: ScoredPart) -> Fraction:
    """Return the points of a part at its target level: its row's own, else its question's."""
    question = instrument.question_by_id[part.address.question]
    row = question.row_by_id.get(part.row)
    return Fraction(row.target if row is not None and row.target is not None else question.target, question.top_target)


def section_target(instrument: Instrument, parts: Iterable[ScoredPart]) -> Fraction | None:
    """Return 100 · Σ w·T/L ÷ Σ w over all parts that apply, answered or open, in points; None if nothing applies.

    A part stands at its target T when it has earned the points of that level, T/L with L levels above 0.
    Open parts count too, because the target does not depend on what is known.
    """
    weight = wanted = ZERO
    for part in parts:
        if not part.is_out:
            weight += part.weight
            wanted += part.weight * part_target(instrument, part)
    return HUNDRED * wanted / weight if weight else None


def section_targets(instrument: Instrument, scorecard: Scorecard) -> dict[str, Fraction | None]:
    return {entry.section.id: section_target(instrument, entry.parts) for entry in scorecard.sections}


def overall_target(
    scorecard: Scorecard, targets: Mapping[str, Fraction | None], own: Mapping[str, Fraction]
) -> Fraction | None:
    """Return the mean of the sections' targets, weighted and over the same sections as the overall score."""
    counted = counted_sections(scorecard)
    return weighted_mean((own.get(e.section.id, e.section.weight), targets[e.section.id]) for e in counted)
