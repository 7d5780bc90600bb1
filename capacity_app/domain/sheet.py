"""An instrument laid out with its answers: what stands where, what it weighs and what it earns.

Everything that counts, lists or prints answers goes through the sheet, so that a hidden question, a row
that does not apply or a gate answer means the same everywhere. Method: ``scoring.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from capacity_app.domain.answers import Address, Answer, State, Value
from capacity_app.domain.effective import NOTHING, Effective, effective
from capacity_app.domain.instrument import TOP_LEVEL, Column, Field, Instrument, Kind, Question, Row, Section
from capacity_app.domain.themes import supply_column

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
_LEVELS = tuple(Fraction(level, TOP_LEVEL) for level in range(TOP_LEVEL + 1))
_UNCERTAIN = frozenset({State.UNKNOWN, State.DECLINED})
_SAID = {"yes": ONE, "partly": HALF, "no": ZERO}
HELD = 2
"""The evidence grade from which a document has been held in hands (E2)."""
UPPER_LEVEL = 2
"""The level from which an answer claims something a document could show."""

Answers = Mapping[Address, Sequence[Answer]]


class Standing(StrEnum):
    """Whether an answer is wanted at a place, and if not, why."""

    WANTED = "wanted"
    HIDDEN = "hidden"
    SPARE = "spare"
    ROW_OUT = "row_out"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Item:
    """One place for an answer, with what is effectively answered there."""

    address: Address
    question: Question
    row: Row | None
    field: Field
    answer: Effective
    standing: Standing

    @property
    def is_missing(self) -> bool:
        """Return whether an answer is wanted here and nobody has asked yet."""
        return self.standing is Standing.WANTED and self.answer.state is State.NOT_ASKED and not self.answer.conflict


class Part(NamedTuple):
    """A scored share of a section: one answer, or the best of a group of columns.

    ``points``, ``low`` and ``high`` are in [0, 1]; ``points`` is None while open; ``verified`` are the points
    with an unsupported level 3 capped at 2; ``grade`` is the best evidence (0-3) of an answered part. A part is
    disputed where agencies disagree: open, but counted with the bounds of their responses.
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


class Counts(NamedTuple):
    """How many places stand how: wanted, asked, answered or N/A, in conflict, open, and so on.

    ``uncertain`` were asked, but nobody could or would say; ``unsupported`` claim an upper level without any evidence;
    ``out`` do not apply.
    """

    wanted: int = 0
    asked: int = 0
    settled: int = 0
    conflicts: int = 0
    uncertain: int = 0
    unsupported: int = 0
    out: int = 0

    @property
    def open(self) -> int:
        """How many wanted places nobody has settled: not asked, unknown, declined or in conflict."""
        return self.wanted - self.settled


@dataclass(frozen=True)
class Strip:
    """The places of one row of a grid, or the one place of any other question, laid out together."""

    items: tuple[Item, ...]
    grades: Mapping[str, int]

    @cached_property
    def counts(self) -> Counts:
        """How many of the places stand how."""
        asked = settled = conflicts = uncertain = unsupported = out = 0
        wanted = [item for item in self.items if item.standing is Standing.WANTED]
        for item in wanted:
            answer = item.answer
            asked += not item.is_missing
            settled += not answer.is_open
            if answer.conflict:
                conflicts += 1
            elif answer.state in _UNCERTAIN:
                uncertain += 1
            elif answer.state is State.NOT_APPLICABLE:
                out += 1
            elif is_unsupported(item, self.grades):
                unsupported += 1
        if len(wanted) < len(self.items):
            out += sum(1 for item in self.items if item.standing is Standing.ROW_OUT)
        return Counts(len(wanted), asked, settled, conflicts, uncertain, unsupported, out)


