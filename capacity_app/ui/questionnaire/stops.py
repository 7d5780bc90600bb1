"""Where Tab stops in a panel whose content is built anew: in reading order, not in the order of building."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _in_layout(inner)


def _children(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    placed = list(_in_layout(layout)) if layout is not None else []
    yield from placed
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    yield from (child for child in widget.findChildren(QWidget, options=direct) if child not in placed)


def stops(widget: QWidget) -> Iterator[QWidget]:
    """Go through what can have the focus in a widget, as it is read."""
    if widget.isHidden() or widget.isWindow():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    for child in _children(widget):
        yield from stops(child)


def put_in_order(order: Sequence[QWidget]) -> None:
    """Have Tab go through widgets in an order."""
    for before, after in pairwise(order):
        QWidget.setTabOrder(before, after)
