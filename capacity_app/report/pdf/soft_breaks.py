"""Words without end may be broken on paper: WeasyPrint else sets all that is left of one again for every line.

The break is a zero-width space, which has no shape and is no part of the text that is read back from a PDF.
"""

import re
import unicodedata
from itertools import pairwise

_LONGEST, _PIECE, _FORCED = 100, 10, 60
"""Letters of a word nobody needs to break beforehand, between two breaks of a longer one, and at the very most."""

_BREAK = "\u200b"
_JOINING = frozenset("\u00ad\u200c\u200d\u2060\ufeff")
_SPACES = " \t\n\r\u2000-\u2006\u2008-\u200b\u2028\u2029\u205f\u3000"
_ANYWHERE = "\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
"""Scripts that are written without spaces: their lines break by rules of their own."""
_ENDLESS = re.compile(rf"[^{_SPACES}{_ANYWHERE}]{{{_LONGEST + 1},}}")


def _begins_anew(before: str, letter: str) -> bool:
    """Return whether a line may begin here: not between a letter and its marks, nor where letters are joined."""
    return not {before, letter} & _JOINING and unicodedata.category(letter)[0] != "M"


def _with_breaks(word: str) -> str:
    made, length = [word[0]], 1
    for before, letter in pairwise(word):
        if length >= _PIECE and (_begins_anew(before, letter) or length >= _FORCED):
            made.append(_BREAK)
            length = 0
        made.append(letter)
        length += 1
    return "".join(made)


def breakable(text: object) -> object:
    """Let lines break inside words of more than a hundred letters; what is not a plain text comes back as it is."""
    if type(text) is not str or len(text) <= _LONGEST:
        return text
    return _ENDLESS.sub(lambda found: _with_breaks(found[0]), text)
