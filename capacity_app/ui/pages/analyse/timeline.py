"""The timeline: actions as bars under a fixed axis, with arrows from what must be done first.

A table of one column, so that keys, scrolling and screen readers work as in any table: a row is an action, and what
is said of it is the text of its only cell.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QLineF, QLocale, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from capacity_app.domain.assessment.registers import ActionProgress
from capacity_app.domain.planning.action_plan import (
    DateSpan,
)
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.analyse.plan_model import (
    AxisTick,
    PlanState,
    TimeAxis,
    TimelineBar,
    TimelineModel,
    axis_months,
    timeline_bars,
)
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import (
    break_lines,
    has_state,
    leading_alignment,
    paint_area,
    paint_focus,
    paint_rounded,
    paint_severity,
    paint_tick,
)
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.layouts import with_name
from capacity_app.ui.widgets.lists_and_tables import ROW_ROLE, Index, fill_below_rows, set_up_table

BAR_CORNER = 4.0
_STRIPE = 7.0


def paint_bar(painter: QPainter, box: QRectF, progress: ActionProgress) -> None:
    """Paint a bar: empty while planned, striped once started, full with a tick when done, dashed when dropped."""
    shades = colours()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if progress is ActionProgress.DROPPED:
        painter.setPen(QPen(QColor(shades.muted), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), BAR_CORNER, BAR_CORNER)
    elif progress is ActionProgress.DONE:
        paint_rounded(painter, box, fill=shades.accent, corner=BAR_CORNER)
        if box.width() >= box.height():
            side = box.height()
            paint_tick(painter, QRectF(box.center().x() - side / 2, box.y(), side, side), shades.on_accent)
    else:
        paint_rounded(painter, box, fill=shades.accent_tint, edge=shades.accent, width=1.6, corner=BAR_CORNER)
        if progress is ActionProgress.STARTED:
            _paint_stripes(painter, box.adjusted(2, 2, -2, -2), shades.accent)
    painter.restore()


def _paint_stripes(painter: QPainter, box: QRectF, colour: str) -> None:
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(colour), 2.2))
    # From a fixed grid, so that stripes do not crawl while the view scrolls.
    steps = int((box.width() + box.height()) / _STRIPE) + 2
    start = box.x() - box.height()
    for step in range(steps):
        x = start + step * _STRIPE
        painter.drawLine(QLineF(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top())))
    painter.restore()


class LegendBar(QWidget):
    """A small bar for the legend; its word stands beside it."""

    def __init__(self, progress: ActionProgress) -> None:
        super().__init__()
        self._progress = progress
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        high = self.fontMetrics().height()
        return QSize(2 * high, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bar(painter, QRectF(self.rect()).adjusted(1, 3, -1, -3), self._progress)
        painter.end()


def today_pen() -> QPen:
    return QPen(QColor(colours().danger), 1.6, Qt.PenStyle.DashDotLine)


MONTH, QUARTER, YEAR = 1, 3, 12
_TITLE_LINES = 2


class TimeAxisHeader(QHeaderView):
    """Years, and below them quarters or months where there is room for their names."""

    def __init__(self, texts: Translator, axis: Callable[[], TimeAxis], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._texts, self._axis = texts, axis
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def month_names(self) -> tuple[str, ...]:
        """Return the short names of the twelve months."""
        locale = QLocale(self._texts.language)
        return tuple(locale.standaloneMonthName(month, QLocale.FormatType.ShortFormat) for month in range(1, 13))

    def quarter_name(self, quarter: int) -> str:
        return self._texts.gettext("Q{quarter}").format(quarter=self._texts.number(quarter))

    def least_month(self, period: int) -> float:
        """Return the least width of a month at which the names of such periods fit."""
        metrics = QFontMetrics(font_for(TextRole.CAPTION))
        names = {
            MONTH: self.month_names(),
            QUARTER: tuple(self.quarter_name(quarter) for quarter in range(1, 5)),
            YEAR: ("2088",),
        }[period]
        return (max(metrics.horizontalAdvance(name) for name in names) + 2 * TIGHT + 2) / period

    def periods(self) -> tuple[int, int]:
        """Return how many months the upper and the lower marks stand for; 0 where there are none."""
        width = self._axis().month_width
        lower = next((period for period in (MONTH, QUARTER) if width >= self.least_month(period)), 0)
        return YEAR, lower

    def sizeHint(self) -> QSize:
        return QSize(0, 2 * (QFontMetrics(font_for(TextRole.CAPTION)).height() + SMALL))

    def paintSection(self, painter: QPainter, area: QRect, _section: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        painter.save()
        paint_area(painter, area, shades.raised)
        paint_area(painter, QRect(area.x(), area.bottom(), area.width(), 1), shades.line)
        upper, lower = self.periods()
        half = area.height() // 2 if lower else area.height()
        for tick in self._axis().ticks(upper):
            self._paint_tick(painter, area, tick, (0, half), TextRole.STRONG, self._texts.in_digits(str(tick.year)))
        for tick in self._axis().ticks(lower) if lower else ():
            name = self.month_names()[tick.part - 1] if lower == MONTH else self.quarter_name(tick.part)
            self._paint_tick(painter, area, tick, (half, area.height() - half), TextRole.CAPTION, name)
        painter.restore()

    def _paint_tick(
        self, painter: QPainter, area: QRect, tick: AxisTick, line: tuple[int, int], role: TextRole, name: str
    ) -> None:
        shades = colours()
        place = QRect(area.x() + round(tick.start), area.y() + line[0], round(tick.width), line[1])
        spot = QStyle.visualRect(self.layoutDirection(), area, place)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        edge = spot.right() if is_mirrored else spot.left()
        painter.setPen(QColor(shades.line))
        painter.drawLine(edge, spot.top(), edge, spot.bottom())
        painter.setFont(font_for(role))
        painter.setPen(QColor(shades.text if role is TextRole.STRONG else shades.muted))
        room = spot.adjusted(TIGHT, 0, -TIGHT, 0)
        if painter.fontMetrics().horizontalAdvance(name) <= room.width():
            painter.drawText(room, leading_alignment(self.layoutDirection()), name)


class ActionTitlesHeader(QHeaderView):
    """The titles of the actions with their severity, and the headings of groups."""

    def __init__(self, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._timeline = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def row_height(self, bar: TimelineBar) -> int:
        """Return the height of a row: two lines of title and one of detail, or one line of heading."""
        line = QFontMetrics(font_for(TextRole.BODY)).height()
        if bar.planned is None:
            return line + 2 * SMALL
        return _TITLE_LINES * line + QFontMetrics(font_for(TextRole.CAPTION)).height() + 2 * SMALL

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        bar = self._timeline.rows[section]
        shades = colours()
        painter.save()
        current = self.selectionModel().currentIndex().row()
        ground = shades.accent_tint if section == current and bar.planned else shades.surface
        paint_area(painter, area, shades.raised if bar.planned is None else ground)
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        edge = area.left() if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else area.right()
        painter.drawLine(edge, area.top(), edge, area.bottom())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        if bar.planned is None:
            painter.setFont(font_for(TextRole.STRONG))
            painter.setPen(QColor(shades.text))
            painter.drawText(area.adjusted(MEDIUM, 0, -SMALL, 0), leading_alignment(self.layoutDirection()), bar.title)
        else:
            self._paint_action(painter, area.adjusted(MEDIUM, SMALL, -SMALL, -SMALL), bar)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        fill_below_rows(self)

    def _paint_action(self, painter: QPainter, room: QRect, bar: TimelineBar) -> None:
        shades, direction = colours(), self.layoutDirection()
        body, caption = font_for(TextRole.BODY), font_for(TextRole.CAPTION)
        line = QFontMetrics(body).height()
        grade = bar.planned.severity if bar.planned else GapSeverity.NONE
        sign = QRect(room.x(), room.y() + line // 6, line, line * 3 // 4)
        paint_severity(painter, QRectF(QStyle.visualRect(direction, room, sign)), grade)
        inner = QRect(room.x() + line + SMALL, room.y(), room.width() - line - SMALL, room.height())
        painter.setFont(body)
        painter.setPen(QColor(shades.text))
        shown = break_lines(bar.title, QFontMetrics(body), inner.width(), _TITLE_LINES, breaks_words=True)
        for number, text in enumerate(shown):
            place = QRect(inner.x(), inner.y() + number * line, inner.width(), line)
            painter.drawText(QStyle.visualRect(direction, room, place), leading_alignment(direction), text)
        painter.setFont(caption)
        painter.setPen(QColor(shades.muted))
        detail = QFontMetrics(caption).elidedText(bar.detail, Qt.TextElideMode.ElideRight, inner.width())
        below = QRect(inner.x(), inner.y() + len(shown) * line, inner.width(), QFontMetrics(caption).height())
        painter.drawText(QStyle.visualRect(direction, room, below), leading_alignment(direction), detail)


def arrow_head(tip: QPointF, towards: float, size: float) -> QPolygonF:
    """Return the head of an arrow whose tip lies at a point and that looks along the line (1 right, -1 left)."""
    back = tip.x() - towards * size
    return QPolygonF([tip, QPointF(back, tip.y() - size * 0.6), QPointF(back, tip.y() + size * 0.6)])


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
            paint_area(painter, area, ground)
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

    def _spans_and_words(self) -> list[tuple[DateSpan, int]]:
        """Return for each bar when it is, and how wide its words are, in pixels."""
        metrics, beside = QFontMetrics(font_for(TextRole.CAPTION)), SMALL + TIGHT + 2
        known = ((bar.planned.span, bar.label) for bar in self.rows.rows if bar.planned)
        return [(span, metrics.horizontalAdvance(label) + beside) for span, label in known if span is not None]

    def _widest_month(self) -> float:
        """Return how wide a month may be so that the axis fills the room and the words of every bar are seen."""
        (first, last), room = self._months, self.viewport().width()
        months = TimeAxis(first, last, 1.0)
        fitting = ((room - words) / months.end_of(span.last) for span, words in self._spans_and_words())
        return min((room / months.months, *fitting))

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
        self.axis = TimeAxis(first, last, max(self._widest_month(), self.axis_header.least_month(YEAR)))
        ends = (self._ends(span)[1] + words for span, words in self._spans_and_words())
        self.axis_header.resizeSection(0, round(max((self.axis.width, *ends, self.viewport().width()))))
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
        paint_area(painter, box, shades.surface)
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
