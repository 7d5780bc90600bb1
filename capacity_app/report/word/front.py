"""What stands before the chapters: the cover, the page that is enough, and the contents."""

from collections.abc import Iterable, Iterator, Sequence

from capacity_app import palette
from capacity_app.domain.problems import N_
from capacity_app.report.charts import cover_ground
from capacity_app.report.view.fitting import Point, ProfileLine
from capacity_app.report.view.pieces import Fact
from capacity_app.report.view.report import Chapter, Cover, ReportView
from capacity_app.report.view.summary import SummaryView
from capacity_app.report.word.compositor import Compositor, bookmark_name
from capacity_app.report.word.looks import TWIPS
from capacity_app.report.word.markup import NOTHING, Xml, escaped, joined
from capacity_app.report.word.pieces import heading, second, sheet
from capacity_app.report.word.sections import scale
from capacity_app.report.word.tables import (
    cell_xml,
    gap,
    row_xml,
    shade,
    shared,
    sign_style,
    table_xml,
    text_style,
    word_style,
)

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
"""Twips of an A4 page."""
_KICKER_HEIGHT, _TITLE_HEIGHT = 2700, 3600
"""Twips of the text on the cover's coloured ground."""
_PROFILE = (5.5, 26.5, 16.5, 6.5, 25.5, 10.5, 9)
_OPENING = (30, 70)


def cover(setter: Compositor, view: Cover) -> Iterator[Xml]:
    """Set the first page: a coloured ground with country and round, and the facts below it."""
    main = setter.main
    ground = setter.behind(cover_ground())
    yield main.paragraph("CoverAnchor", ground)
    title = joined(
        (
            main.line("TitleLong" if view.is_long else "Title", view.country),
            main.line("Subtitle", view.round) if view.round else NOTHING,
        )
    )
    columns = shared((55, 45), setter.width)
    kicker = (cell_xml(columns[0], main.line("CoverKicker", view.kicker)), cell_xml(columns[1], main.paragraph("Gap")))
    below = cell_xml(setter.width, title, span=2, more='<w:vAlign w:val="bottom"/>')
    rows = joined((row_xml(joined(kicker), height=_KICKER_HEIGHT), row_xml(below, height=_TITLE_HEIGHT)))
    yield table_xml("ReportLayout", columns, rows, is_leftwards=main.is_leftwards, has_head=False)
    yield main.line("CoverStatus", view.status)
    yield sheet(setter, (*view.facts, Fact(setter.say(N_("Content hash")), view.content_hash)))


def _profile_row(setter: Compositor, line: ProfileLine, columns: Sequence[int], height: int) -> Xml:
    main = setter.main
    words = (main.runs(line.sign, sign_style(line.tone)), main.runs(f" {line.band}", word_style(line.tone)))
    cells = (
        main.paragraph("SummaryText", main.runs(line.number, "Number")),
        main.paragraph("SummaryText", setter.link(line.link, main.runs(line.name))),
        main.paragraph("SummaryText", *words),
        main.paragraph("SummaryNumber", main.runs(line.score, "Strong")),
        main.paragraph("Picture", setter.chart(line.chart)),
        main.line("SummaryNumber", line.interval),
        main.line("SummaryNumber", line.coverage),
    )
    middle = '<w:vAlign w:val="center"/>'
    set_cells = (cell_xml(width, inside, more=middle) for width, inside in zip(columns, cells, strict=True))
    return row_xml(joined(set_cells), height=height)


def _profile_head(setter: Compositor, view: SummaryView, columns: Sequence[int]) -> Xml:
    main, say, chart = setter.main, setter.say, view.profile[0].chart
    texts = (
        ("SummaryHead", say(N_("Part"))),
        ("SummaryHead", say(N_("Band"))),
        ("SummaryHeadNumber", say(N_("Score"))),
        ("", ""),
        ("SummaryHeadNumber", say(N_("Interval"))),
        ("SummaryHeadNumber", say(N_("Coverage"))),
    )
    widths = (columns[0] + columns[1], *columns[2:])
    cells = (
        cell_xml(w, main.line(style, text) if style else scale(setter, view.scale, chart), span=1 if place else 2)
        for place, (w, (style, text)) in enumerate(zip(widths, texts, strict=True))
    )
    return row_xml(joined(cells), is_head=True)


def _profile(setter: Compositor, view: SummaryView) -> Iterator[Xml]:
    """Set the parts with their scores, each with its bar."""
    columns, height = shared(_PROFILE, setter.width), round(view.row_height * TWIPS)
    lines = (_profile_row(setter, line, columns, height) for line in view.profile)
    rows = joined((_profile_head(setter, view, columns), *lines))
    yield table_xml("ReportSummary", columns, rows, is_leftwards=setter.main.is_leftwards)
    yield setter.main.line("Legend", view.profile_note) if view.profile_note else gap(setter)


