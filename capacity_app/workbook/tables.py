"""Questions that are tables: one line per row, one cell per column, the words for open cells in the cells."""

from collections.abc import Iterable, Iterator, Sequence

from capacity_app.bilingual import beside
from capacity_app.domain.answers import Address, Answer, State
from capacity_app.domain.effective import Effective
from capacity_app.domain.instrument import Column, Field, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.wording import Wording
from capacity_app.workbook.choices import help_words, input_look, voice_look
from capacity_app.workbook.columns import row_slots_start
from capacity_app.workbook.layout import ROW_SLOTS, SAID_MARK, Mark, Slot, columns_mark
from capacity_app.workbook.page import Cell, Value
from capacity_app.workbook.sections import HEADINGS, SectionPage, asked_when, level_line
from capacity_app.workbook.voices import (
    Voice,
    name_of,
    names,
    notes,
    row_voices_that_count,
    said_at,
    said_in_row,
    sources,
    voice_of,
    voices_of,
)

_ACROSS = 150.0
"""Column units across which a table's levels are written, so that they are read without scrolling."""
_ROW_HEADINGS: dict[Slot, str] = {**HEADINGS, Slot.REASON: N_("Does not apply because")}


def _padding(question: Question) -> int:
    """Count the unused columns between a small table's cells and what stands beside its rows."""
    return row_slots_start(question, 0) - len(question.columns)


def _column_name(target: SectionPage, question: Question, column: Column) -> str:
    """Name a column, in the second language too."""
    names = (target.words.column(question, column), beside(target.words, lambda one: one.column(question, column)))
    return "\n".join(name for name in names if name)


def _column_heads(target: SectionPage, question: Question) -> list[Cell]:
    """Return the names of a table's columns and of what stands beside its rows."""
    gettext = target.words.texts.gettext
    names = [_column_name(target, question, column) for column in question.columns]
    names += [""] * _padding(question) + [gettext(_ROW_HEADINGS[slot]) for slot in ROW_SLOTS]
    return [Cell(name, "subheader") for name in names]


def _head(target: SectionPage, question: Question) -> None:
    """Write the question, its levels, the ruler and the headings of a table."""
    page, words = target.page, target.words
    number, text, second = question.number, words.question(question), target.second(lambda one: one.question(question))
    below = [text for text in (asked_when(words, question), *_scales(words, question)) if text]
    if below:
        page.pair(Cell(number, "number"), text, "label_strong", column=1, room=_ACROSS)
        if second.value:
            page.pair(Cell(None, "number"), str(second.value), "second", column=1, room=_ACROSS)
        for paragraph in below:
            page.pair(Cell(None, "number"), paragraph, "quiet", column=1, room=_ACROSS)
        _second_scales(target, question)
        number, text, second = "", "", Cell(None, "second")
    unused = [""] * _padding(question)
    page.ruler(
        columns_mark(question.id),
        [*target.leading, *(column.id for column in question.columns), *unused, *ROW_SLOTS],
    )
    asked = target.asked(Cell(number, "number"), Cell(text, "label_strong"), second)
    page.line([*asked, *_column_heads(target, question)], least=20)


def _second_scales(target: SectionPage, question: Question) -> None:
    """Write the levels in the second language, where they are worded in it."""
    said = beside(target.words, lambda one: "\n".join(_scales(one, question)))
    if said:
        target.page.pair(Cell(None, "number"), said, "second", column=1, room=_ACROSS)


def _scales(words: Wording, question: Question) -> Iterator[str]:
    """Word the levels of a table's columns, each scale once."""
    told: dict[tuple[str, ...], list[str]] = {}
    for column in question.columns:
        if column.anchors:
            sentences = tuple(words.anchor(question, column, level) for level in range(len(column.anchors)))
            told.setdefault(sentences, []).append(words.column(question, column))
    for sentences, columns in told.items():
        yield "\n".join([f"{', '.join(columns)}:", *map(level_line, range(len(sentences)), sentences)])


def _cell_value(target: SectionPage, item: Item) -> Value:
    """Show what counts in a cell: the answer, or the word for why there is none."""
    if item.standing in {Standing.ROW_OUT, Standing.SETTLED} and item.answer.state is State.NOT_ASKED:
        return None
    return _value(target, item.question, item.field, item.answer)


def _value(target: SectionPage, question: Question, asked: Field, found: Effective) -> Value:
    if found.conflict:
        return str(target.choices.differ.label)
    if found.state is State.ANSWERED:
        return target.choices.shown(question, asked, found.value)
    return None if found.state is State.NOT_ASKED else target.choices.state(found.state)


def out_reason(words: Wording, block: Block, row: Row) -> str:
    """Return why a row does not apply, in the workbook's language where the instrument gives the reason."""
    state, question = block.rows[row.id], block.question
    if state.standing is not Standing.ROW_OUT:
        return ""
    return words.row_reason(question, row, state.reason)


