"""The questions with what other sheets say of them: columns, rows, conditions, options and anchors."""

from collections.abc import Iterable, Mapping, Sequence

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import listed, nearest, shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.places import Mistakes, Spot
from capacity_app.instruments.writing.reading.answers import Answers
from capacity_app.instruments.writing.reading.belonging import of_questions
from capacity_app.instruments.writing.reading.book import Book, ReadLine
from capacity_app.instruments.writing.reading.logic import conditions_of
from capacity_app.instruments.writing.reading.values import Tables, names_in, table_of

Asked = tuple[ReadLine, Tables]
"""A question: its line, and its table with what other sheets say of it."""
_GATE = ("gate_column", "gate_answers", "gate_settles")


def questions_by_section(book: Book) -> Mapping[str, Sequence[Asked]]:
    """Give the questions by the id of their section."""
    known = {line.get("id") for line in book.lines[layout.QUESTIONS]}
    columns, rows = of_questions(book, layout.COLUMNS, known), of_questions(book, layout.ROWS, known)
    conditions = conditions_of(book, known)
    answers = Answers(book)
    sections = {line.get("id") for line in book.lines[layout.SECTIONS]}
    found: dict[str, list[Asked]] = {}
    for line in book.lines[layout.QUESTIONS]:
        question = line.get("id")
        table = table_of(line, layout.QUESTIONS, book.mistakes, skip=_GATE)
        answers.add_to(table, question, line, layout.QUESTIONS)
        if question in conditions:
            table["show_if"] = conditions[question]
        if columns.get(question):
            table["column"] = [_column(one, question, answers, book.mistakes) for one in columns[question]]
        if rows.get(question):
            table["row"] = [_row(one, book.mistakes) for one in rows[question]]
        if gate := _gate(line):
            table["gate"] = gate
        section = question.split(".", 1)[0]
        if section in sections:
            found.setdefault(section, []).append((line, table))
        else:
            _note_no_section(line, sections, book.mistakes)
    answers.note_strays()
    return found


def _gate(line: ReadLine) -> Tables:
    said = {key: line.get(key) for key in _GATE if line.get(key)}
    return {key.removeprefix("gate_"): text if key == "gate_column" else names_in(text) for key, text in said.items()}


def _note_no_section(line: ReadLine, sections: Iterable[str], mistakes: Mistakes) -> None:
    question = line.get("id")
    spot = Spot(layout.QUESTIONS, line.row, "id")
    if not question:
        message = N_("The question has no id, so it belongs to no section.")
        mistakes.note("writing.no-id", spot, message, N_("Write the id of its section, a dot and a name of its own."))
        return
    names = [name for name in sections if name]
    near = nearest(question.split(".", 1)[0], names)
    message = N_("“{name}” does not begin with the id of a section and a dot.")
    advice = N_("Did you mean “{near}.…”?") if near else N_("Known are: {known}.")
    mistakes.note("writing.no-section", spot, message, advice, name=shown(question), near=near, known=listed(names))


def _column(line: ReadLine, question: str, answers: Answers, mistakes: Mistakes) -> Tables:
    table = table_of(line, layout.COLUMNS, mistakes, skip=("question",))
    answers.add_to(table, f"{question}/{line.get('id')}", line, layout.COLUMNS)
    return table


def _row(line: ReadLine, mistakes: Mistakes) -> Tables:
    table = table_of(line, layout.ROWS, mistakes, skip=("question", "required"))
    if line.get("required"):
        table["required"] = _needed(line, mistakes)
    return table


def _needed(line: ReadLine, mistakes: Mistakes) -> Tables:
    """Give the options that a row needs ticked, by column."""
    found: Tables = {}
    for part in line.get("required").split(";"):
        column, colon, options = part.partition(":")
        if part.strip() and not colon:
            message = N_("“{name}” does not say of which column these options are.")
            advice = N_("Write it like: topics: age, sex; use: law")
            spot = Spot(layout.ROWS, line.row, "required")
            mistakes.note("writing.required", spot, message, advice, name=shown(part))
        elif part.strip():
            found[column.strip()] = names_in(options)
    return found
