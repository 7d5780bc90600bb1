"""The gaps: what is missing, most serious first, as a list or a board; and what is still to be verified."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Action
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.gaps.gap_list import GapList
from capacity_app.ui.look.cards import page_heading
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import LARGE, MEDIUM, WIDE
from capacity_app.ui.registers.entry_words import Vocabulary

_GAPS, _BOARD, _TO_VERIFY = range(3)


class GapsPage(QWidget):
    """Gaps and places to verify; refreshed when shown, and after a change while shown.

    ``navigate`` carries an address, ``entry_wanted`` the id of an action to go to, ``action_wanted`` the gaps (a
    tuple) for which an action is to be planned.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    action_wanted = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self.setObjectName("gaps_page")
        words = Vocabulary(texts, bridge.session)
        self.tabs = TabRow("gap_tab")
        self.tabs.setObjectName("gap_tabs")
        self.tabs.setAccessibleName(texts.gettext("Gaps"))
        self.gaps = GapList(bridge, words, "gaps", is_open=False)
        self.to_verify = GapList(bridge, words, "to_verify", is_open=True)
        self._stack = QStackedWidget()
        for label in (texts.gettext("Gaps"), texts.gettext("Board"), texts.gettext("To verify")):
            self.tabs.addTab(label)
        for page in (self.gaps, self.to_verify):
            self._stack.addWidget(page)
            page.entry_wanted.connect(self.entry_wanted)
            page.wanted.connect(self.navigate)
            page.action_wanted.connect(self.action_wanted)
        self.tabs.currentChanged.connect(self._turn_to)
        self._lay_out()
        self._fresh = Freshness(self, bridge, self._show)
        bridge.refused.connect(lambda _error: self._fresh.mark_stale())
        bridge.flush_requested.connect(self._flush)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = self._texts.gettext("How far each answer is from its target, and how hard it is to get there.")
        column.addLayout(page_heading(self._texts.gettext("Gaps"), subtitle))
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def _turn_to(self, tab: int) -> None:
        self._stack.setCurrentWidget(self.to_verify if tab == _TO_VERIFY else self.gaps)
        if tab != _TO_VERIFY:
            self.gaps.show_board(is_board=tab == _BOARD)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _show(self) -> None:
        gaps, to_verify = self._bridge.session.gaps()
        actions = tuple(a for a in self._bridge.session.entries("actions") if isinstance(a, Action))
        self.gaps.show_gaps(gaps, actions)
        self.to_verify.show_gaps(to_verify, actions)
        say, number = self._texts.gettext, self._texts.number
        self.tabs.setTabText(_GAPS, f"{say('Gaps')}  {number(len(gaps))}")
        self.tabs.setTabText(_TO_VERIFY, f"{say('To verify')}  {number(len(to_verify))}")

    def _flush(self) -> None:
        self.gaps.detail.flush()
        self.to_verify.detail.flush()

    def show_gap(self, address: Address) -> None:
        """Go to a gap or a place to verify."""
        _, to_verify = self._bridge.session.gaps()
        is_open = any(gap.address == address for gap in to_verify)
        self.tabs.setCurrentIndex(_TO_VERIFY if is_open else _GAPS)
        self._fresh.refresh()
        (self.to_verify if is_open else self.gaps).choose(str(address))
