"""Parts that are not scored, and grids that earn no points: questions with what counts as their answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from capacity_app.bilingual import beside
from capacity_app.domain.instrument import Column, Kind, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Sheet, Standing
from capacity_app.palette import LEVEL_SIGNS
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, anchor_of, fitted, row
from capacity_app.report.view.shown import answer_cell
from capacity_app.wording import Wording

_LONGEST = 1500
"""Letters of one answer here; the annex has all of it."""
_WIDEST = 5
"""Columns that fit beside the rows' labels; wider grids are written line by line."""


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A question with its answer: one cell, or a table for a grid."""

    number: str
    text: str
    link: str
    heading: str
    answer: Cell | None
    table: Table | None
    second: str = ""


@dataclass(frozen=True, slots=True)
class ContextPart:
    """An unscored part of the instrument."""

    number: str
    title: str
    introduction: str
    entries: tuple[ContextEntry, ...]


def _cell(words: Wording, item: Item) -> Cell:
    if item.is_missing and item.row is not None and item.row.spare:
        return Cell("–")
    if item.field.kind is Kind.LEVEL and isinstance(item.answer.value, int) and item.row is not None:
        # The sentences of the levels would make the row four times as high; the annex has them.
        return Cell(words.texts.numeral(item.answer.value), sign=LEVEL_SIGNS[item.answer.value])
    return answer_cell(words, item, _LONGEST)


def _answered_rows(block: Block) -> list[Row]:
    wanted = (Standing.WANTED, Standing.ROW_OUT)
    return [one for one in block.question.rows if block.rows[one.id].standing in wanted]


def _cells(block: Block, one: Row) -> list[Item]:
    return [item for item in block.items if item.row is not None and item.row.id == one.id]


def _wide_rows(words: Wording, block: Block, one: Row) -> Iterator[TableRow]:
    yield TableRow(group=f"{one.number} {words.row(block.question, one)}".strip())
    for item in _cells(block, one):
        if not item.is_missing and isinstance(item.field, Column):
            yield row(words.column(block.question, item.field), _cell(words, item))


def _line_by_line(words: Wording, block: Block, rows: Sequence[Row]) -> Table:
    say = words.say
    return Table(
        (Heading(say(N_("Column")), 30), Heading(say(N_("Answer")), 70)),
        tuple(line for one in rows for line in _wide_rows(words, block, one)),
        style="inner",
    )


def row_cell(words: Wording, question: Question, one: Row) -> Cell:
    return Cell(words.row(question, one), second=beside(words, lambda wording: wording.row(question, one)))


def grid_answers(words: Wording, block: Block) -> Table | None:
    """Write a grid's answers in words, side by side if they fit; None if there is nothing to show."""
    question = block.question
    rows = _answered_rows(block)
    if not rows:
        return None
    if len(question.columns) > _WIDEST:
        return _line_by_line(words, block, rows)
    titles = [words.column(question, column) for column in question.columns]
    lines = [[_cell(words, item) for item in _cells(block, one)] for one in rows]
    if len(rows) > 1:
        titles.insert(0, "")
        lines = [[row_cell(words, question, one), *cells] for one, cells in zip(rows, lines, strict=True)]
    is_single = len(rows) == 1
    widths = fitted(titles, [[cell.text for cell in cells] for cells in lines])
    headings = (Heading(title, width) for title, width in zip(titles, widths, strict=True))
    return Table(tuple(headings), tuple(row(*cells) for cells in lines), style="single" if is_single else "inner")


def context_entry(words: Wording, block: Block) -> ContextEntry:
    """Show one question with its answer."""
    question = block.question
    is_grid = question.kind is Kind.GRID
    return ContextEntry(
        number=question.number,
        text=words.question(question),
        link=anchor_of("q", question.id),
        heading=words.instrument_text(question.id, "heading", question.heading),
        answer=None if is_grid else _cell(words, block.items[0]),
        table=grid_answers(words, block) if is_grid else None,
        second=beside(words, lambda one: one.question(question)),
    )


def unscored_grids(words: Wording, blocks: Iterable[Block]) -> tuple[ContextEntry, ...]:
    """Show the grids of a scored part that earn no points and so have no signs."""
    grids = (block for block in blocks if block.items and block.question.kind is Kind.GRID and not block.is_hidden)
    return tuple(
        context_entry(words, block)
        for block in grids
        if not (block.question.scored and any(column.is_scored for column in block.question.columns))
    )


def context_part(words: Wording, sheet: Sheet, section: Section) -> ContextPart:
    return ContextPart(
        number=section.number,
        title=words.section(section),
        introduction=words.introduction(section),
        entries=tuple(context_entry(words, block) for block in sheet.section(section) if not block.is_hidden),
    )
