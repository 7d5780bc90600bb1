"""Tabs that are all seen: where one line is too short for them they go on in the next, none behind an arrow.

A ``QTabBar`` would hide tabs behind arrows at 200 % text.
"""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup

from capacity_app.texts import in_own_order
from capacity_app.ui.look.flow import Flow
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
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(colours().line))
        painter.end()
