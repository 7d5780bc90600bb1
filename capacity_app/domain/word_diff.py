"""Two versions of a text compared word by word, for whoever must see at a glance what was changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

_LONGEST = 4_000
"""Words beyond which the middle is replaced as a whole: comparing takes the product of both lengths."""
# Scripts without spaces between words are compared letter by letter: kana, Han, Hangul; Thai, Lao, Khmer, Myanmar.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# A number is one word, with the signs between its digits: otherwise only some of its digits seem to have changed.
_NUMBER = r"\d+(?:[.,'’\u00a0\u202f]\d+)+"
_TOKEN = re.compile(rf"{_NUMBER}|\s+|[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")


class Fate(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words with one fate."""

    fate: Fate
    text: str


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the tokens both begin with."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _middle(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Fate, str]]:
    if max(len(before), len(after)) > _LONGEST:
        yield from ((Fate.REMOVED, token) for token in before)
        yield from ((Fate.ADDED, token) for token in after)
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Fate.KEPT, token) for token in before[start:end])
        else:
            yield from ((Fate.REMOVED, token) for token in before[start:end])
            yield from ((Fate.ADDED, token) for token in after[new_start:new_end])


def _fates(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Fate, str]]:
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    yield from ((Fate.KEPT, token) for token in before[:start])
    yield from _middle(before[start : len(before) - end], after[start : len(after) - end])
    yield from ((Fate.KEPT, token) for token in before[len(before) - end :])


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts: kept and removed pieces together are ``before``, kept and added ones ``after``."""
    fates = _fates(_tokens(before), _tokens(after))
    return tuple(
        Piece(fate, "".join(token for _, token in run)) for fate, run in groupby(fates, key=lambda part: part[0])
    )
