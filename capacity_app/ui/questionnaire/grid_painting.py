"""How a table of answers is painted: wrapped row labels that stay, levels as numbers with a short word."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QTextOption
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from capacity_app.domain.sheet import Standing
from capacity_app.ui.look.marks import Mark, paint_mark
from capacity_app.ui.look.painting import at_start, rounded
from capacity_app.ui.look.palette import Colours, colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, font_for
from capacity_app.ui.questionnaire.grid_model import CELL_ROLE, Cell, GridModel
from capacity_app.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex
WRAP = int(Qt.TextFlag.TextWordWrap)
_MOST_LINES = 4
_LONG_WORD = 8
_PAD = 6
_SIGNED = {Mark.UNKNOWN: "?", Mark.DECLINED: "×", Mark.NOT_APPLICABLE: "–"}


class CellPainter(QStyledItemDelegate):
    """Paints cells; what cannot be answered is greyed, what differs carries the sign."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
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
        is_quiet = cell.is_others or cell.standing is not Standing.WANTED or cell.mark in _SIGNED
        ink = QColor(shades.muted if is_quiet else shades.text)
        painter.setFont(option.font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        metrics = QFontMetrics(option.font)
        text = cell.text
        if cell.level is not None:
            size = round(metrics.height() * 1.25)
            box = QRect(area.x(), area.y() + (area.height() - size) // 2, size, size)
            box = QStyle.visualRect(option.direction, area, box)
            self._paint_level(painter, QRectF(box), cell, shades)
            text = text.partition(" · ")[2]
            shift = size + SMALL
            is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            area = area.adjusted(0, 0, -shift, 0) if is_mirrored else area.adjusted(shift, 0, 0, 0)
        elif cell.mark in _SIGNED and not cell.is_others and text:
            text = f"{_SIGNED[cell.mark]} {text}"
        painter.setPen(ink)
        painter.drawText(QRectF(area), fitted(text, metrics, area.width()), anywhere(option.direction))

    @staticmethod
    def _paint_level(painter: QPainter, box: QRectF, cell: Cell, shades: Colours) -> None:
        edge = shades.edge if cell.is_others or cell.level is None else shades.bands[cell.level]
        rounded(painter, box, fill=shades.surface, edge=edge, width=2, corner=box.width() / 2)
        font = painter.font()
        font.setBold(True)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(shades.muted if cell.is_others else shades.text))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(cell.level))
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


