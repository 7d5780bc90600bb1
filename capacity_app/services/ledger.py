"""All revisions in memory: what every answer and entry says now, and what they said before."""

from bisect import insort
from collections.abc import Iterable, Iterator

from capacity_app.domain.answers import EMPTY, Address, Answer, AnswerKey, Content
from capacity_app.domain.assessment import REGISTERS, Entry, Mission
from capacity_app.domain.revisions import EntryRevision, Revision, RevisionId, heads

_Order = tuple[str, str, str, str, str]


def made(revision: Revision | EntryRevision) -> tuple[int, str]:
    """Order revisions: what knew of another one comes later, and no clock is asked."""
    return revision.id.counter, revision.id.device


def sort_key(answer: Answer) -> _Order:
    """Sort answers as their keys do, several times faster."""
    key = answer.key
    address = key.address
    return address.question, address.row, address.column, key.layer.value, key.respondent


def answer_of(revision: Revision) -> Answer:
    """Give the answer a revision makes."""
    return Answer(
        key=revision.key,
        content=revision.content,
        author=revision.author,
        time=revision.time,
        language=revision.language,
    )


def _is_within(place: Address, whole: Address) -> bool:
    if place.question != whole.question:
        return False
    return whole.row in {"", place.row} and whole.column in {"", place.column}


MISSION = "mission"
"""The id of the one entry in the register of that name."""


class AnswerLedger:
    """The answers: ``by_address`` holds what is said now, sorted by key, and is kept up to date in place."""

    def __init__(self, revisions: Iterable[Revision] = ()) -> None:
        self._revisions: dict[AnswerKey, list[Revision]] = {}
        self._heads: dict[AnswerKey, tuple[Revision, ...]] = {}
        self.by_address: dict[Address, list[Answer]] = {}
        for revision in sorted(revisions, key=made):
            self._revisions.setdefault(revision.key, []).append(revision)
        for key, known in self._revisions.items():
            self._heads[key] = (known[0],) if len(known) == 1 else heads(known)
            self._show(key)

    def content(self, key: AnswerKey) -> Content:
        """Say what one layer or respondent says now."""
        known = self._heads.get(key)
        return known[-1].content if known else EMPTY

    def heads(self, key: AnswerKey) -> tuple[Revision, ...]:
        """Give the revisions nothing supersedes; more than one is a conflict between laptops."""
        return self._heads.get(key, ())

    def all_heads(self) -> dict[AnswerKey, tuple[RevisionId, ...]]:
        """Give the ids of the revisions nothing supersedes, of all answers there have ever been."""
        return {key: tuple(revision.id for revision in known) for key, known in self._heads.items()}

    def add(self, revision: Revision) -> None:
        """Add a revision made on top of all there is."""
        self._revisions.setdefault(revision.key, []).append(revision)
        self._heads[revision.key] = (revision,)
        self._show(revision.key)

    def history(self, address: Address) -> tuple[Revision, ...]:
        """Give all revisions at a place and, of a row or grid, in its cells, newest first."""
        found = [r for key, known in self._revisions.items() if _is_within(key.address, address) for r in known]
        return tuple(sorted(found, key=made, reverse=True))

    def all(self) -> Iterator[Revision]:
        """Go through all revisions."""
        for known in self._revisions.values():
            yield from known

    def current(self) -> tuple[Answer, ...]:
        """Give everything that is said now, sorted by key."""
        return tuple(sorted((a for said in self.by_address.values() for a in said), key=sort_key))

    def _show(self, key: AnswerKey) -> None:
        said = [answer for answer in self.by_address.get(key.address, ()) if answer.key != key]
        head = self._heads[key][-1]
        if not head.content.is_empty:
            insort(said, answer_of(head), key=sort_key)
        if said:
            self.by_address[key.address] = said
        else:
            self.by_address.pop(key.address, None)


class EntryLedger:
    """The registers, each in the order its entries were first made."""

    def __init__(self, revisions: Iterable[EntryRevision] = ()) -> None:
        self._revisions: dict[str, dict[str, list[EntryRevision]]] = {name: {} for name in REGISTERS}
        self._heads: dict[tuple[str, str], tuple[EntryRevision, ...]] = {}
        for revision in sorted(revisions, key=made):
            self._revisions[revision.register].setdefault(revision.entry, []).append(revision)
        for register, entries in self._revisions.items():
            for entry, known in entries.items():
                self._heads[register, entry] = heads(known)

    @property
    def mission(self) -> Mission:
        """What makes the assessment this one."""
        found = self.entry(MISSION, MISSION)
        return found if isinstance(found, Mission) else Mission()

    def entry(self, register: str, entry_id: str) -> Entry | None:
        """Give an entry as it is now, None if there is none or it was removed."""
        known = self._heads.get((register, entry_id))
        return known[-1].content if known else None

    def entries(self, register: str) -> tuple[Entry, ...]:
        """Give a register's entries."""
        found = (self.entry(register, entry_id) for entry_id in self._revisions[register])
        return tuple(entry for entry in found if entry is not None)

    def has_ever_known(self, register: str, entry_id: str) -> bool:
        """Whether the id is or was used."""
        return entry_id in self._revisions[register]

    def heads(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        """Give the revisions nothing supersedes."""
        return self._heads.get((register, entry_id), ())

    def add(self, revision: EntryRevision) -> None:
        """Add a revision made on top of all there is."""
        self._revisions[revision.register].setdefault(revision.entry, []).append(revision)
        self._heads[revision.register, revision.entry] = (revision,)

    def history(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        """Give all revisions of an entry, newest first."""
        return tuple(reversed(self._revisions[register].get(entry_id, ())))

    def all(self) -> Iterator[EntryRevision]:
        """Go through all revisions."""
        for entries in self._revisions.values():
            for known in entries.values():
                yield from known
