"""The action plan: when each action runs, what it costs and who pays, and every action in full."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from babel.dates import get_month_names

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.gaps import CLASS_WORDS, action_class
from capacity_app.domain.planning import Grouping, Planned, by_time, grouped, plan_of
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import PROGRESS_WORDS
from capacity_app.report.view.chapters import span
from capacity_app.report.view.gaps import counted
from capacity_app.report.view.pieces import (
    Card,
    Cell,
    Fact,
    Heading,
    Table,
    TableRow,
    Tone,
    anchor_of,
    joined,
    row,
    shortened,
)
from capacity_app.report.view.registers import entry_facts
from capacity_app.report.view.shown import LONGEST
from capacity_app.wording import Wording

_YEAR_MONTHS, _QUARTER, _HALF = 12, 3, 6
_STEPS = (1, _QUARTER, _HALF, _YEAR_MONTHS, 24, 60, 120)
_CENTURY = 1200
_MOST_PERIODS, _MOST_QUARTERS = 14, 20
_GRIDDED = 800
"""So many cells of the timeline get lines between them; more are joined, which costs a fraction to set."""
_BARS = {
    Progress.PLANNED: ("□", Tone.STRONG),
    Progress.STARTED: ("■", Tone.ESTABLISHED),
    Progress.DONE: ("✓", Tone.SUSTAINED),
    Progress.DROPPED: ("✗", Tone.MUTED),
}
"""Sign and tone of an action's bar; the word stands below the action's title."""
_STEP_SENTENCES = {
    1: N_("Columns are months."),
    _QUARTER: N_("Columns are quarters."),
    _HALF: N_("Columns are half-years."),
    _YEAR_MONTHS: N_("Columns are years."),
}


@dataclass(frozen=True, slots=True)
class PlanView:
    """The action plan: counts by progress, a timeline, costs by who pays, and every action in full."""

    timeline: Table | None
    cards: tuple[Card, ...]
    lead: tuple[str, ...] = ()
    progress: Table | None = None
    funding: Table | None = None


def _waits(appraisal: Appraisal, words: Wording, action: Action) -> str:
    """List the numbers of the actions that have to be done before this one."""
    numbers = (appraisal.action_numbers.get(other) for other in action.depends_on)
    return ", ".join(words.texts.numeral(number) for number in numbers if number)


def _action_facts(appraisal: Appraisal, words: Wording, action: Action) -> tuple[Fact, ...]:
    said = {
        "gaps": "; ".join(words.closed(action, appraisal.gap_by_address)),
        "depends_on": _waits(appraisal, words, action),
    }
    return entry_facts(words, "actions", action, without=("title",), instead=said)


def _action_card(appraisal: Appraisal, words: Wording, action: Action) -> Card:
    grade = action_class(action, appraisal.gaps)
    severity = words.say(N_("severity: {severity}"), severity=words.texts.gettext(CLASS_WORDS[grade]))
    return Card(
        title=action.title or action.id,
        number=words.texts.numeral(appraisal.action_numbers[action.id]),
        subtitle=severity if action.gaps else words.say(N_("closes no gap named here")),
        facts=_action_facts(appraisal, words, action),
        anchor=anchor_of("a", action.id),
    )


# -- the timeline ------------------------------------------------------------------------------------------------------


def _month(day: date) -> int:
    return day.year * _YEAR_MONTHS + day.month - 1


def _reach(one: Planned) -> tuple[int, int] | None:
    """Return the first and last month of an action, None if neither is known."""
    return (_month(one.span.first), _month(one.span.last)) if one.span else None


def _step(first: int, last: int) -> int:
    """Choose the months a column stands for, so that the timeline fits the page."""

    def fits(step: int) -> bool:
        return last // step - first // step < (_MOST_QUARTERS if step == _QUARTER else _MOST_PERIODS)

    return next((step for step in _STEPS if fits(step)), _CENTURY)


def _period_name(words: Wording, period: int, step: int) -> str:
    year, month = divmod(period * step, _YEAR_MONTHS)
    if step >= _YEAR_MONTHS:
        return words.texts.numeral(year)
    if step == 1:
        return str(get_month_names("abbreviated", locale=words.texts.locale)[month + 1])
    sentence = N_("Q{number}") if step == _QUARTER else N_("H{number}")
    return words.say(sentence, number=month // step + 1)


def _years(words: Wording, periods: Sequence[int], step: int) -> tuple[Cell, ...]:
    """Head the columns of each year with it; where a column is a year or more, its own heading says so."""
    if step >= _YEAR_MONTHS:
        return ()
    years = groupby(periods, key=lambda period: period * step // _YEAR_MONTHS)
    return (Cell(span=2), *(Cell(words.texts.numeral(year), span=len(list(group))) for year, group in years))


def _label(appraisal: Appraisal, words: Wording, action: Action) -> Cell:
    """Title an action, with what its bar shows in words: who, when, how far, and after what."""
    waits = _waits(appraisal, words, action)
    said = (
        words.agency(action.responsible) if action.responsible else "",
        "" if not (action.start or action.end) else span(words, action.start, action.end),
        words.texts.gettext(PROGRESS_WORDS[action.progress]),
        words.say(N_("after action {numbers}"), numbers=waits) if waits else "",
    )
    return Cell(shortened(action.title, LONGEST), detail=" · ".join(part for part in said if part))


def _bars(one: Planned, periods: Sequence[int], step: int) -> Iterator[Cell]:
    """Yield the cells of one line: empty before and behind the bar, the bar in one piece."""
    reach = _reach(one)
    if reach is None:
        return
    first, last = (month // step for month in reach)
    sign, tone = _BARS[one.action.progress]
    yield from (Cell() for period in periods if period < first)
    yield Cell(sign=sign, tone=tone, span=last - first + 1)
    yield from (Cell() for period in periods if period > last)


def _timeline_row(
    appraisal: Appraisal, words: Wording, one: Planned, periods: Sequence[int], step: int, *, is_gridded: bool
) -> TableRow:
    number = words.texts.numeral(one.number)
    head = (Cell(number, link=anchor_of("a", one.action.id)), _label(appraisal, words, one.action))
    if one.span is None:
        return row(*head, Cell(words.say(N_("no date yet")), tone=Tone.OUT, span=len(periods)))
    bars = _bars(one, periods, step)
    return row(*head, *(bars if is_gridded else joined(bars)))


def _timeline_note(words: Wording, step: int) -> str:
    sentence = _STEP_SENTENCES.get(step)
    columns = (
        words.say(sentence)
        if sentence
        else words.say(N_("A column stands for {count} years and is named by the first."), count=step // _YEAR_MONTHS)
    )
    signs = "   ".join(f"{_BARS[one][0]} {words.texts.gettext(PROGRESS_WORDS[one])}" for one in Progress)
    return f"{signs}   {columns}"


def timeline(appraisal: Appraisal, words: Wording) -> Table | None:
    """Show when actions run, by months, quarters, half-years or years, whichever fits the page."""
    plan = by_time(plan_of(appraisal.dossier.actions, appraisal.gaps))
    reaches = [reach for one in plan if (reach := _reach(one))]
    if not reaches:
        return None
    first, last = min(start for start, _ in reaches), max(end for _, end in reaches)
    step = _step(first, last)
    periods = range(first // step, last // step + 1)
    width = min(6.0, 52 / len(periods))
    headings = (
        Heading(words.say(N_("No.")), 5), Heading(words.label("actions", "title"), 95 - width * len(periods)),
        *(Heading(_period_name(words, period, step), width, "sign") for period in periods),
    )  # fmt: skip
    is_gridded = len(plan) * len(periods) <= _GRIDDED
    return Table(
        headings,
        tuple(_timeline_row(appraisal, words, one, periods, step, is_gridded=is_gridded) for one in plan),
        note=_timeline_note(words, step),
        style="timeline",
        above=_years(words, periods, step),
    )


# -- the whole ---------------------------------------------------------------------------------------------------------


def _funding_table(appraisal: Appraisal, words: Wording) -> Table | None:
    """List what actions cost by who pays: costs are as typed, since currencies and ranges cannot be added up."""
    actions = appraisal.dossier.actions
    if not any(action.cost or action.funding for action in actions):
        return None
    order = [code.id for code in appraisal.dossier.instrument.codes.get("funding_status", ())]
    rows: list[TableRow] = []
    for funding, members in grouped(plan_of(actions, appraisal.gaps), Grouping.FUNDING, order).items():
        name = words.code("funding_status", funding) if funding else words.say(N_("Nothing is said of funding"))
        rows.append(TableRow(group=f"{name} ({words.texts.number(len(members))})"))
        rows += [
            row(
                Cell(words.texts.numeral(one.number), link=anchor_of("a", one.action.id)),
                shortened(one.action.title, LONGEST),
                words.agency(one.action.responsible) if one.action.responsible else "–",
                one.action.cost or "–",
            )
            for one in members
        ]
    label = partial(words.label, "actions")
    headings = (
        Heading(words.say(N_("No.")), 6), Heading(label("title"), 46), Heading(label("responsible"), 18),
        Heading(label("cost"), 30),
    )  # fmt: skip
    return Table(headings, tuple(rows), style="compact")


def _progress(words: Wording, actions: Sequence[Action]) -> Table:
    return counted(
        words,
        (
            (words.texts.gettext(PROGRESS_WORDS[one]), sum(1 for a in actions if a.progress is one), Tone.PLAIN)
            for one in Progress
        ),
    )


def plan_view(appraisal: Appraisal, words: Wording) -> PlanView:
    actions = appraisal.dossier.actions
    if not actions:
        return PlanView(None, ())
    lead = words.say(
        N_(
            "Actions keep their numbers through the whole report. The timeline puts them in the order in which they "
            "run; below it they stand by funding, and then in full."
        )
    )
    return PlanView(
        timeline=timeline(appraisal, words),
        cards=tuple(_action_card(appraisal, words, action) for action in actions),
        lead=(lead,),
        progress=_progress(words, actions),
        funding=_funding_table(appraisal, words),
    )
