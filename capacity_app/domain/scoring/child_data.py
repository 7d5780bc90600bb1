"""What data show of children: age groups under 18 by sex, statistics by age and sex, and all that is said of them.

A question or row tagged "children" is about them. A grid about them whose choices are the same in several columns
asks for age groups, one in each of those columns; every grid that can say both "by sex" and "by age" tells how much of
everything else could be shown for children at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import CHILDREN_TAG, GridColumn, GridRow, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.domain.scoring.answer_sheet import (
    ONE,
    ZERO,
    AnswerItem,
    AnswerSheet,
    ItemStatus,
    QuestionBlock,
    earned_points,
)
from capacity_app.domain.scoring.data_availability import (
    AGE,
    APPLICABLE_STATUSES,
    SEX,
    DataTopic,
    ServiceDegree,
    ServiceStatus,
    breakdown_keys,
    breakdowns_of,
    possible_levels,
    rows_with_items,
    source_grids,
    topics_of,
)


@dataclass(frozen=True, slots=True)
class ChildDataCell:
    """One cell of the lens. ``share`` in [0, 1] is how far it is shown, None while open or where it is out."""

    address: Address
    service: ServiceStatus
    share: Fraction | None

    @property
    def degree(self) -> ServiceDegree:
        if self.share is None:
            return ServiceDegree.OPEN
        return {ZERO: ServiceDegree.NONE, ONE: ServiceDegree.FULL}.get(self.share, ServiceDegree.PARTIAL)


@dataclass(frozen=True, slots=True)
class AgeGroupRow:
    """One row of a grid about age groups: a spot for each of them, and the row's other answers."""

    question: Question
    row: GridRow
    address: Address
    service: ServiceStatus
    reason: str
    spots: tuple[ChildDataCell, ...]
    items: tuple[AnswerItem, ...]


@dataclass(frozen=True, slots=True)
class AgeGroupGrid:
    """A grid that asks, by sex, for age groups under 18."""

    question: Question
    columns: tuple[GridColumn, ...]
    groups: tuple[AgeGroupRow, ...]


