"""Effective answers as cells and tables: signs with words, unscored parts, disagreements, strengths."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
from capacity_app.domain.assessment.answers import TEXT_LIMIT, Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.domain.scoring.answer_sheet import (
    ONE,
    AnswerItem,
    AnswerSheet,
    ItemStatus,
    QuestionBlock,
    earned_points,
)
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, GapSeverity, level_reached
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.formatter import STATE_LABELS, Formatter, in_second_language, value_in_second_language
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    Fact,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    fit_widths,
    shorten,
    table_row,
)
from capacity_app.report_colours import LEVEL_SIGNS, NOT_APPLICABLE_SIGN, OPEN_SIGN

LONGEST = 360
"""Letters of one answer in a chapter; the annex has all of it."""

LEVEL_TONES = (TextTone.ABSENT, TextTone.EMERGING, TextTone.ESTABLISHED, TextTone.SUSTAINED)
"""Tones of levels and bands, the lowest first."""


def band_tone(found: Band) -> TextTone:
    return TextTone(f"band-{found}")


def severity_tone(found: GapSeverity) -> TextTone:
    return TextTone(f"severity-{found}")


def severity_cell(formatter: Formatter, found: GapSeverity) -> TableCell:
    return TableCell(formatter.texts.gettext(GAP_SEVERITY_LABELS[found]), tone=severity_tone(found))


def row_gap_cell(appraisal: Appraisal, formatter: Formatter, question: Question, row: GridRow) -> TableCell:
    """Show how serious the gap of a grid's row is, if there is one."""
    gap = appraisal.gap_by_address.get(f"{question.id}/{row.id}")
    if gap is None:
        return TableCell(formatter.say(N_("none")), tone=TextTone.MUTED)
    if gap.is_open:
        return TableCell(formatter.say(N_("to verify")), tone=TextTone.OPEN)
    return severity_cell(formatter, gap.severity_class)


def points_sign(points: Fraction) -> tuple[str, TextTone]:
    """Return the sign and tone of points in [0, 1]: those of the level reached in full."""
    level = level_reached(points)
    return LEVEL_SIGNS[level], LEVEL_TONES[level]


def _open_cell(formatter: Formatter, answer: EffectiveAnswer, item: AnswerItem) -> TableCell:
    if answer.conflict:
        values = (
            formatter.value(item.question, item.field, v) or formatter.say(N_("not applicable"))
            for v in answer.conflict
        )
        text = formatter.say(N_("Agencies differ: {values}"), values=" | ".join(values))
        return TableCell(text, sign=OPEN_SIGN, tone=TextTone.OPEN)
    return TableCell(formatter.texts.gettext(STATE_LABELS[answer.state]), sign=OPEN_SIGN, tone=TextTone.OPEN)


def item_points(item: AnswerItem) -> Fraction | None:
    """Return the points in [0, 1] an item earns by itself; None if it is open, out or not scored."""
    if item.standing is ItemStatus.SETTLED:
        return Fraction(0) if item.field.is_scored else None
    is_counted = item.standing is ItemStatus.WANTED and item.answer.state is AnswerState.ANSWERED
    if not is_counted or not item.field.is_scored:
        return None
    required = item.row.required.get(item.field.id, ()) if item.row else ()
    return earned_points(item.field, item.answer.value, required)


def _join_respondents(formatter: Formatter, item: AnswerItem, longest: int) -> str:
    """Write what several agencies said, each with its agency: their texts and lists complete each other."""
    said = ((who, formatter.value(item.question, item.field, value)) for who, value in item.answer.voices)
    return " | ".join(
        f"{formatter.respondent(AnswerLayer.RESPONSE, who)}: {shorten(text, longest)}" for who, text in said
    )


def answer_cell(formatter: Formatter, item: AnswerItem, longest: int = TEXT_LIMIT) -> TableCell:
    """Show what counts as the answer, in words; of a typed text no more than ``longest`` letters."""
    if item.standing is ItemStatus.HIDDEN:
        return TableCell(
            formatter.say(N_("not asked, because of another answer")), sign=NOT_APPLICABLE_SIGN, tone=TextTone.OUT
        )
    if item.standing is ItemStatus.SETTLED:
        # The answer that settles its row says it once; the legend says that an empty cell counts 0.
        return TableCell(tone=TextTone.MUTED)
    answer = item.answer
    if answer.state is AnswerState.NOT_APPLICABLE or item.standing is ItemStatus.ROW_OUT:
        text = formatter.say(N_("not applicable"))
        reason = formatter.row_reason(item.question, item.row, answer.reason) if item.row else answer.reason
        return TableCell(text, detail=reason, sign=NOT_APPLICABLE_SIGN, tone=TextTone.OUT)
    if answer.is_open:
        return _open_cell(formatter, answer, item)
    return _given_cell(formatter, item, longest)


