"""The page shown in place of a damaged file: what happened and how to go on; newer copies beside a file."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal

from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.encryption_keys import Keyring, keyring_of
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.formatter import format_moment
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups, corrupted_file, recovered_copies
from capacity_app.services.backups import BackupContents, format_backup_contents, format_last_change
from capacity_app.services.corrupted_file import RecoverableFile, format_losses, format_recovered
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage.assessment_file import AssessmentFileHeader
from capacity_app.storage.backups import Backup
from capacity_app.storage.recovery import restore_backup
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, page_heading
from capacity_app.ui.widgets.layouts import LayoutItem, lay_out, side_by_side, with_action, with_name

_NO_BACKUP = N_("There is no backup of this file on this computer.")
_BUG = N_("An error in the program stopped the reading. The file was not changed.")


class _OneThread(QObject):
    """Has at most one thread at work, which ends with it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: Thread | None = None

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        self.stop()
        self._thread = Thread(target=work, args=arguments, name="reading files beside the window")
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None


NewerCopies = dict[Path, frozenset[RevisionId]]
"""Files beside an assessment, with their changes that are not in it."""


def unmerged_copies(session: AssessmentSession, copies: NewerCopies) -> tuple[Path, ...]:
    """Return the copies of which some changes are still not in the assessment."""
    known = recovered_copies.known_revision_ids(session) if copies else frozenset()
    return tuple(copy for copy, changes in copies.items() if not changes <= known)


def newer_copies_sentence(texts: Translator, copies: Iterable[Path]) -> str:
    names = texts.listed(f"“{copy.name}”" for copy in copies)
    return texts.gettext("Another file in this folder has changes that are not in this one: {names}.").format(
        names=names
    )


