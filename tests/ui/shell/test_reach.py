"""The shell from right to left, in every scheme, on a small laptop; what holds for every screen is tested there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QScrollArea, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from capacity_app.ui.pages.analyse.section_scores import SectionScoreHead
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.shell.page_table import TASK_PAGES
from capacity_app.ui.theme.fonts_and_sizes import apply_theme, set_zoom
from capacity_app.ui.theme.palette import Scheme
from capacity_app.ui.widgets.flow import TabRow
from tests.builders import file_of
from tests.ui.office import Office, front
from tests.ui.test_every_screen import faults_on, is_part, shown

OURS = tuple(place.name for place in TASK_PAGES if place.name != "questionnaire")
Hire = Callable[..., Office]


@pytest.fixture
def hire(tmp_path: Path, qtbot: QtBot) -> Iterator[Hire]:
    """Open a window in some language, on the small assessment."""
    made: list[Office] = []

    def open_in(language: str = "en") -> Office:
        office = Office(qtbot, tmp_path / "settings.ini", Translator(language))
        made.append(office)
        office.open(file_of(tmp_path))
        return office

    yield open_in
    for office in made:
        office.leave()


def every_view(office: Office) -> Iterator[QWidget]:
    """Show every page of the shell with all its tabs, the scores opened, then the form and the start page."""
    for name in OURS:
        page = office.page(QWidget, name)
        if isinstance(page, ScoresPage):
            for row in page.sections.rows.values():
                row.head.setChecked(True)
        tabs = page.findChild(TabRow)
        for tab in range(tabs.count() if tabs is not None else 1):
            if tabs is not None:
                tabs.setCurrentIndex(tab)
            office.settle()
            yield page
    office.press("Ctrl+N")
    office.settle()
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    yield form
    office.window.show_start()
    office.settle()
    yield office.window


def without_object_name(view: QWidget) -> Iterator[str]:
    for widget in shown(view):
        is_stop = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if is_stop and not widget.objectName() and not isinstance(widget, QScrollBar | QLabel | QScrollArea):
            yield "" if is_part(widget) else f"no object name: {widget.accessibleName()}"


def marked_up(view: QWidget) -> Iterator[str]:
    for label in view.findChildren(QLabel):
        if label.textFormat() != Qt.TextFormat.PlainText and label.text():
            yield f"interprets markup: {label.text()}"


def off_the_keyboard(view: QWidget) -> Iterator[str]:
    for items in (w for w in shown(view) if isinstance(w, QAbstractItemView) and not is_part(w) and w.objectName()):
        if not items.focusPolicy() & Qt.FocusPolicy.TabFocus or items.tabKeyNavigation():
            yield f"does not follow the keyboard: {items.objectName()}"


@pytest.mark.check
def test_every_view_is_named_plain_seen_whole_easy_to_hit_and_gone_through_in_order(hire: Hire) -> None:
    """What is tested of every screen of the demonstration by `make check`, here on the small assessment."""
    told = [
        f"{view.objectName()}: {fault}"
        for view in every_view(hire())
        for fault in (*faults_on(view), *without_object_name(view), *marked_up(view), *off_the_keyboard(view))
        if fault
    ]
    assert "\n".join(dict.fromkeys(told)) == ""


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_the_pages_of_the_shell_need_no_more_width_than_a_small_laptop_has(
    hire: Hire, qapp: QApplication, zoom: int
) -> None:
    office = hire()
    set_zoom(qapp, zoom)
    office.settle()
    for name in OURS:
        page = office.page(QWidget, name)
        for area in page.findChildren(QScrollArea):
            content = area.widget()
            if content is not None and area.isVisible() and not area.findChildren(QAbstractItemView):
                assert content.minimumSizeHint().width() <= area.viewport().width() + 1, (name, area.objectName())


@pytest.mark.check
def test_from_right_to_left_the_rail_stands_on_the_right(hire: Hire, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        office = hire()
        assert office.desk.rail.x() > office.desk.width() / 2
        page = office.page(ScoresPage, "scores")
        head = page.findChild(SectionScoreHead)
        assert head is not None
        assert head._score.x() < head._bar.x()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.check
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST])
def test_every_page_paints_itself_in_every_scheme(hire: Hire, qapp: QApplication, scheme: Scheme) -> None:
    office = hire()
    apply_theme(qapp, scheme)
    ground = qapp.palette().window().color().name()
    for view in every_view(office):
        picture = view.grab().toImage()
        colours = {
            picture.pixelColor(x, y).name() for x in range(0, picture.width(), 7) for y in range(3, picture.height(), 9)
        }
        assert ground in colours
        assert len(colours) > 1


@pytest.mark.check
def test_words_follow_a_change_of_colours(hire: Hire, qapp: QApplication) -> None:
    office = hire()
    page = office.page(ScoresPage, "scores")
    label = page.findChildren(QLabel)[0]
    before = label.palette().windowText().color()
    apply_theme(qapp, Scheme.DARK)
    QApplication.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange)
    office.settle()
    assert label.palette().windowText().color() != before
