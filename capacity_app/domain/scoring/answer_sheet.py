"""An instrument laid out with its answers: what stands where, what it weighs and what it earns.

Everything that counts, lists or prints answers goes through the sheet, so that a hidden question, a row
that does not apply or a gate answer means the same everywhere. Method: ``scoring.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain
from math import lcm
from typing import NamedTuple

from capacity_app.domain.assessment.answer_rules import NO_EFFECTIVE_ANSWER, EffectiveAnswer, effective_answer
from capacity_app.domain.assessment.answers import Address, Answer, AnswerState, AnswerValue
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import (
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
    Section,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
_UNCERTAIN = frozenset({AnswerState.UNKNOWN, AnswerState.DECLINED})
_YES_NO_POINTS = {"yes": ONE, "partly": HALF, "no": ZERO}
_ratio = lru_cache(8192)(Fraction)
"""Make a fraction of two whole numbers: the same few occur again and again."""
HELD_DOCUMENT_GRADE = 2
"""The evidence grade from which a document has been held in hands (E2)."""

AnswersByAddress = Mapping[Address, Sequence[Answer]]


class ItemStatus(StrEnum):
    """Whether an answer is wanted at a place, and if not, why."""

    WANTED = "wanted"
    HIDDEN = "hidden"
    SPARE = "spare"
    ROW_OUT = "row_out"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One place for an answer, with what is effectively answered there."""

    address: Address
    question: Question
    row: GridRow | None
    field: QuestionField
    answer: EffectiveAnswer
    standing: ItemStatus

    @property
    def is_unanswered(self) -> bool:
        """Return whether an answer is wanted here and nothing is recorded: what progress and review call open."""
        is_wanted = self.standing is ItemStatus.WANTED
        return is_wanted and self.answer.state is AnswerState.NOT_ASKED and not self.answer.conflict


class ScoredPart(NamedTuple):
    """A scored share of a section: one answer, or the best of a group of columns.

    ``points``, ``low`` and ``high`` are in [0, 1]; ``points`` is None while open; ``verified`` are the points
    with an unsupported highest level capped one below; ``grade`` is the best evidence (0-3) of an answered part. A
    part is disputed where agencies disagree: open, but counted with the bounds of their responses.
    """

    address: Address
    row: str
    weight: Fraction
    points: Fraction | None
    low: Fraction
    high: Fraction
    verified: Fraction
    grade: int
    is_out: bool = False
    is_disputed: bool = False

    @property
    def middle(self) -> Fraction:
        """The midpoint of the lowest and the highest points this part can still earn."""
        return (self.low + self.high) / 2


class Tally(NamedTuple):
    """Exact sums over parts: W, A, P, their bounds, verified points, weight at E2 or better, and weight out.

    ``disputed`` is the weight of the disagreements (D), ``middle`` their weight times the midpoint (M).
    """

    weight: Fraction = ZERO
    answered: Fraction = ZERO
    points: Fraction = ZERO
    low: Fraction = ZERO
    high: Fraction = ZERO
    verified: Fraction = ZERO
    supported: Fraction = ZERO
    out: Fraction = ZERO
    total: Fraction = ZERO
    disputed: Fraction = ZERO
    middle: Fraction = ZERO


class AnswerCounts(NamedTuple):
    """How many places stand how: wanted, answered, answered for certain or N/A, in conflict, and so on.

    ``uncertain`` are answered "unknown" or "declined"; ``unsupported`` claim an upper level without any evidence;
    ``out`` do not apply. ``unneeded`` are not wanted because of other answers.
    """

    wanted: int = 0
    answered: int = 0
    settled: int = 0
    conflicts: int = 0
    uncertain: int = 0
    unsupported: int = 0
    out: int = 0
    unneeded: int = 0

    @property
    def open(self) -> int:
        """How many wanted places nobody has settled: unanswered, unknown, declined or in conflict."""
        return self.wanted - self.settled

    @property
    def unanswered(self) -> int:
        return self.wanted - self.answered

    @property
    def share(self) -> Fraction:
        """The share of wanted places that are answered, 0 to 1; nothing wanted is complete."""
        return Fraction(self.answered, self.wanted) if self.wanted else ONE


def sum_counts(counts: Iterable[AnswerCounts]) -> AnswerCounts:
    return AnswerCounts(*map(sum, zip(AnswerCounts(), *counts, strict=True)))


