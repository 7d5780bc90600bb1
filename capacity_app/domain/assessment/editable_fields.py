"""The texts of a Word report that come back: their marks, and what a returned file proposes for the assessment.

A mark names a field (a digest of its key) and the text it was printed with (a digest of it), so that a returned file
says by itself what was edited, whether or not the assessment has changed since.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, clean_text
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.duplicates import find_agency_by_name
from capacity_app.domain.assessment.merging import DifferenceVersion, DiffKind, MergeDifference
from capacity_app.domain.assessment.registers import Action, ActionProgress, Mission
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem

MESSAGES, COMMENTS = "mission/mission/main_messages", "mission/mission/authority_comments"
SENDER_AGENCY, SENDER_PERSON, SENDER_DATE = "sender/agency", "sender/person", "sender/date"
ACTION_FIELDS = ("title", "responsible", "start", "end", "amount", "currency")
FOLLOW_UP_FIELDS = ("progress", "end", "note")
"""What an agency is asked about its actions between two missions."""
POINT = "–"
_POINT_SIGNS = re.compile(r"^[-–•]\s*")
_KEY_DIGITS, _TEXT_DIGITS = 14, 12
_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069\ufeff"))
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_CURRENCY = re.compile(r"[A-Z]{3}")

NO_AGENCY = N_("“{said}” is not the name of one agency of this assessment.")
NO_DATE = N_("“{said}” is not a date in the form 2024-03-31.")
NO_AMOUNT = N_("“{said}” is not an amount.")
NO_PROGRESS = N_("“{said}” is not a status of an action.")
NO_CURRENCY = N_("“{said}” is not a currency of three letters, such as EUR.")
TWO_TEXTS = N_("The file says two different things in copies of this field.")
FIELD_ADVICE = N_("Enter it by hand.")


class Sender(Protocol):
    """Who sent a file back, and when."""

    @property
    def file(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def date(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedField:
    """An edited field of a Word file or follow-up workbook: digests of its mark, what it says now, and where."""

    key: str
    before: str
    text: str
    place: str = ""


def action_key(action_id: str, name: str) -> str:
    return f"actions/{action_id}/{name}"


def answer_key(address: str, respondent: str) -> str:
    return f"answer/{address}/{respondent}"


def published_key(entry_id: str) -> str:
    return f"published/{entry_id}"


def plain_lines(text: str) -> str:
    """Return a text as fields are compared: NFC, one space for white space, points with one sign, no empty lines."""
    lines = (" ".join(line.translate(_UNSEEN).split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(_POINT_SIGNS.sub(f"{POINT} ", line) for line in lines if line)


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def key_digest(key: str) -> str:
    return _digest(key, _KEY_DIGITS)


def text_digest(text: str) -> str:
    """Return the digest of a text without its white space: LibreOffice moves the line breaks of a control."""
    return _digest("".join(plain_lines(text).split()), _TEXT_DIGITS)


# -- what is proposed for the mission and the recommendations --------------------------------------------------------


class _UnreadableError(Exception):
    """A text that is no value of its field; ``args`` is the message id."""


def _stored_value(dossier: Dossier, name: str, text: str) -> str:
    """Return what a register keeps of a text; raises _UnreadableError."""
    if name in {"start", "end"} and text:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise _UnreadableError(NO_DATE) from None
    if name == "responsible" and text:
        if not (found := find_agency_by_name(dossier.agencies, text)):
            raise _UnreadableError(NO_AGENCY)
        return found
    if name == "progress":
        try:
            return ActionProgress(text)
        except ValueError:
            raise _UnreadableError(NO_PROGRESS) from None
    if name == "amount" and text:
        plain = re.sub(r"\s", "", text)
        try:
            return str(Decimal(plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain))
        except InvalidOperation:
            raise _UnreadableError(NO_AMOUNT) from None
    if name == "currency" and text and not _CURRENCY.fullmatch(text := text.upper()):
        raise _UnreadableError(NO_CURRENCY)
    return text


def _read_value(dossier: Dossier, name: str, one: ReturnedField) -> tuple[str, Problem | None]:
    """Return what a field says as a register keeps it, and what is wrong with it."""
    text = clean_text(one.text)
    if one.before == CONTRADICTING:
        return text, Problem("returned.field", one.place, TWO_TEXTS, FIELD_ADVICE)
    try:
        return _stored_value(dossier, name, text), None
    except _UnreadableError as error:
        return text, Problem("returned.field", one.place, str(error.args[0]), FIELD_ADVICE, (("said", text),))


def shown_value(dossier: Dossier, name: str, value: str) -> str:
    """Return what a field shows of a stored value: agencies by their names."""
    found = next((one for one in dossier.agencies if one.id == value), None) if name == "responsible" else None
    return (found.short or found.name) if found else value


def _targets(dossier: Dossier) -> Iterator[tuple[str, str, Mission | Action, str]]:
    yield key_digest(MESSAGES), "mission", dossier.mission, "main_messages"
    yield key_digest(COMMENTS), "mission", dossier.mission, "authority_comments"
    for action in dossier.actions:
        for name in dict.fromkeys((*ACTION_FIELDS, *FOLLOW_UP_FIELDS)):
            yield key_digest(action_key(action.id, name)), "actions", action, name


def entry_keys(dossier: Dossier) -> frozenset[str]:
    return frozenset(target[0] for target in _targets(dossier))


def entry_differences(
    dossier: Dossier, fields: Iterable[ReturnedField], source: Sender, *, is_foreign: bool
) -> Iterator[MergeDifference]:
    """Yield what edited fields, each given once, would change in the mission and in recommendations."""
    targets = {digest: (register, entry, name) for digest, register, entry, name in _targets(dossier)}
    for one in fields:
        if one.key not in targets:
            continue
        register, entry, name = targets[one.key]
        now = str(getattr(entry, name))
        value, problem = _read_value(dossier, name, one)
        if problem is None and plain_lines(value) == plain_lines(now):
            continue
        fate = DiffKind.NEW if not now else DiffKind.CHANGED if value else DiffKind.CLEARED
        is_moved = is_foreign or text_digest(shown_value(dossier, name, now)) != one.before
        changed = entry if problem else replace(entry, **{name: value})  # type: ignore[arg-type]
        yield MergeDifference(
            id=f"{register}/{entry.id}/{name}",
            fate=DiffKind.REFUSED if problem else fate,
            mine=DifferenceVersion(entry=entry),
            theirs=DifferenceVersion(entry=changed, author=source.person, time=source.date, file=source.file),
            register=register,
            entry_id=entry.id,
            field=name,
            is_contested=bool(now) and is_moved and problem is None,
            place=one.place,
            problem=problem,
        )


CONTRADICTING = "contradicting"


def edited_once(fields: Iterable[ReturnedField]) -> Iterator[ReturnedField]:
    """Yield each edited field once; one that was edited differently in copies says so instead of its digest."""
    known: dict[str, ReturnedField] = {}
    for one in fields:
        said = known.setdefault(one.key, one)
        if plain_lines(said.text) != plain_lines(one.text):
            known[one.key] = replace(said, before=CONTRADICTING, text=f"{said.text} | {one.text}")
    yield from known.values()


def answer_targets(dossier: Dossier, agency: str) -> dict[str, AnswerKey]:
    """Return the responses that a report may show as fields, by the digests of their marks."""
    keys = [one.key for one in dossier.answers if one.key.layer is AnswerLayer.RESPONSE]
    own = (AnswerKey(Address(question.id), respondent=agency) for question in dossier.instrument.questions())
    return {key_digest(answer_key(str(key.address), key.respondent)): key for key in (*own, *keys)}
