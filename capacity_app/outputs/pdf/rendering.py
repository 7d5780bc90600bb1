"""Reports and the recovery sheet as PDF, set by WeasyPrint from bundled files only, always the same bytes."""

import ctypes.util
import gc
import hashlib
import io
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from copy import copy
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from capacity_app import paths, report_colours
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import parse_moment
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.private_folders import private_folder
from capacity_app.i18n.languages import NUMBERING_SYSTEMS
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import PageFooter, ReportContent
from capacity_app.outputs.html_pages import join_style_sheets, render_html, template_environment
from capacity_app.outputs.pdf.fonts import (
    RESOURCE_SCHEME,
    add_soft_breaks,
    replace_missing_glyphs,
    to_printable,
    with_font_rules,
)
from capacity_app.outputs.pdf.pdf_writer import VARIANT, use_own_writer, write_metadata
from capacity_app.outputs.pdf.signatures import SigningIdentity, add_signature_field, sign_pdf

if TYPE_CHECKING:
    from weasyprint import CSS, HTML, Document
    from weasyprint.urls import URLFetcher, URLFetcherResponse


# What surrounds the setting of pages: our own files and type, the time of the dossier, no pauses, and steps heard.


StepCallback = Callable[[int, int], None]
"""Hears the number of each of WeasyPrint's steps and, in the step that lays out, of the page."""

OUTPUT_COLOURS = "sRGB"
"""The name of the colours the pages are meant in."""
_BUNDLED = {"fonts": "font/ttf"}
_PSEUDO_ELEMENT = 3
"""Where a rule of a style sheet says what it is for: None for elements themselves."""
_EPOCH, _FONTS = "SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"
_STEP = re.compile(r"Step (\d+) - (?:Creating layout - Page (\d+)$)?")
_NO_TIME = 946_684_800
"""1 January 2000: what stands in font tables when a dossier has no time."""


def bundled_fetcher() -> "URLFetcher":
    """Make a fetcher that knows the bundled fonts and refuses everything else, files and network alike."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - as above

    class BundledOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint publishes no types
        def fetch(self, url: str, headers: Any = None) -> "URLFetcherResponse":  # noqa: ANN401, ARG002 - as inherited
            folder, _, name = url.removeprefix(RESOURCE_SCHEME).partition("/")
            file = paths.resources_folder() / folder / name
            if not url.startswith(RESOURCE_SCHEME) or folder not in _BUNDLED or not file.is_file() or "/" in name:
                message = f"Only bundled files may be used: {url}"
                raise ValueError(message)
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": _BUNDLED[folder]})

    return BundledOnly()


def _without_unused_rules(sheet: "CSS") -> "CSS":
    """Copy WeasyPrint's own style sheet without rules for the notes and the marker of every element.

    They give every element six more styles, used or not: a fifth of the memory of a long report. Our pages have no
    notes, and markers in lists only.
    """
    lean, matcher = copy(sheet), copy(sheet.matcher)
    everywhere = matcher.other_selectors
    by_name = matcher.lower_local_name_selectors
    markers = [rule for rule in everywhere if rule[_PSEUDO_ELEMENT] == "marker"]
    matcher.other_selectors = [rule for rule in everywhere if rule[_PSEUDO_ELEMENT] is None]
    matcher.lower_local_name_selectors = by_name | {"li": [*by_name["li"], *markers]}
    lean.matcher = matcher
    return lean


def page_source(html: str) -> "HTML":
    """Return HTML that WeasyPrint can set: it may use bundled files only, and has no notes."""
    load_weasyprint()
    return _plain_source(with_font_rules(html))


def _plain_source(html: str) -> "HTML":
    """Return HTML that WeasyPrint can set, without rules for its type."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - as above
    from weasyprint.html import UA_STYLESHEET  # noqa: PLC0415 - as above

    class Source(HTML):  # type: ignore[misc]  # WeasyPrint publishes no types
        def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002, FBT001, FBT002 - as inherited
            return [_without_unused_rules(UA_STYLESHEET)]

    return Source(string=html, base_url=RESOURCE_SCHEME, url_fetcher=bundled_fetcher())


def colour_profiles() -> dict[str, Any]:
    """Return what the colours of the pages mean. WeasyPrint would leave the file of its own profile open."""
    from weasyprint.css import ColorProfile  # noqa: PLC0415 - as above

    file = files("weasyprint.pdf") / "sRGB2014.icc"
    return {
        OUTPUT_COLOURS: ColorProfile(
            io.BytesIO(file.read_bytes()), file.name, "relative-colorimetric", (["r"], ["g"], ["b"])
        )
    }


