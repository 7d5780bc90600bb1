"""Write a questionnaire in Excel: templates, the workbook of one that is there, and reading it back."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry, Job
from capacity_app.ui.library.tab import LibraryTab
from capacity_app.ui.library.writing_cards import ReadCard, TakeCard, TemplateCard
from capacity_app.ui.look.alerts import Banner, Choice, Tone
from capacity_app.ui.report.report_form import open_outside
from capacity_app.ui.shell.file_dialogs import with_ending
from capacity_app.ui.shell.settings import Settings

SUFFIX = ".xlsx"


class WritingTab(LibraryTab):
    """Write a questionnaire in Excel: templates, the workbook of one that is there, and reading it back."""

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(texts, settings)
        self.setObjectName("writing")
        self.setAcceptDrops(True)
        self._outcome: Banner | None = None
        self._file = Path()
        self._is_use = False
        self.template, self.take, self.read = TemplateCard(texts), TakeCard(texts), ReadCard(texts)
        for card in (self.template, self.take, self.read):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.template.wanted.connect(self._ask_template)
        self.take.wanted.connect(self._ask_book)
        self.read.wanted.connect(self._ask_file)
        self.read.agreed.connect(self._use)
        self.job = Job(texts.tag, self)
        self.job.done.connect(self._finish_book)
        self.job.failed.connect(self._fail)
        self.inquiry = Inquiry(texts.tag, self)
        self.read.stopped.connect(self.inquiry.cancel)
        self.inquiry.answered.connect(self._show)
        self.inquiry.failed.connect(self._fail_reading)
        self.inquiry.cancelled.connect(lambda: self.read.show_running(is_running=False))

    @property
    def is_running(self) -> bool:
        """Whether something is being made or read."""
        return self.job.is_running or self.inquiry.is_running

    def show_entry(self, entry: Entry | None) -> None:
        """Show a questionnaire."""
        super().show_entry(entry)
        title = self.texts.wording(entry.id, "instrument|title", entry.title) if entry else ""
        self.template.show_base(entry.id if entry else "", title)
        self.take.show_entry(entry, title)

    # -- making --------------------------------------------------------------------------------------------------------

    def _ask_place(self, name: str, title: str) -> Path | None:
        suggestion = str(self.settings.folder / f"{name}{SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self.window(), title, suggestion, f"*{SUFFIX}")
        if not chosen:
            return None
        file = with_ending(Path(chosen), SUFFIX)
        self.settings.folder = file.parent
        return file

    def _ask_template(self) -> None:
        file = self._ask_place(self.template.chosen_id, self.texts.gettext("Where the template is saved"))
        if file is not None:
            self.make_template(file)

    def make_template(self, file: Path) -> None:
        """Make a template as the card says."""
        card = self.template
        base = ["--supplement-of", card.base] if card.base else []
        language = ["--language", self.texts.language]
        self._start(["instrument", "new", card.chosen_id, str(file), "--title", card.chosen_title, *base, *language])

    def _ask_book(self) -> None:
        if self.entry is None:
            return
        name = f"{self.entry.id}-{self.entry.version}"
        file = self._ask_place(name, self.texts.gettext("Where the workbook is saved"))
        if file is not None:
            self.make_book(file)

    def make_book(self, file: Path) -> None:
        """Save the chosen questionnaire with all its supplements as a workbook."""
        if self.entry is not None:
            self._start(["instrument", "book", str(self.entry.folder), str(file)])

    def _start(self, arguments: Sequence[str]) -> None:
        if not self.is_running:
            self._clear()
            self.job.start([*arguments, "--progress"])

    def _finish_book(self, file: str) -> None:
        say, path = self.texts.gettext, Path(file)
        self._tell(Tone.GOOD, say("The workbook is ready: {file}").format(file=file), (
            (say("Open the file"), lambda: open_outside(path)),
            (say("Show the folder"), lambda: open_outside(path.parent)),
        ))  # fmt: skip

    def _fail(self, sentence: str) -> None:
        unknown = self.texts.gettext("The program that does this stopped. Nothing was changed. Try once more.")
        self._tell(Tone.DANGER, sentence or unknown)

    # -- reading -------------------------------------------------------------------------------------------------------

    def _ask_file(self) -> None:
        title = self.texts.gettext("Read a workbook")
        chosen, _ = QFileDialog.getOpenFileName(self.window(), title, str(self.settings.folder), f"*{SUFFIX}")
        if chosen:
            self.settings.folder = Path(chosen).parent
            self.read_file(Path(chosen))

    def read_file(self, file: Path) -> None:
        """Read a workbook and show what it holds; nothing is changed."""
        if not self.is_running:
            self._file = file
            self._ask(is_use=False)

    def _use(self) -> None:
        if not self.is_running:
            self._ask(is_use=True)

    def _ask(self, *, is_use: bool) -> None:
        self._clear()
        self._is_use = is_use
        self.read.show_running(is_running=True, file=self._file.name)
        self.inquiry.start(["instrument", "from-book", str(self._file), "--json", *(["--yes"] if is_use else [])])

    def _show(self, answer: dict[str, object]) -> None:
        self.read.show_running(is_running=False)
        self.read.show_answer(answer, is_used=bool(answer.get("written")))
        if not self._is_use:
            return
        if answer.get("written"):
            sentence = self.texts.gettext("“{title}” is now on this computer and can be chosen for new assessments.")
            self._tell(Tone.GOOD, sentence.format(title=answer.get("title", "")))
            self.changed.emit(str(answer.get("id", "")))

    def _fail_reading(self, sentence: str) -> None:
        self.read.show_running(is_running=False)
        self.read.show_nothing()
        self._fail(sentence)

    # -- what is said --------------------------------------------------------------------------------------------------

    def _tell(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        self._clear()
        self._outcome = Banner(self.texts, tone, sentence, choices)
        self._outcome.setObjectName("writing_outcome")
        self._outcome.closer.clicked.connect(lambda _checked: self._clear())
        self.body.insertWidget(0, self._outcome)

    def _clear(self) -> None:
        if self._outcome is not None:
            self._outcome.hide()
            self._outcome.deleteLater()
            self._outcome = None

    @property
    def outcome(self) -> str:
        """What the last piece of work ended with, empty while none has."""
        return self._outcome.sentence if self._outcome is not None else ""

    def stop(self) -> None:
        """Stop what runs, as the page is left."""
        self.job.stop()
        self.inquiry.stop()

    # -- dropping ------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a workbook."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read a dropped workbook."""
        file = _dropped(event)
        if file is not None:
            event.acceptProposedAction()
            self.read_file(file)


def _dropped(event: QDropEvent) -> Path | None:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((file for file in files if file.suffix.casefold() == SUFFIX), None)
