"""Indicators by migratory status, and what is said of children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from capacity_app.bilingual import beside
from capacity_app.domain.answers import State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.children import ChildAnswer, ChildLens, child_lens
from capacity_app.domain.instrument import TOP_LEVEL, Column, Kind, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import ONE, ZERO, Block, Item, Standing
from capacity_app.domain.topics import APPLIES
from capacity_app.palette import NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, row
from capacity_app.report.view.shown import answer_cell, item_points, points_sign
from capacity_app.wording import Wording


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A table with its title."""

    title: str
    table: Table


def _items_of(block: Block, one: Row) -> dict[str, Item]:
    return {item.field.id: item for item in block.items if item.row is not None and item.row.id == one.id}


def _is_served_beside(items: dict[str, Item], column: Column) -> bool:
    """Return whether another column of the same group, of which the best one counts, earns points."""
    if not column.group:
        return False
    others = (i for i in items.values() if isinstance(i.field, Column) and i.field.group == column.group)
    return any(item_points(item) for item in others)


def _missing(words: Wording, item: Item) -> str:
    """List what a checklist asks for and nobody has ticked."""
    value = item.answer.value
    if item.field.kind is not Kind.CHECKLIST or not isinstance(value, tuple):
        return ""
    needed = item.row.required.get(item.field.id, ()) if item.row else ()
    lacking = [o for o in item.field.options if (o.id in needed if needed else o.required) and o.id not in value]
    names = words.texts.listed(words.option(item.question, item.field, option) for option in lacking)
    return words.say(N_("Missing: {list}"), list=names) if names else ""


def _spot(words: Wording, items: dict[str, Item], column: Column) -> Cell:
    """Show one breakdown: sign, word and shade; one that is lacking stands out, unless another makes up for it."""
    item = items[column.id]
    cell = answer_cell(words, item)
    if item.standing is Standing.SETTLED:
        return cell
    if cell.tone is Tone.OUT or item.is_missing:
        return Cell(sign=cell.sign, tone=cell.tone)
    if item_points(item) == ZERO and _is_served_beside(items, column):
        return replace(cell, tone=Tone.MUTED, detail="")
    return replace(cell, detail=_missing(words, item))


def _indicator_row(words: Wording, block: Block, one: Row, columns: Sequence[Column]) -> TableRow:
    question, state = block.question, block.rows[one.id]
    second = beside(words, lambda two: two.row(question, one))
    number = Cell(one.number, tone=Tone.STRONG)
    if state.standing is Standing.ROW_OUT:
        label = Cell(words.row(question, one), second=second)
        out = Cell(
            words.say(N_("not applicable")),
            detail=words.row_reason(question, one, state.reason),
            tone=Tone.OUT,
            span=len(columns),
        )
        return row(number, label, out)
    items = _items_of(block, one)
    return row(
        number, Cell(words.row(question, one), second=second), *(_spot(words, items, column) for column in columns)
    )


def _indicator_rows(words: Wording, block: Block, columns: Sequence[Column]) -> Iterator[TableRow]:
    for one in block.question.rows:
        heading = words.row_heading(block.question, one)
        if heading:
            yield TableRow(group=heading)
        if block.rows[one.id].standing is not Standing.SPARE:
            yield _indicator_row(words, block, one, columns)


def _applying(block: Block) -> list[Row]:
    return [one for one in block.question.rows if block.rows[one.id].standing is Standing.WANTED]


def _total(words: Wording, block: Block, columns: Sequence[Column]) -> TableRow:
    """Count for each scored column how many of the rows that apply have it in full."""
    rows = [_items_of(block, one) for one in _applying(block)]

    def count(column: Column) -> Cell:
        if not column.is_scored:
            return Cell(tone=Tone.STRONG)
        full = sum(1 for items in rows if item_points(items[column.id]) == ONE)
        text = words.say(N_("{count} of {all}"), count=words.texts.number(full), all=words.texts.number(len(rows)))
        return Cell(text, tone=Tone.STRONG)

    label = Cell(words.say(N_("In full, of the rows that apply")), tone=Tone.STRONG)
    return row(Cell(tone=Tone.STRONG), label, *map(count, columns))


