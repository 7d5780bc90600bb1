"""A line of widgets that continues on the next line when the width or the text size asks for it."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Places its widgets itself, in reading order; hidden ones take no room."""

    def __init__(self, spacing: int = 4) -> None:
        super().__init__()
        self._spacing = spacing
        self._placed: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def place(self, widget: QWidget) -> None:
        """Add a widget at the end."""
        widget.setParent(self)
        self._placed.append(widget)
        if self.isVisible():
            widget.show()
        self._arrange()

    def take(self, widget: QWidget) -> None:
        """Take a widget out; the caller deletes it."""
        self._placed.remove(widget)
        self._arrange()

    def _lines(self, width: int) -> list[tuple[QWidget, QRect]]:
        spots: list[tuple[QWidget, QRect]] = []
        x = y = high = 0
        for widget in self._placed:
            if widget.isHidden():
                continue
            size = widget.sizeHint()
            size.setWidth(min(size.width(), max(width, 1)))
            if x and x + size.width() > width:
                x, y, high = 0, y + high + self._spacing, 0
            if size.width() == width and widget.hasHeightForWidth():
                size.setHeight(widget.heightForWidth(width))
            spots.append((widget, QRect(x, y, size.width(), size.height())))
            x += size.width() + self._spacing
            high = max(high, size.height())
        return spots

    def _arrange(self) -> None:
        for widget, spot in self._lines(self.width()):
            widget.setGeometry(self.style().visualRect(self.layoutDirection(), self.rect(), spot))
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height of the lines at a width."""
        return max((spot.bottom() + 1 for _, spot in self._lines(width)), default=0)

    def sizeHint(self) -> QSize:
        """Give the size of one line."""
        sizes = [widget.sizeHint() for widget in self._placed if not widget.isHidden()]
        width = sum(size.width() + self._spacing for size in sizes)
        return QSize(max(width - self._spacing, 0), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        """Give the size of the widest widget."""
        sizes = [widget.minimumSizeHint() for widget in self._placed if not widget.isHidden()]
        width = max((size.width() for size in sizes), default=0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the widgets anew."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Place the widgets anew when one of them wants another size, or the direction changes."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange}:
            self._arrange()
        return super().event(event)
