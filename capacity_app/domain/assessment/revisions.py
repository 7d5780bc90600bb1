"""Revisions: every change of an answer or register entry, immutable, in no need of a clock.

The current answer is its heads: the revisions that no other revision names as a parent. Merging is set
union, so order and repetition do not matter; ``domain.assessment.merging`` says what several heads say together.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields, replace
from datetime import datetime, timedelta
from typing import TypeVar

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, AnswerKey, Content
from capacity_app.domain.assessment.registers import RegisterEntry
from capacity_app.domain.fast_dataclass import dataclass

_RENAME_MARK = "~"
"""Stands in a device's name between the name and the mark of a revision whose id another revision had already."""


@dataclass(frozen=True, slots=True, order=True)
class RevisionId:
    """Who made it (an installation's id) and its running number there."""

    device: str
    counter: int

    def __str__(self) -> str:
        return f"{self.device}:{self.counter}"

    @classmethod
    def parse(cls, text: str) -> "RevisionId":
        """Read "device:7"; raises ValueError on anything else."""
        device, colon, counter = text.rpartition(":")
        if not (device and colon and counter.isdecimal()):
            raise ValueError(text)
        return cls(device, int(counter))

    @property
    def origin(self) -> "RevisionId":
        """The id it was made under; another one only for a namesake of an earlier one."""
        return RevisionId(self.device.partition(_RENAME_MARK)[0], self.counter) if self.is_beside else self

    @property
    def is_beside(self) -> bool:
        """Return whether the id it was made under was another revision's already."""
        return _RENAME_MARK in self.device

    def beside(self, mark: str) -> "RevisionId":
        """Return the id of a namesake, made of what it says."""
        return RevisionId(f"{self.origin.device}{_RENAME_MARK}{mark}", self.counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an answer said from some moment on. ``time`` is UTC, ISO 8601, for people only."""

    id: RevisionId
    key: AnswerKey
    content: Content
    author: str = ""
    time: str = ""
    language: str = ""
    parents: tuple[RevisionId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRevision:
    """What a register entry said from some moment on; ``content`` None means it was removed."""

    id: RevisionId
    register: str
    entry: str
    content: RegisterEntry | None
    author: str = ""
    time: str = ""
    parents: tuple[RevisionId, ...] = ()


AnyRevision = TypeVar("AnyRevision", bound=Revision | EntryRevision)


def in_order(revisions: Iterable[AnyRevision]) -> list[AnyRevision]:
    """Sort revisions: what knew of another one comes later, no clock is asked, and any laptop does the same."""
    known = list(revisions)
    if len(known) < 2:  # noqa: PLR2004 - one is in order, and nearly every answer has but one
        return known
    if any(revision.id.is_beside for revision in known):
        given = revision_marks(known)
        known.sort(key=lambda one: (one.id.counter, one.id.origin.device, given[one.id]))
    else:
        known.sort(key=lambda one: (one.id.counter, one.id.device))
    return known


def known_parents(revision: Revision | EntryRevision) -> Iterator[RevisionId]:
    """Yield the parents of a revision. Numbers only grow: what claims to know of a later one is not believed."""
    return (parent for parent in revision.parents if parent.counter < revision.id.counter)


def heads(revisions: Iterable[AnyRevision]) -> tuple[AnyRevision, ...]:
    """Return the revisions of one answer or entry that nothing supersedes, in an order that depends on ids only."""
    known = list(revisions)
    superseded = {parent for one in known for parent in one.parents if parent.counter < one.id.counter}
    return tuple(in_order(r for r in known if r.id not in superseded))


def first_revision(revisions: Iterable[AnyRevision], current: Iterable[AnyRevision]) -> AnyRevision:
    """Return the first revision that heads go back to from parent to first parent: where an entry stands in order."""
    known = {one.id: one for one in revisions}
    starts: dict[RevisionId, AnyRevision] = {}
    for head in current:
        one = head
        while (parents := tuple(known_parents(one))) and parents[0] in known:
            one = known[parents[0]]
        starts[one.id] = one
    return in_order(starts.values())[0]


# -- telling namesakes apart ---------------------------------------------------------------------------------------


def revision_marks(revisions: Iterable[Revision | EntryRevision]) -> dict[RevisionId, str]:
    """Assign every revision a mark made of what it says and of what it knew, the same whatever it is called."""
    given: dict[RevisionId, str] = {}
    for revision in sorted(revisions, key=lambda one: one.id.counter):
        parents = sorted([*_number(parent), given.get(parent, "")] for parent in known_parents(revision))
        text = json.dumps((_number(revision.id), _revision_facts(revision), parents))
        given[revision.id] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return given


def _number(revision: RevisionId) -> tuple[str, int]:
    return revision.origin.device, revision.counter


def _revision_facts(revision: Revision | EntryRevision) -> object:
    if isinstance(revision, EntryRevision):
        entry = _fields(revision.content) if revision.content is not None else None
        return revision.register, revision.entry, entry, revision.author, revision.time
    key, content = revision.key, revision.content
    said = content.state, content.value, content.reason, content.note, content.evidence
    return str(key.address), key.layer, key.respondent, said, revision.author, revision.time, revision.language


def _fields(entry: RegisterEntry) -> list[tuple[str, object]]:
    """Leave out what says nothing, so that a field added to the program changes no mark."""
    said = ((field, getattr(entry, field.name)) for field in fields(entry))
    return [(field.name, value) for field, value in said if field.default is MISSING or value != field.default]


def rename_colliding(here: Iterable[AnyRevision], coming: Iterable[AnyRevision]) -> tuple[AnyRevision, ...]:
    """Return revisions that come from elsewhere, namesakes of other revisions here under ids of their own.

    Ids are unique unless a laptop was cloned while it was working, or a file was changed by hand. Then two revisions
    may bear one id and say different things; neither may be lost. The one that comes later is called after what it
    says, on every laptop the same, and whatever was built on it follows it.
    """
    present: dict[RevisionId, AnyRevision] = {one.id: one for one in here}
    arriving: list[AnyRevision] = list(coming)
    is_plain = not any(one.id.is_beside for one in (*present.values(), *arriving))
    if is_plain and all(present.get(one.id, one) == one for one in arriving):
        return tuple(arriving)
    return tuple(_with_renamed_ids(present, arriving))


def _with_renamed_ids(present: dict[RevisionId, AnyRevision], arriving: list[AnyRevision]) -> Iterator[AnyRevision]:
    mine, theirs = revision_marks(present.values()), revision_marks(arriving)
    names = {(id_.origin, mark): id_ for id_, mark in mine.items()}
    taken = set(present)
    called: dict[RevisionId, RevisionId] = {}
    for revision in sorted(arriving, key=lambda one: (one.id.counter, one.id.device)):
        itself = revision.id.origin, theirs[revision.id]
        if itself not in names:
            names[itself] = revision.id.beside(itself[1]) if revision.id in taken else revision.id
            taken.add(names[itself])
        called[revision.id] = names[itself]
        parents = tuple(called.get(parent, parent) for parent in revision.parents)
        yield replace(revision, id=called[revision.id], parents=parents)


# How answers came about: every revision with what the same speaker had said before it.


_ANSWER_FIELDS = tuple(field.name for field in fields(Content) if field.name != "state")


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One revision and what it replaced; ``before`` is empty where nothing had been said."""

    revision: Revision
    before: Content

    @property
    def after(self) -> Content:
        return self.revision.content

    @property
    def key(self) -> AnswerKey:
        return self.revision.key


def history_steps(revisions: Iterable[Revision]) -> tuple[HistoryStep, ...]:
    """Pair revisions with what they replaced, newest first.

    No clock is asked: laptops' clocks differ, and jump. What knew of another revision comes after it, and what one
    laptop made stands as it was made.
    """
    known = tuple(revisions)
    by_id: dict[RevisionId, Content] = {revision.id: revision.content for revision in known}
    newest_first = reversed(in_order(known))
    return tuple(
        HistoryStep(one, by_id.get(one.parents[-1], EMPTY_CONTENT) if one.parents else EMPTY_CONTENT)
        for one in newest_first
    )


_TYPING_REST = timedelta(minutes=1)
"""How long typing in one field may rest and still be shown as one change."""


def join_typing(steps: Iterable[HistoryStep], is_typed: Callable[[AnswerKey], bool]) -> tuple[HistoryStep, ...]:
    """Return steps, newest first, with one person's typing in one field as one: the first before and the last after.

    Typing that rests for more than a minute, or goes on in another field, is another step. ``is_typed`` tells whether
    the answer at a key is typed: two choices within a minute are two steps.
    """
    joined: list[HistoryStep] = []
    earliest: HistoryStep | None = None
    for step in steps:
        if earliest is not None and _goes_on(step, earliest, is_typed):
            joined[-1] = HistoryStep(joined[-1].revision, step.before)
        else:
            joined.append(step)
        earliest = step
    return tuple(joined)


def _goes_on(step: HistoryStep, later: HistoryStep, is_typed: Callable[[AnswerKey], bool]) -> bool:
    """Return whether a step is the typing of which a later one is the continuation."""
    one, other = step.revision, later.revision
    field = _changed_field(step)
    return (
        (one.key, one.author) == (other.key, other.author)
        and other.parents == (one.id,)
        and field == _changed_field(later)
        and (field in {"note", "reason"} or (field == "value" and is_typed(one.key)))
        and _is_soon(one.time, other.time)
    )


def _changed_field(step: HistoryStep) -> str:
    """Return the one field of an answer a step changes, besides the state that follows from it; empty for several."""
    names = [name for name in _ANSWER_FIELDS if getattr(step.before, name) != getattr(step.after, name)]
    return names[0] if len(names) == 1 else ""


def _is_soon(before: str, after: str) -> bool:
    try:
        return abs(datetime.fromisoformat(after) - datetime.fromisoformat(before)) <= _TYPING_REST
    except (ValueError, TypeError):  # a file made by another program may hold any text, with a time zone or without
        return False
