"""The action plan: what is to be done, when, and which training it takes."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.planning.action_plan import PLAN_GROUPING_LABELS, PlanGrouping, build_plan, check_plan
from capacity_app.domain.planning.training import find_training_needs
from capacity_app.domain.scoring.gaps import Gap
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.analyse.action_editor import ActionEditor
from capacity_app.ui.pages.analyse.plan_model import (
    TIME_SCALE_LABELS,
    PlanState,
    TimeScale,
    action_summary,
    inherited_severity_text,
)
from capacity_app.ui.pages.analyse.timeline import TimelineView
from capacity_app.ui.pages.analyse.timeline_painting import LegendBar
from capacity_app.ui.pages.analyse.training_tab import TrainingTab
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import EntryFormatter, capitalized
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.cards import Card, Label, page_heading
from capacity_app.ui.widgets.flow import Flow, TabRow
from capacity_app.ui.widgets.layouts import lay_out, with_name

_ACTIONS, _TIMELINE, _TRAINING = range(3)


_LINES = 14
"""The least height of the timeline, in lines of text."""


class TimelineTab(QWidget):
    """All actions in time. ``opened`` carries the id of an action whose form is wanted."""

    opened = Signal(str)

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._state: PlanState | None = None
        self.view = TimelineView(formatter, is_editable=not controller.session.is_read_only)
        self.view.setMinimumHeight(_LINES * self.fontMetrics().height())
        self.view.opened.connect(self.opened)
        self.view.picked.connect(lambda _action: self._tell())
        self.view.shifted.connect(controller.put)
        self.view.scaled.connect(self._take_scale)
        self._scale = ComboBox()
        self._scale.setObjectName("timeline_scale")
        self._scale.setAccessibleName(formatter.texts.gettext("How much time is shown"))
        self._scale.fill(
            tuple((scale.value, formatter.texts.gettext(word)) for scale, word in TIME_SCALE_LABELS.items())
        )
        self._scale.activated.connect(lambda _index: self.view.show_scale(TimeScale(self._scale.currentData())))
        self._away = Label(role=TextRole.CAPTION, is_muted=True, wraps=False)
        self._title, self._said, self._warned = Label(role=TextRole.STRONG), Label(), Label()
        self._warned.set_colour("warning")
        self._open = QPushButton(formatter.texts.gettext("Open the form"))
        self._open.setObjectName("timeline_open")
        self._open.clicked.connect(lambda _checked: self.opened.emit(self.view.current))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._full())
        self._stack.addWidget(self._empty())
        lay_out(QVBoxLayout(self), self._stack, margins=0)

    def _full(self) -> QWidget:
        page = QWidget()
        column = lay_out(QVBoxLayout(page), self._tools(), margins=0, spacing=MEDIUM)
        column.addWidget(Card(self.view, margin=SMALL), 1)
        below = Card(margin=MEDIUM)
        line = lay_out(QHBoxLayout(), spacing=LARGE)
        lay_out(line, (lay_out(QVBoxLayout(), self._title, self._said, self._warned, spacing=2), 1), self._open)
        below.body.addLayout(line)
        hint = self._formatter.texts.gettext(
            "Ctrl and an arrow move the chosen action by a month, Shift and an arrow its start, Ctrl+Shift and an "
            "arrow its end. A bar can be dragged too. Enter opens the form, + and − change the scale."
        )
        lay_out(column, below, Label(hint, TextRole.CAPTION, is_muted=True))
        return page

    def _tools(self) -> Flow:
        flow = Flow(MEDIUM, self._scale)
        for progress in ActionProgress:
            holder = QWidget()
            line = lay_out(QHBoxLayout(holder), LegendBar(progress), margins=(0, 5, 0, 5), spacing=SMALL)
            line.addWidget(
                Label(self._formatter.texts.gettext(ACTION_PROGRESS_LABELS[progress]), TextRole.CAPTION, wraps=False)
            )
            flow.place(holder)
        self._away.setContentsMargins(0, 5, 0, 5)
        flow.place(self._away)
        return flow

    def _empty(self) -> QWidget:
        page = QWidget()
        sentence = self._formatter.texts.gettext(
            "The timeline appears with the first action: give it a start and an end."
        )
        lay_out(QVBoxLayout(page), 1, Label(sentence, TextRole.QUESTION, is_muted=True, side="center"), 2, margins=WIDE)
        return page

    def show_plan(self, state: PlanState, grouping: PlanGrouping) -> None:
        self._state = state
        self._stack.setCurrentIndex(0 if state.plan else 1)
        self.view.show_plan(state, grouping)
        say = self._formatter.texts.gettext
        self._away.setText("" if self.view.axis.has(state.today) else say("Today lies outside the plan."))
        self._away.setVisible(bool(self._away.text()))
        self._tell()

    def _take_scale(self, scale: TimeScale) -> None:
        self._scale.setCurrentIndex(self._scale.findData(scale.value))
        self.view.show_scale(scale)

    def _tell(self) -> None:
        current = self.view.current
        one = next((one for one in self._state.plan if one.action.id == current), None) if self._state else None
        self._open.setEnabled(one is not None)
        if one is None or self._state is None:
            return
        translate = self._formatter.texts.gettext
        self._title.setText(self._formatter.title("actions", one.action))
        said = capitalized(action_summary(self._formatter, one, self._state.today))
        self._said.setText(f"{said}\n{inherited_severity_text(self._formatter, one)}")
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

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self._fresh = RefreshOnShow(self, controller, self._show)
        self._tab = _ACTIONS
        self.setObjectName("plan_page")
        self._formatter = EntryFormatter(texts, controller.session)
        self.tabs = with_name(TabRow("plan_tab"), "plan_tabs", texts.gettext("Views of the plan"))
        self.grouping = self._grouping_combo()
        self.actions_tab = ActionEditor(controller, self._formatter)
        self.timeline = TimelineTab(controller, self._formatter)
        self.training = TrainingTab(controller, self._formatter)
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

    def _grouping_combo(self) -> ComboBox:
        combo = ComboBox()
        combo.setObjectName("plan_grouping")
        combo.setAccessibleName(self._texts.gettext("Put the actions together"))
        combo.fill(tuple((one.value, self._texts.gettext(word)) for one, word in PLAN_GROUPING_LABELS.items()))
        combo.setMinimumContentsLength(20)
        combo.activated.connect(lambda _index: self._show())
        return combo

    def _lay_out(self) -> None:
        column = lay_out(QVBoxLayout(self), margins=(WIDE, LARGE, WIDE, LARGE), spacing=MEDIUM)
        subtitle = self._texts.gettext("Who closes which gap, when and with which money; and which training it takes.")
        column.addLayout(page_heading(self._texts.gettext("Action plan"), subtitle))
        lay_out(column, lay_out(QHBoxLayout(), (self.tabs, 1), self.grouping, spacing=MEDIUM), (self._stack, 1))

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn_to)
        self.actions_tab.gap_wanted.connect(self.gap_wanted)
        self.actions_tab.grown.connect(self._fresh.refresh)
        self.timeline.opened.connect(self._open_form)
        self.training.wanted.connect(self.navigate)
        self.training.opened.connect(self._open_form)
        self.training.planned.connect(self._plan)
        self._controller.refused.connect(lambda _error: self._fresh.mark_stale())
        self._controller.flush_requested.connect(self.actions_tab.form.flush)

    def _turn_to(self, tab: int) -> None:
        self._controller.request_flush()
        before, self._tab = self._tab, tab
        chosen = self.actions_tab.current
        self._stack.setCurrentIndex(tab)
        self.grouping.setVisible(tab != _TRAINING)
        self._fresh.refresh()
        if tab == _TIMELINE and chosen:
            self.timeline.view.choose(chosen)
        elif (before, tab) == (_TIMELINE, _ACTIONS) and self.timeline.view.current:
            self.actions_tab.choose(self.timeline.view.current)

    def _state(self) -> PlanState:
        session = self._controller.session
        gaps, to_verify = session.gaps()
        actions = tuple(a for a in session.entries("actions") if isinstance(a, Action))
        covered = {place for a in actions if a.progress is not ActionProgress.DROPPED for place in a.gaps}
        return PlanState(
            plan=build_plan(actions, (*gaps, *to_verify)),
            gaps={str(gap.address): gap for gap in (*gaps, *to_verify)},
            findings=tuple(check_plan(session.dossier(), session.sheet, gaps, to_verify)),
            loose=sum(1 for gap in gaps if not gap.is_serious and str(gap.address) not in covered),
            needs=find_training_needs(session.sheet, gaps),
            today=date.today(),  # noqa: DTZ011 - the day as the person's calendar has it
        )

    def _show(self) -> None:
        state = self._state()
        grouping = PlanGrouping(self.grouping.currentData())
        self.actions_tab.show_plan(state, grouping)
        self.timeline.show_plan(state, grouping)
        self.training.show_plan(state)
        say, number = self._texts.gettext, self._texts.number
        self.tabs.setTabText(_ACTIONS, f"{say('Actions')}  {number(len(state.plan))}")
        self.tabs.setTabText(_TRAINING, f"{say('Training needs')}  {number(state.needs.count)}")

    def _plan(self, action: Action) -> None:
        self.tabs.setCurrentIndex(_ACTIONS)
        self.actions_tab.add_for_gaps(action)

    def _open_form(self, action_id: str) -> None:
        self.timeline.view.choose(action_id)
        self.tabs.setCurrentIndex(_ACTIONS)
        self.actions_tab.choose(action_id)
        self.actions_tab.form.focus_first()

    def show_action(self, action_id: str) -> None:
        self._fresh.refresh()
        self._open_form(action_id)

    def plan_for(self, gaps: tuple[Gap, ...]) -> None:
        self.tabs.setCurrentIndex(_ACTIONS)
        self.actions_tab.add(gaps)
