"""The annex of all questions and answers: what was said on one side, room for remarks on the other."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import ceil

from capacity_app.domain.problems import N_
from capacity_app.report.view.answers import AnswerSection, AskedQuestion, Line, Place, Scale, Speaker, Step
from capacity_app.report.view.bodies import AnswersBody
from capacity_app.report.view.report import Chapter
from capacity_app.report.word.compositor import Compositor
from capacity_app.report.word.looks import TEXT_WIDTH, TINT
from capacity_app.report.word.markup import NOTHING, Xml, joined
from capacity_app.report.word.pieces import heading, labelled, lines, second
from capacity_app.report.word.remarks import control
from capacity_app.report.word.tables import cell_xml, gap, row_xml, shade, table_xml

_REMARKS_WIDTH = 2835
"""Twips for remarks: 50 mm."""
_COLUMNS = (TEXT_WIDTH - _REMARKS_WIDTH, _REMARKS_WIDTH)
_ACROSS, _MOST_LINES = 64, 18
"""Letters of a line, and the lines of a row that is still kept whole."""


def _evidence(setter: Compositor, line: Line) -> Iterator[Xml]:
    for entry in line.evidence:
        yield setter.main.runs(" ")
        yield setter.link(entry.link, setter.main.runs(entry.text, "Reference"))


def _line(setter: Compositor, line: Line) -> Xml:
    say = setter.say
    said = setter.main.runs(line.value, "ToneOpen" if line.is_open else "")
    recorded = setter.main.runs(f" · {line.recorded}", "Quiet") if line.recorded else NOTHING
    label = setter.main.runs(f"{line.label}: ", "Label") if line.label else NOTHING
    beside = ((say(N_("Reason")), line.reason), (say(N_("Note")), line.note))
    return joined(
        (
            setter.main.paragraph("Line", label, said, *_evidence(setter, line), recorded),
            second(setter, "SecondLine", line.second),
            *(setter.main.paragraph("Beside", labelled(setter, name, text)) for name, text in beside if text),
        )
    )


def _speaker(setter: Compositor, voice: Speaker) -> Xml:
    told = setter.main.runs(f" · {voice.told}", "Quiet") if voice.told else NOTHING
    who = setter.main.paragraph("Who", setter.main.runs(voice.who), told)
    return joined((who, *(_line(setter, line) for line in voice.lines)))


def _step(setter: Compositor, step: Step) -> Xml:
    chosen = "Chosen" if step.is_chosen else ""
    words = (setter.main.runs(step.level), setter.main.tab(), setter.main.runs(step.sentence))
    return joined(
        (
            setter.main.paragraph(f"Step{chosen}", *words),
            second(setter, f"SecondStep{chosen}", step.second),
        )
    )


def _scale(setter: Compositor, scale: Scale) -> Xml:
    if not scale.steps:
        options = setter.main.paragraph("Options", labelled(setter, scale.label, scale.options))
        return joined((options, second(setter, "SecondOptions", scale.second_options)))
    label = setter.main.line("ScaleLabel", scale.label) if scale.label else NOTHING
    below = second(setter, "SecondScaleLabel", scale.second_label)
    return joined((label, below, *(_step(setter, step) for step in scale.steps)))


def _place(setter: Compositor, place: Place) -> Xml:
    number = setter.main.runs(f"{place.number}\u2002", "Number") if place.number else NOTHING
    return joined(
        (
            setter.main.line("RowHeading", place.heading) if place.heading else NOTHING,
            setter.main.paragraph("RowLabel", number, setter.main.runs(place.label)) if place.label else NOTHING,
            second(setter, "SecondRow", place.second),
            *(_speaker(setter, voice) for voice in place.speakers),
            lines(setter, "Remark", place.remarks),
        )
    )


def _asked(setter: Compositor, question: AskedQuestion, own: Iterable[Place]) -> Xml:
    mark = setter.main.runs(f" [{question.provenance}]", "Quiet")
    words = (setter.main.runs(f"{question.number}\u2002", "Number"), setter.main.runs(question.text), mark)
    return joined(
        (
            setter.main.line("BlockHeading", question.heading) if question.heading else NOTHING,
            # A row stays together by itself; LibreOffice would move the whole table with a heading that keeps the next.
            setter.main.paragraph("Heading3", setter.bookmark(question.anchor), *words, more='<w:keepNext w:val="0"/>'),
            second(setter, "SecondQuestion", question.second),
            *(_scale(setter, scale) for scale in question.scales),
            *(_place(setter, place) for place in own),
            lines(setter, "Remark", question.remarks),
        )
    )


def _length(text: str) -> int:
    return sum(ceil(max(len(line), 1) / _ACROSS) for line in text.split("\n")) if text else 0


def _lines_of_place(place: Place) -> int:
    said = (text for voice in place.speakers for line in voice.lines for text in (line.value, line.reason, line.note))
    return len(place.speakers) + 1 + sum(map(_length, said)) + len(place.remarks)


def _lines_of_question(question: AskedQuestion, own: Iterable[Place]) -> int:
    steps = sum(_length(step.sentence) for scale in question.scales for step in scale.steps)
    options = sum(_length(scale.options) for scale in question.scales)
    return _length(question.text) + steps + options + sum(map(_lines_of_place, own))


def _row(setter: Compositor, inside: Xml, address: str, number: str, count: int) -> Xml:
    content, room = _COLUMNS
    cells = (cell_xml(content, inside), cell_xml(room, control(setter, address, number), more=shade(TINT)))
    return row_xml(joined(cells), is_whole=count <= _MOST_LINES)


def _rows(setter: Compositor, question: AskedQuestion) -> Iterator[Xml]:
    """Write a question with what was said to it as a whole, then every row of its table."""
    own = [place for place in question.places if place.address == question.address]
    count = _lines_of_question(question, own)
    yield _row(setter, _asked(setter, question, own), question.address, question.number, count)
    for place in question.places:
        if place.address != question.address:
            number = f"{question.number} {place.number}" if place.number else f"{question.number} {place.label}"
            yield _row(setter, _place(setter, place), place.address, number, _lines_of_place(place))


def _table(setter: Compositor, rows: Iterable[Xml]) -> Xml:
    names = (setter.say(N_("Questions and answers")), setter.say(N_("Remarks")))
    cells = (
        cell_xml(width, setter.main.line("TableHeading", name)) for width, name in zip(_COLUMNS, names, strict=True)
    )
    inside = joined((row_xml(joined(cells), is_head=True), *rows))
    return joined((table_xml("ReportTable", _COLUMNS, inside, is_leftwards=setter.main.is_leftwards), gap(setter)))


def _section(setter: Compositor, section: AnswerSection) -> Xml:
    rows = (row for question in section.questions for row in _rows(setter, question))
    return joined(
        (
            heading(setter, 2, section.title, number=section.number),
            second(setter, "SecondPart", section.second),
            _table(setter, rows) if section.questions else NOTHING,
        )
    )


def _retired(setter: Compositor, places: Iterable[Place]) -> Iterator[Xml]:
    for address, group in groupby(places, key=lambda place: place.address):
        inside = [*group]
        count = sum(map(_lines_of_place, inside))
        yield _row(setter, joined(_place(setter, place) for place in inside), address, address, count)


def answers(setter: Compositor, body: AnswersBody, _chapter: Chapter) -> Iterator[Xml]:
    """Write every question with everything said, part by part."""
    yield setter.main.line("Introduction", setter.say(N_(
        "[T] the toolkit’s own words; [P] this project’s formulation. E0 to E3 are grades of evidence, with the number "
        "of the evidence in brackets."
    )))  # fmt: skip
    for section in body.sections:
        yield _section(setter, section)
    if body.retired:
        yield heading(setter, 2, setter.say(N_("Answers to questions this version does not ask")))
        yield _table(setter, _retired(setter, body.retired))
