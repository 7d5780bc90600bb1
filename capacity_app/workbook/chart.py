"""The profile as a native chart, so that it stays editable and follows its cells."""

from collections.abc import Sequence
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from capacity_app.domain.scoring import SectionScore
from capacity_app.palette import BANDS, INK, LINE, MUTED

_NUMBER_COLUMN, _SCORE_COLUMN = 1, 3
_SMALL = {"name": "Arial", "size": 9, "color": INK}


def _distance(low: Fraction | None, high: Fraction | None) -> float:
    return 0.0 if low is None or high is None else float(max(high - low, Fraction(0)))


def _fill(entry: SectionScore | None) -> dict[str, dict[str, str]]:
    is_printed = entry is not None and entry.published is not None and bool(entry.bands)
    return {"fill": {"color": BANDS[entry.bands[0]] if entry and is_printed else MUTED}}


def profile_chart(
    workbook: Workbook, sheet: str, first: int, last: int, entries: Sequence[SectionScore | None]
) -> Chart:
    """Draw the scores in rows ``first`` to ``last`` as bars, with whiskers from the lower to the upper bound.

    A part without a printed score has no bar and no whisker: its interval stands in the table.
    """
    chart = workbook.add_chart({"type": "bar"})
    shown = [entry if entry and entry.published is not None else None for entry in entries]
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
                "plus_values": [_distance(e.published, e.score.upper) if e else 0.0 for e in shown],
                "minus_values": [_distance(e.score.lower, e.published) if e else 0.0 for e in shown],
                "line": {"color": INK, "width": 1},
            },
        }
    )  # fmt: skip
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"color": MUTED}})
    chart.set_x_axis(
        {
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
