"""The demonstrations: complete assessments of countries that do not exist, each with its previous round.

Each stands in a folder of ``resources/demonstration`` as text files anybody can correct (form: see below):
registers, answers, actions, the previous round. The same dossier every time.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from capacity_app import paths
from capacity_app.domain.assessment.answer_rules import check_content, locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.references import REFERENCE_FIELDS
from capacity_app.domain.assessment.register_fields import FieldKind, picks_by_register
from capacity_app.domain.assessment.registers import REGISTERS, Evidence, Mission, RegisterEntry
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, Translate
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.session.file_writing import create_assessment, create_from_dossier

# Assessments written by hand as TOML: read strictly, all mistakes told at once with their address.
#
# Problem: a made-up assessment convinces only if a statistician can read and correct it, and stays useful only
# if it cannot drift from its instrument. Decision: registers and answers are tables in text files; every answer
# passes the check a typed one passes, every name must exist, and every key must mean something. Authors and
# times stand in the files, so that the same files give the same dossier.
#
# A file holds ``id``, the registers as in ``registers``, ``[sessions]`` (who wrote down what a speaker said, and
# when; a speaker is an agency, "judgement" or "validated"), ``[answers.SPEAKER]`` (address = a plain value or a
# ``TomlContent``) and ``[[grid]]`` (``at``, ``who`` speaks, ``rows``). A row is columns with the same contents;
# ``evidence`` supports all its answers, ``others`` fills its remaining columns, ``not_applicable`` takes it out.

ANSWER_INTERVAL = timedelta(seconds=20)
"""The answers of one session in one file follow each other at this pace."""

_CODES = picks_by_register(FieldKind.CODE, FieldKind.CODES)
_PLACES = {("actions", "gaps"), ("ratings", "id")}
_ROW_KEYS = frozenset({"not_applicable", "evidence", "others"})
_KeyedContent = tuple[AnswerKey, Content]
_Shape = TypeVar("_Shape")
_Tables = list[dict[str, Any]]


class TomlContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said at one place: a value, or why there is none. Without a state, it is an answer."""

    value: int | str | tuple[str, ...] | None = None
    not_applicable: str = ""
    state: AnswerState = AnswerState.ANSWERED
    note: str = ""
    reason: str = ""
    evidence: tuple[str, ...] = ()

    def content(self, evidence: tuple[str, ...] = ()) -> Content:
        """Return it as the content of an answer; ``evidence`` supports the whole row."""
        if self.not_applicable:
            return Content(state=AnswerState.NOT_APPLICABLE, reason=self.not_applicable, note=self.note)
        row = evidence if self.state is AnswerState.ANSWERED else ()
        support = tuple(dict.fromkeys((*self.evidence, *row)))
        return Content(state=self.state, value=self.value, reason=self.reason, note=self.note, evidence=support)


class TomlGrid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ``[[grid]]``: the rows of a grid that one speaker fills."""

    at: str
    who: str
    rows: dict[str, dict[str, Any]]


class TomlSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who wrote the answers of one agency or layer down, and when the first of them."""

    author: str
    start: Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass
class TomlAssessment:
    """One assessment while its files are read; ``documents`` is the folder of held files."""

    instrument: Instrument
    documents: Path
    problems: list[Problem] = field(default_factory=list)
    id: str = ""
    entries: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in REGISTERS})
    answers: dict[AnswerKey, Answer] = field(default_factory=dict)
    held: dict[str, bytes] = field(default_factory=dict)

    def wrong(self, place: str, message: str, **values: str) -> None:
        self.problems.append(Problem("authored", place, message, values=tuple(values.items())))

    def ids(self, register: str) -> set[str]:
        return {entry.id for entry in self.entries[register]}

    def convert(self, raw: object, shape: type[_Shape], place: str) -> _Shape | None:
        """Decode a table strictly; None after noting what is wrong with it."""
        try:
            return msgspec.convert(raw, shape)
        except msgspec.ValidationError as error:
            self.wrong(place, N_("This does not have the right form: {reason}."), reason=str(error))
            return None

    def dossier(self, previous: Dossier | None = None) -> Dossier:
        missions: list[Mission] = self.entries["mission"]
        registers: dict[str, Any] = {
            name: tuple(entries) for name, entries in self.entries.items() if name != "mission"
        }
        return Dossier(
            id=self.id,
            instrument=self.instrument,
            mission=missions[0] if missions else Mission(),
            answers=tuple(self.answers[key] for key in sorted(self.answers)),
            previous=previous,
            **registers,
        )


def read_toml_assessment(files: Iterable[Path], instrument: Instrument, documents: Path) -> TomlAssessment:
    """Read the files of one assessment; what is wrong stands in the reading's ``problems``."""
    reading = TomlAssessment(instrument, documents)
    for path in files:
        _read_file(path, reading)
    _check_entries(reading)
    _check_answers(reading)
    return reading


