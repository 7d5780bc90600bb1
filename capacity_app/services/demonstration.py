"""The demonstration: a complete assessment of a country that does not exist, read from text files.

Problem: a made-up assessment convinces only if a statistician can read and correct it, and stays useful only
if it cannot drift from the instrument. Decision: it stands in ``resources/demonstration`` as TOML (registers,
one file of answers per part, actions, the previous round); every entry passes the check a typed answer
passes, and all mistakes are told at once with their address. Authors and times stand in the files, so that
the dossier is the same every time.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from capacity_app import paths
from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State, Value
from capacity_app.domain.assessment import REGISTERS, Entry, Evidence, Mission
from capacity_app.domain.checking import check_content, locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import N_, Problem
from capacity_app.instruments.reader import read_instrument
from capacity_app.services.assessment_session import create_from_dossier

INSTRUMENT = "unsd-nmdc"
SUPPLEMENTS = ("T",)
PREVIOUS = "previous.toml"
PER_ANSWER = timedelta(seconds=20)
"""The answers of one session in one file follow each other at this pace."""

_LINKS = {
    ("people", "agency"): "agencies",
    ("meetings", "agencies"): "agencies",
    ("meetings", "people"): "people",
    ("sources", "agency"): "agencies",
    ("actions", "responsible"): "agencies",
    ("actions", "depends_on"): "actions",
}
_CODES = {
    ("agencies", "kind"): "agency_kind",
    ("sources", "type"): "source_type",
    ("actions", "type"): "action_type",
    ("actions", "funding"): "funding_status",
    ("actions", "partners"): "project_partner",
}
_PLACES = {("actions", "gaps"), ("ratings", "id")}
_PICKED = {Kind.AGENCY: "agencies", Kind.SOURCE: "sources"}
_ROW_KEYS = frozenset({"not_applicable", "evidence", "others"})


class DemonstrationMistakes(ValueError):  # noqa: N818 - what is raised is a list of mistakes
    """The files do not fit together, or not the instrument; ``problems`` names every place and reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.place}: {problem.text()}" for problem in self.problems))


class Saying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said at one place: a value, or why there is none. Without a state, a value is an answer."""

    value: int | str | tuple[str, ...] | None = None
    not_applicable: str = ""
    state: State | None = None
    note: str = ""
    reason: str = ""
    evidence: tuple[str, ...] = ()

    def content(self, evidence: tuple[str, ...] = ()) -> Content:
        """Give it as the content of an answer; ``evidence`` supports the whole row."""
        if self.not_applicable:
            return Content(state=State.NOT_APPLICABLE, reason=self.not_applicable, note=self.note)
        state = self.state or State.ANSWERED
        support = tuple(dict.fromkeys((*self.evidence, *evidence))) if state is State.ANSWERED else self.evidence
        return Content(state=state, value=self.value, reason=self.reason, note=self.note, evidence=support)


class SingleAnswer(Saying, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ``[[answer]]``: at which address, who says it, in which layer."""

    at: str
    who: str = ""
    layer: Layer = Layer.RESPONSE


class GridAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[grid]]``: rows of cells that one agency fills."""

    at: str
    rows: dict[str, dict[str, Any]]
    who: str = ""
    layer: Layer = Layer.RESPONSE


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wrote the answers of one agency, or of one layer, down, and when the first was written."""

    author: str
    start: datetime


@dataclass
class _Reading:
    """One assessment while its files are read."""

    instrument: Instrument
    documents: Path
    problems: list[Problem]
    id: str = ""
    entries: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in REGISTERS})
    answers: dict[AnswerKey, Answer] = field(default_factory=dict)
    held: dict[str, bytes] = field(default_factory=dict)

    def wrong(self, place: str, message: str, **values: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem("demonstration", place, message, values=tuple(values.items())))

    def ids(self, register: str) -> set[str]:
        """Give the ids a register knows."""
        return {entry.id for entry in self.entries[register]}

    def convert(self, raw: object, shape: Any, place: str) -> Any:
        """Decode a table strictly; None after a mistake has been noted."""
        try:
            return msgspec.convert(raw, shape)
        except msgspec.ValidationError as error:
            self.wrong(place, N_("This does not have the right form: {reason}."), reason=str(error))
            return None


