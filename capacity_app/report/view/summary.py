"""The one page that is enough: profile, strengths, gaps, first actions, and what could not be established.

It must fit one page whatever was typed. So every list has a fixed length and every line a greatest length;
each line leads to the place where the whole text stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.answers import State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.gaps import CLASS_WORDS, CLASSES, Gap, SeverityClass, action_class
from capacity_app.domain.problems import N_
from capacity_app.domain.quality import FindingKind
from capacity_app.domain.scoring import STATUS_WORDS, SectionScore, Status
from capacity_app.domain.sheet import Standing
from capacity_app.report.view.chapters import months
from capacity_app.report.view.fitting import Point, ProfileLine, fits
from capacity_app.report.view.pieces import Tone, anchor_of, shortened
from capacity_app.report.view.scores import (
    Headline,
    headline,
    interval_words,
    scale_words,
    score_tone,
    section_chart,
)
from capacity_app.report.view.shown import severity_tone
from capacity_app.report.view.strengths import Strength, strength_words, strengths_of
from capacity_app.wording import Wording

MOST_SECTIONS, FEWER_SECTIONS, FEWEST_SECTIONS = 12, 10, 6
"""So many sections are all shown; of more, so many of the lowest; and so many where texts are too long for more."""
_PROFILE_HEIGHT, _TALLEST_ROW = 72.0, 7.4
"""Millimetres the profile may take, and the most one line of it takes."""
_BAR_WIDTH, _BAR_HEIGHT, _HEADLINE_WIDTH = 32.5, 5.4, 115.0
"""Millimetres of the bars of the profile, and of the bar of the overall score."""
_TALL_ROWS, _NAME, _SHORT_NAME = 8, 64, 33
"""Up to so many sections a name may take two lines; more sections have names of one line."""
_WIDTHS = (150, 138, 130, 122, 115, 108, 100, 92, 84, 70, 56, 44, 34)
"""Letters a line of the lists may have: the most that leave everything on the page."""
_TITLE, _LINE, _STANDING, _WHO = 66, 112, 200, 26
_STRENGTHS, _GAPS, _ACTIONS, _UNKNOWN = 3, 5, 5, 4
_NOBODY = 26
"""Letters that lines have besides which do not name who acts and when."""


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The summary page."""

    title: str
    standing: str
    lead: str
    headline: Headline | None
    profile: tuple[ProfileLine, ...]
    profile_note: str
    scale: tuple[str, ...]
    row_height: float
    strengths: tuple[Point, ...]
    gaps: tuple[Point, ...]
    actions: tuple[Point, ...]
    unknown: tuple[Point, ...]


def _profile_line(words: Wording, entry: SectionScore, width: int) -> ProfileLine:
    sign, tone = score_tone(entry)
    return ProfileLine(
        number=entry.section.number,
        name=shortened(words.section(entry.section), width),
        link=anchor_of("s", entry.section.id),
        score=words.points(entry.published),
        interval=interval_words(words, entry.score.lower, entry.score.upper),
        coverage=words.share(entry.score.coverage),
        sign=sign,
        band=words.bands(entry.bands) or words.texts.gettext(STATUS_WORDS[entry.status]),
        tone=tone,
        chart=section_chart(words, entry, _BAR_WIDTH, _BAR_HEIGHT),
    )


def _shown_sections(entries: Sequence[SectionScore], most: int) -> list[SectionScore]:
    """Return all sections, or the lowest where there are too many for a page, in printed order."""
    if len(entries) <= most:
        return list(entries)
    lowest = sorted(entries, key=lambda entry: (entry.score.lower is None, entry.score.lower or Fraction(0)))
    kept = {entry.section.id for entry in lowest[: min(FEWER_SECTIONS, most)]}
    return [entry for entry in entries if entry.section.id in kept]


def _row_height(count: int) -> float:
    """Return every line the same height in millimetres, so that the bars stand beside their names."""
    return round(min(_TALLEST_ROW, _PROFILE_HEIGHT / max(count, 1)), 2)


def _overall_words(appraisal: Appraisal, words: Wording) -> str:
    overall = appraisal.scorecard.overall
    if overall.lower is None:
        return words.say(N_("No part has been scored yet."))
    interval = words.texts.in_order(words.interval(overall.lower, overall.upper))
    band, coverage = words.bands(overall.bands), words.share(overall.coverage)
    if overall.value is None:
        return words.say(
            N_("Too little is known for an overall score; it lies between {interval} ({band}). Coverage: {coverage}."),
            interval=interval, band=band, coverage=coverage,
        )  # fmt: skip
    return words.say(
        N_("Overall score {score} of 100, interval {interval}: {band}. Coverage: {coverage}."),
        score=words.points(overall.value), interval=interval, band=band, coverage=coverage,
    )  # fmt: skip


