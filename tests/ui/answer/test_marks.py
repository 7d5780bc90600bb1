"""Marks beside questions say what they mean and what to do; counts say why they change."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from capacity_app.domain.assessment.answers import Address
from capacity_app.ui.pages.answer.presentation_view import PresentationView, open_presentation
from capacity_app.ui.question_widgets.panel_parts import focused_place_of
from capacity_app.ui.widgets.running_text import RunningText
from tests.builders import dated, small_dossier
from tests.domain.making import say
from tests.ui.answer.looking import ANSWERS, look_at, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]
ADVICE = "High level without evidence. Add a document, a link or its name under “Evidence”."


def unsupported(desk_on: Open) -> Desk:
    desk = desk_on(replace(small_dossier(), answers=dated((say("i.law", 3, who="agency-nso"),))))
    desk.go("i.law")
    desk.page.inspector.follow_now()
    desk.settle()
    return desk


def test_a_level_without_evidence_says_what_to_do_on_the_question_in_the_panel_and_in_the_list(desk_on: Open) -> None:
    desk = unsupported(desk_on)
    assert ADVICE in shown(desk.card("i.law"))
    assert desk.page.inspector.advice.text() == ADVICE
    node = desk.page.tree.model.find(Address("i.law"))
    assert node is not None
    assert ADVICE in desk.page.tree.model.data(desk.page.tree.model.index_of(node), Qt.ItemDataRole.ToolTipRole)
    desk.press("1")
    assert ADVICE not in shown(desk.card("i.law"))
    assert not desk.page.inspector.advice.isVisible()


def test_the_mark_of_a_question_explains_itself_under_the_mouse(desk_on: Open) -> None:
    desk = unsupported(desk_on)
    card = desk.card("i.law")
    spot = QPoint(20, 24)
    QApplication.sendEvent(card, QHelpEvent(QEvent.Type.ToolTip, spot, card.mapToGlobal(spot)))
    assert QToolTip.text() == "Answered"
    QToolTip.hideText()


def test_a_total_that_shrinks_says_why(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.published")
    before = desk.page.tree.count.text()
    desk.press("Y")
    heading = desk.page.page().heading.progress
    counts = desk.session.sheet.section_counts(desk.page.page().section)
    assert counts.unneeded > 0
    assert heading.text() == f"1 of {counts.wanted} answers · {counts.unneeded} not needed"
    assert "another answer" in heading.toolTip()
    assert desk.page.tree.count.text() != before


def test_a_view_for_respondents_that_is_open_comes_to_the_front(desk_on: Open) -> None:
    desk = unsupported(desk_on)
    place = focused_place_of(desk.session.instrument, Address("i.law"))
    assert place is not None
    for _ in range(2):
        open_presentation(desk.page.wording, place, desk.page)
    (view,) = (view for view in desk.page.findChildren(PresentationView) if view.isVisible())
    view.reject()


def test_grades_of_evidence_explain_themselves_under_the_mouse(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", ANSWERS)
    tips = [text.toolTip() for text in tab.findChildren(RunningText) if text.text().startswith("E0")]
    assert tips
    assert all("E2, document held" in tip for tip in tips)
