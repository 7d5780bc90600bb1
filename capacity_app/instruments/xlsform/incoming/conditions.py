"""Conditions of a form as the tables of an instrument, and the answers of a column that settle others."""

from collections.abc import Callable, Iterable, Sequence

from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.problems import Problem
from capacity_app.instruments.xlsform.details import condition_table
from capacity_app.instruments.xlsform.expressions import (
    Call,
    Known,
    Literal,
    Node,
    Ref,
    Unsupported,
    condition_in,
    parsed,
)
from capacity_app.instruments.xlsform.form import note
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.elements import Table
from capacity_app.instruments.xlsform.names import read_name

Waiting = tuple[Table, Sequence[tuple[str, str]], str]
"""A question, the expressions under which it is asked, each with its row, and the row of the question."""


def add_conditions(waiting: Iterable[Waiting], known: Callable[[str], Known | None]) -> list[Problem]:
    """Assign each question its condition, now that every field is known; tells of those that cannot be said here."""
    problems: list[Problem] = []
    for table, relevants, place in waiting:
        parts: list[Condition] = []
        for text, at in relevants:
            try:
                parts.append(condition_in(text, known))
            except Unsupported:
                said = text[: sentences.MOST_SHOWN]
                problems.append(note("condition", at or place, sentences.CONDITION, sentences.ADVICE, said=said))
        if parts:
            whole = parts[0] if len(parts) == 1 else Condition(op=Op.ALL, parts=tuple(parts))
            table["show_if"] = condition_table(whole)
    return problems


def gate_in(relevant: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the column and the answers for which a cell of ours is not asked."""
    try:
        node = parsed(relevant)
    except Unsupported:
        return None
    for part in node.parts if isinstance(node, Call) and node.name == "and" else (node,):
        if isinstance(part, Call) and part.name == "not":
            tests = _tests(part.parts[0])
            name = read_name(tests[0][0]) if tests else None
            if name and name.address.column:
                return name.address.column, tuple(value for _field, value in tests)
    return None


def _tests(node: Node) -> list[tuple[str, str]]:
    if isinstance(node, Call) and node.name == "or":
        return [test for part in node.parts for test in _tests(part)]
    match node:
        case Call("selected", (Ref(name), Literal(value))):
            return [(name, str(value))]
    return []
