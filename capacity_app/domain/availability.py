"""Which data source serves which topic: how well, in what detail, how recently.

Topics are the rows of every grid that asks for sources; how well a topic is served is what its row has reached
(``Block.measured``). An answer speaks of a topic with all its sources together, so all of them share its level.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Source
from capacity_app.domain.breakdowns import keys_of, letters_for
from capacity_app.domain.instrument import Kind, Question
from capacity_app.domain.sheet import Sheet
from capacity_app.domain.topics import YEAR_DIGITS, Service, Topic, given, source_grids, topics_of


@dataclass(frozen=True, slots=True)
class SourceUse:
    """One data source with where answers name it. ``source`` is None for one that is not in the register.

    ``code`` is its short name (S1, S2 …, as in the report); ``places`` are all addresses that name it.
    """

    id: str
    code: str
    source: Source | None
    places: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One source for one topic. ``year`` is that of the topic, or the source's own last one if that is earlier."""

    topic: Topic
    source: SourceUse
    year: int | None

    @property
    def is_shared(self) -> bool:
        """Return whether other sources serve the topic too, so that no answer speaks of this one alone."""
        return len(self.topic.sources) > 1


@dataclass(frozen=True)
class Matrix:
    """Topics against sources: either may serve nobody. ``letters`` are those of the breakdowns asked for."""

    topics: tuple[Topic, ...]
    sources: tuple[SourceUse, ...]
    letters: Mapping[str, str]

    @cached_property
    def cells(self) -> Mapping[tuple[Address, str], Cell]:
        """The cells that are not empty, by topic and source."""
        by_id = {use.id: use for use in self.sources}
        return {
            (topic.address, source): Cell(topic, by_id[source], _year_of(topic, by_id[source]))
            for topic in self.topics
            for source in topic.sources
        }

    def cell(self, topic: Topic, use: SourceUse) -> Cell | None:
        """Return what a source gives to a topic, None if nobody names it there."""
        return self.cells.get((topic.address, use.id))

    def letters_of(self, topic: Topic) -> str:
        """Write the breakdowns of a topic as letters, those it has in part in brackets."""
        letters = ((self.letters[key], share) for key, share in topic.marks.items())
        return "".join(letter if share == 1 else f"({letter})" for letter, share in letters)

    @cached_property
    def _served_by(self) -> Mapping[str, tuple[Topic, ...]]:
        found: dict[str, list[Topic]] = {}
        for topic in self.topics:
            for source in topic.sources:
                found.setdefault(source, []).append(topic)
        return {source: tuple(topics) for source, topics in found.items()}

    def topics_of(self, use: SourceUse) -> tuple[Topic, ...]:
        return self._served_by.get(use.id, ())

    def of(self, *services: Service) -> tuple[Topic, ...]:
        """Return the topics that stand in one of these ways."""
        return tuple(topic for topic in self.topics if topic.service in services)

    @cached_property
    def idle(self) -> tuple[SourceUse, ...]:
        return tuple(use for use in self.sources if use.source is not None and not self.topics_of(use))

    @cached_property
    def unregistered(self) -> tuple[SourceUse, ...]:
        """The sources answers name that are not in the register."""
        return tuple(use for use in self.sources if use.source is None)


@dataclass(frozen=True)
class Availability:
    """All grids that ask for sources, those that earn points first, with all sources registered or named."""

    grids: tuple[Question, ...]
    whole: Matrix

    def matrix(self, question_id: str = "") -> Matrix:
        """Return the matrix of one grid, or of all."""
        if not question_id:
            return self.whole
        topics = tuple(topic for topic in self.whole.topics if topic.question.id == question_id)
        asked = {key for grid in self.grids if grid.id == question_id for key in keys_of(grid)}
        named = {source for topic in topics for source in topic.sources}
        sources = tuple(use for use in self.whole.sources if use.source is not None or use.id in named)
        letters = {key: letter for key, letter in self.whole.letters.items() if key in asked}
        return Matrix(topics, sources, letters)


def _year_of(topic: Topic, use: SourceUse) -> int | None:
    """Take the topic's year; a source that shares it with others cannot be more recent than its own last date."""
    own = use.source.last_date[:YEAR_DIGITS] if use.source else ""
    if len(topic.sources) > 1 and topic.year is not None and own.isdecimal():
        return min(topic.year, int(own))
    return topic.year


def _places(sheet: Sheet) -> dict[str, list[Address]]:
    """Find where each source is named, in grids and elsewhere."""
    places: dict[str, list[Address]] = {}
    for item in sheet.items():
        for source in given((item,), Kind.SOURCE) if item.field.kind is Kind.SOURCE else ():
            places.setdefault(source, []).append(item.address)
    return places


def _uses(sheet: Sheet, sources: Sequence[Source]) -> tuple[SourceUse, ...]:
    places = _places(sheet)
    known = {source.id for source in sources}
    registered = (
        SourceUse(source.id, f"S{number}", source, tuple(places.get(source.id, ())))
        for number, source in enumerate(sources, start=1)
    )
    lost = [source for source in places if source not in known]
    others = (SourceUse(one, f"?{number}", None, tuple(places[one])) for number, one in enumerate(lost, start=1))
    return (*registered, *others)


def availability(sheet: Sheet, sources: Iterable[Source]) -> Availability:
    """Set all topics against all sources, those of the register in its order before those that are only named."""
    grids = source_grids(sheet.instrument)
    topics = tuple(topic for grid in grids for topic in topics_of(sheet.blocks[grid.id]))
    letters = letters_for(key for grid in grids for key in keys_of(grid))
    return Availability(grids, Matrix(topics, _uses(sheet, tuple(sources)), letters))
