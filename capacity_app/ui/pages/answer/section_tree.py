"""The tree beside the questions: where one is, what is open, and finding; how its lines are painted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
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
from capacity_app.domain.questionnaire.instrument import Question, Section
from capacity_app.domain.questionnaire.search import SearchPassage
from capacity_app.domain.scoring.answer_sheet import sum_counts
from capacity_app.domain.text_search import TextSpan, search_words
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.pages.answer.tree_model import (
    EMPTY_LABELS,
    NODE_ROLE,
    FilterBox,
    FilteredQuestions,
    QuestionFilter,
    SearchIndex,
    TreeModel,
    TreeNode,
    TreeNodeKind,
    build_tree,
    match_nodes,
    update_node,
    update_section_node,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import UNNEEDED_ADVICE, SessionFormatter, format_progress
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
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.text_fields import LineField, compact_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capacity_app.domain.scoring.answer_sheet import QuestionBlock


# How a line of the section tree is painted: ring, number, text with what was found in it, and marks.


Index = QModelIndex | QPersistentModelIndex


_LEAST_INDENT = 16


def format_match_count(places: int, most: int, texts: Translator) -> str:
    """Return how many places were found, and that only the first ``most`` are listed."""
    said = texts.ngettext("{count} place", "{count} places", places).format(count=texts.number(places))
    if places <= most:
        return said
    pattern = texts.gettext("{places}, the first {shown} shown. Type more letters.")
    return pattern.format(places=said, shown=texts.number(most))


def format_empty_tree(
    chosen: QuestionFilter, named: str, typed: str, wording: SessionFormatter, respondent: str
) -> str:
    """Return why the tree is empty and what to do; ``named`` is the filter in words, ``typed`` what is searched."""
    texts = wording.texts
    if not typed:
        return texts.gettext(EMPTY_LABELS[chosen]).format(agency=wording.agency(respondent))
    said = texts.gettext(
        "No result for “{words}”. Try fewer letters or another word. Capitals and accents do not matter."
    ).format(words=" ".join(typed.split()))
    if chosen is QuestionFilter.ALL:
        return said
    narrowed = texts.gettext("Searched only: {filter}.").format(filter=named)
    return f"{said} {narrowed}"


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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # names of parts take one line or two

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._indent()
            self.doItemsLayout()


def draw_with_matches(
    painter: QPainter, room: QRect, text: str, spans: Sequence[TextSpan], direction: Qt.LayoutDirection
) -> None:
    """Draw one line of text, shortened to fit, with some stretches of it underlined on a ground of their own."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    if not spans:
        painter.drawText(room, leading_alignment(direction), shown)
        return
    marked = QTextCharFormat()
    marked.setBackground(QColor(colours().warning_tint))
    marked.setFontUnderline(True)
    kept = len(shown) if shown == text else len(shown) - 1
    layout = QTextLayout(shown, painter.font())
    option = QTextOption(Qt.AlignmentFlag(leading_alignment(direction)))
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


