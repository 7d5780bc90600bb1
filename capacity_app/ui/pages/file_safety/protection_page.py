"""The page about the passphrase of the open file: set, change or remove it, and the page shown meanwhile."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, keyring_of, normalize_passphrase
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.services.protection import OLD_COPIES_REMAIN, recovery_words
from capacity_app.ui.pages.file_safety.backups_page import ClosedFilePage
from capacity_app.ui.pages.file_safety.passphrase_fields import NewPassphraseFields
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import ask_place
from capacity_app.ui.session.jobs import CommandJob
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.banners import BannerAction, BannerTone, icon_line, open_with_desktop
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, page_heading
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea

# Protecting a file that has just been closed; our own command line does it: stopped, it leaves the old or the new.


_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class ProtectionChange:
    """A file to be protected with a new passphrase, or without one to be so no longer; ``keys`` open it before."""

    file: Path
    passphrase: str = field(default="", repr=False)
    keys: Keyring = NO_KEYS


@dataclass(frozen=True, slots=True)
class ProtectionOutcome:
    """How it ended: in sentences, the first one the most important; ``keys`` open the file now."""

    is_done: bool
    sentences: tuple[str, ...]
    keys: Keyring


def unchanged_backups(answer: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Read which backups stay as they were, and why, from what the command line says."""
    left = answer.get("left")
    entries = left if isinstance(left, list) else []
    return tuple((str(entry["file"]), str(entry["reason"])) for entry in entries)


class ProtectionProgressPage(ClosedFilePage):
    """Shown while the file is written anew. ``ended`` carries an ``ProtectionOutcome``."""

    def __init__(self, texts: Translator, change: ProtectionChange) -> None:
        say = texts.gettext
        pattern = say("Protecting “{file}”") if change.passphrase else say("Removing the passphrase of “{file}”")
        super().__init__(
            texts,
            "conversion",
            pattern.format(file=change.file.name),
            say("The program writes a complete copy and compares it…"),
            say("Then it does the same with the backups. Until the copy is complete, the file does not change."),
            say("The work stopped. See below whether the file is protected."),
        )
        self.change = change

    def begin(self) -> None:
        file, passphrase = str(self.change.file), self.change.passphrase
        how = ["--new-passphrase-file", _STANDARD_INPUT] if passphrase else ["--remove"]
        self.inquiry.start(["protect", "--json", *how, "--", file], self.change.keys, passphrase)

    @property
    def _keys(self) -> Keyring:
        """What opens the file whether it is the old one or the new one."""
        if not self.change.passphrase:
            return self.change.keys
        return self.change.keys.combined_with(Keyring(passphrases=(normalize_passphrase(self.change.passphrase),)))

    def _end(self, *sentences: str, is_done: bool) -> None:
        self.ended.emit(ProtectionOutcome(is_done, sentences, self._keys))

    def _finish(self, answer: object) -> None:
        texts, say = self._texts, self._texts.gettext
        found = cast("Mapping[str, object]", answer)
        done = say("The file is protected now.") if self.change.passphrase else say(
            "The file is no longer protected. Everybody can open it."
        )  # fmt: skip
        count = int(str(found.get("backups", 0)))
        alike = texts.counted("{count} backup was changed too.", "{count} backups were changed too.", count)
        sentences = [done, *([alike] if count else [])]
        stays = say("This backup was not changed: {file}. {reason}")
        sentences += [stays.format(file=file, reason=reason) for file, reason in unchanged_backups(found)]
        self._end(*sentences, is_done=True)

    def _fail(self, sentence: str) -> None:
        self._end(sentence, is_done=False)

    def _stopped(self) -> None:
        self._fail(self._texts.gettext("Cancelled. See below whether the file is protected."))


_COLUMNS = 4
_PDF = ".pdf"
_SAVED = N_("The recovery sheet is in {file}. Print it, lock it away, and delete the file.")
_BESIDE = N_(
    "{file} would be on the same disk as the assessment that it opens. Choose another disk, or print the sheet and "
    "delete the file at once."
)


