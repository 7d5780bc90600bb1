"""The radar keeps its axes, leaves gaps open, says everything in words, and is remembered."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import hypot

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.scoring.scores import HUNDRED
from capacity_app.ui.pages.analyse.score_charts import RadarAxis, RadarChart, ScoreBarFigures
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from capacity_app.ui.theme.palette import colours, contrast
from tests.builders import small_dossier
from tests.domain.making import instrument, question, say, section
from tests.ui.office import Office

AtWork = Callable[..., Office]
F = Fraction


def four_sections(*answered: int | None) -> Dossier:
    """Return an assessment of four sections with one question each, and a supplement; None is not answered."""
    names = ("a", "b", "c", "d")
    sections = [section(name, question(f"{name}.q")) for name in names]
    made = instrument(*sections, section("s", question("s.q"), supplement="S"))
    old = small_dossier()
    one = old.answers[0]
    given = [say(f"{name}.q", level) for name, level in zip(names, answered, strict=False) if level is not None]
    answers = tuple(replace(a, time=one.time, author=one.author, language="en") for a in given)
    return replace(old, instrument=made, answers=answers, actions=(), ratings=())


def radar(qtbot: QtBot, *values: int | None) -> RadarChart:
    made = RadarChart("Radar")
    qtbot.addWidget(made)
    made.show_axes(
        [
            RadarAxis(f"s{n}", f"S{n}", f"Section {n}", ScoreBarFigures(None if v is None else F(v)))
            for n, v in enumerate(values)
        ]
    )
    made.resize(420, 420)
    made.show()
    return made


def ink_at(made: RadarChart, point: QPointF) -> str:
    """Return the colour in the middle between two axes' points, or at a point."""
    return made.grab().toImage().pixelColor(point.toPoint()).name()


def test_all_core_sections_have_an_axis_in_the_instruments_order_whether_scored_or_not(at_work: AtWork) -> None:
    office = at_work(four_sections(3, None, 1, 2))
    page = office.page(ScoresPage, "scores")
    page.sections.views["radar"].click()
    assert [axis.section for axis in page.sections.radar.axes] == ["a", "b", "c", "d"]
    assert [axis.bar.value for axis in page.sections.radar.axes] == [HUNDRED, None, HUNDRED / 3, HUNDRED * 2 / 3]
    assert page.sections.radar.isVisible()


def test_the_axes_go_from_the_centre_to_the_circle_whatever_the_scores_are(qtbot: QtBot) -> None:
    low, high = radar(qtbot, 1, 2, 3, 4), radar(qtbot, 96, 97, 98, 99)
    for made in (low, high):
        centre = made.point(0, F(0))
        reaches = {round(hypot((made.point(n, HUNDRED) - centre).x(), (made.point(n, HUNDRED) - centre).y()), 6)
                   for n in range(4)}  # fmt: skip
        assert len(reaches) == 1
    assert low.point(2, F(50)) == high.point(2, F(50))


def test_the_line_is_open_where_a_section_has_no_score(qtbot: QtBot) -> None:
    whole, broken = radar(qtbot, 80, 80, 80, 80), radar(qtbot, 80, None, 80, 80)
    accent = colours().accent
    between = (whole.point(0, F(80)) + whole.point(1, F(80))) / 2
    assert ink_at(whole, between) == accent
    assert ink_at(broken, between) != accent
    kept = (whole.point(2, F(80)) + whole.point(3, F(80))) / 2
    assert ink_at(broken, kept) == accent


def test_the_interval_is_shaded_between_neighbours_and_ends_on_each_axis(qtbot: QtBot) -> None:
    made = radar(qtbot, 10, 10, 10, 10)
    bars = [
        ScoreBarFigures(F(50), F(30), F(90)),
        ScoreBarFigures(F(50), F(30), F(90)),
        ScoreBarFigures(F(50), F(50), F(50)),
        ScoreBarFigures(),
    ]
    made.show_axes([RadarAxis(str(n), str(n), str(n), bar) for n, bar in enumerate(bars)])
    shaded = (made.point(0, F(70)) + made.point(1, F(70))) / 2
    bare = (made.point(3, F(70)) + made.point(0, F(70))) / 2
    assert ink_at(made, shaded) != ink_at(made, bare)
    whisker = ink_at(made, made.point(0, F(70)))
    assert contrast(whisker, colours().surface) > 7, "the interval is there without colour too"


