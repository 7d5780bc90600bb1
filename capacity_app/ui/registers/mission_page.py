"""The mission page: what makes this assessment this one, and what each section weighs in the overall score."""

from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Mission
from capacity_app.domain.instrument import Section
from capacity_app.domain.scoring import section_weights
from capacity_app.services.changes import EntryChange
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.registers.earlier_card import EarlierCard
from capacity_app.ui.registers.entry_form import EntryForm
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_shapes import MISSION

_HEAVIEST = 10.0
_REST_MS = 400


def weight_text(weight: Fraction) -> str:
    """Write a weight as the mission keeps it: "2" or "1/2"."""
    return str(weight)


def with_weight(mission: Mission, section: Section, weight: Fraction) -> Mission:
    """Give a section another weight; the instrument's own weight needs no entry."""
    others = tuple(text for text in mission.weights if text.partition("=")[0] != section.id)
    own = () if weight == section.weight else (f"{section.id}={weight_text(weight)}",)
    return replace(mission, weights=(*others, *own))


class WeightBox(QDoubleSpinBox):
    """One section's weight, in steps of a half."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setRange(0, _HEAVIEST)
        self.setSingleStep(0.5)
        self.setDecimals(2)
        self.setKeyboardTracking(False)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def weight(self) -> Fraction:
        """Give the weight, exactly."""
        return Fraction(self.text().replace(self.locale().decimalPoint(), "."))


class WeightsCard(Card):
    """The section weights; leaving them as they are is the method's default."""

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__(margin=LARGE)
        self._bridge = bridge
        self.boxes: dict[str, WeightBox] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._commit)
        texts = words.texts
        self.body.addWidget(Words(texts.gettext("Section weights"), Role.HEADING))
        self.body.addWidget(Words(texts.gettext(
            "Every section counts the same unless you say otherwise. Your weights are printed with the score, and the "
            "scores page shows how much they matter."
        ), is_muted=True))  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(LARGE)
        grid.setVerticalSpacing(SMALL)
        grid.setColumnStretch(0, 1)
        self._sections = [s for s in words.instrument.sections if s.is_scored and not s.supplement]
        for line, section in enumerate(self._sections):
            self._add(grid, line, section, words)
        self.body.addLayout(grid)
        self.show_mission()

    def _add(self, grid: QGridLayout, line: int, section: Section, words: Vocabulary) -> None:
        label = f"{section.number}  {words.wording.section(section)}"
        box = WeightBox(f"weight_{section.id}", words.texts.gettext("Weight of {section}").format(section=label))
        box.setEnabled(not self._bridge.session.is_read_only)
        box.valueChanged.connect(lambda _value: self._rest.start())
        grid.addWidget(Words(label), line, 0)
        grid.addWidget(box, line, 1, Qt.AlignmentFlag.AlignVCenter)
        self.boxes[section.id] = box

    def show_mission(self) -> None:
        """Show the weights in force."""
        own = section_weights(self._bridge.session.instrument, self._bridge.session.mission.weights)
        for section in self._sections:
            box = self.boxes[section.id]
            box.blockSignals(True)
            box.setValue(float(own.get(section.id, section.weight)))
            box.blockSignals(False)

    def flush(self) -> None:
        """Commit what was just changed."""
        if self._rest.isActive():
            self._rest.stop()
            self._commit()

    def _commit(self) -> None:
        mission = changed = self._bridge.session.mission
        own = section_weights(self._bridge.session.instrument, mission.weights)
        for section in self._sections:
            weight = self.boxes[section.id].weight()
            # A third stands in the file as 1/3; the box shows 0.33 and must not round it there.
            if float(weight) != round(float(own.get(section.id, section.weight)), 2):
                changed = with_weight(changed, section, weight)
        if changed != mission:
            self._bridge.put(changed)


class MissionPage(ReadingColumn):
    """The mission's form and the section weights."""

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge = bridge
        words = Vocabulary(texts, bridge.session)
        self.setObjectName("mission_page")
        self.form = EntryForm(MISSION, words, bridge)
        self.form.setEnabled(not bridge.session.is_read_only)
        self.form.edited.connect(bridge.put)
        self.earlier = EarlierCard(bridge, words)
        self.weights = WeightsCard(bridge, words)
        self._is_waiting = False
        subtitle = texts.gettext(
            "Which country, which round, who went, and how. It stands on the report’s first pages."
        )
        self.body.addLayout(page_heading(texts.gettext("Mission"), subtitle))
        card = Card(margin=LARGE)
        card.body.addWidget(self.form)
        card.body.addWidget(_code_line(texts, bridge.session.mission))
        self.body.addWidget(card)
        self.body.addWidget(self.earlier)
        self.body.addWidget(self.weights)
        self.body.addStretch(1)
        self._show()
        bridge.changed.connect(self._hear)
        bridge.refused.connect(lambda _error: self._show())
        bridge.flush_requested.connect(self.flush)

    def _show(self) -> None:
        self.form.show_entry(self._bridge.session.mission)
        self.weights.show_mission()

    def _hear(self, change: object) -> None:
        if isinstance(change, EntryChange) and change.register == "mission":
            self._show()
        if self.isVisible() and not self._is_waiting:
            self._is_waiting = True
            QTimer.singleShot(0, self, self._follow)

    def _follow(self) -> None:
        self._is_waiting = False
        if self.isVisible():
            self.earlier.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        self._show()
        self.form.refresh()
        self.earlier.refresh()

    def flush(self) -> None:
        """Commit what is being typed."""
        self.form.flush()
        self.weights.flush()


def _code_line(texts: Texts, mission: Mission) -> QWidget:
    """Say under which codes the country is filed."""
    codes = " · ".join(part for part in (mission.country, mission.m49 and f"M49 {mission.m49}") if part)
    line = QWidget()
    column = QVBoxLayout(line)
    column.setContentsMargins(0, SMALL, 0, 0)
    sentence = texts.gettext("Country code: {codes}. It was fixed when the assessment was made.").format(codes=codes)
    column.addWidget(Words(sentence, Role.CAPTION, is_muted=True))
    return line
