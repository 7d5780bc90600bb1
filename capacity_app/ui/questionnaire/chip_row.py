"""One of a few: chips side by side, one stop for Tab, the arrows choose."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import TIGHT
from capacity_app.ui.questionnaire import keys


class ChipRow(Flow):
    """Chips of which one is chosen. ``chosen`` carries its key."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], current: str) -> None:
        super().__init__(TIGHT)
        self.setAccessibleName(name)
        self._buttons: dict[str, QuietButton] = {}
        for key, label in choices:
            button = QuietButton(label)
            button.setCheckable(True)
            button.setObjectName(f"chip {key}")
            button.setAccessibleName(f"{name}: {label}")
            button.clicked.connect(lambda _on=False, key=key: self._choose(key))
            self._buttons[key] = button
            self.place(button)
        self.current = current
        self._mark()

    def _mark(self) -> None:
        for key, button in self._buttons.items():
            button.setChecked(key == self.current)
            is_stop = key == self.current
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)

    def _choose(self, key: str) -> None:
        has_changed = key != self.current
        self.current = key
        self._mark()
        if has_changed:
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = -1 if self.isRightToLeft() else 1
        step = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward}.get(Qt.Key(event.key()))
        if step is None or not keys.is_plain(event):
            event.ignore()
            return
        order = list(self._buttons)
        target = order[(order.index(self.current) + step) % len(order)]
        self._buttons[target].setFocus(Qt.FocusReason.OtherFocusReason)
        self._choose(target)
