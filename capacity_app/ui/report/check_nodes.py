"""The lines of the check as plain nodes: kinds of findings, parts of the instrument below them where there are many."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from capacity_app.domain.answers import Address
from capacity_app.domain.findings import KIND_WORDS, Finding, FindingKind, by_kind, by_section
from capacity_app.domain.sheet import Sheet
from capacity_app.ui.registers.entry_words import Vocabulary

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
        """Whether a group shows what it holds before anybody has folded or unfolded it."""
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
