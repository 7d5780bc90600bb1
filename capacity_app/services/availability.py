"""Topics, sources and statistics on children in words, as tables and as plain data: the same everywhere."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridRow, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, ValueType
from capacity_app.domain.scoring.children import (
    AgeGroupGrid,
    AgeGroupRow,
    AgeSexStatistic,
    ChildAnswer,
    ChildDataCell,
    ChildDataOverview,
    Proportion,
)
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    SERVICE_DEGREE_LABELS,
    SERVICE_STATUS_LABELS,
    Availability,
    AvailabilityCell,
    AvailabilityMatrix,
    DataTopic,
    ServiceDegree,
    ServiceStatus,
    SourceUsage,
    count_by_degree,
)
from capacity_app.domain.scoring.layout import AnswerItem, ItemStatus
from capacity_app.i18n.formatter import STATE_LABELS, Formatter

_LEVEL_LABELS = (N_("next to nothing"), N_("little"), N_("a good part"), N_("everything"))
"""How much of what is asked for a topic has, by level."""


def marks_text(words: Formatter, topic: DataTopic) -> str:
    partly = words.say(N_("partly"))
    return words.texts.listed(
        words.breakdown(topic.question, key) + ("" if share == 1 else f" ({partly})")
        for key, share in topic.marks.items()
    )


def breakdown_labels(words: Formatter, topic: DataTopic, keys: Iterable[str]) -> str:
    return words.texts.listed(words.breakdown(topic.question, key) for key in keys)


def degree_text(words: Formatter, topic: DataTopic) -> str:
    say = words.say
    if topic.degree is ServiceDegree.OPEN:
        low, high = (say(_LEVEL_LABELS[level]) for level in (topic.lowest, topic.highest))
        return say(N_("not known yet: {low} to {high}"), low=low, high=high)
    word = say(SERVICE_DEGREE_LABELS[topic.degree])
    if topic.degree is ServiceDegree.PARTIAL:
        return say(N_("{degree}, level {level} of {top}"), degree=word, level=topic.lowest, top=TOP_LEVEL)
    return word


def service_text(words: Formatter, service: ServiceStatus, reason: str) -> str:
    """Return how a topic stands, with the reason where it does not apply."""
    word = words.say(SERVICE_STATUS_LABELS[service])
    return f"{word}: {reason}" if service is ServiceStatus.OUT and reason else word


def topic_text(words: Formatter, topic: DataTopic) -> str:
    if topic.service is not ServiceStatus.SERVED:
        return service_text(words, topic.service, topic.reason)
    count = words.ngettext("{count} source", "{count} sources", len(topic.sources))
    return "; ".join(part for part in (count, degree_text(words, topic)) if part)


def cell_text(words: Formatter, cell: AvailabilityCell) -> str:
    """Say in one line how well a source serves a topic, and of which year."""
    year = str(cell.year) if cell.year else ""
    return "; ".join(part for part in (degree_text(words, cell.topic), year) if part)


def answer_text(words: Formatter, item: AnswerItem) -> str:
    """Say an answer, or why there is none."""
    if item.standing is ItemStatus.SETTLED:
        return words.say(N_("not available"))
    if item.answer.conflict:
        return words.say(N_("answers differ"))
    if item.answer.state is AnswerState.ANSWERED:
        return words.value(item.question, item.field, item.answer.value)
    word = words.say(STATE_LABELS[item.answer.state])
    return f"{word}: {item.answer.reason}" if item.answer.reason else word


def empty_text(words: Formatter, topic: DataTopic) -> str:
    """Return why nothing stands in a cell."""
    if topic.service in APPLICABLE_STATUSES:
        return words.say(N_("not named for this topic"))
    return service_text(words, topic.service, topic.reason)


def counts_text(words: Formatter, topics: tuple[DataTopic, ...]) -> str:
    """Say for how many topics a source is named, and how well they are served."""
    counted = count_by_degree(topics)
    total = words.ngettext("{count} topic", "{count} topics", len(topics))
    if not topics or set(counted) == {ServiceDegree.NAMED}:
        return total
    parts = (f"{words.texts.number(count)} {words.say(_DEGREE_LABELS[degree])}" for degree, count in counted.items())
    return f"{total}: {', '.join(parts)}"


_DEGREE_LABELS = {
    ServiceDegree.FULL: N_("full"),
    ServiceDegree.PARTIAL: N_("partial"),
    ServiceDegree.NONE: N_("next to nothing"),
    ServiceDegree.OPEN: N_("not known yet"),
    ServiceDegree.NAMED: N_("named"),
}


def source_label(words: Formatter, use: SourceUsage) -> str:
    """Name a source; one that is not registered says so."""
    if use.source is None:
        return words.say(N_("{name} (not in the register)"), name=use.id)
    return words.source(use.id)


def row_number(question: Question, row: GridRow | None) -> str:
    return f"{question.number} {row.number if row else ''}".strip()


def matrix_rows(words: Formatter, matrix: AvailabilityMatrix) -> Iterator[list[str]]:
    """Write a matrix as rows of words, its headings first, the totals of the sources last."""
    say = words.say
    names = [source_label(words, use) for use in matrix.sources]
    yield ["", say(N_("Topic")), say(N_("All sources")), say(N_("Year")), say(N_("Broken down by")), *names]
    for topic in matrix.topics:
        cells = (matrix.cell(topic, use) for use in matrix.sources)
        yield [
            row_number(topic.question, topic.row),
            words.row(topic.question, topic.row),
            topic_text(words, topic),
            str(topic.year or ""),
            marks_text(words, topic),
            *(cell_text(words, cell) if cell else "" for cell in cells),
        ]
    totals = (counts_text(words, matrix.topics_of(use)) for use in matrix.sources)
    yield ["", say(N_("All topics")), served_text(words, matrix), "", "", *totals]


def served_text(words: Formatter, matrix: AvailabilityMatrix) -> str:
    """Return how many of the topics that apply have a source."""
    applying = len(matrix.of(*APPLICABLE_STATUSES))
    served = len(matrix.of(ServiceStatus.SERVED))
    sentence = words.texts.ngettext("{served} of {count} topic served", "{served} of {count} topics served", applying)
    return sentence.format(served=words.texts.number(served), count=words.texts.number(applying))


def _topic_data(matrix: AvailabilityMatrix, topic: DataTopic) -> dict[str, Any]:
    is_served = topic.service is ServiceStatus.SERVED
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


# The lens on children in words, as tables of words and as plain data.

STATISTIC_HEADINGS = (N_("Available"), N_("By sex"), N_("By age"), N_("By age and sex"))
"""What the spots of a statistic say, in their order."""
_AVAILABILITY_LABELS = {
    ServiceDegree.FULL: N_("available in full"),
    ServiceDegree.PARTIAL: N_("available in part"),
    ServiceDegree.NONE: N_("not available"),
    ServiceDegree.OPEN: N_("not known yet"),
    ServiceDegree.NAMED: N_("available"),
}
_BREAKDOWN_LABELS = {
    ServiceDegree.FULL: N_("yes"),
    ServiceDegree.PARTIAL: N_("partly"),
    ServiceDegree.NONE: N_("no"),
    ServiceDegree.OPEN: N_("not known yet"),
    ServiceDegree.NAMED: N_("yes"),
}
_CHILD_LEVEL_LABELS = (N_("next to nothing"), N_("little"), N_("a good part"), N_("full"))


def share_text(words: Formatter, share: Proportion) -> str:
    number = words.texts.number
    return words.say(N_("{count} of {all}"), count=number(share.count), all=number(share.of))


def age_group_text(words: Formatter, group: AgeGroupRow, spot: ChildDataCell) -> str:
    """Return what is shown of one age group: the answer in its own words."""
    if spot.service not in APPLICABLE_STATUSES:
        return service_text(words, spot.service, group.reason)
    item = next(item for item in group.items if item.address == spot.address)
    return answer_text(words, item)


def statistic_text(words: Formatter, entry: AgeSexStatistic, place: int) -> str:
    spot = entry.spots[place]
    if spot.service not in APPLICABLE_STATUSES:
        return service_text(words, spot.service, entry.topic.reason)
    return words.say((_BREAKDOWN_LABELS if place else _AVAILABILITY_LABELS)[spot.degree])


def child_answer_text(words: Formatter, answer: ChildAnswer) -> str:
    """Return what is answered at one place: a question's answer, a row's result, or its figures where it has none."""
    if answer.service not in APPLICABLE_STATUSES:
        return service_text(words, answer.service, answer.reason)
    if answer.row is None:
        return answer_text(words, answer.items[0])
    if answer.lowest is not None and answer.highest is not None:
        low, high = (words.say(_CHILD_LEVEL_LABELS[level]) for level in (answer.lowest, answer.highest))
        return low if low == high else words.say(N_("not known yet: {low} to {high}"), low=low, high=high)
    said = (item for item in answer.items if item.answer.state is AnswerState.ANSWERED)
    parts = (f"{_column_label(words, item)}: {answer_text(words, item)}" for item in said)
    return "; ".join(parts) or words.say(STATE_LABELS[AnswerState.NOT_ASKED])


def _column_label(words: Formatter, item: AnswerItem) -> str:
    column = item.question.column_by_id[item.address.column]
    return words.column(item.question, column)


def child_label(words: Formatter, answer: ChildAnswer) -> str:
    return words.row(answer.question, answer.row) if answer.row else words.question(answer.question)


def age_group_rows(words: Formatter, grid: AgeGroupGrid) -> Iterator[list[str]]:
    """Write a grid of age groups as rows of words, its headings first."""
    yield ["", words.question(grid.question), *(words.column(grid.question, column) for column in grid.columns)]
    for group in grid.groups:
        spots = (age_group_text(words, group, spot) for spot in group.spots)
        yield [row_number(grid.question, group.row), words.row(grid.question, group.row), *spots]


def statistic_rows(words: Formatter, lens: ChildDataOverview) -> Iterator[list[str]]:
    """Write the statistics by age and sex as rows of words, the headings first."""
    yield ["", words.say(N_("Topic")), *(words.say(heading) for heading in STATISTIC_HEADINGS)]
    for entry in lens.statistics:
        topic = entry.topic
        spots = (statistic_text(words, entry, place) for place in range(len(entry.spots)))
        yield [row_number(topic.question, topic.row), words.row(topic.question, topic.row), *spots]


def child_answer_rows(words: Formatter, lens: ChildDataOverview) -> Iterator[list[str]]:
    """Write everything said of children as rows of words, the headings first."""
    yield ["", words.say(N_("About children")), words.say(N_("Answer"))]
    for answer in lens.answers:
        text = child_answer_text(words, answer)
        yield [row_number(answer.question, answer.row), child_label(words, answer), text]


def children_rows(words: Formatter, lens: ChildDataOverview) -> Iterator[list[str]]:
    """Write all tables of the lens below each other, an empty row between them."""
    for grid in lens.age_groups:
        yield from age_group_rows(words, grid)
        yield []
    yield from statistic_rows(words, lens)
    yield []
    yield from child_answer_rows(words, lens)


def _percentages(lens: ChildDataOverview) -> list[AnswerItem]:
    return [item for answer in lens.answers for item in answer.items if item.field.kind.value_type is ValueType.PERCENT]


def asks_for_share(lens: ChildDataOverview) -> bool:
    """Return whether a percentage is asked for: the share of published tables that show age by sex."""
    return bool(_percentages(lens))


def published_share(lens: ChildDataOverview) -> AnswerItem | None:
    return next((item for item in _percentages(lens) if item.answer.state is AnswerState.ANSWERED), None)


def _share_counts_data(share: Proportion) -> dict[str, Any]:
    return {"count": share.count, "of": share.of, "unknown": share.unknown, "share": share_data(share.value)}


def _shares_by_name(names: tuple[str, ...], spots: tuple[ChildDataCell, ...]) -> dict[str, float | None]:
    return {name: share_data(spot.share) for name, spot in zip(names, spots, strict=True)}


def children_data(lens: ChildDataOverview) -> dict[str, Any]:
    """Return the lens under permanent ids; shares are of 1, null while open or where a row is out."""
    keys = ("available", "sex", "age", "age_and_sex")
    return {
        "age_and_sex": _share_counts_data(lens.age_and_sex),
        "groups_by_sex": _share_counts_data(lens.groups_by_sex),
        "age_groups": [
            {
                "address": str(group.address),
                "service": group.service.value,
                "groups": _shares_by_name(tuple(column.id for column in grid.columns), group.spots),
            }
            for grid in lens.age_groups
            for group in grid.groups
        ],
        "statistics": [
            {
                "address": str(entry.topic.address),
                "service": entry.topic.service.value,
                "about_children": entry.is_about_children,
                **_shares_by_name(keys, entry.spots),
            }
            for entry in lens.statistics
        ],
        "answers": [
            {
                "address": str(answer.address),
                "service": answer.service.value if answer.service is not ServiceStatus.SERVED else "answered",
                "level": answer.lowest if answer.lowest == answer.highest else None,
            }
            for answer in lens.answers
        ],
    }
