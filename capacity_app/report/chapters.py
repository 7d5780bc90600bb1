"""One chapter per part of the instrument: its score, findings, strengths, gaps, conflicts, evidence, actions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import Gap
from capacity_app.domain.instrument import Column, Kind, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import STATUS_WORDS, SectionScore, Status, band
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.domain.themes import has_own_chapter, is_demand
from capacity_app.palette import BAND_SIGNS, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.report.bilingual import beside
from capacity_app.report.context import ContextEntry, row_cell, unscored_grids
from capacity_app.report.differences import Difference, differences
from capacity_app.report.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, row, shortened
from capacity_app.report.registers import evidence_table
from capacity_app.report.shown import (
    LONGEST,
    answer_cell,
    band_tone,
    has_words,
    level_words,
    points_sign,
    severity_cell,
    sign_cell,
    sign_legend,
)
from capacity_app.report.strengths import strength_words, strengths_of
from capacity_app.wording import Wording

_MOST_SIGNS = 9


@dataclass(frozen=True, slots=True)
class ScoreStrip:
    """A section's figures, as printed at the head of its chapter."""

    value: str
    sign: str
    band: str
    tone: Tone
    interval: str
    coverage: str
    verified: str
    evidence: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionChapter:
    """What a chapter on one part of the instrument prints."""

    introduction: str
    strip: ScoreStrip | None
    findings: Table | None
    grids: tuple[Table, ...]
    elsewhere: tuple[Cell, ...]
    listings: tuple[ContextEntry, ...]
    strengths: tuple[Cell, ...]
    gaps: Table | None
    to_verify: tuple[Cell, ...]
    differences: tuple[Difference, ...]
    evidence: Table | None
    actions: Table | None


def score_tone(entry: SectionScore) -> tuple[str, Tone]:
    """Give the sign and tone of a section's printed score; the words beside it name all bands it may lie in."""
    if entry.published is None:
        return OPEN_SIGN, Tone.OPEN
    found = band(entry.published)
    return BAND_SIGNS[found], band_tone(found)


def _remarks(words: Wording, entry: SectionScore) -> Iterator[str]:
    if entry.status in {Status.PROVISIONAL, Status.WITHHELD}:
        yield words.texts.gettext(STATUS_WORDS[entry.status])
    if entry.is_mostly_not_applicable:
        yield words.say(N_("mostly not applicable ({share} of the weight)"), share=words.share(entry.score.na_share))


def score_strip(words: Wording, entry: SectionScore) -> ScoreStrip:
    """Show a section's score with everything that qualifies it."""
    sign, tone = score_tone(entry)
    is_printed = entry.published is not None
    return ScoreStrip(
        value=words.points(entry.published),
        sign=sign,
        band=words.bands(entry.bands) or words.texts.gettext(STATUS_WORDS[entry.status]),
        tone=tone,
        interval=words.texts.in_order(words.interval(entry.score.lower, entry.score.upper)),
        coverage=words.share(entry.score.coverage),
        verified=words.points(entry.score.verified) if is_printed else "–",
        evidence=words.share(entry.score.evidence_index),
        remarks=tuple(_remarks(words, entry)),
    )


def _finding_row(words: Wording, item: Item) -> TableRow:
    cell = answer_cell(words, item)
    if has_words(item):
        cell = replace(cell, text=shortened(cell.text, LONGEST))
    number = Cell(item.question.number, link=anchor_of("q", item.question.id))
    asked = Cell(words.question(item.question), second=beside(words, lambda one: one.question(item.question)))
    return row(number, asked, cell)


def findings_table(words: Wording, blocks: Iterable[Block]) -> Table | None:
    """List the questions that are no grids with what counts as their answer."""
    rows: list[TableRow] = []
    for block in blocks:
        heading = words.instrument_text(block.question.id, "heading", block.question.heading)
        if heading:
            rows.append(TableRow(group=heading))
        if block.question.kind is not Kind.GRID and not block.is_hidden:
            rows.append(_finding_row(words, block.items[0]))
    kept = [entry for place, entry in enumerate(rows) if entry.cells or _heads_something(rows, place)]
    if not kept:
        return None
    say = words.say
    headings = (Heading(say(N_("No.")), 9), Heading(say(N_("Question")), 43), Heading(say(N_("Answer")), 48))
    return Table(headings, tuple(kept), style="findings")


def _heads_something(rows: Sequence[TableRow], place: int) -> bool:
    return place + 1 < len(rows) and bool(rows[place + 1].cells)


def _grid_columns(question: Question) -> list[Column]:
    return [column for column in question.columns if column.is_scored][:_MOST_SIGNS]


def _grid_row(words: Wording, block: Block, grid_row: Row, columns: Sequence[Column]) -> TableRow:
    by_column = {item.field.id: item for item in block.items if item.row is not None and item.row.id == grid_row.id}
    points = block.reached.get(grid_row.id)
    label = row_cell(words, block.question, grid_row)
    sign, tone = points_sign(points) if points is not None else (OPEN_SIGN, Tone.OPEN)
    if block.rows[grid_row.id].standing is Standing.ROW_OUT:
        sign, tone = NOT_APPLICABLE_SIGN, Tone.OUT
        reason = block.rows[grid_row.id].reason
        label = replace(label, detail=words.say(N_("not applicable")) + (f": {reason}" if reason else ""))
    signs = (sign_cell(by_column[column.id]) for column in columns)
    return row(Cell(grid_row.number), label, *signs, Cell(sign=sign, tone=tone))


