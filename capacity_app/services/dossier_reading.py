"""Reading a dossier's JSON from anybody: every part by itself, so that one mistake does not cost the rest."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

import msgspec

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State, clean_text
from capacity_app.domain.assessment import REGISTERS, Entry, Mission
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.gaps import all_gaps
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.scoring import score
from capacity_app.domain.sheet import lay_out
from capacity_app.instruments.checks import instrument_problems
from capacity_app.instruments.wire import content_hash, decode_instrument, encode_instrument
from capacity_app.services.dossier_writing import FORMAT, FORMAT_VERSION, utc
from capacity_app.services.registers import clean_entry, is_id
from capacity_app.services.revising import checked

ROUNDS_LIMIT = 10
"""Earlier rounds inside earlier rounds."""
_Top = dict[str, msgspec.Raw]
_T = TypeVar("_T")
_KNOWN_KEYS = frozenset(
    {"format", "format_version", "id", "instrument", "instrument_hash", "answers", "documents", "previous", *REGISTERS}
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDossier:
    """What a text says, item by item, before anything is checked against an instrument.

    ``problems`` are those of no single item. ``instrument`` is None if it cannot be used.
    """

    id: str
    instrument: Instrument | None
    answers: tuple[ReadAnswer, ...] = ()
    entries: tuple[ReadEntry, ...] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)
    previous: Dossier | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def mission(self) -> Mission:
        """The mission, empty if there is none."""
        return next((item.entry for item in self.entries if isinstance(item.entry, Mission)), Mission())


def dossier_from_json(text: str) -> tuple[Dossier, dict[str, bytes], tuple[Problem, ...]]:
    """Read a dossier and its documents; what cannot be read or is out of range is left out and listed.

    Raises KnownError if the text is no dossier, comes from a newer version, or has no usable instrument.
    """
    read = read_dossier(text)
    dossier, problems = _dossier(read)
    return dossier, dict(read.documents), problems


def read_dossier(text: str) -> ReadDossier:
    """Read item by item; raises KnownError if the text is no dossier or comes from a newer version."""
    top = _decoded(text)
    problems: list[Problem] = []
    if _part(top, "format", str, "", problems) != FORMAT:
        raise KnownError(N_("This is not a dossier of this program: choose a file that “export” wrote."))
    if _part(top, "format_version", int, 0, problems) > FORMAT_VERSION:
        raise KnownError(N_("This dossier was made by a newer version of this program: install it to read the file."))
    return _read(top, problems, 0)


def _decoded(text: str) -> _Top:
    try:
        return msgspec.json.decode(text, type=_Top)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        message = N_("This file is no JSON dossier or was cut off ({reason}): ask for it again.")
        raise KnownError(message, reason=str(error)) from error


def _problem(code: str, place: str, message: str, **values: str) -> Problem:
    return Problem(f"dossier.{code}", place, message, values=tuple(values.items()))


def _warning(code: str, place: str, message: str, **values: str) -> Problem:
    return replace(_problem(code, place, message, **values), severity=Severity.WARNING)


def _part(top: _Top, name: str, shape: type[_T], default: _T, problems: list[Problem]) -> _T:
    """Read one value of the outermost object, or note why not."""
    if name not in top:
        return default
    try:
        return msgspec.json.decode(top[name], type=shape)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        problems.append(_problem("part", name, N_("“{name}” cannot be read: {reason}."), name=name, reason=str(error)))
        return default


def _read(top: _Top, problems: list[Problem], depth: int) -> ReadDossier:
    for name in sorted(top.keys() - _KNOWN_KEYS):
        message = N_("“{name}” is not known and was left out.")
        problems.append(_warning("key", clean_text(name)[:80], message, name=clean_text(name)[:80]))
    instrument = _instrument(top, problems)
    previous = _previous(top, problems, depth)
    answers = tuple(_answers(_part(top, "answers", list[msgspec.Raw], [], problems)))
    entries = tuple(_all_entries(top, problems))
    documents = dict(_documents(_part(top, "documents", dict[str, str], {}, problems), problems))
    return ReadDossier(
        id=_id(_part(top, "id", str, "", problems), problems),
        instrument=instrument,
        answers=answers,
        entries=entries,
        documents=documents,
        previous=previous,
        problems=tuple(problems),
    )


def _id(found: str, problems: list[Problem]) -> str:
    if is_id(found):
        return found
    problems.append(_warning("id", "id", N_("The assessment has no usable id.")))
    return ""


def _instrument(top: _Top, problems: list[Problem]) -> Instrument | None:
    if "instrument" not in top:
        problems.append(_problem("instrument", "instrument", N_("The file holds no instrument.")))
        return None
    try:
        instrument = decode_instrument(bytes(top["instrument"]).decode())
    except KnownError as error:
        problems.append(_problem("instrument", "instrument", error.message, **error.values))
        return None
    is_usable = _can_be_scored(instrument)
    severity = Severity.WARNING if is_usable else Severity.ERROR
    problems.extend(replace(mistake, severity=severity) for mistake in instrument_problems(instrument))
    if not is_usable:
        problems.append(_problem("instrument", "instrument", N_("The parts of the instrument do not fit together.")))
        return None
    digest = _part(top, "instrument_hash", str, "", problems)
    if digest and digest != content_hash(encode_instrument(instrument)):
        message = N_("The instrument was changed after the file was written.")
        problems.append(_warning("hash", "instrument", message))
    return instrument


def _can_be_scored(instrument: Instrument) -> bool:
    """Try it out: an author's slips (a missing suggestion) may stay, what breaks the arithmetic may not."""
    try:
        sheet = lay_out(instrument, {})
        score(sheet)
        all_gaps(sheet)
    except (LookupError, ValueError, TypeError, ArithmeticError, AssertionError, RecursionError):
        return False
    return True


