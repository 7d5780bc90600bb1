"""The items that changed between two rounds, one way at a time."""

from PySide6.QtCore import Signal

from capacity_app.domain.answers import Address
from capacity_app.domain.comparison import Comparison
from capacity_app.ui.comparison.comparison_words import TAB_WORDS, item_line
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.wording import Wording

_WAYS = tuple(TAB_WORDS)


class ItemsCard(Card):
    """A tab for each way an item can change. ``wanted`` carries an address to go to."""

    wanted = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        self._found: Comparison | None = None
        say = wording.texts.gettext
        title = Words(say("What changed"), Role.HEADING)
        title.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        self.tabs = TabRow("comparison_tab")
        for way in _WAYS:
            self.tabs.addTab(say(TAB_WORDS[way]).format(count=wording.texts.number(0)))
        self.tabs.currentChanged.connect(lambda _place: self._show())
        self.list = FullList("comparison_items", say("Items that changed this way"))
        self.list.opened.connect(lambda key: self.wanted.emit(Address.parse(key)))
        self._none = Words(say("No item changed this way."), is_muted=True)
        self._none.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        hint = Words(say("Enter goes to the question."), Role.CAPTION, is_muted=True)
        hint.setContentsMargins(MEDIUM, 0, MEDIUM, SMALL)
        for widget in (title, self.tabs, self.list, self._none, hint):
            self.body.addWidget(widget)

    def show_comparison(self, found: Comparison) -> None:
        """Show other items; the first tab that has any is the one to begin with."""
        is_first, self._found = self._found is None, found
        texts = self._wording.texts
        for place, way in enumerate(_WAYS):
            count = texts.number(found.count(way))
            self.tabs.setTabText(place, texts.gettext(TAB_WORDS[way]).format(count=count))
        filled = next((place for place, way in enumerate(_WAYS) if found.count(way)), 0)
        if is_first and filled:
            self.tabs.setCurrentIndex(filled)
        else:
            self._show()

    def _show(self) -> None:
        if self._found is None:
            return
        way = _WAYS[self.tabs.currentIndex()]
        lines = [item_line(self._wording, entry) for entry in self._found.changes if entry.change is way]
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self._none.setVisible(not lines)
