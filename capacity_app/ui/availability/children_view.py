"""The lens on children: figures that open a map of age groups, a map of all statistics, or all that is said of them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.children import AgeGroups, ChildLens
from capacity_app.domain.instrument import Kind
from capacity_app.services.availability import answer_text
from capacity_app.services.child_lens import asks_for_share, published_share, share_text
from capacity_app.ui.availability.child_maps import (
    LEGEND,
    age_group_table,
    answer_lines,
    group_detail,
    statistic_detail,
    statistic_table,
)
from capacity_app.ui.availability.detail_card import DetailCard, MapAndWords
from capacity_app.ui.availability.details import Detail
from capacity_app.ui.look.cards import Card, Tiles, Words, row
from capacity_app.ui.look.heat_map import HeatMap, HeatTable
from capacity_app.ui.look.lines import LineList
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.wording import Wording

_GROUPS, _STATISTICS, _PUBLISHED, _ANSWERS = "groups", "statistics", "published", "answers"


class ChildrenView(QWidget):
    """Figures above, one map or list below them. ``wanted`` carries an address."""

    wanted = Signal(object)

    def __init__(self, words: Wording, lens: ChildLens) -> None:
        super().__init__()
        self._words = words
        self._lens = lens
        self._shown = ""
        say = words.texts.gettext
        captions = {
            _GROUPS: say("Age groups by sex") if lens.age_groups else "",
            _STATISTICS: say("Statistics by age and sex"),
            _PUBLISHED: say("Published tables by age and sex") if asks_for_share(lens) else "",
            _ANSWERS: say("Answers about children"),
        }
        self.figures = {
            name: Figure(f"children_{name}", caption, is_small=True) for name, caption in captions.items() if caption
        }
        self.note = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        self.map = HeatMap("children_map", say("Children"))
        self.list = LineList("children_list", say("Answers about children"))
        self.copy = QPushButton(say("Copy the table"))
        self.copy.setObjectName("children_copy")
        self.detail = DetailCard(words.texts, "children_detail")
        self._stack = QStackedWidget()
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _checked, which=name: self.show_part(which))
        self.copy.clicked.connect(lambda _checked: self._copy())
        self.map.picked.connect(lambda row, column: self.detail.show_detail(self.describe(row, column)))
        self.map.opened.connect(lambda row, column: self._go(self.describe(row, column).address))
        self.list.opened.connect(lambda key: self._go(Address.parse(key)))
        self.detail.wanted.connect(self.wanted)

    def _lay_out(self) -> None:
        say = self._words.texts.gettext
        sentence = say(
            "Age groups are not asked for here. The toolkit’s supplement CH asks for them by sex: choose it when an "
            "assessment is made. What the other answers tell of children is below."
        )
        self.note.body.addWidget(Words(sentence))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        tiles = Card(margin=SMALL)
        tiles.body.addWidget(Tiles(tuple(self.figures.values()), letters=22))
        column.addWidget(tiles)
        column.addWidget(self.note)
        sheet = Card(margin=SMALL)
        sheet.body.addLayout(row(self.copy))
        sheet.body.addWidget(self.map, 1)
        sheet.body.addWidget(Words(say(LEGEND), Role.CAPTION, is_muted=True))
        listed = Card(margin=SMALL)
        listed.body.addWidget(self.list)
        self._stack.addWidget(MapAndWords(sheet, self.detail))
        self._stack.addWidget(listed)
        column.addWidget(self._stack, 1)

    # -- showing --------------------------------------------------------------------------------------------------

    def show_lens(self, lens: ChildLens) -> None:
        """Show what is known now; the part looked at stays."""
        self._lens = lens
        self.note.setVisible(not lens.age_groups)
        self._count()
        self.list.show_lines(answer_lines(self._words, lens))
        self.show_part(self._shown or (_GROUPS if lens.age_groups else _STATISTICS))

    def _count(self) -> None:
        texts, lens = self._words.texts, self._lens
        say, groups, both = texts.gettext, lens.groups_by_sex, lens.age_and_sex
        percent = "–" if both.value is None else texts.percent(both.value)
        item = published_share(lens)
        shown = {
            _GROUPS: (share_text(self._words, groups), self._age_cut() or say("of those that apply")),
            _STATISTICS: (share_text(self._words, both), say("{percent} of those there are").format(percent=percent)),
            _PUBLISHED: (answer_text(self._words, item) if item else "–", say("as counted in the session")),
            _ANSWERS: (texts.number(len(lens.answers)), say("from all parts")),
        }
        for name, figure in self.figures.items():
            figure.show_figure(*shown[name])

    def _age_cut(self) -> str:
        """Give the recorded age at which figures end: the choice about children that earns nothing."""
        cut = next(
            (
                answer.items[0]
                for answer in self._lens.answers
                if answer.row is None and answer.question.kind is Kind.CHOICE and not answer.question.is_scored
            ),
            None,
        )
        return answer_text(self._words, cut) if cut is not None and not cut.answer.is_open else ""

    def show_part(self, name: str) -> None:
        """Show a map or the list; a figure on published tables leads to what is said of them."""
        item = published_share(self._lens)
        if name == _PUBLISHED:
            if item is not None:
                self.list.choose(str(Address(item.address.question, item.address.row)))
            name = _ANSWERS
        self._shown = name
        for other, figure in self.figures.items():
            figure.setChecked(other == name)
        self._stack.setCurrentIndex(1 if name == _ANSWERS else 0)
        if name != _ANSWERS:
            self.map.show_table(self._table())
            place = self.map.place
            self.detail.show_detail(self.describe(*place) if place else Detail())

    def _grid(self) -> AgeGroups | None:
        return self._lens.age_groups[0] if self._shown == _GROUPS and self._lens.age_groups else None

    def _table(self) -> HeatTable:
        grid = self._grid()
        return age_group_table(self._words, grid) if grid else statistic_table(self._words, self._lens)

    # -- going ----------------------------------------------------------------------------------------------------

    def describe(self, row: str, column: str) -> Detail:
        """Put a tile into words; a tile of the map that is just being replaced has none."""
        grid = self._grid()
        if grid is not None:
            group = next((group for group in grid.groups if str(group.address) == row), None)
            spot = next((spot for spot in group.spots if spot.address.column == column), None) if group else None
            return group_detail(self._words, group, spot) if group and spot else Detail()
        entry = next((entry for entry in self._lens.statistics if str(entry.topic.address) == row), None)
        return statistic_detail(self._words, entry, int(column)) if entry else Detail()

    def _go(self, address: Address | None) -> None:
        if address is not None:
            self.wanted.emit(address)

    def _copy(self) -> None:
        self.map.clearSelection()
        self.map.copy()
