"""Policy demand against data supply, and which data source serves which topic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from math import ceil

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridRow, Question, supply_column
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    SERVICE_STATUS_LABELS,
    AvailabilityMatrix,
    DataTopic,
    ServiceStatus,
    SourceUsage,
    build_availability,
)
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, classify_severity, level_reached
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.content.answer_cells import (
    answer_cell,
    points_sign,
    row_cell,
    row_gap_cell,
    severity_tone,
    sign_legend,
)
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    prose,
    table_row,
    titled,
)
from capacity_app.outputs.content.registers import source_codes
from capacity_app.report_colours import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN


@dataclass(frozen=True, slots=True)
class PolicyPosition:
    """A policy question: its letter, relevance 1 to 3 and level of data 0 to 3, None while open."""

    label: str
    importance: int
    level: int | None

    @property
    def is_urgent(self) -> bool:
        """Whether it is of the highest relevance and poorly served."""
        return self.importance == TOP_LEVEL and self.level in {0, 1}


@dataclass(frozen=True, slots=True)
class DemandSquare:
    """The letters of the questions in one square, which has the word and the tone of the gap it means."""

    letters: tuple[str, ...]
    word: str
    tone: TextTone


@dataclass(frozen=True, slots=True)
class DemandRank:
    """One line of squares: how relevant its questions are, then a square per level and one for what is open."""

    title: str
    squares: tuple[DemandSquare, ...]


@dataclass(frozen=True, slots=True)
class DemandLevel:
    """A level of availability: its number or sign, and the sentence that explains it."""

    number: str
    sign: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DemandContent:
    """One grid of policy questions: relevance against availability, as squares and as a table.

    ``finding`` says what the squares show.
    """

    number: str
    title: str
    second: str
    finding: str
    upwards: str
    rightwards: str
    levels: tuple[DemandLevel, ...]
    ranks: tuple[DemandRank, ...]
    left_out: str
    table: ContentTable


def _supply_cell(formatter: Formatter, item: AnswerItem) -> TableCell:
    value = item.answer.value
    if isinstance(value, int) and item.standing is ItemStatus.WANTED:
        sign, tone = points_sign(Fraction(value, item.field.top_level))
        return TableCell(formatter.texts.numeral(value), sign=sign, tone=tone)
    return answer_cell(formatter, item)


def _asks_for_sources(question: Question) -> bool:
    return any(column.kind is AnswerKind.SOURCE for column in question.columns)


def named_sources(items: Mapping[str, AnswerItem]) -> list[str]:
    """Return the ids of the sources that a row names, each once."""
    picked = (item.answer.value for item in items.values() if item.field.kind is AnswerKind.SOURCE)
    return list(dict.fromkeys(source for value in picked if isinstance(value, tuple) for source in value))


def _demand_row(appraisal: Appraisal, formatter: Formatter, block: QuestionBlock, one: GridRow) -> TableRow:
    question, items, codes = block.question, block.row_items(one.id), source_codes(appraisal)
    weighing, supply = question.importance_column, supply_column(question)
    relevance = answer_cell(formatter, items[weighing.id]) if weighing else TableCell()
    is_out = block.rows[one.id].standing is ItemStatus.ROW_OUT
    out = TableCell(sign=NOT_APPLICABLE_SIGN, tone=TextTone.OUT)
    sources = (", ".join(codes.get(one, one) for one in named_sources(items)),) if _asks_for_sources(question) else ()
    return table_row(
        TableCell(one.number, tone=TextTone.STRONG),
        row_cell(formatter, question, one),
        TableCell(relevance.text, detail=relevance.detail, tone=relevance.tone),
        out if is_out or supply is None else _supply_cell(formatter, items[supply.id]),
        *sources,
        out if is_out else row_gap_cell(appraisal, formatter, question, one),
    )


def policy_positions(block: QuestionBlock) -> list[PolicyPosition]:
    """Place the questions that are relevant."""
    wanted = [one for one in block.question.rows if block.rows[one.id].standing is ItemStatus.WANTED]
    points = ((one, block.reached.get(one.id)) for one in wanted)
    return [
        PolicyPosition(one.number or one.id, block.rows[one.id].importance, None if got is None else level_reached(got))
        for one, got in points
    ]


def urgent_questions(formatter: Formatter, positions: Iterable[PolicyPosition]) -> str:
    """List the letters of the questions of high relevance that are poorly served."""
    return ", ".join(one.label for one in positions if one.is_urgent) or formatter.say(N_("none"))


_LEVELS: tuple[int | None, ...] = (*range(TOP_LEVEL + 1), None)


def _demand_square(
    formatter: Formatter, questions: Sequence[PolicyPosition], importance: int, level: int | None
) -> DemandSquare:
    letters = tuple(one.label for one in questions if (one.importance, one.level) == (importance, level))
    if level is None:
        return DemandSquare(letters, formatter.say(N_("to verify")), TextTone.OPEN)
    grade = classify_severity(TOP_LEVEL - level, importance)
    word = formatter.texts.gettext(GAP_SEVERITY_LABELS[grade]) if level < TOP_LEVEL else formatter.say(N_("no gap"))
    return DemandSquare(letters, word, severity_tone(grade))


def _rank_title(formatter: Formatter, block: QuestionBlock, importance: int) -> str:
    weighing = block.question.importance_column
    options = weighing.options if weighing else ()
    named = (formatter.option(block.question, weighing, o) for o in options if weighing and o.importance == importance)
    return next(named, formatter.texts.number(importance))


def _demand_ranks(
    formatter: Formatter, block: QuestionBlock, questions: Sequence[PolicyPosition]
) -> tuple[DemandRank, ...]:
    """Set the questions into squares, the most relevant first."""
    return tuple(
        DemandRank(
            _rank_title(formatter, block, importance),
            tuple(_demand_square(formatter, questions, importance, level) for level in _LEVELS),
        )
        for importance in range(TOP_LEVEL, 0, -1)
    )


def _demand_levels(formatter: Formatter, block: QuestionBlock) -> tuple[DemandLevel, ...]:
    supply = supply_column(block.question)
    steps = (
        DemandLevel(
            formatter.texts.number(step), sign, formatter.anchor(block.question, supply, step) if supply else ""
        )
        for step, sign in enumerate(LEVEL_SIGNS)
    )
    return (*steps, DemandLevel("", OPEN_SIGN, formatter.say(N_("open"))))


def _irrelevant_sentence(formatter: Formatter, block: QuestionBlock) -> str:
    """Name the questions that are not relevant to policy and so stand in no square."""
    out = [
        one.number for one in block.question.rows if block.rows[one.id].standing is ItemStatus.ROW_OUT and one.number
    ]
    return formatter.say(N_("Not relevant, so not shown: {list}."), list=", ".join(out)) if out else ""


def _demand_table(appraisal: Appraisal, formatter: Formatter, block: QuestionBlock) -> ContentTable:
    question, supply = block.question, supply_column(block.question)
    sources = ((N_("Sources"), 12),) if _asks_for_sources(question) else ()
    headings = column_headings(
        formatter.say,
        ColumnHeading("", 5),
        (N_("Question"), 45 if sources else 57),
        ColumnHeading(formatter.column(question, question.importance_column) if question.importance_column else "", 13),
        ColumnHeading(formatter.column(question, supply) if supply else "", 12),
        *sources,
        (N_("Gap"), 13),
    )
    rows = tuple(_demand_row(appraisal, formatter, block, one) for one in question.rows if not one.spare)
    return ContentTable(headings, rows, note=source_note(appraisal, formatter) if sources else "", style="compact")


def demand_content(appraisal: Appraisal, formatter: Formatter, block: QuestionBlock) -> DemandContent:
    """Build the squares and the table of one grid of policy questions."""
    question, supply = block.question, supply_column(block.question)
    questions = policy_positions(block)
    return DemandContent(
        number=question.number,
        title=formatter.question(question),
        second=in_second_language(formatter, lambda one: one.question(question)),
        finding=formatter.say(
            N_("Of high relevance and poorly served: {list}."), list=urgent_questions(formatter, questions)
        ),
        upwards=formatter.column(question, question.importance_column) if question.importance_column else "",
        rightwards=formatter.column(question, supply) if supply else "",
        levels=_demand_levels(formatter, block),
        ranks=_demand_ranks(formatter, block, questions),
        left_out=_irrelevant_sentence(formatter, block),
        table=_demand_table(appraisal, formatter, block),
    )


def source_note(appraisal: Appraisal, formatter: Formatter) -> str:
    """Return which source each short code means."""
    named = (f"{code} {formatter.source(source)}" for source, code in source_codes(appraisal).items())
    return "   ".join(named)


# Which data source knows about what: topics against sources, shaded by how well each topic is served.


_ACROSS, _ACROSS_WIDE = 16, 26
"""Columns of sources that fit a page, upright and in landscape; more take several tables."""
_NUMBER, _LEVEL, _WIDEST = 7.0, 7.0, 4.5
_ROOM, _ROOM_WIDE = 45.0, 57.0
"""Widths in percent: of the columns before the sources, of one source at most, and of all sources together."""
_YEAR_DIGITS = 4


def _served_cell(topic: DataTopic) -> TableCell:
    """Show how well a topic is served by all its sources together."""
    if not topic.is_scored:
        return TableCell(sign=NAMED_SIGN)
    if topic.level is None:
        return TableCell(sign=OPEN_SIGN, tone=TextTone.OPEN)
    sign, tone = points_sign(Fraction(topic.level, TOP_LEVEL))
    return TableCell(sign=sign, tone=tone)


def _breakdowns(formatter: Formatter, topic: DataTopic) -> str:
    """List by what a topic is broken down."""
    said = []
    for key, share in topic.marks.items():
        name = formatter.breakdown(topic.question, key)
        said.append(name if share == 1 else formatter.say(N_("{breakdown} (in part)"), breakdown=name))
    return formatter.texts.listed(said)


def _topic_detail(formatter: Formatter, topic: DataTopic) -> str:
    """Say below a topic's name how recent it is, by what it is broken down, and by what it should be and is not."""
    lacking = formatter.texts.listed(formatter.breakdown(topic.question, key) for key in topic.lacking)
    year = formatter.texts.numeral(topic.year) if topic.year else ""
    first = " · ".join(part for part in (year, _breakdowns(formatter, topic)) if part)
    second = (
        formatter.say(N_("Missing: {list}"), list=lacking) if lacking and topic.service is ServiceStatus.SERVED else ""
    )
    return "\n".join(part for part in (first, second) if part)


