"""The whole Word file: front, chapters in pages upright or in landscape, heads and feet of pages, properties."""

from collections.abc import Callable, Iterator

from capacity_app.domain.problems import N_
from capacity_app.report.view.report import ReportView
from capacity_app.report.word.bodies import body
from capacity_app.report.word.compositor import Compositor, compositor_for, leading_somewhere
from capacity_app.report.word.front import PAGE_HEIGHT, PAGE_WIDTH, contents, cover, opening, summary
from capacity_app.report.word.languages import typeface
from capacity_app.report.word.looks import TEXT_WIDTH
from capacity_app.report.word.markup import NOTHING, Xml, joined
from capacity_app.report.word.package import Package
from capacity_app.texts import Texts

Progress = Callable[[str, float], None]

_WIDE_WIDTH = TEXT_WIDTH + PAGE_HEIGHT - PAGE_WIDTH
_TOP, _BOTTOM, _SIDE, _EDGE = 1361, 1247, 1134, 624
"""Margins in twips, and how far head and foot stand from the page's edge."""
_NUMBER, _COUNT = "\1", "\2"
_WRITTEN = 0.85
"""The share of the time after which all is written and the file is packed."""


def _pages(setter: Compositor) -> Xml:
    """Write "Page 3 of 90" with fields; the translated sentence is cut at its numbers."""
    sentence = setter.say(N_("Page {page} of {pages}")).format(page=_NUMBER, pages=_COUNT)
    fields = {_NUMBER: f"PAGE{setter.counting}", _COUNT: f"NUMPAGES{setter.counting}"}
    parts, text = [], ""
    for character in sentence:
        if character not in fields:
            text += character
            continue
        parts += [setter.main.runs(text), setter.main.field(fields[character], setter.texts.numeral(1))]
        text = ""
    return joined((*parts, setter.main.runs(text)))


class _Edges:
    """Heads and feet of pages, one pair for each width, made when the first such page needs them."""

    def __init__(self, view: ReportView, setter: Compositor, package: Package) -> None:
        self._view, self._setter, self._package = view, setter, package
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
            foot = self._line("Footer", main.runs(footer.content_hash), _pages(self._setter))
            relations = self._package.add_header(head), self._package.add_footer(foot)
            self._known[width] = (
                f'<w:headerReference w:type="default" r:id="{relations[0]}"/>'
                f'<w:footerReference w:type="default" r:id="{relations[1]}"/>'
            )
        return self._known[width]


def _section(setter: Compositor, edges: _Edges, *, has_cover: bool) -> Xml:
    """Describe the pages up to here."""
    is_wide = setter.width != TEXT_WIDTH
    size = (PAGE_HEIGHT, PAGE_WIDTH) if is_wide else (PAGE_WIDTH, PAGE_HEIGHT)
    turned = ' w:orient="landscape"' if is_wide else ""
    mirrored = "<w:bidi/><w:rtlGutter/>" if setter.main.is_leftwards else ""
    return Xml(
        f'<w:sectPr>{edges.references()}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/>'
        f'<w:pgMar w:top="{_TOP}" w:right="{_SIDE}" w:bottom="{_BOTTOM}" w:left="{_SIDE}"'
        f' w:header="{_EDGE}" w:footer="{_EDGE}" w:gutter="0"/>'
        f"{'<w:titlePg/>' if has_cover else ''}{mirrored}</w:sectPr>"
    )


def _front(setter: Compositor, view: ReportView) -> Iterator[Xml]:
    if view.cover:
        yield from cover(setter, view.cover)
    if view.summary:
        yield from summary(setter, view.summary)
    if view.has_contents:
        yield contents(setter, view)


def _turn(setter: Compositor, edges: _Edges, *, has_cover: bool) -> Xml:
    """End the pages of one width, so that others can follow."""
    return Xml(f"<w:p><w:pPr>{_section(setter, edges, has_cover=has_cover)}</w:pPr></w:p>")


def _written(setter: Compositor, view: ReportView, edges: _Edges, tell: Callable[[int], None]) -> Iterator[Xml]:
    has_cover, is_empty, group = view.cover is not None, True, ""
    for piece in _front(setter, view):
        is_empty = False
        yield piece
    for place, chapter in enumerate(view.chapters):
        tell(place)
        width = _WIDE_WIDTH if chapter.is_wide else TEXT_WIDTH
        if width != setter.width:
            if not is_empty:
                yield _turn(setter, edges, has_cover=has_cover)
                has_cover = False
            setter.width = width
        yield opening(setter, chapter, is_first=chapter.group != group)
        yield from body(setter, chapter)
        is_empty, group = False, chapter.group
    yield _section(setter, edges, has_cover=has_cover)


def render_word(view: ReportView, texts: Texts, progress: Progress | None = None, content: str = "") -> bytes:
    """Print the view as a Word file that carries ``content``; ``progress`` hears steps and shares from 0 to 1."""
    face = typeface(view.language, view.second_language, is_leftwards=view.direction == "rtl")
    package = Package(face)
    setter = compositor_for(view, texts, package.add_picture)
    writing, packing = texts.gettext(N_("Writing the chapters")), texts.gettext(N_("Packing the file"))

    def tell(place: int) -> None:
        if progress:
            progress(writing, _WRITTEN * place / len(view.chapters))

    written = joined(_written(setter, view, _Edges(view, setter, package), tell))
    package.set_body(leading_somewhere(written or NOTHING))
    package.describe(view)
    if content:
        package.carry(content)
    if progress:
        progress(packing, _WRITTEN)
    return package.packed()
