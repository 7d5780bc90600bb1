"""The backups of one assessment, newest first, and the page shown while one is put in the place of the file.

The list appears at once, by the names of the files; what is in each is looked up by our own command line.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups
from capacity_app.services.backups import (
    REASON_LABELS,
    BackupContents,
    format_backup_contents,
    format_file_size,
    format_last_change,
)
from capacity_app.storage.backups import Backup
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import ask_save_path
from capacity_app.ui.session.jobs import CommandQuery
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.banners import BannerTone, open_with_desktop
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, page_heading
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import discard, lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea
from capacity_app.ui.widgets.progress_card import ThinProgressBar

_AS_SAID = "{sentence}"
"""What the command line has said already in the window's language."""
_CONTENTS_TIMEOUT = 600.0
"""Seconds the command line may say nothing while it looks into all backups or copies a large one."""


class BackupRow(Card):
    """A backup. ``restore_wanted`` tells that it is to be restored, after a second click; ``save_wanted`` copied."""

    restore_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, texts: Translator, backup: Backup, origin: str, what_is_kept: str) -> None:
        super().__init__(margin=MEDIUM)
        self.backup, self._texts = backup, texts
        self.setObjectName(f"backup_{backup.number}")
        self.when = texts.date_time(backup.made.time.isoformat())
        self.contents = with_name(Label(texts.gettext("Checking…")), f"backup_contents_{backup.number}")
        say = texts.gettext
        self.restore = self._button("restore", say("Restore…"), say("Restore the backup of {when}"))
        self.save = self._button("save", say("Save a copy…"), say("Save a copy of the backup of {when}"))
        self.really = self._button("really", say("Restore"), say("Restore the backup of {when} now"))
        self.leave = self._button("leave", say("Cancel"), say("Do not restore the backup of {when}"))
        self._ask = Label(
            say("The file returns to this backup. {kept} The program closes the assessment and opens it again.").format(
                kept=what_is_kept
            )
        )
        self._lay_out(origin)
        self.restore.clicked.connect(lambda _on: self.ask(is_asked=True))
        self.leave.clicked.connect(lambda _on: self.ask(is_asked=False))
        self.really.clicked.connect(lambda _on: self.restore_wanted.emit())
        self.save.clicked.connect(lambda _on: self.save_wanted.emit())

    def _button(self, name: str, label: str, spoken: str) -> Button:
        return with_name(Button(label), f"backup_{name}_{self.backup.number}", spoken.format(when=self.when))

    def _lay_out(self, origin: str) -> None:
        texts, made = self._texts, self.backup.made
        head = lay_out(QHBoxLayout(), spacing=SMALL)
        head.addWidget(Label(f"{self.when} · {texts.ago(made.time, datetime.now(UTC))}", TextRole.STRONG), 1)
        size = Label(format_file_size(texts, self.backup.size), TextRole.CAPTION, is_muted=True, wraps=False)
        head.addWidget(size, 0, Qt.AlignmentFlag.AlignTop)
        facts = texts.gettext("Backup {number}, {reason}").format(
            number=self.backup.number, reason=texts.gettext(REASON_LABELS[made.reason])
        )
        column = lay_out(QVBoxLayout(), head, Label(facts, is_muted=True), self.contents, spacing=TIGHT)
        if origin:
            where = texts.gettext("of the copy in {file}").format(file=texts.in_order(origin))
            column.addWidget(Label(where, TextRole.CAPTION, is_muted=True))
        ways = Flow(SMALL, self.restore, self.save, self.really, self.leave)
        lay_out(self.body, column, self._ask, ways)
        self.ask(is_asked=False)

    def ask(self, *, is_asked: bool) -> None:
        """Say what restoring will do and ask whether to, or no longer."""
        had_focus = self.focusWidget() is not None and self.isAncestorOf(self.focusWidget())
        for widget in (self._ask, self.really, self.leave):
            widget.setVisible(is_asked)
        for widget in (self.restore, self.save):
            widget.setVisible(not is_asked)
        if had_focus:
            (self.really if is_asked else self.restore).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_contents(self, contents: BackupContents) -> None:
        """Say what the backup holds, or why it cannot be used; then it cannot be restored either."""
        texts = self._texts
        when = texts.date_time(contents.last_change) if contents.last_change else ""
        parts = (format_backup_contents(texts, contents), format_last_change(texts, contents, when))
        sentence = " · ".join(part for part in parts if part)
        is_good = contents.problem is None
        self.contents.setText(f"✓ {sentence}" if is_good else f"✗ {sentence}")
        self.contents.set_colour("" if is_good else "danger")
        for button in (self.restore, self.save):
            button.setEnabled(is_good)


