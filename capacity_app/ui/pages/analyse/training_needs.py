"""Training and assistance needs: the table of topics, and what stands behind the current one."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.training import (
    TRAINING_ACTION_TYPES,
    TrainingNeed,
    TrainingNeeds,
    training_actions_for,
)
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, Question
from capacity_app.ui.pages.analyse.plan_model import PlanState
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.theme.painting import leading_alignment
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import holder_of, lay_out, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import (
    ROW_ROLE,
    FullHeightList,
    Index,
    ListLine,
    ReadingTable,
    RowsModel,
    TableCellPainter,
    forward_arrow,
)

# The table of training needs: one topic per row.


_LEAST_LETTERS = 12


_NOTHING = "–"


@dataclass(slots=True)
class TrainingFormatter:
    """The words about the needs shown now, with the actions that meet them."""

    formatter: EntryFormatter
    found: TrainingNeeds | None = None
    actions: tuple[Action, ...] = ()

    def say(self, sentence: str) -> str:
        return self.formatter.texts.gettext(sentence)

    def number(self, count: int) -> str:
        return self.formatter.texts.number(count)

    def topic(self, need: TrainingNeed) -> str:
        return self.formatter.wording.topic(need)

    def level(self, need: TrainingNeed) -> str:
        if need.is_out:
            return self.say("not applicable")
        now, wanted = ("?" if level is None else self.number(level) for level in (need.level, need.target))
        return f"{now} {forward_arrow(self.formatter.texts)} {wanted}"

    def _options(self, column: GridColumn | None, chosen: tuple[str, ...]) -> str:
        if column is None or self.found is None or self.found.question is None:
            return _NOTHING
        known = [column.option_by_id[one] for one in chosen if one in column.option_by_id]
        return (
            self.formatter.texts.listed(
                self.formatter.wording.option(self.found.question, column, option) for option in known
            )
            or _NOTHING
        )

    def priority(self, need: TrainingNeed) -> str:
        columns = self.found.columns if self.found else None
        return self._options(columns.priority, (need.priority,)) if columns else _NOTHING

    def help(self, need: TrainingNeed) -> str:
        columns = self.found.columns if self.found else None
        return self._options(columns.help, need.help) if columns else _NOTHING

    def who(self, need: TrainingNeed) -> str:
        return self.formatter.texts.listed(self.formatter.wording.agency(one) for one in need.who) or _NOTHING

    def course(self, need: TrainingNeed) -> str:
        if need.trained is None:
            return _NOTHING
        return self.say("yes") if need.trained else self.say("no")

    def planned(self, need: TrainingNeed) -> str:
        count = len(training_actions_for(need, self.actions))
        return self.number(count) if count else _NOTHING

    def sentence(self, need: TrainingNeed) -> str:
        """Say in a sentence what a topic needs."""
        texts = self.formatter.texts
        if need.is_out:
            return texts.gettext("The topic does not apply here.")
        if need.address is None:
            return ""
        if need.level is None:
            return texts.gettext("Nobody has said yet what staff can do: ask in the supplement.")
        anchor = self.formatter.wording.anchors(self._question, self._level_column)[need.level]
        if need.steps:
            said = texts.ngettext("{count} level more is wanted.", "{count} levels more are wanted.", need.steps)
            return f"{anchor} {said.format(count=self.number(need.steps))}"
        return anchor

    @property
    def _question(self) -> Question:
        assert self.found is not None
        assert self.found.question is not None, "a level was asked"
        return self.found.question

    @property
    def _level_column(self) -> GridColumn:
        assert self.found is not None
        assert self.found.columns is not None, "a level was asked"
        return self.found.columns.level

    def suggestion(self, need: TrainingNeed) -> str:
        """Return the instrument's next step for a topic, empty if it has none."""
        if need.address is None or need.level is None or need.level >= len(self._level_column.actions):
            return ""
        step = need.level
        text = self._level_column.actions[step]
        return self.formatter.wording.field_part(self._question, self._level_column, f"action {step + 1}", text)

    def action(self, need: TrainingNeed, action_id: str) -> Action:
        """Make an action of a need: its topic and next step, the gaps that point to it, for whom."""
        suggestion, topic = self.suggestion(need), self.topic(need)
        pattern = self.say("{topic}: {step}")
        known = {code for code, _ in self.formatter.codes("action_type")}
        wanted = next(
            (
                one
                for one in (*need.help, *sorted(TRAINING_ACTION_TYPES, reverse=True))
                if one in TRAINING_ACTION_TYPES & known
            ),
            "",
        )
        who = self.formatter.texts.listed(self.formatter.title_of("agencies", one) for one in need.who)
        return Action(
            id=action_id,
            title=pattern.format(topic=topic, step=suggestion or self.say("training")),
            gaps=tuple(str(gap.address) for gap in need.gaps),
            type=wanted,
            note=self.say("For: {agencies}").format(agencies=who) if who else "",
        )


