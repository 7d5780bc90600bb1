"""Where answers are written by hand: boxes to tick, digits, lines, and tables in blocks.

Widths are millimetres of the page as ``form.css`` sets it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import assert_never

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n.formatter import YES_NO_LABELS, Formatter, in_second_language
from capacity_app.outputs.content.elements import text_width

# The pieces of a form to be filled in by hand: words in two languages, tick boxes, and room for what is written.


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_YEAR_DIGITS, _TWO_DIGITS = 4, 2
_THOUSANDS = (3, 3, 3)
_SIDE_BY_SIDE = 900
"""Longer texts in two languages stand below each other: side by side they could not be parted between two pages."""
_LONG_LINES, _SOME_LINES = 7, 3
_NAMED_LINES = 5
"""Lines for several sources or countries, where the instrument sets no bound."""


@dataclass(frozen=True, slots=True)
class BilingualText:
    """Words in the form's language and, if there is one, in its second language."""

    text: str = ""
    second: str = ""

    @property
    def is_long(self) -> bool:
        """Return whether the two are too long to stand side by side."""
        return bool(self.second) and len(self.text) + len(self.second) > 2 * _SIDE_BY_SIDE


NO_TEXT = BilingualText()
"""No words at all."""


@dataclass(frozen=True, slots=True)
class FormTickBox:
    """One box to tick, with its words and the short code that stands for them in a table."""

    label: BilingualText
    code: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSpace:
    """Where one answer is written: boxes to tick, boxes for digits in groups, or ruled lines.

    ``is_list`` puts every box on a line of its own; ``joint`` stands between the groups of digits and ``unit`` behind
    them; ``numbers`` begin the ruled lines.
    """

    boxes: tuple[FormTickBox, ...] = ()
    is_list: bool = False
    digits: tuple[int, ...] = ()
    joint: str = ""
    unit: str = ""
    lines: int = 0
    numbers: tuple[str, ...] = ()
    hint: BilingualText = NO_TEXT


def bilingual_text(formatter: Formatter, say: Callable[[Formatter], str]) -> BilingualText:
    """Say something in both languages; the second is empty where it adds nothing."""
    return BilingualText(say(formatter), in_second_language(formatter, say))


def wording_part(formatter: Formatter, owner: str, part: str, text: str) -> BilingualText:
    """Say a part of the instrument's wording in both languages, nothing if it has no such part."""
    return bilingual_text(formatter, lambda one: one.instrument_text(owner, part, text)) if text else NO_TEXT


def option_code(place: int, count: int) -> str:
    """Return the code of one of so many options: a letter, or a number where letters do not suffice."""
    return _LETTERS[place] if count <= len(_LETTERS) else str(place + 1)


def program_text(formatter: Formatter, sentence: str, **values: str | int) -> BilingualText:
    return bilingual_text(formatter, lambda one: one.say(sentence, **values)) if sentence else NO_TEXT


_EXCLUSIVE = N_("Tick all that apply. “{option}” stands alone.")


def answer_hint(formatter: Formatter, question: Question, field: QuestionField) -> BilingualText:
    """Return how an answer is given."""
    alone = next((option for option in field.options if option.exclusive), None)
    if field.kind.value_type is ValueType.OPTIONS and alone is not None:
        return bilingual_text(formatter, lambda one: one.say(_EXCLUSIVE, option=one.option(question, field, alone)))
    info = field.kind.info
    return program_text(formatter, (info.paper_hint_many if field.many else "") or info.paper_hint)


def _level_text(formatter: Formatter, question: Question, field: QuestionField, level: int) -> BilingualText:
    if field.anchors:
        return bilingual_text(formatter, lambda one: one.anchor(question, field, level))
    return bilingual_text(formatter, lambda one: one.level(level))


def tick_boxes(formatter: Formatter, question: Question, field: QuestionField) -> tuple[FormTickBox, ...]:
    """Return the boxes one answers by ticking; none where something is written."""
    return tuple(_yield_tick_boxes(formatter, question, field))


def _yield_tick_boxes(formatter: Formatter, question: Question, field: QuestionField) -> Iterator[FormTickBox]:
    match field.kind.value_type:
        case ValueType.LEVEL:
            for level in field.levels:
                yield FormTickBox(_level_text(formatter, question, field, level), formatter.texts.numeral(level))
        case ValueType.OPTION if field.kind.info.fixed:
            for answer in field.kind.info.fixed:
                yield FormTickBox(program_text(formatter, YES_NO_LABELS[answer]))
        case ValueType.OPTION | ValueType.OPTIONS:
            needs_none = field.kind.value_type is ValueType.OPTIONS and not field.none_options
            count = len(field.options) + needs_none
            for place, option in enumerate(field.options):
                yield FormTickBox(_option_text(formatter, question, field, option), option_code(place, count))
            if needs_none:
                yield FormTickBox(program_text(formatter, N_("None of these")), option_code(count - 1, count))


