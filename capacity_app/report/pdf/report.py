"""The report as PDF: set by WeasyPrint from bundled files only, the same bytes for the same dossier."""

from collections.abc import Callable
from typing import Any

from capacity_app import palette
from capacity_app.domain.problems import N_
from capacity_app.report.html import render, style
from capacity_app.report.pdf.faces import SCHEME, with_faces_for_paper
from capacity_app.report.pdf.filing import write_once
from capacity_app.report.pdf.languages import mend_languages
from capacity_app.report.pdf.legible import mend_letters
from capacity_app.report.pdf.letters import numbered, printable
from capacity_app.report.pdf.press import OUTPUT, TellStep, bundled_only, colours, ready
from capacity_app.report.pdf.signing import Identity, add_field, sign
from capacity_app.report.pdf.soft_breaks import breakable
from capacity_app.report.pdf.structure import mend_links, mend_tables
from capacity_app.report.pdf.xmp import VARIANT, finish
from capacity_app.report.view.report import Footer, ReportView
from capacity_app.texts import Texts

__all__ = [
    "bundled_only", "counters_css", "css_string", "footer_css", "html_for_paper", "page_numbers", "print_pages",
    "render_pdf", "set_pages",
]  # fmt: skip

_LETTERS_PER_PAGE = 5_000
"""Letters of HTML that fill a page, roughly: only progress is estimated from it."""
_LAYING_OUT = 5
_SHARES = {1: 0.04, 2: 0.06, 3: 0.1, 4: 0.2, 6: 0.78, 7: 0.97}
"""How far each step of WeasyPrint begins, as measured: reading, styles, boxes, then laying out, writing, finishing."""
_LAID_FROM, _LAID_UNTIL = 0.28, 0.76
_COUNTER_STYLES = {"arab": "arabic-indic", "thai": "thai"}
"""How CSS calls the digits that can be chosen besides 0-9."""
_SENTENCES = (N_("Preparing the pages"), N_("Writing the pages"))


def css_string(text: str) -> str:
    """Write any text as a CSS string: everything but plain letters, digits and spaces as its number."""
    plain = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in text)
    return '"' + "".join(plain) + '"'


def page_numbers(texts: Texts) -> str:
    """Return where one is as CSS content; the translated sentence is cut at its numbers."""
    sentence = numbered(texts.gettext(N_("Page {page} of {pages}")))
    filled = sentence.format(page="\0page\0", pages="\0pages\0")
    digits = _COUNTER_STYLES.get(texts.digits, "decimal")
    return " ".join(
        f"counter({part}, {digits})" if part in {"page", "pages"} else css_string(part) for part in filled.split("\0")
    )


def counters_css(texts: Texts) -> str:
    """Let what the pages count themselves have the digits that were chosen; the style sheets count with 0-9."""
    digits = _COUNTER_STYLES.get(texts.digits)
    if digits is None:
        return ""
    places = ".contents .line a::after, table.parts .page a::after"
    return f"{places} {{ content: target-counter(attr(href), page, {digits}) }} ol {{ list-style-type: {digits} }}"


def footer_css(footer: Footer, texts: Texts) -> str:
    """Say at the foot of each page where one is."""
    numbers = page_numbers(texts)
    look = f'font: 7pt "Noto Sans"; color: {palette.MUTED}; vertical-align: top; padding-top: 3mm'
    behind = f"{numbers} {css_string('  ·  ' + numbered(footer.content_hash))}"
    # Boxes at the margin have sides, not beginnings: mirrored, they change places.
    first, last = ("right", "left") if texts.right_to_left else ("left", "right")
    before = css_string(numbered(footer.left))
    return (
        f"@page {{ @bottom-{first} {{ content: {before}; {look}; width: 42%; text-align: {first} }}"
        f" @bottom-{last} {{ content: {behind}; {look}; width: 58%; text-align: {last} }} }}"
        "@page cover { @bottom-left { content: none } @bottom-right { content: none } }"
    )


def html_for_paper(view: ReportView, texts: Texts) -> str:
    """Print the view as the HTML that WeasyPrint sets."""
    sheets = style("report.css", "across.css", "print.css")
    css = "\n".join((sheets, footer_css(view.footer, texts), counters_css(texts)))
    return with_faces_for_paper(render(view, texts, css, lambda text: breakable(printable(text))))


def set_pages(
    html: str,
    changed: str,
    identifier: bytes,
    tell: TellStep | None = None,
    *,
    signer: Identity | None = None,
    label: str = "",
) -> bytes:
    """Set HTML as a PDF that is PDF/A-2a and PDF/UA-1, with bundled type only, signed if somebody signs it.

    ``changed`` is its time (ISO 8601), ``identifier`` what the file says of its identity; ``tell`` hears
    the number of each of WeasyPrint's steps and, in the step that lays out, of the page. ``label`` is what a voice
    reads where the signature stands.
    """
    from weasyprint import HTML, Document  # noqa: PLC0415 - WeasyPrint costs 0.7 s at start-up

    def last(document: Document, pdf: Any) -> None:  # noqa: ANN401 - WeasyPrint publishes no types
        finish(document, pdf)
        mend_letters(pdf)
        mend_languages(document, pdf)
        mend_links(pdf)
        mend_tables(pdf)
        if signer:
            add_field(pdf, label)
        write_once(pdf, identifier)

    with ready(changed, tell or (lambda _step, _page: None)):
        page = HTML(string=with_faces_for_paper(html), base_url=SCHEME, url_fetcher=bundled_only())
        made = bytes(page.write_pdf(pdf_variant=VARIANT, output_intent=OUTPUT, color_profiles=colours(), finisher=last))
    return sign(made, signer) if signer else made


def render_pdf(
    view: ReportView,
    texts: Texts,
    progress: Callable[[str, float], None] | None = None,
    signer: Identity | None = None,
) -> bytes:
    """Print the view as PDF; ``progress`` hears what is being done and shares from 0 to 1, never less than before."""
    return print_pages(html_for_paper(view, texts), view.changed, view.footer, texts, progress, signer)


def print_pages(
    html: str,
    changed: str,
    footer: Footer,
    texts: Texts,
    progress: Callable[[str, float], None] | None = None,
    signer: Identity | None = None,
) -> bytes:
    """Set HTML for paper as PDF, telling progress; ``changed`` is its time (ISO 8601)."""
    expected = max(len(html) // _LETTERS_PER_PAGE, 1)
    furthest, reached = 0, 0.0

    def tell(step: int, page: int) -> None:
        nonlocal furthest, reached
        share = _LAID_FROM + (_LAID_UNTIL - _LAID_FROM) * min(page / expected, 1.0) if page else _SHARES.get(step, 0.0)
        # Once the contents know their page numbers WeasyPrint goes through the pages again: that is no step back.
        if progress is None or share < reached or (step == _LAYING_OUT and page <= furthest):
            return
        furthest, reached = max(furthest, page), share
        setting = texts.gettext(N_("Setting page {page}")).format(page=texts.number(page))
        progress(setting if page else texts.gettext(_SENTENCES[step > _LAYING_OUT]), share)

    label = texts.gettext(N_("Signature of this file"))
    return set_pages(html, changed, footer.content_hash.encode(), tell, signer=signer, label=label)