class RowState(NamedTuple):
    """How a row of a grid stands: wanted or why not, with the reason given, its importance and whether gated.

    ``is_by_choice`` rows are out by the choice in one of their own cells; ``evidence`` is that of the gate's answer.
    """

    standing: Standing
    reason: str
    importance: int
    gated: bool
    is_by_choice: bool = False
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """One question laid out: a strip of places for every row, in their order, and how the rows of a grid stand."""

    question: Question
    strips: tuple[Strip, ...]
    rows: Mapping[str, RowState]
    whole: Effective
    is_hidden: bool
    grades: Mapping[str, int]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(chain.from_iterable(strip.items for strip in self.strips))

    @cached_property
    def counts(self) -> Counts:
        return Counts(*map(sum, zip(Counts(), *(strip.counts for strip in self.strips), strict=True)))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The scored parts, with weights that sum to the question's weight unless something is out."""
        if self.is_hidden or not self.question.scored:
            return ()
        if self.question.kind is not Kind.GRID:
            item = self.items[0]
            return (_part((item,), self.question.weight, self.grades),) if item.field.is_scored else ()
        return tuple(_grid_parts(self))

    @cached_property
    def tally(self) -> Tally:
        return tally(self.parts, self._nominal_out)

    @cached_property
    def measured(self) -> Mapping[str, Sequence[Part]]:
        """The parts that measure each row ("" for a single answer); a supply column, or its group, alone does."""
        supply = supply_column(self.question)
        measuring = {one.id for one in self.question.columns if supply is None or _group(one) == _group(supply)}
        measured: dict[str, list[Part]] = {}
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
        if self.question.kind is not Kind.GRID or not self.parts:
            return ZERO
        counted = [state for state in self.rows.values() if state.standing is not Standing.SPARE]
        gone = sum(state.importance for state in counted if state.standing is Standing.ROW_OUT)
        return self.question.weight * Fraction(gone, sum(state.importance for state in counted) or 1)


@dataclass(frozen=True)
class Sheet:
    """A whole instrument laid out."""

    instrument: Instrument
    blocks: Mapping[str, Block]

    def section(self, section: Section) -> Iterable[Block]:
        return (self.blocks[question.id] for question in section.questions)

    def items(self) -> Iterable[Item]:
        """Go through all places for answers."""
        for block in self.blocks.values():
            yield from block.items

    def value_of(self, address: Address) -> Value:
        """Return the effective value for a condition; None when open, hidden or not applicable."""
        block = self.blocks.get(address.question)
        if block is None or block.is_hidden:
            return None
        return _value_in(block.items, address)


def _value_in(items: Iterable[Item], address: Address) -> Value:
    """Return the effective value at an address; None where no answer is wanted: it meets no condition."""
    wanted = (item for item in items if item.standing is Standing.WANTED)
    return next((item.answer.value for item in wanted if item.address == address), None)


def points_of(field: Field, value: Value, required: Sequence[str] = ()) -> Fraction | None:
    """Return the points in [0, 1] an answer earns, None if this field earns none.

    ``required`` are a checklist's elements for this row, instead of the required options.
    """
    if field.kind is Kind.LEVEL:
        return _LEVELS[value] if isinstance(value, int) else None
    if field.kind is Kind.CHECKLIST:
        wanted = set(required) or {option.id for option in field.options if option.required}
        return Fraction(len(wanted & set(value)), len(wanted)) if wanted and isinstance(value, tuple) else None
    if field.kind is Kind.CHOICE:
        option = field.option_by_id.get(str(value))
        return option.points if option else None
    return _SAID.get(str(value)) if field.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO} else None


def _required(item: Item) -> Sequence[str]:
    return item.row.required.get(item.field.id, ()) if item.row else ()


def _bounds(item: Item) -> tuple[Fraction, Fraction]:
    """Bound what a disagreement can earn: up to everything if it is about whether the question applies."""
    values = item.answer.conflict
    earned = [ONE if value is None else points_of(item.field, value, _required(item)) for value in values]
    known = [points for points in earned if points is not None]
    return (min(known), max(known)) if len(known) == len(values) else (ZERO, ONE)


