"""The view as HTML: one template for paper and screen, escaped, strict about names, from bundled files only."""

import re
from collections.abc import Callable

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from capacity_app import palette, paths
from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.scoring import Band
from capacity_app.report.charts import svg
from capacity_app.report.directions import closed
from capacity_app.report.pdf.faces import with_faces_for_screen
from capacity_app.report.view.marks import CONTENT, MARKS, property_name
from capacity_app.report.view.report import ReportView
from capacity_app.texts import Texts, in_own_order

_ANCHOR = re.compile(r' id="([^"]+)"')
_LINK = re.compile(r' href="#([^"]+)"')
_BESIDE = " · "
_VARIABLE = re.compile(r"var\(--([a-z_-]+)\)")

Finalize = Callable[[object], object]


def _colours() -> dict[str, str]:
    named = {
        "ink": palette.INK,
        "muted": palette.MUTED,
        "line": palette.LINE,
        "tint": palette.TINT,
        "accent": palette.ACCENT,
        "accent-tint": palette.ACCENT_TINT,
        "accent-line": palette.ACCENT_LINE,
        "caution": palette.CAUTION,
        "caution-tint": palette.CAUTION_TINT,
        "band-absent": palette.BANDS[Band.ABSENT],
        "band-emerging": palette.BANDS[Band.EMERGING],
        "band-established": palette.BANDS[Band.ESTABLISHED],
        "band-sustained": palette.BANDS[Band.SUSTAINED],
    }
    heats = {f"heat-{found.value.partition('_')[0]}": colour for found, colour in palette.HEATS.items()}
    tints = {f"severity-{grade}-tint": palette.SEVERITY_TINTS[grade] for grade in SeverityClass}
    return named | heats | tints | {f"severity-{grade}": palette.SEVERITIES[grade] for grade in SeverityClass}


def style(*sheets: str) -> str:
    """Join bundled style sheets and put the palette's colours in; real variables cost WeasyPrint seconds."""
    folder = paths.resources_folder() / "styles"
    css = "\n".join((folder / sheet).read_text(encoding="utf-8") for sheet in sheets)
    named = _colours()
    return _VARIABLE.sub(lambda found: named[found[1]], css)


def _leaning(text: str) -> str:
    """Turn a paragraph on a mirrored page to the side from which it is read, if nothing in it is written leftwards."""
    return Markup(' dir="ltr"') if in_own_order(text) != text and "\n" not in text else ""


def _own(text: str) -> str:
    """Keep what is not written leftwards in its order, each of the things beside each other by itself.

    Else the day of a date goes with the foreign name that stands before it, away from its month.
    """
    whole = in_own_order(text)
    return whole if whole != text else _BESIDE.join(in_own_order(one) for one in text.split(_BESIDE))


def environment(texts: Texts, finalize: Finalize | None = None) -> Environment:
    """Make the template engine: escaping on, unknown names are errors, no template from anywhere else."""
    engine = Environment(
        loader=FileSystemLoader(paths.resources_folder() / "templates"),
        autoescape=True,
        finalize=lambda text: closed(finalize(text) if finalize else text),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.globals["_"] = texts.gettext
    engine.globals["numeral"] = texts.numeral
    # Typed text without a letter written leftwards keeps its order on a mirrored page: WeasyPrint has no isolation.
    engine.filters["own"] = _own if texts.right_to_left else str
    engine.filters["leaning"] = _leaning if texts.right_to_left else lambda _text: ""
    # A drawing escapes the words it says itself.
    engine.globals["chart"] = lambda chart: Markup(svg(chart.mirrored() if texts.right_to_left else chart))  # noqa: S704 - see above
    return engine


def render(view: ReportView, texts: Texts, css: str, finalize: Finalize | None = None) -> str:
    """Print the view with a style sheet; ``finalize`` sees every text before it is escaped."""
    template = environment(texts, finalize).get_template("report.html.j2")
    known = ((mark, getattr(view.identity, mark)) for mark in MARKS)
    marks = [(property_name(mark), value) for mark, value in known if value]
    sheet = Markup(css)  # noqa: S704 - our own sheets and escaped strings
    return _linked(template.render(view=view, style=sheet, marks=marks))


def _linked(html: str) -> str:
    """Take the links away that lead to parts left out. A typed quotation mark is escaped, so only ours are found."""
    anchors = set(_ANCHOR.findall(html))
    return _LINK.sub(lambda link: link[0] if link[1] in anchors else "", html)


def render_for_screen(view: ReportView, texts: Texts, content: str = "", *, with_faces: bool = True) -> str:
    """Print the view as one file that needs no other: style, letters (or only their names) and charts inside."""
    page = with_faces_for_screen(render(view, texts, style("report.css", "screen.css")), is_packed=with_faces)
    if not content:
        return page
    return page.replace("</head>", f'<meta name="{property_name(CONTENT)}" content="{content}">\n</head>', 1)
