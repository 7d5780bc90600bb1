"""What follows from the answers: the gap register, the action plan, and training needs."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from capacity_app.domain.assessment.appraisal import Appraisal
from capacity_app.domain.assessment.register_fields import RegisterField, register_fields
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.planning.training import TrainingNeed, TrainingNeeds, find_training_needs, training_actions_for
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS, GridColumn
from capacity_app.domain.scoring.gaps import (
    GAP_SEVERITY_LABELS,
    PRIORITY_LABELS,
    Gap,
    action_severity,
)
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.formatter import YES_NO_LABELS, Formatter
from capacity_app.outputs.workbook.answer_cells import action_numbers, severity_cell
from capacity_app.outputs.workbook.layout import entry_mark
from capacity_app.outputs.workbook.registers import (
    RegisterColumn,
    close_register_sheet,
    end_entries,
    field_column,
    number_column,
    open_entries,
    open_register_sheet,
)
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetWriter, WorkbookWriter
from capacity_app.palette import LEVEL_SIGNS


def _gap_cells(appraisal: Appraisal, words: Formatter, gap: Gap, note: str) -> list[SheetCell]:
    gettext = words.texts.gettext
    actions = appraisal.actions_by_gap.get(str(gap.address), ())
    return [
        SheetCell(gap.number, "number"),
        SheetCell(words.gap(gap), "label_strong"),
        SheetCell(words.section(gap.section), "quiet"),
        SheetCell(gap.level if gap.level is not None else words.say(N_("open")), "middle"),
        SheetCell(gap.target, "middle"),
        SheetCell(gap.steps, "middle"),
        SheetCell(gap.importance, "middle"),
        SheetCell(gap.severity, "middle"),
        severity_cell(words, gap.severity_class),
        SheetCell(gettext(FEASIBILITY_DESCRIPTIONS[gap.feasibility])),
        SheetCell(gettext(PRIORITY_LABELS[gap.priority])),
        SheetCell(words.suggestion(gap)),
        SheetCell(action_numbers(appraisal, words, actions)),
        SheetCell(note),
        SheetCell(None, "input"),
    ]


def _gap_headings(words: Formatter) -> tuple[tuple[str, float], ...]:
    say = words.say
    return (
        (say(N_("No.")), 9), (say(N_("Gap")), 44), (say(N_("Part")), 24), (say(N_("Level")), 8),
        (say(N_("Target")), 8), (say(N_("Steps")), 8), (say(N_("Importance")), 12), (say(N_("Severity")), 10),
        (say(N_("Severity class")), 14), (say(N_("Feasibility")), 22), (say(N_("Priority")), 14),
        (say(N_("Suggested step")), 36), (say(N_("Actions")), 10), (say(N_("Note")), 30),
    )  # fmt: skip


def _write_gaps(page: SheetWriter, appraisal: Appraisal, words: Formatter, gaps: Iterable[Gap]) -> None:
    notes = {rating.id: rating.note for rating in appraisal.dossier.ratings}
    for gap in gaps:
        note = notes.get(str(gap.address), "")
        page.line(_gap_cells(appraisal, words, gap, note), entry_mark("gaps", str(gap.address)))


def _loose_ratings(page: SheetWriter, appraisal: Appraisal, words: Formatter) -> None:
    """Write what was noted on gaps that are none any more."""
    known = appraisal.gap_by_address
    loose = [rating for rating in appraisal.dossier.ratings if rating.id not in known]
    if not loose:
        return
    page.skip()
    page.heading(words.say(N_("Noted on what is no gap at present")))
    for rating in loose:
        feasibility = words.texts.gettext(FEASIBILITY_DESCRIPTIONS[rating.feasibility])
        cells = [
            SheetCell(None, "number"),
            SheetCell(rating.id, "label_strong"),
            *[SheetCell()] * 7,
            SheetCell(feasibility),
        ]
        page.line(
            [*cells, *[SheetCell()] * 3, SheetCell(rating.note), SheetCell(None, "input")],
            entry_mark("gaps", rating.id),
        )


def write_gaps(appraisal: Appraisal, words: Formatter, book: WorkbookWriter) -> None:
    """Write the gap register, most severe first, and what has to be verified."""
    headings = _gap_headings(words)
    page = open_register_sheet(book, words, "gap-register", words.say(N_("Gap register")), headings)
    for grade, gaps in groupby(appraisal.gaps, key=lambda gap: gap.severity_class):
        listed = list(gaps)
        word = words.texts.gettext(GAP_SEVERITY_LABELS[grade])
        title = f"{word[:1].upper()}{word[1:]} ({words.texts.number(len(listed))})"
        page.line(
            [SheetCell(None, "group"), SheetCell(title, "group"), *[SheetCell(None, "group")] * (len(headings) - 1)]
        )
        _write_gaps(page, appraisal, words, listed)
    if appraisal.gaps:
        end_entries(page, words, appraisal.gaps)
    else:
        page.paragraph(words.say(N_("No gap has been found.")))
    if appraisal.to_verify:
        page.skip()
        page.heading(words.say(N_("To verify before anything else: open answers, by their worst case")))
        _write_gaps(page, appraisal, words, appraisal.to_verify)
    _loose_ratings(page, appraisal, words)
    close_register_sheet(page)


def _action_column(appraisal: Appraisal, words: Formatter, field: RegisterField) -> RegisterColumn:
    """Make the column of an action's field; gaps have their wording, preceding actions their numbers."""

    def waits(action: Action) -> SheetCell:
        numbers = (appraisal.action_numbers.get(other) for other in action.depends_on)
        return SheetCell(", ".join(words.texts.numeral(number) for number in numbers if number))

    column = field_column(words, "actions", field)
    match field.name:
        case "gaps":
            return replace(column, cell=lambda one: SheetCell("\n".join(words.closed(one, appraisal.gap_by_address))))
        case "depends_on":
            return replace(column, width=12, cell=waits)
    return column


