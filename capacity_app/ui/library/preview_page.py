"""The preview: the questionnaire as those see it who fill it in; what is tried in it is never kept."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import KnownError, reason_of
from capacity_app.domain.scoring import Scorecard
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.library.preview_session import Trial
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, learn_scripts
from capacity_app.ui.questionnaire.questionnaire_page import QuestionnairePage

_REST_MS = 300
"""Pause after an answer before the scores are shown anew."""
Languages = Mapping[str, Sequence[Path]]
"""The files that word a questionnaire, by language; its own language needs none."""


class PreviewPage(QWidget):
    """The questionnaire on an assessment that goes with the page. ``left`` asks to go back."""

    left = Signal()

    def __init__(self, trial: Trial, texts: Texts, languages: Languages) -> None:
        super().__init__()
        self._trial, self._texts, self._languages = trial, texts, languages
        self._bridge = trial.open()
        self.page: QuestionnairePage | None = None
        self._here: Address | None = None
        self.setObjectName("preview")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show_scores)
        self._fill_languages()
        self._lay_out()
        self._follow()
        self._show_page(None)

    # -- the head -------------------------------------------------------------------------------------------------

    def _fill_languages(self) -> None:
        name = self._texts.language_name
        own = self._bridge.session.instrument.language
        self.language = QuietCombo()
        self.language.setObjectName("preview_language")
        self.language.setAccessibleName(self._texts.gettext("Language of the questions"))
        others = sorted(tag for tag in self._languages if tag != own)
        self.language.fill(tuple((tag, name(tag)) for tag in (own, *others)))
        wanted = self.language.findData(self._texts.asked_in)
        self.language.setCurrentIndex(max(wanted, 0))
        self.language.currentIndexChanged.connect(lambda _index: self._show_page(self._here))

    def _lay_out(self) -> None:
        say = self._texts.gettext
        instrument = self._bridge.session.instrument
        head = Card(tint="warning_tint", edge="warning", margin=SMALL)
        title = self._texts.wording(instrument.id, "instrument|title", instrument.title)
        name = Words(say("Preview of {title}: nothing you try here is kept.").format(title=title), Role.STRONG)
        name.setObjectName("preview_title")
        self.again = SignButton("round", say("Start again"))
        self.again.setObjectName("preview_again")
        self.again.clicked.connect(lambda _on: self.start_again())
        self.close_button = SignButton("close", say("Close the preview"))
        self.close_button.setObjectName("preview_close")
        self.close_button.clicked.connect(lambda _on: self.left.emit())
        first = QHBoxLayout()
        first.setSpacing(MEDIUM)
        first.addWidget(Mark("warning", "warning"))
        first.addWidget(name, 1)
        for widget in (self.language, self.again, self.close_button):
            first.addWidget(widget)
        head.body.addLayout(first)
        self.scores = Words(is_muted=True)
        self.scores.setObjectName("preview_scores")
        head.body.addWidget(self.scores)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SMALL, SMALL, SMALL, 0)
        self._column.setSpacing(SMALL)
        self._column.addWidget(head)

    # -- the questionnaire ----------------------------------------------------------------------------------------

    @property
    def bridge(self) -> Bridge:
        return self._bridge

    def _note_place(self, address: Address) -> None:
        self._here = address

    def _follow(self) -> None:
        self._bridge.changed.connect(lambda _change: self._rest.start())

    def _show_page(self, at: Address | None) -> None:
        """Build the questionnaire in the chosen language, at a place."""
        self._drop_page()
        tag = self.language.currentData()
        learn_scripts(tag)
        texts = Texts(self._texts.tag, tag)
        texts.word_from(self._bridge.session.instrument.id, self._languages.get(tag, ()))
        self.page = QuestionnairePage(self._bridge, texts)
        self.page.place_changed.connect(self._note_place)
        self._column.addWidget(self.page, 1)
        if at is not None:
            self.page.show_address(at)
        self._show_scores()

    def _drop_page(self) -> None:
        if self.page is not None:
            self._bridge.request_close()
            self._column.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
            # Nothing of it may act any more once the assessment behind it is closed.
            QCoreApplication.sendPostedEvents(self.page, QEvent.Type.DeferredDelete)
            self.page = None

    def show_address(self, address: Address) -> None:
        """Show a question, row or cell."""
        if self.page is not None:
            self.page.show_address(address)

    def start_again(self) -> None:
        """Forget all answers, and stay where one is."""
        here = self._here
        self._drop_page()
        try:
            self._bridge = self._trial.open()
        except (KnownError, OSError) as error:
            told = error.text(self._texts.gettext) if isinstance(error, KnownError) else reason_of(error)
            self.scores.setText(told)
            self.again.setEnabled(False)
            self.language.setEnabled(False)
            return
        self._follow()
        self._show_page(here)

    def _show_scores(self) -> None:
        if self.page is None:
            return
        card = self._bridge.session.scorecard()
        self.scores.setText(_told(self._texts, card))

    def end(self) -> None:
        """Forget everything, as the page is left."""
        self._rest.stop()
        self._drop_page()
        self._trial.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DeferredDelete:
            self.end()
        return super().event(event)


def _told(texts: Texts, card: Scorecard) -> str:
    """Say the scores of what is answered so far: of the parts that have any, and of the whole."""
    say = texts.gettext
    known = [(e.section.number or e.section.id, e.score.value) for e in card.sections if e.score.value is not None]
    if not card.sections:
        return say("Nothing in this questionnaire is scored.")
    if not known:
        return say("Answer something that is scored, and its points appear here.")
    parts = texts.listed(f"{number} {_points(texts, value)}" for number, value in known)
    told = say("Points of what is answered so far: {parts}").format(parts=texts.in_order(parts))
    if card.overall.value is None:
        return told
    whole = say("The whole: {points}").format(points=_points(texts, card.overall.value))
    return f"{told}. {whole}"


def _points(texts: Texts, value: Fraction | None) -> str:
    return texts.number(value if value is not None else 0, 1)
