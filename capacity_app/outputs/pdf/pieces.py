"""Long volumes in pieces: each is laid out, drawn and forgotten before the next, so that memory stays small.

WeasyPrint keeps a whole document in memory several times over: its elements, their styles, boxes before and after the
layout, what is drawn. A long volume is therefore cut before chapters. A piece begins on the page and at the height
where the one before it ended: the pages are those of one document. Page numbers come last, in a layer that is laid
over the pages, and so do the first pages, whose contents tell pages too.
"""

import gc
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from pydyf import Dictionary  # type: ignore[import-untyped]
from weasyprint import CSS, Document
from weasyprint.formatting_structure.boxes import LineBox, MarginBox, PageBox, ReplacedBox, TextBox
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import FontConfiguration

from capacity_app.outputs.pdf.pdf_writer import stream_content

if TYPE_CHECKING:
    from weasyprint import HTML, Page

_CHAPTER, _PART = re.compile('(?=<section class="chapter )'), re.compile("(?=\n<h2>)")
_CONTENTS, _WIDE = '<nav class="contents"', re.compile('<section class="[^"]* wide"')
_OPENING = re.compile('(<section [^>]*)>.*?( data-running="[^"]*")', re.DOTALL)
_GOES_ON = ' style="margin-top: 0; string-set: running attr(data-running)">'
_GAP = "gap"
"""An element that is as high as what another piece has put on the page already."""
_LINK = re.compile('href="#([^"]+)"')
_LETTERS = 60_000
"""Letters of HTML in a piece, about ten pages: memory for a piece is small against that for the program itself."""
_POINTS = 0.75
"""WeasyPrint counts 96 to the inch, PDF 72."""
_PAGE_OF = "target-counter(attr(href), page"
"""How style sheets ask for the page of what a link points to."""


def _gather(texts: list[str], until: Callable[[str, str], bool]) -> list[str]:
    """Join texts that follow one another; each but the first begins where ``until`` says so."""
    gathered = texts[:1]
    for text in texts[1:]:
        if until(gathered[-1], text):
            gathered.append(text)
        else:
            gathered[-1] += text
    return gathered


def _is_full(piece: str, following: str) -> bool:
    """Return whether a piece is long enough; around a page of another shape styles look at the chapter before."""
    is_bound = _WIDE.match(_CHAPTER.split(piece)[-1]) or _WIDE.match(following)
    return len(piece) >= _LETTERS and not is_bound


def _split_chapter(chapter: str) -> list[str]:
    """Cut a long chapter before its parts: the rest goes on with its title at the head of the pages."""
    begun = _OPENING.match(chapter)
    first, *others = _gather(_PART.split(chapter), _is_full)
    return [first, *(f"{begun[1]}{begun[2]}{_GOES_ON}{other}" for other in others if begun)]


def _chapters(html: str) -> tuple[list[str], int]:
    """Return the cover and the chapters of a page of HTML, and how many come before its contents end; 0 without any."""
    chapters = _CHAPTER.split(html.partition("<body>")[2].rpartition("</main>")[0])
    return chapters, next((number for number, chapter in enumerate(chapters, start=1) if _CONTENTS in chapter), 0)


def first_pages(html: str) -> str:
    """Return HTML with only the pages before the contents, without page numbers; empty if there are no contents."""
    chapters, front = _chapters(html)
    opening = html.partition("<body>")[0]
    return f"{opening}<style>{_UNNUMBERED}</style><body>{''.join(chapters[: front - 1])}</main>" if front else ""


def split_report(html: str) -> list[str]:
    """Return what stands in the pieces of a page of HTML, first the pages with its contents; none if it is short."""
    chapters, front = _chapters(html)
    body = [piece for chapter in chapters[front:] for piece in _split_chapter(chapter)] if front else []
    is_long = sum(map(len, body)) > 4 * _LETTERS
    return ["".join(chapters[:front]), *_gather(body, _is_full)] if is_long else []


# A page that is drawn: WeasyPrint writes it as one of its own, but nothing is left of its boxes but what is tagged.


_STYLES = ("display", "list_style_type", "lang")
_EDGES = (
    "position_x", "position_y", "margin_left", "margin_top", "border_left_width", "border_top_width", "padding_left",
    "padding_top", "width", "height",
)  # fmt: skip


