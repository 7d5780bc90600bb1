"""Write a questionnaire in Excel: templates, the workbook of one that is there, and reading it back."""

from collections.abc import Sequence
from pathlib import Path

from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Job
from capacity_app.ui.library.reading_tab import ReadingTab
from capacity_app.ui.library.writing_cards import BookReadCard, TakeCard, TemplateCard
from capacity_app.ui.shell.settings import Settings


class WritingTab(ReadingTab):
    """Write a questionnaire in Excel: templates, the workbook of one that is there, and reading it back."""

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(texts, settings, BookReadCard(texts), "from-book")
        self.template, self.take = TemplateCard(texts), TakeCard(texts)
        for card in (self.template, self.take, self.read):
            self.body.addWidget(card)
        self.template.wanted.connect(self._choose_template)
        self.take.wanted.connect(self._choose_book)
        self.making = Job(texts.tag, self)
        self.making.done.connect(lambda file: self._tell_ready(texts.gettext("The workbook is ready: {file}"), file))
        self.making.failed.connect(self._tell_failure)

    def show_entry(self, entry: Entry | None) -> None:
        """Show a questionnaire."""
        super().show_entry(entry)
        title = self.texts.wording(entry.id, "instrument|title", entry.title) if entry else ""
        self.template.show_base(entry.id if entry else "", title)
        self.take.show_entry(entry, title)

    def _choose_template(self) -> None:
        file = self._ask_place(self.texts.gettext("Where the template is saved"), self.template.chosen_id)
        if file is not None:
            self.make_template(file)

    def make_template(self, file: Path) -> None:
        """Make a template as the card says."""
        card = self.template
        base = ["--supplement-of", card.base] if card.base else []
        language = ["--language", self.texts.language]
        self._make(file, ["new", card.chosen_id, str(file), "--title", card.chosen_title, *base, *language])

    def _choose_book(self) -> None:
        if self.entry is None:
            return
        name = f"{self.entry.id}-{self.entry.version}"
        file = self._ask_place(self.texts.gettext("Where the workbook is saved"), name)
        if file is not None:
            self.make_book(file)

    def make_book(self, file: Path) -> None:
        """Save the chosen questionnaire with all its supplements as a workbook."""
        if self.entry is not None:
            self._make(file, ["book", str(self.entry.folder), str(file)])

    def _make(self, file: Path, arguments: Sequence[str]) -> None:
        if not self.is_running:
            self._outcome.clear()
            self.settings.folder = file.parent
            self.making.start(["instrument", *arguments, "--progress"])
