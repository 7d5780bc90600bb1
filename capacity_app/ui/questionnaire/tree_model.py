"""The section tree as a thin Qt model over plain nodes, and how a line of it is painted."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from capacity_app.domain.answers import Address
from capacity_app.ui.look.marks import MARK_WORDS, Mark, paint_mark, paint_ring
from capacity_app.ui.look.painting import at_start, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, TARGET, TIGHT, Role, font_for
from capacity_app.ui.questionnaire.grid_model import plain_tip
from capacity_app.ui.questionnaire.tree_nodes import Node, NodeKind
from capacity_app.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex
NODE_ROLE = Qt.ItemDataRole.UserRole


class TreeModel(QAbstractItemModel):
    """Shows nodes; holds no logic of its own."""

    def __init__(self, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self.roots: list[Node] = []

    def set_roots(self, roots: list[Node]) -> None:
        """Show other nodes."""
        self.beginResetModel()
        self.roots = roots
        self.endResetModel()

    def node(self, index: Index) -> Node | None:
        """Give the node of an index."""
        return index.internalPointer() if index.isValid() else None

    def index_of(self, node: Node) -> QModelIndex:
        """Give the index of a node."""
        row = self.roots.index(node) if node.parent is None else node.row
        return self.createIndex(row, 0, node)

    def find(self, address: Address) -> Node | None:
        """Find the node of a question."""
        nodes = (node for root in self.roots for node in root.children)
        return next((node for node in nodes if node.address.question == address.question), None)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's signature
        """Give the index of a child."""
        above = self.node(parent)
        siblings = above.children if above else self.roots
        if column != 0 or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, 0, siblings[row])

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        """Give the index of the node above."""
        node = self.node(child)
        if node is None or node.parent is None:
            return QModelIndex()
        return self.index_of(node.parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count children."""
        node = self.node(parent)
        return len(node.children) if node else len(self.roots)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """There is one column."""
        return 1

    def _spoken(self, node: Node) -> str:
        texts = self._wording.texts
        said = [f"{node.number} {node.text}"]
        if node.kind is NodeKind.HIT:
            return said[0]
        if node.is_hidden:
            said.append(texts.gettext(MARK_WORDS[Mark.HIDDEN]))
        elif node.is_out:
            said.append(texts.gettext(MARK_WORDS[Mark.NOT_APPLICABLE]))
        else:
            pattern = texts.gettext("{asked} of {wanted} asked")
            said.append(pattern.format(asked=texts.number(node.done.asked), wanted=texts.number(node.done.wanted)))
        if node.done.conflicts:
            said.append(texts.gettext(MARK_WORDS[Mark.CONFLICT]))
        return " · ".join(said)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Give text, tool tip or the node itself."""
        node = self.node(index)
        if node is None:
            return None
        if role == NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{node.number} {node.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._spoken(node).replace(" · ", "\n"))
        return self._spoken(node) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be gone to."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def touch(self, node: Node) -> None:
        """Repaint a node and its section."""
        for shown in (node, node.parent):
            if shown is not None:
                index = self.index_of(shown)
                self.dataChanged.emit(index, index)


class LinePainter(QStyledItemDelegate):
    """Paints ring, number, text and the sign for answers that differ."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough to be hit, higher for sections."""
        node: Node = index.data(NODE_ROLE)
        role = Role.STRONG if node.kind is NodeKind.SECTION else Role.BODY
        line = QFontMetrics(font_for(role)).height()
        if node.kind is NodeKind.HIT:
            return QSize(120, 2 * line + 8)
        return QSize(120, max(TARGET, line + (14 if node.kind is NodeKind.SECTION else 10)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
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
        if node.done.conflicts:
            end -= size + TIGHT
            paint_mark(painter, QRectF(self._mirrored(option, QRect(end + TIGHT, top, size, size))), Mark.CONFLICT)
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
        room = max(0, end - x)
        text = metrics.elidedText(node.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(self._mirrored(option, QRect(x, area.y(), room, area.height())), flags, text)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, option: QStyleOptionViewItem, area: QRect, node: Node) -> None:
        """Paint the place over what was found there."""
        shades = colours()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = at_start(option.direction)
        half = area.height() // 2
        parts = ((Role.CAPTION, shades.muted, node.number, 0), (Role.BODY, shades.text, node.text, half - 1))
        for role, ink, text, down in parts:
            font = font_for(role)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(QRect(area.x(), area.y() + down, area.width(), half), flags, shown)

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
