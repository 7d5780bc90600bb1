"""Which data source knows about what: topics against sources, shaded by how well each topic is served."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from math import ceil

from capacity_app.bilingual import beside
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.availability import Availability, Matrix, SourceUse, availability
from capacity_app.domain.instrument import TOP_LEVEL, Question
from capacity_app.domain.problems import N_
from capacity_app.domain.topics import APPLIES, SERVICE_WORDS, Service, Topic
from capacity_app.palette import NAMED_SIGN, OPEN_SIGN
from capacity_app.report.view.bodies import TablesBody
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, row
from capacity_app.report.view.shown import points_sign, sign_legend
from capacity_app.wording import Wording

_ACROSS, _ACROSS_WIDE = 16, 26
"""Columns of sources that fit a page, upright and in landscape; more take several tables."""
_NUMBER, _LEVEL, _WIDEST = 7.0, 7.0, 4.5
_ROOM, _ROOM_WIDE = 45.0, 57.0
"""Widths in percent: of the columns before the sources, of one source at most, and of all sources together."""
_YEAR_DIGITS = 4


def _level_cell(topic: Topic) -> Cell:
    """Show how well a topic is served by all its sources together."""
    if not topic.is_scored:
        return Cell(sign=NAMED_SIGN)
    if topic.level is None:
        return Cell(sign=OPEN_SIGN, tone=Tone.OPEN)
    sign, tone = points_sign(Fraction(topic.level, TOP_LEVEL))
    return Cell(sign=sign, tone=tone)


def _breakdowns(words: Wording, topic: Topic) -> str:
    """List by what a topic is broken down."""
    said = []
    for key, share in topic.marks.items():
        name = words.breakdown(topic.question, key)
        said.append(name if share == 1 else words.say(N_("{breakdown} (in part)"), breakdown=name))
    return words.texts.listed(said)


def _detail(words: Wording, topic: Topic) -> str:
    """Say below a topic's name how recent it is, by what it is broken down, and by what it should be and is not."""
    lacking = words.texts.listed(words.breakdown(topic.question, key) for key in topic.lacking)
    year = words.texts.numeral(topic.year) if topic.year else ""
    first = " · ".join(part for part in (year, _breakdowns(words, topic)) if part)
    second = words.say(N_("Missing: {list}"), list=lacking) if lacking and topic.service is Service.SERVED else ""
    return "\n".join(part for part in (first, second) if part)


def _topic_row(words: Wording, matrix: Matrix, topic: Topic, sources: Sequence[SourceUse]) -> TableRow:
    label = words.row(topic.question, topic.row)
    second = beside(words, lambda one: one.row(topic.question, topic.row))
    number = Cell(topic.row.number, tone=Tone.STRONG)
    if topic.service not in APPLIES:
        said = Cell(words.say(SERVICE_WORDS[topic.service]), tone=Tone.OUT, span=len(sources) + 1)
        return row(number, Cell(label, tone=Tone.OUT, second=second), said)
    name = Cell(label, detail=_detail(words, topic), second=second)
    if topic.service is not Service.SERVED:
        tone = Tone.OPEN if topic.service is Service.OPEN else Tone.MUTED
        said = Cell(words.say(SERVICE_WORDS[topic.service]), tone=tone, span=len(sources))
        return row(number, name, _level_cell(topic), said)
    marks = (_level_cell(topic) if matrix.cell(topic, use) else Cell() for use in sources)
    return row(number, name, _level_cell(topic), *marks)


def _matrix_table(words: Wording, matrix: Matrix, question: Question, sources: Sequence[SourceUse]) -> Table:
    room = _ROOM if len(sources) <= _ACROSS else _ROOM_WIDE
    width = min(_WIDEST, room / len(sources))
    headings = (
        Heading("", _NUMBER),
        Heading(words.say(N_("Topic")), 100 - _NUMBER - _LEVEL - width * len(sources)),
        Heading(words.say(N_("Served")), _LEVEL, "sign"),
        *(Heading(use.code, width, "sign") for use in sources),
    )
    topics = (topic for topic in matrix.topics if topic.question.id == question.id)
    return Table(
        headings,
        tuple(_topic_row(words, matrix, topic, sources) for topic in topics),
        caption=f"{question.number}  {words.question(question)}",
        note=sign_legend(words),
        style="heat matrix",
        second=beside(words, lambda one: one.question(question)),
    )


