"""The list of differences: each with what it is and what was decided; the keys decide without the mouse."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from capacity_app.domain.deciding import Difference, Fate, Side
from capacity_app.ui.exchange.difference_words import SIGNS, DifferenceWords, kind_of
from capacity_app.ui.look.lines import Line, LineList

_DECIDED = {Side.THEIRS: ("✓", "good"), Side.MINE: ("○", "muted")}
_KEYS: dict[int, Side | None] = {
    Qt.Key.Key_A: Side.THEIRS,
    Qt.Key.Key_K: Side.MINE,
    Qt.Key.Key_Delete: None,
    Qt.Key.Key_Backspace: None,
}
_PASSED_ON = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier


def line_of(words: DifferenceWords, difference: Difference, decision: Side | None) -> Line:
    """Give the line of a difference."""
    sign, colour = SIGNS[kind_of(difference)]
    if decision is not None and difference.fate is not Fate.REFUSED:
        sign, colour = _DECIDED[decision]
    said = words.said(difference, difference.theirs)
    parts = (words.standing(difference, decision), said, difference.place)
    return Line(
        difference.id, words.title(difference), " · ".join(part for part in parts if part), mark=sign, colour=colour
    )


class DecisionList(LineList):
    """The differences shown. ``decided`` carries a decision on the current one, ``decided_all`` one on all shown.

    ``paged`` asks to scroll the card of the current one, by 1 or -1 page.
    """

    decided = Signal(object)
    decided_all = Signal(object)
    paged = Signal(int)

    def __init__(self, name: str, label: str, words: DifferenceWords, parent: QWidget | None = None) -> None:
        super().__init__(name, label, parent)
        self._words = words
        self._known: dict[tuple[str, Side | None], Line] = {}
        # Hundreds of lines that wrap are measured in small steps: the window never stalls.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(60)

    def show_differences(self, differences: Iterable[Difference], decisions: Mapping[str, Side]) -> None:
        """Show some differences with what was decided; without a current one the first is made it."""
        self.show_lines([self._line(one, decisions.get(one.id)) for one in differences])
        if not self.currentIndex().isValid() and self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(0))

    def _line(self, difference: Difference, decision: Side | None) -> Line:
        """Give the line of a difference, worded once."""
        key = difference.id, decision
        if key not in self._known:
            self._known[key] = line_of(self._words, difference, decision)
        return self._known[key]

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to decisions."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~_PASSED_ON
        if event.key() == Qt.Key.Key_A and held == Qt.KeyboardModifier.ControlModifier:
            self.decided_all.emit(Side.THEIRS)
        elif event.key() in _KEYS and not held:
            self.decided.emit(_KEYS[event.key()])
        elif event.key() == Qt.Key.Key_Space:
            self.paged.emit(-1 if held == Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