class RecoveryKeyCard(Card):
    """The words and what can be done with them."""

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings) -> None:
        super().__init__(margin=LARGE, name="recovery_card", spacing=MEDIUM)
        self._controller, self._texts, self._settings = controller, texts, settings
        self.banners = BannerArea(texts)
        self.is_shown = False
        say = texts.gettext
        self.shower = with_action(Button(), "recovery_show", lambda: self.show_words(is_shown=not self.is_shown))
        self.saver = with_action(Button(say("Save recovery sheet…")), "recovery_save", self._ask_place)
        self._grid = self._words_grid()
        self._lay_out()
        unknown = say("The sheet was not created: the program that creates it stopped. Try again.")
        self.job = CommandJob(texts.tag, self, unknown=unknown)
        self.job.done.connect(self._tell_saved)
        self.job.failed.connect(self._tell_failed)
        self.show_words(is_shown=False)

    def _lay_out(self) -> None:
        say = self._texts.gettext
        about = say(
            "If you forget the passphrase, only these 24 words open the file and its backups. Keep them on paper, "
            "locked away from this computer."
        )
        lay_out(self.body, Label(say("Recovery key"), TextRole.HEADING), Label(about, is_muted=True))
        lay_out(self.body, self.banners, self._grid, side_by_side(self.shower, self.saver, spacing=SMALL))

    def _words_grid(self) -> QWidget:
        """Return the numbered words in lines of four, from left to right in every language: they are English."""
        key = self._controller.session.key
        assert key, "only a protected file has one"
        self.words = recovery_words(key.raw)
        holder = with_name(QWidget(), "recovery_words")
        holder.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SMALL)
        grid.setVerticalSpacing(TIGHT)
        for place, word in enumerate(self.words):
            number = Label(self._texts.number(place + 1), TextRole.CAPTION, is_muted=True, wraps=False, side="trailing")
            label = Label(word, TextRole.STRONG, wraps=False, is_selectable=True)
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
        self.shower.setText(say("Hide recovery key") if is_shown else say("Show recovery key"))

    def _ask_place(self) -> None:
        say, file = self._texts.gettext, self._controller.session.file
        # Not the folder of the file: a key does not hang beside its lock.
        folder = self._settings.folder if self._settings.folder != file.parent else Path.home()
        suggestion = folder / say("recovery-sheet-{file}.pdf").format(file=file.stem)
        if (sheet := ask_place(self, say("Save the recovery sheet"), suggestion, _PDF)) is not None:
            self.save(sheet)

    def save(self, sheet: Path) -> None:
        """Write the sheet to a place; beside the file only after a warning."""
        if sheet.resolve().parent == self._controller.session.file.resolve().parent:
            say = self._texts.gettext
            choices: list[BannerAction] = [
                (say("Choose another place"), self._ask_place),
                (say("Save here anyway"), lambda: self._write(sheet)),
            ]
            self.banners.tell("sheet", BannerTone.WARNING, say(_BESIDE).format(file=sheet.name), choices)
        else:
            self._write(sheet)

    def _write(self, sheet: Path) -> None:
        self.banners.clear_all()
        session = self._controller.session
        if self.job.is_running or session.key is None:
            return
        self.saver.setEnabled(False)
        arguments = ["recovery-key", "--progress", "--sheet", str(sheet), "--", str(session.file)]
        self.job.start(arguments, keyring_of(session.key))

    def _tell_saved(self, file: str) -> None:
        self.saver.setEnabled(True)
        sheet = Path(file)
        opened: BannerAction = (self._texts.gettext("Open sheet"), lambda: open_with_desktop(sheet))
        self.banners.tell("sheet", BannerTone.GOOD, self._texts.gettext(_SAVED).format(file=file), [opened], stays=True)

    def _tell_failed(self, sentence: str) -> None:
        self.saver.setEnabled(True)
        self.banners.tell("sheet", BannerTone.DANGER, sentence)

    def stop(self) -> None:
        self.job.stop()


