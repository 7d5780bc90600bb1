"""The gap register with what has to be verified, and the action plan: timeline, costs, every action."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import get_month_names

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import Action, ActionProgress, FeasibilityRating
from capacity_app.domain.planning.action_plan import PlanGrouping, PlannedAction, build_plan, group_plan, sort_by_time
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS
from capacity_app.domain.scoring.gaps import (
    GAP_SEVERITY_LABELS,
    PRIORITY_LABELS,
    SEVERITY_ORDER,
    Gap,
    GapSeverity,
    action_severity,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import LEVEL_TONES, LONGEST, level_words, severity_cell, severity_tone
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    EntryCard,
    Fact,
    TableCell,
    TableRow,
    TablesBody,
    TextTone,
    anchor_of,
    column_headings,
    join_empty_cells,
    shorten,
    table_row,
)
from capacity_app.outputs.content.registers import entry_facts
from capacity_app.outputs.content.section_chapter import action_number, date_span, gap_cell, responsible_agency
from capacity_app.palette import LEVEL_SIGNS

# The gap register: what is lacking, most severe first, and what has to be verified before anything is said of it.


def action_numbers(appraisal: Appraisal, formatter: Formatter, actions: Iterable[Action]) -> str:
    return ", ".join(formatter.texts.numeral(appraisal.action_numbers[action.id]) for action in actions)


def action_links(appraisal: Appraisal, formatter: Formatter, address: str) -> TableCell:
    """List the printed numbers of the actions that close a gap, each leading to its action."""
    actions = appraisal.actions_by_gap.get(address, ())
    links = tuple((one.text, one.link) for one in (action_number(appraisal, formatter, action) for action in actions))
    return TableCell(", ".join(number for number, _link in links) or "–", links=links)


def _level_cell(formatter: Formatter, gap: Gap) -> TableCell:
    """Write where a gap stands and where it should be, the sign of the present level before it."""
    text = formatter.texts.in_order(level_words(formatter, gap.level, gap.target))
    if gap.level is None:
        return TableCell(text)
    return TableCell(text, sign=LEVEL_SIGNS[gap.level], tone=LEVEL_TONES[gap.level])


def _next_step(formatter: Formatter, gap: Gap) -> str:
    """Name the instrument's suggestion where a gap is serious; the others would only make the list longer."""
    suggestion = formatter.suggestion(gap) if gap.is_serious else ""
    return formatter.say(N_("Next step: {step}"), step=suggestion) if suggestion else ""


def _gap_row(appraisal: Appraisal, formatter: Formatter, gap: Gap, note: str) -> TableRow:
    said = "\n".join(part for part in (note, _next_step(formatter, gap)) if part)
    return table_row(
        TableCell(gap.number, link=anchor_of("q", gap.question.id)),
        gap_cell(formatter, gap, said),
        _level_cell(formatter, gap),
        formatter.texts.in_order(formatter.texts.in_digits(f"{gap.steps} × {gap.importance} = {gap.severity}")),
        formatter.texts.gettext(PRIORITY_LABELS[gap.priority]),
        action_links(appraisal, formatter, str(gap.address)),
        anchor=anchor_of("g", str(gap.address)),
    )


def rating_notes(appraisal: Appraisal) -> dict[str, str]:
    return {rating.id: rating.note for rating in appraisal.dossier.ratings if rating.note}


def group_title(formatter: Formatter, name: str, count: int) -> str:
    """Head a group of a table: its name as a sentence begins, and how many it has."""
    return f"{_capitalized(name)} ({formatter.texts.number(count)})"


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def gaps_by_severity(appraisal: Appraisal, formatter: Formatter) -> Iterator[tuple[str, GapSeverity, list[Gap]]]:
    """Group the gaps by severity, the most severe first, each group with its title."""
    for grade, gaps in groupby(appraisal.gaps, key=lambda gap: gap.severity_class):
        listed = list(gaps)
        yield group_title(formatter, formatter.texts.gettext(GAP_SEVERITY_LABELS[grade]), len(listed)), grade, listed


