"""The section tree as a thin Qt model over plain nodes."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from capacity_app.domain.answers import Address
from capacity_app.ui.look.marks import MARK_WORDS, Mark
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
        self._by_question: dict[str, Node] = {}

    def set_roots(self, roots: list[Node]) -> None:
        self.beginResetModel()
        self.roots = roots
        self._by_question = {node.address.question: node for root in roots for node in root.children}
        self.endResetModel()

    def node(self, index: Index) -> Node | None:
        return index.internalPointer() if index.isValid() else None

    def index_of(self, node: Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node)

    def find(self, address: Address) -> Node | None:
        return self._by_question.get(address.question)

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
        node = self.node(parent)
        return len(node.children) if node else len(self.roots)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
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
        said += [texts.gettext(MARK_WORDS[mark]) for mark in node.marks]
        return " · ".join(said)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
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
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def touch(self, node: Node) -> None:
        """Repaint a node and its section."""
        for shown in (node, node.parent):
            if shown is not None:
                index = self.index_of(shown)
                self.dataChanged.emit(index, index)
