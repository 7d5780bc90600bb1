"""Two entries of a register that are the same thing made one: all that changes, before anything is done.

Whatever named the one names the other afterwards. Where both agencies answered the same question differently, one
answer stays and the other is kept in its note, as is everything on the card of the entry that goes which the other
contradicts. Revisions are never removed, so the history has both as they were.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from capacity_app.domain.answers import EMPTY, OPEN_STATES, Address, Answer, AnswerKey, Content, State
from capacity_app.domain.assessment import Entry, Evidence, register_of
from capacity_app.domain.checking import check_content, locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.references import PICKED, Use, content_instead, entries_in, entry_instead, uses

JOINABLE = ("agencies", "people", "meetings", "sources", "evidence")
"""The registers whose entries can be joined."""
NOT_THERE = N_("There is no “{id}” in this register.")
THE_SAME = N_("These are one entry already. Choose another one.")
TWO_DOCUMENTS = N_("Both hold a document, and not the same one: keep both entries, or remove one of them.")
_DOCUMENT = frozenset({"document", "file_name", "media_type", "size"})
_QUIET = _DOCUMENT | {"id", "note", "added_on"}


@dataclass(frozen=True, slots=True)
class Clash:
    """Both answered one place differently: what stays, what gives way, and whose answer that was (an agency's id)."""

    address: Address
    stays: Content
    gives_way: Content
    whose: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """How what gives way is written into a note, in words of a language.

    ``answer`` words an answer; ``entry`` the entry that goes, with the fields the other one contradicts.
    """

    answer: Callable[[Clash], str]
    entry: Callable[[Entry, Mapping[str, object]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """All that joining two entries changes.

    ``kept`` is the entry that stays, as it will be; ``taken`` names its fields that come from the other one and
    ``differing`` those that were contradicted. ``entries`` are others that name the kept one afterwards. ``answers``
    are all that change, with authors and times as they were, those that move away empty.
    """

    register: str
    kept: Entry
    gone: Entry
    taken: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    answers: tuple[Answer, ...] = ()
    clashes: tuple[Clash, ...] = ()
    uses: tuple[Use, ...] = ()


def join(dossier: Dossier, register: str, kept: str, gone: str, remarks: Remarks) -> Joining:
    """Work out what changes if ``gone`` becomes part of ``kept``; raises KnownError if they cannot be joined."""
    staying, going = _entry(dossier, register, kept), _entry(dossier, register, gone)
    if kept == gone:
        raise KnownError(THE_SAME)
    entry, taken, differing = _united_entry(staying, going, remarks)
    others = ((e, entry_instead(e, register, gone, kept)) for name, e in entries_in(dossier) if name != register)
    answers, clashes = _joined_answers(dossier, register, kept, gone, remarks)
    return Joining(
        register=register,
        kept=entry,
        gone=going,
        taken=taken,
        differing=differing,
        entries=tuple(new for old, new in others if new != old),
        answers=answers,
        clashes=clashes,
        uses=uses(dossier).get((register, gone), ()),
    )


def joined(dossier: Dossier, joining: Joining) -> Dossier:
    """Return the dossier as it is after joining."""
    changed = {(register_of(entry), entry.id): entry for entry in (*joining.entries, joining.kept)}
    gone = joining.register, joining.gone.id
    registers: dict[str, Any] = {name: () for name, _ in entries_in(dossier)}
    for name, entry in entries_in(dossier):
        if (name, entry.id) != gone:
            registers[name] += (changed.get((name, entry.id), entry),)
    answers = {answer.key: answer for answer in dossier.answers} | {answer.key: answer for answer in joining.answers}
    kept = (answer for answer in answers.values() if not answer.content.is_empty)
    return replace(dossier, answers=tuple(sorted(kept, key=lambda answer: answer.key)), **registers)


def _entry(dossier: Dossier, register: str, entry_id: str) -> Entry:
    entries: tuple[Entry, ...] = getattr(dossier, register) if register in JOINABLE else ()
    found = next((entry for entry in entries if entry.id == entry_id), None)
    if found is None:
        raise KnownError(NOT_THERE, id=entry_id)
    return found


# -- the entry itself -------------------------------------------------------------------------------------------------


def _united_entry(kept: Entry, gone: Entry, remarks: Remarks) -> tuple[Entry, tuple[str, ...], tuple[str, ...]]:
    """Fill what the kept entry lacks from the other one; what they contradict each other in goes into the note."""
    changed: dict[str, Any] = _document_of(kept, gone)
    differing: dict[str, object] = {}
    for field in fields(kept):
        mine, theirs = getattr(kept, field.name), getattr(gone, field.name)
        if field.name in _QUIET or mine == theirs or not theirs:
            continue
        if isinstance(mine, tuple):
            changed[field.name] = tuple(dict.fromkeys((*mine, *theirs)))
        elif not mine:
            changed[field.name] = theirs
        else:
            differing[field.name] = theirs
    if isinstance(kept, Evidence) and isinstance(gone, Evidence):
        changed["added_on"] = min((day for day in (kept.added_on, gone.added_on) if day), default="")
    remark = remarks.entry(gone, differing) if differing else ""
    changed["note"] = _paragraphs(_text(kept, "note"), _text(gone, "note"), remark)
    united = replace(kept, **changed)
    taken = tuple(name for name in changed if name != "note" and getattr(united, name) != getattr(kept, name))
    return united, tuple(name for name in taken if name not in _DOCUMENT - {"document"}), tuple(differing)


def _text(entry: Entry, name: str) -> str:
    return str(getattr(entry, name))


def _document_of(kept: Entry, gone: Entry) -> dict[str, Any]:
    """Take over a document the kept evidence has not; one entry cannot hold two."""
    if not isinstance(kept, Evidence) or not isinstance(gone, Evidence) or not gone.document:
        return {}
    if not kept.document:
        return {name: getattr(gone, name) for name in _DOCUMENT}
    if kept.document != gone.document:
        raise KnownError(TWO_DOCUMENTS)
    return {}


def _paragraphs(*texts: str) -> str:
    """Put texts below each other, none of them twice."""
    kept: list[str] = []
    for text in texts:
        if text.strip() and not any(text.strip() in one for one in kept):
            kept.append(text)
    return "\n".join(kept)


# -- answers ----------------------------------------------------------------------------------------------------------


def _joined_answers(
    dossier: Dossier, register: str, kept: str, gone: str, remarks: Remarks
) -> tuple[tuple[Answer, ...], tuple[Clash, ...]]:
    """Return every answer that changes, and what both answered differently."""
    before = {answer.key: answer for answer in dossier.answers}
    after: dict[AnswerKey, Answer] = {}
    clashes: list[Clash] = []
    moved = [answer for answer in dossier.answers if register == "agencies" and answer.key.respondent == gone]
    for answer in dossier.answers:
        content = content_instead(
            dossier.instrument, answer.key.address, answer.content, target=register, gone=gone, kept=kept
        )
        after[answer.key] = replace(answer, content=content)
    for answer in moved:
        moving = after[answer.key]
        after[answer.key] = replace(answer, content=EMPTY)
        key = replace(answer.key, respondent=kept)
        staying = after.get(key)
        if staying is None:
            after[key] = replace(moving, key=key)
        else:
            after[key], clash = _united_answer(dossier.instrument, staying, moving, remarks)
            clashes += [clash] if clash else []
    changed = (a for key, a in after.items() if key not in before or before[key].content != a.content)
    return tuple(sorted(changed, key=lambda answer: answer.key)), tuple(clashes)


def _rank(content: Content) -> int:
    """Order answers by how much they say: nothing, that it is unknown or declined, something."""
    if content.state is State.NOT_ASKED:
        return 0
    return 1 if content.state in OPEN_STATES else 2


def _united_answer(instrument: Instrument, kept: Answer, gone: Answer, remarks: Remarks) -> tuple[Answer, Clash | None]:
    """Make two answers one: the one that says more stays, of equals that of the kept agency."""
    stays, other = (gone, kept) if _rank(gone.content) > _rank(kept.content) else (kept, gone)
    base, rest = stays.content, other.content
    is_one_reason = not base.reason or not rest.reason or base.reason == rest.reason
    is_same = (base.state, base.value) == (rest.state, rest.value) and is_one_reason
    union = None if is_same else _united_picks(instrument, kept.key, base, rest)
    clash = None
    if is_same or union is not None:
        evidence = tuple(dict.fromkeys((*base.evidence, *rest.evidence)))
        value = base.value if union is None else union
        base = replace(base, value=value, reason=base.reason or rest.reason, evidence=evidence)
    elif _rank(rest):
        clash = Clash(kept.key.address, base, rest, other.key.respondent)
    elif rest.evidence:
        base = replace(base, evidence=tuple(dict.fromkeys((*base.evidence, *rest.evidence))))
    note = _paragraphs(base.note, rest.note, remarks.answer(clash) if clash else "")
    return replace(stays, key=kept.key, content=replace(base, note=note)), clash


def _united_picks(instrument: Instrument, key: AnswerKey, one: Content, other: Content) -> tuple[str, ...] | None:
    """Put together what both picked, where so many may be picked; None where they cannot be put together."""
    target = locate(instrument, key.address)
    if not target or not target.field or target.field.kind not in PICKED:
        return None
    if not isinstance(one.value, tuple) or not isinstance(other.value, tuple):
        return None
    union = tuple(dict.fromkeys((*one.value, *other.value)))
    is_allowed = check_content(instrument, key, replace(one, value=union))[1] is None
    return union if is_allowed else None


def ways(found: tuple[Use, ...]) -> Iterator[tuple[str, int]]:
    """Count uses by what makes them: "answers", and the registers of entries."""
    counts: dict[str, int] = {}
    for use in found:
        kind = use.by[0] if use.by else "answers"
        counts[kind] = counts.get(kind, 0) + 1
    yield from counts.items()
