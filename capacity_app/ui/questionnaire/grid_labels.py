"""The labels of a table's rows and columns: wrapped, always in sight, in one or two languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from capacity_app.domain.answers import Address
from capacity_app.ui.look.painting import at_start, draw_paragraph
from capacity_app.ui.look.palette import Colours, colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, font_for
from capacity_app.ui.questionnaire.grid_model import GridModel
from capacity_app.ui.questionnaire.grid_painting import wrapped_height
from capacity_app.ui.questionnaire.pairs import NO_SECOND, Second
from capacity_app.ui.wording import Wording

_PAD = 6
_LEAST_WIDTH = 60


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One text of a label, with its look."""

    text: str
    font: QFont
    ink: str
    direction: Qt.LayoutDirection

    def height(self, width: int) -> int:
        return wrapped_height(self.text, QFontMetrics(self.font), width)


def _paint_paragraphs(painter: QPainter, room: QRect, paragraphs: Sequence[_Paragraph]) -> None:
    """Paint texts under each other, in the middle of a room if they fit, else from its top."""
    heights = [paragraph.height(room.width()) for paragraph in paragraphs]
    top = room.y() + max(0, (room.height() - sum(heights)) // 2)
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    for paragraph, high in zip(paragraphs, heights, strict=True):
        painter.setFont(paragraph.font)
        painter.setPen(QColor(paragraph.ink))
        place = QRect(room.x(), top, room.width(), max(high, room.bottom() - top))
        draw_paragraph(painter, place, paragraph.text, paragraph.direction, is_top=True)
        top += high


def _paint_ground(painter: QPainter, header: QHeaderView, area: QRect, ground: str) -> None:
    painter.fillRect(area, QColor(ground))
    painter.setPen(QColor(colours().line))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    edge = area.right() if header.layoutDirection() == Qt.LayoutDirection.LeftToRight else area.left()
    painter.drawLine(edge, area.top(), edge, area.bottom())


@dataclass(frozen=True, slots=True)
class LineTexts:
    """What the label of a row says: number, wording, a second wording, and why the row does not apply.

    ``offered`` is what the earlier round said of the whole row, to be confirmed.
    """

    number: str
    label: str
    second: Second = NO_SECOND
    reason: str = ""
    offered: str = ""


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
        """Return the width of the widest row number."""
        self._measure()
        return self._number_width

    def forget(self) -> None:
        self._measured_at = 0

    def _measure(self) -> None:
        """Measure numbers and words once per text size."""
        plain, strong = QFontMetrics(font_for(Role.BODY)), QFontMetrics(font_for(Role.STRONG))
        if plain.height() == self._measured_at:
            return
        self._measured_at = plain.height()
        numbers = {line.row.number for line in self._grid.lines if line.row}
        widest = max((strong.horizontalAdvance(number) for number in numbers), default=0)
        self._number_width = widest + SMALL if widest else 0
        words = {
            word
            for line in range(len(self._grid.lines))
            for text in (str(self._grid.headerData(line, Qt.Orientation.Vertical)), self._grid.second_line(line).text)
            for word in text.split()
        }
        self._longest_word = max((plain.horizontalAdvance(word) for word in words), default=0)

    def limit(self, width: int) -> None:
        """Leave most of the table's width to the answers, but break no ordinary word."""
        self._measure()
        needed = self._longest_word + self.number_width() + 2 * MEDIUM + 4
        self.setMaximumWidth(max(120, round(width * 0.32), min(needed, round(width * 0.5))))

    def texts(self, line: int) -> LineTexts:
        """Return what the label of a line says."""
        row, second = self._grid.lines[line].row, self._grid.second_line(line)
        if row is None:
            return LineTexts("", self._grid.lines[line].heading, second)
        reason = self._grid.row_reason(row.id)
        said = self._wording.texts.gettext("Not applicable: {reason}").format(reason=reason) if reason else ""
        offered = self._grid.offer_in_words(Address(self._grid.question.id, row.id))
        return LineTexts(row.number, self._wording.row(self._grid.question, row), second, said, offered)

    def _paragraphs(self, line: int, shades: Colours) -> list[_Paragraph]:
        said = self.texts(line)
        is_heading = self._grid.lines[line].row is None
        caption, direction = font_for(Role.CAPTION), self.layoutDirection()
        ink = shades.muted if said.reason else shades.text
        found = [_Paragraph(said.label, font_for(Role.STRONG if is_heading else Role.BODY), ink, direction)]
        if said.second.text:
            found.append(_Paragraph(said.second.text, caption, shades.muted, said.second.direction))
        if said.reason:
            found.append(_Paragraph(said.reason, caption, shades.muted, direction))
        if said.offered:
            slanted = QFont(caption)
            slanted.setItalic(True)
            found.append(_Paragraph(said.offered, slanted, shades.muted, direction))
        return found

    def line_height(self, line: int) -> int:
        """Return the height in pixels the label of a line needs."""
        is_heading = self._grid.lines[line].row is None
        width = self.width() - 2 * MEDIUM - (0 if is_heading else self.number_width())
        return sum(paragraph.height(width) for paragraph in self._paragraphs(line, colours())) + 2 * _PAD

    def paintSection(self, painter: QPainter, area: QRect, line: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        row = self._grid.lines[line].row
        painter.save()
        _paint_ground(painter, self, area, shades.raised if row else shades.accent_tint)
        inner = area.adjusted(MEDIUM, _PAD, -MEDIUM, -_PAD)
        if row is not None and row.number:
            inner = self._paint_number(painter, inner, row.number, shades)
        _paint_paragraphs(painter, inner, self._paragraphs(line, shades))
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
        return QSize(self.fontMetrics().averageCharWidth() * 36 + 2 * MEDIUM, 0)


class ColumnLabels(QHeaderView):
    """The column header: wrapped labels."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid = model
        self.setHighlightSections(False)
        self.setMinimumSectionSize(_LEAST_WIDTH)

    def _paragraphs(self, place: int, shades: Colours) -> list[_Paragraph]:
        label = str(self._grid.headerData(place, Qt.Orientation.Horizontal) or "")
        second = self._grid.second_column(place)
        found = [_Paragraph(label, font_for(Role.STRONG), shades.text, self.layoutDirection())]
        if second.text:
            found.append(_Paragraph(second.text, font_for(Role.CAPTION), shades.muted, second.direction))
        return found

    def sectionSizeFromContents(self, place: int) -> QSize:  # noqa: N802 - Qt's name
        width = self.sectionSize(place)
        high = sum(paragraph.height(width - 2 * SMALL) for paragraph in self._paragraphs(place, colours()))
        return QSize(width, high + 2 * _PAD)

    def paintSection(self, painter: QPainter, area: QRect, place: int) -> None:  # noqa: N802 - Qt's name
        painter.save()
        _paint_ground(painter, self, area, colours().raised)
        _paint_paragraphs(painter, area.adjusted(SMALL, 2, -SMALL, -2), self._paragraphs(place, colours()))
        painter.restore()
