"""Plain measures of texts that hold for every language: sentences, words, and what two texts have in common."""

import re
from collections.abc import Iterator

from capacity_app.domain.instrument import Instrument

_WORD = re.compile(r"[^\W_]+(?:['’\-‑][^\W_]+)*")
_END = re.compile(r"(?<=[.!?。！？؟۔…])[\"”’»)]*(?:\s+|(?<=[。！？]))|\n+|(?<=[;；؛])\s+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|cf|no|art|para|vol|p|pp|St|Dr|vs)\.$", re.IGNORECASE)
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
"""Languages that write no spaces between words: there a word is counted as three signs."""
_SIGNS_OF_A_WORD = 3


def is_english(instrument: Instrument) -> bool:
    """Whether the wording is English, which some rules are made for."""
    return instrument.language.partition("-")[0].casefold() == "en"


def words(text: str) -> list[str]:
    """Give the words of a text."""
    return _WORD.findall(text)


def length(text: str, language: str) -> int:
    """Count the words of a text in a language (BCP 47)."""
    if language.partition("-")[0].casefold() in _UNSPACED:
        return -(-sum(map(len, _WORD.findall(text))) // _SIGNS_OF_A_WORD)
    return len(words(text))


def sentences(text: str) -> Iterator[str]:
    """Go through the sentences of a text; a line, and what a semicolon parts, is one by itself."""
    begun = ""
    for piece in _END.split(text):
        begun = f"{begun} {piece}".strip()
        if begun and not _ABBREVIATED.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def folded(text: str) -> str:
    """Give a text in which case, spaces and signs no longer tell a difference."""
    return " ".join(words(text.casefold()))
