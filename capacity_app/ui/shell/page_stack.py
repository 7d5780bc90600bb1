"""Pages by name, of which one is shown: those of an open assessment, and those of the window."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capacity_app.ui.widgets.cards import scroll_area_of
from capacity_app.ui.widgets.layouts import Stack, lay_out


@runtime_checkable
class Stoppable(Protocol):
    """A page with work in child processes or threads that ends with it."""

    def stop(self) -> object:
        """End what is at work."""


def _named_pane(page: QWidget, label: str) -> QStackedWidget:
    """Return a pane whose name a screen reader says; of a frame it would also read out every text in it."""
    pane = QStackedWidget()
    pane.setAccessibleName(label)
    pane.addWidget(page)
    return pane


class PageStack(Stack):
    """Keeps pages until they are dropped; each has its name, and stands in a scroll area if it fills the window.

    With a label a screen reader says it when the focus comes into the page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, QWidget] = {}
        self._holders: dict[str, QWidget] = {}

    @property
    def shown(self) -> str:
        """The name of the page shown; empty while there is none."""
        current = self.currentWidget()
        return next((name for name, holder in self._holders.items() if holder is current), "")

    def put(self, name: str, page: QWidget, *, fills_window: bool = False, label: str = "") -> None:
        """Keep a page, in place of one of the same name."""
        self.drop(name)
        self.pages[name] = page
        holder = scroll_area_of(page, shrinks=True) if fills_window else page
        self._holders[name] = _named_pane(holder, label) if label else holder
        self.addWidget(self._holders[name])

    def bring(self, name: str) -> None:
        self.setCurrentWidget(self._holders[name])

    def stop(self) -> None:
        """End what the pages are doing."""
        for page in self.pages.values():
            if isinstance(page, Stoppable):
                page.stop()

    def drop(self, *names: str) -> None:
        """Let go of pages; what they are doing is stopped."""
        for name in names:
            if name in self.pages:
                page, holder = self.pages.pop(name), self._holders.pop(name)
                if isinstance(page, Stoppable):
                    page.stop()
                self.removeWidget(holder)
                holder.hide()
                holder.deleteLater()


# A window of its own for a tool that needs no assessment: headquarters, questionnaires.


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
