"""Which question, column or scale a line belongs to; a line that belongs to nothing is a mistake."""

from collections.abc import Iterable

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import nearest, shown
from capacity_app.instruments.writing.places import Spot
from capacity_app.instruments.writing.reading.book import Book, ByOwner, ReadLine


def is_scale(owner: str) -> bool:
    """Tell whether a name is that of a scale: ids of questions and columns have dots or slashes."""
    return bool(owner) and "." not in owner and "/" not in owner


def with_owner(book: Book, sheet: str) -> ByOwner:
    """Give the lines of the sheets Options or Anchors by what they belong to."""
    owners = book.by_owner[sheet]
    for line in owners.get("", ()):
        message = N_("The line does not say what it belongs to.")
        advice = N_("Write the id of a question, of its column, or a scale.")
        book.mistakes.note("writing.of-nothing", Spot(sheet, line.row, "of"), message, advice)
    return {owner: lines for owner, lines in owners.items() if owner}


def of_questions(book: Book, sheet: str, known: Iterable[str]) -> ByOwner:
    """Give the lines of the sheets Columns or Rows by their question."""
    there = {name for name in known if name}
    for line in book.lines[sheet]:
        if line.get("question") not in there:
            note_no_question(book, sheet, line, known)
    return {question: lines for question, lines in book.by_owner[sheet].items() if question in there}


def note_no_question(book: Book, sheet: str, line: ReadLine, known: Iterable[str]) -> None:
    """Note that a line names none of the questions there are."""
    name = line.get("question")
    near = nearest(name, sorted(known)) if name else ""
    message = N_("There is no question “{name}” on the sheet Questions.") if name else N_("The question is missing.")
    advice = N_("Did you mean “{near}”?") if near else N_("Write the id of a question.")
    spot = Spot(sheet, line.row, "question")
    book.mistakes.note("writing.no-question", spot, message, advice, name=shown(name), near=near)
