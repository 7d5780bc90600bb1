"""Gaps and actions: what is missing, most serious first; what is to be verified; and what is to be done about it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import Gap
from capacity_app.domain.quality import Finding, FindingKind, check_quality
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.gaps.action_editor import ActionEditor
from capacity_app.ui.gaps.gap_list import GapList
from capacity_app.ui.look.cards import page_heading
from capacity_app.ui.look.theme import LARGE, MEDIUM, WIDE
from capacity_app.ui.registers.entry_words import Vocabulary

_PLAN = {FindingKind.ACTION, FindingKind.GAP}
_GAPS, _TO_VERIFY, _ACTIONS = range(3)


class GapsPage(QWidget):
    """Three tabs over one list of gaps; refreshed when shown, and after a change while shown."""

    navigate = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._is_stale = True
        self.setObjectName("gaps_page")
        words = Vocabulary(texts, bridge.session)
        self.tabs = QTabBar()
        self.tabs.setObjectName("gap_tabs")
        self.tabs.setAccessibleName(texts.gettext("Gaps and actions"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.gaps = GapList(bridge, words, "gaps", is_open=False)
        self.to_verify = GapList(bridge, words, "to_verify", is_open=True)
        self.plan = ActionEditor(bridge, words)
        self._stack = QStackedWidget()
        for page in (self.gaps, self.to_verify, self.plan):
            self.tabs.addTab("")
            self._stack.addWidget(page)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        for gap_list in (self.gaps, self.to_verify):
            gap_list.wanted.connect(self.navigate)
            gap_list.action_wanted.connect(self._plan)
        self.plan.wanted.connect(self._go_to_gap)
        self.plan.grown.connect(self._refresh)
        self._lay_out()
        bridge.changed.connect(lambda _change: self._mark_stale())
        bridge.refused.connect(lambda _error: self._mark_stale())
        bridge.flush_requested.connect(self._flush)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = self._texts.gettext("How far each answer is from its target, and what is to be done about it.")
        column.addLayout(page_heading(self._texts.gettext("Gaps and actions"), subtitle))
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def _mark_stale(self) -> None:
        is_first = not self._is_stale
        self._is_stale = True
        if is_first and self.isVisible():
            QTimer.singleShot(0, self, self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Show gaps and actions as they are now."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self._is_stale or not self.isVisible():
            return
        self._is_stale = False
        gaps, to_verify = self._bridge.session.gaps()
        actions = tuple(a for a in self._bridge.session.entries("actions") if isinstance(a, Action))
        self.gaps.show_gaps(gaps, actions)
        self.to_verify.show_gaps(to_verify, actions)
        self.plan.show_plan(actions, gaps, to_verify, self._findings((gaps, to_verify)))
        self._count(len(gaps), len(to_verify), len(actions))

    def _findings(self, gaps: tuple[tuple[Gap, ...], tuple[Gap, ...]]) -> tuple[Finding, ...]:
        session = self._bridge.session
        return tuple(f for f in check_quality(session.dossier(), session.sheet, gaps) if f.kind in _PLAN)

    def _count(self, gaps: int, to_verify: int, actions: int) -> None:
        say, number = self._texts.gettext, self._texts.number
        self.tabs.setTabText(_GAPS, f"{say('Gaps')}  {number(gaps)}")
        self.tabs.setTabText(_TO_VERIFY, f"{say('To verify')}  {number(to_verify)}")
        self.tabs.setTabText(_ACTIONS, f"{say('Actions')}  {number(actions)}")

    def _plan(self, gaps: tuple[Gap, ...]) -> None:
        """Go to the actions with a new one for the gaps."""
        self.tabs.setCurrentIndex(_ACTIONS)
        self.plan.add(gaps)

    def _go_to_gap(self, address: Address) -> None:
        self.tabs.setCurrentIndex(_GAPS)
        self.gaps.choose(str(address))

    def _flush(self) -> None:
        self.plan.form.flush()
        self.gaps.detail.flush()
        self.to_verify.detail.flush()

    def show_action(self, action_id: str) -> None:
        """Go to an action."""
        self.tabs.setCurrentIndex(_ACTIONS)
        self.plan.list.choose(action_id)
