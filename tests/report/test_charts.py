"""Charts: the same numbers give the same drawing, without words and without anything left out."""

import re
from fractions import Fraction

import pytest

from capacity_app.domain.appraisal import appraise
from capacity_app.domain.scoring import band
from capacity_app.palette import BANDS, MUTED
from capacity_app.report.charts import Bar, Chart, DemandChart, ProfileChart, Spot, draw
from capacity_app.report.summary import summary_view
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.report.example import report_dossier

BARS = (
    Bar("III", 63.8, 61.4, 65.1, 0.96, "#31746e"),
    Bar("IV", None, 10.0, 90.0, 0.2, MUTED),
    Bar("V", None, None, None, 0.0, MUTED),
)
PROFILE = ProfileChart(BARS, "words", 9.0)
DEMAND = DemandChart(
    tuple(Spot(chr(ord("A") + n), n % 3 + 1, None if n % 5 == 4 else n % 4) for n in range(15)), "words"
)


@pytest.mark.parametrize("chart", [PROFILE, DEMAND], ids=["profile", "demand"])
def test_the_same_numbers_give_the_same_drawing(chart: Chart) -> None:
    assert draw(chart) == draw(chart)


@pytest.mark.parametrize("chart", [PROFILE, DEMAND], ids=["profile", "demand"])
def test_a_drawing_has_no_letters_no_date_and_no_reference_outside(chart: Chart) -> None:
    svg = draw(chart)
    assert svg.startswith("<svg")
    assert "<text" not in svg
    assert "<dc:date" not in svg
    assert set(re.findall(r'href="(.)', svg)) == {"#"}


def test_a_score_that_is_not_printed_has_no_bar() -> None:
    assert "#31746e" in draw(PROFILE)
    assert draw(ProfileChart(BARS[1:], "", 9.0)).count("#31746e") == 0


def test_every_letter_is_drawn_wherever_its_question_stands() -> None:
    svg = draw(DEMAND)
    outlines = set(re.findall(r'id="(NotoSans-Bold-[0-9a-f]+)"', svg))
    drawn = re.findall(r'xlink:href="#(NotoSans-Bold-[0-9a-f]+)"', svg)
    assert len(outlines) == len(drawn) == len(DEMAND.spots)


def test_bars_stand_for_the_scores_of_the_summary() -> None:
    appraisal = appraise(report_dossier())
    chart = summary_view(appraisal, Wording(Texts("en"), appraisal.dossier)).chart
    assert chart is not None
    section = appraisal.scorecard.section("b")
    assert section is not None
    assert section.published is not None
    bar = chart.bars[0]
    assert (bar.label, bar.colour) == ("b", BANDS[band(section.published)])
    assert bar.value == float(section.published)
    assert Fraction(bar.coverage).limit_denominator(10_000) == section.score.coverage
