"""An instrument as the tables its files hold: read from a folder, where scales have names, or made of an instrument."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import Column, Field, Instrument, Option, Question, Row, Section
from capacity_app.domain.problems import Problem
from capacity_app.instruments.findings import Findings
from capacity_app.instruments.parts import read_core_part, read_head, read_own_supplement, read_supplement
from capacity_app.instruments.shapes import (
    CodesTable,
    CodeTable,
    ColumnTable,
    ConceptTable,
    ConditionTable,
    ContradictionTable,
    GateTable,
    HeadFile,
    InstrumentTable,
    OptionTable,
    PartFile,
    QuestionTable,
    RowTable,
    SectionTable,
    ThresholdsTable,
)

_OTHER = re.compile(r"[^a-z0-9]+")
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The files of an instrument as tables, by name; ``base`` is what a supplement of its own is added to."""

    head: HeadFile
    parts: Mapping[str, PartFile] = field(default_factory=dict)
    base: str = ""


def file_name(section: SectionTable | Section, place: int) -> str:
    """Name the file of a section: "03-basic-statistics.toml", for a supplement "lb-left-behind.toml"."""
    slug = _OTHER.sub("-", section.title.casefold())[:_NAME_LENGTH].strip("-")
    start = section.id if section.supplement else f"{place:02}"
    return f"{'-'.join(part for part in (start, slug or section.id) if part)}.toml"


def source_of_folder(
    folder: Path, supplements: Sequence[str] | None = None
) -> tuple[Source | None, tuple[Problem, ...]]:
    """Read the tables of a folder, with the supplements of these ids or files (None: all that it offers)."""
    findings = Findings()
    head = read_head(folder, findings)
    if head is None:
        return None, findings.all()
    parts = [read_core_part(folder, name) for name in head.instrument.parts]
    offered = [read_supplement(folder, name) for name in head.instrument.supplements]
    parts += [one for one in offered if supplements is None or {one.supplement, one.name} & set(supplements)]
    for part in parts:
        findings.take(part.findings)
    return Source(head=head, parts={part.name: part.content for part in parts if part.content}), findings.all()


def source_of_supplement(file: Path, base: str) -> tuple[Source | None, tuple[Problem, ...]]:
    """Read the tables of a country's own file, which belongs to an instrument."""
    part = read_own_supplement(file)
    parts = {file.name: part.content} if part.content else {}
    return (Source(head=HeadFile(), parts=parts, base=base) if parts else None), part.findings.all()


# -- from an instrument --------------------------------------------------------------------------------------------


def source_of(instrument: Instrument) -> Source:
    """Give the tables of an instrument that has no files, such as the copy in an assessment."""
    parts = {
        file_name(section, place): _part(section, instrument)
        for place, section in enumerate(instrument.sections, start=1)
    }
    owned = {entry.id for part in parts.values() for entry in part.contradiction}
    codes = {
        name: tuple(CodeTable(id=code.id, label=code.label) for code in entries)
        for name, entries in instrument.codes.items()
    }
    head = HeadFile(
        instrument=InstrumentTable(
            id=instrument.id,
            version=instrument.version,
            title=instrument.title,
            edition=instrument.edition,
            description=instrument.description,
            language=instrument.language,
            parts=tuple(name for name, part in parts.items() if not part.section.supplement),
            supplements=tuple(name for name, part in parts.items() if part.section.supplement),
        ),
        thresholds=ThresholdsTable(
            firm=instrument.thresholds.firm,
            provisional=instrument.thresholds.provisional,
            mostly_not_applicable=instrument.thresholds.mostly_not_applicable,
            robust_spread=instrument.thresholds.robust_spread,
        ),
        codes=CodesTable(**codes),
        concept=tuple(
            ConceptTable(id=one.id, label=one.label, definition=one.definition, source=one.source)
            for one in instrument.concepts
        ),
        contradiction=tuple(_contradictions(instrument, lambda entry: entry not in owned)),
    )
    return Source(head=head, parts=parts)


def _contradictions(instrument: Instrument, is_wanted: Callable[[str], bool]) -> Iterable[ContradictionTable]:
    for entry in instrument.contradictions:
        if is_wanted(entry.id):
            yield ContradictionTable(id=entry.id, when=_condition(entry.when), message=entry.message)


def _supplement_of(entry: Condition, instrument: Instrument) -> str:
    """Name the section of a supplement that a condition is about, if there is one."""
    sections = (instrument.section_of.get(address.question) for address in entry.addresses())
    return next((one.id for one in sections if one is not None and one.supplement), "")


def _part(section: Section, instrument: Instrument) -> PartFile:
    own = {entry.id for entry in instrument.contradictions if _supplement_of(entry.when, instrument) == section.id}
    return PartFile(
        section=SectionTable(
            id=section.id,
            number=section.number,
            title=section.title,
            provenance=section.provenance,
            introduction=section.introduction,
            weight=section.weight,
            supplement=section.supplement,
        ),
        question=tuple(map(_question, section.questions)),
        contradiction=tuple(_contradictions(instrument, lambda entry: entry in own)),
    )


def _question(question: Question) -> QuestionTable:
    gate = question.gate
    return QuestionTable(
        **_field(question),
        number=question.number,
        text=question.text,
        provenance=question.provenance,
        heading=question.heading,
        importance=question.importance,
        target=question.target,
        prerequisite=question.prerequisite,
        feasibility=question.feasibility,
        show_if=_condition(question.show_if) if question.show_if else None,
        respondent_help=question.respondent_help,
        evidence_hint=question.evidence_hint,
        tags=question.tags,
        column=tuple(map(_column, question.columns)),
        row=tuple(map(_row, question.rows)),
        gate=GateTable(column=gate.column, answers=gate.answers, settles=gate.settles) if gate else None,
        key_column=question.key_column,
    )


def _field(field_: Field) -> dict[str, Any]:
    names = ("id", "anchors", "actions", "many", "most", "minimum", "maximum", "weight", "scored", "guidance")
    return {name: getattr(field_, name) for name in names} | {
        "type": field_.kind,
        "options": tuple(map(_option, field_.options)),
    }


def _option(option: Option) -> OptionTable:
    return OptionTable(**{name: getattr(option, name) for name in OptionTable.__struct_fields__})


def _column(column: Column) -> ColumnTable:
    return ColumnTable(**_field(column), label=column.label, group=column.group, supply=column.supply)


def _row(row: Row) -> RowTable:
    return RowTable(**{name: getattr(row, name) for name in RowTable.__struct_fields__})


def _condition(condition: Condition) -> ConditionTable:
    if condition.address is not None:
        place: dict[str, Any] = {"question": condition.address.question, "row": condition.address.row or "",
                 "column": condition.address.column or ""}  # fmt: skip
        if condition.op is Op.AT_LEAST:
            return ConditionTable(**place, at_least=condition.number)
        return ConditionTable(**place, is_=condition.values)
    parts = tuple(map(_condition, condition.parts))
    match condition.op:
        case Op.ALL:
            return ConditionTable(all=parts)
        case Op.ANY:
            return ConditionTable(any=parts)
    return ConditionTable(not_=parts[0])
