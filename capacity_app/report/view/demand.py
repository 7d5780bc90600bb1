"""Demand against supply: what policy asks, set against what the data can answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.bilingual import beside
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.gaps import CLASS_WORDS, Gap, level_of, severity_class
from capacity_app.domain.instrument import TOP_LEVEL, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.domain.themes import supply_column
from capacity_app.palette import LEVEL_SIGNS, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.report.view.context import row_cell
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, row
from capacity_app.report.view.registers import source_codes
from capacity_app.report.view.shown import answer_cell, points_sign, severity_cell, severity_tone
from capacity_app.wording import Wording


@dataclass(frozen=True, slots=True)
class _PolicyQuestion:
    """A policy question: its letter, relevance 1 to 3 and level of data 0 to 3, None while open."""

    label: str
    importance: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Square:
    """The letters of the questions in one square, which has the word and the tone of the gap it means."""

    letters: tuple[str, ...]
    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Rank:
    """One line of squares: how relevant its questions are, then a square per level and one for what is open."""

    title: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of availability: its number or sign, and the sentence that explains it."""

    number: str
    sign: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DemandView:
    """One grid of policy questions: relevance against availability, as squares and as a table.

    ``finding`` says what the squares show.
    """

    number: str
    title: str
    second: str
    finding: str
    upwards: str
    rightwards: str
    levels: tuple[Level, ...]
    ranks: tuple[Rank, ...]
    left_out: str
    table: Table


def _items_of(block: Block, one: Row) -> dict[str, Item]:
    return {item.field.id: item for item in block.items if item.row is not None and item.row.id == one.id}


def _level_cell(words: Wording, item: Item) -> Cell:
    value = item.answer.value
    if isinstance(value, int) and item.standing is Standing.WANTED:
        sign, tone = LEVEL_SIGNS[value], points_sign(_as_points(value))[1]
        return Cell(words.texts.numeral(value), sign=sign, tone=tone)
    return answer_cell(words, item)


def _as_points(level: int) -> Fraction:
    return Fraction(level, TOP_LEVEL)


def _asks_for_sources(question: Question) -> bool:
    return any(column.kind is Kind.SOURCE for column in question.columns)


def _source_cell(appraisal: Appraisal, items: dict[str, Item]) -> str:
    codes = source_codes(appraisal)
    picked = (
        i.answer.value for i in items.values() if i.field.kind is Kind.SOURCE and isinstance(i.answer.value, tuple)
    )
    return ", ".join(dict.fromkeys(codes.get(source, source) for value in picked for source in value))


