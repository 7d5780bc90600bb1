"""Every screen, as a screen reader meets it, at every text size and mirrored in a language 40 % longer."""

import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTextBoundaryFinder
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
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from capacity_app import paths
from capacity_app.domain.questionnaire.instrument import wording_places
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.services.session.demonstration import demonstration_instrument
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.ui.office import Office
from tests.ui.screens import every_screen
from tests.wordings import word

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
def hire(tmp_path: Path, qtbot: QtBot, qapp: QApplication, demonstration_file: Path) -> Iterator[Hire]:
    """Open the demonstration in a window in some language, mirrored as the language wants."""
    made: list[Office] = []

    def open_in(language: str) -> Office:
        texts = Translator(language)
        qapp.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight
        )
        file = tmp_path / "velmora.assessment"
        shutil.copy(demonstration_file, file)
        word_in_french()
        office = Office(qtbot, tmp_path / "settings.ini", texts)
        made.append(office)
        office.window.resize(1366, 768)
        office.open(file)
        return office

    yield open_in
    for office in made:
        office.leave()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def word_in_french() -> None:
    """Have the toolkit in another language too, a third longer, as French is."""
    instrument = demonstration_instrument()
    words = {key: f"{text} {'œ' * (len(text) // 4)}" for key, text in wording_places(instrument)}
    word(paths.user_instruments_folder(), instrument, "fr", words)


def nodes(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Walk what a screen reader can come to."""
    yield top
    for place in range(min(top.childCount(), CELLS_LOOKED_AT)):
        child = top.child(place)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from nodes(child)


@pytest.mark.parametrize(
    ("language", "zoom"),
    [
        *(pytest.param(*one, marks=pytest.mark.check) for one in (("en", 100), (PSEUDO, 200))),
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in (("en", 150), ("en", 200), (PSEUDO, 100), (PSEUDO, 150))
        ),
    ],
)
def test_every_screen_is_named_seen_whole_easy_to_hit_and_gone_through_in_order(
    hire: Hire, qapp: QApplication, language: str, zoom: int
) -> None:
    office = hire(language)
    set_zoom(qapp, zoom)
    office.settle()
    faults: list[str] = []
    walked: dict[str, int] = {}
    for name, screen in every_screen(office):
        found = list(faults_on(screen))
        walked[name] = len(found)
        faults += [f"{name}: {fault}" for fault in found if fault]
    assert "\n".join(dict.fromkeys(faults)) == ""
    assert min(walked.values()) > 5, walked
    assert sum(walked.values()) > 4_000


def faults_on(screen: QWidget) -> Iterator[str]:
    """Look at a screen; what is in order gives an empty text."""
    yield from (nameless(node) for node in nodes(accessible(screen)))
    yield from (*clipped_words(screen), *small_targets(screen), *backward_steps(screen))


def accessible(screen: QWidget) -> QAccessibleInterface:
    """Return a screen as a screen reader has it."""
    found = QAccessible.queryAccessibleInterface(screen)
    assert found is not None
    return found


def nameless(node: QAccessibleInterface) -> str:
    """Describe what a screen reader can focus and has no name; empty if all is well."""
    if not node.state().focusable or node.role() in _WITHOUT_NAME or node.text(QAccessible.Text.Name).strip():
        return ""
    item = node.object()
    if isinstance(item, QWidget) and is_part(item):
        return ""
    return f"nameless: {node.role()} {type(item).__name__ if item else ''} {item.objectName() if item else ''}"


def is_part(widget: QWidget) -> bool:
    """Return whether Qt made the widget as a part of a named one."""
    above = widget.parentWidget()
    return above is not None and type(widget).__module__.startswith("PySide6") and bool(above.accessibleName())


def shown(widget: QWidget) -> list[QWidget]:
    return [child for child in widget.findChildren(QWidget) if child.isVisible()]


def clipped_words(screen: QWidget) -> Iterator[str]:
    """Find labels and buttons (tabs are buttons too) whose words do not fit."""
    for widget in shown(screen):
        if isinstance(widget, QLabel) and widget.text() and not is_elided(widget) and is_clipped(widget):
            yield f"label: {widget.text()}"
        elif isinstance(widget, QAbstractButton) and widget.text() and not is_part(widget):
            is_free = not widget.hasHeightForWidth() and not widget.objectName().startswith("rail_")
            if is_free and widget.width() < QFontMetrics(widget.font()).horizontalAdvance(widget.text()):
                yield f"button: {widget.text()}"


def is_clipped(label: QLabel) -> bool:
    """Return whether a label is too low for its lines or too narrow for its longest word."""
    if not label.wordWrap():
        return label.width() + 1 < label.sizeHint().width()
    return label.heightForWidth(label.width()) > label.height() + 1 or longest_word(label) > label.width() + 1


def longest_word(label: QLabel) -> int:
    """Measure the longest word without a place to break."""
    metrics = QFontMetrics(label.font())
    words = [word for word in unbroken(label.text()) if len(word) < 30]
    return max((metrics.horizontalAdvance(word) for word in words), default=0)


def unbroken(text: str) -> Iterator[str]:
    """Take a text apart where a line may end: at spaces, and in Chinese and Thai between words."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    start = 0
    while (end := finder.toNextBoundary()) != -1:
        yield from text[start:end].split()
        start = end


def is_elided(label: QLabel) -> bool:
    """Return whether a label shortens its text itself, as the file name in the status bar does."""
    return bool(label.accessibleName()) and label.accessibleName() != label.text()


def small_targets(screen: QWidget) -> Iterator[str]:
    """Find what is clicked and too small to hit."""
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox)
    for widget in shown(screen):
        if isinstance(widget, kinds) and not is_part(widget) and min(widget.height(), widget.width()) < LEAST_TARGET:
            yield f"small: {type(widget).__name__} {widget.objectName()} {widget.width()}×{widget.height()}"


def backward_steps(screen: QWidget) -> Iterator[str]:
    """Find places where Tab goes up the screen within the same parent, which nobody reads that way."""
    stops = [w for w in chain(screen) if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in pairwise(stops):
        if before.parentWidget() is not after.parentWidget() or is_part(after):
            continue
        up = before.mapToGlobal(QPoint(0, 0)).y() - after.mapToGlobal(QPoint(0, after.height())).y()
        if up > 0 and not isinstance(after, QScrollArea | QAbstractItemView | QTextEdit):
            yield f"Tab goes up: {before.objectName()} → {after.objectName()}"


def chain(screen: QWidget) -> Iterator[QWidget]:
    """Go through the widgets of a screen as Tab does."""
    widget = screen.nextInFocusChain()
    while widget is not None and widget is not screen:
        if screen.isAncestorOf(widget):
            yield widget
        widget = widget.nextInFocusChain()
