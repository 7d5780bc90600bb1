"""The main window: what stands around the pages: menus, top bar, languages, dropped files."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.job_list import JobList
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX, Settings
from capacity_app.ui.shell.file_window import WORKSPACE, FileWindow
from capacity_app.ui.shell.floating_card import FloatingCard, NameCard
from capacity_app.ui.shell.menus import Command, Menus, without_access_key
from capacity_app.ui.shell.page_stack import ToolWindow
from capacity_app.ui.shell.page_table import PAGE_BY_NAME, STEP_CHAPTERS, WINDOW_PAGE_BY_NAME, WindowContext, WindowPage
from capacity_app.ui.shell.top_bar import TopBar
from capacity_app.ui.theme.fonts_and_sizes import ZOOMS, load_script_fonts, running_application, set_zoom
from capacity_app.ui.widgets.banners import BannerAction, BannerTone, open_with_desktop
from capacity_app.ui.widgets.focus_keeper import scroll_into_view
from capacity_app.ui.widgets.messages import BannerArea, toast_corner
from capacity_app.ui.widgets.progress_card import JobPill
from capacity_app.ui.widgets.text_fields import UnsavedTextEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from capacity_app.services.session.revision_log import AnswerChange, EntryChange
    from capacity_app.ui.session.job_list import JobState
    from capacity_app.ui.shell.command_box import AssessmentSearch
    from capacity_app.ui.shell.workspace import Workspace


_RETURNED = frozenset({".xlsx", ".docx", ".csv", ".zip"})
"""Files that may have come back from somebody."""


def droppable_files(event: QDropEvent) -> tuple[Path, ...]:
    """Return the dropped files there is something to do with: assessments, else one file that may have come back."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    assessments = tuple(file for file in files if file.suffix.casefold() == ASSESSMENT_SUFFIX)
    if assessments:
        return assessments
    return tuple(file for file in files if file.suffix.casefold() in _RETURNED)[:1]


_COUNTRY_MENU = (
    ("mission", "protection", "backups", "versions"),
    ("blank", "everything"),
    ("save_copy", "show_folder", "close"),
)
"""The commands about the assessment as a whole, in the menu under its name."""
_FIRST_SIZE = QSize(1360, 860)
_EDGES = QSize(40, 60)
"""What the desktop's own bars and frames may take."""