def _topic_row(
    formatter: Formatter, matrix: AvailabilityMatrix, topic: DataTopic, sources: Sequence[SourceUsage]
) -> TableRow:
    label = formatter.row(topic.question, topic.row)
    second = in_second_language(formatter, lambda one: one.row(topic.question, topic.row))
    number = TableCell(topic.row.number, tone=TextTone.STRONG)
    if topic.service not in APPLICABLE_STATUSES:
        said = TableCell(formatter.say(SERVICE_STATUS_LABELS[topic.service]), tone=TextTone.OUT, span=len(sources) + 1)
        return table_row(number, TableCell(label, tone=TextTone.OUT, second=second), said)
    name = TableCell(label, detail=_topic_detail(formatter, topic), second=second)
    if topic.service is not ServiceStatus.SERVED:
        tone = TextTone.OPEN if topic.service is ServiceStatus.OPEN else TextTone.MUTED
        said = TableCell(formatter.say(SERVICE_STATUS_LABELS[topic.service]), tone=tone, span=len(sources))
        return table_row(number, name, _served_cell(topic), said)
    marks = (_served_cell(topic) if matrix.cell(topic, use) else TableCell() for use in sources)
    return table_row(number, name, _served_cell(topic), *marks)


def _matrix_table(
    formatter: Formatter, matrix: AvailabilityMatrix, question: Question, sources: Sequence[SourceUsage]
) -> ContentTable:
    room = _ROOM if len(sources) <= _ACROSS else _ROOM_WIDE
    width = min(_WIDEST, room / len(sources))
    codes = (ColumnHeading(use.code, width, "sign") for use in sources)
    room = 100 - _NUMBER - _LEVEL - width * len(sources)
    headings = column_headings(
        formatter.say, ColumnHeading("", _NUMBER), (N_("Topic"), room), (N_("Served"), _LEVEL, "sign"), *codes
    )
    topics = (topic for topic in matrix.topics if topic.question.id == question.id)
    return ContentTable(
        headings,
        tuple(_topic_row(formatter, matrix, topic, sources) for topic in topics),
        caption=f"{question.number}  {formatter.question(question)}",
        note=sign_legend(formatter),
        style="heat matrix",
        second=in_second_language(formatter, lambda one: one.question(question)),
    )


