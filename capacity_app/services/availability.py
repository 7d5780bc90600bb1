"""Topics and sources in words, as tables of words and as plain data: the same on the screen, in files and in JSON."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from capacity_app.domain.answers import State
from capacity_app.domain.availability import Availability, Cell, Matrix, SourceUse
from capacity_app.domain.instrument import TOP_LEVEL, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Item, Standing
from capacity_app.domain.topics import APPLIES, DEGREE_WORDS, SERVICE_WORDS, Degree, Service, Topic, count_by_degree
from capacity_app.wording import STATE_WORDS, Wording

_LEVEL_WORDS = (N_("next to nothing"), N_("little"), N_("a good part"), N_("everything"))
"""How much of what is asked for a topic has, by level."""


def marks_text(words: Wording, topic: Topic) -> str:
    """List by what a topic is broken down."""
    partly = words.say(N_("partly"))
    return words.texts.listed(
        words.breakdown(topic.question, key) + ("" if share == 1 else f" ({partly})")
        for key, share in topic.marks.items()
    )


def labels_of(words: Wording, topic: Topic, keys: Iterable[str]) -> str:
    return words.texts.listed(words.breakdown(topic.question, key) for key in keys)


def degree_text(words: Wording, topic: Topic) -> str:
    """Return how well a topic is served."""
    say = words.say
    if topic.degree is Degree.OPEN:
        low, high = (say(_LEVEL_WORDS[level]) for level in (topic.lowest, topic.highest))
        return say(N_("not known yet: {low} to {high}"), low=low, high=high)
    word = say(DEGREE_WORDS[topic.degree])
    if topic.degree is Degree.PARTIAL:
        return say(N_("{degree}, level {level} of {top}"), degree=word, level=topic.lowest, top=TOP_LEVEL)
    return word


def service_text(words: Wording, service: Service, reason: str) -> str:
    """Return how a topic stands, with the reason where it does not apply."""
    word = words.say(SERVICE_WORDS[service])
    return f"{word}: {reason}" if service is Service.OUT and reason else word


def topic_text(words: Wording, topic: Topic) -> str:
    """Say all of a topic in one line."""
    if topic.service is not Service.SERVED:
        return service_text(words, topic.service, topic.reason)
    count = words.ngettext("{count} source", "{count} sources", len(topic.sources))
    return "; ".join(part for part in (count, degree_text(words, topic)) if part)


def cell_text(words: Wording, cell: Cell) -> str:
    """Say in one line how well a source serves a topic, and of which year."""
    year = str(cell.year) if cell.year else ""
    return "; ".join(part for part in (degree_text(words, cell.topic), year) if part)


def answer_text(words: Wording, item: Item) -> str:
    """Say an answer, or why there is none."""
    if item.standing is Standing.SETTLED:
        return words.say(N_("not available"))
    if item.answer.conflict:
        return words.say(N_("answers differ"))
    if item.answer.state is State.ANSWERED:
        return words.value(item.question, item.field, item.answer.value)
    word = words.say(STATE_WORDS[item.answer.state])
    return f"{word}: {item.answer.reason}" if item.answer.reason else word


def empty_text(words: Wording, topic: Topic) -> str:
    """Return why nothing stands in a cell."""
    if topic.service in APPLIES:
        return words.say(N_("not named for this topic"))
    return service_text(words, topic.service, topic.reason)


def counts_text(words: Wording, topics: tuple[Topic, ...]) -> str:
    """Say for how many topics a source is named, and how well they are served."""
    counted = count_by_degree(topics)
    total = words.ngettext("{count} topic", "{count} topics", len(topics))
    if not topics or set(counted) == {Degree.NAMED}:
        return total
    parts = (f"{words.texts.number(count)} {words.say(_SHORT[degree])}" for degree, count in counted.items())
    return f"{total}: {', '.join(parts)}"


_SHORT = {
    Degree.FULL: N_("full"),
    Degree.PARTIAL: N_("partial"),
    Degree.NONE: N_("next to nothing"),
    Degree.OPEN: N_("not known yet"),
    Degree.NAMED: N_("named"),
}


def source_name(words: Wording, use: SourceUse) -> str:
    """Name a source; one that is not registered says so."""
    if use.source is None:
        return words.say(N_("{name} (not in the register)"), name=use.id)
    return words.source(use.id)


def number_of(question: Question, row: Row | None) -> str:
    return f"{question.number} {row.number if row else ''}".strip()


def matrix_rows(words: Wording, matrix: Matrix) -> Iterator[list[str]]:
    """Write a matrix as rows of words, its headings first, the totals of the sources last."""
    say = words.say
    names = [source_name(words, use) for use in matrix.sources]
    yield ["", say(N_("Topic")), say(N_("All sources")), say(N_("Year")), say(N_("Broken down by")), *names]
    for topic in matrix.topics:
        cells = (matrix.cell(topic, use) for use in matrix.sources)
        yield [
            number_of(topic.question, topic.row),
            words.row(topic.question, topic.row),
            topic_text(words, topic),
            str(topic.year or ""),
            marks_text(words, topic),
            *(cell_text(words, cell) if cell else "" for cell in cells),
        ]
    totals = (counts_text(words, matrix.topics_of(use)) for use in matrix.sources)
    yield ["", say(N_("All topics")), served_text(words, matrix), "", "", *totals]


def served_text(words: Wording, matrix: Matrix) -> str:
    """Return how many of the topics that apply have a source."""
    applying = len(matrix.of(*APPLIES))
    served = len(matrix.of(Service.SERVED))
    sentence = words.texts.ngettext("{served} of {count} topic served", "{served} of {count} topics served", applying)
    return sentence.format(served=words.texts.number(served), count=words.texts.number(applying))


def _topic_data(matrix: Matrix, topic: Topic) -> dict[str, Any]:
    is_served = topic.service is Service.SERVED
    cells = ((source, matrix.cells[topic.address, source]) for source in topic.sources)
    return {
        "address": str(topic.address),
        "service": topic.service.value,
        "degree": topic.degree.value if is_served else None,
        "level": topic.level if is_served else None,
        "year": topic.year,
        "breakdowns": {key: share_data(share) for key, share in topic.marks.items()},
        "lacking": list(topic.lacking) if is_served else [],
        "agencies": list(topic.agencies),
        "sources": [{"id": source, "year": cell.year} for source, cell in cells],
    }


def share_data(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 3)


def availability_data(found: Availability) -> dict[str, Any]:
    """Return topics and sources under permanent ids."""
    matrix = found.whole
    return {
        "grids": [grid.id for grid in found.grids],
        "topics": [_topic_data(matrix, topic) for topic in matrix.topics],
        "sources": [
            {
                "id": use.id,
                "code": use.code,
                "registered": use.source is not None,
                "topics": len(matrix.topics_of(use)),
                "named_in": [str(place) for place in use.places],
            }
            for use in matrix.sources
        ],
    }