@dataclass(frozen=True, slots=True)
class AgeSexStatistic:
    """A statistic with how far it is shown: at all, by sex, by age, by both. ``is_about_children`` if it is theirs."""

    topic: DataTopic
    is_about_children: bool
    spots: tuple[ChildDataCell, ...]

    @property
    def both(self) -> Fraction | None:
        return self.spots[-1].share


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """One place where something is said of children: a row of a grid, or a question.

    ``lowest`` and ``highest`` are the levels 0-3 it can end up at, both None where nothing is scored.
    """

    question: Question
    row: GridRow | None
    address: Address
    service: ServiceStatus
    reason: str
    lowest: int | None
    highest: int | None
    items: tuple[AnswerItem, ...]


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many; ``unknown`` more are not told yet."""

    count: int
    of: int
    unknown: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class ChildDataOverview:
    """All of it. ``age_groups`` is empty where the instrument asks for none (no supplement on children)."""

    age_groups: tuple[AgeGroupGrid, ...]
    statistics: tuple[AgeSexStatistic, ...]
    answers: tuple[ChildAnswer, ...]

    @property
    def is_bare(self) -> bool:
        return not (self.age_groups or self.statistics or self.answers)

    @property
    def age_and_sex(self) -> Proportion:
        """How many of the statistics there are show age and sex."""
        return _share(entry.both for entry in self.statistics if entry.topic.service is ServiceStatus.SERVED)

    @property
    def groups_by_sex(self) -> Proportion:
        """How many of the age groups asked for are shown by sex."""
        spots = (spot for grid in self.age_groups for group in grid.groups for spot in group.spots)
        return _share(spot.share for spot in spots if spot.service in APPLICABLE_STATUSES)


def _share(shares: Iterable[Fraction | None]) -> Proportion:
    found = list(shares)
    known = [share for share in found if share is not None]
    return Proportion(sum(1 for share in known if share == 1), len(known), len(found) - len(known))


def age_columns(question: Question) -> tuple[GridColumn, ...]:
    """Return the columns that ask for age groups, none if a grid does not: scored choices with the same options."""
    if question.kind is not AnswerKind.GRID or CHILDREN_TAG not in question.tags:
        return ()
    alike: dict[tuple[str, ...], list[GridColumn]] = {}
    for column in question.columns:
        if column.kind is AnswerKind.CHOICE and column.is_scored:
            alike.setdefault(tuple(option.id for option in column.options), []).append(column)
    most = max(alike.values(), key=len, default=[])
    return tuple(most) if len(most) > 1 else ()


def _rows(block: QuestionBlock) -> Iterator[tuple[GridRow, tuple[AnswerItem, ...], ServiceStatus]]:
    """Yield the rows of a grid with their places and how they stand."""
    for row, items in rows_with_items(block):
        yield row, items, _service(block, items, is_out=block.rows[row.id].standing is ItemStatus.ROW_OUT)


def _service(block: QuestionBlock, items: Sequence[AnswerItem], *, is_out: bool) -> ServiceStatus:
    """Return how a place stands, whoever serves it: answered is served."""
    if block.is_hidden:
        return ServiceStatus.HIDDEN
    if is_out:
        return ServiceStatus.OUT
    is_said = any(item.standing is ItemStatus.WANTED and item.answer.state is AnswerState.ANSWERED for item in items)
    return ServiceStatus.SERVED if is_said else ServiceStatus.OPEN


def _choice(item: AnswerItem, service: ServiceStatus) -> ChildDataCell:
    if service not in APPLICABLE_STATUSES:
        return ChildDataCell(item.address, service, None)
    if item.standing is ItemStatus.SETTLED:
        return ChildDataCell(item.address, ServiceStatus.LACKING, ZERO)
    if item.answer.state is AnswerState.NOT_APPLICABLE:
        return ChildDataCell(item.address, ServiceStatus.OUT, None)
    share = earned_points(item.field, item.answer.value) if item.answer.state is AnswerState.ANSWERED else None
    return ChildDataCell(item.address, ServiceStatus.OPEN if share is None else ServiceStatus.SERVED, share)


def _age_groups(block: QuestionBlock) -> AgeGroupGrid | None:
    columns = age_columns(block.question)
    if not columns:
        return None
    ids = {column.id for column in columns}
    groups = tuple(
        AgeGroupRow(
            question=block.question,
            row=row,
            address=Address(block.question.id, row.id),
            service=service,
            reason=block.rows[row.id].reason,
            spots=tuple(_choice(item, service) for item in items if item.field.id in ids),
            items=items,
        )
        for row, items, service in _rows(block)
    )
    return AgeGroupGrid(block.question, columns, groups)


def _at_all(topic: DataTopic) -> Fraction | None:
    """Return how far a statistic exists, whatever it is broken down by."""
    if topic.is_scored:
        return None if topic.level is None else Fraction(topic.level, TOP_LEVEL)
    return ONE if topic.service is ServiceStatus.SERVED else None


def _by(topic: DataTopic, key: str) -> Fraction | None:
    return None if key in topic.unsaid else topic.marks.get(key, ZERO)


def _age_and_sex(topic: DataTopic) -> AgeSexStatistic:
    columns = {key: b.column.id for b in breakdowns_of(topic.question) for key in b.keys}
    by_sex, by_age = _by(topic, SEX), _by(topic, AGE)
    both = None if by_sex is None or by_age is None else min(by_sex, by_age)
    if ZERO in {by_sex, by_age}:
        both = ZERO
    places = ("", columns[SEX], columns[AGE], columns[AGE])
    spots = zip(places, (_at_all(topic), by_sex, by_age, both), strict=True)
    return AgeSexStatistic(
        topic,
        CHILDREN_TAG in topic.row.tags or CHILDREN_TAG in topic.question.tags,
        tuple(
            ChildDataCell(
                Address(topic.question.id, topic.row.id, column),
                topic.service,
                share if topic.service in APPLICABLE_STATUSES else None,
            )
            for column, share in spots
        ),
    )


def _statistics(sheet: AnswerSheet) -> Iterator[AgeSexStatistic]:
    for question in source_grids(sheet.instrument):
        if {SEX, AGE} <= set(breakdown_keys(question)):
            yield from (_age_and_sex(topic) for topic in topics_of(sheet.blocks[question.id]))


def _child_answer(
    block: QuestionBlock, row: GridRow | None, items: tuple[AnswerItem, ...], service: ServiceStatus
) -> ChildAnswer:
    row_id = row.id if row else ""
    lowest, highest = possible_levels(block.measured.get(row_id, ())) or (None, None)
    return ChildAnswer(
        question=block.question,
        row=row,
        address=Address(block.question.id, row_id),
        service=service,
        reason=block.rows[row_id].reason if row else block.whole.reason,
        lowest=lowest,
        highest=highest,
        items=items,
    )


def _answers(block: QuestionBlock) -> Iterator[ChildAnswer]:
    question = block.question
    is_theirs = CHILDREN_TAG in question.tags
    if question.kind is AnswerKind.GRID:
        for row, items, service in _rows(block):
            if is_theirs or CHILDREN_TAG in row.tags:
                yield _child_answer(block, row, items, service)
    elif is_theirs:
        is_out = block.whole.state is AnswerState.NOT_APPLICABLE
        yield _child_answer(block, None, block.items, _service(block, block.items, is_out=is_out))


def summarize_child_data(sheet: AnswerSheet) -> ChildDataOverview:
    blocks: Mapping[str, QuestionBlock] = sheet.blocks
    age_groups = (_age_groups(block) for block in blocks.values())
    return ChildDataOverview(
        age_groups=tuple(grid for grid in age_groups if grid is not None),
        statistics=tuple(_statistics(sheet)),
        answers=tuple(answer for block in blocks.values() for answer in _answers(block)),
    )
