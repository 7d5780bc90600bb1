"""What refers to register entries, references that lead nowhere, and which answers a piece of evidence supports."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.register_fields import FieldKind, picks_by_register
from capacity_app.domain.assessment.registers import REGISTERS, RegisterEntry
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import ItemStatus, QuestionBlock

REFERENCE_FIELDS: Mapping[str, Mapping[str, str]] = {
    register: picks
    for register, picks in picks_by_register(FieldKind.ENTRY, FieldKind.ENTRIES).items()
    if picks and register != "kept"
}
"""By register: the fields that name other entries by their ids, and the register these stand in.

What an answer of an earlier version names stays as it was given.
"""
EntryReference = tuple[str, str]
"""An entry by register and id."""
_Entry = TypeVar("_Entry", bound=RegisterEntry)


class ReferenceKind(StrEnum):
    """How something refers to an entry."""

    GIVEN = "given"
    PICKED = "picked"
    SUPPORTED = "supported"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class EntryUse:
    """One reference: an answer given in an agency's name, picked or supported (``key``), or an entry (``by``)."""

    way: ReferenceKind
    key: AnswerKey | None = None
    by: EntryReference | None = None


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


def entries_named_by(register: str, entry: RegisterEntry) -> Iterator[EntryReference]:
    for field, target in REFERENCE_FIELDS.get(register, {}).items():
        yield from ((target, one) for one in _ids(getattr(entry, field)))


def _pick_register(instrument: Instrument, address: Address) -> str:
    """Return the register that an answer at a place picks from, empty if it picks from none."""
    target = locate(instrument, address)
    return target.field.kind.info.register if target and target.field else ""


def _named_by_answer(instrument: Instrument, answer: Answer) -> Iterator[tuple[ReferenceKind, EntryReference]]:
    if answer.key.respondent:
        yield ReferenceKind.GIVEN, ("agencies", answer.key.respondent)
    yield from ((ReferenceKind.SUPPORTED, ("evidence", one)) for one in answer.content.evidence)
    value = answer.content.value
    if isinstance(value, tuple) and (register := _pick_register(instrument, answer.key.address)):
        yield from ((ReferenceKind.PICKED, (register, one)) for one in value)


def iterate_entries(dossier: Dossier) -> Iterator[tuple[str, RegisterEntry]]:
    """Go through all entries of all registers but the mission, each with its register."""
    for register in REGISTERS:
        if register != "mission":
            yield from ((register, entry) for entry in getattr(dossier, register))


def find_uses(dossier: Dossier) -> dict[EntryReference, tuple[EntryUse, ...]]:
    """Collect by entry everything that refers to it, answers first; what is used nowhere is not in it."""
    found: dict[EntryReference, list[EntryUse]] = {}
    for answer in dossier.answers:
        for way, place in _named_by_answer(dossier.instrument, answer):
            found.setdefault(place, []).append(EntryUse(way, key=answer.key))
    for register, entry in iterate_entries(dossier):
        for place in dict.fromkeys(entries_named_by(register, entry)):
            found.setdefault(place, []).append(EntryUse(ReferenceKind.NAMED, by=(register, entry.id)))
    return {place: tuple(known) for place, known in found.items()}


def replace_id(ids: Iterable[str], gone: str, kept: str) -> tuple[str, ...]:
    """Name one entry in place of another, and only once."""
    return tuple(dict.fromkeys(kept if one == gone else one for one in ids))


def replace_in_entry(entry: _Entry, target: str, gone: str, kept: str) -> _Entry:
    """Have an entry name one entry of a register in place of another."""
    register = next(name for name, shape in REGISTERS.items() if shape is type(entry))
    changed: dict[str, object] = {}
    for field, named in REFERENCE_FIELDS.get(register, {}).items():
        value = getattr(entry, field)
        if named == target and gone in _ids(value):
            changed[field] = replace_id(value, gone, kept) if isinstance(value, tuple) else kept
    return replace(entry, **changed) if changed else entry  # type: ignore[arg-type]  # of the field's own type


