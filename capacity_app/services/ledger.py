"""All revisions in memory: what every answer and entry says now, and what they said before."""

from bisect import insort
from collections.abc import Iterable, Iterator

from capacity_app.domain.answers import EMPTY, Address, Answer, AnswerKey, Content
from capacity_app.domain.assessment import REGISTERS, Entry, Mission
from capacity_app.domain.merging import United, unite
from capacity_app.domain.revisions import EntryRevision, Revision, RevisionId, beginning, in_order

_Order = tuple[str, str, str, str, str]
Place = tuple[str, str]
"""A register entry: the register's name and the entry's id."""
Spot = AnswerKey | Place
"""Where something is said: an answer or a register entry."""


def sort_key(answer: Answer) -> _Order:
    """Sort answers as their keys do, several times faster."""
    key = answer.key
    address = key.address
    return address.question, address.row, address.column, key.layer.value, key.respondent


def answer_of(revision: Revision) -> Answer:
    """Return the answer a revision makes."""
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


def spot_of(revision: Revision | EntryRevision) -> Spot:
    return (revision.register, revision.entry) if isinstance(revision, EntryRevision) else revision.key


class AnswerLedger:
    """The answers: ``by_address`` holds what is said now, sorted by key, and is kept up to date in place."""

    def __init__(self, revisions: Iterable[Revision] = ()) -> None:
        self._revisions: dict[AnswerKey, list[Revision]] = {}
        self._united: dict[AnswerKey, United[Revision]] = {}
        self.by_address: dict[Address, list[Answer]] = {}
        for revision in in_order(revisions):
            self._revisions.setdefault(revision.key, []).append(revision)
        for key, known in self._revisions.items():
            self._united[key] = United((known[0],), known[0]) if len(known) == 1 else unite(known)
            self._show(key)

    def content(self, key: AnswerKey) -> Content:
        """Return what one layer or respondent says now."""
        known = self._united.get(key)
        return known.shown.content if known else EMPTY

    def united(self, key: AnswerKey) -> United[Revision] | None:
        """Return what all laptops together say, None if nobody has ever said anything."""
        return self._united.get(key)

    def heads(self, key: AnswerKey) -> tuple[Revision, ...]:
        """Return the revisions nothing supersedes; of several, see ``united``."""
        known = self._united.get(key)
        return known.heads if known else ()

    def all_heads(self) -> dict[AnswerKey, tuple[RevisionId, ...]]:
        """Return the ids of the revisions nothing supersedes, of all answers there have ever been."""
        return {key: tuple(revision.id for revision in known.heads) for key, known in self._united.items()}

    def add(self, revision: Revision) -> None:
        """Add a revision made on top of all there is."""
        self._revisions.setdefault(revision.key, []).append(revision)
        self._united[revision.key] = United((revision,), revision)
        self._show(revision.key)

    def unite(self, revisions: Iterable[Revision]) -> None:
        """Add revisions that may be made on top of anything."""
        coming: dict[AnswerKey, list[Revision]] = {}
        for revision in revisions:
            coming.setdefault(revision.key, []).append(revision)
        for key, more in coming.items():
            self._revisions[key] = in_order([*self._revisions.get(key, ()), *more])
            self._united[key] = unite(self._revisions[key])
            self._show(key)

    def known(self, key: AnswerKey) -> tuple[Revision, ...]:
        """Return all revisions of one layer or respondent, oldest first."""
        return tuple(self._revisions.get(key, ()))

    def history(self, address: Address) -> tuple[Revision, ...]:
        """Return all revisions at a place and, of a row or grid, in its cells, newest first."""
        found = (r for key, known in self._revisions.items() if _is_within(key.address, address) for r in known)
        return tuple(reversed(in_order(found)))

    def all(self) -> Iterator[Revision]:
        for known in self._revisions.values():
            yield from known

    def contested(self) -> Iterator[United[Revision]]:
        """Go through the answers that laptops changed differently, sorted by key."""
        found = [known for known in self._united.values() if known.contests]
        yield from sorted(found, key=lambda known: known.shown.key)

    def current(self) -> tuple[Answer, ...]:
        return tuple(sorted((a for said in self.by_address.values() for a in said), key=sort_key))

    def _show(self, key: AnswerKey) -> None:
        said = [answer for answer in self.by_address.get(key.address, ()) if answer.key != key]
        shown = self._united[key].shown
        if not shown.content.is_empty:
            insort(said, answer_of(shown), key=sort_key)
        if said:
            self.by_address[key.address] = said
        else:
            self.by_address.pop(key.address, None)


