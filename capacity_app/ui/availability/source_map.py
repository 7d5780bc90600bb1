"""Topics against sources as a heat map: totals first, groups as the instrument heads them, a letter per breakdown."""

from collections.abc import Iterator, Sequence

from capacity_app.domain.availability import Cell, Matrix, SourceUse
from capacity_app.domain.problems import N_
from capacity_app.domain.topics import APPLIES, Service, Topic
from capacity_app.palette import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import (
    cell_text,
    counts_text,
    empty_text,
    marks_text,
    served_text,
    service_text,
    source_name,
    topic_text,
)
from capacity_app.ui.look.heat_map import HeatTable
from capacity_app.ui.look.heat_painting import Head, Heat
from capacity_app.ui.wording import Wording

ALL = "\0all"
"""The key of the row of all topics, and of the column of all sources."""
_NONE_SIGN = "0"
_SIGNS = N_("● full   ◑ ◔ partial   ○ next to nothing   ? not known yet   0 no source   – not applicable")


def _heading_of(words: Wording, topic: Topic) -> str:
    """Give the heading a row stands under, whichever row carries it."""
    found = ""
    for row in topic.question.rows:
        found = words.row_part(topic.question, row, "heading") if row.heading else found
        if row.id == topic.row.id:
            break
    return found


def _topic_head(words: Wording, matrix: Matrix, topic: Topic) -> Head:
    is_served = topic.service is Service.SERVED
    return Head(
        key=str(topic.address),
        title=words.row(topic.question, topic.row),
        number=topic.row.number,
        detail="" if is_served else service_text(words, topic.service, topic.reason),
        longest=matrix.letters_of(topic) if is_served else "",
        is_quiet=topic.service not in {Service.SERVED, Service.LACKING},
    )


def _rows(words: Wording, matrix: Matrix, topics: Sequence[Topic]) -> Iterator[tuple[Head, Topic | None]]:
    yield Head(ALL, words.say(N_("All topics")), is_total=True), None
    questions = {topic.question.id for topic in matrix.topics}
    last_question = last_heading = ""
    for topic in topics:
        question, heading = topic.question, _heading_of(words, topic)
        if len(questions) > 1 and question.id != last_question:
            title = f"{question.number}  {words.question(question)}"
            yield Head(f"\0{question.id}", title, is_group=True), None
            last_heading = ""
        if heading and heading != last_heading:
            yield Head(f"\0{topic.address}", heading, is_group=True), None
        last_question, last_heading = question.id, heading
        yield _topic_head(words, matrix, topic), topic


def _source_head(words: Wording, matrix: Matrix, use: SourceUse) -> Head:
    is_named = bool(matrix.topics_of(use))
    detail = counts_text(words, matrix.topics_of(use)) if is_named else words.say(N_("named for none of these topics"))
    return Head(
        key=use.id,
        title=source_name(words, use),
        number=use.code,
        detail=detail,
        is_quiet=not is_named,
        is_odd=use.source is None,
    )


def _sign(topic: Topic) -> str:
    if not topic.is_scored:
        return NAMED_SIGN
    return OPEN_SIGN if topic.level is None else LEVEL_SIGNS[topic.level]


def _topic_tile(words: Wording, topic: Topic) -> Heat:
    """Show how well a topic is served by all sources together, and by how many."""
    text = topic_text(words, topic)
    match topic.service:
        case Service.SERVED:
            number = words.texts.number(len(topic.sources))
            return Heat(text, sign=_sign(topic), text=f"× {number}", level=topic.level)
        case Service.LACKING:
            return Heat(text, sign=_NONE_SIGN)
        case Service.OPEN:
            return Heat(text, sign=OPEN_SIGN)
    return Heat(text, sign=NOT_APPLICABLE_SIGN, is_out=True)


def _cell_tile(words: Wording, matrix: Matrix, topic: Topic, cell: Cell | None) -> Heat:
    if topic.service not in APPLIES:
        return Heat(empty_text(words, topic), sign=NOT_APPLICABLE_SIGN, is_out=True)
    if cell is None:
        return Heat(empty_text(words, topic))
    said = "; ".join(part for part in (cell_text(words, cell), marks_text(words, topic)) if part)
    year = str(cell.year) if cell.year else ""
    return Heat(said, sign=_sign(topic), text=year, marks=matrix.letters_of(topic), level=topic.level)


def source_table(words: Wording, matrix: Matrix, topics: Sequence[Topic], sources: Sequence[SourceUse]) -> HeatTable:
    """Lay out some of the topics and sources of a matrix, with the totals of both."""
    rows = list(_rows(words, matrix, topics))
    heads = [Head(ALL, words.say(N_("All sources")), is_total=True), *(_source_head(words, matrix, u) for u in sources)]

    def tile(row: int, column: int) -> Heat:
        topic = rows[row][1]
        use = sources[column - 1] if column else None
        if topic is not None:
            return _cell_tile(words, matrix, topic, matrix.cell(topic, use)) if use else _topic_tile(words, topic)
        number = words.texts.number
        if use is not None:
            served = matrix.topics_of(use)
            return Heat(counts_text(words, served), text=number(len(served)), is_total=True)
        text = f"{number(len(matrix.of(Service.SERVED)))} / {number(len(matrix.of(*APPLIES)))}"
        return Heat(served_text(words, matrix), text=text, is_total=True)

    return HeatTable([head for head, _ in rows], heads, tile, corner=words.say(N_("Topic")))


def legend(words: Wording, matrix: Matrix) -> str:
    """Say what signs and letters mean."""
    signs = words.say(_SIGNS)
    if any(not topic.is_scored for topic in matrix.topics):
        named = words.say(N_("✓ named"))
        signs = f"{signs}   {named}"
    return f"{signs}\n{letters_legend(words, matrix)}".strip()


def letters_legend(words: Wording, matrix: Matrix) -> str:
    """Say what the letters mean; in brackets: in part."""
    named: dict[str, str] = {}
    for topic in matrix.topics:
        for key in topic.marks:
            named.setdefault(key, words.breakdown(topic.question, key))
    parts = [f"{letter}\u00a0{named[key]}" for key, letter in matrix.letters.items() if key in named]
    if any(share != 1 for topic in matrix.topics for share in topic.marks.values()):
        parts.append(words.say(N_("( ) in part")))
    return "   ".join(parts)
