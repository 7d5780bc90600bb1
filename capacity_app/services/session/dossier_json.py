"""A whole assessment as one JSON text: documented, complete, language-free, the same every time.

The keys of the outermost object::

    format          "capacity-app dossier"
    format_version  1
    id              the assessment's UUID
    instrument      the questionnaire without the texts for the officer; instrument_hash is the SHA-256 of its
                    canonical text
    mission         country, round, visit: every field of the mission
    answers         [{"question", "row"?, "column"?, "layer", "respondent", "state", "value", "reason", "note",
                      "evidence", "author", "time", "language"}], sorted
    agencies, people, meetings, validations, sources, evidence, actions, ratings, remarks, returns, kept
                    lists of entries with an "id", in the order they were made
    documents       held documents in base64, by their SHA-256
    previous        the previous round in the same form, or null
    content_hash    SHA-256 of the whole content, see ``domain.content_hash``

Keys are sorted, texts are NFC, times UTC. Reading takes what it can and lists the rest.
"""

import base64
import binascii
import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
    clean_text,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS, Evidence, Mission, RegisterEntry, ReturnedFile
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import to_utc
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity, short_reason
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, lay_out, lay_out_dossier
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.services.session.entries_and_documents import check_document, clean_entry, is_valid_id
from capacity_app.services.session.revision_log import check_answer
from capacity_app.storage.assessment_file import PreviousRound

# The items of a dossier's JSON, each read by itself: answers, register entries, documents.

DECODING_ERRORS = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What decoding a stranger's text can raise."""


class _JsonAnswer(msgspec.Struct, forbid_unknown_fields=True):
    question: str
    state: AnswerState
    row: str = ""
    column: str = ""
    layer: AnswerLayer = AnswerLayer.RESPONSE
    respondent: str = ""
    value: int | str | list[str] | None = None
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    author: str = ""
    time: str = ""
    language: str = ""


class _LenientJsonAnswer(_JsonAnswer, forbid_unknown_fields=False):
    """The same, whatever else there is."""


@dataclass(frozen=True, slots=True)
class ReadAnswerItem:
    """One item of the list of answers; ``answer`` is None where it could not be read."""

    place: str
    answer: Answer | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ReadEntryItem:
    """One item of a register; ``entry`` is None where it could not be read."""

    place: str
    register: str
    entry: RegisterEntry | None
    problem: Problem | None = None


def dossier_problem(code: str, place: str, message: str, **values: str) -> Problem:
    return Problem(f"dossier.{code}", place, message, values=tuple(values.items()))


def dossier_warning(code: str, place: str, message: str, **values: str) -> Problem:
    """Make a warning about one item of a dossier; the item is taken over."""
    return replace(dossier_problem(code, place, message, **values), severity=ProblemSeverity.WARNING)


def read_answers(items: Iterable[msgspec.Raw]) -> Iterator[ReadAnswerItem]:
    """Read answers, one result for each item; of several for one place and voice the first counts.

    The others are nothing, without a problem of their own: there may be any number of them.
    """
    seen: set[AnswerKey] = set()
    for number, item in enumerate(items):
        read = _read_answer(f"answers[{number}]", item)
        if read.answer and read.answer.key in seen:
            read = ReadAnswerItem(read.place, None)
        elif read.answer:
            seen.add(read.answer.key)
        yield read


def _read_answer(place: str, item: msgspec.Raw) -> ReadAnswerItem:
    problem = None
    try:
        raw: _JsonAnswer = msgspec.json.decode(item, type=_JsonAnswer)
    except DECODING_ERRORS as error:
        message = N_("Part of this answer is not known and was left out: {reason}.")
        problem = dossier_warning("answer", place, message, reason=short_reason(error))
        try:
            raw = msgspec.json.decode(item, type=_LenientJsonAnswer)
        except DECODING_ERRORS as worse:
            message = N_("This answer cannot be read: {reason}.")
            return ReadAnswerItem(place, None, dossier_problem("answer", place, message, reason=short_reason(worse)))
    answer = _domain_answer(raw)
    place = f"{place}, {answer.key.address}"
    if raw.time and not answer.time and not problem:
        message = N_("The time “{time}” cannot be read and was left out.")
        problem = dossier_warning("time", place, message, time=clean_text(raw.time)[:80])
    return ReadAnswerItem(place, answer, problem)


