"""The items of a dossier's JSON, each read by itself: answers, register entries, documents."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State, clean_text
from capacity_app.domain.assessment import REGISTERS, Entry
from capacity_app.domain.moments import utc
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, reason_of
from capacity_app.services.attachments import check_document
from capacity_app.services.registers import clean_entry

UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What decoding a stranger's text can raise."""


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    """An answer as it stands in the text."""

    question: str
    state: State
    row: str = ""
    column: str = ""
    layer: Layer = Layer.RESPONSE
    respondent: str = ""
    value: int | str | list[str] | None = None
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    author: str = ""
    time: str = ""
    language: str = ""


class _AnswerAndMore(_Answer, forbid_unknown_fields=False):
    """The same, whatever else there is."""


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """One item of the list of answers; ``answer`` is None where it could not be read."""

    place: str
    answer: Answer | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One item of a register; ``entry`` is None where it could not be read."""

    place: str
    register: str
    entry: Entry | None
    problem: Problem | None = None


def problem_of(code: str, place: str, message: str, **values: str) -> Problem:
    return Problem(f"dossier.{code}", place, message, values=tuple(values.items()))


def warning_of(code: str, place: str, message: str, **values: str) -> Problem:
    """Make a warning about one item of a dossier; the item is taken over."""
    return replace(problem_of(code, place, message, **values), severity=Severity.WARNING)


def read_answers(items: Iterable[msgspec.Raw]) -> Iterator[ReadAnswer]:
    """Read answers, one result for each item; of several for one place and voice the first counts.

    The others are nothing, without a problem of their own: there may be any number of them.
    """
    seen: set[AnswerKey] = set()
    for number, item in enumerate(items):
        read = _answer(f"answers[{number}]", item)
        if read.answer and read.answer.key in seen:
            read = ReadAnswer(read.place, None)
        elif read.answer:
            seen.add(read.answer.key)
        yield read


def _answer(place: str, item: msgspec.Raw) -> ReadAnswer:
    problem = None
    try:
        raw: _Answer = msgspec.json.decode(item, type=_Answer)
    except UNREADABLE as error:
        message = N_("Part of this answer is not known and was left out: {reason}.")
        problem = warning_of("answer", place, message, reason=reason_of(error))
        try:
            raw = msgspec.json.decode(item, type=_AnswerAndMore)
        except UNREADABLE as worse:
            message = N_("This answer cannot be read: {reason}.")
            return ReadAnswer(place, None, problem_of("answer", place, message, reason=reason_of(worse)))
    answer = _domain_answer(raw)
    place = f"{place}, {answer.key.address}"
    if raw.time and not answer.time and not problem:
        message = N_("The time “{time}” cannot be read and was left out.")
        problem = warning_of("time", place, message, time=clean_text(raw.time)[:80])
    return ReadAnswer(place, answer, problem)


def _domain_answer(raw: _Answer) -> Answer:
    address = Address(clean_text(raw.question), clean_text(raw.row), clean_text(raw.column))
    value = tuple(raw.value) if isinstance(raw.value, list) else raw.value
    content = Content(state=raw.state, value=value, reason=raw.reason, note=raw.note, evidence=raw.evidence)
    return Answer(
        key=AnswerKey(address, raw.layer, raw.respondent),
        content=content,
        author=clean_text(raw.author)[:500],
        time=utc(raw.time),
        language=clean_text(raw.language)[:35],
    )


def read_entries(register: str, items: Iterable[msgspec.Raw]) -> Iterator[ReadEntry]:
    """Read a register's entries, one result for each item; of several with one id the first counts, as with answers."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        read = read_entry(register, f"{register}[{number}]", item)
        if read.entry and read.entry.id in seen:
            read = ReadEntry(read.place, register, None)
        elif read.entry:
            seen.add(read.entry.id)
        yield read


def read_entry(register: str, place: str, item: msgspec.Raw) -> ReadEntry:
    """Read one register entry; what is missing takes its default."""
    shape: Any = REGISTERS[register]
    try:
        names = msgspec.json.decode(item, type=dict[str, msgspec.Raw]).keys()
        entry, problem = clean_entry(msgspec.json.decode(item, type=shape))
    except UNREADABLE as error:
        message = N_("This entry cannot be read: {reason}.")
        return ReadEntry(place, register, None, problem_of("entry", place, message, reason=reason_of(error)))
    if problem:
        return ReadEntry(place, register, None, problem)
    more = ", ".join(sorted(names - {known.name for known in fields(shape)}))
    if more:
        message = N_("Part of this entry is not known and was left out: {reason}.")
        problem = warning_of("entry", place, message, reason=clean_text(more)[:200])
    return ReadEntry(place, register, entry, problem)


def read_documents(
    found: Mapping[str, str], names: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[str, bytes]]:
    """Read documents whose bytes, hash and name agree; ``names`` are the evidence's file names by hash."""
    for digest, text in found.items():
        try:
            yield digest, _document(digest, text, names)
        except KnownError as error:
            place = f"documents, {clean_text(digest)[:64]}"
            problems.append(problem_of("document", place, error.message, **error.values))


def _document(digest: str, text: str, names: Mapping[str, str]) -> bytes:
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