def _opening(setter: Compositor, view: SummaryView) -> Iterator[Xml]:
    """Set the overall score beside what it means."""
    main, head = setter.main, view.headline
    if head is None:
        yield main.line("Lead", view.lead)
        return
    columns = shared(_OPENING, setter.width)
    sign, word = sign_style(head.tone), word_style(head.tone)
    score = joined(
        (
            main.paragraph("StripMain", main.runs(head.value, word)),
            main.paragraph("StripLabel", main.runs(head.sign, sign), main.runs(f" {head.band}", word)),
        )
    )
    drawn = joined(
        (
            main.paragraph("Picture", setter.chart(head.chart)),
            scale(setter, head.scale, head.chart),
            main.line("SummaryLead", view.lead),
        )
    )
    cells = zip(columns, (score, drawn), strict=True)
    row = row_xml(joined(cell_xml(width, inside, more=shade(palette.TINT)) for width, inside in cells))
    yield table_xml("ReportStrip", columns, row, is_leftwards=main.is_leftwards, has_head=False)
    yield gap(setter)


def _point(setter: Compositor, point: Point) -> Xml:
    main = setter.main
    number = setter.link(point.link, main.runs(point.number, "Number")) if point.number else NOTHING
    space = main.runs("\u2002") if point.number else NOTHING
    word = main.runs(f" {point.word}", text_style(point.tone)) if point.word else NOTHING
    return main.paragraph("SummaryPoint", number, space, main.runs(point.text), word)


def _list(setter: Compositor, title: str, entries: Iterable[Point], nothing: str = "") -> Xml:
    main = setter.main
    listed = joined(_point(setter, point) for point in entries)
    return joined(
        (
            main.line("SummaryHeading", setter.say(title)),
            listed or (main.line("Nothing", setter.say(nothing)) if nothing else NOTHING),
        )
    )


def _lists(setter: Compositor, view: SummaryView) -> Xml:
    """Set the four lists two by two."""
    lists = (
        _list(setter, N_("Priority gaps"), view.gaps, N_("No gap has been found.")),
        _list(setter, N_("First actions"), view.actions, N_("No action has been planned.")),
        _list(setter, N_("Strengths"), view.strengths, N_("Nothing has reached the highest level yet.")),
        _list(setter, N_("What could not be established"), view.unknown),
    )
    columns = shared((47.5, 5, 47.5), setter.width)
    between = cell_xml(columns[1], setter.main.paragraph("Gap"))
    rows = (
        row_xml(joined((cell_xml(columns[0], left), between, cell_xml(columns[2], right))))
        for left, right in (lists[:2], lists[2:])
    )
    return table_xml("ReportLayout", columns, joined(rows), is_leftwards=setter.main.is_leftwards, has_head=False)


def summary(setter: Compositor, view: SummaryView) -> Iterator[Xml]:
    """Set the page that is enough."""
    main = setter.main
    yield heading(setter, 1, setter.say(N_("Summary")), anchor="summary")
    yield main.line("Where", view.title)
    yield main.line("Standing", view.standing) if view.standing else NOTHING
    yield from _opening(setter, view)
    if view.profile:
        yield from _profile(setter, view)
    yield _lists(setter, view)
    yield gap(setter)


def _entry(setter: Compositor, number: str, title: str, anchor: str) -> Xml:
    """Write a line of the contents; Word fills in the page when it prints or updates them."""
    main = setter.main
    name = bookmark_name(anchor)
    page = main.field(f"PAGEREF {name} \\h{setter.counting}", "")
    inside = joined((main.runs(number, "Number"), main.tab(), main.runs(title), main.tab(), page))
    return Xml(f'<w:hyperlink w:anchor="{name}">{inside}</w:hyperlink>')


def _lines(setter: Compositor, view: ReportView) -> Iterator[tuple[str, Xml]]:
    """Yield every line of the contents with its style."""
    if view.summary:
        yield "TOC1", _entry(setter, "", setter.say(N_("Summary")), "summary")
    group = ""
    for chapter in view.chapters:
        if chapter.group and chapter.group != group:
            yield "TOC2", setter.main.runs(chapter.group)
        group = chapter.group
        yield "TOC1", _entry(setter, chapter.number, chapter.title, chapter.anchor)


def contents(setter: Compositor, view: ReportView) -> Xml:
    """Set the contents as the field that Word makes of headings and groups, filled in already."""
    main = setter.main
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    instruction = escaped(' TOC \\o "1-1" \\f \\l "1-2" \\n "2-2" \\h \\z ')
    opening = Xml(f'{begin}{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>')
    closing = Xml('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    written = [
        main.paragraph(style, opening if not place else NOTHING, line)
        for place, (style, line) in enumerate(_lines(setter, view))
    ]
    title = main.paragraph("TOCHeading", main.runs(setter.say(N_("Contents"))))
    inside = joined((title, *written, main.paragraph("Gap", closing)))
    return Xml(
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    )


def opening(setter: Compositor, chapter: Chapter, *, is_first: bool) -> Xml:
    """Open a chapter: its group, which the contents list once, its title, and the title in the second language."""
    main = setter.main
    named = f'TC "{chapter.group}" \\l 2'.replace("\n", " ")
    listed = main.field(named, "") if is_first and chapter.group else NOTHING
    group = main.paragraph("Group", listed, main.runs(chapter.group)) if chapter.group else NOTHING
    # The page begins with the group where there is one.
    more = '<w:pageBreakBefore w:val="0"/>' if group else ""
    return joined(
        (
            group,
            heading(setter, 1, chapter.title, number=chapter.number, anchor=chapter.anchor, more=more),
            second(setter, "SecondTitle", chapter.second),
        )
    )
