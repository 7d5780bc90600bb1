"""The action plan: what is to be done, when, and which training it takes."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.gaps import Gap
from capacity_app.domain.plan_checks import check_plan
from capacity_app.domain.planning import GROUPING_WORDS, Grouping, plan_of
from capacity_app.domain.registers import PROGRESS_WORDS
from capacity_app.domain.training import training_needs
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.look.cards import Card, Words, page_heading
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.plan.action_editor import ActionEditor
from capacity_app.ui.plan.plan_words import PlanState, inherited_words, summary
from capacity_app.ui.plan.time_axis import SCALE_WORDS, Scale
from capacity_app.ui.plan.timeline_delegate import BarSample
from capacity_app.ui.plan.timeline_view import TimelineView
from capacity_app.ui.plan.training_tab import TrainingTab
from capacity_app.ui.registers.entry_words import Vocabulary, capital

_ACTIONS, _TIMELINE, _TRAINING = range(3)


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


class PlanPage(QWidget):
    """The action plan in three views; refreshed when shown, and after a change while shown.

    ``navigate`` carries an address to go to, ``entry_wanted`` an entry's id, ``gap_wanted`` the address of a gap,
    None for the gaps as a whole.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    gap_wanted = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._fresh = Freshness(self, bridge, self._show)
        self._tab = _ACTIONS
        self.setObjectName("plan_page")
        self._words = Vocabulary(texts, bridge.session)
        self.tabs = TabRow("plan_tab")
        self.tabs.setObjectName("plan_tabs")
        self.tabs.setAccessibleName(texts.gettext("Views of the plan"))
        self.grouping = self._grouping_combo()
        self.actions_tab = ActionEditor(bridge, self._words)
        self.timeline = TimelineTab(bridge, self._words)
        self.training = TrainingTab(bridge, self._words)
        self._stack = QStackedWidget()
        for label, page in (
            (texts.gettext("Actions"), self.actions_tab),
            (texts.gettext("Timeline"), self.timeline),
            (texts.gettext("Training needs"), self.training),
        ):
            self.tabs.addTab(label)
            self._stack.addWidget(page)
        self._lay_out()
        self._connect()

    def _grouping_combo(self) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName("plan_grouping")
        combo.setAccessibleName(self._texts.gettext("Put the actions together"))
        combo.fill(tuple((one.value, self._texts.gettext(word)) for one, word in GROUPING_WORDS.items()))
        combo.setMinimumContentsLength(20)
        combo.activated.connect(lambda _index: self._show())
        return combo

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = self._texts.gettext("Who closes which gap, when and with which money; and which training it takes.")
        column.addLayout(page_heading(self._texts.gettext("Action plan"), subtitle))
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        line.addWidget(self.tabs, 1)
        line.addWidget(self.grouping)
        column.addLayout(line)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn_to)
        self.actions_tab.gap_wanted.connect(self.gap_wanted)
        self.actions_tab.grown.connect(self._fresh.refresh)
        self.timeline.opened.connect(self._open_form)
        self.training.wanted.connect(self.navigate)
        self.training.opened.connect(self._open_form)
        self.training.planned.connect(self._plan)
        self._bridge.refused.connect(lambda _error: self._fresh.mark_stale())
        self._bridge.flush_requested.connect(self.actions_tab.form.flush)

    def _turn_to(self, tab: int) -> None:
        self._bridge.request_flush()
        before, self._tab = self._tab, tab
        chosen = self.actions_tab.current
        self._stack.setCurrentIndex(tab)
        self.grouping.setVisible(tab != _TRAINING)
        self._fresh.refresh()
        if tab == _TIMELINE and chosen:
            self.timeline.view.choose(chosen)
        elif (before, tab) == (_TIMELINE, _ACTIONS) and self.timeline.view.current:
            self.actions_tab.choose(self.timeline.view.current)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _state(self) -> PlanState:
        session = self._bridge.session
        gaps, to_verify = session.gaps()
        actions = tuple(a for a in session.entries("actions") if isinstance(a, Action))
        covered = {place for a in actions if a.progress is not Progress.DROPPED for place in a.gaps}
        return PlanState(
            plan=plan_of(actions, (*gaps, *to_verify)),
            gaps={str(gap.address): gap for gap in (*gaps, *to_verify)},
            findings=tuple(check_plan(session.dossier(), session.sheet, gaps, to_verify)),
            loose=sum(1 for gap in gaps if not gap.is_serious and str(gap.address) not in covered),
            needs=training_needs(session.sheet, gaps),
            today=date.today(),  # noqa: DTZ011 - the day as the person's calendar has it
        )

    def _show(self) -> None:
        state = self._state()
        grouping = Grouping(self.grouping.currentData())
        self.actions_tab.show_plan(state, grouping)
        self.timeline.show_plan(state, grouping)
        self.training.show_plan(state)
        say, number = self._texts.gettext, self._texts.number
        self.tabs.setTabText(_ACTIONS, f"{say('Actions')}  {number(len(state.plan))}")
        self.tabs.setTabText(_TRAINING, f"{say('Training needs')}  {number(state.needs.count)}")

    def _plan(self, action: Action) -> None:
        self.tabs.setCurrentIndex(_ACTIONS)
        self.actions_tab.put_new(action)

    def _open_form(self, action_id: str) -> None:
        self.timeline.view.choose(action_id)
        self.tabs.setCurrentIndex(_ACTIONS)
        self.actions_tab.choose(action_id)
        self.actions_tab.form.focus_first()

    def show_action(self, action_id: str) -> None:
        """Go to the form of an action."""
        self._fresh.refresh()
        self._open_form(action_id)

    def plan_for(self, gaps: tuple[Gap, ...]) -> None:
        """Make a new action for some gaps and go to its form."""
        self.tabs.setCurrentIndex(_ACTIONS)
        self.actions_tab.add(gaps)