def _seconds(changed: str) -> int:
    moment = parse_moment(changed)
    return int(moment.timestamp()) if moment else _NO_TIME


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set environment variables for as long as it takes."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _own_fonts() -> str:
    """Return the file that tells fontconfig of no fonts: pages bring theirs along."""
    return str(paths.resources_folder() / "fonts" / "fonts.conf")


@contextmanager
def _exact_library_names() -> Iterator[None]:
    """Open libraries on Linux by the names WeasyPrint has: searching starts a compiler for each it lacks."""

    def find_nothing(name: str) -> str | None:  # noqa: ARG001 - as what it stands for
        return None

    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = find_nothing
    try:
        yield
    finally:
        ctypes.util.find_library = search


@cache
def load_weasyprint() -> None:
    """Load WeasyPrint with Pango, which it opens by name; raises KnownError where there is no Pango."""
    bundled = Path(sys.executable).with_name("pango")
    if sys.platform == "win32" and bundled.is_dir():
        # WeasyPrint asks for names that Windows finds on PATH alone; what those libraries need comes from the other.
        os.environ["PATH"] = os.pathsep.join((str(bundled), os.environ.get("PATH", "")))
        os.add_dll_directory(str(bundled))
    try:
        # Nobody can follow the advice that WeasyPrint prints, and the machine's fonts are not looked at.
        with (
            redirect_stdout(io.StringIO()),
            warnings.catch_warnings(),
            _environment(**{_FONTS: _own_fonts()}),
            _exact_library_names(),
        ):
            warnings.filterwarnings("ignore", "No fonts configured")
            import weasyprint  # noqa: F401, PLC0415 - WeasyPrint costs 0.7 s at start-up
    except OSError as error:
        raise KnownError(
            N_(
                "No PDF can be made on this computer: Pango, the library that sets its text, is missing or does not "
                "start. Nothing was written. Install the program with its installer. Word and Excel files can still be "
                "made."
            )
        ) from error


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Let nobody look for lost objects meanwhile: pages lose none, and looking takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _StepListener(logging.Handler):
    """Hears from WeasyPrint which step it is at and which page it is laying out."""

    def __init__(self, tell: StepCallback) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        found = _STEP.match(record.getMessage())
        if found:
            self._tell(int(found[1]), int(found[2] or 0))


@contextmanager
def _reporting_steps(tell: StepCallback) -> Iterator[None]:
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


@contextmanager
def _temporary_folder() -> Iterator[None]:
    """Have WeasyPrint put its fonts, 2 MB, where they are removed even after a process that was stopped."""
    before = tempfile.tempdir
    with private_folder() as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def weasyprint_environment(changed: str, tell: StepCallback) -> Iterator[None]:
    """Prepare everything for setting pages: the time in font tables is ``changed``, the machine's fonts are unknown."""
    with (
        _temporary_folder(),
        _environment(**{_EPOCH: str(_seconds(changed)), _FONTS: _own_fonts()}),
        _reporting_steps(tell),
        _without_garbage_collection(),
    ):
        yield


_LETTERS_PER_PAGE = 5_000
"""Letters of HTML that fill a page, roughly: only progress is estimated from it."""
_LAYING_OUT = 5
_SHARES = {1: 0.04, 2: 0.06, 3: 0.1, 4: 0.2, 6: 0.78, 7: 0.97}
"""How far each step of WeasyPrint begins, as measured: reading, styles, boxes, then laying out, writing, finishing."""
_LAID_FROM, _LAID_UNTIL = 0.28, 0.76
_SENTENCES = (N_("Preparing the pages"), N_("Writing the pages"))


def css_string(text: str) -> str:
    """Write any text as a CSS string: everything but plain letters, digits and spaces as its number."""
    plain = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in text)
    return '"' + "".join(plain) + '"'


def _counter_style(texts: Translator) -> str:
    """Return what CSS calls the digits that were chosen, empty for 0-9."""
    system = NUMBERING_SYSTEMS.get(texts.digits)
    return system.counter_style if system else ""


