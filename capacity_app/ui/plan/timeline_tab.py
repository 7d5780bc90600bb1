"""The timeline with its scale and legend, and the current action in words below it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Progress
from capacity_app.domain.planning import Grouping
from capacity_app.domain.registers import PROGRESS_WORDS
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.plan.plan_words import PlanState, inherited_words, summary
from capacity_app.ui.plan.timeline_bars import BarSample
from capacity_app.ui.plan.timeline_scale import SCALE_WORDS, Scale
from capacity_app.ui.plan.timeline_view import TimelineView
from capacity_app.ui.registers.entry_words import Vocabulary, capital

_LINES = 14
"""The least height of the timeline, in lines of text."""


class TimelineTab(QWidget):
    """All actions in time. ``opened`` carries the id of an action whose form is wanted."""

    opened = Signal(str)

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__()
        self._words = words
        self._state: PlanState | None = None
        self.view = TimelineView(words, is_editable=not bridge.session.is_read_only)
        self.view.setMinimumHeight(_LINES * self.fontMetrics().height())
        self.view.opened.connect(self.opened)
        self.view.picked.connect(lambda _action: self._tell())
        self.view.shifted.connect(bridge.put)
        self.view.scaled.connect(self._take_scale)
        self._scale = QuietCombo()
        self._scale.setObjectName("timeline_scale")
        self._scale.setAccessibleName(words.texts.gettext("How much time is shown"))
        self._scale.fill(tuple((scale.value, words.texts.gettext(word)) for scale, word in SCALE_WORDS.items()))
        self._scale.activated.connect(lambda _index: self.view.show_scale(Scale(self._scale.currentData())))
        self._away = Words(role=Role.CAPTION, is_muted=True, wraps=False)
        self._title, self._said, self._warned = Words(role=Role.STRONG), Words(), Words()
        self._warned.set_colour("warning")
        self._open = QPushButton(words.texts.gettext("Open the form"))
        self._open.setObjectName("timeline_open")
        self._open.clicked.connect(lambda _checked: self.opened.emit(self.view.current))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._full())
        self._stack.addWidget(self._empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _full(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(self._tools())
        card = Card(margin=SMALL)
        card.body.addWidget(self.view)
        column.addWidget(card, 1)
        below = Card(margin=MEDIUM)
        line = QHBoxLayout()
        line.setSpacing(LARGE)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._title, self._said, self._warned):
            words.addWidget(label)
        line.addLayout(words, 1)
        line.addWidget(self._open)
        below.body.addLayout(line)
        column.addWidget(below)
        hint = self._words.texts.gettext(
            "Ctrl and an arrow move the chosen action by a month, Shift and an arrow its start, Ctrl+Shift and an "
            "arrow its end. A bar can be dragged too. Enter opens the form, + and − change the scale."
        )
        column.addWidget(Words(hint, Role.CAPTION, is_muted=True))
        return page

    def _tools(self) -> Flow:
        flow = Flow(MEDIUM)
        flow.place(self._scale)
        for progress in Progress:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 5, 0, 5)
            line.setSpacing(SMALL)
            line.addWidget(BarSample(progress))
            line.addWidget(Words(self._words.texts.gettext(PROGRESS_WORDS[progress]), Role.CAPTION, wraps=False))
            flow.place(holder)
        self._away.setContentsMargins(0, 5, 0, 5)
        flow.place(self._away)
        return flow

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        sentence = self._words.texts.gettext("The timeline appears with the first action: give it a start and an end.")
        column.addStretch(1)
        column.addWidget(Words(sentence, Role.QUESTION, is_muted=True, side="center"))
        column.addStretch(2)
        return page

    def show_plan(self, state: PlanState, grouping: Grouping) -> None:
        """Show the actions as they are now."""
        self._state = state
        self._stack.setCurrentIndex(0 if state.plan else 1)
        self.view.show_plan(state, grouping)
        say = self._words.texts.gettext
        self._away.setText("" if self.view.axis.has(state.today) else say("Today lies outside the plan."))
        self._away.setVisible(bool(self._away.text()))
        self._tell()

    def _take_scale(self, scale: Scale) -> None:
        self._scale.setCurrentIndex(self._scale.findData(scale.value))
        self.view.show_scale(scale)

    def _tell(self) -> None:
        """Say the current action in words."""
        current = self.view.current
        one = next((one for one in self._state.plan if one.action.id == current), None) if self._state else None
        self._open.setEnabled(one is not None)
        if one is None or self._state is None:
            return
        translate = self._words.texts.gettext
        self._title.setText(self._words.title("actions", one.action))
        said = capital(summary(self._words, one, self._state.today))
        self._said.setText(f"{said}\n{inherited_words(self._words, one)}")
        warnings = " ".join(finding.problem.text(translate) for finding in self._state.warnings(current))
        self._warned.setText(f"⚠ {warnings}" if warnings else "")
        self._warned.setVisible(bool(warnings))
