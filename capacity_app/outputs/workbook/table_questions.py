"""Questions that are tables: one line per row, one cell per column, the words for open cells in the cells."""

from collections.abc import Iterable, Iterator, Sequence

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
from capacity_app.domain.assessment.answers import Address, Answer, AnswerState
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.workbook.answer_cells import (
    Voice,
    answers_said,
    answers_said_in_row,
    evidence_lines,
    input_format,
    input_help,
    levels_up_to,
    respondent_format,
    respondent_name,
    respondent_names,
    row_notes,
    row_voices_that_count,
    voice_of,
    voices_of,
)
from capacity_app.outputs.workbook.question_sheets import (
    SLOT_HEADINGS,
    SectionSheet,
    condition_text,
    level_lines,
    row_slots_start,
)
from capacity_app.outputs.workbook.sheet_marks import ROW_SLOTS, SAID_MARK, ColumnSlot, LineMark, columns_mark
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetValue

_ACROSS = 150.0
"""Column units across which a table's levels are written, so that they are read without scrolling."""
_ROW_HEADINGS: dict[ColumnSlot, str] = {**SLOT_HEADINGS, ColumnSlot.REASON: N_("Does not apply because")}


def _unused_columns(question: Question) -> int:
    """Count the unused columns between a small table's cells and what stands beside its rows."""
    return row_slots_start(question, 0) - len(question.columns)


def _column_name(target: SectionSheet, question: Question, column: GridColumn) -> str:
    """Name a column, in the second language too."""
    names = (
        target.formatter.column(question, column),
        in_second_language(target.formatter, lambda one: one.column(question, column)),
    )
    return "\n".join(name for name in names if name)


def _column_heads(target: SectionSheet, question: Question) -> list[SheetCell]:
    """Return the names of a table's columns and of what stands beside its rows."""
    gettext = target.formatter.texts.gettext
    names = [_column_name(target, question, column) for column in question.columns]
    names += [""] * _unused_columns(question) + [gettext(_ROW_HEADINGS[slot]) for slot in ROW_SLOTS]
    return [SheetCell(name, "subheader") for name in names]


def _write_table_head(target: SectionSheet, question: Question) -> None:
    """Write the question, its levels, the ruler and the headings of a table."""
    page, formatter = target.page, target.formatter
    number, text, second = (
        question.number,
        formatter.question(question),
        target.second(lambda one: one.question(question)),
    )
    below = [text for text in (condition_text(formatter, question), *_scales(formatter, question)) if text]
    if below:
        page.pair(SheetCell(number, "number"), text, "label_strong", column=1, room=_ACROSS)
        if second.value:
            page.pair(SheetCell(None, "number"), str(second.value), "second", column=1, room=_ACROSS)
        for paragraph in below:
            page.pair(SheetCell(None, "number"), paragraph, "quiet", column=1, room=_ACROSS)
        _second_scales(target, question)
        number, text, second = "", "", SheetCell(None, "second")
    unused = [""] * _unused_columns(question)
    page.ruler(
        columns_mark(question.id),
        [*target.leading, *(column.id for column in question.columns), *unused, *ROW_SLOTS],
    )
    asked = target.asked(SheetCell(number, "number"), SheetCell(text, "label_strong"), second)
    page.line([*asked, *_column_heads(target, question)], least=20)


def _second_scales(target: SectionSheet, question: Question) -> None:
    """Write the levels in the second language, where they are worded in it."""
    said = in_second_language(target.formatter, lambda one: "\n".join(_scales(one, question)))
    if said:
        target.page.pair(SheetCell(None, "number"), said, "second", column=1, room=_ACROSS)


def _scales(formatter: Formatter, question: Question) -> Iterator[str]:
    """Word the levels of a table's columns, each scale once."""
    told: dict[tuple[str, ...], list[str]] = {}
    for column in question.columns:
        if column.anchors:
            sentences = tuple(formatter.anchor(question, column, level) for level in column.levels)
            told.setdefault(sentences, []).append(formatter.column(question, column))
    for sentences, columns in told.items():
        yield "\n".join([f"{', '.join(columns)}:", *level_lines(sentences)])


def _cell_value(target: SectionSheet, item: AnswerItem) -> SheetValue:
    """Show what counts in a cell: the answer, or the word for why there is none."""
    if item.standing in {ItemStatus.ROW_OUT, ItemStatus.SETTLED} and item.answer.state is AnswerState.NOT_ASKED:
        return None
    return _effective_value(target, item.question, item.field, item.answer)


def _effective_value(
    target: SectionSheet, question: Question, asked: QuestionField, found: EffectiveAnswer
) -> SheetValue:
    if found.conflict:
        return str(target.choices.differ.label)
    if found.state is AnswerState.ANSWERED:
        return target.choices.shown(question, asked, found.value)
    return None if found.state is AnswerState.NOT_ASKED else target.choices.state(found.state)


def not_applicable_reason(formatter: Formatter, block: QuestionBlock, row: GridRow) -> str:
    """Return why a row does not apply, in the workbook's language where the instrument gives the reason."""
    state, question = block.rows[row.id], block.question
    if state.standing is not ItemStatus.ROW_OUT:
        return ""
    return formatter.row_reason(question, row, state.reason)


