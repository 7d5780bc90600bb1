"""Demand against supply, indicators by migratory status, children, and which source knows about what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from math import ceil

from capacity_app.domain.answers import State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.availability import Matrix, SourceUse, availability
from capacity_app.domain.children import ChildAnswer, ChildLens, child_lens
from capacity_app.domain.gaps import Gap, level_of
from capacity_app.domain.instrument import TOP_LEVEL, Column, Kind, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.domain.themes import supply_column
from capacity_app.domain.topics import APPLIES, SERVICE_WORDS, Service, Topic
from capacity_app.palette import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.report.charts import DemandChart, Spot
from capacity_app.report.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, joined, row, shortened
from capacity_app.report.registers import source_codes
from capacity_app.report.shown import answer_cell, points_sign, severity_cell
from capacity_app.wording import Wording

_SOURCES_ACROSS = 16
_TOPIC = 34
_DETAIL_WIDTH = 13


@dataclass(frozen=True, slots=True)
class DemandView:
    """One grid of policy questions: relevance against availability, as a table and a chart."""

    title: str
    table: Table
    chart: DemandChart
    upwards: str
    rightwards: str
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A table with its title."""

    title: str
    table: Table


def _items_of(block: Block, one: Row) -> dict[str, Item]:
    return {item.field.id: item for item in block.items if item.row is not None and item.row.id == one.id}


def _level_cell(words: Wording, item: Item) -> Cell:
    value = item.answer.value
    if isinstance(value, int) and item.standing is Standing.WANTED:
        sign, tone = LEVEL_SIGNS[value], points_sign(_as_points(value))[1]
        return Cell(str(value), sign=sign, tone=tone)
    return answer_cell(words, item)


def _as_points(level: int) -> Fraction:
    return Fraction(level, TOP_LEVEL)


def _source_cell(appraisal: Appraisal, items: dict[str, Item]) -> str:
    codes = source_codes(appraisal)
    picked = (
        i.answer.value for i in items.values() if i.field.kind is Kind.SOURCE and isinstance(i.answer.value, tuple)
    )
    return ", ".join(dict.fromkeys(codes.get(source, source) for value in picked for source in value))


