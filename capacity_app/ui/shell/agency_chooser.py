"""The list under the agency in the top bar: who answers now, found by name, or added."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.registers import Agency
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.shell.floating_card import FloatingCard
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.text_fields import FilterTextField, LineField, matches_search

_MOST_LINES = 7
_SEARCHED_FROM = 7
"""From how many agencies on a field to search among them is shown."""


class AgencyChooser(FloatingCard):
    """The agencies of an assessment. ``chosen`` carries the id of one."""

    chosen = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator, window: QWidget) -> None:
        super().__init__(window, "agency_chooser", margin=MEDIUM, letters=48)
        self._controller, self._texts = controller, texts
        say = texts.gettext
        self.setAccessibleName(say("Agency whose answers you record"))
        self.search = with_name(FilterTextField(), "agency_search", say("Find an agency"))
        self.search.setPlaceholderText(say("Find an agency"))
        self.search.textChanged.connect(lambda _text: self._show())
        self.list = LineList("agency_list", say("Agencies"))
        self.list.opened.connect(self._choose)
        self.add = with_action(Button(say("Add an agency…"), "new"), "agency_add", self.ask_new)
        self.name = with_name(LineField(), "agency_name", say("Name of the new agency"))
        self.keep = with_action(Button(say("Add agency"), is_main=True), "agency_keep", self._add)
        self.cancel = with_action(Button(say("Cancel")), "agency_cancel", self._cancel_new)
        self._new = QWidget()
        title = Label(say("Name of the new agency"), TextRole.STRONG)
        self._asking: tuple[QWidget, ...] = (title, self.name, self._new)
        self._new.setLayout(side_by_side(self.keep, self.cancel))
        heading = Label(say("Who answers now?"), TextRole.STRONG)
        self._listing: tuple[QWidget, ...] = (heading, self.search, self.list, self.add)
        lay_out(self.body, *self._listing, *self._asking, spacing=SMALL)

    def _agencies(self) -> list[Agency]:
        return [entry for entry in self._controller.session.entries("agencies") if isinstance(entry, Agency)]

    def choose_under(self, anchor: QWidget) -> None:
        """Open under a widget with the present agency marked; without any agency, ask for the first one."""
        agencies = self._agencies()
        self._ask(is_asking=not agencies)
        self._show()
        self.list.choose(self._controller.respondent)
        lines = min(max(len(agencies), 1), _MOST_LINES)
        self.list.setFixedHeight(lines * max(self.list.sizeHintForRow(0), self.fontMetrics().height() + MEDIUM) + 2)
        first = self.name if not agencies else self.search if not self.search.isHidden() else self.list
        self.open_under(anchor, first)

    def _show(self) -> None:
        present = self._controller.respondent
        lines = [
            ListLine(
                agency.id,
                agency.name or agency.short or self._texts.gettext("Agency without a name"),
                mark="✓" if agency.id == present else "",
                colour="accent",
            )
            for agency in self._agencies()
            if matches_search(f"{agency.name} {agency.short}", self.search.text())
        ]
        self.list.show_lines(lines)
        if lines and not self.list.current_key:
            self.list.choose(lines[0].key)

    def _choose(self, agency: str) -> None:
        self.chosen.emit(agency)
        self.leave()

    def ask_new(self) -> None:
        """Ask for the name of an agency that is not in the list."""
        self._ask(is_asking=True)
        self.adjustSize()

    def _ask(self, *, is_asking: bool) -> None:
        coming, going = (self._asking, self._listing) if is_asking else (self._listing, self._asking)
        for widget in coming:
            widget.show()
        self.search.setHidden(is_asking or len(self._agencies()) < _SEARCHED_FROM)
        # The focus goes first: hiding what has it would send it out of the card.
        (self.name if is_asking else self.list).setFocus(Qt.FocusReason.OtherFocusReason)
        for widget in going:
            widget.hide()

    def _add(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setFocus()
            return
        agency = Agency(id=self._controller.session.new_id("agencies"), name=name)
        if self._controller.put(agency):
            self._choose(agency.id)

    def _cancel_new(self) -> None:
        if not self._agencies():
            self.leave()
            return
        self._ask(is_asking=False)
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_asking = event.key(), not self.name.isHidden()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and is_asking:
            self._add()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.current_key:
            self._choose(self.list.current_key)
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and not is_asking:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.keyPressEvent(event)
        else:
            super().keyPressEvent(event)
