"""From a folder of TOML files (head, sections, supplements) to one instrument, or to all mistakes in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    CitedSource,
    CodeListEntry,
    Concept,
    ContradictionRule,
    GridColumn,
    GridRow,
    Instrument,
    Profile,
    Question,
    ScoreThresholds,
    Section,
    SkipRule,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.checks import QUESTIONS_LIMIT, check_instrument, check_references, check_size
from capacity_app.questionnaires.field_checks import check_ids, is_id
from capacity_app.questionnaires.problems import Findings, place_inside, shorten_value
from capacity_app.questionnaires.toml_decoder import read_table
from capacity_app.questionnaires.toml_files import FILES_LIMIT, HEAD_FILE, path_in_folder, read_toml
from capacity_app.questionnaires.toml_schema import (
    CodesTable,
    CodeTable,
    ColumnTable,
    ConceptTable,
    ConditionTable,
    ContradictionTable,
    FieldTable,
    HeadFileTable,
    OptionsValue,
    OptionTable,
    QuestionTable,
    SectionFileTable,
    ThresholdsTable,
    TomlTable,
)

# The files of an instrument's folder as shapes: the head, the parts, the supplements, a country's own.

HEAD_ENTRIES_LIMIT = 5_000
"""Scales, terms and contradictions in one instrument."""
_LISTS = ("scales", "concept", "contradiction")
OWN_SECTION_PREFIX = "xx-"
"""How the section ids of a country's own questions start."""


@dataclass(frozen=True, slots=True)
class SectionFile:
    """A file with a section: its name, its place in messages, what was found; no content if unreadable."""

    name: str
    place: str
    content: SectionFileTable | None
    findings: Findings

    @property
    def supplement(self) -> str:
        """The id of the supplement it belongs to, if any."""
        return self.content.section.supplement if self.content else ""


def read_head(folder: Path, findings: Findings) -> HeadFileTable | None:
    if not _is_folder(folder):
        message = N_("There is no folder “{name}”.")
        advice = N_("Give the folder that contains instrument.toml.")
        findings.error(
            "instrument.no-folder", shorten_value(folder.name), message, advice, name=shorten_value(str(folder))
        )
        return None
    path = path_in_folder(folder, HEAD_FILE, HEAD_FILE, findings)
    raw = None if path is None else read_toml(path, HEAD_FILE, findings)
    return None if raw is None else read_table(HeadFileTable, _few_entries(raw, findings), HEAD_FILE, findings)


def _few_entries(raw: dict[str, object], findings: Findings) -> dict[str, object]:
    """Leave out what has more entries than anybody uses: reading them all would hold up whoever only looks."""
    too_many = {key: len(raw[key]) for key in _LISTS if _is_too_long(raw.get(key))}  # type: ignore[arg-type]
    for key, count in too_many.items():
        message = N_("“{key}” has {count} entries; {most} are allowed.")
        advice = N_("Take out what no question needs.")
        findings.error(
            "instrument.too-many-entries", HEAD_FILE, message, advice, key=key, count=count, most=HEAD_ENTRIES_LIMIT
        )
    return {key: value for key, value in raw.items() if key not in too_many}


def _is_too_long(value: object) -> bool:
    return isinstance(value, dict | list) and len(value) > HEAD_ENTRIES_LIMIT


def read_core_file(folder: Path, name: str) -> SectionFile:
    part = _read_listed(folder, name)
    if part.supplement:
        message = N_("A part of the core cannot have the supplement “{name}”.")
        advice = N_("List the file under supplements, or remove supplement from its [section].")
        part.findings.error(
            "instrument.supplement-in-parts", part.place, message, advice, name=shorten_value(part.supplement)
        )
    return part


def read_supplement(folder: Path, name: str) -> SectionFile:
    part = _read_listed(folder, name)
    _check_supplement(part)
    return part


def read_own_supplement(path: Path) -> SectionFile:
    """Read a country's own file, wherever it is."""
    part = _read_section_file(path, path.name)
    _check_supplement(part)
    section = part.content.section.id if part.content else ""
    if section and not section.startswith(OWN_SECTION_PREFIX):
        message = N_("The part of a country's own questions cannot have the id “{name}”.")
        advice = N_("Start it with xx- and the country's code, for example “xx-geo”.")
        part.findings.error("instrument.own-section-id", part.place, message, advice, name=shorten_value(section))
    return part


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False


def _check_supplement(part: SectionFile) -> None:
    if part.content is not None and not part.supplement:
        message = N_("“supplement” is missing.")
        advice = N_("Write supplement = “…” in the [section] of a supplement.")
        part.findings.error("instrument.missing-key", part.place, message, advice)


