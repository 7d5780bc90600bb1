"""The section tree as plain nodes with its Qt model: sections, questions and, while searching, the places found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from capacity_app.domain.answers import Address, State
from capacity_app.domain.completeness import Completeness
from capacity_app.domain.instrument import Question
from capacity_app.domain.search import WHERE_WORDS, Passage, Span, Where, snippet
from capacity_app.domain.sheet import Block, Sheet
from capacity_app.ui.bridge import Progress
from capacity_app.ui.look.marks import MARK_WORDS, Mark
from capacity_app.ui.questionnaire.filters import marks_of
from capacity_app.ui.questionnaire.grid_model import plain_tip
from capacity_app.ui.wording import Wording

Find = Callable[[Question], list[Passage] | None]
"""Gives what was found in a question, None if the question is not shown at all."""


_BEFORE = 14
"""How many letters stand before what was found: the tree is narrow."""


class NodeKind(StrEnum):
    """What a node stands for."""

    SECTION = "section"
    QUESTION = "question"
    HIT = "hit"


@dataclass(eq=False)
class Node:
    """One line of the tree; ``done`` counts places asked, ``spans`` are the stretches of the text that were found.

    ``is_found`` tells that the words searched for stand in the question's own wording.
    """

    kind: NodeKind
    address: Address
    number: str
    text: str
    done: Completeness = field(default_factory=Completeness)
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    is_hidden: bool = False
    is_out: bool = False
    is_found: bool = False
    parent: "Node | None" = None
    row: int = 0
    children: list["Node"] = field(default_factory=list)

    def add(self, child: "Node") -> None:
        """Put a node under this one."""
        child.parent, child.row = self, len(self.children)
        self.children.append(child)


def question_node(question: Question, block: Block, wording: Wording, done: Completeness) -> Node:
    """Make the node of a question, of whose places ``done`` have been asked."""
    node = Node(NodeKind.QUESTION, Address(question.id), question.number, wording.question(question))
    update(node, block, done)
    return node


def update(node: Node, block: Block, done: Completeness) -> None:
    """Let a question's node say how it stands now."""
    node.done = done
    node.is_hidden = block.is_hidden
    node.is_out = block.whole.state is State.NOT_APPLICABLE
    node.marks = () if block.is_hidden else marks_of(block)


def sum_up(root: Node, done: Completeness) -> None:
    """Let a section's node say how its questions stand now."""
    root.done = done
    marks = {mark for node in root.children for mark in node.marks}
    root.marks = tuple(mark for mark in Mark if mark in marks)


def _hit(passage: Passage, wording: Wording, words: Sequence[str]) -> Node:
    """Make the node of a place found: which part of what, and the words around it."""
    cut = snippet(passage.text, words, _BEFORE)
    said = [wording.place(passage.address), wording.texts.gettext(WHERE_WORDS[passage.where])]
    if passage.key is not None:
        said.append(wording.respondent(passage.key.layer, passage.key.respondent))
    return Node(NodeKind.HIT, passage.address, " · ".join(said), cut.text, spans=cut.spans)


def add_hits(node: Node, found: Sequence[Passage], wording: Wording, words: Sequence[str]) -> None:
    """Show in a question's node what was found: in its own wording there, everything else under it."""
    own = f"{node.number} {node.text}"
    for passage in found:
        if passage.where is Where.QUESTION and passage.text == own:
            cut = snippet(node.text, words, _BEFORE)
            node.text, node.spans, node.is_found = cut.text, cut.spans, True
        else:
            node.add(_hit(passage, wording, words))


def build(
    sheet: Sheet, wording: Wording, progress: Progress, find: Find, words: Sequence[str], most: int
) -> tuple[list[Node], int]:
    """Build the tree of sections with the questions that are kept, each with at most ``most`` places found in all.

    Gives the sections and how many places there are, shown or not.
    """
    roots: list[Node] = []
    count = 0
    for section in sheet.instrument.sections:
        root = Node(NodeKind.SECTION, Address(section.id), section.number, wording.section(section))
        for question in section.questions:
            found = find(question)
            if found is not None and (not words or count < most):
                block = sheet.blocks[question.id]
                node = question_node(question, block, wording, progress.of_question(question.id))
                add_hits(node, found[: most - count] if words else (), wording, words)
                root.add(node)
            count += len(found or ())
        sum_up(root, progress.of_section(section))
        if root.children:
            root.row = len(roots)
            roots.append(root)
    return roots, count


def stops(roots: Sequence[Node]) -> Iterator[Node]:
    """Go through the places found, in their order."""
    for root in roots:
        for node in root.children:
            if node.is_found or not node.children:
                yield node
            yield from node.children


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
        """Return the index of a child."""
        above = self.node(parent)
        siblings = above.children if above else self.roots
        if column != 0 or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, 0, siblings[row])

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        """Return the index of the node above."""
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
