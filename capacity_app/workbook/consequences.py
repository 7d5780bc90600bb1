"""What follows from the answers: the gap register and the action plan."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, PRIORITY_WORDS, Gap, action_class
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import RegisterField, fields_of
from capacity_app.wording import Wording
from capacity_app.workbook.layout import entry_mark
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import (
    Column,
    close_register,
    end_entries,
    field_column,
    number_column,
    open_entries,
    open_register,
)
from capacity_app.workbook.shown import action_numbers, severity_cell


def _gap_cells(appraisal: Appraisal, words: Wording, gap: Gap, note: str) -> list[Cell]:
    gettext = words.texts.gettext
    actions = appraisal.actions_by_gap.get(str(gap.address), ())
    return [
        Cell(gap.number, "number"),
        Cell(words.gap(gap), "label_strong"),
        Cell(words.section(gap.section), "quiet"),
        Cell(gap.level if gap.level is not None else words.say(N_("open")), "middle"),
        Cell(gap.target, "middle"),
        Cell(gap.steps, "middle"),
        Cell(gap.importance, "middle"),
        Cell(gap.severity, "middle"),
        severity_cell(words, gap.severity_class),
        Cell(gettext(FEASIBILITY_WORDS[gap.feasibility])),
        Cell(gettext(PRIORITY_WORDS[gap.priority])),
        Cell(words.suggestion(gap)),
        Cell(action_numbers(appraisal, words, actions)),
        Cell(note),
        Cell(None, "input"),
    ]


def _gap_headings(words: Wording) -> tuple[tuple[str, float], ...]:
    say = words.say
    return (
        (say(N_("No.")), 9), (say(N_("Gap")), 44), (say(N_("Part")), 24), (say(N_("Level")), 8),
        (say(N_("Target")), 8), (say(N_("Steps")), 8), (say(N_("Importance")), 12), (say(N_("Severity")), 10),
        (say(N_("Severity class")), 14), (say(N_("Feasibility")), 22), (say(N_("Priority")), 14),
        (say(N_("Suggested step")), 36), (say(N_("Actions")), 10), (say(N_("Note")), 30),
    )  # fmt: skip


def _write_gaps(page: Page, appraisal: Appraisal, words: Wording, gaps: Iterable[Gap]) -> None:
    notes = {rating.id: rating.note for rating in appraisal.dossier.ratings}
    for gap in gaps:
        note = notes.get(str(gap.address), "")
        page.line(_gap_cells(appraisal, words, gap, note), entry_mark("gaps", str(gap.address)))


def _loose_ratings(page: Page, appraisal: Appraisal, words: Wording) -> None:
    """Write what was noted on gaps that are none any more."""
    known = appraisal.gap_by_address
    loose = [rating for rating in appraisal.dossier.ratings if rating.id not in known]
    if not loose:
        return
    page.skip()
    page.heading(words.say(N_("Noted on what is no gap at present")))
    for rating in loose:
        feasibility = words.texts.gettext(FEASIBILITY_WORDS[rating.feasibility])
        cells = [Cell(None, "number"), Cell(rating.id, "label_strong"), *[Cell()] * 7, Cell(feasibility)]
        page.line([*cells, *[Cell()] * 3, Cell(rating.note), Cell(None, "input")], entry_mark("gaps", rating.id))


def write_gaps(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the gap register, most severe first, and what has to be verified."""
    headings = _gap_headings(words)
    page = open_register(book, words, "gap-register", words.say(N_("Gap register")), headings)
    for grade, gaps in groupby(appraisal.gaps, key=lambda gap: gap.severity_class):
        listed = list(gaps)
        word = words.texts.gettext(CLASS_WORDS[grade])
        title = f"{word[:1].upper()}{word[1:]} ({words.texts.number(len(listed))})"
        page.line([Cell(None, "group"), Cell(title, "group"), *[Cell(None, "group")] * (len(headings) - 1)])
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
    close_register(page)


def _action_column(appraisal: Appraisal, words: Wording, field: RegisterField) -> Column:
    """Make the column of an action's field; gaps have their wording, preceding actions their numbers."""

    def waits(action: Action) -> Cell:
        numbers = (appraisal.action_numbers.get(other) for other in action.depends_on)
        return Cell(", ".join(words.texts.numeral(number) for number in numbers if number))

    column = field_column(words, "actions", field)
    match field.name:
        case "gaps":
            return replace(column, cell=lambda one: Cell("\n".join(words.closed(one, appraisal.gap_by_address))))
        case "depends_on":
            return replace(column, width=12, cell=waits)
    return column


def write_actions(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the action plan, each action with the severity of the gaps it closes."""
    title, gaps, *fields = (_action_column(appraisal, words, field) for field in fields_of("actions"))
    columns = [
        number_column(words, lambda one: appraisal.action_numbers[one.id]),
        title,
        gaps,
        Column(words.say(N_("Severity")), 12, lambda one: severity_cell(words, action_class(one, appraisal.gaps))),
        *fields,
    ]
    actions = appraisal.dossier.actions
    close_register(open_entries(book, words, "actions", actions, columns, sheet_id="action-plan"))
