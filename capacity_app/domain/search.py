"""Searching: words found in questions and answers whatever their case and accents, and where they stand in a text.

A search wants passages that contain every word typed. Passages are folded once and kept by whoever searches often;
nothing here knows files or languages.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from capacity_app.domain.answers import Address, AnswerKey
from capacity_app.domain.problems import N_

Span = tuple[int, int]
"""A stretch of a text: from the first place up to, not including, the second."""

_BEFORE, _AFTER = 40, 120
_GAP = "…"
_HARDLY_A_WORD = 12
"""How far a cut moves to stand between words, in letters."""


class Where(StrEnum):
    """In which part of a question or answer a passage stands."""

    QUESTION = "question"
    ROW = "row"
    COLUMN = "column"
    OPTION = "option"
    ANSWER = "answer"
    REASON = "reason"
    NOTE = "note"


WHERE_WORDS: dict[Where, str] = {
    Where.QUESTION: N_("Question"),
    Where.ROW: N_("Row"),
    Where.COLUMN: N_("Column"),
    Where.OPTION: N_("Possible answer"),
    Where.ANSWER: N_("Answer"),
    Where.REASON: N_("Reason"),
    Where.NOTE: N_("Note"),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that can be found. ``key`` says whose answer it belongs to, None for the instrument's own words."""

    address: Address
    where: Where
    text: str
    key: AnswerKey | None = None


@dataclass(frozen=True)
class Passages:
    """Passages that stand together, folded the first time they are searched."""

    all: tuple[Passage, ...]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(passage.text) for passage in self.all)

    @cached_property
    def whole(self) -> str:
        """All of them in one, to pass over quickly what cannot match."""
        return "\n".join(self.folded)


@dataclass(frozen=True, slots=True)
class Snippet:
    """The piece of a text around what was found, with the stretches of it that match."""

    text: str
    spans: tuple[Span, ...]


def fold(text: str) -> str:
    """Return text without case and accents, for comparing."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def wanted_words(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(typed).split()))


def contains(folded: str, words: Iterable[str]) -> bool:
    return all(word in folded for word in words)


def search(places: Iterable[Passages], words: Sequence[str]) -> Iterator[Passage]:
    """Go through the passages that contain every word, in their order; no words find nothing."""
    if not words:
        return
    for place in places:
        if contains(place.whole, words):
            for passage, folded in zip(place.all, place.folded, strict=True):
                if contains(folded, words):
                    yield passage


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Fold letter by letter: the folded text, and for each of its letters where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        parts = fold(letter)
        folded.append(parts)
        places += [place] * len(parts)
    return "".join(folded), places


def spans_of(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    """Return the stretches of a text that match any of the folded words, joined where they touch."""
    folded, places = _folded_with_places(text)
    found: list[Span] = []
    for word in words:
        at = folded.find(word) if word else -1
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    return _joined(found)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def snippet(text: str, words: Sequence[str], before: int = _BEFORE) -> Snippet:
    """Cut the piece of a text around the first match, ``before`` letters ahead of it, with "…" for what is left out."""
    flat = " ".join(text.split())
    spans = spans_of(flat, words)
    first = spans[0][0] if spans else 0
    start, end = max(0, first - before), min(len(flat), first + _AFTER)
    if start:
        start = _after_space(flat, start, first)
    if end < len(flat):
        end = _before_space(flat, end)
    head = _GAP if start else ""
    shift = len(head) - start
    kept = tuple((a + shift, min(b, end) + shift) for a, b in spans if a < end)
    return Snippet(head + flat[start:end] + (_GAP if end < len(flat) else ""), kept)


def _after_space(text: str, start: int, first: int) -> int:
    space = text.find(" ", start, min(first, start + _HARDLY_A_WORD))
    return space + 1 if space >= 0 else start


def _before_space(text: str, end: int) -> int:
    space = text.rfind(" ", end - _HARDLY_A_WORD, end)
    return space if space >= 0 else end
