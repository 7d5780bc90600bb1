"""What may leave the laptop: the profiles of a report, and a dossier without the names of persons.

Roles remain; known names are taken out of every text.
Free text may name anybody; what can be known are the people of the register, the team, the authors and
those who reviewed or validated. Their names go wherever they occur, alone or in parts, together with
every e-mail address and every contact.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from capacity_app.domain.answers import Answer, Value
from capacity_app.domain.assessment import Entry, Mission
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Kind

SHORTEST_PART = 3
"""Letters a single word of a name must have to be taken out by itself; initials occur in ordinary words."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TITLE_OR_OFFICE = re.compile(r"[,(;]")
"""Where a name ends and an office begins: "Hanna Brandt, UNSD", "Marta Ferrand (UNPD)"."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_KEPT = frozenset({"id", "document", "media_type"})
_TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL})


class Profile(StrEnum):
    """What a report leaves out: nothing, every score, or every person's name."""

    FULL = "full"
    NO_SCORES = "no-scores"
    NO_NAMES = "no-names"


Redact = Callable[[str], str]
_Entry = TypeVar("_Entry", bound=Entry)


def _bare(names: Iterable[str]) -> set[str]:
    return {_TITLE_OR_OFFICE.split(name)[0].strip() for name in names} - {""}


def _rounds(dossier: Dossier) -> tuple[Dossier, ...]:
    return (dossier, *_rounds(dossier.previous)) if dossier.previous else (dossier,)


def _signatures(dossier: Dossier) -> set[str]:
    mission = dossier.mission
    return _bare({mission.reviewed_by, mission.validated_by, *(answer.author for answer in dossier.answers)})


def names_of(dossier: Dossier) -> tuple[str, ...]:
    """Give every person's name the dossier and its earlier rounds know, longest first.

    Who answered, reviewed or validated is named too, unless it is an office ("Director General") that signed.
    """
    rounds = _rounds(dossier)
    offices = " | ".join(person.position for one in rounds for person in one.people).casefold()
    signed = {name for one in rounds for name in _signatures(one) if name.casefold() not in offices}
    listed = _bare(name for one in rounds for name in (*(person.name for person in one.people), *one.mission.team))
    return tuple(sorted(signed | listed, key=lambda name: (-len(name), name)))


def _public_words(dossier: Dossier) -> frozenset[str]:
    """Collect words that name agencies and the country: a person called Jordan must not erase it."""
    mission = dossier.mission
    public = [mission.country_name, mission.round, mission.project, dossier.instrument.title]
    public += [text for agency in dossier.agencies for text in (agency.name, agency.short)]
    return frozenset(word for text in public for word in _WORD.findall(text))


def _pattern(names: Iterable[str], public: frozenset[str]) -> re.Pattern[str] | None:
    wholes = [re.escape(name) for name in names]
    words = {word for name in names for word in _WORD.findall(name)}
    parts = sorted(
        (w for w in words - public if len(w) >= SHORTEST_PART and w[0].isupper()), key=lambda w: (-len(w), w)
    )
    if not wholes:
        return None
    singles = "|".join(re.escape(part) for part in parts)
    either = "|".join(f"(?i:{whole})" for whole in wholes) + (f"|{singles}" if singles else "")
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _redactor(dossier: Dossier, placeholder: str) -> Redact:
    pattern = _pattern(names_of(dossier), _public_words(dossier))

    def redact(text: str) -> str:
        text = _MAIL.sub(placeholder, text)
        return pattern.sub(placeholder, text) if pattern else text

    return redact


def _redacted(entry: _Entry, redact: Redact) -> _Entry:
    """Take names out of every text field; ids, codes, dates and hashes hold none and stay."""
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if field.name not in _KEPT and type(value) is str and value:
            changed[field.name] = redact(value)
    return replace(entry, **changed)


def _redacted_value(value: Value, redact: Redact) -> Value:
    return redact(value) if isinstance(value, str) else value


def _redacted_answer(answer: Answer, redact: Redact, typed: frozenset[str]) -> Answer:
    content = answer.content
    is_typed = f"{answer.key.address.question}/{answer.key.address.column}" in typed
    value = _redacted_value(content.value, redact) if is_typed else content.value
    kept = replace(content, value=value, reason=redact(content.reason), note=redact(content.note))
    return replace(answer, author="", content=kept)


def _typed_fields(dossier: Dossier) -> frozenset[str]:
    """Find the questions and columns that take free text, as "question/column"."""
    fields = [(question.id, "", question.kind) for question in dossier.instrument.questions()]
    fields += [(q.id, column.id, column.kind) for q in dossier.instrument.questions() for column in q.columns]
    return frozenset(f"{question}/{column}" for question, column, kind in fields if kind in _TYPED)


def _mission_without_names(mission: Mission, redact: Redact) -> Mission:
    plain = replace(mission, team=(), reviewed_by="", validated_by="")
    return _redacted(plain, redact)


def _without(dossier: Dossier, redact: Redact) -> Dossier:
    typed = _typed_fields(dossier)
    people = tuple(_redacted(replace(person, name="", contact=""), redact) for person in dossier.people)
    agencies = tuple(_redacted(replace(agency, contact=""), redact) for agency in dossier.agencies)
    return replace(
        dossier,
        mission=_mission_without_names(dossier.mission, redact),
        answers=tuple(_redacted_answer(answer, redact, typed) for answer in dossier.answers),
        agencies=agencies,
        people=people,
        meetings=tuple(_redacted(meeting, redact) for meeting in dossier.meetings),
        sources=tuple(_redacted(source, redact) for source in dossier.sources),
        evidence=tuple(_redacted(entry, redact) for entry in dossier.evidence),
        actions=tuple(_redacted(action, redact) for action in dossier.actions),
        ratings=tuple(_redacted(rating, redact) for rating in dossier.ratings),
        previous=_without(dossier.previous, redact) if dossier.previous else None,
    )


def without_names(dossier: Dossier, placeholder: str) -> Dossier:
    """Give the same dossier with no person's name in it; ``placeholder`` stands where a text named one."""
    return _without(dossier, _redactor(dossier, placeholder))
