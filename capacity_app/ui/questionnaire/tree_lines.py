"""The lines of the section tree as one sees and walks through them."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView

from capacity_app.ui.look.theme import is_font_change
from capacity_app.ui.questionnaire.tree_model import TreeModel
from capacity_app.ui.questionnaire.tree_painting import LinePainter

_LEAST_INDENT = 16


class TreeLines(QTreeView):
    """The lines; Enter goes where the line says."""

    entered_line = Signal(QModelIndex)

    def __init__(self, model: TreeModel, name: str) -> None:
        super().__init__()
        self.setObjectName("sections")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(LinePainter(self))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._indent()

    def _indent(self) -> None:
        self.setIndentation(max(_LEAST_INDENT, round(self.fontMetrics().height() * 0.85)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_line.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._indent()
            self.doItemsLayout()
