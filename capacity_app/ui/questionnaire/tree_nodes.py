"""The section tree as plain nodes: sections, questions and, while finding, the places found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from capacity_app.domain.answers import Address, Answer, State
from capacity_app.domain.completeness import Completeness
from capacity_app.domain.instrument import TOP_LEVEL, Kind, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Sheet, Standing
from capacity_app.ui.look.finding import excerpt, matches
from capacity_app.ui.questionnaire.progress import Progress
from capacity_app.ui.wording import Wording


class Filter(StrEnum):
    """Which questions the tree shows."""

    ALL = "all"
    OPEN = "open"
    CONFLICT = "conflict"
    NOT_APPLICABLE = "not_applicable"
    NO_EVIDENCE = "no_evidence"
    MINE = "mine"


FILTER_WORDS: dict[Filter, str] = {
    Filter.ALL: N_("All questions"),
    Filter.OPEN: N_("Open"),
    Filter.CONFLICT: N_("Answers differ"),
    Filter.NOT_APPLICABLE: N_("Not applicable"),
    Filter.NO_EVIDENCE: N_("Level 3 without evidence"),
    Filter.MINE: N_("Answered by this agency"),
}


class NodeKind(StrEnum):
    """What a node stands for."""

    SECTION = "section"
    QUESTION = "question"
    HIT = "hit"


@dataclass(eq=False)
class Node:
    """One line of the tree; ``done`` counts places asked."""

    kind: NodeKind
    address: Address
    number: str
    text: str
    done: Completeness = field(default_factory=Completeness)
    is_hidden: bool = False
    is_out: bool = False
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def row(self) -> int:
        """The place among its siblings."""
        return self.parent.children.index(self) if self.parent else 0


def _is_unsupported(item: Item, block: Block) -> bool:
    answer = item.answer
    is_top = item.field.kind is Kind.LEVEL and answer.value == TOP_LEVEL and item.standing is Standing.WANTED
    return is_top and not any(block.grades.get(entry, 0) for entry in answer.evidence)


def _is_out(block: Block) -> bool:
    return any(item.answer.state is State.NOT_APPLICABLE or item.standing is Standing.ROW_OUT for item in block.items)


def keeps(chosen: Filter, block: Block, answers: Callable[[Address], Iterable[Answer]], respondent: str) -> bool:
    """Tell whether a filter shows a question."""
    if chosen is Filter.ALL:
        return True
    if block.is_hidden:
        return False
    if chosen is Filter.MINE:
        said = (answer for item in block.items for answer in answers(item.address))
        return any(a.key.respondent == respondent and a.content.state is not State.NOT_ASKED for a in said)
    tests: dict[Filter, Callable[[], bool]] = {
        Filter.OPEN: lambda: any(i.standing is Standing.WANTED and i.answer.is_open for i in block.items),
        Filter.CONFLICT: lambda: any(bool(item.answer.conflict) for item in block.items),
        Filter.NOT_APPLICABLE: lambda: _is_out(block),
        Filter.NO_EVIDENCE: lambda: any(_is_unsupported(item, block) for item in block.items),
    }
    return tests[chosen]()


def question_node(question: Question, block: Block, wording: Wording, done: Completeness) -> Node:
    """Make the node of a question, of whose places ``done`` have been asked."""
    return Node(
        NodeKind.QUESTION,
        Address(question.id),
        question.number,
        wording.question(question),
        done,
        is_hidden=block.is_hidden,
        is_out=block.whole.state is State.NOT_APPLICABLE,
    )


def update(node: Node, block: Block, done: Completeness) -> None:
    """Let a question's node say how it stands now."""
    node.done = done
    node.is_hidden = block.is_hidden
    node.is_out = block.whole.state is State.NOT_APPLICABLE


def _said(answer: Answer, wording: Wording, question: Question) -> Iterator[str]:
    address = answer.key.address
    column = question.column_by_id.get(address.column) if address.column else question
    yield wording.content(question, None if address.row and not address.column else column, answer.content)
    yield answer.content.note
    yield answer.content.reason


def hits(question: Question, answers: Iterable[Answer], wording: Wording, wanted: str) -> Iterator[Node]:
    """Find the rows, answers, reasons and notes of a question that contain the wanted words."""
    order = {row.id: number for number, row in enumerate(question.rows)}
    for row in question.rows:
        label = wording.row(question, row)
        if matches(f"{row.number} {label}", wanted):
            address = Address(question.id, row.id)
            yield Node(NodeKind.HIT, address, wording.place(address), excerpt(label, wanted))
    found: set[tuple[Address, str]] = set()
    for answer in sorted(answers, key=lambda answer: order.get(answer.key.address.row, -1)):
        for text in _said(answer, wording, question):
            place = (answer.key.address, text)
            if text and place not in found and matches(text, wanted):
                found.add(place)
                yield Node(NodeKind.HIT, answer.key.address, wording.place(answer.key.address), excerpt(text, wanted))


def build(
    sheet: Sheet,
    wording: Wording,
    progress: Progress,
    keep: Callable[[Section, Question, Block], tuple[bool, list[Node]]],
) -> list[Node]:
    """Build the tree of sections with the questions that are kept, each with the places found in it."""
    roots: list[Node] = []
    for section in sheet.instrument.sections:
        root = Node(NodeKind.SECTION, Address(section.id), section.number, wording.section(section))
        for question in section.questions:
            block = sheet.blocks[question.id]
            is_kept, found = keep(section, question, block)
            if is_kept:
                node = question_node(question, block, wording, progress.of_question(question.id))
                root.children.append(_under(root, node, found))
        root.done = progress.of_section(section)
        if root.children:
            roots.append(root)
    return roots


def _under(root: Node, node: Node, found: list[Node]) -> Node:
    node.parent = root
    node.children = found
    for hit in found:
        hit.parent = node
    return node
