"""What refers to register entries: every use of one, and references that lead nowhere."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content
from capacity_app.domain.assessment import REGISTERS, Entry
from capacity_app.domain.checking import locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import FieldKind, picks_by_register

REFERENCES: Mapping[str, Mapping[str, str]] = {
    register: picks
    for register, picks in picks_by_register(FieldKind.ENTRY, FieldKind.ENTRIES).items()
    if picks and register != "kept"
}
"""By register: the fields that name other entries by their ids, and the register these stand in.

What an answer of an earlier version names stays as it was given.
"""
PICKED: Mapping[Kind, str] = {Kind.AGENCY: "agencies", Kind.SOURCE: "sources"}
"""The kinds of questions one answers with ids, and the register these stand in."""

Place = tuple[str, str]
"""An entry by register and id."""
_Entry = TypeVar("_Entry", bound=Entry)


class Way(StrEnum):
    """How something refers to an entry."""

    GIVEN = "given"
    PICKED = "picked"
    SUPPORTED = "supported"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Use:
    """One reference: an answer given in an agency's name, picked or supported (``key``), or an entry (``by``)."""

    way: Way
    key: AnswerKey | None = None
    by: Place | None = None


@dataclass(frozen=True, slots=True)
class LostReference:
    """A reference that leads nowhere: from an answer (``address``) or from a register entry (``entry``)."""

    message: str
    advice: str
    values: tuple[tuple[str, str], ...]
    entry: str = ""
    address: Address | None = None


def _ids(value: object) -> tuple[str, ...]:
    """Return the ids in a field, which names one entry or several."""
    named = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in named if isinstance(one, str) and one)


def named_by(register: str, entry: Entry) -> Iterator[Place]:
    """Go through the entries that an entry names."""
    for field, target in REFERENCES.get(register, {}).items():
        yield from ((target, one) for one in _ids(getattr(entry, field)))


def _pick_register(instrument: Instrument, address: Address) -> str:
    """Return the register that an answer at a place picks from, empty if it picks from none."""
    target = locate(instrument, address)
    return PICKED.get(target.field.kind, "") if target and target.field else ""


def _named_by_answer(instrument: Instrument, answer: Answer) -> Iterator[tuple[Way, Place]]:
    if answer.key.respondent:
        yield Way.GIVEN, ("agencies", answer.key.respondent)
    yield from ((Way.SUPPORTED, ("evidence", one)) for one in answer.content.evidence)
    value = answer.content.value
    if isinstance(value, tuple) and (register := _pick_register(instrument, answer.key.address)):
        yield from ((Way.PICKED, (register, one)) for one in value)


def entries_in(dossier: Dossier) -> Iterator[tuple[str, Entry]]:
    """Go through all entries of all registers but the mission, each with its register."""
    for register in REGISTERS:
        if register != "mission":
            yield from ((register, entry) for entry in getattr(dossier, register))


def uses(dossier: Dossier) -> dict[Place, tuple[Use, ...]]:
    """Collect by entry everything that refers to it, answers first; what is used nowhere is not in it."""
    found: dict[Place, list[Use]] = {}
    for answer in dossier.answers:
        for way, place in _named_by_answer(dossier.instrument, answer):
            found.setdefault(place, []).append(Use(way, key=answer.key))
    for register, entry in entries_in(dossier):
        for place in dict.fromkeys(named_by(register, entry)):
            found.setdefault(place, []).append(Use(Way.NAMED, by=(register, entry.id)))
    return {place: tuple(known) for place, known in found.items()}


def instead(ids: Iterable[str], gone: str, kept: str) -> tuple[str, ...]:
    """Name one entry in place of another, and only once."""
    return tuple(dict.fromkeys(kept if one == gone else one for one in ids))


def entry_instead(entry: _Entry, target: str, gone: str, kept: str) -> _Entry:
    """Have an entry name one entry of a register in place of another."""
    register = next(name for name, shape in REGISTERS.items() if shape is type(entry))
    changed: dict[str, object] = {}
    for field, named in REFERENCES.get(register, {}).items():
        value = getattr(entry, field)
        if named == target and gone in _ids(value):
            changed[field] = instead(value, gone, kept) if isinstance(value, tuple) else kept
    return replace(entry, **changed) if changed else entry  # type: ignore[arg-type]  # of the field's own type


def content_instead(
    instrument: Instrument, address: Address, content: Content, *, target: str, gone: str, kept: str
) -> Content:
    """Have an answer's content name one entry of a register in place of another."""
    if target == "evidence" and gone in content.evidence:
        return replace(content, evidence=instead(content.evidence, gone, kept))
    value = content.value
    if isinstance(value, tuple) and gone in value and _pick_register(instrument, address) == target:
        return replace(content, value=instead(value, gone, kept))
    return content


def _lost(missing: str, register: str, *, entry: str = "", address: Address | None = None) -> LostReference:
    return LostReference(
        N_("This refers to “{id}”, which is no longer in the register of {register}."),
        N_("Choose another entry, or enter it again."),
        (("id", missing), ("register", register)),
        entry,
        address,
    )


def is_place(instrument: Instrument, text: str) -> bool:
    """Return whether a text is the address of a place that an instrument has."""
    try:
        return locate(instrument, Address.parse(text)) is not None
    except ValueError:
        return False


def _of_gaps(dossier: Dossier) -> Iterator[LostReference]:
    named = [(action.id, address) for action in dossier.actions for address in action.gaps]
    named += [(rating.id, rating.id) for rating in dossier.ratings]
    for entry, address in named:
        if not is_place(dossier.instrument, address):
            yield LostReference(
                N_("This refers to “{address}”, a place the instrument does not have."),
                N_("Choose the gap again."),
                (("address", address),),
                entry,
            )


def lost_references(dossier: Dossier) -> Iterator[LostReference]:
    """Go through everything that refers to something else, and give what leads nowhere."""
    there = {(register, entry.id) for register, entry in entries_in(dossier)}
    for register, entry in entries_in(dossier):
        for target, one in named_by(register, entry):
            if (target, one) not in there:
                yield _lost(one, target, entry=entry.id)
    yield from _of_gaps(dossier)
    for answer in dossier.answers:
        for _way, (target, one) in _named_by_answer(dossier.instrument, answer):
            if (target, one) not in there:
                yield _lost(one, target, address=answer.key.address)
