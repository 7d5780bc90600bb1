"""Conflicts between laptops: as differences to decide on, as what is recorded then, and as what undoing restores."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.merging import (
    EXISTENCE,
    AnyMergedRevisions,
    Decisions,
    DecisionSide,
    DifferenceVersion,
    DiffKind,
    FieldConflict,
    MergeDifference,
    MergedRevisions,
    RevisionContent,
    field_value,
    is_field_equal,
    merge_revisions,
    with_field_of,
)
from capacity_app.domain.assessment.registers import RegisterEntry
from capacity_app.domain.assessment.revisions import (
    AnyRevision,
    EntryRevision,
    Revision,
    RevisionId,
    first_revision,
    heads,
    in_order,
    known_parents,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.services.session.revision_log import RecordKey, RevisionLog, record_key_of

FileOfRevision = Callable[[Revision | EntryRevision], str]
"""Names the file a revision comes from."""


@dataclass(frozen=True, slots=True)
class RevisionSources:
    """What stands here before anything is taken over, and which file a revision comes from, those here first."""

    here: Callable[[RecordKey], RevisionContent]
    file_of: FileOfRevision
    files: tuple[str, ...]


def record_name(revision: Revision | EntryRevision) -> str:
    """Name the place of a revision, always the same."""
    if isinstance(revision, EntryRevision):
        return f"{revision.register}|{revision.entry}"
    key = revision.key
    return f"{key.address}|{key.layer}|{key.respondent}"


def version_of(revision: Revision | EntryRevision, file: str) -> DifferenceVersion:
    if isinstance(revision, EntryRevision):
        return DifferenceVersion(entry=revision.content, author=revision.author, time=revision.time, file=file)
    return DifferenceVersion(content=revision.content, author=revision.author, time=revision.time, file=file)


def difference_fate(before: RevisionContent, after: RevisionContent) -> DiffKind:
    if before == after:
        return DiffKind.SAME
    if after in {None, EMPTY_CONTENT}:
        return DiffKind.CLEARED
    return DiffKind.NEW if before in {None, EMPTY_CONTENT} else DiffKind.CHANGED


def conflict_differences(united: AnyMergedRevisions, voices: RevisionSources) -> Iterator[MergeDifference]:
    """Yield what is to be decided at one place: for each field in conflict, every other value beside ours."""
    for contest in united.contests:
        mine, *others = _mine_first(contest, voices)
        for theirs in others:
            yield MergeDifference(
                id=f"{record_name(theirs)}|{contest.field}|{theirs.id}",
                fate=difference_fate(mine.content, theirs.content),
                mine=version_of(mine, voices.file_of(mine)),
                theirs=version_of(theirs, voices.file_of(theirs)),
                base=_base_version(contest),
                **difference_place(theirs),
                field=contest.field,
                is_contested=True,
            )


def difference_place(revision: Revision | EntryRevision) -> dict[str, Any]:
    """Return the fields of a difference that say where it is."""
    if isinstance(revision, EntryRevision):
        return {"register": revision.register, "entry_id": revision.entry}
    return {"key": revision.key}


def _base_version(contest: FieldConflict[Revision | EntryRevision]) -> DifferenceVersion | None:
    if contest.base is None:
        return None
    if isinstance(contest.base, Content):
        return DifferenceVersion(content=contest.base)
    return DifferenceVersion(entry=contest.base)


def _mine_first(
    contest: FieldConflict[Revision | EntryRevision], voices: RevisionSources
) -> list[Revision | EntryRevision]:
    """Put the value that stands here first, or, where none of them does, that of the first file."""
    order = {file: place for place, file in enumerate(voices.files)}

    def rank(one: Revision | EntryRevision) -> tuple[bool, int]:
        return not is_field_equal(contest.field, one.content, voices.here(record_key_of(one))), order.get(
            voices.file_of(one), 0
        )

    return sorted(contest.versions, key=rank)


# -- once it is decided ------------------------------------------------------------------------------------------------


def chosen_revisions(united: AnyMergedRevisions, voices: RevisionSources, decisions: Decisions) -> dict[str, Any]:
    """Give, by field, the revision whose value was chosen; fields nobody has decided on are not in it."""
    found: dict[str, Any] = {}
    for contest in united.contests:
        mine, *others = _mine_first(contest, voices)
        sides = {theirs: decisions.get(f"{record_name(theirs)}|{contest.field}|{theirs.id}") for theirs in others}
        taken = [theirs for theirs, side in sides.items() if side is DecisionSide.THEIRS]
        if taken:
            found[contest.field] = taken[0]
        elif all(side is DecisionSide.MINE for side in sides.values()):
            found[contest.field] = mine
    return found


@dataclass(frozen=True, slots=True)
class DecisionSignature:
    """Who decides, when, and in the wording of which language; ``next_id`` numbers what is recorded."""

    author: str
    time: str
    language: str
    next_id: Callable[[], RevisionId]

    def on(self, revision: AnyRevision, said: Any, parents: tuple[RevisionId, ...]) -> AnyRevision:  # noqa: ANN401 - what such a revision says
        """Say something in place of a revision."""
        made = replace(revision, id=self.next_id(), content=said, author=self.author, time=self.time, parents=parents)
        return replace(made, language=self.language) if isinstance(made, Revision) else made


def settling_revisions(
    united: AnyMergedRevisions, fields: dict[str, Any], signature: DecisionSignature
) -> Iterator[Revision | EntryRevision]:
    """Record what was decided: on top of all heads, or, while other fields are open, on each that said otherwise."""
    shown: Any = united.shown
    removed = EXISTENCE in fields and fields[EXISTENCE].content is None
    if removed or len(fields) == len(united.contests):
        said = None if removed else _with_fields(shown.content, fields)
        yield signature.on(shown, said, tuple(head.id for head in united.heads))
        return
    for head in united.heads:
        said = _with_fields(shown.content if head.content is None and EXISTENCE in fields else head.content, fields)
        if said != head.content:
            yield signature.on(head, said, (head.id,))


def _with_fields(said: Content | RegisterEntry | None, fields: dict[str, Any]) -> Content | RegisterEntry | None:
    if said is None:
        return None
    for name, source in fields.items():
        if name != EXISTENCE:
            said = with_field_of(said, name, source.content)
    if isinstance(said, Content) and said.state is AnswerState.NOT_APPLICABLE and not said.reason and "value" in fields:
        # What does not apply keeps the reason it was given for.
        said = replace(said, reason=fields["value"].content.reason)
    return said


# Saying again what some revisions said, on top of whatever has been said since: how a merge is taken back.
#
# Nothing is ever deleted. What stood before is recorded anew, with authors and times; open conflicts are open again.

HeadsSnapshot = Mapping[RecordKey, Sequence[Revision | EntryRevision]]
"""What counted at some spots at one moment: the heads, none where nothing had ever been said.