def _scored_matrix(appraisal: Appraisal) -> AvailabilityMatrix:
    """Keep the topics that earn points and are asked about."""
    every = build_availability(appraisal.sheet, appraisal.dossier.sources).whole
    topics = tuple(t for t in every.topics if t.is_scored and t.service is not ServiceStatus.HIDDEN)
    return replace(every, topics=topics)


def _split_sources(sources: Sequence[SourceUsage]) -> Iterator[Sequence[SourceUsage]]:
    """Share the sources among as many tables as they need, about as many in each."""
    most = _ACROSS if len(sources) <= _ACROSS else _ACROSS_WIDE
    across = ceil(len(sources) / ceil(len(sources) / most))
    return (sources[start : start + across] for start in range(0, len(sources), across))


def availability_tables(appraisal: Appraisal, formatter: Formatter) -> tuple[ContentTable, ...]:
    """Show grid by grid which source serves which topic, and how well; many sources take several tables."""
    matrix = _scored_matrix(appraisal)
    grids = [question for question, _ in groupby(topic.question for topic in matrix.topics)]
    if not matrix.sources:
        return ()
    return tuple(
        _matrix_table(formatter, matrix, question, chunk)
        for question in grids
        for chunk in _split_sources(matrix.sources)
    )


def _source_row(formatter: Formatter, matrix: AvailabilityMatrix, use: SourceUsage) -> TableRow:
    """Return what a short code stands for, and for how many topics it is named."""
    source, topics = use.source, matrix.topics_of(use)
    code = TableCell(use.code, link=anchor_of("d", use.id), tone=TextTone.STRONG)
    if source is None:
        name = TableCell(use.id, detail=formatter.say(N_("not in the register")), tone=TextTone.OPEN)
        return table_row(code, name, "", "", formatter.texts.number(len(topics)))
    return table_row(
        code,
        source.name or source.id,
        formatter.agency_in_full(source.agency) if source.agency else "–",
        formatter.texts.in_digits(source.last_date[:_YEAR_DIGITS]) or "–",
        formatter.texts.number(len(topics)),
    )