def _read_file(path: Path, reading: _Reading) -> None:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reading.wrong(path.name, N_("The file cannot be read: {reason}."), reason=str(error))
        return
    reading.id = tables.pop("id", reading.id)
    sessions = tables.pop("sessions", {})
    said = [*_single_answers(tables.pop("answer", []), path.name, reading)]
    said += _grid_answers(tables.pop("grid", []), path.name, reading)
    _add_answers(said, reading.convert(sessions, dict[str, Session], path.name) or {}, path.name, reading)
    for register, raw in tables.items():
        if register not in REGISTERS:
            reading.wrong(path.name, N_("“{key}” means nothing here."), key=register)
            continue
        for table in raw if isinstance(raw, list) else [raw]:
            _add_entry(register, table, path.name, reading)


def _add_entry(register: str, table: Mapping[str, Any], file: str, reading: _Reading) -> None:
    shape = REGISTERS[register]
    place = f"{file}, {register} {table.get('id', '')}".strip()
    unknown = set(table) - {item.name for item in fields(shape)}
    if unknown:
        reading.wrong(place, N_("“{key}” means nothing here."), key=", ".join(sorted(unknown)))
    entry: Entry | None = reading.convert(table, shape, place)
    if isinstance(entry, Evidence) and entry.file_name:
        entry = _held(entry, place, reading)
    if entry is not None:
        if entry.id in reading.ids(register):
            reading.wrong(place, N_("This id is used twice."))
        reading.entries[register].append(entry)


def _held(entry: Evidence, place: str, reading: _Reading) -> Evidence:
    try:
        data = (reading.documents / entry.file_name).read_bytes()
    except OSError:
        reading.wrong(place, N_("There is no document “{name}”."), name=entry.file_name)
        return entry
    key = hashlib.sha256(data).hexdigest()
    reading.held[key] = data
    return replace(entry, document=key, size=len(data))


_Said = tuple[AnswerKey, Content]


def _key(at: str, layer: Layer, who: str) -> AnswerKey:
    return AnswerKey(Address(*at.split("/", 2)), layer, who)


def _single_answers(tables: Iterable[Any], file: str, reading: _Reading) -> Iterator[_Said]:
    for table in tables:
        said: SingleAnswer | None = reading.convert(table, SingleAnswer, f"{file}, {table.get('at', 'answer')}")
        if said is not None:
            yield _key(said.at, said.layer, said.who), said.content()


def _grid_answers(tables: Iterable[Any], file: str, reading: _Reading) -> Iterator[_Said]:
    for table in tables:
        grid: GridAnswers | None = reading.convert(table, GridAnswers, f"{file}, {table.get('at', 'grid')}")
        for row, cells in grid.rows.items() if grid else ():
            assert grid is not None
            for column, raw in _cells(grid.at, cells, reading.instrument):
                at = "/".join(part for part in (grid.at, row, column) if part)
                said: Saying | None = reading.convert(_table(raw), Saying, f"{file}, {at}")
                if said is not None:
                    yield _key(at, grid.layer, grid.who), said.content(tuple(cells.get("evidence", ())))


def _table(raw: object) -> object:
    return raw if isinstance(raw, dict) else {"value": raw}


def _cells(question: str, cells: Mapping[str, Any], instrument: Instrument) -> Iterator[tuple[str, object]]:
    """Go through a row: its cells, what holds for all the others, or why the row does not apply."""
    if "not_applicable" in cells:
        yield "", {"not_applicable": cells["not_applicable"]}
    yield from ((column, raw) for column, raw in cells.items() if column not in _ROW_KEYS)
    if "others" in cells and question in instrument.question_by_id:
        named = (column.id for column in instrument.question_by_id[question].columns)
        yield from ((column, cells["others"]) for column in named if column not in cells)


def _add_answers(
    said: Iterable[_Said], sessions: Mapping[str, Session], file: str, reading: _Reading
) -> None:
    """Check what was said and give it author and time."""
    counts = Counter[str]()
    for key, content in said:
        place = f"{file}, {key.address}"
        speaker = key.respondent if key.layer is Layer.RESPONSE else key.layer.value
        session = sessions.get(speaker)
        if session is None:
            reading.wrong(place, N_("“{who}” has no session in this file."), who=speaker)
            continue
        cleaned, problem = check_content(reading.instrument, key, content)
        if problem is not None:
            reading.problems.append(replace(problem, place=place))
        elif cleaned.is_empty:
            reading.wrong(place, N_("Nothing is said here: give a value, a state or a note."))
        if key in reading.answers:
            reading.wrong(place, N_("“{who}” answers this twice."), who=speaker)
        time = session.start.astimezone(UTC) + counts[speaker] * PER_ANSWER
        counts[speaker] += 1
        reading.answers[key] = Answer(
            key=key, content=cleaned, author=session.author, time=time.isoformat(), language=reading.instrument.language
        )


