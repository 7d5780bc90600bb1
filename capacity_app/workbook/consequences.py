"""What follows from the answers: indicators by migratory status, the gap register, the action plan."""

from collections.abc import Iterable
from itertools import groupby

from capacity_app.domain.answers import State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, PRIORITY_WORDS, Gap, SeverityClass, action_class
from capacity_app.domain.instrument import Column, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.wording import PROGRESS_WORDS, STATE_WORDS, Wording
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK, Slot, entry_mark
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import close_register, none_yet, open_register, write_headings

SDG_TAG = "sdg-disaggregation"


def severity_cell(words: Wording, found: SeverityClass) -> Cell:
    """Show how serious a gap is, in word and colour."""
    return Cell(words.texts.gettext(CLASS_WORDS[found]), f"severity_{found}")


def _action_numbers(appraisal: Appraisal, actions: Iterable[Action]) -> str:
    return ", ".join(str(appraisal.action_numbers[action.id]) for action in actions)


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
        Cell(_action_numbers(appraisal, actions)),
        Cell(note),
        Cell(None, "input"),
    ]


def _gap_headings(words: Wording) -> tuple[tuple[str, float], ...]:
    say = words.say
    return (
        (say(N_("No.")), 9), (say(N_("Gap")), 44), (say(N_("Part")), 24), (say(N_("Level")), 8),
        (say(N_("Target")), 8), (say(N_("Steps")), 8), (say(N_("Importance")), 12), (say(N_("Severity")), 10),
        (say(N_("Class")), 12), (say(N_("Feasibility")), 22), (say(N_("Priority")), 14),
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
    if not appraisal.gaps:
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
        Cell(", ".join(words.code("project_partner", partner) for partner in action.partners)),
        Cell(words.texts.date(action.start) if action.start else ""),
        Cell(words.texts.date(action.end) if action.end else ""),
        Cell(action.cost),
        Cell(words.code("funding_status", action.funding)),
        Cell(action.indicator),
        Cell(", ".join(str(number) for number in waits if number)),
        Cell(words.texts.gettext(PROGRESS_WORDS[action.progress])),
        Cell(action.note),
        Cell(None, "input"),
    ]


def write_actions(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the action plan."""
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
    if not appraisal.dossier.actions:
        none_yet(page, words)
    close_register(page)


def _is_indicator_table(question: Question) -> bool:
    return question.kind is Kind.GRID and SDG_TAG in question.tags and question.scored


def _indicator_cell(choices: Choices, words: Wording, item: Item) -> Cell:
    """Show what counts, in words; what is open is tinted."""
    if item.standing in {Standing.ROW_OUT, Standing.HIDDEN}:
        return Cell(words.texts.gettext(STATE_WORDS[State.NOT_APPLICABLE]), "quiet")
    if item.standing is Standing.SETTLED:
        return Cell(words.say(N_("settled as zero")), "quiet")
    answer = item.answer
    if answer.conflict:
        return Cell(words.say(N_("agencies differ")), "caution")
    if answer.is_open:
        return Cell(words.texts.gettext(STATE_WORDS[answer.state]), "caution")
    if answer.state is State.NOT_APPLICABLE:
        return Cell(words.texts.gettext(STATE_WORDS[answer.state]), "quiet")
    shown = choices.shown(item.question, item.field, answer.value)
    return Cell(shown, "middle" if isinstance(shown, int) else "label")


def _indicator_gap(appraisal: Appraisal, words: Wording, question: Question, row: Row) -> Cell:
    gap = appraisal.gap_by_address.get(f"{question.id}/{row.id}")
    if gap is None:
        return Cell(words.say(N_("none")), "quiet")
    return Cell(words.say(N_("to verify")), "caution") if gap.is_open else severity_cell(words, gap.severity_class)


def _indicator_rows(appraisal: Appraisal, words: Wording, choices: Choices, page: Page, block: Block) -> None:
    question = block.question
    for row in question.rows:
        if block.rows[row.id].standing is Standing.SPARE:
            continue
        heading = words.row_heading(question, row)
        if heading:
            page.line([Cell(None, "group"), Cell(heading, "group"), *[Cell(None, "group")] * (len(page.widths) - 2)])
        cells = [Cell(row.number, "number"), Cell(words.row(question, row), "label_strong")]
        cells += [_indicator_cell(choices, words, item) for item in block.items if item.row is row]
        cells.append(_indicator_gap(appraisal, words, question, row))
        cells += [Cell()] * (len(page.widths) - len(cells))
        page.line(cells, SAID_MARK)


def _indicator_headings(words: Wording, question: Question) -> list[str]:
    columns: Iterable[Column] = question.columns
    return ["", words.say(N_("Indicator")), *(words.column(question, one) for one in columns), words.say(N_("Gap"))]


def write_indicators(appraisal: Appraisal, words: Wording, choices: Choices, book: Book) -> None:
    """Write the tables of indicators by migratory status, if the instrument has any; answers change on their part."""
    blocks = [block for block in appraisal.sheet.blocks.values() if _is_indicator_table(block.question)]
    if not blocks:
        return
    most = max(len(block.question.columns) for block in blocks)
    title = words.say(N_("SDG indicators"))
    page = Page(book, book.add_sheet("indicators", title), [9.0, 54.0, *[17.0] * most, 14.0])
    page.ruler(FIELDS_MARK, (Slot.NUMBER, Slot.TEXT))
    page.title(title)
    for block in blocks:
        question = block.question
        section = appraisal.dossier.instrument.section_of[question.id]
        where = f"{section.number} {words.section(section)}"
        page.paragraph(f"{question.number}  {words.question(question)}", "strong")
        page.paragraph(words.say(N_("To change an answer, go to the sheet of part {part}."), part=where))
        names = _indicator_headings(words, question)
        write_headings(page, [*names, *[""] * (len(page.widths) - len(names))])
        _indicator_rows(appraisal, words, choices, page, block)
        page.skip()
    page.finish(top=2, left=3, repeated=range(1, 2))
