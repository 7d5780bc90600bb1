"""What the tabs of the panel beside the questions have in common: a place in focus, and a column that scrolls."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Column, Field, Instrument, Kind, Question, Row
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.wording import Wording


@dataclass(frozen=True)
class Place:
    """A question, row or cell in focus; ``field`` is None where only "does not apply" can be said."""

    address: Address
    question: Question
    row: Row | None
    column: Column | None

    @property
    def field(self) -> Field | None:
        if self.column is not None:
            return self.column
        return self.question if self.row is None and self.question.kind is not Kind.GRID else None


def place_of(instrument: Instrument, address: Address) -> Place | None:
    """Find the question, row and column of an address."""
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return None
    row = question.row_by_id.get(address.row)
    return Place(address, question, row, question.column_by_id.get(address.column) if row else None)


class PanelTab(QScrollArea):
    """A tab: builds its content for the place in focus, only while it is seen."""

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__()
        self.bridge, self.wording = bridge, wording
        self.texts = wording.texts
        self.place: Place | None = None
        self._is_stale = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, LARGE)
        self.body.setSpacing(SMALL)
        self.setWidget(self._content)

    def show_place(self, place: Place | None) -> None:
        """Take another place; it is shown at once if the tab is seen."""
        if place != self.place:
            self.flush()
            self.verticalScrollBar().setValue(0)
        self.place = place
        self.go_stale()

    def go_stale(self) -> None:
        """Show everything anew, now or when the tab is next seen."""
        self._is_stale = True
        if self.isVisible():
            self.freshen()

    def freshen(self) -> None:
        """Show everything anew if anything has changed."""
        if not self._is_stale:
            return
        self._is_stale = False
        focused = self.focusWidget() if self.is_typed_in() else None
        name = focused.objectName() if focused is not None else ""
        self.fill()
        if focused is not None and not self.is_typed_in():
            self._hold_focus(name)

    def _hold_focus(self, name: str) -> None:
        """Go back to the control of this name after building anew; without one, stay in the tab."""
        again = self.findChild(QWidget, name) if name else None
        if again is not None:
            again.show()  # a layout shows it only later, and until then it takes no focus
            again.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.freshen()

    def fill(self) -> None:
        raise NotImplementedError

    def flush(self) -> None:
        """Store typed text now."""

    def go_into(self, field: QWidget) -> None:
        """Put the focus into a field, and once everything has its place, bring it into view."""
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._reveal_focus)

    def _reveal_focus(self) -> None:
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and self._content.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, MEDIUM, 4 * LARGE)

    def is_typed_in(self) -> bool:
        """Return whether the focus is in a field of the tab, which must not be taken away."""
        focused = self.focusWidget()
        if focused is None or focused is self:
            return False
        return focused.hasFocus() and self.isAncestorOf(focused)

    def clear(self) -> None:
        """Take everything out; the focus must not fall to whatever comes next in the window."""
        self.empty(self._content, self.body)

    def empty(self, part: QWidget, layout: QLayout) -> None:
        """Take everything out of a part of the tab; the focus, if it was there, waits in the tab."""
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and part.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        emptied(layout)

    def heading(self, text: str) -> Words:
        if self.body.count():
            self.body.addSpacing(MEDIUM)
        words = Words(text, Role.STRONG)
        self.body.addWidget(words)
        return words

    def line(self, text: str, role: Role = Role.BODY, *, is_muted: bool = False) -> Words:
        """Add a text that can be selected and copied."""
        words = Words(text, role, is_muted=is_muted)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(words)
        return words

    def block(self, heading: str, text: str) -> None:
        """Add a heading with its text, if there is any."""
        if text.strip():
            self.heading(heading)
            self.line(" ".join(text.split()))

    def close_off(self) -> None:
        self.body.addStretch(1)


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            emptied(inner)
            inner.deleteLater()