def _given_cell(formatter: Formatter, item: AnswerItem, longest: int) -> TableCell:
    answer = item.answer
    if answer.voices:
        return TableCell(_join_respondents(formatter, item, longest))
    text = formatter.value(item.question, item.field, answer.value)
    if item.field.kind.value_type is ValueType.TEXT:
        text = shorten(text, longest) if longest < TEXT_LIMIT else text
    points = item_points(item)
    second = value_in_second_language(formatter, item.question, item.field, answer.value)
    if points is None:
        return TableCell(text, second=second)
    sign, tone = points_sign(points)
    return TableCell(text, sign=sign, tone=tone, second=second)


def level_words(formatter: Formatter, level: int | None, target: int) -> str:
    """Write where a gap stands and where it should be: "1 → 3"."""
    return formatter.texts.in_digits(f"{OPEN_SIGN if level is None else level} → {target}")


def sign_legend(formatter: Formatter) -> str:
    levels = "   ".join(
        f"{sign} {formatter.texts.numeral(level)}" for level, sign in reversed([*enumerate(LEVEL_SIGNS)])
    )
    return formatter.say(N_("Levels: {levels}   ? open   – not applicable"), levels=levels)


# Parts that are not scored, and grids that earn no points: questions with what counts as their answer.


_LONGEST = 1500
"""Letters of one answer here; the annex has all of it."""
_WIDEST = 5
"""Columns that fit beside the rows' labels; wider grids are written line by line."""


@dataclass(frozen=True, slots=True)
class UnscoredQuestion:
    """A question with its answer: one cell, or a table for a grid."""

    number: str
    text: str
    link: str
    heading: str
    answer: TableCell | None
    table: ContentTable | None
    second: str = ""


def _answer_cell(formatter: Formatter, item: AnswerItem) -> TableCell:
    if item.is_unanswered and item.row is not None and item.row.spare:
        return TableCell("–")
    if item.field.kind is AnswerKind.LEVEL and isinstance(item.answer.value, int) and item.row is not None:
        # The sentences of the levels would make the row four times as high; the annex has them.
        sign, _ = points_sign(Fraction(item.answer.value, item.field.top_level))
        return TableCell(formatter.texts.numeral(item.answer.value), sign=sign)
    return answer_cell(formatter, item, _LONGEST)


def _answered_rows(block: QuestionBlock) -> list[GridRow]:
    wanted = (ItemStatus.WANTED, ItemStatus.ROW_OUT)
    return [one for one in block.question.rows if block.rows[one.id].standing in wanted]


def _one_line_per_column(formatter: Formatter, block: QuestionBlock, one: GridRow) -> Iterator[TableRow]:
    yield TableRow(group=f"{one.number} {formatter.row(block.question, one)}".strip())
    for item in block.row_items(one.id).values():
        if not item.is_unanswered and isinstance(item.field, GridColumn):
            yield table_row(formatter.column(block.question, item.field), _answer_cell(formatter, item))


def _line_by_line(formatter: Formatter, block: QuestionBlock, rows: Sequence[GridRow]) -> ContentTable:
    say = formatter.say
    return ContentTable(
        (ColumnHeading(say(N_("Column")), 30), ColumnHeading(say(N_("Answer")), 70)),
        tuple(line for one in rows for line in _one_line_per_column(formatter, block, one)),
        style="inner",
    )


def row_cell(formatter: Formatter, question: Question, one: GridRow) -> TableCell:
    return TableCell(
        formatter.row(question, one), second=in_second_language(formatter, lambda wording: wording.row(question, one))
    )


def grid_answers(formatter: Formatter, block: QuestionBlock) -> ContentTable | None:
    """Write a grid's answers in words, side by side if they fit; None if there is nothing to show."""
    question = block.question
    rows = _answered_rows(block)
    if not rows:
        return None
    if len(question.columns) > _WIDEST:
        return _line_by_line(formatter, block, rows)
    titles = [formatter.column(question, column) for column in question.columns]
    lines = [[_answer_cell(formatter, item) for item in block.row_items(one.id).values()] for one in rows]
    if len(rows) > 1:
        titles.insert(0, "")
        lines = [[row_cell(formatter, question, one), *cells] for one, cells in zip(rows, lines, strict=True)]
    is_single = len(rows) == 1
    widths = fit_widths(titles, [[cell.text for cell in cells] for cells in lines])
    headings = (ColumnHeading(title, width) for title, width in zip(titles, widths, strict=True))
    return ContentTable(
        tuple(headings), tuple(table_row(*cells) for cells in lines), style="single" if is_single else "inner"
    )


def unscored_question(formatter: Formatter, block: QuestionBlock) -> UnscoredQuestion:
    """Show one question with its answer."""
    question = block.question
    is_grid = question.kind is AnswerKind.GRID
    return UnscoredQuestion(
        number=question.number,
        text=formatter.question(question),
        link=anchor_of("q", question.id),
        heading=formatter.heading(question),
        answer=None if is_grid else _answer_cell(formatter, block.items[0]),
        table=grid_answers(formatter, block) if is_grid else None,
        second=in_second_language(formatter, lambda one: one.question(question)),
    )


def unscored_questions(formatter: Formatter, sheet: AnswerSheet, section: Section) -> tuple[UnscoredQuestion, ...]:
    """Show the questions of an unscored part with their answers."""
    return tuple(unscored_question(formatter, block) for block in sheet.section(section) if not block.is_hidden)


