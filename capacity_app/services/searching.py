"""What of an assessment can be found: the words of its questions in one or two languages, and what was answered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from capacity_app.domain.answers import Address, Answer, State
from capacity_app.domain.instrument import TOP_LEVEL, Column, Field, Kind, Question
from capacity_app.domain.search import Passage, Passages, Where, search, wanted_words
from capacity_app.wording import Wording

_SPOKEN = frozenset({Kind.YES_NO, Kind.YES_PARTLY_NO})
"""Kinds whose answers are one word of the program that stands everywhere: nobody searches for "no"."""


def _field_passages(question: Question, field: Field, wording: Wording) -> Iterator[tuple[Where, str]]:
    if isinstance(field, Column):
        yield Where.COLUMN, wording.column(question, field)
    for level in range(TOP_LEVEL + 1 if field.anchors else 0):
        yield Where.OPTION, wording.anchor(question, field, level)
    for option in field.options:
        yield Where.OPTION, wording.option(question, field, option)


def _worded(question: Question, wording: Wording) -> Iterator[Passage]:
    address = Address(question.id)
    yield Passage(address, Where.QUESTION, f"{question.number} {wording.question(question)}")
    heading = wording.instrument_text(question.id, "heading", question.heading)
    if heading:
        yield Passage(address, Where.QUESTION, heading)
    for field in (question, *question.columns):
        yield from (Passage(address, where, text) for where, text in _field_passages(question, field, wording))
    for row in question.rows:
        place = Address(question.id, row.id)
        yield Passage(place, Where.ROW, f"{row.number} {wording.row(question, row)}".strip())
        heading = wording.row_heading(question, row)
        if heading:
            yield Passage(place, Where.ROW, heading)


def question_passages(question: Question, wordings: Sequence[Wording]) -> Passages:
    """Return what can be found in a question itself, in every wording; a text both share counts once."""
    return Passages(tuple(dict.fromkeys(passage for wording in wordings for passage in _worded(question, wording))))


def answer_passages(question: Question, answers: Iterable[Answer], wording: Wording) -> Passages:
    """Return what can be found in what was said: answers in words, reasons and notes."""
    return Passages(tuple(passage for answer in answers for passage in _said(question, answer, wording)))


def _said(question: Question, answer: Answer, wording: Wording) -> Iterator[Passage]:
    address, content = answer.key.address, answer.content
    field: Field | None = question.column_by_id.get(address.column) if address.column else question
    is_told = field is not None and not (address.row and not address.column) and field.kind not in _SPOKEN
    if content.state is State.ANSWERED and is_told and field is not None:
        text = wording.value(question, field, content.value)
        if text:
            yield Passage(address, Where.ANSWER, text, answer.key)
    if content.reason:
        yield Passage(address, Where.REASON, content.reason, answer.key)
    if content.note:
        yield Passage(address, Where.NOTE, content.note, answer.key)


def in_reading_order(question: Question, answers: Iterable[Answer]) -> list[Answer]:
    """Order answers of a question as they are printed: what is said of the whole first."""
    rows = {row.id: place for place, row in enumerate(question.rows)}
    columns = {column.id: place for place, column in enumerate(question.columns)}

    def place(answer: Answer) -> tuple[int, int]:
        return rows.get(answer.key.address.row, -1), columns.get(answer.key.address.column, -1)

    return sorted(answers, key=place)


def find_passages(wording: Wording, typed: str, others: Sequence[Wording] = ()) -> Iterator[Passage]:
    """Search a whole assessment, in printed order; ``others`` are further wordings of its questions."""
    words = wanted_words(typed)
    said = _by_question(wording.dossier.answers)
    for question in wording.dossier.instrument.questions():
        answers = in_reading_order(question, said.get(question.id, ()))
        places = question_passages(question, (wording, *others)), answer_passages(question, answers, wording)
        yield from search(places, words)


def _by_question(answers: Iterable[Answer]) -> Mapping[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.key.address.question, []).append(answer)
    return found
