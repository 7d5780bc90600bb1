"""When typing is stored: once it rests, and at the latest within a second of the first letter not yet stored."""

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QTimer
from PySide6.QtWidgets import QWidget

REST_MS = 400
"""How long typing rests before it is stored, in milliseconds."""
LATEST_MS = 800
"""How long a letter waits at most while somebody types without a rest: with the disk's time, less than a second."""


class UnsavedText(QEvent):
    """Tells a window that a field holds letters that are not stored, or none any more."""

    TYPE = QEvent.Type(QEvent.registerEventType())

    def __init__(self, field: QWidget, *, is_unsaved: bool) -> None:
        super().__init__(self.TYPE)
        self.field, self.is_unsaved = field, is_unsaved


class TypingRest(QTimer):
    """Tells (``timeout``) when what is being typed is to be stored.

    Say ``typed`` after every letter, and ``stored`` once no letter waits any more: the window is told of both.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, singleShot=True, interval=REST_MS)
        self._field = field
        self._latest = QDeadlineTimer()
        self._is_unsaved = False

    def typed(self) -> None:
        """Wait for a rest, but no longer than the first letter may wait."""
        if not self.isActive():
            self._latest.setRemainingTime(LATEST_MS)
        self.start(min(REST_MS, self._latest.remainingTime()))
        self.kept()

    def kept(self) -> None:
        self._tell(is_unsaved=True)

    def stored(self) -> None:
        """Stop waiting: no letter in the field is unsaved."""
        self.stop()
        self._tell(is_unsaved=False)

    def _tell(self, *, is_unsaved: bool) -> None:
        if is_unsaved != self._is_unsaved:
            self._is_unsaved = is_unsaved
            QCoreApplication.sendEvent(self._field.window(), UnsavedText(self._field, is_unsaved=is_unsaved))
