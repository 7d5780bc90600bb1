"""All of one assessment as one frozen value: what reports, workbooks and aggregation read."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from functools import cached_property

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
    Validation,
)
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.content_hash import canonical_json, sha256
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import to_utc
from capacity_app.domain.questionnaire.instrument import Instrument


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One assessment, complete, except for the bytes of held documents.

    ``id`` is the assessment's UUID; answers are sorted by key, registers in the order they were made;
    ``instrument`` holds what the mission's profile asks; ``previous`` is the previous round, if there is one. ``heads``
    are the revisions that say what is said now, of answers taken back too; they tell on what a returned copy was built
    and are no part of what the dossier says.
    """

    id: str
    instrument: Instrument
    mission: Mission = field(default_factory=Mission)
    answers: tuple[Answer, ...] = ()
    agencies: tuple[Agency, ...] = ()
    people: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    validations: tuple[Validation, ...] = ()
    sources: tuple[DataSource, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[Action, ...] = ()
    ratings: tuple[FeasibilityRating, ...] = ()
    remarks: tuple[Remark, ...] = ()
    returns: tuple[ReturnedFile, ...] = ()
    kept: tuple[RetiredAnswer, ...] = ()
    previous: "Dossier | None" = None
    heads: Mapping[AnswerKey, tuple[RevisionId, ...]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.mission.profile:
            object.__setattr__(self, "instrument", self.instrument.with_profile(self.mission.profile))

    @cached_property
    def content_hash(self) -> str:
        return hash_dossier(self)

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


_FORMAT = "2"
_FORMAT_OF_ANSWERS = "1"
"""Formats of the content hash and of the hash of answers; both count in what is hashed."""


def hash_dossier(dossier: Dossier) -> str:
    plain = {field.name: getattr(dossier, field.name) for field in fields(dossier) if field.compare} | {
        "format": _FORMAT,
        "instrument": dossier.instrument.content_hash,
        "answers": tuple(
            (*_answer_facts(answer), answer.author, to_utc(answer.time), answer.language)
            for answer in _given(dossier.answers)
        ),
        "previous": hash_dossier(dossier.previous) if dossier.previous else "",
    }
    return sha256(unicodedata.normalize("NFC", canonical_json(plain)))


def hash_answers(instrument: str, version: str, assessment: str, answers: Iterable[Answer]) -> str:
    """Return the hash of what answers say, without authors and times: of a workbook's recorded answers.

    Up to version 0.6 files carried this hash of all answers as their "fingerprint".
    """
    plain = {
        "format": _FORMAT_OF_ANSWERS,
        "instrument": (instrument, version),
        "assessment": assessment,
        "answers": tuple(_answer_facts(answer) for answer in _given(answers)),
    }
    return sha256(unicodedata.normalize("NFC", canonical_json(plain)))


def _given(answers: Iterable[Answer]) -> list[Answer]:
    return sorted((answer for answer in answers if not answer.content.is_empty), key=_order)


def sorted_answers(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return answers in the order of their keys."""
    return tuple(sorted(answers, key=_order))


def _answer_facts(answer: Answer) -> tuple[object, ...]:
    key, content = answer.key, answer.content
    return (
        str(key.address), key.layer, key.respondent,
        content.state, content.value, content.reason, content.note, content.evidence,
    )  # fmt: skip


def _order(answer: Answer) -> tuple[str, ...]:
    """Sort as answers are sorted; plain texts are compared many times as fast as keys."""
    key, address = answer.key, answer.key.address
    return address.question, address.row, address.column, key.layer, key.respondent
