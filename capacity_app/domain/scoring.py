"""Scores of sections and of the whole, exact and with their uncertainty. Method: ``scoring.md``.

All numbers are fractions; percentages (0-100) for scores and bounds, shares (0-1) for coverage. Rounding
happens only in display.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from capacity_app.domain.instrument import Instrument, Section, Thresholds
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import ONE, ZERO, Block, Part, Sheet, Tally, total

HUNDRED = Fraction(100)
_WEIGHT = re.compile(r"\d{1,6}(?:\.\d{1,6}|/\d{1,6})?|\.\d{1,6}")


class Status(StrEnum):
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


BAND_WORDS: dict[Band, str] = {
    Band.ABSENT: N_("absent"),
    Band.EMERGING: N_("emerging"),
    Band.ESTABLISHED: N_("established with gaps"),
    Band.SUSTAINED: N_("sustained"),
}
STATUS_WORDS: dict[Status, str] = {
    Status.FIRM: N_("firm"),
    Status.PROVISIONAL: N_("provisional"),
    Status.WITHHELD: N_("too little known for a score"),
    Status.NOT_APPLICABLE: N_("not applicable"),
    Status.UNSCORED: N_("not scored"),
}
METHOD_WORDS: dict[str, str] = {
    "equal_sections": N_("Every section counts the same"),
    "equal_items": N_("Every question counts the same"),
    "geometric": N_("Geometric mean, which a weak section pulls down"),
    "own_weights": N_("Your own section weights"),
}
"""The four ways to put sections together, by their name in ``Sensitivity``."""


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
    status: Status
    bands: tuple[Band, ...]
    is_mostly_not_applicable: bool
    parts: tuple[Part, ...]

    @property
    def published(self) -> Fraction | None:
        """The score if it may be printed."""
        return self.score.value if self.status in {Status.FIRM, Status.PROVISIONAL} else None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The overall score under four methods, in points; None where undefined."""

    equal_sections: Fraction | None
    equal_items: Fraction | None
    geometric: Fraction | None
    own_weights: Fraction | None

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The defined ones."""
        every = (self.equal_sections, self.equal_items, self.geometric, self.own_weights)
        return tuple(value for value in every if value is not None)

    @property
    def spread(self) -> Fraction:
        """The distance between the highest and the lowest, in points."""
        return max(self.values) - min(self.values) if self.values else ZERO


@dataclass(frozen=True, slots=True)
class Overall:
    """The overall score, printed only with its interval, its lowest section and its sensitivity."""

    value: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    coverage: Fraction | None
    status: Status
    bands: tuple[Band, ...]
    lowest: str
    sensitivity: Sensitivity
    is_robust: bool
    verified: Fraction | None
    evidence_index: Fraction | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of an assessment: every scored section (supplements too) and the overall over core sections."""

    sections: tuple[SectionScore, ...]
    overall: Overall

    def section(self, section_id: str) -> SectionScore | None:
        """Give one section's score, None if the section is not scored."""
        return next((entry for entry in self.sections if entry.section.id == section_id), None)


LIMITS = (HUNDRED / 6, HUNDRED / 2, HUNDRED * 5 / 6)
"""Where the second, third and fourth band begin: half-way between the levels 0, 33.3, 66.7 and 100."""


def band(percentage: Fraction) -> Band:
    """Name the nearest of the levels 0, 33.3, 66.7 and 100; midpoints belong to the higher one."""
    return tuple(Band)[sum(percentage >= limit for limit in LIMITS)]


def bands(lower: Fraction | None, upper: Fraction | None) -> tuple[Band, ...]:
    """Name the band, or the two bands between which the truth lies."""
    if lower is None or upper is None:
        return ()
    low, high = band(lower), band(upper)
    return (low,) if low is high else (low, high)


def score_of(tally: Tally) -> Score:
    """Turn sums into figures: S = 100·P/A, C = A/W, L and U over W, N over everything.

    Only an open conflict can push 100·P/A out of [L, U] (its range is narrower than that of an open answer);
    S then is the nearer bound, so that no score stands outside its own interval.
    """
    share = tally.out / tally.total if tally.total else ZERO
    if tally.weight == 0:
        return Score(tally, None, None, None, None, share, None, None)
    lower, upper = HUNDRED * tally.low / tally.weight, HUNDRED * tally.high / tally.weight
    coverage = tally.answered / tally.weight
    if tally.answered == 0:
        return Score(tally, None, lower, upper, coverage, share, None, None)
    value = min(max(HUNDRED * tally.points / tally.answered, lower), upper)
    verified = min(HUNDRED * tally.verified / tally.answered, value)
    return Score(tally, value, lower, upper, coverage, share, verified, tally.supported / tally.answered)


def status_of(score: Score, thresholds: Thresholds) -> Status:
    """Decide whether a score may be printed, from coverage alone."""
    if score.coverage is None:
        return Status.NOT_APPLICABLE if score.na_share else Status.UNSCORED
    if score.coverage >= thresholds.firm:
        return Status.FIRM
    return Status.PROVISIONAL if score.coverage >= thresholds.provisional else Status.WITHHELD


