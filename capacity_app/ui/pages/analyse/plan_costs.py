"""The costs of the action plan: totals by currency, each divided by year, by source of funds and by funding status."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget

from capacity_app.domain.planning.costs import plan_costs
from capacity_app.outputs.content.plan_costs import (
    COST_HEADINGS,
    CostRow,
    cost_coverage,
    cost_method,
    cost_rows,
    cost_total,
)
from capacity_app.ui.pages.analyse.plan_model import PlanState
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole
from capacity_app.ui.theme.painting import leading_alignment
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.lists_and_tables import (
    ROW_ROLE,
    Index,
    ReadingTable,
    RowsModel,
    TableCellPainter,
)

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
