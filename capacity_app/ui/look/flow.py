"""Widgets in a line that goes on in the next, or in columns as wide as the text: placed by hand, cheap to measure."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Placed(QWidget):
    """Places its widgets itself, in reading order; hidden ones take no room."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self.spacing = spacing
        self._high = -1
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


class Flow(Placed):
    """A line that continues on the next line when the width or the text size asks for it."""

    def spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        found: list[tuple[QWidget, QRect]] = []
        x = y = high = 0
        for widget in self.shown():
            size = widget.sizeHint()
            size.setWidth(min(size.width(), max(width, 1)))
            if x and x + size.width() > width:
                x, y, high = 0, y + high + self.spacing, 0
            if size.width() == width and widget.hasHeightForWidth():
                size.setHeight(widget.heightForWidth(width))
            found.append((widget, QRect(x, y, size.width(), size.height())))
            x += size.width() + self.spacing
            high = max(high, size.height())
        return found

    def sizeHint(self) -> QSize:
        sizes = [widget.sizeHint() for widget in self.shown()]
        width = sum(size.width() + self.spacing for size in sizes)
        return QSize(max(width - self.spacing, 0), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        sizes = [widget.minimumSizeHint() for widget in self.shown()]
        width = max((size.width() for size in sizes), default=0)
        return QSize(width, max((size.height() for size in sizes), default=0))


class Columns(Placed):
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