class TrainingColumn(IntEnum):
    """The columns in reading order."""

    TOPIC = 0
    LEVEL = 1
    PRIORITY = 2
    HELP = 3
    WHO = 4
    COURSE = 5
    POINTS = 6
    ACTIONS = 7


_COLUMNS: Mapping[TrainingColumn, tuple[str, Callable[[TrainingFormatter, TrainingNeed], str]]] = {
    TrainingColumn.TOPIC: (N_("Topic"), lambda formatter, need: formatter.topic(need)),
    TrainingColumn.LEVEL: (N_("Level"), lambda formatter, need: formatter.level(need)),
    TrainingColumn.PRIORITY: (N_("Priority"), lambda formatter, need: formatter.priority(need)),
    TrainingColumn.HELP: (N_("Help"), lambda formatter, need: formatter.help(need)),
    TrainingColumn.WHO: (N_("Agencies"), lambda formatter, need: formatter.who(need)),
    TrainingColumn.COURSE: (N_("Course"), lambda formatter, need: formatter.course(need)),
    TrainingColumn.POINTS: (N_("Gaps"), lambda formatter, need: formatter.number(len(need.gaps))),
    TrainingColumn.ACTIONS: (N_("Actions"), lambda formatter, need: formatter.planned(need)),
}
"""The headings, and what every cell says."""
_ONLY_ASKED = frozenset({TrainingColumn.LEVEL, TrainingColumn.PRIORITY, TrainingColumn.HELP, TrainingColumn.WHO})
"""The columns only a supplement fills."""
_SHARES: Mapping[int, int] = {TrainingColumn.TOPIC: 4, TrainingColumn.HELP: 3, TrainingColumn.WHO: 3}
"""How the columns that wrap share the room the others leave."""


