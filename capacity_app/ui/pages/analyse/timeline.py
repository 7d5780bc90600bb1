"""The timeline: actions as bars under a fixed axis, with arrows from what must be done first.

A table of one column, so that keys, scrolling and screen readers work as in any table: a row is an action, and what
is said of it is the text of its only cell.
"""

from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from capacity_app.domain.assessment.registers import ActionProgress
from capacity_app.domain.planning.action_plan import (
    DateSpan,
)
from capacity_app.ui.pages.analyse.plan_model import (
    PlanState,
    TimeAxis,
    TimelineBar,
    TimelineModel,
    axis_months,
    timeline_bars,
)
from capacity_app.ui.pages.analyse.timeline_painting import (
    YEAR,
    ActionTitlesHeader,
    TimeAxisHeader,
    arrow_head,
    paint_bar,
    today_pen,
)
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TIGHT, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import has_state, leading_alignment, paint_focus
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.layouts import with_name
from capacity_app.ui.widgets.lists_and_tables import ROW_ROLE, Index, set_up_table

_LABEL_LETTERS = 22
"""Room kept behind the last bar for its words, in letters."""
_LEAST_BAR = 6.0


_STEP_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TimelineBarDelegate(QStyledItemDelegate):
    """Paints a row: its ground, the lines of the axis, the bar and the words beside it."""

    def __init__(self, view: "TimelineView") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bar: TimelineBar = index.data(ROW_ROLE)
        shades, area = colours(), option.rect
        painter.save()
        is_chosen = has_state(option, QStyle.StateFlag.State_Selected)
        ground = shades.raised if bar.planned is None else shades.accent_tint if is_chosen else ""
        if ground:
            painter.fillRect(area, QColor(ground))
        self._paint_grid(painter, area)
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if bar.planned is not None:
            self._paint_bar(painter, area, bar)
        painter.restore()
        if bar.planned is not None and has_state(option, QStyle.StateFlag.State_HasFocus) and self._view.hasFocus():
            paint_focus(painter, area & self._view.viewport().rect())

    def _paint_grid(self, painter: QPainter, area: QRect) -> None:
        upper, lower = self._view.axis_header.periods()
        painter.setPen(QColor(colours().line))
        for tick in self._view.axis.ticks(lower or upper):
            x = round(self._view.spot_of(tick.start))
            painter.drawLine(x, area.top(), x, area.bottom())
        if self._view.axis.has(self._view.today):
            x = round(self._view.spot_of(self._view.axis.start_of(self._view.today)))
            painter.setPen(today_pen())
            painter.drawLine(x, area.top(), x, area.bottom())

    def _paint_bar(self, painter: QPainter, area: QRect, bar: TimelineBar) -> None:
        view, shades = self._view, colours()
        direction = view.layoutDirection()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setFont(font_for(TextRole.CAPTION))
        box = view.box_of(area, bar)
        if box is None:
            painter.setPen(QColor(shades.muted))
            said = QRect(area.x() + SMALL, area.y(), view.viewport().width() - 2 * SMALL, area.height())
            painter.drawText(QStyle.visualRect(direction, area, said), leading_alignment(direction), bar.label)
            return
        paint_bar(painter, box, bar.planned.action.progress if bar.planned else ActionProgress.PLANNED)
        width = painter.fontMetrics().horizontalAdvance(bar.label) + SMALL
        x = box.left() - width - TIGHT if direction == Qt.LayoutDirection.RightToLeft else box.right() + TIGHT + 2
        painter.setPen(QColor(shades.text))
        painter.drawText(QRectF(x, area.y(), width, area.height()), leading_alignment(direction), bar.label)