def _domain_answer(raw: _JsonAnswer) -> Answer:
    address = Address(clean_text(raw.question), clean_text(raw.row), clean_text(raw.column))
    value = tuple(raw.value) if isinstance(raw.value, list) else raw.value
    content = Content(state=raw.state, value=value, reason=raw.reason, note=raw.note, evidence=raw.evidence)
    return Answer(
        key=AnswerKey(address, raw.layer, raw.respondent),
        content=content,
        author=clean_text(raw.author)[:500],
        time=to_utc(raw.time),
        language=clean_text(raw.language)[:35],
    )


def read_entries(register: str, items: Iterable[msgspec.Raw]) -> Iterator[ReadEntryItem]:
    """Read a register's entries, one result for each item; of several with one id the first counts, as with answers."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        read = read_entry(register, f"{register}[{number}]", item)
        if read.entry and read.entry.id in seen:
            read = ReadEntryItem(read.place, register, None)
        elif read.entry:
            seen.add(read.entry.id)
        yield read


def read_entry(register: str, place: str, item: msgspec.Raw) -> ReadEntryItem:
    shape: Any = REGISTERS[register]
    try:
        names = msgspec.json.decode(item, type=dict[str, msgspec.Raw]).keys()
        entry, problem = clean_entry(msgspec.json.decode(item, type=shape))
    except DECODING_ERRORS as error:
        message = N_("This entry cannot be read: {reason}.")
        return ReadEntryItem(
            place, register, None, dossier_problem("entry", place, message, reason=short_reason(error))
        )
    if problem:
        return ReadEntryItem(place, register, None, problem)
    more = ", ".join(sorted(names - {known.name for known in fields(shape)}))
    if more:
        message = N_("Part of this entry is not known and was left out: {reason}.")
        problem = dossier_warning("entry", place, message, reason=clean_text(more)[:200])
    return ReadEntryItem(place, register, entry, problem)


def read_documents(
    found: Mapping[str, str], names: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[str, bytes]]:
    """Read documents whose bytes, hash and name agree; ``names`` are the evidence's file names by hash."""
    for digest, text in found.items():
        try:
            yield digest, _decode_document(digest, text, names)
        except KnownError as error:
            place = f"documents, {clean_text(digest)[:64]}"
            problems.append(dossier_problem("document", place, error.message, **error.values))


def _decode_document(digest: str, text: str, names: Mapping[str, str]) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise KnownError(N_("This document is damaged and was left out.")) from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise KnownError(N_("This document was changed and was left out."))
    if digest not in names:
        raise KnownError(N_("This document belongs to no evidence and was left out."))
    check_document(names[digest], content)
    return content


# Writing a dossier as JSON: keys sorted, texts NFC, times UTC, so that equal dossiers give equal texts.

DOSSIER_FORMAT = "capacity-app dossier"
DOSSIER_FORMAT_VERSION = 1


def dossier_to_json(dossier: Dossier, documents: Mapping[str, bytes]) -> str:
    """Write a dossier and the documents it holds as JSON, the same wherever it is written."""
    plain = _plain_dossier(dossier) | {
        "format": DOSSIER_FORMAT,
        "format_version": DOSSIER_FORMAT_VERSION,
        "content_hash": dossier.content_hash,
        "documents": {digest: base64.b64encode(content).decode() for digest, content in documents.items()},
    }
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1).decode() + "\n"


