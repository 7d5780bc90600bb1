"""Comparison of texts: two wordings word by word, and the lines of a file with those the program would print."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, islice, zip_longest

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Translate, printable

TEXT_CHANGED = N_("{place}: “{found}” instead of “{expected}”.")
TEXT_ADDED = N_("{place}: “{found}” was added.")
TEXT_MISSING = N_("{place}: “{expected}” is missing.")
TEXT_HIDDEN = N_("{place}: “{expected}” is hidden.")
OTHER_NUMBER_FORMAT = N_("{place}: another number format shows “{expected}” differently.")
PICTURE_CHANGED = N_("{place}: a picture or drawing is not the printed one.")
ROW_ORDER_CHANGED = N_("{place}: the rows are in another order.")
PRINTED_SHEET_ADDED = N_("{place}: this sheet was added (“{found}”).")
PRINTED_SHEET_MISSING = N_("{place}: this sheet is missing or hidden.")
MAXIMUM_PLACES = 200
"""So many differences are listed; all are counted."""
_LONGEST_EXCERPT = 300
_SMALL = 40_000
"""Two blocks are compared in detail where the product of their lengths is at most this."""


@dataclass(frozen=True, slots=True)
class PrintedText:
    """One printed text. ``place`` is for people; ``key`` is what is compared, the text itself if it is empty.

    ``is_answer`` says that people are meant to fill it in. An anchor of a field for remarks is in ``rooms``.
    """

    text: str
    place: str = ""
    key: str = ""
    is_answer: bool = False
    rooms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PrintedDifference:
    """One place where a file does not say what the program prints; ``note`` is a message id where texts do not tell."""

    place: str
    expected: str = ""
    found: str = ""
    note: str = ""
    is_answer: bool = False

    def text(self, translate: Translate = str) -> str:
        """Say it in a sentence on one line."""
        plain_message = TEXT_CHANGED if self.expected and self.found else TEXT_MISSING if self.expected else TEXT_ADDED
        said = translate(self.note or plain_message)
        return printable(said.format(place=self.place or "–", expected=self.expected, found=self.found))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedComparison:
    """How a file's print compares. ``total`` printed places of ``compared`` were changed, ``filled`` answers or notes.

    ``reason_not_compared`` is a message id, filled in with ``values``; nothing else means anything then.
    ``is_same_content`` says whether the file carries the content of the assessment it was compared with, None where
    one of the two is not there.
    """

    places: tuple[PrintedDifference, ...] = ()
    total: int = 0
    filled: int = 0
    compared: int = 0
    reason_not_compared: str = ""
    values: tuple[tuple[str, str], ...] = ()
    is_same_content: bool | None = None

    @property
    def is_the_same(self) -> bool:
        """Return whether the file carries the assessment's content, and prints all of it and nothing else."""
        return bool(self.is_same_content) and not (self.total or self.filled or self.reason_not_compared)


def summarize_differences(differences: Iterable[PrintedDifference], compared: int) -> PrintedComparison:
    """Count differences and keep the first ones, printed places before answers."""
    counts, kept = Counter[bool](), {True: list[PrintedDifference](), False: list[PrintedDifference]()}
    for one in differences:
        counts[one.is_answer] += 1
        if len(kept[one.is_answer]) < MAXIMUM_PLACES:
            kept[one.is_answer].append(one)
    places = tuple(islice((*kept[False], *kept[True]), MAXIMUM_PLACES))
    return PrintedComparison(places=places, total=counts[False], filled=counts[True], compared=compared)


