"""Fields for a new passphrase with what it is worth, and the card that asks for the one of a protected file."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from capacity_app.domain.encryption_keys import (
    MINIMUM_LENGTH,
    PASSPHRASE_MISSING_TO_OPEN,
    PASSPHRASE_STRENGTH_LABELS,
    PASSPHRASES_DIFFER,
    Keyring,
    PassphraseStrength,
    find_weakness,
    normalize_passphrase,
    passphrase_length,
    passphrase_strength,
)
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.protection import WORD_COUNT, parse_recovery_key
from capacity_app.storage.opening import keyring_opening
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.banners import icon_line
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, page_heading
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.progress_card import busy_cursor
from capacity_app.ui.widgets.text_fields import LineField, TextField

_COLOURS = {
    PassphraseStrength.TOO_SHORT: "danger",
    PassphraseStrength.WEAK: "warning",
    PassphraseStrength.GOOD: "good",
    PassphraseStrength.STRONG: "good",
}


class _PassphraseLine(LineField):
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

    def __init__(self, texts: Translator, name: str, label: str, *, can_be_shown: bool = True) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.line = _PassphraseLine()
        with_name(self.line, name, label)
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self.line.capital.connect(self._hint_at_caps_lock)
        self.shower = with_name(QCheckBox(say("Show")), f"{name}_show")
        self.shower.toggled.connect(self._show)
        if not can_be_shown:
            self.shower.hide()
        self.capitals = Label(say("Caps Lock seems to be on."), TextRole.CAPTION, colour="warning")
        self.capitals.hide()
        lay_out(QVBoxLayout(self), self.line, self.capitals, self.shower, margins=0, spacing=TIGHT)
        self.setFocusProxy(self.line)

    def _show(self, is_shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)

    def show_typed(self, *, is_shown: bool) -> None:
        """Show or hide what is typed, as another field's box says."""
        self._show(is_shown)

    def _hint_at_caps_lock(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.capitals.setVisible(is_on)

    @property
    def text(self) -> str:
        return self.line.text()

    def clear(self) -> None:
        self.line.clear()
        self.shower.setChecked(False)


class OptionalPassphraseField(QWidget):
    """``passphrase`` is what is typed, empty while the box is not ticked."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.box = with_name(QCheckBox(say("Protect the file with a passphrase")), "new_protect")
        self.box.toggled.connect(self._follow)
        self._alike = Label(
            say("The previous round is protected. Without a new passphrase, this file has the same one."),
            TextRole.CAPTION,
            is_muted=True,
        )
        self._alike.hide()
        self.fields = NewPassphraseFields(texts, "new_passphrase")
        self.fields.hide()
        lay_out(QVBoxLayout(self), self.box, self._alike, self.fields, margins=0, spacing=SMALL)
        self.setFocusProxy(self.box)

    def _follow(self, is_wanted: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.fields.clear()
        self.fields.setVisible(is_wanted)
        if is_wanted:
            self.fields.setFocus()

    def show_earlier(self, *, is_protected: bool) -> None:
        """Say what becomes of the file where the previous round is protected."""
        self._alike.setVisible(is_protected)
        say = self._texts.gettext
        label = say("Protect the file with a new passphrase") if is_protected else ""
        self.box.setText(label or say("Protect the file with a passphrase"))

    @property
    def faulty_field(self) -> QWidget:
        return self.fields.faulty_field

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


class NewPassphraseFields(QWidget):
    """The passphrase and the same once more; ``changed`` tells of every letter, ``passphrase`` is what both say."""

    changed = Signal()

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.first = PassphraseField(texts, f"{name}_first", say("New passphrase"), can_be_shown=False)
        self.second = PassphraseField(texts, f"{name}_second", say("Repeat passphrase"), can_be_shown=False)
        self.faulty_field = self.first
        """Where what was complained of last can be corrected."""
        self.shower = with_name(QCheckBox(say("Show")), f"{name}_show")
        self.shower.toggled.connect(self._show)
        self.worth = with_name(Label(role=TextRole.CAPTION), f"{name}_worth")
        self.problem = with_name(Label(role=TextRole.CAPTION, colour="danger"), f"{name}_problem")
        self.problem.hide()
        for field in (self.first, self.second):
            field.changed.connect(self._follow)
        self._lay_out()
        self._follow()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        column = lay_out(QVBoxLayout(self), margins=0, spacing=TIGHT)
        for label, field in ((say("New passphrase"), self.first), (say("Repeat passphrase"), self.second)):
            name = Label(label, TextRole.STRONG)
            name.setBuddy(field.line)
            lay_out(column, name, field)
            if field is self.first:
                column.addWidget(self.worth)
                column.addSpacing(SMALL)
        lay_out(column, self.problem, self.shower)
        self.setFocusProxy(self.first)

    def _show(self, is_shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        for field in (self.first, self.second):
            field.show_typed(is_shown=is_shown)

    def _follow(self) -> None:
        typed, number = self.first.text, self._texts.number
        found = passphrase_strength(typed)
        advice = self._texts.gettext(
            "At least {least} characters. Four unrelated words are easy to remember and hard to guess."
        )
        sentence = self._texts.gettext(PASSPHRASE_STRENGTH_LABELS[found]) if typed else advice
        self.worth.setText(sentence.format(least=number(MINIMUM_LENGTH), count=number(passphrase_length(typed))))
        self.worth.set_colour(_COLOURS[found] if typed else "muted")
        self.complain("")
        self.changed.emit()

    @property
    def passphrase(self) -> str:
        return self.first.text

    def find_problem(self) -> str:
        """Return why this cannot be a new passphrase, there too, and go where it can be corrected; empty if it can."""
        self.complain("")
        wrong = find_weakness(self.first.text)
        say = self._texts.gettext
        if wrong:
            sentence, values = wrong
            self.complain(say(sentence).format(**values))
            self.faulty_field = self.first
        elif normalize_passphrase(self.first.text) != normalize_passphrase(self.second.text):
            self.complain(say(PASSPHRASES_DIFFER))
            self.faulty_field = self.second
        if self.problem.text():
            self.faulty_field.setFocus()
        return self.problem.text()

    def complain(self, sentence: str) -> None:
        self.problem.show_or_hide(sentence)

    def clear(self) -> None:
        self.first.clear()
        self.second.clear()
        self.shower.setChecked(False)


# The card that asks for the passphrase or the recovery key of one protected file, wherever one is opened.


class UnlockPage(ReadingColumn):
    """One card. ``opened`` carries a ring that opens ``file``, ``left`` tells of a change of mind."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, texts: Translator, file: Path) -> None:
        super().__init__(name="unlock_page")
        self.file = file
        self.card = UnlockCard(texts, leave=texts.gettext("Back"))
        self.card.ask(file)
        self.card.opened.connect(self.opened)
        self.card.left.connect(self.left)
        lay_out(self.body, page_heading(texts.gettext("A protected assessment")), self.card, 1)
        self.setFocusProxy(self.card)


class UnlockCard(Card):
    """Asks until something fits. ``opened`` carries a ring that opens the file, ``left`` tells of a change of mind."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, texts: Translator, *, leave: str) -> None:
        super().__init__(margin=LARGE, name="unlock_card", spacing=MEDIUM)
        self._texts = texts
        self._file = Path()
        say = texts.gettext
        self._title = Label(role=TextRole.HEADING)
        self._about = Label(is_muted=True)
        self.passphrase = PassphraseField(texts, "unlock_passphrase", say("Passphrase"))
        self.words = with_name(TextField(), "unlock_words", say("Recovery key"))
        self.words.leaves_on_enter = True
        self.words.textChanged.connect(self._count)
        self._counted = Label(role=TextRole.CAPTION, is_muted=True)
        self.problem = with_name(Label(role=TextRole.CAPTION, colour="danger"), "unlock_problem")
        self._make_buttons(leave)
        self._lay_out()
        self._ask_for(is_recovery=False)

    def _make_buttons(self, leave: str) -> None:
        say = self._texts.gettext
        self.opener = with_action(Button(say("Open"), "open", is_main=True), "unlock_open", self.submit)
        self.other_way = with_action(
            Button(), "unlock_other_way", lambda: self._ask_for(is_recovery=not self._is_recovery)
        )
        self.leaver = with_action(Button(leave), "unlock_leave", self.left.emit)

    def _lay_out(self) -> None:
        self.body.addLayout(icon_line("locked", "accent", (self._title, 1)))
        lay_out(self.body, self._about, self.passphrase, self.words, self._counted, self.problem)
        self.body.addWidget(Flow(SMALL, self.opener, self.other_way, self.leaver))

    @property
    def field(self) -> QWidget:
        return self.words if self._is_recovery else self.passphrase

    def _ask_for(self, *, is_recovery: bool) -> None:
        say = self._texts.gettext
        self._is_recovery = is_recovery
        self.complain("")
        self.passphrase.setVisible(not is_recovery)
        for widget in (self.words, self._counted):
            widget.setVisible(is_recovery)
        self.other_way.setText(say("Use passphrase") if is_recovery else say("Use recovery key"))
        self._about.setText(
            say("Enter the 24 words of the recovery sheet in their order. Capital letters do not matter.")
            if is_recovery
            else say("This file is protected. Enter the passphrase.")
        )
        self.setFocusProxy(self.field)
        if self.isVisible():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self, file: Path) -> None:
        self._file = file
        self.forget()
        self._title.setText(file.name)
        self._ask_for(is_recovery=False)

    def forget(self) -> None:
        self.passphrase.clear()
        self.words.clear()

    def _count(self) -> None:
        count = len(self.words.toPlainText().split())
        said = self._texts.gettext("{count} of {all} words")
        self._counted.setText(said.format(count=self._texts.number(count), all=self._texts.number(WORD_COUNT)))

    def submit(self) -> None:
        """Try what was typed; what does not fit is said at the field, and the focus stays there."""
        try:
            with busy_cursor():
                ring = keyring_opening(self._file, self._typed())
        except KnownError as error:
            self.complain(error.text(self._texts.gettext))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self._is_recovery:
                self.passphrase.line.selectAll()
            return
        self.forget()
        self.opened.emit(ring)

    def _typed(self) -> Keyring:
        if self._is_recovery:
            return Keyring(recovery_keys=(parse_recovery_key(self.words.toPlainText()),))
        if not self.passphrase.text:
            raise KnownError(PASSPHRASE_MISSING_TO_OPEN)
        return Keyring(passphrases=(normalize_passphrase(self.passphrase.text),))

    def complain(self, sentence: str) -> None:
        self.problem.show_or_hide(sentence)
        self.problem.setAccessibleName(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event):
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
