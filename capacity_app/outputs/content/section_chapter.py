"""The chapter on one part: its score, findings, strengths, gaps, disagreements, evidence, actions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.registers import Action, Evidence
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    GridColumn,
    GridRow,
    Question,
    Section,
    has_own_chapter,
    is_demand_grid,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, SEVERITY_ORDER, Gap
from capacity_app.domain.scoring.scores import (
    SCORE_STATUS_LABELS,
    OverallScore,
    Score,
    ScoreStatus,
    SectionScore,
    band_of,
)
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.charts import Drawing, ScoreBarValues, score_bar
from capacity_app.outputs.content.answer_cells import (
    LONGEST,
    Disagreement,
    SectionStrength,
    UnscoredQuestion,
    answer_cell,
    band_tone,
    find_disagreements,
    find_strengths,
    points_sign,
    row_cell,
    severity_cell,
    sign_cell,
    sign_legend,
    strength_text,
    unscored_grids,
)
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    shorten,
    table_row,
    widest_word,
)
from capacity_app.palette import BAND_COLOURS, BAND_SIGNS, MUTED, NOT_APPLICABLE_SIGN, OPEN_SIGN

# A score as pages show it: its figure, band, interval as a bar drawn to scale, and what qualifies it.


_OPENER_WIDTH, _OPENER_HEIGHT = 55.0, 6.0
_SCALE = (0, 50, 100)


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score as every page shows it: its figure, the sign and words of its bands, its interval and a bar to scale."""

    value: str
    sign: str
    band: str
    tone: TextTone
    interval: str
    coverage: str
    chart: Drawing
    scale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreStrip:
    """A section's figures, as printed at the head of its chapter."""

    score: ShownScore
    verified: str
    evidence: str
    remarks: tuple[str, ...]


def scale_words(formatter: Formatter) -> tuple[str, ...]:
    """Return the numbers at the beginning, middle and end of a bar's scale."""
    return tuple(formatter.texts.number(tick) for tick in _SCALE)


def _as_float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _bar_words(formatter: Formatter, name: str, published: Fraction | None, interval: str) -> str:
    """Return what a bar shows, for those who cannot see it."""
    if published is None:
        return formatter.say(
            N_("{name}: no score of 0 to 100; it lies between {interval}"), name=name, interval=interval
        )
    return formatter.say(
        N_("{name}: {score} of 100, interval {interval}"),
        name=name,
        score=formatter.points(published),
        interval=interval,
    )


def _score_remarks(formatter: Formatter, entry: SectionScore) -> Iterator[str]:
    if entry.status in {ScoreStatus.PROVISIONAL, ScoreStatus.WITHHELD}:
        yield formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status])
    if entry.is_mostly_not_applicable:
        yield formatter.say(
            N_("mostly not applicable ({share} of the weight)"), share=formatter.share(entry.score.na_share)
        )


def _shown_score(
    formatter: Formatter,
    name: str,
    published: Fraction | None,
    known: Score | OverallScore,
    entry: SectionScore | OverallScore,
    size: tuple[float, float],
) -> ShownScore:
    """Show a score or, while it is withheld, where it lies; ``size`` is that of its bar in millimetres."""
    found = None if published is None else band_of(published)
    interval = formatter.texts.in_order(formatter.interval(known.lower, known.upper))
    colour = BAND_COLOURS[found] if found else MUTED
    bar = ScoreBarValues(_as_float(published), _as_float(known.lower), _as_float(known.upper), colour)
    return ShownScore(
        value=formatter.points(published),
        sign=BAND_SIGNS[found] if found else OPEN_SIGN,
        band=formatter.bands(entry.bands) or formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status]),
        tone=band_tone(found) if found else TextTone.OPEN,
        interval=interval,
        coverage=formatter.share(known.coverage),
        chart=score_bar(bar, _bar_words(formatter, name, published, interval), *size),
        scale=scale_words(formatter),
    )


def section_score(formatter: Formatter, entry: SectionScore, width: float, height: float) -> ShownScore:
    """Show a section's score; the words beside its sign name all bands it may lie in."""
    return _shown_score(formatter, entry.section.number, entry.published, entry.score, entry, (width, height))


def overall_score(formatter: Formatter, overall: OverallScore, width: float, height: float) -> ShownScore | None:
    """Show the overall score, or the range in which it lies; None while nothing is scored."""
    if overall.lower is None:
        return None
    return _shown_score(formatter, formatter.say(N_("Overall score")), overall.value, overall, overall, (width, height))


