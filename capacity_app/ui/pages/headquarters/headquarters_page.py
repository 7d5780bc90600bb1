"""The page of headquarters: choose folders, read them, triage the files, look at regions and gaps, and hand it on."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.headquarters.synthesis import Synthesis
from capacity_app.domain.problems import N_
from capacity_app.i18n.synthesis_formatter import SynthesisFormatter
from capacity_app.i18n.translator import Translator
from capacity_app.services import protection
from capacity_app.ui.pages.headquarters.files_tab import FilesTab
from capacity_app.ui.pages.headquarters.sources import AggregationJob, RepositoryReader, SourcesCard, locate_file
from capacity_app.ui.pages.headquarters.synthesis_tabs import OverdueActionsTab, RegionsTab, SharedGapsTab
from capacity_app.ui.question_widgets.panel_parts import EqualColumns
from capacity_app.ui.session.file_dialogs import ask_place
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import BannerTone, OutcomeBanner, actions_to_open, open_with_desktop
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, page_heading, scroll_area_of
from capacity_app.ui.widgets.flow import Flow, TabRow
from capacity_app.ui.widgets.layouts import Stack, holder_of, lay_out, with_action, with_name
from capacity_app.ui.widgets.progress_card import ProgressLine

_SOURCES, _BOARD = range(2)
_LEAST_LINES, _SIDE_LETTERS = 14, 56
_EXPORTS: tuple[tuple[str, str, str], ...] = (
    ("pdf", N_("Synthesis as PDF…"), ".pdf"),
    ("xlsx", N_("Synthesis as workbook…"), ".xlsx"),
    ("parquet", N_("Tables as Parquet…"), ".parquet"),
    ("csv", N_("Tables as CSV…"), ".csv"),
)
_STEPS = (
    N_("The program checks and reads each file. Each file gets a status and a reason."),
    N_("The program finds duplicates, older copies and previous rounds. Where files conflict, you choose."),
    N_("You see the results by region, as distributions and not as a ranking."),
)


class HeadquartersPage(QWidget):
    """Everything about many countries' files. ``left`` goes back, ``assessment_wanted`` carries a file to open."""

    left = Signal()
    assessment_wanted = Signal(object)

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__()
        self._texts, self._settings = texts, settings
        self.repository: Path | None = None
        self.synthesis: Synthesis | None = None
        self.setObjectName("headquarters")
        self.sources = SourcesCard(texts, settings)
        self.files = FilesTab(texts, self._locate)
        self.regions, self.gaps = RegionsTab(texts), SharedGapsTab(texts)
        self.actions_tab = OverdueActionsTab(texts)
        self.gathering = AggregationJob(texts, self)
        self.reader = RepositoryReader(texts, self)
        self._counts = ""
        self._lay_out()
        self._connect()
        self._go(_SOURCES)
        self._show_running()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.said = with_name(Label(is_muted=True), "headquarters_said")
        title = page_heading(say("Headquarters"))
        title.addWidget(self.said)
        self.back = with_action(Button(say("Close"), "close"), "headquarters_back", self.left.emit)
        head = lay_out(QHBoxLayout(), (title, 1), (self.back, 0, Qt.AlignmentFlag.AlignTop))
        column = lay_out(QVBoxLayout(self), head, self._progress(), margins=(WIDE, LARGE, WIDE, LARGE), spacing=MEDIUM)
        outcomes = QVBoxLayout()
        self._outcome = OutcomeBanner(self._texts, "headquarters_outcome", outcomes.addWidget)
        column.addLayout(outcomes)
        self._stack = Stack(self._beginning(), self._board())
        column.addWidget(self._stack, 1)

    def _progress(self) -> QWidget:
        self._running = Card(margin=MEDIUM)
        self._line = ProgressLine("headquarters_step")
        self.cancel = with_action(Button(self._texts.gettext("Cancel")), "headquarters_cancel", self.gathering.cancel)
        self._running.body.addLayout(lay_out(QHBoxLayout(), (self._line, 1), self.cancel, spacing=MEDIUM))
        return self._running

    def _beginning(self) -> QWidget:
        """Return what one sees first: what to read, and what the program does with it."""
        steps = [f"{self._texts.number(number)}  {self._texts.gettext(step)}" for number, step in enumerate(_STEPS, 1)]
        about = Card(Label(self._texts.gettext("What the program does"), TextRole.HEADING), margin=LARGE)
        lay_out(about.body, *(Label(step, is_muted=True) for step in steps), 1)
        sides = EqualColumns(_SIDE_LETTERS)
        for side in (self.sources, about):
            sides.place(side)
        area = scroll_area_of(holder_of(QVBoxLayout(), sides, 1))
        area.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        return area

    def _board(self) -> QWidget:
        page = QWidget()
        column = lay_out(QVBoxLayout(page), self._known(), margins=0, spacing=MEDIUM)
        self.tabs = TabRow("headquarters_tab")
        self._views = Stack()
        say = self._texts.gettext
        views = (self.files, self.regions, self.gaps, self.actions_tab)
        names = (say("Files"), say("Regions"), say("Gaps"), say("Overdue actions"))
        for name, view in zip(names, views, strict=True):
            self.tabs.addTab(name)
            self._views.addWidget(view)
        self.tabs.currentChanged.connect(self._views.setCurrentIndex)
        lay_out(column, self.tabs, (self._views, 1))
        return page

    def _known(self) -> QWidget:
        """Return what can be done with the repository that is shown."""
        say = self._texts.gettext
        ways = Flow(SMALL)
        self.again = with_action(Button(say("Read again"), "round"), "headquarters_again", self.sources.start)
        others = Button(say("Choose other folders"), "folder")
        self.others = with_action(others, "headquarters_others", self.show_sources)
        ways.place(self.again)
        ways.place(self.others)
        self.exports = {}
        for sign, label, suffix in _EXPORTS:
            known = sign if sign in {"pdf", "xlsx"} else "availability"
            button = with_name(Button(say(label), known), f"headquarters_{sign}")
            button.clicked.connect(lambda _checked, suffix=suffix: self.ask_export(suffix))
            self.exports[suffix] = button
            ways.place(button)
        return ways

    def _connect(self) -> None:
        self.sources.wanted.connect(self.gather)
        self.sources.open_wanted.connect(self.open_repository)
        self.files.assessment_wanted.connect(self.assessment_wanted)
        self.files.folder_wanted.connect(open_with_desktop)
        self.files.problems_wanted.connect(self._want_problems)
        self.files.preferred.connect(self._prefer)
        self.regions.chosen.connect(self._read)
        self.gathering.progressed.connect(self._line.show_progress)
        self.gathering.running_changed.connect(self._show_running)
        self.gathering.gathered.connect(lambda file: self.open_repository(Path(file)))
        self.gathering.made.connect(self._tell_made)
        self.gathering.failed.connect(lambda sentence: self._outcome.tell(BannerTone.DANGER, sentence))
        self.gathering.cancelled.connect(self._tell_cancelled)
        self.reader.read.connect(self._show)
        self.reader.failed.connect(self._refuse)
        self.reader.problems_read.connect(self.files.show_problems)

    def _want_problems(self, file_hash: str) -> None:
        if self.repository is not None:
            self.reader.want_problems(self.repository, file_hash)

    def _prefer(self, path: str) -> None:
        """Read again, with the file that a person chose where files conflict."""
        if self.repository is None:
            return
        if self._folders():
            self._outcome.clear()
            self.gathering.gather(self._folders(), self.repository, self.sources.protected.keys, path)
        else:
            needed = N_("Add the folder that this repository was made from, then choose the file again.")
            self._refuse(self._texts.gettext(needed))

    def _locate(self, path: str) -> Path | None:
        return locate_file(path, self._folders())

    def _folders(self) -> tuple[Path, ...]:
        """Return the folders from which the shown repository was read, as far as this computer knows."""
        if self.repository is None:
            return ()
        return tuple(map(Path, self._settings.repositories().get(str(self.repository), ())))

    def gather(self, folders: Sequence[Path], repository: Path) -> None:
        self._outcome.clear()
        self._settings.remember_repository(repository, folders)
        self.gathering.gather(folders, repository, self.sources.protected.keys)

    def open_repository(self, file: Path) -> None:
        self._outcome.clear()
        self._settings.remember_repository(file, ())
        self.repository = file
        self._read()

    def _read(self) -> None:
        if self.repository is not None:
            self.reader.start(self.repository, self.regions.choice)

    def _show(self, file: Path, made: Synthesis) -> None:
        self.repository, self.synthesis = file, made
        formatter = SynthesisFormatter(self._texts, made)
        self.files.show_synthesis(made)
        self.regions.show_synthesis(formatter)
        self.gaps.show_synthesis(formatter)
        self.actions_tab.show_synthesis(formatter)
        self.sources.show_sources(file, self._folders())
        self.again.setVisible(bool(self._folders()))
        number, say = self._texts.number, self._texts.gettext
        self._counts = say("{file}: {files} files. {countries} that can be compared.").format(
            file=file.name, files=number(len(made.files)), countries=formatter.countries(made.who.countries)
        )
        if self._stack.currentIndex() != _BOARD:
            self._go(_BOARD)
            self.files.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.said.setText(self._counts)
        self._show_running()

    def _go(self, page: int) -> None:
        """Go to the form or to the board, and say what it is about."""
        self._stack.setCurrentIndex(page)
        about = N_("Combine the files of many countries into regional results.")
        self.said.setText(self._counts if page == _BOARD else self._texts.gettext(about))

    def _refuse(self, sentence: str) -> None:
        self._go(_SOURCES)
        self._outcome.tell(BannerTone.DANGER, sentence)

    def show_sources(self) -> None:
        self._go(_SOURCES)
        self.sources.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_export(self, suffix: str) -> None:
        """Ask where to put a synthesis of a kind (".pdf")."""
        if self.repository is None:
            return
        title = self._texts.gettext("Choose the place of the file")
        suggestion = self.repository.with_name(f"synthesis{suffix}")
        if (out := ask_place(self.window(), title, suggestion, suffix)) is not None:
            self.export(out)

    def export(self, out: Path) -> None:
        """Make a synthesis of what is shown."""
        if self.repository is not None:
            self._outcome.clear()
            self.gathering.make(self.repository, out, self.regions.choice)

    def _tell_made(self, file: str) -> None:
        say, path = self._texts.gettext, Path(file)
        if path.is_dir():
            sentence = say("The tables are ready in the folder {file}").format(file=file)
            self._outcome.tell(BannerTone.GOOD, sentence, [(say("Show folder"), lambda: open_with_desktop(path))])
        else:
            sentence = say("The synthesis is ready: {file}").format(file=file)
            told = " ".join(filter(None, (sentence, protection.unsigned_warning(path, say))))
            self._outcome.tell(BannerTone.GOOD, told, actions_to_open(path, self._texts))

    def _tell_cancelled(self) -> None:
        say = self._texts.gettext
        kept = say("Cancelled. The files read so far are kept. Read again to continue.")
        told = kept if self.gathering.is_reading else say("Cancelled. Nothing was written.")
        self._outcome.tell(BannerTone.INFORMATION, told)

    def _show_running(self) -> None:
        is_running = self.gathering.is_running
        self._running.setVisible(is_running)
        for button in (self.sources.read, self.sources.open, self.again, *self.exports.values()):
            button.setEnabled(not is_running)

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence

    def stop(self) -> None:
        self.gathering.stop()
        self.reader.stop()

    def focus_first(self) -> None:
        self.sources.add.setFocus(Qt.FocusReason.OtherFocusReason)
