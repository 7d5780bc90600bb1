"""Availability of data on children: figures that open a map of age groups, of statistics, or all answers."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.child_data import (
    AgeGroupGrid,
    AgeGroupRow,
    AgeSexStatistic,
    ChildAnswer,
    ChildDataCell,
    ChildDataOverview,
)
from capacity_app.domain.scoring.data_availability import APPLICABLE_STATUSES, ServiceDegree, ServiceStatus
from capacity_app.report_colours import LEVEL_SIGNS, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import (
    STATISTIC_HEADINGS,
    age_group_text,
    answer_text,
    child_answer_text,
    child_label,
    service_text,
    share_text,
    statistic_text,
)
from capacity_app.ui.pages.analyse.availability_details import (
    TileDetail,
    TileDetailCard,
    answer_facts,
    evidence_text,
    map_with_detail,
    topic_detail,
    topic_title,
)
from capacity_app.ui.session.formatters import SessionFormatter, capitalized
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import KeyFigure
from capacity_app.ui.widgets.cards import Card, Label, TileGrid
from capacity_app.ui.widgets.heat_map import HeatHeading, HeatMap, HeatTable, HeatTile
from capacity_app.ui.widgets.layouts import Stack, lay_out
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine

_GROUPS, _STATISTICS, _ANSWERS = "groups", "statistics", "answers"


_LEVELS = {ServiceDegree.NONE: 0, ServiceDegree.PARTIAL: 2, ServiceDegree.FULL: 3, ServiceDegree.NAMED: 3}
"""The shade and sign of a degree; parts of every size look the same here."""
CHILDREN_LEGEND = N_("● in full   ◑ in part   ○ not   ? not known yet   – not applicable")


def age_group_tile(words: str, spot: ChildDataCell) -> HeatTile:
    if spot.service not in APPLICABLE_STATUSES:
        return HeatTile(words, sign=NOT_APPLICABLE_SIGN, is_out=True)
    level = _LEVELS.get(spot.degree)
    return HeatTile(words, sign=OPEN_SIGN if level is None else LEVEL_SIGNS[level], level=level)


def _reason(formatter: SessionFormatter, service: ServiceStatus, reason: str) -> str:
    return "" if service is ServiceStatus.SERVED else service_text(formatter, service, reason)


def _group_heads(formatter: SessionFormatter, grid: AgeGroupGrid) -> Iterator[tuple[HeatHeading, AgeGroupRow | None]]:
    for group in grid.groups:
        if group.row.heading:
            yield (
                HeatHeading(
                    f"\0{group.address}", formatter.row_part(grid.question, group.row, "heading"), is_group=True
                ),
                None,
            )
        is_out = group.service not in APPLICABLE_STATUSES
        detail = service_text(formatter, group.service, group.reason) if is_out else ""
        title = formatter.row(grid.question, group.row)
        yield HeatHeading(str(group.address), title, group.row.number, detail, is_quiet=is_out), group


def age_group_table(formatter: SessionFormatter, grid: AgeGroupGrid) -> HeatTable:
    """Lay out one grid of age groups."""
    rows = list(_group_heads(formatter, grid))
    heads = [HeatHeading(column.id, formatter.column(grid.question, column)) for column in grid.columns]

    def tile(row: int, column: int) -> HeatTile:
        group = rows[row][1]
        assert group is not None, "headings have no tiles"
        spot = group.spots[column]
        return age_group_tile(age_group_text(formatter, group, spot), spot)

    return HeatTable([head for head, _ in rows], heads, tile)


def _statistic_head(formatter: SessionFormatter, entry: AgeSexStatistic) -> HeatHeading:
    topic = entry.topic
    return HeatHeading(
        key=str(topic.address),
        title=formatter.row(topic.question, topic.row),
        number=f"{topic.question.number} {topic.row.number}".strip(),
        detail=_reason(formatter, topic.service, topic.reason),
        is_quiet=topic.service not in APPLICABLE_STATUSES,
    )


def _statistic_rows(
    formatter: SessionFormatter, entries: Sequence[AgeSexStatistic]
) -> Iterator[tuple[HeatHeading, AgeSexStatistic | None]]:
    theirs = [entry for entry in entries if entry.is_about_children]
    others = [entry for entry in entries if not entry.is_about_children]
    groups = (
        (formatter.say(N_("Statistics on children")), theirs),
        (formatter.say(N_("All other statistics")), others),
    )
    for title, group in groups:
        if group:
            yield HeatHeading(f"\0{title}", title, is_group=True), None
        for entry in group:
            yield _statistic_head(formatter, entry), entry


def statistic_table(formatter: SessionFormatter, lens: ChildDataOverview) -> HeatTable:
    rows = list(_statistic_rows(formatter, lens.statistics))
    heads = [HeatHeading(str(place), formatter.say(heading)) for place, heading in enumerate(STATISTIC_HEADINGS)]

    def tile(row: int, column: int) -> HeatTile:
        entry = rows[row][1]
        assert entry is not None, "headings have no tiles"
        return age_group_tile(statistic_text(formatter, entry, column), entry.spots[column])

    return HeatTable([head for head, _ in rows], heads, tile)


def children_answer_lines(formatter: SessionFormatter, lens: ChildDataOverview) -> list[ListLine]:
    return [_line(formatter, answer) for answer in lens.answers]


def _line(formatter: SessionFormatter, answer: ChildAnswer) -> ListLine:
    row_number = answer.row.number if answer.row else ""
    number = f"{answer.question.number} {row_number}".strip()
    return ListLine(
        key=str(answer.address),
        title=formatter.texts.numbered(number, child_label(formatter, answer)),
        detail=capitalized(child_answer_text(formatter, answer)),
        mark=_mark(answer),
        colour="accent",
    )


def _mark(answer: ChildAnswer) -> str:
    if answer.service not in APPLICABLE_STATUSES:
        return NOT_APPLICABLE_SIGN
    if answer.lowest is None:
        return "·" if answer.service is ServiceStatus.SERVED else OPEN_SIGN
    return LEVEL_SIGNS[answer.lowest] if answer.lowest == answer.highest else OPEN_SIGN


def age_group_detail(formatter: SessionFormatter, group: AgeGroupRow, spot: ChildDataCell) -> TileDetail:
    column = group.question.column_by_id[spot.address.column]
    title = f"{formatter.row(group.question, group.row)} · {formatter.column(group.question, column)}"
    facts = list(answer_facts(formatter, group.items))
    evidence = dict.fromkeys(entry for item in group.items for entry in item.answer.evidence)
    if group.service is ServiceStatus.SERVED:
        facts.append(
            (formatter.say(N_("Evidence")), evidence_text(formatter, evidence) or formatter.say(N_("statement only")))
        )
    return TileDetail(title, capitalized(age_group_text(formatter, group, spot)) + ".", tuple(facts), spot.address)


def statistic_detail(formatter: SessionFormatter, entry: AgeSexStatistic, place: int) -> TileDetail:
    """Return how far a statistic is shown by age and sex."""
    whole, topic = topic_detail(formatter, entry.topic), entry.topic
    heading = formatter.say(STATISTIC_HEADINGS[place])
    said = statistic_text(formatter, entry, place)
    lead = formatter.say(N_("{heading}: {answer}."), heading=heading, answer=said) if place else f"{capitalized(said)}."
    return TileDetail(f"{topic_title(formatter, topic)} · {heading}", lead, whole.facts, entry.spots[place].address)


class ChildrenView(QWidget):
    """Figures above, one map or list below them. ``wanted`` carries an address."""

    wanted = Signal(object)

    def __init__(self, formatter: SessionFormatter, lens: ChildDataOverview) -> None:
        super().__init__()
        self._formatter = formatter
        self._lens = lens
        self._shown = ""
        say = formatter.texts.gettext
        captions = {
            _GROUPS: say("Age groups by sex") if lens.age_groups else "",
            _STATISTICS: say("Statistics by age and sex"),
            _ANSWERS: say("Answers about children"),
        }
        self.figures = {
            name: KeyFigure(f"children_{name}", caption, is_small=True) for name, caption in captions.items() if caption
        }
        self.note = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        self.map = HeatMap("children_map", say("Children"))
        self.list = LineList("children_list", say("Answers about children"))
        self.detail = TileDetailCard(formatter.texts, "children_detail")
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _checked, which=name: self.show_part(which))
        self.map.picked.connect(lambda row, column: self.detail.show_detail(self.describe(row, column)))
        self.map.opened.connect(lambda row, column: self._go(self.describe(row, column).address))
        self.list.opened.connect(lambda key: self._go(Address.parse(key)))
        self.detail.wanted.connect(self.wanted)

    def _lay_out(self) -> None:
        say = self._formatter.texts.gettext
        sentence = say(
            "This assessment does not ask for age groups. Supplement CH asks for them by sex. Choose it when you start "
            "an assessment."
        )
        self.note.body.addWidget(Label(sentence))
        tiles = Card(TileGrid(tuple(self.figures.values()), letters=22), margin=SMALL)
        legend = Label(say(CHILDREN_LEGEND), TextRole.CAPTION, is_muted=True)
        sheet = Card((self.map, 1), legend, margin=SMALL)
        self._stack = Stack(map_with_detail(sheet, self.detail), Card(self.list, margin=SMALL))
        lay_out(QVBoxLayout(self), tiles, self.note, (self._stack, 1), margins=0, spacing=MEDIUM)

    def show_lens(self, lens: ChildDataOverview) -> None:
        self._lens = lens
        self.note.setVisible(not lens.age_groups)
        self._count()
        self.list.show_lines(children_answer_lines(self._formatter, lens))
        self.show_part(self._shown or (_GROUPS if lens.age_groups else _STATISTICS))

    def _count(self) -> None:
        texts, lens = self._formatter.texts, self._lens
        say, groups, both = texts.gettext, lens.groups_by_sex, lens.age_and_sex
        percent = "–" if both.value is None else texts.percent(both.value)
        shown = {
            _GROUPS: (share_text(self._formatter, groups), self._age_cut() or say("of those that apply")),
            _STATISTICS: (
                share_text(self._formatter, both),
                say("{percent} of all").format(percent=percent),
            ),
            _ANSWERS: (texts.number(len(lens.answers)), say("from all parts")),
        }
        for name, figure in self.figures.items():
            figure.show_figure(*shown[name])

    def _age_cut(self) -> str:
        """Return the recorded age at which figures end: the choice about children that earns nothing."""
        cut = next(
            (
                answer.items[0]
                for answer in self._lens.answers
                if answer.row is None and answer.question.kind is AnswerKind.CHOICE and not answer.question.is_scored
            ),
            None,
        )
        return answer_text(self._formatter, cut) if cut is not None and not cut.answer.is_open else ""

    def show_part(self, name: str) -> None:
        """Show a map or the list."""
        self._shown = name
        for other, figure in self.figures.items():
            figure.setChecked(other == name)
        self._stack.setCurrentIndex(1 if name == _ANSWERS else 0)
        if name != _ANSWERS:
            self.map.show_table(self._table())
            place = self.map.place
            self.detail.show_detail(self.describe(*place) if place else TileDetail())

    def _grid(self) -> AgeGroupGrid | None:
        return self._lens.age_groups[0] if self._shown == _GROUPS and self._lens.age_groups else None

    def _table(self) -> HeatTable:
        grid = self._grid()
        return age_group_table(self._formatter, grid) if grid else statistic_table(self._formatter, self._lens)

    def describe(self, row: str, column: str) -> TileDetail:
        grid = self._grid()
        if grid is not None:
            group = next((group for group in grid.groups if str(group.address) == row), None)
            spot = next((spot for spot in group.spots if spot.address.column == column), None) if group else None
            return age_group_detail(self._formatter, group, spot) if group and spot else TileDetail()
        entry = next((entry for entry in self._lens.statistics if str(entry.topic.address) == row), None)
        return statistic_detail(self._formatter, entry, int(column)) if entry else TileDetail()

    def _go(self, address: Address | None) -> None:
        if address is not None:
            self.wanted.emit(address)