def _read_file(path: Path, reading: TomlAssessment) -> None:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reading.wrong(path.name, N_("The file cannot be read: {reason}."), reason=str(error))
        return
    reading.id = reading.convert(tables.pop("id", reading.id), str, path.name) or ""
    sessions = reading.convert(tables.pop("sessions", {}), dict[str, TomlSession], path.name) or {}
    said = [
        *_singles(tables.pop("answers", {}), path.name, reading),
        *_grids(tables.pop("grid", []), path.name, reading),
    ]
    _add_answers(said, sessions, path.name, reading)
    for register, raw in tables.items():
        if register not in REGISTERS:
            reading.wrong(path.name, N_("“{key}” means nothing here."), key=register)
            continue
        for table in reading.convert(raw if isinstance(raw, list) else [raw], _Tables, path.name) or ():
            _add_entry(register, table, path.name, reading)


def _add_entry(register: str, table: Mapping[str, Any], file: str, reading: TomlAssessment) -> None:
    shape = REGISTERS[register]
    place = f"{file}, {register} {table.get('id', '')}".strip()
    for key in sorted(set(table) - {item.name for item in fields(shape)}):
        reading.wrong(place, N_("“{key}” means nothing here."), key=key)
    entry: RegisterEntry | None = reading.convert(table, shape, place)
    if entry is None:
        return
    if entry.id in reading.ids(register):
        reading.wrong(place, N_("This id is used twice."))
    if isinstance(entry, Evidence) and entry.file_name:
        entry = _read_document(entry, place, reading)
    reading.entries[register].append(entry)


def _read_document(entry: Evidence, place: str, reading: TomlAssessment) -> Evidence:
    try:
        data = (reading.documents / entry.file_name).read_bytes()
    except OSError:
        reading.wrong(place, N_("There is no document “{name}”."), name=entry.file_name)
        return entry
    key = hashlib.sha256(data).hexdigest()
    reading.held[key] = data
    return replace(entry, document=key, size=len(data))


def _address(text: str) -> Address:
    return Address(*text.split("/", 2))


def _key(address: Address, speaker: str) -> AnswerKey:
    if speaker in (AnswerLayer.JUDGEMENT, AnswerLayer.VALIDATED):
        return AnswerKey(address, AnswerLayer(speaker), "")
    return AnswerKey(address, AnswerLayer.RESPONSE, speaker)


def _content(raw: object, place: str, reading: TomlAssessment) -> TomlContent | None:
    return reading.convert(raw if isinstance(raw, dict) else {"value": raw}, TomlContent, place)


def _singles(tables: object, file: str, reading: TomlAssessment) -> Iterator[_KeyedContent]:
    for speaker, answers in (reading.convert(tables, dict[str, dict[str, Any]], file) or {}).items():
        for at, raw in answers.items():
            said = _content(raw, f"{file}, {at}", reading)
            if said is not None:
                yield _key(_address(at), speaker), said.content()


def _grids(tables: object, file: str, reading: TomlAssessment) -> Iterator[_KeyedContent]:
    for table in reading.convert(tables, _Tables, file) or ():
        grid = reading.convert(table, TomlGrid, f"{file}, {table.get('at', 'grid')}")
        if grid is None:
            continue
        for row, cells in grid.rows.items():
            yield from _grid_row(grid, row, cells, file, reading)


def _grid_row(
    grid: TomlGrid, row: str, cells: Mapping[str, Any], file: str, reading: TomlAssessment
) -> Iterator[_KeyedContent]:
    evidence = reading.convert(cells.get("evidence", ()), tuple[str, ...], f"{file}, {grid.at}/{row}") or ()
    for column, raw in _row_cells(grid.at, cells, reading.instrument):
        address = Address(grid.at, row, column)
        said = _content(raw, f"{file}, {address}", reading)
        if said is not None:
            yield _key(address, grid.who), said.content(evidence)


def _row_cells(question: str, cells: Mapping[str, Any], instrument: Instrument) -> Iterator[tuple[str, object]]:
    """Go through a row: why it does not apply, its cells, and what holds for all its other columns."""
    if "not_applicable" in cells:
        yield "", {"not_applicable": cells["not_applicable"]}
    yield from ((column, raw) for column, raw in cells.items() if column not in _ROW_KEYS)
    shape = instrument.question_by_id.get(question)
    if "others" in cells and shape is not None:
        yield from ((column, cells["others"]) for column in shape.column_by_id if column not in cells)


def _add_answers(
    said: Iterable[_KeyedContent], sessions: Mapping[str, TomlSession], file: str, reading: TomlAssessment
) -> None:
    """Check what was said and give it author and time."""
    counts = Counter[str]()
    for key, content in said:
        place = f"{file}, {key.address}"
        speaker = key.respondent if key.layer is AnswerLayer.RESPONSE else key.layer.value
        if speaker not in sessions:
            reading.wrong(place, N_("“{who}” has no session in this file."), who=speaker)
            continue
        if key in reading.answers:
            reading.wrong(place, N_("“{who}” answers this twice."), who=speaker)
        session = sessions[speaker]
        time = session.start.astimezone(UTC) + counts[speaker] * ANSWER_INTERVAL
        counts[speaker] += 1
        reading.answers[key] = Answer(
            key=key,
            content=_check_content(key, content, place, reading),
            author=session.author,
            time=time.isoformat(),
            language=reading.instrument.language,
        )


