"""A score as pages show it: its figure, band, interval as a bar drawn to scale, and what qualifies it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import STATUS_WORDS, Band, Overall, SectionScore, Status, band
from capacity_app.palette import BAND_SIGNS, BANDS, MUTED, OPEN_SIGN
from capacity_app.report.charts import Bar, Drawing, score_bar
from capacity_app.report.view.pieces import Tone
from capacity_app.report.view.shown import band_tone
from capacity_app.wording import Wording

_OPENER_WIDTH, _OPENER_HEIGHT = 55.0, 6.0
_SCALE = (0, 50, 100)


@dataclass(frozen=True, slots=True)
class ScoreStrip:
    """A section's figures, as printed at the head of its chapter."""

    value: str
    sign: str
    band: str
    tone: Tone
    interval: str
    coverage: str
    verified: str
    evidence: str
    remarks: tuple[str, ...]
    chart: Drawing
    scale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The overall score at the head of the summary."""

    value: str
    sign: str
    band: str
    tone: Tone
    interval: str
    chart: Drawing
    scale: tuple[str, ...]


def scale_words(words: Wording) -> tuple[str, ...]:
    """Return the numbers at the beginning, middle and end of a bar's scale."""
    return tuple(words.texts.number(tick) for tick in _SCALE)


def _sign(published: Fraction | None) -> tuple[str, Tone]:
    if published is None:
        return OPEN_SIGN, Tone.OPEN
    found: Band = band(published)
    return BAND_SIGNS[found], band_tone(found)


def score_tone(entry: SectionScore) -> tuple[str, Tone]:
    """Return the sign and tone of a section's printed score; the words beside it name all bands it may lie in."""
    return _sign(entry.published)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _bar(published: Fraction | None, lower: Fraction | None, upper: Fraction | None) -> Bar:
    colour = MUTED if published is None else BANDS[band(published)]
    return Bar(_number(published), _number(lower), _number(upper), colour)


def _bar_words(words: Wording, name: str, published: Fraction | None, interval: str) -> str:
    """Return what a bar shows, for those who cannot see it."""
    if published is None:
        return words.say(N_("{name}: no score of 0 to 100; it lies between {interval}"), name=name, interval=interval)
    return words.say(
        N_("{name}: {score} of 100, interval {interval}"), name=name, score=words.points(published), interval=interval
    )


def interval_words(words: Wording, lower: Fraction | None, upper: Fraction | None) -> str:
    return words.texts.in_order(words.interval(lower, upper))


def section_chart(words: Wording, entry: SectionScore, width: float, height: float) -> Drawing:
    """Draw one section's score with its interval; millimetres."""
    lower, upper = entry.score.lower, entry.score.upper
    said = _bar_words(words, entry.section.number, entry.published, interval_words(words, lower, upper))
    return score_bar(_bar(entry.published, lower, upper), said, width, height)


def _remarks(words: Wording, entry: SectionScore) -> Iterator[str]:
    if entry.status in {Status.PROVISIONAL, Status.WITHHELD}:
        yield words.texts.gettext(STATUS_WORDS[entry.status])
    if entry.is_mostly_not_applicable:
        yield words.say(N_("mostly not applicable ({share} of the weight)"), share=words.share(entry.score.na_share))


def score_strip(words: Wording, entry: SectionScore) -> ScoreStrip:
    """Show a section's score with everything that qualifies it."""
    sign, tone = score_tone(entry)
    is_printed = entry.published is not None
    return ScoreStrip(
        value=words.points(entry.published),
        sign=sign,
        band=words.bands(entry.bands) or words.texts.gettext(STATUS_WORDS[entry.status]),
        tone=tone,
        interval=interval_words(words, entry.score.lower, entry.score.upper),
        coverage=words.share(entry.score.coverage),
        verified=words.points(entry.score.verified) if is_printed else "–",
        evidence=words.share(entry.score.evidence_index),
        remarks=tuple(_remarks(words, entry)),
        chart=section_chart(words, entry, _OPENER_WIDTH, _OPENER_HEIGHT),
        scale=scale_words(words),
    )


def headline(words: Wording, overall: Overall, width: float, height: float) -> Headline | None:
    """Show the overall score, or the range in which it lies; None while nothing is scored."""
    if overall.lower is None:
        return None
    sign, tone = _sign(overall.value)
    interval = interval_words(words, overall.lower, overall.upper)
    bar = _bar(overall.value, overall.lower, overall.upper)
    said = _bar_words(words, words.say(N_("Overall score")), overall.value, interval)
    return Headline(
        value=words.points(overall.value),
        sign=sign,
        band=words.bands(overall.bands) or words.texts.gettext(STATUS_WORDS[overall.status]),
        tone=tone,
        interval=interval,
        chart=score_bar(bar, said, width, height),
        scale=scale_words(words),
    )
