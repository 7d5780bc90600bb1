"""What must fit together in one question, column or grid: ids, the type and its keys, gates."""

import re
from collections import Counter
from collections.abc import Container, Iterable

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import LEVEL_COUNTS, GridColumn, GridRow, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.questionnaires.problems import Findings, list_names, place_inside, shorten_value

# Permanent ids: their form, and that nothing has the id of something else.

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NOT_IN_ID = re.compile(r"[^a-z0-9_-]+")
_ID_LENGTH = 80


def is_id(text: str) -> bool:
    return len(text) <= _ID_LENGTH and _ID.fullmatch(text) is not None


def check_id(text: str, place: str, findings: Findings) -> None:
    """Note an id of the wrong form; a missing one is noted where it is missing."""
    if text and not is_id(text):
        _note_malformed(text, place, findings)


def check_contradiction_id(text: str, place: str, findings: Findings) -> None:
    """Note a contradiction's id that is neither an id nor, as a question's, a section's id, a dot and an id."""
    if text and not all(is_id(part) for part in text.split(".", 1)):
        _note_malformed(text, place, findings)


def _note_malformed(text: str, place: str, findings: Findings) -> None:
    message = N_("“{name}” cannot be an id.")
    advice = N_("Use at most 80 of a–z, 0–9, “-” and “_”, starting with a letter or digit, for example “{example}”.")
    example = _NOT_IN_ID.sub("-", text[:_ID_LENGTH].lower()).strip("-_") or "a"
    findings.error("instrument.malformed-id", place, message, advice, name=shorten_value(text), example=example)


def check_question_id(text: str, section: str, place: str, findings: Findings) -> None:
    """Note a question's id that is not its section's id, a dot and an id of its own."""
    if not text:
        return
    start = f"{section}."
    if is_id(section) and not text.startswith(start):
        message = N_("The id “{name}” does not start with “{start}”, the id of its section and a dot.")
        advice = N_("Write “{example}”.")
        example = start + shorten_value(text.rpartition(".")[2])
        findings.error(
            "instrument.id-outside-section",
            place,
            message,
            advice,
            name=shorten_value(text),
            start=start,
            example=example,
        )
        return
    check_id(text.removeprefix(start) if is_id(section) else text.rpartition(".")[2], place, findings)


def check_ids(names: Iterable[str], word: str, place: str, findings: Findings) -> None:
    """Check the ids of one list: the form of each, and that no two are equal."""
    names = list(names)
    for name in dict.fromkeys(names):
        check_id(name, place_inside(place, word, name), findings)
    note_repeated(names, word, place, findings)


def note_repeated(names: Iterable[str], word: str, place: str, findings: Findings) -> None:
    """Note each id that is used more than once."""
    for name, count in Counter(name for name in names if name).items():
        if count > 1:
            message = N_("The id “{name}” is used {count} times.")
            advice = N_("Give each its own id.")
            where = place_inside(place, word, name)
            findings.error("instrument.duplicate-id", where, message, advice, name=shorten_value(name), count=count)


# What must fit together in one question or column: the type and the keys that belong to it.


_WITH_OPTIONS = frozenset(kind for kind in AnswerKind if kind.info.has_options)
_WITH_ENTRIES = frozenset(kind for kind in AnswerKind if kind.value_type is ValueType.ENTRIES)
_WITH_LIMITS = frozenset(kind for kind in AnswerKind if kind.info.has_limits)
_WITH_LEVELS = frozenset({AnswerKind.LEVEL})
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
OPTIONS_LIMIT = 1_000
"""Options of one question or column: nobody reads through more."""

_KINDS_OF_KEY = {
    "options": _WITH_OPTIONS,
    "anchors": _WITH_LEVELS,
    "actions": _WITH_LEVELS,
    "finding": frozenset(kind for kind in AnswerKind if kind.info.is_chosen) - _WITH_LEVELS,
    "finding_partly": frozenset({AnswerKind.YES_PARTLY_NO}),
    "many": _WITH_ENTRIES,
    "most": _WITH_ENTRIES,
    "minimum": _WITH_LIMITS,
    "maximum": _WITH_LIMITS,
    "numeric_score": frozenset({AnswerKind.INTEGER, AnswerKind.PERCENT}),
}


def check_field(field: QuestionField, place: str, findings: Findings, *, is_clear: bool = True) -> None:
    """Check a question or column; if its type or scale is not clear, only what holds for every type."""
    if len(field.options) > OPTIONS_LIMIT:
        _note_too_many_options(len(field.options), place, findings)
        return
    if is_clear:
        _check_keys(field, place, findings)
        _check_options(field, place, findings)
        _check_level(field, place, findings)
        _check_numeric_score(field, place, findings)
        _check_finding(field, place, findings)
    check_ids((option.id for option in field.options), "option", place, findings)
    _check_bounds(field, place, findings)


def note_misplaced(key: str, field: QuestionField, kinds: Iterable[AnswerKind], place: str, findings: Findings) -> None:
    message = N_("“{key}” means nothing for the type {kind}; it belongs to {kinds}.")
    advice = N_("Remove it, or choose another type.")
    expected = ", ".join(sorted(kinds))
    findings.error("instrument.misplaced-key", place, message, advice, key=key, kind=field.kind.value, kinds=expected)


