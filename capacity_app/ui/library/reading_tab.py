"""What the tabs have that read a questionnaire from a file: choose it, see what it holds, use it."""

from pathlib import Path

from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry, Job
from capacity_app.ui.library.tab import WorkbookTab
from capacity_app.ui.library.writing_cards import ReadCard
from capacity_app.ui.look.alerts import Tone
from capacity_app.ui.shell.settings import Settings


class ReadingTab(WorkbookTab):
    """Reads a questionnaire from a file with a ``command``, and uses it once that is agreed to.

    What the tab makes, it makes with ``making``: one piece of work at a time.
    """

    making: Job | Inquiry

    def __init__(self, texts: Texts, settings: Settings, card: ReadCard, command: str) -> None:
        super().__init__(texts, settings, card.name)
        self.setObjectName(card.name)
        self._command, self._file = command, Path()
        self.read = card
        self.reading = Inquiry(texts.tag, self)
        self.reading.answered.connect(self._show)
        self.reading.failed.connect(self._fail_reading)
        self.reading.cancelled.connect(lambda: card.show_running(is_running=False))
        card.wanted.connect(self._choose_file)
        card.agreed.connect(lambda: self._read(is_use=True))
        card.stopped.connect(self.reading.cancel)

    @property
    def is_running(self) -> bool:
        """Whether something is being made or read."""
        return self.making.is_running or self.reading.is_running

    def stop(self) -> None:
        """Stop what runs, as the page is left."""
        self.making.stop()
        self.reading.stop()

    def _choose_file(self) -> None:
        file = self._ask_file(self.read.title)
        if file is not None:
            self.settings.folder = file.parent
            self.read_file(file)

    def read_file(self, file: Path) -> None:
        """Read a file and show what it holds; nothing is changed."""
        if not self.is_running:
            self._file = file
            self._read(is_use=False)

    def _read(self, *, is_use: bool) -> None:
        if self.is_running:
            return
        self._outcome.clear()
        self.read.show_running(is_running=True, file=self._file.name)
        self.reading.start(["instrument", self._command, str(self._file), "--json", *(["--yes"] if is_use else [])])

    def _show(self, answer: dict[str, object]) -> None:
        if "error" in answer:
            self._fail_reading(str(answer["error"]))
            return
        is_used = bool(answer.get("written"))
        self.read.show_running(is_running=False)
        self.read.show_answer(answer, is_used=is_used)
        if is_used:
            sentence = self.texts.gettext("“{title}” is now on this computer and can be chosen for new assessments.")
            self._outcome.tell(Tone.GOOD, sentence.format(title=answer.get("title", "")))
            self.changed.emit(str(answer.get("id", "")))

    def _fail_reading(self, sentence: str) -> None:
        self.read.show_running(is_running=False)
        self.read.show_nothing()
        self._tell_failure(sentence)
