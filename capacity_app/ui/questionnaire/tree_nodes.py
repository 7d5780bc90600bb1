"""The section tree as plain nodes: sections, questions and, while searching, the places found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from capacity_app.domain.answers import Address, State
from capacity_app.domain.completeness import Completeness
from capacity_app.domain.instrument import Question
from capacity_app.domain.search import WHERE_WORDS, Passage, Span, Where, snippet
from capacity_app.domain.sheet import Block, Sheet
from capacity_app.ui.look.marks import Mark
from capacity_app.ui.questionnaire.filters import marks_of
from capacity_app.ui.questionnaire.progress import Progress
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
