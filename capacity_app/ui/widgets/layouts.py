"""Widgets put into a layout in one call, and widgets made with their name, their label and what they do."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QWidget

from capacity_app.ui.theme.fonts_and_sizes import SMALL

LayoutItem = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Qt.AlignmentFlag]
"""A widget or a layout, alone or with its stretch and alignment; a number is empty room with this stretch."""
_Box = TypeVar("_Box", bound=QBoxLayout)
_Widget = TypeVar("_Widget", bound=QWidget)
_Button = TypeVar("_Button", bound=QAbstractButton)


def _add(layout: QBoxLayout, content: QWidget | QLayout, stretch: int = 0) -> None:
    if isinstance(content, QLayout):
        layout.addLayout(content, stretch)
    else:
        layout.addWidget(content, stretch)


def lay_out(
    layout: _Box,
    *items: LayoutItem,
    margins: int | tuple[int, int, int, int] | None = None,
    spacing: int | None = None,
) -> _Box:
    """Return the layout with items added at its end; margins and spacing are in pixels, None leaves them."""
    if margins is not None:
        layout.setContentsMargins(*(margins if isinstance(margins, tuple) else (margins,) * 4))
    if spacing is not None:
        layout.setSpacing(spacing)
    for item in items:
        match item:
            case int():
                layout.addStretch(item)
            case QLayout() | QWidget():
                _add(layout, item)
            case (content, stretch):
                _add(layout, content, stretch)
            case (content, stretch, alignment):
                layout.addWidget(content, stretch, alignment)
    return layout


def with_name(widget: _Widget, name: str, label: str = "") -> _Widget:
    """Return the widget with the name by which it is found, and a label for those who hear the window read out."""
    widget.setObjectName(name)
    if label:
        widget.setAccessibleName(label)
    return widget


def with_action(button: _Button, name: str, act: Callable[[], object], label: str = "") -> _Button:
    """Return the button with its name; pressed, it acts."""
    button.clicked.connect(lambda _checked=False: act())
    return with_name(button, name, label)


def side_by_side(*widgets: QWidget, spacing: int = SMALL) -> QHBoxLayout:
    """Put widgets side by side, the rest of the line empty."""
    return lay_out(QHBoxLayout(), *widgets, 1, margins=0, spacing=spacing)


def field_with_button(field: QWidget, button: QWidget) -> QWidget:
    """Put a button beside a field, both equally high."""
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    holder = QWidget()
    lay_out(QHBoxLayout(holder), (field, 1), button, margins=0)
    return holder
