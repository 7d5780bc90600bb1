"""Where a section is meant to come: the score it would have if every item stood at its target."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from capacity_app.domain.instrument import TOP_LEVEL, Instrument
from capacity_app.domain.scoring import HUNDRED, Scorecard, counted_sections, weighted_mean
from capacity_app.domain.sheet import ZERO, Part


def part_target(instrument: Instrument, part: Part) -> int:
    """Return the target level (0-3) of a part: its row's own, else its question's."""
    question = instrument.question_by_id[part.address.question]
    row = question.row_by_id.get(part.row)
    return row.target if row is not None and row.target is not None else question.target


def section_target(instrument: Instrument, parts: Iterable[Part]) -> Fraction | None:
    """Return 100 · Σ w·T/3 ÷ Σ w over all parts that apply, answered or open, in points; None if nothing applies.

    A part stands at its target T when it has earned the points of that level, T/3 (``scoring.md``: s = ⌊3x⌋).
    Open parts count too, because the target does not depend on what is known.
    """
    weight = wanted = ZERO
    for part in parts:
        if not part.is_out:
            weight += part.weight
            wanted += part.weight * Fraction(part_target(instrument, part), TOP_LEVEL)
    return HUNDRED * wanted / weight if weight else None


def section_targets(instrument: Instrument, scorecard: Scorecard) -> dict[str, Fraction | None]:
    """Return the target of every scored section by the section's id."""
    return {entry.section.id: section_target(instrument, entry.parts) for entry in scorecard.sections}


def overall_target(
    scorecard: Scorecard, targets: Mapping[str, Fraction | None], own: Mapping[str, Fraction]
) -> Fraction | None:
    """Return the mean of the sections' targets, weighted and over the same sections as the overall score."""
    counted = counted_sections(scorecard)
    return weighted_mean((own.get(e.section.id, e.section.weight), targets[e.section.id]) for e in counted)