def score_strip(formatter: Formatter, entry: SectionScore) -> ScoreStrip:
    """Show a section's score with everything that qualifies it."""
    return ScoreStrip(
        score=section_score(formatter, entry, _OPENER_WIDTH, _OPENER_HEIGHT),
        verified=formatter.points(entry.score.verified) if entry.published is not None else "–",
        evidence=formatter.share(entry.score.evidence_index),
        remarks=tuple(_score_remarks(formatter, entry)),
    )


_MOST_SIGNS = 9
_STRENGTHS, _GAPS, _BRIEF = 6, 6, 120
"""So many strengths and gaps are shown at a glance, each in so many letters; tables and the register have all."""
_MONTH = len("2018-11")
_NUMBER, _LETTER, _EDGES, _WIDEST, _NARROWEST = 12.0, 0.9, 1.0, 17.0, 6.5
"""Percent of the page's width: the column of numbers, a letter of a heading, its edges, and the bounds of a sign."""
_SIGNS_TOGETHER, _LONGEST_WORD = 66.0, 18.0
_GLANCE_LETTER, _GLANCE_LEAST, _GLANCE_MOST = 2.0, 13.0, 24.0
_CLASS_LEAST, _CLASS_MOST = 19.0, 28.0
"""Percent of half the page's width: a letter of a number, and the least and most its column takes."""


@dataclass(frozen=True, slots=True)
class SectionChapter:
    """What a chapter on one part of the instrument prints.

    ``strengths`` and ``gaps`` are the first ones, at a glance; their notes say how many there are besides.
    """

    introduction: str
    strip: ScoreStrip | None
    findings: ContentTable | None
    grids: tuple[ContentTable, ...]
    elsewhere: tuple[TableCell, ...]
    listings: tuple[UnscoredQuestion, ...]
    strengths: tuple[TableCell, ...]
    strengths_note: str
    gaps: ContentTable | None
    gaps_note: str
    to_verify: tuple[TableCell, ...]
    differences: tuple[Disagreement, ...]
    evidence: ContentTable | None
    actions: ContentTable | None


def _finding_row(formatter: Formatter, item: AnswerItem) -> TableRow:
    cell = answer_cell(formatter, item, LONGEST)
    number = TableCell(item.question.number, link=anchor_of("q", item.question.id))
    asked = TableCell(
        formatter.question(item.question), second=in_second_language(formatter, lambda one: one.question(item.question))
    )
    return table_row(number, asked, cell)


def findings_table(formatter: Formatter, blocks: Iterable[QuestionBlock]) -> ContentTable | None:
    """List the questions that are no grids with what counts as their answer."""
    rows: list[TableRow] = []
    for block in blocks:
        heading = formatter.instrument_text(block.question.id, "heading", block.question.heading)
        if heading:
            rows.append(TableRow(group=heading))
        if block.question.kind is not AnswerKind.GRID and not block.is_hidden:
            rows.append(_finding_row(formatter, block.items[0]))
    kept = [entry for place, entry in enumerate(rows) if entry.cells or _heads_something(rows, place)]
    if not kept:
        return None
    headings = column_headings(formatter.say, (N_("No."), _NUMBER), (N_("Question"), 40), (N_("Answer"), 48))
    return ContentTable(headings, tuple(kept), style="findings")


def _heads_something(rows: Sequence[TableRow], place: int) -> bool:
    return place + 1 < len(rows) and bool(rows[place + 1].cells)


def _grid_columns(question: Question) -> list[GridColumn]:
    return [column for column in question.columns if column.is_scored][:_MOST_SIGNS]


def _grid_row(formatter: Formatter, block: QuestionBlock, grid_row: GridRow, columns: Sequence[GridColumn]) -> TableRow:
    by_column = block.row_items(grid_row.id)
    points = block.reached.get(grid_row.id)
    label = row_cell(formatter, block.question, grid_row)
    sign, tone = points_sign(points) if points is not None else (OPEN_SIGN, TextTone.OPEN)
    if block.rows[grid_row.id].standing is ItemStatus.ROW_OUT:
        sign, tone = NOT_APPLICABLE_SIGN, TextTone.OUT
        reason = formatter.row_reason(block.question, grid_row, block.rows[grid_row.id].reason)
        label = replace(label, detail=formatter.say(N_("not applicable")) + (f": {reason}" if reason else ""))
    signs = (sign_cell(by_column[column.id]) for column in columns)
    return table_row(TableCell(grid_row.number), label, *signs, TableCell(sign=sign, tone=tone))


