"""What data show of children: age groups under 18 by sex, statistics by age and sex, and all that is said of them.

A question or row tagged "children" is about them. A grid about them whose choices are the same in several columns
asks for age groups, one in each of those columns; every grid that can say both "by sex" and "by age" tells how much of
everything else could be shown for children at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.answers import Address, State
from capacity_app.domain.breakdowns import AGE, SEX, breakdowns_of, keys_of
from capacity_app.domain.instrument import TOP_LEVEL, Column, Kind, Question, Row
from capacity_app.domain.sheet import ONE, ZERO, Block, Item, Sheet, Standing, points_of
from capacity_app.domain.themes import CHILDREN_TAG
from capacity_app.domain.topics import APPLIES, Degree, Service, Topic, levels_of, rows_of, source_grids, topics_of


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of the lens. ``share`` in [0, 1] is how far it is shown, None while open or where it is out."""

    address: Address
    service: Service
    share: Fraction | None

    @property
    def degree(self) -> Degree:
        if self.share is None:
            return Degree.OPEN
        return {ZERO: Degree.NONE, ONE: Degree.FULL}.get(self.share, Degree.PARTIAL)


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a grid about age groups: a spot for each of them, and the row's other answers."""

    question: Question
    row: Row
    address: Address
    service: Service
    reason: str
    spots: tuple[Spot, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AgeGroups:
    """A grid that asks, by sex, for age groups under 18."""

    question: Question
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class AgeAndSex:
    """A statistic with how far it is shown: at all, by sex, by age, by both. ``is_about_children`` if it is theirs."""

    topic: Topic
    is_about_children: bool
    spots: tuple[Spot, ...]

    @property
    def both(self) -> Fraction | None:
        return self.spots[-1].share


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """One place where something is said of children: a row of a grid, or a question.

    ``lowest`` and ``highest`` are the levels 0-3 it can end up at, both None where nothing is scored.
    """

    question: Question
    row: Row | None
    address: Address
    service: Service
    reason: str
    lowest: int | None
    highest: int | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``unknown`` more are not told yet."""

    count: int
    of: int
    unknown: int

    @property
    def value(self) -> Fraction | None:
        """The share, None of nothing."""
        return Fraction(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class ChildLens:
    """All of it. ``age_groups`` is empty where the instrument asks for none (no supplement on children)."""

    age_groups: tuple[AgeGroups, ...]
    statistics: tuple[AgeAndSex, ...]
    answers: tuple[ChildAnswer, ...]

    @property
    def is_bare(self) -> bool:
        return not (self.age_groups or self.statistics or self.answers)

    @property
    def age_and_sex(self) -> Share:
        """How many of the statistics there are show age and sex."""
        return _share(entry.both for entry in self.statistics if entry.topic.service is Service.SERVED)

    @property
    def groups_by_sex(self) -> Share:
        """How many of the age groups asked for are shown by sex."""
        spots = (spot for grid in self.age_groups for group in grid.groups for spot in group.spots)
        return _share(spot.share for spot in spots if spot.service in APPLIES)


def _share(shares: Iterable[Fraction | None]) -> Share:
    found = list(shares)
    known = [share for share in found if share is not None]
    return Share(sum(1 for share in known if share == 1), len(known), len(found) - len(known))


def age_columns(question: Question) -> tuple[Column, ...]:
    """Return the columns that ask for age groups, none if a grid does not: scored choices with the same options."""
    if question.kind is not Kind.GRID or CHILDREN_TAG not in question.tags:
        return ()
    alike: dict[tuple[str, ...], list[Column]] = {}
    for column in question.columns:
        if column.kind is Kind.CHOICE and column.is_scored:
            alike.setdefault(tuple(option.id for option in column.options), []).append(column)
    most = max(alike.values(), key=len, default=[])
    return tuple(most) if len(most) > 1 else ()


def _rows(block: Block) -> Iterator[tuple[Row, tuple[Item, ...], Service]]:
    """Yield the rows of a grid with their places and how they stand."""
    for row, items in rows_of(block):
        yield row, items, _service(block, items, is_out=block.rows[row.id].standing is Standing.ROW_OUT)


def _service(block: Block, items: Sequence[Item], *, is_out: bool) -> Service:
    """Return how a place stands, whoever serves it: answered is served."""
    if block.is_hidden:
        return Service.HIDDEN
    if is_out:
        return Service.OUT
    is_said = any(item.standing is Standing.WANTED and item.answer.state is State.ANSWERED for item in items)
    return Service.SERVED if is_said else Service.OPEN


def _choice(item: Item, service: Service) -> Spot:
    if service not in APPLIES:
        return Spot(item.address, service, None)
    if item.standing is Standing.SETTLED:
        return Spot(item.address, Service.LACKING, ZERO)
    if item.answer.state is State.NOT_APPLICABLE:
        return Spot(item.address, Service.OUT, None)
    share = points_of(item.field, item.answer.value) if item.answer.state is State.ANSWERED else None
    return Spot(item.address, Service.OPEN if share is None else Service.SERVED, share)


def _age_groups(block: Block) -> AgeGroups | None:
    columns = age_columns(block.question)
    if not columns:
        return None
    ids = {column.id for column in columns}
    groups = tuple(
        Group(
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
    return AgeGroups(block.question, columns, groups)


def _at_all(topic: Topic) -> Fraction | None:
    """Return how far a statistic exists, whatever it is broken down by."""
    if topic.is_scored:
        return None if topic.level is None else Fraction(topic.level, TOP_LEVEL)
    return ONE if topic.service is Service.SERVED else None


def _by(topic: Topic, key: str) -> Fraction | None:
    return None if key in topic.unsaid else topic.marks.get(key, ZERO)


def _age_and_sex(topic: Topic) -> AgeAndSex:
    columns = {key: b.column.id for b in breakdowns_of(topic.question) for key in b.keys}
    by_sex, by_age = _by(topic, SEX), _by(topic, AGE)
    both = None if by_sex is None or by_age is None else min(by_sex, by_age)
    if ZERO in {by_sex, by_age}:
        both = ZERO
    places = ("", columns[SEX], columns[AGE], columns[AGE])
    spots = zip(places, (_at_all(topic), by_sex, by_age, both), strict=True)
    return AgeAndSex(
        topic,
        CHILDREN_TAG in topic.row.tags or CHILDREN_TAG in topic.question.tags,
        tuple(
            Spot(
                Address(topic.question.id, topic.row.id, column),
                topic.service,
                share if topic.service in APPLIES else None,
            )
            for column, share in spots
        ),
    )


def _statistics(sheet: Sheet) -> Iterator[AgeAndSex]:
    for question in source_grids(sheet.instrument):
        if {SEX, AGE} <= set(keys_of(question)):
            yield from (_age_and_sex(topic) for topic in topics_of(sheet.blocks[question.id]))


def _child_answer(block: Block, row: Row | None, items: tuple[Item, ...], service: Service) -> ChildAnswer:
    row_id = row.id if row else ""
    lowest, highest = levels_of(block.measured.get(row_id, ())) or (None, None)
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


def _answers(block: Block) -> Iterator[ChildAnswer]:
    question = block.question
    is_theirs = CHILDREN_TAG in question.tags
    if question.kind is Kind.GRID:
        for row, items, service in _rows(block):
            if is_theirs or CHILDREN_TAG in row.tags:
                yield _child_answer(block, row, items, service)
    elif is_theirs:
        is_out = block.whole.state is State.NOT_APPLICABLE
        yield _child_answer(block, None, block.items, _service(block, block.items, is_out=is_out))


def child_lens(sheet: Sheet) -> ChildLens:
    blocks: Mapping[str, Block] = sheet.blocks
    age_groups = (_age_groups(block) for block in blocks.values())
    return ChildLens(
        age_groups=tuple(grid for grid in age_groups if grid is not None),
        statistics=tuple(_statistics(sheet)),
        answers=tuple(answer for block in blocks.values() for answer in _answers(block)),
    )
