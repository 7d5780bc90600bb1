"""Content as a web page, from one template for screen and paper; and the texts such a page prints, read back."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from capacity_app import __version__, paths, report_colours
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band
from capacity_app.domain.text_diff import PrintedText, normalize_printed
from capacity_app.i18n.translator import Translator, isolate_ltr_lines
from capacity_app.outputs.charts import svg
from capacity_app.outputs.content.elements import shorten
from capacity_app.outputs.content.identity import CONTENT, IDENTITY_KEYS, property_name
from capacity_app.outputs.content.report import ReportContent
from capacity_app.outputs.pdf.fonts import with_embedded_fonts

# A typed text that turns the direction of writing around turns only itself: what it opens is closed behind it.


_OPENS_EMBEDDING, _CLOSES_EMBEDDING = frozenset("\u202a\u202b\u202d\u202e"), "\u202c"
_OPENS_ISOLATE, _CLOSES_ISOLATE = frozenset("\u2066\u2067\u2068"), "\u2069"
_SIGNS = _OPENS_EMBEDDING | _OPENS_ISOLATE


def close_directions(text: object) -> object:
    """Close the directions that a text leaves open; anything else comes back as it is."""
    if type(text) is not str or text.isascii() or _SIGNS.isdisjoint(text):
        return text
    return text + _closing_signs(text)


def _printed(text: object, *, is_screen: bool) -> object:
    """Return a text as it is printed. Pango would break a line inside the number of a question, behind "III."."""
    text = close_directions(text)
    return text if is_screen or type(text) is not str else _POINT_IN_NUMBER.sub(_WORD_JOINER, text)


def _closing_signs(text: str) -> str:
    """Return the signs that close what a text leaves open, the last opened first."""
    still_open: list[str] = []
    for letter in text:
        if letter in _OPENS_EMBEDDING:
            still_open.append(_CLOSES_EMBEDDING)
        elif letter in _OPENS_ISOLATE:
            still_open.append(_CLOSES_ISOLATE)
        elif letter == _CLOSES_EMBEDDING and still_open[-1:] == [letter]:
            still_open.pop()
        elif letter == _CLOSES_ISOLATE and letter in still_open:
            # The end of an isolate closes everything that was opened inside it.
            while still_open.pop() != letter:
                pass
    return "".join(reversed(still_open))


_ANCHOR = re.compile(r' id="([^"]+)"')
_LINK = re.compile(r' href="#([^"]+)"')
_BESIDE = " · "
_POINT_IN_NUMBER, _WORD_JOINER = re.compile(r"(?<=[A-Z]\.)(?=\d)"), "\u2060"
_VARIABLE = re.compile(r"var\(--([a-z_-]+)\)")
_FIGURE_BEHIND_WORD = re.compile(r"(?<=[A-Za-z\u00c0-\u024f\u0370-\u052f] )(?=[0-9])")
_LEFT_TO_RIGHT_MARK = "\u200e"
_COLUMN = re.compile(r'<col class="w(\d+)">')

Finalize = Callable[[object], object]


def _colours() -> dict[str, str]:
    named = {
        "paper": report_colours.PAPER,
        "cover": report_colours.COVER,
        "ink": report_colours.INK,
        "muted": report_colours.MUTED,
        "line": report_colours.LINE,
        "tint": report_colours.TINT,
        "accent": report_colours.ACCENT,
        "accent-tint": report_colours.ACCENT_TINT,
        "accent-line": report_colours.ACCENT_LINE,
        "caution": report_colours.CAUTION,
        "caution-tint": report_colours.CAUTION_TINT,
        "band-absent": report_colours.BAND_COLOURS[Band.ABSENT],
        "band-emerging": report_colours.BAND_COLOURS[Band.EMERGING],
        "band-established": report_colours.BAND_COLOURS[Band.ESTABLISHED],
        "band-sustained": report_colours.BAND_COLOURS[Band.SUSTAINED],
    }
    heats = {f"heat-{found.value.partition('_')[0]}": colour for found, colour in report_colours.BAND_HEATS.items()}
    tints = {f"severity-{grade}-tint": report_colours.SEVERITY_TINTS[grade] for grade in GapSeverity}
    return (
        named | heats | tints | {f"severity-{grade}": report_colours.SEVERITY_COLOURS[grade] for grade in GapSeverity}
    )


def _read_style_sheets(*sheets: str) -> str:
    folder = paths.resources_folder() / "styles"
    return "\n".join((folder / sheet).read_text(encoding="utf-8") for sheet in sheets)


def join_style_sheets(*sheets: str) -> str:
    """Join bundled style sheets and put the palette's colours in; real variables cost WeasyPrint seconds."""
    named = _colours()
    return _VARIABLE.sub(lambda found: named[found[1]], _read_style_sheets(*sheets))


