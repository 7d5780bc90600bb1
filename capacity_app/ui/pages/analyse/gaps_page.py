"""The gaps: most serious first, as a list or a board; what is still to be verified; the chosen gap in full."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS, Feasibility, supply_column
from capacity_app.domain.scoring.gaps import PRIORITY_LABELS, Gap, Priority
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.analyse.gap_board import GapBoard
from capacity_app.ui.pages.analyse.gap_table import (
    QUADRANT_LABELS,
    GapFilter,
    GapLine,
    GapTable,
    gap_lines,
    priority_text,
    severity_arithmetic_text,
)
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import EntryFormatter, capitalized
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, WIDE, TextRole
from capacity_app.ui.widgets.banners import KeyFigure
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.cards import Card, Label, TileGrid, page_heading, scroll_area_of
from capacity_app.ui.widgets.flow import Flow, TabRow
from capacity_app.ui.widgets.layouts import holder_of, lay_out, split_of, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import LinkList, ListLine, forward_arrow
from capacity_app.ui.widgets.text_fields import DebounceTimer, TextField, set_text_silently

# What stands behind the chosen gap: where the country is, where it should be, what is suggested, what closes it.


class GapDetailCard(Card):
    """One gap in sentences, with a note why nothing is planned.

    ``action_wanted`` carries the gap, ``wanted`` its address, ``entry_wanted`` the id of an action that closes it,
    ``rated`` the gap's address as text and its new feasibility.
    """

    action_wanted = Signal(object)
    wanted = Signal(object)
    entry_wanted = Signal(str)
    rated = Signal(str, object)

    def __init__(self, controller: SessionController, formatter: EntryFormatter, name: str) -> None:
        super().__init__(margin=LARGE)
        self._controller, self._formatter = controller, formatter
        self._gap: Gap | None = None
        self._blocks: dict[str, tuple[QWidget, Label]] = {}
        self.setObjectName(f"{name}_gap")
        self._rest = DebounceTimer(self)
        self._rest.timeout.connect(self._commit)
        self._title = Label(role=TextRole.QUESTION)
        lay_out(self.body, self._title, self._buttons(), spacing=MEDIUM)
        self._build()
        self.body.addStretch(1)
        self.hide()

    def _build(self) -> None:
        say = self._formatter.texts.gettext
        for name, label in (("now", say("Now")), ("target", say("Target")), ("severity", say("Severity"))):
            self._block(name, label, Label())
        self._block("feasibility", say("How hard it is to close"), self._feasibility_combo())
        self._block("suggestion", say("What the instrument suggests"), Label())
        self.closing = LinkList("gap_actions", say("Actions that close it"))
        self.closing.opened.connect(self.entry_wanted)
        self._block("actions", say("Actions that close it"), self.closing)
        self._block("note", say("Note"), self._note_field())

    def _block(self, name: str, label: str, content: QWidget) -> None:
        """Add a heading with its content; text can be selected and copied."""
        if isinstance(content, Label):
            content.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        holder, heading = QWidget(), Label(label, TextRole.STRONG)
        lay_out(QVBoxLayout(holder), heading, content, margins=0, spacing=TIGHT)
        self.body.addWidget(holder)
        self._blocks[name] = (holder, content if isinstance(content, Label) else heading)

    def _feasibility_combo(self) -> QWidget:
        self._feasibility = ComboBox()
        self._feasibility.setObjectName("gap_feasibility")
        self._feasibility.setAccessibleName(self._formatter.texts.gettext("How hard it is to close"))
        say = self._formatter.texts.gettext
        self._feasibility.fill(tuple((one.value, say(word)) for one, word in FEASIBILITY_DESCRIPTIONS.items()))
        self._feasibility.setEnabled(not self._controller.session.is_read_only)
        self._feasibility.activated.connect(lambda _index: self._rate())
        self._why = Label(role=TextRole.CAPTION, is_muted=True)
        return holder_of(QVBoxLayout(), self._feasibility, self._why, spacing=TIGHT)

    def _note_field(self) -> QWidget:
        self.note = with_name(TextField(), "gap_note", self._formatter.texts.gettext("Note on this gap"))
        self.note.setPlaceholderText(self._formatter.texts.gettext("For example why no action is planned"))
        self.note.setReadOnly(self._controller.session.is_read_only)
        self.note.textChanged.connect(self._rest.typed)
        self.note.left.connect(self.flush)
        return self.note

    def _buttons(self) -> Flow:
        say = self._formatter.texts.gettext
        self._make = with_action(QPushButton(say("Plan an action for it")), "gap_plan", self._plan)
        self._make.setEnabled(not self._controller.session.is_read_only)
        go = with_action(QPushButton(say("Go to the question")), "gap_go", self._go)
        return Flow(SMALL, self._make, go)

    def _plan(self) -> None:
        if self._gap is not None:
            self.action_wanted.emit(self._gap)

    def _go(self) -> None:
        if self._gap is not None:
            self.wanted.emit(self._gap.address)

    def _rate(self) -> None:
        if self._gap is not None:
            self.rated.emit(str(self._gap.address), Feasibility(self._feasibility.currentData()))

    def _rating(self, gap: Gap) -> FeasibilityRating:
        found = self._controller.session.entry("ratings", str(gap.address))
        return (
            found
            if isinstance(found, FeasibilityRating)
            else FeasibilityRating(id=str(gap.address), feasibility=gap.feasibility)
        )

    def show_count(self, chosen: int) -> None:
        """Say for how many chosen gaps an action would be planned."""
        texts = self._formatter.texts
        if chosen > 1:
            sentence = texts.ngettext("Plan one action for {count} gap", "Plan one action for {count} gaps", chosen)
            self._make.setText(sentence.format(count=texts.number(chosen)))
        else:
            self._make.setText(texts.gettext("Plan an action for it"))

    def show_line(self, line: GapLine | None) -> None:
        gap = line.gap if line else None
        if gap is None or self._gap is None or gap.address != self._gap.address:
            self.flush()
        self._gap = gap
        self.setVisible(gap is not None)
        if gap is None or line is None:
            return
        self._title.setText(self._formatter.gap_name(str(gap.address)))
        self._fill("now", self._level_text(gap, gap.level))
        self._fill("target", self._level_text(gap, gap.target))
        self._fill("severity", self._severity_text(gap))
        self._fill("suggestion", "\n".join(self._suggestions(gap)))
        self._feasibility.setCurrentIndex(self._feasibility.findData(gap.feasibility.value))
        self._why.setText(priority_text(self._formatter.texts, gap))
        self.closing.show_lines(
            [
                ListLine(action, title, mark=forward_arrow(self._formatter.texts), colour="accent")
                for action, title in line.actions
            ]
        )
        self._blocks["actions"][0].setVisible(bool(line.actions))
        self.closing.updateGeometry()
        note = self._rating(gap).note
        # Stored while it is typed: a space that stands at the end goes on being there.
        if not self._rest.isActive() and note != self.note.toPlainText().strip():
            set_text_silently(self.note, note)

    def _fill(self, name: str, text: str) -> None:
        holder, words = self._blocks[name]
        words.setText(text)
        holder.setVisible(bool(text))

    def _severity_text(self, gap: Gap) -> str:
        said = severity_arithmetic_text(self._formatter.texts, gap)
        if not gap.is_open:
            return said
        at_worst = self._formatter.texts.gettext("At worst, if the answer turns out to be level 0:")
        return f"{at_worst} {said}"

    def _suggestions(self, gap: Gap) -> Iterator[str]:
        """Yield the instrument's steps from the present level up to the target."""
        texts = self._formatter.texts
        field = supply_column(gap.question) if gap.row else gap.question
        for step in range(gap.level or 0, min(gap.target, len(field.actions)) if field else 0):
            assert field is not None, "there are no steps without a field"
            text = self._formatter.wording.field_part(gap.question, field, f"action {step + 1}", field.actions[step])
            pattern = texts.gettext("To level {level}: {text}")
            yield pattern.format(level=texts.number(step + 1), text=text)

    def _level_text(self, gap: Gap, level: int | None) -> str:
        if level is None:
            return self._formatter.texts.gettext("Open: ask, then the gap shows.")
        field = supply_column(gap.question) or gap.question
        number = self._formatter.texts.number(level)
        if not field.anchors:
            return self._formatter.texts.gettext("Level {level} over all scored columns").format(level=number)
        return f"{number} · {self._formatter.wording.anchors(gap.question, field)[level]}"

    def flush(self) -> None:
        if self._rest.isActive():
            self._commit()

    def _commit(self) -> None:
        self._rest.stop()
        if self._gap is not None:
            before = self._rating(self._gap)
            after = FeasibilityRating(
                id=before.id, feasibility=before.feasibility, note=self.note.toPlainText().strip()
            )
            if after != before:
                self._controller.put(after)
        self._rest.stored()


