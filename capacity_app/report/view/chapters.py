"""One chapter per part of the instrument: its score, findings, strengths, gaps, conflicts, evidence, actions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from capacity_app.bilingual import beside
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action, Evidence
from capacity_app.domain.gaps import CLASS_WORDS, CLASSES, Gap
from capacity_app.domain.instrument import Column, Kind, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.domain.themes import has_own_chapter, is_demand
from capacity_app.palette import NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.report.view.context import ContextEntry, row_cell, unscored_grids
from capacity_app.report.view.differences import Difference, differences
from capacity_app.report.view.pieces import (
    Cell,
    Heading,
    Table,
    TableRow,
    Tone,
    anchor_of,
    row,
    shortened,
    widest_word,
)
from capacity_app.report.view.scores import ScoreStrip, score_strip
from capacity_app.report.view.shown import (
    LONGEST,
    answer_cell,
    points_sign,
    severity_cell,
    sign_cell,
    sign_legend,
)
from capacity_app.report.view.strengths import Strength, strength_words, strengths_of
from capacity_app.wording import Wording

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
    findings: Table | None
    grids: tuple[Table, ...]
    elsewhere: tuple[Cell, ...]
    listings: tuple[ContextEntry, ...]
    strengths: tuple[Cell, ...]
    strengths_note: str
    gaps: Table | None
    gaps_note: str
    to_verify: tuple[Cell, ...]
    differences: tuple[Difference, ...]
    evidence: Table | None
    actions: Table | None


def _finding_row(words: Wording, item: Item) -> TableRow:
    cell = answer_cell(words, item, LONGEST)
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
    headings = (Heading(say(N_("No.")), _NUMBER), Heading(say(N_("Question")), 40), Heading(say(N_("Answer")), 48))
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
        reason = words.row_reason(block.question, grid_row, block.rows[grid_row.id].reason)
        label = replace(label, detail=words.say(N_("not applicable")) + (f": {reason}" if reason else ""))
    signs = (sign_cell(by_column[column.id]) for column in columns)
    return row(Cell(grid_row.number), label, *signs, Cell(sign=sign, tone=tone))


def _sign_widths(titles: Sequence[str]) -> list[float]:
    """Give each column of signs the room its heading's longest word needs, so that no word is broken."""
    wanted = [
        min(max(min(widest_word(title), _LONGEST_WORD) * _LETTER + _EDGES, _NARROWEST), _WIDEST) for title in titles
    ]
    return [width * min(1.0, _SIGNS_TOGETHER / sum(wanted)) for width in wanted]


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
    titles = [*(words.column(question, column) for column in columns), words.say(N_("Row"))]
    widths = _sign_widths(titles)
    headings = (
        Heading("", 5), Heading("", 95 - sum(widths)),
        *(Heading(title, width, "sign") for title, width in zip(titles, widths, strict=True)),
    )  # fmt: skip
    return Table(
        headings,
        tuple(rows),
        caption=f"{question.number}  {words.question(question)}",
        style="signs",
        second=beside(words, lambda one: one.question(question)),
    )


def _with_legend(words: Wording, grids: Sequence[Table]) -> tuple[Table, ...]:
    """Say once what the signs mean, below the first table that has them."""
    settled = words.say(N_("An empty cell is settled by another answer and counts 0."))
    note = f"{sign_legend(words)}. {settled}"
    return tuple(replace(grid, note=note) if grid is grids[0] else grid for grid in grids)


def _elsewhere(words: Wording, block: Block) -> Cell:
    anchor = "demand" if is_demand(block.question) else "indicators"
    second = beside(words, lambda one: one.question(block.question))
    return Cell(words.question(block.question), detail=block.question.number, link=anchor, second=second)


def gap_cell(words: Wording, gap: Gap, note: str = "") -> Cell:
    """Word a gap; a row without a number of its own is told with its question."""
    question = shortened(words.question(gap.question), 110) if gap.row and not gap.row.number else ""
    return Cell(words.gap(gap), detail="\n".join(part for part in (question, note) if part))


def gaps_table(words: Wording, gaps: Iterable[Gap]) -> Table | None:
    """List gaps at a glance; each leads to its place in the register."""
    say = words.say
    rows = tuple(
        row(
            Cell(gap.number, link=anchor_of("g", str(gap.address))),
            shortened(words.gap(gap), _BRIEF),
            severity_cell(words, gap.severity_class),
        )
        for gap in gaps
    )
    if not rows:
        return None
    longest = max(len(one.cells[0].text) for one in rows)
    first = min(max(_GLANCE_LETTER * longest + 2, _GLANCE_LEAST), _GLANCE_MOST)
    last = min(max(_GLANCE_LETTER * widest_word(*(one.cells[2].text for one in rows)) + 2, _CLASS_LEAST), _CLASS_MOST)
    headings = (
        Heading(say(N_("No.")), first), Heading(say(N_("Gap")), 100 - first - last), Heading(say(N_("Severity")), last),
    )  # fmt: skip
    return Table(headings, rows, style="glance")


