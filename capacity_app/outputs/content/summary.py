"""The one page that is enough: profile, strengths, gaps, first actions; and whether it fits its page.

It must fit one page whatever was typed. So every list has a fixed length and every line a greatest length;
each line leads to the place where the whole text stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.findings import FindingKind
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, SEVERITY_ORDER, Gap, GapSeverity, action_severity
from capacity_app.domain.scoring.scores import ScoreStatus, SectionScore
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import SectionStrength, find_strengths, severity_tone, strength_text
from capacity_app.outputs.content.elements import TextTone, anchor_of, shorten, text_width
from capacity_app.outputs.content.registers import country_name
from capacity_app.outputs.content.section_chapter import (
    ShownScore,
    month_span,
    overall_score,
    scale_words,
    section_score,
)

# Whether the summary fits its page: an estimate in millimetres, before anything is set.
#
# Setting the page to find out would cost seconds; the measures here are those of ``print.css``.


_PAGE_HEIGHT, _HEAD_HEIGHT, _HEADING_HEIGHT, _PROFILE_FRAME = 252.5, 31.5, 10.0, 8.5
_NOTE_HEIGHT, _NAME_LINE, _NAME_ACROSS, _BAND_ACROSS = 6.0, 3.4, 34, 23
_LEAD_LINE, _LEAD_ACROSS, _SCORED_ACROSS, _LINE_HEIGHT, _POINT_SPACE, _LETTERS_ACROSS = 4.2, 108, 73, 3.75, 2.0, 54
_OPENING_FRAME, _OPENING_LEAST, _LEAD_SPACE = 20.5, 30.0, 3.0
"""Millimetres of what stands on the page, and average letters across a name, a band, the lead and a list."""


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One section in the profile."""

    number: str
    name: str
    link: str
    score: ShownScore


@dataclass(frozen=True, slots=True)
class SummaryPoint:
    """One line of a list: a number or name, the text in short, a word in colour, and where it leads."""

    text: str
    number: str = ""
    word: str = ""
    tone: TextTone = TextTone.PLAIN
    link: str = ""


def estimate_lines(text: str, across: float) -> int:
    """Count the lines a text takes if a line holds ``across`` average letters; a word too long begins a line."""
    lines, used = 1, 0.0
    for word in text.split():
        width = text_width(word)
        if used and used + 1 + width > across:
            lines, used = lines + 1, 0.0
        further = max(ceil(width / across) - 1, 0)
        lines += further
        used += width - further * across + 1
    return lines


def _point_height(point: SummaryPoint) -> float:
    told = f"{point.number} {point.text} {point.word}"
    return estimate_lines(told, _LETTERS_ACROSS) * _LINE_HEIGHT + _POINT_SPACE


def _list_height(*lists: Sequence[SummaryPoint]) -> float:
    """Estimate lists side by side: as high as the highest."""
    return _HEADING_HEIGHT + max(sum(map(_point_height, points)) for points in lists)


def _profile_row_height(line: ProfileLine, height: float) -> float:
    """Estimate one line of the profile: its name or its band may take more lines than planned."""
    names = estimate_lines(line.name, _NAME_ACROSS)
    bands = estimate_lines(f"{line.score.sign} {line.score.band}", _BAND_ACROSS)
    return max(height, max(names, bands) * _NAME_LINE)


def _opening_height(lead: str, *, has_headline: bool) -> float:
    """Estimate the sentences that open the page, which stand beside the overall score if there is one."""
    if not has_headline:
        return estimate_lines(lead, _LEAD_ACROSS) * _LEAD_LINE + _LEAD_SPACE
    return max(_OPENING_LEAST, _OPENING_FRAME + estimate_lines(lead, _SCORED_ACROSS) * _LEAD_LINE)


