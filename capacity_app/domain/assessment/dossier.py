"""All of one assessment as one frozen value: what reports, workbooks and aggregation read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from capacity_app.domain import content_hash
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, answers_by_address
from capacity_app.domain.assessment.registers import (
    Action,
    Agency,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Mission,
    Person,
    Remark,
    RetiredAnswer,
    ReturnedFile,
)
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.questionnaire.instrument import Instrument


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One assessment, complete, except for the bytes of held documents.

    ``id`` is the assessment's UUID; answers are sorted by key, registers in the order they were made;
    ``previous`` is the earlier round, if there is one. ``heads`` are the revisions that say what is said now, of
    answers taken back too; they tell on what a returned copy was built and are no part of what the dossier says.
    """

    id: str
    instrument: Instrument
    mission: Mission = field(default_factory=Mission)
    answers: tuple[Answer, ...] = ()
    agencies: tuple[Agency, ...] = ()
    people: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    sources: tuple[DataSource, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[Action, ...] = ()
    ratings: tuple[FeasibilityRating, ...] = ()
    remarks: tuple[Remark, ...] = ()
    returns: tuple[ReturnedFile, ...] = ()
    kept: tuple[RetiredAnswer, ...] = ()
    previous: "Dossier | None" = None
    heads: Mapping[AnswerKey, tuple[RevisionId, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def content_hash(self) -> str:
        return content_hash.hash_dossier(self)

    @cached_property
    def by_address(self) -> dict[Address, list[Answer]]:
        return answers_by_address(self.answers)

    @cached_property
    def last_change(self) -> str:
        """When the last answer was given (UTC, ISO 8601); the mission's end where no answer has a time."""
        return max((answer.time for answer in self.answers), default="") or self.mission.end

    @cached_property
    def agency_by_id(self) -> dict[str, Agency]:
        return {agency.id: agency for agency in self.agencies}

    @cached_property
    def source_by_id(self) -> dict[str, DataSource]:
        return {source.id: source for source in self.sources}

    @cached_property
    def evidence_by_id(self) -> dict[str, Evidence]:
        return {entry.id: entry for entry in self.evidence}
