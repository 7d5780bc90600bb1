"""Headquarters and Questionnaires in windows of their own, beside the assessment that is open."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton

from tests.ui.office import Office

AtWork = Callable[..., Office]
TOOLS = ["headquarters", "library"]


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_opens_from_the_foot_of_the_start_page_and_once(office: Office, name: str) -> None:
    office.part(QAbstractButton, f"start_{name}").click()
    tool = office.window.tools[name]
    assert tool.isVisible()
    assert tool.isWindow()
    assert office.window.start.isVisible()
    office.window.menus.actions[name].trigger()
    assert office.window.tools == {name: tool}


def test_a_tool_opens_from_the_command_box_and_the_assessment_stays(at_work: AtWork) -> None:
    office = at_work()
    office.press("Ctrl+K")
    office.write("many countries")
    office.press("Return")
    tool = office.window.tools["headquarters"]
    assert tool.isVisible()
    assert office.desk.isVisible()
    assert tool.windowTitle() == "Headquarters: many countries"
    tool.close()
    assert office.window.tools == {}
    assert office.desk.isVisible()


@pytest.mark.parametrize("name", TOOLS)
def test_closing_the_window_closes_its_tools(office: Office, name: str) -> None:
    office.window.menus.actions[name].trigger()
    tool = office.window.tools[name]
    gone: list[str] = []
    tool.closed.connect(gone.append)
    QTimer.singleShot(0, office.window.close)
    office.until(lambda: gone == [name])
