"""Terms of the glossary found in running text, so that a definition can be opened where the term stands."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

_SHORTEST = 4
"""Letters a term needs at least: shorter ones stand inside too many other things."""
_SHORTEST_SIGNS = 2
"""The same for Chinese, where a sign is a syllable with a meaning."""
_UNDIVIDED = re.compile("[\u0e00-\u0e7f\u4e00-\u9fff]")
"""Thai and Chinese: no spaces stand between words."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ENDINGS = re.compile("[\u0400-\u04ff\u10a0-\u10ff]")
"""Russian and Georgian: words end otherwise in other cases."""
_ARABIC = re.compile("[\u0600-\u06ff]")
_LONG_WORD = 4
"""A word with more letters still says what it is without its last two."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a term: from ``start`` up to ``end``, and the concept's id."""

    start: int
    end: int
    concept: str


def phrases(concept: str, label: str, *, is_near: bool) -> tuple[str, ...]:
    """Return the ways a concept is named in running text: its label, and its id read as words.

    A single word ("flow") means the concept only where it ``is_near``: where the question is about it.
    """
    words = concept.replace("-", " ").strip()
    named = (label.strip(), words if is_near or " " in words else "")
    return tuple(dict.fromkeys(phrase.casefold() for phrase in named if len(phrase) >= _shortest(phrase)))


def _shortest(phrase: str) -> int:
    return _SHORTEST_SIGNS if _CHINESE.search(phrase) else _SHORTEST


def _pattern(phrase: str) -> str:
    """Return how a phrase is found in running text: with the endings and articles of its language."""
    if _UNDIVIDED.search(phrase):
        return re.escape(phrase)
    parts = re.split(r"[\s-]+", phrase)
    if _ENDINGS.search(phrase):
        said = [re.escape(_stem(part)) + r"\w{0,4}" for part in parts]
    elif _ARABIC.search(phrase):
        said = [rf"(?:[وفبلك]?ال|لل|[وفبلك])?{re.escape(part.removeprefix('ال'))}\w{{0,2}}" for part in parts]
    else:
        said = [*(rf"{re.escape(part)}(?:s|es)?" for part in parts)]
    words = r"[\s\u00a0-]+".join(said)
    return rf"(?<!\w){words}(?!\w)"


def _stem(word: str) -> str:
    return word[:-2] if len(word) > _LONG_WORD else word


def _found(text: str, named: Iterable[tuple[str, str]]) -> Iterator[Mention]:
    for phrase, concept in named:
        for match in re.finditer(_pattern(phrase), text, re.IGNORECASE):
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
