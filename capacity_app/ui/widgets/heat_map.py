"""A heat map: a table of tiles told by sign, words and shade, its headings fixed while it scrolls.

What it shows is a plain ``HeatTable``; every tile is a cell of a table view, so that the keyboard and screen readers
find it where the eye does.
"""

from collections.abc import Callable, Sequence
from dataclasses import field

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import isolate_ltr_lines
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TARGET, TIGHT, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import (
    break_lines,
    has_state,
    leading_alignment,
    paint_area,
    paint_focus,
    paint_rounded,
)
from capacity_app.ui.theme.palette import Colours, colours, contrast
from capacity_app.ui.widgets.layouts import with_name
from capacity_app.ui.widgets.lists_and_tables import fill_below_rows, plain_tool_tip, set_up_table

# How the tiles and headings of a heat map are painted. A shade never speaks alone: a sign and words go with it.


Index = QModelIndex | QPersistentModelIndex
HEAT_ROLE = int(Qt.ItemDataRole.UserRole)
_SHARES = (0.0, 0.14, 0.36, 1.0)
"""How much of the accent is in the ground of each level."""
_LINES = 4
"""The most lines of a column's heading."""
_FAR = 100_000


@dataclass(frozen=True, slots=True)
class HeatHeading:
    """A heading of a row or column, told apart by its key. A ``is_group`` row heads the rows below it.

    ``is_quiet`` is one with nothing in it, ``is_odd`` one with something wrong that ``detail`` names;
    ``longest`` is the longest of the marks in the row's tiles, so that columns give them room.
    """

    key: str
    title: str
    number: str = ""
    detail: str = ""
    longest: str = ""
    is_group: bool = False
    is_quiet: bool = False
    is_odd: bool = False
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class HeatTile:
    """One tile: a sign with a short text beside it, marks below, the level 0-3 that shades it, and all in words.

    A tile without a sign is empty; ``is_out`` is one where nothing can stand.
    """

    words: str = ""
    sign: str = ""
    text: str = ""
    marks: str = ""
    level: int | None = None
    is_out: bool = False
    is_total: bool = False


def mix_colours(ground: str, other: str, share: float) -> str:
    """Mix two colours, ``share`` (0 to 1) of the other one."""
    one, two = QColor(ground), QColor(other)
    pairs = ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in pairs)).name()


def tile_colours(shades: Colours, tile: HeatTile) -> tuple[str, str]:
    """Return the ground of a tile and the ink that reads best on it."""
    if tile.is_out or tile.is_total:
        return shades.raised, shades.text if tile.is_total else shades.muted
    if tile.level is None:
        return shades.surface, shades.text
    ground = mix_colours(shades.surface, shades.accent, _SHARES[tile.level])
    return ground, max(shades.text, shades.on_accent, key=lambda ink: contrast(ink, ground))


def _draw_lines(painter: QPainter, room: QRect, lines: list[str], flags: int) -> int:
    """Draw lines below each other; gives the height used."""
    high = painter.fontMetrics().height()
    for number, line in enumerate(lines):
        painter.drawText(QRect(room.x(), room.y() + number * high, room.width(), high), flags, line)
    return high * len(lines)


def _draw_centred(painter: QPainter, room: QRect, text: str, font: QFont, width: int) -> None:
    """Draw a text in the middle of its room by its ink: signs come from fonts with a baseline of their own."""
    metrics = QFontMetrics(font)
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    ink = metrics.tightBoundingRect(fitting)
    painter.setFont(font)
    left = room.x() + (room.width() - metrics.horizontalAdvance(fitting)) / 2
    painter.drawText(QPointF(left, room.center().y() - ink.center().y() + 0.5), isolate_ltr_lines(fitting))


