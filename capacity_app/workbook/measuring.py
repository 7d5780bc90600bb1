"""What a text is to a spreadsheet: lines in a column, parts of a long one, names of sheets, numbers.

Spreadsheets do not fit the height of wrapped lines to their text by themselves when a program writes
them, and no line may be higher than 409 points. So heights are computed here, rather too high than too
low, and what needs more goes on in the next line of the sheet.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from math import isfinite

from capacity_app.domain.answers import clean_text
from capacity_app.workbook.layout import CELL_LIMIT, FORBIDDEN_IN_SHEET_NAMES, SHEET_NAME_LIMIT

MOST_LINES = 30
"""Lines of the usual size in one cell: a sheet's line is at most 409 points high."""

# Advance widths of Arial from space to tilde, in thousandths of the letter height.
_ARIAL = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
    833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500,
    556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
    334, 260, 334, 584,
)  # fmt: skip
_NARROWEST = min(_ARIAL)
_WIDTHS = (*[278] * 32, *_ARIAL, 278)
_OTHER, _BROAD, _JOINED = 660, 1000, 560
"""The same of letters beyond ASCII, on average, of East Asian ones, and of Arabic ones, which are joined."""
_UNIT = 1.04 * 40 / 3 / 7 / 1000
"""Column units (one digit, 7 pixels) per thousandth of a letter of 10 points (13 1/3 pixels), with 4 % to spare."""
_BOLD, _EDGES, _MOST_WIDENED = 1.1, 1.5, 1.8
"""How much wider a bold word is, the room at its sides in column units, and by how much a column may grow for it."""
_SPACE = 278 * _UNIT
_WIDEST = 2.02
_CACHED_WORD, _CACHED_WORDS = 40, 32_768
_CACHED_PARAGRAPH, _CACHED_PARAGRAPHS = 600, 8_192
_EAST_ASIAN = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd]"
)
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_MARKS = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Signs that stand above or below others or are not seen at all."""
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
needs_care = re.compile(f"^<r>|{_UNCLEAN.pattern}").search
"""Find what a text must not be written with as it is; a plain function call, for it sees every cell."""
_FIRST_PLANE = 0xFFFF


def clean(text: str) -> str:
    """Take out what no XML can hold; typed text has been cleaned before, so this hardly ever does anything."""
    return clean_text(text) if _UNCLEAN.search(text) else text


def number_of(text: str) -> float | str:
    """Return the number a text writes, or the text if it writes none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def units(text: str) -> float:
    """Return the width of a text on one line, in column units: exact for ASCII, estimated for the rest."""
    plain = text.encode("ascii", "ignore")
    width = sum(map(_WIDTHS.__getitem__, plain))
    if len(plain) != len(text):
        broad, joined = len(_EAST_ASIAN.findall(text)), len(_ARABIC.findall(text))
        others = len(text) - len(plain) - broad - joined - len(_MARKS.findall(text))
        width += _BROAD * broad + _JOINED * joined + _OTHER * others
    return width * _UNIT


def wide_enough(heading: str, width: float) -> float:
    """Return a column's width, more than ``width`` only if a word of its bold heading would be broken."""
    word = max(map(units, heading.split()), default=0.0)
    return max(width, min(word * _BOLD + _EDGES, width * _MOST_WIDENED))


_units_of_word = lru_cache(_CACHED_WORDS)(units)


def lines_of(text: str, width: float) -> int:
    """Count the lines a text takes in a column of ``width`` units, wrapped at words."""
    if "\n" in text:
        return sum([_paragraph_lines(paragraph, width) for paragraph in text.split("\n")])
    return _paragraph_lines(text, width)


def most_lines(text: str, width: float) -> float:
    """Bound the lines a text can take, cheaply: two neighbouring lines are together wider than the column."""
    return len(text) * (2 * _WIDEST) / width + 1 + text.count("\n")


def _paragraph_lines(paragraph: str, width: float) -> int:
    if len(paragraph) * _WIDEST <= width:
        return 1
    ends, widest = (_cached_ends if len(paragraph) <= _CACHED_PARAGRAPH else _word_ends)(paragraph)
    if widest > width:
        return _lines_with_broken_words(ends, width)
    lines, word, start = 0, 0, 0.0
    while word < len(ends):
        # As many words as end, without the space after them, within the line; at least one.
        word = max(bisect_right(ends, start + width + _SPACE, word), word + 1)
        lines, start = lines + 1, ends[word - 1]
    return lines


