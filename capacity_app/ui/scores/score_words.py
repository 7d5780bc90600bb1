"""Scores in sentences: what a number means, how sure it is, and why there is none."""

from collections.abc import Sequence
from fractions import Fraction

from capacity_app.domain.comparison import SectionChange
from capacity_app.domain.instrument import Thresholds
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import BAND_WORDS, Band, Overall, Score, SectionScore, Status
from capacity_app.texts import Texts
from capacity_app.ui.look.palette import BAND_SYMBOLS
from capacity_app.ui.scores.arithmetic import points_text

_SECTION_SENTENCES = {
    Status.FIRM: N_("Firm: {coverage} of the weight is answered. The score lies between {lower} and {upper}."),
    Status.PROVISIONAL: N_(
        "Provisional: {coverage} of the weight is answered, {firm} makes it firm. Whatever the open answers turn out "
        "to be, the score lies between {lower} and {upper}."
    ),
    Status.WITHHELD: N_(
        "No score yet: {coverage} of the weight is answered and at least {provisional} is needed. So far one can only "
        "say that it lies between {lower} and {upper}."
    ),
    Status.NOT_APPLICABLE: N_(
        "Nothing in this section applies, so it has no score and the overall score leaves it out."
    ),
    Status.UNSCORED: N_("Nothing in this section earns points."),
}
_OVERALL_SENTENCES = {
    Status.FIRM: N_("Firm: every section is well known."),
    Status.PROVISIONAL: N_("Provisional: some sections are only partly known."),
    Status.WITHHELD: N_(
        "No overall score yet: every section needs at least {provisional} of its weight answered. Until then only the "
        "interval is shown."
    ),
    Status.NOT_APPLICABLE: N_("No section applies."),
    Status.UNSCORED: N_("This instrument has no scored section."),
}


def band_text(texts: Texts, bands: Sequence[Band]) -> str:
    """Name the band with its sign, or the two bands between which the truth lies."""
    if not bands:
        return ""
    words = [texts.gettext(BAND_WORDS[band]) for band in bands]
    signs = " – ".join(BAND_SYMBOLS[band] for band in bands)
    if len(words) == 1:
        return f"{signs}  {words[0]}"
    return f"{signs}  " + texts.gettext("{low} to {high}").format(low=words[0], high=words[-1])


def interval_text(texts: Texts, lower: Fraction | None, upper: Fraction | None) -> str:
    """Write an interval; empty where there is none or nothing is open."""
    if lower is None or upper is None or lower == upper:
        return ""
    return f"{points_text(texts, lower)} – {points_text(texts, upper)}"


def _values(texts: Texts, thresholds: Thresholds, figures: Score | Overall) -> dict[str, str]:
    coverage = "–" if figures.coverage is None else texts.percent(figures.coverage)
    return {
        "coverage": coverage,
        "firm": texts.percent(thresholds.firm),
        "provisional": texts.percent(thresholds.provisional),
        "lower": points_text(texts, figures.lower),
        "upper": points_text(texts, figures.upper),
    }


def section_sentence(texts: Texts, thresholds: Thresholds, entry: SectionScore) -> str:
    """Say how far a section's score can be relied on."""
    score, status = entry.score, entry.status
    if status is Status.FIRM and score.lower == score.upper:
        sentence = texts.gettext("Firm: everything that applies is answered.")
    else:
        sentence = texts.gettext(_SECTION_SENTENCES[status]).format(**_values(texts, thresholds, score))
    if entry.is_mostly_not_applicable and status is not Status.NOT_APPLICABLE:
        note = texts.gettext("Mostly not applicable: {share} of the section does not apply.")
        sentence += " " + note.format(share=texts.percent(score.na_share))
    return sentence


def overall_sentence(texts: Texts, thresholds: Thresholds, overall: Overall) -> str:
    """Say how far the overall score can be relied on."""
    return texts.gettext(_OVERALL_SENTENCES[overall.status]).format(**_values(texts, thresholds, overall))


def earlier_sentence(texts: Texts, change: SectionChange, round_name: str) -> str:
    """Compare a section with the earlier round, over what both answered; empty where nothing matches."""
    if change.before is None or change.after is None:
        return ""
    sentence = texts.ngettext(
        "Over the {count} part that both rounds answered: {before} in round {round}, {after} now.",
        "Over the {count} parts that both rounds answered: {before} in round {round}, {after} now.",
        change.matched,
    )
    before, after = points_text(texts, change.before), points_text(texts, change.after)
    return sentence.format(count=texts.number(change.matched), before=before, round=round_name, after=after)


def spread_sentence(texts: Texts, overall: Overall) -> str:
    """Say how much the method matters."""
    values = overall.sensitivity.values
    if not values:
        return texts.gettext("Nothing to compare until a section has a score.")
    low, high = points_text(texts, min(values)), points_text(texts, max(values))
    spread = points_text(texts, overall.sensitivity.spread)
    sentence = texts.gettext("Four ways to put the sections together give {low} to {high}, {spread} points apart.")
    verdict = N_("The overall score is robust.") if overall.is_robust else N_("The overall score is not robust.")
    return f"{sentence.format(low=low, high=high, spread=spread)} {texts.gettext(verdict)}"
