"""A questionnaire as XLSForm and back: to write it in Excel, and to collect answers with ODK or KoboToolbox."""

from collections.abc import Iterator
from pathlib import Path

from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.library.forms_cards import AnswersCard, FormCard, TemplateCard
from capacity_app.ui.library.read_card import FormReadCard
from capacity_app.ui.library.tab import WorkbookTab
from capacity_app.ui.look.alerts import Tone
from capacity_app.ui.shell.settings import Settings


class FormsTab(WorkbookTab):
    """A questionnaire as XLSForm and back: to write it in Excel, and to collect answers with ODK or KoboToolbox."""

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(texts, settings, "forms")
        self.setObjectName("forms")
        self._file = Path()
        self.read = FormReadCard(texts)
        self.form, self.answers, self.template = FormCard(texts), AnswersCard(texts), TemplateCard(texts)
        for card in (self.form, self.answers, self.template, self.read):
            self.body.addWidget(card)
        self.making = Inquiry(texts.tag, self)
        self.making.answered.connect(self._tell_made)
        self.making.failed.connect(self._fail_making)
        self.making.cancelled.connect(lambda: self.form.show_running(is_running=False))
        self.form.wanted.connect(self._choose_place)
        self.template.wanted.connect(self._choose_template)
        self.reading = Inquiry(texts.tag, self)
        self.reading.answered.connect(self._show)
        self.reading.failed.connect(self._fail_reading)
        self.reading.cancelled.connect(lambda: self.read.show_running(is_running=False))
        self.read.wanted.connect(self._choose_file)
        self.read.agreed.connect(lambda: self._read(is_use=True))
        self.read.stopped.connect(self.reading.cancel)

    @property
    def is_running(self) -> bool:
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
        self.reading.start(["instrument", "from-xlsform", str(self._file), "--json", *(["--yes"] if is_use else [])])

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

    def show_entry(self, entry: Entry | None) -> None:
        super().show_entry(entry)
        self.form.show_entry(entry)
        title = self.texts.wording(entry.id, "instrument|title", entry.title) if entry else ""
        self.template.show_base(entry.id if entry else "", title)

    def _choose_template(self) -> None:
        card = self.template
        out = self._ask_place(self.texts.gettext("Where the template is saved"), card.chosen_id)
        if out is None or self.is_running:
            return
        self._outcome.clear()
        self.settings.folder = out.parent
        base = ["--supplement-of", card.base] if card.base else []
        language = ["--language", self.texts.language]
        said = ["new", card.chosen_id, str(out), "--title", card.chosen_title, *base, *language]
        self.form.show_running(is_running=True)
        self.making.start(["instrument", *said, "--json"])

    def _choose_place(self) -> None:
        if self.entry is None:
            return
        name = f"{self.entry.id}-{self.entry.version}-form"
        out = self._ask_place(self.texts.gettext("Where the form is saved"), name)
        if out is not None:
            self.make(out)

    def make(self, out: Path) -> None:
        """Make the form that is chosen."""
        if self.entry is None or self.is_running:
            return
        self._outcome.clear()
        self.settings.folder = out.parent
        languages = self.form.languages.chosen or (self.entry.language,)
        said = [part for language in languages for part in ("--language", language)]
        said += [part for supplement in self.form.supplements.chosen for part in ("--supplement", supplement)]
        self.form.show_running(is_running=True)
        self.making.start(["instrument", "xlsform", str(self.entry.folder), str(out), *said, "--json"])

    def _tell_made(self, answer: dict[str, object]) -> None:
        if "error" in answer:
            self._fail_making(str(answer["error"]))
            return
        self.form.show_running(is_running=False)
        self.form.show_notes(_problems(answer))
        self._tell_ready(self.texts.gettext("The form is ready: {file}"), str(answer.get("file", "")))

    def _fail_making(self, sentence: str) -> None:
        self.form.show_running(is_running=False)
        self._tell_failure(sentence)


def _problems(answer: dict[str, object]) -> Iterator[tuple[str, str]]:
    found = answer.get("problems")
    for one in found if isinstance(found, list) else []:
        yield str(one.get("place", "")), str(one.get("text", one.get("message", "")))
