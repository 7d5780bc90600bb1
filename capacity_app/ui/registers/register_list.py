"""The list of one register: searched, sorted, each entry with how often it is used and what it looks like."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Entry, Evidence, Meeting
from capacity_app.domain.problems import N_
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.finding import alphabet, matches
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.lines import Line, LineList
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL
from capacity_app.ui.registers.entry_words import REGISTER_TITLES, Vocabulary
from capacity_app.ui.registers.register_facts import RegisterFacts

ORDERS = {
    "made": N_("As entered"),
    "name": N_("By name"),
    "uses": N_("Most used first"),
    "date": N_("Latest first"),
}
_DATED = {"meetings", "evidence"}


class SearchField(LineField):
    """What to find. ``down`` tells that the arrow key wants the list; Escape empties."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class RegisterList(Card):
    """The entries of a register. ``picked`` carries the id of the current one."""

    picked = Signal(str)

    def __init__(self, register: str, words: Vocabulary, facts: RegisterFacts, buttons: tuple[QWidget, ...]) -> None:
        super().__init__(margin=SMALL)
        self._register, self._words, self._facts = register, words, facts
        say = words.texts.gettext
        self.list = LineList(f"list_{register}", say(REGISTER_TITLES[register]))
        self.list.picked.connect(self.picked)
        self.search = SearchField()
        self.search.setObjectName(f"search_{register}")
        self.search.setAccessibleName(say("Find in this register"))
        self.search.setPlaceholderText(say("Find in this register"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.refresh())
        self.search.down.connect(self.list.setFocus)
        self.order = QuietCombo()
        self.order.setObjectName(f"order_{register}")
        self.order.setAccessibleName(say("Order of the list"))
        self.order.fill(
            tuple((key, say(label)) for key, label in ORDERS.items() if key != "date" or register in _DATED)
        )
        self.order.currentIndexChanged.connect(lambda _index: self.refresh())
        self._nothing = Words(is_muted=True)
        self._nothing.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        self._nothing.hide()
        self._lay_out(buttons)

    def _lay_out(self, buttons: tuple[QWidget, ...]) -> None:
        line = Flow(SMALL)
        for button in buttons:
            line.place(button)
        self.tools = QWidget()
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(SMALL, 0, SMALL, 0)
        tools.setSpacing(SMALL)
        tools.addWidget(self.search, 3)
        tools.addWidget(self.order, 2)
        held = QVBoxLayout()
        held.setContentsMargins(SMALL, SMALL, SMALL, 0)
        held.addWidget(line)
        self.body.addLayout(held)
        self.body.addWidget(self.tools)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.list, 1)

    def _entries(self) -> list[Entry]:
        wanted = self.search.text().strip()
        found = [
            entry for entry in self._words.session.entries(self._register) if not wanted or self._has(entry, wanted)
        ]
        match self.order.currentData():
            case "name":
                order = alphabet(self._words.texts.language)
                found.sort(key=lambda entry: order(self._words.title(self._register, entry)))
            case "uses":
                found.sort(key=lambda entry: -len(self._facts.uses(self._register, entry.id)))
            case "date":
                found.sort(key=_day, reverse=True)
        return found

    def _has(self, entry: Entry, wanted: str) -> bool:
        texts = (self._words.title(self._register, entry), self._words.detail(self._register, entry))
        return matches(" ".join((*texts, str(getattr(entry, "note", "")))), wanted)

    def _line(self, entry: Entry) -> Line:
        texts = self._words.texts
        count = len(self._facts.uses(self._register, entry.id))
        used = texts.ngettext("{count} use", "{count} uses", count).format(count=texts.number(count))
        parts = [self._words.detail(self._register, entry), used if count else texts.gettext("not used")]
        alike = self._facts.alike(self._register, entry.id)
        if alike:
            name = self._words.title_of(self._register, alike[0])
            parts.append(texts.gettext("looks like “{name}”").format(name=name))
        if self._register == "meetings":
            parts.remove(texts.gettext("not used"))
        return Line(entry.id, self._words.title(self._register, entry), " · ".join(part for part in parts if part))

    def refresh(self) -> None:
        """Show the register as it is now."""
        entries = self._entries()
        self.list.show_lines([self._line(entry) for entry in entries])
        wanted = self.search.text().strip()
        self._nothing.setText(self._words.texts.gettext("Nothing here contains “{text}”.").format(text=wanted))
        self._nothing.setVisible(bool(wanted) and not entries)
        self.list.setVisible(not self._nothing.isVisibleTo(self))
        self.tools.setVisible(bool(self._words.session.entries(self._register)))

    def choose(self, entry_id: str) -> None:
        """Make an entry current; a search that hides it is given up."""
        self.refresh()
        if self.list.lines.row_of(entry_id) < 0 and self.search.text():
            self.search.clear()
        self.list.choose(entry_id)


def _day(entry: Entry) -> str:
    if isinstance(entry, Meeting):
        return entry.date
    return entry.added_on if isinstance(entry, Evidence) else ""