def _demand_row(appraisal: Appraisal, words: Wording, block: Block, one: Row) -> TableRow:
    question, items = block.question, _items_of(block, one)
    weighing, supply = question.importance_column, supply_column(question)
    relevance = answer_cell(words, items[weighing.id]) if weighing else Cell()
    is_out = block.rows[one.id].standing is Standing.ROW_OUT
    out = Cell(sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    return row(
        Cell(one.number, tone=Tone.STRONG),
        words.row(question, one),
        Cell(relevance.text, detail=relevance.detail, tone=relevance.tone),
        out if is_out or supply is None else _level_cell(words, items[supply.id]),
        _source_cell(appraisal, items),
        out if is_out else _severity(words, appraisal.gap_by_address.get(f"{question.id}/{one.id}")),
    )


def _severity(words: Wording, gap: Gap | None) -> Cell:
    if gap is None:
        return Cell(words.say(N_("none")), tone=Tone.MUTED)
    if gap.is_open:
        return Cell(words.say(N_("to verify")), tone=Tone.OPEN)
    return severity_cell(words, gap.severity_class)


def _spots(block: Block) -> Iterator[Spot]:
    for one in block.question.rows:
        if block.rows[one.id].standing is not Standing.WANTED:
            continue
        points = block.reached.get(one.id)
        level = None if points is None else level_of(points)
        yield Spot(one.number or one.id, block.rows[one.id].importance, level)


def _chart_words(words: Wording, spots: Sequence[Spot]) -> str:
    """Say in words what the chart shows, for those who cannot see it."""
    urgent = [spot.label for spot in spots if spot.importance == TOP_LEVEL and spot.level in {0, 1}]
    listed = ", ".join(urgent) or words.say(N_("none"))
    return words.say(
        N_(
            "Relevance (upwards, 1 to 3) against availability of data (rightwards, 0 to 3). "
            "Of high relevance and poorly served: {list}."
        ),
        list=listed,
    )


def demand_view(appraisal: Appraisal, words: Wording, block: Block) -> DemandView:
    """Build the table and chart of one grid of policy questions."""
    question = block.question
    say = words.say
    supply = supply_column(question)
    headings = (
        Heading("", 5),
        Heading(say(N_("Question")), 43),
        Heading(words.column(question, question.importance_column) if question.importance_column else "", 14),
        Heading(words.column(question, supply) if supply else "", 14),
        Heading(say(N_("Sources")), 11),
        Heading(say(N_("Gap")), 13),
    )
    rows = tuple(_demand_row(appraisal, words, block, one) for one in question.rows if not one.spare)
    spots = tuple(_spots(block))
    table = Table(headings, rows, note=source_note(appraisal, words), style="compact")
    return DemandView(
        title=f"{question.number}  {words.question(question)}",
        table=table,
        chart=DemandChart(spots, _chart_words(words, spots)),
        upwards=words.column(question, question.importance_column) if question.importance_column else "",
        rightwards=words.column(question, supply) if supply else "",
        summary=tuple(words.anchor(question, supply, level) for level in range(TOP_LEVEL + 1)) if supply else (),
    )


def source_note(appraisal: Appraisal, words: Wording) -> str:
    """Say which source each short code means."""
    named = (f"{code} {words.source(source)}" for source, code in source_codes(appraisal).items())
    return "   ".join(named)


def _short_cell(words: Wording, item: Item) -> Cell:
    cell = answer_cell(words, item)
    if item.standing is Standing.SETTLED or cell.tone in {Tone.OUT, Tone.OPEN}:
        return Cell(sign=cell.sign, tone=cell.tone)
    return Cell(cell.text, tone=cell.tone)


def _indicator_row(words: Wording, block: Block, one: Row, columns: Sequence[Column]) -> TableRow:
    items = _items_of(block, one)
    state = block.rows[one.id]
    if state.standing is Standing.ROW_OUT:
        out = Cell(words.row(block.question, one), detail=state.reason)
        return row(Cell(one.number), out, *(Cell(sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT) for _ in columns))
    label = Cell(words.row(block.question, one))
    return row(Cell(one.number), label, *(_short_cell(words, items[column.id]) for column in columns))


def indicator_view(words: Wording, block: Block) -> MatrixView:
    """Show a grid of indicators in words, grouped as the instrument groups them."""
    question = block.question
    columns = [column for column in question.columns if column.kind is not Kind.SOURCE]
    rows: list[TableRow] = []
    for one in question.rows:
        heading = words.row_heading(question, one)
        if heading:
            rows.append(TableRow(group=heading))
        if block.rows[one.id].standing is not Standing.SPARE:
            rows.append(_indicator_row(words, block, one, columns))
    width = 54 // len(columns)
    headings = (
        Heading("", 9), Heading(words.say(N_("Indicator")), 91 - width * len(columns)),
        *(Heading(words.column(question, column), width, "sign") for column in columns),
    )  # fmt: skip
    note = words.say(N_("? open   – not applicable"))
    return MatrixView(
        f"{question.number}  {words.question(question)}", Table(headings, tuple(rows), note=note, style="signs")
    )


def _child_cell(words: Wording, answer: ChildAnswer) -> Cell:
    """Show what a row has reached as a sign, anything else in words."""
    if answer.service not in APPLIES:
        return Cell(sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    if answer.row is None:
        return answer_cell(words, answer.items[0])
    if answer.lowest is None:
        said = [item for item in answer.items if item.answer.state is State.ANSWERED]
        facts = (f"{words.column(i.question, i.question.column_by_id[i.address.column])}: "
                 f"{answer_cell(words, i).text}" for i in said)  # fmt: skip
        return Cell("; ".join(facts)) if said else Cell(sign=OPEN_SIGN, tone=Tone.OPEN)
    if answer.lowest != answer.highest:
        return Cell(sign=OPEN_SIGN, tone=Tone.OPEN)
    sign, tone = points_sign(_as_points(answer.lowest))
    return Cell(sign=sign, tone=tone)


def _child_row(words: Wording, answer: ChildAnswer) -> TableRow:
    question, one = answer.question, answer.row
    number = f"{question.number} {one.number if one else ''}".strip()
    label = words.row(question, one) if one else words.question(question)
    return row(Cell(number, link=anchor_of("q", question.id)), label, _child_cell(words, answer))


def children_table(appraisal: Appraisal, words: Wording) -> Table | None:
    """Gather everything about children in one place, with the share of statistics that show them at all."""
    lens = child_lens(appraisal.sheet)
    hidden = {block.question.id for block in appraisal.sheet.blocks.values() if block.is_hidden}
    rows = tuple(_child_row(words, answer) for answer in lens.answers if answer.question.id not in hidden)
    if not rows:
        return None
    headings = (Heading("", 12), Heading(words.say(N_("About children")), 48), Heading(words.say(N_("Data")), 40))
    return Table(headings, rows, note=_age_and_sex(words, lens), style="compact")


def _age_and_sex(words: Wording, lens: ChildLens) -> str:
    share = lens.age_and_sex
    if not share.of:
        return ""
    return words.say(
        N_("{count} of {all} statistics that exist show age and sex."),
        count=words.texts.number(share.count),
        all=words.texts.number(share.of),
    )


def _topic_sign(topic: Topic) -> Cell:
    if not topic.is_scored:
        return Cell(sign=NAMED_SIGN)
    if topic.level is None:
        return Cell(sign=OPEN_SIGN, tone=Tone.OPEN)
    sign, tone = points_sign(_as_points(topic.level))
    return Cell(sign=sign, tone=tone)


def _topic_row(words: Wording, matrix: Matrix, topic: Topic, sources: Sequence[SourceUse]) -> TableRow:
    label = shortened(words.row(topic.question, topic.row), _TOPIC)
    if topic.service not in APPLIES:
        said = Cell(words.say(SERVICE_WORDS[topic.service]), tone=Tone.OUT, span=len(sources) + 1)
        return row(Cell(topic.row.number), Cell(label, tone=Tone.OUT), said)
    if topic.service is not Service.SERVED:
        said = Cell(words.say(SERVICE_WORDS[topic.service]), tone=Tone.MUTED, span=len(sources) + 1)
        return row(Cell(topic.row.number), label, said)
    detail = f"{topic.year or ''} {matrix.letters_of(topic)}".strip()
    marks = (_topic_sign(topic) if matrix.cell(topic, use) else Cell() for use in sources)
    return row(Cell(topic.row.number), label, Cell(detail, tone=Tone.MUTED), *joined(marks))


def _availability_rows(words: Wording, matrix: Matrix, sources: Sequence[SourceUse]) -> Iterator[TableRow]:
    for _, group in groupby(matrix.topics, key=lambda topic: topic.question.id):
        topics = list(group)
        question = topics[0].question
        yield TableRow(group=f"{question.number}  {words.question(question)}")
        yield from (_topic_row(words, matrix, topic, sources) for topic in topics)


def availability_tables(appraisal: Appraisal, words: Wording) -> tuple[Table, ...]:
    """Show which source serves which topic, with how well the topic is served; many sources take several tables."""
    whole = availability(appraisal.sheet, appraisal.dossier.sources).whole
    topics = tuple(topic for topic in whole.topics if topic.is_scored and topic.service is not Service.HIDDEN)
    matrix = replace(whole, topics=topics)
    every = matrix.sources
    across = ceil(len(every) / ceil(len(every) / _SOURCES_ACROSS)) if every else 1
    chunks = [every[start : start + across] for start in range(0, len(every), across)]
    return tuple(_availability_table(words, matrix, chunk) for chunk in chunks if topics)


def _availability_table(words: Wording, matrix: Matrix, sources: Sequence[SourceUse]) -> Table:
    width = min(6.0, 51 / len(sources))
    headings = (
        Heading("", 6),
        Heading(words.say(N_("Topic")), 94 - _DETAIL_WIDTH - width * len(sources)),
        Heading(words.say(N_("Year, detail")), _DETAIL_WIDTH),
        *(Heading(use.code, width, "sign") for use in sources),
    )
    rows = tuple(_availability_rows(words, matrix, sources))
    return Table(headings, rows, note=_matrix_note(words, matrix), style="signs")


def _matrix_note(words: Wording, matrix: Matrix) -> str:
    """Say which source each short code means, and which breakdown each letter."""
    sources = (f"{use.code} {words.source(use.id)}" for use in matrix.sources)
    named: dict[str, str] = {}
    for topic in matrix.topics:
        for key in topic.marks:
            named.setdefault(key, words.breakdown(topic.question, key))
    letters = (f"{matrix.letters[key]} {label}" for key, label in named.items())
    return "   ".join((*sources, *letters))
