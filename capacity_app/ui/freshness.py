"""Keeping what a page shows fresh: when it is shown, and once after what changes while it is shown."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from capacity_app.ui.bridge import Bridge


class Freshness:
    """Knows whether a page is behind the assessment; the page calls ``refresh`` when it is shown."""

    def __init__(self, page: QWidget, bridge: Bridge, show: Callable[[], None]) -> None:
        self._page, self._show, self._is_stale = page, show, True
        bridge.changed.connect(lambda _change: self.mark_stale())

    def mark_stale(self) -> None:
        """Take note that something has changed; what is shown follows once the step is complete."""
        is_first = not self._is_stale
        self._is_stale = True
        if is_first and self._page.isVisible():
            # Several changes in a row, as when a block is pasted, are shown once.
            QTimer.singleShot(0, self._page, self.refresh)

    def refresh(self) -> None:
        """Show what is known now, unless it is shown already or nobody can see it."""
        if self._is_stale and self._page.isVisible():
            self._is_stale = False
            self._show()