def page_numbers(texts: Translator) -> str:
    """Return where one is as CSS content; the translated sentence is cut at its numbers."""
    sentence = replace_missing_glyphs(texts.gettext(N_("Page {page} of {pages}")))
    filled = sentence.format(page="\0page\0", pages="\0pages\0")
    digits = _counter_style(texts) or "decimal"
    return " ".join(
        f"counter({part}, {digits})" if part in {"page", "pages"} else css_string(part) for part in filled.split("\0")
    )


def counters_css(texts: Translator) -> str:
    """Let what the pages count themselves have the digits that were chosen; the style sheets count with 0-9."""
    digits = _counter_style(texts)
    if not digits:
        return ""
    places = ".contents .line a::after, table.parts .page a::after"
    return f"{places} {{ content: target-counter(attr(href), page, {digits}) }} ol {{ list-style-type: {digits} }}"


def footer_css(footer: PageFooter, texts: Translator) -> str:
    """Say at the foot of each page where one is."""
    numbers = page_numbers(texts)
    look = f'font: 7pt "Noto Sans"; color: {report_colours.MUTED}; vertical-align: top; padding-top: 3mm'
    behind = f"{numbers} {css_string('  ·  ' + replace_missing_glyphs(footer.content_hash))}"
    # Boxes at the margin have sides, not beginnings: mirrored, they change places.
    first, last = ("right", "left") if texts.right_to_left else ("left", "right")
    before = css_string(replace_missing_glyphs(footer.left))
    return (
        f"@page {{ @bottom-{first} {{ content: {before}; {look}; width: 42%; text-align: {first} }}"
        f" @bottom-{last} {{ content: {behind}; {look}; width: 58%; text-align: {last} }} }}"
        "@page cover { @bottom-left { content: none } @bottom-right { content: none } }"
    )


def html_for_paper(view: ReportContent, texts: Translator) -> str:
    """Print the view as the HTML that WeasyPrint sets."""
    sheets = join_style_sheets("report.css", "annexes.css", "print.css")
    css = "\n".join((sheets, footer_css(view.footer, texts), counters_css(texts)))
    return with_font_rules(render_html(view, texts, css, _finalize))


def _finalize(text: object) -> object:
    """Prepare a text for paper: only letters that a font has, and breaks in endless words."""
    return add_soft_breaks(to_printable(text))


def template_for_paper(name: str, texts: Translator, css: str, **values: object) -> str:
    """Print a template as the HTML that WeasyPrint sets."""
    sheet = Markup(css)  # noqa: S704 - our own sheets and escaped strings
    return with_font_rules(template_environment(texts, _finalize).get_template(name).render(style=sheet, **values))


def _render(html: str, tell: Callable[[int], None]) -> "Document":
    """Lay out HTML, a long volume in pieces; ``tell`` hears how many pages stand before the next piece."""
    from capacity_app.outputs.pdf.pieces import PiecewiseLayout, split_report  # noqa: PLC0415 - as above

    html = with_font_rules(html)
    pieces = split_report(html)
    if pieces:
        return PiecewiseLayout(html, _plain_source, colour_profiles(), OUTPUT_COLOURS).render(pieces, tell)
    return _plain_source(html).render(color_profiles=colour_profiles(), output_intent=OUTPUT_COLOURS)


def write_pdf(
    html: str,
    changed: str,
    identifier: bytes,
    tell: StepCallback | None = None,
    *,
    signer: SigningIdentity | None = None,
    label: str = "",
) -> bytes:
    """Set HTML as a PDF that is PDF/A-2a and PDF/UA-1, with bundled type only, signed if somebody signs it.

    ``changed`` is its time (ISO 8601), ``identifier`` what the file says of its identity; ``tell`` hears
    the number of each of WeasyPrint's steps and, in the step that lays out, of the page. ``label`` is what a voice
    reads where the signature stands.
    """
    load_weasyprint()
    from capacity_app.outputs.pdf import accessibility  # noqa: PLC0415 - as above

    def last(document: "Document", pdf: Any) -> None:  # noqa: ANN401 - WeasyPrint publishes no types
        write_metadata(document, pdf)
        accessibility.mend_to_unicode(pdf)
        accessibility.mend_languages(document, pdf)
        document.pages.clear()  # drawn and tagged: memory for what is written now
        accessibility.mend_links(pdf)
        accessibility.mend_tables(pdf)
        if signer:
            add_signature_field(pdf, label)
        use_own_writer(pdf, identifier)

    before = 0

    def tell_page(step: int, page: int) -> None:
        if tell:
            tell(step, before + page if page else 0)

    def count_from(number: int) -> None:
        nonlocal before
        before = number

    with weasyprint_environment(changed, tell_page):
        made = bytes(
            _render(html, count_from).write_pdf(pdf_variant=VARIANT, output_intent=OUTPUT_COLOURS, finisher=last)
        )
    return sign_pdf(made, signer) if signer else made