def sources_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """Return what the short codes of the sources stand for; None if nobody has named any."""
    matrix = _scored_matrix(appraisal)
    if not matrix.sources:
        return None
    headings = column_headings(
        formatter.say, (N_("Code"), 8), (N_("Data source"), 42),
        ColumnHeading(formatter.label("sources", "agency"), 30),
        ColumnHeading(formatter.label("sources", "last_date"), 9, "number"), (N_("Topics served"), 11, "number"),
    )  # fmt: skip
    return ContentTable(
        headings, tuple(_source_row(formatter, matrix, use) for use in matrix.sources), style="compact key"
    )


def availability_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Build the chapter: what the codes mean, then one table a grid; nothing where no question asks for sources."""
    matrix, say = _scored_matrix(appraisal), formatter.say
    if not matrix.topics:
        return ()
    key = sources_table(appraisal, formatter)
    if key is None:
        return prose(say(N_("No data source has been entered or named yet.")), style="nothing")
    lead = say(
        N_(
            "Which source covers which topic. Symbol and shading show how well the sources together cover the topic. "
            "The line below a topic names its latest year, the breakdowns there are and those missing."
        )
    )
    return (
        *prose(lead, style="introduction"),
        *titled(say(N_("The sources and their codes")), key),
        *availability_tables(appraisal, formatter),
    )


def is_availability_wide(appraisal: Appraisal) -> bool:
    """Return whether the sources need a page in landscape."""
    return len(_scored_matrix(appraisal).sources) > _ACROSS
