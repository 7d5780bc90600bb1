"""The main window: start page, form or workspace; menus, status bar, and the way in and out of a file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from capacity_app import paths
from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError, Severity
from capacity_app.instruments import library
from capacity_app.instruments.reader import read_instrument
from capacity_app.services.assessment_session import AssessmentSession, create_assessment
from capacity_app.texts import Texts
from capacity_app.ui.about import AboutBox
from capacity_app.ui.alerts import BannerArea, Choice, Tone
from capacity_app.ui.bridge import SaveNews
from capacity_app.ui.cards import scrolling
from capacity_app.ui.keyboard_overview import KeyboardOverview
from capacity_app.ui.menus import Menus
from capacity_app.ui.name_box import NameBox
from capacity_app.ui.new_assessment import SUFFIX, NewAssessmentPage, Wanted
from capacity_app.ui.rail import PLACES
from capacity_app.ui.save_state import Safety
from capacity_app.ui.settings import Recent, Settings
from capacity_app.ui.start_page import StartPage
from capacity_app.ui.status_line import StatusLine
from capacity_app.ui.theme import ZOOMS, apply_theme, set_zoom
from capacity_app.ui.workspace import Workspace

_INSTRUMENT_MISTAKES = N_(
    "This instrument has mistakes and cannot be used: {problem} Mend them, or choose another one."
)


class MainWindow(QMainWindow):
    """One window, at most one open assessment. ``language_wanted`` asks for the same window in another language."""

    language_wanted = Signal(str)

    def __init__(self, texts: Texts, settings: Settings, device: str) -> None:
        super().__init__()
        self._texts, self._settings, self._device = texts, settings, device
        self._form: NewAssessmentPage | None = None
        self._then: Callable[[], object] | None = None
        self.workspace: Workspace | None = None
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.start = StartPage(texts)
        self.banners = BannerArea(texts)
        self._stack = QStackedWidget()
        self._start_holder = scrolling(self.start)
        self._stack.addWidget(self._start_holder)
        self.setCentralWidget(self._centre())
        self.menus = Menus(self.menuBar(), texts, self._acts())
        self.status = StatusLine(texts)
        self.setStatusBar(self.status)
        self._connect()
        # A first window fits the screen; later ones are as they were left.
        self.resize(QSize(1360, 860).boundedTo(self.screen().availableSize() - QSize(40, 60)))
        self.restoreGeometry(settings.geometry)
        self.show_start()

    def _centre(self) -> QWidget:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addWidget(self._stack, 1)
        return centre

    def _acts(self) -> dict[str, Callable[[], object]]:
        """Give what every command does."""
        pages: dict[str, Callable[[], object]] = {
            place.name: lambda name=place.name: self._page(name)  # type: ignore[misc]
            for place in PLACES
            if place.name != "report"
        }
        return {
            "new": self.show_new,
            "open": self.ask_open,
            "demonstration": self.ask_demonstration,
            "save": self._save_now,
            "save_copy": self.ask_save_copy,
            "report": lambda: self._with(Workspace.start_report),
            "close": lambda: self._leave_and(self.show_start),
            "quit": self.close,
            "undo": lambda: self._with(lambda w: w.bridge.undo()),
            "redo": lambda: self._with(lambda w: w.bridge.redo()),
            "find": lambda: self._with(lambda w: w.questionnaire().find()),
            "name": self.ask_name,
            **pages,
            "report_page": lambda: self._page("report"),
            "jump": lambda: self._with(lambda w: w.questionnaire().jump()),
            "next_open": lambda: self._with(lambda w: w.questionnaire().focus_next_open()),
            "zoom_in": lambda: self._zoom(1),
            "zoom_out": lambda: self._zoom(-1),
            "zoom_normal": lambda: self._zoom(0),
            "keyboard": lambda: KeyboardOverview(self._texts, self).open(),
            "about": lambda: AboutBox(self._texts, str(paths.log_file()), self).open(),
        }

    def _connect(self) -> None:
        self.start.new_wanted.connect(self.show_new)
        self.start.open_wanted.connect(self.ask_open)
        self.start.demonstration_wanted.connect(self.ask_demonstration)
        self.start.recent.opened.connect(lambda file: self.open_file(Path(file)))
        self.start.recent.forgotten.connect(self._forget)
        self.menus.file_wanted.connect(lambda file: self.open_file(Path(file)))
        self.menus.language_wanted.connect(self._choose_language)
        self.menus.scheme_wanted.connect(self._choose_scheme)
        self.menus.offer_choices(self._settings.scheme, with_pseudo=self._settings.offers_pseudo)
        self.status.name_wanted.connect(self.ask_name)
        self.status.show_author(self._settings.author)

    def _with(self, act: Callable[[Workspace], object]) -> None:
        if self.workspace is not None:
            act(self.workspace)

    def _page(self, name: str) -> None:
        self._with(lambda workspace: workspace.show_page(name))

    # -- start and form -------------------------------------------------------------------------------------------

    def show_start(self) -> None:
        """Show the start page."""
        self._drop_form()
        recent = self._settings.recent()
        self._stack.setCurrentWidget(self._start_holder)
        self.start.show_recent(recent)
        self.menus.offer_recent(recent)
        self.menus.follow(None)
        self.status.show_workspace(None)
        self.setWindowTitle(self._texts.gettext("Capacity assessments"))

    def _forget(self, file: str) -> None:
        self._settings.forget(file)
        self.show_start()

    def show_new(self) -> None:
        """Show the form for a new assessment, after what is open has been closed."""
        self._leave_and(self._open_form)

    def _open_form(self) -> None:
        self.show_start()
        folders = (paths.instruments_folder(), paths.user_instruments_folder())
        instruments = library.catalogue(folders)
        self._form = NewAssessmentPage(self._texts, instruments, self._settings.author, self._settings.folder)
        self._form.wanted.connect(self._make)
        self._form.left.connect(self.show_start)
        self._stack.addWidget(self._form)
        self._stack.setCurrentWidget(self._form)
        self._form.focus_first()

    def _drop_form(self) -> None:
        if self._form is not None:
            self._stack.removeWidget(self._form)
            self._form.deleteLater()
            self._form = None

    def _make(self, wanted: Wanted) -> None:
        """Make the file a form asks for, and open it."""
        try:
            instrument = usable_instrument(wanted, self._texts)
            create_assessment(wanted.file, instrument, wanted.mission, author=wanted.author, device=self._device)
        except KnownError as error:
            if self._form is not None:
                self._form.complain(error)
            return
        self._settings.author = wanted.author
        self._settings.folder = wanted.file.parent
        self.status.show_author(wanted.author)
        self._enter(wanted.file)

    # -- asking for files -----------------------------------------------------------------------------------------

    def ask_open(self) -> None:
        """Ask which assessment to open."""
        title = self._texts.gettext("Open an assessment")
        pattern = self._texts.gettext("Assessments") + f" (*{SUFFIX})"
        chosen, _ = QFileDialog.getOpenFileName(self, title, str(self._settings.folder), pattern)
        if chosen:
            self.open_file(Path(chosen))

    def ask_demonstration(self) -> None:
        """Ask where to keep the demonstration, make it there, and open it; one that is there is only opened."""
        title = self._texts.gettext("Where to keep the demonstration")
        suggestion = str(self._settings.folder / f"demonstration{SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(
            self, title, suggestion, f"*{SUFFIX}", options=QFileDialog.Option.DontConfirmOverwrite
        )
        if chosen:
            self.open_demonstration(Path(chosen).with_suffix(SUFFIX))

    def open_demonstration(self, file: Path) -> None:
        """Make the demonstration unless it is there, and open it."""
        from capacity_app.services.demonstration import create_demonstration  # noqa: PLC0415 - only this needs it

        try:
            if not file.exists():
                create_demonstration(file, device=self._device)
        except KnownError as error:
            self.banners.tell("open", Tone.DANGER, error.text(self._texts.gettext))
            return
        self.open_file(file)

    def ask_save_copy(self) -> None:
        """Ask where to put a complete copy."""
        if self.workspace is None:
            return
        title = self._texts.gettext("Save a copy")
        source = self.workspace.session.file
        suggestion = str(self._settings.folder / f"{source.stem}-copy{SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self, title, suggestion, f"*{SUFFIX}")
        if chosen:
            self.save_copy(Path(chosen).with_suffix(SUFFIX))

    def save_copy(self, file: Path) -> None:
        """Write a complete copy; the file dialog has asked whether to replace one of that name."""
        if self.workspace is None:
            return
        self.workspace.bridge.request_flush()
        try:
            self.workspace.session.save_copy(file, replace=True)
        except KnownError as error:
            self.workspace.banners.tell("copy", Tone.DANGER, error.text(self._texts.gettext))
            return
        sentence = self._texts.gettext("A complete copy is in {file}.").format(file=file)
        opened: Choice = (self._texts.gettext("Work on the copy"), lambda: self.open_file(file))
        self.workspace.banners.tell("copy", Tone.GOOD, sentence, [opened])

    # -- in and out -----------------------------------------------------------------------------------------------

    def open_file(self, file: Path) -> None:
        """Open an assessment, after the one that is open has been closed."""
        self._leave_and(lambda: self._enter(file))

    def _enter(self, file: Path) -> None:
        news = SaveNews()
        try:
            session = AssessmentSession(
                file,
                author=self._settings.author,
                device=self._device,
                language=self._texts.language,
                on_saved=news.tell,
            )
        except KnownError as error:
            self.show_start()
            self.banners.tell("open", Tone.DANGER, error.text(self._texts.gettext))
            return
        self.banners.clear_all()
        self._drop_form()
        self._show(Workspace(session, news, self._texts, self._settings))

    def _show(self, workspace: Workspace) -> None:
        self.workspace = workspace
        session = workspace.session
        remembered = self._settings.recent_of(session.file)
        workspace.copy_wanted.connect(self.ask_save_copy)
        workspace.state.changed.connect(self._follow_state)
        workspace.bridge.respondent_changed.connect(lambda _agency: self.status.show_respondent(workspace))
        workspace.bridge.changed.connect(lambda _change: self.status.show_respondent(workspace))
        workspace.steps_changed.connect(self.menus.show_steps)
        workspace.bridge.undo_stack.indexChanged.connect(lambda _index: self.menus.show_steps())
        self._stack.addWidget(workspace)
        self._stack.setCurrentWidget(workspace)
        self.menus.follow(workspace.bridge.undo_stack)
        self.status.show_workspace(workspace)
        self._remember()
        self.menus.offer_recent(self._settings.recent())
        country = session.mission.country_name or session.mission.country
        self.setWindowTitle(f"{country} {session.mission.round} – {session.file.name}")
        self._go_where_one_left_off(workspace, remembered)

    def _go_where_one_left_off(self, workspace: Workspace, remembered: Recent) -> None:
        names = {place.name for place in PLACES}
        if remembered.address:
            workspace.address = Address.parse(remembered.address)
        is_questionnaire = remembered.page not in names or remembered.page == PLACES[0].name
        if is_questionnaire and workspace.address is not None:
            workspace.show_address(workspace.address)
        elif is_questionnaire:
            workspace.questionnaire().focus_next_open()
        else:
            workspace.show_page(remembered.page)

    def _remember(self) -> None:
        """Keep what the start page shows of the open file, and where the person is."""
        workspace = self.workspace
        if workspace is None:
            return
        mission = workspace.session.mission
        changed = workspace.session.file.stat().st_mtime if workspace.session.file.exists() else 0
        self._settings.remember(
            Recent(
                file=str(workspace.session.file),
                country=mission.country,
                m49=mission.m49,
                country_name=mission.country_name,
                round=mission.round,
                share=int(workspace.share * 100),
                changed=datetime.fromtimestamp(changed).astimezone().isoformat(timespec="seconds"),
                page=workspace.page_name,
                address=str(workspace.address) if workspace.address else "",
            )
        )

    def _leave_and(self, then: Callable[[], object]) -> None:
        if self.leave(then):
            then()

    def leave(self, then: Callable[[], object]) -> bool:
        """Close what is open once everything is on disk. True: done; False: ``then`` is called when it is."""
        workspace = self.workspace
        if workspace is None:
            return True
        workspace.bridge.request_close()
        self._then = then
        if workspace.state.safety is Safety.FAILED:
            workspace.session.retry()
            self._offer_to_abandon(workspace)
            return False
        if not workspace.state.is_safe:
            return False
        return self._close_session(workspace)

    def _close_session(self, workspace: Workspace, *, is_abandoned: bool = False) -> bool:
        self._remember()
        workspace.stop_jobs()
        try:
            workspace.session.close()
        except KnownError as error:
            if not is_abandoned:
                workspace.banners.tell("save", Tone.DANGER, error.text(self._texts.gettext))
                return False
        self._then = None
        self.workspace = None
        self._stack.removeWidget(workspace)
        workspace.hide()
        workspace.deleteLater()
        return True

    def _follow_state(self) -> None:
        workspace, then = self.workspace, self._then
        if workspace is None:
            return
        self.status.show_state(workspace)
        if then is None:
            return
        if workspace.state.safety is Safety.FAILED:
            self._offer_to_abandon(workspace)
        elif workspace.state.is_safe and self._close_session(workspace):
            # The slot that brought the news belongs to the bridge that is about to go.
            QTimer.singleShot(0, self, then)

    def _offer_to_abandon(self, workspace: Workspace) -> None:
        """Say that the last changes are not on disk and let the person decide."""
        say = self._texts.gettext
        sentence = say(
            "The last changes are not saved, so the assessment stays open. Save a copy elsewhere, then close."
        )
        save: Choice = (say("Save a copy elsewhere"), self.ask_save_copy)
        leave: Choice = (say("Close without the last changes"), lambda: self._abandon(workspace))
        workspace.banners.tell("leaving", Tone.DANGER, sentence, [save, leave])

    def _abandon(self, workspace: Workspace) -> None:
        then = self._then or self.show_start
        if self._close_session(workspace, is_abandoned=True):
            QTimer.singleShot(0, self, then)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once everything is on disk."""
        if not self.leave(self.close):
            event.ignore()
            return
        self._settings.geometry = self.saveGeometry()
        self._settings.sync()
        event.accept()

    def _save_now(self) -> None:
        """Commit what is being typed; the disk has it in a moment, and the status bar says so."""
        self._with(lambda workspace: workspace.save_now())

    # -- look and name --------------------------------------------------------------------------------------------

    def _zoom(self, steps: int) -> None:
        place = ZOOMS.index(self._settings.zoom) + steps if steps else 0
        self._settings.zoom = ZOOMS[min(max(place, 0), len(ZOOMS) - 1)]
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        set_zoom(app, self._settings.zoom)

    def _choose_scheme(self, scheme: str) -> None:
        self._settings.scheme = scheme
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, scheme)

    def _choose_language(self, language: str) -> None:
        self._settings.language = language
        if language != self._texts.language:
            self.language_wanted.emit(language)

    def ask_name(self) -> None:
        """Ask for the person's name."""
        box = NameBox(self._texts, self)
        box.named.connect(self._take_name)
        box.open_above(self.status.author, self._settings.author)

    def _take_name(self, name: str) -> None:
        self._settings.author = name
        self.status.show_author(name)
        if self.workspace is not None:
            self.workspace.session.author = name

    # -- dropping files -------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one assessment file."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped assessment."""
        file = _dropped(event)
        if file is not None:
            self.open_file(file)


def usable_instrument(wanted: Wanted, texts: Texts) -> Instrument:
    """Read the instrument a form asks for; raises KnownError with its first mistake."""
    instrument, problems = read_instrument(wanted.instrument.folder, wanted.supplements)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if instrument is None or errors:
        first = f"{errors[0].place}: {errors[0].text(texts.gettext)}" if errors else ""
        raise KnownError(_INSTRUMENT_MISTAKES, problem=first)
    return instrument


def _dropped(event: QDropEvent) -> Path | None:
    """Give the first assessment among dropped files."""
    files = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return next((file for file in files if file.suffix == SUFFIX), None)
