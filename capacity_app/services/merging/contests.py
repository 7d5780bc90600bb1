"""Conflicts between laptops as differences a person decides on, and what is recorded once they are decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from capacity_app.domain.answers import EMPTY, Content, State
from capacity_app.domain.assessment import Entry
from capacity_app.domain.deciding import Decisions, Difference, Fate, Side, Version
from capacity_app.domain.merging import EXISTENCE, AnyUnited, Contest, Said, is_equal_in, with_field
from capacity_app.domain.revisions import AnyRevision, EntryRevision, Revision, RevisionId
from capacity_app.services.ledger import Spot, spot_of

FileOf = Callable[[Revision | EntryRevision], str]
"""Names the file a revision comes from."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What stands here before anything is taken over, and which file a revision comes from, those here first."""

    here: Callable[[Spot], Said]
    file_of: FileOf
    files: tuple[str, ...]


def named(revision: Revision | EntryRevision) -> str:
    """Name the place of a revision, always the same."""
    if isinstance(revision, EntryRevision):
        return f"{revision.register}|{revision.entry}"
    key = revision.key
    return f"{key.address}|{key.layer}|{key.respondent}"


def version(revision: Revision | EntryRevision, file: str) -> Version:
    """Return one side of a difference."""
    if isinstance(revision, EntryRevision):
        return Version(entry=revision.content, author=revision.author, time=revision.time, file=file)
    return Version(content=revision.content, author=revision.author, time=revision.time, file=file)


def fate(before: Said, after: Said) -> Fate:
    """Return what becomes of what stands here."""
    if before == after:
        return Fate.SAME
    if after in {None, EMPTY}:
        return Fate.CLEARED
    return Fate.NEW if before in {None, EMPTY} else Fate.CHANGED


def differences(united: AnyUnited, voices: Voices) -> Iterator[Difference]:
    """Yield what is to be decided at one place: for each field in conflict, every other value beside ours."""
    for contest in united.contests:
        mine, *others = _mine_first(contest, voices)
        for theirs in others:
            yield Difference(
                id=f"{named(theirs)}|{contest.field}|{theirs.id}",
                fate=fate(mine.content, theirs.content),
                mine=version(mine, voices.file_of(mine)),
                theirs=version(theirs, voices.file_of(theirs)),
                base=_base(contest),
                **place_of(theirs),
                field=contest.field,
                is_contested=True,
            )


def place_of(revision: Revision | EntryRevision) -> dict[str, Any]:
    """Return the fields of a difference that say where it is."""
    if isinstance(revision, EntryRevision):
        return {"register": revision.register, "entry_id": revision.entry}
    return {"key": revision.key}


def _base(contest: Contest[Revision | EntryRevision]) -> Version | None:
    if contest.base is None:
        return None
    if isinstance(contest.base, Content):
        return Version(content=contest.base)
    return Version(entry=contest.base)


def _mine_first(contest: Contest[Revision | EntryRevision], voices: Voices) -> list[Revision | EntryRevision]:
    """Put the value that stands here first, or, where none of them does, that of the first file."""
    order = {file: place for place, file in enumerate(voices.files)}

    def rank(one: Revision | EntryRevision) -> tuple[bool, int]:
        return not is_equal_in(contest.field, one.content, voices.here(spot_of(one))), order.get(voices.file_of(one), 0)

    return sorted(contest.versions, key=rank)


# -- once it is decided ------------------------------------------------------------------------------------------------


def chosen(united: AnyUnited, voices: Voices, decisions: Decisions) -> dict[str, Any]:
    """Give, by field, the revision whose value was chosen; fields nobody has decided on are not in it."""
    found: dict[str, Any] = {}
    for contest in united.contests:
        mine, *others = _mine_first(contest, voices)
        sides = {theirs: decisions.get(f"{named(theirs)}|{contest.field}|{theirs.id}") for theirs in others}
        taken = [theirs for theirs, side in sides.items() if side is Side.THEIRS]
        if taken:
            found[contest.field] = taken[0]
        elif all(side is Side.MINE for side in sides.values()):
            found[contest.field] = mine
    return found


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, when, and in the wording of which language; ``next_id`` numbers what is recorded."""

    author: str
    time: str
    language: str
    next_id: Callable[[], RevisionId]

    def on(self, revision: AnyRevision, said: Any, parents: tuple[RevisionId, ...]) -> AnyRevision:  # noqa: ANN401 - what such a revision says
        """Say something in place of a revision."""
        made = replace(revision, id=self.next_id(), content=said, author=self.author, time=self.time, parents=parents)
        return replace(made, language=self.language) if isinstance(made, Revision) else made


def settled(united: AnyUnited, fields: dict[str, Any], signature: Signature) -> Iterator[Revision | EntryRevision]:
    """Record what was decided: on top of all heads, or, while other fields are open, on each that said otherwise."""
    shown: Any = united.shown
    removed = EXISTENCE in fields and fields[EXISTENCE].content is None
    if removed or len(fields) == len(united.contests):
        said = None if removed else _with(shown.content, fields)
        yield signature.on(shown, said, tuple(head.id for head in united.heads))
        return
    for head in united.heads:
        said = _with(shown.content if head.content is None and EXISTENCE in fields else head.content, fields)
        if said != head.content:
            yield signature.on(head, said, (head.id,))


def _with(said: Content | Entry | None, fields: dict[str, Any]) -> Content | Entry | None:
    if said is None:
        return None
    for name, source in fields.items():
        if name != EXISTENCE:
            said = with_field(said, name, source.content)
    if isinstance(said, Content) and said.state is State.NOT_APPLICABLE and not said.reason and "value" in fields:
        # What does not apply keeps the reason it was given for.
        said = replace(said, reason=fields["value"].content.reason)
    return said
