"""How much time a window on the timeline shows."""

from enum import StrEnum

from capacity_app.domain.problems import N_


class Scale(StrEnum):
    """Everything, or so much that years, quarters or months have room for their names."""

    FIT = "fit"
    YEARS = "years"
    QUARTERS = "quarters"
    MONTHS = "months"


SCALE_WORDS: dict[Scale, str] = {
    Scale.FIT: N_("All in sight"),
    Scale.YEARS: N_("Years"),
    Scale.QUARTERS: N_("Quarters"),
    Scale.MONTHS: N_("Months"),
}
STEPS = (Scale.YEARS, Scale.QUARTERS, Scale.MONTHS)
"""The scales from coarse to fine."""


def finer(scale: Scale, step: int) -> Scale:
    """Give the next finer (1) or coarser (-1) scale."""
    place = STEPS.index(scale) if scale in STEPS else (-1 if step > 0 else 1)
    return STEPS[min(max(place + step, 0), len(STEPS) - 1)]