class BackupJob(QObject):
    """Makes one backup at a time, of all that is being typed too; a failure is told by the workspace."""

    def __init__(self, controller: SessionController, state: SaveState) -> None:
        super().__init__(controller)
        self._controller, self._state = controller, state
        self._then: Callable[[], None] | None = None
        self._saving = SaveBarrier(controller, state, self)
        self._saving.ready.connect(self._end)
        self._saving.failed.connect(self._end)

    def make(self, then: Callable[[], None]) -> None:
        """Make a backup, and call back when it is there or could not be made."""
        self._then = then
        self._saving.begin()
        self._controller.session.back_up(BackupReason.BY_HAND)
        self._state.wait()
        self._saving.go_on()

    def _end(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """A backup to be put in the place of a file; ``keys`` open both."""

    backup: Backup
    file: Path
    keys: Keyring


class BackupsPage(ReadingColumn):
    """``restore_wanted`` carries a ``RestoreRequest``, ``left`` goes back to the start.

    ``where`` gives the file. ``make`` makes a backup now and calls back once it is there; None where no assessment is
    open.
    """

    restore_wanted = Signal(object)
    left = Signal()

    def __init__(
        self,
        texts: Translator,
        where: Callable[[], Path],
        keys: Keyring,
        make: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        super().__init__(name="backups_page")
        self._texts, self._where, self._keys, self._make = texts, where, keys, make
        self.rows: dict[int, BackupRow] = {}
        self._known: tuple[Backup, ...] = ()
        self.banners = BannerArea(texts)
        unknown = texts.gettext("The program could not read what the backups hold. You can still restore them.")
        self.listing = CommandQuery(texts.tag, self, patience=_CONTENTS_TIMEOUT, unknown=unknown)
        self.listing.answered.connect(self._show_contents)
        self.listing.failed.connect(lambda sentence: self.banners.tell("listing", BannerTone.WARNING, sentence))
        self.saving = CommandQuery(texts.tag, self, patience=_CONTENTS_TIMEOUT)
        self.saving.answered.connect(self._tell_saved)
        self.saving.failed.connect(lambda sentence: self.banners.tell("saved", BannerTone.DANGER, sentence))
        self._lay_out()

    @property
    def file(self) -> Path:
        """The file whose backups are shown; an open assessment may go on in another one."""
        return self._where()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say(
            "The program makes a backup when you close a changed assessment, and before an import or a merge. Kept: 12 "
            "daily, 10 weekly, 9 monthly."
        )
        lay_out(self.body, page_heading(say("Backups of “{file}”").format(file=self.file.name), subtitle), self.banners)
        self.body.addWidget(self._ways())
        self.empty = self._empty_card()
        self._end = Label(
            say("Backups are on this computer only. Save a copy on another disk too."), TextRole.CAPTION, is_muted=True
        )
        lay_out(self.body, self.empty, self._end, 1)
        self.setFocusProxy(self.make if self._make else self.back)

    def _ways(self) -> Flow:
        say = self._texts.gettext
        self.make = self._way("backups_make", say("Create backup"), self.make_one)
        self.folder = self._way("backups_folder", say("Show folder"), self.open_folder)
        self.back = self._way("backups_back", say("Back to the start page"), self.left.emit)
        ways = Flow(SMALL, self.make, self.folder, self.back)
        self.make.setVisible(self._make is not None)
        self.back.setVisible(self._make is None)
        return ways

    def _way(self, name: str, label: str, act: Callable[[], object]) -> Button:
        return with_action(Button(label), name, act)

    def _empty_card(self) -> Card:
        say = self._texts.gettext
        card = Card(margin=LARGE)
        about = (
            say("The program makes the first backup when you close this assessment after a change.")
            if self._make
            else say("This computer has no backup of this file. A colleague may have a copy. Look in your mail too.")
        )
        lay_out(card.body, Label(say("No backup yet"), TextRole.QUESTION), Label(about, is_muted=True), spacing=SMALL)
        return card

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        known = backups.backups_of(self.file, self._keys)
        if known != self._known or not known:
            self._show_rows(known)
        self.listing.stop()
        if known:
            self.listing.start(["backup", "list", "--json", "--", str(self.file)], self._keys)

    def _show_rows(self, known: tuple[Backup, ...]) -> None:
        discard(*self.rows.values())
        self._known, self.rows = known, {}
        self.empty.setVisible(not known)
        self.folder.setEnabled(bool(known))
        here = str(self.file.resolve())
        place = self.body.indexOf(self._end)
        for offset, backup in enumerate(known):
            origin = backups.original_location(backup)
            row = BackupRow(self._texts, backup, "" if origin == here else origin, self._what_is_kept())
            row.restore_wanted.connect(lambda one=backup: self._restore(one))
            row.save_wanted.connect(lambda one=backup: self.ask_copy(one))
            self.rows[backup.number] = row
            self.body.insertWidget(place + offset, row)
        self._end.setText(self._ending(known))

    def _what_is_kept(self) -> str:
        say = self._texts.gettext
        if self._make:
            return say(
                "The present content is kept as a backup. You can no longer undo the steps since you opened the file."
            )
        return say("The present file is kept as a backup, damaged or not.")

    def _ending(self, known: tuple[Backup, ...]) -> str:
        say = self._texts.gettext
        sentence = say("Backups are on this computer only. Save a copy on another disk too.")
        if not known:
            return sentence
        all_of_them = say("Total: {size}.").format(
            size=format_file_size(self._texts, sum(backup.size for backup in known))
        )
        return f"{all_of_them} {sentence}"

    def _show_contents(self, answer: object) -> None:
        found = cast("Mapping[str, object]", answer).get("backups")
        for entry in found if isinstance(found, list) else []:
            row = self.rows.get(int(entry["number"]))
            if row is not None:
                row.show_contents(_contents(entry))

    def _restore(self, backup: Backup) -> None:
        self.stop()
        self.restore_wanted.emit(RestoreRequest(backup, self.file, self._keys))

    def make_one(self) -> None:
        if self._make is not None:
            self.make.setEnabled(False)
            self._make(self._show_made)

    def _show_made(self) -> None:
        self.make.setEnabled(True)
        self.refresh()

    def ask_copy(self, backup: Backup) -> None:
        day = f"{backup.made.time.astimezone():%Y-%m-%d}"
        suggestion = self.file.with_name(f"{self.file.stem} {day}{ASSESSMENT_SUFFIX}")
        out = ask_save_path(self, self._texts, self._texts.gettext("Save a copy of the backup"), suggestion)
        if out is not None:
            self.save_copy(backup, out)

    def save_copy(self, backup: Backup, out: Path) -> None:
        """Write a copy of a backup; the file dialog has asked whether to replace one of that name."""
        number = str(backup.number)
        self.saving.start(["backup", "save", "--replace", "--json", "--", str(self.file), number, str(out)], self._keys)

    def _tell_saved(self, answer: object) -> None:
        file = str(cast("Mapping[str, object]", answer).get("file", ""))
        self.banners.tell(
            "saved", BannerTone.GOOD, self._texts.gettext("The backup was copied to {file}.").format(file=file)
        )

    def open_folder(self) -> None:
        """Open the folder of the backups with the desktop's own program."""
        if self._known:
            open_with_desktop(self._known[0].file.parent)

    def stop(self) -> None:
        self.listing.stop()
        self.saving.stop()


def _contents(entry: Mapping[str, object]) -> BackupContents:
    differing, problem = entry.get("differing"), entry.get("problem")
    return BackupContents(
        answers=int(str(entry.get("answers", 0))),
        last_change=str(entry.get("last_change", "")),
        author=str(entry.get("author", "")),
        differing=int(str(differing)) if differing is not None else None,
        problem=KnownError(_AS_SAID, sentence=str(problem)) if problem else None,
    )


# Restoring a file that has just been closed; our own command line does it: stopped, it leaves the old or the new.


_WORK_TIMEOUT = 1_800.0
"""Seconds the command line may say nothing: a large file on a slow stick, or 31 backups, are read and written."""


class ClosedFilePage(ReadingColumn):
    """Shown while our command line works on a file that is closed. ``ended`` carries the outcome."""

    ended = Signal(object)

    def __init__(self, texts: Translator, name: str, heading: str, doing: str, promise: str, unknown: str) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName(f"{name}_page")
        self.inquiry = CommandQuery(texts.tag, self, patience=_WORK_TIMEOUT, unknown=unknown)
        self.inquiry.answered.connect(self._finish)
        self.inquiry.failed.connect(self._fail)
        self.inquiry.cancelled.connect(self._stopped)
        self.cancel = with_action(Button(texts.gettext("Cancel")), f"{name}_cancel", self.inquiry.cancel)
        words = (Label(doing, TextRole.STRONG), Label(promise, is_muted=True))
        line = ThinProgressBar(height=8)
        line.show_work(0)
        card = Card(words[0], line, words[1], side_by_side(self.cancel), margin=LARGE, spacing=MEDIUM)
        lay_out(self.body, page_heading(heading), card, 1)
        self.setFocusProxy(self.cancel)

    def begin(self) -> None:
        raise NotImplementedError

    def _finish(self, answer: object) -> None:
        raise NotImplementedError

    def _fail(self, sentence: str) -> None:
        raise NotImplementedError

    def _stopped(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        self.inquiry.stop()


@dataclass(frozen=True, slots=True)
class RestoreOutcome:
    """How a restoration ended: in a sentence."""

    file: Path
    keys: Keyring
    is_done: bool
    sentence: str


class RestoreProgressPage(ClosedFilePage):
    """Shown while a backup is put back. ``ended`` carries a ``RestoreOutcome``."""

    def __init__(self, texts: Translator, wanted: RestoreRequest) -> None:
        say = texts.gettext
        super().__init__(
            texts,
            "restoring",
            say("Restoring “{file}”").format(file=wanted.file.name),
            say("The program keeps the present file and restores the backup…"),
            say("Until the backup is restored, the file does not change."),
            say("Restoring stopped. The file is either the old one or the restored one. Try again."),
        )
        self._wanted = wanted

    def begin(self) -> None:
        wanted = self._wanted
        arguments = ["backup", "restore", "--json", "--", str(wanted.file), str(wanted.backup.number)]
        self.inquiry.start(arguments, wanted.keys)

    def _end(self, sentence: str, *, is_done: bool) -> None:
        self.ended.emit(RestoreOutcome(self._wanted.file, self._wanted.keys, is_done, sentence))

    def _finish(self, answer: object) -> None:
        say, file = self._texts.gettext, self._wanted.file.name
        when = self._texts.date_time(self._wanted.backup.made.time.isoformat())
        sentence = say("“{file}” was restored from the backup of {when}.").format(file=file, when=when)
        kept = str(cast("Mapping[str, object]", answer).get("kept", ""))
        if kept:
            name = say("The former content is kept: {file}.").format(file=Path(kept).name)
            sentence = f"{sentence} {name}"
        self._end(sentence, is_done=True)

    def _fail(self, sentence: str) -> None:
        self._end(sentence, is_done=False)

    def _stopped(self) -> None:
        self._fail(self._texts.gettext("Restoring was stopped."))
