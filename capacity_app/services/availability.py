"""Topics, sources and statistics on children in words, as tables and as plain data: the same everywhere."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridRow, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus
from capacity_app.domain.scoring.child_data import (
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
from capacity_app.i18n.formatter import STATE_LABELS, Formatter

_LEVEL_LABELS = (N_("next to nothing"), N_("little"), N_("a good part"), N_("everything"))
"""How much of what is asked for a topic has, by level."""


def marks_text(formatter: Formatter, topic: DataTopic) -> str:
    partly = formatter.say(N_("partly"))
    return formatter.texts.listed(
        formatter.breakdown(topic.question, key) + ("" if share == 1 else f" ({partly})")
        for key, share in topic.marks.items()
    )


def breakdown_labels(formatter: Formatter, topic: DataTopic, keys: Iterable[str]) -> str:
    return formatter.texts.listed(formatter.breakdown(topic.question, key) for key in keys)


def degree_text(formatter: Formatter, topic: DataTopic) -> str:
    say = formatter.say
    if topic.degree is ServiceDegree.OPEN:
        low, high = (say(_LEVEL_LABELS[level]) for level in (topic.lowest, topic.highest))
        return say(N_("not known yet: {low} to {high}"), low=low, high=high)
    word = say(SERVICE_DEGREE_LABELS[topic.degree])
    if topic.degree is ServiceDegree.PARTIAL:
        return say(N_("{degree}, level {level} of {top}"), degree=word, level=topic.lowest, top=TOP_LEVEL)
    return word


def service_text(formatter: Formatter, service: ServiceStatus, reason: str) -> str:
    """Return how a topic stands, with the reason where it does not apply."""
    word = formatter.say(SERVICE_STATUS_LABELS[service])
    return f"{word}: {reason}" if service is ServiceStatus.OUT and reason else word


def topic_text(formatter: Formatter, topic: DataTopic) -> str:
    if topic.service is not ServiceStatus.SERVED:
        return service_text(formatter, topic.service, topic.reason)
    count = formatter.ngettext("{count} source", "{count} sources", len(topic.sources))
    return "; ".join(part for part in (count, degree_text(formatter, topic)) if part)


def cell_text(formatter: Formatter, cell: AvailabilityCell) -> str:
    """Say in one line how well a source serves a topic, and of which year."""
    year = str(cell.year) if cell.year else ""
    return "; ".join(part for part in (degree_text(formatter, cell.topic), year) if part)


def answer_text(formatter: Formatter, item: AnswerItem) -> str:
    """Say an answer, or why there is none."""
    if item.standing is ItemStatus.SETTLED:
        return formatter.say(N_("not available"))
    if item.answer.conflict:
        return formatter.say(N_("answers differ"))
    if item.answer.state is AnswerState.ANSWERED:
        return formatter.value(item.question, item.field, item.answer.value)
    word = formatter.say(STATE_LABELS[item.answer.state])
    return f"{word}: {item.answer.reason}" if item.answer.reason else word


def empty_text(formatter: Formatter, topic: DataTopic) -> str:
    """Return why nothing stands in a cell."""
    if topic.service in APPLICABLE_STATUSES:
        return formatter.say(N_("not named for this topic"))
    return service_text(formatter, topic.service, topic.reason)


def counts_text(formatter: Formatter, topics: tuple[DataTopic, ...]) -> str:
    """Say for how many topics a source is named, and how well they are served."""
    counted = count_by_degree(topics)
    total = formatter.ngettext("{count} topic", "{count} topics", len(topics))
    if not topics or set(counted) == {ServiceDegree.NAMED}:
        return total
    parts = (
        f"{formatter.texts.number(count)} {formatter.say(_DEGREE_LABELS[degree])}" for degree, count in counted.items()
    )
    return f"{total}: {', '.join(parts)}"


_DEGREE_LABELS = {
    ServiceDegree.FULL: N_("full"),
    ServiceDegree.PARTIAL: N_("partial"),
    ServiceDegree.NONE: N_("next to nothing"),
    ServiceDegree.OPEN: N_("not known yet"),
    ServiceDegree.NAMED: N_("named"),
}


def source_label(formatter: Formatter, use: SourceUsage) -> str:
    """Name a source; one that is not registered says so."""
    if use.source is None:
        return formatter.say(N_("{name} (not in the register)"), name=use.id)
    return formatter.source(use.id)


def row_number(question: Question, row: GridRow | None) -> str:
    return f"{question.number} {row.number if row else ''}".strip()


def matrix_rows(formatter: Formatter, matrix: AvailabilityMatrix) -> Iterator[list[str]]:
    """Write a matrix as rows of words, its headings first, the totals of the sources last."""
    say = formatter.say
    names = [source_label(formatter, use) for use in matrix.sources]
    yield ["", say(N_("Topic")), say(N_("All sources")), say(N_("Year")), say(N_("Broken down by")), *names]
    for topic in matrix.topics:
        cells = (matrix.cell(topic, use) for use in matrix.sources)
        yield [
            row_number(topic.question, topic.row),
            formatter.row(topic.question, topic.row),
            topic_text(formatter, topic),
            str(topic.year or ""),
            marks_text(formatter, topic),
            *(cell_text(formatter, cell) if cell else "" for cell in cells),
        ]
    totals = (counts_text(formatter, matrix.topics_of(use)) for use in matrix.sources)
    yield ["", say(N_("All topics")), served_text(formatter, matrix), "", "", *totals]


def served_text(formatter: Formatter, matrix: AvailabilityMatrix) -> str:
    """Return how many of the topics that apply have a source."""
    applying = len(matrix.of(*APPLICABLE_STATUSES))
    served = len(matrix.of(ServiceStatus.SERVED))
    return formatter.texts.counted(
        "{served} of {count} topic served",
        "{served} of {count} topics served",
        applying,
        served=formatter.texts.number(served),
    )


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


def share_text(formatter: Formatter, share: Proportion) -> str:
    number = formatter.texts.number
    return formatter.say(N_("{count} of {all}"), count=number(share.count), all=number(share.of))


def age_group_text(formatter: Formatter, group: AgeGroupRow, spot: ChildDataCell) -> str:
    """Return what is shown of one age group: the answer in its own words."""
    if spot.service not in APPLICABLE_STATUSES:
        return service_text(formatter, spot.service, group.reason)
    item = next(item for item in group.items if item.address == spot.address)
    return answer_text(formatter, item)


def statistic_text(formatter: Formatter, entry: AgeSexStatistic, place: int) -> str:
    spot = entry.spots[place]
    if spot.service not in APPLICABLE_STATUSES:
        return service_text(formatter, spot.service, entry.topic.reason)
    return formatter.say((_BREAKDOWN_LABELS if place else _AVAILABILITY_LABELS)[spot.degree])


def child_answer_text(formatter: Formatter, answer: ChildAnswer) -> str:
    """Return what is answered at one place: a question's answer, a row's result, or its figures where it has none."""
    if answer.service not in APPLICABLE_STATUSES:
        return service_text(formatter, answer.service, answer.reason)
    if answer.row is None:
        return answer_text(formatter, answer.items[0])
    if answer.lowest is not None and answer.highest is not None:
        low, high = (formatter.say(_CHILD_LEVEL_LABELS[level]) for level in (answer.lowest, answer.highest))
        return low if low == high else formatter.say(N_("not known yet: {low} to {high}"), low=low, high=high)
    said = (item for item in answer.items if item.answer.state is AnswerState.ANSWERED)
    parts = (f"{_column_label(formatter, item)}: {answer_text(formatter, item)}" for item in said)
    return "; ".join(parts) or formatter.say(STATE_LABELS[AnswerState.NOT_ASKED])


def _column_label(formatter: Formatter, item: AnswerItem) -> str:
    column = item.question.column_by_id[item.address.column]
    return formatter.column(item.question, column)


def child_label(formatter: Formatter, answer: ChildAnswer) -> str:
    return formatter.row(answer.question, answer.row) if answer.row else formatter.question(answer.question)


def age_group_rows(formatter: Formatter, grid: AgeGroupGrid) -> Iterator[list[str]]:
    """Write a grid of age groups as rows of words, its headings first."""
    yield ["", formatter.question(grid.question), *(formatter.column(grid.question, column) for column in grid.columns)]
    for group in grid.groups:
        spots = (age_group_text(formatter, group, spot) for spot in group.spots)
        yield [row_number(grid.question, group.row), formatter.row(grid.question, group.row), *spots]


def statistic_rows(formatter: Formatter, lens: ChildDataOverview) -> Iterator[list[str]]:
    """Write the statistics by age and sex as rows of words, the headings first."""
    yield ["", formatter.say(N_("Topic")), *(formatter.say(heading) for heading in STATISTIC_HEADINGS)]
    for entry in lens.statistics:
        topic = entry.topic
        spots = (statistic_text(formatter, entry, place) for place in range(len(entry.spots)))
        yield [row_number(topic.question, topic.row), formatter.row(topic.question, topic.row), *spots]


def child_answer_rows(formatter: Formatter, lens: ChildDataOverview) -> Iterator[list[str]]:
    """Write everything said of children as rows of words, the headings first."""
    yield ["", formatter.say(N_("About children")), formatter.say(N_("Answer"))]
    for answer in lens.answers:
        text = child_answer_text(formatter, answer)
        yield [row_number(answer.question, answer.row), child_label(formatter, answer), text]


def children_rows(formatter: Formatter, lens: ChildDataOverview) -> Iterator[list[str]]:
    """Write all tables of the lens below each other, an empty row between them."""
    for grid in lens.age_groups:
        yield from age_group_rows(formatter, grid)
        yield []
    yield from statistic_rows(formatter, lens)
    yield []
    yield from child_answer_rows(formatter, lens)


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
