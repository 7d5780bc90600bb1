"""What follows from the answers: the gap register and the action plan."""

from collections.abc import Iterable
from itertools import groupby

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, PRIORITY_WORDS, Gap, action_class
from capacity_app.domain.problems import N_
from capacity_app.wording import PROGRESS_WORDS, Wording
from capacity_app.workbook.layout import entry_mark
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import close_register, end_entries, open_register
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


def _action_cells(appraisal: Appraisal, words: Wording, action: Action) -> list[Cell]:
    waits = (appraisal.action_numbers.get(other) for other in action.depends_on)
    responsible = words.agency_in_full(action.responsible) if action.responsible else words.say(N_("nobody named"))
    return [
        Cell(appraisal.action_numbers[action.id], "number"),
        Cell(action.title or action.id, "label_strong"),
        Cell("\n".join(words.closed(action, appraisal.gap_by_address))),
        severity_cell(words, action_class(action, appraisal.gaps)),
        Cell(words.code("action_type", action.type)),
        Cell(responsible),
        Cell(words.texts.listed(words.code("project_partner", partner) for partner in action.partners)),
        Cell(words.texts.date(action.start) if action.start else ""),
        Cell(words.texts.date(action.end) if action.end else ""),
        Cell(action.cost),
        Cell(words.code("funding_status", action.funding)),
        Cell(action.indicator),
        Cell(", ".join(words.texts.numeral(number) for number in waits if number)),
        Cell(words.texts.gettext(PROGRESS_WORDS[action.progress])),
        Cell(action.note),
        Cell(None, "input"),
    ]


def write_actions(appraisal: Appraisal, words: Wording, book: Book) -> None:
    say = words.say
    headings = (
        (say(N_("No.")), 6), (say(N_("Action")), 40), (say(N_("Closes")), 38), (say(N_("Severity")), 12),
        (say(N_("Type")), 18), (say(N_("Responsible")), 24), (say(N_("Partners")), 20), (say(N_("Start")), 16),
        (say(N_("End")), 16), (say(N_("Cost")), 16), (say(N_("Funding")), 16), (say(N_("Indicator")), 26),
        (say(N_("After actions")), 10), (say(N_("Progress")), 12), (say(N_("Note")), 28),
    )  # fmt: skip
    page = open_register(book, words, "action-plan", say(N_("Action plan")), headings)
    for action in appraisal.dossier.actions:
        page.line(_action_cells(appraisal, words, action), entry_mark("actions", action.id))
    end_entries(page, words, appraisal.dossier.actions)
    close_register(page)
