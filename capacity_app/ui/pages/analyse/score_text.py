"""Scores in sentences: what a number means, how sure it is, and why there is none."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import ScoreThresholds
from capacity_app.domain.scoring.answer_sheet import ZERO
from capacity_app.domain.scoring.scores import (
    BAND_LABELS,
    BAND_LIMITS,
    HUNDRED,
    SCORE_STATUS_LABELS,
    Band,
    OverallScore,
    Score,
    Scorecard,
    ScoreStatus,
    SectionScore,
    count_answers_needed,
    counted_sections,
    unsupported_parts,
)
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import Results
from capacity_app.ui.pages.analyse.score_arithmetic import points_text
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.palette import BAND_SYMBOLS

_SECTION_SENTENCES = {
    ScoreStatus.FIRM: N_("Firm: {coverage} of the weight is answered. The possible range is {lower} to {upper}."),
    ScoreStatus.PROVISIONAL: N_(
        "Provisional: {coverage} of the weight is answered. {firm} makes it firm. The possible range is {lower} to "
        "{upper}."
    ),
    ScoreStatus.WITHHELD: N_(
        "No score yet: {coverage} of the weight is answered. At least {provisional} is needed. The possible range is "
        "{lower} to {upper}."
    ),
    ScoreStatus.NOT_APPLICABLE: N_(
        "Nothing in this part applies, so it has no score and the overall score leaves it out."
    ),
    ScoreStatus.UNSCORED: N_("Nothing in this part earns points."),
}
_OVERALL_SENTENCES = {
    ScoreStatus.FIRM: N_("Firm: every part is well known."),
    ScoreStatus.PROVISIONAL: N_("Provisional: some parts are only partly known."),
    ScoreStatus.WITHHELD: N_(
        "No overall score yet: every part needs at least {provisional} of its weight answered. Until then "
        "only the possible range is shown."
    ),
    ScoreStatus.NOT_APPLICABLE: N_("No part applies."),
    ScoreStatus.UNSCORED: N_("This questionnaire has no scored part."),
}


def band_limits(texts: Translator, low: Band, high: Band) -> str:
    """Return the points from which one band begins to where another one ends: "50.0–83.3"."""
    order, limits = tuple(Band), (ZERO, *BAND_LIMITS, HUNDRED)
    start, end = (points_text(texts, limits[place]) for place in (order.index(low), order.index(high) + 1))
    return texts.in_order(f"{start}–{end}")


def band_text(texts: Translator, bands: Sequence[Band]) -> str:
    """Name the band with its sign and limits, or the bands among which the truth lies with the limits between them."""
    if not bands:
        return ""
    words = [texts.gettext(BAND_LABELS[band]) for band in bands]
    signs = " – ".join(BAND_SYMBOLS[band] for band in bands)
    if len(words) == 1:
        return f"{signs}  {words[0]} ({band_limits(texts, bands[0], bands[0])})"
    order = tuple(Band)
    between = BAND_LIMITS[order.index(bands[0]) : order.index(bands[-1])]
    limits = texts.listed(points_text(texts, limit) for limit in between)
    said = texts.gettext("{low} to {high} (limit: {limits})").format(low=words[0], high=words[-1], limits=limits)
    return f"{signs}  {said}"


def bands_text(texts: Translator) -> str:
    """Name all bands with their limits."""
    named = " · ".join(band_text(texts, (band,)) for band in Band)
    return texts.gettext("Bands, out of 100: {levels}").format(levels=named)


_FEW = 3
"""So many of the parts that pull the overall score down are named."""


def lowest_parts_sentence(wording: SessionFormatter, scorecard: Scorecard) -> str:
    """Name the parts that pull the overall score down, with their scores; empty where there are not more than those."""
    texts = wording.texts
    scored = [(one.published, one.section) for one in counted_sections(scorecard) if one.published is not None]
    if len(scored) <= _FEW:
        return ""
    named = (
        f"{texts.numbered(section.number, wording.section(section))}: {points_text(texts, score)}"
        for score, section in sorted(scored, key=lambda one: one[0])[:_FEW]
    )
    return texts.gettext("The lowest parts pull the score down: {parts}.").format(parts=texts.listed(named))


def section_band_text(texts: Translator, entry: SectionScore) -> str:
    """Name a section's band, or say that it is not applicable or not scored."""
    if entry.status in {ScoreStatus.NOT_APPLICABLE, ScoreStatus.UNSCORED}:
        return texts.gettext(SCORE_STATUS_LABELS[entry.status])
    return band_text(texts, entry.bands)


def coverage_text(texts: Translator, entry: SectionScore) -> str:
    """Return how much of a section is answered; empty where nothing applies."""
    coverage = entry.score.coverage
    return "" if coverage is None else texts.gettext("{share} known").format(share=texts.percent(coverage))


def interval_text(texts: Translator, lower: Fraction | None, upper: Fraction | None) -> str:
    """Write an interval; empty where there is none or nothing is open."""
    if lower is None or upper is None or lower == upper:
        return ""
    return f"{points_text(texts, lower)} – {points_text(texts, upper)}"


def _values(texts: Translator, thresholds: ScoreThresholds, figures: Score | OverallScore) -> dict[str, str]:
    coverage = "–" if figures.coverage is None else texts.percent(figures.coverage)
    return {
        "coverage": coverage,
        "firm": texts.percent(thresholds.firm),
        "provisional": texts.percent(thresholds.provisional),
        "lower": points_text(texts, figures.lower),
        "upper": points_text(texts, figures.upper),
    }


