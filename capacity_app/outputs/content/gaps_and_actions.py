"""The gap register with what has to be verified, and the action plan: timeline, costs, every action."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from babel.dates import get_month_names

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import Action, ActionProgress, FeasibilityRating
from capacity_app.domain.planning.action_plan import PlannedAction, build_plan, sort_by_time
from capacity_app.domain.planning.costs import plan_costs
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
from capacity_app.outputs.content.answer_cells import LONGEST, level_words, points_sign, severity_cell, severity_tone
from capacity_app.outputs.content.elements import (
    Cards,
    ColumnHeading,
    ContentTable,
    EntryCard,
    Fact,
    FactSheet,
    Points,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    join_empty_cells,
    prose,
    shorten,
    table_row,
    titled,
)
from capacity_app.outputs.content.findings import gap_statement
from capacity_app.outputs.content.plan_costs import (
    COST_HEADINGS,
    action_cost_text,
    cost_coverage,
    cost_method,
    cost_rows,
    cost_total,
)
from capacity_app.outputs.content.registers import entry_facts
from capacity_app.outputs.content.section_chapter import (
    action_number,
    gap_cell,
    month_span,
    recommendation_links,
    recommendation_number,
    responsible_agency,
)

# The gap register: what is lacking, most severe first, and what has to be verified before anything is said of it.


def action_numbers(appraisal: Appraisal, formatter: Formatter, actions: Iterable[Action]) -> str:
    return ", ".join(recommendation_number(appraisal, formatter, action) for action in actions)


def _level_cell(formatter: Formatter, gap: Gap) -> TableCell:
    """Write where a gap stands and where it should be, the sign of the present level before it."""
    text = formatter.texts.in_order(level_words(formatter, gap.level, gap.target))
    if gap.level is None:
        return TableCell(text)
    sign, tone = points_sign(Fraction(gap.level, gap.question.top_target))
    return TableCell(text, sign=sign, tone=tone)


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
        recommendation_links(appraisal, formatter, (gap,)),
        anchor=anchor_of("g", str(gap.address)),
    )


def _rating_text(formatter: Formatter, rating: FeasibilityRating) -> str:
    """Write the note on a gap and what the gap refers to, a line each."""
    facts = entry_facts(formatter, "ratings", rating, without=("feasibility", "note"))
    lines = (formatter.say(N_("{label}: {text}"), label=fact.label, text=fact.text) for fact in facts)
    return "\n".join(line for line in (rating.note, *lines) if line)


def _rating_texts(appraisal: Appraisal, formatter: Formatter) -> dict[str, str]:
    return {rating.id: _rating_text(formatter, rating) for rating in appraisal.dossier.ratings}


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
    notes = _rating_texts(appraisal, formatter)
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
    if not appraisal.asked_to_verify:
        return None
    notes = _rating_texts(appraisal, formatter)
    headings = column_headings(formatter.say, (N_("No."), 11), (N_("To verify"), 69), (N_("At worst"), 20))
    rows = tuple(
        table_row(
            TableCell(gap.number, link=anchor_of("q", gap.question.id)),
            gap_cell(formatter, gap, notes.get(str(gap.address), "")),
            severity_cell(formatter, gap.severity_class),
            anchor=anchor_of("g", str(gap.address)),
        )
        for gap in appraisal.asked_to_verify
    )
    return ContentTable(headings, rows, style="register")


def ratings_without_gap(appraisal: Appraisal) -> list[FeasibilityRating]:
    """Return what was noted on gaps that are no gaps any more."""
    return [rating for rating in appraisal.dossier.ratings if rating.id not in appraisal.gap_by_address]


def _facts_without_gap(appraisal: Appraisal, formatter: Formatter) -> tuple[Fact, ...]:
    said = (
        (one, formatter.texts.gettext(FEASIBILITY_DESCRIPTIONS[one.feasibility]), _rating_text(formatter, one))
        for one in ratings_without_gap(appraisal)
    )
    return tuple(Fact(one.id, f"{feasibility}. {text}", True) for one, feasibility, text in said if text)


def counts_table(formatter: Formatter, counts: Iterable[tuple[TableCell, int]]) -> ContentTable:
    """Set a handful of counts side by side, each under its word."""
    listed = list(counts)
    headings = tuple(ColumnHeading(_capitalized(name.text), 100 / len(listed)) for name, _count in listed)
    cells = (TableCell(formatter.texts.number(count), tone=name.tone) for name, count in listed)
    return ContentTable(headings, (table_row(*cells),), style="tally")


def severity_counts(appraisal: Appraisal, formatter: Formatter, to_verify: int) -> Iterator[tuple[TableCell, int]]:
    """Count the gaps of each severity, the worst first, and what is to be verified."""
    found = [gap.severity_class for gap in appraisal.gaps]
    for grade in reversed(SEVERITY_ORDER[1:]):
        yield severity_cell(formatter, grade), found.count(grade)
    yield TableCell(formatter.say(N_("to verify")), tone=TextTone.OPEN), to_verify


def _gaps_lead(appraisal: Appraisal, formatter: Formatter) -> str:
    if appraisal.gaps:
        return formatter.say(
            N_(
                "A gap is the difference between present and target level. Severity = levels missing × importance; "
                "gaps on which other progress depends are rated one class higher. R1, R2 … are recommendations."
            )
        )
    if appraisal.to_verify:
        return formatter.say(N_("No gap has been found so far. What is still to be verified is listed below."))
    return formatter.say(N_("No gap has been found."))


def gap_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Build the gap register: counts by severity, every gap, and apart from it what is to be verified."""
    counts = None
    if appraisal.gaps or appraisal.to_verify:
        counts = counts_table(formatter, severity_counts(appraisal, formatter, len(appraisal.asked_to_verify)))
    facts = _facts_without_gap(appraisal, formatter)
    notes = titled(formatter.say(N_("Notes on gaps closed meanwhile")), FactSheet(facts, "lines")) if facts else ()
    lead = prose(_gaps_lead(appraisal, formatter), style="introduction")
    to_verify = titled(formatter.say(N_("To be verified first")), verify_register(appraisal, formatter))
    found = (*lead, counts, gap_register(appraisal, formatter), *to_verify, *notes)
    return tuple(block for block in found if block is not None)


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


