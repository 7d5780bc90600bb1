"""The table of training needs: one topic per row, its distance to what is wanted painted as a ladder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from capacity_app.domain.assessment import Action
from capacity_app.domain.instrument import TOP_LEVEL, Column, Question
from capacity_app.domain.problems import N_
from capacity_app.domain.training import TYPES, Need, TrainingNeeds, actions_for
from capacity_app.ui.look.headings import Headings
from capacity_app.ui.look.lines import forward
from capacity_app.ui.look.painting import at_start, has, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, is_font_change
from capacity_app.ui.registers.entry_words import Vocabulary

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
NEED_ROLE = int(Qt.ItemDataRole.UserRole)
_WRAP = int(Qt.TextFlag.TextWordWrap)
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
        """Say how many actions are training or assistance about it."""
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
        """Give the instrument's next step for a topic, empty if it has none."""
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
_SHARES = {Part.TOPIC: 4, Part.HELP: 3, Part.WHO: 3}
"""How the columns that wrap share the room the others leave."""


class TrainingModel(QAbstractTableModel):
    """Needs as rows."""

    def __init__(self, words: TrainingWords) -> None:
        super().__init__()
        self._words = words
        self._needs: tuple[Need, ...] = ()

    @property
    def needs(self) -> tuple[Need, ...]:
        return self._needs

    def show(self, needs: tuple[Need, ...]) -> None:
        if [need.topic.id for need in needs] == [need.topic.id for need in self._needs]:
            self._needs = needs
            if needs:
                self.dataChanged.emit(self.index(0, 0), self.index(len(needs) - 1, len(Part) - 1))
            return
        self.beginResetModel()
        self._needs = needs
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._needs)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._words.say(_HEADINGS[Part(section)])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        need = self._needs[index.row()]
        if role == NEED_ROLE:
            return need
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return _CELLS[Part(index.column())](self._words, need)
        return None


class TrainingDelegate(QStyledItemDelegate):
    """Wraps texts and paints the ladder of levels."""

    def _ladder(self, option: QStyleOptionViewItem) -> int:
        return round(option.fontMetrics.height() * 0.9) * TOP_LEVEL + 2 * (TOP_LEVEL - 1)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text, line = str(index.data()), option.fontMetrics.height()
        width = option.fontMetrics.horizontalAdvance(text) + 2 * SMALL + 2
        table = option.widget
        if index.column() in _SHARES and isinstance(table, QTableView):
            room = QRect(0, 0, max(table.columnWidth(index.column()) - 2 * SMALL, 40), 100_000)
            return QSize(width, option.fontMetrics.boundingRect(room, _WRAP, text).height() + 2 * SMALL)
        if index.column() == Part.LEVEL:
            width += self._ladder(option) + SMALL
        return QSize(width, line + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shades, need = colours(), index.data(NEED_ROLE)
        if has(option, QStyle.StateFlag.State_Selected):
            painter.fillRect(option.rect, QColor(shades.accent_tint))
        painter.fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, QColor(shades.line))
        room = option.rect.adjusted(SMALL, SMALL, -SMALL, -SMALL)
        painter.save()
        # A Latin sentence in an Arabic window keeps its own order; “0 → 3” is read as the window is.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if index.column() == Part.LEVEL:
            painter.setLayoutDirection(option.direction)
            room = self._paint_ladder(painter, option, need, room)
        painter.setFont(option.font)
        painter.setPen(QColor(shades.muted if need.is_out else shades.text))
        painter.drawText(room, at_start(option.direction, is_wrapped=True, is_top=True), str(index.data()))
        painter.restore()
        if has(option, QStyle.StateFlag.State_HasFocus):
            paint_focus(painter, option.rect.adjusted(1, 1, -1, -2))

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


class TrainingTable(QTableView):
    """The table. ``picked`` tells that another topic is current, ``opened`` that its answers are wanted."""

    picked = Signal()
    opened = Signal()

    def __init__(self, words: TrainingWords) -> None:
        super().__init__()
        self.topics = TrainingModel(words)
        self.setModel(self.topics)
        self.setItemDelegate(TrainingDelegate(self))
        self.setObjectName("training")
        self.setAccessibleName(words.say(N_("Training and assistance needs")))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalHeader(Headings(self))
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        self.selectionModel().currentChanged.connect(lambda _index, _old: self.picked.emit())

    @property
    def current(self) -> Need | None:
        index = self.currentIndex()
        return self.topics.needs[index.row()] if index.isValid() else None

    def show_needs(self, needs: tuple[Need, ...], *, is_asked: bool) -> None:
        """Show needs; the columns only a supplement fills are hidden without it."""
        kept = self.current.topic.id if self.current else ""
        for part in _ONLY_ASKED:
            self.setColumnHidden(part, not is_asked)
        self.topics.show(needs)
        self._fit()
        row = next((row for row, need in enumerate(needs) if need.topic.id == kept), 0)
        if needs and self.currentIndex().row() != row:
            self.setCurrentIndex(self.topics.index(row, Part.TOPIC))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        """Give every column the room it needs, and the three that wrap what is left."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        shown = [part for part in Part if not self.isColumnHidden(part)]
        for part in shown:
            if part not in _SHARES:
                header.resizeSection(part, max(self.sizeHintForColumn(part), header.sectionSizeHint(part)) + SMALL)
        taken = sum(header.sectionSize(part) for part in shown if part not in _SHARES)
        wrapped = [part for part in shown if part in _SHARES]
        least = _LEAST_LETTERS * self.fontMetrics().averageCharWidth() * len(wrapped)
        left = max(self.viewport().width() - taken, least)
        parts = sum(_SHARES[part] for part in wrapped)
        for part in wrapped:
            header.resizeSection(part, left * _SHARES[part] // parts)
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._fit()
