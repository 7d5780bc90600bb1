"""Topics against sources: the map of one grid or of all, what to look at, and the current tile in words."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.availability import Availability, Cell, Matrix, SourceUse
from capacity_app.domain.problems import N_
from capacity_app.domain.topics import APPLIES, Service, Topic
from capacity_app.palette import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import (
    cell_text,
    counts_text,
    empty_text,
    marks_text,
    served_text,
    service_text,
    source_name,
    topic_text,
)
from capacity_app.ui.availability.details import (
    Detail,
    DetailCard,
    MapAndWords,
    cell_detail,
    topic_detail,
    use_detail,
    whole_detail,
)
from capacity_app.ui.look.cards import Card, Tiles, Words, beside
from capacity_app.ui.look.heat_map import HeatMap, HeatTable
from capacity_app.ui.look.heat_painting import Head, Heat
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.wording import Wording

ALL = "\0all"
"""The key of the row of all topics, and of the column of all sources."""
_NONE_SIGN = "0"
_SIGNS = N_("● full   ◑ ◔ partial   ○ next to nothing   ? not known yet   0 no source   – not applicable")


def _heading_of(words: Wording, topic: Topic) -> str:
    """Return the heading a row stands under, whichever row carries it."""
    found = ""
    for row in topic.question.rows:
        found = words.row_part(topic.question, row, "heading") if row.heading else found
        if row.id == topic.row.id:
            break
    return found


def _topic_head(words: Wording, matrix: Matrix, topic: Topic) -> Head:
    is_served = topic.service is Service.SERVED
    return Head(
        key=str(topic.address),
        title=words.row(topic.question, topic.row),
        number=topic.row.number,
        detail="" if is_served else service_text(words, topic.service, topic.reason),
        longest=matrix.letters_of(topic) if is_served else "",
        is_quiet=topic.service not in {Service.SERVED, Service.LACKING},
    )


def _rows(words: Wording, matrix: Matrix, topics: Sequence[Topic]) -> Iterator[tuple[Head, Topic | None]]:
    yield Head(ALL, words.say(N_("All topics")), is_total=True), None
    questions = {topic.question.id for topic in matrix.topics}
    last_question = last_heading = ""
    for topic in topics:
        question, heading = topic.question, _heading_of(words, topic)
        if len(questions) > 1 and question.id != last_question:
            title = f"{question.number}  {words.question(question)}"
            yield Head(f"\0{question.id}", title, is_group=True), None
            last_heading = ""
        if heading and heading != last_heading:
            yield Head(f"\0{topic.address}", heading, is_group=True), None
        last_question, last_heading = question.id, heading
        yield _topic_head(words, matrix, topic), topic


def _source_head(words: Wording, matrix: Matrix, use: SourceUse) -> Head:
    is_named = bool(matrix.topics_of(use))
    detail = counts_text(words, matrix.topics_of(use)) if is_named else words.say(N_("named for none of these topics"))
    return Head(
        key=use.id,
        title=source_name(words, use),
        number=use.code,
        detail=detail,
        is_quiet=not is_named,
        is_odd=use.source is None,
    )


def _sign(topic: Topic) -> str:
    if not topic.is_scored:
        return NAMED_SIGN
    return OPEN_SIGN if topic.level is None else LEVEL_SIGNS[topic.level]


def _topic_tile(words: Wording, topic: Topic) -> Heat:
    """Show how well a topic is served by all sources together, and by how many."""
    text = topic_text(words, topic)
    match topic.service:
        case Service.SERVED:
            number = words.texts.number(len(topic.sources))
            return Heat(text, sign=_sign(topic), text=f"× {number}", level=topic.level)
        case Service.LACKING:
            return Heat(text, sign=_NONE_SIGN)
        case Service.OPEN:
            return Heat(text, sign=OPEN_SIGN)
    return Heat(text, sign=NOT_APPLICABLE_SIGN, is_out=True)


def _cell_tile(words: Wording, matrix: Matrix, topic: Topic, cell: Cell | None) -> Heat:
    if topic.service not in APPLIES:
        return Heat(empty_text(words, topic), sign=NOT_APPLICABLE_SIGN, is_out=True)
    if cell is None:
        return Heat(empty_text(words, topic))
    said = "; ".join(part for part in (cell_text(words, cell), marks_text(words, topic)) if part)
    year = str(cell.year) if cell.year else ""
    return Heat(said, sign=_sign(topic), text=year, marks=matrix.letters_of(topic), level=topic.level)


def source_table(words: Wording, matrix: Matrix, topics: Sequence[Topic], sources: Sequence[SourceUse]) -> HeatTable:
    """Lay out some of the topics and sources of a matrix, with the totals of both."""
    rows = list(_rows(words, matrix, topics))
    heads = [Head(ALL, words.say(N_("All sources")), is_total=True), *(_source_head(words, matrix, u) for u in sources)]

    def tile(row: int, column: int) -> Heat:
        topic = rows[row][1]
        use = sources[column - 1] if column else None
        if topic is not None:
            return _cell_tile(words, matrix, topic, matrix.cell(topic, use)) if use else _topic_tile(words, topic)
        number = words.texts.number
        if use is not None:
            served = matrix.topics_of(use)
            return Heat(counts_text(words, served), text=number(len(served)), is_total=True)
        text = f"{number(len(matrix.of(Service.SERVED)))} / {number(len(matrix.of(*APPLIES)))}"
        return Heat(served_text(words, matrix), text=text, is_total=True)

    return HeatTable([head for head, _ in rows], heads, tile, corner=words.say(N_("Topic")))


def legend(words: Wording, matrix: Matrix) -> str:
    """Return what signs and letters mean."""
    signs = words.say(_SIGNS)
    if any(not topic.is_scored for topic in matrix.topics):
        named = words.say(N_("✓ named"))
        signs = f"{signs}   {named}"
    return f"{signs}\n{letters_legend(words, matrix)}".strip()


def letters_legend(words: Wording, matrix: Matrix) -> str:
    """Return what the letters mean; in brackets: in part."""
    named: dict[str, str] = {}
    for topic in matrix.topics:
        for key in topic.marks:
            named.setdefault(key, words.breakdown(topic.question, key))
    parts = [f"{letter}\u00a0{named[key]}" for key, letter in matrix.letters.items() if key in named]
    if any(share != 1 for topic in matrix.topics for share in topic.marks.values()):
        parts.append(words.say(N_("( ) in part")))
    return "   ".join(parts)


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
