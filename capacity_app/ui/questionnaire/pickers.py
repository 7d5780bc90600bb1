"""Picking agencies, sources and countries: type a few letters, press Enter, go on; new ones are made in place."""

from PySide6.QtWidgets import QVBoxLayout

from capacity_app.domain.answers import Value
from capacity_app.domain.assessment import Agency, Source
from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_
from capacity_app.texts import country_codes
from capacity_app.ui.look.find_field import FindField
from capacity_app.ui.look.finding import alphabet
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.questionnaire.typed_editors import AnswerEditor, Asked

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
        order = alphabet(wording.texts.language)
        return sorted(named, key=lambda entry: order(entry[1]))
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
        """Return up letters typed to find something."""
        typed = self.finder.text().strip()
        self.finder.clear()
        return typed

    def show_value(self, value: Value) -> None:
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
