"""Lists of two-line entries: a name that wraps and a quiet line below it, with a mark at the leading edge."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from capacity_app.domain.gaps import SeverityClass
from capacity_app.texts import Texts
from capacity_app.ui.look.marks import paint_severity
from capacity_app.ui.look.painting import at_start, has, paint_focus, rounded
from capacity_app.ui.look.palette import colour_name, colours
from capacity_app.ui.look.rows import ROW_ROLE, Index, RowsModel
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, font_for

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextIncludeTrailingSpaces)


def forward(texts: Texts) -> str:
    return "←" if texts.right_to_left else "→"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list. ``mark`` is a sign in the colour ``colour`` names; a heading cannot be chosen.

    A ``grade`` is painted as a severity in place of the mark.
    """

    key: str
    title: str
    detail: str = ""
    mark: str = ""
    colour: str = "muted"
    is_heading: bool = False
    grade: SeverityClass = SeverityClass.NONE

    def __post_init__(self) -> None:
        colour_name(self.colour)

    @property
    def spoken(self) -> str:
        return ". ".join(part for part in (self.title, self.detail) if part)


class LineModel(RowsModel[Line]):
    """Lines as rows; headings cannot be chosen."""

    def __init__(self) -> None:
        super().__init__([("", lambda line: line.title)], lambda line: line.key)

    def spoken(self, row: Line, _column: int) -> str:
        return row.spoken

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _room(option: QStyleOptionViewItem) -> int:
    """Return the width texts wrap at: that of the list less its scroll bar, whether it is there or not."""
    view = option.widget
    return view.text_width() if isinstance(view, LineList) else option.rect.width()


class LineDelegate(QStyledItemDelegate):
    """Measures and paints lines."""

    def _fonts(self, line: Line) -> tuple[QFont, QFont]:
        return font_for(Role.STRONG if line.is_heading else Role.BODY), font_for(Role.CAPTION)

    def _indent(self, line: Line) -> int:
        wide = QFontMetrics(font_for(Role.BODY)).height()
        return MEDIUM + (wide + SMALL if line.mark or line.grade is not SeverityClass.NONE else 0)

    def _heights(self, line: Line, width: int) -> tuple[int, int]:
        title, detail = self._fonts(line)
        room = QRect(0, 0, max(width - self._indent(line) - MEDIUM, 60), 100_000)
        high = QFontMetrics(title).boundingRect(room, _WRAP, line.title).height()
        low = QFontMetrics(detail).boundingRect(room, _WRAP, line.detail).height() if line.detail else 0
        return high, low

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = _room(option)
        line: Line = index.data(ROW_ROLE)
        high, low = self._heights(line, width)
        above = MEDIUM if line.is_heading and index.row() else 0
        return QSize(width, above + high + low + (2 if low else 0) + 2 * SMALL + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(ROW_ROLE)
        shades = colours()
        area = option.rect.adjusted(2, 1, -2, -1)
        if has(option, QStyle.StateFlag.State_Selected):
            rounded(painter, QRectF(area), fill=shades.accent_tint)
        elif has(option, QStyle.StateFlag.State_MouseOver) and not line.is_heading:
            rounded(painter, QRectF(area), fill=shades.hover)
        painter.save()
        # A Latin sentence in an Arabic window keeps its own order.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._paint_texts(painter, option, line)
        painter.restore()
        if has(option, QStyle.StateFlag.State_HasFocus) and option.widget and option.widget.hasFocus():
            paint_focus(painter, area)

    def _paint_texts(self, painter: QPainter, option: QStyleOptionViewItem, line: Line) -> None:
        shades, rect = colours(), option.rect
        title, detail = self._fonts(line)
        high, low = self._heights(line, _room(option))
        indent, top = self._indent(line), rect.bottom() - high - low - (2 if low else 0) - SMALL

        def placed(x: int, y: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(option.direction, rect, QRect(rect.x() + x, y, width, height))

        leading = _WRAP | at_start(option.direction, is_top=True)
        room = _room(option) - indent - MEDIUM
        painter.setFont(title)
        wide = QFontMetrics(title).height()
        if line.grade is not SeverityClass.NONE:
            sign = placed(MEDIUM, top + wide // 6, wide, wide * 3 // 4)
            paint_severity(painter, QRectF(sign), line.grade)
        elif line.mark:
            painter.setPen(QColor(getattr(shades, line.colour)))
            painter.drawText(placed(MEDIUM, top, wide, wide), int(Qt.AlignmentFlag.AlignCenter), line.mark)
        painter.setPen(QColor(shades.muted if line.is_heading else shades.text))
        painter.drawText(placed(indent, top, room, high), leading, line.title)
        painter.setFont(detail)
        painter.setPen(QColor(shades.muted))
        painter.drawText(placed(indent, top + high + 2, room, low), leading, line.detail)


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
        self.setObjectName(name)
        self.setAccessibleName(label)
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

    def show_lines(self, lines: Sequence[Line]) -> None:
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


class Links(LineList):
    """A short list as tall as its lines, without a scroll bar of its own."""

    _has_bar = False

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(name, label, parent)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lines.modelReset.connect(self.updateGeometry)
        self.lines.dataChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        high = sum(self.sizeHintForRow(row) for row in range(self.lines.rowCount()))
        return QSize(super().sizeHint().width(), high + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
