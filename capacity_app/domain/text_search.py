"""Words found in a text whatever their case and accents, and the piece of the text around them.

Apart from the search in questionnaires: fields with suggestions use it, and a start page has no questionnaire yet.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from capacity_app.domain.fast_dataclass import dataclass

TextSpan = tuple[int, int]
"""A stretch of a text: from the first place up to, not including, the second."""

_BEFORE, _AFTER = 40, 120
_GAP = "…"
_HARDLY_A_WORD = 12
"""How far a cut moves to stand between words, in letters."""


@dataclass(frozen=True, slots=True)
class SearchSnippet:
    """The piece of a text around what was found, with the stretches of it that match."""

    text: str
    spans: tuple[TextSpan, ...]


def fold_text(text: str) -> str:
    """Return text without case and accents, for comparing."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def search_words(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold_text(typed).split()))


def contains_words(folded: str, words: Iterable[str]) -> bool:
    return all(word in folded for word in words)


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Fold letter by letter: the folded text, and for each of its letters where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        parts = fold_text(letter)
        folded.append(parts)
        places += [place] * len(parts)
    return "".join(folded), places


def matching_spans(text: str, words: Iterable[str]) -> tuple[TextSpan, ...]:
    """Return the stretches of a text that match any of the folded words, joined where they touch."""
    folded, places = _folded_with_places(text)
    found: list[TextSpan] = []
    for word in words:
        at = folded.find(word) if word else -1
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    return _joined(found)


def _joined(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    joined: list[TextSpan] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def make_snippet(text: str, words: Sequence[str], before: int = _BEFORE) -> SearchSnippet:
    """Cut the piece of a text around the first match, ``before`` letters ahead of it, with "…" for what is left out."""
    flat = " ".join(text.split())
    spans = matching_spans(flat, words)
    first = spans[0][0] if spans else 0
    start, end = max(0, first - before), min(len(flat), first + _AFTER)
    if start:
        start = _after_space(flat, start, first)
    if end < len(flat):
        end = _before_space(flat, end)
    head = _GAP if start else ""
    shift = len(head) - start
    kept = tuple((a + shift, min(b, end) + shift) for a, b in spans if a < end)
    return SearchSnippet(head + flat[start:end] + (_GAP if end < len(flat) else ""), kept)


def _after_space(text: str, start: int, first: int) -> int:
    space = text.find(" ", start, min(first, start + _HARDLY_A_WORD))
    return space + 1 if space >= 0 else start


def _before_space(text: str, end: int) -> int:
    space = text.rfind(" ", end - _HARDLY_A_WORD, end)
    return space if space >= 0 else end