def _option_text(formatter: Formatter, question: Question, field: QuestionField, option: ChoiceOption) -> BilingualText:
    return bilingual_text(formatter, lambda one: one.option(question, field, option))


def _name_lines(field: QuestionField) -> AnswerSpace:
    """Return lines for names; where several are wanted in order, the lines are numbered."""
    if not field.many:
        return AnswerSpace(lines=1)
    count = field.most or (_SOME_LINES if field.kind is AnswerKind.AGENCY else _NAMED_LINES)
    return AnswerSpace(lines=count, numbers=tuple(str(number) for number in range(1, count + 1)))


def written_space(field: QuestionField) -> AnswerSpace:
    """Return the room for what is written, not ticked."""
    info = field.kind.info
    match info.value_type:
        case ValueType.INTEGER:
            high = field.limits[1]
            return AnswerSpace(digits=_THOUSANDS if high is None else (len(str(high)),))
        case ValueType.PERCENT:
            return AnswerSpace(digits=(3, 1), joint=".", unit="%")
        case ValueType.DATE:
            return AnswerSpace(digits=(_YEAR_DIGITS, _TWO_DIGITS, _TWO_DIGITS), joint="–")
        case ValueType.TEXT:
            return AnswerSpace(lines=_LONG_LINES if info.is_long else 2 if info.is_free else 1)
        case ValueType.ENTRIES:
            return _name_lines(field)
        case ValueType.LEVEL | ValueType.OPTION | ValueType.OPTIONS | ValueType.CELLS:
            return AnswerSpace()
        case unknown:
            assert_never(unknown)


def answer_space(formatter: Formatter, question: Question) -> AnswerSpace:
    """Return the room for the answer to a question that is no table."""
    hint = answer_hint(formatter, question, question)
    boxes = tick_boxes(formatter, question, question)
    if not boxes:
        space = written_space(question)
        return replace(space, hint=hint, numbers=tuple(map(formatter.texts.in_digits, space.numbers)))
    without_codes = question.kind is not AnswerKind.LEVEL
    is_list = question.kind.info.has_options or not without_codes
    shown = tuple(FormTickBox(box.label) for box in boxes) if without_codes else boxes
    return AnswerSpace(boxes=shown, is_list=is_list, hint=hint)


def longest(texts: Sequence[str]) -> int:
    return max(map(len, texts), default=0)


_PAGE, _LABEL, _WIDEST_LABEL, _STATE = 174.0, 44.0, 72.0, 17.0
"""What a page holds across, what a row's label needs and takes at most, and the column of rows that do not apply."""
_WORDS_IN_CELL, _BOXES_IN_CELL = 14, 4
"""Options of so few letters, and so few of them, stand with their words in every cell."""
_KEY_LINES, _LETTERS_PER_MM = 13, 0.86
"""How high a heading may become by what its codes mean, and how many letters of a heading go into a millimetre."""
_FEW, _MANY, _BARE = 24.0, 29.0, 20.0
"""Widths of a column of a few words to tick, of one whose codes are explained above the table, and of bare levels."""
_HIGH_LIST = 2
_UNPARTED = 5
"""A table of no more rows, counted over all blocks, stands on one page with its question."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column: its heading, what its codes mean, how one answers, its share of the width in percent."""

    label: BilingualText
    key: tuple[FormTickBox, ...]
    hint: BilingualText
    space: AnswerSpace
    width: float
    high: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: its number and label, the heading above it and what is to be known before it is filled in."""

    number: str
    label: BilingualText
    heading: BilingualText
    remark: BilingualText


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Columns that stand beside each other; the last block asks which rows do not apply."""

    columns: tuple[FormColumn, ...]
    label_width: float
    state_width: float

    @property
    def across(self) -> int:
        return len(self.columns) + 1 + bool(self.state_width)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a column or row means: its names, definition, and the sentences of its codes."""

    names: tuple[BilingualText, ...]
    number: str = ""
    definition: BilingualText = NO_TEXT
    key: tuple[FormTickBox, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table to be filled in."""

    caption: BilingualText
    rows: tuple[FormRow, ...]
    blocks: tuple[ColumnBlock, ...]
    about_columns: tuple[Explanation, ...]
    about_rows: tuple[Explanation, ...]
    gate: BilingualText

    @property
    def is_high(self) -> bool:
        return len(self.rows) * len(self.blocks) > _UNPARTED

    @property
    def high(self) -> int:
        """How many lines of writing the highest cell of a row takes."""
        return max((column.high for block in self.blocks for column in block.columns), default=1)


