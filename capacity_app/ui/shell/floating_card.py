"""Cards that open over the window, under a button of the top bar; the one that asks for a person's name."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import side_by_side, with_action
from capacity_app.ui.widgets.text_fields import LineField


class FloatingCard(Card):
    """A card over a window. Escape closes it, as does the focus when it goes elsewhere; Escape is told by ``left``."""

    left = Signal()

    def __init__(self, window: QWidget, name: str, *, margin: int, letters: int) -> None:
        super().__init__(edge="edge", margin=margin)
        self.setParent(window)
        self.setObjectName(name)
        self._window, self._letters = window, letters
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets need an application"
        app.focusChanged.connect(self._follow_focus)

    def open_under(self, anchor: QWidget, first: QWidget) -> None:
        """Show the card under a widget, within the window, with the cursor in ``first``."""
        room = self._window.width() - 2 * SMALL
        self.setFixedWidth(min(self._letters * self.fontMetrics().averageCharWidth(), room))
        self.adjustSize()
        start = anchor.width() - self.width() if self.isRightToLeft() else 0
        corner = anchor.mapTo(self._window, QPoint(start, anchor.height() + 2))
        self.move(min(max(corner.x(), SMALL), self._window.width() - self.width() - SMALL), corner.y())
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible() and new is not None and not self.isAncestorOf(new):
            self.close_card()

    def leave(self) -> None:
        """Close without a choice."""
        self.left.emit()
        self.close_card()

    def close_card(self) -> None:
        self.hide()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


class NameCard(FloatingCard):
    """Asks for a person's name; Enter keeps it. ``named`` carries it."""

    named = Signal(str)

    def __init__(self, texts: Translator, window: QWidget) -> None:
        super().__init__(window, "name_box", margin=LARGE, letters=48)
        say = texts.gettext
        self.line = LineField()
        self.line.setObjectName("name_line")
        self.line.setAccessibleName(say("Your name"))
        keep = with_action(Button(say("Keep name"), is_main=True), "name_keep", self._keep)
        leave = with_action(Button(say("Cancel")), "name_leave", self.leave)
        self.body.addWidget(Label(say("Your name"), TextRole.STRONG))
        hint = say("Your name is shown beside every answer you record from now on.")
        self.body.addWidget(Label(hint, TextRole.CAPTION, is_muted=True))
        self.body.addWidget(self.line)
        self.body.addLayout(side_by_side(keep, leave))

    def ask(self, anchor: QWidget, name: str) -> None:
        """Open under a widget with the name known so far."""
        self.line.setText(name)
        self.line.selectAll()
        self.open_under(anchor, self.line)

    def _keep(self) -> None:
        self.named.emit(self.line.text().strip())
        self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        else:
            super().keyPressEvent(event)
