"""One open assessment: the rail, the tabs, its pages built when first seen, and the banners above them."""

from concurrent.futures import Future
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.findings import count_points_to_review
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, keyring_of
from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import AnswerChange, EntryChange, Saved, SaveFailed
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.pages.file_safety.file_watcher import FileWatcher
from capacity_app.ui.session.controller import SessionController, WriterSignals, describe_change
from capacity_app.ui.session.formatters import REGISTER_TITLES, EntryFormatter, today
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import RecentAssessment, Settings
from capacity_app.ui.shell.menus import without_access_key
from capacity_app.ui.shell.navigation_rail import NavigationRail, TaskTabs
from capacity_app.ui.shell.page_stack import PageStack
from capacity_app.ui.shell.page_table import FIRST_PAGE, PAGE_BY_NAME, AssessmentContext, Task
from capacity_app.ui.widgets.banners import BannerAction, BannerTone
from capacity_app.ui.widgets.messages import BannerArea, over_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from capacity_app.services.exchange.merge_sources import DuplicateEntries
    from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage
    from capacity_app.ui.pages.answer.tree_model import QuestionFilter
    from capacity_app.ui.pages.deliver.import_page import ImportPage
    from capacity_app.ui.pages.deliver.report_page import ReportPage
    from capacity_app.ui.pages.file_safety.protection_page import ProtectionPage
    from capacity_app.ui.pages.file_safety.rescue_page import NewerCopies, NewerCopySearch
    from capacity_app.ui.pages.prepare.registers_page import RegistersPage


_REST_MS = 250
_REVIEW_MS = 2_000
"""After how long without a change the points to review are counted, in milliseconds."""
_NEWER_MS = 500
"""How long the window stands before a newer version of the questions is looked for, in milliseconds."""


def first_stop(page: QWidget) -> QWidget | None:
    """Find the first widget of a page that Tab would come to."""
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        can_stop = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and not widget.focusProxy()
        if can_stop and page.isAncestorOf(widget) and widget.isVisibleTo(page):
            return widget
        widget = widget.nextInFocusChain()
    return None


def open_workspace(
    file: Path, texts: Translator, settings: Settings, device: str, keys: Keyring = NO_KEYS
) -> "Workspace":
    """Open an assessment with everything around it; raises KnownError with one plain sentence.

    Raises Protected if nothing on the ring opens it. While a slow drive is waited for, windows are painted; keys and
    clicks wait too.
    """
    news, opening = WriterSignals(), _Opening()

    def open_session() -> AssessmentSession:
        return AssessmentSession(
            file,
            author=settings.author,
            device=device,
            language=texts.language,
            on_saved=news.tell,
            keys=keys,
            on_backup_failed=news.report_backup_failure,
        )

    session = opening.wait_for(open_session)
    workspace = Workspace(session, news, texts, settings)
    workspace.controller.keys = keyring_of(session.key).combined_with(keys)
    return workspace


class _Opening(QObject):
    """Waits for a thread in an event loop."""

    _ended = Signal()

    def wait_for(self, open_session: "Callable[[], AssessmentSession]") -> AssessmentSession:
        """Return or raise what the function returns or raises, which is called in a thread."""
        opened: Future[AssessmentSession] = Future()
        loop = QEventLoop()
        self._ended.connect(loop.quit, Qt.ConnectionType.QueuedConnection)

        def run() -> None:
            try:
                opened.set_result(open_session())
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
                opened.set_exception(error)
            self._ended.emit()

        thread = Thread(target=run, name="opening")
        thread.start()
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        thread.join()
        return opened.result()