@dataclass(frozen=True, slots=True)
class _PlannedColumn:
    """A column with the width it needs, before it is placed in a block."""

    column: FormColumn
    needed: float
    key_above: tuple[FormTickBox, ...]


def _key_lines(boxes: Iterable[FormTickBox], width: float) -> int:
    texts = (text for box in boxes for text in (box.label.text, box.label.second) if text)
    return sum(ceil((text_width(text) + 3) / (width * _LETTERS_PER_MM)) for text in texts)


def _has_words_in_cells(boxes: Sequence[FormTickBox]) -> bool:
    is_short = longest([box.label.text for box in boxes]) <= _WORDS_IN_CELL
    return is_short and len(boxes) <= _BOXES_IN_CELL


def _plan_ticked_column(
    formatter: Formatter, question: Question, column: GridColumn, boxes: tuple[FormTickBox, ...]
) -> _PlannedColumn:
    """Plan a column of boxes: words in every cell if they are few, else codes with their meaning in the heading."""
    label = _column_label(formatter, question, column)
    hint = answer_hint(formatter, question, column) if column.kind.value_type is ValueType.OPTIONS else NO_TEXT
    made = FormColumn(label, (), hint, AnswerSpace(boxes=boxes), 0, 1)
    if column.kind is not AnswerKind.LEVEL and _has_words_in_cells(boxes):
        both = tuple(FormTickBox(box.label) for box in boxes if box.label.second)
        needed = column.kind.info.widths.paper if boxes and not boxes[0].code else _FEW
        in_cells = tuple(FormTickBox(BilingualText(box.label.text)) for box in boxes)
        return _PlannedColumn(replace(made, key=both, space=AnswerSpace(boxes=in_cells, is_list=True)), needed, ())
    width = column.kind.info.widths.paper
    codes = AnswerSpace(boxes=tuple(FormTickBox(BilingualText(), box.code) for box in boxes))
    if _key_lines(boxes, width) <= _KEY_LINES:
        return _PlannedColumn(replace(made, key=boxes, space=codes), width, ())
    return _PlannedColumn(replace(made, space=codes), _BARE if column.kind is AnswerKind.LEVEL else _MANY, boxes)


def _column_label(formatter: Formatter, question: Question, column: GridColumn) -> BilingualText:
    return bilingual_text(formatter, lambda one: one.column(question, column))


def _cell_space(column: GridColumn) -> AnswerSpace:
    """Return the digits of a cell; what is written in letters, or may be of any length, has the whole cell."""
    space = written_space(column)
    is_blank = not space.digits or space.digits == _THOUSANDS
    if is_blank:
        return AnswerSpace()
    # In a cell the groups of a date stand below each other.
    return replace(space, joint="") if column.kind.value_type is ValueType.DATE else space


def _plan_column(formatter: Formatter, question: Question, column: GridColumn) -> _PlannedColumn:
    boxes = tick_boxes(formatter, question, column)
    if boxes:
        return _plan_ticked_column(formatter, question, column, boxes)
    info = column.kind.info
    # A cell has no box for each digit, and the heading of a year says that it is one.
    cell_hint = "" if info.is_year else info.hint
    is_number = info.value_type is ValueType.INTEGER
    hint = program_text(formatter, cell_hint) if is_number else answer_hint(formatter, question, column)
    lines = 3 if info.is_long else _HIGH_LIST
    high = lines if info.value_type is ValueType.TEXT or column.many else 1
    made = FormColumn(_column_label(formatter, question, column), (), hint, _cell_space(column), 0, high)
    return _PlannedColumn(made, column.kind.info.widths.paper, ())


def _group_columns(planned: Sequence[_PlannedColumn], room: float, last: float) -> list[list[_PlannedColumn]]:
    """Put columns side by side until the room is full; the last block keeps ``last`` free."""
    blocks: list[list[_PlannedColumn]] = []
    used = 0.0
    for place, one in enumerate(planned):
        wanted = one.needed + (last if place == len(planned) - 1 else 0.0)
        if not blocks or used + wanted > room:
            blocks.append([])
            used = 0.0
        blocks[-1].append(one)
        used += one.needed
    return blocks


