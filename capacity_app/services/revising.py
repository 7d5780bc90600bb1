"""Making revisions: every change is checked, numbered and put on top of what it supersedes."""

from collections.abc import Iterable, Sequence

from capacity_app.domain.answers import Answer, AnswerKey, clean_text
from capacity_app.domain.assessment import Entry, register_of
from capacity_app.domain.checking import check_content
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.merging import AnyUnited, Said
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.revisions import EntryRevision, Revision, RevisionId
from capacity_app.services.changes import Refused
from capacity_app.services.ledger import AnswerLedger, EntryLedger, Spot
from capacity_app.services.registers import clean_entry, is_id

MOST_CHANGES = 10**12
"""The highest number of a change that is merged; far beyond any work, far below what a database can count."""
MOST_TO_GO_ON = 10**15
"""The highest number of a change after which others may still be numbered."""
EVIDENCE_LIMIT = 1_000
"""Evidence entries one answer may name."""


def _check_ids(key: AnswerKey, evidence: tuple[str, ...]) -> Problem | None:
    if (not key.respondent or is_id(key.respondent)) and all(map(is_id, evidence)) and len(evidence) <= EVIDENCE_LIMIT:
        return None
    return Problem(
        "answer.ids",
        str(key.address),
        N_("The respondent or an evidence entry is named by something that cannot be an id."),
        N_("Choose them from the registers."),
    )


def checked(instrument: Instrument, answer: Answer) -> tuple[Answer, Problem | None]:
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


class Reviser:
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
        self.instrument = instrument
        self.answers = AnswerLedger(revisions)
        self.entries = EntryLedger(entries)
        self.device = device
        self._counter = 0
        self.age = 0
        self._go_on_after(revisions, entries)

    def _go_on_after(self, *known: Iterable[Revision] | Iterable[EntryRevision]) -> None:
        highest = (max((one.id.counter for one in revisions), default=0) for revisions in known)
        self._counter = max(self._counter, *highest)

    def unite(self, revisions: Sequence[Revision], entries: Sequence[EntryRevision]) -> None:
        """Add revisions as they are, made on top of anything."""
        self.age += 1
        self._go_on_after(revisions, entries)
        self.answers.unite(revisions)
        self.entries.unite(entries)

    def revisions_at(self, spot: Spot) -> tuple[Revision | EntryRevision, ...]:
        """Return all revisions of an answer or entry, oldest first."""
        return self.answers.known(spot) if isinstance(spot, AnswerKey) else self.entries.known(*spot)

    def united(self, spot: Spot) -> AnyUnited | None:
        """Return what all laptops together say of an answer or entry, None if nobody has ever said anything."""
        return self.answers.united(spot) if isinstance(spot, AnswerKey) else self.entries.united(*spot)

    def said(self, spot: Spot) -> Said:
        return self.answers.content(spot) if isinstance(spot, AnswerKey) else self.entries.entry(*spot)

    def expect_acceptable(self, answers: Iterable[Answer], entries: Iterable[Entry]) -> None:
        """Raise Refused at the first answer or entry that may not be stored; nothing is added."""
        for answer in answers:
            if problem := checked(self.instrument, answer)[1]:
                raise Refused(problem)
        for entry in entries:
            if problem := clean_entry(entry)[1]:
                raise Refused(problem)

    def answer(self, answer: Answer) -> Revision | None:
        """Add a revision; None if it would say nothing new. Raises Refused."""
        answer, problem = checked(self.instrument, answer)
        if problem:
            raise Refused(problem)
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

    def entry(self, entry: Entry, author: str, time: str) -> EntryRevision | None:
        """Add or replace a register entry; None if nothing changes. Raises Refused."""
        cleaned, problem = clean_entry(entry)
        if problem:
            raise Refused(problem)
        return self._revised_entry(register_of(cleaned), cleaned.id, cleaned, author, time)

    def removal(self, register: str, entry_id: str, author: str, time: str) -> EntryRevision | None:
        """Remove a register entry, which stays in the history; None if there is none. Raises Refused."""
        if register == "mission":
            message, advice = N_("An assessment always has a mission."), N_("Change its fields instead.")
            raise Refused(Problem("entry.mission", "mission/mission", message, advice))
        if self.entries.entry(register, entry_id) is None:
            return None
        return self._revised_entry(register, entry_id, None, author, time)

    def _revised_entry(
        self, register: str, entry_id: str, content: Entry | None, author: str, time: str
    ) -> EntryRevision | None:
        said = self.entries.united(register, entry_id)
        if said and said.shown.content == content and not said.contests:
            return None
        revision = EntryRevision(
            id=self.next_id(),
            register=register,
            entry=entry_id,
            content=content,
            author=clean_text(author),
            time=time,
            parents=tuple(head.id for head in self.entries.heads_by_line(register, entry_id)),
        )
        self.entries.add(revision)
        return revision

    @property
    def can_go_on(self) -> bool:
        """Return whether there are numbers left; a stranger's file may have used them up."""
        return self._counter <= MOST_TO_GO_ON

    def next_id(self) -> RevisionId:
        """Return the id of the next revision, which comes after all there are."""
        self._counter += 1
        self.age += 1
        return RevisionId(self.device, self._counter)
