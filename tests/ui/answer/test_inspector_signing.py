"""The panel's validation: who confirms and when, picked or typed, remembered, undone."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QAbstractButton

from capacity_app.domain.assessment.answers import AnswerLayer
from capacity_app.ui.pages.answer.judgement_editor import JudgementEditor
from capacity_app.ui.widgets.date_field import DateEdit
from tests.ui.answer.looking import ANSWERS, button, look_at, part, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]


def _confirm(desk: Desk, where: str) -> JudgementEditor:
    tab = look_at(desk, where, ANSWERS)
    button(tab, "Mark as validated").click()
    desk.settle()
    return part(tab, JudgementEditor, "edit validated")


def test_who_confirms_is_picked_from_the_people_met(desk_on: Open) -> None:
    desk = desk_on()
    editor = _confirm(desk, "i.plan")
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED).is_empty
    assert "say who validated" in shown(editor)
    desk.write("officer")
    desk.press("Return")
    today = datetime.now(UTC).astimezone().date().isoformat()
    said = desk.said("i.plan", layer=AnswerLayer.VALIDATED)
    assert (said.value, said.reason) == (1, f"B. Officer, Head of unit, NSO ({today})")


@pytest.mark.check
def test_a_search_for_a_person_is_not_stored_as_a_name(desk_on: Open) -> None:
    desk = desk_on()
    _confirm(desk, "i.plan")
    desk.write("off")
    desk.rest()
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED).is_empty
    desk.controller.request_flush()
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED).reason.startswith("off (")


@pytest.mark.check
def test_the_next_validation_is_signed_as_the_last_one(desk_on: Open) -> None:
    desk = desk_on()
    editor = _confirm(desk, "i.plan")
    desk.write("B. Minister")
    desk.press("Tab")
    editor.date.typed.field.setFocus()
    desk.press("Ctrl+A")
    desk.write("29.11.2018")
    desk.press("Tab")
    assert editor.date.typed.text() == "29 Nov 2018"
    _confirm(desk, "i.published")
    assert desk.said("i.published", layer=AnswerLayer.VALIDATED).reason == "B. Minister (2018-11-29)"


@pytest.mark.check
def test_the_date_is_picked_from_a_calendar(desk_on: Open) -> None:
    desk = desk_on()
    editor = _confirm(desk, "i.plan")
    desk.write("NSO")
    desk.press("Tab")
    field = editor.date
    assert field.picker.accessibleName() == "Pick a date for “On”"
    field.picker.setFocus()
    desk.press("Space")
    line = desk.focused()
    assert isinstance(line, DateEdit)
    assert line.sheet is not None
    line.sheet.show_day(date(2018, 11, 28))
    desk.press("Right", "Return")
    assert not line.is_calendar_open
    assert desk.focused() is line
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED).reason == "NSO (2018-11-29)"


@pytest.mark.check
def test_a_date_nobody_can_read_is_kept_and_said(desk_on: Open) -> None:
    desk = desk_on()
    editor = _confirm(desk, "i.plan")
    desk.write("NSO")
    desk.press("Tab")
    before = desk.said("i.plan", layer=AnswerLayer.VALIDATED)
    editor.date.typed.field.setFocus()
    desk.press("Ctrl+A")
    desk.write("soon")
    desk.press("Tab")
    assert editor.date.advice.isVisible()
    assert editor.date.typed.text() == "soon"
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED) == before


@pytest.mark.check
def test_a_validation_is_undone(desk_on: Open) -> None:
    desk = desk_on()
    _confirm(desk, "i.plan")
    desk.write("NSO")
    desk.press("Tab")
    tab = desk.page.inspector.answers
    part(tab, QAbstractButton, "withdraw validated").click()
    desk.settle()
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED).is_empty
    assert desk.focused().objectName() == "begin validated"
    desk.controller.undo()
    assert desk.said("i.plan", layer=AnswerLayer.VALIDATED).value == 1
