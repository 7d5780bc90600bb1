"""People's names in running text: whole or in parts, with initials, in any letter case, with or without accents.

Found are the names one knows. In file names, links and ids every letter case counts, in sentences only "Haddad" and
"HADDAD": many a name is an ordinary word too.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

SHORTEST_PART = 3
"""Letters a single word of a name must have to be found by itself; shorter ones occur in ordinary words."""

_ALIKE = str.maketrans("łŁøØđĐıħĦŧŦæÆœŒßþÞðÐŋŊ’ʼ‘`", "lLoOdDihHtTaAoOstTdDnN''''")
_TITLES = frozenset({"mrs", "miss", "prof", "professor", "doctor", "eng", "mme", "mlle", "herr", "frau", "sra", "the"})
_BETWEEN = r"[\s.,_-]{1,3}"
_JOINTS = re.compile(r"[\s.,;/()_–—]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ATTACHED = (
    ("\u0590", "\u05ff", "[והבכלמש]?", ""),
    ("\u0600", "\u06ff", "[وفبكل]{0,2}(?:ال|ل)?", ""),
    ("\u0400", "\u052f", "", "[\u0400-\u052f]{0,3}"),
    ("\u10a0", "\u10ff", "", "[\u10a0-\u10ff]{0,4}"),
)
"""What is written together with a name, before and behind it, by script: articles, prepositions, endings."""
_ARTICLE = "ال"
_UNCASED = ("\u10a0", "\u10ff")
"""Georgian letters, which Unicode calls small."""
_SPELLED = str.maketrans(
    {
        "ß": "ss", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa", "ä": "ae",
        "Ä": "Ae", "ö": "oe", "Ö": "Oe", "ü": "ue", "Ü": "Ue",
    }
)  # fmt: skip
"""Letters that those who do not have them write as two."""
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"

Find = Callable[[str], Iterator[tuple[int, int]]]
"""Gives from where to where the names in a text stand; the text must be in normal form C."""


class _Folding(dict[int, str]):
    """Every letter without its accents, one for one, so that places in the folded text are places in the text."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        apart = unicodedata.normalize("NFD", letter)
        is_accented = all(unicodedata.category(mark)[0] == "M" for mark in apart[1:])
        self[code] = (apart[0] if is_accented else letter).translate(_ALIKE)
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Take the accents away; a text in normal form C keeps its length."""
    return text.translate(_FOLDING)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name or text, folded; marks and hyphens inside a word belong to it."""
    return tuple(
        word.strip("-'\"“”«»[]{}:!?")
        for word in _JOINTS.split(folded(unicodedata.normalize("NFC", text)))
        if word.strip("-'\"“”«»[]{}:!?")
    )


@dataclass(frozen=True, slots=True)
class _Name:
    """One name as its words, and those of them by which alone it is found."""

    words: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def initials(self) -> str:
        return "|".join(sorted({re.escape(word[0]) for word in self.words}))


def _may_stand_alone(part: str, public: frozenset[str]) -> bool:
    is_small = part[:1].islower() and not _UNCASED[0] <= part[0] <= _UNCASED[1]
    return len(part) >= SHORTEST_PART and not is_small and part.casefold() not in public


def _name(text: str, public: frozenset[str]) -> _Name:
    words = words_of(text)
    pieces = (piece for word in words for piece in (word, *word.split("-"), word.removeprefix(_ARTICLE)))
    parts = {piece for piece in pieces if _may_stand_alone(piece, public)}
    return _Name(words, tuple(sorted(parts, key=lambda part: (-len(part), part))))


def _bounded(first: str, pattern: str) -> str:
    """Let a name begin and end where a word does, as far as its script has words."""
    if _UNSPACED.match(first):
        return pattern
    attached = ((before, after) for low, high, before, after in _ATTACHED if low <= first[0] <= high)
    before, after = next(attached, ("", ""))
    return f"{_NO_LETTER_BEFORE}{before}(?:{pattern}){after}{_NO_LETTER_AFTER}"


def _in_order(words: Iterable[str], between: str = _BETWEEN) -> str:
    return between.join(map(re.escape, words))


def _wholes(name: _Name) -> Iterator[str]:
    """Find the whole name in its order, and with the last word in front; a single word is found in any case too."""
    if not name.words:
        return
    yield _bounded(name.words[0], f"(?i:{_in_order(name.words)})")
    if len(name.words) > 1:
        yield _bounded(name.words[-1], f"(?i:{_in_order((name.words[-1], *name.words[:-1]))})")


def _with_initials(name: _Name, part: str) -> str:
    before, after = rf"(?:(?:{name.initials})(?:\.\s*|\s))*", rf"(?:,?\s+(?:{name.initials})\.)*"
    return f"{before}{part}{after}" if len(name.words) > 1 else part


def _alone(name: _Name) -> Iterator[str]:
    """Find each part as it is written or in capitals, with initials before or behind: "N. Haddad", "HADDAD, N."."""
    for part in name.parts:
        cases = "|".join(sorted({re.escape(part), re.escape(part.upper())}))
        yield _bounded(part, _with_initials(name, f"(?:{cases})"))


def _in_names_of_files(name: _Name) -> Iterator[str]:
    """Find each part in any letter case, with an initial or another part stuck to it: "nhaddad", "NoorHaddad"."""
    if len(name.words) > 1:
        yield _bounded(name.words[0], _in_order(name.words, r"[\W_]*"))
        yield _bounded(name.words[-1], _in_order((name.words[-1], *name.words[:-1]), r"[\W_]*"))
    for part in name.parts:
        yield _bounded(part, f"(?:{name.initials})?{re.escape(part)}")


def _finder(patterns: Iterable[str], flags: int = 0) -> Find:
    either = "|".join(dict.fromkeys(patterns))
    pattern = re.compile(either, flags) if either else None

    def find(text: str) -> Iterator[tuple[int, int]]:
        return (found.span() for found in pattern.finditer(folded(text)) if found[0]) if pattern else iter(())

    return find


def finders(names: Iterable[str], public: Iterable[str]) -> tuple[Find, Find]:
    """Make what finds names in sentences, and in file names, links and ids.

    ``public`` are words that name other things as well, such as the country: alone they are no name.
    """
    kept = frozenset(word.casefold() for word in public) | _TITLES
    spelled = {form for name in names for form in (name, unicodedata.normalize("NFC", name).translate(_SPELLED))}
    known = [_name(name, kept) for name in sorted(spelled, key=lambda name: (-len(name), name))]
    wholes = [pattern for name in known for pattern in _wholes(name)]
    alone = [pattern for name in known for pattern in _alone(name)]
    lax = [pattern for name in known for pattern in _in_names_of_files(name)]
    return _finder((*wholes, *alone)), _finder((*wholes, *lax, *alone), re.IGNORECASE)
