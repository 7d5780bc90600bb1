"""Finding: letters compared without case and accents, best matches first."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key, lru_cache
from typing import TYPE_CHECKING, Any

from capacity_app.domain.search import contains, fold, wanted_words

if TYPE_CHECKING:
    from PySide6.QtCore import QCollator

_NOT_LETTERS = re.compile(r"[\W_]+")


folded = fold
"""Gives text without case and accents, for comparing."""


def alphabet(language: str) -> Callable[[str], Any]:
    """Return the key by which names are put in the order of a language: "Ñ" after "N", Chinese by its pinyin."""
    return cmp_to_key(_collator(language).compare)


@lru_cache(maxsize=4)
def _collator(language: str) -> "QCollator":
    from PySide6.QtCore import QCollator, QLocale, Qt  # noqa: PLC0415 - lists of all countries cost 10 ms

    made = QCollator(QLocale(language))
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setNumericMode(True)
    return made


def matches(text: str, wanted: str) -> bool:
    """Return whether every word of ``wanted`` occurs in ``text``."""
    return contains(fold(text), wanted_words(wanted))


def best_first(entries: Iterable[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Return the (id, name) entries that match, those that begin so first, else in their order."""
    start = folded(wanted).strip()
    found = [entry for entry in entries if matches(entry[1], wanted)]
    return sorted(found, key=lambda entry: not folded(entry[1]).startswith(start))


def squeezed(number: str) -> str:
    """Return a printed number as people type it: "IV.1 G" as "iv1g"."""
    return _NOT_LETTERS.sub("", folded(number))


def best_numbers(numbers: Sequence[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Return the (address, printed number) entries that begin as typed, an exact number first, else in their order."""
    typed = squeezed(wanted)
    if not typed:
        return []
    found = [entry for entry in numbers if squeezed(entry[1]).startswith(typed)]
    return sorted(found, key=lambda entry: squeezed(entry[1]) != typed)
