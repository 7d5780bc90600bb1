"""A person at the questionnaire, for tests: presses keys, looks at what is shown, leaves and comes back."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, Content
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.question_widgets.grid_card import GridCard
from capacity_app.ui.question_widgets.question_card import QuestionCard
from capacity_app.ui.session.controller import SessionController, WriterSignals

SomeWidget = TypeVar("SomeWidget", bound=QWidget)


class Desk:
    """The questionnaire on an assessment file, with a keyboard."""

    def __init__(self, file: Path, device: str, texts: Translator, qtbot: QtBot) -> None:
        self.file, self._device, self._texts, self._qtbot = file, device, texts, qtbot
        self.news: WriterSignals
        self.session: AssessmentSession
        self.controller: SessionController
        self.page: QuestionnairePage
        self.is_open = False
        self.open()

    def open(self) -> None:
        """Open the file and its questionnaire."""
        self.news = WriterSignals()
        self.session = AssessmentSession(self.file, device=self._device, author="A. Officer", on_saved=self.news.tell)
        self.controller = SessionController(self.session, self.news)
        self.page = QuestionnairePage(self.controller, self._texts)
        self.page.resize(1600, 850)
        self.page.show()
        self._qtbot.waitExposed(self.page)
        self.page.activateWindow()
        self.is_open = True
        self.settle()

    def leave(self) -> None:
        """Close the questionnaire as the window does."""
        if not self.is_open:
            return
        self.is_open = False
        self.controller.request_close()
        self.page.close()
        self.page.deleteLater()
        app = QApplication.instance()
        assert app is not None
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.session.close()
        self.controller.deleteLater()
        self.news.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def come_back(self) -> None:
        """Close and open again."""
        self.leave()
        self.open()

    def settle(self) -> None:
        """Let what waits for the event loop happen."""
        QApplication.sendPostedEvents()
        QTest.qWait(1)

    # -- keys -----------------------------------------------------------------------------------------------------

    def press(self, *names: str) -> None:
        """Press keys by name ("2", "Ctrl+Down", "Return") where the focus is."""
        for name in names:
            stroke = QKeySequence(name)[0]  # type: ignore[index]  # the stubs forget that it is a sequence
            QTest.keyClick(self.focused(), stroke.key(), stroke.keyboardModifiers())
            self.settle()

    def write(self, text: str) -> None:
        """Type letters where the focus is."""
        for letter in text:
            QTest.keyClicks(self.focused(), letter) if letter.isascii() else self._commit(letter)
        self.settle()

    def _commit(self, letter: str) -> None:
        QTest.sendKeyEvent(
            QTest.KeyAction.Click, self.focused(), Qt.Key.Key_unknown, letter, Qt.KeyboardModifier.NoModifier
        )

    def rest(self) -> None:
        """Wait until typed text has been stored by itself."""
        QTest.qWait(450)

    def focused(self) -> QWidget:
        """Return the widget that has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    # -- looking --------------------------------------------------------------------------------------------------

    def go(self, where: str) -> None:
        """Go to an address given as text."""
        self.page.show_address(Address.parse(where))
        self.settle()

    def here(self) -> str:
        """Tell at which question, or in a table at which cell, the focus is."""
        widget: QWidget | None = self.focused()
        while widget is not None and not isinstance(widget, QuestionCard):
            widget = widget.parentWidget()
        assert widget is not None, "the focus is in no question"
        return str(widget.here())

    def card(self, question: str) -> QuestionCard:
        """Return a question's card."""
        section = self.session.instrument.section_of[question]
        self.page.show_section(section.id)
        card = self.page.page().card(question)
        assert card is not None
        return card

    def unsaved(self) -> tuple[Address, ...]:
        """Return the questions that show something that is not stored."""
        cards = (card for page in self.page._pages.values() for card in page.cards.values())
        return tuple(card.address for card in cards if card.unsaved())

    def table(self, question: str) -> GridCard:
        """Return a grid question's card."""
        card = self.card(question)
        assert isinstance(card, GridCard)
        return card

    def part(self, kind: type[SomeWidget], name: str) -> SomeWidget:
        """Find a widget of the page by its object name."""
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def said(self, where: str, who: str | None = None, layer: AnswerLayer = AnswerLayer.RESPONSE) -> Content:
        """Return what is stored at an address."""
        respondent = "" if layer is not AnswerLayer.RESPONSE else (self.controller.respondent if who is None else who)
        return self.session.content(AnswerKey(Address.parse(where), layer, respondent))