The first head of an entry is the one that says where in its register the entry stands.
"""

_MAX_BASES, _LAST = 200, 10**15
"""Revisions tried as a base, and a number no revision has."""


def take_snapshot(known: RevisionLog, spots: Iterable[RecordKey]) -> HeadsSnapshot:
    """Remember what counts at some spots now."""
    return {
        spot: known.answers.heads(spot) if isinstance(spot, AnswerKey) else known.entries.heads_in_register_order(*spot)
        for spot in spots
    }


def restate_snapshot(known: RevisionLog, wanted: HeadsSnapshot) -> tuple[Revision | EntryRevision, ...]:
    """Make the revisions that say again what was said at a moment."""
    made: list[Revision | EntryRevision] = []
    for spot, said in wanted.items():
        made += _restate(known.next_id, known.revisions_at(spot), said, _empty_revision(spot))
    return tuple(made)


def _empty_revision(spot: RecordKey) -> Revision | EntryRevision:
    nobody = RevisionId("", 0)
    if isinstance(spot, AnswerKey):
        return Revision(id=nobody, key=spot, content=EMPTY_CONTENT)
    return EntryRevision(id=nobody, register=spot[0], entry=spot[1], content=None)


def _restate(
    next_id: Callable[[], RevisionId], known: Sequence[AnyRevision], wanted: Sequence[AnyRevision], nothing: AnyRevision
) -> list[AnyRevision]:
    if not known:
        return []
    goal: MergedRevisions[AnyRevision] = _united_at(known, wanted, nothing)
    now: MergedRevisions[AnyRevision] = merge_revisions(known)
    if _shows_same(goal, now) and not _has_other_position(known, wanted, now.heads):
        return []
    parents = tuple(dict.fromkeys(head.id for head in (*wanted[:1], *now.heads)))
    if goal.contests:
        for base in (*_common_ancestors(known, wanted), *reversed(known[-_MAX_BASES:]), None):
            again = _restate_conflict(goal, base, parents, nothing)
            if _shows_same(goal, merge_revisions([*known, *again])):
                return [replace(one, id=next_id()) for one in again]
    return [replace(goal.shown, id=next_id(), parents=parents)]


def _restate_conflict(
    goal: MergedRevisions[AnyRevision], base: AnyRevision | None, parents: tuple[RevisionId, ...], nothing: AnyRevision
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
                said = with_field_of(said, contest.field, source)
        name = RevisionId("", _LAST + number)
        again.append(replace(side, id=name, content=said, parents=(base.id,) if base else ()))
    again[-1] = replace(again[-1], parents=parents)
    return again


def _has_other_position(
    known: Sequence[AnyRevision], wanted: Sequence[AnyRevision], now: Sequence[AnyRevision]
) -> bool:
    """Return whether an entry stands elsewhere in its register than it is wanted to."""
    if not wanted or not isinstance(wanted[0], EntryRevision):
        return False
    return first_revision(known, wanted[:1]).id != first_revision(known, now).id


def _united_at(
    known: Sequence[AnyRevision], wanted: Sequence[AnyRevision], nothing: AnyRevision
) -> MergedRevisions[AnyRevision]:
    if not wanted:
        return MergedRevisions((), nothing)
    line = set().union(*(_ancestor_ids(known, head) for head in wanted))
    return merge_revisions([one for one in known if one.id in line])


def _ancestor_ids(known: Sequence[AnyRevision], head: AnyRevision) -> set[RevisionId]:
    """Return the ids of a revision and all it descends from."""
    by_id = {one.id: one for one in known}
    found, waiting = {head.id}, [head]
    while waiting:
        for parent in known_parents(waiting.pop()):
            if parent in by_id and parent not in found:
                found.add(parent)
                waiting.append(by_id[parent])
    return found


def _common_ancestors(known: Sequence[AnyRevision], wanted: Sequence[AnyRevision]) -> tuple[AnyRevision, ...]:
    """Return the last revisions that all of the wanted ones descend from."""
    common = set.intersection(*(_ancestor_ids(known, head) for head in wanted))
    return heads([one for one in known if one.id in common])


def _shows_same(one: MergedRevisions[AnyRevision], other: MergedRevisions[AnyRevision]) -> bool:
    return list(_shown_facts(one)) == list(_shown_facts(other))


def _shown_facts(united: MergedRevisions[AnyRevision]) -> Iterator[object]:
    shown = united.shown
    yield shown.content
    # Who was silent has no name.
    if shown.content is not None and shown.content != EMPTY_CONTENT:
        yield shown.author, shown.time, getattr(shown, "language", "")
    for contest in united.contests:
        yield (
            contest.field,
            [(field_value(contest.field, one.content), one.author, one.time) for one in contest.versions],
        )
