"""A window of its own for a tool that needs no assessment: headquarters, questionnaires."""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.ui.shell.page_stack import PageStack
from capacity_app.ui.widgets.layouts import lay_out

_FIRST_SIZE = QSize(1180, 780)
EDGES = QSize(40, 60)
"""What the desktop's own bars and frames may take."""


class ToolWindow(QWidget):
    """Holds one page. ``closed`` carries its name: what the page was doing has ended; ``guide_wanted`` tells of F1."""

    closed = Signal(str)
    guide_wanted = Signal()

    def __init__(self, name: str, title: str, page: QWidget, *, fills_window: bool) -> None:
        super().__init__()
        self.name, self.page = name, page
        self.setObjectName(f"window_{name}")
        self.setWindowTitle(title)
        QShortcut(QKeySequence("F1"), self, self.guide_wanted.emit)
        self._stack = PageStack()
        self._stack.put(name, page, fills_window=fills_window)
        lay_out(QVBoxLayout(self), self._stack, margins=0)
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - EDGES))

    def bring(self) -> None:
        """Show the window in front of the others."""
        self.show()
        self.raise_()
        self.activateWindow()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ApplicationFontChange:
            for widget in self.findChildren(QWidget):
                QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.FontChange))
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stack.stop()
        self.closed.emit(self.name)
        event.accept()
        self.deleteLater()
