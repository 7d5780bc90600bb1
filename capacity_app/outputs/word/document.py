"""The whole Word file: cover, summary, contents, then chapters upright or in landscape."""

from collections.abc import Callable, Iterator

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.charts import cover_ground
from capacity_app.outputs.content.elements import Fact
from capacity_app.outputs.content.report import ReportChapter, ReportContent, ReportCover
from capacity_app.outputs.word.chapters import write_chapter_body, write_sender
from capacity_app.outputs.word.elements import (
    cell_xml,
    fact_sheet,
    heading_xml,
    row_xml,
    second_language_line,
    share_twips,
    table_xml,
)
from capacity_app.outputs.word.markup import EMPTY_XML, TEXT_WIDTH, Xml, escape_xml, join_xml, word_fonts
from capacity_app.outputs.word.package import WordPackage
from capacity_app.outputs.word.word_context import (
    WordContext,
    bookmark_name,
    make_word_context,
    space_after_tables,
    without_dead_links,
)

# What stands before the chapters: the cover, the page that is enough, and the contents.


PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
"""Twips of an A4 page."""
_KICKER_HEIGHT, _TITLE_HEIGHT = 2700, 3600
"""Twips of the text on the cover's coloured ground."""


def write_cover(context: WordContext, view: ReportCover) -> Iterator[Xml]:
    """Set the first page: a coloured ground with country and round, and the facts below it."""
    main = context.main
    ground = context.behind(cover_ground())
    yield main.paragraph("CoverAnchor", ground)
    title = join_xml(
        (
            main.line("TitleLong" if view.is_long else "Title", view.country),
            main.line("Subtitle", view.round) if view.round else EMPTY_XML,
        )
    )
    columns = share_twips((55, 45), context.width)
    kicker = cell_xml(context.width, main.line("CoverKicker", view.kicker), span=2)
    below = cell_xml(context.width, title, span=2, more='<w:vAlign w:val="bottom"/>')
    rows = join_xml((row_xml(kicker, height=_KICKER_HEIGHT), row_xml(below, height=_TITLE_HEIGHT)))
    yield table_xml("ReportLayout", columns, rows, is_leftwards=main.is_leftwards, has_head=False)
    yield main.line("CoverStatus", view.status)
    yield main.line("Lead", view.based_on) if view.based_on else EMPTY_XML
    yield fact_sheet(context, (*view.facts, Fact(context.say(N_("Content hash")), view.content_hash)))
    yield main.line("Legend", view.disclaimer) if view.disclaimer else EMPTY_XML


def _contents_entry(context: WordContext, number: str, title: str, anchor: str) -> Xml:
    """Write a line of the contents; Word fills in the page when it prints or updates them."""
    main = context.main
    name = bookmark_name(anchor)
    page = main.field(f"PAGEREF {name} \\h{context.counting}", "")
    inside = join_xml((main.runs(number, "Number"), main.tab(), main.runs(title), main.tab(), page))
    return Xml(f'<w:hyperlink w:anchor="{name}">{inside}</w:hyperlink>')


def _contents_lines(context: WordContext, view: ReportContent) -> Iterator[tuple[str, Xml]]:
    """Yield every line of the contents with its style."""
    group = ""
    for chapter in view.body:
        if chapter.group and chapter.group != group:
            yield "TOC2", context.main.runs(chapter.group)
        group = chapter.group
        yield "TOC1", _contents_entry(context, chapter.number, chapter.title, chapter.anchor)


