"""The summary (profile of the parts, counts, the mission), the gap register and the action plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.register_fields import (
    ACTION_PROGRESS_LABELS,
    REGISTER_INFO,
    register_field,
    register_fields,
)
from capacity_app.domain.assessment.registers import Action, FeasibilityRating, Mission
from capacity_app.domain.numbers_and_dates import plain_points
from capacity_app.domain.planning.costs import action_cost, plan_costs
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS, Section
from capacity_app.domain.scoring.answer_sheet import AnswerCounts
from capacity_app.domain.scoring.gaps import PRIORITY_LABELS, Gap, action_severity
from capacity_app.domain.scoring.scores import (
    SCORE_STATUS_LABELS,
    SENSITIVITY_METHOD_LABELS,
    Band,
    OverallScore,
    SectionScore,
    score_figures,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import severity_cell
from capacity_app.outputs.content.gaps_and_actions import (
    action_numbers,
    gaps_by_severity,
    preceding_numbers,
    progress_counts,
    ratings_without_gap,
    severity_counts,
)
from capacity_app.outputs.content.plan_costs import COST_HEADINGS, cost_coverage, cost_method, cost_rows
from capacity_app.outputs.content.registers import country_name
from capacity_app.outputs.content.section_chapter import recommendation_number
from capacity_app.outputs.workbook.answer_cells import DropDownLists, sheet_cell
from capacity_app.outputs.workbook.formats import width_for_heading
from capacity_app.outputs.workbook.readme_and_guidance import SENDER_LABELS
from capacity_app.outputs.workbook.registers import (
    amount_cell,
    close_register_sheet,
    end_entries,
    field_column,
    number_column,
    open_register_sheet,
    write_entries,
)
from capacity_app.outputs.workbook.sheet_marks import FOLLOW_UP, RETURN_MARKS, TOTAL_MARK, ColumnSlot, entry_mark
from capacity_app.outputs.workbook.sheet_writer import (
    SheetCell,
    SheetColumn,
    SheetWriter,
    WorkbookWriter,
    open_sheet,
)
from capacity_app.report_colours import BAND_SIGNS, OPEN_SIGN

_PLACES = (N_("Places"), N_("Answered"), N_("Settled"), N_("Agencies disagree"))
_SCORES = (N_("Score"), N_("At least"), N_("At most"), N_("Target"), N_("Coverage"), N_("Band"), N_("Evidence"))
_TEXT_NAMES, _BAND_NAME = (N_("No."), N_("Part")), N_("Band")
_NUMBER, _PART, _FIGURE, _BAND, _PLACE = 8.0, 50.0, 10.0, 30.0, 11.0


def _band_cell(formatter: Formatter, bands: Sequence[Band], *, is_printed: bool, status: str) -> SheetCell:
    """Show a band by sign, word and colour; without a printed score, the word alone."""
    if not bands:
        return SheetCell(status, "quiet")
    sign, look = (BAND_SIGNS[bands[0]], f"band_{bands[0]}") if is_printed else (OPEN_SIGN, "caution")
    return SheetCell(f"{sign}  {formatter.bands(tuple(bands))}", look)


def _score_cells(
    appraisal: Appraisal, formatter: Formatter, entry: SectionScore | OverallScore, strong: str = ""
) -> list[SheetCell]:
    figures = score_figures(entry)
    target = appraisal.targets[entry.section.id if isinstance(entry, SectionScore) else ""]
    status = formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status])
    points = (figures["score"], figures["lower"], figures["upper"], plain_points(target))
    return [
        *(SheetCell(one, f"points{strong}") for one in points),
        SheetCell(figures["coverage"], f"share{strong}"),
        _band_cell(formatter, entry.bands, is_printed=figures["score"] is not None, status=status),
        SheetCell(figures["evidence_index"], f"share{strong}"),
    ]


def _answer_counts(found: AnswerCounts, look: str = "count") -> list[SheetCell]:
    return [SheetCell(number, look) for number in (found.wanted, found.answered, found.settled, found.conflicts)]


def _section_cells(appraisal: Appraisal, formatter: Formatter, section: Section) -> list[SheetCell]:
    cells = [SheetCell(section.number, "number"), SheetCell(formatter.section(section))]
    if appraisal.with_scores:
        entry = appraisal.scorecard.section(section.id)
        unscored = [SheetCell(None, "points")] * 5
        unscored += [SheetCell(formatter.say(N_("not scored")), "quiet"), SheetCell(None, "share")]
        cells += _score_cells(appraisal, formatter, entry) if entry else unscored
    return cells + _answer_counts(appraisal.sheet.section_counts(section))


def _profile_columns(formatter: Formatter, *, with_scores: bool) -> tuple[list[str], list[float]]:
    """Return names and widths of the columns."""
    scores = [_BAND if name == _BAND_NAME else _FIGURE for name in _SCORES] if with_scores else []
    widths = [_NUMBER, _PART, *scores, *[_PLACE] * len(_PLACES)]
    names = [formatter.texts.gettext(name) for name in (*_TEXT_NAMES, *(_SCORES if with_scores else ()), *_PLACES)]
    return names, [width_for_heading(name, width) for name, width in zip(names, widths, strict=True)]


def _write_profile(page: SheetWriter, appraisal: Appraisal, formatter: Formatter, names: Sequence[str]) -> None:
    """Write the table of all parts and the line of the whole."""
    texts = set(map(formatter.texts.gettext, (*_TEXT_NAMES, _BAND_NAME)))
    page.line([SheetCell(name, "header" if name in texts else "header_end") for name in names], least=20)
    for section in appraisal.dossier.instrument.sections:
        page.line(_section_cells(appraisal, formatter, section))
    cells = [SheetCell(None, "number"), SheetCell(formatter.say(N_("All parts")), "label_strong")]
    if appraisal.with_scores:
        cells += _score_cells(appraisal, formatter, appraisal.scorecard.overall, "_strong")
    page.line([*cells, *_answer_counts(appraisal.sheet.counts, "count_strong")], TOTAL_MARK)
    if appraisal.with_scores:
        _write_qualifications(page, appraisal, formatter)


def _write_qualifications(page: SheetWriter, appraisal: Appraisal, formatter: Formatter) -> None:
    """Say which part is lowest, and how far the overall score depends on the way of weighing."""
    overall = appraisal.scorecard.overall
    lowest = appraisal.scorecard.section(overall.lowest)
    page.skip()
    if lowest is not None:
        name = f"{lowest.section.number} {formatter.section(lowest.section)}"
        sentence = formatter.say(N_("Lowest: {name} ({score})."), name=name, score=formatter.points(lowest.published))
        page.paragraph(sentence, "strong")
    if overall.sensitivity is None:
        page.paragraph(formatter.say(N_("Too little is known for an overall score.")), "text")
        return
    page.paragraph(formatter.robustness(overall), "text")
    for which, value in overall.sensitivity.by_method.items():
        method = SheetCell(formatter.texts.gettext(SENSITIVITY_METHOD_LABELS[which]))
        page.line([SheetCell(None, "number"), method, SheetCell(plain_points(value), "points")])


def _write_counts(page: SheetWriter, title: str, counts: Iterable[tuple[SheetCell, int]]) -> None:
    """Write a small table of counts."""
    page.skip()
    page.heading(title)
    for name, count in counts:
        page.line([SheetCell(None, "number"), name, SheetCell(count, "count")])


def _mission_texts(formatter: Formatter, mission: Mission, *, with_names: bool) -> Iterator[tuple[str, str]]:
    """Return what the mission was, as typed; the codes of the country stand behind its name."""
    country = formatter.texts.country_as_typed(mission.m49, mission.country_name)
    codes = ", ".join(code for code in (mission.country, mission.m49) if code)
    said = {"country_name": f"{country} ({codes})" if country and codes else country or codes}
    said |= {} if with_names else {"team": formatter.say(N_("names withheld"))}
    for field, text in formatter.entry_texts("mission", mission, without=("country", "m49"), instead=said):
        yield formatter.texts.gettext(field.label), text


def write_summary(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    say, mission = formatter.say, appraisal.dossier.mission
    names, widths = _profile_columns(formatter, with_scores=appraisal.with_scores)
    page = open_sheet(book, "summary", say(N_("Summary")), widths)
    page.paragraph(
        " · ".join(part for part in (country_name(formatter), mission.round, formatter.instrument_title) if part)
    )
    if not appraisal.with_scores:
        page.paragraph(say(N_("This copy is without scores: it shows answers, gaps and actions.")), "strong")
    _write_profile(page, appraisal, formatter, names)
    gaps = severity_counts(appraisal, formatter, len(appraisal.to_verify))
    _write_counts(page, say(N_("Gaps")), ((sheet_cell(name), count) for name, count in gaps))
    if appraisal.dossier.actions:
        actions = progress_counts(formatter, appraisal.dossier.actions)
        _write_counts(page, say(N_("Actions")), ((sheet_cell(name), count) for name, count in actions))
    page.skip()
    page.heading(say(N_("The mission")))
    for name, text in _mission_texts(formatter, mission, with_names=appraisal.with_names):
        page.pair(SheetCell(name, "label_strong"), text, "label", column=2)
    page.finish(top=2, repeated=range(1, 2))


# What follows from the answers: the gap register and the action plan.

_FEASIBILITY_PLACE, _NOTE_PLACE = 9, 13
"""Columns of the gap register that also say what was noted on a gap that is none any more."""
_RATED_COLUMNS = (("note", 30), ("commitments", 26), ("strategy_item", 18))
"""The last columns of the gap register and their widths, from ``_NOTE_PLACE``."""


def _gap_columns(appraisal: Appraisal, formatter: Formatter) -> list[SheetColumn]:
    say, gettext = formatter.say, formatter.texts.gettext
    ratings = {rating.id: rating for rating in appraisal.dossier.ratings}

    def actions(gap: Gap) -> str:
        return action_numbers(appraisal, formatter, appraisal.actions_by_gap.get(str(gap.address), ()))

    return [
        SheetColumn(say(N_("No.")), 9, lambda gap: gap.number, "number"),
        SheetColumn(say(N_("Gap")), 44, formatter.gap, "label_strong"),
        SheetColumn(say(N_("Part")), 24, lambda gap: formatter.section(gap.section), "quiet"),
        SheetColumn(say(N_("Level")), 8, lambda gap: say(N_("open")) if gap.level is None else gap.level, "middle"),
        SheetColumn(say(N_("Target")), 8, lambda gap: gap.target, "middle"),
        SheetColumn(say(N_("Steps")), 8, lambda gap: gap.steps, "middle"),
        SheetColumn(say(N_("Importance")), 12, lambda gap: gap.importance, "middle"),
        SheetColumn(say(N_("Severity")), 10, lambda gap: gap.severity, "middle"),
        SheetColumn(
            say(N_("Severity class")), 14, lambda gap: sheet_cell(severity_cell(formatter, gap.severity_class))
        ),
        SheetColumn(say(N_("Feasibility")), 22, lambda gap: gettext(FEASIBILITY_DESCRIPTIONS[gap.feasibility])),
        SheetColumn(say(N_("Priority")), 14, lambda gap: gettext(PRIORITY_LABELS[gap.priority])),
        SheetColumn(say(N_("Suggested step")), 36, formatter.suggestion),
        SheetColumn(say(N_("Actions")), 10, actions),
        *(_rating_column(formatter, name, width, ratings) for name, width in _RATED_COLUMNS),
    ]


def _rating_column(
    formatter: Formatter, name: str, width: int, ratings: Mapping[str, FeasibilityRating]
) -> SheetColumn:
    field = register_field("ratings", name)

    def text(gap: Gap) -> str:
        rating = ratings.get(str(gap.address))
        return formatter.field_text(field, getattr(rating, name)) if rating else ""

    return SheetColumn(formatter.texts.gettext(field.label), width, text)


def write_gaps(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the gap register, most severe first, what has to be verified, and what was noted on what is no gap."""
    say, columns = formatter.say, _gap_columns(appraisal, formatter)
    page = open_register_sheet(book, formatter, "gap-register", say(N_("Gap register")), columns)
    for _title, _grade, gaps in gaps_by_severity(appraisal, formatter):
        write_entries(page, "gaps", gaps, columns, lambda gap: str(gap.address))
    if appraisal.gaps:
        end_entries(page, formatter, appraisal.gaps)
    else:
        page.paragraph(say(N_("No gap has been found.")))
    if appraisal.to_verify:
        page.skip()
        page.heading(say(N_("To verify before anything else: open answers, by their worst case")))
        write_entries(page, "gaps", appraisal.to_verify, columns, lambda gap: str(gap.address))
    loose = ratings_without_gap(appraisal)
    if loose:
        page.skip()
        page.heading(say(N_("Notes on questions that are not a gap at present")))
    for rating in loose:
        cells = [SheetCell(None, "number"), SheetCell(rating.id, "label_strong"), *[SheetCell()] * (len(columns) - 2)]
        cells[_FEASIBILITY_PLACE] = SheetCell(formatter.texts.gettext(FEASIBILITY_DESCRIPTIONS[rating.feasibility]))
        for place, (name, _) in enumerate(_RATED_COLUMNS, _NOTE_PLACE):
            cells[place] = SheetCell(formatter.field_text(register_field("ratings", name), getattr(rating, name)))
        page.line([*cells, SheetCell(None, "input")], entry_mark("gaps", rating.id))
    close_register_sheet(page)


