"""A field for a passphrase: hidden unless asked for, and it notices a caps lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import TIGHT, Role


class _HiddenLine(LineField):
    """A line that shows dots; ``capital`` tells whether the last letter came from a caps lock."""

    capital = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        # Neither a dictionary nor a list of suggestions is to learn it.
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter, is_shifted = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if letter.isalpha() and letter.upper() != letter.lower():
            self.capital.emit(letter.isupper() != is_shifted)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.capital.emit(False)


class PassphraseField(QWidget):
    """The line, a box that shows what is typed, and a hint. ``changed`` tells of every letter."""

    changed = Signal()

    def __init__(self, texts: Texts, name: str, label: str, *, can_be_shown: bool = True) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.line = _HiddenLine()
        self.line.setObjectName(name)
        self.line.setAccessibleName(label)
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.capital.connect(self._hint_at_capitals)
        self.shower = QCheckBox(say("Show what is typed"))
        self.shower.setObjectName(f"{name}_show")
        self.shower.toggled.connect(self._show)
        if not can_be_shown:
            self.shower.hide()
        self.capitals = Words(say("Caps lock seems to be on."), Role.CAPTION)
        self.capitals.set_colour("warning")
        self.capitals.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for widget in (self.line, self.capitals, self.shower):
            column.addWidget(widget)
        self.setFocusProxy(self.line)

    def _show(self, is_shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)

    def show_typed(self, *, is_shown: bool) -> None:
        """Show or hide what is typed, as another field's box says."""
        self._show(is_shown)

    def _hint_at_capitals(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.capitals.setVisible(is_on)

    @property
    def text(self) -> str:
        return self.line.text()

    def clear(self) -> None:
        self.line.clear()
        self.shower.setChecked(False)
