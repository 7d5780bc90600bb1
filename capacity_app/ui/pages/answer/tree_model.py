"""The section tree as plain nodes with its Qt model, its filters, and the words one can search for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox

from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerState
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.domain.questionnaire.search import (
    PASSAGE_KIND_LABELS,
    PassageKind,
    SearchPassage,
    SearchPassages,
    search_passages,
)
from capacity_app.domain.scoring.answer_sheet import AnswerCounts, AnswerSheet, QuestionBlock
from capacity_app.domain.text_search import TextSpan, make_snippet
from capacity_app.i18n.formatter import Formatter
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.services.session.search import answer_passages, question_passages
from capacity_app.ui.question_widgets.question_parts import MARK_ADVICE
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter, format_progress
from capacity_app.ui.theme.painting import MARK_LABELS, AnswerMark
from capacity_app.ui.widgets.lists_and_tables import NodesModel, plain_tool_tip

# Which questions the tree shows: filters, told from how the places of a question stand, and the list of them.


class QuestionFilter(StrEnum):
    """Which questions the tree shows."""

    ALL = "all"
    OPEN = "open"
    TO_CONFIRM = "to_confirm"
    TO_VERIFY = "to_verify"
    CONFLICT = "conflict"
    NO_EVIDENCE = "no_evidence"
    NOT_APPLICABLE = "not_applicable"
    MINE = "mine"


FILTER_LABELS: dict[QuestionFilter, str] = {
    QuestionFilter.ALL: N_("All questions"),
    QuestionFilter.OPEN: N_("Open questions"),
    QuestionFilter.TO_CONFIRM: N_("To confirm: answered before"),
    QuestionFilter.TO_VERIFY: N_("To verify: unknown or declined"),
    QuestionFilter.CONFLICT: N_("Agencies disagree"),
    QuestionFilter.NO_EVIDENCE: N_("Level 2 or 3 without evidence"),
    QuestionFilter.NOT_APPLICABLE: N_("Not applicable"),
    QuestionFilter.MINE: N_("Answered by {agency}"),
}

EMPTY_LABELS: dict[QuestionFilter, str] = {
    QuestionFilter.ALL: "",
    QuestionFilter.OPEN: N_("No open questions: every question has an answer. “Review” lists the weak answers."),
    QuestionFilter.TO_CONFIRM: N_(
        "No answers to confirm. Questions with an answer from an earlier round or version are listed here."
    ),
    QuestionFilter.TO_VERIFY: N_("No answer is “unknown” or declined. Such questions are listed here."),
    QuestionFilter.CONFLICT: N_("No agencies disagree. Questions with different answers are listed here."),
    QuestionFilter.NO_EVIDENCE: N_("Every level 2 and 3 has evidence: a document, a link or its name."),
    QuestionFilter.NOT_APPLICABLE: N_(
        "All questions apply. Questions that do not apply are listed here with their reason."
    ),
    QuestionFilter.MINE: N_("No answers of {agency} yet. Choose the agency you record for at the top of the window."),
}
"""What an empty tree teaches, by filter."""


def marks_of(counts: AnswerCounts) -> tuple[AnswerMark, ...]:
    """Return the marks of a question besides its ring: what deserves a second look, the most urgent first."""
    found = (
        (AnswerMark.CONFLICT, counts.conflicts),
        (AnswerMark.UNSUPPORTED, counts.unsupported),
        (AnswerMark.TO_VERIFY, counts.uncertain),
    )
    return tuple(mark for mark, count in found if count)


class FilteredQuestions:
    """Tells which questions a filter keeps."""

    def __init__(self, controller: SessionController) -> None:
        self._controller = controller

    @property
    def respondent(self) -> str:
        return self._controller.respondent

    def offered(self) -> tuple[QuestionFilter, ...]:
        """Return the filters that make sense here: nothing is to confirm without an earlier round."""
        has_earlier = self._controller.carried.open()
        return tuple(one for one in QuestionFilter if has_earlier or one is not QuestionFilter.TO_CONFIRM)

    def keeps(self, chosen: QuestionFilter, block: QuestionBlock) -> bool:
        """Return whether a filter shows a question; ``MINE`` is told by ``answered``."""
        counts = block.counts
        if chosen is QuestionFilter.ALL:
            return True
        if block.is_hidden:
            return False
        if chosen is QuestionFilter.TO_CONFIRM:
            carried, question = self._controller.carried, block.question.id
            return bool(carried.in_question(question) or carried.waiting(question))
        return bool(
            {
                QuestionFilter.OPEN: counts.open,
                QuestionFilter.TO_VERIFY: counts.uncertain,
                QuestionFilter.CONFLICT: counts.conflicts,
                QuestionFilter.NO_EVIDENCE: counts.unsupported,
                QuestionFilter.NOT_APPLICABLE: counts.out,
            }.get(chosen)
        )

    def answered(self) -> frozenset[str]:
        respondent = self._controller.respondent
        return frozenset(
            answer.key.address.question
            for answer in self._controller.session.dossier().answers
            if answer.key.layer is AnswerLayer.RESPONSE
            and answer.key.respondent == respondent
            and answer.content.state is not AnswerState.NOT_ASKED
        )

    def kept(self, chosen: QuestionFilter) -> frozenset[str]:
        return frozenset(self._kept(chosen))

    def _kept(self, chosen: QuestionFilter) -> Iterator[str]:
        blocks = self._controller.session.sheet.blocks
        if chosen is QuestionFilter.MINE:
            said = self.answered()
            yield from (name for name, block in blocks.items() if name in said and not block.is_hidden)
        else:
            yield from (name for name, block in blocks.items() if self.keeps(chosen, block))


_LEAST_LETTERS = 10


class FilterBox(QComboBox):
    """Chooses a filter; ``chosen`` tells of another one. Counts are made when somebody looks."""

    chosen = Signal()

    def __init__(self, sieve: FilteredQuestions, wording: SessionFormatter) -> None:
        super().__init__()
        self._sieve, self._wording = sieve, wording
        self.setObjectName("filter")
        self.setAccessibleName(wording.texts.gettext("Which questions are shown"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        for one in QuestionFilter:
            if one is not QuestionFilter.TO_CONFIRM:
                self.addItem(self.word(one), one)
        self.currentIndexChanged.connect(lambda _index: self.chosen.emit())

    @property
    def filter(self) -> QuestionFilter:
        return QuestionFilter(self.currentData())

    def word(self, one: QuestionFilter) -> str:
        texts = self._wording.texts
        return texts.gettext(FILTER_LABELS[one]).format(agency=self._wording.agency(self._sieve.respondent))

    def choose(self, one: QuestionFilter) -> None:
        self.offer()
        self.setCurrentIndex(max(0, self.findData(one)))

    def offer(self) -> None:
        offered = self._sieve.offered()
        if tuple(QuestionFilter(self.itemData(place)) for place in range(self.count())) == offered:
            return
        before = self.filter
        with QSignalBlocker(self):
            self.clear()
            for one in offered:
                self.addItem(self.word(one), one)
            self.setCurrentIndex(max(0, self.findData(before)))
        if self.filter is not before:
            self.chosen.emit()

    def count_up(self) -> None:
        self.offer()
        texts = self._wording.texts
        for place in range(self.count()):
            one = QuestionFilter(self.itemData(place))
            count = texts.number(len(self._sieve.kept(one)))
            self.setItemText(place, texts.gettext("{filter} ({count})").format(filter=self.word(one), count=count))

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.count_up()
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth() + self.fontMetrics().height())
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.count_up()
        super().focusInEvent(event)


FindMatches = Callable[[Question], list[SearchPassage] | None]
"""Gives what was found in a question, None if the question is not shown at all."""


_BEFORE = 14
"""How many letters stand before what was found: the tree is narrow."""


class TreeNodeKind(StrEnum):
    """What a node stands for."""

    SECTION = "section"
    QUESTION = "question"
    HIT = "hit"


@dataclass(eq=False)
class TreeNode:
    """One line of the tree; ``done`` counts places answered, ``spans`` are the stretches of the text that were found.

    ``is_found`` tells that the words searched for stand in the question's own wording.
    """

    kind: TreeNodeKind
    address: Address
    number: str
    text: str
    done: AnswerCounts = field(default_factory=AnswerCounts)
    marks: tuple[AnswerMark, ...] = ()
    spans: tuple[TextSpan, ...] = ()
    is_hidden: bool = False
    is_out: bool = False
    is_found: bool = False
    parent: "TreeNode | None" = None
    row: int = 0
    children: list["TreeNode"] = field(default_factory=list)

    def add(self, child: "TreeNode") -> None:
        child.parent, child.row = self, len(self.children)
        self.children.append(child)


def question_node(question: Question, block: QuestionBlock, wording: SessionFormatter, done: AnswerCounts) -> TreeNode:
    node = TreeNode(TreeNodeKind.QUESTION, Address(question.id), question.number, wording.question(question))
    update_node(node, block, done)
    return node


def update_node(node: TreeNode, block: QuestionBlock, done: AnswerCounts) -> None:
    """Let a question's node say how it stands now."""
    node.done = done
    node.is_hidden = block.is_hidden
    node.is_out = block.whole.state is AnswerState.NOT_APPLICABLE
    node.marks = () if block.is_hidden else marks_of(block.counts)


