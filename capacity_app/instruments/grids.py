"""What must fit together in a grid: columns, rows, gate and key column."""

from collections import Counter
from collections.abc import Container, Iterable

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Column, Field, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.instruments.fields import check_field, note_misplaced
from capacity_app.instruments.findings import Findings, inside, listed, shown
from capacity_app.instruments.ids import check_ids

CELLS_LIMIT = 20_000
"""Cells (rows × columns) in one grid."""

_GATE_KINDS = frozenset({Kind.LEVEL, Kind.CHOICE, Kind.YES_NO, Kind.YES_PARTLY_NO})
_LEVELS = ("0", "1", "2", "3")


def check_grid(question: Question, place: str, unclear: Container[Address], findings: Findings) -> None:
    """Check the columns, rows, gate and key column of a question."""
    if question.kind is not Kind.GRID:
        if Address(question.id) not in unclear:
            _check_no_grid(question, place, findings)
        return
    _check_size(question, place, findings)
    check_ids((column.id for column in question.columns), "column", place, findings)
    check_ids((row.id for row in question.rows), "row", place, findings)
    for index, column in enumerate(question.columns, start=1):
        where = inside(place, "column", column.id or str(index))
        _check_column(column, where, findings, is_clear=_is_clear(question, column, unclear))
    _check_measures(question, place, findings)
    _check_key_column(question, place, findings)
    _check_gate(question, place, unclear, findings)
    for index, row in enumerate(question.rows, start=1):
        _check_required(question, row, inside(place, "row", row.id or str(index)), unclear, findings)


def known_answers(field: Field) -> tuple[str, ...]:
    """Return the answers that can be named in a condition or gate, or nothing if any text may be one."""
    match field.kind:
        case Kind.LEVEL:
            return _LEVELS
        case Kind.YES_NO:
            return ("yes", "no")
        case Kind.YES_PARTLY_NO:
            return ("yes", "partly", "no")
    return tuple(option.id for option in field.options)


def note_unknown_column(name: str, key: str, question: Question, place: str, findings: Findings) -> None:
    """Note the name of a column that the grid does not have."""
    message = N_("“{key}” names the column “{name}”, which this grid does not have.")
    known = question.column_by_id
    findings.unknown("instrument.unknown-column", place, message, known, name=shown(name), key=key)


def note_unknown_options(names: Iterable[str], field: Field, key: str, place: str, findings: Findings) -> None:
    """Note each name that is no answer of a field whose answers are known."""
    known = dict.fromkeys(known_answers(field))
    for name in names:
        if known and name not in known:
            message = N_("“{key}” names “{name}”, which is not an answer of {field}.")
            findings.unknown(
                "instrument.unknown-option", place, message, known, name=shown(name), key=key, field=field.id
            )


def _check_no_grid(question: Question, place: str, findings: Findings) -> None:
    given = {
        "column": question.columns,
        "row": question.rows,
        "gate": question.gate,
        "key_column": question.key_column,
    }
    for key, value in given.items():
        if value:
            note_misplaced(key, question, [Kind.GRID], place, findings)


def _check_size(question: Question, place: str, findings: Findings) -> None:
    for key, items in (("column", question.columns), ("row", question.rows)):
        if not items:
            message = N_("A grid needs at least one [[question.{key}]].")
            findings.error("instrument.empty-grid", place, message, N_("Add one below the question."), key=key)
    cells = len(question.columns) * len(question.rows)
    if cells > CELLS_LIMIT:
        message = N_("The grid has {count} cells; {most} are allowed.")
        advice = N_("Make several questions of it.")
        findings.error("instrument.too-many-cells", place, message, advice, count=cells, most=CELLS_LIMIT)


def _check_column(column: Column, place: str, findings: Findings, *, is_clear: bool) -> None:
    if column.kind is Kind.GRID:
        message = N_("A column cannot be a grid itself.")
        findings.error("instrument.nested-grid", place, message, N_("Make a question of its own of it."))
    check_field(column, place, findings, is_clear=is_clear, needs_actions=False)
    if column.supply and is_clear and not column.is_scored:
        message = N_("“supply” measures the row's gap, but answers in this column have no points.")
        advice = N_("Give its options points, or make another column the supply.")
        findings.error("instrument.supply-without-points", place, message, advice)


