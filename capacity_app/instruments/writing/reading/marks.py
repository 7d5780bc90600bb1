"""Where in the workbook stands what the checks of the TOML name: questions with all that belongs to them."""

from collections.abc import Sequence

from capacity_app.instruments.findings import inside
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.places import Spot, Spots
from capacity_app.instruments.writing.reading.book import Book, ReadLine
from capacity_app.instruments.writing.reading.questions import Asked
from capacity_app.instruments.writing.reading.values import Tables


def mark_questions(book: Book, section: str, asked: Sequence[Asked]) -> None:
    """Remember where the questions of a section stand, with their conditions."""
    outer = inside("", "section", section)
    for place, (line, table) in enumerate(asked, start=1):
        question = line.get("id")
        where = inside(outer, "question", question or str(place))
        for name in (where, inside("", "question", question)):
            book.spots.mark(name, Spot(layout.QUESTIONS, line.row))
        book.spots.mark(inside(where, "gate"), Spot(layout.QUESTIONS, line.row, "gate_column"))
        book.spots.mark(inside(where, "options"), Spot(layout.QUESTIONS, line.row, "options"))
        _mark_field(book, where, question)
        _mark_inner(book, where, question, table)
    for line in book.lines[layout.CONDITIONS]:
        if line.get("question").split(".", 1)[0] == section:
            where = inside(inside(outer, "question", line.get("question")), "show_if")
            book.spots.mark(where, Spot(layout.CONDITIONS, line.row, "show_if"))


def _mark_inner(book: Book, where: str, question: str, table: Tables) -> None:
    for sheet, word in ((layout.COLUMNS, "column"), (layout.ROWS, "row")):
        if word not in table:
            continue
        for place, line in enumerate(book.by_owner[sheet].get(question, ()), start=1):
            inner = inside(where, word, line.get("id") or str(place))
            book.spots.mark(inner, Spot(sheet, line.row))
            if word == "column":
                _mark_field(book, inner, f"{question}/{line.get('id')}")


def _mark_field(book: Book, where: str, owner: str) -> None:
    mark_options(book.spots, where, book.by_owner[layout.OPTIONS].get(owner, ()))
    anchors = book.by_owner[layout.ANCHORS].get(owner, ())
    if anchors:
        book.spots.mark_anchors(where, Spot(layout.ANCHORS, anchors[0].row))


def mark_options(spots: Spots, where: str, lines: Sequence[ReadLine]) -> None:
    """Remember where the options of a question, column or scale stand."""
    for place, line in enumerate(lines, start=1):
        spots.mark(inside(where, "option", line.get("id") or str(place)), Spot(layout.OPTIONS, line.row))
    if lines:
        spots.mark(where, Spot(layout.OPTIONS, lines[0].row), is_fallback=True)