def _check_content(key: AnswerKey, content: Content, place: str, reading: TomlAssessment) -> Content:
    cleaned, problem = check_content(reading.instrument, key, content)
    if problem is not None:
        reading.problems.append(replace(problem, place=place))
    elif cleaned.is_empty:
        reading.wrong(place, N_("Nothing is said here: give a value, a state or a note."))
    return cleaned


def _named_ids(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) and value else ()


def _check_names(value: object, is_known: Callable[[str], object], place: str, reading: TomlAssessment) -> None:
    for name in _named_ids(value):
        if not is_known(name):
            reading.wrong(place, N_("“{name}” does not exist."), name=name)


def _check_entries(reading: TomlAssessment) -> None:
    """Find entries that name agencies, people, actions, codes or places that do not exist."""

    def is_place(name: str) -> bool:
        return locate(reading.instrument, _address(name)) is not None

    for register, entries in reading.entries.items():
        for name in (item.name for item in fields(REGISTERS[register])):
            if name in REFERENCE_FIELDS.get(register, {}):
                is_known: Callable[[str], object] = reading.ids(REFERENCE_FIELDS[register][name]).__contains__
            elif name in _CODES[register]:
                codes = reading.instrument.codes.get(_CODES[register][name], ())
                is_known = {code.id for code in codes}.__contains__
            elif (register, name) in _PLACES:
                is_known = is_place
            else:
                continue
            for entry in entries:
                _check_names(getattr(entry, name), is_known, f"{register} {entry.id}", reading)


def _check_answers(reading: TomlAssessment) -> None:
    """Find answers that name respondents, evidence, agencies or sources that do not exist."""
    known = {register: reading.ids(register) for register in ("agencies", "sources", "evidence")}
    for key, answer in reading.answers.items():
        place = str(key.address)
        _check_names(key.respondent, known["agencies"].__contains__, place, reading)
        _check_names(answer.content.evidence, known["evidence"].__contains__, place, reading)
        target = locate(reading.instrument, key.address)
        picked = target.field.kind.info.register if target and target.field else ""
        if picked:
            _check_names(answer.content.value, known[picked].__contains__, place, reading)


DEMONSTRATION_INSTRUMENT = "unsd-nmdc"
DEMONSTRATION_SUPPLEMENTS = ("T",)
DEMONSTRATIONS = ("velmora", "safaran")
"""The folders: first a country of origin with a population register, then one of destination without."""

PREVIOUS_ROUND_FILE = "previous.toml"
DOCUMENTS_FOLDER = "documents"


class DemonstrationError(ValueError):
    """The files do not fit together, or not the instrument; ``problems`` names every place and reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.place}: {problem.text()}" for problem in self.problems))


def demonstration_folder(name: str = DEMONSTRATIONS[0]) -> Path:
    return paths.resources_folder() / "demonstration" / name


def demonstration_instrument() -> Instrument:
    """Read the instrument that the demonstration answers; raises DemonstrationError."""
    instrument, problems = read_instrument(
        paths.instruments_folder() / DEMONSTRATION_INSTRUMENT, DEMONSTRATION_SUPPLEMENTS
    )
    if instrument is None:
        raise DemonstrationError(problems)
    return instrument


def read_demonstration(folder: Path, instrument: Instrument) -> tuple[Dossier, dict[str, bytes]]:
    """Read the files of a folder and the held documents by SHA-256; raises DemonstrationError."""
    files = sorted(path for path in folder.glob("*.toml") if path.name != PREVIOUS_ROUND_FILE)
    earlier = read_toml_assessment([folder / PREVIOUS_ROUND_FILE], instrument, folder / DOCUMENTS_FOLDER)
    present = read_toml_assessment(files, instrument, folder / DOCUMENTS_FOLDER)
    if problems := (*present.problems, *earlier.problems):
        raise DemonstrationError(problems)
    return present.dossier(earlier.dossier()), earlier.held | present.held


def demonstration(name: str = DEMONSTRATIONS[0]) -> tuple[Dossier, dict[str, bytes]]:
    """Return a demonstration, with its previous round, and its held documents by SHA-256."""
    return read_demonstration(demonstration_folder(name), demonstration_instrument())


def create_demonstration(file: Path, name: str = DEMONSTRATIONS[0], *, device: str) -> None:
    """Make an assessment file of a demonstration; refuses to overwrite (KnownError)."""
    dossier, documents = demonstration(name)
    create_from_dossier(file, dossier, documents, device=device)


# A questionnaire to be tried: an assessment of no country, in a folder that goes when nobody looks any more.

PREVIEW_DEVICE = "preview"


def create_preview(file: Path, instrument: Instrument, translate: Translate = str) -> None:
    """Make an empty assessment to try an instrument with; raises KnownError."""
    mission = Mission(country="XXA", country_name=translate(N_("Preview")), round=translate(N_("Preview")))
    create_assessment(file, instrument, mission, device=PREVIEW_DEVICE)