def _demand_row(appraisal: Appraisal, words: Wording, block: Block, one: Row) -> TableRow:
    question, items = block.question, _items_of(block, one)
    weighing, supply = question.importance_column, supply_column(question)
    relevance = answer_cell(words, items[weighing.id]) if weighing else Cell()
    is_out = block.rows[one.id].standing is Standing.ROW_OUT
    out = Cell(sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    sources = (_source_cell(appraisal, items),) if _asks_for_sources(question) else ()
    return row(
        Cell(one.number, tone=Tone.STRONG),
        row_cell(words, question, one),
        Cell(relevance.text, detail=relevance.detail, tone=relevance.tone),
        out if is_out or supply is None else _level_cell(words, items[supply.id]),
        *sources,
        out if is_out else _severity(words, appraisal.gap_by_address.get(f"{question.id}/{one.id}")),
    )


def _severity(words: Wording, gap: Gap | None) -> Cell:
    if gap is None:
        return Cell(words.say(N_("none")), tone=Tone.MUTED)
    if gap.is_open:
        return Cell(words.say(N_("to verify")), tone=Tone.OPEN)
    return severity_cell(words, gap.severity_class)


def _policy_questions(block: Block) -> Iterator[_PolicyQuestion]:
    for one in block.question.rows:
        if block.rows[one.id].standing is not Standing.WANTED:
            continue
        points = block.reached.get(one.id)
        level = None if points is None else level_of(points)
        yield _PolicyQuestion(one.number or one.id, block.rows[one.id].importance, level)


def _finding(words: Wording, questions: Sequence[_PolicyQuestion]) -> str:
    urgent = [one.label for one in questions if one.importance == TOP_LEVEL and one.level in {0, 1}]
    listed = ", ".join(urgent) or words.say(N_("none"))
    return words.say(N_("Of high relevance and poorly served: {list}."), list=listed)


def _letters(questions: Sequence[_PolicyQuestion], importance: int, level: int | None) -> tuple[str, ...]:
    return tuple(one.label for one in questions if one.importance == importance and one.level == level)


_LEVELS: tuple[int | None, ...] = (*range(TOP_LEVEL + 1), None)


def _square(words: Wording, questions: Sequence[_PolicyQuestion], importance: int, level: int | None) -> Square:
    letters = _letters(questions, importance, level)
    if level is None:
        return Square(letters, words.say(N_("to verify")), Tone.OPEN)
    grade = severity_class(TOP_LEVEL - level, importance)
    word = words.texts.gettext(CLASS_WORDS[grade]) if level < TOP_LEVEL else words.say(N_("no gap"))
    return Square(letters, word, severity_tone(grade))


def _rank_title(words: Wording, block: Block, importance: int) -> str:
    weighing = block.question.importance_column
    options = weighing.options if weighing else ()
    named = (words.option(block.question, weighing, o) for o in options if weighing and o.importance == importance)
    return next(named, words.texts.number(importance))


def _ranks(words: Wording, block: Block, questions: Sequence[_PolicyQuestion]) -> tuple[Rank, ...]:
    """Set the questions into squares, the most relevant first."""
    return tuple(
        Rank(
            _rank_title(words, block, importance),
            tuple(_square(words, questions, importance, level) for level in _LEVELS),
        )
        for importance in range(TOP_LEVEL, 0, -1)
    )


def _levels(words: Wording, block: Block) -> tuple[Level, ...]:
    supply = supply_column(block.question)
    steps = (
        Level(words.texts.number(step), sign, words.anchor(block.question, supply, step) if supply else "")
        for step, sign in enumerate(LEVEL_SIGNS)
    )
    return (*steps, Level("", OPEN_SIGN, words.say(N_("open"))))


def _left_out(words: Wording, block: Block) -> str:
    """Name the questions that are not relevant to policy and so stand in no square."""
    out = [one.number for one in block.question.rows if block.rows[one.id].standing is Standing.ROW_OUT and one.number]
    return words.say(N_("Not relevant, so not shown: {list}."), list=", ".join(out)) if out else ""


def _demand_table(appraisal: Appraisal, words: Wording, block: Block) -> Table:
    question, supply, say = block.question, supply_column(block.question), words.say
    sources = (Heading(say(N_("Sources")), 12),) if _asks_for_sources(question) else ()
    headings = (
        Heading("", 5),
        Heading(say(N_("Question")), 45 if sources else 57),
        Heading(words.column(question, question.importance_column) if question.importance_column else "", 13),
        Heading(words.column(question, supply) if supply else "", 12),
        *sources,
        Heading(say(N_("Gap")), 13),
    )
    rows = tuple(_demand_row(appraisal, words, block, one) for one in question.rows if not one.spare)
    return Table(headings, rows, note=source_note(appraisal, words) if sources else "", style="compact")


def demand_view(appraisal: Appraisal, words: Wording, block: Block) -> DemandView:
    """Build the squares and the table of one grid of policy questions."""
    question, supply = block.question, supply_column(block.question)
    questions = tuple(_policy_questions(block))
    return DemandView(
        number=question.number,
        title=words.question(question),
        second=beside(words, lambda one: one.question(question)),
        finding=_finding(words, questions),
        upwards=words.column(question, question.importance_column) if question.importance_column else "",
        rightwards=words.column(question, supply) if supply else "",
        levels=_levels(words, block),
        ranks=_ranks(words, block, questions),
        left_out=_left_out(words, block),
        table=_demand_table(appraisal, words, block),
    )


def source_note(appraisal: Appraisal, words: Wording) -> str:
    """Return which source each short code means."""
    named = (f"{code} {words.source(source)}" for source, code in source_codes(appraisal).items())
    return "   ".join(named)
