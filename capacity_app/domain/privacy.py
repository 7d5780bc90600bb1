"""What may leave the laptop: the profiles of a report, and a dossier without the names of persons.

Roles remain; known names are taken out of every text.
Free text may name anybody; what can be known are the people of the register, the team, the authors and
those who reviewed or validated. Their names go wherever they occur, alone or in parts, together with
every e-mail address and every contact.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from capacity_app.domain.answers import Address, Answer, Value
from capacity_app.domain.assessment import REGISTERS, Entry, KeptAnswer, Mission, ReturnedFile
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Kind
from capacity_app.domain.names import Find, finders, words_of

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TITLE_OR_OFFICE = re.compile(r"[,(;]")
"""Where a name ends and an office begins: "Hanna Brandt, UNSD", "Marta Ferrand (UNPD)"."""
_KEPT = frozenset({"document", "media_type", "address", "target", "layer", "state", "signature"})
_ADDRESSES = frozenset({"link", "file_name"})
_TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL})


class Profile(StrEnum):
    """What a report leaves out: nothing, every score, or every person's name."""

    FULL = "full"
    NO_SCORES = "no-scores"
    NO_NAMES = "no-names"


_Entry = TypeVar("_Entry", bound=Entry)


@dataclass(frozen=True, slots=True)
class _Redactor:
    """Takes names out: of sentences, of file names and links, and of ids, each of which then has a number instead."""

    in_sentences: Find
    in_addresses: Find
    placeholder: str
    ids: Mapping[str, str]

    def text(self, text: str) -> str:
        return self._without(text, self.in_sentences)

    def address(self, text: str) -> str:
        return self._without(text, self.in_addresses)

    def _without(self, text: str, find: Find) -> str:
        text = unicodedata.normalize("NFC", _MAIL.sub(self.placeholder, text))
        kept, end = [], 0
        for start, stop in find(text):
            kept += [text[end:start], self.placeholder]
            end = stop
        if not kept:
            return text
        joined = "".join((*kept, text[end:]))
        again = re.escape(self.placeholder)
        return re.sub(rf"{again}(?:\s+{again})+", lambda _: self.placeholder, joined)


def _bare(names: Iterable[str]) -> set[str]:
    return {_TITLE_OR_OFFICE.split(name)[0].strip() for name in names} - {""}


def _listed(name: str) -> str:
    """Return a name as registers have it: "Haddad, Noor" is one, "Noor Haddad, Director" a name and an office."""
    last, comma, rest = name.partition(",")
    return f"{rest} {last}".strip() if comma and rest.strip() and len(words_of(last)) == 1 else name


def _rounds(dossier: Dossier) -> tuple[Dossier, ...]:
    return (dossier, *_rounds(dossier.previous)) if dossier.previous else (dossier,)


def _signatures(dossier: Dossier) -> set[str]:
    mission = dossier.mission
    authors = {answer.author for answer in dossier.answers} | {remark.author for remark in dossier.remarks}
    authors |= {kept.author for kept in dossier.kept}
    senders = {name for entry in dossier.returns for name in (entry.person, entry.undone_by)}
    return _bare({mission.reviewed_by, mission.validated_by} | authors | senders)


def names_of(dossier: Dossier) -> tuple[str, ...]:
    """Return every person's name the dossier and its earlier rounds know, longest first.

    Who answered, reviewed or validated is named too, unless it is an office ("Director General") that signed.
    """
    rounds = _rounds(dossier)
    offices = " | ".join(person.position for one in rounds for person in one.people).casefold()
    signed = {name for one in rounds for name in _signatures(one) if name.casefold() not in offices}
    people = (_listed(person.name) for one in rounds for person in one.people)
    listed = _bare((*people, *(name for one in rounds for name in one.mission.team)))
    return tuple(sorted(signed | listed, key=lambda name: (-len(name), name)))


def _public_words(dossier: Dossier) -> frozenset[str]:
    """Collect words that name agencies and the country: a person called Jordan must not erase it."""
    public = [dossier.mission.country_name, dossier.instrument.title]
    public += [text for agency in dossier.agencies for text in (agency.name, agency.short)]
    return frozenset(word for text in public for word in words_of(text))


def _registers(dossier: Dossier) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    for name in REGISTERS:
        if name not in {"mission", "ratings"}:
            yield name, getattr(dossier, name)


def _renamed(dossier: Dossier, find: Find) -> dict[str, str]:
    """Return every id in which a name stands a neutral one; programs number their entries, people may call them."""
    return {
        entry.id: f"{register}-{number}"
        for one in _rounds(dossier)
        for register, entries in _registers(one)
        for number, entry in enumerate(entries, start=1)
        if any(find(unicodedata.normalize("NFC", entry.id)))
    }


