"""Availability: which data source serves which topic, and what the data show of children."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Source
from capacity_app.domain.availability import Availability, availability
from capacity_app.domain.children import child_lens
from capacity_app.domain.topics import Service
from capacity_app.texts import Texts
from capacity_app.ui.availability.children_view import ChildrenView
from capacity_app.ui.availability.topics_view import TopicsView
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.look.cards import Whole, Words, page_heading
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import LARGE, MEDIUM, WIDE, Role
from capacity_app.ui.wording import Wording

_TOPICS, _CHILDREN, _EMPTY = range(3)


class AvailabilityPage(Whole):
    """Two views over the same answers, refreshed when shown, and after a change while shown.

    ``navigate`` carries the address of an answer, ``entry_wanted`` the id of a data source.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._fresh = Freshness(self, bridge, self._show)
        self.setObjectName("availability_page")
        words = Wording(texts, bridge.session)
        self.tabs = TabRow("availability_tab")
        self.tabs.setObjectName("availability_tabs")
        self.tabs.setAccessibleName(texts.gettext("Availability of data"))
        self.tabs.addTab(texts.gettext("Topics and sources"))
        self.tabs.addTab(texts.gettext("Children"))
        self.topics = TopicsView(words)
        lens = child_lens(bridge.session.sheet)
        self.children_view = ChildrenView(words, lens)
        if lens.is_bare:
            self.tabs.hide()
        self._empty_title, self._empty_words = (
            Words(role=Role.TITLE, side="center"),
            Words(is_muted=True, side="center"),
        )
        self._start = QPushButton(texts.gettext("Go to the first of these questions"))
        self._stack = QStackedWidget()
        for page in (self.topics, self.children_view, self._empty()):
            self._stack.addWidget(page)
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(lambda _tab: self._show_tab())
        for view in (self.topics, self.children_view):
            view.wanted.connect(self.navigate)
        self.topics.entry_wanted.connect(self.entry_wanted)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = self._texts.gettext(
            "Which source serves which topic, how well, in what detail and how recently. Enter leads to the answer."
        )
        column.addLayout(page_heading(self._texts.gettext("Availability of data"), subtitle))
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(LARGE)
        self._start.setObjectName("availability_start")
        self._start.setDefault(True)
        self._start.clicked.connect(lambda _checked: self._go_to_first())
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._start)
        line.addStretch(1)
        column.addStretch(2)
        column.addWidget(self._empty_title)
        column.addWidget(self._empty_words)
        column.addLayout(line)
        column.addStretch(3)
        return page

    # -- showing --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _show(self) -> None:
        session = self._bridge.session
        sources = (entry for entry in session.entries("sources") if isinstance(entry, Source))
        self._found = availability(session.sheet, sources)
        self._show_tab()

    def _show_tab(self) -> None:
        if self.tabs.currentIndex() == _CHILDREN:
            self.children_view.show_lens(child_lens(self._bridge.session.sheet))
            self._stack.setCurrentIndex(_CHILDREN)
        elif self._is_bare(self._found):
            self._stack.setCurrentIndex(_EMPTY)
        else:
            self.topics.show_availability(self._found)
            self._stack.setCurrentIndex(_TOPICS)

    def _is_bare(self, found: Availability) -> bool:
        """Return whether there is nothing to set against each other yet, and say what to do."""
        say = self._texts.gettext
        self._start.setVisible(bool(found.grids))
        if not found.grids:
            self._empty_title.setText(say("Sources are not asked for"))
            self._empty_words.setText(say("No question of this instrument asks from which source data come."))
            return True
        if found.whole.sources or found.whole.of(Service.SERVED):
            return False
        self._empty_title.setText(say("No data source yet"))
        sentence = say(
            "Enter the data sources once, in the registers or while answering: pick or name them in the column for "
            "sources. Here you then see which source serves which topic, and what nobody serves."
        )
        self._empty_words.setText(sentence)
        return True

    def _go_to_first(self) -> None:
        topic = self._found.whole.topics[0]
        self.navigate.emit(topic.source_address)
