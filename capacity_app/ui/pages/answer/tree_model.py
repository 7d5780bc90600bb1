"""The section tree as plain nodes with its Qt model and its filters."""

from collections.abc import Iterator, Mapping, Sequence
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
from capacity_app.domain.scoring.answer_sheet import AnswerCounts, AnswerSheet, QuestionBlock
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
    QuestionFilter.NO_EVIDENCE: N_("High level without evidence"),
    QuestionFilter.NOT_APPLICABLE: N_("Not applicable"),
    QuestionFilter.MINE: N_("Answered by {agency}"),
}

EMPTY_LABELS: dict[QuestionFilter, str] = {
    QuestionFilter.ALL: "",
    QuestionFilter.OPEN: N_("No open questions: every question has an answer. “Review” lists the weak answers."),
    QuestionFilter.TO_CONFIRM: N_(
        "No answers to confirm. Questions with an answer from a previous round or version are listed here."
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
        """Return the filters that make sense here: nothing is to confirm without a previous round."""
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


class TreeNodeKind(StrEnum):
    """What a node stands for."""

    SECTION = "section"
    QUESTION = "question"


@dataclass(eq=False)
class TreeNode:
    """One line of the tree; ``done`` counts places answered."""

    kind: TreeNodeKind
    address: Address
    number: str
    text: str
    done: AnswerCounts = field(default_factory=AnswerCounts)
    marks: tuple[AnswerMark, ...] = ()
    is_hidden: bool = False
    is_out: bool = False
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


def build_tree(sheet: AnswerSheet, wording: SessionFormatter, kept: frozenset[str]) -> list[TreeNode]:
    """Build the tree of sections with the questions that are kept."""
    roots: list[TreeNode] = []
    for section in sheet.instrument.sections:
        root = TreeNode(TreeNodeKind.SECTION, Address(section.id), section.number, wording.section(section))
        for question in section.questions:
            if question.id in kept:
                block = sheet.blocks[question.id]
                root.add(question_node(question, block, wording, block.counts))
        update_section_node(root, sheet.section_counts(section))
        if root.children:
            root.row = len(roots)
            roots.append(root)
    return roots


Index = QModelIndex | QPersistentModelIndex
NODE_ROLE = Qt.ItemDataRole.UserRole
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_LEAF_FLAGS = _FLAGS | Qt.ItemFlag.ItemNeverHasChildren


class TreeModel(NodesModel[TreeNode]):
    """Sections with their questions."""

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