def gap_register(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """List every gap, most severe first."""
    if not appraisal.gaps:
        return None
    notes = rating_notes(appraisal)
    rows: list[TableRow] = []
    for title, grade, gaps in gaps_by_severity(appraisal, formatter):
        rows.append(TableRow(group=title, tone=severity_tone(grade)))
        rows += [_gap_row(appraisal, formatter, gap, notes.get(str(gap.address), "")) for gap in gaps]
    headings = column_headings(
        formatter.say, (N_("No."), 11), (N_("Gap"), 44), (N_("Level"), 11, "number"),
        (N_("Steps × importance"), 12, "number"), (N_("Priority"), 14), (N_("Actions"), 8, "number"),
    )  # fmt: skip
    return ContentTable(headings, tuple(rows), style="register")


def verify_register(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """List what is open, worst case first."""
    if not appraisal.to_verify:
        return None
    notes = rating_notes(appraisal)
    headings = column_headings(formatter.say, (N_("No."), 11), (N_("To verify"), 69), (N_("At worst"), 20))
    rows = tuple(
        table_row(
            TableCell(gap.number, link=anchor_of("q", gap.question.id)),
            gap_cell(formatter, gap, notes.get(str(gap.address), "")),
            severity_cell(formatter, gap.severity_class),
            anchor=anchor_of("g", str(gap.address)),
        )
        for gap in appraisal.to_verify
    )
    return ContentTable(headings, rows, style="register")


def ratings_without_gap(appraisal: Appraisal) -> list[FeasibilityRating]:
    """Return what was noted on gaps that are no gaps any more."""
    return [rating for rating in appraisal.dossier.ratings if rating.id not in appraisal.gap_by_address]


def _facts_without_gap(appraisal: Appraisal, formatter: Formatter) -> tuple[Fact, ...]:
    said = (
        (one, formatter.texts.gettext(FEASIBILITY_DESCRIPTIONS[one.feasibility]))
        for one in ratings_without_gap(appraisal)
    )
    return tuple(Fact(one.id, f"{feasibility}. {one.note}", True) for one, feasibility in said if one.note)


def counts_table(formatter: Formatter, counts: Iterable[tuple[TableCell, int]]) -> ContentTable:
    """Set a handful of counts side by side, each under its word."""
    listed = list(counts)
    headings = tuple(ColumnHeading(_capitalized(name.text), 100 / len(listed)) for name, _count in listed)
    cells = (TableCell(formatter.texts.number(count), tone=name.tone) for name, count in listed)
    return ContentTable(headings, (table_row(*cells),), style="tally")


def severity_counts(appraisal: Appraisal, formatter: Formatter) -> Iterator[tuple[TableCell, int]]:
    """Count the gaps of each severity, the worst first, and what is to be verified."""
    found = [gap.severity_class for gap in appraisal.gaps]
    for grade in reversed(SEVERITY_ORDER[1:]):
        yield severity_cell(formatter, grade), found.count(grade)
    yield TableCell(formatter.say(N_("to verify")), tone=TextTone.OPEN), len(appraisal.to_verify)


def _gaps_lead(appraisal: Appraisal, formatter: Formatter) -> str:
    if appraisal.gaps:
        return formatter.say(
            N_(
                "A gap is the distance from the present level to the target (0 → 3 is three steps). Its severity is "
                "steps × importance; one on which other progress depends goes up one class. Numbers of actions lead "
                "to the action plan."
            )
        )
    if appraisal.to_verify:
        return formatter.say(N_("No gap has been found so far; what is still open is listed below."))
    return formatter.say(N_("No gap has been found."))


def gaps_body(appraisal: Appraisal, formatter: Formatter) -> TablesBody:
    """Build the chapter: counts by severity, the register, and apart from it what is to be verified."""
    tables = []
    if appraisal.gaps or appraisal.to_verify:
        tables.append(("", counts_table(formatter, severity_counts(appraisal, formatter))))
    register, verify = gap_register(appraisal, formatter), verify_register(appraisal, formatter)
    if register:
        tables.append(("", register))
    if verify:
        tables.append((formatter.say(N_("To verify before anything else")), verify))
    return TablesBody(tuple(tables), (_gaps_lead(appraisal, formatter),), _facts_without_gap(appraisal, formatter))


_YEAR_MONTHS, _QUARTER, _HALF = 12, 3, 6
_STEPS = (1, _QUARTER, _HALF, _YEAR_MONTHS, 24, 60, 120)
_CENTURY = 1200
_MOST_PERIODS, _MOST_QUARTERS = 14, 20
_GRIDDED = 800
"""So many cells of the timeline get lines between them; more are joined, which costs a fraction to set."""
_BARS = {
    ActionProgress.PLANNED: ("□", TextTone.STRONG),
    ActionProgress.STARTED: ("■", TextTone.ESTABLISHED),
    ActionProgress.DONE: ("✓", TextTone.SUSTAINED),
    ActionProgress.DROPPED: ("✗", TextTone.MUTED),
}
"""Sign and tone of an action's bar; the word stands below the action's title."""
_STEP_SENTENCES = {
    1: N_("Columns are months."),
    _QUARTER: N_("Columns are quarters."),
    _HALF: N_("Columns are half-years."),
    _YEAR_MONTHS: N_("Columns are years."),
}


@dataclass(frozen=True, slots=True)
class PlanContent:
    """The action plan: counts by progress, a timeline, costs by who pays, and every action in full."""

    timeline: ContentTable | None
    cards: tuple[EntryCard, ...]
    lead: tuple[str, ...] = ()
    progress: ContentTable | None = None
    funding: ContentTable | None = None


def preceding_numbers(appraisal: Appraisal, formatter: Formatter, action: Action) -> str:
    """List the numbers of the actions that have to be done before this one."""
    numbers = (appraisal.action_numbers.get(other) for other in action.depends_on)
    return ", ".join(formatter.texts.numeral(number) for number in numbers if number)


def _action_facts(appraisal: Appraisal, formatter: Formatter, action: Action) -> tuple[Fact, ...]:
    said = {
        "gaps": "; ".join(formatter.closed(action, appraisal.gap_by_address)),
        "depends_on": preceding_numbers(appraisal, formatter, action),
    }
    return entry_facts(formatter, "actions", action, without=("title",), instead=said)


def _action_card(appraisal: Appraisal, formatter: Formatter, action: Action) -> EntryCard:
    grade = action_severity(action, appraisal.gaps)
    severity = formatter.say(N_("severity: {severity}"), severity=formatter.texts.gettext(GAP_SEVERITY_LABELS[grade]))
    return EntryCard(
        title=action.title or action.id,
        number=formatter.texts.numeral(appraisal.action_numbers[action.id]),
        subtitle=severity if action.gaps else formatter.say(N_("closes no gap named here")),
        facts=_action_facts(appraisal, formatter, action),
        anchor=anchor_of("a", action.id),
    )


# -- the timeline ------------------------------------------------------------------------------------------------------


def _month_number(day: date) -> int:
    return day.year * _YEAR_MONTHS + day.month - 1


def _month_range(one: PlannedAction) -> tuple[int, int] | None:
    """Return the first and last month of an action, None if neither is known."""
    return (_month_number(one.span.first), _month_number(one.span.last)) if one.span else None


def _months_per_column(first: int, last: int) -> int:
    """Choose the months a column stands for, so that the timeline fits the page."""

    def fits(step: int) -> bool:
        return last // step - first // step < (_MOST_QUARTERS if step == _QUARTER else _MOST_PERIODS)

    return next((step for step in _STEPS if fits(step)), _CENTURY)


def _period_name(formatter: Formatter, period: int, step: int) -> str:
    year, month = divmod(period * step, _YEAR_MONTHS)
    if step >= _YEAR_MONTHS:
        return formatter.texts.numeral(year)
    if step == 1:
        return str(get_month_names("abbreviated", locale=formatter.texts.locale)[month + 1])
    sentence = N_("Q{number}") if step == _QUARTER else N_("H{number}")
    return formatter.say(sentence, number=month // step + 1)


def _year_cells(formatter: Formatter, periods: Sequence[int], step: int) -> tuple[TableCell, ...]:
    """Head the columns of each year with it; where a column is a year or more, its own heading says so."""
    if step >= _YEAR_MONTHS:
        return ()
    years = groupby(periods, key=lambda period: period * step // _YEAR_MONTHS)
    return (
        TableCell(span=2),
        *(TableCell(formatter.texts.numeral(year), span=len(list(group))) for year, group in years),
    )


def _action_cell(appraisal: Appraisal, formatter: Formatter, action: Action) -> TableCell:
    """Title an action, with what its bar shows in words: who, when, how far, and after what."""
    waits = preceding_numbers(appraisal, formatter, action)
    said = (
        formatter.agency(action.responsible) if action.responsible else "",
        "" if not (action.start or action.end) else date_span(formatter, action.start, action.end),
        formatter.texts.gettext(ACTION_PROGRESS_LABELS[action.progress]),
        formatter.say(N_("after action {numbers}"), numbers=waits) if waits else "",
    )
    return TableCell(shorten(action.title, LONGEST), detail=" · ".join(part for part in said if part))


def _bar_cells(one: PlannedAction, periods: Sequence[int], step: int) -> Iterator[TableCell]:
    """Yield the cells of one line: empty before and behind the bar, the bar in one piece."""
    reach = _month_range(one)
    if reach is None:
        return
    first, last = (month // step for month in reach)
    sign, tone = _BARS[one.action.progress]
    yield from (TableCell() for period in periods if period < first)
    yield TableCell(sign=sign, tone=tone, span=last - first + 1)
    yield from (TableCell() for period in periods if period > last)


def _timeline_row(
    appraisal: Appraisal,
    formatter: Formatter,
    one: PlannedAction,
    periods: Sequence[int],
    step: int,
    *,
    is_gridded: bool,
) -> TableRow:
    head = (action_number(appraisal, formatter, one.action), _action_cell(appraisal, formatter, one.action))
    if one.span is None:
        return table_row(*head, TableCell(formatter.say(N_("no date yet")), tone=TextTone.OUT, span=len(periods)))
    bars = _bar_cells(one, periods, step)
    return table_row(*head, *(bars if is_gridded else join_empty_cells(bars)))


def _timeline_note(formatter: Formatter, step: int) -> str:
    sentence = _STEP_SENTENCES.get(step)
    columns = (
        formatter.say(sentence)
        if sentence
        else formatter.say(
            N_("A column stands for {count} years and is named by the first."), count=step // _YEAR_MONTHS
        )
    )
    signs = "   ".join(
        f"{_BARS[one][0]} {formatter.texts.gettext(ACTION_PROGRESS_LABELS[one])}" for one in ActionProgress
    )
    return f"{signs}   {columns}"


def timeline(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """Show when actions run, by months, quarters, half-years or years, whichever fits the page."""
    plan = sort_by_time(build_plan(appraisal.dossier.actions, appraisal.gaps))
    reaches = [reach for one in plan if (reach := _month_range(one))]
    if not reaches:
        return None
    first, last = min(start for start, _ in reaches), max(end for _, end in reaches)
    step = _months_per_column(first, last)
    periods = range(first // step, last // step + 1)
    width = min(6.0, 52 / len(periods))
    headings = (
        ColumnHeading(formatter.say(N_("No.")), 5),
        ColumnHeading(formatter.label("actions", "title"), 95 - width * len(periods)),
        *(ColumnHeading(_period_name(formatter, period, step), width, "sign") for period in periods),
    )
    is_gridded = len(plan) * len(periods) <= _GRIDDED
    return ContentTable(
        headings,
        tuple(_timeline_row(appraisal, formatter, one, periods, step, is_gridded=is_gridded) for one in plan),
        note=_timeline_note(formatter, step),
        style="timeline",
        above=_year_cells(formatter, periods, step),
    )


# -- the whole ---------------------------------------------------------------------------------------------------------


def _funding_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """List what actions cost by who pays: costs are as typed, since currencies and ranges cannot be added up."""
    actions = appraisal.dossier.actions
    if not any(action.cost or action.funding for action in actions):
        return None
    order = [code.id for code in appraisal.dossier.instrument.codes.get("funding_status", ())]
    rows: list[TableRow] = []
    for funding, members in group_plan(build_plan(actions, appraisal.gaps), PlanGrouping.FUNDING, order).items():
        name = formatter.code("funding_status", funding) if funding else formatter.say(N_("Nothing is said of funding"))
        rows.append(TableRow(group=f"{name} ({formatter.texts.number(len(members))})"))
        rows += [
            table_row(
                action_number(appraisal, formatter, one.action),
                shorten(one.action.title, LONGEST),
                responsible_agency(formatter, one.action),
                one.action.cost or "–",
            )
            for one in members
        ]
    labels = (("title", 46), ("responsible", 18), ("cost", 30))
    fields = (ColumnHeading(formatter.label("actions", name), width) for name, width in labels)
    headings = column_headings(formatter.say, (N_("No."), 6), *fields)
    return ContentTable(headings, tuple(rows), style="compact")


def progress_counts(formatter: Formatter, actions: Sequence[Action]) -> Iterator[tuple[TableCell, int]]:
    states = [action.progress for action in actions]
    for one in ActionProgress:
        yield TableCell(formatter.texts.gettext(ACTION_PROGRESS_LABELS[one])), states.count(one)


def plan_content(appraisal: Appraisal, formatter: Formatter) -> PlanContent:
    actions = appraisal.dossier.actions
    if not actions:
        return PlanContent(None, ())
    lead = formatter.say(
        N_(
            "Actions keep their numbers through the whole report. The timeline puts them in the order in which they "
            "run; below it they stand by funding, and then in full."
        )
    )
    return PlanContent(
        timeline=timeline(appraisal, formatter),
        cards=tuple(_action_card(appraisal, formatter, action) for action in actions),
        lead=(lead,),
        progress=counts_table(formatter, progress_counts(formatter, actions)),
        funding=_funding_table(appraisal, formatter),
    )
