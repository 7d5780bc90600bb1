"""What of an assessment can be found: the words of its questions in one or two languages, and what was answered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from capacity_app.domain.assessment.answers import Address, Answer, AnswerState
from capacity_app.domain.questionnaire.instrument import GridColumn, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.questionnaire.search import PassageKind, SearchPassage, SearchPassages, search_passages
from capacity_app.domain.text_search import search_words
from capacity_app.i18n.formatter import Formatter


def _field_passages(question: Question, field: QuestionField, wording: Formatter) -> Iterator[tuple[PassageKind, str]]:
    if isinstance(field, GridColumn):
        yield PassageKind.COLUMN, wording.column(question, field)
    for level in range(len(field.anchors)):
        yield PassageKind.OPTION, wording.anchor(question, field, level)
    for option in field.options:
        yield PassageKind.OPTION, wording.option(question, field, option)


def _question_texts(question: Question, wording: Formatter) -> Iterator[SearchPassage]:
    address = Address(question.id)
    yield SearchPassage(address, PassageKind.QUESTION, f"{question.number} {wording.question(question)}")
    heading = wording.heading(question)
    if heading:
        yield SearchPassage(address, PassageKind.QUESTION, heading)
    for field in (question, *question.columns):
        yield from (SearchPassage(address, where, text) for where, text in _field_passages(question, field, wording))
    for row in question.rows:
        place = Address(question.id, row.id)
        yield SearchPassage(place, PassageKind.ROW, f"{row.number} {wording.row(question, row)}".strip())
        heading = wording.row_heading(question, row)
        if heading:
            yield SearchPassage(place, PassageKind.ROW, heading)


def question_passages(question: Question, wordings: Sequence[Formatter]) -> SearchPassages:
    """Return what can be found in a question itself, in every wording; a text both share counts once."""
    return SearchPassages(
        tuple(dict.fromkeys(passage for wording in wordings for passage in _question_texts(question, wording)))
    )


def answer_passages(question: Question, answers: Iterable[Answer], wording: Formatter) -> SearchPassages:
    """Return what can be found in what was said: answers in words, reasons and notes."""
    return SearchPassages(tuple(passage for answer in answers for passage in _answer_texts(question, answer, wording)))


def _answer_texts(question: Question, answer: Answer, wording: Formatter) -> Iterator[SearchPassage]:
    address, content = answer.key.address, answer.content
    field: QuestionField | None = question.column_by_id.get(address.column) if address.column else question
    # Nobody searches for "no", which stands everywhere.
    is_one_word = field is not None and field.kind.value_type is ValueType.OPTION and bool(field.kind.info.fixed)
    is_told = field is not None and not (address.row and not address.column) and not is_one_word
    if content.state is AnswerState.ANSWERED and is_told and field is not None:
        text = wording.value(question, field, content.value)
        if text:
            yield SearchPassage(address, PassageKind.ANSWER, text, answer.key)
    if content.unread:
        yield SearchPassage(address, PassageKind.ANSWER, content.unread, answer.key)
    if content.reason:
        yield SearchPassage(address, PassageKind.REASON, content.reason, answer.key)
    if content.note:
        yield SearchPassage(address, PassageKind.NOTE, content.note, answer.key)


def in_printed_order(question: Question, answers: Iterable[Answer]) -> list[Answer]:
    """Order answers of a question as they are printed: what is said of the whole first."""
    rows = {row.id: place for place, row in enumerate(question.rows)}
    columns = {column.id: place for place, column in enumerate(question.columns)}

    def place(answer: Answer) -> tuple[int, int]:
        return rows.get(answer.key.address.row, -1), columns.get(answer.key.address.column, -1)

    return sorted(answers, key=place)


def find_passages(wording: Formatter, typed: str, others: Sequence[Formatter] = ()) -> Iterator[SearchPassage]:
    """Search a whole assessment, in printed order; ``others`` are further wordings of its questions."""
    words = search_words(typed)
    said = _by_question(wording.dossier.answers)
    for question in wording.dossier.instrument.questions():
        answers = in_printed_order(question, said.get(question.id, ()))
        places = question_passages(question, (wording, *others)), answer_passages(question, answers, wording)
        yield from search_passages(places, words)


def _by_question(answers: Iterable[Answer]) -> Mapping[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.key.address.question, []).append(answer)
    return found
