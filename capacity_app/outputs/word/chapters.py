"""The chapters: each block that the content is made of, as Word paragraphs and tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import Any

from capacity_app import report_colours
from capacity_app.domain.assessment.editable_fields import (
    ACTION_FIELDS,
    COMMENTS,
    MESSAGES,
    POINT,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    action_key,
)
from capacity_app.domain.assessment.register_fields import register_field
from capacity_app.domain.problems import N_
from capacity_app.outputs.content.answer_cells import UnscoredQuestion
from capacity_app.outputs.content.answers import (
    AnswerPlace,
    AnswersBody,
    AnswerSection,
    AskedQuestion,
    PrintedAnswer,
    RespondentAnswers,
)
from capacity_app.outputs.content.demand_and_sources import DemandContent, DemandRank
from capacity_app.outputs.content.elements import (
    Cards,
    ContentTable,
    EntryCard,
    Fact,
    FactSheet,
    Heading,
    Points,
    Prose,
    TextTone,
)
from capacity_app.outputs.content.report import EditableRecommendation, ReportChapter
from capacity_app.outputs.word.elements import (
    SEVERITY_TINTS,
    card_xml,
    cell_xml,
    fact_sheet,
    facts_xml,
    heading_xml,
    labelled_line,
    lines_xml,
    points_xml,
    row_xml,
    second_language_line,
    shading_xml,
    share_twips,
    table_with_caption,
    table_xml,
    unscored_question_xml,
)
from capacity_app.outputs.word.markup import EMPTY_XML, TEXT_WIDTH, TINT, Xml, join_xml
from capacity_app.outputs.word.word_context import WordContext, field_block, field_runs, remark_field_xml

_DEFINITIONS = (29, 71)
_SQUARES = (12, 18, 18, 18, 18, 16)
_SQUARE_HEIGHT = 620
_SQUARE_TINTS = SEVERITY_TINTS | {TextTone.OPEN: report_colours.TINT}


_PROSE_STYLES = {
    "": "Normal", "lead": "Lead", "introduction": "Introduction", "legend": "Legend", "nothing": "Nothing",
    "remark": "Remark",
}  # fmt: skip


def _letters(context: WordContext, letters: Iterable[str]) -> Xml:
    return context.main.paragraph("Square", context.main.runs("\u2002".join(letters), "Letter"))


def _demand_rank_row(context: WordContext, rank: DemandRank, columns: Sequence[int]) -> Xml:
    """Write one line of squares: the shade of each says how serious a gap it means, its place says the same."""
    head = cell_xml(columns[0], context.main.line("TableHeading", rank.title), more='<w:vAlign w:val="center"/>')
    squares = (
        cell_xml(
            width,
            _letters(context, square.letters),
            more=shading_xml(_SQUARE_TINTS[square.tone]) + '<w:vAlign w:val="center"/>',
        )
        for width, square in zip(columns[1:], rank.squares, strict=True)
    )
    return row_xml(join_xml((head, *squares)), height=_SQUARE_HEIGHT)


def _demand_levels_head(context: WordContext, demand: DemandContent, columns: Sequence[int]) -> Xml:
    """Head the squares: what goes upwards, what goes across, and what each level means."""
    main = context.main
    first = main.line("TableHeading", demand.upwards)
    corner = cell_xml(columns[0], first, more='<w:vMerge w:val="restart"/>')
    below = cell_xml(columns[0], main.line("TableHeading", ""), more="<w:vMerge/>")
    across = cell_xml(sum(columns[1:]), main.line("TableHeadingSign", demand.rightwards), span=len(demand.levels))
    sentences = ((main.runs(one.sign, "Sign"), main.runs(f" {one.number} {one.sentence}")) for one in demand.levels)
    heads = (
        cell_xml(width, main.paragraph("TableHeading", *inside))
        for width, inside in zip(columns[1:], sentences, strict=True)
    )
    return join_xml(
        (
            row_xml(join_xml((corner, across)), is_head=True),
            row_xml(join_xml((below, *heads)), is_head=True),
        )
    )


def _write_demand_grid(context: WordContext, demand: DemandContent) -> Iterator[Xml]:
    say, main = context.say, context.main
    columns = share_twips(_SQUARES, context.width)
    rows = join_xml(
        (
            _demand_levels_head(context, demand, columns),
            *(_demand_rank_row(context, rank, columns) for rank in demand.ranks),
        )
    )
    legend = say(N_("Letters refer to the questions listed below; the darker a square, the more severe the gap."))
    yield main.paragraph("Asked", main.runs(f"{demand.number}\u2002", "Number"), main.runs(demand.title))
    yield second_language_line(context, "SecondAsked", demand.second)
    yield main.line("Lead", demand.finding)
    yield table_xml("ReportSquares", columns, rows, is_leftwards=main.is_leftwards)
    yield context.figure_caption(f"{demand.rightwards} × {demand.upwards}")
    yield main.line("Legend", f"{legend} {demand.left_out}".strip())
    yield table_with_caption(context, demand.table, f"{demand.number} · {demand.title}")


def _definition(context: WordContext, one: EntryCard, columns: Sequence[int]) -> Xml:
    main = context.main
    number = main.runs(f"{one.number}\u2002", "Number") if one.number else EMPTY_XML
    term = main.paragraph("TableTerm", context.bookmark(one.anchor), number, main.runs(one.title))
    below = main.line("TableDetail", one.subtitle) if one.subtitle else EMPTY_XML
    said = join_xml(
        main.paragraph("TableDetail" if fact.label else "TableText", _definition_line(context, fact))
        for fact in one.facts
    )
    cells = (join_xml((term, below)), said or main.line("TableText", ""))
    return row_xml(join_xml(cell_xml(width, inside) for width, inside in zip(columns, cells, strict=True)))


def _definition_line(context: WordContext, fact: Fact) -> Xml:
    if fact.asked:
        return field_runs(context, fact.asked, "", fact.label)
    return labelled_line(context, fact.label, fact.text)


def _definitions(context: WordContext, cards: Iterable[EntryCard]) -> Xml:
    columns = share_twips(_DEFINITIONS, context.width)
    rows = join_xml(_definition(context, one, columns) for one in cards)
    return table_xml("ReportFacts", columns, rows, is_leftwards=context.main.is_leftwards, has_head=False)


def _write_heading(context: WordContext, block: Heading, _title: str) -> Iterator[Xml]:
    yield heading_xml(context, block.level, block.text)


def _write_prose(context: WordContext, block: Prose, _title: str) -> Iterator[Xml]:
    yield lines_xml(context, _PROSE_STYLES[block.style], block.paragraphs)


def _write_points(context: WordContext, block: Points, _title: str) -> Iterator[Xml]:
    yield points_xml(context, block.cells)


def _write_table(context: WordContext, block: ContentTable, title: str) -> Iterator[Xml]:
    yield table_with_caption(context, block, title)


def _write_facts(context: WordContext, block: FactSheet, _title: str) -> Iterator[Xml]:
    main = context.main
    if block.style == "formulas":
        for one in block.facts:
            yield main.paragraph("Formula", main.runs(one.label, "Strong"), main.tab(), main.runs(one.text))
    else:
        yield facts_xml(context, block.facts) if block.style == "lines" else fact_sheet(context, block.facts)


def _write_cards(context: WordContext, block: Cards, _title: str) -> Iterator[Xml]:
    if block.style == "definitions":
        yield _definitions(context, block.cards)
    else:
        yield from (card_xml(context, one) for one in block.cards)


def _write_unscored(context: WordContext, block: UnscoredQuestion, _title: str) -> Iterator[Xml]:
    yield unscored_question_xml(context, block)


def _write_demand(context: WordContext, block: DemandContent, _title: str) -> Iterator[Xml]:
    yield from _write_demand_grid(context, block)


BlockWriter = Callable[[WordContext, Any, str], Iterator[Xml]]
# What an editor may change: it comes back when the file is imported.


_RECOMMENDATION_COLUMNS = (7, 37, 18, 12, 12, 9, 9)
_SENDER_COLUMNS = (40, 40, 20)


def _printed_lines(blocks: Iterable[object]) -> Iterator[str]:
    """Yield the lines of headings, paragraphs and points, as they are typed."""
    for block in blocks:
        match block:
            case Heading():
                yield block.text
            case Prose():
                yield from block.paragraphs
            case Points():
                yield from (f"{POINT} {cell.text}" for cell in block.cells)


def _write_blocks(context: WordContext, blocks: Iterable[object], name: str) -> Iterator[Xml]:
    title = name
    for block in blocks:
        yield from _BLOCK_WRITERS[type(block)](context, block, title)
        if isinstance(block, Heading):
            title = f"{block.text} · {name}"


def _write_messages(context: WordContext, chapter: ReportChapter) -> Iterator[Xml]:
    """Write the main messages as one field, and the sign-off box."""
    said = [block for block in chapter.blocks if isinstance(block, Heading | Prose | Points)]
    inside = join_xml(_write_blocks(context, said, chapter.title))
    yield field_block(context, MESSAGES, "\n".join(_printed_lines(said)), chapter.title, inside)
    yield heading_xml(context, 3, context.say(N_("Confirmation by the authorities")))
    yield from _write_blocks(context, [block for block in chapter.blocks if block not in said], chapter.title)


def _write_comments(context: WordContext, chapter: ReportChapter) -> Iterator[Xml]:
    """Write the comments of the authorities as a field, and the remarks on single questions."""
    first = chapter.blocks[0]
    if isinstance(first, Prose) and first.style == "":
        inside, shown = lines_xml(context, "Normal", first.paragraphs), "\n".join(first.paragraphs)
        rest: Sequence[object] = chapter.blocks[1:]
    else:
        shown = first.paragraphs[0] if isinstance(first, Prose) else chapter.title
        inside = context.main.paragraph("Normal", context.main.runs(shown, "PlaceholderText"))
        rest = chapter.blocks[1:] if isinstance(first, Prose) else chapter.blocks
    is_empty = not (isinstance(first, Prose) and first.style == "")
    yield field_block(context, COMMENTS, shown, chapter.title, inside, is_empty=is_empty)
    yield from _write_blocks(context, rest, chapter.title)


def _field_table(
    context: WordContext, names: Sequence[str], shares: Sequence[float], rows: Iterable[Iterable[Xml]]
) -> Xml:
    columns = share_twips(shares, context.width)
    head = (
        cell_xml(width, context.main.line("TableHeading", name)) for width, name in zip(columns, names, strict=True)
    )
    written = [
        row_xml(join_xml(
            cell_xml(width, context.main.paragraph("TableText", inside))
            for width, inside in zip(columns, row, strict=True)
        ))
        for row in rows
    ]  # fmt: skip
    inside = join_xml((row_xml(join_xml(head), is_head=True), *written))
    return table_xml("ReportTable", columns, inside, is_leftwards=context.main.is_leftwards)


def write_sender(context: WordContext) -> Iterator[Xml]:
    """Ask who has filled in the file."""
    say = context.say
    names = (say(N_("Agency")), say(N_("Person")), say(N_("Date")))
    yield heading_xml(context, 2, say(N_("If you send this file back: who has filled it in?")))
    keys = (SENDER_AGENCY, SENDER_PERSON, SENDER_DATE)
    fields = (
        field_runs(context, key, "", name, is_date=key == SENDER_DATE) for key, name in zip(keys, names, strict=True)
    )
    yield _field_table(context, names, _SENDER_COLUMNS, [fields])
    yield context.main.line("Legend", say(N_(
        "The program reads back: this table, the main messages, the comments of the authorities, the corrections to "
        "the recommendations, texts of agencies in the annex, remarks, Word comments and tracked changes. It lists "
        "changes of other texts."
    )))  # fmt: skip


def _write_corrections(context: WordContext, recommendations: Sequence[EditableRecommendation]) -> Iterator[Xml]:
    """Write the recommendations as they are typed, each value a field."""
    say = context.say
    labels = [say(register_field("actions", name).label) for name in ACTION_FIELDS]
    yield heading_xml(context, 2, say(N_("Corrections to the recommendations")))
    yield context.main.line("Introduction", say(N_(
        "Correct recommendations in this table. Dates have the form 2024-03-31. When the file is imported, the "
        "assessment team decides on each change."
    )))  # fmt: skip
    rows = (
        (
            context.main.runs(one.number, "Number"),
            *(
                field_runs(context, action_key(one.action, name), value, f"{one.number} {label}")
                for name, label, value in zip(ACTION_FIELDS, labels, one.values, strict=True)
            ),
        )
        for one in recommendations
    )
    yield _field_table(context, (say(N_("No.")), *labels), _RECOMMENDATION_COLUMNS, rows)


def write_chapter_body(
    context: WordContext, chapter: ReportChapter, recommendations: Sequence[EditableRecommendation] = ()
) -> Iterator[Xml]:
    """Print the blocks of a chapter; a table without a caption is called after the heading above it."""
    name = f"{chapter.number} {chapter.title}".strip()
    match chapter.anchor:
        case "messages":
            yield from _write_messages(context, chapter)
        case "comments":
            yield from _write_comments(context, chapter)
        case _:
            yield from _write_blocks(context, chapter.blocks, name)
    if chapter.anchor == "plan" and recommendations:
        yield from _write_corrections(context, recommendations)


# The annex of all questions and answers: what was said on one side, room for remarks on the other.

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


_BLOCK_WRITERS: dict[type, BlockWriter] = {
    Heading: _write_heading,
    Prose: _write_prose,
    Points: _write_points,
    ContentTable: _write_table,
    FactSheet: _write_facts,
    Cards: _write_cards,
    UnscoredQuestion: _write_unscored,
    DemandContent: _write_demand,
    AnswersBody: write_answers,
}
