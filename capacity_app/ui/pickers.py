"""Picking agencies, sources and countries: type a few letters, press Enter, go on; new ones are made in place."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QVBoxLayout

from capacity_app.domain.answers import Value
from capacity_app.domain.assessment import Agency, Source
from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_
from capacity_app.texts import country_codes
from capacity_app.ui.editor import AnswerEditor, Asked
from capacity_app.ui.finding import best_first, folded
from capacity_app.ui.flow import Flow
from capacity_app.ui.state_bar import QuietButton
from capacity_app.ui.text_fields import LineField
from capacity_app.ui.theme import SMALL

Entries = Callable[[], list[tuple[str, str]]]
"""Gives what can be picked, as (id, name)."""

_MOST_SHOWN = 12
_PROMPTS = {
    Kind.AGENCY: N_("Type to find or add an agency"),
    Kind.SOURCE: N_("Type to find or add a data source"),
    Kind.COUNTRY: N_("Type to find a country"),
}
_ADD = {
    Kind.AGENCY: N_("Add “{name}” as a new agency"),
    Kind.SOURCE: N_("Add “{name}” as a new data source"),
}


def entries_for(asked: Asked) -> list[tuple[str, str]]:
    """List what can be picked for a field."""
    wording, session = asked.wording, asked.bridge.session
    if asked.field.kind is Kind.COUNTRY:
        named = ((code, wording.texts.country(code)) for code in country_codes())
        return sorted(named, key=lambda entry: folded(entry[1]))
    if asked.field.kind is Kind.SOURCE:
        return [(entry.id, wording.source(entry.id)) for entry in session.entries("sources")]
    agencies = (entry for entry in session.entries("agencies") if isinstance(entry, Agency))
    return [(a.id, f"{a.short} – {a.name}" if a.short and a.short != a.name else a.name) for a in agencies]


def add_entry(asked: Asked, name: str) -> str:
    """Make a new agency or source and give its id; empty if it was refused."""
    session = asked.bridge.session
    if asked.field.kind is Kind.AGENCY:
        entry: Agency | Source = Agency(id=session.new_id("agencies"), name=name)
    else:
        entry = Source(id=session.new_id("sources"), name=name)
    return entry.id if asked.bridge.put(entry) else ""


class FindField(LineField):
    """A field with a list of matches under it. ``picked`` carries the id, ``wanted_new`` a name not listed."""

    picked = Signal(str)
    wanted_new = Signal(str)
    took_back = Signal()

    def __init__(self, entries: Entries, add_pattern: str = "") -> None:
        super().__init__()
        self._entries, self._add = entries, add_pattern
        self._shown: list[tuple[str, str]] = []
        self._model = QStringListModel(self)
        self._list = QCompleter(self._model, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(_MOST_SHOWN)
        self._list.setWidget(self)
        self._list.activated[QModelIndex].connect(  # type: ignore[index]  # one of two signatures
            lambda index: self._pick(index.row())
        )
        self.textEdited.connect(lambda _text: self.offer())

    def offer(self) -> None:
        """Show the matches, and a line to add what matches nothing exactly."""
        typed = self.text().strip()
        self._shown = best_first(self._entries(), typed)
        lines = [name for _, name in self._shown]
        if self._add and typed and not any(folded(name) == folded(typed) for name in lines):
            self._shown.append(("", typed))
            lines.append(self._add.format(name=typed))
        self._model.setStringList(lines)
        popup = self._list.popup()
        assert popup is not None, "a completer that shows a list has one"
        if not lines:
            popup.hide()
            return
        self._list.complete()
        popup.setCurrentIndex(self._list.completionModel().index(0, 0))

    def _pick(self, place: int) -> None:
        if not 0 <= place < len(self._shown):
            return
        entry, name = self._shown[place]
        self.clear()
        if entry:
            self.picked.emit(entry)
        else:
            self.wanted_new.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list with Down; take the last one back with Backspace in the empty field."""
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.offer()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.took_back.emit()
        else:
            super().keyPressEvent(event)


class PickEditor(AnswerEditor):
    """What has been picked, each with a button to take it out, and a field to find more."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        texts, kind = asked.wording.texts, asked.field.kind
        self._value: tuple[str, ...] = ()
        self._chips: list[QuietButton] = []
        pattern = texts.gettext(_ADD[kind]) if kind in _ADD else ""
        self._known: list[tuple[str, str]] | None = None
        self.finder = FindField(self._entries, pattern)
        self.finder.setAccessibleName(asked.name)
        self.finder.setPlaceholderText(texts.gettext(_PROMPTS[kind]))
        self.finder.picked.connect(self._add)
        self.finder.wanted_new.connect(self._add_new)
        self.finder.took_back.connect(self._take_last)
        self._flow = Flow(SMALL)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addWidget(self._flow)
        layout.addWidget(self.finder)
        self.finder.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 60)
        self._flow.hide()
        self.setFocusProxy(self.finder)

    def _entries(self) -> list[tuple[str, str]]:
        # The list of countries never changes; the registers are short.
        if self.asked.field.kind is not Kind.COUNTRY:
            return entries_for(self.asked)
        if self._known is None:
            self._known = entries_for(self.asked)
        return self._known

    def _add(self, entry: str) -> None:
        kept = self._value if self.asked.field.many else ()
        if entry not in kept:
            self.answered.emit((*kept, entry), "")

    def _add_new(self, name: str) -> None:
        entry = add_entry(self.asked, name)
        if entry:
            self._add(entry)

    def _take(self, entry: str) -> None:
        self.finder.setFocus()
        self.answered.emit(tuple(one for one in self._value if one != entry) or None, "")

    def _take_last(self) -> None:
        if self._value:
            self._take(self._value[-1])

    def rescue(self) -> str:
        """Give up letters typed to find something."""
        typed = self.finder.text().strip()
        self.finder.clear()
        return typed

    def show_value(self, value: Value) -> None:
        """Show what has been picked."""
        self._value = value if isinstance(value, tuple) else ()
        for chip in self._chips:
            self._flow.take(chip)
            chip.deleteLater()
        self._chips = [self._chip(entry) for entry in self._value]
        for chip in self._chips:
            self._flow.place(chip)
        self._flow.setVisible(bool(self._chips))

    def _chip(self, entry: str) -> QuietButton:
        texts = self.asked.wording.texts
        name = self.asked.wording.picked(self.asked.field.kind, entry)
        chip = QuietButton(name, "×")
        chip.is_chip = True
        chip.setToolTip("")
        chip.setAccessibleName(texts.gettext("Remove {name}").format(name=name))
        chip.clicked.connect(lambda: self._take(entry))
        return chip
