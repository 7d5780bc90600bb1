"""The tab of regions: the heat map of regions and parts, on which basis it stands, and the chosen tile in words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.participation import MINIMUM, Basis, Choice
from capacity_app.domain.problems import N_
from capacity_app.domain.regions import WORLD
from capacity_app.domain.scoring import BAND_WORDS, Band
from capacity_app.domain.synthesis import Synthesis
from capacity_app.palette import BAND_SIGNS
from capacity_app.synthesis_wording import HIDDEN_SIGN, SynthesisWording
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.heat_map import HeatMap, HeatTable
from capacity_app.ui.look.heat_painting import Head, Heat
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role

_MINIMA = (1, 2, 3, 4, 5, 8, 10)
_BASES: tuple[tuple[str, str], ...] = (
    (Basis.VALIDATED.value, N_("Validated assessments only")),
    (Basis.ALL.value, N_("All newest assessments, also drafts")),
)
_LEAST_LINES = 8


def region_table(words: SynthesisWording) -> HeatTable:
    made = words.synthesis
    say, number = words.say, words.texts.number
    heads = [
        Head(
            key=region.code,
            title=f"– {words.region(region)}" if region.parent else words.region(region),
            detail=words.countries(region.countries),
            is_total=region.code == WORLD,
            is_quiet=region.countries < made.choice.minimum,
        )
        for region in made.regions
    ]
    columns = [Head(key=part.id, number=part.number, title=words.part(part)) for part in made.parts]

    def tile(row: int, column: int) -> Heat:
        one = made.tiles[made.regions[row].code, made.parts[column].id]
        count = f"{number(one.count)} / {number(one.of)}"
        if one.band is None:
            return Heat(words.tile(one), sign=HIDDEN_SIGN, marks=count, is_out=True)
        return Heat(words.tile(one), BAND_SIGNS[one.band], words.points(one.median), count, tuple(Band).index(one.band))

    return HeatTable(heads, columns, tile, corner=say(N_("Region")))


class RegionsTab(QWidget):
    """The map with its choices. ``chosen`` tells that another minimum or basis is wanted."""

    chosen = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._words: SynthesisWording | None = None
        say = texts.gettext
        self.map = HeatMap("headquarters_map", say("Regions and parts"))
        self.tile = Words()
        self.tile.setObjectName("headquarters_tile")
        self.basis_said = Words(is_muted=True)
        self.legend = Words(role=Role.CAPTION, is_muted=True)
        self.minimum = self._combo("headquarters_minimum", say("The least number of countries of a figure"), 20)
        least = say("At least {count} countries")
        self.minimum.fill(tuple((str(count), least.format(count=texts.number(count))) for count in _MINIMA))
        self.minimum.setCurrentIndex(_MINIMA.index(MINIMUM))
        self.basis = self._combo("headquarters_basis", say("Which assessments count"), 36)
        self.basis.fill(tuple((key, say(label)) for key, label in _BASES))
        for combo in (self.minimum, self.basis):
            combo.currentIndexChanged.connect(lambda _index: self.chosen.emit())
        self.map.picked.connect(self._say_tile)
        self._lay_out()

    @staticmethod
    def _combo(name: str, label: str, letters: int) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.setMinimumContentsLength(letters)
        return combo

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        line = Flow(MEDIUM)
        line.place(self.basis)
        line.place(self.minimum)
        column.addWidget(line)
        column.addWidget(self.basis_said)
        sheet = Card(margin=SMALL)
        sheet.body.addWidget(self.map, 1)
        sheet.body.addWidget(self.tile)
        sheet.body.addWidget(self.legend)
        column.addWidget(sheet, 1)
        self.map.setMinimumHeight(_LEAST_LINES * 2 * self.fontMetrics().height())

    @property
    def choice(self) -> Choice:
        basis = Basis(str(self.basis.currentData() or Basis.VALIDATED))
        return Choice(int(self.minimum.currentData() or MINIMUM), basis)

    def show_synthesis(self, words: SynthesisWording) -> None:
        """Show the regions of a repository."""
        self._words = words
        self.basis_said.setText(f"{words.basis} {words.minimum}")
        self.map.show_table(region_table(words))
        self.legend.setText(self._legend(words.synthesis))
        self.map.setVisible(bool(words.synthesis.parts))
        place = self.map.place
        if place is None:
            self.tile.setText(words.say(N_("No assessment has a score yet.")))
        else:
            self._say_tile(*place)

    def _legend(self, made: Synthesis) -> str:
        say = self._texts.gettext
        bands = [f"{BAND_SIGNS[band]}\u00a0{say(BAND_WORDS[band])}" for band in reversed(Band)]
        hidden = say("{sign} fewer than {count} countries").format(
            sign=HIDDEN_SIGN, count=self._texts.number(made.choice.minimum)
        )
        what = say("The median of 0 to 100, and of how many countries it is.")
        return "   ".join((what, *bands, hidden))

    def _say_tile(self, region: str, part: str) -> None:
        if self._words is None:
            return
        made = self._words.synthesis
        place = next(one for one in made.regions if one.code == region)
        asked = next(one for one in made.parts if one.id == part)
        said = self._words.tile(made.tiles[region, part])
        self.tile.setText(f"{self._words.region(place)}, {asked.number} {self._words.part(asked)}: {said}")
