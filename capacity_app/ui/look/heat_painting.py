"""How the tiles and headings of a heat map are painted. A shade never speaks alone: a sign and words go with it."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from capacity_app.texts import in_own_order
from capacity_app.ui.look.painting import at_start, has, paint_focus, rounded
from capacity_app.ui.look.palette import Colours, colours, contrast
from capacity_app.ui.look.theme import SMALL, TARGET, TIGHT, Role, font_for

Index = QModelIndex | QPersistentModelIndex
HEAT_ROLE = int(Qt.ItemDataRole.UserRole)
_SHARES = (0.0, 0.14, 0.36, 1.0)
"""How much of the accent is in the ground of each level."""
_LINES = 4
"""The most lines of a column's heading."""
_FAR = 100_000


@dataclass(frozen=True, slots=True)
class Head:
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
class Heat:
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


def mixed(ground: str, other: str, share: float) -> str:
    """Mix two colours, ``share`` (0 to 1) of the other one."""
    one, two = QColor(ground), QColor(other)
    pairs = ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in pairs)).name()


def tile_colours(shades: Colours, tile: Heat) -> tuple[str, str]:
    """Return the ground of a tile and the ink that reads best on it."""
    if tile.is_out or tile.is_total:
        return shades.raised, shades.text if tile.is_total else shades.muted
    if tile.level is None:
        return shades.surface, shades.text
    ground = mixed(shades.surface, shades.accent, _SHARES[tile.level])
    return ground, max(shades.text, shades.on_accent, key=lambda ink: contrast(ink, ground))


def broken(text: str, font: QFont, width: int, most: int) -> list[str]:
    """Break a text into at most so many lines, inside a word only where it is wider; the last one ends in "…"."""
    layout, option = QTextLayout(text, font), QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        starts.append(line.textStart())
    layout.endLayout()
    ends = [*starts[1:], len(text)]
    lines = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    if len(lines) <= most:
        return lines
    rest = text[starts[most - 1] :]
    return [*lines[: most - 1], QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)]


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
    painter.drawText(QPointF(left, room.center().y() - ink.center().y() + 0.5), in_own_order(fitting))


