"""Two entries of a register that are the same thing made one: all that changes, before anything is done.

Whatever named the one names the other afterwards. Where both agencies answered the same question differently, one
answer stays and the other is kept in its note, as is everything on the card of the entry that goes which the other
contradicts. Revisions are never removed, so the history has both as they were.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from capacity_app.domain.assessment.answer_rules import check_content, locate
from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    OPEN_STATES,
    Address,
    Answer,
    AnswerKey,
    AnswerState,
    Content,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.references import (
    EntryUse,
    find_uses,
    iterate_entries,
    replace_in_content,
    replace_in_entry,
)
from capacity_app.domain.assessment.register_fields import MERGEABLE_REGISTERS
from capacity_app.domain.assessment.registers import Agency, DataSource, Evidence, Meeting, Person, RegisterEntry
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.text_search import fold_text

ENTRY_NOT_FOUND = N_("There is no “{id}” in this register.")
SAME_ENTRY = N_("These are one entry already. Choose another one.")
TWO_DOCUMENTS = N_("Both hold a document, and not the same one: keep both entries, or remove one of them.")
_DOCUMENT = frozenset({"document", "file_name", "media_type", "size"})
_NOT_COMPARED = _DOCUMENT | {"id", "note", "added_on"}


@dataclass(frozen=True, slots=True)
class AnswerConflict:
    """Both answered one place differently: what stays, what gives way, and whose answer that was (an agency's id)."""

    address: Address
    stays: Content
    superseded: Content
    whose: str


@dataclass(frozen=True, slots=True)
class ConflictNotes:
    """How what gives way is written into a note, in words of a language.

    ``answer`` words an answer; ``entry`` the entry that goes, with the fields the other one contradicts.
    """

    answer: Callable[[AnswerConflict], str]
    entry: Callable[[RegisterEntry, Mapping[str, object]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateMerge:
    """All that joining two entries changes.

    ``kept`` is the entry that stays, as it will be; ``taken`` names its fields that come from the other one and
    ``differing`` those that were contradicted. ``entries`` are others that name the kept one afterwards. ``answers``
    are all that change, with authors and times as they were, those that move away empty.
    """

    register: str
    kept: RegisterEntry
    gone: RegisterEntry
    taken: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    entries: tuple[RegisterEntry, ...] = ()
    answers: tuple[Answer, ...] = ()
    clashes: tuple[AnswerConflict, ...] = ()
    uses: tuple[EntryUse, ...] = ()


def compute_duplicate_merge(
    dossier: Dossier, register: str, kept: str, gone: str, remarks: ConflictNotes
) -> DuplicateMerge:
    """Work out what changes if ``gone`` becomes part of ``kept``; raises KnownError if they cannot be joined."""
    staying, going = _entry(dossier, register, kept), _entry(dossier, register, gone)
    if kept == gone:
        raise KnownError(SAME_ENTRY)
    entry, taken, differing = _merge_entries(staying, going, remarks)
    others = (
        (e, replace_in_entry(e, register, gone, kept)) for name, e in iterate_entries(dossier) if name != register
    )
    answers, clashes = _merge_answers(dossier, register, kept, gone, remarks)
    return DuplicateMerge(
        register=register,
        kept=entry,
        gone=going,
        taken=taken,
        differing=differing,
        entries=tuple(new for old, new in others if new != old),
        answers=answers,
        clashes=clashes,
        uses=find_uses(dossier).get((register, gone), ()),
    )


def _entry(dossier: Dossier, register: str, entry_id: str) -> RegisterEntry:
    entries: tuple[RegisterEntry, ...] = getattr(dossier, register) if register in MERGEABLE_REGISTERS else ()
    found = next((entry for entry in entries if entry.id == entry_id), None)
    if found is None:
        raise KnownError(ENTRY_NOT_FOUND, id=entry_id)
    return found


# -- the entry itself -------------------------------------------------------------------------------------------------


def _merge_entries(
    kept: RegisterEntry, gone: RegisterEntry, remarks: ConflictNotes
) -> tuple[RegisterEntry, tuple[str, ...], tuple[str, ...]]:
    """Fill what the kept entry lacks from the other one; what they contradict each other in goes into the note."""
    changed: dict[str, Any] = _document_of(kept, gone)
    differing: dict[str, object] = {}
    for field in fields(kept):
        mine, theirs = getattr(kept, field.name), getattr(gone, field.name)
        if field.name in _NOT_COMPARED or mine == theirs or not theirs:
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


def _text(entry: RegisterEntry, name: str) -> str:
    return str(getattr(entry, name))


def _document_of(kept: RegisterEntry, gone: RegisterEntry) -> dict[str, Any]:
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


def _merge_answers(
    dossier: Dossier, register: str, kept: str, gone: str, remarks: ConflictNotes
) -> tuple[tuple[Answer, ...], tuple[AnswerConflict, ...]]:
    """Return every answer that changes, and what both answered differently."""
    before = {answer.key: answer for answer in dossier.answers}
    after: dict[AnswerKey, Answer] = {}
    clashes: list[AnswerConflict] = []
    moved = [answer for answer in dossier.answers if register == "agencies" and answer.key.respondent == gone]
    for answer in dossier.answers:
        content = replace_in_content(
            dossier.instrument, answer.key.address, answer.content, target=register, gone=gone, kept=kept
        )
        after[answer.key] = replace(answer, content=content)
    for answer in moved:
        moving = after[answer.key]
        after[answer.key] = replace(answer, content=EMPTY_CONTENT)
        key = replace(answer.key, respondent=kept)
        staying = after.get(key)
        if staying is None:
            after[key] = replace(moving, key=key)
        else:
            after[key], clash = _merge_two_answers(dossier.instrument, staying, moving, remarks)
            clashes += [clash] if clash else []
    changed = (a for key, a in after.items() if key not in before or before[key].content != a.content)
    return tuple(sorted(changed, key=lambda answer: answer.key)), tuple(clashes)


def _rank(content: Content) -> int:
    """Order answers by how much they say: nothing, a text nobody can read or that it is unknown, something."""
    if content.state is AnswerState.NOT_ASKED and not content.unread:
        return 0
    return 1 if content.state in OPEN_STATES else 2


def _merge_two_answers(
    instrument: Instrument, kept: Answer, gone: Answer, remarks: ConflictNotes
) -> tuple[Answer, AnswerConflict | None]:
    """Make two answers one: the one that says more stays, of equals that of the kept agency."""
    stays, other = (gone, kept) if _rank(gone.content) > _rank(kept.content) else (kept, gone)
    base, rest = stays.content, other.content
    is_one_reason = not base.reason or not rest.reason or base.reason == rest.reason
    is_same = (base.state, base.value) == (rest.state, rest.value) and is_one_reason
    union = None if is_same else _merge_picks(instrument, kept.key, base, rest)
    clash = None
    if is_same or union is not None:
        evidence = tuple(dict.fromkeys((*base.evidence, *rest.evidence)))
        value = base.value if union is None else union
        base = replace(base, value=value, reason=base.reason or rest.reason, evidence=evidence)
    elif _rank(rest):
        clash = AnswerConflict(kept.key.address, base, rest, other.key.respondent)
    elif rest.evidence:
        base = replace(base, evidence=tuple(dict.fromkeys((*base.evidence, *rest.evidence))))
    note = _paragraphs(base.note, rest.note, remarks.answer(clash) if clash else "")
    return replace(stays, key=kept.key, content=replace(base, note=note)), clash


def _merge_picks(instrument: Instrument, key: AnswerKey, one: Content, other: Content) -> tuple[str, ...] | None:
    """Put together what both picked, where so many may be picked; None where they cannot be put together."""
    target = locate(instrument, key.address)
    if not target or not target.field or not target.field.kind.info.register:
        return None
    if not isinstance(one.value, tuple) or not isinstance(other.value, tuple):
        return None
    union = tuple(dict.fromkeys((*one.value, *other.value)))
    is_allowed = check_content(instrument, key, replace(one, value=union))[1] is None
    return union if is_allowed else None


def count_uses(found: tuple[EntryUse, ...]) -> Iterator[tuple[str, int]]:
    """Count uses by what makes them: "answers", and the registers of entries."""
    counts: dict[str, int] = {}
    for use in found:
        kind = use.by[0] if use.by else "answers"
        counts[kind] = counts.get(kind, 0) + 1
    yield from counts.items()


# Entries that look like the same thing entered twice: by name, whatever the case, accents, order or abbreviation.

_WORD = r"[^\W_]+"
_STOP_WORDS = frozenset({
    "a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to",
    "au", "aux", "de", "des", "du", "el", "et", "la", "las", "le", "les", "los", "y",
    "das", "der", "die", "für", "im", "und", "von",
    "в", "и", "на", "о", "по",
})  # fmt: skip
"""Words that an abbreviation leaves out in the languages we speak to."""
_SHORTEST_COMPARED = 8
"""Letters a name must have before one wrong letter is taken for a slip."""
_LEAST_STEM = 3
"""Letters of an abbreviated word ("Min.") unless the rest says enough."""
_LEAST_WHOLE = 4
"""Letters of a word that says enough by itself."""


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(re.findall(_WORD, fold_text(name)))


@lru_cache(maxsize=4096)
def _key_words(name: str) -> tuple[str, ...]:
    words = _words(name)
    return tuple(word for word in words if word not in _STOP_WORDS) or words


def _is_initials(letters: str, name: str) -> bool:
    """Return whether letters are the initials of a name: MoI, MI and MOTI of the Ministry of the Interior."""
    words = _words(name)
    if len(letters) < 2 or len(_key_words(name)) < 2:  # noqa: PLR2004 - one letter says nothing
        return False
    pattern = "".join(f"{re.escape(w[0])}{'?' if w in _STOP_WORDS else ''}" for w in words)
    return re.fullmatch(pattern, letters) is not None


def _is_short_for(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether the words of two names begin alike, pair by pair ("Min. Int." and "Ministry of Interior")."""
    if len(one) != len(other):
        return False
    pairs = tuple(zip(one, other, strict=True))
    if not all(a == b or _begins(a, b) or _begins(b, a) for a, b in pairs):
        return False
    stems = [min(len(a), len(b)) for a, b in pairs if a != b]
    says_enough = any(a == b and len(a) >= _LEAST_WHOLE and not a.isdigit() for a, b in pairs)
    return says_enough or (len(pairs) > 1 and all(stem >= _LEAST_STEM for stem in stems))


def _begins(start: str, word: str) -> bool:
    return word.startswith(start) and not word.isdigit()


def _is_one_typo(one: str, other: str) -> bool:
    """Return whether two texts differ by one letter changed, left out, added, or by two letters swapped."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < _SHORTEST_COMPARED:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest_one, rest_other = one[start:], other[start:]
    if {c for c in rest_one[:1] + rest_other[:1] if c.isdigit()}:
        return False
    is_swap = rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:]
    return is_swap or rest_one[1:] == rest_other[1:] or rest_one[1:] == rest_other or rest_one == rest_other[1:]


@lru_cache(maxsize=65536)
def are_names_alike(one: str, other: str) -> bool:
    """Return whether two names probably name the same thing."""
    mine, theirs = _key_words(one), _key_words(other)
    if not mine or not theirs:
        return False
    if sorted(mine) == sorted(theirs) or _is_short_for(mine, theirs):
        return True
    if _numbers(mine) != _numbers(theirs):
        return False
    return (
        _is_initials("".join(mine), other)
        or _is_initials("".join(theirs), one)
        or _is_one_typo("".join(mine), "".join(theirs))
    )


def _numbers(words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if word.isdigit())


@dataclass(frozen=True, slots=True)
class _IdentifyingMarks:
    """What an entry may be known by: names that are compared, and signs that must be equal."""

    names: tuple[str, ...] = ()
    signs: frozenset[str] = frozenset()


def _identifying_marks(entry: RegisterEntry) -> _IdentifyingMarks:
    match entry:
        case Agency(name=name, short=short):
            return _IdentifyingMarks(tuple(text for text in (name, short) if text))
        case Person(name=name) | DataSource(name=name):
            return _IdentifyingMarks((name,) if name else ())
        case Meeting(title=title, date=date):
            return _IdentifyingMarks(signs=frozenset({f"{date} {' '.join(_words(title))}"} if title else ()))
        case Evidence(title=title, link=link, document=document):
            named = f"title {' '.join(_words(title))}" if title else ""
            return _IdentifyingMarks(signs=frozenset({named, link.strip().rstrip("/"), document} - {""}))
    return _IdentifyingMarks()


def are_entries_alike(one: RegisterEntry, other: RegisterEntry) -> bool:
    """Return whether two entries of a register look like the same one."""
    mine, theirs = _identifying_marks(one), _identifying_marks(other)
    if mine.signs & theirs.signs:
        return True
    return any(are_names_alike(a, b) for a in mine.names for b in theirs.names)


def find_lookalikes(entries: Iterable[RegisterEntry]) -> Mapping[str, tuple[str, ...]]:
    """Return by id the other entries of a register that look the same; what is like nothing is not in it."""
    known = tuple(entries)
    found: dict[str, list[str]] = {}
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            if are_entries_alike(one, other):
                found.setdefault(one.id, []).append(other.id)
                found.setdefault(other.id, []).append(one.id)
    return {entry: tuple(others) for entry, others in found.items()}


def find_agency_by_name(agencies: Iterable[Agency], name: str) -> str:
    """Return the id of the one agency that a name names, exactly or nearly; empty where none or several do."""
    said, agencies = name.strip().casefold(), tuple(agencies)
    if not said:
        return ""
    exactly = {one.id for one in agencies if said in {one.id.casefold(), one.name.casefold(), one.short.casefold()}}
    nearly = exactly or {
        one.id for one in agencies if are_names_alike(one.name, name) or are_names_alike(one.short, name)
    }
    return nearly.pop() if len(nearly) == 1 else ""
