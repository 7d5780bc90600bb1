"""Import, merge, verify: an overview, and in its place a file being imported or verified, or files being merged."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import effective_answer
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import ReturnedFile
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange import merge
from capacity_app.services.exchange.merge import MergePlan, MergeResult
from capacity_app.services.exchange.merge_sources import DuplicateEntries
from capacity_app.services.exchange.returned_files import imported_revisions
from capacity_app.services.session.revision_log import AnswerChange
from capacity_app.ui.pages.deliver.file_check import FileCheckCard, FileCheckJob, dropped_file
from capacity_app.ui.pages.deliver.import_jobs import FileReadJob, MergePlanJob
from capacity_app.ui.pages.deliver.import_overview import ImportOverview
from capacity_app.ui.pages.deliver.import_preview import ImportPreview, ImportResult
from capacity_app.ui.pages.deliver.merge_page import ConflictsPage, new_conflicts_page, new_merge_page
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockCard
from capacity_app.ui.pages.file_safety.rescue_page import NewerCopies, unmerged_copies
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import file_pattern, offer_files
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX, Settings
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import BannerAction, BannerTone
from capacity_app.ui.widgets.cards import Label, WrappedContainer, scroll_area_of
from capacity_app.ui.widgets.layouts import Stack, discard, holder_of, lay_out
from capacity_app.ui.widgets.messages import BannerArea
from capacity_app.ui.widgets.progress_card import ProgressCard

RETURNED_SUFFIXES = (".xlsx", ".docx", ".csv", ".zip")
"""What a returned file may be."""
_SEPARATE = "merge.separate"
_PROTECTED = "merge.protected"
_ASK_SEPARATE = N_(
    "One file is of the same country and round, but not a copy of this assessment. You can merge it too."
)
_NOT_RETURNED = N_(
    "“{file}” is not a workbook, a Word file or an export of ODK or KoboToolbox. Nothing was changed. Choose the "
    ".xlsx, .docx, .csv or .zip file that the agency sent."
)


def imported_sentence(formatter: EntryFormatter, taken: ImportResult) -> str:
    texts = formatter.texts
    told = [
        texts.gettext("“{file}” was imported as answers of {agency}.").format(
            file=taken.file, agency=formatter.title_of("agencies", taken.agency)
        ),
        texts.counted("{count} answer was imported.", "{count} answers were imported.", taken.answers),
    ]
    if taken.remarks:
        told.append(texts.counted("{count} remark was kept.", "{count} remarks were kept.", taken.remarks))
    if taken.not_imported:
        told.append(texts.counted(
            "{count} text was not imported. It is kept with the file.",
            "{count} texts were not imported. They are kept with the file.",
            taken.not_imported,
        ))  # fmt: skip
    entry, session = formatter.session.entry("returns", taken.entry_id), formatter.session
    places = [one.key.address for one in imported_revisions(session, entry)] if isinstance(entry, ReturnedFile) else []
    disputed = [place for place in dict.fromkeys(places) if effective_answer(session.answers_at(place)).conflict]
    if disputed:
        told.append(
            texts.gettext("Agencies disagree now: {places}.").format(places=_listed_places(formatter, disputed))
        )
    return " ".join(told)


_MOST_PLACES = 12
"""Questions and cells that a sentence names one by one."""


def _listed_places(formatter: EntryFormatter, places: Sequence[Address | str]) -> str:
    """List places by their numbers, and entries by their names, as many as a sentence may have."""
    names = [one if isinstance(one, str) else formatter.wording.number_at(one) for one in places[:_MOST_PLACES]]
    return formatter.texts.listed([*names, *(["…"] if len(places) > _MOST_PLACES else [])])


def merged_sentence(formatter: EntryFormatter, result: MergeResult) -> str:
    texts, told = formatter.texts, []
    if result.revisions:
        told.append(texts.counted("{count} change was merged.", "{count} changes were merged.", result.revisions))
    changed: list[Address | str] = [
        change.key.address
        if isinstance(change, AnswerChange)
        else formatter.title(change.register, change.after or change.before)
        for change in result.changes
    ]
    if changed:
        named = _listed_places(formatter, list(dict.fromkeys(changed)))
        told.append(texts.gettext("Changed here: {places}.").format(places=named))
    if result.settled:
        told.append(texts.counted("{count} conflict is decided.", "{count} conflicts are decided.", result.settled))
    if result.still_open:
        told.append(
            texts.counted("{count} conflict is still open.", "{count} conflicts are still open.", result.still_open)
        )
    told += [problem.text(texts.gettext) for problem in result.problems]
    return " ".join(told) or texts.gettext("The files hold nothing new. Nothing was changed.")


class ImportPage(WrappedContainer):
    """Shows one of its views. ``navigate`` carries an address, ``report_wanted`` asks for the report page.

    ``merge_duplicates_wanted`` carries the ``DuplicateEntries`` to be joined in the registers; ``merging_begun`` tells
    that files are being compared.
    """

    navigate = Signal(object)
    report_wanted = Signal()
    merge_duplicates_wanted = Signal(object)
    merging_begun = Signal()

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("exchange_page")
        self._controller, self._texts, self._settings = controller, texts, settings
        self._formatter = EntryFormatter(texts, controller.session)
        self._file = Path()
        self._step = -1
        self._waiting_submissions: list[ReturnedContent] = []
        self.view: ImportPreview | ConflictsPage | None = None
        self.banners = BannerArea(texts)
        self.reading = FileReadJob(texts, self)
        self.planner = MergePlanJob(controller, state, self)
        self.overview = ImportOverview(controller, self._formatter)
        self.waiting = ProgressCard(texts, "exchange")
        self.file_check = FileCheckJob(controller, texts, state, self)
        self.check_card = FileCheckCard(texts, self.file_check, lambda: settings.folder)
        self._check_area = scroll_area_of(self.check_card, scrolls_sideways=False)
        self._check_area.setFocusProxy(self.check_card)
        self.unlock = UnlockCard(texts, leave=texts.gettext("Continue without this file"))
        self._locked_plan: MergePlan | None = None
        self._is_other_welcome = False
        self._newer_copies: NewerCopies = {}
        self._title = Label("", TextRole.HEADING)
        self._stack = Stack()
        self._fresh = RefreshOnShow(self, controller, self._count_open)
        self._lay_out()
        self._connect()
        self._show(self.overview, "")
        self.setAcceptDrops(True)

    def _lay_out(self) -> None:
        column = lay_out(
            QVBoxLayout(self), self._title, self.banners, margins=(WIDE, SMALL, WIDE, MEDIUM), spacing=MEDIUM
        )
        for view in (self.overview, self.waiting, self._at_the_top(self.unlock), self._check_area):
            self._stack.addWidget(view)
        column.addWidget(self._stack, 1)

    @staticmethod
    def _at_the_top(card: QWidget) -> QWidget:
        holder = holder_of(QVBoxLayout(), card, 1)
        holder.setFocusProxy(card)
        return holder

    def _connect(self) -> None:
        self.unlock.opened.connect(self._compare_again)
        self.unlock.left.connect(self._go_on_without)
        self.overview.navigate.connect(self.navigate)
        self.overview.report_wanted.connect(self.report_wanted)
        self.overview.import_wanted.connect(self.ask_returned)
        self.overview.merge_wanted.connect(self.ask_merge)
        self.overview.settle_wanted.connect(self.settle)
        self.overview.union_wanted.connect(self.merge_with)
        self.overview.verify_wanted.connect(self.show_verification)
        self.check_card.left.connect(self.show_overview)
        self.waiting.cancelled.connect(self._cancel)
        self.reading.progressed.connect(self.waiting.show_progress)
        self.reading.read.connect(self._preview_all)
        self.reading.failed.connect(self._fail)
        self.reading.cancelled.connect(self.show_overview)
        self.planner.planned.connect(self._look_at)
        self.planner.failed.connect(lambda error: self._fail(error.text(self._texts.gettext)))
        for job, name in (
            (self.reading, self._texts.gettext("Import")),
            (self.planner, self._texts.gettext("Comparison of files")),
            (self.file_check, self._texts.gettext("Check of a file")),
        ):
            self._controller.jobs.follow(job, name)
        self._controller.undo_stack.indexChanged.connect(self._look_at_outcome)

    def _count_open(self) -> None:
        """Show how much an earlier merge has left open, and which files beside this one are to be merged yet."""
        session = self._controller.session
        self.overview.show_open_conflicts(len(merge.open_conflicts(session)))
        self.overview.show_newer_copies(unmerged_copies(session, self._newer_copies))

    def offer_copies(self, copies: NewerCopies) -> None:
        """Offer to merge with files beside this one as long as they have changes that are not here."""
        self._newer_copies = copies
        self.overview.show_newer_copies(unmerged_copies(self._controller.session, copies))

    def _show(self, view: QWidget, title: str) -> None:
        focused = QApplication.focusWidget()
        # What arrives after a wait takes the focus from nobody who has gone on elsewhere, as to the command box.
        is_elsewhere = focused is not None and not self.isAncestorOf(focused)
        is_arriving = self._stack.currentWidget() is self.waiting
        self._title.show_or_hide(title)
        self._stack.setCurrentWidget(view)
        self.setFocusProxy(view)
        if self.isVisible() and not (is_arriving and is_elsewhere):
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_overview(self) -> None:
        """Go back to the overview; a preview is left, and nothing of it is stored."""
        view, self.view = self.view, None
        self._show(self.overview, "")
        if view is not None:
            self._stack.removeWidget(view)
            discard(view)

    def _wait(self, title: str) -> None:
        self._waiting_submissions = []
        self.show_overview()
        self.banners.clear_all()
        self.overview.outcome.clear()
        self.waiting.begin(title)
        self._show(self.waiting, "")

    def _cancel(self) -> None:
        self.planner.cancel()
        if self.reading.is_running:
            self.reading.cancel()
        else:
            self.show_overview()

    def _fail(self, sentence: str) -> None:
        self.show_overview()
        self.banners.tell("exchange", BannerTone.DANGER, sentence)

    def _show_view(self, view: ImportPreview | ConflictsPage, title: str) -> None:
        self.view = view
        view.left.connect(self._leave)
        self._stack.addWidget(view)
        self._show(view, title)

    def ask_returned(self) -> None:
        say, start = self._texts.gettext, self._settings.folder
        named = file_pattern(say("Workbooks and Word files"), RETURNED_SUFFIXES)
        patterns, title = (named, file_pattern(say("All files"), ("",))), say("Import returned file")
        offer_files(self, title, start, patterns, lambda files: self.take_in(*files), many=False)

    def take_in(self, file: Path) -> None:
        """Read a returned file in a child process, and show what importing it would do."""
        if self.reading.is_running:
            return
        if file.suffix.casefold() not in RETURNED_SUFFIXES:
            self._fail(self._texts.gettext(_NOT_RETURNED).format(file=file.name))
            return
        self.planner.cancel()
        self._file = file
        self._settings.folder = file.parent
        self._wait(self._texts.gettext("Reading {file}…").format(file=file.name))
        self.reading.start(file, self._controller.session.instrument)

    def _preview_all(self, returned: ReturnedContent) -> None:
        """Show what was read; of several submissions in one file one after the other."""
        self._waiting_submissions = list(returned.others)
        self.preview(self._file, returned)

    def preview(self, file: Path, returned: ReturnedContent) -> None:
        page = ImportPreview(self._controller, self._formatter, file, returned)
        page.done.connect(self._tell_imported)
        self._show_view(page, self._texts.gettext("Import “{file}”").format(file=returned.file))
        if left := len(self._waiting_submissions):
            said = self._texts.counted(
                "{count} more submission of this file follows.", "{count} more submissions of this file follow.", left
            )
            self.banners.tell("submissions", BannerTone.INFORMATION, said, stays=True)

    def _go_on(self) -> bool:
        """Show the next submission of the same file; tells whether there is one."""
        self.banners.clear("submissions")
        if not self._waiting_submissions:
            return False
        self.show_overview()
        self.preview(self._file, self._waiting_submissions.pop(0))
        return True

    def _leave(self) -> None:
        """Leave a preview, for the next submission if the file holds more."""
        if not self._go_on():
            self.show_overview()

    def _tell_imported(self, taken: ImportResult) -> None:
        say = self._texts.gettext
        if self._go_on():
            return
        self.show_overview()
        self.overview.show_file(taken.entry_id)
        self._tell(imported_sentence(self._formatter, taken), [("outcome_undo", (say("Undo"), self._undo))])
        if taken.answers:
            self._show_answers()

    def _show_answers(self) -> None:
        """Go to the list of all answers of the import; each leads to its question."""
        answers = self.overview.detail.answers
        answers.setCurrentIndex(answers.lines.index(0, 0))
        answers.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_merge(self) -> None:
        """Ask which files to merge with; several may be chosen."""
        say, start = self._texts.gettext, self._settings.folder
        named = file_pattern(say("Assessments"), (ASSESSMENT_SUFFIX,))
        patterns = (named, file_pattern(say("All files"), ("",)))
        offer_files(self, say("Merge officers’ files"), start, patterns, self.merge_with, many=True)

    def merge_with(self, files: Sequence[Path], *, allow_other_assessment: bool = False) -> None:
        """Read other officers' files beside the window, and show what merging them would do.

        ``allow_other_assessment`` takes assessments that were begun separately too.
        """
        if not files or self.reading.is_running:
            return
        self._settings.folder = files[0].parent
        self._wait(
            self._texts.gettext("Comparing with {files}").format(files=self._texts.listed(file.name for file in files))
        )
        self._is_other_welcome = allow_other_assessment
        self.merging_begun.emit()
        self.planner.start(files, allow_other_assessment=allow_other_assessment)

    def _look_at(self, plan: MergePlan) -> None:
        locked = next((one.path for one in plan.sources if one.problem and one.problem.code == _PROTECTED), None)
        if locked is None:
            self._preview_merge(plan)
            return
        self._locked_plan = plan
        self.unlock.ask(locked)
        holder = self.unlock.parentWidget()
        assert holder is not None, "the card has a place in the stack"
        self._show(holder, self._texts.gettext("Merge officers’ files"))

    def _compare_again(self, ring: Keyring) -> None:
        """Read the files once more, now that one more of them opens."""
        self._controller.keys = self._controller.keys.combined_with(ring)
        if self._locked_plan is not None:
            files = [source.path for source in self._locked_plan.sources]
            self.merge_with(files, allow_other_assessment=self._is_other_welcome)

    def _go_on_without(self) -> None:
        self.unlock.forget()
        if self._locked_plan is not None:
            self._preview_merge(self._locked_plan)

    def _preview_merge(self, plan: MergePlan) -> None:
        page = new_merge_page(self._controller, self._formatter, plan)
        page.done.connect(lambda result: self._tell_merged(result, plan))
        self._show_view(page, self._texts.gettext("Merge officers’ files"))
        if any(source.problem is not None and source.problem.code == _SEPARATE for source in plan.sources):
            files = [source.path for source in plan.sources]
            welcome: BannerAction = (self._texts.gettext("Merge this file too"),
                               lambda: self.merge_with(files, allow_other_assessment=True))  # fmt: skip
            self.banners.tell(
                "separate", BannerTone.INFORMATION, self._texts.gettext(_ASK_SEPARATE), [welcome], stays=True
            )

    def settle(self) -> None:
        """Show the conflicts that earlier merges left open."""
        self.banners.clear_all()
        self.overview.outcome.clear()
        page = new_conflicts_page(self._controller, self._formatter, merge.open_conflicts(self._controller.session))
        page.done.connect(lambda result: self._tell_merged(result, None))
        self._show_view(page, self._texts.gettext("Decide on open conflicts"))

    def _tell_merged(self, result: MergeResult, plan: MergePlan | None) -> None:
        say = self._texts.gettext
        self.show_overview()
        self._fresh.refresh()
        choices: list[tuple[str, BannerAction]] = [("outcome_undo", (say("Undo"), self._undo))]
        for number, twins in enumerate(plan.twins if plan else ()):
            name = self._formatter.title(twins.register, twins.here)
            label = say("Merge duplicates of “{name}”…").format(name=name)
            choices.append((f"outcome_join_{number}", (label, self._joining(twins))))
        self._tell(merged_sentence(self._formatter, result), choices)

    def _joining(self, twins: DuplicateEntries) -> Callable[[], None]:
        return lambda: self.merge_duplicates_wanted.emit(twins)

    def _tell(self, sentence: str, choices: Sequence[tuple[str, BannerAction]]) -> None:
        self._step = self._controller.undo_stack.index()
        self.overview.tell(sentence, choices)

    def _undo(self) -> None:
        self._controller.undo()

    def _look_at_outcome(self, index: int) -> None:
        """Offer to undo only while it is the last step."""
        if self.overview.outcome.sentence and index != self._step:
            self.overview.outcome.clear()

    def show_verification(self) -> None:
        """Show where a file is compared with this assessment."""
        self.banners.clear_all()
        self._show(self._check_area, self._texts.gettext("Verify a file"))

    def _file_to_verify(self, event: QDropEvent) -> Path | None:
        """Return a dropped file that is to be verified; the window imports the others."""
        file = dropped_file(event.mimeData())
        is_returned = file is not None and file.suffix.casefold() in RETURNED_SUFFIXES
        return None if is_returned and self._stack.currentWidget() is not self._check_area else file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._file_to_verify(event) is None:
            event.ignore()
            return
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = self._file_to_verify(event)
        if file is not None:
            self.show_verification()
            self.check_card.check(file)
            event.acceptProposedAction()

    def stop(self) -> None:
        """Stop what is read, and let go of opened copies; for closing the window."""
        self.reading.stop()
        self.file_check.stop()
        self.planner.stop()
        self.overview.detail.remove_copies()