class TimelineView(QTableView):
    """The timeline. ``opened`` carries the id of an action to open, ``picked`` that of the current one."""

    opened = Signal(str)
    picked = Signal(str)

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__()
        self._formatter = formatter
        self.today = date.min
        self._months = (0, 11)
        self.axis = TimeAxis(0, 11, 10.0)
        self.rows = TimelineModel()
        self.setModel(self.rows)
        with_name(self, "timeline", formatter.texts.gettext("Timeline of the actions"))
        self.axis_header = TimeAxisHeader(formatter.texts, lambda: self.axis, self)
        self.setHorizontalHeader(self.axis_header)
        self.action_header = ActionTitlesHeader(self.rows, self)
        self.setVerticalHeader(self.action_header)
        self.setItemDelegate(TimelineBarDelegate(self))
        set_up_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAutoScroll(False)
        self.doubleClicked.connect(lambda _index: self._open())
        self.selectionModel().currentChanged.connect(lambda index, _old: self._pick(index))

    def _label_room(self) -> int:
        return _LABEL_LETTERS * QFontMetrics(font_for(TextRole.CAPTION)).averageCharWidth()

    def spot_of(self, along: float) -> float:
        """Return the place in the viewport of a place on the axis."""
        start = self.columnViewportPosition(0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return start + self.columnWidth(0) - along
        return start + along

    def box_of(self, area: QRect, bar: TimelineBar) -> QRectF | None:
        """Return where the bar of a row stands; None without dates."""
        span = bar.planned.span if bar.planned else None
        if span is None:
            return None
        first, last = self._ends(span)
        start, end = sorted((self.spot_of(first), self.spot_of(last)))
        high = self.fontMetrics().height() * 1.15
        return QRectF(start, area.center().y() - high / 2, end - start, high)

    def _ends(self, span: DateSpan) -> tuple[float, float]:
        first, last = self.axis.start_of(span.first), self.axis.end_of(span.last)
        return first, max(last, first + _LEAST_BAR)

    def show_plan(self, state: PlanState) -> None:
        kept = self.current
        self.today = state.today
        self._months = axis_months((one.span for one in state.plan if one.span is not None), state.today)
        is_other = self.rows.show(timeline_bars(self._formatter, state))
        self._fit()
        if is_other and not self.choose(kept):
            self.choose(next((bar.planned.action.id for bar in self.rows.rows if bar.planned), ""))
        self.viewport().update()

    def _fit(self) -> None:
        """Give the rows, the titles and the axis their sizes."""
        letter = self.fontMetrics().averageCharWidth()
        self.action_header.setFixedWidth(min(44 * letter, max(self.width() * 2 // 5, 14 * letter)))
        self.updateGeometries()
        first, last = self._months
        room = self.viewport().width() - self._label_room()
        self.axis = TimeAxis(first, last, max(room / (last - first + 1), self.axis_header.least_month(YEAR)))
        self.axis_header.resizeSection(0, round(self.axis.width) + self._label_room())
        for row, bar in enumerate(self.rows.rows):
            self.setRowHeight(row, self.action_header.row_height(bar))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_today(painter)
        self._paint_arrows(painter)
        seen = self.viewport().rect()
        if self.hasFocus() and not self.visualRect(self.currentIndex()).intersects(seen):
            paint_focus(painter, seen)  # no bar is current, or it is out of sight
        painter.end()

    def _paint_today(self, painter: QPainter) -> None:
        if not self.axis.has(self.today) or not self.rows.rows:
            return
        shades = colours()
        x = self.spot_of(self.axis.start_of(self.today))
        painter.setPen(today_pen())
        end = self.visualRect(self.rows.index(len(self.rows.rows) - 1, 0)).bottom()
        painter.drawLine(QPointF(x, max(end, 0)), QPointF(x, self.viewport().height()))
        painter.setFont(font_for(TextRole.CAPTION))
        word = self._formatter.texts.gettext("Today")
        metrics = QFontMetrics(painter.font())
        width = metrics.horizontalAdvance(word) + 2 * TIGHT
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        box = QRectF(x - width if is_mirrored else x, 0, width, metrics.height())
        painter.fillRect(box, QColor(shades.surface))
        painter.setPen(QColor(shades.danger))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), word)

    def _paint_arrows(self, painter: QPainter) -> None:
        """Paint an arrow from everything that must be done first; those of the current action stand out."""
        places = {bar.planned.action.id: row for row, bar in reversed(tuple(enumerate(self.rows.rows))) if bar.planned}
        current = self.current
        for row, bar in enumerate(self.rows.rows):
            for other in bar.planned.waits_for if bar.planned else ():
                if other in places:
                    is_near = current in {other, bar.planned.action.id if bar.planned else ""}
                    self._paint_arrow(painter, places[other], row, is_near=is_near)

    def _paint_arrow(self, painter: QPainter, before: int, after: int, *, is_near: bool) -> None:
        boxes = [self.box_of(self.visualRect(self.rows.index(row, 0)), self.rows.rows[row]) for row in (before, after)]
        spans = [bar.planned.span if bar.planned else None for bar in (self.rows.rows[before], self.rows.rows[after])]
        if boxes[0] is None or boxes[1] is None or spans[0] is None or spans[1] is None:
            return
        side = -1.0 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1.0
        tip = QPointF(self.spot_of(self._ends(spans[1])[0]), boxes[1].center().y())
        is_down = tip.y() > boxes[0].center().y()
        # Out of the bar just before its end, so that the words beside it stay free.
        from_x = self.spot_of(self._ends(spans[0])[1]) - side * min(SMALL, boxes[0].width() / 2)
        start = QPointF(from_x, boxes[0].bottom() if is_down else boxes[0].top())
        if (tip.x() - from_x) * side >= SMALL:
            points = [start, QPointF(from_x, tip.y()), tip]
        else:
            into = tip.x() - side * (SMALL + TIGHT)
            between = boxes[1].top() - SMALL if is_down else boxes[1].bottom() + SMALL
            points = [start, QPointF(from_x, between), QPointF(into, between), QPointF(into, tip.y()), tip]
        colour = colours().text if is_near else colours().edge
        painter.setPen(QPen(QColor(colour), 2.2 if is_near else 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)
        painter.setBrush(QColor(colour))
        painter.drawPolygon(arrow_head(tip, side, 6))

    @property
    def current(self) -> str:
        """The id of the current action, empty if there is none."""
        index = self.currentIndex()
        bar = self.rows.rows[index.row()] if index.isValid() else None
        return bar.planned.action.id if bar and bar.planned else ""

    def choose(self, action: str) -> bool:
        row = self.rows.row_of_action(action) if action else -1
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row, 0))
        return row >= 0

    def _pick(self, index: Index) -> None:
        self.action_header.viewport().update()
        if index.isValid():
            self.picked.emit(self.current)

    def _open(self) -> None:
        if self.current:
            self.opened.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        elif key in _STEP_KEYS and not modifiers:
            self._scroll(_STEP_KEYS[key])
        else:
            super().keyPressEvent(event)

    def _scroll(self, step: int) -> None:
        side = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + step * side * max(round(3 * self.axis.month_width), 20))