def update_section_node(root: TreeNode, done: AnswerCounts) -> None:
    root.done = done
    marks = {mark for node in root.children for mark in node.marks}
    root.marks = tuple(mark for mark in AnswerMark if mark in marks)


def _hit(passage: SearchPassage, wording: SessionFormatter, words: Sequence[str]) -> TreeNode:
    """Make the node of a place found: which part of what, and the words around it."""
    cut = make_snippet(passage.text, words, _BEFORE)
    said = [wording.place(passage.address), wording.texts.gettext(PASSAGE_KIND_LABELS[passage.where])]
    if passage.key is not None:
        said.append(wording.respondent(passage.key.layer, passage.key.respondent))
    return TreeNode(TreeNodeKind.HIT, passage.address, " · ".join(said), cut.text, spans=cut.spans)


def add_hits(node: TreeNode, found: Sequence[SearchPassage], wording: SessionFormatter, words: Sequence[str]) -> None:
    """Show in a question's node what was found: in its own wording there, everything else under it."""
    own = f"{node.number} {node.text}"
    for passage in found:
        if passage.where is PassageKind.QUESTION and passage.text == own:
            cut = make_snippet(node.text, words, _BEFORE)
            node.text, node.spans, node.is_found = cut.text, cut.spans, True
        else:
            node.add(_hit(passage, wording, words))