def contents_xml(context: WordContext, view: ReportContent) -> Xml:
    """Set the contents as the field that Word makes of headings and groups, filled in already."""
    main = context.main
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    instruction = escape_xml(' TOC \\o "1-1" \\f \\l "1-2" \\n "2-2" \\h \\z ')
    opening = Xml(f'{begin}{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>')
    closing = Xml('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    lines = list(_contents_lines(context, view))
    last = len(lines) - 1
    written = [
        main.paragraph(style, opening if not place else EMPTY_XML, line, closing if place == last else EMPTY_XML)
        for place, (style, line) in enumerate(lines)
    ]
    title = main.paragraph("TOCHeading", main.runs(context.say(N_("Contents"))))
    inside = join_xml((title, *written))
    return Xml(
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    )


def chapter_opening(context: WordContext, chapter: ReportChapter, *, is_first: bool) -> Xml:
    """Open a chapter: its group, which the contents list once, its title, and the title in the second language."""
    main = context.main
    named = f'TC "{chapter.group}" \\l 2'.replace("\n", " ")
    listed = main.field(named, "") if is_first and chapter.group else EMPTY_XML
    group = main.paragraph("Group", listed, main.runs(chapter.group)) if chapter.group else EMPTY_XML
    # The page begins with the group where there is one.
    more = '<w:pageBreakBefore w:val="0"/>' if group else ""
    return join_xml(
        (
            group,
            heading_xml(context, 1, chapter.title, number=chapter.number, anchor=chapter.anchor, more=more),
            second_language_line(context, "SecondTitle", chapter.second),
        )
    )


ProgressCallback = Callable[[str, float], None]

_WIDE_WIDTH = TEXT_WIDTH + PAGE_HEIGHT - PAGE_WIDTH
_TOP, _BOTTOM, _SIDE, _EDGE = 1361, 1247, 1134, 624
"""Margins in twips, and how far head and foot stand from the page's edge."""
_NUMBER, _COUNT = "\1", "\2"
_WRITTEN = 0.85
"""The share of the time after which all is written and the file is packed."""


def _page_numbers(context: WordContext) -> Xml:
    """Write "Page 3 of 90" with fields; the translated sentence is cut at its numbers."""
    sentence = context.say(N_("Page {page} of {pages}")).format(page=_NUMBER, pages=_COUNT)
    fields = {_NUMBER: f"PAGE{context.counting}", _COUNT: f"NUMPAGES{context.counting}"}
    parts, text = [], ""
    for character in sentence:
        if character not in fields:
            text += character
            continue
        parts += [context.main.runs(text), context.main.field(fields[character], context.texts.numeral(1))]
        text = ""
    return join_xml((*parts, context.main.runs(text)))


class _HeadersAndFooters:
    """Heads and feet of pages, one pair for each width, made when the first such page needs them."""

    def __init__(self, view: ReportContent, context: WordContext, package: WordPackage) -> None:
        self._view, self._setter, self._package = view, context, package
        self._known: dict[int, str] = {}

    def _line(self, style: str, first: Xml, last: Xml) -> Xml:
        stop = f'<w:tab w:val="right" w:pos="{self._setter.width}"/>'
        own = stop if self._setter.width == TEXT_WIDTH else f'<w:tab w:val="clear" w:pos="{TEXT_WIDTH}"/>{stop}'
        main = self._setter.main
        return main.paragraph(style, first, main.tab(), last, more=f"<w:tabs>{own}</w:tabs>")

    def references(self) -> str:
        """Return the references of a section to its head and foot."""
        width = self._setter.width
        if width not in self._known:
            main, footer = self._setter.main, self._view.footer
            head = self._line("Header", main.runs(footer.left), main.field("STYLEREF 1", ""))
            foot = self._line("Footer", main.runs(footer.content_hash), _page_numbers(self._setter))
            relations = self._package.add_header(head), self._package.add_footer(foot)
            self._known[width] = (
                f'<w:headerReference w:type="default" r:id="{relations[0]}"/>'
                f'<w:footerReference w:type="default" r:id="{relations[1]}"/>'
            )
        return self._known[width]


def _section_properties(context: WordContext, edges: _HeadersAndFooters, *, has_cover: bool) -> Xml:
    """Describe the pages up to here."""
    is_wide = context.width != TEXT_WIDTH
    size = (PAGE_HEIGHT, PAGE_WIDTH) if is_wide else (PAGE_WIDTH, PAGE_HEIGHT)
    turned = ' w:orient="landscape"' if is_wide else ""
    mirrored = "<w:bidi/><w:rtlGutter/>" if context.main.is_leftwards else ""
    return Xml(
        f'<w:sectPr>{edges.references()}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/>'
        f'<w:pgMar w:top="{_TOP}" w:right="{_SIDE}" w:bottom="{_BOTTOM}" w:left="{_SIDE}"'
        f' w:header="{_EDGE}" w:footer="{_EDGE}" w:gutter="0"/>'
        f"{'<w:titlePg/>' if has_cover else ''}{mirrored}</w:sectPr>"
    )


def _front_pages(context: WordContext, view: ReportContent) -> Iterator[Xml]:
    yield from write_cover(context, view.cover)
    for chapter in view.front:
        yield chapter_opening(context, chapter, is_first=True)
        yield from write_chapter_body(context, chapter, view.recommendations)
    if view.has_contents:
        yield contents_xml(context, view)
    if any(chapter.anchor == "messages" for chapter in view.front):
        yield from write_sender(context)


def _section_break(context: WordContext, edges: _HeadersAndFooters, *, has_cover: bool) -> Xml:
    """End the pages of one width, so that others can follow."""
    return Xml(f"<w:p><w:pPr>{_section_properties(context, edges, has_cover=has_cover)}</w:pPr></w:p>")


def _write_chapters(
    context: WordContext, view: ReportContent, edges: _HeadersAndFooters, tell: Callable[[int], None]
) -> Iterator[Xml]:
    has_cover, group = True, ""
    yield from _front_pages(context, view)
    for place, chapter in enumerate(view.body):
        tell(place)
        width = _WIDE_WIDTH if chapter.is_wide else TEXT_WIDTH
        if width != context.width:
            yield _section_break(context, edges, has_cover=has_cover)
            has_cover = False
            context.width = width
        yield chapter_opening(context, chapter, is_first=chapter.group != group)
        yield from write_chapter_body(context, chapter, view.recommendations)
        group = chapter.group
    yield _section_properties(context, edges, has_cover=has_cover)


def render_word(
    view: ReportContent, texts: Translator, progress: ProgressCallback | None = None, content: str = ""
) -> bytes:
    """Print the view as a Word file that carries ``content``; ``progress`` hears steps and shares from 0 to 1."""
    face = word_fonts(view.language, view.second_language, is_leftwards=view.direction == "rtl")
    package = WordPackage(face)
    context = make_word_context(view, texts, package.add_picture)
    writing, packing = texts.gettext(N_("Writing the chapters")), texts.gettext(N_("Packing the file"))

    def tell(place: int) -> None:
        if progress:
            progress(writing, _WRITTEN * place / max(len(view.body), 1))

    written = join_xml(_write_chapters(context, view, _HeadersAndFooters(view, context, package), tell))
    package.set_body(space_after_tables(without_dead_links(written), is_leftwards=context.main.is_leftwards))
    package.describe(view)
    if content:
        package.carry(content)
    if progress:
        progress(packing, _WRITTEN)
    return package.packed()
