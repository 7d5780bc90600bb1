"""Gaps and plan: a list of gaps, actions, costs or training needs, and beside it the detail of what is chosen."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from enum import IntEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStyleOptionViewItem, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.planning.costs import plan_costs
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Feasibility
from capacity_app.domain.scoring.gaps import Gap
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.plan_costs import (
    COST_HEADINGS,
    CostRow,
    cost_coverage,
    cost_method,
    cost_rows,
    cost_total,
)
from capacity_app.ui.pages.analyse.gap_board import GapBoard
from capacity_app.ui.pages.analyse.gap_table import GapFilter, GapLine, GapTable, gap_lines
from capacity_app.ui.pages.analyse.plan_detail import PlanDetail
from capacity_app.ui.pages.analyse.plan_model import (
    PlanState,
    action_lines,
    plan_state,
)
from capacity_app.ui.pages.analyse.timeline import LegendBar, TimelineView
from capacity_app.ui.pages.analyse.training_needs import TrainingDetail, TrainingList
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import ask_folder
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.theme.painting import leading_alignment
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.banners import BannerTone, open_with_desktop
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.flow import Flow, TabRow
from capacity_app.ui.widgets.layouts import Stack, TurningSplitter, holder_of, lay_out, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import (
    ROW_ROLE,
    Index,
    LineList,
    ReadingTable,
    RowsModel,
    TableCellPainter,
)
from capacity_app.ui.widgets.messages import BannerArea

_AMOUNTS: tuple[Callable[[CostRow], Decimal], ...] = (
    lambda row: row.costs.amount,
    lambda row: row.costs.funded,
    lambda row: row.costs.gap,
)
_AMOUNT_COLUMNS = frozenset(range(1, 1 + len(_AMOUNTS)))


class _CostPainter(TableCellPainter):
    """Paints amounts at the trailing edge, and totals strong."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        row: CostRow = index.data(ROW_ROLE)
        font = painter.font()
        font.setBold(row.is_total)
        painter.setFont(font)
        painter.setPen(QColor(colours().text))
        if index.column() in _AMOUNT_COLUMNS:
            side = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop)
        else:
            side = leading_alignment(option.direction, is_wrapped=True, is_top=True)
        painter.drawText(room, side, str(index.data()))

    def extra_width(self, _option: QStyleOptionViewItem, column: int) -> int:
        return MEDIUM if column in _AMOUNT_COLUMNS else 0


class CostsView(QWidget):
    """Every total in a sentence, the table that divides it, and how costs are counted."""

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__()
        self._formatter = formatter
        texts = formatter.texts
        self._totals = with_name(Label(role=TextRole.STRONG, is_selectable=True), "cost_totals")
        self._coverage = with_name(Label(is_muted=True), "cost_coverage")
        first, *amounts = map(texts.gettext, COST_HEADINGS)
        columns = [(first, lambda row: row.label)] + [
            (heading, partial(self._money, amount)) for heading, amount in zip(amounts, _AMOUNTS, strict=True)
        ]
        self.rows: RowsModel[CostRow] = RowsModel(columns, lambda row: (row.currency, row.label))
        self.table = ReadingTable(self.rows, _CostPainter, {0: 1}, numbers=_AMOUNT_COLUMNS)
        with_name(self.table, "cost_table", first)
        method = Label(cost_method(formatter.wording), TextRole.CAPTION, is_muted=True)
        self._table_card = Card(self.table, margin=SMALL)
        column = lay_out(QVBoxLayout(self), self._totals, self._coverage, margins=0, spacing=MEDIUM)
        lay_out(column, (self._table_card, 1), method)

    def _money(self, amount: Callable[[CostRow], Decimal], row: CostRow) -> str:
        return self._formatter.texts.money(amount(row), row.currency)

    def show_plan(self, state: PlanState) -> None:
        costs, formatter = plan_costs(one.action for one in state.plan), self._formatter.wording
        self._totals.show_or_hide("\n".join(cost_total(one, formatter) for one in costs.currencies))
        self._coverage.setText(cost_coverage(costs, formatter))
        self.rows.show(tuple(cost_rows(costs, formatter)))
        self._table_card.setVisible(bool(costs.currencies))