def _gaps_note(words: Wording, gaps: Sequence[Gap]) -> str:
    """Return how many gaps there are, by severity."""
    if len(gaps) <= _GAPS:
        return ""
    counts = [(grade, sum(gap.severity_class is grade for gap in gaps)) for grade in reversed(CLASSES)]
    parts = (f"{words.texts.number(n)} {words.texts.gettext(CLASS_WORDS[grade])}" for grade, n in counts if n)
    return words.say(
        N_("{count} gaps in all: {list}. The gap register has every one of them."),
        count=words.texts.number(len(gaps)), list=words.texts.listed(parts),
    )  # fmt: skip


def _strength_cells(words: Wording, strengths: Iterable[Strength]) -> tuple[Cell, ...]:
    return tuple(
        Cell(shortened(strength_words(words, one), _BRIEF), detail=one.number, link=anchor_of("q", one.question.id))
        for one in strengths
    )


def _strengths_note(words: Wording, count: int) -> str:
    if count <= 0:
        return ""
    return words.ngettext(
        "{count} more reached the highest level: see ● below.", "{count} more reached the highest level: see ● below.",
        count,
    )  # fmt: skip


def _evidence(appraisal: Appraisal, words: Wording, entries: Sequence[Evidence]) -> Table | None:
    """List evidence in short: its number, title and grade; the annex has the rest."""
    if not entries:
        return None
    say = words.say
    rows = tuple(
        row(
            Cell(f"[{appraisal.evidence_numbers[entry.id]}]", link=anchor_of("e", entry.id)),
            shortened(entry.title or entry.file_name, LONGEST),
            f"E{entry.grade}",
        )
        for entry in entries
    )
    headings = (Heading(say(N_("No.")), _NUMBER), Heading(say(N_("Document")), 78), Heading(say(N_("Grade")), 10))
    grades = (words.evidence_grade(grade) for grade in sorted({entry.grade for entry in entries}))
    return Table(headings, rows, note="   ".join(grades), style="tight")


def actions_table(appraisal: Appraisal, words: Wording, actions: Iterable[Action]) -> Table | None:
    """List actions in short: what, who, when."""
    say = words.say
    rows = tuple(
        row(
            Cell(words.texts.numeral(appraisal.action_numbers[action.id]), link=anchor_of("a", action.id)),
            shortened(action.title, LONGEST),
            words.agency(action.responsible) if action.responsible else "–",
            months(words, action),
        )
        for action in actions
    )
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), _NUMBER), Heading(words.label("actions", "title"), 50),
        Heading(words.label("actions", "responsible"), 13),
        Heading(say(N_("When")), 25),
    )  # fmt: skip
    return Table(headings, rows, style="tight")


def span(words: Wording, start: str, end: str) -> str:
    """Write from when to when; a dash where neither is known."""
    return " – ".join(dict.fromkeys(words.texts.date(day) for day in (start, end) if day)) or "–"


def months(words: Wording, action: Action) -> str:
    """Write from which month to which an action goes; the action plan has the days."""
    return span(words, action.start[:_MONTH], action.end[:_MONTH])


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
    grids = [table for block in blocks if (table := grid_table(words, block)) is not None]
    strengths = strengths_of(blocks)
    return SectionChapter(
        introduction=words.introduction(section),
        strip=score_strip(words, entry) if entry and appraisal.with_scores else None,
        findings=findings_table(words, blocks),
        grids=_with_legend(words, grids),
        elsewhere=tuple(_elsewhere(words, block) for block in blocks if has_own_chapter(block.question)),
        listings=unscored_grids(words, blocks),
        strengths=_strength_cells(words, strengths[:_STRENGTHS]),
        strengths_note=_strengths_note(words, len(strengths) - _STRENGTHS),
        gaps=gaps_table(words, gaps[:_GAPS]),
        gaps_note=_gaps_note(words, gaps),
        to_verify=tuple(
            Cell(words.gap(gap), detail=gap.number, link=anchor_of("g", str(gap.address))) for gap in verify
        ),
        differences=differences(appraisal, words, blocks),
        evidence=_evidence(appraisal, words, evidence),
        actions=actions_table(appraisal, words, _section_actions(appraisal, section)),
    )