class EntryLedger:
    """The registers, each in the order its entries were first made."""

    def __init__(self, revisions: Iterable[EntryRevision] = ()) -> None:
        self._revisions: dict[Place, list[EntryRevision]] = {}
        self._united: dict[Place, United[EntryRevision]] = {}
        for revision in in_order(revisions):
            self._revisions.setdefault((revision.register, revision.entry), []).append(revision)
        for place, known in self._revisions.items():
            self._united[place] = United((known[0],), known[0]) if len(known) == 1 else unite(known)
        self._registers = self._in_order_of_making()

    def _in_order_of_making(self) -> dict[str, list[str]]:
        registers: dict[str, list[str]] = {name: [] for name in REGISTERS}
        for first in in_order(self._beginning(place) for place in self._revisions):
            registers[first.register].append(first.entry)
        return registers

    def _beginning(self, place: Place) -> EntryRevision:
        """Return the revision that made an entry: of several independent ones, that which the first head goes back to.

        So taking a merge back also puts an entry back where it stood in its register.
        """
        known = self._revisions[place]
        if sum(not revision.parents for revision in known) < 2:  # noqa: PLR2004 - made once, as nearly always
            return known[0]
        return beginning(known, self._united[place].heads)

    @property
    def mission(self) -> Mission:
        """What makes the assessment this one."""
        found = self.entry(MISSION, MISSION)
        return found if isinstance(found, Mission) else Mission()

    def entry(self, register: str, entry_id: str) -> Entry | None:
        """Return an entry as it is now, None if there is none or it was removed."""
        known = self._united.get((register, entry_id))
        return known.shown.content if known else None

    def entries(self, register: str) -> tuple[Entry, ...]:
        found = (self.entry(register, entry_id) for entry_id in self._registers[register])
        return tuple(entry for entry in found if entry is not None)

    def has_ever_known(self, register: str, entry_id: str) -> bool:
        return (register, entry_id) in self._revisions

    def united(self, register: str, entry_id: str) -> United[EntryRevision] | None:
        """Return what all laptops together say of an entry, None if there never was one."""
        return self._united.get((register, entry_id))

    def heads(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        """Return the revisions nothing supersedes; of several, see ``united``."""
        known = self._united.get((register, entry_id))
        return known.heads if known else ()

    def heads_by_line(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        """Return the heads, first the one that says where in its register the entry stands."""
        known = self.heads(register, entry_id)
        if len(known) < 2:  # noqa: PLR2004 - nothing to order
            return known
        known_here = self._revisions[register, entry_id]
        start = beginning(known_here, known)
        return tuple(sorted(known, key=lambda head: beginning(known_here, [head]) is not start))

    def add(self, revision: EntryRevision) -> None:
        """Add a revision made on top of all there is."""
        place = revision.register, revision.entry
        if place not in self._revisions:
            self._registers[revision.register].append(revision.entry)
        self._revisions.setdefault(place, []).append(revision)
        self._united[place] = United((revision,), revision)

    def unite(self, revisions: Iterable[EntryRevision]) -> None:
        """Add revisions that may be made on top of anything."""
        coming: dict[Place, list[EntryRevision]] = {}
        for revision in revisions:
            coming.setdefault((revision.register, revision.entry), []).append(revision)
        for place, more in coming.items():
            self._revisions[place] = in_order([*self._revisions.get(place, ()), *more])
            self._united[place] = unite(self._revisions[place])
        self._registers = self._in_order_of_making()

    def known(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        return tuple(self._revisions.get((register, entry_id), ()))

    def history(self, register: str, entry_id: str) -> tuple[EntryRevision, ...]:
        return tuple(reversed(self.known(register, entry_id)))

    def all(self) -> Iterator[EntryRevision]:
        for known in self._revisions.values():
            yield from known

    def contested(self) -> Iterator[United[EntryRevision]]:
        """Go through the entries that laptops changed differently, register by register."""
        for register, entries in self._registers.items():
            yield from (known for one in entries if (known := self._united[register, one]).contests)
