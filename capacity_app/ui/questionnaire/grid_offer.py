"""What was said before in a table: confirmed cell by cell, by row, or all at once."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.ui.look.key_names import on_keyboard
from capacity_app.ui.questionnaire.answer_editors import takes_letters
from capacity_app.ui.questionnaire.card_offer import Act, CardOffer

if TYPE_CHECKING:
    from capacity_app.ui.questionnaire.carried import Offers
    from capacity_app.ui.questionnaire.grid_card import GridCard

_STILL_SO = N_("{said}. Still so?")
_NONE: "Offers" = {}


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
        """Say what was said before in the current cell, or that something waits elsewhere in the table."""
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
        """Give what may be confirmed of some cells: their own answers, else what was said of their whole rows."""
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
