"""What is lacking and what to do: the gap register, the action plan with its timeline, training needs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, PRIORITY_WORDS, Gap, action_class
from capacity_app.domain.planning import Planned, by_time, plan_of
from capacity_app.domain.problems import N_
from capacity_app.domain.training import SUPPLEMENT, TYPES, training_needs
from capacity_app.report.chapters import action_numbers, gap_cell, span
from capacity_app.report.context import ContextPart, context_part
from capacity_app.report.pieces import (
    Card,
    Cell,
    Fact,
    Heading,
    Table,
    TableRow,
    Tone,
    anchor_of,
    facts,
    joined,
    row,
    shortened,
)
from capacity_app.report.shown import LONGEST, level_words, severity_cell, severity_tone
from capacity_app.wording import PROGRESS_WORDS, Wording

_YEAR_MONTHS = 12
_MOST_PERIODS = 14


@dataclass(frozen=True, slots=True)
class PlanView:
    """The action plan: a timeline, and every action in full."""

    timeline: Table | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class TrainingView:
    """Training and technical assistance: the supplement's answers, the actions planned, and what else says to look."""

    parts: tuple[ContextPart, ...]
    actions: Table | None
    pointers: Table | None


def _gap_row(appraisal: Appraisal, words: Wording, gap: Gap, note: str) -> TableRow:
    return row(
        Cell(gap.number, link=anchor_of("q", gap.question.id)),
        gap_cell(words, gap, note),
        Cell(level_words(words, gap.level, gap.target)),
        Cell(f"{gap.steps} × {gap.importance} = {gap.severity}"),
        Cell(words.texts.gettext(PRIORITY_WORDS[gap.priority])),
        Cell(action_numbers(appraisal, appraisal.actions_by_gap.get(str(gap.address), ()))),
        anchor=anchor_of("g", str(gap.address)),
    )


def _gap_headings(words: Wording) -> tuple[Heading, ...]:
    say = words.say
    return (
        Heading(say(N_("No.")), 9),
        Heading(say(N_("Gap")), 46),
        Heading(say(N_("Level")), 9, "number"),
        Heading(say(N_("Steps × importance")), 12, "number"),
        Heading(say(N_("Priority")), 15),
        Heading(say(N_("Actions")), 9, "number"),
    )


def _notes(appraisal: Appraisal) -> dict[str, str]:
    return {rating.id: rating.note for rating in appraisal.dossier.ratings if rating.note}


def gap_register(appraisal: Appraisal, words: Wording) -> Table | None:
    """List every gap, most severe first."""
    if not appraisal.gaps:
        return None
    notes = _notes(appraisal)
    rows: list[TableRow] = []
    for grade, gaps in groupby(appraisal.gaps, key=lambda gap: gap.severity_class):
        listed = list(gaps)
        title = f"{words.texts.gettext(CLASS_WORDS[grade]).capitalize()} ({words.texts.number(len(listed))})"
        rows.append(TableRow(group=title, tone=severity_tone(grade)))
        rows += [_gap_row(appraisal, words, gap, notes.get(str(gap.address), "")) for gap in listed]
    return Table(_gap_headings(words), tuple(rows), style="compact")


def verify_register(appraisal: Appraisal, words: Wording) -> Table | None:
    """List what is open, worst case first."""
    if not appraisal.to_verify:
        return None
    notes = _notes(appraisal)
    say = words.say
    headings = (
        Heading(say(N_("No.")), 10), Heading(say(N_("To verify")), 70), Heading(say(N_("At worst")), 20),
    )  # fmt: skip
    rows = tuple(
        row(
            Cell(gap.number, link=anchor_of("q", gap.question.id)),
            gap_cell(words, gap, notes.get(str(gap.address), "")),
            severity_cell(words, gap.severity_class),
            anchor=anchor_of("g", str(gap.address)),
        )
        for gap in appraisal.to_verify
    )
    return Table(headings, rows, style="compact")


def loose_ratings(appraisal: Appraisal, words: Wording) -> tuple[Fact, ...]:
    """Give the notes on gaps that are no gaps any more."""
    known = appraisal.gap_by_address
    return tuple(
        Fact(rating.id, f"{words.texts.gettext(FEASIBILITY_WORDS[rating.feasibility])}. {rating.note}".strip(), True)
        for rating in appraisal.dossier.ratings
        if rating.id not in known and rating.note
    )


def _action_facts(appraisal: Appraisal, words: Wording, action: Action) -> Iterator[Fact]:
    say = words.say
    waits = (appraisal.action_numbers.get(other) for other in action.depends_on)
    yield from facts(
        (say(N_("Closes")), "; ".join(words.closed(action, appraisal.gap_by_address))),
        (say(N_("Type")), words.code("action_type", action.type)),
        (say(N_("Responsible")), words.agency_in_full(action.responsible) if action.responsible else ""),
        (say(N_("Partners")), ", ".join(words.code("project_partner", one) for one in action.partners)),
        (say(N_("When")), "" if not (action.start or action.end) else span(words, action.start, action.end)),
        (say(N_("Cost")), action.cost),
        (say(N_("Funding")), words.code("funding_status", action.funding)),
        (say(N_("Indicator")), action.indicator),
        (say(N_("After actions")), ", ".join(str(number) for number in waits if number)),
        (say(N_("Progress")), words.texts.gettext(PROGRESS_WORDS[action.progress])),
    )
    yield from facts((say(N_("Note")), action.note), typed=True)