def build_tree(
    sheet: AnswerSheet,
    wording: SessionFormatter,
    find: FindMatches,
    words: Sequence[str],
    most: int,
) -> tuple[list[TreeNode], int]:
    """Build the tree of sections with the questions that are kept, each with at most ``most`` places found in all.

    Gives the sections and how many places there are, shown or not.
    """
    roots: list[TreeNode] = []
    count = 0
    for section in sheet.instrument.sections:
        root = TreeNode(TreeNodeKind.SECTION, Address(section.id), section.number, wording.section(section))
        for question in section.questions:
            found = find(question)
            if found is not None and (not words or count < most):
                block = sheet.blocks[question.id]
                node = question_node(question, block, wording, block.counts)
                add_hits(node, found[: most - count] if words else (), wording, words)
                root.add(node)
            count += len(found or ())
        update_section_node(root, sheet.section_counts(section))
        if root.children:
            root.row = len(roots)
            roots.append(root)
    return roots, count


def match_nodes(roots: Sequence[TreeNode]) -> Iterator[TreeNode]:
    for root in roots:
        for node in root.children:
            if node.is_found or not node.children:
                yield node
            yield from node.children


Index = QModelIndex | QPersistentModelIndex
NODE_ROLE = Qt.ItemDataRole.UserRole
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_LEAF_FLAGS = _FLAGS | Qt.ItemFlag.ItemNeverHasChildren