def _plain_dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.id,
        "instrument": msgspec.Raw(encode_instrument(dossier.instrument.without_officer_texts()).encode()),
        "instrument_hash": dossier.instrument.content_hash,
        "mission": _plain_entry(dossier.mission),
        "answers": [_plain_answer(answer) for answer in dossier.answers],
        "previous": _plain_dossier(dossier.previous) if dossier.previous else None,
    } | {name: [_plain_entry(entry) for entry in getattr(dossier, name)] for name in REGISTERS if name != "mission"}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain_value(value: object) -> object:
    if isinstance(value, str):
        return _nfc(value)
    return [_plain_value(part) for part in value] if isinstance(value, tuple) else value


def _plain_answer(answer: Answer) -> dict[str, object]:
    address, content = answer.key.address, answer.content
    place = {"question": address.question, "row": address.row, "column": address.column}
    return {name: part for name, part in place.items() if part} | {
        "layer": answer.key.layer.value,
        "respondent": _nfc(answer.key.respondent),
        "state": content.state.value,
        "value": _plain_value(content.value),
        "reason": _nfc(content.reason),
        "note": _nfc(content.note),
        "evidence": _plain_value(content.evidence),
        "author": _nfc(answer.author),
        "time": to_utc(answer.time),
        "language": answer.language,
    }


def _plain_entry(entry: RegisterEntry) -> dict[str, object]:
    return {field.name: _plain_value(getattr(entry, field.name)) for field in fields(entry)}


# Reading a dossier's JSON from anybody: every part by itself, so that one mistake does not cost the rest.

