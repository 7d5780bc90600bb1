"""What was said before at a place, in another round or version, and the strip that confirms it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerLayer
from capacity_app.domain.assessment.migration import number_and_wording_at, proposed_answer, retired_content
from capacity_app.domain.assessment.registers import (
    RetiredAnswer,
    RetiredAnswerStatus,
)
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.change_sets import kept_answers
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.theme.painting import paint_dashed
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action

if TYPE_CHECKING:
    from capacity_app.ui.widgets.running_text import RunningText

StripButton = tuple[str, str]
"""A button's word and its key."""
TextVersions = tuple[str, str, str]
"""What a text is, what it said and what it says."""


class ConfirmStrip(QFrame):
    """A sentence and buttons in a dashed outline. ``pressed`` carries the place of the button."""

    pressed = Signal(int)

    def __init__(self, buttons: int = 1) -> None:
        super().__init__()
        self.setObjectName("to_confirm")
        self.said = Label("")
        self._flow = Flow(TIGHT)
        self.buttons: list[FlatButton] = []
        self.differences: list[RunningText] = []
        self._line = lay_out(QBoxLayout(QBoxLayout.Direction.TopToBottom), (self.said, 1), self._flow, spacing=TIGHT)
        self._column = lay_out(QVBoxLayout(self), self._line, margins=(MEDIUM, SMALL, MEDIUM, SMALL), spacing=TIGHT)
        for place in range(buttons):
            self._add_button(place)

    def _arrange(self) -> None:
        """Put the buttons beside the sentence where both fit in one line, else below."""
        wanted = self.said.fontMetrics().horizontalAdvance(self.said.text()) + self._flow.sizeHint().width()
        is_line = wanted + 2 * MEDIUM + LARGE <= self.width()
        kinds = QBoxLayout.Direction
        self._line.setDirection(kinds.LeftToRight if is_line else kinds.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def offer(self, said: str, labels: Sequence[StripButton]) -> None:
        """Show a sentence with its buttons; without buttons the strip is away."""
        self.said.setText(said)
        for place, button in enumerate(self.buttons):
            if place < len(labels):
                button.show_word(*labels[place])
                button.setAccessibleDescription(said)
            button.setVisible(place < len(labels))
        self.setVisible(bool(labels))
        self._arrange()

    def compare(self, pairs: Sequence[TextVersions]) -> None:
        """Show under the sentence what has changed, word by word; nothing takes it away."""
        if not (pairs or self.differences):
            return
        from capacity_app.ui.widgets.running_text import RunningText  # noqa: PLC0415 - seldom wanted

        while len(self.differences) < len(pairs):
            passage = RunningText(role=TextRole.CAPTION)
            self.differences.append(passage)
            self._column.insertWidget(len(self.differences) - 1, passage)
        for place, passage in enumerate(self.differences):
            passage.setVisible(place < len(pairs))
            if place < len(pairs):
                passage.show_versions(*pairs[place])

    def _add_button(self, place: int) -> None:
        button = with_action(FlatButton(""), f"confirm {place}", lambda: self.pressed.emit(place))
        button.is_chip = True
        self.buttons.append(button)
        self._flow.place(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_dashed(painter, QRectF(self.rect()), corner=6)
        painter.end()


class ConfirmAll(QWidget):
    """Confirms a whole part, after saying how many answers that are. ``confirmed`` tells that one has agreed."""

    confirmed = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._labels: tuple[StripButton, ...] = ()
        self._sentence = ""
        self.ask = FlatButton("")
        self.ask.is_chip = True
        with_action(self.ask, "confirm_all", self._begin)
        self.strip = ConfirmStrip(2)
        self.strip.pressed.connect(self._pressed)
        lay_out(QVBoxLayout(self), (self.ask, 0, Qt.AlignmentFlag.AlignLeading), self.strip, margins=(0, TIGHT, 0, 0))
        self.strip.hide()
        self.hide()

    def offer(self, count: int, label: str, sentence: str) -> None:
        """Offer to confirm ``count`` answers; none takes the offer away."""
        yes = self._texts.ngettext("Confirm {count} answer", "Confirm all {count} answers", count)
        self._labels = ((yes.format(count=self._texts.number(count)), ""), (self._texts.gettext("Not now"), ""))
        self._sentence = sentence
        self.ask.show_word(label)
        if not count or self.strip.isHidden():
            self._end()
        else:
            self.strip.offer(sentence, self._labels)
        self.setVisible(bool(count))

    def _begin(self) -> None:
        self.strip.offer(self._sentence, self._labels)
        self.strip.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.ask.hide()

    def _end(self) -> None:
        self.ask.show()
        if not self.strip.isHidden():
            self.ask.setFocus(Qt.FocusReason.OtherFocusReason)
            self.strip.hide()

    def _pressed(self, place: int) -> None:
        self._end()
        if place == 0:
            self.confirmed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.strip.isHidden():
            self._end()
        else:
            event.ignore()


# What was said at a place under an earlier version of the questions: to be confirmed, or kept as said then.


REFUSING_LABELS = {
    RetiredAnswerStatus.TO_CONFIRM: N_("Keep as earlier answer"),
    RetiredAnswerStatus.PUBLISHED: N_("Not confirmed"),
}


def speaker(entry: RetiredAnswer, wording: SessionFormatter) -> str:
    """Say who gave an answer: an agency, the assessor or the country."""
    return wording.respondent(AnswerLayer(entry.layer), entry.respondent)


def speakers(entries: Iterable[RetiredAnswer], wording: SessionFormatter) -> str:
    return wording.texts.listed(dict.fromkeys(speaker(entry, wording) for entry in entries))


def changes_since(entry: RetiredAnswer, wording: SessionFormatter) -> tuple[tuple[str, str, str], ...]:
    """Return what is worded differently now: the question, and what the answer means (what, before, now)."""
    say, target = wording.texts.gettext, Address.parse(entry.target)
    # The old wording is kept in the instrument's own language, so it is compared with that one.
    asked = _flat(number_and_wording_at(wording.session.instrument, target)[1])
    answered = _answered_now(entry, target, wording)
    pairs = ((say("Wording"), _flat(entry.wording), asked), (say("Answer"), _flat(entry.answered), _flat(answered)))
    return tuple((label, before, after) for label, before, after in pairs if before != after and after)


def _answered_now(entry: RetiredAnswer, target: Address, wording: SessionFormatter) -> str:
    found = locate(wording.session.instrument, target)
    if found is None or found.field is None or entry.state != "answered":
        return ""
    return wording.content(found.question, found.field, retired_content(entry))


def _flat(text: str) -> str:
    return " · ".join(line.strip() for line in text.splitlines() if line.strip())


def retired_answers_at(controller: SessionController, address: Address) -> tuple[RetiredAnswer, ...]:
    """Return the answers of earlier versions that belong to a place, of a row those of its cells too."""
    return tuple(entry for entry in kept_answers(controller.session) if _belongs(entry, address))


def is_waiting(entry: RetiredAnswer, controller: SessionController) -> bool:
    """Return whether an answer of an earlier version may be confirmed now."""
    proposal = proposed_answer(entry)
    if proposal is None or proposal.key.address.question not in controller.session.sheet.blocks:
        return False
    at = proposal.key.address
    return any(one.id == entry.id for one in controller.carried.waiting(at.question).get(at, ()))


def _belongs(entry: RetiredAnswer, address: Address) -> bool:
    try:
        at = Address.parse(entry.target or entry.address)
    except ValueError:
        return False
    is_row = bool(address.row) and not address.column
    return at == address or (is_row and (at.question, at.row) == (address.question, address.row))
