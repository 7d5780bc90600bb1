"""The chapters: each kind of body that the content has, and the chapter on one part of the instrument."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from capacity_app import palette
from capacity_app.domain.problems import N_
from capacity_app.outputs.charts import Drawing
from capacity_app.outputs.content.annexes import MethodContent
from capacity_app.outputs.content.answer_cells import Disagreement, UnscoredSection
from capacity_app.outputs.content.answers import AnswersBody
from capacity_app.outputs.content.demand_and_sources import DemandContent, DemandRank
from capacity_app.outputs.content.elements import (
    CardsBody,
    ContentTable,
    EntryCard,
    Fact,
    MissionBody,
    TableCell,
    TablesBody,
    TextTone,
)
from capacity_app.outputs.content.gaps_and_actions import PlanContent
from capacity_app.outputs.content.previous_round import RoundComparison, RoundComparisonLine
from capacity_app.outputs.content.report import ReportChapter
from capacity_app.outputs.content.section_chapter import ScoreStrip, SectionChapter
from capacity_app.outputs.content.training import TrainingContent
from capacity_app.outputs.word.answers import write_answers
from capacity_app.outputs.word.elements import (
    SEVERITY_TINTS,
    card_xml,
    cell_xml,
    fact_sheet,
    facts_xml,
    heading_xml,
    labelled_line,
    lines_xml,
    point_xml,
    points_xml,
    row_xml,
    second_language_line,
    shading_xml,
    share_twips,
    sign_style,
    table_gap,
    table_with_caption,
    table_xml,
    text_style,
    unscored_questions_xml,
    word_style,
)
from capacity_app.outputs.word.markup import EMPTY_XML, TWIPS, Xml, join_xml
from capacity_app.outputs.word.word_context import WordContext
from capacity_app.palette import OPEN_SIGN

# The chapter on one part of the instrument: its score, what stands out, findings, differences, actions, evidence.


_STRIP = (24, 40, 12, 12, 12)
_DIFFERENCES = (12, 28, 30, 30)


def scale_xml(context: WordContext, ticks: Iterable[str], chart: Drawing) -> Xml:
    """Write the numbers of a chart's scale: beginning, middle and end, at stops of a line as wide as the chart."""
    width = round(chart.width * TWIPS)
    places = (0, width // 2, width)
    kinds = ("left", "center", "right")
    stops = "".join(
        f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in zip(kinds, places, strict=True) if place
    )
    parts = [context.main.runs(tick) for tick in ticks]
    inside = [parts[0], *(piece for _, part in pairwise(parts) for piece in (context.main.tab(), part))]
    return context.main.paragraph("Scale", *inside, more=f"<w:tabs>{stops}</w:tabs>")


def _score_strip(context: WordContext, strip: ScoreStrip) -> Iterator[Xml]:
    """Set the figures of a part side by side."""
    say, main = context.say, context.main
    columns = share_twips(_STRIP, context.width)
    score, tone = strip.score, strip.score.tone
    words = (main.runs(score.sign, sign_style(tone)), main.runs(f" {score.band}", word_style(tone)))
    chart = main.paragraph("Picture", context.chart(score.chart))
    bar = join_xml((chart, scale_xml(context, score.scale, score.chart)))
    figure = main.paragraph("StripMain", main.runs(score.value, word_style(tone)))
    figures = (score.coverage, strip.verified, strip.evidence)
    labels = (say(N_("Score")), f"{say(N_('Interval'))} {score.interval}", say(N_("Coverage")),
              say(N_("Verified score")), say(N_("Evidence index")))  # fmt: skip
    whole = join_xml((figure, main.paragraph("StripLabel", *words)))
    content = (whole, bar, *(main.line("StripFigure", one) for one in figures))
    tint = shading_xml(palette.TINT)
    heads = (
        cell_xml(width, main.line("StripLabel", label), more=tint) for width, label in zip(columns, labels, strict=True)
    )
    cells = (cell_xml(width, inside, more=tint) for width, inside in zip(columns, content, strict=True))
    rows = join_xml((row_xml(join_xml(heads), is_head=True), row_xml(join_xml(cells))))
    yield table_xml("ReportStrip", columns, rows, is_leftwards=main.is_leftwards)
    yield lines_xml(context, "Remark", strip.remarks) or table_gap(context)


def _strengths_and_gaps(context: WordContext, body: SectionChapter, name: str) -> Iterator[Xml]:
    """Write strengths and gaps, at a glance."""
    say, main = context.say, context.main
    yield heading_xml(context, 2, say(N_("Strengths")))
    yield points_xml(context, body.strengths) or main.line(
        "Nothing", say(N_("Nothing has reached the highest level yet."))
    )
    yield lines_xml(context, "Legend", filter(None, [body.strengths_note]))
    yield heading_xml(context, 2, say(N_("Gaps")))
    if body.gaps:
        yield table_with_caption(context, body.gaps, f"{say(N_('Gaps'))} · {name}")
    else:
        yield main.line("Nothing", say(N_("No gap has been found.")))
    if body.gaps_note:
        yield main.paragraph("Legend", context.link("gaps", main.runs(body.gaps_note)))


def _elsewhere_links(context: WordContext, cells: Iterable[TableCell]) -> Iterator[Xml]:
    """Say which questions have a chapter of their own."""
    see = context.say(N_("has a chapter of its own"))
    for cell in cells:
        link = context.link(cell.link, context.main.runs(see, "Hyperlink"))
        yield point_xml(context, cell.detail, context.main.runs(f"{cell.text} "), link)
        yield second_language_line(context, "SecondPoint", cell.second)


def _findings_tables(context: WordContext, body: SectionChapter, name: str) -> Iterator[Xml]:
    if not (body.findings or body.grids or body.listings or body.elsewhere):
        return
    title = context.say(N_("Findings"))
    yield heading_xml(context, 2, title)
    yield from _elsewhere_links(context, body.elsewhere)
    yield from (table_with_caption(context, grid) for grid in body.grids)
    if body.findings:
        yield table_with_caption(context, body.findings, f"{title} · {name}")
    yield unscored_questions_xml(context, body.listings)


def _difference(context: WordContext, one: Disagreement, columns: list[int]) -> Xml:
    main = context.main
    number = main.paragraph("TableText", context.link(one.link, main.runs(one.number, "Number")))
    asked = join_xml(
        (
            main.line("TableText", one.question),
            second_language_line(context, "SecondText", one.second),
            main.line("TableDetail", one.column) if one.column else EMPTY_XML,
        )
    )
    said = join_xml(
        main.paragraph("TableText", main.runs(f"{voice.label} ", "Strong"), main.runs(voice.text))
        for voice in one.voices
    )
    cells = (number, asked, said or main.line("TableText", ""), _conclusion(context, one))
    return row_xml(join_xml(cell_xml(width, inside) for width, inside in zip(columns, cells, strict=True)))


def _conclusion(context: WordContext, one: Disagreement) -> Xml:
    main = context.main
    if one.conclusion is None:
        sign, words = main.runs(OPEN_SIGN, sign_style(TextTone.OPEN)), context.say(N_("Not settled yet."))
        return main.paragraph("TableText", sign, main.runs(f" {words}", text_style(TextTone.OPEN)))
    label, said = main.runs(f"{one.conclusion.label}: "), main.runs(one.conclusion.text, "Strong")
    reason = main.line("TableDetail", one.reason) if one.reason else EMPTY_XML
    return join_xml((main.paragraph("TableText", label, said), reason))


def _differences(context: WordContext, found: Iterable[Disagreement], name: str) -> Xml:
    say = context.say
    title = say(N_("Where agencies differed"))
    columns = share_twips(_DIFFERENCES, context.width)
    names = (say(N_("No.")), say(N_("Question")), say(N_("What agencies said")), say(N_("How it was settled")))
    heads = (cell_xml(w, context.main.line("TableHeading", text)) for w, text in zip(columns, names, strict=True))
    rows = join_xml((row_xml(join_xml(heads), is_head=True), *(_difference(context, one, columns) for one in found)))
    return join_xml(
        (
            heading_xml(context, 2, title),
            context.caption(f"{title} · {name}"),
            table_xml("ReportTable", columns, rows, is_leftwards=context.main.is_leftwards),
            table_gap(context),
        )
    )


def write_section_chapter(context: WordContext, body: SectionChapter, chapter: ReportChapter) -> Iterator[Xml]:
    """Write the chapter of a scored part."""
    say, name = context.say, f"{chapter.number} {chapter.title}"
    yield lines_xml(context, "Introduction", filter(None, [body.introduction]))
    if body.strip:
        yield from _score_strip(context, body.strip)
    if body.strengths or body.gaps or body.to_verify:
        yield from _strengths_and_gaps(context, body, name)
    yield from _findings_tables(context, body, name)
    if body.to_verify:
        yield heading_xml(context, 2, say(N_("To verify")))
        yield points_xml(context, body.to_verify)
    if body.differences:
        yield _differences(context, body.differences, name)
    for title, found in ((say(N_("Actions")), body.actions), (say(N_("Evidence")), body.evidence)):
        if found:
            yield heading_xml(context, 2, title)
            yield table_with_caption(context, found, f"{title} · {name}")


_DEFINITIONS = (29, 71)
_SQUARES = (12, 18, 18, 18, 18, 16)
_ROUNDS = (5.5, 21.5, 9.5, 28.5, 7.5, 9.5, 9.5, 8.5)
_SQUARE_HEIGHT = 620
_SQUARE_TINTS = SEVERITY_TINTS | {TextTone.OPEN: palette.TINT}


def _titled_table(context: WordContext, title: str, found: ContentTable | None, name: str = "") -> Iterator[Xml]:
    """Write a table below its heading, where there is one."""
    if found:
        yield heading_xml(context, 2, title) if title else EMPTY_XML
        yield table_with_caption(context, found, title or name)


def _empty_sentence(context: WordContext, sentence: str) -> Xml:
    return context.main.line("Nothing", context.say(sentence))


def _write_mission(context: WordContext, body: MissionBody, _chapter: ReportChapter) -> Iterator[Xml]:
    title = context.say(N_("Agencies met"))
    yield fact_sheet(context, body.facts)
    yield heading_xml(context, 2, title)
    if body.agencies.rows:
        yield table_with_caption(context, body.agencies, title)
    else:
        yield _empty_sentence(context, N_("No agency has been entered."))


def _write_unscored_section(context: WordContext, body: UnscoredSection, _chapter: ReportChapter) -> Iterator[Xml]:
    yield lines_xml(context, "Introduction", filter(None, [body.introduction]))
    yield unscored_questions_xml(context, body.entries, level=2)


def _letters(context: WordContext, letters: Iterable[str]) -> Xml:
    return context.main.paragraph("Square", context.main.runs("\u2002".join(letters), "Letter"))


def _demand_rank_row(context: WordContext, rank: DemandRank, columns: Sequence[int]) -> Xml:
    """Write one line of squares: the shade of each says how serious a gap it means, its place says the same."""
    head = cell_xml(columns[0], context.main.line("TableHeading", rank.title), more='<w:vAlign w:val="center"/>')
    squares = (
        cell_xml(
            width,
            _letters(context, square.letters),
            more=shading_xml(_SQUARE_TINTS[square.tone]) + '<w:vAlign w:val="center"/>',
        )
        for width, square in zip(columns[1:], rank.squares, strict=True)
    )
    return row_xml(join_xml((head, *squares)), height=_SQUARE_HEIGHT)


def _demand_levels_head(context: WordContext, demand: DemandContent, columns: Sequence[int]) -> Xml:
    """Head the squares: what goes upwards, what goes across, and what each level means."""
    main = context.main
    first = main.line("TableHeading", demand.upwards)
    corner = cell_xml(columns[0], first, more='<w:vMerge w:val="restart"/>')
    below = cell_xml(columns[0], main.line("TableHeading", ""), more="<w:vMerge/>")
    across = cell_xml(sum(columns[1:]), main.line("TableHeadingSign", demand.rightwards), span=len(demand.levels))
    sentences = ((main.runs(one.sign, "Sign"), main.runs(f" {one.number} {one.sentence}")) for one in demand.levels)
    heads = (
        cell_xml(width, main.paragraph("TableHeading", *inside))
        for width, inside in zip(columns[1:], sentences, strict=True)
    )
    return join_xml(
        (
            row_xml(join_xml((corner, across)), is_head=True),
            row_xml(join_xml((below, *heads)), is_head=True),
        )
    )


def _write_demand_grid(context: WordContext, demand: DemandContent) -> Iterator[Xml]:
    say, main = context.say, context.main
    columns = share_twips(_SQUARES, context.width)
    rows = join_xml(
        (
            _demand_levels_head(context, demand, columns),
            *(_demand_rank_row(context, rank, columns) for rank in demand.ranks),
        )
    )
    legend = say(N_("Each letter is a question of the table below; the darker a square, the more severe the gap."))
    yield main.paragraph("Asked", main.runs(f"{demand.number}\u2002", "Number"), main.runs(demand.title))
    yield second_language_line(context, "SecondAsked", demand.second)
    yield main.line("Lead", demand.finding)
    yield table_xml("ReportSquares", columns, rows, is_leftwards=main.is_leftwards)
    yield context.figure_caption(f"{demand.rightwards} × {demand.upwards}")
    yield main.line("Legend", f"{legend} {demand.left_out}".strip())
    yield table_with_caption(context, demand.table, f"{demand.number} · {demand.title}")


def _write_demand(context: WordContext, body: tuple[DemandContent, ...], _chapter: ReportChapter) -> Iterator[Xml]:
    for one in body:
        yield from _write_demand_grid(context, one)


def _write_tables(context: WordContext, body: TablesBody, chapter: ReportChapter) -> Iterator[Xml]:
    yield lines_xml(context, "Introduction", body.lead)
    for title, found in body.tables:
        yield from _titled_table(context, title, found, chapter.title)
    if body.facts:
        yield heading_xml(context, 2, context.say(N_("Notes on gaps closed meanwhile")))
        yield facts_xml(context, body.facts)


def _definition(context: WordContext, one: EntryCard, columns: Sequence[int]) -> Xml:
    main = context.main
    number = main.runs(f"{one.number}\u2002", "Number") if one.number else EMPTY_XML
    term = main.paragraph("TableTerm", context.bookmark(one.anchor), number, main.runs(one.title))
    below = main.line("TableDetail", one.subtitle) if one.subtitle else EMPTY_XML
    said = join_xml(
        main.paragraph("TableDetail" if fact.label else "TableText", labelled_line(context, fact.label, fact.text))
        for fact in one.facts
    )
    cells = (join_xml((term, below)), said or main.line("TableText", ""))
    return row_xml(join_xml(cell_xml(width, inside) for width, inside in zip(columns, cells, strict=True)))


def _definitions(context: WordContext, cards: Iterable[EntryCard]) -> Xml:
    columns = share_twips(_DEFINITIONS, context.width)
    rows = join_xml(_definition(context, one, columns) for one in cards)
    return join_xml(
        (
            table_xml("ReportFacts", columns, rows, is_leftwards=context.main.is_leftwards, has_head=False),
            table_gap(context),
        )
    )


def _write_cards(context: WordContext, body: CardsBody, chapter: ReportChapter) -> Iterator[Xml]:
    yield lines_xml(context, "Introduction", body.lead)
    for title, cards in body.groups:
        if not cards:
            continue
        yield heading_xml(context, 2, title) if title else EMPTY_XML
        if body.style == "definitions":
            yield _definitions(context, cards)
        else:
            yield from (card_xml(context, one) for one in cards)
    for title, found in body.tables:
        yield from _titled_table(context, title, found, chapter.title)


def _write_plan(context: WordContext, body: PlanContent, chapter: ReportChapter) -> Iterator[Xml]:
    yield lines_xml(context, "Introduction", body.lead)
    yield from _titled_table(context, "", body.progress, chapter.title)
    yield from _titled_table(context, context.say(N_("Timeline")), body.timeline)
    yield from _titled_table(context, context.say(N_("Funding and costs")), body.funding)
    if body.cards:
        yield heading_xml(context, 2, context.say(N_("Actions")))
        yield from (card_xml(context, one) for one in body.cards)
    else:
        yield _empty_sentence(context, N_("No action has been planned."))


def _write_training(context: WordContext, body: TrainingContent, _chapter: ReportChapter) -> Iterator[Xml]:
    planned = context.say(N_("Planned"))
    yield lines_xml(context, "Introduction", body.lead)
    yield from _titled_table(context, context.say(N_("Needs by topic")), body.needs)
    if body.actions:
        yield from _titled_table(context, planned, body.actions)
    else:
        yield heading_xml(context, 2, planned)
        yield _empty_sentence(context, N_("No training or technical assistance has been planned."))
    for part in body.parts:
        if part.entries:
            yield heading_xml(context, 2, part.title)
            yield lines_xml(context, "Introduction", filter(None, [part.introduction]))
            yield unscored_questions_xml(context, part.entries)
    yield from _titled_table(context, context.say(N_("Where low answers point to a need")), body.pointers)


def _rounds_head(context: WordContext, body: RoundComparison, columns: Sequence[int]) -> Xml:
    main, say = context.main, context.say
    before, now = (
        main.paragraph("TableHeadingNumber", main.runs(sign, style), main.runs(f" {say(name)}"))
        for sign, style, name in (("○", "SignMuted", N_("Before")), ("●", "SignAccent", N_("Now")))
    )
    change, matched, share = (
        main.line("TableHeadingNumber", say(name)) for name in (N_("Change"), N_("Matched"), N_("Share of weight"))
    )
    part = main.line("TableHeading", say(N_("Part")))
    heads = (part, before, scale_xml(context, body.scale, body.lines[0].chart), now, change, matched, share)
    widths = (columns[0] + columns[1], *columns[2:])
    low = '<w:vAlign w:val="bottom"/>'
    cells = (
        cell_xml(width, head, span=1 if place else 2, more=low)
        for place, (width, head) in enumerate(zip(widths, heads, strict=True))
    )
    return row_xml(join_xml(cells), is_head=True)


def _rounds_line(context: WordContext, line: RoundComparisonLine, columns: Sequence[int]) -> Xml:
    """Write one part in both rounds, with its line of the chart between the two scores."""
    main = context.main
    name = main.paragraph("TableText", context.link(line.link, main.runs(line.name)))
    cells = (
        main.paragraph("TableText", main.runs(line.number, "Number")),
        join_xml((name, second_language_line(context, "SecondText", line.second))),
        main.line("TableNumber", line.before),
        main.paragraph("Picture", context.chart(line.chart)),
        main.paragraph("TableNumber", main.runs(line.after, "Strong")),
        main.paragraph("TableNumber", main.runs(line.change, text_style(line.tone))),
        main.line("TableNumber", line.matched),
        main.line("TableNumber", line.share),
    )
    middle = '<w:vAlign w:val="center"/>'
    return row_xml(join_xml(cell_xml(width, cell, more=middle) for width, cell in zip(columns, cells, strict=True)))


def _rounds_table(context: WordContext, body: RoundComparison, title: str) -> Xml:
    columns = share_twips(_ROUNDS, context.width)
    lines_ = (_rounds_line(context, line, columns) for line in body.lines)
    rows = join_xml((_rounds_head(context, body, columns), *lines_))
    made = table_xml("ReportTable", columns, rows, is_leftwards=context.main.is_leftwards)
    return join_xml((context.caption(title), made, table_gap(context)))


def _write_rounds(context: WordContext, body: RoundComparison, _chapter: ReportChapter) -> Iterator[Xml]:
    say = context.say
    parts = say(N_("Part by part"))
    yield lines_xml(context, "Introduction", body.lead)
    if body.regressions:
        yield heading_xml(context, 2, say(N_("Alert: lost since the previous round")))
        yield points_xml(context, body.regressions)
    if body.lines:
        yield heading_xml(context, 2, parts)
        yield _rounds_table(context, body, parts)
    yield from _titled_table(context, say(N_("Item by item")), body.counts)
    yield from _titled_table(context, say(N_("What changed")), body.changes)


def _formulas(context: WordContext, title: str, entries: Iterable[Fact]) -> Iterator[Xml]:
    main = context.main
    yield heading_xml(context, 2, title)
    for one in entries:
        yield main.paragraph("Formula", main.runs(one.label, "Strong"), main.tab(), main.runs(one.text))


def _write_method(context: WordContext, body: MethodContent, _chapter: ReportChapter) -> Iterator[Xml]:
    say = context.say
    yield lines_xml(context, "Normal", body.paragraphs)
    yield from _formulas(context, say(N_("Formulas")), body.formulas)
    yield from _formulas(context, say(N_("Grades of evidence")), body.grades)
    yield from _titled_table(context, say(N_("How the overall score depends on the method")), body.sensitivity)
    yield lines_xml(context, "Normal", filter(None, [body.weights]))
    yield from _titled_table(context, say(N_("The sums behind the scores")), body.sums)


BodyWriter = Callable[[WordContext, Any, ReportChapter], Iterator[Xml]]
_BODY_WRITERS: dict[type, BodyWriter] = {
    MissionBody: _write_mission,
    SectionChapter: write_section_chapter,
    UnscoredSection: _write_unscored_section,
    TablesBody: _write_tables,
    CardsBody: _write_cards,
    PlanContent: _write_plan,
    TrainingContent: _write_training,
    RoundComparison: _write_rounds,
    AnswersBody: write_answers,
    MethodContent: _write_method,
    tuple: _write_demand,
}


def write_chapter_body(context: WordContext, chapter: ReportChapter) -> Iterator[Xml]:
    """Print a chapter's body; raises TypeError at a kind nobody has taught this module."""
    printer = _BODY_WRITERS.get(type(chapter.body))
    if printer is None:
        raise TypeError(f"Word cannot print a chapter of kind {chapter.kind}: {type(chapter.body).__name__}")
    return printer(context, chapter.body, chapter)
