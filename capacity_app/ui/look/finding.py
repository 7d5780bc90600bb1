"""Finding: letters compared without case and accents, best matches first."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_NOT_LETTERS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Give text without case and accents, for comparing."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def matches(text: str, wanted: str) -> bool:
    """Tell whether every word of ``wanted`` occurs in ``text``."""
    inside = folded(text)
    return all(word in inside for word in folded(wanted).split())


def best_first(entries: Iterable[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Give the (id, name) entries that match, those that begin so first, else in their order."""
    start = folded(wanted).strip()
    found = [entry for entry in entries if matches(entry[1], wanted)]
    return sorted(found, key=lambda entry: not folded(entry[1]).startswith(start))


def squeezed(number: str) -> str:
    """Give a printed number as people type it: "IV.1 G" as "iv1g"."""
    return _NOT_LETTERS.sub("", folded(number))


def excerpt(text: str, wanted: str, *, around: int = 40) -> str:
    """Cut the piece of a text around the first match, with "…" where something was left out."""
    words = folded(wanted).split()
    flat = " ".join(text.split())
    inside = flat.casefold()
    at = min((place for word in words if (place := inside.find(word)) >= 0), default=0)
    start, end = max(0, at - around), min(len(flat), at + 2 * around)
    if start:
        start = min(flat.find(" ", start, at) + 1 or start, at)
    return ("…" if start else "") + flat[start:end].strip() + ("…" if end < len(flat) else "")


def best_numbers(numbers: Sequence[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Give the (address, printed number) entries that begin as typed, an exact number first, else in their order."""
    typed = squeezed(wanted)
    if not typed:
        return []
    found = [entry for entry in numbers if squeezed(entry[1]).startswith(typed)]
    return sorted(found, key=lambda entry: squeezed(entry[1]) != typed)