class TrainingDelegate(TableCellPainter):
    """Wraps texts."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        shades, need = colours(), index.data(ROW_ROLE)
        # A Latin sentence in an Arabic window keeps its own order; “0 → 3” is read as the window is.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if index.column() == TrainingColumn.LEVEL:
            painter.setLayoutDirection(option.direction)
        painter.setPen(QColor(shades.muted if need.is_out else shades.text))
        painter.drawText(room, leading_alignment(option.direction, is_wrapped=True, is_top=True), str(index.data()))


class TrainingTable(ReadingTable[TrainingNeed]):
    """The table. ``picked`` tells that another topic is current, ``entered`` that its answers are wanted."""

    picked = Signal()

    def __init__(self, formatter: TrainingFormatter) -> None:
        columns = [(formatter.say(heading), partial(cell, formatter)) for heading, cell in _COLUMNS.values()]
        lines: RowsModel[TrainingNeed] = RowsModel(columns, lambda need: need.topic.id)
        super().__init__(lines, TrainingDelegate, _SHARES, letters=_LEAST_LETTERS)
        with_name(self, "training", formatter.say(N_("Training and assistance needs")))
        self.selectionModel().currentChanged.connect(lambda _index, _old: self.picked.emit())

    def show_needs(self, needs: tuple[TrainingNeed, ...], *, is_asked: bool) -> None:
        kept = self.current.topic.id if self.current else ""
        for part in _ONLY_ASKED:
            self.setColumnHidden(part, not is_asked)
        self.lines.show(needs)
        self.fit()
        row = next((row for row, need in enumerate(needs) if need.topic.id == kept), 0)
        if needs and self.currentIndex().row() != row:
            self.setCurrentIndex(self.lines.index(row, TrainingColumn.TOPIC))


class TrainingList(QWidget):
    """All topics, and how to have them asked about where they are not."""

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__()
        self.formatter = TrainingFormatter(formatter)
        self.table = TrainingTable(self.formatter)
        self._advice = self._advice_card()
        lay_out(QVBoxLayout(self), self._advice, (Card(self.table, margin=SMALL), 1), margins=0, spacing=MEDIUM)

    def _advice_card(self) -> Card:
        say = self.formatter.say
        sentence = say(
            "Supplement T asks topic by topic what staff can do and which help is needed. Choose it under "
            "“Supplements” when you start an assessment. The list below shows what other answers say."
        )
        title = Label(say("This assessment does not ask about training directly"), TextRole.STRONG)
        return Card(
            title, Label(sentence), tint="accent_tint", edge="accent_tint", margin=MEDIUM, name="training_advice"
        )

    def show_plan(self, state: PlanState) -> None:
        self.formatter.found = state.needs
        self.formatter.actions = tuple(one.action for one in state.plan)
        is_asked = state.needs.question is not None
        self._advice.setVisible(not is_asked)
        self.table.show_needs(state.needs.needs, is_asked=is_asked)


class TrainingDetail(Card):
    """One topic. ``wanted`` carries an address to go to, ``opened`` an action's id, ``planned`` a new action."""

    wanted = Signal(object)
    opened = Signal(str)
    planned = Signal(object)

    def __init__(self, controller: SessionController, formatter: TrainingFormatter) -> None:
        super().__init__(margin=LARGE, spacing=MEDIUM)
        self._controller, self._formatter = controller, formatter
        self._need: TrainingNeed | None = None
        say = formatter.say
        self._title, self._sentence, self._suggested = Label(role=TextRole.QUESTION), Label(), Label()
        make = with_action(Button(say("Plan an action"), "new", is_main=True), "training_plan", self._plan)
        make.setEnabled(not controller.session.is_read_only)
        self._answers = with_action(Button(say("Go to the answers")), "training_go", self.go)
        self.gaps = FullHeightList("training_gaps", say("Low answers on this topic"))
        self.gaps.opened.connect(lambda address: self.wanted.emit(Address.parse(address)))
        self.links = FullHeightList("training_actions", say("Training and assistance planned"))
        self.links.opened.connect(self.opened)
        contents = (
            (say("Suggested steps"), self._suggested),
            (say("Training and assistance planned"), self.links),
            (say("Low answers on this topic"), self.gaps),
        )
        self._blocks = tuple(
            holder_of(QVBoxLayout(), Label(label, TextRole.STRONG), content, spacing=TIGHT)
            for label, content in contents
        )
        lay_out(self.body, self._title, Flow(SMALL, make, self._answers), self._sentence, *self._blocks, 1)

    def show_need(self, need: TrainingNeed | None) -> None:
        self._need = need
        if need is None:
            return
        formatter, entries = self._formatter, self._formatter.formatter
        self._title.setText(formatter.topic(need))
        self._sentence.show_or_hide(formatter.sentence(need))
        self._suggested.setText(formatter.suggestion(need))
        planned = training_actions_for(need, formatter.actions)
        arrow = forward_arrow(entries.texts)
        self.links.show_lines(
            [ListLine(one.id, entries.title("actions", one), mark=arrow, colour="accent") for one in planned]
        )
        names = [(str(gap.address), gap.severity_class) for gap in need.gaps]
        self.gaps.show_lines([ListLine(key, entries.gap_name(key), grade=grade) for key, grade in names])
        for holder, is_there in zip(self._blocks, (self._suggested.text(), planned, need.gaps), strict=True):
            holder.setVisible(bool(is_there))
        self._answers.setEnabled(self._place() is not None)

    def _place(self) -> Address | None:
        """Find where the answers about the topic stand: in the supplement, else in the record of courses."""
        if self._need is None:
            return None
        found = self._formatter.found
        courses = Address(found.courses.id) if found and found.courses else None
        return self._need.address or courses

    def go(self) -> None:
        place = self._place()
        if place is not None:
            self.wanted.emit(place)

    def _plan(self) -> None:
        if self._need is not None:
            self.planned.emit(self._formatter.action(self._need, self._controller.session.new_id("actions")))