def write_actions(appraisal: Appraisal, words: Formatter, book: WorkbookWriter) -> None:
    """Write the action plan, each action with the severity of the gaps it closes."""
    title, gaps, *fields = (_action_column(appraisal, words, field) for field in register_fields("actions"))
    columns = [
        number_column(words, lambda one: appraisal.action_numbers[one.id]),
        title,
        gaps,
        RegisterColumn(
            words.say(N_("Severity")), 12, lambda one: severity_cell(words, action_severity(one, appraisal.gaps))
        ),
        *fields,
    ]
    actions = appraisal.dossier.actions
    close_register_sheet(open_entries(book, words, "actions", actions, columns, sheet_id="action-plan"))


# Training and assistance needs, topic by topic: what was asked outright, and what other answers point to.


_BANDS = tuple(Band)


def _level_cell(words: Formatter, level: int | None) -> SheetCell:
    """Say a level by sign and number."""
    if level is None:
        return SheetCell("–", "quiet")
    return SheetCell(f"{LEVEL_SIGNS[level]}  {words.level(level)}", f"band_{_BANDS[level]}")


def _option_names(words: Formatter, found: TrainingNeeds, column: GridColumn | None, ids: tuple[str, ...]) -> str:
    if column is None or found.question is None:
        return "; ".join(ids)
    known = column.option_by_id
    named = (words.option(found.question, column, known[one]) if one in known else one for one in ids)
    return "; ".join(named)


def _need_cells(appraisal: Appraisal, words: Formatter, found: TrainingNeeds, need: TrainingNeed) -> list[SheetCell]:
    columns = found.columns
    had_any = "yes" if need.trained else "no"
    trained = "" if need.trained is None else words.texts.gettext(YES_NO_LABELS[had_any])
    priority = (need.priority,) if need.priority else ()
    return [
        SheetCell(words.topic(need), "label_strong"),
        SheetCell(words.say(N_("not applicable")), "quiet") if need.is_out else _level_cell(words, need.level),
        SheetCell("–", "quiet") if need.is_out else _level_cell(words, need.target),
        SheetCell(need.steps or None, "middle"),
        SheetCell(_option_names(words, found, columns.priority if columns else None, priority)),
        SheetCell(_option_names(words, found, columns.help if columns else None, need.help)),
        SheetCell("; ".join(words.agency(agency) for agency in need.who)),
        SheetCell(trained),
        SheetCell(", ".join(dict.fromkeys(gap.number for gap in need.gaps))),
        SheetCell(action_numbers(appraisal, words, training_actions_for(need, appraisal.dossier.actions))),
    ]


def write_training(appraisal: Appraisal, words: Formatter, book: WorkbookWriter) -> None:
    """Write the needs, the most pressing first."""
    say = words.say
    headings = (
        (say(N_("No.")), 6), (say(N_("Topic")), 36), (say(N_("Level")), 29), (say(N_("Wanted level")), 29),
        (say(N_("Steps")), 8), (say(N_("Priority")), 12), (say(N_("Kind of help")), 30), (say(N_("Who needs it")), 22),
        (say(N_("Course held")), 10), (say(N_("Low answers that point to it")), 30), (say(N_("Actions")), 10),
    )  # fmt: skip
    found = find_training_needs(appraisal.sheet, appraisal.gaps)
    page = open_register_sheet(book, words, "training", say(N_("Training needs")), headings)
    for number, need in enumerate(found.needs, start=1):
        first, said = SheetCell(words.texts.numeral(number), "number"), _need_cells(appraisal, words, found, need)
        cells = [first, *said, SheetCell(None, "input")]
        page.line(cells, entry_mark("training", need.topic.id))
    end_entries(page, words, found.needs)
    close_register_sheet(page)
