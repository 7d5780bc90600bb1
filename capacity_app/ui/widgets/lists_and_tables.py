"""Rows of one kind: models, tables with headings, and lists of two-line entries with a mark at the leading edge."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QListView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import Translator, break_thai
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import (
    has_state,
    leading_alignment,
    paint_area,
    paint_focus,
    paint_rounded,
    paint_severity,
)
from capacity_app.ui.theme.palette import colour_name, colours
from capacity_app.ui.widgets.layouts import with_name

if TYPE_CHECKING:
    from capacity_app.domain.scoring.gaps import GapSeverity

# Rows of one kind under headings: the model, the table, and how its cells are measured and painted.


Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")
_Node = TypeVar("_Node", bound="NodeLike")
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_PARENT = QModelIndex()


def plain_tool_tip(text: str) -> str:
    """Make a tool tip that wraps and shows text as it is."""
    from html import escape  # noqa: PLC0415 - its names of all signs take 1 ms of a start

    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if text else ""


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows as a table: ``columns`` are headings, each with what a row says under it.

    ``key`` tells rows apart: where the same ones are shown again, the choice and the place of the view stay.
    """

    def __init__(
        self, columns: Sequence[tuple[str, Callable[[R], str]]], key: Callable[[R], object] | None = None
    ) -> None:
        super().__init__()
        self.columns, self._key = tuple(columns), key
        self.rows: tuple[R, ...] = ()

    def show(self, rows: Sequence[R]) -> bool:
        """Show rows; False where they are the ones shown before."""
        key, before, fresh = self._key, self.rows, tuple(rows)
        if key is not None and [key(row) for row in fresh] == [key(row) for row in before]:
            self.rows = fresh
            if fresh and fresh != before:
                self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(self.columns) - 1))
            return False
        self.beginResetModel()
        self.rows = fresh
        self.endResetModel()
        return True

    def row_of(self, key: object) -> int:
        """Find a row by its key, -1 if there is none."""
        tell = self._key
        return next((place for place, row in enumerate(self.rows) if tell is not None and tell(row) == key), -1)

    def spoken(self, row: R, column: int) -> str:
        return self.columns[column][1](row)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_heading = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.columns[section][0] if is_heading else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[index.column()][1](row)
        return self.spoken(row, index.column()) if role == Qt.ItemDataRole.AccessibleTextRole else None


class TableHeadings(QHeaderView):
    """Quiet column headings with the same inset as the cells; numbers are headed at their trailing edge."""

    def __init__(self, parent: QWidget, numbers: frozenset[int] = frozenset()) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._numbers = numbers
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setStretchLastSection(False)

    def _words(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's name
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._words(section)) + 2 * SMALL + 2, metrics.height() + SMALL)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        painter.save()
        paint_area(painter, rect, shades.raised)
        paint_area(painter, QRect(rect.x(), rect.bottom(), rect.width(), 1), shades.line)
        painter.setFont(font_for(TextRole.CAPTION))
        painter.setPen(QColor(shades.muted))
        painter.setLayoutDirection(self.layoutDirection())
        is_number = section in self._numbers
        side = Qt.AlignmentFlag.AlignTrailing if is_number else Qt.AlignmentFlag.AlignLeading
        room = rect.adjusted(SMALL, 0, -SMALL, 0)
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), self._words(section))
        painter.restore()


def fill_below_rows(header: QHeaderView) -> None:
    """Paint the room below the headings of the rows as the table beside it, not as a heading."""
    below = header.viewport().rect().adjusted(0, header.length() - header.offset(), 0, 0)
    if below.isValid():
        painter = QPainter(header.viewport())
        paint_area(painter, below, colours().surface)
        painter.end()


class NodeLike(Protocol):
    """A line of a tree: the lines below it, the one above it, and its place among those."""

    row: int

    @property
    def parent(self) -> Self | None: ...
    @property
    def children(self) -> Sequence[Self]: ...


