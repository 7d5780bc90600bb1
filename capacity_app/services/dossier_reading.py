"""Reading a dossier's JSON from anybody: every part by itself, so that one mistake does not cost the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from capacity_app.domain.answers import Answer, clean_text
from capacity_app.domain.assessment import REGISTERS, Evidence, Mission, ReturnedFile
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.gaps import all_gaps
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, reason_of
from capacity_app.domain.scoring import score
from capacity_app.domain.sheet import lay_out
from capacity_app.instruments.checks import instrument_problems
from capacity_app.instruments.wire import decode_instrument
from capacity_app.services.dossier_items import (
    UNREADABLE,
    ReadAnswer,
    ReadEntry,
    problem_of,
    read_answers,
    read_documents,
    read_entries,
    read_entry,
    warning_of,
)
from capacity_app.services.dossier_writing import FORMAT, FORMAT_VERSION
from capacity_app.services.registers import is_id
from capacity_app.services.revising import checked

ROUNDS_LIMIT = 10
"""Earlier rounds inside earlier rounds."""
MOST_ITEMS = 100_000
"""Answers, or entries of one register, in one dossier: a hundred agencies that answer a thousand questions."""
TOO_MANY = N_(
    "This dossier holds {count} items in “{name}”, and no assessment has more than {most}. The program did not read it."
)
_Top = dict[str, msgspec.Raw]
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
    answers: tuple[ReadAnswer, ...] = ()
    entries: tuple[ReadEntry, ...] = ()
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
    dossier, problems = dossier_of(read)
    return dossier, dict(read.documents), problems


def read_dossier(text: str, known: Mapping[str, Instrument] = MappingProxyType({})) -> ReadDossier:
    """Read item by item; raises KnownError if the text is no dossier or comes from a newer version."""
    top = _decoded(text)
    problems: list[Problem] = []
    if _part(top, "format", str, "", problems) != FORMAT:
        raise KnownError(N_("This is not a dossier of this program: choose a file that “export” wrote."))
    if _part(top, "format_version", int, 0, problems) > FORMAT_VERSION:
        raise KnownError(N_("This dossier was made by a newer version of this program: install it to read the file."))
    return _read(top, problems, 0, known)


def _decoded(text: str) -> _Top:
    try:
        return msgspec.json.decode(text, type=_Top)
    except UNREADABLE as error:
        message = N_("This file is no JSON dossier or was cut off ({reason}): ask for it again.")
        raise KnownError(message, reason=reason_of(error)) from error


def _part(top: _Top, name: str, shape: type[_T], default: _T, problems: list[Problem]) -> _T:
    """Read one value of the outermost object, or note why not."""
    if name not in top:
        return default
    try:
        return msgspec.json.decode(top[name], type=shape)
    except UNREADABLE as error:
        problems.append(
            problem_of("part", name, N_("“{name}” cannot be read: {reason}."), name=name, reason=reason_of(error))
        )
        return default


def _read(top: _Top, problems: list[Problem], depth: int, known: Mapping[str, Instrument]) -> ReadDossier:
    for name in sorted(top.keys() - _KNOWN_KEYS):
        message = N_("“{name}” is not known and was left out.")
        problems.append(warning_of("key", clean_text(name)[:80], message, name=clean_text(name)[:80]))
    instrument = known.get(_part(top, "instrument_hash", str, "", [])) or _instrument(top, problems)
    previous = _previous(top, problems, depth, known)
    answers = _list(top, "answers", problems)
    read = tuple(read_answers(answers))
    entries = tuple(_all_entries(top, problems))
    problems.extend(_repeated(read, entries))
    holding = (item.entry for item in entries if isinstance(item.entry, Evidence | ReturnedFile))
    names = {entry.document: entry.file_name for entry in holding}
    documents = dict(read_documents(_part(top, "documents", dict[str, str], {}, problems), names, problems))
    return ReadDossier(
        id=_id(_part(top, "id", str, "", problems), problems),
        instrument=instrument,
        answers_in=len(answers),
        answers=read,
        entries=entries,
        documents=documents,
        previous=previous,
        content_hash=_part(top, "content_hash", str, "", problems),
        problems=tuple(problems),
    )


def _id(found: str, problems: list[Problem]) -> str:
    if is_id(found):
        return found
    problems.append(warning_of("id", "id", N_("The assessment has no usable id.")))
    return ""


def _instrument(top: _Top, problems: list[Problem]) -> Instrument | None:
    if "instrument" not in top:
        problems.append(problem_of("instrument", "instrument", N_("The file holds no instrument.")))
        return None
    try:
        instrument = decode_instrument(bytes(top["instrument"]).decode())
    except KnownError as error:
        problems.append(problem_of("instrument", "instrument", error.message, **error.values))
        return None
    is_usable = _can_be_scored(instrument)
    severity = Severity.WARNING if is_usable else Severity.ERROR
    problems.extend(replace(mistake, severity=severity) for mistake in instrument_problems(instrument))
    if not is_usable:
        problems.append(problem_of("instrument", "instrument", N_("The parts of the instrument do not fit together.")))
        return None
    digest = _part(top, "instrument_hash", str, "", problems)
    if digest and digest != instrument.content_hash:
        message = N_("The instrument was changed after the file was written.")
        problems.append(warning_of("hash", "instrument", message))
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


def _previous(top: _Top, problems: list[Problem], depth: int, known: Mapping[str, Instrument]) -> Dossier | None:
    inner = _part(top, "previous", _Top | None, None, problems)  # type: ignore[arg-type]
    if inner is None:
        return None
    if depth == ROUNDS_LIMIT:
        problems.append(problem_of("rounds", "previous", N_("Only {most} earlier rounds are read."), most=str(depth)))
        return None
    try:
        dossier, found = dossier_of(_read(inner, [], depth + 1, known))
    except KnownError as error:
        problems.append(problem_of("previous", "previous", error.message, **error.values))
        return None
    problems.extend(_inside("previous", found))
    return dossier


def _inside(place: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    for problem in problems:
        yield replace(problem, place=f"{place}, {problem.place}")


def _all_entries(top: _Top, problems: list[Problem]) -> Iterator[ReadEntry]:
    if "mission" in top:
        yield read_entry("mission", "mission", top["mission"])
    for register in REGISTERS:
        if register != "mission":
            yield from read_entries(register, _list(top, register, problems))


def _list(top: _Top, name: str, problems: list[Problem]) -> list[msgspec.Raw]:
    """Read a list of items; raises KnownError if there are more than any assessment has."""
    found = _part(top, name, list[msgspec.Raw], [], problems)
    if len(found) > MOST_ITEMS:
        raise KnownError(TOO_MANY, name=name, count=str(len(found)), most=str(MOST_ITEMS))
    return found


def _repeated(answers: Sequence[ReadAnswer], entries: Sequence[ReadEntry]) -> Iterator[Problem]:
    """Say once of all items that repeat another one that they do."""
    repeats = Counter("answers" for item in answers if not (item.answer or item.problem))
    repeats.update(item.register for item in entries if not (item.entry or item.problem))
    for name, count in repeats.items():
        message = N_("In “{name}”, {count} items repeat an earlier one. The earlier one counts.")
        yield problem_of("twice", name, message, name=name, count=str(count))


def dossier_of(read: ReadDossier) -> tuple[Dossier, tuple[Problem, ...]]:
    """Put the items together and check the answers against the instrument they came with; raises KnownError."""
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
