"""The main window: start page, form or workspace; menus, status bar, dropped files, the way in and out of a file."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.encryption_keys import NO_KEYS, keyring_of
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups
from capacity_app.storage import file_errors
from capacity_app.ui.pages.answer.presentation import close_presentation
from capacity_app.ui.session.file_dialogs import ask_assessment_to_open, ask_save_path
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX, RecentAssessment, Settings
from capacity_app.ui.shell import dialogs
from capacity_app.ui.shell.menus import Menus
from capacity_app.ui.shell.status_bar import NameCard, StatusBar
from capacity_app.ui.theme.fonts_and_sizes import load_script_fonts
from capacity_app.ui.widgets.banners import BannerAction, BannerArea, BannerTone
from capacity_app.ui.widgets.cards import scroll_area_of
from capacity_app.ui.widgets.navigation_rail import RAIL_ENTRIES
from capacity_app.ui.widgets.text_fields import UnsavedTextEvent

if TYPE_CHECKING:
    from capacity_app.domain.encryption_keys import Keyring
    from capacity_app.ui.pages.deliver.blank_form import BlankFormPage
    from capacity_app.ui.pages.file_safety.backups_page import (
        BackupsPage,
        RestoreOutcome,
        RestoreProgressPage,
        RestoreRequest,
    )
    from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
    from capacity_app.ui.pages.file_safety.protection_page import (
        ProtectionChange,
        ProtectionOutcome,
        ProtectionProgressPage,
    )
    from capacity_app.ui.pages.file_safety.rescue_page import RescuePage
    from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
    from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage
    from capacity_app.ui.pages.start.new_assessment import NewAssessment, NewAssessmentPage
    from capacity_app.ui.pages.start.start_page import StartPage
    from capacity_app.ui.shell.opening import CloseGuard
    from capacity_app.ui.shell.workspace import Workspace


# Files dropped on the window: an assessment is opened or merged, a file that came back is taken in.


_RETURNED = frozenset({".xlsx", ".docx", ".csv", ".zip"})
_NOWHERE = N_("Open the assessment this file belongs to first, then drop it again to take it in.")
_ASK = N_("“{file}” is an assessment: open it, or merge it with the one that is open?")
_ASK_MANY = N_("{files} are assessments: merge them with the one that is open?")


def droppable_files(event: QDropEvent) -> tuple[Path, ...]:
    """Return the dropped files there is something to do with: assessments, else one file that may have come back."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    assessments = tuple(file for file in files if file.suffix.casefold() == ASSESSMENT_SUFFIX)
    if assessments:
        return assessments
    return tuple(file for file in files if file.suffix.casefold() in _RETURNED)[:1]


def open_dropped_files(files: tuple[Path, ...], window: "MainWindow", texts: Translator) -> None:
    """Do with dropped files what can be done with them; where there are two ways, ask in a banner."""
    workspace, first = window.workspace, files[0]
    if first.suffix.casefold() in _RETURNED:
        if workspace is None:
            window.banners.tell("drop", BannerTone.INFORMATION, texts.gettext(_NOWHERE))
        else:
            workspace.exchange().take_in(first)
    elif workspace is None or first.absolute() == workspace.session.file:
        window.open_file(first)
    else:
        _ask_open_or_merge(files, window, texts)


def _ask_open_or_merge(files: tuple[Path, ...], window: "MainWindow", texts: Translator) -> None:
    workspace, names = window.workspace, texts.listed(file.name for file in files)
    assert workspace is not None, "without an open assessment there is one way only"

    def merge() -> None:
        workspace.banners.clear("drop")
        workspace.exchange().merge_with(files)

    def open_it() -> None:
        workspace.banners.clear("drop")
        window.open_file(files[0])

    choices: list[BannerAction] = [(texts.gettext("Merge"), merge)]
    if len(files) == 1:
        choices.insert(0, (texts.gettext("Open"), open_it))
    sentence = texts.gettext(_ASK if len(files) == 1 else _ASK_MANY).format(file=names, files=names)
    workspace.banners.tell("drop", BannerTone.INFORMATION, sentence, choices)


