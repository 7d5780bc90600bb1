"""Two fields for a new passphrase, with what its length is worth in plain words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

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
from capacity_app.ui.look.theme import SMALL, TIGHT, Role
from capacity_app.ui.protection.passphrase_field import PassphraseField

_COLOURS = {Strength.TOO_SHORT: "danger", Strength.WEAK: "warning", Strength.GOOD: "good", Strength.STRONG: "good"}


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
        """Say why this cannot be a new passphrase, there too, and go where it can be mended; empty if it can."""
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