def _action_columns(appraisal: Appraisal, formatter: Formatter) -> Iterator[SheetColumn]:
    """Make the columns of the fields; gaps have their wording, preceding actions their numbers."""
    for field in register_fields("actions"):
        column = field_column(formatter, "actions", field)
        if field.name == "gaps":
            yield replace(column, value=lambda one: "\n".join(formatter.closed(one, appraisal.gap_by_address)))
        elif field.name == "depends_on":
            yield replace(column, width=12, value=lambda one: preceding_numbers(appraisal, formatter, one))
        else:
            yield column
        if field.name == "funded":
            yield SheetColumn(formatter.texts.gettext(COST_HEADINGS[-1]), 14, _gap_cell)


def _gap_cell(action: Action) -> SheetCell:
    cost = action_cost(action)
    return SheetCell() if cost is None else amount_cell(float(cost.gap))


def _write_costs(page: SheetWriter, appraisal: Appraisal, formatter: Formatter, columns: Sequence[SheetColumn]) -> None:
    """Write the totals below the actions, in the same columns."""
    costs = plan_costs(appraisal.dossier.actions)
    if not costs.with_amount:
        return
    page.skip()
    page.heading(formatter.texts.gettext(COST_HEADINGS[0]))
    names = [column.heading for column in columns]
    start = names.index(formatter.label("actions", "amount"))
    for row in cost_rows(costs, formatter):
        weight = "_strong" if row.is_total else ""
        cells = [SheetCell()] * (len(columns) + 1)
        cells[1] = SheetCell(row.label, f"label{weight}")
        figures = (amount_cell(float(value), weight) for value in (row.costs.amount, row.costs.funded, row.costs.gap))
        amount, funded, gap = figures
        cells[start : start + 4] = [amount, SheetCell(row.currency, f"label{weight}"), funded, gap]
        page.line(cells)
    for sentence in (cost_coverage(costs, formatter), cost_method(formatter)):
        page.paragraph(sentence, span=4)