class _DrawnPage:
    """A page drawn in one layer or more, each with the end of a piece, the beginning of one, or the page number."""

    def __init__(self, page: "Page") -> None:
        self.width, self.height, self.bleed = page.width, page.height, page.bleed
        self.name = page._page_box.page_type.name  # noqa: SLF001 - what CSS calls the kind of page
        self.bookmarks: list[Any] = []
        self.links: list[Any] = []
        self.anchors: dict[str, Any] = {}
        self.forms: dict[None, list[Any]] = {None: []}
        self._page_box = object.__new__(PageBox)
        self._page_box.element, self._page_box.children = None, []
        self._tags: dict[Any, Any] = {}
        self._drawn: list[bytes] = []
        self._resources: dict[str, Any] = {}

    def add_layer(
        self, page: "Page", layout: "PiecewiseLayout", *, is_first: bool = False, is_margin: bool = False
    ) -> None:
        """Draw another layer on the page, before the others or behind; of one for its margin nothing else counts."""
        kept: dict[Any, Any] = {}
        box, self._resources = page._page_box, layout.resources  # noqa: SLF001 - as above
        marks: dict[Any, Any] = dict.fromkeys(range(len(self._tags)))
        stream = Stream(
            layout.fonts, (0, 0, page.width, page.height), layout.resources, {}, marks, layout.profiles, layout.intent
        )
        stream.transform(d=-1, f=page.height * _POINTS)
        begun = len(stream.stream)
        page.paint(stream, _POINTS)
        children = [child for child in box.children if not is_margin or isinstance(child, MarginBox)]
        for before, new in (
            (self._drawn, [stream_content(stream.stream[begun:])]),
            (self._page_box.children, [_without_layout(child, kept) for child in children]),
            (self.bookmarks, page.bookmarks),
        ):
            place = 0 if is_first else len(before)
            before[place:place] = new
        self._tags |= {kept[each]: _mark(**mark) for each, mark in marks.items() if mark}
        self.anchors |= page.anchors
        self.links += [(*link, kept[getattr(box, "_box", box)]) for *link, box in page.links]

    def paint(self, stream: Any, _scale: float) -> None:  # noqa: ANN401 - WeasyPrint publishes no types
        """Put what is drawn into the file's stream for this page."""
        stream.stream += self._drawn
        stream._tags.update(self._tags)  # noqa: SLF001 - as above
        for kind, known in self._resources.items():
            stream._resources[kind].update(known)  # noqa: SLF001 - as above


@cache
def _style(*values: object) -> dict[str, object]:
    return dict(zip(_STYLES, values, strict=True))


@cache
def _element(scope: str | None) -> Element:
    return Element("", {"scope": scope} if scope else {})


@cache
def _mark(tag: str, mcid: int) -> dict[str, object]:
    return {"tag": tag, "mcid": mcid}


def _without_layout(box: Any, kept: dict[Any, Any]) -> Any:  # noqa: ANN401 - as above
    """Copy a box with what tags are made of, and note which became what."""
    box = getattr(box, "_box", box)  # what is placed absolutely stands behind a placeholder
    bare = kept[box] = object.__new__(type(box))
    bare.style = _style(*(box.style[name] for name in _STYLES))
    if isinstance(box, TextBox):
        return bare
    bare.element_tag, bare.element = box.element_tag, None
    if isinstance(box, ReplacedBox):
        bare.element = box.element
        for name in _EDGES:
            setattr(bare, name, getattr(box, name))
    elif box.element is not None:
        bare.element = _element(box.element.get("scope"))
    if box.is_table_wrapper:
        bare.is_table_wrapper = True
    if (box.colspan, box.rowspan) != (1, 1):
        bare.colspan, bare.rowspan = box.colspan, box.rowspan
    bare.children = tuple(_without_layout(child, kept) for child in _inside(box))
    return bare