def test_the_earlier_round_is_a_line_of_its_own(qtbot: QtBot) -> None:
    made = radar(qtbot, 90, 90, 90, 90)
    before = ink_at(made, made.point(1, F(30)) + QPointF(0, -4))
    made.show_axes([replace(axis, bar=replace(axis.bar, before=F(30), after=F(90))) for axis in made.axes])
    assert ink_at(made, made.point(1, F(30)) + QPointF(0, -4)) != before


def test_every_figure_of_the_radar_is_said_in_words(at_work: AtWork) -> None:
    office = at_work(four_sections(3, None, 1, 2))
    page = office.page(ScoresPage, "scores")
    page.sections.views["radar"].click()
    said = page.sections.radar.accessibleDescription().splitlines()
    assert [line[0] for line in said] == ["a", "b", "c", "d"]
    assert "100.0" in said[0]
    assert "too little known for a score" in said[1]
    assert all("target 100.0" in line for line in said)
    for name in "abcd":
        assert page.sections.rows[name].head.isVisible(), "the same in lines below"


def test_the_arrows_go_round_and_enter_opens_the_section(at_work: AtWork) -> None:
    office = at_work(four_sections(3, 0, 1, 2))
    page = office.page(ScoresPage, "scores")
    page.sections.views["radar"].click()
    page.sections.radar.setFocus()
    office.press("Left")
    assert page.sections.radar.current is not None
    assert page.sections.radar.current.section == "d"
    office.press("Right", "Right")
    assert page.sections.radar.accessibleDescription().startswith("b")
    office.press("Return")
    assert page.sections.rows["b"].head.isChecked()
    assert page.sections.rows["b"].head.hasFocus()


def test_a_click_opens_the_section_in_whose_direction_it_lies(qtbot: QtBot) -> None:
    made = radar(qtbot, 10, 20, 30, 40)
    opened: list[str] = []
    made.opened.connect(opened.append)
    for place in range(4):
        QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=made.point(place, F(60)).toPoint())
    assert opened == ["s0", "s1", "s2", "s3"]


def test_from_right_to_left_the_axes_follow_the_reading_direction(qtbot: QtBot) -> None:
    made = radar(qtbot, 10, 20, 30, 40)
    right = made.point(1, HUNDRED)
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    left = made.point(1, HUNDRED)
    assert right.x() > made.width() / 2 > left.x()
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_Left)
    assert made.current is not None
    assert made.current.section == "s1"


def test_the_view_is_remembered(at_work: AtWork, office: Office) -> None:
    at_work(four_sections(3, 0, 1, 2))
    page = office.page(ScoresPage, "scores")
    assert page.sections.views["bars"].isChecked()
    page.sections.views["radar"].setFocus()
    office.press("Space")
    file = office.session.file
    office.come_back()
    office.open(file)
    again = office.page(ScoresPage, "scores")
    assert again.sections.views["radar"].isChecked()
    assert again.sections.radar.isVisible()
    again.sections.views["bars"].click()
    assert not again.sections.radar.isVisible()


def test_two_sections_have_bars_alone(at_work: AtWork) -> None:
    office = at_work()
    office.settings.scores_view = "radar"
    page = office.page(ScoresPage, "scores")
    assert not page.sections.radar.isVisible()
    assert not page.sections.views["radar"].isVisible()


@pytest.mark.parametrize("size", [(200, 200), (300, 900), (1200, 240)])
def test_a_radar_fits_any_room(qtbot: QtBot, size: tuple[int, int]) -> None:
    made = radar(qtbot, 10, 20, 30, 40)
    made.resize(*size)
    assert not made.grab().isNull()
    QApplication.sendPostedEvents()
