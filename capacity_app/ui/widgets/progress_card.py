"""A card in place of something that takes a while: what is being done, how far it is, and the way to stop it."""

from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, TextRole
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action
from capacity_app.ui.widgets.navigation_rail import ThinProgressBar


class ProgressCard(Card):
    """Shown while files are read. ``cancelled`` asks to stop."""

    cancelled = Signal()

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName(f"{name}_reading")
        self._title = Label("", TextRole.HEADING)
        self._promise = texts.gettext("This takes some seconds. Nothing is changed before you have seen it.")
        self._line = ThinProgressBar(height=8)
        self._step = Label(is_muted=True)
        self.cancel = with_action(
            QPushButton(texts.gettext("Cancel")), f"{name}_cancel", self.cancelled.emit, texts.gettext("Stop reading")
        )
        lay_out(self.body, self._title, self._line, self._step, side_by_side(self.cancel), 1, spacing=MEDIUM)
        self.setFocusProxy(self.cancel)

    def begin(self, title: str) -> None:
        """Say what is read, from the start."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self._line.hide()
        self._step.setText(self._promise)

    def show_progress(self, step: str, share: float) -> None:
        """Say how far it is, where that is known; ``share`` is in [0, 1]."""
        self._line.show()
        self._line.set_share(Fraction(min(max(share, 0.0), 1.0)))
        self._step.setText(step)