_FIRST_SIZE = QSize(1360, 860)
_EDGES = QSize(40, 60)
"""What the desktop's own bars and frames may take."""


class MainWindow(QMainWindow):
    """One window, at most one open assessment. ``language_wanted`` asks for the same window in other words."""

    language_wanted = Signal()

    def __init__(self, texts: Translator, settings: Settings, device: str) -> None:
        super().__init__()
        self._texts, self._settings, self._device = texts, settings, device
        self.keys = NO_KEYS
        """What has been typed to open protected files, until one is closed."""
        self.form: NewAssessmentPage | None = None
        self.blank: BlankFormPage | None = None
        self.headquarters: HeadquartersPage | None = None
        self.library: QuestionnairesPage | None = None
        self.unlock: UnlockPage | None = None
        self.rescue: RescuePage | None = None
        self.conversion: ProtectionProgressPage | None = None
        self.workspace: Workspace | None = None
        self.backups: BackupsPage | RestoreProgressPage | None = None
        self._departure: CloseGuard | None = None
        self._shows_presentation = False
        """Whether the presentation view was open when the file it showed was left for another one."""
        self.setObjectName("main_window")
        load_script_fonts(texts.language, texts.asked_in)
        self.setAcceptDrops(True)
        self.banners = BannerArea(texts)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._centre())
        self.menus = Menus(self.menuBar(), texts, self._acts())
        self.status = StatusBar(texts)
        self.setStatusBar(self.status)
        self._connect()
        # A first window fits the screen; later ones are as they were left.
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _EDGES))
        self.restoreGeometry(settings.geometry)

    @cached_property
    def start(self) -> "StartPage":
        """The start page, made when it is first shown: whoever opens a file does not wait for it."""
        from capacity_app.ui.pages.start.start_page import StartPage  # noqa: PLC0415 - as said

        page = StartPage(self._texts)
        page.new_wanted.connect(self.show_new)
        page.open_wanted.connect(self.ask_open)
        page.round_wanted.connect(self.show_new)
        page.demonstration_wanted.connect(self.ask_demonstration)
        page.blank_wanted.connect(self.show_blank)
        page.headquarters_wanted.connect(self.show_headquarters)
        page.library_wanted.connect(self.show_library)
        page.recent.opened.connect(lambda file: self.open_file(Path(file)))
        page.recent.forgotten.connect(self._forget)
        page.backups_wanted.connect(lambda file: self.show_backups(Path(file)))
        self._start_holder = scroll_area_of(page)
        self._stack.addWidget(self._start_holder)
        return page

    def _centre(self) -> QWidget:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addWidget(self._stack, 1)
        return centre

    def _acts(self) -> dict[str, Callable[[], object]]:
        def page(name: str) -> Callable[[], object]:
            return lambda: self._with(lambda workspace: workspace.show_page(name))

        return {
            "new": self.show_new,
            "open": self.ask_open,
            "demonstration": self.ask_demonstration,
            "save": lambda: self._with(lambda workspace: workspace.save_now()),
            "save_copy": self.ask_save_copy,
            "report": lambda: self._with(lambda workspace: workspace.start_report()),
            "blank": self.show_blank,
            "headquarters": self.show_headquarters,
            "library": self.show_library,
            "take_in": lambda: self._with(lambda workspace: workspace.exchange().ask_returned()),
            "merge": lambda: self._with(lambda workspace: workspace.exchange().ask_merge()),
            "close": lambda: self.leave_and(self.show_start),
            "quit": self.close,
            "undo": lambda: self._with(lambda workspace: workspace.controller.undo()),
            "redo": lambda: self._with(lambda workspace: workspace.controller.redo()),
            "find": lambda: self._with(lambda workspace: workspace.questionnaire().find()),
            "name": self.ask_name,
            **{place.name: page(place.name) for place in RAIL_ENTRIES if place.name != "report"},
            "comparison": page("comparison"),
            "backups": page("backups"),
            "everything": page("everything"),
            "versions": page("versions"),
            "protection": page("protection"),
            "report_page": page("report"),
            "jump": lambda: self._with(lambda workspace: workspace.questionnaire().jump()),
            "next_open": lambda: self._with(lambda workspace: workspace.questionnaire().focus_next_open()),
            "room": lambda: self._with(lambda workspace: workspace.questionnaire().open_presentation_view()),
            "zoom_in": lambda: dialogs.change_zoom(self._settings, 1),
            "zoom_out": lambda: dialogs.change_zoom(self._settings, -1),
            "zoom_normal": lambda: dialogs.change_zoom(self._settings, 0),
            "guide": lambda: dialogs.show_guide(self._texts, self),
            "keyboard": lambda: dialogs.show_guide(self._texts, self, "keyboard"),
            "about": lambda: dialogs.show_about(self._texts, self),
        }

    def _connect(self) -> None:
        self.menus.file_wanted.connect(lambda file: self.open_file(Path(file)))
        self.menus.language_wanted.connect(self._choose_language)
        self.menus.digits_wanted.connect(self._choose_digits)
        self.menus.asked_in_wanted.connect(self._choose_asked_in)
        self.menus.second_wanted.connect(self._choose_second)
        self.menus.scheme_wanted.connect(lambda scheme: dialogs.choose_scheme(self._settings, scheme))
        self.menus.offer_choices(
            self._settings.scheme, self._settings.own_digits, with_pseudo=self._settings.offers_pseudo
        )
        self.status.name_wanted.connect(self.ask_name)
        self.status.show_author(self._settings.author)

    @property
    def shown(self) -> QWidget | None:
        return self._stack.currentWidget()

    def _with(self, act: "Callable[[Workspace], object]") -> None:
        if self.workspace is not None:
            self._stack.setCurrentWidget(self.workspace)
            act(self.workspace)

    # -- start and form -------------------------------------------------------------------------------------------

    def show_start(self) -> None:
        self._drop_form()
        self._drop_blank()
        self._drop_rescue()
        self._drop_unlock()
        self._drop_conversion()
        self._drop_backups()
        self.keys = NO_KEYS
        self._shows_presentation = False
        page, recent = self.start, self._settings.recent()
        self._stack.setCurrentWidget(self._start_holder)
        page.show_recent(recent)
        self.menus.offer_recent(recent)
        self.menus.follow(None)
        self.status.show_workspace(None)
        self.setWindowTitle(self._texts.gettext("Capacity assessments"))

    def _forget(self, file: str) -> None:
        self._settings.forget(file)
        self.show_start()

    def show_new(self, earlier: str = "") -> None:
        """Show the form for a new assessment, going on from a file if one is given, after what is open is closed."""
        self.leave_and(lambda: self._open_form(earlier))

    def _open_form(self, earlier: str = "") -> None:
        from capacity_app.ui.shell import standalone_pages  # noqa: PLC0415 - the start page appears without it

        self.show_start()
        self.banners.clear_all()
        self.form = standalone_pages.make_new_assessment_page(self._texts, self._settings, self._device)
        self.form.wanted.connect(self._make)
        self.form.left.connect(self.show_start)
        self._stack.addWidget(self.form)
        self._stack.setCurrentWidget(self.form)
        self.form.focus_first()
        if earlier:
            self.form.continue_from(earlier)

    def _drop_form(self) -> None:
        if self.form is not None:
            self._stack.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def show_blank(self) -> None:
        """Show the page for a blank form: of the open assessment, else of an instrument of this computer."""
        from capacity_app.ui.shell import standalone_pages  # noqa: PLC0415 - the start page appears without it

        if self.workspace is None:
            self.show_start()
        self._drop_blank()
        self.blank = standalone_pages.make_blank_form_page(self._texts, self._settings, self.workspace)
        self.blank.left.connect(self._leave_blank)
        self._stack.addWidget(self.blank)
        self._stack.setCurrentWidget(self.blank)
        self.blank.focus_first()

    def _leave_blank(self) -> None:
        if self.workspace is None:
            self.show_start()
            return
        self._stack.setCurrentWidget(self.workspace)
        self._drop_blank()

    def _drop_blank(self) -> None:
        """Let go of the page for a blank form; what it was making is stopped."""
        if self.blank is not None:
            self.blank.stop()
            self._stack.removeWidget(self.blank)
            self.blank.hide()
            self.blank.deleteLater()
            self.blank = None

    def show_headquarters(self) -> None:
        """Show the page of headquarters; what is open stays open behind it."""
        from capacity_app.ui.shell import standalone_pages  # noqa: PLC0415 - the start page appears without it

        if self.headquarters is None:
            self.headquarters = standalone_pages.make_headquarters_page(self._texts, self._settings)
            self.headquarters.left.connect(self._leave_headquarters)
            self.headquarters.assessment_wanted.connect(self.open_file)
            self._headquarters_holder = scroll_area_of(self.headquarters, shrinks=True)
            self._stack.addWidget(self._headquarters_holder)
        self._stack.setCurrentWidget(self._headquarters_holder)
        self.headquarters.focus_first()

    def _leave_headquarters(self) -> None:
        """Go back to what is open, or to the start; what headquarters was reading is stopped."""
        if self.headquarters is None:
            return
        self.headquarters.stop()
        if self.workspace is None:
            self.show_start()
        else:
            self._stack.setCurrentWidget(self.workspace)
        self._drop_headquarters()

    def _drop_headquarters(self) -> None:
        if self.headquarters is not None:
            self.headquarters.stop()
            self._stack.removeWidget(self._headquarters_holder)
            self._headquarters_holder.hide()
            self._headquarters_holder.deleteLater()
            self.headquarters = None

    def show_library(self) -> None:
        """Show the page of questionnaires and languages; what is open stays open behind it."""
        from capacity_app.ui.shell import standalone_pages  # noqa: PLC0415 - the start page appears without it

        if self.library is None:
            self.library = standalone_pages.make_library_page(self._texts, self._settings)
            self.library.left.connect(self._leave_library)
            self._stack.addWidget(self.library)
        self._stack.setCurrentWidget(self.library)
        self.library.focus_first()

    def _leave_library(self) -> None:
        """Go back to what is open, or to the start."""
        if self.workspace is None:
            self.show_start()
        else:
            self._stack.setCurrentWidget(self.workspace)
            self._offer_second(self.workspace)  # a translation may have been brought here
        self._drop_library()

    def _drop_library(self) -> None:
        if self.library is not None:
            self.library.stop()
            self._stack.removeWidget(self.library)
            self.library.hide()
            self.library.deleteLater()
            self.library = None

    def _make(self, wanted: "NewAssessment") -> None:
        """Make the file a form asks for, and open it."""
        from capacity_app.ui.shell import standalone_pages  # noqa: PLC0415 - the start page appears without it

        try:
            key = standalone_pages.make_assessment(wanted, self._texts, self._device)
        except KnownError as error:
            if self.form is not None:
                self.form.complain(error)
            return
        self._settings.folder = wanted.file.parent
        self._take_name(wanted.author)
        self.keys = self.keys.combined_with(keyring_of(key))
        self._enter(wanted.file)
        if wanted.passphrase and self.workspace is not None:
            self.workspace.protection().show_key()

    # -- asking for files -----------------------------------------------------------------------------------------

    def ask_open(self) -> None:
        file = ask_assessment_to_open(self, self._texts, self._settings.folder)
        if file is not None:
            self._settings.folder = file.parent
            self.open_file(file)

    def ask_demonstration(self) -> None:
        """Ask where to keep the demonstration, make it there unless it is, and open it."""
        title = self._texts.gettext("Where to keep the demonstration")
        suggestion = self._settings.folder / f"demonstration{ASSESSMENT_SUFFIX}"
        file = ask_save_path(self, self._texts, title, suggestion, may_exist=True)
        if file is not None:
            self.open_demonstration(file)

    def open_demonstration(self, file: Path) -> None:
        """Make the demonstration unless it is there, and open it."""
        from capacity_app.ui.shell import standalone_pages  # noqa: PLC0415 - the start page appears without it

        try:
            standalone_pages.make_demonstration(file, self._device)
        except KnownError as error:
            self.banners.tell("open", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        self.open_file(file)

    def ask_save_copy(self) -> None:
        """Ask where to put a complete copy."""
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
        self.workspace.banners.tell("copy", BannerTone.GOOD, sentence, [opened])

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

    # -- in and out -----------------------------------------------------------------------------------------------

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
        from capacity_app.ui.shell import opening  # noqa: PLC0415 - the start page appears without it
        from capacity_app.ui.shell.opening import CloseGuard  # noqa: PLC0415 - as above

        try:
            workspace = opening.open_workspace(file, self._texts, self._settings, self._device, self.keys)
        except file_errors.FileProtected:
            self._ask_passphrase(file)
            return
        except KnownError as error:
            keys = self.keys
            self.show_start()
            if backups.can_be_recovered(error):
                self._offer_rescue(file, error, keys)
            else:
                self.banners.tell("open", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        self.banners.clear_all()
        self._drop_form()
        self._drop_blank()
        self._drop_unlock()
        self._drop_conversion()
        self._drop_backups()
        self._drop_rescue()
        self.workspace = workspace
        self._departure = CloseGuard(workspace, self._texts, self._forget_workspace)
        self._follow(workspace)
        self._show(workspace)

    def _offer_rescue(self, file: Path, error: KnownError, keys: "Keyring") -> None:
        """Show the ways to go on with a damaged file."""
        from capacity_app.ui.pages.file_safety.rescue_page import RescuePage  # noqa: PLC0415 - as above

        self._drop_rescue()
        self.banners.clear_all()
        page = self.rescue = RescuePage(self._texts, file, error, keys)
        page.file_wanted.connect(lambda file: self._enter_with(file, keys))
        page.place_wanted.connect(self._ask_rescued)
        page.other_wanted.connect(self.ask_open)
        page.left.connect(self.show_start)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.setWindowTitle(file.name)
        page.setFocus()

    def _ask_rescued(self, suggestion: Path) -> None:
        file = ask_save_path(self, self._texts, self._texts.gettext("Save what can be read"), suggestion)
        if file is not None and self.rescue is not None:
            self.rescue.save(file)

    def _drop_rescue(self) -> None:
        if self.rescue is not None:
            page, self.rescue = self.rescue, None
            page.stop()
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()

    def _ask_passphrase(self, file: Path, then: "Callable[[Keyring], None] | None" = None) -> None:
        """Show the page that asks for the passphrase of a protected file, then open it or do something else."""
        from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage  # noqa: PLC0415 - as above

        self.show_start()
        self.banners.clear_all()
        page = self.unlock = UnlockPage(self._texts, file)
        page.opened.connect(then or (lambda ring: self._enter_with(file, ring)))
        page.left.connect(self.show_start)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.setWindowTitle(file.name)
        page.card.field.setFocus()

    def _enter_with(self, file: Path, ring: "Keyring") -> None:
        self.keys = self.keys.combined_with(ring)
        self._enter(file)

    def _drop_unlock(self) -> None:
        if self.unlock is not None:
            self._stack.removeWidget(self.unlock)
            self.unlock.hide()
            self.unlock.deleteLater()
            self.unlock = None

    # -- backups --------------------------------------------------------------------------------------------------

    def show_backups(self, file: Path, keys: "Keyring" = NO_KEYS) -> None:
        """Show the backups of a file that is not open, gone or damaged, after what is open is closed."""
        self.leave_and(lambda: self._show_backups(file, keys))

    def _show_backups(self, file: Path, keys: "Keyring") -> None:
        from capacity_app.services.backups import newest_locked_backup  # noqa: PLC0415 - as above
        from capacity_app.ui.pages.file_safety.backups_page import BackupsPage  # noqa: PLC0415 - as above

        self.show_start()
        self.banners.clear_all()
        if locked := newest_locked_backup(file, keys):
            self._ask_passphrase(locked, lambda ring: self._show_backups(file, keys.combined_with(ring)))
            return
        page = BackupsPage(self._texts, lambda: file, keys)
        page.restore_wanted.connect(self._restore)
        page.left.connect(self.show_start)
        self._bring_backups(page)
        self.setWindowTitle(file.name)

    def _restore(self, wanted: "RestoreRequest") -> None:
        """Have a backup put in the place of a file that is closed, and open it."""
        from capacity_app.ui.pages.file_safety.backups_page import RestoreProgressPage  # noqa: PLC0415 - as above

        page = RestoreProgressPage(self._texts, wanted)
        page.ended.connect(self._end_restoring)
        self._bring_backups(page)
        page.begin()

    def _end_restoring(self, ended: "RestoreOutcome") -> None:
        self._drop_backups()
        self._enter_with(ended.file, ended.keys)
        tone = BannerTone.GOOD if ended.is_done else BannerTone.DANGER
        workspace = self.workspace
        if workspace is None:
            self.banners.tell("restored", tone, ended.sentence)
            return
        look: BannerAction = (self._texts.gettext("Look at the backups"), lambda: workspace.show_page("backups"))
        workspace.banners.tell("restored", tone, ended.sentence, [look])

    def _bring_backups(self, page: "BackupsPage | RestoreProgressPage") -> None:
        self._drop_backups()
        self.backups = page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus()

    def _drop_backups(self) -> None:
        """Let go of the page of backups or of a restoration; one that goes on is stopped: the old file or the new."""
        if self.backups is not None:
            page, self.backups = self.backups, None
            page.stop()
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()

    def _change_protection(self, change: "ProtectionChange") -> None:
        """Close the open file, have it written anew under another passphrase or none, and open it again."""
        self.leave_and(lambda: self._convert(change))

    def _convert(self, change: "ProtectionChange") -> None:
        from capacity_app.ui.pages.file_safety.protection_page import ProtectionProgressPage  # noqa: PLC0415 - as above

        page = self.conversion = ProtectionProgressPage(self._texts, change)
        page.ended.connect(self._end_conversion)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.cancel.setFocus()
        page.begin()

    def _end_conversion(self, outcome: "ProtectionOutcome") -> None:
        page = self.conversion
        if page is None:
            return
        self._drop_conversion()
        self.keys = outcome.keys
        self._enter(page.change.file)
        if self.workspace is not None:
            self.workspace.protection().tell(outcome)

    def _drop_conversion(self) -> None:
        """Let go of the page of a conversion; one that goes on is stopped, and the file is the old or the new one."""
        if self.conversion is not None:
            page, self.conversion = self.conversion, None
            page.stop()
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()

    def _follow(self, workspace: "Workspace") -> None:
        workspace.protection_wanted.connect(self._change_protection)
        workspace.restore_wanted.connect(lambda wanted: self.leave_and(lambda: self._restore(wanted)))
        workspace.copy_wanted.connect(self.ask_save_copy)
        workspace.file_wanted.connect(self.open_file)
        workspace.union_wanted.connect(self.open_and_merge)
        workspace.moved.connect(lambda: self._show_names(workspace))
        workspace.counted.connect(lambda: self._remember(workspace))
        workspace.state.changed.connect(lambda: self.status.show_state(workspace))
        workspace.controller.respondent_changed.connect(lambda _agency: self.status.show_respondent(workspace))
        workspace.controller.changed.connect(lambda _change: self.status.show_respondent(workspace))
        workspace.steps_changed.connect(self.menus.show_steps)
        workspace.controller.undo_stack.indexChanged.connect(lambda _index: self.menus.show_steps())

    def _show(self, workspace: "Workspace") -> None:
        session = workspace.session
        remembered = self._settings.recent_of(session.file)
        self._stack.addWidget(workspace)
        self._stack.setCurrentWidget(workspace)
        self.menus.follow(workspace.controller.undo_stack)
        self._offer_second(workspace)
        self._show_names(workspace)
        self._restore_last_place(workspace, remembered)
        if self._shows_presentation:
            self._shows_presentation = False
            workspace.questionnaire().open_presentation_view()

    def _show_names(self, workspace: "Workspace") -> None:
        """Say which assessment is open, and in which file."""
        self.status.show_workspace(workspace)
        name = workspace.session.file.name
        self.setWindowTitle(name if workspace.session.key else f"{workspace.title} – {name}")

    def _remember(self, workspace: "Workspace") -> None:
        """Keep what the start page shows of the open file, and where the person is."""
        self._settings.remember(workspace.summary())
        self.menus.offer_recent(self._settings.recent())

    def _restore_last_place(self, workspace: "Workspace", remembered: RecentAssessment) -> None:
        if remembered.address:
            workspace.address = Address.parse(remembered.address)
        if remembered.page in {place.name for place in RAIL_ENTRIES[1:]}:
            workspace.show_page(remembered.page)
        elif workspace.address is not None:
            workspace.show_address(workspace.address)
        else:
            workspace.questionnaire().focus_next_open()
            if workspace.address is None:
                workspace.show_address(workspace.first_address)

    def leave_and(self, then: Callable[[], object]) -> None:
        """Close what is open once everything is on disk, then do something."""
        if self.leave(then):
            then()

    def leave(self, then: Callable[[], object]) -> bool:
        """Close what is open. True: it is closed; False: ``then`` is done once everything is on disk."""
        return self._departure is None or self._departure.begin(then)

    def _forget_workspace(self) -> None:
        """Let go of a workspace whose session is closed."""
        workspace = self.workspace
        if workspace is None:
            return
        self._remember(workspace)
        self._settings.sync()
        self._drop_blank()
        self.keys = self.keys.combined_with(workspace.controller.keys)
        self.workspace = self._departure = None
        self._shows_presentation = close_presentation(self)
        self.menus.follow(None)
        self._stack.removeWidget(workspace)
        workspace.hide()
        workspace.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stack.currentWidget() is None:
            self.show_start()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leave(self.close):
            event.ignore()
            return
        self._drop_headquarters()
        self._drop_library()
        self._drop_rescue()
        self._drop_conversion()
        self._drop_backups()
        self._drop_blank()
        self._settings.geometry = self.saveGeometry()
        self._settings.sync()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and self.workspace is not None:
            self.workspace.watch.look()
        if isinstance(event, UnsavedTextEvent) and self.workspace is not None:
            self.workspace.state.note_typing(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            for widget in self.findChildren(QWidget):
                QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.FontChange))
        return super().event(event)

    def _choose_language(self, language: str) -> None:
        self._settings.language = language
        if language != self._texts.language:
            self.language_wanted.emit()

    def _choose_digits(self, language: str) -> None:
        """Write numbers of a language with its own digits from now on, or no longer."""
        self._settings.own_digits = self._settings.own_digits ^ {language}
        if language == self._texts.language:
            self.language_wanted.emit()

    def _choose_asked_in(self, language: str) -> None:
        self._settings.asked_in = language
        if (language or self._texts.language) != self._texts.asked_in:
            self.language_wanted.emit()

    def _choose_second(self, language: str) -> None:
        self._settings.second_language = language
        if self.workspace is not None:
            self._offer_second(self.workspace)

    def _offer_second(self, workspace: "Workspace") -> None:
        """Offer the languages the open instrument is worded in, and show the chosen one beside the first."""
        instrument = workspace.session.instrument
        offered = tuple(dict.fromkeys((instrument.language, *wording_languages(instrument.id))))
        chosen = self._settings.second_language if self._settings.second_language in offered else ""
        self.menus.offer_questions(offered, self._settings.asked_in, chosen)
        load_script_fonts(chosen)
        workspace.show_second(Translator(chosen) if chosen else None)

    def ask_name(self) -> None:
        for open_already in self.findChildren(NameCard):
            open_already.deleteLater()
        box = NameCard(self._texts, self)
        box.named.connect(self._take_name)
        box.open_above(self.status.author, self._settings.author)

    def _take_name(self, name: str) -> None:
        self._settings.author = name
        self.status.show_author(name)
        if self.workspace is not None:
            self.workspace.session.author = name

    # -- dropping files -------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if droppable_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = droppable_files(event)
        if files:
            event.acceptProposedAction()
            open_dropped_files(files, self, self._texts)