def preceding_numbers(appraisal: Appraisal, formatter: Formatter, action: Action) -> str:
    """List the numbers of the actions that have to be done before this one."""
    known = {one.id: one for one in appraisal.dossier.actions}
    return action_numbers(appraisal, formatter, (known[other] for other in action.depends_on if other in known))


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
        number=recommendation_number(appraisal, formatter, action),
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
    """Title an action, with what its bar shows in words: how far, and after what; its dates stand in the plan."""
    waits = preceding_numbers(appraisal, formatter, action)
    progress = formatter.texts.gettext(ACTION_PROGRESS_LABELS[action.progress])
    after = formatter.say(N_("after {numbers}"), numbers=waits) if waits else ""
    return TableCell(shorten(action.title, LONGEST), detail=" · ".join(part for part in (progress, after) if part))


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


def numbered_actions(appraisal: Appraisal) -> list[Action]:
    """Return the actions in the order of their printed numbers."""
    return sorted(appraisal.dossier.actions, key=lambda action: appraisal.action_numbers[action.id])


def serious_gaps_without_action(appraisal: Appraisal) -> list[Gap]:
    """Return the critical and high gaps that no action closes."""
    return [gap for gap in appraisal.gaps if gap.is_serious and not appraisal.actions_by_gap.get(str(gap.address))]


def _cost_cell(formatter: Formatter, action: Action) -> TableCell:
    """Write what an action costs and how it is funded; a cost in words where there is no amount."""
    amount = action_cost_text(formatter.texts, action)
    beside = (
        formatter.code("funding_status", action.funding),
        action.funding_source,
        action.cost if amount else "",
    )
    return TableCell(amount or action.cost or "–", detail=" · ".join(part for part in beside if part))


