"""The report as PDF: set by WeasyPrint from bundled files only, the same bytes for the same dossier."""

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from capacity_app import palette, paths
from capacity_app.domain.problems import N_
from capacity_app.report.html import render, style
from capacity_app.report.view import ReportView
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "resource:"
_BUNDLED = {"fonts": "font/ttf"}
_EPOCH = "SOURCE_DATE_EPOCH"
_LETTERS_PER_PAGE = 5_000
"""Letters of HTML that fill a page, roughly: only progress is estimated from it."""
_STEP = re.compile(r"Step (\d+) - (?:Creating layout - Page (\d+)$)?")
_LAYING_OUT = 5
_SHARES = {1: 0.04, 2: 0.06, 3: 0.1, 4: 0.2, 6: 0.78, 7: 0.97}
"""How far each step of WeasyPrint begins, as measured: reading, styles, boxes, then laying out, writing, finishing."""
_LAID_FROM, _LAID_UNTIL = 0.28, 0.76
_SENTENCES = (N_("Preparing the pages"), N_("Writing the pages"))
TellStep = Callable[[int, int], None]
_NO_TIME = 946_684_800
"""1 January 2000: what stands in font tables when a dossier has no time."""


def css_string(text: str) -> str:
    """Write any text as a CSS string: everything but plain letters, digits and spaces as its number."""
    plain = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in text)
    return '"' + "".join(plain) + '"'


def _footer_css(view: ReportView, texts: Texts) -> str:
    """Say at the foot of each page where one is; the translated sentence is cut at its numbers."""
    sentence = texts.gettext(N_("Page {page} of {pages}"))
    filled = sentence.format(page="\0page\0", pages="\0pages\0")
    parts = (f"counter({part})" if part in {"page", "pages"} else css_string(part) for part in filled.split("\0"))
    numbers = " ".join(parts)
    look = f'font: 7pt "Noto Sans"; color: {palette.MUTED}; vertical-align: top; padding-top: 3mm'
    behind = f"{numbers} {css_string('  ·  ' + view.footer.fingerprint)}"
    # Boxes at the margin have sides, not beginnings: mirrored, they change places.
    first, last = ("right", "left") if view.direction == "rtl" else ("left", "right")
    before = css_string(view.footer.left)
    return (
        f"@page {{ @bottom-{first} {{ content: {before}; {look}; width: 50%; text-align: {first} }}"
        f" @bottom-{last} {{ content: {behind}; {look}; width: 50%; text-align: {last} }} }}"
        "@page cover { @bottom-left { content: none } @bottom-right { content: none } }"
    )


def html_for_paper(view: ReportView, texts: Texts) -> str:
    """Print the view as the HTML that WeasyPrint sets."""
    return render(view, texts, style("report.css", "print.css") + "\n" + _footer_css(view, texts))


def bundled_only() -> "URLFetcher":
    """Make a fetcher that knows the bundled fonts and refuses everything else, files and network alike."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - WeasyPrint costs 0.7 s at start-up

    class BundledOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint publishes no types
        def fetch(self, url: str, headers: Any = None) -> "URLFetcherResponse":  # noqa: ANN401, ARG002 - as inherited
            folder, _, name = url.removeprefix(SCHEME).partition("/")
            file = paths.resources_folder() / folder / name
            if not url.startswith(SCHEME) or folder not in _BUNDLED or not file.is_file() or "/" in name:
                message = f"Only bundled files may be used: {url}"
                raise ValueError(message)
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": _BUNDLED[folder]})

    return BundledOnly()


@contextmanager
def _dated(changed: str) -> Iterator[None]:
    """Give font tables the dossier's time instead of now, for as long as the pages are set."""
    before = os.environ.get(_EPOCH)
    os.environ[_EPOCH] = str(_seconds(changed))
    try:
        yield
    finally:
        if before is None:
            del os.environ[_EPOCH]
        else:
            os.environ[_EPOCH] = before


def _seconds(changed: str) -> int:
    try:
        moment = datetime.fromisoformat(changed)
    except ValueError:
        return _NO_TIME
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


class _StepListener(logging.Handler):
    """Hears from WeasyPrint which step it is at and which page it is laying out."""

    def __init__(self, tell: "TellStep") -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Pass step and page on."""
        found = _STEP.match(record.getMessage())
        if found:
            self._tell(int(found[1]), int(found[2] or 0))


@contextmanager
def _heard(tell: "TellStep") -> Iterator[None]:
    """Listen for steps, for as long as the pages are set."""
    logger = logging.getLogger("weasyprint.progress")
    level, listener = logger.level, _StepListener(tell)
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)


def set_pages(html: str, changed: str, identifier: bytes, tell: "TellStep | None" = None) -> bytes:
    """Set HTML as a PDF.

    ``changed`` is its time (ISO 8601), ``identifier`` what the file says of its identity; ``tell`` hears
    the number of each of WeasyPrint's steps and, in the step that lays out, of the page.
    """
    from weasyprint import HTML  # noqa: PLC0415 - WeasyPrint costs 0.7 s at start-up

    with _dated(changed), _heard(tell or (lambda _step, _page: None)):
        document = HTML(string=html, base_url=SCHEME, url_fetcher=bundled_only())
        return bytes(document.write_pdf(pdf_identifier=identifier))


def render_pdf(view: ReportView, texts: Texts, progress: Callable[[str, float], None] | None = None) -> bytes:
    """Print the view as PDF; ``progress`` hears what is being done and shares from 0 to 1, never less than before."""
    html = html_for_paper(view, texts)
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

    return set_pages(html, view.changed, view.footer.fingerprint.encode(), tell)
