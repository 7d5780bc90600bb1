"""Training and assistance needs: the table of topics, and beside it what stands behind the current one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.training import Need, actions_for
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.lines import Line, Links, forward
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.plan.plan_words import PlanState
from capacity_app.ui.plan.training_table import TrainingTable, TrainingWords
from capacity_app.ui.registers.entry_words import Vocabulary

_WIDE = 140
"""Letters of width from which the current topic stands beside the table."""
_LINES = 12


class TrainingTab(QWidget):
    """All topics. ``wanted`` carries an address to go to, ``opened`` an action's id, ``planned`` a new action."""

    wanted = Signal(object)
    opened = Signal(str)
    planned = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__()
        self._bridge, self._words = bridge, TrainingWords(words)
        self._need: Need | None = None
        self.table = TrainingTable(self._words)
        self.table.setMinimumHeight(_LINES * self.fontMetrics().height())
        self.table.picked.connect(self._show)
        self.table.opened.connect(self._go)
        self._advice = self._advice_card()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        # Mirrored, Qt cuts the last pixel off.
        self._split.setContentsMargins(1, 0, 1, 0)
        card = Card(margin=SMALL)
        card.body.addWidget(self.table)
        self._split.addWidget(card)
        self._split.addWidget(self._detail())
        self._split.setStretchFactor(0, 7)
        self._split.setStretchFactor(1, 3)
        self._split.setSizes([7000, 3000])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(self._advice)
        column.addWidget(self._split, 1)

    def _advice_card(self) -> Card:
        say = self._words.say
        card = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        card.setObjectName("training_advice")
        card.body.addWidget(Words(say("This assessment does not ask about training directly"), Role.STRONG))
        sentence = say(
            "Supplement T asks topic by topic what staff can do, what they should be able to do and which help is "
            "needed. Tick it where a new assessment begins, under “Supplements”. Until then, this is where the "
            "other answers say to look."
        )
        card.body.addWidget(Words(sentence))
        return card

    def _detail(self) -> QWidget:
        say = self._words.say
        card = Card(margin=LARGE)
        card.body.setSpacing(MEDIUM)
        self._title, self._sentence = Words(role=Role.QUESTION), Words()
        self._suggested = Words()
        self._make = QPushButton(say("Make an action of it"))
        self._make.setObjectName("training_plan")
        self._make.setEnabled(not self._bridge.session.is_read_only)
        self._make.clicked.connect(lambda _checked: self._plan())
        self._answers = QPushButton(say("Go to the answers"))
        self._answers.setObjectName("training_go")
        self._answers.clicked.connect(lambda _checked: self._go())
        self.gaps = Links("training_gaps", say("Low answers that point to it"))
        self.gaps.opened.connect(lambda address: self.wanted.emit(Address.parse(address)))
        self.links = Links("training_actions", say("Training and assistance planned"))
        self.links.opened.connect(self.opened)
        buttons = Flow(SMALL)
        buttons.place(self._make)
        buttons.place(self._answers)
        for widget in (self._title, buttons, self._sentence):
            card.body.addWidget(widget)
        self._blocks = tuple(
            self._block(card, label, content)
            for label, content in (
                (say("What the instrument suggests"), self._suggested),
                (say("Training and assistance planned"), self.links),
                (say("Low answers that point to it"), self.gaps),
            )
        )
        card.body.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(card)
        return area

    def _block(self, card: Card, label: str, content: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(Words(label, Role.STRONG))
        column.addWidget(content)
        card.body.addWidget(holder)
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE * self.fontMetrics().averageCharWidth()
        turned = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._split.orientation() != turned:
            self._split.setOrientation(turned)
            self._split.setSizes([7000, 3000] if is_wide else [5000, 4000])

    def show_plan(self, state: PlanState) -> None:
        """Show the needs as they are now."""
        self._words.found = state.needs
        self._words.actions = tuple(one.action for one in state.plan)
        is_asked = state.needs.question is not None
        self._advice.setVisible(not is_asked)
        self.table.show_needs(state.needs.needs, is_asked=is_asked)
        self._show()

    def _show(self) -> None:
        need = self._need = self.table.current
        if need is None:
            return
        words = self._words
        self._title.setText(words.topic(need))
        self._sentence.setText(words.sentence(need))
        self._sentence.setVisible(bool(self._sentence.text()))
        self._suggested.setText(words.suggestion(need))
        planned = actions_for(need, words.actions)
        self.links.show_lines(
            [
                Line(one.id, words.words.title("actions", one), mark=forward(words.words.texts), colour="accent")
                for one in planned
            ]
        )
        self.gaps.show_lines(
            [
                Line(str(gap.address), words.words.gap_name(str(gap.address)), grade=gap.severity_class)
                for gap in need.gaps
            ]
        )
        for holder, is_there in zip(self._blocks, (self._suggested.text(), planned, need.gaps), strict=True):
            holder.setVisible(bool(is_there))
        self._answers.setEnabled(self._place() is not None)
        self.gaps.updateGeometry()
        self.links.updateGeometry()

    def _place(self) -> Address | None:
        """Find where the answers about the topic stand: in the supplement, else in the record of courses."""
        if self._need is None:
            return None
        found = self._words.found
        courses = Address(found.courses.id) if found and found.courses else None
        return self._need.address or courses

    def _go(self) -> None:
        place = self._place()
        if place is not None:
            self.wanted.emit(place)

    def _plan(self) -> None:
        if self._need is not None:
            self.planned.emit(self._words.action(self._need, self._bridge.session.new_id("actions")))