def score_section(section: Section, blocks: Iterable[Block], thresholds: Thresholds) -> SectionScore:
    """Score one section from its laid-out questions."""
    laid = tuple(blocks)
    score = score_of(total(block.tally for block in laid if block.parts))
    return SectionScore(
        section=section,
        score=score,
        status=status_of(score, thresholds),
        bands=bands(score.lower, score.upper),
        is_mostly_not_applicable=score.na_share > thresholds.mostly_not_applicable,
        parts=tuple(part for block in laid for part in block.parts),
    )


def weighted_mean(pairs: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Give the mean of (weight, value) pairs; what has no value or no weight is left out."""
    known = [(weight, value) for weight, value in pairs if value is not None and weight > 0]
    whole = sum((weight for weight, _ in known), ZERO)
    return sum((weight * value for weight, value in known), ZERO) / whole if whole else None


def counted_sections(scorecard: Scorecard) -> tuple[SectionScore, ...]:
    """Give the sections the overall score is made of: of the core, and with something that applies."""
    return tuple(e for e in scorecard.sections if not e.section.supplement and e.score.coverage is not None)


def unsupported(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Give the parts the verified score caps: the highest level resting on a statement alone."""
    return tuple(part for part in parts if part.points is not None and part.verified < part.points)


def answers_to(entry: SectionScore, share: Fraction) -> int:
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
    """Give the geometric mean with a floor of one point, to 20 digits (decimal, the same on every machine)."""
    if not values:
        return None
    with localcontext() as context:
        context.prec = 30
        logs = [(Decimal(v.numerator) / Decimal(v.denominator)).ln() for v in (max(value, ONE) for value in values)]
        mean = (sum(logs, Decimal(0)) / len(logs)).exp()
        context.prec = 20
        return Fraction(+mean)


@dataclass(frozen=True, slots=True)
class Pool:
    """All questions of some sections, each counting once: how many, and the sums of A/W and P/W over them."""

    questions: int
    answered: Fraction
    points: Fraction

    @property
    def value(self) -> Fraction | None:
        """The pooled score in points, None while nothing is answered."""
        return HUNDRED * self.points / self.answered if self.answered else None


def pooled(sheet: Sheet, sections: Iterable[SectionScore]) -> Pool:
    """Pool all questions of the sections, each counting once whatever its weight and section."""
    counted = [
        block.tally
        for entry in sections
        for block in sheet.section(entry.section)
        if block.parts and block.tally.weight
    ]
    answered = sum((each.answered / each.weight for each in counted), ZERO)
    points = sum((each.points / each.weight for each in counted), ZERO)
    return Pool(len(counted), answered, points)


def _overall(sheet: Sheet, sections: Sequence[SectionScore], own: Mapping[str, Fraction]) -> Overall:
    counted = [entry for entry in sections if entry.status not in {Status.NOT_APPLICABLE, Status.UNSCORED}]
    published = [entry for entry in counted if entry.published is not None]
    thresholds = sheet.instrument.thresholds
    weights = {entry.section.id: own.get(entry.section.id, entry.section.weight) for entry in counted}

    def mean(which: str) -> Fraction | None:
        return weighted_mean((weights[e.section.id], getattr(e.score, which)) for e in counted)

    lower, upper, coverage = mean("lower"), mean("upper"), mean("coverage")
    is_printed = bool(counted) and len(published) == len(counted)
    sensitivity = Sensitivity(
        weighted_mean((ONE, entry.published) for entry in published),
        pooled(sheet, published).value,
        geometric_mean([entry.published for entry in published if entry.published is not None]),
        weighted_mean((weights[entry.section.id], entry.published) for entry in published),
    )
    if not counted:
        status = Status.NOT_APPLICABLE if sections else Status.UNSCORED
    elif not is_printed:
        status = Status.WITHHELD
    else:
        is_firm = all(entry.status is Status.FIRM for entry in counted)
        status = Status.FIRM if is_firm else Status.PROVISIONAL
    lowest = min(published, key=lambda entry: entry.published or ZERO, default=None)
    return Overall(
        value=mean("value") if is_printed else None,
        lower=lower,
        upper=upper,
        coverage=coverage,
        status=status,
        bands=bands(lower, upper),
        lowest=lowest.section.id if lowest else "",
        sensitivity=sensitivity,
        is_robust=sensitivity.spread <= thresholds.robust_spread,
        verified=mean("verified") if is_printed else None,
        evidence_index=mean("evidence_index"),
    )


def read_weight(text: str) -> Fraction | None:
    """Read a weight as people write it ("2", "0.5", "0,5", "1/2"); None if it cannot be read or is too long.

    Exponents are no weights: "1e999999999" would take the memory of the machine.
    """
    plain = text.strip().replace(",", ".").replace("٫", ".")
    if not _WEIGHT.fullmatch(plain):
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


def reweighed(own: Iterable[str], section: Section, weight: Fraction) -> tuple[str, ...]:
    """Give the user's section weights with another one for a section; the instrument's own needs no entry."""
    others = tuple(text for text in own if text.partition("=")[0] != section.id)
    return others if weight == section.weight else (*others, f"{section.id}={weight}")


def score(sheet: Sheet, own_weights: Mapping[str, Fraction] | None = None) -> Scorecard:
    """Score every scored section; the overall score is over core sections only."""
    sections = tuple(
        score_section(section, sheet.section(section), sheet.instrument.thresholds)
        for section in sheet.instrument.sections
        if section.is_scored
    )
    core = [entry for entry in sections if not entry.section.supplement]
    return Scorecard(sections, _overall(sheet, core, own_weights or {}))