MAX_PREVIOUS_ROUNDS = 10
"""Previous rounds inside previous rounds."""
MAX_ITEMS = 100_000
"""Answers, or entries of one register, in one dossier: a hundred agencies that answer a thousand questions."""
TOO_MANY_ITEMS = N_(
    "This dossier holds {count} items in “{name}”, and no assessment has more than {most}. The program did not read it."
)
_JsonObject = dict[str, msgspec.Raw]
_T = TypeVar("_T")
_KNOWN_KEYS = frozenset(
    {
        "format",
        "format_version",
        "id",
        "instrument",
        "content_hash",
        "instrument_hash",
        "answers",
        "documents",
        "previous",
        "signature",
        *REGISTERS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDossier:
    """What a text says, item by item, before anything is checked against an instrument.

    ``problems`` are those of no single item. ``instrument`` is None if it cannot be used. ``answers_in`` counts
    what stands in the list of answers. ``content_hash`` is as the file says, empty in files made up to version 0.6.
    """

    id: str
    instrument: Instrument | None
    answers_in: int = 0
    answers: tuple[ReadAnswerItem, ...] = ()
    entries: tuple[ReadEntryItem, ...] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)
    previous: Dossier | None = None
    content_hash: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def mission(self) -> Mission:
        """The mission, empty if there is none."""
        return next((item.entry for item in self.entries if isinstance(item.entry, Mission)), Mission())


def dossier_from_json(
    text: str, known: Mapping[str, Instrument] = MappingProxyType({})
) -> tuple[Dossier, dict[str, bytes], tuple[Problem, ...]]:
    """Read a dossier and its documents; what cannot be read or is out of range is left out and listed.

    ``known`` are instruments already read and checked, by their hash: one of them is taken instead of reading and
    checking the same again. Raises KnownError if the text is no dossier, comes from a newer version, or has no usable
    instrument.
    """
    read = read_dossier(text, known)
    dossier, problems = assemble_dossier(read)
    return dossier, dict(read.documents), problems


def read_dossier(text: str, known: Mapping[str, Instrument] = MappingProxyType({})) -> ReadDossier:
    """Read item by item; raises KnownError if the text is no dossier or comes from a newer version."""
    top = _decode(text)
    problems: list[Problem] = []
    if _read_part(top, "format", str, "", problems) != DOSSIER_FORMAT:
        raise KnownError(N_("This is not a dossier of this program: choose a file that “export” wrote."))
    if _read_part(top, "format_version", int, 0, problems) > DOSSIER_FORMAT_VERSION:
        raise KnownError(N_("This dossier was made by a newer version of this program: install it to read the file."))
    return _read_object(top, problems, 0, known)


def _decode(text: str) -> _JsonObject:
    try:
        return msgspec.json.decode(text, type=_JsonObject)
    except DECODING_ERRORS as error:
        message = N_("This file is not a JSON dossier, or it is not complete ({reason}). Ask for it again.")
        raise KnownError(message, reason=short_reason(error)) from error


def _read_part(top: _JsonObject, name: str, shape: type[_T], default: _T, problems: list[Problem]) -> _T:
    """Read one value of the outermost object, or note why not."""
    if name not in top:
        return default
    try:
        return msgspec.json.decode(top[name], type=shape)
    except DECODING_ERRORS as error:
        problems.append(
            dossier_problem(
                "part", name, N_("“{name}” cannot be read: {reason}."), name=name, reason=short_reason(error)
            )
        )
        return default


def _read_object(top: _JsonObject, problems: list[Problem], depth: int, known: Mapping[str, Instrument]) -> ReadDossier:
    for name in sorted(top.keys() - _KNOWN_KEYS):
        message = N_("“{name}” is not known and was left out.")
        problems.append(dossier_warning("key", clean_text(name)[:80], message, name=clean_text(name)[:80]))
    instrument = known.get(_read_part(top, "instrument_hash", str, "", [])) or _read_instrument(top, problems)
    previous = _read_previous(top, problems, depth, known)
    answers = _read_items(top, "answers", problems)
    read = tuple(read_answers(answers))
    entries = tuple(_all_entries(top, problems))
    problems.extend(_repeated(read, entries))
    holding = (item.entry for item in entries if isinstance(item.entry, Evidence | ReturnedFile))
    names = {entry.document: entry.file_name for entry in holding}
    documents = dict(read_documents(_read_part(top, "documents", dict[str, str], {}, problems), names, problems))
    return ReadDossier(
        id=_read_id(_read_part(top, "id", str, "", problems), problems),
        instrument=instrument,
        answers_in=len(answers),
        answers=read,
        entries=entries,
        documents=documents,
        previous=previous,
        content_hash=_read_part(top, "content_hash", str, "", problems),
        problems=tuple(problems),
    )


def _read_id(found: str, problems: list[Problem]) -> str:
    if is_valid_id(found):
        return found
    problems.append(dossier_warning("id", "id", N_("The assessment has no usable id.")))
    return ""


def _read_instrument(top: _JsonObject, problems: list[Problem]) -> Instrument | None:
    if "instrument" not in top:
        problems.append(dossier_problem("instrument", "instrument", N_("The file holds no questionnaire.")))
        return None
    try:
        instrument = decode_instrument(bytes(top["instrument"]).decode())
    except KnownError as error:
        problems.append(dossier_problem("instrument", "instrument", error.message, **error.values))
        return None
    from capacity_app.questionnaires.checks import instrument_problems  # noqa: PLC0415 - opening a file needs it not

    is_usable = _can_be_scored(instrument)
    severity = ProblemSeverity.WARNING if is_usable else ProblemSeverity.ERROR
    problems.extend(replace(mistake, severity=severity) for mistake in instrument_problems(instrument))
    if not is_usable:
        problems.append(
            dossier_problem("instrument", "instrument", N_("The parts of the questionnaire do not fit together."))
        )
        return None
    digest = _read_part(top, "instrument_hash", str, "", problems)
    if digest and digest not in instrument.hashes:
        message = N_("The questionnaire was changed after the file was written.")
        problems.append(dossier_warning("hash", "instrument", message))
    return instrument


def _can_be_scored(instrument: Instrument) -> bool:
    """Try it out: an author's slips (a missing suggestion) may stay, what breaks the arithmetic may not."""
    try:
        sheet = lay_out(instrument, {})
        score_sheet(sheet)
        find_gaps(sheet)
    except (LookupError, ValueError, TypeError, ArithmeticError, AssertionError, RecursionError):
        return False
    return True


def _read_previous(
    top: _JsonObject, problems: list[Problem], depth: int, known: Mapping[str, Instrument]
) -> Dossier | None:
    inner = _read_part(top, "previous", _JsonObject | None, None, problems)  # type: ignore[arg-type]
    if inner is None:
        return None
    if depth == MAX_PREVIOUS_ROUNDS:
        problems.append(
            dossier_problem("rounds", "previous", N_("Only {most} previous rounds are read."), most=str(depth))
        )
        return None
    try:
        dossier, found = assemble_dossier(_read_object(inner, [], depth + 1, known))
    except KnownError as error:
        problems.append(dossier_problem("previous", "previous", error.message, **error.values))
        return None
    problems.extend(replace(problem, place=f"previous, {problem.place}") for problem in found)
    return dossier


def _all_entries(top: _JsonObject, problems: list[Problem]) -> Iterator[ReadEntryItem]:
    if "mission" in top:
        yield read_entry("mission", "mission", top["mission"])
    for register in REGISTERS:
        if register != "mission":
            yield from read_entries(register, _read_items(top, register, problems))


def _read_items(top: _JsonObject, name: str, problems: list[Problem]) -> list[msgspec.Raw]:
    """Read a list of items; raises KnownError if there are more than any assessment has."""
    found = _read_part(top, name, list[msgspec.Raw], [], problems)
    if len(found) > MAX_ITEMS:
        raise KnownError(TOO_MANY_ITEMS, name=name, count=str(len(found)), most=str(MAX_ITEMS))
    return found


def _repeated(answers: Sequence[ReadAnswerItem], entries: Sequence[ReadEntryItem]) -> Iterator[Problem]:
    """Say once of all items that repeat another one that they do."""
    repeats = Counter("answers" for item in answers if not (item.answer or item.problem))
    repeats.update(item.register for item in entries if not (item.entry or item.problem))
    for name, count in repeats.items():
        message = N_("In “{name}” are items that repeat an earlier one: {count}. The earlier one counts.")
        yield dossier_problem("twice", name, message, name=name, count=str(count))


def assemble_dossier(read: ReadDossier) -> tuple[Dossier, tuple[Problem, ...]]:
    """Put the items together and check the answers against the instrument they came with; raises KnownError."""
    if read.instrument is None:
        first = next((problem for problem in read.problems if problem.severity is ProblemSeverity.ERROR), None)
        reason = first.text() if first else ""
        raise KnownError(N_("The questionnaire in this file cannot be used: {reason}"), reason=reason)
    problems = list(read.problems)
    problems += [item.problem for item in read.answers if item.problem]
    problems += [item.problem for item in read.entries if item.problem]
    answers: list[Answer] = []
    for item in read.answers:
        if item.answer is None:
            continue
        answer, problem = check_answer(read.instrument, item.answer)
        if problem:
            problems.append(problem)
        elif not answer.content.is_empty:
            answers.append(answer)
    registers: dict[str, Any] = {
        name: tuple(item.entry for item in read.entries if item.register == name and item.entry)
        for name in REGISTERS
        if name != "mission"
    }
    dossier = Dossier(
        id=read.id,
        instrument=read.instrument,
        mission=read.mission,
        answers=tuple(sorted(answers, key=lambda answer: answer.key)),
        previous=read.previous,
        **registers,
    )
    return dossier, tuple(problems)


# The previous round that an assessment is compared with, kept as text until somebody looks at it.


@dataclass(frozen=True)
class StoredPreviousRound:
    """A previous round as stored, ``None`` if there never was one; mostly it answered the instrument of this one."""

    stored: PreviousRound | None
    current: Instrument

    @cached_property
    def dossier(self) -> Dossier | None:
        """The previous round; raises KnownError if its text cannot be read."""
        if self.stored is None or self.stored.content is None:
            return None
        dossier, _, _ = dossier_from_json(self.stored.content, {self.current.content_hash: self.current})
        return dossier

    @cached_property
    def sheet(self) -> AnswerSheet | None:
        """The previous round laid out, None if there is none; raises KnownError if its text cannot be read."""
        return lay_out_dossier(self.dossier) if self.dossier else None
