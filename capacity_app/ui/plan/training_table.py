"""The table of training needs: one topic per row, its distance to what is wanted painted as a ladder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from PySide6.QtCore import (
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyleOptionViewItem,
)

from capacity_app.domain.assessment import Action
from capacity_app.domain.instrument import TOP_LEVEL, Column, Question
from capacity_app.domain.problems import N_
from capacity_app.domain.training import TYPES, Need, TrainingNeeds, actions_for
from capacity_app.ui.look.lines import forward
from capacity_app.ui.look.painting import at_start, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.rows import ROW_ROLE, CellPainter, Headings, Index, ReadingTable, RowsModel
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.registers.entry_words import Vocabulary

_LEAST_LETTERS = 14


_NOTHING = "–"


@dataclass(slots=True)
class TrainingWords:
    """The words about the needs shown now, with the actions that meet them."""

    words: Vocabulary
    found: TrainingNeeds | None = None
    actions: tuple[Action, ...] = ()

    def say(self, sentence: str) -> str:
        return self.words.texts.gettext(sentence)

    def number(self, count: int) -> str:
        return self.words.texts.number(count)

    def topic(self, need: Need) -> str:
        return self.words.wording.topic(need)

    def level(self, need: Need) -> str:
        """Say the level now and the one wanted: "1 → 2"."""
        if need.is_out:
            return self.say("not applicable")
        now, wanted = ("?" if level is None else self.number(level) for level in (need.level, need.target))
        return f"{now} {forward(self.words.texts)} {wanted}"

    def _options(self, column: Column | None, chosen: tuple[str, ...]) -> str:
        if column is None or self.found is None or self.found.question is None:
            return _NOTHING
        known = [column.option_by_id[one] for one in chosen if one in column.option_by_id]
        return (
            self.words.texts.listed(self.words.wording.option(self.found.question, column, option) for option in known)
            or _NOTHING
        )

    def priority(self, need: Need) -> str:
        columns = self.found.columns if self.found else None
        return self._options(columns.priority, (need.priority,)) if columns else _NOTHING

    def help(self, need: Need) -> str:
        columns = self.found.columns if self.found else None
        return self._options(columns.help, need.help) if columns else _NOTHING

    def who(self, need: Need) -> str:
        return self.words.texts.listed(self.words.wording.agency(one) for one in need.who) or _NOTHING

    def course(self, need: Need) -> str:
        """Say whether staff were trained in the last years."""
        if need.trained is None:
            return _NOTHING
        return self.say("yes") if need.trained else self.say("no")

    def planned(self, need: Need) -> str:
        """Return how many actions are training or assistance about it."""
        count = len(actions_for(need, self.actions))
        return self.number(count) if count else self.say("none yet")

    def sentence(self, need: Need) -> str:
        """Say in a sentence what a topic needs."""
        texts = self.words.texts
        if need.is_out:
            return texts.gettext("The topic does not apply here.")
        if need.address is None:
            return ""
        if need.level is None:
            return texts.gettext("Nobody has said yet what staff can do: ask in the supplement.")
        anchor = self.words.wording.anchors(self._question, self._level_column)[need.level]
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
    def _level_column(self) -> Column:
        assert self.found is not None
        assert self.found.columns is not None, "a level was asked"
        return self.found.columns.level

    def suggestion(self, need: Need) -> str:
        """Return the instrument's next step for a topic, empty if it has none."""
        if need.address is None or need.level is None or need.level >= len(self._level_column.actions):
            return ""
        step = need.level
        text = self._level_column.actions[step]
        return self.words.wording.field_part(self._question, self._level_column, f"action {step + 1}", text)

    def action(self, need: Need, action_id: str) -> Action:
        """Make an action of a need: its topic and next step, the gaps that point to it, for whom."""
        suggestion, topic = self.suggestion(need), self.topic(need)
        pattern = self.say("{topic}: {step}")
        known = {code for code, _ in self.words.codes("action_type")}
        wanted = next((one for one in (*need.help, *sorted(TYPES, reverse=True)) if one in TYPES & known), "")
        who = self.words.texts.listed(self.words.title_of("agencies", one) for one in need.who)
        return Action(
            id=action_id,
            title=pattern.format(topic=topic, step=suggestion or self.say("training")),
            gaps=tuple(str(gap.address) for gap in need.gaps),
            type=wanted,
            note=self.say("For: {agencies}").format(agencies=who) if who else "",
        )


class Part(IntEnum):
    """The columns in reading order."""

    TOPIC = 0
    LEVEL = 1
    PRIORITY = 2
    HELP = 3
    WHO = 4
    COURSE = 5
    POINTS = 6
    ACTIONS = 7