def _beside(target: SectionPage, question: Question, answers: Sequence[Answer], reason: str, who: str) -> list[Cell]:
    """Return what stands beside a row whose answers are one voice's, or nobody's."""
    evidence = (entry for answer in answers for entry in answer.content.evidence)
    return [
        *[Cell(None, "quiet")] * _padding(question),
        Cell(who, "quiet"),
        Cell(reason, "input"),
        Cell(notes(target.words, question, answers), "input"),
        Cell(sources(target.appraisal, target.words, evidence), "input"),
        Cell(None, "input"),
    ]


def _row(target: SectionPage, block: Block, row: Row, items: Sequence[Item]) -> range:
    question, page = block.question, target.page
    answers = said_in_row(target.appraisal, question, row)
    voices = voices_of(answers)
    is_plain = len(voices) <= 1
    counted = voices if is_plain else row_voices_that_count(block, row, answers)
    reason = out_reason(target.words, block, row)
    second = target.second(lambda one: one.row(question, row))
    cells = target.asked(Cell(row.number, "number"), Cell(target.words.row(question, row)), second)
    cells += [Cell(_cell_value(target, item), input_look(item.field)) for item in items]
    cells += _beside(target, question, answers if is_plain else (), reason, names(target.words, counted))
    rows = page.line(cells, str(Mark(Address(question.id, row.id))))
    if not is_plain:
        for voice in voices:
            _voice(target, question, voice, [a for a in answers if voice_of(a) == voice])
    return rows


def _voice(target: SectionPage, question: Question, voice: Voice, answers: Sequence[Answer]) -> None:
    """Write what one of several respondents said in a row."""
    by_column = {answer.key.address.column: answer.content for answer in answers}
    whole = by_column.get("")
    cells = target.asked(Cell(None, "voice"), Cell(name_of(target.words, voice), "voice_name"))
    for column in question.columns:
        content = by_column.get(column.id)
        found = Effective(content.state, content.value) if content else Effective()
        cells.append(Cell(_value(target, question, column, found), voice_look(column)))
    evidence = (entry for answer in answers for entry in answer.content.evidence)
    cells += [Cell(None, "voice")] * (_padding(question) + 1)
    cells += [
        Cell(whole.reason if whole and whole.state is State.NOT_APPLICABLE else None, "voice"),
        Cell(notes(target.words, question, answers), "voice"),
        Cell(sources(target.appraisal, target.words, evidence), "voice"),
        Cell(None, "voice"),
    ]
    target.page.line(cells, SAID_MARK)


def _whole(target: SectionPage, block: Block) -> None:
    """Write the line on the table as a whole."""
    question = block.question
    answers = said_at(target.appraisal, Address(question.id))
    voices = voices_of(answers)
    is_out = block.whole.state is State.NOT_APPLICABLE
    who = names(target.words, voices)
    if block.is_hidden and not target.is_blank:
        who = target.words.say(N_("not asked, because of another answer"))
    cells = target.asked(Cell(None, "number"), Cell(target.words.say(N_("The table as a whole")), "quiet"))
    cells += [Cell(None, "quiet")] * len(question.columns)
    cells += _beside(target, question, answers, block.whole.reason if is_out else "", who)
    target.page.line(cells, str(Mark(Address(question.id))))


def _group(target: SectionPage, question: Question, row: Row, text: str) -> None:
    """Write a group's heading, with the columns' names again for those who have scrolled down."""
    second = target.second(lambda one: one.row_heading(question, row), "group")
    cells = target.asked(Cell(None, "group"), Cell(text, "group"), second)
    target.page.line([*cells, *_column_heads(target, question)])


def _rules(target: SectionPage, question: Question, rows: Iterable[int]) -> None:
    """Set what each column takes; the words that appear at a cell say which column it is."""
    listed = list(rows)
    if not listed:
        return
    page, first, last = target.page, min(listed), max(listed)
    for place, column in enumerate(question.columns, start=target.first_slot):
        rule = target.choices.rule(question, column, in_table=True)
        about = _column_help(target, question, column)
        rule = target.choices.with_message(rule, target.words.column(question, column), about)
        page.rule(rule, first, last, place)
        page.tint("states", first, last, place)
        if column.kind is Kind.LEVEL:
            page.tint("levels", first, last, place)


def _column_help(target: SectionPage, question: Question, column: Column) -> str:
    words = target.words
    guidance = words.instrument_text(question.id, f"column {column.id} guidance", column.guidance)
    form = help_words(words, column)
    return ". ".join(part for part in (form, guidance) if part) or words.say(N_("Choose from the list."))


def write_table(target: SectionPage, block: Block) -> None:
    """Write a question that is a table."""
    question = block.question
    _head(target, question)
    if len(question.rows) > 1 or block.whole.layer is not None or block.is_hidden:
        _whole(target, block)
    by_row: dict[str, list[Item]] = {row.id: [] for row in question.rows}
    for item in block.items:
        by_row[item.address.row].append(item)
    written: list[int] = []
    for row in question.rows:
        heading = target.words.row_heading(question, row)
        if heading:
            _group(target, question, row, heading)
        written += _row(target, block, row, by_row[row.id])
    _rules(target, question, written)
    target.page.skip()