class PlanView(IntEnum):
    """What the list shows, in the order of the tabs."""

    GAPS = 0
    BOARD = 1
    TO_VERIFY = 2
    ACTIONS = 3
    TIMELINE = 4
    COSTS = 5
    TRAINING = 6


_GAP_VIEWS = frozenset({PlanView.GAPS, PlanView.BOARD, PlanView.TO_VERIFY})
_ACTION_VIEWS = frozenset({PlanView.ACTIONS, PlanView.TIMELINE})
_LETTERS, _SHARE, _LINES = 100, 0.62, 12
"""Letters of width from which list and detail stand side by side, the list's share of it, least lines of both."""


_WRITTEN = "follow-up"


class PlanTools(Flow):
    """What stands above the actions: a new one, follow-up workbooks, and what belongs to the timeline alone."""

    def __init__(self, texts: Translator, *, is_editable: bool) -> None:
        super().__init__(MEDIUM)
        say = texts.gettext
        self.add = with_name(Button(say("Add an action"), "new"), "add_action")
        self.add.setEnabled(is_editable)
        self.away = self._caption(say("Today lies outside the plan."))
        legend = (
            holder_of(QHBoxLayout(), LegendBar(progress), self._caption(say(label)), spacing=SMALL)
            for progress, label in ACTION_PROGRESS_LABELS.items()
        )
        self._timeline = tuple(legend)
        self.follow_up = with_name(Button(say("Write follow-up workbooks…"), "report"), "write_follow_ups")
        for widget in (self.add, self.follow_up, *self._timeline, self.away):
            self.place(widget)

    def _caption(self, text: str) -> Label:
        label = Label(text, TextRole.CAPTION, is_muted=True, wraps=False)
        label.setContentsMargins(0, 5, 0, 5)
        return label

    def show_tools(self, *, is_timeline: bool, has_today: bool) -> None:
        for widget in self._timeline:
            widget.setVisible(is_timeline)
        self.away.setVisible(is_timeline and not has_today)


