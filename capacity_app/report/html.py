"""The view as HTML: one template for paper and screen, escaped, strict about names, from bundled files only."""

import base64
import io
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from capacity_app import palette, paths
from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.scoring import Band
from capacity_app.report import charts
from capacity_app.report.view import ReportView
from capacity_app.texts import Texts

_FACES = (
    ("NotoSans-Regular.ttf", "Noto Sans", "normal", "400"),
    ("NotoSans-Bold.ttf", "Noto Sans", "normal", "700"),
    ("NotoSans-Italic.ttf", "Noto Sans", "italic", "400"),
    ("NotoSansSymbols2-Subset.ttf", "Noto Sans Symbols2 Subset", "normal", "400"),
    ("NotoSansMath-Subset.ttf", "Noto Sans Math Subset", "normal", "400"),
)
_ARABIC = (
    ("NotoSansArabic-Regular.ttf", "Noto Sans Arabic", "normal", "400"),
    ("NotoSansArabic-Bold.ttf", "Noto Sans Arabic", "normal", "700"),
)
_ARABIC_LETTERS = frozenset(
    (*range(0x600, 0x780), *range(0x8A0, 0x900), *range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00))
)
_ANCHOR = re.compile(r' id="([^"]+)"')
_LINK = re.compile(r' href="#([^"]+)"')
_VARIABLE = re.compile(r"var\(--([a-z_-]+)\)")


def _colours() -> dict[str, str]:
    named = {
        "ink": palette.INK,
        "muted": palette.MUTED,
        "line": palette.LINE,
        "tint": palette.TINT,
        "accent": palette.ACCENT,
        "accent-tint": palette.ACCENT_TINT,
        "caution": palette.CAUTION,
        "band-absent": palette.BANDS[Band.ABSENT],
        "band-emerging": palette.BANDS[Band.EMERGING],
        "band-established": palette.BANDS[Band.ESTABLISHED],
        "band-sustained": palette.BANDS[Band.SUSTAINED],
    }
    return named | {f"severity-{grade}": palette.SEVERITIES[grade] for grade in SeverityClass}


def style(*sheets: str) -> str:
    """Join bundled style sheets and put the palette's colours in; real variables cost WeasyPrint seconds."""
    folder = paths.resources_folder() / "styles"
    css = "\n".join((folder / sheet).read_text(encoding="utf-8") for sheet in sheets)
    named = _colours()
    return _VARIABLE.sub(lambda found: named[found[1]], css)


def environment(texts: Texts) -> Environment:
    """Make the template engine: escaping on, unknown names are errors, no template from anywhere else."""
    engine = Environment(
        loader=FileSystemLoader(paths.resources_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.globals["_"] = texts.gettext
    # Matplotlib's output holds no words of ours or of anybody: it may stand in the page as it is.
    engine.globals["chart"] = lambda chart: Markup(charts.draw(chart))  # noqa: S704 - see above
    return engine


def render(view: ReportView, texts: Texts, css: str) -> str:
    """Print the view with a style sheet."""
    template = environment(texts).get_template("report.html.j2")
    return _linked(template.render(view=view, style=Markup(css)))  # noqa: S704 - our own sheets and escaped strings


def _linked(html: str) -> str:
    """Take the links away that lead to parts left out. A typed quotation mark is escaped, so only ours are found."""
    anchors = set(_ANCHOR.findall(html))
    return _LINK.sub(lambda link: link[0] if link[1] in anchors else "", html)


def _subset(file: Path, letters: Iterable[int]) -> bytes:
    """Reduce a font to some letters and pack it for the web."""
    from fontTools import subset  # type: ignore[import-untyped]  # noqa: PLC0415 - only a report for the screen needs it

    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    buffer = io.BytesIO()
    with closing(subset.load_font(str(file), options)) as font:
        reducer = subset.Subsetter(options)
        reducer.populate(unicodes=sorted(letters))
        reducer.subset(font)
        subset.save_font(font, buffer, options)
    return buffer.getvalue()


def _face(name: str, family: str, slope: str, weight: str, letters: Iterable[int]) -> str:
    packed = base64.b64encode(_subset(paths.resources_folder() / "fonts" / name, letters)).decode()
    return (
        f'@font-face{{font-family:"{family}";font-style:{slope};font-weight:{weight};'
        f'src:url("data:font/woff2;base64,{packed}") format("woff2")}}'
    )


def render_for_screen(view: ReportView, texts: Texts) -> str:
    """Print the view as one file that needs no other: style, letters and charts inside."""
    plain = render(view, texts, style("report.css", "screen.css"))
    letters = {ord(letter) for letter in plain}
    faces = (*_FACES, *_ARABIC) if letters & _ARABIC_LETTERS else _FACES
    fonts = "\n".join(_face(*face, letters) for face in faces)
    return plain.replace("<style>", f"<style>{fonts}\n", 1)
