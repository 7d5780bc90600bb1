"""The card that asks for the passphrase or the recovery key of one protected file, wherever one is opened."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from capacity_app.domain.keys import Keyring
from capacity_app.domain.passphrases import MISSING_TO_OPEN, normal
from capacity_app.domain.problems import KnownError
from capacity_app.services.recovery_key import WORDS, key_of
from capacity_app.services.unlocking import unlocked
from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.text_fields import TextField
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.protection.new_passphrase import PassphraseField
from capacity_app.ui.questionnaire import keys


class UnlockPage(ReadingColumn):
    """One card. ``opened`` carries a ring that opens ``file``, ``left`` tells of a change of mind."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, texts: Texts, file: Path) -> None:
        super().__init__()
        self.setObjectName("unlock_page")
        self.file = file
        self.card = UnlockCard(texts, leave=texts.gettext("Back"))
        self.card.ask(file)
        self.card.opened.connect(self.opened)
        self.card.left.connect(self.left)
        self.body.addLayout(page_heading(texts.gettext("A protected assessment")))
        self.body.addWidget(self.card)
        self.body.addStretch(1)
        self.setFocusProxy(self.card)


class UnlockCard(Card):
    """Asks until something fits. ``opened`` carries a ring that opens the file, ``left`` tells of a change of mind."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, texts: Texts, *, leave: str) -> None:
        super().__init__(margin=LARGE)
        self._texts = texts
        self._file = Path()
        self.setObjectName("unlock_card")
        self.body.setSpacing(MEDIUM)
        say = texts.gettext
        self._title = Words(role=Role.HEADING)
        self._about = Words(is_muted=True)
        self.passphrase = PassphraseField(texts, "unlock_passphrase", say("Passphrase"))
        self.words = TextField()
        self.words.setObjectName("unlock_words")
        self.words.setAccessibleName(say("Recovery key"))
        self.words.leaves_on_enter = True
        self.words.textChanged.connect(self._count)
        self._counted = Words(role=Role.CAPTION, is_muted=True)
        self.problem = Words(role=Role.CAPTION)
        self.problem.setObjectName("unlock_problem")
        self.problem.set_colour("danger")
        self._make_buttons(leave)
        self._lay_out()
        self._ask_for(is_recovery=False)

    def _make_buttons(self, leave: str) -> None:
        say = self._texts.gettext
        self.opener = SignButton("open", say("Open"), is_main=True)
        self.opener.setObjectName("unlock_open")
        self.opener.clicked.connect(lambda _checked: self.submit())
        self.other_way = QPushButton()
        self.other_way.setObjectName("unlock_other_way")
        self.other_way.clicked.connect(lambda _checked: self._ask_for(is_recovery=not self._is_recovery))
        self.leaver = QPushButton(leave)
        self.leaver.setObjectName("unlock_leave")
        self.leaver.clicked.connect(lambda _checked: self.left.emit())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(MEDIUM)
        head.addWidget(Mark("locked", "accent"))
        head.addWidget(self._title, 1)
        self.body.addLayout(head)
        for widget in (self._about, self.passphrase, self.words, self._counted, self.problem):
            self.body.addWidget(widget)
        line = Flow(SMALL)
        for button in (self.opener, self.other_way, self.leaver):
            button.setAutoDefault(button is not self.opener)  # Enter presses the one that has the focus
            line.place(button)
        self.body.addWidget(line)

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
        self.other_way.setText(say("I have the passphrase") if is_recovery else say("I have the recovery key"))
        self._about.setText(
            say("Type the 24 words of the recovery sheet in the order of their numbers; capitals do not matter.")
            if is_recovery
            else say("This file is protected. Type its passphrase; nothing is shown or changed before it fits.")
        )
        self.setFocusProxy(self.field)
        if self.isVisible():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self, file: Path) -> None:
        """Ask for the key of a file."""
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
        self._counted.setText(said.format(count=self._texts.number(count), all=self._texts.number(WORDS)))

    def submit(self) -> None:
        """Try what was typed; what does not fit is said at the field, and the focus stays there."""
        try:
            ring = unlocked(self._file, self._typed())
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
            return Keyring(recovery_keys=(key_of(self.words.toPlainText()),))
        if not self.passphrase.text:
            raise KnownError(MISSING_TO_OPEN)
        return Keyring(passphrases=(normal(self.passphrase.text),))

    def complain(self, sentence: str) -> None:
        """Show what does not fit; empty when nothing is wrong."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.problem.setAccessibleName(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event):
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