def _inside(box: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield what stands in a box, that of lines themselves: only where texts have no tag around them lines count."""
    is_bare = isinstance(box, MarginBox) or box.element_tag in {"html", "body"}
    for child in box.children:
        if child.element_tag != _GAP:
            yield from child.children if isinstance(child, LineBox) and not is_bare else (child,)


_UNNUMBERED = "@page { @bottom-left { content: none } @bottom-right { content: none } }"
_NUMBERS_ONLY = "@page { @top-center { content: none } }"


class PiecewiseLayout:
    """Lays out pieces of HTML with one style sheet and one set of fonts, draws them, and keeps the drawn pages."""

    def __init__(self, html: str, source: Callable[[str], "HTML"], profiles: dict[str, Any], intent: str) -> None:
        opening, _, rest = html.partition("<style>")
        css, _, rest = rest.partition("</style>")
        self._opening, self._source, self._type = opening + rest.partition("<body>")[0], source, FontConfiguration()
        self._style = self._parse(css.replace(_PAGE_OF, "counter(at"))
        self.fonts: dict[Any, Any] = {}
        self.resources = {"ExtGState": Dictionary()}  # the only kind that reports need: no pictures, no shades
        self.profiles, self.intent = profiles, intent
        self._pages: list[_DrawnPage] = []

    def _parse(self, css: str) -> CSS:
        page = self._source("")
        return CSS(string=css, base_url=page.base_url, url_fetcher=page.url_fetcher, font_config=self._type)

    def _render(self, body: str, css: str = _UNNUMBERED) -> Document:
        return self._source(f"{self._opening}<body>{body}").render(
            font_config=self._type, color_profiles=self.profiles, output_intent=self.intent,
            stylesheets=[self._style, self._parse(css)],
        )  # fmt: skip

    def render(self, pieces: list[str], tell: Callable[[int], None]) -> Document:
        """Lay out and draw all pieces; ``tell`` hears how many pages stand before the next piece."""
        front, *others = pieces
        end, count = self._count_pages(front)
        for piece in others:
            gc.collect()  # parts of what was laid out know one another, so that it would stay
            tell(len(self._pages) - 1)
            end = self._draw_chapters(piece, end)
        gc.collect()
        tell(0)
        metadata = self._draw_front(front, count)
        self._draw_numbers()
        gc.collect()
        fetcher = self._source("").url_fetcher
        whole = Document(self._pages, metadata, fetcher, self._type, self.profiles, self.intent)
        whole.fonts = self.fonts
        return whole

    def _count_pages(self, front: str) -> tuple[float, int]:
        """Lay out the first pages, and return where they end and how many they are."""
        pages = self._render(front).pages
        self._pages = [_DrawnPage(page) for page in pages]
        return _end(pages[-1]), len(pages)

    def _draw_chapters(self, chapters: str, begin: float) -> float:
        """Draw chapters that begin somewhere on the last page, and return where they end."""
        pages = self._render(f'<main><{_GAP} style="display: block; height: {begin}px"></{_GAP}>{chapters}').pages
        self._pages += map(_DrawnPage, pages[1:])
        for drawn, page in zip(self._pages[-len(pages) :], pages, strict=True):
            drawn.add_layer(page, self)
        return _end(pages[-1])

    def _draw_front(self, front: str, count: int) -> Any:  # noqa: ANN401 - as above
        """Draw the first pages, now that their contents can say where each chapter is."""
        pages = {anchor: number for number, drawn in enumerate(self._pages, start=1) for anchor in drawn.anchors}
        rules = (f'[href="#{to}"] {{ counter-reset: at {pages[to]} }}' for to in _LINK.findall(front) if to in pages)
        document = self._render(front, _UNNUMBERED + "".join(rules))
        for drawn, page in zip(self._pages[:count], document.pages, strict=True):
            drawn.add_layer(page, self, is_first=True)
        return document.metadata

    def _draw_numbers(self) -> None:
        """Draw what the foot of a page says, now that it is known how many there are."""
        blank = (f'<div style="break-before: page; page: {drawn.name or "auto"}"></div>' for drawn in self._pages)
        for drawn, page in zip(self._pages, self._render("".join(blank), _NUMBERS_ONLY).pages, strict=True):
            drawn.add_layer(page, self, is_margin=True)


def _end(page: "Page") -> float:
    """Return how far down its last chapter fills a page."""
    whole = page._page_box  # noqa: SLF001 - as above
    box = whole.children[0]
    for _ in ("body", "main", "section"):
        box = box.children[-1]
    return float(box.border_box_y() + box.border_height() - whole.content_box_y())