def replace_in_content(
    instrument: Instrument, address: Address, content: Content, *, target: str, gone: str, kept: str
) -> Content:
    """Have an answer's content name one entry of a register in place of another."""
    if target == "evidence" and gone in content.evidence:
        return replace(content, evidence=replace_id(content.evidence, gone, kept))
    value = content.value
    if isinstance(value, tuple) and gone in value and _pick_register(instrument, address) == target:
        return replace(content, value=replace_id(value, gone, kept))
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
                N_("This refers to “{address}”, a place the questionnaire does not have."),
                N_("Choose the gap again."),
                (("address", address),),
                entry,
            )


def find_lost_references(dossier: Dossier) -> Iterator[LostReference]:
    """Go through everything that refers to something else, and give what leads nowhere."""
    there = {(register, entry.id) for register, entry in iterate_entries(dossier)}
    for register, entry in iterate_entries(dossier):
        for target, one in entries_named_by(register, entry):
            if (target, one) not in there:
                yield _lost(one, target, entry=entry.id)
    yield from _of_gaps(dossier)
    for answer in dossier.answers:
        for _way, (target, one) in _named_by_answer(dossier.instrument, answer):
            if (target, one) not in there:
                yield _lost(one, target, address=answer.key.address)


# Which answers evidence supports where it is put under a whole row or table.
#
# Evidence supports answers, and is graded with each of them. A row or a table has no grade of its own: evidence put
# there
# supports what one speaker has answered in it, cell by cell, so that the score knows one rule only and an answer given
# later is not believed because of a document that was attached earlier.

ContentLookup = Callable[[AnswerKey], Content]
"""Gives what is said under a key now."""


def find_supported_answers(
    block: QuestionBlock, place: Address, layer: AnswerLayer, respondent: str, said: ContentLookup
) -> tuple[AnswerKey, ...]:
    """Return the answers of one speaker that evidence at a place supports; none in a table nobody has answered in.

    Of a row that does not apply, that statement; of a row without answers yet, the cells that wait for one.
    """
    if block.question.kind is not AnswerKind.GRID or place.column:
        return (AnswerKey(place, layer, respondent),)
    whole = AnswerKey(place, layer, respondent)
    if said(whole).state is AnswerState.NOT_APPLICABLE:
        return (whole,)
    if place.row:
        given = tuple(_given(block, place.row, layer, respondent, said))
        return given or tuple(_wanted(block, place.row, layer, respondent))
    return tuple(key for row in block.rows for key in _given(block, row, layer, respondent, said))


def _wanted(block: QuestionBlock, row: str, layer: AnswerLayer, respondent: str) -> Iterator[AnswerKey]:
    for item in block.items:
        if item.address.row == row and item.standing is ItemStatus.WANTED:
            yield AnswerKey(item.address, layer, respondent)


def _given(
    block: QuestionBlock, row: str, layer: AnswerLayer, respondent: str, said: ContentLookup
) -> Iterator[AnswerKey]:
    whole = AnswerKey(Address(block.question.id, row), layer, respondent)
    if said(whole).state is AnswerState.NOT_APPLICABLE:
        yield whole
        return
    for key in _wanted(block, row, layer, respondent):
        if said(key).state is not AnswerState.NOT_ASKED:
            yield key


def find_evidence_places(
    block: QuestionBlock, place: Address, layer: AnswerLayer, respondent: str, said: ContentLookup, evidence: str
) -> list[AnswerKey]:
    """Return the places of one speaker, at a place and inside it, that name a piece of evidence."""
    inside = [item.address for item in block.items if place.row in {"", item.address.row}]
    rows = [Address(block.question.id, row) for row in block.rows if place.row in {"", row}]
    addresses = [place] if place.column else [place, *rows, *inside]
    keys = (AnswerKey(address, layer, respondent) for address in dict.fromkeys(addresses))
    return [key for key in keys if evidence in said(key).evidence]
