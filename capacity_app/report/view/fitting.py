"""Whether the summary fits its page: an estimate in millimetres, before anything is set.

Setting the page to find out would cost seconds; the measures here are those of ``print.css``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from capacity_app.report.charts import Drawing
from capacity_app.report.view.pieces import Tone, width_of

_PAGE_HEIGHT, _HEAD_HEIGHT, _HEADING_HEIGHT, _PROFILE_FRAME = 252.5, 31.5, 10.0, 8.5
_NOTE_HEIGHT, _NAME_LINE, _NAME_ACROSS, _BAND_ACROSS = 6.0, 3.4, 34, 23
_LEAD_LINE, _LEAD_ACROSS, _SCORED_ACROSS, _LINE_HEIGHT, _POINT_SPACE, _LETTERS_ACROSS = 4.2, 108, 73, 3.75, 2.0, 54
_OPENING_FRAME, _OPENING_LEAST, _LEAD_SPACE = 20.5, 30.0, 3.0
"""Millimetres of what stands on the page, and average letters across a name, a band, the lead and a list."""


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
    chart: Drawing


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a list: a number or name, the text in short, a word in colour, and where it leads."""

    text: str
    number: str = ""
    word: str = ""
    tone: Tone = Tone.PLAIN
    link: str = ""


def lines_of(text: str, across: float) -> int:
    """Count the lines a text takes if a line holds ``across`` average letters; a word too long begins a line."""
    lines, used = 1, 0.0
    for word in text.split():
        width = width_of(word)
        if used and used + 1 + width > across:
            lines, used = lines + 1, 0.0
        further = max(ceil(width / across) - 1, 0)
        lines += further
        used += width - further * across + 1
    return lines


def _point_height(point: Point) -> float:
    told = f"{point.number} {point.text} {point.word}"
    return lines_of(told, _LETTERS_ACROSS) * _LINE_HEIGHT + _POINT_SPACE


def _list_height(*lists: Sequence[Point]) -> float:
    """Estimate lists side by side: as high as the highest."""
    return _HEADING_HEIGHT + max(sum(map(_point_height, points)) for points in lists)


def _row(line: ProfileLine, height: float) -> float:
    """Estimate one line of the profile: its name or its band may take more lines than planned."""
    names, bands = lines_of(line.name, _NAME_ACROSS), lines_of(f"{line.sign} {line.band}", _BAND_ACROSS)
    return max(height, max(names, bands) * _NAME_LINE)


def _opening(lead: str, *, has_headline: bool) -> float:
    """Estimate the sentences that open the page, which stand beside the overall score if there is one."""
    if not has_headline:
        return lines_of(lead, _LEAD_ACROSS) * _LEAD_LINE + _LEAD_SPACE
    return max(_OPENING_LEAST, _OPENING_FRAME + lines_of(lead, _SCORED_ACROSS) * _LEAD_LINE)


def fits(
    opening: tuple[str, bool],
    profile: Sequence[ProfileLine],
    row_height: float,
    note: str,
    lists: Sequence[Sequence[Sequence[Point]]],
) -> bool:
    """Estimate whether the page holds the summary, rather too carefully: a line too many would spill over.

    ``opening`` are the first sentences, and whether the overall score stands beside them.
    """
    table = _PROFILE_FRAME + sum(_row(line, row_height) for line in profile) if profile else 0.0
    table += _NOTE_HEIGHT if note else 0.0
    lead, has_headline = opening
    head = _HEAD_HEIGHT + _opening(lead, has_headline=has_headline)
    return head + table + sum(_list_height(*beside) for beside in lists) <= _PAGE_HEIGHT