def _redactor(dossier: Dossier, placeholder: str) -> _Redactor:
    in_sentences, in_addresses = finders(names_of(dossier), _public_words(dossier))
    return _Redactor(in_sentences, in_addresses, placeholder, _renamed(dossier, in_addresses))


def _redacted(entry: _Entry, redactor: _Redactor) -> _Entry:
    """Take names out of every text field; codes, dates and hashes hold none and stay."""
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, tuple):
            changed[field.name] = _references(value, redactor)
        elif type(value) is str and value in redactor.ids:
            changed[field.name] = redactor.ids[value]
        elif field.name not in _KEPT and field.name != "id" and type(value) is str and value:
            changed[field.name] = redactor.address(value) if field.name in _ADDRESSES else redactor.text(value)
    return replace(entry, **changed)


def _references(ids: tuple[Any, ...], redactor: _Redactor) -> tuple[Any, ...]:
    return tuple(redactor.ids.get(one, one) for one in ids)


def _redacted_value(value: Value, kind: Kind | None, redactor: _Redactor) -> Value:
    if isinstance(value, tuple):
        return _references(value, redactor)
    if not isinstance(value, str) or kind is None:
        return value
    return redactor.address(value) if kind is Kind.URL else redactor.text(value)


def _redacted_answer(answer: Answer, redactor: _Redactor, kinds: Mapping[str, Kind]) -> Answer:
    content, key = answer.content, answer.key
    # A place this version of the instrument does not have may hold anything.
    kind = kinds.get(_field_name(key.address), Kind.TEXT)
    kept = replace(
        content,
        value=_redacted_value(content.value, kind if kind in _TYPED else None, redactor),
        reason=redactor.text(content.reason),
        note=redactor.text(content.note),
        evidence=_references(content.evidence, redactor),
    )
    respondent = redactor.ids.get(key.respondent, key.respondent)
    return replace(answer, key=replace(key, respondent=respondent), author="", content=kept)


def _field_name(address: Address) -> str:
    return f"{address.question}/{address.column}"


def _kinds(dossier: Dossier) -> dict[str, Kind]:
    """Return the form of answer that questions and columns take, by "question/column"."""
    questions = tuple(dossier.instrument.questions())
    kinds = {_field_name(Address(question.id)): question.kind for question in questions}
    return kinds | {
        _field_name(Address(question.id, column=column.id)): column.kind
        for question in questions
        for column in question.columns
    }


def _mission_without_names(mission: Mission, redactor: _Redactor) -> Mission:
    plain = replace(mission, team=(), reviewed_by="", validated_by="")
    return _redacted(plain, redactor)


def _returned_without_names(entry: ReturnedFile, redactor: _Redactor) -> ReturnedFile:
    # A revision names the computer that made it.
    unplaced = tuple(map(redactor.text, entry.unplaced))
    plain = replace(entry, person="", undone_by="", revisions=(), unplaced=unplaced)
    return _redacted(plain, redactor)


def _kept_without_names(entry: KeptAnswer, redactor: _Redactor) -> KeptAnswer:
    return _redacted(replace(entry, author="", value=redactor.text(entry.value)), redactor)


def _without(dossier: Dossier, redactor: _Redactor) -> Dossier:
    kinds = _kinds(dossier)
    people = tuple(_redacted(replace(person, name="", contact=""), redactor) for person in dossier.people)
    agencies = tuple(_redacted(replace(agency, contact=""), redactor) for agency in dossier.agencies)
    answers = (_redacted_answer(answer, redactor, kinds) for answer in dossier.answers)
    return replace(
        dossier,
        mission=_mission_without_names(dossier.mission, redactor),
        answers=tuple(sorted(answers, key=lambda answer: answer.key) if redactor.ids else answers),
        agencies=agencies,
        people=people,
        meetings=tuple(_redacted(meeting, redactor) for meeting in dossier.meetings),
        sources=tuple(_redacted(source, redactor) for source in dossier.sources),
        evidence=tuple(_redacted(entry, redactor) for entry in dossier.evidence),
        actions=tuple(_redacted(action, redactor) for action in dossier.actions),
        ratings=tuple(_redacted(rating, redactor) for rating in dossier.ratings),
        remarks=tuple(_redacted(replace(remark, author=""), redactor) for remark in dossier.remarks),
        returns=tuple(_returned_without_names(entry, redactor) for entry in dossier.returns),
        kept=tuple(_kept_without_names(entry, redactor) for entry in dossier.kept),
        previous=_without(dossier.previous, redactor) if dossier.previous else None,
    )


def without_names(dossier: Dossier, placeholder: str) -> Dossier:
    """Return the same dossier with no person's name in it; ``placeholder`` stands where a text named one."""
    return _without(dossier, _redactor(dossier, placeholder))
