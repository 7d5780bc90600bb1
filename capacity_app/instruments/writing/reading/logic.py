"""When questions are asked, and which answers contradict each other: the sheets Conditions and Contradictions."""

from capacity_app.domain.problems import N_, Severity
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.findings import inside, nearest, shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.conditions import ConditionError, parsed
from capacity_app.instruments.writing.places import Spot
from capacity_app.instruments.writing.reading.belonging import note_no_question
from capacity_app.instruments.writing.reading.book import Book, ReadLine
from capacity_app.instruments.writing.reading.values import Tables, table_of


def conditions_of(book: Book, known: set[str]) -> dict[str, Tables]:
    """Give the conditions by the question that is asked under them."""
    found: dict[str, Tables] = {}
    for line in book.lines[layout.CONDITIONS]:
        question = line.get("question")
        if question not in known or not question:
            note_no_question(book, layout.CONDITIONS, line, known)
        elif question in found:
            message = N_("The question “{name}” has two conditions.")
            advice = N_("Join them in one line with “and” or “or”.")
            spot = Spot(layout.CONDITIONS, line.row, "question")
            book.mistakes.note("writing.two-conditions", spot, message, advice, name=shown(question))
        else:
            condition = _condition(book, line, layout.CONDITIONS, "show_if")
            if condition is not None:
                found[question] = condition
    return found


def _condition(book: Book, line: ReadLine, sheet: str, key: str) -> Tables | None:
    spot = Spot(sheet, line.row, key)
    if not line.get(key):
        message = N_("The condition is missing.")
        advice = N_("Write it like: iv.policy >= 1 and i.law = yes")
        book.mistakes.note("writing.no-condition", spot, message, advice)
        return None
    try:
        return parsed(line.get(key))
    except ConditionError as error:
        book.mistakes.note("writing.condition", spot, error.message, error.advice, Severity.ERROR, **error.values)
        return None


def contradictions_of(book: Book, section: str) -> list[Tables]:
    """Give the contradictions of a section; those of the whole questionnaire for none."""
    sections = {line.get("id") for line in book.lines[layout.SECTIONS]}
    found = []
    for line in book.lines[layout.CONTRADICTIONS]:
        named = line.get("section")
        if not section and named and named not in sections:
            near = nearest(named, sorted(sections))
            message = N_("There is no section “{name}”.")
            advice = N_("Did you mean “{near}”?") if near else N_("Write the id of a section, or nothing.")
            spot = Spot(layout.CONTRADICTIONS, line.row, "section")
            book.mistakes.note("writing.no-section", spot, message, advice, name=shown(named), near=near)
        if named == section:
            found.append(_contradiction(book, line, section))
    return found


def _contradiction(book: Book, line: ReadLine, section: str) -> Tables:
    when = _condition(book, line, layout.CONTRADICTIONS, "when")
    place = inside("", "section", section) if section else HEAD
    for where in (place, ""):
        spot = Spot(layout.CONTRADICTIONS, line.row)
        book.spots.mark(inside(where, "contradiction", line.get("id")), spot)
    table = table_of(line, layout.CONTRADICTIONS, book.mistakes, skip=("when", "section"))
    return {key: value for key, value in (("id", table.pop("id", "")), ("when", when)) if value} | table
