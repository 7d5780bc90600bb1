"""Formats of cells, made once per workbook, and how much text a cell of a format holds.

Spreadsheets do not fit the height of wrapped lines to their text by themselves when a program writes
them, and no line may be higher than 409 points. So heights are computed here, rather too high than too
low, and what needs more goes on in the next line of the sheet.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from math import isfinite
from types import MappingProxyType
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.languages import NUMBERING_SYSTEMS
from capacity_app.i18n.translator import LATIN_DIGITS
from capacity_app.outputs.workbook.sheet_marks import CELL_LIMIT, FORBIDDEN_IN_SHEET_NAMES, SHEET_NAME_LIMIT
from capacity_app.report_colours import (
    ACCENT,
    ACCENT_TINT,
    BAND_COLOURS,
    BAND_HEATS,
    BAND_SIGNS,
    BAND_TINTS,
    CAUTION,
    CAUTION_TINT,
    INK,
    LEVEL_SIGNS,
    LINE,
    MUTED,
    SEVERITY_COLOURS,
    SEVERITY_TINTS,
    TINT,
)

# How cells look: every format by its name, made once per workbook. Colours are those of the PDF.
#
# White cells are for writing, shaded cells are locked. Arial, because it or a font of its widths is on
# every machine, so that heights computed here hold there; a workbook cannot bring its own font along.


FONT: Mapping[str, Any] = MappingProxyType({"font_name": "Arial", "font_size": 10, "font_scheme": "none"})
"""What every cell has unless its look says otherwise. (A scheme would let the theme's font win.)"""
_SIZE = 10
_BOLD_SCALE = 1.1
_INDENT = 1.4
"""Column units that one step of an indent takes."""
LINE_HEIGHT, PADDING = 12.75, 4.25
"""Points of one line at the usual size, and of a line's edges together."""

_PLAIN: dict[str, Any] = {"font_color": INK, "valign": "top", "align": "start"}
_WRAP = _PLAIN | {"text_wrap": True}
_BOXED = _WRAP | {"border": 1, "border_color": LINE, "indent": 1}
_LOCKED = _BOXED | {"bg_color": TINT}
_OPEN = _BOXED | {"bg_color": "#ffffff", "border_color": "#a9c3cc", "locked": False}
_SMALL = {"font_size": 9, "font_color": MUTED}
_MIDDLE = {"align": "center", "indent": 0}
_END = {"align": "end", "indent": 0, "text_wrap": False}
_COUNT, _CENTS, _POINTS, _SHARE, _PERCENT = "_0#,##0_0", "_0#,##0.00_0", "_00.0_0", "_00%_0", 'General" %"_0'
"""Number formats that keep a figure's width from the edges; not every program indents figures."""
_SOFT = {"border": 1, "border_color": LINE, "valign": "vcenter", "align": "start", "indent": 1}

_FORMATS: dict[str, dict[str, Any]] = {
    "title": _PLAIN | {"bold": True, "font_size": 16, "font_color": ACCENT, "valign": "vcenter"},
    "lead": _WRAP | {"font_color": MUTED},
    "text": _WRAP,
    "meaning": _WRAP | {"indent": 1},
    "strong": _WRAP | {"bold": True},
    "heading": _PLAIN | {"bold": True, "font_size": 12, "font_color": ACCENT, "valign": "bottom"},
    "link": _WRAP | {"font_color": ACCENT, "underline": 1},
    "header": _SOFT | {"bold": True, "text_wrap": True, "font_color": "#ffffff", "bg_color": ACCENT},
    "header_end": _SOFT
    | {"bold": True, "text_wrap": True, "font_color": "#ffffff", "bg_color": ACCENT, "align": "end"},
    "header_low": _SOFT
    | {"bold": True, "text_wrap": True, "font_color": "#ffffff", "bg_color": ACCENT, "valign": "bottom"},
    "upright": _SOFT
    | {
        "bold": True,
        "rotation": 90,
        "font_color": "#ffffff",
        "bg_color": ACCENT,
        "valign": "bottom",
        "align": "center",
        "indent": 0,
    },
    "subheader": _SOFT | {"bold": True, "text_wrap": True, "font_color": ACCENT, "bg_color": ACCENT_TINT},
    "group": _SOFT | {"bold": True, "text_wrap": True, "font_color": INK, "bg_color": "#eae6dc"},
    "label": _LOCKED,
    "label_strong": _LOCKED | {"bold": True},
    "second": _LOCKED,
    "second_lead": _WRAP | {"font_color": MUTED},
    "second_option": _LOCKED | {"indent": 3},
    "number": _LOCKED | {"bold": True, "font_color": ACCENT},
    "quiet": _LOCKED | {"font_color": MUTED},
    "small": _LOCKED | _SMALL,
    "middle": _LOCKED | _MIDDLE,
    "level": _LOCKED | _MIDDLE | {"num_format": "0"},
    "count": _LOCKED | _END | {"num_format": _COUNT},
    "cents": _LOCKED | _END | {"num_format": _CENTS},
    "cents_strong": _LOCKED | _END | {"num_format": _CENTS, "bold": True},
    "points": _LOCKED | _END | {"num_format": _POINTS},
    "share": _LOCKED | _END | {"num_format": _SHARE},
    "points_strong": _LOCKED | _END | {"num_format": _POINTS, "bold": True},
    "share_strong": _LOCKED | _END | {"num_format": _SHARE, "bold": True},
    "count_strong": _LOCKED | _END | {"num_format": _COUNT, "bold": True},
    "caution": _LOCKED | {"bg_color": CAUTION_TINT, "font_color": CAUTION},
    "caution_count": _LOCKED | _END | {"num_format": _COUNT, "bg_color": CAUTION_TINT, "font_color": CAUTION},
    "input": _OPEN | {"num_format": "@"},
    "input_level": _OPEN | _MIDDLE | {"num_format": "0"},
    "input_year": _OPEN | _MIDDLE | {"num_format": "0"},
    "input_number": _OPEN | _END | {"num_format": _COUNT},
    "input_percent": _OPEN | _END | {"num_format": _PERCENT},
    "option": _LOCKED | {"indent": 3},
    "voice": _LOCKED | _SMALL,
    "voice_name": _LOCKED | _SMALL | {"indent": 3},
    "voice_level": _LOCKED | _SMALL | _MIDDLE | {"num_format": "0"},
    "voice_year": _LOCKED | _SMALL | _MIDDLE | {"num_format": "0"},
    "voice_number": _LOCKED | _SMALL | _END | {"num_format": _COUNT},
    "voice_percent": _LOCKED | _SMALL | _END | {"num_format": _PERCENT},
    "machine_header": {"bold": True, "bottom": 1, "bottom_color": MUTED, "font_color": INK},
    **{
        f"band_{band}": _LOCKED | {"bold": True, "font_color": BAND_COLOURS[band], "bg_color": BAND_TINTS[band]}
        for band in Band
    },
    **{
        f"median_{band}": _LOCKED
        | _MIDDLE
        | {"bg_color": BAND_HEATS[band], "num_format": f'"{BAND_SIGNS[band]}"  0.0', "text_wrap": False}
        for band in Band
    },
    **{
        f"severity_{found}": _LOCKED
        | {"bold": True, "font_color": SEVERITY_COLOURS[found], "bg_color": SEVERITY_TINTS[found]}
        for found in GapSeverity
    },
}
_TINTS: dict[str, dict[str, Any]] = {
    "open": {"bg_color": CAUTION_TINT, "font_color": CAUTION},
    "out": {"bg_color": "#efece4", "font_color": MUTED},
    **{
        f"heat_{level}": {"bg_color": BAND_HEATS[band], "font_color": INK, "num_format": f'"{LEVEL_SIGNS[level]}"  0'}
        for level, band in enumerate(Band)
    },
    **{
        f"level_{level}": {
            "bg_color": BAND_TINTS[band],
            "font_color": BAND_COLOURS[band],
            "bold": True,
            "num_format": f'"{LEVEL_SIGNS[level]}"  0',
        }
        for level, band in enumerate(Band)
    },
}
_RUNS: dict[str, dict[str, Any]] = {
    "run_strong": {"bold": True, "font_color": INK},
    "run_quiet": {"font_color": MUTED},
}


def available_width(look: str, width: float) -> float:
    """Return how many column units of a text of the usual size fit a line in this look."""
    inset = _INDENT * int(_FORMATS[look].get("indent", 0))
    return max(width - inset, 1.0) / width_scale(look)


def width_scale(look: str) -> float:
    """Return how much wider a text is in this look than in the usual one."""
    properties = _FORMATS[look]
    return float(properties.get("font_size", _SIZE)) / _SIZE * (_BOLD_SCALE if properties.get("bold") else 1)


HEIGHTS: Mapping[str, float] = MappingProxyType(
    {look: LINE_HEIGHT * float(properties.get("font_size", _SIZE)) / _SIZE for look, properties in _FORMATS.items()}
)
"""The points one line takes, by look."""


_SECOND = frozenset({"second", "second_lead", "second_option"})
"""Looks of words in the second language, which run in its own direction."""
_WORDED = frozenset(
    {"title", "heading", "group", "strong", "lead", "meaning", "header", "header_end", "header_low", "subheader"}
)
"""Looks of words of the program and the instrument, which run in the direction of the sheet even when they begin with
a number; what is typed runs as its first letter does."""
_RIGHTWARDS, _LEFTWARDS = 1, 2


def in_digits(pattern: str, digits: str) -> str:
    """Let a number format show the digits that were chosen, in each of its sections; texts stay as they are."""
    system = NUMBERING_SYSTEMS.get(digits)
    if system is None or pattern == "@":
        return pattern
    return ";".join(f"{system.cell_format}{section}" if section else "" for section in pattern.split(";"))


def make_formats(
    workbook: Workbook,
    *,
    is_right_to_left: bool,
    is_second_right_to_left: bool,
    is_flat: bool = False,
    digits: str = LATIN_DIGITS,
) -> dict[str, Format]:
    """Make every format; flat ones, for lines one text line high, set texts in the middle and not at the upper edge."""
    made = {}
    for name, properties in (_FORMATS | _RUNS).items():
        is_leftwards = is_second_right_to_left if name in _SECOND else is_right_to_left
        placed = _resolve_direction(properties, is_right_to_left=is_leftwards)
        if name in _SECOND or (name in _WORDED and is_leftwards):
            placed["reading_order"] = _LEFTWARDS if is_leftwards else _RIGHTWARDS
        if digits != LATIN_DIGITS and name not in _RUNS and name != "machine_header":
            placed["num_format"] = in_digits(placed.get("num_format", "General"), digits)
        if is_flat and placed.get("valign") == "top":
            placed["valign"] = "vcenter"
        made[name] = workbook.add_format(placed)
    return made


def _resolve_direction(properties: dict[str, Any], *, is_right_to_left: bool) -> dict[str, Any]:
    """Turn start and end into left and right as the language is read."""
    sides = {"start": "right", "end": "left"} if is_right_to_left else {"start": "left", "end": "right"}
    align = properties.get("align")
    return properties | ({"align": sides.get(align, align)} if align else {})


def make_tint_formats(workbook: Workbook, digits: str = LATIN_DIGITS) -> dict[str, Format]:
    """Make the formats that colour a cell by what it says, also when somebody changes it; they hold what differs."""
    made = {}
    for name, properties in _TINTS.items():
        pattern = properties.get("num_format", "")
        made[name] = workbook.add_format(properties | ({"num_format": in_digits(pattern, digits)} if pattern else {}))
    return made


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


def remove_invalid_characters(text: str) -> str:
    """Take out what no XML can hold; typed text has been cleaned before, so this hardly ever does anything."""
    return clean_text(text) if _UNCLEAN.search(text) else text


def number_of(text: str) -> float | str:
    """Return the number a text writes, or the text if it writes none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def column_units(text: str) -> float:
    """Return the width of a text on one line, in column units: exact for ASCII, estimated for the rest."""
    plain = text.encode("ascii", "ignore")
    width = sum(map(_WIDTHS.__getitem__, plain))
    if len(plain) != len(text):
        broad, joined = len(_EAST_ASIAN.findall(text)), len(_ARABIC.findall(text))
        others = len(text) - len(plain) - broad - joined - len(_MARKS.findall(text))
        width += _BROAD * broad + _JOINED * joined + _OTHER * others
    return width * _UNIT


def width_for_heading(heading: str, width: float) -> float:
    """Return a column's width, more than ``width`` only if a word of its bold heading would be broken."""
    word = max(map(column_units, heading.split()), default=0.0)
    return max(width, min(word * _BOLD + _EDGES, width * _MOST_WIDENED))


_units_of_word = lru_cache(_CACHED_WORDS)(column_units)


def count_lines(text: str, width: float) -> int:
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
    widths = [
        _units_of_word(word) if len(word) <= _CACHED_WORD else column_units(word) for word in paragraph.split(" ")
    ]
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


def split_into_cells(text: str, width: float) -> tuple[str, ...]:
    """Cut a text into parts that each fit one cell of a column; joined they are the text."""
    if count_lines(text, width) <= MOST_LINES:
        return (text,)
    return tuple(_split(text, width))


def _split(text: str, width: float) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _end_of_part(text, start, width)
        yield text[start:end]
        start = end


def _end_of_part(text: str, start: int, width: float) -> int:
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


def shorten_to_units(text: str, limit: int) -> str:
    """Fit a text into ``limit`` UTF-16 units, at a word's end if possible; only where the whole stands elsewhere."""
    plain = " ".join(remove_invalid_characters(text).split())
    if len(plain) * 2 <= limit or utf16_units(plain) <= limit:
        return plain
    kept = first_units(plain, limit - 1)
    cut = kept.rfind(" ")
    return (kept[:cut] if cut > len(kept) // 2 else kept).rstrip(" ,;:.–-") + "…"


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """Make a name that spreadsheets accept, different from all others whatever their case."""
    plain = "".join(" " if letter in FORBIDDEN_IN_SHEET_NAMES else letter for letter in title)
    # A name that is cut ends with a whole word: signs such as "…" are hard to type in other programs.
    base = shorten_to_units(plain, SHEET_NAME_LIMIT).rstrip("…") or "–"
    used = {name.casefold() for name in taken} | {"history"}
    number, name = 1, base
    while name.casefold() in used:
        number += 1
        ending = f" {number}"
        name = first_units(base, SHEET_NAME_LIMIT - len(ending)) + ending
    return name
