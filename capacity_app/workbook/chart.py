"""Native charts, so that they stay editable and follow their cells: profile, demand and supply, two rounds."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_formula

from capacity_app.domain.scoring import SectionScore
from capacity_app.palette import ACCENT, BANDS, INK, LINE, MUTED
from capacity_app.texts import rounded
from capacity_app.workbook.looks import in_digits
from capacity_app.workbook.page import Book, Page

_NUMBER_COLUMN, _SCORE_COLUMN = 1, 3
_SMALL = {"name": "Arial", "size": 9, "color": INK}
_ROW_HEIGHT, _PIXELS_PER_POINT, _PIXELS_PER_UNIT, _EDGE = 15.0, 4 / 3, 7, 5
_WEIGHTS = (ACCENT, "#7ba7b7", "#cfdfe5")
"""Fills of stacked bars, the weightiest first; the words of the legend and the order tell them apart too."""
_POINTS_AXIS: dict[str, Any] = {
    "min": 0,
    "max": 100,
    "major_unit": 20,
    "num_font": _SMALL,
    "major_gridlines": {"visible": True, "line": {"color": LINE}},
    "line": {"none": True},
    "label_position": "high",
}
_WHOLE, _POINTS = "0", "0.0"
_BEFORE, _NOW = "#b9c3c9", ACCENT


def _points_axis(book: Book) -> dict[str, Any]:
    return _POINTS_AXIS | {"num_format": in_digits(_WHOLE, book.digits), "reverse": book.is_right_to_left}


def place_chart(page: Page, chart: Chart, title: str, alternative: str, *, lines: int) -> None:
    """Put a chart below what has been written, across the sheet."""
    page.skip()
    for row in range(page.row, page.row + lines):
        page.sheet.set_row(row, _ROW_HEIGHT)
    pixels = sum(int(width * _PIXELS_PER_UNIT) + _EDGE for width in page.widths)
    chart.set_size({"width": pixels, "height": int(lines * _ROW_HEIGHT * _PIXELS_PER_POINT) - 8})
    chart.set_title({"name": title, "name_font": {"name": "Arial", "size": 10, "bold": True, "color": INK}})
    chart.set_chartarea({"border": {"color": LINE}})
    page.sheet.insert_chart(page.row, 1, chart, {"description": alternative, "object_position": 1})
    page.row += lines


def reaches(entry: SectionScore | None) -> tuple[float | None, float | None]:
    """Return how far the interval reaches below and above a printed score, in points."""
    if entry is None or entry.published is None:
        return None, None
    lower, upper = entry.score.lower, entry.score.upper
    below = entry.published - lower if lower is not None else Fraction(0)
    above = upper - entry.published if upper is not None else Fraction(0)
    return float(rounded(below, 1)), float(rounded(above, 1))


def _fill(entry: SectionScore | None) -> dict[str, dict[str, str]]:
    is_printed = entry is not None and entry.published is not None and bool(entry.bands)
    return {"fill": {"color": BANDS[entry.bands[0]] if entry and is_printed else MUTED}}


def _range(sheet: str, first: int, last: int, column: int) -> str:
    return f"={xl_range_formula(sheet, first, column, last, column)}"


def profile_chart(
    book: Book, sheet: str, first: int, entries: Sequence[SectionScore | None], reach_column: int
) -> Chart:
    """Draw the scores from row ``first`` on as bars, with whiskers from the lower to the upper bound.

    ``reach_column`` and the next one hold ``reaches``; not every program reads whiskers written into the chart.
    A part without a printed score has no bar and no whisker: its interval stands in the table.
    """
    last = first + len(entries) - 1
    chart = book.workbook.add_chart({"type": "bar"})
    below, above = zip(*map(reaches, entries), strict=True)
    chart.add_series(
        {
            "name": " ",
            "categories": [sheet, first, _NUMBER_COLUMN, last, _NUMBER_COLUMN],
            "values": [sheet, first, _SCORE_COLUMN, last, _SCORE_COLUMN],
            "points": [_fill(entry) for entry in entries],
            "gap": 45,
            "data_labels": {"value": True, "num_format": in_digits(_POINTS, book.digits), "position": "inside_base",
                            "font": {"name": "Arial", "size": 9, "color": "#ffffff", "bold": True}},
            "y_error_bars": {
                "type": "custom",
                "minus_values": _range(sheet, first, last, reach_column),
                "minus_data": list(below),
                "plus_values": _range(sheet, first, last, reach_column + 1),
                "plus_data": list(above),
                "line": {"color": INK, "width": 1},
            },
        }
    )  # fmt: skip
    chart.set_legend({"none": True})
    chart.show_hidden_data()
    chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"color": MUTED}})
    chart.set_x_axis(_points_axis(book))
    return chart


def counts_chart(page: Page, heading: int, rows: Sequence[int], columns: tuple[int, int]) -> Chart:
    """Stack the counts of some rows, the first at the bottom, over the columns named in row ``heading``.

    The names of the rows stand in the question column.
    """
    chart = page.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    sheet, (first, last) = page.sheet.get_name(), columns
    for row, colour in zip(rows, _WEIGHTS, strict=False):
        chart.add_series(
            {
                "name": [sheet, row, _NUMBER_COLUMN + 1],
                "categories": [sheet, heading, first, heading, last],
                "values": [sheet, row, first, row, last],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.show_hidden_data()
    chart.set_x_axis({"reverse": page.book.is_right_to_left, "num_font": _SMALL, "line": {"color": MUTED}})
    chart.set_y_axis(
        {
            "num_font": _SMALL,
            "num_format": in_digits(_WHOLE, page.book.digits),
            "min": 0,
            "major_unit": 1,
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
            "line": {"none": True},
        }
    )
    return chart


def rounds_chart(page: Page, heading: int, last: int, columns: tuple[int, int]) -> Chart:
    """Set two rounds' scores beside each other, part by part; row ``heading`` names the rounds."""
    chart = page.book.workbook.add_chart({"type": "bar"})
    sheet = page.sheet.get_name()
    first = heading + 1
    for column, colour in zip(columns, (_BEFORE, _NOW), strict=True):
        chart.add_series(
            {
                "name": [sheet, heading, column],
                "categories": [sheet, first, _NUMBER_COLUMN, last, _NUMBER_COLUMN],
                "values": [sheet, first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
                "overlap": 0,
                "data_labels": {"value": True, "num_format": in_digits(_POINTS, page.book.digits), "font": _SMALL},
            }
        )
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"color": MUTED}})
    chart.set_x_axis(_points_axis(page.book))
    return chart
