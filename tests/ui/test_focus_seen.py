"""The focus is always seen: every control looks different while it has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import DEVICE
from tests.ui.office import Office
from tests.ui.screens import every_screen

_AROUND = 4
"""A ring may be painted by what stands around a control, so many pixels outside of it."""
_LEAST = 24
"""So many pixels must differ: a caret is fewer, a ring around the smallest control is more."""
_OF_EACH_KIND = 6
"""Controls of one kind with one parent are painted alike: so many of them are looked at."""


def stops(screen: QWidget) -> Iterator[QWidget]:
    """Find what Tab comes to, a few of what is painted alike."""
    seen: dict[tuple[type, type], int] = {}
    for widget in screen.findChildren(QWidget):
        kind = (type(widget), type(widget.parentWidget()))
        is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        is_there = widget.isVisibleTo(screen) and widget.isEnabled() and not widget.visibleRegion().isEmpty()
        if is_stop and is_there and not isinstance(widget, QScrollArea) and seen.get(kind, 0) < _OF_EACH_KIND:
            seen[kind] = seen.get(kind, 0) + 1
            yield widget


def look(office: Office, widget: QWidget) -> QImage:
    """Return a picture of a control with what is just around it."""
    office.settle()
    window = widget.window()
    area = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
    return window.grab(area & window.rect()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def pixels(picture: QImage) -> memoryview:
    return memoryview(picture.constBits()).cast("I")


def difference(one: QImage, other: QImage) -> int:
    """Count the pixels that differ."""
    if one.size() != other.size():
        return _LEAST
    return sum(before != after for before, after in zip(pixels(one), pixels(other), strict=True))


def hides_its_focus(office: Office, widget: QWidget) -> bool:
    """Return whether a control looks the same with and without the focus, once the whole of it is in view."""
    above = widget.parentWidget()
    while above:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    office.settle()
    if not isValid(widget) or not widget.hasFocus() or widget.visibleRegion().isEmpty():
        return False
    held = look(office, widget)
    widget.clearFocus()
    return difference(held, look(office, widget)) < _LEAST


@pytest.mark.long
def test_every_control_shows_that_it_has_the_focus(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office.window.resize(1366, 768)
    office.open(file)
    hidden: set[str] = set()
    looked_at = 0
    for name, screen in every_screen(office):
        for widget in list(stops(screen)):
            if isValid(widget) and not widget.visibleRegion().isEmpty():
                looked_at += 1
                if hides_its_focus(office, widget):
                    hidden.add(f"{name}: {type(widget).__name__} {widget.objectName()}")
    assert "\n".join(sorted(hidden)) == ""
    assert looked_at > 300