def normalize_printed(text: str) -> str:
    """Return a text as it is compared: NFC, and every white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def excerpt(text: str) -> str:
    return text if len(text) <= _LONGEST_EXCERPT else f"{text[:_LONGEST_EXCERPT]} …"


def compare_in_order(expected: Sequence[PrintedText], found: Sequence[PrintedText]) -> Iterator[PrintedDifference]:
    """Compare texts that follow each other; what was added is named by the place before it."""
    rooms = frozenset().union(*(one.rooms for one in expected if one.rooms))
    keys = [one.key or one.text for one in expected], [one.key or one.text for one in found]
    for (first, last), (start, end) in find_changed_ranges(*keys):
        place = expected[first - 1].place if first else (expected[0].place if expected else "")
        for ours, theirs in zip_longest(expected[first:last], found[start:end]):
            place = ours.place if ours else place
            is_answer = ours.is_answer if ours else bool(theirs.rooms & rooms)
            texts = excerpt(ours.text) if ours else "", excerpt(theirs.text) if theirs else ""
            yield PrintedDifference(place, *texts, note="" if any(texts) else PICTURE_CHANGED, is_answer=is_answer)


ChangedRange = tuple[tuple[int, int], tuple[int, int]]


def find_changed_ranges(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[ChangedRange]:
    """Yield the ranges of two sequences that do not fit each other, in order, in nearly linear time."""
    todo = [((0, len(ours)), (0, len(theirs)))]
    while todo:
        (first, last), (start, end) = todo.pop()
        while first < last and start < end and ours[first] == theirs[start]:
            first, start = first + 1, start + 1
        while first < last and start < end and ours[last - 1] == theirs[end - 1]:
            last, end = last - 1, end - 1
        if first == last and start == end:
            continue
        anchors = _anchors(ours[first:last], theirs[start:end])
        if anchors:
            inner, before = [], (first, start)
            for one, other in anchors:
                inner.append(((before[0], first + one), (before[1], start + other)))
                before = (first + one + 1, start + other + 1)
            todo += reversed([*inner, ((before[0], last), (before[1], end))])
        elif (last - first) * (end - start) <= _SMALL:
            matcher = SequenceMatcher(None, ours[first:last], theirs[start:end], autojunk=False)
            for kind, a, b, c, d in matcher.get_opcodes():
                if kind != "equal":
                    yield (first + a, first + b), (start + c, start + d)
        else:
            yield (first, last), (start, end)


def _anchors(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Find what occurs once on both sides, as far as it is in the same order on both (patience)."""
    counts, others = Counter(ours), Counter(theirs)
    where = {key: place for place, key in enumerate(theirs) if others[key] == 1 and counts[key] == 1}
    pairs = [(place, where[key]) for place, key in enumerate(ours) if key in where]
    tails, ends, before = list[int](), list[int](), dict[int, int]()
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(tails, place)
        before[number] = ends[at - 1] if at else -1
        tails[at : at + 1], ends[at : at + 1] = [place], [number]
    chain, number = list[tuple[int, int]](), ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


# Two versions of a text compared word by word, for whoever must see at a glance what was changed.

_LONGEST_COMPARED = 4_000
"""Words beyond which the middle is replaced as a whole: comparing takes the product of both lengths."""
_LEAST_KEPT = 0.25
"""The share of letters that must be kept, or the middle is replaced as a whole: word by word nobody could read it."""
# Scripts without spaces between words are compared letter by letter: kana, Han, Hangul; Thai, Lao, Khmer, Myanmar.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# A number is one word, with the signs between its digits: otherwise only some of its digits seem to have changed.
_NUMBER = r"\d+(?:[.,'’\u00a0\u202f]\d+)+"
_TOKEN = rf"{_NUMBER}|\s+|[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]"


class WordDiffKind(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of words that are kept, added or removed."""

    kind: WordDiffKind
    text: str


def _tokens(text: str) -> list[str]:
    return re.findall(_TOKEN, text)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the tokens both begin with."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _middle(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[WordDiffKind, str]]:
    is_short = max(len(before), len(after)) <= _LONGEST_COMPARED
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if is_short else []
    kept = sum(_letters(before[start:end]) for tag, start, end, _, _ in opcodes if tag == "equal")
    if not opcodes or kept < _LEAST_KEPT * max(_letters(before), _letters(after)):
        opcodes = [("replace", 0, len(before), 0, len(after))]
    for tag, start, end, new_start, new_end in opcodes:
        if tag == "equal":
            yield from ((WordDiffKind.KEPT, token) for token in before[start:end])
        else:
            yield from ((WordDiffKind.REMOVED, token) for token in before[start:end])
            yield from ((WordDiffKind.ADDED, token) for token in after[new_start:new_end])


def _letters(tokens: Iterable[str]) -> int:
    return sum(len(token) for token in tokens if not token.isspace())


def _diff_tokens(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[WordDiffKind, str]]:
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    yield from ((WordDiffKind.KEPT, token) for token in before[:start])
    yield from _middle(before[start : len(before) - end], after[start : len(after) - end])
    yield from ((WordDiffKind.KEPT, token) for token in before[len(before) - end :])


def compare_words(before: str, after: str) -> tuple[DiffPiece, ...]:
    """Compare two texts: kept and removed pieces together are ``before``, kept and added ones ``after``."""
    kinds = _diff_tokens(_tokens(before), _tokens(after))
    return tuple(
        DiffPiece(kind, "".join(token for _, token in run)) for kind, run in groupby(kinds, key=lambda part: part[0])
    )
