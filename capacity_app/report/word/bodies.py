"""The chapters: each kind of body that a view has, printed as the template of its kind prints it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from capacity_app import palette
from capacity_app.domain.problems import N_
from capacity_app.report.view.bodies import AnswersBody, CardsBody, MissionBody, TablesBody
from capacity_app.report.view.chapters import SectionChapter
from capacity_app.report.view.context import ContextPart
from capacity_app.report.view.demand import DemandView, Rank
from capacity_app.report.view.method import MethodView
from capacity_app.report.view.pieces import Card, Fact, Table, Tone
from capacity_app.report.view.plan import PlanView
from capacity_app.report.view.report import Chapter
from capacity_app.report.view.rounds import RoundsLine, RoundsView
from capacity_app.report.view.training import TrainingView
from capacity_app.report.word.answers import answers
from capacity_app.report.word.compositor import Compositor
from capacity_app.report.word.markup import NOTHING, Xml, joined
from capacity_app.report.word.pieces import (
    card,
    context_entries,
    facts,
    heading,
    labelled,
    lines,
    points,
    second,
    sheet,
)
from capacity_app.report.word.sections import scale, section
from capacity_app.report.word.tables import (
    SEVERITY_TINTS,
    cell_xml,
    gap,
    row_xml,
    shade,
    shared,
    table,
    table_xml,
    text_style,
)

_DEFINITIONS = (29, 71)
_SQUARES = (12, 18, 18, 18, 18, 16)
_ROUNDS = (5.5, 21.5, 9.5, 28.5, 7.5, 9.5, 9.5, 8.5)
_SQUARE_HEIGHT = 620
_SQUARE_TINTS = SEVERITY_TINTS | {Tone.OPEN: palette.TINT}


def _titled(setter: Compositor, title: str, found: Table | None, name: str = "") -> Iterator[Xml]:
    """Write a table below its heading, where there is one."""
    if found:
        yield heading(setter, 2, title) if title else NOTHING
        yield table(setter, found, title or name)


def _nothing(setter: Compositor, sentence: str) -> Xml:
    return setter.main.line("Nothing", setter.say(sentence))


def _mission(setter: Compositor, body: MissionBody, _chapter: Chapter) -> Iterator[Xml]:
    title = setter.say(N_("Agencies met"))
    yield sheet(setter, body.facts)
    yield heading(setter, 2, title)
    if body.agencies.rows:
        yield table(setter, body.agencies, title)
    else:
        yield _nothing(setter, N_("No agency has been entered."))


def _context(setter: Compositor, body: ContextPart, _chapter: Chapter) -> Iterator[Xml]:
    yield lines(setter, "Introduction", filter(None, [body.introduction]))
    yield context_entries(setter, body.entries, level=2)


def _letters(setter: Compositor, letters: Iterable[str]) -> Xml:
    return setter.main.paragraph("Square", setter.main.runs("\u2002".join(letters), "Letter"))


def _rank(setter: Compositor, rank: Rank, columns: Sequence[int]) -> Xml:
    """Write one line of squares: the shade of each says how serious a gap it means, its place says the same."""
    head = cell_xml(columns[0], setter.main.line("TableHeading", rank.title), more='<w:vAlign w:val="center"/>')
    squares = (
        cell_xml(
            width,
            _letters(setter, square.letters),
            more=shade(_SQUARE_TINTS[square.tone]) + '<w:vAlign w:val="center"/>',
        )
        for width, square in zip(columns[1:], rank.squares, strict=True)
    )
    return row_xml(joined((head, *squares)), height=_SQUARE_HEIGHT)


def _levels(setter: Compositor, demand: DemandView, columns: Sequence[int]) -> Xml:
    """Head the squares: what goes upwards, what goes across, and what each level means."""
    main = setter.main
    first = main.line("TableHeading", demand.upwards)
    corner = cell_xml(columns[0], first, more='<w:vMerge w:val="restart"/>')
    below = cell_xml(columns[0], main.line("TableHeading", ""), more="<w:vMerge/>")
    across = cell_xml(sum(columns[1:]), main.line("TableHeadingSign", demand.rightwards), span=len(demand.levels))
    sentences = ((main.runs(one.sign, "Sign"), main.runs(f" {one.number} {one.sentence}")) for one in demand.levels)
    heads = (
        cell_xml(width, main.paragraph("TableHeading", *inside))
        for width, inside in zip(columns[1:], sentences, strict=True)
    )
    return joined(
        (
            row_xml(joined((corner, across)), is_head=True),
            row_xml(joined((below, *heads)), is_head=True),
        )
    )


def _demand(setter: Compositor, demand: DemandView) -> Iterator[Xml]:
    say, main = setter.say, setter.main
    columns = shared(_SQUARES, setter.width)
    rows = joined((_levels(setter, demand, columns), *(_rank(setter, rank, columns) for rank in demand.ranks)))
    legend = say(N_("Each letter is a question of the table below; the darker a square, the more severe the gap."))
    yield main.paragraph("Asked", main.runs(f"{demand.number}\u2002", "Number"), main.runs(demand.title))
    yield second(setter, "SecondAsked", demand.second)
    yield main.line("Lead", demand.finding)
    yield table_xml("ReportSquares", columns, rows, is_leftwards=main.is_leftwards)
    yield setter.figure_caption(f"{demand.rightwards} × {demand.upwards}")
    yield main.line("Legend", f"{legend} {demand.left_out}".strip())
    yield table(setter, demand.table, f"{demand.number} · {demand.title}")


def _demands(setter: Compositor, body: tuple[DemandView, ...], _chapter: Chapter) -> Iterator[Xml]:
    for one in body:
        yield from _demand(setter, one)


def _tables(setter: Compositor, body: TablesBody, chapter: Chapter) -> Iterator[Xml]:
    yield lines(setter, "Introduction", body.lead)
    for title, found in body.tables:
        yield from _titled(setter, title, found, chapter.title)
    if body.facts:
        yield heading(setter, 2, setter.say(N_("Notes on gaps closed meanwhile")))
        yield facts(setter, body.facts)


def _definition(setter: Compositor, one: Card, columns: Sequence[int]) -> Xml:
    main = setter.main
    number = main.runs(f"{one.number}\u2002", "Number") if one.number else NOTHING
    term = main.paragraph("TableTerm", setter.bookmark(one.anchor), number, main.runs(one.title))
    below = main.line("TableDetail", one.subtitle) if one.subtitle else NOTHING
    said = joined(
        main.paragraph("TableDetail" if fact.label else "TableText", labelled(setter, fact.label, fact.text))
        for fact in one.facts
    )
    cells = (joined((term, below)), said or main.line("TableText", ""))
    return row_xml(joined(cell_xml(width, inside) for width, inside in zip(columns, cells, strict=True)))


def _definitions(setter: Compositor, cards: Iterable[Card]) -> Xml:
    columns = shared(_DEFINITIONS, setter.width)
    rows = joined(_definition(setter, one, columns) for one in cards)
    return joined(
        (table_xml("ReportFacts", columns, rows, is_leftwards=setter.main.is_leftwards, has_head=False), gap(setter))
    )


def _cards(setter: Compositor, body: CardsBody, chapter: Chapter) -> Iterator[Xml]:
    yield lines(setter, "Introduction", body.lead)
    for title, cards in body.groups:
        if not cards:
            continue
        yield heading(setter, 2, title) if title else NOTHING
        if body.style == "definitions":
            yield _definitions(setter, cards)
        else:
            yield from (card(setter, one) for one in cards)
    for title, found in body.tables:
        yield from _titled(setter, title, found, chapter.title)


def _plan(setter: Compositor, body: PlanView, chapter: Chapter) -> Iterator[Xml]:
    yield lines(setter, "Introduction", body.lead)
    yield from _titled(setter, "", body.progress, chapter.title)
    yield from _titled(setter, setter.say(N_("Timeline")), body.timeline)
    yield from _titled(setter, setter.say(N_("Funding and costs")), body.funding)
    if body.cards:
        yield heading(setter, 2, setter.say(N_("Actions")))
        yield from (card(setter, one) for one in body.cards)
    else:
        yield _nothing(setter, N_("No action has been planned."))


def _training(setter: Compositor, body: TrainingView, _chapter: Chapter) -> Iterator[Xml]:
    planned = setter.say(N_("Planned"))
    yield lines(setter, "Introduction", body.lead)
    yield from _titled(setter, setter.say(N_("Needs by topic")), body.needs)
    if body.actions:
        yield from _titled(setter, planned, body.actions)
    else:
        yield heading(setter, 2, planned)
        yield _nothing(setter, N_("No training or technical assistance has been planned."))
    for part in body.parts:
        if part.entries:
            yield heading(setter, 2, part.title)
            yield lines(setter, "Introduction", filter(None, [part.introduction]))
            yield context_entries(setter, part.entries)
    yield from _titled(setter, setter.say(N_("Where low answers point to a need")), body.pointers)


def _rounds_head(setter: Compositor, body: RoundsView, columns: Sequence[int]) -> Xml:
    main, say = setter.main, setter.say
    before, now = (
        main.paragraph("TableHeadingNumber", main.runs(sign, style), main.runs(f" {say(name)}"))
        for sign, style, name in (("○", "SignMuted", N_("Before")), ("●", "SignAccent", N_("Now")))
    )
    change, matched, share = (
        main.line("TableHeadingNumber", say(name)) for name in (N_("Change"), N_("Matched"), N_("Share of weight"))
    )
    part = main.line("TableHeading", say(N_("Part")))
    heads = (part, before, scale(setter, body.scale, body.lines[0].chart), now, change, matched, share)
    widths = (columns[0] + columns[1], *columns[2:])
    low = '<w:vAlign w:val="bottom"/>'
    cells = (
        cell_xml(width, head, span=1 if place else 2, more=low)
        for place, (width, head) in enumerate(zip(widths, heads, strict=True))
    )
    return row_xml(joined(cells), is_head=True)


def _rounds_line(setter: Compositor, line: RoundsLine, columns: Sequence[int]) -> Xml:
    """Write one part in both rounds, with its line of the chart between the two scores."""
    main = setter.main
    name = main.paragraph("TableText", setter.link(line.link, main.runs(line.name)))
    cells = (
        main.paragraph("TableText", main.runs(line.number, "Number")),
        joined((name, second(setter, "SecondText", line.second))),
        main.line("TableNumber", line.before),
        main.paragraph("Picture", setter.chart(line.chart)),
        main.paragraph("TableNumber", main.runs(line.after, "Strong")),
        main.paragraph("TableNumber", main.runs(line.change, text_style(line.tone))),
        main.line("TableNumber", line.matched),
        main.line("TableNumber", line.share),
    )
    middle = '<w:vAlign w:val="center"/>'
    return row_xml(joined(cell_xml(width, cell, more=middle) for width, cell in zip(columns, cells, strict=True)))


def _rounds_table(setter: Compositor, body: RoundsView, title: str) -> Xml:
    columns = shared(_ROUNDS, setter.width)
    lines_ = (_rounds_line(setter, line, columns) for line in body.lines)
    rows = joined((_rounds_head(setter, body, columns), *lines_))
    made = table_xml("ReportTable", columns, rows, is_leftwards=setter.main.is_leftwards)
    return joined((setter.caption(title), made, gap(setter)))


def _rounds(setter: Compositor, body: RoundsView, _chapter: Chapter) -> Iterator[Xml]:
    say = setter.say
    parts = say(N_("Part by part"))
    yield lines(setter, "Introduction", body.lead)
    if body.regressions:
        yield heading(setter, 2, say(N_("Alert: lost since the previous round")))
        yield points(setter, body.regressions)
    if body.lines:
        yield heading(setter, 2, parts)
        yield _rounds_table(setter, body, parts)
    yield from _titled(setter, say(N_("Item by item")), body.counts)
    yield from _titled(setter, say(N_("What changed")), body.changes)


def _formulas(setter: Compositor, title: str, entries: Iterable[Fact]) -> Iterator[Xml]:
    main = setter.main
    yield heading(setter, 2, title)
    for one in entries:
        yield main.paragraph("Formula", main.runs(one.label, "Strong"), main.tab(), main.runs(one.text))


def _method(setter: Compositor, body: MethodView, _chapter: Chapter) -> Iterator[Xml]:
    say = setter.say
    yield lines(setter, "Normal", body.paragraphs)
    yield from _formulas(setter, say(N_("Formulas")), body.formulas)
    yield from _formulas(setter, say(N_("Grades of evidence")), body.grades)
    yield from _titled(setter, say(N_("How the overall score depends on the method")), body.sensitivity)
    yield lines(setter, "Normal", filter(None, [body.weights]))
    yield from _titled(setter, say(N_("The sums behind the scores")), body.sums)


Printer = Callable[[Compositor, Any, Chapter], Iterator[Xml]]
_PRINTERS: dict[type, Printer] = {
    MissionBody: _mission,
    SectionChapter: section,
    ContextPart: _context,
    TablesBody: _tables,
    CardsBody: _cards,
    PlanView: _plan,
    TrainingView: _training,
    RoundsView: _rounds,
    AnswersBody: answers,
    MethodView: _method,
    tuple: _demands,
}


def body(setter: Compositor, chapter: Chapter) -> Iterator[Xml]:
    """Print a chapter's body; raises TypeError at a kind nobody has taught this module."""
    printer = _PRINTERS.get(type(chapter.body))
    if printer is None:
        raise TypeError(f"Word cannot print a chapter of kind {chapter.kind}: {type(chapter.body).__name__}")
    return printer(setter, chapter.body, chapter)