class TilePainter(QStyledItemDelegate):
    """Paints tiles: the sign and its text above, the marks below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tile: Heat = index.data(HEAT_ROLE)
        shades = colours()
        area = option.rect.adjusted(1, 1, -1, -1)
        ground, ink = tile_colours(shades, tile)
        painter.save()
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            painter.fillRect(option.rect, QColor(shades.accent_tint))
        elif tile.sign or tile.is_total or tile.is_out:
            self._paint_tile(painter, area, tile, ground, ink)
        else:
            painter.setPen(QColor(shades.edge))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), "·")
        self._paint_state(painter, option, area, shades)
        painter.restore()

    @staticmethod
    def _paint_tile(painter: QPainter, area: QRect, tile: Heat, ground: str, ink: str) -> None:
        shades = colours()
        is_bare = tile.level in {None, 0} and not tile.is_total and not tile.is_out
        rounded(painter, QRectF(area), fill=ground, edge=shades.edge if is_bare else "", corner=3)
        painter.setPen(QColor(ink))
        strong, small = font_for(Role.STRONG), font_for(Role.CAPTION)
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
        is_current = has(option, QStyle.StateFlag.State_HasFocus)
        if is_current and view is not None and view.hasFocus():
            paint_focus(painter, area, corner=3)
            rounded(painter, QRectF(area.adjusted(2, 2, -2, -2)), edge=shades.surface, width=1.5, corner=2)
        elif has(option, QStyle.StateFlag.State_Selected):
            rounded(painter, QRectF(area), edge=shades.edge, width=2, corner=3)


class _Heads(QHeaderView):
    """What both headers share: which heading a section has, and whether the current tile stands there."""

    def __init__(self, orientation: Qt.Orientation, parent: QTableView) -> None:
        super().__init__(orientation, parent)
        self._view = parent
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(TARGET)

    def _head(self, section: int) -> Head:
        table = self._view.model().table  # type: ignore[attr-defined]
        heads = table.rows if self.orientation() == Qt.Orientation.Vertical else table.columns
        found: Head = heads[section]
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
        painter.fillRect(area, QColor(shades.accent_tint if is_marked else plain))
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _ink(self, head: Head) -> QColor:
        shades = colours()
        if head.is_odd:
            return QColor(shades.warning)
        return QColor(shades.muted if head.is_quiet else shades.text)


class RowHeads(_Heads):
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
        metrics = QFontMetrics(font_for(Role.STRONG))
        self._number_width = max((metrics.horizontalAdvance(head.number) for head in heads), default=0) + SMALL
        self._texts = [self._broken(head) for head in heads]
        self.updateGeometry()

    def _fonts(self, head: Head) -> tuple[QFont, QFont]:
        return font_for(Role.STRONG if head.is_group or head.is_total else Role.BODY), font_for(Role.CAPTION)

    def _indent(self, head: Head) -> int:
        return 0 if head.is_group or head.is_total else self._number_width

    def _broken(self, head: Head) -> tuple[list[str], list[str]]:
        title, detail = self._fonts(head)
        width = self.room - 2 * SMALL - self._indent(head)
        return broken(head.title, title, width, _FAR), broken(head.detail, detail, width, 2) if head.detail else []

    def height_of(self, section: int) -> int:
        """Return the height a row needs, for its title as for its tiles."""
        head = self._head(section)
        title, detail = self._fonts(head)
        lines, below = self._texts[section]
        high = len(lines) * QFontMetrics(title).height() + len(below) * QFontMetrics(detail).height() + SMALL
        tile = 0 if head.is_group else QFontMetrics(font_for(Role.STRONG)).height() + 2 * TIGHT
        if head.longest:
            tile += QFontMetrics(font_for(Role.CAPTION)).height()
        return max(high, tile, TARGET)

    def sizeHint(self) -> QSize:
        return QSize(self.room, 0)

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
            painter.setFont(font_for(Role.STRONG))
            painter.setPen(QColor(colours().accent))
            spot = QRect(inner.x(), top, shift, QFontMetrics(title).height())
            painter.drawText(QStyle.visualRect(direction, inner, spot), at_start(direction), head.number)
        room = QStyle.visualRect(direction, inner, QRect(inner.x() + shift, top, inner.width() - shift, high))
        painter.setFont(title)
        painter.setPen(self._ink(head))
        used = _draw_lines(painter, room, lines, at_start(direction))
        painter.setFont(detail)
        painter.setPen(QColor(colours().muted))
        _draw_lines(painter, room.translated(0, used), below, at_start(direction))
        painter.restore()


class ColumnHeads(_Heads):
    """The headings of the columns: short code above, the name wrapped below it, underlined where one can go there."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._high = 0
        self._lines: list[list[str]] = []
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @staticmethod
    def _high_of(head: Head, lines: int) -> int:
        strong, small = (QFontMetrics(font_for(role)).height() for role in (Role.STRONG, Role.CAPTION))
        return strong + lines * small if head.number else lines * strong

    def fit(self) -> None:
        rooms = [max(self.sectionSize(section) - 2 * TIGHT - 2, TARGET) for section in range(self.count())]
        heads = [self._head(section) for section in range(self.count())]
        self._lines = [
            broken(head.title, font_for(Role.CAPTION if head.number else Role.STRONG), room, _LINES)
            for head, room in zip(heads, rooms, strict=True)
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
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(colours().warning if head.is_odd else colours().accent))
        used = _draw_lines(painter, inner, [head.number], centre) if head.number else 0
        font = font_for(Role.CAPTION if head.number else Role.STRONG)
        painter.setFont(font)
        painter.setPen(self._ink(head))
        _draw_lines(painter, inner.translated(0, used), self._lines[section], centre)
        painter.restore()
