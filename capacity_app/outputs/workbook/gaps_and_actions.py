"""What follows from the answers: the gap register and the action plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.register_fields import (
    ACTION_PROGRESS_LABELS,
    REGISTER_INFO,
    register_field,
    register_fields,
)
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.planning.costs import action_cost, plan_costs
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS
from capacity_app.domain.scoring.gaps import PRIORITY_LABELS, Gap, action_severity
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import severity_cell
from capacity_app.outputs.content.gaps_and_actions import (
    action_numbers,
    gaps_by_severity,
    preceding_numbers,
    ratings_without_gap,
)
from capacity_app.outputs.content.plan_costs import COST_HEADINGS, cost_coverage, cost_method, cost_rows
from capacity_app.outputs.content.section_chapter import recommendation_number
from capacity_app.outputs.workbook.answer_cells import DropDownLists, sheet_cell
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
from capacity_app.outputs.workbook.sheet_marks import FOLLOW_UP, RETURN_MARKS, ColumnSlot, entry_mark
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetColumn, SheetWriter, WorkbookWriter

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
