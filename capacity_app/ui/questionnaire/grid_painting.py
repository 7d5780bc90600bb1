"""How the cells of a table are painted: levels as numbers with a short word, signs, what is only offered."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from capacity_app.domain.sheet import Standing
from capacity_app.ui.look.marks import Mark, paint_mark
from capacity_app.ui.look.painting import draw_paragraph, paint_dashed, rounded
from capacity_app.ui.look.palette import Colours, colours
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.questionnaire.grid_model import CELL_ROLE, Cell

Index = QModelIndex | QPersistentModelIndex
WRAP = int(Qt.TextFlag.TextWordWrap)
_MOST_LINES = 4
_LONG_WORD = 8
_PAD = 6
_SIGNED = {Mark.UNKNOWN: "?", Mark.DECLINED: "×", Mark.NOT_APPLICABLE: "–"}


class CellPainter(QStyledItemDelegate):
    """Paints cells; what cannot be answered is greyed, what differs carries the sign."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = index.data(CELL_ROLE)
        shades = colours()
        area = option.rect
        painter.save()
        is_current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.fillRect(area, QColor(self._ground(cell, option, shades)))
        self._paint_text(painter, option, cell, shades)
        self._paint_signs(painter, option, cell, shades)
        if is_current:
            rounded(painter, QRectF(area), edge=shades.accent, width=2, corner=2)
        painter.restore()

    @staticmethod
    def _ground(cell: Cell, option: QStyleOptionViewItem, shades: Colours) -> str:
        if option.state & QStyle.StateFlag.State_Selected:
            return shades.accent_tint
        if cell.is_heading:
            return shades.accent_tint
        if cell.standing in {Standing.ROW_OUT, Standing.SETTLED}:
            return shades.raised
        return shades.warning_tint if cell.mark is Mark.CONFLICT else shades.surface

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, cell: Cell, shades: Colours) -> None:
        area = option.rect.adjusted(SMALL, _PAD // 2, -SMALL, -_PAD // 2)
        is_quiet = cell.is_others or cell.is_offered or cell.standing is not Standing.WANTED or cell.mark in _SIGNED
        ink = QColor(shades.muted if is_quiet else shades.text)
        font = QFont(option.font)
        font.setItalic(cell.is_offered)
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        metrics = QFontMetrics(font)
        text = cell.text
        if cell.is_offered:
            paint_dashed(painter, QRectF(option.rect).adjusted(2, 2, -3, -3))
        if cell.level is not None:
            size = round(metrics.height() * 1.25)
            box = QRect(area.x(), area.y() + (area.height() - size) // 2, size, size)
            box = QStyle.visualRect(option.direction, area, box)
            number, _, text = text.partition(" · ")
            level = number if number.isdecimal() else str(cell.level)
            self._paint_level(painter, QRectF(box), cell, level, shades)
            shift = size + SMALL
            is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            area = area.adjusted(0, 0, -shift, 0) if is_mirrored else area.adjusted(shift, 0, 0, 0)
        elif cell.mark in _SIGNED and not cell.is_others and text:
            text = f"{_SIGNED[cell.mark]} {text}"
        painter.setPen(ink)
        draw_paragraph(painter, area, fitted(text, metrics, area.width()), option.direction)

    @staticmethod
    def _paint_level(painter: QPainter, box: QRectF, cell: Cell, level: str, shades: Colours) -> None:
        is_given = not (cell.is_others or cell.is_offered)
        edge = shades.bands[cell.level] if is_given and cell.level is not None else shades.edge
        rounded(painter, box, fill=shades.surface, edge=edge, width=2, corner=box.width() / 2)
        font = painter.font()
        font.setBold(not cell.is_offered)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(shades.text if is_given else shades.muted))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), level)
        painter.restore()

    @staticmethod
    def _paint_signs(painter: QPainter, option: QStyleOptionViewItem, cell: Cell, shades: Colours) -> None:
        size = 14
        corner = QRect(option.rect.right() - size - 2, option.rect.y() + 2, size, size)
        corner = QStyle.visualRect(option.direction, option.rect, corner)
        if cell.mark is Mark.CONFLICT:
            paint_mark(painter, QRectF(corner), Mark.CONFLICT)
        elif cell.has_note or cell.has_evidence:
            # A dot for a note, a bar for evidence, both in one corner: told apart by shape.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shades.accent))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if cell.has_note:
                painter.drawEllipse(QRectF(corner.x() + 8, corner.y() + 2, 5, 5))
            if cell.has_evidence:
                painter.drawRect(QRectF(corner.x(), corner.y() + 2, 3, 7))


def fitted(text: str, metrics: QFontMetrics, width: int) -> str:
    """Shorten a long text to what a cell shows, ended by "…"; the whole is in the panel and the editor."""
    room = max(width, 20) * _MOST_LINES
    if metrics.horizontalAdvance(text) <= room * 0.8:
        return text
    return metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, round(room * 0.8))


def wrapped_height(text: str, metrics: QFontMetrics, width: int) -> int:
    """Return the height of a wrapped text in pixels; a word wider than the cell takes more lines."""
    if not text:
        return 0
    width = max(width, 20)
    broken = sum(metrics.horizontalAdvance(word) // width for word in text.split() if len(word) > _LONG_WORD)
    return metrics.boundingRect(QRect(0, 0, width, 100_000), WRAP, text).height() + broken * metrics.lineSpacing()