def _previous(top: _Top, problems: list[Problem], depth: int) -> Dossier | None:
    inner = _part(top, "previous", _Top | None, None, problems)  # type: ignore[arg-type]
    if inner is None:
        return None
    if depth == ROUNDS_LIMIT:
        problems.append(_problem("rounds", "previous", N_("Only {most} earlier rounds are read."), most=str(depth)))
        return None
    try:
        dossier, found = _dossier(_read(inner, [], depth + 1))
    except KnownError as error:
        problems.append(_problem("previous", "previous", error.message, **error.values))
        return None
    problems.extend(_inside("previous", found))
    return dossier


def _inside(place: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    for problem in problems:
        yield replace(problem, place=f"{place}, {problem.place}")


def _answers(items: Iterable[msgspec.Raw]) -> Iterator[ReadAnswer]:
    seen: set[AnswerKey] = set()
    for number, item in enumerate(items):
        read = _answer(f"answers[{number}]", item)
        if read.answer and read.answer.key in seen:
            message = N_("This answer stands in the file more than once; the first one counts.")
            read = ReadAnswer(read.place, None, _problem("twice", read.place, message))
        elif read.answer:
            seen.add(read.answer.key)
        yield read


def _answer(place: str, item: msgspec.Raw) -> ReadAnswer:
    problem = None
    try:
        raw: _Answer = msgspec.json.decode(item, type=_Answer)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        message = N_("Part of this answer is not known and was left out: {reason}.")
        problem = _warning("answer", place, message, reason=str(error))
        try:
            raw = msgspec.json.decode(item, type=_AnswerAndMore)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as worse:
            message = N_("This answer cannot be read: {reason}.")
            return ReadAnswer(place, None, _problem("answer", place, message, reason=str(worse)))
    answer = _domain_answer(raw)
    place = f"{place}, {answer.key.address}"
    if raw.time and not answer.time and not problem:
        message = N_("The time “{time}” cannot be read and was left out.")
        problem = _warning("time", place, message, time=clean_text(raw.time)[:80])
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


def _all_entries(top: _Top, problems: list[Problem]) -> Iterator[ReadEntry]:
    if "mission" in top:
        yield _entry("mission", "mission", top["mission"])
    for register in REGISTERS:
        if register != "mission":
            yield from _entries(register, _part(top, register, list[msgspec.Raw], [], problems))


def _entries(register: str, items: Iterable[msgspec.Raw]) -> Iterator[ReadEntry]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        read = _entry(register, f"{register}[{number}]", item)
        if read.entry and read.entry.id in seen:
            message = N_("This entry stands in the file more than once; the first one counts.")
            read = ReadEntry(read.place, register, None, _problem("twice", read.place, message))
        elif read.entry:
            seen.add(read.entry.id)
        yield read


def _entry(register: str, place: str, item: msgspec.Raw) -> ReadEntry:
    shape: Any = REGISTERS[register]
    try:
        names = msgspec.json.decode(item, type=dict[str, msgspec.Raw]).keys()
        entry, problem = clean_entry(msgspec.json.decode(item, type=shape))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        message = N_("This entry cannot be read: {reason}.")
        return ReadEntry(place, register, None, _problem("entry", place, message, reason=str(error)))
    if problem:
        return ReadEntry(place, register, None, problem)
    more = ", ".join(sorted(names - {known.name for known in fields(shape)}))
    if more:
        message = N_("Part of this entry is not known and was left out: {reason}.")
        problem = _warning("entry", place, message, reason=clean_text(more)[:200])
    return ReadEntry(place, register, entry, problem)


def _documents(found: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    for digest, text in found.items():
        place = f"documents, {clean_text(digest)[:64]}"
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            problems.append(_problem("document", place, N_("This document is damaged and was left out.")))
            continue
        if hashlib.sha256(content).hexdigest() == digest:
            yield digest, content
        else:
            problems.append(_problem("document", place, N_("This document was changed and was left out.")))


def _dossier(read: ReadDossier) -> tuple[Dossier, tuple[Problem, ...]]:
    """Put the items together and check the answers against the instrument they came with."""
    if read.instrument is None:
        first = next((problem for problem in read.problems if problem.severity is Severity.ERROR), None)
        reason = first.text() if first else ""
        raise KnownError(N_("The instrument in this file cannot be used: {reason}"), reason=reason)
    problems = list(read.problems)
    problems += [item.problem for item in read.answers if item.problem]
    problems += [item.problem for item in read.entries if item.problem]
    answers: list[Answer] = []
    for item in read.answers:
        if item.answer is None:
            continue
        answer, problem = checked(read.instrument, item.answer)
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
