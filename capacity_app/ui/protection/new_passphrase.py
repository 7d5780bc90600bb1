"""Two fields for a new passphrase, with what its length is worth in plain words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from capacity_app.domain.passphrases import (
    SHORTEST,
    STRENGTH_WORDS,
    UNEQUAL,
    Strength,
    length,
    normal,
    strength,
    weakness,
)
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import SMALL, TIGHT, Role

_COLOURS = {Strength.TOO_SHORT: "danger", Strength.WEAK: "warning", Strength.GOOD: "good", Strength.STRONG: "good"}


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


class ProtectionField(QWidget):
    """``passphrase`` is what is typed, empty while the box is not ticked."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.box = QCheckBox(say("Protect the file with a passphrase"))
        self.box.setObjectName("new_protect")
        self.box.toggled.connect(self._follow)
        self._alike = Words(
            say("The earlier round is protected, and without another passphrase this one is protected by the same."),
            Role.CAPTION,
            is_muted=True,
        )
        self._alike.hide()
        self.fields = NewPassphrase(texts, "new_passphrase")
        self.fields.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        for widget in (self.box, self._alike, self.fields):
            column.addWidget(widget)
        self.setFocusProxy(self.box)

    def _follow(self, is_wanted: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.fields.clear()
        self.fields.setVisible(is_wanted)
        if is_wanted:
            self.fields.setFocus()

    def show_earlier(self, *, is_protected: bool) -> None:
        """Say what becomes of the file where the earlier round is protected."""
        self._alike.setVisible(is_protected)
        say = self._texts.gettext
        label = say("Protect it with a passphrase of its own") if is_protected else ""
        self.box.setText(label or say("Protect the file with a passphrase"))

    @property
    def at_fault(self) -> QWidget:
        return self.fields.at_fault

    @property
    def passphrase(self) -> str:
        """What is typed, empty if the file is not to be protected."""
        return self.fields.passphrase if self.box.isChecked() else ""

    def find_problem(self) -> str:
        """Return why this cannot be a passphrase; empty if it can, or if none is wanted."""
        if not self.box.isChecked():
            return ""
        # Said at the field itself; the form says it too, for whoever reads its fields.
        problem = self.fields.find_problem()
        self.fields.complain("")
        return problem


class NewPassphrase(QWidget):
    """The passphrase and the same once more; ``changed`` tells of every letter, ``passphrase`` is what both say."""

    changed = Signal()

    def __init__(self, texts: Texts, name: str) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.first = PassphraseField(texts, f"{name}_first", say("New passphrase"), can_be_shown=False)
        self.second = PassphraseField(texts, f"{name}_second", say("The same once more"), can_be_shown=False)
        self.at_fault = self.first
        """Where what was complained of last can be mended."""
        self.shower = QCheckBox(say("Show what is typed"))
        self.shower.setObjectName(f"{name}_show")
        self.shower.toggled.connect(self._show)
        self.worth = Words(role=Role.CAPTION)
        self.worth.setObjectName(f"{name}_worth")
        self.problem = Words(role=Role.CAPTION)
        self.problem.setObjectName(f"{name}_problem")
        self.problem.set_colour("danger")
        self.problem.hide()
        for field in (self.first, self.second):
            field.changed.connect(self._follow)
        self._lay_out()
        self._follow()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for label, field in ((say("New passphrase"), self.first), (say("The same once more"), self.second)):
            name = Words(label, Role.STRONG)
            name.setBuddy(field.line)
            column.addWidget(name)
            column.addWidget(field)
            if field is self.first:
                column.addWidget(self.worth)
                column.addSpacing(SMALL)
        column.addWidget(self.problem)
        column.addWidget(self.shower)
        self.setFocusProxy(self.first)

    def _show(self, is_shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        for field in (self.first, self.second):
            field.show_typed(is_shown=is_shown)

    def _follow(self) -> None:
        typed, number = self.first.text, self._texts.number
        found = strength(typed)
        advice = self._texts.gettext(
            "At least {least} letters. Four words that do not belong together are easy to remember and hard to guess."
        )
        sentence = self._texts.gettext(STRENGTH_WORDS[found]) if typed else advice
        self.worth.setText(sentence.format(least=number(SHORTEST), count=number(length(typed))))
        self.worth.set_colour(_COLOURS[found] if typed else "muted")
        self.complain("")
        self.changed.emit()

    @property
    def passphrase(self) -> str:
        return self.first.text

    def find_problem(self) -> str:
        """Return why this cannot be a new passphrase, there too, and go where it can be mended; empty if it can."""
        self.complain("")
        wrong = weakness(self.first.text)
        say = self._texts.gettext
        if wrong:
            sentence, values = wrong
            self.complain(say(sentence).format(**values))
            self.at_fault = self.first
        elif normal(self.first.text) != normal(self.second.text):
            self.complain(say(UNEQUAL))
            self.at_fault = self.second
        if self.problem.text():
            self.at_fault.setFocus()
        return self.problem.text()

    def complain(self, sentence: str) -> None:
        """Show what is wrong; empty when nothing is."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def clear(self) -> None:
        self.first.clear()
        self.second.clear()
        self.shower.setChecked(False)