def _grade(evidence: Iterable[str], grades: Mapping[str, int]) -> int:
    return max((grades.get(entry, 0) for entry in evidence), default=0)


def is_unsupported(item: Item, grades: Mapping[str, int]) -> bool:
    """Return whether a scored answer claims one of the two upper levels and rests on a statement alone."""
    value = item.answer.value
    is_high = item.field.kind is Kind.LEVEL and isinstance(value, int) and value >= UPPER_LEVEL
    return is_high and item.field.is_scored and _grade(item.answer.evidence, grades) == 0


def _cell(item: Item, grades: Mapping[str, int], gate: int) -> Part:
    """Score one answer at weight 1; ``gate`` is the evidence grade of the answer that settles cells of its row."""
    if item.standing is Standing.SETTLED:
        return Part(item.address, "", ONE, ZERO, ZERO, ZERO, ZERO, gate)
    answer = item.answer
    if answer.state is State.NOT_APPLICABLE or item.standing is Standing.ROW_OUT:
        return Part(item.address, "", ONE, None, ZERO, ZERO, ZERO, 0, is_out=True)
    if answer.conflict:
        return Part(item.address, "", ONE, None, *_bounds(item), ZERO, 0, is_disputed=True)
    points = None if answer.is_open else points_of(item.field, answer.value, _required(item))
    if points is None:
        return Part(item.address, "", ONE, None, ZERO, ONE, ZERO, 0)
    grade = _grade(answer.evidence, grades)
    capped = item.field.kind is Kind.LEVEL and points == ONE and grade == 0
    return Part(item.address, "", ONE, points, points, points, _LEVELS[TOP_LEVEL - 1] if capped else points, grade)


def _part(items: Sequence[Item], weight: Fraction, grades: Mapping[str, int], gate: int = 0) -> Part:
    """Score one answer, or the best of a group of columns.

    A group is answered once all its cells are, or one earns everything. It is disputed if nothing but disagreements
    is open in it, else open like a single cell.
    """
    row = items[0].row.id if items[0].row else ""
    cells = [_cell(item, grades, gate) for item in items]
    counted = [cell for cell in cells if not cell.is_out] or cells[:1]
    best = max(counted, key=lambda cell: (-1 if cell.points is None else cell.points, cell.grade))
    unsettled = [cell for cell in counted if cell.points is None]
    if best.points != ONE and len(counted) > 1 and unsettled:
        is_disputed = all(cell.is_disputed for cell in unsettled)
        low, high = max(cell.low for cell in counted), max(cell.high for cell in counted)
        best = Part(best.address, row, weight, None, low, high, ZERO, 0, is_disputed=is_disputed)
    return best._replace(weight=weight, row=row)


def _group(column: Column) -> str:
    """Return what the columns that count once have in common; a column without a group is one by itself."""
    return column.group or f"\0{column.id}"


def _groups(columns: Iterable[Column]) -> dict[str, list[Column]]:
    grouped: dict[str, list[Column]] = {}
    for column in columns:
        if column.is_scored:
            grouped.setdefault(_group(column), []).append(column)
    return grouped


def _grid_parts(block: Block) -> Iterable[Part]:
    question = block.question
    groups = _groups(question.columns)
    if not groups:
        return
    wanted = {row: state for row, state in block.rows.items() if state.standing is Standing.WANTED}
    out = {row: state for row, state in block.rows.items() if state.standing is Standing.ROW_OUT}
    counted = wanted or out
    importance = sum(state.importance for state in counted.values())
    shares = {columns[0].id: (columns, max(c.weight for c in columns)) for columns in groups.values()}
    width = sum(weight for _, weight in shares.values())
    by_place = {(item.address.row, item.address.column): item for item in block.items}
    for row, state in counted.items():
        unit = question.weight * Fraction(state.importance, importance) / width
        gate = _grade(state.evidence, block.grades)
        for columns, weight in shares.values():
            items = [by_place[row, column.id] for column in columns]
            yield _part(items, unit * weight, block.grades, gate)


