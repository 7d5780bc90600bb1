"""Cards that open over the window, under a button of the top bar; the one that asks for a person's name."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.text_fields import FilterTextField, LineField, matches_search

if TYPE_CHECKING:
    from capacity_app.domain.assessment.registers import Agency
    from capacity_app.ui.session.controller import SessionController


class FloatingCard(Card):
    """A card over a window. Escape closes it, as does the focus when it goes elsewhere; Escape is told by ``left``."""

    left = Signal()

    def __init__(self, window: QWidget, name: str, *, margin: int, letters: int) -> None:
        super().__init__(edge="edge", margin=margin)
        self.setParent(window)
        self.setObjectName(name)
        self._window, self._letters, self._leave = window, letters, self.leave
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets need an application"
        app.focusChanged.connect(self._follow_focus)

    def open_under(self, anchor: QWidget, first: QWidget) -> None:
        """Show the card under a widget, within the window, with the cursor in ``first``."""
        room = self._window.width() - 2 * SMALL
        self.setFixedWidth(min(self._letters * self.fontMetrics().averageCharWidth(), room))
        self.adjustSize()
        start = anchor.width() - self.width() if self.isRightToLeft() else 0
        corner = anchor.mapTo(self._window, QPoint(start, anchor.height() + 2))
        self.move(min(max(corner.x(), SMALL), self._window.width() - self.width() - SMALL), corner.y())
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible() and new is not None and not self.isAncestorOf(new):
            self.close_card()

    def leave(self) -> None:
        """Close without a choice."""
        self.left.emit()
        self.close_card()

    def close_card(self) -> None:
        self.hide()
        self.deleteLater()


class NameCard(FloatingCard):
    """Asks for a person's name; Enter keeps it. ``named`` carries it."""

    named = Signal(str)

    def __init__(self, texts: Translator, window: QWidget) -> None:
        super().__init__(window, "name_box", margin=LARGE, letters=48)
        say = texts.gettext
        self.line = with_name(LineField(), "name_line", say("Your name"))
        keep = with_action(Button(say("Keep name"), is_main=True), "name_keep", self._keep)
        leave = with_action(Button(say("Cancel")), "name_leave", self.leave)
        self.body.addWidget(Label(say("Your name"), TextRole.STRONG))
        hint = say("Your name is shown beside every answer you record from now on.")
        self.body.addWidget(Label(hint, TextRole.CAPTION, is_muted=True))
        self.body.addWidget(self.line)
        self.body.addLayout(side_by_side(keep, leave))

    def ask(self, anchor: QWidget, name: str) -> None:
        """Open under a widget with the name known so far."""
        self.line.setText(name)
        self.line.selectAll()
        self.open_under(anchor, self.line)

    def _keep(self) -> None:
        self.named.emit(self.line.text().strip())
        self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        else:
            super().keyPressEvent(event)


# The list under the agency in the top bar: who answers now, found by name, or added.


_MOST_LINES = 7
_SEARCHED_FROM = 7
"""From how many agencies on a field to search among them is shown."""


class AgencyChooser(FloatingCard):
    """The agencies of an assessment. ``chosen`` carries the id of one."""

    chosen = Signal(str)

    def __init__(self, controller: "SessionController", texts: Translator, window: QWidget) -> None:
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
        about = say(
            "Each agency keeps its own answer to a question. To record the answer of another agency, choose it here. "
            "Then answer the question for it."
        )
        explained = with_name(Label(about, TextRole.CAPTION, is_muted=True), "agency_about")
        self._listing: tuple[QWidget, ...] = (heading, explained, self.search, self.list, self.add)
        lay_out(self.body, *self._listing, *self._asking, spacing=SMALL)

    def _agencies(self) -> "list[Agency]":
        from capacity_app.domain.assessment.registers import Agency  # noqa: PLC0415 - an assessment is open by now

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
        from capacity_app.domain.assessment.registers import Agency  # noqa: PLC0415 - as above

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
