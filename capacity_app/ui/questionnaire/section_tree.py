"""The tree beside the questions: where one is, what is open, and finding."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QFrame, QTreeView, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address, Answer
from capacity_app.domain.completeness import Completeness
from capacity_app.domain.instrument import Question, Section
from capacity_app.domain.sheet import Block
from capacity_app.services.changes import Change, EntryChange
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.finding import matches
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, is_font_change
from capacity_app.ui.questionnaire.tree_model import LinePainter, TreeModel
from capacity_app.ui.questionnaire.tree_nodes import (
    FILTER_WORDS,
    Filter,
    Node,
    NodeKind,
    build,
    hits,
    keeps,
    update,
)
from capacity_app.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIND_REST_MS = 150


class _Lines(QTreeView):
    """The lines; Enter goes where the line says."""

    entered_line = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_line.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class SectionTree(QWidget):
    """Sections and questions with rings; ``chosen`` carries an address, ``section_chosen`` a section's id."""

    chosen = Signal(object)
    section_chosen = Signal(str)
    left = Signal()

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__()
        self.bridge, self.wording = bridge, wording
        texts = wording.texts
        self.setObjectName("section_tree")
        self.find_field = LineField()
        self.find_field.setObjectName("find")
        self.find_field.setPlaceholderText(texts.gettext("Find in questions, answers, notes"))
        self.find_field.setAccessibleName(texts.gettext("Find in questions, answers and notes"))
        self.find_field.setClearButtonEnabled(True)
        self.filter_box = QComboBox()
        self.filter_box.setObjectName("filter")
        self.filter_box.setAccessibleName(texts.gettext("Which questions are shown"))
        for chosen, word in FILTER_WORDS.items():
            self.filter_box.addItem(texts.gettext(word), chosen)
        self.model = TreeModel(wording, self)
        self.lines = self._make_lines()
        self.count = Words("", Role.CAPTION, is_muted=True)
        self._lay_out()
        self._blocks: Mapping[str, Block] = {}
        self._here: Address | None = None
        self._opened: Address | None = None
        self._find_later = QTimer(self, singleShot=True, interval=_FIND_REST_MS)
        self._find_later.timeout.connect(self.rebuild)
        self.find_field.textChanged.connect(lambda _text: self._find_later.start())
        self.filter_box.currentIndexChanged.connect(lambda _index: self.rebuild())
        bridge.changed.connect(self._follow)
        bridge.respondent_changed.connect(lambda _agency: self._respondent_changed())
        self.rebuild()

    def _make_lines(self) -> _Lines:
        lines = _Lines()
        lines.setObjectName("sections")
        lines.setAccessibleName(self.wording.texts.gettext("Sections and questions"))
        lines.setModel(self.model)
        lines.setItemDelegate(LinePainter(lines))
        lines.setHeaderHidden(True)
        lines.setFrameShape(QFrame.Shape.NoFrame)
        lines.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        lines.setIndentation(16)
        lines.setExpandsOnDoubleClick(False)
        lines.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines.setMouseTracking(True)
        lines.clicked.connect(self._go)
        lines.entered_line.connect(self._go)
        return lines

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SMALL, MEDIUM, SMALL, SMALL)
        layout.setSpacing(SMALL)
        for part in (self.find_field, self.filter_box, self.lines, self.count):
            layout.addWidget(part)

    # -- showing --------------------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        """Which questions are shown."""
        return Filter(self.filter_box.currentData())

    def set_filter(self, chosen: Filter) -> None:
        """Show other questions."""
        self.filter_box.setCurrentIndex(list(FILTER_WORDS).index(chosen))

    def rebuild(self) -> None:
        """Build the lines anew, after another filter or other words to find."""
        self._find_later.stop()
        wanted = self.find_field.text().strip()
        sheet = self.bridge.session.sheet
        answers = self.bridge.session.dossier().by_address if wanted else {}
        by_question: dict[str, list[Answer]] = {}
        for address, said in answers.items():
            by_question.setdefault(address.question, []).extend(said)
        roots = build(
            sheet,
            self.wording,
            self.bridge.progress,
            lambda s, q, b: self._keep(s, q, b, wanted, by_question.get(q.id, [])),
        )
        self._blocks = sheet.blocks
        open_sections = self._open_sections()
        self.model.set_roots(roots)
        is_narrowed = bool(wanted) or self.filter is not Filter.ALL
        for root in roots:
            index = self.model.index_of(root)
            self.lines.setExpanded(index, is_narrowed or root.address.question in open_sections)
            if wanted:
                for node in root.children:
                    self.lines.setExpanded(self.model.index_of(node), True)
        self._show_count(roots, is_narrowed=is_narrowed)
        if self._here is not None:
            self.show_here(self._here)

    def _keep(
        self, _section: Section, question: Question, block: Block, wanted: str, answers: list[Answer]
    ) -> tuple[bool, list[Node]]:
        if not keeps(self.filter, block, self.bridge.session.answers_at, self.bridge.respondent):
            return False, []
        if not wanted:
            return True, []
        found = list(hits(question, answers, self.wording, wanted))
        return bool(found) or matches(f"{question.number} {self.wording.question(question)}", wanted), found

    def _open_sections(self) -> set[str]:
        opened = {r.address.question for r in self.model.roots if self.lines.isExpanded(self.model.index_of(r))}
        if self._here is not None:
            section = self.bridge.session.instrument.section_of.get(self._here.question)
            opened |= {section.id} if section else set()
        return opened

    def _show_count(self, roots: list[Node], *, is_narrowed: bool) -> None:
        texts = self.wording.texts
        questions = [node for root in roots for node in root.children]
        if is_narrowed:
            said = texts.ngettext("{count} question shown", "{count} questions shown", len(questions))
            self.count.setText(said.format(count=texts.number(len(questions))))
        else:
            done = sum((root.done for root in roots), Completeness())
            said = texts.gettext("{asked} of {wanted} answers asked for")
            self.count.setText(said.format(asked=texts.number(done.asked), wanted=texts.number(done.wanted)))

    def _follow(self, change: Change | EntryChange) -> None:
        """Update only the nodes whose questions were laid out anew."""
        if isinstance(change, EntryChange):
            return
        blocks = self.bridge.session.sheet.blocks
        for root in self.model.roots:
            ids = ((node, node.address.question) for node in root.children)
            touched = [node for node, question in ids if blocks[question] is not self._blocks.get(question)]
            for node in touched:
                update(node, blocks[node.address.question], self.bridge.progress.of_question(node.address.question))
            if touched:
                root.done = self.bridge.progress.of_section(self._section_of(root))
                for node in touched:
                    self.model.touch(node)
        self._blocks = blocks
        if self.filter is Filter.ALL and not self.find_field.text():
            self._show_count(self.model.roots, is_narrowed=False)

    def _section_of(self, root: Node) -> Section:
        return self.bridge.session.instrument.section_of[root.children[0].address.question]

    def _respondent_changed(self) -> None:
        if self.filter is Filter.MINE:
            self.rebuild()

    # -- going ----------------------------------------------------------------------------------------------------

    def show_here(self, address: Address) -> None:
        """Mark the question one is at; does not go there."""
        self._here = address
        node = self.model.find(address)
        if node is None:
            return
        index = self.model.index_of(node)
        if node.parent is not None:
            self._open_for(node.parent)
        self.lines.setCurrentIndex(index)
        self.lines.scrollTo(index)

    def _open_for(self, root: Node) -> None:
        """Open the section one has come to, and close the one that was opened only because one passed through it."""
        index = self.model.index_of(root)
        if self._opened is not None and self._opened != root.address and self.filter is Filter.ALL:
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
        if node.kind is NodeKind.SECTION:
            self.lines.setExpanded(index, True)
            self.section_chosen.emit(node.address.question)
        else:
            self.chosen.emit(node.address)

    def start_finding(self) -> None:
        """Put the focus where one types what to find."""
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the words to find, go down into what was found; Escape ends finding, then goes back to the page."""
        if event.key() == Qt.Key.Key_Escape and not self.find_field.text():
            self.left.emit()
        elif not self.find_field.hasFocus():
            event.ignore()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.rebuild()
            self._go_to_first()
        elif event.key() == Qt.Key.Key_Escape:
            self.find_field.clear()
            self.rebuild()
        else:
            event.ignore()

    def _go_to_first(self) -> None:
        roots = self.model.roots
        if not roots:
            return
        node = roots[0].children[0]
        node = node.children[0] if node.children else node
        self.lines.setFocus(Qt.FocusReason.TabFocusReason)
        self.lines.setCurrentIndex(self.model.index_of(node))

    def changeEvent(self, event: QEvent) -> None:
        """Measure the lines anew after zoom."""
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "lines"):
            self.lines.doItemsLayout()
