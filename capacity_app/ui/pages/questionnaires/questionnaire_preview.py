"""The preview: the questionnaire as those see it who fill it in, on an assessment that is never kept."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import KnownError, short_reason
from capacity_app.domain.scoring.scores import Scorecard
from capacity_app.files.private_folders import PrivateFolder
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import PREVIEW_DEVICE
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.session.controller import SessionController, WriterSignals
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, load_script_fonts
from capacity_app.ui.widgets.banners import IconLabel
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import discard, lay_out, with_action, with_name

# A questionnaire being tried: an assessment in a private folder, which nobody ever finds afterwards.


_FRESH, _TRIED = "fresh.assessment", "tried.assessment"


class PreviewSession:
    """A folder with an empty assessment, once one was made at ``fresh``, and a copy of it that answers are tried in."""

    def __init__(self) -> None:
        self._folder = PrivateFolder()
        self.fresh = self._folder.path / _FRESH
        self._file = self._folder.path / _TRIED
        self._news: WriterSignals | None = None
        self.controller: SessionController | None = None

    @property
    def folder(self) -> Path:
        return self._folder.path

    def open(self) -> SessionController:
        """Begin to try, from the start; raises KnownError and OSError."""
        self.close()
        shutil.copyfile(self.fresh, self._file)
        self._news = WriterSignals()
        session = AssessmentSession(self._file, device=PREVIEW_DEVICE, on_saved=self._news.tell)
        self.controller = SessionController(session, self._news)
        return self.controller

    def close(self) -> None:
        if self.controller is not None:
            self.controller.session.close()
            self.controller.deleteLater()
            self.controller = None
        if self._news is not None:
            self._news.deleteLater()
            self._news = None
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def end(self) -> None:
        self.close()
        self._folder.remove()


_REST_MS = 300
"""Pause after an answer before the scores are shown anew."""
TranslationFolders = Mapping[str, Sequence[Path]]
"""The files that word a questionnaire, by language; its own language needs none."""


class QuestionnairePreview(QWidget):
    """The questionnaire on an assessment that goes with the page. ``left`` asks to go back."""

    left = Signal()

    def __init__(self, trial: PreviewSession, texts: Translator, languages: TranslationFolders) -> None:
        super().__init__()
        self._trial, self._texts, self._languages = trial, texts, languages
        self.controller = trial.open()
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

    def _fill_languages(self) -> None:
        name = self._texts.language_name
        own = self.controller.session.instrument.language
        self.language = with_name(ComboBox(), "preview_language", self._texts.gettext("Language of the questions"))
        others = sorted(tag for tag in self._languages if tag != own)
        self.language.fill(tuple((tag, name(tag)) for tag in (own, *others)))
        self.language.setCurrentIndex(max(self.language.findData(self._texts.asked_in), 0))
        self.language.currentIndexChanged.connect(lambda _index: self._show_page(self._here))

    def _lay_out(self) -> None:
        say = self._texts.gettext
        instrument = self.controller.session.instrument
        head = Card(tint="warning_tint", edge="warning", margin=SMALL)
        title = self._texts.wording(instrument.id, "instrument|title", instrument.title)
        name = Label(say("Preview of {title}. Nothing is saved.").format(title=title), TextRole.STRONG)
        name.setObjectName("preview_title")
        self.again = with_action(Button(say("Start again"), "round"), "preview_again", self.start_again)
        self.close_button = with_action(Button(say("Close preview"), "close"), "preview_close", self.left.emit)
        first = lay_out(QHBoxLayout(), IconLabel("warning", "warning"), (name, 1), spacing=MEDIUM)
        lay_out(first, self.language, self.again, self.close_button)
        self.scores = with_name(Label(is_muted=True), "preview_scores")
        lay_out(head.body, first, self.scores)
        self._column = lay_out(QVBoxLayout(self), head, margins=(SMALL, SMALL, SMALL, 0), spacing=SMALL)

    def _note_place(self, address: Address) -> None:
        self._here = address

    def _follow(self) -> None:
        self.controller.changed.connect(lambda _change: self._rest.start())

    def _show_page(self, at: Address | None) -> None:
        """Build the questionnaire in the chosen language, at a place."""
        self._drop_page()
        tag = self.language.currentData()
        load_script_fonts(tag)
        texts = Translator(self._texts.tag, tag)
        texts.use_wording_files(self.controller.session.instrument.id, self._languages.get(tag, ()))
        self.page = QuestionnairePage(self.controller, texts)
        self.page.place_changed.connect(self._note_place)
        self._column.addWidget(self.page, 1)
        if at is not None:
            self.page.show_address(at)
        self._show_scores()

    def _drop_page(self) -> None:
        if self.page is not None:
            self.controller.request_close()
            self._column.removeWidget(self.page)
            discard(self.page)
            # Nothing of it may act any more once the assessment behind it is closed.
            QCoreApplication.sendPostedEvents(self.page, QEvent.Type.DeferredDelete)
            self.page = None

    def show_address(self, address: Address) -> None:
        if self.page is not None:
            self.page.show_address(address)

    def start_again(self) -> None:
        here = self._here
        self._drop_page()
        try:
            self.controller = self._trial.open()
        except (KnownError, OSError) as error:
            told = error.text(self._texts.gettext) if isinstance(error, KnownError) else short_reason(error)
            self.scores.setText(told)
            self.again.setEnabled(False)
            self.language.setEnabled(False)
            return
        self._follow()
        self._show_page(here)

    def _show_scores(self) -> None:
        if self.page is None:
            return
        self.scores.setText(_scores_sentence(self._texts, self.controller.session.scorecard()))

    def end(self) -> None:
        self._rest.stop()
        self._drop_page()
        self._trial.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DeferredDelete:
            self.end()
        return super().event(event)


def _scores_sentence(texts: Translator, card: Scorecard) -> str:
    say = texts.gettext
    known = [(e.section.number or e.section.id, e.score.value) for e in card.sections if e.score.value is not None]
    if not card.sections:
        return say("This questionnaire has no scored questions.")
    if not known:
        return say("Answer a scored question to see its points.")
    parts = texts.listed(f"{number} {_points(texts, value)}" for number, value in known)
    told = say("Points so far: {parts}").format(parts=texts.in_order(parts))
    if card.overall.value is None:
        return told
    whole = say("Total: {points}").format(points=_points(texts, card.overall.value))
    return f"{told}. {whole}"


def _points(texts: Translator, value: Fraction | None) -> str:
    return texts.number(value if value is not None else 0, 1)