def _note_too_many_options(count: int, place: str, findings: Findings) -> None:
    message = N_("Here are {count} options; {most} are allowed.")
    advice = N_("Make several questions of it, or let people type the answer.")
    findings.error("instrument.too-many-options", place, message, advice, count=count, most=OPTIONS_LIMIT)


def _check_keys(field: QuestionField, place: str, findings: Findings) -> None:
    for key, kinds in _KINDS_OF_KEY.items():
        if field.kind not in kinds and getattr(field, key) not in (None, (), False, ""):
            note_misplaced(key, field, kinds, place, findings)


def _check_options(field: QuestionField, place: str, findings: Findings) -> None:
    if field.kind.info.has_options and not field.options:
        message = N_("The type {kind} needs options.")
        advice = N_("Write options = “name of a scale”, or a list of options.")
        findings.error("instrument.missing-options", place, message, advice, kind=field.kind.value)
    required = [option for option in field.options if option.required]
    alone = [option.id for option in required if option.exclusive]
    if field.kind.value_type is ValueType.OPTIONS and alone and len(required) > 1:
        message = N_("These options stand alone and are required, so nobody can tick all that is required: {names}.")
        advice = N_("Remove required from them.")
        findings.error("instrument.exclusive-and-required", place, message, advice, names=list_names(alone))
    if field.kind.info.has_options and field.kind.value_type is ValueType.OPTION and field.is_scored:
        silent = [o.id for o in field.options if o.points is None and not o.not_applicable]
        if silent:
            message = N_("Some options have points, but these have none: {names}.")
            advice = N_("Give each option points, or not_applicable = true.")
            findings.warning("instrument.options-without-points", place, message, advice, names=list_names(silent))


def _check_level(field: QuestionField, place: str, findings: Findings) -> None:
    if field.kind is not AnswerKind.LEVEL:
        return
    different = {anchor.casefold() for anchor in field.anchors if anchor}
    if len(different) not in LEVEL_COUNTS or len(field.anchors) != len(different):
        message = N_("“anchors” needs 2 to 7 different sentences, for the levels from 0 up; here are {count}.")
        advice = N_("Write sentences in which a respondent can recognise itself.")
        findings.error("instrument.anchors", place, message, advice, count=len(different))
    steps = [action for action in field.actions if action]
    if field.actions and (len(steps) != field.top_level or len(field.actions) != field.top_level):
        message = N_("“actions” needs {most} suggestions, one for each step between levels; here are {count}.")
        advice = N_("Say what to do first to get from each level to the next.")
        findings.error("instrument.actions", place, message, advice, most=field.top_level, count=len(steps))


def _check_finding(field: QuestionField, place: str, findings: Findings) -> None:
    known = {"{answer}"} | ({"{missing}"} if field.kind is AnswerKind.CHECKLIST else set())
    if unknown := set(_PLACEHOLDER.findall(field.finding + field.finding_partly)) - known:
        message = N_("“finding” has placeholders that mean nothing here: {names}.")
        advice = N_("Use {{answer}}, and in a checklist {{missing}}.")
        findings.error("instrument.finding", place, message, advice, names=list_names(sorted(unknown)))


def _check_numeric_score(field: QuestionField, place: str, findings: Findings) -> None:
    if field.numeric_score and field.kind is AnswerKind.INTEGER and None in {field.minimum, field.maximum}:
        message = N_("A number that earns points needs a “minimum” that earns none and a “maximum” that earns all.")
        findings.error("instrument.numeric-score", place, message, N_("Write both."))


def _check_bounds(field: QuestionField, place: str, findings: Findings) -> None:
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        message = N_("“minimum” {minimum} is more than “maximum” {maximum}.")
        advice = N_("Exchange the two, or correct one.")
        findings.error("instrument.bounds", place, message, advice, minimum=field.minimum, maximum=field.maximum)
    if field.most is not None and not field.many and field.kind in _WITH_ENTRIES:
        message = N_("“most” has no effect without many = true.")
        findings.warning("instrument.most-without-many", place, message, N_("Add many = true."))


CELLS_LIMIT = 20_000
"""Cells (rows × columns) in one grid."""


def check_grid(question: Question, place: str, unclear: Container[Address], findings: Findings) -> None:
    """Check the columns, rows, gate and key column of a question."""
    if question.kind is not AnswerKind.GRID:
        if Address(question.id) not in unclear:
            _check_no_grid(question, place, findings)
        return
    _check_size(question, place, findings)
    check_ids((column.id for column in question.columns), "column", place, findings)
    check_ids((row.id for row in question.rows), "row", place, findings)
    for index, column in enumerate(question.columns, start=1):
        where = place_inside(place, "column", column.id or str(index))
        _check_column(column, where, findings, is_clear=_is_clear(question, column, unclear))
    _check_measures(question, place, findings)
    _check_key_column(question, place, findings)
    _check_gate(question, place, unclear, findings)
    for index, row in enumerate(question.rows, start=1):
        _check_required(question, row, place_inside(place, "row", row.id or str(index)), unclear, findings)


