"""From shapes to the domain: names of scales become options, tables of conditions become conditions.

A draft may hold mistakes: it is what the checks look at, and it becomes an instrument only if they
find none. What a checker must not complain about again (a question whose type or scale is unknown
already) stands in ``unclear``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypedDict

from capacity_app.domain.answers import Address
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import (
    Code,
    Column,
    Concept,
    Contradiction,
    Gate,
    Kind,
    Option,
    Question,
    Row,
    Section,
    Thresholds,
)
from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings, inside, shown
from capacity_app.instruments.shapes import (
    CodesTable,
    CodeTable,
    ColumnTable,
    ConceptTable,
    ConditionTable,
    ContradictionTable,
    FieldTable,
    GateTable,
    Options,
    OptionTable,
    PartFile,
    QuestionTable,
    RowTable,
    ThresholdsTable,
)


@dataclass(frozen=True, slots=True)
class Drafting:
    """What is needed to build sections: the named scales, and where to put mistakes and doubts."""

    scales: Mapping[str, tuple[Option, ...]]
    findings: Findings
    unclear: set[Address] = field(default_factory=set)


def options_of(tables: tuple[OptionTable, ...]) -> tuple[Option, ...]:
    """Build the options of a scale."""
    return tuple(
        Option(
            id=table.id,
            label=table.label,
            points=table.points,
            required=table.required,
            exclusive=table.exclusive,
            importance=table.importance,
            not_applicable=table.not_applicable,
            alert=table.alert,
        )
        for table in tables
    )


def condition_of(table: ConditionTable | None) -> Condition | None:
    """Build a condition; ``None`` if there is none, or none that makes sense."""
    if table is None:
        return None
    if table.question:
        return _test_of(table)
    for op, tables in ((Op.ALL, table.all), (Op.ANY, table.any), (Op.NOT, (table.not_,))):
        parts = tuple(part for part in map(condition_of, tables) if part is not None)
        if parts:
            return Condition(op=op, parts=parts)
    return None


def _test_of(table: ConditionTable) -> Condition:
    address = Address(table.question, table.row, table.column)
    if table.at_least is not None:
        return Condition(op=Op.AT_LEAST, address=address, number=table.at_least)
    # A test without a value is a mistake by now, but its question may be another one.
    given = () if table.is_ is None else table.is_
    values = given if isinstance(given, tuple) else (given,)
    return Condition(op=Op.IS, address=address, values=tuple(str(value) for value in values))


def section_of(part: PartFile, place: str, drafting: Drafting) -> Section:
    """Build a section with its questions."""
    table = part.section
    return Section(
        id=table.id,
        number=table.number,
        title=table.title,
        provenance=table.provenance,
        introduction=table.introduction,
        weight=table.weight,
        supplement=table.supplement,
        questions=tuple(
            _question_of(question, inside(place, "question", question.id or str(index)), drafting)
            for index, question in enumerate(part.question, start=1)
        ),
    )


def _question_of(table: QuestionTable, place: str, drafting: Drafting) -> Question:
    return Question(
        **_field_of(table, Address(table.id), place, drafting),
        number=table.number,
        text=table.text,
        provenance=table.provenance,
        heading=table.heading,
        importance=table.importance,
        target=table.target,
        prerequisite=table.prerequisite,
        feasibility=table.feasibility,
        show_if=condition_of(table.show_if),
        respondent_help=table.respondent_help,
        evidence_hint=table.evidence_hint,
        tags=table.tags,
        columns=tuple(
            _column_of(column, table.id, inside(place, "column", column.id or str(index)), drafting)
            for index, column in enumerate(table.column, start=1)
        ),
        rows=tuple(_row_of(row) for row in table.row),
        gate=_gate_of(table.gate),
        key_column=table.key_column,
    )


def _column_of(table: ColumnTable, question: str, place: str, drafting: Drafting) -> Column:
    return Column(
        **_field_of(table, Address(question, column=table.id), place, drafting),
        label=table.label,
        group=table.group,
        supply=table.supply,
    )


class _FieldArguments(TypedDict):
    id: str
    kind: Kind
    options: tuple[Option, ...]
    anchors: tuple[str, ...]
    actions: tuple[str, ...]
    many: bool
    most: int | None
    minimum: int | None
    maximum: int | None
    weight: Fraction
    scored: bool
    guidance: str


def _field_of(table: FieldTable, address: Address, place: str, drafting: Drafting) -> _FieldArguments:
    if table.type is None:
        drafting.unclear.add(address)
    return {
        "id": table.id,
        "kind": table.type or Kind.TEXT,
        "options": _resolved(table.options, address, place, drafting),
        "anchors": table.anchors,
        "actions": table.actions,
        "many": table.many,
        "most": table.most,
        "minimum": table.minimum,
        "maximum": table.maximum,
        "weight": table.weight,
        "scored": table.scored,
        "guidance": table.guidance,
    }


def _resolved(options: Options, address: Address, place: str, drafting: Drafting) -> tuple[Option, ...]:
    if isinstance(options, tuple):
        return options_of(options)
    if options not in drafting.scales:
        drafting.unclear.add(address)
        message = N_("There is no scale “{name}”.")
        drafting.findings.unknown("instrument.unknown-scale", place, message, drafting.scales, name=shown(options))
    return drafting.scales.get(options, ())


def _row_of(table: RowTable) -> Row:
    return Row(
        id=table.id,
        label=table.label,
        number=table.number,
        heading=table.heading,
        importance=table.importance,
        target=table.target,
        prerequisite=table.prerequisite,
        spare=table.spare,
        preset_reason=table.preset_reason,
        required=table.required,
        guidance=table.guidance,
        provenance=table.provenance,
        tags=table.tags,
    )


def _gate_of(table: GateTable | None) -> Gate | None:
    if table is None:
        return None
    return Gate(column=table.column, answers=table.answers, settles=table.settles)


def thresholds_of(table: ThresholdsTable) -> Thresholds:
    return Thresholds(
        firm=table.firm,
        provisional=table.provisional,
        mostly_not_applicable=table.mostly_not_applicable,
        robust_spread=table.robust_spread,
    )


def concept_of(table: ConceptTable) -> Concept:
    return Concept(id=table.id, label=table.label, definition=table.definition, source=table.source)


def contradictions_of(tables: tuple[ContradictionTable, ...]) -> tuple[Contradiction, ...]:
    """Build the contradictions that have a condition."""
    conditions = ((table, condition_of(table.when)) for table in tables)
    return tuple(
        Contradiction(id=table.id, when=when, message=table.message) for table, when in conditions if when is not None
    )


def codes_of(table: CodesTable) -> dict[str, tuple[Code, ...]]:
    """Build the code lists that have entries."""
    lists: dict[str, tuple[CodeTable, ...]] = {name: getattr(table, name) for name in table.__struct_fields__}
    return {name: tuple(Code(id=e.id, label=e.label) for e in entries) for name, entries in lists.items() if entries}