def _lead(appraisal: Appraisal, words: Wording) -> str:
    if not appraisal.with_scores:
        return words.say(N_("This copy is without scores: it shows answers, gaps and actions."))
    overall = appraisal.scorecard.overall
    sentences = [_overall_words(appraisal, words)]
    if overall.value is not None:
        lowest = appraisal.scorecard.section(overall.lowest)
        if lowest is not None:
            name = f"{lowest.section.number} {shortened(words.section(lowest.section), _NAME)}"
            sentences.append(
                words.say(N_("Lowest: {name} ({score})."), name=name, score=words.points(lowest.published))
            )
        sentences.append(words.robustness(overall))
    return " ".join(sentence for sentence in sentences if sentence)


def _strength_point(words: Wording, strength: Strength, width: int) -> Point:
    text = shortened(strength_words(words, strength), width)
    return Point(text, strength.number, link=anchor_of("q", strength.question.id))


def _strengths(appraisal: Appraisal, words: Wording, width: int) -> tuple[Point, ...]:
    """Choose the strongest, one per question, from core parts."""
    core = (section for section in appraisal.dossier.instrument.sections if not section.supplement)
    blocks = (block for section in core for block in appraisal.sheet.section(section))
    chosen: dict[str, Strength] = {}
    for strength in strengths_of(blocks):
        chosen.setdefault(strength.question.id, strength)
    return tuple(_strength_point(words, strength, width) for strength in list(chosen.values())[:_STRENGTHS])


def _core(gaps: Iterable[Gap]) -> list[Gap]:
    return [gap for gap in gaps if not gap.section.supplement]


def _gap_point(words: Wording, gap: Gap, width: int) -> Point:
    return Point(
        shortened(words.gap(gap), width + _NOBODY),
        gap.number,
        words.texts.gettext(CLASS_WORDS[gap.severity_class]),
        severity_tone(gap.severity_class),
        anchor_of("g", str(gap.address)),
    )


def _ranked_actions(appraisal: Appraisal) -> list[tuple[Action, SeverityClass]]:
    """Put what is still to do in order: most severe first, then earliest."""
    active = [a for a in appraisal.dossier.actions if a.progress not in {Progress.DONE, Progress.DROPPED}]
    graded = [(action, action_class(action, appraisal.gaps)) for action in active]
    return sorted(graded, key=lambda pair: (-CLASSES.index(pair[1]), pair[0].start or "9999"))


def _action_point(appraisal: Appraisal, words: Wording, action: Action, width: int) -> Point:
    who = words.agency(action.responsible) if action.responsible else words.say(N_("nobody named"))
    detail = f"{shortened(who, _WHO)}, {months(words, action)}"
    number = words.texts.numeral(appraisal.action_numbers[action.id])
    return Point(shortened(action.title, width), number, detail, Tone.MUTED, anchor_of("a", action.id))


def _suggestion_point(words: Wording, gap: Gap, width: int) -> Point:
    text = shortened(words.suggestion(gap), width)
    return Point(text, gap.number, words.say(N_("suggested")), Tone.MUTED, anchor_of("q", gap.question.id))


def _verify_point(words: Wording, gap: Gap, width: int) -> Point:
    text = shortened(words.gap(gap), width)
    return Point(text, gap.number, words.say(N_("to verify")), Tone.OPEN, anchor_of("g", str(gap.address)))


def _actions(appraisal: Appraisal, words: Wording, width: int) -> tuple[Point, ...]:
    """Return the first planned actions; where fewer are planned, the instrument's suggestions for the worst gaps."""
    planned = [_action_point(appraisal, words, action, width) for action, _ in _ranked_actions(appraisal)[:_ACTIONS]]
    open_gaps = (gap for gap in _core(appraisal.gaps) if str(gap.address) not in appraisal.actions_by_gap)
    suggested = [_suggestion_point(words, gap, width) for gap in open_gaps if gap.next_step]
    return tuple((planned + suggested)[:_ACTIONS])


