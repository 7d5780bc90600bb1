"""Topics: the rows of every grid that asks for data sources, each with how it is served by what is named for it.

How well a topic is served is what its row has reached (``Block.measured``); which breakdowns it has, how old it is
and who produces it are read from the kinds of its columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from capacity_app.domain.answers import Address, State
from capacity_app.domain.breakdowns import Breakdown, breakdowns_of, is_unsaid, keys_of, shares
from capacity_app.domain.gaps import level_of
from capacity_app.domain.instrument import TOP_LEVEL, Instrument, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import ZERO, Block, Item, Part, RowState, Standing

YEAR_DIGITS = 4
"""The digits of a year, with which every date begins."""


class Service(StrEnum):
    """How a topic stands: served by sources, by none, not known yet, or not to be served at all."""

    SERVED = "served"
    LACKING = "lacking"
    OPEN = "open"
    OUT = "out"
    HIDDEN = "hidden"


SERVICE_WORDS: dict[Service, str] = {
    Service.SERVED: N_("served"),
    Service.LACKING: N_("no source"),
    Service.OPEN: N_("source not asked yet"),
    Service.OUT: N_("not applicable"),
    Service.HIDDEN: N_("not asked, because of another answer"),
}
APPLIES = frozenset({Service.SERVED, Service.LACKING, Service.OPEN})


class Degree(StrEnum):
    """How well a topic is served by what is named for it."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    OPEN = "open"
    NAMED = "named"


DEGREE_WORDS: dict[Degree, str] = {
    Degree.FULL: N_("full"),
    Degree.PARTIAL: N_("partial"),
    Degree.NONE: N_("named, but next to nothing is available"),
    Degree.OPEN: N_("named; how well is not known yet"),
    Degree.NAMED: N_("named"),
}


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One thing data are wanted on: a row of a grid.

    ``lowest`` and ``highest`` are the levels 0-3 it can still end up at; they differ while too much
    is open. ``marks`` say by key how far it is broken down (in (0, 1]), ``lacking`` what is wanted and not there,
    ``unsaid`` what nobody has settled. ``year`` is that of the latest reference date, None without one.
    """

    question: Question
    row: Row
    address: Address
    source_address: Address
    service: Service
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
    items: tuple[Item, ...]

    @property
    def level(self) -> int | None:
        """The level 0-3 reached, None while open or where nothing is scored."""
        return self.lowest if self.is_scored and self.lowest == self.highest else None

    @property
    def degree(self) -> Degree:
        """How well the topic is served by its sources."""
        if not self.is_scored:
            return Degree.NAMED
        if self.level is None:
            return Degree.OPEN
        return {0: Degree.NONE, TOP_LEVEL: Degree.FULL}.get(self.level, Degree.PARTIAL)


def is_scored_grid(question: Question) -> bool:
    return question.scored and any(column.is_scored for column in question.columns)


def source_grids(instrument: Instrument) -> tuple[Question, ...]:
    """Return the grids that ask for sources: scored ones of the core, then of supplements, then others."""

    def rank(question: Question) -> int:
        return (1 if instrument.section_of[question.id].supplement else 0) if is_scored_grid(question) else 2

    grids = (q for q in instrument.questions() if q.rows and any(c.kind is Kind.SOURCE for c in q.columns))
    return tuple(sorted(grids, key=rank))


def given(items: Iterable[Item], kind: Kind) -> tuple[str, ...]:
    """Return what is picked in the fields of a kind, each once."""
    values = (i.answer.value for i in items if i.field.kind is kind and _is_said(i))
    return tuple(dict.fromkeys(one for value in values if isinstance(value, tuple) for one in value))


def _is_said(item: Item) -> bool:
    return item.standing is Standing.WANTED and item.answer.state is State.ANSWERED


def _year(items: Iterable[Item]) -> int | None:
    """Return the latest year among dates and years."""
    said = (str(i.answer.value)[:YEAR_DIGITS] for i in items if i.field.kind in {Kind.DATE, Kind.YEAR} and _is_said(i))
    return max((int(year) for year in said if year.isdecimal()), default=None)


def _service(block: Block, state: RowState, asked: Sequence[Item], named: tuple[str, ...]) -> Service:
    if block.is_hidden:
        return Service.HIDDEN
    if state.standing is Standing.ROW_OUT:
        return Service.OUT
    if named:
        return Service.SERVED
    is_open = any(item.standing is Standing.WANTED and item.answer.is_open for item in asked)
    return Service.OPEN if is_open else Service.LACKING


def levels_of(parts: Sequence[Part]) -> tuple[int, int] | None:
    """Return the lowest and the highest level a row can end up at, what is open counting as nothing or as all.

    None where nothing is scored.
    """
    counted = [part for part in parts if not part.is_out]
    weight = sum((part.weight for part in counted), ZERO)
    if not weight:
        return None
    low = sum((part.weight * part.low for part in counted), ZERO)
    high = sum((part.weight * part.high for part in counted), ZERO)
    return level_of(low / weight), level_of(high / weight)


def rows_of(block: Block) -> Iterator[tuple[Row, tuple[Item, ...]]]:
    """Yield the rows of a grid with their places; spare rows nobody has begun are left out."""
    items: dict[str, list[Item]] = {}
    for item in block.items:
        items.setdefault(item.address.row, []).append(item)
    for row in block.question.rows:
        if block.rows[row.id].standing is not Standing.SPARE:
            yield row, tuple(items[row.id])


def _topic(
    block: Block, row: Row, items: tuple[Item, ...], parts: Sequence[Part], breakdowns: Sequence[Breakdown]
) -> Topic:
    question, state = block.question, block.rows[row.id]
    by_column = {item.field.id: item for item in items}
    asked = [item for item in items if item.field.kind is Kind.SOURCE]
    named = given(asked, Kind.SOURCE)
    service = _service(block, state, asked, named)
    marks = shares(breakdowns, by_column) if service in APPLIES else {}
    unsaid = {key for b in breakdowns if is_unsaid(by_column[b.column.id]) for key in b.keys} - set(marks)
    wanted = {key for b in breakdowns if b.is_wanted(row) for key in b.keys} if service in APPLIES else set()
    said = (item for item in items if _is_said(item))
    levels = levels_of(parts)
    lowest, highest = levels or (0, 0)
    return Topic(
        question=question,
        row=row,
        address=Address(question.id, row.id),
        source_address=asked[0].address,
        service=service,
        reason=state.reason,
        is_scored=levels is not None or (service not in APPLIES and is_scored_grid(question)),
        lowest=lowest,
        highest=highest,
        marks=marks,
        lacking=tuple(key for key in keys_of(question) if key in wanted - set(marks) - unsaid),
        unsaid=tuple(key for key in keys_of(question) if key in unsaid),
        year=_year(items),
        sources=named,
        agencies=given(items, Kind.AGENCY),
        evidence=tuple(dict.fromkeys(entry for item in said for entry in item.answer.evidence)),
        items=items,
    )


def topics_of(block: Block) -> Iterator[Topic]:
    """Yield the topics of a grid that asks for sources."""
    breakdowns = breakdowns_of(block.question)
    for row, items in rows_of(block):
        yield _topic(block, row, items, block.measured.get(row.id, ()), breakdowns)


def count_by_degree(topics: Iterable[Topic]) -> dict[Degree, int]:
    """Count topics by how well they are served, the best first; only what occurs."""
    degrees = [topic.degree for topic in topics]
    return {degree: degrees.count(degree) for degree in Degree if degree in degrees}