class _Sum:
    """An exact sum: few denominators occur, so numerators are added per denominator, which is fast."""

    __slots__ = ("_by_denominator",)

    def __init__(self) -> None:
        self._by_denominator: dict[int, int] = {}

    def add(self, value: Fraction) -> None:
        known = self._by_denominator
        denominator = value.denominator
        known[denominator] = known.get(denominator, 0) + value.numerator

    def total(self) -> Fraction:
        return sum((Fraction(n, d) for d, n in self._by_denominator.items()), ZERO)


def tally(parts: Iterable[Part], nominal_out: Fraction = ZERO) -> Tally:
    """Sum parts exactly. ``nominal_out`` is the weight of grid rows that are out and handed theirs on."""
    weight, answered, points, low, high, verified, supported, out, disputed, middle = (_Sum() for _ in range(10))
    for part in parts:
        if part.is_out:
            out.add(part.weight)
            continue
        weight.add(part.weight)
        is_bounded = part.points is not None or part.is_disputed
        # What is open counts with nothing or with everything, also a group of columns that is answered in part.
        low.add(part.weight * part.low if is_bounded else ZERO)
        high.add(part.weight * part.high if is_bounded else part.weight)
        if part.points is not None:
            answered.add(part.weight)
            points.add(part.weight * part.points)
            verified.add(part.weight * part.verified)
            if part.grade >= HELD:
                supported.add(part.weight)
        elif part.is_disputed:
            disputed.add(part.weight)
            middle.add(part.weight * part.middle)
    wanted, gone = weight.total(), out.total()
    total = wanted + gone
    # Rows that are out count with their printed weight, single cells with what the printed rows leave them.
    # (A grid whose rows are all out: its parts already carry the whole weight.)
    away = gone if wanted == 0 else nominal_out + gone * (1 - nominal_out / total)
    return Tally(
        wanted,
        answered.total(),
        points.total(),
        low.total(),
        high.total(),
        verified.total(),
        supported.total(),
        away,
        total,
        disputed.total(),
        middle.total(),
    )


def total(tallies: Iterable[Tally]) -> Tally:
    sums = [_Sum() for _ in Tally._fields]
    for entry in tallies:
        for place, value in zip(sums, entry, strict=True):
            place.add(value)
    return Tally._make(place.total() for place in sums)


def _mean(parts: Sequence[Part]) -> Fraction | None:
    """Return the mean points in [0, 1] of what is not out, None while anything is open or all is out."""
    counted = [part for part in parts if not part.is_out]
    if not counted or any(part.points is None for part in counted):
        return None
    known = tally(counted)
    return known.points / known.answered


def _is_one_of(value: Value, answers: Sequence[str]) -> bool:
    given = value if isinstance(value, tuple) else (str(value),)
    return value is not None and any(one in answers for one in given)


def _row_state(question: Question, row: Row, index: int, answers: Answers, cells: dict[str, Effective]) -> RowState:
    key = cells.get(question.key_column, NOTHING)
    if row.spare and index > 0 and key.state is not State.ANSWERED:
        return RowState(Standing.SPARE, "", row.importance, gated=False)
    said = effective(answers.get(Address(question.id, row.id), ()))
    weighing = question.importance_column
    chosen = weighing.option_by_id.get(str(cells[weighing.id].value)) if weighing else None
    importance = (chosen.importance if chosen else None) or row.importance
    if said.state is State.NOT_APPLICABLE:
        return RowState(Standing.ROW_OUT, said.reason, importance, gated=False)
    if chosen and chosen.not_applicable:
        return RowState(Standing.ROW_OUT, chosen.label, importance, gated=False, is_by_choice=True)
    if row.preset_reason and said.state is not State.ANSWERED:
        return RowState(Standing.ROW_OUT, row.preset_reason, importance, gated=False)
    gate = question.gate
    if gate is None or not _is_one_of(cells[gate.column].value, gate.answers):
        return RowState(Standing.WANTED, "", importance, gated=False)
    return RowState(Standing.WANTED, "", importance, gated=True, evidence=cells[gate.column].evidence)