@dataclass(frozen=True)
class ItemStrip:
    """The places of one row of a grid, or the one place of any other question, laid out together."""

    items: tuple[AnswerItem, ...]
    grades: Mapping[str, int]

    @cached_property
    def counts(self) -> AnswerCounts:
        """How many of the places stand how."""
        answered = settled = conflicts = uncertain = unsupported = out = 0
        wanted = [item for item in self.items if item.standing is ItemStatus.WANTED]
        for item in wanted:
            answer = item.answer
            answered += not item.is_unanswered
            settled += not answer.is_open
            if answer.conflict:
                conflicts += 1
            elif answer.state in _UNCERTAIN:
                uncertain += 1
            elif answer.state is AnswerState.NOT_APPLICABLE:
                out += 1
            elif is_unsupported(item, self.grades):
                unsupported += 1
        unneeded = 0
        if len(wanted) < len(self.items):
            out += sum(1 for item in self.items if item.standing is ItemStatus.ROW_OUT)
            unneeded = sum(1 for item in self.items if item.standing not in {ItemStatus.WANTED, ItemStatus.SPARE})
        return AnswerCounts(len(wanted), answered, settled, conflicts, uncertain, unsupported, out, unneeded)


class RowState(NamedTuple):
    """How a row of a grid stands: wanted or why not, with the reason given, its importance and whether gated.

    ``is_by_choice`` rows are out by the choice in one of their own cells; ``evidence`` is that of the gate's answer.
    """

    standing: ItemStatus
    reason: str
    importance: int
    gated: bool
    is_by_choice: bool = False
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionBlock:
    """One question laid out: a strip of places for every row, in their order, and how the rows of a grid stand."""

    question: Question
    strips: tuple[ItemStrip, ...]
    rows: Mapping[str, RowState]
    whole: EffectiveAnswer
    is_hidden: bool
    grades: Mapping[str, int]

    @cached_property
    def items(self) -> tuple[AnswerItem, ...]:
        return tuple(chain.from_iterable(strip.items for strip in self.strips))

    def row_items(self, row: str) -> dict[str, AnswerItem]:
        """Return the places of one row of a grid, by column."""
        return {item.field.id: item for item in self.items if item.row is not None and item.row.id == row}

    @cached_property
    def counts(self) -> AnswerCounts:
        return sum_counts(strip.counts for strip in self.strips)

    @cached_property
    def parts(self) -> tuple[ScoredPart, ...]:
        """The scored parts, with weights that sum to the question's weight unless something is out."""
        if self.is_hidden or not self.question.scored:
            return ()
        if self.question.kind is not AnswerKind.GRID:
            item = self.items[0]
            return (_part((item,), self.question.weight, self.grades),) if item.field.is_scored else ()
        return tuple(_grid_parts(self))

    @cached_property
    def tally(self) -> Tally:
        return tally_parts(self.parts, self._nominal_out)

    @cached_property
    def pooled(self) -> tuple[Fraction, Fraction] | None:
        """The coverage C of the question, and C × S ÷ 100; None where nothing is said or applies."""
        tally = self.tally
        heard = tally.answered + tally.disputed
        if not self.parts or not heard:
            return None
        coverage = tally.answered / tally.weight
        return coverage, coverage * (tally.points + tally.middle) / heard

    @cached_property
    def measured(self) -> Mapping[str, Sequence[ScoredPart]]:
        """The parts that measure each row ("" for a single answer); a supply column, or its group, alone does."""
        measuring = self.question.measuring_columns
        measured: dict[str, list[ScoredPart]] = {}
        for part in self.parts:
            if not part.row or part.address.column in measuring:
                measured.setdefault(part.row, []).append(part)
        return measured

    @cached_property
    def reached(self) -> Mapping[str, Fraction | None]:
        """The points in [0, 1] each row has reached ("" for a single answer), None while anything is open.

        Rows and answers that are out are left out.
        """
        return {row: _mean(parts) for row, parts in self.measured.items() if not all(part.is_out for part in parts)}

    @property
    def _nominal_out(self) -> Fraction:
        """The printed weight of rows that are out; their real weight has gone to the other rows."""
        if self.question.kind is not AnswerKind.GRID or not self.parts:
            return ZERO
        counted = [state for state in self.rows.values() if state.standing is not ItemStatus.SPARE]
        gone = sum(state.importance for state in counted if state.standing is ItemStatus.ROW_OUT)
        return self.question.weight * Fraction(gone, sum(state.importance for state in counted) or 1)


