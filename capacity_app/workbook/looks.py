"""How cells look: every format by its name, made once per workbook. Colours are those of the PDF.

White cells are for writing, shaded cells are locked. Arial, because it or a font of its widths is on
every machine, so that heights computed here hold there; a workbook cannot bring its own font along.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.scoring import Band
from capacity_app.palette import (
    ACCENT,
    ACCENT_TINT,
    BAND_SIGNS,
    BAND_TINTS,
    BANDS,
    CAUTION,
    CAUTION_TINT,
    HEATS,
    INK,
    LEVEL_SIGNS,
    LINE,
    MUTED,
    SEVERITIES,
    SEVERITY_TINTS,
    TINT,
)
from capacity_app.texts import LATIN

FONT: Mapping[str, Any] = MappingProxyType({"font_name": "Arial", "font_size": 10, "font_scheme": "none"})
"""What every cell has unless its look says otherwise. (A scheme would let the theme's font win.)"""
_SIZE = 10
_BOLD = 1.1
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
_COUNT, _POINTS, _SHARE, _PERCENT = "_0#,##0_0", "_00.0_0", "_00%_0", 'General" %"_0'
"""Number formats that keep a figure's width from the edges; not every program indents figures."""
_SOFT = {"border": 1, "border_color": LINE, "valign": "vcenter", "align": "start", "indent": 1}

_LOOKS: dict[str, dict[str, Any]] = {
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
    "points": _LOCKED | _END | {"num_format": _POINTS},
    "change": _LOCKED | _END | {"num_format": '_0+0.0_0;_0"−"0.0_0;_0"±"0.0_0'},
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
        f"band_{band}": _LOCKED | {"bold": True, "font_color": BANDS[band], "bg_color": BAND_TINTS[band]}
        for band in Band
    },
    **{
        f"median_{band}": _LOCKED
        | _MIDDLE
        | {"bg_color": HEATS[band], "num_format": f'"{BAND_SIGNS[band]}"  0.0', "text_wrap": False}
        for band in Band
    },
    **{
        f"severity_{found}": _LOCKED
        | {"bold": True, "font_color": SEVERITIES[found], "bg_color": SEVERITY_TINTS[found]}
        for found in SeverityClass
    },
}
_TINTS: dict[str, dict[str, Any]] = {
    "open": {"bg_color": CAUTION_TINT, "font_color": CAUTION},
    "out": {"bg_color": "#efece4", "font_color": MUTED},
    **{
        f"heat_{level}": {"bg_color": HEATS[band], "font_color": INK, "num_format": f'"{LEVEL_SIGNS[level]}"  0'}
        for level, band in enumerate(Band)
    },
    **{
        f"level_{level}": {
            "bg_color": BAND_TINTS[band],
            "font_color": BANDS[band],
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


def room(look: str, width: float) -> float:
    """Return how many column units of a text of the usual size fit a line in this look."""
    inset = _INDENT * int(_LOOKS[look].get("indent", 0))
    return max(width - inset, 1.0) / scale_of(look)


def scale_of(look: str) -> float:
    """Return how much wider a text is in this look than in the usual one."""
    properties = _LOOKS[look]
    return float(properties.get("font_size", _SIZE)) / _SIZE * (_BOLD if properties.get("bold") else 1)


HEIGHTS: Mapping[str, float] = MappingProxyType(
    {look: LINE_HEIGHT * float(properties.get("font_size", _SIZE)) / _SIZE for look, properties in _LOOKS.items()}
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
_NUMERALS = {"arab": "[$-2000401]", "thai": "[$-D00041E]"}
"""What a number format begins with to show other digits than 0-9: the numerals and a language that uses them."""


def in_digits(pattern: str, digits: str) -> str:
    """Let a number format show the digits that were chosen, in each of its sections; texts stay as they are."""
    numerals = _NUMERALS.get(digits)
    if numerals is None or pattern == "@":
        return pattern
    return ";".join(f"{numerals}{section}" if section else "" for section in pattern.split(";"))


def make_looks(
    workbook: Workbook,
    *,
    is_right_to_left: bool,
    is_second_right_to_left: bool,
    is_flat: bool = False,
    digits: str = LATIN,
) -> dict[str, Format]:
    """Make every format; flat ones, for lines one text line high, set texts in the middle and not at the upper edge."""
    made = {}
    for name, properties in (_LOOKS | _RUNS).items():
        is_leftwards = is_second_right_to_left if name in _SECOND else is_right_to_left
        placed = _placed(properties, is_right_to_left=is_leftwards)
        if name in _SECOND or (name in _WORDED and is_leftwards):
            placed["reading_order"] = _LEFTWARDS if is_leftwards else _RIGHTWARDS
        if digits != LATIN and name not in _RUNS and name != "machine_header":
            placed["num_format"] = in_digits(placed.get("num_format", "General"), digits)
        if is_flat and placed.get("valign") == "top":
            placed["valign"] = "vcenter"
        made[name] = workbook.add_format(placed)
    return made


def _placed(properties: dict[str, Any], *, is_right_to_left: bool) -> dict[str, Any]:
    """Turn start and end into left and right as the language is read."""
    sides = {"start": "right", "end": "left"} if is_right_to_left else {"start": "left", "end": "right"}
    align = properties.get("align")
    return properties | ({"align": sides.get(align, align)} if align else {})


def make_tints(workbook: Workbook, digits: str = LATIN) -> dict[str, Format]:
    """Make the formats that colour a cell by what it says, also when somebody changes it; they hold what differs."""
    made = {}
    for name, properties in _TINTS.items():
        pattern = properties.get("num_format", "")
        made[name] = workbook.add_format(properties | ({"num_format": in_digits(pattern, digits)} if pattern else {}))
    return made