def anywhere(direction: Qt.LayoutDirection) -> QTextOption:
    """Wrap between words, and inside a word that is wider than the cell."""
    option = QTextOption(Qt.AlignmentFlag(at_start(direction)))
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def wrapped_height(text: str, metrics: QFontMetrics, width: int) -> int:
    """Give the height of a wrapped text in pixels; a word wider than the cell takes more lines."""
    if not text:
        return 0
    width = max(width, 20)
    broken = sum(metrics.horizontalAdvance(word) // width for word in text.split() if len(word) > _LONG_WORD)
    return metrics.boundingRect(QRect(0, 0, width, 100_000), WRAP, text).height() + broken * metrics.lineSpacing()


class RowLabels(QHeaderView):
    """The row header: number and wrapped label, the reason of a row that does not apply, group headings."""

    def __init__(self, model: GridModel, wording: Wording, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._grid, self._wording = model, wording
        self._measured_at = self._longest_word = self._number_width = 0
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)

    def number_width(self) -> int:
        """Give the width of the widest row number."""
        self._measure()
        return self._number_width

    def _measure(self) -> None:
        """Measure numbers and words once per text size."""
        plain, strong = QFontMetrics(font_for(Role.BODY)), QFontMetrics(font_for(Role.STRONG))
        if plain.height() == self._measured_at:
            return
        self._measured_at = plain.height()
        numbers = {line.row.number for line in self._grid.lines if line.row}
        widest = max((strong.horizontalAdvance(number) for number in numbers), default=0)
        self._number_width = widest + SMALL if widest else 0
        words = {word for line in range(len(self._grid.lines)) for word in self.texts(line)[1].split()}
        self._longest_word = max((plain.horizontalAdvance(word) for word in words), default=0)

    def limit(self, width: int) -> None:
        """Leave most of the table's width to the answers, but break no ordinary word."""
        self._measure()
        needed = self._longest_word + self.number_width() + 2 * MEDIUM + 4
        self.setMaximumWidth(max(120, round(width * 0.32), min(needed, round(width * 0.5))))

    def texts(self, line: int) -> tuple[str, str, str]:
        """Give number, label and the reason why it does not apply."""
        row = self._grid.lines[line].row
        if row is None:
            return "", self._grid.lines[line].heading, ""
        reason = self._grid.row_reason(row.id)
        said = self._wording.texts.gettext("Not applicable: {reason}").format(reason=reason) if reason else ""
        return row.number, self._wording.row(self._grid.question, row), said

    def line_height(self, line: int) -> int:
        """Give the height in pixels the label of a line needs."""
        _, label, reason = self.texts(line)
        is_heading = self._grid.lines[line].row is None
        width = self.width() - 2 * MEDIUM - (0 if is_heading else self.number_width())
        strong = font_for(Role.STRONG if is_heading else Role.BODY)
        high = wrapped_height(label, QFontMetrics(strong), width)
        high += wrapped_height(reason, QFontMetrics(font_for(Role.CAPTION)), width)
        return high + 2 * _PAD

    def paintSection(self, painter: QPainter, area: QRect, line: int) -> None:  # noqa: N802 - Qt's name
        """Paint one label."""
        shades = colours()
        is_heading = self._grid.lines[line].row is None
        painter.save()
        painter.fillRect(area, QColor(shades.accent_tint if is_heading else shades.raised))
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        edge = area.right() if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else area.left()
        painter.drawLine(edge, area.top(), edge, area.bottom())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        number, label, reason = self.texts(line)
        inner = area.adjusted(MEDIUM, _PAD, -MEDIUM, -_PAD)
        if number and not is_heading:
            inner = self._paint_number(painter, inner, number, shades)
        painter.setFont(font_for(Role.STRONG if is_heading else Role.BODY))
        painter.setPen(QColor(shades.muted if reason else shades.text))
        if reason:
            top = at_start(self.layoutDirection(), is_wrapped=True, is_top=True)
            used = painter.boundingRect(inner, top, label)
            painter.drawText(inner, top, label)
            painter.setFont(font_for(Role.CAPTION))
            painter.drawText(inner.adjusted(0, used.height(), 0, 0), top, reason)
        else:
            painter.drawText(QRectF(inner), label, anywhere(self.layoutDirection()))
        painter.restore()

    def _paint_number(self, painter: QPainter, inner: QRect, number: str, shades: Colours) -> QRect:
        width = self.number_width()
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(shades.accent))
        spot = QStyle.visualRect(self.layoutDirection(), inner, QRect(inner.x(), inner.y(), width, inner.height()))
        painter.drawText(spot, at_start(self.layoutDirection()), number)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return inner.adjusted(0, 0, -width, 0) if is_mirrored else inner.adjusted(width, 0, 0, 0)

    def sizeHint(self) -> QSize:
        """Wide enough for a readable label."""
        return QSize(self.fontMetrics().averageCharWidth() * 36 + 2 * MEDIUM, 0)


class ColumnLabels(QHeaderView):
    """The column header: wrapped labels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(60)

    def _label(self, place: int) -> str:
        return str(self.model().headerData(place, Qt.Orientation.Horizontal) or "")

    def sectionSizeFromContents(self, place: int) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of a wrapped label in the column's width."""
        width = self.sectionSize(place)
        metrics = QFontMetrics(font_for(Role.STRONG))
        return QSize(width, wrapped_height(self._label(place), metrics, width - 2 * SMALL) + 2 * _PAD)

    def paintSection(self, painter: QPainter, area: QRect, place: int) -> None:  # noqa: N802 - Qt's name
        """Paint one label."""
        shades = colours()
        painter.save()
        painter.fillRect(area, QColor(shades.raised))
        painter.setPen(QColor(shades.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        edge = area.right() if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else area.left()
        painter.drawLine(edge, area.top(), edge, area.bottom())
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(shades.text))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.drawText(
            QRectF(area.adjusted(SMALL, 2, -SMALL, -2)), self._label(place), anywhere(self.layoutDirection())
        )
        painter.restore()
