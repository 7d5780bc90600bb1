"""Charts: the same numbers give the same drawing, to scale, without letters and without anything left out."""

import struct
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app import palette
from capacity_app.domain.appraisal import appraise
from capacity_app.domain.scoring import LIMITS, band
from capacity_app.palette import BANDS, MUTED
from capacity_app.report.charts.drawing import (
    Bar,
    Chart,
    DemandChart,
    ProfileChart,
    Shape,
    Spot,
    draw,
    picture,
    shapes,
)
from capacity_app.report.view.summary import summary_view
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.report.example import report_dossier

BARS = (
    Bar("III", 63.8, 61.4, 65.1, "#31746e"),
    Bar("IV", None, 10.0, 90.0, MUTED),
    Bar("V", None, None, None, MUTED),
)
PROFILE = ProfileChart(BARS, 'a "word" & <another>', 9.0)
DEMAND = DemandChart(
    tuple(Spot(chr(ord("A") + n), n % 3 + 1, None if n % 5 == 4 else n % 4) for n in range(15)), "words"
)


def of_colour(chart: ProfileChart, colour: str) -> list[Shape]:
    return [shape for shape in shapes(chart) if shape.colour == colour]


@pytest.mark.parametrize("chart", [PROFILE, DEMAND], ids=["profile", "demand"])
def test_the_same_numbers_give_the_same_picture(chart: Chart) -> None:
    assert picture(chart) == picture(chart)


@pytest.mark.parametrize("chart", [PROFILE, DEMAND], ids=["profile", "demand"])
def test_a_picture_has_the_resolution_of_a_printer(chart: Chart) -> None:
    data = picture(chart)
    assert data.startswith(b"\x89PNG")
    width, _height = struct.unpack(">II", data[16:24])
    assert width > 70 / 25.4 * 300


def test_a_drawing_is_xml_without_letters_and_without_references() -> None:
    svg = draw(PROFILE)
    root = ET.fromstring(svg)  # noqa: S314 - we have just drawn it
    assert {child.tag.rpartition("}")[2] for child in root} == {"title", "rect"}
    assert "href" not in svg
    assert "url(" not in svg


def test_a_drawing_says_in_words_what_it_shows() -> None:
    root = ET.fromstring(draw(PROFILE))  # noqa: S314 - we have just drawn it
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert root.get("role") == "img"
    assert root.get("aria-label") == PROFILE.words
    assert title is not None
    assert title.text == PROFILE.words


def test_a_score_that_is_not_printed_has_no_bar() -> None:
    assert len(of_colour(PROFILE, "#31746e")) == 1
    assert of_colour(ProfileChart(BARS[1:], "", 9.0), "#31746e") == []


def test_a_section_without_interval_has_no_whisker() -> None:
    assert len(of_colour(PROFILE, palette.INK)) == 2 * 3
    assert of_colour(ProfileChart(BARS[2:], "", 9.0), palette.INK) == []


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_bar_and_whisker_are_drawn_to_scale(one: float, two: float, three: float) -> None:
    lower, value, upper = sorted((one, two, three))
    chart = ProfileChart((Bar("III", value, lower, upper, "#31746e"),), "", 6.0, 100.8)
    (bar,) = of_colour(chart, "#31746e")
    line, first, last = of_colour(chart, palette.INK)
    assert bar.x == pytest.approx(0.4)
    assert bar.width == pytest.approx(value)
    assert line.x == pytest.approx(0.4 + lower)
    assert line.width == pytest.approx(upper - lower)
    assert first.x + first.width / 2 == pytest.approx(0.4 + lower)
    assert last.x + last.width / 2 == pytest.approx(0.4 + upper)


@given(st.floats(0, 100), st.booleans())
def test_nothing_is_drawn_beyond_the_edges(value: float, is_mirrored: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    chart = ProfileChart((Bar("III", value, 0.0, 100.0, "#31746e"),), "", 6.0, 40.0, is_mirrored)
    for shape in shapes(chart):
        assert shape.x >= -0.3
        assert shape.x + shape.width <= 40.3
        assert shape.y >= 0
        assert shape.y + shape.height <= 6.0


def test_from_right_to_left_the_bars_grow_from_the_right() -> None:
    mirrored = ProfileChart(BARS, "", 9.0, is_mirrored=True)
    (bar,) = of_colour(mirrored, "#31746e")
    assert bar.x + bar.width == pytest.approx(mirrored.width - 0.4)


def test_the_ground_changes_where_bands_change() -> None:
    ground = of_colour(ProfileChart(BARS[2:], "", 6.0, 100.8), palette.TRACK)
    assert [shape.x - 0.4 for shape in ground] == [0, *(pytest.approx(float(limit)) for limit in LIMITS)]


def test_a_drawing_has_its_size_in_millimetres() -> None:
    root = ET.fromstring(draw(PROFILE))  # noqa: S314 - we have just drawn it
    assert (root.get("width"), root.get("height")) == ("54.00mm", "27.00mm")


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
    assert "b: 39.7 of 100, interval 33.1 – 46.4" in chart.words
