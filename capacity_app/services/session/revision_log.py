"""All revisions in memory: how they are made, what they say now, and the scores, gaps and dossier computed from it."""

from abc import ABC, abstractmethod
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Generic, TypeVar

from capacity_app.domain.assessment.answer_rules import check_content
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, Answer, AnswerKey, Content, clean_text
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.merging import AnyMergedRevisions, MergedRevisions, RevisionContent, merge_revisions
from capacity_app.domain.assessment.registers import (
    REGISTERS,
    Evidence,
    FeasibilityRating,
    Mission,
    RegisterEntry,
    register_of,
)
from capacity_app.domain.assessment.revisions import (
    AnyRevision,
    EntryRevision,
    Revision,
    RevisionId,
    first_revision,
    in_order,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, Translate
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, lay_out, update_layout
from capacity_app.domain.scoring.gaps import Gap, find_gaps
from capacity_app.domain.scoring.scores import Scorecard, score_sheet, section_weights
from capacity_app.services.session.entries_and_documents import clean_entry, is_valid_id

# What a session tells: what changed, what was saved, what was refused.


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What recording did to one answer; nothing was stored where both are equal and nothing was in conflict."""

    key: AnswerKey
    before: Content
    after: Content


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What putting or removing did to a register entry; None where there is none."""

    register: str
    entry_id: str
    before: RegisterEntry | None
    after: RegisterEntry | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A commit of ``written`` revisions returned at ``time`` (local, aware); ``waiting`` more are still queued."""

    time: datetime
    waiting: int
    written: int = 0


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """A commit failed; ``waiting`` revisions are kept and tried again with the next one or on request."""

    error: KnownError
    waiting: int


SaveListener = Callable[[Saved | SaveFailed], None]


class ValidationError(KnownError):
    """An answer or entry that may not be stored: out of range, too long, at no known place."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message, **dict(problem.values))

    def text(self, translate: Translate = str) -> str:
        return self.problem.text(translate)


_Order = tuple[str, str, str, str, str]
EntryKey = tuple[str, str]
"""A register entry: the register's name and the entry's id."""
RecordKey = AnswerKey | EntryKey
"""Where something is said: an answer or a register entry."""


def answer_sort_key(answer: Answer) -> _Order:
    """Sort answers as their keys do, several times faster."""
    key = answer.key
    address = key.address
    return address.question, address.row, address.column, key.layer.value, key.respondent


def answer_from_revision(revision: Revision, known: Iterable[Revision] = ()) -> Answer:
    """Return a revision as an answer; all others that are ``known`` at its place are what it was earlier."""
    return Answer(
        key=revision.key,
        content=revision.content,
        author=revision.author,
        time=revision.time,
        language=revision.language,
        earlier=tuple((one.time, one.content) for one in known if one is not revision),
    )


def _is_inside(place: Address, whole: Address) -> bool:
    if place.question != whole.question:
        return False
    return whole.row in {"", place.row} and whole.column in {"", place.column}


MISSION = "mission"
"""The id of the one entry in the register of that name."""


def record_key_of(revision: Revision | EntryRevision) -> RecordKey:
    return (revision.register, revision.entry) if isinstance(revision, EntryRevision) else revision.key


_Key = TypeVar("_Key")


class _Ledger(ABC, Generic[_Key, AnyRevision]):
    """Revisions by what they are about, and what all laptops together say of it."""

    def __init__(self, revisions: Iterable[AnyRevision] = ()) -> None:
        self._revisions: dict[_Key, list[AnyRevision]] = {}
        for revision in in_order(revisions):
            self._revisions.setdefault(self._key_of(revision), []).append(revision)
        self._united: dict[_Key, MergedRevisions[AnyRevision]] = {
            key: MergedRevisions((known[0],), known[0]) if len(known) == 1 else merge_revisions(known)
            for key, known in self._revisions.items()
        }

    @staticmethod
    @abstractmethod
    def _key_of(revision: AnyRevision) -> _Key: ...

    def united(self, key: _Key) -> MergedRevisions[AnyRevision] | None:
        """Return what all laptops together say, None if nobody has ever said anything."""
        return self._united.get(key)

    def heads(self, key: _Key) -> tuple[AnyRevision, ...]:
        """Return the revisions nothing supersedes; of several, see ``united``."""
        known = self._united.get(key)
        return known.heads if known else ()

    def known(self, key: _Key) -> tuple[AnyRevision, ...]:
        """Return all revisions of one answer or entry, oldest first."""
        return tuple(self._revisions.get(key, ()))

    def all(self) -> Iterator[AnyRevision]:
        for known in self._revisions.values():
            yield from known

    def _add(self, revision: AnyRevision) -> None:
        key = self._key_of(revision)
        self._revisions.setdefault(key, []).append(revision)
        self._united[key] = MergedRevisions((revision,), revision)

    def _unite(self, revisions: Iterable[AnyRevision]) -> Iterable[_Key]:
        """Add revisions that may be made on top of anything, and say what they are about."""
        coming: dict[_Key, list[AnyRevision]] = {}
        for revision in revisions:
            coming.setdefault(self._key_of(revision), []).append(revision)
        for key, more in coming.items():
            self._revisions[key] = in_order([*self._revisions.get(key, ()), *more])
            self._united[key] = merge_revisions(self._revisions[key])
        return coming


class AnswerLedger(_Ledger[AnswerKey, Revision]):
    """The answers: ``by_address`` holds what is said now, sorted by key, and is kept up to date in place."""

    def __init__(self, revisions: Iterable[Revision] = ()) -> None:
        super().__init__(revisions)
        self.by_address: dict[Address, list[Answer]] = {}
        for key in self._revisions:
            self._show(key)

    @staticmethod
    def _key_of(revision: Revision) -> AnswerKey:
        return revision.key

    def content(self, key: AnswerKey) -> Content:
        """Return what one layer or respondent says now."""
        known = self._united.get(key)
        return known.shown.content if known else EMPTY_CONTENT

    def all_heads(self) -> dict[AnswerKey, tuple[RevisionId, ...]]:
        """Return the ids of the revisions nothing supersedes, of all answers there have ever been."""
        return {key: tuple(revision.id for revision in known.heads) for key, known in self._united.items()}

    def add(self, revision: Revision) -> None:
        """Add a revision made on top of all there is."""
        self._add(revision)
        self._show(revision.key)

    def unite(self, revisions: Iterable[Revision]) -> None:
        """Add revisions that may be made on top of anything."""
        for key in self._unite(revisions):
            self._show(key)

    def history(self, address: Address) -> tuple[Revision, ...]:
        """Return all revisions at a place and, of a row or grid, in its cells, newest first."""
        found = (r for key, known in self._revisions.items() if _is_inside(key.address, address) for r in known)
        return tuple(reversed(in_order(found)))

    def contested(self) -> Iterator[MergedRevisions[Revision]]:
        """Go through the answers that laptops changed differently, sorted by key."""
        found = [known for known in self._united.values() if known.contests]
        yield from sorted(found, key=lambda known: known.shown.key)

    def current(self) -> tuple[Answer, ...]:
        return tuple(sorted((a for said in self.by_address.values() for a in said), key=answer_sort_key))

    def _show(self, key: AnswerKey) -> None:
        said = [answer for answer in self.by_address.get(key.address, ()) if answer.key != key]
        shown = self._united[key].shown
        if not shown.content.is_empty:
            insort(said, answer_from_revision(shown, self._revisions[key]), key=answer_sort_key)
        if said:
            self.by_address[key.address] = said
        else:
            self.by_address.pop(key.address, None)


class EntryLedger(_Ledger[EntryKey, EntryRevision]):
    """The registers, each in the order its entries were first made."""

    def __init__(self, revisions: Iterable[EntryRevision] = ()) -> None:
        super().__init__(revisions)
        self._registers = self._in_order_of_making()

    @staticmethod
    def _key_of(revision: EntryRevision) -> EntryKey:
        return revision.register, revision.entry

    def _in_order_of_making(self) -> dict[str, list[str]]:
        registers: dict[str, list[str]] = {name: [] for name in REGISTERS}
        for first in in_order(self._beginning(place) for place in self._revisions):
            registers[first.register].append(first.entry)
        return registers

    def _beginning(self, place: EntryKey) -> EntryRevision:
        """Return the revision that made an entry: of several independent ones, that which the first head goes back to.

        So taking a merge back also puts an entry back where it stood in its register.
        """
        known = self._revisions[place]
        if sum(not revision.parents for revision in known) < 2:  # noqa: PLR2004 - made once, as nearly always
            return known[0]
        return first_revision(known, self._united[place].heads)

    @property
    def mission(self) -> Mission:
        found = self.entry(MISSION, MISSION)
        return found if isinstance(found, Mission) else Mission()

    def entry(self, register: str, entry_id: str) -> RegisterEntry | None:
        """Return an entry as it is now, None if there is none or it was removed."""
        known = self._united.get((register, entry_id))
        return known.shown.content if known else None

    def entries(self, register: str) -> tuple[RegisterEntry, ...]:
        found = (self.entry(register, entry_id) for entry_id in self._registers[register])
        return tuple(entry for entry in found if entry is not None)

    def has_ever_known(self, register: str, entry_id: str) -> bool:
        return (register, entry_id) in self._revisions

    def heads_in_register_order(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        """Return the heads, first the one that says where in its register the entry stands."""
        known = self.heads((register, entry_id))
        if len(known) < 2:  # noqa: PLR2004 - nothing to order
            return known
        known_here = self._revisions[register, entry_id]
        start = first_revision(known_here, known)
        return tuple(sorted(known, key=lambda head: first_revision(known_here, [head]) is not start))

    def add(self, revision: EntryRevision) -> None:
        """Add a revision made on top of all there is."""
        if self._key_of(revision) not in self._revisions:
            self._registers[revision.register].append(revision.entry)
        self._add(revision)

    def unite(self, revisions: Iterable[EntryRevision]) -> None:
        """Add revisions that may be made on top of anything."""
        self._unite(revisions)
        self._registers = self._in_order_of_making()

    def contested(self) -> Iterator[MergedRevisions[EntryRevision]]:
        """Go through the entries that laptops changed differently, register by register."""
        for register, entries in self._registers.items():
            yield from (known for one in entries if (known := self._united[register, one]).contests)


# Making revisions: every change is checked, numbered and put on top of what it supersedes.

MAX_MERGED_REVISION_NUMBER = 10**12
"""The highest number of a change that is merged; far beyond any work, far below what a database can count."""
MAX_REVISION_NUMBER = 10**15
"""The highest number of a change after which others may still be numbered."""
MAX_EVIDENCE_PER_ANSWER = 1_000
"""Evidence entries one answer may name."""


def _check_ids(key: AnswerKey, evidence: tuple[str, ...]) -> Problem | None:
    if (
        (not key.respondent or is_valid_id(key.respondent))
        and all(map(is_valid_id, evidence))
        and len(evidence) <= MAX_EVIDENCE_PER_ANSWER
    ):
        return None
    return Problem(
        "answer.ids",
        str(key.address),
        N_("The respondent or an evidence entry is named by something that cannot be an id."),
        N_("Choose them from the registers."),
    )


def check_answer(instrument: Instrument, answer: Answer) -> tuple[Answer, Problem | None]:
    """Clean and check an answer for an instrument; with a problem, it may not be stored."""
    content, problem = check_content(instrument, answer.key, answer.content)
    problem = problem or _check_ids(answer.key, content.evidence)
    cleaned = Answer(
        key=answer.key,
        content=content,
        author=clean_text(answer.author),
        time=clean_text(answer.time),
        language=clean_text(answer.language),
    )
    return cleaned, problem


class RevisionLog:
    """Makes the revisions of one session; ``device`` names the session among all devices.

    Numbers go on from the highest in the file, whoever made it, so that what knew of a revision comes after it.
    ``age`` grows whenever something is added.
    """

    def __init__(
        self,
        instrument: Instrument,
        device: str,
        revisions: Iterable[Revision] = (),
        entries: Iterable[EntryRevision] = (),
    ) -> None:
        revisions, entries = tuple(revisions), tuple(entries)
        self._instrument = instrument
        self.answers = AnswerLedger(revisions)
        self.entries = EntryLedger(entries)
        self.device = device
        self._counter = 0
        self.age = 0
        self._go_on_after(revisions, entries)

    @property
    def instrument(self) -> Instrument:
        """The instrument, as far as the mission's profile asks it."""
        return self._instrument.with_profile(self.entries.mission.profile)

    def _go_on_after(self, *known: Iterable[Revision] | Iterable[EntryRevision]) -> None:
        highest = (max((one.id.counter for one in revisions), default=0) for revisions in known)
        self._counter = max(self._counter, *highest)

    def unite(self, revisions: Sequence[Revision], entries: Sequence[EntryRevision]) -> None:
        """Add revisions as they are, made on top of anything."""
        self.age += 1
        self._go_on_after(revisions, entries)
        self.answers.unite(revisions)
        self.entries.unite(entries)

    def revisions_at(self, spot: RecordKey) -> tuple[Revision | EntryRevision, ...]:
        """Return all revisions of an answer or entry, oldest first."""
        return self.answers.known(spot) if isinstance(spot, AnswerKey) else self.entries.known(spot)

    def united(self, spot: RecordKey) -> AnyMergedRevisions | None:
        """Return what all laptops together say of an answer or entry, None if nobody has ever said anything."""
        return self.answers.united(spot) if isinstance(spot, AnswerKey) else self.entries.united(spot)

    def said(self, spot: RecordKey) -> RevisionContent:
        return self.answers.content(spot) if isinstance(spot, AnswerKey) else self.entries.entry(*spot)

    def expect_acceptable(self, answers: Iterable[Answer], entries: Iterable[RegisterEntry]) -> None:
        """Raise ValidationError at the first answer or entry that may not be stored; nothing is added."""
        for answer in answers:
            if problem := check_answer(self.instrument, answer)[1]:
                raise ValidationError(problem)
        for entry in entries:
            if problem := clean_entry(entry)[1]:
                raise ValidationError(problem)

    def answer(self, answer: Answer) -> Revision | None:
        """Add a revision; None if it would say nothing new. Raises ValidationError."""
        answer, problem = check_answer(self.instrument, answer)
        if problem:
            raise ValidationError(problem)
        said = self.answers.united(answer.key)
        # Saying the same again where laptops disagree settles the conflict, and is therefore stored.
        if self.answers.content(answer.key) == answer.content and not (said and said.contests):
            return None
        revision = Revision(
            id=self.next_id(),
            key=answer.key,
            content=answer.content,
            author=answer.author,
            time=answer.time,
            language=answer.language,
            parents=tuple(head.id for head in self.answers.heads(answer.key)),
        )
        self.answers.add(revision)
        return revision

    def entry(self, entry: RegisterEntry, author: str, time: str) -> EntryRevision | None:
        """Add or replace a register entry; None if nothing changes. Raises ValidationError."""
        cleaned, problem = clean_entry(entry)
        if problem:
            raise ValidationError(problem)
        return self._revised_entry(register_of(cleaned), cleaned.id, cleaned, author, time)

    def removal(self, register: str, entry_id: str, author: str, time: str) -> EntryRevision | None:
        """Remove a register entry, which stays in the history; None if there is none. Raises ValidationError."""
        if register == "mission":
            message, advice = N_("An assessment always has a mission."), N_("Change its fields instead.")
            raise ValidationError(Problem("entry.mission", "mission/mission", message, advice))
        if self.entries.entry(register, entry_id) is None:
            return None
        return self._revised_entry(register, entry_id, None, author, time)

    def _revised_entry(
        self, register: str, entry_id: str, content: RegisterEntry | None, author: str, time: str
    ) -> EntryRevision | None:
        said = self.entries.united((register, entry_id))
        if said and said.shown.content == content and not said.contests:
            return None
        revision = EntryRevision(
            id=self.next_id(),
            register=register,
            entry=entry_id,
            content=content,
            author=clean_text(author),
            time=time,
            parents=tuple(head.id for head in self.entries.heads_in_register_order(register, entry_id)),
        )
        self.entries.add(revision)
        return revision

    @property
    def has_free_numbers(self) -> bool:
        """Return whether there are numbers left; a stranger's file may have used them up."""
        return self._counter <= MAX_REVISION_NUMBER

    def next_id(self) -> RevisionId:
        """Return the id of the next revision, which comes after all there are."""
        self._counter += 1
        self.age += 1
        return RevisionId(self.device, self._counter)


# What follows from answers and registers, computed when asked for and kept until something changes.

GapLists = tuple[tuple[Gap, ...], tuple[Gap, ...]]


def evidence_grades(entries: EntryLedger) -> Mapping[str, int]:
    return {entry.id: entry.grade for entry in entries.entries("evidence") if isinstance(entry, Evidence)}


@dataclass(slots=True)
class ComputedResults:
    """Sheet, scorecard, gaps and dossier of one session. ``None`` stands for "not computed since the last change"."""

    known: RevisionLog
    _sheet: AnswerSheet | None = None
    _grades: Mapping[str, int] = field(default_factory=dict)
    _stale: set[Address] = field(default_factory=set)
    _scorecard: Scorecard | None = None
    _gaps: GapLists | None = None
    _dossier: Dossier | None = None

    def answer_changed(self, address: Address) -> None:
        """Forget what depends on an answer; only its row or question is laid out again."""
        self._stale.add(address)
        self._forget()

    def entry_changed(self, register: str) -> None:
        """Forget what depends on the registers; of those the sheet knows the evidence grades only."""
        if register == "evidence" and self._grades != evidence_grades(self.known.entries):
            self._sheet = None
        self._forget()

    def previous_changed(self) -> None:
        self._dossier = None

    def _forget(self) -> None:
        self._scorecard = self._gaps = self._dossier = None

    def sheet(self) -> AnswerSheet:
        """Lay out what is not up to date."""
        if self._sheet is None or self._sheet.instrument is not self.known.instrument:
            self._grades = evidence_grades(self.known.entries)
            self._sheet = lay_out(self.known.instrument, self.known.answers.by_address, self._grades)
        elif self._stale:
            self._sheet = update_layout(self._sheet, self.known.answers.by_address, self._stale)
        self._stale.clear()
        return self._sheet

    def scorecard(self) -> Scorecard:
        if self._scorecard is None:
            self._scorecard = score_sheet(
                self.sheet(), section_weights(self.known.instrument, self.known.entries.mission.weights)
            )
        return self._scorecard

    def gaps(self) -> GapLists:
        if self._gaps is None:
            ratings = (entry for entry in self.known.entries.entries("ratings") if isinstance(entry, FeasibilityRating))
            self._gaps = find_gaps(self.sheet(), ratings)
        return self._gaps

    def dossier(self, assessment_id: str, previous: Dossier | None) -> Dossier:
        if self._dossier is None:
            self._dossier = Dossier(
                id=assessment_id,
                instrument=self.known.instrument,
                mission=self.known.entries.mission,
                answers=self.known.answers.current(),
                previous=previous,
                heads=self.known.answers.all_heads(),
                **{name: self.known.entries.entries(name) for name in _LIST_REGISTERS},  # type: ignore[arg-type]
            )
        return self._dossier


_LIST_REGISTERS = tuple(name for name in REGISTERS if name != "mission")