class TilePainter(QStyledItemDelegate):
    """Paints tiles: the sign and its text above, the marks below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tile: HeatTile = index.data(HEAT_ROLE)
        shades = colours()
        area = option.rect.adjusted(1, 1, -1, -1)
        ground, ink = tile_colours(shades, tile)
        painter.save()
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            paint_area(painter, option.rect, shades.accent_tint)
        elif tile.sign or tile.is_total or tile.is_out:
            self._paint_tile(painter, area, tile, ground, ink)
        else:
            painter.setPen(QColor(shades.edge))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), "·")
        self._paint_state(painter, option, area, shades)
        painter.restore()

    @staticmethod
    def _paint_tile(painter: QPainter, area: QRect, tile: HeatTile, ground: str, ink: str) -> None:
        shades = colours()
        is_bare = tile.level in {None, 0} and not tile.is_total and not tile.is_out
        paint_rounded(painter, QRectF(area), fill=ground, edge=shades.edge if is_bare else "", corner=3)
        painter.setPen(QColor(ink))
        strong, small = font_for(TextRole.STRONG), font_for(TextRole.CAPTION)
        low = QFontMetrics(small).height() if tile.marks else 0
        room = area.width() - 2 * TIGHT
        upper = area.adjusted(0, 0, 0, -low + (TIGHT if low else 0))
        _draw_centred(painter, upper, f"{tile.sign} {tile.text}".strip(), strong, room)
        if tile.marks:
            lower = QRect(area.x(), area.bottom() - low - TIGHT // 2, area.width(), low)
            _draw_centred(painter, lower, tile.marks, small, room)

    @staticmethod
    def _paint_state(painter: QPainter, option: QStyleOptionViewItem, area: QRect, shades: Colours) -> None:
        """Show the current tile, with a second ring inside the first so that it is seen on any ground."""
        view = option.widget
        is_current = has_state(option, QStyle.StateFlag.State_HasFocus)
        if is_current and view is not None and view.hasFocus():
            paint_focus(painter, area, corner=3)
            paint_rounded(painter, QRectF(area.adjusted(2, 2, -2, -2)), edge=shades.surface, width=1.5, corner=2)
        elif has_state(option, QStyle.StateFlag.State_Selected):
            paint_rounded(painter, QRectF(area), edge=shades.edge, width=2, corner=3)


class _HeatHeader(QHeaderView):
    """What both headers share: which heading a section has, and whether the current tile stands there."""

    def __init__(self, orientation: Qt.Orientation, parent: QTableView) -> None:
        super().__init__(orientation, parent)
        self._view = parent
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(TARGET)

    def _head(self, section: int) -> HeatHeading:
        table = self._view.model().table  # type: ignore[attr-defined]
        heads = table.rows if self.orientation() == Qt.Orientation.Vertical else table.columns
        found: HeatHeading = heads[section]
        return found

    def _is_current(self, section: int) -> bool:
        index = self._view.currentIndex()
        return index.isValid() and section == (
            index.row() if self.orientation() == Qt.Orientation.Vertical else index.column()
        )

    def _paint_ground(self, painter: QPainter, area: QRect, section: int) -> None:
        shades, head = colours(), self._head(section)
        is_marked = self._is_current(section) or head.is_group
        plain = shades.surface if self.orientation() == Qt.Orientation.Vertical else shades.raised
        paint_area(painter, area, shades.accent_tint if is_marked else plain)
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _ink(self, head: HeatHeading) -> QColor:
        shades = colours()
        if head.is_odd:
            return QColor(shades.warning)
        return QColor(shades.muted if head.is_quiet else shades.text)


class HeatRowHeader(_HeatHeader):
    """The headings of the rows: number, wrapped title, and a quiet line below it."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.room = 200
        self._number_width = 0
        self._texts: list[tuple[list[str], list[str]]] = []

    def fit(self, width: int) -> None:
        """Take another width, and break all titles anew."""
        self.room = width
        heads = [self._head(section) for section in range(self.count())]
        metrics = QFontMetrics(font_for(TextRole.STRONG))
        self._number_width = max((metrics.horizontalAdvance(head.number) for head in heads), default=0) + SMALL
        self._texts = [self._broken(head) for head in heads]
        self.updateGeometry()

    def _fonts(self, head: HeatHeading) -> tuple[QFont, QFont]:
        return font_for(TextRole.STRONG if head.is_group or head.is_total else TextRole.BODY), font_for(
            TextRole.CAPTION
        )

    def _indent(self, head: HeatHeading) -> int:
        return 0 if head.is_group or head.is_total else self._number_width

    def _broken(self, head: HeatHeading) -> tuple[list[str], list[str]]:
        title, detail = (QFontMetrics(font) for font in self._fonts(head))
        width = self.room - 2 * SMALL - self._indent(head)
        return (
            break_lines(head.title, title, width, _FAR, breaks_words=True),
            break_lines(head.detail, detail, width, 2, breaks_words=True) if head.detail else [],
        )

    def height_of(self, section: int) -> int:
        """Return the height a row needs, for its title as for its tiles."""
        head = self._head(section)
        title, detail = self._fonts(head)
        lines, below = self._texts[section]
        high = len(lines) * QFontMetrics(title).height() + len(below) * QFontMetrics(detail).height() + SMALL
        tile = 0 if head.is_group else QFontMetrics(font_for(TextRole.STRONG)).height() + 2 * TIGHT
        if head.longest:
            tile += QFontMetrics(font_for(TextRole.CAPTION)).height()
        return max(high, tile, TARGET)

    def sizeHint(self) -> QSize:
        return QSize(self.room, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        fill_below_rows(self)

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        head, direction = self._head(section), self.layoutDirection()
        painter.save()
        self._paint_ground(painter, area, section)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        inner = area.adjusted(SMALL, 0, -SMALL, 0)
        title, detail = self._fonts(head)
        lines, below = self._texts[section]
        high = len(lines) * QFontMetrics(title).height() + len(below) * QFontMetrics(detail).height()
        top = area.y() + (area.height() - high) // 2
        shift = self._indent(head)
        if head.number and shift:
            painter.setFont(font_for(TextRole.STRONG))
            painter.setPen(QColor(colours().accent))
            spot = QRect(inner.x(), top, shift, QFontMetrics(title).height())
            painter.drawText(QStyle.visualRect(direction, inner, spot), leading_alignment(direction), head.number)
        room = QStyle.visualRect(direction, inner, QRect(inner.x() + shift, top, inner.width() - shift, high))
        painter.setFont(title)
        painter.setPen(self._ink(head))
        used = _draw_lines(painter, room, lines, leading_alignment(direction))
        painter.setFont(detail)
        painter.setPen(QColor(colours().muted))
        _draw_lines(painter, room.translated(0, used), below, leading_alignment(direction))
        painter.restore()


class HeatColumnHeader(_HeatHeader):
    """The headings of the columns: short code above, the name wrapped below it, underlined where one can go there."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._high = 0
        self._lines: list[list[str]] = []
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @staticmethod
    def _high_of(head: HeatHeading, lines: int) -> int:
        strong, small = (QFontMetrics(font_for(role)).height() for role in (TextRole.STRONG, TextRole.CAPTION))
        return strong + lines * small if head.number else lines * strong

    def fit(self) -> None:
        rooms = [max(self.sectionSize(section) - 2 * TIGHT - 2, TARGET) for section in range(self.count())]
        heads = [self._head(section) for section in range(self.count())]
        roles = [TextRole.CAPTION if head.number else TextRole.STRONG for head in heads]
        self._lines = [
            break_lines(head.title, QFontMetrics(font_for(role)), room, _LINES, breaks_words=True)
            for head, role, room in zip(heads, roles, rooms, strict=True)
        ]
        highs = [self._high_of(self._head(section), len(lines)) for section, lines in enumerate(self._lines)]
        self._high = max(highs, default=0) + 2 * TIGHT
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._high)

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        head = self._head(section)
        painter.save()
        self._paint_ground(painter, area, section)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        inner = area.adjusted(TIGHT, TIGHT, -TIGHT, -TIGHT)
        centre = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.setFont(font_for(TextRole.STRONG))
        painter.setPen(QColor(colours().warning if head.is_odd else colours().accent))
        used = _draw_lines(painter, inner, [head.number], centre) if head.number else 0
        painter.setFont(font_for(TextRole.CAPTION if head.number else TextRole.STRONG))
        painter.setPen(self._ink(head))
        _draw_lines(painter, inner.translated(0, used), self._lines[section], centre)
        painter.restore()


Place = tuple[str, str]
"""A tile by the keys of its row and column."""
_NO_PARENT = QModelIndex()
_LEAST_LETTERS, _MOST_LETTERS = 8, 22
"""How narrow and how wide a column may be, in average letters."""
_MARKS = 10
"""So many marks find room in the narrowest column; the words have all of them."""
_LETTERS = 12
"""Words of a column's heading are broken only if they are longer than this."""
_LEAST_ROWS = 6
_ROW_HEAD = 0.34
_ROW_HEAD_LETTERS = (18, 44)


@dataclass(frozen=True)
class HeatTable:
    """Rows and columns with what stands where they meet; a tile is asked for when it is first shown.

    ``corner`` heads the rows where the table is copied.
    """

    rows: Sequence[HeatHeading] = ()
    columns: Sequence[HeatHeading] = ()
    tile: Callable[[int, int], HeatTile] = field(default=lambda _row, _column: HeatTile())


class HeatModel(QAbstractTableModel):
    """A thin model over a table."""

    def __init__(self) -> None:
        super().__init__()
        self.table = HeatTable()
        self._tiles: dict[tuple[int, int], HeatTile] = {}

    def show(self, table: HeatTable) -> None:
        self.beginResetModel()
        self.table, self._tiles = table, {}
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def tile(self, row: int, column: int) -> HeatTile:
        place = (row, column)
        if place not in self._tiles:
            self._tiles[place] = HeatTile() if self.table.rows[row].is_group else self.table.tile(row, column)
        return self._tiles[place]

    def spoken(self, row: int, column: int) -> str:
        """Say one tile with its headings."""
        head = self.table.rows[row]
        if head.is_group:
            return head.title
        name = f"{head.number} {head.title}".strip()
        return f"{name}, {self.table.columns[column].title}: {self.tile(row, column).words}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role == HEAT_ROLE:
            return self.tile(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.tile(row, column).words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row, column)
        return plain_tool_tip(self.spoken(row, column)) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_row = orientation == Qt.Orientation.Vertical
        head = (self.table.rows if is_row else self.table.columns)[section]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return " ".join(part for part in (head.number, head.title) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tool_tip("\n".join(part for part in (head.title, head.detail) if part))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Keep headings of groups from being chosen."""
        if not index.isValid() or self.table.rows[index.row()].is_group:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class HeatMap(QTableView):
    """The map. ``picked`` tells the keys of the current tile, ``opened`` of one entered or clicked twice.

    ``headed`` tells the key of a column whose heading was clicked.
    """

    picked = Signal(str, str)
    opened = Signal(str, str)
    headed = Signal(str)

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.heat = HeatModel()
        self.row_heads, self.column_heads = HeatRowHeader(self), HeatColumnHeader(self)
        self.setModel(self.heat)
        self.setItemDelegate(TilePainter(self))
        self.setVerticalHeader(self.row_heads)
        self.setHorizontalHeader(self.column_heads)
        with_name(self, name, label)
        set_up_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda _index: self._open())
        self.column_heads.sectionClicked.connect(lambda section: self.headed.emit(self._table.columns[section].key))
        self.row_heads.sectionClicked.connect(self._choose_row)

    @property
    def _table(self) -> HeatTable:
        return self.heat.table

    def show_table(self, table: HeatTable) -> None:
        """Show another table; the current tile stays current where it still is, else the first one is."""
        kept, across, down = self.place, self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.clearSpans()
        self.heat.show(table)
        for row, head in enumerate(table.rows):
            if head.is_group and len(table.columns) > 1:
                self.setSpan(row, 0, 1, len(table.columns))
        self._fit()
        if kept is not None and self.choose(kept):
            self.horizontalScrollBar().setValue(across)
            self.verticalScrollBar().setValue(down)
        else:
            first = next((row for row, head in enumerate(table.rows) if not head.is_group), None)
            self._make_current(self.heat.index(first, 0) if first is not None else QModelIndex())

    @property
    def place(self) -> Place | None:
        """The keys of the current tile."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        return self._table.rows[index.row()].key, self._table.columns[index.column()].key

    def choose(self, place: Place) -> bool:
        """Make a tile current; False if it is not shown."""
        row = next((number for number, head in enumerate(self._table.rows) if head.key == place[0]), None)
        column = next((number for number, head in enumerate(self._table.columns) if head.key == place[1]), None)
        if row is None or column is None or self._table.rows[row].is_group:
            return False
        self._make_current(self.heat.index(row, column))
        return True

    def _make_current(self, index: QModelIndex) -> None:
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _choose_row(self, row: int) -> None:
        if not self._table.rows[row].is_group:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._make_current(self.heat.index(row, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self.row_heads.viewport().update()
        self.column_heads.viewport().update()
        place = self.place
        if place is not None:
            self.picked.emit(*place)

    def _open(self) -> None:
        place = self.place
        if place is not None:
            self.opened.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        """Give the row headings their part of the width, the columns the rest of it within limits."""
        letter = QFontMetrics(font_for(TextRole.BODY)).averageCharWidth()
        least, most = (letters * letter for letters in _ROW_HEAD_LETTERS)
        self.row_heads.fit(min(max(round(self.width() * _ROW_HEAD), least), most))
        count = len(self._table.columns)
        room = self.width() - self.row_heads.room - self.verticalScrollBar().sizeHint().width()
        least = max(_LEAST_LETTERS * letter, self._widest_words())
        width = min(max(room // count, least), max(_MOST_LETTERS * letter, least)) if count else 0
        for column in range(count):
            self.setColumnWidth(column, width)
        self.column_heads.fit()
        for row in range(len(self._table.rows)):
            self.setRowHeight(row, self.row_heads.height_of(row))
        self.updateGeometries()

    def _widest_words(self) -> int:
        """Return the room that marks, and the words of column headings, need."""
        metrics = QFontMetrics(font_for(TextRole.CAPTION))
        marks = {head.longest[:_MARKS] for head in self._table.rows}
        words = {word[:_LETTERS] for head in self._table.columns for word in head.title.split()}
        return max((metrics.horizontalAdvance(text) for text in marks | words), default=0) + 2 * SMALL

    def minimumSizeHint(self) -> QSize:
        high = self.column_heads.sizeHint().height() + _LEAST_ROWS * 2 * self.fontMetrics().height()
        return QSize(super().minimumSizeHint().width(), high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "row_heads"):
            self._fit()