def _shown(every: Availability) -> Matrix:
    """Keep the topics that earn points and are asked about."""
    topics = tuple(t for t in every.whole.topics if t.is_scored and t.service is not Service.HIDDEN)
    return replace(every.whole, topics=topics)


def _matrix(appraisal: Appraisal) -> Matrix:
    return _shown(availability(appraisal.sheet, appraisal.dossier.sources))


def _chunks(sources: Sequence[SourceUse]) -> Iterator[Sequence[SourceUse]]:
    """Share the sources among as many tables as they need, about as many in each."""
    most = _ACROSS if len(sources) <= _ACROSS else _ACROSS_WIDE
    across = ceil(len(sources) / ceil(len(sources) / most))
    return (sources[start : start + across] for start in range(0, len(sources), across))


def availability_tables(appraisal: Appraisal, words: Wording) -> tuple[Table, ...]:
    """Show grid by grid which source serves which topic, and how well; many sources take several tables."""
    matrix = _matrix(appraisal)
    grids = [question for question, _ in groupby(topic.question for topic in matrix.topics)]
    if not matrix.sources:
        return ()
    return tuple(
        _matrix_table(words, matrix, question, chunk) for question in grids for chunk in _chunks(matrix.sources)
    )


def _source_row(words: Wording, matrix: Matrix, use: SourceUse) -> TableRow:
    """Return what a short code stands for, and for how many topics it is named."""
    source, topics = use.source, matrix.topics_of(use)
    code = Cell(use.code, link=anchor_of("d", use.id), tone=Tone.STRONG)
    if source is None:
        name = Cell(use.id, detail=words.say(N_("not in the register")), tone=Tone.OPEN)
        return row(code, name, "", "", words.texts.number(len(topics)))
    return row(
        code,
        source.name or source.id,
        words.agency_in_full(source.agency) if source.agency else "–",
        words.texts.in_digits(source.last_date[:_YEAR_DIGITS]) or "–",
        words.texts.number(len(topics)),
    )


def sources_table(appraisal: Appraisal, words: Wording) -> Table | None:
    """Return what the short codes of the sources stand for; None if nobody has named any."""
    matrix, say = _matrix(appraisal), words.say
    if not matrix.sources:
        return None
    headings = (
        Heading(say(N_("Code")), 8), Heading(say(N_("Data source")), 42), Heading(words.label("sources", "agency"), 30),
        Heading(words.label("sources", "last_date"), 9, "number"), Heading(say(N_("Topics served")), 11, "number"),
    )  # fmt: skip
    return Table(headings, tuple(_source_row(words, matrix, use) for use in matrix.sources), style="compact key")


def availability_body(appraisal: Appraisal, words: Wording) -> TablesBody | None:
    """Build the chapter: what the codes mean, then one heat map a grid; None where nothing asks for sources."""
    matrix, say = _matrix(appraisal), words.say
    if not matrix.topics:
        return None
    key = sources_table(appraisal, words)
    if key is None:
        return TablesBody((), (say(N_("No data source has been entered or named yet.")),))
    lead = (
        say(
            N_(
                "Which source serves which topic. Sign and shade say how well the topic is served by all its sources "
                "together; the line below a topic names its latest year, the breakdowns there are and those missing."
            )
        ),
    )
    maps = tuple(("", table) for table in availability_tables(appraisal, words))
    is_wide = len(matrix.sources) > _ACROSS
    return TablesBody(((say(N_("The sources and their codes")), key), *maps), lead, is_wide=is_wide)
