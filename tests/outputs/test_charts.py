"""Charts: the same numbers give the same drawing, to scale, without letters and without anything left out."""

import struct
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from capacity_app import report_colours
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import BAND_LIMITS, band_of
from capacity_app.outputs.charts import (
    ChartShape,
    Drawing,
    ScoreBarValues,
    change_line,
    cover_ground,
    is_worse,
    png,
    score_bar,
    stacked_bar,
    svg,
)
from capacity_app.report_colours import BAND_COLOURS, MUTED
from tests.outputs.chapters import chapter, of_kind, read, view_of

TEAL = "#31746e"
WORDS = 'a "word" & <another>'
PRINTED = score_bar(ScoreBarValues(63.8, 61.4, 65.1, TEAL), WORDS, 54.0, 9.0)
WITHHELD = score_bar(ScoreBarValues(None, 10.0, 90.0, MUTED), "", 54.0, 9.0)
UNKNOWN = score_bar(ScoreBarValues(None, None, None, MUTED), "", 100.8, 6.0)
CHANGE = change_line(20.0, 70.0, "A & B", 54.0)
STACK = stacked_bar(((3, "#111111"), (0, "#222222"), (1, "#333333")), 8, "counts", 40.4)
DRAWINGS = {"score": PRINTED, "change": CHANGE, "counts": STACK, "cover": cover_ground()}


def of_colour(drawing: Drawing, colour: str) -> list[ChartShape]:
    return [shape for shape in drawing.shapes if shape.colour == colour]


def dot(drawing: Drawing, x: float, y: float) -> str:
    """Return the colour of a picture at a place in millimetres, empty where one sees through."""
    image = QImage.fromData(png(drawing))
    found = image.pixelColor(int(x * 12), int(y * 12))
    return found.name() if found.alpha() else ""


@pytest.mark.check
@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_the_same_numbers_give_the_same_picture(drawing: Drawing) -> None:
    assert png(drawing) == png(drawing)


@pytest.mark.check
@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_a_picture_has_the_resolution_of_a_printer(drawing: Drawing) -> None:
    picture = png(drawing)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (round(drawing.width * 12), round(drawing.height * 12))


def test_a_picture_shows_the_drawing_on_a_clear_ground() -> None:
    assert [dot(PRINTED, x, 4.5) for x in (0.1, 10, 53, 53.9)] == ["", TEAL, report_colours.TRACK, ""]
    assert [dot(PRINTED.mirrored(), x, 4.5) for x in (0.1, 1, 44, 53.9)] == ["", report_colours.TRACK, TEAL, ""]


def test_a_dot_is_round_in_the_picture() -> None:
    now = 1.6 + 0.7 * 50.8
    assert dot(CHANGE, now, 3) == report_colours.ACCENT
    assert dot(CHANGE, now - 1.3, 3 - 1.3) == dot(CHANGE, now + 1.3, 3 + 1.3) == ""


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_is_xml_without_letters_and_without_references(drawing: Drawing) -> None:
    page = svg(drawing)
    root = ET.fromstring(page)  # noqa: S314 - we have just drawn it
    assert {child.tag.rpartition("}")[2] for child in root} <= {"title", "rect", "circle"}
    assert len(root) == 1 + len(drawing.shapes)
    assert "href" not in page
    assert "url(" not in page


def test_a_drawing_says_in_words_what_it_shows() -> None:
    root = ET.fromstring(svg(PRINTED))  # noqa: S314 - we have just drawn it
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert root.get("role") == "img"
    assert root.get("aria-label") == WORDS
    assert title is not None
    assert title.text == WORDS


def test_a_drawing_has_its_size_in_millimetres() -> None:
    root = ET.fromstring(svg(PRINTED))  # noqa: S314 - we have just drawn it
    assert (root.get("width"), root.get("height")) == ("54.00mm", "9.00mm")