def _read_listed(folder: Path, name: str) -> SectionFile:
    findings = Findings()
    path = path_in_folder(folder, name, HEAD_FILE, findings)
    return SectionFile(name, name, None, findings) if path is None else _read_section_file(path, name, findings)


def _read_section_file(path: Path, name: str, findings: Findings | None = None) -> SectionFile:
    findings = findings or Findings()
    raw = read_toml(path, shorten_value(name), findings)
    if raw is None:
        return SectionFile(name, shorten_value(name), None, findings)
    place = _section_place(raw, name)
    content = read_table(SectionFileTable, _few_questions(raw), place, findings)
    return SectionFile(name, place, content, findings)


def _section_place(raw: dict[str, object], name: str) -> str:
    """Name the section if it says its id, else the file."""
    section = raw.get("section")
    section_id = section.get("id") if isinstance(section, dict) else None
    is_named = isinstance(section_id, str) and is_id(section_id)
    return place_inside("", "section", str(section_id)) if is_named else shorten_value(name)


def _few_questions(raw: dict[str, object]) -> dict[str, object]:
    # One more than allowed is enough to be refused; reading a million takes minutes.
    questions = raw.get("question")
    return {**raw, "question": questions[: QUESTIONS_LIMIT + 1]} if isinstance(questions, list) else raw


def unlisted_files(folder: Path, listed: Iterable[Path]) -> list[str]:
    """Name the TOML files of a folder that no list mentions."""
    known = {resolved_path(path) for path in listed}
    try:
        return sorted(path.name for path in folder.glob("*.toml") if resolved_path(path) not in known)
    except OSError:
        return []


