"""What the earlier round said at a place, with the buttons that make it the present respondent's answer."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.painting import paint_dashed
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.history_tab import diff_runs
from capacity_app.ui.questionnaire.passage import Passage, Run

Label = tuple[str, str]
"""A button's word and its key."""
Versions = tuple[str, str, str]
"""What a text is, what it said and what it says."""


def show_versions(passage: Passage, label: str, before: str, after: str) -> None:
    """Show what has changed in a text, word by word; a screen reader hears both versions."""
    passage.show_runs((Run(f"{label}: "), *diff_runs(before, after)))
    passage.setAccessibleName(f"{label}: {before} → {after}")


class ConfirmStrip(QFrame):
    """A sentence and buttons in a dashed outline. ``pressed`` carries the place of the button."""

    pressed = Signal(int)

    def __init__(self, buttons: int = 1) -> None:
        super().__init__()
        self.setObjectName("to_confirm")
        self.said = Words("")
        self._flow = Flow(TIGHT)
        self.buttons: list[QuietButton] = []
        self.differences: list[Passage] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        self._column.setSpacing(TIGHT)
        self._line = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._line.setSpacing(TIGHT)
        self._line.addWidget(self.said, 1)
        self._line.addWidget(self._flow)
        self._column.addLayout(self._line)
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

    def offer(self, said: str, labels: Sequence[Label]) -> None:
        """Show a sentence with its buttons; without buttons the strip is away."""
        self.said.setText(said)
        for place, button in enumerate(self.buttons):
            if place < len(labels):
                button.show_word(*labels[place])
                button.setAccessibleDescription(said)
            button.setVisible(place < len(labels))
        self.setVisible(bool(labels))
        self._arrange()

    def compare(self, pairs: Sequence[Versions]) -> None:
        """Show under the sentence what has changed, word by word; nothing takes it away."""
        while len(self.differences) < len(pairs):
            passage = Passage(role=Role.CAPTION)
            self.differences.append(passage)
            self._column.insertWidget(len(self.differences) - 1, passage)
        for place, passage in enumerate(self.differences):
            passage.setVisible(place < len(pairs))
            if place < len(pairs):
                show_versions(passage, *pairs[place])

    def _add_button(self, place: int) -> None:
        button = QuietButton("")
        button.is_chip = True
        button.setObjectName(f"confirm {place}")
        button.clicked.connect(lambda: self.pressed.emit(place))
        self.buttons.append(button)
        self._flow.place(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_dashed(painter, QRectF(self.rect()), corner=6)
        painter.end()


class ConfirmAll(QWidget):
    """Confirms a whole part, after saying how many answers that are. ``confirmed`` tells that one has agreed."""

    confirmed = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._labels: tuple[Label, ...] = ()
        self._sentence = ""
        self.ask = QuietButton("")
        self.ask.is_chip = True
        self.ask.setObjectName("confirm_all")
        self.ask.clicked.connect(self._begin)
        self.strip = ConfirmStrip(2)
        self.strip.pressed.connect(self._pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, TIGHT, 0, 0)
        layout.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.strip)
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
