"""References that lead nowhere: to register entries that were removed, or to places the instrument does not have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from capacity_app.domain.answers import Address, Answer
from capacity_app.domain.checking import locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_


@dataclass(frozen=True, slots=True)
class LostReference:
    """A reference that leads nowhere: from an answer (``address``) or from a register entry (``entry``)."""

    message: str
    advice: str
    values: tuple[tuple[str, str], ...]
    entry: str = ""
    address: Address | None = None


def _lost(
    register: str, ids: Iterable[str], known: Iterable[str], entry: str = "", address: Address | None = None
) -> Iterator[LostReference]:
    there = set(known)
    for missing in ids:
        if missing and missing not in there:
            yield LostReference(
                N_("This refers to “{id}”, which is no longer in the register of {register}."),
                N_("Choose another entry, or enter it again."),
                (("id", missing), ("register", register)),
                entry,
                address,
            )


def _of_registers(dossier: Dossier) -> Iterator[LostReference]:
    agencies = dossier.agency_by_id
    people = {person.id for person in dossier.people}
    actions = {action.id for action in dossier.actions}
    for person in dossier.people:
        yield from _lost("agencies", (person.agency,), agencies, person.id)
    for meeting in dossier.meetings:
        yield from _lost("agencies", meeting.agencies, agencies, meeting.id)
        yield from _lost("people", meeting.people, people, meeting.id)
    for source in dossier.sources:
        yield from _lost("agencies", (source.agency,), agencies, source.id)
    for action in dossier.actions:
        yield from _lost("agencies", (action.responsible,), agencies, action.id)
        yield from _lost("actions", action.depends_on, actions, action.id)


def _is_place(dossier: Dossier, text: str) -> bool:
    try:
        return locate(dossier.instrument, Address.parse(text)) is not None
    except ValueError:
        return False


def _of_gaps(dossier: Dossier) -> Iterator[LostReference]:
    named = [(action.id, address) for action in dossier.actions for address in action.gaps]
    named += [(rating.id, rating.id) for rating in dossier.ratings]
    for entry, address in named:
        if not _is_place(dossier, address):
            yield LostReference(
                N_("This refers to “{address}”, a place the instrument does not have."),
                N_("Choose the gap again."),
                (("address", address),),
                entry,
            )


def _picked(dossier: Dossier, answer: Answer) -> Iterator[tuple[str, tuple[str, ...], Iterable[str]]]:
    """Give the register, the ids an answer refers to and the ids there are."""
    yield "agencies", (answer.key.respondent,), dossier.agency_by_id
    yield "evidence", answer.content.evidence, dossier.evidence_by_id
    target = locate(dossier.instrument, answer.key.address)
    value = answer.content.value
    if target is None or target.field is None or not isinstance(value, tuple):
        return
    if target.field.kind is Kind.AGENCY:
        yield "agencies", value, dossier.agency_by_id
    if target.field.kind is Kind.SOURCE:
        yield "sources", value, dossier.source_by_id


def lost_references(dossier: Dossier) -> Iterator[LostReference]:
    """Go through everything that refers to something else, and give what leads nowhere."""
    yield from _of_registers(dossier)
    yield from _of_gaps(dossier)
    for answer in dossier.answers:
        for register, ids, known in _picked(dossier, answer):
            yield from _lost(register, ids, known, address=answer.key.address)