def render_pdf(
    view: ReportContent,
    texts: Translator,
    progress: Callable[[str, float], None] | None = None,
    signer: SigningIdentity | None = None,
    preview: Callable[[bytes], None] | None = None,
) -> bytes:
    """Print the view as PDF; ``progress`` hears what is being done and shares from 0 to 1, never less than before.

    ``preview`` takes a PDF of the first pages of a long volume long before the others are set.
    """
    identifier, html = view.footer.content_hash.encode(), html_for_paper(view, texts)
    if preview is not None:
        _show_first_pages(html, view.changed, preview)
    return render_pages(html, view.changed, identifier, texts, progress, signer)


def _show_first_pages(html: str, changed: str, preview: Callable[[bytes], None]) -> None:
    from capacity_app.outputs.pdf.pieces import first_pages  # noqa: PLC0415 - as above

    first = first_pages(html)
    if first:
        with weasyprint_environment(changed, lambda _step, _page: None):
            preview(bytes(_plain_source(first).write_pdf()))


def render_pages(
    html: str,
    changed: str,
    identifier: bytes,
    texts: Translator,
    progress: Callable[[str, float], None] | None = None,
    signer: SigningIdentity | None = None,
) -> bytes:
    """Set HTML for paper as PDF, telling progress; ``changed`` and ``identifier`` as in ``write_pdf``."""
    expected = max(len(html) // _LETTERS_PER_PAGE, 1)
    furthest, reached = 0, 0.0

    def tell(step: int, page: int) -> None:
        nonlocal furthest, reached
        share = _LAID_FROM + (_LAID_UNTIL - _LAID_FROM) * min(page / expected, 1.0) if page else _SHARES.get(step, 0.0)
        # Once the contents know their page numbers WeasyPrint goes through the pages again: that is no step back.
        if progress is None or share < reached or (step == _LAYING_OUT and page <= furthest):
            return
        furthest, reached = max(furthest, page), share
        setting = texts.gettext(N_("Creating page {page}")).format(page=texts.number(page))
        progress(setting if page else texts.gettext(_SENTENCES[step > _LAYING_OUT]), share)

    label = texts.gettext(N_("Signature of this file"))
    return write_pdf(html, changed, identifier, tell, signer=signer, label=label)


# The recovery sheet: one page with the words that open a protected file, to be printed and locked away.


_ROW = 4
HOW_TO_USE = (
    N_(
        "If the passphrase is forgotten, open the file, choose “I have the recovery key” and type the 24 words in the "
        "order of their numbers."
    ),
    N_(
        "These words open the file, its copies and its backups without the passphrase. Everybody who has "
        "this sheet and the file can read everything in it."
    ),
    N_(
        "Keep this sheet locked away and apart from the computer; do not photograph it, send it or type it into "
        "another program."
    ),
    N_(
        "Changing the passphrase makes a new recovery key: print a new sheet then, and destroy this one once no older "
        "copy is needed any more."
    ),
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the sheet: the file's name, which assessment it is, the day, and the words in their order."""

    file: str
    assessment: str
    date: str
    words: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[tuple[int, str], ...], ...]:
        """The numbered words in lines of four."""
        numbered = tuple(enumerate(self.words, start=1))
        return tuple(numbered[at : at + _ROW] for at in range(0, len(numbered), _ROW))


def recovery_sheet_html(sheet: RecoverySheet, texts: Translator) -> str:
    """Print the sheet as the HTML that WeasyPrint sets."""
    css = join_style_sheets("report.css", "recovery.css") + "\n" + counters_css(texts)
    values = {
        "sentences": tuple(map(texts.gettext, HOW_TO_USE)),
        "language": texts.language,
        "direction": texts.direction,
    }
    return template_for_paper("recovery.html.j2", texts, css, sheet=sheet, **values)


def render_recovery_sheet(sheet: RecoverySheet, texts: Translator) -> bytes:
    """Print the sheet as PDF, the same bytes for the same sheet."""
    html = recovery_sheet_html(sheet, texts)
    return write_pdf(html, "", hashlib.sha256(html.encode()).hexdigest()[:32].encode())
