"""The page about the passphrase of the open file: whether it has one, setting, changing and taking it away."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QPushButton, QWidget

from capacity_app.domain.keys import ring_of
from capacity_app.domain.problems import N_
from capacity_app.services.protection import LEFT_BEHIND
from capacity_app.services.recovery_key import words_of
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.jobs import Job
from capacity_app.ui.look.alerts import BannerArea, Choice, Mark, Tone
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.openers import open_outside
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.protection.conversion import Change, Outcome
from capacity_app.ui.protection.new_passphrase import NewPassphrase
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.shell.file_dialogs import with_ending
from capacity_app.ui.shell.settings import Settings

_COLUMNS = 4
_PDF = ".pdf"
_SAVED = N_("The recovery sheet is in {file}: print it, lock it away, then delete the file.")
_BESIDE = N_(
    "{file} would lie beside the assessment it opens, and whoever takes one takes both. Choose another disk, or print "
    "it and delete it at once."
)


class RecoveryCard(Card):
    """The words and what can be done with them."""

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName("recovery_card")
        self._bridge, self._texts, self._settings = bridge, texts, settings
        self.banners = BannerArea(texts)
        self.is_shown = False
        self.body.setSpacing(MEDIUM)
        say = texts.gettext
        self.shower = QPushButton()
        self.shower.setObjectName("recovery_show")
        self.shower.clicked.connect(lambda _checked: self.show_words(is_shown=not self.is_shown))
        self.saver = QPushButton(say("Save a sheet to print …"))
        self.saver.setObjectName("recovery_save")
        self.saver.clicked.connect(lambda _checked: self._ask_place())
        self._grid = self._words_grid()
        self._lay_out()
        self.job = Job(texts.tag, self)
        self.job.done.connect(self._tell_saved)
        self.job.failed.connect(self._tell_failed)
        self.show_words(is_shown=False)

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.body.addWidget(Words(say("Recovery key"), Role.HEADING))
        about = say(
            "If the passphrase is forgotten, these 24 words open the file and its backups; nobody else can help. Keep "
            "them on paper, locked away and apart from this computer."
        )
        self.body.addWidget(Words(about, is_muted=True))
        self.body.addWidget(self.banners)
        self.body.addWidget(self._grid)
        self.body.addLayout(row(self.shower, self.saver, spacing=SMALL))

    def _words_grid(self) -> QWidget:
        """Return the numbered words in lines of four, from left to right in every language: they are English."""
        key = self._bridge.session.key
        assert key, "only a protected file has one"
        self.words = words_of(key.raw)
        holder = QWidget()
        holder.setObjectName("recovery_words")
        holder.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SMALL)
        grid.setVerticalSpacing(TIGHT)
        for place, word in enumerate(self.words):
            number = Words(self._texts.number(place + 1), Role.CAPTION, is_muted=True, wraps=False, side="trailing")
            label = Words(word, Role.STRONG, wraps=False)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            line, column = divmod(place, _COLUMNS)
            grid.addWidget(number, line, 2 * column)
            grid.addWidget(label, line, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        holder.setAccessibleName(" ".join(self.words))
        return holder

    def show_words(self, *, is_shown: bool) -> None:
        """Show the words, or hide them from who looks over the shoulder."""
        self.is_shown = is_shown
        say = self._texts.gettext
        self._grid.setVisible(is_shown)
        self.shower.setText(say("Hide the recovery key") if is_shown else say("Show the recovery key"))

    # -- the sheet ------------------------------------------------------------------------------------------------

    def _ask_place(self) -> None:
        say, file = self._texts.gettext, self._bridge.session.file
        # Not the folder of the file: a key does not hang beside its lock.
        folder = self._settings.folder if self._settings.folder != file.parent else Path.home()
        suggestion = folder / say("recovery-sheet-{file}.pdf").format(file=file.stem)
        chosen, _ = QFileDialog.getSaveFileName(self, say("Save the recovery sheet"), str(suggestion), f"*{_PDF}")
        if chosen:
            self.save(with_ending(Path(chosen), _PDF))

    def save(self, sheet: Path) -> None:
        """Write the sheet to a place; beside the file only after a warning."""
        if sheet.resolve().parent == self._bridge.session.file.resolve().parent:
            say = self._texts.gettext
            choices: list[Choice] = [
                (say("Choose another place"), self._ask_place),
                (say("Save it there all the same"), lambda: self._write(sheet)),
            ]
            self.banners.tell("sheet", Tone.WARNING, say(_BESIDE).format(file=sheet.name), choices)
        else:
            self._write(sheet)

    def _write(self, sheet: Path) -> None:
        self.banners.clear_all()
        session = self._bridge.session
        if self.job.is_running or session.key is None:
            return
        self.saver.setEnabled(False)
        arguments = ["recovery-key", "--progress", "--sheet", str(sheet), "--", str(session.file)]
        self.job.start(arguments, ring_of(session.key))

    def _tell_saved(self, file: str) -> None:
        self.saver.setEnabled(True)
        sheet = Path(file)
        opened: Choice = (self._texts.gettext("Open it to print"), lambda: open_outside(sheet))
        self.banners.tell("sheet", Tone.GOOD, self._texts.gettext(_SAVED).format(file=file), [opened])

    def _tell_failed(self, sentence: str) -> None:
        self.saver.setEnabled(True)
        unknown = self._texts.gettext("The sheet could not be made: the program that makes it stopped. Try once more.")
        self.banners.tell("sheet", Tone.DANGER, sentence or unknown)

    def stop(self) -> None:
        """Stop the child and wait until it has gone; for closing the window."""
        self.job.stop()


class ProtectionPage(ReadingColumn):
    """``change_wanted`` carries a ``Change``: the file is closed for it and opened again."""

    change_wanted = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("protection_page")
        self._bridge, self._texts = bridge, texts
        self.banners = BannerArea(texts)
        self.is_protected = bridge.session.key is not None
        self.recovery = RecoveryCard(bridge, texts, settings) if self.is_protected else None
        self._make_inputs()
        self._lay_out()
        self._look_at_rights()

    def _make_inputs(self) -> None:
        say = self._texts.gettext
        self.fields = NewPassphrase(self._texts, "protection")
        label = say("Change the passphrase") if self.is_protected else say("Protect the file")
        self.protect = SignButton("locked", label, is_main=True)
        self.protect.setObjectName("protection_protect")
        self.protect.clicked.connect(lambda _checked: self.submit())
        self.remove = QPushButton(say("Take the passphrase away …"))
        self.remove.setObjectName("protection_remove")
        self.remove.clicked.connect(lambda _checked: self._ask_whether(is_asked=True))
        self.really = QPushButton(say("Take it away"))
        self.really.setObjectName("protection_remove_really")
        self.really.clicked.connect(lambda _checked: self._want(""))
        self.keep = QPushButton(say("Keep it"))
        self.keep.setObjectName("protection_keep")
        self.keep.clicked.connect(lambda _checked: self._ask_whether(is_asked=False))

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say(
            "Whoever finds this computer or a copy of the file can read nothing in it without the passphrase."
        )
        self.body.addLayout(page_heading(say("Passphrase"), subtitle))
        self.body.addWidget(self.banners)
        self.body.addWidget(self._state_card())
        if self.recovery is not None:
            self.body.addWidget(self.recovery)
        self.body.addWidget(self._set_card())
        if self.is_protected:
            self.body.addWidget(self._remove_card())
        self.body.addStretch(1)

    def _state_card(self) -> Card:
        say, file = self._texts.gettext, self._bridge.session.file.name
        colour = "good" if self.is_protected else "warning"
        card = Card(tint=f"{colour}_tint", edge=colour, margin=MEDIUM)
        self.state = Words(
            say("“{file}” is protected.").format(file=file)
            if self.is_protected
            else say("“{file}” is not protected: whoever gets hold of it can read everything in it.").format(file=file),
            Role.STRONG,
        )
        self.state.setObjectName("protection_state")
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        line.addWidget(Mark("locked" if self.is_protected else "warning", colour))
        line.addWidget(self.state, 1)
        card.body.addLayout(line)
        return card

    def _set_card(self) -> Card:
        say = self._texts.gettext
        card = Card(margin=LARGE)
        card.body.setSpacing(MEDIUM)
        card.body.addWidget(Words(self.protect.text(), Role.HEADING))
        about = (
            say(
                "The file and its backups on this computer are written anew. A new recovery key is made: the old "
                "passphrase and the sheet you have printed open neither any more, only older copies elsewhere."
            )
            if self.is_protected
            else say("The file and its backups on this computer are written anew, readable with the passphrase only.")
        )
        card.body.addWidget(Words(about, is_muted=True))
        card.body.addWidget(self.fields)
        card.body.addWidget(Words(say(LEFT_BEHIND), Role.CAPTION, is_muted=True))
        card.body.addLayout(row(self.protect))
        return card

    def _remove_card(self) -> Card:
        say = self._texts.gettext
        card = Card(margin=LARGE)
        card.body.setSpacing(MEDIUM)
        card.body.addWidget(Words(say("Take the passphrase away"), Role.HEADING))
        self._warning = Words(say("Everybody who gets hold of the file or of a backup can read everything then."))
        card.body.addWidget(self._warning)
        card.body.addLayout(row(self.remove, self.really, self.keep, spacing=MEDIUM))
        self._ask_whether(is_asked=False)
        return card

    def _ask_whether(self, *, is_asked: bool) -> None:
        had_focus = any(button.hasFocus() for button in (self.remove, self.really, self.keep))
        self.remove.setVisible(not is_asked)
        for widget in (self._warning, self.really, self.keep):
            widget.setVisible(is_asked)
        if had_focus:
            (self.keep if is_asked else self.remove).setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_at_rights(self) -> None:
        """Offer no change of a file that may only be read, and say why."""
        reason = self._bridge.session.read_only_reason
        for widget in (self.fields, self.protect, self.remove):
            widget.setEnabled(reason is None)
        if reason is not None:
            self.banners.tell("read only", Tone.INFORMATION, reason.text(self._texts.gettext))

    def submit(self) -> None:
        """Ask for the new passphrase, or say what is wrong with it."""
        if self.protect.isEnabled() and not self.fields.find_problem():
            self._want(self.fields.passphrase)

    def _want(self, passphrase: str) -> None:
        self.fields.clear()
        self.change_wanted.emit(Change(self._bridge.session.file, passphrase, self._bridge.keys))

    def tell(self, outcome: Outcome) -> None:
        """Say how a change ended; the new recovery key is shown once by itself."""
        tone = Tone.GOOD if outcome.is_done else Tone.WARNING
        self.banners.tell("outcome", tone, " ".join(outcome.sentences))
        if outcome.is_done:
            self.show_key()

    def show_key(self) -> None:
        """Show the recovery key, and put the focus where it is saved."""
        if self.recovery is not None:
            self.recovery.show_words(is_shown=True)
            self.recovery.saver.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event) and self.fields.isAncestorOf(self.focusWidget() or self):
            self.submit()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        """Stop the child and wait until it has gone; for closing the window."""
        if self.recovery is not None:
            self.recovery.stop()