def grid_table(words: Wording, block: Block) -> Table | None:
    """Show a scored grid as signs: one line per row, one column per scored answer, and the row as a whole."""
    question = block.question
    columns = _grid_columns(question)
    is_shown = question.kind is Kind.GRID and question.scored and not block.is_hidden
    if not is_shown or not columns or has_own_chapter(question):
        return None
    rows: list[TableRow] = []
    for grid_row in question.rows:
        if block.rows[grid_row.id].standing is Standing.SPARE:
            continue
        heading = words.row_heading(question, grid_row)
        if heading:
            rows.append(TableRow(group=heading))
        rows.append(_grid_row(words, block, grid_row, columns))
    width = min(12.0, 60 / (len(columns) + 1))
    headings = (
        Heading("", 5), Heading("", 95 - width * (len(columns) + 1)),
        *(Heading(words.column(question, column), width, "sign") for column in columns),
        Heading(words.say(N_("Row")), width, "sign"),
    )  # fmt: skip
    return Table(
        headings,
        tuple(rows),
        caption=f"{question.number}  {words.question(question)}",
        note=sign_legend(words),
        style="signs",
        second=beside(words, lambda one: one.question(question)),
    )


def _elsewhere(words: Wording, block: Block) -> Cell:
    anchor = "demand" if is_demand(block.question) else "indicators"
    second = beside(words, lambda one: one.question(block.question))
    return Cell(words.question(block.question), detail=block.question.number, link=anchor, second=second)


def gap_cell(words: Wording, gap: Gap, note: str = "") -> Cell:
    """Word a gap; a row without a number of its own is told with its question."""
    question = shortened(words.question(gap.question), 110) if gap.row and not gap.row.number else ""
    return Cell(words.gap(gap), detail="\n".join(part for part in (question, note) if part))


def gaps_table(appraisal: Appraisal, words: Wording, gaps: Iterable[Gap]) -> Table | None:
    """List gaps in short."""
    say = words.say
    rows = tuple(
        row(
            Cell(gap.number, link=anchor_of("g", str(gap.address))),
            gap_cell(words, gap),
            Cell(level_words(words, gap.level, gap.target)),
            severity_cell(words, gap.severity_class),
            action_numbers(appraisal, appraisal.actions_by_gap.get(str(gap.address), ())),
        )
        for gap in gaps
    )
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), 10), Heading(say(N_("Gap")), 54), Heading(say(N_("Level")), 10, "number"),
        Heading(say(N_("Severity")), 14), Heading(say(N_("Actions")), 12, "number"),
    )  # fmt: skip
    return Table(headings, rows, style="compact")


def action_numbers(appraisal: Appraisal, actions: Iterable[Action]) -> str:
    """List the printed numbers of actions."""
    return ", ".join(str(appraisal.action_numbers[action.id]) for action in actions) or "–"


def actions_table(appraisal: Appraisal, words: Wording, actions: Iterable[Action]) -> Table | None:
    """List actions in short: what, who, when."""
    say = words.say
    rows = tuple(
        row(
            Cell(str(appraisal.action_numbers[action.id]), link=anchor_of("a", action.id)),
            shortened(action.title, LONGEST),
            words.agency(action.responsible) if action.responsible else "–",
            span(words, action.start, action.end),
        )
        for action in actions
    )
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), 7), Heading(say(N_("Action")), 53), Heading(say(N_("Responsible")), 20),
        Heading(say(N_("When")), 20),
    )  # fmt: skip
    return Table(headings, rows, style="compact")


def span(words: Wording, start: str, end: str) -> str:
    """Write from when to when; a dash where neither is known."""
    return " – ".join(words.texts.date(day) for day in (start, end) if day) or "–"


def _section_actions(appraisal: Appraisal, section: Section) -> list[Action]:
    questions = {question.id for question in section.questions}
    return [a for a in appraisal.dossier.actions if any(gap.split("/")[0] in questions for gap in a.gaps)]


def section_chapter(appraisal: Appraisal, words: Wording, section: Section) -> SectionChapter:
    """Build the chapter of one part."""
    blocks = list(appraisal.sheet.section(section))
    entry = appraisal.scorecard.section(section.id)
    gaps = [gap for gap in appraisal.gaps if gap.section.id == section.id]
    verify = [gap for gap in appraisal.to_verify if gap.section.id == section.id]
    evidence = appraisal.evidence_by_section.get(section.id, ())
    return SectionChapter(
        introduction=words.introduction(section),
        strip=score_strip(words, entry) if entry and appraisal.with_scores else None,
        findings=findings_table(words, blocks),
        grids=tuple(table for block in blocks if (table := grid_table(words, block)) is not None),
        elsewhere=tuple(_elsewhere(words, block) for block in blocks if has_own_chapter(block.question)),
        listings=unscored_grids(words, blocks),
        strengths=tuple(Cell(strength_words(words, s), detail=s.number) for s in strengths_of(blocks)),
        gaps=gaps_table(appraisal, words, gaps),
        to_verify=tuple(Cell(words.gap(gap), detail=gap.number) for gap in verify),
        differences=differences(appraisal, words, blocks),
        evidence=evidence_table(words, evidence, appraisal.evidence_numbers) if evidence else None,
        actions=actions_table(appraisal, words, _section_actions(appraisal, section)),
    )