class GapsAndPlanPage(QWidget):
    """Seven views of the same gaps and actions; refreshed when shown, and after a change while shown.

    ``navigate`` carries the address of a question.
    """

    navigate = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self._formatter = formatter = EntryFormatter(texts, controller.session)
        self._view = PlanView.GAPS
        self._lines: tuple[GapLine, ...] = ()
        is_editable = not controller.session.is_read_only
        self.setObjectName("gaps_page")
        self.banners = BannerArea(texts)
        self.tabs = with_name(TabRow("plan_view"), "plan_views", texts.gettext("Views of gaps and plan"))
        for label in self._labels():
            self.tabs.addTab(label)
        self.filter = GapFilter(formatter)
        self.tools = PlanTools(texts, is_editable=is_editable)
        self.table = GapTable(formatter)
        self.board = GapBoard(formatter, is_editable=is_editable)
        self.action_list = LineList("list_actions", texts.gettext("Actions"))
        self.timeline = TimelineView(formatter)
        self.costs = CostsView(formatter)
        self.training = TrainingList(formatter)
        self.detail = PlanDetail(controller, formatter)
        self.training_detail = TrainingDetail(controller, self.training.formatter)
        self._stack, self._details = Stack(), Stack()
        self._lay_out()
        self._connect()
        self._fresh = RefreshOnShow(self, controller, self._show)
        controller.refused.connect(lambda _error: self._fresh.mark_stale())
        controller.flush_requested.connect(self.detail.flush)

    def _labels(self) -> tuple[str, ...]:
        say = self._texts.gettext
        return (
            say("Gaps"),
            say("Board"),
            say("To verify"),
            say("Actions"),
            say("Timeline"),
            say("Costs"),
            say("Training"),
        )

    # -- layout -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        tables = Card(self.table, margin=SMALL)
        timeline = Card((self.timeline, 1), margin=SMALL)
        board = scroll_area_of(self.board, shrinks=True)
        views = (tables, board, tables, Card(self.action_list, margin=SMALL), timeline, self.costs, self.training)
        self._pages = dict(zip(PlanView, views, strict=True))
        self._nothing = self._empty()
        for page in (*dict.fromkeys(views), self._nothing):
            self._stack.addWidget(page)
        for detail, name in ((self.detail, "plan_detail"), (self.training_detail, "training_detail")):
            self._details.addWidget(with_name(scroll_area_of(detail, takes_focus=True), name))
        split = TurningSplitter(self._stack, self._details, "plan_split", letters=_LETTERS, share=_SHARE, lines=_LINES)
        column = lay_out(QVBoxLayout(self), margins=(WIDE, SMALL, WIDE, MEDIUM), spacing=MEDIUM)
        lay_out(column, self.banners, self.tabs, self.filter, self.tools, (split, 1))

    def _empty(self) -> QWidget:
        self._why_empty = Label(role=TextRole.QUESTION, is_muted=True, side="center")
        to_gaps = Button(self._texts.gettext("Choose from the gaps"), "gaps")
        self._to_gaps = with_action(to_gaps, "go_to_gaps", lambda: self.tabs.setCurrentIndex(PlanView.GAPS))
        page = QWidget()
        column = lay_out(QVBoxLayout(page), 1, self._why_empty, margins=WIDE, spacing=MEDIUM)
        lay_out(column, (self._to_gaps, 0, Qt.AlignmentFlag.AlignHCenter), 2)
        return page

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(lambda view: self._turn_to(PlanView(view)))
        self.filter.changed.connect(lambda: self._show_gaps(self._state, ()))
        self.tools.follow_up.clicked.connect(lambda _checked: self._ask_for_folder())
        self.tools.add.clicked.connect(lambda _checked: self._plan_for(()))
        self.table.wanted.connect(self.navigate)
        self.table.picked.connect(lambda _address: self._show_gap_detail())
        self.table.selectionModel().selectionChanged.connect(lambda _now, _before: self._count_chosen())
        self.board.picked.connect(lambda _address: self._show_gap_detail())
        self.board.opened.connect(lambda address: self.navigate.emit(Address.parse(address)))
        self.board.rated.connect(self._rate)
        self.action_list.picked.connect(self._show_action_detail)
        self.timeline.picked.connect(self._show_action_detail)
        self.timeline.opened.connect(lambda _action: self.detail.action.form.focus_first())
        self.detail.gap.wanted.connect(self.navigate)
        self.detail.gap.rated.connect(lambda address, feasibility: self._rate((address,), feasibility))
        self.detail.gap.action_wanted.connect(lambda: self._plan_for(self.chosen()))
        self.detail.action.gap_wanted.connect(lambda address: self.show_gap(Address.parse(address)))
        self.training.table.picked.connect(self._show_need)
        self.training.table.entered.connect(self.training_detail.go)
        self.training_detail.wanted.connect(self.navigate)
        self.training_detail.opened.connect(self.show_action)
        self.training_detail.planned.connect(self._begin)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.action_list, self.detail.action.remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _ask_for_folder(self) -> None:
        title, start = self._texts.gettext("Folder of the follow-up workbooks"), self._controller.session.file.parent
        if (folder := ask_folder(self, title, start)) is not None:
            self.write_follow_ups(folder)

    def write_follow_ups(self, folder: Path) -> None:
        """Write a workbook for each agency with open actions, and say so."""
        from capacity_app.services.invitations import write_follow_ups  # noqa: PLC0415 - slow to import

        self._controller.request_flush()
        session = self._controller.session
        try:
            files = write_follow_ups(session.dossier(), folder, texts=Translator(session.mission.language))
        except KnownError as error:
            self.banners.tell(_WRITTEN, BannerTone.WARNING, error.text(self._texts.gettext))
            return
        told = self._texts.counted("{count} file was written.", "{count} files were written.", len(files))
        show = (self._texts.gettext("Show folder"), lambda: open_with_desktop(folder))
        self.banners.tell(_WRITTEN, BannerTone.GOOD, told, [show])

    # -- showing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._state = state = plan_state(self._controller.session)
        counts = (len(state.gaps), 0, len(state.to_verify), len(state.plan), 0, 0, state.needs.count)
        for view, (label, count) in enumerate(zip(self._labels(), counts, strict=True)):
            self.tabs.setTabText(view, f"{label}  {self._texts.number(count)}" if count else label)
        self._show_view(state)

    def _turn_to(self, view: PlanView) -> None:
        self._controller.request_flush()
        action, gaps = self.detail.action.current, self._kept()
        self._view = view
        self._fresh.refresh()
        self._show_view(self._state, gaps)
        if action and view is PlanView.ACTIONS:
            self.action_list.choose(action)
        elif action and view is PlanView.TIMELINE:
            self.timeline.choose(action)

    def _kept(self) -> tuple[str, ...]:
        return tuple(str(gap.address) for gap in self.chosen())

    def _show_view(self, state: PlanState, kept: tuple[str, ...] | None = None) -> None:
        view = self._view
        is_training, is_gaps = view is PlanView.TRAINING, view in _GAP_VIEWS
        why = self._nothing_text(state)
        self._why_empty.setText(why)
        self._to_gaps.setVisible(not is_gaps)
        self._stack.setCurrentWidget(self._nothing if why else self._pages[view])
        self._details.setCurrentIndex(int(is_training))
        self._details.setVisible(not why and view is not PlanView.COSTS)
        self.filter.setVisible(is_gaps and not why)
        self.tools.setVisible(view in _ACTION_VIEWS)
        if is_gaps:
            self._show_gaps(state, self._kept() if kept is None else kept)
        elif is_training:
            self.training.show_plan(state)
            self._show_need()
        elif view is PlanView.COSTS:
            self.costs.show_plan(state)
        else:
            self._show_plan(state)

    def _nothing_text(self, state: PlanState) -> str:
        say = self._texts.gettext
        if self._view is PlanView.TO_VERIFY:
            return "" if state.to_verify else say("Nothing to verify. Every scored question has been answered.")
        if self._view in _GAP_VIEWS:
            sentence = say("No gap yet. A gap appears when an answer is below its target.")
            return "" if state.gaps else sentence
        if self._view is PlanView.TRAINING or state.plan:
            return ""
        return say(
            "No action yet. Choose a gap and press “Plan an action”. You then say who, when and with which money."
        )

    def _show_plan(self, state: PlanState) -> None:
        is_timeline = self._view is PlanView.TIMELINE
        if is_timeline:
            self.timeline.show_plan(state)
            self._show_action_detail(self.timeline.current)
        else:
            lines = action_lines(self._formatter, state)
            self.action_list.show_lines(lines)
            if not self.action_list.current_key:
                self.action_list.choose(next((line.key for line in lines), ""))
            self._show_action_detail(self.action_list.current_key)
        self.tools.show_tools(is_timeline=is_timeline, has_today=self.timeline.axis.has(state.today))

    def _show_action_detail(self, key: str) -> None:
        self.detail.show_action(key, self._state)

    def _show_need(self) -> None:
        self.training_detail.show_need(self.training.table.current)

    # -- gaps ---------------------------------------------------------------------------------------------------------

    def _show_gaps(self, state: PlanState, kept: tuple[str, ...]) -> None:
        """Show the gaps that the filter lets through, and those that are chosen."""
        gaps = state.to_verify if self._view is PlanView.TO_VERIFY else state.gaps
        whole = gap_lines(gaps, (one.action for one in state.plan), self._formatter)
        self._lines = tuple(line for line in whole if self.filter.takes(line) or line.address in kept)
        self.filter.tell(len(self._lines), len(whole))
        if self._view is PlanView.BOARD:
            self.board.show_lines(self._lines)
        else:
            self.table.lines.show(self._lines)
        wanted = next((address for address in kept if any(line.address == address for line in self._lines)), "")
        if self._lines and not (wanted and wanted in self._kept()):
            self._choose(wanted or self._lines[0].address)
        self._show_gap_detail()

    def _choose(self, address: str) -> bool:
        return self.board.choose(address) if self._view is PlanView.BOARD else self.table.choose(address)

    def chosen(self) -> tuple[Gap, ...]:
        """Return the gaps chosen in the view shown; none where it shows no gaps."""
        if self._view is PlanView.BOARD:
            chosen = self.board.chosen()
            return tuple(line.gap for line in self._lines if line.address in chosen)
        return self.table.chosen() if self._view in _GAP_VIEWS else ()

    def _show_gap_detail(self) -> None:
        if self._view in _GAP_VIEWS:
            line = self.table.current
            current = self.board.current if self._view is PlanView.BOARD else line.address if line else ""
            self.detail.show_gap(next((line for line in self._lines if line.address == current), None), self._state)
            self._count_chosen()

    def _count_chosen(self) -> None:
        self.detail.gap.show_count(len(self.chosen()))

    def _rate(self, addresses: tuple[str, ...], feasibility: Feasibility) -> None:
        """Give gaps another feasibility, all in one step."""
        with self._controller.one_step():
            for address in addresses:
                found = self._controller.session.entry("ratings", address)
                rating = found if isinstance(found, FeasibilityRating) else FeasibilityRating(id=address)
                self._controller.put(replace(rating, feasibility=feasibility))

    # -- going to one of them, and making one -------------------------------------------------------------------------

    def show_gap(self, address: Address) -> None:
        """Go to a gap in the list."""
        _, to_verify = self._controller.session.gaps()
        is_open = any(gap.address == address for gap in to_verify)
        self.tabs.setCurrentIndex(PlanView.TO_VERIFY if is_open else PlanView.GAPS)
        self._fresh.refresh()
        self.choose_gap(str(address))

    def choose_gap(self, address: str) -> None:
        """Choose a gap in the view shown, whatever the filter hides."""
        if not self._choose(address):
            self.filter.clear()
            self._choose(address)
        (self.board.list_of(address) if self._view is PlanView.BOARD else self.table).setFocus()

    def show_action(self, action_id: str) -> None:
        """Go to the form of an action."""
        self.tabs.setCurrentIndex(PlanView.ACTIONS)
        self._fresh.refresh()
        self.action_list.choose(action_id)
        self.detail.action.form.focus_first()
        self._bring_form()

    def _plan_for(self, gaps: tuple[Gap, ...]) -> None:
        """Add an action for some gaps, with the first suggestion as its title."""
        title = next((text for text in map(self._formatter.wording.suggestion, gaps) if text), "")
        addresses = tuple(str(gap.address) for gap in gaps)
        self._begin(Action(id=self._controller.session.new_id("actions"), title=title, gaps=addresses))

    def _bring_form(self) -> None:
        """Scroll the detail to the form, once it is laid out."""
        area = self._details.widget(0)
        assert isinstance(area, QScrollArea)
        QTimer.singleShot(0, area, lambda: area.ensureWidgetVisible(self.detail.action.form.editor("end"), 0, MEDIUM))
        QTimer.singleShot(0, area, lambda: area.ensureWidgetVisible(self.detail.action.form.editor("title"), 0, WIDE))

    def _begin(self, action: Action) -> None:
        """Store a new action and show its form: beside its gap, else among the actions."""
        self.detail.flush()
        if not self._controller.put(action):
            return
        self._fresh.refresh()
        if self._view is PlanView.TRAINING:
            self.tabs.setCurrentIndex(PlanView.ACTIONS)
        self.action_list.choose(action.id)
        self.timeline.choose(action.id)
        self.detail.begin(action.id)
        self._bring_form()
