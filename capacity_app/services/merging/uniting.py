"""What is here and what comes from other files in one, before anything is taken over."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from capacity_app.domain.answers import EMPTY, AnswerKey, Content
from capacity_app.domain.assessment import Entry
from capacity_app.domain.deciding import Difference
from capacity_app.domain.joining import JOINABLE
from capacity_app.domain.likeness import look_alike
from capacity_app.domain.merging import AnyUnited, Said, unite
from capacity_app.domain.revisions import EntryRevision, Revision, told_apart
from capacity_app.services.ledger import Spot, spot_of
from capacity_app.services.merging.contests import Voices, fate, named, place_of, version
from capacity_app.services.merging.sources import ReadFile
from capacity_app.services.revising import Reviser

_Any = Revision | EntryRevision
_Name = tuple[type, str, int]
"""Answers and entries are numbered apart. Of plain parts: that is hashed a million times, and several times faster."""


def _name(one: _Any) -> _Name:
    return type(one), one.id.device, one.id.counter


@dataclass(frozen=True, slots=True)
class Counts:
    """Answers or entries of one file: the same here · not here yet · changed · in conflict · replaced here since.

    What was replaced is older than what stands here, and stays replaced unless somebody decides otherwise.
    """

    same: int = 0
    added: int = 0
    changed: int = 0
    conflicting: int = 0
    replaced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two entries of a register from different laptops that look like the same one, typed twice."""

    register: str
    here: Entry
    there: Entry


@dataclass(frozen=True, slots=True)
class Arrived:
    """What one file brings; ``renamed`` counts namesakes of other revisions, which got ids of their own.

    ``people`` made what is new in it, or, where nothing is, all of it: whoever made most first.
    """

    file: str
    revisions: tuple[_Any, ...]
    new: int
    renamed: int
    people: tuple[str, ...]