class NewerCopySearch(_OneThread):
    """Looks once. ``found`` carries ``NewerCopies``; nothing is told if there are none.

    Files are told by their names first, and read only if these are alike.
    """

    found = Signal(object)
    _ended = Signal(object)

    def __init__(self, session: AssessmentSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Begin, unless there is nothing of a name alike."""
        copies = recovered_copies.sibling_copies(self._session.file)
        if copies:
            known, keys = recovered_copies.known_revision_ids(self._session), keyring_of(self._session.key)
            self._start(self._look, copies, self._session.label, known, keys)

    def _look(
        self, copies: tuple[Path, ...], label: AssessmentFileHeader, known: AbstractSet[RevisionId], keys: Keyring
    ) -> None:
        news: NewerCopies = {}
        try:
            for copy in copies:
                if unknown := recovered_copies.unknown_revision_ids(copy, label, known, keys):
                    news[copy] = unknown
        finally:
            self._ended.emit(news)

    def _tell(self, news: NewerCopies) -> None:
        self.stop()
        if news:
            self.found.emit(news)


class _RecoveryReader(_OneThread):
    """Finds the newest good backup and what can be read of the file, on a thread. ``found`` and ``read`` carry it."""

    found = Signal(object)
    read = Signal(object)

    def __init__(self, file: Path, keys: Keyring, parent: QObject) -> None:
        super().__init__(parent)
        self._file, self._keys = file, keys

    def look_for_backup(self) -> None:
        """Look for the newest backup that can be read; ``found`` carries it with its contents, or None."""
        self._start(self._newest)

    def read_file(self) -> None:
        """Read the damaged file; ``read`` carries a ``RecoverableFile`` or a KnownError."""
        self._start(self._read_corrupted)

    def _newest(self) -> None:
        outcome: tuple[Backup, BackupContents] | None = None
        try:
            backup = backups.newest_readable_backup(self._file, self._keys)
            outcome = (backup, backups.read_backup_contents(backup, self._keys)) if backup else None
        finally:
            self.found.emit(outcome)

    def _read_corrupted(self) -> None:
        outcome: RecoverableFile | KnownError = KnownError(_BUG)
        try:
            outcome = corrupted_file.read_corrupted(self._file, self._keys)
        except KnownError as error:
            outcome = error
        finally:
            self.read.emit(outcome)


class RescuePage(ReadingColumn):
    """Three ways. ``file_wanted`` carries a file to open, ``other_wanted`` asks to choose one, ``left`` goes back.

    ``place_wanted`` carries the suggested place of the file with what can be read; answer it with ``save``.
    """

    file_wanted = Signal(object)
    place_wanted = Signal(object)
    other_wanted = Signal()
    left = Signal()

    def __init__(self, texts: Translator, file: Path, reason: KnownError, keys: Keyring) -> None:
        super().__init__(name="rescue_page")
        self._texts, self.file, self._keys = texts, file, keys
        self._backup: Backup | None = None
        self._recoverable: RecoverableFile | None = None
        self._is_reading = False
        self._reading = _RecoveryReader(file, keys, self)
        self._reading.found.connect(self._show_backup, Qt.ConnectionType.QueuedConnection)
        self._reading.read.connect(self._show_recoverable, Qt.ConnectionType.QueuedConnection)
        say = texts.gettext
        self.body.addLayout(page_heading(say("“{file}” cannot be opened").format(file=file.name)))
        why = with_name(Label(reason.text(say), is_selectable=True), "rescue_reason")
        lay_out(self.body, why, self._backup_card(), self._rescue_card(), self._other_card(), 1)
        self.setFocusProxy(self.see)
        self._reading.look_for_backup()

    def _backup_card(self) -> Card:
        say = self._texts.gettext
        self.backup_words = with_name(Label(say("Looking for backups…")), "rescue_backup_words")
        self.restore = with_action(Button(say("Restore backup")), "rescue_restore", self._restore)
        self.restore.hide()
        note = say("The damaged file is kept with the backups.")
        self._backup_note = Label(note, TextRole.CAPTION, is_muted=True)
        self._backup_note.hide()
        return _card(say("Restore the newest backup"), self.backup_words, self._backup_note, side_by_side(self.restore))

    def _rescue_card(self) -> Card:
        say = self._texts.gettext
        self.rescue_words = Label(
            say("The program writes everything it can read into a new file. The damaged file stays unchanged.")
        )
        self.rescue_words.setObjectName("rescue_words")
        self.see = with_action(Button(say("Show what can be read")), "rescue_see", self.look)
        self.save_button = with_action(Button(say("Save recovered file…")), "rescue_save", self._ask_place)
        self.save_button.hide()
        return _card(say("Recover what can be read"), self.rescue_words, side_by_side(self.see, self.save_button))

    def _other_card(self) -> Card:
        say = self._texts.gettext
        other = with_action(Button(say("Choose another file…")), "rescue_other", self.other_wanted.emit)
        back = with_action(Button(say("Back to the start page")), "rescue_back", self.left.emit)
        words = Label(say("A colleague may have a copy. Look on USB drives and in your mail as well."))
        return _card(say("Choose another file"), words, side_by_side(other, back))

    def _ask_place(self) -> None:
        self.place_wanted.emit(corrupted_file.suggested_file(self.file))

    def _show_backup(self, outcome: tuple[Backup, BackupContents] | None) -> None:
        if outcome is None:
            self.backup_words.setText(self._texts.gettext(_NO_BACKUP))
            return
        self._backup, contents = outcome
        parts = (
            format_moment(self._texts, self._backup.made.time.isoformat()),
            format_backup_contents(self._texts, contents),
            format_last_change(self._texts, contents, format_moment(self._texts, contents.last_change)),
        )
        self.backup_words.setText(" · ".join(part for part in parts if part))
        self._backup_note.show()
        self.restore.show()
        if not self.save_button.hasFocus():
            self.restore.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self) -> None:
        if self._backup is None:
            return
        try:
            restore_backup(self._backup, self.file, self._keys)
        except KnownError as error:
            self._complain(self.backup_words, error)
            return
        self.file_wanted.emit(self.file)

    def look(self) -> None:
        if self._is_reading:
            return
        self._is_reading = True
        self.rescue_words.setText(self._texts.gettext("Reading the file…"))
        self._reading.read_file()

    def _show_recoverable(self, outcome: RecoverableFile | KnownError) -> None:
        self._is_reading = False
        if isinstance(outcome, KnownError):
            self._complain(self.rescue_words, outcome)
            return
        self._recoverable = outcome
        self.rescue_words.set_colour("")
        lines = (format_recovered(self._texts, outcome), *format_losses(self._texts, outcome))
        self.rescue_words.setText("\n".join(lines))
        self.see.hide()
        self.save_button.show()
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, out: Path) -> None:
        if self._recoverable is None:
            return
        try:
            corrupted_file.write_recovered_file(self._recoverable, out)
        except KnownError as error:
            self._complain(self.rescue_words, error)
            return
        self.file_wanted.emit(out)

    def _complain(self, words: Label, error: KnownError) -> None:
        words.setText(error.text(self._texts.gettext))
        words.set_colour("danger")

    def stop(self) -> None:
        self._reading.stop()


def _card(title: str, *parts: LayoutItem) -> Card:
    return Card(Label(title, TextRole.HEADING), *parts, spacing=MEDIUM)
