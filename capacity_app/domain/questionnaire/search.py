"""Searching: questions and answers with certain words, terms of the glossary in a text, places by printed number.

A search wants passages that contain every word typed. Passages are folded once and kept by whoever searches often;
nothing here knows files or languages.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.text_search import contains_words, fold_text


class PassageKind(StrEnum):
    """In which part of a question or answer a passage stands."""

    QUESTION = "question"
    ROW = "row"
    COLUMN = "column"
    OPTION = "option"
    ANSWER = "answer"
    REASON = "reason"
    NOTE = "note"


PASSAGE_KIND_LABELS: dict[PassageKind, str] = {
    PassageKind.QUESTION: N_("Question"),
    PassageKind.ROW: N_("Row"),
    PassageKind.COLUMN: N_("Column"),
    PassageKind.OPTION: N_("Possible answer"),
    PassageKind.ANSWER: N_("Answer"),
    PassageKind.REASON: N_("Reason"),
    PassageKind.NOTE: N_("Note"),
}


@dataclass(frozen=True, slots=True)
class SearchPassage:
    """One text that can be found. ``key`` says whose answer it belongs to, None for the instrument's own words."""

    address: Address
    where: PassageKind
    text: str
    key: AnswerKey | None = None


@dataclass(frozen=True)
class SearchPassages:
    """Passages that stand together, folded the first time they are searched."""

    all: tuple[SearchPassage, ...]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold_text(passage.text) for passage in self.all)

    @cached_property
    def whole(self) -> str:
        """All of them in one, to pass over quickly what cannot match."""
        return "\n".join(self.folded)


def search_passages(places: Iterable[SearchPassages], words: Sequence[str]) -> Iterator[SearchPassage]:
    """Go through the passages that contain every word, in their order; no words find nothing."""
    if not words:
        return
    for place in places:
        if contains_words(place.whole, words):
            for passage, folded in zip(place.all, place.folded, strict=True):
                if contains_words(folded, words):
                    yield passage


# Terms of the glossary found in running text, so that a definition can be opened where the term stands.

_SHORTEST = 4
"""Letters a term needs at least: shorter ones stand inside too many other things."""
_SHORTEST_SIGNS = 2
"""The same for Chinese, where a sign is a syllable with a meaning."""
# Compiled when first used: large sets of letters take milliseconds of a start.
_UNDIVIDED = "[\u0e00-\u0e7f\u4e00-\u9fff]"
"""Thai and Chinese: no spaces stand between words."""
_CHINESE = "[\u4e00-\u9fff]"
_ENDINGS = "[\u0400-\u04ff\u10a0-\u10ff]"
"""Russian and Georgian: words end otherwise in other cases."""
_ARABIC = "[\u0600-\u06ff]"
_LONG_WORD = 4
"""A word with more letters still says what it is without its last two."""


@dataclass(frozen=True, slots=True)
class TermMention:
    """Where a text names a term: from ``start`` up to ``end``, and the concept's id."""

    start: int
    end: int
    concept: str


def term_phrases(concept: str, label: str, *, is_near: bool) -> tuple[str, ...]:
    """Return the ways a concept is named in running text: its label, and its id read as words.

    A single word ("flow") means the concept only where it ``is_near``: where the question is about it.
    """
    words = concept.replace("-", " ").strip()
    named = (label.strip(), words if is_near or " " in words else "")
    return tuple(dict.fromkeys(phrase.casefold() for phrase in named if len(phrase) >= _shortest(phrase)))


def _shortest(phrase: str) -> int:
    return _SHORTEST_SIGNS if re.search(_CHINESE, phrase) else _SHORTEST


def _pattern(phrase: str) -> str:
    """Return how a phrase is found in running text: with the endings and articles of its language."""
    if re.search(_UNDIVIDED, phrase):
        return re.escape(phrase)
    parts = re.split(r"[\s-]+", phrase)
    if re.search(_ENDINGS, phrase):
        said = [re.escape(_stem(part)) + r"\w{0,4}" for part in parts]
    elif re.search(_ARABIC, phrase):
        said = [rf"(?:[وفبلك]?ال|لل|[وفبلك])?{re.escape(part.removeprefix('ال'))}\w{{0,2}}" for part in parts]
    else:
        said = [*(rf"{re.escape(part)}(?:s|es)?" for part in parts)]
    words = r"[\s\u00a0-]+".join(said)
    return rf"(?<!\w){words}(?!\w)"


def _stem(word: str) -> str:
    return word[:-2] if len(word) > _LONG_WORD else word


def _found(text: str, named: Iterable[tuple[str, str]]) -> Iterator[TermMention]:
    for phrase, concept in named:
        for match in re.finditer(_pattern(phrase), text, re.IGNORECASE):
            yield TermMention(match.start(), match.end(), concept)


def find_terms(text: str, labels: Mapping[str, str], near: Collection[str] = ()) -> tuple[TermMention, ...]:
    """Find the first mention of each concept (``labels`` by id), in reading order; of overlapping ones the longest.

    ``near`` are the concepts the question is about.
    """
    named = (
        (phrase, concept)
        for concept, label in labels.items()
        for phrase in term_phrases(concept, label, is_near=concept in near)
    )
    longest_first = sorted(_found(text, named), key=lambda found: (found.start - found.end, found.start))
    kept: list[TermMention] = []
    for found in longest_first:
        if all(found.end <= other.start or other.end <= found.start for other in kept):
            kept.append(found)
    first: dict[str, TermMention] = {}
    for found in sorted(kept, key=lambda found: found.start):
        first.setdefault(found.concept, found)
    return tuple(first.values())


# Finding a place as people name it: by the printed number ("IV.1 G"), or by its permanent address.

_BETWEEN = re.compile(r"[\W_]+")


def printed_numbers(instrument: Instrument) -> Iterator[tuple[str, Address]]:
    """Go through the printed numbers of questions and rows, in printed order, with their addresses."""
    for question in instrument.questions():
        yield question.number, Address(question.id)
        for row in question.rows:
            if row.number:
                yield f"{question.number} {row.number}", Address(question.id, row.id)


def _parts(number: str) -> list[str]:
    return _BETWEEN.split(number.casefold().strip())


def find_place(instrument: Instrument, named: str) -> Address | None:
    """Find a place by its address, or by its number however it is typed ("IV.1 G", "iv1g"); None if it is none.

    A number typed without its dots may fit several places ("i11"); then it names none of them.
    """
    try:
        address = Address.parse(named.strip())
    except ValueError:
        address = None
    if address is not None and locate(instrument, address) is not None:
        return address
    numbers = tuple(printed_numbers(instrument))
    exact = [place for number, place in numbers if _parts(number) == _parts(named)]
    if exact:
        return exact[0]
    loose = {place for number, place in numbers if "".join(_parts(number)) == "".join(_parts(named))}
    return loose.pop() if len(loose) == 1 else None