def _units(text: str, spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Count as Qt does: a letter beyond the first 65,536 takes two places."""
    if text.isascii():
        return list(spans)
    return [tuple(len(text[:place].encode("utf-16-le")) // 2 for place in span) for span in spans]  # type: ignore[misc]


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
        if node.kind is TreeNodeKind.HIT:
            return QSize(120, 2 * line + 8)
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
        if node.kind is TreeNodeKind.HIT:
            self._paint_hit(painter, option, area, node)
            painter.restore()
            return
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
            draw_with_matches(painter, room, node.text, node.spans, option.direction)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, option: QStyleOptionViewItem, area: QRect, node: TreeNode) -> None:
        """Paint the place over what was found there."""
        shades = colours()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        flags = leading_alignment(option.direction)
        half = area.height() // 2
        font = font_for(TextRole.CAPTION)
        painter.setFont(font)
        painter.setPen(QColor(shades.muted))
        place = QFontMetrics(font).elidedText(node.number, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.x(), area.y(), area.width(), half), flags, place)
        painter.setFont(font_for(TextRole.BODY))
        painter.setPen(QColor(shades.text))
        room = QRect(area.x(), area.y() + half - 1, area.width(), half)
        draw_with_matches(painter, room, node.text, node.spans, option.direction)

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


_FIND_REST_MS = 120
_MOST_PLACES = 300
"""How many places found are listed; nobody reads more, and a list of thousands keeps the typing waiting."""


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
        self.index = SearchIndex(controller.session, wording)
        self.find_field = with_name(LineField(), "find", texts.gettext("Find in questions, answers and notes"))
        self.find_field.setPlaceholderText(texts.gettext("Find in questions, answers, notes"))
        self.find_field.setClearButtonEnabled(True)
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
        self._opened: Address | None = None
        self._is_narrowed = False
        self._open_before: set[str] = set()
        self._connect()
        self.rebuild()

    def _connect(self) -> None:
        self._find_later = QTimer(self, singleShot=True, interval=_FIND_REST_MS)
        self._find_later.timeout.connect(self.rebuild)
        self._read_ahead = QTimer(self, interval=0)
        self._read_ahead.timeout.connect(self._read_some)
        self.find_field.textChanged.connect(lambda _text: self._find_later.start())
        self.find_field.entered.connect(self._read_ahead.start)
        self.filter_box.chosen.connect(self.rebuild)
        self.lines.clicked.connect(self._go)
        self.lines.entered_line.connect(self._go)
        self.controller.changed.connect(self._follow)
        self.controller.respondent_changed.connect(lambda _agency: self._respondent_changed())

    def _lay_out(self) -> None:
        layout = lay_out(QVBoxLayout(self), self.find_field, margins=(SMALL, MEDIUM, SMALL, SMALL), spacing=SMALL)
        layout.addWidget(self.filter_box)
        layout.addWidget(self.nothing)
        layout.addWidget(self.all_again, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.lines, 1)
        layout.addStretch()
        layout.addWidget(self.count)

    def _read_some(self) -> None:
        if not self.index.read_some():
            self._read_ahead.stop()

    @property
    def filter(self) -> QuestionFilter:
        return self.filter_box.filter

    def set_filter(self, chosen: QuestionFilter) -> None:
        self.filter_box.choose(chosen)

    def show_all(self) -> None:
        self.find_field.clear()
        self.set_filter(QuestionFilter.ALL)
        self.rebuild()
        self.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_second(self, second: SessionFormatter | None) -> None:
        """Find in a second wording too, or no longer."""
        self.index.show_second(second)
        if self._words():
            self.rebuild()

    def _words(self) -> tuple[str, ...]:
        return search_words(self.find_field.text())

    def rebuild(self) -> None:
        self._find_later.stop()
        words, sheet = self._words(), self.controller.session.sheet
        kept = self.sieve.kept(self.filter)

        def find(question: Question) -> list[SearchPassage] | None:
            if question.id not in kept:
                return None
            return (self.index.find(question, words) or None) if words else []

        roots, places = build_tree(sheet, self.wording, find, words, _MOST_PLACES)
        self._blocks = sheet.blocks
        is_narrowed = bool(words) or self.filter is not QuestionFilter.ALL
        open_sections = self._open_sections(is_narrowed=is_narrowed)
        self.model.show_nodes(roots)
        if is_narrowed:
            self.lines.expandAll()
        else:
            for root in roots:
                self.lines.setExpanded(self.model.index_of(root), root.address.question in open_sections)
        self._show_count(roots, places if words else 0, is_narrowed=is_narrowed)
        self._explain_empty_tree(is_empty=not roots, is_searching=bool(words))
        if self._here is not None:
            self.show_here(self._here)
        if words:
            self._select_node(self._best_match(roots))

    def _best_match(self, roots: Sequence[TreeNode]) -> TreeNode | None:
        """Return the question with the number that is typed, else the first place found."""
        found, typed = list(match_nodes(roots)), compact_number(self.find_field.text())
        return next((node for node in found if compact_number(node.number) == typed), next(iter(found), None))

    def _explain_empty_tree(self, *, is_empty: bool, is_searching: bool) -> None:
        """Say in place of an empty tree why it is empty, and what to do."""
        for part in (self.nothing, self.all_again):
            part.setVisible(is_empty)
        self.lines.setVisible(not is_empty)
        if not is_empty:
            return
        box = self.filter_box
        typed = self.find_field.text() if is_searching else ""
        self.nothing.setText(
            format_empty_tree(box.filter, box.word(box.filter), typed, self.wording, self.controller.respondent)
        )

    def _open_sections(self, *, is_narrowed: bool) -> set[str]:
        """Return the sections to be open: as they were before a search or filter opened everything it kept."""
        if not self._is_narrowed:
            roots = self.model.roots
            self._open_before = {r.address.question for r in roots if self.lines.isExpanded(self.model.index_of(r))}
        self._is_narrowed = is_narrowed
        opened = set(self._open_before)
        if self._here is not None:
            section = self.controller.session.instrument.section_of.get(self._here.question)
            opened |= {section.id} if section else set()
        return opened

    def _show_count(self, roots: Sequence[TreeNode], places: int, *, is_narrowed: bool) -> None:
        questions = sum(len(root.children) for root in roots)
        texts = self.wording.texts
        if places:
            self.count.setText(format_match_count(places, _MOST_PLACES, texts))
        elif is_narrowed:
            said = texts.ngettext("{count} question shown", "{count} questions shown", questions)
            self.count.setText(said.format(count=texts.number(questions)))
        else:
            done = sum_counts(root.done for root in roots)
            self.count.setText(format_progress(done, texts))
            self.count.setToolTip(texts.gettext(UNNEEDED_ADVICE) if done.unneeded else "")

    def _follow(self, change: AnswerChange | EntryChange) -> None:
        """Update only the nodes whose questions were laid out anew."""
        self.index.follow(change)
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
        if self.filter is QuestionFilter.ALL and not self.find_field.text():
            self._show_count(self.model.roots, 0, is_narrowed=False)

    def _section_of(self, root: TreeNode) -> Section:
        return self.controller.session.instrument.section_of[root.children[0].address.question]

    def _respondent_changed(self) -> None:
        if self.filter in {QuestionFilter.MINE, QuestionFilter.TO_CONFIRM}:
            self.filter_box.count_up()
            self.rebuild()

    def show_here(self, address: Address) -> None:
        self._here = address
        node = self.model.find(address)
        current = self.model.node(self.lines.currentIndex())
        if node is None or (self._words() and current is not None and current.address.question == address.question):
            return  # what was found in this question stays marked, to go on from there
        index = self.model.index_of(node)
        if node.parent is not None:
            self._open_for(node.parent)
        self.lines.setCurrentIndex(index)
        self.lines.scrollTo(index)

    def _open_for(self, root: TreeNode) -> None:
        """Open the section one has come to, and close the one that was opened only because one passed through it."""
        index = self.model.index_of(root)
        if self._opened is not None and self._opened != root.address and self.filter is QuestionFilter.ALL:
            passed = next((other for other in self.model.roots if other.address == self._opened), None)
            if passed is not None and not self.find_field.text():
                self.lines.setExpanded(self.model.index_of(passed), False)
        if not self.lines.isExpanded(index):
            self._opened = root.address
            self.lines.setExpanded(index, True)

    def _go(self, index: QModelIndex) -> None:
        node = self.model.node(index)
        if node is None:
            return
        if node.kind is TreeNodeKind.SECTION:
            self.lines.setExpanded(index, True)
            self.section_chosen.emit(node.address.question)
        else:
            self.chosen.emit(node.address)

    def start_finding(self) -> None:
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def go_on_finding(self, step: int) -> None:
        if not self._words():
            self.start_finding()
            return
        self._step(step)
        self._go(self.lines.currentIndex())

    def _step(self, step: int) -> None:
        found = list(match_nodes(self.model.roots))
        here = self.model.node(self.lines.currentIndex())
        at = next((place for place, node in enumerate(found) if node is here), -1 if step > 0 else 0)
        if found:
            self._select_node(found[(at + step) % len(found)])

    def _select_node(self, node: TreeNode | None) -> None:
        if node is not None:
            index = self.model.index_of(node)
            self.lines.setCurrentIndex(index)
            self.lines.scrollTo(index)
            # The focus stays with the typing: who cannot see the list hears what Enter would go to.
            self.find_field.setAccessibleDescription(f"{node.number} {node.text}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.find_field.text():
            self.left.emit()
        elif not self.find_field.hasFocus():
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape:
            self.find_field.clear()
            self.rebuild()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take_key(event)
        else:
            event.ignore()

    def _take_key(self, event: QKeyEvent) -> None:
        if self._find_later.isActive():
            self.rebuild()
        if not self._words():
            if event.key() == Qt.Key.Key_Down:
                self.lines.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif self.model.roots:
            self._go(self.lines.currentIndex())
