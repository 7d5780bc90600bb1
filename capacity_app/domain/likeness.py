"""Entries that look like the same thing entered twice: by name, whatever the case, accents, order or abbreviation."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from capacity_app.domain.assessment import Agency, Entry, Evidence, Meeting, Person, Source

_WORD = re.compile(r"[^\W_]+")
_LITTLE = frozenset({
    "a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to",
    "au", "aux", "de", "des", "du", "el", "et", "la", "las", "le", "les", "los", "y",
    "das", "der", "die", "für", "im", "und", "von",
    "в", "и", "на", "о", "по",
})  # fmt: skip
"""Words that an abbreviation leaves out in the languages we speak to."""
_LEAST_TYPED = 8
"""Letters a name must have before one wrong letter is taken for a slip."""
_LEAST_STEM = 3
"""Letters of an abbreviated word ("Min.") unless the rest says enough."""
_LEAST_WHOLE = 4
"""Letters of a word that says enough by itself."""


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_folded(name)))


@lru_cache(maxsize=4096)
def _key_words(name: str) -> tuple[str, ...]:
    words = _words(name)
    return tuple(word for word in words if word not in _LITTLE) or words


def _is_initials(letters: str, name: str) -> bool:
    """Return whether letters are the initials of a name: MoI, MI and MOTI of the Ministry of the Interior."""
    words = _words(name)
    if len(letters) < 2 or len(_key_words(name)) < 2:  # noqa: PLR2004 - one letter says nothing
        return False
    pattern = "".join(f"{re.escape(w[0])}{'?' if w in _LITTLE else ''}" for w in words)
    return re.fullmatch(pattern, letters) is not None


def _is_short_for(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether the words of two names begin alike, pair by pair ("Min. Int." and "Ministry of Interior")."""
    if len(one) != len(other):
        return False
    pairs = tuple(zip(one, other, strict=True))
    if not all(a == b or _begins(a, b) or _begins(b, a) for a, b in pairs):
        return False
    stems = [min(len(a), len(b)) for a, b in pairs if a != b]
    says_enough = any(a == b and len(a) >= _LEAST_WHOLE and not a.isdigit() for a, b in pairs)
    return says_enough or (len(pairs) > 1 and all(stem >= _LEAST_STEM for stem in stems))


def _begins(start: str, word: str) -> bool:
    return word.startswith(start) and not word.isdigit()


def _is_one_slip(one: str, other: str) -> bool:
    """Return whether two texts differ by one letter changed, left out, added, or by two letters swapped."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < _LEAST_TYPED:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest_one, rest_other = one[start:], other[start:]
    if {c for c in rest_one[:1] + rest_other[:1] if c.isdigit()}:
        return False
    is_swap = rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:]
    return is_swap or rest_one[1:] == rest_other[1:] or rest_one[1:] == rest_other or rest_one == rest_other[1:]


@lru_cache(maxsize=65536)
def are_alike(one: str, other: str) -> bool:
    """Return whether two names probably name the same thing."""
    mine, theirs = _key_words(one), _key_words(other)
    if not mine or not theirs:
        return False
    if sorted(mine) == sorted(theirs) or _is_short_for(mine, theirs):
        return True
    if _numbers(mine) != _numbers(theirs):
        return False
    return (
        _is_initials("".join(mine), other)
        or _is_initials("".join(theirs), one)
        or _is_one_slip("".join(mine), "".join(theirs))
    )


def _numbers(words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if word.isdigit())


@dataclass(frozen=True, slots=True)
class _Marks:
    """What an entry may be known by: names that are compared, and signs that must be equal."""

    names: tuple[str, ...] = ()
    signs: frozenset[str] = frozenset()


def _marks(entry: Entry) -> _Marks:
    match entry:
        case Agency(name=name, short=short):
            return _Marks(tuple(text for text in (name, short) if text))
        case Person(name=name) | Source(name=name):
            return _Marks((name,) if name else ())
        case Meeting(title=title, date=date):
            return _Marks(signs=frozenset({f"{date} {' '.join(_words(title))}"} if title else ()))
        case Evidence(title=title, link=link, document=document):
            named = f"title {' '.join(_words(title))}" if title else ""
            return _Marks(signs=frozenset({named, link.strip().rstrip("/"), document} - {""}))
    return _Marks()


def look_alike(one: Entry, other: Entry) -> bool:
    """Return whether two entries of a register look like the same one."""
    mine, theirs = _marks(one), _marks(other)
    if mine.signs & theirs.signs:
        return True
    return any(are_alike(a, b) for a in mine.names for b in theirs.names)


def lookalikes(entries: Iterable[Entry]) -> Mapping[str, tuple[str, ...]]:
    """Return by id the other entries of a register that look the same; what is like nothing is not in it."""
    known = tuple(entries)
    found: dict[str, list[str]] = {}
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            if look_alike(one, other):
                found.setdefault(one.id, []).append(other.id)
                found.setdefault(other.id, []).append(one.id)
    return {entry: tuple(others) for entry, others in found.items()}
