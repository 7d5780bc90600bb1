"""Every screen, as a screen reader meets it, at every text size and mirrored in a language 40 % longer."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from capacity_app.services.demonstration import create_demonstration
from capacity_app.texts import PSEUDO, Texts
from capacity_app.ui.look.theme import set_zoom
from tests.builders import DEVICE
from tests.ui.office import Office
from tests.ui.screens import every_screen

Hire = Callable[[str], Office]
LEAST_TARGET = 24
CELLS_LOOKED_AT = 40
"""How many cells of a table are asked for their words: large tables have thousands of the same kind."""
_WITHOUT_NAME = {
    QAccessible.Role.ScrollBar,
    QAccessible.Role.Separator,
    QAccessible.Role.Splitter,
    QAccessible.Role.Grip,
    QAccessible.Role.Indicator,
    QAccessible.Role.Cell,
    QAccessible.Role.ListItem,
    QAccessible.Role.Pane,
    QAccessible.Role.Client,
    QAccessible.Role.LayeredPane,
}


@pytest.fixture
def hire(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Hire]:
    """Open the demonstration in a window in some language, mirrored as the language wants."""
    made: list[Office] = []

    def open_in(language: str) -> Office:
        texts = Texts(language)
        qapp.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight
        )
        file = tmp_path / "velmora.assessment"
        create_demonstration(file, device=DEVICE)
        office = Office(qtbot, tmp_path / "settings.ini", texts)
        made.append(office)
        office.window.resize(1366, 768)
        office.open(file)
        return office

    yield open_in
    for office in made:
        office.leave()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def nodes(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Walk what a screen reader can come to."""
    yield top
    for place in range(min(top.childCount(), CELLS_LOOKED_AT)):
        child = top.child(place)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from nodes(child)


def described(node: QAccessibleInterface) -> tuple[str, str, str]:
    item = node.object()
    return (str(node.role()), type(item).__name__ if item else "", item.objectName() if item else "")


def test_every_control_a_screen_reader_can_focus_has_a_name(hire: Hire) -> None:
    office = hire("en")
    nameless: dict[str, list[tuple[str, str, str]]] = {}
    walked = 0
    for name, screen in every_screen(office):
        top = QAccessible.queryAccessibleInterface(screen)
        assert top is not None
        for node in nodes(top):
            walked += 1
            if node.state().focusable and node.role() not in _WITHOUT_NAME:
                item = node.object()
                inner = isinstance(item, QWidget) and is_part(item)
                if not node.text(QAccessible.Text.Name).strip() and not inner:
                    nameless.setdefault(name, []).append(described(node))
    assert nameless == {}
    assert walked > 2_000


def is_part(widget: QWidget) -> bool:
    """Tell whether Qt made the widget as a part of a named one."""
    above = widget.parentWidget()
    return above is not None and type(widget).__module__.startswith("PySide6") and bool(above.accessibleName())


def shown(widget: QWidget) -> list[QWidget]:
    return [child for child in widget.findChildren(QWidget) if child.isVisible()]


@pytest.mark.parametrize("zoom", [100, 150, 200])
@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_no_label_is_clipped_and_no_target_is_small(hire: Hire, qapp: QApplication, language: str, zoom: int) -> None:
    office = hire(language)
    set_zoom(qapp, zoom)
    office.settle()
    clipped: dict[str, list[str]] = {}
    small: dict[str, list[str]] = {}
    for name, screen in every_screen(office):
        if found := list(clipped_words(screen)):
            clipped[name] = found
        if found := list(small_targets(screen)):
            small[name] = found
    assert clipped == {}
    assert small == {}


def clipped_words(screen: QWidget) -> Iterator[str]:
    """Find labels, buttons and tabs whose words do not fit."""
    for widget in shown(screen):
        if isinstance(widget, QLabel) and widget.text() and not is_elided(widget) and is_clipped(widget):
            yield f"label: {widget.text()}"
        elif isinstance(widget, QAbstractButton) and widget.text() and not is_part(widget):
            is_free = not widget.hasHeightForWidth() and not widget.objectName().startswith("rail_")
            if is_free and widget.width() < QFontMetrics(widget.font()).horizontalAdvance(widget.text()):
                yield f"button: {widget.text()}"
        elif isinstance(widget, QTabBar) and widget.count() and widget.usesScrollButtons():
            last = widget.tabRect(widget.count() - 1).united(widget.tabRect(0))
            if last.width() > widget.width() + 1:
                yield f"tabs: {widget.accessibleName()}"


def is_clipped(label: QLabel) -> bool:
    """Tell whether a label is too low for its lines or too narrow for its longest word."""
    if not label.wordWrap():
        return label.width() + 1 < label.sizeHint().width()
    return label.heightForWidth(label.width()) > label.height() + 1 or longest_word(label) > label.width() + 1


def longest_word(label: QLabel) -> int:
    """Measure the longest word without a place to break."""
    metrics = QFontMetrics(label.font())
    words = [word for word in label.text().split() if len(word) < 30]
    return max((metrics.horizontalAdvance(word) for word in words), default=0)


def is_elided(label: QLabel) -> bool:
    """Tell whether a label shortens its text itself, as the file name in the status bar does."""
    return bool(label.accessibleName()) and label.accessibleName() != label.text()


def small_targets(screen: QWidget) -> Iterator[str]:
    """Find what is clicked and too small to hit."""
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox)
    for widget in shown(screen):
        if isinstance(widget, kinds) and not is_part(widget) and min(widget.height(), widget.width()) < LEAST_TARGET:
            yield f"{type(widget).__name__} {widget.objectName()} {widget.width()}×{widget.height()}"


@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_tab_goes_in_reading_order_and_the_focus_is_seen(hire: Hire, language: str) -> None:
    office = hire(language)
    wrong: dict[str, list[str]] = {}
    for name, screen in every_screen(office):
        if found := list(backward_steps(screen)):
            wrong[name] = found
    assert wrong == {}


def backward_steps(screen: QWidget) -> Iterator[str]:
    """Find places where Tab goes up the screen within the same parent, which nobody reads that way."""
    stops = [w for w in chain(screen) if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in pairwise(stops):
        if before.parentWidget() is not after.parentWidget() or is_part(after):
            continue
        up = before.mapToGlobal(QPoint(0, 0)).y() - after.mapToGlobal(QPoint(0, after.height())).y()
        if up > 0 and not isinstance(after, QScrollArea | QAbstractItemView | QTextEdit):
            yield f"{before.objectName()} → {after.objectName()}"


def chain(screen: QWidget) -> Iterator[QWidget]:
    """Go through the widgets of a screen as Tab does."""
    widget = screen.nextInFocusChain()
    while widget is not None and widget is not screen:
        if screen.isAncestorOf(widget):
            yield widget
        widget = widget.nextInFocusChain()