def _cells_beside_row(
    target: SectionSheet, question: Question, answers: Sequence[Answer], reason: str, who: str
) -> list[SheetCell]:
    """Return what stands beside a row whose answers are one voice's, or nobody's."""
    evidence = (entry for answer in answers for entry in answer.content.evidence)
    return [
        *[SheetCell(None, "quiet")] * _unused_columns(question),
        SheetCell(who, "quiet"),
        SheetCell(reason, "input"),
        SheetCell(row_notes(target.formatter, question, answers), "input"),
        SheetCell(evidence_lines(target.appraisal, target.formatter, evidence), "input"),
        SheetCell(None, "input"),
    ]


def _write_row(target: SectionSheet, block: QuestionBlock, row: GridRow, items: Sequence[AnswerItem]) -> range:
    question, page = block.question, target.page
    answers = answers_said_in_row(target.appraisal, question, row)
    voices = voices_of(answers)
    is_plain = len(voices) <= 1
    counted = voices if is_plain else row_voices_that_count(block, row, answers)
    reason = not_applicable_reason(target.formatter, block, row)
    second = target.second(lambda one: one.row(question, row))
    cells = target.asked(SheetCell(row.number, "number"), SheetCell(target.formatter.row(question, row)), second)
    cells += [SheetCell(_cell_value(target, item), input_format(item.field)) for item in items]
    cells += _cells_beside_row(
        target, question, answers if is_plain else (), reason, respondent_names(target.formatter, counted)
    )
    rows = page.line(cells, str(LineMark(Address(question.id, row.id))))
    if not is_plain:
        for voice in voices:
            _write_respondent_row(target, question, voice, [a for a in answers if voice_of(a) == voice])
    return rows


def _write_respondent_row(target: SectionSheet, question: Question, voice: Voice, answers: Sequence[Answer]) -> None:
    """Write what one of several respondents said in a row."""
    by_column = {answer.key.address.column: answer.content for answer in answers}
    whole = by_column.get("")
    cells = target.asked(SheetCell(None, "voice"), SheetCell(respondent_name(target.formatter, voice), "voice_name"))
    for column in question.columns:
        content = by_column.get(column.id)
        found = EffectiveAnswer(content.state, content.value) if content else EffectiveAnswer()
        cells.append(SheetCell(_effective_value(target, question, column, found), respondent_format(column)))
    evidence = (entry for answer in answers for entry in answer.content.evidence)
    cells += [SheetCell(None, "voice")] * (_unused_columns(question) + 1)
    cells += [
        SheetCell(whole.reason if whole and whole.state is AnswerState.NOT_APPLICABLE else None, "voice"),
        SheetCell(row_notes(target.formatter, question, answers), "voice"),
        SheetCell(evidence_lines(target.appraisal, target.formatter, evidence), "voice"),
        SheetCell(None, "voice"),
    ]
    target.page.line(cells, SAID_MARK)


def _write_whole_table_line(target: SectionSheet, block: QuestionBlock) -> None:
    """Write the line on the table as a whole."""
    question = block.question
    answers = answers_said(target.appraisal, Address(question.id))
    voices = voices_of(answers)
    is_out = block.whole.state is AnswerState.NOT_APPLICABLE
    who = respondent_names(target.formatter, voices)
    if block.is_hidden and not target.is_blank:
        who = target.formatter.say(N_("not asked, because of another answer"))
    cells = target.asked(
        SheetCell(None, "number"), SheetCell(target.formatter.say(N_("The table as a whole")), "quiet")
    )
    cells += [SheetCell(None, "quiet")] * len(question.columns)
    cells += _cells_beside_row(target, question, answers, block.whole.reason if is_out else "", who)
    target.page.line(cells, str(LineMark(Address(question.id))))


def _write_group_heading(target: SectionSheet, question: Question, row: GridRow, text: str) -> None:
    """Write a group's heading, with the columns' names again for those who have scrolled down."""
    second = target.second(lambda one: one.row_heading(question, row), "group")
    cells = target.asked(SheetCell(None, "group"), SheetCell(text, "group"), second)
    target.page.line([*cells, *_column_heads(target, question)])


def _set_rules(target: SectionSheet, question: Question, rows: Iterable[int]) -> None:
    """Set what each column takes; the words that appear at a cell say which column it is."""
    listed = list(rows)
    if not listed:
        return
    page, first, last = target.page, min(listed), max(listed)
    for place, column in enumerate(question.columns, start=target.first_slot):
        rule = target.choices.rule(question, column, in_table=True)
        about = _column_help(target, question, column)
        rule = target.choices.with_message(rule, target.formatter.column(question, column), about)
        page.rule(rule, first, last, place)
        page.tint("states", first, last, place)
        if column.kind is AnswerKind.LEVEL:
            page.tint(levels_up_to(column.top_level), first, last, place)


def _column_help(target: SectionSheet, question: Question, column: GridColumn) -> str:
    formatter = target.formatter
    definition = formatter.instrument_text(question.id, f"column {column.id} definition", column.definition)
    form = input_help(formatter, column)
    return ". ".join(part for part in (form, definition) if part) or formatter.say(N_("Choose from the list."))


def write_table_question(target: SectionSheet, block: QuestionBlock) -> None:
    """Write a question that is a table."""
    question = block.question
    _write_table_head(target, question)
    if len(question.rows) > 1 or block.whole.layer is not None or block.is_hidden:
        _write_whole_table_line(target, block)
    by_row: dict[str, list[AnswerItem]] = {row.id: [] for row in question.rows}
    for item in block.items:
        by_row[item.address.row].append(item)
    written: list[int] = []
    for row in question.rows:
        heading = target.formatter.row_heading(question, row)
        if heading:
            _write_group_heading(target, question, row, heading)
        written += _write_row(target, block, row, by_row[row.id])
    _set_rules(target, question, written)
    target.page.skip()
