"""Everything a screen says, to eyes and to screen readers: for tests that read all screens."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QFont, QTextLayout
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

CELLS_READ = 400
"""So many cells of a table are read: large ones repeat themselves."""
Said = tuple[str, QWidget]
"""A text and the widget that says it."""


def said_on(screen: QWidget) -> Iterator[Said]:
    """Go through all texts of a screen that is shown, and what is spoken or shown when one points at it."""
    for widget in (screen, *screen.findChildren(QWidget)):
        if not widget.isVisible() or isinstance(widget, QMenu):
            continue
        for text in (*_shown_by(widget), widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()):
            if text.strip():
                yield text, widget


def _shown_by(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        is_shortened = widget.text().endswith("…") and widget.accessibleName().startswith(widget.text()[:-1])
        yield widget.accessibleName() if is_shortened else widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        yield widget.placeholderText()
        if widget.isReadOnly():
            yield widget.toPlainText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(min(widget.count(), CELLS_READ)))
    elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    read = 0
    waiting = [QModelIndex()]
    while waiting and read < CELLS_READ:
        above = waiting.pop()
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
        for column in range(columns if not above.isValid() else 0):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(above), CELLS_READ)):
            for column in range(columns):
                index = model.index(row, column, above)
                read += 1
                for role in (
                    Qt.ItemDataRole.DisplayRole,
                    Qt.ItemDataRole.ToolTipRole,
                    Qt.ItemDataRole.AccessibleTextRole,
                ):
                    yield str(index.data(role) or "") if isinstance(index.data(role), str | None) else ""
                if column == 0 and model.rowCount(index) > 0:
                    waiting.append(index)


def said_in_menus(window: QWidget) -> Iterator[str]:
    """Go through the entries of all menus; those filled on opening hold names of languages alone."""
    for action in window.findChildren(QAction):
        if action.text() and action.isVisible():
            yield action.text()


def texts_within(value: object) -> Iterator[str]:
    """Go through all texts in a value made of data classes and collections."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts_within(getattr(value, field.name, None))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts_within(key)
            yield from texts_within(one)
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for one in value:
            yield from texts_within(one)


def unseen_letters(text: str, font: QFont) -> set[str]:
    """Return the letters of a text that no font has."""
    return {letter for letter, family in _drawn(text, font) if not family}


def families_of(text: str, font: QFont) -> set[str]:
    """Return the families of the fonts that draw a text."""
    return {family for _, family in _drawn(text, font) if family}


def _drawn(text: str, font: QFont) -> Iterator[tuple[str, str]]:
    """Lay a text out as a label does: pieces with the family that draws them, none where a letter has no picture."""
    for line in re.split(r"[\n\u2028\u2029]", text):
        layout = QTextLayout(line, font)
        layout.beginLayout()
        made = layout.createLine()
        if made.isValid():
            made.setLineWidth(100_000)
        layout.endLayout()
        for run in layout.glyphRuns():
            family = run.rawFont().familyName()
            indexes = run.glyphIndexes()
            # Marks that are never drawn have no glyph of their own.
            has_holes = any(index == 0 for index in indexes)
            yield (line if has_holes else "", "" if has_holes else family)
