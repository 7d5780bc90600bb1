"""Collect with ODK or KoboToolbox: a questionnaire as XLSForm and back, and the answers collected there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.library.forms_cards import AnswersCard, FormCard, FormReadCard
from capacity_app.ui.library.tab import LibraryTab
from capacity_app.ui.look.alerts import Banner, Choice, Tone
from capacity_app.ui.report.report_form import open_outside
from capacity_app.ui.shell.file_dialogs import with_ending
from capacity_app.ui.shell.settings import Settings

SUFFIX = ".xlsx"


class FormsTab(LibraryTab):
    """Collect with ODK or KoboToolbox: a questionnaire as XLSForm and back, and the answers collected there."""

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(texts, settings)
        self.setObjectName("forms")
        self.setAcceptDrops(True)
        self._outcome: Banner | None = None
        self._file = Path()
        self.form, self.read, self.answers = FormCard(texts), FormReadCard(texts), AnswersCard(texts)
        for card in (self.form, self.answers, self.read):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.making = Inquiry(texts.tag, self)
        self.making.answered.connect(self._tell_made)
        self.making.failed.connect(self._fail_making)
        self.making.cancelled.connect(lambda: self.form.show_running(is_running=False))
        self.reading = Inquiry(texts.tag, self)
        self.reading.answered.connect(self._show)
        self.reading.failed.connect(self._fail_reading)
        self.reading.cancelled.connect(lambda: self.read.show_running(is_running=False))
        self.form.wanted.connect(self._ask_place)
        self.read.wanted.connect(self._ask_file)
        self.read.agreed.connect(lambda: self._read(is_use=True))
        self.read.stopped.connect(self.reading.cancel)

    @property
    def is_running(self) -> bool:
        """Whether a form is being made or read."""
        return self.making.is_running or self.reading.is_running

    def show_entry(self, entry: Entry | None) -> None:
        """Show a questionnaire."""
        super().show_entry(entry)
        self.form.show_entry(entry)

    # -- making a form -------------------------------------------------------------------------------------------------

    def _ask_place(self) -> None:
        if self.entry is None:
            return
        suggestion = str(self.settings.folder / f"{self.entry.id}-{self.entry.version}-form{SUFFIX}")
        title = self.texts.gettext("Where the form is saved")
        chosen, _ = QFileDialog.getSaveFileName(self.window(), title, suggestion, f"*{SUFFIX}")
        if chosen:
            self.make(Path(chosen))

    def make(self, out: Path) -> None:
        """Make the form that is chosen."""
        if self.entry is None or self.is_running:
            return
        self._clear()
        out = with_ending(out, SUFFIX)
        self.settings.folder = out.parent
        languages = self.form.languages.chosen or (self.entry.language,)
        said = [part for language in languages for part in ("--language", language)]
        said += [part for supplement in self.form.supplements.chosen for part in ("--supplement", supplement)]
        self.form.show_running(is_running=True)
        self.making.start(["instrument", "xlsform", str(self.entry.folder), str(out), *said, "--json"])

    def _tell_made(self, answer: dict[str, object]) -> None:
        self.form.show_running(is_running=False)
        if "error" in answer:
            self._fail_making(str(answer["error"]))
            return
        self.form.show_notes(_problems(answer))
        say, path = self.texts.gettext, Path(str(answer.get("file", "")))
        self._tell(Tone.GOOD, say("The form is ready: {file}").format(file=path), (
            (say("Open the file"), lambda: open_outside(path)),
            (say("Show the folder"), lambda: open_outside(path.parent)),
        ))  # fmt: skip

    def _fail_making(self, sentence: str) -> None:
        self.form.show_running(is_running=False)
        unknown = self.texts.gettext("The program that does this stopped. Nothing was changed. Try once more.")
        self._tell(Tone.DANGER, sentence or unknown)

    # -- reading a form ------------------------------------------------------------------------------------------------

    def _ask_file(self) -> None:
        title = self.texts.gettext("Read a form")
        chosen, _ = QFileDialog.getOpenFileName(self.window(), title, str(self.settings.folder), f"*{SUFFIX}")
        if chosen:
            self.settings.folder = Path(chosen).parent
            self.read_file(Path(chosen))

    def read_file(self, file: Path) -> None:
        """Read a form and show what it holds; nothing is changed."""
        if not self.is_running:
            self._file = file
            self._read(is_use=False)

    def _read(self, *, is_use: bool) -> None:
        if self.is_running:
            return
        self._clear()
        self.read.show_running(is_running=True, file=self._file.name)
        self.reading.start(["instrument", "from-xlsform", str(self._file), "--json", *(["--yes"] if is_use else [])])

    def _show(self, answer: dict[str, object]) -> None:
        self.read.show_running(is_running=False)
        if "error" in answer:
            self._fail_reading(str(answer["error"]))
            return
        is_used = bool(answer.get("written"))
        self.read.show_answer(answer, is_used=is_used)
        if is_used:
            sentence = self.texts.gettext("“{title}” is now on this computer and can be chosen for new assessments.")
            self._tell(Tone.GOOD, sentence.format(title=answer.get("title", "")))
            self.changed.emit(str(answer.get("id", "")))

    def _fail_reading(self, sentence: str) -> None:
        self.read.show_running(is_running=False)
        self.read.show_nothing()
        self._fail_making(sentence)

    # -- what is said --------------------------------------------------------------------------------------------------

    def _tell(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        self._clear()
        self._outcome = Banner(self.texts, tone, sentence, choices)
        self._outcome.setObjectName("forms_outcome")
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
        self.making.stop()
        self.reading.stop()

    # -- dropping ------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a form."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read a dropped form."""
        file = _dropped(event)
        if file is not None:
            event.acceptProposedAction()
            self.read_file(file)


def _problems(answer: dict[str, object]) -> Iterator[tuple[str, str]]:
    found = answer.get("problems")
    for one in found if isinstance(found, list) else []:
        yield str(one.get("place", "")), str(one.get("text", one.get("message", "")))


def _dropped(event: QDropEvent) -> Path | None:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((file for file in files if file.suffix.casefold() == SUFFIX), None)