def resolved_path(path: Path) -> Path:
    """Follow the links of a path; one that leads nowhere stands for itself."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """A supplement that an instrument's folder offers."""

    id: str
    title: str
    file: str

    @property
    def title_key(self) -> str:
        """Where translations have its title: it is that of its section."""
        return f"{self.id.lower()}|title"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentHeading:
    """What an instrument's folder says about itself, read without the questions of its core."""

    id: str = ""
    version: str = ""
    title: str = ""
    edition: str = ""
    description: str = ""
    framework_version: str = ""
    language: str = ""
    sources: tuple[CitedSource, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    profiles: tuple[Profile, ...] = ()


def read_instrument(
    folder: Path, supplements: Sequence[str | Path] = ()
) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read the instrument of a folder with the chosen supplements, and find all mistakes at once.

    ``supplements`` are ids ("T"), file names listed in ``instrument.toml``, or paths of a country's own
    files. The instrument is ``None`` if any problem is an error; nothing in a file raises.
    """
    findings = Findings()
    head = read_head(folder, findings)
    if head is None:
        return None, findings.all()
    parts = _read_parts(folder, head, supplements, findings)
    instrument = _build_instrument(head, parts, findings)
    return (None if findings.has_errors() else instrument), findings.all()


def folder_problems(folder: Path) -> tuple[Problem, ...]:
    """Find all mistakes in a folder: its core and every supplement it lists."""
    findings = Findings()
    head = read_head(folder, findings)
    listed = head.instrument.supplements if head else ()
    return read_instrument(folder, listed)[1]


def read_heading(folder: Path) -> tuple[InstrumentHeading | None, tuple[Problem, ...]]:
    """Read what an instrument is and which supplements it offers; ``None`` if not even that can be read."""
    findings = Findings()
    head = read_head(folder, findings)
    if head is None:
        return None, findings.all()
    parts = [read_supplement(folder, name) for name in _within_limit(head.instrument.supplements)]
    for part in parts:
        findings.take(part.findings)
    said = shared_fields(head.instrument, InstrumentHeading)
    found = {"supplements": tuple(_supplements_in(parts)), "sources": _cited(head), "profiles": _profiles(head)}
    return InstrumentHeading(**said | found), findings.all()


def _cited(head: HeadFileTable) -> tuple[CitedSource, ...]:
    return tuple(CitedSource(**shared_fields(one, CitedSource)) for one in head.source)


def _profiles(head: HeadFileTable) -> tuple[Profile, ...]:
    return tuple(Profile(**shared_fields(one, Profile)) for one in head.profile)


def offered_supplements(folder: Path) -> tuple[Supplement, ...]:
    heading, _ = read_heading(folder)
    return heading.supplements if heading else ()


def _supplements_in(parts: Iterable[SectionFile]) -> Iterable[Supplement]:
    for part in parts:
        if part.content and part.supplement:
            yield Supplement(id=part.supplement, title=part.content.section.title, file=part.name)


def _within_limit(names: Sequence[str]) -> Sequence[str]:
    return names[:FILES_LIMIT]


def _read_parts(
    folder: Path, head: HeadFileTable, supplements: Sequence[str | Path], findings: Findings
) -> list[SectionFile]:
    """Read the core's files and the chosen supplements, in the order of their lists."""
    core, offered = head.instrument.parts, head.instrument.supplements
    _check_lists((*core, *offered), findings)
    parts = [read_core_file(folder, name) for name in _within_limit(core)]
    choices = [read_supplement(folder, name) for name in _within_limit(offered)] if supplements else []
    own = _choose(folder, supplements, choices, findings)
    chosen = [part for part in choices if any(_is_choice(folder, item, part) for item in supplements)]
    parts += chosen + [read_own_supplement(path) for path in own[:FILES_LIMIT]]
    for part in parts:
        findings.take(part.findings)
    _note_unlisted(folder, (*core, *offered), own, findings)
    return parts


def _check_lists(names: Sequence[str], findings: Findings) -> None:
    if len(names) >= FILES_LIMIT:
        message = N_("The questionnaire has {count} files; {most} are allowed.")
        advice = N_("Put more questions into one part.")
        findings.error("instrument.too-many-files", HEAD_FILE, message, advice, count=len(names) + 1, most=FILES_LIMIT)
    for name in (name for name, count in Counter(names).items() if count > 1):
        message = N_("The file “{name}” is listed more than once.")
        advice = N_("List it once, under parts or under supplements.")
        findings.error("instrument.duplicate-file", HEAD_FILE, message, advice, name=shorten_value(name))


def _choose(
    folder: Path, supplements: Sequence[str | Path], choices: Sequence[SectionFile], findings: Findings
) -> list[Path]:
    """Return the paths that are a country's own files; note what is neither offered nor a file."""
    own: list[Path] = []
    for item in supplements:
        if any(_is_choice(folder, item, part) for part in choices):
            continue
        if isinstance(item, Path) or item.endswith(".toml"):
            own.append(Path(item))
        else:
            message = N_("The questionnaire offers no supplement “{name}”.")
            known = [part.supplement for part in choices if part.supplement]
            findings.unknown("instrument.unknown-supplement", HEAD_FILE, message, known, name=shorten_value(item))
    return list(dict.fromkeys(own))


def _is_choice(folder: Path, item: str | Path, part: SectionFile) -> bool:
    if isinstance(item, str) and item in {part.supplement, part.name}:
        return True
    return resolved_path(folder / part.name) == resolved_path(Path(item))


def _note_unlisted(folder: Path, names: Sequence[str], own: Sequence[Path], findings: Findings) -> None:
    known = [folder / HEAD_FILE, *(folder / name for name in _within_limit(names)), *own]
    for name in unlisted_files(folder, known):
        message = N_("The file is listed neither under parts nor under supplements, so nobody sees it.")
        advice = N_("Add its name to instrument.toml, or move it away.")
        findings.warning("instrument.unlisted-file", shorten_value(name), message, advice)


def _build_instrument(head: HeadFileTable, parts: Sequence[SectionFile], findings: Findings) -> Instrument | None:
    """Build the instrument and check it; ``None`` if it is too large to be looked at."""
    contents = [(part, part.content) for part in parts if part.content]
    count = sum(len(content.question) for _, content in contents)
    check_size(count, HEAD_FILE, findings)
    if count > QUESTIONS_LIMIT:
        return None
    drafting = BuildContext(_scales(head, findings), findings)
    found = {
        "supplements": tuple(dict.fromkeys(part.supplement for part, _ in contents if part.supplement)),
        "thresholds": build_thresholds(head.thresholds),
        "concepts": tuple(build_concept(concept) for concept in head.concept),
        "sources": _cited(head),
        "profiles": _profiles(head),
        "contradictions": build_contradictions(
            (*head.contradiction, *(entry for _, content in contents for entry in content.contradiction))
        ),
        "codes": build_codes(head.codes),
        "sections": tuple(build_section(content, part.place, drafting) for part, content in contents),
    }
    instrument = Instrument(**shared_fields(head.instrument, Instrument) | found)
    places = [part.place for part, _ in contents]
    check_instrument(instrument, HEAD_FILE, places, drafting.unclear, findings)
    if len(contents) == len(parts):
        check_references(instrument, places, HEAD_FILE, drafting.unclear, findings)
    return instrument


def _scales(head: HeadFileTable, findings: Findings) -> dict[str, tuple[ChoiceOption, ...]]:
    check_ids(head.scales, "scale", HEAD_FILE, findings)
    for name, options in head.scales.items():
        check_ids((o.id for o in options), "option", place_inside(HEAD_FILE, "scale", name), findings)
    return {name: build_options(options) for name, options in head.scales.items()}


# From shapes to the domain: names of scales become options, tables of conditions become conditions.


def shared_fields(table: TomlTable, shape: type) -> dict[str, Any]:
    """Return what a table says under the names that the fields of the domain have too."""
    return {name: getattr(table, name) for name in _shared_names(type(table), shape)}


@cache
def _shared_names(table: type[TomlTable], shape: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(shape) if one.name in table.__struct_fields__)


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What is needed to build sections: the named scales, and where to put mistakes and doubts."""

    scales: Mapping[str, tuple[ChoiceOption, ...]]
    findings: Findings
    unclear: set[Address] = field(default_factory=set)


def build_options(tables: tuple[OptionTable, ...]) -> tuple[ChoiceOption, ...]:
    return tuple(ChoiceOption(**shared_fields(table, ChoiceOption)) for table in tables)


def build_condition(table: ConditionTable | None) -> Condition | None:
    """Build a condition; ``None`` if there is none, or none that makes sense."""
    if table is None:
        return None
    if table.question:
        return _build_test(table)
    for op, tables in (
        (ConditionOperator.ALL, table.all),
        (ConditionOperator.ANY, table.any),
        (ConditionOperator.NOT, (table.not_,)),
    ):
        parts = tuple(part for part in map(build_condition, tables) if part is not None)
        if parts:
            return Condition(op=op, parts=parts)
    return None


def _build_test(table: ConditionTable) -> Condition:
    address = Address(table.question, table.row, table.column)
    if table.at_least is not None:
        return Condition(op=ConditionOperator.AT_LEAST, address=address, number=table.at_least)
    # A test without a value is a mistake by now, but its question may be another one.
    given = () if table.is_ is None else table.is_
    values = given if isinstance(given, tuple) else (given,)
    return Condition(op=ConditionOperator.IS, address=address, values=tuple(str(value) for value in values))


def build_section(part: SectionFileTable, place: str, drafting: BuildContext) -> Section:
    questions = tuple(
        _build_question(question, place_inside(place, "question", question.id or str(index)), drafting)
        for index, question in enumerate(part.question, start=1)
    )
    return Section(**shared_fields(part.section, Section), questions=questions)


def _build_question(table: QuestionTable, place: str, drafting: BuildContext) -> Question:
    options = _build_field(table, Address(table.id), place, drafting)
    changed = {
        "show_if": build_condition(table.show_if),
        "target": table.target or 0,
        "columns": tuple(
            _build_column(column, table.id, place_inside(place, "column", column.id or str(index)), drafting)
            for index, column in enumerate(table.column, start=1)
        ),
        "rows": tuple(GridRow(**shared_fields(row, GridRow)) for row in table.row),
        "gate": SkipRule(**shared_fields(table.gate, SkipRule)) if table.gate else None,
    }
    question = Question(**shared_fields(table, Question) | options | changed)
    return question if table.target is not None else replace(question, target=question.top_target)


def _build_column(table: ColumnTable, question: str, place: str, drafting: BuildContext) -> GridColumn:
    options = _build_field(table, Address(question, column=table.id), place, drafting)
    return GridColumn(**shared_fields(table, GridColumn) | options)


def _build_field(table: FieldTable, address: Address, place: str, drafting: BuildContext) -> dict[str, Any]:
    """Return the kind and the options of a question or column."""
    if table.type is None:
        drafting.unclear.add(address)
    options = _resolve_options(table.options, address, place, drafting)
    return {"kind": table.type or AnswerKind.TEXT, "options": options}


def _resolve_options(
    options: OptionsValue, address: Address, place: str, drafting: BuildContext
) -> tuple[ChoiceOption, ...]:
    if isinstance(options, tuple):
        return build_options(options)
    if options not in drafting.scales:
        drafting.unclear.add(address)
        message = N_("There is no scale “{name}”.")
        drafting.findings.unknown(
            "instrument.unknown-scale", place, message, drafting.scales, name=shorten_value(options)
        )
    return drafting.scales.get(options, ())


def build_thresholds(table: ThresholdsTable) -> ScoreThresholds:
    return ScoreThresholds(**shared_fields(table, ScoreThresholds))


def build_concept(table: ConceptTable) -> Concept:
    return Concept(**shared_fields(table, Concept))


def build_contradictions(tables: tuple[ContradictionTable, ...]) -> tuple[ContradictionRule, ...]:
    conditions = ((table, build_condition(table.when)) for table in tables)
    return tuple(
        ContradictionRule(id=table.id, when=when, message=table.message)
        for table, when in conditions
        if when is not None
    )


def build_codes(table: CodesTable) -> dict[str, tuple[CodeListEntry, ...]]:
    lists: dict[str, tuple[CodeTable, ...]] = {name: getattr(table, name) for name in table.__struct_fields__}
    return {
        name: tuple(CodeListEntry(id=e.id, label=e.label) for e in entries)
        for name, entries in lists.items()
        if entries
    }
