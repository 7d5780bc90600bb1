"""Topics against sources: the map of one grid or of all, what to look at, and the current tile in words."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.availability import Availability, Matrix, SourceUse
from capacity_app.domain.topics import APPLIES, Service, Topic
from capacity_app.ui.availability.detail_card import DetailCard, MapAndWords
from capacity_app.ui.availability.details import Detail, cell_detail, topic_detail, use_detail, whole_detail
from capacity_app.ui.availability.source_map import ALL, legend, source_table
from capacity_app.ui.look.cards import Card, Tiles, Words, beside
from capacity_app.ui.look.heat_map import HeatMap
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.wording import Wording


class TopicsView(QWidget):
    """The map with everything around it. ``wanted`` carries an address, ``entry_wanted`` a source's id."""

    wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, words: Wording) -> None:
        super().__init__()
        self._words = words
        self._found: Availability | None = None
        self._matrix = Matrix((), (), {})
        say = words.texts.gettext
        self.figures = {
            "served": Figure("topics_served", say("Topics with a source"), is_small=True),
            "lacking": Figure("topics_lacking", say("Topics without one"), is_small=True),
            "idle": Figure("sources_idle", say("Sources without a topic"), is_small=True),
            "unregistered": Figure("sources_unregistered", say("Sources not registered"), is_small=True),
        }
        self.grid = QuietCombo()
        self.grid.setObjectName("availability_grid")
        self.grid.setAccessibleName(say("Topics of which question"))
        self.grid.setMinimumContentsLength(30)
        self.copy = QPushButton(say("Copy the table"))
        self.copy.setObjectName("availability_copy")
        self.map = HeatMap("availability_map", say("Topics and sources"))
        self.legend = Words(role=Role.CAPTION, is_muted=True)
        self.detail = DetailCard(words.texts, "availability_detail")
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        for figure in self.figures.values():
            figure.clicked.connect(lambda _checked, which=figure: self._narrow(which))
        self.grid.currentIndexChanged.connect(lambda _index: self._show())
        self.copy.clicked.connect(lambda _checked: self._copy())
        self.map.picked.connect(lambda row, column: self.detail.show_detail(self.describe(row, column)))
        self.map.opened.connect(self._open)
        self.map.headed.connect(self._open_source)
        self.detail.wanted.connect(self.wanted)
        self.detail.entry_wanted.connect(self.entry_wanted)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        tiles = Card(margin=SMALL)
        tiles.body.addWidget(Tiles(tuple(self.figures.values()), letters=22))
        column.addWidget(tiles)
        sheet = Card(margin=SMALL)
        sheet.body.addWidget(beside(self.grid, self.copy))
        sheet.body.addWidget(self.map, 1)
        sheet.body.addWidget(self.legend)
        column.addWidget(MapAndWords(sheet, self.detail), 1)

    # -- showing --------------------------------------------------------------------------------------------------

    def show_availability(self, found: Availability) -> None:
        """Show what is known now; the grid chosen and the tile looked at stay."""
        self._found = found
        words = self._words
        grids = [(grid.id, f"{grid.number}  {words.question(grid)}") for grid in found.grids]
        everything = [("", words.texts.gettext("All questions that name sources"))] if len(grids) > 1 else []
        self.grid.fill((*grids, *everything))
        self._show()

    def _show(self) -> None:
        if self._found is None:
            return
        self._matrix = matrix = self._found.matrix(self.grid.currentData() or "")
        self._count()
        self.map.show_table(source_table(self._words, matrix, self._topics(), self._sources()))
        self.legend.setText(legend(self._words, matrix))
        place = self.map.place
        self.detail.show_detail(self.describe(*place) if place else Detail())

    def _count(self) -> None:
        say, number = self._words.texts.gettext, self._words.texts.number
        matrix = self._matrix
        applying = say("of {count} that apply")
        counts = {
            "served": (len(matrix.of(Service.SERVED)), applying.format(count=number(len(matrix.of(*APPLIES))))),
            "lacking": (len(matrix.of(Service.LACKING, Service.OPEN)), say("or not asked yet")),
            "idle": (len(matrix.idle), say("registered, but named for none of these")),
            "unregistered": (len(matrix.unregistered), say("named in answers only")),
        }
        for name, (count, remark) in counts.items():
            figure = self.figures[name]
            figure.show_figure(number(count), remark)
            figure.setEnabled(bool(count))
            figure.setChecked(figure.isChecked() and bool(count))

    def _is_on(self, name: str) -> bool:
        return self.figures[name].isChecked()

    def _topics(self) -> Sequence[Topic]:
        if self._is_on("served"):
            return self._matrix.of(Service.SERVED)
        return self._matrix.of(Service.LACKING, Service.OPEN) if self._is_on("lacking") else self._matrix.topics

    def _sources(self) -> Sequence[SourceUse]:
        if self._is_on("idle"):
            return self._matrix.idle
        return self._matrix.unregistered if self._is_on("unregistered") else self._matrix.sources

    def _narrow(self, chosen: Figure) -> None:
        """Show only what a figure counts, or everything again."""
        for figure in self.figures.values():
            figure.setChecked(figure is chosen and chosen.isChecked())
        self._show()

    # -- going ----------------------------------------------------------------------------------------------------

    def _topic(self, row: str) -> Topic | None:
        return next((topic for topic in self._matrix.topics if str(topic.address) == row), None)

    def _use(self, column: str) -> SourceUse | None:
        return next((use for use in self._matrix.sources if use.id == column), None)

    def describe(self, row: str, column: str) -> Detail:
        topic = self._topic(row)
        use = None if column == ALL else self._use(column)
        if topic is None:
            return use_detail(self._words, self._matrix, use) if use else whole_detail(self._words, self._matrix)
        return cell_detail(self._words, self._matrix, topic, use) if use else topic_detail(self._words, topic)

    def _open(self, row: str, column: str) -> None:
        detail = self.describe(row, column)
        if detail.address is not None:
            self.wanted.emit(detail.address)
        elif detail.source:
            self.entry_wanted.emit(detail.source)

    def _open_source(self, column: str) -> None:
        use = None if column == ALL else self._use(column)
        if use is not None:
            self.map.choose((ALL, column))
            self._open(ALL, column)

    def _copy(self) -> None:
        self.map.clearSelection()
        self.map.copy()
