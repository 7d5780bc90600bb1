"""From shapes to the domain: names of scales become options, tables of conditions become conditions.

A draft may hold mistakes: it is what the checks look at, and it becomes an instrument only if they
find none. What a checker must not complain about again (a question whose type or scale is unknown
already) stands in ``unclear``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypedDict

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    AnswerKind,
    ChoiceOption,
    CodeListEntry,
    Concept,
    ContradictionRule,
    GridColumn,
    GridRow,
    Question,
    ScoreThresholds,
    Section,
    SkipRule,
)
from capacity_app.questionnaires.problems import Findings, place_inside, shorten_value
from capacity_app.questionnaires.toml_schema import (
    CodesTable,
    CodeTable,
    ColumnTable,
    ConceptTable,
    ConditionTable,
    ContradictionTable,
    FieldTable,
    GateTable,
    OptionsValue,
    OptionTable,
    QuestionTable,
    RowTable,
    SectionFileTable,
    ThresholdsTable,
)


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What is needed to build sections: the named scales, and where to put mistakes and doubts."""

    scales: Mapping[str, tuple[ChoiceOption, ...]]
    findings: Findings
    unclear: set[Address] = field(default_factory=set)


def build_options(tables: tuple[OptionTable, ...]) -> tuple[ChoiceOption, ...]:
    """Build the options of a scale."""
    return tuple(
        ChoiceOption(
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
            _build_question(question, place_inside(place, "question", question.id or str(index)), drafting)
            for index, question in enumerate(part.question, start=1)
        ),
    )


def _build_question(table: QuestionTable, place: str, drafting: BuildContext) -> Question:
    return Question(
        **_build_field(table, Address(table.id), place, drafting),
        number=table.number,
        text=table.text,
        provenance=table.provenance,
        heading=table.heading,
        importance=table.importance,
        target=table.target,
        prerequisite=table.prerequisite,
        feasibility=table.feasibility,
        show_if=build_condition(table.show_if),
        respondent_help=table.respondent_help,
        evidence_hint=table.evidence_hint,
        tags=table.tags,
        columns=tuple(
            _build_column(column, table.id, place_inside(place, "column", column.id or str(index)), drafting)
            for index, column in enumerate(table.column, start=1)
        ),
        rows=tuple(_build_row(row) for row in table.row),
        gate=_build_gate(table.gate),
        key_column=table.key_column,
    )


def _build_column(table: ColumnTable, question: str, place: str, drafting: BuildContext) -> GridColumn:
    return GridColumn(
        **_build_field(table, Address(question, column=table.id), place, drafting),
        label=table.label,
        group=table.group,
        supply=table.supply,
    )


class _FieldArguments(TypedDict):
    id: str
    kind: AnswerKind
    options: tuple[ChoiceOption, ...]
    anchors: tuple[str, ...]
    actions: tuple[str, ...]
    many: bool
    most: int | None
    minimum: int | None
    maximum: int | None
    weight: Fraction
    scored: bool
    guidance: str


def _build_field(table: FieldTable, address: Address, place: str, drafting: BuildContext) -> _FieldArguments:
    if table.type is None:
        drafting.unclear.add(address)
    return {
        "id": table.id,
        "kind": table.type or AnswerKind.TEXT,
        "options": _resolve_options(table.options, address, place, drafting),
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


def _build_row(table: RowTable) -> GridRow:
    return GridRow(
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


def _build_gate(table: GateTable | None) -> SkipRule | None:
    if table is None:
        return None
    return SkipRule(column=table.column, answers=table.answers, settles=table.settles)


def build_thresholds(table: ThresholdsTable) -> ScoreThresholds:
    return ScoreThresholds(
        firm=table.firm,
        provisional=table.provisional,
        mostly_not_applicable=table.mostly_not_applicable,
        robust_spread=table.robust_spread,
    )


def build_concept(table: ConceptTable) -> Concept:
    return Concept(id=table.id, label=table.label, definition=table.definition, source=table.source)


def build_contradictions(tables: tuple[ContradictionTable, ...]) -> tuple[ContradictionRule, ...]:
    """Build the contradictions that have a condition."""
    conditions = ((table, build_condition(table.when)) for table in tables)
    return tuple(
        ContradictionRule(id=table.id, when=when, message=table.message)
        for table, when in conditions
        if when is not None
    )


def build_codes(table: CodesTable) -> dict[str, tuple[CodeListEntry, ...]]:
    """Build the code lists that have entries."""
    lists: dict[str, tuple[CodeTable, ...]] = {name: getattr(table, name) for name in table.__struct_fields__}
    return {
        name: tuple(CodeListEntry(id=e.id, label=e.label) for e in entries)
        for name, entries in lists.items()
        if entries
    }
