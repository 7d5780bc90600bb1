"""What was said before in a table: confirmed cell by cell, by row, or all at once."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words, row
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.questionnaire.card_offer import Act, CardOffer
from capacity_app.ui.questionnaire.choice_editors import takes_letters
from capacity_app.ui.questionnaire.grid_clipboard import Pasting
from capacity_app.ui.questionnaire.keys import on_keyboard

if TYPE_CHECKING:
    from capacity_app.ui.questionnaire.carried import Offers
    from capacity_app.ui.questionnaire.grid_card import GridCard

_STILL_SO = N_("{said}. Still so?")
_NONE: "Offers" = {}


_MOST_SHOWN = 8


class PasteOffer(QWidget):
    """Stands under the table until it is answered; nothing is stored meanwhile."""

    accepted = Signal()
    dropped = Signal()

    def __init__(self, pasting: Pasting, texts: Texts) -> None:
        super().__init__()
        self.setAccessibleName(texts.gettext("What does not fit"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        problems = Words(_said(pasting, texts), Role.CAPTION)
        problems.set_colour("danger")
        count = len(pasting.contents)
        label = texts.ngettext("Paste the {count} cell that fits", "Paste the {count} cells that fit", count)
        take = QPushButton(label.format(count=texts.number(count)))
        take.setEnabled(count > 0)
        drop = QPushButton(texts.gettext("Do not paste"))
        take.clicked.connect(self.accepted)
        drop.clicked.connect(self.dropped)
        layout.addWidget(problems)
        layout.addLayout(row(take, drop, spacing=MEDIUM))
        self.setFocusProxy(take if count else drop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            event.ignore()


def listed(problems: Sequence[str], texts: Texts) -> str:
    """List the first problems on lines of their own, and say how many more there are."""
    shown = list(problems[:_MOST_SHOWN])
    more = len(problems) - len(shown)
    if more:
        shown.append(texts.ngettext("and {count} more", "and {count} more", more).format(count=texts.number(more)))
    return "\n".join(shown)


def _said(pasting: Pasting, texts: Texts) -> str:
    head = texts.ngettext("{count} cell does not fit:", "{count} cells do not fit:", len(pasting.problems))
    head = head.format(count=texts.number(len(pasting.problems)))
    return "\n".join([texts.gettext("Nothing has been pasted yet."), head, listed(pasting.problems, texts)])


class GridOffer(CardOffer):
    """The strip under a table: for the current cell, its row and the whole table, and for letting the cell's go."""

    buttons = 4

    @property
    def _grid(self) -> "GridCard":
        return cast("GridCard", self._card)

    def _offers(self) -> "Offers":
        return _NONE if self._is_closed else self._card.bridge.carried.in_question(self._card.question.id)

    def show(self) -> None:
        """Show what was said before in the current cell, and what else may be confirmed."""
        grid, texts, offers = self._grid, self._card.wording.texts, self._offers()
        here = grid.here()
        cell = self._of((here,))
        table = list(self._card.bridge.carried.decided(offers))
        row = [address for address in table if address.row == here.row]
        kept = self.kept(cell[0])[:1] if cell else ()
        shift, key = ("Shift+F5", "F5") if takes_letters(grid.view.column().kind) else ("Shift+C", "C")
        choices = [
            (cell, (texts.gettext("Confirm"), key)),
            (row if row != cell else [], (texts.gettext("Confirm the row"), on_keyboard(texts, shift))),
            (table, (self._table_label(len(table)), "")),
        ]
        offered = [(tuple(addresses), label) for addresses, label in choices if addresses]
        labels = [label for _, label in offered]
        acts: list[Act] = [partial(self.confirm, addresses) for addresses, _ in offered]
        if kept:
            labels.insert(1, self.refusing())
            acts.insert(1, partial(self.let_go, kept))
        self._offer(self._said(cell), labels, acts)
        self.compare(kept)
        self.show_others((here, Address(here.question, here.row)))

    def _said(self, cell: Sequence[Address]) -> str:
        """Return what was said before in the current cell, or that something waits elsewhere in the table."""
        texts, kept = self._card.wording.texts, self.kept(cell[0]) if cell else ()
        if kept:
            return self.then(kept)
        said = self._grid.view.grid.offer_in_words(cell[0]) if cell else ""
        if said:
            return texts.gettext(_STILL_SO).format(said=said.removesuffix("."))
        whence = self._card.bridge.carried.whence(texts, self._offers())
        return texts.gettext("Answers of {round} wait to be confirmed here.").format(round=whence)

    def _table_label(self, count: int) -> str:
        texts = self._card.wording.texts
        label = texts.ngettext(
            "Confirm the {count} answer of the table", "Confirm all {count} answers of the table", count
        )
        return label.format(count=texts.number(count))

    def _of(self, cells: Sequence[Address]) -> list[Address]:
        """Return what may be confirmed of some cells: their own answers, else what was said of their whole rows."""
        offers = self._offers()
        found = (address if address in offers else Address(address.question, address.row) for address in cells)
        return [address for address in dict.fromkeys(found) if address in offers]

    def _place(self) -> int:
        return self._card.body.indexOf(self._grid.editor) + 1 if self._grid.editor is not None else 1

    def _before(self) -> QWidget:
        return self._grid.view

    def confirm(self, addresses: Sequence[Address]) -> int:
        """Confirm, say how many answers that were, and stay in the table."""
        count = super().confirm(addresses)
        if count > 1:
            said = self._card.wording.ngettext("{count} answer confirmed.", "{count} answers confirmed.", count)
            self._card.show_line("done", said)
        self._grid.view.setFocus(Qt.FocusReason.OtherFocusReason)
        return count

    def confirm_here(self) -> None:
        self.confirm(self._of(self._grid.view.chosen()))

    def confirm_row(self, row: str) -> None:
        """Confirm everything the earlier round said in a row."""
        decided = self._card.bridge.carried.decided(self._offers())
        self.confirm([address for address in decided if address.row == row])
