"""Widgets in a line that goes on in the next, or in columns, placed by hand; tabs and chips in such lines."""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QCheckBox,
    QLabel,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from capacity_app.i18n.translator import Translator, isolate_ltr_lines
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TARGET, TIGHT
from capacity_app.ui.theme.painting import paint_area, paint_focus, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.buttons import Chip, FlatButton
from capacity_app.ui.widgets.layouts import discard, lay_out, with_action, with_name


class PlacingWidget(QWidget):
    """Places its widgets itself, in reading order; hidden ones take no room."""

    def __init__(self, spacing: int, *widgets: QWidget) -> None:
        super().__init__()
        self.spacing = spacing
        self._high = -1
        self._placed: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in widgets:
            self.place(widget)

    def place(self, widget: QWidget) -> None:
        widget.setParent(self)
        self._placed.append(widget)
        if self.isVisible():
            widget.show()
            self._arrange()

    def take(self, widget: QWidget) -> None:
        """Take a widget out; the caller deletes it."""
        self._placed.remove(widget)
        self._arrange()

    def shown(self) -> list[QWidget]:
        return [widget for widget in self._placed if not widget.isHidden()]

    def spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        """Return where every widget goes in a width, counted from the leading edge."""
        raise NotImplementedError

    def _arrange(self) -> None:
        style, direction, area = self.style(), self.layoutDirection(), self.rect()
        high = 0
        for widget, spot in self.spots(self.width()):
            widget.setGeometry(style.visualRect(direction, area, spot))
            high = max(high, spot.bottom() + 1)
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((spot.bottom() + 1 for _, spot in self.spots(width)), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange}:
            self._arrange()
        return super().event(event)


_MOST_TEXT_LINES = 2.5
"""How high a line of controls is at most, in heights of a line of text, in which they stand in the middle."""


