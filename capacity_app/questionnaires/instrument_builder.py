"""From shapes to the domain: names of scales become options, tables of conditions become conditions.

A draft may hold mistakes: it is what the checks look at, and it becomes an instrument only if they
find none. What a checker must not complain about again (a question whose type or scale is unknown
already) stands in ``unclear``.
"""

from collections.abc import Mapping
from dataclasses import field, fields, replace
from functools import cache
from typing import Any

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
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
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.problems import Findings, place_inside, shorten_value
from capacity_app.questionnaires.toml_schema import (
    CodesTable,
    CodeTable,
    ColumnTable,
    ConceptTable,
    ConditionTable,
    ContradictionTable,
    FieldTable,
    OptionsValue,
    OptionTable,
    QuestionTable,
    SectionFileTable,
    ThresholdsTable,
    TomlTable,
)


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
