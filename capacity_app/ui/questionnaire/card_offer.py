"""What the earlier round said, on a question’s card: shown until somebody answers, confirmed by key or button."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Address, Content
from capacity_app.domain.problems import N_
from capacity_app.ui.questionnaire.answer_editors import takes_letters
from capacity_app.ui.questionnaire.confirm_strip import ConfirmStrip, Label

if TYPE_CHECKING:
    from capacity_app.ui.questionnaire.question_card import QuestionCard

_STILL_SO = N_("{round}: {answer}. Still so?")


class CardOffer:
    """The strip of one card; it exists only once there is something to confirm."""

    buttons = 1

    def __init__(self, card: "QuestionCard") -> None:
        self._card = card
        self._choices: list[tuple[Address, ...]] = []
        self.strip: ConfirmStrip | None = None

    @property
    def _is_closed(self) -> bool:
        return self._card.bridge.session.is_read_only

    def show(self) -> None:
        """Show what the earlier round said here, as long as nobody has been asked."""
        card = self._card
        content = None if self._is_closed else card.bridge.carried.at(card.address)
        if card.editor is not None:
            card.editor.show_offered(content.value if content is not None else None)
        if content is None:
            self._offer("", (), ())
            return
        key = "F5" if takes_letters(card.question.kind) else "C"
        label = (card.wording.texts.gettext("Confirm"), key)
        self._offer(self._sentence(content), (label,), ((card.address,),))

    def _sentence(self, content: Content) -> str:
        wording = self._card.wording
        said = wording.content(self._card.question, self._card.field, content).removesuffix(".")
        pattern = wording.texts.gettext(_STILL_SO)
        return pattern.format(round=self._card.bridge.carried.round(wording.texts), answer=said)

    def _offer(self, said: str, labels: Sequence[Label], choices: Iterable[tuple[Address, ...]]) -> None:
        """Show a sentence with buttons, each with what it confirms; no buttons take the strip away."""
        self._choices = list(choices)
        if self.strip is None:
            if not labels:
                return
            self.strip = self._make_strip()
        focused = self._card.focusWidget()
        if not labels and focused is not None and self.strip.isAncestorOf(focused):
            self._card.focus_answer()
        self.strip.offer(said, labels)

    def _make_strip(self) -> ConfirmStrip:
        strip = ConfirmStrip(self.buttons)
        strip.pressed.connect(lambda place: self.confirm(self._choices[place]))
        self._card.body.insertWidget(self._place(), strip)
        # Tab comes to the strip where one reads it.
        for one, following in pairwise((self._before(), *strip.buttons)):
            QWidget.setTabOrder(one, following)
        return strip

    def _place(self) -> int:
        """Give where in the card the strip goes: between question and answers."""
        return self._card.body.indexOf(self._card.editor) if self._card.editor is not None else 1

    def _before(self) -> QWidget:
        """Give what Tab comes to before the strip."""
        return self._card

    def confirm(self, addresses: Sequence[Address]) -> int:
        """Make what the earlier round said the present respondent's answer; gives how many were stored."""
        self._card.flush()
        return self._card.bridge.carried.confirm(addresses) if addresses else 0

    def confirm_here(self) -> None:
        """Confirm what is offered where the focus is."""
        self.confirm((self._card.address,))