def unscored_blocks(
    formatter: Formatter, sheet: AnswerSheet, section: Section, volume: ReportVolume
) -> tuple[object, ...]:
    """Build the chapter of an unscored part: in full every answer, in the report only a part that has figures."""
    asked = unscored_questions(formatter, sheet, section)
    if volume is ReportVolume.FULL:
        return asked
    figures = {anchor_of("q", block.question.id) for block in sheet.section(section) if _has_figures(block)}
    return tuple(one for one in asked if one.link in figures)


def _has_figures(block: QuestionBlock) -> bool:
    """Return whether a question asks for numbers and has some."""
    return any(item.field.kind in _FIGURES and item.answer.value is not None for item in block.items)


_FIGURES = frozenset({AnswerKind.INTEGER, AnswerKind.PERCENT})


# Where agencies differed, and how it was settled.


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place where respondents differed: what each said, and how it was settled or that it is not.

    ``number`` and ``column`` say where; ``voices`` are the agencies, each with its answer. ``conclusion`` tells who
    settled it and how; None while nobody has. ``link`` leads to the whole answers.
    """

    number: str
    column: str
    question: str
    link: str
    voices: tuple[Fact, ...]
    conclusion: Fact | None
    reason: str
    second: str = ""

    @property
    def is_settled(self) -> bool:
        return self.conclusion is not None


def _respondent_fact(formatter: Formatter, item: AnswerItem, answer: Answer) -> Fact:
    content = answer.content
    is_given = content.state is AnswerState.ANSWERED
    value = (
        formatter.value(item.question, item.field, content.value) if is_given else formatter.say(N_("not applicable"))
    )
    return Fact(formatter.respondent(answer.key.layer, answer.key.respondent), shorten(value, LONGEST))


def _responses(answers: Iterable[Answer]) -> list[Answer]:
    settled = {AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE}
    return [a for a in answers if a.key.layer is AnswerLayer.RESPONSE and a.content.state in settled]


def _concluding_answer(answers: Iterable[Answer]) -> Answer | None:
    given = {a.key.layer: a for a in answers if a.content.state is not AnswerState.NOT_ASKED}
    return given.get(AnswerLayer.VALIDATED) or given.get(AnswerLayer.JUDGEMENT)


def _disagreement(appraisal: Appraisal, formatter: Formatter, item: AnswerItem) -> Disagreement | None:
    if item.field.kind.info.is_complementary:  # texts complete each other; the annex has them all
        return None
    answers = appraisal.dossier.by_address.get(item.address, ())
    responses, conclusion = _responses(answers), _concluding_answer(answers)
    values = {(a.content.state, a.content.value) for a in responses}
    concluded = (conclusion.content.state, conclusion.content.value) if conclusion else None
    if not item.answer.conflict and (concluded is None or values <= {concluded}):
        return None
    row = item.row
    return Disagreement(
        number=f"{item.question.number} {row.number}".strip() if row else item.question.number,
        column=formatter.column(item.question, item.field) if isinstance(item.field, GridColumn) else "",
        question=formatter.row(item.question, row) if row else formatter.question(item.question),
        link=anchor_of("q", item.question.id),
        voices=tuple(_respondent_fact(formatter, item, answer) for answer in responses),
        conclusion=_respondent_fact(formatter, item, conclusion) if conclusion else None,
        reason=shorten(conclusion.content.reason, LONGEST) if conclusion else "",
        second=in_second_language(
            formatter, lambda one: one.row(item.question, row) if row else one.question(item.question)
        ),
    )


def find_disagreements(
    appraisal: Appraisal, formatter: Formatter, blocks: Iterable[QuestionBlock]
) -> tuple[Disagreement, ...]:
    """Find where respondents differ, or where the assessor or the country concluded otherwise."""
    items = (item for block in blocks for item in block.items if item.standing is ItemStatus.WANTED)
    found = (_disagreement(appraisal, formatter, item) for item in items)
    return tuple(entry for entry in found if entry is not None)


# What reached the highest level: the strengths a plan can build on.


@dataclass(frozen=True, slots=True)
class SectionStrength:
    """Something that reached the highest level: a question, or a row of a grid."""

    question: Question
    row: GridRow | None
    importance: int
    grade: int
    weight: Fraction

    @property
    def number(self) -> str:
        return f"{self.question.number} {self.row.number}".strip() if self.row else self.question.number


def find_strengths(blocks: Iterable[QuestionBlock]) -> tuple[SectionStrength, ...]:
    """Find what reached the highest level, the most important and best supported first."""
    found = []
    for block in blocks:
        for row_id, points in block.reached.items():
            if points != ONE:
                continue
            parts = [part for part in block.parts if part.row == row_id]
            importance = block.rows[row_id].importance if row_id else block.question.importance
            grade = min((part.grade for part in parts), default=0)
            weight = sum((part.weight for part in parts), Fraction(0))
            found.append(
                SectionStrength(block.question, block.question.row_by_id.get(row_id), importance, grade, weight)
            )
    return tuple(sorted(found, key=lambda one: (-one.importance, -one.grade, -one.weight)))
