"""The scores page, opened everywhere, can be named, hit and read at every size and direction."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from capacity_app.ui.theme.fonts_and_sizes import apply_theme, set_zoom
from capacity_app.ui.theme.palette import Scheme
from tests.builders import file_of, small_dossier
from tests.domain.making import instrument, question, say, section
from tests.ui.office import Office

LEAST_TARGET = 24
Open = Callable[[str], ScoresPage]


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


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Open]:
    """Open the page in a language, with every arithmetic unfolded."""
    made: list[Office] = []

    def open_page(language: str) -> ScoresPage:
        texts = Translator(language)
        right = Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight
        qapp.setLayoutDirection(right)
        office = Office(qtbot, tmp_path / "settings.ini", texts)
        made.append(office)
        office.open(file_of(tmp_path, four_sections(3, None, 1, 2)))
        page = office.page(ScoresPage, "scores")
        page.overall.figures["verified"].click()
        for row in page.sections.rows.values():
            row.head.setChecked(True)
        page.weights.fields["a"].setText("?")
        page.weights.flush()
        office.settle()
        return page

    yield open_page
    for office in made:
        office.leave()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def shown(page: ScoresPage) -> list[QWidget]:
    return [child for child in page.findChildren(QWidget) if child.isVisible()]


@pytest.mark.check
def test_every_control_has_a_name_and_is_large_enough(opened: Open) -> None:
    page = opened("en")
    controls = [w for w in shown(page) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    ours = [w for w in controls if not isinstance(w, QScrollBar | QLabel | QScrollArea) or w.objectName()]
    assert len(ours) > 15
    spoken = [w.accessibleName() or (w.text() if isinstance(w, QAbstractButton) else "") for w in ours]
    assert [w.objectName() for w, name in zip(ours, spoken, strict=True) if not name] == []
    assert [name for w, name in zip(ours, spoken, strict=True) if not w.objectName()] == []
    small = [w for w in ours if isinstance(w, QAbstractButton | QLineEdit) and w.height() < LEAST_TARGET]
    assert [w.objectName() for w in small] == []


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_no_words_are_cut_off_and_nothing_is_wider_than_the_page(
    opened: Open, qapp: QApplication, language: str, zoom: int
) -> None:
    set_zoom(qapp, zoom)
    page = opened(language)
    labels = [w for w in shown(page) if isinstance(w, QLabel) and w.text()]
    assert [w.text() for w in labels if w.wordWrap() and w.heightForWidth(w.width()) > w.height() + 1] == []
    assert [w.text() for w in labels if not w.wordWrap() and w.width() + 1 < w.sizeHint().width()] == []
    buttons = [w for w in shown(page) if isinstance(w, QAbstractButton) and w.text() and not w.hasHeightForWidth()]
    assert [b.text() for b in buttons if b.width() < QFontMetrics(b.font()).horizontalAdvance(b.text())] == []
    for area in page.findChildren(QScrollArea):
        content = area.widget()
        if area.isVisible() and content is not None:
            assert content.minimumSizeHint().width() <= area.viewport().width() + 1


@pytest.mark.check
def test_tab_goes_down_the_page_from_the_overall_score_to_the_last_weight(opened: Open) -> None:
    page = opened("en")
    page.overall.figures["overall"].setFocus()
    names: list[str] = []
    while "own_weight_d" not in names:
        widget = QApplication.focusWidget()
        assert widget is not None
        names.append(widget.objectName())
        assert len(names) < 60, names
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    figures = ["figure_overall", "figure_interval", "figure_verified", "figure_evidence", "figure_coverage"]
    rows = [name for section in "abcds" for name in (f"section_{section}", "parts")]
    fields = [f"own_weight_{section}" for section in "abcd"]
    views = ["figure_lowest", "unsupported"]
    assert names == [*figures, *views, *rows, *fields], "without an overall score there are no methods"


@pytest.mark.check
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST])
def test_the_page_paints_itself_in_every_scheme(opened: Open, qapp: QApplication, scheme: Scheme) -> None:
    page = opened("en")
    apply_theme(qapp, scheme)
    picture = page.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 5) for y in (100, 200, 300)}
    assert qapp.palette().window().color().name() in colours
    assert len(colours) > 2
