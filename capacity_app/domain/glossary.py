"""Terms of the glossary found in running text, so that a definition can be opened where the term stands."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

_SHORTEST = 4
"""Letters a term needs at least: shorter ones stand inside too many other things."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a term: from ``start`` up to ``end``, and the concept's id."""

    start: int
    end: int
    concept: str


def phrases(concept: str, label: str, *, is_near: bool) -> tuple[str, ...]:
    """Give the ways a concept is named in running text: its label, and its id read as words.

    A single word ("flow") means the concept only where it ``is_near``: where the question is about it.
    """
    words = concept.replace("-", " ").strip()
    named = (label.strip(), words if is_near or " " in words else "")
    return tuple(dict.fromkeys(phrase.casefold() for phrase in named if len(phrase) >= _SHORTEST))


def _pattern(phrase: str) -> str:
    words = r"[\s\u00a0-]+".join(re.escape(word) for word in re.split(r"[\s-]+", phrase))
    return rf"{words}(?:s|es)?"


def _found(text: str, named: Iterable[tuple[str, str]]) -> Iterator[Mention]:
    for phrase, concept in named:
        for match in re.finditer(rf"(?<!\w){_pattern(phrase)}(?!\w)", text, re.IGNORECASE):
            yield Mention(match.start(), match.end(), concept)


def mentions(text: str, labels: Mapping[str, str], near: Collection[str] = ()) -> tuple[Mention, ...]:
    """Find the first mention of each concept (``labels`` by id), in reading order; of overlapping ones the longest.

    ``near`` are the concepts the question is about.
    """
    named = (
        (phrase, concept)
        for concept, label in labels.items()
        for phrase in phrases(concept, label, is_near=concept in near)
    )
    longest_first = sorted(_found(text, named), key=lambda found: (found.start - found.end, found.start))
    kept: list[Mention] = []
    for found in longest_first:
        if all(found.end <= other.start or other.end <= found.start for other in kept):
            kept.append(found)
    first: dict[str, Mention] = {}
    for found in sorted(kept, key=lambda found: found.start):
        first.setdefault(found.concept, found)
    return tuple(first.values())