@given(st.floats(0, 100), st.floats(0, 100), st.booleans())
def test_from_right_to_left_everything_stands_at_the_other_side(one: float, other: float, is_change: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    drawing = (
        change_line(one, other, "", 46.0)
        if is_change
        else score_bar(ScoreBarValues(one, other, 100, TEAL), "", 46.0, 6.0)
    )
    for shape, mirrored in zip(drawing.shapes, drawing.mirrored().shapes, strict=True):
        assert mirrored.x + mirrored.width == pytest.approx(46.0 - shape.x)
        assert (mirrored.y, mirrored.width, mirrored.colour) == (shape.y, shape.width, shape.colour)


# -- scores --------------------------------------------------------------------------------------------------------


def test_a_score_that_is_not_printed_has_no_bar() -> None:
    assert len(of_colour(PRINTED, TEAL)) == 1
    assert of_colour(WITHHELD, MUTED) == []


def test_a_section_without_interval_has_no_whisker() -> None:
    assert len(of_colour(PRINTED, report_colours.INK)) == len(of_colour(WITHHELD, report_colours.INK)) == 3
    assert of_colour(UNKNOWN, report_colours.INK) == []


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_bar_and_whisker_are_drawn_to_scale(one: float, two: float, three: float) -> None:
    lower, value, upper = sorted((one, two, three))
    drawing = score_bar(ScoreBarValues(value, lower, upper, TEAL), "", 100.8, 6.0)
    (bar,) = of_colour(drawing, TEAL)
    line, first, last = of_colour(drawing, report_colours.INK)
    assert bar.x == pytest.approx(0.4)
    assert bar.width == pytest.approx(value)
    assert line.x == pytest.approx(0.4 + lower)
    assert line.width == pytest.approx(upper - lower)
    assert first.x + first.width / 2 == pytest.approx(0.4 + lower)
    assert last.x + last.width / 2 == pytest.approx(0.4 + upper)


@given(st.floats(0, 100), st.floats(0, 100))
def test_nothing_is_drawn_beyond_the_edges(value: float, other: float) -> None:
    for drawing in (
        score_bar(ScoreBarValues(value, 0.0, 100.0, TEAL), "", 40.0, 6.0),
        change_line(value, other, "", 40.0),
    ):
        for shape in drawing.shapes:
            assert shape.x >= -0.3
            assert shape.x + shape.width <= 40.3
            assert shape.y >= 0
            assert shape.y + shape.height <= 6.0


def test_the_ground_changes_where_bands_change() -> None:
    ground = of_colour(UNKNOWN, report_colours.TRACK)
    assert [shape.x - 0.4 for shape in ground] == [0, *(pytest.approx(float(limit)) for limit in BAND_LIMITS)]


def test_bars_stand_for_the_scores_of_the_profile() -> None:
    chart = of_kind(chapter(view_of(), "profile"), Drawing)[0]
    section = read()[0].scorecard.section("b")
    assert section is not None
    assert section.published is not None
    (bar,) = of_colour(chart, BAND_COLOURS[band_of(section.published)])
    assert bar.width == pytest.approx(float(section.published) * (chart.width - 0.8) / 100)
    assert chart.words == "b: 39.7 of 100"


# -- then and now --------------------------------------------------------------------------------------------------


def middles(drawing: Drawing) -> list[float]:
    return [shape.x + shape.width / 2 for shape in drawing.shapes if shape.is_round]


@given(st.floats(0, 100), st.floats(0, 100))
def test_ring_and_dot_stand_where_the_scores_were_and_are(before: float, after: float) -> None:
    drawing = change_line(before, after, "", 103.2)
    assert middles(drawing) == pytest.approx([1.6 + before, 1.6 + before, 1.6 + after])
    (between,) = (one for one in drawing.shapes if one.height == 0.8)
    assert (between.x, between.width) == pytest.approx((1.6 + min(before, after), abs(after - before)))


def test_a_round_without_a_score_has_no_mark() -> None:
    assert len(middles(CHANGE)) == 3
    assert len(middles(change_line(None, 50.0, "", 54.0))) == 1
    assert len(middles(change_line(50.0, None, "", 54.0))) == 2
    assert middles(change_line(None, None, "", 54.0)) == []


def test_a_part_that_fell_has_another_colour() -> None:
    assert (is_worse(60.0, 30.0), is_worse(30.0, 60.0), is_worse(None, 30.0)) == (True, False, False)
    assert change_line(60.0, 30.0, "", 54.0).shapes[-1].colour == report_colours.SEVERITY_COLOURS[GapSeverity.HIGH]
    assert CHANGE.shapes[-1].colour == change_line(None, 50.0, "", 54.0).shapes[-1].colour == report_colours.ACCENT


# -- counts --------------------------------------------------------------------------------------------------------


def test_pieces_of_a_bar_are_as_wide_as_their_counts_and_none_where_there_is_nothing() -> None:
    assert [(one.colour, one.x, one.width) for one in STACK.shapes] == [
        ("#111111", pytest.approx(0.2), pytest.approx(14.6)),
        ("#333333", pytest.approx(15.2), pytest.approx(4.6)),
    ]