def _sign_widths(titles: Sequence[str]) -> list[float]:
    """Give each column of signs the room its heading's longest word needs, so that no word is broken."""
    wanted = [
        min(max(min(widest_word(title), _LONGEST_WORD) * _LETTER + _EDGES, _NARROWEST), _WIDEST) for title in titles
    ]
    return [width * min(1.0, _SIGNS_TOGETHER / sum(wanted)) for width in wanted]


def grid_table(formatter: Formatter, block: QuestionBlock) -> ContentTable | None:
    """Show a scored grid as signs: one line per row, one column per scored answer, and the row as a whole."""
    question = block.question
    columns = _grid_columns(question)
    is_shown = question.kind is AnswerKind.GRID and question.scored and not block.is_hidden
    if not is_shown or not columns or has_own_chapter(question):
        return None
    rows: list[TableRow] = []
    for grid_row in question.rows:
        if block.rows[grid_row.id].standing is ItemStatus.SPARE:
            continue
        heading = formatter.row_heading(question, grid_row)
        if heading:
            rows.append(TableRow(group=heading))
        rows.append(_grid_row(formatter, block, grid_row, columns))
    titles = [*(formatter.column(question, column) for column in columns), formatter.say(N_("Row"))]
    widths = _sign_widths(titles)
    headings = (
        ColumnHeading("", 5), ColumnHeading("", 95 - sum(widths)),
        *(ColumnHeading(title, width, "sign") for title, width in zip(titles, widths, strict=True)),
    )  # fmt: skip
    return ContentTable(
        headings,
        tuple(rows),
        caption=f"{question.number}  {formatter.question(question)}",
        style="signs",
        second=in_second_language(formatter, lambda one: one.question(question)),
    )


def _with_legend(formatter: Formatter, grids: Sequence[ContentTable]) -> tuple[ContentTable, ...]:
    """Say once what the signs mean, below the first table that has them."""
    settled = formatter.say(N_("An empty cell is settled by another answer and counts 0."))
    note = f"{sign_legend(formatter)}. {settled}"
    return tuple(replace(grid, note=note) if grid is grids[0] else grid for grid in grids)


def _elsewhere(formatter: Formatter, block: QuestionBlock) -> TableCell:
    anchor = "demand" if is_demand_grid(block.question) else "indicators"
    second = in_second_language(formatter, lambda one: one.question(block.question))
    return TableCell(formatter.question(block.question), detail=block.question.number, link=anchor, second=second)


def gap_cell(formatter: Formatter, gap: Gap, note: str = "") -> TableCell:
    """Word a gap; a row without a number of its own is told with its question."""
    question = shorten(formatter.question(gap.question), 110) if gap.row and not gap.row.number else ""
    return TableCell(formatter.gap(gap), detail="\n".join(part for part in (question, note) if part))


def gaps_table(formatter: Formatter, gaps: Iterable[Gap]) -> ContentTable | None:
    """List gaps at a glance; each leads to its place in the register."""
    rows = tuple(
        table_row(
            TableCell(gap.number, link=anchor_of("g", str(gap.address))),
            shorten(formatter.gap(gap), _BRIEF),
            severity_cell(formatter, gap.severity_class),
        )
        for gap in gaps
    )
    if not rows:
        return None
    longest = max(len(one.cells[0].text) for one in rows)
    first = min(max(_GLANCE_LETTER * longest + 2, _GLANCE_LEAST), _GLANCE_MOST)
    last = min(max(_GLANCE_LETTER * widest_word(*(one.cells[2].text for one in rows)) + 2, _CLASS_LEAST), _CLASS_MOST)
    headings = column_headings(
        formatter.say, (N_("No."), first), (N_("Gap"), 100 - first - last), (N_("Severity"), last)
    )
    return ContentTable(headings, rows, style="glance")


def _gaps_note(formatter: Formatter, gaps: Sequence[Gap]) -> str:
    """Return how many gaps there are, by severity."""
    if len(gaps) <= _GAPS:
        return ""
    counts = [(grade, sum(gap.severity_class is grade for gap in gaps)) for grade in reversed(SEVERITY_ORDER)]
    parts = (
        f"{formatter.texts.number(n)} {formatter.texts.gettext(GAP_SEVERITY_LABELS[grade])}" for grade, n in counts if n
    )
    return formatter.say(
        N_("{count} gaps in all: {list}. The gap register has every one of them."),
        count=formatter.texts.number(len(gaps)), list=formatter.texts.listed(parts),
    )  # fmt: skip


def _strength_cells(formatter: Formatter, strengths: Iterable[SectionStrength]) -> tuple[TableCell, ...]:
    return tuple(
        TableCell(
            shorten(strength_text(formatter, one), _BRIEF), detail=one.number, link=anchor_of("q", one.question.id)
        )
        for one in strengths
    )


