"""The page of questionnaires and languages: choose one, and check, preview, translate or exchange it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from capacity_app import paths
from capacity_app.catalogues import Standing, wording_languages
from capacity_app.domain.problems import N_
from capacity_app.instruments import library
from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.library.checking_tab import CheckingTab
from capacity_app.ui.library.forms_cards import FormsTab
from capacity_app.ui.library.tab import LibraryTab
from capacity_app.ui.library.translation_tab import TranslationTab
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import MEDIUM, Role
from capacity_app.ui.shell.settings import Settings
from capacity_app.wording import STANDING_WORDS

_TABS: tuple[tuple[str, Callable[[Texts, Settings], LibraryTab]], ...] = (
    (N_("Check and preview"), CheckingTab),
    (N_("Translate"), TranslationTab),
    (N_("Excel, ODK and KoboToolbox"), FormsTab),
)


class LibraryPage(ReadingColumn):
    """Everything about the questionnaires of this computer. ``left`` goes back."""

    left = Signal()

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__()
        self._texts = texts
        self._entries: tuple[Entry, ...] = ()
        self.setObjectName("library")
        self.choice = QuietCombo()
        self.choice.setObjectName("library_choice")
        self.choice.setAccessibleName(texts.gettext("Questionnaire"))
        self.choice.currentIndexChanged.connect(lambda _index: self._show())
        self._about = Words(is_muted=True)
        self._about.setObjectName("library_about")
        self.tabs = TabRow("library_tab")
        self.views = tuple(make(texts, settings) for _name, make in _TABS)
        self._lay_out()
        for view in self.views:
            view.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        head = QHBoxLayout()
        head.addLayout(page_heading(say("Questionnaires and languages")), 1)
        self.back = SignButton("close", say("Close"))
        self.back.setObjectName("library_back")
        self.back.clicked.connect(lambda _checked: self.left.emit())
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        card = Card(margin=MEDIUM)
        name = Words(say("Questionnaire"), Role.STRONG)
        name.setBuddy(self.choice)
        for part in (name, self.choice, self._about):
            card.body.addWidget(part)
        self.body.addWidget(card)
        stack = QStackedWidget()
        for (title, _make), view in zip(_TABS, self.views, strict=True):
            self.tabs.addTab(say(title))
            view.body.addStretch(1)  # a short tab does not spread over the room a long one takes
            stack.addWidget(view)
        self.tabs.currentChanged.connect(stack.setCurrentIndex)
        self.body.addWidget(self.tabs)
        self.body.addWidget(stack)
        self.body.addStretch(1)

    @property
    def entry(self) -> Entry | None:
        place = self.choice.currentIndex()
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def refresh(self, wanted: str = "") -> None:
        """List the questionnaires of this computer anew, and choose one by its id or the one chosen before."""
        chosen = wanted or (self.entry.id if self.entry else "")
        self._entries = library.catalogue((paths.instruments_folder(), paths.user_instruments_folder()))
        self.choice.fill(tuple((str(place), self._said(entry)) for place, entry in enumerate(self._entries)))
        places = [place for place, entry in enumerate(self._entries) if entry.id == chosen]
        self.choice.setCurrentIndex(places[-1] if places else 0)
        self._show()

    def _said(self, entry: Entry) -> str:
        title = self._texts.wording(entry.id, "instrument|title", entry.title) or entry.id
        if entry.has_mistakes:
            return self._texts.gettext("{title} (has mistakes and cannot be used)").format(title=title)
        return self._texts.gettext("{title}, version {version}").format(title=title, version=entry.version)

    def _show(self) -> None:
        entry = self.entry
        self._about.setText(self._languages(entry) if entry else "")
        for view in self.views:
            view.show_entry(entry)

    def _languages(self, entry: Entry) -> str:
        """Say in which languages a questionnaire is worded, and which of them nobody has signed off."""
        texts = self._texts
        alike = {Standing.REVIEWED: [entry.language]}
        for language in wording_languages(entry.id):
            alike.setdefault(Texts(language).standing(entry.id, entry.version), []).append(language)
        told = " · ".join(
            texts.listed(map(texts.language_name, languages))
            + ("" if standing is Standing.REVIEWED else f" ({texts.gettext(STANDING_WORDS[standing])})")
            for standing, languages in alike.items()
        )
        return texts.gettext("Worded in: {languages}").format(languages=told)

    def focus_first(self) -> None:
        self.choice.setFocus()

    def stop(self) -> None:
        """Stop what runs, as the page is left."""
        for view in self.views:
            view.stop()
