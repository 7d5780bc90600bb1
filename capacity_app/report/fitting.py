"""Whether the summary fits its page: an estimate in millimetres, before anything is set.

Setting the page to find out would cost seconds; the measures here are those of ``print.css``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from capacity_app.report.pieces import Tone, width_of

_PAGE_HEIGHT, _HEAD_HEIGHT, _HEADING_HEIGHT, _PROFILE_FRAME = 249.0, 24.0, 10.5, 17.0
_NOTE_HEIGHT, _NAME_LINE, _NAME_ACROSS, _BAND_LETTER = 6.0, 3.7, 34, 0.95
_LEAD_LINE, _LEAD_ACROSS, _LINE_HEIGHT, _POINT_SPACE, _LETTERS_ACROSS = 4.7, 98, 3.75, 2.0, 54
"""Millimetres of what stands on the page, and average letters across the lead and across a list."""


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One section in the profile."""

    number: str
    name: str
    link: str
    score: str
    interval: str
    coverage: str
    sign: str
    band: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a list: a number or name, the text in short, a word in colour, and where it leads."""

    text: str
    number: str = ""
    word: str = ""
    tone: Tone = Tone.PLAIN
    link: str = ""


def _point_height(point: Point) -> float:
    told = f"{point.number} {point.text} {point.word}"
    return ceil(width_of(told) / _LETTERS_ACROSS) * _LINE_HEIGHT + _POINT_SPACE


def _list_height(*lists: Sequence[Point]) -> float:
    """Estimate lists side by side: as high as the highest."""
    return _HEADING_HEIGHT + max(sum(map(_point_height, points)) for points in lists)


def _row(line: ProfileLine, height: float) -> float:
    """Estimate one line of the profile: its name with the band behind it may take more lines than planned."""
    lines = ceil((width_of(line.name) + _BAND_LETTER * width_of(line.band)) / _NAME_ACROSS)
    return max(height, lines * _NAME_LINE)


def fits(
    lead: str,
    profile: Sequence[ProfileLine],
    row_height: float,
    has_note: bool,  # noqa: FBT001 - one more measure of the page
    lists: Sequence[Sequence[Sequence[Point]]],
) -> bool:
    """Estimate whether the page holds the summary, rather too carefully: a line too many would spill over."""
    table = _PROFILE_FRAME + sum(_row(line, row_height) for line in profile) if profile else 0.0
    table += _NOTE_HEIGHT if has_note else 0.0
    opening = ceil(width_of(lead) / _LEAD_ACROSS) * _LEAD_LINE
    return _HEAD_HEIGHT + opening + table + sum(_list_height(*beside) for beside in lists) <= _PAGE_HEIGHT