class Flow(PlacingWidget):
    """A line that continues on the next line when the width or the text size asks for it."""

    def spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        """Return where every widget goes; a text beside higher controls stands in the middle of its line."""
        found = self._lines(width)
        heights = {spot.top(): 0 for _, spot in found}
        for _, spot in found:
            heights[spot.top()] = max(heights[spot.top()], spot.height())
        return [
            (one, spot.translated(0, (heights[spot.top()] - spot.height()) // 2) if isinstance(one, QLabel) else spot)
            for one, spot in found
        ]

    def _lines(self, width: int) -> list[tuple[QWidget, QRect]]:
        found: list[tuple[QWidget, QRect]] = []
        line: list[tuple[QWidget, QRect]] = []
        x = y = 0
        for widget in self.shown():
            size = widget.sizeHint()
            size.setWidth(min(size.width(), max(width, 1)))
            if x and x + size.width() > width:
                found += self._in_line(line)
                x, y, line = 0, y + self._height(line) + self.spacing, []
            if size.width() == width and widget.hasHeightForWidth():
                size.setHeight(widget.heightForWidth(width))
            line.append((widget, QRect(x, y, size.width(), size.height())))
            x += size.width() + self.spacing
        return found + self._in_line(line)

    @staticmethod
    def _height(line: list[tuple[QWidget, QRect]]) -> int:
        return max((spot.height() for _, spot in line), default=0)

    def _in_line(self, line: list[tuple[QWidget, QRect]]) -> list[tuple[QWidget, QRect]]:
        """Put buttons, boxes and words of one line of text in the middle of it; what is higher begins at its top."""
        high = self._height(line)
        if high > _MOST_TEXT_LINES * self.fontMetrics().height():
            return line
        return [(widget, spot.translated(0, (high - spot.height()) // 2)) for widget, spot in line]

    def sizeHint(self) -> QSize:
        sizes = [widget.sizeHint() for widget in self.shown()]
        width = sum(size.width() + self.spacing for size in sizes)
        return QSize(max(width - self.spacing, 0), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        sizes = [widget.minimumSizeHint() for widget in self.shown()]
        width = max((size.width() for size in sizes), default=0)
        return QSize(width, max((size.height() for size in sizes), default=0))


class FlowColumns(PlacingWidget):
    """Rows under each other; a long list of short ones in two columns, read down first, where there is room."""

    def __init__(self, spacing: int = 1, *, long_from: int = 7) -> None:
        super().__init__(spacing)
        self._long_from = long_from

    def _count(self, width: int) -> int:
        rows = self.shown()
        if len(rows) < self._long_from:
            return 1
        widest = max(row.sizeHint().width() for row in rows)
        return 2 if 2 * widest + self.spacing <= width else 1

    def spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        rows, columns = self.shown(), self._count(width)
        across = width // columns
        in_column = -(-len(rows) // columns)
        found: list[tuple[QWidget, QRect]] = []
        for column in range(columns):
            y = 0
            for row in rows[column * in_column : (column + 1) * in_column]:
                high = row.heightForWidth(across) if row.hasHeightForWidth() else row.sizeHint().height()
                found.append((row, QRect(column * across, y, across, high)))
                y += high + self.spacing
        return found

    def sizeHint(self) -> QSize:
        width = max((row.sizeHint().width() for row in self.shown()), default=0)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((row.minimumSizeHint().width() for row in self.shown()), default=0), 0)


class ChipFlow(Flow):
    """What has been picked, as buttons that take it away; no room while nothing is, unless asked. ``removed``: key."""

    removed = Signal(str)

    def __init__(self, texts: Translator) -> None:
        super().__init__(SMALL)
        self._texts, self._keeps_room = texts, False
        self.hide()

    def keep_room(self) -> None:
        """Keep room for one line while nothing is picked."""
        self._keeps_room = True
        self.setMinimumHeight(Chip("").sizeHint().height())
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._keeps_room and event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.setMinimumHeight(Chip("").sizeHint().height())

    def show_chips(self, chips: Iterable[tuple[str, str]]) -> None:
        """Show other things picked, as (key, name)."""
        for chip in self.shown():
            self.take(chip)
            discard(chip)
        for key, name in chips:
            chip = Chip(name)
            chip.setAccessibleName(self._texts.gettext("Remove {name}").format(name=name))
            chip.clicked.connect(lambda _on=False, key=key: self.removed.emit(key))
            self.place(chip)
        self.setVisible(self._keeps_room or bool(self._placed))


# Tabs that are all seen: where one line is too short for them they go on in the next, none behind an arrow.
#
# A ``QTabBar`` would hide tabs behind arrows at 200 % text.


_MARK = 3
_UNHELD = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
"""What may be reported along with an arrow that is pressed alone."""


class _Tab(QAbstractButton):
    """One tab: its name, and a bar under it while it is the chosen one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setText(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 2 * SMALL + 2
        return QSize(width, max(TARGET, metrics.height() + MEDIUM + _MARK))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        area = self.rect().adjusted(1, 1, -1, -1)
        if self.underMouse() and not self.isChecked():
            paint_rounded(painter, QRectF(area), fill=shades.raised)
        painter.setPen(QColor(shades.accent if self.isChecked() else shades.text))
        name = isolate_ltr_lines(self.text()) if self.isRightToLeft() else self.text()
        painter.drawText(area.adjusted(0, 0, 0, -_MARK), int(Qt.AlignmentFlag.AlignCenter), name)
        if self.isChecked():
            bar = QRect(area.x() + TIGHT, area.bottom() - _MARK + 1, area.width() - 2 * TIGHT, _MARK)
            paint_area(painter, bar, shades.accent)
        if self.hasFocus():
            paint_focus(painter, area)
        painter.end()


class TabRow(Flow):
    """The names of the tabs. ``currentChanged`` carries the place chosen."""

    currentChanged = Signal(int)  # noqa: N815 - as Qt's own tabs say it

    def __init__(self, stem: str = "tab") -> None:
        super().__init__(TIGHT)
        self._stem = stem
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._turned)

    def addTab(self, name: str) -> int:  # noqa: N802 - as Qt's own tabs say it
        tab, number = _Tab(name), self.count()
        tab.setObjectName(f"{self._stem}_{number}")
        self.place(tab)
        if number == 0:
            tab.setChecked(True)
            self.setFocusProxy(tab)
        else:
            tab.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._group.addButton(tab, number)
        return number

    def count(self) -> int:
        return len(self._group.buttons())

    def tabText(self, number: int) -> str:  # noqa: N802 - as Qt's own tabs say it
        return self._group.button(number).text()

    def setTabText(self, number: int, name: str) -> None:  # noqa: N802 - as Qt's own tabs say it
        tab = self._group.button(number)
        if tab.text() != name:
            tab.setText(name)
            self._arrange()
            self.updateGeometry()

    def currentIndex(self) -> int:  # noqa: N802 - as Qt's own tabs say it
        return self._group.checkedId()

    def setCurrentIndex(self, number: int) -> None:  # noqa: N802 - as Qt's own tabs say it
        self._group.button(number).setChecked(True)

    def _turned(self, number: int, is_chosen: bool) -> None:  # noqa: FBT001 - Qt's signature
        if not is_chosen:
            return
        tab, focused = self._group.button(number), QApplication.focusWidget()
        self.setFocusProxy(tab)
        if focused is not None and self.isAncestorOf(focused):
            tab.setFocus(Qt.FocusReason.OtherFocusReason)
        self.currentChanged.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = -1 if self.isRightToLeft() else 1
        steps = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.count() - 1}
        key = Qt.Key(event.key())
        if event.modifiers() & ~_UNHELD or key not in {*steps, *ends}:
            event.ignore()
            return
        self.setCurrentIndex(ends[key] if key in ends else (self.currentIndex() + steps[key]) % self.count())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_area(painter, QRect(0, self.height() - 1, self.width(), 1), colours().line)
        painter.end()


# One of a few: chips side by side, one stop for Tab, the arrows choose.


class ChipRow(Flow):
    """Chips of which one is chosen. ``chosen`` carries its key."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], current: str) -> None:
        super().__init__(TIGHT)
        self.setAccessibleName(name)
        self._buttons: dict[str, FlatButton] = {}
        for key, label in choices:
            button = with_name(FlatButton(label), f"chip {key}", f"{name}: {label}")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, key=key: self._choose(key))
            self._buttons[key] = button
            self.place(button)
        self.current = current
        self._mark()

    def _mark(self) -> None:
        for key, button in self._buttons.items():
            button.setChecked(key == self.current)
            is_stop = key == self.current
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)

    def _choose(self, key: str) -> None:
        has_changed = key != self.current
        self.current = key
        self._mark()
        if has_changed:
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = -1 if self.isRightToLeft() else 1
        step = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward}.get(Qt.Key(event.key()))
        if step is None or not keys.is_plain(event):
            event.ignore()
            return
        order = list(self._buttons)
        target = order[(order.index(self.current) + step) % len(order)]
        self._buttons[target].setFocus(Qt.FocusReason.OtherFocusReason)
        self._choose(target)


class _ShrinkingBox(QCheckBox):
    """A box in a column; a long label is shortened to the room there is, so that the form need not be wider."""

    def __init__(self, label: str) -> None:
        super().__init__(label.replace("&", "&&"))
        self._label = label
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self._label)
        return QSize(words + self._beside(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._beside() + 10 * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def _beside(self) -> int:
        """Return the room of the box and around it."""
        return self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth) + 3 * SMALL

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self._beside() + SMALL
        shown = self.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))


class TickBoxes(QWidget):
    """Any of some things, as boxes under each other or in lines. ``ticked`` tells that a person has chosen."""

    ticked = Signal()

    def __init__(self, name: str, *, is_in_lines: bool = False) -> None:
        super().__init__()
        self._name = name
        self.boxes: dict[str, QCheckBox] = {}
        self._line = Flow(LARGE) if is_in_lines else None
        self._column = lay_out(QVBoxLayout(self), *([self._line] if self._line else []), margins=0, spacing=SMALL)

    def offer(self, choices: Iterable[tuple[str, str]], chosen: Collection[str] | None = None) -> None:
        """Offer other things, as (key, label); tick those chosen, all without any."""
        for box in self.boxes.values():
            if self._line is not None:
                self._line.take(box)
            discard(box)
        self.boxes = {}
        for key, label in choices:
            made = QCheckBox(label.replace("&", "&&")) if self._line is not None else _ShrinkingBox(label)
            box = with_action(made, f"{self._name}_{key}", self.ticked.emit)
            box.setChecked(chosen is None or key in chosen)
            self.boxes[key] = box
            if self._line is not None:
                self._line.place(box)
            else:
                self._column.addWidget(box)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(key for key, box in self.boxes.items() if box.isChecked())
