"""The annex of all questions and answers: what was said on one side, room for remarks on the other."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import ceil

from capacity_app.domain.problems import N_
from capacity_app.outputs.content.answers import (
    AnswerPlace,
    AnswersBody,
    AnswerSection,
    AskedQuestion,
    PrintedAnswer,
    RespondentAnswers,
)
from capacity_app.outputs.word.elements import (
    cell_xml,
    heading_xml,
    labelled_line,
    lines_xml,
    row_xml,
    second_language_line,
    shading_xml,
    table_xml,
)
from capacity_app.outputs.word.markup import EMPTY_XML, TEXT_WIDTH, TINT, Xml, join_xml
from capacity_app.outputs.word.word_context import WordContext, field_runs, remark_field_xml

_REMARKS_WIDTH = 2835
"""Twips for remarks: 50 mm."""
_COLUMNS = (TEXT_WIDTH - _REMARKS_WIDTH, _REMARKS_WIDTH)
_ACROSS, _MOST_LINES = 64, 18
"""Letters of a line, and the lines of a row that is still kept whole."""


def _evidence(context: WordContext, line: PrintedAnswer) -> Iterator[Xml]:
    for entry in line.evidence:
        yield context.main.runs(" ")
        yield context.link(entry.link, context.main.runs(entry.text, "Reference"))


def _answer_line(context: WordContext, line: PrintedAnswer) -> Xml:
    say = context.say
    if line.editable:
        said = field_runs(context, line.editable, line.value, say(N_("Answer")))
    else:
        said = context.main.runs(line.value, "ToneOpen" if line.is_open else "")
    recorded = context.main.runs(f" · {line.recorded}", "Quiet") if line.recorded else EMPTY_XML
    label = context.main.runs(f"{line.label}: ", "Label") if line.label else EMPTY_XML
    beside = ((say(N_("Reason")), line.reason), (say(N_("Note")), line.note))
    return join_xml(
        (
            context.main.paragraph("Line", label, said, *_evidence(context, line), recorded),
            second_language_line(context, "SecondLine", line.second),
            *(context.main.paragraph("Beside", labelled_line(context, name, text)) for name, text in beside if text),
        )
    )


def _respondent_xml(context: WordContext, voice: RespondentAnswers) -> Xml:
    told = context.main.runs(f" · {voice.told}", "Quiet") if voice.told else EMPTY_XML
    who = context.main.paragraph("Who", context.main.runs(voice.who), told)
    return join_xml((who, *(_answer_line(context, line) for line in voice.lines)))


def _place_xml(context: WordContext, place: AnswerPlace) -> Xml:
    number = context.main.runs(f"{place.number}\u2002", "Number") if place.number else EMPTY_XML
    return join_xml(
        (
            context.main.line("RowHeading", place.heading) if place.heading else EMPTY_XML,
            context.main.paragraph("RowLabel", number, context.main.runs(place.label)) if place.label else EMPTY_XML,
            second_language_line(context, "SecondRow", place.second),
            *(_respondent_xml(context, voice) for voice in place.speakers),
            lines_xml(context, "Remark", place.remarks),
        )
    )


def _question_xml(context: WordContext, question: AskedQuestion, own: Iterable[AnswerPlace]) -> Xml:
    mark = context.main.runs(f" [{question.provenance}]", "Quiet")
    words = (context.main.runs(f"{question.number}\u2002", "Number"), context.main.runs(question.text), mark)
    return join_xml(
        (
            context.main.line("BlockHeading", question.heading) if question.heading else EMPTY_XML,
            # A row stays together by itself; LibreOffice would move the whole table with a heading that keeps the next.
            context.main.paragraph(
                "Heading3", context.bookmark(question.anchor), *words, more='<w:keepNext w:val="0"/>'
            ),
            second_language_line(context, "SecondQuestion", question.second),
            *(_place_xml(context, place) for place in own),
            lines_xml(context, "Remark", question.remarks),
        )
    )


def _text_length(text: str) -> int:
    return sum(ceil(max(len(line), 1) / _ACROSS) for line in text.split("\n")) if text else 0


def _lines_of_place(place: AnswerPlace) -> int:
    said = (text for voice in place.speakers for line in voice.lines for text in (line.value, line.reason, line.note))
    return len(place.speakers) + 1 + sum(map(_text_length, said)) + len(place.remarks)


def _lines_of_question(question: AskedQuestion, own: Iterable[AnswerPlace]) -> int:
    return _text_length(question.text) + sum(map(_lines_of_place, own))


def _answer_row(context: WordContext, inside: Xml, address: str, number: str, count: int) -> Xml:
    content, room = _COLUMNS
    cells = (
        cell_xml(content, inside),
        cell_xml(room, remark_field_xml(context, address, number), more=shading_xml(TINT)),
    )
    return row_xml(join_xml(cells), is_whole=count <= _MOST_LINES)


def _answer_rows(context: WordContext, question: AskedQuestion) -> Iterator[Xml]:
    """Write a question with what was said to it as a whole, then every row of its table."""
    own = [place for place in question.places if place.address == question.address]
    count = _lines_of_question(question, own)
    yield _answer_row(context, _question_xml(context, question, own), question.address, question.number, count)
    for place in question.places:
        if place.address != question.address:
            number = f"{question.number} {place.number}" if place.number else f"{question.number} {place.label}"
            yield _answer_row(context, _place_xml(context, place), place.address, number, _lines_of_place(place))


def _answer_table(context: WordContext, rows: Iterable[Xml]) -> Xml:
    names = (context.say(N_("Questions and answers")), context.say(N_("Remarks")))
    cells = (
        cell_xml(width, context.main.line("TableHeading", name)) for width, name in zip(_COLUMNS, names, strict=True)
    )
    inside = join_xml((row_xml(join_xml(cells), is_head=True), *rows))
    return table_xml("ReportTable", _COLUMNS, inside, is_leftwards=context.main.is_leftwards)


def _section_xml(context: WordContext, section: AnswerSection) -> Xml:
    rows = (row for question in section.questions for row in _answer_rows(context, question))
    return join_xml(
        (
            heading_xml(context, 2, section.title, number=section.number),
            second_language_line(context, "SecondPart", section.second),
            lines_xml(context, "Remark", filter(None, [section.without_answer])),
            _answer_table(context, rows) if section.questions else EMPTY_XML,
        )
    )


def _retired_answers(context: WordContext, places: Iterable[AnswerPlace]) -> Iterator[Xml]:
    for address, group in groupby(places, key=lambda place: place.address):
        inside = [*group]
        count = sum(map(_lines_of_place, inside))
        yield _answer_row(context, join_xml(_place_xml(context, place) for place in inside), address, address, count)


def write_answers(context: WordContext, body: AnswersBody, _title: str) -> Iterator[Xml]:
    """Write every question with everything said, part by part."""
    yield context.main.line("Introduction", context.say(N_(
        "[T] wording of the toolkit; [P] wording by the authors of this questionnaire. E0 to E3 are grades of "
        "evidence, with the number of the evidence in brackets."
    )))  # fmt: skip
    for section in body.sections:
        yield _section_xml(context, section)
    if body.retired:
        yield heading_xml(context, 2, context.say(N_("Answers to questions this version does not ask")))
        yield _answer_table(context, _retired_answers(context, body.retired))