_HEADINGS = {
    Part.TOPIC: N_("Topic"),
    Part.LEVEL: N_("Level"),
    Part.PRIORITY: N_("Priority"),
    Part.HELP: N_("Form of help"),
    Part.WHO: N_("Who needs it"),
    Part.COURSE: N_("Course"),
    Part.POINTS: N_("Low answers"),
    Part.ACTIONS: N_("Planned"),
}
_CELLS: Mapping[Part, Callable[[TrainingWords, Need], str]] = {
    Part.TOPIC: lambda words, need: words.topic(need),
    Part.LEVEL: lambda words, need: words.level(need),
    Part.PRIORITY: lambda words, need: words.priority(need),
    Part.HELP: lambda words, need: words.help(need),
    Part.WHO: lambda words, need: words.who(need),
    Part.COURSE: lambda words, need: words.course(need),
    Part.POINTS: lambda words, need: words.number(len(need.gaps)),
    Part.ACTIONS: lambda words, need: words.planned(need),
}
_ONLY_ASKED = frozenset({Part.LEVEL, Part.PRIORITY, Part.HELP, Part.WHO})
"""The columns only a supplement fills."""
_SHARES: Mapping[int, int] = {Part.TOPIC: 4, Part.HELP: 3, Part.WHO: 3}
"""How the columns that wrap share the room the others leave."""


class TrainingDelegate(CellPainter):
    """Wraps texts and paints the ladder of levels."""

    def _ladder(self, option: QStyleOptionViewItem) -> int:
        return round(option.fontMetrics.height() * 0.9) * TOP_LEVEL + 2 * (TOP_LEVEL - 1)

    def extra_width(self, option: QStyleOptionViewItem, column: int) -> int:
        return self._ladder(option) + SMALL if column == Part.LEVEL else 0

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        shades, need = colours(), index.data(ROW_ROLE)
        # A Latin sentence in an Arabic window keeps its own order; “0 → 3” is read as the window is.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if index.column() == Part.LEVEL:
            painter.setLayoutDirection(option.direction)
            room = self._paint_ladder(painter, option, need, room)
        painter.setPen(QColor(shades.muted if need.is_out else shades.text))
        painter.drawText(room, at_start(option.direction, is_wrapped=True, is_top=True), str(index.data()))

    def _paint_ladder(self, painter: QPainter, option: QStyleOptionViewItem, need: Need, room: QRect) -> QRect:
        """Paint three steps: reached ones full, wanted ones outlined; the numbers stand beside it."""
        shades = colours()
        side = round(option.fontMetrics.height() * 0.9)
        for step in range(TOP_LEVEL):
            box = QRect(room.x() + step * (side + 2), room.y() + 2, side, side * 3 // 4)
            spot = QRectF(QStyle.visualRect(option.direction, room, box))
            if need.level is not None and step < need.level:
                rounded(painter, spot, fill=shades.accent, corner=2)
            elif need.target is not None and step < need.target:
                rounded(painter, spot, fill=shades.warning_tint, edge=shades.warning, width=1.6, corner=2)
            else:
                rounded(painter, spot, fill=shades.line, corner=2)
        taken = self._ladder(option) + SMALL
        rest = QRect(room.x() + taken, room.y(), room.width() - taken, room.height())
        return QStyle.visualRect(option.direction, room, rest)


class TrainingTable(ReadingTable):
    """The table. ``picked`` tells that another topic is current, ``opened`` that its answers are wanted."""

    picked = Signal()
    opened = Signal()

    def __init__(self, words: TrainingWords) -> None:
        super().__init__(_SHARES, _LEAST_LETTERS)
        columns = [(words.say(_HEADINGS[part]), partial(_CELLS[part], words)) for part in Part]
        self.topics: RowsModel[Need] = RowsModel(columns, lambda need: need.topic.id)
        self.setModel(self.topics)
        self.setItemDelegate(TrainingDelegate(self))
        self.setObjectName("training")
        self.setAccessibleName(words.say(N_("Training and assistance needs")))
        self.setHorizontalHeader(Headings(self))
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        self.selectionModel().currentChanged.connect(lambda _index, _old: self.picked.emit())

    @property
    def current(self) -> Need | None:
        index = self.currentIndex()
        return self.topics.rows[index.row()] if index.isValid() else None

    def show_needs(self, needs: tuple[Need, ...], *, is_asked: bool) -> None:
        """Show needs; the columns only a supplement fills are hidden without it."""
        kept = self.current.topic.id if self.current else ""
        for part in _ONLY_ASKED:
            self.setColumnHidden(part, not is_asked)
        self.topics.show(needs)
        self.fit()
        row = next((row for row, need in enumerate(needs) if need.topic.id == kept), 0)
        if needs and self.currentIndex().row() != row:
            self.setCurrentIndex(self.topics.index(row, Part.TOPIC))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)
