"""The tables of a form: so many columns beside each other as a page is wide, in blocks that repeat the rows' labels.

Widths are millimetres of the page as ``form.css`` sets it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from capacity_app.domain.instrument import Column, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.report.form.pieces import (
    NOTHING,
    Box,
    Said,
    Space,
    boxes_of,
    hint_of,
    longest,
    ours,
    part_of,
    said,
    written_space,
)
from capacity_app.report.view.pieces import width_of
from capacity_app.wording import YES_NO_WORDS, Wording

_PAGE, _LABEL, _WIDEST_LABEL, _STATE = 174.0, 44.0, 72.0, 17.0
"""What a page holds across, what a row's label needs and takes at most, and the column of rows that do not apply."""
_WORDS_IN_CELL, _BOXES_IN_CELL = 14, 4
"""Options of so few letters, and so few of them, stand with their words in every cell."""
_KEY_LINES, _LETTERS_PER_MM = 13, 0.86
"""How high a heading may become by what its codes mean, and how many letters of a heading go into a millimetre."""
_WIDTHS: dict[Kind, float] = {
    Kind.LEVEL: 44.0,
    Kind.YES_NO: 17.0,
    Kind.YES_PARTLY_NO: 21.0,
    Kind.CHOICE: 32.0,
    Kind.CHECKLIST: 38.0,
    Kind.TEXT: 42.0,
    Kind.LONG_TEXT: 58.0,
    Kind.INTEGER: 32.0,
    Kind.PERCENT: 33.0,
    Kind.YEAR: 23.0,
    Kind.DATE: 27.0,
    Kind.AGENCY: 30.0,
    Kind.SOURCE: 32.0,
    Kind.COUNTRY: 44.0,
    Kind.URL: 42.0,
}
_FEW, _MANY, _BARE = 24.0, 29.0, 20.0
"""Widths of a column of a few words to tick, of one whose codes are explained above the table, and of bare levels."""
_CELL_HINTS: dict[Kind, str] = {Kind.INTEGER: N_("A whole number"), Kind.YEAR: ""}
_HIGH: dict[Kind, int] = {Kind.LONG_TEXT: 3, Kind.TEXT: 2, Kind.URL: 2}
_HIGH_LIST = 2
_UNPARTED = 5
"""A table of no more rows, counted over all blocks, stands on one page with its question."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column: its heading, what its codes mean, how one answers, its share of the width in percent."""

    label: Said
    key: tuple[Box, ...]
    hint: Said
    space: Space
    width: float
    high: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: its number and label, the heading above it and what is to be known before it is filled in."""

    number: str
    label: Said
    heading: Said
    remark: Said


@dataclass(frozen=True, slots=True)
class Block:
    """Columns that stand beside each other; the last block asks which rows do not apply."""

    columns: tuple[FormColumn, ...]
    label_width: float
    state_width: float

    @property
    def across(self) -> int:
        return len(self.columns) + 1 + bool(self.state_width)


@dataclass(frozen=True, slots=True)
class About:
    """What a column or row means: its names, guidance, and the sentences of its codes."""

    names: tuple[Said, ...]
    number: str = ""
    guidance: Said = NOTHING
    key: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table to be filled in."""

    caption: Said
    rows: tuple[FormRow, ...]
    blocks: tuple[Block, ...]
    about_columns: tuple[About, ...]
    about_rows: tuple[About, ...]
    gate: Said

    @property
    def is_high(self) -> bool:
        return len(self.rows) * len(self.blocks) > _UNPARTED

    @property
    def high(self) -> int:
        """How many lines of writing the highest cell of a row takes."""
        return max((column.high for block in self.blocks for column in block.columns), default=1)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A column with the width it needs, before it is placed in a block."""

    column: FormColumn
    needed: float
    key_above: tuple[Box, ...]


def _key_lines(boxes: Iterable[Box], width: float) -> int:
    texts = (text for box in boxes for text in (box.label.text, box.label.second) if text)
    return sum(ceil((width_of(text) + 3) / (width * _LETTERS_PER_MM)) for text in texts)


def _has_words_in_cells(boxes: Sequence[Box]) -> bool:
    is_short = longest([box.label.text for box in boxes]) <= _WORDS_IN_CELL
    return is_short and len(boxes) <= _BOXES_IN_CELL


def _ticked(words: Wording, question: Question, column: Column, boxes: tuple[Box, ...]) -> _Planned:
    """Plan a column of boxes: words in every cell if they are few, else codes with their meaning in the heading."""
    label = _column_label(words, question, column)
    hint = hint_of(words, question, column) if column.kind is Kind.CHECKLIST else NOTHING
    made = FormColumn(label, (), hint, Space(boxes=boxes), 0, 1)
    if column.kind is not Kind.LEVEL and _has_words_in_cells(boxes):
        both = tuple(Box(box.label) for box in boxes if box.label.second)
        needed = _WIDTHS[column.kind] if boxes and not boxes[0].code else _FEW
        in_cells = tuple(Box(Said(box.label.text)) for box in boxes)
        return _Planned(replace(made, key=both, space=Space(boxes=in_cells, is_list=True)), needed, ())
    width = _WIDTHS[column.kind]
    codes = Space(boxes=tuple(Box(Said(), box.code) for box in boxes))
    if _key_lines(boxes, width) <= _KEY_LINES:
        return _Planned(replace(made, key=boxes, space=codes), width, ())
    return _Planned(replace(made, space=codes), _BARE if column.kind is Kind.LEVEL else _MANY, boxes)


def _column_label(words: Wording, question: Question, column: Column) -> Said:
    return said(words, lambda one: one.column(question, column))


def _cell_space(column: Column) -> Space:
    """Return the digits of a cell; what is written in letters, or may be of any length, has the whole cell."""
    space = written_space(column)
    is_blank = not space.digits or (column.kind is Kind.INTEGER and column.maximum is None)
    # In a cell the groups of a date stand below each other.
    return Space() if is_blank else replace(space, joint="" if column.kind is Kind.DATE else space.joint)


def _plan(words: Wording, question: Question, column: Column) -> _Planned:
    boxes = boxes_of(words, question, column)
    if boxes:
        return _ticked(words, question, column, boxes)
    hint = ours(words, _CELL_HINTS[column.kind]) if column.kind in _CELL_HINTS else hint_of(words, question, column)
    high = _HIGH.get(column.kind, _HIGH_LIST if column.many else 1)
    made = FormColumn(_column_label(words, question, column), (), hint, _cell_space(column), 0, high)
    return _Planned(made, _WIDTHS[column.kind], ())


def _grouped(planned: Sequence[_Planned], room: float, last: float) -> list[list[_Planned]]:
    """Put columns side by side until the room is full; the last block keeps ``last`` free."""
    blocks: list[list[_Planned]] = []
    used = 0.0
    for place, one in enumerate(planned):
        wanted = one.needed + (last if place == len(planned) - 1 else 0.0)
        if not blocks or used + wanted > room:
            blocks.append([])
            used = 0.0
        blocks[-1].append(one)
        used += one.needed
    return blocks


def _balanced(planned: Sequence[_Planned], room: float, last: float) -> list[list[_Planned]]:
    """Split into as few blocks as the room allows, none much wider than the others."""
    fewest = len(_grouped(planned, room, last))
    limit = sum(one.needed for one in planned) / fewest
    while limit < room and len(_grouped(planned, limit, last)) > fewest:
        limit += 1.0
    return _grouped(planned, min(limit, room), last)


def _block(planned: Sequence[_Planned], state: float) -> Block:
    """Assign every column its share: labels take what is left, up to their bound, then all grow alike."""
    needed = sum(one.needed for one in planned)
    label = min(max(_PAGE - state - needed, _LABEL), _WIDEST_LABEL)
    stretch = (_PAGE - state - label) / needed if needed else 1.0
    columns = tuple(replace(one.column, width=round(one.needed * stretch / _PAGE * 100, 2)) for one in planned)
    return Block(columns, round(label / _PAGE * 100, 2), round(state / _PAGE * 100, 2))


def _preset(words: Wording, question: Question, row: Row) -> Said:
    if not row.preset_reason:
        return NOTHING

    def say(one: Wording) -> str:
        reason = one.instrument_text(question.id, f"row {row.id} preset_reason", row.preset_reason)
        return one.say(N_("Counts as not applicable, unless you fill it in: {reason}"), reason=reason)

    return said(words, say)


def _row_label(words: Wording, question: Question, row: Row) -> Said:
    return said(words, lambda one: one.row(question, row))


def _row(words: Wording, question: Question, row: Row) -> FormRow:
    return FormRow(
        row.number,
        _row_label(words, question, row),
        said(words, lambda one: one.row_heading(question, row)),
        _preset(words, question, row),
    )


def _guidance(words: Wording, question: Question, part: str, text: str) -> Said:
    return part_of(words, question.id, f"{part} guidance", text)


def _about_columns(words: Wording, question: Question, planned: Sequence[_Planned]) -> Iterator[About]:
    """Explain columns by their guidance and by what their codes mean, each scale once."""
    told: dict[tuple[Box, ...], list[Said]] = {}
    for one in planned:
        if one.key_above:
            told.setdefault(one.key_above, []).append(one.column.label)
    for key, names in told.items():
        yield About(tuple(names), key=key)
    for column, one in zip(question.columns, planned, strict=True):
        guidance = _guidance(words, question, f"column {column.id}", column.guidance)
        if guidance.text:
            yield About((one.column.label,), guidance=guidance)


def _about_rows(words: Wording, question: Question) -> Iterator[About]:
    for row in question.rows:
        guidance = _guidance(words, question, f"row {row.id}", row.guidance)
        if guidance.text:
            yield About((_row_label(words, question, row),), row.number, guidance)


def _gate(words: Wording, question: Question) -> Said:
    """Return which answer settles the rest of a row."""
    gate = question.gate
    if gate is None:
        return NOTHING
    column = question.column_by_id[gate.column]

    def say(one: Wording) -> str:
        options = (column.option_by_id.get(answer) for answer in gate.answers)
        named = (
            one.option(question, column, option) if option else _plain(one, answer)
            for option, answer in zip(options, gate.answers, strict=True)
        )
        left = one.texts.listed(one.column(question, question.column_by_id[name]) for name in gate.settles)
        sentence = N_("In a row whose answer under “{column}” is “{answer}”, leave empty: {columns}.")
        return one.say(sentence, column=one.column(question, column), answer=" / ".join(named), columns=left)

    return said(words, say)


def _plain(words: Wording, answer: str) -> str:
    return words.texts.gettext(YES_NO_WORDS[answer]) if answer in YES_NO_WORDS else answer


def form_table(words: Wording, question: Question) -> FormTable:
    """Lay a question out that is a table."""
    planned = [_plan(words, question, column) for column in question.columns]
    last = _STATE if len(question.rows) > 1 else 0.0
    groups = _balanced(planned, _PAGE - _LABEL, last)
    states = [0.0] * (len(groups) - 1) + [last]
    return FormTable(
        said(words, lambda one: one.question(question)),
        tuple(_row(words, question, row) for row in question.rows),
        tuple(_block(group, state) for group, state in zip(groups, states, strict=True)),
        tuple(_about_columns(words, question, planned)),
        tuple(_about_rows(words, question)),
        _gate(words, question),
    )
