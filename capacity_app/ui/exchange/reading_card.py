"""Something that takes a while, in place: what is being done, how far it is, and the way to stop it."""

from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role
from capacity_app.ui.shell.rail import ProgressLine


class ReadingCard(Card):
    """Shown while files are read. ``cancelled`` asks to stop."""

    cancelled = Signal()

    def __init__(self, texts: Texts, name: str) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName(f"{name}_reading")
        self.body.setSpacing(MEDIUM)
        self._title = Words("", Role.HEADING)
        self._promise = texts.gettext("This takes some seconds. Nothing is changed before you have seen it.")
        self._line = ProgressLine(height=8)
        self._step = Words(is_muted=True)
        self.cancel = QPushButton(texts.gettext("Cancel"))
        self.cancel.setObjectName(f"{name}_cancel")
        self.cancel.setAccessibleName(texts.gettext("Stop reading"))
        self.cancel.clicked.connect(lambda _on: self.cancelled.emit())
        for widget in (self._title, self._line, self._step):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.cancel))
        self.body.addStretch(1)
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