class ProtectionPage(ReadingColumn):
    """``change_wanted`` carries a ``ProtectionChange``: the file is closed for it and opened again."""

    change_wanted = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings) -> None:
        super().__init__(name="protection_page")
        self._controller, self._texts = controller, texts
        self.banners = BannerArea(texts)
        self.is_protected = controller.session.key is not None
        self.recovery = RecoveryKeyCard(controller, texts, settings) if self.is_protected else None
        self._make_inputs()
        self._lay_out()
        self._look_at_rights()

    def _make_inputs(self) -> None:
        say = self._texts.gettext
        self.fields = NewPassphraseFields(self._texts, "protection")
        label = say("Change passphrase") if self.is_protected else say("Protect file")
        self.protect = with_action(Button(label, "locked", is_main=True), "protection_protect", self.submit)
        remove = Button(say("Remove passphrase…"))
        self.remove = with_action(remove, "protection_remove", lambda: self._ask_whether(is_asked=True))
        self.really = with_action(Button(say("Remove passphrase")), "protection_remove_really", lambda: self._want(""))
        self.keep = with_action(Button(say("Cancel")), "protection_keep", lambda: self._ask_whether(is_asked=False))

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say("A passphrase encrypts the file. Nobody can read a copy of it without the passphrase.")
        lay_out(self.body, page_heading(say("Passphrase"), subtitle), self.banners, self._state_card())
        if self.recovery is not None:
            self.body.addWidget(self.recovery)
        self.body.addWidget(self._set_card())
        if self.is_protected:
            self.body.addWidget(self._remove_card())
        self.body.addStretch(1)

    def _state_card(self) -> Card:
        say, file = self._texts.gettext, self._controller.session.file.name
        colour = "good" if self.is_protected else "warning"
        card = Card(tint=f"{colour}_tint", edge=colour, margin=MEDIUM)
        self.state = Label(
            say("“{file}” is protected.").format(file=file)
            if self.is_protected
            else say("“{file}” is not protected. Everybody who has the file can read it.").format(file=file),
            TextRole.STRONG,
        )
        self.state.setObjectName("protection_state")
        card.body.addLayout(icon_line("locked" if self.is_protected else "warning", colour, (self.state, 1)))
        return card

    def _set_card(self) -> Card:
        say = self._texts.gettext
        card = Card(margin=LARGE)
        about = (
            say(
                "The file and its backups on this computer are encrypted again, with a new recovery key. The old "
                "passphrase and the printed sheet no longer open them. They still open older copies elsewhere."
            )
            if self.is_protected
            else say("The file and its backups on this computer are encrypted.")
        )
        lay_out(card.body, Label(self.protect.text(), TextRole.HEADING), Label(about, is_muted=True), spacing=MEDIUM)
        lay_out(card.body, self.fields, Label(say(OLD_COPIES_REMAIN), TextRole.CAPTION, is_muted=True))
        card.body.addLayout(side_by_side(self.protect))
        return card

    def _remove_card(self) -> Card:
        say = self._texts.gettext
        card = Card(Label(say("Remove the passphrase"), TextRole.HEADING), margin=LARGE, spacing=MEDIUM)
        self._warning = Label(say("Everybody who has the file or a backup can read it then."))
        lay_out(card.body, self._warning, side_by_side(self.remove, self.really, self.keep, spacing=MEDIUM))
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
        reason = self._controller.session.read_only_reason
        for widget in (self.fields, self.protect, self.remove):
            widget.setEnabled(reason is None)
        if reason is not None:
            self.banners.tell("read only", BannerTone.INFORMATION, reason.text(self._texts.gettext), stays=True)

    def submit(self) -> None:
        if self.protect.isEnabled() and not self.fields.find_problem():
            self._want(self.fields.passphrase)

    def _want(self, passphrase: str) -> None:
        self.fields.clear()
        self.change_wanted.emit(ProtectionChange(self._controller.session.file, passphrase, self._controller.keys))

    def tell(self, outcome: ProtectionOutcome) -> None:
        """Say how a change ended; the new recovery key is shown once by itself."""
        tone = BannerTone.GOOD if outcome.is_done else BannerTone.WARNING
        self.banners.tell("outcome", tone, " ".join(outcome.sentences), stays=True)
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
        if self.recovery is not None:
            self.recovery.stop()
