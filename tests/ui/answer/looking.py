"""Looking at the panel beside the questions, for tests: going to a tab, reading it, finding its buttons."""

from typing import TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QWidget

from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.running_text import RunningText
from tests.ui.driving import Desk

GUIDANCE, ANSWERS, EVIDENCE, HISTORY = range(4)
SomeWidget = TypeVar("SomeWidget", bound=QWidget)


def look_at(desk: Desk, where: str, tab: int) -> QWidget:
    """Go to a place and show a tab of the panel."""
    desk.go(where)
    desk.page.inspector.follow_now()
    desk.page.inspector.tabs.setCurrentIndex(tab)
    desk.settle()
    return desk.page.inspector.pages[tab]


def shown(widget: QWidget) -> str:
    """Read all texts that are seen, from top to bottom."""
    texts: list[Label | RunningText] = [*widget.findChildren(Label), *widget.findChildren(RunningText)]
    seen = [words for words in texts if words.isVisible()]
    return "\n".join(words.text() for words in sorted(seen, key=lambda one: one.mapTo(widget, QPoint(0, 0)).y()))


def button(widget: QWidget, text: str) -> QAbstractButton:
    """Find the button that says something."""
    return next(found for found in widget.findChildren(QAbstractButton) if text in found.text() and found.isVisible())


def part(widget: QWidget, kind: type[SomeWidget], name: str) -> SomeWidget:
    """Find a part by its object name."""
    found = widget.findChild(kind, name)
    assert found is not None, name
    return found
