"""Counts of files by what became of them; each narrows the board to its own."""

from collections.abc import Mapping

from PySide6.QtCore import Signal

from capacity_app.domain.problems import N_
from capacity_app.domain.tidy import FileFate
from capacity_app.synthesis_wording import FATE_WORDS
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Tiles
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.theme import SMALL

_REMARKS: dict[FileFate, str] = {
    FileFate.READ: N_("can count"),
    FileFate.READ_WITH_PROBLEMS: N_("can count, but look at them"),
    FileFate.REFUSED: N_("count nowhere"),
    FileFate.DUPLICATE: N_("another file counts"),
    FileFate.SUPERSEDED: N_("another file counts"),
    FileFate.CONFLICT: N_("none counts: choose"),
}


class FateTiles(Card):
    """One tile for each fate. ``chosen`` tells that another fate is wanted, or all."""

    chosen = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=SMALL)
        self._texts = texts
        self.tiles = {
            fate: Figure(f"fate_{fate.value}", texts.gettext(FATE_WORDS[fate]), is_small=True) for fate in FileFate
        }
        for tile in self.tiles.values():
            tile.clicked.connect(lambda _checked, which=tile: self._choose(which))
        self.body.addWidget(Tiles(tuple(self.tiles.values()), letters=19))

    @property
    def fate(self) -> FileFate | None:
        """The fate that is wanted, None for all."""
        return next((fate for fate, tile in self.tiles.items() if tile.isChecked()), None)

    def _choose(self, which: Figure) -> None:
        for tile in self.tiles.values():
            tile.setChecked(tile is which and tile.isChecked())
        self.chosen.emit()

    def show_counts(self, counts: Mapping[FileFate, int]) -> None:
        """Show other counts; a fate that no file has cannot be wanted."""
        for fate, tile in self.tiles.items():
            count = counts.get(fate, 0)
            tile.show_figure(self._texts.number(count), self._texts.gettext(_REMARKS[fate]))
            tile.setEnabled(bool(count))
            tile.setChecked(tile.isChecked() and bool(count))

    def clear(self) -> None:
        for tile in self.tiles.values():
            tile.setChecked(False)
