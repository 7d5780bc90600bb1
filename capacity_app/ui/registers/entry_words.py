"""What a register entry is called in a list or picker, and the line below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import (
    Action,
    Agency,
    Entry,
    Evidence,
    Meeting,
    Person,
    Remark,
    Source,
)
from capacity_app.domain.instrument import Feasibility, Instrument
from capacity_app.domain.joining import JOINABLE
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import PROGRESS_WORDS, REGISTER_INFO, field_of, title_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts
from capacity_app.ui.wording import GRADE_WORDS, Wording

FEASIBILITY_SHORT: dict[Feasibility, str] = {
    Feasibility.EASY: N_("easy"),
    Feasibility.EFFORT: N_("effort"),
    Feasibility.HARD: N_("hard"),
}
REGISTER_TITLES = {register: REGISTER_INFO[register].title for register in JOINABLE}
"""The registers on the page of registers, in order."""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Vocabulary:
    """The words a page needs about register entries and codes, in one language and for one session.

    ``named`` are entries that a file names and that are not in the registers.
    """

    texts: Texts
    session: AssessmentSession
    named: tuple[Entry, ...] = ()

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.texts, self.session, self.named)

    @property
    def instrument(self) -> Instrument:
        return self.session.instrument

    def code(self, code_list: str, code: str) -> str:
        label = self.instrument.code_label(code_list, code)
        return self.texts.wording(self.instrument.id, f"codes|{code_list} {code}", label) if code else ""

    def codes(self, code_list: str) -> tuple[tuple[str, str], ...]:
        """Return a code list as (code, wording)."""
        return tuple((c.id, self.code(code_list, c.id)) for c in self.instrument.codes.get(code_list, ()))

    def title(self, register: str, entry: Entry | None) -> str:
        """Name an entry; one that was removed says so."""
        if entry is None:
            return self.texts.gettext("removed entry")
        if isinstance(entry, Remark):
            return self.gap_name(entry.address)
        return title_of(entry) or self.texts.gettext(REGISTER_INFO[register].unnamed)

    def title_of(self, register: str, entry_id: str) -> str:
        return self.title(register, self.session.entry(register, entry_id)) if entry_id else ""

    def detail(self, register: str, entry: Entry) -> str:
        return " · ".join(part for part in _DETAILS[register](self, entry) if part)

    def entries(self, register: str) -> tuple[tuple[str, str], ...]:
        """Return a register as (id, name)."""
        return tuple((entry.id, self.title(register, entry)) for entry in self.session.entries(register))

    def names(self) -> list[tuple[str, str]]:
        """Return the people met and the team as (what is written, what is shown)."""
        people = (entry for entry in self.session.entries("people") if isinstance(entry, Person) and entry.name)
        met = [(p.name, f"{p.name}, {p.position}" if p.position else p.name) for p in people]
        return met + [(name, name) for name in self.session.mission.team]

    def gap_name(self, address: str) -> str:
        """Name a gap by the printed number and wording of its question or row."""
        try:
            place = Address.parse(address)
        except ValueError:
            return address
        question = self.instrument.question_by_id.get(place.question)
        if question is None:
            return address
        row = question.row_by_id.get(place.row)
        if row is None:
            return self.texts.numbered(question.number, self.wording.question(question))
        return f"{question.number} {row.number}  {self.wording.row(question, row)}".replace("   ", "  ")

    def gap_choices(self) -> tuple[tuple[str, str], ...]:
        """Return all gaps and places to verify as (address, name), the most severe first."""
        gaps, to_verify = self.session.gaps()
        return tuple((str(gap.address), self.gap_name(str(gap.address))) for gap in (*gaps, *to_verify))


def _agency(words: Vocabulary, entry: Agency) -> tuple[str, ...]:
    roles = words.wording.field_text(field_of("agencies", "roles"), entry.roles)
    return entry.short, words.code("agency_kind", entry.kind), roles


def _person(words: Vocabulary, entry: Person) -> tuple[str, ...]:
    return entry.position, words.title_of("agencies", entry.agency)


def _meeting(words: Vocabulary, entry: Meeting) -> tuple[str, ...]:
    agencies = words.texts.listed(words.title_of("agencies", agency) for agency in entry.agencies)
    return words.texts.date(entry.date), entry.place, agencies


def _source(words: Vocabulary, entry: Source) -> tuple[str, ...]:
    return words.code("source_type", entry.type), words.title_of("agencies", entry.agency)


def _evidence(words: Vocabulary, entry: Evidence) -> tuple[str, ...]:
    return words.texts.gettext(GRADE_WORDS[entry.grade]), entry.file_name or entry.link


def _action(words: Vocabulary, entry: Action) -> tuple[str, ...]:
    return words.title_of("agencies", entry.responsible), words.texts.gettext(PROGRESS_WORDS[entry.progress])


_DETAILS: Mapping[str, Callable[[Vocabulary, Any], tuple[str, ...]]] = {
    "agencies": _agency,
    "people": _person,
    "meetings": _meeting,
    "sources": _source,
    "evidence": _evidence,
    "actions": _action,
}
