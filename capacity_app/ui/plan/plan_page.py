"""The action plan: what is to be done, when, and which training it takes."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.gaps import Gap
from capacity_app.domain.plan_checks import check_plan
from capacity_app.domain.planning import GROUPING_WORDS, Grouping, plan_of
from capacity_app.domain.training import training_needs
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.freshness import Freshness
from capacity_app.ui.look.cards import page_heading
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import LARGE, MEDIUM, WIDE
from capacity_app.ui.plan.action_editor import ActionEditor
from capacity_app.ui.plan.plan_words import PlanState
from capacity_app.ui.plan.timeline_tab import TimelineTab
from capacity_app.ui.plan.training_tab import TrainingTab
from capacity_app.ui.registers.entry_words import Vocabulary

_ACTIONS, _TIMELINE, _TRAINING = range(3)


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
