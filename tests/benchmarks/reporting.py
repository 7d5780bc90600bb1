"""PDF and workbook, against the bare libraries setting the same pages and writing the same cells."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import xlsxwriter

from capacity_app.domain.appraisal import appraise
from capacity_app.report.pdf import html_for_paper, set_pages
from capacity_app.report.view import report_view
from capacity_app.services.reporting import write_report
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.benchmarks.material import DEMONSTRATION
from tests.benchmarks.measuring import Figure, Work, paired

_TEXTS = Texts("en")


def _bare_pages() -> Work:
    """Set the finished HTML with nothing of ours around."""
    view = report_view(appraise(DEMONSTRATION), Wording(_TEXTS, DEMONSTRATION))
    html = html_for_paper(view, _TEXTS)
    return lambda: set_pages(html, view.changed, b"floor")


def _bare_workbook(file: Path) -> Work:
    """Write the same cells through the bare library: the values as read back, with one format."""
    write_report(DEMONSTRATION, file, texts=_TEXTS)
    book = openpyxl.load_workbook(file, read_only=True)
    sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    book.close()

    def write() -> None:
        bare = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True, "strings_to_formulas": False})
        look = bare.add_format({"text_wrap": True, "border": 1})
        for rows in sheets:
            sheet = bare.add_worksheet()
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(place, column, value, look)
                    elif isinstance(value, int | float):
                        sheet.write_number(place, column, value, look)
                    else:
                        sheet.write_blank(place, column, None, look)
        bare.close()

    return write


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        page, book = Path(folder) / "r.pdf", Path(folder) / "r.xlsx"
        yield paired(
            "PDF of the full report",
            lambda: write_report(DEMONSTRATION, page, texts=_TEXTS),
            _bare_pages(),
            1.10,
            pairs=5,
        )
        yield paired(
            "workbook of the full report",
            lambda: write_report(DEMONSTRATION, book, texts=_TEXTS),
            _bare_workbook(book),
            1.3,
            pairs=5,
        )