def note_unknown_column(name: str, key: str, question: Question, place: str, findings: Findings) -> None:
    """Note the name of a column that the grid does not have."""
    message = N_("“{key}” names the column “{name}”, which this grid does not have.")
    known = question.column_by_id
    findings.unknown("instrument.unknown-column", place, message, known, name=shorten_value(name), key=key)


def note_unknown_options(names: Iterable[str], field: QuestionField, key: str, place: str, findings: Findings) -> None:
    """Note each name that is no answer of a field whose answers are known."""
    known = dict.fromkeys(field.known_answers)
    for name in names:
        if known and name not in known:
            message = N_("“{key}” names “{name}”, which is not an answer of {field}.")
            findings.unknown(
                "instrument.unknown-option", place, message, known, name=shorten_value(name), key=key, field=field.id
            )


def _check_no_grid(question: Question, place: str, findings: Findings) -> None:
    given = {"column": question.columns, "row": question.rows, "gate": question.gate, "key_column": question.key_column}
    for key, value in given.items():
        if value:
            note_misplaced(key, question, [AnswerKind.GRID], place, findings)


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


def _check_column(column: GridColumn, place: str, findings: Findings, *, is_clear: bool) -> None:
    if column.kind is AnswerKind.GRID:
        message = N_("A column cannot be a grid itself.")
        findings.error("instrument.nested-grid", place, message, N_("Make a question of its own of it."))
    check_field(column, place, findings, is_clear=is_clear)
    if column.supply and is_clear and not column.is_scored:
        message = N_("“supply” measures the row's gap, but answers in this column have no points.")
        advice = N_("Give its options points, or make another column the supply.")
        findings.error("instrument.supply-without-points", place, message, advice)


def _check_measures(question: Question, place: str, findings: Findings) -> None:
    supply = [column.id for column in question.columns if column.supply]
    if len(supply) > 1:
        message = N_("Only one column can be the supply of a row; here are {names}.")
        findings.error("instrument.several-supply", place, message, N_("Keep one."), names=list_names(supply))
    weighing = [c.id for c in question.columns if any(o.importance or o.not_applicable for o in c.options)]
    if len(weighing) > 1:
        message = N_("Only one column can weigh a row or take it out; here are {names}.")
        advice = N_("Keep importance and not_applicable in the options of one column.")
        findings.error("instrument.several-weighing", place, message, advice, names=list_names(weighing))
    groups = Counter(column.group for column in question.columns if column.group)
    for name, count in groups.items():
        if count == 1:
            message = N_("Only one column is in the group “{name}”, so the group has no effect.")
            advice = N_("Check the spelling of the group in the other columns.")
            findings.warning("instrument.lonely-group", place, message, advice, name=shorten_value(name))


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
    where = place_inside(place, "gate")
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


def _check_gate_answers(column: GridColumn, answers: Iterable[str], place: str, findings: Findings) -> None:
    if column.kind.value_type is ValueType.OPTIONS:
        _check_exclusive(column, answers, place, findings)
    elif not column.kind.info.is_single_choice:
        message = N_("The gate's column {name} is of the type {kind}, which cannot be a gate.")
        advice = N_("Name a column with one answer of several: level, choice, yes_no or yes_partly_no.")
        findings.error("instrument.gate-kind", place, message, advice, name=column.id, kind=column.kind.value)
        return
    note_unknown_options(answers, column, "answers", place, findings)


def _check_exclusive(column: GridColumn, answers: Iterable[str], place: str, findings: Findings) -> None:
    """Note what can be ticked beside others: only an answer that stands alone can settle anything."""
    for name in answers:
        option = column.option_by_id.get(name)
        if option is not None and not option.exclusive:
            message = N_("The gate's answer {name} can be ticked together with others, so it settles nothing.")
            advice = N_("Name an exclusive option of the checklist, or a column with one answer of several.")
            findings.error("instrument.gate-kind", place, message, advice, name=name)


def _check_required(
    question: Question, row: GridRow, place: str, unclear: Container[Address], findings: Findings
) -> None:
    for name, options in row.required.items():
        column = question.column_by_id.get(name)
        if column is None:
            note_unknown_column(name, "required", question, place, findings)
        elif not _is_clear(question, column, unclear):
            continue
        elif column.kind.value_type is not ValueType.OPTIONS:
            message = N_("“required” needs a checklist, but the column {name} is of the type {kind}.")
            advice = N_("Name a column of the type checklist.")
            findings.error("instrument.not-a-checklist", place, message, advice, name=column.id, kind=column.kind.value)
        elif not options:
            message = N_("“required” names no option of the column {name}.")
            advice = N_("List the options this row needs ticked, or remove it.")
            findings.error("instrument.empty", place, message, advice, name=column.id)
        else:
            note_unknown_options(options, column, "required", place, findings)


def _is_clear(question: Question, column: GridColumn, unclear: Container[Address]) -> bool:
    return Address(question.id, column=column.id) not in unclear