def _open_counts(appraisal: Appraisal, words: Wording) -> str:
    items = [item for item in appraisal.sheet.items() if item.standing is Standing.WANTED]
    states = [item.answer.state for item in items if item.answer.is_open and not item.answer.conflict]
    if not states:
        return words.say(N_("Every question has an answer."))
    return words.say(
        N_("{open} of {all} answers are open: {unknown} unknown, {declined} declined, {missing} not asked."),
        open=words.texts.number(len(states)),
        all=words.texts.number(len(items)),
        unknown=words.texts.number(states.count(State.UNKNOWN)),
        declined=words.texts.number(states.count(State.DECLINED)),
        missing=words.texts.number(states.count(State.NOT_ASKED)),
    )


def _withheld(appraisal: Appraisal, words: Wording) -> Iterator[Point]:
    if not appraisal.with_scores:
        return
    weak = [e for e in appraisal.scorecard.sections if e.status in {Status.WITHHELD, Status.PROVISIONAL}]
    core = [entry for entry in weak if not entry.section.supplement]
    for status, sentence in (
        (Status.WITHHELD, N_("Too little known for a score: part {list}.")),
        (Status.PROVISIONAL, N_("Provisional scores: part {list}.")),
    ):
        numbers = [entry.section.number for entry in core if entry.status is status]
        if numbers:
            yield Point(shortened(words.say(sentence, list=", ".join(numbers)), _LINE))


def _unknown(appraisal: Appraisal, words: Wording, width: int) -> tuple[Point, ...]:
    conflicts = sum(1 for finding in appraisal.findings if finding.kind is FindingKind.CONFLICT)
    points = [Point(_open_counts(appraisal, words))]
    if conflicts:
        points.append(
            Point(
                words.ngettext(
                    "In {count} place agencies differ and nobody has settled it.",
                    "In {count} places agencies differ and nobody has settled it.",
                    conflicts,
                )
            )
        )
    points += _withheld(appraisal, words)
    points += [_verify_point(words, gap, width) for gap in _core(appraisal.to_verify)]
    return tuple(points[:_UNKNOWN])


def _summary(appraisal: Appraisal, words: Wording, status: str, width: int, most: int) -> SummaryView:
    core = [entry for entry in appraisal.scorecard.sections if not entry.section.supplement]
    shown = _shown_sections(core, most) if appraisal.with_scores else []
    hidden = len(core) - len(shown) if appraisal.with_scores else 0
    note = words.ngettext(
        "{count} further part: see its chapter.", "{count} further parts: see their chapters.", hidden
    )
    mission = appraisal.dossier.mission
    name = _NAME if len(shown) <= _TALL_ROWS else _SHORT_NAME
    with_scores = appraisal.with_scores
    return SummaryView(
        title=shortened(f"{mission.country_name} · {mission.round}".strip(" ·"), _TITLE),
        standing=shortened(f"{status} · {words.instrument_title}".strip(" ·"), _STANDING),
        lead=_lead(appraisal, words),
        headline=headline(words, appraisal.scorecard.overall, _HEADLINE_WIDTH, _BAR_HEIGHT) if with_scores else None,
        profile=tuple(_profile_line(words, entry, name) for entry in shown),
        profile_note=note if hidden else "",
        scale=scale_words(words),
        row_height=_row_height(len(shown)),
        strengths=_strengths(appraisal, words, width),
        gaps=tuple(_gap_point(words, gap, width) for gap in _core(appraisal.gaps)[:_GAPS]),
        actions=_actions(appraisal, words, width),
        unknown=_unknown(appraisal, words, width),
    )


def _lists(view: SummaryView) -> tuple[tuple[Sequence[Point], ...], ...]:
    """Return the lists as they stand on the page, those side by side together."""
    return (view.gaps, view.actions), (view.strengths, view.unknown)


def _is_on_one_page(view: SummaryView) -> bool:
    opening = (view.lead, view.headline is not None)
    return fits(opening, view.profile, view.row_height, view.profile_note, _lists(view))


def summary_view(appraisal: Appraisal, words: Wording, status: str = "") -> SummaryView:
    """Build the summary page with as much of every text as the page holds; ``status`` is that of the work."""
    measures = [*((width, MOST_SECTIONS) for width in _WIDTHS), (_WIDTHS[-1], FEWEST_SECTIONS)]
    views = (_summary(appraisal, words, status, width, most) for width, most in measures)
    fitting = next((view for view in views if _is_on_one_page(view)), None)
    return fitting or _summary(appraisal, words, status, *measures[-1])
