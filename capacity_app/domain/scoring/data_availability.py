"""Which data source serves which topic: how well, by what broken down, how recently.

How well a topic is served is what its row has reached (``QuestionBlock.measured``); which breakdowns it has, how old
it is and who produces it are read from the kinds of its columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from string import ascii_uppercase

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.assessment.registers import DataSource
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind, ValueType
from capacity_app.domain.scoring.answer_sheet import (
    ONE,
    ZERO,
    AnswerItem,
    AnswerSheet,
    ItemStatus,
    QuestionBlock,
    RowState,
    ScoredPart,
    earned_points,
)
from capacity_app.domain.scoring.gaps import level_reached

# By what a statistic is broken down, read from the answers of a grid: sex, age, country of birth and so on.
#
# A breakdown is an option that a scored checklist asks for ("Disaggregation available: sex, age …"), or a column or
# option whose id is one of the usual names ("by_sex", "age-sex"): permanent ids are part of an instrument's contract.

SEX, AGE = "sex", "age"
STANDARD_BREAKDOWNS: Mapping[str, tuple[str, ...]] = {
    **{
        key: (key,)
        for key in (
            SEX, AGE, "birth", "citizenship", "residence", "subnational", "parents", "generation", "education",
            "labour", "reason", "duration", "arrival", "disability",
        )
    },
    "parents-birth": ("parents",),
    "age-sex": (SEX, AGE),
    "sex-age": (SEX, AGE),
}  # fmt: skip
"""The usual names of breakdowns, without "by", and what each shows."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way a grid may break its statistics down: an option of a checklist, or a column of its own."""

    keys: tuple[str, ...]
    column: GridColumn
    option: ChoiceOption | None = None

    def is_wanted(self, row: GridRow | None) -> bool:
        """Return whether a row earns points by it."""
        if self.option is None:
            return self.column.is_scored
        wanted = row.required.get(self.column.id) if row else None
        return self.option.id in wanted if wanted else self.option.required

    def share(self, answer: EffectiveAnswer) -> Fraction:
        """Return how far an answer has it: 1, a part, or 0."""
        if answer.state is not AnswerState.ANSWERED:
            return ZERO
        if self.option is not None:
            return ONE if isinstance(answer.value, tuple) and self.option.id in answer.value else ZERO
        if self.column.kind is AnswerKind.CHOICE:
            chosen = self.column.option_by_id.get(str(answer.value))
            return (chosen.points or ZERO) if chosen else ZERO
        return earned_points(self.column, answer.value) or ZERO


def _usual(part_id: str) -> tuple[str, ...]:
    return STANDARD_BREAKDOWNS.get(part_id.casefold().replace("_", "-").removeprefix("by-"), ())


def _of_column(column: GridColumn) -> Iterator[Breakdown]:
    if column.kind.value_type is ValueType.OPTIONS:
        for option in column.options:
            keys = _usual(option.id) or ((option.id,) if column.is_scored else ())
            if keys and not option.exclusive:
                yield Breakdown(keys, column, option)
    elif column.kind.value_type is ValueType.OPTION and (keys := _usual(column.id)):
        yield Breakdown(keys, column)


def breakdowns_of(question: Question) -> tuple[Breakdown, ...]:
    """Return all ways a grid may break its statistics down, in printed order."""
    return tuple(found for column in question.columns for found in _of_column(column))


def breakdown_keys(question: Question) -> tuple[str, ...]:
    """Return by what a grid may break its statistics down, each once."""
    return tuple(dict.fromkeys(key for breakdown in breakdowns_of(question) for key in breakdown.keys))


def breakdown_shares(breakdowns: Iterable[Breakdown], items: Mapping[str, AnswerItem]) -> dict[str, Fraction]:
    """Return by key how far a row has each breakdown, the best of what says so; only what it has."""
    found: dict[str, Fraction] = {}
    for breakdown in breakdowns:
        item = items[breakdown.column.id]
        share = breakdown.share(item.answer) if item.standing is ItemStatus.WANTED else ZERO
        for key in breakdown.keys if share else ():
            found[key] = max(share, found.get(key, ZERO))
    return found


def is_unsettled(item: AnswerItem) -> bool:
    """Return whether a place may still show breakdowns: it is asked for and not settled."""
    return item.standing is ItemStatus.WANTED and item.answer.is_open


def breakdown_letters(keys: Iterable[str]) -> dict[str, str]:
    """Assign every key one capital of its own, the first of its letters that is free."""
    given: dict[str, str] = {}
    for key in keys:
        if key not in given:
            candidates = [*(letter for letter in key.upper() if letter in ascii_uppercase), *ascii_uppercase]
            free = (letter for letter in candidates if letter not in given.values())
            given[key] = next(free, f"{len(given) + 1}")
    return given


