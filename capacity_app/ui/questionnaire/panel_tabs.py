"""The panel's tabs with their pages."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capacity_app.ui.look.tab_row import TabRow


class PanelTabs(QWidget):
    """The tabs with their pages. ``currentChanged`` carries the place of the page that is shown."""

    currentChanged = Signal(int)  # noqa: N815 - as Qt's own tabs say it

    def __init__(self) -> None:
        super().__init__()
        self._row = TabRow("panel_tab")
        self._row.currentChanged.connect(self._turn_to)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._row)
        column.addWidget(self._stack, 1)

    def add(self, page: QWidget, name: str) -> None:
        """Add a page under a name."""
        self._row.addTab(name)
        self._stack.addWidget(page)

    def rename(self, place: int, name: str) -> None:
        self._row.setTabText(place, name)

    def names(self) -> tuple[str, ...]:
        return tuple(map(self._row.tabText, range(self._row.count())))

    def tabBar(self) -> TabRow:  # noqa: N802 - as Qt's own tabs say it
        return self._row

    def currentIndex(self) -> int:  # noqa: N802 - as Qt's own tabs say it
        return self._stack.currentIndex()

    def currentWidget(self) -> QWidget:  # noqa: N802 - as Qt's own tabs say it
        shown = self._stack.currentWidget()
        assert shown is not None, "tabs without pages are not shown"
        return shown

    def setCurrentIndex(self, place: int) -> None:  # noqa: N802 - as Qt's own tabs say it
        self._row.setCurrentIndex(place)

    def _turn_to(self, place: int) -> None:
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and self._stack.isAncestorOf(focused):
            self._row.setFocus(Qt.FocusReason.OtherFocusReason)  # hiding a page would hand the focus to anybody
        self._stack.setCurrentIndex(place)
        self.currentChanged.emit(place)
