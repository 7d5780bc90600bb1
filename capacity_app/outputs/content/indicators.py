"""Indicators by migratory status, and what is said of children."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.domain.scoring.answer_sheet import ONE, ZERO, AnswerItem, ItemStatus, QuestionBlock
from capacity_app.domain.scoring.child_data import ChildAnswer, ChildDataOverview, summarize_child_data
from capacity_app.domain.scoring.data_availability import APPLICABLE_STATUSES
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.content.answer_cells import answer_cell, item_points, points_sign
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    table_row,
)
from capacity_app.outputs.content.findings import missing_options
from capacity_app.report_colours import NOT_APPLICABLE_SIGN, OPEN_SIGN


@dataclass(frozen=True, slots=True)
class TitledTable:
    """A table with its title."""

    title: str
    table: ContentTable


def _is_served_beside(items: dict[str, AnswerItem], column: GridColumn) -> bool:
    """Return whether another column of the same group, of which the best one counts, earns points."""
    if not column.group:
        return False
    others = (i for i in items.values() if isinstance(i.field, GridColumn) and i.field.group == column.group)
    return any(item_points(item) for item in others)


def _breakdown_cell(formatter: Formatter, items: dict[str, AnswerItem], column: GridColumn) -> TableCell:
    """Show one breakdown: sign, word and shade; one that is lacking stands out, unless another makes up for it."""
    item = items[column.id]
    cell = answer_cell(formatter, item)
    if item.standing is ItemStatus.SETTLED:
        return cell
    if cell.tone is TextTone.OUT or item.is_unanswered:
        return TableCell(sign=cell.sign, tone=cell.tone)
    if item_points(item) == ZERO and _is_served_beside(items, column):
        return replace(cell, tone=TextTone.MUTED, detail="")
    missing = missing_options(formatter, item)
    return replace(cell, detail=formatter.say(N_("Missing: {list}"), list=missing) if missing else "")


def _indicator_row(formatter: Formatter, block: QuestionBlock, one: GridRow, columns: Sequence[GridColumn]) -> TableRow:
    question, state = block.question, block.rows[one.id]
    second = in_second_language(formatter, lambda two: two.row(question, one))
    number = TableCell(one.number, tone=TextTone.STRONG)
    if state.standing is ItemStatus.ROW_OUT:
        label = TableCell(formatter.row(question, one), second=second)
        out = TableCell(
            formatter.say(N_("not applicable")),
            detail=formatter.row_reason(question, one, state.reason),
            tone=TextTone.OUT,
            span=len(columns),
        )
        return table_row(number, label, out)
    items = block.row_items(one.id)
    return table_row(
        number,
        TableCell(formatter.row(question, one), second=second),
        *(_breakdown_cell(formatter, items, column) for column in columns),
    )


def _indicator_rows(formatter: Formatter, block: QuestionBlock, columns: Sequence[GridColumn]) -> Iterator[TableRow]:
    for one in block.question.rows:
        heading = formatter.row_heading(block.question, one)
        if heading:
            yield TableRow(group=heading)
        if block.rows[one.id].standing is not ItemStatus.SPARE:
            yield _indicator_row(formatter, block, one, columns)


def _applicable_rows(block: QuestionBlock) -> list[GridRow]:
    return [one for one in block.question.rows if block.rows[one.id].standing is ItemStatus.WANTED]


def _totals_row(formatter: Formatter, block: QuestionBlock, columns: Sequence[GridColumn]) -> TableRow:
    """Count for each scored column how many of the rows that apply have it in full."""
    rows = [block.row_items(one.id) for one in _applicable_rows(block)]

    def count(column: GridColumn) -> TableCell:
        if not column.is_scored:
            return TableCell(tone=TextTone.STRONG)
        full = sum(1 for items in rows if item_points(items[column.id]) == ONE)
        text = formatter.say(
            N_("{count} of {all}"), count=formatter.texts.number(full), all=formatter.texts.number(len(rows))
        )
        return TableCell(text, tone=TextTone.STRONG)

    label = TableCell(formatter.say(N_("In full, of the rows that apply")), tone=TextTone.STRONG)
    return table_row(TableCell(tone=TextTone.STRONG), label, *map(count, columns))


def _result_sentence(formatter: Formatter, block: QuestionBlock) -> str:
    """Return how many rows have all their points, some, none, or are open."""
    reached = [block.reached.get(one.id) for one in _applicable_rows(block)]
    counts = {
        "all": len(reached),
        "full": sum(1 for points in reached if points == ONE),
        "part": sum(1 for points in reached if points is not None and ZERO < points < ONE),
        "none": sum(1 for points in reached if points == ZERO),
        "open": sum(1 for points in reached if points is None),
    }
    numbers = {name: formatter.texts.number(count) for name, count in counts.items()}
    return formatter.say(
        N_("Of {all} indicators that apply, {full} have full points, {part} some, {none} none; {open} are open."),
        **numbers,
    )


def indicator_grid(formatter: Formatter, block: QuestionBlock) -> TitledTable:
    """Show a grid of indicators in signs and words, grouped as the instrument groups them, with counts below."""
    question = block.question
    columns = [column for column in question.columns if column.kind is not AnswerKind.SOURCE]
    width = 63 / len(columns)
    headings = (
        ColumnHeading("", 9), ColumnHeading(formatter.say(N_("Indicator")), 91 - width * len(columns)),
        *(ColumnHeading(formatter.column(question, column), width, "sign") for column in columns),
    )  # fmt: skip
    rows = (*_indicator_rows(formatter, block, columns), _totals_row(formatter, block, columns))
    signs = formatter.say(
        N_("● in full   ◔ ◑ in part   ○ no   ? open   – not applicable, or not asked because of another answer")
    )
    note = f"{_result_sentence(formatter, block)}\n{signs}"
    return TitledTable(
        f"{question.number}  {formatter.question(question)}", ContentTable(headings, rows, note=note, style="heat")
    )


def _child_level(formatter: Formatter, answer: ChildAnswer) -> TableCell:
    """Show how far a place has come: a sign and a level."""
    if answer.service not in APPLICABLE_STATUSES:
        return TableCell(formatter.say(N_("not applicable")), sign=NOT_APPLICABLE_SIGN, tone=TextTone.OUT)
    if answer.lowest is None:
        is_open = all(item.answer.is_open for item in answer.items)
        return TableCell(formatter.say(N_("open")), sign=OPEN_SIGN, tone=TextTone.OPEN) if is_open else TableCell()
    if answer.lowest != answer.highest:
        return TableCell(formatter.say(N_("open")), sign=OPEN_SIGN, tone=TextTone.OPEN)
    sign, tone = points_sign(Fraction(answer.lowest, TOP_LEVEL))
    return TableCell(formatter.level(answer.lowest), sign=sign, tone=tone)


def _child_words(formatter: Formatter, answer: ChildAnswer) -> TableCell:
    """Write what a place says beyond its level: the answer of a question, the answers of a row that earns nothing."""
    if answer.service not in APPLICABLE_STATUSES:
        reason = (
            answer.reason if answer.row is None else formatter.row_reason(answer.question, answer.row, answer.reason)
        )
        return TableCell(reason, tone=TextTone.OUT)
    if answer.row is None:
        cell = answer_cell(formatter, answer.items[0])
        return TableCell(
            cell.text, second=cell.second, tone=TextTone.OPEN if cell.tone is TextTone.OPEN else TextTone.PLAIN
        )
    if answer.lowest is not None:
        return TableCell()
    said = [item for item in answer.items if item.answer.state is AnswerState.ANSWERED]
    told = (
        f"{formatter.column(item.question, item.question.column_by_id[item.address.column])}: "
        f"{answer_cell(formatter, item).text}"
        for item in said
    )
    return TableCell("; ".join(told))


def _child_row(formatter: Formatter, answer: ChildAnswer) -> TableRow:
    question, one = answer.question, answer.row
    number = f"{question.number} {one.number if one else ''}".strip()
    label = formatter.row(question, one) if one else formatter.question(question)
    second = in_second_language(formatter, lambda two: two.row(question, one) if one else two.question(question))
    return table_row(
        TableCell(number, link=anchor_of("q", question.id)),
        TableCell(label, second=second),
        _child_level(formatter, answer),
        _child_words(formatter, answer),
    )


def children_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """Gather everything about children in one place, with the share of statistics that show them at all."""
    lens = summarize_child_data(appraisal.sheet)
    hidden = {block.question.id for block in appraisal.sheet.blocks.values() if block.is_hidden}
    answers = [answer for answer in lens.answers if answer.question.id not in hidden]
    if not any(answer.question.id in appraisal.answered_questions for answer in answers):
        return None
    rows = tuple(_child_row(formatter, answer) for answer in answers)
    headings = column_headings(
        formatter.say, (N_("No."), 11), (N_("About children"), 42), (N_("Served"), 13, "sign"), (N_("What is said"), 34)
    )
    return ContentTable(headings, rows, note=_age_and_sex(formatter, lens), style="heat")


def _age_and_sex(formatter: Formatter, lens: ChildDataOverview) -> str:
    share = lens.age_and_sex
    if not share.of:
        return ""
    return formatter.say(
        N_("{count} of {all} statistics that exist show age and sex."),
        count=formatter.texts.number(share.count),
        all=formatter.texts.number(share.of),
    )
