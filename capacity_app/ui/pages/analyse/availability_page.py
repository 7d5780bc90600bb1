"""Which data source serves which topic, and what the data show of children, with the map of topics and sources."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.registers import DataSource
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.child_data import summarize_child_data
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    Availability,
    AvailabilityCell,
    AvailabilityMatrix,
    DataTopic,
    ServiceStatus,
    SourceUsage,
    breakdown_keys,
    build_availability,
)
from capacity_app.i18n.translator import Translator
from capacity_app.report_colours import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import (
    cell_text,
    counts_text,
    empty_text,
    marks_text,
    served_text,
    service_text,
    source_label,
    topic_text,
)
from capacity_app.ui.pages.analyse.availability_children import ChildrenView
from capacity_app.ui.pages.analyse.availability_details import (
    TileDetail,
    TileDetailCard,
    availability_cell_detail,
    map_with_detail,
    matrix_detail,
    source_detail,
    topic_detail,
)
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import KeyFigure
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, TileGrid, WrappedContainer
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.heat_map import HeatHeading, HeatMap, HeatTable, HeatTile
from capacity_app.ui.widgets.layouts import Stack, lay_out, with_name

# Topics against sources: the map of one grid or of all, what to look at, and the current tile in words.


ALL_TOPICS = "\0all"
"""The key of the row of all topics, and of the column of all sources."""
_NONE_SIGN = "0"
_SIGNS = N_("● full   ◑ ◔ partial   ○ very limited   ? not known yet   0 no source   – not applicable")


def _heading_of(formatter: SessionFormatter, topic: DataTopic) -> str:
    """Return the heading a row stands under, whichever row carries it."""
    found = ""
    for row in topic.question.rows:
        found = formatter.row_part(topic.question, row, "heading") if row.heading else found
        if row.id == topic.row.id:
            break
    return found


def _breakdown_count(formatter: SessionFormatter, topic: DataTopic) -> str:
    """Say how many of the breakdowns that are asked for a topic has; empty where none is."""
    total, number = len(breakdown_keys(topic.question)), formatter.texts.number
    if not total:
        return ""
    return formatter.say(N_("{count} of {total}"), count=number(len(topic.marks)), total=number(total))


def _topic_head(formatter: SessionFormatter, topic: DataTopic) -> HeatHeading:
    is_served = topic.service is ServiceStatus.SERVED
    return HeatHeading(
        key=str(topic.address),
        title=formatter.row(topic.question, topic.row),
        number=topic.row.number,
        detail="" if is_served else service_text(formatter, topic.service, topic.reason),
        longest=_breakdown_count(formatter, topic) if is_served else "",
        is_quiet=topic.service not in {ServiceStatus.SERVED, ServiceStatus.LACKING},
    )


def _topic_rows(
    formatter: SessionFormatter, matrix: AvailabilityMatrix, topics: Sequence[DataTopic]
) -> Iterator[tuple[HeatHeading, DataTopic | None]]:
    yield HeatHeading(ALL_TOPICS, formatter.say(N_("All topics")), is_total=True), None
    questions = {topic.question.id for topic in matrix.topics}
    last_question = last_heading = ""
    for topic in topics:
        question, heading = topic.question, _heading_of(formatter, topic)
        if len(questions) > 1 and question.id != last_question:
            title = formatter.texts.numbered(question.number, formatter.question(question))
            yield HeatHeading(f"\0{question.id}", title, is_group=True), None
            last_heading = ""
        if heading and heading != last_heading:
            yield HeatHeading(f"\0{topic.address}", heading, is_group=True), None
        last_question, last_heading = question.id, heading
        yield _topic_head(formatter, topic), topic


def _source_head(formatter: SessionFormatter, matrix: AvailabilityMatrix, use: SourceUsage) -> HeatHeading:
    is_named = bool(matrix.topics_of(use))
    detail = (
        counts_text(formatter, matrix.topics_of(use))
        if is_named
        else formatter.say(N_("named for none of these topics"))
    )
    return HeatHeading(
        key=use.id,
        title=source_label(formatter, use),
        number=use.code,
        detail=detail,
        is_quiet=not is_named,
        is_odd=use.source is None,
    )


def _sign(topic: DataTopic) -> str:
    if not topic.is_scored:
        return NAMED_SIGN
    return OPEN_SIGN if topic.level is None else LEVEL_SIGNS[topic.level]


def _topic_tile(formatter: SessionFormatter, topic: DataTopic) -> HeatTile:
    """Show how well a topic is served by all sources together, and by how many."""
    text = topic_text(formatter, topic)
    match topic.service:
        case ServiceStatus.SERVED:
            number = formatter.texts.number(len(topic.sources))
            return HeatTile(text, sign=_sign(topic), text=f"× {number}", level=topic.level)
        case ServiceStatus.LACKING:
            return HeatTile(text, sign=_NONE_SIGN)
        case ServiceStatus.OPEN:
            return HeatTile(text, sign=OPEN_SIGN)
    return HeatTile(text, sign=NOT_APPLICABLE_SIGN, is_out=True)


def _cell_tile(formatter: SessionFormatter, topic: DataTopic, cell: AvailabilityCell | None) -> HeatTile:
    if topic.service not in APPLICABLE_STATUSES:
        return HeatTile(empty_text(formatter, topic), sign=NOT_APPLICABLE_SIGN, is_out=True)
    if cell is None:
        return HeatTile(empty_text(formatter, topic))
    said = "; ".join(part for part in (cell_text(formatter, cell), marks_text(formatter, topic)) if part)
    year = str(cell.year) if cell.year else ""
    return HeatTile(said, sign=_sign(topic), text=year, marks=_breakdown_count(formatter, topic), level=topic.level)


def topics_by_sources_table(
    formatter: SessionFormatter, matrix: AvailabilityMatrix, topics: Sequence[DataTopic], sources: Sequence[SourceUsage]
) -> HeatTable:
    """Lay out some of the topics and sources of a matrix, with the totals of both."""
    rows = list(_topic_rows(formatter, matrix, topics))
    heads = [
        HeatHeading(ALL_TOPICS, formatter.say(N_("All sources")), is_total=True),
        *(_source_head(formatter, matrix, u) for u in sources),
    ]

    def tile(row: int, column: int) -> HeatTile:
        topic = rows[row][1]
        use = sources[column - 1] if column else None
        if topic is not None:
            return _cell_tile(formatter, topic, matrix.cell(topic, use)) if use else _topic_tile(formatter, topic)
        number = formatter.texts.number
        if use is not None:
            served = matrix.topics_of(use)
            return HeatTile(counts_text(formatter, served), text=number(len(served)), is_total=True)
        text = f"{number(len(matrix.of(ServiceStatus.SERVED)))} / {number(len(matrix.of(*APPLICABLE_STATUSES)))}"
        return HeatTile(served_text(formatter, matrix), text=text, is_total=True)

    return HeatTable([head for head, _ in rows], heads, tile)


def availability_legend(formatter: SessionFormatter, matrix: AvailabilityMatrix) -> str:
    signs = formatter.say(_SIGNS)
    if any(not topic.is_scored for topic in matrix.topics):
        named = "✓ " + formatter.say(N_("named"))
        signs = f"{signs}   {named}"
    if any(_breakdown_count(formatter, topic) for topic in matrix.topics):
        count = formatter.say(N_("8 of 10: breakdowns available, such as sex and age"))
        signs = f"{signs}   {count}"
    return signs


class TopicsView(QWidget):
    """The map with everything around it. ``wanted`` carries an address, ``entry_wanted`` a source's id."""

    wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, formatter: SessionFormatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._found: Availability | None = None
        self._matrix = AvailabilityMatrix((), (), {})
        say = formatter.texts.gettext
        self.figures = {
            "served": KeyFigure("topics_served", say("Topics with a source"), is_small=True),
            "lacking": KeyFigure("topics_lacking", say("Topics without one"), is_small=True),
            "idle": KeyFigure("sources_idle", say("Sources without a topic"), is_small=True),
            "unregistered": KeyFigure("sources_unregistered", say("Sources not registered"), is_small=True),
        }
        self.grid = with_name(ComboBox(), "availability_grid", say("Topics of which question"))
        self.grid.setMinimumContentsLength(30)
        self.map = HeatMap("availability_map", say("Data sources by topic"))
        self.legend = Label(role=TextRole.CAPTION, is_muted=True)
        self.detail = TileDetailCard(formatter.texts, "availability_detail")
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        for figure in self.figures.values():
            figure.clicked.connect(lambda _checked, which=figure: self._narrow(which))
        self.grid.currentIndexChanged.connect(lambda _index: self._show())
        self.map.picked.connect(lambda row, column: self.detail.show_detail(self.describe(row, column)))
        self.map.opened.connect(self._open)
        self.map.headed.connect(self._open_source)
        self.detail.wanted.connect(self.wanted)
        self.detail.entry_wanted.connect(self.entry_wanted)

    def _lay_out(self) -> None:
        tiles = Card(TileGrid(tuple(self.figures.values()), letters=22), margin=SMALL)
        sheet = Card(self.grid, (self.map, 1), self.legend, margin=SMALL)
        lay_out(QVBoxLayout(self), tiles, (map_with_detail(sheet, self.detail), 1), margins=0, spacing=MEDIUM)

    def show_availability(self, found: Availability) -> None:
        self._found = found
        formatter = self._formatter
        grids = [(grid.id, formatter.texts.numbered(grid.number, formatter.question(grid))) for grid in found.grids]
        everything = [("", formatter.texts.gettext("All questions that name sources"))] if len(grids) > 1 else []
        self.grid.fill((*grids, *everything))
        self._show()

    def _show(self) -> None:
        if self._found is None:
            return
        self._matrix = matrix = self._found.matrix(self.grid.currentData() or "")
        self._count()
        self.map.show_table(topics_by_sources_table(self._formatter, matrix, self._topics(), self._sources()))
        self.legend.setText(availability_legend(self._formatter, matrix))
        place = self.map.place
        self.detail.show_detail(self.describe(*place) if place else TileDetail())

    def _count(self) -> None:
        say, number = self._formatter.texts.gettext, self._formatter.texts.number
        matrix = self._matrix
        applying = say("of {count} that apply")
        counts = {
            "served": (
                len(matrix.of(ServiceStatus.SERVED)),
                applying.format(count=number(len(matrix.of(*APPLICABLE_STATUSES)))),
            ),
            "lacking": (len(matrix.of(ServiceStatus.LACKING, ServiceStatus.OPEN)), say("or not asked yet")),
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

    def _topics(self) -> Sequence[DataTopic]:
        if self._is_on("served"):
            return self._matrix.of(ServiceStatus.SERVED)
        return (
            self._matrix.of(ServiceStatus.LACKING, ServiceStatus.OPEN)
            if self._is_on("lacking")
            else self._matrix.topics
        )

    def _sources(self) -> Sequence[SourceUsage]:
        if self._is_on("idle"):
            return self._matrix.idle
        return self._matrix.unregistered if self._is_on("unregistered") else self._matrix.sources

    def _narrow(self, chosen: KeyFigure) -> None:
        """Show only what a figure counts, or everything again."""
        for figure in self.figures.values():
            figure.setChecked(figure is chosen and chosen.isChecked())
        self._show()

    def _topic(self, row: str) -> DataTopic | None:
        return next((topic for topic in self._matrix.topics if str(topic.address) == row), None)

    def _use(self, column: str) -> SourceUsage | None:
        return next((use for use in self._matrix.sources if use.id == column), None)

    def describe(self, row: str, column: str) -> TileDetail:
        topic = self._topic(row)
        use = None if column == ALL_TOPICS else self._use(column)
        if topic is None:
            return (
                source_detail(self._formatter, self._matrix, use)
                if use
                else matrix_detail(self._formatter, self._matrix)
            )
        return (
            availability_cell_detail(self._formatter, self._matrix, topic, use)
            if use
            else topic_detail(self._formatter, topic)
        )

    def _open(self, row: str, column: str) -> None:
        detail = self.describe(row, column)
        if detail.address is not None:
            self.wanted.emit(detail.address)
        elif detail.source:
            self.entry_wanted.emit(detail.source)

    def _open_source(self, column: str) -> None:
        use = None if column == ALL_TOPICS else self._use(column)
        if use is not None:
            self.map.choose((ALL_TOPICS, column))
            self._open(ALL_TOPICS, column)


_TOPICS, _CHILDREN, _EMPTY = range(3)


class AvailabilityPage(WrappedContainer):
    """Two views over the same answers, refreshed when shown, and after a change while shown.

    ``navigate`` carries the address of an answer, ``entry_wanted`` the id of a data source.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self._fresh = RefreshOnShow(self, controller, self._show)
        self.setObjectName("availability_page")
        formatter = SessionFormatter(texts, controller.session)
        self.tabs = with_name(TabRow("availability_tab"), "availability_tabs", texts.gettext("Availability of data"))
        self.tabs.addTab(texts.gettext("Topics and sources"))
        self.tabs.addTab(texts.gettext("Children"))
        self.topics = TopicsView(formatter)
        lens = summarize_child_data(controller.session.sheet)
        self.children_view = ChildrenView(formatter, lens)
        if lens.is_bare:
            self.tabs.hide()
        self._empty_title, self._empty_words = (
            Label(role=TextRole.TITLE, side="center"),
            Label(is_muted=True, side="center"),
        )
        self._start = Button(texts.gettext("Go to the first of these questions"))
        self._stack = Stack(self.topics, self.children_view, self._empty())
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(lambda _tab: self._show_tab())
        for view in (self.topics, self.children_view):
            view.wanted.connect(self.navigate)
        self.topics.entry_wanted.connect(self.entry_wanted)

    def _lay_out(self) -> None:
        column = lay_out(QVBoxLayout(self), margins=(WIDE, SMALL, WIDE, MEDIUM), spacing=MEDIUM)
        lay_out(column, self.tabs, (self._stack, 1))

    def _empty(self) -> QWidget:
        page = QWidget()
        self._start.setObjectName("availability_start")
        self._start.setDefault(True)
        self._start.clicked.connect(lambda _checked: self._go_to_first())
        line = lay_out(QHBoxLayout(), 1, self._start, 1)
        lay_out(QVBoxLayout(page), 2, self._empty_title, self._empty_words, line, 3, margins=WIDE, spacing=LARGE)
        return page

    def _show(self) -> None:
        session = self._controller.session
        sources = (entry for entry in session.entries("sources") if isinstance(entry, DataSource))
        self._found = build_availability(session.sheet, sources)
        self._show_tab()

    def _show_tab(self) -> None:
        if self.tabs.currentIndex() == _CHILDREN:
            self.children_view.show_lens(summarize_child_data(self._controller.session.sheet))
            self._stack.setCurrentIndex(_CHILDREN)
        elif self._is_bare(self._found):
            self._stack.setCurrentIndex(_EMPTY)
        else:
            self.topics.show_availability(self._found)
            self._stack.setCurrentIndex(_TOPICS)

    def _is_bare(self, found: Availability) -> bool:
        """Return whether there is nothing to set against each other yet, and say what to do."""
        say = self._texts.gettext
        self._start.setVisible(bool(found.grids))
        if not found.grids:
            self._empty_title.setText(say("Sources are not asked for"))
            self._empty_words.setText(say("No question of this questionnaire asks from which source data come."))
            return True
        if found.whole.sources or found.whole.of(ServiceStatus.SERVED):
            return False
        self._empty_title.setText(say("No data source yet"))
        sentence = say(
            "Add data sources under Prepare, or while you answer. You then see here which source serves which topic, "
            "and which topics have no source."
        )
        self._empty_words.setText(sentence)
        return True

    def _go_to_first(self) -> None:
        topic = self._found.whole.topics[0]
        self.navigate.emit(topic.source_address)
