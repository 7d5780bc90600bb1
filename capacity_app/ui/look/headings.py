"""The heading line of a table or tree, its words in line with the cells below them."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, Role, font_for


class ReadingTable(QTableView):
    """A table without a grid and without frames, in which one row is chosen; it scrolls smoothly, and Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()


class Headings(QHeaderView):
    """Quiet column headings with the same inset as the cells; numbers are headed at their trailing edge."""

    def __init__(self, parent: QWidget, numbers: frozenset[int] = frozenset()) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._numbers = numbers
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setStretchLastSection(False)

    def _words(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's name
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._words(section)) + 2 * SMALL + 2, metrics.height() + SMALL)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        painter.save()
        painter.fillRect(rect, QColor(shades.raised))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(shades.line))
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.muted))
        painter.setLayoutDirection(self.layoutDirection())
        is_number = section in self._numbers
        side = Qt.AlignmentFlag.AlignTrailing if is_number else Qt.AlignmentFlag.AlignLeading
        room = rect.adjusted(SMALL, 0, -SMALL, 0)
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), self._words(section))
        painter.restore()
