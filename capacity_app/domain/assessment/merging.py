"""Merge the last revisions of one answer from several copies, and name the conflicts between them.

The result is derived from the set of revisions and never stored, so it is the same on every laptop.

Problem: two officers continue copies of one assessment, and both change one answer. Decision: field by field, as
against what both last agreed on. A field that one of them changed is as that one left it; evidence and other lists are
united; equal values are no conflict; a field that both changed differently is exactly one conflict, and until somebody
settles it (by a revision on top of all heads) the value of the last head by id is shown, whatever the clocks say. What
one removed and the other changed is a conflict too, and stays.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from enum import Enum, StrEnum
from functools import partial, reduce
from itertools import chain
from operator import and_, or_
from typing import Any, Generic, TypeVar

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.registers import REGISTERS, RegisterEntry
from capacity_app.domain.assessment.revisions import (
    AnyRevision,
    EntryRevision,
    Revision,
    RevisionId,
    heads,
    in_order,
    known_parents,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import Problem

RevisionContent = Content | RegisterEntry | None
"""What a revision says; None for an entry that was removed."""

EXISTENCE = ""
"""The field in conflict where one removed an entry and another changed it."""

Revision_co = TypeVar("Revision_co", bound=Revision | EntryRevision, covariant=True)

_MOST_HEADS, _MOST_BASES, _MOST_REVISIONS = 25, 30, 20_000
"""Of one answer. No honest work comes near; a file made to keep us busy for ever gets conflicts instead."""


@dataclass(frozen=True, slots=True)
class FieldConflict(Generic[Revision_co]):
    """A field changed differently: a head for each value, the shown one last, and what they started from (or None)."""

    field: str
    versions: tuple[Revision_co, ...]
    base: RevisionContent


@dataclass(frozen=True, slots=True)
class MergedRevisions(Generic[Revision_co]):
    """What all heads of one answer or entry say together, in ``shown``: the last head by id, saying it."""

    heads: tuple[Revision_co, ...]
    shown: Revision_co
    contests: tuple[FieldConflict[Revision_co], ...] = ()


AnyMergedRevisions = MergedRevisions[Revision | EntryRevision]


def merge_revisions(revisions: Sequence[AnyRevision]) -> MergedRevisions[AnyRevision]:
    """Return what the revisions of one answer or entry, at least one, say together."""
    current = heads(revisions)
    last = current[-1]
    if len(current) == 1 or all(head.content == last.content for head in current):
        return MergedRevisions(current, last)
    return _RevisionGraph(revisions).united(current)


# -- fields --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _EntryShape:
    """How what is said falls into fields: single ones, each of attributes that belong together, and lists.

    ``nothing`` is what single fields say that nobody has filled in; fields that always say something are not in it.
    """

    singles: Mapping[str, tuple[str, ...]]
    lists: tuple[str, ...]
    nothing: Mapping[str, Hashable]


_BELONG_TOGETHER = {
    "state": "value",
    "m49": "country",
    "country_name": "country",
    "file_name": "document",
    "media_type": "document",
    "size": "document",
    "currency": "amount",
    "funded": "amount",
}
_EXCLUDING = frozenset({"value", "weights"})
"""Lists whose elements may exclude each other: they are one value, never united."""


def _shape_of(kind: type[Any]) -> _EntryShape:
    defaults = {field.name: field.default for field in fields(kind) if field.name != "id"}
    lists = tuple(name for name, default in defaults.items() if default == () and name not in _EXCLUDING)
    singles: dict[str, tuple[str, ...]] = {}
    for name in (name for name in defaults if name not in lists):
        together = _BELONG_TOGETHER.get(name, name)
        together = together if together in defaults else name
        singles[together] = (*singles.get(together, ()), name)
    nothing = {
        name: tuple(defaults[part] for part in parts)
        for name, parts in singles.items()
        if not any(defaults[part] for part in parts)
    }
    return _EntryShape(singles, lists, nothing)


_SHAPES: Mapping[type[Any], _EntryShape] = {kind: _shape_of(kind) for kind in (Content, *REGISTERS.values())}


def _single(said: Content | RegisterEntry, parts: Iterable[str]) -> Hashable:
    return tuple(getattr(said, part) for part in parts)


def with_field_of(said: Any, name: str, other: Any) -> Any:  # noqa: ANN401 - two contents, or two entries of a register
    return replace(said, **{part: getattr(other, part) for part in _SHAPES[type(said)].singles[name]})


def field_value(name: str, said: RevisionContent) -> Hashable:
    """Return what is said in one field; of ``EXISTENCE``, and of what was removed, whether it is there."""
    if name == EXISTENCE or said is None:
        return said is not None
    return _single(said, _SHAPES[type(said)].singles[name])


def is_field_equal(name: str, one: RevisionContent, other: RevisionContent) -> bool:
    return field_value(name, one) == field_value(name, other)


# -- weighing what several say -------------------------------------------------------------------------------------


class _NoValue(Enum):
    """Equals no value: what a field was is in conflict itself, or there is no telling."""

    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class _MergedView:
    """What some revisions say together, and the fields in which they do not agree."""

    said: RevisionContent
    disputed: frozenset[str] = frozenset()
    is_known: bool = True

    def single(self, name: str, shape: _EntryShape) -> object:
        if name in self.disputed or not self.is_known:
            return _NoValue.AGREED
        if self.said is None:
            return shape.nothing.get(name, _NoValue.AGREED)
        return _single(self.said, shape.singles[name])

    def elements(self, name: str) -> tuple[Hashable, ...]:
        return () if self.said is None else getattr(self.said, name)

    def is_just(self, said: RevisionContent) -> bool:
        return self.is_known and not self.disputed and self.said == said


_Before = Callable[[int, int], _MergedView]
"""What two heads, by their places in the order of ids, last agreed on."""


def _changed_heads(values: Mapping[int, Hashable], before: Callable[[int, int], object]) -> list[int]:
    """Return the last head for each value that somebody changed to; who left a value as it was has no say."""

    def is_left(mine: int) -> bool:
        others = (other for other, value in values.items() if value != values[mine])
        return any(before(mine, other) == values[mine] for other in others)

    if len(set(values.values())) == 1 or len(values) > _MOST_HEADS:
        changed = list(values)
    else:
        changed = [place for place in values if not is_left(place)] or list(values)
    return sorted({values[place]: place for place in changed}.values())


def _merge_lists(lists: Mapping[int, tuple[Hashable, ...]], before: Callable[[int, int], tuple[Hashable, ...]]) -> Any:  # noqa: ANN401 - a field of any entry
    """Unite lists: what one added is in, what one took out is not."""
    if len({frozenset(one) for one in lists.values()}) == 1:
        return lists[_changed_heads(lists, before)[-1]]

    def is_in(element: Hashable) -> bool:
        has: dict[int, Hashable] = {place: element in one for place, one in lists.items()}
        return any(has[place] for place in _changed_heads(has, lambda mine, other: element in before(mine, other)))

    return tuple(element for element in dict.fromkeys(chain.from_iterable(lists.values())) if is_in(element))


def _merge_contents(said: Sequence[RevisionContent], before: _Before) -> tuple[RevisionContent, dict[str, list[int]]]:
    """Return what heads, in the order of their ids, say together; and by disputed field, a head for each value."""
    given = {place: one for place, one in enumerate(said) if one is not None}
    disputes: dict[str, list[int]] = {}
    if 0 < len(given) < len(said):
        removed, kept = _removed_and_kept(said, before)
        if not kept:
            return None, disputes
        if removed:
            disputes[EXISTENCE] = [removed[-1], kept[-1]]
    if not given:
        return None, disputes
    merged, disputed = _merge_fields(given, before)
    return merged, disputes | disputed


def _removed_and_kept(said: Sequence[RevisionContent], before: _Before) -> tuple[list[int], list[int]]:
    """Return who removed an entry and who keeps it, without those who left it, or its absence, as it was."""
    places = range(len(said))

    def is_left(mine: int) -> bool:
        others = (place for place in places if (said[place] is None) != (said[mine] is None))
        return len(said) <= _MOST_HEADS and any(before(mine, other).is_just(said[mine]) for other in others)

    standing = [place for place in places if not is_left(place)] or list(places)
    return [p for p in standing if said[p] is None], [p for p in standing if said[p] is not None]


def _single_before(before: _Before, name: str, shape: _EntryShape, mine: int, other: int) -> object:
    return before(mine, other).single(name, shape)


def _elements_before(before: _Before, name: str, mine: int, other: int) -> tuple[Hashable, ...]:
    return before(mine, other).elements(name)


def _merge_fields(
    given: Mapping[int, Content | RegisterEntry], before: _Before
) -> tuple[Content | RegisterEntry, dict[str, list[int]]]:
    last = given[max(given)]
    shape = _SHAPES[type(last)]
    disputes: dict[str, list[int]] = {}
    merged: dict[str, Any] = {}
    for name, parts in shape.singles.items():
        values = {place: _single(one, parts) for place, one in given.items()}
        standing = _changed_heads(values, partial(_single_before, before, name, shape))
        merged |= {part: getattr(given[standing[-1]], part) for part in parts}
        if len(standing) > 1:
            disputes[name] = standing
        if merged.get("state") is AnswerState.NOT_APPLICABLE and name == "value":
            because = getattr(given[standing[-1]], "reason", "")
    for name in shape.lists:
        lists = {place: getattr(one, name) for place, one in given.items()}
        merged[name] = _merge_lists(lists, partial(_elements_before, before, name))
    if merged.get("state") is AnswerState.NOT_APPLICABLE and not merged["reason"]:
        # One said that it does not apply, keeping the reason; the other took the reason away.
        merged["reason"] = because
    return replace(last, **merged), disputes


# -- what descends from what ---------------------------------------------------------------------------------------


class _RevisionGraph(Generic[AnyRevision]):
    """The revisions of one place in order, and of each, as bits of a number, itself and all it descends from."""

    def __init__(self, revisions: Iterable[AnyRevision]) -> None:
        self._known: list[AnyRevision] = in_order(revisions)
        self._places: dict[RevisionId, int] = {revision.id: place for place, revision in enumerate(self._known)}
        self._lines: list[int] = []
        self._views: dict[int, _MergedView] = {}
        self._is_honest = len(self._known) <= _MOST_REVISIONS
        for place, revision in enumerate(self._known if self._is_honest else ()):
            before = (self._lines[self._places[parent]] for parent in known_parents(revision) if parent in self._places)
            self._lines.append(reduce(or_, before, 1 << place))

    def united(self, current: tuple[AnyRevision, ...]) -> MergedRevisions[AnyRevision]:
        places = [self._places[head.id] for head in current]
        said, disputes = _merge_contents([head.content for head in current], self._before(places))
        contests = tuple(
            FieldConflict(name, tuple(current[one] for one in standing), self._base([places[one] for one in standing]))
            for name, standing in disputes.items()
        )
        last = current[-1]
        shown: Any = last if said == last.content else replace(last, content=said)  # type: ignore[arg-type]
        return MergedRevisions(current, shown, contests)

    def _before(self, places: Sequence[int]) -> _Before:
        if not self._is_honest:
            return lambda _mine, _other: _MergedView(None, is_known=False)
        return lambda mine, other: self._view(self._lines[places[mine]] & self._lines[places[other]])

    def _base(self, places: Iterable[int]) -> RevisionContent:
        return self._view(reduce(and_, (self._lines[place] for place in places))).said if self._is_honest else None

    def _view(self, line: int) -> _MergedView:
        """Return what revisions together with all they descend from say."""
        places = self._heads(line)
        if not places:
            return _MergedView(EMPTY_CONTENT if isinstance(self._known[0], Revision) else None)
        said = [self._known[place].content for place in places]
        if len(places) == 1:
            return _MergedView(said[0])
        if line not in self._views:
            if len(self._views) >= _MOST_BASES or len(places) > _MOST_HEADS:
                return _MergedView(None, is_known=False)
            # Counted before it is looked into: what lies before it is looked into first.
            self._views[line] = _MergedView(None, is_known=False)
            merged, disputes = _merge_contents(said, self._before(places))
            self._views[line] = _MergedView(merged, frozenset(disputes))
        return self._views[line]

    def _heads(self, line: int) -> list[int]:
        found: list[int] = []
        while line:
            found.append(line.bit_length() - 1)
            line &= ~self._lines[found[-1]]
        return found[::-1]


# Differences between what stands here and what comes from elsewhere, as a person decides on them.
#
# The same for a returned workbook (base: what the file said when it was made) and for two officers' assessments
# (base: what both last agreed on).


class DiffKind(StrEnum):
    """What one answer of the other side would do here. A refused one cannot be stored; ``problem`` says why."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    CLEARED = "cleared"
    REFUSED = "refused"


class DecisionSide(StrEnum):
    """What a person decides to keep."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceVersion:
    """What one side says: an answer or a register entry, by whom, when (UTC, ISO 8601) and in which file."""

    content: Content | None = None
    entry: RegisterEntry | None = None
    author: str = ""
    time: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeDifference:
    """One thing to accept or decide. ``id`` is its name within a proposal or merge, always the same for the same files.

    ``key`` is the answer's, None for a register entry (``register`` and ``entry_id``). ``field`` names the one field
    both sides changed ("value", "reason", "note", "evidence", or an entry's); empty where the answer is decided on as
    a whole. ``is_contested``: both sides changed it since ``base``, so a person has to decide. ``place`` is where in a
    returned file it stands.
    """

    id: str
    fate: DiffKind
    mine: DifferenceVersion
    theirs: DifferenceVersion
    base: DifferenceVersion | None = None
    key: AnswerKey | None = None
    register: str = ""
    entry_id: str = ""
    field: str = ""
    is_contested: bool = False
    place: str = ""
    problem: Problem | None = None


Decisions = Mapping[str, DecisionSide]
"""What was decided, by the difference's id; what is not in it is not decided yet."""
