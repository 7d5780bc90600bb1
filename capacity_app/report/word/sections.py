"""The chapter on one part of the instrument: its score, what stands out, findings, differences, actions, evidence."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from capacity_app import palette
from capacity_app.domain.problems import N_
from capacity_app.palette import OPEN_SIGN
from capacity_app.report.charts import Drawing
from capacity_app.report.view.chapters import SectionChapter
from capacity_app.report.view.differences import Difference
from capacity_app.report.view.pieces import Cell, Tone
from capacity_app.report.view.report import Chapter
from capacity_app.report.view.scores import ScoreStrip
from capacity_app.report.word.compositor import Compositor
from capacity_app.report.word.looks import TWIPS
from capacity_app.report.word.markup import NOTHING, Xml, joined
from capacity_app.report.word.pieces import context_entries, heading, lines, point, points, second
from capacity_app.report.word.tables import (
    cell_xml,
    gap,
    row_xml,
    shade,
    shared,
    sign_style,
    table,
    table_xml,
    text_style,
    word_style,
)

_STRIP = (24, 40, 12, 12, 12)
_DIFFERENCES = (12, 28, 30, 30)


def scale(setter: Compositor, ticks: Iterable[str], chart: Drawing) -> Xml:
    """Write the numbers of a chart's scale: beginning, middle and end, at stops of a line as wide as the chart."""
    width = round(chart.width * TWIPS)
    places = (0, width // 2, width)
    kinds = ("left", "center", "right")
    stops = "".join(
        f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in zip(kinds, places, strict=True) if place
    )
    parts = [setter.main.runs(tick) for tick in ticks]
    inside = [parts[0], *(piece for _, part in pairwise(parts) for piece in (setter.main.tab(), part))]
    return setter.main.paragraph("Scale", *inside, more=f"<w:tabs>{stops}</w:tabs>")


def _strip(setter: Compositor, strip: ScoreStrip) -> Iterator[Xml]:
    """Set the figures of a part side by side."""
    say, main = setter.say, setter.main
    columns = shared(_STRIP, setter.width)
    tone = strip.tone
    words = (main.runs(strip.sign, sign_style(tone)), main.runs(f" {strip.band}", word_style(tone)))
    bar = joined((main.paragraph("Picture", setter.chart(strip.chart)), scale(setter, strip.scale, strip.chart)))
    score = joined(
        (main.paragraph("StripMain", main.runs(strip.value, word_style(tone))), main.paragraph("StripLabel", *words))
    )
    figures = (strip.coverage, strip.verified, strip.evidence)
    labels = (say(N_("Score")), f"{say(N_('Interval'))} {strip.interval}", say(N_("Coverage")),
              say(N_("Verified score")), say(N_("Evidence index")))  # fmt: skip
    content = (score, bar, *(main.line("StripFigure", figure) for figure in figures))
    tint = shade(palette.TINT)
    heads = (
        cell_xml(width, main.line("StripLabel", label), more=tint) for width, label in zip(columns, labels, strict=True)
    )
    cells = (cell_xml(width, inside, more=tint) for width, inside in zip(columns, content, strict=True))
    rows = joined((row_xml(joined(heads), is_head=True), row_xml(joined(cells))))
    yield table_xml("ReportStrip", columns, rows, is_leftwards=main.is_leftwards)
    yield lines(setter, "Remark", strip.remarks) or gap(setter)


def _standing_out(setter: Compositor, body: SectionChapter, name: str) -> Iterator[Xml]:
    """Write strengths and gaps, at a glance."""
    say, main = setter.say, setter.main
    yield heading(setter, 2, say(N_("Strengths")))
    yield points(setter, body.strengths) or main.line("Nothing", say(N_("Nothing has reached the highest level yet.")))
    yield lines(setter, "Legend", filter(None, [body.strengths_note]))
    yield heading(setter, 2, say(N_("Gaps")))
    if body.gaps:
        yield table(setter, body.gaps, f"{say(N_('Gaps'))} · {name}")
    else:
        yield main.line("Nothing", say(N_("No gap has been found.")))
    if body.gaps_note:
        yield main.paragraph("Legend", setter.link("gaps", main.runs(body.gaps_note)))


def _elsewhere(setter: Compositor, cells: Iterable[Cell]) -> Iterator[Xml]:
    """Say which questions have a chapter of their own."""
    see = setter.say(N_("has a chapter of its own"))
    for cell in cells:
        link = setter.link(cell.link, setter.main.runs(see, "Hyperlink"))
        yield point(setter, cell.detail, setter.main.runs(f"{cell.text} "), link)
        yield second(setter, "SecondPoint", cell.second)


def _findings(setter: Compositor, body: SectionChapter, name: str) -> Iterator[Xml]:
    if not (body.findings or body.grids or body.listings or body.elsewhere):
        return
    title = setter.say(N_("Findings"))
    yield heading(setter, 2, title)
    yield from _elsewhere(setter, body.elsewhere)
    yield from (table(setter, grid) for grid in body.grids)
    if body.findings:
        yield table(setter, body.findings, f"{title} · {name}")
    yield context_entries(setter, body.listings)


def _difference(setter: Compositor, one: Difference, columns: list[int]) -> Xml:
    main = setter.main
    number = main.paragraph("TableText", setter.link(one.link, main.runs(one.number, "Number")))
    asked = joined(
        (
            main.line("TableText", one.question),
            second(setter, "SecondText", one.second),
            main.line("TableDetail", one.column) if one.column else NOTHING,
        )
    )
    said = joined(
        main.paragraph("TableText", main.runs(f"{voice.label} ", "Strong"), main.runs(voice.text))
        for voice in one.voices
    )
    cells = (number, asked, said or main.line("TableText", ""), _conclusion(setter, one))
    return row_xml(joined(cell_xml(width, inside) for width, inside in zip(columns, cells, strict=True)))


def _conclusion(setter: Compositor, one: Difference) -> Xml:
    main = setter.main
    if one.conclusion is None:
        sign, words = main.runs(OPEN_SIGN, sign_style(Tone.OPEN)), setter.say(N_("Not settled yet."))
        return main.paragraph("TableText", sign, main.runs(f" {words}", text_style(Tone.OPEN)))
    label, said = main.runs(f"{one.conclusion.label}: "), main.runs(one.conclusion.text, "Strong")
    reason = main.line("TableDetail", one.reason) if one.reason else NOTHING
    return joined((main.paragraph("TableText", label, said), reason))


def _differences(setter: Compositor, found: Iterable[Difference], name: str) -> Xml:
    say = setter.say
    title = say(N_("Where agencies differed"))
    columns = shared(_DIFFERENCES, setter.width)
    names = (say(N_("No.")), say(N_("Question")), say(N_("What agencies said")), say(N_("How it was settled")))
    heads = (cell_xml(w, setter.main.line("TableHeading", text)) for w, text in zip(columns, names, strict=True))
    rows = joined((row_xml(joined(heads), is_head=True), *(_difference(setter, one, columns) for one in found)))
    return joined(
        (
            heading(setter, 2, title),
            setter.caption(f"{title} · {name}"),
            table_xml("ReportTable", columns, rows, is_leftwards=setter.main.is_leftwards),
            gap(setter),
        )
    )


def section(setter: Compositor, body: SectionChapter, chapter: Chapter) -> Iterator[Xml]:
    """Write the chapter of a scored part."""
    say, name = setter.say, f"{chapter.number} {chapter.title}"
    yield lines(setter, "Introduction", filter(None, [body.introduction]))
    if body.strip:
        yield from _strip(setter, body.strip)
    if body.strengths or body.gaps or body.to_verify:
        yield from _standing_out(setter, body, name)
    yield from _findings(setter, body, name)
    if body.to_verify:
        yield heading(setter, 2, say(N_("To verify")))
        yield points(setter, body.to_verify)
    if body.differences:
        yield _differences(setter, body.differences, name)
    for title, found in ((say(N_("Actions")), body.actions), (say(N_("Evidence")), body.evidence)):
        if found:
            yield heading(setter, 2, title)
            yield table(setter, found, f"{title} · {name}")
