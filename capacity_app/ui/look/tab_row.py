"""Tabs that are all seen: where one line is too short for them they stand in several, none behind an arrow."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from capacity_app.texts import in_own_order
from capacity_app.ui.look.flow import Placed
from capacity_app.ui.look.painting import paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, TARGET, TIGHT

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
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

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
            rounded(painter, QRectF(area), fill=shades.raised)
        painter.setPen(QColor(shades.accent if self.isChecked() else shades.text))
        name = in_own_order(self.text()) if self.isRightToLeft() else self.text()
        painter.drawText(area.adjusted(0, 0, 0, -_MARK), int(Qt.AlignmentFlag.AlignCenter), name)
        if self.isChecked():
            bar = QRect(area.x() + TIGHT, area.bottom() - _MARK + 1, area.width() - 2 * TIGHT, _MARK)
            painter.fillRect(bar, QColor(shades.accent))
        if self.hasFocus():
            paint_focus(painter, area)
        painter.end()


class TabRow(Placed):
    """The names of the tabs, one stop for Tab; the arrows choose. ``currentChanged`` carries the place chosen.

    A screen reader meets them as a group of which one is chosen.
    """

    currentChanged = Signal(int)  # noqa: N815 - as Qt's own tabs say it

    def __init__(self, stem: str = "tab") -> None:
        super().__init__(TIGHT)
        self._stem, self._current = stem, -1
        self._group = QButtonGroup(self)
        self._tabs: list[_Tab] = []

    def addTab(self, name: str) -> int:  # noqa: N802 - as Qt's own tabs say it
        tab, number = _Tab(name), len(self._tabs)
        tab.setObjectName(f"{self._stem}_{number}")
        tab.clicked.connect(lambda: self.setCurrentIndex(number))
        self._group.addButton(tab, number)
        self._tabs.append(tab)
        self.place(tab)
        if number == 0:
            self._choose(0)
        else:
            tab.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return number

    def count(self) -> int:
        return len(self._tabs)

    def tabText(self, number: int) -> str:  # noqa: N802 - as Qt's own tabs say it
        return self._tabs[number].text()

    def setTabText(self, number: int, name: str) -> None:  # noqa: N802 - as Qt's own tabs say it
        tab = self._tabs[number]
        if tab.text() != name:
            tab.setText(name)
            self._arrange()
            self.updateGeometry()

    def currentIndex(self) -> int:  # noqa: N802 - as Qt's own tabs say it
        return self._current

    def setCurrentIndex(self, number: int) -> None:  # noqa: N802 - as Qt's own tabs say it
        if number == self._current:
            self._tabs[number].setChecked(True)
            return
        self._choose(number)
        self.currentChanged.emit(number)

    def _choose(self, chosen: int) -> None:
        has_focus = any(tab.hasFocus() for tab in self._tabs)
        self._current = chosen
        for number, tab in enumerate(self._tabs):
            tab.setChecked(number == chosen)
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == chosen else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._tabs[chosen])
        if has_focus:
            self._tabs[chosen].setFocus(Qt.FocusReason.OtherFocusReason)

    def spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        """Place all in one line, or in equal columns where that is too short."""
        tabs = self.shown()
        sizes = [tab.sizeHint() for tab in tabs]
        if sum(size.width() + self.spacing for size in sizes) - self.spacing <= width:
            starts = [sum(size.width() + self.spacing for size in sizes[:number]) for number in range(len(sizes))]
            return [
                (tab, QRect(start, 0, size.width(), size.height()))
                for tab, start, size in zip(tabs, starts, sizes, strict=True)
            ]
        most = max(1, width // (max(size.width() for size in sizes) + self.spacing))
        lines = -(-len(tabs) // most)
        columns = -(-len(tabs) // lines)
        across, high = width // columns, max(size.height() for size in sizes)
        return [
            (tab, QRect(number % columns * across, number // columns * high, across - self.spacing, high))
            for number, tab in enumerate(tabs)
        ]

    def sizeHint(self) -> QSize:
        sizes = [tab.sizeHint() for tab in self.shown()]
        width = sum(size.width() + self.spacing for size in sizes)
        return QSize(width, self.heightForWidth(max(width, 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((tab.sizeHint().width() for tab in self.shown()), default=0), 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = -1 if self.isRightToLeft() else 1
        steps = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._tabs) - 1}
        key = Qt.Key(event.key())
        if event.modifiers() & ~_UNHELD or key not in {*steps, *ends}:
            event.ignore()
            return
        target = ends[key] if key in ends else (self._current + steps[key]) % len(self._tabs)
        self._tabs[target].click()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(colours().line))
        painter.end()