class TreeModel(NodesModel[TreeNode]):
    """Sections with their questions, and what was found in them."""

    def __init__(self, wording: SessionFormatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._by_question: dict[str, TreeNode] = {}

    def show_nodes(self, roots: Sequence[TreeNode]) -> None:
        self._by_question = {node.address.question: node for root in roots for node in root.children}
        super().show_nodes(roots)

    def find(self, address: Address) -> TreeNode | None:
        return self._by_question.get(address.question)

    def _spoken(self, node: TreeNode, marks: Mapping[AnswerMark, str] = MARK_LABELS) -> str:
        texts = self._wording.texts
        said = [f"{node.number} {node.text}"]
        if node.kind is TreeNodeKind.HIT:
            return said[0]
        if node.is_hidden:
            said.append(texts.gettext(marks[AnswerMark.HIDDEN]))
        elif node.is_out:
            said.append(texts.gettext(marks[AnswerMark.NOT_APPLICABLE]))
        else:
            said.append(format_progress(node.done, texts))
        said += [texts.gettext(marks[mark]) for mark in node.marks]
        return "\n".join(said)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        node = self.node(index)
        if node is None:
            return None
        if role == NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{node.number} {node.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tool_tip(self._spoken(node, MARK_ADVICE))
        return self._spoken(node).replace("\n", " · ") if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self.node(index)
        return Qt.ItemFlag.NoItemFlags if node is None else _FLAGS if node.children else _LEAF_FLAGS

    def touch(self, node: TreeNode) -> None:
        for shown in (node, node.parent):
            if shown is not None:
                index = self.index_of(shown)
                self.dataChanged.emit(index, index)


# The words of the open assessment, kept folded: after a change only the row that changed is read again.


class SearchIndex:
    """Passages by question and by row, made when they are first needed."""

    def __init__(self, session: AssessmentSession, wording: Formatter) -> None:
        self._session, self._wording = session, wording
        self._second: Formatter | None = None
        self._worded: dict[str, SearchPassages] = {}
        self._said: dict[tuple[str, str], SearchPassages] = {}
        self._unread: Iterator[bool] | None = None

    def show_second(self, second: Formatter | None) -> None:
        self._second = second
        self._worded.clear()
        self._unread = None

    def follow(self, change: AnswerChange | EntryChange) -> None:
        """Forget what a change has made out of date; a register entry may be named anywhere."""
        if isinstance(change, EntryChange):
            self._said.clear()
            self._unread = None
        else:
            address = change.key.address
            self._said.pop((address.question, address.row), None)

    def read_some(self, questions: int = 20) -> bool:
        """Read a few questions ahead of the first search; False once there is nothing left to read."""
        if self._unread is None:
            self._unread = self._reading()
        return all(next(self._unread, False) for _ in range(questions))

    def _reading(self) -> Iterator[bool]:
        for question in self._session.instrument.questions():
            for place in self._places(question):
                place.whole  # noqa: B018 - folds the texts and keeps them
            yield True

    def _places(self, question: Question) -> Iterator[SearchPassages]:
        yield self._words_of(question)
        yield self._said_in(question, "")
        for row in question.rows:
            yield self._said_in(question, row.id)

    def _words_of(self, question: Question) -> SearchPassages:
        known = self._worded.get(question.id)
        if known is None:
            wordings = (self._wording,) if self._second is None else (self._wording, self._second)
            known = self._worded[question.id] = question_passages(question, wordings)
        return known

    def _said_in(self, question: Question, row: str) -> SearchPassages:
        known = self._said.get((question.id, row))
        if known is None:
            addresses = [Address(question.id, row)]
            addresses += [Address(question.id, row, column.id) for column in question.columns] if row else []
            answers = (answer for address in addresses for answer in self._session.answers_at(address))
            known = self._said[question.id, row] = answer_passages(question, answers, self._wording)
        return known

    def find(self, question: Question, words: tuple[str, ...]) -> list[SearchPassage]:
        return list(search_passages(self._places(question), words))
