"""What is translated into which language, and the sheet for it."""

from PySide6.QtCore import Signal

from capacity_app.catalogues import ENGLISH, PROGRAM
from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.library.translation_languages import LanguageNames, own_name
from capacity_app.ui.library.translation_states import State
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, Role


class TranslationChoice(Card):
    """Two lists and the button that makes the sheet. ``wanted`` asks for it; ``chosen`` tells of another choice."""

    wanted = Signal()
    chosen = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        self._entry: Entry | None = None
        self._states: dict[tuple[str, str], State] = {}
        self._is_own = False
        say = texts.gettext
        self.what = QuietCombo()
        self.what.setObjectName("translation_what")
        self.what.setAccessibleName(say("What is translated"))
        self.language = QuietCombo()
        self.language.setObjectName("translation_language")
        self.language.setAccessibleName(say("Language to translate into"))
        self.language.setMaxVisibleItems(20)
        self.about = Words(is_muted=True)
        self.about.setObjectName("translation_about")
        self.make = SignButton("xlsx", say("Make the sheet …"), is_main=True)
        self.make.setObjectName("translation_make")
        self.make.clicked.connect(lambda _on: self.wanted.emit())
        self.names = LanguageNames(self)
        self.names.found.connect(self._fill_languages)
        self._lay_out()
        self.what.currentIndexChanged.connect(lambda _index: self._choose_what())
        self.language.currentIndexChanged.connect(lambda _index: self._tell())
        self.language.activated.connect(lambda _index: self._keep_own())

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.body.addWidget(Words(say("A sheet for the translator"), Role.HEADING))
        self.body.addWidget(
            Words(
                say(
                    "An Excel workbook with every text, what it means, and the words to keep to. The translator needs "
                    "nothing but Excel or LibreOffice."
                ),
                is_muted=True,
            )
        )
        for label, field in (
            (say("What is translated"), self.what),
            (say("Language to translate into"), self.language),
        ):
            name = Words(label, Role.STRONG)
            name.setBuddy(field)
            self.body.addWidget(name)
            self.body.addWidget(field)
        self.body.addWidget(self.about)
        self.body.addLayout(row(self.make))

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_entry(self, entry: Entry | None) -> None:
        """Offer a questionnaire to be translated, besides the program."""
        self._entry = entry
        say = self._texts.gettext
        parts = []
        if entry is not None and not entry.has_mistakes:
            title = self._texts.wording(entry.id, "instrument|title", entry.title) or entry.id
            parts.append((entry.id, title))
        parts.append((PROGRAM, say("The program itself: window, reports and messages")))
        self.what.fill(tuple(parts))
        self._fill_languages()

    def show_states(self, states: dict[tuple[str, str], State]) -> None:
        """Say beside each language how much is there already."""
        self._states = states
        self._fill_languages()

    def _choose_what(self) -> None:
        self._fill_languages()
        self.chosen.emit()

    def _fill_languages(self) -> None:
        source = self._entry.language if self._entry and self.subject != PROGRAM else ENGLISH
        there = [code for subject, code in self._states if subject == self.subject and code != source]
        others = {code: name for code, name in self.names.names.items() if code not in {source, *there}}
        first = [(code, self._named(code, own_name(code))) for code in there]
        rest = sorted(((code, self._named(code, name)) for code, name in others.items()), key=_by_name)
        self.language.fill((*first, *rest))
        if not self._is_own and self.language.count():
            self.language.setCurrentIndex(max(self.language.findData(self._texts.language), 0))
        self._tell()

    def _keep_own(self) -> None:
        """Keep the language somebody has chosen, whatever is found out since."""
        self._is_own = True

    def _named(self, code: str, own: str) -> str:
        names = dict.fromkeys((own, self._texts.language_name(code)))
        name = f"{' – '.join(names)} ({code})"
        state = self._states.get((self.subject, code))
        if state is None:
            return name
        return self._texts.gettext("{language}: {share}").format(language=name, share=state.share(self._texts))

    def _tell(self) -> None:
        state = self._states.get((self.subject, self.code))
        say = self._texts.gettext
        self.about.setText(state.said(self._texts) if state else say("Nothing is translated into this language yet."))
        self.about.setVisible(bool(self.code))
        self.make.setEnabled(bool(self.code))

    # -- what is chosen --------------------------------------------------------------------------------------------

    @property
    def subject(self) -> str:
        return str(self.what.currentData() or PROGRAM)

    @property
    def code(self) -> str:
        """The code of the language, empty while none is known."""
        return str(self.language.currentData() or "")

    def choose_language(self, code: str) -> None:
        """Choose a language by its code."""
        place = self.language.findData(code)
        if place >= 0:
            self._keep_own()
            self.language.setCurrentIndex(place)


def _by_name(entry: tuple[str, str]) -> str:
    return entry[1].casefold()
