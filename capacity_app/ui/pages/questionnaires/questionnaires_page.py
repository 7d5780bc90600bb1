"""The page of questionnaires and languages: choose one, and check, preview, translate or exchange it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import ReviewStatus, wording_languages
from capacity_app.i18n.formatter import REVIEW_STATUS_LABELS
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.ui.pages.questionnaires.check_tab import QuestionnaireCheckTab
from capacity_app.ui.pages.questionnaires.questionnaire_tab import QuestionnaireTab
from capacity_app.ui.pages.questionnaires.translation_tab import TranslationTab
from capacity_app.ui.pages.questionnaires.xlsform_tab import XlsformTab
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, TextRole
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, page_heading
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.layouts import Stack, lay_out, with_action, with_name

_TABS: tuple[tuple[str, Callable[[Translator, Settings], QuestionnaireTab]], ...] = (
    (N_("Check and preview"), QuestionnaireCheckTab),
    (N_("Translate"), TranslationTab),
    (N_("Excel, ODK and KoboToolbox"), XlsformTab),
)


class QuestionnairesPage(ReadingColumn):
    """Everything about the questionnaires of this computer. ``left`` goes back, ``import_wanted`` to imports."""

    left = Signal()
    import_wanted = Signal()

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__(name="library")
        self._texts = texts
        self._entries: tuple[LibraryEntry, ...] = ()
        self.choice = with_name(ComboBox(), "library_choice", texts.gettext("Questionnaire"))
        self.choice.currentIndexChanged.connect(lambda _index: self._show())
        self._about = with_name(Label(is_muted=True), "library_about")
        self.tabs = TabRow("library_tab")
        self.views = tuple(make(texts, settings) for _name, make in _TABS)
        self._lay_out()
        for view in self.views:
            view.changed.connect(self.refresh)
            if isinstance(view, XlsformTab):
                view.import_wanted.connect(self.import_wanted)
        self.refresh()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        head = lay_out(QHBoxLayout(), (page_heading(say("Questionnaires and languages")), 1))
        self.back = with_action(Button(say("Close"), "close"), "library_back", self.left.emit)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        name = Label(say("Questionnaire"), TextRole.STRONG)
        name.setBuddy(self.choice)
        lay_out(self.body, head, Card(name, self.choice, self._about, margin=MEDIUM))
        stack = Stack()
        for (title, _make), view in zip(_TABS, self.views, strict=True):
            self.tabs.addTab(say(title))
            view.body.addStretch(1)  # a short tab does not spread over the room a long one takes
            stack.addWidget(view)
        self.tabs.currentChanged.connect(stack.setCurrentIndex)
        lay_out(self.body, self.tabs, stack, 1)

    @property
    def entry(self) -> LibraryEntry | None:
        place = self.choice.currentIndex()
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def refresh(self, wanted: str = "") -> None:
        chosen = wanted or (self.entry.id if self.entry else "")
        self._entries = library.list_instruments(library.instrument_folders())
        self.choice.fill(tuple((str(place), self._said(entry)) for place, entry in enumerate(self._entries)))
        places = [place for place, entry in enumerate(self._entries) if entry.id == chosen]
        self.choice.setCurrentIndex(places[-1] if places else 0)
        self._show()

    def _said(self, entry: LibraryEntry) -> str:
        title = self._texts.wording(entry.id, "instrument|title", entry.title) or entry.id
        if entry.has_mistakes:
            return self._texts.gettext("{title} (has errors and cannot be used)").format(title=title)
        return self._texts.gettext("{title}, version {version}").format(title=title, version=entry.version)

    def _show(self) -> None:
        entry = self.entry
        self._about.setText(self._languages(entry) if entry else "")
        for view in self.views:
            view.show_entry(entry)

    def _languages(self, entry: LibraryEntry) -> str:
        """Say in which languages a questionnaire is worded, and which of them nobody has signed off."""
        texts = self._texts
        alike = {ReviewStatus.REVIEWED: [entry.language]}
        for language in wording_languages(entry.id):
            alike.setdefault(Translator(language).standing(entry.id, entry.version), []).append(language)
        told = " · ".join(
            texts.listed(map(texts.language_name, languages))
            + ("" if standing is ReviewStatus.REVIEWED else f" ({texts.gettext(REVIEW_STATUS_LABELS[standing])})")
            for standing, languages in alike.items()
        )
        return texts.gettext("Languages: {languages}").format(languages=told)

    def focus_first(self) -> None:
        self.choice.setFocus()

    def stop(self) -> None:
        for view in self.views:
            view.stop()
