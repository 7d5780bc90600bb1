"""Finding: letters compared without case and accents, best matches first."""

import re
from collections.abc import Iterable, Sequence

from capacity_app.domain.search import contains, fold, wanted_words

_NOT_LETTERS = re.compile(r"[\W_]+")


folded = fold
"""Gives text without case and accents, for comparing."""


def matches(text: str, wanted: str) -> bool:
    """Tell whether every word of ``wanted`` occurs in ``text``."""
    return contains(fold(text), wanted_words(wanted))


def best_first(entries: Iterable[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Give the (id, name) entries that match, those that begin so first, else in their order."""
    start = folded(wanted).strip()
    found = [entry for entry in entries if matches(entry[1], wanted)]
    return sorted(found, key=lambda entry: not folded(entry[1]).startswith(start))


def squeezed(number: str) -> str:
    """Give a printed number as people type it: "IV.1 G" as "iv1g"."""
    return _NOT_LETTERS.sub("", folded(number))


def best_numbers(numbers: Sequence[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Give the (address, printed number) entries that begin as typed, an exact number first, else in their order."""
    typed = squeezed(wanted)
    if not typed:
        return []
    found = [entry for entry in numbers if squeezed(entry[1]).startswith(typed)]
    return sorted(found, key=lambda entry: squeezed(entry[1]) != typed)
