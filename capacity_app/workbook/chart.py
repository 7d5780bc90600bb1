"""The profile as a native chart, so that it stays editable and follows its cells."""

from collections.abc import Sequence
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_formula

from capacity_app.domain.scoring import SectionScore
from capacity_app.palette import BANDS, INK, LINE, MUTED
from capacity_app.texts import rounded

_NUMBER_COLUMN, _SCORE_COLUMN = 1, 3
_SMALL = {"name": "Arial", "size": 9, "color": INK}


def reaches(entry: SectionScore | None) -> tuple[float | None, float | None]:
    """Give how far the interval reaches below and above a printed score, in points."""
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
    workbook: Workbook,
    sheet: str,
    first: int,
    entries: Sequence[SectionScore | None],
    reach_column: int,
    *,
    is_right_to_left: bool,
) -> Chart:
    """Draw the scores from row ``first`` on as bars, with whiskers from the lower to the upper bound.

    ``reach_column`` and the next one hold ``reaches``; not every program reads whiskers written into the chart.
    A part without a printed score has no bar and no whisker: its interval stands in the table.
    """
    last = first + len(entries) - 1
    chart = workbook.add_chart({"type": "bar"})
    below, above = zip(*map(reaches, entries), strict=True)
    chart.add_series(
        {
            "name": " ",
            "categories": [sheet, first, _NUMBER_COLUMN, last, _NUMBER_COLUMN],
            "values": [sheet, first, _SCORE_COLUMN, last, _SCORE_COLUMN],
            "points": [_fill(entry) for entry in entries],
            "gap": 45,
            "data_labels": {"value": True, "num_format": "0.0", "position": "inside_base",
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
    chart.set_x_axis(
        {
            "reverse": is_right_to_left,
            "min": 0,
            "max": 100,
            "major_unit": 20,
            "num_font": _SMALL,
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
            "line": {"none": True},
            "label_position": "high",
        }
    )
    chart.set_chartarea({"border": {"color": LINE}})
    return chart
