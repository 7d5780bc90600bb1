"""Saying again what some revisions said, on top of whatever has been said since: how a merge is taken back.

Nothing is ever deleted. What stood before is said anew, with its authors and times, and open conflicts are open again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from capacity_app.domain.answers import EMPTY, AnswerKey
from capacity_app.domain.merging import EXISTENCE, United, unite, value_in, with_field
from capacity_app.domain.revisions import (
    AnyRevision,
    EntryRevision,
    Revision,
    RevisionId,
    beginning,
    heads,
    in_order,
    knew,
)
from capacity_app.services.ledger import Spot
from capacity_app.services.revising import Reviser

Moment = Mapping[Spot, Sequence[Revision | EntryRevision]]
"""What counted at some spots at one moment: the heads, none where nothing had ever been said.

The first head of an entry is the one that says where in its register the entry stands.
"""

_MOST_BASES, _LAST = 200, 10**15
"""Revisions tried as a base, and a number no revision has."""


def moment(known: Reviser, spots: Iterable[Spot]) -> Moment:
    """Remember what counts at some spots now."""
    return {
        spot: known.answers.heads(spot) if isinstance(spot, AnswerKey) else known.entries.heads_by_line(*spot)
        for spot in spots
    }


def restate(known: Reviser, wanted: Moment) -> tuple[Revision | EntryRevision, ...]:
    """Make the revisions that say again what was said at a moment."""
    made: list[Revision | EntryRevision] = []
    for spot, said in wanted.items():
        made += _restated(known.next_id, known.revisions_at(spot), said, _silence(spot))
    return tuple(made)


def _silence(spot: Spot) -> Revision | EntryRevision:
    nobody = RevisionId("", 0)
    if isinstance(spot, AnswerKey):
        return Revision(id=nobody, key=spot, content=EMPTY)
    return EntryRevision(id=nobody, register=spot[0], entry=spot[1], content=None)


def _restated(
    next_id: Callable[[], RevisionId], known: Sequence[AnyRevision], wanted: Sequence[AnyRevision], nothing: AnyRevision
) -> list[AnyRevision]:
    if not known:
        return []
    goal: United[AnyRevision] = _said_by(known, wanted, nothing)
    now: United[AnyRevision] = unite(known)
    if _is_same(goal, now) and not _has_moved(known, wanted, now.heads):
        return []
    parents = tuple(dict.fromkeys(head.id for head in (*wanted[:1], *now.heads)))
    if goal.contests:
        for base in (*_agreed_on(known, wanted), *reversed(known[-_MOST_BASES:]), None):
            again = _contested_again(goal, base, parents, nothing)
            if _is_same(goal, unite([*known, *again])):
                return [replace(one, id=next_id()) for one in again]
    return [replace(goal.shown, id=next_id(), parents=parents)]


def _contested_again(
    goal: United[AnyRevision], base: AnyRevision | None, parents: tuple[RevisionId, ...], nothing: AnyRevision
) -> list[AnyRevision]:
    """Say again what is contested: each side on top of a common base, the last on top of everything as well.

    The ids are makeshift; they come after all others.
    """
    sides = {one.id: one for contest in goal.contests for one in contest.versions} | {goal.heads[-1].id: goal.heads[-1]}
    start: Any = base.content if base else nothing.content
    again: list[AnyRevision] = []
    for number, side in enumerate(in_order(sides.values())):
        said: Any = side.content and goal.shown.content
        for contest in goal.contests:
            source = side.content if side in contest.versions else start
            if contest.field != EXISTENCE and said is not None and source is not None:
                said = with_field(said, contest.field, source)
        name = RevisionId("", _LAST + number)
        again.append(replace(side, id=name, content=said, parents=(base.id,) if base else ()))
    again[-1] = replace(again[-1], parents=parents)
    return again


def _has_moved(known: Sequence[AnyRevision], wanted: Sequence[AnyRevision], now: Sequence[AnyRevision]) -> bool:
    """Return whether an entry stands elsewhere in its register than it is wanted to."""
    if not wanted or not isinstance(wanted[0], EntryRevision):
        return False
    return beginning(known, wanted[:1]).id != beginning(known, now).id


def _said_by(known: Sequence[AnyRevision], wanted: Sequence[AnyRevision], nothing: AnyRevision) -> United[AnyRevision]:
    if not wanted:
        return United((), nothing)
    line = set().union(*(_line(known, head) for head in wanted))
    return unite([one for one in known if one.id in line])


def _line(known: Sequence[AnyRevision], head: AnyRevision) -> set[RevisionId]:
    """Return the ids of a revision and all it descends from."""
    by_id = {one.id: one for one in known}
    found, waiting = {head.id}, [head]
    while waiting:
        for parent in knew(waiting.pop()):
            if parent in by_id and parent not in found:
                found.add(parent)
                waiting.append(by_id[parent])
    return found


def _agreed_on(known: Sequence[AnyRevision], wanted: Sequence[AnyRevision]) -> tuple[AnyRevision, ...]:
    """Return the last revisions that all of the wanted ones descend from."""
    common = set.intersection(*(_line(known, head) for head in wanted))
    return heads([one for one in known if one.id in common])


def _is_same(one: United[AnyRevision], other: United[AnyRevision]) -> bool:
    return list(_told(one)) == list(_told(other))


def _told(united: United[AnyRevision]) -> Iterator[object]:
    shown = united.shown
    yield shown.content
    # Who was silent has no name.
    if shown.content is not None and shown.content != EMPTY:
        yield shown.author, shown.time, getattr(shown, "language", "")
    for contest in united.contests:
        yield contest.field, [(value_in(contest.field, one.content), one.author, one.time) for one in contest.versions]
