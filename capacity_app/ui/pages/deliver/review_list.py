"""Review: everything open or weak in one folding list, counted by kind and part, with links to its places."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
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

from capacity_app.domain.assessment.findings import (
    FINDING_KIND_LABELS,
    Finding,
    FindingKind,
    group_by_kind,
    group_by_section,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.answer_sheet import AnswerSheet
from capacity_app.i18n.translator import Translator, break_thai
from capacity_app.services.result_tables import count_untranslated, weak_points
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TARGET, TIGHT, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import has_state, leading_alignment, paint_focus, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.lists_and_tables import NodesModel

# The list of weak points: groups that fold, each with its count, and lines that lead to their place.


_NOTHING = N_("Nothing to review. All questions are answered, and every serious gap has an action.")
FindingIndex = QModelIndex | QPersistentModelIndex
FINDING_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_PARENT = QModelIndex()
_WRAP = int(Qt.TextFlag.TextWordWrap)
_MOST_MEASURED = 400
"""More open lines are scrolled line by line, so that only those in view are measured."""


MOST_UNFOLDED = 12
"""So many lines of one kind are shown at once; more are folded up by part."""


@dataclass(eq=False)
class FindingNode:
    """A group with its lines, or one line (a ``finding``). ``count`` is how many lines it holds."""

    key: str
    title: str
    detail: str = ""
    finding: Finding | None = None
    count: int = 0
    parent: "FindingNode | None" = None
    row: int = 0
    children: list["FindingNode"] = field(default_factory=list)

    @property
    def is_open_at_first(self) -> bool:
        """Return whether a group shows what it holds before anybody has folded or unfolded it."""
        return self.count <= MOST_UNFOLDED or any(child.children for child in self.children)

    def lines(self) -> Iterator["FindingNode"]:
        if self.finding is not None:
            yield self
        for child in self.children:
            yield from child.lines()


def _finding_node(formatter: EntryFormatter, finding: Finding) -> FindingNode:
    sentence = formatter.wording.problem(finding.problem)
    if finding.address is not None:
        return FindingNode(finding.key, formatter.wording.title_at(finding.address), sentence, finding, 1)
    advice = formatter.texts.gettext(finding.problem.advice) if finding.problem.advice else ""
    return FindingNode(finding.key, sentence.removesuffix(advice).strip(), advice, finding, 1)


def _with_children(parent: FindingNode, children: Sequence[FindingNode]) -> FindingNode:
    parent.children = list(children)
    for row, child in enumerate(parent.children):
        child.parent, child.row = parent, row
    parent.count = sum(child.count for child in children)
    return parent


def _kind_node(
    formatter: EntryFormatter, sheet: AnswerSheet, kind: FindingKind, findings: Sequence[Finding]
) -> FindingNode:
    group = FindingNode(kind.value, formatter.texts.gettext(FINDING_KIND_LABELS[kind]))
    parts = group_by_section(findings, sheet)
    if len(findings) <= MOST_UNFOLDED or len(parts) == 1:
        return _with_children(group, [_finding_node(formatter, finding) for finding in findings])
    titles = {section.id: section_title(formatter, section.id) for section in sheet.instrument.sections}
    return _with_children(
        group,
        [
            _with_children(
                FindingNode(f"{kind.value}|{section}", titles.get(section, formatter.texts.gettext("Elsewhere"))),
                [_finding_node(formatter, finding) for finding in found],
            )
            for section, found in parts.items()
        ],
    )


def section_title(formatter: EntryFormatter, section_id: str) -> str:
    section = next(section for section in formatter.instrument.sections if section.id == section_id)
    return formatter.texts.numbered(section.number, formatter.wording.section(section))


def finding_nodes(formatter: EntryFormatter, sheet: AnswerSheet, findings: Iterable[Finding]) -> list[FindingNode]:
    roots = [_kind_node(formatter, sheet, kind, found) for kind, found in group_by_kind(findings).items()]
    for row, root in enumerate(roots):
        root.row = row
    return roots


class FindingTreeModel(NodesModel[FindingNode]):
    """Findings under their kinds and parts."""

    def __init__(self, texts: Translator, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts

    def data(self, index: FindingIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index)
        if node is None:
            return None
        if role == FINDING_ROLE:
            return node
        if role == Qt.ItemDataRole.DisplayRole:
            return node.title
        return self._spoken(node) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _spoken(self, node: FindingNode) -> str:
        if node.finding is None:
            return f"{node.title}: {self._texts.number(node.count)}"
        return ". ".join(part.rstrip(".") for part in (node.title, node.detail) if part)


class FindingDelegate(QStyledItemDelegate):
    """Measures and paints groups and lines."""

    def __init__(self, texts: Translator, parent: "FindingTree") -> None:
        super().__init__(parent)
        self._texts, self._tree = texts, parent

    def _title_role(self, node: FindingNode) -> TextRole:
        if node.finding is not None:
            return TextRole.BODY
        return TextRole.QUESTION if node.parent is None else TextRole.STRONG

    def _room(self, node: FindingNode) -> int:
        """Return the width texts wrap at, which depends on the depth and not on what is measured when."""
        depth = 1 + (node.parent is not None) + (node.parent is not None and node.parent.parent is not None)
        indent = depth * self._tree.indentation()
        return max(self._tree.text_width() - indent - 2 * MEDIUM - self._count_width(node), 80)

    def _count_width(self, node: FindingNode) -> int:
        if node.finding is not None:
            return 0
        return QFontMetrics(font_for(TextRole.STRONG)).horizontalAdvance(self._texts.number(node.count)) + MEDIUM

    def _heights(self, node: FindingNode) -> tuple[int, int]:
        room = QRect(0, 0, self._room(node), 100_000)
        high = QFontMetrics(font_for(self._title_role(node))).boundingRect(room, _WRAP, break_thai(node.title)).height()
        caption = QFontMetrics(font_for(TextRole.CAPTION))
        return high, caption.boundingRect(room, _WRAP, break_thai(node.detail)).height() if node.detail else 0

    def sizeHint(self, _option: QStyleOptionViewItem, index: FindingIndex) -> QSize:
        node: FindingNode = index.data(FINDING_ROLE)
        high, low = self._heights(node)
        space = 2 * SMALL if node.finding is None else SMALL + TIGHT
        return QSize(self._room(node), max(TARGET, high + low + space))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: FindingIndex) -> None:
        node: FindingNode = index.data(FINDING_ROLE)
        shades, area = colours(), option.rect.adjusted(2, 1, -2, -1)
        if has_state(option, QStyle.StateFlag.State_Selected):
            paint_rounded(painter, QRectF(area), fill=shades.accent_tint)
        elif has_state(option, QStyle.StateFlag.State_MouseOver):
            paint_rounded(painter, QRectF(area), fill=shades.hover)
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._paint_texts(painter, option, node)
        painter.restore()
        if has_state(option, QStyle.StateFlag.State_HasFocus) and self._tree.hasFocus():
            paint_focus(painter, area)

    def _paint_texts(self, painter: QPainter, option: QStyleOptionViewItem, node: FindingNode) -> None:
        shades, rect = colours(), option.rect
        high, low = self._heights(node)
        top = rect.y() + (rect.height() - high - low) // 2
        flags = leading_alignment(option.direction, is_wrapped=True, is_top=True)

        def placed(x: int, y: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(option.direction, rect, QRect(rect.x() + x, y, width, height))

        painter.setFont(font_for(self._title_role(node)))
        painter.setPen(QColor(shades.text))
        painter.drawText(placed(MEDIUM, top, self._room(node), high), flags, break_thai(node.title))
        painter.setFont(font_for(TextRole.CAPTION))
        painter.setPen(QColor(shades.muted))
        painter.drawText(placed(MEDIUM, top + high, self._room(node), low), flags, break_thai(node.detail))
        if node.finding is None:
            self._paint_count(
                painter, placed(rect.width() - self._count_width(node), top, self._count_width(node), high), node
            )

    def _paint_count(self, painter: QPainter, place: QRect, node: FindingNode) -> None:
        painter.setFont(font_for(TextRole.STRONG))
        painter.setPen(QColor(colours().accent))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._texts.number(node.count))


class FindingTree(QTreeView):
    """The weak points. ``opened`` carries the ``Finding`` of a line clicked or entered."""

    opened = Signal(object)

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nodes = FindingTreeModel(texts, self)
        self.setModel(self.nodes)
        self.setItemDelegate(FindingDelegate(texts, self))
        with_name(self, "review", texts.gettext("Points to review"))
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

    def show_nodes(self, roots: list[FindingNode]) -> None:
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
        # A list that scrolled under the mouse would take the click for another line.
        is_by_mouse = event.reason() is Qt.FocusReason.MouseFocusReason
        if not is_by_mouse and not self.currentIndex().isValid() and self.nodes.roots:
            self.setCurrentIndex(self.nodes.index(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "nodes"):
            self.scheduleDelayedItemsLayout()


_ELSEWHERE = "|"
"""Stands for findings of no part: those of registers, actions and the mission."""


class ReviewList(Card):
    """The points to review, of all parts or of one; refreshed with the page it is on, folded or not.

    ``navigate`` carries the address of a point, ``entry_wanted`` the id of an entry; ``counted`` tells that they were
    counted.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    counted = Signal()

    def __init__(self, controller: SessionController, texts: Translator, page: QWidget) -> None:
        super().__init__(margin=SMALL, name="review_list")
        self._controller, self._texts = controller, texts
        self._formatter = EntryFormatter(texts, controller.session)
        self._findings: tuple[Finding, ...] = ()
        self._missing: tuple[str, Mapping[str, int]] = ("", {})
        self._fresh = RefreshOnShow(page, controller, self._show)
        self.section = with_name(ComboBox(), "review_section", texts.gettext("Part of the questionnaire"))
        self.section.setMinimumContentsLength(10)
        self.section.currentIndexChanged.connect(lambda _index: self._show_wanted())
        self.tree = FindingTree(texts)
        self.tree.opened.connect(self._go)
        self._nothing = with_name(Label(texts.gettext(_NOTHING), is_muted=True), "review_nothing")
        lay_out(self.body, self.section, self._nothing, (self.tree, 1))
        self.setFocusProxy(self.tree)

    @property
    def count(self) -> int:
        return len(self._findings)

    @property
    def counts(self) -> Counter[FindingKind]:
        return Counter(finding.kind for finding in self._findings)

    def _show(self) -> None:
        session = self._controller.session
        language = session.mission.language
        if self._missing[0] != language:
            # The wording does not change while the window is open: it is gone through once.
            self._missing = (language, count_untranslated(session.instrument, language))
        self._findings = weak_points(session, self._missing[1])
        self._fill_sections()
        self._show_wanted()
        self._nothing.setVisible(not self._findings)
        for widget in (self.section, self.tree):
            widget.setVisible(bool(self._findings))
        self.counted.emit()

    def _fill_sections(self) -> None:
        say, number = self._texts.gettext, self._texts.number
        counts = Counter(finding.section or _ELSEWHERE for finding in self._findings)
        parts = [(s.id, section_title(self._formatter, s.id)) for s in self._formatter.instrument.sections]
        named = [*parts, (_ELSEWHERE, say("Plan, registers and mission"))]
        self.section.fill(
            (("", say("All parts")), *((key, f"{name} ({number(counts[key])})") for key, name in named if counts[key]))
        )

    def _show_wanted(self) -> None:
        section = self.section.currentData()
        wanted = (one for one in self._findings if section in {"", None, one.section or _ELSEWHERE})
        self.tree.show_nodes(finding_nodes(self._formatter, self._controller.session.sheet, wanted))

    def _go(self, finding: Finding) -> None:
        if finding.address is not None:
            self.navigate.emit(finding.address)
        elif finding.entry:
            self.entry_wanted.emit(finding.entry)
