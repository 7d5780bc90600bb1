"""Dates by keyboard: typed, or picked in the calendar that opens under the field."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets.date_field import DateEdit
from tests.builders import small_dossier
from tests.domain.making import instrument, question, section
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]


def at_date(desk_on: Open, texts: Translator | None = None) -> tuple[Desk, DateEdit]:
    desk = desk_on(replace(small_dossier(), answers=()), texts=texts)
    desk.go("ii.next")
    field = desk.focused()
    assert isinstance(field, DateEdit)
    return desk, field


def shown_days(days: QTableView) -> list[QModelIndex]:
    """Return the places of the 42 days, as they are read; above them are the names of the days."""
    model = days.model()
    return [model.index(row, column) for row in range(1, 7) for column in range(8) if not days.isColumnHidden(column)]


def test_alt_down_opens_the_calendar_and_the_field_keeps_the_focus(desk_on: Open) -> None:
    desk, field = at_date(desk_on)
    desk.press("Alt+Down")
    assert field.is_calendar_open
    assert desk.focused() is field
    assert field.accessibleDescription(), "who cannot see it hears the marked day"


def test_a_day_is_picked_by_keys(desk_on: Open) -> None:
    desk, field = at_date(desk_on)
    desk.write("2018-11-29")
    desk.press("Alt+Down", "Right", "Down", "PgUp", "Return")
    assert desk.said("ii.next").value == "2018-11-07"
    assert not field.is_calendar_open
    assert desk.focused() is field


@pytest.mark.parametrize(("key", "date"), [("M", "2018-11"), ("Y", "2018")])
def test_a_month_or_a_year_is_picked_without_a_day(desk_on: Open, key: str, date: str) -> None:
    desk, _ = at_date(desk_on)
    desk.write("2018-11-29")
    desk.press("Alt+Down", key)
    assert desk.said("ii.next").value == date


def test_escape_closes_the_calendar_only(desk_on: Open) -> None:
    desk, field = at_date(desk_on)
    desk.write("2018")
    desk.press("Alt+Down", "Esc")
    assert not field.is_calendar_open
    assert desk.focused() is field
    assert field.text() == "2018"


def test_the_calendar_follows_what_is_typed(desk_on: Open) -> None:
    desk, field = at_date(desk_on)
    desk.press("Alt+Down")
    desk.write("29/11/2018")
    assert field.sheet is not None
    assert field.sheet.day == dt.date(2018, 11, 29)
    assert field.is_calendar_open


def test_the_calendar_closes_when_the_field_is_left(desk_on: Open) -> None:
    desk, field = at_date(desk_on)
    desk.press("Alt+Down")
    desk.press("Tab")
    assert not field.is_calendar_open


def test_a_click_picks_a_day_and_the_button_opens(desk_on: Open) -> None:
    desk, field = at_date(desk_on)
    desk.write("2018-11-01")
    editor = desk.card("ii.next").editor
    editor.calendar_button.click()  # type: ignore[union-attr]
    sheet = field.sheet
    assert sheet is not None
    days = sheet.days
    spot = next(days.visualRect(day).center() for day in shown_days(days) if day.data() == 15)
    QTest.mouseClick(days.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert desk.said("ii.next").value == "2018-11-15"


def test_a_day_is_picked_in_a_cell_and_the_cell_stays_open(desk_on: Open) -> None:
    column = GridColumn(id="when", label="When", kind=AnswerKind.DATE)
    made = instrument(
        section("g", question("g.g", AnswerKind.GRID, columns=(column,), rows=(GridRow(id="a", label="A"),)))
    )
    desk = desk_on(replace(small_dossier(made), answers=(), actions=(), ratings=()))
    desk.go("g.g/a/when")
    desk.press("F2")
    desk.write("2018-11-29")
    desk.press("Alt+Down", "Left", "Return")
    assert desk.table("g.g").view.editing is not None
    desk.press("Return")
    assert desk.said("g.g/a/when").value == "2018-11-28"


def test_from_right_to_left_the_arrows_turn_round(desk_on: Open, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        desk, field = at_date(desk_on, Translator("ar"))
        desk.write("2018-11-29")
        desk.press("Alt+Down", "Left")
        assert field.sheet is not None
        assert field.sheet.day == dt.date(2018, 11, 30)
        first, *_, last = map(field.sheet.days.visualRect, shown_days(field.sheet.days)[:7])
        assert first.x() > last.x()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("zoom", [100, 200])
def test_the_calendar_stands_inside_the_window(desk_on: Open, qapp: QApplication, zoom: int) -> None:
    desk, field = at_date(desk_on)
    set_zoom(qapp, zoom)
    desk.settle()
    desk.press("Alt+Down")
    assert field.sheet is not None
    corner = field.sheet.mapTo(desk.page, QPoint(0, 0))
    assert desk.page.rect().contains(corner)
    assert desk.page.rect().contains(corner + field.sheet.rect().bottomRight())


def test_a_date_is_picked_in_the_window(at_work: Callable[[object], Office], blank: object) -> None:
    office = at_work(blank)
    office.press("Ctrl+K")
    office.write("iinext")
    office.press("Return")
    office.write("29.11.2018")
    office.press("Alt+Down", "Home", "Return")
    assert office.session.sheet.blocks["ii.next"].whole.value == "2018-11-01"
