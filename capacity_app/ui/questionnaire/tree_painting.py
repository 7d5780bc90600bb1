"""How a line of the section tree is painted: ring, number, text with what was found in it, and marks."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPalette, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from capacity_app.domain.search import Span
from capacity_app.texts import Texts
from capacity_app.ui.look.marks import Mark, paint_mark, paint_ring
from capacity_app.ui.look.painting import at_start, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, TARGET, TIGHT, Role, font_for, is_font_change
from capacity_app.ui.questionnaire.filters import EMPTY_WORDS, Filter
from capacity_app.ui.questionnaire.tree_nodes import NODE_ROLE, Node, NodeKind, TreeModel
from capacity_app.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex


_LEAST_INDENT = 16


def places_words(places: int, most: int, texts: Texts) -> str:
    """Return how many places were found, and that only the first ``most`` are listed."""
    said = texts.ngettext("{count} place", "{count} places", places).format(count=texts.number(places))
    if places <= most:
        return said
    pattern = texts.gettext("{places}; the first {shown} are shown: type more letters")
    return pattern.format(places=said, shown=texts.number(most))


def empty_words(chosen: Filter, named: str, typed: str, wording: Wording, respondent: str) -> str:
    """Return why the tree is empty and what to do; ``named`` is the filter in words, ``typed`` what is searched."""
    texts = wording.texts
    if not typed:
        return texts.gettext(EMPTY_WORDS[chosen]).format(agency=wording.agency(respondent))
    said = texts.gettext(
        "Nothing contains “{words}”. Try fewer letters or another word; capitals and accents do not matter."
    ).format(words=" ".join(typed.split()))
    if chosen is Filter.ALL:
        return said
    narrowed = texts.gettext("Only these questions were searched: {filter}.").format(filter=named)
    return f"{said} {narrowed}"


class TreeLines(QTreeView):
    """The lines; Enter goes where the line says."""

    entered_line = Signal(QModelIndex)

    def __init__(self, model: TreeModel, name: str) -> None:
        super().__init__()
        self.setObjectName("sections")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(LinePainter(self))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._indent()

    def _indent(self) -> None:
        self.setIndentation(max(_LEAST_INDENT, round(self.fontMetrics().height() * 0.85)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_line.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._indent()
            self.doItemsLayout()


def draw_marked(
    painter: QPainter, room: QRect, text: str, spans: Sequence[Span], direction: Qt.LayoutDirection
) -> None:
    """Draw one line of text, shortened to fit, with some stretches of it underlined on a ground of their own."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    if not spans:
        painter.drawText(room, at_start(direction), shown)
        return
    marked = QTextCharFormat()
    marked.setBackground(QColor(colours().warning_tint))
    marked.setFontUnderline(True)
    kept = len(shown) if shown == text else len(shown) - 1
    layout = QTextLayout(shown, painter.font())
    option = QTextOption(Qt.AlignmentFlag(at_start(direction)))
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setFormats([_stretch(start, min(end, kept), marked) for start, end in _units(text, spans) if start < kept])
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(room.width())
    layout.endLayout()
    layout.draw(painter, QPointF(room.x(), room.y() + (room.height() - line.height()) / 2))


def _stretch(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    stretch = QTextLayout.FormatRange()
    stretch.start, stretch.length, stretch.format = start, end - start, look
    return stretch


def _units(text: str, spans: Sequence[Span]) -> list[Span]:
    """Count as Qt does: a letter beyond the first 65,536 takes two places."""
    if text.isascii():
        return list(spans)
    return [tuple(len(text[:place].encode("utf-16-le")) // 2 for place in span) for span in spans]  # type: ignore[misc]


class LinePainter(QStyledItemDelegate):
    """Paints ring, number, text and the sign for answers that differ."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        node: Node = index.data(NODE_ROLE)
        role = Role.STRONG if node.kind is NodeKind.SECTION else Role.BODY
        line = QFontMetrics(font_for(role)).height()
        if node.kind is NodeKind.HIT:
            return QSize(120, 2 * line + 8)
        return QSize(120, max(TARGET, line + (14 if node.kind is NodeKind.SECTION else 10)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node: Node = index.data(NODE_ROLE)
        shades = colours()
        painter.save()
        self._paint_ground(painter, option)
        area = option.rect.adjusted(TIGHT, 0, -TIGHT, 0)
        font = font_for(Role.STRONG if node.kind is NodeKind.SECTION else Role.BODY)
        metrics = QFontMetrics(font)
        size = max(14, round(metrics.height() * 0.8))
        top = area.y() + (area.height() - size) // 2
        x = area.x()
        if node.kind is NodeKind.HIT:
            self._paint_hit(painter, option, area, node)
            painter.restore()
            return
        self._paint_standing(painter, QRectF(self._mirrored(option, QRect(x, top, size, size))), node)
        x += size + SMALL
        end = area.right()
        for mark in reversed(node.marks):
            end -= size + TIGHT
            paint_mark(painter, QRectF(self._mirrored(option, QRect(end + TIGHT, top, size, size))), mark)
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = at_start(option.direction)
        number = node.number
        if number:
            wide = metrics.horizontalAdvance(number) + SMALL
            painter.setPen(QColor(shades.muted if node.is_hidden else shades.accent))
            painter.drawText(self._mirrored(option, QRect(x, area.y(), wide, area.height())), flags, number)
            x += wide
        painter.setPen(QColor(shades.muted if node.is_hidden else shades.text))
        room = self._mirrored(option, QRect(x, area.y(), max(0, end - x), area.height()))
        draw_marked(painter, room, node.text, node.spans, option.direction)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, option: QStyleOptionViewItem, area: QRect, node: Node) -> None:
        """Paint the place over what was found there."""
        shades = colours()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = at_start(option.direction)
        half = area.height() // 2
        font = font_for(Role.CAPTION)
        painter.setFont(font)
        painter.setPen(QColor(shades.muted))
        place = QFontMetrics(font).elidedText(node.number, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.x(), area.y(), area.width(), half), flags, place)
        painter.setFont(font_for(Role.BODY))
        painter.setPen(QColor(shades.text))
        room = QRect(area.x(), area.y() + half - 1, area.width(), half)
        draw_marked(painter, room, node.text, node.spans, option.direction)

    @staticmethod
    def _mirrored(option: QStyleOptionViewItem, part: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, part)

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
        shades, area = colours(), option.rect.adjusted(0, 1, 0, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            rounded(painter, QRectF(area), fill=shades.accent_tint, corner=5)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, QRectF(area), fill=shades.hover, corner=5)
        if option.state & QStyle.StateFlag.State_HasFocus:
            paint_focus(painter, area)

    @staticmethod
    def _paint_standing(painter: QPainter, box: QRectF, node: Node) -> None:
        if node.is_hidden:
            paint_mark(painter, box, Mark.HIDDEN)
        elif node.is_out:
            paint_mark(painter, box, Mark.NOT_APPLICABLE)
        else:
            paint_ring(painter, box, node.done.share)
