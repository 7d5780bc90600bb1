"""The timeline: rows in order of time, keys that move actions, the mouse, scales, and what is spoken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.planning.action_plan import DateSpan
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage, PlanView
from capacity_app.ui.pages.analyse.plan_model import TimeAxis, axis_months
from capacity_app.ui.pages.analyse.timeline import TimelineView
from capacity_app.ui.widgets.cards import Label
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]

LAW = Action(id="law", title="Pass the law", start="2024-01-01", end="2024-06-30", responsible="agency-nso")
STAFF = Action(
    id="staff", title="Hire staff", start="2024-07", end="2025", depends_on=("law",), progress=ActionProgress.STARTED
)
SOMEDAY = Action(id="someday", title="Someday")


def planned(*actions: Action) -> Dossier:
    return replace(small_dossier(), actions=actions or (STAFF, SOMEDAY, LAW))


def timeline(office: Office) -> TimelineView:
    page = office.page(GapsAndPlanPage, "gaps")
    page.tabs.setCurrentIndex(PlanView.TIMELINE)
    office.settle()
    page.timeline.setFocus()
    return page.timeline


def action_of(office: Office, action_id: str) -> Action:
    found = office.session.entry("actions", action_id)
    assert isinstance(found, Action)
    return found


def titles(view: TimelineView) -> list[str]:
    return [bar.title for bar in view.rows.rows]


# -- rows -------------------------------------------------------------------------------------------------------------


def test_actions_stand_by_time_and_those_without_dates_apart(at_work: AtWork) -> None:
    view = timeline(at_work(planned()))
    assert titles(view) == ["3  Pass the law", "1  Hire staff", "Without dates  1", "2  Someday"]


def test_the_axis_takes_the_room_that_the_words_of_the_bars_leave(at_work: AtWork) -> None:
    view = timeline(at_work(planned()))
    room, bar = view.viewport().width(), next(bar for bar in view.rows.rows if bar.title.endswith("Hire staff"))
    box = view.box_of(view.visualRect(view.rows.index(view.rows.rows.index(bar), 0)), bar)
    assert box is not None
    words = view.fontMetrics().horizontalAdvance(bar.label)
    assert room - 2 * words < box.right() < room - words // 2, "the words of the last bar end with the room"
    assert view.horizontalScrollBar().maximum() == 0


def test_up_and_down_go_from_action_to_action_and_enter_opens_the_form(at_work: AtWork) -> None:
    office = at_work(planned())
    view = timeline(office)
    view.choose("law")
    office.press("Down", "Down")
    assert view.current == "someday"
    office.press("Up")
    assert view.current == "staff"
    office.press("Return")
    page = office.desk.page("gaps")
    assert isinstance(page, GapsAndPlanPage)
    assert page.detail.action.current == "staff"
    assert page.detail.action.form.isAncestorOf(office.focused())


def test_a_screen_reader_hears_the_whole_of_a_bar(at_work: AtWork) -> None:
    view = timeline(at_work(planned()))
    interface = QAccessible.queryAccessibleInterface(view)
    spoken = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]
    said = next(text for text in spoken if text.startswith("Hire staff"))
    for part in ("Hire staff", "Jul 2024 to 2025", "started", "nobody responsible yet", "after: Pass the law"):
        assert part in said


def test_the_form_of_the_current_action_stands_beside_the_timeline(at_work: AtWork) -> None:
    office = at_work(planned(LAW, replace(STAFF, start="2024-02-01")))
    timeline(office).choose("staff")
    page = office.desk.page("gaps")
    assert isinstance(page, GapsAndPlanPage)
    assert page.detail.action.current == "staff"
    said = " ".join(words.text() for words in page.detail.findChildren(Label) if words.isVisible())
    assert "starts before “Pass the law” ends, for which it waits." in said


def test_an_empty_plan_has_no_axis_but_a_sentence(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), actions=()))
    view = timeline(office)
    assert not view.isVisible()


# -- moving -----------------------------------------------------------------------------------------------------------


def middle(view: TimelineView, action: str) -> QPoint:
    row = view.rows.row_of_action(action)
    box = view.box_of(view.visualRect(view.rows.index(row, 0)), view.rows.rows[row])
    assert box is not None
    return box.center().toPoint()


def drag(office: Office, view: TimelineView, start: QPoint, way: int) -> None:
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for part in (1, 2, 3):
        QTest.mouseMove(port, start + QPoint(way * part // 3, 0))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=start + QPoint(way, 0))
    office.settle()


# -- scale ------------------------------------------------------------------------------------------------------------


def test_the_axis_stays_on_top_while_the_actions_scroll(at_work: AtWork) -> None:
    many = tuple(replace(LAW, id=f"law-{number}", title=f"Law {number}") for number in range(60))
    office = at_work(planned(*many))
    view = timeline(office)
    top = view.axis_header.mapTo(view, QPoint(0, 0))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert view.verticalScrollBar().value() > 0
    assert view.axis_header.mapTo(view, QPoint(0, 0)) == top


def test_days_lie_within_their_months_and_ticks_cover_the_axis() -> None:
    axis = TimeAxis(2024 * 12, 2024 * 12 + 23, 30.0)
    assert axis.start_of(date(2024, 1, 1)) == 0
    assert axis.end_of(date(2024, 1, 31)) == axis.start_of(date(2024, 2, 1)) == 30
    assert axis.end_of(date(2025, 12, 31)) == axis.width
    for months in (1, 3, 12, 120):
        ticks = list(axis.ticks(months))
        assert ticks[0].start == 0
        assert sum(tick.width for tick in ticks) == axis.width
    assert [tick.part for tick in axis.ticks(3)][:5] == [1, 2, 3, 4, 1]


def test_today_is_on_the_axis_if_it_is_near() -> None:
    span = DateSpan(date(2024, 2, 10), date(2024, 5, 5))
    assert axis_months([span], date(2040, 1, 1)) == (2024 * 12, 2024 * 12 + 5)
    assert axis_months([span], date(2025, 2, 1)) == (2024 * 12, 2025 * 12 + 2)
    assert axis_months([], date(2025, 2, 1)) == (2025 * 12, 2025 * 12 + 11)
