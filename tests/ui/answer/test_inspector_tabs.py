"""The panel's tabs: seen whole at every size, reached and left by keyboard in reading order."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import Address
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.ui.pages.answer.inspector import Inspector
from capacity_app.ui.pages.answer.judgement_editor import JudgementEditor
from capacity_app.ui.question_widgets.panel_cards import PanelTab
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.builders import small_dossier
from tests.ui.answer.looking import ANSWERS, EVIDENCE, HISTORY, look_at, part
from tests.ui.driving import Desk

Open = Callable[..., Desk]


@pytest.fixture
def narrow(desk_on: Open, qapp: QApplication) -> Iterator[Callable[[int, str], Inspector]]:
    """Make a panel of its own, as narrow as a small screen makes it."""
    made: list[Inspector] = []

    def make(zoom: int, language: str) -> Inspector:
        desk = desk_on()
        set_zoom(qapp, zoom)
        panel = Inspector(desk.controller, SessionFormatter(Translator(language), desk.session))
        made.append(panel)
        panel.setFixedSize(340, 800)
        panel.show()
        panel.show_address(Address("i.law"))
        panel.follow_now()
        desk.settle()
        return panel

    yield make
    for panel in made:
        panel.close()
        panel.deleteLater()


SIZES = pytest.mark.parametrize(("zoom", "language"), [(100, "en"), (200, "en"), (100, PSEUDO), (200, PSEUDO)])


@SIZES
def test_all_tabs_are_seen_whole_at_every_size(
    narrow: Callable[[int, str], Inspector], zoom: int, language: str
) -> None:
    inspector = narrow(zoom, language)
    row = inspector.tabs.tabBar()
    spots = []
    for number, name in enumerate(inspector.tabs.names()):
        tab = part(row, QAbstractButton, f"panel_tab_{number}")
        assert tab.text() == name
        assert tab.isVisible()
        assert row.rect().contains(tab.geometry())
        assert tab.width() >= tab.fontMetrics().horizontalAdvance(name)
        assert tab.height() >= tab.fontMetrics().height() + 2
        spots.append(tab.geometry())
    assert not any(one.intersects(other) for place, one in enumerate(spots) for other in spots[place + 1 :])


@SIZES
def test_nothing_is_too_wide_for_a_narrow_panel_or_it_scrolls(
    narrow: Callable[[int, str], Inspector], qtbot: QtBot, zoom: int, language: str
) -> None:
    inspector = narrow(zoom, language)

    def fits(page: PanelTab) -> bool:
        content = page.widget()
        assert content is not None
        hidden = max(0, content.width() - page.viewport().width())
        if (zoom, language) == (200, PSEUDO):
            return page.horizontalScrollBar().maximum() == hidden
        return hidden == 0

    for number, page in enumerate(inspector.pages):
        inspector.tabs.setCurrentIndex(number)
        qtbot.waitUntil(partial(fits, page))


def test_the_tabs_are_one_stop_and_the_arrows_choose(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("i.law")
    desk.press("F9")
    assert desk.focused().objectName() == "panel_tab_0"
    desk.press("Right", "Down")
    assert desk.page.inspector.tabs.currentIndex() == 2
    desk.press("End")
    assert desk.page.inspector.tabs.currentIndex() == 3
    desk.press("Right")
    assert desk.page.inspector.tabs.currentIndex() == 0
    desk.press("Left")
    assert desk.focused().objectName() == "panel_tab_3"
    desk.press("Tab")
    assert not desk.focused().objectName().startswith("panel_tab")


@pytest.mark.parametrize("tab", [ANSWERS, EVIDENCE, HISTORY])
def test_tab_goes_through_the_panel_in_reading_order(desk_on: Open, tab: int) -> None:
    desk = desk_on()
    look_at(desk, "i.law", tab)
    inspector = desk.page.inspector
    desk.press("F9")
    seen: list[int] = []
    while inspector.isAncestorOf(desk.focused()):
        widget = desk.focused()
        above = widget.mapTo(inspector.tabs, QPoint(0, 0)).y() + scrolled(inspector.pages[tab], widget)
        if seen and above == 0:
            break
        seen.append(above)
        desk.press("Tab")
        assert len(seen) < 60
    assert seen == sorted(seen)
    assert len(seen) > 1 or tab == HISTORY, "nothing is restored here"


def scrolled(area: PanelTab, widget: QWidget) -> int:
    return area.verticalScrollBar().value() if area.isAncestorOf(widget) else 0


def test_changing_the_tab_keeps_the_focus_in_the_panel_and_the_place(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", ANSWERS)
    part(tab, JudgementEditor, "edit judgement").reason.field.setFocus()
    desk.page.inspector.tabs.setCurrentIndex(HISTORY)
    desk.settle()
    desk.page.inspector.follow_now()
    assert desk.focused().objectName() == "panel_tab_3"
    assert desk.page.inspector.history.place is not None
    assert desk.page.inspector.history.place.address == Address("i.plan")


def test_a_count_that_changes_out_of_sight_has_its_room_when_the_panel_comes_back(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    look_at(desk, "i.law", ANSWERS)
    desk.press("Shift+F9")
    desk.press("2")
    desk.press("F9")
    desk.settle()
    tab = part(desk.page.inspector, QAbstractButton, "panel_tab_1")
    assert tab.text() == "Answers 1"
    assert tab.width() >= tab.sizeHint().width()
