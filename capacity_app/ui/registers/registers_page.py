"""The registers: agencies, people met, meetings, data sources and evidence. Made once, picked everywhere."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.joining import Joining
from capacity_app.services.joining import counted_uses
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.alerts import BannerArea, Tone
from capacity_app.ui.look.cards import page_heading
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import LARGE, MEDIUM, WIDE
from capacity_app.ui.registers.entry_words import REGISTER_TITLES, Vocabulary
from capacity_app.ui.registers.register_facts import RegisterFacts
from capacity_app.ui.registers.register_pane import RegisterPane

_TOLD, _NOT_OPENED = "register", "not opened"


class RegistersPage(QWidget):
    """All registers, one tab each with the number of its entries.

    ``navigate`` carries the address of a use, ``entry_wanted`` the id of an entry.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._words = Vocabulary(texts, bridge.session)
        self._facts = RegisterFacts(bridge.session)
        self._stale: set[str] = set()
        self._is_waiting, self._told_at = False, -1
        self.setObjectName("registers_page")
        self.tabs = TabRow("register_tab")
        self.tabs.setObjectName("register_tabs")
        self.tabs.setAccessibleName(texts.gettext("Registers"))
        self.banners = BannerArea(texts)
        self._stack = QStackedWidget()
        self.panes: dict[str, RegisterPane] = {}
        for _ in REGISTER_TITLES:
            self.tabs.addTab("")
        self._pane(self.register)
        self.tabs.currentChanged.connect(lambda _place: self._turn())
        self._lay_out()
        self._count()
        bridge.changed.connect(lambda _change: self._hear())
        bridge.refused.connect(lambda _error: self._hear())
        bridge.flush_requested.connect(self._flush)

    def _pane(self, register: str) -> RegisterPane:
        """Return the pane of a register, made when it is first wanted."""
        if register in self.panes:
            return self.panes[register]
        pane = RegisterPane(register, self._bridge, self._words, self._facts)
        pane.navigate.connect(self.navigate)
        pane.entry_wanted.connect(self.entry_wanted)
        pane.removed.connect(self._tell_removed)
        pane.joined.connect(self._tell_joined)
        pane.not_opened.connect(lambda sentence: self.banners.tell(_NOT_OPENED, Tone.WARNING, sentence))
        self.panes[register] = pane
        self._stale.add(register)
        self._stack.addWidget(pane)
        return pane

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = self._texts.gettext("Who was asked, what was seen. Made once, picked in every answer.")
        column.addLayout(page_heading(self._texts.gettext("Registers"), subtitle))
        column.addWidget(self.tabs)
        column.addWidget(self.banners)
        column.addWidget(self._stack, 1)

    # -- following ------------------------------------------------------------------------------------------------

    def _count(self) -> None:
        for place, (register, title) in enumerate(REGISTER_TITLES.items()):
            count = self._texts.number(len(self._bridge.session.entries(register)))
            self.tabs.setTabText(place, f"{self._texts.gettext(title)}  {count}")

    def _hear(self) -> None:
        """Note that something has changed; what is shown follows once the step is complete."""
        self._stale = set(self.panes)
        if self.isVisible() and not self._is_waiting:
            self._is_waiting = True
            QTimer.singleShot(0, self, self._follow)

    def _follow(self) -> None:
        self._is_waiting = False
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        self._count()
        if self._told_at != self._bridge.undo_stack.index():
            self.banners.clear(_TOLD)
            self.banners.clear(_NOT_OPENED)
        register = self.register
        if register in self._stale:
            self._stale.discard(register)
            self.panes[register].refresh()

    def _turn(self) -> None:
        self._flush()
        self._stack.setCurrentWidget(self._pane(self.register))
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _flush(self) -> None:
        for pane in self.panes.values():
            pane.form.flush()

    # -- going and telling ----------------------------------------------------------------------------------------

    @property
    def register(self) -> str:
        return tuple(REGISTER_TITLES)[max(0, self.tabs.currentIndex())]

    def show_register(self, register: str, entry_id: str = "") -> None:
        """Go to a register, and to one of its entries."""
        self.tabs.setCurrentIndex(tuple(REGISTER_TITLES).index(register))
        if entry_id:
            self._pane(register).show_entry(entry_id)

    def _tell(self, tone: Tone, sentence: str) -> None:
        self._told_at = self._bridge.undo_stack.index()
        self.banners.tell(_TOLD, tone, sentence, [(self._texts.gettext("Undo"), self._bridge.undo)])

    def _tell_removed(self, name: str, count: int) -> None:
        """Say what still refers to an entry that was removed."""
        if not count:
            return
        self._tell(
            Tone.WARNING,
            self._texts.ngettext(
                "“{name}” was removed. {count} place still refers to it and now leads nowhere.",
                "“{name}” was removed. {count} places still refer to it and now lead nowhere.",
                count,
            ).format(name=name, count=self._texts.number(count)),
        )

    def _tell_joined(self, joining: Joining) -> None:
        kept = self._words.title_of(joining.register, joining.kept.id)
        gone = self._words.title(joining.register, joining.gone)
        pattern = self._texts.gettext("“{gone}” is now part of “{kept}”: {counts} followed.")
        if not joining.uses:
            pattern = self._texts.gettext("“{gone}” is now part of “{kept}”.")
        self._tell(Tone.GOOD, pattern.format(gone=gone, kept=kept, counts=counted_uses(self._texts, joining)))
