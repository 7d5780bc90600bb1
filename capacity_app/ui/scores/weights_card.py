"""What each section weighs in the overall score, changed in place; the weights are kept and printed with the result."""

from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton

from capacity_app.domain.instrument import Section
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import read_weight, reweighed, section_weights
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.text_fields import LineField, set_quietly
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.scores.score_words import weight_text
from capacity_app.ui.wording import Wording

_LETTERS = 8
UNREADABLE = N_("Write how often the section counts: 2, 0.5 or 1/2; 0 leaves it out. Until then it counts as before.")
NOTHING_LEFT = N_("At least one section must count. Until then the weights stay as before.")


class WeightField(LineField):
    """One weight as text. ``finished`` tells that the person is done with it."""

    finished = Signal()

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setMaximumWidth(self.fontMetrics().averageCharWidth() * _LETTERS * 2)
        self.left.connect(self.finished)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.finished.emit()
            self.selectAll()
        else:
            super().keyPressEvent(event)


class WeightsCard(Card):
    """A field per core section; unreadable text is refused in place, the rest is one undoable step each."""

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._texts = bridge, wording.texts
        say = wording.texts.gettext
        self._sections = [s for s in wording.session.instrument.sections if s.is_scored and not s.supplement]
        self.fields: dict[str, WeightField] = {}
        self.advice: dict[str, Words] = {}
        self.body.addWidget(Words(say("Section weights"), Role.HEADING))
        self.body.addWidget(Words(say(
            "Every section counts the same unless you say otherwise. Your weights are kept and printed with the score."
        ), is_muted=True))  # fmt: skip
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(SMALL)
        self._grid.setColumnStretch(0, 1)
        for line, section in enumerate(self._sections):
            self._add(2 * line, section, f"{section.number}  {wording.section(section)}")
        self.body.addLayout(self._grid)
        self.reset = QPushButton(say("Back to the usual weights"))
        self.reset.setObjectName("reset_weights")
        self.reset.clicked.connect(lambda _checked: self._reset())
        self.body.addLayout(row(self.reset))
        self.show_weights()

    def _add(self, line: int, section: Section, label: str) -> None:
        name = self._texts.gettext("Weight of {section}").format(section=label)
        field = WeightField(f"own_weight_{section.id}", name)
        field.setReadOnly(self._bridge.session.is_read_only)
        field.finished.connect(lambda: self._commit(section))
        advice = Words(role=Role.CAPTION)
        advice.set_colour("danger")
        advice.hide()
        self._grid.addWidget(Words(label), line, 0)
        self._grid.addWidget(field, line, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(advice, line + 1, 0, 1, 2)
        self.fields[section.id], self.advice[section.id] = field, advice

    def _own(self) -> dict[str, Fraction]:
        return section_weights(self._bridge.session.instrument, self._bridge.session.mission.weights)

    def show_weights(self) -> None:
        """Show the weights in force; what is being typed stays."""
        own = self._own()
        for section in self._sections:
            field = self.fields[section.id]
            weight = own.get(section.id, section.weight)
            if not (field.hasFocus() and field.isModified()):
                self._show(section, weight_text(self._texts, weight))
        is_changed = bool(own)
        self.reset.setEnabled(is_changed and not self._bridge.session.is_read_only)

    def _show(self, section: Section, text: str) -> None:
        # Setting the text even where it is the same hands undo on to the window.
        set_quietly(self.fields[section.id], text)
        self._advise(section, "")

    def _advise(self, section: Section, sentence: str) -> None:
        self.advice[section.id].setText(sentence)
        self.advice[section.id].setVisible(bool(sentence))
        self.fields[section.id].setAccessibleDescription(sentence)

    def flush(self) -> None:
        for section in self._sections:
            self._commit(section)

    def _commit(self, section: Section) -> None:
        own = self._own()
        current, weight = own.get(section.id, section.weight), read_weight(self.fields[section.id].text())
        if weight is None:
            self._advise(section, self._texts.gettext(UNREADABLE))
            return
        others = (own.get(other.id, other.weight) for other in self._sections if other is not section)
        if weight == 0 and not any(others):
            self._advise(section, self._texts.gettext(NOTHING_LEFT))
            return
        self._show(section, weight_text(self._texts, weight))
        if weight != current:
            mission = self._bridge.session.mission
            self._bridge.put(replace(mission, weights=reweighed(mission.weights, section, weight)))

    def _reset(self) -> None:
        for section in self._sections:
            self._advise(section, "")
        self._bridge.put(replace(self._bridge.session.mission, weights=()))
        self.show_weights()
