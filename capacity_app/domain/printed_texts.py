"""What stands printed in a file and what the program prints for the same content: aligned, and told apart by place."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, zip_longest

from capacity_app.domain.problems import N_, Translate, printable

CHANGED = N_("{place}: “{found}” instead of “{expected}”.")
ADDED = N_("{place}: “{found}” was added.")
MISSING = N_("{place}: “{expected}” is missing.")
HIDDEN = N_("{place}: “{expected}” is hidden.")
OTHER_FORMAT = N_("{place}: another number format shows “{expected}” differently.")
PICTURE = N_("{place}: a picture or drawing is not the printed one.")
ORDER = N_("{place}: the rows are in another order.")
ADDED_SHEET = N_("{place}: this sheet was added (“{found}”).")
MISSING_SHEET = N_("{place}: this sheet is missing or hidden.")
MOST_PLACES = 200
"""So many differences are listed; all are counted."""
_LONGEST = 300
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
        plain_message = CHANGED if self.expected and self.found else MISSING if self.expected else ADDED
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


def comparison_of(differences: Iterable[PrintedDifference], compared: int) -> PrintedComparison:
    """Count differences and keep the first ones, printed places before answers."""
    counts, kept = Counter[bool](), {True: list[PrintedDifference](), False: list[PrintedDifference]()}
    for one in differences:
        counts[one.is_answer] += 1
        if len(kept[one.is_answer]) < MOST_PLACES:
            kept[one.is_answer].append(one)
    places = tuple(islice((*kept[False], *kept[True]), MOST_PLACES))
    return PrintedComparison(places=places, total=counts[False], filled=counts[True], compared=compared)


def plain(text: str) -> str:
    """Return a text as it is compared: NFC, and every white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def excerpt(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def differences_in_order(expected: Sequence[PrintedText], found: Sequence[PrintedText]) -> Iterator[PrintedDifference]:
    """Compare texts that follow each other; what was added is named by the place before it."""
    rooms = frozenset().union(*(one.rooms for one in expected if one.rooms))
    keys = [one.key or one.text for one in expected], [one.key or one.text for one in found]
    for (first, last), (start, end) in changed_blocks(*keys):
        place = expected[first - 1].place if first else (expected[0].place if expected else "")
        for ours, theirs in zip_longest(expected[first:last], found[start:end]):
            place = ours.place if ours else place
            is_answer = ours.is_answer if ours else bool(theirs.rooms & rooms)
            texts = excerpt(ours.text) if ours else "", excerpt(theirs.text) if theirs else ""
            yield PrintedDifference(place, *texts, note="" if any(texts) else PICTURE, is_answer=is_answer)


Block = tuple[tuple[int, int], tuple[int, int]]


def changed_blocks(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[Block]:
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
