"""The list of weak points: groups that fold, each with its count, and lines that lead to their place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from capacity_app.domain.answers import Address
from capacity_app.domain.findings import KIND_WORDS, Finding, FindingKind, by_kind, by_section
from capacity_app.domain.sheet import Sheet
from capacity_app.texts import Texts
from capacity_app.ui.look.painting import at_start, has, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, TARGET, TIGHT, Role, font_for, is_font_change
from capacity_app.ui.registers.entry_words import Vocabulary

Index = QModelIndex | QPersistentModelIndex
NODE_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_PARENT = QModelIndex()
_WRAP = int(Qt.TextFlag.TextWordWrap)
_MOST_MEASURED = 400
"""More open lines are scrolled line by line, so that only those in view are measured."""


MANY = 12
"""So many lines of one kind are shown at once; more are folded up by part."""


@dataclass(eq=False)
class Node:
    """A group with its lines, or one line (a ``finding``). ``count`` is how many lines it holds."""

    key: str
    title: str
    detail: str = ""
    finding: Finding | None = None
    count: int = 0
    parent: "Node | None" = None
    row: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def is_open_at_first(self) -> bool:
        """Return whether a group shows what it holds before anybody has folded or unfolded it."""
        return self.count <= MANY or any(child.children for child in self.children)

    def lines(self) -> Iterator["Node"]:
        """Go through all lines below, in order."""
        if self.finding is not None:
            yield self
        for child in self.children:
            yield from child.lines()


def place_text(words: Vocabulary, address: Address) -> str:
    """Name a place by its printed number and the wording of its question or row."""
    question = words.instrument.question_by_id.get(address.question)
    if question is None:
        return str(address)
    row = question.row_by_id.get(address.row)
    wording = words.wording.row(question, row) if row else words.wording.question(question)
    return f"{words.wording.place(address)}  {wording}"


def _line(words: Vocabulary, finding: Finding) -> Node:
    say = words.texts.gettext
    sentence = words.wording.problem(finding.problem)
    if finding.address is not None:
        return Node(finding.key, place_text(words, finding.address), sentence, finding, 1)
    advice = say(finding.problem.advice) if finding.problem.advice else ""
    return Node(finding.key, sentence.removesuffix(advice).strip(), advice, finding, 1)


def _adopted(parent: Node, children: Sequence[Node]) -> Node:
    parent.children = list(children)
    for row, child in enumerate(parent.children):
        child.parent, child.row = parent, row
    parent.count = sum(child.count for child in children)
    return parent


def _of_kind(words: Vocabulary, sheet: Sheet, kind: FindingKind, findings: Sequence[Finding]) -> Node:
    group = Node(kind.value, words.texts.gettext(KIND_WORDS[kind]))
    parts = by_section(findings, sheet)
    if len(findings) <= MANY or len(parts) == 1:
        return _adopted(group, [_line(words, finding) for finding in findings])
    titles = {section.id: section_title(words, section.id) for section in sheet.instrument.sections}
    return _adopted(
        group,
        [
            _adopted(
                Node(f"{kind.value}|{section}", titles.get(section, words.texts.gettext("Elsewhere"))),
                [_line(words, finding) for finding in found],
            )
            for section, found in parts.items()
        ],
    )


def section_title(words: Vocabulary, section_id: str) -> str:
    """Name a part by its printed number and title."""
    section = next(section for section in words.instrument.sections if section.id == section_id)
    return f"{section.number}  {words.wording.section(section)}".strip()


def build(words: Vocabulary, sheet: Sheet, findings: Iterable[Finding]) -> list[Node]:
    """Build the groups with their lines, in the order of the kinds."""
    roots = [_of_kind(words, sheet, kind, found) for kind, found in by_kind(findings).items()]
    for row, root in enumerate(roots):
        root.row = row
    return roots


class CheckModel(QAbstractItemModel):
    """Shows nodes; holds no logic of its own."""

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts
        self.roots: list[Node] = []

    def show_nodes(self, roots: list[Node]) -> None:
        self.beginResetModel()
        self.roots = roots
        self.endResetModel()

    def node(self, index: Index) -> Node | None:
        return index.internalPointer() if index.isValid() else None

    def index_of(self, node: Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node)

    def index(self, row: int, column: int, parent: Index = _NO_PARENT) -> QModelIndex:
        """Return the index of a child."""
        above = self.node(parent)
        siblings = above.children if above else self.roots
        if column != 0 or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, 0, siblings[row])

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        """Return the index of the group around a node."""
        node = self.node(child)
        return self.index_of(node.parent) if node is not None and node.parent is not None else QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        node = self.node(parent)
        return len(node.children) if node else len(self.roots)

    def columnCount(self, _parent: Index = _NO_PARENT) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index)
        if node is None:
            return None
        if role == NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.DisplayRole:
            return node.title
        return self._spoken(node) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _spoken(self, node: Node) -> str:
        if node.finding is None:
            return f"{node.title}: {self._texts.number(node.count)}"
        return ". ".join(part.rstrip(".") for part in (node.title, node.detail) if part)


class CheckPainter(QStyledItemDelegate):
    """Measures and paints groups and lines."""

    def __init__(self, texts: Texts, parent: "CheckTree") -> None:
        super().__init__(parent)
        self._texts, self._tree = texts, parent

    def _title_role(self, node: Node) -> Role:
        if node.finding is not None:
            return Role.BODY
        return Role.QUESTION if node.parent is None else Role.STRONG

    def _room(self, node: Node) -> int:
        """Return the width texts wrap at, which depends on the depth and not on what is measured when."""
        depth = 1 + (node.parent is not None) + (node.parent is not None and node.parent.parent is not None)
        indent = depth * self._tree.indentation()
        return max(self._tree.text_width() - indent - 2 * MEDIUM - self._count_width(node), 80)

    def _count_width(self, node: Node) -> int:
        if node.finding is not None:
            return 0
        return QFontMetrics(font_for(Role.STRONG)).horizontalAdvance(self._texts.number(node.count)) + MEDIUM

    def _heights(self, node: Node) -> tuple[int, int]:
        room = QRect(0, 0, self._room(node), 100_000)
        high = QFontMetrics(font_for(self._title_role(node))).boundingRect(room, _WRAP, node.title).height()
        caption = QFontMetrics(font_for(Role.CAPTION))
        return high, caption.boundingRect(room, _WRAP, node.detail).height() if node.detail else 0

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        node: Node = index.data(NODE_ROLE)
        high, low = self._heights(node)
        space = 2 * SMALL if node.finding is None else SMALL + TIGHT
        return QSize(self._room(node), max(TARGET, high + low + space))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node: Node = index.data(NODE_ROLE)
        shades, area = colours(), option.rect.adjusted(2, 1, -2, -1)
        if has(option, QStyle.StateFlag.State_Selected):
            rounded(painter, QRectF(area), fill=shades.accent_tint)
        elif has(option, QStyle.StateFlag.State_MouseOver):
            rounded(painter, QRectF(area), fill=shades.hover)
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._paint_texts(painter, option, node)
        painter.restore()
        if has(option, QStyle.StateFlag.State_HasFocus) and self._tree.hasFocus():
            paint_focus(painter, area)

    def _paint_texts(self, painter: QPainter, option: QStyleOptionViewItem, node: Node) -> None:
        shades, rect = colours(), option.rect
        high, low = self._heights(node)
        top = rect.y() + (rect.height() - high - low) // 2
        flags = at_start(option.direction, is_wrapped=True, is_top=True)

        def placed(x: int, y: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(option.direction, rect, QRect(rect.x() + x, y, width, height))

        painter.setFont(font_for(self._title_role(node)))
        painter.setPen(QColor(shades.text))
        painter.drawText(placed(MEDIUM, top, self._room(node), high), flags, node.title)
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.muted))
        painter.drawText(placed(MEDIUM, top + high, self._room(node), low), flags, node.detail)
        if node.finding is None:
            self._paint_count(
                painter, placed(rect.width() - self._count_width(node), top, self._count_width(node), high), node
            )

    def _paint_count(self, painter: QPainter, place: QRect, node: Node) -> None:
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(colours().accent))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._texts.number(node.count))


class CheckTree(QTreeView):
    """The weak points. ``opened`` carries the ``Finding`` of a line clicked or entered."""

    opened = Signal(object)

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nodes = CheckModel(texts, self)
        self.setModel(self.nodes)
        self.setItemDelegate(CheckPainter(texts, self))
        self.setObjectName("checks")
        self.setAccessibleName(texts.gettext("Points to look at"))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(18)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._folded: dict[str, bool] = {}
        self._order: list[str] = []
        self.expanded.connect(lambda index: self._remember(index, is_open=True))
        self.collapsed.connect(lambda index: self._remember(index, is_open=False))
        self.clicked.connect(self._go)

    def text_width(self) -> int:
        return self.viewport().width()

    def _remember(self, index: QModelIndex, *, is_open: bool) -> None:
        node = self.nodes.node(index)
        if node is not None:
            self._folded[node.key] = is_open

    def show_nodes(self, roots: list[Node]) -> None:
        """Show other lines; what was folded stays folded, and where the current line is gone the next one follows."""
        chosen, before = self.current_key, self._order
        folded = dict(self._folded)
        self._order = [line.key for root in roots for line in root.lines()]
        is_long = len(self._order) > _MOST_MEASURED
        mode = QAbstractItemView.ScrollMode
        self.setVerticalScrollMode(mode.ScrollPerItem if is_long else mode.ScrollPerPixel)
        self.nodes.show_nodes(roots)
        for node in [*roots, *(child for root in roots for child in root.children if child.children)]:
            self.setExpanded(self.nodes.index_of(node), folded.get(node.key, node.is_open_at_first))
        self._folded = folded
        if chosen:
            self.choose(self._next_left(chosen, before))

    def _next_left(self, chosen: str, before: list[str]) -> str:
        """Return the line one was at, or the next of those after and before it that is still there."""
        there = set(self._order)
        if chosen in there or chosen not in before:
            return chosen
        at = before.index(chosen)
        return next((key for key in (*before[at:], *reversed(before[:at])) if key in there), "")

    @property
    def current_key(self) -> str:
        """The key of the current node, empty if there is none."""
        node = self.nodes.node(self.currentIndex())
        return node.key if node is not None else ""

    def choose(self, key: str) -> None:
        """Make a line current and bring it into view."""
        for root in self.nodes.roots:
            found = next((node for node in (root, *root.children, *root.lines()) if node.key == key), None)
            if found is not None:
                index = self.nodes.index_of(found)
                self.setCurrentIndex(index)
                self.scrollTo(index)
                return

    def _go(self, index: QModelIndex) -> None:
        node = self.nodes.node(index)
        if node is None:
            return
        if node.finding is None:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.opened.emit(node.finding)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        node = self.nodes.node(self.currentIndex())
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter or (event.key() == Qt.Key.Key_Space and node is not None and node.finding is None):
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.nodes.roots:
            self.setCurrentIndex(self.nodes.index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "nodes"):
            self.scheduleDelayedItemsLayout()
