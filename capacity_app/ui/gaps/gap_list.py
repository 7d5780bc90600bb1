"""The gaps, or the places to verify: filters, the table or the board, and what stands behind the chosen line."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Action, Rating
from capacity_app.domain.gaps import PRIORITY_WORDS, Gap, Priority
from capacity_app.domain.instrument import Feasibility
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.gaps.gap_board import GapBoard
from capacity_app.ui.gaps.gap_detail import GapDetail
from capacity_app.ui.gaps.gap_filter import GapFilter
from capacity_app.ui.gaps.gap_lines import QUADRANT_WORDS, GapLine, gap_lines
from capacity_app.ui.gaps.gap_table import GapTable
from capacity_app.ui.look.cards import Card, Tiles, Words
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_words import Vocabulary, capital

_WIDE = 150
"""Letters of width from which the chosen gap stands beside the list, not below it."""
_TABLE, _BOARD = range(2)
_LISTED, _EMPTY = range(2)


class GapList(QWidget):
    """One list of gaps with everything around it. ``wanted`` carries an address, ``action_wanted`` a tuple of gaps.

    ``entry_wanted`` carries the id of an action. The places to verify (``is_open``) have no board.
    """

    wanted = Signal(object)
    action_wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, bridge: Bridge, words: Vocabulary, name: str, *, is_open: bool) -> None:
        super().__init__()
        self._bridge, self._words, self._is_open = bridge, words, is_open
        self._lines: tuple[GapLine, ...] = ()
        self._shown: tuple[GapLine, ...] = ()
        say = words.texts.gettext
        label = say("Places to verify") if is_open else say("Gaps")
        is_editable = not bridge.session.is_read_only
        self.filter = GapFilter(words, name)
        self.table = GapTable(words, name, label, is_editable=is_editable)
        self.board = GapBoard(words, is_editable=is_editable)
        self.detail = GapDetail(bridge, words, name)
        self.quadrants = {
            priority: Figure(f"{name}_{priority.value}", capital(say(PRIORITY_WORDS[priority])), is_small=True)
            for priority in Priority
        }
        self._views = QStackedWidget()
        self._stack = QStackedWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._build(name)
        self._connect()

    def _connect(self) -> None:
        self.filter.changed.connect(self._show)
        for figure in self.quadrants.values():
            figure.clicked.connect(lambda _checked, which=figure: self._choose_quadrant(which))
        self.table.wanted.connect(self.wanted)
        self.table.picked.connect(self._pick)
        self.table.selectionModel().selectionChanged.connect(lambda _now, _before: self._count_chosen())
        self.table.gaps.rated.connect(lambda address, feasibility: self._rate((address,), feasibility))
        self.board.picked.connect(self._pick)
        self.board.opened.connect(lambda address: self.wanted.emit(Address.parse(address)))
        self.board.rated.connect(self._rate)
        self.detail.wanted.connect(self.wanted)
        self.detail.entry_wanted.connect(self.entry_wanted)
        self.detail.rated.connect(lambda address, feasibility: self._rate((address,), feasibility))
        self.detail.action_wanted.connect(lambda gap: self.action_wanted.emit(self.chosen() or (gap,)))

    # -- laying out -----------------------------------------------------------------------------------------------

    def _build(self, name: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(self.filter)
        self._views.addWidget(self._table_view())
        self._views.addWidget(self.board)
        area = QScrollArea()
        area.setObjectName(f"{name}_detail")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.detail)
        self._split.setChildrenCollapsible(False)
        # Mirrored, Qt cuts the last pixel off.
        self._split.setContentsMargins(1, 0, 1, 0)
        self._split.addWidget(self._views)
        self._split.addWidget(area)
        self._split.setStretchFactor(0, 5)
        self._split.setStretchFactor(1, 2)
        self._stack.addWidget(self._split)
        self._stack.addWidget(self._empty())
        column.addWidget(self._stack, 1)

    def _table_view(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        if not self._is_open:
            card = Card(margin=SMALL)
            card.body.addWidget(Tiles(tuple(self.quadrants.values()), letters=19))
            column.addWidget(card)
        sheet = Card(margin=SMALL)
        sheet.body.addWidget(self.table)
        column.addWidget(sheet, 1)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE * self.fontMetrics().averageCharWidth()
        turned = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._split.orientation() != turned or not sum(self._split.sizes()):
            self._split.setOrientation(turned)
            self._split.setSizes([self.width() * 2 // 3, self.width() // 3] if is_wide else [3000, 2000])

    def _empty(self) -> QWidget:
        say = self._words.texts.gettext
        sentence = (
            say("Nothing is left to verify: every scored question has been answered.")
            if self._is_open
            else say(
                "No gap yet. A gap appears as soon as an answer stays below its target; the most severe comes first."
            )
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(LARGE)
        column.addStretch(1)
        column.addWidget(Words(sentence, Role.QUESTION, is_muted=True, side="center"))
        column.addStretch(2)
        return page

    # -- showing --------------------------------------------------------------------------------------------------

    def show_board(self, *, is_board: bool) -> None:
        """Show the gaps as a board, or as a table; the chosen one stays chosen."""
        kept = self.chosen()
        self._views.setCurrentIndex(_BOARD if is_board else _TABLE)
        self._show()
        if kept:
            self._choose_shown(str(kept[0].address))

    @property
    def is_board(self) -> bool:
        return self._views.currentIndex() == _BOARD

    def show_gaps(self, gaps: Iterable[Gap], actions: Iterable[Action]) -> None:
        self._lines = gap_lines(gaps, actions, self._words)
        self._stack.setCurrentIndex(_LISTED if self._lines else _EMPTY)
        self.filter.setVisible(bool(self._lines))
        for priority, figure in self.quadrants.items():
            count = sum(1 for line in self._lines if line.gap.priority is priority)
            figure.show_figure(self._words.texts.number(count), self._words.texts.gettext(QUADRANT_WORDS[priority]))
        self._show()

    def _choose_quadrant(self, chosen: Figure) -> None:
        for figure in self.quadrants.values():
            figure.setChecked(figure is chosen and chosen.isChecked())
        self._show()

    def _takes(self, line: GapLine) -> bool:
        chosen = {priority for priority, figure in self.quadrants.items() if figure.isChecked()}
        is_quadrant = self.is_board or not chosen or line.gap.priority in chosen
        return is_quadrant and self.filter.takes(line)

    def _show(self) -> None:
        kept = self.chosen()
        self._shown = tuple(line for line in self._lines if self._takes(line))
        self.filter.tell(len(self._shown), len(self._lines))
        if self.is_board:
            self.board.show_lines(self._shown)
        else:
            self.table.gaps.show(self._shown)
        if not self._choose_shown(str(kept[0].address) if kept else "") and self._shown:
            self._choose_shown(self._shown[0].address)
        chosen = self.chosen()
        self._pick(str(chosen[0].address) if chosen else "")

    def _choose_shown(self, address: str) -> bool:
        if self.is_board:
            return address in self.board.chosen() or self.board.choose(address)
        is_chosen = any(str(gap.address) == address for gap in self.table.chosen())
        return is_chosen or self.table.choose(address)

    def chosen(self) -> tuple[Gap, ...]:
        if not self.is_board:
            return self.table.chosen()
        by_address = {line.address: line.gap for line in self._lines}
        return tuple(by_address[address] for address in self.board.chosen() if address in by_address)

    def _pick(self, address: str) -> None:
        self.detail.show_line(next((line for line in self._shown if line.address == address), None))
        self._count_chosen()

    def _count_chosen(self) -> None:
        self.detail.show_count(len(self.chosen()))

    def _rate(self, addresses: tuple[str, ...], feasibility: Feasibility) -> None:
        """Give gaps another feasibility, all in one step."""
        with self._bridge.one_step():
            for address in addresses:
                found = self._bridge.session.entry("ratings", address)
                note = found.note if isinstance(found, Rating) else ""
                self._bridge.put(Rating(id=address, feasibility=feasibility, note=note))

    def choose(self, address: str) -> None:
        """Bring a gap into view, whatever the filters say."""
        if not self._choose_shown(address):
            self.filter.clear()
            for figure in self.quadrants.values():
                figure.setChecked(False)
            self._show()
            self._choose_shown(address)
        (self.board.list_of(address) if self.is_board else self.table).setFocus()