class Workspace(QWidget):
    """Everything around one session. ``copy_wanted`` asks to save a copy elsewhere, ``file_wanted`` to open a file.

    ``counted`` tells that it is known anew how much is answered, ``moved`` that the session writes elsewhere now;
    ``union_wanted`` carries a file to be opened and one to be merged into it.
    """

    copy_wanted = Signal()
    protection_wanted = Signal(object)
    restore_wanted = Signal(object)
    file_wanted = Signal(object)
    union_wanted = Signal(object, object)
    agency_wanted = Signal()
    counted = Signal()
    moved = Signal()
    steps_changed = Signal()

    def __init__(self, session: AssessmentSession, news: WriterSignals, texts: Translator, settings: Settings) -> None:
        super().__init__()
        self.session, self._texts, self._settings = session, texts, settings
        self.controller = SessionController(session, news, self)
        self.state = SaveState(self.controller, texts)
        self._formatter = EntryFormatter(texts, session)
        self.address: Address | None = None
        self._second: Translator | None = None
        self._knows_of_no_backup = False
        self.rail = NavigationRail(texts)
        self.tabs = TaskTabs(texts)
        self.banners = BannerArea(texts)
        self.watch = FileWatcher(session, self.banners, texts, self)
        self._stack = PageStack()
        self.context = AssessmentContext(texts, settings, self.controller, self.state)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show_progress)
        self._review_rest = QTimer(self)
        self._review_rest.setSingleShot(True)
        self._review_rest.setInterval(_REVIEW_MS)
        self._review_rest.timeout.connect(self._count_review)
        self._recorded_for = self.controller.respondent
        self._untranslated: Mapping[str, int] | None = None
        self._came_from = FIRST_PAGE
        self._lay_out()
        self._connect()
        # Counting waits until the window stands.
        self._share = Fraction(0)
        self._rest.start()
        self._review_rest.start()
        self._beside: NewerCopySearch | None = None
        self._newer_copies: NewerCopies = {}
        self._has_moved = False
        self._tell_read_only()
        QTimer.singleShot(_NEWER_MS, self, self._tell_newer)
        QTimer.singleShot(_NEWER_MS, self, self._look_beside)

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.tabs)
        middle.addWidget(over_page(self._stack, self.banners), 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addLayout(middle, 1)

    def _connect(self) -> None:
        self.rail.chosen.connect(self._choose_task)
        self.tabs.chosen.connect(lambda name: self.show_page(name, keeps_focus=self.tabs.has_focus))
        self.tabs.left.connect(self.go_back)
        self.controller.changed.connect(self._follow)
        self.controller.respondent_changed.connect(self._tell_respondent)
        self.controller.refused.connect(self._refuse)
        self.controller.save_failed.connect(self._tell_failure)
        self.controller.backup_failed.connect(self._tell_no_backup)
        self.watch.file_wanted.connect(self.file_wanted)
        self.watch.union_wanted.connect(self.union_wanted)
        self.watch.moved.connect(self._note_move)
        self.watch.settled.connect(lambda: self.controller.saved.emit(Saved(datetime.now().astimezone(), 0)))
        self.state.changed.connect(self._clear_failure)

    # -- pages ----------------------------------------------------------------------------------------------------

    def page(self, name: str) -> QWidget:
        """Return a page, made when it is first wanted."""
        if name not in self._stack.pages:
            record = PAGE_BY_NAME[name]
            page = record.factory(self.context)
            self._connect_page(page)
            if isinstance(page, QuestionnairePage):
                page.show_second(self._second)
            if name == "exchange":
                cast("ImportPage", page).offer_copies(self._newer_copies)
            label = without_access_key(self._texts.gettext(record.label)).removesuffix("…")
            self._stack.put(name, page, fills_window=record.fills_window, label=label)
        return self._stack.pages[name]

    def _connect_page(self, page: QWidget) -> None:
        """Lead wherever the signals of a page ask for; one of a certain name leads to the same from every page."""
        ways: dict[str, Callable[..., object] | SignalInstance] = {
            "place_changed": self._remember_place,
            "navigate": self.show_address,
            "entry_wanted": self.show_entry,
            "merge_duplicates_wanted": self._merge_duplicates,
            "merging_begun": lambda: self.banners.clear("beside"),
            "page_wanted": self.show_page,
            "start_wanted": lambda: self.show_page("questionnaire"),
            "previous_round_wanted": lambda: self.show_page("mission"),
            "point_opened": lambda: self.tabs.offer_back(self._came_from),
            "report_wanted": lambda: self.show_page("report"),
            "open_wanted": self.file_wanted,
            "change_wanted": self.protection_wanted,
            "restore_wanted": self.restore_wanted,
        }
        for name, way in ways.items():
            signal = getattr(page, name, None)
            if isinstance(signal, SignalInstance):
                signal.connect(way)

    @property
    def page_name(self) -> str:
        """The name of the page shown."""
        return self._stack.shown or FIRST_PAGE

    def _bring(self, name: str) -> QWidget:
        """Show a page; what is being typed on the last one is committed first."""
        self.controller.request_flush()
        if PAGE_BY_NAME[self.page_name].task is not None:
            self._came_from = self.page_name
        page, address = self.page(name), self.address
        is_other = self._stack.shown != name
        self._stack.bring(name)
        if isinstance(page, QuestionnairePage) and is_other and address is not None:
            page.show_address(address)  # Qt has given the focus to the first question
        self.rail.mark(PAGE_BY_NAME[name].task)
        self.tabs.show_page(PAGE_BY_NAME[name], self._came_from)
        return page

    def show_page(self, name: str, *, keeps_focus: bool = False) -> None:
        """Show a page with the cursor where one goes on, unless one is going through the rail or the tabs."""
        focused = self.focusWidget()
        page = self._bring(name)
        if keeps_focus and focused is not None:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(page, QuestionnairePage) and self.address is not None:
            page.show_address(self.address)
        else:
            first = page.focusProxy() or first_stop(page)
            (first or page).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_task(self, task: Task, *, keeps_focus: bool = False) -> None:
        """Show the page of a task that was shown last."""
        self.show_page(self.tabs.last_of(task), keeps_focus=keeps_focus)

    def _choose_task(self, task: str) -> None:
        self.show_task(Task(task), keeps_focus=self.rail.buttons[Task(task)].hasFocus())

    def step_tab(self, step: int) -> None:
        """Go to the next page of the task, or to the one before."""
        self.show_page(self.tabs.next_of(self.page_name, step))

    def go_back(self) -> None:
        """Leave a page without a task for the one shown before."""
        self.show_page(self._came_from)

    def questionnaire(self) -> QuestionnairePage:
        page = self._bring("questionnaire")
        assert isinstance(page, QuestionnairePage)
        return page

    def show_address(self, address: Address) -> None:
        self.questionnaire().show_address(address)

    def show_list(self, chosen: "QuestionFilter") -> None:
        self.questionnaire().show_list(chosen)

    def start_report(self) -> None:
        """Go to where a report is made."""
        self.show_page("report")
        cast("ReportPage", self.page("report")).start_report()

    def exchange(self) -> "ImportPage":
        """Show the page for work that comes back, and give it."""
        self.show_page("exchange")
        return cast("ImportPage", self.page("exchange"))

    def stop_jobs(self) -> None:
        """Stop what child processes and threads are doing for this assessment."""
        if self._beside is not None:
            self._beside.stop()
        self._stack.stop()

    def save_now(self) -> None:
        """Commit what is being typed; everything else is on its way to the disk already."""
        self.controller.request_flush()
        self.state.refresh()

    def show_entry(self, entry_id: str) -> None:
        """Go to an action or a register entry."""
        if self.session.entry("actions", entry_id) is not None:
            self.show_page("gaps")
            cast("GapsAndPlanPage", self.page("gaps")).show_action(entry_id)
            return
        if entry_id == self.session.mission.id:
            self.show_page("mission")
            return
        register = next((name for name in REGISTER_TITLES if self.session.entry(name, entry_id)), "")
        if register:
            self._register(register, entry_id)

    def _register(self, register: str, entry_id: str) -> "RegistersPage":
        """Show an entry of a register, and give its page."""
        self.show_page(register)
        page = cast("RegistersPage", self.page(register))
        page.pane.show_entry(entry_id)
        return page

    def _merge_duplicates(self, twins: object) -> None:
        """Go to the registers to join two entries that a merge has brought together."""
        pair = cast("DuplicateEntries", twins)
        self._register(pair.register, pair.here.id).pane.open_merge_card(pair.there.id)

    def protection(self) -> "ProtectionPage":
        """Show the page about the passphrase, and give it."""
        self.show_page("protection")
        return cast("ProtectionPage", self.page("protection"))

    def show_second(self, second: Translator | None) -> None:
        """Show the questions in a second language beside the first, or no longer."""
        self._second = second
        page = self._stack.pages.get("questionnaire")
        if isinstance(page, QuestionnairePage):
            page.show_second(second)

    def _remember_place(self, address: Address) -> None:
        self.address = address

    # -- following ------------------------------------------------------------------------------------------------

    def _follow(self, change: AnswerChange | EntryChange) -> None:
        self.banners.clear("refused")
        self._name_step(change)
        if isinstance(change, EntryChange) and change.register == "agencies":
            self._follow_agencies(change)
        self._rest.start()
        self._review_rest.start()

    def _follow_agencies(self, change: EntryChange) -> None:
        """Record for the first agency that is added, and for another one where the present one is removed."""
        present = self.controller.respondent
        if (not present and change.after is not None) or (change.after is None and change.entry_id == present):
            left = self.session.entries("agencies")
            self.record_for(left[0].id if left else "")

    def _name_step(self, change: AnswerChange | EntryChange) -> None:
        """Write what the last undoable step did on it, where nobody has."""
        stack = self.controller.undo_stack
        command = stack.command(stack.index() - 1) if stack.index() else None
        if command is not None and not command.text():
            command.setText(describe_change(self._formatter, change))
        self.steps_changed.emit()

    def undo(self) -> None:
        """Take the last step back; it is said what was taken back, unless it is one answer that one sees."""
        self.controller.request_flush()
        step = self.controller.undo_stack.undoText()
        if self.controller.undo() > 1 or (step and self.page_name != "questionnaire"):
            said = self._texts.gettext("Undone: {step}").format(step=step)
            self.banners.tell(
                "undone", BannerTone.INFORMATION, said, [(self._texts.gettext("Redo"), self.controller.redo)]
            )

    @property
    def first_address(self) -> Address:
        return Address(next(self.session.instrument.questions()).id)

    @property
    def respondent(self) -> str:
        """The agency in whose name answers are given; empty while there is none."""
        agency = self.controller.respondent
        return self._formatter.wording.agency(agency) if agency else ""

    def record_for(self, agency: str) -> None:
        """Record answers in the name of an agency that somebody has chosen."""
        self._recorded_for = agency
        self.controller.respondent = agency
        self.banners.clear("agency")

    def restore_respondent(self, remembered: RecentAssessment) -> None:
        """Go on with the agency recorded for last; on another day, ask once who answers now."""
        agencies = [entry.id for entry in self.session.entries("agencies")]
        if remembered.respondent in agencies:
            self.record_for(remembered.respondent)
        is_another_day = bool(remembered.opened) and remembered.opened != today()
        if len(agencies) > 1 and (is_another_day or remembered.is_protected) and not self.session.is_read_only:
            self._ask_who_answers()

    def _ask_who_answers(self) -> None:
        say, agency = self._texts.gettext, self.controller.respondent
        sentence = say("Who answers now? Answers are recorded for {agency}.").format(agency=self.respondent)
        go_on: BannerAction = (say("Keep {agency}").format(agency=self.respondent), lambda: self.record_for(agency))
        other: BannerAction = (say("Choose another agency…"), self.agency_wanted.emit)
        self.banners.tell("agency", BannerTone.WARNING, sentence, [go_on, other])

    def _tell_respondent(self, agency: str) -> None:
        """Say that answers are recorded for another agency where nobody chose it in the list, with the way back."""
        before, self._recorded_for = self._recorded_for, agency
        if agency == before or self.session.entry("agencies", before) is None:
            return
        say, name = self._texts.gettext, self._formatter.wording.agency
        sentence = say("Answers are now recorded for {agency}.").format(agency=name(agency))
        back: BannerAction = (say("Record for {agency}").format(agency=name(before)), lambda: self.record_for(before))
        self.banners.tell("agency", BannerTone.INFORMATION, sentence, [back])

    def summary(self) -> RecentAssessment:
        """Return what the start page shows of this file, and where the person is."""
        file, mission = self.session.file, self.session.mission
        if self.session.key is not None:
            # Of a protected file, nothing is remembered but where it lies.
            return RecentAssessment(file=str(file), is_protected=True)
        changed = datetime.fromtimestamp(file.stat().st_mtime).astimezone() if file.exists() else None
        return RecentAssessment(
            file=str(file),
            country=mission.country,
            m49=mission.m49,
            country_name=mission.country_name,
            round=mission.round,
            share=int(round_half_up(self.share * 100, 0)),
            changed=changed.isoformat(timespec="seconds") if changed else "",
            page=self.page_name,
            tabs=self.tabs.last_pages,
            respondent=self.controller.respondent,
            opened=today(),
            address=str(self.address) if self.address else "",
        )

    @property
    def share(self) -> Fraction:
        """How much is answered, 0 to 1."""
        if self._rest.isActive():
            self._rest.stop()
            self._show_progress()
        return self._share

    def _show_progress(self) -> None:
        self._share = self.session.sheet.counts.share
        self.rail.show_progress(self._share)
        self.counted.emit()

    def _count_review(self) -> None:
        """Count what is to be reviewed once nobody is typing."""
        from capacity_app.services.result_tables import count_untranslated, weak_points  # noqa: PLC0415 - as below

        if self._untranslated is None:
            # The wording does not change while the window is open.
            self._untranslated = count_untranslated(self.session.instrument, self.session.mission.language)
        points = weak_points(self.session, self._untranslated)
        self.rail.show_review(count_points_to_review(point.kind for point in points))

    def _refuse(self, error: KnownError) -> None:
        self.banners.tell("refused", BannerTone.WARNING, error.text(self._texts.gettext), stays=False)

    def _tell_read_only(self) -> None:
        reason = self.session.read_only_reason
        if reason is not None:
            save: BannerAction = (self._texts.gettext("Save a copy to work on"), self.copy_wanted.emit)
            choices = [] if self.session.is_newer else [save]
            self.banners.tell(
                "read only", BannerTone.INFORMATION, reason.text(self._texts.gettext), choices, stays=True
            )

    def _tell_newer(self) -> None:
        """Offer a copy under a newer version of the questions; nothing happens by itself."""
        from capacity_app.ui.pages.prepare.versions_page import newer_version  # noqa: PLC0415 - the window stands by now

        newer = newer_version(self.session.instrument)
        if newer is None:
            return
        sentence = self._texts.gettext(
            "This assessment has version {ours} of the questions; version {theirs} is on this computer. A copy with "
            "the new questions can be made; this file stays as it is."
        ).format(ours=self.session.instrument.version, theirs=newer.version)
        look = (self._texts.gettext("See what would change"), lambda: self.show_page("versions"))
        self.banners.tell("newer", BannerTone.INFORMATION, sentence, [look])

    def _note_move(self) -> None:
        """Go on in the recovered copy; its banner offers what is beside it."""
        self._has_moved = True
        self.banners.clear("beside")
        self.moved.emit()

    def _look_beside(self) -> None:
        """Look for copies of this assessment that a sync client left beside it."""
        from capacity_app.ui.pages.file_safety.rescue_page import NewerCopySearch  # noqa: PLC0415 - as above

        if not (self.session.is_read_only or self._has_moved):
            self._beside = NewerCopySearch(self.session, self)
            self._beside.found.connect(self._offer_union)
            self._beside.begin()

    def _offer_union(self, copies: "NewerCopies") -> None:
        """Offer once to merge with copies beside; the page for work that comes back offers it as long as it is true."""
        from capacity_app.ui.pages.file_safety.rescue_page import newer_copies_sentence  # noqa: PLC0415 - as above

        if self._has_moved:
            return  # they are offered already
        self._newer_copies = copies
        if "exchange" in self._stack.pages:
            cast("ImportPage", self.page("exchange")).offer_copies(copies)
        if self.page_name == "exchange":
            return
        files, sentence = tuple(copies), newer_copies_sentence(self._texts, copies)
        unite: BannerAction = (self._texts.gettext("Bring them together"), lambda: self.exchange().merge_with(files))
        self.banners.tell("beside", BannerTone.INFORMATION, sentence, [unite])

    def _tell_failure(self, failed: SaveFailed) -> None:
        if self.watch.take(failed.error):
            return
        say = self._texts.gettext
        count = self._texts.counted(
            "{count} change is kept in memory.", "{count} changes are kept in memory.", failed.waiting
        )
        sentence = f"{failed.error.text(say)} {count}"
        retry = (say("Try again"), self.save_now)
        save = (say("Save a copy elsewhere"), self.copy_wanted.emit)
        self.banners.tell("save", BannerTone.DANGER, sentence, [save, retry])

    def _tell_no_backup(self, error: KnownError) -> None:
        """Say once that a backup could not be made; the work goes on."""
        if not self._knows_of_no_backup:
            self._knows_of_no_backup = True
            self.banners.tell("backup", BannerTone.WARNING, error.text(self._texts.gettext))

    def _clear_failure(self) -> None:
        if self.state.is_safe:
            self.banners.clear("save")