def _check_measures(question: Question, place: str, findings: Findings) -> None:
    supply = [column.id for column in question.columns if column.supply]
    if len(supply) > 1:
        message = N_("Only one column can be the supply of a row; here are {names}.")
        findings.error("instrument.several-supply", place, message, N_("Keep one."), names=listed(supply))
    weighing = [c.id for c in question.columns if any(o.importance or o.not_applicable for o in c.options)]
    if len(weighing) > 1:
        message = N_("Only one column can weigh a row or take it out; here are {names}.")
        advice = N_("Keep importance and not_applicable in the options of one column.")
        findings.error("instrument.several-weighing", place, message, advice, names=listed(weighing))
    groups = Counter(column.group for column in question.columns if column.group)
    for name, count in groups.items():
        if count == 1:
            message = N_("Only one column is in the group “{name}”, so the group has no effect.")
            advice = N_("Check the spelling of the group in the other columns.")
            findings.warning("instrument.lonely-group", place, message, advice, name=shown(name))


def _check_key_column(question: Question, place: str, findings: Findings) -> None:
    if question.key_column and question.key_column not in question.column_by_id:
        note_unknown_column(question.key_column, "key_column", question, place, findings)
    if not question.key_column and any(row.spare for row in question.rows):
        message = N_("Spare rows need a key column, which brings them to life.")
        advice = N_("Write key_column = “…” in the question.")
        findings.error("instrument.missing-key-column", place, message, advice)


def _check_gate(question: Question, place: str, unclear: Container[Address], findings: Findings) -> None:
    gate = question.gate
    if gate is None:
        return
    where = inside(place, "gate")
    column = question.column_by_id.get(gate.column)
    if column is not None and _is_clear(question, column, unclear):
        _check_gate_answers(column, gate.answers, where, findings)
    elif column is None and gate.column:
        note_unknown_column(gate.column, "column", question, where, findings)
    for name in gate.settles:
        if name not in question.column_by_id:
            note_unknown_column(name, "settles", question, where, findings)
        elif name == gate.column:
            message = N_("The gate cannot settle its own column.")
            findings.error("instrument.gate-settles-itself", where, message, N_("Remove it from settles."))


def _check_gate_answers(column: Column, answers: Iterable[str], place: str, findings: Findings) -> None:
    if column.kind is Kind.CHECKLIST:
        _check_exclusive(column, answers, place, findings)
    elif column.kind not in _GATE_KINDS:
        message = N_("The gate's column {name} is of the type {kind}, which cannot be a gate.")
        advice = N_("Name a column with one answer of several: level, choice, yes_no or yes_partly_no.")
        findings.error("instrument.gate-kind", place, message, advice, name=column.id, kind=column.kind.value)
        return
    note_unknown_options(answers, column, "answers", place, findings)


def _check_exclusive(column: Column, answers: Iterable[str], place: str, findings: Findings) -> None:
    """Note what can be ticked beside others: only an answer that stands alone can settle anything."""
    for name in answers:
        option = column.option_by_id.get(name)
        if option is not None and not option.exclusive:
            message = N_("The gate's answer {name} can be ticked together with others, so it settles nothing.")
            advice = N_("Name an exclusive option of the checklist, or a column with one answer of several.")
            findings.error("instrument.gate-kind", place, message, advice, name=name)


def _check_required(question: Question, row: Row, place: str, unclear: Container[Address], findings: Findings) -> None:
    for name, options in row.required.items():
        column = question.column_by_id.get(name)
        if column is None:
            note_unknown_column(name, "required", question, place, findings)
        elif not _is_clear(question, column, unclear):
            continue
        elif column.kind is not Kind.CHECKLIST:
            message = N_("“required” needs a checklist, but the column {name} is of the type {kind}.")
            advice = N_("Name a column of the type checklist.")
            findings.error("instrument.not-a-checklist", place, message, advice, name=column.id, kind=column.kind.value)
        elif not options:
            message = N_("“required” names no option of the column {name}.")
            advice = N_("List the options this row needs ticked, or remove it.")
            findings.error("instrument.empty", place, message, advice, name=column.id)
        else:
            note_unknown_options(options, column, "required", place, findings)


def _is_clear(question: Question, column: Column, unclear: Container[Address]) -> bool:
    return Address(question.id, column=column.id) not in unclear
