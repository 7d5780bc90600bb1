"""PDF and workbook, against the bare libraries setting the same pages and writing the same cells."""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import report_content
from capacity_app.outputs.pdf.fonts import RESOURCE_SCHEME
from capacity_app.outputs.pdf.pdf_writer import VARIANT
from capacity_app.outputs.pdf.rendering import bundled_fetcher, html_for_paper, write_pdf
from capacity_app.outputs.workbook.writer import workbook_bytes
from capacity_app.services.reports import write_report
from tools.benchmarks.measuring import Figure, Work, from_times, milliseconds, paired
from tools.benchmarks.samples import DEMONSTRATION

_TEXTS = Translator("en")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_OWN = ("xf_index", "hyperlink")
"""Formats a new workbook makes for itself."""


class Call(NamedTuple):
    """One call of the bare library: on what, which, with what, and what it made."""

    owner: int
    name: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    made: object


def _recording(call: Callable[..., Any], name: str, calls: list[Call], kept: list[object]) -> Callable[..., Any]:
    def recorded(owner: Any, *arguments: Any, **options: Any) -> Any:
        before = len(calls)
        made = call(owner, *arguments, **options)
        del calls[before:]  # calls the library makes of itself
        calls.append(Call(id(owner), name, arguments, options, made))
        kept.append(owner)
        return made

    return recorded


def _recorded_calls() -> list[Call]:
    """Write the workbook once and note every call of the bare library."""
    calls: list[Call] = []
    kept: list[object] = []  # an object that is gone would lend its id to another
    methods = [
        (kind, name)
        for kind in (Workbook, Worksheet)
        for name in vars(kind)
        if not name.startswith("_") and name != "close" and isinstance(getattr(kind, name), FunctionType)
    ]
    originals = [(kind, name, getattr(kind, name)) for kind, name in methods]
    try:
        for kind, name, call in originals:
            setattr(kind, name, _recording(call, name, calls, kept))
        workbook_bytes(DEMONSTRATION, texts=_TEXTS)
    finally:
        for kind, name, call in originals:
            setattr(kind, name, call)
    is_own = [call.name == "add_format" and any(word in str(call.arguments) for word in _OWN) for call in calls]
    return [call for call, own in zip(calls, is_own, strict=True) if not own]


def _replayed(calls: list[Call]) -> None:
    book = Workbook(io.BytesIO(), _OPTIONS)
    known: dict[int, Any] = {next(call.owner for call in calls if call.name == "add_worksheet"): book}

    def here(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: here(inner) for key, inner in value.items()}
        return known.get(id(value), value) if isinstance(value, Format) else value

    for call in calls:
        if call.owner in known:
            arguments = [here(value) for value in call.arguments]
            options = {key: here(value) for key, value in call.options.items()}
            made = getattr(known[call.owner], call.name)(*arguments, **options)
            if isinstance(made, Worksheet | Format):
                known[id(call.made)] = made
    book.close()


def _html(volume: ReportVolume = ReportVolume.FULL) -> tuple[str, str]:
    view = report_content(appraise(DEMONSTRATION, ReportProfile(volume)), Formatter(_TEXTS, DEMONSTRATION))
    return html_for_paper(view, _TEXTS), view.changed


def _bare(html: str) -> bytes:
    """Set the finished HTML as the same kind of PDF with nothing of ours around."""
    from weasyprint import HTML  # noqa: PLC0415 - as in the program, imported where pages are set

    page = HTML(string=html, base_url=RESOURCE_SCHEME, url_fetcher=bundled_fetcher())
    return bytes(page.write_pdf(pdf_variant=VARIANT, pdf_identifier=b"floor"))


def _bare_pages() -> Work:
    html, _changed = _html()
    return lambda: _bare(html)


def _times_over(copies: int) -> str:
    """Repeat the chapters in the middle of the report, each with anchors of its own."""
    appraisal = appraise(DEMONSTRATION)
    whole = report_content(appraisal, Formatter(_TEXTS, DEMONSTRATION))
    whole = replace(whole, chapters=tuple(one for one in whole.chapters if one.kind == "part" or one.anchor == "gaps"))
    head, body, foot = re.split("(?<=<body>)|(?=</body>)", html_for_paper(whole, _TEXTS))
    each = (re.sub('(?<=id=")|(?<=href="#)', f"copy{number}-", body) for number in range(copies))
    return head + "".join(each) + foot


def _milliseconds_a_page(copies: int) -> float:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # noqa: PLC0415 - only here

    html, made = _times_over(copies), list[bytes]()
    spent = milliseconds(lambda: made.append(write_pdf(html, "", b"x")))
    return spent / len(PdfDocument(made[0]))


def _peak(work: str, html: Path) -> tuple[float, int]:
    """Return the megabytes a process of its own needs at most to set pages, and how many pages those are."""
    script = (
        "import re, sys; from pathlib import Path;"
        "from capacity_app.outputs.pdf.rendering import write_pdf; from tools.benchmarks.reporting import _bare;"
        "from pypdfium2 import PdfDocument;"
        f"html = Path(sys.argv[1]).read_text(); made = {work};"
        # Not getrusage: that begins with what the process had that started this one.
        "peak = re.search('VmHWM:[^0-9]*([0-9]+)', Path('/proc/self/status').read_text())[1];"
        "print(int(peak) / 1024, len(PdfDocument(made)))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(html)], capture_output=True, check=True)
    megabytes, pages = done.stdout.split()
    return float(megabytes), int(pages)


def _growth() -> Iterator[Figure]:
    """Say what a page costs in a long report against a short one, and what memory setting pages takes."""
    warm = _milliseconds_a_page(1)
    pairs = [(_milliseconds_a_page(4), _milliseconds_a_page(1)) for _ in range(3)] if warm else []
    yield from_times("one page of four times as many, against one of few", pairs, 1.2)
    with tempfile.TemporaryDirectory() as folder:
        long, short = Path(folder) / "full.html", Path(folder) / "brief.html"
        long.write_text(_html()[0])
        short.write_text(_html(ReportVolume.BRIEF)[0])
        ours = 'write_pdf(html, "", b"x")'
        (peak, pages), (low, few), (floor, _) = _peak(ours, long), _peak(ours, short), _peak("_bare(html)", long)
        yield from_times("peak memory of the PDF, MB", [(peak, floor)], 1.15)
        yield Figure("memory a page adds, full against brief", (peak - low) / (pages - few), None, None, 1, "MB")


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "r.pdf"
        calls = _recorded_calls()
        yield paired(
            "workbook of the full report",
            lambda: workbook_bytes(DEMONSTRATION, texts=_TEXTS),
            lambda: _replayed(calls),
            1.3,
        )
        yield paired(
            "PDF of the full report",
            lambda: write_report(DEMONSTRATION, page, texts=_TEXTS),
            _bare_pages(),
            1.10,
            pairs=3,
        )
        yield from _growth()
