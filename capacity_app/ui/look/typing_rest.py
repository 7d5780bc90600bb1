"""When typing is stored: once it rests, and at the latest within a second of the first letter not yet stored."""

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer

REST_MS = 400
"""How long typing rests before it is stored, in milliseconds."""
LATEST_MS = 800
"""How long a letter waits at most while somebody types without a rest: with the disk's time, less than a second."""


class TypingRest(QTimer):
    """Tells (``timeout``) when what is being typed is to be stored. Say ``typed`` after every letter."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, singleShot=True, interval=REST_MS)
        self._latest = QDeadlineTimer()

    def typed(self) -> None:
        """Wait for a rest, but no longer than the first letter may wait."""
        if not self.isActive():
            self._latest.setRemainingTime(LATEST_MS)
        self.start(min(REST_MS, self._latest.remainingTime()))
