"""A returned workbook, against python-calamine reading the same sheets and doing nothing with them."""

import io
from collections.abc import Iterator
from functools import partial

from python_calamine import CalamineWorkbook

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.writer import workbook_bytes
from tools.benchmarks.measuring import Figure, paired
from tools.benchmarks.samples import DEMONSTRATION

_UNREAD = frozenset({sheet_marks.SCORES_SHEET, sheet_marks.GAPS_SHEET, sheet_marks.ACTIONS_SHEET})
"""Sheets for programs that a returned workbook is not read for."""


def _bare(content: bytes) -> list[object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
        if name not in _UNREAD
    ]


def figures() -> Iterator[Figure]:
    blank = Dossier(id="", instrument=DEMONSTRATION.instrument)
    for name, dossier in (("filled", DEMONSTRATION), ("blank form", blank)):
        content = workbook_bytes(dossier, texts=Translator("en"))
        yield paired(
            f"returned workbook of the toolkit, {name}",
            partial(read_returned, content, "returned.xlsx", DEMONSTRATION.instrument),
            partial(_bare, content),
            2.0,
            pairs=15,
        )
