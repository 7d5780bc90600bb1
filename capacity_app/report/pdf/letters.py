"""Letters for which no bundled type has a shape are printed as their numbers, ‹U+1F600›: nothing typed is lost.

On the screen the letters stay as they are, since a browser has type of its own.
"""

import unicodedata
from functools import cache

from markupsafe import Markup

from capacity_app.report.pdf.faces import FAMILIES, letters_of

_LINES = frozenset("\n\t\r")
_LINE_ENDS = str.maketrans("\u2028\u2029", "\n\n")
"""Ends of lines for which no type has a shape and which Pango does not take for such."""
_IGNORED = frozenset(
    (
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0, *range(0x180B, 0x1810),
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
        *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
    )
)  # fmt: skip
"""Default_Ignorable_Code_Point of Unicode: directions, joiners and variants, which have no shape of their own."""


@cache
def has_shape(letter: str) -> bool:
    """Return whether a letter can be printed: a bundled face has it, or it is a space or a sign without a shape."""
    if letter in _LINES or ord(letter) in _IGNORED or unicodedata.category(letter) == "Zs":
        return True
    if unicodedata.category(letter) in {"Cc", "Cs"}:
        return False
    return any(ord(letter) in letters_of(family) for family in FAMILIES)


def _belongs(letter: str) -> bool:
    """Return whether a letter says something only of the one before."""
    return unicodedata.category(letter)[0] == "M" or ord(letter) in _IGNORED


def _group(letters: list[str]) -> str:
    """Write letters as their numbers, from left to right in a text that runs the other way too."""
    return f"\u2066‹{' '.join(f'U+{ord(letter):04X}' for letter in letters)}›\u2069"


def numbered(text: str) -> str:
    """Write what cannot be printed as numbers, a word or a cluster in one pair of marks: "‹U+0928 U+0947›"."""
    made: list[str] = []
    odd: list[str] = []
    for letter in text:
        if not has_shape(letter) or (odd and _belongs(letter)):
            odd.append(letter)
            continue
        if odd:
            made.append(_group(odd))
            odd = []
        made.append(letter)
    if odd:
        made.append(_group(odd))
    return "".join(made)


def printable(text: object) -> object:
    """Write a typed text so that every letter of it can be printed; anything but text comes back as it is."""
    if not isinstance(text, str) or isinstance(text, Markup) or (text.isascii() and text.isprintable()):
        return text
    lines = text.translate(_LINE_ENDS)
    return lines if all(map(has_shape, set(lines))) else numbered(lines)
