"""All of one assessment as one frozen value: what reports, workbooks and aggregation read."""

from dataclasses import dataclass, field
from functools import cached_property

from capacity_app.domain.answers import Address, Answer, by_address
from capacity_app.domain.assessment import Action, Agency, Evidence, Meeting, Mission, Person, Rating, Source
from capacity_app.domain.instrument import Instrument


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One assessment, complete, except for the bytes of held documents.

    ``id`` is the assessment's UUID; answers are sorted by key, registers in the order they were made;
    ``previous`` is the earlier round, if there is one.
    """

    id: str
    instrument: Instrument
    mission: Mission = field(default_factory=Mission)
    answers: tuple[Answer, ...] = ()
    agencies: tuple[Agency, ...] = ()
    people: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[Action, ...] = ()
    ratings: tuple[Rating, ...] = ()
    previous: "Dossier | None" = None

    @cached_property
    def by_address(self) -> dict[Address, list[Answer]]:
        """The answers grouped by the place they stand."""
        return by_address(self.answers)

    @cached_property
    def agency_by_id(self) -> dict[str, Agency]:
        """The agencies by id."""
        return {agency.id: agency for agency in self.agencies}

    @cached_property
    def source_by_id(self) -> dict[str, Source]:
        """The data sources by id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def evidence_by_id(self) -> dict[str, Evidence]:
        """The evidence by id."""
        return {entry.id: entry for entry in self.evidence}
