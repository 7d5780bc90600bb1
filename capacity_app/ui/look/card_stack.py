"""Cards under each other in one readable column, tables in the full width, placed without a layout.

A box layout measures every card again whenever one is added; a page that is built in small steps would
get slower with every step.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from capacity_app.ui.look.theme import COLUMN, LARGE, MEDIUM

_USUAL_LINE = 17
"""Height of a line of text at 100 %, in pixels; the column grows with it."""


class CardStack(QWidget):
    """The content of a page. ``resized`` tells that heights have changed."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[tuple[QWidget, bool, int]] = []
        self._is_placing = False
        self._placed = self._bottom = self._width = 0

    def add(self, card: QWidget, *, is_wide: bool = False, above: int = MEDIUM) -> None:
        """Add a card at the end, ``above`` pixels below the one before."""
        card.setParent(self)
        self._cards.append((card, is_wide, above))
        if self.isVisible():
            card.show()

    def limit(self) -> int:
        """Return the width of the column of text, in pixels."""
        return round(COLUMN * max(1.0, self.fontMetrics().height() / _USUAL_LINE))

    def arrange(self, width: int) -> int:
        """Place all cards in a width and give the height they take."""
        self._placed = self._bottom = 0
        self._width = width
        return self.extend(width)

    def extend(self, width: int) -> int:
        """Place the cards that have been added since, and give the height all take."""
        if width != self._width:
            return self.arrange(width)
        margin = LARGE if width > self.limit() // 2 else MEDIUM
        room = width - 2 * margin
        self._is_placing = True
        y = self._bottom
        for card, is_wide, above in self._cards[self._placed :]:
            if card.isHidden():
                continue
            across = room if is_wide else min(room, self.limit())
            high = card.heightForWidth(across) if card.hasHeightForWidth() else card.sizeHint().height()
            y += above
            card.setGeometry(QRect(self._start(margin, room, across), y, across, high))
            y += high
        self._is_placing = False
        self._placed, self._bottom = len(self._cards), y
        return y + 3 * LARGE

    def _start(self, margin: int, room: int, across: int) -> int:
        """Text and tables begin at the same edge, the one where reading begins."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return margin + room - across if is_mirrored else margin

    def sizeHint(self) -> QSize:
        return self.size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and not self._is_placing:
            self.resized.emit()
        return super().event(event)