@dataclass(frozen=True)
class AnswerSheet:
    """A whole instrument laid out."""

    instrument: Instrument
    blocks: Mapping[str, QuestionBlock]

    def section(self, section: Section) -> Iterable[QuestionBlock]:
        return (self.blocks[question.id] for question in section.questions)

    @cached_property
    def counts(self) -> AnswerCounts:
        return sum_counts(block.counts for block in self.blocks.values())

    def section_counts(self, section: Section) -> AnswerCounts:
        return sum_counts(block.counts for block in self.section(section))

    def items(self) -> Iterable[AnswerItem]:
        """Go through all places for answers."""
        for block in self.blocks.values():
            yield from block.items

    def value_of(self, address: Address) -> AnswerValue:
        """Return the effective value for a condition; None when open, hidden or not applicable."""
        block = self.blocks.get(address.question)
        if block is None or block.is_hidden:
            return None
        return _value_in(block.items, address)


def _value_in(items: Iterable[AnswerItem], address: Address) -> AnswerValue:
    """Return the effective value at an address; None where no answer is wanted: it meets no condition."""
    wanted = (item for item in items if item.standing is ItemStatus.WANTED)
    return next((item.answer.value for item in wanted if item.address == address), None)


def earned_points(field: QuestionField, value: AnswerValue, required: Sequence[str] = ()) -> Fraction | None:
    """Return the points in [0, 1] an answer earns, None if this field earns none.

    ``required`` are a checklist's elements for this row, instead of the required options.
    """
    match field.kind.value_type:
        case ValueType.LEVEL:
            return _ratio(value, field.top_level) if isinstance(value, int) else None
        case ValueType.OPTION if field.kind.info.fixed:
            return _YES_NO_POINTS.get(str(value))
        case ValueType.OPTION:
            option = field.option_by_id.get(str(value))
            return option.points if option else None
        case ValueType.OPTIONS:
            wanted = set(required) or {option.id for option in field.options if option.required}
            return _ratio(len(wanted & set(value)), len(wanted)) if wanted and isinstance(value, tuple) else None
        case ValueType.INTEGER | ValueType.PERCENT if field.numeric_score and isinstance(value, int | str):
            low, high = field.minimum or 0, 100 if field.maximum is None else field.maximum
            return min(max((Fraction(value) - low) / (high - low), ZERO), ONE)
    return None


def _required(item: AnswerItem) -> Sequence[str]:
    return item.row.required.get(item.field.id, ()) if item.row else ()


def _bounds(item: AnswerItem) -> tuple[Fraction, Fraction]:
    """Bound what a disagreement can earn: up to everything if it is about whether the question applies."""
    values = item.answer.conflict
    earned = [ONE if value is None else earned_points(item.field, value, _required(item)) for value in values]
    known = [points for points in earned if points is not None]
    return (min(known), max(known)) if len(known) == len(values) else (ZERO, ONE)


def _grade(evidence: Iterable[str], grades: Mapping[str, int]) -> int:
    return max((grades.get(entry, 0) for entry in evidence), default=0)


def is_unsupported(item: AnswerItem, grades: Mapping[str, int]) -> bool:
    """Return whether a scored answer claims one of the two upper levels and rests on a statement alone."""
    field, value = item.field, item.answer.value
    is_high = field.kind is AnswerKind.LEVEL and isinstance(value, int) and value >= max(field.top_level - 1, 1)
    return is_high and field.is_scored and _grade(item.answer.evidence, grades) == 0


def _cell(item: AnswerItem, row: str, weight: Fraction, grades: Mapping[str, int], gate: int) -> ScoredPart:
    """Score one answer; ``gate`` is the evidence grade of the answer that settles cells of its row."""
    if item.standing is ItemStatus.SETTLED:
        return ScoredPart(item.address, row, weight, ZERO, ZERO, ZERO, ZERO, gate)
    answer = item.answer
    if answer.state is AnswerState.NOT_APPLICABLE or item.standing is ItemStatus.ROW_OUT:
        return ScoredPart(item.address, row, weight, None, ZERO, ZERO, ZERO, 0, is_out=True)
    if answer.conflict:
        return ScoredPart(item.address, row, weight, None, *_bounds(item), ZERO, 0, is_disputed=True)
    points = None if answer.is_open else earned_points(item.field, answer.value, _required(item))
    if points is None:
        return ScoredPart(item.address, row, weight, None, ZERO, ONE, ZERO, 0)
    grade = _grade(answer.evidence, grades)
    capped = item.field.kind is AnswerKind.LEVEL and points == ONE and grade == 0
    verified = _ratio(item.field.top_level - 1, item.field.top_level) if capped else points
    return ScoredPart(item.address, row, weight, points, points, points, verified, grade)


