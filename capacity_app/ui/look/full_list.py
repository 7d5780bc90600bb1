"""A list as high as all its lines, inside a page that scrolls."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy

from capacity_app.ui.look.lines import LineList
from capacity_app.ui.look.theme import is_font_change


class FullList(LineList):
    """Shows all its lines; the page around it scrolls."""

    _has_bar = False

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.lines.modelReset.connect(self.updateGeometry)
        self.lines.dataChanged.connect(lambda *_: self.updateGeometry())

    def _measure(self) -> None:
        QTimer.singleShot(0, self, self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Give the height of all lines."""
        heights = (self.sizeHintForIndex(self.lines.index(row)).height() for row in range(self.lines.rowCount()))
        return QSize(200, sum(heights) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as need be, and never cut."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Ask for another height at another zoom."""
        super().changeEvent(event)
        if is_font_change(event):
            self._measure()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