class NodesModel(QAbstractItemModel, Generic[_Node]):
    """Shows nodes in one column; holds no logic of its own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.roots: Sequence[_Node] = []

    def show_nodes(self, roots: Sequence[_Node]) -> None:
        self.beginResetModel()
        self.roots = roots
        self.endResetModel()

    def node(self, index: Index) -> _Node | None:
        return index.internalPointer() if index.isValid() else None

    def index_of(self, node: _Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = _NO_PARENT) -> QModelIndex:
        above = self.node(parent)
        siblings = above.children if above else self.roots
        if column != 0 or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, 0, siblings[row])

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        node = self.node(child)
        return self.index_of(node.parent) if node is not None and node.parent is not None else QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        node = self.node(parent)
        return len(node.children) if node else len(self.roots)

    def columnCount(self, _parent: Index = _NO_PARENT) -> int:
        return 1


def set_up_table(table: QTableView) -> None:
    """Show a table without a grid and frames; it is read, scrolls smoothly, and Tab leaves it."""
    table.setShowGrid(False)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)


class ReadingTable(QTableView, Generic[R]):
    """A table in which one row is chosen.

    The columns of ``shares`` wrap, and share the room the others leave; each keeps ``letters`` at least. ``entered``
    carries a row that was opened with Enter or by two clicks.
    """

    entered = Signal(object)

    def __init__(
        self,
        lines: RowsModel[R],
        painter: "type[TableCellPainter]",
        shares: Mapping[int, int],
        *,
        letters: int = 28,
        numbers: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__()
        self.lines, self.shares, self._letters = lines, shares, letters
        self.setModel(lines)
        self.setItemDelegate(painter(self))
        self.setHorizontalHeader(TableHeadings(self, numbers))
        set_up_table(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        lines.modelReset.connect(self.fit)
        lines.dataChanged.connect(self.fit)
        self.doubleClicked.connect(lambda _index: self._enter())

    @property
    def current(self) -> R | None:
        """The current row, None if there is none."""
        index = self.currentIndex()
        return self.lines.rows[index.row()] if index.isValid() else None

    def _enter(self) -> None:
        if self.current is not None:
            self.entered.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        if self.model() is None:
            return
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        shown = [column for column in range(self.model().columnCount()) if not self.isColumnHidden(column)]
        wide = [column for column in shown if column in self.shares]
        rest = [column for column in shown if column not in self.shares]
        for column in rest:
            header.resizeSection(column, max(self.sizeHintForColumn(column), header.sectionSizeHint(column)) + SMALL)
        least = self._letters * self.fontMetrics().averageCharWidth() * len(wide)
        left = max(self.viewport().width() - sum(map(header.sectionSize, rest)), least)
        for column in wide:
            header.resizeSection(column, left * self.shares[column] // sum(self.shares[one] for one in wide))
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.fit()


class TableCellPainter(QStyledItemDelegate):
    """Measures and paints the cells of a ``ReadingTable``, a line under each row."""

    def extra_width(self, _option: QStyleOptionViewItem, _column: int) -> int:
        """Return how many pixels a cell takes beside its words."""
        return 0

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        raise NotImplementedError

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text, metrics, table, column = str(index.data()), option.fontMetrics, option.widget, index.column()
        width = metrics.horizontalAdvance(text) + 2 * SMALL + 2
        if isinstance(table, ReadingTable) and column in table.shares:
            room = QRect(0, 0, max(table.columnWidth(column) - 2 * SMALL, 40), 100_000)
            high = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()
            return QSize(width, high + 2 * SMALL)
        return QSize(width + self.extra_width(option, column), metrics.height() + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if has_state(option, QStyle.StateFlag.State_Selected):
            paint_area(painter, option.rect, colours().accent_tint)
        paint_area(painter, QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), colours().line)
        painter.save()
        painter.setFont(option.font)
        self.paint_cell(painter, option, index, option.rect.adjusted(SMALL, SMALL, -SMALL, -SMALL))
        painter.restore()
        if has_state(option, QStyle.StateFlag.State_HasFocus):
            paint_focus(painter, option.rect.adjusted(1, 1, -1, -2))


_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextIncludeTrailingSpaces)


def forward_arrow(texts: Translator) -> str:
    return "←" if texts.right_to_left else "→"


@dataclass(frozen=True, slots=True)
class ListLine:
    """One entry of a list. ``mark`` is a sign in the colour ``colour`` names; a heading cannot be chosen.

    A ``grade`` is painted as a severity in place of the mark.
    """

    key: str
    title: str
    detail: str = ""
    mark: str = ""
    colour: str = "muted"
    is_heading: bool = False
    grade: "GapSeverity | None" = None

    def __post_init__(self) -> None:
        colour_name(self.colour)

    @property
    def is_graded(self) -> bool:
        return self.grade is not None and self.grade != "none"

    @property
    def spoken(self) -> str:
        return ". ".join(part for part in (self.title, self.detail) if part)


class LineModel(RowsModel[ListLine]):
    """Lines as rows; headings cannot be chosen."""

    def __init__(self) -> None:
        super().__init__([("", lambda line: line.title)], lambda line: line.key)

    def spoken(self, row: ListLine, _column: int) -> str:
        return row.spoken

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _text_width(option: QStyleOptionViewItem) -> int:
    """Return the width texts wrap at: that of the list less its scroll bar, whether it is there or not."""
    view = option.widget
    return view.text_width() if isinstance(view, LineList) else option.rect.width()


class LineDelegate(QStyledItemDelegate):
    """Measures and paints lines."""

    def _fonts(self, line: ListLine) -> tuple[QFont, QFont]:
        return font_for(TextRole.STRONG if line.is_heading else TextRole.BODY), font_for(TextRole.CAPTION)

    def _indent(self, line: ListLine) -> int:
        wide = QFontMetrics(font_for(TextRole.BODY)).height()
        return MEDIUM + (wide + SMALL if line.mark or line.is_graded else 0)

    def _heights(self, line: ListLine, width: int) -> tuple[int, int]:
        title, detail = self._fonts(line)
        room = QRect(0, 0, max(width - self._indent(line) - MEDIUM, 60), 100_000)
        high = QFontMetrics(title).boundingRect(room, _WRAP, break_thai(line.title)).height()
        low = QFontMetrics(detail).boundingRect(room, _WRAP, break_thai(line.detail)).height() if line.detail else 0
        return high, low

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = _text_width(option)
        line: ListLine = index.data(ROW_ROLE)
        high, low = self._heights(line, width)
        above = MEDIUM if line.is_heading and index.row() else 0
        return QSize(width, above + high + low + (2 if low else 0) + 2 * SMALL + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: ListLine = index.data(ROW_ROLE)
        shades = colours()
        area = option.rect.adjusted(2, 1, -2, -1)
        if has_state(option, QStyle.StateFlag.State_Selected):
            paint_rounded(painter, QRectF(area), fill=shades.accent_tint)
        elif has_state(option, QStyle.StateFlag.State_MouseOver) and not line.is_heading:
            paint_rounded(painter, QRectF(area), fill=shades.hover)
        painter.save()
        # A Latin sentence in an Arabic window keeps its own order.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._paint_texts(painter, option, line)
        painter.restore()
        if has_state(option, QStyle.StateFlag.State_HasFocus) and option.widget and option.widget.hasFocus():
            paint_focus(painter, area)

    def _paint_texts(self, painter: QPainter, option: QStyleOptionViewItem, line: ListLine) -> None:
        shades, rect = colours(), option.rect
        title, detail = self._fonts(line)
        high, low = self._heights(line, _text_width(option))
        indent, top = self._indent(line), rect.bottom() - high - low - (2 if low else 0) - SMALL

        def placed(x: int, y: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(option.direction, rect, QRect(rect.x() + x, y, width, height))

        leading = _WRAP | leading_alignment(option.direction, is_top=True)
        room = _text_width(option) - indent - MEDIUM
        painter.setFont(title)
        wide = QFontMetrics(title).height()
        if line.is_graded and line.grade is not None:
            sign = placed(MEDIUM, top + wide // 6, wide, wide * 3 // 4)
            paint_severity(painter, QRectF(sign), line.grade)
        elif line.mark:
            painter.setPen(QColor(getattr(shades, line.colour)))
            painter.drawText(placed(MEDIUM, top, wide, wide), int(Qt.AlignmentFlag.AlignCenter), line.mark)
        painter.setPen(QColor(shades.muted if line.is_heading else shades.text))
        painter.drawText(placed(indent, top, room, high), leading, break_thai(line.title))
        painter.setFont(detail)
        painter.setPen(QColor(shades.muted))
        painter.drawText(placed(indent, top + high + 2, room, low), leading, break_thai(line.detail))


class LineList(QListView):
    """A list of lines. ``opened`` tells the key of a line clicked or entered, ``picked`` of the current one."""

    opened = Signal(str)
    picked = Signal(str)
    _has_bar = True

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LineModel()
        self.setModel(self.lines)
        self.setItemDelegate(LineDelegate(self))
        with_name(self, name, label)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda index, _old: self._pick(index))

    def text_width(self) -> int:
        """Return the width of a line, always the same for a width of the list."""
        bar = self.verticalScrollBar().sizeHint().width() if self._has_bar else 0
        return self.width() - 2 * self.frameWidth() - bar

    def _pick(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self.lines.rows[index.row()].key)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and not self.lines.rows[index.row()].is_heading:
            self.opened.emit(self.lines.rows[index.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def show_lines(self, lines: Sequence[ListLine]) -> None:
        """Show other lines, keeping the current one where it still is."""
        kept = self.current_key
        self.lines.show(lines)
        if kept and self.lines.row_of(kept) >= 0:
            self.choose(kept)

    @property
    def current_key(self) -> str:
        """The key of the current line, empty if there is none."""
        index = self.currentIndex()
        return self.lines.rows[index.row()].key if index.isValid() else ""

    def choose(self, key: str) -> None:
        row = self.lines.row_of(key)
        if row >= 0:
            self.setCurrentIndex(self.lines.index(row, 0))


# A list as high as all its lines, inside a page that scrolls.


def bring_into_view(view: QAbstractItemView, index: Index) -> None:
    """Scroll the page around a view that never scrolls by itself until a line is seen, if the focus is in it."""
    area: QWidget | None = view.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = area.widget() if area is not None else None
    if area is None or page is None or not index.isValid() or not view.hasFocus():
        return
    spot = view.visualRect(index)
    start = view.viewport().mapTo(page, spot.topLeft())
    across = start.x() + spot.width() // 2
    area.ensureVisible(across, start.y() + spot.height(), 0, SMALL)
    area.ensureVisible(across, start.y(), 0, SMALL)


class FullHeightList(LineList):
    """Shows all its lines; the page around it scrolls."""

    _has_bar = False

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.lines.modelReset.connect(self.updateGeometry)
        self.lines.dataChanged.connect(lambda *_: self.updateGeometry())

    def _measure(self) -> None:
        QTimer.singleShot(0, self, self.updateGeometry)

    def sizeHint(self) -> QSize:
        heights = (self.sizeHintForIndex(self.lines.index(row, 0)).height() for row in range(self.lines.rowCount()))
        return QSize(200, sum(heights) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        bring_into_view(self, index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A page that scrolled under the mouse would take the click for another line.
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            bring_into_view(self, self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._measure()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