def screen_style_sheet() -> str:
    """Return the style sheet of the web page: colours are variables, with other values on a dark screen.

    A drawing names its colours itself; the style sheet overrules them there.
    """
    light = _colours()
    dark = {name: report_colours.DARK[colour] for name, colour in light.items()} | {"cover": report_colours.COVER_DARK}
    shapes = "".join(f'svg [fill="{colour}"]{{fill:{other}}}' for colour, other in report_colours.DARK.items())
    return (
        f":root{{color-scheme:light dark;{_declarations(light)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_declarations(dark)}}}{shapes}}}\n"
        f"{_read_style_sheets('report.css', 'annexes.css', 'screen.css')}"
    )


def _declarations(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def _direction_on_paper(text: str) -> str:
    """Turn a paragraph on a mirrored page to the side from which it is read, if nothing in it is written leftwards."""
    return Markup(' dir="ltr"') if isolate_ltr_lines(text) != text and "\n" not in text else ""


def _keep_order(text: str) -> str:
    """Keep what is not written leftwards in its order, each of the things beside each other by itself.

    Else the day of a date goes with the foreign name that stands before it, away from its month. WeasyPrint sets each
    line as if it stood alone: a figure at its beginning would go behind the words that follow it ("posts 41").
    """
    text = _FIGURE_BEHIND_WORD.sub(_LEFT_TO_RIGHT_MARK, text)
    whole = isolate_ltr_lines(text)
    return whole if whole != text else _BESIDE.join(isolate_ltr_lines(one) for one in text.split(_BESIDE))


def template_environment(
    texts: Translator, finalize: Finalize | None = None, *, is_screen: bool = False
) -> Environment:
    """Make the template engine: escaping on, unknown names are errors, no template from anywhere else."""
    engine = Environment(
        loader=FileSystemLoader(paths.resources_folder() / "templates"),
        autoescape=True,
        finalize=lambda text: _printed(finalize(text) if finalize else text, is_screen=is_screen),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.globals["_"] = texts.gettext
    engine.globals["is_screen"] = is_screen
    engine.globals["kind_of"] = lambda block: type(block).__name__
    engine.globals["numeral"] = texts.numeral
    # Typed text without a letter written leftwards keeps its order on a mirrored page. WeasyPrint forgets this from the
    # second line on, so that on paper whole paragraphs get a direction.
    engine.filters["own"] = _keep_order if texts.right_to_left else str
    engine.filters["leaning"] = _direction_on_paper if texts.right_to_left and not is_screen else lambda _: ""
    # A drawing escapes the words it says itself.
    engine.globals["chart"] = lambda chart: Markup(svg(chart.mirrored() if texts.right_to_left else chart))  # noqa: S704 - see above
    return engine


def render_html(
    view: ReportContent, texts: Translator, css: str, finalize: Finalize | None = None, *, is_screen: bool = False
) -> str:
    """Print the view with a style sheet; ``finalize`` sees every text before it is escaped."""
    template = template_environment(texts, finalize, is_screen=is_screen).get_template("report.html.j2")
    known = ((mark, getattr(view.identity, mark)) for mark in IDENTITY_KEYS) if view.identity else ()
    marks = [(property_name(mark), value) for mark, value in known if value]
    sheet = Markup(css)  # noqa: S704 - our own sheets and escaped strings
    html = template.render(view=view, style=sheet, marks=marks, program=__version__)
    return _with_column_widths(_without_dead_links(html))


def _with_column_widths(html: str) -> str:
    """Add a rule for each width of a column, in hundredths of a percent, to the style sheet of a page."""
    rules = "".join(
        f".w{width}{{width:{int(width) / 100:g}%}}" for width in sorted(set(_COLUMN.findall(html)), key=int)
    )
    return html.replace("</style>", f"{rules}</style>", 1)


def _without_dead_links(html: str) -> str:
    """Take the links away that lead to parts left out. A typed quotation mark is escaped, so only ours are found."""
    anchors = set(_ANCHOR.findall(html))
    return _LINK.sub(lambda link: link[0] if link[1] in anchors else "", html)


def render_web_page(view: ReportContent, texts: Translator, content: str = "", *, with_faces: bool = True) -> str:
    """Print the view as one file that needs no other: style, letters (or only their names) and charts inside."""
    page = with_embedded_fonts(render_html(view, texts, screen_style_sheet(), is_screen=True), is_packed=with_faces)
    if not content:
        return page
    return page.replace("</head>", f'<meta name="{property_name(CONTENT)}" content="{content}">\n</head>', 1)


# What a web page prints, text by text, each with the tags around it, which may hide it or put words before it.


_EMPTY = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_HEADINGS = re.compile(r"h[1-6]")
_FONT = re.compile(r"@font-face\s*\{[^{}]*\}")
_OWN_MARK = property_name("")
_PLACE_WIDTH = 60
_DEEPEST = 500


class _PageParser(HTMLParser):
    """Collects texts, and elements that hold none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[PrintedText] = []
        self.content = ""
        self._open: list[tuple[str, str]] = []
        self._heading, self._number, self._is_fresh = "", 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "meta" and (said.get("name") or "").startswith(_OWN_MARK):
            if said.get("name") == property_name(CONTENT):
                self.content = said.get("content") or ""
            return
        around = self._open[-1][1] if self._open else ""
        # A hash keeps the key of what is deep inside as short as that of what is not.
        key = str(hash((around, tag, tuple(sorted((name, normalize_printed(text or "")) for name, text in attrs)))))
        self._is_fresh = bool(attrs)
        if tag in _EMPTY:
            if attrs:
                self._keep("", key)
        elif len(self._open) < _DEEPEST:
            self._open.append((tag, key))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {name for name, _ in self._open}:
            return
        if self._is_fresh:
            self._keep("", self._open[-1][1])
        while self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if text := normalize_printed(_FONT.sub("", data) if self._open and self._open[-1][0] == "style" else data):
            self._keep(text, self._open[-1][1] if self._open else "")

    def handle_decl(self, decl: str) -> None:
        """Leave out the document type."""

    def unknown_decl(self, data: str) -> None:
        self._keep(data, "declaration")

    def _keep(self, text: str, key: str) -> None:
        self._number, self._is_fresh = self._number + 1, False
        if text and self._open and any(_HEADINGS.fullmatch(tag) for tag, _ in self._open):
            is_going_on = self._number == 1 and self._heading
            self._heading = shorten(f"{self._heading} {text}" if is_going_on else text, _PLACE_WIDTH)
            self._number = 0
        place = f"{self._heading} ¶ {self._number}".strip()
        self.texts.append(PrintedText(text, place, f"{key} {text}"))


def read_printed_page(page: str) -> tuple[list[PrintedText], str]:
    """Return what a web page prints, in order, and the content it carries, empty if it carries none."""
    reader = _PageParser()
    reader.feed(page)
    reader.close()
    return reader.texts, reader.content