def _result(words: Wording, block: Block) -> str:
    """Return how many rows have all their points, some, none, or are open."""
    reached = [block.reached.get(one.id) for one in _applying(block)]
    counts = {
        "all": len(reached),
        "full": sum(1 for points in reached if points == ONE),
        "part": sum(1 for points in reached if points is not None and ZERO < points < ONE),
        "none": sum(1 for points in reached if points == ZERO),
        "open": sum(1 for points in reached if points is None),
    }
    numbers = {name: words.texts.number(count) for name, count in counts.items()}
    return words.say(
        N_("Of {all} indicators that apply, {full} have full points, {part} some, {none} none; {open} are open."),
        **numbers,
    )


def indicator_view(words: Wording, block: Block) -> MatrixView:
    """Show a grid of indicators in signs and words, grouped as the instrument groups them, with counts below."""
    question = block.question
    columns = [column for column in question.columns if column.kind is not Kind.SOURCE]
    width = 63 / len(columns)
    headings = (
        Heading("", 9), Heading(words.say(N_("Indicator")), 91 - width * len(columns)),
        *(Heading(words.column(question, column), width, "sign") for column in columns),
    )  # fmt: skip
    rows = (*_indicator_rows(words, block, columns), _total(words, block, columns))
    signs = words.say(
        N_("● in full   ◔ ◑ in part   ○ no   ? open   – not applicable, or not asked because of another answer")
    )
    note = f"{_result(words, block)}\n{signs}"
    return MatrixView(f"{question.number}  {words.question(question)}", Table(headings, rows, note=note, style="heat"))


def _child_level(words: Wording, answer: ChildAnswer) -> Cell:
    """Show how far a place has come: a sign and a level."""
    if answer.service not in APPLIES:
        return Cell(words.say(N_("not applicable")), sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    if answer.lowest is None:
        is_open = all(item.answer.is_open for item in answer.items)
        return Cell(words.say(N_("open")), sign=OPEN_SIGN, tone=Tone.OPEN) if is_open else Cell()
    if answer.lowest != answer.highest:
        return Cell(words.say(N_("open")), sign=OPEN_SIGN, tone=Tone.OPEN)
    sign, tone = points_sign(Fraction(answer.lowest, TOP_LEVEL))
    return Cell(words.level(answer.lowest), sign=sign, tone=tone)


def _child_words(words: Wording, answer: ChildAnswer) -> Cell:
    """Write what a place says beyond its level: the answer of a question, the answers of a row that earns nothing."""
    if answer.service not in APPLIES:
        reason = answer.reason if answer.row is None else words.row_reason(answer.question, answer.row, answer.reason)
        return Cell(reason, tone=Tone.OUT)
    if answer.row is None:
        cell = answer_cell(words, answer.items[0])
        return Cell(cell.text, second=cell.second, tone=Tone.OPEN if cell.tone is Tone.OPEN else Tone.PLAIN)
    if answer.lowest is not None:
        return Cell()
    said = [item for item in answer.items if item.answer.state is State.ANSWERED]
    told = (
        f"{words.column(item.question, item.question.column_by_id[item.address.column])}: "
        f"{answer_cell(words, item).text}"
        for item in said
    )
    return Cell("; ".join(told))


def _child_row(words: Wording, answer: ChildAnswer) -> TableRow:
    question, one = answer.question, answer.row
    number = f"{question.number} {one.number if one else ''}".strip()
    label = words.row(question, one) if one else words.question(question)
    second = beside(words, lambda two: two.row(question, one) if one else two.question(question))
    return row(
        Cell(number, link=anchor_of("q", question.id)),
        Cell(label, second=second),
        _child_level(words, answer),
        _child_words(words, answer),
    )


def children_table(appraisal: Appraisal, words: Wording) -> Table | None:
    """Gather everything about children in one place, with the share of statistics that show them at all."""
    lens, say = child_lens(appraisal.sheet), words.say
    hidden = {block.question.id for block in appraisal.sheet.blocks.values() if block.is_hidden}
    rows = tuple(_child_row(words, answer) for answer in lens.answers if answer.question.id not in hidden)
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), 11), Heading(say(N_("About children")), 42), Heading(say(N_("Served")), 13, "sign"),
        Heading(say(N_("What is said")), 34),
    )  # fmt: skip
    return Table(headings, rows, note=_age_and_sex(words, lens), style="heat")


def _age_and_sex(words: Wording, lens: ChildLens) -> str:
    share = lens.age_and_sex
    if not share.of:
        return ""
    return words.say(
        N_("{count} of {all} statistics that exist show age and sex."),
        count=words.texts.number(share.count),
        all=words.texts.number(share.of),
    )