def write_follow_up(
    appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter, choices: DropDownLists, agency: str
) -> None:
    """Write the sheet on which an agency says how far its actions are: status, new date and a note on each."""
    say = formatter.say
    columns = [
        field_column(formatter, "actions", register_field("actions", name)) for name in ("title", "indicator", "start")
    ]
    asked = {
        ColumnSlot.STATE: (formatter.label("actions", "progress"), 16.0),
        ColumnSlot.ANSWER: (formatter.label("actions", "end"), 16.0),
        ColumnSlot.NOTE: (formatter.label("actions", "note"), 48.0),
    }
    title = say(N_("Actions of {agency}"), agency=agency)
    page = open_register_sheet(book, formatter, FOLLOW_UP, title, columns, asked)
    for action in appraisal.dossier.actions:
        typed = (formatter.texts.gettext(ACTION_PROGRESS_LABELS[action.progress]), action.end, action.note)
        cells = [*(column.cell(action) for column in columns), *(SheetCell(text, "input") for text in (*typed, None))]
        rows = page.line(cells, entry_mark(FOLLOW_UP, action.id))
        page.rule(choices.progress_rule, rows[0], rows[0], len(columns) + 1)
    page.skip()
    page.heading(say(N_("If you send this file back: who has filled it in?")))
    for mark, label, text in zip(RETURN_MARKS, SENDER_LABELS, (agency, "", ""), strict=True):
        page.line([SheetCell(say(label)), *[SheetCell()] * len(columns), SheetCell(text or None, "input")], mark)
    close_register_sheet(page)


def write_actions(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the action plan, each action with the severity of the gaps it closes."""

    def severity(action: Action) -> SheetCell:
        return sheet_cell(severity_cell(formatter, action_severity(action, appraisal.gaps)))

    title, gaps, *fields = _action_columns(appraisal, formatter)
    number = number_column(formatter, lambda one: recommendation_number(appraisal, formatter, one))
    columns = [number, title, gaps, SheetColumn(formatter.say(N_("Severity")), 12, severity), *fields]
    title_text = formatter.say(REGISTER_INFO["actions"].title)
    page = open_register_sheet(book, formatter, "action-plan", title_text, columns)
    write_entries(page, "actions", appraisal.dossier.actions, columns)
    end_entries(page, formatter, appraisal.dossier.actions)
    _write_costs(page, appraisal, formatter, columns)
    close_register_sheet(page)
