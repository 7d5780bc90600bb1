"""What works and what is missing, as sentences made of the levels reached and the answers given."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridRow, Question, QuestionField, supply_column
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import ONE, AnswerItem, ItemStatus, QuestionBlock
from capacity_app.domain.scoring.gaps import Gap, level_reached
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import find_strengths, item_points

_MOST_ANSWERS = 2
"""The most answers by which the statement on a row of a table is made."""
_SUBJECT_LETTERS = 80
"""So many letters the names of rows may have that stand before what is true of them."""
QUESTION_SIGNS = frozenset("?؟？")


@dataclass(frozen=True, slots=True)
class FindingSentence:
    """One statement, the rows of a table of which it is true (none for a question), and the gaps it tells of.

    ``common`` is what is true of all rows, without their names, where these are long.
    """

    question: Question
    rows: tuple[GridRow, ...]
    statement: str
    gaps: tuple[Gap, ...] = ()
    common: str = ""

    @property
    def number(self) -> str:
        numbers = ", ".join(row.number for row in self.rows if row.number)
        return f"{self.question.number} {numbers}".strip()

    @property
    def brief(self) -> str:
        """The statement, with the numbers of its rows instead of long names."""
        return f"{self.common.rstrip('.')} ({self.number})." if self.common else self.statement


def missing_options(formatter: Formatter, item: AnswerItem) -> str:
    """List what a checklist asks for and nobody has ticked, empty for other kinds of answer."""
    value = item.answer.value
    if item.field.kind is not AnswerKind.CHECKLIST or not isinstance(value, tuple):
        return ""
    needed = item.row.required.get(item.field.id, ()) if item.row else ()
    lacking = [o for o in item.field.options if (o.id in needed if needed else o.required) and o.id not in value]
    return formatter.texts.listed(formatter.option(item.question, item.field, option) for option in lacking)


def _finding(formatter: Formatter, item: AnswerItem) -> str:
    """Return what the questionnaire says of an answer that lacks points, empty if it says nothing."""
    points, answer, missing = item_points(item), item.answer, missing_options(formatter, item)
    pattern = formatter.finding(item.question, item.field, answer.value)
    if points is None or points >= ONE or answer.voices or answer.conflict or ("{missing}" in pattern and not missing):
        return ""
    said = formatter.value(item.question, item.field, answer.value)
    return pattern.replace("{answer}", said).replace("{missing}", missing)


def _answer_text(formatter: Formatter, item: AnswerItem) -> str:
    """Word an answer, a level by its sentence, a checklist by what is missing of it."""
    question, field, value = item.question, item.field, item.answer.value
    if item.answer.voices or item.answer.conflict:
        return ""
    if field.kind is AnswerKind.LEVEL and isinstance(value, int):
        return formatter.anchor(question, field, value)
    missing = missing_options(formatter, item)
    return formatter.say(N_("Missing: {list}"), list=missing) if missing else formatter.value(question, field, value)


def _row_items(block: QuestionBlock, row: GridRow, *, is_gap: bool) -> list[AnswerItem]:
    """Return the scored answers by which a row is told: those that lack points, or all of a strength.

    A "no" that leaves nothing else to answer tells the row, though it has no points itself.
    """
    items = [one for one in block.row_items(row.id).values() if one.standing is ItemStatus.WANTED]
    told = supply_column(block.question)
    if told is not None:
        return [one for one in items if one.field is told]
    scored = [(one, points) for one in items if (points := item_points(one)) is not None]
    scored = sorted((pair for pair in scored if (pair[1] < ONE) is is_gap), key=lambda pair: pair[1])
    if is_gap and not scored:
        return [one for one in items if item_points(one) is None and one.answer.value is not None][:1]
    return [one for one, _points in scored[:_MOST_ANSWERS]]


def _row_statement(formatter: Formatter, block: QuestionBlock, row: GridRow, *, is_gap: bool) -> str:
    items = _row_items(block, row, is_gap=is_gap)
    told = [(one, text) for one in items if (text := _answer_text(formatter, one))]
    if len(told) == 1 and told[0][0].field.kind is AnswerKind.LEVEL:
        return told[0][1]
    if is_gap and told and all(findings := [_finding(formatter, one) for one, _text in told]):
        return " ".join(findings)
    return "; ".join(
        formatter.say(N_("{subject}: {statement}"), subject=_field_label(formatter, one), statement=text)
        for one, text in told
    )


def _field_label(formatter: Formatter, item: AnswerItem) -> str:
    column = item.question.column_by_id.get(item.field.id)
    return formatter.column(item.question, column) if column else ""


def _level_statement(formatter: Formatter, question: Question, field: QuestionField, item: AnswerItem) -> str:
    """Word what is reached by the sentence of the level; of other kinds of answer by the question and its answer."""
    points = item_points(item)
    if field.anchors and points is not None:
        return formatter.anchor(question, field, level_reached(points, field.top_level))
    if finding := _finding(formatter, item):
        return finding
    asked, answer = formatter.question(question), _answer_text(formatter, item)
    if answer and asked.rstrip()[-1:] in QUESTION_SIGNS:
        return formatter.say(N_("“{question}” – {answer}"), question=asked, answer=answer)
    return _join(formatter, asked, answer)


def _join(formatter: Formatter, subject: str, statement: str) -> str:
    """Say what is true of a subject; what is found stands before a question."""
    if not statement:
        return subject
    if subject.rstrip()[-1:] in QUESTION_SIGNS:
        return formatter.say(N_("{statement}: “{question}”"), statement=statement.rstrip(".。 "), question=subject)
    return formatter.say(N_("{subject} – {statement}"), subject=subject, statement=_ended(statement))


def _ended(text: str) -> str:
    return (
        text if text.rstrip("”» \N{POP DIRECTIONAL ISOLATE}")[-1:] in {".", "!", "?", "。", "؟", "？"} else f"{text}."
    )


def row_name(formatter: Formatter, block: QuestionBlock, row: GridRow) -> str:
    """Name a row of a table, by the country it was answered for where there is one."""
    label = formatter.row(block.question, row)
    named = next((i for i in block.row_items(row.id).values() if i.field.kind is AnswerKind.COUNTRY), None)
    if named is None or not named.answer.value:
        return label
    return formatter.value(named.question, named.field, named.answer.value)


def gap_statement(appraisal: Appraisal, formatter: Formatter, gap: Gap) -> str:
    """Say what is lacking: the level reached or the answer given, not the question."""
    block = appraisal.sheet.blocks[gap.question.id]
    if gap.row is None:
        return _ended(_level_statement(formatter, gap.question, gap.question, block.items[0]))
    if gap.is_open:
        return row_name(formatter, block, gap.row)
    statement = _row_statement(formatter, block, gap.row, is_gap=True)
    return _join(formatter, row_name(formatter, block, gap.row), statement)


def _grouped(
    formatter: Formatter, block: QuestionBlock, rows: Iterable[tuple[GridRow, str, Gap | None]]
) -> Iterator[FindingSentence]:
    """Tell the rows of which the same is true in one sentence, in their order: the same in every language."""
    by_statement: dict[str, list[tuple[GridRow, str, Gap | None]]] = {}
    for one in rows:
        by_statement.setdefault(one[1], []).append(one)
    for statement, listed in by_statement.items():
        rows_told, told = tuple(row for row, _said, _gap in listed), tuple(gap for _row, _said, gap in listed if gap)
        names = [row_name(formatter, block, row) for row in rows_told]
        listed_names = "; ".join(names)
        said, common = _join(formatter, listed_names, statement), ""
        is_long = len(listed_names) > _SUBJECT_LETTERS or listed_names.rstrip()[-1:] in QUESTION_SIGNS
        if len(names) > 1 and is_long:
            sentence, common = N_("{statement} This applies to: {list}."), statement
            said = formatter.say(sentence, statement=_ended(statement), list=listed_names)
        yield FindingSentence(block.question, rows_told, said, told, common)


def gap_findings(appraisal: Appraisal, formatter: Formatter, gaps: Iterable[Gap]) -> list[FindingSentence]:
    """Return gaps as statements, the most severe first; rows of a table with the same severity share a sentence."""
    found: list[FindingSentence] = []
    ordered = groupby(gaps, key=lambda gap: (gap.severity_class, gap.question.id))
    for (_severity, question_id), group in ordered:
        block, listed = appraisal.sheet.blocks[question_id], list(group)
        rows = [
            (gap.row, _row_statement(formatter, block, gap.row, is_gap=True), gap)
            for gap in listed
            if gap.row is not None
        ]
        found += _grouped(formatter, block, rows)
        found += (
            FindingSentence(gap.question, (), gap_statement(appraisal, formatter, gap), (gap,))
            for gap in listed
            if gap.row is None
        )
    return found


def strength_findings(formatter: Formatter, blocks: Iterable[QuestionBlock]) -> list[FindingSentence]:
    """Return what reached the highest level as statements, the most important first."""
    by_id = {block.question.id: block for block in blocks}
    found: dict[str, list[FindingSentence]] = {}
    rows: dict[str, list[tuple[GridRow, str, Gap | None]]] = {}
    for strength in find_strengths(by_id.values()):
        block = by_id[strength.question.id]
        if strength.row is not None:
            said = _row_statement(formatter, block, strength.row, is_gap=False)
            rows.setdefault(strength.question.id, []).append((strength.row, said, None))
            found.setdefault(strength.question.id, [])
        else:
            said = _level_statement(formatter, strength.question, strength.question, block.items[0])
            found[strength.question.id] = [FindingSentence(strength.question, (), _ended(said))]
    for question_id, listed in rows.items():
        found[question_id] = list(_grouped(formatter, by_id[question_id], listed))
    return [one for several in found.values() for one in several]
