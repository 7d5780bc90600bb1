"""A list as high as all its lines, inside a page that scrolls."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QSizePolicy, QWidget

from capacity_app.ui.look.lines import LineList
from capacity_app.ui.look.theme import SMALL, is_font_change

Index = QModelIndex | QPersistentModelIndex


def bring_into_view(view: QAbstractItemView, index: Index) -> None:
    """Scroll the page around a view that never scrolls by itself until a line is seen, if the focus is in it."""
    area: QWidget | None = view.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = area.widget() if area is not None else None
    if area is None or page is None or not index.isValid() or not view.hasFocus():
        return
    spot = view.visualRect(index)
    start = view.viewport().mapTo(page, spot.topLeft())
    across = start.x() + spot.width() // 2
    area.ensureVisible(across, start.y() + spot.height(), 0, SMALL)
    area.ensureVisible(across, start.y(), 0, SMALL)


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
        heights = (self.sizeHintForIndex(self.lines.index(row, 0)).height() for row in range(self.lines.rowCount()))
        return QSize(200, sum(heights) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        bring_into_view(self, index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        bring_into_view(self, self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._measure()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
