"""The recently open assessments as rich rows, shown without opening a file."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from capacity_app.texts import Texts, left_to_right
from capacity_app.ui.look.icons import paint_icon
from capacity_app.ui.look.marks import paint_ring
from capacity_app.ui.look.painting import has, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.rows import ROW_ROLE, Index, RowsModel
from capacity_app.ui.look.theme import MEDIUM, Role, font_for
from capacity_app.ui.shell.settings import Recent

_LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)


def title_of(texts: Texts, recent: Recent) -> str:
    """Name a recent assessment by country and round."""
    country = recent.country_name or (texts.country(recent.m49) if recent.m49 else recent.country)
    name = country or Path(recent.file).stem
    return texts.gettext("{country}, {round}").format(country=name, round=recent.round) if recent.round else name


def detail_of(texts: Texts, recent: Recent) -> str:
    """Return how far it has come and when it was changed, or that it is gone."""
    if recent.is_missing:
        return texts.gettext("The file is not there any more: it was moved, renamed or removed.")
    if recent.is_protected:
        return texts.gettext("Protected: opens with its passphrase.")
    parts = [texts.gettext("{share} asked").format(share=texts.percent(Fraction(recent.share, 100)))]
    if recent.changed:
        parts.append(texts.gettext("last change {time}").format(time=texts.date_time(recent.changed)))
    return " · ".join(parts)


class _Rows(RowsModel[Recent]):
    """What is remembered, as rows."""

    def __init__(self, texts: Texts) -> None:
        super().__init__([("", partial(title_of, texts))])
        self._texts = texts

    def spoken(self, row: Recent, _column: int) -> str:
        return f"{title_of(self._texts, row)}. {detail_of(self._texts, row)} {row.file}"


class _Painter(QStyledItemDelegate):
    """Paints a row: a ring of completeness, the title, the detail, and where the file lies."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts

    def _heights(self) -> tuple[int, int]:
        return QFontMetrics(font_for(Role.QUESTION)).height(), QFontMetrics(font_for(Role.CAPTION)).height()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        high, low = self._heights()
        return QSize(option.rect.width(), high + 2 * low + 2 * MEDIUM + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shades, recent = colours(), index.data(ROW_ROLE)
        area = option.rect.adjusted(2, 2, -2, -2)
        if has(option, QStyle.StateFlag.State_Selected):
            rounded(painter, QRectF(area), fill=shades.accent_tint)
        elif has(option, QStyle.StateFlag.State_MouseOver):
            rounded(painter, QRectF(area), fill=shades.hover)
        painter.save()
        painter.setLayoutDirection(option.direction)
        self._paint_row(painter, option, area, recent)
        painter.restore()
        is_focused = option.widget is not None and option.widget.hasFocus()
        if has(option, QStyle.StateFlag.State_HasFocus) and is_focused:
            paint_focus(painter, area)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, recent: Recent) -> None:
        shades = colours()
        high, low = self._heights()
        ring = round(high * 1.2)
        indent = MEDIUM + ring + MEDIUM
        is_missing = recent.is_missing

        def placed(x: int, y: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(option.direction, area, QRect(area.x() + x, area.y() + y, width, height))

        spot = placed(MEDIUM, (area.height() - ring) // 2, ring, ring)
        if recent.is_protected and not is_missing:
            paint_icon(painter, QRectF(spot), "locked", shades.accent)
        elif not is_missing:
            paint_ring(painter, QRectF(spot), Fraction(recent.share, 100))
        lines = (
            (title_of(self._texts, recent), Role.QUESTION, shades.muted if is_missing else shades.text, high),
            (detail_of(self._texts, recent), Role.CAPTION, shades.danger if is_missing else shades.muted, low),
            (recent.file, Role.CAPTION, shades.muted, low),
        )
        top = MEDIUM - 2
        for text, role, ink, height in lines:
            font = font_for(role)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            room = area.width() - indent - MEDIUM
            elide = Qt.TextElideMode.ElideMiddle if text == recent.file else Qt.TextElideMode.ElideRight
            shown = QFontMetrics(font).elidedText(text, elide, room)
            # A path reads from left to right in every script.
            shown = left_to_right(shown) if text == recent.file else shown
            painter.drawText(placed(indent, top, room, height), _LEADING, shown)
            top += height + 1


class RecentList(QListView):
    """The rows. ``opened`` carries a file to open, ``forgotten`` one to take off the list.

    ``current_changed`` carries the ``Recent`` of the current row.
    """

    opened = Signal(str)
    forgotten = Signal(str)
    current_changed = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.rows = _Rows(texts)
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(texts, self))
        self.setObjectName("recent")
        self.setAccessibleName(texts.gettext("Recent assessments"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.clicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda index, _old: self._tell(index))

    def sizeHint(self) -> QSize:
        return QSize(400, len(self.rows.rows) * self._row_height() + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        shown = min(len(self.rows.rows), 3)
        return QSize(200, shown * self._row_height() + 2 * self.frameWidth())

    def _row_height(self) -> int:
        return max(0, self.sizeHintForRow(0))

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.current_changed.emit(self.rows.rows[index.row()])

    @property
    def current_file(self) -> str:
        """The file of the current row, empty if there is none."""
        index = self.currentIndex()
        return self.rows.rows[index.row()].file if index.isValid() else ""

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.rows.rows[index.row()].file)

    def show_recent(self, rows: Sequence[Recent]) -> None:
        """Show other rows, the first one current."""
        self.rows.show(rows)
        self.updateGeometry()
        if rows:
            self.setCurrentIndex(self.rows.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(index)
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.forgotten.emit(self.rows.rows[index.row()].file)
        else:
            super().keyPressEvent(event)