def _word_ends(paragraph: str) -> tuple[list[float], float]:
    """Return where each word ends with the space after it, were all on one line, and the width of the widest."""
    widths = [_units_of_word(word) if len(word) <= _CACHED_WORD else units(word) for word in paragraph.split(" ")]
    return list(accumulate([width + _SPACE for width in widths])), max(widths)


_cached_ends = lru_cache(_CACHED_PARAGRAPHS)(_word_ends)
"""The same texts stand on several sheets, in columns of different widths."""


def _lines_with_broken_words(ends: Iterable[float], width: float) -> int:
    lines, used, before = 1, 0.0, 0.0
    for end in ends:
        word, before = end - before - _SPACE, end
        if used + word > width:
            if used:
                lines, used = lines + 1, 0.0
            # A word longer than the line is broken.
            lines += int(word / width)
            word %= width
        used += word + _SPACE
    return lines


def parts_of(text: str, width: float) -> tuple[str, ...]:
    """Cut a text into parts that each fit one cell of a column; joined they are the text."""
    if lines_of(text, width) <= MOST_LINES:
        return (text,)
    return tuple(_parts(text, width))


def _parts(text: str, width: float) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _end(text, start, width)
        yield text[start:end]
        start = end


def _end(text: str, start: int, width: float) -> int:
    """Find where a part ends: after whole paragraphs if any fit, else after a word."""
    left, end = MOST_LINES, start
    # More letters than this never fit; looking at a whole long text for each of its parts would be slow.
    most = int(MOST_LINES * width / (_NARROWEST * _UNIT)) + 1
    while end < len(text):
        stop = text.find("\n", end, end + most)
        stop = min(len(text), end + most) if stop < 0 else stop + 1
        needed = _paragraph_lines(text[end:stop].rstrip("\n"), width)
        if needed > left:
            return end if end > start else start + _letters_that_fit(text[start:stop], width)
        left, end = left - needed, stop
    return end


def _letters_that_fit(paragraph: str, width: float) -> int:
    """Count the letters of a long paragraph that fit one cell, if possible to the end of a word."""
    low, high = 1, len(paragraph)
    while low < high:
        middle = (low + high + 1) // 2
        if _paragraph_lines(paragraph[:middle], width) <= MOST_LINES:
            low = middle
        else:
            high = middle - 1
    at_word = paragraph.rfind(" ", 0, low) + 1
    return at_word if at_word > low // 2 else low


def utf16_units(text: str) -> int:
    """Count as spreadsheets do: letters beyond the first plane count twice."""
    return len(text) + sum(1 for letter in text if ord(letter) > _FIRST_PLANE)


def first_units(text: str, limit: int) -> str:
    """Keep as many letters as fit into ``limit`` UTF-16 units."""
    if len(text) * 2 <= limit or utf16_units(text) <= limit:
        return text
    kept, used = 0, 0
    for letter in text:
        used += 2 if ord(letter) > _FIRST_PLANE else 1
        if used > limit:
            break
        kept += 1
    return text[:kept]


def cell_parts(text: str) -> tuple[str, ...]:
    """Cut a text at the limit of a cell, for sheets that machines read; joined the parts are the text."""
    found: list[str] = []
    while len(text) * 2 > CELL_LIMIT and utf16_units(text) > CELL_LIMIT:
        found.append(first_units(text, CELL_LIMIT))
        text = text[len(found[-1]) :]
    return (*found, text)


def shortened(text: str, limit: int) -> str:
    """Fit a text into ``limit`` UTF-16 units, at a word's end if possible; only where the whole stands elsewhere."""
    plain = " ".join(clean(text).split())
    if len(plain) * 2 <= limit or utf16_units(plain) <= limit:
        return plain
    kept = first_units(plain, limit - 1)
    cut = kept.rfind(" ")
    return (kept[:cut] if cut > len(kept) // 2 else kept).rstrip(" ,;:.–-") + "…"


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """Make a name that spreadsheets accept, different from all others whatever their case."""
    plain = "".join(" " if letter in FORBIDDEN_IN_SHEET_NAMES else letter for letter in title)
    base = shortened(plain, SHEET_NAME_LIMIT) or "–"
    used = {name.casefold() for name in taken} | {"history"}
    number, name = 1, base
    while name.casefold() in used:
        number += 1
        ending = f" {number}"
        name = first_units(base, SHEET_NAME_LIMIT - len(ending)) + ending
    return name