def _strengths_note(formatter: Formatter, count: int) -> str:
    if count <= 0:
        return ""
    return formatter.ngettext(
        "{count} more reached the highest level: see ● below.", "{count} more reached the highest level: see ● below.",
        count,
    )  # fmt: skip


def _evidence(appraisal: Appraisal, formatter: Formatter, entries: Sequence[Evidence]) -> ContentTable | None:
    """List evidence in short: its number, title and grade; the annex has the rest."""
    if not entries:
        return None
    rows = tuple(
        table_row(
            TableCell(f"[{appraisal.evidence_numbers[entry.id]}]", link=anchor_of("e", entry.id)),
            shorten(entry.title or entry.file_name, LONGEST),
            f"E{entry.grade}",
        )
        for entry in entries
    )
    headings = column_headings(formatter.say, (N_("No."), _NUMBER), (N_("Document"), 78), (N_("Grade"), 10))
    grades = (formatter.evidence_grade(grade) for grade in sorted({entry.grade for entry in entries}))
    return ContentTable(headings, rows, note="   ".join(grades), style="tight")


def action_number(appraisal: Appraisal, formatter: Formatter, action: Action) -> TableCell:
    """Print the number of an action, which leads to it."""
    return TableCell(formatter.texts.numeral(appraisal.action_numbers[action.id]), link=anchor_of("a", action.id))


def responsible_agency(formatter: Formatter, action: Action) -> str:
    return formatter.agency(action.responsible) if action.responsible else "–"


def actions_table(appraisal: Appraisal, formatter: Formatter, actions: Iterable[Action]) -> ContentTable | None:
    """List actions in short: what, who, when."""
    rows = tuple(
        table_row(
            action_number(appraisal, formatter, action),
            shorten(action.title, LONGEST),
            responsible_agency(formatter, action),
            month_span(formatter, action),
        )
        for action in actions
    )
    if not rows:
        return None
    title, responsible = (formatter.label("actions", name) for name in ("title", "responsible"))
    headings = column_headings(
        formatter.say, (N_("No."), _NUMBER), ColumnHeading(title, 50), ColumnHeading(responsible, 13), (N_("When"), 25)
    )
    return ContentTable(headings, rows, style="tight")


def date_span(formatter: Formatter, start: str, end: str) -> str:
    """Write from when to when; a dash where neither is known."""
    return " – ".join(dict.fromkeys(formatter.texts.date(day) for day in (start, end) if day)) or "–"


def month_span(formatter: Formatter, action: Action) -> str:
    """Write from which month to which an action goes; the action plan has the days."""
    return date_span(formatter, action.start[:_MONTH], action.end[:_MONTH])


def _section_actions(appraisal: Appraisal, section: Section) -> list[Action]:
    questions = {question.id for question in section.questions}
    return [a for a in appraisal.dossier.actions if any(gap.split("/")[0] in questions for gap in a.gaps)]


def section_chapter(appraisal: Appraisal, formatter: Formatter, section: Section) -> SectionChapter:
    """Build the chapter of one part."""
    blocks = list(appraisal.sheet.section(section))
    entry = appraisal.scorecard.section(section.id)
    gaps = [gap for gap in appraisal.gaps if gap.section.id == section.id]
    verify = [gap for gap in appraisal.to_verify if gap.section.id == section.id]
    evidence = appraisal.evidence_by_section.get(section.id, ())
    grids = [table for block in blocks if (table := grid_table(formatter, block)) is not None]
    strengths = find_strengths(blocks)
    return SectionChapter(
        introduction=formatter.introduction(section),
        strip=score_strip(formatter, entry) if entry and appraisal.with_scores else None,
        findings=findings_table(formatter, blocks),
        grids=_with_legend(formatter, grids),
        elsewhere=tuple(_elsewhere(formatter, block) for block in blocks if has_own_chapter(block.question)),
        listings=unscored_grids(formatter, blocks),
        strengths=_strength_cells(formatter, strengths[:_STRENGTHS]),
        strengths_note=_strengths_note(formatter, len(strengths) - _STRENGTHS),
        gaps=gaps_table(formatter, gaps[:_GAPS]),
        gaps_note=_gaps_note(formatter, gaps),
        to_verify=tuple(
            TableCell(formatter.gap(gap), detail=gap.number, link=anchor_of("g", str(gap.address))) for gap in verify
        ),
        differences=find_disagreements(appraisal, formatter, blocks),
        evidence=_evidence(appraisal, formatter, evidence),
        actions=actions_table(appraisal, formatter, _section_actions(appraisal, section)),
    )