def costs_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """Add up the costs by currency: what is funded and what is still to be funded, by year, source and status."""
    money = formatter.texts.money
    rows = tuple(
        table_row(
            *(
                TableCell(text, tone=TextTone.STRONG if row.is_total else TextTone.PLAIN)
                for text in (
                    row.label,
                    *(money(one, row.currency) for one in (row.costs.amount, row.costs.funded, row.costs.gap)),
                )
            )
        )
        for row in cost_rows(plan_costs(appraisal.dossier.actions), formatter)
    )
    first, *others = COST_HEADINGS
    headings = column_headings(formatter.say, (first, 40), *((title, 20, "number") for title in others))
    return ContentTable(headings, rows, style="costs") if rows else None


def _cost_sentences(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    """Sum up the costs in sentences, a currency each, and say for how many actions they stand."""
    costs = plan_costs(appraisal.dossier.actions)
    yield from (cost_total(one, formatter) for one in costs.currencies)
    if costs.currencies:
        yield cost_coverage(costs, formatter)


def recommendations_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """List the recommendations with owner, dates, cost and funding."""
    rows = tuple(
        table_row(
            action_number(appraisal, formatter, action),
            TableCell(action.title),
            responsible_agency(formatter, action),
            month_span(formatter, action),
            _cost_cell(formatter, action),
        )
        for action in numbered_actions(appraisal)
    )
    if not rows:
        return None
    headings = column_headings(
        formatter.say, (N_("No."), 7), (N_("Recommendation"), 39), (N_("Responsible"), 13), (N_("When"), 19),
        (N_("Cost and funding"), 22),
    )  # fmt: skip
    return ContentTable(headings, rows, style="plan")


def progress_counts(formatter: Formatter, actions: Sequence[Action]) -> Iterator[tuple[TableCell, int]]:
    states = [action.progress for action in actions]
    for one in ActionProgress:
        yield TableCell(formatter.texts.gettext(ACTION_PROGRESS_LABELS[one])), states.count(one)


def _uncovered_gaps(appraisal: Appraisal, formatter: Formatter) -> Points | None:
    cells = tuple(
        TableCell(gap_statement(appraisal, formatter, gap), detail=gap.number, link=anchor_of("q", gap.question.id))
        for gap in serious_gaps_without_action(appraisal)
    )
    return Points(cells) if cells else None


def _costs(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    table = costs_table(appraisal, formatter)
    if table is None:
        return ()
    return titled(formatter.say(N_("Costs")), table, *prose(cost_method(formatter), style="legend"))


def _agency_names(formatter: Formatter, actions: Sequence[Action]) -> str:
    """Write out the short names of the agencies that are responsible."""
    named = dict.fromkeys(action.responsible for action in actions if action.responsible)
    names = ((formatter.agency(one), formatter.agency_in_full(one)) for one in named)
    return "; ".join(
        formatter.say(N_("{short}: {name}"), short=short, name=name) for short, name in names if short != name
    )


def plan_blocks(appraisal: Appraisal, formatter: Formatter, volume: ReportVolume) -> tuple[object, ...]:
    """Build the plan: recommendations with cost, and beyond the brief the timeline and the gaps without any."""
    say, actions = formatter.say, appraisal.dossier.actions
    if not actions:
        if volume is ReportVolume.BRIEF:
            return ()
        return (
            *prose(say(N_("No recommendation has been entered yet.")), style="nothing"),
            *titled(say(N_("Critical and high gaps")), _uncovered_gaps(appraisal, formatter)),
        )
    lead = prose(
        say(N_("Recommendations are numbered by the severity of the gaps they close, then by their start.")),
        style="introduction",
    )
    sums = " ".join(_cost_sentences(appraisal, formatter))
    names = prose(_agency_names(formatter, actions), style="legend")
    brief = (*lead, recommendations_table(appraisal, formatter), *prose(sums), *names)
    if volume is ReportVolume.BRIEF:
        return brief
    cards = tuple(_action_card(appraisal, formatter, action) for action in numbered_actions(appraisal))
    return (
        *brief,
        *_costs(appraisal, formatter),
        *titled(say(N_("Progress")), counts_table(formatter, progress_counts(formatter, actions))),
        *titled(say(N_("Timeline")), timeline(appraisal, formatter)),
        *titled(say(N_("Critical and high gaps without a recommendation")), _uncovered_gaps(appraisal, formatter)),
        *(titled(say(N_("The recommendations in detail")), Cards(cards)) if volume is ReportVolume.FULL else ()),
    )