def fits_page(
    opening: tuple[str, bool],
    profile: Sequence[ProfileLine],
    row_height: float,
    note: str,
    lists: Sequence[Sequence[Sequence[SummaryPoint]]],
) -> bool:
    """Estimate whether the page holds the summary, rather too carefully: a line too many would spill over.

    ``opening`` are the first sentences, and whether the overall score stands beside them.
    """
    table = _PROFILE_FRAME + sum(_profile_row_height(line, row_height) for line in profile) if profile else 0.0
    table += _NOTE_HEIGHT if note else 0.0
    lead, has_headline = opening
    head = _HEAD_HEIGHT + _opening_height(lead, has_headline=has_headline)
    return head + table + sum(_list_height(*beside) for beside in lists) <= _PAGE_HEIGHT


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
class SummaryContent:
    """The summary page."""

    title: str
    standing: str
    lead: str
    headline: ShownScore | None
    profile: tuple[ProfileLine, ...]
    profile_note: str
    scale: tuple[str, ...]
    row_height: float
    strengths: tuple[SummaryPoint, ...]
    gaps: tuple[SummaryPoint, ...]
    actions: tuple[SummaryPoint, ...]
    unknown: tuple[SummaryPoint, ...]


def _profile_line(formatter: Formatter, entry: SectionScore, width: int) -> ProfileLine:
    return ProfileLine(
        number=entry.section.number,
        name=shorten(formatter.section(entry.section), width),
        link=anchor_of("s", entry.section.id),
        score=section_score(formatter, entry, _BAR_WIDTH, _BAR_HEIGHT),
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


def _overall_words(appraisal: Appraisal, formatter: Formatter) -> str:
    overall = appraisal.scorecard.overall
    if overall.lower is None:
        return formatter.say(N_("No part has been scored yet."))
    interval = formatter.texts.in_order(formatter.interval(overall.lower, overall.upper))
    band, coverage = formatter.bands(overall.bands), formatter.share(overall.coverage)
    if overall.value is None:
        return formatter.say(
            N_("Too little is known for an overall score; it lies between {interval} ({band}). Coverage: {coverage}."),
            interval=interval, band=band, coverage=coverage,
        )  # fmt: skip
    return formatter.say(
        N_("Overall score {score} of 100, interval {interval}: {band}. Coverage: {coverage}."),
        score=formatter.points(overall.value), interval=interval, band=band, coverage=coverage,
    )  # fmt: skip


def _summary_lead(appraisal: Appraisal, formatter: Formatter) -> str:
    if not appraisal.with_scores:
        return formatter.say(N_("This copy is without scores: it shows answers, gaps and actions."))
    overall = appraisal.scorecard.overall
    sentences = [_overall_words(appraisal, formatter)]
    if overall.value is not None:
        lowest = appraisal.scorecard.section(overall.lowest)
        if lowest is not None:
            name = f"{lowest.section.number} {shorten(formatter.section(lowest.section), _NAME)}"
            sentences.append(
                formatter.say(N_("Lowest: {name} ({score})."), name=name, score=formatter.points(lowest.published))
            )
        sentences.append(formatter.robustness(overall))
    return " ".join(sentence for sentence in sentences if sentence)


def _strength_point(formatter: Formatter, strength: SectionStrength, width: int) -> SummaryPoint:
    text = shorten(strength_text(formatter, strength), width)
    return SummaryPoint(text, strength.number, link=anchor_of("q", strength.question.id))


def _strength_points(appraisal: Appraisal, formatter: Formatter, width: int) -> tuple[SummaryPoint, ...]:
    """Choose the strongest, one per question, from core parts."""
    core = (section for section in appraisal.dossier.instrument.sections if not section.supplement)
    blocks = (block for section in core for block in appraisal.sheet.section(section))
    chosen: dict[str, SectionStrength] = {}
    for strength in find_strengths(blocks):
        chosen.setdefault(strength.question.id, strength)
    return tuple(_strength_point(formatter, strength, width) for strength in list(chosen.values())[:_STRENGTHS])


def _core_gaps(gaps: Iterable[Gap]) -> list[Gap]:
    return [gap for gap in gaps if not gap.section.supplement]


def _gap_point(formatter: Formatter, gap: Gap, width: int) -> SummaryPoint:
    return SummaryPoint(
        shorten(formatter.gap(gap), width + _NOBODY),
        gap.number,
        formatter.texts.gettext(GAP_SEVERITY_LABELS[gap.severity_class]),
        severity_tone(gap.severity_class),
        anchor_of("g", str(gap.address)),
    )


def _ranked_actions(appraisal: Appraisal) -> list[tuple[Action, GapSeverity]]:
    """Put what is still to do in order: most severe first, then earliest."""
    active = [a for a in appraisal.dossier.actions if a.progress not in {ActionProgress.DONE, ActionProgress.DROPPED}]
    graded = [(action, action_severity(action, appraisal.gaps)) for action in active]
    return sorted(graded, key=lambda pair: (-SEVERITY_ORDER.index(pair[1]), pair[0].start or "9999"))


def _action_point(appraisal: Appraisal, formatter: Formatter, action: Action, width: int) -> SummaryPoint:
    who = formatter.agency(action.responsible) if action.responsible else formatter.say(N_("nobody named"))
    detail = f"{shorten(who, _WHO)}, {month_span(formatter, action)}"
    number = formatter.texts.numeral(appraisal.action_numbers[action.id])
    return SummaryPoint(shorten(action.title, width), number, detail, TextTone.MUTED, anchor_of("a", action.id))


def _suggestion_point(formatter: Formatter, gap: Gap, width: int) -> SummaryPoint:
    text = shorten(formatter.suggestion(gap), width)
    return SummaryPoint(
        text, gap.number, formatter.say(N_("suggested")), TextTone.MUTED, anchor_of("q", gap.question.id)
    )


def _verify_point(formatter: Formatter, gap: Gap, width: int) -> SummaryPoint:
    text = shorten(formatter.gap(gap), width)
    return SummaryPoint(
        text, gap.number, formatter.say(N_("to verify")), TextTone.OPEN, anchor_of("g", str(gap.address))
    )


def _action_points(appraisal: Appraisal, formatter: Formatter, width: int) -> tuple[SummaryPoint, ...]:
    """Return the first planned actions; where fewer are planned, the instrument's suggestions for the worst gaps."""
    planned = [
        _action_point(appraisal, formatter, action, width) for action, _ in _ranked_actions(appraisal)[:_ACTIONS]
    ]
    open_gaps = (gap for gap in _core_gaps(appraisal.gaps) if str(gap.address) not in appraisal.actions_by_gap)
    suggested = [_suggestion_point(formatter, gap, width) for gap in open_gaps if gap.next_step]
    return tuple((planned + suggested)[:_ACTIONS])


def _open_counts(appraisal: Appraisal, formatter: Formatter) -> str:
    items = [item for item in appraisal.sheet.items() if item.standing is ItemStatus.WANTED]
    states = [item.answer.state for item in items if item.answer.is_open and not item.answer.conflict]
    if not states:
        return formatter.say(N_("Every question has an answer."))
    return formatter.say(
        N_("{open} of {all} answers are open: {unknown} unknown, {declined} declined, {missing} not asked."),
        open=formatter.texts.number(len(states)),
        all=formatter.texts.number(len(items)),
        unknown=formatter.texts.number(states.count(AnswerState.UNKNOWN)),
        declined=formatter.texts.number(states.count(AnswerState.DECLINED)),
        missing=formatter.texts.number(states.count(AnswerState.NOT_ASKED)),
    )


def _withheld_points(appraisal: Appraisal, formatter: Formatter) -> Iterator[SummaryPoint]:
    if not appraisal.with_scores:
        return
    weak = [e for e in appraisal.scorecard.sections if e.status in {ScoreStatus.WITHHELD, ScoreStatus.PROVISIONAL}]
    core = [entry for entry in weak if not entry.section.supplement]
    for status, sentence in (
        (ScoreStatus.WITHHELD, N_("Too little known for a score: part {list}.")),
        (ScoreStatus.PROVISIONAL, N_("Provisional scores: part {list}.")),
    ):
        numbers = [entry.section.number for entry in core if entry.status is status]
        if numbers:
            yield SummaryPoint(shorten(formatter.say(sentence, list=", ".join(numbers)), _LINE))


def _unknown_points(appraisal: Appraisal, formatter: Formatter, width: int) -> tuple[SummaryPoint, ...]:
    conflicts = sum(1 for finding in appraisal.findings if finding.kind is FindingKind.CONFLICT)
    points = [SummaryPoint(_open_counts(appraisal, formatter))]
    if conflicts:
        points.append(
            SummaryPoint(
                formatter.ngettext(
                    "In {count} place agencies differ and nobody has settled it.",
                    "In {count} places agencies differ and nobody has settled it.",
                    conflicts,
                )
            )
        )
    points += _withheld_points(appraisal, formatter)
    points += [_verify_point(formatter, gap, width) for gap in _core_gaps(appraisal.to_verify)]
    return tuple(points[:_UNKNOWN])


def _summary(appraisal: Appraisal, formatter: Formatter, status: str, width: int, most: int) -> SummaryContent:
    core = [entry for entry in appraisal.scorecard.sections if not entry.section.supplement]
    shown = _shown_sections(core, most) if appraisal.with_scores else []
    hidden = len(core) - len(shown) if appraisal.with_scores else 0
    note = formatter.ngettext(
        "{count} further part: see its chapter.", "{count} further parts: see their chapters.", hidden
    )
    mission = appraisal.dossier.mission
    name = _NAME if len(shown) <= _TALL_ROWS else _SHORT_NAME
    with_scores = appraisal.with_scores
    return SummaryContent(
        title=shorten(f"{country_name(formatter)} · {mission.round}".strip(" ·"), _TITLE),
        standing=shorten(f"{status} · {formatter.instrument_title}".strip(" ·"), _STANDING),
        lead=_summary_lead(appraisal, formatter),
        headline=overall_score(formatter, appraisal.scorecard.overall, _HEADLINE_WIDTH, _BAR_HEIGHT)
        if with_scores
        else None,
        profile=tuple(_profile_line(formatter, entry, name) for entry in shown),
        profile_note=note if hidden else "",
        scale=scale_words(formatter),
        row_height=_row_height(len(shown)),
        strengths=_strength_points(appraisal, formatter, width),
        gaps=tuple(_gap_point(formatter, gap, width) for gap in _core_gaps(appraisal.gaps)[:_GAPS]),
        actions=_action_points(appraisal, formatter, width),
        unknown=_unknown_points(appraisal, formatter, width),
    )


def _summary_lists(view: SummaryContent) -> tuple[tuple[Sequence[SummaryPoint], ...], ...]:
    """Return the lists as they stand on the page, those side by side together."""
    return (view.gaps, view.actions), (view.strengths, view.unknown)


def _is_on_one_page(view: SummaryContent) -> bool:
    opening = (view.lead, view.headline is not None)
    return fits_page(opening, view.profile, view.row_height, view.profile_note, _summary_lists(view))


def summary_content(appraisal: Appraisal, formatter: Formatter, status: str = "") -> SummaryContent:
    """Build the summary page with as much of every text as the page holds; ``status`` is that of the work."""
    measures = [*((width, MOST_SECTIONS) for width in _WIDTHS), (_WIDTHS[-1], FEWEST_SECTIONS)]
    views = (_summary(appraisal, formatter, status, width, most) for width, most in measures)
    fitting = next((view for view in views if _is_on_one_page(view)), None)
    return fitting or _summary(appraisal, formatter, status, *measures[-1])