YEAR_DIGITS = 4
"""The digits of a year, with which every date begins."""


class ServiceStatus(StrEnum):
    """How a topic stands: served by sources, by none, not known yet, or not to be served at all."""

    SERVED = "served"
    LACKING = "lacking"
    OPEN = "open"
    OUT = "out"
    HIDDEN = "hidden"


SERVICE_STATUS_LABELS: dict[ServiceStatus, str] = {
    ServiceStatus.SERVED: N_("served"),
    ServiceStatus.LACKING: N_("no source"),
    ServiceStatus.OPEN: N_("source not asked yet"),
    ServiceStatus.OUT: N_("not applicable"),
    ServiceStatus.HIDDEN: N_("not asked, because of another answer"),
}
APPLICABLE_STATUSES = frozenset({ServiceStatus.SERVED, ServiceStatus.LACKING, ServiceStatus.OPEN})


class ServiceDegree(StrEnum):
    """How well a topic is served by what is named for it."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    OPEN = "open"
    NAMED = "named"


SERVICE_DEGREE_LABELS: dict[ServiceDegree, str] = {
    ServiceDegree.FULL: N_("full"),
    ServiceDegree.PARTIAL: N_("partial"),
    ServiceDegree.NONE: N_("named, but next to nothing is available"),
    ServiceDegree.OPEN: N_("named; how well is not known yet"),
    ServiceDegree.NAMED: N_("named"),
}


@dataclass(frozen=True, kw_only=True)
class DataTopic:
    """One thing data are wanted on: a row of a grid.

    ``lowest`` and ``highest`` are the levels 0-3 it can still end up at; they differ while too much
    is open. ``marks`` say by key how far it is broken down (in (0, 1]), ``lacking`` what is wanted and not there,
    ``unsaid`` what nobody has settled. ``year`` is that of the latest reference date, None without one.
    """

    question: Question
    row: GridRow
    address: Address
    source_address: Address
    service: ServiceStatus
    reason: str
    is_scored: bool
    lowest: int
    highest: int
    marks: Mapping[str, Fraction]
    lacking: tuple[str, ...]
    unsaid: tuple[str, ...]
    year: int | None
    sources: tuple[str, ...]
    agencies: tuple[str, ...]
    evidence: tuple[str, ...]
    items: tuple[AnswerItem, ...]

    @property
    def level(self) -> int | None:
        """The level 0-3 reached, None while open or where nothing is scored."""
        return self.lowest if self.is_scored and self.lowest == self.highest else None

    @property
    def degree(self) -> ServiceDegree:
        """How well the topic is served by its sources."""
        if not self.is_scored:
            return ServiceDegree.NAMED
        if self.level is None:
            return ServiceDegree.OPEN
        return {0: ServiceDegree.NONE, TOP_LEVEL: ServiceDegree.FULL}.get(self.level, ServiceDegree.PARTIAL)


def is_scored_grid(question: Question) -> bool:
    return question.scored and any(column.is_scored for column in question.columns)


def source_grids(instrument: Instrument) -> tuple[Question, ...]:
    """Return the grids that ask for sources: scored ones of the core, then of supplements, then others."""

    def rank(question: Question) -> int:
        return (1 if instrument.section_of[question.id].supplement else 0) if is_scored_grid(question) else 2

    grids = (q for q in instrument.questions() if q.rows and any(c.kind is AnswerKind.SOURCE for c in q.columns))
    return tuple(sorted(grids, key=rank))


def picked_values(items: Iterable[AnswerItem], kind: AnswerKind) -> tuple[str, ...]:
    """Return what is picked in the fields of a kind, each once."""
    values = (i.answer.value for i in items if i.field.kind is kind and _is_said(i))
    return tuple(dict.fromkeys(one for value in values if isinstance(value, tuple) for one in value))


def _is_said(item: AnswerItem) -> bool:
    return item.standing is ItemStatus.WANTED and item.answer.state is AnswerState.ANSWERED


def _year(items: Iterable[AnswerItem]) -> int | None:
    """Return the latest year among dates and years."""
    said = (
        str(i.answer.value)[:YEAR_DIGITS]
        for i in items
        if (i.field.kind.info.is_year or i.field.kind.value_type is ValueType.DATE) and _is_said(i)
    )
    return max((int(year) for year in said if year.isdecimal()), default=None)


def _service(
    block: QuestionBlock, state: RowState, asked: Sequence[AnswerItem], named: tuple[str, ...]
) -> ServiceStatus:
    if block.is_hidden:
        return ServiceStatus.HIDDEN
    if state.standing is ItemStatus.ROW_OUT:
        return ServiceStatus.OUT
    if named:
        return ServiceStatus.SERVED
    is_open = any(item.standing is ItemStatus.WANTED and item.answer.is_open for item in asked)
    return ServiceStatus.OPEN if is_open else ServiceStatus.LACKING


def possible_levels(parts: Sequence[ScoredPart]) -> tuple[int, int] | None:
    """Return the lowest and the highest level a row can end up at, what is open counting as nothing or as all.

    None where nothing is scored.
    """
    counted = [part for part in parts if not part.is_out]
    weight = sum((part.weight for part in counted), ZERO)
    if not weight:
        return None
    low = sum((part.weight * part.low for part in counted), ZERO)
    high = sum((part.weight * part.high for part in counted), ZERO)
    return level_reached(low / weight), level_reached(high / weight)


def rows_with_items(block: QuestionBlock) -> Iterator[tuple[GridRow, tuple[AnswerItem, ...]]]:
    """Yield the rows of a grid with their places; spare rows nobody has begun are left out."""
    items: dict[str, list[AnswerItem]] = {}
    for item in block.items:
        items.setdefault(item.address.row, []).append(item)
    for row in block.question.rows:
        if block.rows[row.id].standing is not ItemStatus.SPARE:
            yield row, tuple(items[row.id])


def _topic(
    block: QuestionBlock,
    row: GridRow,
    items: tuple[AnswerItem, ...],
    parts: Sequence[ScoredPart],
    breakdowns: Sequence[Breakdown],
) -> DataTopic:
    question, state = block.question, block.rows[row.id]
    by_column = {item.field.id: item for item in items}
    asked = [item for item in items if item.field.kind is AnswerKind.SOURCE]
    named = picked_values(asked, AnswerKind.SOURCE)
    service = _service(block, state, asked, named)
    marks = breakdown_shares(breakdowns, by_column) if service in APPLICABLE_STATUSES else {}
    unsaid = {key for b in breakdowns if is_unsettled(by_column[b.column.id]) for key in b.keys} - set(marks)
    wanted = (
        {key for b in breakdowns if b.is_wanted(row) for key in b.keys} if service in APPLICABLE_STATUSES else set()
    )
    said = (item for item in items if _is_said(item))
    levels = possible_levels(parts)
    lowest, highest = levels or (0, 0)
    return DataTopic(
        question=question,
        row=row,
        address=Address(question.id, row.id),
        source_address=asked[0].address,
        service=service,
        reason=state.reason,
        is_scored=levels is not None or (service not in APPLICABLE_STATUSES and is_scored_grid(question)),
        lowest=lowest,
        highest=highest,
        marks=marks,
        lacking=tuple(key for key in breakdown_keys(question) if key in wanted - set(marks) - unsaid),
        unsaid=tuple(key for key in breakdown_keys(question) if key in unsaid),
        year=_year(items),
        sources=named,
        agencies=picked_values(items, AnswerKind.AGENCY),
        evidence=tuple(dict.fromkeys(entry for item in said for entry in item.answer.evidence)),
        items=items,
    )


def topics_of(block: QuestionBlock) -> Iterator[DataTopic]:
    """Yield the topics of a grid that asks for sources."""
    breakdowns = breakdowns_of(block.question)
    for row, items in rows_with_items(block):
        yield _topic(block, row, items, block.measured.get(row.id, ()), breakdowns)


def count_by_degree(topics: Iterable[DataTopic]) -> dict[ServiceDegree, int]:
    """Count topics by how well they are served, the best first; only what occurs."""
    degrees = [topic.degree for topic in topics]
    return {degree: degrees.count(degree) for degree in ServiceDegree if degree in degrees}


# An answer speaks of a topic with all its sources together, so all of them share its level.


@dataclass(frozen=True, slots=True)
class SourceUsage:
    """One data source with where answers name it. ``source`` is None for one that is not in the register.

    ``code`` is its short name (S1, S2 …, as in the report); ``places`` are all addresses that name it.
    """

    id: str
    code: str
    source: DataSource | None
    places: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class AvailabilityCell:
    """One source for one topic. ``year`` is that of the topic, or the source's own last one if that is earlier."""

    topic: DataTopic
    source: SourceUsage
    year: int | None

    @property
    def is_shared(self) -> bool:
        """Return whether other sources serve the topic too, so that no answer speaks of this one alone."""
        return len(self.topic.sources) > 1