def section_sentence(texts: Translator, thresholds: ScoreThresholds, entry: SectionScore) -> str:
    score, status = entry.score, entry.status
    if status is ScoreStatus.FIRM and score.lower == score.upper:
        sentence = texts.gettext("Firm: everything that applies is answered.")
    else:
        sentence = texts.gettext(_SECTION_SENTENCES[status]).format(**_values(texts, thresholds, score))
    if entry.is_mostly_not_applicable and status is not ScoreStatus.NOT_APPLICABLE:
        note = texts.gettext("Mostly not applicable: {share} of the part does not apply.")
        sentence += " " + note.format(share=texts.percent(score.na_share))
    return sentence


def overall_sentence(texts: Translator, thresholds: ScoreThresholds, overall: OverallScore) -> str:
    return texts.gettext(_OVERALL_SENTENCES[overall.status]).format(**_values(texts, thresholds, overall))


def needed_sentence(texts: Translator, thresholds: ScoreThresholds, entry: SectionScore) -> str:
    """Return how many more answers give a section its score, or make it firm; empty where nothing is lacking."""
    is_withheld = entry.status is ScoreStatus.WITHHELD
    if not is_withheld and entry.status is not ScoreStatus.PROVISIONAL:
        return ""
    count = count_answers_needed(entry, thresholds.provisional if is_withheld else thresholds.firm)
    if is_withheld:
        sentence = texts.ngettext(
            "{count} more answer needed for a score.", "{count} more answers needed for a score.", count
        )
    else:
        sentence = texts.ngettext(
            "{count} more answer needed for a firm score.", "{count} more answers needed for a firm score.", count
        )
    return sentence.format(count=texts.number(count))


def unsupported_text(texts: Translator, count: int, verified: Fraction | None) -> str:
    """Say how many answers at the highest level lack evidence; nothing is said of a score that is not there."""
    if count:
        return texts.counted("{count} highest level lacks evidence", "{count} highest levels lack evidence", count)
    return "" if verified is None else texts.gettext("no highest level lacks evidence")


def previous_round_text(texts: Translator, results: Results, section_id: str) -> str:
    """Compare a section with the previous round, over what both answered; empty where nothing matches."""
    change = results.change(section_id)
    if change is None:
        return ""
    sentence = texts.ngettext(
        "round {round}: {before}, now {after}, over the {count} item both rounds answered",
        "round {round}: {before}, now {after}, over the {count} items both rounds answered",
        change.matched,
    )
    before, after = points_text(texts, change.before), points_text(texts, change.after)
    return sentence.format(count=texts.number(change.matched), before=before, round=results.round, after=after)


def no_comparison_text(texts: Translator, results: Results) -> str:
    """Return why no previous round is shown though there is one; empty where it is, or there never was one."""
    if results.problem is not None:
        return results.problem.text(texts.gettext)
    if results.comparison is None or results.comparison.is_compatible:
        return ""
    return texts.gettext(
        "Round {round} answered another version of the questionnaire. Its scores cannot be compared with these."
    ).format(round=results.round)


def _remarks(texts: Translator, results: Results, entry: SectionScore) -> Iterator[str]:
    say = texts.gettext
    target = results.targets[entry.section.id]
    if target is not None:
        yield say("target {points}").format(points=points_text(texts, target))
    count = len(unsupported_parts(entry.parts))
    if entry.published is not None and count:
        verified = say("verified {points}").format(points=points_text(texts, entry.score.verified))
        yield f"{verified} ({unsupported_text(texts, count, entry.score.verified)})"
    if results.own and not entry.section.supplement:
        yield say("weight {weight}").format(weight=weight_text(texts, results.weight(entry)))
    if earlier := previous_round_text(texts, results, entry.section.id):
        yield earlier


def weight_text(texts: Translator, weight: Fraction) -> str:
    """Write a weight as a person types it: "2", "0.5", "1/3"."""
    if weight.denominator == 1:
        return str(weight)
    is_decimal = (100 % weight.denominator) == 0
    return texts.number(weight, 2).rstrip("0") if is_decimal else str(weight)


def section_remarks(texts: Translator, results: Results, entry: SectionScore) -> str:
    """Say in one quiet line what else stands beside a section's score."""
    return " · ".join(_remarks(texts, results, entry))


def open_sections_sentence(texts: Translator, thresholds: ScoreThresholds, results: Results) -> str:
    """Return which sections still keep the overall score back, and by how many answers; empty if none does."""
    waiting = [e for e in counted_sections(results.scorecard) if e.status is ScoreStatus.WITHHELD]
    if not waiting:
        return ""
    listed = texts.listed(
        f"{entry.section.number} ({texts.number(count_answers_needed(entry, thresholds.provisional))})"
        for entry in waiting
    )
    return texts.gettext("Still without a score, with the answers they need: {list}.").format(list=listed)


def spread_sentence(texts: Translator, overall: OverallScore) -> str:
    found = overall.sensitivity
    if found is None:
        return texts.gettext("There is no overall score yet, so there is nothing to compare.")
    low, high = points_text(texts, min(found.values)), points_text(texts, max(found.values))
    count, spread = texts.number(len(found.values)), points_text(texts, found.spread)
    sentence = texts.gettext("{count} ways to put the parts together give {low} to {high}, {spread} points apart.")
    verdict = N_("The overall score is robust.") if overall.is_robust else N_("The overall score is not robust.")
    return f"{sentence.format(count=count, low=low, high=high, spread=spread)} {texts.gettext(verdict)}"