def _as_texts(value: Value | tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(part) for part in value) if isinstance(value, tuple) else (str(value),) if value else ()


def _check_links(reading: _Reading) -> None:
    """Find names of agencies, people, sources, evidence, codes and places that do not exist."""
    for register, entries in reading.entries.items():
        for entry in entries:
            for item in fields(entry):
                known = _known(register, item.name, reading)
                for name in _as_texts(getattr(entry, item.name)) if known is not None else ():
                    _check_name(name, known or set(), f"{register} {entry.id}", reading)
    for key, answer in reading.answers.items():
        target = locate(reading.instrument, key.address)
        picked = _PICKED.get(target.field.kind) if target and target.field else None
        for register, names in (
            (picked, answer.content.value),
            ("evidence", answer.content.evidence),
            ("agencies", (key.respondent,) if key.respondent else ()),
        ):
            for name in _as_texts(names) if register else ():
                _check_name(name, reading.ids(register or ""), str(key.address), reading)


def _known(register: str, name: str, reading: _Reading) -> set[str] | None:
    """Give what a field may name; None if it is free."""
    if (register, name) in _LINKS:
        return reading.ids(_LINKS[register, name])
    if (register, name) in _CODES:
        return {code.id for code in reading.instrument.codes.get(_CODES[register, name], ())}
    return set() if (register, name) in _PLACES else None


def _check_name(name: str, known: set[str], place: str, reading: _Reading) -> None:
    is_place = not known and locate(reading.instrument, Address(*name.split("/", 2)))
    if name not in known and not is_place:
        reading.wrong(place, N_("“{name}” does not exist."), name=name)


def _dossier(reading: _Reading, previous: Dossier | None) -> Dossier:
    registers = {name: tuple(entries) for name, entries in reading.entries.items() if name != "mission"}
    missions: list[Mission] = reading.entries["mission"]
    return Dossier(
        id=reading.id,
        instrument=reading.instrument,
        mission=missions[0] if missions else Mission(),
        answers=tuple(reading.answers[key] for key in sorted(reading.answers)),
        previous=previous,
        **registers,
    )


def _read(files: Iterable[Path], instrument: Instrument, problems: list[Problem]) -> _Reading:
    listed = sorted(files)
    reading = _Reading(instrument, listed[0].parent / "documents" if listed else Path(), problems)
    for path in listed:
        _read_file(path, reading)
    _check_links(reading)
    return reading


def read_demonstration(folder: Path, instrument: Instrument) -> tuple[Dossier, dict[str, bytes]]:
    """Read the files of a demonstration and its held documents by SHA-256; raises DemonstrationMistakes."""
    problems: list[Problem] = []
    earlier = _read([folder / PREVIOUS], instrument, problems)
    current = _read((path for path in folder.glob("*.toml") if path.name != PREVIOUS), instrument, problems)
    if problems:
        raise DemonstrationMistakes(problems)
    return _dossier(current, _dossier(earlier, None)), earlier.held | current.held


def demonstration_instrument() -> Instrument:
    """Read the instrument that the demonstration answers."""
    instrument, problems = read_instrument(paths.instruments_folder() / INSTRUMENT, SUPPLEMENTS)
    if instrument is None:
        raise DemonstrationMistakes(problems)
    return instrument


def demonstration() -> tuple[Dossier, dict[str, bytes]]:
    """Give the demonstration, with its previous round, and its held documents by SHA-256."""
    return read_demonstration(paths.resources_folder() / "demonstration", demonstration_instrument())


def create_demonstration(file: Path, *, device: str) -> None:
    """Make an assessment file of the demonstration; refuses to overwrite (KnownError)."""
    dossier, documents = demonstration()
    create_from_dossier(file, dossier, documents, device=device)
