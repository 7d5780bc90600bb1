"""Widgets put into a layout in one call, and widgets made with their name, their label and what they do."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QWidget,
)

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
    layout: _Box, *items: LayoutItem, margins: int | tuple[int, int, int, int] | None = None, spacing: int | None = None
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


def holder_of(layout: QBoxLayout, *items: LayoutItem, spacing: int | None = None) -> QWidget:
    """Return a widget that holds nothing but a layout with its items, without margins."""
    holder = QWidget()
    holder.setLayout(lay_out(layout, *items, margins=0, spacing=spacing))
    return holder


def empty_layout(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty_layout(inner)
            inner.deleteLater()


def discard(*widgets: QWidget | None) -> None:
    """Take widgets away for good."""
    for widget in widgets:
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def split_of(*sides: QWidget, name: str = "", stretch: tuple[int, int] = (0, 0)) -> QSplitter:
    """Return a splitter with its sides beside each other, none of which can be folded away."""
    split = with_name(QSplitter(Qt.Orientation.Horizontal), name)
    _set_up_split(split, *sides)
    for place, share in enumerate(stretch):
        split.setStretchFactor(place, share)
    return split


def _set_up_split(split: QSplitter, *sides: QWidget) -> None:
    split.setChildrenCollapsible(False)
    split.setContentsMargins(1, 0, 1, 0)  # mirrored, Qt cuts the last pixel off
    for side in sides:
        split.addWidget(side)


class TurningSplitter(QSplitter):
    """A list and its detail; under each other where there is no room for so many ``letters`` of both.

    The list takes its ``share`` of the width, until somebody gives the sides their widths: these stay. So many
    ``lines`` of each are always seen.
    """

    def __init__(self, first: QWidget, second: QWidget, name: str, *, letters: int, share: float, lines: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._sides, self._is_moved = (first, second), False
        self._letters, self._share, self._lines = letters, share, lines
        _set_up_split(with_name(self, name), *self._sides)
        self.splitterMoved.connect(self._keep)

    def _keep(self) -> None:
        self._is_moved = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._turn(event.size().width())

    def _turn(self, width: int) -> None:
        """Take the direction and sizes for a width."""
        metrics = self.fontMetrics()
        is_narrow = width < self._letters * metrics.averageCharWidth()
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        for side in self._sides:
            side.setMinimumHeight(self._lines * metrics.height())
        if wanted != self.orientation() or not self._is_moved:
            self.setOrientation(wanted)
            first = round(width * self._share)
            self.setSizes([1, 1] if is_narrow else [first, width - first])


def place_under(popup: QWidget, field: QWidget, wanted: QSize) -> None:
    """Show a child of the window under a field, or over it where the window ends, as large as there is room for."""
    window = popup.parentWidget() or popup
    room = window.rect().adjusted(SMALL, SMALL, -SMALL, -SMALL)
    at, size = field.mapTo(window, QPoint(0, 0)), wanted.boundedTo(room.size())
    under = at.y() + field.height() + 2
    top = under if under + size.height() <= room.bottom() else max(room.y(), at.y() - size.height() - 2)
    start = at.x() + (field.width() - size.width() if popup.isRightToLeft() else 0)
    popup.resize(size)
    popup.move(min(max(start, room.x()), room.right() - size.width()), top)
    popup.show()
    popup.raise_()


def give_viewport(area: QAbstractScrollArea, role: QPalette.ColorRole = QPalette.ColorRole.Window) -> None:
    """Give an area a viewport of ours in one of the colours, before anything is put in.

    Of the one that Qt makes PySide looks for the class among all kinds of widgets, which takes 9 ms of a start.
    """
    viewport = QWidget()
    viewport.setBackgroundRole(role)
    viewport.setAutoFillBackground(True)
    viewport.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
    area.setViewport(viewport)


def when_scrolled(widget: QWidget, act: Callable[[], object]) -> None:
    """Act whenever a page around a widget is scrolled up or down."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            above.verticalScrollBar().valueChanged.connect(act)
        above = above.parentWidget()


class Stack(QWidget):
    """Widgets of which one is shown; screen readers call Qt's own a "layered pane" each time one comes into it."""

    currentChanged = Signal(int)  # noqa: N815 - as in Qt

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._layers = QStackedLayout(self)
        for widget in widgets:
            self.addWidget(widget)
        self._layers.currentChanged.connect(self.currentChanged)

    def addWidget(self, widget: QWidget) -> int:  # noqa: N802 - as in Qt
        return self._layers.addWidget(widget)

    def removeWidget(self, widget: QWidget) -> None:  # noqa: N802 - as in Qt
        self._layers.removeWidget(widget)

    def currentWidget(self) -> QWidget | None:  # noqa: N802 - as in Qt
        return self._layers.currentWidget()

    def setCurrentWidget(self, widget: QWidget) -> None:  # noqa: N802 - as in Qt
        self._layers.setCurrentWidget(widget)

    def currentIndex(self) -> int:  # noqa: N802 - as in Qt
        return self._layers.currentIndex()

    def setCurrentIndex(self, place: int) -> None:  # noqa: N802 - as in Qt
        self._layers.setCurrentIndex(place)

    def widget(self, place: int) -> QWidget | None:
        return self._layers.widget(place)


def side_by_side(*widgets: QWidget, spacing: int = SMALL) -> QHBoxLayout:
    """Put widgets side by side, the rest of the line empty."""
    return lay_out(QHBoxLayout(), *widgets, 1, margins=0, spacing=spacing)


def field_with_button(field: QWidget, button: QWidget) -> QWidget:
    """Put a button beside a field, both equally high."""
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    holder = QWidget()
    lay_out(QHBoxLayout(holder), (field, 1), button, margins=0)
    return holder


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
    if isinstance(widget, QSplitter):  # Qt keeps its sides in an order of its own
        placed = [side for place in range(widget.count()) if (side := widget.widget(place)) is not None]
        yield from placed
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    others = (child for child in widget.findChildren(QWidget, options=direct) if child not in placed)
    yield from sorted(others, key=lambda child: child.y())  # Qt has the one last that was raised last


def tab_stops(widget: QWidget) -> Iterator[QWidget]:
    """Go through what can have the focus in a widget, as it is read."""
    if widget.isHidden() or widget.isWindow():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    for child in _children(widget):
        yield from tab_stops(child)


def focus_next_stop(stops: Sequence[QWidget], here: QWidget | None, *, is_next: bool) -> QWidget | None:
    """Give the focus to the stop that is read after or before a widget, and return it; None at the ends.

    Qt would go through them as they were made. Its order cannot be set where widgets have a focus proxy.
    """
    if here in stops:
        place = stops.index(here) + (1 if is_next else -1)
    else:
        above = [stop for stop in stops if here is None or _top(stop) < _top(here)]
        place = len(above) if is_next else len(above) - 1
    if not 0 <= place < len(stops):
        return None
    reasons = Qt.FocusReason
    stops[place].setFocus(reasons.TabFocusReason if is_next else reasons.BacktabFocusReason)
    return stops[place]


def _top(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint()).y()
