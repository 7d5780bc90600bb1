"""What the check of a questionnaire has found, as lines in groups: mistakes first, then the remarks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capacity_app.domain.answers import Address
from capacity_app.domain.findings import Finding, FindingKind
from capacity_app.domain.problems import N_, Problem
from capacity_app.instruments.editing import KIND_WORDS
from capacity_app.texts import Texts
from capacity_app.ui.report.check_tree import Node

MISTAKE, DOUBT = "mistake", "doubt"
_GROUPS: Mapping[str, str] = {
    MISTAKE: N_("Mistakes: the questionnaire cannot be used"),
    DOUBT: N_("Probably not meant"),
    **{kind.value: words for kind, words in KIND_WORDS.items()},
}
"""The groups in the order in which they are worth reading."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the check says: its group, where, what and what to do, and the place to jump to if there is one."""

    number: int
    group: str
    where: str
    message: str
    advice: str
    address: Address | None

    @property
    def words(self) -> str:
        return f"{self.where} {self.message} {self.advice}".casefold()


def lines_of(data: Mapping[str, Any]) -> tuple[Line, ...]:
    """Read the lines from what the command line says."""
    found = [entry for name in ("mistakes", "remarks") for entry in data.get(name, ()) if isinstance(entry, dict)]
    return tuple(_line(number, entry) for number, entry in enumerate(found))


def _line(number: int, entry: Mapping[str, Any]) -> Line:
    kind = str(entry.get("kind", ""))
    group = kind if kind in _GROUPS else MISTAKE if entry.get("severity") == "error" else DOUBT
    address = str(entry.get("address", ""))
    return Line(number, group, str(entry.get("where", "")), str(entry.get("message", "")),
                str(entry.get("advice", "")), Address.parse(address) if address else None)  # fmt: skip


def groups_of(texts: Texts, lines: Iterable[Line]) -> dict[str, tuple[str, list[Line]]]:
    """Return the lines by group, each with its title, in the order of reading."""
    by_group: dict[str, list[Line]] = {}
    for line in lines:
        by_group.setdefault(line.group, []).append(line)
    return {key: (texts.gettext(words), by_group[key]) for key, words in _GROUPS.items() if key in by_group}


def nodes_of(texts: Texts, lines: Iterable[Line]) -> list[Node]:
    """Build the groups with their lines for the list."""
    roots = []
    for row, (key, (title, found)) in enumerate(groups_of(texts, lines).items()):
        root = Node(key, title, count=len(found), row=row)
        root.children = [_node(root, at, line) for at, line in enumerate(found)]
        roots.append(root)
    return roots


def _node(root: Node, row: int, line: Line) -> Node:
    title = f"{line.where}: {line.message}" if line.where else line.message
    # The list of weak points shows findings; which line one is stands in its entry.
    finding = Finding(
        FindingKind.REFERENCE, Problem(line.group, line.where, line.message, line.advice), entry=str(line.number)
    )
    return Node(f"{line.group}|{line.where}|{line.message}", title, line.advice, finding, 1, root, row)


def wanted(lines: Sequence[Line], group: str, typed: str) -> tuple[Line, ...]:
    """Keep the lines of a group (all if empty) that have all the words typed."""
    words = typed.casefold().split()
    return tuple(line for line in lines if group in {"", line.group} and all(word in line.words for word in words))
