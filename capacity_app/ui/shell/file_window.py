"""A window that opens one assessment at a time: start page, form, passphrase, rescue, backups, and the way out."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from capacity_app.domain.encryption_keys import NO_KEYS, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX, RecentAssessment, Settings
from capacity_app.ui.shell.page_stack import PageStack
from capacity_app.ui.shell.page_table import FIRST_PAGE, FORMER_PAGE_NAMES, TASK_PAGES
from capacity_app.ui.widgets.banners import BannerAction, BannerTone
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.focus_keeper import FocusKeeper
from capacity_app.ui.widgets.messages import BannerArea, over_page

if TYPE_CHECKING:
    from capacity_app.domain.encryption_keys import Keyring
    from capacity_app.ui.pages.file_safety.backups_page import RestoreOutcome, RestoreRequest
    from capacity_app.ui.pages.file_safety.protection_page import (
        ProtectionChange,
        ProtectionOutcome,
        ProtectionProgressPage,
    )
    from capacity_app.ui.pages.start.new_assessment import NewAssessment, NewAssessmentPage
    from capacity_app.ui.pages.start.start_page import StartPage
    from capacity_app.ui.shell.close_guard import CloseGuard
    from capacity_app.ui.shell.workspace import Workspace


# The imports inside functions keep the window's start free of what is not shown yet.
# ruff: noqa: PLC0415

_START, WORKSPACE = "start", "workspace"
_READ_AHEAD_MS = 400
"""How long the window has stood when it loads what the first click needs, in milliseconds."""
_SETTLING_MS = 2_000
"""After how long without a change it is written how much is answered, in milliseconds."""
_STAYING = frozenset({_START, WORKSPACE})
"""What stays behind the page that is shown next; any other page is dropped."""


class FileWindow(QMainWindow):
    """Shows the open assessment, or what is said and asked before one is open.

    ``file_opened`` carries the workspace that is shown now, ``file_left`` tells that nothing is open; ``page_wanted``
    names a page that needs no assessment.
    """

    file_opened = Signal(object)
    file_left = Signal()
    page_wanted = Signal(str)

    def __init__(self, texts: Translator, settings: Settings, device: str) -> None:
        super().__init__()
        self._texts, self._settings, self._given_device = texts, settings, device
        self.keys = NO_KEYS
        """What has been typed to open protected files, until one is closed."""
        self.workspace: Workspace | None = None
        self._departure: CloseGuard | None = None
        self._shows_presentation = False
        """Whether the presentation view was open when the file it showed was left for another one."""
        self._settling = QTimer(self, singleShot=True, interval=_SETTLING_MS)
        self._settling.timeout.connect(settings.sync)
        self.banners = BannerArea(texts)
        self.stack = PageStack()
        self._focus_keeper = FocusKeeper(self)
        self.stack.currentChanged.connect(lambda _place: self.banners.clear("open"))
        self.setCentralWidget(self._centre())

    @cached_property
    def _device(self) -> str:
        """The id of this installation; read when a file is first opened."""
        from capacity_app.services.session.entries_and_documents import device_id

        return self._given_device or device_id()

    @cached_property
    def start(self) -> "StartPage":
        """The start page, made when it is first shown: whoever opens a file does not wait for it."""
        from capacity_app.ui.pages.start.start_page import StartPage

        page = StartPage(self._texts)
        page.new_wanted.connect(self.show_new)
        page.open_wanted.connect(self.ask_open)
        page.round_wanted.connect(self.show_new)
        page.demonstration_wanted.connect(self.ask_demonstration)
        page.blank_wanted.connect(lambda: self.page_wanted.emit("blank"))
        page.headquarters_wanted.connect(lambda: self.page_wanted.emit("headquarters"))
        page.library_wanted.connect(lambda: self.page_wanted.emit("library"))
        page.recent.opened.connect(lambda file: self.open_file(Path(file)))
        page.recent.forgotten.connect(self._forget)
        page.backups_wanted.connect(lambda file: self.show_backups(Path(file)))
        self.stack.put(_START, page, fills_window=True)
        return page

    def _centre(self) -> QWidget:
        centre = QWidget()
        self.centre_column = QVBoxLayout(centre)
        self.centre_column.setContentsMargins(0, 0, 0, 0)
        self.centre_column.setSpacing(0)
        self.centre_column.addWidget(over_page(self.stack, self.banners), 1)
        return centre

    def _show_step(self, name: str, page: QWidget, *, title: str = "") -> None:
        """Show a page that stands for a while in place of an assessment."""
        self.stack.put(name, page)
        self.stack.bring(name)
        if title:
            self.setWindowTitle(title)

    def _drop_steps(self) -> None:
        """Let go of the pages that nobody comes back to; what they are doing is stopped."""
        self.stack.drop(*(name for name in tuple(self.stack.pages) if name not in _STAYING))

    def show_opening(self, file: Path | None) -> None:
        """Say which file is being opened, or will be once the window is painted."""
        sentence = self._texts.gettext("Opening “{file}”…").format(file=file.name) if file is not None else ""
        label = Label(sentence, is_muted=True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._show_step("opening", label, title=self._texts.gettext("Capacity assessments"))

    def begin(self, file: Path | None) -> None:
        """Open a file, or show the start page, unless the window is closed already."""
        if not self.isVisible():
            return
        if file is None:
            self.show_start()
        else:
            self.open_file(file)

    def show_start(self) -> None:
        """Show the start page; nothing is open."""
        self._drop_steps()
        self.keys = NO_KEYS
        self._shows_presentation = False
        page = self.start
        self.stack.bring(_START)
        page.show_recent(self._settings.recent())
        self.setWindowTitle(self._texts.gettext("Capacity assessments"))
        self.file_left.emit()

    def _forget(self, file: str) -> None:
        self._settings.forget(file)
        self.show_start()

    # -- a new file ---------------------------------------------------------------------------------------------------

    def show_new(self, earlier: str = "") -> None:
        """Show the form for a new assessment, going on from a file if one is given, after what is open is closed.

        Who leaves the form comes back to what was open.
        """
        workspace = self.workspace
        before = (workspace.session.file, workspace.controller.keys) if workspace is not None else None
        self.leave_and(lambda: self._open_form(earlier, before))

    def _open_form(self, earlier: str, before: "tuple[Path, Keyring] | None") -> None:
        from capacity_app.questionnaires import library
        from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage

        self.show_start()
        self.banners.clear_all()
        settings = self._settings
        instruments = library.list_instruments(library.instrument_folders())
        page = NewAssessmentPage(
            self._texts,
            instruments,
            settings.author,
            settings.assessments_folder,
            recent=settings.recent(),
            device=self._device,
        )
        page.wanted.connect(lambda wanted: self._make(wanted, page))
        page.left.connect(lambda: self._reopen(*before) if before is not None else self.show_start())
        self._show_step("new", page)
        page.focus_first()
        if earlier:
            page.continue_from(earlier)

    def _reopen(self, file: Path, ring: "Keyring") -> None:
        self.keys = ring
        self.open_file(file)

    def _make(self, wanted: "NewAssessment", form: "NewAssessmentPage") -> None:
        """Make the file a form asks for, and open it."""
        from capacity_app.ui.pages.start.new_assessment import make_assessment

        try:
            key = make_assessment(wanted, self._texts, self._device)
        except KnownError as error:
            form.complain(error)
            return
        self._settings.assessments_folder = wanted.file.parent
        self._settings.author = wanted.author
        self.keys = self.keys.combined_with(keyring_of(key))
        self._enter(wanted.file)
        if wanted.passphrase and self.workspace is not None:
            self.workspace.protection().show_key()

    def ask_demonstration(self, name: str = "velmora") -> None:
        """Ask where to keep a demonstration, make it there unless it is, and open it."""
        from capacity_app.ui.session.file_dialogs import ask_save_path

        title = self._texts.gettext("Where to keep the demonstration")
        suggestion = self._settings.assessments_folder / f"demonstration-{name}{ASSESSMENT_SUFFIX}"
        file = ask_save_path(self, self._texts, title, suggestion, may_exist=True)
        if file is not None:
            self.open_demonstration(file, name)

    def open_demonstration(self, file: Path, name: str = "velmora") -> None:
        """Make a demonstration unless it is there, and open it."""
        from capacity_app.services.session.demonstration import create_demonstration

        try:
            if not file.exists():
                create_demonstration(file, name, device=self._device)
        except KnownError as error:
            self.banners.tell("open", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        self.open_file(file)

    # -- in and out ---------------------------------------------------------------------------------------------------

    def ask_open(self) -> None:
        from capacity_app.ui.session.file_dialogs import ask_assessment_to_open

        file = ask_assessment_to_open(self, self._texts, self._settings.assessments_folder)
        if file is not None:
            self._settings.assessments_folder = file.parent
            self.open_file(file)

    def open_file(self, file: Path) -> None:
        """Open an assessment, after the one that is open has been closed."""
        self.leave_and(lambda: self._enter(file))

    def open_and_merge(self, file: Path, other: Path) -> None:
        """Open an assessment, and show what merging another copy into it would do."""

        def open_both() -> None:
            self._enter(file)
            if self.workspace is not None and self.workspace.session.file == file:
                self.workspace.exchange().merge_with([other])

        self.leave_and(open_both)

    def _enter(self, file: Path) -> None:
        from capacity_app.storage import file_errors
        from capacity_app.ui.shell.close_guard import CloseGuard
        from capacity_app.ui.shell.workspace import open_workspace
        from capacity_app.ui.widgets.progress_card import busy_cursor

        self.show_opening(file)
        try:
            with busy_cursor():
                workspace = open_workspace(file, self._texts, self._settings, self._device, self.keys)
        except file_errors.FileProtected:
            self._ask_passphrase(file)
            return
        except KnownError as error:
            from capacity_app.services import recovered_copies

            keys = self.keys
            self.show_start()
            if recovered_copies.can_be_recovered(error):
                self._offer_rescue(file, error, keys)
            else:
                self.banners.tell("open", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        self.banners.clear_all()
        self._drop_steps()
        self.workspace = workspace
        self._departure = CloseGuard(workspace, self._texts, self._forget_workspace)
        self._follow(workspace)
        self._show(workspace)

    def _enter_with(self, file: Path, ring: "Keyring") -> None:
        self.keys = self.keys.combined_with(ring)
        self._enter(file)

    def _follow(self, workspace: "Workspace") -> None:
        workspace.protection_wanted.connect(self._change_protection)
        workspace.restore_wanted.connect(lambda wanted: self.leave_and(lambda: self._restore(wanted)))
        workspace.copy_wanted.connect(self.ask_save_copy)
        workspace.file_wanted.connect(self.open_file)
        workspace.union_wanted.connect(self.open_and_merge)
        workspace.counted.connect(lambda: self._remember(workspace))

    def _show(self, workspace: "Workspace") -> None:
        remembered = self._settings.recent_of(workspace.session.file)
        self.stack.put(WORKSPACE, workspace)
        self.stack.bring(WORKSPACE)
        self.file_opened.emit(workspace)
        self._restore_last_place(workspace, remembered)
        if self._shows_presentation:
            self._shows_presentation = False
            workspace.questionnaire().open_presentation_view()

    def _restore_last_place(self, workspace: "Workspace", remembered: RecentAssessment) -> None:
        from capacity_app.domain.assessment.answers import Address

        if remembered.address:
            workspace.address = Address.parse(remembered.address)
        workspace.tabs.last_pages = remembered.tabs
        workspace.restore_respondent(remembered)
        name = FORMER_PAGE_NAMES.get(remembered.page, remembered.page)
        if name in {page.name for page in TASK_PAGES} - {FIRST_PAGE}:
            workspace.show_page(name)
        elif workspace.address is not None:
            workspace.show_address(workspace.address)
        else:
            workspace.questionnaire().focus_next_open()
            if workspace.address is None:
                workspace.show_address(workspace.first_address)

    def _remember(self, workspace: "Workspace") -> None:
        """Keep what the start page shows of the open file, and where the person is; write it once nobody is typing."""
        self._settings.remember(workspace.summary())
        self._settling.start()

    def leave_and(self, then: Callable[[], object]) -> None:
        """Close what is open once everything is on disk, then do something."""
        if self.leave(then):
            then()

    def leave(self, then: Callable[[], object]) -> bool:
        """Close what is open. True: it is closed; False: ``then`` is done once everything is on disk."""
        return self._departure is None or self._departure.begin(then)

    def _forget_workspace(self) -> None:
        """Let go of a workspace whose session is closed."""
        from capacity_app.ui.pages.answer.presentation_view import close_presentation

        workspace = self.workspace
        if workspace is None:
            return
        self._remember(workspace)
        self._settings.sync()
        self._drop_steps()
        self.keys = self.keys.combined_with(workspace.controller.keys)
        self.workspace = self._departure = None
        self._shows_presentation = close_presentation(self)
        self.stack.drop(WORKSPACE)
        self.file_left.emit()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's name and parameter
        return self._focus_keeper.keeps() or super().focusNextPrevChild(is_next)

    def _read_ahead(self) -> None:
        """Load what the first click on the start page needs, so that the click is answered at once."""
        if self.stack.shown == _START:
            from capacity_app.ui.pages.start import new_assessment  # noqa: F401 - loading it is the purpose

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(_READ_AHEAD_MS, self, self._read_ahead)
        if not self.stack.shown:
            self.show_start()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leave(self.close):
            event.ignore()
            return
        self.stack.drop(*(name for name in tuple(self.stack.pages) if name != _START))
        self._settings.geometry = self.saveGeometry()
        self._settings.sync()
        event.accept()

    # -- a copy -------------------------------------------------------------------------------------------------------

    def ask_save_copy(self) -> None:
        """Ask where to put a complete copy."""
        from capacity_app.ui.session.file_dialogs import ask_save_path

        if self.workspace is not None:
            suggestion = self._settings.folder / f"{self.workspace.session.file.stem}-copy{ASSESSMENT_SUFFIX}"
            file = ask_save_path(self, self._texts, self._texts.gettext("Save a copy"), suggestion)
            if file is not None:
                self.save_copy(file)

    def save_copy(self, file: Path) -> None:
        """Write a complete copy; the file dialog has asked whether to replace one of that name."""
        if self.workspace is None:
            return
        self.workspace.controller.request_flush()
        try:
            self.workspace.session.save_copy(file, replace=True)
        except KnownError as error:
            self.workspace.banners.tell("copy", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        sentence = self._texts.gettext("A complete copy is in {file}.").format(file=file)
        if self.workspace.session.key is not None:
            sentence += " " + self._texts.gettext("It is protected by the same passphrase.")
        opened: BannerAction = (self._texts.gettext("Work on the copy"), lambda: self._work_on(file))
        # While the file itself cannot be saved, the copy is the way on.
        stays = self.workspace.state.has_failed
        self.workspace.banners.tell("copy", BannerTone.GOOD, sentence, [opened], stays=stays)

    def _work_on(self, copy: Path) -> None:
        """Go on in a copy; where the file itself cannot be saved, with all that was typed since the copy was made."""
        workspace = self.workspace
        if workspace is None or not workspace.state.has_failed:
            self.open_file(copy)
            return
        workspace.controller.request_flush()
        try:
            workspace.session.save_copy(copy, replace=True)
            workspace.session.continue_in_file(copy)
        except KnownError as error:
            workspace.banners.tell("copy", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        for subject in ("copy", "save", "leaving"):
            workspace.banners.clear(subject)
        if self._departure is not None:
            self._departure.give_up()
        workspace.moved.emit()

    # -- a file that is not open: its passphrase, its rescue, its backups ---------------------------------------------

    def _ask_passphrase(self, file: Path, then: "Callable[[Keyring], None] | None" = None) -> None:
        """Show the page that asks for the passphrase of a protected file, then open it or do something else."""
        from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage

        self.show_start()
        self.banners.clear_all()
        page = UnlockPage(self._texts, file)
        page.opened.connect(then or (lambda ring: self._enter_with(file, ring)))
        page.left.connect(self.show_start)
        self._show_step("unlock", page, title=file.name)
        page.card.field.setFocus()

    def _offer_rescue(self, file: Path, error: KnownError, keys: "Keyring") -> None:
        """Show the ways to go on with a damaged file."""
        from capacity_app.ui.pages.file_safety.rescue_page import RescuePage
        from capacity_app.ui.session.file_dialogs import ask_save_path

        def ask_where(suggestion: Path) -> None:
            target = ask_save_path(self, self._texts, self._texts.gettext("Save what can be read"), suggestion)
            if target is not None:
                page.save(target)

        self.banners.clear_all()
        page = RescuePage(self._texts, file, error, keys)
        page.file_wanted.connect(lambda file: self._enter_with(file, keys))
        page.place_wanted.connect(ask_where)
        page.other_wanted.connect(self.ask_open)
        page.left.connect(self.show_start)
        self._show_step("rescue", page, title=file.name)
        page.setFocus()

    def show_backups(self, file: Path, keys: "Keyring" = NO_KEYS) -> None:
        """Show the backups of a file that is not open, gone or damaged, after what is open is closed."""
        self.leave_and(lambda: self._show_backups(file, keys))

    def _show_backups(self, file: Path, keys: "Keyring") -> None:
        from capacity_app.services import backups
        from capacity_app.ui.pages.file_safety.backups_page import BackupsPage

        self.show_start()
        self.banners.clear_all()
        if locked := backups.newest_locked_backup(file, keys):
            self._ask_passphrase(locked, lambda ring: self._show_backups(file, keys.combined_with(ring)))
            return
        page = BackupsPage(self._texts, lambda: file, keys)
        page.restore_wanted.connect(self._restore)
        page.left.connect(self.show_start)
        self._show_step("backups", page, title=file.name)
        page.setFocus()

    def _restore(self, wanted: "RestoreRequest") -> None:
        """Have a backup put in the place of a file that is closed, and open it."""
        from capacity_app.ui.pages.file_safety.backups_page import RestoreProgressPage

        page = RestoreProgressPage(self._texts, wanted)
        page.ended.connect(self._end_restoring)
        self._show_step("backups", page)
        page.setFocus()
        page.begin()

    def _end_restoring(self, ended: "RestoreOutcome") -> None:
        self.stack.drop("backups")
        self._enter_with(ended.file, ended.keys)
        tone = BannerTone.GOOD if ended.is_done else BannerTone.DANGER
        workspace = self.workspace
        if workspace is None:
            self.banners.tell("restored", tone, ended.sentence)
            return
        look: BannerAction = (self._texts.gettext("Look at the backups"), lambda: workspace.show_page("backups"))
        workspace.banners.tell("restored", tone, ended.sentence, [look])

    def _change_protection(self, change: "ProtectionChange") -> None:
        """Close the open file, have it written anew under another passphrase or none, and open it again."""
        self.leave_and(lambda: self._convert(change))

    def _convert(self, change: "ProtectionChange") -> None:
        from capacity_app.ui.pages.file_safety.protection_page import ProtectionProgressPage

        page = ProtectionProgressPage(self._texts, change)
        page.ended.connect(lambda outcome: self._end_conversion(page, outcome))
        self._show_step("conversion", page)
        page.cancel.setFocus()
        page.begin()

    def _end_conversion(self, page: "ProtectionProgressPage", outcome: "ProtectionOutcome") -> None:
        if self.stack.pages.get("conversion") is not page:
            return
        self.stack.drop("conversion")
        self.keys = outcome.keys
        self._enter(page.change.file)
        if self.workspace is not None:
            self.workspace.protection().tell(outcome)
