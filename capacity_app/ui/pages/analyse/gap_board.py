"""The board of priorities: gaps as cards in four quadrants, to be moved to where they are easier or harder to close."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS, Feasibility
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, PRIORITY_LABELS, Priority
from capacity_app.ui.pages.analyse.gap_table import QUADRANT_LABELS, GapLine, planned_actions_text
from capacity_app.ui.session.formatters import FEASIBILITY_SHORT, EntryFormatter, capitalized
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, font_for
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.cards import Card, Label, WrappedContainer
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine

BoardPlace = tuple[bool, Feasibility]
"""A list of the board: serious or not, and how hard to close."""

_ORDER = tuple(Feasibility)
_QUADRANTS: dict[Priority, tuple[BoardPlace, ...]] = {
    Priority.QUICK_WIN: ((True, Feasibility.EASY),),
    Priority.MAJOR_PROJECT: ((True, Feasibility.EFFORT), (True, Feasibility.HARD)),
    Priority.FILL_IN: ((False, Feasibility.EASY),),
    Priority.LATER: ((False, Feasibility.EFFORT), (False, Feasibility.HARD)),
}
_LINES = 6
"""The least height of a list, in lines of text."""


class QuadrantList(LineList):
    """The gaps of one place. ``moved`` carries addresses and how far to move them.

    ``entered_key`` carries the address of a gap to go to.
    """

    moved = Signal(object, int)
    entered_key = Signal(str)

    def __init__(self, name: str, label: str, empty: str) -> None:
        super().__init__(name, label)
        self._empty = empty
        self.setSelectionMode(LineList.SelectionMode.ExtendedSelection)
        self.setMinimumHeight(_LINES * self.fontMetrics().height())

    def chosen(self) -> tuple[str, ...]:
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.lines.rows[row].key for row in rows)

    def choose(self, key: str) -> None:
        """Choose one gap alone, whatever keys are held down meanwhile."""
        row = self.lines.row_of(key)
        if row >= 0:
            self.selectionModel().setCurrentIndex(
                self.lines.index(row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def add_to_selection(self, keys: Iterable[str]) -> None:
        """Choose more gaps beside the current one."""
        for row in (self.lines.row_of(key) for key in keys):
            if row >= 0:
                self.selectionModel().select(self.lines.index(row, 0), QItemSelectionModel.SelectionFlag.Select)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in steps:
            side = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
            self.moved.emit(self.chosen(), steps[Qt.Key(event.key())] * side)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_key.emit(self.current_key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.lines.rows:
            return
        painter = QPainter(self.viewport())
        painter.setFont(font_for(TextRole.CAPTION))
        painter.setPen(QColor(colours().muted))
        room = self.viewport().rect().adjusted(MEDIUM, SMALL, -MEDIUM, -SMALL)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty)
        painter.end()


class QuadrantCard(Card):
    """One quadrant: its name, its count, and a list for each feasibility in it."""

    def __init__(self, formatter: EntryFormatter, priority: Priority) -> None:
        super().__init__(margin=SMALL)
        self._formatter = formatter
        say = formatter.texts.gettext
        self.setObjectName(f"quadrant_{priority.value}")
        self.count = with_name(Label(role=TextRole.HEADING, wraps=False), "quadrant_count")
        top = WrappedContainer()
        title = lay_out(QVBoxLayout(), Label(capitalized(say(PRIORITY_LABELS[priority])), TextRole.STRONG), spacing=0)
        title.addWidget(Label(say(QUADRANT_LABELS[priority]), TextRole.CAPTION, is_muted=True))
        lay_out(QHBoxLayout(top), self.count, (title, 1), margins=(MEDIUM, SMALL, MEDIUM, 0), spacing=MEDIUM)
        self.body.addWidget(top)
        self._lists = QGridLayout()
        self._lists.setHorizontalSpacing(SMALL)
        self._lists.setVerticalSpacing(2)
        self._lists.setRowStretch(1, 1)
        self.body.addLayout(self._lists, 1)
        self.lists = {place: self._list(priority, place) for place in _QUADRANTS[priority]}

    def _list(self, priority: Priority, place: BoardPlace) -> QuadrantList:
        say = self._formatter.texts.gettext
        feasibility = say(FEASIBILITY_DESCRIPTIONS[place[1]])
        made = QuadrantList(
            f"board_{'serious' if place[0] else 'other'}_{place[1].value}",
            f"{capitalized(say(PRIORITY_LABELS[priority]))}, {feasibility}",
            say("No gap stands here."),
        )
        heading = Label(capitalized(say(FEASIBILITY_SHORT[place[1]])), TextRole.CAPTION, wraps=False)
        heading.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        column = self._lists.columnCount() if self._lists.count() else 0
        self._lists.addWidget(heading, 0, column)
        self._lists.addWidget(made, 1, column)
        self._lists.setColumnStretch(column, 1)
        return made


class GapBoard(WrappedContainer):
    """All quadrants. ``picked`` carries the address of the current gap as text, ``opened`` that of one to go to.

    ``rated`` carries addresses as text and the feasibility they are to have.
    """

    picked = Signal(str)
    opened = Signal(str)
    rated = Signal(object, object)

    def __init__(self, formatter: EntryFormatter, *, is_editable: bool) -> None:
        super().__init__()
        self._formatter, self._is_editable = formatter, is_editable
        self.setObjectName("gap_board")
        self.quadrants = {priority: QuadrantCard(formatter, priority) for priority in Priority}
        self.lists = {place: made for quadrant in self.quadrants.values() for place, made in quadrant.lists.items()}
        self._current: QuadrantList = next(iter(self.lists.values()))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(MEDIUM)
        for number, quadrant in enumerate(self.quadrants.values()):
            line, side = divmod(number, 2)
            grid.addWidget(quadrant, line, side, 1, 1 + side)
            grid.setRowStretch(line, 1)
        for column in range(len(_ORDER)):
            grid.setColumnStretch(column, 1)
        say = formatter.texts.gettext
        hint = "\n".join(
            (
                " · ".join(capitalized(say(FEASIBILITY_DESCRIPTIONS[one])) for one in _ORDER),
                say("Press Ctrl and an arrow key to move a gap to either side."),
            )
        )
        grid.addWidget(Label(hint, TextRole.CAPTION, is_muted=True), 2, 0, 1, len(_ORDER))
        for place, made in self.lists.items():
            self._follow(place, made)

    def _follow(self, place: BoardPlace, made: QuadrantList) -> None:
        made.picked.connect(lambda key: self._pick(made, key))
        made.doubleClicked.connect(lambda index: self.opened.emit(made.lines.rows[index.row()].key))
        made.entered_key.connect(self.opened)
        made.selectionModel().selectionChanged.connect(lambda _now, _before: self._keep_one(made))
        made.moved.connect(lambda addresses, step: self._step(addresses, place[1], step))

    def _keep_one(self, made: QuadrantList) -> None:
        if not made.selectionModel().hasSelection():
            return
        self._current = made
        for other in self.lists.values():
            if other is not made:
                other.clearSelection()
        self.picked.emit(made.current_key)

    def _pick(self, made: QuadrantList, key: str) -> None:
        self._current = made
        self.picked.emit(key)

    @property
    def current(self) -> str:
        """The address of the current gap as text, empty if there is none."""
        return self._current.current_key

    def chosen(self) -> tuple[str, ...]:
        return self._current.chosen()

    def _step(self, addresses: tuple[str, ...], feasibility: Feasibility, step: int) -> None:
        place = _ORDER.index(feasibility) + step
        if 0 <= place < len(_ORDER):
            self._rate(addresses, _ORDER[place])

    def _rate(self, addresses: tuple[str, ...], feasibility: Feasibility) -> None:
        if addresses and self._is_editable:
            self.rated.emit(addresses, feasibility)

    def show_lines(self, lines: Sequence[GapLine]) -> None:
        kept, had_focus = self.chosen(), any(made.hasFocus() for made in self.lists.values())
        for place, made in self.lists.items():
            here = [line for line in lines if (line.gap.is_serious, line.gap.feasibility) == place]
            made.show_lines([self._line(line) for line in here])
        for priority, quadrant in self.quadrants.items():
            count = sum(1 for line in lines if line.gap.priority is priority)
            quadrant.count.setText(self._formatter.texts.number(count))
            name = capitalized(self._formatter.texts.gettext(PRIORITY_LABELS[priority]))
            quadrant.setAccessibleName(f"{name}: {self._formatter.texts.number(count)}")
        if kept and self.choose(kept[0]):
            self._current.add_to_selection(kept[1:])
            if had_focus:
                self._current.setFocus()

    def _line(self, line: GapLine) -> ListLine:
        say, gap = self._formatter.texts.gettext, line.gap
        parts = [say(GAP_SEVERITY_LABELS[gap.severity_class])]
        parts += [say("prerequisite")] if gap.is_prerequisite else []
        parts.append(planned_actions_text(self._formatter.texts, line) if line.actions else say("no action yet"))
        return ListLine(
            line.address, self._formatter.gap_name(str(gap.address)), " · ".join(parts), grade=gap.severity_class
        )

    def list_of(self, address: str) -> QuadrantList:
        """Return the list in which a gap stands; the current one where it stands in none."""
        return next((made for made in self.lists.values() if made.lines.row_of(address) >= 0), self._current)

    def choose(self, address: str) -> bool:
        """Make a gap current; False if it is not shown."""
        for made in self.lists.values():
            if made.lines.row_of(address) >= 0:
                self._current = made
                made.choose(address)
                return True
        return False