# The gaps, or the places to verify: filters, the table or the board, and what stands behind the chosen line.


_WIDE = 150
"""Letters of width from which the chosen gap stands beside the list, not below it."""
_TABLE_VIEW, _BOARD_VIEW = range(2)
_LISTED, _EMPTY = range(2)


class GapListView(QWidget):
    """One list of gaps with everything around it. ``wanted`` carries an address, ``action_wanted`` a tuple of gaps.

    ``entry_wanted`` carries the id of an action. The places to verify (``is_open``) have no board.
    """

    wanted = Signal(object)
    action_wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, controller: SessionController, formatter: EntryFormatter, name: str, *, is_open: bool) -> None:
        super().__init__()
        self._controller, self._formatter, self._is_open = controller, formatter, is_open
        self._lines: tuple[GapLine, ...] = ()
        self._shown: tuple[GapLine, ...] = ()
        say = formatter.texts.gettext
        label = say("Places to verify") if is_open else say("Gaps")
        is_editable = not controller.session.is_read_only
        self.filter = GapFilter(formatter, name)
        self.table = GapTable(formatter, name, label, is_editable=is_editable)
        self.board = GapBoard(formatter, is_editable=is_editable)
        self.detail = GapDetailCard(controller, formatter, name)
        self.quadrants = {
            priority: KeyFigure(f"{name}_{priority.value}", capitalized(say(PRIORITY_LABELS[priority])), is_small=True)
            for priority in Priority
        }
        self._views = QStackedWidget()
        self._stack = QStackedWidget()
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

    def _build(self, name: str) -> None:
        self._views.addWidget(self._table_view())
        self._views.addWidget(self.board)
        area = with_name(scroll_area_of(self.detail, takes_focus=True), f"{name}_detail")
        self._split = split_of(self._views, area, stretch=(5, 2))
        self._stack.addWidget(self._split)
        self._stack.addWidget(self._empty())
        lay_out(QVBoxLayout(self), self.filter, (self._stack, 1), margins=0, spacing=MEDIUM)

    def _table_view(self) -> QWidget:
        page = QWidget()
        column = lay_out(QVBoxLayout(page), margins=0, spacing=MEDIUM)
        if not self._is_open:
            column.addWidget(Card(TileGrid(tuple(self.quadrants.values()), letters=19), margin=SMALL))
        column.addWidget(Card(self.table, margin=SMALL), 1)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE * self.fontMetrics().averageCharWidth()
        turned = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._split.orientation() != turned or not sum(self._split.sizes()):
            self._split.setOrientation(turned)
            self._split.setSizes([self.width() * 2 // 3, self.width() // 3] if is_wide else [3000, 2000])

    def _empty(self) -> QWidget:
        say = self._formatter.texts.gettext
        sentence = (
            say("Nothing is left to verify: every scored question has been answered.")
            if self._is_open
            else say(
                "No gap yet. A gap appears as soon as an answer stays below its target; the most severe comes first."
            )
        )
        page = QWidget()
        column = lay_out(QVBoxLayout(page), 1, margins=WIDE, spacing=LARGE)
        lay_out(column, Label(sentence, TextRole.QUESTION, is_muted=True, side="center"), 2)
        return page

    def show_board(self, *, is_board: bool) -> None:
        """Show the gaps as a board, or as a table; the chosen one stays chosen."""
        kept = self.chosen()
        self._views.setCurrentIndex(_BOARD_VIEW if is_board else _TABLE_VIEW)
        self._show()
        if kept:
            self._choose_shown(str(kept[0].address))

    @property
    def is_board(self) -> bool:
        return self._views.currentIndex() == _BOARD_VIEW

    def show_gaps(self, gaps: Iterable[Gap], actions: Iterable[Action]) -> None:
        self._lines = gap_lines(gaps, actions, self._formatter)
        self._stack.setCurrentIndex(_LISTED if self._lines else _EMPTY)
        self.filter.setVisible(bool(self._lines))
        for priority, figure in self.quadrants.items():
            count = sum(1 for line in self._lines if line.gap.priority is priority)
            figure.show_figure(
                self._formatter.texts.number(count), self._formatter.texts.gettext(QUADRANT_LABELS[priority])
            )
        self._show()

    def _choose_quadrant(self, chosen: KeyFigure) -> None:
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
        with self._controller.one_step():
            for address in addresses:
                found = self._controller.session.entry("ratings", address)
                note = found.note if isinstance(found, FeasibilityRating) else ""
                self._controller.put(FeasibilityRating(id=address, feasibility=feasibility, note=note))

    def choose(self, address: str) -> None:
        if not self._choose_shown(address):
            self.filter.clear()
            for figure in self.quadrants.values():
                figure.setChecked(False)
            self._show()
            self._choose_shown(address)
        (self.board.list_of(address) if self.is_board else self.table).setFocus()


_GAPS, _BOARD, _TO_VERIFY = range(3)


class GapsPage(QWidget):
    """Gaps and places to verify; refreshed when shown, and after a change while shown.

    ``navigate`` carries an address, ``entry_wanted`` the id of an action to go to, ``action_wanted`` the gaps (a
    tuple) for which an action is to be planned.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    action_wanted = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self.setObjectName("gaps_page")
        formatter = EntryFormatter(texts, controller.session)
        self.tabs = with_name(TabRow("gap_tab"), "gap_tabs", texts.gettext("Gaps"))
        self.gaps = GapListView(controller, formatter, "gaps", is_open=False)
        self.to_verify = GapListView(controller, formatter, "to_verify", is_open=True)
        self._stack = QStackedWidget()
        for label in (texts.gettext("Gaps"), texts.gettext("Board"), texts.gettext("To verify")):
            self.tabs.addTab(label)
        for page in (self.gaps, self.to_verify):
            self._stack.addWidget(page)
            page.entry_wanted.connect(self.entry_wanted)
            page.wanted.connect(self.navigate)
            page.action_wanted.connect(self.action_wanted)
        self.tabs.currentChanged.connect(self._turn_to)
        self._lay_out()
        self._fresh = RefreshOnShow(self, controller, self._show)
        controller.refused.connect(lambda _error: self._fresh.mark_stale())
        controller.flush_requested.connect(self._flush)

    def _lay_out(self) -> None:
        column = lay_out(QVBoxLayout(self), margins=(WIDE, LARGE, WIDE, LARGE), spacing=MEDIUM)
        subtitle = self._texts.gettext("How far each answer is from its target, and how hard it is to get there.")
        lay_out(column, page_heading(self._texts.gettext("Gaps"), subtitle), self.tabs, (self._stack, 1))

    def _turn_to(self, tab: int) -> None:
        self._stack.setCurrentWidget(self.to_verify if tab == _TO_VERIFY else self.gaps)
        if tab != _TO_VERIFY:
            self.gaps.show_board(is_board=tab == _BOARD)

    def _show(self) -> None:
        gaps, to_verify = self._controller.session.gaps()
        actions = tuple(a for a in self._controller.session.entries("actions") if isinstance(a, Action))
        self.gaps.show_gaps(gaps, actions)
        self.to_verify.show_gaps(to_verify, actions)
        say, number = self._texts.gettext, self._texts.number
        self.tabs.setTabText(_GAPS, f"{say('Gaps')}  {number(len(gaps))}")
        self.tabs.setTabText(_TO_VERIFY, f"{say('To verify')}  {number(len(to_verify))}")

    def _flush(self) -> None:
        self.gaps.detail.flush()
        self.to_verify.detail.flush()

    def show_gap(self, address: Address) -> None:
        _, to_verify = self._controller.session.gaps()
        is_open = any(gap.address == address for gap in to_verify)
        self.tabs.setCurrentIndex(_TO_VERIFY if is_open else _GAPS)
        self._fresh.refresh()
        (self.to_verify if is_open else self.gaps).choose(str(address))