@dataclass(frozen=True)
class AvailabilityMatrix:
    """Topics against sources: either may serve nobody. ``letters`` are those of the breakdowns asked for."""

    topics: tuple[DataTopic, ...]
    sources: tuple[SourceUsage, ...]
    letters: Mapping[str, str]

    @cached_property
    def cells(self) -> Mapping[tuple[Address, str], AvailabilityCell]:
        """The cells that are not empty, by topic and source."""
        by_id = {use.id: use for use in self.sources}
        return {
            (topic.address, source): AvailabilityCell(topic, by_id[source], _year_of(topic, by_id[source]))
            for topic in self.topics
            for source in topic.sources
        }

    def cell(self, topic: DataTopic, use: SourceUsage) -> AvailabilityCell | None:
        """Return what a source gives to a topic, None if nobody names it there."""
        return self.cells.get((topic.address, use.id))

    def letters_of(self, topic: DataTopic) -> str:
        """Write the breakdowns of a topic as letters, those it has in part in brackets."""
        letters = ((self.letters[key], share) for key, share in topic.marks.items())
        return "".join(letter if share == 1 else f"({letter})" for letter, share in letters)

    @cached_property
    def _served_by(self) -> Mapping[str, tuple[DataTopic, ...]]:
        found: dict[str, list[DataTopic]] = {}
        for topic in self.topics:
            for source in topic.sources:
                found.setdefault(source, []).append(topic)
        return {source: tuple(topics) for source, topics in found.items()}

    def topics_of(self, use: SourceUsage) -> tuple[DataTopic, ...]:
        return self._served_by.get(use.id, ())

    def of(self, *services: ServiceStatus) -> tuple[DataTopic, ...]:
        """Return the topics that stand in one of these ways."""
        return tuple(topic for topic in self.topics if topic.service in services)

    @cached_property
    def idle(self) -> tuple[SourceUsage, ...]:
        return tuple(use for use in self.sources if use.source is not None and not self.topics_of(use))

    @cached_property
    def unregistered(self) -> tuple[SourceUsage, ...]:
        """The sources answers name that are not in the register."""
        return tuple(use for use in self.sources if use.source is None)