def _action_card(appraisal: Appraisal, words: Wording, action: Action) -> Card:
    grade = action_class(action, appraisal.gaps)
    severity = words.say(N_("severity: {severity}"), severity=words.texts.gettext(CLASS_WORDS[grade]))
    return Card(
        title=action.title or action.id,
        number=str(appraisal.action_numbers[action.id]),
        subtitle=severity if action.gaps else words.say(N_("closes no gap named here")),
        facts=tuple(_action_facts(appraisal, words, action)),
        anchor=anchor_of("a", action.id),
    )


def _month(day: date) -> int:
    """Count months from year zero."""
    return day.year * _YEAR_MONTHS + day.month - 1


def _reach(one: Planned) -> tuple[int, int] | None:
    """Give the first and last month of an action, None if neither is known."""
    return (_month(one.span.first), _month(one.span.last)) if one.span else None


def _step(first: int, last: int) -> int:
    """Choose the months a column stands for, so that the timeline fits the page."""
    steps = (1, 3, 6, 12, 24, 60, 120)
    return next((step for step in steps if last // step - first // step < _MOST_PERIODS), 1200)


def _period_name(period: int, step: int) -> str:
    year, month = divmod(period * step, _YEAR_MONTHS)
    if step >= _YEAR_MONTHS:
        return str(year)
    return f"{year}-{month + 1:02d}" if step == 1 else f"{year}/{month // step + 1}"


def _timeline_row(one: Planned, periods: Sequence[int], step: int) -> TableRow:
    reach, title = _reach(one), shortened(one.action.title, LONGEST)
    number = Cell(str(one.number), link=anchor_of("a", one.action.id))
    if reach is None:
        return row(number, title, Cell(span=len(periods)))
    first, last = (month // step for month in reach)
    marks = (Cell(sign="■", tone=Tone.STRONG) if first <= period <= last else Cell() for period in periods)
    return row(number, title, *joined(marks))


def timeline(appraisal: Appraisal, words: Wording) -> Table | None:
    """Show when actions run, by months, quarters, half-years or years, whichever fits the page."""
    plan = by_time(plan_of(appraisal.dossier.actions, appraisal.gaps))
    reaches = [reach for one in plan if (reach := _reach(one))]
    if not reaches:
        return None
    first, last = min(start for start, _ in reaches), max(end for _, end in reaches)
    step = _step(first, last)
    periods = range(first // step, last // step + 1)
    width = min(6, 60 // len(periods))
    headings = (
        Heading(words.say(N_("No.")), 6), Heading(words.say(N_("Action")), 94 - width * len(periods)),
        *(Heading(_period_name(period, step), width, "sign") for period in periods),
    )  # fmt: skip
    return Table(headings, tuple(_timeline_row(one, periods, step) for one in plan), style="signs timeline")


def plan_view(appraisal: Appraisal, words: Wording) -> PlanView:
    """Build the action plan."""
    cards = tuple(_action_card(appraisal, words, action) for action in appraisal.dossier.actions)
    return PlanView(timeline(appraisal, words), cards)


def _training_actions(appraisal: Appraisal, words: Wording, actions: Iterable[Action]) -> Table | None:
    say = words.say
    rows = tuple(
        row(
            Cell(str(appraisal.action_numbers[action.id]), link=anchor_of("a", action.id)),
            action.title,
            words.code("action_type", action.type),
            words.agency(action.responsible) if action.responsible else "–",
            span(words, action.start, action.end),
        )
        for action in actions
    )
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), 7), Heading(say(N_("Action")), 43), Heading(say(N_("Type")), 16),
        Heading(say(N_("Responsible")), 16), Heading(say(N_("When")), 18),
    )  # fmt: skip
    return Table(headings, rows, style="compact")


def _pointers(appraisal: Appraisal, words: Wording) -> Table | None:
    """List the topics to which low answers elsewhere point, those with most of them first."""
    found = [need for need in training_needs(appraisal.sheet, appraisal.gaps).needs if need.gaps and not need.is_out]
    if not found:
        return None
    say = words.say
    rows = tuple(
        row(words.topic(need), ", ".join(dict.fromkeys(gap.number for gap in need.gaps)))
        for need in sorted(found, key=lambda need: -len(need.gaps))
    )
    return Table(
        (Heading(say(N_("Topic")), 34), Heading(say(N_("Answers at level 0 or 1")), 66)), rows, style="compact"
    )


def training_view(appraisal: Appraisal, words: Wording) -> TrainingView:
    """Build the chapter on training and technical assistance."""
    sections = [s for s in appraisal.dossier.instrument.sections if s.supplement == SUPPLEMENT]
    chosen = [action for action in appraisal.dossier.actions if action.type in TYPES]
    return TrainingView(
        parts=tuple(context_part(words, appraisal.sheet, section) for section in sections),
        actions=_training_actions(appraisal, words, chosen),
        pointers=_pointers(appraisal, words),
    )