class MainWindow(FileWindow):
    """One window, at most one open assessment. ``language_wanted`` asks for the languages of the settings."""

    language_wanted = Signal()

    def __init__(
        self, texts: Translator, settings: Settings, device: str, commands: "tuple[Command[MainWindow], ...]"
    ) -> None:
        super().__init__(texts, settings, device)
        self.setObjectName("main_window")
        load_script_fonts(texts.language, texts.asked_in)
        self.setAcceptDrops(True)
        self.menus = Menus(self.menuBar(), texts, commands, self)
        self.top_bar = TopBar(texts)
        self.job_pill = JobPill(texts)
        self.top_bar.fill_menu([self.menus.actions[name] for name in group] for group in _COUNTRY_MENU)
        self.centre_column.insertWidget(0, self.top_bar)
        self.jobs = JobList(self)
        """What is done without an assessment."""
        self._search: AssessmentSearch | None = None
        self.tools: dict[str, ToolWindow] = {}
        """The open windows of tools that need no assessment, by the name of their page."""
        self._connect()
        # A first window fits the screen; later ones are as they were left.
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _EDGES))
        self.restoreGeometry(settings.geometry)

    def _connect(self) -> None:
        self.top_bar.jobs.addWidget(self.job_pill)
        self.jobs.changed.connect(self._show_job)
        self.job_pill.cancel_wanted.connect(lambda: self._act_on_job(lambda job: job.cancel()))
        self.job_pill.open_wanted.connect(
            lambda: self._act_on_job(lambda job: job.file is not None and open_with_desktop(job.file))
        )
        self.job_pill.closed.connect(self._forget_job)
        self.menus.file_wanted.connect(lambda file: self.open_file(Path(file)))
        self.top_bar.name_wanted.connect(self.ask_name)
        self.top_bar.agency_wanted.connect(self.choose_agency)
        self.top_bar.search_wanted.connect(self.open_command_box)
        self.top_bar.presentation_wanted.connect(self.menus.actions["room"].trigger)
        self.top_bar.show_author(self._settings.author)
        self.page_wanted.connect(self.show_window_page)
        self.file_opened.connect(self._follow_file)
        self.file_left.connect(self._follow_nothing)

    def on_workspace(self, act: "Callable[[Workspace], object]") -> None:
        """Do something with the open assessment, and show it."""
        if self.workspace is not None:
            self.stack.bring(WORKSPACE)
            act(self.workspace)

    def show_page(self, name: str) -> None:
        """Show a page of the open assessment."""
        self.on_workspace(lambda workspace: workspace.show_page(name))

    def show_guide_here(self) -> None:
        """Open the guide at the chapter about the page that is shown."""
        shown = self.stack.shown
        if shown == WORKSPACE and self.workspace is not None:
            self._show_guide_about(PAGE_BY_NAME[self.workspace.page_name].guide)
        elif shown in WINDOW_PAGE_BY_NAME:
            self._show_guide_about(WINDOW_PAGE_BY_NAME[shown].guide)
        else:
            self._show_guide_about(STEP_CHAPTERS.get(shown, ""))

    def _show_guide_about(self, title: str) -> None:
        from capacity_app.ui.shell.guide import chapter_place  # noqa: PLC0415 - rarely wanted

        self.show_guide(str(chapter_place(self._texts, title)))

    def show_guide(self, chapter: str) -> None:
        """Open the guide at a chapter: its place, or "keyboard", the overview of all keys."""
        from capacity_app.ui.shell.guide import GuideWindow  # noqa: PLC0415 - rarely wanted

        guide = self.findChild(GuideWindow) or GuideWindow(self._texts, self.menus.commands, self)
        guide.show_chapter(chapter)

    def has_agencies(self) -> bool:
        return self.workspace is not None and bool(self.workspace.session.entries("agencies"))

    def focus_message(self) -> None:
        """Go to the newest message in the corner, else to a banner."""
        corner = toast_corner(self)
        if corner.toasts:
            corner.focus_newest()
        else:
            any(area.focus_newest() for area in self.findChildren(BannerArea))

    def change_zoom(self, steps: int) -> None:
        """Show text some sizes larger or smaller; no step is the normal size."""
        place = ZOOMS.index(self._settings.zoom) + steps if steps else 0
        self._settings.zoom = ZOOMS[min(max(place, 0), len(ZOOMS) - 1)]
        set_zoom(running_application(), self._settings.zoom)

    def show_about(self) -> None:
        from capacity_app.ui.shell.dialogs import AboutBox  # noqa: PLC0415 - as above

        AboutBox(self._texts, self).open()

    def show_window_page(self, name: str) -> None:
        """Show a page that needs no assessment, in its own window if it has one; what is open stays open."""
        if WINDOW_PAGE_BY_NAME[name].has_window:
            self._show_tool(name)
            return
        if self.workspace is None:
            self.show_start()
        page = self._make_window_page(name)
        page.left.connect(lambda: self._go_back(name))
        assert isinstance(page, QWidget)
        self.stack.put(name, page, fills_window=WINDOW_PAGE_BY_NAME[name].fills_window)
        self.stack.bring(name)
        page.focus_first()

    def _make_window_page(self, name: str) -> WindowPage:
        assessment = self.workspace.context if self.workspace is not None else None
        page = WINDOW_PAGE_BY_NAME[name].factory(WindowContext(self._texts, self._settings, self.jobs, assessment))
        assert isinstance(page, WindowPage)
        return page

    def _show_tool(self, name: str) -> None:
        record, page = WINDOW_PAGE_BY_NAME[name], None
        if name not in self.tools:
            page = self._make_window_page(name)
            assert isinstance(page, QWidget)
            title = without_access_key(self._texts.gettext(record.label))
            tool = self.tools[name] = ToolWindow(name, title, page, fills_window=record.fills_window)
            tool.closed.connect(self._forget_tool)
            tool.guide_wanted.connect(lambda: self._show_guide_about(record.guide))
            page.left.connect(tool.close)
            if isinstance(wanted := getattr(page, "assessment_wanted", None), SignalInstance):
                wanted.connect(self._open_from_tool)
        self.tools[name].bring()
        if page is not None:
            page.focus_first()

    def _open_from_tool(self, file: Path) -> None:
        """Open an assessment that another window names."""
        self.open_file(file)
        self.raise_()
        self.activateWindow()

    def _forget_tool(self, name: str) -> None:
        self.tools.pop(name, None)
        if self.workspace is not None:
            self._show_second(self.workspace)  # a translation may have been brought there

    def close_tools(self) -> None:
        """Close the windows of the tools; what they are doing ends."""
        for tool in tuple(self.tools.values()):
            tool.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if event.isAccepted():
            self.close_tools()

    def _go_back(self, name: str) -> None:
        """Leave a page for what is open, or for the start."""
        if self.workspace is None:
            self.show_start()
        else:
            self.stack.bring(WORKSPACE)
        self.stack.drop(name)

    # -- following the open file ----------------------------------------------------------------------------------

    @property
    def _job(self) -> "JobState | None":
        """What the assessment does meanwhile or has made, else what the window does."""
        own = self.workspace.controller.jobs.shown if self.workspace is not None else None
        return own or self.jobs.shown

    def _show_job(self) -> None:
        """Show in the top bar what is being made, or what was made."""
        job = self._job
        if job is None:
            self.job_pill.hide()
        else:
            self.job_pill.show_job(job.name, job.share, is_running=job.is_running)

    def _act_on_job(self, act: "Callable[[JobState], object]") -> None:
        if self._job is not None:
            act(self._job)

    def _forget_job(self) -> None:
        if self.workspace is not None:
            self.workspace.controller.jobs.forget_made()

    def _follow_nothing(self) -> None:
        self._show_job()
        self.menus.follow(None)
        self.menus.offer_recent(self._settings.recent())
        self.top_bar.show_workspace(None)
        self._search = None

    def _follow_file(self, workspace: "Workspace") -> None:
        controller, bar = workspace.controller, self.top_bar
        workspace.moved.connect(lambda: self._show_names(workspace))
        workspace.counted.connect(lambda: self.menus.offer_recent(self._settings.recent()))
        workspace.state.changed.connect(lambda: bar.show_state(workspace))
        workspace.steps_changed.connect(self.menus.show_steps)
        controller.respondent_changed.connect(lambda _agency: bar.show_respondent(workspace))
        controller.changed.connect(lambda change: self._follow_change(workspace, change))
        controller.undo_stack.indexChanged.connect(lambda _index: self.menus.show_steps())
        self.menus.follow(controller.undo_stack)
        controller.jobs.changed.connect(self._show_job)
        workspace.agency_wanted.connect(self.choose_agency)
        self._show_second(workspace)
        self._show_names(workspace)

    def _follow_change(self, workspace: "Workspace", change: "AnswerChange | EntryChange") -> None:
        # The bar and the title name the country and the round.
        if getattr(change, "register", "") == "mission":
            self._show_names(workspace)
        else:
            self.top_bar.show_respondent(workspace)

    def _show_names(self, workspace: "Workspace") -> None:
        """Say which assessment is open, and in which file."""
        self.top_bar.show_workspace(workspace)
        self.top_bar.show_author(self._settings.author)
        name = workspace.session.file.name
        self.setWindowTitle(name if workspace.session.key else f"{workspace.context.title} – {name}")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and self.workspace is not None:
            self.workspace.watch.look()
        if isinstance(event, UnsavedTextEvent) and self.workspace is not None:
            self.workspace.state.note_typing(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            for widget in self.findChildren(QWidget):
                if isValid(widget):  # panes that fold at the new size take handles of the splitter with them
                    QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.FontChange))
        return super().event(event)

    # -- what one chooses for the window ------------------------------------------------------------------------------

    def show_appearance(self) -> None:
        """Ask for text size, colours, languages and digits."""
        from capacity_app.ui.shell.appearance import AppearanceSheet  # noqa: PLC0415 - rarely wanted

        offered = self._wording_languages(self.workspace) if self.workspace is not None else ()
        sheet = AppearanceSheet(self._texts, self._settings, offered, self)
        sheet.accepted.connect(self._follow_appearance)
        sheet.open()

    def _follow_appearance(self) -> None:
        if self.workspace is not None:
            self._show_second(self.workspace)
        self.language_wanted.emit()

    @staticmethod
    def _wording_languages(workspace: "Workspace") -> tuple[str, ...]:
        """Return the languages in which the questions are worded."""
        instrument = workspace.session.instrument
        return tuple(dict.fromkeys((instrument.language, *wording_languages(instrument.id))))

    def _show_second(self, workspace: "Workspace") -> None:
        """Show the chosen second wording beside the first, where the questions have it."""
        second = self._settings.second_language
        chosen = second if second in self._wording_languages(workspace) else ""
        load_script_fonts(chosen)
        workspace.show_second(Translator(chosen) if chosen else None)

    def ask_name(self) -> None:
        box = NameCard(self._texts, self)
        box.named.connect(self._take_name)
        self._open_card(box)
        box.ask(self.top_bar.author, self._settings.author)

    def choose_agency(self) -> None:
        """Ask whose answers are recorded from now on."""
        from capacity_app.ui.shell.floating_card import AgencyChooser  # noqa: PLC0415 - not shown at the start

        if self.workspace is not None:
            chooser = AgencyChooser(self.workspace.controller, self._texts, self)
            chooser.chosen.connect(self.workspace.record_for)
            self._open_card(chooser)
            chooser.choose_under(self.top_bar.agency)

    def open_command_box(self) -> None:
        """Ask for a question, an entry, a page or a command."""
        from capacity_app.ui.shell.command_box import AssessmentSearch, CommandBox  # noqa: PLC0415 - as above

        if self._search is None and self.workspace is not None:
            self._search = AssessmentSearch(self.workspace, self._texts)
        box = CommandBox(self._texts, self, self.menus, self._search)
        self._open_card(box)
        box.search_under(self.top_bar.search)

    def _open_card(self, card: FloatingCard) -> None:
        """Have a card over the window close any other one, and give the focus back in sight when it is left."""
        for other in self.findChildren(FloatingCard):
            if other is not card:
                other.leave()
        before = self.focusWidget()

        def give_back() -> None:
            if before is not None and isValid(before) and before.isVisible():
                before.setFocus(Qt.FocusReason.PopupFocusReason)
                scroll_into_view(before)
            elif self.workspace is not None and self.stack.shown == WORKSPACE:
                self.workspace.show_page(self.workspace.page_name)

        card.left.connect(give_back)

    def show_folder(self) -> None:
        """Show the folder of the open assessment in the desktop's file manager."""
        if self.workspace is not None:
            open_with_desktop(self.workspace.session.file.parent)

    def _take_name(self, name: str) -> None:
        self._settings.author = name
        self.top_bar.show_author(name)
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
            self._open_dropped(files)

    def _open_dropped(self, files: tuple[Path, ...]) -> None:
        """Do with dropped files what can be done with them; where there are two ways, ask in a banner."""
        workspace, first, say = self.workspace, files[0], self._texts.gettext
        if first.suffix.casefold() not in _RETURNED:
            if workspace is None or first.absolute() == workspace.session.file:
                self.open_file(first)
            else:
                self._ask_open_or_merge(files, workspace)
        elif workspace is not None:
            workspace.exchange().take_in(first)
        else:
            sentence = say("Open the assessment this file belongs to first, then drop it again to take it in.")
            self.banners.tell("drop", BannerTone.INFORMATION, sentence)

    def _ask_open_or_merge(self, files: tuple[Path, ...], workspace: "Workspace") -> None:
        say, names = self._texts.gettext, self._texts.listed(file.name for file in files)

        def merge() -> None:
            workspace.banners.clear("drop")
            workspace.exchange().merge_with(files)

        def open_it() -> None:
            workspace.banners.clear("drop")
            self.open_file(files[0])

        choices: list[BannerAction] = [(say("Merge"), merge)]
        sentence = say("{files} are assessments: merge them with the one that is open?").format(files=names)
        if len(files) == 1:
            choices.insert(0, (say("Open"), open_it))
            sentence = say("“{file}” is an assessment: open it, or merge it with the one that is open?").format(
                file=names
            )
        workspace.banners.tell("drop", BannerTone.INFORMATION, sentence, choices, stays=True)
