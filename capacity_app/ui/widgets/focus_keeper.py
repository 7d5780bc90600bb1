"""The focus of a window when the control that has it is disabled, hidden or removed: it moves on nearby."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid


def is_tab_stop(widget: QWidget) -> bool:
    """Return whether Tab comes to a control as the window stands now."""
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return takes_tab and widget.isVisible() and widget.isEnabled()


def _ancestors(widget: QWidget) -> Iterator[QWidget]:
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        yield above
        widget, above = above, above.parentWidget()


def _chain_after(start: QWidget) -> Iterator[QWidget]:
    """Go round the controls of a window in the order of Tab, from the one after ``start``."""
    widget = start.nextInFocusChain()
    while widget is not None and widget is not start:
        yield widget
        widget = widget.nextInFocusChain()


def _is_seen(widget: QWidget) -> bool:
    return not widget.visibleRegion().isEmpty()


def scroll_into_view(widget: QWidget) -> None:
    """Scroll whatever a control stands in so far that it is seen."""
    for above in _ancestors(widget):
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)


class FocusKeeper(QObject):
    """Moves the focus to the next control of the nearest container that has one, among those that are seen.

    Qt would go on through the whole window at once, and scroll there. The window asks ``keeps`` in its
    ``focusNextPrevChild``; then whatever the program does itself within the same event comes first.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._lost: QWidget | None = None
        self._around: tuple[QWidget, ...] = ()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._move_on)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "there is no window without an application"
        app.focusChanged.connect(self._follow)

    def keeps(self) -> bool:
        """Return whether the focus is about to leave a control that is disabled or hidden; then it moves on later."""
        focused = self._window.focusWidget()
        if focused is None or (focused.isEnabled() and focused.isVisible()) or not self._window.isVisible():
            return False
        self._note(focused)
        return True

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Notice a focus that went nowhere, as when a whole form is disabled."""
        if now is not None or before is None or not isValid(before) or before.window() is not self._window:
            return
        if not before.isEnabled() or not before.isVisible():
            self._note(before)

    def _note(self, lost: QWidget) -> None:
        self._lost, self._around = lost, tuple(_ancestors(lost))
        self._later.start()

    def _move_on(self) -> None:
        focused, lost = self._window.focusWidget(), self._lost
        self._lost = None
        is_chosen = focused is not lost  # by the program; what a layout has just taken in is shown a moment later
        if focused is not None and isValid(focused) and focused.isEnabled() and (is_chosen or focused.isVisible()):
            return
        following = self._next_stop(lost)
        if following is not None:
            following.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_stop(self, lost: QWidget | None) -> QWidget | None:
        for container in self._around:
            if isValid(container) and container.isVisible():
                is_inside = lost is not None and isValid(lost) and container.isAncestorOf(lost)
                start = lost if is_inside and lost is not None else container
                inside = (one for one in _chain_after(start) if container.isAncestorOf(one))
                found = next((one for one in (*inside, container) if is_tab_stop(one) and _is_seen(one)), None)
                if found is not None:
                    return found
        return None