def _standing(state: RowState, question: Question, column: Column) -> Standing:
    if state.is_by_choice and column is question.importance_column:
        # A choice that takes its row out stays open to be changed.
        return Standing.WANTED
    if state.standing is not Standing.WANTED:
        return state.standing
    if state.gated and question.gate and column.id in question.gate.settles:
        return Standing.SETTLED
    return Standing.WANTED


def _lay_out_row(
    question: Question, row: Row, index: int, answers: Answers, *, is_hidden: bool, is_out: bool
) -> tuple[tuple[Item, ...], RowState]:
    addresses = {column.id: Address(question.id, row.id, column.id) for column in question.columns}
    cells = {column.id: effective(answers.get(addresses[column.id], ()), column) for column in question.columns}
    state = _row_state(question, row, index, answers, cells)
    if is_out and state.standing is not Standing.SPARE:
        state = state._replace(standing=Standing.ROW_OUT, is_by_choice=False)
    standings = (
        (column, Standing.HIDDEN if is_hidden else _standing(state, question, column)) for column in question.columns
    )
    return tuple(Item(addresses[c.id], question, row, c, cells[c.id], standing) for c, standing in standings), state


def lay_out_question(
    question: Question, answers: Answers, grades: Mapping[str, int], *, is_hidden: bool = False
) -> Block:
    """Lay one question out with its answers. ``grades`` are evidence grades (0-3) by evidence id."""
    address = Address(question.id)
    whole = effective(answers.get(address, ()), question)
    if question.kind is Kind.GRID:
        laid = Block(question, (), {}, whole, is_hidden, grades)
        return _lay_out_rows(laid, answers, frozenset(question.row_by_id))
    standing = Standing.HIDDEN if is_hidden else Standing.WANTED
    item = Item(address, question, None, question, whole, standing)
    return Block(question, (Strip((item,), grades),), {}, whole, is_hidden, grades)


def _lay_out_rows(block: Block, answers: Answers, changed: frozenset[str]) -> Block:
    """Lay out anew some rows of a grid; of the others nothing depends on what these say."""
    question, is_out = block.question, block.whole.state is State.NOT_APPLICABLE
    strips, rows = dict(zip(block.rows, block.strips, strict=True)), dict(block.rows)
    for index, row in enumerate(question.rows):
        if row.id in changed:
            items, rows[row.id] = _lay_out_row(question, row, index, answers, is_hidden=block.is_hidden, is_out=is_out)
            strips[row.id] = Strip(items, block.grades)
    return replace(block, strips=tuple(strips.values()), rows=rows)


def hidden_questions(instrument: Instrument, answers: Answers) -> frozenset[str]:
    """Find the questions whose condition does not hold; what a hidden question says does not count."""
    hidden: dict[str, bool] = {}

    def value_of(address: Address) -> Value:
        question = instrument.question_by_id.get(address.question)
        if question is None or is_hidden(question):
            return None
        if question.kind is Kind.GRID:
            return cell_value(question, address)
        return effective(answers.get(address, ()), question).value

    def cell_value(question: Question, address: Address) -> Value:
        is_out = effective(answers.get(Address(question.id), ())).state is State.NOT_APPLICABLE
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


def lay_out(instrument: Instrument, answers: Answers, grades: Mapping[str, int] | None = None) -> Sheet:
    hidden = hidden_questions(instrument, answers)
    known = grades or {}
    return Sheet(
        instrument,
        {
            question.id: lay_out_question(question, answers, known, is_hidden=question.id in hidden)
            for question in instrument.questions()
        },
    )


def lay_out_again(sheet: Sheet, answers: Answers, changed: Iterable[Address]) -> Sheet:
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
    return Sheet(sheet.instrument, blocks)
