"""The tree beside the questions: where one is, what is open, and finding."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.completeness import Completeness
from capacity_app.domain.instrument import Question, Section
from capacity_app.domain.search import Passage, wanted_words
from capacity_app.services.changes import Change, EntryChange
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.questionnaire.filters import Filter, FilterBox, Sieve
from capacity_app.ui.questionnaire.search_index import SearchIndex
from capacity_app.ui.questionnaire.tree_nodes import Node, NodeKind, TreeModel, build, stops, sum_up, update
from capacity_app.ui.questionnaire.tree_painting import TreeLines, empty_words, places_words
from capacity_app.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capacity_app.domain.sheet import Block

_FIND_REST_MS = 120
_MOST_PLACES = 300
"""How many places found are listed; nobody reads more, and a list of thousands keeps the typing waiting."""


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
        self.sieve = Sieve(bridge)
        self.index = SearchIndex(bridge.session, wording)
        self.find_field = LineField()
        self.find_field.setObjectName("find")
        self.find_field.setPlaceholderText(texts.gettext("Find in questions, answers, notes"))
        self.find_field.setAccessibleName(texts.gettext("Find in questions, answers and notes"))
        self.find_field.setClearButtonEnabled(True)
        self.filter_box = FilterBox(self.sieve, wording)
        self.model = TreeModel(wording, self)
        self.lines = TreeLines(self.model, texts.gettext("Sections and questions"))
        self.nothing = Words("", is_muted=True)
        self.nothing.setObjectName("nothing_found")
        self.all_again = QPushButton(texts.gettext("Show all questions"))
        self.all_again.setObjectName("all_again")
        self.all_again.clicked.connect(self.show_all)
        self.count = Words("", Role.CAPTION, is_muted=True)
        self._lay_out()
        self._blocks: Mapping[str, Block] = {}
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
        self.bridge.changed.connect(self._follow)
        self.bridge.respondent_changed.connect(lambda _agency: self._respondent_changed())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SMALL, MEDIUM, SMALL, SMALL)
        layout.setSpacing(SMALL)
        layout.addWidget(self.find_field)
        layout.addWidget(self.filter_box)
        layout.addWidget(self.nothing)
        layout.addWidget(self.all_again, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.lines, 1)
        layout.addStretch()
        layout.addWidget(self.count)

    def _read_some(self) -> None:
        if not self.index.read_some():
            self._read_ahead.stop()

    # -- showing --------------------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        return self.filter_box.filter

    def set_filter(self, chosen: Filter) -> None:
        self.filter_box.choose(chosen)

    def show_all(self) -> None:
        """Show every question again, whatever was searched or chosen."""
        self.find_field.clear()
        self.set_filter(Filter.ALL)
        self.rebuild()
        self.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_second(self, second: Wording | None) -> None:
        """Find in a second wording too, or no longer."""
        self.index.show_second(second)
        if self._words():
            self.rebuild()

    def _words(self) -> tuple[str, ...]:
        return wanted_words(self.find_field.text())

    def rebuild(self) -> None:
        """Build the lines anew, after another filter or other words to find."""
        self._find_later.stop()
        words, sheet = self._words(), self.bridge.session.sheet
        kept = self.sieve.kept(self.filter)

        def find(question: Question) -> list[Passage] | None:
            if question.id not in kept:
                return None
            return (self.index.find(question, words) or None) if words else []

        roots, places = build(sheet, self.wording, self.bridge.progress, find, words, _MOST_PLACES)
        self._blocks = sheet.blocks
        is_narrowed = bool(words) or self.filter is not Filter.ALL
        open_sections = self._open_sections(is_narrowed=is_narrowed)
        self.model.set_roots(roots)
        if is_narrowed:
            self.lines.expandAll()
        else:
            for root in roots:
                self.lines.setExpanded(self.model.index_of(root), root.address.question in open_sections)
        self._show_count(roots, places if words else 0, is_narrowed=is_narrowed)
        self._teach(is_empty=not roots, is_searching=bool(words))
        if self._here is not None:
            self.show_here(self._here)
        if words:
            self._stand_at(next(stops(roots), None))

    def _teach(self, *, is_empty: bool, is_searching: bool) -> None:
        """Say in place of an empty tree why it is empty, and what to do."""
        for part in (self.nothing, self.all_again):
            part.setVisible(is_empty)
        self.lines.setVisible(not is_empty)
        if not is_empty:
            return
        box = self.filter_box
        typed = self.find_field.text() if is_searching else ""
        self.nothing.setText(empty_words(box.filter, box.word(box.filter), typed, self.wording, self.bridge.respondent))

    def _open_sections(self, *, is_narrowed: bool) -> set[str]:
        """Return the sections to be open: as they were before a search or filter opened everything it kept."""
        if not self._is_narrowed:
            roots = self.model.roots
            self._open_before = {r.address.question for r in roots if self.lines.isExpanded(self.model.index_of(r))}
        self._is_narrowed = is_narrowed
        opened = set(self._open_before)
        if self._here is not None:
            section = self.bridge.session.instrument.section_of.get(self._here.question)
            opened |= {section.id} if section else set()
        return opened

    def _show_count(self, roots: list[Node], places: int, *, is_narrowed: bool) -> None:
        questions = sum(len(root.children) for root in roots)
        texts = self.wording.texts
        if places:
            self.count.setText(places_words(places, _MOST_PLACES, texts))
        elif is_narrowed:
            said = texts.ngettext("{count} question shown", "{count} questions shown", questions)
            self.count.setText(said.format(count=texts.number(questions)))
        else:
            done = sum((root.done for root in roots), Completeness())
            said = texts.gettext("{asked} of {wanted} answers asked for")
            self.count.setText(said.format(asked=texts.number(done.asked), wanted=texts.number(done.wanted)))

    def _follow(self, change: Change | EntryChange) -> None:
        """Update only the nodes whose questions were laid out anew."""
        self.index.follow(change)
        if isinstance(change, EntryChange) and change.register != "evidence":
            return
        blocks, before = self.bridge.session.sheet.blocks, self._blocks
        changed = [name for name, block in blocks.items() if block is not before.get(name)]
        touched = [node for name in changed if (node := self.model.find(Address(name))) is not None]
        for node in touched:
            update(node, blocks[node.address.question], self.bridge.progress.of_question(node.address.question))
        for root in {id(node.parent): node.parent for node in touched}.values():
            assert root is not None, "every question stands in a section"
            sum_up(root, self.bridge.progress.of_section(self._section_of(root)))
        for node in touched:
            self.model.touch(node)
        self._blocks = blocks
        if self.filter is Filter.ALL and not self.find_field.text():
            self._show_count(self.model.roots, 0, is_narrowed=False)

    def _section_of(self, root: Node) -> Section:
        return self.bridge.session.instrument.section_of[root.children[0].address.question]

    def _respondent_changed(self) -> None:
        if self.filter in {Filter.MINE, Filter.TO_CONFIRM}:
            self.filter_box.count_up()
            self.rebuild()

    # -- going ----------------------------------------------------------------------------------------------------

    def show_here(self, address: Address) -> None:
        """Mark the question one is at; does not go there."""
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

    # -- finding --------------------------------------------------------------------------------------------------

    def start_finding(self) -> None:
        """Put the focus where one types what to find."""
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def go_on_finding(self, step: int) -> None:
        """Go to the next place found, or the one before; begin to find if nothing is searched."""
        if not self._words():
            self.start_finding()
            return
        self._step(step)
        self._go(self.lines.currentIndex())

    def _step(self, step: int) -> None:
        found = list(stops(self.model.roots))
        here = self.model.node(self.lines.currentIndex())
        at = next((place for place, node in enumerate(found) if node is here), -1 if step > 0 else 0)
        if found:
            self._stand_at(found[(at + step) % len(found)])

    def _stand_at(self, node: Node | None) -> None:
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
