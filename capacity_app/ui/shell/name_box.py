"""A small card over the status bar that asks for the person's name."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import LARGE, SMALL, Role


class NameBox(Card):
    """Opens above a widget of the same window; Enter keeps the name, Escape leaves it. ``named`` carries it."""

    named = Signal(str)

    def __init__(self, texts: Texts, window: QWidget) -> None:
        super().__init__(edge="edge", margin=LARGE)
        self.setParent(window)
        self._window = window
        self.setObjectName("name_box")
        self.line = LineField()
        self.line.setObjectName("name_line")
        self.line.setAccessibleName(texts.gettext("Your name"))
        self.line.setMinimumWidth(36 * self.fontMetrics().averageCharWidth())
        keep = QPushButton(texts.gettext("Keep"))
        keep.setObjectName("name_keep")
        keep.setDefault(True)
        keep.clicked.connect(lambda _checked: self._keep())
        leave = QPushButton(texts.gettext("Cancel"))
        leave.setObjectName("name_leave")
        leave.clicked.connect(lambda _checked: self._go())
        self.body.addWidget(Words(texts.gettext("Your name"), Role.STRONG))
        hint = texts.gettext("It stands beside every answer you enter from now on.")
        self.body.addWidget(Words(hint, Role.CAPTION, is_muted=True))
        self.body.addWidget(self.line)
        self.body.addLayout(row(keep, leave))

    def open_above(self, anchor: QWidget, name: str) -> None:
        """Show the card with its lower trailing corner at a widget."""
        self.line.setText(name)
        self.line.selectAll()
        self.adjustSize()
        corner = anchor.mapTo(self._window, QPoint(anchor.width() - self.width(), -self.height() - SMALL))
        left = SMALL if self.isRightToLeft() else min(corner.x(), self._window.width() - self.width() - SMALL)
        self.move(max(left, SMALL), max(corner.y(), SMALL))
        self.show()
        self.raise_()
        self.line.setFocus()

    def _keep(self) -> None:
        self.named.emit(self.line.text().strip())
        self._go()

    def _go(self) -> None:
        self.hide()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        elif event.key() == Qt.Key.Key_Escape:
            self._go()
        else:
            super().keyPressEvent(event)