class Union:
    """All revisions: those known here, and of each file taken in those that are new, each once."""

    def __init__(self, known: Reviser, here: str) -> None:
        self._known = known
        self._files = [here]
        present: list[_Any] = [*known.answers.all(), *known.entries.all()]
        self._all = {_name(one): one for one in present}
        self._here = frozenset(self._all)
        self._from: dict[_Name, str] = {}
        self._new: dict[Spot, list[_Any]] = {}
        self._together: dict[Spot, AnyUnited] = {}
        self._age = known.age

    def still_holds(self, known: Reviser) -> bool:
        """Return whether this is about these revisions, and nothing has been added to them since."""
        return known is self._known and known.age == self._age

    @property
    def new(self) -> list[_Any]:
        return list(chain.from_iterable(self._new.values()))

    def voices(self) -> Voices:
        """Return what stands here, and which file a revision comes from."""
        return Voices(self._known.said, lambda one: self._from.get(_name(one), self._files[0]), tuple(self._files))

    def take_in(self, file: ReadFile) -> Arrived:
        self._files.append(file.path.name)
        answers = told_apart((one for one in self._all.values() if isinstance(one, Revision)), file.revisions)
        entries = told_apart((one for one in self._all.values() if isinstance(one, EntryRevision)), file.entries)
        arriving: tuple[_Any, ...] = (*answers, *entries)
        named_now = {_name(one): one for one in arriving}
        for name, one in named_now.items():
            if name not in self._all:
                self._all[name] = one
                self._from[name] = file.path.name
                self._new.setdefault(spot_of(one), []).append(one)
        fresh = [one for name, one in named_now.items() if name not in self._here]
        renamed = len(named_now.keys() - {_name(one) for one in file.everything})
        return Arrived(file.path.name, arriving, len(fresh), renamed, _people(fresh or arriving))

    # -- what all say together -------------------------------------------------------------------------------------

    def _united(self, spot: Spot) -> AnyUnited:
        return _unite(*self._known.revisions_at(spot), *self._new.get(spot, ()))

    def spots(self) -> Iterator[Spot]:
        """Go through what changes or will be in conflict, what is already included."""
        yield from (one.shown.key for one in self._known.answers.contested())
        yield from ((one.shown.register, one.shown.entry) for one in self._known.entries.contested())
        yield from self._new

    def contested(self) -> dict[Spot, AnyUnited]:
        """Return what will be in conflict: answers by key, then registers in order."""
        self._together = {spot: self._united(spot) for spot in dict.fromkeys(self.spots())}
        open_ones = {spot: one for spot, one in self._together.items() if one.contests}
        answers = sorted(spot for spot in open_ones if isinstance(spot, AnswerKey))
        entries = sorted(spot for spot in open_ones if not isinstance(spot, AnswerKey))
        return {spot: open_ones[spot] for spot in list[Spot]((*answers, *entries))}

    def twins(self) -> tuple[Twins, ...]:
        """Find entries that come from different files and look like the same one."""
        return tuple(chain.from_iterable(self._twins_in(register) for register in JOINABLE))

    def _twins_in(self, register: str) -> Iterator[Twins]:
        there_already = [(entry, self._files[0]) for entry in self._known.entries.entries(register)]
        for spot, revisions in self._new.items():
            if isinstance(spot, AnswerKey) or spot[0] != register or self._known.said(spot) is not None:
                continue
            coming, file = self._united(spot).shown.content, self._from[_name(revisions[0])]
            if coming is None or isinstance(coming, Content):
                continue
            for entry, home in there_already:
                if home != file and look_alike(entry, coming):
                    yield Twins(register=register, here=entry, there=coming)
            there_already.append((coming, file))

    # -- what one file does ----------------------------------------------------------------------------------------

    def weigh(self, arrived: Arrived, contested: Container[Spot]) -> tuple[Counts, Counts, tuple[Difference, ...]]:
        """Count what a file does to answers and entries, conflicts with other files included.

        Gives also what it says that was replaced here since.
        """
        by_spot: dict[Spot, list[_Any]] = {}
        for one in arrived.revisions:
            by_spot.setdefault(spot_of(one), []).append(one)
        answers, entries = Counter[str](), Counter[str]()
        replaced: list[Difference] = []
        for spot, theirs in by_spot.items():
            effect = self._effect(spot, theirs, contested)
            (answers if isinstance(spot, AnswerKey) else entries)[effect] += 1
            if effect == "replaced":
                replaced.append(self._replaced(spot, theirs, arrived.file))
        return Counts(**answers), Counts(**entries), tuple(replaced)

    def _effect(self, spot: Spot, theirs: Sequence[_Any], contested: Container[Spot]) -> str:
        """Name the field of ``Counts`` that one answer or entry of a file belongs to."""
        mine, said = self._known.revisions_at(spot), self._known.said(spot)
        new = [one for one in theirs if _name(one) not in self._here]
        if not new:
            is_same = len(theirs) == len(mine) or _unite(*theirs).shown.content == said
            return "same" if is_same else "replaced"
        if spot in contested:
            return "conflicting"
        is_alone = len(new) == len(self._new.get(spot, ())) and spot in self._together
        after = (self._together[spot] if is_alone else _unite(*mine, *new)).shown.content
        if after == said or (_is_silent(after) and _is_silent(said)):
            return "same"
        return "added" if _is_silent(said) else "changed"

    def _replaced(self, spot: Spot, theirs: Sequence[_Any], file: str) -> Difference:
        here, there = self._united(spot).shown, _unite(*theirs).shown
        return Difference(
            id=f"{named(there)}|replaced|{there.id}",
            fate=fate(here.content, there.content),
            mine=version(here, self._files[0]),
            theirs=version(there, file),
            **place_of(there),
        )


def _people(revisions: Iterable[_Any]) -> tuple[str, ...]:
    counts = Counter(one.author for one in revisions if one.author)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _unite(*revisions: _Any) -> AnyUnited:
    """Unite revisions of one spot, which are all of answers or all of entries."""
    return unite(revisions)


def _is_silent(said: Said) -> bool:
    return said is None or said == EMPTY