@dataclass(frozen=True)
class Availability:
    """All grids that ask for sources, those that earn points first, with all sources registered or named."""

    grids: tuple[Question, ...]
    whole: AvailabilityMatrix

    def matrix(self, question_id: str = "") -> AvailabilityMatrix:
        """Return the matrix of one grid, or of all."""
        if not question_id:
            return self.whole
        topics = tuple(topic for topic in self.whole.topics if topic.question.id == question_id)
        asked = {key for grid in self.grids if grid.id == question_id for key in breakdown_keys(grid)}
        named = {source for topic in topics for source in topic.sources}
        sources = tuple(use for use in self.whole.sources if use.source is not None or use.id in named)
        letters = {key: letter for key, letter in self.whole.letters.items() if key in asked}
        return AvailabilityMatrix(topics, sources, letters)


def _year_of(topic: DataTopic, use: SourceUsage) -> int | None:
    """Take the topic's year; a source that shares it with others cannot be more recent than its own last date."""
    own = use.source.last_date[:YEAR_DIGITS] if use.source else ""
    if len(topic.sources) > 1 and topic.year is not None and own.isdecimal():
        return min(topic.year, int(own))
    return topic.year


def _places(sheet: AnswerSheet) -> dict[str, list[Address]]:
    """Find where each source is named, in grids and elsewhere."""
    places: dict[str, list[Address]] = {}
    for item in sheet.items():
        for source in picked_values((item,), AnswerKind.SOURCE) if item.field.kind is AnswerKind.SOURCE else ():
            places.setdefault(source, []).append(item.address)
    return places


def _uses(sheet: AnswerSheet, sources: Sequence[DataSource]) -> tuple[SourceUsage, ...]:
    places = _places(sheet)
    known = {source.id for source in sources}
    registered = (
        SourceUsage(source.id, f"S{number}", source, tuple(places.get(source.id, ())))
        for number, source in enumerate(sources, start=1)
    )
    lost = [source for source in places if source not in known]
    others = (SourceUsage(one, f"?{number}", None, tuple(places[one])) for number, one in enumerate(lost, start=1))
    return (*registered, *others)


def build_availability(sheet: AnswerSheet, sources: Iterable[DataSource]) -> Availability:
    """Set all topics against all sources, those of the register in its order before those that are only named."""
    grids = source_grids(sheet.instrument)
    topics = tuple(topic for grid in grids for topic in topics_of(sheet.blocks[grid.id]))
    letters = breakdown_letters(key for grid in grids for key in breakdown_keys(grid))
    return Availability(grids, AvailabilityMatrix(topics, _uses(sheet, tuple(sources)), letters))
