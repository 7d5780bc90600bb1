"""The tree beside the questions: where one is and what is open; how its lines are painted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.domain.scoring.answer_sheet import sum_counts
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.pages.answer.tree_model import (
    EMPTY_LABELS,
    NODE_ROLE,
    FilterBox,
    FilteredQuestions,
    QuestionFilter,
    TreeModel,
    TreeNode,
    TreeNodeKind,
    build_tree,
    update_node,
    update_section_node,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter, format_progress, progress_advice
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TARGET, TIGHT, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import (
    AnswerMark,
    leading_alignment,
    paint_focus,
    paint_mark,
    paint_ring,
    paint_rounded,
)
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import give_viewport, lay_out, with_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capacity_app.domain.scoring.answer_sheet import QuestionBlock


# How a line of the section tree is painted: ring, number, text, and marks.


Index = QModelIndex | QPersistentModelIndex


_LEAST_INDENT = 16


class SectionTreeView(QTreeView):
    """The lines; Enter goes where the line says."""

    entered_line = Signal(QModelIndex)

    def __init__(self, model: TreeModel, name: str) -> None:
        super().__init__()
        self.setObjectName("sections")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(TreeLinePainter(self))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        give_viewport(self)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # names of parts take one line or two

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._indent()
            self.doItemsLayout()


def _mark_side(metrics: QFontMetrics) -> int:
    """Return the size of the marks in a line, in pixels."""
    return max(14, round(metrics.height() * 0.8))


def _draw_two_lines(painter: QPainter, room: QRect, text: str, direction: Qt.LayoutDirection) -> None:
    """Draw a text that goes on in a second line, which is shortened to fit."""
    layout = QTextLayout(text, painter.font())
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(room.width())
    layout.endLayout()
    begin = first.textLength() if room.width() else len(text)
    flags, half = leading_alignment(direction), room.height() // 2
    rest = painter.fontMetrics().elidedText(text[begin:].strip(), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(QRect(room.x(), room.y() + 3, room.width(), half - 3), flags, text[:begin].strip())
    painter.drawText(QRect(room.x(), room.y() + half, room.width(), half - 3), flags, rest)


class TreeLinePainter(QStyledItemDelegate):
    """Paints ring, number, text and the sign for answers that differ; the names of parts in two lines if need be."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        node: TreeNode = index.internalPointer()
        is_section = node.kind is TreeNodeKind.SECTION
        metrics = QFontMetrics(font_for(TextRole.STRONG)) if is_section else option.fontMetrics
        line = metrics.height()
        if is_section and metrics.horizontalAdvance(node.text) > self._room_for_name(metrics, node):
            return QSize(120, 2 * line + 10)
        return QSize(120, max(TARGET, line + (14 if is_section else 10)))

    def _room_for_name(self, metrics: QFontMetrics, node: TreeNode) -> int:
        """Return how wide the name of a part may be in one line, in pixels."""
        size = _mark_side(metrics)
        before = size + SMALL + metrics.horizontalAdvance(node.number) + SMALL
        return (
            self._view.viewport().width()
            - self._view.indentation()
            - 2 * TIGHT
            - before
            - self._marks_width(node, size)
        )

    @staticmethod
    def _marks_width(node: TreeNode, size: int) -> int:
        return len(node.marks) * (size + TIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node: TreeNode = index.data(NODE_ROLE)
        shades = colours()
        painter.save()
        self._paint_ground(painter, option)
        area = option.rect.adjusted(TIGHT, 0, -TIGHT, 0)
        font = font_for(TextRole.STRONG if node.kind is TreeNodeKind.SECTION else TextRole.BODY)
        metrics = QFontMetrics(font)
        size = _mark_side(metrics)
        top = area.y() + (area.height() - size) // 2
        x = area.x()
        self._paint_node_mark(painter, QRectF(self._mirrored(option, QRect(x, top, size, size))), node)
        x += size + SMALL
        end = area.right()
        for mark in reversed(node.marks):
            end -= size + TIGHT
            paint_mark(painter, QRectF(self._mirrored(option, QRect(end + TIGHT, top, size, size))), mark)
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = leading_alignment(option.direction)
        number = node.number
        if number:
            wide = metrics.horizontalAdvance(number) + SMALL
            painter.setPen(QColor(shades.muted if node.is_hidden else shades.accent))
            painter.drawText(self._mirrored(option, QRect(x, area.y(), wide, area.height())), flags, number)
            x += wide
        painter.setPen(QColor(shades.muted if node.is_hidden else shades.text))
        room = self._mirrored(option, QRect(x, area.y(), max(0, end - x), area.height()))
        if node.kind is TreeNodeKind.SECTION and area.height() >= 2 * metrics.height():
            _draw_two_lines(painter, room, node.text, option.direction)
        else:
            text = metrics.elidedText(node.text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, flags, text)
        painter.restore()

    @staticmethod
    def _mirrored(option: QStyleOptionViewItem, part: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, part)

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
        shades, area = colours(), option.rect.adjusted(0, 1, 0, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            paint_rounded(painter, QRectF(area), fill=shades.accent_tint, corner=5)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint_rounded(painter, QRectF(area), fill=shades.hover, corner=5)
        if option.state & QStyle.StateFlag.State_HasFocus:
            paint_focus(painter, area)

    @staticmethod
    def _paint_node_mark(painter: QPainter, box: QRectF, node: TreeNode) -> None:
        if node.is_hidden:
            paint_mark(painter, box, AnswerMark.HIDDEN)
        elif node.is_out:
            paint_mark(painter, box, AnswerMark.NOT_APPLICABLE)
        else:
            paint_ring(painter, box, node.done.share)


class SectionTree(QWidget):
    """Sections and questions with rings; ``chosen`` carries an address, ``section_chosen`` a section's id."""

    chosen = Signal(object)
    section_chosen = Signal(str)
    left = Signal()

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__()
        self.controller, self.wording = controller, wording
        texts = wording.texts
        self.setObjectName("section_tree")
        self.sieve = FilteredQuestions(controller)
        self.filter_box = FilterBox(self.sieve, wording)
        self.model = TreeModel(wording, self)
        self.lines = SectionTreeView(self.model, texts.gettext("Parts and questions"))
        self.nothing = with_name(Label("", is_muted=True), "nothing_found")
        self.all_again = with_name(Button(texts.gettext("Show all questions")), "all_again")
        self.all_again.clicked.connect(self.show_all)
        self.count = Label("", TextRole.CAPTION, is_muted=True)
        self._lay_out()
        self._blocks: Mapping[str, QuestionBlock] = {}
        self._here: Address | None = None
        self._is_narrowed = False
        self._open_before: set[str] = set()
        self.filter_box.chosen.connect(self.rebuild)
        self.lines.clicked.connect(self._go)
        self.lines.entered_line.connect(self._go)
        controller.changed.connect(self._follow)
        controller.respondent_changed.connect(lambda _agency: self._respondent_changed())
        self.rebuild()

    def _lay_out(self) -> None:
        layout = lay_out(QVBoxLayout(self), self.filter_box, self.nothing, margins=(SMALL, MEDIUM, SMALL, SMALL))
        layout.setSpacing(SMALL)
        layout.addWidget(self.all_again, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.lines, 1)
        layout.addStretch()
        layout.addWidget(self.count)

    @property
    def filter(self) -> QuestionFilter:
        return self.filter_box.filter

    def set_filter(self, chosen: QuestionFilter) -> None:
        self.filter_box.choose(chosen)

    def show_all(self) -> None:
        self.set_filter(QuestionFilter.ALL)
        self.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def rebuild(self) -> None:
        sheet = self.controller.session.sheet
        roots = build_tree(sheet, self.wording, self.sieve.kept(self.filter))
        self._blocks = sheet.blocks
        is_narrowed = self.filter is not QuestionFilter.ALL
        open_sections = self._open_sections(is_narrowed=is_narrowed)
        self.model.show_nodes(roots)
        if is_narrowed:
            self.lines.expandAll()
        else:
            for root in roots:
                self.lines.setExpanded(self.model.index_of(root), root.address.question in open_sections)
        self._show_count()
        self._explain_empty_tree(is_empty=not roots)
        if self._here is not None:
            self.show_here(self._here)

    def _explain_empty_tree(self, *, is_empty: bool) -> None:
        """Say in place of an empty tree why it is empty, and what to do."""
        for part in (self.nothing, self.all_again):
            part.setVisible(is_empty)
        self.lines.setVisible(not is_empty)
        said = self.wording.texts.gettext(EMPTY_LABELS[self.filter])
        self.nothing.setText(said.format(agency=self.wording.agency(self.controller.respondent)))

    def _show_count(self) -> None:
        texts, roots = self.wording.texts, self.model.roots
        if self.filter is not QuestionFilter.ALL:
            questions = sum(len(root.children) for root in roots)
            said = texts.ngettext("{count} question shown", "{count} questions shown", questions)
            self.count.setText(said.format(count=texts.number(questions)))
        else:
            done = sum_counts(root.done for root in roots)
            self.count.setText(format_progress(done, texts))
            self.count.setToolTip(progress_advice(done, texts))

    def _open_sections(self, *, is_narrowed: bool) -> set[str]:
        """Return the sections to be open: as they were before a filter opened everything it kept."""
        if not self._is_narrowed:
            roots = self.model.roots
            self._open_before = {r.address.question for r in roots if self.lines.isExpanded(self.model.index_of(r))}
        self._is_narrowed = is_narrowed
        opened = set(self._open_before)
        if self._here is not None:
            section = self.controller.session.instrument.section_of.get(self._here.question)
            opened |= {section.id} if section else set()
        return opened

    def _follow(self, change: AnswerChange | EntryChange) -> None:
        """Update only the nodes whose questions were laid out anew."""
        if isinstance(change, EntryChange) and change.register != "evidence":
            return
        blocks, before = self.controller.session.sheet.blocks, self._blocks
        changed = [name for name, block in blocks.items() if block is not before.get(name)]
        touched = [node for name in changed if (node := self.model.find(Address(name))) is not None]
        for node in touched:
            update_node(
                node, blocks[node.address.question], self.controller.session.sheet.blocks[node.address.question].counts
            )
        for root in {id(node.parent): node.parent for node in touched}.values():
            assert root is not None, "every question stands in a section"
            update_section_node(root, self.controller.session.sheet.section_counts(self._section_of(root)))
        for node in touched:
            self.model.touch(node)
        self._blocks = blocks
        if self.filter is QuestionFilter.ALL:
            self._show_count()

    def _section_of(self, root: TreeNode) -> Section:
        return self.controller.session.instrument.section_of[root.children[0].address.question]

    def _respondent_changed(self) -> None:
        if self.filter in {QuestionFilter.MINE, QuestionFilter.TO_CONFIRM}:
            self.filter_box.count_up()
            self.rebuild()

    def show_here(self, address: Address) -> None:
        self._here = address
        node = self.model.find(address)
        if node is None:
            return
        index = self.model.index_of(node)
        if node.parent is not None:
            self.lines.setExpanded(self.model.index_of(node.parent), True)
        self.lines.setCurrentIndex(index)
        self.lines.scrollTo(index)

    def _go(self, index: QModelIndex) -> None:
        node = self.model.node(index)
        if node is None:
            return
        if node.kind is TreeNodeKind.SECTION:
            self.lines.setExpanded(index, True)
            self.section_chosen.emit(node.address.question)
        else:
            self.chosen.emit(node.address)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()