def _balance_blocks(planned: Sequence[_PlannedColumn], room: float, last: float) -> list[list[_PlannedColumn]]:
    """Split into as few blocks as the room allows, none much wider than the others."""
    fewest = len(_group_columns(planned, room, last))
    limit = sum(one.needed for one in planned) / fewest
    while limit < room and len(_group_columns(planned, limit, last)) > fewest:
        limit += 1.0
    return _group_columns(planned, min(limit, room), last)


def _column_block(planned: Sequence[_PlannedColumn], state: float) -> ColumnBlock:
    """Assign every column its share: labels take what is left, up to their bound, then all grow alike."""
    needed = sum(one.needed for one in planned)
    label = min(max(_PAGE - state - needed, _LABEL), _WIDEST_LABEL)
    stretch = (_PAGE - state - label) / needed if needed else 1.0
    columns = tuple(replace(one.column, width=round(one.needed * stretch / _PAGE * 100, 2)) for one in planned)
    return ColumnBlock(columns, round(label / _PAGE * 100, 2), round(state / _PAGE * 100, 2))


def _preset_text(formatter: Formatter, question: Question, row: GridRow) -> BilingualText:
    if not row.preset_reason:
        return NO_TEXT

    def say(one: Formatter) -> str:
        reason = one.instrument_text(question.id, f"row {row.id} preset_reason", row.preset_reason)
        return one.say(N_("Counts as not applicable, unless you fill it in: {reason}"), reason=reason)

    return bilingual_text(formatter, say)


def _row_label(formatter: Formatter, question: Question, row: GridRow) -> BilingualText:
    return bilingual_text(formatter, lambda one: one.row(question, row))


def _form_row(formatter: Formatter, question: Question, row: GridRow) -> FormRow:
    return FormRow(
        row.number,
        _row_label(formatter, question, row),
        bilingual_text(formatter, lambda one: one.row_heading(question, row)),
        _preset_text(formatter, question, row),
    )


def _definition_text(formatter: Formatter, question: Question, part: str, text: str) -> BilingualText:
    return wording_part(formatter, question.id, f"{part} definition", text)


def _about_columns(
    formatter: Formatter, question: Question, planned: Sequence[_PlannedColumn]
) -> Iterator[Explanation]:
    """Explain columns by their definition and by what their codes mean, each scale once."""
    told: dict[tuple[FormTickBox, ...], list[BilingualText]] = {}
    for one in planned:
        if one.key_above:
            told.setdefault(one.key_above, []).append(one.column.label)
    for key, names in told.items():
        yield Explanation(tuple(names), key=key)
    for column, one in zip(question.columns, planned, strict=True):
        definition = _definition_text(formatter, question, f"column {column.id}", column.definition)
        if definition.text:
            yield Explanation((one.column.label,), definition=definition)


def _about_rows(formatter: Formatter, question: Question) -> Iterator[Explanation]:
    for row in question.rows:
        definition = _definition_text(formatter, question, f"row {row.id}", row.definition)
        if definition.text:
            yield Explanation((_row_label(formatter, question, row),), row.number, definition)


def _gate_text(formatter: Formatter, question: Question) -> BilingualText:
    """Return which answer settles the rest of a row."""
    gate = question.gate
    if gate is None:
        return NO_TEXT
    column = question.column_by_id[gate.column]

    def say(one: Formatter) -> str:
        options = (column.option_by_id.get(answer) for answer in gate.answers)
        named = (
            one.option(question, column, option) if option else _answer_label(one, answer)
            for option, answer in zip(options, gate.answers, strict=True)
        )
        left = one.texts.listed(one.column(question, question.column_by_id[name]) for name in gate.settles)
        sentence = N_("In a row whose answer under “{column}” is “{answer}”, leave empty: {columns}.")
        return one.say(sentence, column=one.column(question, column), answer=" / ".join(named), columns=left)

    return bilingual_text(formatter, say)


def _answer_label(formatter: Formatter, answer: str) -> str:
    return formatter.texts.gettext(YES_NO_LABELS[answer]) if answer in YES_NO_LABELS else answer


def form_table(formatter: Formatter, question: Question) -> FormTable:
    """Lay a question out that is a table."""
    planned = [_plan_column(formatter, question, column) for column in question.columns]
    last = _STATE if len(question.rows) > 1 else 0.0
    groups = _balance_blocks(planned, _PAGE - _LABEL, last)
    states = [0.0] * (len(groups) - 1) + [last]
    return FormTable(
        bilingual_text(formatter, lambda one: one.question(question)),
        tuple(_form_row(formatter, question, row) for row in question.rows),
        tuple(_column_block(group, state) for group, state in zip(groups, states, strict=True)),
        tuple(_about_columns(formatter, question, planned)),
        tuple(_about_rows(formatter, question)),
        _gate_text(formatter, question),
    )
