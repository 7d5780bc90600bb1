"""Collect with ODK or KoboToolbox: a questionnaire as XLSForm and back, and the answers collected there."""

from collections.abc import Iterator
from pathlib import Path

from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.library.forms_cards import AnswersCard, FormCard, FormReadCard
from capacity_app.ui.library.reading_tab import ReadingTab
from capacity_app.ui.shell.settings import Settings


class FormsTab(ReadingTab):
    """Collect with ODK or KoboToolbox: a questionnaire as XLSForm and back, and the answers collected there."""

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(texts, settings, FormReadCard(texts), "from-xlsform")
        self.form, self.answers = FormCard(texts), AnswersCard(texts)
        for card in (self.form, self.answers, self.read):
            self.body.addWidget(card)
        self.making = Inquiry(texts.tag, self)
        self.making.answered.connect(self._tell_made)
        self.making.failed.connect(self._fail_making)
        self.making.cancelled.connect(lambda: self.form.show_running(is_running=False))
        self.form.wanted.connect(self._choose_place)

    def show_entry(self, entry: Entry | None) -> None:
        """Show a questionnaire."""
        super().show_entry(entry)
        self.form.show_entry(entry)

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