def _part(items: Sequence[AnswerItem], weight: Fraction, grades: Mapping[str, int], gate: int = 0) -> ScoredPart:
    """Score one answer, or the best of a group of columns.

    A group is answered once all its cells are, or one earns everything. It is disputed if nothing but disagreements
    is open in it, else open like a single cell.
    """
    row = items[0].row.id if items[0].row else ""
    cells = [_cell(item, row, weight, grades, gate) for item in items]
    counted = [cell for cell in cells if not cell.is_out] or cells[:1]
    if len(counted) == 1:
        return counted[0]
    best = max(counted, key=lambda cell: (-1 if cell.points is None else cell.points, cell.grade))
    unsettled = [cell for cell in counted if cell.points is None]
    if best.points != ONE and unsettled:
        is_disputed = all(cell.is_disputed for cell in unsettled)
        low, high = max(cell.low for cell in counted), max(cell.high for cell in counted)
        return ScoredPart(best.address, row, weight, None, low, high, ZERO, 0, is_disputed=is_disputed)
    return best


def _grid_parts(block: QuestionBlock) -> Iterable[ScoredPart]:
    question = block.question
    shares = question.scored_groups
    if not shares:
        return
    wanted = {row: state for row, state in block.rows.items() if state.standing is ItemStatus.WANTED}
    out = {row: state for row, state in block.rows.items() if state.standing is ItemStatus.ROW_OUT}
    counted = wanted or out
    importance = sum(state.importance for state in counted.values())
    unit = question.weight / importance / sum(weight for _, weight in shares)
    weighed = {
        rank: [(columns, unit * rank * weight) for columns, weight in shares]
        for rank in {state.importance for state in counted.values()}
    }
    by_place = {(item.address.row, item.address.column): item for item in block.items}
    for row, state in counted.items():
        gate = _grade(state.evidence, block.grades)
        for columns, weight in weighed[state.importance]:
            yield _part([by_place[row, column.id] for column in columns], weight, block.grades, gate)


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    """Add fractions: few denominators occur, so numerators are added per denominator, which is fast."""
    numerators: dict[int, int] = {}
    for value in values:
        numerator, denominator = value.as_integer_ratio()
        numerators[denominator] = numerators.get(denominator, 0) + numerator
    common = lcm(*numerators)
    return Fraction(sum(n * (common // d) for d, n in numerators.items()), common)


def tally_parts(parts: Iterable[ScoredPart], nominal_out: Fraction = ZERO) -> Tally:
    """Sum parts exactly. ``nominal_out`` is the weight of grid rows that are out and handed theirs on.

    Weights are counted in units of 1 ÷ ``scale`` and points in units of 1 ÷ ``steps``, because integers are fast.
    """
    known = tuple(parts)
    scale = lcm(*(part.weight.denominator for part in known))
    figures = (figure for part in known for figure in (part.points or ZERO, part.low, part.high, part.verified))
    steps = lcm(*(figure.denominator for figure in figures))
    weight = answered = points = low = high = verified = supported = out = disputed = middle = 0
    for part in known:
        units = part.weight.numerator * (scale // part.weight.denominator)
        if part.is_out:
            out += units
            continue
        weight += units
        if part.points is None and not part.is_disputed:
            # What is open counts with nothing or with everything, also a group of columns that is answered in part.
            high += units * steps
            continue
        lowest, highest = _scaled(part.low, steps), _scaled(part.high, steps)
        low += units * lowest
        high += units * highest
        if part.points is None:
            disputed += units
            middle += units * (lowest + highest)
        else:
            answered += units
            points += units * _scaled(part.points, steps)
            verified += units * _scaled(part.verified, steps)
            supported += units if part.grade >= HELD_DOCUMENT_GRADE else 0
    total, gone = _ratio(weight + out, scale), _ratio(out, scale)
    # Rows that are out count with their printed weight, single cells with what the printed rows leave them.
    # (A grid whose rows are all out: its parts already carry the whole weight.)
    away = gone if weight == 0 or nominal_out == 0 else nominal_out + gone * (1 - nominal_out / total)
    return Tally(
        _ratio(weight, scale),
        _ratio(answered, scale),
        _ratio(points, scale * steps),
        _ratio(low, scale * steps),
        _ratio(high, scale * steps),
        _ratio(verified, scale * steps),
        _ratio(supported, scale),
        away,
        total,
        _ratio(disputed, scale),
        _ratio(middle, scale * steps * 2),
    )


def _scaled(value: Fraction, scale: int) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator * (scale // denominator)


def sum_tallies(tallies: Iterable[Tally]) -> Tally:
    return Tally._make(map(exact_sum, zip(Tally(), *tallies, strict=True)))


def _mean(parts: Sequence[ScoredPart]) -> Fraction | None:
    """Return the mean points in [0, 1] of what is not out, None while anything is open or all is out."""
    counted = [part for part in parts if not part.is_out]
    if not counted or any(part.points is None for part in counted):
        return None
    if len(counted) == 1:
        return counted[0].points
    known = tally_parts(counted)
    return known.points / known.answered


def _is_one_of(value: AnswerValue, answers: Sequence[str]) -> bool:
    given = value if isinstance(value, tuple) else (str(value),)
    return value is not None and any(one in answers for one in given)


def _row_state(
    question: Question, row: GridRow, index: int, answers: AnswersByAddress, cells: dict[str, EffectiveAnswer]
) -> RowState:
    key = cells.get(question.key_column, NO_EFFECTIVE_ANSWER)
    if row.spare and index > 0 and key.state is not AnswerState.ANSWERED:
        return RowState(ItemStatus.SPARE, "", row.importance, gated=False)
    said = effective_answer(answers.get(Address(question.id, row.id), ()))
    weighing = question.importance_column
    chosen = weighing.option_by_id.get(str(cells[weighing.id].value)) if weighing else None
    importance = (chosen.importance if chosen else None) or row.importance
    if said.state is AnswerState.NOT_APPLICABLE:
        return RowState(ItemStatus.ROW_OUT, said.reason, importance, gated=False)
    if chosen and chosen.not_applicable:
        return RowState(ItemStatus.ROW_OUT, chosen.label, importance, gated=False, is_by_choice=True)
    if row.preset_reason and said.state is not AnswerState.ANSWERED:
        return RowState(ItemStatus.ROW_OUT, row.preset_reason, importance, gated=False)
    gate = question.gate
    if gate is None or not _is_one_of(cells[gate.column].value, gate.answers):
        return RowState(ItemStatus.WANTED, "", importance, gated=False)
    return RowState(ItemStatus.WANTED, "", importance, gated=True, evidence=cells[gate.column].evidence)


def _item_status(state: RowState, question: Question, column: GridColumn) -> ItemStatus:
    if state.is_by_choice and column is question.importance_column:
        # A choice that takes its row out stays open to be changed.
        return ItemStatus.WANTED
    if state.standing is not ItemStatus.WANTED:
        return state.standing
    if state.gated and question.gate and column.id in question.gate.settles:
        return ItemStatus.SETTLED
    return ItemStatus.WANTED


def _lay_out_row(
    question: Question, row: GridRow, index: int, answers: AnswersByAddress, *, is_hidden: bool, is_out: bool
) -> tuple[tuple[AnswerItem, ...], RowState]:
    addresses = {column.id: Address(question.id, row.id, column.id) for column in question.columns}
    cells = {column.id: effective_answer(answers.get(addresses[column.id], ()), column) for column in question.columns}
    state = _row_state(question, row, index, answers, cells)
    if is_out and state.standing is not ItemStatus.SPARE:
        state = state._replace(standing=ItemStatus.ROW_OUT, is_by_choice=False)
    standings = (
        (column, ItemStatus.HIDDEN if is_hidden else _item_status(state, question, column))
        for column in question.columns
    )
    return tuple(
        AnswerItem(addresses[c.id], question, row, c, cells[c.id], standing) for c, standing in standings
    ), state


def lay_out_question(
    question: Question, answers: AnswersByAddress, grades: Mapping[str, int], *, is_hidden: bool = False
) -> QuestionBlock:
    """Lay one question out with its answers. ``grades`` are evidence grades (0-3) by evidence id."""
    address = Address(question.id)
    whole = effective_answer(answers.get(address, ()), question)
    if question.kind is AnswerKind.GRID:
        laid = QuestionBlock(question, (), {}, whole, is_hidden, grades)
        return _lay_out_rows(laid, answers, frozenset(question.row_by_id))
    standing = ItemStatus.HIDDEN if is_hidden else ItemStatus.WANTED
    item = AnswerItem(address, question, None, question, whole, standing)
    return QuestionBlock(question, (ItemStrip((item,), grades),), {}, whole, is_hidden, grades)


def _lay_out_rows(block: QuestionBlock, answers: AnswersByAddress, changed: frozenset[str]) -> QuestionBlock:
    """Lay out anew some rows of a grid; of the others nothing depends on what these say."""
    question, is_out = block.question, block.whole.state is AnswerState.NOT_APPLICABLE
    strips, rows = dict(zip(block.rows, block.strips, strict=True)), dict(block.rows)
    for index, row in enumerate(question.rows):
        if row.id in changed:
            items, rows[row.id] = _lay_out_row(question, row, index, answers, is_hidden=block.is_hidden, is_out=is_out)
            strips[row.id] = ItemStrip(items, block.grades)
    return replace(block, strips=tuple(strips.values()), rows=rows)


def hidden_questions(instrument: Instrument, answers: AnswersByAddress) -> frozenset[str]:
    """Find the questions whose condition does not hold; what a hidden question says does not count."""
    hidden: dict[str, bool] = {}

    def value_of(address: Address) -> AnswerValue:
        question = instrument.question_by_id.get(address.question)
        if question is None or is_hidden(question):
            return None
        if question.kind is AnswerKind.GRID:
            return cell_value(question, address)
        return effective_answer(answers.get(address, ()), question).value

    def cell_value(question: Question, address: Address) -> AnswerValue:
        is_out = effective_answer(answers.get(Address(question.id), ())).state is AnswerState.NOT_APPLICABLE
        index = next((place for place, row in enumerate(question.rows) if row.id == address.row), None)
        if index is None:
            return None
        items, _ = _lay_out_row(question, question.rows[index], index, answers, is_hidden=False, is_out=is_out)
        return _value_in(items, address)

    def is_hidden(question: Question) -> bool:
        if question.show_if is None:
            return False
        if question.id not in hidden:
            hidden[question.id] = False  # conditions are free of circles; this only bounds a broken instrument
            hidden[question.id] = not question.show_if.holds(value_of)
        return hidden[question.id]

    return frozenset(question.id for question in instrument.conditional if is_hidden(question))


def lay_out(instrument: Instrument, answers: AnswersByAddress, grades: Mapping[str, int] | None = None) -> AnswerSheet:
    hidden = hidden_questions(instrument, answers)
    known = grades or {}
    return AnswerSheet(
        instrument,
        {
            question.id: lay_out_question(question, answers, known, is_hidden=question.id in hidden)
            for question in instrument.questions()
        },
    )


def lay_out_dossier(dossier: Dossier) -> AnswerSheet:
    grades = {entry.id: entry.grade for entry in dossier.evidence}
    return lay_out(dossier.instrument, dossier.by_address, grades)


def update_layout(sheet: AnswerSheet, answers: AnswersByAddress, changed: Iterable[Address]) -> AnswerSheet:
    """Lay out anew only the rows and questions with the ``changed`` addresses, and what a condition shows or hides."""
    hidden = hidden_questions(sheet.instrument, answers)
    rows: dict[str, set[str]] = {}
    for address in changed:
        rows.setdefault(address.question, set()).add(address.row)
    blocks = dict(sheet.blocks)
    turned = [q.id for q in sheet.instrument.conditional if blocks[q.id].is_hidden is not (q.id in hidden)]
    for question_id in {*turned, *rows} & blocks.keys():
        block = blocks[question_id]
        if question_id in turned or "" in rows[question_id]:
            laid = lay_out_question(block.question, answers, block.grades, is_hidden=question_id in hidden)
        else:
            laid = _lay_out_rows(block, answers, frozenset(rows[question_id]))
        blocks[question_id] = laid
    return AnswerSheet(sheet.instrument, blocks)
